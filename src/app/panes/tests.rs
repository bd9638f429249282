use super::*;
use crate::app::Message;
use crate::app::testing::{App, answer};
use crate::chat::{Status, StreamEvent};
use crate::turns::TurnEvent;

fn other(app: &App) -> &Pane {
    app.model.panes.others(&app.model.open).next().unwrap().0
}

#[test]
fn each_pane_has_a_branch_of_the_one_tree_and_a_stream_of_its_own() {
    let mut app = App::new(160, 40);
    app.turn("one", "first");
    app.keys("ctrl-x w v");
    let right = app.ask("two");
    app.keys("ctrl-x w h");
    let left = app.ask("another");
    assert_eq!(app.model.turns.len(), 2);
    app.say(right.turn, StreamEvent::Text("to the right".into()));
    app.say(left.turn, StreamEvent::Text("to the left".into()));
    let right_branch = vec!["one", "first", "two", "to the right"];
    assert_eq!(app.branch_texts_of_panes(), [vec!["one", "first", "another", "to the left"], right_branch]);
    assert_eq!(app.keys("ctrl-c"), [Effect::CancelTurn(left.turn)]);
    let event = TurnEvent::Ended(Box::new(answer(&right, "all of it", Status::Complete)));
    app.send(Message::Turn { turn: right.turn, event, at: app.at });
    assert_eq!(app.branch_texts_of_panes()[1], ["one", "first", "two", "all of it"]);
    assert!(app.model.toast.is_none(), "{:?}", app.model.toast);
}

#[test]
fn a_draft_stays_in_its_pane_and_is_stored_when_the_focus_leaves() {
    let mut app = App::new(160, 40);
    app.turn("one", "first");
    app.keys("ctrl-x w s");
    app.type_text("below");
    let id = app.model.open.conversation.id;
    let stored = Effect::SetDraft { conversation: Some(id), text: "below".into() };
    assert_eq!(app.keys("ctrl-x tab").first(), Some(&stored));
    assert!(app.model.pane.composer.is_empty());
    app.type_text("above");
    app.keys("ctrl-x w j");
    assert_eq!(app.model.pane.composer.text(), "below");
    app.keys("ctrl-x w k");
    assert_eq!(app.model.pane.composer.text(), "above");
}

#[test]
fn a_conversation_is_read_once_however_many_panes_show_it_and_stays_open_until_the_last_leaves_it() {
    let mut app = App::new(160, 40);
    app.turn("one", "first");
    let first = app.model.open.conversation.id;
    app.keys("ctrl-x w v ctrl-x n");
    assert_eq!(app.model.open.presence, Presence::New);
    assert!(app.model.panes.opened(&app.model.open, first).is_some());
    assert_eq!(conversation::open_conversation(&mut app.model, first), []);
    assert_eq!(app.branch_texts_of_panes(), [vec!["one", "first"], vec!["one", "first"]]);
    app.keys("ctrl-x n ctrl-x w h ctrl-x n");
    assert!(app.model.panes.opened(&app.model.open, first).is_none());
}

#[test]
fn four_panes_are_the_most_and_the_last_one_stays() {
    let mut app = App::new(200, 50);
    app.keys("ctrl-x w v ctrl-x w s ctrl-x 1 ctrl-x w s");
    assert_eq!(app.model.panes.count(), 4);
    app.keys("ctrl-x w v");
    assert_eq!(app.model.panes.count(), 4);
    assert!(app.model.toast.as_ref().unwrap().text.contains("4 panes"));
    let places: Vec<PaneId> = geometry::places(&app.model).iter().map(|place| place.pane).collect();
    assert_eq!(places, app.model.panes.layout.order());
    app.keys("ctrl-x 4 ctrl-x w k ctrl-x w h");
    assert_eq!(app.model.pane.id, app.model.panes.layout.order()[0]);
    app.keys("ctrl-x w c ctrl-x w c ctrl-x w c ctrl-x w c");
    assert_eq!(
        (app.model.panes.count(), app.model.panes.layout.clone()),
        (1, Layout::One(app.model.pane.id))
    );
}

#[test]
fn what_was_written_in_a_closed_pane_is_called_back_like_any_prompt() {
    let mut app = App::new(160, 40);
    app.turn("one", "first");
    app.keys("ctrl-x w v");
    app.type_text("half a thought");
    app.keys("ctrl-x w c up");
    assert_eq!(app.model.pane.composer.text(), "half a thought");
}

#[test]
fn where_there_is_no_room_the_pane_with_the_focus_stands_alone() {
    let mut app = App::new(60, 24);
    app.keys("ctrl-x w v");
    assert_eq!(geometry::places(&app.model).len(), 1);
    app.send(Message::Resize { size: crate::app::Size { width: 160, height: 40 }, at: app.at });
    assert_eq!(geometry::places(&app.model).len(), 2);
    app.keys("ctrl-x w z");
    assert_eq!(geometry::places(&app.model).len(), 1);
}

#[test]
fn a_deleted_message_leaves_every_pane_on_what_is_left_of_its_branch() {
    let mut app = App::new(160, 40);
    app.turn("one", "first");
    app.turn("two", "second");
    app.keys("ctrl-x w v alt-t K x y");
    assert_eq!(app.branch_texts_of_panes(), [vec!["one", "first"], vec!["one", "first"]]);
}

#[test]
fn linked_panes_show_what_they_share_in_the_same_rows() {
    let mut app = App::new(160, 30);
    app.turn("one", &"line\n\n".repeat(40));
    app.turn("two", &"line\n\n".repeat(40));
    app.keys("ctrl-x w v ctrl-x w y alt-t K K");
    assert_eq!(app.model.pane.view.visible, other(&app).view.visible);
    app.keys("ctrl-x w y G");
    assert_ne!(app.model.pane.view.visible, other(&app).view.visible);
}
