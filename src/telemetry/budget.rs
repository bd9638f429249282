//! How budgets stand: their windows on the calendar, what counts for which, and the share that is spent. Pure.
//!
//! Days begin at midnight in the person's time zone, weeks with Monday's and months with that of the first. A
//! request counts in the window in which it began. What has no known price is counted as that, and never as free.

use std::borrow::Cow;

use jiff::civil::Weekday;
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};
use serde::{Deserialize, Serialize, Serializer};
use uuid::Uuid;

use super::line::Entry;
use crate::chat::{ConversationId, EndpointName, KeyLabel, ModelId, Money};
use crate::config::{Budget, Each, Period};

/// Who asks whom: what budgets tell requests apart by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The endpoint that is asked,
    pub endpoint: EndpointName,
    /// with this key,
    pub key: KeyLabel,
    /// for this model,
    pub model: ModelId,
    /// by this user,
    pub user: String,
    /// in this conversation, where it is kept.
    pub conversation: Option<ConversationId>,
}

/// The same, wherever it is read from.
pub(super) struct Names<'a> {
    endpoint: &'a str,
    key: &'a str,
    model: &'a str,
    user: &'a str,
    conversation: Option<Uuid>,
}

impl Subject {
    pub(super) fn names(&self) -> Names<'_> {
        Names {
            endpoint: self.endpoint.as_str(),
            key: self.key.as_str(),
            model: self.model.as_str(),
            user: &self.user,
            conversation: self.conversation.map(|id| id.0),
        }
    }
}

impl<'a> Names<'a> {
    pub(super) fn of(entry: &'a Entry<'a>) -> Self {
        let names = &entry.names;
        Self {
            endpoint: &names.endpoint,
            key: &names.key,
            model: &names.model,
            user: &names.user,
            conversation: entry.conversation,
        }
    }

    /// Which of a budget's amounts this counts for, by its name; `None` where it counts for none. A budget that has
    /// one amount for all has it under no name.
    pub(super) fn group(&self, budget: &Budget) -> Option<Cow<'a, str>> {
        let is_in = budget.endpoint.as_ref().is_none_or(|endpoint| endpoint.as_str() == self.endpoint)
            && budget.key.as_ref().is_none_or(|key| key.as_str() == self.key)
            && budget.model.as_ref().is_none_or(|model| model.as_str() == self.model)
            && budget.user.as_ref().is_none_or(|user| user == self.user)
            && budget.conversation.is_none_or(|id| self.conversation == Some(id.0));
        is_in.then(|| match budget.each {
            None => Cow::Borrowed(""),
            Some(Each::Endpoint) => self.endpoint.into(),
            Some(Each::Key) => format!("{}/{}", self.endpoint, self.key).into(),
            Some(Each::Model) => self.model.into(),
            Some(Each::Conversation) => self.conversation.map(|id| id.to_string()).unwrap_or_default().into(),
            Some(Each::User) => self.user.into(),
        })
    }
}

/// Whether a budget holds what is asked.
pub fn holds(budget: &Budget, subject: &Subject) -> bool {
    subject.names().group(budget).is_some()
}

/// A stretch of the calendar.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// Its first moment.
    pub from: Zoned,
    /// The first moment after it.
    pub renews: Zoned,
}

impl Window {
    /// The one that a moment lies in, in that moment's time zone.
    pub fn of(per: Period, now: &Zoned) -> Self {
        let today = now.date();
        let (first, length) = match per {
            Period::Day => (today, 1.day()),
            Period::Week => {
                let since = today.weekday().since(Weekday::Monday);
                (today.saturating_sub(i64::from(since).days()), 1.week())
            }
            Period::Month => (today.first_of_month(), 1.month()),
        };
        // Where a clock is put forward at midnight, the day begins with the first moment after.
        let midnight =
            |day: jiff::civil::Date| day.to_zoned(now.time_zone().clone()).unwrap_or_else(|_| now.clone());
        Self { from: midnight(first), renews: midnight(first.saturating_add(length)) }
    }

    /// Whether a moment lies in it.
    pub fn holds(&self, at: Timestamp) -> bool {
        self.from.timestamp() <= at && at < self.renews.timestamp()
    }
}

/// How far a budget is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// There is nothing to say.
    Within,
    /// Its soft limit is reached.
    Soft,
    /// Its hard limit is reached: nothing more is sent.
    Hard,
}

impl Level {
    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Within => "within",
            Self::Soft => "soft",
            Self::Hard => "hard",
        }
    }
}

/// How a budget stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// The budget's name.
    pub budget: String,
    /// What it is the amount of, where each has its own.
    pub of: Option<(Each, String)>,
    /// After what time it begins again.
    pub per: Period,
    /// Since when,
    pub window: Window,
    /// In euros, all of them.
    pub soft: Option<Money>,
    /// From here on nothing more is sent.
    pub hard: Option<Money>,
    /// What requests cost that have ended.
    pub spent: Money,
    /// What those will cost, about, that are on their way.
    pub reserved: Money,
    /// Requests with tokens and without a known price, which are in neither.
    pub unpriced: u64,
}

