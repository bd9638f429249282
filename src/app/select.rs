//! Text that is selected in the branch a pane shows, with the keys of vi or with the mouse.
//!
//! A selection is two places in the source of messages, not cells: nothing that is drawn anew or arrives moves it, and
//! what is copied is the source between them, without wraps, gutters and bars. Where all of it stands in one block of code,
//! what that block is indented by in its message stays behind too.

use std::ops::Range;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::{Position, Rect};

use crate::chat::{Message, MessageId, Part, Tree};
use crate::layout::{Line, Origin, Shown};
use crate::t;
use crate::text::width::width;
use crate::text::{Safe, sanitise};

use super::block::Block;
use super::effect::Effect;
use super::find::{Mark, Which};
use super::geometry::TEXT_LEFT;
use super::model::{Focus, Model, Mood};
use super::transcript::{self, Anchor, Layouts, Scroll, View, area_read};

/// A place in what was said: a byte of the sanitised text of a part of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which message.
    pub message: MessageId,
    /// Which of its parts.
    pub part: usize,
    /// The first byte of a grapheme of it.
    pub byte: usize,
}

/// What is selected in a pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Where it begins, or ends.
    pub anchor: Place,
    /// The other end, which moves.
    pub head: Place,
    /// How much between them.
    pub reach: Reach,
    /// The cells left of where vertical moves lead.
    goal: Option<usize>,
}

/// How much of what is between two places is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Nothing: the head is a caret.
    Caret,
    /// From the one to the other, both included.
    Characters,
    /// All lines of the source that they stand in.
    Lines,
}

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Back,
    On,
}

/// The text of a part that is laid out as text, as it is copied.
pub fn source(message: &Message, part: usize) -> Option<Safe> {
    let part = message.parts.get(part)?;
    let summary = if let Part::Summary(summary) = part { Some(summary.text.as_str()) } else { None };
    part.written().or(summary).map(sanitise)
}

/// The graphemes of a row, with the cells before each in the row.
fn cells_of(line: &Line, source: &str) -> Vec<Shown> {
    let mut left = 0;
    let mut cells = Vec::new();
    for span in &line.spans {
        let shown = span.shown(source).into_iter();
        cells.extend(shown.map(|shown| Shown { left: left + shown.left, ..shown }));
        left += width(&span.text);
    }
    cells
}

/// The bytes of the source that a row shows, from the first to the last.
fn extent(line: &Line) -> Option<Range<usize>> {
    let ranges = line.spans.iter().filter_map(|span| match &span.origin {
        Origin::Added => None,
        Origin::Same(start) => Some(*start..start + span.text.len()),
        Origin::Tabbed(range) | Origin::Whole(range) => Some(range.clone()),
    });
    ranges
        .filter(|range| !range.is_empty())
        .reduce(|all, next| all.start.min(next.start)..all.end.max(next.end))
}

/// Where a place is shown: its row in the message, and its grapheme.
fn shown_at(block: &Block, message: &Message, place: Place) -> Option<(usize, Shown)> {
    let source = source(message, place.part)?;
    block.text_rows().filter(|(_, part, _)| *part == place.part).find_map(|(row, _, line)| {
        extent(line).filter(|extent| extent.contains(&place.byte))?;
        let cell = cells_of(line, &source).into_iter().find(|cell| cell.source.contains(&place.byte))?;
        Some((row, cell))
    })
}

/// A selection's two ends as they stand in a branch, the first one first.
fn ordered(branch: &[MessageId], selection: &Selection) -> (Place, Place) {
    let order = |place: &Place| (branch.iter().position(|id| *id == place.message), place.part, place.byte);
    let (anchor, head) = (selection.anchor, selection.head);
    if order(&anchor) <= order(&head) { (anchor, head) } else { (head, anchor) }
}

