//! The list of conversations, and where a person put them in it.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::params;

use super::{Store, StoreError, Summary, rows};
use crate::chat::{ConversationId, Money, Shelf, shelf};

/// Which conversations a list holds, by where they were put.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// All but those in the archive.
    #[default]
    Unarchived,
    /// Those in the archive.
    Archived,
    /// All of them.
    Anywhere,
}

/// Which conversations a list holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// By where they were put.
    pub place: Place,
    /// Only those that are pinned.
    pub only_pinned: bool,
    /// Only those that have all of these tags, case apart.
    pub tags: Vec<String>,
}

/// A change of a conversation's place in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShelfChange {
    /// Keep it at the top.
    Pin,
    /// Let it go with its date.
    Unpin,
    /// Take it out of the list.
    Archive,
    /// Put it back.
    Unarchive,
    /// Add a tag.
    Tag(String),
    /// Take a tag away, case apart.
    Untag(String),
}

impl Filter {
    /// Whether a conversation is in the list.
    pub fn holds(&self, shelf: &Shelf) -> bool {
        let placed = match self.place {
            Place::Unarchived => !shelf.archived,
            Place::Archived => shelf.archived,
            Place::Anywhere => true,
        };
        let tagged = |wanted: &String| shelf.tags.iter().any(|tag| is_same(tag, wanted));
        placed && (shelf.pinned || !self.only_pinned) && self.tags.iter().all(tagged)
    }
}

fn is_same(tag: &str, other: &str) -> bool {
    tag.to_lowercase() == other.to_lowercase()
}

impl Store {
    /// All conversations, the archive's too: the pinned ones first, each part with the last changed first.
    pub fn list(&self, limit: Option<usize>) -> Result<Vec<Summary>, StoreError> {
        self.list_by(&Filter { place: Place::Anywhere, ..Filter::default() }, limit)
    }

    /// Conversations, in the same order.
    pub fn list_by(&self, filter: &Filter, limit: Option<usize>) -> Result<Vec<Summary>, StoreError> {
        let mut tags = self.tags_by_conversation()?;
        let mut statement = self.db.prepare_cached(
            "SELECT id, title, created, updated, messages, parents, priced, cost, pinned, archived, seq \
             FROM conversations WHERE trash IS NULL ORDER BY pinned IS NULL, updated DESC, id DESC",
        )?;
        let summaries = statement.query_map([], |row| {
            let (messages, parents) = (rows::count(row, 4)?, rows::count(row, 5)?);
            let priced = rows::count(row, 6)?;
            Ok(Summary {
                id: rows::conversation_id(row, 0)?,
                title: row.get(1)?,
                created: rows::time(row, 2)?,
                updated: rows::time(row, 3)?,
                messages,
                // Who has a child is no leaf.
                branches: messages.saturating_sub(parents),
                cost_eur: if priced > 0 { Some(Money::from_nanos(row.get(7)?)) } else { None },
                shelf: Shelf {
                    pinned: row.get::<_, Option<i64>>(8)?.is_some(),
                    archived: row.get::<_, Option<i64>>(9)?.is_some(),
                    tags: tags.remove(&row.get(10)?).unwrap_or_default(),
                },
            })
        })?;
        summaries
            .filter(|summary| summary.as_ref().map_or(true, |summary| filter.holds(&summary.shelf)))
            .take(limit.unwrap_or(usize::MAX))
            .map(|summary| Ok(summary?))
            .collect()
    }

    /// Every tag and how many conversations have it, in the order of the alphabet.
    pub fn tags(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let mut statement = self.db.prepare_cached(
            "SELECT t.tag, count(*) FROM tags t JOIN conversations c ON c.seq = t.conversation \
             WHERE c.trash IS NULL GROUP BY t.tag ORDER BY t.tag COLLATE NOCASE, t.tag",
        )?;
        let tags = statement.query_map([], |row| Ok((row.get(0)?, rows::count(row, 1)?)))?;
        Ok(tags.collect::<Result<_, _>>()?)
    }

    /// Changes where a conversation stands in the list. When it changed last stays.
    pub fn change_shelf(
        &mut self,
        conversation: ConversationId,
        change: &ShelfChange,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.commit(|db| {
            let seq = rows::conversation_seq(db, conversation)?;
            let set = |sql: &str, time: Option<i64>| -> Result<(), StoreError> {
                db.prepare_cached(sql)?.execute(params![seq, time])?;
                Ok(())
            };
            let (pinned, archived) = (
                "UPDATE conversations SET pinned = ?2 WHERE seq = ?1",
                "UPDATE conversations SET archived = ?2 WHERE seq = ?1",
            );
            match change {
                ShelfChange::Pin => set(pinned, Some(rows::nanos(now))),
                ShelfChange::Unpin => set(pinned, None),
                ShelfChange::Archive => set(archived, Some(rows::nanos(now))),
                ShelfChange::Unarchive => set(archived, None),
                ShelfChange::Tag(typed) => {
                    let (Some(tag), present) = (shelf::tag(typed), tags_of(db, seq)?) else { return Ok(()) };
                    if present.iter().any(|other| is_same(other, &tag)) {
                        return Ok(());
                    }
                    put_tag(db, seq, &tag)
                }
                ShelfChange::Untag(typed) => {
                    let wanted = shelf::tag(typed).unwrap_or_default();
                    for tag in tags_of(db, seq)?.iter().filter(|tag| is_same(tag, &wanted)) {
                        db.prepare_cached("DELETE FROM tags WHERE conversation = ?1 AND tag = ?2")?
                            .execute(params![seq, tag])?;
                    }
                    Ok(())
                }
            }
        })
    }

