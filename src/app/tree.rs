//! The tree page: every message of the conversation as a row, to walk, filter, fold, open and delete.
//!
//! The page keeps the message that is selected, not a row number: whatever comes, goes or is filtered, the selection
//! stays with its message, or goes to the nearest one above it that has a row. Rows are laid out again only when the
//! tree or what is asked of it changed.

use std::collections::HashSet;
use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Position;

use crate::chat::tree::Neighbour;
use crate::chat::{ConversationId, Message as ChatMessage, MessageId, ModelId, Part, Role, Tree};
use crate::t;
use crate::text::Safe;

use super::command::CommandId;
use super::effect::Effect;
use super::field::Line;
use super::geometry::tree_rows;
use super::graph::{Graph, Row, Runs};
use super::model::{Model, Mood};
use super::overlay::Overlay;
use super::{compare, conversation, copies, marks, panes, quote, run, walk};

/// Which messages are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// All of them.
    #[default]
    All,
    /// What the person said.
    Mine,
    /// What was answered.
    Answers,
    /// What has a star or a label.
    Marked,
    /// The answers of a model.
    Model(ModelId),
}

impl Show {
    /// Its name, for the head of the page; none for all.
    pub fn name(&self) -> Option<Safe> {
        match self {
            Self::All => None,
            Self::Mine => Some(t!("app-tree-mine")),
            Self::Answers => Some(t!("app-tree-answers")),
            Self::Marked => Some(t!("app-tree-starred")),
            Self::Model(model) => Some(t!("app-tree-model", model = model.as_str())),
        }
    }

    fn next(&self) -> Self {
        match self {
            Self::All => Self::Mine,
            Self::Mine => Self::Answers,
            Self::Answers => Self::Marked,
            Self::Marked | Self::Model(_) => Self::All,
        }
    }

    fn holds(&self, tree: &Tree, message: &ChatMessage) -> bool {
        match self {
            Self::All => true,
            Self::Mine => message.role == Role::User,
            Self::Answers => message.role == Role::Assistant,
            Self::Marked => tree.mark(message.id).is_some(),
            Self::Model(model) => {
                message.role == Role::Assistant
                    && message.route.as_ref().is_some_and(|route| route.model == *model)
            }
        }
    }
}

/// Where letters go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typing {
    /// They are commands.
    Commands,
    /// They are the text that is looked for.
    Filter,
}

/// The page.
#[derive(Clone)]
pub struct TreePage {
    /// The rows.
    pub graph: Graph,
    /// The row that is selected.
    pub row: usize,
    /// The first row that is shown.
    pub top: usize,
    /// Which messages are shown.
    pub show: Show,
    /// The text they are to hold.
    pub filter: Line,
    /// Where letters go.
    pub typing: Typing,
    /// Whether runs are shown whole.
    pub runs: Runs,
    /// Messages whose descendants are folded away.
    folded: HashSet<MessageId>,
    /// The message that is selected.
    at: Option<MessageId>,
    /// What the rows were laid out from; `None` where they are to be laid out anew.
    basis: Option<Basis>,
}

impl fmt::Debug for TreePage {
    /// What tells which rows there are, not the rows.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TreePage")
            .field("rows", &self.graph.rows().len())
            .field("row", &self.row)
            .field("show", &self.show)
            .field("filter", &self.filter.text())
            .finish_non_exhaustive()
    }
}

/// What tells whether rows are those of a tree as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Basis {
    conversation: ConversationId,
    changes: u64,
    messages: usize,
}

impl Basis {
    fn of(model: &Model) -> Self {
        let conversation = &model.open.conversation;
        Self {
            conversation: conversation.id,
            changes: conversation.tree.changes(),
            messages: conversation.tree.len(),
        }
    }
}

impl TreePage {
    fn new(at: Option<MessageId>) -> Self {
        Self {
            graph: Graph::default(),
            row: 0,
            top: 0,
            show: Show::default(),
            filter: Line::default(),
            typing: Typing::Commands,
            runs: Runs::default(),
            folded: HashSet::new(),
            at,
            basis: None,
        }
    }

    /// The row that is selected.
    pub fn selected(&self) -> Option<&Row> {
        self.graph.rows().get(self.row)
    }

    /// Whether the row of the text that is looked for is shown.
    pub fn has_filter(&self) -> bool {
        self.typing == Typing::Filter || !self.filter.text().is_empty()
    }

    /// Lays the rows out where they are not those of the tree any more.
    fn refresh(&mut self, tree: &Tree, basis: Basis) {
        if self.basis == Some(basis) {
            return;
        }
        let needle = Needle::new(self.filter.text());
        let wanted = |message: &ChatMessage| self.show.holds(tree, message) && needle.is_in(tree, message);
        self.graph = Graph::build(tree, wanted, self.runs, &self.folded);
        self.basis = Some(basis);
        let last = self.graph.rows().len().saturating_sub(1);
        // Of a message that is gone, the row that took its place is selected.
        self.row = self.at.and_then(|at| self.graph.nearest(tree, at)).unwrap_or(self.row).min(last);
    }

