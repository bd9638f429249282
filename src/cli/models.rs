//! `loquat models`: what each key can use.

use jiff::Timestamp;
use serde::Serialize;

use super::args::ModelsArgs;
use super::report::ErrorReport;
use super::resolve::unknown_endpoint;
use super::{Context, Exit};
use crate::catalog::{Abilities, Catalog, ListSource, ModelList, is_fetched};
use crate::chat::{ErrorKind, Failure, KeyLabel, Money};
use crate::config::Endpoint;
use crate::keys::{Credential, KeyOrigin, KeyState, Keys};
use crate::providers::Transports;
use crate::text::{Safe, sanitise_line};

/// One model of one key, as `--json` tells it. Prices in euros per million tokens.
#[derive(Debug, Serialize)]
struct Row<'a> {
    endpoint: &'a str,
    key: &'a str,
    /// `null` on the one row of a list that is empty.
    model: Option<&'a str>,
    source: ListSource,
    /// Seconds since the list was fetched.
    age: Option<f64>,
    context: Option<u64>,
    price_in: Option<Money>,
    price_out: Option<Money>,
    /// What the model can do besides text; what is not told is left out.
    abilities: Abilities,
    error: Option<ErrorReport>,
}

/// A key of an endpoint, and what of it can be used.
pub(super) struct Key<'a> {
    /// The endpoint.
    pub endpoint: &'a Endpoint,
    /// The label.
    pub label: KeyLabel,
    /// What is known of it without unlocking anything.
    pub state: KeyState,
}

impl<'a> Key<'a> {
    /// The keys of the endpoints that are asked for.
    ///
    /// # Errors
    /// `unknown_model` for an endpoint that does not exist, `not_found` for a label that no endpoint has.
    pub fn all(
        context: &'a Context,
        keys: &Keys,
        endpoint: Option<&str>,
        label: Option<&str>,
        now: Timestamp,
    ) -> Result<Vec<Self>, Failure> {
        let config = &context.config;
        let endpoints: Vec<&Endpoint> = match endpoint {
            None => config.endpoints.iter().collect(),
            Some(name) => vec![config.endpoint(name).ok_or_else(|| unknown_endpoint(config, name))?],
        };
        let mut found = Vec::new();
        for endpoint in endpoints {
            let labels = keys.labels(endpoint);
            let labels = if labels.is_empty() { vec![KeyLabel::default()] } else { labels };
            for known in labels.into_iter().filter(|known| label.is_none_or(|label| known.as_str() == label))
            {
                let state = keys.state(config, endpoint, &known, now);
                found.push(Self { endpoint, label: known, state });
            }
        }
        match label {
            Some(label) if found.is_empty() => Err(Failure::new(
                ErrorKind::NotFound,
                crate::t!("net-no-such-key", label = label).into_string(),
            )),
            Some(_) | None => Ok(found),
        }
    }

    /// Whether this is the key that a list is of.
    fn is_of(&self, list: &ModelList) -> bool {
        self.endpoint.name == list.endpoint && self.label == list.key
    }

    /// Whether nobody has given a key here, or none is needed.
    fn is_not_set_up(&self) -> bool {
        match &self.state {
            KeyState::Missing | KeyState::Unset(_) | KeyState::Ready(KeyOrigin::NotNeeded) => true,
            KeyState::Ready(
                KeyOrigin::Stored(_)
                | KeyOrigin::Command
                | KeyOrigin::Environment
                | KeyOrigin::Profile
                | KeyOrigin::Literal,
            )
            | KeyState::Expired(_) => false,
        }
    }

    /// The credential. Blocks where the key comes from a keyring or a command.
    pub fn resolve(&self, context: &Context, keys: &Keys, now: Timestamp) -> Result<Credential, Failure> {
        keys.resolve(&context.config, self.endpoint, &self.label, now)
    }
}

/// Prints the models of every key that is asked for. Lists that are older than a day, or were never fetched,
/// are fetched; `--refresh` fetches all.
pub async fn run(
    args: &ModelsArgs,
    context: &Context,
    keys: &Keys,
    transports: &Transports,
    now: Timestamp,
) -> Exit {
    let catalog = Catalog::new(context.paths.clone());
    let chosen = match Key::all(context, keys, args.endpoint.as_deref(), args.key.as_deref(), now) {
        Ok(chosen) => chosen,
        Err(failure) => return context.fail(&failure),
    };
    let mut lists: Vec<ModelList> = Vec::new();
    let mut wanted = Vec::new();
    for key in &chosen {
        match key.resolve(context, keys, now) {
            Ok(credential) => {
                let known = catalog.known(key.endpoint, &credential);
                if is_fetched(key.endpoint, &credential) && (args.refresh || !known.is_current(now)) {
                    wanted.push((key.endpoint, credential));
                } else {
                    lists.push(known);
                }
            }
            Err(failure) => lists
                .push(ModelList { error: Some(failure), ..Catalog::configured(key.endpoint, &key.label) }),
        }
    }
    catalog.refresh_all(transports, &context.config, wanted, now, |list| lists.push(list)).await;
    lists.sort_by_key(|list| chosen.iter().position(|key| key.is_of(list)));
    print(args, context, &catalog, &lists, now);
    tell_failures(context, &lists, if args.endpoint.is_some() { &[] } else { &chosen });
    if let Some(note) = transports.net.note() {
        context.out.note(&note);
    }
    // Who asks for one endpoint and gets nothing is told so by the exit code too.
    let named = args.endpoint.is_some() && lists.iter().all(|list| list.models.is_empty());
    match lists.iter().find_map(|list| list.error.as_ref()) {
        Some(failure) if named => Exit::from(failure.kind),
        Some(_) | None => Exit::OK,
    }
}

