//! Panes beside each other: how they share the screen, which one keys go to, and what they share.
//!
//! The pane that keys go to, and its conversation, are fields of the model, so that there is always one of each;
//! the others are parked here until the focus comes to them. Panes of one conversation share it: there is one
//! tree, and each pane has a branch of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::chat::{ConversationId, MessageId};
use crate::t;

use super::conversation;
use super::effect::Effect;
use super::geometry::{self, Place};
use super::model::{Focus, Model, Mood};
use super::pane::{Opened, Pane, PaneId, Presence, Purpose};
use super::split::{Layout, Way};
use super::transcript::View;
use super::turn;

/// The most panes there are.
pub const MOST: usize = 4;

/// The panes that keys do not go to, and how all of them share the screen.
#[derive(Clone, Debug)]
pub struct Panes {
    /// How the screen is split.
    pub layout: Layout,
    /// Whether one pane has all of it.
    pub zoom: Zoom,
    /// Whether panes scroll what their branches share together.
    pub link: Link,
    parked: Vec<Parked>,
    /// Conversations that only parked panes show.
    elsewhere: BTreeMap<ConversationId, Opened>,
    newest: PaneId,
}

impl Default for Panes {
    fn default() -> Self {
        Self {
            layout: Layout::One(PaneId::FIRST),
            zoom: Zoom::All,
            link: Link::Apart,
            parked: Vec::new(),
            elsewhere: BTreeMap::new(),
            newest: PaneId::FIRST,
        }
    }
}

/// Which panes are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zoom {
    /// All of them, as far as there is room.
    All,
    /// The one with the focus.
    One,
}

/// Whether panes of one conversation scroll together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Link {
    /// Each for itself.
    #[default]
    Apart,
    /// What their branches share stands in the same rows of each.
    Together,
}

/// A pane that keys do not go to.
#[derive(Clone, Debug)]
struct Parked {
    conversation: ConversationId,
    pane: Pane,
}

/// A conversation and every pane that shows it.
pub struct Audience<'a> {
    /// The conversation.
    pub opened: &'a mut Opened,
    /// The panes.
    pub panes: Vec<&'a mut Pane>,
}

impl Panes {
    /// How many there are, the one with the focus included.
    pub fn count(&self) -> usize {
        self.parked.len() + 1
    }

    /// The other panes, and what each of them shows.
    pub fn others<'a>(&'a self, open: &'a Opened) -> impl Iterator<Item = (&'a Pane, &'a Opened)> {
        self.parked
            .iter()
            .filter_map(move |parked| Some((&parked.pane, self.opened(open, parked.conversation)?)))
    }

    /// The same, to change the panes.
    pub fn others_mut<'a>(
        &'a mut self,
        open: &'a Opened,
    ) -> impl Iterator<Item = (&'a mut Pane, &'a Opened)> {
        let elsewhere = &self.elsewhere;
        self.parked.iter_mut().filter_map(move |parked| {
            let opened = if parked.conversation == open.conversation.id {
                open
            } else {
                elsewhere.get(&parked.conversation)?
            };
            Some((&mut parked.pane, opened))
        })
    }

    /// A conversation and every pane that shows it; `None` where none does. `open` and `pane` are those with the
    /// focus.
    pub fn audience<'a>(
        &'a mut self,
        open: &'a mut Opened,
        pane: &'a mut Pane,
        conversation: ConversationId,
    ) -> Option<Audience<'a>> {
        let mut panes: Vec<&mut Pane> = self
            .parked
            .iter_mut()
            .filter(|parked| parked.conversation == conversation)
            .map(|parked| &mut parked.pane)
            .collect();
        if open.conversation.id == conversation {
            panes.push(pane);
            return Some(Audience { opened: open, panes });
        }
        let opened = self.elsewhere.get_mut(&conversation)?;
        Some(Audience { opened, panes })
    }

    /// A conversation, where some pane shows it.
    pub fn opened<'a>(&'a self, open: &'a Opened, conversation: ConversationId) -> Option<&'a Opened> {
        if open.conversation.id == conversation { Some(open) } else { self.elsewhere.get(&conversation) }
    }

    /// The conversations that are still to be read.
    pub fn unread<'a>(&'a self, open: &'a Opened) -> impl Iterator<Item = ConversationId> + 'a {
        std::iter::once(open)
            .chain(self.elsewhere.values())
            .filter(|opened| opened.presence == Presence::Loading)
            .map(|opened| opened.conversation.id)
    }

    /// A pane without the focus that shows a conversation.
    pub fn showing(&self, conversation: ConversationId) -> Option<PaneId> {
        self.parked.iter().find(|parked| parked.conversation == conversation).map(|parked| parked.pane.id)
    }

    fn shows(&self, conversation: ConversationId) -> bool {
        self.showing(conversation).is_some()
    }
}

