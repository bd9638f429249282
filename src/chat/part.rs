//! What a message is made of, piece by piece.
//!
//! Parts stand in the order in which they were said. What only a provider understands (a signature, an
//! encrypted thought, the blocks of a tool that ran on its side) is kept beside what a person reads, as a
//! [`ProviderState`], so that it can be given back as it came.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Summary;

/// A function the model wants called. Kept and shown; not run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolCall {
    /// The provider's id of the call; empty where it gave none.
    pub id: String,
    /// The function's name.
    pub name: String,
    /// The arguments as the model wrote them: JSON text, perhaps cut short.
    pub arguments: String,
}

/// What a function answered; stands in a user message after the call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolResult {
    /// The id of the call it answers.
    pub call: String,
    /// The function's name.
    pub name: String,
    /// What it answered, as text.
    pub content: String,
    /// Whether it answered or failed.
    pub outcome: ToolOutcome,
}

/// How a function's call came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ToolOutcome {
    /// It answered.
    Ok,
    /// It failed, and the content says how.
    Error,
}

/// An image or a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// Its type: `image/png`, `application/pdf`.
    pub mime: String,
    /// The file's name; empty where it has none.
    pub name: String,
    /// Where its bytes are.
    pub data: MediaData,
}

/// Where the bytes of a [`Media`] are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaData {
    /// Here, in standard base64 with padding.
    Base64(String),
    /// There; the provider fetches them.
    Url(String),
}

/// What an answer cites.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Where it is; empty for a document of the prompt.
    pub url: String,
    /// Its title; empty where none is told.
    pub title: String,
}

/// A tool that the provider ran on its side: a search, a piece of code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerTool {
    /// The provider's id of the run; empty where it gave none.
    pub id: String,
    /// The tool's name, in the provider's word: `web_search`, `code_execution`.
    pub name: String,
    /// What it was asked, in short: the query, the code.
    pub input: String,
    /// What it answered, in short; empty until it is told.
    pub output: String,
}

/// What only the provider that said it understands; given back to the same endpoint and model as it came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderState {
    /// The wire format it belongs to, by the name `api:` has for it.
    pub wire: String,
    /// The provider's own JSON; its shape is known to that format's codec only.
    pub value: Value,
}

/// A piece of a message. Order is the order it was said in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Part {
    /// Plain text, Markdown as a rule. Untrusted, kept as it came.
    Text {
        /// The text.
        text: String,
    },
    /// The model's reasoning, where it shows it.
    Reasoning {
        /// The text.
        text: String,
    },
    /// The model declines, in its own words.
    Refusal {
        /// The text.
        text: String,
    },
    /// The model asks for a function call.
    ToolCall(ToolCall),
    /// A function answered.
    ToolResult(ToolResult),
    /// An image.
    Image(Media),
    /// A document.
    Document(Media),
    /// What the text before it cites.
    Source(Source),
    /// A tool ran on the provider's side.
    ServerTool(ServerTool),
    /// What stands for the messages above it in the requests of its branch.
    Summary(Summary),
    /// What only the provider understands; belongs to the part before it, where there is one.
    State(ProviderState),
}

impl Part {
    /// Whether this says anything that a next request can tell besides reasoning, which is the model's own.
    pub fn is_content(&self) -> bool {
        match self {
            Self::Text { text } | Self::Refusal { text } => !text.is_empty(),
            Self::ToolCall(_) | Self::ToolResult(_) | Self::Image(_) | Self::Document(_) => true,
            Self::Reasoning { .. }
            | Self::Source(_)
            | Self::ServerTool(_)
            | Self::Summary(_)
            | Self::State(_) => false,
        }
    }

    /// What this says word by word: text, reasoning or a refusal, which are the parts that grow as they come.
    pub fn written(&self) -> Option<&str> {
        match self {
            Self::Text { text } | Self::Reasoning { text } | Self::Refusal { text } => Some(text),
            Self::ToolCall(_)
            | Self::ToolResult(_)
            | Self::Image(_)
            | Self::Document(_)
            | Self::Source(_)
            | Self::ServerTool(_)
            | Self::Summary(_)
            | Self::State(_) => None,
        }
    }

    /// The text of a text part.
    pub fn text(&self) -> Option<&str> {
        if let Self::Text { text } = self { Some(text) } else { None }
    }

    /// The text of a reasoning part.
    pub fn reasoning(&self) -> Option<&str> {
        if let Self::Reasoning { text } = self { Some(text) } else { None }
    }

    /// The text of a refusal.
    pub fn refusal(&self) -> Option<&str> {
        if let Self::Refusal { text } = self { Some(text) } else { None }
    }

    /// The call that this is.
    pub fn tool_call(&self) -> Option<&ToolCall> {
        if let Self::ToolCall(call) = self { Some(call) } else { None }
    }
}