/// The bytes of a part of a message that are selected.
fn selected_in(
    selection: &Selection,
    branch: &[MessageId],
    message: MessageId,
    part: usize,
    source: &str,
) -> Option<Range<usize>> {
    let (first, last) = ordered(branch, selection);
    let place = |id: MessageId| branch.iter().position(|other| *other == id);
    let (here, from, to) = (place(message)?, place(first.message)?, place(last.message)?);
    if (here, part) < (from, first.part) || (here, part) > (to, last.part) {
        return None;
    }
    let lines = selection.reach == Reach::Lines;
    let start = match (here, part) == (from, first.part) {
        false => 0,
        true if lines => line_of(source, first.byte).start,
        true => first.byte,
    };
    let end = match (here, part) == (to, last.part) {
        false => source.len(),
        true if lines => line_of(source, last.byte).end,
        true => last.byte + 1,
    };
    Some(start..end.min(source.len()))
}

/// The line of a text that a byte stands in, without its line end.
fn line_of(text: &str, byte: usize) -> Range<usize> {
    let byte = text.floor_char_boundary(byte.min(text.len()));
    let start = text.get(..byte).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    let rest = text.get(byte..).unwrap_or_default();
    start..byte + rest.find('\n').unwrap_or(rest.len())
}

/// Marks what is selected in the visible rows of a view.
pub fn mark_visible(selection: &Selection, view: &mut View, layouts: &Layouts, tree: &Tree) {
    let mut sources: Vec<((MessageId, usize), Option<Safe>)> = Vec::new();
    for (at, (id, row)) in view.visible.iter().enumerate() {
        let Some((part, line)) = layouts.get(*id).and_then(|block| block.text_row(*row)) else { continue };
        if sources.last().is_none_or(|(of, _)| *of != (*id, part)) {
            sources.push(((*id, part), tree.get(*id).and_then(|message| source(message, part))));
        }
        let Some((_, Some(source))) = sources.last() else { continue };
        let selected = match selection.reach {
            Reach::Caret => None,
            Reach::Characters | Reach::Lines => selected_in(selection, &view.branch, *id, part, source),
        };
        let head = (selection.head.message, selection.head.part) == (*id, part);
        for cell in cells_of(line, source) {
            let caret = head && cell.source.contains(&selection.head.byte);
            let within = selected
                .as_ref()
                .is_some_and(|range| cell.source.start < range.end && range.start < cell.source.end);
            let which = match (caret, within) {
                (true, _) => Which::Caret,
                (false, true) => Which::Selected,
                (false, false) => continue,
            };
            view.marks.push(Mark { row: at, left: cell.left, cells: cell.cells.max(1), which });
        }
    }
}

