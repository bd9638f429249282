use super::*;
use crate::app::Message;
use crate::app::testing::App;
use crate::chat::StreamEvent;
use crate::chat::tree::tests::message;

fn place(app: &App) -> (usize, usize) {
    app.model.pane.find.as_ref().map_or((0, 0), Find::place)
}

/// The pieces of the screen that are marked.
fn marked(app: &App) -> Vec<(String, Which)> {
    let view = &app.model.pane.view;
    let text = |mark: &Mark| {
        let (message, row) = view.visible[mark.row];
        let said = app.model.pane.layouts.get(message).unwrap().said(row).unwrap();
        let mut left = 0;
        let piece: String = said
            .chars()
            .filter(|c| {
                let here = left >= mark.left && left < mark.left + mark.cells;
                left += width(c.encode_utf8(&mut [0; 4]));
                here
            })
            .collect();
        (piece, mark.which)
    };
    view.marks.iter().map(text).collect()
}

#[test]
fn matches_are_walked_over_the_whole_branch_around_both_ends() {
    let mut app = App::new(80, 24);
    app.turn("a fig", &"line\n\n".repeat(60));
    app.turn("two FIGS, one fig", "none");
    app.keys("alt-t g /");
    app.type_text("fig");
    assert_eq!(place(&app), (1, 3));
    assert_eq!(marked(&app), [("fig".into(), Which::Here)]);
    app.keys("enter n");
    assert_eq!(place(&app), (2, 3));
    assert_eq!(marked(&app), [("FIG".into(), Which::Here), ("fig".into(), Which::Other)]);
    app.keys("n n");
    assert_eq!(place(&app), (1, 3));
    app.keys("N");
    assert_eq!(place(&app), (3, 3));
    app.keys("esc");
    assert_eq!((place(&app), app.model.focus), ((0, 0), Focus::Transcript));
}

#[test]
fn a_capital_asks_for_capitals_and_nothing_found_says_so() {
    let mut app = App::new(80, 24);
    app.turn("Fig and fig", "FIG");
    app.keys("alt-t /");
    app.type_text("Fig");
    assert_eq!(place(&app), (1, 1));
    app.type_text("x");
    assert_eq!((place(&app), marked(&app)), ((0, 0), vec![]));
}

#[test]
fn giving_up_goes_back_to_what_was_read_and_keeps_the_draft() {
    let mut app = App::new(80, 24);
    app.turn("fig", &"line\n\n".repeat(60));
    app.keys("alt-end");
    app.type_text("draft");
    let before = app.model.pane.view.visible.clone();
    app.keys("alt-t /");
    app.type_text("fig");
    assert_ne!(app.model.pane.view.visible, before);
    app.keys("esc");
    assert_eq!(app.model.pane.view.visible, before);
    app.keys("/");
    app.type_text("fig");
    assert_eq!(app.keys("ctrl-c"), []);
    assert_eq!((app.model.pane.composer.text().as_str(), app.model.pane.find.is_none()), ("draft", true));
}

#[test]
fn wide_words_and_phrases_are_found_over_the_ends_of_rows() {
    let mut app = App::new(40, 24);
    let text = format!("{}日本語 {} one two", "あ".repeat(17), "x".repeat(28));
    app.turn("q", &text);
    app.keys("alt-t /");
    app.type_text("日本語");
    assert_eq!(place(&app), (1, 1));
    let pieces: String = marked(&app).into_iter().map(|(piece, _)| piece).collect();
    assert_eq!(pieces, "日本語");
    app.keys("ctrl-u");
    app.type_text("xx one two");
    let pieces: Vec<String> = marked(&app).into_iter().map(|(piece, _)| piece).collect();
    assert_eq!((place(&app), pieces.concat().replace(' ', "")), ((1, 1), "xxonetwo".to_owned()));
}

#[test]
fn names_and_figures_beside_messages_are_not_looked_in() {
    let mut app = App::new(80, 24);
    app.turn("q", "a");
    app.keys("alt-t /");
    app.type_text("sonnet");
    assert_eq!((place(&app), marked(&app)), ((0, 0), vec![]));
}

#[test]
fn what_arrives_meanwhile_is_counted_at_the_next_step() {
    let mut app = App::new(80, 24);
    app.turn("fig", "fig");
    let live = app.ask("more");
    app.keys("alt-t /");
    app.type_text("fig");
    assert_eq!(place(&app).1, 2);
    app.say(live.turn, crate::chat::StreamEvent::Text("fig fig".into()));
    app.keys("enter n");
    assert_eq!(place(&app).1, 4);
}

#[test]
fn a_long_branch_is_counted_and_only_what_is_gone_to_is_laid_out() {
    let mut app = App::new(80, 24);
    let mut tree = Tree::default();
    for n in 1..=10_000u128 {
        tree.add(message(n, (n > 1).then(|| n - 1), if n % 100 == 0 { "a fig" } else { "text" }));
    }
    app.model.open.conversation.tree = tree;
    app.model.open.presence = crate::app::pane::Presence::Here(crate::app::Extent::Whole);
    app.model.pane.view.read(&app.model.open.conversation.tree);
    app.keys("alt-t /");
    app.type_text("fig");
    app.keys("enter n n n");
    assert_eq!(place(&app).1, 100);
    assert!(app.model.pane.layouts.len() < 200, "{}", app.model.pane.layouts.len());
}

#[test]
fn pasted_text_is_looked_for() {
    let mut app = App::new(80, 24);
    app.turn("a fig", "b");
    app.keys("alt-t /");
    let at = app.at;
    app.send(Message::Paste { text: " fig\n".into(), at });
    assert_eq!((place(&app), app.model.pane.composer.is_empty()), ((1, 1), true));
}

#[test]
fn words_in_folded_reasoning_and_in_code_are_found_and_the_reasoning_opens() {
    let mut app = App::new(80, 24);
    let request = app.ask("q");
    app.say(request.turn, StreamEvent::Reasoning("perhaps a loquat\n\nor a fig".into()));
    app.say(request.turn, StreamEvent::Text("a loquat\n\n```\nloquat = 1\n```\n".into()));
    app.keys("alt-t /");
    app.type_text("fig");
    assert_eq!(place(&app), (1, 1));
    assert_eq!(marked(&app), [("fig".into(), Which::Here)]);
    app.keys("esc z /");
    app.type_text("loquat");
    assert_eq!(place(&app), (1, 3));
    app.keys("enter n n");
    assert_eq!((place(&app), app.model.toast.is_some()), ((3, 3), false));
    app.keys("n");
    assert_eq!(place(&app), (1, 3));
    assert_eq!(app.model.toast.as_ref().unwrap().text.as_str(), "From the end on at the beginning");
}