    fn select(&mut self, row: usize) {
        if let Some(found) = self.graph.rows().get(row) {
            self.row = row;
            self.at = Some(found.id);
        }
    }

    fn step(&mut self, by: isize) {
        let last = self.graph.rows().len().saturating_sub(1);
        self.select(self.row.saturating_add_signed(by).min(last));
    }

    /// To the nearest row before or after that is `wanted`.
    fn seek(&mut self, neighbour: Neighbour, wanted: impl Fn(&Row) -> bool) {
        let rows = self.graph.rows();
        let found = match neighbour {
            Neighbour::Previous => rows.iter().take(self.row).rposition(wanted),
            Neighbour::Next => {
                rows.iter().skip(self.row + 1).position(wanted).map(|after| self.row + 1 + after)
            }
        };
        if let Some(row) = found {
            self.select(row);
        }
    }

    /// To a row that the selected one tells of.
    fn follow(&mut self, to: impl Fn(&Row) -> Option<usize>) {
        if let Some(row) = self.selected().and_then(to) {
            self.select(row);
        }
    }

    /// To a sibling of the selected row, or of the nearest one above it that has some.
    fn follow_siblings(&mut self, to: impl Fn(&Row) -> Option<usize>) {
        let rows = self.graph.rows();
        let up = |row: &&Row| row.parent.and_then(|parent| rows.get(parent));
        let parted = std::iter::successors(self.selected(), up).find(|row| is_parted(row));
        if let Some(row) = parted.and_then(to) {
            self.select(row);
        }
    }

    fn ask(&mut self, change: impl FnOnce(&mut Self)) {
        change(self);
        self.basis = None;
    }
}

/// A text that is looked for, whatever its case.
struct Needle {
    text: String,
}

impl Needle {
    fn new(text: &str) -> Self {
        Self { text: text.trim().to_lowercase() }
    }

    /// Whether a message says it, or is labelled with it.
    fn is_in(&self, tree: &Tree, message: &ChatMessage) -> bool {
        let label = || tree.mark(message.id).and_then(|mark| mark.label.as_deref());
        let mut texts = message.parts.iter().filter_map(Part::text);
        self.text.is_empty()
            || texts.any(|text| self.is_in_text(text))
            || label().is_some_and(|text| self.is_in_text(text))
    }

    /// Without letters beyond ASCII nothing need be copied, which counts on long conversations.
    fn is_in_text(&self, text: &str) -> bool {
        if self.text.is_ascii() {
            let needle = self.text.as_bytes();
            return text.as_bytes().windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle));
        }
        text.to_lowercase().contains(&self.text)
    }
}

/// Opens the page at the message that is pointed at, or closes it.
pub fn toggle(model: &mut Model) {
    if page(model).is_some() {
        model.overlays.pop();
        return;
    }
    let page = TreePage::new(walk::current(model));
    model.overlays.clear();
    model.overlays.push(Overlay::Tree(Box::new(page)));
    arrange(model);
    let rows = tree_rows(model);
    if let Some(page) = page_mut(model) {
        page.top = page.row.saturating_sub(rows / 2);
    }
}

/// The page, where it is what keys go to.
fn page(model: &Model) -> Option<&TreePage> {
    match model.overlays.last() {
        Some(Overlay::Tree(page)) => Some(page),
        Some(_) | None => None,
    }
}

fn page_mut(model: &mut Model) -> Option<&mut TreePage> {
    match model.overlays.last_mut() {
        Some(Overlay::Tree(page)) => Some(page),
        Some(_) | None => None,
    }
}

/// Selects a message, where the page is open.
pub fn point(model: &mut Model, message: MessageId) {
    for overlay in &mut model.overlays {
        if let Overlay::Tree(page) = overlay {
            page.ask(|page| page.at = Some(message));
        }
    }
}

/// Brings the rows up to date and the selected one into view.
pub fn arrange(model: &mut Model) {
    let rows = tree_rows(model);
    let basis = Basis::of(model);
    let tree = &model.open.conversation.tree;
    for overlay in &mut model.overlays {
        if let Overlay::Tree(page) = overlay {
            page.refresh(tree, basis);
            let last_top = page.graph.rows().len().saturating_sub(rows);
            page.top = page.top.min(page.row).max((page.row + 1).saturating_sub(rows)).min(last_top);
        }
    }
}

/// Moves the selection by rows.
pub fn step(model: &mut Model, by: isize) {
    if let Some(page) = page_mut(model) {
        page.step(by);
    }
}

/// A click selects a row of the page, and opens the one that is selected already.
pub fn clicked(model: &mut Model, at: Position) -> Vec<Effect> {
    let rows = tree_rows(model);
    let Some(page) = page_mut(model) else { return Vec::new() };
    let below_head = usize::from(at.y).checked_sub(1).filter(|row| *row < rows);
    let Some(row) = below_head.map(|row| page.top + row) else { return Vec::new() };
    if row == page.row {
        let selected = page.selected().map(|row| row.id);
        return open(model, selected);
    }
    page.select(row);
    Vec::new()
}

