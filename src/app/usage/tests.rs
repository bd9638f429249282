//! The page as a person walks through it.

use jiff::civil::date;
use ratatui::layout::Rect;

use super::places::places;
use super::*;
use crate::app::testing::{App, noon};
use crate::app::{Message, update};
use crate::chat::{ConversationId, Money, Status};
use crate::storage::Summary;
use crate::telemetry::{Events, FoundEvent, RequestEvent, Usage, UsageReport, UsageRow};

pub fn row(key: &str, requests: u64, nanos: i64) -> UsageRow {
    UsageRow {
        key: key.into(),
        requests,
        tokens_in: 1_200,
        tokens_out: 310,
        cost_eur: Money::from_nanos(nanos),
        ..UsageRow::default()
    }
}

pub fn totals(query: &UsageQuery, rows: Vec<UsageRow>) -> UsageAnswer {
    let report = UsageReport {
        from: date(2026, 11, 15),
        to: date(2026, 11, 21),
        by: query.by.name().to_owned(),
        total: row("", 9, 90),
        rows,
    };
    let usage = Usage { groups: report.rows.len(), report, damaged: 0, charts: None };
    UsageAnswer::Totals(Box::new(Totals {
        usage,
        names: std::collections::HashMap::default(),
        lineage: None,
    }))
}

pub fn event(number: u64, conversation: Option<u128>) -> FoundEvent {
    let id = uuid::Uuid::from_u128(u128::from(number));
    let line = serde_json::json!({
        "v": 1, "id": id, "userId": "ana", "ts": "2026-11-21T05:04:16.123Z", "model": "gpt-4o-mini",
        "provider": "openai", "tokens_in": 812, "tokens_out": 240, "costEUR": 0.000241, "latency": 1.734,
        "endpoint": "LiteLLM", "key": "work", "ttft": 0.412, "cached_in": 512, "estimated": false, "status": "ok",
        "attempt": 1, "attempts": 1, "final": true, "mode": "tui",
        "conversation": conversation.map(uuid::Uuid::from_u128), "message": conversation.map(|_| id),
    });
    let event: RequestEvent = serde_json::from_value(line).unwrap();
    FoundEvent {
        file: "/data/telemetry/requests-2026-11.jsonl".into(),
        offset: number * 500,
        event: Ok(Box::new(event)),
        footprint: None,
    }
}

fn page(app: &App) -> &UsagePage {
    app.model
        .overlays
        .iter()
        .find_map(|overlay| match overlay {
            Overlay::Usage(page) => Some(&**page),
            _ => None,
        })
        .expect("the page is open")
}

/// Answers what the page asks.
fn answer(app: &mut App, answer: UsageAnswer) -> Vec<Effect> {
    let query = page(app).query.clone();
    app.send(Message::UsageLoaded { query, answer: Ok(answer) })
}

fn rows(app: &mut App, keys: &[&str]) {
    let rows = keys.iter().map(|key| row(key, 1, 10)).collect();
    let answered = totals(&page(app).query, rows);
    answer(app, answered);
}

/// The app with the page open on a few rows.
fn opened(keys: &[&str]) -> App {
    let mut app = App::new(80, 24);
    app.keys("ctrl-x u");
    rows(&mut app, keys);
    app
}

fn loads(effects: &[Effect]) -> Vec<&UsageQuery> {
    fn load(effect: &Effect) -> Option<&UsageQuery> {
        match effect {
            Effect::LoadUsage(query) => Some(query),
            _ => None,
        }
    }
    effects.iter().filter_map(load).collect()
}

#[test]
fn enter_goes_into_a_row_and_left_comes_back_to_it() {
    let mut app = opened(&["a", "b", "c"]);
    let effects = app.keys("down enter");
    let [query] = loads(&effects)[..] else { panic!("{effects:?}") };
    assert_eq!((query.by, &query.only), (GroupBy::Conversation, &vec![Only::Model("b".into())]));
    assert_eq!(page(&app).trail.iter().map(|visit| visit.name.as_str()).collect::<Vec<_>>(), ["b"]);
    rows(&mut app, &[""]);
    // What was not stored has no branches: its requests come next.
    app.keys("enter");
    assert_eq!(page(&app).query.events, Some(EventsOf::default()));
    assert_eq!(page(&app).query.only.last(), Some(&Only::Conversation(None)));
    app.keys("left backspace");
    assert_eq!((page(&app).trail.len(), page(&app).query.by), (0, GroupBy::Model));
    rows(&mut app, &["a", "b", "c"]);
    assert_eq!(page(&app).row, 1);
    assert_eq!(app.keys("left"), [], "there is nothing to go back to");
}

