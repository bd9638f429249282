//! What a recording must be read as.
//!
//! All rows have `text`, `tool_calls` (none where it is left out; no `id` where the provider gives none), `model` as
//! the provider says it, and `finish_reason`, or `error.message` where the answer fails. A row written by hand has the
//! rest in our words: `reasoning`, `usage`, `error.kind`, and the `ids` of a list. One of a real provider has what
//! stood on the wire, and the tables and the arithmetic here say what that comes to.

use loquat::chat::{ErrorKind, FinishReason, Usage};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Recording, Source};

/// How each dialect spells the end of an answer, where it is not our word.
const FINISH: &[(&str, FinishReason)] = &[
    ("stop", FinishReason::Stop),
    ("completed", FinishReason::Stop),
    ("end_turn", FinishReason::Stop),
    ("stop_sequence", FinishReason::Stop),
    ("STOP", FinishReason::Stop),
    ("length", FinishReason::Length),
    ("max_tokens", FinishReason::Length),
    ("tool_calls", FinishReason::ToolCalls),
    ("tool_use", FinishReason::ToolCalls),
    ("content_filter", FinishReason::ContentFilter),
    ("guardrail_intervened", FinishReason::ContentFilter),
];

/// What the answers of providers that fail are told as.
pub const KINDS: &[(&str, ErrorKind)] = &[
    ("anthropic-error-400-invalid-request-error.json", ErrorKind::ContextWindow),
    ("anthropic-error-401-authentication-error.json", ErrorKind::Auth),
    ("azure-error-401-401.json", ErrorKind::Auth),
    ("azure-error-429-ratelimitreached.json", ErrorKind::RateLimit),
    ("bedrock-error-400-plain.json", ErrorKind::UnknownModel),
    ("bedrock-error-403-plain.json", ErrorKind::Auth),
    ("deepseek-error-400-invalid-request-error.json", ErrorKind::Provider),
    ("doubleword-error-403-invalid-request-error.json", ErrorKind::Auth),
    ("doubleword-error-404-invalid-request-error.json", ErrorKind::UnknownModel),
    ("gemini-error-400-invalid-argument.json", ErrorKind::Auth),
    ("gemini-error-404-not-found.json", ErrorKind::UnknownModel),
    ("groq-error-401-invalid-request-error.json", ErrorKind::Auth),
    ("groq-error-404-invalid-request-error.json", ErrorKind::UnknownModel),
    ("groq-mid-stream-error-2.sse", ErrorKind::Provider),
    ("groq-mid-stream-error-reasoning.sse", ErrorKind::Provider),
    ("llamacpp-error-400-exceed-context-size-error.json", ErrorKind::ContextWindow),
    ("llamacpp-error-400-invalid-request-error.json", ErrorKind::Provider),
    ("mistral-error-400-invalid-model.json", ErrorKind::UnknownModel),
    ("mistral-error-401-plain.json", ErrorKind::Auth),
    ("ollama-error-400-invalid-request-error.json", ErrorKind::ContextWindow),
    ("ollama-error-401-api-error.json", ErrorKind::Auth),
    ("openai-error-400-invalid-request-error-2.json", ErrorKind::ContextWindow),
    ("openai-error-401-invalid-request-error.json", ErrorKind::Auth),
    ("openrouter-error-401-401.json", ErrorKind::Auth),
    ("openrouter-error-429-429.json", ErrorKind::RateLimit),
    ("perplexity-error-400-too-many-prompt-tokens.json", ErrorKind::ContextWindow),
    ("venice-error-404-plain.json", ErrorKind::UnknownModel),
    ("vertex-error-400-invalid-argument.json", ErrorKind::Provider),
    ("vertex-response-prompt-blocked.json", ErrorKind::ContentFilter),
    ("xai-error-400-plain.json", ErrorKind::Auth),
];

/// What was made of a recording.
#[derive(Debug)]
pub struct Told {
    pub text: String,
    pub reasoning: String,
    pub refusal: String,
    /// Id, name and arguments of each call; the arguments parsed where they are JSON.
    pub calls: Vec<Value>,
    pub finish: String,
    pub model: Option<String>,
    /// As [`counts`] has it.
    pub usage: Value,
    pub error: Option<Trouble>,
}

