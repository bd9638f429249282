//! The policy as a table of cases, and what holds whatever happens.

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use proptest::strategy::Strategy as Throws;

use super::*;
use crate::chat::{ErrorKind, Failure};
use crate::config::{Alias, Config, Cooldown, Limits, Strategy};
use crate::router::health::{AttemptId, Ended, Ending, Outcome};
use crate::router::plan::Facts;
use crate::router::testing::{
    alias, at, began, broken, config, ended, failure, health, leads_to, plan, plan_with, route,
};

/// Ten minutes from the beginning.
fn turn(plan: Plan) -> TurnState {
    TurnState::new(Arc::new(plan), at(600.0), None)
}

fn only(endpoint: &str) -> TurnState {
    turn(Plan::route(&config(Vec::new()), route(endpoint), &|_| Facts::default()))
}

/// Alias `x` to A and B, then C, by order; it falls back to D.
fn layered() -> Config {
    let mut second = leads_to("C");
    second.order = 2;
    config(vec![alias("x", vec![leads_to("A"), leads_to("B"), second], &["D/m"])])
}

/// A turn whose attempts at these routes failed so at the beginning; half of each pause was thrown.
fn after(mut turn: TurnState, failures: &[(&str, Failure)]) -> TurnState {
    for (endpoint, failure) in failures {
        let target = target_of(&turn, endpoint);
        turn.tries(target);
        turn.failed(target, failure, at(0.0), 0.5);
    }
    turn
}

fn target_of(turn: &TurnState, endpoint: &str) -> TargetId {
    turn.plan().targets().find(|(_, target)| target.route.endpoint.as_str() == endpoint).unwrap().0
}

fn down() -> Failure {
    failure(ErrorKind::Provider, Some(503))
}

fn busy(seconds: u64) -> Failure {
    let retry_after = Some(Duration::from_secs(seconds));
    Failure { retry_after, ..failure(ErrorKind::RateLimit, Some(429)) }
}

/// A decision in one line: `try A`, `wait A 0.25 backoff`, `offer A 3600 backoff`, `exhausted`, `deadline`.
fn told(turn: &TurnState, health: &Health, now: f64) -> String {
    let wait = |word: &str, wait: &Wait| {
        let seconds = wait.until.duration_since(at(now)).as_secs_f64();
        let cause = match &wait.cause {
            Cause::Backoff => "backoff",
            Cause::Provider => "provider",
            Cause::Minute(_) => "minute",
            Cause::Parallel(_) => "parallel",
        };
        format!("{word} {} {seconds} {cause}", turn.route_of(wait.target).endpoint)
    };
    match decide(turn, health, at(now), 0.5) {
        Decision::Try(target) => format!("try {}", turn.route_of(target).endpoint),
        Decision::Wait(waits) => wait("wait", &waits),
        Decision::Offer(waits) => wait("offer", &waits),
        Decision::GiveUp(Why::Exhausted) => "exhausted".to_owned(),
        Decision::GiveUp(Why::Deadline) => "deadline".to_owned(),
    }
}

