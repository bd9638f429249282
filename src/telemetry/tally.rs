//! Adding up: blocks of rows in, a report out.
//!
//! A block is gone through twice: first every row is given its group, or none where a condition does not hold;
//! then the rows that have one are added. Conditions on names are looked at once for each list of names, not
//! for each row, and times of day only where something asks for them.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::clock::{Clock, DAY, HOUR, date_of, date_time_of, day_of, monday_of, week_of};
use super::columns::{Class, Column, Columns, cost, millis, ordered};
use super::part::{Depth, Named, Part};
use super::report::BUCKETS;
use super::{
    Charts, EventStatus, Fault, GroupBy, Histogram, Only, Point, Query, Sort, Step, UsageReport, UsageRow,
};
use crate::chat::{MessageId, Money};

/// The group of a row that does not count.
const NONE: u32 = u32::MAX;
/// The group of a conversation whose group is not known yet.
const UNKNOWN: u32 = u32::MAX - 1;

/// What makes a group.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Group {
    Named(Box<str>),
    Conversation(Option<Uuid>),
    Day(i64),
    Week(i64),
}

impl Group {
    fn name(&self) -> String {
        match self {
            Self::Named(name) => name.to_string(),
            Self::Conversation(id) => id.map(|id| id.to_string()).unwrap_or_default(),
            Self::Day(day) => date_of(*day).to_string(),
            Self::Week(week) => {
                let week = date_of(monday_of(*week)).iso_week_date();
                format!("{}-W{:02}", week.year(), week.week())
            }
        }
    }
}

/// The groups met so far.
#[derive(Debug, Default)]
struct Groups {
    ids: HashMap<Group, u32>,
    list: Vec<Group>,
}

impl Groups {
    fn id(&mut self, group: Group) -> u32 {
        let next = u32::try_from(self.list.len()).unwrap_or(NONE);
        *self.ids.entry(group).or_insert_with_key(|group| {
            self.list.push(group.clone());
            next
        })
    }
}

/// How far from the events of a log a query's days may lie and still be told by the clock on the wall: charts show
/// days without events too.
const MARGIN: SignedDuration = SignedDuration::from_hours(24 * 366 * 20);

fn earlier(than: Timestamp) -> Timestamp {
    than.checked_sub(MARGIN).unwrap_or(Timestamp::MIN)
}

fn later(than: Timestamp) -> Timestamp {
    than.checked_add(MARGIN).unwrap_or(Timestamp::MAX)
}

/// Gives rows their groups.
#[derive(Debug)]
pub(super) struct Sieve<'q> {
    query: &'q Query,
    from: u64,
    before: u64,
    clock: Clock,
    groups: Groups,
    /// Of the part at hand: the group of each list of names, [`NONE`] where a condition does not hold.
    names: Vec<u32>,
    /// Of the part at hand: the group of each conversation, the first of which is none.
    conversations: Vec<u32>,
    /// Of the part at hand: the conversations that conditions name, as they are stored.
    wanted: Vec<Option<u64>>,
    /// The day and its group that was asked for last.
    day: Option<(i64, u32)>,
    /// The block's groups.
    of_rows: Vec<u32>,
}

impl<'q> Sieve<'q> {
    /// For a query over a log whose events lie between two moments.
    pub fn new(query: &'q Query, (first, last): (Timestamp, Timestamp)) -> Self {
        let (from, before) = query.moments();
        Self {
            query,
            // The index knows milliseconds, cut off; days begin with a whole one.
            from: ordered(from.as_millisecond()),
            before: ordered(before.as_millisecond()),
            clock: Clock::new(
                &query.zone,
                earlier(from.max(first)).max(from),
                later(before.min(last)).min(before),
            ),
            groups: Groups::default(),
            names: Vec::new(),
            conversations: Vec::new(),
            wanted: Vec::new(),
            day: None,
            of_rows: Vec::new(),
        }
    }

    /// Which columns are needed.
    pub fn depth(&self) -> Depth {
        let by_message = self.query.only.iter().any(|only| matches!(only, Only::Messages(_)));
        if by_message || self.query.by == GroupBy::Branch { Depth::All } else { Depth::Hot }
    }

    /// Whether events between two moments, both inclusive, may count.
    pub fn overlaps(&self, first: i64, last: i64) -> bool {
        ordered(last) >= self.from && ordered(first) < self.before
    }

