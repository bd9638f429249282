//! What a model list's JSON says, in any of the shapes that servers give it.

use std::collections::HashSet;

use rust_decimal::Decimal;
use serde_json::Value;

use super::ModelInfo;
use super::abilities::{Abilities, is_chat};
use crate::chat::money::parse_decimal;
use crate::chat::{ModelId, Money, Price, Rates};

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

/// A price in the list itself, by what OpenRouter and Vercel call its kinds, or by what Together does. In strings it is
/// dollars a token, in numbers dollars a million tokens. A negative price means that it depends.
fn price(entry: &Value) -> Option<Price> {
    let pricing = entry.pointer("/pricing")?;
    let amount = |name: &str| {
        let number = match pricing.get(name)? {
            Value::String(text) => parse_decimal(text)?.checked_mul(Decimal::from(1_000_000))?,
            Value::Number(number) => parse_decimal(&number.to_string())?,
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
        };
        Money::from_decimal(number).filter(|amount| *amount >= Money::ZERO)
    };
    let above_zero = |name: &str| amount(name).filter(|amount| *amount > Money::ZERO);
    let named = |input: &str, output: &str| Some(Rates::new(amount(input)?, amount(output)?));
    let rates = match named("prompt", "completion") {
        Some(rates) => rates,
        // Together lists zeros for what it does not sell by the token.
        None => named("input", "output")
            .filter(|rates| rates.input > Money::ZERO || rates.output > Money::ZERO)?,
    };
    let told = Rates {
        cache_read: amount("input_cache_read"),
        cache_write: above_zero("input_cache_write"),
        // Zero says that it is not billed apart from other output.
        reasoning: above_zero("internal_reasoning"),
        ..rates
    };
    Some(told.into())
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
    fn prices_of_openrouter_together_and_vercel_become_dollars_a_million() {
        let price = |pricing: &str| {
            let body = format!(r#"[{{"id":"m","pricing":{pricing}}}]"#);
            parse(&serde_json::from_str(&body).unwrap()).unwrap()[0].price
        };
        let rates = |input: &str, output: &str| Rates::new(input.parse().unwrap(), output.parse().unwrap());
        let told = |text: &str| Some(text.parse::<Money>().unwrap());
        assert_eq!(
            price(
                r#"{"prompt":"0.00000015","completion":"0.0000006","input_cache_read":"0.000000075",
                    "internal_reasoning":"0","image":"0.001","request":"0"}"#
            ),
            Some(Rates { cache_read: told("0.075"), ..rates("0.15", "0.6") }.into())
        );
        assert_eq!(
            price(
                r#"{"prompt":"0.000002","completion":"0.000008","internal_reasoning":"0.000003","input_cache_write":"0.0000025"}"#
            ),
            Some(Rates { cache_write: told("2.5"), reasoning: told("3"), ..rates("2", "8") }.into())
        );
        assert_eq!(
            price(r#"{"hourly":0,"input":0.3,"output":0.9,"base":0}"#),
            Some(rates("0.3", "0.9").into())
        );
        assert_eq!(
            price(r#"{"input":"0.000003","output":"0.000015","input_cache_read":"0.0000003"}"#),
            Some(Rates { cache_read: told("0.3"), ..rates("3", "15") }.into())
        );
        assert_eq!(price(r#"{"prompt":"0","completion":"0"}"#), Some(Price::FREE));
        assert_eq!(price(r#"{"prompt":"-1","completion":"-1"}"#), None);
        assert_eq!(price(r#"{"input":0,"output":0}"#), None);
        assert_eq!(price("{}"), None);
    }
}
