use proptest::prelude::*;

use super::*;
use crate::text::width::width;

fn shown(text: &str, width: u16) -> Vec<String> {
    lay_out(text, width)
        .lines
        .iter()
        .map(|line| line.spans.iter().map(|span| span.text.as_str()).collect())
        .collect()
}

#[test]
fn lines_of_the_text_stay_lines() {
    assert_eq!(shown("one\ntwo\n\nthree\n", 20), ["one", "two", "", "three"]);
    assert_eq!(shown("", 20), Vec::<String>::new());
}

#[test]
fn long_lines_wrap_by_word() {
    assert_eq!(shown("the quick brown fox", 10), ["the quick", "brown fox"]);
}

#[test]
fn items_of_lists_hang_under_their_text() {
    assert_eq!(shown("- one two three", 9), ["- one two", "  three"]);
    assert_eq!(shown("12. one two", 9), ["12. one", "    two"]);
}

#[test]
fn code_is_set_off_numbered_and_given_for_copying() {
    let laid = lay_out("See:\n```rust extra\nlet r;\n\n  { x }\n```\nand\n~~~\n```\n~~~", 20);
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
fn long_code_goes_on_under_a_continuation_mark() {
    assert_eq!(shown("```\nabcdefgh ij\n```", 12), [" 1 │ abcdefg", "   ┆ h ij"]);
}

#[test]
fn a_fence_is_closed_only_by_one_as_long() {
    assert_eq!(shown("````\n```\n````\nx", 20), [" 1 │ ```", "x"]);
}

#[test]
fn a_fence_in_a_list_takes_its_indentation_with_it() {
    let laid = lay_out("- so:\n  ```\n  a\n    b\n  ```\n", 20);
    assert_eq!(laid.code, [CodeBlock { number: 1, language: String::new(), source: "a\n  b\n".into() }]);
}

#[test]
fn an_open_fence_shows_code_as_it_comes() {
    assert_eq!(shown("```py", 20), ["```py"]);
    assert_eq!(shown("```py\nx = 1", 20), [" 1 │ x = 1"]);
    assert_eq!(lay_out("```py\nx = 1", 20).code[0].source, "x = 1");
}

#[test]
fn inline_code_at_the_beginning_opens_no_block() {
    assert_eq!(shown("```a``` is code\nnext", 20), ["```a``` is code", "next"]);
}

#[test]
fn headings_and_quotes_are_told_from_text() {
    let inks = |text: &str| lay_out(text, 20).lines[0].spans[0].ink;
    assert_eq!(
        ["# a", "#a", "####### a", "> a", "a"].map(inks),
        [Ink::Heading, Ink::Text, Ink::Text, Ink::Quote, Ink::Text]
    );
}

#[test]
fn escape_sequences_are_gone_even_when_cut_in_half() {
    let mut live = Live::new(20);
    for piece in ["a\x1b", "[3", "1mb\x1b]0;ti", "tle\x07c"] {
        live.push(piece);
    }
    assert_eq!(live.laid(), &lay_out("abc", 20));
}

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[a-z]{1,9}",
        6 => " {1,3}",
        3 => Just("\n".to_owned()),
        2 => prop::sample::select(vec!["```", "````", "~~~", "```rust\n", "\n```\n", "`", "# ", "> ", "- ", "1. "])
            .prop_map(str::to_owned),
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn a_growing_text_is_laid_out_like_the_whole(
        text in text(),
        cuts in prop::collection::vec(1usize..6, 1..40),
        width in 1u16..24,
    ) {
        let mut live = Live::new(width);
        let mut chars = text.chars();
        let mut so_far = String::new();
        for cut in cuts.iter().cycle() {
            let piece: String = chars.by_ref().take(*cut).collect();
            if piece.is_empty() {
                break;
            }
            so_far.push_str(&piece);
            live.push(&piece);
            prop_assert_eq!(live.laid(), &lay_out(&so_far, width), "after {:?}", so_far);
        }
    }

    #[test]
    fn a_resized_text_goes_on_as_if_it_had_always_been_so_wide(
        before in text(), after in text(), from in 0u16..24, to in 0u16..24,
    ) {
        let mut live = Live::new(from);
        live.push(&before);
        live.resize(to);
        prop_assert_eq!(live.laid(), &lay_out(&before, to));
        live.push(&after);
        prop_assert_eq!(live.laid(), &lay_out(&(before + &after), to));
    }

    #[test]
    fn every_row_fits(text in text(), cells in 1u16..24) {
        for line in lay_out(&text, cells).lines {
            let wide: usize = line.spans.iter().map(|span| width(&span.text)).sum();
            prop_assert!(wide <= usize::from(cells), "{:?}", line);
        }
    }

    #[test]
    fn nothing_but_blanks_is_lost_or_moved(text in text(), cells in 12u16..24) {
        let solid = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let text = text.replace(['`', '~'], "");
        let mut sanitiser = Sanitiser::default();
        prop_assert_eq!(solid(&shown(&text, cells).concat()), solid(&sanitiser.push(&text)));
    }
}
