//! Opening: file modes, journal, migrations, and what crashed processes left.

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, InterruptHandle, OpenFlags, TransactionBehavior};

use super::{LeftBehind, Store, StoreError, search};
use crate::config::private;

/// The schema, one step a file, applied in order. `PRAGMA user_version` tells how many were.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/0001_first.sql"),
    include_str!("../../migrations/0002_turns.sql"),
    include_str!("../../migrations/0003_shelf.sql"),
    include_str!("../../migrations/0004_drafts.sql"),
];

/// The last step that leaves the search indexes empty.
const EMPTIES_SEARCH: usize = 3;

/// How long a process waits for another's transaction.
const PATIENCE: Duration = Duration::from_secs(5);

/// Pages that a connection keeps, as SQLite counts: negative is KiB. Only what is read is kept; a search for a common
/// word reads more than the 2 MB that are usual.
const CACHE: i64 = -16 * 1024;

/// Bytes the write-ahead log may have when a turn is over. A process that is the only one reads the whole log when
/// it opens, and a script's process is short.
const LONGEST_LOG: u64 = 512 * 1024;

/// How the database keeps a transaction safe while it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Journal {
    /// Write-ahead log: readers and the writer do not wait for each other.
    Wal,
    /// Rollback journal, where the file system cannot share memory between processes (network homes).
    Rollback,
}

impl Store {
    /// Opens, migrates, and turns answers whose process is gone into `cut` (folding their chunks). `tell` is
    /// called with each of them before that is committed, in a transaction: of many processes at once one
    /// tells, and one that dies over it leaves it to the next, which tells the same again.
    pub fn open(path: &Path, now: Timestamp, tell: impl FnMut(&LeftBehind)) -> Result<Self, StoreError> {
        Self::open_file(path, now, tell).map_err(|error| named(error, path))
    }

    fn open_file(path: &Path, now: Timestamp, tell: impl FnMut(&LeftBehind)) -> Result<Self, StoreError> {
        if !path.exists() {
            make(path)?;
        }
        let mut db = Connection::open(path)?;
        db.busy_timeout(PATIENCE)?;
        // A newer release's database is left as it is, its log too: nothing is folded in on closing.
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        let version = version(&db)?;
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
        let journal = journal(&db)?;
        let mut effort = Effort::Full;
        if version < MIGRATIONS.len() {
            effort = Effort::Relaxed;
            effort.set(&db, journal)?;
            migrate(&mut db)?;
        }
        db.set_prepared_statement_cache_capacity(64);
        db.pragma_update(None, "cache_size", CACHE)?;
        let live = Some(folder_of(path).join("live"));
        let mut store = Self { db, journal, live, writer: None, effort, synced: None };
        store.recover(now, tell)?;
        Ok(store)
    }

    /// Opens a database that is there for reading alone: whatever writes is refused.
    pub(super) fn open_to_read(path: &Path) -> Result<Self, StoreError> {
        let open = || -> Result<Connection, StoreError> {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let db = Connection::open_with_flags(path, flags)?;
            db.busy_timeout(PATIENCE)?;
            db.pragma_update(None, "cache_size", CACHE)?;
            version(&db)?;
            Ok(db)
        };
        let db = open().map_err(|error| named(error, path))?;
        Ok(Self { db, journal: Journal::Wal, live: None, writer: None, effort: Effort::Full, synced: None })
    }

    /// What stops the statement that runs on this connection.
    pub(super) fn interrupt_handle(&self) -> InterruptHandle {
        self.db.get_interrupt_handle()
    }

    /// A database that is gone when dropped: for tests and for a process that must not leave anything.
    pub fn in_memory() -> Result<Self, StoreError> {
        let mut db = Connection::open_in_memory()?;
        migrate(&mut db)?;
        Ok(Self {
            db,
            journal: Journal::Rollback,
            live: None,
            writer: None,
            effort: Effort::Full,
            synced: None,
        })
    }

    /// A consistent copy of the whole database in a new file.
    pub fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let at = |source| StoreError::File { path: to.to_owned(), source };
        let file = private::create(to).map_err(at)?;
        let copied = self
            .db
            .execute("VACUUM INTO ?1", [to.to_string_lossy()])
            .map_err(StoreError::from)
            .and_then(|_| file.sync_all().map_err(at));
        if copied.is_err() {
            // Half a copy is worse than none; the error that counts is the first.
            let _ = std::fs::remove_file(to);
        }
        copied
    }

    /// Moves the log into the database where it has grown long. That takes two syncs, and so is asked for when
    /// nobody waits any more; SQLite's own limit, which counts in the middle of any commit, is far above this one.
    /// The log is emptied as well: who opens it next reads also what has been moved.
    pub fn shorten_log(&self) -> Result<(), StoreError> {
        let log = self.db.path().map(|path| format!("{path}-wal"));
        let length = log.and_then(|log| std::fs::metadata(log).ok()).map_or(0, |log| log.len());
        if self.journal == Journal::Rollback || length <= LONGEST_LOG {
            return Ok(());
        }
        // Others that read or write now are not waited for: it is emptied after another turn.
        self.db.busy_timeout(Duration::ZERO)?;
        let moved = self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        self.db.busy_timeout(PATIENCE)?;
        Ok(moved?)
    }

    /// Which journal the database has, for those who look after it.
    pub fn journal(&self) -> Journal {
        self.journal
    }

    /// Commits what `work` does, on disk when it returns.
    pub(super) fn durably<R>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        let result = self.transact(Effort::Full, work)?;
        self.synced = Some(Instant::now());
        Ok(result)
    }

    /// Commits what `work` does. A crash of the process keeps it; a power cut may lose what was committed
    /// since the last [`durably`](Self::durably).
    pub(super) fn commit<R>(
        &mut self,
        work: impl FnOnce(&Connection) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        self.transact(Effort::Relaxed, work)
    }

    fn transact<R>(
        &mut self,
        effort: Effort,
        work: impl FnOnce(&Connection) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        if self.effort != effort {
            effort.set(&self.db, self.journal)?;
            self.effort = effort;
        }
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = work(&transaction)?;
        transaction.commit()?;
        Ok(result)
    }
}

