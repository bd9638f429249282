//! Reading every line of every month, to tell what is damaged. The index passes over such lines and counts
//! them; here it is told which they are, and why.

use std::collections::HashSet;
use std::io::{self, Read};
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::line::Entry;
use super::source::{Source, each_line, month, sources};
use super::{Log, RequestEvent};

/// What the log holds.
#[derive(Debug, Default, PartialEq, Serialize)]
pub struct Verified {
    /// Its files, oldest first.
    pub files: Vec<VerifiedFile>,
    /// Lines of all files.
    pub lines: u64,
    /// How many things are wrong.
    pub damaged: u64,
    /// What is wrong; of a log with more than `TOLD` damaged places, the first.
    pub damage: Vec<Damage>,
}

/// A file of the log.
#[derive(Debug, PartialEq, Serialize)]
pub struct VerifiedFile {
    /// The file.
    pub file: PathBuf,
    /// Lines that are not empty.
    pub lines: u64,
    /// Places in it that are damaged.
    pub damaged: u64,
}

/// Something wrong in the log.
#[derive(Debug, PartialEq, Serialize)]
pub struct Damage {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: u64,
    /// What is wrong.
    #[serde(flatten)]
    pub why: Why,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "why", content = "detail", rename_all = "snake_case")]
pub enum Why {
    /// It is no event, and does not count: what the parser says.
    NotAnEvent(String),
    /// It has no newline at its end: it was not written to its end, or is being written now.
    Torn,
    /// It counts for another month than that of its file; the file is not looked at for that one.
    OtherMonth(String),
    /// An event with this id stands before it, and both count.
    Again(Uuid),
    /// From here on the file cannot be read: what the file system or the packing says.
    Unreadable(String),
}

/// Damaged places that are told one by one.
pub const TOLD: usize = 1000;

#[derive(Deserialize)]
struct Version {
    v: u64,
}

impl Log {
    /// Reads every line.
    ///
    /// # Errors
    /// What the file system says of the log's folders. A file that cannot be read is damage.
    pub fn verify(&self) -> io::Result<Verified> {
        let mut verified = Verified::default();
        let mut ids = HashSet::new();
        for source in sources(&self.folders())? {
            let before = verified.damaged;
            let lines = verified.file(&source, &mut ids);
            verified.lines += lines;
            let damaged = verified.damaged - before;
            verified.files.push(VerifiedFile { file: source.path, lines, damaged });
        }
        Ok(verified)
    }
}

impl Verified {
    fn tell(&mut self, source: &Source, line: u64, why: Why) {
        self.damaged += 1;
        if self.damage.len() < TOLD {
            self.damage.push(Damage { file: source.path.clone(), line, why });
        }
    }

    /// Reads a file and returns how many lines it has that are not empty.
    fn file(&mut self, source: &Source, ids: &mut HashSet<Uuid>) -> u64 {
        let (mut number, mut lines) = (0, 0);
        let read = source.reader(0).and_then(|mut reader| {
            each_line(&mut *reader, 0, |_, line| {
                number += 1;
                let line = line.trim_ascii();
                if line.is_empty() {
                    return;
                }
                lines += 1;
                if let Some(why) = wrong(source, line, ids) {
                    self.tell(source, number, why);
                }
            })
        });
        let torn = read.and_then(|end| {
            let mut rest = Vec::new();
            source.reader(end)?.read_to_end(&mut rest)?;
            Ok(!rest.trim_ascii().is_empty())
        });
        match torn {
            Ok(false) => {}
            Ok(true) => {
                lines += 1;
                self.tell(source, number + 1, Why::Torn);
            }
            Err(error) => self.tell(source, number + 1, Why::Unreadable(error.to_string())),
        }
        lines
    }
}

/// What is wrong with a whole line. A line of another version needs only what the index reads.
fn wrong(source: &Source, line: &[u8], ids: &mut HashSet<Uuid>) -> Option<Why> {
    let event = match serde_json::from_slice::<RequestEvent>(line) {
        Ok(event) => event,
        Err(error) => {
            let is_other = serde_json::from_slice::<Version>(line).is_ok_and(|version| version.v != 1);
            let counts = is_other && Entry::read(line).is_ok();
            return (!counts).then(|| Why::NotAnEvent(error.to_string()));
        }
    };
    let of = month(Timestamp::from_millisecond(event.ts.as_millisecond()).unwrap_or(event.ts));
    if of != source.month {
        return Some(Why::OtherMonth(of));
    }
    (!ids.insert(event.id)).then_some(Why::Again(event.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::log::tests::event;

    #[test]
    fn a_log_of_whole_lines_has_no_damage() {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::new(folder.path().to_owned());
        assert_eq!(log.verify().unwrap(), Verified::default());
        for number in 0..3 {
            log.append(&RequestEvent { id: Uuid::from_u128(number), ..event() }).unwrap();
        }
        let file = folder.path().join("requests-2026-11.jsonl");
        let files = vec![VerifiedFile { file, lines: 3, damaged: 0 }];
        assert_eq!(log.verify().unwrap(), Verified { files, lines: 3, ..Verified::default() });
    }

    #[test]
    fn each_kind_of_damage_is_told_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::new(folder.path().to_owned());
        let line = serde_json::to_string(&event()).unwrap();
        let october = line.replace("2026-11-21T", "2026-10-21T").replace("-7000-", "-7001-");
        let newer = r#"{"v":2,"ts":"2026-11-21T05:04:16.123Z","status":"ok","final":true}"#;
        let lines = [&line, "", "{\"v\":1,\"id\":\"to", newer, "{}", &october, &line, "{\"v\":1"].join("\n");
        let file = folder.path().join("requests-2026-11.jsonl");
        std::fs::write(&file, lines).unwrap();
        std::fs::write(folder.path().join("requests-2026-10.jsonl.gz"), "not packed").unwrap();
        let verified = log.verify().unwrap();
        let told = serde_json::to_value(&verified.damage).unwrap();
        let told: Vec<(u64, &str)> = told
            .as_array()
            .unwrap()
            .iter()
            .map(|damage| (damage["line"].as_u64().unwrap(), damage["why"].as_str().unwrap()))
            .collect();
        assert_eq!(
            told,
            [
                (1, "unreadable"),
                (3, "not_an_event"),
                (5, "not_an_event"),
                (6, "other_month"),
                (7, "again"),
                (8, "torn")
            ]
        );
        assert_eq!((verified.lines, verified.damaged), (7, 6));
        assert_eq!(verified.files[1], VerifiedFile { file, lines: 7, damaged: 5 });
    }
}
