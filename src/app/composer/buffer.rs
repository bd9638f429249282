//! Text, a cursor, and every change that led there: what readline's keys and vi's are both made of.
//!
//! The text is one string and a place is a byte of it. What is typed in is short, and a long paste stands in it as
//! one character (see [`super::fold`]), so nothing cleverer pays. Places are always between graphemes; a change that
//! would leave the cursor inside of one moves it behind.
//!
//! Fields and filters have a text area for this (see [`crate::app::field`]). The prompt has not: vi's operators and a
//! taken completion change several places in one step of the history, a fold is to be left as a whole, and a text in
//! lines with a cursor in columns would be counted through at each key, which a long prompt would feel.

use std::collections::VecDeque;
use std::ops::Range;

use unicode_segmentation::GraphemeCursor;

/// The most steps that are kept.
const MOST_STEPS: usize = 1000;

/// Text with a cursor and its history.
#[derive(Clone, Debug, Default)]
pub(super) struct Buffer {
    text: String,
    at: usize,
    done: VecDeque<Step>,
    undone: Vec<Step>,
    joining: Joining,
}

/// What one undo takes back.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    edits: Vec<Edit>,
    /// The cursor before the first of them.
    before: usize,
    /// And after the last.
    after: usize,
}

/// One piece of text in the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Edit {
    at: usize,
    old: String,
    new: String,
}

/// Which step a change belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Joining {
    /// One of its own.
    #[default]
    No,
    /// The last one, where it goes on typing a word there.
    Typing,
    /// The one that is being made, until it is released.
    Held(Begun),
}

/// Whether a step that is held has a change yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begun {
    No,
    Yes,
}

impl Buffer {
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The byte that the cursor stands before.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Other text, with the cursor at its end, and nothing to undo.
    pub(super) fn set(&mut self, text: String) {
        *self = Self { at: text.len(), text, ..Self::default() };
    }

    /// Puts the cursor there, or behind what is read as one character there.
    pub(super) fn go(&mut self, at: usize) {
        self.at = self.fit(at);
        self.settle();
    }

    /// What is typed from here on is a step of its own.
    pub(super) fn settle(&mut self) {
        if self.joining == Joining::Typing {
            self.joining = Joining::No;
        }
    }

    /// All that changes from here to [`release`](Self::release) is one step.
    pub(super) fn hold(&mut self) {
        if !matches!(self.joining, Joining::Held(_)) {
            self.joining = Joining::Held(Begun::No);
        }
    }

    /// Ends what [`hold`](Self::hold) began.
    pub(super) fn release(&mut self) {
        self.joining = Joining::No;
    }

    /// Types text at the cursor. Words typed in one go are undone one by one, not letter by letter.
    pub(super) fn type_text(&mut self, new: &str) {
        let goes_on = match self.text[..self.at].chars().next_back() {
            Some(before) => !before.is_whitespace() || new.starts_with(char::is_whitespace),
            None => true,
        };
        if self.joining == Joining::Typing && !goes_on {
            self.joining = Joining::No;
        }
        let at = self.at;
        self.change(at..at, new);
        if self.joining == Joining::No && !new.ends_with('\n') {
            self.joining = Joining::Typing;
        }
    }

    /// Puts text in the place of a part; the cursor goes behind it. Returns what was there.
    pub(super) fn replace(&mut self, part: Range<usize>, new: &str) -> String {
        self.settle();
        self.change(part, new)
    }

    fn change(&mut self, part: Range<usize>, new: &str) -> String {
        let part = self.fit_back(part.start)..self.fit(part.end);
        if part.is_empty() && new.is_empty() {
            self.at = part.start;
            return String::new();
        }
        let before = self.at;
        let old = self.text[part.clone()].to_owned();
        self.text.replace_range(part.clone(), new);
        self.at = self.fit(part.start + new.len());
        self.undone.clear();
        let edit = Edit { at: part.start, old: old.clone(), new: new.to_owned() };
        self.record(edit, before);
        old
    }