/// The text that is selected.
pub fn text(model: &mut Model) -> Option<String> {
    let selection = model.pane.select.filter(|selection| selection.reach != Reach::Caret)?;
    let branch = model.pane.reading().0.branch.clone();
    let (first, last) = ordered(&branch, &selection);
    let place = |id: MessageId| branch.iter().position(|other| *other == id);
    let within = branch.get(place(first.message)?..=place(last.message)?)?.to_vec();
    let mut pieces = Vec::new();
    for id in within {
        transcript::lay_out_read(model, id);
        let message = model.open.conversation.tree.get(id)?;
        let block = model.pane.reading().1.get(id)?;
        let mut parts: Vec<usize> = block.text_rows().map(|(_, part, _)| part).collect();
        parts.dedup();
        for part in parts {
            let Some(source) = source(message, part) else { continue };
            if let Some(range) = selected_in(&selection, &branch, id, part, &source) {
                pieces.push(said(block, part, &source, range));
            }
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    (!pieces.is_empty()).then(|| pieces.join("\n\n"))
}

/// What a range of a part says: the source, or of one block of code its lines.
fn said(block: &Block, part: usize, source: &str, range: Range<usize>) -> String {
    let rows: Vec<(usize, &Line)> = block
        .text_rows()
        .filter(|(_, of, _)| *of == part)
        .filter_map(|(row, _, line)| {
            let extent = extent(line)?;
            (extent.start < range.end && range.start < extent.end).then_some((row, line))
        })
        .collect();
    let code = rows
        .first()
        .and_then(|(_, line)| line.code)
        .filter(|first| rows.iter().all(|(_, line)| line.code.is_some_and(|code| code.block == first.block)));
    match code {
        Some(_) => lines_of_code(&rows, source, &range),
        None => whole_lines(&rows, source, range),
    }
}

/// Code without what its block is indented by, whatever it stands in.
fn lines_of_code(rows: &[(usize, &Line)], source: &str, range: &Range<usize>) -> String {
    let mut text = String::new();
    let mut before = None;
    for (_, line) in rows {
        let Some(code) = line.code else { continue };
        let skipped = before.map_or(0, |before| code.line - before);
        text.extend(std::iter::repeat_n('\n', skipped));
        before = Some(code.line);
        for cell in cells_of(line, source) {
            if cell.source.start < range.end && range.start < cell.source.end {
                text.push_str(source.get(cell.source).unwrap_or_default());
            }
        }
    }
    text
}

/// The source of a range, with the marks around what is shown where all that is shown of a line is selected.
fn whole_lines(rows: &[(usize, &Line)], source: &str, range: Range<usize>) -> String {
    let shown: Vec<Shown> = rows.iter().flat_map(|(_, line)| cells_of(line, source)).collect();
    // A grapheme, or what reads otherwise than it is written, is copied whole.
    let touched =
        || shown.iter().filter(|cell| cell.source.start < range.end && range.start < cell.source.end);
    let start = touched().map(|cell| cell.source.start).min().unwrap_or(range.start);
    let end = touched().map(|cell| cell.source.end).max().unwrap_or(range.end);
    let (first, last) = (line_of(source, start), line_of(source, end.saturating_sub(1)));
    let begins = !shown.iter().any(|cell| cell.source.start >= first.start && cell.source.start < start);
    let ends = !shown.iter().any(|cell| cell.source.start >= end && cell.source.start < last.end);
    let several = first != last;
    let start = if begins && (ends || several) { first.start.min(range.start) } else { start };
    let end = if ends && (begins || several) { last.end.max(range.end) } else { end };
    source.get(start..end).unwrap_or_default().to_owned()
}

/// Begins to select with keys: a caret where commands are about something.
pub fn begin(model: &mut Model, reach: Reach) -> Vec<Effect> {
    let visible = model.pane.reading().0.visible.clone();
    let current = model.pane.reading().0.current();
    let here = visible.iter().filter(|(id, _)| Some(*id) == current);
    let places: Vec<Place> =
        here.chain(&visible).filter_map(|(id, row)| nearest(model, *id, *row, 0)).take(1).collect();
    let Some(place) = places.first().copied() else {
        return vec![model.notify(t!("app-nothing-to-copy"), Mood::Plain)];
    };
    model.focus = Focus::Transcript;
    model.pane.select = Some(Selection { anchor: place, head: place, reach, goal: None });
    Vec::new()
}

/// The place in a row that is nearest to a column of its text.
fn nearest(model: &Model, message: MessageId, row: usize, column: usize) -> Option<Place> {
    let (part, line) = model.pane.reading().1.get(message)?.text_row(row)?;
    let source = source(model.open.conversation.tree.get(message)?, part)?;
    let cells = cells_of(line, &source);
    let at = cells.iter().rposition(|cell| cell.left <= column).unwrap_or(0);
    let byte = cells.get(at)?.source.start;
    Some(Place { message, part, byte })
}

/// The place below the pointer, in the rows of `body`; above or below them, that of the nearest row with text.
pub fn place_at(model: &Model, at: Position, body: Rect) -> Option<Place> {
    let column = usize::from(at.x.saturating_sub(body.x + TEXT_LEFT));
    let visible = &model.pane.reading().0.visible;
    let row = usize::from(at.y.saturating_sub(body.y)).min(visible.len().checked_sub(1)?);
    let below = visible.get(row..)?.iter();
    let above = visible.get(..row)?.iter().rev();
    let (id, line) = visible.get(row).copied()?;
    nearest(model, id, line, column).or_else(|| {
        let near = |(id, line): &(MessageId, usize)| nearest(model, *id, *line, 0);
        below.take(2).find_map(near).or_else(|| above.take(2).find_map(near))
    })
}

/// How much a click selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// From where it was pressed to where it is dragged.
    Grapheme,
    /// The word below it.
    Word,
    /// The line of the source below it.
    Line,
}

/// The mouse was dragged from one place to another, or clicked several times.
pub fn with_mouse(model: &mut Model, anchor: Place, head: Place, grain: Grain) {
    let (anchor, head, reach) = match grain {
        Grain::Grapheme => (anchor, head, Reach::Characters),
        Grain::Line => (anchor, head, Reach::Lines),
        Grain::Word => {
            let word = model
                .open
                .conversation
                .tree
                .get(head.message)
                .and_then(|message| source(message, head.part))
                .map(|source| word_at(&source, head.byte));
            let Some(word) = word else { return };
            let last = word.end.saturating_sub(1).max(word.start);
            (Place { byte: word.start, ..head }, Place { byte: last, ..head }, Reach::Characters)
        }
    };
    model.focus = Focus::Transcript;
    model.pane.select = Some(Selection { anchor, head, reach, goal: None });
}

/// What a character is to those who move by words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Blank,
    Word,
    Sign,
}

