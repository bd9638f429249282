//! Totals over the log, read line by line.
//!
//! A reader needs few fields and gets along without the rest, so a line of another version counts as long as
//! those are there; what is torn or foreign is skipped and counted.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{EventStatus, Log, month};
use crate::chat::{MessageId, Money};

/// What totals are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum GroupBy {
    /// Local day.
    Day,
    /// Model sent.
    Model,
    /// Endpoint.
    Endpoint,
    /// `ENDPOINT/LABEL`.
    Key,
    /// Conversation id.
    Conversation,
    /// Who asked.
    User,
}

/// Totals of a group; field names are those of `loquat usage --json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct UsageRow {
    /// The group's value.
    pub key: String,
    /// Turns.
    pub requests: u64,
    /// Turns that failed.
    pub errors: u64,
    /// Input tokens.
    pub tokens_in: u64,
    /// Output tokens.
    pub tokens_out: u64,
    /// Cached input tokens.
    pub cached_in: u64,
    /// Reasoning tokens.
    pub reasoning_out: u64,
    /// Sum of the known prices.
    pub cost_eur: Money,
    /// Requests that billed tokens at an unknown price.
    pub unpriced: u64,
    /// Seconds.
    pub latency_p50: Option<f64>,
    /// Seconds.
    pub latency_p95: Option<f64>,
    /// Seconds.
    pub ttft_p50: Option<f64>,
}

/// A report over a range of days.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UsageReport {
    /// First day, local.
    pub from: Date,
    /// Last day, local, inclusive.
    pub to: Date,
    /// Grouping, by its command-line name.
    pub by: String,
    /// Groups: days in order, others by price and then by requests, largest first.
    pub rows: Vec<UsageRow>,
    /// Everything in the range.
    pub total: UsageRow,
}

impl GroupBy {
    /// Its name on the command line and in a report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Model => "model",
            Self::Endpoint => "endpoint",
            Self::Key => "key",
            Self::Conversation => "conversation",
            Self::User => "user",
        }
    }

    /// The group a line belongs to; empty where it names none.
    fn key<'a>(self, line: &'a Line<'_>, zone: &TimeZone) -> Cow<'a, str> {
        let named = |name: &'a Option<Cow<'_, str>>| Cow::Borrowed(name.as_deref().unwrap_or_default());
        match self {
            Self::Day => Cow::Owned(zone.to_datetime(line.ts).date().to_string()),
            Self::Model => named(&line.model),
            Self::Endpoint => named(&line.endpoint),
            Self::Key => Cow::Owned(format!(
                "{}/{}",
                line.endpoint.as_deref().unwrap_or_default(),
                line.key.as_deref().unwrap_or_default()
            )),
            Self::Conversation => named(&line.conversation),
            Self::User => named(&line.user_id),
        }
    }
}

/// What totals need of an event.
#[derive(Deserialize)]
struct Line<'a> {
    ts: Timestamp,
    status: EventStatus,
    #[serde(rename = "final")]
    is_final: bool,
    #[serde(borrow, default, rename = "userId")]
    user_id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    model: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    endpoint: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    key: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    conversation: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    message: Option<Cow<'a, str>>,
    #[serde(default)]
    tokens_in: Option<u64>,
    #[serde(default)]
    tokens_out: Option<u64>,
    #[serde(default)]
    cached_in: Option<u64>,
    #[serde(default)]
    reasoning_out: Option<u64>,
    #[serde(default, rename = "costEUR")]
    cost_eur: Option<Money>,
    #[serde(default)]
    latency: Option<f64>,
    #[serde(default)]
    ttft: Option<f64>,
}

/// How much of a turn the log tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// So many attempts that another followed.
    Retried(u32),
    /// Its last attempt too.
    All,
}

/// A row while it is added up.
#[derive(Default)]
struct Sum {
    row: UsageRow,
    latencies: Vec<f64>,
    ttfts: Vec<f64>,
}

