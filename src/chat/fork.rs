//! Forks: parts of a conversation as a new one.
//!
//! A fork is a copy under new ids, so that nothing done in it touches what it was made from. Ids are handed out
//! in the order in which siblings stand, so that they stand in it again; times never go back along a branch.

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};

use super::summary::renamed;
use super::{Conversation, ConversationId, Message, MessageId, Presence, Role, Status, Tree};

/// How much of a conversation a fork takes along, seen from one of its messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// The path from the root to the message.
    Path,
    /// The path, and the siblings of every message on it.
    Related,
    /// Every message down to the level of this one, on whatever branch.
    Level,
    /// The message and all below it; of an answer, also its question, which a request has to begin with.
    Onwards,
    /// Everything.
    Whole,
}

impl Reach {
    /// All of them, the usual first.
    pub const EACH: [Self; 5] = [Self::Path, Self::Related, Self::Level, Self::Onwards, Self::Whole];
}

/// What a fork is made with.
#[derive(Clone, Debug)]
pub struct Fork {
    /// The message it is seen from; of `None` nothing is taken along.
    pub at: Option<MessageId>,
    /// The end of the branch it is made from: what that leaves out, the fork leaves out, too.
    pub leaf: Option<MessageId>,
    /// How much it takes along.
    pub reach: Reach,
    /// Its id.
    pub id: ConversationId,
    /// Its title.
    pub title: String,
    /// When it is made.
    pub now: Timestamp,
}

/// A fork, and what became of the messages in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Forked {
    /// The new conversation.
    pub conversation: Conversation,
    /// The copy of the message it is seen from; `None` where there is no such message.
    pub at: Option<MessageId>,
}

impl Fork {
    /// Copies that part of a conversation. `ids` gives new ids, each greater than the one before.
    pub fn of(self, from: &Conversation, ids: impl FnMut() -> MessageId) -> Forked {
        let part = self.at.map(|at| from.tree.part(at, self.reach)).unwrap_or_default();
        let (mut tree, copies) = copy(&from.tree, &part, ids);
        let at = self.at.and_then(|at| copies.get(&at).copied());
        // Where the end came along, so did its rules.
        if let (Some(at), Some(leaf)) = (at, self.leaf.filter(|leaf| !copies.contains_key(leaf))) {
            for copied in from.tree.excluded(leaf).iter().filter_map(|id| copies.get(id)) {
                tree.set_presence(at, *copied, Presence::Excluded);
            }
        }
        Forked {
            at,
            conversation: Conversation {
                id: self.id,
                title: self.title,
                created: self.now,
                updated: self.now,
                settings: from.settings.clone(),
                tree,
            },
        }
    }
}

impl Tree {
    /// The messages that a fork takes along, parents first and siblings in their order.
    pub fn part(&self, at: MessageId, reach: Reach) -> Vec<MessageId> {
        let path = self.path(at);
        let taken: HashSet<MessageId> = match reach {
            Reach::Path => path.iter().copied().collect(),
            Reach::Related => path
                .iter()
                .filter_map(|id| self.get(*id))
                .flat_map(|message| self.children(message.parent))
                .copied()
                .collect(),
            Reach::Level => {
                let mut level = self.children(None).to_vec();
                let mut taken = HashSet::new();
                for _ in &path {
                    taken.extend(level.iter().copied());
                    level = level.iter().flat_map(|id| self.children(Some(*id))).copied().collect();
                }
                taken
            }
            Reach::Onwards => {
                let question = self
                    .get(at)
                    .filter(|message| message.role == Role::Assistant)
                    .and_then(|message| message.parent);
                self.subtree(at).into_iter().chain(question).collect()
            }
            Reach::Whole if path.is_empty() => HashSet::new(),
            Reach::Whole => return self.walk().into_iter().map(|message| message.id).collect(),
        };
        self.walk().into_iter().map(|message| message.id).filter(|id| taken.contains(id)).collect()
    }
}

