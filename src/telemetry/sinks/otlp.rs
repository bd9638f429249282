//! Events as OpenTelemetry knows them: a span for each attempt, and histograms of tokens and durations, by its semantic
//! conventions for generative AI.
//!
//! A span's ids are made of the event's, so that an event which comes twice is the same span; attempts of one turn
//! share a trace, whose id is the answer's. A histogram tells of the events of one delivery (delta temporality): a
//! collector cannot know one that comes twice, so spans go first and histograms are sent again only where nobody
//! knows whether they came. What the conventions have no name for is told under `loquat.`, estimated energy and carbon
//! too, where they are wanted; no prompt, answer or key is in an event.
//!
//! Sources: opentelemetry.io/docs/specs/semconv/gen-ai (spans, metrics, their bucket bounds), opentelemetry.io/docs/specs/otlp.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Histogram, HistogramDataPoint, Metric, ResourceMetrics, ScopeMetrics,
};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status};
use prost::Message;
use serde::Serialize;

use crate::chat::Money;
use crate::config::Encoding;
use crate::telemetry::footprint::{Footprint, Method};
use crate::telemetry::{EventStatus, RequestEvent};

/// What every attempt is: a request for the next message of a chat.
const OPERATION: &str = "chat";
/// Bounds of the histogram of tokens.
const TOKENS: [f64; 14] = [
    1.0,
    4.0,
    16.0,
    64.0,
    256.0,
    1024.0,
    4096.0,
    16384.0,
    65536.0,
    262144.0,
    1_048_576.0,
    4_194_304.0,
    16_777_216.0,
    67_108_864.0,
];
/// Bounds of the histogram of durations, in seconds.
const SECONDS: [f64; 14] =
    [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

/// The conventions' names of makers, where they are not those of an event.
const PROVIDERS: [(&str, &str); 8] = [
    ("google", "gcp.gemini"),
    ("azure", "azure.ai.openai"),
    ("bedrock", "aws.bedrock"),
    ("mistral", "mistral_ai"),
    ("mistralai", "mistral_ai"),
    ("xai", "x_ai"),
    ("x-ai", "x_ai"),
    ("vertex", "gcp.vertex_ai"),
];

/// A request's body, and what it says in words.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Body {
    pub bytes: Vec<u8>,
    /// As JSON, whatever the bytes are.
    pub json: String,
}

/// The two bodies of a delivery: of spans, then of histograms.
pub(super) fn bodies(
    events: &[RequestEvent],
    encoding: Encoding,
    method: Option<&Method>,
) -> serde_json::Result<[Body; 2]> {
    Ok([body(&traces(events, method), encoding)?, body(&metrics(events), encoding)?])
}

fn body(message: &(impl Message + Serialize), encoding: Encoding) -> serde_json::Result<Body> {
    let json = serde_json::to_string(message)?;
    let bytes = match encoding {
        Encoding::Protobuf => message.encode_to_vec(),
        Encoding::Json => json.clone().into_bytes(),
    };
    Ok(Body { bytes, json })
}

/// Why a collector that took a delivery did not take all of its spans; `None` where it did.
pub(super) fn rejected(answer: &[u8], encoding: Encoding) -> Option<String> {
    let (count, why) = match encoding {
        Encoding::Protobuf => {
            let partial = ExportTraceServiceResponse::decode(answer).ok()?.partial_success?;
            (partial.rejected_spans, partial.error_message)
        }
        Encoding::Json => {
            let answer: serde_json::Value = serde_json::from_slice(answer).ok()?;
            let partial = answer.get("partialSuccess")?;
            // A large integer is text in this encoding; collectors write either.
            let count = partial.get("rejectedSpans")?;
            let count = count.as_i64().or_else(|| count.as_str()?.parse().ok())?;
            let why = partial.get("errorMessage").and_then(serde_json::Value::as_str).unwrap_or_default();
            (count, why.to_owned())
        }
    };
    (count > 0).then_some(why)
}

fn traces(events: &[RequestEvent], method: Option<&Method>) -> ExportTraceServiceRequest {
    let spans = ScopeSpans {
        scope: Some(scope()),
        spans: events.iter().map(|event| span(event, method)).collect(),
        schema_url: String::new(),
    };
    let of =
        ResourceSpans { resource: Some(resource()), scope_spans: vec![spans], schema_url: String::new() };
    ExportTraceServiceRequest { resource_spans: vec![of] }
}

fn resource() -> Resource {
    let attributes = [text("service.name", "loquat"), text("service.version", env!("CARGO_PKG_VERSION"))];
    Resource { attributes: attributes.into(), ..Resource::default() }
}

fn scope() -> InstrumentationScope {
    InstrumentationScope {
        name: "loquat".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        ..InstrumentationScope::default()
    }
}

