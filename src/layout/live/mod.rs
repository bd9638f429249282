//! Text that is still growing: what is closed stays as it was laid out, what is open is laid out again.
//!
//! Complete lines are told apart by how they begin ([`scan`](super::scan)), and the text is cut where nothing that
//! follows can reach back ([`cuts`]): at the end of a paragraph, before an item of the outermost list, at every line of a fenced
//! block and every row of a table. Where the cuts are depends on the text alone, not on the pieces it came in; that
//! is why a text laid out as it grows is the text laid out at once. A piece that is far longer than people and models write
//! ([`LONGEST`]) is cut too, so that time stays linear in the length of any text.

mod code;
mod cuts;
mod kept;
mod raw;
mod shown;
mod table;

use crate::text::{Safe, Sanitiser, sanitise_line};

use super::code::Fence;
use super::flow::Definitions;
use super::inline::Runs;
use super::origin::Origin;
use super::wrap::Row;
use super::{Ink, Laid, Line, Span, View};

use code::Code;
use kept::Kept;
use table::OpenTable;

/// A piece that is laid out again and again is cut when it is longer than this, in bytes.
const LONGEST: usize = 4096;

/// Quotes in quotes, deeper than people write. A piece of a deeper one is cut the earlier, the deeper it is.
const DEEP: usize = 8;

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
    /// The beginning of the open paragraph that is not laid out again.
    kept: Kept,
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
            kept: Kept::default(),
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

    /// How many of the first rows are what they are whatever comes: those of what is closed. A table moves as a whole.
    pub fn settled(&self) -> usize {
        match &self.state {
            State::Table(open) => open.first_row(),
            State::Blank
            | State::Paragraph
            | State::Quote
            | State::Item(_)
            | State::Html(_)
            | State::Math(_)
            | State::Written(_)
            | State::Code(_) => self.settled.0,
        }
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
}

fn plain(indent: usize, row: &Row, ink: Ink, origin: Origin) -> Line {
    let mut spans = Vec::new();
    if indent > 0 {
        spans.push(blanks(indent));
    }
    if !row.text.is_empty() {
        spans.push(Span { text: sanitise_line(&row.text), ink, origin, ..Span::default() });
    }
    Line { spans, code: None }
}

fn blanks(cells: usize) -> Span {
    Span { text: sanitise_line(&" ".repeat(cells)), ..Span::default() }
}
