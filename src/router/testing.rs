//! Small makers for tests: plans, times, outcomes.

use std::time::Duration;

use jiff::Timestamp;

use super::health::{AttemptId, Ended, Ending, Health, Outcome, later};
use super::plan::{Facts, Plan};
use crate::chat::{AliasName, ErrorKind, Failure, KeyLabel, Route};
use crate::config::{Alias, AliasRoute, Config, Cooldown, Limits, Strategy};
use crate::providers::testing as make;

/// When tests begin.
pub fn at(seconds: f64) -> Timestamp {
    later("2026-11-21T05:00:00Z".parse().unwrap(), Duration::from_secs_f64(seconds))
}

pub fn route(endpoint: &str) -> Route {
    Route { endpoint: endpoint.into(), key: KeyLabel::default(), model: "m".into() }
}

/// A route of an alias to model `m` of this endpoint.
pub fn leads_to(endpoint: &str) -> AliasRoute {
    AliasRoute {
        endpoint: endpoint.into(),
        model: "m".into(),
        key: None,
        weight: 1,
        order: 1,
        limits: Limits::default(),
        timeouts: None,
        at: make::template("").at,
    }
}

pub fn alias(name: &str, routes: Vec<AliasRoute>, fallbacks: &[&str]) -> Alias {
    Alias {
        name: name.into(),
        strategy: Strategy::Order,
        routes,
        fallbacks: fallbacks.iter().map(|name| (*name).to_owned()).collect(),
        context_window_fallbacks: Vec::new(),
        content_policy_fallbacks: Vec::new(),
        retries: None,
        at: make::template("").at,
    }
}

/// Endpoints A to H, and these aliases.
pub fn config(aliases: Vec<Alias>) -> Config {
    let endpoints = ["A", "B", "C", "D", "E", "F", "G", "H"];
    let mut config = Config {
        endpoints: endpoints.iter().map(|name| make::endpoint(name, "https://x.test")).collect(),
        ..Config::default()
    };
    config.router.models = aliases;
    config
}

/// The plan of an alias of this configuration, of whose models nothing is known.
pub fn plan(config: &Config, name: &str) -> Plan {
    plan_with(config, name, &|_| Facts::default())
}

pub fn plan_with(config: &Config, name: &str, facts: &dyn Fn(&Route) -> Facts) -> Plan {
    Plan::alias(config, &AliasName::from(name), &KeyLabel::default(), facts).unwrap().unwrap()
}

pub fn failure(kind: ErrorKind, status: Option<u16>) -> Failure {
    Failure { status, ..Failure::new(kind, "") }
}

pub fn began(id: u64, route: &Route, at: Timestamp) -> Outcome {
    let (id, lease) = (AttemptId(id), Duration::from_secs(600));
    Outcome::Began { id, route: route.clone(), at, lease, tokens: 100 }
}

pub fn ended(id: u64, route: &Route, began: Timestamp, at: Timestamp, ending: Ending) -> Ended {
    let ttft =
        (ending == Ending::Works).then(|| Duration::try_from(at.duration_since(began)).unwrap_or_default());
    Ended {
        id: AttemptId(id),
        route: route.clone(),
        began,
        at,
        ending,
        error: None,
        ttft,
        wait: None,
        tokens: None,
    }
}

/// What is known after these outcomes.
pub fn health(outcomes: impl IntoIterator<Item = Outcome>) -> Health {
    let mut health = Health::default();
    for outcome in outcomes {
        health.apply(&outcome, Cooldown::default());
    }
    health
}

/// What is known of a route that failed so often at this time that its circuit is open.
pub fn broken(route: &Route, at: Timestamp) -> Vec<Outcome> {
    (0..3).map(|id| Outcome::Ended(ended(id, route, at, at, Ending::Failed))).collect()
}
