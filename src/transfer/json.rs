//! Our own JSON: a conversation without loss, with what a person put on its messages and what it said before.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::import::{Complaint, Imported, What};
use crate::chat::{
    Conversation, ConversationId, Kept, Mark, Message, MessageId, Presence, Rank, Revision, Settings, Shelf,
    Status, Tree,
};
use crate::t;

/// The version of the format, under the key that tells our files from others.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct File<H, M> {
    loquat: u32,
    conversation: H,
    messages: Vec<M>,
}

#[derive(Serialize, Deserialize)]
struct Head {
    id: ConversationId,
    title: String,
    created: Timestamp,
    updated: Timestamp,
    settings: Settings,
    /// The sibling chosen at each parent, `null` for the roots.
    choices: Vec<(Option<MessageId>, MessageId)>,
    /// Where it stands in the list.
    #[serde(default, skip_serializing_if = "is_none")]
    shelf: Shelf,
    /// Stars and labels.
    #[serde(default, skip_serializing_if = "is_none")]
    marks: BTreeMap<MessageId, Mark>,
    /// Places among siblings that a person gave.
    #[serde(default, skip_serializing_if = "is_none")]
    ranks: BTreeMap<MessageId, Rank>,
    /// From which message on which one is left out of what is sent, or let in again.
    #[serde(default, skip_serializing_if = "is_none")]
    rules: Vec<(MessageId, MessageId, Presence)>,
    /// What messages said before they were edited in place, the first version first.
    #[serde(default, skip_serializing_if = "is_none")]
    revisions: BTreeMap<MessageId, Vec<Revision>>,
}

fn is_none<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A conversation as our own JSON: the whole tree, or one branch of it. Messages are flat, parents first.
pub fn to_json(conversation: &Conversation, kept: &Kept, leaf: Option<MessageId>) -> Value {
    let tree = &conversation.tree;
    let messages = super::messages(conversation, leaf);
    let told: HashSet<MessageId> = messages.iter().map(|message| message.id).collect();
    let mut choices: Vec<_> = tree.choices().filter(|(_, child)| told.contains(child)).collect();
    choices.sort_unstable();
    let mut rules: Vec<_> =
        tree.rules().filter(|(from, about, _)| told.contains(from) && told.contains(about)).collect();
    rules.sort_unstable_by_key(|(from, about, _)| (*from, *about));
    let marks = tree.marks().filter(|(id, _)| told.contains(id)).map(|(id, mark)| (id, mark.clone()));
    let revisions = kept.revisions.iter().filter(|(id, _)| told.contains(id));
    let head = Head {
        id: conversation.id,
        title: conversation.title.clone(),
        created: conversation.created,
        updated: conversation.updated,
        settings: conversation.settings.clone(),
        choices,
        shelf: kept.shelf.clone(),
        marks: marks.collect(),
        ranks: tree.ranks().filter(|(id, _)| told.contains(id)).collect(),
        rules,
        revisions: revisions.map(|(id, former)| (*id, former.clone())).collect(),
    };
    // Plain data with text for keys always is a value.
    serde_json::to_value(File { loquat: VERSION, conversation: head, messages }).unwrap_or_default()
}

/// The conversation of a file that [`to_json`] made. An answer that was being written then is cut off now.
pub(super) fn read(text: &str) -> Result<Imported, serde_json::Error> {
    let file: File<Head, Message> = serde_json::from_str(text)?;
    if file.loquat > VERSION {
        let told = t!("cli-import-newer", found = file.loquat, known = VERSION);
        return Err(serde::de::Error::custom(told));
    }
    let mut links = HashMap::new();
    let mut messages = file.messages;
    for message in &mut messages {
        if links.insert(message.id, message.parent).is_some() {
            let told = t!("cli-import-two-alike", id = message.id.to_string());
            return Err(serde::de::Error::custom(told));
        }
        if message.status == Status::Streaming {
            message.status = Status::Cut;
        }
    }
    let Head { id, title, created, updated, settings, choices, shelf, marks, ranks, rules, revisions } =
        file.conversation;
    let tree = Tree::build(messages, choices).with_order(ranks).with_marks(marks).with_rules(rules);
    let tree = counted(tree, &revisions);
    let mended = |message: &&Message| message.parent.is_none() && links.get(&message.id) != Some(&None);
    let complaints = tree.walk().into_iter().filter(mended).map(|message| {
        let known = links.get(&message.id).and_then(|parent| links.get(&(*parent)?));
        let what = if known.is_some() { What::Circle } else { What::ParentMissing };
        Complaint { message: Some(message.id.to_string()), what }
    });
    let complaints = complaints.collect();
    Ok(Imported {
        conversation: Conversation { id, title, created, updated, settings, tree },
        kept: Kept { shelf, revisions },
        complaints,
    })
}

