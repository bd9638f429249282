//! Credentials: resolve, store, fingerprint, redact.
//!
//! A secret lives in [`Secret`], which does not print, compare or serialise and is wiped when dropped.
//! Nothing here runs before somebody needs a key: a keyring may ask a desktop that nobody sees.
//!
//! | file | subject |
//! |---|---|
//! | [`secret`] | the type a secret lives in, its fingerprint, the redactor |
//! | [`expiry`](mod@expiry) | how long a stored key is used |
//! | `index` | which keys are stored, where; the 0600 file |
//! | [`ring`] | the operating system's keyring |
//! | `command` | programs that print a key |
//! | [`aws`] | where AWS's keys and regions are |

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::chat::{EndpointName, ErrorKind, Failure, KeyLabel};
use crate::config::{Config, Endpoint, KeySource, Paths, Template, USER_PROVIDED};
use crate::t;

pub mod aws;
mod command;
pub mod expiry;
mod index;
pub mod ring;
pub mod secret;
#[cfg(test)]
mod tests;

pub use expiry::{EXPIRIES, expiry};
pub use ring::Ring;
pub use secret::{Fingerprint, Secret, redact};

use command::Setting;
use index::Entry;
use ring::{Account, RingError};

/// Where a person's keys are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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
    /// The configuration, or AWS's own rules, through an environment variable.
    Environment,
    /// A profile in AWS's files, perhaps by a program that it names.
    Profile,
    /// The configuration, literally.
    Literal,
    /// The endpoint needs none.
    NotNeeded,
}

impl KeyOrigin {
    /// Whether getting the key may wait for something: a keyring, or a program.
    pub const fn may_block(self) -> bool {
        match self {
            Self::Stored(KeyStore::Keyring) | Self::Command | Self::Profile => true,
            Self::Stored(KeyStore::File) | Self::Environment | Self::Literal | Self::NotNeeded => false,
        }
    }
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
    ring: Ring,
}

impl Keys {
    /// The keys kept below `paths`, and in the system's keyring.
    pub fn new(paths: Paths) -> Self {
        Self::with_ring(paths, Ring::System)
    }

    /// The keys kept below `paths`, and in this keyring.
    pub fn with_ring(paths: Paths, ring: Ring) -> Self {
        Self { paths, ring }
    }

    /// The labels an endpoint has: configured ones in order, then stored ones.
    pub fn labels(&self, endpoint: &Endpoint) -> Vec<KeyLabel> {
        let mut labels: Vec<KeyLabel> = endpoint.keys.iter().map(|key| key.label.clone()).collect();
        // An index that cannot be read is told of when a key is used.
        let stored = index::load(&self.paths).unwrap_or_default();
        for entry in stored.into_iter().filter(|entry| entry.endpoint == endpoint.name) {
            if !labels.contains(&entry.label) {
                labels.push(entry.label);
            }
        }
        labels
    }

    /// What is known of a key without unlocking anything. Reads the key index; never a keyring.
    pub fn state(&self, config: &Config, endpoint: &Endpoint, label: &KeyLabel, now: Timestamp) -> KeyState {
        let stored = self.stored(endpoint, label).ok().flatten();
        let asks_for_base = endpoint.base_url.raw.trim() == USER_PROVIDED
            || endpoint.base_url.expand(&config.env).is_ok_and(|url| url == USER_PROVIDED);
        let expired = match &stored {
            Some(entry) if is_over(entry, now) => entry.expires,
            Some(entry) => {
                return if asks_for_base && entry.base_url.is_none() {
                    KeyState::Missing
                } else {
                    KeyState::Ready(KeyOrigin::Stored(entry.store))
                };
            }
            None => None,
        };
        let missing = expired.map_or(KeyState::Missing, KeyState::Expired);
        if asks_for_base {
            return missing;
        }
        match source(endpoint, label) {
            None if endpoint.keys.is_empty() && *label == KeyLabel::default() => {
                KeyState::Ready(KeyOrigin::NotNeeded)
            }
            None => missing,
            Some(KeySource::Command(_)) => KeyState::Ready(KeyOrigin::Command),
            Some(KeySource::Aws) => match aws::state(&config.env) {
                KeyState::Missing => missing,
                known => known,
            },
            Some(KeySource::Value(template)) => match template.expand(&config.env) {
                Ok(value) if value.is_empty() || value == USER_PROVIDED => missing,
                Ok(_) => KeyState::Ready(origin(template)),
                Err(unset) => expired.map_or(KeyState::Unset(unset.name), KeyState::Expired),
            },
        }
    }

