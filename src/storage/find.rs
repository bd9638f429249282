//! Ids as people type them: whole, or a beginning that only one has.

use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use super::{Store, StoreError, rows};
use crate::chat::{ConversationId, MessageId};

/// No id is shown shorter than this.
const SHORTEST: usize = 8;
/// Candidates that an ambiguous prefix names at most.
const CANDIDATES: usize = 10;

/// What has ids.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Conversation,
    Message,
    Trash,
    /// Conversations in the trash; what is found is the entry that holds one.
    TrashedConversation,
}

impl Kind {
    /// The ids of this kind that are in use, between two bounds.
    const fn between(self) -> &'static str {
        match self {
            Self::Conversation => {
                "SELECT id FROM conversations WHERE id BETWEEN ?1 AND ?2 AND trash IS NULL ORDER BY id"
            }
            Self::Message => {
                "SELECT m.id FROM messages m JOIN conversations c ON c.seq = m.conversation \
                 WHERE m.id BETWEEN ?1 AND ?2 AND m.trash IS NULL AND c.trash IS NULL ORDER BY m.id"
            }
            Self::Trash => "SELECT id FROM trash WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
            Self::TrashedConversation => {
                "SELECT trash FROM conversations WHERE id BETWEEN ?1 AND ?2 AND trash IS NOT NULL ORDER BY id"
            }
        }
    }

    const fn table(self) -> &'static str {
        match self {
            Self::Conversation | Self::TrashedConversation => "conversations",
            Self::Message => "messages",
            Self::Trash => "trash",
        }
    }
}

/// The one id that begins so.
pub(super) fn one(db: &Connection, kind: Kind, prefix: &str) -> Result<Uuid, StoreError> {
    let not_found = || StoreError::NotFound(prefix.to_owned());
    let (low, high) = bounds(prefix).ok_or_else(not_found)?;
    let mut found: Vec<Uuid> = db
        .prepare_cached(kind.between())?
        .query_map(params![low, high], |row| row.get(0).map(Uuid::from_bytes))?
        .collect::<Result<_, _>>()?;
    match found.as_slice() {
        [] => Err(not_found()),
        [only] => Ok(*only),
        several => {
            let count = several.len();
            found.truncate(CANDIDATES);
            Err(StoreError::Ambiguous { prefix: prefix.to_owned(), count, candidates: found })
        }
    }
}

/// The one trash entry that begins so, or that holds the one conversation that begins so.
pub(super) fn trash(db: &Connection, prefix: &str) -> Result<Uuid, StoreError> {
    match one(db, Kind::Trash, prefix) {
        Err(StoreError::NotFound(_)) => one(db, Kind::TrashedConversation, prefix),
        found => found,
    }
}

/// The lowest and the highest id that begin with these hexadecimal digits, dashes apart.
fn bounds(prefix: &str) -> Option<(rows::Id, rows::Id)> {
    let digits: String = prefix.chars().filter(|c| *c != '-').collect();
    if digits.is_empty() || digits.len() > 32 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let low = u128::from_str_radix(&format!("{digits:0<32}"), 16).ok()?;
    let high = u128::from_str_radix(&format!("{digits:f<32}"), 16).ok()?;
    Some((low.to_be_bytes(), high.to_be_bytes()))
}

impl Store {
    /// The shortest beginning, of at least eight characters, that tells this conversation from the others.
    pub fn short_conversation(&self, id: ConversationId) -> Result<String, StoreError> {
        self.short(Kind::Conversation, id.0)
    }

    /// The shortest beginning, of at least eight characters, that tells this message from the others.
    pub fn short_message(&self, id: MessageId) -> Result<String, StoreError> {
        self.short(Kind::Message, id.0)
    }

    /// The shortest beginning, of at least eight characters, that tells this trash entry from the others.
    pub fn short_trash(&self, id: Uuid) -> Result<String, StoreError> {
        self.short(Kind::Trash, id)
    }

    fn short(&self, kind: Kind, id: Uuid) -> Result<String, StoreError> {
        let table = kind.table();
        let whole = id.to_string();
        let mut shared = 0;
        for sql in [
            format!("SELECT id FROM {table} WHERE id < ?1 ORDER BY id DESC LIMIT 1"),
            format!("SELECT id FROM {table} WHERE id > ?1 ORDER BY id LIMIT 1"),
        ] {
            let neighbour = self
                .db
                .prepare_cached(&sql)?
                .query_row([id.as_bytes()], |row| row.get(0).map(Uuid::from_bytes))
                .optional()?;
            if let Some(neighbour) = neighbour {
                let neighbour = neighbour.to_string();
                let same = whole.bytes().zip(neighbour.bytes()).take_while(|(a, b)| a == b).count();
                shared = shared.max(same);
            }
        }
        // A dash at the end would tell nothing apart.
        let length = (shared + 1).max(SHORTEST).min(whole.len());
        Ok(whole[..length].trim_end_matches('-').to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_hexadecimal_digits_with_or_without_dashes() {
        let id = |text: &str| Uuid::parse_str(text).unwrap().into_bytes();
        assert_eq!(
            bounds("019A2b3c-4"),
            Some((id("019a2b3c-4000-0000-0000-000000000000"), id("019a2b3c-4fff-ffff-ffff-ffffffffffff")))
        );
        assert_eq!(bounds(""), None);
        assert_eq!(bounds("-"), None);
        assert_eq!(bounds("019g"), None);
        assert_eq!(bounds("0".repeat(33).as_str()), None);
    }
}
