use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};

use super::*;
use crate::app::testing::{App, started};
use crate::app::{Focus, Message};
use crate::chat::{Status, StreamEvent};

/// A question with two answers; the first one goes on, the second one is shown.
fn forked() -> App {
    let mut app = App::new(80, 24);
    app.turn("one", "first");
    app.turn("two", "below the first");
    let again = started(&app.keys("alt-t K K r"));
    app.end(&again, "second", Status::Complete);
    app
}

fn text(app: &App, id: MessageId) -> String {
    app.model.open.conversation.tree.get(id).unwrap().text()
}

fn rows(app: &App) -> Vec<String> {
    page(&app.model).unwrap().graph.rows().iter().map(|row| text(app, row.id)).collect()
}

fn selected(app: &App) -> String {
    text(app, page(&app.model).unwrap().selected().unwrap().id)
}

fn end(app: &App) -> String {
    text(app, app.model.pane.view.leaf.unwrap())
}

#[test]
fn the_page_opens_at_what_is_read_and_its_keys_walk_the_tree() {
    let mut app = forked();
    app.keys("t");
    assert_eq!(rows(&app), ["one", "first", "two", "below the first", "second"]);
    let walked = [
        ("", "second"),
        ("k", "below the first"),
        ("left", "two"),
        ("p", "first"),
        ("J", "second"),
        ("K", "first"),
        ("right", "two"),
        ("n", "below the first"),
        ("n", "second"),
        ("N", "below the first"),
        ("(", "first"),
        (")", "second"),
        ("g", "one"),
        ("G", "second"),
        ("pageup", "one"),
        ("alt-down", "first"),
    ]
    .map(|(keys, _)| {
        app.keys(keys);
        (keys, selected(&app))
    });
    let wanted = [
        "second",
        "below the first",
        "two",
        "first",
        "second",
        "first",
        "two",
        "below the first",
        "second",
        "below the first",
        "first",
        "second",
        "one",
        "second",
        "one",
        "first",
    ];
    assert_eq!(walked.map(|(_, at)| at), wanted.map(str::to_owned));
}

#[test]
fn enter_opens_the_branch_at_the_message_and_the_way_back_is_kept() {
    let mut app = forked();
    let effects = app.keys("ctrl-x b g j j enter");
    assert!(matches!(effects.as_slice(), [Effect::Choose { .. }]), "{effects:?}");
    assert!(app.model.overlays.is_empty());
    assert_eq!((end(&app).as_str(), app.model.focus), ("below the first", Focus::Transcript));
    assert_eq!(text(&app, app.model.pane.view.current().unwrap()), "two");
    app.keys("[");
    assert_eq!(end(&app), "second");
}

#[test]
fn a_click_selects_a_row_and_a_second_one_opens_it() {
    let mut app = forked();
    app.keys("t");
    let mut click = |row| {
        let kind = MouseEventKind::Down(MouseButton::Left);
        let event = MouseEvent { kind, column: 20, row, modifiers: KeyModifiers::NONE };
        app.send(Message::Mouse { event, at: app.at });
        app.model.overlays.len()
    };
    assert_eq!([0, 20, 3, 3].map(&mut click), [1, 1, 1, 0]);
    assert_eq!(text(&app, app.model.pane.view.current().unwrap()), "two");
}

#[test]
fn o_opens_the_branch_in_a_new_pane_and_leaves_this_one_as_it_is() {
    let mut app = forked();
    let effects = app.keys("t g j j o");
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Choose { .. })), "{effects:?}");
    assert_eq!(app.model.panes.count(), 2);
    assert_eq!(end(&app), "below the first");
    app.keys("ctrl-x 1");
    assert_eq!(end(&app), "second");
}

#[test]
fn filters_show_what_was_asked_for_and_keep_the_selection() {
    let mut app = forked();
    app.keys("t g j j f");
    assert_eq!((rows(&app), selected(&app)), (vec!["one".into(), "two".into()], "two".into()));
    app.keys("f");
    assert_eq!(rows(&app), ["one", "first", "below the first", "second"]);
    assert_eq!(selected(&app), "first");
    app.keys("s f");
    assert_eq!(rows(&app), ["first"]);
    app.keys("f G M");
    assert_eq!(rows(&app), ["one", "first", "below the first", "second"]);
    app.keys("M /");
    app.type_text("BELOW");
    assert_eq!(rows(&app), ["below the first"]);
    // Enter leaves the row of the filter, and the letters are commands again.
    app.keys("enter esc");
    assert_eq!(rows(&app).len(), 5);
    assert_eq!(selected(&app), "below the first");
    app.keys("esc");
    assert!(app.model.overlays.is_empty());
}

#[test]
fn letters_beyond_ascii_are_found_whatever_their_case() {
    let mut app = App::new(80, 24);
    app.turn("Über Äpfel", "日本語");
    app.keys("alt-t t /");
    app.type_text("äpf");
    assert_eq!(rows(&app), ["Über Äpfel"]);
    app.keys("ctrl-u");
    app.type_text("本");
    assert_eq!(rows(&app), ["日本語"]);
}

