use super::*;
use crate::app::pane::Presence;
use crate::app::testing::App;
use crate::app::{Extent, Message, Size};
use crate::chat::StreamEvent;

#[test]
fn what_is_read_stays_while_an_answer_grows_and_the_pill_counts() {
    let mut app = App::new(80, 24);
    app.turn("long", &"line\n\n".repeat(40));
    let request = app.ask("more");
    app.keys("pageup");
    let before = app.model.pane.view.visible.clone();
    assert!(matches!(app.model.pane.view.anchor, Anchor::At(..)));
    for _ in 0..10 {
        app.say(request.turn, StreamEvent::Text("word\n\n".into()));
    }
    assert_eq!(app.model.pane.view.visible, before);
    assert!(app.model.pane.view.new_lines >= 10, "{}", app.model.pane.view.new_lines);
    app.keys("alt-t G");
    assert_eq!((app.model.pane.view.anchor, app.model.pane.view.new_lines), (Anchor::Follow, 0));
}

#[test]
fn nothing_is_new_for_being_wrapped_at_another_width() {
    let mut app = App::new(120, 24);
    app.turn("long", &"words that are wrapped on a narrow screen, and on a wide one are not\n\n".repeat(40));
    app.keys("alt-t u");
    assert!(app.model.pane.view.more_below);
    app.send(Message::Resize { size: Size { width: 40, height: 12 }, at: app.at });
    assert_eq!(app.model.pane.view.new_lines, 0);
    app.keys("esc");
    let request = app.ask("more");
    app.keys("alt-t g");
    app.say(request.turn, StreamEvent::Text("word\n\nword".into()));
    let new = app.model.pane.view.new_lines;
    assert!(new > 0);
    app.send(Message::Resize { size: Size { width: 120, height: 24 }, at: app.at });
    assert_eq!(app.model.pane.view.new_lines, new);
}

#[test]
fn scrolling_up_and_down_again_comes_back_to_the_same_rows() {
    let mut app = App::new(80, 24);
    app.turn("a", &"line\n\n".repeat(40));
    app.turn("b", &"line\n\n".repeat(40));
    app.keys("alt-t u u");
    let here = app.model.pane.view.visible.clone();
    app.keys("k k k j j j");
    assert_eq!(app.model.pane.view.visible, here);
    app.keys("g");
    assert_eq!(app.model.pane.view.visible[0].1, 0);
    app.keys("G");
    assert_eq!(app.model.pane.view.anchor, Anchor::Follow);
}

#[test]
fn only_what_is_visible_of_a_long_conversation_is_laid_out() {
    let mut app = App::new(80, 24);
    let id = app.model.open.conversation.id;
    let mut conversation = app.model.open.conversation.clone();
    for n in 1..=10_000u128 {
        conversation.tree.add(crate::chat::tree::tests::message(n, (n > 1).then(|| n - 1), "text"));
    }
    app.model.open.presence = Presence::Loading;
    app.send(Message::ConversationLoaded {
        conversation: Box::new(conversation),
        extent: Extent::Whole,
        draft: None,
    });
    let tree = app.model.open.conversation.tree.branch();
    let laid = tree.iter().filter(|id| app.model.pane.layouts.get(**id).is_some()).count();
    assert_eq!((app.model.open.conversation.id, tree.len()), (id, 10_000));
    assert!(laid <= 12, "{laid}");
}

#[test]
fn paging_through_a_long_conversation_lays_out_only_what_is_passed() {
    let mut app = App::new(120, 40);
    let mut tree = crate::chat::Tree::default();
    for n in 1..=10_000u128 {
        tree.add(crate::chat::tree::tests::message(n, (n > 1).then(|| n - 1), "text"));
    }
    app.model.open.conversation.tree = tree;
    app.model.pane.view.read(&app.model.open.conversation.tree);
    app.keys("pageup pageup pagedown");
    let laid = app.model.pane.layouts.len();
    assert!(laid < 100, "{laid}");
}

#[test]
fn lines_that_break_elsewhere_at_another_width_are_not_new() {
    let mut app = App::new(160, 30);
    app.turn("a", &"word ".repeat(2000));
    app.keys("alt-t pageup pageup");
    for width in [60, 160, 40] {
        app.send(Message::Resize { size: crate::app::Size { width, height: 30 }, at: app.at });
        assert_eq!(app.model.pane.view.new_lines, 0, "{width}");
        assert!(app.model.pane.view.more_below);
    }
}
