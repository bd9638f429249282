//! Every list that filters.

use std::ops::Range;

use ratatui::layout::Rect;

use crate::app::Model;
use crate::app::block::{Tone, grouped, words};
use crate::app::fanout::{Naming, Party};
use crate::app::fit::{Cause, Fit};
use crate::app::fork::Where;
use crate::app::listing::{Line, entry as entry_of, place, visible};
use crate::app::picker::{Among, Choice, Entry, List, ListKind};
use crate::app::summarise::Aim;
use crate::chat::Message;
use crate::storage::Place;
use crate::t;
use crate::text::width::{truncate, width};
use crate::text::{Safe, sanitise, sanitise_line};

use super::paint::Painter;
use super::theme::Role;

/// Draws a list. Returns the cell of the filter's cursor.
pub fn draw(model: &Model, list: &List, painter: &mut Painter<'_>) -> (u16, u16) {
    let (title, footer, none) = titles(model, list);
    let note = match list.kind {
        // A search does not know how many messages there are.
        ListKind::Search(_) => Safe::default(),
        ListKind::Fit(of) => fit_note(&of),
        ListKind::Palette
        | ListKind::Models(_)
        | ListKind::Endpoints
        | ListKind::Conversations
        | ListKind::Presets
        | ListKind::Trash
        | ListKind::History
        | ListKind::Themes
        | ListKind::FanOut(_)
        | ListKind::Ghost
        | ListKind::Summariser(_)
        | ListKind::Code
        | ListKind::Copy
        | ListKind::Links
        | ListKind::Fork(_)
        | ListKind::Messages(_)
        | ListKind::Revisions
        | ListKind::Problems => t!("ui-list-count", shown = list.matching(), all = list.total()),
    };
    let place = place(model, list);
    let inside = painter.frame(place.frame, &title, &note, &footer);
    let after = painter.text((inside.x, inside.y), &sanitise("› "), Role::Accent, inside.width);
    let room = inside.right().saturating_sub(after + 1);
    let (filter, column) = list.filter.window(usize::from(room));
    let typed = painter.text((after, inside.y), &filter, Role::Text, room);
    // Above the facts that it heads, as long as nothing is typed there.
    painter.text_right((place.body.right(), inside.y), &list.head, Role::Dim, typed + 2);
    let cursor = after + u16::try_from(column).unwrap_or(0).min(room);
    let area = place.body;
    if let Some(entry) = list.chosen() {
        let about = words(&entry.about, usize::from(inside.width), usize::from(place.about.height));
        for (y, row) in (place.about.y..place.about.bottom()).zip(&about) {
            painter.text((inside.x, y), row, Role::Dim, inside.width);
        }
    }
    if list.matches.is_empty() {
        let none = no_match(list).unwrap_or(none);
        let told = words(&none, usize::from(area.width.saturating_sub(2)), usize::from(area.height));
        for (y, row) in (area.y..area.bottom()).zip(&told) {
            painter.text((area.x + 2, y), row, Role::Dim, area.width.saturating_sub(2));
        }
    }
    let shown = visible(list, usize::from(area.height));
    let row_of = |line: &Line<'_>| match line {
        Line::Heading(_) => None,
        Line::Row(at) => entry_of(list, *at),
    };
    let entries: Vec<&Entry> = shown.iter().filter_map(row_of).collect();
    // What was found is what is read; the conversation it is in is told below.
    let owner = area.width / if matches!(list.kind, ListKind::Search(_)) { 5 } else { 3 };
    // Columns under a head are made for the width there is.
    let detail = if list.head.is_empty() { area.width / 2 } else { area.width };
    let columns = Columns::of(&entries, owner, detail);
    for (y, line) in (area.y..area.bottom()).zip(&shown) {
        let area = Rect { y, height: 1, ..area };
        match line {
            Line::Heading(heading) => {
                painter.text((area.x, y), heading, Role::Heading, area.width);
            }
            Line::Row(at) => {
                let Some(entry) = entry_of(list, *at) else { continue };
                let marks = row(entry, &columns, area, painter);
                if *at == list.selected {
                    painter.select(area);
                }
                for mark in marks {
                    painter.found(mark, Role::Found);
                }
            }
        }
    }
    (cursor, inside.y)
}

