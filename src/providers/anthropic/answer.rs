//! What an answer's events mean.

use std::ops::ControlFlow;

use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

use super::json::{Container, Counts, Delta, Event, Message, StopDetails, text};
use super::tools;
use crate::chat::{FinishReason, ServerTool, Source, Usage};
use crate::config::WireFormat;
use crate::providers::codec::{Codec, Frame, NotUnderstood, Shape, Teller};

/// How the end of an answer is spelled. What is not listed is an ordinary stop.
const STOPS: &[(&str, Stop)] = &[
    ("max_tokens", Stop::Reason(FinishReason::Length)),
    ("model_context_window_exceeded", Stop::Reason(FinishReason::Length)),
    ("tool_use", Stop::Reason(FinishReason::ToolCalls)),
    ("refusal", Stop::Reason(FinishReason::Refusal)),
    ("content_filter", Stop::Reason(FinishReason::ContentFilter)),
    ("content_filtered", Stop::Reason(FinishReason::ContentFilter)),
    ("pause_turn", Stop::Pause),
    ("compaction", Stop::Pause),
];

#[derive(Clone, Copy)]
enum Stop {
    Reason(FinishReason),
    /// Nothing ended: the provider wants what it said so far sent back, and goes on.
    Pause,
}

/// What a block is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Thinking,
    /// The call at this index of the answer.
    Call(usize),
    /// A tool that runs on the provider's side.
    ServerTool,
    /// What such a tool answered.
    ServerResult,
    /// Nothing that is read here; kept for the provider.
    Other,
}

impl Kind {
    fn of(block: &Map<String, Value>, calls: usize) -> Self {
        match text(block, "type") {
            "text" => Self::Text,
            "thinking" => Self::Thinking,
            "tool_use" => Self::Call(calls),
            "server_tool_use" | "mcp_tool_use" => Self::ServerTool,
            kind if kind.ends_with("_tool_result") => Self::ServerResult,
            _ => Self::Other,
        }
    }
}

/// A block that is being said.
#[derive(Clone, Debug)]
struct Block {
    wire_index: Option<u64>,
    kind: Kind,
    /// The block as it began.
    start: Map<String, Value>,
    /// Its text or thinking so far.
    said: String,
    /// Its tool's input so far, as JSON text.
    input: String,
    signature: String,
    citations: Vec<Value>,
}

/// An answer that is being read, over all the requests that it takes where the provider pauses.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    open: Vec<Block>,
    /// The blocks that are complete, as the provider wants them back.
    content: Vec<Value>,
    container: Option<String>,
    calls: usize,
    counts: Counts,
    /// What the requests before this one used.
    before: Usage,
    is_paused: bool,
}

impl Codec for Answer {
    fn read(&mut self, frame: Frame<'_>, tell: &mut Teller<'_>) -> Result<ControlFlow<()>, NotUnderstood> {
        let event: Event<'_> = match serde_json::from_str(frame.data) {
            Ok(event) => event,
            // JSON of another shape says nothing to us, and is no reason to lose the rest.
            Err(_) => {
                serde_json::from_str::<IgnoredAny>(frame.data)?;
                return Ok(ControlFlow::Continue(()));
            }
        };
        if event.error.is_some_and(|error| error.get() != "null") {
            tell.error(frame.data.as_bytes());
            return Ok(ControlFlow::Continue(()));
        }
        match &*event.kind.0 {
            "content_block_delta" => self.delta(event.index.0, event.delta.unwrap_or_default(), tell),
            "content_block_start" => {
                if let Some(block) = event.content_block.and_then(object) {
                    self.start(event.index.0, block, tell);
                }
            }
            "content_block_stop" => self.stop(event.index.0, tell),
            "message_start" => {
                if let Some(message) = event.message {
                    self.message(&serde_json::from_str(message.get()).unwrap_or_default(), tell);
                }
            }
            "message_delta" => {
                if let Some(counts) = event.usage.0 {
                    self.count(&counts, tell);
                }
                let Delta { stop_reason, stop_details, container, .. } = event.delta.unwrap_or_default();
                self.end(&stop_reason.0, stop_details.0.as_ref(), container.0, tell);
            }
            "message_stop" => return Ok(ControlFlow::Break(())),
            "message" => self.whole(frame.data, tell),
            _ if frame.shape == Shape::Whole => self.whole(frame.data, tell),
            _ => {}
        }
        Ok(ControlFlow::Continue(()))
    }

    fn paused(&self) -> Option<Value> {
        self.is_paused.then(|| json!({"content": self.content, "container": self.container}))
    }

    fn copy(&self) -> Box<dyn Codec> {
        Box::new(self.clone())
    }
}

