//! What an answer means, as the selectors say.
//!
//! Every selector is asked of every piece, and says nothing by giving nothing or null. What it gives has to be
//! of the right kind: a list where a text should be is a slip in the configuration, which is told at once
//! instead of being shown as an answer.

use std::ops::ControlFlow;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{failed, shortened, wrong};
use crate::chat::{EndpointName, ErrorKind, Failure, FinishReason, Usage};
use crate::config::adapter::{Adapter, Framing, Selector, Selectors};
use crate::config::expression::Input;
use crate::config::{Endpoint, Expression};
use crate::providers::codec::{Codec, Frame, NotUnderstood, Shape, Teller};
use crate::providers::errors::redacted;
use crate::text::Safe;

/// An answer that is being read.
#[derive(Clone, Debug)]
pub struct Answer {
    endpoint: EndpointName,
    adapter: Arc<Adapter>,
    /// The ids of the calls so far, and the numbers that the service gives them.
    calls: Vec<Call>,
    usage: Usage,
    /// Whether any selector of content gave anything, an empty text included.
    said: bool,
    /// A failure was told; the first one stands.
    failed: bool,
    /// The first piece that no selector of content found anything in, and the one that should have: what is told
    /// where none ever does.
    silent: Option<(Expression, String)>,
}

/// One call as it is put together.
#[derive(Clone, Debug, Default)]
struct Call {
    index: Option<u64>,
    id: String,
}

impl Codec for Answer {
    fn read(&mut self, frame: Frame<'_>, tell: &mut Teller<'_>) -> Result<ControlFlow<()>, NotUnderstood> {
        let adapter = Arc::clone(&self.adapter);
        let Some(input) = Input::json(frame.data) else {
            return self.plain(&adapter, frame, tell);
        };
        let reads_all = frame.shape == Shape::Whole || self.is_all(&adapter, &input);
        let selectors = match (reads_all, adapter.stream.is_empty(), adapter.response.is_empty()) {
            (true, _, false) | (false, true, _) => &adapter.response,
            (true, _, true) | (false, false, _) => &adapter.stream,
        };
        let flow = match self.select(selectors, &input, frame.data, tell) {
            Ok(flow) => flow,
            Err(failure) => {
                self.fail(failure, tell);
                ControlFlow::Break(())
            }
        };
        if !self.said {
            let text = selectors.iter().find(|(selector, _)| *selector == Selector::Text);
            let shown = || shortened(&redacted(frame.data, tell.head.secret()));
            self.silent = self.silent.take().or_else(|| Some((text?.1.clone(), shown())));
        }
        if frame.shape == Shape::Whole {
            self.finish(tell);
        }
        Ok(flow)
    }

    /// Says which selector is to blame where an answer that ended well holds nothing at all.
    fn finish(&mut self, tell: &mut Teller<'_>) {
        let ended_well = matches!(tell.told.finish(), None | Some(FinishReason::Stop));
        if self.said || self.failed || !ended_well {
            return;
        }
        if let Some((expression, input)) = self.silent.take() {
            let reason = crate::t!("net-adapter-nothing").into_string();
            self.fail(wrong(self.endpoint.as_str(), tell.head.secret(), &expression, reason, &input), tell);
        }
    }

    fn error(&self, body: &[u8]) -> Option<Vec<u8>> {
        let adapter = &self.adapter;
        let (_, expression) = adapter
            .response
            .iter()
            .chain(&adapter.stream)
            .find(|(selector, _)| *selector == Selector::Error)?;
        let input = Input::json(std::str::from_utf8(body).ok()?)?;
        expression.run(&input).ok()?.iter().find_map(usual_error)
    }

    fn copy(&self) -> Box<dyn Codec> {
        Box::new(self.clone())
    }
}

impl Answer {
    /// An answer of which nothing has come yet.
    pub fn new(endpoint: &Endpoint, adapter: Arc<Adapter>) -> Self {
        Self {
            endpoint: endpoint.name.clone(),
            adapter,
            calls: Vec::new(),
            usage: Usage::default(),
            said: false,
            failed: false,
            silent: None,
        }
    }

    /// Whether the first line of an answer is all of it: its framing does not tell, so `response` is asked.
    fn is_all(&self, adapter: &Adapter, input: &Input) -> bool {
        if adapter.framing != Framing::Ndjson || self.said || self.silent.is_some() {
            return false;
        }
        let text = adapter.response.iter().find(|(selector, _)| *selector == Selector::Text);
        let values = text.and_then(|(_, expression)| expression.run(input).ok()).unwrap_or_default();
        values.iter().any(|value| value.as_str().is_some_and(|text| !text.is_empty()))
    }

    /// A piece that is not JSON: nothing, unless it is the mark of the end.
    fn plain(
        &mut self,
        adapter: &Adapter,
        frame: Frame<'_>,
        tell: &mut Teller<'_>,
    ) -> Result<ControlFlow<()>, NotUnderstood> {
        let done = adapter.stream.iter().find(|(selector, _)| *selector == Selector::Done);
        let (Some((_, done)), Shape::Piece) = (done, frame.shape) else { return Err(NotUnderstood) };
        let values = done.run(&Input::text(frame.data.trim())).unwrap_or_default();
        if !values.iter().any(is_true) {
            return Err(NotUnderstood);
        }
        tell.told.done();
        Ok(ControlFlow::Break(()))
    }

