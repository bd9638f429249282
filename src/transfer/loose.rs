//! Values of other programs' files, which may be missing, of another type, or of another release.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::chat::{FinishReason, Part, ServerTool};

/// From here on a number is milliseconds since 1970: as seconds it would be beyond the year 5000.
const MILLISECONDS: f64 = 1e11;

/// A text that says something, of an object.
pub(super) fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object[name].as_str().filter(|text| !text.is_empty())
}

/// The first of several names that has a text.
pub(super) fn first_text<'a>(object: &'a Value, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| text(object, name))
}

/// The items of a list of an object; none where there is no list.
pub(super) fn items<'a>(object: &'a Value, name: &str) -> &'a [Value] {
    object[name].as_array().map_or(&[], Vec::as_slice)
}

/// A time as ISO 8601 (UTC where no zone is told), or as seconds or milliseconds since 1970.
pub(super) fn time(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => {
            let text = text.trim();
            let local = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
            text.parse()
                .ok()
                .or_else(|| local().map(|zoned| zoned.timestamp()))
                .or_else(|| since_1970(text.parse().ok()?))
        }
        Value::Number(number) => since_1970(number.as_f64()?),
        // As the tools of MongoDB, where LibreChat keeps its messages, write it.
        Value::Object(object) => object.get("$date").filter(|date| !date.is_object()).and_then(time),
        Value::Null | Value::Bool(_) | Value::Array(_) => None,
    }
}

fn since_1970(number: f64) -> Option<Timestamp> {
    // Casts of floats saturate, and a time out of range is none. Microseconds are what a float holds exactly.
    let microseconds = if number.abs() >= MILLISECONDS { number * 1e3 } else { number * 1e6 };
    microseconds.is_finite().then(|| Timestamp::from_microsecond(microseconds.round() as i64).ok()).flatten()
}

/// Why an answer ended, in any provider's word.
pub(super) fn finish(reason: &str) -> Option<FinishReason> {
    const REASONS: [(&str, FinishReason); 9] = [
        ("stop", FinishReason::Stop),
        ("end_turn", FinishReason::Stop),
        ("stop_sequence", FinishReason::Stop),
        ("length", FinishReason::Length),
        ("max_tokens", FinishReason::Length),
        ("tool_calls", FinishReason::ToolCalls),
        ("content_filter", FinishReason::ContentFilter),
        ("refusal", FinishReason::Refusal),
        ("interrupted", FinishReason::Cancelled),
    ];
    REASONS.into_iter().find(|(name, _)| *name == reason).map(|(_, finish)| finish)
}

/// A value as a person would write it: text as it is, nothing as nothing, anything else as JSON.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// Adds a tool that ran elsewhere, or what it answered to the call before it. Both are kept as something that was
/// done, not as a call to be answered: no provider would take it up again.
pub(super) fn push_tool(parts: &mut Vec<Part>, tool: ServerTool) {
    if let Some(Part::ServerTool(asked)) = parts.last_mut()
        && asked.output.is_empty()
        && tool.input.is_empty()
    {
        asked.output = tool.output;
    } else {
        parts.push(Part::ServerTool(tool));
    }
}

/// Adds text, unless there is none.
pub(super) fn push_text(parts: &mut Vec<Part>, text: &str) {
    if !text.is_empty() {
        parts.push(Part::Text { text: text.to_owned() });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn times_are_read_in_every_form_that_is_met() {
        for (value, expected) in [
            (json!("2026-01-01T10:00:00.000Z"), Some("2026-01-01T10:00:00Z")),
            (json!("2026-01-01T10:00:00.5+02:00"), Some("2026-01-01T08:00:00.5Z")),
            (json!("2026-01-01T10:00:00"), Some("2026-01-01T10:00:00Z")),
            (json!(1_767_261_600), Some("2026-01-01T10:00:00Z")),
            (json!(1_767_261_600.123_456), Some("2026-01-01T10:00:00.123456Z")),
            (json!(1_767_261_600_000_i64), Some("2026-01-01T10:00:00Z")),
            (json!("1767261600000"), Some("2026-01-01T10:00:00Z")),
            (json!({"$date": "2026-01-01T10:00:00Z"}), Some("2026-01-01T10:00:00Z")),
            (json!(1e300), None),
            (json!("NaN"), None),
            (json!("yesterday"), None),
            (json!(null), None),
        ] {
            assert_eq!(time(&value), expected.map(|time| time.parse().unwrap()), "{value}");
        }
    }
}
