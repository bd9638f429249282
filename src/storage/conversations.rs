//! Conversations: made, found, loaded, chosen in, named.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Store, StoreError, find, notes, rows, search};
use crate::chat::{
    Conversation, ConversationId, Message, MessageId, Money, Role, Settings, Status, Totals, Tree,
};

impl Store {
    /// Adds a conversation without messages.
    pub fn create(&mut self, conversation: &Conversation) -> Result<(), StoreError> {
        self.commit(|db| insert(db, conversation).map(drop))
    }

    /// The conversation changed last.
    pub fn latest(&self) -> Result<Option<ConversationId>, StoreError> {
        let mut statement = self.db.prepare_cached(
            "SELECT id FROM conversations WHERE trash IS NULL ORDER BY updated DESC, id DESC LIMIT 1",
        )?;
        Ok(statement.query_row([], |row| rows::conversation_id(row, 0)).optional()?)
    }

    /// The conversation that was left in the middle of an answer, and its title: where the last message of all is
    /// one that did not reach its end.
    pub fn unfinished(&self) -> Result<Option<(ConversationId, String)>, StoreError> {
        let mut statement = self.db.prepare_cached(
            "SELECT c.id, c.title, m.status IN ('cut', 'cancelled') FROM messages m JOIN conversations c \
             ON c.seq = m.conversation WHERE m.trash IS NULL AND c.trash IS NULL ORDER BY m.seq DESC LIMIT 1",
        )?;
        let last = statement.query_row([], |row| {
            Ok((rows::conversation_id(row, 0)?, row.get::<_, String>(1)?, row.get::<_, bool>(2)?))
        });
        Ok(last.optional()?.filter(|(.., is_unfinished)| *is_unfinished).map(|(id, title, _)| (id, title)))
    }

    /// A conversation by id or unique prefix.
    pub fn find_conversation(&self, prefix: &str) -> Result<ConversationId, StoreError> {
        find::one(&self.db, find::Kind::Conversation, prefix).map(ConversationId)
    }

    /// A message by id or unique prefix, and its conversation.
    pub fn find_message(&self, prefix: &str) -> Result<(ConversationId, MessageId), StoreError> {
        let id = MessageId(find::one(&self.db, find::Kind::Message, prefix)?);
        let conversation = self
            .db
            .prepare_cached(
                "SELECT c.id FROM messages m JOIN conversations c ON c.seq = m.conversation WHERE m.id = ?1",
            )?
            .query_row([id.0.as_bytes()], |row| rows::conversation_id(row, 0))?;
        Ok((conversation, id))
    }

    /// A whole conversation.
    pub fn load(&self, id: ConversationId) -> Result<Conversation, StoreError> {
        let (seq, _, mut conversation) = self.head(id)?;
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT {} FROM messages m WHERE m.conversation = ?1 AND m.trash IS NULL",
            rows::COLUMNS
        ))?;
        let messages: Vec<Message> = statement.query_map([seq], rows::message)?.collect::<Result<_, _>>()?;
        conversation.tree = notes::noted(&self.db, seq, Tree::build(messages, choices(&self.db, seq)?))?;
        Ok(conversation)
    }

    /// A conversation with only the last `messages` of its chosen branch: the first screen, before `load`.
    pub fn load_tail(&self, id: ConversationId, messages: usize) -> Result<Conversation, StoreError> {
        let (seq, leaf, mut conversation) = self.head(id)?;
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT {} FROM messages m WHERE m.id = ?1 AND m.trash IS NULL",
            rows::COLUMNS
        ))?;
        let mut tail = Vec::new();
        let mut next = leaf;
        while let Some(id) = next
            && tail.len() < messages
        {
            let Some(message) = statement.query_row([id.0.as_bytes()], rows::message).optional()? else {
                break;
            };
            next = message.parent;
            tail.push(message);
        }
        conversation.tree = notes::noted(&self.db, seq, Tree::build(tail, []))?;
        Ok(conversation)
    }

    /// What all messages of a conversation add up to, without reading them.
    pub fn totals(&self, id: ConversationId) -> Result<Totals, StoreError> {
        let mut statement = self.db.prepare_cached(
            "SELECT c.messages, c.parents, c.priced, c.cost, (\
             SELECT count(*) FROM messages m WHERE m.conversation = c.seq AND m.trash IS NULL AND m.cost IS NULL \
             AND coalesce(m.provenance ->> '$.usage.tokens_in', m.provenance ->> '$.usage.tokens_out') IS NOT NULL\
             ) FROM conversations c WHERE c.id = ?1 AND c.trash IS NULL",
        )?;
        let whole = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        let totals = statement.query_row([id.0.as_bytes()], |row| {
            let priced = rows::count(row, 2)?;
            Ok(Totals {
                // Who has a child is no leaf.
                branches: whole(rows::count(row, 0)?.saturating_sub(rows::count(row, 1)?)),
                spent: if priced > 0 { Some(Money::from_nanos(row.get(3)?)) } else { None },
                unpriced: whole(rows::count(row, 4)?),
            })
        });
        totals.optional()?.ok_or_else(|| StoreError::NotFound(id.to_string()))
    }

    /// Stores the sibling chosen at each parent.
    pub fn choose(
        &mut self,
        conversation: ConversationId,
        choices: &[(Option<MessageId>, MessageId)],
    ) -> Result<(), StoreError> {
        self.commit(|db| {
            let seq = rows::conversation_seq(db, conversation)?;
            for (parent, child) in choices {
                put_choice(db, seq, *parent, *child)?;
            }
            refresh_leaf(db, seq)
        })
    }

    /// Renames a conversation.
    pub fn rename(
        &mut self,
        conversation: ConversationId,
        title: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.commit(|db| {
            let seq = rows::conversation_seq(db, conversation)?;
            db.prepare_cached("UPDATE conversations SET title = ?2 WHERE seq = ?1")?
                .execute(params![seq, title])?;
            search::index_title(db, seq, title)?;
            touch(db, seq, now)
        })
    }

    /// Stores a conversation's settings.
    pub fn set_settings(
        &mut self,
        conversation: ConversationId,
        settings: &Settings,
    ) -> Result<(), StoreError> {
        let json = stored_settings(settings)?;
        self.commit(|db| {
            let seq = rows::conversation_seq(db, conversation)?;
            db.prepare_cached("UPDATE conversations SET settings = ?2 WHERE seq = ?1")?
                .execute(params![seq, json])?;
            Ok(())
        })
    }

    /// A conversation without its messages, its row, and the last message of its chosen branch.
    fn head(&self, id: ConversationId) -> Result<(i64, Option<MessageId>, Conversation), StoreError> {
        self.db
            .prepare_cached(
                "SELECT seq, leaf, title, created, updated, settings FROM conversations \
                 WHERE id = ?1 AND trash IS NULL",
            )?
            .query_row([id.0.as_bytes()], |row| {
                let conversation = Conversation {
                    id,
                    title: row.get(2)?,
                    created: rows::time(row, 3)?,
                    updated: rows::time(row, 4)?,
                    settings: settings(row, 5)?,
                    tree: Tree::default(),
                };
                Ok((row.get(0)?, rows::parent_id(row, 1)?, conversation))
            })
            .optional()?
            .ok_or_else(|| StoreError::NotFound(id.to_string()))
    }
}

