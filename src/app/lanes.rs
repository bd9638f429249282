//! Lanes: the answers to one question beside each other, as a view of a pane.
//!
//! Which lanes there are is read from the tree, so that any siblings can be shown this way at any time. The lane
//! that keys go to is the one the pane's own branch leads through: whatever can be done at the end of a branch
//! (stop, copy, go on, open beside) is done in that lane. Each lane has a place and layouts of its own.

use std::collections::BTreeSet;

use ratatui::layout::{Position, Rect};

use crate::chat::tree::Tree;
use crate::chat::{MessageId, Role, Status};
use crate::t;

use super::blind;
use super::effect::Effect;
use super::find::Find;
use super::geometry::{LEAST_LANE, NARROW};
use super::model::{Focus, Model, Mood, Phase};
use super::pane::Pane;
use super::transcript::{Anchor, Layouts, View};

/// The lanes of a pane.
#[derive(Clone, Debug)]
pub struct Lanes {
    /// What the lanes answer; `None` are the roots.
    pub parent: Option<MessageId>,
    /// The lanes, from the left.
    pub lanes: Vec<Lane>,
    /// How many are shown at once.
    pub breadth: Breadth,
    /// The tree and the branch that the lanes were read from.
    read: Read,
}

/// What tells whether lanes have to be read anew.
#[derive(Clone, Debug, Default, PartialEq)]
struct Read {
    children: Vec<MessageId>,
    messages: usize,
    leaf: Option<MessageId>,
}

/// One of the siblings, and what follows it on its branch.
#[derive(Clone, Debug)]
pub struct Lane {
    /// The sibling.
    pub first: MessageId,
    /// What of it is read.
    pub view: View,
    /// Its blocks, at the lane's width.
    pub layouts: Layouts,
}

/// How many lanes are shown at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breadth {
    /// As many as there is room for.
    All,
    /// The one with the focus.
    One,
}

/// Where lanes stand in a pane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The row that tells what they are.
    pub bar: Rect,
    /// The lanes that are shown.
    pub lanes: Vec<LanePlace>,
    /// The columns between them.
    pub gaps: Vec<Rect>,
}

/// Where a lane stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LanePlace {
    /// Which one.
    pub lane: usize,
    /// The row of its name.
    pub head: Rect,
    /// Its branch.
    pub body: Rect,
}

impl Lanes {
    /// The siblings below `parent`, to be read from the tree.
    pub fn new(parent: Option<MessageId>) -> Self {
        Self { parent, lanes: Vec::new(), breadth: Breadth::All, read: Read::default() }
    }

    /// Which lane a pane's branch leads through.
    pub fn focus(&self, view: &View) -> Option<usize> {
        // Lanes are near the end of the branch.
        let leads_through = |lane: &Lane| view.branch.iter().rev().any(|id| *id == lane.first);
        self.lanes.iter().position(leads_through)
    }

    /// The lane that shows a message.
    pub fn showing(&mut self, message: MessageId) -> Option<&mut Lane> {
        self.lanes.iter_mut().find(|lane| lane.view.branch.contains(&message))
    }

    /// Reads the lanes from the tree where it or the pane's branch changed. `false` where the branch leads through
    /// none of them any more.
    fn refresh(&mut self, tree: &Tree, view: &View, hidden: &BTreeSet<MessageId>) -> bool {
        let children = match self.parent.filter(|question| hidden.contains(question)) {
            Some(question) => blind::order(tree, question),
            None => tree.children(self.parent).to_vec(),
        };
        let now = Read { children, messages: tree.len(), leaf: view.leaf };
        if now == self.read {
            return true;
        }
        let mut before = std::mem::take(&mut self.lanes);
        for first in &now.children {
            let mut lane = match before.iter().position(|lane| lane.first == *first) {
                Some(at) => before.swap_remove(at),
                None => Lane::new(tree, *first),
            };
            lane.read(tree, view);
            self.lanes.push(lane);
        }
        self.read = now;
        self.focus(view).is_some()
    }

