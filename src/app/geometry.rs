//! Which rows of the screen belong to what. `update` needs it to know what is visible, `ui` to draw it;
//! both ask here, so that they cannot disagree.

use ratatui::layout::Rect;

use super::Model;
use super::composer::Composer;
use super::inline::{is_below, window};
use super::message::Size;
use super::overlay::Overlay;
use super::pane::PaneId;
use super::panes::Zoom;
use super::usage::side;
use crate::storage::choices::Rail;

/// The smallest screen that is drawn.
pub const SMALLEST: (u16, u16) = (40, 12);
/// The smallest pane beside others.
pub const LEAST_PANE: (u16, u16) = (36, 5);
/// The narrowest lane beside others.
pub const LEAST_LANE: u16 = 28;
/// Below this many columns what floats takes the whole screen.
pub const NARROW: u16 = 80;
/// How much a page tells in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// As much as there is to tell.
    Wide,
    /// What matters most: the screen is narrow.
    Narrow,
}

impl Room {
    /// Of a screen that has so many columns.
    pub const fn of(columns: u16) -> Self {
        if columns < NARROW { Self::Narrow } else { Self::Wide }
    }
}
/// Columns left of a message's text: a margin, the role's bar, a space.
pub const TEXT_LEFT: u16 = 3;
/// Columns before the composer's text: a margin, the prompt sign, a space.
pub const COMPOSER_LEFT: u16 = 3;

/// The parts of the main view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Screen {
    /// One row of facts.
    pub status: Rect,
    /// All panes.
    pub panes: Rect,
    /// What was used, beside them, where that is shown.
    pub side: Option<Rect>,
    /// The branch of the pane with the focus.
    pub transcript: Rect,
    /// A line between what was said and what will be.
    pub divider: Rect,
    /// The prompt.
    pub composer: Rect,
    /// What Enter would do, toasts, and the which-key strip.
    pub hint: Rect,
}

/// The parts of the screen as it is now.
pub fn screen(model: &Model) -> Screen {
    let (width, height) = (model.size.width, model.size.height);
    let composer = composer_rows(model);
    let row = |y: u16, rows: u16| Rect { x: 0, y: y.min(height), width, height: rows };
    let rest = height.saturating_sub(3 + composer);
    // Below what was printed, what is open of it comes first: once it is settled, it stands where it has to.
    let below = is_below(model);
    let (first, status) = if below { (0, 1 + rest + composer) } else { (1, 0) };
    let (panes, side) = side::split(model, row(first, rest));
    let transcript = places_in(model, panes)
        .into_iter()
        .find(|place| place.pane == model.pane.id)
        .map_or(panes, |place| place.body);
    Screen {
        status: row(status, 1.min(height)),
        panes,
        side,
        transcript,
        divider: row(first + rest, 1),
        composer: row(first + rest + 1, composer),
        hint: row(2 + rest + composer, 1),
    }
}

/// The rows of the prompt.
pub fn composer_rows(model: &Model) -> u16 {
    let Size { width, height } = window(model);
    let most = (height / 3).max(1);
    let rows = prompt(model).height(composer_width(width), usize::from(most));
    u16::try_from(rows).unwrap_or(most).clamp(1, most)
}

/// What the composer shows: the prompt being written, or one of before while one looks for it.
pub fn prompt(model: &Model) -> &Composer {
    model.recall.as_ref().map_or(&model.pane.composer, |recall| &recall.shown)
}

/// Where a pane stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which.
    pub pane: PaneId,
    /// The row that tells what it shows, where there are several.
    pub head: Option<Rect>,
    /// The graph beside its branch, where there is one.
    pub rail: Option<Rect>,
    /// Its branch.
    pub body: Rect,
}

impl Place {
    /// A pane among others.
    fn new(model: &Model, pane: PaneId, area: Rect) -> Self {
        let head = Rect { height: 1.min(area.height), ..area };
        let below = Rect { y: area.y + head.height, height: area.height - head.height, ..area };
        Self { head: Some(head), ..Self::alone(model, pane, below) }
    }

