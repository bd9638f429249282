//! The key index: which keys a person stored, where, and for the file store the secrets themselves.
//!
//! One small JSON file, `keys.json` in the data folder. It is changed under a lock and replaced whole, so
//! that two processes that store keys at once both keep theirs.

use std::fs::{self, File};
use std::io::{self, ErrorKind as IoError};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use super::{KeyStore, Secret};
use crate::chat::{EndpointName, ErrorKind, Failure, KeyLabel};
use crate::config::{Paths, private};
use crate::t;

/// The form of the file; a later form is refused.
const VERSION: u32 = 1;

/// A stored key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    pub endpoint: EndpointName,
    pub label: KeyLabel,
    pub store: KeyStore,
    pub stored: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Only in the file store.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "write",
        deserialize_with = "read"
    )]
    pub secret: Option<Secret>,
}

impl Entry {
    /// Whether this is the key of an endpoint and label.
    pub fn is(&self, endpoint: &EndpointName, label: &KeyLabel) -> bool {
        self.endpoint == *endpoint && self.label == *label
    }
}

/// The one place where a secret is written: the 0600 file.
#[expect(clippy::ref_option, reason = "the signature that serde calls")]
fn write<S: Serializer>(secret: &Option<Secret>, serializer: S) -> Result<S::Ok, S::Error> {
    secret.as_ref().map(Secret::expose).serialize(serializer)
}

fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.map(Secret::new))
}

#[derive(Serialize, Deserialize)]
struct Index {
    v: u32,
    keys: Vec<Entry>,
}

fn file(paths: &Paths) -> PathBuf {
    paths.data.join("keys.json")
}

/// Every stored key.
pub(super) fn load(paths: &Paths) -> Result<Vec<Entry>, Failure> {
    let path = file(paths);
    let text = match fs::read_to_string(&path) {
        Ok(text) => Zeroizing::new(text),
        // Where the data folder cannot be, no key was ever stored.
        Err(error) if matches!(error.kind(), IoError::NotFound | IoError::NotADirectory) => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(unreadable(&path, &error.to_string())),
    };
    if private::is_exposed(&path).map_err(|error| unreadable(&path, &error.to_string()))? {
        let shown = path.to_string_lossy();
        let message = t!("keys-index-exposed", file = shown.as_ref()).into_string();
        let step = t!("keys-index-exposed-step", file = shown.as_ref()).into_string();
        return Err(Failure::new(ErrorKind::Config, message).with_next_step(step));
    }
    // The parser's message may repeat what stands in the file, so only the place is told.
    let index: Index = serde_json::from_str(&text).map_err(|error| {
        let place = format!("{}:{}", error.line(), error.column());
        unreadable(&path, &t!("keys-index-form", place = place.as_str()))
    })?;
    if index.v > VERSION {
        return Err(unreadable(&path, &t!("keys-index-newer")));
    }
    Ok(index.keys)
}

/// Changes the stored keys, alone among all processes.
pub(super) fn change<T>(paths: &Paths, edit: impl FnOnce(&mut Vec<Entry>) -> T) -> Result<T, Failure> {
    let path = file(paths);
    let _lock = lock(paths).map_err(|error| unwritable(&path, &error))?;
    let mut keys = load(paths)?;
    let edited = edit(&mut keys);
    let index = Index { v: VERSION, keys };
    let json = serde_json::to_vec_pretty(&index)
        .map(Zeroizing::new)
        .map_err(|error| unwritable(&path, &io::Error::from(error)))?;
    private::write(&path, &json).map_err(|error| unwritable(&path, &error))?;
    Ok(edited)
}

/// A lock that is held until it is dropped. Where the file system has none, changes go on without it.
fn lock(paths: &Paths) -> io::Result<File> {
    private::create_folder(&paths.data)?;
    let file =
        private::options().write(true).create(true).truncate(false).open(paths.data.join("keys.lock"))?;
    match file.lock() {
        Err(error) if error.kind() != IoError::Unsupported => Err(error),
        Ok(()) | Err(_) => Ok(file),
    }
}

fn unreadable(path: &Path, reason: &str) -> Failure {
    let file = path.to_string_lossy();
    Failure::new(
        ErrorKind::Internal,
        t!("keys-index-unreadable", file = file.as_ref(), reason = reason).into_string(),
    )
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let file = path.to_string_lossy();
    Failure::new(
        ErrorKind::Internal,
        t!("keys-index-unwritable", file = file.as_ref(), reason = error.to_string()).into_string(),
    )
}
