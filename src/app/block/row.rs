//! A row of the transcript and what it is made of, in tones that `ui` gives colours; short texts cut into rows.

use std::sync::Arc;

use crate::app::geometry::TEXT_LEFT;
use crate::layout::colour::Token;
use crate::layout::{CodeRow, Emphasis, Ink, Span};
use crate::text::width::{truncate, width};
use crate::text::{Safe, sanitise_line};

/// What a piece of a row is; `ui` gives it a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// What was said.
    Text,
    /// Code.
    Code,
    /// A word of code, by what it is.
    Token(Token),
    /// The frame of code: numbers, language.
    CodeMark,
    /// A heading.
    Heading,
    /// A quotation.
    Quote,
    /// The text of a link.
    Link,
    /// What orders text: bullets, rules, the lines of tables.
    Mark,
    /// What is secondary.
    Dim,
    /// The person's name and bar.
    User,
    /// A model's name and bar.
    Assistant,
    /// What went wrong.
    Bad,
}

impl From<Ink> for Tone {
    fn from(ink: Ink) -> Self {
        match ink {
            Ink::Text => Self::Text,
            Ink::Code => Self::Code,
            Ink::CodeMark => Self::CodeMark,
            Ink::Heading => Self::Heading,
            Ink::Quote => Self::Quote,
            Ink::Link => Self::Link,
            Ink::Mark => Self::Mark,
            Ink::Meta => Self::Dim,
        }
    }
}

/// A row of the transcript, ready to be drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The role's bar, on the row of a name.
    pub bar: Option<Tone>,
    /// What it says.
    pub pieces: Vec<Piece>,
    /// Which code it shows, if it does: of which section of its block.
    pub code: Option<(usize, CodeRow)>,
    /// Whether the text grows here.
    pub growth: Growth,
}

/// A piece of a row in one tone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it says.
    pub text: Safe,
    /// What it is.
    pub tone: Tone,
    /// What it stresses.
    pub emphasis: Emphasis,
    /// Where it leads, as the text says it.
    pub link: Option<Arc<str>>,
    /// What a click on it does.
    pub act: Option<Act>,
}

/// What a click on a piece of a row does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Goes to the next sibling.
    Siblings,
    /// Folds, or unfolds.
    Fold,
    /// Shows the picture that this part of the message is.
    Picture(usize),
}

impl Piece {
    pub(super) fn new(text: Safe, tone: Tone) -> Self {
        Self { text, tone, emphasis: Emphasis::default(), link: None, act: None }
    }

    /// A span of the text, in a tone of its own or in that of its section.
    pub(super) fn of(span: &Span, tone: Option<Tone>) -> Self {
        let tone = tone.unwrap_or_else(|| Tone::from(span.ink));
        Self { text: span.text.clone(), tone, emphasis: span.emphasis, link: span.link.clone(), act: None }
    }
}

/// Whether a row is the end of a live answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Growth {
    /// It stands.
    #[default]
    Still,
    /// More comes after its last cell.
    Growing,
}

impl Row {
    /// A row in one tone.
    pub fn of(text: Safe, tone: Tone) -> Self {
        Self { pieces: vec![Piece::new(text, tone)], ..Self::default() }
    }

    /// A row that a click folds or unfolds.
    pub(super) fn folding(text: Safe, tone: Tone) -> Self {
        let piece = Piece { act: Some(Act::Fold), ..Piece::new(text, tone) };
        Self { pieces: vec![piece], ..Self::default() }
    }

    /// The columns before its first piece.
    pub fn left(&self) -> u16 {
        if self.bar.is_some() { TEXT_LEFT - 1 } else { TEXT_LEFT }
    }
}

/// A short text as a few rows in one tone.
pub(super) fn wrapped(text: &str, cells: usize, tone: Tone) -> Vec<Row> {
    const MOST: usize = 4;
    words(text, cells, MOST).into_iter().map(|row| Row::of(row, tone)).collect()
}

/// A short text in rows between words, at most so many; what is left out is told by `…`.
pub fn words(text: &str, cells: usize, most: usize) -> Vec<Safe> {
    let text = sanitise_line(text);
    let mut rows: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let Some(row) = rows.last_mut() else { break };
        if row.is_empty() {
            row.push_str(word);
        } else if width(row) + 1 + width(word) <= cells {
            row.push(' ');
            row.push_str(word);
        } else {
            rows.push(word.to_owned());
        }
    }
    let cut = rows.len() > most;
    rows.truncate(most);
    if cut && let Some(row) = rows.last_mut() {
        row.push('…');
    }
    rows.iter().map(|row| truncate(&sanitise_line(row), cells)).collect()
}
