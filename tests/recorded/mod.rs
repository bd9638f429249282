//! Recorded answers, and what each must be read as. The codecs are held against them, and so is the program.
//!
//! Those in `tests/recordings` are written by hand, for every wire format. Those of real providers stand beside a
//! checkout, not in it; without them a test says so and goes on with the others. A row of an `index.json` says of each:
//!
//! | field | what |
//! |---|---|
//! | `file` | the bytes of the answer; a `.frames` file spells an AWS event stream out, a frame a line |
//! | `provider` | who was asked |
//! | `kind` | `stream`, `response` (an answer in one piece), `error`, or `models` (a list) |
//! | `dialect` | how it is read; `error` where that does not matter |
//! | `request` | method, path with query, and model, which is `null` where the path has it |
//! | `http_status`, `headers` | of the answer |
//! | `expected` | what it means, see [`expected`] |

#![expect(clippy::print_stdout, reason = "a test that has less to read says so")]

pub mod expected;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use serde_json::{Map, Value};

/// An answer as it came.
pub struct Recording {
    /// Its row of the index.
    pub row: Value,
    pub bytes: Vec<u8>,
    pub source: Source,
}

/// Who recorded an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nobody: it is written by hand.
    Hand,
    /// Somebody who asked a real provider.
    Provider,
}

/// The recordings of these kinds (of `stream`, `response`, `error` and `models`), the longest first.
pub fn recordings(kinds: &[&str]) -> Vec<Recording> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut found = read(&root.join("tests/recordings"), Source::Hand);
    let of_providers = root.join("../shared/fixtures/streams");
    if of_providers.join("index.json").exists() {
        found.extend(read(&of_providers, Source::Provider));
    } else {
        println!("no recordings of real providers: {} is not there", of_providers.display());
    }
    found.retain(|recording| kinds.contains(&recording.text("/kind")));
    found.sort_by_key(|recording| std::cmp::Reverse(recording.bytes.len()));
    found
}

fn read(folder: &Path, source: Source) -> Vec<Recording> {
    let index = std::fs::read(folder.join("index.json")).expect("the index is there");
    let index: Value = serde_json::from_slice(&index).expect("the index is JSON");
    let rows = index["files"].as_array().expect("the index lists files");
    let recordings = rows.iter().map(|row| {
        let file = folder.join(row["file"].as_str().expect("a recording has a file"));
        let bytes = std::fs::read(&file).expect("the file is there");
        let is_spelt_out = file.extension().is_some_and(|extension| extension == "frames");
        let bytes = if is_spelt_out { frames(&bytes) } else { bytes };
        Recording { row: row.clone(), bytes, source }
    });
    recordings.collect()
}

/// An AWS event stream of lines that have a frame each: its headers, a space, its payload.
fn frames(lines: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut values = serde_json::Deserializer::from_slice(lines).into_iter::<Map<String, Value>>();
    let mut next = || values.next().map(|value| value.expect("a JSON object"));
    while let (Some(headers), Some(payload)) = (next(), next()) {
        let headers = headers.into_iter().map(|(name, value)| {
            let value = value.as_str().expect("a header is text").to_owned();
            Header::new(name, HeaderValue::String(value.into()))
        });
        let message = Message::new_from_parts(headers.collect(), Value::Object(payload).to_string());
        write_message_to(&message, &mut bytes).expect("a short message can be written");
    }
    bytes
}

/// Does the same with every item, some at a time; fails where it fails with any.
pub fn each<T: Sync>(items: &[T], work: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    let failed = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if catch_unwind(AssertUnwindSafe(|| work(item))).is_err() {
                        failed.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    assert_eq!(failed.into_inner(), 0, "recordings that are read wrong; which, and how, is said above");
}

impl Recording {
    /// A text of its row, by JSON pointer; empty where there is none.
    pub fn text(&self, pointer: &str) -> &str {
        self.row.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    pub fn file(&self) -> &str {
        self.text("/file")
    }

    pub fn status(&self) -> u16 {
        let status = self.row["http_status"].as_u64().expect("a recording has a status");
        u16::try_from(status).expect("a status has three digits")
    }

    /// The headers of the answer.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let headers = self.row["headers"].as_object().expect("a recording has headers");
        headers.iter().map(|(name, value)| (name.as_str(), value.as_str().expect("a header is text")))
    }
}
