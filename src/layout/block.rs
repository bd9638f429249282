//! What a line of the text is, told from its beginning and from the fence around it.

use super::{Breaks, Ink, Span};
use crate::text::{sanitise_line, width::width};

/// An opening fence: what a closing one must repeat, and the indentation that is not the code's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fence {
    marker: char,
    length: usize,
    indent: usize,
}

/// The fewest markers that make a fence.
const SHORTEST_FENCE: usize = 3;

impl Fence {
    /// The fence that `line` opens. Any indentation will do, because fences stand in lists.
    fn opened_by(line: &str) -> Option<Self> {
        let rest = line.trim_start_matches(' ');
        let marker = rest.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let info = rest.trim_start_matches(marker);
        let fence = Self { marker, length: rest.len() - info.len(), indent: line.len() - rest.len() };
        // A backtick in the info string means inline code that begins a paragraph.
        (fence.length >= SHORTEST_FENCE && !(marker == '`' && info.contains('`'))).then_some(fence)
    }

    fn is_closed_by(self, line: &str) -> bool {
        let rest = line.trim_start_matches(' ');
        let info = rest.trim_start_matches(self.marker);
        rest.len() - info.len() >= self.length && info.trim().is_empty()
    }

    /// The first word after the markers of the line that opened this fence.
    pub fn language(self, line: &str) -> String {
        let info = line.trim_start_matches(' ').trim_start_matches(self.marker);
        info.split_whitespace().next().unwrap_or_default().to_owned()
    }
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Running text; its further rows are indented by `hang` cells, under the text of a list's item.
    Text {
        hang: usize,
    },
    Heading,
    Quote,
    Opening(Fence),
    Closing,
    /// A line of the block `number`, of which `indent` blanks are the fence's.
    Code {
        number: usize,
        indent: usize,
    },
}

impl Default for Kind {
    fn default() -> Self {
        Self::Text { hang: 0 }
    }
}

impl Kind {
    /// What `line` is inside `fence`, which opened the block `number`.
    pub fn of(line: &str, fence: Option<Fence>, number: usize) -> Self {
        if let Some(fence) = fence {
            return match fence.is_closed_by(line) {
                true => Self::Closing,
                false => Self::Code { number, indent: fence.indent },
            };
        }
        if let Some(fence) = Fence::opened_by(line) {
            return Self::Opening(fence);
        }
        let after_marks = line.trim_start_matches('#');
        if matches!(line.len() - after_marks.len(), 1..=6) && after_marks.starts_with(' ') {
            Self::Heading
        } else if line.starts_with('>') {
            Self::Quote
        } else {
            Self::Text { hang: hang(line) }
        }
    }

    /// The part of the line that is laid out.
    pub fn content(self, line: &str) -> &str {
        match self {
            Self::Code { indent, .. } => {
                let blanks = line.bytes().take(indent).take_while(|&byte| byte == b' ').count();
                line.get(blanks..).unwrap_or_default()
            }
            Self::Text { .. } | Self::Heading | Self::Quote | Self::Opening(_) | Self::Closing => line,
        }
    }

    pub fn ink(self) -> Ink {
        match self {
            Self::Text { .. } => Ink::Text,
            Self::Heading => Ink::Heading,
            Self::Quote => Ink::Quote,
            Self::Opening(_) | Self::Closing => Ink::CodeMark,
            Self::Code { .. } => Ink::Code,
        }
    }

    pub fn breaks(self) -> Breaks {
        match self {
            Self::Text { .. } | Self::Heading | Self::Quote => Breaks::Words,
            Self::Opening(_) | Self::Closing | Self::Code { .. } => Breaks::Edge,
        }
    }

    /// What stands left of a row: the first of its line or a further one, in the first line of its block or a
    /// later one.
    pub fn margin(self, row: RowOf, line: LineOf, width: usize) -> Margin {
        let margin = match self {
            Self::Text { hang } if row == RowOf::Further => Margin { text: " ".repeat(hang), ink: Ink::Text },
            Self::Code { number, .. } => {
                let number = number.to_string();
                let shown = match (row, line) {
                    (RowOf::First, LineOf::First) => number.as_str(),
                    (RowOf::First | RowOf::Further, LineOf::First | LineOf::Later) => "",
                };
                let bar = match row {
                    RowOf::First => '│',
                    RowOf::Further => '┆',
                };
                let cells = number.len().max(2);
                Margin { text: format!("{shown:>cells$} {bar} "), ink: Ink::CodeMark }
            }
            Self::Text { .. } | Self::Heading | Self::Quote | Self::Opening(_) | Self::Closing => {
                Margin::default()
            }
        };
        // Where little room is left, the text gets all of it.
        if margin.cells() * 2 >= width { Margin::default() } else { margin }
    }
}

/// Which row of its line a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowOf {
    First,
    Further,
}

/// Which line of its block a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineOf {
    First,
    Later,
}

/// What stands left of a row.
#[derive(Debug)]
pub(super) struct Margin {
    text: String,
    ink: Ink,
}

impl Default for Margin {
    fn default() -> Self {
        Self { text: String::new(), ink: Ink::Text }
    }
}

impl Margin {
    pub fn cells(&self) -> usize {
        width(&self.text)
    }

    pub fn spans(&self) -> Vec<Span> {
        if self.text.is_empty() {
            return Vec::new();
        }
        vec![Span { text: sanitise_line(&self.text), ink: self.ink }]
    }
}

/// The cells before the text of a list's item: its indentation and its mark. Without a mark, the indentation.
fn hang(line: &str) -> usize {
    let rest = line.trim_start_matches(' ');
    let indent = line.len() - rest.len();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let mark = match rest.as_bytes().get(digits) {
        Some(b'-' | b'*' | b'+') if digits == 0 => 1,
        Some(b'.' | b')') if (1..=9).contains(&digits) => digits + 1,
        _ => return indent,
    };
    if rest.as_bytes().get(mark) == Some(&b' ') { indent + mark + 1 } else { indent }
}
