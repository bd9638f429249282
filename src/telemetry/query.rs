//! What can be asked of the index.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

use super::footprint::Method;
use super::{EventStatus, Fault, Mode};
use crate::chat::{ConversationId, EndpointName, KeyLabel, MessageId, ModelId};

/// What totals are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum GroupBy {
    /// Local day.
    Day,
    /// Local week of ISO 8601: `2026-W47`.
    Week,
    /// Model sent.
    Model,
    /// Endpoint.
    Endpoint,
    /// `ENDPOINT/LABEL`.
    Key,
    /// Conversation id.
    Conversation,
    /// Branch, by its leaf.
    Branch,
    /// Who asked.
    User,
    /// What it was for.
    Mode,
}

impl GroupBy {
    /// Its name on the command line and in a report.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Model => "model",
            Self::Endpoint => "endpoint",
            Self::Key => "key",
            Self::Conversation => "conversation",
            Self::Branch => "branch",
            Self::User => "user",
            Self::Mode => "mode",
        }
    }

    /// Whether its groups follow each other in time.
    pub const fn is_time(self) -> bool {
        match self {
            Self::Day | Self::Week => true,
            Self::Model
            | Self::Endpoint
            | Self::Key
            | Self::Conversation
            | Self::Branch
            | Self::User
            | Self::Mode => false,
        }
    }
}

/// A condition on events.
#[derive(Clone, Debug, PartialEq)]
pub enum Only {
    /// Of this model.
    Model(ModelId),
    /// Of this endpoint.
    Endpoint(EndpointName),
    /// With this key of this endpoint.
    Key(EndpointName, KeyLabel),
    /// Of this conversation, or of none.
    Conversation(Option<ConversationId>),
    /// Of these answers.
    Messages(Arc<HashSet<MessageId>>),
    /// Asked by this user.
    User(String),
    /// For this purpose.
    Mode(Mode),
    /// That ended so.
    Status(EventStatus),
    /// That failed so.
    Fault(Fault),
}

/// How long a slot of a chart is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// A local hour. Where a clock is put back, two hours share a slot.
    Hour,
    /// A local day.
    Day,
    /// A local week, from Monday.
    Week,
}

/// What groups are ordered by. Groups that are equal in it are ordered by price, requests and name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Days and weeks as they follow each other, others by price, dearest first.
    #[default]
    Natural,
    /// By name, A first.
    Name,
    /// Most first.
    Requests,
    /// Most first.
    TokensIn,
    /// Most first.
    TokensOut,
    /// By the share of the input that a provider had cached, largest first.
    Cached,
    /// Dearest first.
    Price,
    /// By the median latency, slowest first.
    Latency,
    /// By the median time to the first content, slowest first.
    FirstContent,
    /// By the tokens a second, fastest first.
    Speed,
    /// By the share of requests that failed, largest first.
    Errors,
}

/// A question.
#[derive(Clone, Debug)]
pub struct Query {
    /// First day, local.
    pub from: Date,
    /// Last day, local, inclusive.
    pub to: Date,
    /// Whose days they are.
    pub zone: TimeZone,
    /// What events are grouped by.
    pub by: GroupBy,
    /// Conditions, all of which hold.
    pub only: Vec<Only>,
    /// How groups are ordered.
    pub sort: Sort,
    /// How many of them are told of at most: the first, in that order.
    pub most: usize,
    /// What [`GroupBy::Branch`] calls the answers: whoever knows the tree tells. An answer that is not named
    /// is in the group without a name.
    pub branches: Arc<HashMap<MessageId, String>>,
    /// What estimates energy and carbon, where that is wanted.
    pub footprint: Option<Arc<Method>>,
    /// Whether charts are wanted, and of which step.
    pub charts: Option<Step>,
}

impl Query {
    /// Totals of local days, both inclusive.
    pub fn new(from: Date, to: Date, by: GroupBy, zone: TimeZone) -> Self {
        Self {
            from,
            to,
            zone,
            by,
            only: Vec::new(),
            sort: Sort::default(),
            most: usize::MAX,
            branches: Arc::default(),
            footprint: None,
            charts: None,
        }
    }

    /// The moments of those days: from the first on, and before the second.
    pub fn moments(&self) -> (Timestamp, Timestamp) {
        let midnight = |day: Date| day.to_zoned(self.zone.clone()).ok().map(|zoned| zoned.timestamp());
        let next: Span = 1.day();
        (
            midnight(self.from).unwrap_or(Timestamp::MIN),
            self.to.checked_add(next).ok().and_then(midnight).unwrap_or(Timestamp::MAX),
        )
    }
}
