//! The sanitiser: the only maker of [`Safe`].
//!
//! Model output, model ids, error bodies, titles and pasted text are written by others, and a terminal
//! obeys what it is sent. Escape sequences are taken out whole, so that no tail of one is left to read;
//! what could reorder or hide text (bidi overrides and isolates, tag characters) goes too. The sanitiser
//! keeps its state between pieces, because a stream may cut a sequence in half.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

/// Text without control sequences: no C0 but newline and tab, no DEL, no C1, no bidi override or isolate,
/// no tag character outside an emoji flag.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Safe(String);

impl Safe {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, owned.
    pub fn into_string(self) -> String {
        self.0
    }

    /// Adds safe text. Two safe texts put together are safe: no sequence can begin in one and end in the other.
    pub fn push(&mut self, more: &Self) {
        self.0.push_str(&more.0);
    }

    /// A part of this text by byte range; `None` where a bound is not on a character.
    pub fn slice(&self, range: std::ops::Range<usize>) -> Option<Self> {
        self.0.get(range).map(|part| Self(part.to_owned()))
    }
}

impl Deref for Safe {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Safe {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Safe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Safe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl PartialEq<str> for Safe {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Safe {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

/// Whole text made safe.
pub fn sanitise(text: &str) -> Safe {
    if is_safe(text) {
        return Safe(text.to_owned());
    }
    let mut sanitiser = Sanitiser::default();
    let mut safe = sanitiser.push(text);
    safe.push(&sanitiser.finish());
    safe
}

/// Whole text made safe and put on one line: newlines and tabs become spaces.
pub fn sanitise_line(text: &str) -> Safe {
    let Safe(mut safe) = sanitise(text);
    if safe.contains(['\n', '\t']) {
        safe = safe.replace(['\n', '\t'], " ");
    }
    Safe(safe)
}

/// Whether `sanitise` would change nothing. The common case, and much the quicker question.
fn is_safe(text: &str) -> bool {
    if text.is_ascii() {
        return text.bytes().all(|byte| matches!(byte, b'\n' | b'\t' | 0x20..=0x7e));
    }
    text.chars().all(|c| matches!(class(c), Class::Text))
}

/// What a character means to the sanitiser.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Text,
    CarriageReturn,
    Escape,
    /// A C1 control that opens a sequence, with the state it opens.
    Opens(State),
    /// Dropped without a trace.
    Dropped,
    /// A tag character: text only inside an emoji flag.
    Tag,
}

const BLACK_FLAG: char = '\u{1F3F4}';
const CANCEL_TAG: char = '\u{E007F}';

fn class(c: char) -> Class {
    match c {
        '\n' | '\t' => Class::Text,
        '\r' => Class::CarriageReturn,
        '\u{1b}' => Class::Escape,
        '\u{90}' | '\u{98}' | '\u{9d}' | '\u{9e}' | '\u{9f}' => Class::Opens(State::String),
        '\u{9b}' => Class::Opens(State::Csi),
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => Class::Dropped,
        // Marks, embeddings, overrides and isolates that reorder what is read.
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Class::Dropped
        }
        // Line and paragraph separators move a terminal's cursor in ways that cells do not show.
        '\u{2028}' | '\u{2029}' => Class::Dropped,
        // Invisible operators and format characters that only hide text.
        '\u{206a}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' => Class::Dropped,
        '\u{e0000}'..='\u{e007f}' => Class::Tag,
        _ => Class::Text,
    }
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Ground,
    /// After ESC.
    Escape,
    /// After ESC and an intermediate byte: one final byte ends it.
    EscapeIntermediate,
    /// In a control sequence, until its final byte.
    Csi,
    /// In an OSC, DCS, SOS, PM or APC string, until BEL or ST.
    String,
    /// After ESC in a string: a backslash ends the string.
    StringEscape,
    /// After a carriage return, which becomes a newline unless one follows.
    CarriageReturn,
}

/// The longest control string taken out whole. One that is longer was never meant as one, or is meant to
/// swallow the text after it; from there on its characters are text again.
const LONGEST_STRING: usize = 4096;

/// The longest run of tag characters in an emoji flag (a region code and the cancel tag).
const LONGEST_FLAG: usize = 8;

/// Makes text safe piece by piece.
#[derive(Clone, Default)]
pub struct Sanitiser {
    state: State,
    /// Characters swallowed by the string or sequence that is open.
    swallowed: usize,
    /// Tag characters held back until the cancel tag shows that they are a flag.
    flag: Option<String>,
}

impl Sanitiser {
    /// The safe text of the next piece. A sequence or a line end that is cut by the end of the piece is held
    /// back until the next one, or [`finish`](Self::finish).
    pub fn push(&mut self, piece: &str) -> Safe {
        if self.state == State::Ground && self.flag.is_none() && is_plain_ascii(piece) {
            return Safe(piece.to_owned());
        }
        let mut safe = String::with_capacity(piece.len());
        for c in piece.chars() {
            self.step(c, &mut safe);
        }
        Safe(safe)
    }

