//! LibreChat's JSON, flat or recursive: what its export writes and its import reads.
//!
//! The list of messages is named `messages`, in older files `messagesTree`, and either may hold nested messages or
//! flat ones, whatever `recursive` says: what is nested is below what holds it, the rest says whom it answers.

mod nested;
mod write;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Error, Map, Value};

use super::draft::{Draft, Head, Parent, build};
use super::import::{Complaint, Format, Imported, What};
use super::loose::{finish, first_text, items, push_text, push_tool, shown, text, time};
use crate::chat::{
    ErrorKind, Failure, Media, MediaData, Part, Provenance, Role, Route, ServerTool, Settings, Status, Usage,
};
use crate::t;

pub use write::to_librechat;

/// The parent of a message that begins a tree.
const ROOT: &str = "00000000-0000-0000-0000-000000000000";

/// LibreChat's settings that are parameters of a request here, and our name for each.
const PARAMS: [(&str, &str); 12] = [
    ("top_p", "top_p"),
    ("topP", "top_p"),
    ("top_k", "top_k"),
    ("topK", "top_k"),
    ("presence_penalty", "presence_penalty"),
    ("frequency_penalty", "frequency_penalty"),
    ("stop", "stop"),
    ("seed", "seed"),
    ("verbosity", "verbosity"),
    ("thinking", "thinking"),
    ("thinkingBudget", "thinkingBudget"),
    ("reasoning_summary", "reasoning_summary"),
];

/// Settings that say nothing about the requests of this conversation, or say what is read elsewhere.
const UNUSED: [&str; 24] = [
    "_id",
    "__v",
    "user",
    "endpoint",
    "endpointType",
    "model",
    "title",
    "conversationId",
    "presetId",
    "createdAt",
    "updatedAt",
    "messages",
    "spec",
    "iconURL",
    "greeting",
    "modelLabel",
    "chatGptLabel",
    "resendFiles",
    "resendImages",
    "imageDetail",
    "isArchived",
    "tags",
    "files",
    "maxContextTokens",
];

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow, default)]
    messages: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "messagesTree")]
    messages_tree: Option<&'a RawValue>,
    #[serde(default, rename = "conversationId")]
    id: Value,
    #[serde(default)]
    title: Value,
    #[serde(default)]
    endpoint: Value,
    #[serde(default)]
    options: Value,
    #[serde(default, rename = "createdAt")]
    created: Value,
    #[serde(default, rename = "updatedAt")]
    updated: Value,
}

/// Reads one conversation.
pub(super) fn read(file: &str, now: Timestamp) -> Result<Imported, Error> {
    let told: File<'_> = serde_json::from_str(file)?;
    let list =
        [told.messages, told.messages_tree].into_iter().flatten().find(|raw| raw.get().starts_with('['));
    let list = list.ok_or_else(|| serde::de::Error::custom(t!("cli-import-no-messages")))?;
    let defaults = Defaults {
        endpoint: told.endpoint.as_str().or_else(|| text(&told.options, "endpoint")).unwrap_or("openAI"),
        model: text(&told.options, "model"),
    };
    let mut complaints = Vec::new();
    let settings = settings(&told.options, &mut complaints);
    let mut drafts = Vec::new();
    for (at, own) in nested::flatten(list.get()).into_iter().enumerate() {
        let message: Value = serde_json::from_str(&own.text())?;
        let mut draft = draft(&message, at, &defaults, &mut complaints);
        if let Some(parent) = own.parent {
            draft.parent = Parent::At(parent);
        }
        drafts.push(draft);
    }
    let head = Head {
        format: Format::LibreChat,
        id: told.id.as_str().map(str::to_owned),
        title: told.title.as_str().unwrap_or_default().to_owned(),
        created: time(&told.created),
        updated: time(&told.updated),
        settings,
        leaf: None,
    };
    Ok(build(head, drafts, complaints, file, now))
}

/// What a message that does not say so was asked of.
struct Defaults<'a> {
    endpoint: &'a str,
    model: Option<&'a str>,
}

