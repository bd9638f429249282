//! The body of a request.

use serde_json::{Map, Value, json};

use crate::chat::request::{Delivery, Tool};
use crate::chat::{ChatRequest, ErrorKind, Failure, Media, MediaData, ModelId, Part, Role, ToolCall};
use crate::http::HttpRequest;
use crate::providers::params::{self, Row};
use crate::providers::prompt::{self, Turn};
use crate::providers::site::{Auth, Site};
use crate::providers::urls;

const OPTIONS: &str = "options";
const THINK: &str = "think";
const STOP: &str = "stop";

/// Where a body has what people set. What samples, and how a model is run, stands in `options`; at the top level
/// Ollama ignores it without a word.
const ROWS: &[Row] = &[
    row(
        &["num_predict", "max_tokens", "max_completion_tokens", "maxOutputTokens"],
        &[OPTIONS, "num_predict"],
    ),
    row(&["num_ctx"], &[OPTIONS, "num_ctx"]),
    row(&["num_keep"], &[OPTIONS, "num_keep"]),
    row(&["num_batch"], &[OPTIONS, "num_batch"]),
    row(&["num_gpu"], &[OPTIONS, "num_gpu"]),
    row(&["main_gpu"], &[OPTIONS, "main_gpu"]),
    row(&["num_thread"], &[OPTIONS, "num_thread"]),
    row(&["use_mmap"], &[OPTIONS, "use_mmap"]),
    row(&["temperature"], &[OPTIONS, "temperature"]),
    row(&["top_p", "topP"], &[OPTIONS, "top_p"]),
    row(&["top_k", "topK"], &[OPTIONS, "top_k"]),
    row(&["min_p"], &[OPTIONS, "min_p"]),
    row(&["typical_p"], &[OPTIONS, "typical_p"]),
    row(&["tfs_z"], &[OPTIONS, "tfs_z"]),
    row(&["seed"], &[OPTIONS, "seed"]),
    row(&[STOP], &[OPTIONS, STOP]),
    row(&["repeat_penalty"], &[OPTIONS, "repeat_penalty"]),
    row(&["repeat_last_n"], &[OPTIONS, "repeat_last_n"]),
    row(&["presence_penalty"], &[OPTIONS, "presence_penalty"]),
    row(&["frequency_penalty"], &[OPTIONS, "frequency_penalty"]),
    row(&["mirostat"], &[OPTIONS, "mirostat"]),
    row(&["mirostat_eta"], &[OPTIONS, "mirostat_eta"]),
    row(&["mirostat_tau"], &[OPTIONS, "mirostat_tau"]),
    row(&["penalize_newline"], &[OPTIONS, "penalize_newline"]),
    row(&[THINK, "thinking"], &[THINK]),
];

const fn row(names: &'static [&'static str], path: &'static [&'static str]) -> Row {
    Row { names, path }
}

/// Models that are told how hard to think; all others only whether.
const LEVELLED: &[&str] = &["gpt-oss"];

/// What an effort comes to where there are levels. Such a model cannot be told not to think.
const LEVELS: &[(&str, &str)] =
    &[("none", "low"), ("off", "low"), ("minimal", "low"), ("xhigh", "high"), ("max", "high")];

/// The request that asks `chat`.
///
/// # Errors
/// Those of [`Site::post`], and `config` where the URL is not one or the branch holds what Ollama cannot be sent.
pub fn chat(chat: &ChatRequest, site: &Site<'_>) -> Result<HttpRequest, Failure> {
    let url = urls::ollama_chat(site.endpoint, site.credential)?;
    site.post(url, Auth::Bearer, &body(chat, site)?)
}

