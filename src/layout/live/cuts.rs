//! Where Markdown is cut: what a line ends and begins, told as [`scan`](crate::layout::scan) tells it, and the cuts
//! inside a line that is longer than any people write.

use crate::layout::code::{self, Fence};
use crate::layout::inline::Style;
use crate::layout::origin::Places;
use crate::layout::scan::{
    After, Begins, Marker, indent, is_blank, is_underline, quote_depth, table_columns, table_rule,
};
use crate::layout::{flow, table::Table};

use super::code::Code;
use super::table::OpenTable;
use super::{DEEP, Item, LONGEST, LONGEST_ROW, Last, List, Live, Looked, State};

/// Whether a line was taken in, or has to be looked at once more after what it ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Done,
    Again,
}

impl Live {
    /// The open line ends at `next`, with its newline.
    pub(super) fn take_line(&mut self, next: usize) {
        self.cut_long_line(next - 1);
        if self.looked == Looked::No {
            self.look(next - 1);
        }
        self.looked = Looked::No;
        self.end_line(next);
        self.line = next;
    }

    /// A long line without its newline is looked at, and cut, as a whole one would be.
    pub(super) fn cut_open_line(&mut self) {
        self.cut_long_line(self.source.len());
    }

    /// Looks at a line until what it ends is closed and what it begins is open.
    fn look(&mut self, end: usize) {
        while self.step(end) == Step::Again {}
    }

    /// The line without the blanks of the item it stands in; all of it where it is outside.
    pub(super) fn text(&self, end: usize) -> &str {
        let line = self.source.get(self.line..end).unwrap_or_default();
        code::without_indent(line, self.base)
    }

    fn step(&mut self, end: usize) -> Step {
        let line = self.source.get(self.line..end).unwrap_or_default();
        let line = line.get(..line.floor_char_boundary(LONGEST)).unwrap_or_default().to_owned();
        if self.base > 0 && !is_blank(&line) && indent(&line) < self.base {
            self.close(self.line);
            self.base = 0;
            return Step::Again;
        }
        let text = code::without_indent(&line, self.base);
        match self.state {
            State::Blank => {
                self.begin(text);
                Step::Done
            }
            State::Paragraph => self.in_paragraph(text),
            State::Quote => {
                let begins = Begins::of(text);
                let ends = begins != Begins::Quote && begins.interrupts();
                if ends { self.again() } else { Step::Done }
            }
            State::Item(item) => self.in_item(item, text),
            State::Html(None) | State::Math(_) if is_blank(text) => self.again(),
            State::Html(_) | State::Math(_) | State::Written(_) => Step::Done,
            State::Code(ref code) => {
                if code.ends_before(text) {
                    self.again()
                } else {
                    Step::Done
                }
            }
            State::Table(_) => {
                let begins = Begins::of(text);
                let ends = match begins {
                    Begins::Text | Begins::IndentedCode | Begins::Footnote => false,
                    _ => begins.interrupts(),
                };
                if ends { self.again() } else { Step::Done }
            }
        }
    }

    fn again(&mut self) -> Step {
        self.close(self.line);
        Step::Again
    }

    /// What begins at the open line, below nothing that it could continue.
    fn begin(&mut self, text: &str) {
        let begins = Begins::of(text);
        let list = match begins {
            Begins::Item(marker) => Some(self.item_of(marker)),
            Begins::Blank => self.list,
            _ => None,
        };
        self.list = list;
        self.state = match begins {
            Begins::Blank => return,
            Begins::Fence(fence) => {
                self.close(self.line);
                self.open_code(Some(fence), text)
            }
            Begins::IndentedCode => {
                self.close(self.line);
                self.open_code(None, "")
            }
            Begins::Quote => State::Quote,
            Begins::Item(marker) => {
                State::Item(Item { offset: marker.offset, above: Last::Text, fence: None })
            }
            Begins::Footnote => State::Item(Item { offset: 4, above: Last::Text, fence: None }),
            Begins::Html(close) => State::Html(Some(close)),
            Begins::HtmlBlock => State::Html(None),
            Begins::Math(close) => {
                self.close(self.line);
                self.open_gap(self.line);
                self.piece = self.line;
                State::Math(close)
            }
            Begins::Heading | Begins::Rule | Begins::Text => State::Paragraph,
        };
    }

    /// The list that an item is of, after it; its number is counted on from the item before it.
    fn item_of(&mut self, marker: Marker) -> List {
        self.number = self.counted(marker);
        List { sign: marker.sign, next: self.number.map(|number| number.saturating_add(1)) }
    }

    pub(super) fn counted(&self, marker: Marker) -> Option<u64> {
        let counted = self.list.filter(|list| list.sign == marker.sign).and_then(|list| list.next);
        marker.number.map(|number| counted.unwrap_or(number))
    }

