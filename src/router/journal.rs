//! How what is known of routes outlives a process and is shared by those of one person.
//!
//! `router.jsonl` in the state folder: a line for each outcome, appended with one write. Before it decides, a
//! process reads what others appended since it last looked. A file that grew long is replaced by one line that
//! says what all its lines said. Looking, deciding and appending are done under a lock on a file beside it, so that
//! two processes do not take the same last place.
//!
//! Nothing here may fail a turn. A line that is damaged is skipped; a folder that cannot be written to, a full disk,
//! a file system without locks leave what this process knows itself. A process that was killed leaves requests
//! without an end; their leases run out.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::health::{AttemptId, Health, Outcome};
use crate::config::private;

const NAME: &str = "router.jsonl";
const LOCK: &str = "router.lock";
/// A longer file is replaced by what it says, unless that would be hardly shorter.
const LONG: u64 = 128 << 10;
/// How many times as long as it would be a file has to be.
const WORTH_IT: u64 = 4;
/// How often, and how long in between, a lock is asked for that somebody has. Whoever has it needs it for less than
/// a millisecond, unless it was stopped.
const LOCK_TRIES: u32 = 10;
const LOCK_PAUSE: Duration = Duration::from_millis(1);

/// The journal of a process.
#[derive(Debug)]
pub(super) struct Journal {
    folder: PathBuf,
    /// Tells own lines, which are known already, from those of others.
    process: u64,
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    file: File,
    /// How far it was read.
    read: u64,
    /// How long it was when it was first read: what it was replaced by, as a rule.
    began: u64,
}

/// What was found in the journal.
#[derive(Debug)]
pub(super) enum News {
    /// What others did since the last time.
    More(Vec<Outcome>),
    /// All there is: it is another file than the last time.
    All(Box<Snapshot>),
}

/// What a file says from its beginning.
#[derive(Debug)]
pub(super) struct Snapshot {
    pub health: Option<Health>,
    pub then: Vec<Outcome>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Writes<'a> {
    Health(&'a Health),
    #[serde(untagged)]
    Outcome {
        by: u64,
        #[serde(flatten)]
        outcome: &'a Outcome,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Health(Box<Health>),
    #[serde(untagged)]
    Outcome {
        by: u64,
        #[serde(flatten)]
        outcome: Outcome,
    },
}

/// The lock, for as long as it lives; or that there is none to be had.
#[derive(Debug)]
pub(super) struct Held(Option<File>);

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(file) = &self.0 {
            // Closing it does the same.
            let _ = file.unlock();
        }
    }
}

impl Journal {
    /// The journal in this folder. Touches nothing yet.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, process: fastrand::u64(..), open: None }
    }

    fn path(&self) -> PathBuf {
        self.folder.join(NAME)
    }

    /// Keeps other processes from writing, as far as that can be had without waiting long.
    pub fn lock(&self) -> Held {
        let open =
            || private::options().write(true).create(true).truncate(false).open(self.folder.join(LOCK));
        let file = open().or_else(|_| private::create_folder(&self.folder).and_then(|()| open()));
        let Ok(file) = file else { return Held(None) };
        for _ in 0..LOCK_TRIES {
            match file.try_lock() {
                Ok(()) => return Held(Some(file)),
                Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
                Err(TryLockError::Error(_)) => break,
            }
        }
        Held(None)
    }

    /// What others wrote since the last time.
    pub fn read(&mut self) -> News {
        let path = self.path();
        let is_same = self.open.as_ref().is_some_and(|open| is_at(&open.file, &path, open.read));
        if !is_same {
            self.open = open(&path);
        }
        let Some(open) = &mut self.open else { return News::More(Vec::new()) };
        let mut text = Vec::new();
        let all = open.read == 0;
        let read = open.file.seek(SeekFrom::Start(open.read)).and_then(|_| open.file.read_to_end(&mut text));
        // A line that is being written is read next time.
        let whole = memchr::memrchr(b'\n', &text).map_or(0, |end| end + 1);
        if read.is_err() || (whole == 0 && !all) {
            return News::More(Vec::new());
        }
        open.read += whole as u64;
        if all {
            open.began = open.read;
        }
        let mut snapshot = Snapshot { health: None, then: Vec::new() };
        for line in text[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            match serde_json::from_slice(line) {
                Ok(Line::Health(health)) => snapshot = Snapshot { health: Some(*health), then: Vec::new() },
                Ok(Line::Outcome { by, .. }) if by == self.process && !all => {}
                Ok(Line::Outcome { outcome, .. }) => snapshot.then.push(outcome),
                // Torn, or of a newer release.
                Err(_) => {}
            }
        }
        if all || snapshot.health.is_some() {
            News::All(Box::new(snapshot))
        } else {
            News::More(snapshot.then)
        }
    }

    /// Appends an outcome.
    pub fn append(&mut self, outcome: &Outcome) {
        // The newline before it ends what somebody left torn.
        let mut line = vec![b'\n'];
        if serde_json::to_writer(&mut line, &Writes::Outcome { by: self.process, outcome }).is_ok() {
            line.push(b'\n');
            // What others do not hear of, this process knows all the same.
            let _ = self.write(&line);
        }
    }

    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        let path = self.path();
        let made = private::options().append(true).create(true).open(&path);
        let mut file = match made {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                private::create_folder(&self.folder)?;
                private::options().append(true).create(true).open(&path)?
            }
            made => made?,
        };
        file.write_all(line)
    }

    /// Replaces a long file by what is known, which has to be all that it says. Whoever does that has the lock.
    pub fn shorten(&mut self, health: &Health, held: &Held) {
        let long = self.open.as_ref().map_or(LONG, |open| LONG.max(open.began * WORTH_IT));
        let is_long = || std::fs::metadata(self.path()).is_ok_and(|file| file.len() > long);
        if held.0.is_none() || !is_long() {
            return;
        }
        let mut line = Vec::new();
        if serde_json::to_writer(&mut line, &Writes::Health(health)).is_ok() {
            line.push(b'\n');
            // Another time, then.
            let _ = private::write_cache(&self.path(), &line);
        }
    }
}

