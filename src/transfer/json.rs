//! Our own JSON: a conversation without loss.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::chat::{Conversation, ConversationId, Message, MessageId, Settings, Tree};

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
}

/// A conversation as our own JSON: the whole tree, or one branch of it. Messages are flat, parents first.
pub fn to_json(conversation: &Conversation, leaf: Option<MessageId>) -> Value {
    let messages = super::messages(conversation, leaf);
    let kept = |id: &MessageId| messages.iter().any(|message| message.id == *id);
    let mut choices: Vec<_> =
        conversation.tree.choices().filter(|(_, child)| leaf.is_none() || kept(child)).collect();
    choices.sort_unstable();
    let head = Head {
        id: conversation.id,
        title: conversation.title.clone(),
        created: conversation.created,
        updated: conversation.updated,
        settings: conversation.settings.clone(),
        choices,
    };
    // Plain data with text for keys always is a value.
    serde_json::to_value(File { loquat: VERSION, conversation: head, messages }).unwrap_or_default()
}

/// The conversation of a file that [`to_json`] made.
pub fn from_json(value: Value) -> Result<Conversation, serde_json::Error> {
    let file: File<Head, Message> = serde_json::from_value(value)?;
    if file.loquat > VERSION {
        let told = format!("format {} is newer than this build's {VERSION}", file.loquat);
        return Err(serde::de::Error::custom(told));
    }
    let Head { id, title, created, updated, settings, choices } = file.conversation;
    Ok(Conversation { id, title, created, updated, settings, tree: Tree::build(file.messages, choices) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chat::tree::tests::message;
    use crate::transfer::markdown::tests::{conversation, mid};

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
            let file = to_json(&told, None).to_string();
            prop_assert_eq!(from_json(serde_json::from_str(&file).unwrap()).unwrap(), told);
        }
    }

    #[test]
    fn one_branch_is_the_path_to_its_leaf() {
        let told = conversation(&[(1, None, "a"), (2, Some(1), "b"), (4, Some(1), "c"), (5, Some(2), "d")]);
        let branch = from_json(to_json(&told, Some(mid(5)))).unwrap().tree;
        assert_eq!((branch.branch(), branch.len()), ([1, 2, 5].map(mid).to_vec(), 3));
    }

    #[test]
    fn a_newer_format_is_refused() {
        let mut file = to_json(&conversation(&[]), None);
        file["loquat"] = 2.into();
        assert_eq!(from_json(file).unwrap_err().to_string(), "format 2 is newer than this build's 1");
    }
}
