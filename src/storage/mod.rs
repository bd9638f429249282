//! SQLite: conversations, chunks of live answers, search, drafts, trash; migrations.
//!
//! [`Store`] is the database, synchronous and plain. [`Storage`] owns one on a thread of its own and takes
//! jobs in order, so that neither the app nor a turn ever waits for a disk, and writes keep their order.

//!
//! | file | subject |
//! |---|---|
//! | [`open`] | file modes, journal, migrations, how hard a commit tries |
//! | `conversations` | made, loaded, chosen in, named |
//! | `drafts` | what is being written, by conversation and by place |
//! | [`import`] | what an import finds in its place |
//! | `shelf` | the list, and where conversations were put in it |
//! | `notes` | marks, places among siblings, what branches leave out, revisions |
//! | [`import`] | whole conversations at once |
//! | `turns` | messages as a turn makes them, live answers, what a crash leaves |
//! | `live` | which processes write answers now |
//! | `chunk` | the text of a piece of a live answer |
//! | `trash` | put away, put back |
//! | `erase` | removed for good, from the file too |
//! | `search`, `words`, `snippet` | full-text search, what its index holds, what of a message is shown |
//! | `searcher` | [`Searcher`]: searches that give way to newer ones |
//! | `find` | ids by their beginnings |
//! | `rows` | messages as rows |
//! | `actor` | [`Storage`] |
//! | [`choices`] | last choices, in a file beside the database |
//! | [`history`] | prompt history, in another |
//! | [`session`] | the panes as they were left, in a third |
//! | [`presets`] | a person's own presets, in a fourth |

use std::ops::Range;
use std::path::PathBuf;
use std::time::Instant;

use jiff::Timestamp;
use uuid::Uuid;

use crate::chat::{ConversationId, Message, MessageId, ModelId, Money, Role, Shelf, Status, Usage};

mod actor;
pub mod choices;
mod chunk;
mod conversations;
mod drafts;
mod erase;
pub mod error;
mod find;
pub mod history;
pub mod import;
mod live;
mod notes;
pub mod open;
pub mod presets;
mod rows;
mod search;
mod searcher;
pub mod session;
pub mod sets;
mod shelf;
mod snippet;
#[cfg(test)]
mod tests;
mod trash;
pub mod trials;
mod turns;
mod words;

pub use actor::Storage;
pub use drafts::DraftPlace;
pub use erase::{Emptied, Remains};
pub use error::StoreError;
pub use open::Journal;
pub use search::Order;
pub use searcher::Searcher;
pub use shelf::{Filter, Place, ShelfChange};

/// A conversation as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Id.
    pub id: ConversationId,
    /// Title. Untrusted text.
    pub title: String,
    /// Made.
    pub created: Timestamp,
    /// Last changed.
    pub updated: Timestamp,
    /// Messages.
    pub messages: u64,
    /// Branches.
    pub branches: u64,
    /// Sum of the known prices.
    pub cost_eur: Option<Money>,
    /// Where it was put.
    pub shelf: Shelf,
}

/// A message that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Conversation it is in.
    pub conversation: ConversationId,
    /// The message.
    pub message: MessageId,
    /// Who said it.
    pub role: Role,
    /// The model that answered.
    pub model: Option<ModelId>,
    /// The words around the match, on one line. Untrusted text.
    pub snippet: String,
    /// Where in `snippet` the matches are, as bytes, in order. None where only the title matches.
    pub matches: Vec<Range<usize>>,
    /// The conversation's title. Untrusted text.
    pub title: String,
}

/// Something in the trash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trashed {
    /// Id to restore it by.
    pub id: Uuid,
    /// The conversation it is, or is a part of.
    pub conversation: ConversationId,
    /// The first message, where it is a part of a conversation.
    pub message: Option<MessageId>,
    /// The title, or the first words. Untrusted text.
    pub title: String,
    /// How many messages it holds.
    pub messages: u64,
    /// When it was put there.
    pub deleted: Timestamp,
}

/// What a turn begins with, besides its messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begun<'a> {
    /// When.
    pub at: Timestamp,
    /// What it is for, in the words of whoever runs it.
    pub purpose: &'a str,
    /// Where the answer stands among those to the same question.
    pub standing: Standing,
}

/// Where an answer stands among those to the same question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// It is the way on, and takes the place of a dead leaf.
    #[default]
    Chosen,
    /// It stands beside the others: what is chosen stays chosen, and what failed stays where it is.
    Beside,
}

/// An answer whose process went away before its end.
#[derive(Clone, Debug, PartialEq)]
pub struct LeftBehind {
    /// The conversation it is in.
    pub conversation: ConversationId,
    /// The answer, as far as it was written down; its status is `cut`.
    pub answer: Message,
    /// When its turn began.
    pub began: Timestamp,
    /// When something of it was written down last.
    pub said: Option<Timestamp>,
    /// The turn's [`Begun::purpose`]; unknown in databases that older releases wrote.
    pub purpose: Option<String>,
    /// Tokens that this turn told of.
    pub usage: Usage,
    /// The model that this turn was told it got.
    pub model_served: Option<ModelId>,
}

/// The database.
pub struct Store {
    db: rusqlite::Connection,
    journal: Journal,
    /// Where writers keep their locks; none for a database in memory.
    live: Option<PathBuf>,
    /// This process as a writer, while it writes answers.
    writer: Option<live::Writer>,
    /// How hard a commit tries to be on disk, as the connection is set now.
    effort: open::Effort,
    /// When a commit last reached the disk.
    synced: Option<Instant>,
}

/// The status a stored answer can have, by its name in the database.
pub fn status_from_name(name: &str) -> Option<Status> {
    [Status::Complete, Status::Streaming, Status::Cut, Status::Cancelled, Status::Failed]
        .into_iter()
        .find(|status| status.name() == name)
}
