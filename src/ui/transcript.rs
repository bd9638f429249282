//! The branch that a pane shows.

use std::collections::HashSet;

use ratatui::layout::Rect;

use crate::app::block::{Growth, Row, Tone};
use crate::app::find::Which;
use crate::app::geometry::{TEXT_LEFT, text_width};
use crate::app::motion;
use crate::app::pane::{Opened, Pane, Presence};
use crate::app::transcript::{Layouts, View};
use crate::app::{CommandId, Extent, Model, pill};
use crate::chat::MessageId;
use crate::t;
use crate::text::{Safe, sanitise, sanitise_line};

use super::paint::Painter;
use super::theme::Role;

/// A pane that is drawn.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    /// The pane.
    pub pane: &'a Pane,
    /// What of it is read: its branch, or that of a lane.
    pub view: &'a View,
    /// The blocks of that.
    pub layouts: &'a Layouts,
    /// The conversation it shows.
    pub opened: &'a Opened,
    /// Whether keys go to its transcript.
    pub keys: Keys,
    /// How many messages of the branch are read in the pane with the focus already.
    pub shared: usize,
}

/// Whether a transcript has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// Keys go to it.
    Here,
    /// They go elsewhere.
    Elsewhere,
}

/// Draws it.
pub fn draw(model: &Model, shown: &Shown<'_>, area: Rect, painter: &mut Painter<'_>) {
    let view = shown.view;
    if view.branch.is_empty() {
        empty(model, shown, area, painter);
        return;
    }
    let cursor = (shown.keys == Keys::Here).then(|| view.current()).flatten();
    let tree = &shown.opened.conversation.tree;
    let excluded = view.leaf.map(|leaf| tree.excluded(leaf)).unwrap_or_default();
    let shared: HashSet<MessageId> = view.branch.iter().take(shown.shared).copied().collect();
    for (y, (id, at)) in (area.y..area.bottom()).zip(&view.visible) {
        let Some(block) = shown.layouts.get(*id) else { continue };
        let Some(row) = block.row(*at) else { continue };
        let row = model.colours.paint(*id, tree.revisions(*id), row);
        let is_last = at + 1 == block.rows();
        let dimmed = shared.contains(id) || excluded.contains(id);
        let role = |tone: Tone| if dimmed { Role::Dim } else { tone.into() };
        if let Some(tone) = row.bar {
            painter.text((area.x + 1, y), &sanitise("▏"), role(tone), 1);
        }
        if cursor == Some(*id) && !is_last {
            painter.text((area.x + 1, y), &sanitise("▌"), Role::Accent, 1);
        }
        let left = area.x + row.left();
        let end = area.x + TEXT_LEFT + text_width(area.width);
        let mut x = draw_pieces(&row, (left, y), end, role, painter);
        if row.bar.is_some() {
            if let Some(mark) = tree.mark(*id) {
                let label = mark.label.as_deref().map(sanitise_line);
                for sign in mark.starred.then(|| sanitise("★")).into_iter().chain(label) {
                    x = painter.text((x + 2, y), &sign, Role::Accent, end.saturating_sub(x + 2));
                }
            }
            let signs =
                [(model.picked.contains(id), t!("ui-picked")), (excluded.contains(id), t!("ui-excluded"))];
            for (_, sign) in signs.into_iter().filter(|(holds, _)| *holds) {
                x = painter.text((x + 2, y), &sign, Role::Accent, end.saturating_sub(x + 2));
            }
        }
        if row.growth == Growth::Growing && !motion::is_reduced(model) {
            painter.go_on((left, x.min(area.right().saturating_sub(1)), y), &sanitise("▍"));
        }
    }
    for mark in &view.marks {
        let cells = |cells: usize| u16::try_from(cells).unwrap_or(u16::MAX);
        let (left, y) = (area.x + TEXT_LEFT.saturating_add(cells(mark.left)), area.y + cells(mark.row));
        let role = match mark.which {
            Which::Here => Role::FoundHere,
            Which::Other => Role::Found,
            Which::Selected => Role::Selected,
            Which::Caret => Role::FoundHere,
        };
        let mark = Rect { x: left, y, width: cells(mark.cells), height: 1 };
        painter.found(mark.intersection(area), role);
    }
    if let Some(text) = pill::text(model, view) {
        let place = pill::place(&text, area);
        painter.fill(place, Role::Text);
        painter.text((place.x + 1, place.y), &text, Role::Accent, place.width.saturating_sub(2));
    }
}

/// Draws what a row says, before column `end`. Returns the column after it.
pub fn draw_pieces(
    row: &Row,
    (left, y): (u16, u16),
    end: u16,
    role: impl Fn(Tone) -> Role,
    painter: &mut Painter<'_>,
) -> u16 {
    let mut x = left;
    for piece in &row.pieces {
        let from = x;
        x = painter.text((x, y), &piece.text, role(piece.tone), end.saturating_sub(x));
        let cells = Rect { x: from, y, width: x - from, height: 1 };
        painter.emphasise(cells, piece.emphasis);
        if let Some(link) = &piece.link {
            painter.links.lead(cells, link);
        }
    }
    x
}

/// An empty pane says what can be done.
fn empty(model: &Model, shown: &Shown<'_>, area: Rect, painter: &mut Painter<'_>) {
    if matches!(shown.opened.presence, Presence::Loading | Presence::Here(Extent::Tail(_))) {
        painter.text((area.x + 2, area.y + 1), &t!("ui-loading"), Role::Dim, area.width.saturating_sub(3));
        return;
    }
    let key = |command: CommandId| sanitise(model.keymap.keys_of(command).first().map_or("", String::as_str));
    let mut rows: Vec<(Safe, Safe)> = vec![
        (key(CommandId::Send), t!("ui-empty-send", model = shown.pane.route.model.as_str())),
        (key(CommandId::Palette), t!("ui-empty-palette")),
        (key(CommandId::Help), t!("ui-empty-help")),
        (key(CommandId::PickEndpoint), t!("ui-empty-endpoint")),
        (key(CommandId::PickModel), t!("ui-empty-model")),
    ];
    if let Some(unfinished) = &model.unfinished {
        let line = t!("ui-empty-unfinished", title = sanitise_line(&unfinished.title));
        rows.insert(1, (key(CommandId::Resume), line));
    }
    let height = u16::try_from(rows.len() + 2).unwrap_or(7);
    let top = area.y + area.height.saturating_sub(height) / 2;
    let left = area.x + if area.width >= 60 { area.width / 2 - 24 } else { 2 };
    if area.height >= height {
        painter.text((left, top), &t!("ui-empty-title"), Role::Accent, area.right().saturating_sub(left));
    }
    let first = if area.height >= height { top + 2 } else { area.y };
    for (y, (keys, line)) in (first..area.bottom()).zip(&rows) {
        painter.text_right((left + 6, y), keys, Role::Text, left);
        painter.text((left + 8, y), line, Role::Dim, area.right().saturating_sub(left + 9));
    }
}
