//! SQLite: conversations, chunks of live answers, search, drafts, trash; migrations.
//!
//! [`Store`] is the database, synchronous and plain. [`Storage`] owns one on a thread of its own and takes
//! jobs in order, so that neither the app nor a turn ever waits for a disk, and writes keep their order.

use jiff::Timestamp;
use std::path::Path;

use crate::chat::{
    Answer, Conversation, ConversationId, Message, MessageId, Money, Role, Settings, Status, StreamEvent,
};

pub mod choices;

/// Why the database could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite refused.
    #[error("{0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The file or its folder could not be used.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A newer release wrote the database; it was not touched.
    #[error("database version {found}, this build knows {known}")]
    Newer {
        /// Version of the file.
        found: u32,
        /// Newest version this build knows.
        known: u32,
    },
    /// No conversation or message has this id or prefix.
    #[error("{0}")]
    NotFound(String),
    /// Several have this prefix.
    #[error("{prefix}: {count}")]
    Ambiguous {
        /// As typed.
        prefix: String,
        /// How many match.
        count: usize,
    },
    /// The storage thread is gone.
    #[error("storage thread ended")]
    Gone,
}

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
    /// The words around the match, on one line. Untrusted text.
    pub snippet: String,
    /// The conversation's title. Untrusted text.
    pub title: String,
}

/// Something in the trash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trashed {
    /// Id to restore it by.
    pub id: uuid::Uuid,
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

/// The database.
pub struct Store {}

#[expect(unused_variables, reason = "the seam before the room behind it")]
impl Store {
    /// Opens, migrates, and turns answers whose process is gone into `cut` (folding their chunks).
    pub fn open(path: &Path, now: Timestamp) -> Result<Self, StoreError> {
        todo!()
    }
    /// A database that is gone when dropped: for tests and for a process that must not leave anything.
    pub fn in_memory() -> Result<Self, StoreError> {
        todo!()
    }

    /// Adds a conversation without messages.
    pub fn create(&mut self, conversation: &Conversation) -> Result<(), StoreError> {
        todo!()
    }
    /// Conversations, last changed first.
    pub fn list(&self, limit: Option<usize>) -> Result<Vec<Summary>, StoreError> {
        todo!()
    }
    /// The conversation changed last.
    pub fn latest(&self) -> Result<Option<ConversationId>, StoreError> {
        todo!()
    }
    /// A conversation by id or unique prefix.
    pub fn find_conversation(&self, prefix: &str) -> Result<ConversationId, StoreError> {
        todo!()
    }
    /// A message by id or unique prefix, and its conversation.
    pub fn find_message(&self, prefix: &str) -> Result<(ConversationId, MessageId), StoreError> {
        todo!()
    }
    /// A whole conversation.
    pub fn load(&self, id: ConversationId) -> Result<Conversation, StoreError> {
        todo!()
    }
    /// A conversation with only the last `messages` of its chosen branch: the first screen, before `load`.
    pub fn load_tail(&self, id: ConversationId, messages: usize) -> Result<Conversation, StoreError> {
        todo!()
    }

    /// Adds a whole message, makes it the chosen one, and returns when it is on disk (synchronous FULL).
    pub fn add_message(&mut self, conversation: ConversationId, message: &Message) -> Result<(), StoreError> {
        todo!()
    }
    /// Adds a conversation (where `create` is given), a user message (where given) and the empty, streaming
    /// answer to it in one transaction, on disk when it returns. The answer replaces a dead leaf at the same
    /// parent (`Message::is_dead_leaf`), which goes to the trash. This process is noted as its writer.
    pub fn begin_turn(
        &mut self,
        id: ConversationId,
        create: Option<&Conversation>,
        user: Option<&Message>,
        answer: &Message,
    ) -> Result<(), StoreError> {
        todo!()
    }
    /// Appends what came since the last chunk; small, never rewrites a row.
    pub fn append_chunk(&mut self, message: MessageId, events: &[StreamEvent]) -> Result<(), StoreError> {
        todo!()
    }
    /// Stores the answer as it ended, drops its chunks, indexes it, all in one transaction.
    pub fn end_answer(&mut self, conversation: ConversationId, answer: &Message) -> Result<(), StoreError> {
        todo!()
    }
    /// What the chunks of a live answer say so far (of this or another process).
    pub fn live_answer(&self, message: MessageId) -> Result<Answer, StoreError> {
        todo!()
    }

