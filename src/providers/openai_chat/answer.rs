//! What an answer's JSON means, chunk by chunk.

use std::ops::ControlFlow;

use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;

use super::json::{CallPiece, Choice, Chunk, Content, Delta};
use super::kept::Kept;
use crate::chat::{ErrorKind, Failure, FinishReason, Source};
use crate::config::WireFormat;
use crate::providers::codec::{Codec, Frame, NotUnderstood, Shape, Teller};

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

/// An answer that is being read.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The field that configuration says reasoning comes in.
    reasoning_key: Option<String>,
    calls: Vec<Call>,
    kept: Kept,
    /// How long the list of sources was that has been told: servers repeat it with every chunk.
    sources: usize,
}

impl Codec for Answer {
    fn read(&mut self, frame: Frame<'_>, tell: &mut Teller<'_>) -> Result<ControlFlow<()>, NotUnderstood> {
        let mut chunk = Chunk::default();
        if chunk.read(frame.data).is_err() {
            // JSON of another shape says nothing to us, and is no reason to lose the rest.
            serde_json::from_str::<IgnoredAny>(frame.data)?;
            return Ok(ControlFlow::Continue(()));
        }
        tell.model(&chunk.model.0);
        let usage = chunk.usage.0.as_ref().or(chunk.x_groq.0.as_ref().and_then(|groq| groq.usage.0.as_ref()));
        if let Some(usage) = usage {
            tell.usage(usage.usage());
        }
        let said_error = chunk.error.is_some_and(|error| error.get() != "null");
        if let Some(choice) = &chunk.choice {
            self.choice(choice, frame.shape, tell);
        }
        self.sources(chunk.search_results.or(chunk.citations), tell);
        if said_error || &*chunk.object.0 == "error" {
            tell.error(frame.data.as_bytes());
        }
        Ok(ControlFlow::Continue(()))
    }

    fn copy(&self) -> Box<dyn Codec> {
        Box::new(self.clone())
    }
}

impl Answer {
    /// An answer of which nothing has come yet.
    pub fn new(reasoning_key: Option<String>) -> Self {
        Self { reasoning_key, ..Self::default() }
    }

    fn choice(&mut self, choice: &Choice<'_>, shape: Shape, tell: &mut Teller<'_>) {
        let said = match shape {
            Shape::Piece => choice.delta.as_ref().or(choice.message.as_ref()),
            Shape::Whole => choice.message.as_ref().or(choice.delta.as_ref()),
        };
        if let Some(delta) = said {
            self.delta(delta, tell);
        }
        // A reason of "" is none; some servers send one with every chunk.
        if let Some(word) = choice.finish_reason.get() {
            if let Some(fields) = self.kept.take() {
                tell.state(WireFormat::OpenaiChat, fields);
            }
            let finish = FINISH.iter().find(|(known, _)| *known == word).map(|(_, finish)| *finish);
            match finish.unwrap_or(Finish::Reason(FinishReason::Stop)) {
                Finish::Reason(reason) => tell.finish(reason),
                Finish::Broke => tell.fail(Failure::new(
                    ErrorKind::Provider,
                    crate::t!("net-finish-error", reason = word).into_string(),
                )),
            }
        }
    }

    fn delta(&mut self, delta: &Delta<'_>, tell: &mut Teller<'_>) {
        let (first, second) = match self.reasoning_key.as_deref() {
            Some("reasoning") => (&delta.reasoning, &delta.reasoning_content),
            _ => (&delta.reasoning_content, &delta.reasoning),
        };
        // Both may hold the same text: one of them is enough.
        tell.reasoning(if first.get().is_some() { &*first.0 } else { &*second.0 });
        match &delta.content {
            Content::Plain(text) => tell.text(&*text.0),
            Content::Pieces(pieces) => {
                for piece in pieces {
                    thinking(&piece.thinking, tell);
                    tell.text(&*piece.text.0);
                    tell.refusal(&*piece.refusal.0);
                }
            }
        }
        tell.refusal(&*delta.refusal.0);
        for piece in delta.tool_calls.0.iter().flatten() {
            self.call(piece, tell);
        }
        if delta.annotations.is_some() {
            cite(delta.annotations, tell);
        }
        for (name, pieces) in
            [("reasoning_details", delta.reasoning_details), ("thinking_blocks", delta.thinking_blocks)]
        {
            self.kept.add(name, pieces);
        }
    }

    fn sources(&mut self, list: Option<&RawValue>, tell: &mut Teller<'_>) {
        let length = list.map_or(0, |list| list.get().len());
        if length > self.sources {
            self.sources = length;
            cite(list, tell);
        }
    }

    fn call(&mut self, piece: &CallPiece<'_>, tell: &mut Teller<'_>) {
        let id = piece.id.get();
        let name = piece.function.as_ref().and_then(|function| function.name.get());
        let index = self.call_index(piece.index.0, id, name);
        let news = &mut self.calls[index];
        if let Some(id) = id {
            id.clone_into(&mut news.id);
        }
        let arguments = piece.function.as_ref().map(super::json::Function::arguments).unwrap_or_default();
        tell.call(index, id, name, arguments);
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

fn thinking(thinking: &Content<'_>, tell: &mut Teller<'_>) {
    match thinking {
        Content::Plain(text) => tell.reasoning(&*text.0),
        Content::Pieces(pieces) => pieces.iter().for_each(|piece| tell.reasoning(&*piece.text.0)),
    }
}

/// Tells the sources of a list: addresses, or objects that have one, perhaps below the name of their type.
fn cite(list: Option<&RawValue>, tell: &mut Teller<'_>) {
    let list: Vec<Value> = list.and_then(|list| serde_json::from_str(list.get()).ok()).unwrap_or_default();
    for cited in &list {
        let text = |path: &str| cited.pointer(path).and_then(Value::as_str);
        let either = |key: &str| {
            let told = text(&format!("/url_citation/{key}")).or_else(|| text(&format!("/{key}")));
            told.unwrap_or_default().to_owned()
        };
        let url = cited.as_str().map_or_else(|| either("url"), str::to_owned);
        tell.source(Source { url, title: either("title") });
    }
}
