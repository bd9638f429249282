//! The columns of the totals: which there are, how wide they are, and which of them a screen has room for.

use crate::telemetry::Sort;

/// A column of the totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named after what it tells")]
pub enum Column {
    Requests,
    TokensIn,
    Cached,
    TokensOut,
    Price,
    Latency,
    LatencyMost,
    FirstContent,
    FirstMost,
    Speed,
    Errors,
    Energy,
    Carbon,
}

impl Column {
    /// All of them, in the order in which they stand.
    pub const EACH: [Self; 13] = [
        Self::Requests,
        Self::TokensIn,
        Self::Cached,
        Self::TokensOut,
        Self::Price,
        Self::Latency,
        Self::LatencyMost,
        Self::FirstContent,
        Self::FirstMost,
        Self::Speed,
        Self::Errors,
        Self::Energy,
        Self::Carbon,
    ];
    /// The order in which they are given room.
    pub(super) const WEIGHT: [Self; 13] = [
        Self::Price,
        Self::Requests,
        Self::TokensIn,
        Self::TokensOut,
        Self::Errors,
        Self::Latency,
        Self::Cached,
        Self::Speed,
        Self::FirstContent,
        Self::Energy,
        Self::Carbon,
        Self::LatencyMost,
        Self::FirstMost,
    ];

    /// Its cells.
    pub(super) const fn cells(self) -> u16 {
        match self {
            Self::Energy => 13,
            Self::Price | Self::Carbon => 12,
            Self::Requests => 9,
            Self::Cached | Self::Errors => 8,
            Self::TokensIn | Self::TokensOut | Self::Speed => 7,
            Self::Latency | Self::LatencyMost | Self::FirstContent | Self::FirstMost => 8,
        }
    }

    /// What a click on its head orders by.
    pub const fn sort(self) -> Option<Sort> {
        match self {
            Self::Requests => Some(Sort::Requests),
            Self::TokensIn => Some(Sort::TokensIn),
            Self::Cached => Some(Sort::Cached),
            Self::TokensOut => Some(Sort::TokensOut),
            Self::Price => Some(Sort::Price),
            Self::Latency => Some(Sort::Latency),
            Self::FirstContent => Some(Sort::FirstContent),
            Self::Speed => Some(Sort::Speed),
            Self::Errors => Some(Sort::Errors),
            Self::LatencyMost | Self::FirstMost | Self::Energy | Self::Carbon => None,
        }
    }

    /// Whether it is there only where energy and carbon are estimated.
    pub const fn is_estimate(self) -> bool {
        matches!(self, Self::Energy | Self::Carbon)
    }
}