impl Class {
    fn of(c: char) -> Self {
        match c {
            _ if c.is_whitespace() => Self::Blank,
            _ if c.is_alphanumeric() || c == '_' => Self::Word,
            _ => Self::Sign,
        }
    }

    fn at(text: &str, byte: usize) -> Self {
        text.get(byte..).and_then(|rest| rest.chars().next()).map_or(Self::Blank, Self::of)
    }
}

/// The word that a byte stands in: characters of one kind.
fn word_at(text: &str, byte: usize) -> Range<usize> {
    let class = Class::at(text, byte);
    let same = |c: &char| Class::of(*c) == class && *c != '\n';
    let before = text.get(..byte).unwrap_or_default();
    let after = text.get(byte..).unwrap_or_default();
    let back: usize = before.chars().rev().take_while(same).map(char::len_utf8).sum();
    let on: usize = after.chars().take_while(same).map(char::len_utf8).sum();
    byte - back..byte + on
}

/// Leaves it. Returns whether there was anything to leave.
pub fn leave(model: &mut Model) -> bool {
    model.pane.select.take().is_some()
}

/// A key while something is selected; `None` where it means what it always does.
pub fn typed(model: &mut Model, key: KeyEvent) -> Option<Vec<Effect>> {
    let selection = model.pane.select?;
    if model.focus != Focus::Transcript || !model.overlays.is_empty() || model.chord.is_some() {
        return None;
    }
    if key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) {
        return None;
    }
    let toggled = |reach: Reach| if selection.reach == reach { Reach::Caret } else { reach };
    match key.code {
        KeyCode::Esc => {
            model.pane.select = None;
        }
        KeyCode::Char('y') | KeyCode::Enter => return Some(copy(model)),
        KeyCode::Char('v') => reach(model, toggled(Reach::Characters)),
        KeyCode::Char('V') => reach(model, toggled(Reach::Lines)),
        KeyCode::Char('o') => {
            let swapped =
                Selection { anchor: selection.head, head: selection.anchor, goal: None, ..selection };
            model.pane.select = Some(swapped);
            reveal(model);
        }
        KeyCode::Char('h') | KeyCode::Left | KeyCode::Backspace => step(model, Way::Back),
        KeyCode::Char('l' | ' ') | KeyCode::Right => step(model, Way::On),
        KeyCode::Char('j') | KeyCode::Down => rows(model, Way::On, 1),
        KeyCode::Char('k') | KeyCode::Up => rows(model, Way::Back, 1),
        KeyCode::Char('d') | KeyCode::PageDown => rows(model, Way::On, half(model)),
        KeyCode::Char('u') | KeyCode::PageUp => rows(model, Way::Back, half(model)),
        KeyCode::Char('0' | '^') | KeyCode::Home => edge(model, Way::Back),
        KeyCode::Char('$') | KeyCode::End => edge(model, Way::On),
        KeyCode::Char('w') => word(model, Way::On, Stop::Start),
        KeyCode::Char('e') => word(model, Way::On, Stop::End),
        KeyCode::Char('b') => word(model, Way::Back, Stop::End),
        KeyCode::Char('{') => paragraph(model, Way::Back),
        KeyCode::Char('}') => paragraph(model, Way::On),
        KeyCode::Char('g') => end_of_branch(model, Way::Back),
        KeyCode::Char('G') => end_of_branch(model, Way::On),
        // What is looked for, and everything else that letters do, is above a selection as it is without one.
        _ => return None,
    }
    Some(Vec::new())
}

