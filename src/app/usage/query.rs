//! What the usage page asks: which days, grouped by what, narrowed to what.

use jiff::civil::{Date, ISOWeekDate, Weekday};
use jiff::{Span, ToSpan};

use crate::chat::{ConversationId, MessageId};
use crate::t;
use crate::telemetry::{GroupBy, Mode, Only, Query, Sort, Step};
use crate::text::{Safe, sanitise, sanitise_line};

/// Single events that are read at once.
pub const EVENTS: usize = 200;
/// Rows of totals that are worked out before somebody looks for others: some log has a hundred thousand conversations.
const FIRST: usize = 500;
/// Up to so many days, charts tell hours.
const HOURLY: i32 = 2;

/// Which totals, or single events, are asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct UsageQuery {
    /// Over which days.
    pub range: UsageRange,
    /// Grouped by what.
    pub by: GroupBy,
    /// What the groups are ordered by.
    pub sort: Sort,
    /// Conditions, all of which hold.
    pub only: Vec<Only>,
    /// The single events instead of totals.
    pub events: Option<EventsOf>,
    /// The leaf of the branch in view: grouped by branch, what it shares is told apart from its own.
    pub leaf: Option<MessageId>,
    /// How many rows of totals.
    pub rows: RowsOf,
}

/// How many rows of totals are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RowsOf {
    /// The first of them.
    #[default]
    First,
    /// All: somebody looks further, or for a text.
    All,
}

impl Default for UsageQuery {
    fn default() -> Self {
        Self {
            range: UsageRange::default(),
            by: GroupBy::Model,
            sort: Sort::default(),
            only: Vec::new(),
            events: None,
            leaf: None,
            rows: RowsOf::First,
        }
    }
}

/// Which single events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventsOf {
    /// Of this group alone.
    pub group: Option<String>,
    /// How many come before those that are read.
    pub skip: usize,
}

/// A span of days, local time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum UsageRange {
    /// Today.
    Today,
    /// The last seven days.
    #[default]
    Week,
    /// The last thirty days.
    Thirty,
    /// This month.
    Month,
    /// Everything there is.
    All,
    /// These days, both inclusive.
    Days(Date, Date),
}

impl UsageRange {
    /// Those that end today, shortest first.
    pub const EACH: [Self; 5] = [Self::Today, Self::Week, Self::Thirty, Self::Month, Self::All];

    /// The first and the last day, both inclusive.
    pub fn days(self, today: Date) -> (Date, Date) {
        let back = |days: i32| today.saturating_sub((days - 1).days());
        match self {
            Self::Today => (today, today),
            Self::Week => (back(7), today),
            Self::Thirty => (back(30), today),
            Self::Month => (today.first_of_month(), today),
            Self::All => (Date::MIN, today),
            Self::Days(from, to) => (from, to),
        }
    }

    /// What it is called.
    pub fn name(self) -> Safe {
        match self {
            Self::Today => t!("app-range-today"),
            Self::Week => t!("app-range-week"),
            Self::Thirty => t!("app-range-thirty"),
            Self::Month => t!("app-range-month"),
            Self::All => t!("app-range-all"),
            Self::Days(from, to) if from == to => sanitise(&from.to_string()),
            Self::Days(from, to) => sanitise(&format!("{from}..{to}")),
        }
    }

    /// Reads `FROM..TO`, either of which may be left out, or a single day.
    ///
    /// # Errors
    /// What is wrong with it, for a person.
    pub fn parse(text: &str, today: Date) -> Result<Self, Safe> {
        let text = text.trim();
        let Some((from, to)) = text.split_once("..") else {
            return day(text).map(|day| Self::Days(day, day));
        };
        let or = |text: &str, other: Date| if text.trim().is_empty() { Ok(other) } else { day(text.trim()) };
        span(or(from, Date::MIN)?, or(to, today)?).map(|(from, to)| Self::Days(from, to))
    }
}

/// Reads a day.
///
/// # Errors
/// That it is none, for a person.
pub fn day(text: &str) -> Result<Date, Safe> {
    text.parse::<Date>().map_err(|_| t!("store-usage-not-a-day", text = sanitise_line(text)))
}

/// Two days, the first of which is not after the last.
///
/// # Errors
/// That it is, for a person.
pub fn span(from: Date, to: Date) -> Result<(Date, Date), Safe> {
    if from > to {
        return Err(t!("store-usage-backwards", from = from.to_string(), to = to.to_string()));
    }
    Ok((from, to))
}

