//! Months that are old: packed, moved away or deleted, as the configuration says; nothing is done unless it does.
//!
//! A month's file is replaced under its lock, so that no line is appended to what is about to go. Packing and
//! moving write the other file whole before the first one goes; a process that ends in between leaves both, of
//! which one counts (`source::sources`), and the next run finishes the work.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use jiff::civil::Date;

use super::Log;
use super::source::{Form, Source, listed};
use crate::config::{Retention, Then, private};

/// What was done with a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archived {
    /// `2026-01`.
    pub month: String,
    /// Its file.
    pub file: PathBuf,
    /// Where its lines are now; `None` where they were deleted.
    pub now: Option<PathBuf>,
}

impl Log {
    /// Does with old months what the configuration says, and tells what was done. A month that somebody is
    /// writing to is left for the next time, and one that is to be deleted for as long as somebody wants it.
    ///
    /// # Errors
    /// What the file system says; the month at hand is then still there.
    pub(super) fn archive(
        &self,
        retention: &Retention,
        now: Timestamp,
        mut is_wanted: impl FnMut(&Source) -> io::Result<bool>,
    ) -> io::Result<Vec<Archived>> {
        let Some(first) = first_kept(now, retention.months) else { return Ok(Vec::new()) };
        let mut archived = Vec::new();
        for source in listed(self.folder())?.into_iter().filter(|source| source.month < first) {
            if retention.then == Then::Delete && is_wanted(&source)? {
                continue;
            }
            let replaced = match (&retention.then, source.form) {
                (Then::Compress, Form::Plain) => Some(packed(&source)?),
                (Then::Compress, Form::Packed) => None,
                (Then::Move(folder), _) => Some(moved(&source, folder)?),
                (Then::Delete, _) => Some(deleted(&source)?),
            };
            if let Some(Replaced::By(now)) = replaced {
                archived.push(Archived { month: source.month, file: source.path, now });
            }
        }
        Ok(archived)
    }
}

/// The first month that stays as it is.
fn first_kept(now: Timestamp, months: u32) -> Option<String> {
    let today: Date = jiff::tz::TimeZone::UTC.to_datetime(now).date();
    let span = jiff::Span::new().try_months(months).ok()?;
    Some(today.first_of_month().checked_sub(span).ok()?.strftime("%Y-%m").to_string())
}

/// What became of a file.
enum Replaced {
    /// Its lines are here now, or nowhere.
    By(Option<PathBuf>),
    /// It is still there: somebody is writing to it, or another file has the name its lines were to get, as
    /// when an event came late for a month that was packed.
    Left,
}

/// Does something with a file while nobody appends to it, and then removes it.
fn replaced(source: &Source, by: impl FnOnce(&mut File) -> io::Result<Replaced>) -> io::Result<Replaced> {
    let mut file = private::options().read(true).append(true).open(&source.path)?;
    if file.try_lock().is_err() {
        return Ok(Replaced::Left);
    }
    let replaced = by(&mut file)?;
    if let Replaced::By(_) = replaced {
        fs::remove_file(&source.path)?;
    }
    Ok(replaced)
}

fn deleted(source: &Source) -> io::Result<Replaced> {
    replaced(source, |_| Ok(Replaced::By(None)))
}

fn packed(source: &Source) -> io::Result<Replaced> {
    replaced(source, |lines| {
        whole(source.path.with_extension("jsonl.gz"), |file| {
            let mut encoder = GzEncoder::new(file, Compression::default());
            io::copy(lines, &mut encoder)?;
            encoder.finish().map(drop)
        })
    })
}

fn moved(source: &Source, folder: &Path) -> io::Result<Replaced> {
    replaced(source, |lines| {
        private::create_folder(folder)?;
        let path = folder.join(source.path.file_name().unwrap_or_default());
        whole(path, |mut file| io::copy(lines, &mut file).map(drop))
    })
}

