//! Two texts compared word by word, as rows for a width: beside each other, or as one text.
//!
//! Words are compared once ([`Comparison::of`]); rows are made of that for each width. What stands between two
//! line ends that both texts have is laid out beside each other from the same row on, so that both sides scroll
//! together.

use similar::{Algorithm, ChangeTag, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation;

use crate::text::width::width;
use crate::text::{Safe, sanitise};

/// Whether a piece is in both texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// In both.
    Same,
    /// Only in the left one.
    Left,
    /// Only in the right one.
    Right,
}

/// A piece of a row.
pub type Piece = (Safe, Change);

/// A row of both texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    /// Of the left text.
    pub left: Vec<Piece>,
    /// Of the right text.
    pub right: Vec<Piece>,
}

/// What two texts have in common and what they have not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    pieces: Vec<(String, Change)>,
}

/// Above so many words of both texts, lines are compared: the work grows with the product of what differs.
const MOST_WORDS: usize = 12_000;

impl Comparison {
    /// Compares two texts.
    pub fn of(left: &str, right: &str) -> Self {
        let (left, right) = (sanitise(left), sanitise(right));
        let (mut old, mut new) = (words(&left), words(&right));
        if old.len() + new.len() > MOST_WORDS {
            (old, new) = (left.split_inclusive('\n').collect(), right.split_inclusive('\n').collect());
        }
        let mut pieces = Pieces::default();
        for change in capture_diff_slices(Algorithm::Myers, &old, &new)
            .iter()
            .flat_map(|op: &DiffOp| op.iter_changes(&old, &new))
        {
            match change.tag() {
                ChangeTag::Equal => pieces.same(change.value()),
                ChangeTag::Delete => pieces.differs(change.value(), |pieces| &mut pieces.left),
                ChangeTag::Insert => pieces.differs(change.value(), |pieces| &mut pieces.right),
            }
        }
        Self { pieces: pieces.finish() }
    }

    /// Whether both texts are the same.
    pub fn is_same(&self) -> bool {
        self.pieces.iter().all(|(_, change)| *change == Change::Same)
    }

    /// How much of both is in both, in hundredths of their letters.
    pub fn likeness(&self) -> usize {
        let letters = |wanted: fn(Change) -> bool| -> usize {
            self.pieces.iter().filter(|(_, change)| wanted(*change)).map(|(text, _)| text.len()).sum()
        };
        let (same, all) = (letters(|change| change == Change::Same), letters(|_| true));
        (same * 100).checked_div(all).unwrap_or(100)
    }

    /// Both texts as one, for this many cells: what only the left one has in brackets, what only the right one has
    /// in braces, since not every terminal shows colours.
    pub fn unified(&self, cells: usize) -> Vec<Vec<Piece>> {
        let mut rows = Filler::new(cells);
        for (text, change) in &self.pieces {
            for piece in text.split_inclusive('\n') {
                let said = piece.trim_end_matches('\n');
                match change {
                    Change::Same => rows.push(said, *change),
                    Change::Left => rows.push(&format!("[{said}]"), *change),
                    Change::Right => rows.push(&format!("{{{said}}}"), *change),
                }
                if piece.ends_with('\n') {
                    rows.end_line();
                }
            }
        }
        rows.finish()
    }

    /// Both texts beside each other, for this many cells each.
    pub fn beside(&self, cells: usize) -> Vec<Pair> {
        let mut pairs = Vec::new();
        let (mut left, mut right) = (Filler::new(cells), Filler::new(cells));
        for (text, change) in &self.pieces {
            for piece in text.split_inclusive('\n') {
                // What only one side has, line by line, stands beside nothing.
                if *change == Change::Same && left.is_at_start() && right.is_at_start() {
                    settle(&mut pairs, &mut left, &mut right);
                }
                let (said, ends) = (piece.trim_end_matches('\n'), piece.ends_with('\n'));
                let sides: &mut [&mut Filler] = match change {
                    Change::Same => &mut [&mut left, &mut right],
                    Change::Left => &mut [&mut left],
                    Change::Right => &mut [&mut right],
                };
                for side in sides {
                    side.push(said, *change);
                    if ends {
                        side.end_line();
                    }
                }
                if ends && *change == Change::Same {
                    settle(&mut pairs, &mut left, &mut right);
                }
            }
        }
        settle(&mut pairs, &mut left, &mut right);
        pairs
    }
}

/// Puts pieces together. What differs is told in whole phrases: a blank that both have between words that differ
/// belongs to them.
#[derive(Default)]
struct Pieces {
    told: Vec<(String, Change)>,
    left: String,
    right: String,
    /// Blanks of both, of which is not known yet what follows them.
    blank: String,
}

impl Pieces {
    fn same(&mut self, word: &str) {
        let differs = !self.left.is_empty() || !self.right.is_empty();
        if differs && self.blank.is_empty() && word.chars().all(|letter| letter == ' ') {
            self.blank.push_str(word);
            return;
        }
        self.settle();
        match self.told.last_mut() {
            Some((text, Change::Same)) => text.push_str(word),
            Some(_) | None => self.told.push((word.to_owned(), Change::Same)),
        }
    }

    fn differs(&mut self, word: &str, side: fn(&mut Self) -> &mut String) {
        let blank = std::mem::take(&mut self.blank);
        self.left.push_str(&blank);
        self.right.push_str(&blank);
        side(self).push_str(word);
    }

    fn finish(mut self) -> Vec<(String, Change)> {
        self.settle();
        self.told
    }

