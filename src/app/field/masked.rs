//! One line that is typed and not shown: a secret.
//!
//! It is not a [`super::Line`]: that one remembers what was typed and what was cut, and a secret is to be nowhere but
//! here, and wiped when it goes.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use unicode_segmentation::UnicodeSegmentation;
use zeroize::{Zeroize, Zeroizing};

use crate::text::{Safe, sanitise};

/// Room that a line has from the start, so that a key is not left behind in memory as its line grows.
const ROOM: usize = 512;
/// What is shown of its length at most.
const MOST_DOTS: usize = 24;

/// A secret as it is typed. It is wiped when it goes.
#[derive(Clone)]
pub struct Masked {
    text: Zeroizing<String>,
    /// The byte the cursor stands before; always where a character begins.
    at: usize,
}

impl Default for Masked {
    fn default() -> Self {
        Self { text: Zeroizing::new(String::with_capacity(ROOM)), at: 0 }
    }
}

impl fmt::Debug for Masked {
    /// Not what it holds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Masked").finish_non_exhaustive()
    }
}

impl Masked {
    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Replaces all of it.
    pub fn set(&mut self, text: &str) {
        self.text.zeroize();
        self.at = 0;
        self.insert(text);
    }

    /// Puts text in at the cursor, without control characters.
    pub fn insert(&mut self, text: &str) {
        for c in text.chars().filter(|c| !c.is_control()) {
            self.text.insert(self.at, c);
            self.at += c.len_utf8();
        }
    }

    /// An editing key. A secret has no words: what cuts one elsewhere cuts all that is before the cursor.
    pub fn edit(&mut self, key: KeyEvent) {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        match (ctrl, alt, key.code) {
            (false, false, KeyCode::Char(c)) => self.insert(c.encode_utf8(&mut [0; 4])),
            (false, false, KeyCode::Left) | (true, false, KeyCode::Char('b')) => self.at = self.before(),
            (false, false, KeyCode::Right) | (true, false, KeyCode::Char('f')) => self.at = self.after(),
            (false, false, KeyCode::Home) | (true, false, KeyCode::Char('a')) => self.at = 0,
            (false, false, KeyCode::End) | (true, false, KeyCode::Char('e')) => self.at = self.text.len(),
            (false, false, KeyCode::Backspace) | (true, false, KeyCode::Char('h')) => {
                self.cut(self.before(), self.at);
            }
            (false, false, KeyCode::Delete) | (true, false, KeyCode::Char('d')) => {
                self.cut(self.at, self.after());
            }
            (true, false, KeyCode::Char('u' | 'w')) | (_, _, KeyCode::Backspace) => self.cut(0, self.at),
            (true, false, KeyCode::Char('k')) => self.cut(self.at, self.text.len()),
            _ => {}
        }
    }

    fn cut(&mut self, from: usize, to: usize) {
        self.text.drain(from..to);
        self.at = from;
    }

    fn before(&self) -> usize {
        self.text[..self.at].char_indices().next_back().map_or(0, |(at, _)| at)
    }

    fn after(&self) -> usize {
        self.text[self.at..].chars().next().map_or(self.at, |c| self.at + c.len_utf8())
    }

    /// A dot for each character that was typed, as far as that tells nothing, and the cursor's cell.
    pub fn window(&self, cells: usize) -> (Safe, usize) {
        let most = MOST_DOTS.min(cells.saturating_sub(1));
        let dots = |text: &str| text.graphemes(true).take(most).count();
        (sanitise(&"•".repeat(dots(&self.text))), dots(&self.text[..self.at]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::keymap::Stroke;

    fn typed(text: &str) -> Masked {
        let mut masked = Masked::default();
        masked.insert(text);
        masked
    }

    #[test]
    fn a_secret_is_edited_at_its_cursor() {
        for (before, keys, after, cursor) in [
            ("sk-12", "left left delete", "sk-2", 3),
            ("sk-12", "ctrl-a X end !", "Xsk-12!", 7),
            ("sk 12", "left ctrl-w", "2", 0),
            ("sk-12", "home right ctrl-k", "s", 1),
            ("sk-1é", "backspace", "sk-1", 4),
            ("sk-12", "alt-backspace ctrl-y ctrl-_", "", 0),
        ] {
            let mut masked = typed(before);
            for key in keys.split_whitespace() {
                masked.edit(Stroke::parse(key).unwrap().event());
            }
            assert_eq!((masked.text(), masked.at), (after, cursor), "{before:?} {keys}");
        }
    }

    #[test]
    fn a_secret_tells_neither_its_text_nor_its_length() {
        let short = typed(&"k".repeat(MOST_DOTS));
        let long = typed(&"k".repeat(200));
        assert_eq!(short.window(60), long.window(60));
        assert_eq!(typed("abc").window(60), (sanitise("•••"), 3));
        assert_eq!(long.window(10), (sanitise(&"•".repeat(9)), 9));
        assert_eq!(format!("{long:?}"), "Masked { .. }");
    }

    #[test]
    fn a_secret_does_not_grow_out_of_its_room() {
        let mut masked = typed(&"k".repeat(ROOM));
        assert_eq!(masked.text.capacity(), ROOM);
        masked.set("new\n");
        assert_eq!((masked.text(), masked.text.capacity()), ("new", ROOM));
    }
}
