//! Model lists on disk: one file for each (base URL, key), readable by nobody else, replaced whole.

use std::fs;
use std::io;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ModelInfo;
use crate::config::{Paths, private};
use crate::keys::{Credential, Fingerprint};

/// A list as it is kept.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// When it was fetched.
    pub fetched: Timestamp,
    /// As it was fetched: filters apply when it is read, so that changing them needs no fetch.
    pub models: Vec<ModelInfo>,
}

fn file(paths: &Paths, credential: &Credential) -> PathBuf {
    let Fingerprint(name) = Fingerprint::of(&credential.base_url, credential.secret.as_ref());
    paths.cache.join("models").join(format!("{name}.json"))
}

/// The kept list of a key; `None` where there is none, or none that can be read.
pub fn read(paths: &Paths, credential: &Credential) -> Option<Kept> {
    serde_json::from_slice(&fs::read(file(paths, credential)).ok()?).ok()
}

/// Keeps a list.
///
/// # Errors
/// The file system's. The list is a cache: whoever calls may go on without it.
pub fn write(paths: &Paths, credential: &Credential, kept: &Kept) -> io::Result<()> {
    let target = file(paths, credential);
    let json = serde_json::to_vec(kept)?;
    if let Some(folder) = target.parent() {
        private::create_folder(folder)?;
    }
    private::write_cache(&target, &json)
}

/// Forgets the list of a key.
pub fn forget(paths: &Paths, credential: &Credential) {
    // A list that was never kept needs no forgetting.
    let _ = fs::remove_file(file(paths, credential));
}
