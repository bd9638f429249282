use proptest::prelude::*;

use super::*;
use crate::text::{Sanitiser, width::width};

fn laid(text: &str, width: u16) -> Laid {
    lay_out(text, width, View::Rendered)
}

fn shown(text: &str, width: u16) -> Vec<String> {
    rows(&laid(text, width))
}

fn rows(laid: &Laid) -> Vec<String> {
    laid.lines.iter().map(|line| line.spans.iter().map(|span| span.text.as_str()).collect()).collect()
}

/// The pieces of the first row, and what they are.
fn spans(text: &str) -> Vec<(String, Ink)> {
    let line = laid(text, 60).lines.into_iter().next().unwrap_or_default();
    line.spans.into_iter().map(|span| (span.text.into_string(), span.ink)).collect()
}

#[test]
fn lines_of_the_text_stay_lines_and_blank_ones_are_one() {
    assert_eq!(shown("one\ntwo\n\n\nthree\n", 20), ["one", "two", "", "three"]);
    assert_eq!(shown("def f():\n    return 1", 20), ["def f():", "    return 1"]);
    assert_eq!(shown("", 20), Vec::<String>::new());
}

#[test]
fn long_lines_wrap_by_word_with_their_emphasis() {
    let laid = laid("the **quick brown** fox", 10);
    assert_eq!(rows(&laid), ["the quick", "brown fox"]);
    let bold = |at: usize| -> Vec<(&str, bool)> {
        laid.lines[at].spans.iter().map(|span| (span.text.as_str(), span.emphasis.bold)).collect()
    };
    assert_eq!(bold(0), [("the ", false), ("quick", true)]);
    assert_eq!(bold(1), [("brown", true), (" fox", false)]);
}

#[test]
fn emphasis_of_every_kind_loses_its_marks_and_inline_code_keeps_them() {
    let line = laid("*a* **b** ~~c~~ `d` ***e***", 60).lines.remove(0);
    let shown: Vec<(&str, Ink, Emphasis)> =
        line.spans.iter().map(|span| (span.text.as_str(), span.ink, span.emphasis)).collect();
    let none = Emphasis::default();
    let (bold, italic) = (Emphasis { bold: true, ..none }, Emphasis { italic: true, ..none });
    assert_eq!(
        shown,
        [
            ("a", Ink::Text, italic),
            (" ", Ink::Text, none),
            ("b", Ink::Text, bold),
            (" ", Ink::Text, none),
            ("c", Ink::Text, Emphasis { struck: true, ..none }),
            (" ", Ink::Text, none),
            ("`d`", Ink::Code, none),
            (" ", Ink::Text, none),
            ("e", Ink::Text, Emphasis { bold: true, italic: true, ..none }),
        ]
    );
}

#[test]
fn items_of_lists_hang_under_their_text() {
    assert_eq!(shown("- one two three", 9), ["• one two", "  three"]);
    assert_eq!(shown("12. one two", 9), ["12. one", "    two"]);
    assert_eq!(
        shown("- a\n  - b\n    1. c\n       more\n\n  d\n- [ ] e\n- [x] f", 20),
        ["• a", "  ◦ b", "    1. c", "       more", "", "  d", "☐ e", "☑ f"]
    );
}

#[test]
fn items_are_counted_from_the_first_across_blank_lines_and_code() {
    assert_eq!(shown("3. a\n3. b\n\n3. c\n", 20), ["3. a", "4. b", "", "5. c"]);
    assert_eq!(
        shown("1. a\n   ```\n   x\n   ```\n1. b\n\nend\n\n1. c", 20),
        ["1. a", "    1 │ x", "2. b", "", "end", "", "1. c"]
    );
}

#[test]
fn quotes_carry_a_bar_on_every_row() {
    assert_eq!(shown("> one two\n>\n> > deep\n\nout", 9), ["▎ one two", "▎ ", "▎ ▎ deep", "", "out"]);
    assert_eq!(shown("> [!NOTE]\n> so", 20), ["▎ Note", "▎ so"]);
}