    /// Turns to another part.
    pub fn begin(&mut self, part: &Part) {
        self.names.clear();
        for named in &part.names {
            let group = if self.names_hold(named) { self.names_group(named) } else { NONE };
            self.names.push(group);
        }
        self.conversations.clear();
        self.conversations.resize(part.conversations.len() + 1, UNKNOWN);
        self.wanted.clear();
        for only in &self.query.only {
            if let Only::Conversation(wanted) = only {
                let place = wanted.map(|wanted| part.conversations.iter().position(|id| *id == wanted.0));
                self.wanted.push(match place {
                    None => Some(0),
                    Some(place) => place.map(|place| place as u64 + 1),
                });
            }
        }
    }

    fn names_hold(&self, named: &Named) -> bool {
        self.query.only.iter().all(|only| match only {
            Only::Model(model) => *named.model == *model.as_str(),
            Only::Endpoint(endpoint) => *named.endpoint == *endpoint.as_str(),
            Only::Key(endpoint, key) => *named.endpoint == *endpoint.as_str() && *named.key == *key.as_str(),
            Only::User(user) => *named.user == **user,
            Only::Mode(mode) => *named.mode == *mode.name(),
            Only::Conversation(_) | Only::Messages(_) | Only::Status(_) | Only::Fault(_) => true,
        })
    }

    /// The group of these names; 0, a group like any other, where names make none.
    fn names_group(&mut self, named: &Named) -> u32 {
        let name = match self.query.by {
            GroupBy::Model => named.model.clone(),
            GroupBy::Endpoint => named.endpoint.clone(),
            GroupBy::Key => format!("{}/{}", named.endpoint, named.key).into(),
            GroupBy::User => named.user.clone(),
            GroupBy::Mode => named.mode.clone(),
            GroupBy::Day | GroupBy::Week | GroupBy::Conversation | GroupBy::Branch => return 0,
        };
        self.groups.id(Group::Named(name))
    }

    /// The group of each row of a block, [`NONE`] where it does not count.
    fn sift(&mut self, part: &Part, columns: &Columns) {
        let mut of_rows = std::mem::take(&mut self.of_rows);
        of_rows.clear();
        let of_names = |names: &u64| {
            usize::try_from(*names).ok().and_then(|at| self.names.get(at)).copied().unwrap_or(NONE)
        };
        of_rows.extend(columns.get(Column::Names).iter().map(of_names));
        let times = columns.get(Column::Time);
        for (group, time) in of_rows.iter_mut().zip(times) {
            if *time < self.from || *time >= self.before {
                *group = NONE;
            }
        }
        self.sift_rows(columns, &mut of_rows);
        match self.query.by {
            GroupBy::Day | GroupBy::Week => {
                for (group, time) in of_rows.iter_mut().zip(times).filter(|(group, _)| **group != NONE) {
                    *group = self.time_group(*time);
                }
            }
            GroupBy::Conversation => {
                let conversations = columns.get(Column::Conversation);
                for (group, at) in of_rows.iter_mut().zip(conversations).filter(|(group, _)| **group != NONE)
                {
                    *group = self.conversation_group(part, *at);
                }
            }
            GroupBy::Branch => {
                for (group, message) in of_rows.iter_mut().zip(messages(columns)) {
                    if *group != NONE {
                        let name = self.query.branches.get(&message).cloned().unwrap_or_default();
                        *group = self.groups.id(Group::Named(name.into()));
                    }
                }
            }
            GroupBy::Model | GroupBy::Endpoint | GroupBy::Key | GroupBy::User | GroupBy::Mode => {}
        }
        self.of_rows = of_rows;
    }

    /// Takes out the rows for which a condition that is not one on names does not hold.
    fn sift_rows(&self, columns: &Columns, of_rows: &mut [u32]) {
        let classes = || columns.get(Column::Class).iter().map(|class| Class(class.to_le_bytes()[0]));
        let mut wanted = self.wanted.iter();
        for only in &self.query.only {
            match only {
                Only::Conversation(_) => {
                    let wanted = wanted.next().copied().flatten();
                    let stored = columns.get(Column::Conversation).iter();
                    keep(of_rows, stored.map(|stored| wanted == Some(*stored)));
                }
                Only::Messages(wanted) => {
                    keep(of_rows, messages(columns).map(|message| wanted.contains(&message)));
                }
                Only::Status(status) => keep(of_rows, classes().map(|class| class.is(*status))),
                Only::Fault(fault) => {
                    let code = usize::from(Fault::code(Some(*fault)));
                    keep(of_rows, classes().map(|class| class.fault() == code));
                }
                Only::Model(_) | Only::Endpoint(_) | Only::Key(..) | Only::User(_) | Only::Mode(_) => {}
            }
        }
    }

