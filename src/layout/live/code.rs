//! A block of code that is open, line by line. Its open line keeps the rows it has, but for the last ones.

use crate::layout::code::{self, CodeAt, Fence, RowStart};
use crate::layout::scan::{indent, is_blank};
use crate::layout::{CodeBlock, Line, work};

use super::{Live, State, UNSETTLED_ROWS, blanks};

/// A block of code. Its open line keeps the rows it has.
#[derive(Clone, Debug, Default)]
pub(super) struct Code {
    /// What closes it; indented code is closed by what is not indented.
    fence: Option<Fence>,
    /// Where the line begins that opened it, which is not code; that of a block that was cut is elsewhere.
    opened_by: Option<usize>,
    lines: usize,
    /// Blank lines of indented code, which are code only if more follows.
    blank: Vec<String>,
    rows: Vec<RowStart>,
    /// The bytes given for copying: of the finished lines, and up to where the open line begins.
    source_len: usize,
    line_start: usize,
}

impl Code {
    /// A block that was cut after `source`.
    pub fn after(source: &str, fence: Fence) -> Self {
        let (lines, source_len) = (source.lines().count(), source.len());
        Self { fence: Some(fence), lines, source_len, ..Self::default() }
    }

    /// Whether a line ends it that is no code.
    pub fn ends_before(&self, line: &str) -> bool {
        self.fence.is_none() && !is_blank(line) && indent(line) < 4
    }
}

impl Live {
    pub(super) fn open_code(&mut self, fence: Option<Fence>, text: &str) -> State {
        self.open_gap(self.line);
        let language = fence.map_or_else(String::new, |fence| code::language(fence.info(text)));
        let number = self.laid.code.len() + 1;
        self.laid.code.push(CodeBlock { number, language, source: String::new() });
        self.settled = (self.laid.lines.len(), self.laid.code.len());
        // The line of the fence is not code; one of indented code is.
        self.piece = self.line;
        State::Code(Box::new(Code { fence, opened_by: fence.map(|_| self.line), ..Code::default() }))
    }

    pub(super) fn end_code_line(&mut self, next: usize) {
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

    /// The open line of code keeps the rows it has, but for the last ones, and what of it was given for copying.
    fn lay_code_line(&mut self, end: usize) {
        let line = self.source.get(self.line..end).unwrap_or_default();
        let line = code::without_indent(line, self.base);
        let (indent, room) = (self.indent(), self.room());
        self.laid.code.truncate(self.settled.1);
        let State::Code(open) = &mut self.state else { return };
        let Some(block) = self.laid.code.last_mut() else { return };
        let content = code::without_indent(line, open.fence.map_or(4, |fence| fence.indent));
        let mut at = CodeAt { block: block.number, line: open.lines, source: None };
        if open.rows.is_empty() {
            block.source.truncate(open.source_len);
            self.laid.lines.truncate(self.settled.0);
            for (nth, blank) in open.blank.iter().enumerate() {
                block.source.push_str(blank);
                block.source.push('\n');
                let at = CodeAt { line: at.line + nth, ..at };
                self.laid.lines.extend(indented(indent, code::rows(blank, at, room)));
            }
            open.line_start = block.source.len();
        }
        at.line += open.blank.len();
        let more = content.get(block.source.len() - open.line_start..).unwrap_or_default();
        work::count(more.len());
        block.source.push_str(more);
        at.source = Some(end - content.len());
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

    pub(super) fn lay_open_code(&mut self) {
        let end = self.source.len();
        let text = self.text(end);
        let State::Code(code) = &self.state else { return };
        match code.fence {
            Some(fence) => {
                let shows = self.line < end && code.opened_by != Some(self.line) && !fence.is_closed_by(text);
                if shows { self.lay_code_line(end) } else { self.drop_open_code() }
            }
            None if is_blank(text) => self.drop_open_code(),
            None if indent(text) < 4 => {
                let text = text.to_owned();
                self.drop_open_code();
                self.lay_below(&text);
            }
            None => self.lay_code_line(end),
        }
    }

    /// The open line shows nothing: it is empty, or closes the block.
    pub(super) fn drop_open_code(&mut self) {
        let State::Code(code) = &mut self.state else { return };
        code.rows.clear();
        self.laid.lines.truncate(self.settled.0);
        self.laid.code.truncate(self.settled.1);
        if let Some(block) = self.laid.code.last_mut() {
            block.source.truncate(code.source_len);
        }
    }
}

/// Lines of code with the blanks of an item before them.
fn indented(indent: usize, lines: Vec<Line>) -> impl Iterator<Item = Line> {
    lines.into_iter().map(move |mut line| {
        if indent > 0 {
            line.spans.insert(0, blanks(indent));
        }
        line
    })
}
