//! The prompt being written: an editor with readline's keys, and the history of prompts.

mod wrap;

use std::collections::VecDeque;
use std::ops::Range;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_textarea::{CursorMove, TextArea};
use unicode_segmentation::UnicodeSegmentation;

use crate::text::{Safe, sanitise_line};

/// The composer's text and cursor.
#[derive(Clone, Debug, Default)]
pub struct Composer {
    area: TextArea<'static>,
}

/// What of the composer a screen shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// The rows, top first; never none.
    pub rows: Vec<Safe>,
    /// Row and column of the cursor.
    pub cursor: (usize, usize),
}

/// Where the cursor stands in a wrapped line.
struct Place {
    /// The line.
    number: usize,
    /// The byte of it.
    at: usize,
    /// The rows of the line down to the cursor's, the last of them: as many as were asked for.
    rows: VecDeque<Range<usize>>,
    /// The cells before the cursor in its row.
    column: usize,
}

impl Composer {
    /// What was written.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.area.is_empty()
    }

    /// Replaces the text; the cursor goes to its end.
    pub fn set(&mut self, text: &str) {
        self.area = TextArea::new(without_controls(text).split('\n').map(ToOwned::to_owned).collect());
        self.area.move_cursor(CursorMove::Bottom);
        self.area.move_cursor(CursorMove::End);
    }

    /// Takes the text and leaves nothing.
    pub fn take(&mut self) -> String {
        let text = self.text();
        self.area = TextArea::default();
        text
    }

    /// Puts text in at the cursor. Control characters but newline and tab are left out.
    pub fn insert(&mut self, text: &str) {
        self.area.insert_str(without_controls(text));
    }

    /// A line end at the cursor.
    pub fn newline(&mut self) {
        self.area.insert_newline();
    }

    /// Whether the cursor is in the first line.
    pub fn at_top(&self) -> bool {
        self.area.cursor().0 == 0
    }

    /// Whether the cursor is in the last line.
    pub fn at_bottom(&self) -> bool {
        self.area.cursor().0 + 1 == self.area.lines().len()
    }

    /// Moves the cursor to the row above, as it is shown in `width` cells. `false` where there is none.
    pub fn up(&mut self, width: usize) -> bool {
        let width = width.max(NARROWEST);
        let place = self.place(width, 2);
        let line = self.line(place.number);
        if place.rows.len() == 2 {
            let target = place.rows.front().map_or(0, |above| target(line, above, place.column));
            let back = line[target..place.at].chars().count();
            self.step(CursorMove::Back, back);
            return true;
        }
        let Some(number) = place.number.checked_sub(1) else { return false };
        let line = self.line(number);
        let target = wrap::rows(line, width).last().map_or(0, |row| target(line, &row, place.column));
        let back = line[target..].chars().count();
        self.area.move_cursor(CursorMove::Up);
        self.area.move_cursor(CursorMove::End);
        self.step(CursorMove::Back, back);
        true
    }

    /// Moves the cursor to the row below. `false` where there is none.
    pub fn down(&mut self, width: usize) -> bool {
        let width = width.max(NARROWEST);
        let place = self.place(width, 1);
        let line = self.line(place.number);
        if let Some(below) = wrap::rows_from(line, width, place.end()).next() {
            let target = target(line, &below, place.column);
            let on = line[place.at..target].chars().count();
            self.step(CursorMove::Forward, on);
            return true;
        }
        let Some(line) = self.area.lines().get(place.number + 1) else { return false };
        let target = wrap::rows(line, width).next().map_or(0, |row| target(line, &row, place.column));
        let on = line[..target].chars().count();
        self.area.move_cursor(CursorMove::Down);
        self.area.move_cursor(CursorMove::Head);
        self.step(CursorMove::Forward, on);
        true
    }

    fn step(&mut self, to: CursorMove, times: usize) {
        for _ in 0..times {
            self.area.move_cursor(to);
        }
    }

    fn line(&self, number: usize) -> &str {
        self.area.lines().get(number).map_or("", String::as_str)
    }

    /// An editing key, as readline knows it. `false` where it is none.
    pub fn edit(&mut self, key: KeyEvent) -> bool {
        let area = &mut self.area;
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        match (ctrl, alt, key.code) {
            (false, false, KeyCode::Char(c)) => area.insert_char(c),
            (false, false, KeyCode::Tab) => area.insert_char('\t'),
            (false, false, KeyCode::Backspace) | (true, false, KeyCode::Char('h')) => {
                for _ in 0..chars_before(area) {
                    area.delete_char();
                }
            }
            (false, false, KeyCode::Delete) | (true, false, KeyCode::Char('d')) => {
                for _ in 0..chars_after(area) {
                    area.delete_next_char();
                }
            }
            (false, false, KeyCode::Left) | (true, false, KeyCode::Char('b')) => {
                for _ in 0..chars_before(area) {
                    area.move_cursor(CursorMove::Back);
                }
            }
            (false, false, KeyCode::Right) | (true, false, KeyCode::Char('f')) => {
                for _ in 0..chars_after(area) {
                    area.move_cursor(CursorMove::Forward);
                }
            }
            (false, false, KeyCode::Up) => area.move_cursor(CursorMove::Up),
            (false, false, KeyCode::Down) => area.move_cursor(CursorMove::Down),
            (false, false, KeyCode::Home) | (true, false, KeyCode::Char('a')) => {
                area.move_cursor(CursorMove::Head);
            }
            (false, false, KeyCode::End) | (true, false, KeyCode::Char('e')) => {
                area.move_cursor(CursorMove::End);
            }
            (false, true, KeyCode::Char('b')) | (true, false, KeyCode::Left) => {
                area.move_cursor(CursorMove::WordBack);
            }
            (false, true, KeyCode::Char('f')) | (true, false, KeyCode::Right) => {
                area.move_cursor(CursorMove::WordForward);
            }
            (false, true, KeyCode::Char('d')) => {
                area.delete_next_word();
            }
            (true, false, KeyCode::Char('w')) | (false, true, KeyCode::Backspace) => {
                area.delete_word();
            }
            (true, false, KeyCode::Char('k')) => {
                area.delete_line_by_end();
            }
            (true, false, KeyCode::Char('u')) => {
                area.delete_line_by_head();
            }
            (true, false, KeyCode::Char('y')) => {
                area.paste();
            }
            _ => return false,
        }
        true
    }

    /// How many rows of `width` cells the text takes, counted up to `most`.
    pub fn height(&self, width: usize, most: usize) -> usize {
        let width = width.max(NARROWEST);
        let lines = self.area.lines().iter();
        let rows = lines.flat_map(|line| wrap::rows(line, width)).take(most).count();
        // The cursor may stand in a row of its own.
        if rows < most && self.place(width, 1).is_past_the_line() { rows + 1 } else { rows }
    }

    /// At most `height` rows of the text wrapped to `width` cells, with the cursor's among them: the first ones
    /// while it is in these. What is not shown costs no more than to be passed over.
    pub fn rows(&self, width: usize, height: usize) -> Rows {
        let (width, height) = (width.max(NARROWEST), height.max(1));
        let mut place = self.place(width, height);
        let end = place.end();
        let mut rows: VecDeque<(usize, Range<usize>)> =
            place.rows.drain(..).map(|row| (place.number, row)).collect();
        for number in (0..place.number).rev() {
            if rows.len() == height {
                break;
            }
            let line: Vec<Range<usize>> = wrap::rows(self.line(number), width).collect();
            for row in line.into_iter().rev().take(height - rows.len()) {
                rows.push_front((number, row));
            }
        }
        let cursor = (rows.len() - 1, place.column);
        let rest = wrap::rows_from(self.line(place.number), width, end).map(|row| (place.number, row));
        let below = (place.number + 1..self.area.lines().len())
            .flat_map(|number| wrap::rows(self.line(number), width).map(move |row| (number, row)));
        let room = height - rows.len();
        rows.extend(rest.chain(below).take(room));
        let shown = |(number, row): (usize, Range<usize>)| sanitise_line(&self.line(number)[row]);
        Rows { rows: rows.into_iter().map(shown).collect(), cursor }
    }

    /// Where the cursor is, with at most so many rows of its line, the last of which is the cursor's.
    fn place(&self, width: usize, most: usize) -> Place {
        let cursor = self.area.cursor();
        let line = self.line(cursor.0);
        let at = byte_of(line, cursor.1);
        let mut rows = VecDeque::new();
        for row in wrap::rows(line, width).take_while(|row| row.start <= at) {
            if rows.len() == most {
                rows.pop_front();
            }
            rows.push_back(row);
        }
        let mut place = Place { number: cursor.0, at, rows, column: 0 };
        let row = place.row();
        place.column = wrap::column(&line[row.clone()], at - row.start);
        // Past the last cell the cursor stands at the beginning of the next row.
        if at == line.len() && place.column >= width {
            if place.rows.len() == most {
                place.rows.pop_front();
            }
            place.rows.push_back(at..at);
            place.column = 0;
        }
        place
    }
}