/// What went wrong.
#[derive(Debug)]
pub struct Trouble {
    pub kind: String,
    pub message: String,
    pub status: Option<u64>,
}

impl Recording {
    /// What the provider said of tokens.
    pub fn usage(&self) -> Value {
        match &self.row["expected"]["usage"] {
            Value::Null => counts(&usage(&self.row["expected"]["usage_raw"])),
            ours => ours.clone(),
        }
    }

    /// Fails where a recording was read as something else than it says.
    pub fn check(&self, told: &Told) {
        let (file, expected) = (self.file(), &self.row["expected"]);
        match &expected["text"] {
            Value::Object(long) => assert_eq!(json!(sha256(&told.text)), long["sha256"], "{file}: text"),
            Value::Null => assert_eq!(told.text, "", "{file}: text"),
            short => assert_eq!(&json!(told.text), short, "{file}: text"),
        }
        if let Some(thought) = expected["reasoning"].as_str() {
            assert_eq!(told.reasoning, thought, "{file}: reasoning");
        } else {
            let thought = expected["reasoning_text_len"].as_u64().unwrap_or_default();
            assert_eq!(told.reasoning.chars().count() as u64, thought, "{file}: reasoning");
        }
        if let Some(hash) = expected["reasoning_sha256"].as_str() {
            assert_eq!(sha256(&told.reasoning), hash, "{file}: reasoning");
        }
        let refusal = expected["refusal"].as_str().unwrap_or_default();
        assert_eq!(told.refusal, refusal, "{file}: refusal");
        self.check_calls(&told.calls);
        assert_eq!(json!(told.model), expected["model"], "{file}: model");
        assert_eq!(told.usage, self.usage(), "{file}: usage");
        match self.kind() {
            Some(kind) => {
                let trouble = told.error.as_ref().unwrap_or_else(|| panic!("{file}: {told:?}"));
                assert_eq!(trouble.kind, kind, "{file}: {trouble:?}");
                if self.status() != 200 {
                    assert_eq!(trouble.status, Some(self.status().into()), "{file}");
                }
                let words = expected["error"]["message"].as_str().unwrap_or_default();
                assert!(trouble.message.starts_with(words), "{file}: {}", trouble.message);
                assert!(!trouble.message.is_empty(), "{file}: no words");
            }
            None => assert_eq!(told.finish, self.finish(told).name(), "{file}"),
        }
    }

    /// The calls as the index writes them: no id where the provider gave none and one was made up.
    fn check_calls(&self, calls: &[Value]) {
        let file = self.file();
        match &self.row["expected"]["tool_calls"] {
            Value::Object(long) => {
                let calls = serde_json::to_string(calls).expect("values can be written");
                assert_eq!(json!(sha256(&calls)), long["sha256"], "{file}: calls");
            }
            Value::Null => assert_eq!(calls, [Value::Null; 0], "{file}: calls"),
            short => {
                let mut calls = calls.to_vec();
                for (call, _) in calls
                    .iter_mut()
                    .zip(short.as_array().into_iter().flatten())
                    .filter(|(_, short)| short["id"].is_null())
                {
                    assert_ne!(call["id"].as_str().unwrap_or_default(), "", "{file}: {call}");
                    call["id"] = Value::Null;
                }
                assert_eq!(&json!(calls), short, "{file}: calls");
            }
        }
    }

    /// The kind of what it fails with; `None` where it does not fail.
    pub fn kind(&self) -> Option<&str> {
        let known = KINDS.iter().find(|(file, _)| self.source == Source::Provider && *file == self.file());
        let ours = || self.row["expected"]["error"]["kind"].as_str();
        let kind = known.map(|(_, kind)| kind.name()).or_else(ours);
        let fails = self.row["expected"]["finish_reason"].is_null();
        assert_eq!(kind.is_some(), fails, "{}: what it fails with is not known", self.file());
        kind
    }

