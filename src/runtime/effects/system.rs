//! What takes a processor rather than a server: usage totals from the log, the colours of code.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

use super::Effects;
use crate::app::colours::Slice;
use crate::app::{Message, UsageQuery};
use crate::chat::Money;
use crate::layout::colour::colour;
use crate::telemetry::Log;

impl Effects {
    pub(super) fn load_usage(&self, query: UsageQuery) {
        let log = self.turns.log.clone();
        self.spawn_blocking(move || {
            let today = Zoned::now().date();
            let from = match query.range.days() {
                Some(days) => today.saturating_sub((i64::from(days) - 1).days()),
                None => jiff::civil::Date::MIN,
            };
            let report = log.report(from, today, query.by, &TimeZone::system());
            let report = report.map(|(report, _)| Box::new(report)).map_err(|error| error.to_string());
            Some(Message::UsageLoaded { query, report })
        });
    }

    pub(super) fn colour(&self, slice: Slice) {
        self.spawn_blocking(move || {
            let Slice { of, language, state, lines } = slice;
            let (lines, state) = colour(&language, state, &lines).unzip();
            Some(Message::Coloured { of, lines: lines.unwrap_or_default(), state })
        });
    }

    pub(super) fn load_spent_today(&self) {
        let log = self.turns.log.clone();
        self.spawn_blocking(move || spent_today(&log).map(Message::SpentToday));
    }
}

fn spent_today(log: &Log) -> Option<Money> {
    let midnight = Zoned::now().start_of_day().map_or_else(|_| Timestamp::now(), |day| day.timestamp());
    log.spent_since(midnight).ok()
}
