//! Summaries: what stands for the beginning of a branch in its requests.
//!
//! A summary is a part of the question it was made for, so that it is stored, exported and deleted with it, and holds
//! for every branch through that question and for no other. What it covers stays in the tree. The last summary on a
//! path is the one that counts: it was made of the one before it and of what was said since.

use serde::{Deserialize, Serialize};

use super::{Message, MessageId, ModelId, Part};

/// What stands for the messages of a branch up to one of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// What it says, Markdown as a rule. Untrusted, kept as it came.
    pub text: String,
    /// The last message that it covers; with it, it covers all above.
    pub until: MessageId,
    /// Who made it.
    pub model: ModelId,
}

impl Summary {
    /// What a model is told in the place of what the summary covers.
    pub fn told(&self) -> String {
        format!(
            "[Summary of the earlier part of this conversation, which stands for its messages]\n\n{}\n\n\
             [End of the summary]",
            self.text
        )
    }

    /// How many messages of a path, root first, it covers. One whose last message is not there covers none: what
    /// it stood for is elsewhere.
    pub fn covers(&self, path: &[&Message]) -> usize {
        path.iter().position(|message| message.id == self.until).map_or(0, |last| last + 1)
    }
}

/// The summary that holds at the end of a path, root first, with the message that keeps it.
pub fn holding<'a>(path: &[&'a Message]) -> Option<(&'a Message, &'a Summary)> {
    path.iter().rev().find_map(|message| Some((*message, message.summary()?)))
}

impl Message {
    /// The summary that was made for this message; `None` where there is none.
    pub fn summary(&self) -> Option<&Summary> {
        self.parts.iter().find_map(|part| match part {
            Part::Summary(summary) => Some(summary),
            Part::Text { .. }
            | Part::Reasoning { .. }
            | Part::Refusal { .. }
            | Part::ToolCall(_)
            | Part::ToolResult(_)
            | Part::Image(_)
            | Part::Document(_)
            | Part::Source(_)
            | Part::ServerTool(_)
            | Part::State(_) => None,
        })
    }
}

/// These parts with a summary before them, in the place of the one they had; of `None`, without any.
pub fn with_summary(parts: &[Part], summary: Option<Summary>) -> Vec<Part> {
    let others = parts.iter().filter(|part| !matches!(part, Part::Summary(_))).cloned();
    summary.map(Part::Summary).into_iter().chain(others).collect()
}

/// Parts whose summaries speak of messages by other ids: `new` tells a copy's id by the original's.
#[must_use]
pub fn renamed(mut parts: Vec<Part>, new: impl Fn(MessageId) -> Option<MessageId>) -> Vec<Part> {
    for part in &mut parts {
        if let Part::Summary(summary) = part {
            summary.until = new(summary.until).unwrap_or(summary.until);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::chat::request::history;
    use crate::chat::tree::tests::message;
    use crate::chat::{Fork, Presence, Reach, Role, Tree};

    fn id(n: u128) -> MessageId {
        MessageId(Uuid::from_u128(n))
    }

    fn summary(text: &str, until: u128) -> Summary {
        Summary { text: text.into(), until: id(until), model: "small".into() }
    }

    /// Three turns; the question of the last one holds a summary of the first.
    fn tree() -> Tree {
        let links = [(1, None), (2, Some(1)), (3, Some(2)), (4, Some(3)), (5, Some(4)), (6, Some(5))];
        let mut tree = Tree::build(links.map(|(n, parent)| message(n, parent, &n.to_string())), []);
        put(&mut tree, 5, summary("figs", 2));
        tree
    }

    fn put(tree: &mut Tree, at: u128, summary: Summary) {
        let question = tree.get_mut(id(at)).unwrap();
        question.parts = with_summary(&question.parts, Some(summary));
    }

    /// What a request that follows a message tells, each message by its role's letter and its texts.
    fn sent(tree: &Tree, last: u128) -> Vec<String> {
        let short = |message: &crate::chat::RequestMessage| {
            let role = if message.role == Role::User { "u" } else { "a" };
            let texts = message
                .parts
                .iter()
                .map(|part| part.text().unwrap_or("?"))
                .map(|text| if text.starts_with('[') { text.lines().nth(2).unwrap() } else { text });
            std::iter::once(role).chain(texts).collect::<Vec<_>>().join(" ")
        };
        history(tree, Some(id(last))).iter().map(short).collect()
    }

    #[test]
    fn a_summary_is_told_in_the_place_of_what_it_covers_from_its_question_on() {
        let mut tree = tree();
        assert_eq!(sent(&tree, 6), ["u figs 3", "a 4", "u 5", "a 6"]);
        assert_eq!(sent(&tree, 4), ["u 1", "a 2", "u 3", "a 4"]);
        // What the branch leaves out stays out, and where an answer is first, the summary stands before it.
        tree.set_presence(id(6), id(3), Presence::Excluded);
        assert_eq!(sent(&tree, 6), ["u figs", "a 4", "u 5", "a 6"]);
    }

    #[test]
    fn a_later_summary_covers_an_earlier_one() {
        let mut tree = tree();
        for (n, parent) in [(7, 6), (8, 7)] {
            tree.add(message(n, Some(parent), &n.to_string()));
        }
        put(&mut tree, 7, summary("figs and dates", 4));
        assert_eq!(sent(&tree, 8), ["u figs and dates 5", "a 6", "u 7", "a 8"]);
        assert_eq!(sent(&tree, 6), ["u figs 3", "a 4", "u 5", "a 6"]);
    }

    #[test]
    fn a_fork_takes_it_along_and_one_without_what_it_covers_still_tells_it() {
        let from = crate::chat::Conversation {
            id: crate::chat::ConversationId(Uuid::from_u128(900)),
            title: String::new(),
            created: jiff::Timestamp::UNIX_EPOCH,
            updated: jiff::Timestamp::UNIX_EPOCH,
            settings: crate::chat::Settings::default(),
            tree: tree(),
        };
        let fork = |at: u128, reach| {
            let mut next = 1000;
            let fork = Fork {
                at: Some(id(at)),
                leaf: None,
                reach,
                id: from.id,
                title: String::new(),
                now: jiff::Timestamp::UNIX_EPOCH,
            };
            let forked = fork.of(&from, || {
                next += 1;
                id(next)
            });
            (forked.conversation.tree, next)
        };
        let (whole, last) = fork(6, Reach::Whole);
        assert_eq!(sent(&whole, last), ["u figs 3", "a 4", "u 5", "a 6"]);
        let (rest, last) = fork(5, Reach::Onwards);
        assert_eq!(sent(&rest, last), ["u figs 5", "a 6"]);
    }
}
