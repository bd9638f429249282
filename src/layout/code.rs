//! Code: the fences around it, and its lines as rows behind a gutter that carries the block's number.

use crate::text::{sanitise, width::width};

use super::wrap::{Breaks, fill};
use super::{CodeRow, Ink, Line, Origin, Span};

/// An opening fence: what a closing one must repeat, and the indentation that is not the code's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fence {
    marker: char,
    length: usize,
    /// The blanks before it.
    pub indent: usize,
}

/// The fewest markers that make a fence.
const SHORTEST_FENCE: usize = 3;

impl Fence {
    /// The fence that `line` opens, however far it is indented.
    pub fn opened_by(line: &str) -> Option<Self> {
        let rest = line.trim_start_matches(' ');
        let marker = rest.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let info = rest.trim_start_matches(marker);
        let fence = Self { marker, length: rest.len() - info.len(), indent: line.len() - rest.len() };
        // A backtick in the info string means inline code that begins a paragraph.
        (fence.length >= SHORTEST_FENCE && !(marker == '`' && info.contains('`'))).then_some(fence)
    }

    /// Whether `line` closes it.
    pub fn is_closed_by(self, line: &str) -> bool {
        let rest = line.trim_start_matches(' ');
        let info = rest.trim_start_matches(self.marker);
        rest.len() - info.len() >= self.length && info.trim().is_empty()
    }

    /// The same fence, seen from an item whose text is indented by so much.
    pub fn inside(self, offset: usize) -> Self {
        Self { indent: self.indent.saturating_sub(offset), ..self }
    }

    /// What stands after the markers of the line that opened this fence.
    pub fn info(self, line: &str) -> &str {
        line.trim_start_matches(' ').trim_start_matches(self.marker)
    }
}

/// The language that a fence names: its first word.
pub(super) fn language(info: &str) -> String {
    info.split_whitespace().next().unwrap_or_default().to_owned()
}

/// `line` without so many blanks at its beginning, where it has them.
pub(super) fn without_indent(line: &str, indent: usize) -> &str {
    let blanks = line.bytes().take(indent).take_while(|&byte| byte == b' ').count();
    line.get(blanks..).unwrap_or_default()
}

/// A line of a block of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CodeAt {
    /// The block's number.
    pub block: usize,
    /// Which of its lines, from 0.
    pub line: usize,
    /// Where the line begins in the source; a line that is not looked for there is blank.
    pub source: Option<usize>,
}

/// Where a row of a line begins: its bytes, and the characters before it that are no blanks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RowStart {
    pub from: usize,
    pub solid: usize,
}

/// The rows of a line.
pub(super) fn rows(text: &str, at: CodeAt, room: usize) -> Vec<Line> {
    let mut rows = Vec::new();
    let mut next = Some(RowStart::default());
    while let Some(start) = next {
        let (row, after) = row(text, start, at, room);
        rows.push(row);
        next = after;
    }
    rows
}

/// One row of a line, and where the next one begins.
pub(super) fn row(text: &str, start: RowStart, at: CodeAt, room: usize) -> (Line, Option<RowStart>) {
    let gutter = gutter(start, at, room);
    let cells = room - gutter.as_ref().map_or(0, |gutter| width(&gutter.text));
    let rest = text.get(start.from..).unwrap_or_default();
    let row = fill(rest, cells, Breaks::Edge);
    let next = row.next.map(|next| {
        let solid = rest.get(..next).unwrap_or_default().chars().filter(|c| !c.is_whitespace()).count();
        RowStart { from: start.from + next, solid: start.solid + solid }
    });
    let mut spans = Vec::from_iter(gutter);
    if !row.text.is_empty() {
        let origin = at.source.map_or(Origin::Added, |line| row.origin(rest, line + start.from));
        spans.push(Span { text: sanitise(&row.text), ink: Ink::Code, origin, ..Span::default() });
    }
    (Line { spans, code: Some(CodeRow { block: at.block, line: at.line, before: start.solid }) }, next)
}

/// What stands left of a row of code; nothing where little room is left: the code gets all of it.
fn gutter(start: RowStart, at: CodeAt, room: usize) -> Option<Span> {
    let number = at.block.to_string();
    let first = start.from == 0;
    let shown = if first && at.line == 0 { number.as_str() } else { "" };
    let bar = if first { '│' } else { '┆' };
    let cells = number.len().max(2);
    let text = format!("{shown:>cells$} {bar} ");
    (width(&text) * 2 < room).then(|| Span { text: sanitise(&text), ink: Ink::CodeMark, ..Span::default() })
}
