//! Text that is still growing: what is closed stays as it was laid out, what is open is laid out again.
//!
//! Complete lines are told apart by how they begin ([`scan`](super::scan)), and the text is cut where nothing that
//! follows can reach back: at the end of a paragraph, before an item of the outermost list, at every line of a fenced
//! block and every row of a table. Where the cuts are depends on the text alone, not on the pieces it came in; that
//! is why a text laid out as it grows is the text laid out at once. A piece that is far longer than people and models write
//! ([`LONGEST`]) is cut too, so that time stays linear in the length of any text.

use std::borrow::Cow;

use crate::text::{Safe, Sanitiser, sanitise_line};

use super::code::{self, CodeAt, Fence, RowStart};
use super::flow::{self, Above, Definitions, Setting};
use super::inline::{Runs, Style};
use super::scan::{After, Begins, Marker, indent, is_blank, is_underline, table_columns, table_rule};
use super::table::{Added, Rows, Table};
use super::wrap::{Breaks, fill};
use super::{CodeBlock, Ink, Laid, Line, Span, View, math};

/// A piece that is laid out again and again is cut when it is longer than this, in bytes.
const LONGEST: usize = 4096;

/// The longest row of a table, in bytes, before it counts as a line like any other.
const LONGEST_ROW: usize = 1 << 16;

/// Rows of an open line that new text can change: the last, and the one before it, because the last
/// grapheme may shrink or grow by a mark that follows it and its word then moves up or down.
const UNSETTLED_ROWS: usize = 2;

/// A text that is still growing, always laid out as [`lay_out`](super::lay_out) would lay out everything pushed so far.
#[derive(Clone)]
pub struct Live {
    width: usize,
    view: View,
    sanitiser: Sanitiser,
    source: Safe,
    /// Where the open piece begins in `source`.
    piece: usize,
    /// Where the open line, the one without its newline, begins.
    line: usize,
    /// Whether the open line is so long that it was looked at already.
    looked: Looked,
    state: State,
    /// The blanks that belong to an item which was cut: what stands in it is indented as far.
    base: usize,
    /// The list whose items are being read.
    list: Option<List>,
    /// The number of the open item.
    number: Option<u64>,
    /// The last row of a paragraph that was cut in the middle of a line.
    carry: Runs,
    definitions: Definitions,
    /// Rows and blocks of code of what is closed.
    settled: (usize, usize),
    laid: Laid,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Looked {
    #[default]
    No,
    Yes,
}

/// What the open piece is.
#[derive(Clone, Debug, Default)]
enum State {
    /// Blank lines, or nothing.
    #[default]
    Blank,
    Paragraph,
    Quote,
    Item(Item),
    /// Until this is seen; without it, until a blank line.
    Html(Option<&'static str>),
    /// A formula of its own, until this is seen.
    Math(&'static str),
    /// The open line of a text that is shown as it is written: where its rows begin.
    Written(Vec<usize>),
    Code(Box<Code>),
    Table(Box<OpenTable>),
}

/// An item of the outermost list, or a footnote.
#[derive(Clone, Copy, Debug)]
struct Item {
    offset: usize,
    above: Last,
    /// A fence that is open in it.
    fence: Option<Fence>,
}

/// What the last line was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Last {
    Blank,
    Text,
}

/// A list: what tells its items from those of another one, and the number of its next item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct List {
    sign: char,
    next: Option<u64>,
}

/// A block of code, line by line. Its open line keeps the rows it has.
#[derive(Clone, Debug)]
struct Code {
    /// What closes it; indented code is closed by what is not indented.
    fence: Option<Fence>,
    /// Where the line begins that opened it, which is not code; that of a block that was cut is elsewhere.
    opened_by: Option<usize>,
    lines: usize,
    /// Blank lines of indented code, which are code only if more follows.
    blank: Vec<String>,
    rows: Vec<RowStart>,
    source_len: usize,
}

/// A table, row by row.
#[derive(Clone, Debug)]
struct OpenTable {
    table: Table,
    /// The header and the rule that a row is parsed with.
    head: String,
    /// The row at which it begins.
    first_row: usize,
    shown: Shown,
}

/// What the rows of a table that are shown are laid out for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shown {
    /// The rows that are finished.
    #[default]
    Finished,
    /// The one that is being written too.
    WithOpen,
}

/// Whether a line was taken in, or has to be looked at once more after what it ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Done,
    Again,
}