    /// Whether the system's keyring answers from here; the reason, where it does not. **Blocks** while it is asked.
    ///
    /// # Errors
    /// The reason.
    pub fn keyring(&self) -> Result<(), String> {
        let nobody = Account::of(&EndpointName::from(""), &KeyLabel::default());
        match self.ring.get(&nobody) {
            Ok(_) | Err(RingError::NoEntry) => Ok(()),
            Err(RingError::OutOfReach(reason)) => Err(reason),
        }
    }

    /// The key, where it can be had without waiting for a keyring or a program.
    pub fn at_hand(
        &self,
        config: &Config,
        endpoint: &Endpoint,
        label: &KeyLabel,
        now: Timestamp,
    ) -> Option<Credential> {
        match self.state(config, endpoint, label, now) {
            KeyState::Ready(origin) if !origin.may_block() => self.resolve(config, endpoint, label, now).ok(),
            KeyState::Ready(_) | KeyState::Missing | KeyState::Unset(_) | KeyState::Expired(_) => None,
        }
    }

    /// The key to use. **Blocks** on a keyring or `keyCommand` where the key comes from one.
    ///
    /// # Errors
    /// `auth` where it is missing, expired or out of reach, `config` where a variable that the person's own
    /// configuration names is not set or the key file may be read by others, `not_found` where the endpoint
    /// has no key of this label.
    pub fn resolve(
        &self,
        config: &Config,
        endpoint: &Endpoint,
        label: &KeyLabel,
        now: Timestamp,
    ) -> Result<Credential, Failure> {
        let stored = self.stored(endpoint, label)?;
        let in_use = stored.as_ref().filter(|entry| !is_over(entry, now));
        let own_base = in_use.and_then(|entry| entry.base_url.clone());
        let (secret, origin) = match (in_use, source(endpoint, label)) {
            (Some(entry), _) => (Some(self.unlock(entry)?), KeyOrigin::Stored(entry.store)),
            (None, None) if stored.is_some() => return Err(expired(endpoint, label, stored.as_ref())),
            (None, None) if endpoint.keys.is_empty() && *label == KeyLabel::default() => {
                (None, KeyOrigin::NotNeeded)
            }
            (None, None) => return Err(self.unknown_label(endpoint, label)),
            (None, Some(source)) => match configured(config, endpoint, label, source) {
                // The key that was stored is what the person will look for.
                Err(failure) if failure.kind == ErrorKind::Auth && stored.is_some() => {
                    return Err(expired(endpoint, label, stored.as_ref()));
                }
                configured => configured?,
            },
        };
        let configured_base = aws::in_region(config, endpoint, secret.as_ref())?;
        let own_base_url = configured_base == USER_PROVIDED;
        let base_url = match own_base {
            _ if !own_base_url => configured_base,
            Some(base) => base,
            None => return Err(no_base(endpoint, label)),
        };
        Ok(Credential {
            label: label.clone(),
            secret,
            base_url: api_root(&base_url, endpoint),
            own_base_url,
            origin,
        })
    }

