use crossterm::event::{KeyCode, KeyEvent};
use uuid::Uuid;

use super::*;
use crate::app::Message;
use crate::app::overlay::Overlay;
use crate::app::picker::Choice;
use crate::app::testing::{App, answer, noon, started};
use crate::chat::Status;

#[test]
fn deleting_a_conversation_that_is_written_to_is_refused_with_a_reason() {
    let mut app = App::new(80, 24);
    let request = app.ask("hello");
    app.keys("ctrl-x n ctrl-x s");
    let answer = answer(&request, "", Status::Streaming);
    let summary = crate::storage::Summary {
        id: request.conversation,
        title: "hello".into(),
        created: answer.created,
        updated: answer.created,
        messages: 2,
        branches: 1,
        cost_eur: None,
        shelf: crate::chat::Shelf::default(),
    };
    app.send(Message::ConversationsListed(vec![summary]));
    app.keys("ctrl-d");
    assert!(matches!(app.model.overlays.as_slice(), [Overlay::List(_)]));
    assert!(app.model.toast.as_ref().unwrap().text.contains("written there"));
}

#[test]
fn the_draft_is_stored_within_a_second_and_when_another_conversation_opens() {
    let mut app = App::new(80, 24);
    let key = KeyEvent::from(KeyCode::Char('a'));
    let due = app.at + std::time::Duration::from_secs(1);
    assert_eq!(app.send(Message::Key { key, at: noon() }), [Effect::WakeAt(due)]);
    assert_eq!(app.send(Message::Key { key, at: noon() }), []);
    let stored = |text: &str| Effect::SetDraft { conversation: None, text: text.into() };
    assert_eq!(app.send(Message::Tick { at: due }), [stored("aa")]);
    app.type_text("b");
    let other = ConversationId(Uuid::from_u128(9));
    assert_eq!(open_conversation(&mut app.model, other), [stored("aab"), Effect::LoadConversation(other)]);
}

/// The messages of a long conversation from this one on, as they are read.
/// A part of a conversation that costs nothing.
const TAIL: Extent = Extent::Tail(crate::chat::Totals { branches: 1, spent: None, unpriced: 0 });

fn read(id: ConversationId, from: u128, extent: Extent, draft: Option<&str>) -> Message {
    let messages = (from..=60).map(|n| {
        let parent = (n > from).then(|| n - 1);
        crate::chat::tree::tests::message(n, parent, "text")
    });
    let conversation = Conversation {
        id,
        title: "t".into(),
        created: noon(),
        updated: noon(),
        settings: crate::chat::Settings::default(),
        tree: crate::chat::Tree::build(messages, []),
    };
    Message::ConversationLoaded {
        conversation: Box::new(conversation),
        extent,
        draft: draft.map(ToOwned::to_owned),
    }
}

/// An app that opens a long conversation.
fn opening() -> (App, ConversationId) {
    let mut app = App::new(80, 24);
    let id = ConversationId(Uuid::from_u128(77));
    open_conversation(&mut app.model, id);
    (app, id)
}

#[test]
fn a_whole_conversation_after_its_tail_moves_nothing() {
    let (mut app, id) = opening();
    app.send(read(id, 41, TAIL, Some("kept")));
    app.keys("alt-t k k k");
    let before = app.model.pane.view.visible.clone();
    app.send(read(id, 1, Extent::Whole, None));
    assert_eq!(app.model.pane.view.visible, before);
    assert_eq!(app.model.open.conversation.tree.len(), 60);
    assert_eq!(app.model.pane.composer.text(), "kept");
}

