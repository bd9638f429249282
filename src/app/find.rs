//! Words looked for in the branch that a pane shows: typed at the foot, marked in the rows that are visible, walked
//! with `n` and `N`.
//!
//! Matches are counted in what messages say, so that those which were never laid out count; only the message that is
//! gone to is laid out. Small letters match capitals too, until a capital is typed.

use std::ops::Range;

use crossterm::event::{KeyCode, KeyEvent};

use crate::chat::{Message, MessageId, Part, Tree};
use crate::t;
use crate::text::width::width;

use super::block::{Block, Fold, Kind};
use super::effect::Effect;
use super::field::Line;
use super::fold;
use super::model::{Focus, Model, Mood};
use super::transcript::{self, Anchor, Layouts, View, area_read};

/// What is looked for in a pane.
#[derive(Clone, Debug)]
pub struct Find {
    /// What is typed.
    pub typed: Line,
    /// Whether it still is.
    pub stage: Stage,
    needles: Needles,
    /// The messages of the branch that hold it, and how often.
    counts: Vec<(MessageId, usize)>,
    /// The branch that was counted.
    counted: (usize, Option<MessageId>),
    /// Which match is gone to, counted from the root.
    at: Option<usize>,
    /// Where that one stands: its row in the message, and the byte it begins with.
    here: Option<(MessageId, usize, usize)>,
}

/// How far a search in the branch is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Letters go to it. What was read before is gone back to where it is given up.
    Typing {
        /// Where the view was held.
        from: Anchor,
        /// What commands were about.
        cursor: Option<MessageId>,
    },
    /// Its matches are marked and walked.
    Walking,
}

/// A piece of a visible row that was looked for, or is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Which of the visible rows.
    pub row: usize,
    /// The cells before it in the row.
    pub left: usize,
    /// The cells it takes.
    pub cells: usize,
    /// Whether it is the one that was gone to.
    pub which: Which,
}

/// Which match a mark is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The one that was gone to.
    Here,
    /// Another one.
    Other,
    /// None: it is selected.
    Selected,
    /// None: the caret of a selection stands there.
    Caret,
}

impl Find {
    fn new(typed: &str, needles: Needles, stage: Stage) -> Self {
        Self {
            typed: Line::new(typed),
            stage,
            needles,
            counts: Vec::new(),
            counted: (0, None),
            at: None,
            here: None,
        }
    }

    /// Whether letters go to it.
    pub fn is_typed(&self) -> bool {
        matches!(self.stage, Stage::Typing { .. })
    }

    /// Which match is gone to, from 1, and how many there are.
    pub fn place(&self) -> (usize, usize) {
        (self.at.map_or(0, |at| at + 1), self.total())
    }

    fn total(&self) -> usize {
        self.counts.iter().map(|(_, count)| count).sum()
    }

    fn count(&mut self, tree: &Tree, view: &View) {
        self.counted = (view.branch.len(), view.leaf);
        let held = |id: &MessageId| {
            Some((*id, said(tree.get(*id)?).map(|(_, text)| self.needles.count(text)).sum()))
        };
        self.counts = view.branch.iter().filter_map(held).filter(|(_, count)| *count > 0).collect();
        self.at = self.at.filter(|at| *at < self.total());
    }

    /// The message of a match, and which of its matches it is.
    fn nth(&self, mut at: usize) -> Option<(MessageId, usize)> {
        for (message, count) in &self.counts {
            if at < *count {
                return Some((*message, at));
            }
            at -= count;
        }
        None
    }

    /// The first match in this message or after it.
    fn from(&self, view: &View, message: Option<MessageId>) -> Option<usize> {
        let place = |id: MessageId| view.branch.iter().position(|other| *other == id);
        let start = message.and_then(place).unwrap_or(0);
        let mut before = 0;
        for (id, count) in &self.counts {
            if place(*id).is_some_and(|at| at >= start) {
                return Some(before);
            }
            before += count;
        }
        (before > 0).then_some(0)
    }
}

