//! The beginning of an open paragraph whose rows later text leaves as they are.
//!
//! A paragraph is one piece until it ends, and may be long. Where all emphasis, links and code of its beginning are
//! closed between two words, what follows is laid out as if it began there, on the last row of the beginning. The rows are
//! those of the whole paragraph; whatever might give the beginning another meaning (an underline, a table) has it
//! laid out again.

use crate::layout::flow;
use crate::layout::inline::{Runs, Style};
use crate::layout::origin::Origin;
use crate::layout::scan::is_underline;

use super::{Live, State};

/// The bytes after which more of a paragraph is kept.
const STRIDE: usize = 128;

/// The bytes at the end of what is laid out that are never kept.
const OPEN: usize = 32;

/// The beginning of the open paragraph that is kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    /// Where it ends in the text.
    at: usize,
    /// The rows up to it, those of closed pieces too, without the one that goes on.
    rows: usize,
    /// The row that goes on.
    carry: Runs,
    /// As far as this more of it was looked for.
    looked: usize,
}

impl Live {
    /// What is kept of the open piece where it is laid out as far as `end`: where it ends, and its open row.
    pub(super) fn kept(&self, end: usize) -> Option<(usize, usize, Runs)> {
        let kept = &self.kept;
        if kept.at <= self.piece || kept.at > end {
            return None;
        }
        let rest = self.source.get(kept.at..end)?;
        // A table begins with its header, and an underline makes a heading of all of it.
        let other = rest.contains('|') || rest.lines().next_back().is_some_and(is_underline);
        (!other).then(|| (kept.at, kept.rows, kept.carry.clone()))
    }

    /// Keeps more of the open piece, which was laid out as far as `end`, where that can be.
    pub(super) fn keep(&mut self, end: usize) {
        let from = self.kept.at.max(self.piece);
        let is_paragraph = self.base == 0 && matches!(self.state, State::Blank | State::Paragraph);
        if !is_paragraph || end < from.max(self.kept.looked) + STRIDE {
            return;
        }
        self.kept.looked = end;
        let Some((at, joint)) = self.joint(from, end - OPEN) else { return };
        let text = self.source.get(from..at).unwrap_or_default();
        if text.contains('|') || !flow::stands_alone(text, &self.definitions) {
            return;
        }
        let mut carry = self.lay_piece(at).last;
        match joint {
            Joint::Line => carry = Runs::default(),
            Joint::Word | Joint::Wide => {
                self.laid.lines.pop();
            }
        }
        if joint == Joint::Word {
            carry.push_from(" ", Style::default(), Origin::Same(at - 1));
        }
        self.kept = Kept { at, rows: self.laid.lines.len(), carry, looked: end };
        self.lay_piece(end);
    }

    /// The last place before `end` at which a paragraph may be taken apart: where a line begins, or between words
    /// of a line without indentation.
    fn joint(&self, from: usize, end: usize) -> Option<(usize, Joint)> {
        let end = self.source.floor_char_boundary(end);
        let text = self.source.get(from..end)?;
        let mut after = self.source.get(end..)?.chars().next()?;
        for (at, c) in text.char_indices().rev() {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let joint = match c {
                '\n' => Joint::Line,
                ' ' => Joint::Word,
                _ => Joint::Wide,
            };
            let fits = match joint {
                Joint::Line | Joint::Word => {
                    // A tag may be a break, which is not to be counted twice.
                    after.is_alphabetic()
                        && before
                            .is_some_and(|before| !before.is_whitespace() && !matches!(before, '\\' | '>'))
                }
                Joint::Wide => is_wide(c) && is_wide(after) && !is_in_address(text.get(..at)?),
            };
            let at = from + at + c.len_utf8();
            if fits && (joint == Joint::Line || !self.is_indented(from, at)) {
                return Some((at, joint));
            }
            after = c;
        }
        None
    }

    /// Whether the line at a place begins with a blank.
    fn is_indented(&self, from: usize, at: usize) -> bool {
        let line = match at > self.line {
            true => self.line,
            false => {
                from + self.source.get(from..at).and_then(|text| text.rfind('\n')).map_or(0, |line| line + 1)
            }
        };
        // What is kept of the line before is not indented.
        self.source.get(line..).is_some_and(|line| line.starts_with([' ', '\t']))
    }
}

/// Where a paragraph is taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Joint {
    /// Between two lines.
    Line,
    /// Between two words.
    Word,
    /// Between two characters that need no blank between them.
    Wide,
}

/// Kana, ideographs and syllables of Hangul: each a grapheme of its own before another one.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// Whether the last word of a text may be the beginning of an address, or of a footnote's name.
fn is_in_address(text: &str) -> bool {
    let word = text.rsplit([' ', '\n']).next().unwrap_or_default();
    ["://", "www.", "[^"].iter().any(|sign| word.contains(sign))
}