#[test]
fn code_is_set_off_numbered_and_given_for_copying() {
    let laid = laid("See:\n```rust extra\nlet r;\n\n  { x }\n```\nand\n~~~\n```\n~~~", 20);
    let rows: Vec<Vec<(&str, Ink)>> = laid
        .lines
        .iter()
        .map(|line| line.spans.iter().map(|span| (span.text.as_str(), span.ink)).collect())
        .collect();
    assert_eq!(
        rows,
        [
            vec![("See:", Ink::Text)],
            vec![(" 1 │ ", Ink::CodeMark), ("let r;", Ink::Code)],
            vec![("   │ ", Ink::CodeMark)],
            vec![("   │ ", Ink::CodeMark), ("  { x }", Ink::Code)],
            vec![("and", Ink::Text)],
            vec![(" 2 │ ", Ink::CodeMark), ("```", Ink::Code)],
        ]
    );
    assert_eq!(
        laid.code,
        [
            CodeBlock { number: 1, language: "rust".into(), source: "let r;\n\n  { x }\n".into() },
            CodeBlock { number: 2, language: String::new(), source: "```\n".into() },
        ]
    );
}

#[test]
fn long_code_goes_on_under_a_continuation_mark_and_knows_its_place() {
    let laid = laid("```\nabcdefgh ij\n```", 12);
    assert_eq!(rows(&laid), [" 1 │ abcdefg", "   ┆ h ij"]);
    let code: Vec<Option<CodeRow>> = laid.lines.iter().map(|line| line.code).collect();
    let row = |before| Some(CodeRow { block: 1, line: 0, before });
    assert_eq!(code, [row(0), row(7)]);
}

#[test]
fn a_fence_is_closed_only_by_one_as_long() {
    assert_eq!(shown("````\n```\n````\nx", 20), [" 1 │ ```", "x"]);
}

#[test]
fn indented_code_keeps_its_blank_lines_and_nothing_after_it() {
    let laid = laid("    a\n\n      b\n\n\nc", 20);
    assert_eq!(rows(&laid), [" 1 │ a", "   │ ", "   │   b", "", "c"]);
    assert_eq!(laid.code[0].source, "a\n\n  b\n");
}

#[test]
fn a_fence_in_a_list_takes_its_indentation_with_it() {
    let laid = laid("- so:\n  ```\n  a\n    b\n  ```\n", 20);
    assert_eq!(laid.code, [CodeBlock { number: 1, language: String::new(), source: "a\n  b\n".into() }]);
    assert_eq!(rows(&laid), ["• so:", "   1 │ a", "     │   b"]);
}

#[test]
fn an_open_fence_shows_code_as_it_comes() {
    assert_eq!(shown("a\n\n```py", 20), ["a", "", "```py"]);
    assert_eq!(shown("a\n\n```py\nx = 1", 20), ["a", "", " 1 │ x = 1"]);
    assert_eq!(laid("```py\nx = 1", 20).code[0].source, "x = 1");
}

#[test]
fn inline_code_at_the_beginning_opens_no_block() {
    assert_eq!(shown("```a``` is code\nnext", 20), ["`a` is code", "next"]);
}

#[test]
fn headings_lose_their_marks_and_their_level_shows() {
    let level = |text: &str| {
        let span = laid(text, 20).lines[0].spans[0].clone();
        (span.ink, span.emphasis.underlined, span.emphasis.italic)
    };
    assert_eq!(
        ["# a", "## a", "### a", "#a", "####### a", "a\n===\n"].map(level),
        [
            (Ink::Heading, true, false),
            (Ink::Heading, false, false),
            (Ink::Heading, false, true),
            (Ink::Text, false, false),
            (Ink::Text, false, false),
            (Ink::Heading, true, false),
        ]
    );
}

#[test]
fn a_line_that_may_become_an_underline_or_an_item_makes_no_heading_before_it_ends() {
    assert_eq!(spans("Choose:\n-"), [("Choose:".to_owned(), Ink::Text)]);
    assert_eq!(shown("Choose:\n-", 20), ["Choose:", "-"]);
    assert_eq!(shown("Choose:\n- a", 20), ["Choose:", "• a"]);
    assert_eq!(spans("Choose\n-\n"), [("Choose".to_owned(), Ink::Heading)]);
}

