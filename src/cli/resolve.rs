//! Which endpoint, key and model a one-shot asks (contracts section 3, "Endpoint and model").

use jiff::Timestamp;

use super::args::TurnArgs;
use crate::catalog::{Catalog, ListSource};
use crate::chat::{EndpointName, ErrorKind, Failure, KeyLabel, ModelId, Route};
use crate::config::{Config, Endpoint};
use crate::keys::Keys;
use crate::storage::choices::Choices;
use crate::t;

/// Everything a route is looked up in.
pub struct Lookup<'a> {
    /// Configuration.
    pub config: &'a Config,
    /// Credentials, for the model lists of keys.
    pub keys: &'a Keys,
    /// Model lists.
    pub catalog: &'a Catalog,
    /// What the person chose last in the app.
    pub choices: &'a Choices,
    /// Where the configuration is, for hints.
    pub config_file: String,
}

/// A route, and whether its model is one that its endpoint lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The route.
    pub route: Route,
    /// Whether the model stands in a list of the endpoint.
    pub listed: Listed,
}

/// How much of an endpoint's models is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    /// All of them.
    Whole,
    /// What is configured; the list was never fetched.
    Partial,
}

/// Whether a model stands in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// It does.
    Yes,
    /// A list is known, and it does not.
    No,
    /// No list is known.
    Unknown,
}

