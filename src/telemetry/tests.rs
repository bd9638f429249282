//! The index over logs that grow, are damaged, replaced and archived: whatever happened, it says what the lines say.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use uuid::Uuid;

use super::log::tests::event;
use super::*;
use crate::chat::{ConversationId, ErrorKind, MessageId, Money};

/// A log, a folder of the cache, and the first of its months.
struct Scene {
    folder: tempfile::TempDir,
    log: Log,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::new(folder.path().join("telemetry"));
        Self { folder, log }
    }

    /// A fresh process's index.
    fn index(&self) -> Index {
        Index::new(self.log.clone(), self.cache())
    }

    fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    /// The cache's files.
    fn kept(&self) -> Vec<PathBuf> {
        fs::read_dir(self.cache())
            .map_or_else(|_| Vec::new(), |entries| entries.map(|entry| entry.unwrap().path()).collect())
    }

    fn month(&self) -> PathBuf {
        self.log.folder().join("requests-2026-11.jsonl")
    }

    fn append(&self, events: impl IntoIterator<Item = RequestEvent>) {
        events.into_iter().for_each(|event| self.log.append(&event).unwrap());
    }

    /// What a fresh process says, without a cache and with the one there is.
    #[track_caller]
    fn agreed(&self, query: &Query) -> Usage {
        let anew = Index::new(self.log.clone(), self.folder.path().join("none")).usage(query).unwrap();
        assert_eq!(self.index().usage(query).unwrap(), anew);
        anew
    }
}

fn year(by: GroupBy) -> Query {
    Query::new(date(2026, 1, 1), date(2026, 12, 31), by, TimeZone::UTC)
}

fn days(from: Date, to: Date, by: GroupBy) -> Query {
    Query::new(from, to, by, TimeZone::fixed(jiff::tz::offset(1)))
}

/// Events that differ in everything that totals are made of.
fn many(count: u64) -> impl Iterator<Item = RequestEvent> {
    let first: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
    (0..count).map(move |number| {
        let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let pick = move |shift: u32, below: u64| (mixed >> shift) % below;
        RequestEvent {
            id: Uuid::from_u64_pair(1, number),
            ts: first + SignedDuration::from_millis(number as i64 * 1009),
            model: ["a", "b", "ü \"quoted\""][pick(7, 3) as usize].into(),
            endpoint: ["One", "Two"][pick(9, 2) as usize].into(),
            tokens_in: (pick(11, 9) > 0).then_some(pick(13, 70_000)),
            cost_eur: (pick(17, 5) > 0).then(|| Money::from_nanos(pick(19, 1 << 40) as i64)),
            latency: pick(23, 90_000_000) as f64 / 1e6,
            ttft: (pick(29, 4) > 0).then(|| pick(31, 1_000_000) as f64 / 1e6),
            status: if pick(37, 9) == 0 { EventStatus::Error } else { EventStatus::Ok },
            error: (pick(37, 9) == 0).then_some(ErrorKind::RateLimit),
            is_final: pick(41, 6) > 0,
            conversation: (pick(43, 20) > 0).then(|| ConversationId(Uuid::from_u64_pair(2, number / 10))),
            message: Some(MessageId(Uuid::from_u64_pair(3, number))),
            ..event()
        }
    })
}

#[test]
fn a_log_that_does_not_exist_has_nothing() {
    let scene = Scene::new();
    let report = UsageReport {
        from: date(2026, 1, 1),
        to: date(2026, 12, 31),
        by: "model".into(),
        rows: vec![],
        total: UsageRow::default(),
    };
    let nothing = Usage { report, groups: 0, damaged: 0, charts: None };
    assert_eq!(scene.index().usage(&year(GroupBy::Model)).unwrap(), nothing);
    scene.index().save().unwrap();
    assert!(scene.kept().is_empty());
}