impl Place {
    /// The cursor's row.
    fn row(&self) -> Range<usize> {
        self.rows.back().cloned().unwrap_or_default()
    }

    /// Where its row ends.
    fn end(&self) -> usize {
        self.row().end
    }

    /// Whether the cursor stands in a row of its own, below a line that fills its last one.
    fn is_past_the_line(&self) -> bool {
        let row = self.row();
        row.is_empty() && row.start > 0
    }
}

/// The narrowest row that holds a character of two cells.
const NARROWEST: usize = 2;

/// The byte of a line at a column of one of its rows, or the last one before the row ends.
fn target(line: &str, row: &Range<usize>, column: usize) -> usize {
    let text = &line[row.clone()];
    let at = wrap::byte_at(text, column);
    // What stands behind a row that goes on is the beginning of the next.
    let goes_on = at == text.len() && row.end < line.len();
    let last = || text.grapheme_indices(true).next_back().map_or(0, |(last, _)| last);
    row.start + if goes_on { last() } else { at }
}

/// The byte at which a character of a line begins.
fn byte_of(line: &str, character: usize) -> usize {
    // In ASCII, which most long drafts are, there is nothing to count.
    if line.as_bytes().get(..character).is_some_and(<[u8]>::is_ascii) {
        return character;
    }
    line.char_indices().nth(character).map_or(line.len(), |(at, _)| at)
}