/// Copies what is selected, and leaves it; nothing, where only a caret stands there.
pub fn copy(model: &mut Model) -> Vec<Effect> {
    match text(model) {
        Some(text) => {
            model.pane.select = None;
            vec![Effect::Copy { text: sanitise(&text) }]
        }
        None => vec![model.notify(t!("app-nothing-selected"), Mood::Plain)],
    }
}

fn reach(model: &mut Model, reach: Reach) {
    if let Some(selection) = &mut model.pane.select {
        if selection.reach == Reach::Caret {
            selection.anchor = selection.head;
        }
        selection.reach = reach;
    }
}

fn half(model: &Model) -> usize {
    usize::from(area_read(model).height / 2).max(1)
}

/// Where the head is shown: the place of its message in the branch, its row, its grapheme.
fn head(model: &mut Model) -> Option<(usize, usize, Shown)> {
    let place = model.pane.select?.head;
    let at = model.pane.reading().0.branch.iter().position(|id| *id == place.message)?;
    transcript::lay_out_read(model, place.message);
    let message = model.open.conversation.tree.get(place.message)?;
    let (row, cell) = shown_at(model.pane.reading().1.get(place.message)?, message, place)?;
    Some((at, row, cell))
}

/// The next row with text in the branch, in one of both ways: its message and row, and the places of its graphemes.
fn next_row(model: &mut Model, (at, row): (usize, usize), way: Way) -> Option<(usize, usize)> {
    let (mut at, mut row) = (at, Some(row));
    loop {
        let id = *model.pane.reading().0.branch.get(at)?;
        transcript::lay_out_read(model, id);
        let block = model.pane.reading().1.get(id)?;
        let with_text = block.text_rows().filter(|(_, _, line)| extent(line).is_some()).map(|(row, ..)| row);
        let found = match (way, row) {
            (Way::On, Some(from)) => with_text.into_iter().find(|row| *row > from),
            (Way::On, None) => with_text.into_iter().next(),
            (Way::Back, Some(from)) => with_text.into_iter().take_while(|row| *row < from).last(),
            (Way::Back, None) => with_text.into_iter().last(),
        };
        if let Some(found) = found {
            return Some((at, found));
        }
        at = match way {
            Way::On => at + 1,
            Way::Back => at.checked_sub(1)?,
        };
        row = None;
    }
}

/// The places in a row that is laid out, each with the cells before it.
fn places_in(model: &Model, (at, row): (usize, usize)) -> Vec<(Place, usize)> {
    let places = || {
        let message = *model.pane.reading().0.branch.get(at)?;
        let (part, line) = model.pane.reading().1.get(message)?.text_row(row)?;
        let source = source(model.open.conversation.tree.get(message)?, part)?;
        let cells = cells_of(line, &source).into_iter();
        Some(cells.map(|cell| (Place { message, part, byte: cell.source.start }, cell.left)).collect())
    };
    places().unwrap_or_default()
}

fn go(model: &mut Model, head: Place, goal: Option<usize>) {
    if let Some(selection) = &mut model.pane.select {
        (selection.head, selection.goal) = (head, goal);
    }
    reveal(model);
}

/// The place before or after another one, in reading order.
fn beside(model: &mut Model, (at, row): (usize, usize), byte: usize, way: Way) -> Option<Place> {
    let places = places_in(model, (at, row));
    let here = places.iter().position(|(place, _)| place.byte == byte)?;
    let next = match way {
        Way::On => here.checked_add(1),
        Way::Back => here.checked_sub(1),
    };
    if let Some((place, _)) = next.and_then(|next| places.get(next)) {
        return Some(*place);
    }
    let row = next_row(model, (at, row), way)?;
    let places = places_in(model, row);
    let place = match way {
        Way::On => places.first(),
        Way::Back => places.last(),
    };
    place.map(|(place, _)| *place)
}

fn step(model: &mut Model, way: Way) {
    if let Some((at, row, cell)) = head(model)
        && let Some(place) = beside(model, (at, row), cell.source.start, way)
    {
        go(model, place, None);
    }
}