/// How long a slot of a chart over these days is.
pub fn step(from: Date, to: Date) -> Step {
    let short: Span = (HOURLY - 1).days();
    if to <= from.saturating_add(short) { Step::Hour } else { Step::Day }
}

impl UsageQuery {
    /// What the index is asked on a day.
    pub fn on(&self, today: Date, zone: jiff::tz::TimeZone) -> Query {
        let (from, to) = self.range.days(today);
        Query {
            only: self.only.clone(),
            sort: self.sort,
            charts: self.events.is_none().then(|| step(from, to)),
            most: match self.rows {
                // What branches have apart and in common is the sum of all their rows.
                RowsOf::First if self.by != GroupBy::Branch => FIRST,
                RowsOf::First | RowsOf::All => usize::MAX,
            },
            ..Query::new(from, to, self.by, zone)
        }
    }

    /// The conversation it is narrowed to.
    pub fn conversation(&self) -> Option<ConversationId> {
        self.only.iter().find_map(|only| match only {
            Only::Conversation(id) => *id,
            Only::Model(_)
            | Only::Endpoint(_)
            | Only::Key(..)
            | Only::Messages(_)
            | Only::User(_)
            | Only::Mode(_)
            | Only::Status(_)
            | Only::Fault(_) => None,
        })
    }

    /// The same, narrowed to the group of a row: by what groups it next, or as its single events where nothing is left
    /// to group by. `within` are the days that the row is of.
    pub fn narrowed(&self, key: &str, within: (Date, Date)) -> Self {
        let Some(narrow) = Narrow::of(self.by, key, within) else { return self.events_of(Some(key)) };
        let mut query = self.clone();
        match narrow {
            Narrow::Days(from, to) => query.range = UsageRange::Days(from, to),
            Narrow::Only(only) => query.only.push(only),
        }
        match query.next() {
            Some(by) => Self { by, sort: Sort::default(), ..query },
            None => query.events_of(None),
        }
    }

    /// Its single events.
    pub fn events_of(&self, group: Option<&str>) -> Self {
        let events = EventsOf { group: group.map(ToOwned::to_owned), skip: 0 };
        Self { events: Some(events), ..self.clone() }
    }

    /// Whether all that is asked about has one value in this grouping.
    pub fn is_narrowed(&self, by: GroupBy) -> bool {
        self.only.iter().any(|only| match only {
            Only::Model(_) => by == GroupBy::Model,
            Only::Endpoint(_) => by == GroupBy::Endpoint,
            Only::Key(..) => matches!(by, GroupBy::Key | GroupBy::Endpoint),
            Only::Conversation(_) => by == GroupBy::Conversation,
            Only::User(_) => by == GroupBy::User,
            Only::Mode(_) => by == GroupBy::Mode,
            Only::Messages(_) => by == GroupBy::Branch,
            Only::Status(_) | Only::Fault(_) => false,
        })
    }

    /// What a row of this grouping is made of.
    fn next(&self) -> Option<GroupBy> {
        let after = match self.by {
            GroupBy::Week => GroupBy::Day,
            GroupBy::Day | GroupBy::Endpoint | GroupBy::Key | GroupBy::User | GroupBy::Mode => GroupBy::Model,
            GroupBy::Model => GroupBy::Conversation,
            GroupBy::Conversation => GroupBy::Branch,
            GroupBy::Branch => return None,
        };
        let order = [GroupBy::Day, GroupBy::Model, GroupBy::Conversation, GroupBy::Branch];
        let from = order.iter().position(|by| *by == after)?;
        let is_open = |by: &GroupBy| {
            !self.is_narrowed(*by) && (*by != GroupBy::Branch || self.conversation().is_some())
        };
        order.into_iter().skip(from).find(is_open)
    }
}

/// What a row narrows to.
enum Narrow {
    Days(Date, Date),
    Only(Only),
}

impl Narrow {
    /// `None` where only its events can be told apart.
    fn of(by: GroupBy, key: &str, (first, last): (Date, Date)) -> Option<Self> {
        Some(match by {
            GroupBy::Day => {
                let day = key.parse().ok()?;
                Self::Days(day, day)
            }
            GroupBy::Week => {
                let monday = monday(key)?;
                let week: Span = 6.days();
                Self::Days(monday.max(first), monday.saturating_add(week).min(last))
            }
            GroupBy::Model => Self::Only(Only::Model(key.into())),
            GroupBy::Endpoint => Self::Only(Only::Endpoint(key.into())),
            GroupBy::Key => {
                // A label is a word of a person's own; the name of an endpoint may be a path.
                let (endpoint, label) = key.rsplit_once('/')?;
                Self::Only(Only::Key(endpoint.into(), label.into()))
            }
            GroupBy::Conversation if key.is_empty() => Self::Only(Only::Conversation(None)),
            GroupBy::Conversation => Self::Only(Only::Conversation(Some(key.parse().ok()?))),
            GroupBy::User => Self::Only(Only::User(key.to_owned())),
            GroupBy::Mode => Self::Only(Only::Mode(Mode::from_name(key)?)),
            GroupBy::Branch => return None,
        })
    }
}

