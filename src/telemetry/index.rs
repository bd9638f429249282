//! The index: answers about the log without reading it in full.
//!
//! For every file of the log the cache has one of its own (a part), which says how far it covers the log.
//! What was appended since is read from the log whenever something is asked, so that what another process wrote
//! a moment ago counts, and stays in memory until it is worth a new file. Nothing is locked: a file of the cache
//! is replaced whole, and any of them is right about the lines it covers. One that is missing, damaged, of
//! another format, or about a log that was replaced is made again from the log; deleting them loses nothing.
//!
//! It keeps the events themselves, as columns, rather than sums by hour: sums answer the questions they were
//! made for, and a filter, a time zone or a percentile is always another one. A million rows are gone through
//! in some twenty milliseconds, and only blocks of the days in question are read.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use super::columns::{Column, Columns};
use super::cores::share;
use super::footprint::{Footprint, Method};
use super::line::Entry;
use super::part::{Block, Depth, Kept, Part};
use super::sieve::Sieve;
use super::source::{Covered, Form, Seen, Source, each_line, month, sources};
use super::tally::Tally;
use super::{Log, Query, RequestEvent, Usage};
use crate::config::private;

/// Rows that stay in memory at least before they are written to the cache.
const ENOUGH: usize = 512;
/// And at least one for so many that are there already, so that a large file is not written again and again.
const SHARE: usize = 256;

/// Blocks that are worth a thread of their own: it takes a millisecond to go through them. Tests have few, and share them
/// all the same.
const AT_LEAST: usize = if cfg!(test) { 1 } else { 16 };

/// The index over a log. Cheap to clone; clones share what was read.
#[derive(Clone, Debug)]
pub struct Index {
    log: Log,
    cache: PathBuf,
    files: Arc<Mutex<HashMap<PathBuf, Indexed>>>,
}

/// A file of the log, as far as it was read.
#[derive(Debug)]
struct Indexed {
    /// What the cache has of it.
    kept: Option<Part>,
    /// What came after that.
    recent: Part,
    covered: Covered,
    seen: Option<Seen>,
}

/// What tells whether anything was appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp(Vec<(PathBuf, Seen)>);

/// Single events, the latest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Events {
    /// How many there are.
    pub all: usize,
    /// Those of the page that was asked for.
    pub page: Vec<FoundEvent>,
}

/// An event and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundEvent {
    /// The file of the log.
    pub file: PathBuf,
    /// Where its line begins, in bytes.
    pub offset: u64,
    /// The event; what is wrong with the line where it has less than this version writes.
    pub event: Result<Box<RequestEvent>, String>,
    /// What it took, where that is asked for and known.
    pub footprint: Option<Footprint>,
}

/// A stretch of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Entries before it.
    pub skip: usize,
    /// Entries in it, at most.
    pub take: usize,
}

impl Index {
    /// The index over a log, kept in this folder. Touches nothing yet.
    pub fn new(log: Log, cache: PathBuf) -> Self {
        Self { log, cache, files: Arc::default() }
    }

