//! What the configuration says of the router: aliases, their routes, limits, and what is done when something
//! fails.
//!
//! Plain data. A route names its endpoint and key; whether they exist is checked when it is loaded, and what
//! they are is looked up when a turn is planned. Matching a name against the aliases is here, because checking
//! a configuration, explaining it and planning a turn have to agree on it.

use std::time::Duration;

use super::schema::STRATEGIES;
use super::{Endpoint, Location, ModelsConfig, Template, Timeouts, WireFormat};
use crate::chat::{AliasName, EndpointName, KeyLabel, ModelId, Route};

/// What the router does between attempts, and the names it resolves.
#[derive(Clone, Debug, PartialEq)]
pub struct RouterConfig {
    /// Attempts after the first.
    pub retries: u32,
    /// Limits for endpoints that configure none.
    pub timeouts: Timeouts,
    /// When a route that fails is left alone.
    pub cooldown: Cooldown,
    /// What is done with an answer that stops before its end.
    pub on_cut: OnCut,
    /// The aliases, the person's own first.
    pub models: Vec<Alias>,
}

impl Default for RouterConfig {
    fn default() -> Self {
        Self {
            retries: 2,
            timeouts: Timeouts::default(),
            cooldown: Cooldown::default(),
            on_cut: OnCut::default(),
            models: Vec::new(),
        }
    }
}

/// When a route that fails is left alone, and for how long at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cooldown {
    /// Failures in a row that open its circuit; 1 at least.
    pub failures: u32,
    /// The first pause; later ones grow.
    pub pause: Duration,
}

impl Default for Cooldown {
    fn default() -> Self {
        Self { failures: 3, pause: Duration::from_secs(30) }
    }
}

/// What is done with an answer that stops before its end, after some of it has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnCut {
    /// The person is offered to go on.
    #[default]
    Ask,
    /// It is continued on another route.
    Automatic,
}

/// A model name that the router resolves to one or more routes.
#[derive(Clone, Debug, PartialEq)]
pub struct Alias {
    /// What is asked for; one `*` in it stands for any text.
    pub name: AliasName,
    /// Which of its routes is tried first.
    pub strategy: Strategy,
    /// Where it may go; there is one at least.
    pub routes: Vec<AliasRoute>,
    /// What is tried when all routes have failed: aliases, or `ENDPOINT/MODEL`.
    pub fallbacks: Vec<String>,
    /// What is tried when a request is too long for the model.
    pub context_window_fallbacks: Vec<String>,
    /// What is tried when a provider's filter refuses.
    pub content_policy_fallbacks: Vec<String>,
    /// Attempts after the first, where it says so itself.
    pub retries: Option<u32>,
    /// Where it is configured.
    pub at: Location,
}

/// How the routes of an alias are put in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strategy {
    /// As they are written.
    #[default]
    Order,
    /// At random, by weight.
    Shuffle,
    /// The one with the fewest requests in flight.
    LeastBusy,
    /// The one whose first token comes soonest.
    Latency,
    /// The cheapest.
    Cost,
    /// The one with the most left of its limits.
    Headroom,
}

impl Strategy {
    /// The word for it in the configuration.
    pub fn name(self) -> &'static str {
        let known = STRATEGIES.iter().find(|(_, strategy)| *strategy == self);
        known.map_or("", |(name, _)| *name)
    }
}

/// A place an alias leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct AliasRoute {
    /// Its endpoint.
    pub endpoint: EndpointName,
    /// The model; a `*` in it is what the `*` of the alias stood for.
    pub model: ModelId,
    /// The key's label; `None` is the key that the turn was started with, or the default one.
    pub key: Option<KeyLabel>,
    /// Its share of a shuffle; 0 takes no part while another is there.
    pub weight: u32,
    /// Routes of a lower order are tried before those of a higher.
    pub order: u32,
    /// What may be asked of this route.
    pub limits: Limits,
    /// Time limits of its own.
    pub timeouts: Option<Timeouts>,
    /// Where it is configured.
    pub at: Location,
}

/// What may be asked of a route, a key or an endpoint in a given time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Requests a minute.
    pub requests_per_minute: Option<u32>,
    /// Tokens a minute, in and out.
    pub tokens_per_minute: Option<u64>,
    /// Requests at a time.
    pub parallel: Option<u32>,
}

impl Limits {
    /// Whether there are none.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// An alias that a name leads to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AliasMatch<'a> {
    /// The alias.
    pub alias: &'a Alias,
    /// What its `*` stood for, where it has one.
    pub wildcard: Option<&'a str>,
}

