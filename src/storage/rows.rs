//! How the words of [`chat`](crate::chat) stand in rows, both ways.

use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{StoreError, search};
use crate::chat::{ConversationId, Message, MessageId, Part, Role, Route, Status};

/// A UUID's bytes.
pub(super) type Id = [u8; 16];

/// What [`message`] reads, of a table named `m`.
pub(super) const COLUMNS: &str = "m.id, m.parent, m.role, m.status, m.endpoint, m.key, m.model, m.created, \
                                  m.provenance, m.reasoning, m.text, m.parts";

/// The blob that stands for a choice's parent: empty for the roots.
pub(super) fn parent_blob(parent: Option<MessageId>) -> Vec<u8> {
    parent.map(|parent| parent.0.as_bytes().to_vec()).unwrap_or_default()
}

/// A message id from a column.
pub(super) fn message_id(row: &Row<'_>, column: usize) -> rusqlite::Result<MessageId> {
    row.get(column).map(|id: Id| MessageId(uuid::Uuid::from_bytes(id)))
}

/// A conversation id from a column.
pub(super) fn conversation_id(row: &Row<'_>, column: usize) -> rusqlite::Result<ConversationId> {
    row.get(column).map(|id: Id| ConversationId(uuid::Uuid::from_bytes(id)))
}

/// A message id, where there is one.
pub(super) fn parent_id(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<MessageId>> {
    row.get(column).map(|id: Option<Id>| id.map(|id| MessageId(uuid::Uuid::from_bytes(id))))
}

/// A count from a column.
pub(super) fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(|count| u64::try_from(count).unwrap_or_default())
}

/// A time as it is stored; what lies beyond the year 2262 is stored as that year.
pub(super) fn nanos(time: Timestamp) -> i64 {
    let nanos = time.as_nanosecond();
    i64::try_from(nanos).unwrap_or(if nanos < 0 { i64::MIN } else { i64::MAX })
}

/// A time from a column.
pub(super) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    let nanos: i64 = row.get(column)?;
    Timestamp::from_nanosecond(nanos.into()).map_err(|error| unreadable(column, error))
}

/// A role's name in the database.
pub(super) const fn role_name(role: Role) -> &'static str {
    match role {
        Role::User => "user",
        Role::Assistant => "assistant",
    }
}

/// A role from a column.
pub(super) fn role(row: &Row<'_>, column: usize) -> rusqlite::Result<Role> {
    let name = row.get_ref(column)?.as_str()?;
    [Role::User, Role::Assistant]
        .into_iter()
        .find(|role| role_name(*role) == name)
        .ok_or_else(|| unreadable(column, format!("role {name}")))
}

fn status(row: &Row<'_>, column: usize) -> rusqlite::Result<Status> {
    let name = row.get_ref(column)?.as_str()?;
    super::status_from_name(name).ok_or_else(|| unreadable(column, format!("status {name}")))
}

pub(super) fn unreadable(
    column: usize,
    error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error.into())
}

/// The message of a row of [`COLUMNS`].
pub(super) fn message(row: &Row<'_>) -> rusqlite::Result<Message> {
    let endpoint: Option<String> = row.get(4)?;
    let route = endpoint
        .map(|endpoint| -> rusqlite::Result<Route> {
            Ok(Route {
                endpoint: endpoint.into(),
                key: row.get::<_, String>(5)?.into(),
                model: row.get::<_, String>(6)?.into(),
            })
        })
        .transpose()?;
    let provenance = row
        .get_ref(8)?
        .as_str_or_null()?
        .map(|json| serde_json::from_str(json).map_err(|error| unreadable(8, error)))
        .transpose()?;
    Ok(Message {
        id: message_id(row, 0)?,
        parent: parent_id(row, 1)?,
        role: role(row, 2)?,
        parts: parts(row, 9)?,
        status: status(row, 3)?,
        route,
        provenance,
        created: time(row, 7)?,
    })
}

/// The parts of a row that holds reasoning, text and parts from this column on.
pub(super) fn parts(row: &Row<'_>, from: usize) -> rusqlite::Result<Vec<Part>> {
    if let Some(json) = row.get_ref(from + 2)?.as_str_or_null()? {
        return serde_json::from_str(json).map_err(|error| unreadable(from + 2, error));
    }
    let reasoning: Option<String> = row.get(from)?;
    let text: Option<String> = row.get(from + 1)?;
    Ok(reasoning
        .map(|text| Part::Reasoning { text })
        .into_iter()
        .chain(text.map(|text| Part::Text { text }))
        .collect())
}

/// How a message's parts are stored: as the two plain columns where they fit, else as JSON.
#[derive(Default)]
pub(super) struct Stored<'a> {
    pub reasoning: Option<&'a str>,
    pub text: Option<&'a str>,
    pub parts: Option<String>,
}

/// A message's parts as they are stored.
pub(super) fn stored(parts: &[Part]) -> Result<Stored<'_>, StoreError> {
    Ok(match parts {
        [] => Stored::default(),
        [Part::Text { text }] => Stored { text: Some(text), ..Stored::default() },
        [Part::Reasoning { text }] => Stored { reasoning: Some(text), ..Stored::default() },
        [Part::Reasoning { text: reasoning }, Part::Text { text }] => {
            Stored { reasoning: Some(reasoning), text: Some(text), parts: None }
        }
        other => Stored { parts: Some(json(other)?), ..Stored::default() },
    })
}

/// A value as JSON for a column.
pub(super) fn json(value: &(impl serde::Serialize + ?Sized)) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()).into())
}

/// Stores a message, new or not, and indexes it unless it is still being written.
pub(super) fn put(
    db: &Connection,
    conversation: i64,
    message: &Message,
    writer: Option<Id>,
) -> Result<i64, StoreError> {
    let stored = stored(&message.parts)?;
    let provenance = message.provenance.as_ref().map(json).transpose()?;
    let cost = message.provenance.as_ref().and_then(|provenance| provenance.cost_eur);
    let seq: i64 = db
        .prepare_cached(
            "INSERT INTO messages (id, conversation, parent, role, status, endpoint, key, model, created, \
             cost, writer, provenance, reasoning, text, parts) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) \
             ON CONFLICT (id) DO UPDATE SET status = excluded.status, endpoint = excluded.endpoint, \
             key = excluded.key, model = excluded.model, cost = excluded.cost, writer = excluded.writer, \
             provenance = excluded.provenance, reasoning = excluded.reasoning, text = excluded.text, \
             parts = excluded.parts RETURNING seq",
        )?
        .query_row(
            params![
                message.id.0.as_bytes(),
                conversation,
                message.parent.map(|parent| parent.0.into_bytes()),
                role_name(message.role),
                message.status.name(),
                message.route.as_ref().map(|route| route.endpoint.as_str()),
                message.route.as_ref().map(|route| route.key.as_str()),
                message.route.as_ref().map(|route| route.model.as_str()),
                nanos(message.created),
                cost.map(crate::chat::Money::nanos),
                writer,
                provenance,
                stored.reasoning,
                stored.text,
                stored.parts,
            ],
            |row| row.get(0),
        )?;
    match message.status {
        Status::Streaming => {}
        Status::Complete | Status::Cut | Status::Cancelled | Status::Failed => {
            search::index_message(db, seq, message)?;
        }
    }
    Ok(seq)
}

/// The row of a conversation, in the trash or not.
pub(super) fn conversation_seq(db: &Connection, id: ConversationId) -> Result<i64, StoreError> {
    db.prepare_cached("SELECT seq FROM conversations WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| row.get(0))
        .optional()?
        .ok_or_else(|| StoreError::NotFound(id.to_string()))
}
