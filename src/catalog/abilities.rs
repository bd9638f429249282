//! What a model list's entry tells of a model's abilities, and whether it is one to chat with at all.
//!
//! Every provider has its own words for both; the tables below are the whole of that knowledge. What is not
//! told stays unknown, which is not the same as "no".

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a model can do besides text. `None` is "not told".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Abilities {
    /// It takes images.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vision: Option<bool>,
    /// It can ask for functions to be called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tools: Option<bool>,
    /// It can think before it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<bool>,
}

impl Abilities {
    /// Whether nothing is told.
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }

    /// Those that it is told to have, by the names that JSON has for them.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        [("vision", self.vision), ("tools", self.tools), ("reasoning", self.reasoning)]
            .into_iter()
            .filter_map(|(name, told)| (told == Some(true)).then_some(name))
    }

    /// What is told here, and where nothing is, what `other` tells.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            vision: self.vision.or(other.vision),
            tools: self.tools.or(other.tools),
            reasoning: self.reasoning.or(other.reasoning),
        }
    }

    /// What an entry tells.
    pub(super) fn of(entry: &Value) -> Self {
        let told = |signs: &[Sign]| signs.iter().find_map(|sign| sign.read(entry));
        Self { vision: told(VISION), tools: told(TOOLS), reasoning: told(REASONING) }
    }
}

/// Where an entry says yes or no.
enum Sign {
    /// A truth value.
    Flag(&'static str),
    /// A list that holds the word, in any case, or does not.
    Listed(&'static str, &'static str),
    /// A text that is this word, or another.
    Word(&'static str, &'static str),
    /// Something is there that only a model with the ability has.
    Present(&'static str),
}

impl Sign {
    fn read(&self, entry: &Value) -> Option<bool> {
        match self {
            Self::Flag(path) => entry.pointer(path)?.as_bool(),
            Self::Listed(path, word) => {
                let list = entry.pointer(path)?.as_array()?;
                Some(list.iter().filter_map(Value::as_str).any(|item| item.eq_ignore_ascii_case(word)))
            }
            Self::Word(path, word) => Some(entry.pointer(path)?.as_str()? == *word),
            Self::Present(path) => entry.pointer(path).filter(|value| !value.is_null()).map(|_| true),
        }
    }
}

use Sign::{Flag, Listed, Present, Word};

/// In turn: Mistral, Anthropic, Copilot, OpenRouter, Groq, Ollama, llama.cpp, Bedrock, LM Studio.
const VISION: &[Sign] = &[
    Flag("/capabilities/vision"),
    Flag("/capabilities/image_input/supported"),
    Flag("/capabilities/supports/vision"),
    Listed("/architecture/input_modalities", "image"),
    Listed("/input_modalities", "image"),
    Listed("/inputModalities", "image"),
    Flag("/modalities/vision"),
    Word("/type", "vlm"),
    Listed("/capabilities", "vision"),
];

/// In turn: Mistral, Copilot, OpenRouter, Groq, LM Studio, Ollama.
const TOOLS: &[Sign] = &[
    Flag("/capabilities/function_calling"),
    Flag("/capabilities/supports/tool_calls"),
    Listed("/supported_parameters", "tools"),
    Listed("/supported_features", "tools"),
    Present("/capabilities/tool_use"),
    Listed("/capabilities", "tools"),
];

/// In turn: Mistral, Anthropic, Gemini, Copilot, OpenRouter, Groq, Ollama.
const REASONING: &[Sign] = &[
    Flag("/capabilities/reasoning"),
    Flag("/capabilities/thinking/supported"),
    Flag("/thinking"),
    Present("/capabilities/supports/reasoning_effort"),
    Listed("/supported_parameters", "reasoning"),
    Listed("/supported_features", "reasoning"),
    Listed("/capabilities", "thinking"),
];

/// What tells that an entry answers chats. All that an entry has must agree; most have none of them.
const CHAT: &[Sign] = &[
    Flag("/active"),
    Flag("/capabilities/completion_chat"),
    Word("/capabilities/type", "chat"),
    Listed("/architecture/output_modalities", "text"),
    Listed("/output_modalities", "text"),
    Listed("/outputModalities", "text"),
    Flag("/responseStreamingSupported"),
    Listed("/supportedGenerationMethods", "generateContent"),
];

/// `type` of what does not answer chats: Together and LM Studio.
const OTHER_TYPES: &[&str] =
    &["embedding", "embeddings", "image", "moderation", "rerank", "audio", "transcribe", "video"];

/// Whether an entry is a model to chat with, as far as it tells.
pub(super) fn is_chat(entry: &Value) -> bool {
    let kind = entry.get("type").and_then(Value::as_str).unwrap_or_default();
    !OTHER_TYPES.contains(&kind) && !CHAT.iter().any(|sign| sign.read(entry) == Some(false))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_providers_words_for_an_ability_are_understood() {
        let all = Abilities { vision: Some(true), tools: Some(true), reasoning: Some(true) };
        for (provider, entry) in [
            (
                "mistral",
                json!({"capabilities": {"vision": true, "function_calling": true, "reasoning": true}}),
            ),
            (
                "copilot",
                json!({"capabilities": {"supports": {"vision": true, "tool_calls": true, "reasoning_effort": ["low"]}}}),
            ),
            (
                "openrouter",
                json!({"architecture": {"input_modalities": ["text", "image"]},
                       "supported_parameters": ["reasoning", "tools"]}),
            ),
            ("groq", json!({"input_modalities": ["image"], "supported_features": ["tools", "reasoning"]})),
            ("ollama", json!({"capabilities": ["completion", "vision", "tools", "thinking"]})),
        ] {
            assert_eq!(Abilities::of(&entry), all, "{provider}");
        }
        let anthropic =
            json!({"capabilities": {"image_input": {"supported": true}, "thinking": {"supported": false}}});
        assert_eq!(
            Abilities::of(&anthropic),
            Abilities { vision: Some(true), tools: None, reasoning: Some(false) }
        );
        assert!(Abilities::of(&json!({"id": "m"})).is_unknown());
    }

    #[test]
    fn what_does_not_answer_chats_is_told_by_its_entry_where_it_is_told_at_all() {
        for (entry, chats) in [
            (json!({"id": "m"}), true),
            (json!({"type": "model"}), true),
            (json!({"type": "llm"}), true),
            (json!({"type": "embeddings"}), false),
            (json!({"active": false}), false),
            (json!({"capabilities": {"completion_chat": false}}), false),
            (json!({"capabilities": {"type": "embeddings"}}), false),
            (json!({"output_modalities": ["transcription"]}), false),
            (json!({"outputModalities": ["TEXT"]}), true),
            (json!({"outputModalities": ["TEXT"], "responseStreamingSupported": false}), false),
            (json!({"supportedGenerationMethods": ["embedContent"]}), false),
            (json!({"supportedGenerationMethods": ["generateContent", "countTokens"]}), true),
        ] {
            assert_eq!(is_chat(&entry), chats, "{entry}");
        }
    }
}