fn span(event: &RequestEvent, method: Option<&Method>) -> Span {
    let (start, end) = times(event);
    let trace = event.message.map_or(event.id, |message| message.0);
    let mut attributes = of_all(event);
    attributes.extend(event.finish.map(|finish| {
        let reasons =
            ArrayValue { values: vec![AnyValue { value: Some(Value::StringValue(finish.name().into())) }] };
        attribute("gen_ai.response.finish_reasons", Value::ArrayValue(reasons))
    }));
    let counts = [
        ("gen_ai.usage.input_tokens", event.tokens_in),
        ("gen_ai.usage.output_tokens", event.tokens_out),
        ("gen_ai.usage.cache_read.input_tokens", event.cached_in),
        ("gen_ai.usage.cache_creation.input_tokens", event.cache_write),
        ("gen_ai.usage.reasoning.output_tokens", event.reasoning_out),
        ("http.response.status_code", event.http_status.map(u64::from)),
        ("loquat.attempt", Some(event.attempt.into())),
    ];
    attributes.extend(counts.into_iter().filter_map(|(name, count)| Some(number(name, count?))));
    let texts = [
        ("gen_ai.conversation.id", event.conversation.map(|id| id.to_string())),
        ("user.id", Some(event.user_id.clone())),
        ("error.type", error(event)),
        ("loquat.event.id", Some(event.id.to_string())),
        ("loquat.endpoint", Some(event.endpoint.to_string())),
        ("loquat.key", Some(event.key.to_string())),
        ("loquat.alias", event.alias.clone()),
        ("loquat.mode", Some(event.mode.name().to_owned())),
        ("loquat.status", Some(event.status.name().to_owned())),
        // Money is exact as text alone.
        ("loquat.cost_usd", event.cost_usd.as_ref().map(Money::to_string)),
        ("loquat.cost_eur", event.cost_eur.as_ref().map(Money::to_string)),
    ];
    attributes.extend(texts.into_iter().filter_map(|(name, said)| Some(text(name, &said?))));
    attributes.extend(
        event
            .ttft
            .map(|seconds| attribute("gen_ai.response.time_to_first_chunk", Value::DoubleValue(seconds))),
    );
    let flags = [("loquat.final", event.is_final), ("loquat.estimated", event.estimated)];
    attributes.extend(flags.map(|(name, flag)| attribute(name, Value::BoolValue(flag))));
    attributes.extend(method.and_then(|method| method.taken(event)).into_iter().flat_map(estimates));
    let code = match event.status {
        EventStatus::Error | EventStatus::Cut => StatusCode::Error,
        EventStatus::Ok | EventStatus::Cancelled => StatusCode::Unset,
    };
    Span {
        trace_id: trace.as_bytes().to_vec(),
        // The second half of an event's id is random.
        span_id: event.id.as_bytes()[8..].to_vec(),
        name: format!("{OPERATION} {}", event.model),
        kind: SpanKind::Client.into(),
        start_time_unix_nano: start,
        end_time_unix_nano: end,
        attributes,
        status: Some(Status { code: code.into(), message: String::new() }),
        ..Span::default()
    }
}

/// The ends of what an attempt took by estimate, in watt hours and grams of CO2e.
fn estimates(taken: Footprint) -> [KeyValue; 4] {
    let (energy, carbon) = (taken.energy_wh.units(), taken.carbon_g.units());
    [
        ("loquat.energy_wh.low", energy.0),
        ("loquat.energy_wh.high", energy.1),
        ("loquat.carbon_g.low", carbon.0),
        ("loquat.carbon_g.high", carbon.1),
    ]
    .map(|(name, amount)| attribute(name, Value::DoubleValue(amount)))
}

/// What spans and histograms tell alike.
fn of_all(event: &RequestEvent) -> Vec<KeyValue> {
    let known = PROVIDERS.iter().find(|(name, _)| *name == event.provider);
    let provider = known.map_or(event.provider.as_str(), |(_, name)| name);
    let mut attributes = vec![
        text("gen_ai.operation.name", OPERATION),
        text("gen_ai.provider.name", provider),
        text("gen_ai.request.model", event.model.as_str()),
    ];
    attributes
        .extend(event.model_served.as_ref().map(|served| text("gen_ai.response.model", served.as_str())));
    attributes
}

fn error(event: &RequestEvent) -> Option<String> {
    match event.status {
        EventStatus::Ok | EventStatus::Cancelled => None,
        EventStatus::Error | EventStatus::Cut => {
            Some(event.error.map_or_else(|| "_OTHER".to_owned(), |kind| kind.name().to_owned()))
        }
    }
}

