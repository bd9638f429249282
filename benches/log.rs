//! The telemetry log: appending an event, totals over many.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot run has nothing to say"
)]

use std::time::{Duration, Instant};

use divan::Bencher;
use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;
use loquat::chat::Money;
use loquat::telemetry::{EventStatus, GroupBy, Log, Mode, RequestEvent};

const EVENTS: usize = 10_000;

fn main() {
    tell_the_slowest_appends();
    divan::main();
}

/// What divan does not tell: the figure to keep is of one append in a hundred.
fn tell_the_slowest_appends() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::new(folder.path().to_owned());
    let event = event();
    let mut took: Vec<Duration> = std::iter::repeat_with(|| {
        let began = Instant::now();
        log.append(&event).unwrap();
        began.elapsed()
    })
    .take(EVENTS)
    .collect();
    took.sort_unstable();
    println!("append_an_event: median {:?}, p99 {:?}", took[EVENTS / 2], took[EVENTS * 99 / 100]);
}

fn event() -> RequestEvent {
    RequestEvent {
        v: 1,
        id: uuid::Uuid::from_u128(1),
        user_id: "ana".into(),
        ts: "2026-11-21T05:04:16.123Z".parse::<Timestamp>().unwrap(),
        model: "gpt-4o-mini".into(),
        provider: "openai".into(),
        tokens_in: Some(812),
        tokens_out: Some(240),
        cost_eur: Some(Money::from_nanos(241_000)),
        latency: 1.734,
        endpoint: "LiteLLM".into(),
        key: "work".into(),
        alias: None,
        model_served: Some("gpt-4o-mini-2024-07-18".into()),
        ttft: Some(0.412),
        cached_in: Some(512),
        cache_write: None,
        reasoning_out: Some(0),
        estimated: false,
        cost_usd: None,
        eur_per_usd: None,
        status: EventStatus::Ok,
        error: None,
        http_status: Some(200),
        attempt: 1,
        attempts: 1,
        is_final: true,
        finish: None,
        conversation: None,
        message: None,
        mode: Mode::Oneshot,
    }
}

#[divan::bench(sample_count = 2000)]
fn append_an_event(bencher: Bencher<'_, '_>) {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::new(folder.path().to_owned());
    let event = event();
    bencher.bench_local(|| log.append(&event).unwrap());
}

#[divan::bench(sample_count = 20)]
fn total_10_000_events_by_model(bencher: Bencher<'_, '_>) {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::new(folder.path().to_owned());
    for _ in 0..EVENTS {
        log.append(&event()).unwrap();
    }
    let (from, to) = (date(2026, 11, 1), date(2026, 11, 30));
    bencher.bench_local(|| log.report(from, to, GroupBy::Model, &TimeZone::UTC).unwrap());
}