    fn time_group(&mut self, time: u64) -> u32 {
        let day = day_of(self.clock.local(millis(time)));
        if let Some((last, group)) = self.day
            && last == day
        {
            return group;
        }
        let group = match self.query.by {
            GroupBy::Week => Group::Week(week_of(day)),
            GroupBy::Day
            | GroupBy::Model
            | GroupBy::Endpoint
            | GroupBy::Key
            | GroupBy::Conversation
            | GroupBy::Branch
            | GroupBy::User
            | GroupBy::Mode => Group::Day(day),
        };
        let group = self.groups.id(group);
        self.day = Some((day, group));
        group
    }

    fn conversation_group(&mut self, part: &Part, stored: u64) -> u32 {
        let at = usize::try_from(stored).unwrap_or(usize::MAX);
        let Some(known) = self.conversations.get_mut(at) else { return NONE };
        if *known == UNKNOWN {
            let id = at.checked_sub(1).and_then(|at| part.conversations.get(at)).copied();
            *known = self.groups.id(Group::Conversation(id));
        }
        *known
    }

    /// The rows of a block that count, and in the group of this name where one is asked for: place in the
    /// block, moment.
    pub fn found<'a>(
        &'a mut self,
        part: &Part,
        columns: &'a Columns,
        group: Option<&'a str>,
    ) -> impl Iterator<Item = (usize, u64)> + 'a {
        self.sift(part, columns);
        let of_name: Option<Vec<bool>> =
            group.map(|name| self.groups.list.iter().map(|group| group.name() == name).collect());
        let counts = move |group: u32| match &of_name {
            None => group != NONE,
            Some(of_name) => {
                usize::try_from(group).ok().and_then(|at| of_name.get(at)).copied().unwrap_or(false)
            }
        };
        let rows = self.of_rows.iter().zip(columns.get(Column::Time)).enumerate();
        rows.filter(move |(_, (group, _))| counts(**group)).map(|(row, (_, time))| (row, *time))
    }
}

fn keep(of_rows: &mut [u32], holds: impl Iterator<Item = bool>) {
    for (group, holds) in of_rows.iter_mut().zip(holds) {
        if !holds {
            *group = NONE;
        }
    }
}

fn messages(columns: &Columns) -> impl Iterator<Item = MessageId> {
    let halves = columns.get(Column::MessageHigh).iter().zip(columns.get(Column::MessageLow));
    halves.map(|(high, low)| MessageId(Uuid::from_u64_pair(*high, *low)))
}

/// A group while it is added up.
#[derive(Clone, Debug, Default)]
struct Sum {
    row: UsageRow,
    /// Tokens that came after a first content, and the microseconds they took.
    generated: u64,
    generating: u64,
}

impl Sum {
    fn plus(&mut self, other: &Self) {
        let (row, more) = (&mut self.row, &other.row);
        row.requests += more.requests;
        row.errors += more.errors;
        row.cancelled += more.cancelled;
        row.cut += more.cut;
        row.attempts += more.attempts;
        row.unpriced += more.unpriced;
        row.estimated += more.estimated;
        row.cost_eur += more.cost_eur;
        for (sum, more) in [
            (&mut row.tokens_in, more.tokens_in),
            (&mut row.tokens_out, more.tokens_out),
            (&mut row.cached_in, more.cached_in),
            (&mut row.cache_write, more.cache_write),
            (&mut row.reasoning_out, more.reasoning_out),
            (&mut self.generated, other.generated),
            (&mut self.generating, other.generating),
        ] {
            *sum = sum.saturating_add(more);
        }
    }

    fn finish(self, times: Times) -> UsageRow {
        let seconds = |micros: Option<u64>| micros.map(|micros| micros as f64 / 1e6);
        UsageRow {
            latency_p50: seconds(times.latency.0),
            latency_p95: seconds(times.latency.1),
            ttft_p50: seconds(times.ttft.0),
            ttft_p95: seconds(times.ttft.1),
            tokens_per_second: (self.generating > 0)
                .then(|| self.generated as f64 * 1e6 / self.generating as f64),
            ..self.row
        }
    }
}

/// Half and ninety-five percent of a group's times.
#[derive(Clone, Copy, Debug, Default)]
struct Times {
    latency: (Option<u64>, Option<u64>),
    ttft: (Option<u64>, Option<u64>),
}

