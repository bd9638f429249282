//! Where what is shown stands in the text: what lets a selection on the screen be a piece of the source.
//!
//! A span knows its origin, a place in the sanitised source of the whole text. Bullets, bars, gutters and targets
//! after links have none: they were added. What reads otherwise than it is written (an entity, a formula) stands for its
//! source as a whole. A place is found through what was taken away before parsing: the blanks of an item, the
//! brackets around a formula.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::text::width::grapheme_width;

use super::Span;
use super::wrap::TAB;

/// What of the source a span shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// Nothing of it: it orders the text, or tells of it.
    #[default]
    Added,
    /// As many bytes from this one on, the same but for tabs, which are one blank each.
    Same(usize),
    /// These bytes, with tabs as wide as they are shown.
    Tabbed(Range<usize>),
    /// All of these bytes, which read otherwise.
    Whole(Range<usize>),
}

impl Origin {
    /// The bytes of the source that `text` shows by it.
    pub fn range(&self, text: &str) -> Option<Range<usize>> {
        match self {
            Self::Added => None,
            Self::Same(start) => Some(*start..start + text.len()),
            Self::Tabbed(range) | Self::Whole(range) => Some(range.clone()),
        }
    }

    /// The origin of a part of what shows `self`.
    pub(super) fn part(&self, range: &Range<usize>) -> Self {
        match self {
            Self::Same(start) => Self::Same(start + range.start),
            Self::Added | Self::Tabbed(_) | Self::Whole(_) => self.clone(),
        }
    }

    /// What shows so many bytes of `self` in another way.
    pub(super) fn all_of(self, length: usize) -> Self {
        match self {
            Self::Same(start) => Self::Whole(start..start + length),
            Self::Added | Self::Tabbed(_) | Self::Whole(_) => self,
        }
    }

    /// Whether what shows `next` goes on where `length` bytes that show `self` end.
    pub(super) fn goes_on(&self, length: usize, next: &Self) -> bool {
        match (self, next) {
            (Self::Added, Self::Added) => true,
            (Self::Same(start), Self::Same(next)) => start + length == *next,
            (Self::Added | Self::Same(_) | Self::Tabbed(_) | Self::Whole(_), _) => false,
        }
    }
}

/// A grapheme of a row: its bytes in the span, its cells, and its bytes in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Cells before it in its span.
    pub left: usize,
    /// Cells it takes.
    pub cells: usize,
    /// What it shows.
    pub source: Range<usize>,
}

impl Span {
    /// What it shows of `source`, piece by piece: graphemes where it shows them as they are, else all of it.
    pub fn shown(&self, source: &str) -> Vec<Shown> {
        match &self.origin {
            Origin::Added => Vec::new(),
            Origin::Whole(range) => {
                let cells = self.text.graphemes(true).map(grapheme_width).sum();
                vec![Shown { left: 0, cells, source: range.clone() }]
            }
            Origin::Same(start) => {
                let mut left = 0;
                let graphemes = self.text.grapheme_indices(true);
                let shown = graphemes.map(|(at, grapheme)| {
                    let cells = grapheme_width(grapheme);
                    left += cells;
                    let source = start + at..start + at + grapheme.len();
                    Shown { left: left - cells, cells, source }
                });
                shown.collect()
            }
            Origin::Tabbed(range) => {
                let mut left = 0;
                let room: usize = self.text.graphemes(true).map(grapheme_width).sum();
                let graphemes = source.get(range.clone()).unwrap_or_default().grapheme_indices(true);
                let shown = graphemes.map(|(at, grapheme)| {
                    let cells = match grapheme {
                        // A row may be narrower than a tab.
                        "\t" => (TAB - left % TAB).min(room - left.min(room)),
                        _ => grapheme_width(grapheme),
                    };
                    left += cells;
                    let source = range.start + at..range.start + at + grapheme.len();
                    Shown { left: left - cells, cells, source }
                });
                shown.collect()
            }
        }
    }
}

/// Where the bytes of a text that was changed a little stand in another one: in runs, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Places(Vec<Run>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Run {
    here: Range<usize>,
    there: Range<usize>,
}

impl Run {
    fn is_same(&self) -> bool {
        self.here.len() == self.there.len()
    }
}

impl Places {
    /// A text of so many bytes that stands there as it is.
    pub fn shifted(length: usize, there: usize) -> Self {
        let mut places = Self::default();
        places.push(0..length, there..there + length);
        places
    }

