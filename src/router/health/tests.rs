//! What outcomes teach.

use super::*;
use crate::providers::limits::RateLimits;
use crate::router::testing::{at, began, broken, ended, health, route};

fn cooldown() -> Cooldown {
    Cooldown::default()
}

fn failed(id: u64, began: f64, over: f64) -> Outcome {
    Outcome::Ended(ended(id, &route("A"), at(began), at(over), Ending::Failed))
}

#[test]
fn a_circuit_opens_is_probed_and_stays_shut_longer_each_time() {
    let a = route("A");
    let mut known = health([failed(1, 0.0, 1.0), failed(2, 1.0, 2.0)]);
    assert_eq!(known.circuit(&a, at(2.0)), Circuit::Closed);
    known.apply(&failed(3, 2.0, 3.0), cooldown());
    assert_eq!(known.circuit(&a, at(4.0)), Circuit::Open(at(33.0)));
    known.apply(&failed(4, 2.5, 5.0), cooldown());
    assert_eq!(known.circuit(&a, at(6.0)), Circuit::Open(at(33.0)), "asked before it was shut");
    assert_eq!(known.circuit(&a, at(33.0)), Circuit::HalfOpen(Probe::Wanted));
    known.apply(&began(5, &a, at(34.0)), cooldown());
    assert_eq!(known.circuit(&a, at(35.0)), Circuit::HalfOpen(Probe::Sent));
    known.apply(&failed(5, 34.0, 36.0), cooldown());
    assert_eq!(known.circuit(&a, at(37.0)), Circuit::Open(at(96.0)), "twice as long");
    known.apply(&Outcome::Ended(ended(6, &a, at(97.0), at(98.0), Ending::Works)), cooldown());
    assert_eq!(known.circuit(&a, at(98.0)), Circuit::Closed);
    assert_eq!(known.routes()[0].failures, 0);
}

#[test]
fn an_answer_to_an_old_question_does_not_close_a_circuit() {
    let mut outcomes = broken(&route("A"), at(10.0));
    outcomes.push(Outcome::Ended(ended(9, &route("A"), at(5.0), at(11.0), Ending::Works)));
    assert_eq!(health(outcomes).circuit(&route("A"), at(12.0)), Circuit::Open(at(40.0)));
}

#[test]
fn what_cannot_work_is_left_alone_at_once_and_what_is_busy_for_as_long_as_it_asks() {
    let of = |ending, wait| {
        health([Outcome::Ended(Ended { wait, ..ended(1, &route("A"), at(0.0), at(0.0), ending) })])
    };
    assert_eq!(of(Ending::Broken, None).circuit(&route("A"), at(1.0)), Circuit::Open(at(30.0)));
    let busy = of(Ending::Busy, Some(Duration::from_secs(3600)));
    assert_eq!(busy.circuit(&route("A"), at(1.0)), Circuit::Closed);
    assert_eq!(busy.told(&route("A"), at(1.0)), Some(at(3600.0)));
    assert_eq!(busy.told(&route("A"), at(3600.0)), None);
    assert_eq!(of(Ending::Busy, None).told(&route("A"), at(0.5)), Some(at(1.0)));
    assert_eq!(of(Ending::Stopped, None).circuit(&route("A"), at(1.0)), Circuit::Closed);
}

#[test]
fn a_clock_that_was_set_back_has_shut_nothing() {
    let known = health(broken(&route("A"), at(3600.0)));
    assert_eq!(known.circuit(&route("A"), at(0.0)), Circuit::HalfOpen(Probe::Wanted));
    assert_eq!(known.circuit(&route("A"), at(3598.0)), Circuit::Open(at(3630.0)), "clocks differ a little");
}

#[test]
fn requests_of_a_process_that_was_killed_are_on_their_way_until_their_lease_is_over() {
    let known = health([began(1, &route("A"), at(0.0))]);
    let scope = Scope::Endpoint("A".into());
    assert_eq!((known.in_flight(&scope, at(599.0)), known.in_flight(&scope, at(600.0))), (1, 0));
}

#[test]
fn a_time_to_first_token_counts_what_failures_cost() {
    let of = |outcomes: &[(Ending, f64)]| {
        let outcomes = outcomes.iter().enumerate().map(|(nth, (ending, seconds))| {
            Outcome::Ended(ended(nth as u64, &route("A"), at(0.0), at(*seconds), ending.clone()))
        });
        health(outcomes).of(&route("A")).and_then(|known| known.latency(at(100.0)))
    };
    let seconds = |seconds| Some(Duration::from_secs_f64(seconds));
    assert_eq!(of(&[]), None);
    assert_eq!(of(&[(Ending::Works, 1.0), (Ending::Works, 3.0)]), seconds(2.0));
    assert_eq!(of(&[(Ending::Works, 1.0), (Ending::Failed, 60.0)]), seconds(61.0));
    assert_eq!(of(&[(Ending::Failed, 60.0)]), Some(Duration::MAX));
    assert_eq!(of(&[(Ending::Stopped, 60.0)]), None);
}

#[test]
fn what_a_provider_has_left_is_counted_down_until_it_is_full_again() {
    let allowance =
        |remaining| Allowance { limit: Some(10), remaining, resets: Some(Duration::from_secs(20)) };
    let told = |remaining| Outcome::Told {
        route: route("A"),
        at: at(0.0),
        limits: RateLimits { requests: Some(allowance(remaining)), tokens: None },
    };
    let mut known = health([told(1)]);
    assert_eq!(known.spent(&route("A"), 0, at(1.0)), None);
    assert!((known.headroom(&route("A"), &[], at(1.0)) - 0.1).abs() < 1e-9);
    known.apply(&began(1, &route("A"), at(1.0)), cooldown());
    assert_eq!(known.spent(&route("A"), 0, at(1.0)), Some(at(20.0)));
    assert_eq!(known.spent(&route("A"), 0, at(20.0)), None);
    assert_eq!(known.spent(&route("B"), 0, at(1.0)), None);
}

#[test]
fn what_is_written_is_read_back_the_same() {
    let mut outcomes = broken(&route("A"), at(0.0));
    outcomes.push(began(7, &route("B"), at(1.0)));
    let key = Fingerprint("f".to_owned());
    outcomes.push(Outcome::Ended(ended(8, &route("C"), at(1.0), at(2.0), Ending::Refused(key))));
    let known = health(outcomes.clone());
    let text = serde_json::to_string(&known).unwrap();
    assert_eq!(serde_json::from_str::<Health>(&text).unwrap(), known);
    for outcome in outcomes {
        let text = serde_json::to_string(&outcome).unwrap();
        assert_eq!(serde_json::from_str::<Outcome>(&text).unwrap(), outcome, "{text}");
    }
}
