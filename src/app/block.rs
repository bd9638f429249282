//! A message as rows: its name, its parts, how it came to be, what went wrong.
//!
//! A block is made of sections, so that the text of a live answer can grow at its end while everything above
//! it stays as it was laid out.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::chat::{
    ErrorKind, FinishReason, Media, Message, MessageId, Money, Part, Provenance, Role, ServerTool, Source,
    Status, Summary, Tree, Tried,
};
use crate::layout::colour::Token;
use crate::layout::{CodeBlock, CodeRow, Emphasis, Ink, Laid, Line, Live, Span, View, lay_out};
use crate::t;
use crate::text::width::{truncate, width as cells};
use crate::text::{Safe, sanitise, sanitise_line};

use super::geometry::TEXT_LEFT;
use super::keymap::Keymap;
use super::model::Model;
use super::{blind, fold, pictures};

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
    fn new(text: Safe, tone: Tone) -> Self {
        Self { text, tone, emphasis: Emphasis::default(), link: None, act: None }
    }

    /// A span of the text, in a tone of its own or in that of its section.
    fn of(span: &Span, tone: Option<Tone>) -> Self {
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
    fn folding(text: Safe, tone: Tone) -> Self {
        let piece = Piece { act: Some(Act::Fold), ..Piece::new(text, tone) };
        Self { pieces: vec![piece], ..Self::default() }
    }

    /// The columns before its first piece.
    pub fn left(&self) -> u16 {
        if self.bar.is_some() { TEXT_LEFT - 1 } else { TEXT_LEFT }
    }
}

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

/// What names are shown with.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// Endpoints' own labels.
    pub config: &'a crate::config::Config,
    /// Questions whose answers are judged without their names.
    pub blind: &'a BTreeSet<MessageId>,
    /// What keys do.
    pub keymap: &'a Keymap,
}

impl<'a> Names<'a> {
    /// The names as the app shows them now.
    pub fn of(model: &'a Model) -> Self {
        Self { config: &model.config, blind: &model.blind, keymap: &model.keymap }
    }

    /// What an answer's model is called: a letter while it is judged without its name.
    pub fn speaker(&self, message: &Message, tree: &Tree) -> Safe {
        if self.is_hidden(message) { blind::name(tree, message.id) } else { name_of(message, self) }
    }

    /// What an answer cost, where that is known and would not tell who gave it.
    pub fn price(&self, message: &Message) -> Option<Money> {
        message.provenance.as_ref()?.cost_eur.filter(|_| !self.is_hidden(message))
    }