fn draft(message: &Value, at: usize, defaults: &Defaults<'_>, complaints: &mut Vec<Complaint>) -> Draft {
    let id = text(message, "messageId").map_or_else(|| format!("#{at}"), str::to_owned);
    let mut complain = |what: What| complaints.push(Complaint { message: Some(id.clone()), what });
    if !message.is_object() {
        complain(What::NotAMessage);
    }
    let parent = match text(message, "parentMessageId") {
        None | Some(ROOT) => Parent::Root,
        Some(parent) => Parent::Id(parent.to_owned()),
    };
    let by_user = message["isCreatedByUser"]
        .as_bool()
        .unwrap_or_else(|| text(message, "sender").is_some_and(|sender| sender.eq_ignore_ascii_case("user")));
    let role = if by_user { Role::User } else { Role::Assistant };
    let mut parts = Vec::new();
    let mut error = message["error"].as_bool().unwrap_or_default().then(String::new);
    for part in items(message, "content") {
        read_part(part, &mut parts, &mut error, &mut complain);
    }
    let said = text(message, "text").filter(|_| parts.iter().all(|part| part.text().is_none()));
    match &mut error {
        // What went wrong stands where the answer would.
        Some(error) if error.is_empty() && role == Role::Assistant => {
            *error = said.unwrap_or_default().to_owned();
        }
        Some(_) | None => push_text(&mut parts, said.unwrap_or_default()),
    }
    for file in items(message, "files").iter().chain(items(message, "attachments")) {
        complain(left_out(file));
    }
    let mut draft = Draft::new(id, parent, role, parts);
    draft.created = time(&message["createdAt"]);
    let model = text(message, "model").or(defaults.model);
    draft.route = model.map(|model| Route {
        endpoint: text(message, "endpoint").unwrap_or(defaults.endpoint).into(),
        key: Default::default(),
        model: model.into(),
    });
    if role == Role::Assistant {
        let unfinished = message["unfinished"].as_bool().unwrap_or_default();
        draft.status = match (&error, unfinished) {
            (Some(_), _) => Status::Failed,
            (None, true) => Status::Cancelled,
            (None, false) => Status::Complete,
        };
        draft.provenance = Some(Provenance {
            finish: text(message, "finish_reason").and_then(finish),
            // Counted by LibreChat, as a rule, and not by the provider.
            usage: Usage {
                tokens_in: message["promptTokens"].as_u64(),
                tokens_out: message["tokenCount"].as_u64(),
                estimated: true,
                ..Usage::default()
            },
            failure: error.map(|message| Failure::new(ErrorKind::Provider, message)),
            ..Provenance::default()
        });
        if let Some(made) = draft.provenance.as_mut().filter(|made| !made.usage.is_known()) {
            made.usage = Usage::default();
        }
    }
    draft
}

fn read_part(
    part: &Value,
    parts: &mut Vec<Part>,
    error: &mut Option<String>,
    complain: &mut impl FnMut(What),
) {
    // Texts were objects with a `value` once.
    let words = |name: &str| text(part, name).or_else(|| text(&part[name], "value")).unwrap_or_default();
    match text(part, "type").unwrap_or_default() {
        "text" => push_text(parts, words("text")),
        "think" | "reasoning" => {
            let thought = [words("think"), words("reasoning")].concat();
            if !thought.is_empty() {
                parts.push(Part::Reasoning { text: thought });
            }
        }
        "error" => {
            error.get_or_insert_default().push_str([words("error"), words("text")].concat().as_str());
        }
        "tool_call" => {
            let call = &part["tool_call"];
            // Those of an agent are flat, those of an assistant hold a function.
            let function = if call["function"].is_object() { &call["function"] } else { call };
            push_tool(
                parts,
                ServerTool {
                    id: text(call, "id").unwrap_or_default().to_owned(),
                    name: text(function, "name")
                        .or_else(|| text(call, "type"))
                        .unwrap_or_default()
                        .to_owned(),
                    input: ["args", "arguments"].map(|name| shown(&function[name])).concat(),
                    output: shown(&function["output"]),
                },
            );
        }
        "image_url" => {
            let url = text(part, "image_url").or_else(|| text(&part["image_url"], "url")).unwrap_or_default();
            match inline_image(url) {
                Some(image) => parts.push(image),
                None => complain(What::Image),
            }
        }
        "image_file" => complain(What::Image),
        kind => complain(What::Part(kind.to_owned())),
    }
}

/// An image that the file itself holds.
fn inline_image(url: &str) -> Option<Part> {
    let (mime, data) = url.strip_prefix("data:")?.split_once(";base64,")?;
    let data = MediaData::Base64(data.to_owned());
    mime.starts_with("image/")
        .then(|| Part::Image(Media { mime: mime.to_owned(), name: String::new(), data }))
}

fn left_out(file: &Value) -> What {
    let kind = text(file, "type").unwrap_or_default();
    match first_text(file, &["filename", "name", "file_id"]) {
        _ if kind.starts_with("image/") => What::Image,
        Some(name) => What::Attachment(name.to_owned()),
        None => What::Part(kind.to_owned()),
    }
}

fn settings(options: &Value, complaints: &mut Vec<Complaint>) -> Settings {
    let mut settings = Settings::default();
    let mut params = Map::new();
    let unset = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => false,
    };
    for (name, value) in options.as_object().into_iter().flatten().filter(|(_, value)| !unset(value)) {
        let words = || value.as_str().map(str::to_owned);
        match name.as_str() {
            "promptPrefix" | "system" => settings.system = words(),
            "temperature" => settings.temperature = value.as_f64(),
            "max_tokens" | "maxTokens" | "maxOutputTokens" => settings.max_tokens = value.as_u64(),
            "reasoning_effort" | "effort" => settings.effort = words(),
            other => match PARAMS.iter().find(|(theirs, _)| *theirs == other) {
                Some((_, ours)) => drop(params.insert((*ours).to_owned(), value.clone())),
                None if UNUSED.contains(&other) => {}
                None => complaints.push(Complaint { message: None, what: What::Setting(other.to_owned()) }),
            },
        }
    }
    settings.params = params;
    settings
}
