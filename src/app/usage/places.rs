//! Where what is on the usage page stands: `ui` draws it, a click finds it.
//!
//! A large screen has room for all of it: the rows above, the charts below. On others one part is shown at a time, and
//! on the smallest the head says only what is chosen.

use ratatui::layout::{Margin, Position, Rect};

use crate::t;
use crate::telemetry::{GroupBy, Sort};
use crate::text::width::{truncate, width};
use crate::text::{Safe, sanitise};

use super::query::UsageRange;
use super::{GROUPS, UsagePage, UsageView};
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
/// Rows of what a branch costs, with the gap above.
const LINEAGE: u16 = 3;
/// Columns between charts.
const GAP: u16 = 3;
/// Rows of what is told of one event, below the list and beside it.
const DETAILS: (u16, u16) = (9, 60);

/// A column of the totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named after what it tells")]
pub enum Column {
    Requests,
    TokensIn,
    Cached,
    TokensOut,
    Price,
    Latency,
    LatencyMost,
    FirstContent,
    FirstMost,
    Speed,
    Errors,
}

impl Column {
    /// All of them, in the order in which they stand.
    pub const EACH: [Self; 11] = [
        Self::Requests,
        Self::TokensIn,
        Self::Cached,
        Self::TokensOut,
        Self::Price,
        Self::Latency,
        Self::LatencyMost,
        Self::FirstContent,
        Self::FirstMost,
        Self::Speed,
        Self::Errors,
    ];
    /// The order in which they are given room.
    const WEIGHT: [Self; 11] = [
        Self::Price,
        Self::Requests,
        Self::TokensIn,
        Self::TokensOut,
        Self::Errors,
        Self::Latency,
        Self::Cached,
        Self::Speed,
        Self::FirstContent,
        Self::LatencyMost,
        Self::FirstMost,
    ];

    /// Its cells.
    const fn cells(self) -> u16 {
        match self {
            Self::Price => 12,
            Self::Requests => 9,
            Self::Cached | Self::Errors => 8,
            Self::TokensIn | Self::TokensOut | Self::Speed => 7,
            Self::Latency | Self::LatencyMost | Self::FirstContent | Self::FirstMost => 8,
        }
    }

    /// What a click on its head orders by.
    pub const fn sort(self) -> Option<Sort> {
        match self {
            Self::Requests => Some(Sort::Requests),
            Self::TokensIn => Some(Sort::TokensIn),
            Self::Cached => Some(Sort::Cached),
            Self::TokensOut => Some(Sort::TokensOut),
            Self::Price => Some(Sort::Price),
            Self::Latency => Some(Sort::Latency),
            Self::FirstContent => Some(Sort::FirstContent),
            Self::Speed => Some(Sort::Speed),
            Self::Errors => Some(Sort::Errors),
            Self::LatencyMost | Self::FirstMost => None,
        }
    }
}

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

/// A word of the head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// What it says.
    pub text: Safe,
    /// Where.
    pub area: Rect,
    /// What a click does.
    pub hit: Hit,
    /// Whether it is what is shown.
    pub chosen: Chosen,
}

/// Whether a word names what is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// It does.
    Yes,
    /// It names something else.
    No,
}

/// What is below the pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// These days.
    Range(UsageRange),
    /// Other days.
    NextRange,
    /// Days that are asked for.
    Dates,
    /// This grouping.
    Group(GroupBy),
    /// Another grouping.
    NextGroup,
    /// A part of the page.
    View(UsageView),
    /// A page that led here, by its depth.
    Back(usize),
    /// An order.
    Sort(Sort),
    /// A row, by its place in the list.
    Row(usize),
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
fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect { y: area.y + rows, height: area.height - rows, ..area }
}

fn top(area: Rect, rows: u16) -> Rect {
    Rect { height: rows.min(area.height), ..area }
}

