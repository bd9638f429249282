//! The files of the log: which there are, and reading them.
//!
//! A month is a file of lines, or, where it was packed, the same lines as gzip; either may lie in the log's
//! folder or in an archive. Places in a file are counted in bytes of its lines, packed or not.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

const PREFIX: &str = "requests-";
const PLAIN: &str = ".jsonl";
const PACKED: &str = ".jsonl.gz";

/// How a file holds its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    Plain,
    Packed,
}

/// A file of the log.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Source {
    /// As its name tells it: `2026-11`.
    pub month: String,
    pub form: Form,
    pub path: PathBuf,
}

/// The UTC month an event's line stands in, as file names write it.
pub(super) fn month(time: Timestamp) -> String {
    time.strftime("%Y-%m").to_string()
}

/// The name of a month's file.
pub(super) fn file_name(month: &str) -> String {
    format!("{PREFIX}{month}{PLAIN}")
}

/// The files of the log in these folders, oldest first. A folder that is not there has none.
///
/// # Errors
/// What the file system says.
pub(super) fn sources(folders: &[PathBuf]) -> io::Result<Vec<Source>> {
    let mut sources = Vec::new();
    for folder in folders {
        sources.extend(listed(folder)?);
    }
    sources.sort_unstable();
    drop_copies(&mut sources);
    Ok(sources)
}

/// The files of the log in one folder, copies included, oldest first.
///
/// # Errors
/// What the file system says.
pub(super) fn listed(folder: &Path) -> io::Result<Vec<Source>> {
    let mut sources = Vec::new();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(sources),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let Some(rest) = name.to_str().and_then(|name| name.strip_prefix(PREFIX)) else { continue };
        let found = rest
            .strip_suffix(PLAIN)
            .map(|month| (month, Form::Plain))
            .or_else(|| rest.strip_suffix(PACKED).map(|month| (month, Form::Packed)));
        if let Some((month, form)) = found.filter(|(month, _)| is_month(month)) {
            sources.push(Source { month: month.to_owned(), form, path: entry.path() });
        }
    }
    sources.sort_unstable();
    Ok(sources)
}

fn is_month(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 7 && (0..7).all(|at| if at == 4 { bytes[at] == b'-' } else { bytes[at].is_ascii_digit() })
}

/// A month that was being archived when the process went away may be there twice. It counts once: a copy has
/// as many bytes of lines as what it is a copy of.
fn drop_copies(sources: &mut Vec<Source>) {
    if sources.windows(2).all(|two| two[0].month != two[1].month) {
        return;
    }
    let mut seen: Vec<(String, u64)> = Vec::new();
    let mut kept = Vec::new();
    // What is packed stays, and what it was packed from goes.
    for source in sources.drain(..).rev() {
        // What cannot be read is no copy that is known of.
        let of = source.length().ok().map(|length| (source.month.clone(), length));
        if of.as_ref().is_none_or(|of| !seen.contains(of)) {
            seen.extend(of);
            kept.push(source);
        }
    }
    kept.reverse();
    *sources = kept;
}

impl Source {
    /// Bytes of its lines. Those of a packed file are told by its end, which counts to four gigabytes.
    ///
    /// # Errors
    /// What the file system says.
    pub fn length(&self) -> io::Result<u64> {
        match self.form {
            Form::Plain => Ok(fs::metadata(&self.path)?.len()),
            Form::Packed => {
                let mut file = File::open(&self.path)?;
                let mut end = [0; 4];
                file.seek(SeekFrom::End(-4))?;
                file.read_exact(&mut end)?;
                Ok(u32::from_le_bytes(end).into())
            }
        }
    }

    /// Its lines from a place on.
    ///
    /// # Errors
    /// What the file system says.
    pub fn reader(&self, from: u64) -> io::Result<Box<dyn Read>> {
        let mut file = File::open(&self.path)?;
        match self.form {
            Form::Plain => {
                file.seek(SeekFrom::Start(from))?;
                Ok(Box::new(file))
            }
            Form::Packed => {
                let mut lines = MultiGzDecoder::new(io::BufReader::new(file));
                io::copy(&mut (&mut lines).take(from), &mut io::sink())?;
                Ok(Box::new(lines))
            }
        }
    }

