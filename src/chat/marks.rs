//! What a person put on a message: a star, a label; and the former versions of it that are kept.
//!
//! Few messages have any of it, so it stands beside the messages of a [`Tree`] and not in each of them. Of former
//! versions a tree knows only how many there are; they are read when somebody asks for them, and come along as
//! [`Kept`] where a conversation goes elsewhere.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{MessageId, Part, Shelf, Tree};

/// Characters that a label keeps.
pub const LONGEST_LABEL: usize = 40;

/// A star and a label.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mark {
    /// Whether it has a star.
    pub starred: bool,
    /// A short name. Untrusted text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// What a message said before it was edited in place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// Which, from 1.
    pub number: u64,
    /// Until when it said that.
    pub replaced: Timestamp,
    /// What it said.
    pub parts: Vec<Part>,
}

/// What is kept of a conversation and is not in its tree.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kept {
    /// Where it stands in the list.
    pub shelf: Shelf,
    /// The former versions of its messages, the first one first.
    pub revisions: BTreeMap<MessageId, Vec<Revision>>,
}

impl Mark {
    /// The mark with this label: on one line, shortened, and none where nothing is left.
    #[must_use]
    pub fn labelled(self, label: &str) -> Self {
        let line = label.split_whitespace().collect::<Vec<_>>().join(" ");
        let label: String = line.chars().take(LONGEST_LABEL).collect();
        Self { label: (!label.is_empty()).then_some(label), ..self }
    }

    /// Whether there is neither.
    pub const fn is_empty(&self) -> bool {
        !self.starred && self.label.is_none()
    }
}

impl Tree {
    /// The tree with these marks; those of messages it does not hold are left out.
    #[must_use]
    pub fn with_marks(mut self, marks: impl IntoIterator<Item = (MessageId, Mark)>) -> Self {
        for (id, mark) in marks {
            self.set_mark(id, mark);
        }
        self
    }

    /// The tree of which so many former versions of these messages are kept.
    #[must_use]
    pub fn with_revisions(mut self, counts: impl IntoIterator<Item = (MessageId, u64)>) -> Self {
        self.revisions =
            counts.into_iter().filter(|(id, count)| *count > 0 && self.messages.contains_key(id)).collect();
        self
    }

    /// What was put on a message, where anything was.
    pub fn mark(&self, id: MessageId) -> Option<&Mark> {
        self.marks.get(&id)
    }

    /// Every mark, in no order.
    pub fn marks(&self) -> impl Iterator<Item = (MessageId, &Mark)> {
        self.marks.iter().map(|(id, mark)| (*id, mark))
    }

    /// Puts a mark on a message in the place of the one before; an empty one takes it away.
    pub fn set_mark(&mut self, id: MessageId, mark: Mark) {
        self.changes.0 += 1;
        if mark.is_empty() || !self.messages.contains_key(&id) {
            self.marks.remove(&id);
        } else {
            self.marks.insert(id, mark);
        }
    }

    /// How many former versions of a message are kept.
    pub fn revisions(&self, id: MessageId) -> u64 {
        self.revisions.get(&id).copied().unwrap_or_default()
    }

    /// Changes what a message says, in its place: one more former version of it is kept. Returns whether that
    /// was another text.
    pub fn revise(&mut self, id: MessageId, parts: &[Part]) -> bool {
        let Some(message) = self.messages.get_mut(&id).filter(|message| message.parts != parts) else {
            return false;
        };
        message.parts = parts.to_vec();
        self.changes.0 += 1;
        *self.revisions.entry(id).or_default() += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::chat::tree::tests::message;

    #[test]
    fn a_label_is_one_short_line_and_an_empty_one_is_none() {
        let label = |text: &str| Mark::default().labelled(text).label;
        assert_eq!(label(" the\n best  one "), Some("the best one".into()));
        assert_eq!(label(&"x".repeat(99)), Some("x".repeat(LONGEST_LABEL)));
        assert_eq!(label(" \n"), None);
    }

    #[test]
    fn a_mark_stays_until_an_empty_one_takes_its_place_and_goes_with_its_message() {
        let id = |n| MessageId(Uuid::from_u128(n));
        let star = Mark { starred: true, label: None };
        let links = [message(1, None, ""), message(2, Some(1), ""), message(4, Some(1), "")];
        let mut tree = Tree::build(links, []).with_marks([1, 2, 4, 9].map(|n| (id(n), star.clone())));
        tree.set_mark(id(1), Mark::default());
        tree.remove(id(2));
        assert_eq!(tree.marks().collect::<Vec<_>>(), [(id(4), &star)]);
    }
}