    /// The only pane.
    fn alone(model: &Model, pane: PaneId, area: Rect) -> Self {
        let wide = model.size.width >= NARROW && area.width >= LEAST_RAILED;
        // Lanes stand for themselves, and need the room; what is printed has no graph beside it.
        let railed = model.choices.rail == Rail::On && wide && !model.has_lanes(pane) && !is_below(model);
        let width = if railed { RAIL } else { 0 };
        let rail = (width > 0).then_some(Rect { width, ..area });
        let body = Rect { x: area.x + width, width: area.width - width, ..area };
        Self { pane, head: None, rail, body }
    }

    /// All of its cells.
    pub fn area(&self) -> Rect {
        let below = self.rail.map_or(self.body, |rail| rail.union(self.body));
        self.head.map_or(below, |head| head.union(below))
    }
}

/// Columns of the graph beside a branch: a margin, the branch, what leaves it, a gap.
const RAIL: u16 = 6;
/// The narrowest pane that has one.
const LEAST_RAILED: u16 = 60;

/// Where the panes that are shown stand. Where they would be too small to read in, only the one with the focus is.
pub fn places(model: &Model) -> Vec<Place> {
    places_in(model, screen(model).panes)
}

/// The columns between panes that are shown beside each other.
pub fn gaps(model: &Model) -> Vec<Rect> {
    let area = screen(model).panes;
    if places_in(model, area).len() == 1 { Vec::new() } else { model.panes.layout.areas(area).1 }
}

fn places_in(model: &Model, area: Rect) -> Vec<Place> {
    if model.panes.count() == 1 {
        return vec![Place::alone(model, model.pane.id, area)];
    }
    let (areas, _) = model.panes.layout.areas(area);
    let fits = areas.iter().all(|(_, area)| area.width >= LEAST_PANE.0 && area.height >= LEAST_PANE.1);
    match model.panes.zoom {
        Zoom::All if fits => areas.into_iter().map(|(pane, area)| Place::new(model, pane, area)).collect(),
        Zoom::All | Zoom::One => vec![Place::new(model, model.pane.id, area)],
    }
}

/// Where a box of at most this size floats: the whole screen where that is narrow.
pub fn floating(model: &Model, columns: u16, rows: u16) -> Rect {
    // The last row stays free for notices.
    let (width, height) = (model.size.width, model.size.height.saturating_sub(1));
    if model.size.width < NARROW {
        return Rect { x: 0, y: 0, width, height };
    }
    let (columns, rows) = (columns.min(width - 4), rows.min(height.saturating_sub(2)));
    Rect { x: (width - columns) / 2, y: (height - rows) / 3, width: columns, height: rows }
}

/// The cells a message's text may take.
pub fn text_width(width: u16) -> u16 {
    width.saturating_sub(TEXT_LEFT + 1).max(1)
}

/// The cells a row of the composer may take.
pub fn composer_width(width: u16) -> usize {
    usize::from(width.saturating_sub(COMPOSER_LEFT + 1).max(2))
}

/// The rows that a page has for what it lists: the rest are the notices' row, the frame, and a head, a sum, or what is looked for.
pub fn page_rows(model: &Model) -> usize {
    usize::from(model.size.height).saturating_sub(1 + 2 + 1).max(1)
}

/// The cells of the page of pictures for the picture: the rest are the notices' row, the frame, and what is known of it.
pub fn picture_room(model: &Model) -> Rect {
    let (width, height) =
        (window(model).width.saturating_sub(4), window(model).height.saturating_sub(1 + 2 + 1));
    Rect { x: 2, y: 2, width, height }
}

/// The rows of the tree page for messages: the rest are its head, its foot, and the text that is looked for.
pub fn tree_rows(model: &Model) -> usize {
    let filter = model.overlays.iter().any(|overlay| match overlay {
        Overlay::Tree(page) => page.has_filter(),
        Overlay::List(_)
        | Overlay::Form(_)
        | Overlay::Confirm(_)
        | Overlay::Help(_)
        | Overlay::Usage(_)
        | Overlay::Compare(_)
        | Overlay::Lens(_)
        | Overlay::Pictures(_)
        | Overlay::Summary(_) => false,
    });
    usize::from(model.size.height).saturating_sub(2 + usize::from(filter)).max(1)
}

/// Whether the screen is too small for anything but saying so.
pub fn is_too_small(model: &Model) -> bool {
    let Size { width, height } = window(model);
    width < SMALLEST.0 || height < SMALLEST.1
}
