//! Half and ninety-five percent of the times of many groups.

/// Half and ninety-five percent; none of no times.
pub(super) type Percentiles = (Option<u64>, Option<u64>);

/// Times that were measured, each with its group.
#[derive(Debug, Default)]
pub(super) struct Measured {
    groups: Vec<u32>,
    times: Vec<u64>,
    /// What others have measured.
    others: Vec<Self>,
}

impl Measured {
    /// With room for so many.
    pub fn with_capacity(count: usize) -> Self {
        Self { groups: Vec::with_capacity(count), times: Vec::with_capacity(count), others: Vec::new() }
    }

    /// Adds a time as columns store it: 0 is not reported.
    pub fn push(&mut self, group: u32, stored: u64) {
        if stored > 0 {
            self.groups.push(group);
            self.times.push(stored - 1);
        }
    }

    /// Adds times of other groups, which are these.
    pub fn plus(&mut self, mut other: Self, id: impl Fn(usize) -> u32) {
        for group in &mut other.groups {
            *group = id(*group as usize);
        }
        self.others.push(other);
    }

    fn all(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.others)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.all().map(|measured| measured.times.len()).sum()
    }

    /// The percentiles of these of so many groups, in this order, and in the end those of all groups together.
    pub fn percentiles(&self, groups: usize, wanted: &[usize]) -> Vec<Percentiles> {
        // Those that nobody asks for come last, all in one. The others keep the order in which they were met: times of a
        // group come near each other, and then they go near each other.
        let count = wanted.len();
        let mut places = vec![u32::try_from(count).unwrap_or(u32::MAX); groups];
        let mut met = wanted.to_vec();
        met.sort_unstable();
        for (place, group) in (0..).zip(met) {
            places[group] = place;
        }
        let mut ends = vec![0usize; count + 2];
        for group in self.all().flat_map(|measured| &measured.groups) {
            ends[places[*group as usize] as usize + 1] += 1;
        }
        for at in 1..ends.len() {
            ends[at] += ends[at - 1];
        }
        // Where each group's times go next; in the end, where they end.
        let mut sorted = vec![0; ends[count + 1]];
        for measured in self.all() {
            for (group, time) in measured.groups.iter().zip(&measured.times) {
                let next = &mut ends[places[*group as usize] as usize];
                sorted[*next] = *time;
                *next += 1;
            }
        }
        let mut found = Vec::with_capacity(count);
        let mut begin = 0;
        for end in &ends[..count] {
            found.push(percentiles(&mut sorted[begin..*end]));
            begin = *end;
        }
        let all = percentiles(&mut sorted);
        wanted.iter().map(|group| found[places[*group] as usize]).chain([all]).collect()
    }
}

/// The nearest-rank percentiles 50 and 95: times that were measured.
fn percentiles(times: &mut [u64]) -> Percentiles {
    let Some(last) = times.len().checked_sub(1) else { return (None, None) };
    let rank = |percent: usize| ((last + 1) * percent).div_ceil(100).max(1) - 1;
    let ranks = [rank(50), rank(95)];
    let [p50, p95] = if times.len() <= FEW {
        times.sort_unstable();
        ranks.map(|rank| times[rank])
    } else if times.len() <= MANY {
        ranks.map(|rank| of_few(times, rank))
    } else {
        of_many(times, ranks)
    };
    (Some(p50), Some(p95))
}

/// Up to so many times, putting all of them in order is faster than looking for two.
const FEW: usize = 32;
/// From so many times on, counting them first is faster than putting them in order.
const MANY: usize = 10_000;

/// The time of this rank, by putting as many in order as that takes.
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
    let places = ranks.map(|rank| {
        let mut before = 0;
        let holds = |count: &usize| {
            let here = rank < before + count;
            if !here {
                before += count;
            }
            here
        };
        (counts.iter().position(holds).unwrap_or_default() as u64, rank - before)
    });
    let mut near = [Vec::new(), Vec::new()];
    for time in times {
        for (near, (bits, _)) in near.iter_mut().zip(places) {
            if time >> shift == bits {
                near.push(*time);
            }
        }
    }
    let [low, high] = &mut near;
    [of_few(low, places[0].1), of_few(high, places[1].1)]
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
