//! What is read: messages as blocks of rows, the anchor, and what of it is visible.
//!
//! A place is a message and a line of it, never an offset, so that nothing that arrives can move what is
//! being read. Blocks are laid out when they become visible, kept, and dropped when their message changes;
//! the text of a live answer is laid out as it grows. Only [`arrange`], at the end of `update`, lays out.

use std::collections::{HashMap, HashSet};

use crate::chat::{ErrorKind, FinishReason, Message, MessageId, Money, Part, Provenance, Role, Status, Tree};
use crate::layout::{CodeBlock, Ink, Laid, Live, lay_out};
use crate::t;
use crate::text::width::{truncate, width};
use crate::text::{Safe, sanitise, sanitise_line};

use super::geometry::{screen, text_width};
use super::model::{Model, Pane};

/// What a piece of a row is; `ui` gives it a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// What was said.
    Text,
    /// Code.
    Code,
    /// The frame of code: numbers, language.
    CodeMark,
    /// A heading.
    Heading,
    /// A quotation.
    Quote,
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
    pub pieces: Vec<(Safe, Tone)>,
    /// Whether the text grows here.
    pub growth: Growth,
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
    fn of(text: Safe, tone: Tone) -> Self {
        Self { pieces: vec![(text, tone)], ..Self::default() }
    }
}

/// Where the view is held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Anchor {
    /// The end stays in view as it grows.
    #[default]
    Follow,
    /// This line of this message is the first one visible.
    At(MessageId, usize),
}

/// What of the branch is visible. All but the first two fields are computed by [`arrange`].
#[derive(Clone, Debug, Default)]
pub struct View {
    /// Where it is held.
    pub anchor: Anchor,
    /// The message that transcript commands are about; the last one for `None`.
    pub cursor: Option<MessageId>,
    /// The chosen branch, root first.
    pub branch: Vec<MessageId>,
    /// What the branch and the tree add up to.
    pub figures: Figures,
    /// The rows on the screen, top first.
    pub visible: Vec<(MessageId, usize)>,
    /// What had been seen of the end when following stopped.
    pub seen: Option<(MessageId, usize)>,
    /// Lines below that came since then.
    pub new_lines: usize,
    /// Whether anything is below the last visible row.
    pub more_below: bool,
}

/// Sums that the status line shows; kept because every frame asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Branches of the tree.
    pub branches: usize,
    /// Sum of the known prices; `None` where none is known.
    pub spent: Option<Money>,
    /// Tokens the last answer of the branch read and wrote.
    pub context: Option<u64>,
}

impl View {
    /// Reads the branch and the sums from the tree, after it changed.
    pub fn read(&mut self, tree: &Tree) {
        self.branch = tree.branch();
        let mut costs = tree.walk().into_iter().filter_map(|message| message.provenance.as_ref()?.cost_eur);
        let spent = costs.next().map(|first| costs.fold(first, |sum, cost| sum + cost));
        let context = self.branch.iter().rev().find_map(|id| {
            let usage = tree.get(*id)?.provenance.as_ref()?.usage;
            Some(usage.tokens_in? + usage.tokens_out.unwrap_or(0))
        });
        self.figures = Figures { branches: tree.branch_count(), spent, context };
        if self.cursor.is_some_and(|cursor| !self.branch.contains(&cursor)) {
            self.cursor = None;
        }
    }

    /// The message that commands are about.
    pub fn current(&self) -> Option<MessageId> {
        self.cursor.or_else(|| self.branch.last().copied())
    }
}

/// What a run of rows is made of.
#[derive(Clone)]
enum Section {
    Rows(Vec<Row>),
    Laid { laid: Laid, tone: Option<Tone> },
    Live { live: Box<Live>, tone: Option<Tone> },
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

    fn row(&self, at: usize) -> Option<Row> {
        let (laid, tone) = match self {
            Self::Rows(rows) => return rows.get(at).cloned(),
            Self::Laid { laid, tone } => (laid, tone),
            Self::Live { live, tone } => (live.laid(), tone),
        };
        let line = laid.lines.get(at)?;
        let pieces = line
            .spans
            .iter()
            .map(|span| (span.text.clone(), tone.unwrap_or_else(|| Tone::from(span.ink))))
            .collect();
        Some(Row { pieces, ..Row::default() })
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
        for section in &self.sections {
            if at < section.len() {
                return section.row(at).map(|row| Row { growth, ..row });
            }
            at -= section.len();
        }
        (at == 0).then(Row::default)
    }

