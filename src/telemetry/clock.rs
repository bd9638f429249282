//! Local time of many moments, without asking the time zone for each.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

pub(super) const HOUR: i64 = 3_600_000;
pub(super) const DAY: i64 = 24 * HOUR;

/// The offsets of a time zone between two moments.
#[derive(Debug)]
pub(super) struct Clock {
    /// From when on which offset holds, in order, in milliseconds.
    offsets: Vec<(i64, i64)>,
    /// The stretch of the moment that was asked for last: from, before, offset.
    last: (i64, i64, i64),
}

impl Clock {
    pub fn new(zone: &TimeZone, from: Timestamp, to: Timestamp) -> Self {
        let millis = |offset: jiff::tz::Offset| i64::from(offset.seconds()) * 1000;
        let mut offsets = vec![(i64::MIN, millis(zone.to_offset(from)))];
        offsets.extend(
            zone.following(from)
                .take_while(|change| change.timestamp() <= to)
                .map(|change| (change.timestamp().as_millisecond(), millis(change.offset()))),
        );
        Self { offsets, last: (0, 0, 0) }
    }

    /// Milliseconds of the local calendar since 1970-01-01 began there.
    pub fn local(&mut self, millis: i64) -> i64 {
        let (from, before, offset) = self.last;
        if (from..before).contains(&millis) {
            return millis.saturating_add(offset);
        }
        let next = self.offsets.partition_point(|(from, _)| *from <= millis);
        let (from, offset) =
            next.checked_sub(1).and_then(|at| self.offsets.get(at)).copied().unwrap_or_default();
        let before = self.offsets.get(next).map_or(i64::MAX, |(from, _)| *from);
        self.last = (from, before, offset);
        millis.saturating_add(offset)
    }
}

/// The local day of milliseconds of the local calendar, counted from 1970-01-01.
pub(super) const fn day_of(local: i64) -> i64 {
    local.div_euclid(DAY)
}

/// The week of a day, from Monday; day 0 was a Thursday.
pub(super) const fn week_of(day: i64) -> i64 {
    (day + 3).div_euclid(7)
}

/// The first day of a week.
pub(super) const fn monday_of(week: i64) -> i64 {
    week * 7 - 3
}

/// A day as a date.
pub(super) fn date_of(day: i64) -> Date {
    let span = Span::new().try_days(day).unwrap_or_default();
    Date::constant(1970, 1, 1).saturating_add(span)
}

/// Milliseconds of the local calendar as a date and a time.
pub(super) fn date_time_of(local: i64) -> DateTime {
    let within = Span::new().try_milliseconds(local.rem_euclid(DAY)).unwrap_or_default();
    date_of(day_of(local)).at(0, 0, 0, 0).saturating_add(within)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_local_day_is_the_one_the_time_zone_tells_also_where_clocks_are_changed() {
        for zone in
            ["Europe/Berlin", "America/Havana", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"]
        {
            let Ok(zone) = TimeZone::get(zone) else {
                println!("skipped: no time zone {zone}");
                continue;
            };
            let from: Timestamp = "2011-06-01T00:00:00Z".parse().unwrap();
            let to: Timestamp = "2012-12-31T00:00:00Z".parse().unwrap();
            let mut clock = Clock::new(&zone, from, to);
            let mut at = from;
            while at < to {
                let local = clock.local(at.as_millisecond());
                let told = zone.to_datetime(at);
                assert_eq!(date_time_of(local), told, "{at}");
                let week = told.date().iso_week_date();
                let monday = date_of(monday_of(week_of(day_of(local)))).iso_week_date();
                assert_eq!((monday.year(), monday.week()), (week.year(), week.week()));
                at += jiff::SignedDuration::from_secs(17 * 60);
            }
        }
    }
}