    /// Adds what follows.
    pub fn push(&mut self, here: Range<usize>, there: Range<usize>) {
        if !here.is_empty() {
            self.0.push(Run { here, there });
        }
    }

    /// Where a piece stands there; `None` for one that is nowhere.
    pub fn range(&self, here: &Range<usize>) -> Option<Range<usize>> {
        let first = self.0.get(self.0.partition_point(|run| run.here.end <= here.start))?;
        let start = match here.start.checked_sub(first.here.start) {
            Some(after) if first.is_same() => first.there.start + after,
            Some(_) | None => first.there.start,
        };
        let last = self.0.get(self.0.partition_point(|run| run.here.start < here.end).checked_sub(1)?)?;
        let end = match last.here.end.checked_sub(here.end) {
            Some(before) if last.is_same() => last.there.end - before,
            Some(_) | None => last.there.end,
        };
        (start <= end).then_some(start..end)
    }

    /// The origin of a text that was read from a piece of this one.
    pub fn origin(&self, source: &str, text: &str, here: &Range<usize>) -> Origin {
        let Some(there) = self.range(here) else { return Origin::Added };
        if there.len() == text.len() && source.get(here.clone()) == Some(text) {
            Origin::Same(there.start)
        } else if there.is_empty() {
            Origin::Added
        } else {
            Origin::Whole(there)
        }
    }

