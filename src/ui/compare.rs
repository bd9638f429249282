//! The compare page: two messages beside each other, or as one text where that is too narrow.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::compare::{ComparePage, Fact, Rows, Tab, side};
use crate::app::geometry::Room;
use crate::layout::Emphasis;
use crate::layout::compare::{Change, Piece};
use crate::t;
use crate::text::{Safe, sanitise};

use super::paint::Painter;
use super::theme::Role;

/// Draws it.
pub fn draw(model: &Model, page: &ComparePage, painter: &mut Painter<'_>) -> Option<(u16, u16)> {
    let height = model.size.height.saturating_sub(1);
    let area = Rect { x: 0, y: 0, width: model.size.width, height };
    let note = match page.tab {
        Tab::Text => t!("ui-compare-text", percent = page.likeness),
        Tab::Sent => t!("ui-compare-sent"),
    };
    let inside = painter.frame(area, &t!("ui-compare"), &note, &t!("ui-compare-foot"));
    let body = Rect { y: inside.y + 1, height: inside.height.saturating_sub(1), ..inside };
    let room = Room::of(model.size.width);
    let half = side(model.size.width);
    let right = inside.x + half + 3;
    match (page.tab, &page.rows) {
        (Tab::Text, Rows::Beside(pairs)) => {
            names(page, inside, (inside.x, right), half, painter);
            for (y, pair) in (body.y..body.bottom()).zip(pairs.iter().skip(page.top)) {
                pieces(&pair.left, (inside.x, y), half, painter);
                pieces(&pair.right, (right, y), half, painter);
            }
            painter.rule_down(Rect { x: right - 2, width: 1, ..inside });
        }
        (Tab::Text, Rows::Unified(rows)) => {
            // As the pieces below are told apart.
            let left = sanitise(&format!("[{}]", page.names.0));
            let other = sanitise(&format!("{{{}}}", page.names.1));
            let cells = inside.width / 2 - 1;
            painter.text((inside.x, inside.y), &left, Role::Removed, cells);
            painter.text((inside.x + cells + 2, inside.y), &other, Role::Added, cells);
            for (y, row) in (body.y..body.bottom()).zip(rows.iter().skip(page.top)) {
                pieces(row, (inside.x, y), inside.width, painter);
            }
        }
        (Tab::Sent, _) => sent(page, inside, body, room, painter),
    }
    None
}

/// Both names above their columns.
fn names(page: &ComparePage, area: Rect, (left, right): (u16, u16), cells: u16, painter: &mut Painter<'_>) {
    painter.text((left, area.y), &page.names.0, Role::Title, cells);
    painter.text((right, area.y), &page.names.1, Role::Title, cells);
}

fn pieces(row: &[Piece], (mut x, y): (u16, u16), cells: u16, painter: &mut Painter<'_>) {
    let end = x + cells;
    for (text, change) in row {
        let role = match change {
            Change::Same => Role::Text,
            Change::Left => Role::Removed,
            Change::Right => Role::Added,
        };
        let from = x;
        x = painter.text((x, y), text, role, end.saturating_sub(x));
        let emphasis = Emphasis { underlined: *change != Change::Same, ..Emphasis::default() };
        painter.emphasise(Rect { x: from, y, width: x - from, height: 1 }, emphasis);
    }
}

/// What both were made with: what differs stands out.
fn sent(page: &ComparePage, inside: Rect, body: Rect, room: Room, painter: &mut Painter<'_>) {
    let label = match room {
        Room::Wide => 20,
        Room::Narrow => 12,
    };
    let cells = inside.width.saturating_sub(label + 2) / 2;
    let (left, right) = (inside.x + label, inside.x + label + cells + 2);
    names(page, inside, (left, right), cells, painter);
    let none = sanitise("–");
    let shown = |text: &Safe| if text.is_empty() { none.clone() } else { text.clone() };
    for (y, Fact { name, left: one, right: two }) in
        (body.y..body.bottom()).zip(page.facts().iter().skip(page.top))
    {
        painter.text((inside.x, y), name, Role::Dim, label - 1);
        let (one_role, two_role) =
            if one == two { (Role::Dim, Role::Dim) } else { (Role::Removed, Role::Added) };
        painter.text((left, y), &shown(one), one_role, cells);
        painter.text((right, y), &shown(two), two_role, cells);
    }
}
