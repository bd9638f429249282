//! Every list that filters.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::block::{Tone, words};
use crate::app::fanout::{Naming, Party};
use crate::app::fork::Where;
use crate::app::picker::{Choice, Entry, List, ListKind};
use crate::chat::Message;
use crate::t;
use crate::text::width::{truncate, width};
use crate::text::{Safe, sanitise, sanitise_line};

use super::paint::Painter;
use super::popup::floating;
use super::theme::Role;

/// Draws a list. Returns the cell of the filter's cursor.
pub fn draw(model: &Model, list: &List, painter: &mut Painter<'_>) -> (u16, u16) {
    let (title, footer, none) = match &list.kind {
        ListKind::Palette => (t!("ui-palette"), t!("ui-palette-foot"), t!("ui-palette-none")),
        ListKind::Models(_) => (t!("ui-models"), t!("ui-models-foot"), t!("ui-models-none")),
        ListKind::Endpoints => (t!("ui-endpoints"), t!("ui-endpoints-foot"), t!("ui-endpoints-none")),
        ListKind::Conversations => {
            (t!("ui-conversations"), t!("ui-conversations-foot"), t!("ui-conversations-none"))
        }
        ListKind::Search(_) => (t!("ui-search"), t!("ui-search-foot"), t!("ui-search-none")),
        ListKind::History => (t!("ui-history"), t!("ui-list-foot"), t!("ui-history-none")),
        ListKind::Fork(Where::Here) => (t!("ui-fork"), t!("ui-list-foot"), t!("ui-palette-none")),
        ListKind::Fork(Where::Beside) => (t!("ui-fork-beside"), t!("ui-list-foot"), t!("ui-palette-none")),
        ListKind::Revisions => (t!("ui-revisions"), t!("ui-revisions-foot"), t!("ui-revisions-none")),
        ListKind::FanOut(party) => (fan_out(model, party), t!("ui-fan-out-foot"), t!("ui-models-none")),
        ListKind::Ghost => (t!("ui-ghost-pick"), t!("ui-ghost-foot"), t!("ui-models-none")),
        ListKind::Code => (t!("ui-code"), t!("ui-code-foot"), t!("ui-code-none")),
    };
    // A search does not know how many messages there are.
    let (note, all) = match list.kind {
        ListKind::Search(_) => (Safe::default(), SEARCH_ROWS),
        ListKind::Palette
        | ListKind::Models(_)
        | ListKind::Endpoints
        | ListKind::Conversations
        | ListKind::History
        | ListKind::FanOut(_)
        | ListKind::Ghost
        | ListKind::Code
        | ListKind::Fork(_)
        | ListKind::Revisions => {
            let all = list.total();
            let note = t!("ui-list-count", shown = list.matching(), all = all);
            (note, u16::try_from(all).unwrap_or(u16::MAX))
        }
    };
    let foot = foot(list);
    let rows = all.saturating_add(3 + foot).max(5 + foot);
    // A list keeps its height while it is filtered.
    let inside = painter.frame(floating(model, 100, rows), &title, &note, &footer);
    let after = painter.text((inside.x, inside.y), &sanitise("› "), Role::Accent, inside.width);
    let filter = sanitise_line(&list.filter);
    let cursor = painter.text((after, inside.y), &filter, Role::Text, inside.width.saturating_sub(3));
    let area = Rect {
        y: (inside.y + 1).min(inside.bottom()),
        height: inside.height.saturating_sub(1 + foot),
        ..inside
    };
    if let Some(entry) = list.chosen() {
        let about = words(&entry.about, usize::from(inside.width), usize::from(foot));
        for (y, row) in (area.bottom()..inside.bottom()).zip(&about) {
            painter.text((inside.x, y), row, Role::Dim, inside.width);
        }
    }
    if list.matches.is_empty() {
        painter.text((area.x + 2, area.y), &none, Role::Dim, area.width.saturating_sub(2));
    }
    let height = usize::from(area.height).max(1);
    let first = list.selected.saturating_sub(height - 1);
    let visible: Vec<(usize, &Entry)> = list
        .matches
        .iter()
        .enumerate()
        .skip(first)
        .take(height)
        .filter_map(|(at, entry)| Some((at, list.entries.get(*entry)?)))
        .collect();
    let columns = Columns::of(&visible, area.width);
    for (y, (at, entry)) in (area.y..area.bottom()).zip(visible) {
        row(entry, &columns, Rect { y, height: 1, ..area }, painter);
        if at == list.selected {
            painter.restyle(Rect { y, height: 1, ..area }, Role::Selected);
        }
    }
    (cursor.min(inside.right().saturating_sub(1)), inside.y)
}

