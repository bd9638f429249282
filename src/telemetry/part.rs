//! A stretch of one file of the log, as the index keeps it: a dictionary of names, and blocks of columns.
//!
//! A [`Part`] is filled line by line and then either stays in memory (the end of the log that is not in the
//! cache yet) or is one of the cache's files, of which only the directory is read until its blocks are needed.
//! Such a file is written whole and never changed, so that any number of processes may read one and write the
//! next. What it says is only believed where its checksums hold.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::columns::{COLUMNS, Column, Columns, HOT, ROWS, Shape, millis};
use super::line::{Entry, Names};
use super::source::Covered;
use crate::config::private;

/// First and last in a file, with the version of its format: another one is rebuilt from the log.
const MAGIC: &[u8; 8] = b"loqidx\x00\x02";
/// What stands behind the directory: its place, its size, its checksum.
const TRAILER: usize = 8 + 8 + 4 + MAGIC.len();

/// The names of an event as the dictionary has them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Named {
    pub user: Box<str>,
    pub model: Box<str>,
    pub provider: Box<str>,
    pub endpoint: Box<str>,
    pub key: Box<str>,
    pub mode: Box<str>,
}

/// A block of rows in a part's bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Block {
    /// Where it begins.
    at: u64,
    pub rows: usize,
    /// The earliest moment in it, and the latest: milliseconds since 1970.
    pub first: i64,
    pub last: i64,
    shapes: [Shape; COLUMNS],
    /// Checksums of the columns that nearly every question needs, and of the others.
    hot: u32,
    cold: u32,
}

impl Block {
    fn size(&self, columns: std::ops::Range<usize>) -> usize {
        self.shapes[columns].iter().map(|shape| shape.size(self.rows)).sum()
    }
}

/// Which columns a question needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// Those before [`Column::Offset`].
    Hot,
    /// All.
    All,
}

/// A stretch of a file of the log.
#[derive(Debug)]
pub(super) struct Part {
    pub names: Vec<Named>,
    pub conversations: Vec<Uuid>,
    pub blocks: Vec<Block>,
    /// Rows that are not in a block yet.
    pub open: Columns,
    /// Lines that were no events.
    pub damaged: u64,
    bytes: Bytes,
    ids: Option<Ids>,
}

/// Where the blocks are.
#[derive(Debug)]
enum Bytes {
    Memory(Vec<u8>),
    File(File),
}

/// The dictionary the other way round, while rows are added.
#[derive(Debug, Default)]
struct Ids {
    names: HashMap<Vec<u8>, u32>,
    conversations: HashMap<Uuid, u32>,
    /// Room for the names asked for.
    joined: Vec<u8>,
}

/// Names as one key: each behind its length, so that no two lists of names are alike.
fn join(joined: &mut Vec<u8>, names: [&str; 6]) {
    joined.clear();
    for name in names {
        joined.extend(name.len().to_le_bytes());
        joined.extend(name.as_bytes());
    }
}

/// The end of a part's file.
#[derive(Serialize, Deserialize)]
struct Directory {
    covered: Covered,
    damaged: u64,
    names: Vec<Named>,
    blocks: Vec<Block>,
    conversations: u64,
    conversations_sum: u32,
}

/// A part as it was kept, and what of the log it covers.
pub(super) struct Kept {
    pub part: Part,
    pub covered: Covered,
}

