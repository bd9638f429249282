//! Readline's keys: a table of what each does, and the ring of what was cut.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::buffer::Buffer;
use super::words::Word;

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// To one character before or after; to the ends of the line; over a word.
    Go(To),
    /// The row above or below.
    Up,
    Down,
    /// Deletes to there; what a word or a line was is kept in the ring.
    Delete(To),
    Kill(To),
    /// Puts back what was cut last; puts what was cut before it in its place.
    Yank,
    YankBefore,
    /// Exchanges the characters, or the words, around the cursor.
    SwapCharacters,
    SwapWords,
    /// Writes the word in another case.
    Upper,
    Lower,
    Capital,
    Undo,
    Redo,
    Tab,
}

/// A place to go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    Left,
    Right,
    LineStart,
    LineEnd,
    WordStart(Word),
    WordEnd(Word),
}

const NONE: KeyModifiers = KeyModifiers::NONE;
const CTRL: KeyModifiers = KeyModifiers::CONTROL;
const ALT: KeyModifiers = KeyModifiers::ALT;
const BOTH: KeyModifiers = CTRL.union(ALT);

/// The table. Terminals send Ctrl+_ and Ctrl+/ as one byte, which is read as Ctrl+7; Alt+T is the transcript's.
const KEYS: &[(KeyModifiers, KeyCode, Act)] = &[
    (NONE, KeyCode::Left, Act::Go(To::Left)),
    (CTRL, KeyCode::Char('b'), Act::Go(To::Left)),
    (NONE, KeyCode::Right, Act::Go(To::Right)),
    (CTRL, KeyCode::Char('f'), Act::Go(To::Right)),
    (NONE, KeyCode::Up, Act::Up),
    (NONE, KeyCode::Down, Act::Down),
    (NONE, KeyCode::Home, Act::Go(To::LineStart)),
    (CTRL, KeyCode::Char('a'), Act::Go(To::LineStart)),
    (NONE, KeyCode::End, Act::Go(To::LineEnd)),
    (CTRL, KeyCode::Char('e'), Act::Go(To::LineEnd)),
    (ALT, KeyCode::Char('b'), Act::Go(To::WordStart(Word::Letters))),
    (ALT, KeyCode::Left, Act::Go(To::WordStart(Word::Letters))),
    (CTRL, KeyCode::Left, Act::Go(To::WordStart(Word::Letters))),
    (ALT, KeyCode::Char('f'), Act::Go(To::WordEnd(Word::Letters))),
    (ALT, KeyCode::Right, Act::Go(To::WordEnd(Word::Letters))),
    (CTRL, KeyCode::Right, Act::Go(To::WordEnd(Word::Letters))),
    (NONE, KeyCode::Backspace, Act::Delete(To::Left)),
    (CTRL, KeyCode::Char('h'), Act::Delete(To::Left)),
    (NONE, KeyCode::Delete, Act::Delete(To::Right)),
    (CTRL, KeyCode::Char('d'), Act::Delete(To::Right)),
    (CTRL, KeyCode::Char('w'), Act::Kill(To::WordStart(Word::Big))),
    (ALT, KeyCode::Backspace, Act::Kill(To::WordStart(Word::Letters))),
    (CTRL, KeyCode::Backspace, Act::Kill(To::WordStart(Word::Letters))),
    (ALT, KeyCode::Char('d'), Act::Kill(To::WordEnd(Word::Letters))),
    (CTRL, KeyCode::Delete, Act::Kill(To::WordEnd(Word::Letters))),
    (CTRL, KeyCode::Char('k'), Act::Kill(To::LineEnd)),
    (CTRL, KeyCode::Char('u'), Act::Kill(To::LineStart)),
    (CTRL, KeyCode::Char('y'), Act::Yank),
    (ALT, KeyCode::Char('y'), Act::YankBefore),
    (CTRL, KeyCode::Char('t'), Act::SwapCharacters),
    (BOTH, KeyCode::Char('t'), Act::SwapWords),
    (ALT, KeyCode::Char('u'), Act::Upper),
    (ALT, KeyCode::Char('l'), Act::Lower),
    (ALT, KeyCode::Char('c'), Act::Capital),
    (CTRL, KeyCode::Char('_'), Act::Undo),
    (CTRL, KeyCode::Char('/'), Act::Undo),
    (CTRL, KeyCode::Char('7'), Act::Undo),
    (ALT, KeyCode::Char('_'), Act::Redo),
    (ALT, KeyCode::Char('/'), Act::Redo),
    (NONE, KeyCode::Tab, Act::Tab),
];

/// What a key does, where it is in the table.
pub(super) fn act(key: KeyEvent) -> Option<Act> {
    let pressed = key.modifiers.difference(KeyModifiers::SHIFT);
    KEYS.iter().find(|(with, code, _)| (*with, *code) == (pressed, key.code)).map(|(_, _, act)| *act)
}

/// What was cut, the last on top, and what the last key did with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ring {
    cut: Vec<String>,
    last: Last,
}

/// What the key before did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Last {
    #[default]
    Other,
    /// It cut: what is cut next belongs to it.
    Cut,
    /// It put this back, which begins there; `nth` from the top.
    Yanked { from: usize, nth: usize },
}