impl Lookup<'_> {
    /// The route that flags, defaults and the last choice name.
    ///
    /// # Errors
    /// `unknown_model` with what to name instead.
    pub fn route(&self, args: &TurnArgs) -> Result<Resolved, Failure> {
        let (endpoint, model) = match (&args.endpoint, &args.model) {
            (Some(endpoint), Some(model)) => (self.endpoint(endpoint)?, ModelId(model.clone())),
            (Some(endpoint), None) => {
                let endpoint = self.endpoint(endpoint)?;
                let model = self.model_of(endpoint)?;
                (endpoint, model)
            }
            (None, Some(model)) => self.by_model(model, args)?,
            (None, None) => {
                let endpoint = self.default_endpoint()?.ok_or_else(|| self.nothing_chosen())?;
                let model = self.model_of(endpoint)?;
                (endpoint, model)
            }
        };
        let key = self.key(endpoint, args)?;
        let listed = self.listed(endpoint, &key, &model);
        Ok(Resolved { route: Route { endpoint: endpoint.name.clone(), key, model }, listed })
    }

    fn endpoint(&self, name: &str) -> Result<&Endpoint, Failure> {
        self.config.endpoint(name).ok_or_else(|| unknown_endpoint(self.config, name))
    }

    /// `defaults.endpoint`, else the one used last in the app.
    fn default_endpoint(&self) -> Result<Option<&Endpoint>, Failure> {
        let last = self.choices.last.as_ref().map(|route| &route.endpoint);
        match (&self.config.defaults.endpoint, last) {
            (Some(name), _) => self.endpoint(name.as_str()).map(Some),
            (None, Some(name)) => Ok(self.config.endpoint(name.as_str())),
            (None, None) => Ok(None),
        }
    }

    /// The model of an endpoint that was named without one: the default, the one used last with it, or its only one.
    fn model_of(&self, endpoint: &Endpoint) -> Result<ModelId, Failure> {
        let defaults = &self.config.defaults;
        let is_default = defaults.endpoint.as_ref().is_none_or(|name| *name == endpoint.name);
        if let Some(model) = defaults.model.as_ref().filter(|_| is_default) {
            return Ok(model.clone());
        }
        let used = self
            .choices
            .last
            .iter()
            .chain(&self.choices.recents)
            .find(|route| route.endpoint == endpoint.name);
        if let Some(route) = used {
            return Ok(route.model.clone());
        }
        match self.ids(endpoint, None).as_slice() {
            [only] => Ok(only.clone()),
            ids => {
                let name = endpoint.name.as_str();
                let failure =
                    Failure::new(ErrorKind::UnknownModel, t!("cli-no-model", endpoint = name).to_string());
                Err(failure.with_next_step(match ids {
                    [] => t!("cli-no-model-next", endpoint = name).to_string(),
                    ids => t!("cli-models-are", names = few(ids.iter().map(ModelId::as_str))).to_string(),
                }))
            }
        }
    }

    /// A model named without an endpoint.
    fn by_model(&self, model: &str, args: &TurnArgs) -> Result<(&Endpoint, ModelId), Failure> {
        let id = ModelId::from(model);
        let router = self.config.endpoint(EndpointName::ROUTER);
        let alias = self.config.router.alias(model);
        if let Some(router) = router
            && alias.is_some_and(|found| found.wildcard.is_none())
        {
            return Ok((router, id));
        }
        let default = self.default_endpoint()?;
        if let Some(endpoint) = default
            && self.ids(endpoint, args.key.as_deref()).contains(&id)
        {
            return Ok((endpoint, id));
        }
        if let Some(named) = self.config.endpoint_and_model(model) {
            return Ok(named);
        }
        if let Some(router) = router.filter(|_| alias.is_some()) {
            return Ok((router, id));
        }
        let lists: Vec<(&Endpoint, Vec<ModelId>)> =
            self.config.endpoints.iter().map(|endpoint| (endpoint, self.ids(endpoint, None))).collect();
        let holders: Vec<&Endpoint> =
            lists.iter().filter(|(_, ids)| ids.contains(&id)).map(|(endpoint, _)| *endpoint).collect();
        if let [only] = holders[..] {
            return Ok((only, id));
        }
        if !holders.is_empty() {
            let names = holders.iter().map(|endpoint| format!("{}/{model}", endpoint.name));
            let failure =
                Failure::new(ErrorKind::UnknownModel, t!("cli-several-endpoints", model = model).to_string());
            return Err(failure.with_next_step(t!("cli-models-are", names = few_of(names)).to_string()));
        }
        // The default endpoint may well have it where its list was never fetched: it will say so itself.
        if holders.is_empty()
            && let Some(endpoint) = default
            && self.known(endpoint, args.key.as_deref()).1 == Extent::Partial
        {
            return Ok((endpoint, id));
        }
        let failure =
            Failure::new(ErrorKind::UnknownModel, t!("cli-unknown-model", model = model).to_string());
        let known: Vec<String> = lists
            .iter()
            .flat_map(|(endpoint, ids)| ids.iter().map(move |id| (endpoint, id)))
            .filter(|(_, id)| similar(model, id.as_str()))
            .map(|(endpoint, id)| format!("{}/{id}", endpoint.name))
            .collect();
        Err(failure.with_next_step(if known.is_empty() {
            t!("cli-name-endpoint", model = model).to_string()
        } else {
            t!("cli-models-are", names = few_of(known.into_iter())).to_string()
        }))
    }

    fn key(&self, endpoint: &Endpoint, args: &TurnArgs) -> Result<KeyLabel, Failure> {
        let labels = self.keys.labels(endpoint);
        if let Some(label) = &args.key {
            let label = KeyLabel(label.clone());
            if labels.contains(&label) {
                return Ok(label);
            }
            let names = few(labels.iter().map(KeyLabel::as_str));
            let failure = Failure::new(
                ErrorKind::NotFound,
                t!("cli-unknown-key", endpoint = endpoint.name.as_str(), label = label.as_str()).to_string(),
            );
            return Err(failure.with_next_step(if names.is_empty() {
                t!("cli-no-keys", endpoint = endpoint.name.as_str()).to_string()
            } else {
                t!("cli-keys-are", names = names).to_string()
            }));
        }
        let defaults = &self.config.defaults;
        let configured = defaults.key.clone().filter(|_| defaults.endpoint.as_ref() == Some(&endpoint.name));
        let last = self
            .choices
            .last
            .as_ref()
            .filter(|route| route.endpoint == endpoint.name)
            .map(|route| route.key.clone());
        Ok(configured
            .or(last)
            .filter(|label| labels.contains(label))
            .or_else(|| labels.iter().find(|label| **label == KeyLabel::default()).cloned())
            .or_else(|| labels.first().cloned())
            .unwrap_or_default())
    }

    /// The ids an endpoint is known to have.
    fn ids(&self, endpoint: &Endpoint, key: Option<&str>) -> Vec<ModelId> {
        self.known(endpoint, key).0
    }

    /// The ids an endpoint is known to have, with every key that can be had without asking anybody, and
    /// whether that is all of them.
    fn known(&self, endpoint: &Endpoint, key: Option<&str>) -> (Vec<ModelId>, Extent) {
        let labels = match key {
            Some(label) => vec![KeyLabel::from(label)],
            None => self.keys.labels(endpoint),
        };
        let labels = if labels.is_empty() { vec![KeyLabel::default()] } else { labels };
        let mut ids: Vec<ModelId> = endpoint.models.default.clone();
        let mut extent = if endpoint.models.fetch { Extent::Partial } else { Extent::Whole };
        for label in labels {
            if let Some(credential) = self.keys.at_hand(self.config, endpoint, &label, Timestamp::now()) {
                let list = self.catalog.known(endpoint, &credential);
                match list.source {
                    ListSource::Live | ListSource::Cache => extent = Extent::Whole,
                    ListSource::Config | ListSource::Builtin => {}
                }
                ids.extend(list.models.into_iter().map(|model| model.id));
            }
        }
        let mut seen = std::collections::HashSet::new();
        ids.retain(|id| seen.insert(id.clone()));
        (ids, extent)
    }

    fn listed(&self, endpoint: &Endpoint, key: &KeyLabel, model: &ModelId) -> Listed {
        match self.known(endpoint, Some(key.as_str())) {
            _ if endpoint.is_router() && self.config.router.alias(model.as_str()).is_some() => Listed::Yes,
            (ids, _) if ids.contains(model) => Listed::Yes,
            (ids, Extent::Whole) if !ids.is_empty() => Listed::No,
            (_, Extent::Whole | Extent::Partial) => Listed::Unknown,
        }
    }

    fn nothing_chosen(&self) -> Failure {
        Failure::new(ErrorKind::UnknownModel, t!("cli-no-endpoint").to_string())
            .with_next_step(t!("cli-no-endpoint-next", file = self.config_file.as_str()).to_string())
    }
}

