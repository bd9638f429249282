//! The which-key strip: what may follow the keys of a chord.

use ratatui::layout::Rect;

use crate::app::strip::{Kind, Strip};

use super::paint::Painter;
use super::theme::Role;

/// Draws it.
pub fn draw(strip: &Strip, painter: &mut Painter<'_>) {
    let area = strip.area;
    painter.fill(area, Role::Text);
    painter.rule(Rect { height: 1, ..area });
    let beside = |rect: Rect| Rect { x: rect.x.saturating_sub(1), width: rect.width + 2, ..rect };
    let after = painter.text((area.x + 3, area.y), &strip.title, Role::Title, area.width);
    painter.fill(Rect { x: area.x + 2, y: area.y, width: 1, height: 1 }, Role::Text);
    painter.fill(Rect { x: after, y: area.y, width: 1, height: 1 }, Role::Text);
    if let Some((at, text)) = &strip.pager {
        painter.fill(beside(*at), Role::Text);
        painter.text((at.x, at.y), text, Role::Dim, at.width);
    }
    for (at, name) in &strip.heads {
        painter.text((at.x, at.y), name, Role::Dim, at.width);
    }
    for key in &strip.keys {
        let (stroke, name) = match key.kind {
            Kind::Possible => (Role::Accent, Role::Text),
            Kind::Impossible => (Role::Dim, Role::Dim),
            Kind::Group => (Role::Accent, Role::Heading),
        };
        let at = key.area;
        let after = painter.text((at.x, at.y), &key.label, stroke, at.width);
        painter.text((after + 1, at.y), &key.name, name, at.right().saturating_sub(after + 1));
    }
}
