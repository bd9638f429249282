//! The order of siblings, where a person gave them another than that of their creation.
//!
//! A sibling that was given a place has a rank below 0; who has none stands at 0, by its id. So what is made
//! later comes last, whatever was moved before, and a message that comes back from the trash finds its place.

use super::{MessageId, Tree};

/// A sibling's place: lower comes first.
pub type Rank = i64;

impl Tree {
    /// The tree with these ranks; those of messages it does not hold are left out.
    #[must_use]
    pub fn with_order(mut self, ranks: impl IntoIterator<Item = (MessageId, Rank)>) -> Self {
        self.ranks =
            ranks.into_iter().filter(|(id, rank)| *rank != 0 && self.messages.contains_key(id)).collect();
        let moved: Vec<MessageId> = self.ranks.keys().copied().collect();
        for id in moved {
            self.sort_siblings(id);
        }
        self
    }

    /// Every rank that was given, in no order.
    pub fn ranks(&self) -> impl Iterator<Item = (MessageId, Rank)> {
        self.ranks.iter().map(|(id, rank)| (*id, *rank))
    }

    /// Puts a message first among its siblings. Returns the rank that changed, to be stored.
    pub fn put_first(&mut self, id: MessageId) -> Vec<(MessageId, Rank)> {
        let Some(message) = self.messages.get(&id) else { return Vec::new() };
        let lowest = self.children(message.parent).iter().map(|sibling| self.rank(*sibling)).min();
        if self.children(message.parent).first() == Some(&id) {
            return Vec::new();
        }
        let rank = lowest.unwrap_or_default().saturating_sub(1);
        self.ranks.insert(id, rank);
        self.sort_siblings(id);
        vec![(id, rank)]
    }

    /// Puts a message at a place (1-based; the last where it is beyond) among its siblings, whose order stays.
    /// Returns the ranks that changed, to be stored.
    pub fn put_at(&mut self, id: MessageId, position: usize) -> Vec<(MessageId, Rank)> {
        let Some(message) = self.messages.get(&id) else { return Vec::new() };
        let mut row: Vec<MessageId> = self.children(message.parent).to_vec();
        row.retain(|sibling| *sibling != id);
        row.insert(position.saturating_sub(1).min(row.len()), id);
        let count = Rank::try_from(row.len()).unwrap_or(Rank::MAX);
        let changed: Vec<(MessageId, Rank)> = row
            .into_iter()
            .zip(-count..)
            .filter(|(sibling, rank)| self.ranks.insert(*sibling, *rank) != Some(*rank))
            .collect();
        self.sort_siblings(id);
        changed
    }

    fn rank(&self, id: MessageId) -> Rank {
        self.ranks.get(&id).copied().unwrap_or_default()
    }

    fn sort_siblings(&mut self, id: MessageId) {
        let Some(parent) = self.messages.get(&id).map(|message| message.parent) else { return };
        if let Some(siblings) = self.children.get_mut(&parent) {
            siblings.sort_by_key(|sibling| (self.ranks.get(sibling).copied().unwrap_or_default(), *sibling));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::chat::tree::tests::message;

    fn id(n: u128) -> MessageId {
        MessageId(Uuid::from_u128(n))
    }

    fn siblings(count: u128) -> Tree {
        let row = (0..count).map(|n| message(2 + 2 * n, Some(1), ""));
        Tree::build(std::iter::once(message(1, None, "")).chain(row), [])
    }

    #[test]
    fn the_counter_counts_in_the_given_order_and_a_new_sibling_comes_last() {
        let mut tree = siblings(3);
        assert_eq!(tree.put_first(id(6)), [(id(6), -1)]);
        assert_eq!(tree.put_first(id(6)), []);
        assert_eq!(tree.put_first(id(4)), [(id(4), -2)]);
        tree.add(message(8, Some(1), ""));
        assert_eq!(tree.children(Some(id(1))), [4, 6, 2, 8].map(id));
        let place = tree.place(id(2)).unwrap();
        assert_eq!((place.position, place.count), (3, 4));
    }

    #[test]
    fn what_is_shown_without_a_choice_is_the_newest_wherever_it_stands() {
        let mut tree = siblings(3);
        tree.put_first(id(6));
        assert_eq!(tree.chosen_child(Some(id(1))), Some(id(6)));
        tree.put_first(id(2));
        assert_eq!(tree.chosen_child(Some(id(1))), Some(id(6)));
    }

    proptest! {
        #[test]
        fn the_ranks_that_changed_are_all_that_must_be_kept(
            count in 1u128..7,
            moves in prop::collection::vec((0u128..7, 0usize..9, any::<bool>()), 0..8),
        ) {
            let (mut tree, mut kept) = (siblings(count), std::collections::HashMap::new());
            for (which, position, first) in moves {
                let moved = id(2 + 2 * (which % count));
                kept.extend(if first { tree.put_first(moved) } else { tree.put_at(moved, position) });
                let expected = if first { 1 } else { position.clamp(1, count as usize) };
                prop_assert_eq!(tree.place(moved).unwrap().position, expected);
            }
            prop_assert_eq!(siblings(count).with_order(kept), tree);
        }
    }
}
