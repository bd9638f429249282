//! Filling one row. A row depends only on the text from its beginning on, never on the rows above it: that is
//! what lets a growing line keep the rows it has.

use unicode_segmentation::UnicodeSegmentation;

use crate::text::width::grapheme_width;

use super::origin::Origin;
use super::work;

/// Where a row may end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Breaks {
    /// Between words and around wide characters. Blanks at the end of a full row take no cells.
    Words,
    /// At the edge. Every blank counts.
    Edge,
}

/// A filled row.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// What it reads, tabs expanded.
    pub text: String,
    /// Where the next row begins, if text is left.
    pub next: Option<usize>,
}

/// The cells from one tab stop to the next.
pub(super) const TAB: usize = 4;

/// Stands for a wide character where there is one cell in all.
const NO_ROOM: char = '…';

impl Row {
    /// What the row shows of `text`, which it was filled from and which begins at `start` in the source.
    pub fn origin(&self, text: &str, start: usize) -> Origin {
        let end = start + self.next.unwrap_or(text.len());
        match self.text.as_str() {
            same if text.starts_with(same) => Origin::Same(start),
            no_room if no_room.starts_with(NO_ROOM) => Origin::Whole(start..end),
            _ => Origin::Tabbed(start..end),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Blank,
    Narrow,
    Wide,
}

/// Fills a row of `cells` cells, of which there must be one, from the beginning of `text`.
pub(super) fn fill(text: &str, cells: usize, breaks: Breaks) -> Row {
    let mut row = String::new();
    let mut used = 0;
    // Blanks went past the edge: whatever follows them begins a row.
    let mut full = false;
    let mut before = Before::Blank;
    // The last place between words: the row's length there, and the rest's place in the text.
    let mut gap = None;
    for (at, grapheme) in graphemes(text) {
        let blank = matches!(grapheme, " " | "\t");
        let wide = match grapheme {
            "\t" => (TAB - used % TAB).min(cells),
            _ if grapheme.len() == 1 => 1,
            _ => grapheme_width(grapheme),
        };
        let fits = used + wide <= cells && !full;
        if blank && breaks == Breaks::Words {
            before = Before::Blank;
            if fits {
                row.extend(std::iter::repeat_n(' ', wide));
                used += wide;
            } else {
                full = true;
            }
            continue;
        }
        let now = if has_wide_base(grapheme) { Before::Wide } else { Before::Narrow };
        let between_words = before == Before::Blank || before == Before::Wide || now == Before::Wide;
        // Indentation is no word: a break after it would only leave an empty row.
        if breaks == Breaks::Words && between_words && !row.trim_start().is_empty() {
            gap = Some((row.len(), at));
        }
        before = now;
        if fits {
            if blank {
                row.extend(std::iter::repeat_n(' ', wide));
            } else {
                row.push_str(grapheme);
            }
            used += wide;
        } else if at == 0 {
            row.push(NO_ROOM);
            used = cells;
        } else {
            let (length, next) = gap.unwrap_or((row.len(), at));
            row.truncate(length);
            if breaks == Breaks::Words {
                row.truncate(row.trim_end_matches(' ').len());
            }
            work::count(next);
            return Row { text: row, next: Some(next) };
        }
    }
    work::count(text.len());
    Row { text: row, next: None }
}

/// The graphemes of a text, and where each begins. ASCII before ASCII is one of its own, which is most of what is laid
/// out, and much quicker told than by the rules.
fn graphemes(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let alone = match rest.as_bytes() {
            [] => return None,
            [first] => first.is_ascii(),
            [first, second, ..] => first.is_ascii() && second.is_ascii(),
        };
        let grapheme = if alone { rest.get(..1)? } else { rest.graphemes(true).next()? };
        let begins = at;
        at += grapheme.len();
        Some((begins, grapheme))
    })
}

/// Whether text may be broken around this grapheme, as between CJK characters. Letters that only add up to two
/// cells, as Indic ones do, belong to their word.
fn has_wide_base(grapheme: &str) -> bool {
    let base = grapheme.chars().next().map_or(0, char::len_utf8);
    base > 1 && grapheme.get(..base).is_some_and(|base| grapheme_width(base) == 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, cells: usize, breaks: Breaks) -> Vec<String> {
        let mut rows = Vec::new();
        let mut next = Some(0);
        while let Some(from) = next {
            let row = fill(&text[from..], cells, breaks);
            rows.push(row.text);
            next = row.next.map(|next| from + next);
        }
        rows
    }

    #[test]
    fn words_go_whole_to_the_next_row() {
        assert_eq!(rows("the quick brown fox", 10, Breaks::Words), ["the quick", "brown fox"]);
    }

    #[test]
    fn blanks_at_a_break_hang_over_the_edge() {
        assert_eq!(rows("abcde      fgh", 6, Breaks::Words), ["abcde", "fgh"]);
    }

    #[test]
    fn a_word_longer_than_the_row_begins_its_own_and_is_broken() {
        assert_eq!(rows("ab cdefghijk lm", 5, Breaks::Words), ["ab", "cdefg", "hijk", "lm"]);
    }

    #[test]
    fn indentation_stays_with_its_word() {
        assert_eq!(rows("    abcdefgh", 8, Breaks::Words), ["    abcd", "efgh"]);
    }

    #[test]
    fn wide_text_breaks_between_characters_and_never_inside_one() {
        assert_eq!(rows("日本語とabc", 5, Breaks::Words), ["日本", "語と", "abc"]);
        assert_eq!(rows("👩‍💻👩‍💻👩‍💻", 5, Breaks::Words), ["👩‍💻👩‍💻", "👩‍💻"]);
    }

    #[test]
    fn words_of_broad_clusters_stay_whole() {
        assert_eq!(rows("और क्षात्र", 7, Breaks::Words), ["और", "क्षात्र"]);
    }

    #[test]
    fn marks_stay_with_their_base() {
        assert_eq!(rows("e\u{301}e\u{301}e\u{301}", 2, Breaks::Words), ["e\u{301}e\u{301}", "e\u{301}"]);
    }

    #[test]
    fn code_breaks_at_the_edge_and_keeps_its_blanks() {
        assert_eq!(rows("if  x  {   }", 5, Breaks::Edge), ["if  x", "  {  ", " }"]);
    }

    #[test]
    fn tabs_reach_to_the_next_stop() {
        assert_eq!(rows("a\tb\tc", 20, Breaks::Edge), ["a   b   c"]);
        assert_eq!(rows("\ta", 2, Breaks::Edge), ["  ", "a"]);
    }

    #[test]
    fn one_cell_shows_that_a_wide_character_has_no_room() {
        assert_eq!(rows("a日b", 1, Breaks::Words), ["a", "…", "b"]);
    }
}
