//! What a model says while it answers, in the field's words, and the folding of it into an answer.
//!
//! Codecs turn bytes into [`StreamEvent`]s and one [`End`]; everything that shows, stores or counts an
//! answer folds the same events with [`Answer`], so that a screen, a file and a JSON object cannot disagree.

use serde::{Deserialize, Serialize};

use super::{Failure, Media, ModelId, Part, ProviderState, ServerTool, Source, Status, ToolCall, Usage};

/// Why an answer ended, in the names of contracts section 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinishReason {
    /// The model was done.
    Stop,
    /// The length limit was reached.
    Length,
    /// The model wants functions called.
    ToolCalls,
    /// A filter ended it.
    ContentFilter,
    /// The model declined.
    Refusal,
    /// The person stopped it.
    Cancelled,
    /// It failed.
    Error,
    /// The stream ended without its end.
    Cut,
}

impl FinishReason {
    /// The name used in JSON and in the log.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::ToolCalls => "tool_calls",
            Self::ContentFilter => "content_filter",
            Self::Refusal => "refusal",
            Self::Cancelled => "cancelled",
            Self::Error => "error",
            Self::Cut => "cut",
        }
    }
}

/// One thing a provider said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamEvent {
    /// The model id the provider says it serves.
    ModelServed(ModelId),
    /// More text.
    Text(String),
    /// More reasoning.
    Reasoning(String),
    /// More of a refusal.
    Refusal(String),
    /// A piece of a tool call. `index` is ours: the position of the call in the answer, from 0, dense.
    ToolCall {
        /// Which call of the answer.
        index: usize,
        /// The call's id, where this piece tells it.
        id: Option<String>,
        /// The function's name, where this piece tells it.
        name: Option<String>,
        /// More of the arguments' JSON text.
        arguments: String,
    },
    /// Token counts; the last one wins, they never add up.
    Usage(Usage),
    /// The text so far cites this.
    Source(Source),
    /// A tool runs, or ran, on the provider's side. The same id again adds what was not told before.
    ServerTool(ServerTool),
    /// The model made an image.
    Image(Media),
    /// What only the provider understands; belongs to what was said before it.
    State(ProviderState),
}

impl StreamEvent {
    /// Whether this is content: what ends the time to first token, and what forbids a silent retry.
    pub fn is_content(&self) -> bool {
        match self {
            Self::Text(text) | Self::Reasoning(text) | Self::Refusal(text) => !text.is_empty(),
            Self::ToolCall { .. } | Self::ServerTool(_) | Self::Image(_) => true,
            Self::ModelServed(_) | Self::Usage(_) | Self::Source(_) | Self::State(_) => false,
        }
    }
}

/// How a stream ended: exactly one of these, always.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The format's own end came. The reason is one of Stop, Length, ToolCalls, ContentFilter, Refusal.
    Finished(FinishReason),
    /// The provider, the network or this program failed.
    Failed(Failure),
    /// The person stopped it.
    Cancelled,
    /// The bytes ended after content and without the format's own end.
    Cut(Failure),
}

impl End {
    /// The finish reason that JSON and the log tell.
    pub fn finish_reason(&self) -> FinishReason {
        match self {
            Self::Finished(reason) => *reason,
            Self::Failed(_) => FinishReason::Error,
            Self::Cancelled => FinishReason::Cancelled,
            Self::Cut(_) => FinishReason::Cut,
        }
    }

    /// The status of a message whose answer ended so.
    pub fn status(&self) -> Status {
        match self {
            Self::Finished(_) => Status::Complete,
            Self::Failed(_) => Status::Failed,
            Self::Cancelled => Status::Cancelled,
            Self::Cut(_) => Status::Cut,
        }
    }

    /// What went wrong, if anything did.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Failed(failure) | Self::Cut(failure) => Some(failure),
            Self::Finished(_) | Self::Cancelled => None,
        }
    }
}

/// The last part that is more than a remark on the one before it: what further text may join.
pub fn last_said(parts: &mut [Part]) -> Option<&mut Part> {
    parts.iter_mut().rev().find(|part| !matches!(part, Part::Source(_) | Part::State(_)))
}

/// An answer, folded from its events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// What was said so far.
    pub parts: Vec<Part>,
    /// The last token counts told.
    pub usage: Usage,
    /// The model id the provider says it serves.
    pub model_served: Option<ModelId>,
}

impl Answer {
    /// Adds one event. Text joins the last part of its kind, over what the text cites and what only the
    /// provider understands; a tool call's pieces join by index, a server tool's by id.
    pub fn apply(&mut self, event: &StreamEvent) {
        match event {
            StreamEvent::ModelServed(model) => self.model_served = Some(model.clone()),
            StreamEvent::Usage(usage) => self.usage = *usage,
            StreamEvent::Text(more) => match last_said(&mut self.parts) {
                Some(Part::Text { text }) => text.push_str(more),
                _ => self.push_unless_empty(more, |text| Part::Text { text }),
            },
            StreamEvent::Reasoning(more) => match self.parts.last_mut() {
                Some(Part::Reasoning { text }) => text.push_str(more),
                _ => self.push_unless_empty(more, |text| Part::Reasoning { text }),
            },
            StreamEvent::Refusal(more) => match self.parts.last_mut() {
                Some(Part::Refusal { text }) => text.push_str(more),
                _ => self.push_unless_empty(more, |text| Part::Refusal { text }),
            },
            StreamEvent::ToolCall { index, id, name, arguments } => {
                let call = self.call_mut(*index);
                if let Some(id) = id {
                    call.id.clone_from(id);
                }
                if let Some(name) = name {
                    call.name.clone_from(name);
                }
                call.arguments.push_str(arguments);
            }
            StreamEvent::Source(source) => {
                let part = Part::Source(source.clone());
                if !self.parts.contains(&part) {
                    self.parts.push(part);
                }
            }
            StreamEvent::ServerTool(tool) => self.server_tool(tool),
            StreamEvent::Image(image) => self.parts.push(Part::Image(image.clone())),
            StreamEvent::State(state) => self.parts.push(Part::State(state.clone())),
        }
    }

