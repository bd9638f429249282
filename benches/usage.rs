//! The usage index over a million events: opening the panel and drawing the page, making the index again, seeing a new
//! event, and what an append costs a turn. `LOQUAT_BENCH_EVENTS` sets another number.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot run has nothing to say"
)]

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use divan::Bencher;
use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use loquat::app::usage::{Totals, UsageAnswer};
use loquat::app::{Effect, Message, Model, Size, update};
use loquat::chat::{ConversationId, ErrorKind, FinishReason, MessageId, Money, Rate};
use loquat::config::Config;
use loquat::storage::choices::Choices;
use loquat::telemetry::{
    EventStatus, GroupBy, Index, Log, Mode, Only, Page, Query, RequestEvent, Step, Usage,
};
use loquat::ui::theme::Theme;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const APPENDS: usize = 20_000;

/// Folders that all benchmarks share. Statics are not dropped: `main` takes them away.
static FOLDERS: Mutex<Vec<tempfile::TempDir>> = Mutex::new(Vec::new());

fn main() {
    tell_the_slowest_appends();
    tell_how_fast_it_is_made_again();
    divan::main();
    FOLDERS.lock().unwrap().clear();
}

/// A folder that is there until the end.
fn folder() -> PathBuf {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    FOLDERS.lock().unwrap().push(folder);
    path
}

fn events() -> usize {
    std::env::var("LOQUAT_BENCH_EVENTS").ok().and_then(|number| number.parse().ok()).unwrap_or(1_000_000)
}

/// What divan does not tell: the figure to keep is of one append in a hundred.
fn tell_the_slowest_appends() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::new(folder.path().to_owned());
    let event = event(0);
    let mut took: Vec<Duration> = std::iter::repeat_with(|| {
        let began = Instant::now();
        log.append(&event).unwrap();
        began.elapsed()
    })
    .take(APPENDS)
    .collect();
    took.sort_unstable();
    println!("append: median {:?}, p99 {:?}", took[APPENDS / 2], took[APPENDS * 99 / 100]);
}

/// And of a rebuild, the events a second.
fn tell_how_fast_it_is_made_again() {
    let (folder, log) = (tempfile::tempdir().unwrap(), log());
    let index = Index::new(log.clone(), folder.path().to_owned());
    let began = Instant::now();
    let usage = index.usage(&everything(GroupBy::Model)).unwrap();
    let read = began.elapsed();
    index.save().unwrap();
    let saved = began.elapsed() - read;
    let size: u64 =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum();
    println!(
        "rebuild: {} events in {read:?}: {:.0} a second; written in {saved:?}, {size} bytes",
        usage.report.total.attempts,
        usage.report.total.attempts as f64 / read.as_secs_f64()
    );
}

/// The log that is asked about: made once, over three hundred days.
fn log() -> Log {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let folder = folder();
        write(&folder);
        folder
    });
    Log::new(made.clone())
}

fn write(folder: &Path) {
    let count = events();
    let mut open: Option<(String, std::io::BufWriter<std::fs::File>)> = None;
    for number in 0..count {
        let event = event(number * 1_000_000 / count);
        let month = event.ts.strftime("%Y-%m").to_string();
        if open.as_ref().is_none_or(|(of, _)| *of != month) {
            let path = folder.join(format!("requests-{month}.jsonl"));
            open = Some((month, std::io::BufWriter::new(std::fs::File::create(path).unwrap())));
        }
        let (_, file) = open.as_mut().unwrap();
        serde_json::to_writer(&mut *file, &event).unwrap();
        file.write_all(b"\n").unwrap();
    }
}

/// An event of a year in which little repeats.
fn event(number: usize) -> RequestEvent {
    let mixed = (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let pick = |from: u32, below: u64| (mixed >> from) % below;
    let begin: Timestamp = "2026-01-15T00:00:00.123Z".parse().unwrap();
    let cost = 1_000 + pick(20, 9_000_000);
    RequestEvent {
        v: 1,
        id: uuid::Uuid::from_u64_pair(mixed, number as u64),
        user_id: "ana".into(),
        ts: begin + SignedDuration::from_millis(number as i64 * 25_900),
        model: ["gpt-4o-mini", "gpt-4o", "claude-sonnet-4-5", "gemini-2.5-flash", "llama3.3:70b"]
            [pick(3, 5) as usize]
            .into(),
        provider: "openai".into(),
        tokens_in: Some(pick(5, 20_000)),
        tokens_out: Some(pick(9, 2_000)),
        cost_eur: Some(Money::from_nanos(cost as i64)),
        latency: pick(11, 30_000_000) as f64 / 1e6,
        endpoint: ["openAI", "LiteLLM", "Groq"][pick(13, 3) as usize].into(),
        key: ["default", "work"][pick(17, 2) as usize].into(),
        alias: None,
        model_served: Some("gpt-4o-mini-2024-07-18".into()),
        ttft: Some(pick(19, 3_000_000) as f64 / 1e6),
        cached_in: Some(pick(23, 5_000)),
        cache_write: None,
        cache_write_1h: None,
        reasoning_out: Some(0),
        estimated: false,
        cost_usd: Some(Money::from_nanos((cost * 100 / 92) as i64)),
        eur_per_usd: Some(Rate("0.92".parse().unwrap())),
        cost_told: false,
        status: if pick(29, 50) == 0 { EventStatus::Error } else { EventStatus::Ok },
        error: (pick(29, 50) == 0).then_some(ErrorKind::RateLimit),
        http_status: Some(200),
        attempt: 1,
        attempts: 1,
        is_final: pick(31, 40) != 0,
        finish: Some(FinishReason::Stop),
        conversation: Some(ConversationId(uuid::Uuid::from_u128(number as u128 / 12))),
        message: Some(MessageId(uuid::Uuid::from_u64_pair(number as u64, mixed))),
        mode: Mode::Tui,
        over_budget: Vec::new(),
    }
}

fn everything(by: GroupBy) -> Query {
    Query::new(
        date(2026, 1, 1),
        date(2026, 12, 31),
        by,
        TimeZone::get("Europe/Berlin").unwrap_or(TimeZone::UTC),
    )
}

/// A folder of the cache in which the index is current.
fn cache() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = folder();
        let index = Index::new(log(), folder.clone());
        index.usage(&everything(GroupBy::Model)).unwrap();
        index.save().unwrap();
        folder
    })
}

