//! The tree page: a head, the rows that are seen, the text that is looked for, and what keys do.
//!
//! On narrow screens columns give way from the right: first the age, then the price, then words of a status.

use ratatui::layout::Rect;

use crate::app::Extent;
use crate::app::Model;
use crate::app::block::{Names, euros, kind_name};
use crate::app::geometry::{NARROW, tree_rows};
use crate::app::graph::{Below, Lane, Reason, Row};
use crate::app::overlay::{age, title_or_untitled};
use crate::app::pane::Presence;
use crate::app::tree::{TreePage, Typing};
use crate::chat::{FinishReason, Message, Part, Role as Speaker, Status};
use crate::t;
use crate::text::width::{fit_hints, truncate, width};
use crate::text::{Safe, sanitise, sanitise_line};

use super::paint::Painter;
use super::theme::Role;

/// The narrowest screen with a column of prices.
const PRICED: u16 = 60;
/// The narrowest screen with a column of ages.
const AGED: u16 = 72;
const PRICE: u16 = 10;
const AGE: u16 = 12;
/// Cells of a label.
const LABEL: usize = 20;

/// Draws it. Returns the cell of the filter's cursor, where text is typed.
pub fn draw(model: &Model, page: &TreePage, painter: &mut Painter<'_>) -> Option<(u16, u16)> {
    let area = Rect { x: 0, y: 0, width: model.size.width, height: model.size.height };
    painter.fill(area, Role::Text);
    head(model, page, area, painter);
    let rows = u16::try_from(tree_rows(model)).unwrap_or(u16::MAX);
    let body = Rect { y: 1, height: rows.min(area.height), ..area };
    let branch: std::collections::HashSet<_> = model.pane.view.branch.iter().collect();
    let seen = page.graph.rows().iter().enumerate().skip(page.top);
    for (y, (at, row)) in (body.y..body.bottom()).zip(seen) {
        let Some(message) = model.open.conversation.tree.get(row.id) else { continue };
        let line = Line { model, row, message, chosen: branch.contains(&row.id) };
        line.draw(&page.graph.lanes(at, lanes_of(area.width)), Rect { y, height: 1, ..area }, painter);
        if at == page.row {
            painter.select(Rect { x: area.x + 1, y, width: area.width.saturating_sub(1), height: 1 });
        }
    }
    if page.graph.rows().is_empty() {
        let empty = model.open.conversation.tree.is_empty();
        let text = if empty { t!("ui-tree-empty") } else { t!("ui-tree-none") };
        painter.text((2, body.y), &text, Role::Dim, area.width.saturating_sub(3));
    }
    foot(page, area, painter)
}

/// How many lanes there is room for.
fn lanes_of(width: u16) -> usize {
    usize::from(width / 8).clamp(4, 20)
}

/// The title, and what the whole adds up to.
fn head(model: &Model, page: &TreePage, area: Rect, painter: &mut Painter<'_>) {
    let figures = &model.pane.view.figures;
    let tree = &model.open.conversation.tree;
    let mut facts = Vec::new();
    if matches!(model.open.presence, Presence::Loading | Presence::Here(Extent::Tail(_))) {
        facts.push(t!("ui-loading"));
    }
    facts.extend(page.show.name());
    let shown = page.graph.rows().iter().filter(|row| row.reason == Reason::Wanted).count();
    facts.push(if shown == tree.len() {
        t!("app-messages", count = shown)
    } else {
        t!("ui-tree-shown", shown = shown, all = tree.len())
    });
    facts.push(if area.width < NARROW {
        sanitise(&format!("⑂ {}", figures.totals.branches))
    } else {
        t!("ui-tree-branches", count = figures.totals.branches)
    });
    facts.extend(figures.totals.spent.map(euros));
    let facts: Vec<String> = facts.into_iter().map(Safe::into_string).collect();
    let facts = truncate(&sanitise(&facts.join(" · ")), usize::from(area.width).saturating_sub(12));
    let right = painter.text_right((area.right() - 1, area.y), &facts, Role::Dim, area.x);
    let title = title_or_untitled(&model.open.conversation.title);
    painter.text((area.x + 1, area.y), &title, Role::Title, right.saturating_sub(area.x + 3));
}