impl Sum {
    /// Tokens and prices of every attempt; requests, errors and times of the last attempt of each turn.
    fn add(&mut self, line: &Line<'_>) {
        let row = &mut self.row;
        row.tokens_in += line.tokens_in.unwrap_or_default();
        row.tokens_out += line.tokens_out.unwrap_or_default();
        row.cached_in += line.cached_in.unwrap_or_default();
        row.reasoning_out += line.reasoning_out.unwrap_or_default();
        row.cost_eur += line.cost_eur.unwrap_or_default();
        let billed = line.tokens_in.unwrap_or_default() + line.tokens_out.unwrap_or_default() > 0;
        row.unpriced += u64::from(billed && line.cost_eur.is_none());
        if line.is_final {
            row.requests += 1;
            row.errors += u64::from(line.status == EventStatus::Error);
            self.latencies.extend(line.latency);
            self.ttfts.extend(line.ttft);
        }
    }

    fn finish(mut self, key: String) -> UsageRow {
        self.latencies.sort_unstable_by(f64::total_cmp);
        self.ttfts.sort_unstable_by(f64::total_cmp);
        UsageRow {
            key,
            latency_p50: percentile(&self.latencies, 50),
            latency_p95: percentile(&self.latencies, 95),
            ttft_p50: percentile(&self.ttfts, 50),
            ..self.row
        }
    }
}

/// The nearest-rank percentile of sorted values: one that was measured.
fn percentile(sorted: &[f64], percent: usize) -> Option<f64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

impl Log {
    /// Totals. Files of months outside the range are not read; a torn or foreign line is skipped and counted.
    /// Percentiles are of the last attempt of each turn.
    pub fn report(
        &self,
        from: Date,
        to: Date,
        by: GroupBy,
        zone: &TimeZone,
    ) -> io::Result<(UsageReport, u64)> {
        let start = midnight(from, zone).unwrap_or(Timestamp::MIN);
        let end = to.tomorrow().ok().and_then(|day| midnight(day, zone)).unwrap_or(Timestamp::MAX);
        let mut groups: HashMap<String, Sum> = HashMap::new();
        let mut total = Sum::default();
        let skipped = self.read(start, end, |line| {
            let key = by.key(line, zone);
            match groups.get_mut(key.as_ref()) {
                Some(group) => group.add(line),
                None => groups.entry(key.into_owned()).or_default().add(line),
            }
            total.add(line);
        })?;
        let mut rows: Vec<UsageRow> = groups.into_iter().map(|(key, sum)| sum.finish(key)).collect();
        rows.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        if by != GroupBy::Day {
            rows.sort_by_key(|row| std::cmp::Reverse((row.cost_eur, row.requests)));
        }
        let total = total.finish(String::new());
        Ok((UsageReport { from, to, by: by.name().to_owned(), rows, total }, skipped))
    }

    /// What was spent since a moment (for "price today").
    pub fn spent_since(&self, since: Timestamp) -> io::Result<Money> {
        let mut spent = Money::ZERO;
        self.read(since, Timestamp::MAX, |line| spent += line.cost_eur.unwrap_or_default())?;
        Ok(spent)
    }

    /// Which of the attempts at an answer have their event: those of the turn that began at this moment.
    pub fn written(&self, answer: MessageId, began: Timestamp) -> io::Result<Written> {
        let id = answer.to_string();
        let mut written = Written::Retried(0);
        // A line tells its time to the millisecond, cut off.
        let start = began.checked_sub(SignedDuration::from_millis(1)).unwrap_or(began);
        self.read(start, Timestamp::MAX, |line| {
            if line.message.as_deref() == Some(&id) {
                written = match written {
                    Written::Retried(count) if !line.is_final => Written::Retried(count + 1),
                    Written::Retried(_) | Written::All => Written::All,
                };
            }
        })?;
        Ok(written)
    }

