//! Screens as a person sees them, and what must hold on every one of them.

mod cues;

use std::sync::Arc;

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;
use uuid::Uuid;

mod writing;

use super::*;
use crate::app::look::{ThemeOrigin, ThemeRow};
use crate::app::testing::{App, answer, choose_alias, litellm, models, noon, started};
use crate::app::{Effect, Message, Size};
use crate::chat::{ConversationId, EndpointName, ErrorKind, Failure, Money, Rates, Status, StreamEvent};
use crate::config::{Config, Each};
use crate::keys::{KeyOrigin, KeyState};
use crate::storage::Summary;
use crate::telemetry::Standing;
use crate::telemetry::budget::tests::{budget, standing};

fn buffer(model: &Model, theme: &Theme) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, model.size.width, model.size.height));
    draw(model, theme, &mut buffer);
    buffer
}

/// The screen as text, a row a line, with the cursor's place below.
pub(super) fn screen(app: &App) -> String {
    let mut buffer = Buffer::empty(Rect::new(0, 0, app.model.size.width, app.model.size.height));
    let cursor = draw(&app.model, &Theme::terminal(), &mut buffer);
    let mut text = String::new();
    for y in 0..buffer.area.height {
        let mut row = String::new();
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            row.push_str(symbol);
            x += u16::try_from(crate::text::width::grapheme_width(symbol).max(1)).unwrap();
        }
        text.push_str(row.trim_end());
        text.push('\n');
    }
    text + &format!("cursor {cursor:?}")
}

const REPLY: &str = "Because `x` does not live long enough:\n\n```rust\nlet r;\n{ let x = 5; r = &x; }\n```\n\n\
                     The block ends before `r` is used. 日本語も。";

/// A conversation with two answers to its first prompt, and a third one that is being written.
pub(super) fn talking(width: u16, height: u16) -> App {
    let mut app = App::new(width, height);
    app.model.pane.route = litellm("claude-sonnet");
    app.send(Message::ModelsLoaded { list: models(40), at: noon() });
    app.send(Message::SpentToday(Money::from_nanos(410_000_000)));
    app.turn("Why does the borrow checker reject this?", "It is a lifetime error.");
    let again = started(&app.keys("alt-t r"));
    app.say(again.turn, StreamEvent::Reasoning("The scope of x matters here.".into()));
    app.say(again.turn, StreamEvent::Text(REPLY.into()));
    let mut ended = answer(&again, REPLY, Status::Complete);
    ended.parts.insert(0, crate::chat::Part::Reasoning { text: "The scope of x matters here.".into() });
    let event = crate::turns::TurnEvent::Ended(Box::new(ended));
    app.send(Message::Turn { turn: again.turn, event, at: noon() });
    app.keys("esc");
    let live = app.ask("And with a Box?");
    app.say(live.turn, StreamEvent::Text("Then the value moves to the heap, and".into()));
    app.type_text("what about Rc?");
    app
}

#[test]
fn the_first_screen() {
    insta::assert_snapshot!("first_80x24", screen(&App::new(80, 24)));
    insta::assert_snapshot!("first_40x12", screen(&App::new(40, 12)));
}

#[test]
fn the_main_screen_at_three_sizes() {
    insta::assert_snapshot!("main_40x12", screen(&talking(40, 12)));
    insta::assert_snapshot!("main_80x24", screen(&talking(80, 24)));
    insta::assert_snapshot!("main_200x50", screen(&talking(200, 50)));
}

/// The same with prices, and other models that were asked before.
fn priced(width: u16, height: u16) -> App {
    let mut app = talking(width, height);
    let mut list = models(6);
    let prices = [("3", "15"), ("0.15", "0.6"), ("0", "0"), ("0.001", "20")];
    for (info, (input, output)) in list.models.iter_mut().zip(prices) {
        let [input, output] = [input, output].map(|price| price.parse().unwrap());
        info.price = Some(Rates::new(input, output).into());
    }
    list.models[1].context = Some(1_047_576);
    app.send(Message::ModelsLoaded { list, at: noon() });
    app.model.choices.recents = ["claude-sonnet", "model-1", "model-2"].map(litellm).to_vec();
    app
}

#[test]
fn what_enter_costs_stands_below_the_prompt_as_far_as_there_is_room() {
    let mut shown = Vec::new();
    for width in [40, 60, 80, 100, 200] {
        let app = priced(width, 12);
        shown.push(screen(&app).lines().nth(11).unwrap_or_default().to_owned());
    }
    insta::assert_snapshot!("forecast_by_width", shown.join("\n"));
}

#[test]
fn prices_of_models_stand_in_columns_and_order_them() {
    for (width, height) in [(40, 12), (60, 20), (80, 24), (200, 50)] {
        let mut app = priced(width, height);
        app.keys("ctrl-x m alt-p");
        insta::assert_snapshot!(format!("models_priced_{width}x{height}"), screen(&app));
    }
}

/// Two panes of one conversation on different branches, and one of another conversation below the second.
fn three_panes(width: u16, height: u16) -> App {
    let mut app = talking(width, height);
    app.keys("ctrl-x w v alt-t K K h tab");
    app.keys("ctrl-x w s ctrl-x n");
    app.turn("日本語で答えて。", "はい。");
    app.keys("ctrl-x 1");
    app
}

