//! Import and export formats.

use crate::chat::{Conversation, MessageId};

/// A conversation as Markdown: all branches with marks where they part, or the one branch that ends in `leaf`.
pub fn to_markdown(conversation: &Conversation, leaf: Option<MessageId>) -> String {
    let _ = (conversation, leaf);
    todo!()
}

/// A conversation as our own JSON: the whole tree, or one branch of it.
pub fn to_json(conversation: &Conversation, leaf: Option<MessageId>) -> serde_json::Value {
    let _ = (conversation, leaf);
    todo!()
}