#[test]
fn a_break_is_a_line_across() {
    assert_eq!(shown("a\n\n***\nb", 6), ["a", "", "──────", "b"]);
}

#[test]
fn links_show_where_they_lead_where_their_text_does_not() {
    let laid = laid(
        "[a](http://x.example) <http://y.example> [z.example](https://z.example/) https://w.example.",
        90,
    );
    assert_eq!(rows(&laid), ["a (http://x.example) http://y.example z.example https://w.example."]);
    let links: Vec<(&str, Ink, Option<&str>)> =
        laid.lines[0].spans.iter().map(|span| (span.text.as_str(), span.ink, span.link.as_deref())).collect();
    assert_eq!(
        links,
        [
            ("a", Ink::Link, Some("http://x.example")),
            (" (http://x.example)", Ink::Meta, Some("http://x.example")),
            (" ", Ink::Text, None),
            ("http://y.example", Ink::Link, Some("http://y.example")),
            (" ", Ink::Text, None),
            ("z.example", Ink::Link, Some("https://z.example/")),
            (" ", Ink::Text, None),
            ("https://w.example", Ink::Link, Some("https://w.example")),
            (".", Ink::Text, None),
        ]
    );
    assert_eq!(shown("![a cat](cat.png) ![](dog.png)", 60), ["▣ a cat (cat.png) ▣ dog.png"]);
}

#[test]
fn a_reference_leads_where_a_definition_above_it_says_and_else_stays_as_it_is() {
    assert_eq!(
        shown("[a][x]\n\n[x]: http://x.example\n\n[b][x]", 60),
        ["[a][x]", "", "[x]: http://x.example", "", "b (http://x.example)"]
    );
}

#[test]
fn footnotes_are_marked_wherever_their_text_is() {
    let expected = ["so[1] it", "", "[1] because", "    of this"];
    assert_eq!(shown("so[^1] it\n\n[^1]: because\n    of this", 60), expected);
    assert_eq!(spans("so[^1]")[1], ("[1]".to_owned(), Ink::Mark));
}

#[test]
fn formulas_read_as_text_and_prices_stay_prices() {
    assert_eq!(
        shown(r"If $x^2 \le y$ and \(\alpha\): $5 and $10 or $5-$10.", 60),
        ["If x² ≤ y and α: $5 and $10 or $5-$10."]
    );
    assert_eq!(shown("so\n\\[\na_1 = \\frac{1}{2}\n\\]\nend", 60), ["so", "  a₁ = 1/2", "end"]);
    assert_eq!(shown("$$\nx\n\nend", 60), ["$$", "x", "", "end"]);
    assert_eq!(shown("\\[ x^2 \\]\nis $$y$$ so", 60), ["  x²", "is y so"]);
}

#[test]
fn html_is_text_and_a_break_in_it_ends_a_line() {
    assert_eq!(
        shown("<div>\n  <b>x</b>\n</div>\n\na <i>b</i><br>c", 60),
        ["<div>", "  <b>x</b>", "</div>", "", "a <i>b</i>", "c"]
    );
}

const TABLE: &str = "| Name | Qty |\n|:--|--:|\n| pear | 3 |\n| `a|b` banana | 12 |\n";

#[test]
fn tables_have_columns_and_stay_below_the_text_above_them() {
    assert_eq!(
        shown(&format!("Here:\n{TABLE}\nend"), 40),
        ["Here:", "Name │       Qty", "─────┼──────────", "pear │         3", "`a   │ b` banana", "", "end"]
    );
    assert_eq!(
        shown("- x\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |", 40),
        ["• x", "", "  a │ b", "  ──┼──", "  1 │ 2"]
    );
}

#[test]
fn what_an_entity_stands_for_controls_no_terminal() {
    assert_eq!(shown("a&#27;[31mb&#x202e;c [x](&#27;]52;)", 60), ["a[31mbc x"]);
}

