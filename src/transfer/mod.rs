//! Import and export formats. A file keeps text as it came: it is sanitised where it is shown, not where it
//! is kept.
//!
//! What is read is somebody else's, of any release, perhaps damaged: a reader takes what it understands and lists
//! the rest. It fails only for what is no conversation at all, and then for that conversation alone. All readers
//! are pure functions of text.
//!
//! | file | subject |
//! |---|---|
//! | [`import`] | which format a file is of, its conversations one by one, what could not be read |
//! | `draft` | a tree from messages that name each other by any ids |
//! | `loose` | values that may be missing, of another type, or of another release |
//! | `json` | our own JSON, both ways |
//! | `librechat` | LibreChat's export, both ways |
//! | `preset` | LibreChat's presets, read only |
//! | `chatgpt`, `claude`, `chatbot_ui` | what these export, read only |
//! | `markdown`, `plain` | Markdown and plain text, written only |

mod chatbot_ui;
mod chatgpt;
mod claude;
mod draft;
pub mod import;
mod json;
mod librechat;
mod loose;
mod markdown;
mod plain;
mod preset;
#[cfg(test)]
mod tests;

pub use import::{Complaint, Format, Imported, Item, Unreadable, What, read};
pub use json::to_json;
pub use librechat::to_librechat;
pub use markdown::to_markdown;
pub use plain::to_text;

use crate::chat::{Conversation, Message, MessageId};

/// The messages to export, parents first: all, or the path to `leaf`.
fn messages(conversation: &Conversation, leaf: Option<MessageId>) -> Vec<&Message> {
    let tree = &conversation.tree;
    match leaf {
        None => tree.walk(),
        Some(leaf) => tree.path(leaf).into_iter().filter_map(|id| tree.get(id)).collect(),
    }
}