    /// Stores a key (and the person's own base URL, where the endpoint asks for one). **Blocks.** With no
    /// store named, the keyring is tried and the file is the fallback. Returns where it went.
    ///
    /// # Errors
    /// `internal` where neither store takes it, or the named one does not.
    pub fn set(&self, key: NewKey, store: Option<KeyStore>, now: Timestamp) -> Result<KeyStore, Failure> {
        let account = Account::of(&key.endpoint, &key.label);
        let kept = match store {
            Some(KeyStore::File) => KeyStore::File,
            Some(KeyStore::Keyring) => {
                self.ring.set(&account, &key.secret).map_err(|error| refused(&error))?;
                KeyStore::Keyring
            }
            None if self.ring.set(&account, &key.secret).is_ok() => KeyStore::Keyring,
            None => KeyStore::File,
        };
        let entry = Entry {
            endpoint: key.endpoint,
            label: key.label,
            store: kept,
            stored: now,
            expires: key.expires,
            base_url: key.base_url,
            secret: (kept == KeyStore::File).then_some(key.secret),
        };
        let before = index::change(&self.paths, |entries| {
            let at = entries.iter().position(|old| old.is(&entry.endpoint, &entry.label));
            let before = at.map(|at| entries.remove(at).store);
            entries.push(entry);
            before
        })?;
        if before == Some(KeyStore::Keyring) && kept == KeyStore::File {
            // The old secret is not used any more, whether or not the keyring lets go of it.
            let _ = self.ring.remove(&account);
        }
        Ok(kept)
    }

    /// Forgets a stored key. **Blocks.** `false` where there was none.
    ///
    /// # Errors
    /// `internal` where the store refuses; the key is then still known, so that it can be tried again.
    pub fn remove(&self, endpoint: &EndpointName, label: &KeyLabel) -> Result<bool, Failure> {
        let entries = index::load(&self.paths)?;
        let Some(entry) = entries.iter().find(|entry| entry.is(endpoint, label)) else { return Ok(false) };
        if entry.store == KeyStore::Keyring {
            match self.ring.remove(&Account::of(endpoint, label)) {
                Ok(()) | Err(RingError::NoEntry) => {}
                Err(error) => return Err(refused(&error)),
            }
        }
        index::change(&self.paths, |entries| {
            let before = entries.len();
            entries.retain(|entry| !entry.is(endpoint, label));
            entries.len() < before
        })
    }

    /// Every stored key. Reads the key index; never a keyring.
    ///
    /// # Errors
    /// `internal` where the index cannot be read, `config` where others may read it.
    pub fn list(&self) -> Result<Vec<StoredKey>, Failure> {
        let entries = index::load(&self.paths)?.into_iter();
        Ok(entries
            .map(|entry| StoredKey {
                endpoint: entry.endpoint,
                label: entry.label,
                store: entry.store,
                stored: entry.stored,
                expires: entry.expires,
            })
            .collect())
    }

    fn stored(&self, endpoint: &Endpoint, label: &KeyLabel) -> Result<Option<Entry>, Failure> {
        Ok(index::load(&self.paths)?.into_iter().find(|entry| entry.is(&endpoint.name, label)))
    }

    /// The secret of a stored key, wherever it is.
    fn unlock(&self, entry: &Entry) -> Result<Secret, Failure> {
        let Entry { endpoint, label, .. } = entry;
        let name = endpoint.as_str();
        let fail = |message: crate::text::Safe| {
            Failure::new(ErrorKind::Auth, message.into_string()).with_next_step(
                t!("keys-store-in-file", endpoint = name, label = label.as_str()).into_string(),
            )
        };
        match entry.store {
            KeyStore::File => entry
                .secret
                .clone()
                .ok_or_else(|| fail(t!("keys-secret-lost", endpoint = name, label = label.as_str()))),
            KeyStore::Keyring => self.ring.get(&Account::of(endpoint, label)).map_err(|error| match error {
                RingError::NoEntry => fail(t!("keys-secret-lost", endpoint = name, label = label.as_str())),
                RingError::OutOfReach(reason) => fail(t!(
                    "keys-out-of-reach",
                    endpoint = name,
                    label = label.as_str(),
                    reason = reason.as_str()
                )),
            }),
        }
    }

    fn unknown_label(&self, endpoint: &Endpoint, label: &KeyLabel) -> Failure {
        let name = endpoint.name.as_str();
        let known: Vec<String> =
            self.labels(endpoint).into_iter().map(|label| label.as_str().to_owned()).collect();
        let message = if known.is_empty() {
            t!("keys-no-label", endpoint = name, label = label.as_str())
        } else {
            t!("keys-no-label-but", endpoint = name, label = label.as_str(), known = known.join(", "))
        };
        Failure::new(ErrorKind::NotFound, message.into_string())
            .with_next_step(t!("keys-set-step", endpoint = name, label = label.as_str()).into_string())
    }
}