    /// Totals, and charts where the query wants them.
    ///
    /// # Errors
    /// What the file system says of the log. What is wrong with the cache is mended.
    pub fn usage(&self, query: &Query) -> io::Result<Usage> {
        self.mended(|index| {
            let read = index.read(query)?;
            let held = read.held();
            let sieve = Sieve::new(query, held);
            let stretches = read.stretches(&sieve);
            let tallies = share(&stretches, AT_LEAST, |stretches| {
                let mut tally = Tally::new(query, held, stretches.iter().map(Stretch::rows).sum());
                each_block(stretches, sieve.depth(), |stretch, columns| {
                    tally.add(stretch.part, columns);
                })?;
                Ok(tally)
            });
            let whole = tallies.into_iter().reduce(|all: io::Result<Tally<'_>>, more| {
                let mut all = all?;
                all.plus(more?);
                Ok(all)
            });
            let (report, charts, groups) = whole.unwrap_or_else(|| Ok(Tally::new(query, held, 0)))?.finish();
            Ok(Usage { report, groups, damaged: read.damaged(), charts })
        })
    }

    /// Single events that count for a query, of the group of this key where one is named, the latest first.
    /// Of the log, only their own lines are read, unless it is packed.
    ///
    /// # Errors
    /// Those of [`usage`](Self::usage).
    pub fn events(&self, query: &Query, group: Option<&str>, page: Page) -> io::Result<Events> {
        self.mended(|index| {
            let read = index.read(query)?;
            let mut sieve = Sieve::new(query, read.held());
            let mut places: Vec<Place> = Vec::new();
            each_block(&read.stretches(&sieve), Depth::All, |Stretch { source, part, .. }, columns| {
                let offsets = columns.get(Column::Offset);
                let found = sieve.found(part, columns, group);
                places.extend(found.map(|(row, time)| Place { time, source: *source, offset: offsets[row] }));
            })?;
            let all = places.len();
            places.sort_unstable_by(|a, b| b.cmp(a));
            let wanted = places.get(page.skip..).unwrap_or_default();
            let wanted = &wanted[..wanted.len().min(page.take)];
            Ok(Events { all, page: found(&read.sources, wanted, query.footprint.as_deref())? })
        })
    }

    /// What tells, by comparing two of them, whether the log has changed. Reads no line.
    ///
    /// # Errors
    /// What the file system says of the log's folders.
    pub fn stamp(&self) -> io::Result<Stamp> {
        let sources = sources(&self.log.folders())?;
        let seen = sources.into_iter().filter_map(|source| {
            let seen = Seen::now(&source.path).ok()?;
            Some((source.path, seen))
        });
        Ok(Stamp(seen.collect()))
    }

    /// Writes what is new to the cache, where it is enough to be worth it, and removes what is about files
    /// that are gone. Call it when the answer is on its way: nobody has to wait for it.
    ///
    /// # Errors
    /// What the file system says; what could not be written stays in memory.
    pub fn save(&self) -> io::Result<()> {
        let mut files = self.files();
        for (path, file) in files.iter_mut() {
            if file.is_worth_a_file() {
                private::create_folder(&self.cache)?;
                file.save(&self.kept_file(path))?;
            }
        }
        self.remove_stale()
    }

    /// The cache's files about files of the log that are gone.
    fn remove_stale(&self) -> io::Result<()> {
        let folders = self.log.folders();
        let current: Vec<PathBuf> =
            sources(&folders)?.iter().map(|source| self.kept_file(&source.path)).collect();
        let ours: Vec<String> = folders.iter().map(|folder| mark(folder)).collect();
        let Ok(entries) = fs::read_dir(&self.cache) else { return Ok(()) };
        for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if ours.iter().any(|mark| name.ends_with(mark.as_str())) && !current.contains(&path) {
                fs::remove_file(&path)?;
            }
        }
        Ok(())
    }

    /// The cache's file about a file of the log. Its name tells of which folder, for there may be an archive.
    fn kept_file(&self, path: &Path) -> PathBuf {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        self.cache.join(format!("{name}{}", mark(path.parent().unwrap_or(path))))
    }

    fn files(&self) -> MutexGuard<'_, HashMap<PathBuf, Indexed>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers, and where a file of the cache turns out to be damaged, forgets all of them and answers again.
    fn mended<T>(&self, answer: impl Fn(&Self) -> io::Result<T>) -> io::Result<T> {
        match answer(self) {
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                let mut files = self.files();
                for (path, file) in files.drain() {
                    if file.kept.is_some() {
                        // It may never have been there; it is made again either way.
                        let _ = fs::remove_file(self.kept_file(&path));
                    }
                }
                drop(files);
                answer(self)
            }
            answered => answered,
        }
    }

    /// Reads what was appended to the files that may hold events of these days.
    fn read(&self, query: &Query) -> io::Result<ReadUp<'_>> {
        let (from, before) = query.moments();
        let (first, last) = (month(from), month(before));
        let mut files = self.files();
        let mut sources = sources(&self.log.folders())?;
        files.retain(|path, _| sources.iter().any(|source| source.path == *path));
        sources.retain(|source| (first.as_str()..=last.as_str()).contains(&source.month.as_str()));
        for source in &sources {
            let kept = self.kept_file(&source.path);
            let updated = match files.get_mut(&source.path) {
                Some(file) => file.update(source, &kept),
                None => Indexed::open(source, &kept).map(|file| {
                    files.insert(source.path.clone(), file);
                }),
            };
            match updated {
                // Gone since the folder was read: somebody cleans up.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    files.remove(&source.path);
                }
                other => other?,
            }
        }
        Ok(ReadUp { files, sources })
    }
}

