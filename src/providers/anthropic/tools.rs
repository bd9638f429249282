//! A tool's run on the provider's side in a few words: what it was asked, and what it answered.
//!
//! The whole of both is kept as state for the provider. This is for a person, so it is short.

use serde_json::Value;

/// The most characters of either.
const LONGEST: usize = 300;

/// Where the tools of this provider have what they are asked, the telling one first.
const ASKED: &[&str] = &["/query", "/url", "/command", "/code", "/path"];

/// Where a result has its answer: an error first, then what a program printed, then a document's name.
const ANSWERED: &[&str] =
    &["/error_code", "/stdout", "/stderr", "/content/title", "/title", "/url", "/text", "/content"];

/// What a tool was asked.
pub fn input(input: &Value) -> String {
    let told = ASKED.iter().find_map(|path| input.pointer(path)?.as_str());
    match (told, input.as_object()) {
        (Some(told), _) => short(told),
        (None, Some(fields)) if fields.is_empty() => String::new(),
        (None, _) => short(&input.to_string()),
    }
}

/// What a tool answered, from the `content` of its result: the titles of what it found, or its words.
pub fn output(content: &Value) -> String {
    match content {
        Value::String(text) => short(text),
        Value::Array(items) => short(&items.iter().filter_map(answered).collect::<Vec<_>>().join(" · ")),
        other => answered(other).map(short).unwrap_or_default(),
    }
}

fn answered(item: &Value) -> Option<&str> {
    ANSWERED.iter().find_map(|path| item.pointer(path)?.as_str().filter(|text| !text.trim().is_empty()))
}

fn short(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}