    /// Stores the sibling chosen at each parent.
    pub fn choose(
        &mut self,
        conversation: ConversationId,
        choices: &[(Option<MessageId>, MessageId)],
    ) -> Result<(), StoreError> {
        todo!()
    }
    /// Renames a conversation.
    pub fn rename(
        &mut self,
        conversation: ConversationId,
        title: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        todo!()
    }
    /// Stores a conversation's settings.
    pub fn set_settings(
        &mut self,
        conversation: ConversationId,
        settings: &Settings,
    ) -> Result<(), StoreError> {
        todo!()
    }
    /// Draft of a conversation; of a new one for `None`.
    pub fn draft(&self, conversation: Option<ConversationId>) -> Result<String, StoreError> {
        todo!()
    }
    /// Stores a draft; an empty one is removed.
    pub fn set_draft(&mut self, conversation: Option<ConversationId>, text: &str) -> Result<(), StoreError> {
        todo!()
    }

    /// Puts a conversation, or a message with all below it, in the trash. Returns the id to restore it by.
    pub fn trash(
        &mut self,
        conversation: ConversationId,
        message: Option<MessageId>,
        now: Timestamp,
    ) -> Result<uuid::Uuid, StoreError> {
        todo!()
    }
    /// What is in the trash, newest first.
    pub fn trashed(&self) -> Result<Vec<Trashed>, StoreError> {
        todo!()
    }
    /// Puts it back where it was (an id or a unique prefix).
    pub fn restore(&mut self, prefix: &str) -> Result<Trashed, StoreError> {
        todo!()
    }
    /// Removes everything in the trash for good. Returns how many things it held.
    pub fn empty_trash(&mut self) -> Result<u64, StoreError> {
        todo!()
    }

    /// Messages that hold these words and "phrases", on any branch, best first; CJK too.
    pub fn search(&self, words: &str, limit: usize) -> Result<Vec<Hit>, StoreError> {
        todo!()
    }
    /// A consistent copy of the whole database in a new file.
    pub fn backup(&self, to: &Path) -> Result<(), StoreError> {
        todo!()
    }
}

/// A [`Store`] on a thread of its own. Cheap to clone; the thread ends with the last clone, after its jobs.
#[derive(Clone)]
pub struct Storage {}

#[expect(unused_variables, reason = "the seam before the room behind it")]
impl Storage {
    /// Starts the thread, which opens the database at once; jobs wait for it. `opened` is called on that
    /// thread with how the opening went.
    pub fn start(
        open: impl FnOnce() -> Result<Store, StoreError> + Send + 'static,
        opened: impl FnOnce(Result<(), StoreError>) + Send + 'static,
    ) -> Self {
        todo!()
    }
    /// Runs a job after those before it, and gives its result.
    pub async fn call<R: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Store) -> Result<R, StoreError> + Send + 'static,
    ) -> Result<R, StoreError> {
        todo!()
    }
    /// Queues a job whose result nobody waits for; a failure goes to the log file.
    pub fn post(&self, job: impl FnOnce(&mut Store) -> Result<(), StoreError> + Send + 'static) {
        todo!()
    }
    /// Waits, blocking, until every job queued so far is done.
    pub fn flush(&self) {
        todo!()
    }
}

/// The status a stored answer can have, by its name in the database.
pub fn status_from_name(name: &str) -> Option<Status> {
    [Status::Complete, Status::Streaming, Status::Cut, Status::Cancelled, Status::Failed]
        .into_iter()
        .find(|status| status.name() == name)
}
