//! The panes: a head for each where there are several, its branch, and the lines between them.

use ratatui::layout::Rect;

use crate::app::geometry::{gaps, places};
use crate::app::model::Phase;
use crate::app::overlay::title_or_untitled;
use crate::app::pane::{Opened, Pane};
use crate::app::{Focus, Model};
use crate::t;
use crate::text::width::width;
use crate::text::{Safe, sanitise, sanitise_line};

use super::lanes;
use super::paint::{FOCUS, Painter};
use super::rail;
use super::theme::Role;
use super::transcript::{self, Keys, Shown};

/// Draws them.
pub fn draw(model: &Model, painter: &mut Painter<'_>) {
    let order = model.panes.layout.order();
    let others: Vec<(&Pane, &Opened)> = model.panes.others(&model.open).collect();
    for place in places(model) {
        let focused = place.pane == model.pane.id;
        let found = if focused {
            Some((&model.pane, &model.open))
        } else {
            others.iter().copied().find(|(pane, _)| pane.id == place.pane)
        };
        let Some((pane, opened)) = found else { continue };
        let keys = if focused && model.focus == Focus::Transcript { Keys::Here } else { Keys::Elsewhere };
        let shared = if focused { 0 } else { shared(model, pane, opened) };
        let shown = Shown { pane, view: &pane.view, layouts: &pane.layouts, opened, keys, shared };
        if let Some(area) = place.head {
            let number = order.iter().position(|id| *id == pane.id).map_or(0, |at| at + 1);
            head(model, &shown, (number, order.len()), area, painter);
        }
        match &pane.lanes {
            Some(lanes) => lanes::draw(model, &shown, lanes, place.body, painter),
            None => transcript::draw(model, &shown, place.body, painter),
        }
        if let Some(area) = place.rail {
            rail::draw(model, &shown, (area, place.body), painter);
        }
    }
    for gap in gaps(model) {
        painter.rule_down(gap);
    }
}

/// How many messages a pane shares with the one that has the focus.
fn shared(model: &Model, pane: &Pane, opened: &Opened) -> usize {
    if opened.conversation.id != model.open.conversation.id {
        return 0;
    }
    let both = pane.view.branch.iter().zip(&model.pane.view.branch);
    both.take_while(|(here, there)| here == there).count()
}

/// The row above a pane: its number, what it shows, where it sends to, what it does.
fn head(
    model: &Model,
    shown: &Shown<'_>,
    (number, count): (usize, usize),
    area: Rect,
    painter: &mut Painter<'_>,
) {
    let (pane, opened) = (shown.pane, shown.opened);
    let focused = pane.id == model.pane.id;
    painter.rule(area);
    let doing = match model.live_in(opened.conversation.id, &pane.view).map(|(_, live)| &live.phase) {
        Some(Phase::Waiting) => t!("app-status-waiting"),
        Some(Phase::Retrying { failed, .. }) => t!("app-status-retrying", count = *failed),
        Some(Phase::Held { .. }) => t!("app-status-held"),
        Some(Phase::Streaming) => t!("app-status-streaming"),
        Some(Phase::Stopping) => t!("app-status-stopping"),
        None if pane.composer.is_empty() => Safe::default(),
        None => sanitise("✎"),
    };
    let alone =
        model.panes.others(&model.open).all(|(_, other)| other.conversation.id == opened.conversation.id);
    let title = title_or_untitled(&opened.conversation.title);
    let name = sanitise_line(pane.route.model.as_str());
    let number =
        if area.width == model.size.width { format!("{number}/{count}") } else { number.to_string() };
    // Panes of one conversation are told apart by their models; others by their titles too.
    let label = if alone { format!(" {number} {name} ") } else { format!(" {number} {title} · {name} ") };
    let right = if doing.is_empty() {
        area.right()
    } else {
        let text = sanitise(&format!(" {doing} "));
        let cells = u16::try_from(width(&text)).unwrap_or(0);
        if cells + 12 > area.width {
            area.right()
        } else {
            painter.text_right((area.right(), area.y), &text, Role::Dim, area.x)
        }
    };
    let role = if focused { Role::Accent } else { Role::Dim };
    if focused {
        painter.text((area.x, area.y), &sanitise(FOCUS), role, 1);
    }
    painter.text((area.x + 1, area.y), &sanitise(&label), role, right.saturating_sub(area.x + 2));
}
