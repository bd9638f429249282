//! The JSON of an answer, read without being particular.
//!
//! Pieces of text come by the thousand and are borrowed from the event. Blocks come once, have many shapes, and
//! are given back as they came: they stay plain JSON.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::chat::Usage;
use crate::providers::openai_chat::json::{CacheCreation, Count, Lenient, Text};

/// An event of a stream, or a whole answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Event<'a> {
    #[serde(borrow, rename = "type")]
    pub kind: Text<'a>,
    pub index: Count,
    #[serde(borrow)]
    pub delta: Option<Delta<'a>>,
    #[serde(borrow)]
    pub content_block: Option<&'a RawValue>,
    #[serde(borrow)]
    pub message: Option<&'a RawValue>,
    #[serde(borrow)]
    pub error: Option<&'a RawValue>,
    pub usage: Lenient<Box<Counts>>,
}

/// What a piece adds to its block, or the last one to the message. Which of the fields is filled says what it is:
/// a novelty of a type that is not known here still has its text where text is.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Delta<'a> {
    #[serde(borrow)]
    pub text: Text<'a>,
    #[serde(borrow)]
    pub thinking: Text<'a>,
    #[serde(borrow)]
    pub signature: Text<'a>,
    #[serde(borrow)]
    pub partial_json: Text<'a>,
    /// The summary that stands for what was said before it.
    #[serde(borrow)]
    pub content: Text<'a>,
    #[serde(borrow)]
    pub citation: Option<&'a RawValue>,
    #[serde(borrow)]
    pub stop_reason: Text<'a>,
    pub stop_details: Lenient<StopDetails>,
    pub container: Lenient<Container>,
}

/// A message: whole, or as the first event of a stream has it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Message<'a> {
    #[serde(borrow)]
    pub model: Text<'a>,
    pub content: Lenient<Vec<Value>>,
    #[serde(borrow)]
    pub stop_reason: Text<'a>,
    pub stop_details: Lenient<StopDetails>,
    pub container: Lenient<Container>,
    pub usage: Lenient<Box<Counts>>,
}

/// Why the model declined.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct StopDetails {
    pub explanation: Option<String>,
}

/// Where the provider runs code for this conversation.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Container {
    pub id: Option<String>,
}

/// Token counts as they are written. They grow; what a later one leaves out stands.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Counts {
    input_tokens: Count,
    cache_creation_input_tokens: Count,
    cache_creation: Lenient<CacheCreation>,
    cache_read_input_tokens: Count,
    output_tokens: Count,
    output_tokens_details: Lenient<OutputDetails>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
struct OutputDetails {
    thinking_tokens: Count,
}

impl Counts {
    /// Takes what newer counts tell. Gateways end with zeros for what they told at the start.
    pub fn update(&mut self, newer: &Self) {
        for (old, new) in [
            (&mut self.input_tokens, newer.input_tokens),
            (&mut self.cache_creation_input_tokens, newer.cache_creation_input_tokens),
            (&mut self.cache_read_input_tokens, newer.cache_read_input_tokens),
            (&mut self.output_tokens, newer.output_tokens),
        ] {
            old.0 = match (old.0, new.0) {
                (Some(old), Some(0)) => Some(old),
                (old, new) => new.or(old),
            };
        }
        if newer.cache_creation.0.is_some() {
            self.cache_creation = newer.cache_creation;
        }
        if newer.output_tokens_details.0.is_some() {
            self.output_tokens_details = newer.output_tokens_details;
        }
    }

    /// In comparable terms: `input_tokens` counts neither what was read from the cache nor what was written.
    pub fn usage(&self) -> Usage {
        let input = [self.input_tokens, self.cache_creation_input_tokens, self.cache_read_input_tokens];
        let is_told = input.iter().any(|count| count.0.is_some());
        Usage {
            tokens_in: is_told.then(|| input.iter().filter_map(|count| count.0).fold(0, u64::saturating_add)),
            tokens_out: self.output_tokens.0,
            cached_in: self.cache_read_input_tokens.0,
            cache_write: self.cache_creation_input_tokens.0,
            cache_write_1h: self.cache_creation.0.and_then(|creation| creation.ephemeral_1h_input_tokens.0),
            reasoning_out: self.output_tokens_details.0.and_then(|details| details.thinking_tokens.0),
            told_cost: None,
            estimated: false,
        }
    }
}

/// A text of a block.
pub fn text<'a>(block: &'a Map<String, Value>, key: &str) -> &'a str {
    block.get(key).and_then(Value::as_str).unwrap_or_default()
}