#[test]
fn panes_beside_each_other() {
    insta::assert_snapshot!("panes_200x50", screen(&three_panes(200, 50)));
    insta::assert_snapshot!("panes_100x30", screen(&three_panes(100, 30)));
    insta::assert_snapshot!("panes_80x24", screen(&three_panes(80, 24)));
    insta::assert_snapshot!("panes_40x12", screen(&three_panes(40, 12)));
}

/// Three lanes: one that is done, one that is written, one that failed.
fn three_lanes(width: u16, height: u16, keys: &str) -> App {
    let mut app = App::new(width, height);
    app.model.pane.route = litellm("claude-sonnet");
    app.send(Message::ModelsLoaded { list: models(3), at: noon() });
    app.type_text("Why does the borrow checker reject this?");
    let effects = app.keys(&format!("ctrl-x a space down space down space {keys} enter"));
    let turns: Vec<_> = effects.iter().filter(|effect| matches!(effect, Effect::StartTurn(_))).collect();
    let [first, second, third] = turns.as_slice() else { panic!("{effects:?}") };
    let turn = |effect: &&Effect| started(std::slice::from_ref(*effect));
    for (request, text) in [(turn(first), REPLY), (turn(second), "The reference outlives the value it ")] {
        app.say(request.turn, StreamEvent::Text(text.into()));
        app.at += std::time::Duration::from_secs(1);
        app.say(request.turn, StreamEvent::Text("borrows from, and".into()));
    }
    app.end(&turn(first), REPLY, Status::Complete);
    app.end(&turn(third), "", Status::Failed);
    app
}

/// A question asked twice: of the first time three answers, one of them cut, the second one gone on with and being
/// written to; of the second time one that failed.
fn grown(width: u16, height: u16) -> App {
    let mut app = App::new(width, height);
    app.send(Message::SpentToday(Money::from_nanos(410_000_000)));
    app.model.pane.route = litellm("claude-sonnet");
    app.turn("Why does the borrow checker reject this?", "It is a lifetime error: the value is dropped.");
    app.model.pane.route = litellm("gpt-4o");
    let cut = started(&app.keys("alt-t r"));
    app.end(&cut, "The reference outlives the value it borrows from, and", Status::Cut);
    app.model.pane.route = litellm("claude-sonnet");
    let again = started(&app.keys("r"));
    app.end(&again, REPLY, Status::Complete);
    app.keys("esc");
    app.turn("And with a Box?", "Then the value moves to the heap. 日本語も。");
    app.keys("alt-t K K K e ctrl-u");
    let failed = app.ask("Explain lifetimes to me");
    app.end(&failed, "", Status::Failed);
    app.at += std::time::Duration::from_secs(300);
    app.keys("alt-t h");
    app.keys("esc");
    let live = app.ask("What about Rc?");
    app.say(live.turn, StreamEvent::Text("An `Rc` counts its owners:".into()));
    app
}

#[test]
fn lanes_beside_each_other_and_as_tabs() {
    insta::assert_snapshot!("lanes_200x50", screen(&three_lanes(200, 50, "")));
    insta::assert_snapshot!("lanes_100x30", screen(&three_lanes(100, 30, "")));
    insta::assert_snapshot!("lanes_80x24", screen(&three_lanes(80, 24, "")));
    insta::assert_snapshot!("lanes_60x20", screen(&three_lanes(60, 20, "")));
    insta::assert_snapshot!("lanes_40x12", screen(&three_lanes(40, 12, "")));
    let mut beside_rail = three_lanes(80, 24, "");
    beside_rail.keys("ctrl-x |");
    beside_rail.model.toast = None;
    assert_eq!(screen(&beside_rail), screen(&three_lanes(80, 24, "")));
    let mut blind = three_lanes(100, 30, "ctrl-t");
    insta::assert_snapshot!("lanes_blind_100x30", screen(&blind));
    blind.keys("esc");
    let shown = screen(&blind);
    assert!(!shown.contains("model-") && !shown.contains("sonnet-2026"), "{shown}");
}

#[test]
fn who_is_asked_is_marked() {
    let mut app = three_lanes(100, 30, "");
    let member = |samples| crate::storage::sets::Member { route: litellm("model-1"), samples };
    let set = crate::storage::sets::Set { name: "pair".into(), members: vec![member(2)] };
    app.send(Message::SetsKnown(vec![set]));
    app.keys("esc esc ctrl-x a down down right right ctrl-t");
    insta::assert_snapshot!("fan_out_100x30", screen(&app));
    for (width, height) in [(80, 24), (40, 12)] {
        app.send(Message::Resize { size: Size { width, height }, at: app.at });
        insta::assert_snapshot!(format!("fan_out_{width}x{height}"), screen(&app));
    }
}

