//! Full-text search over all branches and titles.
//!
//! A person's own words and the answers have an index each, so that own words come first without a look at any
//! row. Ranking reads every hit, and so is bounded to the newest; which of them are in the trash is asked of
//! the trash, which is short, and not of each hit.

use std::borrow::Cow;

use rusqlite::{Connection, OptionalExtension, params};

use super::snippet::{Snippet, snippet};
use super::words::{Term, indexed, query, terms};
use super::{Hit, Store, StoreError, rows};
use crate::chat::{ConversationId, Message, MessageId, Part, Role};

/// The newest hits that are ranked.
const RANKED: i64 = 2000;

/// Messages no list shows.
const GONE: &str = "SELECT seq FROM messages WHERE trash IS NOT NULL UNION ALL SELECT m.seq FROM conversations c \
                    CROSS JOIN messages m ON m.conversation = c.seq AND m.trash IS NULL WHERE c.trash IS NOT NULL";

/// Which hits come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// A person's own words above answers, each with the best first.
    Best,
    /// The newest first: quick enough for every letter that is typed.
    Newest,
}

impl Store {
    /// Messages that hold these words and "phrases", on any branch, best first; CJK too. A conversation whose
    /// title holds them is found by its first message, after those.
    pub fn search(&self, words: &str, limit: usize) -> Result<Vec<Hit>, StoreError> {
        self.search_by(words, Order::Best, limit)
    }

    /// As [`search`](Self::search), in this order.
    pub fn search_by(&self, words: &str, order: Order, limit: usize) -> Result<Vec<Hit>, StoreError> {
        let terms = terms(words);
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        let query = query(&terms);
        let mut found = match order {
            Order::Best => {
                let mut found = self.best(Role::User, &query, limit)?;
                if found.len() < limit {
                    found.extend(self.best(Role::Assistant, &query, limit - found.len())?);
                }
                found
            }
            Order::Newest => {
                let mut found = self.newest(Role::User, &query, limit)?;
                found.extend(self.newest(Role::Assistant, &query, limit)?);
                found.sort_unstable_by(|a, b| b.cmp(a));
                found.truncate(limit);
                found
            }
        };
        if found.len() < limit {
            let titled = self.titled(&query, limit)?;
            let new: Vec<i64> = titled.into_iter().filter(|seq| !found.contains(seq)).collect();
            found.extend(new);
            found.truncate(limit);
        }
        found.into_iter().map(|seq| self.hit(seq, &terms)).collect()
    }

    /// The end of the branch that a message is on: that of the chosen messages below it.
    pub fn leaf_below(
        &self,
        conversation: ConversationId,
        message: MessageId,
    ) -> Result<MessageId, StoreError> {
        let seq = rows::conversation_seq(&self.db, conversation)?;
        // A file that somebody damaged may hold a circle, and no way down has more steps than there are messages.
        self.db
            .prepare_cached(
                "WITH RECURSIVE down (id, n) AS (SELECT ?2, 0 UNION ALL SELECT coalesce( \
                     (SELECT m.id FROM choices h JOIN messages m ON m.id = h.child WHERE h.conversation = ?1 \
                      AND h.parent = down.id AND m.trash IS NULL), \
                     (SELECT max(m.id) FROM messages m WHERE m.conversation = ?1 AND m.parent = down.id \
                      AND m.trash IS NULL)), n + 1 \
                 FROM down WHERE id IS NOT NULL AND n < (SELECT messages FROM conversations WHERE seq = ?1)) \
                 SELECT id FROM down WHERE id IS NOT NULL ORDER BY n DESC LIMIT 1",
            )?
            .query_row(params![seq, message.0.as_bytes()], |row| rows::message_id(row, 0))
            .optional()?
            .ok_or_else(|| StoreError::NotFound(message.to_string()))
    }

    fn best(&self, role: Role, query: &str, limit: usize) -> Result<Vec<i64>, StoreError> {
        let table = table(role);
        self.rows_of(
            &format!(
                "WITH near AS MATERIALIZED (SELECT rowid AS seq, rank AS score FROM {table} WHERE {table} \
                 MATCH ?1 AND rowid NOT IN ({GONE}) ORDER BY rowid DESC LIMIT {RANKED}) \
                 SELECT seq FROM near ORDER BY score, seq DESC LIMIT ?2"
            ),
            query,
            limit,
        )
    }