/// The files that a question is about, all read up to their last line.
struct ReadUp<'a> {
    files: MutexGuard<'a, HashMap<PathBuf, Indexed>>,
    sources: Vec<Source>,
}

impl ReadUp<'_> {
    /// The moments between which their events lie.
    fn held(&self) -> (Timestamp, Timestamp) {
        let spans = self.files().flat_map(|(_, file)| file.parts()).filter_map(Part::span);
        let held = spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or_default();
        let moment = |millis: i64, end| Timestamp::from_millisecond(millis).unwrap_or(end);
        (moment(held.0, Timestamp::MIN), moment(held.1, Timestamp::MAX))
    }

    /// The files, each with the place of its source.
    fn files(&self) -> impl Iterator<Item = (usize, &Indexed)> {
        let files = self.sources.iter().enumerate();
        files.filter_map(|(at, source)| Some((at, self.files.get(&source.path)?)))
    }

    fn damaged(&self) -> u64 {
        self.files().map(|(_, file)| file.damaged()).sum()
    }

    /// The blocks that may hold rows that count, in the order of the log.
    fn stretches(&self, sieve: &Sieve<'_>) -> Vec<Stretch<'_>> {
        let mut stretches = Vec::new();
        for (source, file) in self.files() {
            for part in file.parts() {
                let blocks = part.blocks.iter().filter(|block| sieve.overlaps(block.first, block.last));
                stretches.extend(blocks.map(|block| Stretch { source, part, block: Some(block) }));
                if part.open.rows() > 0 {
                    stretches.push(Stretch { source, part, block: None });
                }
            }
        }
        stretches
    }
}

/// A block of a file's rows, or those that are in none yet.
struct Stretch<'a> {
    source: usize,
    part: &'a Part,
    block: Option<&'a Block>,
}

impl Stretch<'_> {
    fn rows(&self) -> usize {
        self.block.map_or_else(|| self.part.open.rows(), |block| block.rows)
    }
}

/// Hands over the columns of these blocks, one after the other.
fn each_block<'a>(
    stretches: &[Stretch<'a>],
    depth: Depth,
    mut each: impl FnMut(&Stretch<'a>, &Columns),
) -> io::Result<()> {
    let (mut buffer, mut columns) = (Vec::new(), Columns::default());
    for stretch in stretches {
        match stretch.block {
            Some(block) => {
                stretch.part.read(block, depth, &mut buffer, &mut columns)?;
                each(stretch, &columns);
            }
            None => each(stretch, &stretch.part.open),
        }
    }
    Ok(())
}

/// Where an event is, in the order of time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    time: u64,
    source: usize,
    offset: u64,
}

