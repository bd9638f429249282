//! Never colour alone: whatever a screen tells, its text tells too.
//!
//! Screens are drawn with a theme in which all roles look the same, and told by their cells' text, the cursor, and
//! lines below and through text, which come from what is drawn and not from a theme. Bold and dim do not count: many
//! terminals show neither. Of each pair of screens that differ in one thing that a person has to know, this much has to
//! differ. A distinction that only a colour makes fails here.

use ratatui::style::Modifier;

use super::*;
use crate::app::model::Mood;
use crate::app::overlay::Overlay;

/// A theme that tells nothing apart.
fn plain() -> Theme {
    let none = include_str!("../../../themes/none.yaml");
    let roles = none.lines().filter_map(|line| line.split_once(": default"));
    Theme::parse("none.yaml", &roles.map(|(role, _)| format!("{role}: default\n")).collect::<String>())
        .unwrap()
}

/// What of these rows reaches somebody who sees no colour and no weight.
fn told(app: &App, rows: std::ops::Range<u16>) -> Vec<String> {
    let mut buffer = Buffer::empty(Rect::new(0, 0, app.model.size.width, app.model.size.height));
    let cursor = draw(&app.model, &plain(), &mut buffer);
    let cell = |x: u16, y: u16| {
        let cell = &buffer[(x, y)];
        let line = cell.modifier.intersection(Modifier::UNDERLINED | Modifier::CROSSED_OUT);
        let line = if line.is_empty() { "" } else { "\u{332}" };
        let cursor = if cursor == Some((x, y)) { "⌷" } else { "" };
        format!("{cursor}{}{line}", cell.symbol())
    };
    rows.map(|y| (0..buffer.area.width).map(|x| cell(x, y)).collect()).collect()
}

/// Expects two screens to differ in these rows when told without colours.
#[track_caller]
fn differ(what: &str, one: &App, other: &App, rows: std::ops::Range<u16>) {
    assert_ne!(told(one, rows.clone()), told(other, rows), "{what}");
}

fn after(mut app: App, keys: &str) -> App {
    app.keys(keys);
    app
}

#[test]
fn what_went_wrong_and_what_was_done_are_told_apart_by_a_sign() {
    let toast = |mood: Mood| {
        let mut app = App::new(80, 24);
        app.model.notify(crate::text::sanitise("the same words"), mood);
        app
    };
    differ("toast", &toast(Mood::Plain), &toast(Mood::Bad), 23..24);
    let problem = |problem: bool| {
        let mut app = App::new(80, 24);
        app.model.pane.route = litellm("claude-sonnet");
        app.keys("ctrl-x k");
        let Some(Overlay::Form(form)) = app.model.overlays.last_mut() else { panic!("no form") };
        let hint = form.fields[form.at].hint();
        form.problem = problem.then_some(hint);
        app
    };
    differ("a field's problem", &problem(false), &problem(true), 0..24);
    let ended = |status: Status| {
        let mut app = App::new(80, 24);
        let request = app.ask("why?");
        app.end(&request, "Because", status);
        app
    };
    let endings = [Status::Complete, Status::Cut, Status::Cancelled, Status::Failed].map(ended);
    for (at, one) in endings.iter().enumerate() {
        for other in &endings[at + 1..] {
            differ("how an answer ended", one, other, 0..24);
        }
    }
}

#[test]
fn what_has_the_focus_and_what_is_selected_has_a_sign() {
    let panes = |keys: &str| after(three_panes(100, 30), keys);
    differ("the pane with the focus", &panes("ctrl-x 2"), &panes("ctrl-x 3"), 1..28);
    differ("the head of the first pane", &panes("ctrl-x 1"), &panes("ctrl-x 2"), 1..2);
    let lanes = |width: u16, keys: &str| {
        let mut app = three_lanes(width, 24, "");
        app.model.focus = Focus::Transcript;
        after(app, keys)
    };
    for width in [140, 60] {
        differ("the lane with the focus", &lanes(width, ""), &lanes(width, "l"), 1..3);
    }
    let list = |keys: &str| after(talking(80, 24), keys);
    let lists = [
        ("ctrl-p", "down"),
        ("ctrl-x m", "down"),
        ("ctrl-x p", "down"),
        ("ctrl-x b", "up"),
        ("ctrl-x v i", "up"),
    ];
    for (open, away) in lists {
        let (one, other) = (list(open), list(&format!("{open} {away}")));
        assert_eq!(one.model.overlays.len(), 1, "{open}");
        differ(open, &one, &other, 0..22);
    }
    let form = |keys: &str| after(App::new(80, 24), keys);
    differ("the field that is filled in", &form("ctrl-x g"), &form("ctrl-x g tab"), 0..24);
    differ("composer and transcript", &list("esc"), &list("alt-t"), 0..24);
}

#[test]
fn what_differs_and_what_was_looked_for_is_marked() {
    for width in [80, 200] {
        let mut app = acted_on(width, 24);
        app.model.picked.clear();
        app.keys("=");
        assert!(matches!(app.model.overlays.last(), Some(Overlay::Compare(_))));
        assert!(told(&app, 0..24).concat().contains('\u{332}'), "{width}: words that differ");
    }
    let mut app = App::new(80, 24);
    app.turn("why?", "one two three two");
    app.keys("alt-t /");
    app.type_text("two");
    assert!(told(&app, 0..24).concat().contains("t\u{332}w\u{332}o\u{332}"));
}
