//! What of an event is sent. Values are those of the log's line, digit for digit.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::config::Shape;

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
struct Named {
    id: Uuid,
    ts: Timestamp,
}

/// What is sent of a line of the log; `None` where it is no event.
pub(super) fn payload(shape: Shape, line: &[u8]) -> Option<Payload> {
    let line = std::str::from_utf8(line).ok()?.trim_ascii();
    let fixed: Fixed<'_> = serde_json::from_str(line).ok()?;
    let Named { id, ts } = serde_json::from_str(line).ok()?;
    let json = match shape {
        Shape::Event => line.to_owned(),
        Shape::RequestEvent => serde_json::to_string(&fixed).ok()?,
    };
    Some(Payload { id, at: ts, json })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::log::tests::event;

    #[test]
    fn the_whole_event_is_the_line_of_the_log() {
        let line = serde_json::to_string(&event()).unwrap();
        let sent = payload(Shape::Event, format!(" {line}\r").as_bytes()).unwrap();
        assert_eq!(
            sent,
            Payload { id: event().id, at: "2026-11-21T05:04:16.123Z".parse().unwrap(), json: line }
        );
    }

    #[test]
    fn a_request_event_is_exactly_the_eight_fixed_fields() {
        let line = serde_json::to_string(&event()).unwrap();
        assert_eq!(
            payload(Shape::RequestEvent, line.as_bytes()).unwrap().json,
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
        let sent = payload(Shape::RequestEvent, line.as_bytes()).unwrap().json;
        assert!(sent.contains(r#""tokens_in":null"#) && sent.contains(r#""costEUR":null"#), "{sent}");
    }

    #[test]
    fn what_is_no_event_is_not_sent() {
        for line in ["", "not json", "{\"v\":1}", r#"{"id":"x","ts":"2026"}"#, "\u{0}"] {
            assert_eq!(payload(Shape::Event, line.as_bytes()), None, "{line:?}");
        }
    }
}
