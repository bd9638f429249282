//! The status line: where Enter goes, what is read, what it costs. Segments give way from the least
//! important on as the width shrinks.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::block::euros;
use crate::app::model::{KeyOf, Phase};
use crate::app::offers::{owner, short_count};
use crate::t;
use crate::text::width::{truncate, width};
use crate::text::{Safe, sanitise, sanitise_line};

use super::paint::Painter;
use super::theme::Role;

/// What facts leave to the title.
const LEAST_TITLE: usize = 20;

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
    // Facts from the right, the most important first; they may take half of the line.
    let figures = &model.pane.view.figures;
    let context = figures.context.and_then(|used| {
        let window = model.model_info(route)?.context.filter(|window| *window > 0)?;
        Some(t!("ui-context", percent = used * 100 / window, window = short_count(window)))
    });
    let facts = [
        figures.spent.map(euros),
        (figures.branches > 1).then(|| sanitise(&format!("⑂ {}", figures.branches))),
        model.live().map(|(_, live)| phase(&live.phase)),
        model.spent_today.map(|spent| t!("ui-today", price = euros(spent))),
        context,
    ];
    let mut shown: Vec<(usize, Safe)> = Vec::new();
    let mut used = 0;
    let title = sanitise_line(&model.pane.conversation.title);
    let kept = if wide { width(&title).min(LEAST_TITLE) } else { 0 };
    let most = room.saturating_sub(width(&place).min(room / 2) + kept + 4);
    for (rank, fact) in facts.into_iter().enumerate() {
        let Some(fact) = fact else { continue };
        let cells = width(&fact) + 3;
        if used + cells <= most {
            used += cells;
            shown.push((rank, fact));
        }
    }
    // Read from the left: branches, context, price, price of today, what streams.
    shown.sort_by_key(|(rank, _)| match rank {
        1 => 0,
        4 => 1,
        0 => 2,
        3 => 3,
        _ => 4,
    });
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

fn phase(phase: &Phase) -> Safe {
    match phase {
        Phase::Waiting => t!("ui-waiting"),
        Phase::Retrying { failed, .. } => t!("ui-retrying", count = *failed),
        Phase::Streaming => t!("ui-streaming"),
        Phase::Stopping => t!("ui-stopping"),
    }
}
