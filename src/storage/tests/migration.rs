//! Databases of earlier releases.

use rusqlite::Connection;

use super::super::open::MIGRATIONS;
use super::{Disk, mid, time};
use crate::chat::{MessageId, Money, Role, Status};

#[test]
fn a_database_of_the_release_before_opens_with_everything_there() {
    let disk = Disk::new();
    std::fs::create_dir(disk.path().parent().unwrap()).unwrap();
    let db = Connection::open(disk.path()).unwrap();
    for sql in &MIGRATIONS[..2] {
        db.execute_batch(sql).unwrap();
    }
    db.execute_batch(include_str!("version_2.sql")).unwrap();
    db.pragma_update(None, "user_version", 2).unwrap();
    drop(db);

    let mut store = disk.open();
    let listed = store.list(None).unwrap();
    let [only] = listed.as_slice() else { panic!("{listed:?}") };
    assert_eq!((only.title.as_str(), only.messages, only.branches), ("Orchard 果樹園", 3, 2));
    assert_eq!(only.cost_eur, Some(Money::from_nanos(5)));
    let told = store.load(only.id).unwrap();
    assert_eq!(told.settings.temperature, Some(0.5));
    assert_eq!(told.tree.branch(), [10, 12].map(mid));
    let said = |n| told.tree.get(mid(n)).map(|message| (message.role, message.status, message.text()));
    assert_eq!(said(10), Some((Role::User, Status::Complete, "東京都の桃は？".into())));
    assert_eq!(said(11), Some((Role::Assistant, Status::Complete, "Peaches.".into())));
    assert_eq!(said(12), Some((Role::Assistant, Status::Cut, "Ripe pea".into())));
    assert_eq!(store.draft(None).unwrap(), "a draft");

    let found = |store: &crate::storage::Store, words: &str| -> Vec<MessageId> {
        store.search(words, 9).unwrap().iter().map(|hit| hit.message).collect()
    };
    assert_eq!(found(&store, "peaches"), [mid(11)]);
    for words in ["桃", "京都", "京都の桃", "ripe"] {
        assert_eq!(found(&store, words).len(), 1, "{words}");
    }
    assert_eq!(found(&store, "樹園"), [mid(10)]);
    let trashed = store.trashed().unwrap();
    assert_eq!(trashed.iter().map(|entry| entry.deleted).collect::<Vec<_>>(), [time(7), time(6)]);
    for entry in trashed {
        store.restore(&entry.id.to_string()).unwrap();
    }
    assert_eq!(found(&store, "peaches"), [20, 11, 13].map(mid));
    let counted: Vec<u64> = store.list(None).unwrap().iter().map(|summary| summary.messages).collect();
    assert_eq!(counted, [4, 1]);
}
