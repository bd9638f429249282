//! The usage page: which totals it shows.

use crossterm::event::{KeyCode, KeyEvent};

use crate::telemetry::GroupBy;

use super::budgets;
use super::effect::{Effect, UsageQuery, UsageRange};
use super::geometry::usage_rows;
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
        KeyCode::Char('w') => turn_over(model),
        KeyCode::Tab => open(model, UsageQuery { by: next_group(query.by), ..query }),
        KeyCode::Char('q') => {
            model.overlays.pop();
            Vec::new()
        }
        _ => Vec::new(),
    }
}
