//! The page and the panel as a person sees them: what the index really answers about logs that are made here.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::app::testing::{App, noon};
use crate::app::usage::{EVENTS, Lineage, SideFigures, Totals, UsageAnswer, UsageQuery, UsageRange};
use crate::app::{Effect, Message};
use crate::chat::{Money, Status};
use crate::config::FootprintConfig;
use crate::storage::choices::Side;
use crate::telemetry::budget::tests::standing;
use crate::telemetry::footprint::Method;
use crate::telemetry::{GroupBy, Index, Log, Only, Page, Query, Step, UsageRow};
use crate::ui::linear::Narrator;
use crate::ui::tests::{screen, talking};

const SIZES: [(u16, u16); 4] = [(80, 24), (120, 40), (200, 50), (40, 12)];

/// A log with so many events of the days before noon, and the index over it.
struct Made {
    _folder: tempfile::TempDir,
    index: Index,
    footprint: Option<Arc<Method>>,
}

fn made(count: u64, damaged: &str) -> Made {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("telemetry");
    std::fs::create_dir(&log).unwrap();
    let mut lines = String::new();
    for number in 1..=count {
        // The same numbers everywhere, and little that repeats.
        let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let pick = |from: u32, below: u64| (mixed >> from) % below;
        let back = SignedDuration::from_mins(i64::try_from(number * 19 + pick(7, 9)).unwrap());
        let ts: Timestamp = noon() - SignedDuration::from_secs(60) - back;
        if !ts.to_string().starts_with("2026-11") {
            break;
        }
        let (model, price) = [
            ("claude-sonnet", Some(4_100_000)),
            ("gpt-4o", Some(2_000_000)),
            ("gpt-4o-mini", Some(90_000)),
            ("llama3 (local)", Some(0)),
            ("mistral-\u{1b}[2Jlarge", Some(1_300_000)),
            ("gemini-next", None),
        ][[0, 0, 0, 1, 1, 2, 2, 2, 2, 3, 4, 5][pick(11, 12) as usize]];
        let failed = pick(23, 40) == 0;
        let tokens = (!failed).then(|| 300 + pick(13, 3_000));
        let price = price.map(|nanos| Money::from_nanos(nanos * (1 + pick(31, 4) as i64)));
        let id = uuid::Uuid::from_u128(u128::from(number));
        let key = ["work", "home"][pick(19, 2) as usize];
        let fault = ["rate_limit", "timeout"][pick(41, 2) as usize];
        let line = json!({
            "v": 1, "id": id, "userId": "ana", "ts": format!("{ts:.3}"), "model": model, "provider": "mock",
            "tokens_in": tokens, "tokens_out": tokens.map(|tokens| tokens / 4),
            "costEUR": price.filter(|_| !failed), "latency": 0.4 + pick(17, 9_000) as f64 / 1e3,
            "endpoint": "LiteLLM", "key": key,
            "ttft": (!failed).then(|| 0.1 + pick(29, 900) as f64 / 1e3),
            "cached_in": tokens.map(|tokens| tokens / 3), "estimated": pick(37, 20) == 0,
            "status": if failed { "error" } else { "ok" },
            "error": failed.then_some(fault),
            "attempt": 1, "attempts": 1, "final": true, "mode": "tui",
            "conversation": uuid::Uuid::from_u128(u128::from(number % 9)), "message": id,
        });
        lines.push_str(&format!("{line}\n"));
    }
    std::fs::File::create(log.join("requests-2026-11.jsonl"))
        .unwrap()
        .write_all(format!("{lines}{damaged}").as_bytes())
        .unwrap();
    Made { index: Index::new(Log::new(log), folder.path().join("cache")), footprint: None, _folder: folder }
}

/// The same, where energy and carbon are estimated.
fn estimated(count: u64) -> Made {
    Made { footprint: Some(Arc::new(Method::new(&FootprintConfig::default()))), ..made(count, "") }
}

impl Made {
    fn answer(&self, query: &UsageQuery) -> UsageAnswer {
        let today = TimeZone::UTC.to_datetime(noon()).date();
        let asked = Query { footprint: self.footprint.clone(), ..query.on(today, TimeZone::UTC) };
        if let Some(events) = &query.events {
            let page = Page { skip: events.skip, take: EVENTS };
            return UsageAnswer::Events(self.index.events(&asked, events.group.as_deref(), page).unwrap());
        }
        let usage = self.index.usage(&asked).unwrap();
        UsageAnswer::Totals(Box::new(Totals { usage, names: HashMap::new(), lineage: None }))
    }