#[test]
fn folds_and_runs_hide_rows_and_select_what_is_left_above() {
    let mut app = forked();
    app.keys("t g j z");
    assert_eq!(rows(&app), ["one", "first", "second"]);
    app.keys("z j c");
    assert_eq!(rows(&app), ["one", "first", "below the first", "second"]);
    assert_eq!(selected(&app), "first");
}

#[test]
fn a_deletion_is_asked_for_and_comes_back() {
    let mut app = forked();
    let first = app.model.open.conversation.tree.walk()[1].id;
    let whole = app.model.open.conversation.clone();
    app.keys("t g j x");
    assert!(matches!(app.model.overlays.as_slice(), [Overlay::Tree(_), Overlay::Confirm(_)]));
    let conversation = whole.id;
    assert_eq!(app.keys("enter"), [Effect::Trash { conversation, message: Some(first) }]);
    assert_eq!((rows(&app), selected(&app)), (vec!["one".into(), "second".into()], "second".into()));
    let trash = uuid::Uuid::from_u128(7);
    app.send(Message::Trashed { trash, conversation });
    assert_eq!(app.keys("u"), [Effect::Restore(trash)]);
    let trashed = crate::storage::Trashed {
        id: trash,
        conversation,
        message: Some(first),
        title: String::new(),
        messages: 3,
        deleted: app.at,
    };
    app.send(Message::Restored(trashed));
    app.send(Message::ConversationLoaded {
        conversation: Box::new(whole),
        extent: crate::app::Extent::Whole,
        draft: None,
    });
    assert_eq!((rows(&app).len(), selected(&app)), (5, "first".into()));
}

#[test]
fn what_is_being_written_is_not_deleted() {
    let mut app = forked();
    app.keys("esc");
    let live = app.ask("three");
    app.keys("alt-t t g x");
    assert!(matches!(app.model.overlays.as_slice(), [Overlay::Tree(_)]));
    assert!(app.model.toast.is_some());
    // A branch that nothing is written to is.
    app.keys("j x");
    assert!(matches!(app.model.overlays.as_slice(), [Overlay::Tree(_), Overlay::Confirm(_)]));
    app.keys("esc");
    // Text that comes changes no row; the end of a turn neither.
    let before = page(&app.model).unwrap().graph.clone();
    app.say(live.turn, StreamEvent::Text("text".into()));
    app.end(&live, "text", Status::Complete);
    assert_eq!(page(&app.model).unwrap().graph, before);
}

#[test]
fn a_mark_is_set_and_taken_away_from_the_page_and_from_the_transcript() {
    let mut app = forked();
    app.keys("t g m");
    let first = app.model.open.conversation.tree.walk()[0].id;
    assert_eq!(app.model.marked, Some(first));
    app.keys("q");
    app.keys("ctrl-x .");
    assert_ne!(app.model.marked, Some(first));
    app.keys("ctrl-x .");
    assert_eq!(app.model.marked, None);
}

#[test]
fn of_a_long_conversation_the_selected_row_stays_in_view() {
    let mut app = App::new(80, 24);
    for n in 1..=500u128 {
        app.model.open.conversation.tree.add(crate::chat::tree::tests::message(
            n,
            (n > 1).then(|| n - 1),
            "text",
        ));
    }
    app.model.pane.view.read(&app.model.open.conversation.tree);
    let seen = |app: &App| {
        let page = page(&app.model).unwrap();
        (page.top, page.row)
    };
    app.keys("alt-t t");
    assert_eq!(seen(&app), (478, 499));
    app.keys("g");
    assert_eq!(seen(&app), (0, 0));
    app.keys("pagedown pagedown k");
    assert_eq!(seen(&app), (23, 43));
    app.send(Message::Resize { size: crate::app::Size { width: 40, height: 12 }, at: app.at });
    assert_eq!(seen(&app), (34, 43));
}

#[test]
fn from_a_message_without_siblings_the_nearest_one_above_that_has_some_is_meant() {
    let mut app = forked();
    app.keys("t n N");
    assert_eq!(selected(&app), "below the first");
    app.keys("J");
    assert_eq!(selected(&app), "second");
}

#[test]
fn esc_shows_all_again_before_it_closes_whatever_was_asked_for() {
    let mut app = forked();
    app.keys("t f f f");
    assert_eq!(rows(&app), [""; 0]);
    app.keys("esc");
    assert_eq!(rows(&app).len(), 5);
    app.keys("esc");
    assert!(app.model.overlays.is_empty());
}

#[test]
fn help_opens_at_the_tree_and_leads_back_to_the_page() {
    let mut app = forked();
    app.keys("t k ?");
    let Some(Overlay::Help(page)) = app.model.overlays.last() else { panic!("no help") };
    assert!(page.top > 0);
    app.keys("f1");
    assert_eq!(selected(&app), "below the first");
}