/// What the pane with the focus shows from now on: a conversation that another pane has open already, or what
/// `make` makes. What it showed stays where another pane shows it. Returns whether `make` was asked.
pub fn show(model: &mut Model, id: ConversationId, make: impl FnOnce() -> Opened) -> Source {
    if model.open.conversation.id == id {
        return Source::Shared;
    }
    let (opened, source) = match model.panes.elsewhere.remove(&id) {
        Some(opened) => (opened, Source::Shared),
        None => (make(), Source::Made),
    };
    let before = std::mem::replace(&mut model.open, opened);
    let left = before.conversation.id;
    if model.panes.shows(left) {
        model.panes.elsewhere.insert(left, before);
    }
    source
}

/// A conversation's tree lost or got messages: every pane of it reads its branch anew.
pub fn reread(model: &mut Model, conversation: ConversationId) {
    let Some(audience) = model.panes.audience(&mut model.open, &mut model.pane, conversation) else { return };
    let tree = &audience.opened.conversation.tree;
    for pane in audience.panes {
        pane.drop_blocks();
        pane.view.read(tree);
        if matches!(&pane.purpose, Purpose::Edit { message, .. } if tree.get(*message).is_none())
            && let Some(edited) = pane.abandon_edit()
        {
            model.history.add(&edited);
        }
    }
}

/// Where a conversation that is shown came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Another pane shows it already.
    Shared,
    /// It was made or is to be read.
    Made,
}

/// Gives the focus to a pane. What is written in the one that loses it is stored.
pub fn focus(model: &mut Model, id: PaneId) -> Vec<Effect> {
    if !model.panes.parked.iter().any(|parked| parked.pane.id == id) {
        return Vec::new();
    }
    let effects = conversation::flush_draft(model);
    exchange(model, id);
    if model.open.conversation.tree.is_empty() {
        model.focus = Focus::Composer;
    }
    effects
}

/// Parks the pane with the focus and takes another out.
fn exchange(model: &mut Model, id: PaneId) {
    let Some(at) = model.panes.parked.iter().position(|parked| parked.pane.id == id) else { return };
    let Parked { conversation, pane } = model.panes.parked.swap_remove(at);
    let before = std::mem::replace(&mut model.pane, pane);
    model.panes.parked.push(Parked { conversation: model.open.conversation.id, pane: before });
    // A parked pane's conversation is open: here or elsewhere.
    let now = model.now;
    show(model, conversation, || Opened::loading(conversation, now));
}

/// Puts a pane of an earlier run on the screen. The first one takes the place of the pane the app starts with.
pub fn put(model: &mut Model, pane: Pane, opened: Opened) {
    let conversation = opened.conversation.id;
    model.panes.newest = model.panes.newest.max(pane.id);
    if pane.id == model.pane.id {
        (model.pane, model.open) = (pane, opened);
        return;
    }
    model.panes.parked.push(Parked { conversation, pane });
    if model.open.conversation.id != conversation {
        model.panes.elsewhere.entry(conversation).or_insert(opened);
    }
}