#[test]
fn one_route_is_asked_again_only_where_that_can_help() {
    let fine = Health::default();
    for (what, happened, expected) in [
        ("nothing yet", vec![], "try A"),
        ("overloaded", vec![down()], "wait A 0.25 backoff"),
        ("overloaded twice", vec![down(), down()], "wait A 0.5 backoff"),
        ("no pause after the last", vec![down(), down(), down()], "exhausted"),
        ("busy", vec![failure(ErrorKind::RateLimit, Some(429))], "wait A 2 backoff"),
        ("network", vec![failure(ErrorKind::Network, None)], "wait A 0.25 backoff"),
        ("a gateway that timed out", vec![failure(ErrorKind::Timeout, Some(504))], "wait A 0.25 backoff"),
        ("our own patience", vec![failure(ErrorKind::Timeout, None)], "exhausted"),
        ("409", vec![failure(ErrorKind::Provider, Some(409))], "wait A 0.25 backoff"),
        ("200 with an error", vec![failure(ErrorKind::Provider, Some(200))], "wait A 0.25 backoff"),
        ("400", vec![failure(ErrorKind::Provider, Some(400))], "exhausted"),
        ("401", vec![failure(ErrorKind::Auth, Some(401))], "exhausted"),
        ("404", vec![failure(ErrorKind::UnknownModel, Some(404))], "exhausted"),
        ("too long", vec![failure(ErrorKind::ContextWindow, Some(400))], "exhausted"),
        ("filtered", vec![failure(ErrorKind::ContentFilter, Some(400))], "exhausted"),
        ("told 7 s", vec![busy(7)], "wait A 7 backoff"),
        ("told 60 s", vec![busy(60)], "wait A 60 backoff"),
        ("told more than a person waits", vec![busy(61)], "offer A 61 backoff"),
        ("told more than there is", vec![busy(3600)], "offer A 3600 backoff"),
        (
            "quota: its word that it is no use",
            vec![Failure { should_retry: Some(false), ..busy(1) }],
            "exhausted",
        ),
        (
            "a lock: its word that it is",
            vec![Failure { should_retry: Some(true), ..failure(ErrorKind::Provider, Some(400)) }],
            "wait A 0.25 backoff",
        ),
    ] {
        let failures: Vec<(&str, Failure)> = happened.into_iter().map(|failure| ("A", failure)).collect();
        assert_eq!(told(&after(only("A"), &failures), &fine, 0.0), expected, "{what}");
    }
}

#[test]
fn a_turn_moves_on_through_its_groups() {
    let fine = Health::default();
    let second = failure(ErrorKind::Provider, Some(400));
    let third = failure(ErrorKind::UnknownModel, Some(404));
    for (what, happened, expected) in [
        ("the first first", vec![], "try A"),
        ("a failure moves on at once", vec![("A", down())], "try B"),
        ("whatever the wait", vec![("A", busy(3600))], "try B"),
        ("then the next order", vec![("A", down()), ("B", busy(3))], "try C"),
        ("then the fallback", vec![("A", down()), ("B", down()), ("C", third.clone())], "try D"),
        (
            "then the soonest of those that may do better",
            vec![("A", busy(9)), ("B", down()), ("C", third), ("D", busy(2))],
            "wait B 0.25 backoff",
        ),
        ("a request that is wrong gets a second opinion", vec![("A", second.clone())], "try B"),
        ("and no third", vec![("A", second.clone()), ("B", second)], "exhausted"),
        ("a refused key", vec![("A", failure(ErrorKind::Auth, Some(401)))], "try B"),
        ("a hang", vec![("A", failure(ErrorKind::Timeout, None))], "try B"),
        ("what is wrong here", vec![("A", failure(ErrorKind::Internal, None))], "exhausted"),
        ("no money", vec![("A", failure(ErrorKind::Budget, None))], "exhausted"),
    ] {
        assert_eq!(told(&after(turn(plan(&layered(), "x")), &happened), &fine, 0.0), expected, "{what}");
    }
}

#[test]
fn fallbacks_are_not_asked_what_every_route_would_refuse() {
    let wrong = failure(ErrorKind::Provider, Some(400));
    let config = config(vec![alias("x", vec![leads_to("A")], &["B/m"])]);
    assert_eq!(told(&after(turn(plan(&config, "x")), &[("A", wrong)]), &Health::default(), 0.0), "exhausted");
}

#[test]
fn a_list_for_the_trouble_comes_first_and_the_plain_one_stands_in_for_it() {
    let with = |long: &[&str], filtered: &[&str]| {
        let mut aliased = alias("x", vec![leads_to("A"), leads_to("B")], &["C/m"]);
        aliased.context_window_fallbacks = long.iter().map(|name| (*name).to_owned()).collect();
        aliased.content_policy_fallbacks = filtered.iter().map(|name| (*name).to_owned()).collect();
        turn(plan(&config(vec![aliased]), "x"))
    };
    let long = || ("A", failure(ErrorKind::ContextWindow, Some(400)));
    let filtered = || ("A", failure(ErrorKind::ContentFilter, Some(400)));
    let fine = Health::default();
    assert_eq!(told(&after(with(&["D/m"], &["E/m"]), &[long()]), &fine, 0.0), "try D");
    assert_eq!(told(&after(with(&["D/m"], &["E/m"]), &[filtered()]), &fine, 0.0), "try E");
    assert_eq!(told(&after(with(&["D/m"], &[]), &[filtered()]), &fine, 0.0), "try B");
    let both = [filtered(), ("B", failure(ErrorKind::ContentFilter, Some(400)))];
    assert_eq!(told(&after(with(&["D/m"], &[]), &both), &fine, 0.0), "try C");
}

