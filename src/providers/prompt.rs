//! A branch as the formats with strict rules want it.
//!
//! Anthropic, Gemini and Bedrock refuse two messages of one role in a row, a call without its result, and empty
//! text; a tree of edited, stopped and failed messages has all of them. Here a branch becomes [`Turn`]s that
//! have none. What only another provider understands is left out on the way.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::Site;
use crate::chat::{ChatRequest, Part, RequestMessage, Role, ToolCall};

/// What one side says until the other does.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn<'a> {
    /// Who.
    pub role: Role,
    /// What, in order; never empty.
    pub parts: Vec<&'a Part>,
}

/// A request's messages as turns: roles alternate, every call has its result and every result its call, no text is
/// empty, and [`Part::State`] is that of this endpoint and model.
pub fn turns<'a>(chat: &'a ChatRequest, site: &Site<'_>) -> Vec<Turn<'a>> {
    let answered = answered(&chat.messages);
    let mut turns: Vec<Turn<'a>> = Vec::new();
    for message in &chat.messages {
        let is_ours = is_of(message, chat, site);
        let parts = message.parts.iter().filter(|part| match part {
            Part::Text { text } | Part::Reasoning { text } | Part::Refusal { text } => {
                !text.trim().is_empty()
            }
            Part::ToolCall(call) => answered.contains(call.id.as_str()),
            Part::ToolResult(result) => answered.contains(result.call.as_str()),
            Part::Image(_) | Part::Document(_) => true,
            Part::State(_) => is_ours,
            Part::Source(_) | Part::ServerTool(_) | Part::Summary(_) => false,
        });
        for part in parts {
            match turns.last_mut().filter(|turn| turn.role == message.role) {
                Some(turn) => turn.parts.push(part),
                None => turns.push(Turn { role: message.role, parts: vec![part] }),
            }
        }
    }
    // A turn of nothing but thoughts says nothing that could be answered.
    turns.retain(|turn| turn.parts.iter().any(|part| part.is_content()));
    merged(turns)
}

/// The arguments of a call as the object that most formats want; those that were cut are none.
pub fn arguments(call: &ToolCall) -> Map<String, Value> {
    serde_json::from_str(&call.arguments).unwrap_or_default()
}

/// Joins neighbours that what stood between them has left alone.
fn merged(turns: Vec<Turn<'_>>) -> Vec<Turn<'_>> {
    let mut kept: Vec<Turn<'_>> = Vec::with_capacity(turns.len());
    for turn in turns {
        match kept.last_mut().filter(|last| last.role == turn.role) {
            Some(last) => last.parts.extend(turn.parts),
            None => kept.push(turn),
        }
    }
    kept
}

/// Whether an answer was given by the endpoint and model that are asked now.
fn is_of(message: &RequestMessage, chat: &ChatRequest, site: &Site<'_>) -> bool {
    message
        .route
        .as_ref()
        .is_some_and(|route| route.endpoint == site.endpoint.name && route.model == chat.model)
}

/// The ids of the calls that have a result in the message right after them.
fn answered(messages: &[RequestMessage]) -> HashSet<&str> {
    messages
        .windows(2)
        .flat_map(|pair| {
            let calls: HashSet<&str> =
                pair[0].parts.iter().filter_map(Part::tool_call).map(|call| call.id.as_str()).collect();
            pair[1].parts.iter().filter_map(move |part| match part {
                Part::ToolResult(result) => calls.get(result.call.as_str()).copied(),
                _ => None,
            })
        })
        .filter(|id| !id.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::chat::request::Delivery;
    use crate::chat::{ProviderState, Route, Settings, ToolOutcome, ToolResult};
    use crate::providers::testing;

    fn text(text: &str) -> Part {
        Part::Text { text: text.into() }
    }

    fn call(id: &str) -> Part {
        Part::ToolCall(ToolCall { id: id.into(), name: "f".into(), arguments: "{}".into() })
    }

    fn result(id: &str) -> Part {
        Part::ToolResult(ToolResult {
            call: id.into(),
            name: "f".into(),
            content: "1".into(),
            outcome: ToolOutcome::Ok,
        })
    }

    fn state() -> Part {
        Part::State(ProviderState { wire: "anthropic".into(), value: json!("sig") })
    }

    fn said(role: Role, parts: Vec<Part>) -> RequestMessage {
        RequestMessage { role, parts, route: None }
    }

    /// The turns of a branch, as owned parts.
    fn turned(messages: Vec<RequestMessage>) -> Vec<(Role, Vec<Part>)> {
        let chat = ChatRequest {
            model: "m".into(),
            messages,
            settings: Settings::default(),
            tools: Vec::new(),
            delivery: Delivery::Streamed,
            user: None,
        };
        let endpoint = testing::endpoint("X", "https://x.test");
        let credential = testing::credential("https://x.test", "");
        turns(&chat, &testing::site(&endpoint, &credential))
            .into_iter()
            .map(|turn| (turn.role, turn.parts.into_iter().cloned().collect()))
            .collect()
    }

    #[test]
    fn neighbours_of_one_role_are_one_turn_also_where_an_empty_answer_stood_between() {
        assert_eq!(
            turned(vec![
                said(Role::User, vec![text("a")]),
                said(Role::User, vec![text("b"), text(" ")]),
                said(Role::Assistant, vec![Part::Reasoning { text: "hm".into() }]),
                said(Role::User, vec![text("c")]),
            ]),
            [(Role::User, vec![text("a"), text("b"), text("c")])]
        );
    }

    #[test]
    fn a_call_goes_with_its_result_or_not_at_all() {
        assert_eq!(
            turned(vec![
                said(Role::User, vec![text("a")]),
                said(Role::Assistant, vec![text("b"), call("1"), call("2")]),
                said(Role::User, vec![result("2"), result("3"), text("c")]),
            ]),
            [
                (Role::User, vec![text("a")]),
                (Role::Assistant, vec![text("b"), call("2")]),
                (Role::User, vec![result("2"), text("c")]),
            ]
        );
    }

    #[test]
    fn state_is_given_back_to_the_endpoint_and_model_that_made_it_and_to_nobody_else() {
        let route = |endpoint: &str, model: &str| {
            Some(Route { endpoint: endpoint.into(), key: "default".into(), model: model.into() })
        };
        for (route, kept) in [
            (route("X", "m"), vec![text("b"), state()]),
            (route("X", "other"), vec![text("b")]),
            (route("Y", "m"), vec![text("b")]),
            (None, vec![text("b")]),
        ] {
            let answer = RequestMessage { role: Role::Assistant, parts: vec![text("b"), state()], route };
            assert_eq!(turned(vec![answer]), [(Role::Assistant, kept)]);
        }
    }
}
