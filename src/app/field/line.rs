//! One line that is typed and shown: the fields of forms, the filters of lists and of the tree, what is looked for.
//!
//! The text, what was cut and what can be undone are a [`TextArea`]'s. Which key does what is ours, since its own keys
//! are not readline's (its Ctrl+U undoes), and so is every place: it counts code points, and a cursor stands between
//! graphemes. It draws nothing: what is shown is safe text, measured like all other.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_textarea::{CursorMove, TextArea};
use unicode_segmentation::UnicodeSegmentation;

use crate::text::width::grapheme_width;
use crate::text::{Safe, sanitise_line};

/// The most characters that a line takes: as far as the text area's cursor jumps.
const MOST: usize = u16::MAX as usize;

/// A line of text and its cursor.
#[derive(Clone, Debug, Default)]
pub struct Line {
    area: TextArea<'static>,
}

/// Whether what is deleted can be put back with Ctrl+Y.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    Kept,
    Gone,
}

impl Line {
    /// A line with its cursor at the end. Undoing does not go back behind it.
    pub fn new(text: &str) -> Self {
        let mut line = Self { area: TextArea::from([in_one_line(text, MOST)]) };
        line.area.move_cursor(CursorMove::End);
        line
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.area.lines().first().map_or("", String::as_str)
    }

    /// Puts text in at the cursor. A line end becomes a space; other control characters are left out.
    pub fn insert(&mut self, text: &str) {
        let room = MOST.saturating_sub(self.text().chars().count());
        self.area.insert_str(in_one_line(text, room));
        // What was put in may have joined the grapheme after it.
        let at = self.at();
        self.go(self.boundary(|place| place >= at));
    }

    /// An editing key, as readline knows it. Terminals send Ctrl+_ and Ctrl+/ as one byte, which is read as Ctrl+7.
    pub fn edit(&mut self, key: KeyEvent) {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        let (at, end) = (self.at(), self.text().len());
        match (ctrl, alt, key.code) {
            (false, false, KeyCode::Char(c)) => self.insert(c.encode_utf8(&mut [0; 4])),
            (false, false, KeyCode::Left) | (true, false, KeyCode::Char('b')) => self.go(self.before()),
            (false, false, KeyCode::Right) | (true, false, KeyCode::Char('f')) => self.go(self.after()),
            (false, false, KeyCode::Home) | (true, false, KeyCode::Char('a')) => self.go(0),
            (false, false, KeyCode::End) | (true, false, KeyCode::Char('e')) => self.go(end),
            (true, false, KeyCode::Left) | (false, true, KeyCode::Left | KeyCode::Char('b')) => {
                self.go(self.word_before(letters));
            }
            (true, false, KeyCode::Right) | (false, true, KeyCode::Right | KeyCode::Char('f')) => {
                self.go(self.word_after(letters));
            }
            (false, false, KeyCode::Backspace) | (true, false, KeyCode::Char('h')) => {
                self.delete(self.before(), at, Cut::Gone);
            }
            (false, false, KeyCode::Delete) | (true, false, KeyCode::Char('d')) => {
                self.delete(at, self.after(), Cut::Gone);
            }
            (true, false, KeyCode::Char('w')) => self.delete(self.word_before(no_blank), at, Cut::Kept),
            (true, false, KeyCode::Backspace) | (false, true, KeyCode::Backspace) => {
                self.delete(self.word_before(letters), at, Cut::Kept);
            }
            (true, false, KeyCode::Delete) | (false, true, KeyCode::Char('d')) => {
                self.delete(at, self.word_after(letters), Cut::Kept);
            }
            (true, false, KeyCode::Char('u')) => self.delete(0, at, Cut::Kept),
            (true, false, KeyCode::Char('k')) => self.delete(at, end, Cut::Kept),
            (true, false, KeyCode::Char('y')) => self.insert(&self.area.yank_text()),
            (true, false, KeyCode::Char('_' | '/' | '7')) => {
                self.area.undo();
            }
            (false, true, KeyCode::Char('_' | '/')) => {
                self.area.redo();
            }
            _ => {}
        }
    }

    /// The byte that the cursor stands before.
    fn at(&self) -> usize {
        let before = self.area.cursor().1;
        self.text().char_indices().nth(before).map_or(self.text().len(), |(at, _)| at)
    }

    fn go(&mut self, to: usize) {
        let column = self.text()[..to].chars().count();
        self.area.move_cursor(CursorMove::Jump(0, u16::try_from(column).unwrap_or(u16::MAX)));
    }

    fn delete(&mut self, from: usize, to: usize, cut: Cut) {
        if from == to {
            return;
        }
        self.go(from);
        self.area.start_selection();
        self.go(to);
        match cut {
            Cut::Kept => self.area.cut(),
            Cut::Gone => self.area.delete_char(),
        };
        self.go(self.boundary(|place| place >= from));
    }

    /// The first place between graphemes that `wanted` says yes to; the end where it never does.
    fn boundary(&self, wanted: impl Fn(usize) -> bool) -> usize {
        let mut places = self.text().grapheme_indices(true).map(|(at, _)| at);
        places.find(|at| wanted(*at)).unwrap_or(self.text().len())
    }

    fn before(&self) -> usize {
        self.text()[..self.at()].grapheme_indices(true).next_back().map_or(0, |(at, _)| at)
    }

    fn after(&self) -> usize {
        let at = self.at();
        self.boundary(|place| place > at)
    }

    /// Where the word begins that goes on or came before.
    fn word_before(&self, is_word: fn(&str) -> bool) -> usize {
        let behind = self.text()[..self.at()].grapheme_indices(true).rev();
        let word = behind.skip_while(|(_, g)| !is_word(g)).take_while(|(_, g)| is_word(g));
        word.last().map_or(0, |(at, _)| at)
    }

