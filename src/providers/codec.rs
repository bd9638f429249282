//! What reads the frames of an answer, and what every reader keeps of it.
//!
//! A [`Codec`] knows one provider's JSON and nothing else. What it understands it tells through a [`Teller`],
//! which keeps the few facts that decide how the answer ended; so the rules about ends, empty text and
//! repeated model names stand here once, and not in every format.

use std::ops::ControlFlow;

use serde_json::Value;

use super::errors::Head;
use crate::chat::{
    Failure, FinishReason, Media, ModelId, ProviderState, ServerTool, Source, StreamEvent, Usage,
};
use crate::config::WireFormat;

/// Whether JSON is a piece of an answer or all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A piece of a stream.
    Piece,
    /// An answer that was not streamed.
    Whole,
}

/// One unit of an answer, out of its framing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// The event's name, where the framing has names; else empty.
    pub name: &'a [u8],
    /// The data: JSON, as a rule.
    pub data: &'a str,
    /// A piece or all.
    pub shape: Shape,
}

/// The frame is not what the format answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotUnderstood;

impl From<serde_json::Error> for NotUnderstood {
    fn from(_: serde_json::Error) -> Self {
        Self
    }
}

/// Reads the frames of one answer.
pub trait Codec: std::fmt::Debug + Send {
    /// Reads one frame. `Break` where the format's own end has come and nothing after it is worth waiting for.
    ///
    /// # Errors
    /// Where the frame is not of this format at all. JSON that says nothing to us is no error.
    fn read(&mut self, frame: Frame<'_>, tell: &mut Teller<'_>) -> Result<ControlFlow<()>, NotUnderstood>;

    /// The answer's bytes have ended as its framing says they should.
    fn finish(&mut self, _tell: &mut Teller<'_>) {}

    /// The body of an error answer as the JSON that errors usually are, where the format knows better than
    /// the common table where the words are.
    fn error(&self, _body: &[u8]) -> Option<Vec<u8>> {
        None
    }

    /// What has to be sent back for the answer to go on, where it ended in a pause that the provider made. Its
    /// shape is the format's own; the same codec then reads the answer to that.
    fn paused(&self) -> Option<Value> {
        None
    }

    /// A copy, at the same place of the answer.
    fn copy(&self) -> Box<dyn Codec>;
}

/// An id for the call at `index` of an answer whose provider gave it none: its maker's mark, and the answer's own
/// id, so that no two calls of a branch have the same. It holds nothing that any provider refuses in an id.
pub fn own_call_id(mark: &str, answer: &str, index: usize) -> String {
    let answer: String = answer.chars().filter(char::is_ascii_alphanumeric).collect();
    let tail = &answer[answer.len().saturating_sub(24)..];
    format!("{mark}_{tail}_{index}")
}

/// Whether an id was made by [`own_call_id`] with this mark.
pub fn is_own_call_id(mark: &str, id: &str) -> bool {
    id.strip_prefix(mark).is_some_and(|rest| rest.starts_with('_'))
}

/// What is known of how an answer goes.
#[derive(Clone, Debug, Default)]
pub struct Told {
    has_content: bool,
    has_refusal: bool,
    has_calls: bool,
    finish: Option<FinishReason>,
    failure: Option<Failure>,
    model: Option<String>,
}

impl Told {
    /// Whether any content has come.
    pub fn has_content(&self) -> bool {
        self.has_content
    }

    /// Why the answer ended, once a reason came. One that stops with calls wants them called, and one that
    /// stops with a refusal has declined, whatever the provider's word for it.
    pub fn finish(&self) -> Option<FinishReason> {
        self.finish.map(|reason| match reason {
            FinishReason::Stop if self.has_calls => FinishReason::ToolCalls,
            FinishReason::Stop if self.has_refusal => FinishReason::Refusal,
            other => other,
        })
    }

