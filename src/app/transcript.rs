//! What is read: the anchor, what of the branch is visible, and the blocks laid out so far.
//!
//! A place is a message and a line of it, never an offset, so that nothing that arrives can move what is
//! being read; where the message is laid out another way, the line goes with its words. Blocks are laid out when
//! they become visible, kept, and dropped when their message changes; the text of a live answer is laid out as it
//! grows. Only [`arrange`], at the end of `update`, lays out.

use std::collections::HashMap;

use ratatui::layout::Rect;

use crate::chat::{MessageId, Totals, Tree};
use crate::layout::View as TextView;
use crate::storage::choices::Follow;

use super::block::{Block, Heading, Kind, Manner, Names, block};
use super::find::{self, Mark};
use super::fold::{self, Folds};
use super::geometry::{places, screen, text_width};
use super::message::Extent;
use super::model::Model;
use super::pane::{Opened, Pane};
use super::panes::Link;
use super::place::Place;
use super::raw::Views;
use super::{select, stops};

mod moves;

pub use moves::{Scroll, catch_up, scroll, scroll_lane, seek, step};

/// Where the view is held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Anchor {
    /// The end stays in view as it grows.
    #[default]
    Follow,
    /// The end stays in view as it grows, until this answer begins at the top, below the end of its question.
    Beginning(MessageId),
    /// This line of this message is the first one visible.
    At(MessageId, usize),
}

/// What of the branch is visible. All but the first three fields are computed by [`arrange`].
#[derive(Clone, Debug, Default)]
pub struct View {
    /// The message that names the branch, and ends it. The tree's own chosen branch for `None`.
    pub leaf: Option<MessageId>,
    /// Where it is held.
    pub anchor: Anchor,
    /// The message that transcript commands are about; the last one for `None`.
    pub cursor: Option<MessageId>,
    /// The branch, root first.
    pub branch: Vec<MessageId>,
    /// What the branch and the tree add up to.
    pub figures: Figures,
    /// The rows on the screen, top first.
    pub visible: Vec<(MessageId, usize)>,
    /// What stands at the anchor, for when its rows change.
    held: Option<Held>,
    /// The cells it was arranged for last.
    cells: (u16, usize),
    /// The heading or block of code that was gone to last: a message, and the row in it.
    pub stop: Option<(MessageId, usize)>,
    /// What had been seen of the end when following stopped.
    pub seen: Option<Seen>,
    /// Lines below that came since then.
    pub new_lines: usize,
    /// Those of them that are still below what is read.
    pub unread_lines: usize,
    /// Whether anything is below the last visible row.
    pub more_below: bool,
    /// A move up that came to the end of what is read so far: it goes on as more is.
    pub owed: Option<Owed>,
    /// What of the visible rows was looked for.
    pub marks: Vec<Mark>,
}

/// What had been seen of a branch's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The message it ended with.
    last: MessageId,
    /// The rows that message had.
    rows: usize,
    /// How often something had been laid out another way when they were counted.
    turned: u64,
}

/// What stands at an anchor.
#[derive(Clone, Debug)]
struct Held {
    at: (MessageId, usize),
    /// The layout its row is counted in.
    made: u64,
    place: Place,
}

/// How far up a view goes when it can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owed {
    /// To the root.
    Top,
    /// So many rows.
    Rows(usize),
    /// So many messages.
    Messages(usize),
}

/// Sums that the status line shows; kept because every frame asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// What the whole tree adds up to, as far as it is read.
    pub totals: Totals,
    /// Tokens the last answer of the branch read and wrote.
    pub context: Option<u64>,
}

impl View {
    /// Goes to the branch that leads through a message, and on along the chosen siblings.
    pub fn go(&mut self, tree: &Tree, message: MessageId) {
        self.leaf = tree.branch_through(message).last().copied();
        self.read(tree);
    }

    /// Holds the view at the beginning of a message, which commands are then about. What stands below it is not new.
    pub fn hold(&mut self, message: MessageId) {
        self.anchor = Anchor::At(message, 0);
        self.cursor = Some(message);
        (self.seen, self.new_lines) = (None, 0);
    }

    /// Reads the branch and the sums from the tree, after it changed.
    pub fn read(&mut self, tree: &Tree) {
        let read = !self.branch.is_empty();
        self.branch = match self.leaf.filter(|leaf| tree.get(*leaf).is_some()) {
            // What another pane adds below is another branch.
            Some(leaf) if read => tree.path(leaf),
            Some(leaf) => tree.branch_through(leaf),
            // Of a branch whose end is gone, what is left is followed.
            None => match self.branch.iter().rev().find(|id| tree.get(**id).is_some()) {
                Some(left) => tree.branch_through(*left),
                None => tree.branch(),
            },
        };
        self.leaf = self.branch.last().copied();
        let context = self.branch.iter().rev().find_map(|id| {
            let usage = tree.get(*id)?.provenance.as_ref()?.usage;
            Some(usage.tokens_in? + usage.tokens_out.unwrap_or(0))
        });
        self.figures = Figures { totals: Totals::of(tree), context };
        if self.cursor.is_some_and(|cursor| !self.branch.contains(&cursor)) {
            self.cursor = None;
        }
    }