/// Reads the lines of these places.
fn found(sources: &[Source], places: &[Place], method: Option<&Method>) -> io::Result<Vec<FoundEvent>> {
    let mut events = vec![None; places.len()];
    for (at, source) in sources.iter().enumerate() {
        let mut wanted: Vec<(u64, usize)> = (0..)
            .zip(places)
            .filter(|(_, place)| place.source == at)
            .map(|(to, place)| (place.offset, to))
            .collect();
        if wanted.is_empty() {
            continue;
        }
        wanted.sort_unstable();
        let offsets: Vec<u64> = wanted.iter().map(|(offset, _)| *offset).collect();
        for ((offset, to), line) in wanted.into_iter().zip(source.lines_at(&offsets)?) {
            let event: Result<Box<RequestEvent>, _> =
                serde_json::from_slice(&line).map(Box::new).map_err(|error| error.to_string());
            let footprint = method.zip(event.as_ref().ok()).and_then(|(method, event)| method.taken(event));
            events[to] = Some(FoundEvent { file: source.path.clone(), offset, event, footprint });
        }
    }
    Ok(events.into_iter().flatten().collect())
}

impl Indexed {
    /// A file of the log with what the cache has of it, read up to its last line.
    fn open(source: &Source, kept: &Path) -> io::Result<Self> {
        let mut file = Self { kept: None, recent: Part::new(), covered: Covered::default(), seen: None };
        // Whatever is wrong with it, it is made again from the log.
        if let Ok(Kept { part, covered }) = Part::open(kept)
            && covered.holds(source)?
        {
            (file.kept, file.covered) = (Some(part), covered);
        }
        file.update(source, kept)?;
        Ok(file)
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        self.kept.iter().chain([&self.recent])
    }

    fn damaged(&self) -> u64 {
        self.parts().map(|part| part.damaged).sum()
    }

    /// Reads what was appended; all of it, where the file is another one now.
    fn update(&mut self, source: &Source, kept: &Path) -> io::Result<()> {
        let seen = Seen::now(&source.path)?;
        if self.seen.as_ref() == Some(&seen) {
            return Ok(());
        }
        // Of what nothing was read of, nothing can have changed.
        if self.covered.lines > 0 && !self.covered.holds(source)? {
            *self = Self::open(source, kept)?;
            return Ok(());
        }
        // A packed file is read whole or not at all.
        if source.form == Form::Plain || self.covered.lines == 0 {
            let recent = &mut self.recent;
            let from = self.covered.lines;
            let read = each_line(&mut *source.reader(from)?, from, |offset, line| {
                let line = line.trim_ascii();
                if line.is_empty() {
                    return;
                }
                match Entry::read(line) {
                    Ok(entry) => recent.push(&entry, offset),
                    Err(_) => recent.damaged += 1,
                }
            });
            let to = match (read, source.form) {
                // What could be unpacked counts.
                (Err(_), Form::Packed) => {
                    recent.damaged += 1;
                    1
                }
                (read, Form::Plain | Form::Packed) => read?,
            };
            self.covered = Covered::of(source, to)?;
        }
        // As it was before it was read: what came meanwhile is another look.
        self.seen = Some(seen);
        Ok(())
    }

    fn is_worth_a_file(&self) -> bool {
        let kept = self.kept.as_ref().map_or(0, Part::rows);
        self.recent.rows() >= ENOUGH.max(kept / SHARE)
    }

    /// Puts what is recent to what is kept, in a new file.
    fn save(&mut self, path: &Path) -> io::Result<()> {
        if let Some(kept) = &self.kept {
            let mut all = kept.reopened()?;
            all.extend(std::mem::replace(&mut self.recent, Part::new()))?;
            self.recent = all;
            self.kept = None;
        }
        // Where it cannot be written, all of it is now what is recent.
        self.recent.keep(path, &self.covered)?;
        self.kept = Some(std::mem::replace(&mut self.recent, Part::new()));
        Ok(())
    }
}

/// What the names of the cache's files about a folder end with.
fn mark(folder: &Path) -> String {
    format!("-{:08x}.idx", crc32fast::hash(folder.as_os_str().as_encoded_bytes()))
}