#[test]
fn what_comes_meanwhile_moves_neither_the_selection_nor_what_is_read() {
    let mut app = opened(&["a", "b", "c"]);
    app.keys("down down");
    assert_eq!(loads(&app.send(Message::UsageGrew)).len(), 1);
    assert_eq!(loads(&app.send(Message::UsageGrew)).len(), 0, "one answer is on its way");
    let answered = totals(&page(&app).query, ["d", "c", "a"].map(|key| row(key, 1, 10)).into());
    let again = answer(&mut app, answered);
    assert_eq!(loads(&again).len(), 1, "and is asked again, because there is more");
    assert_eq!(page(&app).selected().unwrap().0.key, "c");
}

#[test]
fn an_answer_that_is_not_wanted_any_more_is_dropped() {
    let mut app = opened(&["a"]);
    let before = page(&app).query.clone();
    app.keys("]");
    assert_eq!(page(&app).query.range, UsageRange::Thirty);
    let late = totals(&before, vec![row("late", 1, 1)]);
    app.send(Message::UsageLoaded { query: before, answer: Ok(late) });
    assert_eq!(page(&app).selected().unwrap().0.key, "a");
}

#[test]
fn the_log_is_watched_while_somebody_looks_and_no_longer() {
    let mut app = App::new(120, 40);
    assert!(app.keys("ctrl-x u").contains(&Effect::WatchUsage(Watch::On)));
    assert!(!app.keys("s").iter().any(|effect| matches!(effect, Effect::WatchUsage(_))));
    assert!(app.keys("q").contains(&Effect::WatchUsage(Watch::Off)));
    let effects = app.keys("ctrl-x U");
    assert!(effects.contains(&Effect::WatchUsage(Watch::On)), "{effects:?}");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::LoadSide(_))), "{effects:?}");
    assert!(app.keys("ctrl-x U").contains(&Effect::WatchUsage(Watch::Off)));
}

#[test]
fn groupings_orders_and_days_are_walked_and_remembered() {
    let mut app = opened(&["a"]);
    let mut walked = vec![page(&app).query.by];
    for _ in 0..7 {
        app.keys("tab");
        walked.push(page(&app).query.by);
    }
    // Nothing is stored here: there are no branches to tell apart.
    let expected: Vec<GroupBy> = GROUPS.into_iter().filter(|by| *by != GroupBy::Branch).collect();
    walked.sort_by_key(|by| GROUPS.iter().position(|group| group == by));
    assert_eq!(walked, expected);
    let mut sorts = Vec::new();
    for _ in 0..11 {
        sorts.push(page(&app).query.sort);
        app.keys("s");
    }
    assert_eq!((sorts[0], sorts[1], sorts[10]), (Sort::Natural, Sort::Requests, Sort::Name));
    assert_eq!(page(&app).query.sort, Sort::Natural);
    app.keys("] ] q ctrl-x u");
    assert_eq!(page(&app).query.range, UsageRange::Month);
}

#[test]
fn days_of_ones_own_are_typed_and_told_of_when_they_are_none() {
    let mut app = opened(&["a"]);
    app.keys("d ctrl-u");
    app.type_text("2026-11-09..2026-11-01");
    app.keys("enter");
    let Some(Overlay::Form(form)) = app.model.overlays.last() else { panic!("no form") };
    assert!(form.problem.as_ref().is_some_and(|problem| problem.contains("after the last")));
    app.keys("ctrl-u");
    app.type_text("2026-11-01..");
    app.keys("enter");
    assert_eq!(page(&app).query.range, UsageRange::Days(date(2026, 11, 1), date(2026, 11, 21)));
}

#[test]
fn a_text_narrows_the_rows_and_keeps_the_selection() {
    let mut app = opened(&["gpt-4o", "claude", "gpt-4o-mini"]);
    app.keys("end /");
    app.type_text("GPT");
    assert_eq!((page(&app).rows(), page(&app).selected().unwrap().0.key.as_str()), (2, "gpt-4o-mini"));
    app.keys("enter");
    rows(&mut app, &["gpt-4o", "claude", "gpt-4o-mini", "gpt-5"]);
    assert_eq!(page(&app).rows(), 3, "what comes later is narrowed, too");
    app.keys("esc");
    assert_eq!((page(&app).rows(), app.model.overlays.len()), (4, 1));
}

