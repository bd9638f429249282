//! What was chosen blind.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::block::grouped;
use crate::t;
use crate::text::{Safe, sanitise, sanitise_line};

use super::super::paint::Painter;
use super::super::theme::Role;

/// A page narrower than this has narrower columns in that table.
const NARROW_WINS: u16 = 60;

/// The models that were judged without their names, and how often each was chosen.
pub fn draw(model: &Model, top: usize, area: Rect, painter: &mut Painter<'_>) {
    let inside = painter.frame(area, &t!("ui-wins"), &Safe::default(), &t!("ui-wins-foot"));
    if model.wins.is_empty() {
        painter.text((inside.x, inside.y), &t!("ui-wins-none"), Role::Dim, inside.width);
        return;
    }
    let column = if inside.width < NARROW_WINS { 6 } else { 8 };
    let name = inside.width.saturating_sub(column * 3).min(40);
    let mut line = |y: u16, text: &Safe, role: Role, cells: [Safe; 3]| {
        painter.text((inside.x, y), text, role, name.saturating_sub(1));
        for (right, cell) in (1..).map(|at| inside.x + name + column * at).zip(&cells) {
            painter.text_right((right, y), cell, role, right - column);
        }
    };
    let heads = [t!("ui-wins-shown"), t!("ui-wins-won"), t!("ui-wins-share")];
    line(inside.y, &Safe::default(), Role::Dim, heads);
    for (y, wins) in (inside.y + 1..inside.bottom()).zip(model.wins.iter().skip(top)) {
        let share = format!("{} %", wins.percent());
        let cells = [grouped(wins.shown), grouped(wins.won), share].map(|cell| sanitise(&cell));
        line(y, &sanitise_line(wins.model.as_str()), Role::Text, cells);
    }
}
