//! Which processes are writing answers now.
//!
//! A writer is a lock file `live/<token>` beside the database, held for as long as it writes. The system
//! lets go of the lock however the process ends, `kill -9` included, and no number of another process can
//! be mistaken for it, as a process id could.

use std::collections::HashSet;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use crate::chat::MessageId;
use crate::config::private;

/// This process, while it writes answers.
pub(super) struct Writer {
    /// Its name in the database.
    pub token: Uuid,
    /// What it writes now.
    pub answers: HashSet<MessageId>,
    path: PathBuf,
    // Held, not read: closing it is what lets go of the lock.
    _lock: File,
}

impl Writer {
    /// Takes a lock of its own in `folder`. Where the file system has no locks it goes on without; its
    /// answers then look left behind to another process that opens the database meanwhile.
    pub fn start(folder: &Path) -> io::Result<Self> {
        private::create_folder(folder)?;
        let token = Uuid::now_v7();
        let path = folder.join(token.simple().to_string());
        let lock = private::create(&path)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(error) => return Err(error.into()),
        }
        Ok(Self { token, answers: HashSet::new(), path, _lock: lock })
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // A leftover file is not locked, and so tells the same as no file.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Whether the writer with this token is still there.
pub(super) fn is_alive(folder: &Path, token: Uuid) -> bool {
    File::open(folder.join(token.simple().to_string()))
        .is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

/// Removes what a writer that is gone left.
pub(super) fn clear(folder: &Path, token: Uuid) {
    let _ = std::fs::remove_file(folder.join(token.simple().to_string()));
}
