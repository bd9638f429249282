//! Charts while they are added up: slots of time, hours of the week, histograms.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};

use super::clock::{Clock, DAY, HOUR, date_time_of, day_of, monday_of, week_of};
use super::report::BUCKETS;
use super::{Charts, Fault, Histogram, Point, Query, Step};

/// Points of all groups together that a chart may take: room for a year of the days of some two hundred groups.
const POINTS: usize = 1 << 16;
/// Slots a chart may have; beyond, they are made longer.
const SLOTS: i64 = 4000;

/// The charts while they are added up.
#[derive(Debug)]
pub(super) struct Drawing {
    step: Step,
    first: i64,
    slots: Vec<Point>,
    /// The slots of the groups, one group after the other.
    groups: Vec<Point>,
    /// Groups of which something is missing there: somebody else had no room for them.
    torn: HashSet<usize>,
    hours: [[Point; 24]; 7],
    /// The hour that was added to last: most events are of the same.
    last: Hour,
    pub latency: [u64; BUCKETS],
    pub ttft: [u64; BUCKETS],
    pub faults: [u64; Fault::CODES],
}

/// A local hour, and where its events are added.
#[derive(Clone, Copy, Debug)]
struct Hour {
    /// Counted from 1970.
    hour: i64,
    weekday: usize,
    of_day: usize,
    slot: usize,
}

impl Hour {
    /// None that is met: no place is there.
    const NONE: Self = Self { hour: i64::MIN, weekday: usize::MAX, of_day: usize::MAX, slot: usize::MAX };
}

impl Step {
    /// The slot of a local moment, counted from that of 1970.
    fn slot(self, local: i64) -> i64 {
        match self {
            Self::Hour => local.div_euclid(HOUR),
            Self::Day => day_of(local),
            Self::Week => week_of(day_of(local)),
        }
    }

    /// When a slot begins.
    fn begin(self, slot: i64) -> i64 {
        match self {
            Self::Hour => slot * HOUR,
            Self::Day => slot * DAY,
            Self::Week => monday_of(slot) * DAY,
        }
    }

    const fn longer(self) -> Option<Self> {
        match self {
            Self::Hour => Some(Self::Day),
            Self::Day => Some(Self::Week),
            Self::Week => None,
        }
    }
}

impl Drawing {
    pub fn new(step: Step, query: &Query, clock: &mut Clock, (first, last): (Timestamp, Timestamp)) -> Self {
        let (from, before) = query.moments();
        let mut step = step;
        loop {
            let mut slot = |at: Timestamp| step.slot(clock.local(at.as_millisecond()));
            let end = before.checked_sub(SignedDuration::from_millis(1)).unwrap_or(before);
            let wanted = (slot(from), slot(end));
            let held = (slot(from.max(first)), slot(last.min(end)));
            let range = if wanted.1 - wanted.0 < SLOTS { wanted } else { held };
            let count = range.1.saturating_sub(range.0).saturating_add(1).max(0);
            match step.longer() {
                Some(longer) if count > SLOTS => step = longer,
                Some(_) | None => {
                    let slots = vec![Point::default(); usize::try_from(count.min(SLOTS)).unwrap_or_default()];
                    return Self {
                        step,
                        first: range.0,
                        slots,
                        groups: Vec::new(),
                        torn: HashSet::new(),
                        hours: [[Point::default(); 24]; 7],
                        last: Hour::NONE,
                        latency: [0; BUCKETS],
                        ttft: [0; BUCKETS],
                        faults: [0; Fault::CODES],
                    };
                }
            }
        }
    }

    pub fn add(&mut self, group: u32, local: i64, point: &Point) {
        let hour = local.div_euclid(HOUR);
        if self.last.hour != hour {
            let place = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
            self.last = Hour {
                hour,
                weekday: place((day_of(local) + 3).rem_euclid(7)),
                of_day: place(hour.rem_euclid(24)),
                slot: place(self.step.slot(local) - self.first),
            };
        }
        let Hour { weekday, of_day, slot, hour: _ } = self.last;
        if let Some(sum) = self.hours.get_mut(weekday).and_then(|day| day.get_mut(of_day)) {
            sum.add(point);
        }
        let Some(sum) = self.slots.get_mut(slot) else { return };
        sum.add(point);
        if let Some(sum) = self.slots_of(group as usize).and_then(|slots| slots.get_mut(slot)) {
            sum.add(point);
        }
    }

    /// The slots of a group, where there is room for them.
    fn slots_of(&mut self, group: usize) -> Option<&mut [Point]> {
        let count = self.slots.len();
        let begin = group.saturating_mul(count);
        let end = begin.saturating_add(count);
        if end > POINTS {
            return None;
        }
        if self.groups.len() < end {
            self.groups.resize(end, Point::default());
        }
        self.groups.get_mut(begin..end)
    }

    /// Adds what another has of the same slots, whose groups are these.
    pub fn plus(&mut self, other: &Self, groups: usize, id: impl Fn(usize) -> u32) {
        let add = |sums: &mut [Point], more: &[Point]| {
            sums.iter_mut().zip(more).for_each(|(sum, more)| sum.add(more));
        };
        add(&mut self.slots, &other.slots);
        add(self.hours.as_flattened_mut(), other.hours.as_flattened());
        for (counts, more) in [
            (&mut self.latency[..], &other.latency[..]),
            (&mut self.ttft[..], &other.ttft[..]),
            (&mut self.faults[..], &other.faults[..]),
        ] {
            counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
        }
        let count = self.slots.len().max(1);
        let mut theirs = other.groups.chunks(count);
        for group in 0..groups {
            let (own, theirs) = (id(group) as usize, theirs.next());
            match theirs {
                Some(theirs) => {
                    if let Some(slots) = self.slots_of(own) {
                        add(slots, theirs);
                    }
                }
                // Beyond that, no group has slots.
                None if (own + 1).saturating_mul(count) <= POINTS => {
                    self.torn.insert(own);
                }
                None => {}
            }
        }
    }

    pub fn finish(self, order: &[usize]) -> Charts {
        let count = self.slots.len();
        let mut faults: Vec<(Fault, u64)> = (0..)
            .zip(self.faults)
            .filter_map(|(code, count)| Some((Fault::from_code(code)?, count)))
            .filter(|(_, count)| *count > 0)
            .collect();
        faults.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let of_group = |group: &usize| {
            let begin = group.saturating_mul(count);
            let slots = self.groups.get(begin..begin.saturating_add(count));
            slots.filter(|_| !self.torn.contains(group)).unwrap_or_default().to_vec()
        };
        Charts {
            step: self.step,
            first: date_time_of(self.step.begin(self.first)),
            rows: order.iter().map(of_group).collect(),
            slots: self.slots,
            hours: self.hours,
            latency: Histogram::of(&self.latency),
            ttft: Histogram::of(&self.ttft),
            faults,
        }
    }
}

impl Point {
    fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.errors += other.errors;
        self.tokens = self.tokens.saturating_add(other.tokens);
        self.cost_eur += other.cost_eur;
        self.unpriced += other.unpriced;
    }
}
