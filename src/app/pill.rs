//! The pill in the last row of what is read: that more is below, how much of it is new, and the key that goes there.

use ratatui::layout::Rect;

use crate::t;
use crate::text::Safe;
use crate::text::width::width;

use super::command::CommandId;
use super::model::{Focus, Model};
use super::motion;
use super::transcript::View;

/// What it says; nothing where the end is in view.
pub fn text(model: &Model, view: &View) -> Option<Safe> {
    if view.is_following() || !view.more_below {
        return None;
    }
    let keys = model.keymap.keys_of(CommandId::Bottom);
    // From the composer only a key that holds anywhere leads there.
    let at_hand = |key: &&String| model.focus == Focus::Transcript || key.chars().count() > 1;
    let key = match model.focus {
        Focus::Transcript => keys.iter().min_by_key(|key| key.chars().count()),
        Focus::Composer => keys.iter().find(at_hand),
    };
    let key = key.map_or("", String::as_str);
    let counted = if motion::is_reduced(model) { 0 } else { view.unread_lines };
    Some(match counted {
        0 => t!("app-more-below", key = key),
        count => t!("app-new-lines", count = count, key = key),
    })
}

/// The cells it takes in an area.
pub fn place(text: &Safe, area: Rect) -> Rect {
    // A cell before it and one after it keep it apart from the text.
    let cells = u16::try_from(width(text) + 2).unwrap_or(u16::MAX).min(area.width.saturating_sub(1));
    let x = area.right().saturating_sub(1 + cells);
    Rect { x, y: area.bottom().saturating_sub(1), width: cells, height: 1.min(area.height) }
}
