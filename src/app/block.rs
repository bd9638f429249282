//! A message as rows: its name, its parts, how it came to be, what went wrong.
//!
//! A block is made of sections, so that the text of a live answer can grow at its end while everything above
//! it stays as it was laid out.

use std::ops::Range;

use crate::chat::{Media, Message, Part, Role, ServerTool, Source, Status, Summary, Tree};
use crate::layout::{CodeBlock, CodeRow, Ink, Laid, Line, Live, Span, View, lay_out};
use crate::t;
use crate::text::width::{truncate, width as cells};
use crate::text::{Safe, sanitise, sanitise_line};

use super::{fold, pictures};

mod amounts;
mod footer;
mod names;
mod row;

pub use amounts::{euros, grouped, seconds};
pub use footer::{is_too_long, kind_name};
pub use names::{Names, name_of};
pub use row::{Act, Growth, Piece, Row, Tone, words};

use footer::footer;

/// What a run of rows is made of.
#[derive(Clone)]
enum Section {
    Rows(Vec<Row>),
    Laid { laid: Laid, tone: Option<Tone>, part: usize },
    Live { live: Box<Live>, tone: Option<Tone>, part: usize },
}

impl std::fmt::Debug for Section {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Section({} rows)", self.len())
    }
}

impl Section {
    fn len(&self) -> usize {
        match self {
            Self::Rows(rows) => rows.len(),
            Self::Laid { laid, .. } => laid.lines.len(),
            Self::Live { live, .. } => live.laid().lines.len(),
        }
    }

    fn laid(&self) -> Option<&Laid> {
        match self {
            Self::Rows(_) => None,
            Self::Laid { laid, .. } => Some(laid),
            Self::Live { live, .. } => Some(live.laid()),
        }
    }

    fn row(&self, at: usize) -> Option<Row> {
        let (laid, tone) = match self {
            Self::Rows(rows) => return rows.get(at).cloned(),
            Self::Laid { laid, tone, .. } => (laid, tone),
            Self::Live { live, tone, .. } => (live.laid(), tone),
        };
        let line = laid.lines.get(at)?;
        let pieces = line.spans.iter().map(|span| Piece::of(span, *tone)).collect();
        Some(Row { pieces, ..Row::default() })
    }

    /// The code that a row shows. What has a tone of its own is not coloured.
    fn code_row(&self, at: usize) -> Option<CodeRow> {
        match self {
            Self::Laid { laid, tone: None, .. } => laid.lines.get(at)?.code,
            Self::Live { live, tone: None, .. } => live.laid().lines.get(at)?.code,
            Self::Rows(_) | Self::Laid { tone: Some(_), .. } | Self::Live { tone: Some(_), .. } => None,
        }
    }

    /// The part of the message whose text it shows, and that.
    fn text(&self) -> Option<(usize, &Laid)> {
        match self {
            Self::Rows(_) => None,
            Self::Laid { laid, part, .. } => Some((*part, laid)),
            Self::Live { live, part, .. } => Some((*part, live.laid())),
        }
    }

    fn code(&self) -> &[CodeBlock] {
        match self {
            Self::Rows(_) => &[],
            Self::Laid { laid, .. } => &laid.code,
            Self::Live { live, .. } => &live.laid().code,
        }
    }
}

/// A message laid out at a width.
#[derive(Clone, Debug)]
pub struct Block {
    sections: Vec<Section>,
    growth: Growth,
}

impl Block {
    /// How many rows it has; never none, as the last one is empty.
    pub fn rows(&self) -> usize {
        self.sections.iter().map(Section::len).sum::<usize>() + 1
    }

    /// One of its rows.
    pub fn row(&self, mut at: usize) -> Option<Row> {
        let last = self.rows().checked_sub(2);
        let growth = if last == Some(at) { self.growth } else { Growth::Still };
        for (nth, section) in self.sections.iter().enumerate() {
            if at < section.len() {
                let code = section.code_row(at).map(|code| (nth, code));
                return section.row(at).map(|row| Row { growth, code, ..row });
            }
            at -= section.len();
        }
        (at == 0).then(Row::default)
    }