/// A tree that knows how many former versions there are.
pub(super) fn counted(tree: Tree, revisions: &BTreeMap<MessageId, Vec<Revision>>) -> Tree {
    let count = |former: &Vec<Revision>| u64::try_from(former.len()).unwrap_or(u64::MAX);
    tree.with_revisions(revisions.iter().map(|(id, former)| (*id, count(former))))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chat::Part;
    use crate::chat::tree::tests::message;
    use crate::transfer::markdown::tests::{conversation, mid};

    /// Puts something of everything on a message, and tells what is kept beside the tree.
    fn kept(told: &mut Conversation, id: MessageId) -> Kept {
        let revision =
            Revision { number: 1, replaced: told.created, parts: vec![Part::Text { text: "before".into() }] };
        let kept = Kept {
            shelf: Shelf { pinned: true, archived: true, tags: vec!["orchard".into()] },
            revisions: BTreeMap::from([(id, vec![revision])]),
        };
        let tree = std::mem::take(&mut told.tree)
            .with_marks([(id, Mark { starred: true, label: Some("best".into()) })])
            .with_rules([(id, mid(1), Presence::Excluded)])
            .with_order([(id, -1)]);
        told.tree = counted(tree, &kept.revisions);
        kept
    }

    proptest! {
        #[test]
        fn what_is_exported_is_read_back_without_loss(
            parents in prop::collection::vec(0u128..12, 1..12),
            texts in prop::collection::vec(".*", 12),
            pick in 0usize..12,
        ) {
            let mut told = conversation(&[]);
            for (n, &parent) in parents.iter().enumerate() {
                let parent = (parent > 0 && parent <= n as u128).then_some(parent);
                told.tree.add(message(n as u128 + 1, parent, &texts[n]));
            }
            let answer = told.tree.get_mut(mid(1)).unwrap();
            answer.provenance = Some(crate::chat::Provenance {
                cost_eur: Some(crate::chat::Money::from_nanos(1_234_567_890_123)),
                ..Default::default()
            });
            let pick = mid(u128::try_from(pick % parents.len()).unwrap() + 1);
            told.tree.choose(pick);
            let kept = kept(&mut told, pick);
            let file = to_json(&told, &kept, None).to_string();
            let again = Imported { conversation: told, kept, complaints: Vec::new() };
            prop_assert_eq!(read(&file).unwrap(), again);
        }
    }

    #[test]
    fn one_branch_is_the_path_to_its_leaf() {
        let told = conversation(&[(1, None, "a"), (2, Some(1), "b"), (4, Some(1), "c"), (5, Some(2), "d")]);
        let branch =
            read(&to_json(&told, &Kept::default(), Some(mid(5))).to_string()).unwrap().conversation.tree;
        assert_eq!((branch.branch(), branch.len()), ([1, 2, 5].map(mid).to_vec(), 3));
    }

    #[test]
    fn a_newer_format_is_refused() {
        let mut file = to_json(&conversation(&[]), &Kept::default(), None);
        file["loquat"] = 2.into();
        assert_eq!(read(&file.to_string()).unwrap_err().to_string(), "format 2 is newer than this build's 1");
    }

    #[test]
    fn a_damaged_file_loses_no_message_without_saying_so() {
        let told = conversation(&[(1, None, "a"), (2, Some(1), "b"), (4, Some(2), "c")]);
        let mut file = to_json(&told, &Kept::default(), None);
        file["messages"][0]["status"] = "streaming".into();
        file["messages"].as_array_mut().unwrap().remove(1);
        let damaged = read(&file.to_string()).unwrap();
        assert_eq!(damaged.conversation.tree.get(mid(1)).unwrap().status, Status::Cut);
        assert_eq!(
            damaged.complaints,
            [Complaint { message: Some(mid(4).to_string()), what: What::ParentMissing }]
        );
        file["messages"][1]["id"] = file["messages"][0]["id"].clone();
        assert!(read(&file.to_string()).unwrap_err().to_string().contains("two messages have the id"));
    }
}
