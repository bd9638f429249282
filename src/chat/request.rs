//! What is asked of a model, before any wire format has seen it.

use serde_json::Value;

use super::summary::{self, with_summary};
use super::{Message, MessageId, ModelId, Part, Role, Route, Settings, Tree};

/// One message of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestMessage {
    /// Who said it.
    pub role: Role,
    /// What was said.
    pub parts: Vec<Part>,
    /// Who was asked, of an answer: what only that provider understands goes to nobody else.
    pub route: Option<Route>,
}

impl From<&Message> for RequestMessage {
    /// A summary is told before all others ([`told`]), and not where it is kept.
    fn from(message: &Message) -> Self {
        let parts = with_summary(&message.parts, None);
        Self { role: message.role, parts, route: message.route.clone() }
    }
}

/// A function that the model may ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct Tool {
    /// Its name: letters, digits, `_` and `-`.
    pub name: String,
    /// What it does, for the model.
    pub description: String,
    /// JSON Schema of its arguments.
    pub schema: Value,
}

/// Whether the provider is asked to stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Piece by piece.
    Streamed,
    /// The whole answer at once.
    Whole,
}

/// A request to a model.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatRequest {
    /// The model id to send.
    pub model: ModelId,
    /// The branch, root first. The last one is a user message, or an assistant message to be continued.
    pub messages: Vec<RequestMessage>,
    /// System prompt and parameters.
    pub settings: Settings,
    /// The functions the model may ask for.
    pub tools: Vec<Tool>,
    /// Streamed or whole.
    pub delivery: Delivery,
    /// Who asks, where the endpoint is configured to tell.
    pub user: Option<String>,
}

/// What a request that follows `last` is told of the branch before it, root first. Messages that the branch
/// leaves out are not told, nor are answers that hold nothing; partial ones are, since the person read them.
pub fn history(tree: &Tree, last: Option<MessageId>) -> Vec<RequestMessage> {
    let excluded = last.map(|last| tree.excluded(last)).unwrap_or_default();
    let path = last.map_or_else(Vec::new, |last| tree.path(last));
    let path: Vec<&Message> = path.into_iter().filter_map(|id| tree.get(id)).collect();
    told(&path, |message| !excluded.contains(&message.id) && message.parts.iter().any(Part::is_content))
}

/// What a model is told of a path, root first: the messages that `is_sent` lets through. Where a summary holds, it
/// stands for what it covers.
pub fn told(path: &[&Message], is_sent: impl Fn(&Message) -> bool) -> Vec<RequestMessage> {
    let summary = summary::holding(path).map(|(_, summary)| summary);
    let covered = summary.map_or(0, |summary| summary.covers(path));
    let rest = path[covered..].iter().filter(|message| is_sent(message));
    let mut told: Vec<RequestMessage> = rest.map(|message| RequestMessage::from(*message)).collect();
    if let Some(summary) = summary {
        let text = Part::Text { text: summary.told() };
        // Two messages of one role in a row are refused by some.
        match told.first_mut().filter(|first| first.role == Role::User) {
            Some(first) => first.parts.insert(0, text),
            None => told.insert(0, RequestMessage { role: Role::User, parts: vec![text], route: None }),
        }
    }
    told
}
