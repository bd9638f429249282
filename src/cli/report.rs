//! The JSON of a one-shot (contracts section 3): one object, complete also when the turn failed.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::chat::{Failure, FinishReason, Message, Money, Route, Status, ToolCall, Tried, Usage};
use crate::router::Cause;

/// What `--json` prints. Field order is the contract's.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    text: String,
    reasoning: Option<String>,
    refusal: Option<String>,
    tool_calls: Vec<Value>,
    finish_reason: Option<FinishReason>,
    endpoint: Option<String>,
    key: Option<String>,
    provider: Option<String>,
    model: Option<String>,
    model_served: Option<String>,
    alias: Option<String>,
    usage: UsageReport,
    cost_eur: Option<Money>,
    latency: Option<f64>,
    ttft: Option<f64>,
    attempts: u32,
    fallback_from: Option<String>,
    conversation: Option<String>,
    message: Option<String>,
    parent: Option<String>,
    error: Option<ErrorReport>,
    /// The attempts before the last one, where there were any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tried: Vec<TriedReport>,
}

/// An attempt before the last one.
#[derive(Debug, Serialize)]
struct TriedReport {
    endpoint: String,
    key: String,
    model: String,
    kind: &'static str,
    status: Option<u16>,
    message: String,
    /// Seconds until the next one.
    waited: f64,
}

impl From<Tried> for TriedReport {
    fn from(tried: Tried) -> Self {
        let Route { endpoint, key, model } = tried.route;
        Self {
            endpoint: endpoint.to_string(),
            key: key.to_string(),
            model: model.to_string(),
            kind: tried.kind.name(),
            status: tried.status,
            message: tried.message,
            waited: seconds(tried.waited_ms),
        }
    }
}

/// Token counts; `null` is not reported.
#[derive(Debug, Default, Serialize)]
pub struct UsageReport {
    tokens_in: Option<u64>,
    tokens_out: Option<u64>,
    cached_in: Option<u64>,
    cache_write: Option<u64>,
    reasoning_out: Option<u64>,
    estimated: bool,
}

impl From<Usage> for UsageReport {
    fn from(usage: Usage) -> Self {
        Self {
            tokens_in: usage.tokens_in,
            tokens_out: usage.tokens_out,
            cached_in: usage.cached_in,
            cache_write: usage.cache_write,
            reasoning_out: usage.reasoning_out,
            estimated: usage.estimated,
        }
    }
}

/// `error` of the object.
#[derive(Debug, Serialize)]
pub struct ErrorReport {
    kind: &'static str,
    message: String,
    status: Option<u16>,
    retry_after: Option<f64>,
}

impl From<&Failure> for ErrorReport {
    fn from(failure: &Failure) -> Self {
        Self {
            kind: failure.kind.name(),
            message: failure.message.clone(),
            status: failure.status,
            retry_after: failure.retry_after.map(|pause| pause.as_secs_f64()),
        }
    }
}

/// Where a turn was stored, for the ids of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stored {
    /// In this conversation.
    In(crate::chat::ConversationId),
    /// Nowhere: `--no-save`.
    Nowhere,
}

impl Report {
    /// Of a turn that was never sent.
    pub fn refused(failure: &Failure) -> Self {
        Self { finish_reason: Some(FinishReason::Error), error: Some(failure.into()), ..Self::default() }
    }

    /// The same, with the route that was meant.
    #[must_use]
    pub fn with_route(mut self, route: &Route, provider: String) -> Self {
        self.endpoint = Some(route.endpoint.to_string());
        self.key = Some(route.key.to_string());
        self.model = Some(route.model.to_string());
        self.provider = Some(provider);
        self
    }

    /// Of a turn that ended.
    pub fn of(answer: &Message, route: &Route, provider: String, stored: Stored) -> Self {
        let provenance = answer.provenance.clone().unwrap_or_default();
        let fallback_from = provenance.fallback_from(route).map(ToString::to_string);
        let (conversation, message, parent) = match stored {
            Stored::In(conversation) => (
                Some(conversation.to_string()),
                Some(answer.id.to_string()),
                answer.parent.map(|parent| parent.to_string()),
            ),
            Stored::Nowhere => (None, None, None),
        };
        Self {
            text: answer.text(),
            reasoning: answer.reasoning(),
            refusal: answer.refusal(),
            tool_calls: tool_calls(answer),
            finish_reason: provenance.finish,
            model_served: provenance.model_served.map(|model| model.to_string()),
            usage: provenance.usage.into(),
            cost_eur: provenance.cost_eur,
            latency: provenance.latency_ms.map(seconds),
            ttft: provenance.ttft_ms.map(seconds),
            attempts: provenance.attempts,
            conversation,
            message,
            parent,
            error: provenance.failure.as_ref().map(Into::into),
            alias: provenance.alias.map(|alias| alias.to_string()),
            fallback_from,
            tried: provenance.before.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
        .with_route(route, provider)
    }
}

fn seconds(millis: u64) -> f64 {
    std::time::Duration::from_millis(millis).as_secs_f64()
}

/// Whether a call's arguments were sent to their end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Completeness {
    Whole,
    Cut,
}

