//! The fields of forms: a line with a cursor, lines of text, a choice.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use unicode_segmentation::UnicodeSegmentation;
use zeroize::Zeroizing;

use crate::t;
use crate::text::width::grapheme_width;
use crate::text::{Safe, sanitise, sanitise_line};

use super::composer::Composer;

/// Which field this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named after what it holds")]
pub enum FieldId {
    Secret,
    Label,
    BaseUrl,
    Expiry,
    Title,
    Tags,
    PresetName,
    Order,
    Name,
    Mark,
    Path,
    Command,
    System,
    Temperature,
    MaxTokens,
    Effort,
    Params,
    /// A variable of a prompt; its name stands beside the field.
    Variable,
}

/// A field, by how it is filled in.
#[derive(Clone)]
pub enum Input {
    /// A line that is shown.
    Plain(Line),
    /// A line that is not shown.
    Masked(Line),
    /// Several lines.
    Lines(Box<Composer>),
    /// One of the expiries, walked with Left and Right.
    Expiry(Expiry),
}

/// How long a key is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expiry {
    /// Until it is removed.
    #[default]
    Never,
    /// Half an hour.
    HalfHour,
    /// Two hours.
    TwoHours,
    /// Twelve hours.
    HalfDay,
    /// A day.
    Day,
    /// A week.
    Week,
    /// Thirty days.
    Month,
}

impl Expiry {
    /// All of them, shortest first after the one without an end.
    pub const EACH: [Self; 7] =
        [Self::Never, Self::HalfHour, Self::TwoHours, Self::HalfDay, Self::Day, Self::Week, Self::Month];

    /// Its length in minutes; `None` has no end.
    pub const fn minutes(self) -> Option<u64> {
        match self {
            Self::Never => None,
            Self::HalfHour => Some(30),
            Self::TwoHours => Some(120),
            Self::HalfDay => Some(720),
            Self::Day => Some(1440),
            Self::Week => Some(7 * 1440),
            Self::Month => Some(30 * 1440),
        }
    }

    /// In words.
    pub fn name(self) -> Safe {
        match self {
            Self::Never => t!("app-expiry-never"),
            Self::HalfHour => t!("app-expiry-half-hour"),
            Self::TwoHours => t!("app-expiry-two-hours"),
            Self::HalfDay => t!("app-expiry-half-day"),
            Self::Day => t!("app-expiry-day"),
            Self::Week => t!("app-expiry-week"),
            Self::Month => t!("app-expiry-month"),
        }
    }

    /// The one before or after; it stops at both ends.
    pub fn walk(self, by: isize) -> Self {
        let at = Self::EACH.iter().position(|expiry| *expiry == self).unwrap_or(0);
        let to = at.saturating_add_signed(by).min(Self::EACH.len() - 1);
        Self::EACH.get(to).copied().unwrap_or_default()
    }
}

/// A line of text and its cursor. It is wiped when it goes.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Line {
    text: Zeroizing<String>,
    /// The byte the cursor stands before; always where a grapheme begins.
    at: usize,
}

impl fmt::Debug for Line {
    /// Not what it holds, which may be a key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").finish_non_exhaustive()
    }
}

/// Room that a line has from the start, so that a key is not left behind in memory as its line grows.
const ROOM: usize = 512;
/// What a masked line shows of its length at most.
const MOST_DOTS: usize = 24;

