//! What an answer's JSON means, chunk by chunk.

use serde::de::IgnoredAny;

use super::json::{CallPiece, Choice, Chunk, Content, Delta, Text};
use crate::chat::{ErrorKind, Failure, FinishReason, ModelId, StreamEvent};
use crate::providers::errors;

/// Whether a JSON object is a chunk of a stream or an answer in one piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `delta` holds the news.
    Chunk,
    /// `message` holds everything.
    Whole,
}

/// How providers spell the end of an answer. What is not listed is an ordinary stop.
const FINISH: &[(&str, Finish)] = &[
    ("length", Finish::Reason(FinishReason::Length)),
    ("model_length", Finish::Reason(FinishReason::Length)),
    ("max_tokens", Finish::Reason(FinishReason::Length)),
    ("tool_calls", Finish::Reason(FinishReason::ToolCalls)),
    ("function_call", Finish::Reason(FinishReason::ToolCalls)),
    ("content_filter", Finish::Reason(FinishReason::ContentFilter)),
    ("sensitive", Finish::Reason(FinishReason::ContentFilter)),
    ("error", Finish::Broke),
    ("network_error", Finish::Broke),
    ("insufficient_system_resource", Finish::Broke),
];

#[derive(Clone, Copy)]
enum Finish {
    Reason(FinishReason),
    Broke,
}

/// One call as it is put together.
#[derive(Clone, Debug)]
struct Call {
    /// The provider's index, where it numbers its calls.
    wire_index: Option<u64>,
    /// Its id; empty until told.
    id: String,
}

/// The state of an answer that is being read.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The field that configuration says reasoning comes in.
    reasoning_key: Option<String>,
    model: Option<String>,
    calls: Vec<Call>,
    finish: Option<FinishReason>,
    has_content: bool,
    has_refusal: bool,
    failure: Option<Failure>,
}

impl Answer {
    /// An answer of which nothing has come yet.
    pub fn new(reasoning_key: Option<String>) -> Self {
        Self { reasoning_key, ..Self::default() }
    }

    /// Whether any content has come.
    pub fn has_content(&self) -> bool {
        self.has_content
    }

    /// Why it ended, once a finish reason came. An answer that stops with calls wants them called, and one
    /// that stops with a refusal has declined, whatever the provider's word for it.
    pub fn finish(&self) -> Option<FinishReason> {
        self.finish.map(|reason| match reason {
            FinishReason::Stop if !self.calls.is_empty() => FinishReason::ToolCalls,
            FinishReason::Stop if self.has_refusal => FinishReason::Refusal,
            other => other,
        })
    }

    /// What the provider said went wrong, before or after a finish reason.
    pub fn failure(&mut self) -> Option<Failure> {
        self.failure.take()
    }

    /// The stream said `[DONE]`: an end, also where no reason was given.
    pub fn done(&mut self) {
        self.finish.get_or_insert(FinishReason::Stop);
    }

    /// The answer is broken. What was said first stays, except that an error object replaces it.
    pub fn fail(&mut self, failure: Failure) {
        self.failure.get_or_insert(failure);
    }

    /// Reads one JSON object. `Err` where it is not JSON.
    ///
    /// # Errors
    /// The parser's, where the text is not JSON at all.
    pub fn read(
        &mut self,
        text: &str,
        shape: Shape,
        head: &errors::Head,
        events: &mut Vec<StreamEvent>,
    ) -> Result<(), serde_json::Error> {
        let mut chunk = Chunk::default();
        if let Err(error) = chunk.read(text) {
            // JSON of another shape says nothing to us, and is no reason to lose the rest.
            return serde_json::from_str::<IgnoredAny>(text).map(|_| ()).map_err(|_| error);
        }
        if let Some(model) = chunk.model.get()
            && self.model.as_deref() != Some(model)
        {
            self.model = Some(model.to_owned());
            events.push(StreamEvent::ModelServed(ModelId::from(model)));
        }
        let usage = chunk.usage.0.as_ref().or(chunk.x_groq.0.as_ref().and_then(|groq| groq.usage.0.as_ref()));
        if let Some(usage) = usage.map(|usage| usage.usage()).filter(crate::chat::Usage::is_known) {
            events.push(StreamEvent::Usage(usage));
        }
        let said_error = chunk.error.is_some_and(|error| error.get() != "null");
        if let Some(choice) = &chunk.choice {
            self.choice(choice, shape, head, events);
        }
        if said_error || &*chunk.object.0 == "error" {
            self.failure = Some(head.failure(text.as_bytes()));
        }
        Ok(())
    }