/// How hard a commit tries to be on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effort {
    /// It is there when the commit returns. So is every connection when it is opened.
    Full,
    /// The system has it.
    Relaxed,
}

impl Effort {
    /// Sets a connection to it.
    fn set(self, db: &Connection, journal: Journal) -> Result<(), StoreError> {
        let level = match (self, journal) {
            (Self::Relaxed, Journal::Wal) => "NORMAL",
            // Without a write-ahead log a lost sync can damage the file.
            (Self::Relaxed, Journal::Rollback) | (Self::Full, _) => "FULL",
        };
        Ok(db.pragma_update(None, "synchronous", level)?)
    }
}

/// How many migrations the file has seen; an error where that is more than this build knows.
fn version(db: &Connection) -> Result<usize, StoreError> {
    let found: u32 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    Ok(usize::try_from(found).unwrap_or_default())
}

/// Asks for a write-ahead log. Several processes that open a new file at once are told "busy" here without
/// any waiting, so the waiting is done here.
fn journal(db: &Connection) -> Result<Journal, StoreError> {
    let began = Instant::now();
    loop {
        let mode = db.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0));
        match mode {
            Ok(mode) if mode.eq_ignore_ascii_case("wal") => return Ok(Journal::Wal),
            Ok(_) => return Ok(Journal::Rollback),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                if began.elapsed() > PATIENCE {
                    return Err(error.into());
                }
                std::thread::sleep(Duration::from_millis(2));
            }
            Err(error) => {
                let back = db.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()));
                return back.map(|()| Journal::Rollback).map_err(|_| error.into());
            }
        }
    }
}

/// The error of an opening, which names the file.
fn named(error: StoreError, path: &Path) -> StoreError {
    match error {
        StoreError::Sqlite(source) => StoreError::Unopened { path: path.to_owned(), source },
        other => other,
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("."))
}

/// Makes the file of a new database, and its folder.
fn make(path: &Path) -> Result<(), StoreError> {
    let folder = folder_of(path);
    private::create_folder(folder).map_err(|source| StoreError::File { path: folder.to_owned(), source })?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", uuid::Uuid::now_v7().simple()));
    let beside = path.with_file_name(name);
    let placed = if has_orphans(path) {
        // SQLite throws away the log of a database that is gone when it finds an empty file, and only then.
        private::create(path).map(drop)
    } else {
        let placed = lay_out(&beside).and_then(|()| std::fs::hard_link(&beside, path));
        // It may never have been made; where it was, it has its proper name by now or is not needed.
        let _ = std::fs::remove_file(&beside);
        // Where there are no hard links, the database is made in its place, step by step.
        placed.or_else(|_| private::create(path).map(drop))
    };
    match placed {
        // Another process was quicker.
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            Err(StoreError::File { path: path.to_owned(), source: error })
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Whether something is left of a database that somebody removed. It would be taken for a part of a new one.
fn has_orphans(path: &Path) -> bool {
    ["-wal", "-journal"].into_iter().any(|suffix| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        Path::new(&name).exists()
    })
}

/// Fills the file of a new database beside its place.
///
/// Nobody else knows it by this name, and what a crash leaves of it is never looked at, so nothing on the way to a
/// whole schema is synced or journalled. It is synced once, before it gets its name: a database that can be found
/// is on disk, and what is committed to its log later does not hang in the air. Its name reaches the disk before
/// the first message counts as kept, because SQLite syncs the folder with a connection's first sync of the log.
fn lay_out(beside: &Path) -> io::Result<()> {
    let file = private::create(beside)?;
    let fill = || -> Result<(), StoreError> {
        let mut db = Connection::open(beside)?;
        db.pragma_update(None, "synchronous", "OFF")?;
        db.pragma_update_and_check(None, "journal_mode", "MEMORY", |_| Ok(()))?;
        migrate(&mut db)?;
        journal(&db)?;
        Ok(db.close().map_err(|(_, error)| error)?)
    };
    fill().map_err(io::Error::other)?;
    file.sync_all()
}

/// Applies the missing steps: all of them, or none.
fn migrate(db: &mut Connection) -> Result<(), StoreError> {
    let steps = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Read again inside: another process may have been quicker.
    let done = version(&steps)?;
    for sql in MIGRATIONS.iter().skip(done) {
        steps.execute_batch(sql)?;
    }
    if (1..EMPTIES_SEARCH).contains(&done) {
        search::fill(&steps)?;
    }
    steps.pragma_update(None, "user_version", i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX))?;
    Ok(steps.commit()?)
}