impl Answer {
    fn whole(&mut self, data: &str, tell: &mut Teller<'_>) {
        let mut message: Message<'_> = serde_json::from_str(data).unwrap_or_default();
        let content = message.content.0.take().unwrap_or_default();
        self.message(&message, tell);
        for block in content {
            if let Value::Object(block) = block {
                self.start(None, block, tell);
                self.stop(None, tell);
            }
        }
        let Message { stop_reason, stop_details, container, .. } = message;
        self.end(&stop_reason.0, stop_details.0.as_ref(), container.0, tell);
    }

    /// A message begins: the first of the answer, or one that goes on where the last one paused.
    fn message(&mut self, message: &Message<'_>, tell: &mut Teller<'_>) {
        self.before = self.before.plus(std::mem::take(&mut self.counts).usage());
        self.is_paused = false;
        tell.model(&message.model.0);
        if let Some(counts) = &message.usage.0 {
            self.count(counts, tell);
        }
    }

    fn count(&mut self, counts: &Counts, tell: &mut Teller<'_>) {
        self.counts.update(counts);
        tell.usage(self.before.plus(self.counts.usage()));
    }

    fn start(&mut self, wire_index: Option<u64>, start: Map<String, Value>, tell: &mut Teller<'_>) {
        let kind = Kind::of(&start, self.calls);
        let mut block = Block {
            wire_index,
            kind,
            start,
            said: String::new(),
            input: String::new(),
            signature: String::new(),
            citations: Vec::new(),
        };
        match kind {
            Kind::Text => {
                text(&block.start, "text").clone_into(&mut block.said);
                tell.text(block.said.as_str());
                let cited = block.start.shift_remove("citations");
                for citation in cited.iter().filter_map(Value::as_array).flatten() {
                    block.cite(citation.clone(), tell);
                }
            }
            Kind::Thinking => {
                text(&block.start, "thinking").clone_into(&mut block.said);
                tell.reasoning(block.said.as_str());
                text(&block.start, "signature").clone_into(&mut block.signature);
            }
            Kind::Call(index) => {
                self.calls += 1;
                tell.call(
                    index,
                    Some(text(&block.start, "id")),
                    Some(text(&block.start, "name")),
                    String::new(),
                );
            }
            Kind::ServerTool => tell.server_tool(block.server_tool(String::new())),
            Kind::ServerResult => tell.server_tool(ServerTool {
                id: text(&block.start, "tool_use_id").to_owned(),
                name: String::new(),
                input: String::new(),
                output: tools::output(block.start.get("content").unwrap_or(&Value::Null)),
            }),
            Kind::Other => {}
        }
        self.open.push(block);
    }

    fn delta(&mut self, wire_index: Option<u64>, delta: Delta<'_>, tell: &mut Teller<'_>) {
        let at = match self.open.iter().rposition(|block| block.wire_index == wire_index) {
            Some(at) => at,
            None => {
                // A gateway that leaves the starts out says text.
                let start = Map::from_iter([("type".to_owned(), json!("text"))]);
                self.start(wire_index, start, tell);
                self.open.len() - 1
            }
        };
        let block = &mut self.open[at];
        if let Some(more) = delta.text.get() {
            block.said.push_str(more);
            tell.text(delta.text.0);
        }
        if let Some(more) = delta.thinking.get() {
            block.said.push_str(more);
            tell.reasoning(delta.thinking.0);
        }
        block.signature.push_str(&delta.signature.0);
        if let Some(more) = delta.partial_json.get() {
            block.input.push_str(more);
            if let Kind::Call(index) = block.kind {
                tell.call(index, None, None, more.to_owned());
            }
        }
        if let Some(more) = delta.content.get() {
            block.start.insert("content".into(), format!("{}{more}", text(&block.start, "content")).into());
        }
        if let Some(citation) = delta.citation.and_then(|raw| serde_json::from_str(raw.get()).ok()) {
            block.cite(citation, tell);
        }
    }

