//! What stays and what goes: retention, erasing, backups.

use std::path::Path;

use super::super::{Emptied, Remains, Store, rows};
use super::{Disk, mid, stored, time};
use crate::chat::tree::tests::message;
use crate::chat::{Mark, Part};

/// Whether these bytes stand in any file of a folder.
fn is_anywhere(folder: &Path, needle: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        let bytes = if path.is_file() { std::fs::read(&path).unwrap() } else { Vec::new() };
        memchr::memmem::find(&bytes, needle.as_bytes()).is_some()
    })
}

#[test]
fn what_is_emptied_from_the_trash_stands_in_no_file() {
    let disk = Disk::new();
    let folder = disk.path().parent().unwrap().to_owned();
    let mut store = disk.open();
    let mut kept = stored(&mut store, 1, &[(1, None)]);
    let secret = |n: u128| format!("zanzibar{n} {}", "filler ".repeat(800));
    for n in (2..40).step_by(2) {
        store.add_message(kept.id, &message(n, Some(1), &secret(n))).unwrap();
        store.set_mark(kept.id, mid(n), &Mark::default().labelled("zanzibarlabel")).unwrap();
        store.revise(kept.id, mid(n), &[Part::Text { text: "zanzibarnow".into() }], time(70)).unwrap();
    }
    let gone = stored(&mut store, 2, &[(100, None)]);
    store.rename(gone.id, "zanzibartitle", time(60)).unwrap();
    store.set_draft(Some(gone.id), "zanzibardraft").unwrap();
    store.add_message(gone.id, &message(101, Some(100), "桑給巴爾")).unwrap();
    assert!(is_anywhere(&folder, "zanzibar") && is_anywhere(&folder, "桑給巴爾"));
    for n in (2..40).step_by(2) {
        store.trash(kept.id, Some(mid(n)), time(80)).unwrap();
    }
    store.trash(gone.id, None, time(80)).unwrap();

    assert_eq!(store.empty_trash().unwrap(), Emptied { things: 20, remains: Remains::None });
    for trace in ["zanzibar", "anzibar", "桑給巴爾", "桑給", "給巴"] {
        assert!(!is_anywhere(&folder, trace), "{trace}");
    }
    kept.updated = time(70);
    assert_eq!(store.load(kept.id).unwrap(), kept);
    assert_eq!(store.search("text", 9).unwrap().len(), 1);
    drop(store);
    assert!(!is_anywhere(&folder, "zanzibar"));
}

#[test]
fn what_another_process_still_reads_is_told_of_and_gone_the_next_time() {
    let disk = Disk::new();
    let folder = disk.path().parent().unwrap().to_owned();
    let mut store = disk.open();
    let told = stored(&mut store, 1, &[(1, None)]);
    store.add_message(told.id, &message(2, Some(1), "zanzibar")).unwrap();
    store.trash(told.id, Some(mid(2)), time(80)).unwrap();
    let reader = disk.open();
    reader.db.execute_batch("BEGIN; SELECT count(*) FROM messages;").unwrap();
    store.db.busy_timeout(std::time::Duration::ZERO).unwrap();
    assert_eq!(store.empty_trash().unwrap(), Emptied { things: 1, remains: Remains::Traces });
    reader.db.execute_batch("COMMIT").unwrap();
    assert_eq!(store.empty_trash().unwrap(), Emptied { things: 0, remains: Remains::None });
    assert!(!is_anywhere(&folder, "zanzibar"));
}

#[test]
fn only_what_was_in_the_trash_for_too_long_expires() {
    let mut store = Store::in_memory().unwrap();
    let mut told = stored(&mut store, 1, &[(1, None), (2, Some(1)), (4, Some(1)), (5, Some(4))]);
    let old = stored(&mut store, 2, &[(10, None), (12, Some(10))]);
    let new = stored(&mut store, 3, &[(20, None)]);
    store.trash(old.id, Some(mid(12)), time(90)).unwrap();
    store.trash(told.id, Some(mid(5)), time(100)).unwrap();
    let kept = store.trash(told.id, Some(mid(4)), time(300)).unwrap();
    store.trash(old.id, None, time(100)).unwrap();
    let also_kept = store.trash(new.id, None, time(300)).unwrap();
    assert_eq!(store.expire_trash(time(50)).unwrap(), 0);
    assert_eq!(store.expire_trash(time(200)).unwrap(), 3);
    assert_eq!(store.expire_trash(time(200)).unwrap(), 0);
    let left: Vec<uuid::Uuid> = store.trashed().unwrap().iter().map(|entry| entry.id).collect();
    assert_eq!(left, [also_kept, kept]);
    for entry in left {
        store.restore(&entry.to_string()).unwrap();
    }
    told.tree.remove(mid(5));
    assert_eq!(store.load(told.id).unwrap(), told);
    assert_eq!(store.load(new.id).unwrap(), new);
    let rows: u64 =
        store.db.query_row("SELECT count(*) FROM messages", [], |row| rows::count(row, 0)).unwrap();
    assert_eq!(rows, 4);
}

#[test]
fn a_backup_is_whole_while_another_process_writes_and_opens_in_its_place_elsewhere() {
    let disk = Disk::new();
    let store = disk.open();
    let copies = disk.folder.path().join("copies");
    std::fs::create_dir(&copies).unwrap();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut writer = disk.open();
            let mut told = stored(&mut writer, 1, &[(1, None)]);
            for n in 2..60 {
                let message = message(n, Some(n - 1), &format!("word{n}"));
                writer.add_message(told.id, &message).unwrap();
                told.updated = message.created;
                told.tree.add(message);
            }
            told
        });
        for n in 0..10 {
            store.backup(&copies.join(format!("{n}.db"))).unwrap();
        }
        let told = writer.join().unwrap();
        let last = copies.join("last.db");
        store.backup(&last).unwrap();
        // Another machine: the copy takes the place of the database there, under its name.
        let elsewhere = Disk::new();
        std::fs::create_dir(elsewhere.path().parent().unwrap()).unwrap();
        std::fs::copy(&last, elsewhere.path()).unwrap();
        let mut restored = elsewhere.open();
        assert_eq!(restored.load(told.id).unwrap(), told);
        assert_eq!(restored.search("word42 ", 9).unwrap().len(), 1);
        restored.add_message(told.id, &message(60, Some(59), "more")).unwrap();
        assert_eq!(restored.list(None).unwrap()[0].messages, 60);
    });
    for n in 0..10 {
        let copy = Store::open(&copies.join(format!("{n}.db")), time(0), |_| {}).unwrap();
        let whole: String = copy.db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(whole, "ok");
        for summary in copy.list(None).unwrap() {
            assert_eq!(copy.load(summary.id).unwrap().tree.branch().len() as u64, summary.messages);
        }
    }
}