/// The most names a hint lists.
const FEW: usize = 8;

fn few<'a>(names: impl Iterator<Item = &'a str>) -> String {
    few_of(names.map(ToOwned::to_owned))
}

fn few_of(names: impl Iterator<Item = String>) -> String {
    let mut names: Vec<String> = names.take(FEW + 1).collect();
    if names.len() > FEW {
        names[FEW] = "…".to_owned();
    }
    names.join(", ")
}

/// That there is no endpoint of this name, and which one may have been meant.
pub(super) fn unknown_endpoint(config: &Config, name: &str) -> Failure {
    let names: Vec<&str> = config.endpoints.iter().map(|endpoint| endpoint.name.as_str()).collect();
    let step = match nearest(name, &names) {
        Some(near) => t!("cli-did-you-mean", name = near),
        None => t!("cli-endpoints-are", names = names.join(", ")),
    };
    Failure::new(ErrorKind::UnknownModel, t!("cli-unknown-endpoint", name = name).to_string())
        .with_next_step(step.to_string())
}

/// The name that was probably meant.
pub(super) fn nearest<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    let distance = |other: &str| strsim::damerau_levenshtein(&name.to_lowercase(), &other.to_lowercase());
    names
        .iter()
        .copied()
        .min_by_key(|other| distance(other))
        .filter(|other| distance(other) <= name.len() / 3 + 1)
}

fn similar(wanted: &str, id: &str) -> bool {
    let (wanted, id) = (wanted.to_lowercase(), id.to_lowercase());
    id.contains(&wanted) || strsim::jaro_winkler(&wanted, &id) > 0.9
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Env, Paths, load};

    const YAML: &str = "
router:
  models:
    - {name: fast, routes: [{endpoint: One, model: only-one}]}
    - {name: 'any/*', routes: [{endpoint: Two, model: '*'}]}
endpoints:
  custom:
    - {name: One, apiKey: '${ONE}', baseURL: 'http://localhost:1/v1', models: {default: [shared, only-one, a/b], fetch: false}}
    - {name: Two, apiKey: '${TWO}', baseURL: 'http://localhost:2/v1', models: {default: [shared, only-two, x, y], fetch: false}}
    - name: Two/deep
      baseURL: 'http://localhost:3/v1'
      keys: [{label: work, apiKey: '${TWO}'}, {label: home, apiKey: '${ONE}'}]
      models: {default: [single], fetch: false}