fn body(chat: &ChatRequest, site: &Site<'_>) -> Result<Value, Failure> {
    let mut body = Map::new();
    body.insert("model".into(), chat.model.as_str().into());
    body.insert("messages".into(), messages(chat, site)?.into());
    // Left out, it would mean true.
    body.insert("stream".into(), (chat.delivery == Delivery::Streamed).into());
    if !chat.tools.is_empty() {
        body.insert("tools".into(), chat.tools.iter().map(tool).collect());
    }
    let mut params = params::asked(chat, site.endpoint);
    // A model that cannot think refuses to be told anything about it.
    if let Some(effort) = params::effort(chat, &mut params) {
        params.shift_remove("thinking");
        params.insert(THINK.into(), think(&chat.model, &effort.to_ascii_lowercase()));
    }
    params::lay(params, ROWS, &mut body);
    params::amend(site.endpoint, ROWS, &mut body);
    if let Some(stop) = body.get_mut(OPTIONS).and_then(|options| options.get_mut(STOP))
        && stop.is_string()
    {
        *stop = json!([stop.take()]);
    }
    Ok(Value::Object(body))
}

fn think(model: &ModelId, effort: &str) -> Value {
    let name = model.as_str().rsplit('/').next().unwrap_or_default();
    if LEVELLED.iter().any(|family| name.starts_with(family)) {
        let level = LEVELS.iter().find(|(known, _)| *known == effort).map_or(effort, |(_, level)| level);
        return level.into();
    }
    (!["none", "off", "false"].contains(&effort)).into()
}

fn tool(tool: &Tool) -> Value {
    json!({"type": "function", "function": {
        "name": tool.name, "description": tool.description, "parameters": tool.schema
    }})
}

fn messages(chat: &ChatRequest, site: &Site<'_>) -> Result<Vec<Value>, Failure> {
    let mut messages = Vec::with_capacity(chat.messages.len() + 1);
    if let Some(system) = chat.settings.system.as_deref().filter(|system| !system.trim().is_empty()) {
        messages.push(json!({"role": "system", "content": system}));
    }
    for turn in prompt::turns(chat, site) {
        say(&turn, site, &mut messages)?;
    }
    Ok(messages)
}

/// Adds what a turn says: each result as a message of its own, and the rest as one.
fn say(turn: &Turn<'_>, site: &Site<'_>, messages: &mut Vec<Value>) -> Result<(), Failure> {
    let mut texts: Vec<&str> = Vec::new();
    let mut thinking: Vec<&str> = Vec::new();
    let mut images: Vec<&str> = Vec::new();
    let mut calls: Vec<Value> = Vec::new();
    for part in &turn.parts {
        match part {
            Part::Text { text } | Part::Refusal { text } => texts.push(text),
            Part::Reasoning { text } => thinking.push(text),
            Part::Image(Media { data: MediaData::Base64(data), .. }) => images.push(data),
            Part::Image(media) | Part::Document(media) => return Err(not_sendable(media, site)),
            Part::ToolCall(call) => calls.push(tool_call(call)),
            Part::ToolResult(result) => messages.push(json!({
                "role": "tool", "tool_name": result.name, "tool_call_id": result.call, "content": result.content
            })),
            Part::State(_) | Part::Source(_) | Part::ServerTool(_) | Part::Summary(_) => {}
        }
    }
    if texts.is_empty() && images.is_empty() && calls.is_empty() {
        return Ok(());
    }
    let role = match turn.role {
        Role::User => "user",
        Role::Assistant => "assistant",
    };
    let mut message = json!({"role": role, "content": texts.join("\n\n")});
    // Thoughts of old are dropped by most templates; those that led to a call are not.
    if !calls.is_empty() && !thinking.is_empty() {
        message["thinking"] = thinking.concat().into();
    }
    if !images.is_empty() {
        message["images"] = images.into();
    }
    if !calls.is_empty() {
        message["tool_calls"] = calls.into();
    }
    messages.push(message);
    Ok(())
}

fn tool_call(call: &ToolCall) -> Value {
    json!({"id": call.id, "function": {"name": call.name, "arguments": prompt::arguments(call)}})
}

/// Ollama fetches nothing and reads no documents.
fn not_sendable(media: &Media, site: &Site<'_>) -> Failure {
    let what = if media.name.is_empty() { &media.mime } else { &media.name };
    Failure::new(
        ErrorKind::Config,
        crate::t!("net-cannot-send", endpoint = site.endpoint.name.as_str(), what = what.as_str())
            .into_string(),
    )
    .with_next_step(crate::t!("net-step-cannot-send").into_string())
}

#[cfg(test)]
mod tests;
