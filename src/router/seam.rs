//! Where an answer that stopped is gone on with, so that nobody can see where.
//!
//! A model that is asked to go on repeats its last words, more often than not: it is even asked to, since a model
//! that goes on "exactly where it stopped" leaves out the space, or begins the word again. A [`Seam`] holds back
//! what may be such a repetition until it is known how far it goes, and drops it. Pure.

use unicode_segmentation::UnicodeSegmentation;

use crate::chat::{ChatRequest, End, Part, RequestMessage, Role, Route, StreamEvent, Usage};
use crate::providers::GoesOn;

/// How much of the end of what was said may be repeated, in bytes.
const LONGEST: usize = 4000;
/// So many letters and digits repeated are no accident.
const LEAST: usize = 3;

/// What is held back of an answer that goes on with another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seam {
    /// The end of what was said,
    said: String,
    /// and where in it a repetition may begin: at words.
    starts: Vec<usize>,
    /// What came since and may repeat it.
    held: String,
    is_closed: bool,
}

impl Seam {
    /// After this was said. A model that goes on exactly where it stopped repeats at most the white space that it was
    /// not shown.
    pub fn after(said: &str, goes_on: GoesOn) -> Self {
        let from = said.ceil_char_boundary(said.len().saturating_sub(LONGEST));
        let said = said[from..].to_owned();
        let starts = match goes_on {
            GoesOn::Exactly => Vec::new(),
            GoesOn::WhenAsked => {
                let words = said.split_word_bound_indices().filter(|(_, word)| !word.trim().is_empty());
                words.map(|(at, _)| at).collect()
            }
        };
        Self { said, starts, held: String::new(), is_closed: false }
    }

    /// Takes more text and gives what of it is new, as far as that is known.
    pub fn push(&mut self, text: &str) -> String {
        if self.is_closed {
            return text.to_owned();
        }
        self.held.push_str(text);
        let begun = self.held.trim_start();
        let may_repeat =
            begun.is_empty() || self.starts.iter().any(|start| self.said[*start..].starts_with(begun));
        if may_repeat { String::new() } else { self.close() }
    }

    /// No more text comes before something else does: gives what is new of what is held.
    pub fn close(&mut self) -> String {
        self.is_closed = true;
        let held = std::mem::take(&mut self.held);
        let begun = held.trim_start();
        let repeated = self.starts.iter().map(|start| &self.said[*start..]).find(|end| {
            begun.starts_with(*end) && end.chars().filter(|c| c.is_alphanumeric()).count() >= LEAST
        });
        if let Some(end) = repeated {
            return begun[end.len()..].to_owned();
        }
        let white = &self.said[self.said.trim_end().len()..];
        let twice = white.char_indices().map(|(at, _)| &white[at..]).find(|end| held.starts_with(*end));
        held[twice.map_or(0, str::len)..].to_owned()
    }
}

/// What a turn said so far, as far as it matters to what it says next.
#[derive(Debug, Default)]
pub(super) struct Sewing {
    seam: Option<Seam>,
    /// The text of this attempt.
    said: String,
    /// Whether something else was said that cannot be gone on with: a call of a tool, an image.
    is_more_than_text: bool,
    /// Whether an attempt before this one said something.
    goes_on: bool,
    /// What those before this one used.
    used: Usage,
    using: Usage,
}

impl Sewing {
    /// An attempt begins. What it says joins the answer at the end of the request, where there is one.
    pub fn begin(&mut self, chat: &ChatRequest, goes_on: GoesOn) {
        let last = chat.messages.last().filter(|last| last.role == Role::Assistant);
        self.seam = last.map(|last| {
            let said: String = last.parts.iter().filter_map(Part::text).collect();
            Seam::after(&said, goes_on)
        });
    }

    /// Takes in what was said from `from` on, and takes out what was said before.
    pub fn push(&mut self, events: &mut Vec<StreamEvent>, from: usize) {
        if self.seam.is_none() {
            events[from..].iter().for_each(|event| self.note(event));
            return;
        }
        for event in events.split_off(from) {
            match event {
                StreamEvent::Text(text) => {
                    let new = self.seam.as_mut().map_or(text.clone(), |seam| seam.push(&text));
                    self.say(new, events);
                }
                StreamEvent::Usage(usage) => {
                    self.using = usage;
                    events.push(StreamEvent::Usage(self.used.plus(usage)));
                }
                other => {
                    if other.is_content() {
                        self.close(events);
                    }
                    self.note(&other);
                    events.push(other);
                }
            }
        }
    }

    /// No more text comes: what was held back is said.
    pub fn close(&mut self, events: &mut Vec<StreamEvent>) {
        let rest = self.seam.as_mut().map(Seam::close).unwrap_or_default();
        self.say(rest, events);
    }

    fn say(&mut self, text: String, events: &mut Vec<StreamEvent>) {
        if !text.is_empty() {
            let event = StreamEvent::Text(text);
            self.note(&event);
            events.push(event);
        }
    }