#[test]
fn a_request_goes_where_there_is_room_for_it_and_is_sent_all_the_same() {
    let mut aliased = alias("x", vec![leads_to("A"), leads_to("B"), leads_to("C")], &[]);
    aliased.context_window_fallbacks = vec!["D/m".to_owned()];
    let config = config(vec![aliased]);
    let rooms = |rooms: [u64; 4]| {
        move |route: &Route| {
            let nth = "ABCD".find(route.endpoint.as_str()).unwrap();
            Facts { context: Some(rooms[nth]), price: None }
        }
    };
    let turn = |sizes: [u64; 4]| {
        TurnState::new(Arc::new(plan_with(&config, "x", &rooms(sizes))), at(600.0), Some(10_000))
    };
    let fine = Health::default();
    assert_eq!(told(&turn([8_000, 16_000, 8_000, 1_000_000]), &fine, 0.0), "try B");
    assert_eq!(told(&turn([8_000, 8_000, 8_000, 1_000_000]), &fine, 0.0), "try D");
    assert_eq!(told(&turn([8_000, 8_000, 8_000, 8_000]), &fine, 0.0), "try D");
    // What one had no room for, no smaller one is asked.
    let long = || failure(ErrorKind::ContextWindow, Some(400));
    let tried = after(turn([16_000, 16_000, 32_000, 12_000]), &[("A", long())]);
    assert_eq!(told(&tried, &fine, 0.0), "try C");
}

#[test]
fn a_route_in_cooldown_is_left_out_while_there_is_another() {
    let a = health(broken(&route("A"), at(0.0)));
    assert_eq!(told(&turn(plan(&layered(), "x")), &a, 1.0), "try B");
    let all = ["A", "B", "C", "D"].map(|name| broken(&route(name), at(0.0))).concat();
    assert_eq!(told(&turn(plan(&layered(), "x")), &health(all.clone()), 1.0), "try A");
    // One in cooldown would do worse than one that is soon free.
    let mut limited = layered();
    limited.router.models[0].routes[1].limits.parallel = Some(1);
    let mut known = broken(&route("A"), at(0.0));
    known.extend(broken(&route("C"), at(0.0)));
    known.extend(broken(&route("D"), at(0.0)));
    known.push(began(9, &route("B"), at(0.0)));
    assert_eq!(told(&turn(plan(&limited, "x")), &health(known), 1.0), "wait B 0.5 parallel");
    // The only one there is has no better.
    assert_eq!(told(&only("A"), &health(all), 1.0), "try A");
}

#[test]
fn a_route_that_was_shut_is_probed_by_one_turn_at_a_time() {
    let mut known = broken(&route("A"), at(0.0));
    assert_eq!(told(&turn(plan(&layered(), "x")), &health(known.clone()), 29.0), "try B");
    assert_eq!(told(&turn(plan(&layered(), "x")), &health(known.clone()), 31.0), "try A");
    known.push(began(7, &route("A"), at(31.0)));
    assert_eq!(told(&turn(plan(&layered(), "x")), &health(known.clone()), 32.0), "try B");
    known.push(Outcome::Ended(ended(7, &route("A"), at(31.0), at(33.0), Ending::Works)));
    assert_eq!(told(&turn(plan(&layered(), "x")), &health(known), 33.0), "try A");
}