/// A command while the page has the keys; `None` where it is not about the page.
pub fn command(model: &mut Model, command: CommandId) -> Option<Vec<Effect>> {
    let half = isize::try_from(tree_rows(model) / 2).unwrap_or(1).max(1);
    let page = page_mut(model)?;
    let selected = page.selected().map(|row| row.id);
    match command {
        CommandId::LineDown => page.step(1),
        CommandId::LineUp => page.step(-1),
        CommandId::HalfDown => page.step(half),
        CommandId::HalfUp => page.step(-half),
        CommandId::Top => page.step(isize::MIN),
        CommandId::Bottom => page.step(isize::MAX),
        CommandId::MessageUp => page.follow(|row| row.parent),
        CommandId::MessageDown => page.follow(|row| row.child),
        CommandId::PreviousSibling => page.follow_siblings(|row| row.previous),
        CommandId::NextSibling => page.follow_siblings(|row| row.next),
        CommandId::PreviousLeaf => page.seek(Neighbour::Previous, |row| row.child.is_none()),
        CommandId::NextLeaf => page.seek(Neighbour::Next, |row| row.child.is_none()),
        CommandId::PreviousParting => page.seek(Neighbour::Previous, is_parted),
        CommandId::NextParting => page.seek(Neighbour::Next, is_parted),
        CommandId::Fold => {
            if let Some(id) = selected {
                page.ask(|page| {
                    if !page.folded.remove(&id) {
                        page.folded.insert(id);
                    }
                });
            }
        }
        CommandId::TreeRuns => page.ask(|page| {
            page.runs = match page.runs {
                Runs::Whole => Runs::Ends,
                Runs::Ends => Runs::Whole,
            };
        }),
        CommandId::TreeShow => page.ask(|page| page.show = page.show.next()),
        CommandId::TreeFilter => page.typing = Typing::Filter,
        CommandId::TreeModel => {
            let message = selected.and_then(|id| model.open.conversation.tree.get(id));
            let route = message.and_then(|message| message.route.as_ref());
            let only = route.map(|route| Show::Model(route.model.clone()));
            if let (Some(only), Some(page)) = (only, page_mut(model)) {
                page.ask(|page| page.show = if page.show == only { Show::All } else { only });
            }
        }
        CommandId::Leave if page.has_filter() || page.show != Show::All => page.ask(|page| {
            page.typing = Typing::Commands;
            page.filter = Line::default();
            page.show = Show::All;
        }),
        CommandId::Delete => {
            return Some(selected.map_or_else(Vec::new, |id| conversation::ask_delete(model, id)));
        }
        CommandId::Mark => {
            return Some(selected.map_or_else(Vec::new, |id| mark(model, id)));
        }
        CommandId::StarMessage => {
            return Some(selected.map_or_else(Vec::new, |id| marks::star(model, id)));
        }
        CommandId::Label => {
            if let Some(id) = selected {
                marks::ask_label(model, id);
            }
        }
        CommandId::Compare => return Some(selected.map_or_else(Vec::new, |id| compare::open(model, id))),
        CommandId::Pick => return Some(selected.map_or_else(Vec::new, |id| quote::pick(model, id))),
        CommandId::TreeOpen => return Some(open(model, selected)),
        CommandId::OpenBeside => {
            model.overlays.clear();
            return Some(selected.map_or_else(Vec::new, |id| panes::open_beside(model, id)));
        }
        CommandId::Copy => {
            return Some(selected.map_or_else(Vec::new, |id| copies::message(model, Some(id))));
        }
        CommandId::Undo | CommandId::Tree => return Some(run::run(model, command)),
        _ => return None,
    }
    Some(Vec::new())
}

fn is_parted(row: &Row) -> bool {
    row.previous.is_some() || row.next.is_some()
}

/// Leaves the page for the branch of a message.
fn open(model: &mut Model, message: Option<MessageId>) -> Vec<Effect> {
    let Some(message) = message else { return Vec::new() };
    model.overlays.clear();
    walk::show(model, message)
}

/// Remembers a message to be compared with another, or forgets it.
pub fn mark(model: &mut Model, message: MessageId) -> Vec<Effect> {
    let (marked, text) = if model.marked == Some(message) {
        (None, t!("app-unmarked"))
    } else {
        (Some(message), t!("app-marked"))
    };
    model.marked = marked;
    vec![model.notify(text, Mood::Plain)]
}

/// A key that is bound to no command.
pub fn typed(page: &mut TreePage, key: KeyEvent) {
    if page.typing == Typing::Commands {
        return;
    }
    let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    match key.code {
        KeyCode::Enter => {
            page.typing = Typing::Commands;
            // What was found is what is meant from now on, with the filter and without it.
            page.select(page.row);
        }
        KeyCode::Up => page.step(-1),
        KeyCode::Down => page.step(1),
        // With nothing left to take away, it takes the row of the filter away.
        KeyCode::Backspace if page.filter.text().is_empty() && plain => page.typing = Typing::Commands,
        _ => page.ask(|page| page.filter.edit(key)),
    }
}

/// Text was pasted.
pub fn pasted(page: &mut TreePage, text: &str) {
    if page.typing == Typing::Filter {
        page.ask(|page| page.filter.insert(text));
    }
}

#[cfg(test)]
mod tests;