    fn server_tool(&mut self, news: &ServerTool) {
        let known = self.parts.iter_mut().rev().find_map(|part| match part {
            Part::ServerTool(tool) if !news.id.is_empty() && tool.id == news.id => Some(tool),
            _ => None,
        });
        let Some(tool) = known else {
            self.parts.push(Part::ServerTool(news.clone()));
            return;
        };
        for (old, new) in
            [(&mut tool.name, &news.name), (&mut tool.input, &news.input), (&mut tool.output, &news.output)]
        {
            if !new.is_empty() {
                old.clone_from(new);
            }
        }
    }

    fn push_unless_empty(&mut self, text: &str, part: impl FnOnce(String) -> Part) {
        if !text.is_empty() {
            self.parts.push(part(text.to_owned()));
        }
    }

    fn call_mut(&mut self, index: usize) -> &mut ToolCall {
        let at = self
            .parts
            .iter()
            .enumerate()
            .filter(|(_, part)| matches!(part, Part::ToolCall(_)))
            .map(|(at, _)| at)
            .nth(index)
            .unwrap_or_else(|| {
                self.parts.push(Part::ToolCall(ToolCall {
                    id: String::new(),
                    name: String::new(),
                    arguments: String::new(),
                }));
                self.parts.len() - 1
            });
        let Part::ToolCall(call) = &mut self.parts[at] else {
            unreachable!("`at` was found or pushed as a tool call")
        };
        call
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fold(events: &[StreamEvent]) -> Answer {
        let mut answer = Answer::default();
        for event in events {
            answer.apply(event);
        }
        answer
    }

    fn call(index: usize, id: Option<&str>, name: Option<&str>, arguments: &str) -> StreamEvent {
        StreamEvent::ToolCall {
            index,
            id: id.map(str::to_owned),
            name: name.map(str::to_owned),
            arguments: arguments.to_owned(),
        }
    }

    #[test]
    fn text_joins_text_and_reasoning_stays_before_it() {
        let answer = fold(&[
            StreamEvent::Reasoning("think".into()),
            StreamEvent::Text(String::new()),
            StreamEvent::Reasoning("ing".into()),
            StreamEvent::Text("Hel".into()),
            StreamEvent::Text("lo".into()),
        ]);
        assert_eq!(
            answer.parts,
            [Part::Reasoning { text: "thinking".into() }, Part::Text { text: "Hello".into() }]
        );
    }

    #[test]
    fn interleaved_pieces_of_two_calls_join_by_index() {
        let answer = fold(&[
            call(0, Some("a"), Some("f"), ""),
            call(1, Some("b"), Some("g"), "{\"x\""),
            call(0, None, None, "{}"),
            call(1, None, None, ":1}"),
        ]);
        assert_eq!(
            answer.parts,
            [
                Part::ToolCall(ToolCall { id: "a".into(), name: "f".into(), arguments: "{}".into() }),
                Part::ToolCall(ToolCall { id: "b".into(), name: "g".into(), arguments: "{\"x\":1}".into() }),
            ]
        );
    }

    #[test]
    fn what_a_text_cites_stands_after_it_once_and_does_not_part_it() {
        let source = Source { url: "https://x.test".into(), title: "X".into() };
        let state = ProviderState { wire: "gemini".into(), value: serde_json::json!("sig") };
        let answer = fold(&[
            StreamEvent::Text("Wat".into()),
            StreamEvent::Source(source.clone()),
            StreamEvent::State(state.clone()),
            StreamEvent::Text("er".into()),
            StreamEvent::Source(source.clone()),
        ]);
        assert_eq!(
            answer.parts,
            [Part::Text { text: "Water".into() }, Part::Source(source), Part::State(state)]
        );
    }

    #[test]
    fn a_server_tool_is_one_part_from_its_question_to_its_answer() {
        let tool = |input: &str, output: &str| ServerTool {
            id: "srv_1".into(),
            name: "web_search".into(),
            input: input.into(),
            output: output.into(),
        };
        let answer = fold(&[
            StreamEvent::ServerTool(tool("", "")),
            StreamEvent::ServerTool(tool("rust", "")),
            StreamEvent::Text("a".into()),
            StreamEvent::ServerTool(tool("", "3 results")),
        ]);
        assert_eq!(
            answer.parts,
            [Part::ServerTool(tool("rust", "3 results")), Part::Text { text: "a".into() }]
        );
    }

    #[test]
    fn usage_replaces_and_never_adds() {
        let usage = |n| Usage { tokens_in: Some(n), ..Usage::default() };
        assert_eq!(fold(&[StreamEvent::Usage(usage(3)), StreamEvent::Usage(usage(5))]).usage, usage(5));
    }
}