    /// Where a piece of what `self` leads to stands in turn.
    pub fn then(&self, next: &Self) -> Self {
        let mut both = Self::default();
        for run in &self.0 {
            match run.is_same() {
                false => {
                    if let Some(there) = next.range(&run.there) {
                        both.push(run.here.clone(), there);
                    }
                }
                true => {
                    for further in next.0.iter().filter(|next| next.here.start < run.there.end) {
                        let start = further.here.start.max(run.there.start);
                        let end = further.here.end.min(run.there.end);
                        if start >= end {
                            continue;
                        }
                        let here = |at: usize| run.here.start + (at - run.there.start);
                        if let Some(there) = next.range(&(start..end)) {
                            both.push(here(start)..here(end), there);
                        }
                    }
                }
            }
        }
        both
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::layout::{Ink, Origin, View, lay_out};
    use crate::text::sanitise;

    /// Each row in pieces: what it shows, and the source of that; `None` where it was added.
    fn rows(text: &str, width: u16, view: View) -> Vec<Vec<(String, Option<String>)>> {
        let source = |origin: &Origin, length: usize| {
            let range = match origin {
                Origin::Added => return None,
                Origin::Same(start) => *start..start + length,
                Origin::Tabbed(range) | Origin::Whole(range) => range.clone(),
            };
            Some(text[range].to_owned())
        };
        let row = |line: crate::layout::Line| {
            line.spans
                .iter()
                .map(|span| (span.text.to_string(), source(&span.origin, span.text.len())))
                .collect()
        };
        lay_out(text, width, view).lines.into_iter().map(row).collect()
    }

    fn rendered(text: &str) -> Vec<(String, Option<String>)> {
        rows(text, 60, View::Rendered).concat()
    }

    fn same(text: &str) -> (String, Option<String>) {
        (text.to_owned(), Some(text.to_owned()))
    }

    fn added(text: &str) -> (String, Option<String>) {
        (text.to_owned(), None)
    }

    fn whole(text: &str, source: &str) -> (String, Option<String>) {
        (text.to_owned(), Some(source.to_owned()))
    }

    #[test]
    fn bullets_bars_and_gutters_are_added_and_text_is_the_source() {
        assert_eq!(rendered("- **a** b"), [added("• "), same("a"), same(" b")]);
        assert_eq!(rendered("> # a"), [added("▎ "), same("a")]);
        assert_eq!(rendered("```\n  x\n```"), [added(" 1 │ "), same("  x")]);
        assert_eq!(rendered("- ```\n  x\n  ```\n"), [added("• "), added(" 1 │ "), same("x")]);
        assert_eq!(rendered("[a](b)"), [same("a"), added(" (b)")]);
        assert_eq!(rendered("see https://a.b/ (c)"), [same("see "), same("https://a.b/"), same(" (c)")]);
    }

    #[test]
    fn what_reads_otherwise_stands_for_all_of_its_source() {
        assert_eq!(rendered("a &amp; b\\_c"), [same("a "), whole("&", "&amp;"), same(" b"), same("_c")]);
        assert_eq!(rendered("is \\(x^2\\) so"), [same("is "), whole("x²", "\\(x^2\\)"), same(" so")]);
        assert_eq!(rendered("$$\n\\alpha\n$$"), [whole("  α", "$$\n\\alpha\n$$")]);
        assert_eq!(rendered("a[^1]"), [same("a"), whole("[1]", "[^1]")]);
    }

    #[test]
    fn cells_of_tables_are_found_in_their_rows() {
        let text = "before\n\n| a | b |\n|---|---|\n| one | two |\n| \\(x\\) | f";
        let found: Vec<String> = rendered(text).into_iter().filter_map(|(_, source)| source).collect();
        assert_eq!(found, ["before", "a", "b", "one", "two", "\\(x\\)", "f"]);
    }

    #[test]
    fn tabs_take_their_cells_and_one_byte() {
        let text = "```\n\tx\ty\n```";
        let laid = lay_out(text, 60, View::Rendered);
        let span = &laid.lines[0].spans[1];
        let shown: Vec<_> =
            span.shown(text).into_iter().map(|s| (s.left, s.cells, &text[s.source])).collect();
        assert_eq!(shown, [(0, 4, "\t"), (4, 1, "x"), (5, 3, "\t"), (8, 1, "y")]);
    }

    #[test]
    fn an_item_that_is_so_long_that_it_is_cut_keeps_its_places() {
        let text = format!("- {}\n\n  tail *word*\n", "many words ".repeat(900));
        let last = rows(&text, 40, View::Rendered).into_iter().next_back().unwrap();
        assert_eq!(last.last(), Some(&same("word")));
    }

    /// Markdown whose every letter is shown once, in order.
    fn prose() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "one ",
            "two\n",
            "\n\n",
            "- item ",
            "\n  - deep ",
            "> said ",
            "\n> more\n",
            "**bold** ",
            "*it* ",
            "`code` ",
            "\n```\nlet x;\n\ty\n```\n",
            "\n# head\n",
            "日本 ",
            "e\u{301} ",
            "~~gone~~ ",
            "\n\n| A | B |\n|---|---|\n| c | d |\n\n",
            "\\* ",
            "👩\u{200d}💻 ",
            "\n    indented\n",
            "1. first\n",
            "www.x.example ",
        ]);
        prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn every_letter_that_is_shown_leads_to_its_own_byte_and_none_is_left_out(
            text in prose(), width in 1u16..60, view in prop::sample::select(vec![View::Rendered, View::Raw]),
        ) {
            let source = sanitise(&text);
            let laid = lay_out(&text, width, view);
            let mut bytes = Vec::new();
            for span in laid.lines.iter().flat_map(|line| &line.spans) {
                let shown = span.shown(&source);
                let wide: usize = shown.iter().map(|shown| shown.cells).sum();
                match span.origin {
                    Origin::Added => prop_assert!(span.ink != Ink::Text || span.text.trim().is_empty()),
                    _ => prop_assert_eq!(wide, crate::text::width::width(&span.text), "{:?}", span),
                }
                for shown in shown {
                    prop_assert!(source.get(shown.source.clone()).is_some(), "{:?}", span);
                    bytes.extend(shown.source);
                }
                if let Origin::Same(start) = span.origin {
                    let there = source.get(start..start + span.text.len());
                    prop_assert_eq!(there.map(|text| text.replace('\t', " ")), Some(span.text.to_string()));
                }
            }
            let before = bytes.len();
            bytes.sort_unstable();
            bytes.dedup();
            prop_assert_eq!(bytes.len(), before, "something is shown twice");
            let left: String = source
                .char_indices()
                .filter(|(at, c)| c.is_alphanumeric() && bytes.binary_search(at).is_err())
                .map(|(_, c)| c)
                .collect();
            // The numbers of lists are counted, not read; the heads of columns name the fields of records.
            prop_assert!(left.chars().all(|c| matches!(c, '1' | 'A' | 'B')), "{left:?} is left out");
        }

        #[test]
        fn any_text_leads_to_places_that_are_there(text in "[-*>`|#\\[\\]()$\\\\ a-c\n\t&;0-9é日]{0,120}", width in 1u16..30) {
            let source = sanitise(&text);
            for span in lay_out(&text, width, View::Rendered).lines.iter().flat_map(|line| &line.spans) {
                for shown in span.shown(&source) {
                    prop_assert!(source.get(shown.source).is_some(), "{:?}", span);
                }
            }
        }
    }
}
