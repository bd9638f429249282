//! The usage page as it is open: what it shows, which row is selected, and how one came here.
//!
//! The selection is a row by what it stands for, not by its number: an answer that comes meanwhile moves neither it nor
//! what is read. What was shown last stays until the next answer is here.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::storage::Summary;
use crate::t;
use crate::telemetry::{Charts, Events, FoundEvent, GroupBy, RequestEvent, SHARED, UsageRow};
use crate::text::{Safe, sanitise, sanitise_line};

use super::answer::{Totals, UsageAnswer};
use super::query::{EVENTS, RowsOf, UsageQuery};
use crate::app::field::Line;
use crate::app::overlay::title_or_untitled;
use crate::app::tree::Typing;

/// The page.
#[derive(Clone, Debug)]
pub struct UsagePage {
    /// What is asked.
    pub query: UsageQuery,
    /// What is shown.
    pub state: UsageState,
    /// What of it.
    pub view: UsageView,
    /// The row that is selected, of those that are listed.
    pub row: usize,
    /// The first row that is shown.
    pub top: usize,
    /// The text that names of rows are to hold.
    pub filter: Line,
    /// Where letters go.
    pub typing: Typing,
    /// The pages that led here, the last on top.
    pub trail: Vec<Visit>,
    /// Whether an answer is on its way.
    pub awaits: Awaits,
}

/// Whether there is something to show.
#[derive(Clone, Debug, PartialEq)]
pub enum UsageState {
    /// It is being added up.
    Loading,
    /// It is here.
    Here(Box<Shown>),
    /// It could not be added up.
    Failed(Safe),
}

/// An answer, and what it is the answer to.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// What was asked.
    pub query: UsageQuery,
    /// What was answered.
    pub answer: UsageAnswer,
    /// What conversations are called, where the rows are some. Names of rows are made when they are looked at: there
    /// may be a hundred thousand.
    titles: HashMap<String, Safe>,
    /// The rows that are listed, by their place in the report.
    pub listed: Vec<usize>,
}

/// Which part of the page is shown, where not all of it has room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UsageView {
    /// The rows, or single events.
    #[default]
    Table,
    /// What was spent over time, and on what.
    Time,
    /// When, in a week, and what failed.
    Hours,
    /// How long it took.
    Speed,
    /// How often each model was chosen blind, of all time.
    Wins,
}

impl UsageView {
    /// Those that are walked.
    pub const EACH: [Self; 4] = [Self::Table, Self::Time, Self::Hours, Self::Speed];

    /// What it is called.
    pub fn name(self) -> Safe {
        match self {
            Self::Table => t!("app-usage-table"),
            Self::Time => t!("app-usage-time"),
            Self::Hours => t!("app-usage-hours"),
            Self::Speed => t!("app-usage-speed"),
            Self::Wins => t!("app-usage-wins"),
        }
    }

    /// The one after it.
    pub fn next(self) -> Self {
        let at = Self::EACH.iter().position(|view| *view == self).map_or(0, |at| at + 1);
        Self::EACH.get(at).copied().unwrap_or_default()
    }
}

/// A page that led to another.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The row that was gone into.
    pub name: Safe,
    /// What that page asked.
    pub query: UsageQuery,
    /// Its selected row, and the first that was shown.
    pub row: usize,
    /// See above.
    pub top: usize,
    /// The text its rows were to hold.
    pub filter: Line,
}

/// Whether an answer is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaits {
    /// No.
    Nothing,
    /// Yes.
    Answer,
    /// Yes, and the log grew after it was asked for.
    Another,
}

impl UsagePage {
    /// A page that asks this.
    pub fn new(query: UsageQuery) -> Self {
        Self {
            query,
            state: UsageState::Loading,
            view: UsageView::Table,
            row: 0,
            top: 0,
            filter: Line::default(),
            typing: Typing::Commands,
            trail: Vec::new(),
            awaits: Awaits::Answer,
        }
    }

    /// What is shown.
    pub fn shown(&self) -> Option<&Shown> {
        match &self.state {
            UsageState::Here(shown) => Some(shown),
            UsageState::Loading | UsageState::Failed(_) => None,
        }
    }

    /// Whether what is shown is not yet what is asked.
    pub fn is_behind(&self) -> bool {
        self.shown().is_some_and(|shown| shown.query != self.query)
    }

    /// Whether the row of the text that is looked for is shown.
    pub fn has_filter(&self) -> bool {
        self.typing == Typing::Filter || !self.filter.text().is_empty()
    }

