//! Adding up: blocks of rows in, a report out.
//!
//! A block is gone through twice: first every row is given its group ([`Sieve`]), then the rows that have one are
//! added. What several threads have added up is put together ([`Tally::plus`]); all of it is whole numbers, so who
//! added what makes no difference.

use jiff::Timestamp;

use super::columns::{Class, Column, Columns, cost, millis};
use super::cores::both;
use super::drawing::Drawing;
use super::footprint::{Estimator, Method};
use super::part::{Named, Part};
use super::percentiles::{Measured, Percentiles};
use super::sieve::{Group, Sieve};
use super::{Charts, EventStatus, GroupBy, Histogram, Point, Query, Sort, Taken, UsageReport, UsageRow};
use crate::chat::Money;

/// Times from which on two threads look for percentiles: it takes half a millisecond. Tests have few, and do it all the same.
const AT_ONCE: usize = if cfg!(test) { 1 } else { 20_000 };

/// A group while it is added up: what a row is made of, and small, for there may be a hundred thousand.
#[derive(Clone, Debug, Default)]
struct Sum {
    attempts: u64,
    requests: u64,
    errors: u64,
    cancelled: u64,
    cut: u64,
    unpriced: u64,
    estimated: u64,
    cost_told: u64,
    tokens_in: u64,
    tokens_out: u64,
    cached_in: u64,
    cache_write: u64,
    reasoning_out: u64,
    cost_eur: Money,
    /// Tokens that came after a first content, and the microseconds they took.
    generated: u64,
    generating: u64,
}

/// What attempts of the part at hand take, by their names, and what they took.
#[derive(Debug)]
struct Estimates<'q> {
    method: &'q Method,
    /// Of the part at hand.
    part: Option<&'q Part>,
    estimators: Vec<Option<Estimator>>,
    /// Of each group.
    taken: Vec<Taken>,
}

impl<'q> Estimates<'q> {
    const fn new(method: &'q Method) -> Self {
        Self { method, part: None, estimators: Vec::new(), taken: Vec::new() }
    }

    /// Adds a block's rows to their groups, of which there are so many.
    fn add(&mut self, part: &'q Part, columns: &Columns, of_rows: &[u32], groups: usize) {
        if self.part.is_none_or(|at| !std::ptr::eq(at, part)) {
            let estimator = |named: &Named| self.method.estimator(&named.provider, &named.model);
            self.estimators = part.names.iter().map(estimator).collect();
            self.part = Some(part);
        }
        self.taken.resize(groups, Taken::default());
        let column = |column: Column| columns.get(column).iter();
        let tokens = column(Column::TokensIn).zip(column(Column::TokensOut));
        let rows = of_rows.iter().zip(column(Column::Names)).zip(tokens).zip(column(Column::Latency));
        for (((group, names), (input, output)), latency) in rows {
            let Some(taken) = self.taken.get_mut(*group as usize) else { continue };
            let estimator = usize::try_from(*names).ok().and_then(|at| self.estimators.get(at)?.as_ref());
            match (estimator, output.checked_sub(1)) {
                (Some(estimator), Some(output)) => {
                    taken.known.plus(estimator.of(output, latency.saturating_sub(1)));
                }
                // What used nothing took nothing, as far as is known.
                (_, _) => taken.unknown += u64::from((*input).max(*output) > 1),
            }
        }
    }
}

impl Sum {
    fn plus(&mut self, other: &Self) {
        self.cost_eur += other.cost_eur;
        for (sum, more) in [
            (&mut self.attempts, other.attempts),
            (&mut self.requests, other.requests),
            (&mut self.errors, other.errors),
            (&mut self.cancelled, other.cancelled),
            (&mut self.cut, other.cut),
            (&mut self.unpriced, other.unpriced),
            (&mut self.estimated, other.estimated),
            (&mut self.cost_told, other.cost_told),
            (&mut self.tokens_in, other.tokens_in),
            (&mut self.tokens_out, other.tokens_out),
            (&mut self.cached_in, other.cached_in),
            (&mut self.cache_write, other.cache_write),
            (&mut self.reasoning_out, other.reasoning_out),
            (&mut self.generated, other.generated),
            (&mut self.generating, other.generating),
        ] {
            *sum = sum.saturating_add(more);
        }
    }