#[test]
fn rows_that_were_not_asked_for_are_when_somebody_looks_for_them() {
    let part = |app: &mut App, keys: &[&str]| {
        let mut answered = totals(&page(app).query, keys.iter().map(|key| row(key, 1, 10)).collect());
        if let UsageAnswer::Totals(totals) = &mut answered {
            totals.usage.groups = 100;
        }
        answer(app, answered)
    };
    let all = |effects: &[Effect]| loads(effects).iter().filter(|query| query.rows == RowsOf::All).count();
    for looks in ["end", "/ x"] {
        let mut app = App::new(80, 24);
        app.keys("ctrl-x u");
        let few: Vec<String> = (0..50).map(|number| format!("x{number}")).collect();
        let few: Vec<&str> = few.iter().map(String::as_str).collect();
        assert_eq!(all(&part(&mut app, &few)), 0);
        assert_eq!(page(&app).rows(), 100);
        assert_eq!(all(&app.keys(looks)), 1, "{looks}");
        let many: Vec<String> = (0..100).map(|number| format!("x{number}")).collect();
        rows(&mut app, &many.iter().map(String::as_str).collect::<Vec<_>>());
        let key = page(&app).selected().unwrap().0.key.clone();
        assert_eq!(key, if looks == "end" { "x99" } else { "x0" });
    }
}

fn events(app: &mut App, all: usize) {
    let skip = page(app).query.events.as_ref().unwrap().skip;
    let page = (skip..(skip + EVENTS).min(all)).map(|number| event(number as u64 + 1, Some(7))).collect();
    answer(app, UsageAnswer::Events(Events { all, page }));
}

#[test]
fn events_are_read_as_they_come_into_view() {
    let mut app = opened(&["a"]);
    app.keys("e");
    events(&mut app, 1000);
    assert_eq!(app.keys("down down"), []);
    let effects = app.keys("end");
    let [query] = loads(&effects)[..] else { panic!("{effects:?}") };
    let skip = query.events.as_ref().unwrap().skip;
    assert!((800..1000).contains(&skip), "{skip}");
    assert_eq!(page(&app).selected_event(), None, "it is on its way");
    events(&mut app, 1000);
    assert_eq!(page(&app).selected_event().map(|found| found.offset), Some(500_000));
}

#[test]
fn an_event_leads_to_its_message_or_says_that_it_is_gone() {
    let mut app = opened(&["a"]);
    app.keys("e");
    events(&mut app, 3);
    let toast = |app: &App| app.model.toast.as_ref().map(|toast| toast.text.to_string()).unwrap_or_default();
    app.keys("enter");
    assert!(toast(&app).contains("is not stored any more"), "{}", toast(&app));
    let id = ConversationId(uuid::Uuid::from_u128(7));
    app.send(Message::ConversationsListed(vec![Summary {
        id,
        title: "Seven".into(),
        created: noon(),
        updated: noon(),
        messages: 2,
        branches: 1,
        cost_eur: None,
        shelf: crate::chat::Shelf::default(),
    }]));
    let effects = app.keys("down enter");
    assert!(effects.contains(&Effect::LoadConversation(id)), "{effects:?}");
    assert_eq!(app.model.pane.reveal, Some(crate::chat::MessageId(uuid::Uuid::from_u128(2))));
    assert_eq!(app.model.overlays.len(), 0);
    // It comes, and the message is not in it.
    let mut conversation = app.model.open.conversation.clone();
    conversation.tree.add(crate::chat::tree::tests::message(1, None, "what is left"));
    let extent = crate::app::Extent::Whole;
    app.send(Message::ConversationLoaded { conversation: Box::new(conversation), extent, draft: None });
    assert!(toast(&app).contains("not in this conversation any more"), "{}", toast(&app));
    assert_eq!(app.model.pane.reveal, None);
}

#[test]
fn what_was_not_stored_leads_nowhere() {
    let mut app = opened(&["a"]);
    app.keys("e");
    answer(&mut app, UsageAnswer::Events(Events { all: 1, page: vec![event(1, None)] }));
    assert_eq!(app.keys("enter"), []);
    assert!(app.model.toast.as_ref().is_some_and(|toast| toast.text.contains("Nothing of this request")));
}