    fn select(
        &mut self,
        selectors: &Selectors,
        input: &Input,
        data: &str,
        tell: &mut Teller<'_>,
    ) -> Result<ControlFlow<()>, Failure> {
        let before = self.usage;
        let secret = tell.head.secret();
        let mut flow = ControlFlow::Continue(());
        for (selector, expression) in selectors {
            let values = expression
                .run(input)
                .map_err(|fault| failed(self.endpoint.as_str(), secret, expression, &fault, data))?;
            for value in values.iter().filter(|value| !value.is_null()) {
                let told = self.take(*selector, value, tell).map_err(|reason| {
                    wrong(self.endpoint.as_str(), secret, expression, reason.into_string(), data)
                })?;
                if told.is_break() {
                    flow = told;
                }
            }
        }
        if self.usage != before {
            tell.usage(self.usage);
        }
        Ok(flow)
    }

    /// Takes one value of a selector.
    fn take(
        &mut self,
        selector: Selector,
        value: &Value,
        tell: &mut Teller<'_>,
    ) -> Result<ControlFlow<()>, Safe> {
        match selector {
            Selector::Error => {
                if let Some(body) = usual_error(value) {
                    self.failed = true;
                    tell.error(&body);
                }
            }
            Selector::Model => tell.model(&text(value)?),
            Selector::Reasoning => tell.reasoning(self.content(value)?),
            Selector::Text => tell.text(self.content(value)?),
            Selector::Refusal => tell.refusal(self.content(value)?),
            Selector::ToolCalls => match value {
                Value::Array(calls) => calls.iter().try_for_each(|call| self.call(call, tell))?,
                call => self.call(call, tell)?,
            },
            Selector::TokensIn => self.usage.tokens_in = Some(count(value)?),
            Selector::TokensOut => self.usage.tokens_out = Some(count(value)?),
            Selector::CachedIn => self.usage.cached_in = Some(count(value)?),
            Selector::CacheWrite => self.usage.cache_write = Some(count(value)?),
            Selector::ReasoningOut => self.usage.reasoning_out = Some(count(value)?),
            Selector::FinishReason => {
                let word = text(value)?;
                match self.adapter.finish_reason(&word) {
                    // A reason of "" is none; some services send one with every piece.
                    _ if word.is_empty() => {}
                    FinishReason::Error => {
                        let reason = crate::t!("net-finish-error", reason = word).into_string();
                        self.fail(Failure::new(ErrorKind::Provider, reason), tell);
                    }
                    reason => tell.finish(reason),
                }
            }
            Selector::Done => {
                if is_true(value) {
                    tell.told.done();
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn content(&mut self, value: &Value) -> Result<String, Safe> {
        let text = text(value)?;
        self.said = true;
        Ok(text)
    }

    /// A call, or a piece of one: `{index, id, name, arguments}`, of which `index` and `id` tell pieces of
    /// several calls apart, and arguments are JSON text, perhaps in pieces, or an object.
    fn call(&mut self, value: &Value, tell: &mut Teller<'_>) -> Result<(), Safe> {
        let Value::Object(piece) = value else {
            return Err(crate::t!("net-adapter-not-call", kind = kind(value)));
        };
        let field = |name: &str| piece.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let (id, name) = (field("id"), field("name"));
        let arguments = match piece.get("arguments") {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        let at = self.call_at(piece, id, name);
        self.said = true;
        tell.call(at, id, name, arguments);
        Ok(())
    }

    fn call_at(&mut self, piece: &Map<String, Value>, id: Option<&str>, name: Option<&str>) -> usize {
        let index = piece.get("index").and_then(Value::as_u64);
        let known = match (index, id) {
            (Some(_), _) => self.calls.iter().rposition(|call| call.index == index),
            (None, Some(id)) => self.calls.iter().position(|call| call.id == id),
            (None, None) if name.is_some() => None,
            (None, None) => self.calls.len().checked_sub(1),
        };
        known.unwrap_or_else(|| {
            self.calls.push(Call { index, id: id.unwrap_or_default().to_owned() });
            self.calls.len() - 1
        })
    }

    /// A slip in the configuration is not mended by asking again.
    fn fail(&mut self, failure: Failure, tell: &mut Teller<'_>) {
        self.failed = true;
        let next_step = failure.next_step.clone();
        let mut failure = tell.head.give(failure);
        failure.next_step = next_step.or(failure.next_step);
        tell.told.fail(failure);
    }
}

fn text(value: &Value) -> Result<String, Safe> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        // What a condition gives where it does not hold.
        Value::Null | Value::Bool(false) => Ok(String::new()),
        Value::Bool(true) | Value::Array(_) | Value::Object(_) => {
            Err(crate::t!("net-adapter-not-text", kind = kind(value)))
        }
    }
}

fn count(value: &Value) -> Result<u64, Safe> {
    let wrong = || crate::t!("net-adapter-not-count", kind = kind(value));
    let whole = value.as_u64().or_else(|| format!("{:.0}", value.as_f64()?).parse().ok());
    whole.ok_or_else(wrong)
}

fn is_true(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}

/// An error in the shape that most services give it: from its words, or from an object of message, code and
/// type.
fn usual_error(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::Null | Value::Bool(_) => None,
        Value::String(words) if words.is_empty() => None,
        Value::String(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Some(serde_json::json!({"error": value}).to_string().into_bytes())
        }
    }
}

fn kind(value: &Value) -> Safe {
    match value {
        Value::Null => crate::t!("net-adapter-kind-null"),
        Value::Bool(_) => crate::t!("net-adapter-kind-bool"),
        Value::Number(_) => crate::t!("net-adapter-kind-number"),
        Value::String(_) => crate::t!("net-adapter-kind-text"),
        Value::Array(_) => crate::t!("net-adapter-kind-list"),
        Value::Object(_) => crate::t!("net-adapter-kind-object"),
    }
}
