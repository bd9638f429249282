//! Text laid out for a width: paragraphs wrapped by word, fenced code set off and numbered.
//!
//! A reply arrives in pieces and is shown after each, so there is one way to lay text out, and it is
//! incremental: [`Live`] keeps what later text cannot change and lays out only the end of the open line again.
//! [`lay_out`] is a `Live` given everything at once. Line ends of the text are kept, because models mean them;
//! a line of code is never re-flowed, only continued. Pure: no colours, no cells, no terminal.

mod block;
pub mod compare;
mod wrap;

use crate::text::{Safe, Sanitiser, sanitise};
use block::{Fence, Kind, LineOf, RowOf};
use wrap::{Breaks, fill};

/// What a span is. The interface maps it to a role of the theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Running text.
    Text,
    /// Source code.
    Code,
    /// What sets code off: its number, its gutter, an opening fence that is still being written.
    CodeMark,
    /// A heading, with its `#`.
    Heading,
    /// A quoted line, with its `>`.
    Quote,
    /// Anything said about the text rather than by it.
    Meta,
}

/// A piece of a row in one ink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// What it reads.
    pub text: Safe,
    /// What it is.
    pub ink: Ink,
}

/// One row, which fits the width it was laid out for. Without spans it is blank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The row's pieces from left to right.
    pub spans: Vec<Span>,
}

/// A fenced block of code, for copying.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeBlock {
    /// The number in its gutter, from 1.
    pub number: usize,
    /// The first word after the opening fence; empty where none was given.
    pub language: String,
    /// The code as it was written, without the fence's own indentation.
    pub source: String,
}

/// Text laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Laid {
    /// The rows from top to bottom.
    pub lines: Vec<Line>,
    /// The blocks of code whose opening fence is complete, in order.
    pub code: Vec<CodeBlock>,
}

/// Lays out a whole text for `width` cells; a width of 0 counts as 1. `text` may be hostile.
pub fn lay_out(text: &str, width: u16) -> Laid {
    let mut live = Live::new(width);
    live.push(text);
    live.laid
}

/// A text that is still growing, always laid out as [`lay_out`] would lay out everything pushed so far.
#[derive(Clone)]
pub struct Live {
    width: usize,
    sanitiser: Sanitiser,
    source: Safe,
    /// Where the open line, the one without its newline, begins in `source`.
    line_start: usize,
    open: Open,
    /// The fence around the open line.
    fence: Option<Fence>,
    laid: Laid,
}

/// How the open line is laid out so far.
#[derive(Clone, Default)]
struct Open {
    kind: Kind,
    /// The row of [`Laid::lines`] at which it begins.
    first_row: usize,
    /// Where each of its rows begins, in bytes of its content.
    rows: Vec<usize>,
    /// The length of the block's source without this line.
    source_len: usize,
}

/// Rows of the open line that new text can change: the last, and the one before it, because the last
/// grapheme may shrink or grow by a mark that follows it and its word then moves up or down.
const UNSETTLED_ROWS: usize = 2;

impl Live {
    /// An empty text, to be laid out for `width` cells; a width of 0 counts as 1.
    pub fn new(width: u16) -> Self {
        Self {
            width: usize::from(width.max(1)),
            sanitiser: Sanitiser::default(),
            source: Safe::default(),
            line_start: 0,
            open: Open::default(),
            fence: None,
            laid: Laid::default(),
        }
    }

    /// Adds text. The cost grows with `delta` and the end of the open line (all of it for code, whose source is
    /// kept too), never with the whole text.
    pub fn push(&mut self, delta: &str) {
        let safe = self.sanitiser.push(delta);
        self.push_safe(&safe);
    }

    /// The rows and the code of everything pushed so far.
    pub fn laid(&self) -> &Laid {
        &self.laid
    }

    /// Lays everything out again for another width.
    pub fn resize(&mut self, width: u16) {
        let mut resized = Self::new(width);
        if resized.width == self.width {
            return;
        }
        resized.push_safe(&self.source);
        resized.sanitiser = std::mem::take(&mut self.sanitiser);
        *self = resized;
    }

    fn push_safe(&mut self, safe: &Safe) {
        let mut end = self.source.len();
        self.source.push(safe);
        for piece in safe.split_inclusive('\n') {
            end += piece.len();
            match piece.strip_suffix('\n') {
                Some(_) => {
                    self.lay_open_line(end - 1);
                    self.close_line(end);
                }
                None => self.lay_open_line(end),
            }
        }
    }

    /// Lays out the open line, which now ends at `end`.
    fn lay_open_line(&mut self, end: usize) {
        let line = self.source.get(self.line_start..end).unwrap_or_default();
        let code = self.laid.code.last_mut();
        let kind = Kind::of(line, self.fence, code.as_ref().map_or(0, |code| code.number));
        if kind != self.open.kind {
            self.open.kind = kind;
            self.open.rows.clear();
        }
        let content = kind.content(line);
        if let (Some(code), Some(_)) = (code, self.fence) {
            code.source.truncate(self.open.source_len);
            if matches!(kind, Kind::Code { .. }) {
                code.source.push_str(content);
            }
        }
        let settled = self.open.rows.len().saturating_sub(UNSETTLED_ROWS);
        let mut next = Some(self.open.rows.get(settled).copied().unwrap_or(0));
        self.open.rows.truncate(settled);
        self.laid.lines.truncate(self.open.first_row + settled);
        if kind == Kind::Closing {
            return;
        }
        while let Some(from) = next {
            let row_of = if from == 0 { RowOf::First } else { RowOf::Further };
            let line_of = if self.open.source_len == 0 { LineOf::First } else { LineOf::Later };
            let margin = kind.margin(row_of, line_of, self.width);
            let cells = self.width - margin.cells();
            let row = fill(content.get(from..).unwrap_or_default(), cells, kind.breaks());
            let mut spans = margin.spans();
            if !row.text.is_empty() {
                spans.push(Span { text: sanitise(&row.text), ink: kind.ink() });
            }
            self.laid.lines.push(Line { spans });
            self.open.rows.push(from);
            next = row.next.map(|next| from + next);
        }
    }

    /// The open line has its newline, and the next one begins at `next`.
    fn close_line(&mut self, next: usize) {
        match self.open.kind {
            Kind::Text { .. } | Kind::Heading | Kind::Quote => {}
            Kind::Opening(fence) => {
                let line = self.source.get(self.line_start..next).unwrap_or_default();
                let language = fence.language(line);
                self.laid.lines.truncate(self.open.first_row);
                let number = self.laid.code.len() + 1;
                self.laid.code.push(CodeBlock { number, language, source: String::new() });
                self.fence = Some(fence);
            }
            Kind::Closing => self.fence = None,
            Kind::Code { .. } => {
                if let Some(code) = self.laid.code.last_mut() {
                    code.source.push('\n');
                }
            }
        }
        self.line_start = next;
        self.open = Open {
            kind: Kind::default(),
            first_row: self.laid.lines.len(),
            rows: Vec::new(),
            source_len: self.fence.and(self.laid.code.last()).map_or(0, |code| code.source.len()),
        };
    }
}

#[cfg(test)]
mod tests;
