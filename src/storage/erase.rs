//! Removing what is in the trash for good.
//!
//! A deleted row leaves its text in free pages, in the index until it is merged, and in the write-ahead log.
//! Emptying the trash clears all three, which rewrites the file; what has only grown too old goes row by row, with
//! its cells overwritten, and leaves the index for the next emptying.

use jiff::Timestamp;
use rusqlite::params;

use super::{Journal, Store, StoreError, rows};

/// What emptying the trash did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Emptied {
    /// How many things it held.
    pub things: u64,
    /// What is left of them in the files.
    pub remains: Remains,
}

/// What is left in the files of what was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remains {
    /// Nothing.
    None,
    /// Traces, because another process was reading or writing all the while.
    Traces,
}

impl Store {
    /// Removes everything in the trash for good, and every trace of it and of what was removed before it from the
    /// database's files.
    pub fn empty_trash(&mut self) -> Result<Emptied, StoreError> {
        let things = self.remove_trashed(Timestamp::MAX)?;
        Ok(Emptied { things, remains: self.squeeze()? })
    }

    /// Removes for good what was put in the trash before this time. Returns how many things it was.
    pub fn expire_trash(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        let any = self
            .db
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM trash WHERE deleted < ?1)")?
            .query_row([rows::nanos(before)], |row| row.get(0))?;
        if any { self.remove_trashed(before) } else { Ok(0) }
    }

    fn remove_trashed(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        self.db.pragma_update(None, "secure_delete", "ON")?;
        let removed = self.commit(|db| {
            db.execute_batch(
                "CREATE TEMP TABLE IF NOT EXISTS entries (id BLOB PRIMARY KEY) WITHOUT ROWID;
                 CREATE TEMP TABLE IF NOT EXISTS gone_conversations (seq INTEGER PRIMARY KEY);
                 CREATE TEMP TABLE IF NOT EXISTS gone (seq INTEGER PRIMARY KEY, id BLOB);
                 DELETE FROM entries; DELETE FROM gone_conversations; DELETE FROM gone;",
            )?;
            let removed = db.execute(
                "INSERT INTO entries SELECT id FROM trash WHERE deleted <= ?1",
                params![rows::nanos(before)],
            )?;
            db.execute_batch(
                "INSERT INTO gone_conversations
                     SELECT seq FROM conversations WHERE trash IN (SELECT id FROM entries);
                 INSERT INTO gone SELECT seq, id FROM messages WHERE trash IN (SELECT id FROM entries)
                     OR conversation IN (SELECT seq FROM gone_conversations);
                 DELETE FROM choices WHERE child IN (SELECT id FROM gone)
                     OR parent IN (SELECT id FROM gone)
                     OR conversation IN (SELECT seq FROM gone_conversations);
                 DELETE FROM marks WHERE message IN (SELECT id FROM gone);
                 DELETE FROM placed_drafts WHERE message IN (SELECT id FROM gone)
                     OR conversation IN (SELECT seq FROM gone_conversations);
                 DELETE FROM ranks WHERE message IN (SELECT id FROM gone);
                 DELETE FROM rules WHERE message IN (SELECT id FROM gone) OR start IN (SELECT id FROM gone);
                 DELETE FROM revisions WHERE message IN (SELECT id FROM gone);
                 DELETE FROM chunks WHERE message IN (SELECT seq FROM gone);
                 DELETE FROM turns WHERE message IN (SELECT seq FROM gone);
                 DELETE FROM own_words WHERE rowid IN (SELECT seq FROM gone);
                 DELETE FROM answer_words WHERE rowid IN (SELECT seq FROM gone);
                 DELETE FROM messages WHERE seq IN (SELECT seq FROM gone);
                 DELETE FROM trash WHERE id IN (SELECT id FROM entries)
                     OR conversation IN (SELECT seq FROM gone_conversations);
                 DELETE FROM title_words WHERE rowid IN (SELECT seq FROM gone_conversations);
                 DELETE FROM tags WHERE conversation IN (SELECT seq FROM gone_conversations);
                 DELETE FROM drafts WHERE conversation IN
                     (SELECT id FROM conversations WHERE seq IN (SELECT seq FROM gone_conversations));
                 DELETE FROM conversations WHERE seq IN (SELECT seq FROM gone_conversations);
                 DROP TABLE entries; DROP TABLE gone_conversations; DROP TABLE gone;",
            )?;
            Ok(u64::try_from(removed).unwrap_or_default())
        });
        self.db.pragma_update(None, "secure_delete", "OFF")?;
        removed
    }

    /// Writes the indexes and the file anew, without what was deleted, and empties the log.
    fn squeeze(&mut self) -> Result<Remains, StoreError> {
        self.commit(|db| {
            Ok(db.execute_batch(
                "INSERT INTO own_words (own_words) VALUES ('optimize');
                 INSERT INTO answer_words (answer_words) VALUES ('optimize');
                 INSERT INTO title_words (title_words) VALUES ('optimize');",
            )?)
        })?;
        self.db.execute_batch("VACUUM")?;
        if self.journal == Journal::Rollback {
            return Ok(Remains::None);
        }
        let busy: bool = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        Ok(if busy { Remains::Traces } else { Remains::None })
    }
}