/// Copies messages, parents first, with what a person put on them. An answer that is being written is copied as
/// far as it came.
fn copy(
    from: &Tree,
    part: &[MessageId],
    mut ids: impl FnMut() -> MessageId,
) -> (Tree, HashMap<MessageId, MessageId>) {
    let mut copies: HashMap<MessageId, MessageId> = HashMap::new();
    let mut times: HashMap<MessageId, Timestamp> = HashMap::new();
    let mut messages: Vec<Message> = Vec::new();
    for message in part.iter().filter_map(|id| from.get(*id)) {
        let parent = message.parent.and_then(|parent| copies.get(&parent).copied());
        let after = parent.and_then(|parent| times.get(&parent)).map(|before| later(*before));
        let copy = Message {
            id: ids(),
            parent,
            status: match message.status {
                Status::Streaming => Status::Cut,
                status @ (Status::Complete | Status::Cut | Status::Cancelled | Status::Failed) => status,
            },
            created: after.map_or(message.created, |after| after.max(message.created)),
            // What it covers stands above it, and was copied before.
            parts: renamed(message.parts.clone(), |old| copies.get(&old).copied()),
            ..message.clone()
        };
        copies.insert(message.id, copy.id);
        times.insert(copy.id, copy.created);
        messages.push(copy);
    }
    let copied = |id: MessageId| copies.get(&id).copied();
    let parents = std::iter::once(None).chain(part.iter().copied().map(Some));
    // Who is shown without a choice depends on ids, so each is written down.
    let chosen =
        parents.filter_map(|parent| Some((parent.and_then(copied), copied(from.chosen_child(parent)?)?)));
    let marks = from.marks().filter_map(|(id, mark)| Some((copied(id)?, mark.clone())));
    let rules = from
        .rules()
        .filter_map(|(start, message, presence)| Some((copied(start)?, copied(message)?, presence)));
    let rules: Vec<(MessageId, MessageId, Presence)> = rules.collect();
    let tree = Tree::build(messages, chosen).with_marks(marks).with_rules(rules);
    (tree, copies)
}

