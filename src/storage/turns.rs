//! Messages as a turn makes them: the user's message, the live answer, its chunks, its end; and answers
//! whose process is gone.

use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use super::{Begun, LeftBehind, Standing, Store, StoreError, chunk, conversations, live, rows, trash};
use crate::chat::{
    Answer, Conversation, ConversationId, ErrorKind, Failure, FinishReason, Message, MessageId, Provenance,
    Status, StreamEvent, Usage,
};
use crate::t;

/// A live answer is on disk, and not only with the system, at least this often: a power cut loses no more.
const SYNC_EVERY: Duration = Duration::from_millis(1500);

impl Store {
    /// Adds a whole message, makes it the chosen one, and returns when it is on disk (synchronous FULL).
    pub fn add_message(&mut self, conversation: ConversationId, message: &Message) -> Result<(), StoreError> {
        self.durably(|db| {
            let seq = rows::conversation_seq(db, conversation)?;
            attach(db, seq, message, None, Standing::Chosen)?;
            Ok(())
        })
    }

    /// Adds a conversation (where `create` is given), a user message (where given) and the empty, streaming
    /// answer to it in one transaction, on disk when it returns. Several turns may bring the same conversation and
    /// user message: the first to come adds them. A chosen answer replaces a dead leaf at the same parent
    /// (`Message::is_dead_leaf`), which goes to the trash. This process is noted as its writer.
    pub fn begin_turn(
        &mut self,
        id: ConversationId,
        create: Option<&Conversation>,
        user: Option<&Message>,
        answer: &Message,
        begun: Begun<'_>,
    ) -> Result<(), StoreError> {
        let token = self.writer_token()?;
        self.durably(|db| {
            let seq = match (rows::conversation_seq(db, id), create) {
                (Err(StoreError::NotFound(_)), Some(conversation)) => {
                    conversations::insert(db, conversation)?
                }
                (found, _) => found?,
            };
            match (user, begun.standing) {
                // Below a message that is new there is nothing to replace.
                (Some(user), _) => {
                    if !is_stored(db, user.id)? {
                        attach(db, seq, user, None, Standing::Chosen)?;
                    }
                }
                (None, Standing::Chosen) => {
                    for dead in dead_leaves(db, seq, answer)? {
                        trash::put(db, id, Some(dead), answer.created)?;
                    }
                }
                (None, Standing::Beside) => {}
            }
            let seq = attach(db, seq, answer, token, begun.standing)?;
            db.prepare_cached("INSERT OR REPLACE INTO turns (message, began, purpose) VALUES (?1, ?2, ?3)")?
                .execute(params![seq, rows::nanos(begun.at), begun.purpose])?;
            Ok(())
        })?;
        if let Some(writer) = &mut self.writer {
            writer.answers.insert(answer.id);
        }
        Ok(())
    }

    /// Appends what came since the last chunk, until now; small, never rewrites a row.
    pub fn append_chunk(
        &mut self,
        message: MessageId,
        events: &[StreamEvent],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if events.is_empty() {
            return Ok(());
        }
        let data = chunk::encode(events)?;
        self.commit_live(|db| {
            let added = db
                .prepare_cached(
                    "INSERT INTO chunks (message, n, data, said) SELECT seq, (SELECT coalesce(max(n), 0) + 1 \
                     FROM chunks WHERE message = seq), ?2, ?3 FROM messages WHERE id = ?1",
                )?
                .execute(params![message.0.as_bytes(), data, rows::nanos(now)])?;
            if added == 0 { Err(StoreError::NotFound(message.to_string())) } else { Ok(()) }
        })
    }

    /// Stores the answer as it ended, drops its chunks, indexes it, all in one transaction.
    pub fn end_answer(&mut self, conversation: ConversationId, answer: &Message) -> Result<(), StoreError> {
        self.commit_live(|db| {
            let conversation = rows::conversation_seq(db, conversation)?;
            finish(db, conversation, answer)
        })?;
        if let Some(writer) = &mut self.writer {
            writer.answers.remove(&answer.id);
            if writer.answers.is_empty() {
                self.writer = None;
            }
        }
        Ok(())
    }

