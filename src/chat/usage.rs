//! Token counts as every provider's bill is made comparable (contracts section 3).

use serde::{Deserialize, Serialize};

use super::Money;

/// What an answer used. `None` is "not reported", never zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// All input tokens, cached and tool-use prompt tokens included.
    pub tokens_in: Option<u64>,
    /// All output tokens, reasoning included.
    pub tokens_out: Option<u64>,
    /// The part of the input that was read from the provider's cache.
    pub cached_in: Option<u64>,
    /// Input tokens written to the provider's cache, for however long.
    pub cache_write: Option<u64>,
    /// The part of those that is kept for an hour and not for the usual five minutes, where it is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write_1h: Option<u64>,
    /// The part of the output that was reasoning.
    pub reasoning_out: Option<u64>,
    /// What the provider says that all of it costs, in US dollars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_cost: Option<Money>,
    /// Counted here and not by the provider.
    #[serde(default)]
    pub estimated: bool,
}

impl Usage {
    /// Whether a provider (or an estimate) told anything at all.
    pub fn is_known(&self) -> bool {
        self.tokens_in.is_some() || self.tokens_out.is_some()
    }

    /// Both together: what an answer used that took two requests.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let sum = |a: Option<u64>, b: Option<u64>| match (a, b) {
            (Some(a), Some(b)) => Some(a.saturating_add(b)),
            (a, b) => a.or(b),
        };
        Self {
            tokens_in: sum(self.tokens_in, other.tokens_in),
            tokens_out: sum(self.tokens_out, other.tokens_out),
            cached_in: sum(self.cached_in, other.cached_in),
            cache_write: sum(self.cache_write, other.cache_write),
            cache_write_1h: sum(self.cache_write_1h, other.cache_write_1h),
            reasoning_out: sum(self.reasoning_out, other.reasoning_out),
            told_cost: match (self.told_cost, other.told_cost) {
                (Some(a), Some(b)) => Some(a + b),
                // Of two requests, one that is not told of is not free.
                (Some(_), None) | (None, Some(_)) | (None, None) => None,
            },
            estimated: self.estimated || other.estimated,
        }
    }
}
