//! Fields of an answer that its server wants back: OpenRouter's `reasoning_details`, LiteLLM's `thinking_blocks`.
//!
//! They come in pieces like text, and go back whole, as fields of the message they came in.

use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// The fields of one answer, as far as they have come.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    fields: Map<String, Value>,
}

/// Keys whose texts come piece by piece.
const TEXTS: &[&str] = &["text", "summary", "thinking"];

impl Kept {
    /// Adds the pieces that a list of this name holds.
    pub fn add(&mut self, name: &str, pieces: Option<&RawValue>) {
        let pieces = pieces.and_then(|raw| serde_json::from_str::<Vec<Map<String, Value>>>(raw.get()).ok());
        let Some(pieces) = pieces.filter(|pieces| !pieces.is_empty()) else { return };
        let list = self.fields.entry(name).or_insert_with(|| Value::Array(Vec::new()));
        let Value::Array(list) = list else { return };
        for piece in pieces {
            match list.last_mut().and_then(Value::as_object_mut).filter(|last| goes_on(last, &piece)) {
                Some(last) => join(last, piece),
                None => list.push(Value::Object(piece)),
            }
        }
    }

    /// What there is, once; `None` where there is nothing.
    pub fn take(&mut self) -> Option<Value> {
        (!self.fields.is_empty()).then(|| Value::Object(std::mem::take(&mut self.fields)))
    }
}

/// Whether a piece goes on with the block before it. A signature ends a block, and a block without text is whole.
fn goes_on(last: &Map<String, Value>, piece: &Map<String, Value>) -> bool {
    let is_told = |value: Option<&Value>| value.and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    TEXTS.iter().any(|key| last.contains_key(*key))
        && ["type", "index"].iter().all(|key| last.get(*key) == piece.get(*key))
        && !is_told(last.get("signature"))
}

fn join(last: &mut Map<String, Value>, piece: Map<String, Value>) {
    for (key, value) in piece {
        match (last.get_mut(&key), &value) {
            (Some(Value::String(text)), Value::String(more)) if TEXTS.contains(&key.as_str()) => {
                text.push_str(more);
            }
            (Some(_), Value::Null) => {}
            _ => {
                last.insert(key, value);
            }
        }
    }
}