    /// Where the lanes stand in a pane's area: side by side as far as there is room, always with the one that has
    /// the focus.
    pub fn places(&self, area: Rect, view: &View) -> Places {
        let bar = Rect { height: 1.min(area.height), ..area };
        let below = Rect { y: area.y + bar.height, height: area.height - bar.height, ..area };
        let count = u16::try_from(self.lanes.len()).unwrap_or(u16::MAX);
        let fitting = match self.breadth {
            Breadth::All if area.width >= NARROW => {
                ((area.width + 1) / (LEAST_LANE + 1)).clamp(1, count.max(1))
            }
            Breadth::All | Breadth::One => 1,
        };
        let focus = u16::try_from(self.focus(view).unwrap_or_default()).unwrap_or_default();
        let first = (focus / fitting * fitting).min(count.saturating_sub(fitting));
        let room = area.width.saturating_sub(fitting - 1);
        let (mut lanes, mut gaps) = (Vec::new(), Vec::new());
        let mut x = area.x;
        for at in 0..fitting.min(count) {
            let width = room / fitting + u16::from(at < room % fitting);
            let column = Rect { x, width, ..below };
            let head = Rect { height: 1.min(column.height), ..column };
            let body = Rect { y: column.y + head.height, height: column.height - head.height, ..column };
            lanes.push(LanePlace { lane: usize::from(first + at), head, body });
            x += width;
            if at + 1 < fitting {
                gaps.push(Rect { x, width: 1, ..below });
                x += 1;
            }
        }
        Places { bar, lanes, gaps }
    }
}

impl Lane {
    fn new(tree: &Tree, first: MessageId) -> Self {
        let live = tree.get(first).is_some_and(|message| message.status == Status::Streaming);
        let anchor = if live { Anchor::Beginning(first) } else { Anchor::At(first, 0) };
        let leaf = tree.branch_through(first).last().copied();
        let mut view = View::default();
        (view.leaf, view.anchor) = (leaf, anchor);
        Self { first, view, layouts: Layouts::below_name_of(first) }
    }

    /// Reads what the lane shows: of the lane that the pane's branch leads through, that branch.
    fn read(&mut self, tree: &Tree, pane: &View) {
        let here = pane.leaf.filter(|_| pane.branch.contains(&self.first));
        let leaf = here.or_else(|| self.view.leaf.filter(|leaf| tree.get(*leaf).is_some()));
        let branch = leaf.map_or_else(|| tree.branch_through(self.first), |leaf| tree.path(leaf));
        let from = branch.iter().position(|id| *id == self.first).unwrap_or_default();
        self.view.branch = branch.get(from..).unwrap_or_default().to_vec();
        self.view.leaf = self.view.branch.last().copied();
        for id in &self.view.branch {
            // Counters and names may have changed.
            self.layouts.drop_block(*id);
        }
        if self.view.cursor.is_some_and(|cursor| !self.view.branch.contains(&cursor)) {
            self.view.cursor = None;
        }
    }
}

fn read_in(lanes: &mut Option<Lanes>, at: Option<usize>) -> Option<(&mut View, &mut Layouts)> {
    let lane = lanes.as_mut()?.lanes.get_mut(at?)?;
    Some((&mut lane.view, &mut lane.layouts))
}

impl Pane {
    /// Reads the pane's lanes anew where that is due, and closes them where the branch left them.
    pub fn refresh_lanes(&mut self, tree: &Tree, hidden: &BTreeSet<MessageId>) {
        if let Some(lanes) = &mut self.lanes
            && !lanes.refresh(tree, &self.view, hidden)
        {
            self.lanes = None;
        }
    }

    /// What is read in it: its branch, or that of the lane with the focus.
    pub fn reading(&self) -> (&View, &Layouts) {
        let lane = self.lanes.as_ref().and_then(|lanes| lanes.lanes.get(lanes.focus(&self.view)?));
        lane.map_or((&self.view, &self.layouts), |lane| (&lane.view, &lane.layouts))
    }

    /// The same, to be changed.
    pub fn reading_mut(&mut self) -> (&mut View, &mut Layouts) {
        let at = self.focused_lane();
        self.lane_mut(at)
    }

    /// The lane with the focus.
    pub fn focused_lane(&self) -> Option<usize> {
        self.lanes.as_ref().and_then(|lanes| lanes.focus(&self.view))
    }

