//! A message: a node of the conversation tree.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    AliasName, ErrorKind, Failure, FinishReason, MessageId, ModelId, Money, Part, Route, ToolCall, Usage,
};

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The person.
    User,
    /// The model.
    Assistant,
}

/// Where a message stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Whole.
    Complete,
    /// Being written now; a process that is gone leaves this behind, and the next open turns it into `Cut`.
    Streaming,
    /// The stream ended without its end; what came is kept.
    Cut,
    /// The person stopped it; what came is kept.
    Cancelled,
    /// It failed, before or in the middle of its text.
    Failed,
}

impl Status {
    /// The name used in JSON and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Streaming => "streaming",
            Self::Cut => "cut",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }
}

/// How an answer came to be: the dim line under it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Provenance {
    /// The model id the provider says it served.
    pub model_served: Option<ModelId>,
    /// Why the answer ended.
    pub finish: Option<FinishReason>,
    /// HTTP requests made.
    pub attempts: u32,
    /// Milliseconds from the request to the end.
    pub latency_ms: Option<u64>,
    /// Milliseconds from the request to the first text, reasoning or tool call.
    pub ttft_ms: Option<u64>,
    /// Milliseconds from its first reasoning to what followed that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thought_ms: Option<u64>,
    /// Tokens.
    pub usage: Usage,
    /// Price in euros; `None` is unknown.
    pub cost_eur: Option<Money>,
    /// What went wrong, for a message that failed or was cut.
    pub failure: Option<Failure>,
    /// What was asked for, where that was an alias; the message's route is the one that was taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alias: Option<AliasName>,
    /// The attempts before the last one, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<Tried>,
    /// Where an answer that stopped before its end was best gone on with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub onward: Option<Route>,
}

/// An attempt that did not answer, or only a part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// Where it went.
    pub route: Route,
    /// What went wrong.
    pub kind: ErrorKind,
    /// The HTTP status, where one came.
    pub status: Option<u16>,
    /// In the provider's words, where it had any. Untrusted text.
    pub message: String,
    /// Milliseconds until the next attempt.
    pub waited_ms: u64,
}

impl Provenance {
    /// The route tried first, where another one answered.
    pub fn fallback_from(&self, taken: &Route) -> Option<&Route> {
        self.before.first().map(|tried| &tried.route).filter(|first| *first != taken)
    }

    /// What is left of it when the answer is gone on with: what it cost so far.
    #[must_use]
    pub fn so_far(self) -> Self {
        Self { usage: self.usage, cost_eur: self.cost_eur, ..Self::default() }
    }
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The message it answers or follows; `None` for a root.
    pub parent: Option<MessageId>,
    /// Who said it.
    pub role: Role,
    /// What was said.
    pub parts: Vec<Part>,
    /// Where it stands in its life.
    pub status: Status,
    /// The endpoint, key and model an answer was asked of; on a user message, what the turn was sent to.
    pub route: Option<Route>,
    /// How an answer came to be; `None` on user messages.
    pub provenance: Option<Provenance>,
    /// When it was made.
    pub created: Timestamp,
}

impl Message {
    /// The text parts, joined. Reasoning, refusals and calls are left out.
    pub fn text(&self) -> String {
        self.parts.iter().filter_map(Part::text).collect()
    }

    /// The reasoning parts, joined; `None` where there is none.
    pub fn reasoning(&self) -> Option<String> {
        let text: String = self.parts.iter().filter_map(Part::reasoning).collect();
        (!text.is_empty()).then_some(text)
    }

    /// The refusal parts, joined; `None` where there is none.
    pub fn refusal(&self) -> Option<String> {
        let text: String = self.parts.iter().filter_map(Part::refusal).collect();
        (!text.is_empty()).then_some(text)
    }

    /// The calls the model asks for, in order.
    pub fn tool_calls(&self) -> impl Iterator<Item = &ToolCall> {
        self.parts.iter().filter_map(Part::tool_call)
    }

    /// A failed answer that holds nothing: the dead leaf that a retry replaces.
    pub fn is_dead_leaf(&self) -> bool {
        self.role == Role::Assistant && self.status == Status::Failed && self.parts.is_empty()
    }
}
