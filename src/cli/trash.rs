//! `loquat trash`

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::args::TrashCommand;
use super::stored::{local, with_store};
use super::{Context, Exit};
use crate::chat::{ConversationId, MessageId};
use crate::storage::{Emptied, Remains, Store, StoreError, Trashed};
use crate::t;
use crate::text::{sanitise, sanitise_line, width::truncate};

/// Cells of a title, so that a row fits 80 columns.
const TITLE: usize = 36;

/// A row of `--json`.
#[derive(Serialize)]
struct Row<'a> {
    id: Uuid,
    conversation: ConversationId,
    message: Option<MessageId>,
    title: &'a str,
    messages: u64,
    deleted: Timestamp,
}

impl<'a> From<&'a Trashed> for Row<'a> {
    fn from(entry: &'a Trashed) -> Self {
        let Trashed { id, conversation, message, title, messages, deleted } = entry;
        Self {
            id: *id,
            conversation: *conversation,
            message: *message,
            title,
            messages: *messages,
            deleted: *deleted,
        }
    }
}

/// Lists, restores from or empties the trash.
pub fn run(command: &TrashCommand, context: &Context) -> Exit {
    with_store(context, |store| {
        match command {
            TrashCommand::List { json: true } => {
                context.out.json(&store.trashed()?.iter().map(Row::from).collect::<Vec<_>>());
            }
            TrashCommand::List { json: false } => list(store, context)?,
            TrashCommand::Restore { id } => {
                let restored = store.restore(id)?;
                let title = sanitise_line(&restored.title);
                context.out.note(&t!(
                    "store-trash-restored",
                    id = restored.conversation.to_string(),
                    messages = restored.messages,
                    title = title
                ));
            }
            TrashCommand::Empty => {
                let Emptied { things, remains } = store.empty_trash()?;
                context.out.note(&t!("store-trash-emptied", count = things));
                match remains {
                    Remains::None => {}
                    Remains::Traces => context.out.note(&t!("store-trash-traces")),
                }
            }
        }
        Ok(Exit::OK)
    })
}

fn list(store: &Store, context: &Context) -> Result<(), StoreError> {
    let entries = store.trashed()?;
    if entries.is_empty() {
        context.out.note(&t!("store-trash-empty"));
        return Ok(());
    }
    let mut rows = Vec::new();
    for entry in &entries {
        rows.push(vec![
            sanitise(&store.short_trash(entry.id)?),
            local(entry.deleted),
            sanitise(&entry.messages.to_string()),
            truncate(&sanitise_line(&entry.title), TITLE),
        ]);
    }
    let header = [
        t!("store-column-id"),
        t!("store-column-deleted"),
        t!("store-column-messages"),
        t!("store-column-title"),
    ];
    context.out.table(&header, rows);
    Ok(())
}
