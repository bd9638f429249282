//! Chatbot UI, version 1: a history of conversations in one line each, without ids of messages or any time.

use jiff::Timestamp;
use serde_json::{Error, Value};

use super::draft::{Draft, Head, Parent, build};
use super::import::{Complaint, Format, Imported, What};
use super::loose::{push_text, text};
use crate::chat::{Role, Route, Settings};
use crate::t;

/// Where an answer was asked, in the words of the configuration.
const ENDPOINT: &str = "openAI";

/// Reads one conversation of the history.
pub(super) fn read(file: &str, now: Timestamp) -> Result<Imported, Error> {
    let told: Value = serde_json::from_str(file)?;
    let messages =
        told["messages"].as_array().ok_or_else(|| serde::de::Error::custom(t!("cli-import-no-messages")))?;
    let mut settings = Settings {
        system: text(&told, "prompt").map(str::to_owned),
        temperature: told["temperature"].as_f64(),
        ..Settings::default()
    };
    let route = text(&told["model"], "id").map(|model| Route {
        endpoint: ENDPOINT.into(),
        key: Default::default(),
        model: model.into(),
    });
    let mut complaints = Vec::new();
    let mut drafts: Vec<Draft> = Vec::new();
    for (at, message) in messages.iter().enumerate() {
        let mut complain = |what: What| complaints.push(Complaint { message: Some(format!("#{at}")), what });
        let said = text(message, "content").unwrap_or_default();
        let role = match text(message, "role").unwrap_or_default() {
            "user" => Role::User,
            "assistant" => Role::Assistant,
            "system" => {
                settings.system.get_or_insert_with(|| said.to_owned());
                continue;
            }
            "" => {
                complain(What::NotAMessage);
                continue;
            }
            other => {
                complain(What::Part(other.to_owned()));
                continue;
            }
        };
        let mut parts = Vec::new();
        push_text(&mut parts, said);
        let parent = drafts.len().checked_sub(1).map_or(Parent::Root, Parent::At);
        let mut draft = Draft::new(format!("#{at}"), parent, role, parts);
        draft.route.clone_from(&route);
        drafts.push(draft);
    }
    let head = Head {
        format: Format::ChatbotUi,
        id: text(&told, "id").map(str::to_owned),
        title: text(&told, "name").unwrap_or_default().to_owned(),
        created: None,
        updated: None,
        settings,
        leaf: None,
    };
    Ok(build(head, drafts, complaints, file, now))
}
