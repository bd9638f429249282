//! What an answer's events mean.

use std::ops::ControlFlow;

use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::json::{Event, Item, Response};
use crate::chat::{ErrorKind, Failure, FinishReason, Media, MediaData, ServerTool, Source};
use crate::config::WireFormat;
use crate::providers::codec::{Codec, Frame, NotUnderstood, Shape, Teller};

/// How an answer's `status` ends it. Others are those of an answer that goes on.
const STATUSES: &[(&str, Status)] = &[
    ("completed", Status::Completed),
    ("incomplete", Status::Incomplete),
    ("failed", Status::Broke),
    ("cancelled", Status::Broke),
];

#[derive(Clone, Copy)]
enum Status {
    Completed,
    Incomplete,
    Broke,
}

/// Tools that run on the provider's side: the item's type, the tool's name, and where the item has what it was asked.
/// An empty name is in the item itself.
const SERVER_TOOLS: &[(&str, &str, &[&str])] = &[
    ("web_search_call", "web_search", &["/action/query", "/action/url", "/action/pattern"]),
    ("file_search_call", "file_search", &["/queries/0"]),
    ("code_interpreter_call", "code_interpreter", &["/code"]),
    ("image_generation_call", "image_generation", &["/revised_prompt"]),
    ("mcp_call", "", &["/arguments"]),
];

/// Items that the provider wants back as they came.
const GIVEN_BACK: &[&str] = &["web_search_call", "file_search_call", "code_interpreter_call", "mcp_call"];

/// How many characters are shown of what a server tool was asked and what it answered.
const SHOWN: usize = 500;

/// What kind of text a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Refusal,
    /// Reasoning, put together by the provider.
    Summary,
    /// Reasoning as the model wrote it.
    Reasoning,
}

/// Where a text stands: the item, and the part within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    kind: Kind,
    item: u64,
    part: u64,
}

/// A text, and how many of its bytes have been told.
#[derive(Clone, Copy, Debug)]
struct Piece {
    place: Place,
    told: usize,
}

/// A call, and how many bytes of its arguments have been told.
#[derive(Clone, Debug)]
struct Call {
    item: u64,
    id: String,
    told: usize,
}

/// An answer that is being read.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    pieces: Vec<Piece>,
    calls: Vec<Call>,
    /// Whether any item has come by itself. Where one has, or a piece of one, the list of all of them at the end
    /// tells nothing new, and servers do not agree on its order.
    has_items: bool,
    /// Where reasoning was told, where nothing else has been since.
    thinking: Option<Place>,
}

