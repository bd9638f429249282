//! The conversation tree: siblings, branches, and which of them is chosen.
//!
//! Nothing here removes a message for good: what leaves the tree leaves it into somebody's hands (the
//! trash). The children index is kept beside the messages because every frame asks for it.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::{ConversationId, Mark, Message, MessageId, Presence, Rank, Settings, Status};

/// One tree of messages with a title.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// Its title; empty until one is made. Untrusted text.
    pub title: String,
    /// When it was made.
    pub created: Timestamp,
    /// When anything in it last changed.
    pub updated: Timestamp,
    /// What its requests are made with.
    pub settings: Settings,
    /// Its messages.
    pub tree: Tree,
}

/// A message's place among the answers to the same parent, for `‹2/3›`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SiblingPlace {
    /// 1-based position, in the order of [`Tree::children`].
    pub position: usize,
    /// How many there are, this one included.
    pub count: usize,
}

/// Which neighbour of a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Neighbour {
    /// The sibling before it.
    Previous,
    /// The sibling after it.
    Next,
}

/// The messages of a conversation, the sibling chosen at every node, and what a person put beside them: the order
/// of siblings, marks, what branches leave out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree {
    pub(super) messages: HashMap<MessageId, Message>,
    pub(super) children: HashMap<Option<MessageId>, Vec<MessageId>>,
    chosen: HashMap<Option<MessageId>, MessageId>,
    /// Of `order`.
    pub(super) ranks: HashMap<MessageId, Rank>,
    /// Of `marks`.
    pub(super) marks: HashMap<MessageId, Mark>,
    /// Of `marks`.
    pub(super) revisions: HashMap<MessageId, u64>,
    /// Of `context`, by the message from which on they hold.
    pub(super) rules: HashMap<MessageId, HashMap<MessageId, Presence>>,
    pub(super) changes: Changes,
}

/// Counts what came and went. It is no part of what a tree is: two trees are equal whatever their history.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Changes(pub(super) u64);

impl PartialEq for Changes {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Tree {
    /// A tree of `messages` in which `chosen` names the sibling chosen below each parent.
    ///
    /// Order does not matter. A message whose parent is not among them becomes a root, and of a cycle the
    /// oldest message does: a damaged file loses no message.
    pub fn build(
        messages: impl IntoIterator<Item = Message>,
        chosen: impl IntoIterator<Item = (Option<MessageId>, MessageId)>,
    ) -> Self {
        let mut tree = Self {
            messages: messages.into_iter().map(|message| (message.id, message)).collect(),
            ..Self::default()
        };
        let mut links: Vec<(MessageId, Option<MessageId>)> =
            tree.messages.values().map(|message| (message.id, message.parent)).collect();
        links.sort_unstable();
        let mut rooted = HashSet::new();
        for (id, parent) in &mut links {
            // Ids sort by time, and the oldest of a circle follows a newer one: only such a link needs the walk.
            if let Some(above) = *parent
                && (!tree.messages.contains_key(&above)
                    || (above >= *id && tree.leads_back(*id, &mut rooted)))
                && let Some(message) = tree.messages.get_mut(id)
            {
                message.parent = None;
                *parent = None;
            }
        }
        tree.children.reserve(links.len());
        for (id, parent) in links {
            tree.children.entry(parent).or_default().push(id);
        }
        for (parent, child) in chosen {
            if tree.messages.get(&child).is_some_and(|message| message.parent == parent) {
                tree.chosen.insert(parent, child);
            }
        }
        tree
    }

    /// Whether the way up from a message comes back to it. `rooted` holds those whose way is known to end, so that
    /// each step of a long conversation is walked once.
    fn leads_back(&self, id: MessageId, rooted: &mut HashSet<MessageId>) -> bool {
        let mut path = Vec::new();
        let mut at = Some(id);
        while let Some(current) = at.filter(|at| !rooted.contains(at)) {
            if current == id && !path.is_empty() {
                return true;
            }
            if path.len() > self.messages.len() {
                // A circle further up, which is not this one's to break.
                return false;
            }
            path.push(current);
            at = self.messages.get(&current).and_then(|message| message.parent);
        }
        rooted.extend(path);
        false
    }

    /// Adds a message and makes it the chosen one at its parent.
    pub fn add(&mut self, message: Message) {
        let (id, parent) = (message.id, message.parent);
        if self.messages.insert(id, message).is_none() {
            self.children.entry(parent).or_default().push(id);
            self.changes.0 += 1;
        }
        self.chosen.insert(parent, id);
    }

    /// Adds a message beside its siblings: which of them is chosen stays as it is.
    pub fn add_beside(&mut self, message: Message) {
        let parent = message.parent;
        let chosen = self.chosen_child(parent);
        self.add(message);
        if let Some(chosen) = chosen {
            self.chosen.insert(parent, chosen);
        }
    }

    /// A number that grows whenever messages come or go, are put in another order, get a mark, are edited in place or
    /// left out of a branch, so that who drew the tree knows when to draw it anew.
    pub fn changes(&self) -> u64 {
        self.changes.0
    }

    /// The message with this id.
    pub fn get(&self, id: MessageId) -> Option<&Message> {
        self.messages.get(&id)
    }