impl Live {
    /// An empty text, to be laid out for `width` cells; a width of 0 counts as 1.
    pub fn new(width: u16, view: View) -> Self {
        Self {
            width: usize::from(width.max(1)),
            view,
            sanitiser: Sanitiser::default(),
            source: Safe::default(),
            piece: 0,
            line: 0,
            looked: Looked::No,
            state: State::Blank,
            base: 0,
            list: None,
            number: None,
            carry: Runs::default(),
            definitions: Definitions::new(),
            settled: (0, 0),
            laid: Laid::default(),
        }
    }

    /// Adds text. The cost grows with `delta` and the open piece, never with the whole text.
    pub fn push(&mut self, delta: &str) {
        let safe = self.sanitiser.push(delta);
        self.push_safe(&safe);
    }

    /// The rows and the code of everything pushed so far.
    pub fn laid(&self) -> &Laid {
        &self.laid
    }

    /// The rows and the code, for a text that does not grow any more.
    pub fn into_laid(self) -> Laid {
        self.laid
    }

    /// Lays everything out again for another width.
    pub fn resize(&mut self, width: u16) {
        let mut resized = Self::new(width, self.view);
        if resized.width == self.width {
            return;
        }
        resized.push_safe(&self.source);
        resized.sanitiser = std::mem::take(&mut self.sanitiser);
        *self = resized;
    }

    fn push_safe(&mut self, safe: &Safe) {
        if safe.is_empty() {
            return;
        }
        let mut from = self.source.len();
        self.source.push(safe);
        match self.view {
            View::Raw => self.push_raw(from),
            View::Rendered => {
                while let Some(newline) = self.source.get(from..).and_then(|rest| rest.find('\n')) {
                    from += newline + 1;
                    self.take_line(from);
                }
                self.cut_open_line();
                self.lay_open();
            }
        }
    }

    // --- as it is written

    fn push_raw(&mut self, from: usize) {
        let mut end = from;
        while end < self.source.len() {
            let rest = self.source.get(end..).unwrap_or_default();
            let newline = rest.find('\n');
            end = newline.map_or(self.source.len(), |newline| end + newline);
            self.lay_written_line(end);
            if newline.is_some() {
                end += 1;
                self.line = end;
                self.settled.0 = self.laid.lines.len();
                self.state = State::Blank;
            }
        }
    }

    /// The open line keeps the rows it has, but for the last ones.
    fn lay_written_line(&mut self, end: usize) {
        let mut rows = match std::mem::take(&mut self.state) {
            State::Written(rows) => rows,
            _ => Vec::new(),
        };
        let text = self.source.get(self.line..end).unwrap_or_default();
        let settled = rows.len().saturating_sub(UNSETTLED_ROWS);
        let mut next = Some(rows.get(settled).copied().unwrap_or(0));
        rows.truncate(settled);
        self.laid.lines.truncate(self.settled.0 + settled);
        while let Some(from) = next {
            let row = fill(text.get(from..).unwrap_or_default(), self.width, Breaks::Words);
            self.laid.lines.push(plain(0, &row.text, Ink::Text));
            rows.push(from);
            next = row.next.map(|next| from + next);
        }
        self.state = State::Written(rows);
    }

    // --- Markdown: where the text is cut

    /// The open line ends at `next`, with its newline.
    fn take_line(&mut self, next: usize) {
        self.cut_long_line(next - 1);
        if self.looked == Looked::No {
            self.look(next - 1);
        }
        self.looked = Looked::No;
        self.end_line(next);
        self.line = next;
    }

    /// A long line without its newline is looked at, and cut, as a whole one would be.
    fn cut_open_line(&mut self) {
        self.cut_long_line(self.source.len());
    }

    /// Looks at a line until what it ends is closed and what it begins is open.
    fn look(&mut self, end: usize) {
        while self.step(end) == Step::Again {}
    }