    /// What was held back: a last carriage return becomes a newline, an open sequence is dropped.
    pub fn finish(self) -> Safe {
        Safe(if self.state == State::CarriageReturn { "\n".to_owned() } else { String::new() })
    }

    fn step(&mut self, c: char, safe: &mut String) {
        if self.flag_takes(c, safe) {
            return;
        }
        match self.state {
            State::Ground => self.ground(c, safe),
            State::CarriageReturn => {
                safe.push('\n');
                self.state = State::Ground;
                if c != '\n' {
                    self.ground(c, safe);
                }
            }
            State::Escape => match c {
                '[' => self.enter(State::Csi),
                ']' | 'P' | 'X' | '^' | '_' => self.enter(State::String),
                ' '..='/' => self.enter(State::EscapeIntermediate),
                '0'..='~' => self.state = State::Ground,
                _ => self.abandon(c, safe),
            },
            State::EscapeIntermediate => match c {
                ' '..='/' if self.swallows() => {}
                '0'..='~' => self.state = State::Ground,
                _ => self.abandon(c, safe),
            },
            State::Csi => match c {
                ' '..='?' if self.swallows() => {}
                '@'..='~' => self.state = State::Ground,
                _ => self.abandon(c, safe),
            },
            State::String => match c {
                '\u{7}' | '\u{9c}' => self.state = State::Ground,
                '\u{1b}' => self.state = State::StringEscape,
                // A control string has no line ends: this one was never closed, and the text goes on.
                '\n' | '\r' => self.abandon(c, safe),
                _ if self.swallows() => {}
                _ => self.abandon(c, safe),
            },
            State::StringEscape => match c {
                '\\' => self.state = State::Ground,
                _ => {
                    self.state = State::Escape;
                    self.step(c, safe);
                }
            },
        }
    }

    fn ground(&mut self, c: char, safe: &mut String) {
        match class(c) {
            Class::Text => {
                safe.push(c);
                if c == BLACK_FLAG {
                    self.flag = Some(String::new());
                }
            }
            Class::CarriageReturn => self.state = State::CarriageReturn,
            Class::Escape => self.enter(State::Escape),
            Class::Opens(state) => self.enter(state),
            Class::Dropped | Class::Tag => {}
        }
    }

    /// Tag characters after a black flag: kept when the cancel tag ends a short run of them, else dropped.
    fn flag_takes(&mut self, c: char, safe: &mut String) -> bool {
        let Some(tags) = &mut self.flag else { return false };
        if class(c) != Class::Tag {
            self.flag = None;
            return false;
        }
        tags.push(c);
        if c == CANCEL_TAG {
            if tags.chars().count() > 1 {
                safe.push_str(tags);
            }
            self.flag = None;
        } else if tags.chars().count() >= LONGEST_FLAG {
            self.flag = None;
        }
        true
    }

    fn enter(&mut self, state: State) {
        self.state = state;
        self.swallowed = 0;
    }

    fn swallows(&mut self) -> bool {
        self.swallowed += 1;
        self.swallowed < LONGEST_STRING
    }

    /// The sequence was malformed or too long: it is gone, and this character is read afresh.
    fn abandon(&mut self, c: char, safe: &mut String) {
        self.enter(State::Ground);
        self.ground(c, safe);
    }
}

fn is_plain_ascii(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'\n' | b'\t' | 0x20..=0x7e))
}

