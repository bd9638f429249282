//! A frame of the model on the terminal, and what is printed above it.

use std::io;

use ratatui::buffer::Buffer;

use crate::app::Model;
use crate::app::block::Row;
use crate::app::inline::Place;
use crate::ui::{Links, Theme};

use super::pictures::OnScreen;
use super::terminal::{Layers, Terminal, Written};

/// Draws the model, and prints above it what is settled.
pub(super) fn show(
    terminal: &mut Terminal,
    model: &Model,
    theme: &Theme,
    settled: &mut Vec<Row>,
    picture: impl FnOnce(&mut Buffer) -> Option<OnScreen>,
) -> io::Result<Written> {
    match crate::app::inline::place(model) {
        Place::Whole => {
            if !settled.is_empty() {
                settle(terminal, theme, settled)?;
            }
            terminal.take(Place::Whole)?;
            terminal.draw(|buffer| {
                let drawn = crate::ui::draw_linked(model, theme, buffer);
                Layers { drawn, picture: picture(buffer) }
            })
        }
        Place::Below => {
            terminal.take(Place::Below)?;
            let printed = printed(terminal, theme, std::mem::take(settled));
            terminal.draw_below(printed.into_iter(), model.size.height, |buffer| {
                let drawn = crate::ui::draw_linked(model, theme, buffer);
                // None is open; what was held for one is let go.
                let _ = picture(buffer);
                drawn
            })
        }
    }
}

/// Prints what is settled, with nothing below it.
pub(super) fn settle(terminal: &mut Terminal, theme: &Theme, settled: &mut Vec<Row>) -> io::Result<()> {
    terminal.take(Place::Below)?;
    let printed = printed(terminal, theme, std::mem::take(settled));
    terminal.draw_below(printed.into_iter(), 1, |_| None).map(drop)
}

/// Rows drawn for the terminal, in pieces that it has room for.
fn printed(terminal: &Terminal, theme: &Theme, rows: Vec<Row>) -> Vec<(Buffer, Links)> {
    let (columns, height) = terminal.window();
    let most = usize::from(height.saturating_sub(1)).max(1);
    rows.chunks(most).map(|rows| crate::ui::settled::draw(rows, theme, columns)).collect()
}
