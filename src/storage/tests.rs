//! The store as the rest of the program uses it.

use std::path::PathBuf;

use proptest::prelude::*;
use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::chat::tree::tests::message;
use crate::chat::{
    Answer, Conversation, FinishReason, Part, Provenance, Route, Settings, StreamEvent, ToolCall, Totals,
    Tree,
};

pub(super) fn time(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

pub(super) fn mid(n: u128) -> MessageId {
    MessageId(Uuid::from_u128(n))
}

pub(super) fn conversation(id: u128, title: &str) -> Conversation {
    Conversation {
        id: ConversationId(Uuid::from_u128(id)),
        title: title.to_owned(),
        created: time(0),
        updated: time(0),
        settings: Settings::default(),
        tree: Tree::default(),
    }
}

mod acts;
mod lasting;
mod migration;
mod notes;

fn live(id: u128, parent: u128) -> Message {
    Message {
        parts: Vec::new(),
        status: Status::Streaming,
        role: Role::Assistant,
        ..message(id, Some(parent), "")
    }
}

const BEGUN: Begun<'_> = Begun { at: Timestamp::UNIX_EPOCH, purpose: "test", standing: Standing::Chosen };

fn text(text: &str) -> StreamEvent {
    StreamEvent::Text(text.to_owned())
}

/// A store in a folder of its own.
pub(super) struct Disk {
    folder: TempDir,
}

impl Disk {
    pub(super) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }
    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("data/loquat.db")
    }
    pub(super) fn open(&self) -> Store {
        Store::open(&self.path(), time(1000), |_| {}).unwrap()
    }
}

/// A conversation of these links in the store, and in memory.
pub(super) fn stored(store: &mut Store, id: u128, links: &[(u128, Option<u128>)]) -> Conversation {
    let mut conversation = conversation(id, "fig");
    store.create(&conversation).unwrap();
    for &(n, parent) in links {
        let message = message(n, parent, &format!("text {n}"));
        store.add_message(conversation.id, &message).unwrap();
        conversation.updated = conversation.updated.max(message.created);
        conversation.tree.add(message);
    }
    conversation
}

#[test]
fn a_conversation_is_loaded_as_it_was_stored() {
    let disk = Disk::new();
    let mut store = disk.open();
    let mut told = conversation(1, "títle\n");
    told.settings = Settings { temperature: Some(0.5), ..Settings::default() };
    store.create(&told).unwrap();
    let route = Route { endpoint: "demo".into(), key: "work".into(), model: "m".into() };
    let call = ToolCall { id: "c".into(), name: "f".into(), arguments: "{\"x\"".into() };
    let shapes: [Vec<Part>; 6] = [
        vec![],
        vec![Part::Text { text: String::new() }],
        vec![Part::Text { text: "nul \0 and 世界".into() }],
        vec![Part::Reasoning { text: "r".into() }],
        vec![Part::Reasoning { text: "r".into() }, Part::Text { text: "t".into() }],
        vec![Part::Text { text: "t".into() }, Part::Refusal { text: "no".into() }, Part::ToolCall(call)],
    ];
    for (n, parts) in shapes.into_iter().enumerate() {
        let n = n as u128 + 1;
        let message = Message {
            parts,
            route: Some(route.clone()),
            provenance: Some(Provenance {
                usage: Usage { tokens_in: Some(3), ..Usage::default() },
                cost_eur: Some(Money::from_nanos(12)),
                ..Provenance::default()
            }),
            created: Timestamp::new(1_700_000_000, 123_456_789).unwrap(),
            ..message(n, (n > 1).then_some(n - 1), "")
        };
        store.add_message(told.id, &message).unwrap();
        told.updated = message.created;
        told.tree.add(message);
    }
    assert_eq!(store.load(told.id).unwrap(), told);
    drop(store);
    assert_eq!(disk.open().load(told.id).unwrap(), told);
}

