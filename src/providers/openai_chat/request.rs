//! The body of a request.

use serde_json::{Map, Value, json};

use super::servers::{CallIds, Developer, Search, Server, UsageWish, server};
use crate::chat::request::Delivery;
use crate::chat::{ChatRequest, Failure, Media, MediaData, Part, Role, Tool};
use crate::config::{Endpoint, ReasoningBack, ReasoningFormat, WireFormat};
use crate::http::HttpRequest;
use crate::providers::families::{SystemRole, family};
use crate::providers::prompt::{self, Turn};
use crate::providers::site::Site;
use crate::providers::{params, urls};

/// The request that asks `chat`.
///
/// # Errors
/// Those of [`Site::post`], and `config` where the URL is not one.
pub fn chat(chat: &ChatRequest, site: &Site<'_>) -> Result<HttpRequest, Failure> {
    let auth = server(site.endpoint, site.credential).auth;
    site.post(urls::completions(site.endpoint, site.credential)?, auth, &Value::Object(body(chat, site)))
}

/// The JSON of a request. Parameters in the order LibreChat documents: what the person set, then the
/// endpoint's defaults for what is unset, then `addParams`, then `dropParams` takes away.
pub fn body(chat: &ChatRequest, site: &Site<'_>) -> Map<String, Value> {
    let server = &server(site.endpoint, site.credential);
    let mut body = Map::new();
    body.insert("model".into(), chat.model.as_str().into());
    body.insert("messages".into(), messages(chat, site, server));
    match chat.delivery {
        Delivery::Streamed => {
            body.insert("stream".into(), true.into());
            match server.usage {
                UsageWish::Asked => {
                    body.insert("stream_options".into(), json!({"include_usage": true}));
                }
                UsageWish::Unasked => {}
            }
        }
        Delivery::Whole => {
            body.insert("stream".into(), false.into());
        }
    }
    if !chat.tools.is_empty() {
        body.insert("tools".into(), chat.tools.iter().map(tool).collect());
    }
    params::lay(parameters(chat, site.endpoint, server), NO_ROWS, &mut body);
    if let Some((name, value)) = params::user(chat, site.endpoint) {
        body.insert(name.into(), value);
    }
    params::amend(site.endpoint, NO_ROWS, &mut body);
    if server.search == Search::Plugin && body.get("web_search") == Some(&Value::Bool(true)) {
        body.shift_remove("web_search");
        body.insert("plugins".into(), json!([{"id": "web"}]));
    }
    body
}

/// This format has every parameter at the top level, by the name that people have for it.
const NO_ROWS: &[params::Row] = &[];

fn parameters(chat: &ChatRequest, endpoint: &Endpoint, server: &Server) -> Map<String, Value> {
    let mut params = params::asked(chat, endpoint);
    let effort = params::effort(chat, &mut params);
    let mut renamed = server.renamed.to_vec();
    if let Some(family) = family(&chat.model) {
        family.take_refused(effort.as_deref(), &mut params);
        renamed.insert(0, ("max_tokens", family.limit));
    }
    for (ours, theirs) in renamed.into_iter().filter(|(ours, theirs)| ours != theirs) {
        if let Some(value) = params.shift_remove(ours) {
            params.entry(theirs).or_insert(value);
        }
    }
    for (name, ours, theirs) in server.reworded {
        if let Some(value) = params.get_mut(*name).filter(|value| *value == ours) {
            *value = (*theirs).into();
        }
    }
    for name in server.refused {
        params.shift_remove(*name);
    }
    match (effort, server.effort) {
        (Some(effort), ReasoningFormat::Effort) => {
            params.insert("reasoning_effort".into(), effort.into());
        }
        (Some(effort), ReasoningFormat::Object) => {
            params::put(&mut params, &["reasoning", "effort"], effort.into());
        }
        (Some(_), ReasoningFormat::Disabled) | (None, _) => {}
    }
    params
}

fn tool(tool: &Tool) -> Value {
    json!({"type": "function",
           "function": {"name": tool.name, "description": tool.description, "parameters": tool.schema}})
}

fn messages(chat: &ChatRequest, site: &Site<'_>, server: &Server) -> Value {
    let mut messages = Vec::with_capacity(chat.messages.len() + 1);
    if let Some(system) = chat.settings.system.as_deref().filter(|system| !system.trim().is_empty()) {
        let role = match (family(&chat.model).map(|family| family.system), server.developer) {
            (Some(SystemRole::Developer), Developer::Known) => "developer",
            (Some(SystemRole::User), _) => "user",
            (Some(SystemRole::Developer | SystemRole::System) | None, _) => "system",
        };
        messages.push(json!({"role": role, "content": system}));
    }
    let turns = prompt::turns(chat, site);
    let last_question = turns.iter().rposition(|turn| {
        turn.role == Role::User && turn.parts.iter().any(|part| !matches!(part, Part::ToolResult(_)))
    });
    for (at, turn) in turns.iter().enumerate() {
        match turn.role {
            Role::User => asked(turn, server, &mut messages),
            Role::Assistant => {
                let is_back = match server.reasoning {
                    ReasoningBack::Never => false,
                    // Once a new question is asked, the thoughts before it are of no use.
                    ReasoningBack::ToolTurns => {
                        last_question < Some(at) && turn.parts.iter().any(|part| part.tool_call().is_some())
                    }
                    ReasoningBack::Always => true,
                };
                let thoughts = if is_back { joined(turn, Part::reasoning, "") } else { String::new() };
                messages.push(said(turn, site.endpoint, server, thoughts));
            }
        }
    }
    Value::Array(messages)
}