#[test]
fn a_ghost_run_is_seen_beside_where_there_is_room() {
    for (width, height) in [(40, 12), (80, 24), (200, 50)] {
        let mut app = App::new(width, height);
        app.model.pane.route = litellm("claude-sonnet");
        app.send(Message::ModelsLoaded { list: models(3), at: noon() });
        app.turn("Why does the borrow checker reject this?", REPLY);
        app.turn("And with a Box?", "Then the value moves to the heap.");
        app.keys("ctrl-x G");
        app.type_text("model-1");
        let first = started(&app.keys("enter"));
        let second = started(&app.end(&first, "The reference outlives the value.", Status::Complete));
        app.say(second.turn, StreamEvent::Text("A box owns what it".into()));
        insta::assert_snapshot!(format!("ghost_{width}x{height}"), screen(&app));
    }
}

#[test]
fn every_view_is_as_it_was_after_the_smallest_screen_and_back() {
    let views = [
        "alt-t",
        "alt-t K K |",
        "alt-t /",
        "ctrl-x b",
        "ctrl-x b g c",
        "ctrl-x b / t h e",
        "ctrl-x b l",
        "ctrl-x b x",
        "ctrl-x w v ctrl-x w s ctrl-x w y",
        "ctrl-x w v ctrl-x w s ctrl-x w z",
        "ctrl-x w v alt-t K K b",
        "alt-t K K K b",
        "alt-t K K K b a",
        "alt-t K K a",
        "ctrl-x G",
        "ctrl-p",
        "ctrl-x m",
        "ctrl-x p",
        "ctrl-x s",
        "ctrl-x /",
        "ctrl-x P",
        "ctrl-x S",
        "ctrl-x T",
        "ctrl-x g",
        "ctrl-x t",
        "ctrl-x u",
        "ctrl-x u w",
        "ctrl-x v i",
        "alt-t K K K =",
        "alt-t f",
        "f1",
        "alt-t ? j j",
    ];
    for keys in views {
        let mut app = grown(200, 50);
        app.keys(keys);
        let before = screen(&app);
        for (width, height) in [(40, 12), (200, 12), (40, 50), (80, 24), (1, 1), (200, 50)] {
            app.send(Message::Resize { size: Size { width, height }, at: app.at });
            buffer(&app.model, &Theme::terminal());
        }
        assert_eq!(screen(&app), before, "{keys}");
    }
}

#[test]
fn resizing_lanes_to_the_smallest_and_back_leaves_nothing() {
    let mut app = three_lanes(200, 50, "");
    let before = screen(&app);
    for (width, height) in [(40, 12), (79, 12), (80, 24), (1, 1), (200, 50)] {
        app.send(Message::Resize { size: Size { width, height }, at: app.at });
        buffer(&app.model, &Theme::terminal());
    }
    assert_eq!(screen(&app), before);
}

#[test]
fn blind_choices_add_up_on_the_usage_page() {
    let mut app = App::new(80, 24);
    assert_eq!(app.keys("ctrl-x u w").last(), Some(&Effect::LoadWins));
    assert!(screen(&app).contains("No choice was made blind yet"));
    let wins = |model: &str, shown, won| crate::storage::trials::Wins { model: model.into(), shown, won };
    app.send(Message::WinsKnown(vec![wins("claude-sonnet", 4, 3), wins("gpt-4o\u{1b}[2J", 4, 1)]));
    insta::assert_snapshot!("wins_80x24", screen(&app));
    app.send(Message::Resize { size: Size { width: 40, height: 12 }, at: app.at });
    insta::assert_snapshot!("wins_40x12", screen(&app));
}

#[test]
fn the_tree_page() {
    for (width, height) in [(40, 12), (80, 24), (200, 50)] {
        let mut app = grown(width, height);
        app.keys("alt-t m t");
        insta::assert_snapshot!(format!("tree_{width}x{height}"), screen(&app));
    }
    let mut app = grown(80, 24);
    app.keys("alt-t t g j z /");
    app.type_text("the");
    insta::assert_snapshot!("tree_filtered_80x24", screen(&app));
    app.keys("ctrl-u x x x");
    insta::assert_snapshot!("tree_filtered_to_nothing_80x24", screen(&app));
    app.keys("esc");
    app.keys("x");
    insta::assert_snapshot!("tree_delete_80x24", screen(&app));
}

#[test]
fn the_tree_of_many_nested_branches_stays_in_its_columns() {
    for (width, height) in [(40, 12), (80, 24)] {
        let mut app = App::new(width, height);
        let tree = &mut app.model.open.conversation.tree;
        tree.add(crate::chat::tree::tests::message(1, None, "where it begins"));
        for n in 1..60u128 {
            let text = |what: &str| format!("{what} of level {n}");
            tree.add(crate::chat::tree::tests::message(2 * n + 1, Some(2 * n - 1), &text("what goes on")));
            tree.add(crate::chat::tree::tests::message(2 * n + 2, Some(2 * n - 1), &text("what ends")));
        }
        app.model.pane.view.read(&app.model.open.conversation.tree);
        app.keys("alt-t t G k k");
        insta::assert_snapshot!(format!("tree_nested_{width}x{height}"), screen(&app));
    }
}

#[test]
fn the_rail_beside_the_branch() {
    // Below 80 columns there is none, and what is said of it is why.
    for (width, height) in [(40, 12), (80, 24), (200, 50)] {
        let mut app = grown(width, height);
        app.keys("ctrl-x |");
        insta::assert_snapshot!(format!("rail_{width}x{height}"), screen(&app));
    }
    let mut app = grown(120, 20);
    app.keys("ctrl-x | alt-t K K K j");
    insta::assert_snapshot!("rail_scrolled_120x20", screen(&app));
}

