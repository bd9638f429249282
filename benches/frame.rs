//! One frame: encoding the difference between two screens of 120 × 40.

#![expect(clippy::unwrap_used, reason = "a bench that cannot run should say so")]

use loquat::app::mouse::Mouse;
use loquat::config::access::Title;
use loquat::config::quirks::Quirks;
use loquat::runtime::colour::ColorDepth;
use loquat::runtime::terminal::{Options, Screen, Terminal};
use ratatui::buffer::Buffer;
use ratatui::style::{Modifier, Style};

/// A terminal that can do most of what there is.
fn quirks() -> &'static Quirks {
    Quirks::detect(|name| (name == "TERM").then(|| "foot".to_owned()))
}

fn main() {
    divan::main();
}

fn terminal() -> Terminal<std::io::Sink> {
    let options = Options {
        screen: Screen::Alternate,
        mouse: Mouse::Free,
        title: Title::Untouched,
        colors: ColorDepth::True,
        quirks: quirks(),
    };
    Terminal::over(std::io::sink(), options, (120, 40)).unwrap()
}

fn fill(buffer: &mut Buffer, text: &str) {
    for y in 0..40 {
        let style = if y % 3 == 0 { Style::new().add_modifier(Modifier::BOLD) } else { Style::new() };
        buffer.set_string(0, y, text.repeat(10), style);
    }
}

#[divan::bench]
fn unchanged(bencher: divan::Bencher) {
    let mut terminal = terminal();
    bencher.bench_local(|| {
        terminal.draw(|buffer| {
            fill(buffer, "lorem ipsum ");
            None
        })
    });
}

#[divan::bench]
fn one_word_changed(bencher: divan::Bencher) {
    let mut terminal = terminal();
    let mut words = ["dolor", "amet"].into_iter().cycle();
    bencher.bench_local(|| {
        let word = words.next().unwrap_or_default();
        terminal.draw(|buffer| {
            fill(buffer, "lorem ipsum ");
            buffer.set_string(0, 39, word, Style::new());
            None
        })
    });
}

#[divan::bench]
fn everything_changed(bencher: divan::Bencher) {
    let mut terminal = terminal();
    let mut texts = ["lorem ipsum ", "dolor sit, a"].into_iter().cycle();
    bencher.bench_local(|| {
        let text = texts.next().unwrap_or_default();
        terminal.draw(|buffer| {
            fill(buffer, text);
            None
        })
    });
}
