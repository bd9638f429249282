//! What is offered for what is typed, above the prompt.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::complete::shown;
use crate::app::geometry::{COMPOSER_LEFT, Screen};
use crate::text::width::width;

use super::paint::Painter;
use super::theme::Role;

/// The most rows that are seen at once.
const MOST: u16 = 8;

/// Draws it over the last rows of what is read.
pub fn draw(model: &Model, screen: &Screen, painter: &mut Painter<'_>) {
    let Some(offered) = shown(model) else { return };
    let most = MOST.min(screen.panes.height.saturating_sub(1));
    let rows = u16::try_from(offered.rows.len()).unwrap_or(most).min(most);
    let first = (offered.selected + 1).saturating_sub(usize::from(rows));
    let top = screen.divider.y - rows;
    let area = Rect { x: screen.divider.x, y: top, width: screen.divider.width, height: rows };
    painter.fill(area, Role::Text);
    let visible = offered.rows.iter().enumerate().skip(first).take(usize::from(rows));
    let names = visible.clone().map(|(_, row)| width(&row.name)).max().unwrap_or(0);
    let left = area.x + COMPOSER_LEFT;
    for (y, (at, row)) in (area.y..area.bottom()).zip(visible) {
        let room = area.right().saturating_sub(left + 1);
        painter.text((left, y), &row.name, Role::Accent, room);
        let column = left.saturating_add(u16::try_from(names).unwrap_or(u16::MAX)).saturating_add(2);
        if column < area.right() {
            painter.text((column, y), &row.about, Role::Dim, area.right() - column - 1);
        }
        if at == offered.selected {
            painter.restyle(
                Rect { x: area.x + 1, y, width: area.width.saturating_sub(2), height: 1 },
                Role::Selected,
            );
        }
    }
}