#[test]
fn no_turn_waits_beyond_its_deadline() {
    let short = |seconds: f64| TurnState::new(only("A").plan().clone(), at(seconds), None);
    let fine = Health::default();
    assert_eq!(told(&after(short(5.0), &[("A", busy(5))]), &fine, 0.0), "offer A 5 backoff");
    assert_eq!(told(&after(short(5.1), &[("A", busy(5))]), &fine, 0.0), "wait A 5 backoff");
    assert_eq!(told(&short(5.0), &fine, 5.0), "deadline");
}

#[test]
fn what_a_provider_asked_for_binds_later_turns_too() {
    let told_to_wait = |seconds| {
        let wait = Some(Duration::from_secs(seconds));
        health([Outcome::Ended(Ended { wait, ..ended(1, &route("A"), at(0.0), at(0.0), Ending::Busy) })])
    };
    assert_eq!(told(&only("A"), &told_to_wait(40), 10.0), "wait A 30 provider");
    assert_eq!(told(&turn(plan(&layered(), "x")), &told_to_wait(40), 10.0), "try B");
    // Things change, and nobody may be kept for an hour from asking.
    assert_eq!(told(&only("A"), &told_to_wait(3600), 10.0), "try A");
    let config = config(vec![alias("x", vec![leads_to("A")], &["A/other"])]);
    let mut both = turn(plan(&config, "x"));
    both.rule_out(TargetId(1));
    assert_eq!(told(&both, &told_to_wait(3600), 10.0), "offer A 3590 provider");
}

#[test]
fn a_refused_key_is_left_out_until_it_changes() {
    let key = |text: &str| Fingerprint(text.to_owned());
    let refused =
        health([Outcome::Ended(ended(1, &route("A"), at(0.0), at(0.0), Ending::Refused(key("old"))))]);
    let mut asks = turn(plan(&layered(), "x"));
    assert_eq!(told(&asks, &refused, 1.0), "try A", "until the key is known it may be another");
    asks.learn_key(TargetId(0), key("old"));
    assert_eq!(told(&asks, &refused, 1.0), "try B");
    asks.learn_key(TargetId(0), key("new"));
    assert_eq!(told(&asks, &refused, 1.0), "try A");
}

#[test]
fn limits_are_waited_for_in_the_order_of_arrival() {
    let mut limited = config(Vec::new());
    limited.endpoints[0].limits = Limits { parallel: Some(2), ..Limits::default() };
    let plan = Arc::new(Plan::route(&limited, route("A"), &|_| Facts::default()));
    let queued = |ticket| TurnState { ticket, ..TurnState::new(plan.clone(), at(600.0), None) };
    let mut known = health([began(1, &route("A"), at(0.0)), began(2, &route("A"), at(0.0))]);
    assert_eq!(told(&queued(None), &known, 0.0), "wait A 0.5 parallel");
    let scope = Scope::Endpoint("A".into());
    known.waiting = vec![(Ticket(1), scope.clone()), (Ticket(2), scope)];
    known.apply(&Outcome::Ended(ended(1, &route("A"), at(0.0), at(1.0), Ending::Works)), Cooldown::default());
    assert_eq!(told(&queued(Some(Ticket(1))), &known, 1.0), "try A");
    assert_eq!(told(&queued(Some(Ticket(2))), &known, 1.0), "wait A 0.5 parallel");
    assert_eq!(told(&queued(None), &known, 1.0), "wait A 0.5 parallel", "nobody jumps the queue");
}

#[test]
fn requests_and_tokens_of_the_last_minute_count() {
    let with = |limits| {
        let mut limited = config(Vec::new());
        limited.endpoints[0].limits = limits;
        TurnState::new(
            Arc::new(Plan::route(&limited, route("A"), &|_| Facts::default())),
            at(600.0),
            Some(50),
        )
    };
    // A hundred tokens each.
    let known = health([began(1, &route("A"), at(0.0)), began(2, &route("A"), at(10.0))]);
    let requests = |n| with(Limits { requests_per_minute: Some(n), ..Limits::default() });
    assert_eq!(told(&requests(3), &known, 20.0), "try A");
    assert_eq!(told(&requests(2), &known, 20.0), "wait A 40 minute");
    assert_eq!(told(&requests(1), &known, 20.0), "wait A 50 minute");
    let tokens = |n| with(Limits { tokens_per_minute: Some(n), ..Limits::default() });
    assert_eq!(told(&tokens(250), &known, 20.0), "try A");
    assert_eq!(told(&tokens(249), &known, 20.0), "wait A 40 minute");
    assert_eq!(told(&tokens(40), &known, 20.0), "wait A 50 minute", "what never fits takes all there is");
}

