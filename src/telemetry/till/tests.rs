//! Processes that spend from the same budgets, in folders of their own.

use std::path::Path;

use jiff::SignedDuration;
use proptest::prelude::*;

use super::*;
use crate::config::{Each, Period};
use crate::telemetry::RequestEvent;
use crate::telemetry::budget::tests::{budget, money, subject};
use crate::telemetry::log::tests::event;

fn noon() -> Zoned {
    "2026-11-22T12:00:00+01:00[Europe/Berlin]".parse().unwrap()
}

fn log(folder: &Path) -> Log {
    Log::new(folder.join("telemetry"))
}

/// An event of the subject that the tests ask, at this time.
fn spent(at: &str, cost: Option<&str>) -> RequestEvent {
    let subject = subject();
    RequestEvent {
        id: uuid::Uuid::now_v7(),
        ts: at.parse().unwrap(),
        endpoint: subject.endpoint,
        key: subject.key,
        model: subject.model,
        user_id: subject.user,
        conversation: subject.conversation,
        cost_eur: cost.map(money),
        ..event()
    }
}

fn want(cost: Option<&str>) -> Want {
    let until = noon().timestamp() + SignedDuration::from_mins(10);
    Want { cost: cost.map(money), until, allowance: Allowance::Kept }
}

fn granted(admission: io::Result<Admission>) -> Granted {
    match admission.unwrap() {
        Admission::Granted(granted) => granted,
        Admission::Refused(standings) => panic!("refused: {standings:?}"),
    }
}

fn is_refused(admission: io::Result<Admission>) -> bool {
    matches!(admission.unwrap(), Admission::Refused(_))
}

#[test]
fn what_counts_is_what_began_in_the_window_and_what_has_no_price_is_counted_as_that() {
    let folder = tempfile::tempdir().unwrap();
    let log = log(folder.path());
    for (at, cost) in [
        ("2026-11-21T22:59:59.999Z", Some("1")),
        ("2026-11-21T23:00:00Z", Some("2")),
        ("2026-11-22T10:00:00Z", None),
        ("2026-11-22T23:00:00Z", Some("4")),
        ("2026-10-31T22:59:59Z", Some("8")),
        ("2026-10-31T23:00:00Z", Some("16")),
    ] {
        log.append(&spent(at, cost)).unwrap();
    }
    let refused = RequestEvent { tokens_in: None, tokens_out: None, ..spent("2026-11-22T10:00:00Z", None) };
    log.append(&refused).unwrap();
    let of = |per| Budget { per, ..budget(None, Some("100")) };
    let budgets = [of(Period::Day), of(Period::Week), of(Period::Month)];
    let standings = Till::of(&log).standings(&budgets, &noon()).unwrap();
    let told: Vec<_> = standings.iter().map(|standing| (standing.spent, standing.unpriced)).collect();
    assert_eq!(told, [(money("2"), 1), (money("3"), 1), (money("23"), 1)]);
}

#[test]
fn a_hard_limit_refuses_once_it_is_reached_and_not_before() {
    let folder = tempfile::tempdir().unwrap();
    let log = log(folder.path());
    let till = Till::of(&log);
    let budgets = [budget(Some("1"), Some("2"))];
    let admit = || till.admit(&budgets, &subject(), want(None), &noon());
    log.append(&spent("2026-11-22T10:00:00Z", Some("1.99"))).unwrap();
    let before = granted(admit());
    assert_eq!(before.standings[0].level(), Level::Soft);
    drop(before);
    log.append(&spent("2026-11-22T10:00:01Z", Some("0.01"))).unwrap();
    assert!(is_refused(admit()));
    let lifted = Want { allowance: Allowance::Lifted, ..want(None) };
    let over = granted(till.admit(&budgets, &subject(), lifted, &noon()));
    assert_eq!(over.standings[0].level(), Level::Hard);
    let next_month: Zoned = "2026-12-01T00:00:00+01:00[Europe/Berlin]".parse().unwrap();
    assert_eq!(
        granted(till.admit(&budgets, &subject(), want(None), &next_month)).standings[0].spent,
        Money::ZERO
    );
}

#[test]
fn a_turn_is_held_by_the_budgets_it_is_of_and_by_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let log = log(folder.path());
    let till = Till::of(&log);
    log.append(&spent("2026-11-22T10:00:00Z", Some("5"))).unwrap();
    let each = Budget { each: Some(Each::Conversation), ..budget(None, Some("5")) };
    let other = Subject { conversation: None, ..subject() };
    assert!(is_refused(till.admit(std::slice::from_ref(&each), &subject(), want(None), &noon())));
    let hold = granted(till.admit(std::slice::from_ref(&each), &other, want(Some("1")), &noon()));
    let standings = till.standings(&[each], &noon()).unwrap();
    let told: Vec<_> = standings
        .iter()
        .map(|standing| (standing.of.clone().unwrap().1, standing.spent, standing.reserved))
        .collect();
    let of = "00000000-0000-0000-0000-000000000007".to_owned();
    assert_eq!(told, [(of, money("5"), money("0")), (String::new(), money("0"), money("1"))]);
    drop(hold);
}

#[test]
fn what_is_on_its_way_counts_until_it_is_given_back_or_its_turn_is_long_over() {
    let folder = tempfile::tempdir().unwrap();
    let log = log(folder.path());
    let (one, two) = (Till::of(&log), Till::of(&log));
    let budgets = [budget(None, Some("2"))];
    let hold = granted(one.admit(&budgets, &subject(), want(Some("2")), &noon())).hold;
    assert!(is_refused(two.admit(&budgets, &subject(), want(None), &noon())));
    drop(hold);
    let killed = granted(two.admit(&budgets, &subject(), want(Some("2")), &noon())).hold;
    std::mem::forget(killed);
    assert!(is_refused(one.admit(&budgets, &subject(), want(None), &noon())));
    let later = noon().checked_add(SignedDuration::from_mins(10)).unwrap();
    granted(one.admit(&budgets, &subject(), want(None), &later));
}