    /// Reads the branch as far as it is here. Of a branch whose end is not among the last messages of the chosen one
    /// nothing is shown before all is read.
    pub fn read_more(&mut self, tree: &Tree, extent: Extent) {
        match (extent, self.leaf) {
            (Extent::Tail(_), Some(leaf)) if tree.get(leaf).is_none() => {}
            (Extent::Tail(_) | Extent::Whole, _) => self.read(tree),
        }
    }

    /// Whether the end stays in view, however much comes.
    pub fn is_following(&self) -> bool {
        self.anchor == Anchor::Follow
    }

    /// Whether a person holds it at a place where rows of this message are read.
    pub fn is_held_at(&self, message: MessageId) -> bool {
        matches!(self.anchor, Anchor::At(..)) && self.visible.iter().any(|(id, _)| *id == message)
    }

    /// The message that commands are about.
    pub fn current(&self) -> Option<MessageId> {
        self.cursor.or_else(|| self.branch.last().copied())
    }
}

/// Blocks by message, at one width.
#[derive(Clone, Debug, Default)]
pub struct Layouts {
    blocks: HashMap<MessageId, Made>,
    /// How many were made.
    made: u64,
    /// How messages were shown last: whether open, and as which text.
    shown: HashMap<MessageId, (bool, TextView)>,
    /// How often the same text came to have other rows: at another width, or shown another way.
    turned: u64,
    /// The message whose name stands above its block: the first one of a lane.
    named_above: Option<MessageId>,
    width: u16,
}

/// A block, and what tells it from the ones made before of the same message: its rows may be others.
#[derive(Clone, Debug)]
struct Made {
    block: Block,
    nth: u64,
}

impl Layouts {
    /// Layouts in which this message's name stands above its block.
    pub fn below_name_of(message: MessageId) -> Self {
        Self { named_above: Some(message), ..Self::default() }
    }

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
        self.blocks.get(&id).map(|made| &made.block)
    }

    /// Adds text to the end of a live answer. A block that does not end in text of this kind is made anew.
    pub fn push(&mut self, id: MessageId, kind: Kind, text: &str) {
        if !self.blocks.get_mut(&id).is_some_and(|made| made.block.grow(kind, text)) {
            self.drop_block(id);
        }
    }
}

/// A view of a branch (a pane's, or a lane's), the conversation it is of, and the cells it has.
struct Sight<'a> {
    view: &'a mut View,
    layouts: &'a mut Layouts,
    opened: &'a Opened,
    manners: Manners<'a>,
    height: usize,
}

/// How messages are shown, in every pane.
#[derive(Clone, Copy)]
struct Manners<'a> {
    names: Names<'a>,
    views: &'a Views,
    folds: &'a Folds,
    follow: Follow,
}

/// Lays out what is visible in every pane that is shown, and says what that is.
pub fn arrange(model: &mut Model) {
    let places = places(model);
    let manners = Manners {
        names: Names { config: &model.config, blind: &model.blind, keymap: &model.keymap },
        views: &model.views,
        folds: &model.folds,
        follow: model.follow,
    };
    let focused = places.iter().find(|place| place.pane == model.pane.id);
    if let Some(place) = focused {
        arrange_pane(&mut model.pane, &model.open, manners, place.body);
    }
    // Lanes scroll for themselves.
    let top = model.pane.view.visible.first().copied().filter(|_| model.pane.lanes.is_none());
    let link = model.panes.link;
    for (pane, opened) in model.panes.others_mut(&model.open) {
        let Some(place) = places.iter().find(|place| place.pane == pane.id) else { continue };
        if link == Link::Together
            && opened.conversation.id == model.open.conversation.id
            && let Some((id, line)) = top.filter(|(id, _)| pane.view.branch.contains(id))
        {
            pane.view.anchor = Anchor::At(id, line);
        }
        arrange_pane(pane, opened, manners, place.body);
    }
}