    fn in_paragraph(&mut self, text: &str) -> Step {
        let begins = Begins::of(text);
        if is_underline(text) && !matches!(begins, Begins::Item(Marker { text: After::Text, .. })) {
            return Step::Done;
        }
        if begins.interrupts() {
            return self.again();
        }
        if let Some(columns) = table_rule(text) {
            let above = self.source.get(self.piece..self.line - 1).unwrap_or_default();
            let start = self.piece + above.rfind('\n').map_or(0, |newline| newline + 1);
            let header = self.source.get(start..self.line).unwrap_or_default();
            let header = code::without_indent(header.trim_end_matches('\n'), self.base).to_owned();
            if self.carry.is_empty() && table_columns(&header) == Some(columns) {
                let head = format!("{header}\n{text}\n");
                let written = self.source.get(start..self.line).unwrap_or_default().trim_end_matches('\n');
                let places = Places::shifted(header.len(), start + written.len() - header.len());
                if let Some(head) = flow::head(&head, &places, &self.definitions) {
                    self.close(start);
                    self.open_gap(start);
                    let table = Table::new(self.room(), head.alignments, head.header);
                    self.state =
                        State::Table(Box::new(OpenTable::new(table, columns, self.laid.lines.len())));
                    self.piece = self.line;
                }
            }
        }
        Step::Done
    }

    fn in_item(&mut self, item: Item, text: &str) -> Step {
        if is_blank(text) {
            self.state = State::Item(Item { above: Last::Blank, ..item });
            return Step::Done;
        }
        let mut item = item;
        if indent(text) >= item.offset {
            item.fence = match item.fence {
                Some(fence) if fence.is_closed_by(text) => None,
                Some(fence) => Some(fence),
                None => Fence::opened_by(text),
            };
        } else {
            let begins = Begins::of(text);
            let lazy = match begins {
                Begins::Item(_) => false,
                _ => item.above == Last::Text && !begins.interrupts(),
            };
            if !lazy {
                return self.again();
            }
        }
        item.above = Last::Text;
        self.state = State::Item(item);
        Step::Done
    }

    /// The open line is complete; the next one begins at `next`.
    fn end_line(&mut self, next: usize) {
        let line = self.text(next - 1).to_owned();
        let longest = match self.state {
            State::Html(Some(close)) if line.to_ascii_lowercase().contains(&close.to_ascii_lowercase()) => 0,
            // What opens a formula does not close it.
            State::Math(close) if self.line > self.piece && line.contains(close) => 0,
            State::Html(_) | State::Math(_) => LONGEST,
            State::Paragraph => {
                let begins = Begins::of(&line);
                let one_line = matches!(begins, Begins::Heading | Begins::Rule);
                let underlined = is_underline(&line) && self.line > self.piece;
                if one_line || underlined { 0 } else { LONGEST }
            }
            State::Code(_) => return self.end_code_line(next),
            State::Table(_) => return self.end_table_line(next),
            State::Blank | State::Written(_) => return,
            // Each row of a deep quote costs as many bars as it has.
            State::Quote => LONGEST * DEEP / quote_depth(&line).max(DEEP),
            State::Item(_) => LONGEST,
        };
        if next - self.piece > longest {
            let item = match self.state {
                State::Item(item) => Some(item),
                _ => None,
            };
            self.close(next);
            if let Some(item) = item {
                self.base += item.offset;
                if let Some(fence) = item.fence {
                    let before = self.laid.code.last().map_or("", |code| code.source.as_str());
                    self.state = State::Code(Box::new(Code::after(before, fence.inside(item.offset))));
                }
            }
        }
    }

    /// Closes pieces of a line that is longer than any people write, at the ends of words. Such a line is a
    /// paragraph's or an item's; code and tables are laid out by line and by row anyway.
    fn cut_long_line(&mut self, end: usize) {
        let length = end - self.line;
        let line = self.source.get(self.line..end).unwrap_or_default();
        if length <= LONGEST {
            return;
        }
        let begins = line.get(..line.floor_char_boundary(LONGEST)).unwrap_or_default();
        let longest = if begins.trim_start().starts_with('|') { LONGEST_ROW } else { LONGEST };
        if length <= longest {
            return;
        }
        if self.looked == Looked::No {
            self.look(end);
            self.looked = Looked::Yes;
        }
        loop {
            let start = self.piece.max(self.line);
            let item = match self.state {
                State::Paragraph => None,
                State::Item(item) => Some(item),
                _ => return,
            };
            let Some(cut) = self.word_after(start + longest, end) else { return };
            let mut carry = self.lay_piece(cut).last;
            // The last row goes on.
            if !carry.is_empty() {
                self.laid.lines.pop();
            }
            if let Some(item) = item {
                self.base += item.offset;
            }
            if !carry.is_empty() && self.source.as_bytes().get(cut - 1) == Some(&b' ') {
                carry.push(" ", Style::default());
            }
            self.settle(cut);
            self.carry = carry;
            self.state = State::Paragraph;
        }
    }

    /// Where a word begins that no block begins with, one blank after another word, at `from` or after it; any character
    /// far after it.
    fn word_after(&self, from: usize, end: usize) -> Option<usize> {
        let rest = self.source.get(self.source.floor_char_boundary(from)..end)?;
        let from = end - rest.len();
        let mut before = ('x', 'x');
        for (at, c) in rest.char_indices() {
            let word = before.0.is_alphanumeric() && before.1 == ' ' && c.is_alphabetic();
            let any = at > LONGEST && c.is_alphanumeric();
            if word || any {
                return Some(from + at);
            }
            before = (before.1, c);
        }
        None
    }
}
