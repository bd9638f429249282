//! A streamed answer: laid out delta by delta, and shown by the whole app on a screen of 120 × 40.
//!
//! Before the timings it prints what the terminal is sent per visible character, with Markdown and the colours of code
//! on, and what the frames cost. `LOQUAT_BENCH_TEXT` names a file whose text is streamed instead of the one below.

#![expect(clippy::unwrap_used, reason = "a bench that cannot run should say so")]
#![expect(clippy::print_stdout, reason = "bytes are a figure that the timings do not show")]

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::{SignedDuration, Timestamp};
use loquat::app::mouse::Mouse;
use loquat::app::{Effect, Message, Model, Size, update};
use loquat::chat::{StreamEvent, TurnId};
use loquat::config::access::Title;
use loquat::config::quirks::Quirks;
use loquat::config::{Env, Paths, load};
use loquat::layout::colour::colour;
use loquat::layout::{Live, View, lay_out};
use loquat::runtime::colour::ColorDepth;
use loquat::runtime::terminal::{Options, Screen, Terminal};
use loquat::storage::choices::Choices;
use loquat::turns::TurnEvent;
use loquat::ui::{Theme, draw_linked};

const COLUMNS: u16 = 120;
const ROWS: u16 = 40;
/// Deltas a frame: 500 a second, 60 frames a second.
const A_FRAME: usize = 8;
const DELTAS: usize = 5000;
const FRAME: SignedDuration = SignedDuration::from_millis(16);

/// A terminal that can do most of what there is.
fn quirks() -> &'static Quirks {
    Quirks::detect(|name| (name == "TERM").then(|| "foot".to_owned()))
}

fn main() {
    let text = std::env::var("LOQUAT_BENCH_TEXT").ok().map(|file| std::fs::read_to_string(file).unwrap());
    let deltas = deltas_of(text.as_deref().unwrap_or(ANSWER));
    let shown = deltas.concat().chars().filter(|c| !c.is_whitespace()).count();
    let Streamed { bytes, writes, largest, updating, drawing } = stream(&deltas);
    println!(
        "{DELTAS} deltas, {shown} visible characters: {bytes} bytes in {writes} writes (the largest {largest}), \
         {:.2} bytes a character; update {:.0} ms, draw and write {:.0} ms",
        bytes as f64 / shown as f64,
        updating.as_secs_f64() * 1e3,
        drawing.as_secs_f64() * 1e3,
    );
    divan::main();
}

/// What models write: prose, lists, code, tables, some of it wide.
const ANSWER: &str = "## What borrowing asks for\n\n\
    A reference may not **outlive** what it points to; the checker proves it from `'a` and the places where values \
    are moved, dropped, or lent again, so a program that compiles has no dangling pointer in it.\n\n\
    1. Lend as late as you can.\n2. Give back as *early* as you can.\n   - a block ends a loan\n   - so does the last use\n\n\
    > Whoever owns a value may change it; whoever borrows it may not be surprised.\n\n\
    ```rust\nfn longest<'a>(a: &'a str, b: &'a str) -> &'a str {\n    // both live as long as the result\n    \
    if a.len() > b.len() { a } else { b }\n}\n```\n\n\
    | kind | written | copies |\n|:--|:-:|--:|\n| shared | `&T` | any number |\n| unique | `&mut T` | one |\n\n\
    借用の規則は二つだけです。共有の参照はいくつあってもよく、可変の参照は一つだけです。\n\n\
    ```python\ndef lend(book, days=14):\n    return {\"book\": book, \"until\": today() + days}\n```\n\n";

/// A text over and over, in pieces such as tokens are: a word with its blank, a mark, two characters of CJK.
fn deltas_of(text: &str) -> Vec<String> {
    let mut deltas: Vec<String> = Vec::new();
    let mut piece = String::new();
    for c in text.chars().cycle() {
        let is_full = piece.chars().count() >= if c.is_ascii() { 7 } else { 2 };
        let ends_line = piece.ends_with('\n') != (c == '\n');
        if !piece.is_empty() && (is_full || ends_line || c == ' ' || c.is_ascii_punctuation()) {
            deltas.push(std::mem::take(&mut piece));
            if deltas.len() == DELTAS {
                return deltas;
            }
        }
        piece.push(c);
    }
    deltas
}

/// What a terminal was sent.
#[derive(Default)]
struct Counted {
    bytes: usize,
    writes: usize,
    largest: usize,
}

impl Write for &mut Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.bytes += bytes.len();
        self.writes += 1;
        self.largest = self.largest.max(bytes.len());
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

