//! The store: opening, a long conversation, a turn, search.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run has nothing to say")]

use std::path::Path;

use divan::{Bencher, black_box};
use jiff::Timestamp;
use loquat::chat::{
    Conversation, ConversationId, Message, MessageId, Part, Role, Route, Settings, Status, StreamEvent, Tree,
};
use loquat::storage::{Begun, Standing, Store};
use tempfile::TempDir;
use uuid::Uuid;

const MESSAGES: u128 = 10_000;

fn main() {
    divan::main();
}

fn conversation() -> Conversation {
    Conversation {
        id: ConversationId(Uuid::from_u128(1)),
        title: "long".into(),
        created: Timestamp::UNIX_EPOCH,
        updated: Timestamp::UNIX_EPOCH,
        settings: Settings::default(),
        tree: Tree::default(),
    }
}

fn message(n: u128) -> Message {
    let answer = n.is_multiple_of(2);
    Message {
        id: MessageId(Uuid::from_u128(n)),
        parent: (n > 1).then(|| MessageId(Uuid::from_u128(n - 1))),
        role: if answer { Role::Assistant } else { Role::User },
        parts: vec![Part::Text { text: format!("word{} {}", n % 100, "some words of prose ".repeat(25)) }],
        status: Status::Complete,
        route: Some(Route { endpoint: "demo".into(), key: "default".into(), model: "tour".into() }),
        provenance: answer.then(Default::default),
        created: Timestamp::UNIX_EPOCH,
    }
}

const BEGUN: Begun<'_> = Begun { at: Timestamp::UNIX_EPOCH, purpose: "bench", standing: Standing::Chosen };

fn live(n: u128) -> Message {
    Message { status: Status::Streaming, parts: Vec::new(), ..message(n) }
}

fn open(folder: &Path) -> Store {
    Store::open(&folder.join("loquat.db"), Timestamp::UNIX_EPOCH, |_| {}).unwrap()
}

fn long() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    store.create(&conversation()).unwrap();
    for n in 1..=MESSAGES {
        store.add_message(conversation().id, &message(n)).unwrap();
    }
    folder
}

#[divan::bench]
fn open_an_existing_database(bencher: Bencher<'_, '_>) {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    bencher.bench_local(|| open(black_box(folder.path())));
}

#[divan::bench(sample_count = 20)]
fn first_screen_of_10_000_messages(bencher: Bencher<'_, '_>) {
    let folder = long();
    let store = open(folder.path());
    bencher.bench_local(|| store.load_tail(conversation().id, 100).unwrap());
}

#[divan::bench(sample_count = 20)]
fn all_of_10_000_messages(bencher: Bencher<'_, '_>) {
    let folder = long();
    let store = open(folder.path());
    bencher.bench_local(|| store.load(conversation().id).unwrap());
}

#[divan::bench(sample_count = 20)]
fn search_10_000_messages_for_the_commonest_word(bencher: Bencher<'_, '_>) {
    let folder = long();
    let store = open(folder.path());
    bencher.bench_local(|| store.search(black_box("prose"), 50).unwrap());
}

#[divan::bench]
fn begin_chunk_and_end_a_turn(bencher: Bencher<'_, '_>) {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path());
    store.create(&conversation()).unwrap();
    let mut n = 0;
    bencher.bench_local(|| {
        n += 2;
        store.begin_turn(conversation().id, None, Some(&message(n - 1)), &live(n), BEGUN).unwrap();
        store.append_chunk(live(n).id, &[StreamEvent::Text("some words".into())], BEGUN.at).unwrap();
        store.end_answer(conversation().id, &message(n)).unwrap();
    });
}