    fn stop(&mut self, wire_index: Option<u64>, tell: &mut Teller<'_>) {
        if let Some(at) = self.open.iter().rposition(|block| block.wire_index == wire_index) {
            let block = self.open.remove(at);
            self.content.extend(block.complete(tell));
        }
    }

    fn end(
        &mut self,
        word: &str,
        details: Option<&StopDetails>,
        container: Option<Container>,
        tell: &mut Teller<'_>,
    ) {
        self.container = container.and_then(|container| container.id).or(self.container.take());
        if word.is_empty() {
            return;
        }
        for block in std::mem::take(&mut self.open) {
            self.content.extend(block.complete(tell));
        }
        let stop = STOPS.iter().find(|(known, _)| *known == word).map(|(_, stop)| *stop);
        match stop.unwrap_or(Stop::Reason(FinishReason::Stop)) {
            Stop::Reason(reason) => tell.finish(reason),
            Stop::Pause => {
                self.is_paused = true;
                tell.finish(FinishReason::Stop);
            }
        }
        if let Some(explanation) = details.and_then(|details| details.explanation.as_deref()) {
            tell.refusal(explanation);
        }
    }
}

impl Block {
    fn cite(&mut self, citation: Value, tell: &mut Teller<'_>) {
        let told = |keys: &[&str]| {
            keys.iter().find_map(|key| citation.get(key)?.as_str()).unwrap_or_default().to_owned()
        };
        tell.source(Source { url: told(&["url", "source"]), title: told(&["title", "document_title"]) });
        self.citations.push(citation);
    }

    fn server_tool(&self, input: String) -> ServerTool {
        ServerTool {
            id: text(&self.start, "id").to_owned(),
            name: text(&self.start, "name").to_owned(),
            input,
            output: String::new(),
        }
    }

    /// The tool's input: what came in pieces, or, where none did, what the block began with.
    fn tool_input(&self) -> Value {
        let begun = || self.start.get("input").filter(|input| input.is_object()).cloned();
        serde_json::from_str(&self.input).ok().or_else(begun).unwrap_or_else(|| json!({}))
    }

    /// The whole block, as the provider wants it back; `None` for a text that says nothing. What only the
    /// provider understands is told.
    fn complete(mut self, tell: &mut Teller<'_>) -> Option<Value> {
        match self.kind {
            Kind::Text => {
                if self.said.is_empty() {
                    return None;
                }
                self.start.insert("text".into(), self.said.into());
                if !self.citations.is_empty() {
                    self.start.insert("citations".into(), self.citations.into());
                }
                return Some(self.start.into());
            }
            Kind::Call(index) => {
                let input = self.tool_input();
                // Whole answers, and some gateways, have no pieces.
                if self.input.is_empty() && input.as_object().is_some_and(|fields| !fields.is_empty()) {
                    tell.call(index, None, None, input.to_string());
                }
                self.start.insert("input".into(), input);
                return Some(self.start.into());
            }
            Kind::Thinking => {
                self.start.insert("thinking".into(), self.said.into());
                self.start.insert("signature".into(), self.signature.as_str().into());
                // A thought that nobody signed is refused when it is given back.
                if self.signature.is_empty() {
                    return None;
                }
            }
            Kind::ServerTool => {
                let input = self.tool_input();
                tell.server_tool(self.server_tool(tools::input(&input)));
                self.start.insert("input".into(), input);
            }
            Kind::ServerResult | Kind::Other => {}
        }
        let block = Value::Object(self.start);
        tell.state(WireFormat::Anthropic, block.clone());
        Some(block)
    }
}

fn object(raw: &RawValue) -> Option<Map<String, Value>> {
    serde_json::from_str(raw.get()).ok()
}