    /// What went wrong, before or after a finish reason.
    pub fn take_failure(&mut self) -> Option<Failure> {
        self.failure.take()
    }

    /// The answer has ended well, also where no reason was given.
    pub fn done(&mut self) {
        self.finish.get_or_insert(FinishReason::Stop);
    }

    /// The end was none: the provider paused, and goes on.
    pub fn reopen(&mut self) {
        self.finish = None;
    }

    /// The answer is broken. What was said first stays.
    pub fn fail(&mut self, failure: Failure) {
        self.failure.get_or_insert(failure);
    }
}

/// Takes what a codec understood.
#[derive(Debug)]
pub struct Teller<'a> {
    /// What is known of how the answer goes.
    pub told: &'a mut Told,
    /// The answer's head: where failures get their status and their next step from.
    pub head: &'a Head,
    /// Where the events go.
    pub events: &'a mut Vec<StreamEvent>,
}

impl Teller<'_> {
    /// More text.
    pub fn text(&mut self, text: impl Into<String>) {
        self.say(text.into(), StreamEvent::Text);
    }

    /// More reasoning.
    pub fn reasoning(&mut self, text: impl Into<String>) {
        self.say(text.into(), StreamEvent::Reasoning);
    }

    /// More of a refusal.
    pub fn refusal(&mut self, text: impl Into<String>) {
        let text = text.into();
        self.told.has_refusal |= !text.is_empty();
        self.say(text, StreamEvent::Refusal);
    }

    fn say(&mut self, text: String, event: fn(String) -> StreamEvent) {
        if !text.is_empty() {
            self.told.has_content = true;
            self.events.push(event(text));
        }
    }

    /// A piece of the tool call at `index`, counted from 0 without gaps.
    pub fn call(&mut self, index: usize, id: Option<&str>, name: Option<&str>, arguments: String) {
        self.told.has_content = true;
        self.told.has_calls = true;
        self.events.push(StreamEvent::ToolCall {
            index,
            id: id.map(str::to_owned),
            name: name.map(str::to_owned),
            arguments,
        });
    }

    /// Token counts; the last ones told stand.
    pub fn usage(&mut self, usage: Usage) {
        if usage.is_known() {
            self.events.push(StreamEvent::Usage(usage));
        }
    }

    /// The model that the provider says it serves.
    pub fn model(&mut self, model: &str) {
        if !model.is_empty() && self.told.model.as_deref() != Some(model) {
            self.told.model = Some(model.to_owned());
            self.events.push(StreamEvent::ModelServed(ModelId::from(model)));
        }
    }

    /// The text so far cites this.
    pub fn source(&mut self, source: Source) {
        if !source.url.is_empty() || !source.title.is_empty() {
            self.events.push(StreamEvent::Source(source));
        }
    }

    /// A tool runs, or ran, on the provider's side.
    pub fn server_tool(&mut self, tool: ServerTool) {
        self.told.has_content = true;
        self.events.push(StreamEvent::ServerTool(tool));
    }

    /// The model made an image.
    pub fn image(&mut self, image: Media) {
        self.told.has_content = true;
        self.events.push(StreamEvent::Image(image));
    }

    /// What has to be given back as it came, with what was said before it.
    pub fn state(&mut self, wire: WireFormat, value: Value) {
        self.events.push(StreamEvent::State(ProviderState { wire: wire.name().to_owned(), value }));
    }

    /// The provider's reason for the end. A later one replaces it.
    pub fn finish(&mut self, reason: FinishReason) {
        self.told.finish = Some(reason);
    }

    /// The answer is broken, in our words: they get the head's status and a next step.
    pub fn fail(&mut self, failure: Failure) {
        self.told.fail(self.head.give(failure));
    }

    /// The provider said what went wrong, in JSON. It replaces what was guessed before.
    pub fn error(&mut self, body: &[u8]) {
        self.told.failure = Some(self.head.failure(body));
    }
}