/// Lays out what is visible in a pane: its branch, or its lanes.
fn arrange_pane(pane: &mut Pane, opened: &Opened, manners: Manners<'_>, body: Rect) {
    pane.refresh_lanes(&opened.conversation.tree, manners.names.blind);
    let Pane { view, layouts, lanes, .. } = pane;
    let Some(lanes) = lanes else {
        Sight::new(view, layouts, opened, manners, body).arrange();
        mark_visible(pane, &opened.conversation.tree);
        return;
    };
    for place in lanes.places(body, view).lanes {
        if let Some(lane) = lanes.lanes.get_mut(place.lane) {
            Sight::new(&mut lane.view, &mut lane.layouts, opened, manners, place.body).arrange();
            lane.view.marks.clear();
        }
    }
    mark_visible(pane, &opened.conversation.tree);
}

/// Marks what is looked for, gone to and selected in what is read.
fn mark_visible(pane: &mut Pane, tree: &Tree) {
    pane.reading_mut().0.marks.clear();
    if let Some((find, view, layouts)) = pane.finding() {
        find::mark_visible(find, view, layouts, tree);
    }
    let select = pane.select;
    let (view, layouts) = pane.reading_mut();
    stops::mark_visible(view, layouts);
    if let Some(selection) = &select {
        select::mark_visible(selection, view, layouts, tree);
    }
}

/// Lays a message out for the pane with the focus, whether it is visible or not.
pub fn lay_out(model: &mut Model, message: MessageId) -> Option<&Block> {
    Sight::of_lane(model, None).rows_of(message);
    model.pane.layouts.get(message)
}

/// Lays a message out for what keys go to, a lane where there are some, whether it is visible or not.
pub fn lay_out_read(model: &mut Model, message: MessageId) -> Option<&Block> {
    Sight::of(model).rows_of(message);
    model.pane.reading().1.get(message)
}

/// The cells of what keys go to: the branch of the pane with the focus, or its lane.
pub fn area_read(model: &Model) -> Rect {
    model.pane.lane_area(model.pane.focused_lane(), screen(model).transcript)
}

impl<'a> Sight<'a> {
    fn new(
        view: &'a mut View,
        layouts: &'a mut Layouts,
        opened: &'a Opened,
        manners: Manners<'a>,
        area: Rect,
    ) -> Self {
        let width = text_width(area.width);
        if layouts.width != width {
            layouts.clear();
            layouts.width = width;
            layouts.turned += 1;
        }
        Self { view, layouts, opened, manners, height: usize::from(area.height) }
    }

    /// What keys go to: the pane with the focus, or its lane.
    fn of(model: &'a mut Model) -> Self {
        let lane = model.pane.focused_lane();
        Self::of_lane(model, lane)
    }

    /// A lane of the pane with the focus; its branch, where there is none.
    fn of_lane(model: &'a mut Model, lane: Option<usize>) -> Self {
        let body = screen(model).transcript;
        let Model { pane, open, config, blind, keymap, views, folds, follow, .. } = model;
        let manners = Manners { names: Names { config, blind, keymap }, views, folds, follow: *follow };
        let (area, (view, layouts)) = (pane.lane_area(lane, body), pane.lane_mut(lane));
        Self::new(view, layouts, open, manners, area)
    }

