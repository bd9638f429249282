//! The JSON of an answer.
//!
//! Parts are kept raw until they are read one by one: one of an unknown kind costs nothing but itself, and
//! what has to be given back is given back byte for byte.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::chat::Usage;
use crate::providers::openai_chat::json::{Count, Lenient, Text};

/// A piece of a stream, or a whole answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Chunk<'a> {
    #[serde(borrow)]
    pub candidates: Lenient<Vec<Candidate<'a>>>,
    #[serde(borrow)]
    pub prompt_feedback: Lenient<PromptFeedback<'a>>,
    pub usage_metadata: Lenient<WireUsage>,
    #[serde(borrow)]
    pub model_version: Text<'a>,
    #[serde(borrow)]
    pub response_id: Text<'a>,
    #[serde(borrow)]
    pub error: Option<&'a RawValue>,
}

/// One answer; only the first is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Candidate<'a> {
    pub index: Count,
    #[serde(borrow)]
    pub content: Lenient<Content<'a>>,
    #[serde(borrow)]
    pub finish_reason: Text<'a>,
    #[serde(borrow)]
    pub finish_message: Text<'a>,
    #[serde(borrow)]
    pub grounding_metadata: Lenient<Grounding<'a>>,
    #[serde(borrow)]
    pub citation_metadata: Lenient<Citations<'a>>,
}

/// What is said.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Content<'a> {
    #[serde(borrow)]
    pub parts: Lenient<Vec<&'a RawValue>>,
}

/// One part. It holds one of these things, as a rule.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Part<'a> {
    #[serde(borrow)]
    pub text: Text<'a>,
    pub thought: Lenient<bool>,
    #[serde(borrow)]
    pub thought_signature: Text<'a>,
    #[serde(borrow)]
    pub function_call: Lenient<FunctionCall<'a>>,
    #[serde(borrow)]
    pub executable_code: Lenient<ExecutableCode<'a>>,
    #[serde(borrow)]
    pub code_execution_result: Lenient<CodeResult<'a>>,
    #[serde(borrow)]
    pub inline_data: Lenient<InlineData<'a>>,
}

/// A call, always whole.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct FunctionCall<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub name: Text<'a>,
    #[serde(borrow)]
    args: Option<&'a RawValue>,
}

impl FunctionCall<'_> {
    /// The arguments' JSON text; a call without any leaves them out.
    pub fn arguments(&self) -> String {
        self.args.map(RawValue::get).filter(|args| *args != "null").unwrap_or("{}").to_owned()
    }
}

/// Code that the model has run.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ExecutableCode<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub code: Text<'a>,
}

/// What it came to.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CodeResult<'a> {
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub outcome: Text<'a>,
    #[serde(borrow)]
    pub output: Text<'a>,
}

/// A file that the model made.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct InlineData<'a> {
    #[serde(borrow)]
    pub mime_type: Text<'a>,
    #[serde(borrow)]
    pub data: Text<'a>,
}

/// What the answer stands on: searches, and what they found.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Grounding<'a> {
    #[serde(borrow)]
    pub web_search_queries: Lenient<Vec<Text<'a>>>,
    #[serde(borrow)]
    pub grounding_chunks: Lenient<Vec<GroundingChunk<'a>>>,
}

/// One thing that was found; the kind is the key.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct GroundingChunk<'a> {
    #[serde(borrow)]
    pub web: Lenient<Place<'a>>,
    #[serde(borrow)]
    pub retrieved_context: Lenient<Place<'a>>,
    #[serde(borrow)]
    pub maps: Lenient<Place<'a>>,
}

/// Where something is.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Place<'a> {
    #[serde(borrow)]
    pub uri: Text<'a>,
    #[serde(borrow)]
    pub title: Text<'a>,
    #[serde(borrow)]
    pub file_search_store: Text<'a>,
}

/// What the answer repeats. AI Studio and Vertex have different names for the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Citations<'a> {
    #[serde(borrow)]
    pub citation_sources: Lenient<Vec<Place<'a>>>,
    #[serde(borrow)]
    pub citations: Lenient<Vec<Place<'a>>>,
}

/// Why there is no answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PromptFeedback<'a> {
    #[serde(borrow)]
    pub block_reason: Text<'a>,
    #[serde(borrow)]
    pub block_reason_message: Text<'a>,
}

/// Token counts as Google writes them.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct WireUsage {
    prompt_token_count: Count,
    tool_use_prompt_token_count: Count,
    candidates_token_count: Count,
    thoughts_token_count: Count,
    cached_content_token_count: Count,
}

impl WireUsage {
    /// In comparable terms: what a tool fed to the model is input, and thoughts are output. Gateways that know
    /// nothing count zero of everything, which no prompt has.
    pub fn usage(&self) -> Usage {
        if self.prompt_token_count.0 == Some(0) {
            return Usage::default();
        }
        Usage {
            tokens_in: sum(self.prompt_token_count, self.tool_use_prompt_token_count),
            tokens_out: sum(self.candidates_token_count, self.thoughts_token_count),
            cached_in: self.cached_content_token_count.0,
            cache_write: None,
            cache_write_1h: None,
            reasoning_out: self.thoughts_token_count.0,
            told_cost: None,
            estimated: false,
        }
    }
}

/// The sum of what is told.
fn sum(one: Count, other: Count) -> Option<u64> {
    match (one.0, other.0) {
        (Some(one), Some(other)) => Some(one.saturating_add(other)),
        (one, other) => one.or(other),
    }
}