#[test]
fn a_rail_in_panes_that_are_wide_enough() {
    let mut app = grown(160, 24);
    app.keys("ctrl-x | ctrl-x w v alt-t {");
    insta::assert_snapshot!("rail_panes_160x24", screen(&app));
}

#[test]
fn siblings_that_a_message_has_no_rows_for_are_counted() {
    let mut app = App::new(100, 14);
    let request = app.turn("one", "answer 1");
    for n in 2..8 {
        let again = started(&app.keys("ctrl-x r"));
        app.end(&again, &format!("answer {n}"), Status::Complete);
    }
    app.keys("alt-t h h h |");
    let tree = &app.model.open.conversation.tree;
    assert_eq!(tree.children(request.user.map(|user| user.id)).len(), 7);
    insta::assert_snapshot!("rail_many_100x14", screen(&app));
}

/// A conversation with two answers to its first prompt, one message left out, and two picked.
fn acted_on(width: u16, height: u16) -> App {
    let mut app = App::new(width, height);
    app.model.pane.route = litellm("claude-sonnet");
    app.model.open.conversation.settings.system = Some("Answer in a few words.".into());
    app.send(Message::ModelsLoaded { list: models(40), at: noon() });
    app.turn(
        "Why does the borrow checker reject this?",
        "It is a lifetime error.\n\nThe block ends too early.",
    );
    let again = started(&app.keys("alt-t r"));
    app.end(
        &again,
        "It is an error of lifetimes.\n\nThe block ends before `r` is used. 日本語も。",
        Status::Complete,
    );
    app.keys("esc");
    app.turn("And with a Box?", "Then the value moves to the heap.");
    app.keys("alt-t K K K X v J v");
    app
}

#[test]
fn signs_of_what_was_done_to_messages() {
    let mut app = acted_on(80, 24);
    app.keys("E");
    app.type_text(" So use it earlier.");
    app.keys("enter");
    app.model.toast = None;
    insta::assert_snapshot!("acts_80x24", screen(&app));
    app.keys("f");
    insta::assert_snapshot!("fork_80x24", screen(&app));
    app.send(Message::Resize { size: Size { width: 40, height: 12 }, at: noon() });
    insta::assert_snapshot!("fork_40x12", screen(&app));
}

#[test]
fn two_answers_compared() {
    for (width, height) in [(40, 12), (80, 24), (200, 50)] {
        let mut app = acted_on(width, height);
        app.model.picked.clear();
        app.keys("=");
        insta::assert_snapshot!(format!("compare_{width}x{height}"), screen(&app));
        app.keys("tab");
        insta::assert_snapshot!(format!("compare_sent_{width}x{height}"), screen(&app));
    }
}

#[test]
fn what_the_next_prompt_would_send() {
    for (width, height) in [(40, 12), (80, 24), (200, 50)] {
        let mut app = acted_on(width, height);
        app.model.toast = None;
        app.keys("esc");
        app.type_text("what about Rc?");
        app.keys("ctrl-x v i k");
        insta::assert_snapshot!(format!("lens_{width}x{height}"), screen(&app));
    }
}

/// A branch that has grown too long for its model, and the choice of what can be done.
fn too_long(width: u16, height: u16) -> App {
    let mut app = App::new(width, height);
    app.model.pane.route = litellm("claude-sonnet");
    app.turn("Why does the borrow checker reject this?", &"It is a lifetime error. ".repeat(20));
    app.turn("And with a Box?", &"Then the value moves to the heap. ".repeat(20));
    app.turn("What about Rc?", "An `Rc` counts its owners.");
    let mut list = models(3);
    let price = Money::from_nanos(3_000_000_000);
    for (model, window) in list.models.iter_mut().zip([300, 128_000, 1_000_000]) {
        model.context = Some(window);
        model.price = Some(crate::catalog::Price::from(crate::chat::Rates::new(price, price)));
    }
    app.send(Message::ModelsLoaded { list, at: noon() });
    app.type_text("Is there a third way?");
    app.keys("enter");
    app
}

#[test]
fn a_request_that_is_too_long_offers_what_can_be_done() {
    for (width, height) in [(80, 24), (40, 12)] {
        let mut app = too_long(width, height);
        app.keys("down down");
        insta::assert_snapshot!(format!("fit_{width}x{height}"), screen(&app));
    }
}

#[test]
fn a_summary_is_seen_as_it_is_written_then_folded_above_its_prompt_and_in_the_lens() {
    for (width, height) in [(80, 24), (40, 12)] {
        let mut app = too_long(width, height);
        app.keys("4");
        let effects = app.keys("enter");
        let [Effect::StartTemporaryTurn(request)] = effects.as_slice() else { panic!("{effects:?}") };
        let text = "The borrow checker rejects a reference that outlives its value. 日本語も。";
        app.say(request.turn, StreamEvent::Text(text.into()));
        insta::assert_snapshot!(format!("summary_writing_{width}x{height}"), screen(&app));
        let effects = app.end(request, text, Status::Complete);
        app.end(&started(&effects), "A third way is to clone.", Status::Complete);
        insta::assert_snapshot!(format!("summary_folded_{width}x{height}"), screen(&app));
        app.keys("alt-t K z");
        insta::assert_snapshot!(format!("summary_open_{width}x{height}"), screen(&app));
        app.keys("i");
        insta::assert_snapshot!(format!("summary_lens_{width}x{height}"), screen(&app));
    }
}

