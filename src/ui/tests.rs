//! Screens as a person sees them, and what must hold on every one of them.

mod branches;
mod cues;
mod lists;
mod writing;

use std::sync::Arc;

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;
use uuid::Uuid;

use branches::{acted_on, grown, three_lanes, three_panes};

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
