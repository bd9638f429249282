//! How a list of conversations is kept in order by a person: pinned, archived, tagged; and by time.

use jiff::civil::Date;
use jiff::{Timestamp, Zoned};
use serde::{Deserialize, Serialize};

/// Characters that a tag keeps.
pub const LONGEST_TAG: usize = 40;

/// Where a conversation stands in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shelf {
    /// Kept at the top.
    pub pinned: bool,
    /// Out of the list until it is asked for.
    pub archived: bool,
    /// In the order of the alphabet. Untrusted text.
    pub tags: Vec<String>,
}

/// A tag as it is kept: on one line, shortened; `None` where nothing is left.
pub fn tag(typed: &str) -> Option<String> {
    let line = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let tag: String = line.trim_start_matches('#').trim().chars().take(LONGEST_TAG).collect();
    (!tag.is_empty()).then_some(tag)
}

/// The part of the list that a time puts a conversation in, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DateGroup {
    /// Since midnight, and what a wrong clock wrote.
    Today,
    /// The day before.
    Yesterday,
    /// One of the last seven days, counting today.
    Last7Days,
    /// One of the last thirty days.
    Last30Days,
    /// A month before these: the newest sorts first.
    Month(std::cmp::Reverse<(i16, i8)>),
}

impl DateGroup {
    /// The group of a time, at this moment and in its time zone.
    pub fn of(time: Timestamp, now: &Zoned) -> Self {
        let day = time.to_zoned(now.time_zone().clone()).date();
        match days_between(day, now.date()) {
            ..=0 => Self::Today,
            1 => Self::Yesterday,
            2..=6 => Self::Last7Days,
            7..=29 => Self::Last30Days,
            30.. => Self::Month(std::cmp::Reverse((day.year(), day.month()))),
        }
    }
}

fn days_between(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;

    use super::*;

    #[test]
    fn groups_are_of_local_days() {
        let now: Zoned = "2026-03-30T01:00[Europe/Berlin]".parse().unwrap();
        for (time, expected) in [
            ("2026-03-29T22:30Z", DateGroup::Today),
            ("2027-01-01T00:00Z", DateGroup::Today),
            // The day before has 23 hours.
            ("2026-03-29T21:59Z", DateGroup::Yesterday),
            ("2026-03-28T23:00Z", DateGroup::Yesterday),
            ("2026-03-28T22:59Z", DateGroup::Last7Days),
            ("2026-03-23T23:30Z", DateGroup::Last7Days),
            ("2026-03-23T22:30Z", DateGroup::Last30Days),
            ("2026-02-28T23:30Z", DateGroup::Last30Days),
            ("2026-02-28T22:30Z", DateGroup::Month(Reverse((2026, 2)))),
            ("2025-12-31T23:30Z", DateGroup::Month(Reverse((2026, 1)))),
        ] {
            assert_eq!(DateGroup::of(time.parse().unwrap(), &now), expected, "{time}");
        }
        assert!(DateGroup::Month(Reverse((2026, 2))) < DateGroup::Month(Reverse((2025, 12))));
        assert!(DateGroup::Last30Days < DateGroup::Month(Reverse((2026, 2))));
    }

    #[test]
    fn a_tag_is_one_short_line_without_its_hash() {
        assert_eq!(tag(" #work\n notes "), Some("work notes".into()));
        assert_eq!(tag(&"x".repeat(99)), Some("x".repeat(LONGEST_TAG)));
        assert_eq!(tag(" # "), None);
    }
}
