//! A line of the composer as rows: filled cell by cell, because what is being typed is not re-flowed.
//!
//! A draft may be a pasted file. Rows are found as they are asked for, and a row of plain ASCII without looking
//! at its characters one by one.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::text::sanitise_line;
use crate::text::width::grapheme_width;

#[cfg(test)]
thread_local! {
    /// Rows made so far: what is not shown is to make few.
    pub(super) static MADE: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// The cells a grapheme takes as it is shown. A tab takes one.
fn cells(grapheme: &str) -> usize {
    match grapheme.as_bytes() {
        [_] => 1,
        _ => grapheme_width(&sanitise_line(grapheme)),
    }
}

/// The rows of a line, as ranges of its bytes: never none.
pub(super) fn rows(line: &str, width: usize) -> Rows<'_> {
    Rows { line, width, at: Some(0) }
}

/// The rows after one that ended there.
pub(super) fn rows_from(line: &str, width: usize, end: usize) -> Rows<'_> {
    Rows { line, width, at: (end < line.len()).then_some(end) }
}

/// An iterator over rows.
pub(super) struct Rows<'a> {
    line: &'a str,
    width: usize,
    /// Where the next row begins, until the last was given.
    at: Option<usize>,
}

impl Iterator for Rows<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let start = self.at?;
        let end = start + fit(self.line.get(start..)?, self.width);
        self.at = (end < self.line.len()).then_some(end);
        #[cfg(test)]
        MADE.set(MADE.get() + 1);
        Some(start..end)
    }
}

/// How many bytes of `text` fill a row.
fn fit(text: &str, width: usize) -> usize {
    // The character after the row may join the last one in it.
    let bytes = text.as_bytes();
    if bytes.get(..=width).unwrap_or(bytes).is_ascii() {
        return width.min(bytes.len());
    }
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += cells(grapheme);
        if used > width && at > 0 {
            return at;
        }
    }
    text.len()
}

/// The cells before the byte `at` of a row; a grapheme that `at` is inside of is not counted.
pub(super) fn column(row: &str, at: usize) -> usize {
    let before = row.grapheme_indices(true).take_while(|(start, grapheme)| start + grapheme.len() <= at);
    before.map(|(_, grapheme)| cells(grapheme)).sum()
}

/// The byte of a row that a column is at; of a shorter row its end.
pub(super) fn byte_at(row: &str, column: usize) -> usize {
    let mut used = 0;
    let mut graphemes = row.grapheme_indices(true);
    let found = graphemes.find(|(_, grapheme)| {
        used += cells(grapheme);
        used > column
    });
    found.map_or(row.len(), |(at, _)| at)
}
