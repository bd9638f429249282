//! A streamed answer: laid out delta by delta, and shown at the bottom of a screen of 120 × 40.
//!
//! Before the timings it prints what the terminal is sent per visible character, once for text that only
//! fills the screen and once for text that scrolls.

#![expect(clippy::unwrap_used, reason = "a bench that cannot run should say so")]
#![expect(clippy::print_stdout, reason = "bytes are a figure that the timings do not show")]

use std::io::Write;

use loquat::app::mouse::Mouse;
use loquat::config::access::Title;
use loquat::layout::{Live, View, lay_out};
use loquat::runtime::colour::ColorDepth;
use loquat::runtime::terminal::{Options, Screen, Terminal};
use ratatui::style::Style;

const COLUMNS: u16 = 120;
const ROWS: u16 = 40;

fn main() {
    for (name, deltas) in [("without scrolling", 400), ("scrolling", 5000)] {
        let text = deltas_of(deltas);
        let shown = text.concat().chars().filter(|c| !c.is_whitespace()).count();
        let Counted { bytes, writes } = stream(&text);
        println!(
            "{name}: {shown} visible characters, {bytes} bytes in {writes} writes, {:.2} bytes a character",
            bytes as f64 / shown as f64
        );
    }
    divan::main();
}

/// Words in paragraphs of about 60, as a model sends them.
fn deltas_of(count: usize) -> Vec<String> {
    let words = ["the ", "borrow", " checker ", "sees ", "that ", "a ", "value ", "lives ", "longer, "];
    (0..count)
        .map(|nth| {
            let end = if nth % 60 == 59 { "\n\n" } else { "" };
            format!("{}{end}", words[(nth * 7 + nth / 5) % words.len()])
        })
        .collect()
}

#[derive(Default)]
struct Counted {
    bytes: usize,
    writes: usize,
}

impl Write for &mut Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.bytes += bytes.len();
        self.writes += 1;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Draws after every 8 deltas, which is 60 frames a second at 500 deltas.
fn stream(deltas: &[String]) -> Counted {
    let mut counted = Counted::default();
    let options = Options {
        screen: Screen::Alternate,
        mouse: Mouse::Free,
        title: Title::Untouched,
        colors: ColorDepth::True,
    };
    let mut terminal = Terminal::over(&mut counted, options, (COLUMNS, ROWS)).unwrap();
    let mut live = Live::new(COLUMNS - 4, View::Rendered);
    for frame in deltas.chunks(8) {
        for delta in frame {
            live.push(delta);
        }
        let lines = &live.laid().lines;
        let top = lines.len().saturating_sub(usize::from(ROWS) - 2);
        terminal
            .draw(|buffer| {
                for (y, line) in (0..).zip(lines.iter().skip(top)) {
                    for span in &line.spans {
                        buffer.set_string(2, y, &*span.text, Style::new());
                    }
                }
                buffer.set_string(0, ROWS - 1, "> ", Style::new());
                Some((2, ROWS - 1))
            })
            .unwrap();
    }
    drop(terminal);
    counted
}

#[divan::bench]
fn lay_out_delta_by_delta(bencher: divan::Bencher) {
    let deltas = deltas_of(5000);
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
    let deltas: Vec<String> = deltas_of(5000).iter().map(|delta| delta.replace('\n', " ")).collect();
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
    let text = deltas_of(5000).concat();
    bencher.bench(|| lay_out(&text, COLUMNS, View::Rendered));
}

#[divan::bench]
fn stream_and_draw(bencher: divan::Bencher) {
    let deltas = deltas_of(5000);
    bencher.bench(|| stream(&deltas).bytes);
}