/// `text` with every character that [`sanitise`] would drop or change written as a JSON escape. `text` must
/// be JSON, in which such characters stand only inside strings.
pub fn escape_json(text: &str) -> Cow<'_, str> {
    let is_bare = |c: char| c != '\n' && (matches!(class(c), Class::Text) && c != '\t');
    if text.chars().all(|c| is_bare(c) || c == '\n') {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    let mut units = [0; 2];
    for c in text.chars() {
        if is_bare(c) || c == '\n' {
            escaped.push(c);
        } else {
            for unit in c.encode_utf16(&mut units) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(hostile: &str, expected: &str) {
        assert_eq!(sanitise(hostile).as_str(), expected, "{hostile:?}");
    }

    #[test]
    fn plain_text_newlines_tabs_and_emoji_pass_unchanged() {
        for text in [
            "a\tb\nc",
            "日本語 é e\u{301}",
            "👩‍💻 🇯🇵 👍🏽",
            "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn whole_sequences_vanish() {
        check("a\x1b[31mred\x1b[0m", "ared");
        check("x\x1b]52;c;aGk=\x07y", "xy");
        check("x\x1b]0;title\x1b\\y", "xy");
        check("x\x1bP1$qm\x1b\\y", "xy");
        check("x\x1bcy\x1b(By", "xyy");
        check("x\u{9b}31my\u{9d}0;t\u{9c}z", "xyz");
        check("bell\x07 back\x08 del\x7f nul\0", "bell back del nul");
    }

    #[test]
    fn an_unclosed_string_swallows_no_more_than_its_line() {
        check("a\x1b]0;never closed\nnext line", "a\nnext line");
        check("a\x1b[12", "a");
    }

    #[test]
    fn what_reorders_or_hides_text_is_dropped() {
        check("a\u{202e}b\u{2066}c\u{2069}\u{200f}d\u{2028}e\u{feff}", "abcde");
        check("x\u{E0041}\u{E0042}y", "xy");
        check("\u{1F3F4}\u{E0067}\u{E0062} no cancel", "\u{1F3F4} no cancel");
    }

    #[test]
    fn line_ends_become_newlines() {
        check("a\r\nb\rc\r", "a\nb\nc\n");
    }

    #[test]
    fn json_keeps_its_meaning_and_shows_no_control() {
        let json = serde_json::to_string("a\u{202e}b\u{9b}c\u{E0041}\x7f\n").unwrap();
        let escaped = escape_json(&json);
        assert_eq!(escaped, "\"a\\u202eb\\u009bc\\udb40\\udc41\\u007f\\n\"");
        assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), "a\u{202e}b\u{9b}c\u{E0041}\x7f\n");
    }

    fn hostile() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<char>().prop_map(String::from),
            "[a-z ]{0,4}",
            Just("\x1b".to_owned()),
            Just("\x1b[".to_owned()),
            Just("\x1b]".to_owned()),
            Just("\x1b\\".to_owned()),
            Just("\u{9b}".to_owned()),
            Just("\x07".to_owned()),
            Just("\r".to_owned()),
            Just("\u{1F3F4}".to_owned()),
            Just("\u{E0067}".to_owned()),
            Just("\u{E007F}".to_owned()),
            Just("\u{202e}".to_owned()),
        ];
        prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn nothing_that_controls_a_terminal_is_left(text in hostile()) {
            let safe = sanitise(&text);
            let mut flag = false;
            for c in safe.chars() {
                let tag = matches!(class(c), Class::Tag);
                prop_assert!(matches!(class(c), Class::Text) || (tag && flag), "{:?} in {:?}", c, safe);
                flag = c == BLACK_FLAG || (flag && tag);
            }
        }

        #[test]
        fn any_split_gives_the_same_text(text in hostile(), at in 0usize..64) {
            let cut = text.char_indices().map(|(i, _)| i).nth(at).unwrap_or(text.len());
            let mut sanitiser = Sanitiser::default();
            let mut split = sanitiser.push(&text[..cut]);
            split.push(&sanitiser.push(&text[cut..]));
            split.push(&sanitiser.finish());
            prop_assert_eq!(split, sanitise(&text));
        }

        #[test]
        fn safe_text_stays_as_it_is(text in hostile()) {
            let safe = sanitise(&text);
            prop_assert_eq!(sanitise(&safe), safe);
        }
    }
}