/// How many characters what stands before the cursor is made of: what is read as one is moved over and deleted
/// as one. Before a line is its line end.
fn chars_before(area: &TextArea<'_>) -> usize {
    let (line, before) = line_of_cursor(area);
    let to = byte_of(line, before);
    line[..to].graphemes(true).next_back().map_or(1, |grapheme| grapheme.chars().count())
}

/// The same of what stands after it.
fn chars_after(area: &TextArea<'_>) -> usize {
    let (line, before) = line_of_cursor(area);
    let from = byte_of(line, before);
    line[from..].graphemes(true).next().map_or(1, |grapheme| grapheme.chars().count())
}

/// The cursor's line, and how many of its characters are before the cursor.
fn line_of_cursor<'a>(area: &'a TextArea<'_>) -> (&'a str, usize) {
    let cursor = area.cursor();
    (area.lines().get(cursor.0).map_or("", String::as_str), cursor.1)
}

/// `text` with line ends as newlines and without control characters but newline and tab.
fn without_controls(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .map(|c| if c == '\r' { '\n' } else { c })
        .filter(|c| matches!(c, '\n' | '\t') || !c.is_control())
        .collect()
}

/// Prompts that were sent or cleared, oldest first, and the place walked to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    entries: Vec<String>,
    at: Option<(usize, String)>,
    /// What was added and is on no disk yet.
    unsaved: Vec<String>,
}

/// The most prompts kept.
const LONGEST_HISTORY: usize = crate::storage::history::KEPT;