#[test]
fn the_first_rows_of_an_order_are_those_of_all_rows_in_it() {
    let scene = Scene::new();
    scene.append(many(600));
    let index = scene.index();
    for sort in [Sort::Natural, Sort::Name, Sort::Requests, Sort::Latency, Sort::FirstContent, Sort::Speed] {
        for by in [GroupBy::Conversation, GroupBy::Day, GroupBy::Model] {
            let query = Query { sort, charts: Some(Step::Day), ..year(by) };
            let all = index.usage(&query).unwrap();
            let first = index.usage(&Query { most: 3, ..query }).unwrap();
            let rows = all.report.rows.len().min(3);
            assert_eq!(first.report.rows, all.report.rows[..rows], "{sort:?} {by:?}");
            assert_eq!((first.report.total, first.groups), (all.report.total, all.report.rows.len()));
            assert_eq!(first.charts.unwrap().rows, all.charts.unwrap().rows[..rows], "{sort:?} {by:?}");
        }
    }
}

#[test]
fn days_are_local_and_inclusive_and_months_are_crossed() {
    let scene = Scene::new();
    // Local time is an hour ahead: the first is still October in the log's file names.
    for ts in [
        "2026-10-31T22:59:59.999Z",
        "2026-10-31T23:00:00Z",
        "2026-11-02T22:59:59.999Z",
        "2026-11-02T23:00:00Z",
    ] {
        scene.append([RequestEvent { ts: ts.parse().unwrap(), ..event() }]);
    }
    let usage = scene.agreed(&days(date(2026, 11, 1), date(2026, 11, 2), GroupBy::Day));
    let rows: Vec<(&str, u64)> =
        usage.report.rows.iter().map(|row| (row.key.as_str(), row.requests)).collect();
    assert_eq!(rows, [("2026-11-01", 1), ("2026-11-02", 1)]);
    let weeks = scene.agreed(&days(date(2026, 10, 1), date(2026, 11, 30), GroupBy::Week));
    let rows: Vec<(&str, u64)> =
        weeks.report.rows.iter().map(|row| (row.key.as_str(), row.requests)).collect();
    assert_eq!(rows, [("2026-W44", 2), ("2026-W45", 2)]);
}

#[test]
fn days_and_hours_are_those_of_the_clock_on_the_wall_where_it_is_changed() {
    let Ok(zone) = TimeZone::get("Europe/Berlin") else {
        println!("skipped: no time zone Europe/Berlin");
        return;
    };
    let scene = Scene::new();
    // The clock goes from 3:00 back to 2:00 at 1:00 UTC on the 25th of October.
    for ts in [
        "2026-10-24T21:59:59Z",
        "2026-10-24T22:00:00Z",
        "2026-10-25T00:30:00Z",
        "2026-10-25T01:30:00Z",
        "2026-10-25T22:59:59Z",
        "2026-10-25T23:00:00Z",
    ] {
        scene.append([RequestEvent { ts: ts.parse().unwrap(), ..event() }]);
    }
    let query = Query {
        charts: Some(Step::Hour),
        ..Query::new(date(2026, 10, 25), date(2026, 10, 25), GroupBy::Day, zone)
    };
    let usage = scene.agreed(&query);
    assert_eq!(usage.report.total.requests, 4);
    let charts = usage.charts.unwrap();
    assert_eq!((charts.first, charts.slots.len()), (date(2026, 10, 25).at(0, 0, 0, 0), 24));
    let at: Vec<(usize, u64)> = (0..)
        .zip(&charts.slots)
        .filter(|(_, slot)| slot.requests > 0)
        .map(|(hour, slot)| (hour, slot.requests))
        .collect();
    assert_eq!(at, [(0, 1), (2, 2), (23, 1)]);
    assert_eq!(charts.hours[6][2].requests, 2);
}

#[test]
fn torn_and_foreign_lines_are_passed_over_and_counted() {
    let scene = Scene::new();
    scene.append([event()]);
    let mut bytes = fs::read(scene.month()).unwrap();
    bytes.extend(b"{\"hello\":1}\nnot json\n\n{\"v\":1,\"id\":\"tor");
    fs::write(scene.month(), bytes).unwrap();
    // What has no end yet may be being written.
    assert_eq!(scene.agreed(&year(GroupBy::User)).damaged, 2);
    scene.append([event()]);
    let usage = scene.agreed(&year(GroupBy::User));
    assert_eq!((usage.report.total.requests, usage.damaged), (2, 3));
}

