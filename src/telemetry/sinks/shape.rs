//! What of an event is sent. Values are those of the log's line, digit for digit.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::config::Shape;
use crate::telemetry::Mode;
use crate::telemetry::footprint::Method;
use crate::telemetry::line::Entry;

/// An event as a sink gets it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Payload {
    pub id: Uuid,
    pub at: Timestamp,
    /// One JSON object, on one line.
    pub json: String,
}

/// The eight fields that the platform fixes (contracts section 4), in its order.
#[derive(Deserialize, Serialize)]
struct Fixed<'a> {
    #[serde(rename = "userId", borrow)]
    user_id: &'a RawValue,
    #[serde(borrow)]
    ts: &'a RawValue,
    #[serde(borrow)]
    model: &'a RawValue,
    #[serde(borrow)]
    provider: &'a RawValue,
    #[serde(borrow)]
    tokens_in: &'a RawValue,
    #[serde(borrow)]
    tokens_out: &'a RawValue,
    #[serde(rename = "costEUR", borrow)]
    cost_eur: &'a RawValue,
    #[serde(borrow)]
    latency: &'a RawValue,
}

#[derive(Deserialize)]
struct Named<'a> {
    id: Uuid,
    ts: Timestamp,
    #[serde(borrow, default)]
    mode: Option<&'a str>,
}

/// What is sent of a line of the log; `None` where it is no event, or one that others have counted: a collector cannot tell
/// those from requests that were made here.
pub(super) fn payload(shape: Shape, method: Option<&Method>, line: &[u8]) -> Option<Payload> {
    let line = std::str::from_utf8(line).ok()?.trim_ascii();
    let fixed: Fixed<'_> = serde_json::from_str(line).ok()?;
    let Named { id, ts, mode } = serde_json::from_str(line).ok()?;
    if mode == Some(Mode::Imported.name()) {
        return None;
    }
    let json = match shape {
        Shape::Event => match method {
            Some(method) => with_footprint(line, method)?,
            None => line.to_owned(),
        },
        Shape::RequestEvent => serde_json::to_string(&fixed).ok()?,
    };
    Some(Payload { id, at: ts, json })
}

/// The line with two more fields, ranges in watt hours and in grams of CO2e: `null` is not known.
fn with_footprint(line: &str, method: &Method) -> Option<String> {
    let event = Entry::read(line.as_bytes()).ok()?;
    let estimator = method.estimator(&event.names.provider, &event.names.model);
    let taken =
        estimator.zip(event.tokens_out).map(|(of, tokens)| of.of(tokens, event.latency.unwrap_or_default()));
    let (energy, carbon) = taken.map(|taken| (taken.energy_wh, taken.carbon_g)).unzip();
    let (energy, carbon) = (serde_json::to_string(&energy).ok()?, serde_json::to_string(&carbon).ok()?);
    Some(format!(r#"{},"energy_wh":{energy},"carbon_g":{carbon}}}"#, line.strip_suffix('}')?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::log::tests::event;

    #[test]
    fn the_whole_event_is_the_line_of_the_log() {
        let line = serde_json::to_string(&event()).unwrap();
        let sent = payload(Shape::Event, None, format!(" {line}\r").as_bytes()).unwrap();
        assert_eq!(
            sent,
            Payload { id: event().id, at: "2026-11-21T05:04:16.123Z".parse().unwrap(), json: line }
        );
    }

    #[test]
    fn a_request_event_is_exactly_the_eight_fixed_fields() {
        let line = serde_json::to_string(&event()).unwrap();
        assert_eq!(
            payload(Shape::RequestEvent, None, line.as_bytes()).unwrap().json,
            concat!(
                r#"{"userId":"ana","ts":"2026-11-21T05:04:16.123Z","model":"gpt-4o-mini","provider":"openai","#,
                r#""tokens_in":812,"tokens_out":240,"costEUR":0.000241,"latency":1.734}"#,
            )
        );
    }

    #[test]
    fn what_was_not_reported_stays_unknown() {
        let unknown = crate::telemetry::RequestEvent { tokens_in: None, cost_eur: None, ..event() };
        let line = serde_json::to_string(&unknown).unwrap();
        let sent = payload(Shape::RequestEvent, None, line.as_bytes()).unwrap().json;
        assert!(sent.contains(r#""tokens_in":null"#) && sent.contains(r#""costEUR":null"#), "{sent}");
    }

    #[test]
    fn what_is_no_event_is_not_sent() {
        for line in ["", "not json", "{\"v\":1}", r#"{"id":"x","ts":"2026"}"#, "\u{0}"] {
            assert_eq!(payload(Shape::Event, None, line.as_bytes()), None, "{line:?}");
        }
    }

    #[test]
    fn a_whole_event_tells_its_footprint_where_that_is_estimated_and_the_eight_fields_stay_eight() {
        let method = Method::new(&crate::config::FootprintConfig::default());
        let line = serde_json::to_string(&event()).unwrap();
        let sent = |shape, line: &str| payload(shape, Some(&method), line.as_bytes()).unwrap().json;
        let whole = sent(Shape::Event, &line);
        let told: serde_json::Value = serde_json::from_str(&whole).unwrap();
        assert!(whole.starts_with(line.strip_suffix('}').unwrap()));
        let (low, high) = (&told["energy_wh"]["low"], &told["carbon_g"]["high"]);
        assert!(low.as_f64() > Some(0.0) && high.as_f64() > Some(0.0), "{whole}");
        let unknown = line.replace("\"gpt-4o-mini\"", "\"gpt-99\"");
        assert!(sent(Shape::Event, &unknown).ends_with(r#","energy_wh":null,"carbon_g":null}"#));
        assert_eq!(
            sent(Shape::RequestEvent, &line),
            payload(Shape::RequestEvent, None, line.as_bytes()).unwrap().json
        );
    }

    #[test]
    fn what_others_have_counted_goes_to_nobody() {
        let imported = crate::telemetry::RequestEvent { mode: Mode::Imported, ..event() };
        let line = serde_json::to_string(&imported).unwrap();
        assert_eq!(payload(Shape::Event, None, line.as_bytes()), None);
    }
}