/// The key that the configuration has.
fn configured(
    config: &Config,
    endpoint: &Endpoint,
    label: &KeyLabel,
    source: &KeySource,
) -> Result<(Option<Secret>, KeyOrigin), Failure> {
    match source {
        KeySource::Command(words) => {
            let words: Vec<String> =
                words.iter().map(|word| word.expand(&config.env)).collect::<Result<_, _>>()?;
            Ok((Some(command::run(Setting::KeyCommand, &words)?), KeyOrigin::Command))
        }
        KeySource::Aws => aws::key(&config.env, endpoint).map(|(secret, origin)| (Some(secret), origin)),
        KeySource::Value(template) => match template.expand(&config.env) {
            Ok(value) if value.is_empty() || value == USER_PROVIDED => Err(missing(endpoint, label)),
            Ok(value) => Ok((Some(Secret::new(value)), origin(template))),
            // A built-in line cannot be wrong; there is just no key yet.
            Err(unset) if unset.at.is_builtin() => {
                let name = endpoint.name.as_str();
                let step = t!("keys-set-or-variable", endpoint = name, variable = unset.name.as_str());
                Err(missing(endpoint, label).with_next_step(step.into_string()))
            }
            Err(unset) => Err(unset.into()),
        },
    }
}

fn source<'a>(endpoint: &'a Endpoint, label: &KeyLabel) -> Option<&'a KeySource> {
    endpoint.keys.iter().find(|key| key.label == *label).map(|key| &key.source)
}

fn origin(template: &Template) -> KeyOrigin {
    if template.variables().next().is_some() { KeyOrigin::Environment } else { KeyOrigin::Literal }
}

fn is_over(entry: &Entry, now: Timestamp) -> bool {
    entry.expires.is_some_and(|expires| expires <= now)
}

/// The base that paths are appended to. A gateway's whole completions URL is cut to it, as
/// `OPENAI_REVERSE_PROXY` often holds one.
fn api_root(base_url: &str, endpoint: &Endpoint) -> String {
    let base_url = base_url.trim();
    if endpoint.direct {
        return base_url.to_owned();
    }
    let base = base_url.trim_end_matches('/');
    base.strip_suffix("/chat/completions").unwrap_or(base).trim_end_matches('/').to_owned()
}

fn missing(endpoint: &Endpoint, label: &KeyLabel) -> Failure {
    let name = endpoint.name.as_str();
    Failure::new(ErrorKind::Auth, t!("keys-missing", endpoint = name, label = label.as_str()).into_string())
        .with_next_step(t!("keys-set-step", endpoint = name, label = label.as_str()).into_string())
}

fn no_base(endpoint: &Endpoint, label: &KeyLabel) -> Failure {
    let name = endpoint.name.as_str();
    Failure::new(ErrorKind::Auth, t!("keys-no-base", endpoint = name).into_string())
        .with_next_step(t!("keys-no-base-step", endpoint = name, label = label.as_str()).into_string())
}

fn expired(endpoint: &Endpoint, label: &KeyLabel, entry: Option<&Entry>) -> Failure {
    let name = endpoint.name.as_str();
    let since = entry.and_then(|entry| entry.expires).map(|since| since.to_string()).unwrap_or_default();
    let message = t!("keys-expired", endpoint = name, label = label.as_str(), since = since);
    Failure::new(ErrorKind::Auth, message.into_string())
        .with_next_step(t!("keys-set-step", endpoint = name, label = label.as_str()).into_string())
}

fn refused(error: &RingError) -> Failure {
    let reason = match error {
        RingError::NoEntry => t!("keys-ring-forgets").into_string(),
        RingError::OutOfReach(reason) => reason.clone(),
    };
    Failure::new(ErrorKind::Internal, t!("keys-ring-refused", reason = reason).into_string())
        .with_next_step(t!("keys-ring-refused-step").into_string())
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