    /// Where the word ends that goes on or comes next.
    fn word_after(&self, is_word: fn(&str) -> bool) -> usize {
        let from = self.at();
        let ahead = self.text()[from..].grapheme_indices(true);
        let mut rest = ahead.skip_while(|(_, g)| !is_word(g)).skip_while(|(_, g)| is_word(g));
        rest.next().map_or(self.text().len(), |(at, _)| from + at)
    }

    /// The part around the cursor that fits `cells`, and the cursor's cell in it.
    pub fn window(&self, cells: usize) -> (Safe, usize) {
        let shown = |grapheme: &str| sanitise_line(grapheme);
        let mut from = self.at();
        let mut cursor = 0;
        for (at, grapheme) in self.text()[..from].grapheme_indices(true).rev() {
            let wide = grapheme_width(&shown(grapheme));
            if cursor + wide + 1 > cells {
                break;
            }
            cursor += wide;
            from = at;
        }
        let mut text = Safe::default();
        let mut used = 0;
        for grapheme in self.text()[from..].graphemes(true) {
            let grapheme = shown(grapheme);
            used += grapheme_width(&grapheme);
            if used > cells {
                break;
            }
            text.push(&grapheme);
        }
        (text, cursor)
    }
}

/// As many characters of a text as there is room for, without those that steer.
fn in_one_line(text: &str, room: usize) -> String {
    let line = text.chars().map(|c| if c == '\n' { ' ' } else { c });
    line.filter(|c| !c.is_control()).take(room).collect()
}

/// Readline's words, but for one: letters and digits.
fn letters(grapheme: &str) -> bool {
    grapheme.starts_with(char::is_alphanumeric)
}

/// The words of Ctrl+W: whatever stands between blanks.
fn no_blank(grapheme: &str) -> bool {
    !grapheme.starts_with(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::keymap::Stroke;
    use crate::text::sanitise;

    fn press(line: &mut Line, keys: &str) {
        for key in keys.split_whitespace() {
            line.edit(Stroke::parse(key).unwrap().event());
        }
    }

    #[test]
    fn a_line_is_edited_at_its_cursor() {
        for (before, keys, after, cursor) in [
            ("one two", "left left delete", "one to", 5),
            ("one two", "ctrl-a X delete", "Xne two", 1),
            ("one two", "home right ctrl-k", "o", 1),
            ("one two ", "ctrl-w", "one ", 4),
            ("~/one.md two/x.rs", "ctrl-w", "~/one.md ", 9),
            ("~/one.md two/x.rs", "alt-backspace alt-backspace", "~/one.md two/", 13),
            ("one two", "alt-b ctrl-u", "two", 0),
            ("one two", "home alt-f !", "one! two", 4),
            ("a b", "home alt-f !", "a! b", 2),
            ("one two three", "home alt-f alt-d", "one three", 3),
            ("one two", "home ctrl-right ctrl-w end !", " two!", 5),
            ("e\u{301}日", "left left delete", "日", 0),
            ("ne\u{301}e\u{301} x", "left left alt-b !", "!ne\u{301}e\u{301} x", 1),
            ("日本", "backspace", "日", 3),
            ("", "left right backspace delete ctrl-w alt-d ctrl-y ctrl-_", "", 0),
        ] {
            let mut line = Line::new(before);
            press(&mut line, keys);
            assert_eq!((line.text(), line.at()), (after, cursor), "{before:?} {keys}");
        }
    }

    #[test]
    fn what_was_cut_is_put_back_and_what_was_done_is_undone() {
        for (keys, after) in [
            ("ctrl-w ctrl-a ctrl-y", "threeone two "),
            ("ctrl-u ctrl-y ctrl-y", "one two threeone two three"),
            ("ctrl-a ctrl-k ctrl-y backspace ctrl-y", "one two threone two three"),
            ("ctrl-w ctrl-w ctrl-_", "one two "),
            ("ctrl-w ctrl-w ctrl-_ ctrl-7", "one two three"),
            ("ctrl-w ctrl-w ctrl-_ ctrl-_ alt-_", "one two "),
            ("ctrl-_ ctrl-_", "one two three"),
        ] {
            let mut line = Line::new("one two three");
            press(&mut line, keys);
            assert_eq!(line.text(), after, "{keys}");
        }
    }

    #[test]
    fn no_end_of_a_line_and_no_control_character_gets_in() {
        let mut line = Line::new("a\nb\u{7}");
        line.insert("\r\nc\td\u{9b}");
        assert_eq!((line.text(), line.area.lines().len()), ("a b cd", 1));
        press(&mut line, "enter ctrl-j ctrl-m tab");
        assert_eq!((line.text(), line.area.lines().len()), ("a b cd", 1));
        line.insert(&"x".repeat(2 * MOST));
        assert_eq!(line.text().len(), MOST);
    }

    #[test]
    fn what_joins_the_grapheme_before_it_is_not_split_by_the_cursor() {
        let mut line = Line::new("e");
        line.insert("\u{301}");
        press(&mut line, "left x");
        assert_eq!(line.text(), "xe\u{301}");
    }

    #[test]
    fn the_window_holds_the_cursor() {
        let mut line = Line::new("0123456789");
        assert_eq!(line.window(5), (sanitise("6789"), 4));
        press(&mut line, "home");
        assert_eq!(line.window(5), (sanitise("01234"), 0));
        let wide = Line::new("日本語");
        assert_eq!(wide.window(5), (sanitise("本語"), 4));
        assert_eq!(Line::new("a\u{202e}b").window(9).0, sanitise("ab"));
    }
}