    /// Answers whatever the app asks of the log.
    fn serve(&self, app: &mut App, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::LoadUsage(query) = effect {
                let answer = Ok(self.answer(&query));
                let more = app.send(Message::UsageLoaded { query, answer });
                self.serve(app, more);
            }
        }
    }

    fn press(&self, app: &mut App, keys: &str) {
        for key in keys.split_whitespace() {
            let effects = app.keys(key);
            self.serve(app, effects);
        }
    }

    fn open(&self, (width, height): (u16, u16), keys: &str) -> App {
        let mut app = App::new(width, height);
        app.model.zone = TimeZone::UTC;
        self.press(&mut app, "ctrl-x u");
        self.press(&mut app, keys);
        app
    }
}

#[test]
fn a_page_of_nothing_says_so() {
    let made = made(0, "");
    for (width, height) in SIZES {
        insta::assert_snapshot!(format!("empty_{width}x{height}"), screen(&made.open((width, height), "")));
    }
}

#[test]
fn a_page_of_one_event() {
    let made = made(1, "");
    for (width, height) in SIZES {
        insta::assert_snapshot!(format!("one_{width}x{height}"), screen(&made.open((width, height), "")));
    }
}

#[test]
fn a_page_of_many_events_tells_what_has_no_price_and_what_is_damaged() {
    let made = made(4_000, "{\"torn\nno event\n");
    for (width, height) in SIZES {
        let app = made.open((width, height), "]");
        insta::assert_snapshot!(format!("many_{width}x{height}"), screen(&app));
    }
}

#[test]
fn the_charts_one_after_the_other() {
    let made = made(4_000, "");
    for (width, height) in [(80, 24), (40, 12)] {
        let mut app = made.open((width, height), "");
        for view in ["time", "hours", "speed"] {
            made.press(&mut app, "v");
            insta::assert_snapshot!(format!("{view}_{width}x{height}"), screen(&app));
        }
    }
}

#[test]
fn single_events_and_all_that_is_known_of_one() {
    let made = made(400, "");
    for (width, height) in SIZES {
        let app = made.open((width, height), "enter e down down");
        insta::assert_snapshot!(format!("events_{width}x{height}"), screen(&app));
    }
}

#[test]
fn energy_and_carbon_where_they_are_estimated() {
    let made = estimated(400);
    for (width, height) in SIZES {
        let mut app = made.open((width, height), "");
        insta::assert_snapshot!(format!("footprint_{width}x{height}"), screen(&app));
        made.press(&mut app, "down enter e");
        insta::assert_snapshot!(format!("footprint_events_{width}x{height}"), screen(&app));
    }
}

#[test]
fn rows_that_hold_a_text_under_the_way_here() {
    let made = made(400, "");
    let mut app = made.open((80, 24), "tab enter tab enter /");
    app.type_text("000");
    insta::assert_snapshot!("narrowed_80x24", screen(&app));
    app.keys("esc");
    insta::assert_snapshot!("way_80x24", screen(&app));
}

fn lineage() -> Lineage {
    let row = |nanos, unpriced| UsageRow {
        requests: 3,
        tokens_in: 900,
        tokens_out: 300,
        cost_eur: Money::from_nanos(nanos),
        unpriced,
        ..UsageRow::default()
    };
    Lineage { prefix: row(10_000_000, 0), own: row(11_300_000, 0), whole: row(30_000_000, 1), others: 2 }
}

#[test]
fn what_the_branches_of_the_conversation_cost() {
    let made = made(9, "");
    for (width, height) in SIZES {
        let mut app = App::new(width, height);
        app.turn("hello", "hi");
        let effects = app.keys("ctrl-x v u");
        let query = effects.iter().find_map(|effect| match effect {
            Effect::LoadUsage(query) => Some(query.clone()),
            _ => None,
        });
        let query = query.unwrap();
        let UsageAnswer::Totals(mut totals) = made.answer(&UsageQuery { only: Vec::new(), ..query.clone() })
        else {
            panic!("totals were asked for")
        };
        let rows = &mut totals.usage.report.rows;
        let row = |key: &str, nanos| UsageRow {
            key: key.into(),
            cost_eur: Money::from_nanos(nanos),
            ..rows[0].clone()
        };
        *rows = vec![row("leaf", 11_300_000), row("shared", 10_000_000), row("", 600_000)];
        totals.names.insert("leaf".into(), "gpt-4o: The reference\u{1b}[2J outlives\nthe value".into());
        totals.lineage = Some(lineage());
        totals.usage.charts = None;
        app.send(Message::UsageLoaded { query, answer: Ok(UsageAnswer::Totals(totals)) });
        insta::assert_snapshot!(format!("branches_{width}x{height}"), screen(&app));
    }
}