#[test]
fn escape_sequences_are_gone_even_when_cut_in_half() {
    let mut live = Live::new(20, View::Rendered);
    for piece in ["a\x1b", "[3", "1mb\x1b]0;ti", "tle\x07c"] {
        live.push(piece);
    }
    assert_eq!(live.laid(), &laid("abc", 20));
}

#[test]
fn raw_text_is_shown_as_it_is_written() {
    let text = "# a\n**b**\n\n\n```\nx\n```";
    assert_eq!(rows(&lay_out(text, 20, View::Raw)), text.lines().collect::<Vec<_>>());
}

#[test]
fn long_pieces_are_cut_and_nothing_of_them_is_lost() {
    let words = |count: usize| (0..count).map(|nth| format!("word{nth} ")).collect::<String>();
    let solid = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    for text in [
        words(3000),
        format!("- {}", words(3000)),
        format!("- a\n{}", "  - nested item\n".repeat(600)),
        format!("- a\n  ```\n{}  ```\n- b", "  let x = 1;\n".repeat(900)),
        "line of a log\n".repeat(900),
        format!("> {}", words(3000)),
        "語".repeat(9000),
    ] {
        let shown = shown(&text, 60);
        assert_eq!(solid(&shown.concat()).replace('1', ""), solid(&text).replace('1', ""));
        assert!(shown.iter().all(|row| width(row) <= 60));
    }
}

#[test]
fn code_that_was_cut_in_a_list_is_one_block() {
    let code = "let x = 1;\n".repeat(900);
    let indented: String = code.lines().map(|line| format!("  {line}\n")).collect();
    let laid = laid(&format!("- a\n  ```rust\n{indented}  ```\n- b"), 60);
    assert_eq!(laid.code, [CodeBlock { number: 1, language: "rust".into(), source: code }]);
    assert_eq!(laid.lines.len(), 902);
    assert_eq!(rows(&laid)[0..2], ["• a", "   1 │ let x = 1;"]);
    assert_eq!(
        rows(&laid)[800..].iter().filter(|row| *row != "     │ let x = 1;").collect::<Vec<_>>(),
        ["• b"]
    );
}

#[test]
fn a_line_that_is_cut_has_no_short_row_where_it_is() {
    let text = "word ".repeat(3000);
    let shown = shown(&text, 60);
    let full = "word ".repeat(12);
    assert!(shown[..shown.len() - 1].iter().all(|row| *row == full.trim_end()), "{shown:#?}");
}

/// The examples of the specification, as `tests/commonmark/README.md` tells.
fn examples() -> Vec<(String, String)> {
    let all = include_str!("../../tests/commonmark/examples.txt");
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

const GALLERY: &str = include_str!("../../tests/gallery.md");

fn gallery(width: u16) -> String {
    let mut live = Live::new(width, View::Rendered);
    for piece in GALLERY.as_bytes().chunks(1).scan(Vec::new(), |held, byte| {
        held.extend_from_slice(byte);
        Some(match String::from_utf8(held.clone()) {
            Ok(text) => {
                held.clear();
                text
            }
            Err(_) => String::new(),
        })
    }) {
        live.push(&piece);
    }
    assert_eq!(live.laid(), &laid(GALLERY, width));
    for row in rows(live.laid()) {
        assert!(crate::text::width::width(&row) <= usize::from(width), "{row:?}");
    }
    rows(live.laid()).join("\n")
}

#[test]
fn the_gallery_reads_at_every_width() {
    for width in [20, 40, 80, 120, 200] {
        insta::assert_snapshot!(format!("gallery_{width}"), gallery(width));
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

/// Two rows of a table of 300 columns.
fn cells(first: &str, second: &str) -> String {
    [first, second].map(|cell| format!("{}|\n", format!("| {cell} ").repeat(300))).concat()
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

#[test]
fn a_character_that_is_wider_than_a_hanging_row_is_told_to_have_no_room() {
    let rows: Vec<String> = laid("a\n  日本語🏽a", 5)
        .lines
        .iter()
        .map(|line| line.spans.iter().map(|span| span.text.as_str()).collect())
        .collect();
    assert_eq!(rows, ["a", "  日", "  本", "  …", "  a"]);
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
