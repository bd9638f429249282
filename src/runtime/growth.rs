//! Tells when the log of request events grows, whoever wrote to it.
//!
//! One thread, and only while somebody looks. The system tells of changes where it can; a look at the sizes of the files
//! now and then finds what it does not tell of, as on a network's file system.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use crate::telemetry::{Index, Stamp};

/// How often files are looked at where the system tells of changes, and where it does not.
const LOOK: [Duration; 2] = [Duration::from_secs(2), Duration::from_millis(80)];
/// Changes within this are told once.
const REST: Duration = Duration::from_millis(30);

#[derive(Debug)]
enum Wake {
    Seen,
    Over,
}

/// Tells of changes until it is dropped.
#[derive(Debug)]
pub struct Growth {
    wake: Sender<Wake>,
}

impl Growth {
    /// Starts the thread. `tell` says whether anybody still listens.
    ///
    /// # Errors
    /// There is no thread to be had.
    pub fn start(
        index: Index,
        folder: PathBuf,
        tell: impl Fn() -> bool + Send + 'static,
    ) -> io::Result<Self> {
        let (wake, woken) = mpsc::channel();
        let seen = wake.clone();
        // From here on everything is told of: who asks for figures does so next.
        let stamp = index.stamp().ok();
        std::thread::Builder::new()
            .name("growth".to_owned())
            .spawn(move || watch((&index, stamp), &folder, &seen, &woken, tell))?;
        Ok(Self { wake })
    }
}

impl Drop for Growth {
    fn drop(&mut self) {
        // A thread that is gone has ended already.
        let _ = self.wake.send(Wake::Over);
    }
}

fn watch(
    (index, mut stamp): (&Index, Option<Stamp>),
    folder: &Path,
    seen: &Sender<Wake>,
    woken: &Receiver<Wake>,
    tell: impl Fn() -> bool,
) {
    let mut notifier = notifier(folder, seen);
    loop {
        let [seldom, often] = LOOK;
        match woken.recv_timeout(if notifier.is_some() { seldom } else { often }) {
            Ok(Wake::Over) | Err(RecvTimeoutError::Disconnected) => return,
            Ok(Wake::Seen) | Err(RecvTimeoutError::Timeout) => {}
        }
        std::thread::sleep(REST);
        if woken.try_iter().any(|wake| matches!(wake, Wake::Over)) {
            return;
        }
        // A folder that was not there may be by now.
        notifier = notifier.or_else(|| self::notifier(folder, seen));
        let now = index.stamp().ok();
        if now != stamp {
            stamp = now;
            if !tell() {
                return;
            }
        }
    }
}

fn notifier(folder: &Path, seen: &Sender<Wake>) -> Option<RecommendedWatcher> {
    let seen = seen.clone();
    let told = move |event: notify::Result<notify::Event>| {
        // Our own reading is no change.
        if event.is_ok_and(|event| !matches!(event.kind, EventKind::Access(_))) {
            // Nobody listens only when it is over.
            let _ = seen.send(Wake::Seen);
        }
    };
    let mut notifier = notify::recommended_watcher(told).ok()?;
    notifier.watch(folder, RecursiveMode::NonRecursive).ok()?;
    Some(notifier)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use tempfile::TempDir;

    use super::*;
    use crate::telemetry::Log;

    #[test]
    fn a_line_that_anybody_appends_is_told_of_and_nothing_else_is() {
        let data = TempDir::new().unwrap();
        let folder = data.path().join("telemetry");
        let index = Index::new(Log::new(folder.clone()), data.path().join("cache"));
        let (told, tales) = mpsc::channel();
        let growth = Growth::start(index, folder.clone(), move || told.send(()).is_ok()).unwrap();
        let soon = Duration::from_secs(20);
        // Not even the folder was there.
        fs::create_dir(&folder).unwrap();
        let path = folder.join("requests-2026-11.jsonl");
        fs::write(&path, "one\n").unwrap();
        tales.recv_timeout(soon).expect("the first line is told of");
        fs::write(folder.join("other"), "x").unwrap();
        fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"two\n").unwrap();
        tales.recv_timeout(soon).expect("the second is, too");
        drop(growth);
        while tales.recv_timeout(soon).is_ok() {}
        assert_eq!(tales.try_recv(), Err(mpsc::TryRecvError::Disconnected), "the thread is gone");
    }
}