/// Times that were measured, each with its group.
#[derive(Debug, Default)]
struct Measured {
    groups: Vec<u32>,
    /// Stored as columns store them: 0 is not reported.
    times: Vec<u64>,
}

impl Measured {
    fn push(&mut self, group: u32, stored: u64) {
        if stored > 0 {
            self.groups.push(group);
            self.times.push(stored - 1);
        }
    }

    /// The percentiles of so many groups, and in the end those of all together.
    fn percentiles(&self, groups: usize) -> Vec<(Option<u64>, Option<u64>)> {
        let mut ends = vec![0usize; groups + 1];
        for group in &self.groups {
            ends[*group as usize + 1] += 1;
        }
        for at in 1..ends.len() {
            ends[at] += ends[at - 1];
        }
        // Where each group's times go next; in the end, where they end.
        let mut sorted = vec![0; self.times.len()];
        for (group, time) in self.groups.iter().zip(&self.times) {
            let next = &mut ends[*group as usize];
            sorted[*next] = *time;
            *next += 1;
        }
        let mut found = Vec::with_capacity(groups + 1);
        let mut begin = 0;
        for end in &ends[..groups] {
            found.push(percentiles(&mut sorted[begin..*end]));
            begin = *end;
        }
        found.push(percentiles(&mut sorted));
        found
    }
}

/// The nearest-rank percentiles 50 and 95: times that were measured.
fn percentiles(times: &mut [u64]) -> (Option<u64>, Option<u64>) {
    let Some(last) = times.len().checked_sub(1) else { return (None, None) };
    let rank = |percent: usize| ((last + 1) * percent).div_ceil(100).max(1) - 1;
    let ranks = [rank(50), rank(95)];
    let [p50, p95] =
        if times.len() > MANY { of_many(times, ranks) } else { ranks.map(|rank| of_few(times, rank)) };
    (Some(p50), Some(p95))
}

/// From so many times on, counting them first is faster than putting them in order.
const MANY: usize = 10_000;

fn of_few(times: &mut [u64], rank: usize) -> u64 {
    *times.select_nth_unstable(rank).1
}

/// The times of these ranks: all times are counted by their highest bits, and only those that share them with one of
/// the two are put in order.
fn of_many(times: &[u64], ranks: [usize; 2]) -> [u64; 2] {
    const BITS: u32 = 12;
    let most = times.iter().copied().max().unwrap_or_default();
    let shift = (u64::BITS - most.leading_zeros()).saturating_sub(BITS);
    let mut counts = [0usize; 1 << BITS];
    for time in times {
        counts[(time >> shift) as usize] += 1;
    }
    ranks.map(|rank| {
        let mut before = 0;
        let holds = |count: &usize| {
            let here = rank < before + count;
            if !here {
                before += count;
            }
            here
        };
        let bits = counts.iter().position(holds).unwrap_or_default() as u64;
        let mut near: Vec<u64> = times.iter().copied().filter(|time| time >> shift == bits).collect();
        of_few(&mut near, rank - before)
    })
}

/// Points of all groups together that a chart may take.
const POINTS: usize = 1 << 18;
/// Slots a chart may have; beyond, they are made longer.
const SLOTS: i64 = 4000;

/// The charts while they are added up.
#[derive(Debug)]
struct Drawing {
    step: Step,
    first: i64,
    slots: Vec<Point>,
    /// The slots of the groups, one group after the other.
    groups: Vec<Point>,
    hours: [[Point; 24]; 7],
    latency: [u64; BUCKETS],
    ttft: [u64; BUCKETS],
    faults: [u64; Fault::CODES],
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
    fn new(step: Step, query: &Query, clock: &mut Clock, (first, last): (Timestamp, Timestamp)) -> Self {
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
                        hours: [[Point::default(); 24]; 7],
                        latency: [0; BUCKETS],
                        ttft: [0; BUCKETS],
                        faults: [0; Fault::CODES],
                    };
                }
            }
        }
    }

    fn add(&mut self, group: u32, local: i64, point: &Point) {
        let (day, hour) = (day_of(local), local.rem_euclid(DAY) / HOUR);
        let weekday = (day + 3).rem_euclid(7);
        let place = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
        if let Some(sum) = self.hours.get_mut(place(weekday)).and_then(|day| day.get_mut(place(hour))) {
            sum.add(point);
        }
        let slot = place(self.step.slot(local) - self.first);
        let Some(sum) = self.slots.get_mut(slot) else { return };
        sum.add(point);
        let begin = (group as usize).saturating_mul(self.slots.len());
        if begin + self.slots.len() > POINTS {
            return;
        }
        if self.groups.len() < begin + self.slots.len() {
            self.groups.resize(begin + self.slots.len(), Point::default());
        }
        self.groups[begin + slot].add(point);
    }

    fn finish(self, order: &[usize]) -> Charts {
        let count = self.slots.len();
        let mut faults: Vec<(Fault, u64)> = (0..)
            .zip(self.faults)
            .filter_map(|(code, count)| Some((Fault::from_code(code)?, count)))
            .filter(|(_, count)| *count > 0)
            .collect();
        faults.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let of_group = |group: &usize| {
            let begin = group.saturating_mul(count);
            self.groups.get(begin..begin.saturating_add(count)).unwrap_or_default().to_vec()
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
    }
}

