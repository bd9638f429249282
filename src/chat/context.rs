//! What a branch's requests leave out.
//!
//! A branch grows, so "left out of this branch" is kept as a rule at the message that ended the branch when it
//! was made: it holds for every path through that message, and so is inherited by all that comes below and by
//! nothing beside it. A rule further down has the last word, so that a message can be let in again on one of
//! several branches that inherited the same rule.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::{MessageId, Tree};

/// Whether a message is part of what is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// Sent.
    Included,
    /// Left out.
    Excluded,
}

/// A change of the rules, to be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleChange {
    /// The message from which on it holds.
    pub from: MessageId,
    /// The message that is meant.
    pub message: MessageId,
    /// What holds from there on; `None` where the rule that stood there is gone.
    pub presence: Option<Presence>,
}

impl Tree {
    /// The tree with these rules, as (from, message, presence). Those of messages it does not hold are left out.
    #[must_use]
    pub fn with_rules(mut self, rules: impl IntoIterator<Item = (MessageId, MessageId, Presence)>) -> Self {
        for (from, message, presence) in rules {
            if self.messages.contains_key(&from) && self.messages.contains_key(&message) {
                self.rules.entry(from).or_default().insert(message, presence);
            }
        }
        self
    }

    /// Every rule, as (from, message, presence), in no order.
    pub fn rules(&self) -> impl Iterator<Item = (MessageId, MessageId, Presence)> {
        self.rules
            .iter()
            .flat_map(|(from, rules)| rules.iter().map(|(message, presence)| (*from, *message, *presence)))
    }

    /// The messages on the path to `last` that a request which follows it leaves out.
    pub fn excluded(&self, last: MessageId) -> HashSet<MessageId> {
        if self.rules.is_empty() {
            return HashSet::new();
        }
        let path = self.path(last);
        let excluded = effective(&self.rules, &path);
        path.into_iter().filter(|id| excluded.contains(id)).collect()
    }

    /// Leaves a message out of the branch that ends at `last`, or lets it in again; it must be on that branch.
    /// Returns what changed, to be stored.
    pub fn set_presence(
        &mut self,
        last: MessageId,
        message: MessageId,
        presence: Presence,
    ) -> Option<RuleChange> {
        let path = self.path(last);
        let before = |path: &[MessageId]| {
            if effective(&self.rules, path).contains(&message) {
                Presence::Excluded
            } else {
                Presence::Included
            }
        };
        if !path.contains(&message) || before(&path) == presence {
            return None;
        }
        self.changes.0 += 1;
        let inherited = before(path.split_last().map_or(&[], |(_, above)| above));
        let rules = self.rules.entry(last).or_default();
        if inherited == presence {
            rules.remove(&message);
        } else {
            rules.insert(message, presence);
        }
        if rules.is_empty() {
            self.rules.remove(&last);
        }
        Some(RuleChange { from: last, message, presence: (inherited != presence).then_some(presence) })
    }
}

