//! What is read: the anchor, what of the branch is visible, and the blocks laid out so far.
//!
//! A place is a message and a line of it, never an offset, so that nothing that arrives can move what is
//! being read. Blocks are laid out when they become visible, kept, and dropped when their message changes;
//! the text of a live answer is laid out as it grows. Only [`arrange`], at the end of `update`, lays out.

use std::collections::{HashMap, HashSet};

use ratatui::layout::Rect;

use crate::chat::{MessageId, Money, Tree};

use super::block::{Block, Fold, Heading, Kind, Manner, Names, block};
use super::find::{self, Mark};
use super::geometry::{places, screen, text_width};
use super::message::Extent;
use super::model::Model;
use super::pane::{Opened, Pane, Presence};
use super::panes::Link;
use super::place::Held;
use super::raw::Views;
use super::select;

/// Where the view is held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Anchor {
    /// The end stays in view as it grows.
    #[default]
    Follow,
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
    /// What had been seen of the end when following stopped.
    pub seen: Option<Seen>,
    /// Lines below that came since then.
    pub new_lines: usize,
    /// Whether anything is below the last visible row.
    pub more_below: bool,
    /// A move up that came to the end of what is read so far: it goes on as more is.
    pub owed: Option<Owed>,
    /// What of the visible rows was looked for.
    pub marks: Vec<Mark>,
    /// Where the width changed last: the row that was held, at any width.
    pub held: Option<Held>,
}

/// What had been seen of a branch's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The message it ended with.
    last: MessageId,
    /// The rows that message had.
    rows: usize,
    /// The width they were counted at.
    width: u16,
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
    /// Branches of the tree.
    pub branches: usize,
    /// Sum of the known prices; `None` where none is known.
    pub spent: Option<Money>,
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

    /// Reads the branch as far as it is here. Of a branch whose end is not among the last messages of the chosen one
    /// nothing is shown before all is read.
    pub fn read_more(&mut self, tree: &Tree, extent: Extent) {
        match (extent, self.leaf) {
            (Extent::Tail, Some(leaf)) if tree.get(leaf).is_none() => {}
            (Extent::Tail | Extent::Whole, _) => self.read(tree),
        }
    }

    /// The message that commands are about.
    pub fn current(&self) -> Option<MessageId> {
        self.cursor.or_else(|| self.branch.last().copied())
    }
}

/// Blocks by message, at one width.
#[derive(Clone, Debug, Default)]
pub struct Layouts {
    blocks: HashMap<MessageId, Block>,
    /// Messages whose reasoning is shown though there is text.
    unfolded: HashSet<MessageId>,
    /// The message whose name stands above its block: the first one of a lane.
    named_above: Option<MessageId>,
    width: u16,
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
        if !self.blocks.get_mut(&id).is_some_and(|block| block.grow(kind, text)) {
            self.drop_block(id);
        }
    }
}

/// A view of a branch (a pane's, or a lane's), the conversation it is of, and the cells it has.
struct Sight<'a> {
    view: &'a mut View,
    layouts: &'a mut Layouts,
    opened: &'a Opened,
    names: Names<'a>,
    views: &'a Views,
    height: usize,
}

/// Lays out what is visible in every pane that is shown, and says what that is.
pub fn arrange(model: &mut Model) {
    let places = places(model);
    let names = (Names { config: &model.config, blind: &model.blind }, &model.views);
    let focused = places.iter().find(|place| place.pane == model.pane.id);
    if let Some(place) = focused {
        arrange_pane(&mut model.pane, &model.open, names, place.body);
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
        arrange_pane(pane, opened, names, place.body);
    }
}