impl History {
    /// Adds a prompt and goes back to the newest.
    pub fn add(&mut self, text: &str) {
        self.at = None;
        if text.trim().is_empty() || self.entries.last().is_some_and(|last| last == text) {
            return;
        }
        if self.entries.len() == LONGEST_HISTORY {
            self.entries.remove(0);
        }
        self.entries.push(text.to_owned());
        self.unsaved.push(text.to_owned());
    }

    /// Puts the prompts of earlier runs before those of this one.
    pub fn restore(&mut self, earlier: Vec<String>) {
        self.at = None;
        let added = std::mem::replace(&mut self.entries, earlier);
        self.entries.extend(added);
        self.entries.dedup();
        self.entries.drain(..self.entries.len().saturating_sub(LONGEST_HISTORY));
    }

    /// What was added since this was asked last.
    pub fn take_unsaved(&mut self) -> Vec<String> {
        std::mem::take(&mut self.unsaved)
    }

    /// The prompts, oldest first.
    pub fn entries(&self) -> &[String] {
        &self.entries
    }

    /// The prompt before the one shown; `draft` is kept to come back to.
    pub fn older(&mut self, draft: &str) -> Option<&str> {
        let (index, kept) = match self.at.take() {
            None => (self.entries.len(), draft.to_owned()),
            Some(at) => at,
        };
        let older = index.checked_sub(1);
        self.at = (index < self.entries.len() || older.is_some()).then(|| (older.unwrap_or(0), kept));
        older.and_then(|older| self.entries.get(older)).map(String::as_str)
    }

    /// The prompt after the one shown, and after the last one the draft.
    pub fn newer(&mut self) -> Option<String> {
        let (index, kept) = self.at.take()?;
        match self.entries.get(index + 1) {
            Some(entry) => {
                let entry = entry.clone();
                self.at = Some((index + 1, kept));
                Some(entry)
            }
            None => Some(kept),
        }
    }