/// A question while it is answered.
pub(super) struct Tally<'q> {
    sieve: Sieve<'q>,
    sums: Vec<Sum>,
    latency: Measured,
    ttft: Measured,
    drawing: Option<Drawing>,
}

impl<'q> Tally<'q> {
    /// For a query over a log whose events lie between two moments.
    pub fn new(query: &'q Query, held: (Timestamp, Timestamp)) -> Self {
        let mut sieve = Sieve::new(query, held);
        let drawing = query.charts.map(|step| Drawing::new(step, query, &mut sieve.clock, held));
        Self { sieve, sums: Vec::new(), latency: Measured::default(), ttft: Measured::default(), drawing }
    }

    /// What finds the rows.
    pub fn sieve(&mut self) -> &mut Sieve<'q> {
        &mut self.sieve
    }

    /// Adds a block of the part that the sieve has begun with.
    pub fn add(&mut self, part: &Part, columns: &Columns) {
        self.sieve.sift(part, columns);
        // Where neither names nor rows make groups, the first takes what has been given it.
        self.sums.resize(self.sieve.groups.list.len().max(1), Sum::default());
        let of_rows = std::mem::take(&mut self.sieve.of_rows);
        let column = |column: Column| columns.get(column).get(..of_rows.len()).unwrap_or_default();
        let (classes, costs) = (column(Column::Class), column(Column::Cost));
        let (inputs, outputs) = (column(Column::TokensIn), column(Column::TokensOut));
        let (cached, written) = (column(Column::CachedIn), column(Column::CacheWrite));
        let (reasoning, times) = (column(Column::ReasoningOut), column(Column::Time));
        let (latencies, ttfts) = (column(Column::Latency), column(Column::Ttft));
        for (row, group) in of_rows.iter().enumerate() {
            let Some(sum) = self.sums.get_mut(*group as usize) else { continue };
            let class = Class(classes[row].to_le_bytes()[0]);
            let (input, output) = (inputs[row].saturating_sub(1), outputs[row].saturating_sub(1));
            let price = cost(costs[row]);
            let is_final = u64::from(class.is_final());
            let point = Point {
                requests: is_final,
                errors: is_final & u64::from(class.is(EventStatus::Error)),
                tokens: input.saturating_add(output),
                cost_eur: price.unwrap_or(Money::ZERO),
            };
            let total = &mut sum.row;
            total.attempts += 1;
            total.requests += point.requests;
            total.errors += point.errors;
            total.cancelled += is_final & u64::from(class.is(EventStatus::Cancelled));
            total.cut += is_final & u64::from(class.is(EventStatus::Cut));
            total.estimated += u64::from(class.is_estimated());
            total.tokens_in = total.tokens_in.saturating_add(input);
            total.tokens_out = total.tokens_out.saturating_add(output);
            total.cached_in = total.cached_in.saturating_add(cached[row].saturating_sub(1));
            total.cache_write = total.cache_write.saturating_add(written[row].saturating_sub(1));
            total.reasoning_out = total.reasoning_out.saturating_add(reasoning[row].saturating_sub(1));
            total.cost_eur += point.cost_eur;
            total.unpriced += u64::from(point.tokens > 0 && price.is_none());
            let (latency, ttft) = (latencies[row], ttfts[row]);
            if class.is_final() {
                self.latency.push(*group, latency);
                self.ttft.push(*group, ttft);
                if ttft > 0 && latency > ttft && outputs[row] > 0 {
                    sum.generated = sum.generated.saturating_add(output);
                    sum.generating = sum.generating.saturating_add(latency - ttft);
                }
            }
            if let Some(drawing) = &mut self.drawing {
                drawing.add(*group, self.sieve.clock.local(millis(times[row])), &point);
                if class.is_final() {
                    drawing.faults[class.fault()] += 1;
                    for (counts, stored) in [(&mut drawing.latency, latency), (&mut drawing.ttft, ttft)] {
                        if let Some(micros) = stored.checked_sub(1) {
                            counts[Histogram::bucket(micros)] += 1;
                        }
                    }
                }
            }
        }
        self.sieve.of_rows = of_rows;
    }

    /// The report, and the charts where they were asked for.
    pub fn finish(self) -> (UsageReport, Option<Charts>) {
        let Self { sieve, sums, latency, ttft, drawing } = self;
        let query = sieve.query;
        let groups = sums.len();
        let mut total = Sum::default();
        sums.iter().for_each(|sum| total.plus(sum));
        let mut times: Vec<Times> = latency
            .percentiles(groups)
            .into_iter()
            .zip(ttft.percentiles(groups))
            .map(|(latency, ttft)| Times { latency, ttft })
            .collect();
        let total = total.finish(times.pop().unwrap_or_default());
        let mut rows: Vec<(usize, UsageRow)> = sums
            .into_iter()
            .zip(times)
            .enumerate()
            .filter(|(_, (sum, _))| sum.row.attempts > 0)
            .map(|(at, (sum, times))| {
                let key = sieve.groups.list.get(at).map(Group::name).unwrap_or_default();
                (at, UsageRow { key, ..sum.finish(times) })
            })
            .collect();
        rows.sort_by(|(_, a), (_, b)| query.sort.compare(query.by, a, b));
        let (order, rows): (Vec<usize>, Vec<UsageRow>) = rows.into_iter().unzip();
        let by = query.by.name().to_owned();
        let report = UsageReport { from: query.from, to: query.to, by, rows, total };
        (report, drawing.map(|drawing| drawing.finish(&order)))
    }
}