#[divan::bench(sample_count = 2000)]
fn append_an_event(bencher: Bencher<'_, '_>) {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::new(folder.path().to_owned());
    let event = event(0);
    bencher.bench_local(|| log.append(&event).unwrap());
}

/// What a fresh process does to open the panel.
fn open(query: &Query) -> Usage {
    Index::new(log(), cache().to_owned()).usage(query).unwrap()
}

#[divan::bench(sample_count = 20, args = [GroupBy::Model, GroupBy::Day, GroupBy::Key, GroupBy::Conversation])]
fn open_the_panel_on_all(bencher: Bencher<'_, '_>, by: GroupBy) {
    let query = everything(by);
    bencher.bench_local(|| open(&query));
}

#[divan::bench(sample_count = 20)]
fn open_the_panel_on_all_with_charts(bencher: Bencher<'_, '_>) {
    let query = Query { charts: Some(Step::Day), ..everything(GroupBy::Model) };
    bencher.bench_local(|| open(&query));
}

#[divan::bench(sample_count = 20)]
fn open_the_panel_on_30_days_with_charts(bencher: Bencher<'_, '_>) {
    let query = Query {
        from: date(2026, 10, 1),
        to: date(2026, 10, 30),
        charts: Some(Step::Day),
        ..everything(GroupBy::Model)
    };
    bencher.bench_local(|| open(&query));
}

/// Where a person is who presses the key.
#[derive(Clone, Copy, Debug)]
enum Before {
    /// In the conversation: the page opens on the last seven days by model.
    Closed,
    /// On the page: all there is, by model.
    All,
    /// All there is, by conversation.
    Conversations,
}

/// From the key to the page as it is drawn, in a process that has not looked into the log before. A day after the last event.
#[divan::bench(sample_count = 20, args = [Before::Closed, Before::All, Before::Conversations])]
fn from_the_key_to_the_page(bencher: Bencher<'_, '_>, before: Before) {
    let at: Timestamp = "2026-11-12T00:00:00Z".parse().unwrap();
    let size = Size { width: 120, height: 40 };
    let theme = Theme::terminal();
    // On the page, keys that come first lead to what the last one asks for.
    let keys = match before {
        Before::Closed => "xu",
        Before::All => "xu]]]]",
        Before::Conversations => "xu]]]]\t\t\t",
    };
    let keys: Vec<KeyEvent> = keys
        .chars()
        .map(|c| match c {
            'x' => KeyEvent::new(KeyCode::Char('x'), KeyModifiers::CONTROL),
            '\t' => KeyEvent::new(KeyCode::Tab, KeyModifiers::NONE),
            c => KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE),
        })
        .collect();
    let (last, first) = keys.split_last().unwrap();
    bencher
        .with_inputs(|| {
            let (mut model, _) = Model::new(Arc::new(Config::default()), Choices::default(), size, 7, at);
            for key in first {
                update(&mut model, Message::Key { key: *key, at });
            }
            (model, Index::new(log(), cache().to_owned()))
        })
        .bench_local_values(|(mut model, index)| {
            let effects = update(&mut model, Message::Key { key: *last, at });
            let query = effects.into_iter().find_map(|effect| match effect {
                Effect::LoadUsage(query) => Some(query),
                _ => None,
            });
            let query = query.unwrap();
            let zone = TimeZone::get("Europe/Berlin").unwrap_or(TimeZone::UTC);
            let usage = index.usage(&query.on(date(2026, 11, 12), zone)).unwrap();
            assert!(usage.report.total.attempts > 1_000);
            let totals = Totals { usage, names: HashMap::new(), lineage: None };
            let answer = Ok(UsageAnswer::Totals(Box::new(totals)));
            update(&mut model, Message::UsageLoaded { query, answer });
            let mut buffer = Buffer::empty(Rect::new(0, 0, size.width, size.height));
            loquat::ui::draw(&model, &theme, &mut buffer);
            (model, buffer)
        });
}

#[divan::bench(sample_count = 20)]
fn totals_of_one_model(bencher: Bencher<'_, '_>) {
    let query = Query { only: vec![Only::Model("gpt-4o".into())], ..everything(GroupBy::Day) };
    bencher.bench_local(|| open(&query));
}

#[divan::bench(sample_count = 20)]
fn the_last_50_events_of_a_group(bencher: Bencher<'_, '_>) {
    let query = everything(GroupBy::Model);
    let index = Index::new(log(), cache().to_owned());
    bencher.bench_local(|| index.events(&query, Some("gpt-4o"), Page { skip: 0, take: 50 }).unwrap());
}

/// From the append of an event to totals of its day that have it.
#[divan::bench(sample_count = 100)]
fn a_new_event_is_seen(bencher: Bencher<'_, '_>) {
    let index = Index::new(log(), cache().to_owned());
    let last = event(999_999);
    let today = TimeZone::UTC.to_datetime(last.ts).date();
    let query = Query::new(today, today, GroupBy::Model, TimeZone::UTC);
    index.usage(&query).unwrap();
    bencher.bench_local(|| {
        log().append(&last).unwrap();
        index.usage(&query).unwrap()
    });
}