    /// The line without the blanks of the item it stands in; all of it where it is outside.
    fn text(&self, end: usize) -> &str {
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
                let over = code.fence.is_none() && !is_blank(text) && indent(text) < 4;
                if over { self.again() } else { Step::Done }
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

    fn counted(&self, marker: Marker) -> Option<u64> {
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
                if let Some((alignments, cells)) = flow::cells(&head, &self.definitions) {
                    self.close(start);
                    self.open_gap(start);
                    let table = Table::new(self.room(), alignments, cells);
                    let first_row = self.laid.lines.len();
                    let shown = Shown::Finished;
                    self.state = State::Table(Box::new(OpenTable { table, head, first_row, shown }));
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
            State::Quote | State::Item(_) => LONGEST,
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
                    let lines = self.laid.code.last().map_or(0, |code| code.source.lines().count());
                    let fence = fence.inside(item.offset);
                    let source_len = self.laid.code.last().map_or(0, |code| code.source.len());
                    self.state = State::Code(Box::new(Code { lines, source_len, ..Code::new(Some(fence)) }));
                }
            }
        }
    }

    /// Closes pieces of a line that is longer than any people write, at the ends of words. Such a line is a
    /// paragraph's or an item's; code and tables are laid out by line and by row anyway.
    fn cut_long_line(&mut self, end: usize) {
        let length = end - self.line;
        let line = self.source.get(self.line..end).unwrap_or_default();
        let longest = if line.trim_start().starts_with('|') { LONGEST_ROW } else { LONGEST };
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

    /// Where a word begins that no block begins with, at `from` or after it; any character far after it.
    fn word_after(&self, from: usize, end: usize) -> Option<usize> {
        let rest = self.source.get(self.source.floor_char_boundary(from)..end)?;
        let from = end - rest.len();
        let mut before = 'x';
        for (at, c) in rest.char_indices() {
            let word = before == ' ' && c.is_alphabetic();
            let any = at > LONGEST && c.is_alphanumeric();
            if word || any {
                return Some(from + at);
            }
            before = c;
        }
        None
    }

    // --- code

    fn open_code(&mut self, fence: Option<Fence>, text: &str) -> State {
        self.open_gap(self.line);
        let language = fence.map_or_else(String::new, |fence| code::language(fence.info(text)));
        let number = self.laid.code.len() + 1;
        self.laid.code.push(CodeBlock { number, language, source: String::new() });
        self.settled = (self.laid.lines.len(), self.laid.code.len());
        // The line of the fence is not code; one of indented code is.
        self.piece = self.line;
        let opened_by = fence.map(|_| self.line);
        State::Code(Box::new(Code { opened_by, ..Code::new(fence) }))
    }

    fn end_code_line(&mut self, next: usize) {
        let text = self.text(next - 1).to_owned();
        let State::Code(code) = &mut self.state else { return };
        let opening = code.opened_by == Some(self.line);
        let closing = !opening && code.fence.is_some_and(|fence| fence.is_closed_by(&text));
        if opening || closing {
            self.laid.lines.truncate(self.settled.0);
            if closing {
                if let Some(block) = self.laid.code.last_mut() {
                    block.source.truncate(code.source_len);
                }
                self.settle(next);
            }
            return;
        }
        if code.fence.is_none() && is_blank(&text) {
            code.blank.push(code::without_indent(&text, 4).to_owned());
            return;
        }
        self.lay_code_line(next - 1);
        let State::Code(code) = &mut self.state else { return };
        code.lines += 1 + std::mem::take(&mut code.blank).len();
        code.rows.clear();
        if let Some(block) = self.laid.code.last_mut() {
            block.source.push('\n');
            code.source_len = block.source.len();
        }
        self.settled.0 = self.laid.lines.len();
    }

    /// The open line of code keeps the rows it has, but for the last ones.
    fn lay_code_line(&mut self, end: usize) {
        let line = self.source.get(self.line..end).unwrap_or_default();
        let line = code::without_indent(line, self.base);
        let (indent, room) = (self.indent(), self.room());
        self.laid.code.truncate(self.settled.1);
        let State::Code(open) = &mut self.state else { return };
        let Some(block) = self.laid.code.last_mut() else { return };
        let content = code::without_indent(line, open.fence.map_or(4, |fence| fence.indent));
        block.source.truncate(open.source_len);
        let mut at = CodeAt { block: block.number, line: open.lines };
        if open.rows.is_empty() {
            self.laid.lines.truncate(self.settled.0);
        }
        for blank in &open.blank {
            block.source.push_str(blank);
            block.source.push('\n');
            if open.rows.is_empty() {
                self.laid.lines.extend(indented(indent, code::rows(blank, at, room)));
            }
            at.line += 1;
        }
        block.source.push_str(content);
        let settled = open.rows.len().saturating_sub(UNSETTLED_ROWS);
        let dropped = open.rows.len() - settled;
        self.laid.lines.truncate(self.laid.lines.len() - dropped);
        let mut next = Some(open.rows.get(settled).copied().unwrap_or_default());
        open.rows.truncate(settled);
        while let Some(start) = next {
            let (row, after) = code::row(content, start, at, room);
            self.laid.lines.extend(indented(indent, vec![row]));
            open.rows.push(start);
            next = after;
        }
    }

    fn lay_open_code(&mut self) {
        let end = self.source.len();
        let text = self.text(end).to_owned();
        let State::Code(code) = &self.state else { return };
        match code.fence {
            Some(fence) => {
                let shows =
                    self.line < end && code.opened_by != Some(self.line) && !fence.is_closed_by(&text);
                if shows { self.lay_code_line(end) } else { self.drop_open_code() }
            }
            None if is_blank(&text) => self.drop_open_code(),
            None if indent(&text) < 4 => {
                self.drop_open_code();
                self.lay_below(&text);
            }
            None => self.lay_code_line(end),
        }
    }

    /// Shows an open line that will end what is open, below it.
    fn lay_below(&mut self, text: &str) {
        let settled = self.settled.0;
        self.open_gap(self.line);
        self.settled.0 = settled;
        if matches!(Begins::of(text), Begins::Fence(_)) {
            let row = fill(text, self.room(), Breaks::Edge);
            self.laid.lines.push(plain(self.indent(), &row.text, Ink::CodeMark));
        } else {
            let (width, indent) = (self.width, self.indent());
            let setting = Setting { width, indent, above: Above::Rows, ..Setting::default() };
            flow::lay_out(text, setting, &self.definitions, &mut self.laid);
        }
    }

    /// The open line shows nothing: it is empty, or closes the block.
    fn drop_open_code(&mut self) {
        let State::Code(code) = &mut self.state else { return };
        code.rows.clear();
        self.laid.lines.truncate(self.settled.0);
        self.laid.code.truncate(self.settled.1);
        if let Some(block) = self.laid.code.last_mut() {
            block.source.truncate(code.source_len);
        }
    }

    // --- tables

    fn end_table_line(&mut self, next: usize) {
        let text = self.text(next - 1).to_owned();
        let State::Table(open) = &mut self.state else { return };
        let added = match self.line == self.piece {
            // The rule below the header.
            true => Added::Moved(open.table.lay_out()),
            false => match flow::cells(&format!("{}{text}\n", open.head), &self.definitions) {
                Some((_, cells)) => open.table.push(cells),
                None => return,
            },
        };
        self.show_table(added, Shown::Finished);
        self.settled.0 = self.laid.lines.len();
    }

    /// Shows rows below the finished ones, or all of a table.
    fn show_table(&mut self, added: Added, shown: Shown) {
        let indent = self.indent();
        let State::Table(open) = &mut self.state else { return };
        let rows = match (added, open.shown) {
            (Added::Below(rows), Shown::Finished) => {
                self.laid.lines.truncate(self.settled.0);
                rows
            }
            (Added::Below(_), Shown::WithOpen) => {
                self.laid.lines.truncate(open.first_row);
                open.table.lay_out()
            }
            (Added::Moved(rows), _) => {
                self.laid.lines.truncate(open.first_row);
                rows
            }
        };
        open.shown = shown;
        self.laid.lines.extend(flow::indented(indent, rows));
    }

    /// Shows the finished rows of a table alone.
    fn drop_open_row(&mut self) {
        self.show_table(Added::Below(Rows::new()), Shown::Finished);
    }

    /// The row that is being written. Nothing of it is kept: where it moved the others, they are laid out again.
    fn lay_open_table(&mut self) {
        let text = self.text(self.source.len()).to_owned();
        self.drop_open_row();
        self.laid.code.truncate(self.settled.1);
        let State::Table(open) = &self.state else { return };
        let begins = Begins::of(&text);
        if begins == Begins::Blank {
            return;
        }
        if begins.interrupts() {
            return self.lay_below(&text);
        }
        let row = flow::cells(&format!("{}{text}\n", open.head), &self.definitions);
        match row.map(|(_, cells)| open.table.with_open(cells)) {
            Some(added @ Added::Below(_)) => self.show_table(added, Shown::Finished),
            Some(added @ Added::Moved(_)) => self.show_table(added, Shown::WithOpen),
            None => {}
        }
    }

    // --- what is laid out

    /// The blanks left of what stands in an item that was cut; none where little room is left.
    fn indent(&self) -> usize {
        if self.base * 2 <= self.width { self.base } else { 0 }
    }

    fn room(&self) -> usize {
        (self.width - self.indent()).max(1)
    }

    /// Rows of text as it is written.
    fn written(&self, text: &str) -> Vec<Line> {
        let runs = Runs::of(text, Style::from(Ink::Text));
        let room = self.room();
        let rows = runs.rows(0..runs.len(), room, room);
        let rows = rows.into_iter().map(|row| runs.spans(row, room)).collect();
        flow::indented(self.indent(), rows).collect()
    }

    /// A blank row above what begins at `line`, where the text has a blank line there.
    fn open_gap(&mut self, line: usize) {
        let above = self.source.get(..line.saturating_sub(1)).filter(|_| line > 0);
        let blank = above.is_some_and(|above| is_blank(above.rsplit('\n').next().unwrap_or_default()));
        if blank && !self.laid.lines.is_empty() {
            self.laid.lines.push(Line::default());
        }
        self.settled.0 = self.laid.lines.len();
    }

    /// Lays out the open piece as far as `end`, in place of what is shown of it.
    fn lay_piece(&mut self, end: usize) -> flow::Flowed {
        self.laid.lines.truncate(self.settled.0);
        self.laid.code.truncate(self.settled.1);
        let text = self.source.get(self.piece..end).unwrap_or_default();
        let source = match self.base {
            0 => Cow::Borrowed(text),
            base => {
                // The first line may be the rest of one.
                let whole = self.piece == 0 || self.source.as_bytes().get(self.piece - 1) == Some(&b'\n');
                let lines = text.split_inclusive('\n').enumerate().map(|(nth, line)| match nth {
                    0 if !whole => line,
                    _ => code::without_indent(line, base),
                });
                Cow::Owned(lines.collect())
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
            carry: self.carry.clone(),
            above: if self.laid.lines.is_empty() { Above::Nothing } else { Above::Rows },
        };
        flow::lay_out(&source, setting, &self.definitions, &mut self.laid)
    }

    fn lay_formula(&mut self, end: usize, close: &str, whole: Whole) {
        self.laid.lines.truncate(self.settled.0);
        let text = self.source.get(self.piece..end).unwrap_or_default().trim();
        let inside = text.strip_suffix(close).filter(|inside| inside.len() > 2);
        let lines: Vec<Line> = match (inside, whole) {
            // What was never closed was no formula.
            (None, Whole::Closed) => {
                let text = text.to_owned();
                text.lines().flat_map(|line| self.written(code::without_indent(line, self.base))).collect()
            }
            (inside, _) => {
                let formula = math::readable(inside.unwrap_or(text).get(2..).unwrap_or_default());
                let rows = formula.lines().flat_map(|line| self.written(&format!("  {line}")));
                rows.collect()
            }
        };
        self.laid.lines.extend(lines);
    }

    /// What is open is shown as far as it was written.
    fn lay_open(&mut self) {
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
            None => drop(self.lay_piece(end)),
            Some(ink) => {
                self.lay_piece(self.line);
                let settled = self.settled.0;
                self.open_gap(self.line);
                self.settled.0 = settled;
                let row = fill(&text, self.room(), Breaks::Edge);
                self.laid.lines.push(plain(self.indent(), &row.text, ink));
            }
        }
    }

    /// Shows an open line that will not belong to the item which was cut. Returns whether it is one.
    fn lay_open_outside(&mut self) -> bool {
        let line = self.source.get(self.line..).unwrap_or_default().to_owned();
        // A line that was looked at belongs to what is open.
        if self.looked == Looked::Yes || is_blank(&line) || indent(&line) >= self.base {
            return false;
        }
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
    fn close(&mut self, end: usize) {
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

    fn settle(&mut self, end: usize) {
        self.settled = (self.laid.lines.len(), self.laid.code.len());
        self.piece = end;
        self.state = State::Blank;
        self.carry = Runs::default();
        self.number = None;
    }
}

/// Whether a formula may still be closed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whole {
    Open,
    Closed,
}

impl Code {
    fn new(fence: Option<Fence>) -> Self {
        Self { fence, opened_by: None, lines: 0, blank: Vec::new(), rows: Vec::new(), source_len: 0 }
    }
}

fn plain(indent: usize, text: &str, ink: Ink) -> Line {
    let mut spans = Vec::new();
    if indent > 0 {
        spans.push(Span { text: sanitise_line(&" ".repeat(indent)), ..Span::default() });
    }
    if !text.is_empty() {
        spans.push(Span { text: sanitise_line(text), ink, ..Span::default() });
    }
    Line { spans, code: None }
}

/// Lines of code with the blanks of an item before them.
fn indented(indent: usize, lines: Vec<Line>) -> impl Iterator<Item = Line> {
    lines.into_iter().map(move |mut line| {
        if indent > 0 {
            line.spans.insert(0, Span { text: sanitise_line(&" ".repeat(indent)), ..Span::default() });
        }
        line
    })
}