/// A conversation that cannot be read: its panes begin new ones.
pub fn lost(model: &mut Model, conversation: ConversationId) {
    model.panes.elsewhere.remove(&conversation);
    let parked = model.panes.parked.iter_mut().filter(|parked| parked.conversation == conversation);
    for parked in parked {
        let opened = Opened::new(ConversationId(model.ids.next(model.now)), model.now);
        parked.conversation = opened.conversation.id;
        parked.pane.view = View::default();
        model.panes.elsewhere.insert(opened.conversation.id, opened);
    }
}

/// Does something in another pane as if it had the focus; the focus stays.
pub fn within(model: &mut Model, id: PaneId, work: impl FnOnce(&mut Model)) {
    let here = model.pane.id;
    exchange(model, id);
    work(model);
    exchange(model, here);
}

/// Splits the pane with the focus: the new one shows the same branch and has the focus.
pub fn split(model: &mut Model, way: Way) -> Vec<Effect> {
    let leaf = model.pane.view.leaf;
    add(model, way, leaf)
}

/// Opens the branch of a message in a new pane, held at that message.
pub fn open_beside(model: &mut Model, message: MessageId) -> Vec<Effect> {
    let before = model.pane.id;
    let effects = add(model, roomier(model), Some(message));
    if model.pane.id != before {
        model.pane.view.hold(message);
    }
    effects
}

/// The way to split the pane with the focus that leaves both halves the better shape.
pub fn roomier(model: &Model) -> Way {
    let body = geometry::screen(model).transcript;
    // Cells are about twice as high as they are wide.
    if body.width >= 2 * body.height.max(geometry::NARROW / 2) { Way::Beside } else { Way::Stacked }
}

fn add(model: &mut Model, way: Way, leaf: Option<MessageId>) -> Vec<Effect> {
    if model.panes.count() >= MOST {
        return vec![model.notify(t!("app-panes-full", count = MOST), Mood::Plain)];
    }
    let effects = conversation::flush_draft(model);
    model.panes.newest = model.panes.newest.next();
    let id = model.panes.newest;
    let mut pane = Pane::new(id, model.pane.route.clone());
    pane.view.leaf = leaf;
    pane.view.read(&model.open.conversation.tree);
    pane.view.anchor = model.pane.view.anchor;
    model.panes.layout.split(model.pane.id, id, way);
    model.panes.zoom = Zoom::All;
    let before = std::mem::replace(&mut model.pane, pane);
    model.panes.parked.push(Parked { conversation: model.open.conversation.id, pane: before });
    effects
}

/// Closes the pane with the focus. What was written in it can be called back.
pub fn close(model: &mut Model) -> Vec<Effect> {
    let order = model.panes.layout.order();
    let at = order.iter().position(|id| *id == model.pane.id).unwrap_or_default();
    let Some(next) = order.get(at + 1).or_else(|| order.get(at.checked_sub(1)?)).copied() else {
        return vec![model.notify(t!("app-last-pane"), Mood::Plain)];
    };
    turn::abandon_edit(model);
    let (closed, draft) = (model.pane.id, model.pane.draft());
    model.history.add(&draft);
    let effects = focus(model, next);
    model.panes.layout.remove(closed);
    model.panes.parked.retain(|parked| parked.pane.id != closed);
    let panes = &mut model.panes;
    panes.elsewhere.retain(|id, _| panes.parked.iter().any(|parked| parked.conversation == *id));
    panes.zoom = Zoom::All;
    effects
}

