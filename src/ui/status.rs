//! The status line: where Enter goes, what is read, what it costs. Segments give way from the least
//! important on as the width shrinks.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::block::euros;
use crate::app::model::{KeyOf, Phase};
use crate::app::offers::{owner, short_count};
use crate::app::temporary;
use crate::app::{budgets, ghost, motion};
use crate::chat::Money;
use crate::router::Cause;
use crate::t;
use crate::text::width::{truncate, width};
use crate::text::{Safe, sanitise, sanitise_line};

use super::paint::Painter;
use super::theme::Role;

/// What facts leave to the title, by the columns that a screen has at least.
const LEAST_TITLE: [(u16, usize); 2] = [(100, 20), (80, 12)];

/// Something that the right side tells, by the place it has there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fact {
    Temporary,
    Branches,
    Context,
    Price,
    Today,
    Budget,
    Ghost,
    Doing,
}

/// Draws it.
pub fn draw(model: &Model, area: Rect, painter: &mut Painter<'_>) {
    let route = &model.pane.route;
    let end = area.right().saturating_sub(1);
    let room = usize::from(area.width.saturating_sub(2));
    let wide = area.width >= 60;
    let model_name = sanitise_line(route.model.as_str());
    let place = if wide {
        let place = owner(&KeyOf::from(route));
        if model_name.is_empty() { place } else { sanitise(&format!("{place} · {model_name}")) }
    } else {
        model_name
    };
    let figures = &model.pane.view.figures;
    let context = figures.context.and_then(|used| {
        let window = model.model_info(route)?.context.filter(|window| *window > 0)?;
        Some(t!("ui-context", percent = used * 100 / window, window = short_count(window)))
    });
    let ghost = ghost::of(model, model.open.conversation.id)
        .map(|(_, ghost)| t!("ui-ghost", at = ghost.at, all = ghost.all));
    let live = model.live().map(|(_, live)| &live.phase);
    // A growing answer shows for itself; a wait does not.
    let waits = live.filter(|phase| **phase != Phase::Streaming).map(|phase| doing(model, phase));
    let follows = model.pane.reading().0.is_following();
    let streams = live.filter(|phase| **phase == Phase::Streaming).map(|phase| match follows {
        true => t!("ui-following"),
        false => doing(model, phase),
    });
    let spent_today = model.spent_today.filter(|spent| *spent != Money::ZERO);
    let budget = budgets::worst(model)
        .map(|standing| t!("ui-budget", name = standing.budget.as_str(), percent = standing.percent()));
    // The most important first: the last ones give way.
    let facts = [
        (Fact::Ghost, ghost),
        (Fact::Temporary, temporary::is_open(model).then(|| t!("ui-temporary"))),
        (Fact::Doing, waits),
        (Fact::Budget, budget),
        (Fact::Price, figures.spent.map(euros)),
        (Fact::Branches, (figures.branches > 1).then(|| sanitise(&format!("⑂ {}", figures.branches)))),
        (Fact::Context, context),
        (Fact::Doing, streams),
        (Fact::Today, spent_today.map(|spent| t!("ui-today", price = euros(spent)))),
    ];
    let mut shown: Vec<(Fact, Safe)> = Vec::new();
    let mut used = 0;
    let title = sanitise_line(&model.open.conversation.title);
    let least = LEAST_TITLE.iter().find(|(columns, _)| area.width >= *columns).map_or(0, |(_, cells)| *cells);
    let kept = width(&title).min(least);
    let most = room.saturating_sub(width(&place).min(room / 2) + kept + 4);
    for (fact, text) in facts {
        let Some(text) = text else { continue };
        let cells = width(&text) + 3;
        if used + cells <= most {
            used += cells;
            shown.push((fact, text));
        }
    }
    shown.sort_by_key(|(fact, _)| *fact);
    let texts: Vec<&str> = shown.iter().map(|(_, fact)| fact.as_str()).collect();
    let right = sanitise(&texts.join(" · "));
    let left_end = painter.text_right((end, area.y), &right, Role::Dim, area.x + 1);
    let left = painter.text((area.x + 1, area.y), &place, Role::Accent, left_end.saturating_sub(area.x + 3));
    let gap = left_end.saturating_sub(left + 2);
    if wide && !title.is_empty() && gap > 10 {
        let title = truncate(&title, usize::from(gap.saturating_sub(3)));
        painter.text((left + 3, area.y), &title, Role::Title, gap.saturating_sub(3));
    }
}

/// What a turn does.
pub fn doing(model: &Model, phase: &Phase) -> Safe {
    let now = model.now;
    let reduced = motion::is_reduced(model);
    match phase {
        Phase::Waiting => t!("ui-waiting"),
        Phase::Retrying { failed, next, .. } => {
            let left = next.duration_since(now).as_millis();
            if left <= 0 || reduced {
                return t!("ui-retrying", count = *failed);
            }
            // A second that has begun counts: the last one told is 1.
            t!("ui-retry-in", seconds = (left + 999) / 1000)
        }
        Phase::Held { until, cause } => {
            let left = until.map_or(0, |until| until.duration_since(now).as_millis());
            match cause {
                _ if left <= 0 || reduced => t!("ui-held"),
                Cause::Backoff => t!("ui-retry-in", seconds = (left + 999) / 1000),
                Cause::Provider => t!("ui-held-by-provider", seconds = (left + 999) / 1000),
                Cause::Minute(_) | Cause::Parallel(_) => {
                    t!("ui-held-by-limit", seconds = (left + 999) / 1000)
                }
            }
        }
        Phase::Streaming => t!("ui-streaming"),
        Phase::Stopping => t!("ui-stopping"),
    }
}
