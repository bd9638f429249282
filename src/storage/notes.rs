//! What a person puts on the messages of a conversation: marks, places among siblings, rules of what a branch
//! leaves out; and edits in place, of which the former version is kept.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::{Store, StoreError, conversations, rows, search};
use crate::chat::{
    ConversationId, Mark, Message, MessageId, Part, Presence, Rank, Revision, RuleChange, Status, Tree,
};

impl Store {
    /// Puts a mark on a message in the place of the one before; an empty one takes it away.
    pub fn set_mark(
        &mut self,
        conversation: ConversationId,
        message: MessageId,
        mark: &Mark,
    ) -> Result<(), StoreError> {
        self.commit(|db| {
            let seq = rows::conversation_seq(db, conversation)?;
            put_mark(db, seq, message, mark)
        })
    }

    /// Stores the ranks of siblings that changed.
    pub fn set_ranks(
        &mut self,
        conversation: ConversationId,
        ranks: &[(MessageId, Rank)],
    ) -> Result<(), StoreError> {
        self.commit(|db| {
            let seq = rows::conversation_seq(db, conversation)?;
            ranks.iter().try_for_each(|(message, rank)| put_rank(db, seq, *message, *rank))
        })
    }

    /// Stores a change of what a branch leaves out.
    pub fn set_rule(&mut self, conversation: ConversationId, change: RuleChange) -> Result<(), StoreError> {
        self.commit(|db| {
            let seq = rows::conversation_seq(db, conversation)?;
            put_rule(db, seq, change)
        })
    }

    /// Changes what a message says, in its place, and keeps what it said. Search finds what it says now. A
    /// message that is still being written is not changed.
    pub fn revise(
        &mut self,
        conversation: ConversationId,
        message: MessageId,
        parts: &[Part],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.durably(|db| {
            let seq = rows::conversation_seq(db, conversation)?;
            revise(db, seq, message, parts, now)
        })
    }

    /// The former versions of a message, the last one first.
    pub fn revisions(
        &self,
        conversation: ConversationId,
        message: MessageId,
    ) -> Result<Vec<Revision>, StoreError> {
        let seq = rows::conversation_seq(&self.db, conversation)?;
        let mut statement = self.db.prepare_cached(
            "SELECT n, replaced, reasoning, text, parts FROM revisions \
             WHERE conversation = ?1 AND message = ?2 ORDER BY n DESC",
        )?;
        let revisions = statement.query_map(params![seq, message.0.as_bytes()], revision)?;
        Ok(revisions.collect::<Result<_, _>>()?)
    }

    /// Lets a message say again what it said in a former version. What it says now is kept, too.
    pub fn restore_revision(
        &mut self,
        conversation: ConversationId,
        message: MessageId,
        number: u64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let former =
            self.revisions(conversation, message)?.into_iter().find(|former| former.number == number);
        let former = former.ok_or_else(|| StoreError::NotFound(format!("{message} {number}")))?;
        self.revise(conversation, message, &former.parts, now)
    }
}

fn revise(
    db: &Connection,
    conversation: i64,
    id: MessageId,
    parts: &[Part],
    now: Timestamp,
) -> Result<(), StoreError> {
    let found: Option<(i64, Message)> = db
        .prepare_cached(&format!(
            "SELECT {}, m.seq FROM messages m WHERE m.id = ?1 AND m.conversation = ?2 AND m.trash IS NULL",
            rows::COLUMNS
        ))?
        .query_row(params![id.0.as_bytes(), conversation], |row| Ok((row.get(12)?, rows::message(row)?)))
        .optional()?;
    let (seq, mut message) = found
        .filter(|(_, message)| message.status != Status::Streaming)
        .ok_or_else(|| StoreError::NotFound(id.to_string()))?;
    if message.parts == parts {
        return Ok(());
    }
    db.prepare_cached(
        "INSERT INTO revisions (conversation, message, n, replaced, reasoning, text, parts) \
         SELECT ?1, m.id, (SELECT coalesce(max(n), 0) + 1 FROM revisions WHERE conversation = ?1 AND \
         message = m.id), ?3, m.reasoning, m.text, m.parts FROM messages m WHERE m.seq = ?2",
    )?
    .execute(params![conversation, seq, rows::nanos(now)])?;
    message.parts = parts.to_vec();
    let stored = rows::stored(parts)?;
    db.prepare_cached("UPDATE messages SET reasoning = ?2, text = ?3, parts = ?4 WHERE seq = ?1")?
        .execute(params![seq, stored.reasoning, stored.text, stored.parts])?;
    search::index_message(db, seq, &message)?;
    conversations::touch(db, conversation, now)
}