    /// The message with this id, to be changed. Its id and parent must stay.
    pub fn get_mut(&mut self, id: MessageId) -> Option<&mut Message> {
        self.messages.get_mut(&id)
    }

    /// How many messages there are.
    pub fn len(&self) -> usize {
        self.messages.len()
    }

    /// Whether there is no message.
    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// The messages that answer `parent` (the roots for `None`), in the order a person gave them, the others
    /// after these and oldest first.
    pub fn children(&self, parent: Option<MessageId>) -> &[MessageId] {
        self.children.get(&parent).map_or(&[], Vec::as_slice)
    }

    /// The child chosen at `parent`: the one picked last, else the newest.
    pub fn chosen_child(&self, parent: Option<MessageId>) -> Option<MessageId> {
        let newest = || self.children(parent).iter().copied().max();
        self.chosen.get(&parent).copied().or_else(newest)
    }

    /// Every explicit choice, as (parent, chosen child), in no order.
    pub fn choices(&self) -> impl Iterator<Item = (Option<MessageId>, MessageId)> {
        self.chosen.iter().map(|(parent, child)| (*parent, *child))
    }

    /// Chooses `id` at its parent, and every ancestor of it at theirs, so that it is on the branch shown.
    /// Returns the choices that changed, to be stored.
    pub fn choose(&mut self, id: MessageId) -> Vec<(Option<MessageId>, MessageId)> {
        let mut changed = Vec::new();
        let mut at = self.get(id).map(|message| (message.parent, id));
        while let Some((parent, child)) = at {
            if self.chosen_child(parent) != Some(child) {
                changed.push((parent, child));
            }
            self.chosen.insert(parent, child);
            at = parent.and_then(|parent| Some((self.get(parent)?.parent, parent)));
        }
        changed
    }

    /// The chosen branch, root first.
    pub fn branch(&self) -> Vec<MessageId> {
        self.branch_below(None)
    }

    /// The chosen messages below `parent`, nearest first.
    pub fn branch_below(&self, parent: Option<MessageId>) -> Vec<MessageId> {
        std::iter::successors(self.chosen_child(parent), |&id| self.chosen_child(Some(id))).collect()
    }

    /// The path from the root to `id`, and on along the chosen messages below it.
    pub fn branch_through(&self, id: MessageId) -> Vec<MessageId> {
        let mut branch = self.path(id);
        branch.extend(self.branch_below(Some(id)));
        branch
    }

    /// The path from the root to `id`, root first; empty where there is no such message.
    pub fn path(&self, id: MessageId) -> Vec<MessageId> {
        let mut path: Vec<MessageId> = std::iter::successors(self.get(id).map(|message| message.id), |&id| {
            self.get(id).and_then(|message| message.parent)
        })
        .collect();
        path.reverse();
        path
    }

    /// The last message of the chosen branch.
    pub fn leaf(&self) -> Option<MessageId> {
        self.branch().last().copied()
    }

    /// A message's place among its siblings.
    pub fn place(&self, id: MessageId) -> Option<SiblingPlace> {
        let siblings = self.children(self.get(id)?.parent);
        let position = siblings.iter().position(|&sibling| sibling == id)? + 1;
        Some(SiblingPlace { position, count: siblings.len() })
    }

    /// The sibling before or after `id`; `None` at the end of the row.
    pub fn sibling(&self, id: MessageId, neighbour: Neighbour) -> Option<MessageId> {
        let siblings = self.children(self.get(id)?.parent);
        let at = siblings.iter().position(|&sibling| sibling == id)?;
        match neighbour {
            Neighbour::Previous => siblings.get(at.checked_sub(1)?),
            Neighbour::Next => siblings.get(at + 1),
        }
        .copied()
    }

    /// How many branches there are: one per leaf.
    pub fn branch_count(&self) -> usize {
        self.messages.keys().filter(|id| self.children(Some(**id)).is_empty()).count()
    }

    /// `id` and everything below it, parents first.
    pub fn subtree(&self, id: MessageId) -> Vec<MessageId> {
        let mut found = Vec::new();
        let mut open: Vec<MessageId> = self.get(id).map(|message| message.id).into_iter().collect();
        while let Some(id) = open.pop() {
            found.push(id);
            open.extend(self.children(Some(id)).iter().rev());
        }
        found
    }

    /// Takes `id` and everything below it out of the tree, and hands it over, parents first.
    pub fn remove(&mut self, id: MessageId) -> Vec<Message> {
        let Some(parent) = self.get(id).map(|message| message.parent) else { return Vec::new() };
        let ids = self.subtree(id);
        self.changes.0 += 1;
        if let Some(siblings) = self.children.get_mut(&parent) {
            siblings.retain(|&sibling| sibling != id);
            if siblings.is_empty() {
                self.children.remove(&parent);
            }
        }
        if self.chosen.get(&parent) == Some(&id) {
            self.chosen.remove(&parent);
        }
        // A rule that holds from outside is about something above it, which stays.
        for id in &ids {
            self.ranks.remove(id);
            self.marks.remove(id);
            self.revisions.remove(id);
            self.rules.remove(id);
        }
        ids.into_iter()
            .filter_map(|id| {
                self.children.remove(&Some(id));
                self.chosen.remove(&Some(id));
                self.messages.remove(&id)
            })
            .collect()
    }

