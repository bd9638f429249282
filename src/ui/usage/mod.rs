//! The usage page: totals by model, day, endpoint, key or conversation.

use ratatui::layout::Rect;

use crate::app::block::{euros, grouped};
use crate::app::offers::short_count;
use crate::app::overlay::{UsagePage, UsageState, UsageTable};
use crate::app::usage::{self, Column, Places, range_name};
use crate::app::{Model, UsageQuery, budgets};
use crate::chat::Money;
use crate::t;
use crate::telemetry::{GroupBy, Level, Sort, Standing, UsageReport, UsageRow};
use crate::text::{Safe, sanitise, sanitise_line};
use crate::turns::amount;

use super::paint::Painter;
use super::theme::Role;

/// Draws it.
pub fn draw(model: &Model, page: &UsagePage, painter: &mut Painter<'_>) -> Option<(u16, u16)> {
    let area = usage::page(model);
    if page.table == UsageTable::Wins {
        wins(model, page.top, area, painter);
        return None;
    }
    painter.frame(area, &t!("ui-usage"), &by(page.query), &t!("ui-usage-foot"));
    let places = usage::places(model, page.query);
    for (range, name, area) in &places.ranges {
        let role = if *range == page.query.range { Role::Accent } else { Role::Dim };
        painter.text((area.x, area.y), name, role, area.width);
    }
    let body = places.body;
    budgets(model, places.budgets, painter);
    match &page.state {
        UsageState::Loading => {
            painter.text((body.x, body.y), &t!("ui-usage-loading"), Role::Dim, body.width);
        }
        UsageState::Failed(reason) => {
            painter.text((body.x, body.y), &t!("ui-usage-failed", reason = reason), Role::Bad, body.width);
        }
        UsageState::Here(report) if report.rows.is_empty() => {
            painter.text((body.x, body.y), &t!("ui-usage-none"), Role::Dim, body.width);
        }
        UsageState::Here(report) => table(report, page, &places, painter),
    }
    None
}

