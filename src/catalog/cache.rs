//! Model lists on disk: one file for each (base URL, key), readable by nobody else, replaced whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ModelInfo;
use crate::config::Paths;
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
        make_private(folder)?;
    }
    let beside = target.with_extension(format!("{}.{:08x}.tmp", std::process::id(), fastrand::u32(..)));
    let written = create_private(&beside)
        .and_then(|mut file| file.write_all(&json))
        .and_then(|()| fs::rename(&beside, &target));
    if written.is_err() {
        // What is left of a failed write is of no use; that it cannot be removed changes nothing.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Forgets the list of a key.
pub fn forget(paths: &Paths, credential: &Credential) {
    // A list that was never kept needs no forgetting.
    let _ = fs::remove_file(file(paths, credential));
}

fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