    /// What a row says where it is text of the message, and not its name or what is told of it.
    pub fn said(&self, mut at: usize) -> Option<String> {
        for section in &self.sections {
            if at < section.len() {
                return match section {
                    Section::Rows(_) => None,
                    Section::Laid { .. } | Section::Live { .. } => {
                        Some(section.row(at)?.pieces.iter().map(|piece| piece.text.as_str()).collect())
                    }
                };
            }
            at -= section.len();
        }
        None
    }

    /// What a row says as text of the message, without what sets it off: bars, bullets, numbers in a gutter.
    pub fn words(&self, mut at: usize) -> Vec<&str> {
        for section in &self.sections {
            if at < section.len() {
                let words = |span: &&Span| !matches!(span.ink, Ink::CodeMark | Ink::Mark | Ink::Meta);
                let line = section.laid().and_then(|laid| laid.lines.get(at));
                let spans = line.into_iter().flat_map(|line| &line.spans);
                return spans.filter(words).map(|span| span.text.as_str()).collect();
            }
            at -= section.len();
        }
        Vec::new()
    }

    /// The section that a row is in. The empty row at the end is one of its own.
    pub fn section_at(&self, mut at: usize) -> usize {
        for (nth, section) in self.sections.iter().enumerate() {
            if at < section.len() {
                return nth;
            }
            at -= section.len();
        }
        self.sections.len()
    }

    /// The rows of a section; of one there is not, the empty row at the end.
    pub fn section_rows(&self, nth: usize) -> Range<usize> {
        let before = self.sections.iter().take(nth).map(Section::len).sum();
        before..before + self.sections.get(nth).map_or(1, Section::len)
    }

    /// Its rows of text: which row, of which part of the message, and what it shows.
    pub fn text_rows(&self) -> impl Iterator<Item = (usize, usize, &Line)> {
        let mut first = 0;
        self.sections.iter().flat_map(move |section| {
            let begins = first;
            first += section.len();
            let lines = section.text().map(|(part, laid)| (part, laid.lines.iter().enumerate()));
            lines
                .into_iter()
                .flat_map(move |(part, lines)| lines.map(move |(nth, line)| (begins + nth, part, line)))
        })
    }

    /// One of its rows of text: of which part of the message, and what it shows.
    pub fn text_row(&self, mut at: usize) -> Option<(usize, &Line)> {
        for section in &self.sections {
            if at < section.len() {
                let (part, laid) = section.text()?;
                return Some((part, laid.lines.get(at)?));
            }
            at -= section.len();
        }
        None
    }

    /// The block of code that a row shows, and which section holds it.
    pub fn code_at(&self, mut at: usize) -> Option<(usize, &CodeBlock)> {
        for (nth, section) in self.sections.iter().enumerate() {
            if at < section.len() {
                let row = section.code_row(at)?;
                return section.code().get(row.block - 1).map(|code| (nth, code));
            }
            at -= section.len();
        }
        None
    }

    /// The first rows of its headings.
    pub fn headings(&self) -> Vec<usize> {
        let is_heading = |line: &Line| line.spans.iter().any(|span| span.ink == Ink::Heading);
        self.lines(|before, line| is_heading(line) && !before.is_some_and(is_heading))
    }

    /// The first rows of its blocks of code.
    pub fn code_rows(&self) -> Vec<usize> {
        let block = |line: &Line| line.code.map(|code| code.block);
        self.lines(|before, line| line.code.is_some() && before.and_then(block) != block(line))
    }

    /// The rows of text of which something holds, told with the row before.
    fn lines(&self, holds: impl Fn(Option<&Line>, &Line) -> bool) -> Vec<usize> {
        let (mut rows, mut first) = (Vec::new(), 0);
        for section in &self.sections {
            let lines = section.laid().map_or(&[][..], |laid| &laid.lines);
            let before = std::iter::once(None).chain(lines.iter().map(Some));
            let held = before.zip(lines).enumerate().filter(|(_, (before, line))| holds(*before, line));
            rows.extend(held.map(|(row, _)| first + row));
            first += section.len();
        }
        rows
    }

    /// Adds text to the end of a live answer. `false` where the block does not end in text of this kind.
    pub fn grow(&mut self, kind: Kind, text: &str) -> bool {
        match self.sections.last_mut() {
            Some(Section::Live { live, tone, .. }) if *tone == kind.tone() => {
                live.push(text);
                true
            }
            Some(_) | None => false,
        }
    }

