//! The JSON of an answer, read without being particular.
//!
//! What comes by the thousand, pieces of text, is borrowed from the event. Items come once and have many shapes:
//! they are read as plain JSON values, through [`Item`].

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::chat::Usage;
use crate::providers::openai_chat::json::{Count, Text};

/// An event of a stream, or a whole answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Event<'a> {
    #[serde(borrow, rename = "type")]
    pub kind: Text<'a>,
    pub output_index: Count,
    pub content_index: Count,
    pub summary_index: Count,
    #[serde(borrow)]
    pub delta: Text<'a>,
    /// A text that is complete.
    #[serde(borrow)]
    pub text: Text<'a>,
    #[serde(borrow)]
    pub refusal: Text<'a>,
    #[serde(borrow)]
    pub arguments: Text<'a>,
    #[serde(borrow)]
    pub item: Option<&'a RawValue>,
    #[serde(borrow)]
    pub annotation: Option<&'a RawValue>,
    #[serde(borrow)]
    pub response: Option<&'a RawValue>,
    #[serde(borrow)]
    pub error: Option<&'a RawValue>,
}

/// An answer as a whole, or as the first and last events of a stream tell it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Response<'a> {
    #[serde(borrow)]
    pub model: Text<'a>,
    #[serde(borrow)]
    pub status: Text<'a>,
    pub output: Value,
    pub incomplete_details: Value,
    pub usage: Value,
    #[serde(borrow)]
    pub error: Option<&'a RawValue>,
}

impl Response<'_> {
    /// The items, in order.
    pub fn items(&self) -> impl Iterator<Item = Item<'_>> {
        list(&self.output)
    }

    /// Why the answer is incomplete, in the provider's word.
    pub fn shortfall(&self) -> &str {
        Item(&self.incomplete_details).text("reason")
    }

    /// Token counts in comparable terms. OpenAI counts what was cached as input and reasoning as output, and so do
    /// the others that speak this format.
    pub fn usage(&self) -> Usage {
        let count = |path: &str| self.usage.pointer(path).and_then(Value::as_u64);
        Usage {
            tokens_in: count("/input_tokens"),
            tokens_out: count("/output_tokens"),
            cached_in: count("/input_tokens_details/cached_tokens"),
            cache_write: count("/input_tokens_details/cache_write_tokens"),
            cache_write_1h: None,
            reasoning_out: count("/output_tokens_details/reasoning_tokens"),
            told_cost: None,
            estimated: false,
        }
    }
}

/// An item of an answer, or anything inside one.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a>(pub &'a Value);

impl<'a> Item<'a> {
    /// A string field; empty where there is none.
    pub fn text(self, key: &str) -> &'a str {
        self.0.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// A field that holds more.
    pub fn inner(self, key: &str) -> Item<'a> {
        Item(self.0.get(key).unwrap_or(&Value::Null))
    }

    /// A field that is a list; empty where there is none.
    pub fn list(self, key: &str) -> impl Iterator<Item = Item<'a>> {
        list(self.inner(key).0)
    }

    /// A field's JSON text: a string as it is, nothing for null.
    pub fn json(self, key: &str) -> String {
        match self.inner(key).0 {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

fn list(value: &Value) -> impl Iterator<Item = Item<'_>> {
    value.as_array().into_iter().flatten().map(Item)
}