    /// What the chunks of a live answer say so far (of this or another process).
    pub fn live_answer(&self, message: MessageId) -> Result<Answer, StoreError> {
        let found = self
            .db
            .prepare_cached(&format!("SELECT {}, m.seq FROM messages m WHERE m.id = ?1", rows::COLUMNS))?
            .query_row([message.0.as_bytes()], |row| Ok((rows::message(row)?, row.get(12)?)))
            .optional()?;
        let (stored, seq) = found.ok_or_else(|| StoreError::NotFound(message.to_string()))?;
        fold(&self.db, seq, &stored)
    }

    /// Turns answers whose writer is gone into `cut`, with what their chunks say, and tells each.
    pub(super) fn recover(
        &mut self,
        now: Timestamp,
        mut tell: impl FnMut(&LeftBehind),
    ) -> Result<(), StoreError> {
        let Some(folder) = self.live.clone() else { return Ok(()) };
        let left = left_behind(&self.db, &folder)?;
        if left.is_empty() {
            return Ok(());
        }
        self.durably(|db| left.iter().try_for_each(|token| cut_answers_of(db, *token, now, &mut tell)))?;
        for token in left.into_iter().flatten() {
            live::clear(&folder, token);
        }
        Ok(())
    }

    /// Commits a step of a live answer: on disk where the last one that was is long ago.
    fn commit_live<R>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        if self.synced.is_some_and(|synced| synced.elapsed() < SYNC_EVERY) {
            self.commit(work)
        } else {
            self.durably(work)
        }
    }

    fn writer_token(&mut self) -> Result<Option<rows::Id>, StoreError> {
        if let (None, Some(folder)) = (&self.writer, &self.live) {
            let started = live::Writer::start(folder)
                .map_err(|source| StoreError::File { path: folder.clone(), source })?;
            self.writer = Some(started);
        }
        Ok(self.writer.as_ref().map(|writer| writer.token.into_bytes()))
    }
}

fn is_stored(db: &Connection, message: MessageId) -> Result<bool, StoreError> {
    let mut found = db.prepare_cached("SELECT 1 FROM messages WHERE id = ?1")?;
    Ok(found.exists([message.0.as_bytes()])?)
}

/// Stores a message, makes it the one chosen at its parent unless it stands beside others, and gives its row.
fn attach(
    db: &Connection,
    conversation: i64,
    message: &Message,
    writer: Option<rows::Id>,
    standing: Standing,
) -> Result<i64, StoreError> {
    let seq = rows::put(db, conversation, message, writer)?;
    match standing {
        Standing::Chosen => conversations::put_choice(db, conversation, message.parent, message.id)?,
        Standing::Beside => {}
    }
    let grown: bool = db
        .prepare_cached(
            "UPDATE conversations SET updated = max(updated, ?2), leaf = iif(leaf IS ?4, ?3, leaf) \
             WHERE seq = ?1 RETURNING leaf IS ?3",
        )?
        .query_row(
            params![
                conversation,
                rows::nanos(message.created),
                message.id.0.as_bytes(),
                message.parent.map(|parent| parent.0.into_bytes())
            ],
            |row| row.get(0),
        )?;
    if !grown {
        conversations::refresh_leaf(db, conversation)?;
    }
    Ok(seq)
}

/// The row of an answer that has ended. It keeps its place: neither parent nor choice changes.
fn finish(db: &Connection, conversation: i64, answer: &Message) -> Result<(), StoreError> {
    let seq = rows::put(db, conversation, answer, None)?;
    db.prepare_cached("DELETE FROM chunks WHERE message = ?1")?.execute([seq])?;
    db.prepare_cached("DELETE FROM turns WHERE message = ?1")?.execute([seq])?;
    let took = answer.provenance.as_ref().and_then(|provenance| provenance.latency_ms).unwrap_or_default();
    let ended = answer
        .created
        .checked_add(SignedDuration::from_millis(i64::try_from(took).unwrap_or_default()))
        .unwrap_or(answer.created);
    conversations::touch(db, conversation, ended)
}

