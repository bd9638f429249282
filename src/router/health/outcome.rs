//! What became of a request, as far as others may learn from it.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::chat::{End, ErrorKind, Route};
use crate::keys::Fingerprint;
use crate::providers::limits::RateLimits;

/// One request, by a number that nobody else has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AttemptId(pub u64);

/// What became of a request, as far as others may learn from it. A line of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "snake_case")]
pub enum Outcome {
    /// It was sent, or is about to be.
    Began {
        /// Which.
        id: AttemptId,
        /// Where to.
        route: Route,
        /// When.
        at: Timestamp,
        /// How long it may take: whoever has not heard of its end by then takes it for lost.
        lease: Duration,
        /// Tokens it is expected to take.
        tokens: u64,
    },
    /// Its first word came.
    Spoke {
        /// Which.
        id: AttemptId,
    },
    /// Its answer said what is left of what the provider allows.
    Told {
        /// Where it went.
        route: Route,
        /// When.
        at: Timestamp,
        /// What is left.
        limits: RateLimits,
    },
    /// It ended.
    Ended(Ended),
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ended {
    /// Which.
    pub id: AttemptId,
    /// Where it went.
    pub route: Route,
    /// When it began.
    pub began: Timestamp,
    /// When it ended.
    pub at: Timestamp,
    /// What that says of the route.
    pub ending: Ending,
    /// What went wrong, where something did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorKind>,
    /// How long until the first content, where some came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttft: Option<Duration>,
    /// How long the provider asks to be left alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<Duration>,
    /// Tokens it took, where they are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<u64>,
}

/// What the end of a request says of its route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// It works: it answered, be it that it will not do this.
    Works,
    /// It failed, and may do better next time.
    Failed,
    /// It cannot do this for anybody until somebody changes something.
    Broken,
    /// It has too much to do.
    Busy,
    /// It does not take this key.
    Refused(Fingerprint),
    /// Nothing: somebody stopped it.
    Stopped,
}

impl Ending {
    /// What the end of an attempt says of its route, and how long the provider asks to be left alone. `key` is what
    /// it was asked with, where it needs one.
    pub fn of(end: &End, key: impl FnOnce() -> Option<Fingerprint>) -> (Self, Option<Duration>) {
        let failure = match end {
            End::Finished(_) => return (Self::Works, None),
            End::Cancelled => return (Self::Stopped, None),
            End::Cut(_) => return (Self::Failed, None),
            End::Failed(failure) => failure,
        };
        let ending = match (failure.kind, failure.status) {
            (ErrorKind::Auth, Some(403)) | (ErrorKind::UnknownModel | ErrorKind::NotFound, _) => Self::Broken,
            (ErrorKind::Auth, _) => key().map_or(Self::Broken, Self::Refused),
            // A quota that is used up.
            (ErrorKind::RateLimit, _) if failure.should_retry == Some(false) => Self::Broken,
            (ErrorKind::RateLimit, _) => Self::Busy,
            (ErrorKind::ContextWindow | ErrorKind::ContentFilter, _)
            | (ErrorKind::Provider, Some(400 | 422)) => Self::Works,
            (ErrorKind::Provider, Some(300..=407 | 410..=499)) => Self::Broken,
            (ErrorKind::Provider | ErrorKind::Network | ErrorKind::Timeout | ErrorKind::Cut, _) => {
                Self::Failed
            }
            (ErrorKind::Config | ErrorKind::Budget | ErrorKind::Cancelled | ErrorKind::Internal, _) => {
                Self::Stopped
            }
        };
        (ending, failure.retry_after)
    }

    /// Whether it is the route's fault.
    pub(super) const fn is_trouble(&self) -> bool {
        match self {
            Self::Failed | Self::Broken | Self::Busy | Self::Refused(_) => true,
            Self::Works | Self::Stopped => false,
        }
    }
}