#[test]
fn reading_above_while_an_answer_is_written() {
    let mut app = talking(80, 16);
    app.keys("pageup");
    let (turn, _) = app.model.live().unwrap();
    app.say(turn, StreamEvent::Text("\n\nmore\n\nand more".into()));
    app.keys("alt-t");
    insta::assert_snapshot!("reading_80x16", screen(&app));
}

#[test]
fn a_turn_that_failed_says_what_to_do() {
    let mut app = App::new(80, 24);
    let request = app.ask("hello");
    app.end(&request, "", Status::Failed);
    insta::assert_snapshot!("failed_80x24", screen(&app));
}

#[test]
fn a_turn_that_waits_counts_down_in_the_status_line() {
    let mut app = App::new(80, 24);
    let request = app.ask("hello");
    let status = |app: &App| screen(app).lines().next().unwrap_or_default().to_owned();
    assert!(status(&app).ends_with("asking…"));
    let after = |ms| noon() + std::time::Duration::from_millis(ms);
    let failure = Failure::new(ErrorKind::RateLimit, "slow down");
    let route = request.route.clone();
    let event = crate::turns::TurnEvent::AttemptFailed { attempt: 1, route, failure, next: after(2500) };
    app.send(Message::Turn { turn: request.turn, event, at: noon() });
    let shown = [0, 500, 1500, 2499, 2500].map(|ms| {
        app.send(Message::Tick { at: after(ms) });
        status(&app).replace(" demo · demo   hello", "")
    });
    let left = ["next try in 3 s", "next try in 2 s", "next try in 1 s", "next try in 1 s", "retrying (1)"];
    assert_eq!(shown.map(|status| status.trim().to_owned()), left.map(str::to_owned));
}

#[test]
fn facts_of_the_status_line_give_way_from_the_least_important_on() {
    let status = |width| screen(&talking(width, 24)).lines().next().unwrap_or_default().to_owned();
    let shown: Vec<String> = [40, 60, 80, 100, 140].into_iter().map(status).collect();
    insta::assert_snapshot!("status_by_width", shown.join("\n"));
}

#[test]
fn a_screen_that_is_too_small_says_so() {
    let mut app = talking(80, 24);
    app.send(Message::Resize { size: Size { width: 39, height: 8 }, at: noon() });
    insta::assert_snapshot!("too_small_39x8", screen(&app));
}

#[test]
fn every_list_form_and_page() {
    let mut app = talking(80, 24);
    let error = Failure::new(ErrorKind::Auth, "Incorrect API key provided");
    let mut home = models(0);
    home.key = "home".into();
    home.error = Some(error);
    app.send(Message::ModelsLoaded { list: home, at: noon() });
    let state = |endpoint: &str, key: &str, state| crate::app::KeyStatus {
        endpoint: EndpointName::from(endpoint),
        key: key.into(),
        state,
    };
    app.send(Message::KeyStates(vec![
        state("LiteLLM", "work", KeyState::Ready(KeyOrigin::Environment)),
        state("LiteLLM", "home", KeyState::Missing),
        state("demo", "default", KeyState::Ready(KeyOrigin::NotNeeded)),
    ]));
    let of = crate::app::model::KeyOf::from(&litellm("claude-sonnet"));
    app.send(Message::HealthKnown { of, result: Ok(std::time::Duration::from_millis(184)) });
    let summary = |n: u128, title: &str, hours: i64| Summary {
        id: ConversationId(Uuid::from_u128(n)),
        title: title.into(),
        created: noon(),
        updated: Timestamp::from_second(noon().as_second() - hours * 3600).unwrap(),
        messages: 8,
        branches: 3,
        cost_eur: Some(Money::from_nanos(21_300_000)),
        shelf: crate::chat::Shelf::default(),
    };
    let list = vec![summary(1, "Rust lifetimes", 1), summary(2, "", 30)];
    app.send(Message::ConversationsListed(list));
    for (name, keys) in [
        ("palette", "ctrl-p"),
        ("models", "ctrl-x m"),
        ("endpoints", "ctrl-x p"),
        ("conversations", "ctrl-x s"),
        ("search", "ctrl-x /"),
        ("history", "ctrl-x h"),
        ("settings", "ctrl-x g"),
        ("rename", "ctrl-x t"),
        ("delete", "ctrl-x s ctrl-d"),
        ("help", "f1"),
    ] {
        app.model.overlays.clear();
        app.keys(keys);
        insta::assert_snapshot!(format!("{name}_80x24"), screen(&app));
    }
    app.model.overlays.clear();
    app.model.pane.route = litellm("claude-sonnet");
    app.keys("ctrl-x k");
    app.type_text("sk-very-secret");
    assert!(!screen(&app).contains("very"));
    insta::assert_snapshot!("key_80x24", screen(&app));
    app.model.overlays.clear();
    app.keys("ctrl-x m");
    app.send(Message::Resize { size: Size { width: 40, height: 12 }, at: noon() });
    insta::assert_snapshot!("models_40x12", screen(&app));
    for (name, keys) in [
        ("endpoints", "ctrl-x p"),
        ("conversations", "ctrl-x s"),
        ("settings", "ctrl-x g"),
        ("key", "ctrl-x k"),
        ("help", "f1"),
    ] {
        app.model.overlays.clear();
        app.keys(keys);
        insta::assert_snapshot!(format!("{name}_40x12"), screen(&app));
    }
}