fn rows(model: &mut Model, way: Way, count: usize) {
    let Some((at, row, cell)) = head(model) else { return };
    let goal = model.pane.select.and_then(|selection| selection.goal).unwrap_or(cell.left);
    let mut to = (at, row);
    for _ in 0..count {
        match next_row(model, to, way) {
            Some(next) => to = next,
            None => break,
        }
    }
    let places = places_in(model, to);
    let place = places.iter().rev().find(|(_, left)| *left <= goal).or(places.first());
    if let Some((place, _)) = place.copied() {
        go(model, place, Some(goal));
    }
}

fn edge(model: &mut Model, way: Way) {
    let Some((at, row, _)) = head(model) else { return };
    let places = places_in(model, (at, row));
    let (place, goal) = match way {
        Way::Back => (places.first(), 0),
        Way::On => (places.last(), usize::MAX),
    };
    if let Some((place, _)) = place.copied() {
        go(model, place, Some(goal));
    }
}

/// Which end of a word a move stops at, as it goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// Where a word begins that follows another kind of character.
    Start,
    /// Where a word ends on the way.
    End,
}

fn word(model: &mut Model, way: Way, stop: Stop) {
    let Some((mut at, mut row, cell)) = head(model) else { return };
    let mut place = model.pane.select.map(|selection| Place { byte: cell.source.start, ..selection.head });
    let mut before = place.map(|place| class_of(model, place));
    let mut moved = false;
    while let Some(here) = place {
        let next = beside(model, (at, row), here.byte, way);
        let class = next.map(|next| class_of(model, next));
        let apart = next.is_none_or(|next| is_apart(model, here, next));
        let ends = before != Some(Class::Blank) && (apart || class != before);
        if stop == Stop::End && moved && ends {
            break;
        }
        let Some(to) = next else { break };
        if let Some(branch) = model.pane.reading().0.branch.iter().position(|id| *id == to.message)
            && !places_in(model, (at, row)).iter().any(|(place, _)| *place == to)
        {
            (at, row) = next_row(model, (at, row), way).unwrap_or((branch, row));
        }
        let begins = class != Some(Class::Blank) && (apart || class != before);
        (place, before, moved) = (Some(to), class, true);
        if stop == Stop::Start && begins {
            break;
        }
    }
    if let Some(place) = place.filter(|_| moved) {
        go(model, place, None);
    }
}

fn class_of(model: &Model, place: Place) -> Class {
    let message = model.open.conversation.tree.get(place.message);
    let source = message.and_then(|message| source(message, place.part));
    source.map_or(Class::Blank, |source| Class::at(&source, place.byte))
}

/// Whether blanks, a line end or another message is between two places beside each other.
fn is_apart(model: &Model, one: Place, other: Place) -> bool {
    if (one.message, one.part) != (other.message, other.part) {
        return true;
    }
    let message = model.open.conversation.tree.get(one.message);
    let source = message.and_then(|message| source(message, one.part)).unwrap_or_default();
    let (first, last) = (one.byte.min(other.byte), one.byte.max(other.byte));
    source.get(first..last).is_some_and(|between| between.contains(char::is_whitespace))
}

/// To the row below, or above, the next one without text.
fn paragraph(model: &mut Model, way: Way) {
    let Some((at, row, _)) = head(model) else { return };
    let mut to = (at, row);
    while let Some(next) = next_row(model, to, way) {
        let gap = next.0 != to.0 || next.1.abs_diff(to.1) > 1;
        to = next;
        if gap {
            break;
        }
    }
    if let Some((place, _)) = places_in(model, to).first().copied() {
        go(model, place, None);
    }
}

fn end_of_branch(model: &mut Model, way: Way) {
    let last = model.pane.reading().0.branch.len().saturating_sub(1);
    let from = match way {
        Way::Back => next_row(model, (0, 0), Way::On),
        Way::On => next_row(model, (last, usize::MAX), Way::Back),
    };
    let Some(to) = from else { return };
    let places = places_in(model, to);
    let place = match way {
        Way::Back => places.first(),
        Way::On => places.last(),
    };
    if let Some((place, _)) = place.copied() {
        go(model, place, None);
    }
}