/// Where everything stands.
pub fn places(model: &Model, page: &UsagePage) -> Places {
    let inside = area(model).inner(Margin { horizontal: 2, vertical: 1 });
    let roomy = inside.width >= ROOMY.0 && inside.height >= ROOMY.1;
    let mut places = Places {
        words: Vec::new(),
        filter: None,
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
    let rest = places.head(page, inside, roomy);
    let budgets = u16::try_from(budgets::rows(model)).unwrap_or(0);
    let is_table = page.view == UsageView::Table || roomy;
    let budgets = if is_table { budgets + u16::from(budgets > 0) } else { 0 };
    places.budgets = top(rest, budgets.saturating_sub(1));
    places.body = below(rest, budgets);
    if page.query.events.is_some() {
        places.events();
    } else if roomy {
        // A short table leaves its rows to the charts.
        let (least, most) = CHART;
        let rows = u16::try_from(page.rows()).unwrap_or(u16::MAX);
        let wanted = rows.saturating_add(REST + if has_lineage(page) { LINEAGE } else { 0 });
        let height = places.body.height;
        let rest = height.saturating_sub(wanted.max(REST + 6)).clamp(2 * least + 2, 2 * most + 2);
        let table = height.saturating_sub(rest);
        let (above, under) = (top(places.body, table), below(places.body, table + 1));
        places.table(page, above);
        places.all_charts(under);
    } else {
        places.view(page);
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

    /// The rows above what is asked for: days, groupings, the way here. Returns what is left.
    fn head(&mut self, page: &UsagePage, inside: Rect, roomy: bool) -> Rect {
        if inside.width < NARROW {
            return self.short_head(page, inside);
        }
        let mut row = Line::new(inside);
        for range in UsageRange::EACH {
            row.push(range.name(), Hit::Range(range), range == page.query.range);
        }
        let own = matches!(page.query.range, UsageRange::Days(..));
        let dates = if own { page.query.range.name() } else { t!("app-range-days") };
        row.push(dates, Hit::Dates, own);
        if !roomy && page.query.events.is_none() {
            let views = UsageView::EACH.map(|view| (view.name(), Hit::View(view), view == page.view));
            row.push_right(views.to_vec());
        }
        self.words.append(&mut row.words);
        let mut row = Line::new(below(inside, 1));
        for by in GROUPS.into_iter().filter(|by| !page.query.is_narrowed(*by)) {
            let chosen = by == page.query.by && page.query.events.is_none();
            row.push(group_name(by), Hit::Group(by), chosen);
        }
        self.words.append(&mut row.words);
        let third = top(below(inside, 2), 1);
        if page.has_filter() {
            self.filter = Some(third);
        } else {
            self.crumbs(page, third);
        }
        below(inside, 3)
    }

    /// One row, of what is chosen.
    fn short_head(&mut self, page: &UsagePage, inside: Rect) -> Rect {
        let first = top(inside, 1);
        if page.has_filter() {
            self.filter = Some(first);
            return below(inside, 1);
        }
        let mut row = Line::new(inside);
        row.push(page.query.range.name(), Hit::NextRange, true);
        if page.query.events.is_none() {
            row.push(group_name(page.query.by), Hit::NextGroup, true);
            row.push(page.view.name(), Hit::View(page.view.next()), true);
        } else if let Some(visit) = page.trail.last() {
            row.push(visit.name.clone(), Hit::Back(page.trail.len() - 1), false);
        }
        self.words.append(&mut row.words);
        below(inside, 1)
    }

    /// The pages that led here. Where they have no room, those further back are left out.
    fn crumbs(&mut self, page: &UsagePage, area: Rect) {
        const LONGEST: usize = 32;
        if page.trail.is_empty() {
            return;
        }
        let first = [t!("app-usage-everything")];
        let names = first.iter().chain(page.trail.iter().map(|visit| &visit.name));
        let names: Vec<Safe> = names.map(|name| truncate(name, LONGEST)).collect();
        let cells = |names: &[Safe]| names.iter().map(|name| width(name) + 3).sum::<usize>();
        let mut skip = 0;
        while skip + 1 < names.len() && cells(&names[skip..]) > usize::from(area.width) {
            skip += 1;
        }
        let mut x = area.x;
        for (depth, name) in names.iter().enumerate().skip(skip) {
            let text = if depth == 0 { name.clone() } else { sanitise(&format!("› {name}")) };
            let cells = u16::try_from(width(&text)).unwrap_or(u16::MAX);
            let place = Rect { x, width: cells.min(area.right().saturating_sub(x)), ..area };
            let chosen = if depth + 1 == names.len() { Chosen::Yes } else { Chosen::No };
            x = place.right() + 1;
            self.words.push(Word { text, area: place, hit: Hit::Back(depth), chosen });
        }
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
            if column.cells() <= room {
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
        let rows = area.height.saturating_sub(REST);
        self.rows = Rect { y: area.y + 1, height: rows, width: x - area.x, ..area };
    }

    /// Single events: the list, and what is told of one.
    fn events(&mut self) {
        let (below_rows, beside) = DETAILS;
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

/// Whether it is told what a branch costs.
fn has_lineage(page: &UsagePage) -> bool {
    page.shown().and_then(|shown| shown.totals()?.lineage.as_ref()).is_some()
}

/// Words beside each other.
struct Line {
    area: Rect,
    x: u16,
    words: Vec<Word>,
}

impl Line {
    fn new(area: Rect) -> Self {
        Self { area: top(area, 1), x: area.x, words: Vec::new() }
    }

    fn push(&mut self, name: Safe, hit: Hit, chosen: bool) {
        let (text, chosen) =
            if chosen { (sanitise(&format!("[{name}]")), Chosen::Yes) } else { (name, Chosen::No) };
        let cells = u16::try_from(width(&text)).unwrap_or(u16::MAX);
        let width = cells.min(self.area.right().saturating_sub(self.x));
        let area = Rect { x: self.x, width, ..self.area };
        self.x = area.right() + 2;
        self.words.push(Word { text, area, hit, chosen });
    }

    /// Words that end where the row does, where they have room.
    fn push_right(&mut self, words: Vec<(Safe, Hit, bool)>) {
        let cells = |(name, _, chosen): &(Safe, Hit, bool)| width(name) + if *chosen { 4 } else { 2 };
        let all = u16::try_from(words.iter().map(cells).sum::<usize>()).unwrap_or(u16::MAX).saturating_sub(2);
        let begin = self.area.right().saturating_sub(all);
        if begin >= self.x + 2 {
            self.x = begin;
        }
        for (name, hit, chosen) in words {
            self.push(name, hit, chosen);
        }
    }
}

/// What a grouping is called.
pub fn group_name(by: GroupBy) -> Safe {
    match by {
        GroupBy::Day => t!("app-by-day"),
        GroupBy::Week => t!("app-by-week"),
        GroupBy::Model => t!("app-by-model"),
        GroupBy::Endpoint => t!("app-by-endpoint"),
        GroupBy::Key => t!("app-by-key"),
        GroupBy::Conversation => t!("app-by-conversation"),
        GroupBy::Branch => t!("app-by-branch"),
        GroupBy::User => t!("app-by-user"),
        GroupBy::Mode => t!("app-by-mode"),
    }
}
