//! A row of LiteLLM's `LiteLLM_SpendLogs`: a request, with what it cost.

use serde_json::Value;

use super::table::Row;
use super::{Entry, Mistake};
use crate::chat::{ErrorKind, Money, Usage};

/// The event of a row.
///
/// # Errors
/// What is wrong with it.
pub(super) fn entry(row: &Row) -> Result<Option<Entry>, Mistake> {
    let (begin, end) = (row.needed_time("startTime")?, row.time("endTime")?);
    let seconds = |to: jiff::Timestamp| to.duration_since(begin).as_secs_f64().max(0.0);
    let metadata = row.nested("metadata").unwrap_or_default();
    let usage = Usage {
        tokens_in: row.count("prompt_tokens")?,
        tokens_out: row.count("completion_tokens")?,
        cached_in: told(&metadata, &CACHED),
        cache_write: told(&metadata, &WRITTEN),
        cache_write_1h: None,
        reasoning_out: told(&metadata, &REASONING),
        told_cost: None,
        estimated: false,
    };
    let spend = match row.text("spend") {
        Some(text) => Some(text.parse::<Money>().map_err(|what| row.mistake("spend", what))?),
        None => None,
    };
    let is_cached = row.text("cache_hit").is_some_and(|hit| hit.eq_ignore_ascii_case("true"));
    let first = row.time("completionStartTime")?.map(seconds);
    let latency = end.map_or(0.0, seconds);
    let name = |path: &str| metadata.pointer(path).and_then(Value::as_str).map(ToOwned::to_owned);
    let provider = row.text("custom_llm_provider");
    let model = row.text("model").or_else(|| row.text("model_group")).unwrap_or_default();
    let of_model = model.split_once('/').map(|(provider, _)| provider.to_owned());
    Ok(Some(Entry {
        identity: vec![row.needed("request_id")?],
        at: begin,
        latency,
        // Where nothing was streamed, the first content is told to have come with the last.
        ttft: first.filter(|first| *first < latency),
        user: name("/user_api_key_user_id").or_else(|| row.text("user")).filter(|user| !user.is_empty()),
        provider: provider.or(of_model).unwrap_or_else(|| "litellm".to_owned()),
        model,
        endpoint: "LiteLLM",
        key: name("/user_api_key_alias"),
        usage,
        // It writes 0 where it knows no price.
        cost_usd: spend.filter(|spend| *spend != Money::ZERO || is_cached),
        is_listed: false,
        failure: failure(row, &metadata),
        is_request: true,
        conversation: row.text("session_id").and_then(|id| id.parse().ok()),
    }))
}

/// Where its versions have put these.
const CACHED: [&str; 3] = [
    "/usage_object/prompt_tokens_details/cached_tokens",
    "/usage_object/cache_read_input_tokens",
    "/additional_usage_values/cache_read_input_tokens",
];
const WRITTEN: [&str; 2] =
    ["/usage_object/cache_creation_input_tokens", "/additional_usage_values/cache_creation_input_tokens"];
const REASONING: [&str; 2] = [
    "/usage_object/completion_tokens_details/reasoning_tokens",
    "/additional_usage_values/completion_tokens_details/reasoning_tokens",
];

fn told(metadata: &Value, places: &[&str]) -> Option<u64> {
    places.iter().find_map(|place| metadata.pointer(place)?.as_u64())
}

fn failure(row: &Row, metadata: &Value) -> Option<(ErrorKind, Option<u16>)> {
    let status = row.text("status").or_else(|| metadata.get("status")?.as_str().map(ToOwned::to_owned));
    if status.as_deref() != Some("failure") {
        return None;
    }
    let code = metadata.pointer("/error_information/error_code");
    let code = code.and_then(|code| code.as_u64().or_else(|| code.as_str()?.parse().ok()));
    let code = code.and_then(|code| u16::try_from(code).ok());
    let kind = match code {
        Some(401 | 403) => ErrorKind::Auth,
        Some(404) => ErrorKind::NotFound,
        Some(408 | 504) => ErrorKind::Timeout,
        Some(429) => ErrorKind::RateLimit,
        Some(_) | None => ErrorKind::Provider,
    };
    Some((kind, code))
}
