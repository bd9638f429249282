//! How far a sink has read in the log, and what comes next.
//!
//! A place is kept for each file, not one for the log: an event may come late for a month that others have left
//! behind. A file is known by its month and its first line, which stay the same when it is packed or moved away.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::shape::payload;
use crate::config::{Shape, SinkConfig};
use crate::telemetry::Log;
use crate::telemetry::footprint::Method;
use crate::telemetry::source::{Form, Seen, Source, month, sources};

/// Bytes of lines that were taken, by file.
pub(super) type Places = BTreeMap<String, u64>;

/// An event that is to be sent.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Event {
    pub id: Uuid,
    /// What is sent of it.
    pub json: String,
    /// Its file, and where its line ends there.
    file: String,
    end: u64,
}

/// The next events, oldest file first, in the order of their lines.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    pub events: Vec<Event>,
    /// Files that were read to their end, lines that are no events included.
    after: Vec<(String, u64)>,
}

impl Chunk {
    /// Moves past everything that was read, once its events were taken.
    pub fn pass(self, places: &mut Places) -> bool {
        let moves = !self.after.is_empty();
        places.extend(self.after);
        moves
    }
}

/// Moves past events that were taken.
pub(super) fn pass(places: &mut Places, events: &[Event]) {
    for event in events {
        places.insert(event.file.clone(), event.end);
    }
}

/// Reads the log for a sink. It remembers which file is which, so that looking again costs little.
#[derive(Debug, Default)]
pub(super) struct Reader {
    known: HashMap<PathBuf, (Seen, String)>,
    /// What estimates energy and carbon, where that is wanted.
    method: Option<Method>,
}

impl Reader {
    /// For a sink.
    pub fn of(sink: &SinkConfig) -> Self {
        Self { method: sink.footprint.as_ref().map(Method::new), ..Self::default() }
    }

    /// At most so many events behind these places, those before a UTC day left out.
    ///
    /// # Errors
    /// What the file system says, also where a file is just being archived.
    pub fn next(
        &mut self,
        log: &Log,
        places: &Places,
        (shape, since): (Shape, Option<Date>),
        most: usize,
    ) -> io::Result<Chunk> {
        let since = since.and_then(|day| day.to_zoned(TimeZone::UTC).ok()).map(|begin| begin.timestamp());
        let mut chunk = Chunk::default();
        for source in sources(&log.folders())? {
            if since.is_some_and(|since| source.month < month(since)) {
                continue;
            }
            let Some(file) = self.name(&source)? else { continue };
            let (begin, length) = (places.get(&file).copied().unwrap_or(0), source.length()?);
            if begin == length {
                continue;
            }
            // A file that was cut by hand is read again: what was sent is known by its id.
            let begin = if source.form == Form::Plain && begin > length { 0 } else { begin };
            let end = each_line(&source, begin, |line, end| {
                let found = payload(shape, self.method.as_ref(), line)
                    .filter(|found| since.is_none_or(|since| found.at >= since));
                chunk.events.extend(found.map(|found| Event {
                    id: found.id,
                    json: found.json,
                    file: file.clone(),
                    end,
                }));
                chunk.events.len() < most
            })?;
            let Some(end) = end else { return Ok(chunk) };
            if end != begin {
                chunk.after.push((file, end));
            }
        }
        Ok(chunk)
    }

    /// Whether a file has events that a sink has not taken.
    ///
    /// # Errors
    /// What the file system says.
    pub fn is_wanted(
        &mut self,
        source: &Source,
        places: &Places,
        (shape, since): (Shape, Option<Date>),
    ) -> io::Result<bool> {
        let since = since.and_then(|day| day.to_zoned(TimeZone::UTC).ok()).map(|begin| begin.timestamp());
        let Some(file) = self.name(source)? else { return Ok(false) };
        let mut is_wanted = false;
        each_line(source, places.get(&file).copied().unwrap_or(0), |line, _| {
            is_wanted =
                payload(shape, None, line).is_some_and(|found| since.is_none_or(|since| found.at >= since));
            !is_wanted
        })?;
        Ok(is_wanted)
    }

    /// Where a sink stands that is to get again what began at a moment or later.
    ///
    /// # Errors
    /// What the file system says.
    pub fn back_to(&mut self, log: &Log, moment: Timestamp) -> io::Result<Places> {
        let mut places = Places::new();
        for source in sources(&log.folders())? {
            let Some(file) = self.name(&source)? else { continue };
            let mut at = 0;
            if source.month < month(moment) {
                at = source.length()?;
            } else {
                each_line(&source, 0, |line, end| {
                    let before = payload(Shape::Event, None, line).is_none_or(|found| found.at < moment);
                    if before {
                        at = end;
                    }
                    before
                })?;
            }
            places.insert(file, at);
        }
        Ok(places)
    }

    /// What a file is known by; `None` while it has no line.
    fn name(&mut self, source: &Source) -> io::Result<Option<String>> {
        let seen = Seen::now(&source.path)?;
        if let Some((then, name)) = self.known.get(&source.path)
            && *then == seen
        {
            return Ok(Some(name.clone()));
        }
        let mut name = None;
        each_line(source, 0, |line, _| {
            name = Some(format!("{}-{:08x}", source.month, crc32fast::hash(line)));
            false
        })?;
        self.known.extend(name.clone().map(|name| (source.path.clone(), (seen, name))));
        Ok(name)
    }
}

