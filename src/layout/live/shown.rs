//! What is shown of the open piece, and what becomes of it when it is closed.

use std::borrow::Cow;

use crate::layout::flow::{self, Above, Setting};
use crate::layout::inline::{Runs, Style};
use crate::layout::origin::{Origin, Places};
use crate::layout::scan::{Begins, indent, is_blank, is_underline};
use crate::layout::wrap::{Breaks, fill};
use crate::layout::{Ink, Line, code, math};

use super::kept::Kept;
use super::{Live, Looked, State, plain};

/// Whether a formula may still be closed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whole {
    Open,
    Closed,
}

impl Live {
    /// The blanks left of what stands in an item that was cut; none where little room is left.
    pub(super) fn indent(&self) -> usize {
        if self.base * 2 <= self.width { self.base } else { 0 }
    }

    pub(super) fn room(&self) -> usize {
        (self.width - self.indent()).max(1)
    }

    /// Rows of text as it is written.
    fn written(&self, text: &str, origin: Origin) -> Vec<Line> {
        let runs = Runs::of(text, Style::from(Ink::Text), origin);
        let room = self.room();
        let rows = runs.rows(0..runs.len(), room, room);
        let rows = rows.into_iter().map(|row| runs.spans(row, room)).collect();
        flow::indented(self.indent(), rows).collect()
    }

    /// A blank row above what begins at `line`, where the text has a blank line there.
    pub(super) fn open_gap(&mut self, line: usize) {
        let above = self.source.get(..line.saturating_sub(1)).filter(|_| line > 0);
        let blank = above.is_some_and(|above| is_blank(above.rsplit('\n').next().unwrap_or_default()));
        if blank && !self.laid.lines.is_empty() {
            self.laid.lines.push(Line::default());
        }
        self.settled.0 = self.laid.lines.len();
    }

    /// Lays out the open piece as far as `end`, in place of what is shown of it.
    pub(super) fn lay_piece(&mut self, end: usize) -> flow::Flowed {
        let (from, rows, carry) =
            self.kept(end).unwrap_or_else(|| (self.piece, self.settled.0, self.carry.clone()));
        self.laid.lines.truncate(rows);
        self.laid.code.truncate(self.settled.1);
        let text = self.source.get(from..end).unwrap_or_default();
        let mut places = Places::default();
        let source = match self.base {
            0 => {
                places = Places::shifted(text.len(), from);
                Cow::Borrowed(text)
            }
            base => {
                // The first line may be the rest of one.
                let whole = from == 0 || self.source.as_bytes().get(from - 1) == Some(&b'\n');
                let (mut shown, mut at) = (String::new(), from);
                for (nth, written) in text.split_inclusive('\n').enumerate() {
                    at += written.len();
                    let line = match nth {
                        0 if !whole => written,
                        _ => code::without_indent(written, base),
                    };
                    places.push(shown.len()..shown.len() + line.len(), at - line.len()..at);
                    shown.push_str(line);
                }
                Cow::Owned(shown)
            }
        };
        let number = match self.state {
            // The item that is being written was not looked at yet.
            State::Blank => match Begins::of(source.trim_start_matches('\n')) {
                Begins::Item(marker) => self.counted(marker),
                _ => None,
            },
            _ => self.number,
        };
        let setting = Setting {
            width: self.width,
            indent: self.indent(),
            number,
            carry,
            above: if self.laid.lines.is_empty() { Above::Nothing } else { Above::Rows },
            places,
        };
        flow::lay_out(&source, setting, &self.definitions, &mut self.laid)
    }

    fn lay_formula(&mut self, end: usize, close: &str, whole: Whole) {
        self.laid.lines.truncate(self.settled.0);
        let text = self.source.get(self.piece..end).unwrap_or_default();
        let begins = self.piece + (text.len() - text.trim_start().len());
        let text = text.trim();
        let inside = text.strip_suffix(close).filter(|inside| inside.len() > 2);
        let lines: Vec<Line> = match (inside, whole) {
            // What was never closed was no formula.
            (None, Whole::Closed) => {
                let text = text.to_owned();
                let mut at = begins;
                let lines = text.split_inclusive('\n').flat_map(|written| {
                    at += written.len();
                    let line = code::without_indent(written, self.base);
                    let origin = Origin::Same(at - line.len());
                    self.written(line.trim_end_matches('\n'), origin)
                });
                lines.collect()
            }
            (inside, _) => {
                let formula = math::readable(inside.unwrap_or(text).get(2..).unwrap_or_default());
                let origin = Origin::Whole(begins..begins + text.len());
                let rows =
                    formula.lines().flat_map(|line| self.written(&format!("  {line}"), origin.clone()));
                rows.collect()
            }
        };
        self.laid.lines.extend(lines);
    }

