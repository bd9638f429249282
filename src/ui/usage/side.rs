//! The panel beside the conversation: thirty days, the models that cost most, this branch, and budgets.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::block::grouped;
use crate::app::budgets;
use crate::app::usage::{Lineage, SideFigures};
use crate::t;
use crate::telemetry::{Level, Point, Taken, UsageRow};
use crate::text::{Safe, sanitise, sanitise_line};
use crate::turns::amount;

use super::super::paint::Painter;
use super::super::theme::Role;
use super::charts::Counts;
use super::figures::price;
use super::plot::{self, Bins};

/// The models that are told by name.
const MODELS: usize = 4;

/// Draws it.
pub fn draw(model: &Model, area: Rect, painter: &mut Painter<'_>) {
    painter.rule_down(Rect { width: 1, ..area });
    let inside = Rect { x: area.x + 2, width: area.width.saturating_sub(3), ..area };
    let mut column = Column { area: inside, y: inside.y };
    painter.text((inside.x, inside.y), &t!("ui-usage"), Role::Title, inside.width);
    column.pair(&Safe::default(), &t!("app-range-thirty"), Role::Dim, painter);
    match &model.usage.side.figures {
        None => column.line(&t!("ui-usage-loading"), Role::Dim, painter),
        Some(figures) => told(figures, &mut column, painter),
    }
    limits(model, &mut column, painter);
}

/// Rows one below the other.
struct Column {
    area: Rect,
    y: u16,
}

impl Column {
    fn line(&mut self, text: &Safe, role: Role, painter: &mut Painter<'_>) {
        if self.y < self.area.bottom() {
            painter.text((self.area.x, self.y), text, role, self.area.width);
        }
        self.y += 1;
    }

    /// A name, and its figure at the right.
    fn pair(&mut self, name: &Safe, figure: &Safe, role: Role, painter: &mut Painter<'_>) {
        if self.y < self.area.bottom() {
            let x = painter.text_right((self.area.right(), self.y), figure, role, self.area.x);
            painter.text((self.area.x, self.y), name, Role::Dim, x.saturating_sub(self.area.x + 1));
        }
        self.y += 1;
    }

    /// Rows for something that is drawn, where there are so many.
    fn rows(&mut self, rows: u16) -> Option<Rect> {
        let place = Rect { y: self.y, height: rows, ..self.area };
        self.y += rows;
        (self.y <= self.area.bottom()).then_some(place)
    }

    fn gap(&mut self) {
        self.y += 1;
    }
}

fn told(figures: &SideFigures, column: &mut Column, painter: &mut Painter<'_>) {
    let report = &figures.days.report;
    let requests =
        t!("ui-side-requests", count = report.total.requests, said = grouped(report.total.requests));
    column.pair(&requests, &price(&report.total), Role::Text, painter);
    let slots = figures.days.charts.as_ref().map_or(&[][..], |charts| &charts.slots);
    let counts = Counts::of(slots);
    if let Some(area) = column.rows(2) {
        let bins = Bins::new(slots.len(), area.width);
        let values = bins.sums(slots.iter().map(|point| counts.value(point)));
        plot::bars(&values, &bins, area, Role::Accent, painter);
    }
    for (name, days) in [(t!("app-range-today"), 1), (t!("app-range-week"), 7)] {
        column.pair(&name, &price(&of_last(days, slots)), Role::Text, painter);
    }
    if let Some(taken) = report.total.footprint {
        estimated(taken, column, painter);
    }
    if !report.rows.is_empty() {
        column.gap();
        top_models(&report.rows, column, painter);
    }
    if let Some(lineage) = &figures.lineage {
        column.gap();
        of_branch(lineage, column, painter);
    }
    if figures.days.damaged > 0 {
        column.gap();
        column.line(&t!("ui-side-damaged", count = figures.days.damaged), Role::Dim, painter);
    }
}

/// What the requests took, and how many of them are not in that.
fn estimated(taken: Taken, column: &mut Column, painter: &mut Painter<'_>) {
    for (name, told) in [(t!("ui-usage-energy"), taken.energy()), (t!("ui-usage-carbon"), taken.carbon())] {
        column.pair(&name, &sanitise(told.as_deref().unwrap_or("–")), Role::Text, painter);
    }
    if taken.unknown > 0 {
        let unknown = t!("ui-side-no-estimate");
        column.pair(&unknown, &sanitise(&grouped(taken.unknown)), Role::Dim, painter);
    }
}

/// The price of the last days, and what tells whether nothing was asked, or nothing that costs.
fn of_last(days: usize, slots: &[Point]) -> UsageRow {
    slots.iter().rev().take(days).fold(UsageRow::default(), |sum, point| UsageRow {
        cost_eur: sum.cost_eur + point.cost_eur,
        unpriced: sum.unpriced + point.unpriced,
        tokens_in: sum.tokens_in.saturating_add(point.tokens),
        ..sum
    })
}

fn top_models(rows: &[UsageRow], column: &mut Column, painter: &mut Painter<'_>) {
    for row in rows.iter().take(MODELS) {
        column.pair(&sanitise_line(&row.key), &price(row), Role::Text, painter);
    }
    let rest = rows.get(MODELS..).unwrap_or_default();
    if !rest.is_empty() {
        let sum = rest.iter().fold(UsageRow::default(), |sum, row| UsageRow {
            cost_eur: sum.cost_eur + row.cost_eur,
            unpriced: sum.unpriced + row.unpriced,
            tokens_in: sum.tokens_in + row.tokens_in,
            ..sum
        });
        column.pair(&t!("ui-usage-others", count = rest.len()), &price(&sum), Role::Dim, painter);
    }
}

/// What the conversation cost, and the branch in view.
fn of_branch(lineage: &Lineage, column: &mut Column, painter: &mut Painter<'_>) {
    column.pair(&t!("ui-side-conversation"), &price(&lineage.whole), Role::Text, painter);
    column.pair(&t!("ui-side-branch"), &price(&lineage.branch()), Role::Text, painter);
    if lineage.others > 0 {
        column.pair(&t!("ui-side-shared"), &price(&lineage.prefix), Role::Dim, painter);
        column.pair(&t!("ui-side-own"), &price(&lineage.own), Role::Dim, painter);
        let others = t!("ui-side-others", count = lineage.others);
        column.pair(&others, &price(&lineage.elsewhere()), Role::Dim, painter);
    }
}

fn limits(model: &Model, column: &mut Column, painter: &mut Painter<'_>) {
    for standing in budgets::current(model).into_iter().take(budgets::rows(model)) {
        column.gap();
        let role = if standing.level() > Level::Within { Role::Bad } else { Role::Text };
        let of = standing.of.as_ref().map(|(_, of)| format!(" {of}")).unwrap_or_default();
        let share = sanitise(&format!("{} %", standing.percent()));
        column.pair(&sanitise_line(&format!("{}{of}", standing.budget)), &share, role, painter);
        let of = t!("ui-side-of", spent = amount(standing.committed()), limit = amount(standing.limit()));
        let Some(area) = column.rows(1) else { return };
        let x = painter.text_right((area.right(), area.y), &of, Role::Dim, area.x);
        let cells = x.saturating_sub(area.x + 1);
        painter.text((area.x, area.y), &plot::filled(standing.percent().min(100), 100, cells), role, cells);
    }
}
