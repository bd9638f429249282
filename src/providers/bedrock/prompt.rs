//! A branch as Converse has it: messages of blocks, media by bytes, and the tools that its calls name.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::chat::{
    ChatRequest, ErrorKind, Failure, Media, MediaData, Part, ProviderState, Role, ToolCall, ToolOutcome,
    ToolResult,
};
use crate::providers::Site;
use crate::providers::anthropic::content::{GO_ON, OPENING};
use crate::providers::anthropic::family::Prefill;
use crate::providers::prompt::{Turn, arguments, turns};

/// A type of media, and the word that Bedrock has for it.
type Format = (&'static str, &'static str);

const IMAGES: &[Format] = &[
    ("image/png", "png"),
    ("image/jpeg", "jpeg"),
    ("image/jpg", "jpeg"),
    ("image/gif", "gif"),
    ("image/webp", "webp"),
];

const DOCUMENTS: &[Format] = &[
    ("application/pdf", "pdf"),
    ("text/csv", "csv"),
    ("application/msword", "doc"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ("application/vnd.ms-excel", "xls"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ("text/html", "html"),
    ("text/markdown", "md"),
    // Whatever else is text.
    ("text/", "txt"),
];

/// The longest id of a call.
const LONGEST_ID: usize = 64;

/// The longest name of a document.
const LONGEST_NAME: usize = 200;

/// The messages of a request.
///
/// # Errors
/// `config` where a part is of a kind that Bedrock cannot be sent.
pub fn messages(chat: &ChatRequest, site: &Site<'_>, prefill: Prefill) -> Result<Vec<Value>, Failure> {
    let mut names = Names::default();
    let mut messages: Vec<(Role, Vec<Value>)> = Vec::new();
    for turn in turns(chat, site) {
        let blocks = blocks(&turn, site, &mut names)?;
        // An answer of nothing but images leaves nothing, and two messages of one role may not meet.
        match messages.last_mut().filter(|(role, _)| *role == turn.role) {
            Some((_, before)) => before.extend(blocks),
            None if blocks.is_empty() => {}
            None => messages.push((turn.role, blocks)),
        }
    }
    if messages.first().is_some_and(|(role, _)| *role == Role::Assistant) {
        messages.insert(0, (Role::User, vec![json!({"text": OPENING})]));
    }
    if let Some((Role::Assistant, blocks)) = messages.last_mut() {
        match prefill {
            Prefill::Taken => trim_end(blocks),
            Prefill::Refused => messages.push((Role::User, vec![json!({"text": GO_ON})])),
        }
    }
    Ok(messages
        .into_iter()
        .map(|(role, content)| {
            let role = match role {
                Role::User => "user",
                Role::Assistant => "assistant",
            };
            json!({"role": role, "content": content})
        })
        .collect())
}

/// The tools that may be asked for. Bedrock wants them told again wherever the branch has calls, so those that it
/// calls and nobody offers any more are told by their names.
pub fn tools(chat: &ChatRequest, site: &Site<'_>) -> Option<Value> {
    let mut specs: Vec<Value> = chat
        .tools
        .iter()
        .map(|tool| {
            let mut spec = json!({"name": tool.name, "inputSchema": {"json": tool.schema}});
            if !tool.description.is_empty() {
                spec["description"] = tool.description.as_str().into();
            }
            json!({"toolSpec": spec})
        })
        .collect();
    let turns = turns(chat, site);
    let called: BTreeSet<&str> = turns
        .iter()
        .flat_map(|turn| &turn.parts)
        .filter_map(|part| part.tool_call())
        .map(|call| call.name.as_str())
        .filter(|name| !chat.tools.iter().any(|tool| tool.name == **name))
        .collect();
    specs.extend(
        called
            .into_iter()
            .map(|name| json!({"toolSpec": {"name": name, "inputSchema": {"json": {"type": "object"}}}})),
    );
    (!specs.is_empty()).then(|| json!({"tools": specs}))
}

fn blocks(turn: &Turn<'_>, site: &Site<'_>, names: &mut Names) -> Result<Vec<Value>, Failure> {
    let mut results = Vec::new();
    let mut blocks = Vec::new();
    let mut parts = turn.parts.iter().peekable();
    while let Some(part) = parts.next() {
        match part {
            Part::Text { text } | Part::Refusal { text } => blocks.push(json!({"text": text})),
            // A thought counts only with the signature that proves it, which stands right after it.
            Part::Reasoning { text } => {
                if let Some(Part::State(state)) = parts.peek()
                    && state.value.get("signature").is_some()
                {
                    parts.next();
                    blocks.push(thought(text, state));
                }
            }
            Part::State(state) if state.value.get("signature").is_some() => blocks.push(thought("", state)),
            Part::State(state) => blocks.push(json!({"reasoningContent": state.value})),
            Part::ToolCall(call) => blocks.push(tool_use(call)),
            // Results come first.
            Part::ToolResult(result) => results.push(tool_result(result)),
            Part::Image(image) if turn.role == Role::User => {
                blocks.push(json!({"image": media(image, IMAGES, site)?}));
            }
            Part::Document(document) if turn.role == Role::User => {
                let mut block = media(document, DOCUMENTS, site)?;
                block.insert("name".into(), names.unused(&document.name).into());
                blocks.push(json!({"document": block}));
            }
            Part::Image(_) | Part::Document(_) | Part::Source(_) | Part::ServerTool(_) | Part::Summary(_) => {
            }
        }
    }
    let has_text = blocks.iter().any(|block| block.get("text").is_some());
    let document = blocks.iter().find_map(|block| block.pointer("/document/name")?.as_str());
    if let (Some(name), false) = (document, has_text) {
        // A document needs text beside it.
        let text = json!({"text": name});
        blocks.insert(0, text);
    }
    results.extend(blocks);
    Ok(results)
}

fn thought(text: &str, state: &ProviderState) -> Value {
    let signature = &state.value["signature"];
    json!({"reasoningContent": {"reasoningText": {"text": text, "signature": signature}}})
}

fn tool_use(call: &ToolCall) -> Value {
    json!({"toolUse": {"toolUseId": id(&call.id), "name": call.name, "input": arguments(call)}})
}

fn tool_result(result: &ToolResult) -> Value {
    let status = match result.outcome {
        ToolOutcome::Ok => "success",
        ToolOutcome::Error => "error",
    };
    // Text may not be blank.
    let content =
        if result.content.trim().is_empty() { json!([]) } else { json!([{"text": result.content}]) };
    json!({"toolResult": {"toolUseId": id(&result.call), "content": content, "status": status}})
}

/// An id of any provider's, in the letters that Bedrock takes.
fn id(id: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-') { c } else { '_' };
    id.chars().take(LONGEST_ID).map(plain).collect()
}

/// The format of a medium, and its bytes.
fn media(media: &Media, formats: &[Format], site: &Site<'_>) -> Result<Map<String, Value>, Failure> {
    let format = formats.iter().find(|(mime, _)| {
        if mime.ends_with('/') { media.mime.starts_with(mime) } else { media.mime == *mime }
    });
    let source = match &media.data {
        MediaData::Base64(bytes) => Some(json!({"bytes": bytes})),
        MediaData::Url(url) if url.starts_with("s3://") => Some(json!({"s3Location": {"uri": url}})),
        MediaData::Url(_) => None,
    };
    let (Some((_, format)), Some(source)) = (format, source) else {
        let what = if media.name.is_empty() { &media.mime } else { &media.name };
        let message =
            crate::t!("net-aws-media", endpoint = site.endpoint.name.as_str(), what = what.as_str());
        return Err(Failure::new(ErrorKind::Config, message.into_string())
            .with_next_step(crate::t!("net-step-aws-media").into_string()));
    };
    let mut block = Map::new();
    block.insert("format".into(), (*format).into());
    block.insert("source".into(), source);
    Ok(block)
}

/// The names of a request's documents: each is there once.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    /// A file's name in the letters that Bedrock takes, unlike any before it.
    fn unused(&mut self, file: &str) -> String {
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let plain: String = stem
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() || "-()[]".contains(c) { c } else { ' ' })
            .take(LONGEST_NAME)
            .collect();
        let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
        let plain = if plain.is_empty() { "document".to_owned() } else { plain };
        let mut name = plain.clone();
        let mut number = 2;
        while !self.0.insert(name.clone()) {
            name = format!("{plain} ({number})");
            number += 1;
        }
        name
    }
}

/// Takes white space from the end of an answer that the model is to continue, which it refuses.
fn trim_end(blocks: &mut [Value]) {
    if let Some(Value::String(text)) = blocks.last_mut().and_then(|block| block.get_mut("text")) {
        text.truncate(text.trim_end().len());
    }
}
