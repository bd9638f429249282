//! What takes a processor rather than a server: usage totals from the index, the colours of code.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

use super::super::themes::Library;
use super::Effects;
use crate::app::colours::Slice;
use crate::app::{Message, UsageQuery};
use crate::layout::colour::colour;
use crate::telemetry::sinks::Desk;
use crate::telemetry::{GroupBy, Index, Query, Till};

impl Effects {
    pub(super) fn load_usage(&self, query: UsageQuery) {
        self.ask_index(move |index| {
            let today = Zoned::now().date();
            let from = match query.range.days() {
                Some(days) => today.saturating_sub((i64::from(days) - 1).days()),
                None => Date::MIN,
            };
            let days = Query::new(from, today, query.by, TimeZone::system());
            let usage = index.usage(&Query { sort: query.sort, ..days });
            let report = usage.map(|usage| Box::new(usage.report)).map_err(|error| error.to_string());
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

    pub(super) fn list_themes(&self) {
        let library = Library::of(&self.paths);
        self.spawn_blocking(move || Some(Message::ThemesListed(library.list())));
    }

    pub(super) fn load_spent_today(&self) {
        self.ask_index(|index| {
            let today = Zoned::now().date();
            let usage = index.usage(&Query::new(today, today, GroupBy::Day, TimeZone::system())).ok()?;
            Some(Message::SpentToday(usage.report.total.cost_eur))
        });
    }

    pub(super) fn load_budgets(&self) {
        let config = self.turns.config.clone();
        let till = Till::of(&self.turns.log.clone().with_archive(config.telemetry.archive()));
        self.spawn_blocking(move || {
            let standings = till.standings(&config.budgets, &Zoned::now()).ok()?;
            Some(Message::BudgetsKnown(standings))
        });
    }

    /// Does with old months of the log what the configuration says. What cannot be done now is done by the
    /// next run; `loquat usage archive` tells why.
    pub fn archive_log(&self) {
        let Some(retention) = self.turns.config.telemetry.retention.clone() else { return };
        let desk = Desk::new(self.turns.log.clone(), &self.paths);
        let config = self.turns.config.clone();
        self.spawn_blocking(move || {
            let sinks = &config.telemetry.sinks;
            desk.archive(&retention, sinks, Timestamp::now()).err().and(None)
        });
    }

    /// Answers from the index, and then keeps what was read for the next time.
    fn ask_index(&self, answer: impl FnOnce(&Index) -> Option<Message> + Send + 'static) {
        let (index, messages) = (self.index.clone(), self.messages.clone());
        self.spawn_blocking(move || {
            if let Some(message) = answer(&index) {
                // The loop is gone only when the app is leaving.
                let _ = messages.blocking_send(message);
            }
            // What cannot be written is read from the log again.
            let _ = index.save();
            None
        });
    }
}
