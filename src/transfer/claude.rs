//! Claude's export, `conversations.json`: a list of messages to each conversation. Newer files say which message
//! each one answers, and so have branches; older ones are one line.

use jiff::Timestamp;
use serde_json::{Error, Value};

use super::draft::{Draft, Head, Parent, build};
use super::import::{Complaint, Format, Imported, What};
use super::loose::{first_text, items, push_text, push_tool, shown, text, time};
use super::markdown::fenced;
use crate::chat::{Part, Role, Route, ServerTool, Settings};
use crate::t;

/// Where an answer was asked, in the words of the configuration.
const ENDPOINT: &str = "anthropic";
/// What stands for "no parent" in their files.
const ROOTS: [&str; 2] = ["00000000-0000-4000-8000-000000000000", "00000000-0000-0000-0000-000000000000"];

/// Reads one conversation.
pub(super) fn read(file: &str, now: Timestamp) -> Result<Imported, Error> {
    let told: Value = serde_json::from_str(file)?;
    let messages = told["chat_messages"]
        .as_array()
        .ok_or_else(|| serde::de::Error::custom(t!("cli-import-no-messages")))?;
    let linked = messages.iter().any(|message| text(message, "parent_message_uuid").is_some());
    let mut complaints = Vec::new();
    let mut drafts = Vec::new();
    for (at, message) in messages.iter().enumerate() {
        let id = text(message, "uuid").map_or_else(|| format!("#{at}"), str::to_owned);
        let mut complain = |what: What| complaints.push(Complaint { message: Some(id.clone()), what });
        if !message.is_object() {
            complain(What::NotAMessage);
        }
        let role = if text(message, "sender") == Some("human") { Role::User } else { Role::Assistant };
        let parts = parts(message, &mut complain);
        let parent = match text(message, "parent_message_uuid").filter(|parent| !ROOTS.contains(parent)) {
            Some(parent) => Parent::Id(parent.to_owned()),
            None if linked => Parent::Root,
            None => at.checked_sub(1).map_or(Parent::Root, Parent::At),
        };
        let mut draft = Draft::new(id, parent, role, parts);
        draft.created = time(&message["created_at"]);
        let model = text(message, "model").or_else(|| text(&told, "model"));
        draft.route = model.map(|model| Route {
            endpoint: ENDPOINT.into(),
            key: Default::default(),
            model: model.into(),
        });
        drafts.push(draft);
    }
    let head = Head {
        format: Format::Claude,
        id: text(&told, "uuid").map(str::to_owned),
        title: text(&told, "name").unwrap_or_default().to_owned(),
        created: time(&told["created_at"]),
        updated: time(&told["updated_at"]),
        settings: Settings::default(),
        leaf: text(&told, "current_leaf_message_uuid").map(str::to_owned),
    };
    Ok(build(head, drafts, complaints, file, now))
}

fn parts(message: &Value, complain: &mut impl FnMut(What)) -> Vec<Part> {
    let mut parts = Vec::new();
    for part in items(message, "content") {
        match text(part, "type").unwrap_or_default() {
            "text" => push_text(&mut parts, text(part, "text").unwrap_or_default()),
            "thinking" => {
                if let Some(thought) = text(part, "thinking") {
                    parts.push(Part::Reasoning { text: thought.to_owned() });
                }
            }
            "tool_use" => push_tool(
                &mut parts,
                ServerTool {
                    id: text(part, "id").unwrap_or_default().to_owned(),
                    name: text(part, "name").unwrap_or_default().to_owned(),
                    input: shown(&part["input"]),
                    output: String::new(),
                },
            ),
            "tool_result" => push_tool(
                &mut parts,
                ServerTool {
                    id: text(part, "tool_use_id").unwrap_or_default().to_owned(),
                    name: text(part, "name").unwrap_or_default().to_owned(),
                    input: String::new(),
                    output: output(&part["content"]),
                },
            ),
            // A note of theirs to themselves.
            "token_budget" => {}
            "image" => complain(What::Image),
            kind => complain(What::Part(kind.to_owned())),
        }
    }
    if parts.iter().all(|part| part.text().is_none()) {
        push_text(&mut parts, text(message, "text").unwrap_or_default());
    }
    for file in items(message, "attachments") {
        let name = first_text(file, &["file_name", "id"]).unwrap_or_default();
        match text(file, "extracted_content") {
            // What a person attached is a part of what they said.
            Some(content) => {
                let gap = if parts.is_empty() { "" } else { "\n\n" };
                push_text(&mut parts, &format!("{gap}{}", fenced(name, content)));
            }
            None => complain(What::Attachment(name.to_owned())),
        }
    }
    for file in items(message, "files") {
        let name = first_text(file, &["file_name", "file_uuid"]).unwrap_or_default();
        complain(What::Attachment(name.to_owned()));
    }
    parts
}

/// The texts of a result, or what it holds instead.
fn output(content: &Value) -> String {
    let texts: Vec<&str> =
        content.as_array().into_iter().flatten().filter_map(|part| text(part, "text")).collect();
    if texts.is_empty() { shown(content) } else { texts.join("\n") }
}