impl Codec for Answer {
    fn read(&mut self, frame: Frame<'_>, tell: &mut Teller<'_>) -> Result<ControlFlow<()>, NotUnderstood> {
        match frame.shape {
            Shape::Piece => match serde_json::from_str::<Event<'_>>(frame.data) {
                Ok(event) => return Ok(self.event(&event, frame, tell)),
                // JSON of another shape says nothing to us, and is no reason to lose the rest.
                Err(_) => drop(serde_json::from_str::<IgnoredAny>(frame.data)?),
            },
            Shape::Whole => {
                let raw: &RawValue = serde_json::from_str(frame.data)?;
                let _ = self.end("", raw, tell);
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn copy(&self) -> Box<dyn Codec> {
        Box::new(self.clone())
    }
}

impl Answer {
    fn event(&mut self, event: &Event<'_>, frame: Frame<'_>, tell: &mut Teller<'_>) -> ControlFlow<()> {
        let named = std::str::from_utf8(frame.name).unwrap_or_default();
        let kind = event.kind.get().unwrap_or(named);
        let item = event.output_index.0.unwrap_or_default();
        let at = |kind, part: Option<u64>| Place { kind, item, part: part.unwrap_or_default() };
        let (content, summary) = (event.content_index.0, event.summary_index.0);
        match kind.strip_prefix("response.").unwrap_or(kind) {
            "output_text.delta" => self.more(at(Kind::Text, content), &event.delta.0, tell),
            "output_text.done" => self.rest(at(Kind::Text, content), &event.text.0, tell),
            "refusal.delta" => self.more(at(Kind::Refusal, content), &event.delta.0, tell),
            "refusal.done" => self.rest(at(Kind::Refusal, content), &event.refusal.0, tell),
            "reasoning_summary_text.delta" => self.more(at(Kind::Summary, summary), &event.delta.0, tell),
            "reasoning_summary_text.done" => self.rest(at(Kind::Summary, summary), &event.text.0, tell),
            "reasoning_text.delta" => self.more(at(Kind::Reasoning, content), &event.delta.0, tell),
            "reasoning_text.done" => self.rest(at(Kind::Reasoning, content), &event.text.0, tell),
            "function_call_arguments.delta" | "custom_tool_call_input.delta" => {
                let index = self.call_at(item);
                self.argue(index, &event.delta.0, tell);
            }
            "function_call_arguments.done" => {
                let index = self.call_at(item);
                self.argue_rest(index, &event.arguments.0, tell);
            }
            "output_text.annotation.added" => {
                if let Some(annotation) = value(event.annotation) {
                    cite(Item(&annotation), tell);
                }
            }
            "output_item.added" => self.begin(item, event.item, tell),
            "output_item.done" => {
                if let Some(value) = value(event.item) {
                    self.item(item, Item(&value), tell);
                }
            }
            ended @ ("completed" | "incomplete" | "failed" | "cancelled") => {
                if let Some(response) = event.response {
                    return self.end(ended, response, tell);
                }
                self.close(ended, frame.data.as_bytes(), &Response::default(), tell);
                return ControlFlow::Break(());
            }
            "created" | "in_progress" | "queued" => {
                let response = event.response.map(RawValue::get).unwrap_or_default();
                if let Ok(response) = serde_json::from_str::<Response<'_>>(response) {
                    tell.model(&response.model.0);
                }
            }
            "error" => tell.error(frame.data.as_bytes()),
            _ if event.error.is_some() => tell.error(frame.data.as_bytes()),
            _ => {}
        }
        ControlFlow::Continue(())
    }

    /// More of a text. A part of reasoning that follows another one stands below a blank line.
    fn more(&mut self, place: Place, text: &str, tell: &mut Teller<'_>) {
        if text.is_empty() {
            return;
        }
        let known = self.pieces.iter().rposition(|piece| piece.place == place);
        let at = known.unwrap_or_else(|| {
            self.pieces.push(Piece { place, told: 0 });
            self.pieces.len() - 1
        });
        self.pieces[at].told += text.len();
        match place.kind {
            Kind::Text => tell.text(text),
            Kind::Refusal => tell.refusal(text),
            Kind::Summary | Kind::Reasoning => {
                if self.thinking.is_some_and(|before| before != place) {
                    tell.reasoning("\n\n");
                }
                self.thinking = Some(place);
                tell.reasoning(text);
                return;
            }
        }
        self.thinking = None;
    }

    /// A text as it is in the end: what the pieces left out of it is told.
    fn rest(&mut self, place: Place, whole: &str, tell: &mut Teller<'_>) {
        let told = self.pieces.iter().rfind(|piece| piece.place == place).map_or(0, |piece| piece.told);
        self.more(place, whole.get(told..).unwrap_or_default(), tell);
    }

    /// The last call of an item, which begins where pieces come before the item itself.
    fn call_at(&mut self, item: u64) -> usize {
        let known = self.calls.iter().rposition(|call| call.item == item);
        known.unwrap_or_else(|| {
            self.calls.push(Call { item, id: String::new(), told: 0 });
            self.calls.len() - 1
        })
    }

    fn argue(&mut self, index: usize, arguments: &str, tell: &mut Teller<'_>) {
        if !arguments.is_empty() {
            self.thinking = None;
            self.calls[index].told += arguments.len();
            tell.call(index, None, None, arguments.to_owned());
        }
    }

    fn argue_rest(&mut self, index: usize, whole: &str, tell: &mut Teller<'_>) {
        self.argue(index, whole.get(self.calls[index].told..).unwrap_or_default(), tell);
    }

    /// An item begins: of calls and of tools on the provider's side this tells what runs.
    fn begin(&mut self, index: u64, raw: Option<&RawValue>, tell: &mut Teller<'_>) {
        self.has_items = true;
        let Some(value) = value(raw) else { return };
        let item = Item(&value);
        match item.text("type") {
            "function_call" | "custom_tool_call" => self.call(index, item, tell),
            kind => self.server_tool(kind, item, tell),
        }
    }

    /// An item is complete.
    fn item(&mut self, index: u64, item: Item<'_>, tell: &mut Teller<'_>) {
        self.has_items = true;
        let kind = item.text("type");
        match kind {
            "message" => {
                for (part, content) in (0..).zip(item.list("content")) {
                    let at = |kind| Place { kind, item: index, part };
                    self.rest(at(Kind::Text), content.text("text"), tell);
                    self.rest(at(Kind::Refusal), content.text("refusal"), tell);
                    content.list("annotations").for_each(|annotation| cite(annotation, tell));
                }
            }
            "reasoning" => {
                for (key, kind) in [("summary", Kind::Summary), ("content", Kind::Reasoning)] {
                    for (part, content) in (0..).zip(item.list(key)) {
                        self.rest(Place { kind, item: index, part }, content.text("text"), tell);
                    }
                }
                if let Some(state) = thoughts(item) {
                    tell.state(WireFormat::OpenaiResponses, state);
                }
            }
            "function_call" | "custom_tool_call" => self.call(index, item, tell),
            _ => {
                self.server_tool(kind, item, tell);
                if GIVEN_BACK.contains(&kind) {
                    tell.state(WireFormat::OpenaiResponses, item.0.clone());
                }
            }
        }
    }

    /// A call as its item tells it, at its beginning and at its end. Its own id finds it, because servers that
    /// count items wrongly do not repeat that.
    fn call(&mut self, item_index: u64, item: Item<'_>, tell: &mut Teller<'_>) {
        let id = [item.text("call_id"), item.text("id")].into_iter().find(|id| !id.is_empty());
        let known = self.calls.iter().rposition(|call| {
            id.is_some_and(|id| call.id == id) || call.item == item_index && call.id.is_empty()
        });
        let index = known.unwrap_or_else(|| {
            self.calls.push(Call { item: item_index, id: String::new(), told: 0 });
            self.calls.len() - 1
        });
        let call = &mut self.calls[index];
        if known.is_none() || call.id.is_empty() {
            id.unwrap_or_default().clone_into(&mut call.id);
            self.thinking = None;
            tell.call(index, id, Some(item.text("name")).filter(|name| !name.is_empty()), String::new());
        }
        let arguments = ["arguments", "input"].map(|key| item.json(key)).concat();
        self.argue_rest(index, &arguments, tell);
    }

    fn server_tool(&mut self, kind: &str, item: Item<'_>, tell: &mut Teller<'_>) {
        let Some((_, name, asked)) = SERVER_TOOLS.iter().find(|(known, _, _)| *known == kind) else { return };
        self.thinking = None;
        let asked = asked.iter().find_map(|path| item.0.pointer(path)?.as_str()).unwrap_or_default();
        let logs = item.list("outputs").map(|output| output.text("logs")).collect::<Vec<_>>().concat();
        let said = [item.text("output"), &logs, &item.json("error")].concat();
        tell.server_tool(ServerTool {
            id: item.text("id").to_owned(),
            name: if name.is_empty() { item.text("name") } else { name }.to_owned(),
            input: clip(asked),
            output: clip(&said),
        });
        let image = item.text("result");
        if kind == "image_generation_call" && !image.is_empty() {
            let format = Some(item.text("output_format")).filter(|format| !format.is_empty());
            tell.image(Media {
                mime: format!("image/{}", format.unwrap_or("png")),
                name: String::new(),
                data: MediaData::Base64(image.to_owned()),
            });
        }
    }

    /// The answer as a whole, which is how it ends. `ended` is the event's word for that, where it is an event.
    fn end(&mut self, ended: &str, raw: &RawValue, tell: &mut Teller<'_>) -> ControlFlow<()> {
        let Ok(response) = serde_json::from_str::<Response<'_>>(raw.get()) else {
            return ControlFlow::Continue(());
        };
        tell.model(&response.model.0);
        tell.usage(response.usage());
        if !self.has_items && self.pieces.is_empty() && self.calls.is_empty() {
            for (index, item) in (0..).zip(response.items()) {
                self.item(index, item, tell);
            }
        }
        let is_known = |word: &str| STATUSES.iter().any(|(known, _)| *known == word);
        let word = response.status.get().filter(|word| is_known(word)).unwrap_or(ended);
        self.close(word, raw.get().as_bytes(), &response, tell);
        ControlFlow::Break(())
    }

