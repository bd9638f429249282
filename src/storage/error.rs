//! Why the database could not do what was asked, and what to tell the person.

use std::path::PathBuf;

use uuid::Uuid;

use crate::chat::{ErrorKind, Failure};
use crate::t;
use crate::text::{Safe, sanitise_line};

/// Why the database could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite refused.
    #[error("{0}")]
    Sqlite(#[from] rusqlite::Error),
    /// SQLite could not open the file.
    #[error("{path}: {source}")]
    Unopened {
        /// Which.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// The file or its folder could not be used.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
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
    /// A conversation or message with this id is there already, perhaps in the trash.
    #[error("{0}")]
    Taken(String),
    /// There is no conversation yet.
    #[error("no conversation")]
    Empty,
    /// Several have this prefix.
    #[error("{prefix}: {count}")]
    Ambiguous {
        /// As typed.
        prefix: String,
        /// How many match.
        count: usize,
        /// Some of them, in order.
        candidates: Vec<Uuid>,
    },
    /// The database could not be opened, for a reason that was explained like this.
    #[error("{0}")]
    Shut(Safe),
    /// The storage thread is gone.
    #[error("storage thread ended")]
    Gone,
}

impl StoreError {
    /// The kind of failure it is to a turn or a command.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound(_) | Self::Empty | Self::Ambiguous { .. } => ErrorKind::NotFound,
            Self::Sqlite(_)
            | Self::Unopened { .. }
            | Self::File { .. }
            | Self::Newer { .. }
            | Self::Taken(_)
            | Self::Shut(_)
            | Self::Gone => ErrorKind::Internal,
        }
    }

    /// What went wrong, and what to do next.
    pub fn explain(&self) -> Safe {
        match self {
            Self::Sqlite(error) => t!("store-error-sqlite", error = with_code(error)),
            Self::Unopened { path, source } => {
                t!("store-error-unopened", path = path.display().to_string(), error = with_code(source))
            }
            Self::File { path, source } => {
                t!("store-error-file", path = path.display().to_string(), error = source.to_string())
            }
            Self::Newer { found, known } => t!("store-error-newer", found = *found, known = *known),
            Self::NotFound(id) => t!("store-error-not-found", id = sanitise_line(id)),
            Self::Taken(id) => t!("store-error-taken", id = sanitise_line(id)),
            Self::Empty => t!("store-error-empty"),
            Self::Ambiguous { prefix, count, candidates } => {
                let candidates: Vec<String> = candidates.iter().map(|id| format!("  {id}")).collect();
                t!(
                    "store-error-ambiguous",
                    prefix = sanitise_line(prefix),
                    count = *count,
                    candidates = candidates.join("\n")
                )
            }
            Self::Shut(reason) => reason.clone(),
            Self::Gone => t!("store-error-gone"),
        }
    }
}

/// SQLite's words, and its number for who looks it up.
fn with_code(error: &rusqlite::Error) -> String {
    match error.sqlite_error() {
        Some(code) => {
            t!("store-sqlite-code", error = error.to_string(), code = code.extended_code).into_string()
        }
        None => error.to_string(),
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::new(error.kind(), error.explain().into_string())
    }
}