    /// The code blocks of its text.
    pub fn code(&self) -> impl Iterator<Item = &CodeBlock> {
        self.sections.iter().flat_map(Section::code)
    }
}

/// Blocks by message, at one width.
#[derive(Clone, Debug, Default)]
pub struct Layouts {
    blocks: HashMap<MessageId, Block>,
    /// Messages whose reasoning is shown, or hidden, against the rule.
    unfolded: HashSet<MessageId>,
    width: u16,
}

impl Layouts {
    /// Forgets a message's block: it changed.
    pub fn drop_block(&mut self, id: MessageId) {
        self.blocks.remove(&id);
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.blocks.clear();
    }

    /// How many messages are laid out.
    pub fn len(&self) -> usize {
        self.blocks.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// A block, where it is laid out.
    pub fn get(&self, id: MessageId) -> Option<&Block> {
        self.blocks.get(&id)
    }

    /// Shows a message's reasoning, or folds it again.
    pub fn toggle_fold(&mut self, id: MessageId) {
        if !self.unfolded.remove(&id) {
            self.unfolded.insert(id);
        }
        self.drop_block(id);
    }

    /// Adds text to the end of a live answer. A block that does not end in text of this kind is made anew.
    pub fn push(&mut self, id: MessageId, kind: Kind, text: &str) {
        let wanted = kind.tone();
        let grown = self.blocks.get_mut(&id).and_then(|block| block.sections.last_mut());
        match grown {
            Some(Section::Live { live, tone }) if *tone == wanted => live.push(text),
            Some(_) | None => self.drop_block(id),
        }
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

/// Lays out what is visible, and says what that is.
pub fn arrange(model: &mut Model) {
    let area = screen(model).transcript;
    let width = text_width(model.size.width);
    let names = Names { config: &model.config };
    let pane = &mut model.pane;
    if pane.layouts.width != width {
        pane.layouts.clear();
        pane.layouts.width = width;
    }
    let height = usize::from(area.height);
    let view = &pane.view;
    let start = match view.anchor {
        Anchor::At(id, line) => view.branch.iter().position(|other| *other == id).map(|at| (at, line)),
        Anchor::Follow => None,
    };
    if start.is_none() {
        pane.view.anchor = Anchor::Follow;
    }
    // An anchor so near the end that the screen would not be full shows the end.
    let end = first_of_end(pane, &names, height);
    let start = start.into_iter().chain(end).min();
    let mut visible = Vec::with_capacity(height);
    let mut more_below = false;
    if let Some((first, line)) = start {
        let mut line = line;
        'fill: for at in first..pane.view.branch.len() {
            let id = pane.view.branch[at];
            let rows = rows_of(pane, &names, id);
            for row in line.min(rows.saturating_sub(1))..rows {
                if visible.len() == height {
                    // The empty row after the last message is not worth a pill.
                    more_below = at + 1 < pane.view.branch.len() || row + 1 < rows;
                    break 'fill;
                }
                visible.push((id, row));
            }
            line = 0;
        }
    }
    pane.view.visible = visible;
    pane.view.more_below = more_below;
    count_new(pane, &names);
}

/// The first row of the last screenful.
fn first_of_end(pane: &mut Pane, names: &Names<'_>, height: usize) -> Option<(usize, usize)> {
    let mut left = height;
    for at in (0..pane.view.branch.len()).rev() {
        let rows = rows_of(pane, names, pane.view.branch[at]);
        // The last message's empty row gives way, so that its text ends at the composer.
        let rows = if at + 1 == pane.view.branch.len() { rows - 1 } else { rows };
        if rows >= left {
            return Some((at, rows - left));
        }
        left -= rows;
    }
    (!pane.view.branch.is_empty()).then_some((0, 0))
}

fn count_new(pane: &mut Pane, names: &Names<'_>) {
    let Some(&last) = pane.view.branch.last() else {
        (pane.view.seen, pane.view.new_lines) = (None, 0);
        return;
    };
    if pane.view.anchor == Anchor::Follow || !pane.view.more_below {
        let rows = rows_of(pane, names, last);
        (pane.view.seen, pane.view.new_lines) = (Some((last, rows)), 0);
        return;
    }
    let Some((seen, rows)) = pane.view.seen else { return };
    let Some(at) = pane.view.branch.iter().position(|id| *id == seen) else {
        let rows = rows_of(pane, names, last);
        pane.view.seen = Some((last, rows));
        return;
    };
    let now: usize = (at..pane.view.branch.len()).map(|at| rows_of(pane, names, pane.view.branch[at])).sum();
    pane.view.new_lines = now.saturating_sub(rows);
}

/// Which way the view moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scroll {
    /// Towards the root, this many rows.
    Up(usize),
    /// Towards the leaf, this many rows.
    Down(usize),
    /// To the root.
    Top,
    /// To the leaf, and on with it.
    Bottom,
}

/// Moves the view.
pub fn scroll(model: &mut Model, by: Scroll) {
    let height = usize::from(screen(model).transcript.height);
    let names = Names { config: &model.config };
    let pane = &mut model.pane;
    let Some(&(top, line)) = pane.view.visible.first() else { return };
    let Some(at) = pane.view.branch.iter().position(|id| *id == top) else { return };
    let end = first_of_end(pane, &names, height).unwrap_or((0, 0));
    let to = match by {
        Scroll::Top => (0, 0),
        Scroll::Bottom => end,
        Scroll::Up(rows) => up(pane, &names, (at, line), rows),
        Scroll::Down(rows) => down(pane, &names, (at, line), rows, end),
    };
    pane.view.anchor = match pane.view.branch.get(to.0) {
        Some(id) if to < end => Anchor::At(*id, to.1),
        Some(_) | None => Anchor::Follow,
    };
    model.pane.view.cursor = None;
    arrange(model);
    // The message commands are about is one that can be seen: the last whose name or text is on the screen.
    let view = &mut model.pane.view;
    view.cursor = match view.anchor {
        Anchor::Follow => None,
        Anchor::At(..) => view.visible.first().map(|(id, _)| *id),
    };
}

fn up(pane: &mut Pane, names: &Names<'_>, from: (usize, usize), rows: usize) -> (usize, usize) {
    let (mut at, mut line) = from;
    let mut left = rows;
    while left > line {
        if at == 0 {
            return (0, 0);
        }
        left -= line + 1;
        at -= 1;
        line = rows_of(pane, names, pane.view.branch[at]) - 1;
    }
    (at, line - left)
}

fn down(
    pane: &mut Pane,
    names: &Names<'_>,
    from: (usize, usize),
    rows: usize,
    end: (usize, usize),
) -> (usize, usize) {
    let (mut at, mut line) = (from.0, from.1 + rows);
    while at < pane.view.branch.len() {
        let rows = rows_of(pane, names, pane.view.branch[at]);
        if line < rows {
            break;
        }
        line -= rows;
        at += 1;
    }
    (at, line).min(end)
}

/// Moves the cursor to the message before or after, and shows its beginning.
pub fn step(model: &mut Model, by: isize) {
    let height = usize::from(screen(model).transcript.height);
    let names = Names { config: &model.config };
    let pane = &mut model.pane;
    let Some(current) = pane.view.current() else { return };
    let Some(at) = pane.view.branch.iter().position(|id| *id == current) else { return };
    let Some(to) = at.checked_add_signed(by).filter(|to| *to < pane.view.branch.len()) else { return };
    let id = pane.view.branch[to];
    let end = first_of_end(pane, &names, height).unwrap_or((0, 0));
    pane.view.anchor = if (to, 0) < end { Anchor::At(id, 0) } else { Anchor::Follow };
    pane.view.cursor = Some(id);
}

/// What names are shown with.
struct Names<'a> {
    config: &'a crate::config::Config,
}