    /// What is read in a lane; in the branch, where there is none.
    pub fn lane_mut(&mut self, at: Option<usize>) -> (&mut View, &mut Layouts) {
        let Self { view, layouts, lanes, .. } = self;
        read_in(lanes, at).unwrap_or((view, layouts))
    }

    /// What is looked for, and what it is looked for in.
    pub fn finding(&mut self) -> Option<(&mut Find, &mut View, &mut Layouts)> {
        let at = self.focused_lane();
        let Self { find, view, layouts, lanes, .. } = self;
        let (view, layouts) = read_in(lanes, at).unwrap_or((view, layouts));
        Some((find.as_mut()?, view, layouts))
    }

    /// The cells of what is read in a lane, in the pane's area.
    pub fn lane_area(&self, at: Option<usize>, body: Rect) -> Rect {
        let Some(lanes) = &self.lanes else { return body };
        let places = lanes.places(body, &self.view).lanes;
        places.into_iter().find(|place| Some(place.lane) == at).map_or(body, |place| place.body)
    }

    /// The lane that a cell of the pane's area is in.
    pub fn lane_at(&self, at: Position, body: Rect) -> Option<LanePlace> {
        let places = self.lanes.as_ref()?.places(body, &self.view).lanes;
        places.into_iter().find(|place| place.head.union(place.body).contains(at))
    }

    /// Whether it shows a message, in its branch or in a lane.
    pub fn shows(&self, message: MessageId) -> bool {
        let in_lane = |lanes: &Lanes| lanes.lanes.iter().any(|lane| lane.view.branch.contains(&message));
        self.view.branch.contains(&message) || self.lanes.as_ref().is_some_and(in_lane)
    }

    /// Forgets how a message is laid out, in the branch and in the lane that shows it.
    pub fn drop_block(&mut self, message: MessageId) {
        self.layouts.drop_block(message);
        if let Some(lane) = self.lanes.as_mut().and_then(|lanes| lanes.showing(message)) {
            lane.layouts.drop_block(message);
        }
    }

    /// Forgets how anything is laid out.
    pub fn drop_blocks(&mut self) {
        self.layouts.clear();
        for lane in self.lanes.iter_mut().flat_map(|lanes| &mut lanes.lanes) {
            lane.layouts.clear();
        }
    }

    /// Watches the end of its branch, in this way.
    pub fn watch(&mut self, anchor: Anchor) {
        let (view, _) = self.reading_mut();
        (view.anchor, view.cursor) = (anchor, None);
        (self.view.anchor, self.view.cursor) = (anchor, None);
    }
}

/// Shows the siblings of the message that is read as lanes, or of the nearest one above that has some; closes the
/// lanes where they are shown.
pub fn toggle(model: &mut Model) -> Vec<Effect> {
    if model.pane.lanes.is_some() {
        close(model);
        return Vec::new();
    }
    let tree = &model.open.conversation.tree;
    let view = &model.pane.view;
    let from = match model.focus {
        Focus::Transcript => view.current(),
        Focus::Composer => view.branch.last().copied(),
    };
    let path = from.map(|from| tree.path(from)).unwrap_or_default();
    let has_siblings = |id: &&MessageId| tree.place(**id).is_some_and(|place| place.count > 1);
    // Of a question, the answers below it are meant before the other wordings of it.
    let below = from.filter(|id| tree.children(Some(*id)).len() > 1).map(Some);
    let found =
        below.or_else(|| path.iter().rev().find(has_siblings).and_then(|id| Some(tree.get(*id)?.parent)));
    let Some(parent) = found else {
        return vec![model.notify(t!("app-no-siblings"), Mood::Plain)];
    };
    open(model, parent);
    Vec::new()
}

/// Shows the messages below `parent` as lanes. Keys go to them.
pub fn open(model: &mut Model, parent: Option<MessageId>) {
    model.pane.lanes = Some(Lanes::new(parent));
    model.focus = Focus::Transcript;
    model.pane.refresh_lanes(&model.open.conversation.tree, &model.blind);
}