    fn settle(&mut self) {
        for (text, change) in [
            (std::mem::take(&mut self.left), Change::Left),
            (std::mem::take(&mut self.right), Change::Right),
            (std::mem::take(&mut self.blank), Change::Same),
        ] {
            if !text.is_empty() {
                self.told.push((text, change));
            }
        }
    }
}

/// What both sides have so far stands beside each other; the shorter one is filled up.
fn settle(pairs: &mut Vec<Pair>, left: &mut Filler, right: &mut Filler) {
    let (mut left, mut right) = (left.take().into_iter(), right.take().into_iter());
    loop {
        let pair = match (left.next(), right.next()) {
            (None, None) => return,
            (left, right) => Pair { left: left.unwrap_or_default(), right: right.unwrap_or_default() },
        };
        pairs.push(pair);
    }
}

/// Words, and what stands between them. A line end is a word of its own.
fn words(text: &str) -> Vec<&str> {
    text.split_word_bounds().collect()
}

/// Fills rows with words.
struct Filler {
    cells: usize,
    rows: Vec<Vec<Piece>>,
    row: Vec<Piece>,
    used: usize,
}

impl Filler {
    fn new(cells: usize) -> Self {
        Self { cells: cells.max(2), rows: Vec::new(), row: Vec::new(), used: 0 }
    }

    fn push(&mut self, text: &str, change: Change) {
        for word in text.split_inclusive(' ') {
            let mut rest = word;
            if width(rest.trim_end()) <= self.cells {
                if self.used + width(rest.trim_end()) > self.cells {
                    self.end_line();
                }
                // A blank that a row ends before is not told.
                let room = self.cells - self.used;
                rest = if width(rest) > room { rest.trim_end() } else { rest };
            }
            while self.used + width(rest) > self.cells {
                let taken = match fitting(rest, self.cells - self.used) {
                    // A letter wider than any row stands alone.
                    0 if self.used == 0 => rest.graphemes(true).next().map_or(rest.len(), str::len),
                    taken => taken,
                };
                self.put(&rest[..taken], change);
                self.end_line();
                rest = &rest[taken..];
            }
            self.put(rest, change);
        }
    }

    fn put(&mut self, text: &str, change: Change) {
        if text.is_empty() {
            return;
        }
        self.used += width(text);
        match self.row.last_mut() {
            Some((before, last)) if *last == change => before.push(&sanitise(text)),
            Some(_) | None => self.row.push((sanitise(text), change)),
        }
    }

    fn is_at_start(&self) -> bool {
        self.row.is_empty()
    }

    fn end_line(&mut self) {
        self.rows.push(std::mem::take(&mut self.row));
        self.used = 0;
    }

    fn take(&mut self) -> Vec<Vec<Piece>> {
        if !self.row.is_empty() {
            self.end_line();
        }
        std::mem::take(&mut self.rows)
    }

    fn finish(mut self) -> Vec<Vec<Piece>> {
        self.take()
    }
}

/// How many bytes of a text fit.
fn fitting(text: &str, cells: usize) -> usize {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += width(grapheme);
        if used > cells {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A row with `-` around what only the left text has, and `+` around what only the right one has.
    fn told(row: &[Piece]) -> String {
        row.iter()
            .map(|(text, change)| match change {
                Change::Same => text.to_string(),
                Change::Left => format!("-{text}-"),
                Change::Right => format!("+{text}+"),
            })
            .collect()
    }

    #[test]
    fn words_are_compared_and_lines_that_both_have_stand_beside_each_other() {
        let comparison =
            Comparison::of("The fig grows.\nIt is old.\nEnd", "The pear grows.\nNew\nIt is old.\nEnd");
        let unified: Vec<String> = comparison.unified(40).iter().map(|row| told(row)).collect();
        assert_eq!(unified, ["The -[fig]-+{pear}+ grows.", "+{New}+", "It is old.", "End"]);
        let pairs: Vec<(String, String)> =
            comparison.beside(40).iter().map(|pair| (told(&pair.left), told(&pair.right))).collect();
        let expected = [
            ("The -fig- grows.", "The +pear+ grows."),
            ("", "+New+"),
            ("It is old.", "It is old."),
            ("End", "End"),
        ];
        assert_eq!(pairs, expected.map(|(left, right)| (left.to_owned(), right.to_owned())));
    }

    #[test]
    fn likeness_goes_from_nothing_to_all() {
        assert_eq!(Comparison::of("fig", "fig").likeness(), 100);
        assert_eq!(Comparison::of("fig", "日本").likeness(), 0);
        assert!(Comparison::of("", "").is_same());
    }

    proptest! {
        #[test]
        fn each_side_says_its_text_and_no_row_is_too_wide(
            left in "[a-c 日\n]{0,60}",
            right in "[a-c 日\n]{0,60}",
            cells in 2usize..12,
        ) {
            let letters = |text: &str| text.replace([' ', '\n'], "");
            let comparison = Comparison::of(&left, &right);
            let (mut one, mut two) = (String::new(), String::new());
            for pair in comparison.beside(cells) {
                for (row, side) in [(&pair.left, &mut one), (&pair.right, &mut two)] {
                    prop_assert!(row.iter().map(|(text, _)| width(text)).sum::<usize>() <= cells);
                    side.extend(row.iter().map(|(text, _)| text.as_str()));
                }
            }
            prop_assert_eq!((letters(&one), letters(&two)), (letters(&left), letters(&right)));
            for row in comparison.unified(cells) {
                prop_assert!(row.iter().map(|(text, _)| width(text)).sum::<usize>() <= cells);
            }
        }
    }
}
