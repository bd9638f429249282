//! The JSON of an answer, read without copies and without being particular.
//!
//! Strings are borrowed from the event where they hold no escape. A field of an unexpected type reads as
//! absent, because a server's novelty in one place is no reason to lose the text in another; serde's own
//! `Option<Cow<str>>` does neither, hence the visitors.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::chat::Usage;

/// A chunk of a stream, or a whole answer. What few chunks have is boxed: a chunk is moved several times while it
/// is read, and there are many.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Chunk<'a> {
    #[serde(borrow)]
    pub model: Text<'a>,
    #[serde(borrow)]
    pub choices: First<'a>,
    pub usage: Lenient<Box<WireUsage>>,
    #[serde(borrow)]
    pub error: Option<&'a RawValue>,
    #[serde(borrow)]
    pub object: Text<'a>,
    pub x_groq: Lenient<Box<Groq>>,
}

/// Groq's own place for usage.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Groq {
    pub usage: Lenient<Box<WireUsage>>,
}

/// One choice. Streams fill `delta`, whole answers `message`; Perplexity fills both with the same words.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Choice<'a> {
    index: Count,
    #[serde(borrow)]
    pub delta: Option<Delta<'a>>,
    #[serde(borrow)]
    pub message: Option<Box<Delta<'a>>>,
    #[serde(borrow)]
    pub finish_reason: Text<'a>,
}

/// What is said.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Delta<'a> {
    #[serde(borrow)]
    pub content: Content<'a>,
    #[serde(borrow)]
    pub reasoning_content: Text<'a>,
    #[serde(borrow)]
    pub reasoning: Text<'a>,
    #[serde(borrow)]
    pub refusal: Text<'a>,
    #[serde(borrow)]
    pub tool_calls: Lenient<Vec<CallPiece<'a>>>,
}

/// A piece of a tool call, or a whole one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CallPiece<'a> {
    pub index: Count,
    #[serde(borrow)]
    pub id: Text<'a>,
    #[serde(borrow)]
    pub function: Option<Function<'a>>,
}

/// The function of a call.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Function<'a> {
    #[serde(borrow)]
    pub name: Text<'a>,
    #[serde(borrow)]
    arguments: Option<&'a RawValue>,
}

impl Function<'_> {
    /// The arguments' JSON text; some servers send the object itself.
    pub fn arguments(&self) -> String {
        match self.arguments.map(RawValue::get) {
            None | Some("null") => String::new(),
            Some(raw) => serde_json::from_str(raw).unwrap_or_else(|_| raw.to_owned()),
        }
    }
}

/// The first choice of the list (`index` 0 or none); further ones are left out.
#[derive(Debug, Default)]
pub struct First<'a>(pub Option<Choice<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for First<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List<'a>(std::marker::PhantomData<&'a ()>);
        impl<'de: 'a, 'a> Visitor<'de> for List<'a> {
            type Value = First<'a>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("choices")
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(First(None))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut first = None;
                while let Some(choice) = list.next_element::<Choice<'a>>()? {
                    if first.is_none() && choice.index.0.unwrap_or(0) == 0 {
                        first = Some(choice);
                    }
                }
                Ok(First(first))
            }
        }
        deserializer.deserialize_any(List(std::marker::PhantomData))
    }
}

/// A string, borrowed where it can be; anything else reads as empty.
#[derive(Debug, Default, PartialEq)]
pub struct Text<'a>(pub Cow<'a, str>);

impl Text<'_> {
    /// The string, where it is not empty.
    pub fn get(&self) -> Option<&str> {
        (!self.0.is_empty()).then_some(&*self.0)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Content::deserialize(deserializer)? {
            Content::Plain(text) => Ok(text),
            Content::Pieces(_) => Ok(Self::default()),
        }
    }
}

