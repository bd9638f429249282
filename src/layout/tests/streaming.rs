//! What holds for any text, however it comes: it is laid out as the whole is, at any width, in linear work.

use super::*;

/// The examples of the specification, as `tests/commonmark/README.md` tells.
fn examples() -> Vec<(String, String)> {
    let all = include_str!("../../../tests/commonmark/examples.txt");
    let examples = all.split("%%%% ").skip(1).filter_map(|example| example.split_once('\n'));
    examples.map(|(name, text)| (name.to_owned(), text.replace('→', "\t"))).collect()
}

#[test]
fn every_example_of_the_specification_streams_to_what_it_is_at_once() {
    let examples = examples();
    assert_eq!(examples.len(), 652);
    for (name, text) in examples {
        for width in [12, 60] {
            let mut live = Live::new(width, View::Rendered);
            let mut so_far = String::new();
            // The specification's text is cut at every byte, as a stream would; characters stay whole.
            for c in text.chars() {
                so_far.push(c);
                live.push(c.encode_utf8(&mut [0; 4]));
                assert_eq!(live.laid(), &laid(&so_far, width), "{name}: {so_far:?}");
            }
        }
    }
}

/// A text in pieces of so many characters, over and over.
fn pieces(text: &str, sizes: &[usize]) -> impl Iterator<Item = String> {
    let mut chars = text.chars();
    let piece = move |size: &usize| chars.by_ref().take(*size).collect::<String>();
    sizes.iter().cycle().map(piece).take_while(|piece| !piece.is_empty())
}

/// A text that comes in pieces of so many characters.
fn streamed(text: &str, sizes: &[usize], width: u16) -> Live {
    let mut live = Live::new(width, View::Rendered);
    pieces(text, sizes).for_each(|piece| live.push(&piece));
    live
}

#[test]
fn code_of_ten_thousand_lines_is_one_block_and_the_text_after_it_stands_below() {
    let code: String = (0..10_000).map(|line| format!("let line{line} = {line};\n")).collect();
    let live = streamed(&format!("Look:\n\n```rust\n{code}```\n\nSo."), &[20, 333], 80);
    assert_eq!(live.laid().code, [CodeBlock { number: 1, language: "rust".into(), source: code }]);
    let shown = rows(live.laid());
    assert_eq!(shown.len(), 10_004);
    assert_eq!(shown[10_001..], ["   │ let line9999 = 9999;", "", "So."]);
}

#[test]
fn what_is_kept_of_a_long_paragraph_changes_nothing_of_what_follows() {
    let words = "words *that* go `on` and on, ".repeat(20);
    let heading = streamed(&format!("{words}\nthe end\n===\n"), &[3], 60).into_laid();
    assert!(heading.lines.iter().all(|line| line.spans[0].ink != Ink::Text), "{:?}", rows(&heading));
    let table = format!("{words}\n{words} | b\n--|--\n1 | 2");
    assert_eq!(streamed(&table, &[3], 60).laid(), &laid(&table, 60));
}

#[test]
fn code_that_ends_a_table_is_there_once() {
    for text in ["| name |\n|---|\n-     | |\n|", "|a|b|\n|-|-|\nx\n>     `\n", "|a|\n|-|\n1.     x\n\ny"] {
        assert_eq!(streamed(text, &[1], 40).laid(), &laid(text, 40), "{text:?}");
    }
}

/// The work of streaming a text in pieces of so many bytes, for each of its bytes.
fn work_a_byte(text: &str, piece: usize) -> usize {
    work::take();
    streamed(text, &[piece], 116);
    work::take() / text.len()
}