#[test]
fn the_which_key_strip() {
    for (columns, rows) in [(40, 12), (80, 24), (200, 50)] {
        let mut app = talking(columns, rows);
        app.keys("ctrl-x");
        let at = noon() + std::time::Duration::from_millis(400);
        app.send(Message::Tick { at });
        app.at = at;
        insta::assert_snapshot!(format!("strip_{columns}x{rows}"), screen(&app));
        app.keys("pagedown");
        insta::assert_snapshot!(format!("strip_second_{columns}x{rows}"), screen(&app));
        app.keys("w");
        insta::assert_snapshot!(format!("strip_panes_{columns}x{rows}"), screen(&app));
    }
}

#[test]
fn an_answer_that_ended_early_offers_only_what_can_be_done() {
    let shown = |text: &str, status| {
        let mut app = App::new(80, 24);
        let request = app.ask("hello");
        app.end(&request, text, status);
        screen(&app)
    };
    assert!(shown("", Status::Cancelled).contains("■ stopped · r asks again"));
    assert!(shown("So", Status::Cancelled).contains("■ stopped · c continues, r asks again"));
    assert!(shown("So", Status::Cut).contains("✂ cut off before its end · c continues"));
    assert!(!shown("", Status::Cut).contains("continues"));
    assert!(!shown("", Status::Failed).contains("continues"));
}

#[test]
fn budgets_stand_above_the_totals_as_bars() {
    for (width, height) in [(80, 24), (40, 12)] {
        let mut app = talking(width, height);
        let config = Config { budgets: vec![budget(None, Some("1"))], ..(*app.model.config).clone() };
        app.model.config = Arc::new(config);
        // The app of the tests lives on 21 November 2026.
        let month =
            |name: &str, soft, hard, spent| Standing { budget: name.into(), ..standing(soft, hard, spent) };
        let standings = vec![
            month("all", Some("40"), Some("50"), "31.20"),
            Standing {
                of: Some((Each::Model, "gpt-\u{1b}[2J4o".into())),
                unpriced: 3,
                ..month("each model", Some("5"), None, "6.5")
            },
            month("work", None, Some("5"), "5.021"),
        ];
        app.send(Message::BudgetsKnown(standings));
        let effects = app.keys("ctrl-x u");
        assert!(effects.contains(&Effect::LoadBudgets), "{effects:?}");
        insta::assert_snapshot!(format!("usage_budgets_{width}x{height}"), screen(&app));
    }
}

#[test]
fn hostile_text_never_reaches_a_cell() {
    let hostile = "a\u{1b}]0;owned\u{7}b\u{1b}[2Jc\u{9b}31md\u{202e}e\u{e0041}f\rg\u{7f}h";
    let mut app = App::new(80, 24);
    app.model.pane.route = litellm(hostile);
    app.model.open.conversation.title = hostile.to_owned();
    let request = app.ask("q");
    for piece in ["\u{1b}", "]0;owned", "\u{7}ok ", hostile] {
        app.say(request.turn, StreamEvent::Text(piece.to_owned()));
        app.say(request.turn, StreamEvent::Reasoning(piece.to_owned()));
    }
    app.send(Message::Paste { text: hostile.to_owned(), at: noon() });
    app.send(Message::StorageFailed { reason: hostile.to_owned() });
    app.send(Message::ConversationsListed(vec![Summary {
        id: ConversationId(Uuid::from_u128(1)),
        title: hostile.to_owned(),
        created: noon(),
        updated: noon(),
        messages: 1,
        branches: 1,
        cost_eur: None,
        shelf: crate::chat::Shelf::default(),
    }]));
    for keys in ["esc", "ctrl-x s", "ctrl-x m", "ctrl-x p", "ctrl-x t", "ctrl-r", "ctrl-x h"] {
        app.keys(keys);
        let painted = buffer(&app.model, &Theme::terminal());
        for cell in painted.content() {
            let symbol = cell.symbol();
            assert_eq!(crate::text::sanitise_line(symbol), symbol, "{keys}: {symbol:?}");
        }
    }
}

#[test]
fn no_wide_character_is_cut_in_half_by_what_floats() {
    for shift in ["", "a"] {
        let mut app = App::new(80, 24);
        app.turn("q", &format!("{shift}{}", "日本語".repeat(200)));
        for keys in ["esc", "ctrl-p", "ctrl-x g", "ctrl-x s"] {
            app.keys(keys);
            let painted = buffer(&app.model, &Theme::terminal());
            for y in 0..24 {
                for x in 0..79 {
                    if crate::text::width::grapheme_width(painted[(x, y)].symbol()) == 2 {
                        assert_eq!(painted[(x + 1, y)].symbol(), " ", "{keys} at {x},{y}");
                    }
                }
            }
        }
    }
}