fn rows_of(pane: &mut Pane, names: &Names<'_>, id: MessageId) -> usize {
    if let Some(block) = pane.layouts.blocks.get(&id) {
        return block.rows();
    }
    let Some(message) = pane.conversation.tree.get(id) else { return 1 };
    let unfolded = pane.layouts.unfolded.contains(&id);
    let block = block(message, &pane.conversation.tree, names, pane.layouts.width, unfolded);
    let rows = block.rows();
    pane.layouts.blocks.insert(id, block);
    rows
}

fn block(message: &Message, tree: &Tree, names: &Names<'_>, width: u16, unfolded: bool) -> Block {
    let live = message.status == Status::Streaming;
    let mut sections = vec![Section::Rows(vec![header(message, tree, names, usize::from(width))])];
    let has_text = message.parts.iter().any(|part| matches!(part, Part::Text { text } if !text.is_empty()));
    let last = message.parts.len().saturating_sub(1);
    let body = |text: &str, at: usize, tone: Option<Tone>| {
        if live && at == last {
            let mut growing = Live::new(width);
            growing.push(text);
            Section::Live { live: Box::new(growing), tone }
        } else {
            Section::Laid { laid: lay_out(text, width), tone }
        }
    };
    for (at, part) in message.parts.iter().enumerate() {
        match part {
            Part::Text { text } => sections.push(body(text, at, Kind::Text.tone())),
            Part::Reasoning { text } => {
                // Reasoning is worth reading while nothing else is there; afterwards it folds.
                if has_text == unfolded || !has_text {
                    sections.push(body(text, at, Kind::Reasoning.tone()));
                } else {
                    let words = text.split_whitespace().count();
                    let row = Row::of(t!("app-reasoning-folded", words = words), Tone::Dim);
                    sections.push(Section::Rows(vec![row]));
                }
            }
            Part::Refusal { text } => sections.push(body(text, at, Some(Tone::Bad))),
            Part::ToolCall(call) => {
                let text = format!("→ {}({})", call.name, call.arguments);
                let text = truncate(&sanitise_line(&text), usize::from(width));
                sections.push(Section::Rows(vec![Row::of(text, Tone::Dim)]));
            }
        }
    }
    sections.push(Section::Rows(footer(message, usize::from(width))));
    sections.retain(|section| section.len() > 0);
    Block { sections, growth: if live { Growth::Growing } else { Growth::Still } }
}