impl Line {
    /// A line with its cursor at the end.
    pub fn new(text: &str) -> Self {
        let mut line = Self { text: Zeroizing::new(String::with_capacity(ROOM.max(text.len()))), at: 0 };
        line.insert(text);
        line
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Puts text in at the cursor. A line end becomes a space; other control characters are left out.
    pub fn insert(&mut self, text: &str) {
        for c in text.chars() {
            let c = if c == '\n' { ' ' } else { c };
            if !c.is_control() {
                self.text.insert(self.at, c);
                self.at += c.len_utf8();
            }
        }
        // What was put in may have joined the grapheme after it.
        self.at = self.boundary(|at| at >= self.at);
    }

    /// An editing key, as readline knows it.
    pub fn edit(&mut self, key: KeyEvent) {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        match (ctrl, alt, key.code) {
            (false, false, KeyCode::Char(c)) => self.insert(c.encode_utf8(&mut [0; 4])),
            (false, false, KeyCode::Left) | (true, false, KeyCode::Char('b')) => self.at = self.before(),
            (false, false, KeyCode::Right) | (true, false, KeyCode::Char('f')) => self.at = self.after(),
            (false, false, KeyCode::Home) | (true, false, KeyCode::Char('a')) => self.at = 0,
            (false, false, KeyCode::End) | (true, false, KeyCode::Char('e')) => self.at = self.text.len(),
            (true, false, KeyCode::Left) | (false, true, KeyCode::Char('b')) => self.at = self.word_before(),
            (true, false, KeyCode::Right) | (false, true, KeyCode::Char('f')) => self.at = self.word_after(),
            (false, false, KeyCode::Backspace) | (true, false, KeyCode::Char('h')) => {
                self.cut(self.before(), self.at);
            }
            (false, false, KeyCode::Delete) | (true, false, KeyCode::Char('d')) => {
                self.cut(self.at, self.after());
            }
            (true, false, KeyCode::Char('w')) | (false, true, KeyCode::Backspace) => {
                self.cut(self.word_before(), self.at);
            }
            (false, true, KeyCode::Char('d')) => self.cut(self.at, self.word_after()),
            (true, false, KeyCode::Char('u')) => self.cut(0, self.at),
            (true, false, KeyCode::Char('k')) => self.cut(self.at, self.text.len()),
            _ => {}
        }
    }

    fn cut(&mut self, from: usize, to: usize) {
        self.text.drain(from..to);
        self.at = self.boundary(|at| at >= from);
    }

    /// The first place between graphemes that `wanted` says yes to; the end where it never does.
    fn boundary(&self, wanted: impl Fn(usize) -> bool) -> usize {
        let mut places = self.text.grapheme_indices(true).map(|(at, _)| at);
        places.find(|at| wanted(*at)).unwrap_or(self.text.len())
    }

    fn before(&self) -> usize {
        self.text[..self.at].grapheme_indices(true).next_back().map_or(0, |(at, _)| at)
    }

    fn after(&self) -> usize {
        self.boundary(|at| at > self.at)
    }

    fn word_before(&self) -> usize {
        let words = self.text[..self.at].trim_end();
        words
            .rfind(char::is_whitespace)
            .map_or(0, |at| at + words[at..].chars().next().map_or(0, char::len_utf8))
    }

    fn word_after(&self) -> usize {
        let rest = &self.text[self.at..];
        let blank = rest.len() - rest.trim_start().len();
        let word = rest[blank..].find(char::is_whitespace).unwrap_or(rest.len() - blank);
        self.at + blank + word
    }

    /// The part around the cursor that fits `cells`, and the cursor's cell in it.
    pub fn window(&self, cells: usize) -> (Safe, usize) {
        let shown = |grapheme: &str| sanitise_line(grapheme);
        let mut from = self.at;
        let mut cursor = 0;
        for (at, grapheme) in self.text[..self.at].grapheme_indices(true).rev() {
            let wide = grapheme_width(&shown(grapheme));
            if cursor + wide + 1 > cells {
                break;
            }
            cursor += wide;
            from = at;
        }
        let mut text = Safe::default();
        let mut used = 0;
        for grapheme in self.text[from..].graphemes(true) {
            let grapheme = shown(grapheme);
            used += grapheme_width(&grapheme);
            if used > cells {
                break;
            }
            text.push(&grapheme);
        }
        (text, cursor)
    }

    /// A dot for each character that was typed, as far as that tells nothing, and the cursor's cell.
    pub fn masked(&self, cells: usize) -> (Safe, usize) {
        let most = MOST_DOTS.min(cells.saturating_sub(1));
        let dots = |text: &str| text.graphemes(true).take(most).count();
        (sanitise(&"•".repeat(dots(&self.text))), dots(&self.text[..self.at]))
    }
}

/// A field.
#[derive(Clone)]
pub struct Field {
    /// Which.
    pub id: FieldId,
    /// What is filled in.
    pub input: Input,
    /// What it is called, where its kind does not say that.
    pub name: Safe,
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = match &self.input {
            Input::Masked(_) => "***".to_owned(),
            Input::Plain(line) => line.text().to_owned(),
            Input::Lines(lines) => lines.text(),
            Input::Expiry(expiry) => format!("{expiry:?}"),
        };
        f.debug_struct("Field").field("id", &self.id).field("value", &value).finish()
    }
}