/// What a list is called, what keys do in it, and what is told where it has no row.
pub fn titles(model: &Model, list: &List) -> (Safe, Safe, Safe) {
    match &list.kind {
        ListKind::Palette => (t!("ui-palette"), t!("ui-palette-foot"), t!("ui-palette-none")),
        ListKind::Models(_) => (t!("ui-models"), t!("ui-models-foot"), t!("ui-models-none")),
        ListKind::Endpoints => (t!("ui-endpoints"), t!("ui-endpoints-foot"), t!("ui-endpoints-none")),
        ListKind::Conversations if model.listed == Place::Archived => {
            (t!("ui-archive"), t!("ui-conversations-foot"), t!("ui-archive-none"))
        }
        ListKind::Conversations => {
            (t!("ui-conversations"), t!("ui-conversations-foot"), t!("ui-conversations-none"))
        }
        ListKind::Presets => (t!("ui-presets"), t!("ui-presets-foot"), t!("ui-presets-none")),
        ListKind::Trash => (t!("ui-trash"), t!("ui-trash-foot"), t!("ui-trash-none")),
        ListKind::Search(_) if list.filter.text().trim().is_empty() => {
            (t!("ui-search"), t!("ui-search-foot"), t!("ui-search-ask"))
        }
        ListKind::Search(_) => (t!("ui-search"), t!("ui-search-foot"), t!("ui-search-none")),
        ListKind::History => (t!("ui-history"), t!("ui-list-foot"), t!("ui-history-none")),
        ListKind::Themes => (t!("ui-themes"), t!("ui-themes-foot"), t!("ui-themes-none")),
        ListKind::Fork(Where::Here) => (t!("ui-fork"), t!("ui-list-foot"), t!("ui-palette-none")),
        ListKind::Fork(Where::Beside) => (t!("ui-fork-beside"), t!("ui-list-foot"), t!("ui-palette-none")),
        ListKind::Messages(Among::Siblings) => (t!("ui-siblings"), t!("ui-list-foot"), t!("ui-palette-none")),
        ListKind::Messages(Among::Branches) => (t!("ui-branches"), t!("ui-list-foot"), t!("ui-palette-none")),
        ListKind::Problems => (t!("ui-problems"), t!("ui-problems-foot"), t!("ui-problems-none")),
        ListKind::Revisions => (t!("ui-revisions"), t!("ui-revisions-foot"), t!("ui-revisions-none")),
        ListKind::FanOut(party) => (fan_out(model, party), t!("ui-fan-out-foot"), t!("ui-models-none")),
        ListKind::Ghost => (t!("ui-ghost-pick"), t!("ui-ghost-foot"), t!("ui-models-none")),
        ListKind::Fit(of) => (fit_title(of), t!("ui-fit-foot"), t!("ui-palette-none")),
        ListKind::Summariser(Aim::Left(_)) => {
            (t!("ui-bring"), t!("ui-summariser-foot"), t!("ui-models-none"))
        }
        ListKind::Summariser(Aim::Fit(_)) => {
            (t!("ui-summariser"), t!("ui-summariser-foot"), t!("ui-models-none"))
        }
        ListKind::Copy => (t!("ui-copy"), t!("ui-copy-foot"), t!("ui-palette-none")),
        ListKind::Links => (t!("ui-links"), t!("ui-links-foot"), t!("ui-palette-none")),
        ListKind::Code => (t!("ui-code"), t!("ui-code-foot"), t!("ui-code-none")),
    }
}

/// Who says that a request is too long.
fn fit_title(fit: &Fit) -> Safe {
    match fit.cause {
        Cause::Estimate => t!("ui-fit"),
        Cause::Refusal => t!("ui-fit-refused"),
    }
}

