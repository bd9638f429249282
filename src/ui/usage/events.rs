//! Single events: a row each, the latest first, and all that is known of the one that is selected.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::block::{euros, grouped};
use crate::app::usage::places::{NARROW, Places};
use crate::app::usage::{Shown, UsagePage, conversation_name};
use crate::chat::Money;
use crate::t;
use crate::telemetry::{EventStatus, FoundEvent, RequestEvent};
use crate::text::{Safe, sanitise, sanitise_line};

use super::super::paint::Painter;
use super::super::theme::Role;
use super::figures::{rate, seconds};

/// Columns of what stands right of the model: price, tokens, time, end.
const COLUMNS: [(u16, Role); 4] = [(11, Role::Text), (15, Role::Text), (9, Role::Dim), (13, Role::Dim)];
/// Columns of the moment: with its second, and where it is narrow without.
const MOMENT: [(u16, &str); 2] = [(16, "%m-%d %H:%M:%S"), (13, "%m-%d %H:%M")];

/// Draws them.
pub fn draw(model: &Model, page: &UsagePage, shown: &Shown, places: &Places, painter: &mut Painter<'_>) {
    let all = page.rows();
    let area = places.rows;
    let about = t!("ui-usage-events", count = grouped(all as u64));
    painter.text((places.name.x, places.name.y), &about, Role::Dim, places.name.width);
    for (y, row) in (area.y..area.bottom()).zip(page.top..all) {
        let place = Rect { y, height: 1, ..area };
        match shown.event(row) {
            Some(found) => line(model, found, place, painter),
            None => {
                painter.text((area.x, y), &sanitise("…"), Role::Dim, 1);
            }
        }
        if row == page.row {
            painter.select(place);
        }
    }
    if places.details.height > 0
        && let Some(found) = page.selected_event()
    {
        let beside = places.details.x > area.x;
        if beside {
            painter.rule_down(Rect { x: places.details.x.saturating_sub(2), ..places.details });
        } else {
            painter.rule(Rect { y: places.details.y.saturating_sub(1), height: 1, ..area });
        }
        details(model, found, places.details, painter);
    }
}

/// One event in a row. Columns give way from the right.
fn line(model: &Model, found: &FoundEvent, area: Rect, painter: &mut Painter<'_>) {
    let event = match &found.event {
        Ok(event) => event,
        Err(reason) => {
            painter.text((area.x, area.y), &sanitise_line(reason), Role::Bad, area.width);
            return;
        }
    };
    let cells = cells(event);
    let [exact, short] = MOMENT;
    let (first, format) = if area.width < NARROW { short } else { exact };
    let mut rest = area.width.saturating_sub(first + 12);
    let fit = COLUMNS.iter().take_while(|(cells, _)| {
        let fits = *cells <= rest;
        rest = rest.saturating_sub(*cells);
        fits
    });
    let fit = fit.count();
    let taken: u16 = COLUMNS.iter().take(fit).map(|(cells, _)| cells).sum();
    painter.text((area.x, area.y), &moment(model, event, format), Role::Dim, first - 1);
    let name = area.width.saturating_sub(first + taken).min(40);
    painter.text((area.x + first, area.y), &sanitise_line(event.model.as_str()), Role::Text, name);
    let mut x = area.x + first + name;
    // How it ended is words, and takes what is left.
    let spare = area.width.saturating_sub(first + taken + name).min(4);
    for (at, ((columns, role), cell)) in COLUMNS.iter().zip(&cells).take(fit).enumerate() {
        let columns = if at + 1 == COLUMNS.len() { columns + spare } else { *columns };
        let role = if *role == Role::Dim && event.status != EventStatus::Ok { Role::Bad } else { *role };
        painter.text_right((x + columns, area.y), cell, role, x + 1);
        x += columns;
    }
}

/// What stands in the columns.
fn cells(event: &RequestEvent) -> [Safe; 4] {
    let count = |count: Option<u64>| count.map_or_else(|| "–".to_owned(), grouped);
    [
        price(event),
        sanitise(&format!("{} → {}", count(event.tokens_in), count(event.tokens_out))),
        seconds(Some(event.latency)),
        end(event),
    ]
}

fn price(event: &RequestEvent) -> Safe {
    match event.cost_eur {
        // What was asked in vain is not what "free" tells of a model.
        Some(Money::ZERO) | None if event.tokens_in.is_none() && event.tokens_out.is_none() => sanitise("–"),
        Some(price) => euros(price),
        None => t!("ui-usage-unknown"),
    }
}

/// How it ended.
fn end(event: &RequestEvent) -> Safe {
    match (event.status, event.error) {
        (EventStatus::Error, Some(kind)) => sanitise(&kind.name().replace('_', " ")),
        (EventStatus::Error, None) => t!("ui-usage-errors"),
        (EventStatus::Ok, _) => t!("ui-event-ok"),
        (EventStatus::Cancelled, _) => t!("ui-usage-stopped"),
        (EventStatus::Cut, _) => t!("ui-usage-cut"),
    }
}

