//! Text laid out for a width: Markdown as it reads in cells, or the text as it is written.
//!
//! A reply arrives in pieces and is shown after each, so there is one way to lay text out, and it is
//! incremental: [`Live`] keeps what later text cannot change and lays out only the open end again.
//! [`lay_out`] is a `Live` given everything at once. Line ends inside a paragraph are kept, because models and people
//! mean them (addresses, verses, lines of a log), and a terminal that is narrower than the text wraps it anyway;
//! a line of code is never re-flowed, only continued. Pure: no colours, no cells, no terminal.
//!
//! What has been laid out does not move when its meaning is told later: a reference to a link that is defined further
//! down stays as it is written, and the definition is shown where it stands.

mod code;
pub mod colour;
pub mod compare;
mod flow;
mod inline;
mod live;
mod math;
mod origin;
pub mod pieces;
mod scan;
mod table;
mod work;
mod wrap;

use std::sync::Arc;

use crate::text::Safe;

pub use code::Fence;
pub use live::Live;
pub use origin::{Origin, Shown};
pub use scan::{is_rule, split_cells, table_rule};

/// What a span is. The interface maps it to a role of the theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ink {
    /// Running text.
    #[default]
    Text,
    /// Source code.
    Code,
    /// What sets code off: its number, its gutter, an opening fence that is still being written.
    CodeMark,
    /// A heading.
    Heading,
    /// Quoted text.
    Quote,
    /// The text of a link.
    Link,
    /// What orders text: bullets and numbers, the bar of a quote, rules, the lines of a table.
    Mark,
    /// Anything said about the text rather than by it.
    Meta,
}

/// What a span stresses. Each of these may come with any other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Emphasis {
    /// Strong.
    pub bold: bool,
    /// Stressed.
    pub italic: bool,
    /// Struck through.
    pub struck: bool,
    /// A heading of the first level.
    pub underlined: bool,
}

/// A piece of a row in one ink.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// What it reads.
    pub text: Safe,
    /// What it is.
    pub ink: Ink,
    /// What it stresses.
    pub emphasis: Emphasis,
    /// Where it leads, as the text says it: untrusted, but without control characters.
    pub link: Option<Arc<str>>,
    /// What of the source it shows.
    pub origin: Origin,
}

/// One row, which fits the width it was laid out for. Without spans it is blank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The row's pieces from left to right.
    pub spans: Vec<Span>,
    /// Which code it shows, on a row of a block of code.
    pub code: Option<CodeRow>,
}

/// What a row shows of a block of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeRow {
    /// The block's number.
    pub block: usize,
    /// Which of its lines, from 0.
    pub line: usize,
    /// The characters of the line before this row, blanks not counted.
    pub before: usize,
}

/// A block of code, for copying.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeBlock {
    /// The number in its gutter, from 1.
    pub number: usize,
    /// The first word after the opening fence; empty where none was given.
    pub language: String,
    /// The code as it was written, without the indentation of what it stands in.
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

/// How a text is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// Its Markdown as it is meant.
    #[default]
    Rendered,
    /// As it is written, marks and all.
    Raw,
}

/// Lays out a whole text for `width` cells; a width of 0 counts as 1. `text` may be hostile.
pub fn lay_out(text: &str, width: u16, view: View) -> Laid {
    let mut live = Live::new(width, view);
    live.push(text);
    live.into_laid()
}

#[cfg(test)]
mod tests;