    fn row(
        &self,
        key: String,
        latency: Percentiles,
        ttft: Percentiles,
        footprint: Option<Taken>,
    ) -> UsageRow {
        let seconds = |micros: Option<u64>| micros.map(|micros| micros as f64 / 1e6);
        UsageRow {
            key,
            requests: self.requests,
            errors: self.errors,
            tokens_in: self.tokens_in,
            tokens_out: self.tokens_out,
            cached_in: self.cached_in,
            reasoning_out: self.reasoning_out,
            cost_eur: self.cost_eur,
            unpriced: self.unpriced,
            latency_p50: seconds(latency.0),
            latency_p95: seconds(latency.1),
            ttft_p50: seconds(ttft.0),
            ttft_p95: seconds(ttft.1),
            tokens_per_second: (self.generating > 0)
                .then(|| self.generated as f64 * 1e6 / self.generating as f64),
            attempts: self.attempts,
            cancelled: self.cancelled,
            cut: self.cut,
            cache_write: self.cache_write,
            estimated: self.estimated,
            cost_told: self.cost_told,
            footprint,
        }
    }
}

/// A question while it is answered.
pub(super) struct Tally<'q> {
    sieve: Sieve<'q>,
    sums: Vec<Sum>,
    latency: Measured,
    ttft: Measured,
    estimates: Option<Estimates<'q>>,
    drawing: Option<Drawing>,
}

impl<'q> Tally<'q> {
    /// For a query over a log whose events lie between two moments, of which so many are to come.
    pub fn new(query: &'q Query, held: (Timestamp, Timestamp), rows: usize) -> Self {
        let mut sieve = Sieve::new(query, held);
        let drawing = query.charts.map(|step| Drawing::new(step, query, &mut sieve.clock, held));
        Self {
            sieve,
            sums: Vec::new(),
            latency: Measured::with_capacity(rows),
            ttft: Measured::with_capacity(rows),
            estimates: query.footprint.as_deref().map(Estimates::new),
            drawing,
        }
    }

    /// Adds a block of a part.
    pub fn add(&mut self, part: &'q Part, columns: &Columns) {
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
            let class = Class::stored(classes[row]);
            let (input, output) = (inputs[row].saturating_sub(1), outputs[row].saturating_sub(1));
            let price = cost(costs[row]);
            let is_final = u64::from(class.is_final());
            let point = Point {
                requests: is_final,
                errors: is_final & u64::from(class.is(EventStatus::Error)),
                tokens: input.saturating_add(output),
                cost_eur: price.unwrap_or(Money::ZERO),
                unpriced: u64::from((input | output) > 0 && price.is_none()),
            };
            sum.attempts += 1;
            sum.requests += point.requests;
            sum.errors += point.errors;
            sum.cancelled += is_final & u64::from(class.is(EventStatus::Cancelled));
            sum.cut += is_final & u64::from(class.is(EventStatus::Cut));
            sum.estimated += u64::from(class.is_estimated());
            sum.cost_told += u64::from(class.is_told());
            sum.tokens_in = sum.tokens_in.saturating_add(input);
            sum.tokens_out = sum.tokens_out.saturating_add(output);
            sum.cached_in = sum.cached_in.saturating_add(cached[row].saturating_sub(1));
            sum.cache_write = sum.cache_write.saturating_add(written[row].saturating_sub(1));
            sum.reasoning_out = sum.reasoning_out.saturating_add(reasoning[row].saturating_sub(1));
            sum.cost_eur += point.cost_eur;
            sum.unpriced += point.unpriced;
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
        if let Some(estimates) = &mut self.estimates {
            estimates.add(part, columns, &of_rows, self.sums.len());
        }
        self.sieve.of_rows = of_rows;
    }

    /// Adds what another thread has added up for the same question.
    pub fn plus(&mut self, other: Self) {
        let groups = &mut self.sieve.groups;
        groups.reserve(other.sieve.groups.list.len());
        let ids: Vec<u32> = other.sieve.groups.list.into_iter().map(|group| groups.id(group)).collect();
        // Where nothing makes groups there is one without a name.
        let id = |at: usize| ids.get(at).copied().unwrap_or(0);
        self.sums.resize(groups.list.len().max(1), Sum::default());
        for (at, sum) in other.sums.iter().enumerate() {
            if let Some(own) = self.sums.get_mut(id(at) as usize) {
                own.plus(sum);
            }
        }
        self.latency.plus(other.latency, id);
        self.ttft.plus(other.ttft, id);
        if let (Some(own), Some(theirs)) = (&mut self.estimates, &other.estimates) {
            own.taken.resize(self.sums.len(), Taken::default());
            for (at, taken) in theirs.taken.iter().enumerate() {
                if let Some(own) = own.taken.get_mut(id(at) as usize) {
                    own.plus(*taken);
                }
            }
        }
        if let (Some(own), Some(theirs)) = (&mut self.drawing, &other.drawing) {
            own.plus(theirs, other.sums.len(), id);
        }
    }

