//! Times that outlive the clock they were taken from.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Clocks of two machines on one home may differ by this much.
const SKEW: Duration = Duration::from_secs(5);

/// From when, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub(super) from: Timestamp,
    lasts: Duration,
}

impl Span {
    /// From now on.
    pub const fn new(from: Timestamp, lasts: Duration) -> Self {
        Self { from, lasts }
    }

    /// When it is over.
    pub fn until(&self) -> Timestamp {
        later(self.from, self.lasts)
    }

    /// Whether it has begun and is not over.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.from <= later(now, SKEW) && now < self.until()
    }
}

/// A time so much later; the last there is, where there is none.
pub fn later(at: Timestamp, by: Duration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}