/// Hands over every line that is ended, with its newline and the place behind it, until one is enough; the place
/// behind the last, or nothing where one was enough.
fn each_line(
    source: &Source,
    from: u64,
    mut each: impl FnMut(&[u8], u64) -> bool,
) -> io::Result<Option<u64>> {
    let mut lines = BufReader::with_capacity(1 << 16, source.reader(from)?);
    let (mut at, mut line) = (from, Vec::new());
    loop {
        line.clear();
        lines.read_until(b'\n', &mut line)?;
        if !line.ends_with(b"\n") {
            return Ok(Some(at));
        }
        at += line.len() as u64;
        if !each(&line, at) {
            return Ok(None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Retention, Then};
    use crate::telemetry::RequestEvent;
    use crate::telemetry::log::tests::event;

    fn append(log: &Log, number: u128, ts: &str) {
        log.append(&RequestEvent { id: Uuid::from_u128(number), ts: ts.parse().unwrap(), ..event() })
            .unwrap();
    }

    /// The numbers of all events behind these places, in steps of so many; the places then stand behind them.
    fn rest(log: &Log, places: &mut Places, since: Option<Date>, most: usize) -> Vec<u128> {
        let mut reader = Reader::default();
        let mut numbers = Vec::new();
        loop {
            let chunk = reader.next(log, places, (Shape::Event, since), most).unwrap();
            if chunk.events.is_empty() {
                chunk.pass(places);
                return numbers;
            }
            numbers.extend(chunk.events.iter().map(|event| event.id.as_u128()));
            pass(places, &chunk.events);
        }
    }

    fn log_of_three_months() -> (tempfile::TempDir, Log) {
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("archive");
        let log = Log::new(folder.path().join("telemetry")).with_archive(Some(archive));
        for (number, day) in (0..).zip(["09-30", "10-01", "10-31", "11-02"]) {
            append(&log, number, &format!("2026-{day}T12:00:00Z"));
        }
        (folder, log)
    }

    #[test]
    fn every_event_comes_once_in_the_order_of_the_log_however_few_are_taken_at_once() {
        let (_folder, log) = log_of_three_months();
        for most in 1..5 {
            let mut places = Places::new();
            assert_eq!(rest(&log, &mut places, None, most), [0, 1, 2, 3]);
            append(&log, 9, "2026-11-03T00:00:00Z");
            assert_eq!(rest(&log, &mut places, None, most).last(), Some(&9));
            assert_eq!(rest(&log, &mut places, None, most), [0; 0]);
            std::fs::remove_file(log.folder().join("requests-2026-11.jsonl")).unwrap();
            append(&log, 3, "2026-11-02T12:00:00Z");
        }
    }

    #[test]
    fn an_event_that_comes_late_for_a_month_comes_all_the_same() {
        let (_folder, log) = log_of_three_months();
        let mut places = Places::new();
        rest(&log, &mut places, None, 10);
        append(&log, 7, "2026-09-30T23:59:59Z");
        assert_eq!(rest(&log, &mut places, None, 10), [7]);
    }

    #[test]
    fn months_that_are_packed_or_moved_meanwhile_come_from_where_they_are_and_not_again() {
        let now = "2026-11-30T00:00:00Z".parse().unwrap();
        for then in [Then::Compress, Then::Move("archive".into())] {
            let (folder, log) = log_of_three_months();
            let then = match then {
                Then::Move(_) => Then::Move(folder.path().join("archive")),
                other => other,
            };
            let mut places = Places::new();
            let chunk = Reader::default().next(&log, &places, (Shape::Event, None), 2).unwrap();
            pass(&mut places, &chunk.events);
            let archived =
                log.archive(&Retention { months: 1, then: then.clone() }, now, |_| Ok(false)).unwrap();
            assert_eq!(archived.len(), 1, "{then:?}");
            assert_eq!(rest(&log, &mut places, None, 10), [2, 3]);
            log.archive(&Retention { months: 0, then: then.clone() }, now, |_| Ok(false)).unwrap();
            assert_eq!(rest(&log, &mut places, None, 10), [0; 0]);
            // Late for a month that is packed: a file beside it.
            append(&log, 8, "2026-10-31T23:59:59Z");
            assert_eq!(rest(&log, &mut places, None, 10), [8], "{then:?}");
            assert_eq!(rest(&log, &mut Places::new(), None, 10).len(), 5);
        }
    }

    #[test]
    fn lines_that_are_no_events_are_passed_and_a_line_without_its_end_is_waited_for() {
        let (_folder, log) = log_of_three_months();
        let file = log.folder().join("requests-2026-11.jsonl");
        let whole = std::fs::read_to_string(&file).unwrap();
        let (half, other_half) = whole.split_at(100);
        std::fs::write(&file, format!("not json\n\n{half}")).unwrap();
        let mut places = Places::new();
        assert_eq!(rest(&log, &mut places, None, 10), [0, 1, 2]);
        std::fs::write(&file, format!("not json\n\n{half}{other_half}")).unwrap();
        assert_eq!(rest(&log, &mut places, None, 10), [3]);
    }

    #[test]
    fn a_day_to_begin_with_leaves_out_what_was_before() {
        let (_folder, log) = log_of_three_months();
        let since = Some(jiff::civil::date(2026, 10, 31));
        assert_eq!(rest(&log, &mut Places::new(), since, 1), [2, 3]);
    }

    #[test]
    fn one_may_go_back_to_a_moment() {
        let (_folder, log) = log_of_three_months();
        for (moment, expected) in [
            ("2026-10-31T00:00:00Z", &[2, 3][..]),
            ("2026-01-01T00:00:00Z", &[0, 1, 2, 3]),
            ("2026-12-01T00:00:00Z", &[]),
        ] {
            let mut places = Reader::default().back_to(&log, moment.parse().unwrap()).unwrap();
            assert_eq!(rest(&log, &mut places, None, 10), expected, "{moment}");
        }
    }
}
