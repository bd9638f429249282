//! What an answer's JSON means, event by event.
//!
//! Bedrock relays the models of many makers, so everything is looked up and nothing is demanded: a field that is
//! absent or of another type says nothing, and costs no text beside it.

use std::ops::ControlFlow;

use serde_json::{Value, json};

use crate::chat::{ErrorKind, Failure, FinishReason, Media, MediaData, ServerTool, Source, Usage};
use crate::config::WireFormat;
use crate::providers::codec::{Codec, Frame, NotUnderstood, Shape, Teller};

/// How Bedrock spells the end of an answer. What is not listed is an ordinary stop.
const FINISH: &[(&str, Finish)] = &[
    ("max_tokens", Finish::Reason(FinishReason::Length)),
    ("model_context_window_exceeded", Finish::Reason(FinishReason::Length)),
    ("tool_use", Finish::Reason(FinishReason::ToolCalls)),
    ("content_filtered", Finish::Reason(FinishReason::ContentFilter)),
    ("guardrail_intervened", Finish::Reason(FinishReason::ContentFilter)),
    ("malformed_model_output", Finish::Broke),
    ("malformed_tool_use", Finish::Broke),
];

#[derive(Clone, Copy)]
enum Finish {
    Reason(FinishReason),
    Broke,
}

/// A block of which more is to come than its deltas tell.
#[derive(Clone, Debug)]
struct Block {
    /// Bedrock's index of it; blocks may overlap.
    index: u64,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    /// A call, by its place among the answer's calls.
    Call(usize),
    /// A tool of Bedrock's own, and what it is asked so far.
    ServerTool(ServerTool),
    /// A thought's signature, as far as it has come.
    Signature(String),
}

/// An answer that is being read.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    calls: usize,
    open: Vec<Block>,
    has_stopped: bool,
}

impl Codec for Answer {
    fn read(&mut self, frame: Frame<'_>, tell: &mut Teller<'_>) -> Result<ControlFlow<()>, NotUnderstood> {
        let said: Value = serde_json::from_str(frame.data)?;
        if frame.shape == Shape::Whole {
            self.whole(&said, tell);
            return Ok(ControlFlow::Continue(()));
        }
        let index = said["contentBlockIndex"].as_u64().unwrap_or_default();
        match frame.name {
            b"contentBlockStart" => {
                if let Some(tool) = said.pointer("/start/toolUse") {
                    self.tool(index, tool, tell);
                }
            }
            b"contentBlockDelta" => self.delta(index, said, tell),
            b"contentBlockStop" => self.stop(index, tell),
            b"messageStop" => {
                self.has_stopped = true;
                self.open.drain(..).for_each(|block| close(block.what, tell));
                finish(&said, tell);
            }
            b"metadata" => {
                usage(&said, tell);
                // Usage comes after the end, and nothing after usage.
                if self.has_stopped {
                    return Ok(ControlFlow::Break(()));
                }
            }
            _ => {}
        }
        Ok(ControlFlow::Continue(()))
    }

    fn copy(&self) -> Box<dyn Codec> {
        Box::new(self.clone())
    }
}

impl Answer {
    fn whole(&mut self, said: &Value, tell: &mut Teller<'_>) {
        for block in said.pointer("/output/message/content").and_then(Value::as_array).into_iter().flatten() {
            self.block(block, tell);
        }
        if said.get("stopReason").is_some() {
            finish(said, tell);
        }
        usage(said, tell);
    }

    /// A whole block.
    fn block(&mut self, block: &Value, tell: &mut Teller<'_>) {
        tell.text(text(block, "/text"));
        tell.reasoning(text(block, "/reasoningContent/reasoningText/text"));
        if let Some(signature) = block.pointer("/reasoningContent/reasoningText/signature") {
            tell.state(WireFormat::Bedrock, json!({"signature": signature}));
        }
        redacted(&block["reasoningContent"], tell);
        if let Some(tool) = block.get("toolUse") {
            self.tool(0, tool, tell);
            match self.open.pop().map(|block| block.what) {
                Some(What::Call(call)) => tell.call(call, None, None, tool["input"].to_string()),
                Some(What::ServerTool(asked)) => {
                    tell.server_tool(ServerTool { input: tool["input"].to_string(), ..asked });
                }
                Some(What::Signature(_)) | None => {}
            }
        }
        let cited = &block["citationsContent"];
        for said in cited["content"].as_array().into_iter().flatten() {
            tell.text(text(said, "/text"));
        }
        for citation in cited["citations"].as_array().into_iter().flatten() {
            source(citation, tell);
        }
        if let Some(bytes) = block.pointer("/image/source/bytes").and_then(Value::as_str) {
            let format = block.pointer("/image/format").and_then(Value::as_str).unwrap_or("png");
            tell.image(Media {
                mime: format!("image/{format}"),
                name: String::new(),
                data: MediaData::Base64(bytes.to_owned()),
            });
        }
    }