/// The first day of a week that is written as `2026-W47`.
fn monday(week: &str) -> Option<Date> {
    let (year, number) = week.split_once("-W")?;
    let week = ISOWeekDate::new(year.parse().ok()?, number.parse().ok()?, Weekday::Monday).ok()?;
    Some(week.date())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn days_are_written_as_on_the_command_line_and_may_be_open_at_either_end() {
        let today = date(2026, 11, 21);
        for (text, from, to) in [
            ("2026-11-01..2026-11-03", date(2026, 11, 1), date(2026, 11, 3)),
            (" 2026-11-01 .. ", date(2026, 11, 1), today),
            ("..2026-11-03", Date::MIN, date(2026, 11, 3)),
            ("2026-11-03", date(2026, 11, 3), date(2026, 11, 3)),
        ] {
            assert_eq!(UsageRange::parse(text, today), Ok(UsageRange::Days(from, to)), "{text}");
        }
        for text in ["", "yesterday", "2026-11-03..2026-11-01", "2026-13-01..", "2026-11-22.."] {
            assert!(UsageRange::parse(text, today).is_err(), "{text}");
        }
    }

    #[test]
    fn a_range_ends_today() {
        let today = date(2026, 11, 21);
        let days = UsageRange::EACH.map(|range| range.days(today).0);
        let first = [today, date(2026, 11, 15), date(2026, 10, 23), date(2026, 11, 1), Date::MIN];
        assert_eq!(days, first);
    }

    #[test]
    fn a_row_narrows_to_what_it_is_and_goes_on_to_what_it_is_made_of() {
        let within = (date(2026, 11, 10), date(2026, 11, 21));
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let conversation = Only::Conversation(Some(id.parse().unwrap()));
        let days = |from, to| (UsageRange::Days(from, to), Vec::new());
        let only = |only| (UsageRange::Week, vec![only]);
        for (by, key, (range, only), next) in [
            (GroupBy::Day, "2026-11-12", days(date(2026, 11, 12), date(2026, 11, 12)), Some(GroupBy::Model)),
            // The week began before the days that were asked for.
            (GroupBy::Week, "2026-W46", days(date(2026, 11, 10), date(2026, 11, 15)), Some(GroupBy::Day)),
            (GroupBy::Key, "a/b/work", only(Only::Key("a/b".into(), "work".into())), Some(GroupBy::Model)),
            (GroupBy::Model, "gpt", only(Only::Model("gpt".into())), Some(GroupBy::Conversation)),
            (GroupBy::Conversation, id, only(conversation), Some(GroupBy::Branch)),
            (GroupBy::Conversation, "", only(Only::Conversation(None)), None),
            (GroupBy::Mode, "title", only(Only::Mode(Mode::Title)), Some(GroupBy::Model)),
        ] {
            let query = UsageQuery { by, sort: Sort::Requests, ..UsageQuery::default() };
            let narrowed = query.narrowed(key, within);
            assert_eq!((narrowed.range, &narrowed.only), (range, &only), "{by:?}");
            match next {
                Some(next) => assert_eq!((narrowed.by, narrowed.sort), (next, Sort::Natural), "{by:?}"),
                None => assert_eq!(narrowed.events, Some(EventsOf::default()), "{by:?}"),
            }
        }
        let query = UsageQuery { by: GroupBy::Branch, ..UsageQuery::default() };
        let of_branch = query.narrowed("shared", within).events;
        assert_eq!(of_branch, Some(EventsOf { group: Some("shared".into()), skip: 0 }));
    }

    #[test]
    fn what_is_narrowed_already_is_not_grouped_by_again() {
        let within = (date(2026, 11, 10), date(2026, 11, 21));
        let model = UsageQuery::default().narrowed("gpt", within);
        let by_day = UsageQuery { by: GroupBy::Day, ..model };
        assert_eq!(by_day.narrowed("2026-11-12", within).by, GroupBy::Conversation);
    }
}
