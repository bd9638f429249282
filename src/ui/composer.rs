//! The composer, and the row below it: hints, notices, and the strip of what may follow the leader.

use ratatui::layout::Rect;

use crate::app::geometry::{COMPOSER_LEFT, Screen, composer_width};
use crate::app::model::Mood;
use crate::app::pane::{EditWay, Purpose};
use crate::app::{Focus, Model, strip, turn};
use crate::t;
use crate::text::sanitise;
use crate::text::width::fit_hints;

use super::find;
use super::paint::Painter;
use super::theme::Role;

/// Draws the prompt. Returns the cell of its cursor.
pub fn draw(model: &Model, screen: &Screen, painter: &mut Painter<'_>) -> (u16, u16) {
    let area = screen.composer;
    let composed = model.pane.composer.rows(composer_width(area.width), usize::from(area.height));
    let sign = match (&model.pane.purpose, model.focus) {
        (Purpose::Edit { .. }, _) => ("✎", Role::Accent),
        (Purpose::Prompt, Focus::Composer) => ("›", Role::Accent),
        (Purpose::Prompt, Focus::Transcript) => ("›", Role::Dim),
    };
    painter.text((area.x + 1, area.y), &sanitise(sign.0), sign.1, 1);
    for (y, row) in (area.y..area.bottom()).zip(&composed.rows) {
        painter.text((area.x + COMPOSER_LEFT, y), row, Role::Text, area.width);
    }
    let column = u16::try_from(composed.cursor.1).unwrap_or(0);
    let row = u16::try_from(composed.cursor.0).unwrap_or(0);
    ((area.x + COMPOSER_LEFT + column).min(area.right().saturating_sub(1)), area.y + row)
}

/// Draws the last row of the screen, and the which-key strip above it. Returns the cell of the cursor, where it is there.
pub fn draw_foot(model: &Model, area: Rect, painter: &mut Painter<'_>) -> Option<(u16, u16)> {
    if let Some(strip) = strip::strip(model) {
        super::strip::draw(&strip, painter);
        return None;
    }
    let find = model.pane.find.as_ref().filter(|_| model.overlays.is_empty());
    if let Some(find) = find.filter(|find| find.is_typed()) {
        return find::draw(find, area, painter);
    }
    if let Some(toast) = &model.toast {
        painter.fill(area, Role::Text);
        let role = match toast.mood {
            Mood::Plain => Role::Accent,
            Mood::Bad => Role::Bad,
        };
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
    let hints = fit_hints(&hints, "  ", usize::from(area.width.saturating_sub(2)));
    painter.text_right((area.right().saturating_sub(1), area.y), &hints, Role::Dim, area.x + 1);
    None
}
