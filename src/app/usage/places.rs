//! Where what is on the usage page stands: `ui` draws it, a click finds it.
//!
//! A large screen has room for all of it: the rows above, the charts below. On others one part is shown at a time, and
//! on the smallest the head says only what is chosen.

use ratatui::layout::{Margin, Position, Rect};

use crate::telemetry::{GroupBy, Sort};

use super::column::Column;
use super::head::{Head, Hit, Word};
use super::{Shown, UsagePage, UsageView};
use crate::app::budgets;
use crate::app::model::Model;
use crate::app::overlay::Overlay;

/// Below so many columns, the head says only what is chosen.
pub const NARROW: u16 = 60;
/// From so many columns and rows inside the frame, everything is shown at once.
const ROOMY: (u16, u16) = (110, 34);
/// The fewest and the most rows of a chart, where everything is shown.
const CHART: (u16, u16) = (10, 18);
/// Columns of the hours of a week, where everything is shown.
const HOURS: u16 = 52;
/// Rows of the table that are no rows of it: heads, a line, the sum, notes.
const REST: u16 = 4;
/// The fewest rows of a table that tells of energy and carbon below its sum.
const ESTIMATED: u16 = 8;
/// Rows of what a branch costs, with the gap above.
const LINEAGE: u16 = 3;
/// Columns between charts.
const GAP: u16 = 3;
/// Rows of what is told of one event, below the list and beside it.
const DETAILS: (u16, u16) = (9, 60);

/// What is drawn from the charts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chart {
    /// One line of it: what was spent over time.
    Line,
    /// What was spent over time, and on what.
    Bars,
    /// When in a week.
    Hours,
    /// How long answers took.
    Latency,
    /// How long they took to begin.
    FirstContent,
    /// Shares: what was cached, how fast, what failed and why.
    Shares,
}

/// The parts of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// Words that can be clicked.
    pub words: Vec<Word>,
    /// The row of what is looked for.
    pub filter: Option<Rect>,
    /// Budgets, below the head.
    pub budgets: Rect,
    /// What the branch in view costs.
    pub lineage: Rect,
    /// All of the rest.
    pub body: Rect,
    /// The heads of the columns: that of the names, and the others that there is room for.
    pub name: Rect,
    /// See above.
    pub heads: Vec<(Column, Rect)>,
    /// The rows, and which of them is the first.
    pub rows: Rect,
    /// See above.
    pub first: usize,
    /// What is told of one event.
    pub details: Rect,
    /// The charts.
    pub charts: Vec<(Chart, Rect)>,
}

/// Whether the screen has room for all of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// It has.
    All,
    /// One part of it is shown at a time.
    Part,
}

impl Room {
    /// Of a page that has this inside its frame.
    const fn of(inside: Rect) -> Self {
        if inside.width >= ROOMY.0 && inside.height >= ROOMY.1 { Self::All } else { Self::Part }
    }
}

/// All of the page, with its frame: the last row is for notices.
pub fn area(model: &Model) -> Rect {
    Rect { x: 0, y: 0, width: model.size.width, height: model.size.height.saturating_sub(1) }
}

/// How many rows the open page shows.
pub fn room(model: &Model) -> usize {
    let page = model.overlays.iter().find_map(|overlay| match overlay {
        Overlay::Usage(page) => Some(page),
        _ => None,
    });
    page.map_or(1, |page| {
        let rows = match page.view {
            UsageView::Wins => area(model).height.saturating_sub(3),
            UsageView::Table | UsageView::Time | UsageView::Hours | UsageView::Speed => {
                places(model, page).rows.height
            }
        };
        usize::from(rows).max(1)
    })
}

/// What is left below so many rows.
pub(super) fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect { y: area.y + rows, height: area.height - rows, ..area }
}

pub(super) fn top(area: Rect, rows: u16) -> Rect {
    Rect { height: rows.min(area.height), ..area }
}

/// Where everything stands.
pub fn places(model: &Model, page: &UsagePage) -> Places {
    let inside = area(model).inner(Margin { horizontal: 2, vertical: 1 });
    let room = Room::of(inside);
    let Head { words, filter, rest } = Head::new(page, inside, room);
    let mut places = Places {
        words,
        filter,
        budgets: Rect::default(),
        lineage: Rect::default(),
        body: Rect::default(),
        name: Rect::default(),
        heads: Vec::new(),
        rows: Rect::default(),
        first: page.top,
        details: Rect::default(),
        charts: Vec::new(),
    };
    let budgets = u16::try_from(budgets::rows(model)).unwrap_or(0);
    let is_table = page.view == UsageView::Table || room == Room::All;
    let budgets = if is_table { budgets + u16::from(budgets > 0) } else { 0 };
    places.budgets = top(rest, budgets.saturating_sub(1));
    places.body = below(rest, budgets);
    match room {
        _ if page.query.events.is_some() => places.events(page),
        Room::All => places.all(page),
        Room::Part => places.view(page),
    }
    places
}

impl Places {
    /// What is at a cell.
    pub fn hit(&self, at: Position) -> Option<Hit> {
        if let Some(word) = self.words.iter().find(|word| word.area.contains(at)) {
            return Some(word.hit);
        }
        if self.name.contains(at) {
            return Some(Hit::Sort(Sort::Name));
        }
        let head = self.heads.iter().find(|(_, area)| area.contains(at));
        if let Some(sort) = head.and_then(|(column, _)| column.sort()) {
            return Some(Hit::Sort(sort));
        }
        let row = self.rows.contains(at).then(|| usize::from(at.y - self.rows.y))?;
        Some(Hit::Row(self.first + row))
    }

