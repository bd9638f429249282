//! Laying out an answer while it streams, in pieces of 20 bytes: the time a byte must not grow with the answer.
//!
//! Before the timings it prints, for several kinds of text, what an answer and one of twice its length took: where the
//! second took about twice as long, the time is linear in the length.

#![expect(clippy::print_stdout, reason = "the slope is a figure that the timings do not show")]

use std::time::{Duration, Instant};

use loquat::layout::{Live, View, lay_out};

const WIDTH: u16 = 116;
const ANSWER: usize = 1 << 20;
const PIECE: usize = 20;

fn main() {
    let (once, twice) = (texts(ANSWER / 2), texts(ANSWER));
    for ((name, half), (_, whole)) in once.iter().zip(&twice) {
        let [half, whole] = [half, whole].map(|text| streamed(text).as_secs_f64() * 1e3);
        println!("{name}: 512 kB in {half:.0} ms, 1 MB in {whole:.0} ms, {:.2} times as long", whole / half);
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
    let cells = |cell: &str| format!("{}|\n", format!("| {cell} ").repeat(300));
    let (wide_head, wide_row) = (cells("name") + &cells("---"), cells("value"));
    let nested = |outside: &str, mark: &str| -> String {
        let lines = (0..100).map(|depth| format!("{}{mark}at depth {depth}\n", outside.repeat(depth)));
        lines.chain(["\n".to_owned()]).collect()
    };
    vec![
        ("an answer", filled("", answer)),
        ("one line", filled("", "words that never end ")),
        ("one line in Chinese", filled("", "天地玄黃宇宙洪荒")),
        ("one paragraph", filled("", "a line of *text* that is not the last\n")),
        ("one list", filled("", "- an item with `code` in it\n")),
        ("one nested list", filled("- an item\n", "  - an item of an item\n")),
        ("one block of code", filled("```rust\n", "let x = compute(42); // and so on\n")),
        ("one line of code", filled("```\n", "f(x) + ")),
        ("one line of code in an item", filled("- a\n\n  ```\n  ", "f(x) + ")),
        ("one cell of a table", filled("| a | b |\n|---|---|\n| x | ", "words ")),
        ("one table", filled("| a | b |\n|---|---|\n", "| some words | and a number of others |\n")),
        ("a table of 300 columns", filled(&wide_head, &wide_row)),
        ("one quote", filled("", "> quoted text, line by line\n")),
        ("lists in lists, 100 deep", filled("", &nested("  ", "- "))),
        ("quotes in quotes, 100 deep", filled("", &nested(">", " "))),
        ("a formula", filled("$$\n", "x_1 = \\frac{1}{2} \\\\\n")),
    ]
}

/// What a text took that came in pieces.
fn streamed(text: &str) -> Duration {
    let mut live = Live::new(WIDTH, View::Rendered);
    let start = Instant::now();
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, later) = rest.split_at(rest.ceil_char_boundary(PIECE));
        live.push(piece);
        rest = later;
    }
    start.elapsed()
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