/// When an attempt began and ended, in nanoseconds since 1970.
fn times(event: &RequestEvent) -> (u64, u64) {
    let start = u64::try_from(event.ts.as_nanosecond()).unwrap_or_default();
    let took = std::time::Duration::try_from_secs_f64(event.latency).unwrap_or_default();
    (start, start.saturating_add(u64::try_from(took.as_nanos()).unwrap_or_default()))
}

fn metrics(events: &[RequestEvent]) -> ExportMetricsServiceRequest {
    let mut tokens = Points::new(&TOKENS);
    let mut durations = Points::new(&SECONDS);
    for event in events {
        for (kind, count) in [("input", event.tokens_in), ("output", event.tokens_out)] {
            let Some(count) = count else { continue };
            let mut attributes = of_all(event);
            attributes.push(text("gen_ai.token.type", kind));
            tokens.add(attributes, count as f64, times(event));
        }
        let mut attributes = of_all(event);
        attributes.extend(error(event).map(|kind| text("error.type", &kind)));
        durations.add(attributes, event.latency, times(event));
    }
    let metric = |name: &str, unit: &str, points: Points| Metric {
        name: name.to_owned(),
        unit: unit.to_owned(),
        data: Some(Data::Histogram(Histogram {
            data_points: points.points.into_values().collect(),
            aggregation_temporality: AggregationTemporality::Delta.into(),
        })),
        ..Metric::default()
    };
    let mut metrics = vec![metric("gen_ai.client.operation.duration", "s", durations)];
    if !tokens.points.is_empty() {
        metrics.push(metric("gen_ai.client.token.usage", "{token}", tokens));
    }
    let of = ScopeMetrics { scope: Some(scope()), metrics, schema_url: String::new() };
    let of =
        ResourceMetrics { resource: Some(resource()), scope_metrics: vec![of], schema_url: String::new() };
    ExportMetricsServiceRequest { resource_metrics: vec![of] }
}

/// Histograms by their attributes.
struct Points {
    bounds: &'static [f64],
    points: BTreeMap<String, HistogramDataPoint>,
}

impl Points {
    const fn new(bounds: &'static [f64]) -> Self {
        Self { bounds, points: BTreeMap::new() }
    }

    fn add(&mut self, attributes: Vec<KeyValue>, value: f64, (start, end): (u64, u64)) {
        let point = self.points.entry(format!("{attributes:?}")).or_insert_with(|| HistogramDataPoint {
            attributes,
            start_time_unix_nano: start,
            explicit_bounds: self.bounds.to_vec(),
            bucket_counts: vec![0; self.bounds.len() + 1],
            ..HistogramDataPoint::default()
        });
        // A bound is the highest value of its bucket.
        let bucket = self.bounds.iter().position(|bound| value <= *bound).unwrap_or(self.bounds.len());
        point.bucket_counts[bucket] += 1;
        point.count += 1;
        point.sum = Some(point.sum.unwrap_or_default() + value);
        point.min = Some(point.min.map_or(value, |least| least.min(value)));
        point.max = Some(point.max.map_or(value, |most| most.max(value)));
        point.start_time_unix_nano = point.start_time_unix_nano.min(start);
        point.time_unix_nano = point.time_unix_nano.max(end);
    }
}

fn attribute(key: &str, value: Value) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(value) }), ..KeyValue::default() }
}

fn text(key: &str, value: &str) -> KeyValue {
    attribute(key, Value::StringValue(value.to_owned()))
}

