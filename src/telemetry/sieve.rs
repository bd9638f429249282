//! Which rows of a block count for a question, and the group of each.
//!
//! A block is gone through column by column. Conditions on names are looked at once for each list of names, not for
//! each row, and times of day only where something asks for them.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::clock::{Clock, date_of, day_of, monday_of, week_of};
use super::columns::{Class, Column, Columns, millis, ordered};
use super::part::{Depth, Named, Part};
use super::{Fault, GroupBy, Only, Query};
use crate::chat::MessageId;

/// The group of a row that does not count.
pub(super) const NONE: u32 = u32::MAX;
/// The group of a conversation whose group is not known yet.
const UNKNOWN: u32 = u32::MAX - 1;

/// What makes a group. Those of one question are in the order of their names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Group {
    Named(Box<str>),
    Conversation(Option<Uuid>),
    Day(i64),
    Week(i64),
}

impl Group {
    pub fn name(&self) -> String {
        match self {
            Self::Named(name) => name.to_string(),
            Self::Conversation(None) => String::new(),
            Self::Conversation(Some(id)) => {
                id.hyphenated().encode_lower(&mut Uuid::encode_buffer()).to_owned()
            }
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
pub(super) struct Groups {
    ids: HashMap<Group, u32, BuildHasherDefault<Mixer>>,
    pub list: Vec<Group>,
}

impl Groups {
    /// Makes room for so many more.
    pub fn reserve(&mut self, more: usize) {
        self.ids.reserve(more);
        self.list.reserve(more);
    }

    pub fn id(&mut self, group: Group) -> u32 {
        let next = u32::try_from(self.list.len()).unwrap_or(NONE);
        *self.ids.entry(group).or_insert_with_key(|group| {
            self.list.push(group.clone());
            next
        })
    }
}

/// A quick hash: most groups are ids, whose bits are chance already, and nobody gains by groups of an own log that
/// collide.
#[derive(Debug, Default)]
struct Mixer(u64);

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word) * 0x9e37_79b9_7f4a_7c15;
        self.0 = (product as u64) ^ (product >> 64) as u64;
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }

    fn finish(&self) -> u64 {
        self.0
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
    pub query: &'q Query,
    from: u64,
    before: u64,
    pub clock: Clock,
    pub groups: Groups,
    /// The part at hand.
    part: Option<&'q Part>,
    /// Of the part at hand: the group of each list of names, [`NONE`] where a condition does not hold.
    names: Vec<u32>,
    /// Of the part at hand: the group of each conversation, the first of which is none.
    conversations: Vec<u32>,
    /// Of the part at hand: the conversations that conditions name, as they are stored.
    wanted: Vec<Option<u64>>,
    /// The day and its group that was asked for last.
    day: Option<(i64, u32)>,
    /// The block's groups.
    pub of_rows: Vec<u32>,
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
            part: None,
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
    fn begin(&mut self, part: &'q Part) {
        self.part = Some(part);
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
    pub fn sift(&mut self, part: &'q Part, columns: &Columns) {
        if self.part.is_none_or(|begun| !std::ptr::eq(begun, part)) {
            self.begin(part);
        }
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
        let classes = || columns.get(Column::Class).iter().map(|class| Class::stored(*class));
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
        part: &'q Part,
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
