//! LibreChat's presets: an object with the fields of a conversation's settings and a title, alone in its file or in a
//! list.

use serde_json::{Map, Value};

use super::import::{Complaint, Fields, What};
use crate::chat::Preset;

/// What changes an answer and has no counterpart here.
const LEFT_OUT: &[&str] = &[
    "agent_id",
    "assistant_id",
    "instructions",
    "additional_instructions",
    "examples",
    "tools",
    "web_search",
    "url_context",
    "thinking",
    "thinkingBudget",
    "thinkingLevel",
    "reasoning_summary",
    "maxContextTokens",
    "useResponsesApi",
    "disableStreaming",
    "region",
];

/// Whether an object is a preset: it names itself one, or it has a title and an endpoint and no messages.
pub(super) fn is_one(fields: &Fields<'_>) -> bool {
    let has = |name: &str| fields.contains_key(name);
    let other = ["messages", "messagesTree", "mapping", "chat_messages"].into_iter().any(has);
    !other && (has("presetId") || (has("title") && has("endpoint")))
}

/// A preset, and what of it is of no use here; `None` for one without a name.
pub(super) fn read(text: &str) -> Option<(Preset, Vec<Complaint>)> {
    let fields: Map<String, Value> = serde_json::from_str(text).ok()?;
    let name = fields.get("title").and_then(Value::as_str).map(str::trim).filter(|name| !name.is_empty())?;
    let preset = Preset {
        is_default: fields.get("defaultPreset").and_then(Value::as_bool).unwrap_or_default(),
        order: fields.get("order").and_then(Value::as_u64),
        ..Preset::from_librechat(name, &fields)
    };
    let is_said = |value: &Value| match value {
        Value::Null => false,
        Value::Bool(is) => *is,
        Value::Number(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
    };
    let complaints = LEFT_OUT
        .iter()
        .filter(|name| fields.get(**name).is_some_and(is_said))
        .map(|name| Complaint { message: None, what: What::Setting((*name).to_owned()) });
    Some((preset, complaints.collect()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::chat::Settings;
    use crate::transfer;

    #[test]
    fn a_preset_file_is_read_alone_and_in_a_list_and_says_what_it_leaves_out() {
        let file = json!({
            "presetId": null, "title": "Gardener", "endpoint": "openAI", "model": "gpt-4o", "order": 3,
            "promptPrefix": "You know fruit.", "temperature": 0.2, "thinkingBudget": 2000, "web_search": false,
        });
        let expected = Preset {
            name: "Gardener".into(),
            endpoint: Some("openAI".into()),
            model: Some("gpt-4o".into()),
            settings: Settings {
                system: Some("You know fruit.".into()),
                temperature: Some(0.2),
                ..Settings::default()
            },
            order: Some(3),
            ..Preset::default()
        };
        let complaint = Complaint { message: None, what: What::Setting("thinkingBudget".into()) };
        for text in [file.to_string(), json!([file]).to_string()] {
            let contents = transfer::read(text.as_bytes()).unwrap();
            assert_eq!(contents.items.len(), 0);
            assert_eq!(contents.presets, std::slice::from_ref(&expected));
            assert_eq!(contents.complaints, std::slice::from_ref(&complaint));
        }
    }

    #[test]
    fn a_conversation_is_no_preset_and_a_preset_without_a_name_is_none() {
        let conversation = json!({"title": "t", "endpoint": "openAI", "conversationId": "c", "messages": []});
        let contents = conversation.to_string();
        let contents = transfer::read(contents.as_bytes()).unwrap();
        assert_eq!((contents.items.len(), contents.presets.len()), (1, 0));
        let nameless = json!({"presetId": "1", "title": " ", "endpoint": "openAI"}).to_string();
        assert!(transfer::read(nameless.as_bytes()).is_err());
    }
}
