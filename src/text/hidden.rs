//! Characters that a person does not see and a model reads: counted by kind, and taken out.
//!
//! What joins letters and emoji as their scripts want it is not counted: a joiner between two characters outside
//! ASCII, a first variation selector, the tags of a flag.

/// How many of each kind there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    /// Characters without width, and fillers that look like blanks.
    pub zero_width: usize,
    /// Marks that change the order in which text is read.
    pub bidi: usize,
    /// Tag characters: a second alphabet that nobody sees.
    pub tags: usize,
}

/// What a character hides.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    ZeroWidth,
    Bidi,
    Tag,
}

impl Hidden {
    /// Those of a text.
    pub fn of(text: &str) -> Self {
        let mut hidden = Self::default();
        if !text.is_ascii() {
            each(text, |kind, _| match kind {
                Some(Kind::ZeroWidth) => hidden.zero_width += 1,
                Some(Kind::Bidi) => hidden.bidi += 1,
                Some(Kind::Tag) => hidden.tags += 1,
                None => {}
            });
        }
        hidden
    }

    /// All of them.
    pub fn count(self) -> usize {
        self.zero_width + self.bidi + self.tags
    }
}

impl std::ops::Add for Hidden {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            zero_width: self.zero_width + other.zero_width,
            bidi: self.bidi + other.bidi,
            tags: self.tags + other.tags,
        }
    }
}

/// The text without them.
pub fn without_hidden(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    each(text, |kind, c| {
        if kind.is_none() {
            shown.push(c);
        }
    });
    shown
}

/// Tells every character, and what it hides.
fn each(text: &str, mut tell: impl FnMut(Option<Kind>, char)) {
    let mut before = None;
    let mut in_flag = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let selector = |c: char| matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
        let joins = |c: Option<char>| c.is_some_and(|c| !c.is_ascii() && !c.is_whitespace());
        let kind = match c {
            '\u{200c}' | '\u{200d}' => {
                (!(joins(before) && joins(chars.peek().copied()))).then_some(Kind::ZeroWidth)
            }
            _ if selector(c) => before.is_none_or(selector).then_some(Kind::ZeroWidth),
            '\u{ad}'
            | '\u{34f}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{2060}'..='\u{2064}'
            | '\u{206a}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}' => Some(Kind::ZeroWidth),
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                Some(Kind::Bidi)
            }
            '\u{e0000}'..='\u{e007f}' => (!in_flag).then_some(Kind::Tag),
            _ => None,
        };
        in_flag = c == '\u{1f3f4}' || (in_flag && matches!(c, '\u{e0020}'..='\u{e007e}'));
        tell(kind, c);
        before = Some(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_is_counted_by_kind_and_taken_out() {
        let text = "pay\u{200b}ment\u{feff} \u{202e}evil\u{2066} \u{e0041}\u{e0042}a\u{fe0f}\u{fe01}";
        assert_eq!(Hidden::of(text), Hidden { zero_width: 3, bidi: 2, tags: 2 });
        assert_eq!(without_hidden(text), "payment evil a\u{fe0f}");
    }

    #[test]
    fn what_scripts_and_emoji_are_joined_with_stays() {
        for text in
            ["👩‍💻", "می\u{200c}خواهم", "क्\u{200d}ष", "☎\u{fe0f}", "\u{1F3F4}\u{E0067}\u{E0062}\u{E007F}"]
        {
            assert_eq!((Hidden::of(text), without_hidden(text)), (Hidden::default(), text.into()), "{text}");
        }
        assert_eq!(Hidden::of("a\u{200d}b").zero_width, 1);
    }
}