    fn tags_by_conversation(&self) -> Result<HashMap<i64, Vec<String>>, StoreError> {
        let mut statement = self
            .db
            .prepare_cached("SELECT conversation, tag FROM tags ORDER BY conversation, tag COLLATE NOCASE")?;
        let mut rows = statement.query([])?;
        let mut tags: HashMap<i64, Vec<String>> = HashMap::new();
        while let Some(row) = rows.next()? {
            tags.entry(row.get(0)?).or_default().push(row.get(1)?);
        }
        Ok(tags)
    }
}

/// Where a conversation stands.
pub(super) fn of(db: &rusqlite::Connection, conversation: i64) -> Result<Shelf, StoreError> {
    let mut shelf = db
        .prepare_cached("SELECT pinned IS NOT NULL, archived IS NOT NULL FROM conversations WHERE seq = ?1")?
        .query_row([conversation], |row| {
            Ok(Shelf { pinned: row.get(0)?, archived: row.get(1)?, tags: Vec::new() })
        })?;
    shelf.tags = tags_of(db, conversation)?;
    Ok(shelf)
}

/// Puts a new conversation where it stands, as of a time.
pub(super) fn put(
    db: &rusqlite::Connection,
    conversation: i64,
    shelf: &Shelf,
    time: Timestamp,
) -> Result<(), StoreError> {
    let since = |is: bool| is.then(|| rows::nanos(time));
    db.prepare_cached("UPDATE conversations SET pinned = ?2, archived = ?3 WHERE seq = ?1")?
        .execute(params![conversation, since(shelf.pinned), since(shelf.archived)])?;
    let tags = shelf.tags.iter().filter_map(|tag| shelf::tag(tag));
    tags.into_iter().try_for_each(|tag| put_tag(db, conversation, &tag))
}

fn tags_of(db: &rusqlite::Connection, conversation: i64) -> Result<Vec<String>, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT tag FROM tags WHERE conversation = ?1 ORDER BY tag COLLATE NOCASE")?;
    let tags = statement.query_map([conversation], |row| row.get(0))?;
    Ok(tags.collect::<Result<_, _>>()?)
}

fn put_tag(db: &rusqlite::Connection, conversation: i64, tag: &str) -> Result<(), StoreError> {
    db.prepare_cached("INSERT OR IGNORE INTO tags (conversation, tag) VALUES (?1, ?2)")?
        .execute(params![conversation, tag])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{stored, time};
    use super::*;

    fn titles(store: &Store, filter: &Filter) -> Vec<u128> {
        store.list_by(filter, None).unwrap().iter().map(|summary| summary.id.0.as_u128()).collect()
    }

    #[test]
    fn pinned_ones_come_first_archived_ones_apart_and_tags_narrow() {
        let mut store = Store::in_memory().unwrap();
        let ids: Vec<ConversationId> =
            (1..=4u128).map(|n| stored(&mut store, n, &[(n * 10, None)]).id).collect();
        let changes = [
            (0, ShelfChange::Pin),
            (1, ShelfChange::Archive),
            (2, ShelfChange::Tag("#Work ".into())),
            (2, ShelfChange::Tag("work".into())),
            (2, ShelfChange::Tag("äpfel".into())),
            (0, ShelfChange::Tag("work".into())),
            (3, ShelfChange::Tag("gone".into())),
            (3, ShelfChange::Untag("GONE".into())),
        ];
        for (which, change) in &changes {
            store.change_shelf(ids[*which], change, time(99)).unwrap();
        }
        assert_eq!(titles(&store, &Filter::default()), [1, 4, 3]);
        assert_eq!(titles(&store, &Filter { place: Place::Archived, ..Filter::default() }), [2]);
        assert_eq!(titles(&store, &Filter { place: Place::Anywhere, ..Filter::default() }), [1, 4, 3, 2]);
        assert_eq!(titles(&store, &Filter { only_pinned: true, ..Filter::default() }), [1]);
        let tagged = |tags: &[&str]| Filter {
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            ..Filter::default()
        };
        assert_eq!(titles(&store, &tagged(&["WORK"])), [1, 3]);
        assert_eq!(titles(&store, &tagged(&["work", "Äpfel"])), [3]);
        let listed = &store.list(None).unwrap()[2];
        let shelf = Shelf { tags: vec!["Work".into(), "äpfel".into()], ..Shelf::default() };
        assert_eq!((&listed.shelf, listed.updated), (&shelf, time(30)));
        assert_eq!(store.tags().unwrap(), [("Work".into(), 1), ("work".into(), 1), ("äpfel".into(), 1)]);
        for (id, change) in [(ids[0], ShelfChange::Unpin), (ids[1], ShelfChange::Unarchive)] {
            store.change_shelf(id, &change, time(99)).unwrap();
        }
        assert_eq!(titles(&store, &Filter::default()), [4, 3, 2, 1]);
    }
}
