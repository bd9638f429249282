//! A paste of 1 MB: from the message to the bytes of the next frame, at 120 × 40.

#![expect(clippy::unwrap_used, reason = "a bench that cannot run should say so")]

use std::sync::Arc;

use jiff::Timestamp;
use loquat::app::mouse::Mouse;
use loquat::app::{Message, Model, Size, update};
use loquat::config::Config;
use loquat::config::access::Title;
use loquat::config::quirks::Quirks;
use loquat::runtime::colour::ColorDepth;
use loquat::runtime::terminal::{Options, Screen, Terminal};
use loquat::storage::choices::Choices;
use loquat::ui::Theme;

fn main() {
    divan::main();
}

const AT: Timestamp = Timestamp::UNIX_EPOCH;

fn app() -> (Model, Terminal<std::io::Sink>, Theme) {
    let size = Size { width: 120, height: 40 };
    let (model, _) = Model::new(Arc::new(Config::default()), Choices::default(), size, 7, AT);
    let options = Options {
        screen: Screen::Alternate,
        mouse: Mouse::Free,
        title: Title::Untouched,
        colors: ColorDepth::True,
        quirks: Quirks::detect(|_| None),
    };
    (
        model,
        Terminal::over(std::io::sink(), options, (120, 40)).unwrap(),
        Theme::named(Theme::COLOURLESS).unwrap(),
    )
}

/// What is pasted: lines of a log, plain and in another script, with line ends as terminals send them.
const PLAIN: &str = "2026-11-21T12:00:00Z INFO a line of a log, as long as they are\r\n";
const OTHER: &str = "2026-11-21T12:00:00Z ИНФО строка журнала 日本語, как всегда\r\n";

fn frame(model: &Model, terminal: &mut Terminal<std::io::Sink>, theme: &Theme) {
    terminal.draw(|buffer| loquat::ui::draw(model, theme, buffer)).unwrap();
}

#[divan::bench(args = [PLAIN, OTHER])]
fn to_the_next_frame(bencher: divan::Bencher, line: &str) {
    let text = line.repeat(1_000_000 / line.len() + 1);
    bencher.with_inputs(|| (app(), text.clone())).bench_local_values(
        |((mut model, mut terminal, theme), text)| {
            update(&mut model, Message::Paste { text, at: AT });
            frame(&model, &mut terminal, &theme);
            model
        },
    );
}

/// A letter typed after it, and one typed into it once it was opened.
#[divan::bench(args = ["folded", "opened"])]
fn the_next_letter(bencher: divan::Bencher, state: &str) {
    let (mut model, mut terminal, theme) = app();
    let text = PLAIN.repeat(1_000_000 / PLAIN.len() + 1);
    update(&mut model, Message::Paste { text, at: AT });
    if state == "opened" {
        model.pane.composer.unfold();
    }
    let key = crossterm::event::KeyEvent::from(crossterm::event::KeyCode::Char('x'));
    bencher.bench_local(|| {
        update(&mut model, Message::Key { key, at: AT });
        frame(&model, &mut terminal, &theme);
    });
}