#[test]
fn a_failed_attempt_costs_but_is_no_request() {
    let scene = Scene::new();
    let failed = RequestEvent { is_final: false, status: EventStatus::Error, ..event() };
    let unpriced = RequestEvent { cost_eur: None, latency: 4.0, status: EventStatus::Error, ..event() };
    scene.append([failed, event(), unpriced]);
    let report = scene.agreed(&year(GroupBy::Key)).report;
    let row = UsageRow {
        key: "LiteLLM/work".into(),
        requests: 2,
        errors: 1,
        tokens_in: 3 * 812,
        tokens_out: 3 * 240,
        cached_in: 3 * 512,
        cost_eur: Money::from_nanos(482_000),
        unpriced: 1,
        latency_p50: Some(1.734),
        latency_p95: Some(4.0),
        ttft_p50: Some(0.412),
        ttft_p95: Some(0.412),
        tokens_per_second: Some(480e6 / (1_322_000.0 + 3_588_000.0)),
        attempts: 3,
        ..UsageRow::default()
    };
    assert_eq!(report.rows, std::slice::from_ref(&row));
    assert_eq!(report.total, UsageRow { key: String::new(), ..row });
    let json = serde_json::to_string(&report.rows[0]).unwrap();
    assert!(
        json.starts_with(
            r#"{"key":"LiteLLM/work","requests":2,"errors":1,"tokens_in":2436,"tokens_out":720,"cached_in":1536,"reasoning_out":0,"cost_eur":0.000482,"unpriced":1,"latency_p50":1.734,"latency_p95":4.0,"ttft_p50":0.412,"#
        ),
        "{json}"
    );
}

#[test]
fn groups_but_times_are_ordered_by_price_then_requests_unless_said() {
    let scene = Scene::new();
    for (model, nanos, times, latency) in
        [("cheap", 1, 1, 9.0), ("free-seldom", 0, 1, 1.0), ("dear", 5, 1, 2.0), ("free-often", 0, 2, 3.0)]
    {
        for _ in 0..times {
            let cost_eur = Some(Money::from_nanos(nanos));
            scene.append([RequestEvent { model: model.into(), cost_eur, latency, ..event() }]);
        }
    }
    for (sort, expected) in [
        (Sort::Natural, ["dear", "cheap", "free-often", "free-seldom"]),
        (Sort::Name, ["cheap", "dear", "free-often", "free-seldom"]),
        (Sort::Requests, ["free-often", "dear", "cheap", "free-seldom"]),
        (Sort::Latency, ["cheap", "free-often", "dear", "free-seldom"]),
    ] {
        let usage = scene.agreed(&Query { sort, ..year(GroupBy::Model) });
        let models: Vec<&str> = usage.report.rows.iter().map(|row| row.key.as_str()).collect();
        assert_eq!(models, expected, "{sort:?}");
    }
}

/// What a condition says, told once more.
type Holds = Box<dyn Fn(&RequestEvent) -> bool>;

#[test]
fn conditions_hold_for_every_event_that_counts() {
    let scene = Scene::new();
    scene.append(many(3000));
    scene.index().usage(&year(GroupBy::Day)).unwrap();
    let events: Vec<RequestEvent> = many(3000).collect();
    let conversation = events[100].conversation;
    let wanted: HashSet<MessageId> = events[7..30].iter().filter_map(|event| event.message).collect();
    let cases: Vec<(Only, Holds)> = vec![
        (Only::Model("a".into()), Box::new(|event| event.model.as_str() == "a")),
        (Only::Endpoint("Two".into()), Box::new(|event| event.endpoint.as_str() == "Two")),
        (Only::Key("One".into(), "work".into()), Box::new(|event| event.endpoint.as_str() == "One")),
        (Only::Conversation(conversation), Box::new(move |event| event.conversation == conversation)),
        (Only::Conversation(None), Box::new(|event| event.conversation.is_none())),
        (Only::Conversation(Some(ConversationId(Uuid::from_u128(9)))), Box::new(|_| false)),
        (
            Only::Messages(Arc::new(wanted.clone())),
            Box::new(move |event| event.message.is_some_and(|message| wanted.contains(&message))),
        ),
        (Only::User("ana".into()), Box::new(|_| true)),
        (Only::Mode(Mode::Title), Box::new(|_| false)),
        (Only::Status(EventStatus::Error), Box::new(|event| event.status == EventStatus::Error)),
        (Only::Fault(Fault::Known(ErrorKind::RateLimit)), Box::new(|event| event.error.is_some())),
    ];
    for (only, holds) in &cases {
        let query = Query { only: vec![only.clone()], ..year(GroupBy::Model) };
        let total = scene.agreed(&query).report.total;
        let cost: Money = events.iter().filter(|event| holds(event)).filter_map(|event| event.cost_eur).sum();
        let count = events.iter().filter(|event| holds(event)).count() as u64;
        assert_eq!((total.attempts, total.cost_eur), (count, cost), "{only:?}");
    }
    let both = vec![cases[0].0.clone(), cases[1].0.clone()];
    let total = scene.agreed(&Query { only: both, ..year(GroupBy::Model) }).report.total;
    let count = events.iter().filter(|event| cases[0].1(event) && cases[1].1(event)).count() as u64;
    assert_eq!(total.attempts, count);
}