fn dead_leaves(db: &Connection, conversation: i64, answer: &Message) -> Result<Vec<MessageId>, StoreError> {
    let found: Vec<Message> = db
        .prepare_cached(&format!(
            "SELECT {} FROM messages m WHERE m.conversation = ?1 AND m.parent = ?2 AND m.trash IS NULL AND \
             m.status = 'failed' AND m.id <> ?3 AND NOT EXISTS (SELECT 1 FROM messages c WHERE \
             c.conversation = ?1 AND c.parent = m.id AND c.trash IS NULL)",
            rows::COLUMNS
        ))?
        .query_map(
            params![conversation, answer.parent.map(|parent| parent.0.into_bytes()), answer.id.0.as_bytes()],
            rows::message,
        )?
        .collect::<Result<_, _>>()?;
    Ok(found.into_iter().filter(Message::is_dead_leaf).map(|dead| dead.id).collect())
}

/// What a live answer began with and its chunks, folded. Usage and model are those of the chunks alone: what
/// a continued answer used before its turn belongs to an earlier one.
fn fold(db: &Connection, seq: i64, stored: &Message) -> Result<Answer, StoreError> {
    let mut answer = Answer { parts: stored.parts.clone(), ..Answer::default() };
    let mut statement = db.prepare_cached("SELECT data FROM chunks WHERE message = ?1 ORDER BY n")?;
    let mut chunks = statement.query([seq])?;
    while let Some(row) = chunks.next()? {
        for event in chunk::decode(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)? {
            answer.apply(&event);
        }
    }
    Ok(answer)
}

/// The writers of live answers that are gone.
fn left_behind(db: &Connection, folder: &Path) -> Result<Vec<Option<Uuid>>, StoreError> {
    let mut writers: Vec<Option<Uuid>> = db
        .prepare_cached("SELECT DISTINCT writer FROM messages WHERE status = 'streaming'")?
        .query_map([], |row| Ok(row.get::<_, Option<rows::Id>>(0)?.map(Uuid::from_bytes)))?
        .collect::<Result<_, _>>()?;
    writers.retain(|writer| !writer.is_some_and(|token| live::is_alive(folder, token)));
    Ok(writers)
}

fn cut_answers_of(
    db: &Connection,
    writer: Option<Uuid>,
    now: Timestamp,
    tell: &mut impl FnMut(&LeftBehind),
) -> Result<(), StoreError> {
    let found: Vec<(LeftBehind, i64, i64)> = db
        .prepare_cached(&format!(
            "SELECT {}, m.seq, m.conversation, c.id, coalesce(t.began, m.created), t.purpose, (SELECT \
             max(said) FROM chunks WHERE message = m.seq) FROM messages m JOIN conversations c ON c.seq = \
             m.conversation LEFT JOIN turns t ON t.message = m.seq WHERE m.status = 'streaming' AND m.writer \
             IS ?1",
            rows::COLUMNS
        ))?
        .query_map([writer.map(Uuid::into_bytes)], |row| {
            let left = LeftBehind {
                answer: rows::message(row)?,
                conversation: rows::conversation_id(row, 14)?,
                began: rows::time(row, 15)?,
                purpose: row.get(16)?,
                usage: Usage::default(),
                model_served: None,
                said: row.get::<_, Option<i64>>(17)?.map(|_| rows::time(row, 17)).transpose()?,
            };
            Ok((left, row.get(12)?, row.get(13)?))
        })?
        .collect::<Result<_, _>>()?;
    for (mut left, seq, conversation) in found {
        let message = &mut left.answer;
        let answer = fold(db, seq, message)?;
        let failure = Failure::new(
            ErrorKind::Cut,
            t!("store-left-behind", noticed = now.strftime("%Y-%m-%d %H:%M UTC").to_string()).into_string(),
        );
        let before = message.provenance.take().unwrap_or_default();
        message.status = Status::Cut;
        message.parts = answer.parts;
        message.provenance = Some(Provenance {
            model_served: answer.model_served.clone().or(before.model_served),
            usage: if answer.usage.is_known() { answer.usage } else { before.usage },
            finish: Some(FinishReason::Cut),
            failure: Some(failure),
            ..before
        });
        left.usage = answer.usage;
        left.model_served = answer.model_served;
        finish(db, conversation, &left.answer)?;
        tell(&left);
    }
    Ok(())
}
