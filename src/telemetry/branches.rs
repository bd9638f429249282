//! Which branch an answer is counted to.

use std::collections::HashMap;

use crate::chat::{MessageId, Tree};

/// What [`GroupBy::Branch`](super::GroupBy::Branch) calls answers that several branches share.
pub const SHARED: &str = "shared";

/// The branch of each message, by its leaf; what several share is of none of them, but [`SHARED`].
pub fn branches(tree: &Tree) -> HashMap<MessageId, String> {
    let mut branches: HashMap<MessageId, String> = HashMap::new();
    let leaves = tree.walk().into_iter().filter(|message| tree.children(Some(message.id)).is_empty());
    for leaf in leaves.map(|message| message.id) {
        for on_path in tree.path(leaf).into_iter().rev() {
            // What is shared from here on up was found to be so before.
            let is_shared = branches.get(&on_path).is_some_and(|branch| branch == SHARED);
            if is_shared {
                break;
            }
            let shared = branches.contains_key(&on_path);
            branches.insert(on_path, if shared { SHARED.to_owned() } else { leaf.to_string() });
        }
    }
    branches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::tree::tests::message;

    #[test]
    fn a_message_is_of_the_branch_whose_leaf_alone_it_leads_to() {
        let mut tree = Tree::default();
        for (id, parent) in [
            (1, None),
            (2, Some(1)),
            (3, Some(2)),
            (4, Some(3)),
            (5, Some(1)),
            (6, Some(5)),
            (7, Some(6)),
            (8, Some(6)),
        ] {
            tree.add(message(id, parent, ""));
        }
        let id = |id: u128| MessageId(uuid::Uuid::from_u128(id));
        let leaf = |leaf: u128| id(leaf).to_string();
        let shared = || SHARED.to_owned();
        let expected = [
            (1, shared()),
            (2, leaf(4)),
            (3, leaf(4)),
            (4, leaf(4)),
            (5, shared()),
            (6, shared()),
            (7, leaf(7)),
            (8, leaf(8)),
        ];
        assert_eq!(branches(&tree), expected.into_iter().map(|(at, branch)| (id(at), branch)).collect());
    }
}