    /// Reads the lines that begin at these places, which are in order. A line that is not there is empty.
    ///
    /// # Errors
    /// What the file system says.
    pub fn lines_at(&self, places: &[u64]) -> io::Result<Vec<Vec<u8>>> {
        match self.form {
            Form::Plain => {
                let mut file = File::open(&self.path)?;
                places
                    .iter()
                    .map(|place| {
                        file.seek(SeekFrom::Start(*place))?;
                        first_line(&mut file)
                    })
                    .collect()
            }
            Form::Packed => {
                let mut wanted = places.iter().peekable();
                let mut found = Vec::new();
                each_line(&mut *self.reader(0)?, 0, |place, line| {
                    if wanted.next_if(|wanted| **wanted == place).is_some() {
                        found.push(line.to_vec());
                    }
                })?;
                found.resize(places.len(), Vec::new());
                Ok(found)
            }
        }
    }
}

/// Up to the next newline: a line has some seven hundred bytes.
fn first_line(file: &mut File) -> io::Result<Vec<u8>> {
    let mut line = Vec::with_capacity(1024);
    loop {
        let from = line.len();
        let read = file.take(1024).read_to_end(&mut line)?;
        if let Some(end) = memchr::memchr(b'\n', &line[from..]) {
            line.truncate(from + end);
            return Ok(line);
        }
        if read == 0 {
            return Ok(line);
        }
    }
}

/// Bytes that are asked of a file at once.
const AT_ONCE: usize = 1 << 18;

/// Hands over every line that is ended, with its place; returns the place after the last of them.
///
/// # Errors
/// The reader's.
pub(super) fn each_line(
    reader: &mut dyn Read,
    from: u64,
    mut each: impl FnMut(u64, &[u8]),
) -> io::Result<u64> {
    let mut buffer = vec![0; AT_ONCE];
    // What is in the buffer, and the place of its first byte.
    let (mut filled, mut at) = (0, from);
    loop {
        if filled == buffer.len() {
            buffer.resize(buffer.len() * 2, 0);
        }
        let read = match reader.read(&mut buffer[filled..]) {
            Ok(0) => return Ok(at),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        // The rest of a line that was there already has no newline.
        let searched = filled;
        filled += read;
        let mut begin = 0;
        for end in memchr::memchr_iter(b'\n', &buffer[searched..filled]).map(|end| searched + end) {
            each(at + begin as u64, &buffer[begin..end]);
            begin = end + 1;
        }
        buffer.copy_within(begin..filled, 0);
        filled -= begin;
        at += begin as u64;
    }
}

/// What of a file was read, so that it is noticed when the file is another one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Covered {
    /// Bytes of lines.
    pub lines: u64,
    /// Bytes of the file: the same, unless it is packed.
    bytes: u64,
    /// Checksums of the first of those bytes, and of the last.
    head: u32,
    tail: u32,
}

/// How many bytes a checksum of [`Covered`] is over.
const SAMPLE: u64 = 4096;

impl Covered {
    /// That the first so many bytes of lines were read.
    ///
    /// # Errors
    /// What the file system says.
    pub fn of(source: &Source, lines: u64) -> io::Result<Self> {
        let mut file = File::open(&source.path)?;
        let bytes = match source.form {
            Form::Plain => lines,
            Form::Packed => file.seek(SeekFrom::End(0))?,
        };
        let size = bytes.min(SAMPLE);
        Ok(Self { lines, bytes, head: sum(&mut file, 0, size)?, tail: sum(&mut file, bytes - size, size)? })
    }

    /// Whether the file still begins with what was read.
    ///
    /// # Errors
    /// What the file system says.
    pub fn holds(&self, source: &Source) -> io::Result<bool> {
        let length = fs::metadata(&source.path)?.len();
        let long_enough = match source.form {
            Form::Plain => length >= self.bytes,
            Form::Packed => length == self.bytes,
        };
        Ok(long_enough && Self::of(source, self.lines)? == *self)
    }
}

fn sum(file: &mut File, at: u64, size: u64) -> io::Result<u32> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(at))?;
    file.take(size).read_to_end(&mut bytes)?;
    Ok(crc32fast::hash(&bytes))
}

/// What tells cheaply that a file may have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    length: u64,
    changed: Option<std::time::SystemTime>,
    node: u64,
}

impl Seen {
    /// A file as it is now.
    ///
    /// # Errors
    /// What the file system says.
    pub fn now(path: &Path) -> io::Result<Self> {
        let metadata = fs::metadata(path)?;
        Ok(Self { length: metadata.len(), changed: metadata.modified().ok(), node: node(&metadata) })
    }
}

#[cfg(unix)]
fn node(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn node(_: &fs::Metadata) -> u64 {
    0
}
