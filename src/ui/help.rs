//! The help page, made from the table of commands.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::command::COMMANDS;
use crate::t;
use crate::text::{Safe, sanitise};

use super::paint::Painter;
use super::theme::Role;

/// Help narrower than this has one key a command.
const NARROW_HELP: u16 = 70;

/// Draws it from line `top` on.
pub fn draw(model: &Model, top: usize, painter: &mut Painter<'_>) -> Option<(u16, u16)> {
    let height = model.size.height.saturating_sub(1);
    let area = Rect { x: 0, y: 0, width: model.size.width, height };
    let inside = painter.frame(area, &t!("ui-help"), &Safe::default(), &t!("ui-help-foot"));
    let mut lines: Vec<(Safe, Safe, Safe, Role)> = Vec::new();
    let mut section = None;
    for command in COMMANDS {
        if section != Some(command.section) {
            section = Some(command.section);
            if !lines.is_empty() {
                lines.push((Safe::default(), Safe::default(), Safe::default(), Role::Text));
            }
            let name = command.section.name();
            lines.push((name, Safe::default(), Safe::default(), Role::Title));
        }
        let mut keys = model.keymap.keys_of(command.id);
        keys.truncate(if inside.width < NARROW_HELP { 1 } else { 3 });
        let name = sanitise(&format!("/{}", command.name));
        lines.push((sanitise(&keys.join("  ")), (command.line)(), name, Role::Accent));
    }
    let keys = if inside.width < NARROW_HELP { 9 } else { 26 };
    let first = top.min(lines.len().saturating_sub(usize::from(inside.height)));
    for (y, (left, line, name, role)) in (inside.y..inside.bottom()).zip(lines.iter().skip(first)) {
        let cells = if line.is_empty() { inside.width } else { keys - 1 };
        painter.text((inside.x, y), left, *role, cells);
        let mut end = inside.right();
        if inside.width >= NARROW_HELP {
            end = painter.text_right((end, y), name, Role::Dim, inside.x + keys) - 1;
        }
        painter.text((inside.x + keys, y), line, Role::Text, end.saturating_sub(inside.x + keys));
    }
    None
}