/// Gives the focus to the pane after (`1`) or before (`-1`) this one.
pub fn cycle(model: &mut Model, by: isize) -> Vec<Effect> {
    let order = model.panes.layout.order();
    let count = isize::try_from(order.len()).unwrap_or(1);
    let at = order.iter().position(|id| *id == model.pane.id).and_then(|at| isize::try_from(at).ok());
    let to = at.map(|at| (at + by).rem_euclid(count)).and_then(|to| usize::try_from(to).ok());
    match to.and_then(|to| order.get(to)).copied() {
        Some(id) if id != model.pane.id => focus(model, id),
        Some(_) | None => vec![model.notify(t!("app-one-pane"), Mood::Plain)],
    }
}

/// Gives the focus to the pane of this number, counted from the left and the top.
pub fn focus_number(model: &mut Model, number: usize) -> Vec<Effect> {
    let order = model.panes.layout.order();
    number.checked_sub(1).and_then(|at| order.get(at)).copied().map_or_else(Vec::new, |id| focus(model, id))
}

/// A direction on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// Upwards.
    Up,
    /// Downwards.
    Down,
}

/// Gives the focus to the nearest pane in a direction.
pub fn focus_toward(model: &mut Model, direction: Direction) -> Vec<Effect> {
    let places = geometry::places(model);
    let Some(from) = places.iter().find(|place| place.pane == model.pane.id).map(Place::area) else {
        return Vec::new();
    };
    let overlap = |a: (u16, u16), b: (u16, u16)| a.1.min(b.1).saturating_sub(a.0.max(b.0));
    let columns = |area: ratatui::layout::Rect| (area.left(), area.right());
    let rows = |area: ratatui::layout::Rect| (area.top(), area.bottom());
    let nearest = places
        .iter()
        .filter_map(|place| {
            let to = place.area();
            let (distance, shared) = match direction {
                Direction::Left => (from.left().checked_sub(to.right()), overlap(rows(from), rows(to))),
                Direction::Right => (to.left().checked_sub(from.right()), overlap(rows(from), rows(to))),
                Direction::Up => (from.top().checked_sub(to.bottom()), overlap(columns(from), columns(to))),
                Direction::Down => (to.top().checked_sub(from.bottom()), overlap(columns(from), columns(to))),
            };
            (shared > 0).then_some((distance?, place.pane))
        })
        .min_by_key(|(distance, _)| *distance);
    nearest.map_or_else(Vec::new, |(_, id)| focus(model, id))
}

/// Changes places with the pane after this one.
pub fn swap(model: &mut Model) -> Vec<Effect> {
    let order = model.panes.layout.order();
    let at = order.iter().position(|id| *id == model.pane.id).unwrap_or_default();
    let other = order[(at + 1) % order.len()];
    if other == model.pane.id {
        return vec![model.notify(t!("app-one-pane"), Mood::Plain)];
    }
    model.panes.layout.swap(model.pane.id, other);
    Vec::new()
}

/// Thousandths of the screen that an edge moves by.
pub const STEP: i16 = 50;

/// Moves the pane's edge, so that it has more room, or less.
pub fn resize(model: &mut Model, way: Way, by: i16) -> Vec<Effect> {
    if model.panes.layout.resize(model.pane.id, way, by) {
        Vec::new()
    } else {
        vec![model.notify(t!("app-no-cut"), Mood::Plain)]
    }
}

/// Shows one pane, or all again.
pub fn zoom(model: &mut Model) -> Vec<Effect> {
    if model.panes.count() == 1 {
        return vec![model.notify(t!("app-one-pane"), Mood::Plain)];
    }
    model.panes.zoom = match model.panes.zoom {
        Zoom::All => Zoom::One,
        Zoom::One => Zoom::All,
    };
    Vec::new()
}

/// Lets what branches share scroll together, or apart again.
pub fn link(model: &mut Model) -> Vec<Effect> {
    let (link, text) = match model.panes.link {
        Link::Apart => (Link::Together, t!("app-panes-together")),
        Link::Together => (Link::Apart, t!("app-panes-apart")),
    };
    model.panes.link = link;
    vec![model.notify(text, Mood::Plain)]
}

#[cfg(test)]
mod tests;