fn number(key: &str, value: u64) -> KeyValue {
    attribute(key, Value::IntValue(i64::try_from(value).unwrap_or(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use opentelemetry_proto::tonic::collector::trace::v1::ExportTracePartialSuccess;

    use super::*;
    use crate::chat::ErrorKind;
    use crate::telemetry::log::tests::event;

    fn told(attributes: &[KeyValue]) -> BTreeMap<String, String> {
        let value = |pair: &KeyValue| match pair.value.as_ref().unwrap().value.as_ref().unwrap() {
            Value::StringValue(text) => text.clone(),
            Value::IntValue(number) => number.to_string(),
            Value::BoolValue(flag) => flag.to_string(),
            Value::DoubleValue(number) => number.to_string(),
            Value::ArrayValue(array) => format!("{:?}", array.values.len()),
            other => panic!("{other:?}"),
        };
        attributes.iter().map(|pair| (pair.key.clone(), value(pair))).collect()
    }

    #[test]
    fn an_attempt_is_a_span_that_is_the_same_each_time_it_is_told() {
        let span = span(&event(), None);
        assert_eq!(span, super::span(&event(), None));
        assert_eq!(span.span_id, event().id.as_bytes()[8..]);
        assert_eq!(span.trace_id, event().message.unwrap().0.as_bytes());
        assert_eq!((span.name.as_str(), span.kind), ("chat gpt-4o-mini", SpanKind::Client as i32));
        assert_eq!(span.end_time_unix_nano - span.start_time_unix_nano, 1_734_000_000);
        let told = told(&span.attributes);
        for (name, value) in [
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.provider.name", "openai"),
            ("gen_ai.request.model", "gpt-4o-mini"),
            ("gen_ai.usage.input_tokens", "812"),
            ("gen_ai.usage.output_tokens", "240"),
            ("gen_ai.usage.cache_read.input_tokens", "512"),
            ("loquat.cost_eur", "0.000241"),
            ("user.id", "ana"),
        ] {
            assert_eq!(told.get(name).map(String::as_str), Some(value), "{name}");
        }
        assert!(!told.contains_key("error.type"));
    }

    #[test]
    fn what_went_wrong_is_an_error_of_its_kind_and_what_is_unknown_is_left_out() {
        let failed = RequestEvent {
            provider: "bedrock".into(),
            status: EventStatus::Error,
            error: Some(ErrorKind::RateLimit),
            tokens_in: None,
            cost_eur: None,
            message: None,
            ..event()
        };
        let span = span(&failed, None);
        let told = told(&span.attributes);
        assert_eq!(told["error.type"], "rate_limit");
        assert_eq!(told["gen_ai.provider.name"], "aws.bedrock");
        assert_eq!(span.status.unwrap().code, StatusCode::Error as i32);
        assert_eq!(span.trace_id, failed.id.as_bytes());
        assert!(!told.contains_key("gen_ai.usage.input_tokens") && !told.contains_key("loquat.cost_eur"));
    }

    #[test]
    fn a_span_tells_its_footprint_where_that_is_estimated_and_known() {
        let method = Method::new(&crate::config::FootprintConfig::default());
        let taken = method.taken(&event()).unwrap();
        let told = |event: &RequestEvent| {
            let mut told = told(&span(event, Some(&method)).attributes);
            told.retain(|name, _| name.contains("energy") || name.contains("carbon"));
            told
        };
        let (energy, carbon) = (taken.energy_wh.units(), taken.carbon_g.units());
        let expected = [
            ("loquat.energy_wh.low", energy.0),
            ("loquat.energy_wh.high", energy.1),
            ("loquat.carbon_g.low", carbon.0),
            ("loquat.carbon_g.high", carbon.1),
        ];
        let expected = expected.map(|(name, amount)| (name.to_owned(), amount.to_string()));
        assert_eq!(told(&event()), BTreeMap::from(expected));
        let unknown = RequestEvent { model: "gpt-99".into(), ..event() };
        assert_eq!(told(&unknown), BTreeMap::new());
    }

    #[test]
    fn histograms_add_up_what_is_alike() {
        let other = RequestEvent { model: "other".into(), tokens_out: None, ..event() };
        let metrics = metrics(&[event(), event(), other]);
        let all = &metrics.resource_metrics[0].scope_metrics[0].metrics;
        let points = |at: usize| match &all[at].data {
            Some(Data::Histogram(histogram)) => histogram.data_points.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!((all[0].unit.as_str(), all[1].unit.as_str()), ("s", "{token}"));
        let sums = |at| points(at).iter().map(|point| (point.count, point.sum.unwrap())).collect::<Vec<_>>();
        assert_eq!(sums(0), [(2, 3.468), (1, 1.734)]);
        assert_eq!(sums(1), [(2, 1624.0), (2, 480.0), (1, 812.0)]);
        // 812 tokens lie between 256 and 1024.
        assert_eq!(points(1)[0].bucket_counts[5], 2);
    }

    #[test]
    fn both_encodings_say_the_same_and_a_rejected_span_is_noticed_in_both() {
        let [spans, _] = bodies(&[event()], Encoding::Protobuf, None).unwrap();
        let [json, _] = bodies(&[event()], Encoding::Json, None).unwrap();
        let read = ExportTraceServiceRequest::decode(&*spans.bytes).unwrap();
        assert_eq!(serde_json::from_slice::<ExportTraceServiceRequest>(&json.bytes).unwrap(), read);
        assert_eq!(spans.json.as_bytes(), json.bytes);
        assert_eq!(rejected(b"", Encoding::Protobuf), None);
        assert_eq!(rejected(b"{}", Encoding::Json), None);
        for count in ["1", "\"1\""] {
            let partial = format!(r#"{{"partialSuccess":{{"rejectedSpans":{count},"errorMessage":"no"}}}}"#);
            assert_eq!(rejected(partial.as_bytes(), Encoding::Json).as_deref(), Some("no"));
        }
        let partial = ExportTracePartialSuccess { rejected_spans: 1, error_message: "no".into() };
        let answer = ExportTraceServiceResponse { partial_success: Some(partial) };
        assert_eq!(rejected(&answer.encode_to_vec(), Encoding::Protobuf).as_deref(), Some("no"));
    }
}
