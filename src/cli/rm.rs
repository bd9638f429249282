//! `loquat rm`: conversations go to the trash, and it says how to undo that.

use jiff::Timestamp;

use super::args::RmArgs;
use super::stored::with_store;
use super::{Context, Exit};
use crate::chat::ConversationId;
use crate::storage::StoreError;
use crate::t;

/// Moves them; none of them where one is unknown.
pub fn run(args: &RmArgs, context: &Context) -> Exit {
    with_store(context, |store| {
        let mut ids: Vec<ConversationId> =
            args.ids.iter().map(|id| store.find_conversation(id)).collect::<Result<_, StoreError>>()?;
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            let entry = store.trash(id, None, Timestamp::now())?;
            let undo = store.short_trash(entry)?;
            context.out.note(&t!("store-rm-done", id = id.to_string(), undo = undo));
        }
        Ok(Exit::OK)
    })
}