    /// The report with as many rows as were asked for, the charts where they were, and how many groups there are.
    pub fn finish(self) -> (UsageReport, Option<Charts>, usize) {
        let (order, count) = self.order();
        let Self { sieve, sums, latency, ttft, estimates, drawing } = self;
        let query = sieve.query;
        let groups = sums.len();
        let mut total = Sum::default();
        sums.iter().for_each(|sum| total.plus(sum));
        let (latency, ttft) = both(
            (latency.count(), AT_ONCE),
            || latency.percentiles(groups, &order),
            || ttft.percentiles(groups, &order),
        );
        let of = |times: &[Percentiles], place: usize| times.get(place).copied().unwrap_or_default();
        let taken = |at: usize| estimates.as_ref().map(|all| all.taken.get(at).copied().unwrap_or_default());
        let all_taken = estimates.as_ref().map(|all| {
            let mut sum = Taken::default();
            all.taken.iter().for_each(|taken| sum.plus(*taken));
            sum
        });
        let total = total.row(String::new(), of(&latency, order.len()), of(&ttft, order.len()), all_taken);
        let rows = order.iter().enumerate().map(|(place, at)| {
            let key = sieve.groups.list.get(*at).map(Group::name).unwrap_or_default();
            sums[*at].row(key, of(&latency, place), of(&ttft, place), taken(*at))
        });
        let by = query.by.name().to_owned();
        let report = UsageReport { from: query.from, to: query.to, by, rows: rows.collect(), total };
        (report, drawing.map(|drawing| drawing.finish(&order)), count)
    }

    /// The groups that are to be told of, in order, and how many there are in all.
    fn order(&self) -> (Vec<usize>, usize) {
        let Query { sort, by, most, .. } = *self.sieve.query;
        let every: Vec<usize> = (0..self.sums.len()).collect();
        let medians = match sort {
            Sort::Latency => self.latency.percentiles(every.len(), &every),
            Sort::FirstContent => self.ttft.percentiles(every.len(), &every),
            Sort::Natural
            | Sort::Name
            | Sort::Requests
            | Sort::TokensIn
            | Sort::TokensOut
            | Sort::Cached
            | Sort::Price
            | Sort::Speed
            | Sort::Errors => Vec::new(),
        };
        let mut ranks: Vec<Rank> = (0..)
            .zip(&self.sums)
            .filter(|(_, sum)| sum.attempts > 0)
            .map(|(at, sum)| Rank::new(sort, at, sum, medians.get(at).and_then(|times| times.0)))
            .collect();
        let count = ranks.len();
        let list = &self.sieve.groups.list;
        let by_name = |a: &Rank, b: &Rank| list.get(a.at).cmp(&list.get(b.at));
        let is_by_name = sort.is_by_name(by);
        let compare = |a: &Rank, b: &Rank| {
            if is_by_name { by_name(a, b) } else { b.order().cmp(&a.order()).then_with(|| by_name(a, b)) }
        };
        if count > most {
            ranks.select_nth_unstable_by(most, compare);
            ranks.truncate(most);
        }
        ranks.sort_unstable_by(compare);
        (ranks.iter().map(|rank| rank.at).collect(), count)
    }
}

/// What puts a group in its place among the others: small, for there may be a hundred thousand to be put in order.
struct Rank {
    /// What is asked for, as a number of which more comes first.
    first: u128,
    cost_eur: Money,
    requests: u64,
    /// Which group it is.
    at: usize,
}

impl Rank {
    /// A group's, with the median of the times that are asked for.
    fn new(sort: Sort, at: usize, sum: &Sum, median: Option<u64>) -> Self {
        // Shares that differ do so before the 64th binary digit.
        let share = |part: u64, of: u64| (u128::from(part) << 64) / u128::from(of.max(1));
        let first = match sort {
            Sort::Natural | Sort::Price | Sort::Name => 0,
            Sort::Requests => sum.requests.into(),
            Sort::TokensIn => sum.tokens_in.into(),
            Sort::TokensOut => sum.tokens_out.into(),
            Sort::Latency | Sort::FirstContent => median.map_or(0, |micros| u128::from(micros) + 1),
            Sort::Speed if sum.generating == 0 => 0,
            Sort::Speed => share(sum.generated, sum.generating) + 1,
            Sort::Errors => share(sum.errors, sum.requests),
            Sort::Cached => share(sum.cached_in, sum.tokens_in),
        };
        Self { first, cost_eur: sum.cost_eur, requests: sum.requests, at }
    }

    fn order(&self) -> (u128, Money, u64) {
        (self.first, self.cost_eur, self.requests)
    }
}

impl Sort {
    /// Whether groups are in the order of their names, as days are.
    fn is_by_name(self, by: GroupBy) -> bool {
        match self {
            Self::Name => true,
            Self::Natural => by.is_time(),
            Self::Requests
            | Self::TokensIn
            | Self::TokensOut
            | Self::Cached
            | Self::Price
            | Self::Latency
            | Self::FirstContent
            | Self::Speed
            | Self::Errors => false,
        }
    }
}
