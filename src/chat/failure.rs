//! The one typed error of a turn. Its kinds are those of contracts section 3, and no others.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What went wrong, in the words that scripts rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The configuration cannot be used.
    Config,
    /// A key is missing or was refused.
    Auth,
    /// The endpoint or model does not exist.
    UnknownModel,
    /// A conversation, message or key label does not exist.
    NotFound,
    /// DNS, connect, TLS, or a reset before the first content.
    Network,
    /// Time ran out.
    Timeout,
    /// 429 or a quota.
    RateLimit,
    /// Any other provider error.
    Provider,
    /// The prompt or the answer was refused by a filter.
    ContentFilter,
    /// The request does not fit the model's context window.
    ContextWindow,
    /// Refused by a budget.
    Budget,
    /// The stream ended without its end after content had come.
    Cut,
    /// Interrupted or terminated.
    Cancelled,
    /// Anything else.
    Internal,
}

impl ErrorKind {
    /// The name used in JSON and in the log.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Auth => "auth",
            Self::UnknownModel => "unknown_model",
            Self::NotFound => "not_found",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::RateLimit => "rate_limit",
            Self::Provider => "provider",
            Self::ContentFilter => "content_filter",
            Self::ContextWindow => "context_window",
            Self::Budget => "budget",
            Self::Cut => "cut",
            Self::Cancelled => "cancelled",
            Self::Internal => "internal",
        }
    }
}

/// A failure, with what a person needs to act on it. Holds no secret: whoever makes one from outside text
/// passes that text through the redactor first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What kind of failure this is.
    pub kind: ErrorKind,
    /// What happened; the provider's own words where it gave any. Untrusted text.
    pub message: String,
    /// The HTTP status, where one came.
    pub status: Option<u16>,
    /// How long the provider asks to wait.
    pub retry_after: Option<Duration>,
    /// The provider says whether the same request can succeed later (`x-should-retry`).
    pub should_retry: Option<bool>,
    /// A parameter that the model refuses and that the request can do without.
    #[serde(skip)]
    pub refused_param: Option<String>,
    /// What to do next, in our words.
    pub next_step: Option<String>,
}

impl Failure {
    /// A failure with nothing known but its kind and message.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            status: None,
            retry_after: None,
            should_retry: None,
            refused_param: None,
            next_step: None,
        }
    }

    /// The same, with what to do next.
    #[must_use]
    pub fn with_next_step(mut self, step: impl Into<String>) -> Self {
        self.next_step = Some(step.into());
        self
    }

    /// The same, with the HTTP status that told of it.
    #[must_use]
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