#[test]
fn no_text_is_laid_out_in_more_than_linear_work() {
    let kinds: [(&str, &str, String); 11] = [
        ("one line", "", "words that never end ".into()),
        ("one line in Chinese", "", "天地玄黃宇宙洪荒".into()),
        ("one paragraph", "", "a line of *text* that is not the last\n".into()),
        ("one nested list", "- an item\n", "  - an item of an item\n".into()),
        ("one line of code", "```\n", "f(x); ".into()),
        ("one line of code in an item", "- a\n\n  ```\n  ", "f(x); ".into()),
        ("one line of indented code", "    ", "f(x); ".into()),
        ("one cell of a table", "| a | b |\n|---|---|\n| x | ", "words ".into()),
        ("a table of 300 columns", &cells("name", "---"), cells("value", "value")),
        ("one row of 3000 cells", "| a | b |\n|---|---|\n", "| x ".into()),
        ("quotes in quotes", "", format!("{} at depth 100\n", ">".repeat(100))),
    ];
    for (name, head, part) in kinds {
        let of_length = |length: usize| format!("{head}{}", part.repeat(length / part.len()));
        let [once, twice] = [1 << 14, 1 << 15].map(|length| work_a_byte(&of_length(length), 20));
        assert!(twice <= once + once / 4 + 1, "{name}: {once} and {twice} a byte");
        assert!(twice <= 600, "{name}: {twice} a byte");
    }
}

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[a-z]{1,9}",
        6 => " {1,5}",
        4 => Just("\n".to_owned()),
        2 => Just("\n\n".to_owned()),
        4 => prop::sample::select(vec![
            "```", "````", "~~~", "```rust\n", "\n```\n", "`", "# ", "> ", "- ", "1. ", "2) ", "*", "**", "_", "~~", "[", "](",
            ")", "![", "<", ">", "|", "\n|a|b|\n|-|-|\n", "| x | y |\n", "---", "\n---\n", "===\n", "[^1]", "[^1]: ",
            "[x]: /u\n", "[x]", "$", "$$", "\\(", "\\)", "\\[\n", "\\]", "\\", "&#27;", "&amp;", "<br>", "<!--", "-->",
            "<div>\n", "http://a.b/c", "- [ ] ", "    ", "  ",
        ]).prop_map(str::to_owned),
        2 => prop::sample::select(vec!["日本語", "中", "한국어", "ｱ", "„", "。"]).prop_map(str::to_owned),
        2 => prop::sample::select(vec![
            "👩‍💻", "👩", "\u{200d}", "💻", "🇯🇵", "🇯", "👍", "🏽", "☎", "⏰", "\u{fe0f}", "\u{fe0e}", "\u{301}",
            "\u{1F3F4}\u{E0067}\u{E0062}\u{E007F}", "\u{E0067}", "\u{200b}", "क\u{94d}ष",
        ]).prop_map(str::to_owned),
        1 => prop::sample::select(vec!["\x1b", "\x1b[31m", "\x1b]0;t\x07", "\x1b]", "\r", "\r\n", "\t", "\u{9b}", "\u{202e}"])
            .prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// A paragraph that is long enough for its beginning to be kept.
fn paragraph() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        12 => "[a-z]{1,9} ",
        3 => prop::sample::select(vec!["日本語", "中文字", "한국어", "。"]).prop_map(str::to_owned),
        2 => Just("\nand ".to_owned()),
        2 => prop::sample::select(vec![
            "*em* ", "**strong** ", "`code` ", "[a](http://b.c) ", "$x^2$ ", "\\(y\\) ", "snake_case ", "2 * 3 ", "\\* ",
            "http://a.b/c ", "xhttp://a.b ", "[^1] ", "[1] ", "&amp; ", "<br>", "a  b ", "  \n", "\\\n",
        ]).prop_map(str::to_owned),
        1 => prop::sample::select(vec![
            "*", "_", "`", "~~", "[", "](/u) ", "$", "\\(", "\\)", "<", ">", "| a", "\n---\n", "\n===\n", "\n--|--\n", "\n  ",
            "\n\n", "\n- ", "\n# ", "\n```\n", "\n[x]: /u\n",
        ]).prop_map(str::to_owned),
    ];
    prop::collection::vec(word, 20..200).prop_map(|words| words.concat())
}

/// A table of so many columns that it may be shown as records, and what may stand in cells.
fn table() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        8 => "[a-z]{1,9}",
        4 => Just(" ".to_owned()),
        8 => Just("|".to_owned()),
        4 => Just(" | ".to_owned()),
        2 => Just("|\n|".to_owned()),
        1 => Just("\n".to_owned()),
        3 => prop::sample::select(vec![
            "\\|", "\\", "`", "$", "*", "**", "[a](b)", "[", "<br>", "<", "&amp;", "\\(", "\\)", "||", "日本語", "👩‍💻", "http://a.b/c",
            "- ", "> ", "1. ", "#", "~", "[^1]", "---",
        ]).prop_map(str::to_owned),
    ];
    (1usize..12, prop::collection::vec(part, 0..60)).prop_map(|(columns, parts)| {
        format!("{}|\n{}|\n{}", "| name ".repeat(columns), "|---".repeat(columns), parts.concat())
    })
}