impl Standing {
    /// What counts: what was spent, and what surely will be.
    pub fn committed(&self) -> Money {
        self.spent + self.reserved
    }

    /// How far it is spent.
    pub fn level(&self) -> Level {
        let reached = |limit: Option<Money>| limit.is_some_and(|limit| self.committed() >= limit);
        if reached(self.hard) {
            Level::Hard
        } else if reached(self.soft) {
            Level::Soft
        } else {
            Level::Within
        }
    }

    /// What it is measured by: its hard limit, or its soft one where there is no other.
    pub fn limit(&self) -> Money {
        self.hard.or(self.soft).unwrap_or_default()
    }

    /// The share that is spent or reserved, in percent, cut off. All of nothing is spent.
    pub fn percent(&self) -> u64 {
        let (part, whole) = (i128::from(self.committed().nanos()), i128::from(self.limit().nanos()));
        let percent = if whole > 0 { part.max(0) * 100 / whole } else { 100 };
        u64::try_from(percent).unwrap_or(u64::MAX)
    }

    /// Seconds until it begins again.
    pub fn renews_in(&self, now: Timestamp) -> SignedDuration {
        self.window.renews.timestamp().duration_since(now)
    }

    /// Whether there is something to say of it.
    pub fn is_noteworthy(&self) -> bool {
        self.level() > Level::Within || self.unpriced > 0
    }
}