fn header(message: &Message, tree: &Tree, names: &Names<'_>, width: usize) -> Row {
    let (name, tone) = match message.role {
        Role::User => (t!("app-you"), Tone::User),
        Role::Assistant => (name_of(message, names), Tone::Assistant),
    };
    let mut pieces = vec![(truncate(&name, width.saturating_sub(10)), tone)];
    if let Some(place) = tree.place(message.id).filter(|place| place.count > 1) {
        pieces.push((sanitise(&format!("  ‹{}/{}›", place.position, place.count)), Tone::Dim));
    }
    Row { bar: Some(tone), pieces, growth: Growth::Still }
}

fn name_of(message: &Message, names: &Names<'_>) -> Safe {
    let Some(route) = &message.route else { return t!("app-assistant") };
    let label = names.config.endpoint(route.endpoint.as_str()).and_then(|endpoint| endpoint.label.as_deref());
    sanitise_line(label.unwrap_or(route.model.as_str()))
}

/// The dim line of how an answer came to be, and what went wrong.
fn footer(message: &Message, width: usize) -> Vec<Row> {
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
    let hint = match message.status {
        Status::Cut => Some(t!("app-cut")),
        Status::Cancelled => Some(t!("app-stopped")),
        Status::Failed if message.parts.is_empty() => Some(t!("app-failed-retry")),
        Status::Failed => Some(t!("app-failed-partial")),
        Status::Complete => finish_hint(message.provenance.as_ref()),
        Status::Streaming => None,
    };
    rows.extend(hint.into_iter().flat_map(|hint| wrapped(&hint, width, Tone::Dim)));
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
    if let Some(tokens) = usage.tokens_in {
        let cached = usage.cached_in.filter(|cached| *cached > 0);
        let cached = cached.map(|cached| format!(" ({})", t!("app-cached", count = grouped(cached))));
        facts.push(t!("app-tokens-in", count = grouped(tokens)).into_string() + &cached.unwrap_or_default());
    }
    if let Some(tokens) = usage.tokens_out {
        facts.push(t!("app-tokens-out", count = grouped(tokens)).into_string());
    }
    if let Some(cost) = provenance.cost_eur {
        facts.push(euros(cost).into_string());
    }
    (!facts.is_empty()).then(|| sanitise_line(&facts.join(" · ")))
}

fn seconds(ms: u64) -> String {
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
    sanitise(&format!("€{}.{:0width$}", rounded / scale, rounded % scale))
}

/// Untrusted text in rows of at most `cells`, at most four of them.
fn wrapped(text: &str, cells: usize, tone: Tone) -> Vec<Row> {
    const MOST: usize = 4;
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
    let cut = rows.len() > MOST;
    rows.truncate(MOST);
    if cut && let Some(row) = rows.last_mut() {
        row.push('…');
    }
    rows.iter().map(|row| Row::of(truncate(&sanitise_line(row), cells), tone)).collect()
}
