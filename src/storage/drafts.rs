//! Drafts: what is being written in a conversation, or in a new one, and what was left with the message it would answer.

use rusqlite::{OptionalExtension, params};
use uuid::Uuid;

use super::{Store, StoreError, rows};
use crate::chat::{ConversationId, MessageId};

/// The message that a draft would answer; `None` is the beginning.
pub type DraftPlace = Option<MessageId>;

impl Store {
    /// Draft of a conversation; of a new one for `None`.
    pub fn draft(&self, conversation: Option<ConversationId>) -> Result<String, StoreError> {
        let text = self
            .db
            .prepare_cached("SELECT text FROM drafts WHERE conversation = ?1")?
            .query_row([draft_key(conversation)], |row| row.get(0))
            .optional()?;
        Ok(text.unwrap_or_default())
    }

    /// Stores a draft; an empty one is removed.
    pub fn set_draft(&mut self, conversation: Option<ConversationId>, text: &str) -> Result<(), StoreError> {
        let key = draft_key(conversation);
        self.commit(|db| {
            if text.is_empty() {
                db.prepare_cached("DELETE FROM drafts WHERE conversation = ?1")?.execute([key])?;
            } else {
                db.prepare_cached(
                    "INSERT INTO drafts (conversation, text) VALUES (?1, ?2) \
                     ON CONFLICT (conversation) DO UPDATE SET text = excluded.text",
                )?
                .execute(params![key, text])?;
            }
            Ok(())
        })
    }

    /// The drafts that were left in a conversation.
    pub fn placed_drafts(
        &self,
        conversation: ConversationId,
    ) -> Result<Vec<(DraftPlace, String)>, StoreError> {
        let seq = rows::conversation_seq(&self.db, conversation)?;
        let mut rows = self.db.prepare_cached(
            "SELECT message, text FROM placed_drafts WHERE conversation = ?1 ORDER BY message",
        )?;
        let drafts = rows.query_map([seq], |row| {
            let message: Vec<u8> = row.get(0)?;
            Ok((Uuid::from_slice(&message).ok().map(MessageId), row.get(1)?))
        })?;
        Ok(drafts.collect::<Result<_, _>>()?)
    }

    /// Leaves a draft with the message it would answer, in the place of one that is there; an empty one is removed.
    pub fn place_draft(
        &mut self,
        conversation: ConversationId,
        place: DraftPlace,
        text: &str,
    ) -> Result<(), StoreError> {
        let key = place.map(|id| id.0.as_bytes().to_vec()).unwrap_or_default();
        self.commit(|db| {
            let seq = rows::conversation_seq(db, conversation)?;
            if text.is_empty() {
                db.prepare_cached("DELETE FROM placed_drafts WHERE conversation = ?1 AND message = ?2")?
                    .execute(params![seq, key])?;
            } else {
                db.prepare_cached(
                    "INSERT INTO placed_drafts (conversation, message, text) VALUES (?1, ?2, ?3) \
                     ON CONFLICT (conversation, message) DO UPDATE SET text = excluded.text",
                )?
                .execute(params![seq, key, text])?;
            }
            Ok(())
        })
    }
}

fn draft_key(conversation: Option<ConversationId>) -> Vec<u8> {
    conversation.map(|id| id.0.as_bytes().to_vec()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::tests::stored;

    #[test]
    fn drafts_are_kept_per_conversation_and_for_a_new_one() {
        let mut store = Store::in_memory().unwrap();
        let told = stored(&mut store, 1, &[]);
        store.set_draft(None, "new").unwrap();
        store.set_draft(Some(told.id), "old").unwrap();
        store.set_draft(Some(told.id), "other").unwrap();
        assert_eq!(
            (store.draft(None).unwrap(), store.draft(Some(told.id)).unwrap()),
            ("new".into(), "other".into())
        );
        store.set_draft(None, "").unwrap();
        assert_eq!(store.draft(None).unwrap(), "");
    }

    #[test]
    fn drafts_are_left_by_place_and_go_with_their_messages() {
        let mut store = Store::in_memory().unwrap();
        let told = stored(&mut store, 1, &[(11, None), (12, Some(11))]);
        let (first, second) = (Some(MessageId(Uuid::from_u128(11))), Some(MessageId(Uuid::from_u128(12))));
        store.place_draft(told.id, first, "a").unwrap();
        store.place_draft(told.id, second, "b").unwrap();
        store.place_draft(told.id, second, "c").unwrap();
        store.place_draft(told.id, None, "d").unwrap();
        store.place_draft(told.id, first, "").unwrap();
        assert_eq!(store.placed_drafts(told.id).unwrap(), [(None, "d".into()), (second, "c".into())]);
        store.trash(told.id, second, told.created).unwrap();
        assert_eq!(store.placed_drafts(told.id).unwrap().len(), 2);
        store.empty_trash().unwrap();
        assert_eq!(store.placed_drafts(told.id).unwrap(), [(None, "d".into())]);
    }
}
