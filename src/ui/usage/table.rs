//! The rows of the page, their sum, and what has to be said of both.

use ratatui::layout::Rect;

use crate::app::block::{euros, grouped};
use crate::app::usage::places::Places;
use crate::app::usage::{Lineage, Shown, Totals, UsagePage};
use crate::t;
use crate::telemetry::{Sort, UsageRow};
use crate::text::{Safe, sanitise};

use super::super::paint::Painter;
use super::super::theme::Role;
use super::figures::{cell, footprint, head, price};

/// Draws them.
pub fn draw(page: &UsagePage, shown: &Shown, totals: &Totals, places: &Places, painter: &mut Painter<'_>) {
    let report = &totals.usage.report;
    let area = places.body;
    let sort = page.query.sort;
    let line = |y: u16, name: &Safe, role: Role, cells: &dyn Fn(usize) -> Safe, painter: &mut Painter<'_>| {
        painter.text((area.x, y), name, role, places.name.width.saturating_sub(1));
        for (at, (_, head)) in places.heads.iter().enumerate() {
            painter.text_right((head.right(), y), &cells(at), role, head.x);
        }
    };
    // What the rows are ordered by is told by a sign.
    let sorted = |is_it: bool, name: Safe| if is_it { sanitise(&format!("↓{name}")) } else { name };
    let column = |at: usize| places.heads.get(at).map(|(column, _)| *column);
    let by_name = sorted(sort == Sort::Name, Safe::default());
    let heads = |at: usize| {
        column(at).map(|column| sorted(column.sort() == Some(sort), head(column))).unwrap_or_default()
    };
    line(area.y, &by_name, Role::Dim, &heads, painter);
    let seen = shown.listed.iter().enumerate().skip(page.top);
    let mut y = places.rows.y;
    for (place, at) in seen.take(usize::from(places.rows.height)) {
        let Some(row) = report.rows.get(*at) else { continue };
        let cells = |at: usize| column(at).map(|column| cell(column, row)).unwrap_or_default();
        line(y, &shown.name(row), Role::Text, &cells, painter);
        if place == page.row {
            painter.select(Rect { y, height: 1, ..places.rows });
        }
        y += 1;
    }
    let room = usize::from(places.rows.height);
    let width = places.rows.width;
    painter.rule(Rect { y, width, height: 1, ..area });
    let all = page.rows();
    if all > room {
        let (from, to) = (page.top + 1, (page.top + room).min(all));
        let place = t!("ui-usage-place", from = from, to = to, all = all);
        painter.text_right((area.x + width, y), &place, Role::Dim, area.x);
    }
    let sum = |at: usize| column(at).map(|column| cell(column, &report.total)).unwrap_or_default();
    line(y + 1, &t!("ui-usage-total"), Role::Title, &sum, painter);
    let about = report.total.footprint.map(footprint).into_iter().chain([notes(totals)]);
    for (y, said) in (y + 2..area.bottom()).zip(about) {
        painter.text((area.x, y), &said, Role::Dim, area.width);
    }
}

/// What is not in the sums, or only about right.
pub fn notes(totals: &Totals) -> Safe {
    let total = &totals.usage.report.total;
    let damaged = totals.usage.damaged;
    // What can be mended is told first: a narrow screen cuts the rest.
    let notes = [
        (damaged > 0).then(|| t!("ui-usage-damaged", count = damaged)),
        (total.unpriced > 0)
            .then(|| t!("ui-usage-unpriced", count = total.unpriced, said = grouped(total.unpriced))),
        (total.estimated > 0).then(|| t!("ui-usage-estimated", count = grouped(total.estimated))),
        (total.cost_told > 0).then(|| t!("ui-usage-told", count = grouped(total.cost_told))),
    ];
    let notes: Vec<String> = notes.into_iter().flatten().map(Safe::into_string).collect();
    sanitise(&notes.join(" · "))
}

/// What the branch in view costs and what of that it shares; what all of the conversation costs.
pub fn lineage(lineage: &Lineage) -> [Safe; 2] {
    let price = |row: &UsageRow| if row.unpriced > 0 { price(row) } else { euros(row.cost_eur) };
    let (branch, shared, own) = (price(&lineage.branch()), price(&lineage.prefix), price(&lineage.own));
    [
        t!("ui-usage-lineage", branch = branch, shared = shared, own = own),
        t!("ui-usage-lineage-whole", whole = price(&lineage.whole), others = lineage.others),
    ]
}
