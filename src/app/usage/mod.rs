//! The usage page: which totals it shows.

use crossterm::event::{KeyCode, KeyEvent};

use ratatui::layout::{Margin, Position, Rect};

use crate::t;
use crate::telemetry::{GroupBy, Sort};
use crate::text::width::width;
use crate::text::{Safe, sanitise};

use super::budgets;
use super::effect::{Effect, UsageQuery, UsageRange};
use super::geometry::{usage_budgets, usage_rows};
use super::model::Model;
use super::overlay::{Overlay, UsagePage, UsageState, UsageTable};

/// Opens the usage page, or shows other totals in it.
pub fn open(model: &mut Model, query: UsageQuery) -> Vec<Effect> {
    model.overlays.retain(|overlay| !matches!(overlay, Overlay::Usage(_)));
    model.overlays.push(Overlay::Usage(UsagePage {
        query,
        state: UsageState::Loading,
        top: 0,
        table: UsageTable::Totals,
    }));
    std::iter::once(Effect::LoadUsage(query)).chain(budgets::ask(model)).collect()
}

/// How usage is grouped, in the order Tab walks.
const GROUPS: [GroupBy; 5] =
    [GroupBy::Model, GroupBy::Day, GroupBy::Endpoint, GroupBy::Key, GroupBy::Conversation];

fn next_group(by: GroupBy) -> GroupBy {
    let at = GROUPS.iter().position(|group| *group == by).map_or(0, |at| at + 1);
    GROUPS.get(at).copied().unwrap_or(GroupBy::Model)
}

fn other_range(range: UsageRange, by: isize) -> UsageRange {
    let at = UsageRange::EACH.iter().position(|other| *other == range).unwrap_or(0);
    let to = at.saturating_add_signed(by).min(UsageRange::EACH.len() - 1);
    UsageRange::EACH.get(to).copied().unwrap_or_default()
}

/// Scrolls the page; it stops at both ends.
pub fn scroll(model: &mut Model, by: isize) {
    let room = usage_rows(model);
    let Some(Overlay::Usage(page)) = model.overlays.last_mut() else { return };
    let rows = match (page.table, &page.state) {
        (UsageTable::Wins, _) => model.wins.len(),
        (UsageTable::Totals, UsageState::Here(report)) => report.rows.len(),
        (UsageTable::Totals, UsageState::Loading | UsageState::Failed(_)) => 0,
    };
    page.top = page.top.saturating_add_signed(by).min(rows.saturating_sub(room));
}

/// A column of the totals; the first ones stay when the screen is narrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named after what it tells")]
pub enum Column {
    Requests,
    Price,
    TokensIn,
    TokensOut,
    Cached,
    Latency,
    FirstContent,
    Errors,
}

impl Column {
    /// All of them, with the cells of each, and what a click on its head orders by.
    pub const EACH: [(Self, u16, Option<Sort>); 8] = [
        (Self::Requests, 9, Some(Sort::Requests)),
        (Self::Price, 10, Some(Sort::Price)),
        (Self::TokensIn, 8, Some(Sort::TokensIn)),
        (Self::TokensOut, 8, Some(Sort::TokensOut)),
        (Self::Cached, 8, None),
        (Self::Latency, 8, Some(Sort::Latency)),
        (Self::FirstContent, 8, Some(Sort::FirstContent)),
        (Self::Errors, 8, Some(Sort::Errors)),
    ];
}

/// The parts of the page of totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The names of the ranges.
    pub ranges: Vec<(UsageRange, Safe, Rect)>,
    /// The heads of the columns: that of the names, and the others that there is room for.
    pub name: Rect,
    /// See above.
    pub heads: Vec<(Column, Option<Sort>, Rect)>,
    /// Budgets, below the ranges.
    pub budgets: Rect,
    /// The table below the ranges and the budgets, with the heads.
    pub body: Rect,
}

