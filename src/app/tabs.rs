//! What lanes are called, and the tabs above them where not all fit: `ui` draws them, a click finds them.

use ratatui::layout::{Position, Rect};

use crate::chat::Role;
use crate::t;
use crate::text::width::{truncate, width};
use crate::text::{Safe, sanitise};

use super::blind;
use super::block::{Names, name_of};
use super::lanes::{Lane, Lanes};
use super::model::Model;
use super::pane::{Opened, Pane};

/// Stands after the number of the tab with the focus.
const FOCUS: &str = "▌";
/// Stands at the end of a tab whose answer is being written.
const LIVE: &str = "▍";
/// The cells that each tab has at least: its number, a sign, what is between tabs.
const LEAST: u16 = 4;

/// A tab, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// Which lane it is of.
    pub lane: usize,
    /// Its text.
    pub text: Safe,
    /// Its cells.
    pub area: Rect,
}

/// The tabs in the row above the lanes of a pane; none where all lanes are shown.
pub fn tabs(model: &Model, opened: &Opened, pane: &Pane, body: Rect) -> Vec<Tab> {
    let Some(lanes) = &pane.lanes else { return Vec::new() };
    let places = lanes.places(body, &pane.view);
    if places.lanes.len() == lanes.lanes.len() {
        return Vec::new();
    }
    let focus = lanes.focus(&pane.view);
    let end = places.bar.right().saturating_sub(1);
    let mut x = places.bar.x + 1;
    let tab = |(lane, at): (usize, &Lane)| {
        let sign = if focus == Some(lane) { FOCUS } else { " " };
        let mut text = sanitise(&format!("{}{sign}", lane + 1));
        text.push(&label(model, opened, lanes, at));
        if model.live_in(opened.conversation.id, &at.view).is_some() {
            text.push(&sanitise(LIVE));
        }
        let rest = u16::try_from(lanes.lanes.len() - lane - 1).unwrap_or(0) * LEAST;
        let text = truncate(&text, usize::from(end.saturating_sub(x).saturating_sub(rest)));
        let cells = u16::try_from(width(&text)).unwrap_or(u16::MAX);
        let area = Rect { x, width: cells, ..places.bar };
        x = area.right() + 2;
        Tab { lane, text, area }
    };
    lanes.lanes.iter().enumerate().map(tab).collect()
}

/// The lane whose tab a cell is in, of the pane with the focus.
pub fn lane_at(model: &Model, at: Position, body: Rect) -> Option<usize> {
    let tabs = tabs(model, &model.open, &model.pane, body);
    tabs.into_iter().find(|tab| tab.area.contains(at)).map(|tab| tab.lane)
}

/// Whether it is hidden who answers.
pub fn is_blind(model: &Model, lanes: &Lanes) -> bool {
    lanes.parent.is_some_and(|question| model.blind.contains(&question))
}

/// What a lane is called: its model, and which sample of it where there are several; a letter while names are hidden.
pub fn label(model: &Model, opened: &Opened, lanes: &Lanes, lane: &Lane) -> Safe {
    let tree = &opened.conversation.tree;
    let Some(first) = tree.get(lane.first) else { return Safe::default() };
    if first.role == Role::User {
        return t!("app-you");
    }
    if is_blind(model, lanes) {
        return blind::name(tree, lane.first);
    }
    let names = Names::of(model);
    let name = name_of(first, &names);
    let same = lanes.lanes.iter().filter_map(|lane| tree.get(lane.first));
    let same: Vec<_> = same.filter(|other| name_of(other, &names) == name).map(|other| other.id).collect();
    match same.iter().position(|id| *id == lane.first) {
        Some(at) if same.len() > 1 => sanitise(&format!("{name} #{}", at + 1)),
        Some(_) | None => name,
    }
}
