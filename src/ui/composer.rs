//! The composer, and the row below it: hints, notices, and the strip of what may follow the leader.

use ratatui::layout::Rect;

use crate::app::command::CommandId;
use crate::app::composer::{Marked, Unseen};
use crate::app::geometry::{COMPOSER_LEFT, Screen, composer_width, prompt};

use crate::app::model::Mood;

use crate::app::pane::{EditWay, Purpose};
use crate::app::{Focus, Model, forecast, status, strip, turn};
use crate::t;
use crate::text::width::fit_hints;
use crate::text::{Safe, sanitise};

use super::find;
use super::paint::Painter;
use super::theme::Role;

/// Draws the prompt. Returns the cell of its cursor.
pub fn draw(model: &Model, screen: &Screen, painter: &mut Painter<'_>) -> (u16, u16) {
    let area = screen.composer;
    let composed = prompt(model).rows(composer_width(area.width), usize::from(area.height));
    let sign = match (&model.pane.purpose, model.focus) {
        (Purpose::Edit { .. }, _) => ("✎", Role::Accent),
        (Purpose::Prompt, Focus::Composer) => ("›", Role::Accent),
        (Purpose::Prompt, Focus::Transcript) => ("›", Role::Dim),
    };
    painter.text((area.x + 1, area.y), &sanitise(sign.0), sign.1, 1);
    for (y, row) in (area.y..area.bottom()).zip(&composed.rows) {
        painter.text((area.x + COMPOSER_LEFT, y), row, Role::Text, area.width);
    }
    for mark in &composed.marks {
        let cells = |cells: usize| u16::try_from(cells).unwrap_or(u16::MAX);
        let role = match mark.what {
            Marked::Fold => Role::Accent,
            Marked::Selected => Role::Selected,
        };
        let (x, y) = (area.x + COMPOSER_LEFT + cells(mark.left), area.y + cells(mark.row));
        painter.restyle(Rect { x, y, width: cells(mark.cells), height: 1 }, role);
    }
    let column = u16::try_from(composed.cursor.1).unwrap_or(0);
    let row = u16::try_from(composed.cursor.0).unwrap_or(0);
    ((area.x + COMPOSER_LEFT + column).min(area.right().saturating_sub(1)), area.y + row)
}

/// Draws the line above the prompt, with the word of vi's mode.
pub fn draw_divider(model: &Model, area: Rect, painter: &mut Painter<'_>) {
    painter.rule(Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area });
    if let Some((mode, area)) = status::mode(model, area) {
        painter.text((area.x, area.y), &mode, Role::Accent, area.width);
    }
}

/// What of the prompt nobody sees: below it, left of the hints. Returns the column after it.
fn draw_unseen(model: &Model, area: Rect, painter: &mut Painter<'_>) -> u16 {
    let Unseen { hidden, left_out } = model.pane.composer.unseen();
    if hidden.count() + left_out == 0 {
        return area.x + 1;
    }
    let kinds = [
        (hidden.zero_width, t!("ui-unseen-zero-width", count = hidden.zero_width)),
        (hidden.bidi, t!("ui-unseen-bidi", count = hidden.bidi)),
        (hidden.tags, t!("ui-unseen-tags", count = hidden.tags)),
        (left_out, t!("ui-unseen-controls", count = left_out)),
    ];
    let mut told = Safe::default();
    for (_, kind) in kinds.iter().filter(|(count, _)| *count > 0) {
        told.push(&sanitise(if told.is_empty() { "⚠ " } else { ", " }));
        told.push(kind);
    }
    if area.width < 60 {
        told = t!("ui-unseen-narrow", count = hidden.count() + left_out);
    }
    if hidden.count() > 0 {
        let keys = model.keymap.keys_of(CommandId::StripHidden);
        told.push(&t!("ui-unseen-strip", keys = keys.first().map_or("/strip-hidden", String::as_str)));
    }
    painter.text((area.x + COMPOSER_LEFT, area.y), &told, Role::Bad, area.width.saturating_sub(4)) + 2
}

/// The columns that what Enter would cost leaves to the hints.
const HINT: u16 = 24;
/// The same, on a narrow screen.
const HINT_NARROW: u16 = 9;

/// Draws the last row of the screen, and the which-key strip above it. Returns the cell of the cursor, where it is there.
pub fn draw_foot(model: &Model, area: Rect, painter: &mut Painter<'_>) -> Option<(u16, u16)> {
    if let Some(strip) = strip::strip(model) {
        super::strip::draw(&strip, painter);
        return None;
    }
    if let Some(recall) = &model.recall {
        return Some(find::draw_recall(recall, area, painter));
    }
    let find = model.pane.find.as_ref().filter(|_| model.overlays.is_empty());
    if let Some(find) = find.filter(|find| find.is_typed()) {
        return find::draw(find, area, painter);
    }
    if let Some(toast) = &model.toast {
        painter.fill(area, Role::Text);
        let (sign, role) = match toast.mood {
            Mood::Plain => (" ", Role::Accent),
            Mood::Bad => ("✗", Role::Bad),
        };
        painter.text((area.x + 1, area.y), &sanitise(sign), role, 1);
        painter.text((area.x + 3, area.y), &toast.text, role, area.width.saturating_sub(4));
        return None;
    }
    if !model.overlays.is_empty() {
        return None;
    }
    if let Some(find) = find.filter(|_| model.focus == Focus::Transcript) {
        return find::draw(find, area, painter);
    }
    let hints = match (model.focus, &model.pane.purpose) {
        (Focus::Transcript, _) if model.pane.lanes.is_some() => t!("ui-hint-lanes"),
        (Focus::Transcript, _) => t!("ui-hint-transcript"),
        (Focus::Composer, Purpose::Edit { way: EditWay::Sibling, .. }) => t!("ui-hint-edit"),
        (Focus::Composer, Purpose::Edit { way: EditWay::InPlace, .. }) => t!("ui-hint-revise"),
        (Focus::Composer, Purpose::Prompt) if model.pane.lanes.is_some() => t!("ui-hint-lane"),
        (Focus::Composer, Purpose::Prompt) if turn::is_held(model) => t!("ui-hint-held"),
        (Focus::Composer, Purpose::Prompt) if model.live().is_some() => t!("ui-hint-live"),
        (Focus::Composer, Purpose::Prompt) if area.width < 60 => t!("ui-hint-narrow"),
        (Focus::Composer, Purpose::Prompt) => t!("ui-hint-composer"),
    };
    let mut left = draw_unseen(model, area, painter);
    let right = area.right().saturating_sub(1);
    if left == area.x + 1 && model.focus == Focus::Composer {
        let kept = if area.width < 60 { HINT_NARROW } else { HINT };
        let room = right.saturating_sub(area.x + COMPOSER_LEFT + kept);
        if let Some(forecast) = forecast::line(model, area.width, usize::from(room)) {
            left = painter.text((area.x + COMPOSER_LEFT, area.y), &forecast, Role::Dim, room) + 2;
        }
    }
    let hints = fit_hints(&hints, "  ", usize::from(right.saturating_sub(left)));
    painter.text_right((right, area.y), &hints, Role::Dim, left);
    None
}