/// A tree with all that was put on its messages.
pub(super) fn noted(db: &Connection, conversation: i64, tree: Tree) -> Result<Tree, StoreError> {
    let ranks = all(db, conversation, "SELECT message, rank FROM ranks WHERE conversation = ?1", |row| {
        Ok((rows::message_id(row, 0)?, row.get(1)?))
    })?;
    let marks =
        all(db, conversation, "SELECT message, starred, label FROM marks WHERE conversation = ?1", |row| {
            let mark = Mark { starred: row.get(1)?, label: row.get(2)? };
            Ok((rows::message_id(row, 0)?, mark))
        })?;
    let rules =
        all(db, conversation, "SELECT start, message, excluded FROM rules WHERE conversation = ?1", |row| {
            let presence = if row.get(2)? { Presence::Excluded } else { Presence::Included };
            Ok((rows::message_id(row, 0)?, rows::message_id(row, 1)?, presence))
        })?;
    let revisions = all(
        db,
        conversation,
        "SELECT message, count(*) FROM revisions WHERE conversation = ?1 GROUP BY message",
        |row| Ok((rows::message_id(row, 0)?, rows::count(row, 1)?)),
    )?;
    Ok(tree.with_order(ranks).with_marks(marks).with_rules(rules).with_revisions(revisions))
}

/// Stores all that was put on the messages of a tree.
pub(super) fn put_all(db: &Connection, conversation: i64, tree: &Tree) -> Result<(), StoreError> {
    tree.ranks().try_for_each(|(message, rank)| put_rank(db, conversation, message, rank))?;
    tree.marks().try_for_each(|(message, mark)| put_mark(db, conversation, message, mark))?;
    tree.rules().try_for_each(|(from, message, presence)| {
        put_rule(db, conversation, RuleChange { from, message, presence: Some(presence) })
    })
}

/// The former versions of a conversation's messages, the first one of each first.
pub(super) fn all_revisions(
    db: &Connection,
    conversation: i64,
) -> Result<BTreeMap<MessageId, Vec<Revision>>, StoreError> {
    let found = all(
        db,
        conversation,
        "SELECT n, replaced, reasoning, text, parts, message FROM revisions WHERE conversation = ?1 ORDER BY n",
        |row| Ok((rows::message_id(row, 5)?, revision(row)?)),
    )?;
    let mut revisions: BTreeMap<MessageId, Vec<Revision>> = BTreeMap::new();
    for (message, revision) in found {
        revisions.entry(message).or_default().push(revision);
    }
    Ok(revisions)
}

/// Stores the former versions of a message. They are counted anew: a file may have its own mind about numbers.
pub(super) fn put_revisions(
    db: &Connection,
    conversation: i64,
    message: MessageId,
    revisions: &[Revision],
) -> Result<(), StoreError> {
    for (number, revision) in (1_i64..).zip(revisions) {
        let stored = rows::stored(&revision.parts)?;
        db.prepare_cached(
            "INSERT INTO revisions (conversation, message, n, replaced, reasoning, text, parts) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            conversation,
            message.0.as_bytes(),
            number,
            rows::nanos(revision.replaced),
            stored.reasoning,
            stored.text,
            stored.parts
        ])?;
    }
    Ok(())
}

fn revision(row: &rusqlite::Row<'_>) -> rusqlite::Result<Revision> {
    Ok(Revision { number: rows::count(row, 0)?, replaced: rows::time(row, 1)?, parts: rows::parts(row, 2)? })
}

fn all<R>(
    db: &Connection,
    conversation: i64,
    sql: &str,
    read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<R>,
) -> Result<Vec<R>, StoreError> {
    let mut statement = db.prepare_cached(sql)?;
    let found = statement.query_map([conversation], read)?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn put_mark(db: &Connection, conversation: i64, message: MessageId, mark: &Mark) -> Result<(), StoreError> {
    if mark.is_empty() {
        db.prepare_cached("DELETE FROM marks WHERE conversation = ?1 AND message = ?2")?
            .execute(params![conversation, message.0.as_bytes()])?;
    } else {
        db.prepare_cached(
            "INSERT OR REPLACE INTO marks (conversation, message, starred, label) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![conversation, message.0.as_bytes(), mark.starred, mark.label])?;
    }
    Ok(())
}

fn put_rank(db: &Connection, conversation: i64, message: MessageId, rank: Rank) -> Result<(), StoreError> {
    db.prepare_cached("INSERT OR REPLACE INTO ranks (conversation, message, rank) VALUES (?1, ?2, ?3)")?
        .execute(params![conversation, message.0.as_bytes(), rank])?;
    Ok(())
}

fn put_rule(db: &Connection, conversation: i64, change: RuleChange) -> Result<(), StoreError> {
    let RuleChange { from, message, presence } = change;
    match presence {
        Some(presence) => db
            .prepare_cached(
                "INSERT OR REPLACE INTO rules (conversation, start, message, excluded) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                conversation,
                from.0.as_bytes(),
                message.0.as_bytes(),
                presence == Presence::Excluded
            ])?,
        None => db
            .prepare_cached("DELETE FROM rules WHERE conversation = ?1 AND start = ?2 AND message = ?3")?
            .execute(params![conversation, from.0.as_bytes(), message.0.as_bytes()])?,
    };
    Ok(())
}