#[test]
fn a_conversation_adds_up_without_being_read_to_what_its_tree_adds_up_to() {
    let disk = Disk::new();
    let mut store = disk.open();
    let mut told = conversation(1, "fig");
    store.create(&told).unwrap();
    assert_eq!(store.totals(told.id).unwrap(), Totals::default());
    let used = Usage { tokens_out: Some(7), ..Usage::default() };
    let cost = Some(Money::from_nanos(12));
    // Two with a price, on two branches; one with tokens alone, one with nothing.
    let answers = [(1, used, cost), (2, used, cost), (2, used, None), (3, Usage::default(), None)];
    for (id, (parent, usage, cost_eur)) in (2..).zip(answers) {
        if id == 2 {
            store.add_message(told.id, &message(1, None, "q")).unwrap();
            told.tree.add(message(1, None, "q"));
        }
        let provenance = Some(Provenance { usage, cost_eur, ..Provenance::default() });
        let answer = Message { provenance, ..message(id, Some(parent), "a") };
        store.add_message(told.id, &answer).unwrap();
        told.tree.add(answer);
    }
    let totals = Totals { branches: 2, spent: Some(Money::from_nanos(24)), unpriced: 1 };
    assert_eq!((store.totals(told.id).unwrap(), Totals::of(&told.tree)), (totals, totals));
    assert!(matches!(store.totals(ConversationId(Uuid::nil())), Err(StoreError::NotFound(_))));
}

#[test]
fn the_tail_is_the_end_of_the_chosen_branch() {
    let mut store = Store::in_memory().unwrap();
    let links = [(1, None), (2, Some(1)), (3, Some(2)), (4, Some(3)), (6, Some(3))];
    let mut told = stored(&mut store, 1, &links);
    let tail = |store: &Store, told: &Conversation| store.load_tail(told.id, 2).unwrap().tree.branch();
    assert_eq!(tail(&store, &told), [mid(3), mid(6)]);
    let changed = told.tree.choose(mid(4));
    store.choose(told.id, &changed).unwrap();
    assert_eq!(tail(&store, &told), [mid(3), mid(4)]);
    store.trash(told.id, Some(mid(4)), time(9)).unwrap();
    assert_eq!(tail(&store, &told), [mid(3), mid(6)]);
    assert_eq!(store.load_tail(told.id, 50).unwrap().tree.branch(), [1, 2, 3, 6].map(mid));
}

#[test]
fn a_turn_is_stored_live_then_whole_and_found_only_when_it_has_ended() {
    let disk = Disk::new();
    let mut store = disk.open();
    let mut told = conversation(1, "");
    let (user, answer) = (message(1, None, "hi"), live(2, 1));
    store.begin_turn(told.id, Some(&told), Some(&user), &answer, BEGUN).unwrap();
    store.append_chunk(answer.id, &[text("Hel"), StreamEvent::ModelServed("m-1".into())], time(7)).unwrap();
    store.append_chunk(answer.id, &[], time(7)).unwrap();
    store.append_chunk(answer.id, &[text("lo")], time(7)).unwrap();
    // Another process sees it come, and leaves it alone.
    let other = disk.open();
    let so_far = Answer {
        parts: vec![Part::Text { text: "Hello".into() }],
        usage: Usage::default(),
        model_served: Some(ModelId("m-1".into())),
    };
    assert_eq!(other.live_answer(answer.id).unwrap(), so_far);
    assert_eq!(other.load(told.id).unwrap().tree.get(answer.id), Some(&answer));
    assert_eq!(other.search("hello", 9).unwrap(), []);

    let whole = Message { parts: so_far.parts, status: Status::Complete, ..answer };
    store.end_answer(told.id, &whole).unwrap();
    told.tree.add(user);
    told.tree.add(whole.clone());
    told.updated = whole.created;
    assert_eq!(other.load(told.id).unwrap(), told);
    assert_eq!(other.search("hello", 9).unwrap().len(), 1);
    let chunks: u64 =
        other.db.query_row("SELECT count(*) FROM chunks", [], |row| rows::count(row, 0)).unwrap();
    assert_eq!(chunks, 0);
    assert_eq!(std::fs::read_dir(disk.folder.path().join("data/live")).unwrap().count(), 0);
}

