//! `loquat router`: where aliases lead, and what is known of each route.
//!
//! Only read: nothing is asked, written or unlocked for it. What is known is what the journal of all processes
//! says, and a route that nobody asked yet has its row too.

use jiff::Timestamp;
use serde::Serialize;

use super::args::RouterCommand;
use super::{Context, Exit};
use crate::chat::{KeyLabel, Route};
use crate::config::{Alias, Config, Limits};
use crate::keys::{Fingerprint, KeyOrigin, KeyState, Keys};
use crate::providers::limits::{Allowance, RateLimits};
use crate::router::health::Ttft;
use crate::router::{Circuit, Facts, Health, Known, Plan, Probe, Router, Scope, Target};
use crate::t;
use crate::text::{Safe, sanitise_line};

/// An alias and its routes, as `--json` tells it.
#[derive(Debug, PartialEq, Serialize)]
struct AliasReport {
    /// `null` for the routes that no alias names and of which something is known.
    alias: Option<String>,
    strategy: Option<&'static str>,
    /// In the order in which they are tried where the strategy says nothing else.
    routes: Vec<RouteReport>,
    fallbacks: Vec<String>,
}

/// A route, as `--json` tells it. Times that lie ahead are in seconds from now.
#[derive(Debug, PartialEq, Serialize)]
struct RouteReport {
    endpoint: String,
    key: String,
    model: String,
    circuit: CircuitName,
    /// How long an open circuit stays so.
    open_for: Option<f64>,
    /// Whether a request is on its way that tells whether a half-open one works again.
    probed: bool,
    /// How long the provider asked to be left alone.
    asked_to_wait: Option<f64>,
    /// In a row.
    failures: u32,
    last_failure: Option<FailureReport>,
    /// Median time to the first token, in milliseconds, and of how many answers.
    ttft_ms: Option<u64>,
    ttft_samples: usize,
    in_flight: u32,
    /// Whether its key was refused, and is the same as far as can be told.
    key_refused: bool,
    limits: Vec<LimitReport>,
}