struct Streamed {
    bytes: usize,
    writes: usize,
    largest: usize,
    updating: Duration,
    drawing: Duration,
}

/// The app while an answer comes in.
struct Stage {
    model: Model,
    turn: TurnId,
    at: Timestamp,
    /// What came back of effects and is not yet told.
    answers: Vec<Message>,
    wakes: Vec<Timestamp>,
}

impl Stage {
    /// The app with a question asked.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let [config, data, cache, state] = [(); 4].map(|()| folder.path().to_owned());
        let paths = Paths { config, data, cache, state };
        let config = load(None, &paths, Env::of([])).unwrap().config;
        let at = Timestamp::UNIX_EPOCH;
        let size = Size { width: COLUMNS, height: ROWS };
        let (mut model, _) = Model::new(Arc::new(config), Choices::default(), size, 7, at);
        for key in "why".chars().map(KeyCode::Char) {
            update(&mut model, Message::Key { key: KeyEvent::new(key, KeyModifiers::NONE), at });
        }
        let key = KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE);
        let effects = update(&mut model, Message::Key { key, at });
        let turn = effects.iter().find_map(|effect| match effect {
            Effect::StartTurn(request) => Some(request.turn),
            _ => None,
        });
        Self { model, turn: turn.unwrap(), at, answers: Vec::new(), wakes: Vec::new() }
    }

    fn tell(&mut self, message: Message) {
        for effect in update(&mut self.model, message) {
            match effect {
                Effect::WakeAt(at) => self.wakes.push(at),
                Effect::Colour(slice) => {
                    let (lines, state) = colour(&slice.language, slice.state, &slice.lines).unzip();
                    let lines = lines.unwrap_or_default();
                    self.answers.push(Message::Coloured { of: slice.of, lines, state });
                }
                _ => {}
            }
        }
    }

    /// What came in until the next frame.
    fn hear(&mut self, deltas: &[String]) {
        self.at += FRAME;
        for answer in std::mem::take(&mut self.answers) {
            self.tell(answer);
        }
        if self.wakes.iter().any(|wake| *wake <= self.at) {
            self.wakes.retain(|wake| *wake > self.at);
            self.tell(Message::Tick { at: self.at });
        }
        for delta in deltas {
            let event = TurnEvent::Said(StreamEvent::Text(delta.clone()));
            self.tell(Message::Turn { turn: self.turn, event, at: self.at });
        }
    }
}

fn stream(deltas: &[String]) -> Streamed {
    let theme = Theme::terminal();
    let mut stage = Stage::new();
    let mut counted = Counted::default();
    let options = Options {
        screen: Screen::Alternate,
        mouse: Mouse::Free,
        title: Title::Untouched,
        colors: ColorDepth::True,
        quirks: quirks(),
    };
    let mut terminal = Terminal::over(&mut counted, options, (COLUMNS, ROWS)).unwrap();
    let (mut updating, mut drawing) = (Duration::ZERO, Duration::ZERO);
    for deltas in deltas.chunks(A_FRAME) {
        let start = Instant::now();
        stage.hear(deltas);
        updating += start.elapsed();
        let start = Instant::now();
        terminal.draw(|buffer| draw_linked(&stage.model, &theme, buffer)).unwrap();
        drawing += start.elapsed();
    }
    drop(terminal);
    let Counted { bytes, writes, largest } = counted;
    Streamed { bytes, writes, largest, updating, drawing }
}

#[divan::bench]
fn lay_out_delta_by_delta(bencher: divan::Bencher) {
    let deltas = deltas_of(ANSWER);
    bencher.bench(|| {
        let mut live = Live::new(COLUMNS, View::Rendered);
        for delta in &deltas {
            live.push(delta);
        }
        live.laid().lines.len()
    });
}

#[divan::bench]
fn lay_out_one_endless_line(bencher: divan::Bencher) {
    let deltas: Vec<String> = deltas_of(ANSWER).iter().map(|delta| delta.replace('\n', " ")).collect();
    bencher.bench(|| {
        let mut live = Live::new(COLUMNS, View::Rendered);
        for delta in &deltas {
            live.push(delta);
        }
        live.laid().lines.len()
    });
}

#[divan::bench]
fn lay_out_at_once(bencher: divan::Bencher) {
    let text = deltas_of(ANSWER).concat();
    bencher.bench(|| lay_out(&text, COLUMNS, View::Rendered));
}

#[divan::bench]
fn stream_and_draw(bencher: divan::Bencher) {
    let deltas = deltas_of(ANSWER);
    bencher.bench(|| stream(&deltas).bytes);
}