impl Serialize for Standing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Told<'a> {
            name: &'a str,
            per: &'static str,
            each: Option<&'static str>,
            of: Option<&'a str>,
            from: String,
            renews: String,
            soft: Option<Money>,
            hard: Option<Money>,
            spent: Money,
            reserved: Money,
            percent: u64,
            unpriced: u64,
            state: &'static str,
        }
        let time = |at: &Zoned| at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
        Told {
            name: &self.budget,
            per: self.per.name(),
            each: self.of.as_ref().map(|(each, _)| each.name()),
            of: self.of.as_ref().map(|(_, of)| of.as_str()),
            from: time(&self.window.from),
            renews: time(&self.window.renews),
            soft: self.soft,
            hard: self.hard,
            spent: self.spent,
            reserved: self.reserved,
            percent: self.percent(),
            unpriced: self.unpriced,
            state: self.level().name(),
        }
        .serialize(serializer)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::Arc;

    use jiff::tz::TimeZone;

    use super::*;
    use crate::config::Location;

    /// Euros as they are written.
    pub fn money(text: &str) -> Money {
        text.parse().unwrap()
    }

    /// A budget of everything in a month.
    pub fn budget(soft: Option<&str>, hard: Option<&str>) -> Budget {
        Budget {
            name: "all".into(),
            per: Period::Month,
            endpoint: None,
            key: None,
            model: None,
            user: None,
            conversation: None,
            each: None,
            soft: soft.map(money),
            hard: hard.map(money),
            at: Location { file: Arc::from("loquat.yaml"), line: 1, column: 1 },
        }
    }

    /// Who the tests ask.
    pub fn subject() -> Subject {
        Subject {
            endpoint: "E".into(),
            key: "work".into(),
            model: "m".into(),
            user: "ana".into(),
            conversation: Some(ConversationId(Uuid::from_u128(7))),
        }
    }

    /// How a budget of everything stands.
    pub fn standing(soft: Option<&str>, hard: Option<&str>, spent: &str) -> Standing {
        let now: Zoned = "2026-11-22T12:00:00+00:00[UTC]".parse().unwrap();
        let budget = budget(soft, hard);
        Standing {
            budget: budget.name,
            of: None,
            per: budget.per,
            window: Window::of(budget.per, &now),
            soft: budget.soft,
            hard: budget.hard,
            spent: money(spent),
            reserved: Money::ZERO,
            unpriced: 0,
        }
    }

    #[test]
    fn windows_begin_at_local_midnight_on_mondays_and_on_the_first() {
        let told = |per, now: &str| {
            let window = Window::of(per, &now.parse::<Zoned>().unwrap());
            (window.from.to_string(), window.renews.to_string())
        };
        for (per, now, from, renews) in [
            // A Sunday, the last day of its week.
            (
                Period::Day,
                "2026-11-22T00:30:00+01:00[Europe/Berlin]",
                "2026-11-22T00:00:00+01:00[Europe/Berlin]",
                "2026-11-23T00:00:00+01:00[Europe/Berlin]",
            ),
            (
                Period::Week,
                "2026-11-22T23:59:59+01:00[Europe/Berlin]",
                "2026-11-16T00:00:00+01:00[Europe/Berlin]",
                "2026-11-23T00:00:00+01:00[Europe/Berlin]",
            ),
            (
                Period::Week,
                "2026-11-23T00:00:00+01:00[Europe/Berlin]",
                "2026-11-23T00:00:00+01:00[Europe/Berlin]",
                "2026-11-30T00:00:00+01:00[Europe/Berlin]",
            ),
            (
                Period::Month,
                "2026-02-28T12:00:00+01:00[Europe/Berlin]",
                "2026-02-01T00:00:00+01:00[Europe/Berlin]",
                "2026-03-01T00:00:00+01:00[Europe/Berlin]",
            ),
            // Its last Sunday is an hour longer, and ends in winter.
            (
                Period::Month,
                "2026-10-02T12:00:00+02:00[Europe/Berlin]",
                "2026-10-01T00:00:00+02:00[Europe/Berlin]",
                "2026-11-01T00:00:00+01:00[Europe/Berlin]",
            ),
            // There is no midnight: clocks are put forward then.
            (
                Period::Day,
                "2026-03-08T12:00:00-04:00[America/Havana]",
                "2026-03-08T01:00:00-04:00[America/Havana]",
                "2026-03-09T00:00:00-04:00[America/Havana]",
            ),
        ] {
            assert_eq!(told(per, now), (from.to_owned(), renews.to_owned()), "{per:?} {now}");
        }
    }

    #[test]
    fn a_window_holds_its_first_moment_and_not_the_one_after_its_last() {
        let now: Zoned = "2026-11-22T12:00:00+00:00[UTC]".parse().unwrap();
        let window = Window::of(Period::Day, &now);
        let (from, renews) = (window.from.timestamp(), window.renews.timestamp());
        let before = SignedDuration::from_nanos(1);
        assert_eq!(
            [from - before, from, renews - before, renews].map(|at| window.holds(at)),
            [false, true, true, false]
        );
        assert_eq!(window.from.time_zone(), &TimeZone::UTC);
    }

    #[test]
    fn a_budget_holds_what_all_its_conditions_hold() {
        let all = || budget(None, Some("1"));
        for (budget, group) in [
            (all(), Some("")),
            (Budget { endpoint: Some("E".into()), key: Some("work".into()), ..all() }, Some("")),
            (Budget { model: Some("m".into()), user: Some("ana".into()), ..all() }, Some("")),
            (Budget { endpoint: Some("F".into()), ..all() }, None),
            (Budget { endpoint: Some("E".into()), key: Some("default".into()), ..all() }, None),
            (Budget { model: Some("m-2".into()), ..all() }, None),
            (Budget { user: Some("ben".into()), ..all() }, None),
            (Budget { conversation: Some(ConversationId(Uuid::from_u128(7))), ..all() }, Some("")),
            (Budget { conversation: Some(ConversationId(Uuid::from_u128(8))), ..all() }, None),
            (Budget { each: Some(Each::Endpoint), ..all() }, Some("E")),
            (Budget { each: Some(Each::Key), ..all() }, Some("E/work")),
            (Budget { each: Some(Each::Model), ..all() }, Some("m")),
            (Budget { each: Some(Each::User), ..all() }, Some("ana")),
            (
                Budget { each: Some(Each::Conversation), ..all() },
                Some("00000000-0000-0000-0000-000000000007"),
            ),
            (Budget { each: Some(Each::Model), endpoint: Some("F".into()), ..all() }, None),
        ] {
            assert_eq!(subject().names().group(&budget).as_deref(), group, "{budget:?}");
        }
        let unkept = Subject { conversation: None, ..subject() };
        let each = Budget { each: Some(Each::Conversation), ..all() };
        assert_eq!(unkept.names().group(&each).as_deref(), Some(""));
    }

    #[test]
    fn levels_and_shares_count_what_is_reserved() {
        let of = |soft, hard, spent, reserved: &str| {
            let standing = Standing { reserved: money(reserved), ..standing(soft, hard, spent) };
            (standing.level(), standing.percent())
        };
        assert_eq!(of(Some("8"), Some("10"), "7.99", "0"), (Level::Within, 79));
        assert_eq!(of(Some("8"), Some("10"), "7", "1"), (Level::Soft, 80));
        assert_eq!(of(Some("8"), Some("10"), "9.999999999", "0"), (Level::Soft, 99));
        assert_eq!(of(Some("8"), Some("10"), "9", "1"), (Level::Hard, 100));
        assert_eq!(of(None, Some("10"), "25", "0"), (Level::Hard, 250));
        assert_eq!(of(Some("8"), None, "80", "0"), (Level::Soft, 1000));
        assert_eq!(of(None, Some("0"), "0", "0"), (Level::Hard, 100), "nothing may be spent");
    }
}