#[test]
fn the_panel_tells_energy_and_carbon_where_they_are_estimated_and_free_is_not_nothing() {
    let made = estimated(4_000);
    let today = TimeZone::UTC.to_datetime(noon()).date();
    let (from, to) = UsageRange::Thirty.days(today);
    let by_model = Query::new(from, to, GroupBy::Model, TimeZone::UTC);
    let free = vec![Only::Model("llama3 (local)".into())];
    for (name, only) in [("side_footprint", Vec::new()), ("side_free", free)] {
        let mut app = talking(100, 24);
        app.model.zone = TimeZone::UTC;
        let effects = app.keys("ctrl-x U");
        let asked = effects.iter().find_map(|effect| match effect {
            Effect::LoadSide(query) => Some(*query),
            _ => None,
        });
        let footprint = made.footprint.clone();
        let query = Query { charts: Some(Step::Day), only, footprint, ..by_model.clone() };
        let days = made.index.usage(&query).unwrap();
        let figures = Ok(Box::new(SideFigures { days, lineage: None }));
        app.send(Message::SideLoaded { query: asked.unwrap(), figures });
        insta::assert_snapshot!(name, screen(&app));
    }
}

#[test]
fn the_panel_beside_the_conversation() {
    let made = made(4_000, "no event\n");
    for (width, height) in [(80, 24), (120, 40), (200, 50)] {
        let mut app = talking(width, height);
        app.model.zone = TimeZone::UTC;
        app.send(Message::BudgetsKnown(vec![standing(Some("40"), Some("50"), "31.2")]));
        let effects = app.keys("ctrl-x U");
        let asked = effects.iter().find_map(|effect| match effect {
            Effect::LoadSide(query) => Some(*query),
            _ => None,
        });
        insta::assert_snapshot!(format!("side_loading_{width}x{height}"), screen(&app));
        let today = TimeZone::UTC.to_datetime(noon()).date();
        let (from, to) = UsageRange::Thirty.days(today);
        let query = Query { charts: Some(Step::Day), ..Query::new(from, to, GroupBy::Model, TimeZone::UTC) };
        let days = made.index.usage(&query).unwrap();
        let figures = Ok(Box::new(SideFigures { days, lineage: Some(lineage()) }));
        app.send(Message::SideLoaded { query: asked.unwrap(), figures });
        insta::assert_snapshot!(format!("side_{width}x{height}"), screen(&app));
    }
}

#[test]
fn a_narrow_screen_keeps_the_panel_for_a_wider_one() {
    let mut app = talking(60, 24);
    let before = screen(&app);
    let effects = app.keys("ctrl-x U");
    assert_eq!(app.model.choices.side, Side::Usage);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::LoadSide(_))), "{effects:?}");
    app.model.toast = None;
    assert_eq!(screen(&app).lines().next(), before.lines().next());
    app.send(Message::Resize { size: crate::app::Size { width: 100, height: 24 }, at: noon() });
    assert!(screen(&app).contains("adding up"));
}

#[test]
fn the_panel_asks_again_when_another_branch_comes_into_view() {
    let mut app = App::new(120, 40);
    let asked = |effects: &[Effect]| {
        let sides = effects.iter().filter(|effect| matches!(effect, Effect::LoadSide(_)));
        sides.cloned().collect::<Vec<_>>()
    };
    let effects = app.keys("ctrl-x U");
    let Some(Effect::LoadSide(query)) = asked(&effects).pop() else { panic!("{effects:?}") };
    let made = made(1, "");
    let days = made
        .index
        .usage(&Query::new(
            UsageRange::Thirty.days(noon().to_zoned(TimeZone::UTC).date()).0,
            noon().to_zoned(TimeZone::UTC).date(),
            GroupBy::Model,
            TimeZone::UTC,
        ))
        .unwrap();
    let figures = |days| Ok(Box::new(SideFigures { days, lineage: None }));
    assert_eq!(app.send(Message::SideLoaded { query, figures: figures(days.clone()) }), []);
    app.type_text("hello");
    let effects = app.keys("enter");
    let Some(Effect::LoadSide(query)) = asked(&effects).pop() else { panic!("{effects:?}") };
    assert_eq!(query.leaf, app.model.pane.view.leaf);
    app.send(Message::SideLoaded { query, figures: figures(days) });
    assert_eq!(asked(&app.send(Message::UsageGrew)).len(), 1);
    assert_eq!(asked(&app.send(Message::UsageGrew)).len(), 0);
    let request = crate::app::testing::started(&effects);
    app.end(&request, "hi", Status::Complete);
}

#[test]
fn who_reads_line_by_line_is_told_the_same_and_goes_into_a_row_by_its_number() {
    let made = made(400, "no event\n");
    let mut app = made.open((80, 24), "");
    let mut narrator = Narrator::new(&app.model);
    narrator.hear(&app.model);
    insta::assert_snapshot!("linear", narrator.take().as_str());
    let chosen = narrator.entered(&app.model, "2".into(), noon());
    let effects = app.send(chosen.expect("it is a number of the page"));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::LoadUsage(_))), "{effects:?}");
    made.serve(&mut app, effects);
    narrator.hear(&app.model);
    assert!(narrator.take().contains("gpt-4o, conversation:"), "the way there is told");
}
