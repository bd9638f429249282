//! The screen, drawn from the model: one file per panel.
//!
//! Drawing takes shared references and decides nothing; what is visible was worked out by `update`. Text
//! goes to cells through `paint` alone, which takes nothing but [`Safe`](crate::text::Safe).

use ratatui::buffer::Buffer;

use crate::app::geometry::is_too_small;
use crate::app::inline::is_below;
use crate::app::overlay::Overlay;
use crate::app::{Focus, Model};
use crate::t;

mod compare;
mod complete;
mod composer;
mod find;
mod help;
mod lanes;
mod lens;
pub mod linear;
pub mod links;
mod list;
mod paint;
mod panes;
pub mod pictures;
mod popup;
mod rail;
pub mod settled;
mod status;
mod strip;
mod summary;
pub mod theme;
pub mod title;
mod transcript;
mod tree;
mod usage;

pub use links::Links;
pub use theme::Theme;

use paint::Painter;

/// What there is to a screen beside its cells.
#[derive(Clone, Debug, Default)]
pub struct Drawn {
    /// The cell of the cursor, where one is to be shown.
    pub cursor: Option<(u16, u16)>,
    /// Where cells lead.
    pub links: Links,
}

impl From<Option<(u16, u16)>> for Drawn {
    /// A screen that leads nowhere.
    fn from(cursor: Option<(u16, u16)>) -> Self {
        Self { cursor, ..Self::default() }
    }
}

/// Draws the whole screen into an empty buffer, with what belongs to it.
pub fn draw_linked(model: &Model, theme: &Theme, buffer: &mut Buffer) -> Drawn {
    let bare;
    let theme = if is_below(model) {
        bare = theme.without_ground();
        &bare
    } else {
        theme
    };
    let mut painter = Painter::new(buffer, theme);
    let cursor = paint(model, &mut painter);
    Drawn { cursor, links: painter.links }
}

/// Draws the whole screen into an empty buffer. Returns the cell of the cursor, where one is to be shown.
pub fn draw(model: &Model, theme: &Theme, buffer: &mut Buffer) -> Option<(u16, u16)> {
    draw_linked(model, theme, buffer).cursor
}

fn paint(model: &Model, painter: &mut Painter<'_>) -> Option<(u16, u16)> {
    let area = painter.buffer.area;
    painter.fill(area, theme::Role::Text);
    if is_too_small(model) {
        let text = t!("ui-too-small", width = area.width, height = area.height);
        painter.text((0, area.height / 2), &text, theme::Role::Text, area.width);
        return None;
    }
    let screen = crate::app::geometry::screen(model);
    status::draw(model, painter);
    panes::draw(model, painter);
    if let Some(area) = screen.side {
        usage::side::draw(model, area, painter);
    }
    composer::draw_divider(model, screen.divider, painter);
    let cursor = composer::draw(model, &screen, painter);
    complete::draw(model, &screen, painter);
    let mut cursor = (model.focus == Focus::Composer).then_some(cursor);
    for overlay in &model.overlays {
        cursor = floating(model, overlay, painter);
    }
    // What is pressed and what is told shows whatever floats.
    composer::draw_foot(model, screen.hint, painter).or(cursor)
}

/// Draws what floats, alone.
pub fn draw_overlay(model: &Model, overlay: &Overlay, theme: &Theme, buffer: &mut Buffer) {
    floating(model, overlay, &mut Painter::new(buffer, theme));
}

fn floating(model: &Model, overlay: &Overlay, painter: &mut Painter<'_>) -> Option<(u16, u16)> {
    match overlay {
        Overlay::List(list) => Some(list::draw(model, list, painter)),
        Overlay::Form(form) => popup::form(model, form, painter),
        Overlay::Confirm(confirm) => popup::confirm(model, *confirm, painter),
        Overlay::Help(page) => help::draw(model, page, painter),
        Overlay::Usage(page) => usage::draw(model, page, painter),
        Overlay::Compare(page) => compare::draw(model, page, painter),
        Overlay::Lens(page) => lens::draw(model, page, painter),
        Overlay::Pictures(page) => pictures::draw(model, page, painter),
        Overlay::Tree(page) => tree::draw(model, page, painter),
        Overlay::Summary(summarising) => summary::draw(model, summarising, painter),
    }
}

#[cfg(test)]
mod tests;