#[derive(Debug, PartialEq, Serialize)]
struct FailureReport {
    kind: &'static str,
    at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum CircuitName {
    Closed,
    Open,
    HalfOpen,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Counted {
    Requests,
    Tokens,
    Parallel,
}

/// A limit and what is left of it.
#[derive(Debug, PartialEq, Serialize)]
struct LimitReport {
    of: Counted,
    /// What it counts: `endpoint`, `key` or `route`; `provider` where that told it.
    scope: &'static str,
    left: u64,
    limit: Option<u64>,
    /// How long until a provider's is full again.
    resets_in: Option<f64>,
}

/// Runs `loquat router COMMAND`.
pub fn run(command: &RouterCommand, context: &Context, keys: &Keys, now: Timestamp) -> Exit {
    let RouterCommand::Status { json } = command;
    let config = &context.config;
    let health = Router::new(config.router.cooldown, Some(context.paths.state.clone())).health(now);
    let at_hand = |route: &Route| at_hand(route, context, keys, now);
    let reports = reports(config, &health, &at_hand, now);
    if *json {
        context.out.json(&reports);
        return Exit::OK;
    }
    if reports.is_empty() {
        context.out.note(&t!("cli-router-empty"));
        return Exit::OK;
    }
    let header = [
        t!("cli-router-alias"),
        t!("cli-router-route"),
        t!("cli-router-state"),
        t!("cli-router-ttft"),
        t!("cli-router-in-flight"),
        t!("cli-router-left"),
    ];
    let rows = reports.iter().flat_map(|report| {
        let alias = sanitise_line(report.alias.as_deref().unwrap_or("-"));
        report.routes.iter().map(move |route| route.cells(alias.clone()))
    });
    context.out.table(&header, rows.collect());
    Exit::OK
}

/// The fingerprint of a route's key, where it can be had without a keyring or a command.
fn at_hand(route: &Route, context: &Context, keys: &Keys, now: Timestamp) -> Option<Fingerprint> {
    let endpoint = context.config.endpoint(route.endpoint.as_str())?;
    match keys.state(&context.config, endpoint, &route.key, now) {
        KeyState::Ready(KeyOrigin::Environment | KeyOrigin::Literal) => {}
        KeyState::Ready(
            KeyOrigin::Stored(_) | KeyOrigin::Command | KeyOrigin::Profile | KeyOrigin::NotNeeded,
        )
        | KeyState::Missing
        | KeyState::Unset(_)
        | KeyState::Expired(_) => return None,
    }
    let credential = keys.resolve(&context.config, endpoint, &route.key, now).ok()?;
    Some(Fingerprint::of(&credential.base_url, credential.secret.as_ref()))
}

fn reports(
    config: &Config,
    health: &Health,
    at_hand: &dyn Fn(&Route) -> Option<Fingerprint>,
    now: Timestamp,
) -> Vec<AliasReport> {
    let report = |target: &Target| {
        let known = health.known(&target.route, now);
        let key_refused = known.refused.is_some()
            && at_hand(&target.route).is_none_or(|key| health.is_refused(&target.route, &key));
        RouteReport { key_refused, ..RouteReport::new(target, &known, health, now) }
    };
    let plan = |alias: &Alias| {
        let nothing = |_: &Route| Facts::default();
        Plan::alias(config, &alias.name, &KeyLabel::default(), &nothing).and_then(Result::ok)
    };
    let mut reports: Vec<AliasReport> = config
        .router
        .models
        .iter()
        .map(|alias| AliasReport {
            alias: Some(alias.name.as_str().to_owned()),
            strategy: Some(alias.strategy.name()),
            routes: plan(alias).iter().flat_map(Plan::own).map(report).collect(),
            fallbacks: alias.fallbacks.clone(),
        })
        .collect();
    let is_named = |route: &Route| {
        let told = reports.iter().flat_map(|report| &report.routes);
        told.into_iter().any(|known| known.is_of(route))
    };
    let others = health.routes().iter().map(|known| &known.route).filter(|route| !is_named(route));
    let others: Vec<Target> = others
        .map(|route| Plan::route(config, route.clone(), &|_| Facts::default()))
        .flat_map(|plan| plan.own().cloned().collect::<Vec<_>>())
        .collect();
    if !others.is_empty() {
        let routes = others.iter().map(report).collect();
        reports.push(AliasReport { alias: None, strategy: None, routes, fallbacks: Vec::new() });
    }
    reports
}

impl RouteReport {
    fn new(target: &Target, known: &Known, health: &Health, now: Timestamp) -> Self {
        let Route { endpoint, key, model } = &target.route;
        let ahead = |at: Timestamp| at.duration_since(now).as_secs_f64();
        let (circuit, open_for, probed) = match known.circuit {
            Circuit::Closed => (CircuitName::Closed, None, false),
            Circuit::Open(until) => (CircuitName::Open, Some(ahead(until)), false),
            Circuit::HalfOpen(probe) => (CircuitName::HalfOpen, None, probe == Probe::Sent),
        };
        let told = |Ttft { median, .. }: Ttft| u64::try_from(median.as_millis()).unwrap_or(u64::MAX);
        let configured = target.limits.iter().flat_map(|(scope, limits)| left(scope, *limits, health, now));
        Self {
            endpoint: endpoint.as_str().to_owned(),
            key: key.as_str().to_owned(),
            model: model.as_str().to_owned(),
            circuit,
            open_for,
            probed,
            asked_to_wait: known.told.map(ahead),
            failures: known.failures,
            last_failure: known
                .trouble
                .map(|trouble| FailureReport { kind: trouble.kind.name(), at: trouble.at }),
            ttft_ms: known.ttft.map(told),
            ttft_samples: known.ttft.map_or(0, |ttft| ttft.samples),
            in_flight: known.in_flight,
            key_refused: known.refused.is_some(),
            limits: configured.chain(told_left(&known.left)).collect(),
        }
    }

    fn is_of(&self, route: &Route) -> bool {
        self.endpoint == route.endpoint.as_str()
            && self.key == route.key.as_str()
            && self.model == route.model.as_str()
    }

    /// Whether nobody asked it yet, as far as is known.
    fn is_unknown(&self) -> bool {
        self.failures == 0 && self.last_failure.is_none() && self.ttft_samples == 0 && self.in_flight == 0
    }

    fn cells(&self, alias: Safe) -> Vec<Safe> {
        let key = if self.key == KeyLabel::DEFAULT { String::new() } else { format!(" ({})", self.key) };
        let ttft = match self.ttft_ms {
            Some(ms) => {
                let seconds = format!("{}.{:02}", ms / 1000, ms % 1000 / 10);
                t!("cli-router-median", seconds = seconds, count = self.ttft_samples)
            }
            None => sanitise_line("-"),
        };
        let left: Vec<String> = self.limits.iter().map(|limit| limit.shown().into_string()).collect();
        vec![
            alias,
            sanitise_line(&format!("{}/{}{key}", self.endpoint, self.model)),
            self.state(),
            ttft,
            sanitise_line(&self.in_flight.to_string()),
            sanitise_line(if left.is_empty() { "-".to_owned() } else { left.join(", ") }.as_str()),
        ]
    }

    /// What keeps it from being asked, else how it does.
    fn state(&self) -> Safe {
        let kind = self.last_failure.as_ref().map_or("-", |failure| failure.kind);
        let whole = |seconds: f64| seconds.ceil().to_string();
        match (self.open_for, self.asked_to_wait) {
            _ if self.key_refused => t!("cli-router-refused"),
            (Some(seconds), _) => {
                t!("cli-router-open", seconds = whole(seconds), count = self.failures, kind = kind)
            }
            (None, _) if self.probed => t!("cli-router-probed"),
            (None, _) if self.circuit == CircuitName::HalfOpen => t!("cli-router-half-open", kind = kind),
            (None, Some(seconds)) => t!("cli-router-told", seconds = whole(seconds)),
            (None, None) if self.failures > 0 => {
                t!("cli-router-failing", count = self.failures, kind = kind)
            }
            (None, None) if self.is_unknown() => t!("cli-router-unknown"),
            (None, None) => t!("cli-router-closed"),
        }
    }
}

impl LimitReport {
    fn shown(&self) -> Safe {
        let of = match self.of {
            Counted::Requests => t!("cli-router-requests"),
            Counted::Tokens => t!("cli-router-tokens"),
            Counted::Parallel => t!("cli-router-parallel"),
        };
        let limit = self.limit.map(|limit| format!("/{limit}")).unwrap_or_default();
        sanitise_line(&format!("{}{limit} {of}", self.left))
    }
}

/// What is left of configured limits.
fn left(scope: &Scope, limits: Limits, health: &Health, now: Timestamp) -> Vec<LimitReport> {
    let used = health.used(scope, now);
    let name = match scope {
        Scope::Endpoint(_) => "endpoint",
        Scope::Key(..) => "key",
        Scope::Route(_) => "route",
    };
    let report = |of, limit: Option<u64>, used: u64| {
        let limit = limit?;
        let left = limit.saturating_sub(used);
        Some(LimitReport { of, scope: name, left, limit: Some(limit), resets_in: None })
    };
    let Limits { requests_per_minute, tokens_per_minute, parallel } = limits;
    let limits = [
        report(Counted::Requests, requests_per_minute.map(u64::from), used.requests.into()),
        report(Counted::Tokens, tokens_per_minute, used.tokens),
        report(Counted::Parallel, parallel.map(u64::from), health.in_flight(scope, now).into()),
    ];
    limits.into_iter().flatten().collect()
}

/// What is left as the provider says.
fn told_left(told: &RateLimits) -> impl Iterator<Item = LimitReport> {
    let report = |of, allowance: Option<Allowance>| {
        let Allowance { limit, remaining, resets } = allowance?;
        let resets_in = resets.map(|resets| resets.as_secs_f64());
        Some(LimitReport { of, scope: "provider", left: remaining, limit, resets_in })
    };
    [report(Counted::Requests, told.requests), report(Counted::Tokens, told.tokens)].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::chat::ErrorKind;
    use crate::router::health::{Ended, Ending, Outcome};
    use crate::router::testing::{alias, at, began, config, ended, health, leads_to, route};

    const UNASKED: RouteReport = RouteReport {
        endpoint: String::new(),
        key: String::new(),
        model: String::new(),
        circuit: CircuitName::Closed,
        open_for: None,
        probed: false,
        asked_to_wait: None,
        failures: 0,
        last_failure: None,
        ttft_ms: None,
        ttft_samples: 0,
        in_flight: 0,
        key_refused: false,
        limits: Vec::new(),
    };

    fn of(endpoint: &str, known: RouteReport) -> RouteReport {
        RouteReport { endpoint: endpoint.into(), key: "default".into(), model: "m".into(), ..known }
    }

    fn failed(id: u64, endpoint: &str, ending: Ending, kind: ErrorKind) -> Outcome {
        let ended = ended(id, &route(endpoint), at(0.0), at(1.0), ending);
        Outcome::Ended(Ended { error: Some(kind), ..ended })
    }

    #[test]
    fn every_alias_has_its_routes_in_order_and_what_no_alias_names_stands_last() {
        let mut late = leads_to("B");
        late.order = 2;
        let mut limited = leads_to("A");
        limited.limits.requests_per_minute = Some(60);
        let config =
            config(vec![alias("x", vec![late, limited], &["y"]), alias("y", vec![leads_to("C")], &[])]);
        let nobody = reports(&config, &Health::default(), &|_| None, at(0.0));
        let row = |limits: Vec<LimitReport>, name: &str| of(name, RouteReport { limits, ..UNASKED });
        let limit = |left| LimitReport {
            of: Counted::Requests,
            scope: "route",
            left,
            limit: Some(60),
            resets_in: None,
        };
        let report = |alias: &str, fallbacks: &[&str], routes| AliasReport {
            alias: Some(alias.to_owned()),
            strategy: Some("order"),
            routes,
            fallbacks: fallbacks.iter().map(|name| (*name).to_owned()).collect(),
        };
        let y = || report("y", &[], vec![of("C", UNASKED)]);
        let x = |first| report("x", &["y"], vec![first, of("B", UNASKED)]);
        assert_eq!(nobody, [x(row(vec![limit(60)], "A")), y()]);

        let known = health([began(1, &route("A"), at(0.0)), began(2, &route("D"), at(0.0))]);
        let flying = |row| RouteReport { in_flight: 1, ..row };
        let others = AliasReport {
            alias: None,
            strategy: None,
            routes: vec![flying(of("D", UNASKED))],
            fallbacks: Vec::new(),
        };
        let first = flying(row(vec![limit(59)], "A"));
        assert_eq!(reports(&config, &known, &|_| None, at(1.0)), [x(first), y(), others]);
    }

    #[test]
    fn a_row_says_what_keeps_a_route_from_being_asked() {
        let config = config(vec![alias("x", vec![leads_to("A")], &[])]);
        let told = |outcomes: Vec<Outcome>, now: f64| {
            let mut reports = reports(&config, &health(outcomes), &|_| None, at(now));
            reports.remove(0).routes.remove(0)
        };
        let state = |outcomes: Vec<Outcome>, now: f64| told(outcomes, now).state().into_string();
        let timeouts = |count| {
            (0..count).map(|id| failed(id, "A", Ending::Failed, ErrorKind::Timeout)).collect::<Vec<_>>()
        };
        let last_failure = Some(FailureReport { kind: "timeout", at: at(1.0) });
        let open = RouteReport {
            circuit: CircuitName::Open,
            open_for: Some(20.0),
            failures: 3,
            last_failure,
            ..UNASKED
        };
        assert_eq!(told(timeouts(3), 11.0), of("A", open));
        assert_eq!(state(timeouts(3), 11.0), "open for 20 s: 3 failures in a row (timeout)");
        assert_eq!(state(timeouts(3), 31.0), "half-open: tried with the next request (timeout)");
        let mut probed = timeouts(3);
        probed.push(began(9, &route("A"), at(31.0)));
        assert_eq!(state(probed, 32.0), "half-open: being tried");
        assert_eq!(state(timeouts(1), 2.0), "closed: one failure (timeout)");
        let mut busy = failed(1, "A", Ending::Busy, ErrorKind::RateLimit);
        if let Outcome::Ended(ended) = &mut busy {
            ended.wait = Some(Duration::from_secs(30));
        }
        assert_eq!(state(vec![busy], 11.5), "asked to wait 20 s");
        assert_eq!(state(vec![], 0.0), "closed: nothing known yet");
        let works = Outcome::Ended(ended(1, &route("A"), at(0.0), at(0.25), Ending::Works));
        let row = told(vec![works], 1.0);
        let cells = row.cells(sanitise_line("x")).iter().map(Safe::to_string).collect::<Vec<_>>();
        assert_eq!(cells, ["x", "A/m", "closed", "0.25 s (median of 1)", "0", "-"]);
    }

    #[test]
    fn a_key_that_was_refused_is_told_of_until_it_is_another() {
        let config = config(vec![alias("x", vec![leads_to("A")], &[])]);
        let refused = Fingerprint("old".to_owned());
        let known = health([failed(1, "A", Ending::Refused(refused.clone()), ErrorKind::Auth)]);
        let is_told = |at_hand: Option<Fingerprint>| {
            reports(&config, &known, &|_| at_hand.clone(), at(2.0))[0].routes[0].key_refused
        };
        assert_eq!(
            [None, Some(refused), Some(Fingerprint("new".to_owned()))].map(is_told),
            [true, true, false]
        );
    }
}