/// Writes a file whole or not at all. One that is there already may be a copy that another process made and
/// then went away; it is taken for that where it says the same.
fn whole(path: PathBuf, fill: impl FnOnce(&File) -> io::Result<()>) -> io::Result<Replaced> {
    let beside = path.with_extension(format!("{}.new", uuid::Uuid::now_v7().simple()));
    let written = private::create(&beside).and_then(|file| {
        fill(&file)?;
        file.sync_all()?;
        let is_other = match File::open(&path) {
            Ok(there) => sum(there)? != sum(File::open(&beside)?)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(error),
        };
        if is_other {
            fs::remove_file(&beside)?;
            return Ok(Replaced::Left);
        }
        fs::rename(&beside, &path)?;
        Ok(Replaced::By(Some(path)))
    });
    if written.is_err() {
        // It may never have been made; what went wrong is told either way.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// How long a file is, and its checksum.
fn sum(mut file: File) -> io::Result<(u64, u32)> {
    let (mut length, mut hasher, mut buffer) = (0, crc32fast::Hasher::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok((length, hasher.finalize())),
            read => {
                hasher.update(&buffer[..read]);
                length += read as u64;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use jiff::tz::TimeZone;

    use super::*;
    use crate::telemetry::log::tests::event;
    use crate::telemetry::{GroupBy, Index, Query, RequestEvent};

    fn log_of_four_months(folder: &Path) -> Log {
        let log = Log::new(folder.join("telemetry"));
        for (number, month) in (0u128..).zip(["08", "09", "10", "11"]) {
            let ts = format!("2026-{month}-21T05:04:16.123Z").parse().unwrap();
            log.append(&RequestEvent { ts, id: uuid::Uuid::from_u128(number), ..event() }).unwrap();
        }
        log
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn requests(log: &Log, folder: &Path) -> u64 {
        let query = Query::new(date(2026, 1, 1), date(2026, 12, 31), GroupBy::Model, TimeZone::UTC);
        Index::new(log.clone(), folder.join("cache")).usage(&query).unwrap().report.total.requests
    }

    const NOW: &str = "2026-11-30T23:59:59Z";

    #[test]
    fn old_months_are_packed_and_count_on() {
        let folder = tempfile::tempdir().unwrap();
        let log = log_of_four_months(folder.path());
        let retention = Retention { months: 1, then: Then::Compress };
        let done = log.archive(&retention, NOW.parse().unwrap(), |_| Ok(false)).unwrap();
        assert_eq!(done.len(), 2);
        assert_eq!(
            names(log.folder()),
            [
                "requests-2026-08.jsonl.gz",
                "requests-2026-09.jsonl.gz",
                "requests-2026-10.jsonl",
                "requests-2026-11.jsonl"
            ]
        );
        assert_eq!(requests(&log, folder.path()), 4);
        assert_eq!(log.verify().unwrap().damage, []);
        assert_eq!(log.archive(&retention, NOW.parse().unwrap(), |_| Ok(false)).unwrap(), []);
    }

    #[test]
    fn old_months_are_moved_and_count_where_the_archive_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("archive");
        let log = log_of_four_months(folder.path()).with_archive(Some(archive.clone()));
        let retention = Retention { months: 2, then: Then::Move(archive.clone()) };
        log.archive(&retention, NOW.parse().unwrap(), |_| Ok(false)).unwrap();
        assert_eq!(names(&archive), ["requests-2026-08.jsonl"]);
        assert_eq!(names(log.folder()).len(), 3);
        assert_eq!(requests(&log, folder.path()), 4);
        assert_eq!(requests(&Log::new(log.folder().to_owned()), folder.path()), 3);
    }

    #[test]
    fn old_months_are_deleted_only_where_that_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let log = log_of_four_months(folder.path());
        log.archive(&Retention { months: 1, then: Then::Delete }, NOW.parse().unwrap(), |_| Ok(false))
            .unwrap();
        assert_eq!(names(log.folder()), ["requests-2026-10.jsonl", "requests-2026-11.jsonl"]);
        assert_eq!(requests(&log, folder.path()), 2);
    }

    #[test]
    fn a_month_that_is_there_packed_and_unpacked_counts_once_and_is_tidied_up() {
        let folder = tempfile::tempdir().unwrap();
        let log = log_of_four_months(folder.path());
        let august = log.folder().join("requests-2026-08.jsonl");
        let lines = fs::read(&august).unwrap();
        let retention = Retention { months: 2, then: Then::Compress };
        log.archive(&retention, NOW.parse().unwrap(), |_| Ok(false)).unwrap();
        fs::write(&august, lines).unwrap();
        assert_eq!(requests(&log, folder.path()), 4);
        log.archive(&retention, NOW.parse().unwrap(), |_| Ok(false)).unwrap();
        assert!(!august.exists());
        assert_eq!(requests(&log, folder.path()), 4);
    }

    #[test]
    fn an_event_that_comes_late_for_a_packed_month_stays_beside_it_and_counts() {
        let folder = tempfile::tempdir().unwrap();
        let log = log_of_four_months(folder.path());
        let retention = Retention { months: 2, then: Then::Compress };
        log.archive(&retention, NOW.parse().unwrap(), |_| Ok(false)).unwrap();
        let ts = "2026-08-31T23:59:59.999Z".parse().unwrap();
        let late = RequestEvent { ts, id: uuid::Uuid::from_u128(9), model: "late".into(), ..event() };
        log.append(&late).unwrap();
        assert_eq!(requests(&log, folder.path()), 5);
        log.archive(&retention, NOW.parse().unwrap(), |_| Ok(false)).unwrap();
        assert_eq!(requests(&log, folder.path()), 5);
    }

    #[test]
    fn a_month_that_somebody_writes_to_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let log = log_of_four_months(folder.path());
        let writer = File::open(log.folder().join("requests-2026-08.jsonl")).unwrap();
        writer.lock().unwrap();
        let done = log
            .archive(&Retention { months: 2, then: Then::Delete }, NOW.parse().unwrap(), |_| Ok(false))
            .unwrap();
        assert_eq!(done, []);
        assert_eq!(names(log.folder()).len(), 4);
    }
}