fn open(path: &Path) -> Option<Open> {
    Some(Open { file: File::open(path).ok()?, read: 0, began: 0 })
}

/// Whether an open file is still the one at this path, and no shorter than it was.
#[cfg(unix)]
fn is_at(file: &File, path: &Path, read: u64) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (Ok(open), Ok(there)) = (file.metadata(), std::fs::metadata(path)) else { return false };
    (open.dev(), open.ino()) == (there.dev(), there.ino()) && there.len() >= read
}

/// Whether an open file is no shorter than it was: elsewhere one that is open is not replaced.
#[cfg(not(unix))]
fn is_at(file: &File, _: &Path, read: u64) -> bool {
    file.metadata().is_ok_and(|there| there.len() >= read)
}

/// What is known after the journal was read: what it says, and what only this process knows.
pub(super) fn known(
    mut mine: Health,
    own: &[AttemptId],
    news: News,
    now: Timestamp,
    apply: impl Fn(&mut Health, &Outcome),
) -> Health {
    match news {
        News::More(outcomes) => {
            outcomes.iter().for_each(|outcome| apply(&mut mine, outcome));
            mine
        }
        News::All(snapshot) => {
            let mut health = snapshot.health.unwrap_or_default();
            snapshot.then.iter().for_each(|outcome| apply(&mut health, outcome));
            health.adopt(mine, own);
            health.forget(now);
            health
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Cooldown;
    use crate::router::health::Ending;
    use crate::router::testing::{at, began, broken, ended, route};

    /// A process: its journal and what it knows.
    struct Process(Journal, Health);

    impl Process {
        fn at(folder: &Path) -> Self {
            Self(Journal::new(folder.to_owned()), Health::default())
        }

        fn learns(&mut self, outcome: &Outcome) {
            self.1.apply(outcome, Cooldown::default());
            self.0.append(outcome);
        }

        fn looks(&mut self) -> &Health {
            let news = self.0.read();
            let mine = std::mem::take(&mut self.1);
            self.1 = known(mine, &[], news, at(5.0), |health, outcome| {
                health.apply(outcome, Cooldown::default());
            });
            &self.1
        }
    }

    #[test]
    fn processes_learn_from_each_other_and_from_those_before_them() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let (mut one, mut two) = (Process::at(&state), Process::at(&state));
        assert_eq!(*one.looks(), Health::default(), "there is nothing yet");
        for outcome in broken(&route("A"), at(0.0)) {
            one.learns(&outcome);
        }
        assert_eq!(two.looks(), &one.1);
        two.learns(&began(7, &route("B"), at(1.0)));
        one.learns(&began(8, &route("C"), at(2.0)));
        one.looks();
        two.looks();
        let mut three = Process::at(&state);
        assert_eq!(three.looks(), &one.1.clone(), "the order of the file is the order of all");
        assert_eq!(one.1.routes().len(), 3);
        assert_eq!(two.1.routes().len(), 3);
    }

    #[test]
    fn a_damaged_line_costs_itself_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let mut one = Process::at(folder.path());
        one.learns(&began(1, &route("A"), at(0.0)));
        let file = folder.path().join(NAME);
        let mut text = std::fs::read(&file).unwrap();
        text.extend_from_slice(b"{\"by\":1,\"did\":\"beg");
        std::fs::write(&file, text).unwrap();
        one.learns(&began(2, &route("B"), at(1.0)));
        assert_eq!(Process::at(folder.path()).looks().routes().len(), 2);
    }

    #[test]
    fn a_long_journal_becomes_one_line_and_everybody_notices() {
        let folder = tempfile::tempdir().unwrap();
        let (mut one, mut two) = (Process::at(folder.path()), Process::at(folder.path()));
        for id in 0..600 {
            one.learns(&began(id, &route("A"), at(0.0)));
            one.learns(&Outcome::Ended(ended(id, &route("A"), at(0.0), at(1.0), Ending::Works)));
        }
        two.looks();
        let held = one.0.lock();
        one.0.shorten(&one.1, &held);
        drop(held);
        let text = std::fs::read_to_string(folder.path().join(NAME)).unwrap();
        assert_eq!(text.lines().count(), 1);
        one.learns(&began(1000, &route("B"), at(2.0)));
        let expected = one.1.clone();
        assert_eq!(*two.looks(), expected);
        assert_eq!(*Process::at(folder.path()).looks(), expected);
    }

    #[test]
    fn a_place_that_cannot_be_written_to_is_survived() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        let mut one = Process::at(&file.join("state"));
        drop(one.0.lock());
        one.learns(&began(1, &route("A"), at(0.0)));
        assert_eq!(one.looks().routes().len(), 1);
    }
}
