//! What an answer's lines mean.

use std::ops::ControlFlow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::chat::{FinishReason, Usage};
use crate::providers::codec::{Codec, Frame, NotUnderstood, Teller, own_call_id};
use crate::providers::openai_chat::json::{CallPiece, Count, Function, Lenient, Text};

/// How Ollama spells the end of an answer. What is not listed is an ordinary stop; `load` and `unload` are the
/// whole answer to a request without messages.
const FINISH: &[(&str, FinishReason)] = &[("length", FinishReason::Length)];

/// What ids of our own begin with, for calls that an older Ollama gave none.
const OWN_ID: &str = "ollama";

/// A line, or a whole answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Line<'a> {
    #[serde(borrow)]
    model: Text<'a>,
    #[serde(borrow)]
    created_at: Text<'a>,
    #[serde(borrow)]
    message: Lenient<Message<'a>>,
    done: Lenient<bool>,
    #[serde(borrow)]
    done_reason: Text<'a>,
    prompt_eval_count: Count,
    eval_count: Count,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

impl Line<'_> {
    /// Whether it has nothing that every line of an answer has.
    fn is_of_another_kind(&self) -> bool {
        self.message.0.is_none()
            && self.done.0.is_none()
            && self.model.get().is_none()
            && self.error.is_none()
    }
}

/// What is said.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Message<'a> {
    #[serde(borrow)]
    content: Text<'a>,
    #[serde(borrow)]
    thinking: Text<'a>,
    #[serde(borrow)]
    tool_calls: Lenient<Vec<CallPiece<'a>>>,
}

/// An answer that is being read.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// A line has come. Only the first one tells whether this is an answer at all.
    has_begun: bool,
    /// When its first call was made: what tells it from other answers.
    time: String,
    /// How many calls have come.
    calls: usize,
}

impl Codec for Answer {
    fn read(&mut self, frame: Frame<'_>, tell: &mut Teller<'_>) -> Result<ControlFlow<()>, NotUnderstood> {
        let line: Line<'_> = match serde_json::from_str(frame.data) {
            Ok(line) => line,
            // JSON of another shape says nothing to us, and is no reason to lose the rest.
            Err(_) => {
                serde_json::from_str::<IgnoredAny>(frame.data)?;
                return Ok(ControlFlow::Continue(()));
            }
        };
        if !self.has_begun && line.is_of_another_kind() {
            return Err(NotUnderstood);
        }
        self.has_begun = true;
        tell.model(&line.model.0);
        if let Some(message) = line.message.0 {
            tell.reasoning(message.thinking.0);
            tell.text(message.content.0);
            for call in message.tool_calls.0.into_iter().flatten() {
                self.call(&call, &line.created_at.0, tell);
            }
        }
        if line.error.is_some_and(|error| error.get() != "null") {
            tell.error(frame.data.as_bytes());
            return Ok(ControlFlow::Break(()));
        }
        if line.done.0 != Some(true) {
            return Ok(ControlFlow::Continue(()));
        }
        tell.usage(Usage {
            tokens_in: line.prompt_eval_count.0,
            tokens_out: line.eval_count.0,
            ..Usage::default()
        });
        let reason = FINISH.iter().find(|(word, _)| *word == line.done_reason.0).map(|(_, reason)| *reason);
        tell.finish(reason.unwrap_or(FinishReason::Stop));
        Ok(ControlFlow::Break(()))
    }

    fn copy(&self) -> Box<dyn Codec> {
        Box::new(self.clone())
    }
}

impl Answer {
    /// A call, which always comes whole.
    fn call(&mut self, call: &CallPiece<'_>, time: &str, tell: &mut Teller<'_>) {
        if self.time.is_empty() {
            time.clone_into(&mut self.time);
        }
        let own = call.id.get().is_none().then(|| own_call_id(OWN_ID, &self.time, self.calls));
        let name = call.function.as_ref().and_then(|function| function.name.get());
        let arguments = call.function.as_ref().map(Function::arguments).filter(|told| !told.is_empty());
        let id = own.as_deref().or(call.id.get());
        tell.call(self.calls, id, name, arguments.unwrap_or_else(|| "{}".to_owned()));
        self.calls += 1;
    }
}