    /// How many rows can be selected.
    pub fn rows(&self) -> usize {
        self.shown().map_or(0, |shown| match &shown.answer {
            UsageAnswer::Totals(totals) => shown.listed.len() + self.unread(totals),
            UsageAnswer::Events(events) => events.all,
        })
    }

    /// Rows that were not asked for, and that hold what is looked for as far as is known: nothing is.
    fn unread(&self, totals: &Totals) -> usize {
        let read = totals.usage.report.rows.len();
        if self.is_narrowed() { 0 } else { totals.usage.groups.saturating_sub(read) }
    }

    fn is_narrowed(&self) -> bool {
        !self.filter.text().trim().is_empty()
    }

    /// Whether there are rows that were not asked for, and somebody looks for them.
    pub fn wants_all(&self, room: usize) -> bool {
        let Some(totals) = self.shown().and_then(Shown::totals) else { return false };
        let read = totals.usage.report.rows.len();
        let looks = self.is_narrowed() || self.top + room > read || self.row >= read;
        looks && read < totals.usage.groups && self.query.rows == RowsOf::First
    }

    /// The row that is selected, and what it is called.
    pub fn selected(&self) -> Option<(&UsageRow, Safe)> {
        let shown = self.shown()?;
        let row = shown.totals()?.usage.report.rows.get(*shown.listed.get(self.row)?)?;
        Some((row, shown.name(row)))
    }

    /// The event that is selected.
    pub fn selected_event(&self) -> Option<&FoundEvent> {
        self.shown()?.event(self.row)
    }

    /// Takes an answer in. What was selected stays so, and where it was on the screen.
    pub fn take(&mut self, mut shown: Shown) {
        let before = std::mem::replace(&mut self.state, UsageState::Loading);
        if let UsageState::Here(before) = &before
            && shown.is_like(before)
            && let Some(row) = before.identity(self.row).and_then(|id| shown.list(&self.filter).place_of(&id))
        {
            self.top = self.top.saturating_add(row).saturating_sub(self.row);
            self.row = row;
        } else {
            shown.list(&self.filter);
        }
        self.state = UsageState::Here(Box::new(shown));
    }

    /// Lists the rows whose names hold what is looked for.
    pub fn list(&mut self) {
        let UsageState::Here(shown) = &mut self.state else { return };
        let selected = shown.identity(self.row);
        shown.list(&self.filter);
        self.row = selected.and_then(|id| shown.place_of(&id)).unwrap_or(0);
    }

    /// Keeps the selection on a row, and in view where so many are.
    pub fn hold(&mut self, room: usize) {
        // Of what is on its way, nobody knows yet how many there are.
        if self.shown().is_none() {
            return;
        }
        let rows = self.rows();
        self.row = self.row.min(rows.saturating_sub(1));
        let last_top = rows.saturating_sub(room);
        self.top = self.top.min(self.row).max((self.row + 1).saturating_sub(room)).min(last_top);
    }

    /// The stretch of events that is to be read for those in view, where it is another one.
    pub fn wanted_events(&self, room: usize) -> Option<usize> {
        let skip = self.query.events.as_ref()?.skip;
        let last = (self.top + room).min(self.rows());
        let is_read = self.top >= skip && last <= skip + EVENTS;
        (!is_read).then(|| self.top.saturating_sub(EVENTS / 2))
    }
}

/// What a row stands for.
#[derive(Clone, Debug, PartialEq)]
enum Identity {
    Group(String),
    Event(uuid::Uuid),
}

impl Shown {
    /// An answer with what its rows are called.
    pub fn new(query: UsageQuery, answer: UsageAnswer, conversations: &[Summary]) -> Self {
        let named = conversations.iter().filter(|_| query.by == GroupBy::Conversation);
        let titles = named.map(|of| (of.id.to_string(), title_or_untitled(&of.title))).collect();
        Self { query, answer, titles, listed: Vec::new() }
    }

    /// What a row is called.
    pub fn name(&self, row: &UsageRow) -> Safe {
        let key = row.key.as_str();
        match self.query.by {
            GroupBy::Conversation => {
                self.titles.get(key).cloned().unwrap_or_else(|| conversation_name(key, &[]))
            }
            GroupBy::Branch if key == SHARED => t!("app-usage-shared"),
            GroupBy::Branch if key.is_empty() => t!("app-usage-no-branch"),
            GroupBy::Branch => {
                let name = self.totals().and_then(|totals| totals.names.get(key));
                name.map_or_else(|| sanitise(short(key)), |name| sanitise_line(name))
            }
            GroupBy::Day
            | GroupBy::Week
            | GroupBy::Model
            | GroupBy::Endpoint
            | GroupBy::Key
            | GroupBy::User
            | GroupBy::Mode
                if key.is_empty() =>
            {
                t!("store-usage-unnamed")
            }
            GroupBy::Day
            | GroupBy::Week
            | GroupBy::Model
            | GroupBy::Endpoint
            | GroupBy::Key
            | GroupBy::User
            | GroupBy::Mode => sanitise_line(key),
        }
    }

