//! The help page, as its rows are made in `app::help`.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::command::COMMANDS;
use crate::app::help::{HelpPage, KEYS, Row, Rows};
use crate::t;
use crate::text::sanitise;

use super::paint::Painter;
use super::theme::Role;

/// Draws it. Returns the cell of the cursor of what is looked for.
pub fn draw(model: &Model, page: &HelpPage, painter: &mut Painter<'_>) -> Option<(u16, u16)> {
    let height = model.size.height.saturating_sub(1);
    let area = Rect { x: 0, y: 0, width: model.size.width, height };
    let told = Rows::of(model, page.query.text());
    let note = t!("ui-list-count", shown = told.commands, all = COMMANDS.len());
    let inside = painter.frame(area, &t!("ui-help"), &note, &t!("ui-help-foot"));
    let left = painter.text((inside.x, inside.y), &sanitise("› "), Role::Accent, inside.width);
    let room = inside.right().saturating_sub(left + 1);
    let (query, column) = page.query.window(usize::from(room));
    painter.text((left, inside.y), &query, Role::Text, room);
    let cursor = (left + u16::try_from(column).unwrap_or(0).min(room), inside.y);
    if told.rows.is_empty() {
        painter.text((inside.x, inside.y + 1), &t!("ui-help-none"), Role::Dim, inside.width);
    }
    let rows = inside.y + 1..inside.bottom();
    let first = page.top.min(told.rows.len().saturating_sub(rows.len()));
    for (y, row) in rows.zip(told.rows.iter().skip(first)) {
        match row {
            Row::Gap => {}
            Row::Head(text) => {
                painter.text((inside.x, y), text, Role::Title, inside.width);
            }
            Row::Prose(text) | Row::About(text) => {
                painter.text((inside.x, y), text, Role::Text, inside.width);
            }
            Row::Keys(text) => {
                painter.text((inside.x + 2, y), text, Role::Accent, inside.width.saturating_sub(2));
            }
            Row::Command { keys, about, name } => {
                painter.text((inside.x, y), keys, Role::Accent, KEYS - 1);
                let end = painter.text_right((inside.right(), y), name, Role::Dim, inside.x + KEYS);
                painter.text((inside.x + KEYS, y), about, Role::Text, end.saturating_sub(inside.x + KEYS));
            }
        }
    }
    Some(cursor)
}