/// Which of two shares is larger; as products, so that they need no division.
fn share(part: u64, whole: u64, other: u64, of: u64) -> std::cmp::Ordering {
    let times = |a: u64, b: u64| u128::from(a) * u128::from(b.max(1));
    times(part, of).cmp(&times(other, whole))
}

impl Sort {
    fn compare(self, by: GroupBy, a: &UsageRow, b: &UsageRow) -> std::cmp::Ordering {
        let seconds = |a: Option<f64>, b: Option<f64>| b.unwrap_or(-1.0).total_cmp(&a.unwrap_or(-1.0));
        let first = match self {
            Self::Natural if by.is_time() => a.key.cmp(&b.key),
            Self::Natural | Self::Price => std::cmp::Ordering::Equal,
            Self::Name => a.key.cmp(&b.key),
            Self::Requests => b.requests.cmp(&a.requests),
            Self::TokensIn => b.tokens_in.cmp(&a.tokens_in),
            Self::TokensOut => b.tokens_out.cmp(&a.tokens_out),
            Self::Latency => seconds(a.latency_p50, b.latency_p50),
            Self::FirstContent => seconds(a.ttft_p50, b.ttft_p50),
            Self::Speed => seconds(a.tokens_per_second, b.tokens_per_second),
            Self::Errors => share(b.errors, b.requests, a.errors, a.requests),
            Self::Cached => share(b.cached_in, b.tokens_in, a.cached_in, a.tokens_in),
        };
        let then = || (b.cost_eur, b.requests).cmp(&(a.cost_eur, a.requests));
        first.then_with(then).then_with(|| a.key.cmp(&b.key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let mut hundred: Vec<u64> = (1..=100).rev().collect();
        assert_eq!(percentiles(&mut hundred), (Some(50), Some(95)));
        assert_eq!(percentiles(&mut [7]), (Some(7), Some(7)));
        assert_eq!(percentiles(&mut [9, 7]), (Some(7), Some(9)));
        assert_eq!(percentiles(&mut []), (None, None));
    }

    #[test]
    fn many_times_have_the_percentiles_that_few_have() {
        for spread in [1, 2, 1000, 30_000_000, u64::MAX] {
            let mut times: Vec<u64> = (0..MANY as u64 * 2 + 7)
                .map(|number| number.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(17) % spread)
                .collect();
            let ranks = [times.len() / 2, times.len() - 1];
            let expected = ranks.map(|rank| of_few(&mut times.clone(), rank));
            assert_eq!(of_many(&times, ranks), expected);
            let found = percentiles(&mut times);
            times.sort_unstable();
            let at = |percent: usize| Some(times[(times.len() * percent).div_ceil(100) - 1]);
            assert_eq!(found, (at(50), at(95)));
        }
    }
}
