//! `loquat rm`: conversations, and messages with all that follows them, go to the trash, and it says how to undo
//! that.

use jiff::Timestamp;

use super::args::RmArgs;
use super::stored::with_store;
use super::{Context, Exit};
use crate::chat::{ConversationId, MessageId};
use crate::storage::{Store, StoreError};
use crate::t;

/// What an id names. Conversations go first: what is in them goes with them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Named {
    Conversation(ConversationId),
    Message(MessageId, ConversationId),
}

/// Moves them; none of them where one is unknown.
pub fn run(args: &RmArgs, context: &Context) -> Exit {
    with_store(context, |store| {
        let mut named: Vec<Named> =
            args.ids.iter().map(|id| find(store, id)).collect::<Result<_, StoreError>>()?;
        named.sort_unstable();
        named.dedup();
        for named in named {
            let (id, conversation, message) = match named {
                Named::Conversation(id) => (id.to_string(), id, None),
                Named::Message(id, conversation) => (id.to_string(), conversation, Some(id)),
            };
            match store.trash(conversation, message, Timestamp::now()) {
                Ok(entry) => {
                    let undo = store.short_trash(entry)?;
                    context.out.note(&t!("store-rm-done", id = id, undo = undo));
                }
                // It went with its conversation, or with a message above it.
                Err(StoreError::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Exit::OK)
    })
}

/// A conversation of this id, else a message.
fn find(store: &Store, id: &str) -> Result<Named, StoreError> {
    match store.find_conversation(id) {
        Ok(id) => Ok(Named::Conversation(id)),
        Err(StoreError::NotFound(_)) => {
            let (conversation, message) = store.find_message(id)?;
            Ok(Named::Message(message, conversation))
        }
        Err(error) => Err(error),
    }
}