/// What is asked, of how many, and whether their names are seen.
fn fan_out(model: &Model, party: &Party) -> Safe {
    let tree = &model.open.conversation.tree;
    let asked = party.question.and_then(|question| tree.get(question)).map(Message::text);
    let text = asked.unwrap_or_else(|| model.pane.composer.text());
    let words = truncate(&sanitise_line(&text), QUESTION);
    let count = party.answers();
    match party.naming {
        Naming::Named => t!("ui-fan-out", question = words, count = count),
        Naming::Blind => t!("ui-fan-out-blind", question = words, count = count),
    }
}

/// The cells of a question in a title.
const QUESTION: usize = 24;

/// The rows a search is given for what it may find.
const SEARCH_ROWS: u16 = 16;

/// The rows at the foot of a list that tell more of what is selected.
const fn foot(list: &List) -> u16 {
    match list.kind {
        ListKind::Models(_) | ListKind::Endpoints | ListKind::FanOut(_) | ListKind::Ghost => 2,
        ListKind::Conversations | ListKind::Search(_) | ListKind::Fork(_) => 1,
        ListKind::Palette | ListKind::History | ListKind::Code | ListKind::Revisions => 0,
    }
}

/// The widths of a list's columns, from the rows that are visible.
struct Columns {
    owner: u16,
    detail: u16,
}

impl Columns {
    fn of(rows: &[(usize, &Entry)], width_of_row: u16) -> Self {
        let widest = |text: fn(&Entry) -> &Safe, most: u16| {
            let cells = rows.iter().map(|(_, entry)| width(text(entry))).max().unwrap_or(0);
            u16::try_from(cells).unwrap_or(most).min(most)
        };
        Self {
            owner: widest(|entry| &entry.owner, width_of_row / 3),
            detail: widest(|entry| &entry.detail, width_of_row / 2),
        }
    }
}

fn row(entry: &Entry, columns: &Columns, area: Rect, painter: &mut Painter<'_>) {
    painter.text((area.x, area.y), &entry.sign, Role::Accent, 1);
    let mut x = area.x + 2;
    if columns.owner > 0 {
        // Where a row is of an endpoint, that is its name.
        let role = match (&entry.choice, entry.tone) {
            (Choice::Key(_), Tone::Text | Tone::Bad) => Role::Text,
            _ => Role::Dim,
        };
        painter.text((x, area.y), &entry.owner, role, columns.owner);
        x += columns.owner + 2;
    }
    // On a narrow screen what is told of a row gives way to its name, and to the foot where that tells it too.
    let narrow = area.width < 50;
    let detail = match (entry.detail.is_empty(), narrow, entry.about.is_empty()) {
        (true, _, _) | (_, true, false) => 0,
        (false, true, true) => columns.detail.min(area.width / 4),
        (false, false, _) => columns.detail,
    };
    let end = area.right().saturating_sub(if detail > 0 { detail + 2 } else { 0 });
    painter.text((x, area.y), &entry.name, entry.tone.into(), end.saturating_sub(x));
    if detail > 0 {
        let shown = truncate(&entry.detail, usize::from(detail));
        painter.text_right((area.right(), area.y), &shown, Role::Dim, end);
    }
}
