//! Import and export formats. A file keeps text as it came: it is sanitised where it is shown, not where it
//! is kept.

mod json;
mod markdown;

pub use json::{from_json, to_json};
pub use markdown::to_markdown;

use crate::chat::{Conversation, Message, MessageId};

/// The messages to export, parents first: all, or the path to `leaf`.
fn messages(conversation: &Conversation, leaf: Option<MessageId>) -> Vec<&Message> {
    let tree = &conversation.tree;
    match leaf {
        None => tree.walk(),
        Some(leaf) => tree.path(leaf).into_iter().filter_map(|id| tree.get(id)).collect(),
    }
}
