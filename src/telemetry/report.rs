//! What the index answers.

use std::cmp::Reverse;

use jiff::civil::{Date, DateTime};
use serde::Serialize;

use super::footprint::{Footprint, Span};
use super::{Fault, Step};
use crate::chat::Money;

/// Totals of a group; field names are those of `loquat usage --json`.
///
/// Tokens and prices are of every attempt; requests, how they ended and times are of the last attempt of each
/// turn. Percentiles are nearest-rank: values that were measured, to the microsecond.
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
    /// Attempts that billed tokens at an unknown price.
    pub unpriced: u64,
    /// Seconds.
    pub latency_p50: Option<f64>,
    /// Seconds.
    pub latency_p95: Option<f64>,
    /// Seconds.
    pub ttft_p50: Option<f64>,
    /// Seconds.
    pub ttft_p95: Option<f64>,
    /// Output tokens a second between the first content and the end, over the turns that told all three.
    pub tokens_per_second: Option<f64>,
    /// Attempts: those that another followed too.
    pub attempts: u64,
    /// Turns that the person stopped.
    pub cancelled: u64,
    /// Turns whose stream was cut.
    pub cut: u64,
    /// Input tokens written to a provider's cache.
    pub cache_write: u64,
    /// Attempts whose tokens were counted here and not by the provider.
    pub estimated: u64,
    /// Attempts whose price is the provider's own word, and not computed from a table.
    pub cost_told: u64,
    /// What its attempts took, where that is estimated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub footprint: Option<Taken>,
}

/// What attempts took in energy and carbon, by estimate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// Those of models that are known.
    #[serde(flatten)]
    pub known: Footprint,
    /// Attempts that used tokens of a model that is not known, or did not tell how many.
    pub unknown: u64,
}

impl Taken {
    /// Adds what others took.
    pub(super) fn plus(&mut self, other: Self) {
        self.known.plus(other.known);
        self.unknown += other.unknown;
    }

    /// Its energy as a person reads it; `None` where it is known of no attempt.
    pub fn energy(&self) -> Option<String> {
        self.told(self.known.energy_wh, "Wh")
    }

    /// Its greenhouse gases as a person reads them; `None` where they are known of no attempt.
    pub fn carbon(&self) -> Option<String> {
        self.told(self.known.carbon_g, "g")
    }

    fn told(&self, span: Span, unit: &str) -> Option<String> {
        (self.unknown == 0 || span != Span::default()).then(|| span.told(unit))
    }
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
    /// Groups, in the order that was asked for.
    pub rows: Vec<UsageRow>,
    /// Everything in the range.
    pub total: UsageRow,
}

/// An answer of the index.
#[derive(Clone, Debug, PartialEq)]
pub struct Usage {
    /// The totals.
    pub report: UsageReport,
    /// How many groups there are, those beyond the rows that were asked for too.
    pub groups: usize,
    /// Lines that were no events, in the files that were looked at.
    pub damaged: u64,
    /// The charts, where they were asked for.
    pub charts: Option<Charts>,
}

/// The places of the rows of which there is most of something, most first: so many at most. Rows that are alike keep their
/// order.
pub fn largest(rows: &[UsageRow], of: impl Fn(&UsageRow) -> u64, most: usize) -> Vec<usize> {
    let rank = |at: &usize| (Reverse(rows.get(*at).map(&of)), *at);
    let mut places: Vec<usize> = (0..rows.len()).collect();
    // There may be a hundred thousand, and a chart looks for four.
    if places.len() > most {
        places.select_nth_unstable_by_key(most, rank);
        places.truncate(most);
    }
    places.sort_unstable_by_key(rank);
    places
}

/// What a slot of a chart, or an hour of the week, counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Point {
    /// Turns.
    pub requests: u64,
    /// Turns that failed.
    pub errors: u64,
    /// Input and output tokens.
    pub tokens: u64,
    /// Sum of the known prices, in euros.
    pub cost_eur: Money,
    /// Attempts that billed tokens at an unknown price.
    pub unpriced: u64,
}

/// Totals over time, and how they are spread.
#[derive(Clone, Debug, PartialEq)]
pub struct Charts {
    /// How long a slot is: longer than was asked for where that would have made thousands.
    pub step: Step,
    /// When the first slot begins, local. Slots follow each other without gaps. Where the range is longer than
    /// what the log holds, they begin with its first event and end with its last.
    pub first: DateTime,
    /// Everything in a slot.
    pub slots: Vec<Point>,
    /// The slots of each of the report's rows, in their order. A row past those a chart can show has none.
    pub rows: Vec<Vec<Point>>,
    /// Hours of the week, local: Monday first, and from midnight on.
    pub hours: [[Point; 24]; 7],
    /// Turns by how long they took.
    pub latency: Histogram,
    /// Turns by the time to their first content.
    pub ttft: Histogram,
    /// Turns that told of a failure, by its kind, most frequent first.
    pub faults: Vec<(Fault, u64)>,
}

/// How often which time was measured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    /// Buckets, two to an octave, from the first that is not empty to the last.
    pub buckets: Vec<Bucket>,
}

/// A bucket of a histogram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Microseconds, inclusive.
    pub from: u64,
    /// Microseconds, exclusive.
    pub to: u64,
    /// How many times it was measured.
    pub count: u64,
}

/// Half octaves of 64 bits, and one for zero.
pub(super) const BUCKETS: usize = 129;

impl Histogram {
    /// Which bucket a time belongs to: the octave, and which half of it.
    pub(super) const fn bucket(micros: u64) -> usize {
        match micros.checked_ilog2() {
            None => 0,
            Some(0) => 2,
            Some(octave) => (2 * octave + ((micros >> (octave - 1)) & 1) as u32) as usize + 1,
        }
    }

    pub(super) fn of(counts: &[u64; BUCKETS]) -> Self {
        let taken = |count: &u64| *count > 0;
        let (Some(first), Some(last)) = (counts.iter().position(taken), counts.iter().rposition(taken))
        else {
            return Self::default();
        };
        let buckets = (first..=last)
            .map(|at| Bucket { from: begin_of(at), to: begin_of(at + 1), count: counts[at] })
            .collect();
        Self { buckets }
    }
}

/// The least time of a bucket.
fn begin_of(bucket: usize) -> u64 {
    let Some(half) = bucket.checked_sub(1) else { return 0 };
    let octave = u32::try_from(half / 2).unwrap_or(u32::MAX);
    let whole = 1u64.checked_shl(octave).unwrap_or(u64::MAX);
    if half % 2 == 0 { whole } else { whole.saturating_add(whole / 2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_rows_come_first_and_equal_ones_as_they_stand() {
        let rows: Vec<UsageRow> =
            [3, 9, 9, 1, 4].map(|requests| UsageRow { requests, ..UsageRow::default() }).into();
        let of = |most| largest(&rows, |row| row.requests, most);
        assert_eq!((of(3), of(9), of(0)), (vec![1, 2, 4], vec![1, 2, 4, 0, 3], vec![]));
        assert_eq!(largest(&[], |row| row.requests, 4), [0; 0]);
    }

    #[test]
    fn a_time_is_in_the_bucket_that_says_so() {
        for micros in (0..40).chain([999, 1_000, 1_499, 1_536, 2_000_000, u64::MAX / 2, u64::MAX]) {
            let bucket = Histogram::bucket(micros);
            let (from, to) = (begin_of(bucket), begin_of(bucket + 1));
            assert!(from <= micros && (micros < to || to == u64::MAX), "{from} <= {micros} < {to}");
        }
    }
}
