//! Forms and questions, and where boxes float.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::form::{Field, FieldKind, Form, FormKind};
use crate::app::geometry::NARROW;
use crate::app::overlay::{Confirm, title_or_untitled};
use crate::t;
use crate::text::width::{grapheme_width, width};
use crate::text::{Safe, sanitise, sanitise_line};

use super::paint::Painter;
use super::theme::Role;

/// Where a box of at most this size floats: the whole screen where that is narrow.
pub fn floating(model: &Model, columns: u16, rows: u16) -> Rect {
    // The last row stays free for notices.
    let (width, height) = (model.size.width, model.size.height.saturating_sub(1));
    if model.size.width < NARROW {
        return Rect { x: 0, y: 0, width, height };
    }
    let (columns, rows) = (columns.min(width - 4), rows.min(height.saturating_sub(2)));
    Rect { x: (width - columns) / 2, y: (height - rows) / 3, width: columns, height: rows }
}

/// Draws a form. Returns the cell of its cursor.
pub fn form(model: &Model, form: &Form, painter: &mut Painter<'_>) -> Option<(u16, u16)> {
    let rows = u16::try_from(form.fields.len()).unwrap_or(u16::MAX).saturating_add(4);
    let (title, footer) = match &form.kind {
        FormKind::Key(endpoint) => (t!("ui-form-key", endpoint = endpoint.as_str()), t!("ui-form-key-foot")),
        FormKind::Rename => (t!("ui-form-rename"), t!("ui-form-foot")),
        FormKind::Settings => (t!("ui-form-settings"), t!("ui-form-foot")),
    };
    let inside = painter.frame(floating(model, 72, rows), &title, &Safe::default(), &footer);
    let labels = form.fields.iter().map(|field| width(&field.label())).max().unwrap_or(0);
    let left = inside.x + u16::try_from(labels).unwrap_or(0) + 2;
    let room = inside.right().saturating_sub(left);
    let mut cursor = None;
    for (at, field) in form.fields.iter().enumerate() {
        let y = inside.y + u16::try_from(at).unwrap_or(0);
        if y >= inside.bottom() {
            break;
        }
        let here = at == form.at;
        let role = if here { Role::Accent } else { Role::Dim };
        painter.text((inside.x, y), &field.label(), role, inside.width);
        let text = shown(field, usize::from(room.saturating_sub(1)));
        let after = painter.text((left, y), &text, Role::Text, room);
        if here {
            cursor = Some((after.min(inside.right().saturating_sub(1)), y));
        }
    }
    if let Some(problem) = &form.problem
        && inside.height > 0
    {
        painter.text((inside.x, inside.bottom() - 1), problem, Role::Bad, inside.width);
    }
    cursor
}

/// A field's value as it may be shown: its end where it is long, dots where it is masked.
fn shown(field: &Field, cells: usize) -> Safe {
    match field.kind {
        FieldKind::Masked => sanitise(&"•".repeat(field.value().chars().count().min(cells))),
        FieldKind::Expiry(expiry) => {
            let mut text = sanitise("‹ ");
            text.push(&expiry.name());
            text.push(&sanitise(" ›"));
            text
        }
        FieldKind::Plain => {
            use unicode_segmentation::UnicodeSegmentation;
            let text = sanitise_line(field.value());
            let mut used = 0;
            let mut from = text.len();
            for (at, grapheme) in text.grapheme_indices(true).rev() {
                used += grapheme_width(grapheme);
                if used > cells {
                    break;
                }
                from = at;
            }
            text.slice(from..text.len()).unwrap_or_default()
        }
    }
}

/// Draws a question.
pub fn confirm(model: &Model, confirm: Confirm, painter: &mut Painter<'_>) -> Option<(u16, u16)> {
    let question = match confirm {
        Confirm::Message(_, count) => t!("ui-confirm-message", count = count),
        Confirm::Conversation(id) => {
            let listed = model.conversations.iter().find(|summary| summary.id == id);
            let title =
                listed.map_or(model.pane.conversation.title.as_str(), |summary| summary.title.as_str());
            t!("ui-confirm-conversation", title = title_or_untitled(title))
        }
    };
    let area = floating(model, 60, 4);
    let inside = painter.frame(area, &t!("ui-confirm"), &Safe::default(), &t!("ui-confirm-foot"));
    painter.text((inside.x, inside.y), &question, Role::Text, inside.width);
    None
}
