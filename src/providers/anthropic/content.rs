//! A branch as this format's messages.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use super::family::Prefill;
use crate::chat::{Media, MediaData, Part, Role, ToolCall, ToolOutcome, ToolResult};
use crate::config::WireFormat;
use crate::providers::prompt::{Turn, arguments};

/// What goes on with an answer where it cannot simply be begun for the model. It repeats a few words because it would
/// otherwise lose the space or the half of a word at which it stopped; they are taken out where the two meet.
pub const GO_ON: &str = "Your last message was cut off. Go on with it: begin with its last few words again, exactly \
    as they are there, and write on from them. Do not begin anew, and say nothing about this.";

/// What stands before an answer that a branch begins with: the first to speak has to be the person.
pub const OPENING: &str = "…";

/// The messages of a branch. An answer at its end is begun for the model where that is taken.
pub fn messages(turns: &[Turn<'_>], prefill: Prefill) -> Vec<Value> {
    let mut messages = Vec::with_capacity(turns.len() + 2);
    if turns.first().is_some_and(|turn| turn.role == Role::Assistant) {
        messages.push(message(Role::User, vec![text(OPENING)]));
    }
    messages.extend(turns.iter().map(|turn| match turn.role {
        Role::User => message(Role::User, user(turn)),
        Role::Assistant => message(Role::Assistant, assistant(turn)),
    }));
    if turns.last().is_some_and(|turn| turn.role == Role::Assistant) {
        match prefill {
            Prefill::Refused => messages.push(message(Role::User, vec![text(GO_ON)])),
            Prefill::Taken => messages.last_mut().into_iter().for_each(begin),
        }
    }
    messages
}

/// Whether a model with a budget may think now: in the middle of a tool's use it may only where the answer that
/// wanted the tool has its thoughts, which those of other models and other days have not.
pub fn can_think_on(turns: &[Turn<'_>]) -> bool {
    let [.., asked, answered] = turns else { return true };
    let is_of_tools = answered.parts.iter().any(|part| matches!(part, Part::ToolResult(_)));
    let begins_with_thought = || {
        let first = assistant(asked).into_iter().next();
        first.is_some_and(|block| matches!(block["type"].as_str(), Some("thinking" | "redacted_thinking")))
    };
    !is_of_tools || begins_with_thought()
}

/// Roughly how many bytes of prompt a branch is.
pub fn weight(turns: &[Turn<'_>]) -> usize {
    let media = |media: &Media| match &media.data {
        MediaData::Base64(data) => data.len(),
        MediaData::Url(_) => 0,
    };
    turns
        .iter()
        .flat_map(|turn| &turn.parts)
        .map(|part| match part {
            Part::Text { text } | Part::Refusal { text } => text.len(),
            Part::ToolCall(call) => call.arguments.len(),
            Part::ToolResult(result) => result.content.len(),
            Part::Image(image) | Part::Document(image) => media(image),
            Part::Reasoning { .. }
            | Part::Source(_)
            | Part::ServerTool(_)
            | Part::Summary(_)
            | Part::State(_) => 0,
        })
        .sum()
}

/// Marks the last thing that the person said, so that the next turn finds everything up to it in the cache.
pub fn mark(messages: &mut [Value], mark: &Value) {
    let last = messages.iter_mut().rev().find(|message| message["role"] == "user");
    if let Some(Value::Object(block)) = last.and_then(|message| message["content"].as_array_mut()?.last_mut())
    {
        block.insert("cache_control".into(), mark.clone());
    }
}

fn message(role: Role, content: Vec<Value>) -> Value {
    let role = match role {
        Role::User => "user",
        Role::Assistant => "assistant",
    };
    json!({"role": role, "content": content})
}

pub fn text(text: &str) -> Value {
    json!({"type": "text", "text": text})
}

/// What a person says; what their tools answered comes first.
fn user(turn: &Turn<'_>) -> Vec<Value> {
    let is_result = |part: &&&Part| matches!(part, Part::ToolResult(_));
    let results = turn.parts.iter().filter(is_result);
    let others = turn.parts.iter().filter(|part| !is_result(part));
    results
        .chain(others)
        .filter_map(|part| match part {
            Part::Text { text: said } | Part::Refusal { text: said } => Some(text(said)),
            Part::ToolResult(result) => Some(tool_result(result)),
            Part::Image(image) => Some(json!({"type": "image", "source": source(image)})),
            Part::Document(document) => Some(self::document(document)),
            Part::Reasoning { .. }
            | Part::ToolCall(_)
            | Part::Source(_)
            | Part::ServerTool(_)
            | Part::Summary(_)
            | Part::State(_) => None,
        })
        .collect()
}

fn assistant(turn: &Turn<'_>) -> Vec<Value> {
    let states: Vec<&Value> = turn
        .parts
        .iter()
        .filter_map(|part| match part {
            Part::State(state) if state.wire == WireFormat::Anthropic.name() => Some(&state.value),
            _ => None,
        })
        .collect();
    turn.parts
        .iter()
        .filter_map(|part| match part {
            Part::Text { text: said } | Part::Refusal { text: said } => Some(text(said)),
            Part::ToolCall(call) => Some(tool_use(call)),
            Part::State(state) => {
                let is_ours = state.wire == WireFormat::Anthropic.name();
                (is_ours && is_complete(&state.value, &states)).then(|| state.value.clone())
            }
            // An answer holds no media here; that there was some is better told than not.
            Part::Image(media) | Part::Document(media) => Some(text(&format!("[{}]", media.mime))),
            Part::Reasoning { .. }
            | Part::ToolResult(_)
            | Part::Source(_)
            | Part::Summary(_)
            | Part::ServerTool(_) => None,
        })
        .collect()
}

/// Whether a tool's run on the provider's side is kept with both its ends: half of one is refused.
fn is_complete(block: &Value, states: &[&Value]) -> bool {
    let has = |key: &str, id: &Value| states.iter().any(|state| state.get(key) == Some(id));
    match (block.get("type").and_then(Value::as_str), block.get("id"), block.get("tool_use_id")) {
        (Some("server_tool_use" | "mcp_tool_use"), Some(id), _) => has("tool_use_id", id),
        (_, _, Some(id)) => has("id", id),
        _ => true,
    }
}

/// Makes the last message one that the model goes on with: it may not end in white space, and thoughts belong to
/// answers that are complete.
fn begin(message: &mut Value) {
    let Some(content) = message["content"].as_array_mut() else { return };
    content.retain(|block| !matches!(block["type"].as_str(), Some("thinking" | "redacted_thinking")));
    if let Some(Value::String(text)) = content.last_mut().and_then(|block| block.get_mut("text")) {
        text.truncate(text.trim_end().len());
    }
}

fn tool_use(call: &ToolCall) -> Value {
    json!({"type": "tool_use", "id": id(&call.id), "name": call.name, "input": arguments(call)})
}

fn tool_result(result: &ToolResult) -> Value {
    let mut block =
        json!({"type": "tool_result", "tool_use_id": id(&result.call), "content": result.content});
    match result.outcome {
        ToolOutcome::Ok => {}
        ToolOutcome::Error => block["is_error"] = true.into(),
    }
    block
}

/// A call's id as it is taken here: those of other providers have other characters.
fn id(id: &str) -> String {
    id.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-') { c } else { '_' }).collect()
}

fn source(media: &Media) -> Value {
    match &media.data {
        MediaData::Base64(data) => json!({"type": "base64", "media_type": media.mime, "data": data}),
        MediaData::Url(url) => json!({"type": "url", "url": url}),
    }
}

fn document(media: &Media) -> Value {
    let plain = match &media.data {
        // Text goes as text: only PDF is taken in base64.
        MediaData::Base64(data) if media.mime.starts_with("text/") => BASE64_STANDARD
            .decode(data)
            .ok()
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .map(|data| json!({"type": "text", "media_type": "text/plain", "data": data})),
        MediaData::Base64(_) | MediaData::Url(_) => None,
    };
    let mut block = json!({"type": "document", "source": plain.unwrap_or_else(|| source(media))});
    if !media.name.is_empty() {
        block["title"] = media.name.as_str().into();
    }
    block
}