/// Text that is long enough for pieces of it to be cut.
fn long_text() -> impl Strategy<Value = String> {
    let piece = (text(), 1usize..400, text()).prop_map(|(once, times, after)| once.repeat(times) + &after);
    prop::collection::vec(piece, 1..4).prop_map(|pieces| {
        let mut text = pieces.concat();
        text.truncate(text.floor_char_boundary(40_000));
        text
    })
}

fn view() -> impl Strategy<Value = View> {
    prop_oneof![4 => Just(View::Rendered), 1 => Just(View::Raw)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(384))]

    #[test]
    fn a_growing_text_is_laid_out_like_the_whole(
        text in text(),
        cuts in prop::collection::vec(1usize..6, 1..40),
        width in 1u16..24,
        view in view(),
    ) {
        let mut live = Live::new(width, view);
        let mut so_far = String::new();
        for piece in pieces(&text, &cuts) {
            so_far.push_str(&piece);
            live.push(&piece);
            prop_assert_eq!(live.laid(), &lay_out(&so_far, width, view), "after {:?}", so_far);
        }
    }

    #[test]
    fn a_long_paragraph_grows_to_what_it_is_at_once(
        text in paragraph(),
        sizes in prop::collection::vec(1usize..90, 1..9),
        width in 1u16..90,
    ) {
        let live = streamed(&text, &sizes, width);
        prop_assert_eq!(live.laid(), &laid(&text, width));
    }

    #[test]
    fn a_growing_table_is_laid_out_like_the_whole(
        text in table(),
        cuts in prop::collection::vec(1usize..6, 1..40),
        width in 1u16..70,
    ) {
        let mut live = Live::new(width, View::Rendered);
        let mut so_far = String::new();
        for piece in pieces(&text, &cuts) {
            so_far.push_str(&piece);
            live.push(&piece);
            prop_assert_eq!(live.laid(), &laid(&so_far, width), "after {:?}", so_far);
        }
    }

    #[test]
    fn a_resized_text_goes_on_as_if_it_had_always_been_so_wide(
        before in text(), after in text(), from in 0u16..24, to in 0u16..24,
    ) {
        let mut live = Live::new(from, View::Rendered);
        live.push(&before);
        live.resize(to);
        prop_assert_eq!(live.laid(), &laid(&before, to));
        live.push(&after);
        prop_assert_eq!(live.laid(), &laid(&(before + &after), to));
    }

    #[test]
    fn every_row_fits(text in text(), cells in 1u16..24) {
        for line in laid(&text, cells).lines {
            let wide: usize = line.spans.iter().map(|span| width(&span.text)).sum();
            prop_assert!(wide <= usize::from(cells), "{:?}", line);
        }
    }

    #[test]
    fn nothing_but_blanks_is_lost_or_moved_in_raw_text(text in text(), cells in 12u16..24) {
        let solid = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let mut sanitiser = Sanitiser::default();
        let raw = rows(&lay_out(&text, cells, View::Raw)).concat();
        prop_assert_eq!(solid(&raw), solid(&sanitiser.push(&text)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_gallery_in_any_pieces_is_the_gallery(
        sizes in prop::collection::vec(9usize..2000, 1..9),
        width in prop::sample::select(vec![20u16, 40, 80, 200]),
    ) {
        let live = streamed(GALLERY, &sizes, width);
        prop_assert_eq!(live.laid(), &laid(GALLERY, width));
    }

    #[test]
    fn a_long_text_grows_to_what_it_is_at_once(text in long_text(), piece in 1usize..3000, width in 1u16..90) {
        let mut live = Live::new(width, View::Rendered);
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.ceil_char_boundary(piece));
            live.push(now);
            rest = later;
        }
        prop_assert_eq!(live.laid(), &laid(&text, width));
    }
}
