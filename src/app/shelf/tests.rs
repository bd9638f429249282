use uuid::Uuid;

use super::*;
use crate::app::Message;
use crate::app::testing::{App, noon};
use crate::chat::Money;
use crate::storage::Emptied;
use crate::storage::Remains;

pub(crate) fn summary(n: u128, title: &str, hours: i64) -> Summary {
    let updated = noon() - std::time::Duration::from_secs(hours.unsigned_abs() * 3600);
    Summary {
        id: ConversationId(Uuid::from_u128(n)),
        title: title.to_owned(),
        created: updated,
        updated,
        messages: 4,
        branches: 1,
        cost_eur: Some(Money::from_nanos(4_000_000)),
        shelf: Shelf::default(),
    }
}

fn listed(summaries: Vec<Summary>) -> App {
    let mut app = App::new(80, 24);
    app.send(Message::ConversationsListed(summaries));
    app.keys("ctrl-x s");
    app
}

fn names(app: &App) -> Vec<String> {
    let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
    list.matches.iter().map(|at| list.entries[*at].name.to_string()).collect()
}

fn id(n: u128) -> ConversationId {
    ConversationId(Uuid::from_u128(n))
}

#[test]
fn headings_tell_days_and_go_while_something_is_typed() {
    let mut pinned = summary(1, "old and dear", 5000);
    pinned.shelf.pinned = true;
    let rows =
        vec![pinned, summary(2, "a", 1), summary(3, "b", 2), summary(4, "c", 30), summary(5, "d", 1000)];
    let mut app = listed(rows);
    let headings = |app: &App| -> Vec<Option<String>> {
        let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
        (0..list.matches.len()).map(|at| list.heading(at).map(ToString::to_string)).collect()
    };
    let expected = [Some("pinned"), Some("today"), None, Some("yesterday"), Some("October 2026")];
    assert_eq!(headings(&app), expected.map(|heading| heading.map(str::to_owned)));
    app.type_text("d");
    assert_eq!(headings(&app), [None, None]);
}

#[test]
fn the_list_is_ordered_by_a_key_and_so_at_the_next_start() {
    let with = |n, title: &str, hours, cost: Option<i64>, messages| Summary {
        cost_eur: cost.map(Money::from_nanos),
        created: noon() - std::time::Duration::from_secs(u64::try_from(n).unwrap() * 60),
        messages,
        ..summary(n, title, hours)
    };
    let mut pinned = with(4, "kept", 90, None, 1);
    pinned.shelf.pinned = true;
    let rows = vec![
        pinned,
        with(3, "beta", 1, Some(5), 2),
        with(1, "Alpha", 2, None, 9),
        with(2, "gamma", 30, Some(9), 4),
    ];
    let mut app = listed(rows);
    assert_eq!(names(&app), ["kept", "beta", "Alpha", "gamma"]);
    let headings = |app: &App| -> Vec<String> {
        let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
        (0..list.matches.len()).filter_map(|at| list.heading(at).map(ToString::to_string)).collect()
    };
    for (key, order, expected, heading) in [
        ("alt-p", Listing::Made, ["kept", "Alpha", "gamma", "beta"], "today"),
        ("alt-p", Listing::Title, ["kept", "Alpha", "beta", "gamma"], "by title"),
        ("ctrl-x %", Listing::Price, ["kept", "gamma", "beta", "Alpha"], "the dearest first"),
        ("alt-p", Listing::Size, ["kept", "Alpha", "gamma", "beta"], "the longest first"),
        ("alt-p", Listing::Changed, ["kept", "beta", "Alpha", "gamma"], "today"),
    ] {
        let effects = app.keys(key);
        assert_eq!(names(&app), expected, "{order:?}");
        assert_eq!(headings(&app)[..2], ["pinned".to_owned(), heading.to_owned()]);
        let Some(Effect::SaveChoices(saved)) = effects.first() else { panic!("{effects:?}") };
        assert_eq!(saved.listing, order);
    }
    app.keys("esc");
    app.type_text("/sort-conversations");
    assert!(app.keys("enter").contains(&Effect::ListConversations));
}

#[test]
fn what_is_archived_leaves_the_list_and_is_found_in_the_archive() {
    let mut app = listed(vec![summary(1, "one", 1), summary(2, "two", 2)]);
    let change = |change| Effect::ChangeShelf { conversation: id(1), change };
    assert_eq!(app.keys("ctrl-y"), [change(ShelfChange::Archive)]);
    assert_eq!(names(&app), ["two"]);
    app.keys("ctrl-v");
    assert_eq!(names(&app), ["one"]);
    assert_eq!(app.keys("ctrl-y"), [change(ShelfChange::Unarchive)]);
    app.keys("ctrl-v");
    assert_eq!(names(&app), ["one", "two"]);
}

