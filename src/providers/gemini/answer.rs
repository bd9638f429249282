//! What an answer's JSON means, piece by piece.

use std::ops::ControlFlow;

use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::json::{Candidate, Chunk, Citations, CodeResult, ExecutableCode, Grounding, Part, Place};
use crate::chat::{ErrorKind, Failure, FinishReason, Media, MediaData, ServerTool, Source};
use crate::config::WireFormat;
use crate::providers::codec::{Codec, Frame, NotUnderstood, Teller, own_call_id};
use crate::providers::openai_chat::json::{Lenient, Text};

/// What ids of our own begin with, for calls that Google gave none.
pub const OWN_ID: &str = "gem";

/// How Google spells the end of an answer. What is not listed is an ordinary stop.
const FINISH: &[(&str, Finish)] = &[
    ("MAX_TOKENS", Finish::Reason(FinishReason::Length)),
    ("SAFETY", Finish::Reason(FinishReason::ContentFilter)),
    ("RECITATION", Finish::Reason(FinishReason::ContentFilter)),
    ("BLOCKLIST", Finish::Reason(FinishReason::ContentFilter)),
    ("PROHIBITED_CONTENT", Finish::Reason(FinishReason::ContentFilter)),
    ("SPII", Finish::Reason(FinishReason::ContentFilter)),
    ("MODEL_ARMOR", Finish::Reason(FinishReason::ContentFilter)),
    ("IMAGE_SAFETY", Finish::Reason(FinishReason::ContentFilter)),
    ("IMAGE_PROHIBITED_CONTENT", Finish::Reason(FinishReason::ContentFilter)),
    ("IMAGE_RECITATION", Finish::Reason(FinishReason::ContentFilter)),
    ("LANGUAGE", Finish::Broke),
    ("OTHER", Finish::Broke),
    ("IMAGE_OTHER", Finish::Broke),
    ("NO_IMAGE", Finish::Broke),
    ("MALFORMED_FUNCTION_CALL", Finish::Broke),
    ("MALFORMED_RESPONSE", Finish::Broke),
    ("UNEXPECTED_TOOL_CALL", Finish::Broke),
    ("TOO_MANY_TOOL_CALLS", Finish::Broke),
    ("MISSING_THOUGHT_SIGNATURE", Finish::Broke),
];

#[derive(Clone, Copy)]
enum Finish {
    Reason(FinishReason),
    Broke,
}

/// The outcome of code that ran as it should.
const OUTCOME_OK: &str = "OUTCOME_OK";

/// An answer that is being read.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// Google's id of the answer; empty until told.
    id: String,
    /// How many calls have come.
    calls: usize,
    /// How many pieces of code have run.
    runs: usize,
}

impl Codec for Answer {
    fn read(&mut self, frame: Frame<'_>, tell: &mut Teller<'_>) -> Result<ControlFlow<()>, NotUnderstood> {
        // What was asked without `alt=sse`, or went through a proxy that lost it, comes as one list.
        if frame.data.trim_start().starts_with('[') {
            self.list(frame.data.trim(), tell)?;
        } else {
            self.chunk(frame.data, tell)?;
        }
        Ok(ControlFlow::Continue(()))
    }

    fn copy(&self) -> Box<dyn Codec> {
        Box::new(self.clone())
    }
}

impl Answer {
    /// Reads a list's elements as far as they are whole, so that one that was cut keeps its text.
    fn list(&mut self, list: &str, tell: &mut Teller<'_>) -> Result<(), NotUnderstood> {
        let mut rest = list.strip_prefix('[').ok_or(NotUnderstood)?;
        loop {
            rest = rest.trim_start_matches(|c: char| c == ',' || c.is_ascii_whitespace());
            if rest == "]" {
                return Ok(());
            }
            let mut elements = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
            let element = elements.next().ok_or(NotUnderstood)??;
            rest = &rest[elements.byte_offset()..];
            self.chunk(element.get(), tell)?;
        }
    }

