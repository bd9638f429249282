//! The usage page: totals by model, day, endpoint, key or conversation.

use ratatui::layout::Rect;

use crate::app::block::{euros, grouped};
use crate::app::effect::UsageRange;
use crate::app::geometry::usage_budgets;
use crate::app::offers::short_count;
use crate::app::overlay::{UsagePage, UsageState, UsageTable};
use crate::app::{Model, UsageQuery, budgets};
use crate::chat::Money;
use crate::t;
use crate::telemetry::{GroupBy, Level, Standing, UsageReport, UsageRow};
use crate::text::{Safe, sanitise, sanitise_line};
use crate::turns::amount;

use super::paint::Painter;
use super::theme::Role;

/// Draws it.
pub fn draw(model: &Model, page: &UsagePage, painter: &mut Painter<'_>) -> Option<(u16, u16)> {
    let height = model.size.height.saturating_sub(1);
    let area = Rect { x: 0, y: 0, width: model.size.width, height };
    if page.table == UsageTable::Wins {
        wins(model, page.top, area, painter);
        return None;
    }
    let inside = painter.frame(area, &t!("ui-usage"), &by(page.query), &t!("ui-usage-foot"));
    let mut x = inside.x;
    for range in UsageRange::EACH {
        let role = if range == page.query.range { Role::Accent } else { Role::Dim };
        let name = range_name(range);
        let text = if range == page.query.range { sanitise(&format!("[{name}]")) } else { name };
        x = painter.text((x, inside.y), &text, role, inside.right().saturating_sub(x)) + 2;
    }
    let below = |area: Rect, rows: u16| {
        let rows = rows.min(area.height);
        Rect { y: area.y + rows, height: area.height - rows, ..area }
    };
    let body = below(inside, 2);
    budgets(model, body, painter);
    let body = below(body, u16::try_from(usage_budgets(model)).unwrap_or(u16::MAX));
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
        UsageState::Here(report) => table(report, page.top, body, painter),
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
    let facts = COLUMNS.iter().map(|(name, _, fact)| format!("{} {}", name(), fact(row)));
    facts.collect::<Vec<_>>().join(", ")
}

/// Which days, and by what.
pub fn span(query: UsageQuery) -> Safe {
    sanitise(&format!("{}, {}", range_name(query.range), by(query)))
}

/// A page narrower than this has narrower columns in that table.
const NARROW_WINS: u16 = 60;

/// A column: its head, its width, what it says of a row. The first ones stay when the screen is narrow.
type Column = (fn() -> Safe, u16, fn(&UsageRow) -> String);

const COLUMNS: &[Column] = &[
    (|| t!("ui-usage-requests"), 9, |row| grouped(row.requests)),
    (|| t!("ui-usage-price"), 10, price),
    (|| t!("ui-usage-in"), 8, |row| short_count(row.tokens_in)),
    (|| t!("ui-usage-out"), 8, |row| short_count(row.tokens_out)),
    (|| t!("ui-usage-cached"), 8, |row| percent(row.cached_in, row.tokens_in)),
    (|| t!("ui-usage-p50"), 8, |row| seconds(row.latency_p50)),
    (|| t!("ui-usage-first"), 8, |row| seconds(row.ttft_p50)),
    (|| t!("ui-usage-errors"), 8, |row| percent(row.errors, row.requests)),
];

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

fn table(report: &UsageReport, top: usize, area: Rect, painter: &mut Painter<'_>) {
    let name_width = if area.width < 60 { 16 } else { 28 };
    let mut room = area.width.saturating_sub(name_width);
    let columns: Vec<&Column> = COLUMNS
        .iter()
        .take_while(|(_, width, _)| {
            let fits = *width <= room;
            room = room.saturating_sub(*width);
            fits
        })
        .collect();
    let mut line = |y: u16, name: &Safe, role: Role, cells: &dyn Fn(&Column) -> Safe| {
        painter.text((area.x, y), name, role, name_width - 1);
        let mut right = area.x + name_width;
        for column in &columns {
            right += column.1;
            painter.text_right((right, y), &cells(column), role, right - column.1);
        }
    };
    line(area.y, &Safe::default(), Role::Dim, &|column| column.0());
    let room = usize::from(area.height.saturating_sub(3));
    let first = top.min(report.rows.len().saturating_sub(room));
    let mut y = area.y + 1;
    for row in report.rows.iter().skip(first).take(room) {
        line(y, &sanitise_line(&row.key), Role::Text, &|column| sanitise(&(column.2)(row)));
        y += 1;
    }
    let total = &report.total;
    line(y + 1, &t!("ui-usage-total"), Role::Title, &|column| sanitise(&(column.2)(total)));
    let width = columns.iter().map(|column| column.1).sum::<u16>() + name_width;
    painter.rule(Rect { y, width: width.min(area.width), height: 1, ..area });
    if report.rows.len() > room {
        let (from, to) = (first + 1, first + room.min(report.rows.len()));
        let place = t!("ui-usage-place", from = from, to = to, all = report.rows.len());
        painter.text_right((area.x + width.min(area.width), y), &place, Role::Dim, area.x);
    }
}

fn range_name(range: UsageRange) -> Safe {
    match range {
        UsageRange::Today => t!("ui-range-today"),
        UsageRange::Week => t!("ui-range-week"),
        UsageRange::Month => t!("ui-range-month"),
        UsageRange::All => t!("ui-range-all"),
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