    /// Every message, parents before children and siblings in their order.
    pub fn walk(&self) -> Vec<&Message> {
        self.children(None)
            .iter()
            .flat_map(|&root| self.subtree(root))
            .filter_map(|id| self.get(id))
            .collect()
    }

    /// The messages that are being written now.
    pub fn streaming(&self) -> impl Iterator<Item = &Message> {
        self.messages.values().filter(|message| message.status == Status::Streaming)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::chat::{Part, Role};

    /// A message with a small number for an id and for its time.
    pub fn message(id: u128, parent: Option<u128>, text: &str) -> Message {
        Message {
            id: MessageId(Uuid::from_u128(id)),
            parent: parent.map(|parent| MessageId(Uuid::from_u128(parent))),
            role: if parent.is_some() && id.is_multiple_of(2) { Role::Assistant } else { Role::User },
            parts: vec![Part::Text { text: text.to_owned() }],
            status: Status::Complete,
            route: None,
            provenance: None,
            created: Timestamp::from_second(i64::try_from(id).unwrap()).unwrap(),
        }
    }

    fn id(n: u128) -> MessageId {
        MessageId(Uuid::from_u128(n))
    }

    fn ids(numbers: &[u128]) -> Vec<MessageId> {
        numbers.iter().copied().map(id).collect()
    }

    fn tree(links: &[(u128, Option<u128>)]) -> Tree {
        Tree::build(links.iter().map(|&(id, parent)| message(id, parent, "")), [])
    }

    #[test]
    fn the_newest_sibling_is_shown_until_another_is_chosen() {
        let mut tree = tree(&[(1, None), (2, Some(1)), (4, Some(1)), (5, Some(2)), (6, Some(5))]);
        assert_eq!(tree.branch(), ids(&[1, 4]));
        assert_eq!(tree.choose(id(6)), [(Some(id(1)), id(2))]);
        assert_eq!(tree.branch(), ids(&[1, 2, 5, 6]));
        assert_eq!(tree.choose(id(6)), []);
    }

    #[test]
    fn siblings_are_walked_in_order_and_end_at_both_ends() {
        let tree = tree(&[(1, None), (2, Some(1)), (4, Some(1)), (6, Some(1))]);
        assert_eq!(tree.place(id(4)), Some(SiblingPlace { position: 2, count: 3 }));
        assert_eq!(tree.sibling(id(4), Neighbour::Previous), Some(id(2)));
        assert_eq!(tree.sibling(id(4), Neighbour::Next), Some(id(6)));
        assert_eq!(tree.sibling(id(6), Neighbour::Next), None);
        assert_eq!(tree.sibling(id(2), Neighbour::Previous), None);
    }

    #[test]
    fn a_removed_subtree_is_handed_over_whole_and_the_choice_falls_back() {
        let mut tree = tree(&[(1, None), (2, Some(1)), (4, Some(1)), (5, Some(4))]);
        let gone: Vec<MessageId> = tree.remove(id(4)).iter().map(|message| message.id).collect();
        assert_eq!(gone, ids(&[4, 5]));
        assert_eq!(tree.branch(), ids(&[1, 2]));
    }

    #[test]
    fn orphans_and_cycles_become_roots_and_nothing_is_lost() {
        let tree = tree(&[(1, Some(9)), (2, Some(3)), (3, Some(2))]);
        assert_eq!(tree.len(), 3);
        assert_eq!(tree.walk().len(), 3);
        assert_eq!(tree.children(None), ids(&[1, 2]));
    }

    proptest! {
        #[test]
        fn every_message_is_walked_once_whatever_the_links(parents in prop::collection::vec(0u128..24, 1..24)) {
            let links: Vec<(u128, Option<u128>)> = parents
                .iter()
                .enumerate()
                .map(|(n, &parent)| (n as u128 + 1, (parent > 0).then_some(parent)))
                .collect();
            let tree = tree(&links);
            let mut walked: Vec<MessageId> = tree.walk().iter().map(|message| message.id).collect();
            walked.sort_unstable();
            walked.dedup();
            prop_assert_eq!(walked.len(), links.len());
            for &(n, _) in &links {
                prop_assert!(tree.path(id(n)).last() == Some(&id(n)));
            }
        }

        #[test]
        fn choosing_any_message_puts_it_on_the_branch(parents in prop::collection::vec(0u128..24, 1..24), pick in 0usize..24) {
            let links: Vec<(u128, Option<u128>)> = parents
                .iter()
                .enumerate()
                .map(|(n, &parent)| (n as u128 + 1, (parent > 0 && parent <= n as u128).then_some(parent)))
                .collect();
            let mut tree = tree(&links);
            let picked = id(links[pick % links.len()].0);
            tree.choose(picked);
            prop_assert!(tree.branch().contains(&picked));
            prop_assert_eq!(&tree.branch()[..tree.path(picked).len()], &tree.path(picked)[..]);
        }
    }
}