    fn record(&mut self, edit: Edit, before: usize) {
        let after = self.at;
        let last = match self.joining {
            Joining::No | Joining::Held(Begun::No) => None,
            Joining::Typing | Joining::Held(Begun::Yes) => self.done.back_mut(),
        };
        match last {
            Some(step) => {
                step.after = after;
                match step.edits.last_mut() {
                    Some(last) if edit.old.is_empty() && last.at + last.new.len() == edit.at => {
                        last.new.push_str(&edit.new);
                    }
                    Some(_) | None => step.edits.push(edit),
                }
            }
            None => {
                if self.done.len() == MOST_STEPS {
                    self.done.pop_front();
                }
                self.done.push_back(Step { edits: vec![edit], before, after });
            }
        }
        if let Joining::Held(begun) = &mut self.joining {
            *begun = Begun::Yes;
        }
    }

    /// Takes the last step back. `false` where there is none.
    pub(super) fn undo(&mut self) -> bool {
        self.release();
        let Some(step) = self.done.pop_back() else { return false };
        for edit in step.edits.iter().rev() {
            self.text.replace_range(edit.at..edit.at + edit.new.len(), &edit.old);
        }
        self.at = self.fit(step.before);
        self.undone.push(step);
        true
    }

    /// Does the step again that was taken back last. `false` where there is none.
    pub(super) fn redo(&mut self) -> bool {
        self.release();
        let Some(step) = self.undone.pop() else { return false };
        for edit in &step.edits {
            self.text.replace_range(edit.at..edit.at + edit.old.len(), &edit.new);
        }
        self.at = self.fit(step.after);
        self.done.push_back(step);
        true
    }

    // --- places