    fn choice(
        &mut self,
        choice: &Choice<'_>,
        shape: Shape,
        head: &errors::Head,
        events: &mut Vec<StreamEvent>,
    ) {
        let said = match shape {
            Shape::Chunk => choice.delta.as_ref().or(choice.message.as_ref()),
            Shape::Whole => choice.message.as_ref().or(choice.delta.as_ref()),
        };
        if let Some(delta) = said {
            self.delta(delta, events);
        }
        // A reason of "" is none; some servers send one with every chunk.
        if let Some(word) = choice.finish_reason.get() {
            let finish = FINISH.iter().find(|(known, _)| *known == word).map(|(_, finish)| *finish);
            match finish.unwrap_or(Finish::Reason(FinishReason::Stop)) {
                Finish::Reason(reason) => self.finish = Some(reason),
                Finish::Broke => self.fail(head.give(Failure::new(
                    ErrorKind::Provider,
                    crate::t!("net-finish-error", reason = word).into_string(),
                ))),
            }
        }
    }

    fn delta(&mut self, delta: &Delta<'_>, events: &mut Vec<StreamEvent>) {
        let (first, second) = match self.reasoning_key.as_deref() {
            Some("reasoning") => (&delta.reasoning, &delta.reasoning_content),
            _ => (&delta.reasoning_content, &delta.reasoning),
        };
        // Both may hold the same text: one of them is enough.
        self.say(if first.get().is_some() { first } else { second }, StreamEvent::Reasoning, events);
        match &delta.content {
            Content::Plain(text) => self.say(text, StreamEvent::Text, events),
            Content::Pieces(pieces) => {
                for piece in pieces {
                    self.thinking(&piece.thinking, events);
                    self.say(&piece.text, StreamEvent::Text, events);
                    self.refuse(&piece.refusal, events);
                }
            }
        }
        self.refuse(&delta.refusal, events);
        for piece in delta.tool_calls.0.iter().flatten() {
            self.call(piece, events);
        }
    }

    fn thinking(&mut self, thinking: &Content<'_>, events: &mut Vec<StreamEvent>) {
        match thinking {
            Content::Plain(text) => self.say(text, StreamEvent::Reasoning, events),
            Content::Pieces(pieces) => {
                for piece in pieces {
                    self.say(&piece.text, StreamEvent::Reasoning, events);
                }
            }
        }
    }

    fn refuse(&mut self, refusal: &Text<'_>, events: &mut Vec<StreamEvent>) {
        self.has_refusal |= refusal.get().is_some();
        self.say(refusal, StreamEvent::Refusal, events);
    }

    fn say(&mut self, text: &Text<'_>, event: fn(String) -> StreamEvent, events: &mut Vec<StreamEvent>) {
        if let Some(text) = text.get() {
            self.has_content = true;
            events.push(event(text.to_owned()));
        }
    }

    fn call(&mut self, piece: &CallPiece<'_>, events: &mut Vec<StreamEvent>) {
        self.has_content = true;
        let id = piece.id.get();
        let name = piece.function.as_ref().and_then(|function| function.name.get());
        let index = self.call_index(piece.index.0, id, name);
        let news = &mut self.calls[index];
        if let Some(id) = id {
            id.clone_into(&mut news.id);
        }
        events.push(StreamEvent::ToolCall {
            index,
            id: id.map(str::to_owned),
            name: name.map(str::to_owned),
            arguments: piece.function.as_ref().map(super::json::Function::arguments).unwrap_or_default(),
        });
    }

    /// Which call a piece belongs to. Pieces join by the provider's index, but a new id on a used index
    /// starts a new call; without an index calls come whole, and a new id (or a name without one) starts one.
    fn call_index(&mut self, wire_index: Option<u64>, id: Option<&str>, name: Option<&str>) -> usize {
        let is_other = |call: &Call| id.is_some_and(|id| !call.id.is_empty() && call.id != id);
        let known = match (wire_index, id) {
            (Some(_), _) => self
                .calls
                .iter()
                .rposition(|call| call.wire_index == wire_index)
                .filter(|&at| !is_other(&self.calls[at])),
            (None, Some(id)) => self.calls.iter().position(|call| call.id == id),
            (None, None) if name.is_some() => None,
            (None, None) => self.calls.len().checked_sub(1),
        };
        known.unwrap_or_else(|| {
            self.calls.push(Call { wire_index, id: String::new() });
            self.calls.len() - 1
        })
    }
}
