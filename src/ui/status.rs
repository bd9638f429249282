//! The status line, as `app::status` lays it out.

use crate::app::Model;
use crate::app::status::{What, items};
use crate::text::sanitise;

use super::paint::Painter;
use super::theme::Role;

/// Draws it.
pub fn draw(model: &Model, painter: &mut Painter<'_>) {
    let mut before: Option<What> = None;
    for item in items(model) {
        let at = (item.area.x, item.area.y);
        let role = match item.what {
            What::Endpoint | What::Key | What::Model => Role::Accent,
            What::Title => Role::Title,
            What::Refused | What::Budget => Role::Bad,
            What::Temporary
            | What::Branches
            | What::Context
            | What::Price
            | What::Today
            | What::Ghost
            | What::Doing => Role::Dim,
        };
        if item.what > What::Title && before.is_some_and(|before| before > What::Title) {
            painter.text((at.0.saturating_sub(3), at.1), &sanitise(" · "), Role::Dim, 3);
        }
        painter.text(at, &item.text, role, item.area.width);
        before = Some(item.what);
    }
}