    /// Rows above, charts below.
    fn all(&mut self, page: &UsagePage) {
        // A short table leaves its rows to the charts.
        let (least, most) = CHART;
        let rows = u16::try_from(page.rows()).unwrap_or(u16::MAX);
        let lineage = if has_lineage(page) { LINEAGE } else { 0 };
        let wanted = rows.saturating_add(rest(page) + lineage);
        let height = self.body.height;
        let charts = height.saturating_sub(wanted.max(REST + 6)).clamp(2 * least + 2, 2 * most + 2);
        let table = height.saturating_sub(charts);
        let (above, under) = (top(self.body, table), below(self.body, table + 1));
        self.table(page, above);
        self.all_charts(under);
    }

    /// The totals: heads, rows, and below them a line, the sum, and notes.
    fn table(&mut self, page: &UsagePage, mut area: Rect) {
        if has_lineage(page) && area.height > REST + LINEAGE + 2 {
            self.lineage = Rect { y: area.bottom() - (LINEAGE - 1), height: LINEAGE - 1, ..area };
            area.height -= LINEAGE;
        }
        self.body = area;
        let least = match page.query.by {
            _ if area.width < NARROW => 14,
            // Titles and words are longer than names.
            GroupBy::Conversation | GroupBy::Branch => 30,
            GroupBy::Day
            | GroupBy::Week
            | GroupBy::Model
            | GroupBy::Endpoint
            | GroupBy::Key
            | GroupBy::User
            | GroupBy::Mode => 17,
        };
        let mut room = area.width.saturating_sub(least);
        let mut wanted = Vec::new();
        for column in Column::WEIGHT {
            if column.cells() <= room && (is_estimated(page) || !column.is_estimate()) {
                room -= column.cells();
                wanted.push(column);
            }
        }
        // Names have most of what is left; on a very wide screen figures stay near them.
        let name = (least + room).min(48);
        self.name = Rect { width: name, height: 1, ..area };
        let mut x = self.name.right();
        for column in Column::EACH.into_iter().filter(|column| wanted.contains(column)) {
            self.heads.push((column, Rect { x, y: area.y, width: column.cells(), height: 1 }));
            x += column.cells();
        }
        let rest = if area.height < ESTIMATED { REST } else { rest(page) };
        let rows = area.height.saturating_sub(rest);
        self.rows = Rect { y: area.y + 1, height: rows, width: x - area.x, ..area };
    }

    /// Single events: the list, and what is told of one.
    fn events(&mut self, page: &UsagePage) {
        let (below_rows, beside) = DETAILS;
        let events = page.shown().and_then(Shown::events);
        let is_estimated = events.is_some_and(|found| found.page.iter().any(|of| of.footprint.is_some()));
        let below_rows = below_rows + u16::from(is_estimated);
        let area = self.body;
        let list = if area.width >= 2 * beside {
            self.details = Rect { x: area.right() - beside, width: beside, ..area };
            Rect { width: area.width - beside - GAP, ..area }
        } else if area.height > below_rows + 5 {
            self.details = below(area, area.height - below_rows);
            Rect { height: area.height - below_rows - 1, ..area }
        } else {
            area
        };
        self.body = list;
        self.name = Rect { height: 1, ..list };
        self.rows = below(list, 1);
    }

    /// One part of the page.
    fn view(&mut self, page: &UsagePage) {
        /// From so many rows, the table has a line of what was spent below it.
        const LINED: u16 = 12;
        let area = self.body;
        match page.view {
            UsageView::Table | UsageView::Wins if area.height >= LINED => {
                self.table(page, Rect { height: area.height - 1, ..area });
                self.charts.push((Chart::Line, below(area, area.height - 1)));
            }
            UsageView::Table | UsageView::Wins => self.table(page, area),
            UsageView::Time => self.charts.push((Chart::Bars, area)),
            UsageView::Hours => {
                let rows = 10.min(area.height);
                self.charts.push((Chart::Hours, top(area, rows)));
                self.charts.push((Chart::Shares, below(area, rows + 1)));
            }
            UsageView::Speed => {
                let rows = area.height.saturating_sub(1) / 2;
                self.charts.push((Chart::Latency, top(area, rows)));
                self.charts.push((Chart::FirstContent, below(area, rows + 1)));
            }
        }
        self.charts.retain(|(_, area)| area.height > 0);
    }

    fn all_charts(&mut self, area: Rect) {
        let rows = area.height.saturating_sub(1) / 2;
        let upper = top(area, area.height.saturating_sub(1) - rows);
        let lower = below(area, upper.height + 1);
        let bars = Rect { width: upper.width.saturating_sub(HOURS + GAP), ..upper };
        let hours = Rect { x: bars.right() + GAP, width: HOURS, ..upper };
        let third = lower.width.saturating_sub(2 * GAP) / 3;
        let part = |at: u16| Rect { x: lower.x + at * (third + GAP), width: third, ..lower };
        self.charts = vec![
            (Chart::Bars, bars),
            (Chart::Hours, hours),
            (Chart::Latency, part(0)),
            (Chart::FirstContent, part(1)),
            (Chart::Shares, part(2)),
        ];
    }
}

/// Rows of the table that are no rows of it.
fn rest(page: &UsagePage) -> u16 {
    REST + u16::from(is_estimated(page))
}

/// Whether it is told what requests took in energy and carbon.
fn is_estimated(page: &UsagePage) -> bool {
    let totals = page.shown().and_then(Shown::totals);
    totals.is_some_and(|totals| totals.usage.report.total.footprint.is_some())
}

/// Whether it is told what a branch costs.
fn has_lineage(page: &UsagePage) -> bool {
    page.shown().and_then(|shown| shown.totals()?.lineage.as_ref()).is_some()
}
