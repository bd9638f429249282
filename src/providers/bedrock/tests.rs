//! What the tests of this format share.

mod answers;
mod requests;
mod signatures;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::request;
use crate::chat::request::{Delivery, Tool};
use crate::chat::{
    Answer, ChatRequest, End, ErrorKind, FinishReason, Media, MediaData, Part, ProviderState, RequestMessage,
    Role, Route, ServerTool, Settings, Source, StreamEvent, ToolCall, ToolOutcome, ToolResult, Usage,
};
use crate::config::{Config, Endpoint, Env, GuardrailConfig, UserIdPolicy, WireFormat};
use crate::http::HttpRequest;
use crate::providers::{Decoder, Site, testing};

const AWS: &str = "https://bedrock-runtime.us-east-1.amazonaws.com";

fn endpoint() -> Endpoint {
    Endpoint { api: WireFormat::Bedrock, ..testing::endpoint("bedrock", AWS) }
}

fn text(text: &str) -> Part {
    Part::Text { text: text.into() }
}

fn reasoning(text: &str) -> Part {
    Part::Reasoning { text: text.into() }
}

fn call(id: &str, arguments: &str) -> Part {
    Part::ToolCall(ToolCall { id: id.into(), name: "f".into(), arguments: arguments.into() })
}

fn state(value: Value) -> Part {
    Part::State(ProviderState { wire: "bedrock".into(), value })
}