/// The most that the ring holds.
const MOST_CUT: usize = 32;

impl Ring {
    /// What was cut last.
    pub(super) fn top(&self) -> Option<&str> {
        self.cut.last().map(String::as_str)
    }

    /// Takes what was cut: one of its own.
    pub(super) fn push(&mut self, text: String) {
        if text.is_empty() {
            return;
        }
        if self.cut.len() == MOST_CUT {
            self.cut.remove(0);
        }
        self.cut.push(text);
    }

    /// Changes all that it holds.
    pub(super) fn each(&mut self, change: impl Fn(&str) -> String) {
        self.last = Last::Other;
        for text in &mut self.cut {
            *text = change(text);
        }
    }

    /// Another key came between.
    pub(super) fn settle(&mut self) {
        self.last = Last::Other;
    }

    fn kill(&mut self, buffer: &mut Buffer, to: usize) {
        let at = buffer.at();
        let before = std::mem::replace(&mut self.last, Last::Cut);
        let cut = buffer.replace(at.min(to)..at.max(to), "");
        match self.cut.last_mut().filter(|_| before == Last::Cut) {
            Some(top) if to < at => top.insert_str(0, &cut),
            Some(top) => top.push_str(&cut),
            None => self.push(cut),
        }
    }

    fn yank(&mut self, buffer: &mut Buffer) {
        let Some(text) = self.top().map(ToOwned::to_owned) else { return };
        let from = buffer.at();
        buffer.replace(from..from, &text);
        self.last = Last::Yanked { from, nth: 0 };
    }

    fn yank_before(&mut self, buffer: &mut Buffer) {
        let Last::Yanked { from, nth } = self.last else { return };
        let nth = (nth + 1) % self.cut.len().max(1);
        let Some(text) = self.cut.iter().rev().nth(nth).cloned() else { return };
        buffer.replace(from..buffer.at(), &text);
        self.last = Last::Yanked { from, nth };
    }
}

impl To {
    /// Where that is, from a place.
    pub(super) fn from(self, buffer: &Buffer, at: usize) -> usize {
        match self {
            Self::Left => buffer.before(at),
            Self::Right => buffer.after(at),
            Self::LineStart => buffer.line_start(at),
            Self::LineEnd => buffer.line_end(at),
            Self::WordStart(word) => word.start_behind(buffer, at),
            Self::WordEnd(word) => word.end_ahead(buffer, at),
        }
    }
}

/// Does what a key of the table does; rows are the composer's own.
pub(super) fn perform(buffer: &mut Buffer, ring: &mut Ring, act: Act) {
    let at = buffer.at();
    match act {
        Act::Kill(to) => {
            let mut end = to.from(buffer, at);
            // At the end of a line what is cut is the line end.
            if act == Act::Kill(To::LineEnd) && end == at {
                end = buffer.after(at);
            }
            return ring.kill(buffer, end);
        }
        Act::Yank => return ring.yank(buffer),
        Act::YankBefore => return ring.yank_before(buffer),
        Act::Go(to) => buffer.go(to.from(buffer, at)),
        Act::Delete(to) => {
            let to = to.from(buffer, at);
            buffer.replace(at.min(to)..at.max(to), "");
        }
        Act::SwapCharacters => swap_characters(buffer),
        Act::SwapWords => swap_words(buffer),
        Act::Upper => recase(buffer, str::to_uppercase),
        Act::Lower => recase(buffer, str::to_lowercase),
        Act::Capital => recase(buffer, capital),
        Act::Undo => {
            buffer.undo();
        }
        Act::Redo => {
            buffer.redo();
        }
        Act::Tab => buffer.type_text("\t"),
        Act::Up | Act::Down => {}
    }
    ring.settle();
}

fn swap_characters(buffer: &mut Buffer) {
    let line = buffer.line(buffer.at());
    // At the end of the line the two before the cursor are meant.
    let middle = if buffer.at() == line.end { buffer.before(buffer.at()) } else { buffer.at() };
    if middle <= line.start || middle >= line.end {
        return;
    }
    let (start, end) = (buffer.before(middle), buffer.after(middle));
    let swapped = [&buffer.text()[middle..end], &buffer.text()[start..middle]].concat();
    buffer.replace(start..end, &swapped);
}

fn swap_words(buffer: &mut Buffer) {
    let word = Word::Letters;
    let end = word.end_ahead(buffer, buffer.at());
    let second = word.start_behind(buffer, end);
    let first = word.start_behind(buffer, second);
    let first_end = word.end_ahead(buffer, first);
    if first_end > second || first == second {
        return;
    }
    let text = buffer.text();
    let swapped = [&text[second..end], &text[first_end..second], &text[first..first_end]].concat();
    buffer.replace(first..end, &swapped);
}

fn recase(buffer: &mut Buffer, case: impl Fn(&str) -> String) {
    let (at, end) = (buffer.at(), Word::Letters.end_ahead(buffer, buffer.at()));
    let word = case(&buffer.text()[at..end]);
    buffer.replace(at..end, &word);
}

fn capital(word: &str) -> String {
    let first = word.find(char::is_alphanumeric).unwrap_or(0);
    let mut chars = word[first..].chars();
    let capital: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    [&word[..first], &capital, &chars.as_str().to_lowercase()].concat()
}