    /// The totals, where it is some.
    pub fn totals(&self) -> Option<&Totals> {
        match &self.answer {
            UsageAnswer::Totals(totals) => Some(totals),
            UsageAnswer::Events(_) => None,
        }
    }

    /// The charts, where there are some.
    pub fn charts(&self) -> Option<&Charts> {
        self.totals()?.usage.charts.as_ref()
    }

    /// The events, where it is some.
    pub fn events(&self) -> Option<&Events> {
        match &self.answer {
            UsageAnswer::Totals(_) => None,
            UsageAnswer::Events(events) => Some(events),
        }
    }

    /// The event of a row, where it was read.
    pub fn event(&self, row: usize) -> Option<&FoundEvent> {
        let skip = self.query.events.as_ref()?.skip;
        self.events()?.page.get(row.checked_sub(skip)?)
    }

    /// The days it is of.
    pub fn days(&self) -> Option<(Date, Date)> {
        self.totals().map(|totals| (totals.usage.report.from, totals.usage.report.to))
    }

    /// The row of a group, where it is listed.
    pub fn place_of_group(&self, key: &str) -> Option<usize> {
        self.place_of(&Identity::Group(key.to_owned()))
    }

    fn list(&mut self, filter: &Line) -> &Self {
        let wanted = filter.text().trim().to_lowercase();
        let rows = self.totals().map_or(&[][..], |totals| &totals.usage.report.rows);
        let holds = |row: &UsageRow| wanted.is_empty() || self.name(row).to_lowercase().contains(&wanted);
        self.listed = (0..).zip(rows).filter(|(_, row)| holds(row)).map(|(at, _)| at).collect();
        self
    }

    /// Whether rows of both stand for the same things.
    fn is_like(&self, other: &Self) -> bool {
        let (a, b) = (&self.query, &other.query);
        (a.by, a.sort) == (b.by, b.sort)
            && a.only == b.only
            && group_of(a) == group_of(b)
            && a.events.is_some() == b.events.is_some()
    }

    fn identity(&self, row: usize) -> Option<Identity> {
        match &self.answer {
            UsageAnswer::Totals(totals) => {
                let row = totals.usage.report.rows.get(*self.listed.get(row)?)?;
                Some(Identity::Group(row.key.clone()))
            }
            // The latest is looked at for being the latest.
            UsageAnswer::Events(_) if row == 0 => None,
            UsageAnswer::Events(_) => {
                self.event(row).and_then(known_event).map(|event| Identity::Event(event.id))
            }
        }
    }

    fn place_of(&self, id: &Identity) -> Option<usize> {
        match (id, &self.answer) {
            (Identity::Group(key), UsageAnswer::Totals(totals)) => {
                let rows = &totals.usage.report.rows;
                self.listed.iter().position(|at| rows.get(*at).is_some_and(|row| row.key == *key))
            }
            (Identity::Event(id), UsageAnswer::Events(events)) => {
                let is_it = |found: &FoundEvent| known_event(found).is_some_and(|event| event.id == *id);
                let at = events.page.iter().position(is_it)?;
                Some(self.query.events.as_ref()?.skip + at)
            }
            (Identity::Group(_), UsageAnswer::Events(_)) | (Identity::Event(_), UsageAnswer::Totals(_)) => {
                None
            }
        }
    }
}

fn group_of(query: &UsageQuery) -> Option<&str> {
    query.events.as_ref()?.group.as_deref()
}

fn known_event(found: &FoundEvent) -> Option<&RequestEvent> {
    found.event.as_deref().ok()
}

/// The title of a conversation; where it is not stored any more, how its id begins.
pub fn conversation_name(id: &str, conversations: &[Summary]) -> Safe {
    if id.is_empty() {
        return t!("app-usage-unstored");
    }
    match conversations.iter().find(|summary| summary.id.to_string() == id) {
        Some(summary) => title_or_untitled(&summary.title),
        None => t!("app-usage-removed", id = short(id)),
    }
}

/// How an id begins: enough to tell it from others.
pub fn short(id: &str) -> &str {
    id.get(..13).unwrap_or(id)
}
