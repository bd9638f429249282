//! Forms and questions, and where boxes float.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::block::words;
use crate::app::field::{Field, Input};
use crate::app::form::{Form, FormKind};
use crate::app::geometry::floating;
use crate::app::overlay::{Confirm, title_or_untitled};
use crate::t;
use crate::text::width::width;
use crate::text::{Safe, sanitise};

use super::paint::Painter;
use super::theme::Role;

/// The rows that a field of several lines is given where there is room.
const LINES: u16 = 6;
/// A form narrower than this has the label of such a field above it.
const NARROW_FORM: u16 = 50;

/// Draws a form. Returns the cell of its cursor.
pub fn form(model: &Model, form: &Form, painter: &mut Painter<'_>) -> Option<(u16, u16)> {
    let (title, footer) = form_title(&form.kind);
    let is_tall = |field: &&Field| matches!(field.input, Input::Lines(_));
    let tall = u16::try_from(form.fields.iter().filter(is_tall).count()).unwrap_or(0);
    let fields = u16::try_from(form.fields.len()).unwrap_or(u16::MAX);
    // Below the fields: a gap, and what may be put in the one that is filled in.
    let rows = fields.saturating_add(tall * (LINES - 1)).saturating_add(4);
    let inside = painter.frame(floating(model, 76, rows), &title, &Safe::default(), &footer);
    let labels = form.fields.iter().map(|field| width(&field.label())).max().unwrap_or(0);
    let left = inside.x + u16::try_from(labels).unwrap_or(0) + 2;
    let above = if inside.width < NARROW_FORM { tall } else { 0 };
    let lines = inside.height.saturating_sub(fields - tall + above + 1).clamp(1, LINES);
    let mut y = inside.y;
    let mut cursor = None;
    for (at, field) in form.fields.iter().enumerate() {
        if y >= inside.bottom() {
            break;
        }
        let role = if at == form.at { Role::Accent } else { Role::Dim };
        painter.text((inside.x, y), &field.label(), role, inside.width);
        let mut area = Rect { x: left, y, width: inside.right().saturating_sub(left), height: 1 };
        if is_tall(&field) {
            area.height = lines;
            if above > 0 {
                area = Rect { x: inside.x + 1, y: y + 1, width: inside.width - 1, height: lines };
            }
        }
        let cell = input(&field.input, area, painter);
        if at == form.at {
            cursor = cell;
        }
        y = area.bottom();
    }
    if inside.height > 0 {
        let here = form.fields.get(form.at).map(Field::hint).unwrap_or_default();
        let (text, role) = match &form.problem {
            Some(problem) => (sanitise(&format!("✗ {problem}")), Role::Bad),
            None => (here, Role::Dim),
        };
        // It may take what the fields leave, and always has the last row.
        let most = usize::from(inside.bottom().saturating_sub(y)).clamp(1, 3);
        let rows = words(&text, usize::from(inside.width), most);
        let first = inside.bottom().saturating_sub(u16::try_from(rows.len()).unwrap_or(1));
        for (y, row) in (first..inside.bottom()).zip(&rows) {
            painter.text((inside.x, y), row, role, inside.width);
        }
    }
    cursor
}

/// What a form is called, and what keys do in it.
pub fn form_title(kind: &FormKind) -> (Safe, Safe) {
    match kind {
        FormKind::Key(endpoint) => (t!("ui-form-key", endpoint = endpoint.as_str()), t!("ui-form-key-foot")),
        FormKind::Rename(_) => (t!("ui-form-rename"), t!("ui-form-foot")),
        FormKind::Preset(_) => (t!("ui-form-preset"), t!("ui-form-foot")),
        FormKind::Tags(_) => (t!("ui-form-tags"), t!("ui-form-foot")),
        FormKind::SetName => (t!("ui-form-set"), t!("ui-form-foot")),
        FormKind::Settings => (t!("ui-form-settings"), t!("ui-form-foot")),
        FormKind::Label(_) => (t!("ui-form-label"), t!("ui-form-foot")),
        FormKind::Save { .. } | FormKind::SavePicture { .. } => (t!("ui-form-save"), t!("ui-form-foot")),
        FormKind::Pipe(_) => (t!("ui-form-pipe"), t!("ui-form-foot")),
        FormKind::Dates => (t!("ui-form-dates"), t!("ui-form-foot")),
        FormKind::Prompt(_) => (t!("ui-form-prompt"), t!("ui-form-prompt-foot")),
    }
}

/// Draws what is filled in. Returns the cell of the cursor it would have.
fn input(input: &Input, area: Rect, painter: &mut Painter<'_>) -> Option<(u16, u16)> {
    let cells = usize::from(area.width);
    let (text, column) = match input {
        Input::Plain(line) => line.window(cells),
        Input::Masked(line) => line.window(cells),
        Input::Expiry(expiry) => {
            let mut text = sanitise("‹ ");
            text.push(&expiry.name());
            text.push(&sanitise(" ›"));
            (text, 2)
        }
        Input::Lines(composer) => {
            let composed = composer.rows(cells, usize::from(area.height));
            for (y, row) in (area.y..area.bottom()).zip(&composed.rows) {
                painter.text((area.x, y), row, Role::Text, area.width);
            }
            let row = u16::try_from(composed.cursor.0).unwrap_or(0);
            let column = u16::try_from(composed.cursor.1).unwrap_or(0);
            return Some((area.x + column.min(area.width.saturating_sub(1)), area.y + row));
        }
    };
    painter.text((area.x, area.y), &text, Role::Text, area.width);
    let column = u16::try_from(column).unwrap_or(0).min(area.width.saturating_sub(1));
    Some((area.x + column, area.y))
}

/// What is asked before something is done.
pub fn question(model: &Model, confirm: Confirm) -> Safe {
    match confirm {
        Confirm::Message(_, count) => t!("ui-confirm-message", count = count),
        Confirm::Preset(at) => {
            let name = model.presets.get(at).map_or("", |preset| preset.name.as_str());
            t!("ui-confirm-preset", name = name)
        }
        Confirm::OverBudget(answer) => {
            let answer = model.open.conversation.tree.get(answer);
            let failure = answer.and_then(|answer| answer.provenance.as_ref()?.failure.as_ref());
            let reason = failure.map_or("", |failure| failure.message.as_str());
            t!("ui-confirm-over-budget", reason = reason)
        }
        Confirm::EmptyTrash => t!("ui-confirm-empty-trash"),
        Confirm::Conversation(id) => {
            let listed = model.conversations.iter().find(|summary| summary.id == id);
            let title =
                listed.map_or(model.open.conversation.title.as_str(), |summary| summary.title.as_str());
            t!("ui-confirm-conversation", title = title_or_untitled(title))
        }
    }
}

/// Draws a question.
pub fn confirm(model: &Model, confirm: Confirm, painter: &mut Painter<'_>) -> Option<(u16, u16)> {
    let question = question(model, confirm);
    let most = match confirm {
        Confirm::OverBudget(_) => 4,
        Confirm::Message(..) | Confirm::Preset(_) | Confirm::EmptyTrash | Confirm::Conversation(_) => 1,
    };
    let area = floating(model, 70, most + 3);
    let inside = painter.frame(area, &t!("ui-confirm"), &Safe::default(), &t!("ui-confirm-foot"));
    for (y, row) in (inside.y..).zip(words(&question, usize::from(inside.width), usize::from(most))) {
        painter.text((inside.x, y), &row, Role::Text, inside.width);
    }
    None
}