    /// Leaves the walk: the text shown is being changed.
    pub fn settle(&mut self) {
        self.at = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn composer(text: &str) -> Composer {
        let mut composer = Composer::default();
        composer.set(text);
        composer
    }

    #[test]
    fn rows_wrap_by_cells_and_the_cursor_follows() {
        let rows = composer("日本語ab").rows(4, 9);
        assert_eq!(
            rows,
            Rows {
                rows: vec![sanitise_line("日本"), sanitise_line("語ab"), sanitise_line("")],
                cursor: (2, 0)
            }
        );
    }

    /// The text and the row and column of the cursor, after some keys.
    fn shown(composer: &Composer, width: usize, height: usize) -> (Vec<String>, (usize, usize)) {
        let rows = composer.rows(width, height);
        (rows.rows.into_iter().map(Safe::into_string).collect(), rows.cursor)
    }

    #[test]
    fn only_a_window_with_the_cursor_in_it_is_made_rows_of() {
        let mut composer = composer("one\ntwo two two\nthree");
        assert_eq!(shown(&composer, 4, 2), (vec!["thre".into(), "e".into()], (1, 1)));
        assert_eq!(composer.height(4, 99), 6);
        assert_eq!(composer.height(4, 3), 3);
        for _ in 0..3 {
            assert!(composer.up(4));
        }
        assert_eq!(shown(&composer, 4, 3), (vec!["one".into(), "two ".into(), "two ".into()], (2, 1)));
        for _ in 0..2 {
            assert!(composer.up(4));
        }
        assert_eq!(shown(&composer, 4, 3), (vec!["one".into(), "two ".into(), "two ".into()], (0, 1)));
        assert!(!composer.up(4));
    }

    #[test]
    fn up_and_down_go_by_the_rows_that_are_seen() {
        let mut composer = composer("日本語日本語\nab\nabcdefgh");
        let mut places = vec![shown(&composer, 5, 9).1];
        while composer.up(5) {
            places.push(shown(&composer, 5, 9).1);
        }
        // The line that is full to its last cell has the cursor below it; a wide row ends a cell early.
        assert_eq!(places, [(5, 3), (4, 3), (3, 2), (2, 2), (1, 2), (0, 2)]);
        let mut back = vec![shown(&composer, 5, 9).1];
        while composer.down(5) {
            back.push(shown(&composer, 5, 9).1);
        }
        assert_eq!(back, [(0, 2), (1, 2), (2, 2), (3, 2), (4, 2), (5, 2)]);
    }

    #[test]
    fn a_cursor_behind_a_full_row_goes_up_to_its_beginning() {
        let mut composer = composer("abcdabcd");
        assert_eq!(shown(&composer, 4, 9), (vec!["abcd".into(), "abcd".into(), String::new()], (2, 0)));
        assert_eq!(composer.height(4, 9), 3);
        assert!(composer.up(4));
        composer.insert("x");
        assert_eq!(composer.text(), "abcdxabcd");
    }

    proptest::proptest! {
        /// Against the plain way: every row there is, and the window cut out of them.
        #[test]
        fn a_window_is_cut_out_of_all_rows(
            text in "([a-c ]{0,9}|[日é👩\u{301}\u{200d}]{0,4}|\n){0,6}",
            (width, height) in (2usize..7, 1usize..6),
            moves in proptest::collection::vec(0..4u8, 0..9),
        ) {
            let mut composer = composer(&text);
            for way in moves {
                let code = [KeyCode::Left, KeyCode::Right, KeyCode::Up, KeyCode::Down][usize::from(way)];
                composer.edit(KeyEvent::from(code));
            }
            let all = composer.rows(width, usize::MAX >> 8);
            let first = (all.cursor.0 + 1).saturating_sub(height);
            let window = Rows {
                rows: all.rows.iter().skip(first).take(height).cloned().collect(),
                cursor: (all.cursor.0 - first, all.cursor.1),
            };
            proptest::prop_assert_eq!(composer.rows(width, height), window);
            proptest::prop_assert_eq!(composer.height(width, 99), all.rows.len());
            proptest::prop_assert_eq!(
                crate::text::sanitise_line(&all.rows.iter().map(Safe::as_str).collect::<String>()),
                crate::text::sanitise_line(&composer.text().replace('\n', ""))
            );
        }
    }

    #[test]
    fn a_large_draft_costs_what_is_shown_of_it() {
        let composer = composer(&"lorem ipsum dolor sit amet\n".repeat(40_000));
        let before = wrap::MADE.get();
        assert_eq!(composer.height(76, 8), 8);
        assert_eq!(composer.rows(76, 8).cursor, (7, 0));
        assert!(wrap::MADE.get() - before < 40, "{} rows", wrap::MADE.get() - before);
    }

    #[test]
    fn what_is_read_as_one_character_is_moved_over_and_deleted_as_one() {
        let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}";
        let mut composer = composer(&format!("a\n{family}e\u{301}b"));
        for code in [KeyCode::Left, KeyCode::Left, KeyCode::Backspace, KeyCode::Delete, KeyCode::Backspace] {
            composer.edit(KeyEvent::from(code));
        }
        assert_eq!(composer.text(), "ab");
    }

    #[test]
    fn pasted_controls_are_left_out_and_never_drawn() {
        let mut composer = composer("");
        composer.insert("a\u{1b}[31mb\r\nc\u{202e}d\u{9b}");
        assert_eq!(composer.text(), "a[31mb\nc\u{202e}d");
        assert_eq!(composer.rows(20, 9).rows, [sanitise_line("a[31mb"), sanitise_line("cd")]);
    }

    #[test]
    fn history_walks_up_and_comes_back_to_the_draft() {
        let mut history = History::default();
        history.add("one");
        history.add("two");
        assert_eq!(history.older("draft"), Some("two"));
        assert_eq!(history.older("two"), Some("one"));
        assert_eq!(history.older("one"), None);
        assert_eq!(history.newer(), Some("two".to_owned()));
        assert_eq!(history.newer(), Some("draft".to_owned()));
        assert_eq!(history.newer(), None);
    }
}