#[test]
fn branches_are_what_the_caller_calls_the_answers() {
    let scene = Scene::new();
    scene.append(many(100));
    let branches: HashMap<MessageId, String> = many(100)
        .filter_map(|event| event.message)
        .zip(["left", "right"].into_iter().cycle())
        .take(60)
        .map(|(message, branch)| (message, branch.to_owned()))
        .collect();
    let query = Query { branches: Arc::new(branches), ..year(GroupBy::Branch) };
    let rows = scene.agreed(&query).report.rows;
    let counts: BTreeMap<&str, u64> = rows.iter().map(|row| (row.key.as_str(), row.attempts)).collect();
    assert_eq!(counts, BTreeMap::from([("", 40), ("left", 30), ("right", 30)]));
}

#[test]
fn single_events_of_a_group_are_read_from_their_lines_latest_first() {
    let scene = Scene::new();
    let november: Vec<RequestEvent> = many(700).collect();
    let october = RequestEvent { ts: "2026-10-05T00:00:00Z".parse().unwrap(), model: "a".into(), ..event() };
    scene.append(november.iter().chain([&october]).cloned());
    let index = scene.index();
    let query = year(GroupBy::Model);
    index.usage(&query).unwrap();
    index.save().unwrap();
    let mut expected: Vec<Uuid> =
        november.iter().filter(|event| event.model.as_str() == "a").map(|event| event.id).collect();
    expected.reverse();
    expected.push(october.id);
    for index in [index, scene.index()] {
        let mut read = Vec::new();
        while read.len() < expected.len() {
            let events = index.events(&query, Some("a"), Page { skip: read.len(), take: 50 }).unwrap();
            assert_eq!(events.all, expected.len());
            read.extend(events.page.into_iter().map(|found| found.event.unwrap().id));
        }
        assert_eq!(read, expected);
        assert_eq!(index.events(&query, None, Page { skip: 0, take: 0 }).unwrap().all, 701);
    }
}

#[test]
fn charts_tell_of_time_kinds_of_failure_and_how_times_are_spread() {
    let scene = Scene::new();
    let at = |ts: &str| RequestEvent { ts: ts.parse().unwrap(), ..event() };
    scene.append([
        at("2026-11-02T10:00:00Z"),
        RequestEvent { model: "other".into(), latency: 3.0, ..at("2026-11-04T23:59:59Z") },
        RequestEvent {
            status: EventStatus::Error,
            error: Some(ErrorKind::Timeout),
            ttft: None,
            ..at("2026-11-04T12:00:00Z")
        },
    ]);
    let query = Query {
        charts: Some(Step::Day),
        ..Query::new(date(2026, 11, 1), date(2026, 11, 7), GroupBy::Model, TimeZone::UTC)
    };
    let charts = scene.agreed(&query).charts.unwrap();
    let requests = |points: &[Point]| points.iter().map(|point| point.requests).collect::<Vec<_>>();
    assert_eq!((charts.first, charts.step), (date(2026, 11, 1).at(0, 0, 0, 0), Step::Day));
    assert_eq!(requests(&charts.slots), [0, 1, 0, 2, 0, 0, 0]);
    assert_eq!(
        charts.rows.iter().map(|row| requests(row)).collect::<Vec<_>>(),
        [[0, 1, 0, 1, 0, 0, 0], [0, 0, 0, 1, 0, 0, 0]]
    );
    assert_eq!(
        (charts.hours[0][10].requests, charts.hours[2][12].errors, charts.hours[2][23].requests),
        (1, 1, 1)
    );
    assert_eq!(charts.faults, [(Fault::Known(ErrorKind::Timeout), 1)]);
    let bucket = |from, to, count| Bucket { from, to, count };
    assert_eq!(charts.latency.buckets, [bucket(1_572_864, 2_097_152, 2), bucket(2_097_152, 3_145_728, 1)]);
    assert_eq!(charts.ttft.buckets, [bucket(393_216, 524_288, 2)]);
    // Of all days there are, only those with events.
    let all = Query { from: Date::MIN, to: Date::MAX, ..query };
    let charts = scene.agreed(&all).charts.unwrap();
    assert_eq!((charts.first, requests(&charts.slots)), (date(2026, 11, 2).at(0, 0, 0, 0), vec![1, 0, 2]));
}