#[test]
fn the_price_is_that_of_the_whole_conversation_before_all_of_it_is_read() {
    use crate::app::status::{What, items};
    use crate::chat::{Money, Totals};
    let (mut app, id) = opening();
    let shown = |app: &App, what| {
        let items = items(&app.model);
        items.into_iter().find(|item| item.what == what).map(|item| item.text.into_string())
    };
    let spent = |nanos| Some(Money::from_nanos(nanos));
    let mut totals = Totals { branches: 7, spent: spent(12_300_000), unpriced: 0 };
    app.send(read(id, 41, Extent::Tail(totals), None));
    assert_eq!(shown(&app, What::Price).as_deref(), Some("€0.0123"));
    assert_eq!(shown(&app, What::Branches).as_deref(), Some("⑂ 7"));
    totals.unpriced = 2;
    app.model.open.presence = crate::app::pane::Presence::Here(Extent::Tail(totals));
    assert_eq!(shown(&app, What::Price).as_deref(), Some("€0.0123 + ?"));
    totals.spent = None;
    app.model.open.presence = crate::app::pane::Presence::Here(Extent::Tail(totals));
    assert_eq!(shown(&app, What::Price).as_deref(), Some("price unknown"));
    // The whole tells for itself.
    app.send(read(id, 1, Extent::Whole, None));
    assert_eq!((shown(&app, What::Price), shown(&app, What::Branches)), (None, None));
}

#[test]
fn a_way_to_the_top_goes_on_when_what_is_above_is_read() {
    // Each is the same with all of it here from the start.
    for keys in ["alt-t g", "pageup pageup pageup pageup pageup", "alt-t K K K K K K K K K", "alt-t g G"] {
        let (mut app, id) = opening();
        app.send(read(id, 1, Extent::Whole, None));
        app.keys(keys);
        let expected = app.model.pane.view.visible.first().copied();
        let (mut app, id) = opening();
        app.send(read(id, 53, TAIL, None));
        app.keys(keys);
        app.send(read(id, 1, Extent::Whole, None));
        assert_eq!(app.model.pane.view.visible.first().copied(), expected, "{keys}");
    }
}

#[test]
fn a_turn_that_ends_while_its_conversation_is_being_read_is_shown_as_it_ended() {
    let mut app = App::new(80, 24);
    let request = app.ask("hello");
    app.say(request.turn, crate::chat::StreamEvent::Text("hi th".into()));
    let Message::ConversationLoaded { conversation: stale, .. } = here(&app) else { panic!("not loaded") };
    for (before, after) in [(true, false), (false, true)] {
        let mut app = App { model: app.model.clone(), at: app.at };
        app.keys("ctrl-x n");
        open_conversation(&mut app.model, request.conversation);
        let read = |extent| Message::ConversationLoaded { conversation: stale.clone(), extent, draft: None };
        if before {
            app.end(&request, "hi there", Status::Complete);
        }
        app.send(read(TAIL));
        if after {
            app.end(&request, "hi there", Status::Complete);
        }
        app.send(read(Extent::Whole));
        assert_eq!(app.branch_texts(), ["hello", "hi there"]);
        let shown = app.model.open.conversation.tree.get(request.answer.id).map(|answer| answer.status);
        assert_eq!(shown, Some(Status::Complete));
    }
}

#[test]
fn a_deleted_message_goes_to_the_trash_after_a_question_and_undo_restores_it() {
    let mut app = App::new(80, 24);
    let request = app.turn("one", "two");
    assert_eq!(app.keys("tab x"), []);
    let effects = app.keys("y");
    let message = Some(request.answer.id);
    assert_eq!(effects, [Effect::Trash { conversation: request.conversation, message }]);
    let trash = Uuid::from_u128(5);
    app.send(Message::Trashed { trash, conversation: request.conversation });
    assert_eq!(app.keys("ctrl-x z"), [Effect::Restore(trash)]);
}

fn trashed(conversation: ConversationId, message: Option<MessageId>) -> crate::storage::Trashed {
    crate::storage::Trashed {
        id: Uuid::from_u128(5),
        conversation,
        message,
        title: String::new(),
        messages: 1,
        deleted: noon(),
    }
}

fn here(app: &App) -> Message {
    Message::ConversationLoaded {
        conversation: Box::new(app.model.open.conversation.clone()),
        extent: Extent::Whole,
        draft: None,
    }
}

