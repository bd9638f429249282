//! The graph rail: beside a branch, where other branches leave it and what they are.
//!
//! The branch that is shown runs straight down. At a message with siblings these leave to the right, a row each as
//! far as the message has rows; the row of its name tells their models and prices where it has room. Rows are those
//! of the transcript, so that the rail cannot but scroll with it.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::block::{Block, Names, Row, euros};
use crate::app::geometry::TEXT_LEFT;
use crate::chat::{Message, MessageId, Role as Speaker, Tree};
use crate::text::width::width;
use crate::text::{Safe, sanitise};

use super::paint::Painter;
use super::theme::Role;
use super::transcript::Shown;
use super::tree::{first_words, sign_beside, sign_on_branch};

/// Cells that words of a prompt may take where it stands for itself.
const WORDS: usize = 24;

/// Draws the rail in its own cells and, after the names beside it, what siblings are.
pub fn draw(model: &Model, shown: &Shown<'_>, (rail, body): (Rect, Rect), painter: &mut Painter<'_>) {
    let tree = &shown.opened.conversation.tree;
    let view = &shown.pane.view;
    let x = rail.x + 1;
    for (y, (id, line)) in (rail.y..rail.bottom()).zip(&view.visible) {
        let (Some(message), Some(block)) = (tree.get(*id), shown.pane.layouts.get(*id)) else { continue };
        let siblings: Vec<MessageId> =
            tree.children(message.parent).iter().copied().filter(|sibling| sibling != id).collect();
        if *line == 0 {
            painter.text((x, y), &sign_on_branch(message), Role::Accent, 1);
            let left = body.x + TEXT_LEFT + cells(block.row(0));
            tell(model, tree, &siblings, Rect { y, height: 1, ..body }, left, painter);
        } else if view.branch.last() != Some(id) {
            painter.text((x, y), &sanitise("│"), Role::Border, 1);
        }
        leave(tree, &siblings, (*line, Block::rows(block)), (x + 1, y), painter);
    }
}

/// What leaves the branch in a line of a message that has so many rows: a sibling, or how many more there are.
fn leave(
    tree: &Tree,
    siblings: &[MessageId],
    (line, rows): (usize, usize),
    (x, y): (u16, u16),
    painter: &mut Painter<'_>,
) {
    let drawn = siblings.len().min(rows);
    if line >= drawn {
        return;
    }
    let last = line + 1 == drawn;
    let joint = match (line, last) {
        (0, true) => "──",
        (0, false) => "─┬",
        (_, true) => " └",
        (_, false) => " ├",
    };
    painter.text((x, y), &sanitise(joint), Role::Border, 2);
    if last && siblings.len() > drawn {
        let more = sanitise(&format!("+{}", siblings.len() - line));
        painter.text((x + 2, y), &more, Role::Dim, 2);
    } else if let Some(sibling) = siblings.get(line).and_then(|id| tree.get(*id)) {
        painter.text((x + 2, y), &sign_beside(sibling), Role::Dim, 1);
    }
}

/// Tells siblings in a row after column `left`, as many as fit.
fn tell(model: &Model, tree: &Tree, siblings: &[MessageId], row: Rect, left: u16, painter: &mut Painter<'_>) {
    let mut room = usize::from(row.right().saturating_sub(left + 3));
    let mut told: Vec<Safe> = Vec::new();
    for (at, sibling) in siblings.iter().filter_map(|id| tree.get(*id)).enumerate() {
        let text = about(model, sibling, tree);
        let left_out = siblings.len() - at;
        // The last one needs no room for how many more there are.
        let needed = width(&text) + 2 + if left_out > 1 { 4 } else { 0 };
        if needed > room {
            told.push(sanitise(&format!("+{left_out}")));
            break;
        }
        room -= width(&text) + 2;
        told.push(text);
    }
    let mut line = Safe::default();
    for (at, text) in told.iter().enumerate() {
        if at > 0 {
            line.push(&sanitise("  "));
        }
        line.push(text);
    }
    painter.text((left + 2, row.y), &line, Role::Dim, row.right().saturating_sub(left + 2));
}

/// A sibling in a few words: its model and price, or what the person said instead.
fn about(model: &Model, message: &Message, tree: &Tree) -> Safe {
    let names = Names::of(model);
    let mut text = sign_beside(message);
    text.push(&sanitise(" "));
    text.push(&match message.role {
        Speaker::Assistant => names.speaker(message, tree),
        Speaker::User => first_words(message, WORDS),
    });
    if let Some(price) = names.price(message) {
        text.push(&sanitise(" "));
        text.push(&euros(price));
    }
    text
}

fn cells(row: Option<Row>) -> u16 {
    let pieces = row.map(|row| row.pieces).unwrap_or_default();
    u16::try_from(pieces.iter().map(|piece| width(&piece.text)).sum::<usize>()).unwrap_or(u16::MAX)
}