fn moment(model: &Model, event: &RequestEvent, format: &str) -> Safe {
    sanitise(&event.ts.to_zoned(model.zone.clone()).strftime(format).to_string())
}

/// What an event says in one line.
pub fn told(model: &Model, found: &FoundEvent) -> Safe {
    match &found.event {
        Ok(event) => {
            let [price, tokens, time, end] = cells(event);
            let at = moment(model, event, "%Y-%m-%d %H:%M:%S");
            sanitise(&format!(
                "{at}, {}, {tokens}, {price}, {time}, {end}",
                sanitise_line(event.model.as_str())
            ))
        }
        Err(reason) => sanitise_line(reason),
    }
}

/// All that is known of one.
fn details(model: &Model, found: &FoundEvent, area: Rect, painter: &mut Painter<'_>) {
    const NAME: u16 = 14;
    let Ok(event) = &found.event else { return };
    let file = found.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let taken = found.footprint.map(|taken| {
        let (energy, carbon) = (taken.energy_wh.told("Wh"), taken.carbon_g.told("g"));
        (t!("ui-event-estimate"), vec![t!("ui-usage-footprint", energy = energy, carbon = carbon)])
    });
    let rows = facts(model, event).into_iter().chain(taken).chain([(
        t!("ui-event-line"),
        vec![sanitise_line(&file), t!("ui-event-byte", at = grouped(found.offset))],
    )]);
    for (y, (name, said)) in (area.y..area.bottom()).zip(rows) {
        painter.text((area.x, y), &name, Role::Dim, NAME - 1);
        let said: Vec<String> = said.into_iter().map(Safe::into_string).collect();
        painter.text(
            (area.x + NAME, y),
            &sanitise(&said.join(" · ")),
            Role::Text,
            area.width.saturating_sub(NAME),
        );
    }
}

fn facts(model: &Model, event: &RequestEvent) -> Vec<(Safe, Vec<Safe>)> {
    let outside = |text: &str| sanitise_line(text);
    let count = |count: Option<u64>| count.map_or_else(|| "–".to_owned(), grouped);
    let served = event.model_served.as_ref().filter(|served| **served != event.model);
    let alias = event.alias.as_ref().map(|alias| t!("ui-event-alias", alias = alias.as_str()));
    let some = |count: Option<u64>| count.filter(|count| *count > 0).map(grouped);
    let spoken = event.ttft.map(|first| event.latency - first).filter(|spoken| *spoken > 0.0);
    let speed = spoken.zip(event.tokens_out).map(|(spoken, out)| out as f64 / spoken);
    let dollars = event.cost_usd.map(|price| {
        let rate = event.eur_per_usd.map(|rate| rate.0.to_string()).unwrap_or_default();
        t!("ui-event-dollars", price = price.to_string(), rate = rate)
    });
    let conversation = event.conversation.map(|id| id.to_string()).unwrap_or_default();
    let lists: [(Safe, Vec<Option<Safe>>); 8] = [
        (
            t!("ui-event-when"),
            vec![
                Some(moment(model, event, "%Y-%m-%d %H:%M:%S %Z")),
                Some(outside(event.mode.name())),
                Some(outside(&event.user_id)),
            ],
        ),
        (
            t!("ui-event-model"),
            vec![
                Some(outside(event.model.as_str())),
                served.map(|served| t!("ui-event-served", model = served.as_str())),
                alias,
            ],
        ),
        (
            t!("ui-event-from"),
            vec![Some(outside(&format!("{}/{}", event.endpoint, event.key))), Some(outside(&event.provider))],
        ),
        (
            t!("ui-event-tokens"),
            vec![
                Some(t!("ui-event-in", count = count(event.tokens_in))),
                some(event.cached_in).map(|count| t!("ui-event-cached", count = count)),
                some(event.cache_write).map(|count| t!("ui-event-written", count = count)),
                Some(t!("ui-event-out", count = count(event.tokens_out))),
                some(event.reasoning_out).map(|count| t!("ui-event-thought", count = count)),
                event.estimated.then(|| t!("ui-event-estimated")),
            ],
        ),
        (
            t!("ui-usage-price"),
            vec![Some(price(event)), dollars, event.cost_told.then(|| t!("ui-event-told"))],
        ),
        (
            t!("ui-event-time"),
            vec![
                Some(seconds(Some(event.latency))),
                event.ttft.map(|first| t!("ui-event-first", time = seconds(Some(first)))),
                speed.map(|speed| t!("ui-usage-rate", rate = rate(Some(speed)))),
            ],
        ),
        (
            t!("ui-event-end"),
            vec![
                Some(end(event)),
                event.http_status.map(|status| sanitise(&format!("HTTP {status}"))),
                (event.attempts > 1 || !event.is_final)
                    .then(|| t!("ui-event-attempt", at = event.attempt, all = event.attempts)),
                (!event.over_budget.is_empty())
                    .then(|| t!("ui-event-over", budgets = event.over_budget.join(", "))),
            ],
        ),
        (t!("ui-event-conversation"), vec![Some(conversation_name(&conversation, &model.conversations))]),
    ];
    lists.map(|(name, said)| (name, said.into_iter().flatten().collect())).into()
}