";

    /// What these flags resolve to, as `endpoint key model`, or the failure's words.
    fn check(flags: &str, defaults: &str, last: Option<(&str, &str)>, expected: &str) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("loquat.yaml");
        std::fs::write(&file, format!("{defaults}\n{YAML}")).unwrap();
        let dirs = ["DATA", "CACHE", "STATE"]
            .map(|name| (format!("LOQUAT_{name}_DIR"), folder.path().join(name).display().to_string()));
        let keys = [("ONE", "sk-1"), ("TWO", "sk-2")].map(|(name, key)| (name.to_owned(), key.to_owned()));
        let env = Env::of(dirs.into_iter().chain(keys));
        let paths = Paths::from_env(&env);
        let config = load(Some(&file), &paths, env).unwrap().config;
        let choices = Choices {
            last: last.map(|(endpoint, model)| Route {
                endpoint: endpoint.into(),
                key: KeyLabel::default(),
                model: model.into(),
            }),
            ..Choices::default()
        };
        let lookup = Lookup {
            config: &config,
            keys: &Keys::new(paths.clone()),
            catalog: &Catalog::new(paths.clone()),
            choices: &choices,
            config_file: "loquat.yaml".to_owned(),
        };
        let mut args = TurnArgs::default();
        let mut words = flags.split_whitespace();
        while let (Some(flag), Some(value)) = (words.next(), words.next()) {
            let slot = match flag {
                "-e" => &mut args.endpoint,
                "-m" => &mut args.model,
                _ => &mut args.key,
            };
            *slot = Some(value.to_owned());
        }
        let found = match lookup.route(&args) {
            Ok(Resolved { route, .. }) => format!("{} {} {}", route.endpoint, route.key, route.model),
            Err(failure) => format!("{} → {}", failure.message, failure.next_step.unwrap_or_default()),
        };
        assert_eq!(found, expected, "{flags}");
    }

    const ONE: &str = "defaults: {endpoint: One, model: only-one}";

    #[test]
    fn with_an_endpoint_the_model_is_taken_literally() {
        check("-e One -m anything/at:all", "", None, "One default anything/at:all");
        check("-e Two/deep", "", None, "Two/deep work single");
    }

    #[test]
    fn without_an_endpoint_the_default_one_is_asked_first_then_a_prefix_then_the_only_holder() {
        check("-m shared", ONE, None, "One default shared");
        check("-m Two/x", ONE, None, "Two default x");
        check("-m Two/deep/x", ONE, None, "Two/deep work x");
        check("-m a/b", ONE, None, "One default a/b");
        check("-m only-two", ONE, None, "Two default only-two");
    }

    #[test]
    fn an_alias_comes_before_all_models_and_one_with_a_wildcard_after_those_that_are_named() {
        check("-m fast", ONE, None, "router default fast");
        check("-e router -m fast", "", None, "router default fast");
        check("-m any/thing", ONE, None, "router default any/thing");
        check("-m One/fast", ONE, None, "One default fast");
        check("", "defaults: {endpoint: router, model: fast}", None, "router default fast");
    }

    #[test]
    fn defaults_come_before_the_last_choice_and_both_before_an_error() {
        check("", ONE, Some(("Two", "x")), "One default only-one");
        check("", "", Some(("Two", "x")), "Two default x");
        check("-e Two", ONE, Some(("Two", "y")), "Two default y");
    }

    #[test]
    fn what_cannot_be_decided_is_refused_with_candidates() {
        check(
            "",
            "",
            None,
            "no endpoint is chosen → name one with -e NAME -m MODEL, or set `defaults` in loquat.yaml; `loquat endpoints` lists them",
        );
        check(
            "-m shared",
            "",
            None,
            "several endpoints have the model “shared” → candidates: One/shared, Two/shared",
        );
        check("-e One", "", None, "no model of One is chosen → candidates: shared, only-one, a/b");
        check("-e Onee -m x", "", None, "there is no endpoint “Onee” → did you mean “One”?");
        check("-e Two/deep --key wrok", "", None, "Two/deep has no key “wrok” → its keys: work, home");
        check(
            "-m only",
            "",
            None,
            "no endpoint is known to have the model “only” → candidates: One/only-one, Two/only-two",
        );
    }

    #[test]
    fn a_key_label_chooses_among_the_keys_of_an_endpoint() {
        check("-e Two/deep -m x --key home", "", None, "Two/deep home x");
    }
}
