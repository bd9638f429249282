//! Ways of the view along its branch: by rows, by messages, to the next row of some kind; and moves up that wait until more of
//! the branch is read.

use crate::app::block::Block;
use crate::app::inline;
use crate::app::message::Extent;
use crate::app::model::Model;
use crate::app::pane::Presence;
use crate::chat::tree::Neighbour;
use crate::chat::{Message, MessageId};

use super::{Anchor, Owed, Sight, arrange};

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

impl Sight<'_> {
    /// Where so many rows up leads, and how many of them there are not.
    pub(super) fn up(&mut self, from: (usize, usize), rows: usize) -> ((usize, usize), usize) {
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
            Presence::Loading | Presence::Here(Extent::Tail(_)) => Some(match (before, more) {
                (Some(Owed::Top), _) => Owed::Top,
                (Some(Owed::Rows(before)), Owed::Rows(more)) => Owed::Rows(before + more),
                (Some(Owed::Messages(before)), Owed::Messages(more)) => Owed::Messages(before + more),
                (_, more) => more,
            }),
        };
    }
}

/// Moves the view.
pub fn scroll(model: &mut Model, by: Scroll) {
    let lane = model.pane.focused_lane();
    scroll_lane(model, lane, by);
}

/// Moves the view of a lane of the pane with the focus.
pub fn scroll_lane(model: &mut Model, lane: Option<usize>, by: Scroll) {
    if inline::is_below(model) && matches!(by, Scroll::Up(_) | Scroll::Top) {
        inline::read_back(model);
        arrange(model);
    }
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
    (view.cursor, view.stop) = (None, None);
    arrange(model);
    // The message commands are about is one that can be seen: the last whose name or text is on the screen.
    let (view, _) = model.pane.lane_mut(lane);
    view.cursor = match view.anchor {
        Anchor::Follow | Anchor::Beginning(_) => None,
        Anchor::At(..) => view.visible.first().map(|(id, _)| *id),
    };
}

/// The nearest row of some kind before or after what is read, and its message. Only messages that may have such rows are
/// laid out for it.
pub fn seek(
    model: &mut Model,
    way: Neighbour,
    may_have: fn(&Message) -> bool,
    rows: fn(&Block) -> Vec<usize>,
) -> Option<(MessageId, usize)> {
    let mut sight = Sight::of(model);
    let view = &*sight.view;
    let gone_to = view.stop.filter(|stop| view.visible.contains(stop));
    let (from, line) = gone_to.or_else(|| view.visible.first().copied())?;
    let at = sight.place_of(from)?;
    let branch = match way {
        Neighbour::Next => sight.view.branch[at..].to_vec(),
        Neighbour::Previous => sight.view.branch[..=at].iter().rev().copied().collect(),
    };
    branch.into_iter().find_map(|id| {
        sight.opened.conversation.tree.get(id).filter(|message| may_have(message))?;
        sight.rows_of(id);
        let rows = rows(sight.layouts.get(id)?);
        let beyond = |row: &&usize| match way {
            Neighbour::Next => id != from || **row > line,
            Neighbour::Previous => id != from || **row < line,
        };
        let row = match way {
            Neighbour::Next => rows.iter().find(beyond),
            Neighbour::Previous => rows.iter().rev().find(beyond),
        };
        row.map(|row| (id, *row))
    })
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
