//! A sink's files in the folder of states: how far it is, who delivers, what was refused for good.
//!
//! `NAME.json` is replaced whole. Whoever delivers holds a lock on `NAME.lock` meanwhile, which ends with its process
//! however that ends; everybody else leaves the sink alone. `NAME.rejected.jsonl` has what a collector will never take,
//! so that it stands in nobody's way and is not lost.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::cursor::{Event, Places};
use crate::config::private;
use crate::telemetry::log::append_to;

/// The folder of all sinks' files, below the folder of states.
const FOLDER: &str = "sinks";
/// The pause after the first failure; each later one is twice as long.
const FIRST: Duration = Duration::from_secs(1);
/// The longest pause that failures come to.
const MOST: Duration = Duration::from_secs(300);
/// The longest pause that a collector may ask for.
const MOST_TOLD: Duration = Duration::from_secs(3600);

/// How a sink stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct State {
    /// How far it has read.
    #[serde(default)]
    pub places: Places,
    /// How many events it took, and how many it refused for good.
    #[serde(default)]
    pub delivered: u64,
    #[serde(default)]
    pub rejected: u64,
    /// When it last took one.
    #[serde(default)]
    pub last: Option<Timestamp>,
    /// How often in a row it could not be reached or did not want to, when it is asked again, and why.
    #[serde(default)]
    pub failures: u32,
    #[serde(default)]
    pub retry_at: Option<Timestamp>,
    #[serde(default)]
    pub error: Option<String>,
}

impl State {
    /// As it is on disk. One that is missing or damaged begins anew: what was sent is known by its id.
    pub fn load(folder: &Path, name: &str) -> Self {
        let bytes = std::fs::read(folder.join(format!("{name}.json"))).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// That a delivery failed, and how long to wait; `dice` is from 0 to 1.
    pub fn failed(&mut self, why: String, told: Option<Duration>, now: Timestamp, dice: f64) {
        self.failures = self.failures.saturating_add(1);
        self.retry_at = now.checked_add(pause(self.failures, told, dice)).ok();
        self.error = Some(why);
    }

    /// That deliveries work.
    pub fn works(&mut self, now: Timestamp) {
        (self.failures, self.retry_at, self.error, self.last) = (0, None, None, Some(now));
    }
}

/// How long to wait after so many failures in a row: from half to all of what the failures come to, so that many
/// clients of one collector do not come back together, and at least what it asks for.
fn pause(failures: u32, told: Option<Duration>, dice: f64) -> Duration {
    let doubled = 2_u32.checked_pow(failures.saturating_sub(1)).and_then(|times| FIRST.checked_mul(times));
    let whole = doubled.unwrap_or(MOST).min(MOST);
    whole.mul_f64(0.5 + dice.clamp(0.0, 1.0) / 2.0).max(told.unwrap_or_default().min(MOST_TOLD))
}

/// The folder of all sinks' files.
pub(super) fn folder(state: &Path) -> PathBuf {
    state.join(FOLDER)
}

/// A sink that nobody else delivers to meanwhile.
#[derive(Debug)]
pub(super) struct Held {
    /// Locked for as long as it is open.
    _lock: File,
    folder: PathBuf,
    name: String,
    pub state: State,
}

/// An event that was refused for good, and why.
#[derive(Serialize)]
struct Rejected<'a> {
    at: Timestamp,
    id: uuid::Uuid,
    reason: &'a str,
    event: &'a RawValue,
}

impl Held {
    /// Takes a sink; `None` while somebody else has it.
    ///
    /// # Errors
    /// What the file system says.
    pub fn take(folder: &Path, name: &str) -> io::Result<Option<Self>> {
        private::create_folder(folder)?;
        let lock = private::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(folder.join(format!("{name}.lock")))?;
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => return Ok(None),
            // Where there are no locks, two may deliver the same; its id tells.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        let state = State::load(folder, name);
        Ok(Some(Self { _lock: lock, folder: folder.to_owned(), name: name.to_owned(), state }))
    }

    /// Keeps how it stands.
    ///
    /// # Errors
    /// What the file system says.
    pub fn save(&self) -> io::Result<()> {
        let path = self.folder.join(format!("{}.json", self.name));
        private::write(&path, &serde_json::to_vec(&self.state)?)
    }

    /// Puts an event aside that was refused for good.
    ///
    /// # Errors
    /// What the file system says.
    pub fn set_aside(&self, event: &Event, reason: &str, now: Timestamp) -> io::Result<()> {
        let said = serde_json::from_str(&event.json)?;
        let mut line = serde_json::to_vec(&Rejected { at: now, id: event.id, reason, event: said })?;
        line.push(b'\n');
        append_to(&rejected(&self.folder, &self.name), &line)
    }
}

/// The file of events that a sink refused for good.
pub(super) fn rejected(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.rejected.jsonl"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_five_minutes_and_are_spread_over_their_latter_half() {
        let whole: Vec<u64> = (1..=11).map(|failures| pause(failures, None, 1.0).as_secs()).collect();
        assert_eq!(whole, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(pause(4, None, 0.0), Duration::from_secs(4));
        assert_eq!(pause(u32::MAX, None, 0.5), Duration::from_secs(225));
    }

    #[test]
    fn what_a_collector_asks_for_is_waited_for_an_hour_at_most() {
        for (told, expected) in [(0, 1), (60, 60), (1_000_000, 3600)] {
            assert_eq!(pause(1, Some(Duration::from_secs(told)), 1.0).as_secs(), expected);
        }
    }

    #[test]
    fn one_delivers_and_the_others_find_what_it_left() {
        let folder = tempfile::tempdir().unwrap();
        let mut held = Held::take(folder.path(), "a").unwrap().unwrap();
        assert!(Held::take(folder.path(), "a").unwrap().is_none());
        assert!(Held::take(folder.path(), "b").unwrap().is_some());
        held.state.places.insert("2026-11-00000000".into(), 7);
        held.state.failed("down".into(), None, Timestamp::UNIX_EPOCH, 1.0);
        held.save().unwrap();
        let state = held.state.clone();
        assert_eq!(state.retry_at, Some("1970-01-01T00:00:01Z".parse().unwrap()));
        drop(held);
        assert_eq!(Held::take(folder.path(), "a").unwrap().unwrap().state, state);
    }

    #[test]
    fn a_damaged_state_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.json"), "{\"places\":").unwrap();
        assert_eq!(State::load(folder.path(), "a"), State::default());
    }
}