fn damaged(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

impl Part {
    /// A part without rows.
    pub fn new() -> Self {
        Self {
            names: Vec::new(),
            conversations: Vec::new(),
            blocks: Vec::new(),
            open: Columns::default(),
            damaged: 0,
            bytes: Bytes::Memory(Vec::new()),
            ids: None,
        }
    }

    /// The earliest moment of an event in it, and the latest: milliseconds since 1970.
    pub fn span(&self) -> Option<(i64, i64)> {
        let blocks = self.blocks.iter().map(|block| (block.first, block.last));
        let open = self.open.get(Column::Time).iter().map(|time| (millis(*time), millis(*time)));
        blocks.chain(open).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }

    /// How many events it holds.
    pub fn rows(&self) -> usize {
        self.blocks.iter().map(|block| block.rows).sum::<usize>() + self.open.rows()
    }

    /// Adds an event whose line begins at `offset`.
    pub fn push(&mut self, entry: &Entry<'_>, offset: u64) {
        let names = self.names_id(&entry.names);
        let conversation = entry.conversation.map(|id| self.conversation_id(id));
        self.open.push(entry, names, conversation, offset);
        self.close_full();
    }

    fn close_full(&mut self) {
        if self.open.rows() >= ROWS {
            self.close();
        }
    }

    /// Makes a block of the rows that are in none.
    fn close(&mut self) {
        let rows = self.open.rows();
        let Bytes::Memory(bytes) = &mut self.bytes else { return };
        if rows == 0 {
            return;
        }
        let at = bytes.len();
        let shapes = self.open.encode(bytes);
        let times = self.open.get(Column::Time);
        let mut block = Block {
            at: at as u64,
            rows,
            first: times.iter().copied().min().map_or(0, millis),
            last: times.iter().copied().max().map_or(0, millis),
            shapes,
            hot: 0,
            cold: 0,
        };
        let (hot, cold) = bytes[at..].split_at(block.size(0..HOT));
        (block.hot, block.cold) = (crc32fast::hash(hot), crc32fast::hash(cold));
        self.blocks.push(block);
        self.open.clear();
    }

    fn ids(&mut self) -> &mut Ids {
        let (names, conversations) = (&self.names, &self.conversations);
        self.ids.get_or_insert_with(|| {
            let mut ids = Ids::default();
            for (id, of) in (0..).zip(names) {
                let mut joined = Vec::new();
                join(&mut joined, [&of.user, &of.model, &of.provider, &of.endpoint, &of.key, &of.mode]);
                ids.names.insert(joined, id);
            }
            ids.conversations = conversations.iter().copied().zip(0..).collect();
            ids
        })
    }

    fn names_id(&mut self, of: &Names<'_>) -> u32 {
        let ids = self.ids();
        let names = [&*of.user, &*of.model, &*of.provider, &*of.endpoint, &*of.key, &*of.mode];
        join(&mut ids.joined, names);
        if let Some(id) = ids.names.get(&ids.joined) {
            return *id;
        }
        let id = u32::try_from(ids.names.len()).unwrap_or(u32::MAX);
        ids.names.insert(ids.joined.clone(), id);
        let [user, model, provider, endpoint, key, mode] = names.map(Box::from);
        self.names.push(Named { user, model, provider, endpoint, key, mode });
        id
    }

    fn conversation_id(&mut self, conversation: Uuid) -> u32 {
        let ids = self.ids();
        let next = u32::try_from(ids.conversations.len()).unwrap_or(u32::MAX);
        let id = *ids.conversations.entry(conversation).or_insert(next);
        if id == next {
            self.conversations.push(conversation);
        }
        id
    }

    /// Reads a block's columns into `columns`; `buffer` is room that is used again.
    ///
    /// # Errors
    /// The file system's; `InvalidData` where a checksum does not hold.
    pub fn read(
        &self,
        block: &Block,
        depth: Depth,
        buffer: &mut Vec<u8>,
        columns: &mut Columns,
    ) -> io::Result<()> {
        let end = match depth {
            Depth::Hot => HOT,
            Depth::All => COLUMNS,
        };
        let size = block.size(0..end);
        let bytes = match &self.bytes {
            Bytes::Memory(bytes) => {
                let at = usize::try_from(block.at).unwrap_or(usize::MAX);
                bytes
                    .get(at..)
                    .and_then(|rest| rest.get(..size))
                    .ok_or_else(|| damaged("a block is missing"))?
            }
            Bytes::File(file) => {
                buffer.resize(size, 0);
                fill_from(file, block.at, buffer)?;
                buffer.as_slice()
            }
        };
        let (hot, cold) = bytes.split_at(block.size(0..HOT));
        if crc32fast::hash(hot) != block.hot || (depth == Depth::All && crc32fast::hash(cold) != block.cold) {
            return Err(damaged("a block's checksum does not hold"));
        }
        columns.decode(Column::Time, &block.shapes[..end], block.rows, bytes);
        Ok(())
    }

    /// Adds the rows of the part that comes after this one.
    ///
    /// # Errors
    /// Those of [`read`](Self::read), when the other part is a file.
    pub fn extend(&mut self, mut other: Self) -> io::Result<()> {
        let names: Vec<u64> = other
            .names
            .iter()
            .map(|of| {
                self.names_id(&Names {
                    user: (&*of.user).into(),
                    model: (&*of.model).into(),
                    provider: (&*of.provider).into(),
                    endpoint: (&*of.endpoint).into(),
                    key: (&*of.key).into(),
                    mode: (&*of.mode).into(),
                })
                .into()
            })
            .collect();
        // The first is "no conversation".
        let conversations: Vec<u64> = std::iter::once(0)
            .chain(other.conversations.iter().map(|id| u64::from(self.conversation_id(*id)) + 1))
            .collect();
        other.close();
        let (mut buffer, mut columns) = (Vec::new(), Columns::default());
        for block in std::mem::take(&mut other.blocks) {
            other.read(&block, Depth::All, &mut buffer, &mut columns)?;
            for (column, ids) in [(Column::Names, &names), (Column::Conversation, &conversations)] {
                for value in columns.get_mut(column) {
                    *value = translated(ids, *value)?;
                }
            }
            self.append(&columns);
        }
        self.damaged += other.damaged;
        Ok(())
    }

    fn append(&mut self, columns: &Columns) {
        let mut from = 0;
        while from < columns.rows() {
            let to = columns.rows().min(from + ROWS - self.open.rows());
            self.open.extend(columns, from..to);
            self.close_full();
            from = to;
        }
    }

    /// This part with room for more rows: all its bytes in memory, its last block open again unless it is full.
    ///
    /// # Errors
    /// Those of [`read`](Self::read).
    pub fn reopened(&self) -> io::Result<Self> {
        let mut part = Self {
            names: self.names.clone(),
            conversations: self.conversations.clone(),
            damaged: self.damaged,
            blocks: self.blocks.clone(),
            ..Self::new()
        };
        let last = part.blocks.pop_if(|block| block.rows < ROWS);
        let size = part.blocks.last().map_or(0, |block| block.at + block.size(0..COLUMNS) as u64);
        let size = usize::try_from(size).map_err(|_| damaged("too large"))?;
        part.bytes = Bytes::Memory(match &self.bytes {
            Bytes::Memory(bytes) => bytes.get(..size).unwrap_or_default().to_vec(),
            Bytes::File(file) => read_at(file, 0, size)?,
        });
        if let Some(last) = last {
            self.read(&last, Depth::All, &mut Vec::new(), &mut part.open)?;
        } else {
            let rows = 0..self.open.rows();
            part.open.extend(&self.open, rows);
        }
        Ok(part)
    }

    /// Writes the part to a file of the cache, and reads its blocks from there from then on.
    ///
    /// # Errors
    /// What the file system says; the part is then whole in memory.
    pub fn keep(&mut self, path: &Path, covered: &Covered) -> io::Result<()> {
        self.close();
        let Bytes::Memory(bytes) = &mut self.bytes else { return Ok(()) };
        let blocks = bytes.len();
        for id in &self.conversations {
            bytes.extend(id.as_bytes());
        }
        let directory = Directory {
            covered: covered.clone(),
            damaged: self.damaged,
            names: self.names.clone(),
            blocks: self.blocks.clone(),
            conversations: self.conversations.len() as u64,
            conversations_sum: crc32fast::hash(&bytes[blocks..]),
        };
        let at = bytes.len();
        let directory = serde_json::to_vec(&directory)?;
        let (size, sum) = (directory.len(), crc32fast::hash(&directory));
        bytes.extend(directory);
        bytes.extend((at as u64).to_le_bytes());
        bytes.extend((size as u64).to_le_bytes());
        bytes.extend(sum.to_le_bytes());
        bytes.extend(MAGIC);
        let written = private::write_cache(path, bytes).and_then(|()| File::open(path));
        bytes.truncate(blocks);
        self.bytes = Bytes::File(written?);
        self.ids = None;
        Ok(())
    }

    /// Opens a file of the cache.
    ///
    /// # Errors
    /// The file system's; `InvalidData` where it is no such file, of another format, or damaged.
    pub fn open(path: &Path) -> io::Result<Kept> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let end = length.checked_sub(TRAILER as u64).ok_or_else(|| damaged("too short"))?;
        let trailer = read_at(&file, end, TRAILER)?;
        let (numbers, magic) = trailer.split_at(TRAILER - MAGIC.len());
        let number = |at: usize| {
            let bytes = numbers.get(at..at + 8).and_then(|bytes| bytes.try_into().ok());
            bytes.map(u64::from_le_bytes).unwrap_or_default()
        };
        let (at, size) = (number(0), number(8));
        if magic != MAGIC || at.checked_add(size) != Some(end) {
            return Err(damaged("of another format"));
        }
        let directory = read_at(&file, at, usize::try_from(size).map_err(|_| damaged("too large"))?)?;
        if numbers.get(16..20) != Some(&crc32fast::hash(&directory).to_le_bytes()) {
            return Err(damaged("the directory's checksum does not hold"));
        }
        let directory: Directory = serde_json::from_slice(&directory)?;
        let size = directory.conversations.checked_mul(16).ok_or_else(|| damaged("too large"))?;
        let from = at.checked_sub(size).ok_or_else(|| damaged("a list of conversations is missing"))?;
        let ids = read_at(&file, from, usize::try_from(size).map_err(|_| damaged("too large"))?)?;
        if crc32fast::hash(&ids) != directory.conversations_sum {
            return Err(damaged("the checksum of the conversations does not hold"));
        }
        let part = Self {
            names: directory.names,
            conversations: ids.as_chunks().0.iter().map(|id| Uuid::from_bytes(*id)).collect(),
            blocks: directory.blocks,
            damaged: directory.damaged,
            bytes: Bytes::File(file),
            ..Self::new()
        };
        Ok(Kept { part, covered: directory.covered })
    }
}

fn translated(ids: &[u64], value: u64) -> io::Result<u64> {
    let id = usize::try_from(value).ok().and_then(|at| ids.get(at));
    id.copied().ok_or_else(|| damaged("a row names what the dictionary has not"))
}

fn read_at(file: &File, at: u64, size: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; size];
    fill_from(file, at, &mut bytes)?;
    Ok(bytes)
}

/// Reads what stands at this place. Several threads may read one file: none relies on its cursor.
#[cfg(unix)]
fn fill_from(file: &File, at: u64, bytes: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(windows)]
fn fill_from(file: &File, at: u64, bytes: &mut [u8]) -> io::Result<()> {
    let mut read = 0;
    while read < bytes.len() {
        match std::os::windows::fs::FileExt::seek_read(file, &mut bytes[read..], at + read as u64)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            more => read += more,
        }
    }
    Ok(())
}
