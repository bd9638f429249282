//! What a model list's JSON says, in any of the shapes that servers give it.

use std::collections::HashSet;

use rust_decimal::Decimal;
use serde_json::Value;

use super::abilities::{Abilities, is_chat};
use super::{ModelInfo, Price};
use crate::chat::money::parse_decimal;
use crate::chat::{ModelId, Money};

/// Where lists keep their entries, in the order in which they are looked for: llama.cpp has both names, and
/// the first says more.
const LISTS: &[&str] = &["/data", "/models", "/result", "/modelSummaries", "/inferenceProfileSummaries"];

/// Where entries keep their id.
const IDS: &[&str] = &["id", "modelId", "inferenceProfileId", "name", "model"];

/// Where entries keep a context window.
const CONTEXTS: &[&str] = &[
    "/context_length",
    "/context_window",
    "/max_model_len",
    "/max_context_length",
    "/max_input_tokens",
    "/inputTokenLimit",
    "/meta/n_ctx_train",
    "/capabilities/limits/max_context_window_tokens",
];

/// The entries of a list; `None` where it is none.
pub fn entries(body: &Value) -> Option<&Vec<Value>> {
    body.as_array().or_else(|| LISTS.iter().find_map(|path| body.pointer(path)?.as_array()))
}

/// The models of a list that can be chatted with, in its order, each once; `None` where it is no list.
pub fn parse(body: &Value) -> Option<Vec<ModelInfo>> {
    let mut seen = HashSet::new();
    let models = entries(body)?.iter().filter(|entry| is_chat(entry)).filter_map(entry);
    Some(models.filter(|model| seen.insert(model.id.clone())).collect())
}

/// What one entry tells of its model.
pub fn entry(entry: &Value) -> Option<ModelInfo> {
    let id = entry.as_str().or_else(|| IDS.iter().find_map(|key| entry.get(key)?.as_str()))?.trim();
    let id = id.strip_prefix("models/").unwrap_or(id);
    (!id.is_empty()).then(|| ModelInfo {
        id: ModelId::from(id),
        context: CONTEXTS.iter().find_map(|path| entry.pointer(path)?.as_u64()).filter(|&size| size > 0),
        price: price(entry),
        abilities: Abilities::of(entry),
    })
}

/// A price in the list itself: OpenRouter tells dollars a token, in strings; Together dollars a million
/// tokens, in numbers. A negative price means that it depends.
fn price(entry: &Value) -> Option<Price> {
    let amount = |name: &str, scale: Decimal| {
        let value = entry.pointer("/pricing")?.get(name)?;
        let number = match value {
            Value::String(text) => parse_decimal(text)?,
            Value::Number(number) => parse_decimal(&number.to_string())?,
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
        };
        Money::from_decimal(number.checked_mul(scale)?).filter(|amount| *amount >= Money::ZERO)
    };
    let million = Decimal::from(1_000_000);
    if let (Some(input), Some(output)) = (amount("prompt", million), amount("completion", million)) {
        return Some(Price {
            input,
            output,
            cache_read: amount("input_cache_read", million),
            cache_write: amount("input_cache_write", million),
        });
    }
    let (input, output) = (amount("input", Decimal::ONE)?, amount("output", Decimal::ONE)?);
    // Together lists zeros for what it does not sell by the token.
    (input > Money::ZERO || output > Money::ZERO).then_some(Price {
        input,
        output,
        cache_read: None,
        cache_write: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(body: &str) -> Option<Vec<String>> {
        Some(parse(&serde_json::from_str(body).ok()?)?.into_iter().map(|model| model.id.0).collect())
    }

    fn known(models: &[&str]) -> Option<Vec<String>> {
        Some(models.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn every_shape_of_list_is_read_in_its_order_without_repeats() {
        for (body, expected) in [
            (r#"{"object":"list","data":[{"id":"b"},{"id":"a"},{"id":"b"}]}"#, known(&["b", "a"])),
            (r#"[{"id":"x/y","type":"chat"}]"#, known(&["x/y"])),
            (
                r#"{"models":[{"name":"llama3.2:latest","model":"llama3.2:latest"}]}"#,
                known(&["llama3.2:latest"]),
            ),
            (r#"{"models":[{"name":"old"}],"data":[{"id":"new"}]}"#, known(&["new"])),
            (r#"{"models":[{"name":"models/gemini-x"}]}"#, known(&["gemini-x"])),
            (r#"{"data":["a",{"id":""},{"no":1},7]}"#, known(&["a"])),
            (r#"{"data":[]}"#, known(&[])),
            (r#"{"error":"no"}"#, None),
            ("<html>", None),
        ] {
            assert_eq!(ids(body), expected, "{body}");
        }
    }

    #[test]
    fn context_sizes_are_found_under_every_name() {
        for entry in [
            r#"{"id":"m","context_length":8}"#,
            r#"{"id":"m","context_window":8}"#,
            r#"{"id":"m","max_model_len":8}"#,
            r#"{"id":"m","max_context_length":8}"#,
            r#"{"id":"m","max_input_tokens":8}"#,
            r#"{"id":"m","inputTokenLimit":8}"#,
            r#"{"id":"m","meta":{"n_ctx_train":8}}"#,
        ] {
            let body = format!("[{entry}]");
            assert_eq!(parse(&serde_json::from_str(&body).unwrap()).unwrap()[0].context, Some(8), "{entry}");
        }
        assert_eq!(parse(&serde_json::json!([{"id": "m", "context_length": 0}])).unwrap()[0].context, None);
    }

    #[test]
    fn prices_of_openrouter_and_together_become_dollars_a_million() {
        let price = |pricing: &str| {
            let body = format!(r#"[{{"id":"m","pricing":{pricing}}}]"#);
            parse(&serde_json::from_str(&body).unwrap()).unwrap()[0].price
        };
        let money = |text: &str| Money::from_decimal(parse_decimal(text).unwrap()).unwrap();
        assert_eq!(
            price(r#"{"prompt":"0.00000015","completion":"0.0000006","input_cache_read":"0.000000075"}"#),
            Some(Price {
                input: money("0.15"),
                output: money("0.6"),
                cache_read: Some(money("0.075")),
                cache_write: None
            })
        );
        assert_eq!(
            price(r#"{"hourly":0,"input":0.3,"output":0.9,"base":0}"#),
            Some(Price { input: money("0.3"), output: money("0.9"), cache_read: None, cache_write: None })
        );
        assert_eq!(price(r#"{"prompt":"-1","completion":"-1"}"#), None);
        assert_eq!(price(r#"{"input":0,"output":0}"#), None);
        assert_eq!(price("{}"), None);
    }
}