/// What the person's side says: results of calls, each a message, and then the rest in one.
fn asked(turn: &Turn<'_>, server: &Server, messages: &mut Vec<Value>) {
    let mut content: Vec<Value> = Vec::new();
    let mut is_plain = true;
    for part in &turn.parts {
        match part {
            Part::ToolResult(result) => messages.push(json!({
                "role": "tool",
                "tool_call_id": call_id(&result.call, server),
                "content": result.content,
            })),
            Part::Text { text } => content.push(json!({"type": "text", "text": text})),
            Part::Image(media) => {
                is_plain = false;
                content.push(json!({"type": "image_url", "image_url": {"url": address(media)}}));
            }
            Part::Document(media) => {
                is_plain = false;
                let name = if media.name.is_empty() { "document" } else { &media.name };
                content
                    .push(json!({"type": "file", "file": {"filename": name, "file_data": address(media)}}));
            }
            Part::Reasoning { .. }
            | Part::Refusal { .. }
            | Part::ToolCall(_)
            | Part::Source(_)
            | Part::ServerTool(_)
            | Part::Summary(_)
            | Part::State(_) => {}
        }
    }
    if content.is_empty() {
        return;
    }
    // Servers without eyes know no parts.
    let content = if is_plain { joined(turn, Part::text, "\n\n").into() } else { Value::Array(content) };
    messages.push(json!({"role": "user", "content": content}));
}

/// What the model said: its text, or else the refusal that it was, and its calls; and whatever fields the server
/// had in its answer and wants back. Reasoning is not sent unless it is asked for: several providers refuse it.
fn said(turn: &Turn<'_>, endpoint: &Endpoint, server: &Server, thoughts: String) -> Value {
    let mut message = Map::new();
    let mut text = joined(turn, Part::text, "");
    if text.is_empty() {
        text = joined(turn, Part::refusal, "");
    }
    message.insert("role".into(), "assistant".into());
    message.insert("content".into(), if text.is_empty() { Value::Null } else { text.into() });
    if !thoughts.is_empty() {
        let key = endpoint.reasoning_key.as_deref().unwrap_or("reasoning_content");
        message.insert(key.into(), thoughts.into());
    }
    let calls: Vec<Value> = turn
        .parts
        .iter()
        .filter_map(|part| part.tool_call())
        .map(|call| {
            let arguments = if call.arguments.trim().is_empty() { "{}" } else { &call.arguments };
            json!({"id": call_id(&call.id, server), "type": "function",
                   "function": {"name": call.name, "arguments": arguments}})
        })
        .collect();
    if !calls.is_empty() {
        message.insert("tool_calls".into(), calls.into());
    }
    for part in &turn.parts {
        if let Part::State(state) = part
            && state.wire == WireFormat::OpenaiChat.name()
            && let Value::Object(fields) = &state.value
        {
            for (name, value) in fields {
                match (message.get_mut(name), value) {
                    (Some(Value::Array(before)), Value::Array(more)) => before.extend(more.iter().cloned()),
                    (_, value) => {
                        message.insert(name.clone(), value.clone());
                    }
                }
            }
        }
    }
    Value::Object(message)
}

fn joined(turn: &Turn<'_>, of: fn(&Part) -> Option<&str>, between: &str) -> String {
    turn.parts.iter().filter_map(|part| of(part)).collect::<Vec<_>>().join(between)
}

/// A call's id as the server takes it. One that it would refuse becomes another, always the same.
fn call_id(id: &str, server: &Server) -> String {
    const LENGTH: usize = 9;
    match server.call_ids {
        CallIds::Free => id.to_owned(),
        CallIds::Nine if id.len() == LENGTH && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            id.to_owned()
        }
        CallIds::Nine => {
            // FNV-1a: any even spread will do.
            let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
            format!("{:09x}", hash & 0xf_ffff_ffff)
        }
    }
}

fn address(media: &Media) -> String {
    match &media.data {
        MediaData::Base64(data) => format!("data:{};base64,{data}", media.mime),
        MediaData::Url(url) => url.clone(),
    }
}

#[cfg(test)]
mod tests;