    fn arrange(mut self) {
        self.keep_place();
        let start = match (self.view.anchor, self.manners.follow) {
            (Anchor::At(id, line), _) => self.place_of(id).map(|at| (at, line)),
            (Anchor::Beginning(id), Follow::Beginning) => self.beginning(id),
            (Anchor::Beginning(_), Follow::Always) | (Anchor::Follow, _) => None,
        };
        if start.is_none() {
            self.view.anchor = Anchor::Follow;
        }
        // An anchor so near the end that the screen would not be full shows the end.
        let end = self.first_of_end();
        let shown = start.into_iter().chain(end).min();
        let cells = (self.layouts.width, self.height);
        let resized = std::mem::replace(&mut self.view.cells, cells) != cells;
        if let (Anchor::At(..), Some((at, line))) = (self.view.anchor, shown)
            && shown != start
            && !resized
        {
            // What is below it comes later, and must not move it. A window may be made smaller again.
            self.view.anchor = Anchor::At(self.view.branch[at], line);
        }
        let start = shown;
        let mut visible = Vec::with_capacity(self.height);
        let mut more_below = false;
        if let Some((first, line)) = start {
            let mut line = line;
            'fill: for at in first..self.view.branch.len() {
                let id = self.view.branch[at];
                let rows = self.rows_of(id);
                for row in line.min(rows.saturating_sub(1))..rows {
                    if visible.len() == self.height {
                        // The empty row after the last message is not worth a pill.
                        more_below = at + 1 < self.view.branch.len() || row + 1 < rows;
                        break 'fill;
                    }
                    visible.push((id, row));
                }
                line = 0;
            }
        }
        self.view.visible = visible;
        self.view.more_below = more_below;
        self.count_new();
    }

    fn place_of(&self, id: MessageId) -> Option<usize> {
        self.view.branch.iter().position(|other| *other == id)
    }

    /// Keeps the anchor at its words where its message is laid out another way.
    fn keep_place(&mut self) {
        let Anchor::At(id, line) = self.view.anchor else {
            self.view.held = None;
            return;
        };
        self.rows_of(id);
        let Some(Made { block, nth }) = self.layouts.blocks.get(&id) else { return };
        let held = self.view.held.as_mut().filter(|held| held.at == (id, line));
        match held {
            // The place stays the one that was chosen, so that a row does not drift as a window is dragged.
            Some(held) if held.made != *nth => {
                held.made = *nth;
                held.at = (id, held.place.row_in(block));
                self.view.anchor = Anchor::At(id, held.at.1);
            }
            Some(_) => {}
            None => {
                let place = Place::of(block, line);
                self.view.held = Some(Held { at: (id, line), made: *nth, place });
            }
        }
    }

    /// The highest row that stays in view while an answer grows: where it begins, and the end of what it answers.
    fn beginning(&mut self, id: MessageId) -> Option<(usize, usize)> {
        let at = self.place_of(id)?;
        let question = at.checked_sub(1).map_or(0, |at| self.rows_of(self.view.branch[at]));
        Some(self.up((at, 0), question.min(self.height / 3)).0)
    }

    /// The first row of the last screenful.
    fn first_of_end(&mut self) -> Option<(usize, usize)> {
        let mut left = self.height;
        let count = self.view.branch.len();
        for at in (0..count).rev() {
            let rows = self.rows_of(self.view.branch[at]);
            // The last message's empty row gives way, so that its text ends at the composer.
            let rows = if at + 1 == count { rows - 1 } else { rows };
            if rows >= left {
                return Some((at, rows - left));
            }
            left -= rows;
        }
        (count > 0).then_some((0, 0))
    }

    fn count_new(&mut self) {
        self.view.unread_lines = 0;
        let Some(&last) = self.view.branch.last() else {
            (self.view.seen, self.view.new_lines) = (None, 0);
            return;
        };
        let now = self.seen(last);
        if self.view.anchor == Anchor::Follow || !self.view.more_below {
            (self.view.seen, self.view.new_lines) = (Some(now), 0);
            return;
        }
        let Some(seen) = self.view.seen else { return };
        let Some(at) = self.place_of(seen.last) else {
            self.view.seen = Some(now);
            return;
        };
        let now = self.rows_from(at);
        if seen.turned == self.layouts.turned {
            self.view.new_lines = now.saturating_sub(seen.rows);
        } else {
            // Laid out another way the same text has other rows: nothing of it is new for that.
            let rows = now.saturating_sub(self.view.new_lines);
            self.view.seen = Some(Seen { rows, turned: self.layouts.turned, ..seen });
        }
        self.view.unread_lines = self.view.new_lines.min(self.rows_below(at).unwrap_or(usize::MAX));
    }

    /// The rows below the last visible one, where that is of this message of the branch or of a later one.
    fn rows_below(&mut self, from: usize) -> Option<usize> {
        let (id, row) = *self.view.visible.last()?;
        let at = self.place_of(id).filter(|at| *at >= from)?;
        // The last message's empty row ends at the composer.
        Some(self.rows_from(at).saturating_sub(row + 2))
    }

    /// The rows of this message of the branch and of all after it.
    fn rows_from(&mut self, at: usize) -> usize {
        (at..self.view.branch.len()).map(|at| self.rows_of(self.view.branch[at])).sum()
    }

    fn seen(&mut self, last: MessageId) -> Seen {
        let rows = self.rows_of(last);
        Seen { last, rows, turned: self.layouts.turned }
    }

    fn rows_of(&mut self, id: MessageId) -> usize {
        let layouts = &mut *self.layouts;
        if let Some(made) = layouts.blocks.get(&id) {
            return made.block.rows();
        }
        let tree = &self.opened.conversation.tree;
        let Some(message) = tree.get(id) else { return 1 };
        let heading = if layouts.named_above == Some(id) { Heading::Above } else { Heading::Own };
        let Manners { names, views, folds, .. } = &self.manners;
        let manner = Manner { fold: folds.of(id), heading, view: views.of(id) };
        let shown = (fold::unfolds(message, manner.fold), manner.view);
        if layouts.shown.insert(id, shown).is_some_and(|before| before != shown) {
            layouts.turned += 1;
        }
        let block = block(message, tree, names, layouts.width, manner);
        let rows = block.rows();
        layouts.made += 1;
        layouts.blocks.insert(id, Made { block, nth: layouts.made });
        rows
    }
}

#[cfg(test)]
mod tests;
