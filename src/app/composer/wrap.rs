//! A line of the composer as rows: filled cell by cell, because what is being typed is not re-flowed.
//!
//! A draft may be a pasted file. Rows are found as they are asked for, and a row of plain ASCII without looking
//! at its characters one by one. What stands for a fold takes the cells of its label, and never more than a row.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::fold::{Fold, Folds, is_fold};
use crate::text::width::{grapheme_width, truncate, width};
use crate::text::{Safe, sanitise_line};

#[cfg(test)]
thread_local! {
    /// Rows made so far: what is not shown is to make few.
    pub(super) static MADE: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// What lines are measured with.
#[derive(Clone, Copy)]
pub(super) struct Ruler<'a> {
    pub(super) folds: &'a Folds,
    /// The cells of a row.
    pub(super) width: usize,
}

impl<'a> Ruler<'a> {
    /// What a grapheme stands for, where it stands for something.
    fn fold(&self, grapheme: &str) -> Option<&'a Fold> {
        grapheme.chars().next().and_then(|c| self.folds.get(c))
    }

    /// The cells a grapheme takes as it is shown. A tab takes one.
    pub(super) fn cells(&self, grapheme: &str) -> usize {
        match grapheme.as_bytes() {
            [_] => 1,
            _ => match self.fold(grapheme) {
                Some(fold) => width(fold.label()).min(self.width),
                None => grapheme_width(&sanitise_line(grapheme)),
            },
        }
    }

    /// The rows of a line, as ranges of its bytes: never none.
    pub(super) fn rows<'l>(self, line: &'l str) -> Rows<'a, 'l> {
        Rows { ruler: self, line, at: Some(0) }
    }

    /// The rows after one that ended there.
    pub(super) fn rows_from<'l>(self, line: &'l str, end: usize) -> Rows<'a, 'l> {
        Rows { ruler: self, line, at: (end < line.len()).then_some(end) }
    }

    /// How many bytes of `text` fill a row.
    fn fit(&self, text: &str) -> usize {
        // The character after the row may join the last one in it.
        let bytes = text.as_bytes();
        if bytes.get(..=self.width).unwrap_or(bytes).is_ascii() {
            return self.width.min(bytes.len());
        }
        let mut used = 0;
        for (at, grapheme) in text.grapheme_indices(true) {
            used += self.cells(grapheme);
            if used > self.width && at > 0 {
                return at;
            }
        }
        text.len()
    }

    /// The cells before the byte `at` of a row; a grapheme that `at` is inside of is not counted.
    pub(super) fn column(&self, row: &str, at: usize) -> usize {
        let before = row.grapheme_indices(true).take_while(|(start, grapheme)| start + grapheme.len() <= at);
        before.map(|(_, grapheme)| self.cells(grapheme)).sum()
    }

    /// The byte of a row that a column is at; of a shorter row its end.
    pub(super) fn byte_at(&self, row: &str, column: usize) -> usize {
        let mut used = 0;
        let mut graphemes = row.grapheme_indices(true);
        let found = graphemes.find(|(_, grapheme)| {
            used += self.cells(grapheme);
            used > column
        });
        found.map_or(row.len(), |(at, _)| at)
    }

    /// A row as it is shown.
    pub(super) fn shown(&self, row: &str) -> Safe {
        let mut shown = Safe::default();
        for piece in row.split_inclusive(is_fold) {
            let (text, fold) = match piece.char_indices().next_back().filter(|(_, c)| is_fold(*c)) {
                Some((at, c)) => (&piece[..at], self.folds.get(c)),
                None => (piece, None),
            };
            shown.push(&sanitise_line(text));
            if let Some(fold) = fold {
                shown.push(&truncate(fold.label(), self.width));
            }
        }
        shown
    }
}

/// An iterator over rows.
pub(super) struct Rows<'a, 'l> {
    ruler: Ruler<'a>,
    line: &'l str,
    /// Where the next row begins, until the last was given.
    at: Option<usize>,
}

impl Iterator for Rows<'_, '_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let start = self.at?;
        let end = start + self.ruler.fit(self.line.get(start..)?);
        self.at = (end < self.line.len()).then_some(end);
        #[cfg(test)]
        MADE.set(MADE.get() + 1);
        Some(start..end)
    }
}
