mod streaming;

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

/// Two rows of a table of 300 columns.
fn cells(first: &str, second: &str) -> String {
    [first, second].map(|cell| format!("{}|\n", format!("| {cell} ").repeat(300))).concat()
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