/// Begins to look for something in the branch.
pub fn begin(model: &mut Model) -> Vec<Effect> {
    if model.open.conversation.tree.is_empty() {
        return Vec::new();
    }
    model.overlays.clear();
    model.focus = Focus::Transcript;
    let view = model.pane.reading().0;
    let stage = Stage::Typing { from: view.anchor, cursor: view.cursor };
    model.pane.find = Some(Find::new("", Needles::default(), stage));
    Vec::new()
}

/// A key while it is typed.
pub fn typed(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let Some(find) = &mut model.pane.find else { return Vec::new() };
    match key.code {
        KeyCode::Enter if find.typed.text().is_empty() => model.pane.find = None,
        KeyCode::Enter => find.stage = Stage::Walking,
        KeyCode::Down => return step(model, 1),
        KeyCode::Up => return step(model, -1),
        _ => {
            let before = find.typed.text().to_owned();
            find.typed.edit(key);
            if find.typed.text() != before {
                look(model);
            }
        }
    }
    Vec::new()
}

/// Text was pasted while it is typed.
pub fn pasted(model: &mut Model, text: &str) {
    if let Some(find) = &mut model.pane.find {
        find.typed.insert(text.trim());
        look(model);
    }
}

/// Ends typing: what was found stays marked.
pub fn settle(model: &mut Model) {
    if let Some(find) = model.pane.find.as_mut().filter(|find| find.is_typed()) {
        find.stage = Stage::Walking;
    }
}

/// Leaves it. Who was still typing goes back to where they were. Returns whether there was anything to leave.
pub fn leave(model: &mut Model) -> Left {
    let Some(find) = model.pane.find.take() else { return Left::Nothing };
    if let Stage::Typing { from, cursor } = find.stage {
        let (view, _) = model.pane.reading_mut();
        (view.anchor, view.cursor) = (from, cursor);
    }
    Left::Find
}

/// What [`leave`] left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// A search in the branch.
    Find,
    /// There was none.
    Nothing,
}

/// Looks for what is typed now, from where the search began.
fn look(model: &mut Model) {
    let Some((find, view, _)) = model.pane.finding() else { return };
    find.needles = Needles::phrase(find.typed.text());
    find.count(&model.open.conversation.tree, view);
    let start = match find.stage {
        Stage::Typing { from: Anchor::At(message, _), .. } => Some(message),
        Stage::Typing { from: Anchor::Follow | Anchor::Beginning(_), .. } | Stage::Walking => {
            view.visible.first().map(|(message, _)| *message)
        }
    };
    find.at = find.from(view, start);
    find.here = None;
    go(model);
}

/// To the next match (`1`) or the one before (`-1`), around both ends.
pub fn step(model: &mut Model, by: isize) -> Vec<Effect> {
    let Some((find, view, _)) = model.pane.finding() else {
        return vec![model.notify(t!("app-find-first"), Mood::Plain)];
    };
    find.count(&model.open.conversation.tree, view);
    let total = find.total();
    if total == 0 {
        return vec![model.notify(t!("app-find-none"), Mood::Plain)];
    }
    let wrapped = isize::try_from(total).unwrap_or(isize::MAX);
    let next = match find.at.and_then(|at| isize::try_from(at).ok()) {
        Some(at) => usize::try_from((at + by).rem_euclid(wrapped)).ok(),
        None => find.from(view, view.visible.first().map(|(message, _)| *message)),
    };
    let around = find.at.zip(next).filter(|(from, to)| if by > 0 { to <= from } else { to >= from });
    find.at = next;
    go(model);
    match around {
        Some(_) if by > 0 => vec![model.notify(t!("app-find-from-top"), Mood::Plain)],
        Some(_) => vec![model.notify(t!("app-find-from-end"), Mood::Plain)],
        None => Vec::new(),
    }
}

/// Marks words in a message that a search over all conversations found.
pub fn mark(model: &mut Model, words: Vec<String>) {
    let typed = words.join(" ");
    model.pane.find = (!words.is_empty()).then(|| Find::new(&typed, Needles::words(&words), Stage::Walking));
}

/// Goes to the first match in a message that is revealed, where it has one.
pub fn reveal(model: &mut Model, message: MessageId) {
    let Some((find, view, _)) = model.pane.finding() else { return };
    find.count(&model.open.conversation.tree, view);
    find.at = find.from(view, Some(message));
    if find.at.and_then(|at| find.nth(at)).is_some_and(|(found, _)| found == message) {
        go(model);
    }
}