    /// The word that ends an answer, whose JSON is `body`.
    fn close(&self, word: &str, body: &[u8], response: &Response<'_>, tell: &mut Teller<'_>) {
        let Some((_, status)) = STATUSES.iter().find(|(known, _)| *known == word) else { return };
        match status {
            Status::Completed => tell.finish(FinishReason::Stop),
            Status::Incomplete if response.shortfall() == "content_filter" => {
                tell.finish(FinishReason::ContentFilter);
            }
            Status::Incomplete => tell.finish(FinishReason::Length),
            Status::Broke if response.error.is_some() => tell.error(body),
            Status::Broke => tell.fail(Failure::new(
                ErrorKind::Provider,
                crate::t!("net-finish-error", reason = word).into_string(),
            )),
        }
    }
}

fn value(raw: Option<&RawValue>) -> Option<Value> {
    serde_json::from_str(raw?.get()).ok()
}

/// What a text cites: a page by its address, a file by its name.
fn cite(annotation: Item<'_>, tell: &mut Teller<'_>) {
    let title = ["title", "filename"].map(|key| annotation.text(key));
    let title = title.into_iter().find(|title| !title.is_empty()).unwrap_or_default();
    tell.source(Source { url: annotation.text("url").to_owned(), title: title.to_owned() });
}

/// A reasoning item as it is given back. The provider keeps none, so that one without its content means nothing
/// to it.
fn thoughts(item: Item<'_>) -> Option<Value> {
    let is_told = |key: &str| match item.inner(key).0 {
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        _ => false,
    };
    if !is_told("encrypted_content") && !is_told("content") {
        return None;
    }
    let summary = item.inner("summary").0;
    let mut state = json!({
        "type": "reasoning",
        "id": item.text("id"),
        "summary": if summary.is_array() { summary.clone() } else { json!([]) },
    });
    for key in ["content", "encrypted_content"] {
        if is_told(key) {
            state[key] = item.inner(key).0.clone();
        }
    }
    Some(state)
}

fn clip(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}