/// Leaves the lanes: the pane shows the branch of the one that had the focus, where it was read. Nothing is chosen
/// and nothing stops.
pub fn close(model: &mut Model) {
    let (view, _) = model.pane.reading();
    let (anchor, cursor) = (view.anchor, view.cursor);
    if model.pane.lanes.take().is_some() {
        (model.pane.view.anchor, model.pane.view.cursor) = (anchor, cursor);
    }
}

/// To the lane after (`1`) or before (`-1`); around at both ends.
pub fn walk(model: &mut Model, by: isize) -> Vec<Effect> {
    let pane = &model.pane;
    let Some(lanes) = &pane.lanes else {
        return vec![model.notify(t!("app-no-lanes"), Mood::Plain)];
    };
    let count = isize::try_from(lanes.lanes.len()).unwrap_or(1).max(1);
    let at = lanes.focus(&pane.view).and_then(|at| isize::try_from(at).ok()).unwrap_or_default();
    go(model, usize::try_from((at + by).rem_euclid(count)).unwrap_or_default());
    Vec::new()
}

/// To a lane. What is written there goes to its model, unless that would tell a name that is hidden.
pub fn go(model: &mut Model, lane: usize) {
    let hidden = is_blind(model);
    let pane = &mut model.pane;
    let lane = pane.lanes.as_ref().and_then(|lanes| lanes.lanes.get(lane));
    if let Some(leaf) = lane.and_then(|lane| lane.view.leaf) {
        pane.view.go(&model.open.conversation.tree, leaf);
        pane.view.cursor = None;
        if !hidden {
            pane.take_route(&model.open.conversation.tree, &model.config);
        }
    }
}

/// Whether the lanes of the pane with the focus have no names yet.
pub fn is_blind(model: &Model) -> bool {
    let question = model.pane.lanes.as_ref().and_then(|lanes| lanes.parent);
    question.is_some_and(|question| model.blind.contains(&question))
}

/// Shows one lane, or all again.
pub fn zoom(model: &mut Model) -> Vec<Effect> {
    let Some(lanes) = &mut model.pane.lanes else {
        return vec![model.notify(t!("app-no-lanes"), Mood::Plain)];
    };
    lanes.breadth = match lanes.breadth {
        Breadth::All => Breadth::One,
        Breadth::One => Breadth::All,
    };
    Vec::new()
}

/// Chooses the lane with the focus as the way on. The others stay as siblings, and go on where they are written.
pub fn promote(model: &mut Model) -> Vec<Effect> {
    let pane = &model.pane;
    let Some(lane) = pane.lanes.as_ref().and_then(|lanes| lanes.lanes.get(lanes.focus(&pane.view)?)) else {
        return vec![model.notify(t!("app-no-lanes"), Mood::Plain)];
    };
    let first = lane.first;
    close(model);
    let tree = &mut model.open.conversation.tree;
    let Some(parent) = tree.get(first).map(|message| message.parent) else { return Vec::new() };
    let mut choices = tree.choose(first);
    // Said in any case: on disk another may have been chosen last.
    if !choices.contains(&(parent, first)) {
        choices.push((parent, first));
    }
    model.pane.take_route(&model.open.conversation.tree, &model.config);
    model.focus = Focus::Composer;
    let mut effects = vec![Effect::Choose { conversation: model.open.conversation.id, choices }];
    effects.extend(blind::reveal(model, first));
    effects
}

/// Stops every turn of the conversation, and what would go on with another.
pub fn stop_all(model: &mut Model) -> Vec<Effect> {
    let conversation = model.open.conversation.id;
    let running: Vec<_> = model
        .turns
        .iter_mut()
        .filter(|(_, live)| live.conversation == conversation && live.phase != Phase::Stopping)
        .map(|(turn, live)| {
            live.phase = Phase::Stopping;
            *turn
        })
        .collect();
    running.into_iter().map(Effect::CancelTurn).collect()
}

/// The question whose answers a message belongs to: itself, or what it answers.
pub fn question_of(tree: &Tree, message: MessageId) -> Option<MessageId> {
    let message = tree.get(message)?;
    match message.role {
        Role::User => Some(message.id),
        Role::Assistant => message.parent,
    }
}

#[cfg(test)]
mod tests;
