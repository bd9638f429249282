//! The prompt being written: an editor with readline's keys, and the history of prompts.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_textarea::{CursorMove, TextArea};
use unicode_segmentation::UnicodeSegmentation;

use crate::text::width::grapheme_width;
use crate::text::{Safe, sanitise_line};

/// The composer's text and cursor.
#[derive(Clone, Debug, Default)]
pub struct Composer {
    area: TextArea<'static>,
}

/// The composer as rows of a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// The rows, top first; never none.
    pub rows: Vec<Safe>,
    /// Row and column of the cursor.
    pub cursor: (usize, usize),
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

    /// The text wrapped to `width` cells. A tab takes one cell.
    pub fn rows(&self, width: usize) -> Rows {
        let width = width.max(2);
        let (line_at, column_at) = {
            let cursor = self.area.cursor();
            (cursor.0, cursor.1)
        };
        let mut rows = Vec::new();
        let mut cursor = (0, 0);
        for (number, line) in self.area.lines().iter().enumerate() {
            let mut row = String::new();
            let (mut cells, mut chars) = (0, 0);
            for grapheme in line.graphemes(true) {
                let shown = sanitise_line(grapheme);
                let wide = grapheme_width(&shown);
                if cells + wide > width {
                    rows.push(sanitise_line(&std::mem::take(&mut row)));
                    cells = 0;
                }
                if number == line_at && chars <= column_at {
                    cursor = (rows.len(), cells);
                }
                row.push_str(&shown);
                cells += wide;
                chars += grapheme.chars().count();
            }
            if number == line_at && chars <= column_at {
                // Past the last cell the cursor stands at the beginning of the next row.
                if cells >= width {
                    rows.push(sanitise_line(&std::mem::take(&mut row)));
                    cells = 0;
                }
                cursor = (rows.len(), cells);
            }
            rows.push(sanitise_line(&row));
        }
        Rows { rows, cursor }
    }
}

/// How many characters what stands before the cursor is made of: what is read as one is moved over and deleted
/// as one. Before a line is its line end.
fn chars_before(area: &TextArea<'_>) -> usize {
    let (line, before) = line_of_cursor(area);
    let to = line.char_indices().nth(before).map_or(line.len(), |(at, _)| at);
    line[..to].graphemes(true).next_back().map_or(1, |grapheme| grapheme.chars().count())
}

/// The same of what stands after it.
fn chars_after(area: &TextArea<'_>) -> usize {
    let (line, before) = line_of_cursor(area);
    let from = line.char_indices().nth(before).map_or(line.len(), |(at, _)| at);
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
        let rows = composer("日本語ab").rows(4);
        assert_eq!(
            rows,
            Rows {
                rows: vec![sanitise_line("日本"), sanitise_line("語ab"), sanitise_line("")],
                cursor: (2, 0)
            }
        );
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
        assert_eq!(composer.rows(20).rows, [sanitise_line("a[31mb"), sanitise_line("cd")]);
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