/// The first time after this one that a database tells from it.
fn later(time: Timestamp) -> Timestamp {
    time.checked_add(SignedDuration::from_millis(1)).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::chat::tree::tests::message;
    use crate::chat::{Mark, Settings};

    fn id(n: u128) -> MessageId {
        MessageId(Uuid::from_u128(n))
    }

    fn conversation(tree: Tree) -> Conversation {
        Conversation {
            id: ConversationId(Uuid::from_u128(900)),
            title: "figs".into(),
            created: Timestamp::UNIX_EPOCH,
            updated: Timestamp::UNIX_EPOCH,
            settings: Settings { system: Some("brief".into()), ..Settings::default() },
            tree,
        }
    }

    fn fork(from: &Conversation, at: u128, reach: Reach) -> Forked {
        let mut next = 1000;
        let fork = Fork {
            at: Some(id(at)),
            leaf: Some(id(4)),
            reach,
            id: ConversationId(Uuid::from_u128(901)),
            title: "figs (fork)".into(),
            now: Timestamp::from_second(99).unwrap(),
        };
        fork.of(from, || {
            next += 1;
            id(next)
        })
    }

    /// What the messages of a tree say, parents first.
    fn texts(tree: &Tree) -> Vec<String> {
        tree.walk().into_iter().map(Message::text).collect()
    }

    /// ```text
    /// 1 ─ 2 ─ 3 ─ 4
    ///   └ 6 ─ 7
    /// 9 ─ 10
    /// ```
    fn figs() -> Tree {
        let links = [
            (1, None),
            (2, Some(1)),
            (3, Some(2)),
            (4, Some(3)),
            (6, Some(1)),
            (7, Some(6)),
            (9, None),
            (10, Some(9)),
        ];
        Tree::build(links.map(|(n, parent)| message(n, parent, &n.to_string())), [])
    }

    #[test]
    fn each_reach_takes_along_what_it_says() {
        let from = conversation(figs());
        for (at, reach, expected) in [
            (3, Reach::Path, vec!["1", "2", "3"]),
            (3, Reach::Related, vec!["1", "2", "3", "6", "9"]),
            (2, Reach::Level, vec!["1", "2", "6", "9", "10"]),
            (3, Reach::Level, vec!["1", "2", "3", "6", "7", "9", "10"]),
            (3, Reach::Onwards, vec!["3", "4"]),
            (6, Reach::Onwards, vec!["1", "6", "7"]),
            (3, Reach::Whole, vec!["1", "2", "3", "4", "6", "7", "9", "10"]),
            (77, Reach::Whole, vec![]),
        ] {
            assert_eq!(texts(&fork(&from, at, reach).conversation.tree), expected, "{at} {reach:?}");
        }
    }

    #[test]
    fn a_fork_keeps_settings_marks_and_rules_and_an_answer_that_grows_as_far_as_it_came() {
        let mut tree = figs();
        tree.set_mark(id(2), Mark { starred: true, label: None });
        tree.set_presence(id(3), id(1), Presence::Excluded);
        tree.get_mut(id(2)).unwrap().status = Status::Streaming;
        let forked = fork(&conversation(tree), 3, Reach::Path);
        let copy = &forked.conversation;
        let at = forked.at.unwrap();
        let [first, second, _] = copy.tree.path(at)[..] else { panic!("no path") };
        assert_eq!(copy.settings.system.as_deref(), Some("brief"));
        assert!(copy.tree.mark(second).unwrap().starred);
        assert_eq!(copy.tree.excluded(at), HashSet::from([first]));
        assert_eq!(copy.tree.get(second).unwrap().status, Status::Cut);
    }

    #[test]
    fn what_the_branch_left_out_at_its_end_is_left_out_of_the_fork_of_its_beginning() {
        let mut tree = figs();
        tree.set_presence(id(4), id(2), Presence::Excluded);
        let forked = fork(&conversation(tree), 3, Reach::Path);
        let tree = &forked.conversation.tree;
        let at = forked.at.unwrap();
        assert_eq!(tree.excluded(at), HashSet::from([tree.path(at)[1]]));
    }

    proptest! {
        #[test]
        fn a_fork_is_a_tree_of_its_own_that_says_the_same(
            parents in prop::collection::vec(0u128..24, 1..24),
            moves in prop::collection::vec(0usize..24, 0..4),
            choices in prop::collection::vec(0usize..24, 0..4),
            at in 0usize..24,
            reach in prop::sample::select(Reach::EACH.to_vec()),
        ) {
            let links: Vec<(u128, Option<u128>)> = parents
                .iter()
                .enumerate()
                .map(|(n, &parent)| (n as u128 + 1, (parent > 0 && parent <= n as u128).then_some(parent)))
                .collect();
            let mut tree = Tree::build(links.iter().map(|&(n, parent)| message(n, parent, &n.to_string())), []);
            for moved in moves {
                tree.put_first(id(links[moved % links.len()].0));
            }
            for chosen in choices {
                tree.choose(id(links[chosen % links.len()].0));
            }
            // A clock that went back.
            tree.get_mut(id(links[at % links.len()].0)).unwrap().created = Timestamp::UNIX_EPOCH;
            let from = conversation(tree);
            let at = links[at % links.len()].0;
            let part = from.tree.part(id(at), reach);
            let forked = fork(&from, at, reach);
            let copy = &forked.conversation.tree;

            // As many messages as the reach says, each once, in the same order.
            let said: Vec<String> = part.iter().map(|id| from.tree.get(*id).unwrap().text()).collect();
            prop_assert_eq!(texts(copy), said);
            prop_assert_eq!(copy.len(), part.iter().collect::<HashSet<_>>().len());
            if reach == Reach::Whole {
                prop_assert_eq!(copy.len(), from.tree.len());
                let shown = |tree: &Tree| -> Vec<String> {
                    tree.branch().iter().map(|id| tree.get(*id).unwrap().text()).collect()
                };
                prop_assert_eq!(shown(copy), shown(&from.tree));
            }
            for message in copy.walk() {
                prop_assert!(from.tree.get(message.id).is_none());
                if let Some(parent) = message.parent.and_then(|parent| copy.get(parent)) {
                    prop_assert!(parent.id < message.id);
                    prop_assert!(parent.created < message.created);
                    let original: u128 = message.text().parse().unwrap();
                    let above = from.tree.get(id(original)).unwrap().parent.unwrap();
                    prop_assert_eq!(from.tree.get(above).unwrap().text(), parent.text());
                }
            }
            prop_assert_eq!(copy.get(forked.at.unwrap()).unwrap().text(), at.to_string());
        }
    }
}