#[test]
fn an_answer_whose_process_is_gone_is_cut_and_keeps_what_came() {
    let disk = Disk::new();
    let told = conversation(1, "");
    let answer = live(2, 1);
    let mut store = disk.open();
    store.begin_turn(told.id, Some(&told), Some(&message(1, None, "hi")), &answer, BEGUN).unwrap();
    store.append_chunk(answer.id, &[text("half an ans")], time(7)).unwrap();
    drop(store);

    let store = disk.open();
    let cut = store.load(told.id).unwrap().tree.get(answer.id).unwrap().clone();
    assert_eq!((cut.status, cut.text().as_str()), (Status::Cut, "half an ans"));
    let provenance = cut.provenance.unwrap();
    assert_eq!(provenance.finish, Some(FinishReason::Cut));
    assert!(provenance.failure.unwrap().message.contains("noticed 1970-01-01 00:16 UTC"));
    assert_eq!(store.search("half", 9).unwrap().len(), 1);
}

#[test]
fn an_answer_that_was_left_behind_is_told_once_with_what_is_known_of_it() {
    let disk = Disk::new();
    let told = conversation(1, "");
    let usage = Usage { tokens_in: Some(9), ..Usage::default() };
    let mut store = disk.open();
    let begun = Begun { at: time(3), purpose: "test", standing: Standing::Chosen };
    store.begin_turn(told.id, Some(&told), Some(&message(1, None, "hi")), &live(2, 1), begun).unwrap();
    store.append_chunk(mid(2), &[text("half"), StreamEvent::ModelServed("m-1".into())], time(4)).unwrap();
    store.append_chunk(mid(2), &[text(" an"), StreamEvent::Usage(usage)], time(7)).unwrap();
    drop(store);

    let left = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| Store::open(&disk.path(), time(9), |one| left.lock().unwrap().push(one.clone())));
        }
    });
    let answer = disk.open().load(told.id).unwrap().tree.get(mid(2)).unwrap().clone();
    let expected = LeftBehind {
        conversation: told.id,
        answer,
        began: time(3),
        said: Some(time(7)),
        purpose: Some("test".into()),
        usage,
        model_served: Some("m-1".into()),
    };
    assert_eq!(*left.lock().unwrap(), [expected]);
}

#[test]
fn several_turns_of_one_question_store_it_once_whichever_comes_first() {
    let disk = Disk::new();
    let mut store = disk.open();
    let told = conversation(1, "fig");
    let user = message(1, None, "hi");
    let beside = Begun { standing: Standing::Beside, ..BEGUN };
    // The second lane is ready before the first one, and fails before the third one begins.
    store.begin_turn(told.id, Some(&told), Some(&user), &live(4, 1), beside).unwrap();
    store.begin_turn(told.id, Some(&told), Some(&user), &live(2, 1), BEGUN).unwrap();
    let failed = Message { status: Status::Failed, ..live(4, 1) };
    store.end_answer(told.id, &failed).unwrap();
    store.begin_turn(told.id, Some(&told), Some(&user), &live(6, 1), beside).unwrap();
    store.begin_turn(told.id, None, None, &live(8, 1), beside).unwrap();
    let tree = store.load(told.id).unwrap().tree;
    assert_eq!((tree.len(), tree.children(None)), (5, &[user.id][..]));
    let ids: Vec<MessageId> = [2, 4, 6, 8].map(|id| live(id, 1).id).into();
    assert_eq!((tree.children(Some(user.id)), tree.leaf()), (&ids[..], Some(ids[0])));
    assert_eq!(store.list(None).unwrap().len(), 1);
}

