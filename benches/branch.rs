//! A branch of 2,000 messages: the frame after one more token of its answer, and the frame at another width.

#![expect(clippy::unwrap_used, reason = "a bench that cannot run should say so")]

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use divan::{Bencher, black_box};
use jiff::Timestamp;
use loquat::app::{Effect, Extent, Message, Model, Size, update};
use loquat::chat::{
    Conversation, ConversationId, Message as ChatMessage, MessageId, Part, Role, Settings, Status,
    StreamEvent, Tree, TurnId,
};
use loquat::config::Config;
use loquat::storage::choices::Choices;
use loquat::turns::TurnEvent;
use loquat::ui::{Theme, draw};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use uuid::Uuid;

const MESSAGES: u128 = 2_000;
const WIDE: Size = Size { width: 120, height: 40 };
const NARROW: Size = Size { width: 100, height: 40 };
const AT: Timestamp = Timestamp::UNIX_EPOCH;

fn main() {
    divan::main();
}

fn message(n: u128) -> ChatMessage {
    let text = "Some **words** of prose with `code`, as long as people write them.\n\n- one\n- two\n\n\
                ```rust\nlet x = 1;\n```\n\n";
    ChatMessage {
        id: MessageId(Uuid::from_u128(n)),
        parent: (n > 1).then(|| MessageId(Uuid::from_u128(n - 1))),
        role: if n.is_multiple_of(2) { Role::Assistant } else { Role::User },
        parts: vec![Part::Text { text: text.repeat(4) }],
        status: Status::Complete,
        route: None,
        provenance: None,
        created: AT,
    }
}

/// The app with the branch open, and the turn whose answer ends it.
fn app() -> (Model, TurnId) {
    let (mut model, _) = Model::new(Arc::new(Config::default()), Choices::default(), WIDE, 7, AT);
    let id = ConversationId(Uuid::from_u128(1));
    update(&mut model, Message::OpenRequested { conversation: id, at: AT });
    let conversation = Box::new(Conversation {
        id,
        title: "long".into(),
        created: AT,
        updated: AT,
        settings: Settings::default(),
        tree: Tree::build((1..=MESSAGES).map(message), []),
    });
    update(&mut model, Message::ConversationLoaded { conversation, extent: Extent::Whole, draft: None });
    press(&mut model, KeyCode::Char('x'));
    let effects = press(&mut model, KeyCode::Enter);
    let turn = effects.iter().find_map(|effect| match effect {
        Effect::StartTurn(request) => Some(request.turn),
        _ => None,
    });
    (model, turn.unwrap())
}

fn press(model: &mut Model, code: KeyCode) -> Vec<Effect> {
    update(model, Message::Key { key: KeyEvent::new(code, KeyModifiers::NONE), at: AT })
}

fn frame(model: &Model, theme: &Theme, size: Size) {
    let mut buffer = Buffer::empty(Rect::new(0, 0, size.width, size.height));
    black_box(draw(model, theme, &mut buffer));
}

#[divan::bench]
fn one_more_token(bencher: Bencher<'_, '_>) {
    let (mut model, turn) = app();
    let theme = Theme::named(Theme::COLOURLESS).unwrap();
    bencher.bench_local(|| {
        let event = TurnEvent::Said(StreamEvent::Text("word ".to_owned()));
        update(&mut model, Message::Turn { turn, event, at: AT });
        frame(&model, &theme, WIDE);
    });
}

/// All of it was read, so that all of it is laid out at the width that goes; the view is held in its midst.
#[divan::bench]
fn another_width(bencher: Bencher<'_, '_>) {
    let (mut model, _) = app();
    let theme = Theme::named(Theme::COLOURLESS).unwrap();
    (0..500).for_each(|_| drop(press(&mut model, KeyCode::PageUp)));
    let mut sizes = [NARROW, WIDE].into_iter().cycle();
    bencher.bench_local(|| {
        let size = sizes.next().unwrap();
        update(&mut model, Message::Resize { size, at: AT });
        frame(&model, &theme, size);
    });
}