    fn finish(&self, told: &Told) -> FinishReason {
        let word = self.text("/expected/finish_reason");
        let known = FINISH.iter().find(|(known, _)| *known == word);
        let known =
            known.unwrap_or_else(|| panic!("{}: ended with {word:?}, which nobody expected", self.file()));
        match known.1 {
            FinishReason::Stop if !told.refusal.is_empty() => FinishReason::Refusal,
            FinishReason::Stop if !told.calls.is_empty() => FinishReason::ToolCalls,
            other => other,
        }
    }
}

/// Hexadecimal.
pub fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Token counts by the names that JSON has for them.
pub fn counts(usage: &Usage) -> Value {
    json!({"tokens_in": usage.tokens_in, "tokens_out": usage.tokens_out, "cached_in": usage.cached_in,
           "cache_write": usage.cache_write, "reasoning_out": usage.reasoning_out})
}

/// What a provider's own counts come to in comparable terms, by the arithmetic that each documents.
fn usage(raw: &Value) -> Usage {
    let count = |path: &str| raw.pointer(path).and_then(Value::as_u64);
    let sum = |paths: &[&str]| {
        let told: Vec<u64> = paths.iter().filter_map(|path| count(path)).collect();
        (!told.is_empty()).then(|| told.iter().sum::<u64>())
    };
    let first = |paths: &[&str]| paths.iter().find_map(|path| count(path));
    let reasoning = first(&[
        "/completion_tokens_details/reasoning_tokens",
        "/output_tokens_details/reasoning_tokens",
        "/output_tokens_details/thinking_tokens",
        "/thoughtsTokenCount",
    ]);
    let told = Usage {
        cached_in: first(&[
            "/prompt_tokens_details/cached_tokens",
            "/prompt_cache_hit_tokens",
            "/input_tokens_details/cached_tokens",
            "/cache_read_input_tokens",
            "/cachedContentTokenCount",
            "/cacheReadInputTokens",
        ]),
        cache_write: first(&[
            "/prompt_tokens_details/cache_write_tokens",
            "/prompt_tokens_details/cache_creation_tokens",
            "/input_tokens_details/cache_write_tokens",
            "/cache_creation_input_tokens",
            "/cacheWriteInputTokens",
        ]),
        reasoning_out: reasoning,
        ..Usage::default()
    };
    if let Some(prompt) = count("/prompt_tokens") {
        // xAI counts reasoning apart from its output, and its total shows it.
        let (output, apart) = (count("/completion_tokens"), reasoning.unwrap_or(0));
        let is_apart =
            apart > 0 && output.is_some_and(|output| Some(prompt + output + apart) == count("/total_tokens"));
        let output = output.map(|output| if is_apart { output + apart } else { output });
        return Usage { tokens_in: Some(prompt), tokens_out: output, ..told };
    }
    if count("/promptTokenCount").is_some() {
        // Gemini counts neither tool prompts as input nor thoughts as output.
        return Usage {
            tokens_in: sum(&["/promptTokenCount", "/toolUsePromptTokenCount"]),
            tokens_out: sum(&["/candidatesTokenCount", "/thoughtsTokenCount"]),
            ..told
        };
    }
    if count("/prompt_eval_count").is_some() {
        return Usage { tokens_in: count("/prompt_eval_count"), tokens_out: count("/eval_count"), ..told };
    }
    if count("/inputTokens").is_some() {
        return Usage {
            tokens_in: sum(&["/inputTokens", "/cacheReadInputTokens", "/cacheWriteInputTokens"]),
            tokens_out: count("/outputTokens"),
            ..told
        };
    }
    if raw.pointer("/total_tokens").is_some() {
        return Usage { tokens_in: count("/input_tokens"), tokens_out: count("/output_tokens"), ..told };
    }
    // Anthropic counts what was cached apart, and no total.
    Usage {
        tokens_in: sum(&["/input_tokens", "/cache_read_input_tokens", "/cache_creation_input_tokens"]),
        tokens_out: count("/output_tokens"),
        ..told
    }
}
