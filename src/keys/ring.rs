//! The operating system's keyring: Secret Service, Keychain, Windows Credential Manager.
//!
//! A call may wait for a desktop that asks somebody to unlock it, and over SSH nobody sees that. So every
//! call runs on a thread of its own and is given up after a while; the thread then ends when its answer comes.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use keyring::v1;

use super::Secret;
use crate::chat::{EndpointName, KeyLabel};
use crate::t;

/// The name under which keyrings show our keys.
const SERVICE: &str = "loquat";
const LIMIT: Duration = Duration::from_secs(3);

/// Which keyring is used.
#[derive(Clone, Debug)]
pub enum Ring {
    /// The operating system's.
    System,
    /// None, as on a machine without one.
    None,
    /// One in memory.
    #[cfg(test)]
    Memory(std::sync::Arc<std::sync::Mutex<std::collections::HashMap<String, String>>>),
}

/// Why a keyring gave nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RingError {
    /// It answers, and the key is not in it.
    NoEntry,
    /// It cannot be used from here; the reason.
    OutOfReach(String),
}

impl Ring {
    /// Keeps a secret. It is read back, because some keyrings take what they cannot give.
    pub(super) fn set(&self, account: &Account, secret: &Secret) -> Result<(), RingError> {
        let kept = match self {
            Self::System => {
                let (account, secret) = (account.0.clone(), secret.clone());
                within_limit(move || {
                    let entry = v1::Entry::new(SERVICE, &account)?;
                    entry.set_password(secret.expose())?;
                    Ok(entry.get_password()? == secret.expose())
                })?
            }
            Self::None => return Err(RingError::OutOfReach(t!("keys-ring-none").into_string())),
            #[cfg(test)]
            Self::Memory(map) => {
                map.lock().unwrap().insert(account.0.clone(), secret.expose().to_owned());
                true
            }
        };
        if kept { Ok(()) } else { Err(RingError::OutOfReach(t!("keys-ring-forgets").into_string())) }
    }

    /// Gives a secret back.
    pub(super) fn get(&self, account: &Account) -> Result<Secret, RingError> {
        match self {
            Self::System => {
                let account = account.0.clone();
                within_limit(move || v1::Entry::new(SERVICE, &account)?.get_password()).map(Secret::new)
            }
            Self::None => Err(RingError::OutOfReach(t!("keys-ring-none").into_string())),
            #[cfg(test)]
            Self::Memory(map) => {
                map.lock().unwrap().get(&account.0).cloned().map(Secret::new).ok_or(RingError::NoEntry)
            }
        }
    }

    /// Forgets a secret.
    pub(super) fn remove(&self, account: &Account) -> Result<(), RingError> {
        match self {
            Self::System => {
                let account = account.0.clone();
                within_limit(move || v1::Entry::new(SERVICE, &account)?.delete_credential())
            }
            Self::None => Err(RingError::OutOfReach(t!("keys-ring-none").into_string())),
            #[cfg(test)]
            Self::Memory(map) => map.lock().unwrap().remove(&account.0).map(drop).ok_or(RingError::NoEntry),
        }
    }
}

/// The name of a key in a keyring.
#[derive(Clone, Debug)]
pub(super) struct Account(String);

impl Account {
    pub fn of(endpoint: &EndpointName, label: &KeyLabel) -> Self {
        Self(format!("{endpoint}/{label}"))
    }
}

fn within_limit<T: Send + 'static>(
    work: impl FnOnce() -> v1::Result<T> + Send + 'static,
) -> Result<T, RingError> {
    let (sender, receiver) = mpsc::sync_channel(1);
    thread::Builder::new()
        .name("keyring".to_owned())
        // Nobody listens once the limit is over.
        .spawn(move || drop(sender.send(work())))
        .map_err(|error| RingError::OutOfReach(error.to_string()))?;
    match receiver.recv_timeout(LIMIT) {
        Ok(answer) => answer.map_err(|error| told(&error)),
        Err(_) => Err(RingError::OutOfReach(t!("keys-ring-silent", seconds = LIMIT.as_secs()).into_string())),
    }
}

fn told(error: &v1::Error) -> RingError {
    match error {
        v1::Error::NoEntry => RingError::NoEntry,
        // The entry only says that there is no store; the store says why.
        v1::Error::NoDefaultStore => RingError::OutOfReach(match v1::Entry::store_status() {
            Err(reason) => reason.to_string(),
            Ok(()) => error.to_string(),
        }),
        error => RingError::OutOfReach(error.to_string()),
    }
}