/// What happens to an attempt, as the properties throw it.
#[derive(Clone, Debug)]
enum Fate {
    Answers,
    Fails(ErrorKind, Option<u16>),
    Asks(u64),
    Cancelled,
}

fn fates() -> impl Throws<Value = Fate> {
    prop_oneof![
        1 => Just(Fate::Answers),
        1 => Just(Fate::Cancelled),
        2 => (0u64..200).prop_map(Fate::Asks),
        8 => prop::sample::select(vec![
            (ErrorKind::Network, None),
            (ErrorKind::Timeout, None),
            (ErrorKind::Provider, Some(500)),
            (ErrorKind::Provider, Some(503)),
            (ErrorKind::Provider, Some(400)),
            (ErrorKind::RateLimit, Some(429)),
            (ErrorKind::Auth, Some(401)),
            (ErrorKind::Auth, Some(403)),
            (ErrorKind::UnknownModel, Some(404)),
            (ErrorKind::ContextWindow, Some(400)),
            (ErrorKind::ContentFilter, Some(400)),
        ])
        .prop_map(|(kind, status)| Fate::Fails(kind, status)),
    ]
}

fn aliases() -> impl Throws<Value = Alias> {
    let routes = prop::collection::vec((0usize..6, 1u32..3, 0u32..3, prop::option::of(1u32..3)), 1..5);
    let strategies = prop::sample::select(vec![
        Strategy::Order,
        Strategy::Shuffle,
        Strategy::LeastBusy,
        Strategy::Latency,
        Strategy::Cost,
        Strategy::Headroom,
    ]);
    (routes, strategies, 0u32..4, any::<bool>()).prop_map(|(routes, strategy, retries, falls)| {
        let routes = routes.into_iter().map(|(endpoint, order, weight, parallel)| {
            let mut route = leads_to(&"ABCDEF"[endpoint..=endpoint]);
            (route.order, route.weight) = (order, weight);
            route.limits.parallel = parallel;
            route
        });
        let mut alias = alias("x", routes.collect(), if falls { &["G/m", "H/m"] } else { &[] });
        (alias.strategy, alias.retries) = (strategy, Some(retries));
        alias
    })
}

/// Health that earlier turns left.
fn pasts() -> impl Throws<Value = Vec<Outcome>> {
    let outcome = (
        0usize..8,
        0u64..60,
        prop::sample::select(vec![
            Ending::Works,
            Ending::Failed,
            Ending::Failed,
            Ending::Broken,
            Ending::Busy,
        ]),
    );
    prop::collection::vec(outcome, 0..20).prop_map(|outcomes| {
        let mut outcomes: Vec<Outcome> = outcomes
            .into_iter()
            .map(|(endpoint, before, ending)| {
                let then = at(0.0).checked_sub(Duration::from_secs(before)).unwrap();
                Outcome::Ended(ended(before, &route(&"ABCDEFGH"[endpoint..=endpoint]), then, then, ending))
            })
            .collect();
        outcomes.sort_by_key(|outcome| match outcome {
            Outcome::Ended(ended) => ended.at,
            Outcome::Began { at, .. } | Outcome::Told { at, .. } => *at,
            Outcome::Spoke { .. } => at(0.0),
        });
        outcomes
    })
}