#[test]
fn what_another_process_appended_a_moment_ago_counts() {
    let scene = Scene::new();
    let index = scene.index();
    let other = Log::new(scene.log.folder().to_owned());
    let mut before = index.stamp().unwrap();
    for count in 1..5 {
        other.append(&event()).unwrap();
        let now = index.stamp().unwrap();
        assert_ne!(now, before);
        before = now;
        assert_eq!(index.usage(&year(GroupBy::Day)).unwrap().report.total.requests, count);
    }
    assert_eq!(index.stamp().unwrap(), before);
}

#[test]
fn it_grows_by_what_is_new_and_says_the_same_as_one_made_at_once() {
    let scene = Scene::new();
    let events: Vec<RequestEvent> = many(11_000).collect();
    let index = scene.index();
    let queries = [GroupBy::Model, GroupBy::Conversation, GroupBy::Day].map(year);
    for events in events.chunks(1700) {
        scene.append(events.iter().cloned());
        index.usage(&queries[0]).unwrap();
        index.save().unwrap();
        for query in &queries {
            let usage = scene.agreed(query);
            assert_eq!(index.usage(query).unwrap(), usage);
        }
    }
    assert_eq!(scene.kept().len(), 1);
    let total = scene.agreed(&queries[0]).report.total;
    assert_eq!(total.attempts, 11_000);
    assert_eq!(total.cost_eur, events.iter().filter_map(|event| event.cost_eur).sum());
}

#[test]
fn processes_that_write_it_at_once_leave_one_that_is_right() {
    let scene = Scene::new();
    scene.append(many(2000));
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                let own = scene.index();
                for event in many(120) {
                    Log::new(scene.log.folder().to_owned()).append(&event).unwrap();
                    own.usage(&year(GroupBy::Model)).unwrap();
                    own.save().unwrap();
                }
            });
        }
    });
    assert_eq!(scene.agreed(&year(GroupBy::Model)).report.total.attempts, 2000 + 6 * 120);
}

#[test]
fn it_is_made_again_when_its_files_are_gone_cut_or_changed_anywhere() {
    let scene = Scene::new();
    scene.append(many(5000));
    let make = || {
        let index = scene.index();
        index.usage(&year(GroupBy::Branch)).unwrap();
        index.save().unwrap();
        scene.kept().remove(0)
    };
    let path = make();
    let whole = fs::read(&path).unwrap();
    let expected = scene.agreed(&year(GroupBy::Model));
    let says = |index: &Index| index.usage(&year(GroupBy::Model)).unwrap();
    // One that has it open notices damage too, when it comes to the block.
    let open = scene.index();
    open.usage(&days(date(2025, 11, 1), date(2025, 11, 1), GroupBy::Day)).unwrap();
    for at in (0..whole.len()).step_by(whole.len() / 9) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x40;
        fs::write(&path, &damaged).unwrap();
        assert_eq!(says(&scene.index()), expected, "changed at {at}");
        assert_eq!(make(), path);
        fs::write(&path, &whole[..at]).unwrap();
        assert_eq!(says(&scene.index()), expected, "cut at {at}");
    }
    let mut damaged = whole.clone();
    damaged[100] ^= 1;
    fs::write(&path, &damaged).unwrap();
    assert_eq!(says(&open), expected);
    fs::remove_dir_all(scene.cache()).unwrap();
    assert_eq!(says(&scene.index()), expected);
    assert_eq!(fs::read(make()).unwrap().len(), whole.len());
}

