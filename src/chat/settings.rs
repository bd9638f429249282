//! What a person sets on a conversation.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Names in a request that are not a parameter's: what they say is said elsewhere, where everything else that
/// depends on it sees it.
pub const RESERVED_PARAMS: [&str; 3] = ["model", "messages", "stream"];

/// The settings a conversation's requests are made with. Unset means "the provider's default".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The system prompt; sent in the provider's own place for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// Sampling temperature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// The most tokens of an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u64>,
    /// Reasoning effort, in the provider's words (`low`, `medium`, `high` …).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effort: Option<String>,
    /// Any other parameter, by the name the provider gives it, sent as it is.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub params: Map<String, Value>,
}

impl Settings {
    /// These settings with others over them.
    #[must_use]
    pub fn under(mut self, over: Self) -> Self {
        self.params.extend(over.params);
        Self {
            system: over.system.or(self.system),
            temperature: over.temperature.or(self.temperature),
            max_tokens: over.max_tokens.or(self.max_tokens),
            effort: over.effort.or(self.effort),
            params: self.params,
        }
    }
}