/// What keys do, and above it the text that is looked for.
fn foot(page: &TreePage, area: Rect, painter: &mut Painter<'_>) -> Option<(u16, u16)> {
    let bottom = area.bottom() - 1;
    let hints = match page.typing {
        Typing::Filter => t!("ui-tree-foot-filter"),
        Typing::Commands => t!("ui-tree-foot"),
    };
    let hints = fit_hints(&hints, " · ", usize::from(area.width.saturating_sub(2)));
    painter.text((area.x + 1, bottom), &hints, Role::Dim, area.width.saturating_sub(2));
    if !page.has_filter() {
        return None;
    }
    let after = painter.text((area.x + 1, bottom - 1), &sanitise("/ "), Role::Accent, 2);
    let room = area.right().saturating_sub(after + 1);
    let (text, cursor) = page.filter.window(usize::from(room));
    painter.text((after, bottom - 1), &text, Role::Text, room);
    let cursor = u16::try_from(cursor).unwrap_or(0);
    (page.typing == Typing::Filter).then_some((after + cursor.min(room), bottom - 1))
}

/// A row that is drawn.
struct Line<'a> {
    model: &'a Model,
    row: &'a Row,
    message: &'a Message,
    /// Whether it is on the branch that the pane shows.
    chosen: bool,
}

impl Line<'_> {
    fn draw(&self, lanes: &[Lane], area: Rect, painter: &mut Painter<'_>) {
        let quiet = !self.chosen || self.row.reason == Reason::Connection;
        let mut x = area.x + 1;
        for lane in lanes {
            painter.text((x, area.y), &lane_of(*lane), Role::Border, 2);
            x += 2;
        }
        painter.text(
            (x, area.y),
            &if self.chosen { sign_on_branch(self.message) } else { sign_beside(self.message) },
            if quiet { Role::Dim } else { Role::Accent },
            1,
        );
        x += 2;
        let mut right = area.right().saturating_sub(1);
        if area.width >= AGED {
            let age = age(self.model.now, self.message.created);
            painter.text_right((right, area.y), &age, Role::Dim, right - AGE);
            right -= AGE;
        }
        if area.width >= PRICED && self.model.pane.view.figures.totals.spent.is_some() {
            painter.text_right((right, area.y), &self.price(), Role::Dim, right - PRICE);
            right -= PRICE;
        }
        for (note, role) in self.notes(area.width).into_iter().rev() {
            // What is said comes before what is told of it.
            let left = right.saturating_sub(u16::try_from(width(&note)).unwrap_or(0) + 1);
            if left < x + 8 {
                break;
            }
            painter.text((left + 1, area.y), &note, role, right - left);
            right = left;
        }
        let name = match self.message.role {
            Speaker::User => (t!("app-you"), Role::User),
            Speaker::Assistant => {
                let tree = &self.model.open.conversation.tree;
                (Names::of(self.model).speaker(self.message, tree), Role::Assistant)
            }
        };
        let room = right.saturating_sub(x);
        let after = painter.text((x, area.y), &name.0, name.1, room.min((area.width / 4).max(8)));
        // Short names are as wide as "claude", so that what follows them lines up where it can.
        let gap = if area.width < PRICED { after + 1 } else { (after + 2).max(x + 8) };
        let room = right.saturating_sub(gap + 1);
        painter.text(
            (gap, area.y),
            &first_words(self.message, usize::from(room)),
            if quiet { Role::Dim } else { Role::Text },
            room,
        );
    }

    fn price(&self) -> Safe {
        Names::of(self.model).price(self.message).map(euros).unwrap_or_default()
    }

    /// What is to be known of it, the most important last.
    fn notes(&self, width: u16) -> Vec<(Safe, Role)> {
        let mut notes = Vec::new();
        match self.row.below {
            Below::Folded => notes.push((sanitise(&format!("▸ {}", self.row.hidden)), Role::Accent)),
            Below::Shown if self.row.hidden > 0 => {
                notes.push((sanitise(&format!("⋯ {}", self.row.hidden)), Role::Dim));
            }
            Below::Shown => {}
        }
        if let Some(mark) = self.model.open.conversation.tree.mark(self.row.id) {
            if let Some(label) = mark.label.as_deref().filter(|_| width >= PRICED) {
                notes.push((truncate(&sanitise_line(label), LABEL), Role::Accent));
            }
            if mark.starred || mark.label.is_some() && width < PRICED {
                notes.push((sanitise(if mark.starred { "★" } else { "#" }), Role::Accent));
            }
        }
        if self.model.marked == Some(self.row.id) {
            notes.push((sanitise("◆"), Role::Accent));
        }
        notes.extend(status(self.message, width));
        notes
    }
}