#[test]
fn a_count_goes_on_where_it_stopped_and_begins_again_where_it_cannot() {
    let folder = tempfile::tempdir().unwrap();
    let log = log(folder.path());
    let till = Till::of(&log);
    let budgets = [budget(None, Some("100"))];
    let spent_by = |now: &Zoned| till.standings(&budgets, now).unwrap()[0].spent;
    log.append(&spent("2026-11-22T10:00:00Z", Some("1"))).unwrap();
    assert_eq!(spent_by(&noon()), money("1"));
    log.append(&spent("2026-11-22T10:30:00Z", Some("2"))).unwrap();
    assert_eq!(spent_by(&noon()), money("3"));
    // Another zone, another month.
    let elsewhere: Zoned = "2026-11-22T12:00:00-05:00[America/New_York]".parse().unwrap();
    log.append(&spent("2026-10-31T23:30:00Z", Some("4"))).unwrap();
    assert_eq!(spent_by(&elsewhere), money("3"));
    assert_eq!(spent_by(&noon()), money("7"));
    // Other budgets, a damaged file, a log that was cut.
    let work = Budget { endpoint: Some("F".into()), ..budget(None, Some("1")) };
    assert_eq!(till.standings(&[work], &noon()).unwrap()[0].spent, Money::ZERO);
    assert_eq!(spent_by(&noon()), money("7"));
    fs::write(folder.path().join("telemetry").join(NAME), "{").unwrap();
    assert_eq!(spent_by(&noon()), money("7"));
    let file = folder.path().join("telemetry/requests-2026-11.jsonl");
    let first = fs::read_to_string(&file).unwrap().lines().next().unwrap().to_owned();
    fs::write(&file, first + "\n").unwrap();
    assert_eq!(spent_by(&noon()), money("5"));
}

#[test]
fn a_folder_that_cannot_be_written_to_keeps_no_reservations_and_still_refuses() {
    let folder = tempfile::tempdir().unwrap();
    let log = log(folder.path());
    log.append(&spent("2026-11-22T10:00:00Z", Some("2"))).unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let till = Till { folder: file.join("state"), log };
    let hold = granted(till.admit(&[budget(None, Some("3"))], &subject(), want(Some("1")), &noon()));
    assert!(is_refused(till.admit(&[budget(None, Some("2"))], &subject(), want(None), &noon())));
    drop(hold);
}

/// A turn as a process lives through it.
#[derive(Clone, Debug)]
struct Turn {
    estimate: i64,
    cost: i64,
    /// Whether its process is killed in the middle of it.
    is_killed: bool,
}

fn a_turn() -> impl Strategy<Value = Turn> {
    (0..40i64, 0..60i64, prop::bool::weighted(0.1)).prop_map(|(estimate, cost, is_killed)| Turn {
        estimate,
        cost,
        is_killed,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whatever order processes look and end in, what is spent is less than the limit and the turns that were in flight
    /// when it was crossed; and where estimates are no lower than what turns cost, than the limit and one turn.
    #[test]
    fn a_limit_is_overshot_by_no_more_than_the_turns_in_flight(
        turns in prop::collection::vec(a_turn(), 1..40),
        order in prop::collection::vec(any::<prop::sample::Index>(), 80),
        processes in 1usize..6,
        limit in 1..200i64,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let log = log(folder.path());
        let budgets = [Budget { hard: Some(Money::from_nanos(limit)), ..budget(None, None) }];
        let tills: Vec<Till> = (0..processes).map(|_| Till::of(&log)).collect();
        let mut waiting = turns.iter();
        let mut flying: Vec<Option<(&Turn, Hold)>> = (0..processes).map(|_| None).collect();
        let (mut total, mut in_flight_at_most) = (0, 0);
        let is_honest = turns.iter().all(|turn| turn.estimate >= turn.cost);
        for at in &order {
            let process = at.index(processes);
            match flying[process].take() {
                Some((turn, hold)) if turn.is_killed => {
                    // What it was billed comes to light when somebody recovers it.
                    std::mem::forget(hold);
                    log.append(&RequestEvent { cost_eur: Some(Money::from_nanos(turn.cost)), ..spent("2026-11-22T10:00:00Z", None) }).unwrap();
                    total += turn.cost;
                }
                Some((turn, hold)) => {
                    log.append(&RequestEvent { cost_eur: Some(Money::from_nanos(turn.cost)), ..spent("2026-11-22T10:00:00Z", None) }).unwrap();
                    total += turn.cost;
                    drop(hold);
                }
                None => {
                    let Some(turn) = waiting.next() else { continue };
                    let want = Want { cost: Some(Money::from_nanos(turn.estimate)), ..want(None) };
                    if let Admission::Granted(granted) = tills[process].admit(&budgets, &subject(), want, &noon()).unwrap() {
                        prop_assert!(total < limit, "nothing is sent once the limit is reached");
                        flying[process] = Some((turn, granted.hold));
                        let in_flight: i64 = flying.iter().flatten().map(|(turn, _)| turn.cost).sum();
                        in_flight_at_most = in_flight_at_most.max(in_flight);
                    }
                }
            }
            let most_of_one = turns.iter().map(|turn| turn.cost).max().unwrap_or_default();
            prop_assert!(total < limit + in_flight_at_most.max(1));
            if is_honest {
                prop_assert!(total < limit + most_of_one.max(1));
            }
        }
    }
}