/// Lays out what is visible in a pane: its branch, or its lanes.
fn arrange_pane(pane: &mut Pane, opened: &Opened, names: (Names<'_>, &Views), body: Rect) {
    pane.refresh_lanes(&opened.conversation.tree, names.0.blind);
    let Pane { view, layouts, lanes, .. } = pane;
    let Some(lanes) = lanes else {
        Sight::new(view, layouts, opened, names, body).arrange();
        find::mark_visible(pane, &opened.conversation.tree);
        select::mark_visible(pane, &opened.conversation.tree);
        return;
    };
    for place in lanes.places(body, view).lanes {
        if let Some(lane) = lanes.lanes.get_mut(place.lane) {
            Sight::new(&mut lane.view, &mut lane.layouts, opened, names, place.body).arrange();
        }
    }
}

/// Lays a message out for the pane with the focus, whether it is visible or not.
pub fn lay_out(model: &mut Model, message: MessageId) -> Option<&Block> {
    Sight::of_lane(model, None).rows_of(message);
    model.pane.layouts.get(message)
}

impl<'a> Sight<'a> {
    fn new(
        view: &'a mut View,
        layouts: &'a mut Layouts,
        opened: &'a Opened,
        (names, views): (Names<'a>, &'a Views),
        area: Rect,
    ) -> Self {
        let height = usize::from(area.height);
        let mut sight = Self { view, layouts, opened, names, views, height };
        sight.fit(text_width(area.width));
        sight
    }

    /// At another width everything is laid out anew, as it becomes visible; what is read stays where it is.
    fn fit(&mut self, width: u16) {
        if self.layouts.width == width {
            return;
        }
        let held = match self.view.anchor {
            Anchor::At(id, row) => {
                self.layouts.get(id).map(|block| Held::at(self.view.held, (id, row), block))
            }
            Anchor::Follow => None,
        };
        self.layouts.clear();
        self.layouts.width = width;
        let Some(held) = held else { return };
        self.rows_of(held.message);
        self.view.held = self.layouts.get(held.message).map(|block| held.moved(block));
        if let Some(held) = self.view.held {
            self.view.anchor = Anchor::At(held.message, held.row);
        }
    }

    /// What keys go to: the pane with the focus, or its lane.
    fn of(model: &'a mut Model) -> Self {
        let lane = model.pane.focused_lane();
        Self::of_lane(model, lane)
    }

    /// A lane of the pane with the focus; its branch, where there is none.
    fn of_lane(model: &'a mut Model, lane: Option<usize>) -> Self {
        let body = screen(model).transcript;
        let Model { pane, open, config, blind, views, .. } = model;
        let names = (Names { config, blind }, &*views);
        let (area, (view, layouts)) = (pane.lane_area(lane, body), pane.lane_mut(lane));
        Self::new(view, layouts, open, names, area)
    }

    fn arrange(mut self) {
        let view = &self.view;
        let start = match view.anchor {
            Anchor::At(id, line) => view.branch.iter().position(|other| *other == id).map(|at| (at, line)),
            Anchor::Follow => None,
        };
        if start.is_none() {
            self.view.anchor = Anchor::Follow;
        }
        // An anchor so near the end that the screen would not be full shows the end.
        let end = self.first_of_end();
        let start = start.into_iter().chain(end).min();
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
        let Some(&last) = self.view.branch.last() else {
            (self.view.seen, self.view.new_lines) = (None, 0);
            return;
        };
        let width = self.layouts.width;
        if self.view.anchor == Anchor::Follow || !self.view.more_below {
            (self.view.seen, self.view.new_lines) = (Some(Seen { last, rows: self.rows_of(last), width }), 0);
            return;
        }
        let Some(seen) = self.view.seen else { return };
        let Some(at) = self.view.branch.iter().position(|id| *id == seen.last) else {
            self.view.seen = Some(Seen { last, rows: self.rows_of(last), width });
            return;
        };
        let now: usize = (at..self.view.branch.len()).map(|at| self.rows_of(self.view.branch[at])).sum();
        if seen.width == width {
            self.view.new_lines = now.saturating_sub(seen.rows);
        } else {
            // At another width the same text has other rows: nothing of it is new for that.
            let rows = now.saturating_sub(self.view.new_lines);
            self.view.seen = Some(Seen { rows, width, ..seen });
        }
    }

    /// Where so many rows up leads, and how many of them there are not.
    fn up(&mut self, from: (usize, usize), rows: usize) -> ((usize, usize), usize) {
        let (mut at, mut line) = from;
        let mut left = rows;
        while left > line {
            if at == 0 {
                return ((0, 0), left - line);
            }
            left -= line + 1;
            at -= 1;
            line = self.rows_of(self.view.branch[at]) - 1;
        }
        ((at, line - left), 0)
    }

    fn down(&mut self, from: (usize, usize), rows: usize, end: (usize, usize)) -> (usize, usize) {
        let (mut at, mut line) = (from.0, from.1 + rows);
        while at < self.view.branch.len() {
            let rows = self.rows_of(self.view.branch[at]);
            if line < rows {
                break;
            }
            line -= rows;
            at += 1;
        }
        (at, line).min(end)
    }

    /// Notes a move up that cannot be made before more is read. Where all of it is, the top is the top.
    fn owe(&mut self, before: Option<Owed>, more: Owed) {
        self.view.owed = match self.opened.presence {
            Presence::New | Presence::Here(Extent::Whole) => None,
            Presence::Loading | Presence::Here(Extent::Tail) => Some(match (before, more) {
                (Some(Owed::Top), _) => Owed::Top,
                (Some(Owed::Rows(before)), Owed::Rows(more)) => Owed::Rows(before + more),
                (Some(Owed::Messages(before)), Owed::Messages(more)) => Owed::Messages(before + more),
                (_, more) => more,
            }),
        };
    }

    fn rows_of(&mut self, id: MessageId) -> usize {
        let layouts = &mut *self.layouts;
        if let Some(block) = layouts.blocks.get(&id) {
            return block.rows();
        }
        let tree = &self.opened.conversation.tree;
        let Some(message) = tree.get(id) else { return 1 };
        let fold = if layouts.unfolded.contains(&id) { Fold::Open } else { Fold::Folded };
        let heading = if layouts.named_above == Some(id) { Heading::Above } else { Heading::Own };
        let manner = Manner { fold, heading, view: self.views.of(id) };
        let block = block(message, tree, &self.names, layouts.width, manner);
        let rows = block.rows();
        layouts.blocks.insert(id, block);
        rows
    }
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
    let lane = model.pane.focused_lane();
    scroll_lane(model, lane, by);
}

/// Moves the view of a lane of the pane with the focus.
pub fn scroll_lane(model: &mut Model, lane: Option<usize>, by: Scroll) {
    let mut sight = Sight::of_lane(model, lane);
    let owed = sight.view.owed.take();
    let view = &sight.view;
    let top = view.visible.first().copied();
    let Some(from) =
        top.and_then(|(id, line)| Some((view.branch.iter().position(|other| *other == id)?, line)))
    else {
        match by {
            Scroll::Top => sight.owe(owed, Owed::Top),
            Scroll::Up(rows) => sight.owe(owed, Owed::Rows(rows)),
            Scroll::Down(_) | Scroll::Bottom => {}
        }
        return;
    };
    let end = sight.first_of_end().unwrap_or((0, 0));
    let to = match by {
        Scroll::Top => {
            sight.owe(owed, Owed::Top);
            (0, 0)
        }
        Scroll::Bottom => end,
        Scroll::Up(rows) => {
            let (to, left) = sight.up(from, rows);
            if left > 0 {
                sight.owe(owed, Owed::Rows(left));
            }
            to
        }
        Scroll::Down(rows) => sight.down(from, rows, end),
    };
    let view = &mut sight.view;
    view.anchor = match view.branch.get(to.0) {
        Some(id) if to < end => Anchor::At(*id, to.1),
        Some(_) | None => Anchor::Follow,
    };
    view.cursor = None;
    arrange(model);
    // The message commands are about is one that can be seen: the last whose name or text is on the screen.
    let (view, _) = model.pane.lane_mut(lane);
    view.cursor = match view.anchor {
        Anchor::Follow => None,
        Anchor::At(..) => view.visible.first().map(|(id, _)| *id),
    };
}

/// More was read: makes the move that waited for it.
pub fn catch_up(model: &mut Model) {
    let (view, _) = model.pane.reading_mut();
    let Some(owed) = view.owed.take() else { return };
    arrange(model);
    match owed {
        Owed::Top => scroll(model, Scroll::Top),
        Owed::Rows(rows) => scroll(model, Scroll::Up(rows)),
        Owed::Messages(messages) => (0..messages).for_each(|_| step(model, -1)),
    }
}

/// Moves the cursor to the message before or after, and shows its beginning.
pub fn step(model: &mut Model, by: isize) {
    let mut sight = Sight::of(model);
    let owed = sight.view.owed.take();
    let Some(current) = sight.view.current() else { return };
    let Some(at) = sight.view.branch.iter().position(|id| *id == current) else { return };
    let Some(to) = at.checked_add_signed(by) else {
        sight.owe(owed, Owed::Messages(by.unsigned_abs()));
        return;
    };
    if to >= sight.view.branch.len() {
        return;
    }
    let id = sight.view.branch[to];
    let end = sight.first_of_end().unwrap_or((0, 0));
    sight.view.anchor = if (to, 0) < end { Anchor::At(id, 0) } else { Anchor::Follow };
    sight.view.cursor = Some(id);
}

#[cfg(test)]
mod tests;