impl Completeness {
    fn of(answer: &Message) -> Self {
        let finish = answer.provenance.as_ref().and_then(|provenance| provenance.finish);
        if answer.status == Status::Complete && finish != Some(FinishReason::Length) {
            Self::Whole
        } else {
            Self::Cut
        }
    }
}

/// The calls of an answer, as every listing of it tells them.
pub(super) fn tool_calls(answer: &Message) -> Vec<Value> {
    let completeness = Completeness::of(answer);
    answer.tool_calls().map(|call| tool_call(call, completeness)).collect()
}

/// A call with its arguments parsed; the raw text, marked invalid, where they are not a JSON object. A call
/// without arguments has none only if it was not cut.
fn tool_call(call: &ToolCall, completeness: Completeness) -> Value {
    let nothing_sent = call.arguments.trim().is_empty() && completeness == Completeness::Whole;
    let parsed = if nothing_sent { Some(Map::new()) } else { serde_json::from_str(&call.arguments).ok() };
    match parsed {
        Some(arguments) => json!({"id": call.id, "name": call.name, "arguments": Value::Object(arguments)}),
        None => json!({"id": call.id, "name": call.name, "arguments": call.arguments, "invalid": true}),
    }
}

/// A route, as every line tells it.
#[derive(Debug, Serialize)]
pub struct RouteReport<'a> {
    endpoint: &'a str,
    key: &'a str,
    model: &'a str,
}

impl<'a> From<&'a Route> for RouteReport<'a> {
    fn from(Route { endpoint, key, model }: &'a Route) -> Self {
        Self { endpoint: endpoint.as_str(), key: key.as_str(), model: model.as_str() }
    }
}

/// Why a turn waits, in a word.
pub fn why(cause: &Cause) -> &'static str {
    match cause {
        Cause::Backoff => "backoff",
        Cause::Provider => "provider",
        Cause::Minute(_) => "limit",
        Cause::Parallel(_) => "parallel",
    }
}

/// One line of `--jsonl`.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Line<'a> {
    /// The request is on its way.
    Start {
        /// What is asked; an alias is a model of the endpoint `router`.
        #[serde(flatten)]
        route: RouteReport<'a>,
    },
    /// More text.
    Text {
        /// The text.
        text: &'a str,
    },
    /// More reasoning.
    Reasoning {
        /// The text.
        text: &'a str,
    },
    /// A call, whole, at the end of the answer.
    ToolCall {
        /// As in `--json`.
        #[serde(flatten)]
        call: &'a Value,
    },
    /// Token counts.
    Usage {
        /// As in `--json`.
        #[serde(flatten)]
        usage: UsageReport,
    },
    /// An attempt failed.
    AttemptFailed {
        /// Which, from 1.
        attempt: u32,
        /// Where it went.
        #[serde(flatten)]
        route: RouteReport<'a>,
        /// Why.
        error: ErrorReport,
    },
    /// The next attempt waits.
    Waiting {
        /// Until when; `null` where nobody knows.
        until: Option<jiff::Timestamp>,
        /// Why, where it is not that the attempt before failed.
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<&'static str>,
    },
    /// The end, where it went well.
    Finish {
        /// The whole object.
        result: &'a Report,
    },
    /// The end, where it did not.
    Error {
        /// What went wrong.
        error: ErrorReport,
        /// The whole object.
        result: &'a Report,
    },
}

/// The calls of a report, for their lines.
pub fn calls(report: &Report) -> &[Value] {
    &report.tool_calls
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(arguments: &str) -> ToolCall {
        ToolCall { id: "c1".into(), name: "f".into(), arguments: arguments.into() }
    }

    #[test]
    fn arguments_are_an_object_or_marked_invalid() {
        for (arguments, completeness, expected) in [
            ("{\"a\":1}", Completeness::Whole, json!({"id":"c1","name":"f","arguments":{"a":1}})),
            ("", Completeness::Whole, json!({"id":"c1","name":"f","arguments":{}})),
            ("", Completeness::Cut, json!({"id":"c1","name":"f","arguments":"","invalid":true})),
            (
                "{\"a\":",
                Completeness::Cut,
                json!({"id":"c1","name":"f","arguments":"{\"a\":","invalid":true}),
            ),
            ("[1]", Completeness::Whole, json!({"id":"c1","name":"f","arguments":"[1]","invalid":true})),
        ] {
            assert_eq!(tool_call(&call(arguments), completeness), expected, "{arguments}");
        }
    }

    #[test]
    fn a_refused_turn_is_still_a_whole_object() {
        let failure = Failure::new(crate::chat::ErrorKind::Auth, "no key").with_status(401);
        assert_eq!(
            serde_json::to_string(&Report::refused(&failure)).unwrap(),
            concat!(
                r#"{"text":"","reasoning":null,"refusal":null,"tool_calls":[],"finish_reason":"error","#,
                r#""endpoint":null,"key":null,"provider":null,"model":null,"model_served":null,"alias":null,"#,
                r#""usage":{"tokens_in":null,"tokens_out":null,"cached_in":null,"cache_write":null,"#,
                r#""reasoning_out":null,"estimated":false},"cost_eur":null,"latency":null,"ttft":null,"attempts":0,"#,
                r#""fallback_from":null,"conversation":null,"message":null,"parent":null,"#,
                r#""error":{"kind":"auth","message":"no key","status":401,"retry_after":null}}"#
            )
        );
    }
}