/// How a message ended, where that is worth a word.
fn status(message: &Message, width: u16) -> Option<(Safe, Role)> {
    let provenance = message.provenance.as_ref();
    let finish = provenance.and_then(|provenance| provenance.finish);
    let short = width < PRICED;
    let cut = || match provenance.and_then(|provenance| provenance.usage.tokens_out) {
        Some(_) | None if short => sanitise("✂"),
        Some(tokens) => t!("ui-tree-cut-at", tokens = tokens),
        None => t!("ui-tree-cut"),
    };
    match message.status {
        Status::Streaming => Some((t!("ui-tree-live"), Role::Accent)),
        Status::Cut => Some((cut(), Role::Dim)),
        Status::Complete if finish == Some(FinishReason::Length) => Some((cut(), Role::Dim)),
        Status::Complete => None,
        Status::Cancelled if short => Some((sanitise("■"), Role::Dim)),
        Status::Cancelled => Some((t!("ui-tree-stopped"), Role::Dim)),
        Status::Failed => {
            let failure = provenance.and_then(|provenance| provenance.failure.as_ref());
            let text = match failure {
                Some(failure) if !short => sanitise(&format!("✗ {}", kind_name(failure.kind))),
                Some(_) | None => sanitise("✗"),
            };
            Some((text, Role::Bad))
        }
    }
}

/// What stands for a message on the branch that is shown.
pub fn sign_on_branch(message: &Message) -> Safe {
    growing_or(message, "●")
}

/// What stands for a message beside the branch that is shown.
pub fn sign_beside(message: &Message) -> Safe {
    growing_or(message, "○")
}

fn growing_or(message: &Message, settled: &str) -> Safe {
    sanitise(match message.status {
        Status::Streaming => "▍",
        Status::Complete | Status::Cut | Status::Cancelled | Status::Failed => settled,
    })
}

fn lane_of(lane: Lane) -> Safe {
    sanitise(match lane {
        Lane::Blank => "  ",
        Lane::Through => "│ ",
        Lane::Tee => "├─",
        Lane::Corner => "└─",
        Lane::Top => "┌─",
        Lane::More => "⋯ ",
    })
}

/// The beginning of what a message says, as far as it fits. No more of it is looked at than that takes.
pub fn first_words(message: &Message, cells: usize) -> Safe {
    let text = message.parts.iter().find_map(|part| match part {
        Part::Text { text } | Part::Refusal { text } if !text.trim().is_empty() => Some(text.as_str()),
        _ => None,
    });
    let text = text.or_else(|| message.parts.iter().find_map(Part::reasoning));
    let text = text.or_else(|| message.tool_calls().next().map(|call| call.name.as_str()));
    let mut line = String::new();
    for word in text.unwrap_or_default().split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        // A word may be as long as a message.
        line.extend(word.chars().take(cells + 1));
        if line.chars().count() > cells {
            break;
        }
    }
    truncate(&sanitise_line(&line), cells)
}