    /// How many of its first rows are what they are whatever comes: all of them, once it does not grow any more. A
    /// name may still change before anything stands below it, and reasoning may fold.
    pub fn settled(&self) -> usize {
        match self.growth {
            Growth::Still => self.rows(),
            Growth::Growing => {
                let is_live = |section: &Section| matches!(section, Section::Live { .. });
                let last = self.sections.iter().position(is_live);
                let last = last.unwrap_or(self.sections.len().saturating_sub(1));
                let above: usize = self.sections.iter().take(last).map(Section::len).sum();
                match self.sections.get(last) {
                    Some(Section::Live { live, tone: None, .. }) => above + live.settled(),
                    Some(Section::Live { tone: Some(_), .. } | Section::Rows(_) | Section::Laid { .. })
                    | None => above,
                }
            }
        }
    }

    /// The code blocks of its text.
    pub fn code(&self) -> impl Iterator<Item = &CodeBlock> {
        self.sections.iter().flat_map(Section::code)
    }
}

/// Which kind of text grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The answer.
    Text,
    /// Reasoning before it.
    Reasoning,
}

impl Kind {
    fn tone(self) -> Option<Tone> {
        match self {
            Self::Text => None,
            Self::Reasoning => Some(Tone::Dim),
        }
    }
}

/// Whether reasoning, or a summary, is shown below a message's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// Only that there is some.
    Folded,
    /// All of it.
    Open,
    /// Reasoning, as long as it is all there is.
    OnceSaid,
}

/// Where a message's name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heading {
    /// On its first row.
    Own,
    /// Above its rows, drawn by whoever shows them.
    Above,
}

/// How a message is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manner {
    /// Whether its reasoning is.
    pub fold: Fold,
    /// Where its name is.
    pub heading: Heading,
    /// Whether its Markdown is rendered.
    pub view: View,
}

/// Lays a message out.
pub fn block(message: &Message, tree: &Tree, names: &Names<'_>, width: u16, manner: Manner) -> Block {
    let Manner { fold, heading, view } = manner;
    let live = message.status == Status::Streaming;
    let mut sections = match heading {
        Heading::Own => vec![Section::Rows(vec![header(message, tree, names, usize::from(width))])],
        Heading::Above => Vec::new(),
    };
    let open = fold::is_open(message, fold);
    let last = message.parts.iter().rposition(|part| !matches!(part, Part::Source(_) | Part::State(_)));
    let body = |text: &str, at: usize, tone: Option<Tone>| {
        if live && Some(at) == last {
            let mut growing = Live::new(width, view);
            growing.push(text);
            Section::Live { live: Box::new(growing), tone, part: at }
        } else {
            Section::Laid { laid: lay_out(text, width, view), tone, part: at }
        }
    };
    let line = |sections: &mut Vec<Section>, text: &str| {
        let text = truncate(&sanitise_line(text), usize::from(width));
        sections.push(Section::Rows(vec![Row::of(text, Tone::Dim)]));
    };
    for (at, part) in message.parts.iter().enumerate() {
        match part {
            Part::Text { text } => sections.push(body(text, at, Kind::Text.tone())),
            Part::Reasoning { text } => {
                if open {
                    sections.push(body(text, at, Kind::Reasoning.tone()));
                } else {
                    let row = truncate(&thought(message, text), usize::from(width));
                    let row = Row::folding(row, Tone::Dim);
                    sections.push(Section::Rows(vec![row]));
                }
            }
            Part::Summary(summary) => {
                let heading = if open { open_summary } else { folded_summary };
                let heading = truncate(&heading(summary, tree), usize::from(width));
                sections.push(Section::Rows(vec![Row::folding(heading, Tone::Heading)]));
                if open {
                    sections.push(body(&summary.text, at, Some(Tone::Dim)));
                    sections.push(Section::Rows(vec![Row::default()]));
                }
            }
            Part::Refusal { text } => sections.push(body(text, at, Some(Tone::Bad))),
            Part::ToolCall(call) => line(&mut sections, &format!("→ {}({})", call.name, call.arguments)),
            Part::ToolResult(result) => {
                line(&mut sections, &format!("← {}: {}", result.name, result.content))
            }
            Part::ServerTool(tool) => line(&mut sections, &server_tool(tool)),
            Part::Image(media) => {
                let row = picture(media, names, at, usize::from(width));
                sections.push(Section::Rows(vec![row]));
            }
            Part::Document(media) => line(&mut sections, &attachment(media)),
            Part::Source(_) | Part::State(_) => {}
        }
    }
    if !live {
        for (number, source) in sources(message).enumerate() {
            line(&mut sections, &format!("[{}] {}", number + 1, cited(source)));
        }
    }
    sections.push(Section::Rows(footer(message, names, usize::from(width))));
    sections.retain(|section| section.len() > 0);
    Block { sections, growth: if live { Growth::Growing } else { Growth::Still } }
}

