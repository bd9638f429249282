//! The usage page, and the panel beside the conversation.
//!
//! | file | subject |
//! |---|---|
//! | `table`, `figures` | the rows and their sum; how figures are written |
//! | `events` | single events |
//! | `charts`, `plot` | the charts; how cells make one |
//! | `budgets`, `wins` | what stands above; what was chosen blind |
//! | [`side`] | the panel |

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::tree::Typing;
use crate::app::usage::places::{self, Places};
use crate::app::usage::{Chosen, Shown, UsageAnswer, UsagePage, UsageState, UsageView};
use crate::t;
use crate::text::{Safe, sanitise};

use super::paint::Painter;
use super::theme::Role;

mod budgets;
mod charts;
mod events;
mod figures;
mod plot;
pub mod side;
mod table;
#[cfg(test)]
mod tests;
pub mod told;
mod wins;

/// Draws the page. Returns the cell of the filter's cursor, where text is typed.
pub fn draw(model: &Model, page: &UsagePage, painter: &mut Painter<'_>) -> Option<(u16, u16)> {
    let area = places::area(model);
    if page.view == UsageView::Wins {
        wins::draw(model, page.top, area, painter);
        return None;
    }
    let foot = match (page.typing, &page.query.events) {
        (Typing::Filter, _) => t!("ui-usage-foot-filter"),
        (Typing::Commands, Some(_)) => t!("ui-usage-foot-events"),
        (Typing::Commands, None) => t!("ui-usage-foot"),
    };
    let note = if page.is_behind() { t!("ui-usage-loading") } else { days(page) };
    painter.frame(area, &t!("ui-usage"), &note, &foot);
    let places = places::places(model, page);
    for word in &places.words {
        let role = match word.chosen {
            Chosen::Yes => Role::Accent,
            Chosen::No => Role::Dim,
        };
        painter.text((word.area.x, word.area.y), &word.text, role, word.area.width);
    }
    let cursor = places.filter.and_then(|row| filter(page, row, painter));
    budgets::draw(model, places.budgets, painter);
    match &page.state {
        UsageState::Loading => say(&t!("ui-usage-loading"), Role::Dim, &places, painter),
        UsageState::Failed(reason) => {
            say(&t!("ui-usage-failed", reason = reason), Role::Bad, &places, painter)
        }
        UsageState::Here(shown) => draw_shown(model, page, shown, &places, painter),
    }
    cursor
}

fn draw_shown(model: &Model, page: &UsagePage, shown: &Shown, places: &Places, painter: &mut Painter<'_>) {
    match &shown.answer {
        UsageAnswer::Events(_) if page.rows() == 0 => say(&t!("ui-usage-none"), Role::Dim, places, painter),
        UsageAnswer::Events(_) => events::draw(model, page, shown, places, painter),
        UsageAnswer::Totals(totals) if totals.usage.report.rows.is_empty() => {
            say(&t!("ui-usage-none"), Role::Text, places, painter);
            let body = places.body;
            for (y, said) in (body.y + 1..body.bottom()).zip([t!("ui-usage-none-hint"), table::notes(totals)])
            {
                painter.text((body.x, y), &said, Role::Dim, body.width);
            }
        }
        UsageAnswer::Totals(totals) => {
            if places.rows.width > 0 {
                table::draw(page, shown, totals, places, painter);
            }
            if let Some(lineage) = totals.lineage.as_ref().filter(|_| places.lineage.height > 0) {
                let rows = places.lineage;
                for (y, said) in (rows.y..rows.bottom()).zip(table::lineage(lineage)) {
                    painter.text((rows.x, y), &said, Role::Text, rows.width);
                }
            }
            for (chart, area) in &places.charts {
                charts::draw(*chart, shown, *area, painter);
            }
        }
    }
}

fn say(text: &Safe, role: Role, places: &Places, painter: &mut Painter<'_>) {
    painter.text((places.body.x, places.body.y), text, role, places.body.width);
}

/// Which days are shown.
fn days(page: &UsagePage) -> Safe {
    match page.shown().and_then(Shown::days) {
        Some((from, to)) if from == to => sanitise(&to.to_string()),
        // All there is begins where the log does.
        Some((from, to)) if from == jiff::civil::Date::MIN => {
            let first = page.shown().and_then(Shown::charts).map(|charts| charts.first.date());
            first.map_or_else(|| sanitise(&to.to_string()), |first| sanitise(&format!("{first} – {to}")))
        }
        Some((from, to)) => sanitise(&format!("{from} – {to}")),
        None => Safe::default(),
    }
}

/// The text that names of rows are to hold.
fn filter(page: &UsagePage, row: Rect, painter: &mut Painter<'_>) -> Option<(u16, u16)> {
    let after = painter.text((row.x, row.y), &sanitise("/ "), Role::Accent, 2);
    let room = row.right().saturating_sub(after + 1);
    let (text, cursor) = page.filter.window(usize::from(room));
    painter.text((after, row.y), &text, Role::Text, room);
    let cursor = u16::try_from(cursor).unwrap_or(0);
    (page.typing == Typing::Filter).then_some((after + cursor.min(room), row.y))
}