#[test]
fn what_made_a_title_leads_to_its_conversation_and_what_leads_nowhere_says_why() {
    let of = |mode: &str, conversation: Option<u128>| {
        let mut found = event(1, conversation);
        if let Ok(event) = &mut found.event {
            (event.mode, event.message) = (crate::telemetry::Mode::from_name(mode).unwrap(), None);
        }
        found
    };
    for (mode, why) in [("title", "a title"), ("summary", "a summary"), ("imported", "imported")] {
        let mut app = opened(&["a"]);
        app.keys("e");
        answer(&mut app, UsageAnswer::Events(Events { all: 1, page: vec![of(mode, None)] }));
        assert_eq!(app.keys("enter"), []);
        let toast = app.model.toast.as_ref().map(|toast| toast.text.to_string()).unwrap_or_default();
        assert!(toast.contains(why), "{toast}");
    }
    let mut app = App::new(80, 24);
    let request = app.ask("hello");
    app.end(&request, "hi", Status::Complete);
    app.keys("ctrl-x u");
    rows(&mut app, &["a"]);
    app.keys("e");
    let here = app.model.open.conversation.id.0.as_u128();
    answer(&mut app, UsageAnswer::Events(Events { all: 1, page: vec![of("title", Some(here))] }));
    app.keys("enter");
    assert!(app.model.overlays.is_empty());
    assert!(app.model.toast.as_ref().is_some_and(|toast| toast.text.contains("the title of this")));
}

#[test]
fn branches_are_those_of_the_conversation_in_view() {
    let mut app = App::new(80, 24);
    app.keys("ctrl-x v u");
    assert!(app.model.overlays.is_empty(), "there is none yet");
    let request = app.ask("hello");
    app.end(&request, "hi", Status::Complete);
    let effects = app.keys("ctrl-x v u");
    let [query] = loads(&effects)[..] else { panic!("{effects:?}") };
    let id = app.model.open.conversation.id;
    assert_eq!((query.by, query.range), (GroupBy::Branch, UsageRange::All));
    assert_eq!((query.conversation(), query.leaf), (Some(id), Some(request.answer.id)));
}

#[test]
fn clicks_choose_days_groupings_orders_rows_and_the_way_back() {
    let mut app = opened(&["a", "b", "c"]);
    let click = |app: &mut App, area: Rect| {
        let at = Position { x: area.x, y: area.y };
        clicked(&mut app.model, at)
    };
    let word = |app: &App, hit: Hit| {
        let places = places(&app.model, page(app));
        places.words.into_iter().find(|word| word.hit == hit).map(|word| word.area).expect("it is there")
    };
    for (hit, range) in [(UsageRange::All, UsageRange::All), (UsageRange::Today, UsageRange::Today)] {
        let area = word(&app, Hit::Range(hit));
        assert_eq!(loads(&click(&mut app, area)).len(), 1);
        assert_eq!(page(&app).query.range, range);
    }
    for (column, sort) in [
        (Column::Price, Sort::Price),
        (Column::Errors, Sort::Errors),
        (Column::Errors, Sort::Natural),
        (Column::Cached, Sort::Cached),
    ] {
        let heads = places(&app.model, page(&app)).heads;
        let (_, area) = *heads.iter().find(|(head, _)| *head == column).expect("it has room");
        click(&mut app, area);
        assert_eq!(page(&app).query.sort, sort);
    }
    rows(&mut app, &["a", "b", "c"]);
    let second = {
        let rows = places(&app.model, page(&app)).rows;
        Rect { y: rows.y + 1, ..rows }
    };
    assert_eq!((click(&mut app, second), page(&app).row), (Vec::new(), 1));
    assert_eq!(loads(&click(&mut app, second)).len(), 1, "a second click goes into it");
    assert_eq!(page(&app).trail.len(), 1);
    let area = word(&app, Hit::Back(0));
    click(&mut app, area);
    assert_eq!(page(&app).trail.len(), 0);
    let area = word(&app, Hit::Group(GroupBy::User));
    click(&mut app, area);
    assert_eq!(page(&app).query.by, GroupBy::User);
    let area = word(&app, Hit::View(UsageView::Hours));
    click(&mut app, area);
    assert_eq!(page(&app).view, UsageView::Hours);
    update(&mut app.model, Message::Tick { at: noon() });
}