    /// A tool is asked for: one of ours, or one that Bedrock runs itself.
    fn tool(&mut self, index: u64, tool: &Value, tell: &mut Teller<'_>) {
        let field = |name: &str| tool[name].as_str().unwrap_or_default();
        let (id, name) = (field("toolUseId"), field("name"));
        let what = if field("type") == "server_tool_use" {
            let asked = ServerTool {
                id: id.to_owned(),
                name: name.to_owned(),
                input: String::new(),
                output: String::new(),
            };
            tell.server_tool(asked.clone());
            What::ServerTool(asked)
        } else {
            let call = self.calls;
            self.calls += 1;
            tell.call(call, Some(id), Some(name), String::new());
            What::Call(call)
        };
        self.open.retain(|block| block.index != index);
        self.open.push(Block { index, what });
    }

    fn delta(&mut self, index: u64, mut said: Value, tell: &mut Teller<'_>) {
        // Taken by path: to write into what is no object would be a panic.
        tell.text(take(&mut said, "/delta/text"));
        tell.reasoning(take(&mut said, "/delta/reasoningContent/text"));
        let delta = &said["delta"];
        redacted(&delta["reasoningContent"], tell);
        source(&delta["citation"], tell);
        let signature = take(&mut said, "/delta/reasoningContent/signature");
        if !signature.is_empty() {
            match self.open(index) {
                Some(What::Signature(so_far)) => so_far.push_str(&signature),
                _ => self.open.push(Block { index, what: What::Signature(signature) }),
            }
        }
        let input = take(&mut said, "/delta/toolUse/input");
        match self.open(index) {
            Some(What::Call(call)) if !input.is_empty() => tell.call(*call, None, None, input),
            Some(What::ServerTool(asked)) => asked.input.push_str(&input),
            Some(What::Call(_) | What::Signature(_)) | None => {}
        }
    }

    fn stop(&mut self, index: u64, tell: &mut Teller<'_>) {
        if let Some(at) = self.open.iter().position(|block| block.index == index) {
            close(self.open.remove(at).what, tell);
        }
    }

    fn open(&mut self, index: u64) -> Option<&mut What> {
        self.open.iter_mut().find(|block| block.index == index).map(|block| &mut block.what)
    }
}

/// What a block's end tells.
fn close(what: What, tell: &mut Teller<'_>) {
    match what {
        What::Call(_) => {}
        What::ServerTool(asked) => tell.server_tool(asked),
        What::Signature(signature) => tell.state(WireFormat::Bedrock, json!({"signature": signature})),
    }
}

fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

/// The text at a path, taken out; empty where there is none.
fn take(value: &mut Value, path: &str) -> String {
    match value.pointer_mut(path).map(Value::take) {
        Some(Value::String(text)) => text,
        Some(_) | None => String::new(),
    }
}

/// A thought that only the model can read.
fn redacted(reasoning: &Value, tell: &mut Teller<'_>) {
    if let Some(data) = reasoning.get("redactedContent") {
        tell.state(WireFormat::Bedrock, json!({"redactedContent": data}));
    }
}

fn source(citation: &Value, tell: &mut Teller<'_>) {
    tell.source(Source {
        url: text(citation, "/location/web/url").to_owned(),
        title: text(citation, "/title").to_owned(),
    });
}

fn finish(said: &Value, tell: &mut Teller<'_>) {
    let word = said["stopReason"].as_str().unwrap_or_default();
    let known = FINISH.iter().find(|(known, _)| *known == word).map(|(_, finish)| *finish);
    match known.unwrap_or(Finish::Reason(FinishReason::Stop)) {
        Finish::Reason(reason) => tell.finish(reason),
        Finish::Broke => tell.fail(Failure::new(
            ErrorKind::Provider,
            crate::t!("net-finish-error", reason = word).into_string(),
        )),
    }
}

/// Bedrock counts what was cached apart from its input.
fn usage(said: &Value, tell: &mut Teller<'_>) {
    let count = |name: &str| said["usage"][name].as_u64();
    let (cached_in, cache_write) = (count("cacheReadInputTokens"), count("cacheWriteInputTokens"));
    let kept_1h = said["usage"]["cacheDetails"].as_array().and_then(|details| {
        let detail = details.iter().find(|detail| detail["ttl"] == "1h")?;
        detail["inputTokens"].as_u64()
    });
    tell.usage(Usage {
        tokens_in: count("inputTokens").map(|input| {
            input.saturating_add(cached_in.unwrap_or(0)).saturating_add(cache_write.unwrap_or(0))
        }),
        tokens_out: count("outputTokens"),
        cached_in,
        cache_write,
        cache_write_1h: kept_1h,
        reasoning_out: None,
        told_cost: None,
        estimated: false,
    });
}