    fn is_hidden(&self, message: &Message) -> bool {
        message.parent.is_some_and(|question| self.blind.contains(&question))
    }
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

/// What an answer's model is called. Where an alias was asked, the endpoint was not chosen by the person: it is named.
pub fn name_of(message: &Message, names: &Names<'_>) -> Safe {
    let Some(route) = &message.route else { return t!("app-assistant") };
    if message.provenance.as_ref().is_some_and(|provenance| provenance.alias.is_some()) {
        return sanitise_line(&route.to_string());
    }
    let label = names.config.endpoint(route.endpoint.as_str()).and_then(|endpoint| endpoint.label.as_deref());
    sanitise_line(label.unwrap_or(route.model.as_str()))
}

/// Whether a provider refused the request of an answer as too long.
pub fn is_too_long(message: &Message) -> bool {
    let failure = message.provenance.as_ref().and_then(|provenance| provenance.failure.as_ref());
    failure.is_some_and(|failure| failure.kind == ErrorKind::ContextWindow)
}

/// The dim line of how an answer came to be, and what went wrong.
fn footer(message: &Message, names: &Names<'_>, width: usize) -> Vec<Row> {
    if message.role == Role::User {
        return Vec::new();
    }
    let mut rows = Vec::new();
    if let Some(failure) = message.provenance.as_ref().and_then(|provenance| provenance.failure.as_ref()) {
        let status = failure.status.map(|status| format!(" {status}")).unwrap_or_default();
        let head = format!("✗ {}{status}: {}", kind_name(failure.kind), failure.message);
        rows.extend(wrapped(&head, width, Tone::Bad));
        if let Some(step) = &failure.next_step {
            rows.extend(wrapped(&format!("→ {step}"), width, Tone::Text));
        }
    }
    // Where the failure is told above, what is left to say is what can be done.
    let told = !rows.is_empty();
    let empty = message.parts.is_empty();
    let hint = match message.status {
        Status::Cancelled if empty => Some(t!("app-stopped-empty")),
        Status::Cancelled => Some(t!("app-stopped")),
        Status::Cut | Status::Failed if is_too_long(message) => Some(t!("app-failed-too-long")),
        Status::Cut | Status::Failed if empty => Some(t!("app-failed-retry")),
        Status::Cut if !told => Some(t!("app-cut")),
        Status::Cut | Status::Failed => Some(t!("app-failed-partial")),
        Status::Complete => finish_hint(message.provenance.as_ref()),
        Status::Streaming => None,
    };
    rows.extend(hint.into_iter().flat_map(|hint| wrapped(&hint, width, Tone::Dim)));
    // Of one that is gone on with, what it cost so far is known: the whole is told when there is one.
    if names.is_hidden(message) || message.status == Status::Streaming {
        return rows;
    }
    if let Some(line) =
        message.provenance.as_ref().and_then(|provenance| provenance_line(message, provenance))
    {
        rows.push(Row::of(truncate(&line, width), Tone::Dim));
    }
    rows
}

fn finish_hint(provenance: Option<&Provenance>) -> Option<Safe> {
    match provenance?.finish? {
        FinishReason::Length => Some(t!("app-length")),
        FinishReason::ContentFilter => Some(t!("app-filtered")),
        FinishReason::Stop
        | FinishReason::ToolCalls
        | FinishReason::Refusal
        | FinishReason::Cancelled
        | FinishReason::Error
        | FinishReason::Cut => None,
    }
}

/// What kind of failure, in words.
pub fn kind_name(kind: ErrorKind) -> Safe {
    match kind {
        ErrorKind::Config => t!("app-kind-config"),
        ErrorKind::Auth => t!("app-kind-auth"),
        ErrorKind::UnknownModel => t!("app-kind-unknown-model"),
        ErrorKind::NotFound => t!("app-kind-not-found"),
        ErrorKind::Network => t!("app-kind-network"),
        ErrorKind::Timeout => t!("app-kind-timeout"),
        ErrorKind::RateLimit => t!("app-kind-rate-limit"),
        ErrorKind::Provider => t!("app-kind-provider"),
        ErrorKind::ContentFilter => t!("app-kind-content-filter"),
        ErrorKind::ContextWindow => t!("app-kind-context-window"),
        ErrorKind::Budget => t!("app-kind-budget"),
        ErrorKind::Cut => t!("app-kind-cut"),
        ErrorKind::Cancelled => t!("app-kind-cancelled"),
        ErrorKind::Internal => t!("app-kind-internal"),
    }
}

fn provenance_line(message: &Message, provenance: &Provenance) -> Option<Safe> {
    let mut facts: Vec<String> = Vec::new();
    if let Some(alias) = &provenance.alias {
        facts.push(t!("app-alias", alias = alias.as_str()).into_string());
    }
    facts.extend(passed_over(message, provenance));
    if let Some(served) = provenance.model_served.as_ref().filter(|served| {
        message.route.as_ref().is_none_or(|route| route.model != **served) && !served.as_str().is_empty()
    }) {
        facts.push(served.to_string());
    }
    if let Some(latency) = provenance.latency_ms {
        let first = provenance.ttft_ms.map(|first| t!("app-first", seconds = seconds(first)));
        facts.push(match first {
            Some(first) => format!("{} s ({first})", seconds(latency)),
            None => format!("{} s", seconds(latency)),
        });
    }
    if provenance.attempts > 1 {
        facts.push(t!("app-attempts", count = provenance.attempts).into_string());
    }
    let usage = &provenance.usage;
    let about = if usage.estimated { "≈ " } else { "" };
    let counted = |tokens| format!("{about}{}", grouped(tokens));
    if let Some(tokens) = usage.tokens_in {
        let cached = usage.cached_in.filter(|cached| *cached > 0);
        let cached = cached.map(|cached| format!(" ({})", t!("app-cached", count = grouped(cached))));
        facts.push(t!("app-tokens-in", count = counted(tokens)).into_string() + &cached.unwrap_or_default());
    }
    if let Some(tokens) = usage.tokens_out {
        facts.push(t!("app-tokens-out", count = counted(tokens)).into_string());
    }
    if let Some(cost) = provenance.cost_eur {
        facts.push(euros(cost).into_string());
    }
    (!facts.is_empty()).then(|| sanitise_line(&facts.join(" · ")))
}

/// The routes that were asked before the one that answered, and what was wrong with each.
fn passed_over(message: &Message, provenance: &Provenance) -> impl Iterator<Item = String> {
    let mut others: Vec<&Tried> =
        provenance.before.iter().filter(|tried| Some(&tried.route) != message.route.as_ref()).collect();
    others.dedup_by(|next, before| next.route == before.route && next.kind == before.kind);
    others.into_iter().map(|tried| {
        let status = tried.status.map(|status| format!(" {status}")).unwrap_or_default();
        t!("app-passed-over", route = tried.route.to_string(), kind = kind_name(tried.kind), status = status)
            .into_string()
    })
}

/// Milliseconds as seconds, with one digit.
pub fn seconds(ms: u64) -> String {
    format!("{}.{}", ms / 1000, ms % 1000 / 100)
}

/// A number in groups of three.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// An amount as people read it: cents with two digits, less than a cent with two that say something.
pub fn euros(amount: Money) -> Safe {
    let nanos = amount.nanos();
    if nanos == 0 {
        return t!("app-free");
    }
    let digits: u32 = if nanos.abs() >= 1_000_000_000 {
        2
    } else if nanos.abs() >= 1_000_000 {
        4
    } else {
        6
    };
    let unit = 10i64.pow(9 - digits);
    let rounded = nanos / unit + i64::from(nanos % unit * 2 >= unit);
    let scale = 10i64.pow(digits);
    let width = usize::try_from(digits).unwrap_or(2);
    let whole = match u64::try_from(rounded / scale) {
        Ok(whole @ 10_000..) => grouped(whole),
        Ok(_) | Err(_) => (rounded / scale).to_string(),
    };
    sanitise(&format!("€{whole}.{:0width$}", rounded % scale))
}

fn wrapped(text: &str, cells: usize, tone: Tone) -> Vec<Row> {
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
        } else if self::cells(row) + 1 + self::cells(word) <= cells {
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