/// Where what is on the page stands: `ui` draws it, a click finds it.
pub fn places(model: &Model, query: UsageQuery) -> Places {
    let inside = page(model).inner(Margin { horizontal: 2, vertical: 1 });
    let mut x = inside.x;
    let ranges = UsageRange::EACH.map(|range| {
        let name = range_name(range);
        let text = if range == query.range { sanitise(&format!("[{name}]")) } else { name };
        let cells = u16::try_from(width(&text)).unwrap_or(u16::MAX);
        let area = Rect { x, width: cells.min(inside.right().saturating_sub(x)), height: 1, ..inside };
        x = area.right() + 2;
        (range, text, area)
    });
    let below = |area: Rect, rows: u16| {
        let rows = rows.min(area.height);
        Rect { y: area.y + rows, height: area.height - rows, ..area }
    };
    let budgets = below(inside, 2);
    let body = below(budgets, u16::try_from(usage_budgets(model)).unwrap_or(u16::MAX));
    let name = Rect { width: if body.width < 60 { 16 } else { 28 }, height: 1, ..body };
    let mut left = name.right();
    let fits = |(column, width, sort): (Column, u16, Option<Sort>)| {
        let area = Rect { x: left, y: body.y, width, height: 1 };
        left += width;
        (left <= body.right()).then_some((column, sort, area))
    };
    let heads = Column::EACH.into_iter().map_while(fits).collect();
    Places { ranges: ranges.to_vec(), name, heads, budgets, body }
}

/// All of the page, with its frame: the last row is for notices.
pub fn page(model: &Model) -> Rect {
    Rect { x: 0, y: 0, width: model.size.width, height: model.size.height.saturating_sub(1) }
}

/// What a range is called.
pub fn range_name(range: UsageRange) -> Safe {
    match range {
        UsageRange::Today => t!("app-range-today"),
        UsageRange::Week => t!("app-range-week"),
        UsageRange::Month => t!("app-range-month"),
        UsageRange::All => t!("app-range-all"),
    }
}

/// A click on the page: a range, or the head of a column. A second one on a head puts the order back.
pub fn clicked(model: &mut Model, at: Position) -> Vec<Effect> {
    let Some(Overlay::Usage(UsagePage { query, table: UsageTable::Totals, .. })) = model.overlays.last()
    else {
        return Vec::new();
    };
    let query = *query;
    let places = places(model, query);
    if let Some((range, ..)) = places.ranges.iter().find(|(.., area)| area.contains(at)) {
        return open(model, UsageQuery { range: *range, ..query });
    }
    let head = places.heads.iter().find(|(.., area)| area.contains(at));
    let sort = if places.name.contains(at) { Some(Sort::Name) } else { head.and_then(|(_, sort, _)| *sort) };
    match sort {
        Some(sort) if sort == query.sort => open(model, UsageQuery { sort: Sort::Natural, ..query }),
        Some(sort) => open(model, UsageQuery { sort, ..query }),
        None => Vec::new(),
    }
}

/// The next order, as `s` walks them: those of the columns, then the first again.
fn next_sort(sort: Sort) -> Sort {
    let sorts = || Column::EACH.into_iter().filter_map(|(_, _, sort)| sort).chain([Sort::Name]);
    match sorts().position(|other| other == sort) {
        Some(at) => sorts().nth(at + 1).unwrap_or_default(),
        None => Sort::Requests,
    }
}

/// From what was used to what was chosen blind, and back.
fn turn_over(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Usage(page)) = model.overlays.last_mut() else { return Vec::new() };
    page.top = 0;
    page.table = match page.table {
        UsageTable::Totals => UsageTable::Wins,
        UsageTable::Wins => UsageTable::Totals,
    };
    vec![Effect::LoadWins]
}

/// A key on the page.
pub fn typed(model: &mut Model, query: UsageQuery, key: KeyEvent) -> Vec<Effect> {
    let by = match key.code {
        KeyCode::Up | KeyCode::Char('k') => Some(-1),
        KeyCode::Down | KeyCode::Char('j') => Some(1),
        KeyCode::Home | KeyCode::Char('g') => Some(isize::MIN),
        KeyCode::End | KeyCode::Char('G') => Some(isize::MAX),
        _ => None,
    };
    if let Some(by) = by {
        scroll(model, by);
        return Vec::new();
    }
    match key.code {
        KeyCode::Left => open(model, UsageQuery { range: other_range(query.range, -1), ..query }),
        KeyCode::Right => open(model, UsageQuery { range: other_range(query.range, 1), ..query }),
        KeyCode::Char('s') => open(model, UsageQuery { sort: next_sort(query.sort), ..query }),
        KeyCode::Char('w') => turn_over(model),
        KeyCode::Tab => open(model, UsageQuery { by: next_group(query.by), ..query }),
        KeyCode::Char('q') => {
            model.overlays.pop();
            Vec::new()
        }
        _ => Vec::new(),
    }
}