    /// What is open is shown as far as it was written.
    pub(super) fn lay_open(&mut self) {
        let end = self.source.len();
        if self.base > 0 && self.lay_open_outside() {
            return;
        }
        match self.state {
            State::Code(_) => return self.lay_open_code(),
            State::Table(_) => return self.lay_open_table(),
            State::Math(close) => return self.lay_formula(end, close, Whole::Open),
            State::Blank
            | State::Paragraph
            | State::Quote
            | State::Item(_)
            | State::Html(_)
            | State::Written(_) => {}
        }
        if self.looked == Looked::Yes {
            self.lay_piece(end);
            self.keep(end);
            return;
        }
        let text = self.text(end).to_owned();
        let above = self.source.get(self.piece..self.line).unwrap_or_default();
        let below_text = above.lines().next_back().is_some_and(|line| !is_blank(line));
        // A line that may yet become an underline, or a fence, says so only when it ends.
        let bare = text.trim_start_matches([' ', '\t', '>']);
        let rest = if below_text && is_underline(bare) {
            Some(Ink::Text)
        } else if matches!(Begins::of(&text), Begins::Fence(_)) && !matches!(self.state, State::Html(_)) {
            Some(Ink::CodeMark)
        } else {
            None
        };
        match rest {
            None => {
                self.lay_piece(end);
                self.keep(end);
            }
            Some(ink) => {
                self.lay_piece(self.line);
                let settled = self.settled.0;
                self.open_gap(self.line);
                self.settled.0 = settled;
                let row = fill(&text, self.room(), Breaks::Edge);
                let origin = row.origin(&text, end - text.len());
                self.laid.lines.push(plain(self.indent(), &row, ink, origin));
            }
        }
    }

    /// Shows an open line that will not belong to the item which was cut. Returns whether it is one.
    fn lay_open_outside(&mut self) -> bool {
        let line = self.source.get(self.line..).unwrap_or_default();
        // A line that was looked at belongs to what is open.
        if self.looked == Looked::Yes || is_blank(line) || indent(line) >= self.base {
            return false;
        }
        let line = line.to_owned();
        match self.state {
            State::Code(_) => self.drop_open_code(),
            State::Table(_) => self.drop_open_row(),
            State::Math(close) => self.lay_formula(self.line, close, Whole::Open),
            State::Blank
            | State::Paragraph
            | State::Quote
            | State::Item(_)
            | State::Html(_)
            | State::Written(_) => {
                self.lay_piece(self.line);
            }
        }
        let base = std::mem::take(&mut self.base);
        self.lay_below(&line);
        self.base = base;
        true
    }

    /// Nothing that follows changes what stands before `end`.
    pub(super) fn close(&mut self, end: usize) {
        // Blank lines belong to what comes after them.
        let text = self.source.get(self.piece..end).unwrap_or_default();
        let mut kept = 0;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            at += line.len();
            if !is_blank(line.trim_end_matches('\n')) {
                kept = at;
            }
        }
        let end = self.piece + kept;
        match self.state {
            State::Code(_) => self.drop_open_code(),
            State::Table(_) => self.drop_open_row(),
            State::Math(close) => self.lay_formula(end, close, Whole::Closed),
            State::Blank
            | State::Paragraph
            | State::Quote
            | State::Item(_)
            | State::Html(_)
            | State::Written(_) => {
                let flowed = self.lay_piece(end);
                for (label, target) in flowed.definitions {
                    self.definitions.entry(label).or_insert(target);
                }
            }
        }
        self.settle(end);
    }

    pub(super) fn settle(&mut self, end: usize) {
        self.settled = (self.laid.lines.len(), self.laid.code.len());
        self.piece = end;
        self.state = State::Blank;
        self.carry = Runs::default();
        self.kept = Kept::default();
        self.number = None;
    }

    /// Shows an open line that will end what is open, below it.
    pub(super) fn lay_below(&mut self, text: &str) {
        let settled = self.settled.0;
        self.open_gap(self.line);
        self.settled.0 = settled;
        if matches!(Begins::of(text), Begins::Fence(_)) {
            let row = fill(text, self.room(), Breaks::Edge);
            let origin = row.origin(text, self.source.len() - text.len());
            self.laid.lines.push(plain(self.indent(), &row, Ink::CodeMark, origin));
        } else {
            let (width, indent) = (self.width, self.indent());
            let places = Places::shifted(text.len(), self.source.len() - text.len());
            let setting = Setting { width, indent, above: Above::Rows, places, ..Setting::default() };
            flow::lay_out(text, setting, &self.definitions, &mut self.laid);
        }
    }
}
