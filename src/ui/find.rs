//! What is looked for, at the foot: in the branch the words, and which of how many matches is gone to; in the prompts
//! of before the words.

use ratatui::layout::Rect;

use crate::app::find::{Find, Stage};
use crate::app::geometry::COMPOSER_LEFT;
use crate::app::recall::{Found, Recall};
use crate::t;
use crate::text::sanitise;

use super::paint::Painter;
use super::theme::Role;

/// Draws what is looked for in the prompts of before. Returns the cell of the cursor.
pub fn draw_recall(recall: &Recall, area: Rect, painter: &mut Painter<'_>) -> (u16, u16) {
    painter.fill(area, Role::Text);
    let (hint, role) = match recall.found {
        Found::No => (t!("ui-recall-none"), Role::Bad),
        Found::Nothing | Found::At(_) if area.width < 60 => (t!("ui-recall-narrow"), Role::Dim),
        Found::Nothing | Found::At(_) => (t!("ui-recall"), Role::Dim),
    };
    let left = area.x + COMPOSER_LEFT;
    let end = painter.text_right((area.right().saturating_sub(1), area.y), &hint, role, left);
    painter.text((area.x + 1, area.y), &sanitise("↑"), Role::Accent, 1);
    let room = end.saturating_sub(left + 2);
    let (typed, column) = recall.typed.window(usize::from(room));
    painter.text((left, area.y), &typed, Role::Text, room);
    (left + u16::try_from(column).unwrap_or(0).min(room), area.y)
}

/// Draws it. Returns the cell of the cursor while it is typed.
pub fn draw(find: &Find, area: Rect, painter: &mut Painter<'_>) -> Option<(u16, u16)> {
    painter.fill(area, Role::Text);
    let (at, all) = find.place();
    let hint = match find.stage {
        _ if all == 0 && !find.typed.text().trim().is_empty() => t!("ui-find-none"),
        Stage::Typing { .. } | Stage::Walking if area.width < 60 => t!("ui-find-narrow", at = at, all = all),
        Stage::Typing { .. } => t!("ui-find-typing", at = at, all = all),
        Stage::Walking => t!("ui-find", at = at, all = all),
    };
    let left = area.x + COMPOSER_LEFT;
    let end = painter.text_right((area.right().saturating_sub(1), area.y), &hint, Role::Dim, left);
    painter.text((area.x + 1, area.y), &sanitise("/"), Role::Accent, 1);
    let room = end.saturating_sub(left + 2);
    let (typed, column) = find.typed.window(usize::from(room));
    painter.text((left, area.y), &typed, Role::Text, room);
    let column = u16::try_from(column).unwrap_or(0).min(room);
    find.is_typed().then_some((left + column, area.y))
}