impl Field {
    /// A field.
    pub fn new(id: FieldId, input: Input) -> Self {
        Self { id, input, name: Safe::default() }
    }

    /// Several lines for a variable.
    pub fn variable(name: &str) -> Self {
        Self { name: sanitise_line(name), ..Self::lines(FieldId::Variable, "") }
    }

    /// A line that is shown.
    pub fn plain(id: FieldId, value: &str) -> Self {
        Self::new(id, Input::Plain(Line::new(value)))
    }

    /// Several lines.
    pub fn lines(id: FieldId, value: &str) -> Self {
        let mut composer = Composer::default();
        composer.set(value);
        Self::new(id, Input::Lines(Box::new(composer)))
    }

    /// What it is called.
    pub fn label(&self) -> Safe {
        match self.id {
            FieldId::Secret => t!("app-field-key"),
            FieldId::Label => t!("app-field-label"),
            FieldId::BaseUrl => t!("app-field-base-url"),
            FieldId::Expiry => t!("app-field-expiry"),
            FieldId::Title => t!("app-field-title"),
            FieldId::Mark => t!("app-field-label"),
            FieldId::Path => t!("app-field-file"),
            FieldId::Command => t!("app-field-command"),
            FieldId::Tags => t!("app-field-tags"),
            FieldId::Order => t!("app-field-order"),
            FieldId::Name | FieldId::PresetName => t!("app-field-name"),
            FieldId::System => t!("app-field-system"),
            FieldId::Temperature => t!("app-field-temperature"),
            FieldId::MaxTokens => t!("app-field-max-tokens"),
            FieldId::Effort => t!("app-field-effort"),
            FieldId::Params => t!("app-field-params"),
            FieldId::Variable => self.name.clone(),
        }
    }

    /// What may be put in it.
    pub fn hint(&self) -> Safe {
        match self.id {
            FieldId::Secret => t!("app-hint-key"),
            FieldId::Label => t!("app-hint-label"),
            FieldId::BaseUrl => t!("app-hint-base-url"),
            FieldId::Expiry => t!("app-hint-expiry"),
            FieldId::Title | FieldId::PresetName => Safe::default(),
            FieldId::Order => t!("app-hint-order"),
            FieldId::Tags => t!("app-hint-tags"),
            FieldId::Name => t!("app-hint-name"),
            FieldId::Mark => t!("app-hint-mark"),
            FieldId::Path => t!("app-hint-file"),
            FieldId::Command => t!("app-hint-command"),
            FieldId::System => t!("app-hint-system"),
            FieldId::Temperature => t!("app-hint-temperature"),
            FieldId::MaxTokens => t!("app-hint-max-tokens"),
            FieldId::Effort => t!("app-hint-effort"),
            FieldId::Params => t!("app-hint-params"),
            FieldId::Variable => t!("app-hint-variable"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::keymap::Stroke;
    use super::*;

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
            ("one two", "alt-b ctrl-u", "two", 0),
            ("one two", "home ctrl-right ctrl-w end !", " two!", 5),
            ("e\u{301}日", "left left delete", "日", 0),
            ("日本", "backspace", "日", 3),
            ("", "left right backspace delete ctrl-w alt-d", "", 0),
        ] {
            let mut line = Line::new(before);
            press(&mut line, keys);
            assert_eq!((line.text(), line.at), (after, cursor), "{before:?} {keys}");
        }
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

    #[test]
    fn a_masked_line_tells_neither_its_text_nor_its_length() {
        let short = Line::new(&"k".repeat(MOST_DOTS));
        let long = Line::new(&"k".repeat(200));
        assert_eq!(short.masked(60), long.masked(60));
        assert_eq!(Line::new("abc").masked(60), (sanitise("•••"), 3));
        assert_eq!(long.masked(10), (sanitise(&"•".repeat(9)), 9));
    }
}