    /// The first place between graphemes that is not before `at`.
    fn fit(&self, at: usize) -> usize {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at += 1;
        }
        let mut cursor = GraphemeCursor::new(at, self.text.len(), true);
        match cursor.is_boundary(&self.text, 0) {
            Ok(true) | Err(_) => at,
            Ok(false) => self.after(at),
        }
    }

    /// The last place between graphemes that is not behind `at`.
    fn fit_back(&self, at: usize) -> usize {
        let fitted = self.fit(at);
        if fitted > at { self.before(fitted) } else { fitted }
    }

    /// The place one grapheme on; the end at the end.
    pub(super) fn after(&self, at: usize) -> usize {
        let mut cursor = GraphemeCursor::new(at, self.text.len(), true);
        cursor.next_boundary(&self.text, 0).ok().flatten().unwrap_or(self.text.len())
    }

    /// The place one grapheme back; the beginning at the beginning.
    pub(super) fn before(&self, at: usize) -> usize {
        let mut cursor = GraphemeCursor::new(at, self.text.len(), true);
        cursor.prev_boundary(&self.text, 0).ok().flatten().unwrap_or(0)
    }

    /// Where the line of a place begins.
    pub(super) fn line_start(&self, at: usize) -> usize {
        memchr::memrchr(b'\n', &self.text.as_bytes()[..at]).map_or(0, |end| end + 1)
    }

    /// Where it ends, before its line end.
    pub(super) fn line_end(&self, at: usize) -> usize {
        memchr::memchr(b'\n', &self.text.as_bytes()[at..]).map_or(self.text.len(), |end| at + end)
    }

    /// The bytes of the line of a place.
    pub(super) fn line(&self, at: usize) -> Range<usize> {
        self.line_start(at)..self.line_end(at)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_segmentation::UnicodeSegmentation;

    use super::*;

    fn buffer(text: &str) -> Buffer {
        let mut buffer = Buffer::default();
        buffer.set(text.to_owned());
        buffer
    }

    fn typed(buffer: &mut Buffer, text: &str) {
        for c in text.chars() {
            buffer.type_text(c.encode_utf8(&mut [0; 4]));
        }
    }

    #[test]
    fn typing_is_undone_word_by_word_and_everything_else_step_by_step() {
        let mut buffer = buffer("");
        typed(&mut buffer, "one two");
        buffer.replace(0..3, "1");
        let mut seen = vec![(buffer.text().to_owned(), buffer.at())];
        while buffer.undo() {
            seen.push((buffer.text().to_owned(), buffer.at()));
        }
        assert_eq!(
            seen,
            [("1 two".into(), 1), ("one two".into(), 7), ("one ".into(), 4), (String::new(), 0)]
        );
        while buffer.redo() {}
        assert_eq!((buffer.text(), buffer.at()), ("1 two", 1));
    }

    #[test]
    fn what_is_held_is_one_step() {
        let mut buffer = buffer("a b");
        buffer.hold();
        buffer.replace(0..1, "");
        typed(&mut buffer, "one two");
        buffer.release();
        typed(&mut buffer, "!");
        assert!(buffer.undo());
        assert_eq!(buffer.text(), "one two b");
        assert!(buffer.undo());
        assert_eq!((buffer.text(), buffer.at()), ("a b", 3));
        assert!(!buffer.undo());
    }

    /// Something done to a buffer.
    #[derive(Clone, Debug)]
    enum Act {
        Type(String),
        Replace(usize, usize, String),
        Go(usize),
        Hold,
        Release,
        Undo,
        Redo,
    }

    fn act() -> impl Strategy<Value = Act> {
        let text = "([a-c \n]|[é👩🇯\u{301}\u{200d}\u{1f3fd}क\u{94d}]){0,3}";
        prop_oneof![
            text.prop_map(Act::Type),
            (0usize..40, 0usize..8, text).prop_map(|(at, length, new)| Act::Replace(at, length, new)),
            (0usize..40).prop_map(Act::Go),
            Just(Act::Hold),
            Just(Act::Release),
            Just(Act::Undo),
            Just(Act::Redo),
        ]
    }

    fn perform(buffer: &mut Buffer, act: &Act) {
        match act {
            Act::Type(text) => buffer.type_text(text),
            Act::Replace(at, length, new) => {
                let start = (*at).min(buffer.text().len());
                buffer.replace(start..(start + length).min(buffer.text().len()), new);
            }
            Act::Go(at) => buffer.go(*at),
            Act::Hold => buffer.hold(),
            Act::Release => buffer.release(),
            Act::Undo => {
                buffer.undo();
            }
            Act::Redo => {
                buffer.redo();
            }
        }
    }

    proptest! {
        #[test]
        fn undo_returns_to_the_beginning_and_redo_to_the_end_exactly(
            begin in "([a-c ]|[é👩\u{301}]|\n){0,6}",
            acts in prop::collection::vec(act(), 0..30),
        ) {
            let mut buffer = buffer(&begin);
            for act in &acts {
                perform(&mut buffer, act);
            }
            while buffer.redo() {}
            let end = (buffer.text().to_owned(), buffer.at());
            let mut steps = 0;
            while buffer.undo() {
                steps += 1;
            }
            prop_assert_eq!(buffer.text(), begin.as_str());
            while buffer.redo() {
                steps -= 1;
            }
            prop_assert_eq!(steps, 0);
            prop_assert_eq!(buffer.text(), end.0.as_str());
        }

        #[test]
        fn the_cursor_never_stands_inside_what_is_read_as_one(
            begin in "([a-c ]|[é👩🇯\u{301}\u{200d}]|\n){0,6}",
            acts in prop::collection::vec(act(), 0..30),
        ) {
            let mut buffer = buffer(&begin);
            for act in &acts {
                perform(&mut buffer, act);
                let text = buffer.text();
                let mut places = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]);
                prop_assert!(places.any(|at| at == buffer.at()), "{:?} at {}", text, buffer.at());
            }
        }
    }
}