/// The budgets there is room for, a row each: name, bar, share, amounts, and what there is to say.
fn budgets(model: &Model, area: Rect, painter: &mut Painter<'_>) {
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

/// The models that were judged without their names, and how often each was chosen.
fn wins(model: &Model, top: usize, area: Rect, painter: &mut Painter<'_>) {
    let inside = painter.frame(area, &t!("ui-wins"), &Safe::default(), &t!("ui-wins-foot"));
    if model.wins.is_empty() {
        painter.text((inside.x, inside.y), &t!("ui-wins-none"), Role::Dim, inside.width);
        return;
    }
    let column = if inside.width < NARROW_WINS { 6 } else { 8 };
    let name = inside.width.saturating_sub(column * 3).min(40);
    let mut line = |y: u16, text: &Safe, role: Role, cells: [Safe; 3]| {
        painter.text((inside.x, y), text, role, name.saturating_sub(1));
        for (right, cell) in (1..).map(|at| inside.x + name + column * at).zip(&cells) {
            painter.text_right((right, y), cell, role, right - column);
        }
    };
    let heads = [t!("ui-wins-shown"), t!("ui-wins-won"), t!("ui-wins-share")];
    line(inside.y, &Safe::default(), Role::Dim, heads);
    for (y, wins) in (inside.y + 1..inside.bottom()).zip(model.wins.iter().skip(top)) {
        let share = format!("{} %", wins.percent());
        let cells = [grouped(wins.shown), grouped(wins.won), share].map(|cell| sanitise(&cell));
        line(y, &sanitise_line(wins.model.as_str()), Role::Text, cells);
    }
}

/// What a row says, each figure after its name.
pub fn facts(row: &UsageRow) -> String {
    let facts = Column::EACH.map(|(column, ..)| {
        let (name, fact) = told(column);
        format!("{name} {}", fact(row))
    });
    facts.join(", ")
}

/// Which days, and by what.
pub fn span(query: UsageQuery) -> Safe {
    sanitise(&format!("{}, {}", range_name(query.range), by(query)))
}

/// A page narrower than this has narrower columns in that table.
const NARROW_WINS: u16 = 60;

/// The head of a column, and what it says of a row.
fn told(column: Column) -> (Safe, fn(&UsageRow) -> String) {
    match column {
        Column::Requests => (t!("ui-usage-requests"), |row| grouped(row.requests)),
        Column::Price => (t!("ui-usage-price"), price),
        Column::TokensIn => (t!("ui-usage-in"), |row| short_count(row.tokens_in)),
        Column::TokensOut => (t!("ui-usage-out"), |row| short_count(row.tokens_out)),
        Column::Cached => (t!("ui-usage-cached"), |row| percent(row.cached_in, row.tokens_in)),
        Column::Latency => (t!("ui-usage-p50"), |row| seconds(row.latency_p50)),
        Column::FirstContent => (t!("ui-usage-first"), |row| seconds(row.ttft_p50)),
        Column::Errors => (t!("ui-usage-errors"), |row| percent(row.errors, row.requests)),
    }
}

fn price(row: &UsageRow) -> String {
    if row.unpriced > 0 && row.cost_eur.nanos() == 0 {
        return t!("ui-usage-unknown").into_string();
    }
    // What was asked in vain is not what "free" tells of a model.
    if row.tokens_in == 0 && row.tokens_out == 0 && row.cost_eur.nanos() == 0 {
        return "–".to_owned();
    }
    euros(row.cost_eur).into_string()
}

fn percent(part: u64, whole: u64) -> String {
    (part * 100).checked_div(whole).map_or_else(|| "–".to_owned(), |percent| format!("{percent} %"))
}

fn seconds(seconds: Option<f64>) -> String {
    seconds.map_or_else(|| "–".to_owned(), |seconds| format!("{seconds:.1} s"))
}

fn table(report: &UsageReport, page: &UsagePage, places: &Places, painter: &mut Painter<'_>) {
    let (area, top) = (places.body, page.top);
    let mut line = |y: u16, name: &Safe, role: Role, cells: &dyn Fn(Column, Option<Sort>) -> Safe| {
        painter.text((area.x, y), name, role, places.name.width - 1);
        for (column, sort, head) in &places.heads {
            painter.text_right((head.right(), y), &cells(*column, *sort), role, head.x);
        }
    };
    // What the rows are ordered by is told by a sign.
    let sorted = |is_it: bool, name: Safe| if is_it { sanitise(&format!("↓{name}")) } else { name };
    let by_name = sorted(page.query.sort == Sort::Name, Safe::default());
    line(area.y, &by_name, Role::Dim, &|column, sort| sorted(sort == Some(page.query.sort), told(column).0));
    let said = |row: &UsageRow, column: Column| sanitise(&told(column).1(row));
    let room = usize::from(area.height.saturating_sub(3));
    let first = top.min(report.rows.len().saturating_sub(room));
    let mut y = area.y + 1;
    for row in report.rows.iter().skip(first).take(room) {
        line(y, &sanitise_line(&row.key), Role::Text, &|column, _| said(row, column));
        y += 1;
    }
    let total = &report.total;
    line(y + 1, &t!("ui-usage-total"), Role::Title, &|column, _| said(total, column));
    let width = places.heads.last().map_or(places.name, |(.., head)| *head).right() - area.x;
    painter.rule(Rect { y, width: width.min(area.width), height: 1, ..area });
    if report.rows.len() > room {
        let (from, to) = (first + 1, first + room.min(report.rows.len()));
        let place = t!("ui-usage-place", from = from, to = to, all = report.rows.len());
        painter.text_right((area.x + width.min(area.width), y), &place, Role::Dim, area.x);
    }
}

fn by(query: UsageQuery) -> Safe {
    match query.by {
        GroupBy::Day => t!("ui-by-day"),
        GroupBy::Week => t!("ui-by-week"),
        GroupBy::Model => t!("ui-by-model"),
        GroupBy::Endpoint => t!("ui-by-endpoint"),
        GroupBy::Key => t!("ui-by-key"),
        GroupBy::Conversation => t!("ui-by-conversation"),
        GroupBy::Branch => t!("ui-by-branch"),
        GroupBy::User => t!("ui-by-user"),
        GroupBy::Mode => t!("ui-by-mode"),
    }
}