fn print(args: &ModelsArgs, context: &Context, catalog: &Catalog, lists: &[ModelList], now: Timestamp) {
    let rows: Vec<Row<'_>> = lists.iter().flat_map(|list| rows(context, catalog, list, now)).collect();
    if args.json {
        return context.out.json(&rows);
    }
    let header = [
        crate::t!("net-column-endpoint"),
        crate::t!("net-column-key"),
        crate::t!("net-column-model"),
        crate::t!("net-column-source"),
        crate::t!("net-column-context"),
        crate::t!("net-column-price-in"),
        crate::t!("net-column-price-out"),
        crate::t!("net-column-abilities"),
    ];
    let shown = |amount: Option<Money>| {
        amount.map_or_else(Safe::default, |amount| sanitise_line(&amount.to_string()))
    };
    let table = rows.iter().filter_map(|row| {
        Some(vec![
            sanitise_line(row.endpoint),
            sanitise_line(row.key),
            sanitise_line(row.model?),
            source(row),
            row.context.map_or_else(Safe::default, |size| sanitise_line(&size.to_string())),
            shown(row.price_in),
            shown(row.price_out),
            sanitise_line(&row.abilities.names().collect::<Vec<_>>().join(" ")),
        ])
    });
    let table: Vec<_> = table.collect();
    if !table.is_empty() {
        context.out.table(&header, table);
    }
}

/// Tells why lists could not be had. Of endpoints that come with the program and that nobody has set up, that
/// is no news: they are counted, unless details are wanted.
fn tell_failures(context: &Context, lists: &[ModelList], chosen: &[Key<'_>]) {
    let mut unused = 0;
    for list in lists {
        let Some(failure) = &list.error else { continue };
        let told = || {
            crate::t!(
                "net-list-failed",
                endpoint = list.endpoint.as_str(),
                key = list.key.as_str(),
                reason = failure.message.as_str()
            )
        };
        let is_unused = list.source == ListSource::Builtin
            && chosen.iter().any(|key| key.is_of(list) && key.is_not_set_up());
        if is_unused {
            unused += 1;
            context.out.detail(told);
        } else {
            context.out.note(&told());
        }
    }
    if unused > 0 {
        context.out.note(&crate::t!("net-lists-unused", count = unused));
    }
}

fn source(row: &Row<'_>) -> Safe {
    match row.source {
        ListSource::Live => crate::t!("net-source-live"),
        ListSource::Cache => crate::t!("net-source-cache", age = age(row.age.unwrap_or_default())),
        ListSource::Config => crate::t!("net-source-config"),
        ListSource::Builtin => crate::t!("net-source-builtin"),
    }
}

/// An age in its largest unit.
pub(super) fn age(seconds: f64) -> Safe {
    let units = [(86_400.0, "d"), (3_600.0, "h"), (60.0, "min")];
    let (size, unit) = units.into_iter().find(|(size, _)| seconds >= *size).unwrap_or((1.0, "s"));
    sanitise_line(&format!("{} {unit}", (seconds / size).floor()))
}

fn rows<'a>(context: &Context, catalog: &Catalog, list: &'a ModelList, now: Timestamp) -> Vec<Row<'a>> {
    let rate = context.config.prices.eur_per_usd;
    let endpoint = context.config.endpoint(list.endpoint.as_str());
    let blank = || Row {
        endpoint: list.endpoint.as_str(),
        key: list.key.as_str(),
        model: None,
        source: list.source,
        age: list.age(now).map(|age| age.as_secs_f64()),
        context: None,
        price_in: None,
        price_out: None,
        abilities: Abilities::default(),
        error: list.error.as_ref().map(ErrorReport::from),
    };
    if list.models.is_empty() {
        return if list.error.is_some() { vec![blank()] } else { Vec::new() };
    }
    list.models
        .iter()
        .map(|model| {
            let price = endpoint.and_then(|endpoint| catalog.price(endpoint, Some(model), &model.id, None));
            Row {
                model: Some(model.id.as_str()),
                context: endpoint.and_then(|endpoint| catalog.context(endpoint, Some(model), &model.id)),
                price_in: price.map(|price| price.base.input.convert(rate)),
                price_out: price.map(|price| price.base.output.convert(rate)),
                abilities: model.abilities,
                ..blank()
            }
        })
        .collect()
}
