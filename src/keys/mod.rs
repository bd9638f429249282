//! Credentials: resolve, store, fingerprint, redact.
//!
//! A secret lives in [`Secret`], which does not print, compare or serialise and is wiped when dropped.
//! Nothing here runs before somebody needs a key: a keyring may ask a desktop that nobody sees.

use jiff::Timestamp;

use crate::chat::{EndpointName, Failure, KeyLabel};
use crate::config::{Config, Endpoint, Paths};

pub mod secret;

pub use secret::{Fingerprint, Secret, redact};

/// Where a person's keys are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyStore {
    /// The operating system's keyring.
    Keyring,
    /// A file only the person can read, in the data folder.
    File,
}

/// Where a key in use came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyOrigin {
    /// A person stored it.
    Stored(KeyStore),
    /// `keyCommand` printed it.
    Command,
    /// The configuration, through an environment variable.
    Environment,
    /// The configuration, literally.
    Literal,
    /// The endpoint needs none.
    NotNeeded,
}

/// A key ready for use.
#[derive(Clone, Debug)]
pub struct Credential {
    /// Its label.
    pub label: KeyLabel,
    /// The secret; `None` where the endpoint needs none.
    pub secret: Option<Secret>,
    /// The base URL in effect, expanded; the person's own where the endpoint asks for it.
    pub base_url: String,
    /// Whether the base URL is the person's own: then configured headers are not sent.
    pub own_base_url: bool,
    /// Where the key came from.
    pub origin: KeyOrigin,
}

/// What is known of an endpoint's key without unlocking anything: quick enough to ask for every endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// There is one (or none is needed).
    Ready(KeyOrigin),
    /// It has to be asked for.
    Missing,
    /// The variable it comes from is not set.
    Unset(String),
    /// It was stored with an expiry that has passed.
    Expired(Timestamp),
}

/// A stored key, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredKey {
    /// Endpoint it is for.
    pub endpoint: EndpointName,
    /// Its label.
    pub label: KeyLabel,
    /// Where it is kept.
    pub store: KeyStore,
    /// When it was stored.
    pub stored: Timestamp,
    /// When it stops being used.
    pub expires: Option<Timestamp>,
}

/// A person's keys. Opening reads nothing; methods that may block on a keyring say so.
#[derive(Clone, Debug)]
pub struct Keys {
    paths: Paths,
}

impl Keys {
    /// The keys kept below `paths`.
    pub fn new(paths: Paths) -> Self {
        Self { paths }
    }

    /// The labels an endpoint has: configured ones in order, then stored ones.
    pub fn labels(&self, endpoint: &Endpoint) -> Vec<KeyLabel> {
        let _ = (endpoint, &self.paths);
        todo!()
    }

    /// What is known of a key without unlocking anything. Reads the key index; never a keyring.
    pub fn state(&self, config: &Config, endpoint: &Endpoint, label: &KeyLabel, now: Timestamp) -> KeyState {
        let _ = (config, endpoint, label, now);
        todo!()
    }

    /// The key to use. **Blocks** on a keyring or `keyCommand` where the key comes from one.
    ///
    /// # Errors
    /// `auth` where it is missing, expired or out of reach, `config` where a variable is not set,
    /// `not_found` where the endpoint has no key of this label.
    pub fn resolve(
        &self,
        config: &Config,
        endpoint: &Endpoint,
        label: &KeyLabel,
        now: Timestamp,
    ) -> Result<Credential, Failure> {
        let _ = (config, endpoint, label, now);
        todo!()
    }

    /// Stores a key (and the person's own base URL, where the endpoint asks for one). **Blocks.** With no
    /// store named, the keyring is tried and the file is the fallback. Returns where it went.
    ///
    /// # Errors
    /// `internal` where neither store takes it, or the named one does not.
    pub fn set(&self, key: NewKey, store: Option<KeyStore>, now: Timestamp) -> Result<KeyStore, Failure> {
        let _ = (key, store, now);
        todo!()
    }

    /// Forgets a stored key. **Blocks.** `false` where there was none.
    ///
    /// # Errors
    /// `internal` where the store refuses.
    pub fn remove(&self, endpoint: &EndpointName, label: &KeyLabel) -> Result<bool, Failure> {
        let _ = (endpoint, label);
        todo!()
    }

    /// Every stored key. Reads the key index; never a keyring.
    ///
    /// # Errors
    /// `internal` where the index cannot be read.
    pub fn list(&self) -> Result<Vec<StoredKey>, Failure> {
        todo!()
    }
}

/// A key to be stored.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// Endpoint it is for.
    pub endpoint: EndpointName,
    /// Its label.
    pub label: KeyLabel,
    /// The secret.
    pub secret: Secret,
    /// The person's own base URL.
    pub base_url: Option<String>,
    /// When it stops being used; `None` is never.
    pub expires: Option<Timestamp>,
}