#[test]
fn a_message_that_comes_back_is_shown_also_after_another_conversation_was_opened() {
    let mut app = App::new(80, 24);
    app.turn("one", "two");
    let last = app.turn("three", "four");
    let whole = here(&app);
    app.keys("tab x y ctrl-x n");
    app.send(Message::Trashed { trash: Uuid::from_u128(5), conversation: last.conversation });
    app.model.pane.composer.set("/undo");
    assert!(app.keys("enter").contains(&Effect::Restore(Uuid::from_u128(5))));
    let effects = app.send(Message::Restored(trashed(last.conversation, Some(last.answer.id))));
    assert!(effects.contains(&Effect::LoadConversation(last.conversation)));
    app.send(whole);
    assert_eq!(app.branch_texts(), ["one", "two", "three", "four"]);
    assert_eq!(app.model.pane.view.current(), Some(last.answer.id));
}

#[test]
fn a_conversation_that_comes_back_opens() {
    let mut app = App::new(80, 24);
    let request = app.turn("one", "two");
    let whole = here(&app);
    let effects = app.keys("ctrl-x d y");
    assert!(effects.contains(&Effect::Trash { conversation: request.conversation, message: None }));
    assert_eq!(app.branch_texts(), Vec::<String>::new());
    app.send(Message::Trashed { trash: Uuid::from_u128(5), conversation: request.conversation });
    assert!(app.model.toast.as_ref().unwrap().text.contains("^X z"));
    assert_eq!(app.keys("ctrl-x z"), [Effect::Restore(Uuid::from_u128(5))]);
    app.send(Message::Restored(trashed(request.conversation, None)));
    app.send(whole);
    assert_eq!(app.branch_texts(), ["one", "two"]);
    app.keys("ctrl-x z");
    assert!(app.model.toast.as_ref().unwrap().text.contains("Nothing"));
}

#[test]
fn deleting_the_prompt_that_is_edited_brings_the_draft_back() {
    let mut app = App::new(80, 24);
    let first = app.turn("one", "two");
    app.turn("three", "four");
    app.type_text("a draft");
    app.keys("alt-t K e alt-t x y");
    assert_eq!(app.model.pane.composer.text(), "a draft");
    let next = started(&app.keys("esc enter"));
    assert_eq!(next.user.unwrap().parent, Some(first.answer.id));
}

#[test]
fn an_edit_that_is_left_for_another_conversation_or_the_shell_can_be_called_back() {
    for keys in ["ctrl-x n", "ctrl-x q"] {
        let mut app = App::new(80, 24);
        app.turn("hello", "hi");
        app.keys("tab k e");
        app.type_text(" there");
        let effects = app.keys(keys);
        assert!(effects.contains(&Effect::RememberPrompt("hello there".into())), "{effects:?}");
    }
}

#[test]
fn a_hit_opens_its_conversation_at_the_message_when_it_is_read() {
    let mut app = App::new(80, 24);
    let id = ConversationId(Uuid::from_u128(77));
    let message = crate::chat::tree::tests::message;
    let hit = message(2, Some(1), "found").id;
    let effects = lists::choose(&mut app.model, Choice::Message(id, hit, Vec::new()));
    assert_eq!(effects, [Effect::LoadConversation(id)]);
    let mut conversation = app.model.open.conversation.clone();
    conversation.tree = crate::chat::Tree::build(
        [message(1, None, "q"), message(2, Some(1), "found"), message(4, Some(1), "other")],
        [],
    );
    let effects = app.send(Message::ConversationLoaded {
        conversation: Box::new(conversation),
        extent: Extent::Whole,
        draft: None,
    });
    let parent = Some(MessageId(Uuid::from_u128(1)));
    assert_eq!(effects, [Effect::Choose { conversation: id, choices: vec![(parent, hit)] }]);
    assert_eq!(app.branch_texts(), ["q", "found"]);
}
