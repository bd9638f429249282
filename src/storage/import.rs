//! Whole conversations, as a file brings them: all of one is stored, or nothing of it.

use rusqlite::{OptionalExtension, params};
use uuid::Uuid;

use super::{Store, StoreError, conversations, notes, rows, shelf};
use crate::chat::{Conversation, ConversationId, Kept};

/// A conversation that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// How many messages it has, apart from those in the trash.
    pub messages: u64,
    /// The trash entry that holds it, where one does.
    pub trash: Option<Uuid>,
}

impl Store {
    /// Whether a conversation with this id is there, in the trash or not.
    pub fn held(&self, id: ConversationId) -> Result<Option<Held>, StoreError> {
        Ok(self
            .db
            .prepare_cached(
                "SELECT (SELECT count(*) FROM messages m WHERE m.conversation = c.seq AND m.trash IS NULL), c.trash \
                 FROM conversations c WHERE c.id = ?1",
            )?
            .query_row([id.0.as_bytes()], |row| {
                let trash = row.get::<_, Option<rows::Id>>(1)?.map(Uuid::from_bytes);
                Ok(Held { messages: rows::count(row, 0)?, trash })
            })
            .optional()?)
    }

    /// What is kept of a conversation beside its tree.
    pub fn kept(&self, id: ConversationId) -> Result<Kept, StoreError> {
        let seq = rows::conversation_seq(&self.db, id)?;
        Ok(Kept { shelf: shelf::of(&self.db, seq)?, revisions: notes::all_revisions(&self.db, seq)? })
    }

    /// Adds a conversation with all its messages, choices and what was put on its messages, in one transaction.
    ///
    /// # Errors
    /// [`StoreError::Taken`] where a message's id is in use: nothing that is stored is ever overwritten.
    pub fn import(&mut self, conversation: &Conversation) -> Result<(), StoreError> {
        self.import_with(conversation, &Kept::default())
    }

    /// The same with what is kept beside its tree. That of messages which it does not hold is left out.
    pub fn import_with(&mut self, conversation: &Conversation, kept: &Kept) -> Result<(), StoreError> {
        self.commit(|db| {
            let seq = conversations::insert(db, conversation)?;
            shelf::put(db, seq, &kept.shelf, conversation.updated)?;
            for message in conversation.tree.walk() {
                let taken = db
                    .prepare_cached("SELECT EXISTS (SELECT 1 FROM messages WHERE id = ?1)")?
                    .query_row(params![message.id.0.as_bytes()], |row| row.get(0))?;
                if taken {
                    return Err(StoreError::Taken(message.id.to_string()));
                }
                rows::put(db, seq, message, None)?;
            }
            for (parent, child) in conversation.tree.choices() {
                conversations::put_choice(db, seq, parent, child)?;
            }
            notes::put_all(db, seq, &conversation.tree)?;
            for (message, revisions) in &kept.revisions {
                if conversation.tree.get(*message).is_some() {
                    notes::put_revisions(db, seq, *message, revisions)?;
                }
            }
            conversations::refresh_leaf(db, seq)
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::chat::tree::tests::message;
    use crate::chat::{MessageId, Settings, Tree};

    fn told(id: u128, messages: &[(u128, Option<u128>)]) -> Conversation {
        let messages = messages.iter().map(|&(id, parent)| message(id, parent, "fig"));
        Conversation {
            id: ConversationId(Uuid::from_u128(id)),
            title: "figs".into(),
            created: Timestamp::UNIX_EPOCH,
            updated: Timestamp::UNIX_EPOCH,
            settings: Settings { system: Some("brief".into()), ..Settings::default() },
            tree: Tree::build(messages, []),
        }
    }

    #[test]
    fn a_conversation_is_stored_whole_with_its_choices_and_is_found() {
        let mut store = Store::in_memory().unwrap();
        let mut conversation = told(1, &[(1, None), (2, Some(1)), (4, Some(1)), (5, Some(2))]);
        conversation.tree.choose(MessageId(Uuid::from_u128(5)));
        assert_eq!(store.held(conversation.id).unwrap(), None);
        store.import(&conversation).unwrap();
        assert_eq!(store.load(conversation.id).unwrap(), conversation);
        assert_eq!(store.load_tail(conversation.id, 1).unwrap().tree.leaf(), conversation.tree.leaf());
        assert_eq!(store.search("fig", 9).unwrap().len(), 4);
        assert_eq!(store.held(conversation.id).unwrap(), Some(Held { messages: 4, trash: None }));
        let entry = store.trash(conversation.id, None, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(store.held(conversation.id).unwrap().unwrap().trash, Some(entry));
    }

    #[test]
    fn nothing_is_stored_of_a_conversation_with_a_message_of_another() {
        let mut store = Store::in_memory().unwrap();
        store.import(&told(1, &[(1, None), (2, Some(1))])).unwrap();
        let refused = store.import(&told(2, &[(3, None), (2, Some(3))]));
        assert!(matches!(refused, Err(StoreError::Taken(_))));
        assert_eq!(store.list(None).unwrap().len(), 1);
        assert_eq!(store.search("fig", 9).unwrap().len(), 2);
    }
}
