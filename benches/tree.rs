//! The tree page and the rail on a conversation of 10,000 messages with 500 leaves: a key, and the frame after it.

#![expect(clippy::unwrap_used, reason = "a bench that cannot run should say so")]

use std::collections::HashSet;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use divan::{Bencher, black_box};
use jiff::Timestamp;
use loquat::app::graph::{Graph, Runs};
use loquat::app::{Extent, Message, Model, Size, update};
use loquat::chat::{
    Conversation, ConversationId, Message as ChatMessage, MessageId, Money, Part, Provenance, Role, Route,
    Settings, Status, Tree,
};
use loquat::config::Config;
use loquat::storage::choices::Choices;
use loquat::ui::{Theme, draw};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use uuid::Uuid;

const MESSAGES: u128 = 10_000;
const LEAVES: u128 = 500;
const SIZE: Size = Size { width: 200, height: 50 };

fn main() {
    divan::main();
}

fn id(n: u128) -> MessageId {
    MessageId(Uuid::from_u128(n))
}

/// Branches of twenty messages, of which each leaves a message somewhere in the one before.
fn parent(n: u128) -> Option<u128> {
    let run = MESSAGES / LEAVES;
    match n {
        1 => None,
        n if n % run == 1 => Some(n - 1 - (n / run * 7) % run),
        n => Some(n - 1),
    }
}

fn message(n: u128) -> ChatMessage {
    let answer = n.is_multiple_of(2);
    ChatMessage {
        id: id(n),
        parent: parent(n).map(id),
        role: if answer { Role::Assistant } else { Role::User },
        parts: vec![Part::Text { text: format!("word{} {}", n % 100, "some words of prose ".repeat(25)) }],
        status: Status::Complete,
        route: Some(Route { endpoint: "demo".into(), key: "default".into(), model: "tour".into() }),
        provenance: answer
            .then(|| Provenance { cost_eur: Some(Money::from_nanos(4_100_000)), ..Provenance::default() }),
        created: Timestamp::UNIX_EPOCH,
    }
}

fn tree() -> Tree {
    Tree::build((1..=MESSAGES).map(message), [])
}

/// The app with the conversation open and the transcript in focus.
fn app() -> Model {
    let at = Timestamp::UNIX_EPOCH;
    let (mut model, _) = Model::new(Arc::new(Config::default()), Choices::default(), SIZE, 7, at);
    let conversation = ConversationId(Uuid::from_u128(1));
    update(&mut model, Message::OpenRequested { conversation, at });
    let conversation = Conversation {
        id: conversation,
        title: "long".into(),
        created: at,
        updated: at,
        settings: Settings::default(),
        tree: tree(),
    };
    let conversation = Box::new(conversation);
    update(&mut model, Message::ConversationLoaded { conversation, extent: Extent::Whole, draft: None });
    press(&mut model, KeyCode::Tab, KeyModifiers::NONE);
    model
}

fn press(model: &mut Model, code: KeyCode, modifiers: KeyModifiers) {
    let key = KeyEvent::new(code, modifiers);
    black_box(update(model, Message::Key { key, at: Timestamp::UNIX_EPOCH }));
}

fn type_text(model: &mut Model, text: &str) {
    for c in text.chars() {
        press(model, KeyCode::Char(c), KeyModifiers::NONE);
    }
}

/// A key on the tree page after others, and the frame that shows what it did.
fn key(bencher: Bencher<'_, '_>, before: &str, keys: &str) {
    let mut model = app();
    type_text(&mut model, before);
    frames(bencher, model, keys);
}

fn frames(bencher: Bencher<'_, '_>, mut model: Model, keys: &str) {
    let theme = Theme::named(Theme::COLOURLESS).unwrap();
    let mut buffer = Buffer::empty(Rect::new(0, 0, SIZE.width, SIZE.height));
    let mut keys = keys.chars().cycle();
    bencher.bench_local(|| {
        let key = keys.next().unwrap_or_default();
        press(&mut model, KeyCode::Char(key), KeyModifiers::NONE);
        black_box(draw(&model, &theme, &mut buffer));
    });
}

#[divan::bench]
fn lay_out_all_rows(bencher: Bencher<'_, '_>) {
    let tree = tree();
    bencher.bench_local(|| Graph::build(&tree, |_| true, Runs::Whole, &HashSet::new()));
}

#[divan::bench]
fn open_and_close(bencher: Bencher<'_, '_>) {
    key(bencher, "", "tt");
}

#[divan::bench]
fn next_row(bencher: Bencher<'_, '_>) {
    key(bencher, "tg", "j");
}

#[divan::bench]
fn from_end_to_end(bencher: Bencher<'_, '_>) {
    key(bencher, "t", "gG");
}

#[divan::bench]
fn next_leaf_and_back(bencher: Bencher<'_, '_>) {
    key(bencher, "tg", "nnnN");
}

#[divan::bench]
fn fold_and_unfold(bencher: Bencher<'_, '_>) {
    key(bencher, "tg", "z");
}

#[divan::bench]
fn collapse_runs(bencher: Bencher<'_, '_>) {
    key(bencher, "t", "c");
}

#[divan::bench]
fn mine_answers_all(bencher: Bencher<'_, '_>) {
    key(bencher, "t", "f");
}

#[divan::bench]
fn type_a_filter(bencher: Bencher<'_, '_>) {
    key(bencher, "t/", "word");
}

#[divan::bench]
fn open_a_branch_and_come_back(bencher: Bencher<'_, '_>) {
    key(bencher, "", "{}");
}

#[divan::bench]
fn scroll_the_transcript(bencher: Bencher<'_, '_>) {
    key(bencher, "", "kkkkj");
}

#[divan::bench]
fn scroll_the_transcript_with_the_rail(bencher: Bencher<'_, '_>) {
    key(bencher, "|", "kkkkj");
}