#[test]
fn it_follows_a_log_that_was_replaced_cut_short_or_removed() {
    let scene = Scene::new();
    scene.append(many(3000));
    let index = scene.index();
    let query = year(GroupBy::Model);
    let look = || {
        let usage = scene.agreed(&query);
        assert_eq!(index.usage(&query).unwrap(), usage);
        index.save().unwrap();
        usage.report.total.attempts
    };
    assert_eq!(look(), 3000);
    let whole = fs::read(scene.month()).unwrap();
    // Cut short, in the middle of a line.
    fs::write(scene.month(), &whole[..whole.len() / 2]).unwrap();
    let half = look();
    assert!((1400..1600).contains(&half), "{half}");
    // Another log, as long as the first.
    let other = String::from_utf8(whole.clone()).unwrap().replace("\"final\":true,", "\"final\":false");
    fs::write(scene.month(), other.replace("false\"finish", "false,\"finish")).unwrap();
    assert_eq!(look(), 3000);
    assert_eq!(index.usage(&query).unwrap().report.total.requests, 0);
    fs::write(scene.month(), &whole).unwrap();
    assert_eq!(look(), 3000);
    fs::remove_file(scene.month()).unwrap();
    assert_eq!(look(), 0);
    assert_eq!(scene.kept(), Vec::<PathBuf>::new());
}

#[test]
fn it_crosses_into_a_new_month() {
    let scene = Scene::new();
    let index = scene.index();
    for (ts, count) in [("2026-11-30T23:59:59.999Z", 1), ("2026-12-01T00:00:00Z", 2)] {
        scene.append([RequestEvent { ts: ts.parse().unwrap(), ..event() }]);
        assert_eq!(index.usage(&year(GroupBy::Day)).unwrap().report.total.requests, count);
    }
    let december = Query { from: date(2026, 12, 1), ..year(GroupBy::Day) };
    assert_eq!(scene.agreed(&december).report.total.requests, 1);
}

#[test]
fn a_cache_that_cannot_be_written_changes_no_answer() {
    let scene = Scene::new();
    scene.append(many(1500));
    fs::write(scene.cache(), "a file where the folder should be").unwrap();
    let index = scene.index();
    assert_eq!(index.usage(&year(GroupBy::Model)).unwrap().report.total.attempts, 1500);
    assert!(index.save().is_err());
    assert_eq!(index.usage(&year(GroupBy::Model)).unwrap().report.total.attempts, 1500);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn totals_are_the_sums_over_the_events(
        events in prop::collection::vec(
            (0i64..90, 0usize..3, prop::option::of(0u64..1000), prop::option::of(0i64..1_000_000), any::<bool>()),
            0..40,
        ),
    ) {
        let scene = Scene::new();
        let models = ["a", "b", "c"];
        let first: Timestamp = "2026-10-01T12:00:00Z".parse().unwrap();
        let (mut cost, mut tokens, mut requests) = (Money::ZERO, 0, 0);
        let mut by_model: BTreeMap<&str, Money> = BTreeMap::new();
        for &(day, model, tokens_in, nanos, is_final) in &events {
            let event = RequestEvent {
                ts: first + SignedDuration::from_hours(24 * day),
                model: models[model].into(),
                tokens_in,
                cost_eur: nanos.map(Money::from_nanos),
                is_final,
                ..event()
            };
            scene.log.append(&event).unwrap();
            if day < 60 {
                cost += event.cost_eur.unwrap_or_default();
                tokens += tokens_in.unwrap_or_default();
                requests += u64::from(is_final);
                *by_model.entry(models[model]).or_default() += event.cost_eur.unwrap_or_default();
            }
        }
        let query = Query::new(date(2026, 10, 1), date(2026, 11, 29), GroupBy::Model, TimeZone::UTC);
        let report = scene.agreed(&query).report;
        prop_assert_eq!((report.total.cost_eur, report.total.tokens_in, report.total.requests), (cost, tokens, requests));
        let rows: BTreeMap<&str, Money> = report.rows.iter().map(|row| (row.key.as_str(), row.cost_eur)).collect();
        prop_assert_eq!(rows, by_model);
    }
}

