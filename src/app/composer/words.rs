//! Where words begin and end, as readline and vi count them.

use super::buffer::Buffer;

/// What a word is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// Letters and digits; everything else is between words (readline's `M-f`).
    Letters,
    /// Letters, digits and `_`, or a run of other characters (vi's `w`).
    Small,
    /// What blanks are around (vi's `W`, and `unix-word-rubout`).
    Big,
}

/// Characters of one kind stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Blank,
    Letter,
    Other,
}

impl Word {
    pub(super) fn class(self, c: char) -> Class {
        match self {
            Self::Letters if c.is_alphanumeric() => Class::Letter,
            Self::Letters => Class::Blank,
            Self::Small | Self::Big if c.is_whitespace() => Class::Blank,
            Self::Small if c.is_alphanumeric() || c == '_' => Class::Letter,
            Self::Small => Class::Other,
            Self::Big => Class::Letter,
        }
    }

    /// The class of what stands at a place; `None` at the end.
    pub(super) fn at(self, buffer: &Buffer, at: usize) -> Option<Class> {
        buffer.text()[at..].chars().next().map(|c| self.class(c))
    }

    /// The end of the word that goes on or comes next (readline's `forward-word`).
    pub(super) fn end_ahead(self, buffer: &Buffer, from: usize) -> usize {
        let at = self.skip(buffer, from, |class| class == Class::Blank);
        match self.at(buffer, at) {
            Some(kind) => self.skip(buffer, at, |class| class == kind),
            None => at,
        }
    }

    /// The beginning of the word that goes on or came before (`b`).
    pub(super) fn start_behind(self, buffer: &Buffer, from: usize) -> usize {
        let at = self.skip_back(buffer, from, |class| class == Class::Blank);
        match self.before(buffer, at) {
            Some(kind) => self.skip_back(buffer, at, |class| class == kind),
            None => at,
        }
    }

    /// The beginning of the next word (`w`). An empty line is one.
    pub(super) fn next_start(self, buffer: &Buffer, from: usize) -> usize {
        let text = buffer.text();
        let mut at = match self.at(buffer, from) {
            Some(Class::Blank) | None => from,
            Some(kind) => self.skip(buffer, from, |class| class == kind),
        };
        while self.at(buffer, at) == Some(Class::Blank) {
            let next = buffer.after(at);
            if text[at..].starts_with('\n') && text[next..].starts_with('\n') {
                return next;
            }
            at = next;
        }
        at
    }

    /// The last character of the word that ends next (`e`).
    pub(super) fn next_end(self, buffer: &Buffer, from: usize) -> usize {
        let end = self.end_ahead(buffer, buffer.after(from));
        buffer.before(end).max(from)
    }

    /// Goes on while it is so.
    pub(super) fn skip(self, buffer: &Buffer, mut at: usize, so: impl Fn(Class) -> bool) -> usize {
        while self.at(buffer, at).is_some_and(&so) {
            at = buffer.after(at);
        }
        at
    }

    /// Goes back while it is so.
    pub(super) fn skip_back(self, buffer: &Buffer, mut at: usize, so: impl Fn(Class) -> bool) -> usize {
        while at > 0 && self.before(buffer, at).is_some_and(&so) {
            at = buffer.before(at);
        }
        at
    }

    fn before(self, buffer: &Buffer, at: usize) -> Option<Class> {
        (at > 0).then(|| self.at(buffer, buffer.before(at))).flatten()
    }
}
