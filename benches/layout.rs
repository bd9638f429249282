//! Laying out an answer while it streams, in pieces of 20 bytes: the time a byte must not grow with the answer.
//!
//! Before the timings it prints, for several kinds of text, what each quarter of a 1 MB answer took.

#![expect(clippy::print_stdout, reason = "the slope is a figure that the timings do not show")]

use std::time::{Duration, Instant};

use loquat::layout::{Live, View, lay_out};

const WIDTH: u16 = 116;
const ANSWER: usize = 1 << 20;
const PIECE: usize = 20;

fn main() {
    for (name, text) in texts(ANSWER) {
        let quarters = streamed(&text);
        let total: Duration = quarters.iter().sum();
        let shown: Vec<String> =
            quarters.iter().map(|took| format!("{:.0}", took.as_secs_f64() * 1e3)).collect();
        println!("{name}: 1 MB in {:.0} ms, by quarters {} ms", total.as_secs_f64() * 1e3, shown.join(" "));
    }
    divan::main();
}

/// Texts of about so many bytes: as models answer, and one long piece of each kind.
fn texts(length: usize) -> Vec<(&'static str, String)> {
    let answer = "## A heading\n\nSome **strong** words and `code`, with a [link](https://example.org/page), \
                  in a paragraph as long as models write them, which wraps once or twice.\n\n\
                  - an item of a list\n- another, *stressed*\n  - a nested one\n\n\
                  ```rust\nfn main() {\n    println!(\"hello\");\n}\n```\n\n\
                  | a | b |\n|---|---|\n| one | two |\n| three | four |\n\n";
    let filled = |head: &str, part: &str| {
        let mut text = head.to_owned();
        while text.len() < length {
            text.push_str(part);
        }
        text
    };
    vec![
        ("an answer", filled("", answer)),
        ("one line", filled("", "words that never end ")),
        ("one paragraph", filled("", "a line of *text* that is not the last\n")),
        ("one list", filled("", "- an item with `code` in it\n")),
        ("one nested list", filled("- an item\n", "  - an item of an item\n")),
        ("one block of code", filled("```rust\n", "let x = compute(42); // and so on\n")),
        ("one table", filled("| a | b |\n|---|---|\n", "| some words | and a number of others |\n")),
        ("one quote", filled("", "> quoted text, line by line\n")),
    ]
}

/// What each quarter of a text took.
fn streamed(text: &str) -> [Duration; 4] {
    let mut live = Live::new(WIDTH, View::Rendered);
    let mut quarters = [Duration::ZERO; 4];
    let pieces: Vec<&str> =
        text.as_bytes().chunks(PIECE).filter_map(|piece| std::str::from_utf8(piece).ok()).collect();
    for (quarter, pieces) in quarters.iter_mut().zip(pieces.chunks(pieces.len().div_ceil(4))) {
        let start = Instant::now();
        for piece in pieces {
            live.push(piece);
        }
        *quarter = start.elapsed();
    }
    quarters
}

#[divan::bench(args = [1 << 16, 1 << 18, 1 << 20], sample_count = 5)]
fn stream_an_answer(bencher: divan::Bencher, length: usize) {
    let texts = texts(length);
    let Some((_, text)) = texts.first() else { return };
    bencher.bench(|| streamed(text));
}

#[divan::bench(args = [1 << 16, 1 << 18, 1 << 20], sample_count = 5)]
fn lay_out_at_once(bencher: divan::Bencher, length: usize) {
    let texts = texts(length);
    let Some((_, text)) = texts.first() else { return };
    bencher.bench(|| lay_out(text, WIDTH, View::Rendered));
}