/// The list of themes over a conversation, with one of the person's own that cannot be read.
fn choosing_a_theme(width: u16, height: u16) -> App {
    let mut app = talking(width, height);
    app.model.look.colors = crate::config::ColorDepth::True;
    app.keys("ctrl-x v t");
    let built_in = theme::built_in::names().map(|name| ThemeRow {
        name: name.into(),
        background: Theme::named(name).unwrap().background,
        origin: ThemeOrigin::BuiltIn,
    });
    let why = crate::text::sanitise("~/.config/loquat/themes/mine.yaml:2:1: error: “acent” is no role");
    let mine = ThemeRow { name: "mine".into(), background: None, origin: ThemeOrigin::Broken(why) };
    app.send(Message::ThemesListed(std::iter::once(mine).chain(built_in).collect()));
    app
}

#[test]
fn themes_are_chosen_from_a_list() {
    let mut app = choosing_a_theme(80, 24);
    app.keys("down down");
    insta::assert_snapshot!("themes_80x24", screen(&app));
    let mut app = choosing_a_theme(40, 12);
    app.keys("down");
    insta::assert_snapshot!("themes_40x12", screen(&app));
}

#[test]
fn every_theme_paints_every_cell_with_its_own_background() {
    for name in theme::built_in::names() {
        let theme = Theme::named(name).unwrap();
        let ground = theme.style(theme::Role::Text).bg;
        let own: Vec<Option<Color>> = theme::Role::EACH.iter().map(|role| theme.style(*role).bg).collect();
        let mut app = talking(80, 24);
        for keys in ["esc", "ctrl-p", "ctrl-x g", "f1", "ctrl-x u"] {
            app.keys(keys);
            for cell in buffer(&app.model, &theme).content() {
                let bg = Some(cell.bg).filter(|bg| *bg != Color::Reset);
                assert!(bg == ground || own.contains(&bg), "{name}, {keys}: {:?}", cell.symbol());
            }
        }
    }
}

#[test]
fn without_colours_no_cell_has_one() {
    let theme = Theme::named(Theme::COLOURLESS).unwrap();
    let mut app = talking(80, 24);
    for keys in ["esc", "ctrl-p", "ctrl-x g", "f1", "ctrl-x u"] {
        app.keys(keys);
        for cell in buffer(&app.model, &theme).content() {
            assert!(
                matches!((cell.fg, cell.bg), (Color::Reset, Color::Reset)),
                "{keys}: {:?}",
                cell.symbol()
            );
        }
    }
}

#[test]
fn every_size_from_nothing_on_is_drawn_without_harm() {
    let mut app = talking(80, 24);
    for keys in ["esc", "ctrl-p", "ctrl-x g", "f1", "ctrl-x u", "ctrl-x s ctrl-d"] {
        app.keys(keys);
        for (width, height) in [(0, 0), (1, 1), (39, 12), (40, 11), (40, 12), (79, 13), (80, 12), (250, 70)] {
            app.send(Message::Resize { size: Size { width, height }, at: noon() });
            buffer(&app.model, &Theme::terminal());
        }
    }
}

/// A list of conversations, pinned, tagged and of several days.
fn shelved(width: u16, height: u16) -> App {
    let mut app = App::new(width, height);
    let summary = |n: u128, title: &str, hours: u64| {
        let updated = noon() - std::time::Duration::from_secs(hours * 3600);
        Summary {
            id: ConversationId(Uuid::from_u128(n)),
            title: title.into(),
            created: updated,
            updated,
            messages: 4,
            branches: 2,
            cost_eur: Some(Money::from_nanos(4_100_000)),
            shelf: crate::chat::Shelf::default(),
        }
    };
    let mut all = vec![
        summary(1, "Figs and dates", 4000),
        summary(2, "Rust lifetimes", 1),
        summary(3, "日本語の助詞", 2),
        summary(4, "Why the borrow checker rejects what seems to be a harmless loop", 30),
        summary(5, "An older one", 900),
    ];
    all[0].shelf.pinned = true;
    all[1].shelf.tags = vec!["rust".into(), "work".into()];
    app.send(Message::ConversationsListed(all));
    app.keys("ctrl-x s");
    app
}

#[test]
fn conversations_stand_below_headings() {
    insta::assert_snapshot!("shelf_40x12", screen(&shelved(40, 12)));
    insta::assert_snapshot!("shelf_80x24", screen(&shelved(80, 24)));
    insta::assert_snapshot!("shelf_200x50", screen(&shelved(200, 50)));
    let mut end = shelved(40, 12);
    end.keys("end");
    insta::assert_snapshot!("shelf_end_40x12", screen(&end));
}