impl RouterConfig {
    /// The alias of a name: the one that is called so, else the one whose wildcard fits and says the most.
    pub fn alias<'a>(&'a self, asked: &'a str) -> Option<AliasMatch<'a>> {
        let exact = self.models.iter().find(|alias| alias.name.as_str() == asked);
        if let Some(alias) = exact {
            return Some(AliasMatch { alias, wildcard: None });
        }
        let fitting = self.models.iter().filter_map(|alias| {
            let wildcard = alias.wildcard(asked)?;
            Some(AliasMatch { alias, wildcard: Some(wildcard) })
        });
        // Of equals, the one that is written first.
        fitting.min_by_key(|found| found.wildcard.map_or(0, str::len))
    }

    /// The endpoint that stands for the aliases wherever endpoints are offered; its models are their names. A name
    /// with a `*` is no model: what is asked for by it is typed. `None` without aliases.
    pub(super) fn endpoint(&self) -> Option<Endpoint> {
        let at = self.models.first()?.at.clone();
        let names = self.models.iter().map(|alias| alias.name.as_str()).filter(|name| !name.contains('*'));
        let models = ModelsConfig { default: names.map(ModelId::from).collect(), ..ModelsConfig::default() };
        let nowhere = Template { raw: format!("{}:", EndpointName::ROUTER), at };
        Some(Endpoint { models, ..Endpoint::new(EndpointName::ROUTER, WireFormat::OpenaiChat, nowhere) })
    }
}

impl AliasMatch<'_> {
    /// Where a turn may go before any fallback. A route that names no key has this one.
    pub fn routes(&self, key: &KeyLabel) -> impl Iterator<Item = Route> {
        self.alias.routes.iter().map(|route| Route {
            endpoint: route.endpoint.clone(),
            key: route.key.clone().unwrap_or_else(|| key.clone()),
            model: route.model(self.wildcard),
        })
    }
}

impl Alias {
    /// What the `*` of the name stands for in `asked`; `None` where there is none, or the rest does not fit.
    fn wildcard<'a>(&self, asked: &'a str) -> Option<&'a str> {
        let (before, after) = self.name.as_str().split_once('*')?;
        asked.strip_prefix(before)?.strip_suffix(after)
    }
}

impl AliasRoute {
    /// The model that is sent, with what the `*` of the alias stood for in its place.
    pub fn model(&self, wildcard: Option<&str>) -> ModelId {
        match wildcard {
            Some(wildcard) => ModelId::from(self.model.as_str().replacen('*', wildcard, 1)),
            None => self.model.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn alias(name: &str, model: &str) -> Alias {
        let at = Location { file: Arc::from("loquat.yaml"), line: 1, column: 1 };
        let route = AliasRoute {
            endpoint: "E".into(),
            model: model.into(),
            key: None,
            weight: 1,
            order: 1,
            limits: Limits::default(),
            timeouts: None,
            at: at.clone(),
        };
        Alias {
            name: name.into(),
            strategy: Strategy::Order,
            routes: vec![route],
            fallbacks: Vec::new(),
            context_window_fallbacks: Vec::new(),
            content_policy_fallbacks: Vec::new(),
            retries: None,
            at,
        }
    }

    #[test]
    fn a_name_leads_to_the_alias_that_says_the_most_of_it() {
        let models =
            vec![alias("*", "any/*"), alias("openai/*", "*"), alias("openai/*-mini", "m-*"), alias("*", "x")];
        let router = RouterConfig { models, ..RouterConfig::default() };
        let sent = |asked: &'static str| {
            let found = router.alias(asked)?;
            Some((found.alias.name.as_str(), found.alias.routes[0].model(found.wildcard).0))
        };
        assert_eq!(sent("gpt-4o"), Some(("*", "any/gpt-4o".to_owned())));
        assert_eq!(sent("openai/gpt-4o"), Some(("openai/*", "gpt-4o".to_owned())));
        assert_eq!(sent("openai/gpt-4o-mini"), Some(("openai/*-mini", "m-gpt-4o".to_owned())));
        assert_eq!(sent("openai/*"), Some(("openai/*", "*".to_owned())), "its own name is itself");
    }

    #[test]
    fn the_two_ends_of_a_wildcard_do_not_share_letters() {
        let router = RouterConfig { models: vec![alias("aba*ba", "m")], ..RouterConfig::default() };
        assert_eq!(router.alias("aba"), None);
        assert_eq!(router.alias("ababa").and_then(|found| found.wildcard), Some(""));
    }
}
