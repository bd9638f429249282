//! The graph rail: beside a branch, where other branches leave it and what they are.
//!
//! The branch that is shown runs straight down. At a message with siblings these leave to the right, a row each as
//! far as the message has rows; where the rail is wide enough each tells its model and its price. Rows are those of
//! the transcript, so that the rail cannot but scroll with it.

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::block::{Names, euros, name_of};
use crate::chat::{Message, MessageId, Role as Speaker, Tree};
use crate::text::{Safe, sanitise};

use super::paint::Painter;
use super::theme::Role;
use super::transcript::Shown;
use super::tree::{first_words, sign};

/// Columns from the rail's edge to the branch, and on to what a sibling is called.
const BRANCH: u16 = 1;
const NAME: u16 = BRANCH + 5;

/// Draws it.
pub fn draw(model: &Model, shown: &Shown<'_>, area: Rect, painter: &mut Painter<'_>) {
    let tree = &shown.opened.conversation.tree;
    let view = &shown.pane.view;
    let x = area.x + BRANCH;
    for (y, (id, line)) in (area.y..area.bottom()).zip(&view.visible) {
        let Some(message) = tree.get(*id) else { continue };
        if *line == 0 {
            painter.text((x, y), &sign(message, true), Role::Accent, 1);
        } else if view.branch.last() != Some(id) {
            painter.text((x, y), &sanitise("│"), Role::Border, 1);
        }
        let rows = shown.pane.layouts.get(*id).map_or(1, crate::app::block::Block::rows);
        if let Some(side) = Side::at(tree, message, *line, rows) {
            let row = Rect { y, height: 1, ..area };
            side.draw(model, tree, *line, row, painter);
        }
    }
}

/// What leaves the branch in a row.
struct Side {
    what: What,
    /// Whether nothing leaves in the row below.
    last: bool,
}

enum What {
    /// A sibling.
    Sibling(MessageId),
    /// More siblings than the message has rows for.
    More(usize),
}

impl Side {
    /// What leaves in a line of a message that has so many rows.
    fn at(tree: &Tree, message: &Message, line: usize, rows: usize) -> Option<Self> {
        let siblings = tree.children(message.parent);
        let count = siblings.len().checked_sub(1)?;
        let last = line + 1 == count.min(rows);
        if last && count > rows {
            return Some(Self { what: What::More(count - line), last });
        }
        // The message itself is on the branch and not beside it.
        let own = siblings.iter().position(|id| *id == message.id)?;
        let at = if line < own { line } else { line + 1 };
        let sibling = siblings.get(at).filter(|_| line < rows)?;
        Some(Self { what: What::Sibling(*sibling), last })
    }

    fn draw(&self, model: &Model, tree: &Tree, line: usize, area: Rect, painter: &mut Painter<'_>) {
        let x = area.x + BRANCH + 1;
        let joint = match (line, self.last) {
            (0, true) => "──",
            (0, false) => "─┬",
            (_, true) => " └",
            (_, false) => " ├",
        };
        painter.text((x, area.y), &sanitise(joint), Role::Border, 2);
        let end = area.right().saturating_sub(1);
        let left = area.x + NAME;
        match self.what {
            What::More(count) => {
                painter.text((x + 2, area.y), &sanitise(&format!("+{count}")), Role::Dim, end - x - 1);
            }
            What::Sibling(id) => {
                let Some(message) = tree.get(id) else { return };
                painter.text((x + 2, area.y), &sign(message, false), Role::Dim, 1);
                if end <= left {
                    return;
                }
                let price = message.provenance.as_ref().and_then(|provenance| provenance.cost_eur).map(euros);
                let end = match price {
                    Some(price) => {
                        painter.text_right((end, area.y), &price, Role::Dim, left).saturating_sub(1)
                    }
                    None => end,
                };
                let room = end.saturating_sub(left);
                painter.text((left, area.y), &told(model, message, usize::from(room)), Role::Dim, room);
            }
        }
    }
}

/// What tells a sibling from others: its model, or what the person said instead.
fn told(model: &Model, message: &Message, cells: usize) -> Safe {
    match message.role {
        Speaker::Assistant => name_of(message, &Names { config: &model.config }),
        Speaker::User => first_words(message, cells),
    }
}