    fn newest(&self, role: Role, query: &str, limit: usize) -> Result<Vec<i64>, StoreError> {
        let table = table(role);
        self.rows_of(
            &format!(
                "SELECT rowid FROM {table} WHERE {table} MATCH ?1 AND rowid NOT IN ({GONE}) \
                 ORDER BY rowid DESC LIMIT ?2"
            ),
            query,
            limit,
        )
    }

    /// The first messages of the conversations whose titles hold the words.
    fn titled(&self, query: &str, limit: usize) -> Result<Vec<i64>, StoreError> {
        self.rows_of(
            "SELECT m.seq FROM title_words JOIN conversations c ON c.seq = title_words.rowid \
             JOIN messages m ON m.id = (SELECT min(f.id) FROM messages f WHERE f.conversation = c.seq \
             AND f.parent IS NULL AND f.trash IS NULL) \
             WHERE title_words MATCH ?1 AND c.trash IS NULL ORDER BY title_words.rank LIMIT ?2",
            query,
            limit,
        )
    }

    fn rows_of(&self, sql: &str, query: &str, limit: usize) -> Result<Vec<i64>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self.db.prepare_cached(sql)?;
        let rows = statement.query_map(params![query, limit], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn hit(&self, seq: i64, terms: &[Term]) -> Result<Hit, StoreError> {
        let mut statement = self.db.prepare_cached(&format!(
            "SELECT {}, c.id, c.title FROM messages m JOIN conversations c ON c.seq = m.conversation \
             WHERE m.seq = ?1",
            rows::COLUMNS
        ))?;
        let hit = statement.query_row([seq], |row| {
            let message = rows::message(row)?;
            let Snippet { text, matches } = snippet(&said(&message), terms);
            Ok(Hit {
                conversation: rows::conversation_id(row, 12)?,
                message: message.id,
                role: message.role,
                model: message.route.map(|route| route.model).filter(|_| message.role == Role::Assistant),
                snippet: text,
                matches,
                title: row.get(13)?,
            })
        })?;
        Ok(hit)
    }
}

/// The index of what this role says.
const fn table(role: Role) -> &'static str {
    match role {
        Role::User => "own_words",
        Role::Assistant => "answer_words",
    }
}

/// Puts a message into the index, in the place of what stood there for it.
pub(super) fn index_message(db: &Connection, seq: i64, message: &Message) -> Result<(), StoreError> {
    index(db, table(message.role), seq, &said(message))
}

/// Puts a conversation's title into the index, in the place of the one before.
pub(super) fn index_title(db: &Connection, seq: i64, title: &str) -> Result<(), StoreError> {
    index(db, "title_words", seq, title)
}

/// Fills the indexes, which are empty, from what is stored.
pub(super) fn fill(db: &Connection) -> Result<(), StoreError> {
    let mut titles = db.prepare("SELECT seq, title FROM conversations")?;
    let mut titles = titles.query([])?;
    while let Some(row) = titles.next()? {
        index_title(db, row.get(0)?, row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?)?;
    }
    // Live answers are indexed when they end.
    let mut messages = db
        .prepare(&format!("SELECT {}, m.seq FROM messages m WHERE m.status <> 'streaming'", rows::COLUMNS))?;
    let mut messages = messages.query([])?;
    while let Some(row) = messages.next()? {
        index_message(db, row.get(12)?, &rows::message(row)?)?;
    }
    Ok(())
}

fn index(db: &Connection, table: &str, seq: i64, text: &str) -> Result<(), StoreError> {
    if text.is_empty() {
        db.prepare_cached(&format!("DELETE FROM {table} WHERE rowid = ?1"))?.execute([seq])?;
    } else {
        db.prepare_cached(&format!("INSERT OR REPLACE INTO {table} (rowid, text) VALUES (?1, ?2)"))?
            .execute(params![seq, indexed(text)])?;
    }
    Ok(())
}

/// What can be found of a message: its text, its refusals and its summary.
fn said(message: &Message) -> Cow<'_, str> {
    if let [Part::Text { text }] = message.parts.as_slice() {
        return Cow::Borrowed(text);
    }
    let said = message.parts.iter().filter_map(|part| part.text().or_else(|| part.refusal()));
    // What was said is what a hit shows first.
    let summary = message.summary().map(|summary| summary.text.as_str());
    Cow::Owned(said.chain(summary).collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn nothing_that_can_be_typed_is_an_error(typed in "\\PC{0,24}") {
            let store = Store::in_memory().unwrap();
            for order in [Order::Best, Order::Newest] {
                prop_assert_eq!(store.search_by(&typed, order, 10).unwrap(), vec![]);
            }
        }
    }
}