#[test]
fn what_several_cores_add_up_is_what_one_loop_adds_up() {
    let scene = Scene::new();
    // Some blocks, so that there is something to share.
    let events: Vec<RequestEvent> = many(14_000).collect();
    scene.append(events.iter().cloned());
    for by in [GroupBy::Conversation, GroupBy::Model, GroupBy::Day] {
        let mut expected: BTreeMap<String, (u64, u64, Money, Vec<u64>)> = BTreeMap::new();
        for event in &events {
            let key = match by {
                GroupBy::Conversation => event.conversation.map(|id| id.to_string()).unwrap_or_default(),
                GroupBy::Model => event.model.to_string(),
                _ => event.ts.strftime("%Y-%m-%d").to_string(),
            };
            let (requests, tokens, cost, times) = expected.entry(key).or_default();
            *tokens += event.tokens_in.unwrap_or_default();
            *cost += event.cost_eur.unwrap_or_default();
            if event.is_final {
                *requests += 1;
                times.push((event.latency * 1e6).round() as u64);
            }
        }
        let usage = scene.agreed(&Query { charts: Some(Step::Hour), ..year(by) });
        let found = usage.report.rows.iter().map(|row| {
            let median = row.latency_p50.map(|seconds| (seconds * 1e6).round() as u64);
            (row.key.clone(), (row.requests, row.tokens_in, row.cost_eur, median))
        });
        let expected = expected.into_iter().map(|(key, (requests, tokens, cost, mut times))| {
            times.sort_unstable();
            let median = times.len().checked_sub(1).map(|last| times[last / 2]);
            (key, (requests, tokens, cost, median))
        });
        assert_eq!(found.collect::<BTreeMap<_, _>>(), expected.collect(), "{by:?}");
        let sum = |points: &[Point]| {
            let requests: u64 = points.iter().map(|point| point.requests).sum();
            (requests, points.iter().map(|point| point.cost_eur).sum::<Money>())
        };
        let of = |row: &UsageRow| (row.requests, row.cost_eur);
        let charts = usage.charts.unwrap();
        assert_eq!(sum(&charts.slots), of(&usage.report.total));
        assert_eq!(sum(charts.hours.as_flattened()), of(&usage.report.total));
        let drawn: Vec<_> =
            charts.rows.iter().zip(&usage.report.rows).filter(|(slots, _)| !slots.is_empty()).collect();
        assert!(!drawn.is_empty());
        for (slots, row) in drawn {
            assert_eq!(sum(slots), of(row), "{by:?} {}", row.key);
        }
    }
}

#[test]
fn what_requests_took_is_estimated_where_that_is_wanted_and_what_is_not_known_is_counted() {
    let scene = Scene::new();
    let asked =
        |model: &str, tokens_out: Option<u64>| RequestEvent { model: model.into(), tokens_out, ..event() };
    let failed = RequestEvent { tokens_in: None, ..asked("gpt-99", None) };
    let asked = [
        asked("gpt-4o-mini", Some(240)),
        asked("gpt-4o-mini-2024-07-18", Some(1000)),
        asked("gpt-99", Some(10)),
        asked("gpt-4o-mini", None),
        failed,
    ];
    scene.append(asked);
    let method = Arc::new(footprint::Method::new(&crate::config::FootprintConfig::default()));
    let query = Query { footprint: Some(Arc::clone(&method)), ..year(GroupBy::Model) };
    let estimator = method.estimator("openai", "gpt-4o-mini").unwrap();
    let short = estimator.of(240, 1_734_000);
    let mut both = short;
    both.plus(estimator.of(1000, 1_734_000));
    let report = scene.agreed(&query).report;
    let of = |key: &str| report.rows.iter().find(|row| row.key == key).unwrap().footprint;
    assert_eq!(of("gpt-4o-mini"), Some(Taken { known: short, unknown: 1 }));
    assert_eq!(of("gpt-99"), Some(Taken { known: footprint::Footprint::default(), unknown: 1 }));
    assert_eq!(report.total.footprint, Some(Taken { known: both, unknown: 2 }));
    let json = serde_json::to_value(&report.total).unwrap();
    let (low, high) = both.energy_wh.units();
    assert_eq!(json["footprint"]["energy_wh"], serde_json::json!({"low": low, "high": high}));
    assert_eq!(json["footprint"]["unknown"], 2);
    assert_eq!(scene.agreed(&year(GroupBy::Model)).report.total.footprint, None);
}