/// Shows the match that is gone to. What is visible already does not move.
fn go(model: &mut Model) {
    let height = usize::from(area_read(model).height);
    let Some((message, nth)) = model.pane.find.as_ref().and_then(|find| find.nth(find.at?)) else {
        return;
    };
    let needles = model.pane.find.as_ref().map(|find| find.needles.clone()).unwrap_or_default();
    let nth = uncover(model, &needles, message, nth);
    let Some(block) = transcript::lay_out_read(model, message) else { return };
    let found = needles.in_rows(block, 0..block.rows());
    // What is not shown as it was written has fewer matches than its text.
    let place = found.get(nth).or(found.last()).map(|pieces| (pieces[0].0, pieces[0].1.start));
    let row = place.map_or(0, |(row, _)| row);
    let Some((find, view, _)) = model.pane.finding() else { return };
    find.here = place.map(|(row, start)| (message, row, start));
    view.cursor = Some(message);
    let held = match view.anchor {
        // It was just gone to, and nothing is laid out yet.
        Anchor::At(top, line) if top == message => row >= line && row < line + height.saturating_sub(1),
        Anchor::At(..) | Anchor::Beginning(_) | Anchor::Follow => view.visible.contains(&(message, row)),
    };
    if !held {
        view.anchor = Anchor::At(message, row.saturating_sub(height / 3));
    }
}

/// What a message says, in its order, and which kind of text each is.
fn said(message: &Message) -> impl Iterator<Item = (Kind, &str)> {
    message.parts.iter().filter_map(|part| match part {
        Part::Text { text } => Some((Kind::Text, text.as_str())),
        Part::Reasoning { text } => Some((Kind::Reasoning, text.as_str())),
        _ => None,
    })
}

/// Opens reasoning that a match is in. Returns which of the matches that are shown it is.
fn uncover(model: &mut Model, needles: &Needles, id: MessageId, nth: usize) -> usize {
    let Some(message) = model.open.conversation.tree.get(id) else { return nth };
    if fold::is_open(message, model.folds.of(id)) {
        return nth;
    }
    let (mut left, mut hidden) = (nth, 0);
    for (kind, text) in said(message) {
        let count = needles.count(text);
        match kind {
            Kind::Text if left < count => return nth - hidden,
            Kind::Reasoning if left < count => break,
            Kind::Text => {}
            Kind::Reasoning => hidden += count,
        }
        left -= count;
    }
    fold::show(model, id, Fold::Open);
    nth
}

/// Marks what is looked for in the visible rows of a view.
pub fn mark_visible(find: &mut Find, view: &mut View, layouts: &Layouts, tree: &Tree) {
    if find.counted != (view.branch.len(), view.leaf) {
        find.count(tree, view);
    }
    let mut first = 0;
    while let Some((message, top)) = view.visible.get(first).copied() {
        let rows = view.visible[first..].iter().take_while(|(id, _)| *id == message).count();
        if let Some(block) = layouts.get(message) {
            // A match may begin above the screen, or end below it.
            let around = top.saturating_sub(1)..(top + rows + 1).min(block.rows());
            for pieces in find.needles.in_rows(block, around) {
                let start = pieces.first().map(|(row, range)| (message, *row, range.start));
                let which = if start == find.here { Which::Here } else { Which::Other };
                for (row, range) in pieces.iter().filter(|(row, _)| (top..top + rows).contains(row)) {
                    let Some(text) = block.said(*row) else { continue };
                    view.marks.push(Mark {
                        row: first + row - top,
                        left: width(&text[..range.start]),
                        cells: width(&text[range.clone()]),
                        which,
                    });
                }
            }
        }
        first += rows;
    }
}

/// What is looked for, folded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Needles {
    words: Vec<String>,
    case: Case,
}

/// Whether capitals differ from small letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Case {
    #[default]
    Ignored,
    Matters,
}

/// A match in rows: the pieces of it, each a row and the bytes of it.
type Pieces = Vec<Piece>;

/// A row, and bytes of it.
type Piece = (usize, Range<usize>);

