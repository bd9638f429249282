//! How budgets stand, above the totals.

use ratatui::layout::Rect;

use crate::app::{Model, budgets};
use crate::chat::Money;
use crate::t;
use crate::telemetry::{Level, Standing};
use crate::text::{Safe, sanitise, sanitise_line};
use crate::turns::amount;

use super::super::paint::Painter;
use super::super::theme::Role;

/// The budgets there is room for, a row each: name, bar, share, amounts, and what there is to say.
pub fn draw(model: &Model, area: Rect, painter: &mut Painter<'_>) {
    let (name, bar) = if area.width < 60 { (10, 4) } else { (16, 10) };
    for (y, standing) in (area.y..area.bottom()).zip(budgets::current(model)).take(budgets::rows(model)) {
        let role = if standing.level() > Level::Within { Role::Bad } else { Role::Text };
        let of = standing.of.as_ref().map(|(_, of)| format!(" {of}")).unwrap_or_default();
        painter.text((area.x, y), &sanitise_line(&format!("{}{of}", standing.budget)), role, name - 1);
        painter.text((area.x + name, y), &filled(standing, bar), role, bar);
        let x = area.x + name + bar + 1;
        painter.text((x, y), &figures(standing), role, area.right().saturating_sub(x));
    }
}

/// A bar as long as the share that is spent, with a mark where the soft limit is.
fn filled(standing: &Standing, cells: u16) -> Safe {
    let at = |percent: u64| percent.min(100) * u64::from(cells) / 100;
    let spent = at(standing.percent());
    let soft = standing.hard.and(standing.soft).map(|soft| {
        let at_soft = Standing { spent: soft, reserved: Money::ZERO, ..standing.clone() };
        at(at_soft.percent()).min(u64::from(cells.saturating_sub(1)))
    });
    let cell = |place: u64| match soft {
        Some(soft) if soft == place => '│',
        Some(_) | None if place < spent => '▓',
        Some(_) | None => '░',
    };
    sanitise(&(0..u64::from(cells)).map(cell).collect::<String>())
}

/// What stands behind the bar; the last of it gives way on a narrow screen.
fn figures(standing: &Standing) -> Safe {
    let (spent, limit) = (amount(standing.committed()), amount(standing.limit()));
    let level = match standing.level() {
        Level::Within => None,
        Level::Soft => Some(t!("ui-budget-soft")),
        Level::Hard => Some(t!("ui-budget-hard")),
    };
    let unpriced = (standing.unpriced > 0).then(|| t!("ui-budget-unpriced", count = standing.unpriced));
    let renews = standing.window.renews.strftime("%m-%d").to_string();
    let said = [
        Some(t!("ui-budget-figures", percent = standing.percent(), spent = spent, limit = limit)),
        level,
        unpriced,
        Some(t!("ui-budget-renews", at = renews)),
    ];
    let said: Vec<Safe> = said.into_iter().flatten().collect();
    sanitise(&said.iter().map(Safe::as_str).collect::<Vec<_>>().join(" · "))
}
