//! What a person puts on messages, and edits in place.

use super::super::{Store, StoreError};
use super::{BEGUN, Disk, conversation, live, mid, stored, time};
use crate::chat::tree::tests::message;
use crate::chat::{Mark, MessageId, Part, Presence, Revision};

fn parts(text: &str) -> Vec<Part> {
    vec![Part::Text { text: text.into() }]
}

#[test]
fn marks_places_and_rules_are_loaded_as_they_were_put() {
    let disk = Disk::new();
    let mut store = disk.open();
    let mut told =
        stored(&mut store, 1, &[(1, None), (2, Some(1)), (4, Some(1)), (5, Some(4)), (6, Some(5))]);
    for (id, mark) in [
        (mid(2), Mark { starred: true, label: None }),
        (mid(4), Mark::default().labelled("the one")),
        (mid(5), Mark { starred: true, label: None }),
        (mid(5), Mark::default()),
    ] {
        told.tree.set_mark(id, mark.clone());
        store.set_mark(told.id, id, &mark).unwrap();
    }
    store.set_ranks(told.id, &told.tree.put_first(mid(4))).unwrap();
    for presence in [Presence::Excluded, Presence::Included, Presence::Excluded] {
        let change = told.tree.set_presence(mid(6), mid(1), presence).unwrap();
        store.set_rule(told.id, change).unwrap();
    }
    assert_eq!(store.load(told.id).unwrap(), told);
    assert_eq!(store.load_tail(told.id, 2).unwrap().tree.branch(), [5, 6].map(mid));
    // So does a conversation that comes in whole.
    let mut copy = crate::chat::Conversation { id: conversation(2, "").id, ..told.clone() };
    store.trash(told.id, None, time(9)).unwrap();
    store.empty_trash().unwrap();
    copy.tree.choose(mid(2));
    store.import(&copy).unwrap();
    assert_eq!(disk.open().load(copy.id).unwrap(), copy);
    assert_eq!(store.load_tail(copy.id, 9).unwrap().tree.leaf(), Some(mid(2)));
}

#[test]
fn an_import_whose_ids_are_there_already_leaves_nothing() {
    let mut store = Store::in_memory().unwrap();
    let told = stored(&mut store, 1, &[(1, None)]);
    let again = crate::chat::Conversation { id: told.id, ..conversation(1, "again") };
    assert!(store.import(&again).is_err());
    assert_eq!(store.load(told.id).unwrap(), told);
    assert_eq!(store.search("again", 9).unwrap(), []);
}

#[test]
fn what_a_message_said_is_kept_and_can_be_said_again_and_search_finds_what_it_says_now() {
    let mut store = Store::in_memory().unwrap();
    let told = stored(&mut store, 1, &[(1, None), (2, Some(1))]);
    let id = mid(1);
    store.revise(told.id, id, &parts("plum"), time(50)).unwrap();
    store.revise(told.id, id, &parts("plum"), time(51)).unwrap();
    let thought = vec![Part::Reasoning { text: "why".into() }, Part::Text { text: "quince".into() }];
    store.revise(told.id, id, &thought, time(60)).unwrap();
    let former =
        |number, replaced, text: &str| Revision { number, replaced: time(replaced), parts: parts(text) };
    assert_eq!(store.revisions(told.id, id).unwrap(), [former(2, 60, "plum"), former(1, 50, "text 1")]);
    let found = |store: &Store, words: &str| -> Vec<MessageId> {
        store.search(words, 9).unwrap().iter().map(|hit| hit.message).collect()
    };
    assert_eq!((found(&store, "quince"), found(&store, "plum")), (vec![id], vec![]));
    let loaded = store.load(told.id).unwrap();
    assert_eq!((loaded.tree.get(id).unwrap().parts.as_slice(), loaded.tree.revisions(id)), (&*thought, 2));

    store.restore_revision(told.id, id, 1, time(70)).unwrap();
    let mut expected = told.clone();
    expected.updated = time(70);
    expected.tree = expected.tree.with_revisions([(id, 3)]);
    assert_eq!(store.load(told.id).unwrap(), expected);
    assert_eq!(store.revisions(told.id, id).unwrap()[0].parts, thought);
    assert!(matches!(store.restore_revision(told.id, id, 9, time(71)), Err(StoreError::NotFound(_))));
}

#[test]
fn what_is_being_written_is_not_edited() {
    let mut store = Store::in_memory().unwrap();
    let told = conversation(1, "");
    store.begin_turn(told.id, Some(&told), Some(&message(1, None, "hi")), &live(2, 1), BEGUN).unwrap();
    assert!(matches!(store.revise(told.id, mid(2), &parts("x"), time(9)), Err(StoreError::NotFound(_))));
}

#[test]
fn own_words_stand_above_answers_and_the_newest_first_while_typing() {
    let mut store = Store::in_memory().unwrap();
    let told = conversation(1, "t");
    store.create(&told).unwrap();
    let texts =
        [(1, "fig and much else"), (2, "fig fig fig"), (3, "fig"), (4, "a fig"), (5, "figs"), (7, "plum")];
    for (n, text) in texts {
        store.add_message(told.id, &message(n, (n > 1).then_some(1), text)).unwrap();
    }
    let found = |order, words: &str| -> Vec<MessageId> {
        store.search_by(words, order, 9).unwrap().iter().map(|hit| hit.message).collect()
    };
    use super::super::Order;
    assert_eq!(found(Order::Best, "fig "), [3, 1, 2, 4].map(mid));
    assert_eq!(found(Order::Newest, "fig "), [4, 3, 2, 1].map(mid));
    assert_eq!(found(Order::Newest, "fig"), [5, 4, 3, 2, 1].map(mid));
    let limited = store.search_by("fig", Order::Newest, 2).unwrap();
    assert_eq!(limited.iter().map(|hit| hit.message).collect::<Vec<_>>(), [5, 4].map(mid));
    assert_eq!(store.leaf_below(told.id, mid(1)).unwrap(), mid(7));
    assert_eq!(store.leaf_below(told.id, mid(2)).unwrap(), mid(2));
}

#[test]
fn a_full_trash_hides_no_hit() {
    let mut store = Store::in_memory().unwrap();
    let old = stored(&mut store, 1, &[(1, None)]);
    let links: Vec<(u128, Option<u128>)> = (10..2_100).map(|n| (n, (n > 10).then_some(n - 1))).collect();
    let mut told = conversation(2, "gone");
    told.tree = crate::chat::Tree::build(links.iter().map(|&(n, parent)| message(n, parent, "text")), []);
    store.import(&told).unwrap();
    store.trash(told.id, None, time(9)).unwrap();
    let hits = store.search("text ", 9).unwrap();
    assert_eq!(hits.iter().map(|hit| hit.conversation).collect::<Vec<_>>(), [old.id]);
}
