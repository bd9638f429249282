//! Rows that are printed above the app on the shell's own screen: as the transcript shows them, on the terminal's own
//! ground, since what is below them and beside them is the terminal's.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::block::{Row, Tone};
use crate::app::geometry::{TEXT_LEFT, text_width};
use crate::text::sanitise;

use super::paint::Painter;
use super::theme::{Role, Theme};
use super::{Links, transcript};

/// Draws them, one below the other, as wide as the screen is.
pub fn draw(rows: &[Row], theme: &Theme, width: u16) -> (Buffer, Links) {
    let height = u16::try_from(rows.len()).unwrap_or(u16::MAX);
    let area = Rect { x: 0, y: 0, width, height };
    let mut buffer = Buffer::empty(area);
    let theme = theme.without_ground();
    let mut painter = Painter::new(&mut buffer, &theme);
    painter.fill(area, Role::Text);
    for (y, row) in (0..height).zip(rows) {
        let role = |tone: Tone| tone.into();
        if let Some(tone) = row.bar {
            painter.text((1, y), &sanitise("▏"), role(tone), 1);
        }
        transcript::draw_pieces(row, (row.left(), y), TEXT_LEFT + text_width(width), role, &mut painter);
    }
    let links = painter.links;
    (buffer, links)
}