fn settings(row: &Row<'_>, column: usize) -> rusqlite::Result<Settings> {
    row.get_ref(column)?.as_str_or_null()?.map_or_else(
        || Ok(Settings::default()),
        |json| serde_json::from_str(json).map_err(|error| rows::unreadable(column, error)),
    )
}

fn stored_settings(settings: &Settings) -> Result<Option<String>, StoreError> {
    if *settings == Settings::default() { Ok(None) } else { rows::json(settings).map(Some) }
}

/// Adds a conversation's own row.
pub(super) fn insert(db: &Connection, conversation: &Conversation) -> Result<i64, StoreError> {
    db.prepare_cached(
        "INSERT INTO conversations (id, title, created, updated, settings) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        conversation.id.0.as_bytes(),
        conversation.title,
        rows::nanos(conversation.created),
        rows::nanos(conversation.updated),
        stored_settings(&conversation.settings)?,
    ])?;
    let seq = db.last_insert_rowid();
    search::index_title(db, seq, &conversation.title)?;
    Ok(seq)
}

/// Notes that a conversation changed at this time.
pub(super) fn touch(db: &Connection, conversation: i64, at: Timestamp) -> Result<(), StoreError> {
    db.prepare_cached("UPDATE conversations SET updated = max(updated, ?2) WHERE seq = ?1")?
        .execute(params![conversation, rows::nanos(at)])?;
    Ok(())
}

/// Stores one choice.
pub(super) fn put_choice(
    db: &Connection,
    conversation: i64,
    parent: Option<MessageId>,
    child: MessageId,
) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT INTO choices (conversation, parent, child) VALUES (?1, ?2, ?3) \
         ON CONFLICT (conversation, parent) DO UPDATE SET child = excluded.child",
    )?
    .execute(params![conversation, rows::parent_blob(parent), child.0.as_bytes()])?;
    Ok(())
}

fn choices(db: &Connection, conversation: i64) -> Result<Vec<(Option<MessageId>, MessageId)>, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT nullif(parent, x''), child FROM choices WHERE conversation = ?1")?;
    let choices = statement
        .query_map([conversation], |row| Ok((rows::parent_id(row, 0)?, rows::message_id(row, 1)?)))?;
    Ok(choices.collect::<Result<_, _>>()?)
}

/// Works the chosen branch's last message out again, from the tree's links alone.
pub(super) fn refresh_leaf(db: &Connection, conversation: i64) -> Result<(), StoreError> {
    let mut statement =
        db.prepare_cached("SELECT id, parent FROM messages WHERE conversation = ?1 AND trash IS NULL")?;
    let links: Vec<Message> = statement
        .query_map([conversation], |row| {
            Ok(Message {
                id: rows::message_id(row, 0)?,
                parent: rows::parent_id(row, 1)?,
                role: Role::User,
                parts: Vec::new(),
                status: Status::Complete,
                route: None,
                provenance: None,
                created: Timestamp::UNIX_EPOCH,
            })
        })?
        .collect::<Result<_, _>>()?;
    let leaf = Tree::build(links, choices(db, conversation)?).leaf();
    db.prepare_cached("UPDATE conversations SET leaf = ?2 WHERE seq = ?1")?
        .execute(params![conversation, leaf.map(|leaf| leaf.0.into_bytes())])?;
    Ok(())
}