/// What the rules along a path, root first, leave out at its end.
fn effective(
    rules: &HashMap<MessageId, HashMap<MessageId, Presence>>,
    path: &[MessageId],
) -> HashSet<MessageId> {
    let mut excluded = HashSet::new();
    for (message, presence) in path.iter().filter_map(|from| rules.get(from)).flatten() {
        match presence {
            Presence::Excluded => excluded.insert(*message),
            Presence::Included => excluded.remove(message),
        };
    }
    excluded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::chat::request::history;
    use crate::chat::tree::tests::message;

    fn id(n: u128) -> MessageId {
        MessageId(Uuid::from_u128(n))
    }

    #[test]
    fn what_is_left_out_stays_out_as_the_branch_grows_and_is_sent_on_others() {
        let links = [(1, None), (2, Some(1)), (3, Some(2)), (4, Some(3)), (6, Some(1))];
        let mut tree = Tree::build(links.map(|(n, parent)| message(n, parent, &n.to_string())), []);
        let change = tree.set_presence(id(4), id(1), Presence::Excluded);
        let rule = RuleChange { from: id(4), message: id(1), presence: Some(Presence::Excluded) };
        assert_eq!(change, Some(rule));
        tree.add(message(5, Some(4), "5"));
        tree.add(message(7, Some(3), "7"));
        let sent = |tree: &Tree, last| -> Vec<String> {
            let text = |message: &crate::chat::RequestMessage| {
                message.parts.iter().filter_map(crate::chat::Part::text).collect()
            };
            history(tree, Some(id(last))).iter().map(text).collect()
        };
        assert_eq!(sent(&tree, 5), ["2", "3", "4", "5"]);
        assert_eq!(sent(&tree, 7), ["1", "2", "3", "7"]);
        assert_eq!(sent(&tree, 6), ["1", "6"]);
        // On one of two branches that inherit it, it is let in again.
        tree.add(message(9, Some(4), "9"));
        let change = tree.set_presence(id(9), id(1), Presence::Included);
        assert_eq!(change.unwrap().presence, Some(Presence::Included));
        assert_eq!(sent(&tree, 9), ["1", "2", "3", "4", "9"]);
        assert_eq!(sent(&tree, 5), ["2", "3", "4", "5"]);
        // Taken back where it was made, the rule is gone.
        assert_eq!(tree.set_presence(id(4), id(1), Presence::Included).unwrap().presence, None);
        assert_eq!(sent(&tree, 5), ["1", "2", "3", "4", "5"]);
    }

    #[test]
    fn a_message_that_is_not_on_the_branch_cannot_be_left_out_of_it() {
        let links = [(1, None), (2, Some(1)), (4, Some(1))];
        let mut tree = Tree::build(links.map(|(n, parent)| message(n, parent, "")), []);
        assert_eq!(tree.set_presence(id(4), id(2), Presence::Excluded), None);
        assert_eq!(tree.rules().count(), 0);
    }

    /// Links of a tree of up to 24 messages, parents first.
    fn links() -> impl Strategy<Value = Vec<(u128, Option<u128>)>> {
        prop::collection::vec(0u128..24, 1..24).prop_map(|parents| {
            let parent = |n: usize, parent: u128| (parent > 0 && parent <= n as u128).then_some(parent);
            parents.iter().enumerate().map(|(n, &above)| (n as u128 + 1, parent(n, above))).collect()
        })
    }

    proptest! {
        #[test]
        fn a_change_does_what_was_asked_below_its_message_and_nothing_elsewhere(
            links in links(),
            acts in prop::collection::vec((0usize..24, 0usize..24, any::<bool>()), 1..12),
        ) {
            let build = || Tree::build(links.iter().map(|&(n, parent)| message(n, parent, "")), []);
            let (mut tree, mut kept) = (build(), HashMap::new());
            for (last, up, out) in acts {
                let last = id(links[last % links.len()].0);
                let path = tree.path(last);
                let message = path[up % path.len()];
                let presence = if out { Presence::Excluded } else { Presence::Included };
                let before: HashMap<MessageId, HashSet<MessageId>> =
                    links.iter().map(|&(n, _)| (id(n), tree.excluded(id(n)))).collect();
                if let Some(change) = tree.set_presence(last, message, presence) {
                    match change.presence {
                        Some(presence) => kept.insert((change.from, change.message), presence),
                        None => kept.remove(&(change.from, change.message)),
                    };
                }
                prop_assert_eq!(tree.excluded(last).contains(&message), out);
                for (end, before) in before {
                    let mut after = tree.excluded(end);
                    if tree.path(end).contains(&last) {
                        // Below, only this message may have changed, and only to what was asked.
                        if after.contains(&message) != before.contains(&message) {
                            prop_assert_eq!(after.contains(&message), out);
                        }
                        after.remove(&message);
                        let mut before = before;
                        before.remove(&message);
                        prop_assert_eq!(after, before);
                    } else {
                        prop_assert_eq!(after, before);
                    }
                }
            }
            let rules = kept.into_iter().map(|((from, message), presence)| (from, message, presence));
            prop_assert_eq!(build().with_rules(rules), tree);
        }
    }
}