#[test]
fn a_continued_answer_keeps_what_it_held_through_another_crash() {
    let disk = Disk::new();
    let told = conversation(1, "");
    let mut store = disk.open();
    store.begin_turn(told.id, Some(&told), Some(&message(1, None, "hi")), &live(2, 1), BEGUN).unwrap();
    store.append_chunk(mid(2), &[text("one ")], time(7)).unwrap();
    drop(store);
    let mut store = disk.open();
    let cut = store.load(told.id).unwrap().tree.get(mid(2)).unwrap().clone();
    store.begin_turn(told.id, None, None, &Message { status: Status::Streaming, ..cut }, BEGUN).unwrap();
    store.append_chunk(mid(2), &[text("two")], time(7)).unwrap();
    drop(store);
    assert_eq!(disk.open().load(told.id).unwrap().tree.get(mid(2)).unwrap().text(), "one two");
}

#[test]
fn a_retry_replaces_a_dead_leaf_which_goes_to_the_trash() {
    let mut store = Store::in_memory().unwrap();
    let told = conversation(1, "");
    store.begin_turn(told.id, Some(&told), Some(&message(1, None, "hi")), &live(2, 1), BEGUN).unwrap();
    store.end_answer(told.id, &Message { status: Status::Failed, ..live(2, 1) }).unwrap();
    store.begin_turn(told.id, None, None, &live(4, 1), BEGUN).unwrap();
    assert_eq!(store.load(told.id).unwrap().tree.children(Some(mid(1))), [mid(4)]);
    let trashed: Vec<Option<MessageId>> =
        store.trashed().unwrap().iter().map(|entry| entry.message).collect();
    assert_eq!(trashed, [Some(mid(2))]);
    // A failure that said something stays.
    let said = Message { status: Status::Failed, ..message(4, Some(1), "half") };
    store.end_answer(told.id, &said).unwrap();
    store.begin_turn(told.id, None, None, &live(6, 1), BEGUN).unwrap();
    assert_eq!(store.load(told.id).unwrap().tree.children(Some(mid(1))), [mid(4), mid(6)]);
}

#[test]
fn a_trashed_conversation_is_nowhere_until_it_is_restored() {
    let mut store = Store::in_memory().unwrap();
    let told = stored(&mut store, 1, &[(1, None), (2, Some(1))]);
    let entry = store.trash(told.id, None, time(7)).unwrap();
    assert_eq!(store.list(None).unwrap(), []);
    assert_eq!(store.latest().unwrap(), None);
    assert_eq!(store.search("text", 9).unwrap(), []);
    assert!(matches!(store.load(told.id), Err(StoreError::NotFound(_))));
    assert!(matches!(store.find_message(&mid(1).to_string()), Err(StoreError::NotFound(_))));
    let expected = Trashed {
        id: entry,
        conversation: told.id,
        message: None,
        title: "fig".into(),
        messages: 2,
        deleted: time(7),
    };
    assert_eq!(store.trashed().unwrap(), std::slice::from_ref(&expected));
    assert_eq!(store.restore(&entry.to_string()[..13]).unwrap(), expected);
    assert_eq!(store.load(told.id).unwrap(), told);
    assert_eq!(store.trashed().unwrap(), []);
}

#[test]
fn restoring_a_part_brings_back_what_holds_it() {
    let mut store = Store::in_memory().unwrap();
    let told = stored(&mut store, 1, &[(1, None), (2, Some(1)), (3, Some(2)), (4, Some(3))]);
    let inner = store.trash(told.id, Some(mid(4)), time(1)).unwrap();
    store.trash(told.id, Some(mid(2)), time(2)).unwrap();
    store.trash(told.id, None, time(3)).unwrap();
    store.restore(&inner.to_string()).unwrap();
    assert_eq!(store.load(told.id).unwrap(), told);
    assert_eq!(store.trashed().unwrap(), []);
}

