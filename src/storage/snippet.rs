//! The words around a match, and where in them the matches are.

use std::ops::Range;

use super::words::{Term, is_cjk};

/// Characters shown before the match, and in all.
const BEFORE: usize = 30;
const LENGTH: usize = 120;

/// A piece of a message on one line, `…` where something was left out.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Snippet {
    pub text: String,
    /// Where the matches are, as bytes of `text`, in order.
    pub matches: Vec<Range<usize>>,
}

/// The words around the first match.
pub(super) fn snippet(text: &str, terms: &[Term]) -> Snippet {
    let needles: Vec<Needle> = terms.iter().map(Needle::new).collect();
    let text = text.trim();
    let first = matches(text, &needles).next().unwrap_or(0..0);
    let start = beginning(text, first.start);
    let end = text[start..]
        .char_indices()
        .nth(LENGTH)
        .map_or(text.len(), |(at, _)| start + at.max(first.end - start));
    let mut shown = Snippet::default();
    if start > 0 {
        shown.text.push('…');
    }
    let mut found = matches(&text[start..end], &needles).map(|range| start + range.start..start + range.end);
    let mut next = found.next();
    for (at, c) in text[start..end].char_indices().map(|(at, c)| (start + at, c)) {
        if let Some(range) = &next
            && at == range.start
        {
            shown.matches.push(shown.text.len()..shown.text.len());
        }
        if !c.is_whitespace() {
            shown.text.push(c);
        } else if !shown.text.ends_with(' ') {
            shown.text.push(' ');
        }
        if let Some(range) = &next
            && at + c.len_utf8() == range.end
        {
            if let Some(open) = shown.matches.last_mut() {
                open.end = shown.text.len();
            }
            next = found.next();
        }
    }
    shown.text.truncate(shown.text.trim_end().len());
    if end < text.len() {
        shown.text.push('…');
    }
    shown
}

/// Where a snippet begins so that it shows what stands before this byte: not in the middle of a word, where its
/// end is near.
fn beginning(text: &str, at: usize) -> usize {
    let Some((start, _)) = text[..at].char_indices().rev().take(BEFORE).last() else { return at };
    if start == 0 {
        return 0;
    }
    text[start..at].find(char::is_whitespace).map_or(start, |blank| {
        let after = &text[start + blank..];
        start + blank + (after.len() - after.trim_start().len())
    })
}

/// A term as its letters.
struct Needle {
    letters: Vec<char>,
    open: bool,
}

impl Needle {
    fn new(term: &Term) -> Self {
        let words: Vec<&str> =
            term.text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        Self { letters: words.join(" ").chars().collect(), open: term.open }
    }

    /// How many bytes of `text` match from its beginning.
    fn length_in(&self, text: &str) -> Option<usize> {
        let mut rest = text.char_indices().peekable();
        for letter in &self.letters {
            if *letter == ' ' {
                // Whatever stands between words in the text.
                while rest.next_if(|(_, c)| !c.is_alphanumeric()).is_some() {}
                continue;
            }
            rest.next_if(|(_, c)| looks_like(*c, *letter))?;
            while rest.next_if(|(_, c)| is_combining(*c)).is_some() {}
        }
        let end = rest.peek().map_or(text.len(), |(at, _)| *at);
        let ends = self.open
            || self.letters.last().is_none_or(|last| is_cjk(*last))
            || rest.peek().is_none_or(|(_, c)| !c.is_alphanumeric() || is_cjk(*c));
        ends.then_some(end)
    }
}

/// Where the needles are in a text, in order and apart.
fn matches<'a>(text: &'a str, needles: &'a [Needle]) -> impl Iterator<Item = Range<usize>> + 'a {
    let mut before = None;
    let mut free = 0;
    text.char_indices().filter_map(move |(at, c)| {
        let starts_word =
            is_cjk(c) || before.is_none_or(|before: char| !before.is_alphanumeric() || is_cjk(before));
        before = Some(c);
        if at < free || !starts_word || !c.is_alphanumeric() {
            return None;
        }
        let rest = &text[at..];
        let length =
            needles.iter().filter_map(|needle| needle.length_in(rest)).filter(|length| *length > 0).max()?;
        free = at + length;
        Some(at..free)
    })
}

/// Whether the index may have taken two letters for the same: case apart, and diacritics.
fn looks_like(a: char, b: char) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return a.eq_ignore_ascii_case(&b);
    }
    let marked = |c: char| ('\u{c0}'..='\u{24f}').contains(&c);
    a == b
        || (marked(a) && b.is_ascii_alphabetic())
        || (marked(b) && a.is_ascii_alphabetic())
        || a.to_lowercase().eq(b.to_lowercase())
}

fn is_combining(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::words::terms;
    use super::*;

    fn marked(text: &str, typed: &str) -> String {
        let Snippet { text, matches } = snippet(text, &terms(typed));
        let (mut shown, mut from) = (String::new(), 0);
        for range in matches {
            shown.push_str(&format!("{}[{}]", &text[from..range.start], &text[range.clone()]));
            from = range.end;
        }
        shown + &text[from..]
    }

    #[test]
    fn every_match_is_marked_and_nothing_that_only_looks_like_one() {
        for (text, typed, expected) in [
            ("config fig  figs\nFIG", "fig ", "config [fig] figs [FIG]"),
            ("config fig figs", "fig", "config [fig] [fig]s"),
            ("the Café closes", "cafe", "the [Café] closes"),
            ("the Cafe\u{301} closes", "cafe", "the [Cafe\u{301}] closes"),
            ("a fig -\n tree", "\"fig tree\"", "a [fig - tree]"),
            ("昨日、東京都に", "東京", "昨日、[東京]都に"),
            ("東東京", "東", "[東][東]京"),
            ("nothing here", "else", "nothing here"),
        ] {
            assert_eq!(marked(text, typed), expected, "{text} / {typed}");
        }
    }

    #[test]
    fn a_snippet_shows_the_match_in_its_words_on_one_line() {
        let text = format!("{}\nthe  Café\tcloses at nine {}", "before ".repeat(20), "after ".repeat(40));
        let snippet = snippet(&text, &terms("cafe")).text;
        assert!(snippet.starts_with("…before before before "), "{snippet}");
        assert!(snippet.contains("the Café closes at nine after"), "{snippet}");
        assert!(snippet.ends_with('…'), "{snippet}");
        assert!(snippet.chars().count() <= LENGTH + 2, "{snippet}");
    }

    proptest! {
        #[test]
        fn the_places_of_matches_are_in_the_text_in_order(typed in "[a-c日本é\" ]{0,8}", text in "[a-c日本é\n ]{0,300}") {
            let Snippet { text, matches } = snippet(&text, &terms(&typed));
            let mut from = 0;
            for range in matches {
                prop_assert!(range.start >= from && !text[range.clone()].is_empty(), "{text} {range:?}");
                from = range.end;
            }
        }

        #[test]
        fn nothing_that_can_be_typed_is_a_panic(typed in "\\PC{0,24}", text in "\\PC{0,200}") {
            snippet(&text, &terms(&typed));
        }
    }
}
