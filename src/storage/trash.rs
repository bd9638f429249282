//! The trash: rows stay where they are and are marked with the entry that holds them, so that nothing about
//! them can be lost, the chosen siblings included. Only `erase` removes rows.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use super::{Store, StoreError, Trashed, conversations, find, rows};
use crate::chat::{ConversationId, MessageId};

/// Characters of a message that name it in the trash.
const FIRST_WORDS: usize = 60;

impl Store {
    /// Puts a conversation, or a message with all below it, in the trash. Returns the id to restore it by.
    pub fn trash(
        &mut self,
        conversation: ConversationId,
        message: Option<MessageId>,
        now: Timestamp,
    ) -> Result<Uuid, StoreError> {
        self.commit(|db| put(db, conversation, message, now))
    }

    /// What is in the trash, newest first.
    pub fn trashed(&self) -> Result<Vec<Trashed>, StoreError> {
        let mut statement =
            self.db.prepare_cached(&format!("{ENTRIES} ORDER BY t.deleted DESC, t.id DESC"))?;
        let entries = statement.query_map([], entry)?;
        Ok(entries.collect::<Result<_, _>>()?)
    }

    /// Puts it back where it was (an id or a unique prefix). What holds it, a message above it or its
    /// conversation, is put back with it where that is in the trash too.
    pub fn restore(&mut self, prefix: &str) -> Result<Trashed, StoreError> {
        self.commit(|db| {
            let id = find::trash(db, prefix)?;
            let restored = db
                .prepare_cached(&format!("{ENTRIES} WHERE t.id = ?1"))?
                .query_row([id.as_bytes()], entry)?;
            let mut next = Some(id.into_bytes());
            while let Some(entry) = next {
                next = holder(db, entry)?;
                put_back(db, entry)?;
            }
            let seq = rows::conversation_seq(db, restored.conversation)?;
            conversations::refresh_leaf(db, seq)?;
            Ok(restored)
        })
    }
}

const ENTRIES: &str = "SELECT t.id, c.id, t.message, t.title, t.messages, t.deleted \
                       FROM trash t JOIN conversations c ON c.seq = t.conversation";

fn entry(row: &rusqlite::Row<'_>) -> rusqlite::Result<Trashed> {
    Ok(Trashed {
        id: Uuid::from_bytes(row.get(0)?),
        conversation: rows::conversation_id(row, 1)?,
        message: rows::parent_id(row, 2)?,
        title: row.get(3)?,
        messages: rows::count(row, 4)?,
        deleted: rows::time(row, 5)?,
    })
}

/// Marks a conversation, or a message with all below it, as held by a new trash entry.
pub(super) fn put(
    db: &Connection,
    conversation: ConversationId,
    message: Option<MessageId>,
    now: Timestamp,
) -> Result<Uuid, StoreError> {
    let seq = rows::conversation_seq(db, conversation)?;
    let id = Uuid::now_v7();
    let (title, messages) = match message {
        None => mark_conversation(db, seq, id)?.ok_or(StoreError::NotFound(conversation.to_string()))?,
        Some(message) => {
            mark_messages(db, seq, message, id)?.ok_or(StoreError::NotFound(message.to_string()))?
        }
    };
    db.prepare_cached(
        "INSERT INTO trash (id, conversation, message, title, messages, deleted) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        id.as_bytes(),
        seq,
        message.map(|message| message.0.into_bytes()),
        title,
        messages,
        rows::nanos(now)
    ])?;
    Ok(id)
}

/// Title and number of messages of what was marked; `None` where there is no such live conversation.
fn mark_conversation(
    db: &Connection,
    conversation: i64,
    entry: Uuid,
) -> Result<Option<(String, i64)>, StoreError> {
    let title: Option<String> = db
        .prepare_cached(
            "UPDATE conversations SET trash = ?2 WHERE seq = ?1 AND trash IS NULL RETURNING title",
        )?
        .query_row(params![conversation, entry.as_bytes()], |row| row.get(0))
        .optional()?;
    let Some(title) = title else { return Ok(None) };
    let messages = db
        .prepare_cached("SELECT count(*) FROM messages WHERE conversation = ?1 AND trash IS NULL")?
        .query_row([conversation], |row| row.get(0))?;
    Ok(Some((title, messages)))
}

/// First words and number of messages of what was marked; `None` where there is no such live message.
fn mark_messages(
    db: &Connection,
    conversation: i64,
    message: MessageId,
    entry: Uuid,
) -> Result<Option<(String, i64)>, StoreError> {
    let first = db
        .prepare_cached(&format!(
            "SELECT {} FROM messages m WHERE m.id = ?1 AND m.conversation = ?2 AND m.trash IS NULL",
            rows::COLUMNS
        ))?
        .query_row(params![message.0.as_bytes(), conversation], rows::message)
        .optional()?;
    let Some(first) = first else { return Ok(None) };
    let marked = db
        .prepare_cached(
            "WITH RECURSIVE below (seq, id) AS ( \
                 SELECT seq, id FROM messages WHERE id = ?1 \
                 UNION SELECT m.seq, m.id FROM messages m JOIN below b ON m.parent = b.id \
                 WHERE m.conversation = ?2 AND m.trash IS NULL) \
             UPDATE messages SET trash = ?3 WHERE seq IN (SELECT seq FROM below)",
        )?
        .execute(params![message.0.as_bytes(), conversation, entry.as_bytes()])?;
    conversations::refresh_leaf(db, conversation)?;
    let words: String = first.text().split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Some((words.chars().take(FIRST_WORDS).collect(), i64::try_from(marked).unwrap_or(i64::MAX))))
}

/// The entry that holds what this one was taken from.
fn holder(db: &Connection, entry: rows::Id) -> Result<Option<rows::Id>, StoreError> {
    let found = db
        .prepare_cached(
            "SELECT coalesce(above.trash, c.trash) FROM trash t JOIN conversations c ON c.seq = t.conversation \
             LEFT JOIN messages m ON m.id = t.message LEFT JOIN messages above ON above.id = m.parent \
             WHERE t.id = ?1",
        )?
        .query_row([entry], |row| row.get::<_, Option<rows::Id>>(0))
        .optional()?;
    // A conversation's own entry is the last.
    Ok(found.flatten().filter(|holder| *holder != entry))
}

fn put_back(db: &Connection, entry: rows::Id) -> Result<(), StoreError> {
    for sql in [
        "UPDATE messages SET trash = NULL WHERE trash = ?1",
        "UPDATE conversations SET trash = NULL WHERE trash = ?1",
        "DELETE FROM trash WHERE id = ?1",
    ] {
        db.prepare_cached(sql)?.execute([entry])?;
    }
    Ok(())
}
