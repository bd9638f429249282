//! A keystroke: what a terminal reported, as far as bindings tell keystrokes apart.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A keystroke, as far as a binding tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stroke {
    code: KeyCode,
    modifiers: KeyModifiers,
}

impl From<KeyEvent> for Stroke {
    /// Shift is part of a printable character already; terminals disagree on whether they report it too.
    fn from(key: KeyEvent) -> Self {
        let mut modifiers = key.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT);
        let mut code = key.code;
        if let KeyCode::Char(c) = code {
            if modifiers.contains(KeyModifiers::CONTROL) {
                code = KeyCode::Char(control(c));
            }
            modifiers.remove(KeyModifiers::SHIFT);
        }
        if code == KeyCode::BackTab {
            modifiers.remove(KeyModifiers::SHIFT);
        }
        Self { code, modifiers }
    }
}

/// The key of a control character. Without the kitty protocol, the four after `^[` are reported as digits, and the
/// first one under three names.
fn control(c: char) -> char {
    match c {
        '4' => '\\',
        '5' => ']',
        '6' => '^',
        '7' | '/' => '_',
        '2' | '@' => ' ',
        c => c.to_ascii_lowercase(),
    }
}

/// Names of keys that are no characters.
const KEYS: &[(&str, KeyCode)] = &[
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("backtab", KeyCode::BackTab),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("insert", KeyCode::Insert),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pageup", KeyCode::PageUp),
    ("pagedown", KeyCode::PageDown),
    ("space", KeyCode::Char(' ')),
];

impl Stroke {
    /// From its written form: `ctrl-x`, `alt-enter`, `f1`, `J`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut modifiers = KeyModifiers::NONE;
        let mut rest = text;
        while let Some((name, after)) = rest.split_once('-').filter(|(_, after)| !after.is_empty()) {
            modifiers |= match name {
                "ctrl" => KeyModifiers::CONTROL,
                "alt" => KeyModifiers::ALT,
                "shift" => KeyModifiers::SHIFT,
                _ => return None,
            };
            rest = after;
        }
        let mut chars = rest.chars();
        let code = match (chars.next(), chars.next()) {
            // Shift and a letter are the other letter.
            (Some(c), None) if modifiers == KeyModifiers::SHIFT => KeyCode::Char(c.to_ascii_uppercase()),
            (Some(c), None) => KeyCode::Char(c),
            _ => named_key(rest)?,
        };
        Some(Self::from(KeyEvent::new(code, modifiers)))
    }

    /// The character that it types, where it types one.
    pub fn letter(&self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if !self.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => {
                Some(c)
            }
            _ => None,
        }
    }

    /// As bindings write it: `ctrl-x`, `alt-enter`, `f1`, `J`.
    fn written(self) -> String {
        let modifiers =
            [(KeyModifiers::CONTROL, "ctrl-"), (KeyModifiers::ALT, "alt-"), (KeyModifiers::SHIFT, "shift-")];
        let held = modifiers.into_iter().filter(|(modifier, _)| self.modifiers.contains(*modifier));
        let mut text: String = held.map(|(_, name)| name).collect();
        match (KEYS.iter().find(|(_, code)| *code == self.code), self.code) {
            (Some((name, _)), _) => text.push_str(name),
            (None, KeyCode::Char(c)) => text.push(c),
            (None, code) => text.push_str(&format!("{code:?}").to_lowercase().replace(['(', ')'], "")),
        }
        text
    }

    /// The key event that is this stroke.
    pub fn event(self) -> KeyEvent {
        KeyEvent::new(self.code, self.modifiers)
    }
}

fn named_key(name: &str) -> Option<KeyCode> {
    KEYS.iter().find(|(known, _)| *known == name).map(|(_, code)| *code).or_else(|| {
        let number: u8 = name.strip_prefix('f')?.parse().ok()?;
        (1..=24).contains(&number).then_some(KeyCode::F(number))
    })
}

impl fmt::Display for Stroke {
    /// As people read it: `^X`, `Alt+T`, `PgUp`, `F1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.modifiers.contains(KeyModifiers::ALT) {
            f.write_str("Alt+")?;
        }
        if self.modifiers.contains(KeyModifiers::SHIFT) {
            f.write_str("Shift+")?;
        }
        let ctrl = self.modifiers.contains(KeyModifiers::CONTROL);
        match self.code {
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(c) if ctrl => write!(f, "^{}", c.to_ascii_uppercase()),
            KeyCode::Char(c) => write!(f, "{c}"),
            KeyCode::F(number) => write!(f, "F{number}"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
            KeyCode::Up => f.write_str("↑"),
            KeyCode::Down => f.write_str("↓"),
            KeyCode::Left => f.write_str("←"),
            KeyCode::Right => f.write_str("→"),
            other => match KEYS.iter().find(|(_, code)| *code == other) {
                Some((name, _)) => {
                    let (first, rest) = name.split_at(1);
                    write!(f, "{}{rest}", first.to_ascii_uppercase())
                }
                None => write!(f, "{other:?}"),
            },
        }
    }
}

/// Keystrokes as people read them.
pub fn display(strokes: &[Stroke]) -> String {
    strokes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// Keystrokes as bindings write them; what this gives, [`Stroke::parse`] reads.
pub fn written(strokes: &[Stroke]) -> String {
    strokes.iter().map(|stroke| stroke.written()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_written_as_they_are_read() {
        for text in
            ["ctrl-x", "alt-enter", "shift-enter", "f12", "J", "space", "ctrl-space", "alt-P", "-", "ctrl--"]
        {
            assert_eq!(written(&[Stroke::parse(text).unwrap()]), text);
        }
        for (read, meant) in
            [("shift-j", "J"), ("ctrl-shift-x", "ctrl-x"), ("ctrl-4", "ctrl-\\"), ("ctrl-@", "ctrl-space")]
        {
            assert_eq!(written(&[Stroke::parse(read).unwrap()]), meant);
        }
    }
}