/// What the request weighs, of what there is room for.
fn fit_note(fit: &Fit) -> Safe {
    let weight = grouped(fit.weight);
    match fit.window {
        Some(window) => t!("ui-fit-note", weight = weight, window = grouped(window)),
        None => t!("ui-fit-note-unknown", weight = weight),
    }
}

/// That there are rows and none is like what is typed; `None` where there are none anyway, or where what the list
/// says then is true in both cases.
pub fn no_match(list: &List) -> Option<Safe> {
    if list.filter.text().trim().is_empty() || list.total() == 0 {
        return None;
    }
    match list.kind {
        ListKind::Conversations => Some(t!("ui-conversations-no-match")),
        ListKind::Presets
        | ListKind::Trash
        | ListKind::History
        | ListKind::Themes
        | ListKind::Fork(_)
        | ListKind::Fit(_)
        | ListKind::Messages(_)
        | ListKind::Revisions
        | ListKind::Problems
        | ListKind::Copy
        | ListKind::Links
        | ListKind::Code => Some(t!("ui-list-no-match")),
        ListKind::Palette
        | ListKind::Models(_)
        | ListKind::Endpoints
        | ListKind::Search(_)
        | ListKind::FanOut(_)
        | ListKind::Summariser(_)
        | ListKind::Ghost => None,
    }
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
/// The widths of a list's columns, from the rows that are visible.
struct Columns {
    owner: u16,
    detail: u16,
}

impl Columns {
    fn of(rows: &[&Entry], owner: u16, detail: u16) -> Self {
        let widest = |text: fn(&Entry) -> &Safe, most: u16| {
            let cells = rows.iter().map(|entry| width(text(entry))).max().unwrap_or(0);
            u16::try_from(cells).unwrap_or(most).min(most)
        };
        Self { owner: widest(|entry| &entry.owner, owner), detail: widest(|entry| &entry.detail, detail) }
    }
}

/// Draws a row. Returns the cells of what was looked for.
fn row(entry: &Entry, columns: &Columns, area: Rect, painter: &mut Painter<'_>) -> Vec<Rect> {
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
    let room = end.saturating_sub(x);
    let (name, marks) = window(entry, room);
    let after = painter.text((x, area.y), &name, entry.tone.into(), room);
    let mut tags = sanitise("");
    for tag in &entry.tags {
        tags.push(&sanitise("  #"));
        tags.push(tag);
    }
    painter.text((after, area.y), &tags, Role::Dim, end.saturating_sub(after));
    if detail > 0 {
        let shown = truncate(&entry.detail, usize::from(detail));
        painter.text_right((area.right(), area.y), &shown, Role::Dim, end);
    }
    let cells = |text: &str| u16::try_from(width(text)).unwrap_or(u16::MAX);
    marks
        .into_iter()
        .map(|mark| {
            let left = x.saturating_add(cells(&name[..mark.start])).min(after);
            Rect { x: left, width: cells(&name[mark]).min(after - left), ..area }
        })
        .collect()
}

/// The part of a name that shows what was looked for, where the whole has no room.
fn window(entry: &Entry, room: u16) -> (Safe, Vec<Range<usize>>) {
    let (name, room) = (&entry.name, usize::from(room));
    let Some(first) = entry.marks.first().filter(|first| width(&name[..first.end]) + 1 > room) else {
        return (name.clone(), entry.marks.clone());
    };
    let kept = (room * 2 / 3).saturating_sub(1);
    let start = name
        .char_indices()
        .map(|(at, _)| at)
        .find(|at| *at >= first.start || width(&name[*at..first.end]) <= kept)
        .unwrap_or(first.start);
    let mut shown = sanitise("…");
    let shift = shown.len();
    shown.push(&name.slice(start..name.len()).unwrap_or_default());
    let marks = entry.marks.iter().map(|mark| mark.start - start + shift..mark.end - start + shift).collect();
    (shown, marks)
}