#[test]
fn a_pin_is_stored_and_the_list_asked_for_again() {
    let mut app = listed(vec![summary(1, "one", 1)]);
    let pinned = Effect::ChangeShelf { conversation: id(1), change: ShelfChange::Pin };
    assert_eq!(app.keys("ctrl-f"), [pinned, Effect::ListConversations]);
}

#[test]
fn tags_are_written_in_a_form_and_find_their_conversations() {
    let mut second = summary(2, "two", 2);
    second.shelf.tags = vec!["old".into(), "Work".into()];
    let mut app = listed(vec![summary(1, "one", 1), second]);
    app.keys("down ctrl-w");
    app.keys("ctrl-u");
    app.type_text("work, #日本");
    let change = |change| Effect::ChangeShelf { conversation: id(2), change };
    assert_eq!(
        app.keys("enter"),
        [change(ShelfChange::Untag("old".into())), change(ShelfChange::Tag("日本".into()))]
    );
    app.type_text("#wo");
    assert_eq!(names(&app), ["two"]);
    app.type_text(" one");
    assert_eq!(names(&app), Vec::<String>::new());
}

#[test]
fn another_conversation_than_the_open_one_is_renamed_from_the_list() {
    let mut app = listed(vec![summary(1, "one", 1), summary(2, "two", 2)]);
    app.keys("down ctrl-e ctrl-u");
    app.type_text("second");
    let renamed = Effect::Rename { conversation: id(2), title: "second".into() };
    assert_eq!(app.keys("enter"), [renamed]);
    assert_eq!(
        (names(&app), app.model.open.conversation.title.as_str()),
        (vec!["one".into(), "second".into()], "")
    );
}

#[test]
fn a_conversation_opens_in_a_new_pane() {
    let mut app = listed(vec![summary(1, "one", 1)]);
    let effects = app.keys("ctrl-o");
    assert!(effects.contains(&Effect::LoadConversation(id(1))), "{effects:?}");
    assert_eq!((app.model.panes.count(), app.model.open.conversation.id), (2, id(1)));
}

#[test]
fn chords_of_the_list_do_nothing_in_other_lists() {
    let mut app = App::new(80, 24);
    app.turn("a", "b");
    app.keys("ctrl-p");
    assert_eq!(app.keys("ctrl-y ctrl-w ctrl-e ctrl-o ctrl-v"), []);
    assert_eq!(app.model.overlays.len(), 1);
}

#[test]
fn the_trash_gives_back_and_is_emptied_after_a_question() {
    let mut app = App::new(80, 24);
    assert_eq!(app.keys("ctrl-x T"), [Effect::ListTrash]);
    let thing = |n: u128| Trashed {
        id: Uuid::from_u128(n),
        conversation: id(9),
        message: None,
        title: format!("thing {n}"),
        messages: 2,
        deleted: noon(),
    };
    app.send(Message::TrashListed(vec![thing(1), thing(2)]));
    assert_eq!(names(&app), ["thing 1", "thing 2"]);
    assert_eq!(app.keys("ctrl-d n"), []);
    assert_eq!(app.keys("ctrl-d enter"), [Effect::EmptyTrash]);
    app.model.undo.push(Uuid::from_u128(1));
    app.send(Message::TrashEmptied(Emptied { things: 2, remains: Remains::None }));
    assert_eq!((names(&app), app.model.undo.len()), (Vec::<String>::new(), 0));
    app.send(Message::TrashListed(vec![thing(3)]));
    assert_eq!(app.keys("enter"), [Effect::Restore(Uuid::from_u128(3))]);
}

#[test]
fn two_thousand_conversations_are_listed_and_filtered_at_once() {
    let rows = (0..2000).map(|n| summary(n + 1, &format!("conversation {n}"), 1)).collect();
    let began = std::time::Instant::now();
    let mut app = listed(rows);
    app.type_text("19");
    app.keys("end");
    assert!(names(&app).len() > 20);
    assert!(began.elapsed() < std::time::Duration::from_secs(2));
}

#[test]
fn a_conversation_begun_after_the_list_was_read_is_pinned_and_tagged_all_the_same() {
    let mut app = App::new(80, 24);
    let conversation = app.turn("one", "first").conversation;
    let change = ShelfChange::Pin;
    let pinned = Effect::ChangeShelf { conversation, change };
    assert_eq!(app.keys("ctrl-x i"), [pinned, Effect::ListConversations]);
    app.keys("ctrl-x #");
    app.type_text("orchard");
    let tagged = Effect::ChangeShelf { conversation, change: ShelfChange::Tag("orchard".into()) };
    assert_eq!(app.keys("enter"), [tagged, Effect::ListConversations]);
}