/// `content`: a string, or Mistral's list of typed pieces.
#[derive(Debug, PartialEq)]
pub enum Content<'a> {
    /// A string; empty for null and everything unexpected.
    Plain(Text<'a>),
    /// Pieces in order.
    Pieces(Vec<Piece<'a>>),
}

impl Default for Content<'_> {
    fn default() -> Self {
        Self::Plain(Text::default())
    }
}

/// A typed piece of content.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Piece<'a> {
    /// `text`, `thinking`, `refusal` …
    #[serde(borrow, rename = "type")]
    pub kind: Text<'a>,
    #[serde(borrow)]
    pub text: Text<'a>,
    #[serde(borrow)]
    pub refusal: Text<'a>,
    #[serde(borrow)]
    pub thinking: Box<Content<'a>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Content<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any<'a>(std::marker::PhantomData<&'a ()>);
        impl<'de: 'a, 'a> Visitor<'de> for Any<'a> {
            type Value = Content<'a>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("content")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Content::Plain(Text(Cow::Borrowed(text))))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Content::Plain(Text(Cow::Owned(text.to_owned()))))
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Content::default())
            }
            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Content::default())
            }
            fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
                Ok(Content::default())
            }
            fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
                Ok(Content::default())
            }
            fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
                Ok(Content::default())
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Content::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut pieces = Vec::new();
                while let Some(raw) = list.next_element::<&'de RawValue>()? {
                    pieces.extend(serde_json::from_str::<Piece<'de>>(raw.get()));
                }
                Ok(Content::Pieces(pieces))
            }
        }
        deserializer.deserialize_any(Any(std::marker::PhantomData))
    }
}

/// A value that reads as its default where it is of another type.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lenient<T>(pub Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?;
        Ok(Self(serde_json::from_str(raw.get()).ok()))
    }
}

/// A count: a whole number, perhaps written as a float or in quotes; anything else is "not told".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count(pub Option<u64>);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?.get().trim_matches('"');
        let whole = raw.strip_suffix(".0").unwrap_or(raw);
        Ok(Self(whole.parse().ok()))
    }
}

/// Token counts as providers write them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct WireUsage {
    prompt_tokens: Count,
    completion_tokens: Count,
    total_tokens: Count,
    prompt_tokens_details: Lenient<PromptDetails>,
    completion_tokens_details: Lenient<CompletionDetails>,
    prompt_cache_hit_tokens: Count,
    cache_creation_input_tokens: Count,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PromptDetails {
    cached_tokens: Count,
    cache_write_tokens: Count,
    cache_creation_tokens: Count,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CompletionDetails {
    reasoning_tokens: Count,
}

impl WireUsage {
    /// In comparable terms. xAI leaves reasoning out of `completion_tokens`; where the total says so, it is
    /// put back.
    pub fn usage(&self) -> Usage {
        let prompt = self.prompt_tokens_details.0.as_ref();
        let reasoning = self.completion_tokens_details.0.as_ref().and_then(|d| d.reasoning_tokens.0);
        let apart = match (self.prompt_tokens.0, self.completion_tokens.0, reasoning, self.total_tokens.0) {
            (Some(input), Some(output), Some(reasoning), Some(total)) if reasoning > 0 => {
                input.checked_add(output).and_then(|sum| sum.checked_add(reasoning)) == Some(total)
            }
            _ => false,
        };
        let tokens_out = self
            .completion_tokens
            .0
            .map(|output| if apart { output.saturating_add(reasoning.unwrap_or(0)) } else { output });
        Usage {
            tokens_in: self.prompt_tokens.0,
            tokens_out,
            cached_in: prompt.and_then(|d| d.cached_tokens.0).or(self.prompt_cache_hit_tokens.0),
            cache_write: prompt
                .and_then(|d| d.cache_write_tokens.0.or(d.cache_creation_tokens.0))
                .or(self.cache_creation_input_tokens.0),
            reasoning_out: reasoning,
            estimated: false,
        }
    }
}
