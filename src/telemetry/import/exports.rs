//! Rows of OpenAI's and Anthropic's usage: what was used of a model in a stretch of time. They tell no prices.

use jiff::{SignedDuration, Timestamp};

use super::table::Row;
use super::{Entry, Mistake, middle};
use crate::chat::Usage;

/// The event of a row of `usage/completions`.
///
/// # Errors
/// What is wrong with it.
pub(super) fn openai(row: &Row) -> Result<Option<Entry>, Mistake> {
    let (begin, end) = (row.needed_time("start_time")?, row.needed_time("end_time")?);
    let usage = Usage {
        tokens_in: row.count("input_tokens")?,
        tokens_out: row.count("output_tokens")?,
        cached_in: row.count("input_cached_tokens")?,
        ..Usage::default()
    };
    let is_batch = row.text("batch").is_some_and(|batch| batch.eq_ignore_ascii_case("true"))
        || row.fields.get("batch").and_then(serde_json::Value::as_bool) == Some(true);
    let tier = row.text("service_tier").unwrap_or_default();
    let dimensions = ["project_id", "user_id", "api_key_id", "model", "service_tier"];
    let key = row.text("api_key_name").or_else(|| row.text("api_key_id"));
    let is_listed = !is_batch && matches!(tier.as_str(), "" | "default");
    Ok(stretch(row, "openai", "openAI", (begin, end), usage)?.map(|entry| Entry {
        identity: identity(row, (begin, end), &dimensions, &is_batch.to_string()),
        user: row.text("user_email").or_else(|| row.text("user_id")),
        model: row.text("model").unwrap_or_default(),
        key,
        is_listed,
        ..entry
    }))
}

/// The event of a row of the console's export, or of `usage_report/messages`.
///
/// # Errors
/// What is wrong with it.
pub(super) fn anthropic(row: &Row) -> Result<Option<Entry>, Mistake> {
    let (begin, end) = match row.time("starting_at")? {
        Some(begin) => (begin, row.needed_time("ending_at")?),
        None => {
            let begin = row.needed_time("usage_date_utc")?;
            (begin, begin.checked_add(SignedDuration::from_hours(24)).unwrap_or(begin))
        }
    };
    let either = |api: &str, csv: &str| Ok(row.count(api)?.or(row.count(csv)?));
    let written = row.nested("cache_creation").unwrap_or_default();
    let of_written = |name: &str, csv: &str| {
        Ok(written.get(name).and_then(serde_json::Value::as_u64).or(row.count(csv)?).unwrap_or(0))
    };
    let plain: Option<u64> = either("uncached_input_tokens", "usage_input_tokens_no_cache")?;
    let read: Option<u64> = either("cache_read_input_tokens", "usage_input_tokens_cache_read")?;
    let five: u64 = of_written("ephemeral_5m_input_tokens", "usage_input_tokens_cache_write_5m")?;
    let hour: u64 = of_written("ephemeral_1h_input_tokens", "usage_input_tokens_cache_write_1h")?;
    let usage = Usage {
        // What is read from a cache and written to it is input too.
        tokens_in: plain.map(|plain| plain + read.unwrap_or(0) + five + hour),
        tokens_out: either("output_tokens", "usage_output_tokens")?,
        cached_in: read,
        cache_write: Some(five + hour),
        cache_write_1h: Some(hour),
        ..Usage::default()
    };
    let tier = row.text("service_tier").or_else(|| row.text("usage_type")).unwrap_or_default();
    let window = row.text("context_window").unwrap_or_default();
    let dimensions = [
        "api_key_id",
        "api_key",
        "workspace_id",
        "workspace",
        "model",
        "model_version",
        "service_tier",
        "usage_type",
        "context_window",
        "inference_geo",
        "speed",
    ];
    // Long prompts, batches and what is bought ahead have prices of their own.
    let is_listed =
        matches!(tier.as_str(), "" | "standard") && !window.contains('1') && !window.starts_with('>');
    Ok(stretch(row, "anthropic", "anthropic", (begin, end), usage)?.map(|entry| Entry {
        identity: identity(row, (begin, end), &dimensions, "false"),
        model: row.text("model").or_else(|| row.text("model_version")).unwrap_or_default(),
        key: row.text("api_key").or_else(|| row.text("api_key_id")),
        is_listed,
        ..entry
    }))
}

/// What all rows about a stretch of time have in common; `None` where nothing was used in it.
fn stretch(
    row: &Row,
    provider: &str,
    endpoint: &'static str,
    (begin, end): (Timestamp, Timestamp),
    usage: Usage,
) -> Result<Option<Entry>, Mistake> {
    if end < begin {
        return Err(row.mistake("end_time", "is before the beginning"));
    }
    let used = [usage.tokens_in, usage.tokens_out].into_iter().flatten().any(|count| count > 0);
    Ok(used.then(|| Entry {
        identity: Vec::new(),
        at: middle(begin, end),
        latency: 0.0,
        ttft: None,
        user: None,
        model: String::new(),
        provider: provider.to_owned(),
        endpoint,
        key: None,
        usage,
        cost_usd: None,
        is_listed: true,
        failure: None,
        is_request: false,
        conversation: None,
    }))
}

/// What tells a row from all others: its stretch of time, whether it is of batches, its dimensions.
fn identity(row: &Row, (begin, end): (Timestamp, Timestamp), names: &[&str], batches: &str) -> Vec<String> {
    let dimensions = names.iter().map(|name| row.text(name).unwrap_or_default());
    let stretch = [begin.to_string(), end.to_string(), batches.to_owned()];
    stretch.into_iter().chain(dimensions).collect()
}