#[test]
fn emptying_the_trash_removes_what_it_held_and_nothing_else() {
    let mut store = Store::in_memory().unwrap();
    let mut kept = stored(&mut store, 1, &[(1, None), (2, Some(1)), (4, Some(1))]);
    let gone = stored(&mut store, 2, &[(11, None), (12, Some(11))]);
    store.trash(kept.id, Some(mid(4)), time(1)).unwrap();
    store.trash(gone.id, None, time(1)).unwrap();
    assert_eq!(store.empty_trash().unwrap(), Emptied { things: 2, remains: Remains::None });
    kept.tree.remove(mid(4));
    assert_eq!(store.load(kept.id).unwrap(), kept);
    assert_eq!(store.trashed().unwrap(), []);
    let rows: u64 =
        store.db.query_row("SELECT count(*) FROM messages", [], |row| rows::count(row, 0)).unwrap();
    assert_eq!(rows, 2);
    assert_eq!(store.empty_trash().unwrap().things, 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn trash_then_restore_changes_nothing_and_between_it_is_the_tree_without_it(
        parents in prop::collection::vec(0u128..24, 1..24),
        picks in prop::collection::vec(0usize..24, 0..4),
        gone in 0usize..24,
    ) {
        let links: Vec<(u128, Option<u128>)> = parents
            .iter()
            .enumerate()
            .map(|(n, &parent)| (n as u128 + 1, (parent > 0 && parent <= n as u128).then_some(parent)))
            .collect();
        let mut store = Store::in_memory().unwrap();
        let mut told = stored(&mut store, 1, &links);
        for pick in picks {
            let changed = told.tree.choose(mid(links[pick % links.len()].0));
            store.choose(told.id, &changed).unwrap();
        }
        // A choice that was already in effect is not stored; what is shown is what counts.
        let before = store.load(told.id).unwrap();
        prop_assert_eq!(before.tree.branch(), told.tree.branch());
        let summary = &store.list(None).unwrap()[0];
        prop_assert_eq!(summary.messages, told.tree.len() as u64);
        prop_assert_eq!(summary.branches, told.tree.branch_count() as u64);

        let gone = mid(links[gone % links.len()].0);
        let entry = store.trash(told.id, Some(gone), time(5)).unwrap();
        let mut without = before.clone();
        without.tree.remove(gone);
        prop_assert_eq!(&store.load(told.id).unwrap(), &without);
        prop_assert_eq!(store.load_tail(told.id, 99).unwrap().tree.branch(), without.tree.branch());
        store.restore(&entry.to_string()).unwrap();
        prop_assert_eq!(&store.load(told.id).unwrap(), &before);
        prop_assert_eq!(store.load_tail(told.id, 99).unwrap().tree.branch(), before.tree.branch());
    }
}

#[test]
fn words_phrases_prefixes_cjk_and_titles_are_found() {
    let mut store = Store::in_memory().unwrap();
    let told = conversation(1, "Orchard 果樹園 notes");
    store.create(&told).unwrap();
    let texts =
        ["loquat trees grow quickly", "grow no trees here", "昨日、東京都に行きました", "Crème brûlée"];
    for (n, text) in texts.into_iter().enumerate() {
        let n = n as u128 + 1;
        store.add_message(told.id, &message(n, (n > 1).then_some(n - 1), text)).unwrap();
    }
    for (words, expected) in [
        ("trees", vec![1, 2]),
        ("trees loquat", vec![1]),
        ("\"trees grow\"", vec![1]),
        ("quick", vec![1]),
        ("quick ", vec![]),
        ("東京", vec![3]),
        ("京都に", vec![3]),
        ("京東", vec![]),
        ("creme", vec![4]),
        ("樹園", vec![1]),
        ("orchard", vec![1]),
        ("grow*", vec![1, 2]),
        ("text:grow", vec![]),
    ] {
        let mut found: Vec<MessageId> =
            store.search(words, 9).unwrap().iter().map(|hit| hit.message).collect();
        found.sort_unstable();
        assert_eq!(found, expected.into_iter().map(mid).collect::<Vec<_>>(), "{words}");
    }
    assert_eq!(
        store.search("東京", 9).unwrap(),
        [Hit {
            conversation: told.id,
            message: mid(3),
            model: None,
            role: Role::User,
            snippet: "昨日、東京都に行きました".into(),
            matches: std::iter::once(9..15).collect(),
            title: told.title,
        }]
    );
}

#[test]
fn a_new_title_is_found_and_the_old_one_is_not() {
    let mut store = Store::in_memory().unwrap();
    let told = stored(&mut store, 1, &[(1, None)]);
    store.rename(told.id, "quince", time(50)).unwrap();
    assert_eq!(store.search("fig", 9).unwrap(), []);
    assert_eq!(store.search("quince", 9).unwrap().len(), 1);
    let renamed = &store.list(None).unwrap()[0];
    assert_eq!((renamed.title.as_str(), renamed.updated), ("quince", time(50)));
}

#[test]
fn lists_are_newest_first_and_sum_the_known_prices() {
    let mut store = Store::in_memory().unwrap();
    let older = stored(&mut store, 1, &[(1, None)]);
    let newer = stored(&mut store, 2, &[(20, None)]);
    for (n, nanos) in [(22, Some(5)), (24, None), (26, Some(7))] {
        let provenance = Provenance { cost_eur: nanos.map(Money::from_nanos), ..Provenance::default() };
        let answer = Message { provenance: Some(provenance), ..message(n, Some(20), "") };
        store.add_message(newer.id, &answer).unwrap();
    }
    let summary = |told: &Conversation, updated, messages, branches, cost_eur| Summary {
        id: told.id,
        title: "fig".into(),
        created: time(0),
        updated: time(updated),
        messages,
        branches,
        cost_eur,
        shelf: Shelf::default(),
    };
    let expected = [summary(&newer, 26, 4, 3, Some(Money::from_nanos(12))), summary(&older, 1, 1, 1, None)];
    assert_eq!(store.list(None).unwrap(), expected);
    assert_eq!(store.list(Some(1)).unwrap(), expected[..1]);
    assert_eq!(store.latest().unwrap(), Some(newer.id));
}

#[test]
fn ids_are_found_by_unique_beginnings_and_shown_by_them() {
    let mut store = Store::in_memory().unwrap();
    let a = stored(&mut store, 0x019a_2b3c_4d5e << 80, &[]);
    let b = stored(&mut store, 0x019a_2b3c_4f5e << 80, &[]);
    assert_eq!(store.find_conversation("019a2b3c-4D").unwrap(), a.id);
    assert_eq!(store.short_conversation(a.id).unwrap(), "019a2b3c-4d");
    assert_eq!(store.find_conversation(&store.short_conversation(b.id).unwrap()).unwrap(), b.id);
    assert!(matches!(store.find_conversation("ff"), Err(StoreError::NotFound(prefix)) if prefix == "ff"));
    let ambiguous = store.find_conversation("019a2b3c");
    assert!(
        matches!(&ambiguous, Err(StoreError::Ambiguous { count: 2, candidates, .. }) if *candidates == [a.id.0, b.id.0])
    );
}

#[test]
fn a_newer_database_is_refused_and_not_touched() {
    let disk = Disk::new();
    drop(disk.open());
    {
        let db = Connection::open(disk.path()).unwrap();
        db.pragma_update(None, "user_version", 99).unwrap();
    }
    let before = std::fs::read(disk.path()).unwrap();
    let refused = Store::open(&disk.path(), time(0), |_| {});
    assert!(matches!(refused, Err(StoreError::Newer { found: 99, known: 4 })));
    assert_eq!(std::fs::read(disk.path()).unwrap(), before);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_database_and_what_lies_beside_it() {
    use std::os::unix::fs::PermissionsExt;
    let disk = Disk::new();
    let mut store = disk.open();
    let told = conversation(1, "");
    store.begin_turn(told.id, Some(&told), Some(&message(1, None, "hi")), &live(2, 1), BEGUN).unwrap();
    store.backup(&disk.folder.path().join("copy.db")).unwrap();
    let mode = |path: PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let data = disk.folder.path().join("data");
    assert_eq!(mode(data.clone()), 0o700);
    let mut names: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(&data).unwrap() {
        let path = entry.unwrap().path();
        names.push(path.file_name().unwrap().to_string_lossy().into_owned());
        assert_eq!(mode(path.clone()), if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
    }
    names.sort();
    assert_eq!(names, ["live", "loquat.db", "loquat.db-shm", "loquat.db-wal"]);
    assert_eq!(mode(disk.folder.path().join("copy.db")), 0o600);
}

#[test]
fn a_backup_opens_as_the_database_it_was_taken_of_and_replaces_nothing() {
    let disk = Disk::new();
    let mut store = disk.open();
    let told = stored(&mut store, 1, &[(1, None), (2, Some(1))]);
    let copy = disk.folder.path().join("copy.db");
    store.backup(&copy).unwrap();
    assert!(matches!(store.backup(&copy), Err(StoreError::File { .. })));
    let copied = Store::open(&copy, time(0), |_| {}).unwrap();
    assert_eq!(copied.load(told.id).unwrap(), told);
    assert_eq!(copied.search("text", 9).unwrap().len(), 2);
}

#[test]
fn a_new_database_is_found_whole_and_nothing_is_left_beside_it() {
    let disk = Disk::new();
    let store = disk.open();
    let version: u32 = store.db.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!((version, store.journal()), (4, Journal::Wal));
    drop(store);
    let names: Vec<_> = std::fs::read_dir(disk.path().parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["loquat.db"]);
}

#[test]
fn the_log_of_a_database_that_was_removed_is_no_part_of_the_next() {
    let disk = Disk::new();
    let mut store = disk.open();
    stored(&mut store, 1, &[(1, None)]);
    // Left without closing, as a one-shot leaves it: everything still stands in the log.
    std::mem::forget(store);
    std::fs::remove_file(disk.path()).unwrap();
    let mut store = disk.open();
    assert_eq!(store.list(None).unwrap(), []);
    let conversation = stored(&mut store, 2, &[(2, None)]);
    drop(store);
    assert_eq!(disk.open().load(conversation.id).unwrap(), conversation);
}

#[test]
fn a_long_log_is_emptied_after_a_turn_unless_somebody_reads_and_nothing_is_lost() {
    let disk = Disk::new();
    let mut store = disk.open();
    let conversation = conversation(1, "fig");
    store.create(&conversation).unwrap();
    let log = || std::fs::metadata(disk.path().with_file_name("loquat.db-wal")).unwrap().len();
    store.shorten_log().unwrap();
    assert!(log() > 0);

    let long = Message { parts: vec![Part::Text { text: "word ".repeat(200_000) }], ..message(1, None, "") };
    store.add_message(conversation.id, &long).unwrap();
    let reader = disk.open();
    reader.db.execute_batch("BEGIN; SELECT count(*) FROM messages;").unwrap();
    store.rename(conversation.id, "date", time(1)).unwrap();
    let before = log();
    store.shorten_log().unwrap();
    assert_eq!(log(), before);
    reader.db.execute_batch("COMMIT").unwrap();
    store.shorten_log().unwrap();
    assert_eq!(log(), 0);
    drop((store, reader));
    let loaded = disk.open().load(conversation.id).unwrap();
    assert_eq!((loaded.title.as_str(), loaded.tree.get(long.id)), ("date", Some(&long)));
}

#[test]
fn ten_writers_of_one_new_file_wait_for_each_other() {
    let disk = Disk::new();
    std::thread::scope(|scope| {
        for writer in 0..10u128 {
            let disk = &disk;
            scope.spawn(move || {
                let mut store = disk.open();
                let told = conversation(writer + 1, "");
                let first = writer * 100 + 1;
                store
                    .begin_turn(
                        told.id,
                        Some(&told),
                        Some(&message(first, None, "hi")),
                        &live(first + 1, first),
                        BEGUN,
                    )
                    .unwrap();
                for _ in 0..10 {
                    store.append_chunk(mid(first + 1), &[text("x")], time(7)).unwrap();
                }
                let ended = message(first + 1, Some(first), "xxxxxxxxxx");
                store.end_answer(told.id, &ended).unwrap();
            });
        }
    });
    let store = disk.open();
    assert_eq!(store.list(None).unwrap().len(), 10);
    assert_eq!(store.search("xxxxxxxxxx", 99).unwrap().len(), 10);
}