/// Scrolls until the head is visible; what is visible already does not move.
fn reveal(model: &mut Model) {
    let Some((at, row, _)) = head(model) else { return };
    let Some(id) = model.pane.reading().0.branch.get(at).copied() else { return };
    let height = usize::from(area_read(model).height);
    let visible = &model.pane.reading().0.visible;
    if visible.contains(&(id, row)) {
        return;
    }
    let place = |id: MessageId| model.pane.reading().0.branch.iter().position(|other| *other == id);
    let above = visible.first().is_some_and(|(first, line)| (at, row) < (place(*first).unwrap_or(0), *line));
    let step = if above { Scroll::Up(1) } else { Scroll::Down(1) };
    for _ in 0..3 {
        transcript::scroll(model, step);
        if model.pane.reading().0.visible.contains(&(id, row)) {
            return;
        }
    }
    model.pane.reading_mut().0.anchor = Anchor::At(id, row.saturating_sub(height / 3));
    transcript::arrange(model);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::App;
    use crate::chat::StreamEvent;

    const ANSWER: &str = "# Title\n\nSome *words* here that are long enough to be wrapped on a narrow screen.\n\n- item\n  ```sh\n  ls -l\n\n    deeper\n  ```\n- other\n\n| a | b |\n|---|---|\n| 1 | 2 |\n";

    fn app(answer: &str) -> App {
        let mut app = App::new(50, 40);
        app.turn("the question", answer);
        app.keys("alt-t");
        app
    }

    fn copied(app: &mut App, keys: &str) -> String {
        let effects = app.keys(keys);
        let copied = effects.iter().find_map(|effect| match effect {
            Effect::Copy { text } => Some(text.to_string()),
            _ => None,
        });
        copied.unwrap_or_else(|| panic!("nothing was copied: {effects:?}"))
    }

    #[test]
    fn all_that_is_selected_of_a_message_is_its_source() {
        let mut app = app(ANSWER);
        assert_eq!(copied(&mut app, "ctrl-x v s v G y"), ANSWER.trim_end());
        assert_eq!(copied(&mut app, "ctrl-x v S G y"), ANSWER.trim_end());
    }

    #[test]
    fn a_wrapped_line_is_one_line_and_words_lose_no_letter() {
        let mut app = app(ANSWER);
        assert_eq!(
            copied(&mut app, "S } V y"),
            "Some *words* here that are long enough to be wrapped on a narrow screen."
        );
        assert_eq!(copied(&mut app, "S } w v e y"), "words");
        assert_eq!(copied(&mut app, "S } v $ j y").lines().count(), 1);
        assert_eq!(copied(&mut app, "S } $ b v e y"), "be");
    }

    #[test]
    fn code_in_a_list_is_copied_without_the_indentation_of_the_list() {
        let mut app = app(ANSWER);
        app.keys("S } } j");
        assert_eq!(copied(&mut app, "v j $ y"), "ls -l\n\n  deeper");
    }

    #[test]
    fn several_messages_are_selected_from_the_first_to_the_last() {
        let mut app = app("the answer");
        assert_eq!(copied(&mut app, "S g v G y"), "the question\n\nthe answer");
        assert_eq!(copied(&mut app, "S g w v G o G b y"), "answer");
    }

    #[test]
    fn a_selection_stays_where_it_is_while_text_comes_and_is_drawn_again() {
        let mut app = app("first");
        app.keys("esc");
        let live = app.ask("two");
        app.say(live.turn, StreamEvent::Text("one two".into()));
        app.keys("alt-t S w v");
        app.say(live.turn, StreamEvent::Text(" three\n\nfour".into()));
        app.send(crate::app::Message::Resize {
            size: crate::app::Size { width: 90, height: 30 },
            at: app.at,
        });
        assert_eq!(copied(&mut app, "e y"), "two");
    }

    #[test]
    fn esc_leaves_a_selection_and_nothing_else() {
        let mut app = app("the answer");
        app.keys("S v l");
        assert!(app.model.pane.select.is_some());
        assert!(app.model.pane.view.marks.iter().any(|mark| mark.which == Which::Selected));
        app.keys("esc");
        assert_eq!((app.model.pane.select, app.model.focus), (None, Focus::Transcript));
        assert_eq!(app.keys("S y").len(), 0);
    }
}