proptest! {
    /// A turn is run through whatever fate has for it, and looked at after each decision.
    #[test]
    fn every_turn_ends_within_its_allowance_its_deadline_and_what_is_healthy(
        alias in aliases(),
        past in pasts(),
        fates in prop::collection::vec(fates(), 40),
        chances in prop::collection::vec(0.0..1.0f64, 40),
        seconds in 1u64..900,
    ) {
        let config = config(vec![alias]);
        let plan = Arc::new(plan(&config, "x"));
        let allowed = plan.targets().len() as u32 + plan.retries;
        let deadline = at(seconds as f64);
        let mut turn = TurnState::new(plan.clone(), deadline, None);
        let mut health = health(past);
        let mut now = at(0.0);
        let mut attempts: Vec<TargetId> = Vec::new();
        let mut ended = false;
        for (nth, (fate, chance)) in fates.iter().zip(&chances).enumerate() {
            let asked = |id: TargetId| attempts.contains(&id);
            // What could be asked now without asking anybody again, or anybody who is shut.
            let good: Vec<TargetId> = path(&turn)
                .iter()
                .flat_map(|(_, ids)| ids.iter().copied())
                .filter(|id| !asked(*id) && standing(&turn, *id, &health, now) == Standing::Ready)
                .collect();
            match decide(&turn, &health, now, *chance) {
                Decision::Try(target) => {
                    prop_assert!(now < deadline, "asked after the deadline");
                    let route = turn.route_of(target).clone();
                    let is_shut = matches!(health.circuit(&route, now), Circuit::Open(_));
                    if !good.is_empty() {
                        prop_assert!(!is_shut, "{route} is shut, and {good:?} are not");
                        prop_assert!(!asked(target), "{route} was asked before, and {good:?} were not");
                    }
                    attempts.push(target);
                    prop_assert!(attempts.len() as u32 <= allowed, "{} attempts of {allowed}", attempts.len());
                    turn.tries(target);
                    health.apply(&began(nth as u64, &route, now), Cooldown::default());
                    let then = later(now, Duration::from_millis(700));
                    let (failure, ending, wait) = match fate {
                        Fate::Answers => (None, Ending::Works, None),
                        Fate::Cancelled => (None, Ending::Stopped, None),
                        Fate::Asks(wait) => {
                            (Some(busy(*wait)), Ending::Busy, Some(Duration::from_secs(*wait)))
                        }
                        Fate::Fails(kind, status) => {
                            (Some(failure(*kind, *status)), Ending::Failed, None)
                        }
                    };
                    health.apply(
                        &Outcome::Ended(Ended {
                            id: AttemptId(nth as u64),
                            route,
                            began: now,
                            at: then,
                            ending,
                            error: None,
                            ttft: None,
                            wait,
                            tokens: None,
                        }),
                        Cooldown::default(),
                    );
                    now = then;
                    let Some(failure) = failure else {
                        ended = true;
                        break;
                    };
                    turn.failed(target, &failure, now, *chance);
                }
                Decision::Wait(wait) => {
                    prop_assert!(good.is_empty(), "waits although {good:?} are there");
                    prop_assert!(wait.until > now && wait.until < deadline);
                    prop_assert!(wait.until <= later(now, PATIENCE));
                    prop_assert!((attempts.len() as u32) < allowed, "a pause after the last attempt");
                    now = wait.until;
                }
                Decision::Offer(wait) => {
                    prop_assert!(good.is_empty());
                    prop_assert!(wait.until >= deadline || wait.until > later(now, PATIENCE));
                    ended = true;
                    break;
                }
                Decision::GiveUp(why) => {
                    prop_assert!(now >= deadline || why == Why::Exhausted);
                    ended = true;
                    break;
                }
            }
        }
        prop_assert!(ended, "a turn of {allowed} attempts did not end in {} steps", fates.len());
    }

    /// A clock that is set back or forth opens nothing for longer than it was shut for.
    #[test]
    fn a_clock_that_jumps_shuts_nobody_out(back in 0i64..1_000_000, ahead in 0i64..1_000_000) {
        let known = health(broken(&route("A"), at(0.0)));
        for seconds in [-back, ahead] {
            let now = at(0.0).checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap();
            if let Circuit::Open(until) = known.circuit(&route("A"), now) {
                prop_assert!(until.duration_since(now) <= jiff::SignedDuration::from_secs(35));
            }
        }
    }
}