#[test]
fn hits_show_what_was_looked_for() {
    let searching = |width, height| {
        let mut app = App::new(width, height);
        app.keys("ctrl-x / f i g");
        let hit = |n: u128, role, snippet: &str| {
            let matches = snippet.match_indices("fig").map(|(at, found)| at..at + found.len()).collect();
            crate::storage::Hit {
                conversation: ConversationId(Uuid::from_u128(1)),
                message: crate::chat::MessageId(Uuid::from_u128(n)),
                role,
                model: Some("claude-sonnet".into()),
                snippet: snippet.into(),
                matches,
                title: "Fruit of the Mediterranean".into(),
            }
        };
        let hits = vec![
            hit(1, crate::chat::Role::User, "When are figs ripe, and which fig keeps longest?"),
            hit(2, crate::chat::Role::Assistant, "…after a long way through words that do not matter, a fig"),
        ];
        app.send(Message::Searched { search: app.model.search, hits });
        app
    };
    insta::assert_snapshot!("hits_40x12", screen(&searching(40, 12)));
    insta::assert_snapshot!("hits_80x24", screen(&searching(80, 24)));
    insta::assert_snapshot!("hits_200x50", screen(&searching(200, 50)));
}

#[test]
fn what_is_looked_for_in_the_branch_is_told_at_the_foot() {
    let finding = |width, height| {
        let mut app = talking(width, height);
        app.keys("alt-t / b o r r o w");
        app
    };
    insta::assert_snapshot!("find_40x12", screen(&finding(40, 12)));
    insta::assert_snapshot!("find_80x24", screen(&finding(80, 24)));
    let mut app = finding(80, 24);
    app.keys("enter");
    insta::assert_snapshot!("find_walk_80x24", screen(&app));
}

#[test]
fn presets_and_the_trash() {
    let presets = |width, height| {
        let mut app = App::new(width, height);
        app.model.presets = vec![crate::chat::Preset {
            name: "brief".into(),
            endpoint: Some("LiteLLM".into()),
            model: Some("claude-sonnet".into()),
            settings: crate::chat::Settings { system: Some("Be brief.".into()), ..Default::default() },
            is_default: true,
            ..Default::default()
        }];
        app.keys("ctrl-x P");
        app
    };
    insta::assert_snapshot!("presets_40x12", screen(&presets(40, 12)));
    insta::assert_snapshot!("presets_80x24", screen(&presets(80, 24)));
    let mut app = presets(80, 24);
    app.keys("ctrl-e");
    insta::assert_snapshot!("preset_form_80x24", screen(&app));
    let mut app = App::new(80, 24);
    app.keys("ctrl-x T");
    app.send(Message::TrashListed(vec![crate::storage::Trashed {
        id: Uuid::from_u128(1),
        conversation: ConversationId(Uuid::from_u128(2)),
        message: None,
        title: "Figs and dates".into(),
        messages: 12,
        deleted: noon(),
    }]));
    insta::assert_snapshot!("trash_80x24", screen(&app));
    app.keys("ctrl-d");
    insta::assert_snapshot!("trash_empty_80x24", screen(&app));
}

#[test]
fn an_answer_of_an_alias_names_the_route_that_gave_it_and_those_that_did_not() {
    let mut app = App::new(80, 24);
    let [first, spare] = choose_alias(&mut app);
    let request = app.ask("Why does the borrow checker reject this?");
    let event = crate::turns::TurnEvent::Asks(spare.clone());
    app.send(Message::Turn { turn: request.turn, event, at: noon() });
    assert!(screen(&app).contains("▏Spare/mini"), "known while nothing is said yet:\n{}", screen(&app));
    let mut said = answer(&request, "It is a lifetime error.", Status::Complete);
    said.route = Some(spare);
    let tried = crate::chat::Tried {
        route: first,
        kind: ErrorKind::Provider,
        status: Some(503),
        message: "overloaded".into(),
        waited_ms: 0,
    };
    if let Some(provenance) = &mut said.provenance {
        provenance.alias = request.route.alias();
        provenance.model_served = None;
        provenance.attempts = 2;
        provenance.before = vec![tried];
    }
    let event = crate::turns::TurnEvent::Ended(Box::new(said));
    app.send(Message::Turn { turn: request.turn, event, at: noon() });
    insta::assert_snapshot!("alias_80x24", screen(&app));
}

#[test]
fn a_turn_that_is_held_says_why_and_for_how_long() {
    use crate::router::{Cause, Scope};
    let mut app = App::new(80, 24);
    choose_alias(&mut app);
    let request = app.ask("hello");
    let status = |app: &App| screen(app).lines().next().unwrap_or_default().to_owned();
    let after = |ms| noon() + std::time::Duration::from_millis(ms);
    let limit = || Scope::Endpoint("LiteLLM".into());
    for (cause, told) in [
        (Cause::Backoff, "next try in"),
        (Cause::Provider, "provider busy,"),
        (Cause::Minute(limit()), "limit reached,"),
        (Cause::Parallel(limit()), "limit reached,"),
    ] {
        let event = crate::turns::TurnEvent::Waiting { until: Some(after(2500)), cause };
        app.send(Message::Turn { turn: request.turn, event, at: noon() });
        assert!(status(&app).ends_with(&format!("{told} 3 s")), "{}", status(&app));
        app.send(Message::Tick { at: after(1500) });
        assert!(status(&app).ends_with(&format!("{told} 1 s")), "{}", status(&app));
    }
    let event = crate::turns::TurnEvent::Waiting { until: None, cause: Cause::Parallel(limit()) };
    app.send(Message::Turn { turn: request.turn, event, at: noon() });
    assert!(status(&app).ends_with("waits for room"), "{}", status(&app));
}