    fn chunk(&mut self, data: &str, tell: &mut Teller<'_>) -> Result<(), NotUnderstood> {
        let chunk: Chunk<'_> = match serde_json::from_str(data) {
            Ok(chunk) => chunk,
            // JSON of another shape says nothing to us, and is no reason to lose the rest.
            Err(_) => {
                serde_json::from_str::<IgnoredAny>(data)?;
                return Ok(());
            }
        };
        tell.model(&chunk.model_version.0);
        if let Some(id) = chunk.response_id.get() {
            id.clone_into(&mut self.id);
        }
        if let Some(usage) = chunk.usage_metadata.0 {
            tell.usage(usage.usage());
        }
        let first = listed(chunk.candidates).find(|candidate| candidate.index.0.unwrap_or(0) == 0);
        if let Some(candidate) = first {
            self.candidate(candidate, tell);
        }
        if let Some(feedback) = chunk.prompt_feedback.0
            && let Some(reason) = feedback.block_reason.get()
        {
            tell.fail(blocked(reason, &feedback.block_reason_message.0));
        }
        if chunk.error.is_some_and(|error| error.get() != "null") {
            tell.error(data.as_bytes());
        }
        Ok(())
    }

    fn candidate(&mut self, candidate: Candidate<'_>, tell: &mut Teller<'_>) {
        let parts = candidate.content.0.map(|content| content.parts).unwrap_or_default();
        for raw in listed(parts) {
            if let Ok(part) = serde_json::from_str(raw.get()) {
                self.part(part, raw, tell);
            }
        }
        if let Some(grounding) = candidate.grounding_metadata.0 {
            grounded(grounding, tell);
        }
        if let Some(citations) = candidate.citation_metadata.0 {
            cited(citations, tell);
        }
        let Some(word) = candidate.finish_reason.get() else { return };
        let finish = FINISH.iter().find(|(known, _)| *known == word).map(|(_, finish)| *finish);
        match finish.unwrap_or(Finish::Reason(FinishReason::Stop)) {
            Finish::Reason(reason) => tell.finish(reason),
            Finish::Broke => tell.fail(broke(word, &candidate.finish_message.0)),
        }
    }

    fn part(&mut self, part: Part<'_>, raw: &RawValue, tell: &mut Teller<'_>) {
        let is_thought = part.thought.0 == Some(true);
        let says_text = part.text.get().is_some();
        if is_thought {
            // Drafts of an image are thoughts too, and too large to keep.
            tell.reasoning(part.text.0);
        } else {
            tell.text(part.text.0);
        }
        let mut is_known = says_text || is_thought;
        if let Some(call) = part.function_call.0 {
            let own = call.id.get().is_none().then(|| own_call_id(OWN_ID, &self.id, self.calls));
            let id = own.as_deref().or(call.id.get());
            tell.call(self.calls, id, call.name.get(), call.arguments());
            self.calls += 1;
            is_known = true;
        }
        if let Some(image) = part.inline_data.0
            && image.mime_type.0.starts_with("image/")
            && !is_thought
        {
            tell.image(Media {
                mime: image.mime_type.0.into_owned(),
                name: String::new(),
                data: MediaData::Base64(image.data.0.into_owned()),
            });
            is_known = true;
        }
        if let Some(code) = part.executable_code.0 {
            self.ran(code, tell);
        }
        if let Some(result) = part.code_execution_result.0 {
            self.came_to(result, tell);
        }
        let state = match part.thought_signature.get() {
            Some(signature) if is_known => Some(json!({"thoughtSignature": signature})),
            Some(_) => serde_json::from_str(raw.get()).ok(),
            // What is no text, call or image is understood by Google alone.
            None if !is_known => serde_json::from_str(raw.get()).ok().filter(is_more_than_empty_text),
            None => None,
        };
        if let Some(state) = state {
            tell.state(WireFormat::Gemini, state);
        }
    }

    fn ran(&mut self, code: ExecutableCode<'_>, tell: &mut Teller<'_>) {
        self.runs += 1;
        let id = self.run_id(&code.id);
        tell.server_tool(ServerTool {
            id,
            name: CODE_EXECUTION.into(),
            input: code.code.0.into_owned(),
            output: String::new(),
        });
    }

    fn came_to(&mut self, result: CodeResult<'_>, tell: &mut Teller<'_>) {
        let said = result.output.get().or(Some(&*result.outcome.0).filter(|outcome| *outcome != OUTCOME_OK));
        tell.server_tool(ServerTool {
            id: self.run_id(&result.id),
            name: CODE_EXECUTION.into(),
            input: String::new(),
            output: said.unwrap_or_default().to_owned(),
        });
    }

    /// The id of a run: a result without one belongs to the code before it.
    fn run_id(&self, given: &Text<'_>) -> String {
        given.get().map_or_else(|| format!("run-{}", self.runs), str::to_owned)
    }
}

const CODE_EXECUTION: &str = "code_execution";

/// Whether a part says anything at all.
fn is_more_than_empty_text(part: &Value) -> bool {
    part.as_object().is_some_and(|part| part.keys().any(|key| key != "text"))
}

fn listed<T>(list: Lenient<Vec<T>>) -> impl Iterator<Item = T> {
    list.0.into_iter().flatten()
}

fn grounded(grounding: Grounding<'_>, tell: &mut Teller<'_>) {
    let queries: Vec<_> =
        listed(grounding.web_search_queries).map(|query| query.0).filter(|query| !query.is_empty()).collect();
    if !queries.is_empty() {
        tell.server_tool(ServerTool {
            id: "google_search".into(),
            name: "google_search".into(),
            input: queries.join("\n"),
            output: String::new(),
        });
    }
    for chunk in listed(grounding.grounding_chunks) {
        for place in [chunk.web, chunk.retrieved_context, chunk.maps].into_iter().filter_map(|place| place.0)
        {
            tell.source(source(place));
        }
    }
}

fn cited(citations: Citations<'_>, tell: &mut Teller<'_>) {
    for place in listed(citations.citation_sources).chain(listed(citations.citations)) {
        tell.source(source(place));
    }
}

fn source(place: Place<'_>) -> Source {
    let title = if place.title.get().is_some() { place.title } else { place.file_search_store };
    Source { url: place.uri.0.into_owned(), title: title.0.into_owned() }
}

/// The prompt was not let through: there is no answer, and the status says that all is well.
fn blocked(reason: &str, words: &str) -> Failure {
    let said = crate::t!("net-prompt-blocked", reason = reason).into_string();
    Failure::new(ErrorKind::ContentFilter, with_words(said, words))
}

fn broke(reason: &str, words: &str) -> Failure {
    let said = crate::t!("net-finish-error", reason = reason).into_string();
    Failure::new(ErrorKind::Provider, with_words(said, words))
}

/// Our sentence, and the provider's after it.
fn with_words(said: String, words: &str) -> String {
    if words.is_empty() { said } else { format!("{said} {words}") }
}