impl Needles {
    /// One phrase, as it was typed.
    fn phrase(typed: &str) -> Self {
        let case = if typed.chars().any(char::is_uppercase) { Case::Matters } else { Case::Ignored };
        let words = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        Self { words: Vec::from_iter((!words.is_empty()).then_some(words)), case }
    }

    /// Any of these.
    fn words(words: &[String]) -> Self {
        let folded = words.iter().map(|word| word.to_lowercase()).filter(|word| !word.is_empty());
        Self { words: folded.collect(), case: Case::Ignored }
    }

    fn count(&self, text: &str) -> usize {
        match (self.words.as_slice(), self.case) {
            ([], _) => 0,
            ([word], Case::Matters) if !word.contains(' ') => text.matches(word.as_str()).count(),
            ([word], Case::Ignored) if !word.contains(' ') => {
                text.to_lowercase().matches(word.as_str()).count()
            }
            _ => self.places(&Hay::of(self.case, [(0, text)]).text).len(),
        }
    }

    /// The places in a folded text, in order; those that overlap are one.
    fn places(&self, hay: &str) -> Vec<Range<usize>> {
        let mut places: Vec<Range<usize>> = self
            .words
            .iter()
            .flat_map(|word| hay.match_indices(word.as_str()).map(|(at, found)| at..at + found.len()))
            .collect();
        places.sort_by_key(|place| (place.start, place.end));
        let mut apart: Vec<Range<usize>> = Vec::with_capacity(places.len());
        for place in places {
            match apart.last_mut() {
                Some(last) if place.start < last.end => last.end = last.end.max(place.end),
                Some(_) | None => apart.push(place),
            }
        }
        apart
    }

    /// The matches in some rows of a message.
    fn in_rows(&self, block: &Block, rows: Range<usize>) -> Vec<Pieces> {
        if self.words.is_empty() {
            return Vec::new();
        }
        let said: Vec<(usize, String)> = rows.filter_map(|row| Some((row, block.said(row)?))).collect();
        let hay = Hay::of(self.case, said.iter().map(|(row, text)| (*row, text.as_str())));
        self.places(&hay.text)
            .into_iter()
            .map(|place| hay.pieces(place))
            .filter(|one| !one.is_empty())
            .collect()
    }
}

/// Rows as one text to look in: folded, each space a single one, a row's end a space where words end there.
struct Hay {
    text: String,
    /// Of every character: where it begins in `text`, and the row and bytes it is from. A row's end is from none.
    origins: Vec<(usize, Option<Piece>)>,
}

impl Hay {
    fn of<'a>(case: Case, rows: impl IntoIterator<Item = (usize, &'a str)>) -> Self {
        let mut hay = Self { text: String::new(), origins: Vec::new() };
        for (row, text) in rows {
            // A word of wide characters goes on in the next row; other words end with it.
            let is_wide = |c: char| width(c.encode_utf8(&mut [0; 4])) == 2;
            let joined = hay.text.chars().next_back().is_some_and(is_wide)
                && text.trim_start().chars().next().is_some_and(is_wide);
            if !joined && !hay.text.is_empty() && !hay.text.ends_with(' ') {
                hay.origins.push((hay.text.len(), None));
                hay.text.push(' ');
            }
            for (at, c) in text.char_indices() {
                if c.is_whitespace() && (hay.text.is_empty() || hay.text.ends_with(' ')) {
                    continue;
                }
                hay.origins.push((hay.text.len(), Some((row, at..at + c.len_utf8()))));
                let c = if c.is_whitespace() { ' ' } else { c };
                match case {
                    Case::Matters => hay.text.push(c),
                    Case::Ignored => hay.text.extend(c.to_lowercase()),
                }
            }
        }
        hay
    }

    fn pieces(&self, place: Range<usize>) -> Pieces {
        let first = self.origins.partition_point(|(start, _)| *start < place.start);
        let mut pieces: Pieces = Vec::new();
        for (_, origin) in self.origins[first..].iter().take_while(|(start, _)| *start < place.end) {
            let Some((row, bytes)) = origin else { continue };
            match pieces.last_mut() {
                Some((last, range)) if last == row => range.end = bytes.end,
                Some(_) | None => pieces.push((*row, bytes.clone())),
            }
        }
        pieces
    }
}

#[cfg(test)]
mod tests;