    fn note(&mut self, event: &StreamEvent) {
        match event {
            StreamEvent::Text(text) => self.said.push_str(text),
            StreamEvent::Usage(usage) => self.using = *usage,
            StreamEvent::Reasoning(_)
            | StreamEvent::ModelServed(_)
            | StreamEvent::Source(_)
            | StreamEvent::State(_) => {}
            StreamEvent::Refusal(_)
            | StreamEvent::ToolCall { .. }
            | StreamEvent::ServerTool(_)
            | StreamEvent::Image(_) => self.is_more_than_text = true,
        }
    }

    /// Puts what this attempt said to the end of the request, for the next one to go on with. `false` where it cannot
    /// be gone on with.
    pub fn hand_over(&mut self, chat: &mut ChatRequest, route: &Route) -> bool {
        if self.is_more_than_text || (self.said.is_empty() && !self.goes_on) {
            return false;
        }
        self.goes_on = true;
        self.used = self.used.plus(std::mem::take(&mut self.using));
        let part = Part::Text { text: std::mem::take(&mut self.said) };
        match chat.messages.last_mut().filter(|last| last.role == Role::Assistant) {
            Some(last) => last.parts.push(part),
            None => chat.messages.push(RequestMessage {
                role: Role::Assistant,
                parts: vec![part],
                route: Some(route.clone()),
            }),
        }
        true
    }

    /// How a turn ends: one of which something was said is cut, whatever became of the attempts to go on.
    pub fn ended(&self, end: End) -> End {
        match end {
            End::Failed(failure) if self.goes_on => End::Cut(failure),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What the two make together, however the second comes in pieces.
    fn joined(said: &str, more: &str) -> String {
        let whole = |pieces: &[&str]| {
            let mut seam = Seam::after(said, GoesOn::WhenAsked);
            let mut text = said.to_owned();
            for piece in pieces {
                text.push_str(&seam.push(piece));
            }
            text + &seam.close()
        };
        let letters: Vec<&str> = more.graphemes(true).collect();
        let text = whole(&[more]);
        assert_eq!(whole(&letters), text, "letter by letter: {said:?} + {more:?}");
        text
    }

    #[test]
    fn what_is_repeated_is_said_once() {
        for (said, more, text) in [
            ("The quick brown", " fox", "The quick brown fox"),
            ("The quick brown", "The quick brown fox", "The quick brown fox"),
            ("The quick brown", "quick brown fox", "The quick brown fox"),
            ("The quick brown", "\nbrown fox", "The quick brown fox"),
            ("The quick bro", "brown fox", "The quick brown fox"),
            ("The quick bro", "quick brown fox", "The quick brown fox"),
            ("The quick bro", "wn fox", "The quick brown fox"),
            ("The quick brown", "The quick brown", "The quick brown"),
            ("bana", "na", "banana"),
            ("I saw a", " a", "I saw a a"),
            ("{ \"a\": [1, [2", "]]}", "{ \"a\": [1, [2]]}"),
            ("}\n}", "\n}", "}\n}\n}"),
            ("", "Hello", "Hello"),
            ("Hello", "", "Hello"),
            ("one two three", "two four", "one two threetwo four"),
            ("春はあけぼの", "あけぼの。やうやう", "春はあけぼの。やうやう"),
            ("1. first\n2. sec", "2. second\n3. third", "1. first\n2. second\n3. third"),
            ("cut after a space ", "after a space and on", "cut after a space and on"),
            ("cut after a space ", " and on", "cut after a space and on"),
            ("if x:\n", "\n    y()", "if x:\n    y()"),
            ("if x:\n", "    y()", "if x:\n    y()"),
        ] {
            assert_eq!(joined(said, more), text, "{said:?} + {more:?}");
        }
    }

    proptest! {
        /// Cut anywhere, gone on with from any word before the cut, nothing is lost and nothing is there twice.
        #[test]
        fn an_answer_cut_anywhere_has_no_seam(words in prop::collection::vec("[a-z]{4,9}", 8..40), cut: prop::sample::Index, back in 1usize..6) {
            // Words that differ: what says the same twice may be gone on with from either.
            let text = words.iter().enumerate().map(|(nth, word)| format!("{word}{nth}x")).collect::<Vec<_>>().join(" ");
            let cut = cut.index(text.len());
            let starts: Vec<usize> = text[..cut].split_word_bound_indices().filter(|(_, word)| *word != " ").map(|(at, _)| at).collect();
            if let Some(from) = starts.len().checked_sub(back).map(|nth| starts[nth])
                && cut - from >= LEAST
            {
                prop_assert_eq!(joined(&text[..cut], &text[from..]), text.clone());
            }
            prop_assert_eq!(Seam::after(&text[..cut], GoesOn::WhenAsked).said.len() <= LONGEST, true);
        }
    }
}