    /// Hands over the lines from `start` on and before `end`; returns how many lines were skipped.
    fn read(&self, start: Timestamp, end: Timestamp, mut each: impl FnMut(&Line<'_>)) -> io::Result<u64> {
        let mut skipped = 0;
        let mut text = Vec::new();
        for path in self.months(start, end)? {
            let mut reader = match File::open(&path) {
                Ok(file) => BufReader::with_capacity(1 << 16, file),
                // Gone since the folder was read: somebody cleans up.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            loop {
                text.clear();
                if reader.read_until(b'\n', &mut text)? == 0 {
                    break;
                }
                let line = text.trim_ascii();
                if line.is_empty() {
                    continue;
                }
                match serde_json::from_slice::<Line<'_>>(line) {
                    Ok(line) if (start..end).contains(&line.ts) => each(&line),
                    Ok(_) => {}
                    Err(_) => skipped += 1,
                }
            }
        }
        Ok(skipped)
    }

    /// The files that may hold events between these moments, oldest first.
    fn months(&self, start: Timestamp, end: Timestamp) -> io::Result<Vec<PathBuf>> {
        let (first, last) = (month(start), month(end));
        let folder = match std::fs::read_dir(self.folder()) {
            Ok(folder) => folder,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut months = Vec::new();
        for entry in folder {
            let entry = entry?;
            let name = entry.file_name();
            let month = name.to_str().and_then(super::log::month_of);
            if month.is_some_and(|month| (first.as_str()..=last.as_str()).contains(&month)) {
                months.push(entry.path());
            }
        }
        months.sort_unstable();
        Ok(months)
    }
}

fn midnight(day: Date, zone: &TimeZone) -> Option<Timestamp> {
    day.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::telemetry::RequestEvent;
    use crate::telemetry::log::tests::event;

    fn log() -> (tempfile::TempDir, Log) {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::new(folder.path().join("telemetry"));
        (folder, log)
    }

    fn berlin() -> TimeZone {
        TimeZone::fixed(jiff::tz::offset(1))
    }

    #[test]
    fn a_log_that_does_not_exist_reports_nothing() {
        let (_folder, log) = log();
        let (from, to) = (date(2026, 1, 1), date(2026, 12, 31));
        let empty = UsageReport { from, to, by: "model".into(), rows: vec![], total: UsageRow::default() };
        assert_eq!(log.report(from, to, GroupBy::Model, &TimeZone::UTC).unwrap(), (empty, 0));
        assert_eq!(log.spent_since(Timestamp::MIN).unwrap(), Money::ZERO);
    }

    #[test]
    fn days_are_local_and_inclusive_and_months_are_crossed() {
        let (_folder, log) = log();
        // Local time is an hour ahead: the first is still October in the log's file names.
        for ts in
            ["2026-10-31T22:59:59Z", "2026-10-31T23:00:00Z", "2026-11-02T22:59:59Z", "2026-11-02T23:00:00Z"]
        {
            log.append(&RequestEvent { ts: ts.parse().unwrap(), ..event() }).unwrap();
        }
        let (report, skipped) =
            log.report(date(2026, 11, 1), date(2026, 11, 2), GroupBy::Day, &berlin()).unwrap();
        let days: Vec<(&str, u64)> = report.rows.iter().map(|row| (row.key.as_str(), row.requests)).collect();
        assert_eq!((days, skipped), (vec![("2026-11-01", 1), ("2026-11-02", 1)], 0));
    }

    #[test]
    fn torn_and_foreign_lines_are_skipped_and_counted() {
        let (_folder, log) = log();
        log.append(&event()).unwrap();
        let path = log.folder().join("requests-2026-11.jsonl");
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.extend(b"{\"hello\":1}\nnot json\n\n{\"v\":1,\"id\":\"tor");
        std::fs::write(&path, bytes).unwrap();
        log.append(&event()).unwrap();
        let (report, skipped) =
            log.report(date(2026, 11, 1), date(2026, 11, 30), GroupBy::User, &TimeZone::UTC).unwrap();
        assert_eq!((report.total.requests, skipped), (2, 3));
    }

    #[test]
    fn a_failed_attempt_costs_but_is_no_request() {
        let (_folder, log) = log();
        let failed = RequestEvent { is_final: false, status: EventStatus::Error, ..event() };
        let unpriced = RequestEvent { cost_eur: None, latency: 4.0, status: EventStatus::Error, ..event() };
        for event in [failed, event(), unpriced] {
            log.append(&event).unwrap();
        }
        let (report, _) =
            log.report(date(2026, 11, 1), date(2026, 11, 30), GroupBy::Key, &TimeZone::UTC).unwrap();
        let row = UsageRow {
            key: "LiteLLM/work".into(),
            requests: 2,
            errors: 1,
            tokens_in: 3 * 812,
            tokens_out: 3 * 240,
            cached_in: 3 * 512,
            reasoning_out: 0,
            cost_eur: Money::from_nanos(482_000),
            unpriced: 1,
            latency_p50: Some(1.734),
            latency_p95: Some(4.0),
            ttft_p50: Some(0.412),
        };
        assert_eq!(report.rows, std::slice::from_ref(&row));
        assert_eq!(report.total, UsageRow { key: String::new(), ..row });
        let json = serde_json::to_string(&report.rows[0]).unwrap();
        assert_eq!(
            json,
            r#"{"key":"LiteLLM/work","requests":2,"errors":1,"tokens_in":2436,"tokens_out":720,"cached_in":1536,"reasoning_out":0,"cost_eur":0.000482,"unpriced":1,"latency_p50":1.734,"latency_p95":4.0,"ttft_p50":0.412}"#
        );
    }

    #[test]
    fn groups_but_days_are_ordered_by_price_then_requests() {
        let (_folder, log) = log();
        for (model, nanos, times) in
            [("cheap", 1, 1), ("free-seldom", 0, 1), ("dear", 5, 1), ("free-often", 0, 2)]
        {
            for _ in 0..times {
                let cost_eur = Some(Money::from_nanos(nanos));
                log.append(&RequestEvent { model: model.into(), cost_eur, ..event() }).unwrap();
            }
        }
        let (report, _) =
            log.report(date(2026, 11, 1), date(2026, 11, 30), GroupBy::Model, &TimeZone::UTC).unwrap();
        let models: Vec<&str> = report.rows.iter().map(|row| row.key.as_str()).collect();
        assert_eq!(models, ["dear", "cheap", "free-often", "free-seldom"]);
    }

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let hundred: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(percentile(&hundred, 50), Some(50.0));
        assert_eq!(percentile(&hundred, 95), Some(95.0));
        assert_eq!(percentile(&[7.0], 95), Some(7.0));
        assert_eq!(percentile(&[], 50), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn totals_are_the_sums_over_the_events(
            events in prop::collection::vec(
                (0i64..90, 0usize..3, prop::option::of(0u64..1000), prop::option::of(0i64..1_000_000), any::<bool>()),
                0..40,
            ),
        ) {
            let (_folder, log) = log();
            let models = ["a", "b", "c"];
            let first: Timestamp = "2026-10-01T12:00:00Z".parse().unwrap();
            let (mut cost, mut tokens, mut requests) = (Money::ZERO, 0, 0);
            let mut by_model: BTreeMap<&str, Money> = BTreeMap::new();
            for &(day, model, tokens_in, nanos, is_final) in &events {
                let event = RequestEvent {
                    ts: first + jiff::SignedDuration::from_hours(24 * day),
                    model: models[model].into(),
                    tokens_in,
                    cost_eur: nanos.map(Money::from_nanos),
                    is_final,
                    ..event()
                };
                log.append(&event).unwrap();
                if day < 60 {
                    cost += event.cost_eur.unwrap_or_default();
                    tokens += tokens_in.unwrap_or_default();
                    requests += u64::from(is_final);
                    *by_model.entry(models[model]).or_default() += event.cost_eur.unwrap_or_default();
                }
            }
            let (report, skipped) =
                log.report(date(2026, 10, 1), date(2026, 11, 29), GroupBy::Model, &TimeZone::UTC).unwrap();
            prop_assert_eq!(skipped, 0);
            prop_assert_eq!((report.total.cost_eur, report.total.tokens_in, report.total.requests), (cost, tokens, requests));
            let rows: BTreeMap<&str, Money> = report.rows.iter().map(|row| (row.key.as_str(), row.cost_eur)).collect();
            prop_assert_eq!(rows, by_model);
        }
    }
}