/// What stands instead of reasoning that is folded: how long it took, where that is known, and how long it is.
fn thought(message: &Message, text: &str) -> Safe {
    let lines = text.trim_end().lines().count();
    let known = message.provenance.as_ref().and_then(|provenance| provenance.thought_ms);
    match known {
        Some(ms) => t!("app-thought", seconds = seconds(ms), lines = lines),
        None => t!("app-reasoning-folded", lines = lines),
    }
}

/// What stands above a summary.
fn open_summary(summary: &Summary, tree: &Tree) -> Safe {
    t!("app-summary-open", count = tree.path(summary.until).len(), model = summary.model.as_str())
}

/// What stands instead of a summary that is folded.
fn folded_summary(summary: &Summary, tree: &Tree) -> Safe {
    let (count, model) = (tree.path(summary.until).len(), summary.model.as_str());
    let words = summary.text.split_whitespace().count();
    t!("app-summary-folded", count = count, model = model, words = words)
}

/// What an answer cites, in the order in which it did.
fn sources(message: &Message) -> impl Iterator<Item = &Source> {
    message.parts.iter().filter_map(|part| match part {
        Part::Source(source) => Some(source),
        _ => None,
    })
}

fn cited(source: &Source) -> String {
    match (source.title.is_empty(), source.url.is_empty()) {
        (false, false) => format!("{}  {}", source.title, source.url),
        (true, _) => source.url.clone(),
        (false, true) => source.title.clone(),
    }
}

fn server_tool(tool: &ServerTool) -> String {
    let asked = format!("⚙ {}({})", tool.name, tool.input);
    if tool.output.is_empty() { asked } else { format!("{asked} → {}", tool.output) }
}

/// What stands for an image: what is known of it, and the key that shows it where there is room for that.
fn picture(media: &Media, names: &Names<'_>, part: usize, width: usize) -> Row {
    let facts = truncate(&sanitise(&format!("▣ {}", pictures::facts(media))), width);
    let left = width.saturating_sub(cells(&facts));
    let key = pictures::key(names.keymap).map(|key| t!("app-picture-key", key = key));
    let told = key.filter(|key| cells(key) + 3 <= left).map(|key| sanitise(&format!(" · {key}")));
    let act = Some(Act::Picture(part));
    let pieces = std::iter::once(Piece { act, ..Piece::new(facts, Tone::Link) })
        .chain(told.map(|told| Piece { act, ..Piece::new(told, Tone::Dim) }))
        .collect();
    Row { pieces, ..Row::default() }
}

fn attachment(media: &Media) -> String {
    let name = if media.name.is_empty() { &media.mime } else { &media.name };
    format!("▣ {name}")
}

fn header(message: &Message, tree: &Tree, names: &Names<'_>, width: usize) -> Row {
    let (name, tone) = match message.role {
        Role::User => (t!("app-you"), Tone::User),
        Role::Assistant => (names.speaker(message, tree), Tone::Assistant),
    };
    let mut pieces = vec![Piece::new(truncate(&name, width.saturating_sub(10)), tone)];
    if let Some(place) = tree.place(message.id).filter(|place| place.count > 1) {
        let counter = sanitise(&format!("  ‹{}/{}›", place.position, place.count));
        pieces.push(Piece { act: Some(Act::Siblings), ..Piece::new(counter, Tone::Dim) });
    }
    let revisions = tree.revisions(message.id);
    if revisions > 0 {
        pieces.push(Piece::new(sanitise(&format!("  ✎ {revisions}")), Tone::Dim));
    }
    Row { bar: Some(tone), pieces, ..Row::default() }
}
