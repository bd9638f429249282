//! The JSON of an answer, read without copies and without being particular.
//!
//! Strings are borrowed from the event where they hold no escape. A field of an unexpected type reads as
//! absent, because a server's novelty in one place is no reason to lose the text in another; serde's own
//! `Option<Cow<str>>` does neither, hence [`Loose`].
//!
//! What every chunk has is read into a [`Place`]: derived code would build a chunk from the inside out and
//! move it at every level, which for small chunks costs more than the reading. What few chunks have is derived.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::chat::{Money, Usage};

/// A chunk of a stream, or a whole answer.
#[derive(Debug, Default)]
pub struct Chunk<'a> {
    pub model: Text<'a>,
    /// The first choice of the list (`index` 0 or none); further ones are left out.
    pub choice: Option<Choice<'a>>,
    pub usage: Lenient<Box<WireUsage>>,
    pub error: Option<&'a RawValue>,
    pub object: Text<'a>,
    pub x_groq: Lenient<Box<Groq>>,
    /// What the answer rests on: Perplexity's results, with titles; addresses alone.
    pub search_results: Option<&'a RawValue>,
    pub citations: Option<&'a RawValue>,
}

impl<'a> Chunk<'a> {
    /// Takes what this JSON says.
    ///
    /// # Errors
    /// The parser's, where the text is no JSON or no object.
    pub fn read(&mut self, text: &'a str) -> Result<(), serde_json::Error> {
        let mut json = serde_json::Deserializer::from_str(text);
        Place(self).deserialize(&mut json)?;
        json.end()
    }
}

impl<'de> Object<'de> for Chunk<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "model" => self.model = map.next_value()?,
            "choices" => map.next_value_seed(First(&mut self.choice))?,
            "usage" => self.usage = map.next_value()?,
            "error" => self.error = map.next_value()?,
            "object" => self.object = map.next_value()?,
            "x_groq" => self.x_groq = map.next_value()?,
            "search_results" => self.search_results = map.next_value()?,
            "citations" => self.citations = map.next_value()?,
            _ => skip(map)?,
        }
        Ok(())
    }
}

/// One choice. Streams fill `delta`, whole answers `message`; Perplexity fills both with the same words.
#[derive(Debug, Default)]
pub struct Choice<'a> {
    index: Count,
    pub delta: Option<Delta<'a>>,
    pub message: Option<Delta<'a>>,
    pub finish_reason: Text<'a>,
}

impl<'de> Object<'de> for Choice<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "index" => self.index = map.next_value()?,
            "delta" => map.next_value_seed(Place(&mut self.delta))?,
            "message" => map.next_value_seed(Place(&mut self.message))?,
            "finish_reason" => self.finish_reason = map.next_value()?,
            _ => skip(map)?,
        }
        Ok(())
    }
}

/// What is said.
#[derive(Debug, Default)]
pub struct Delta<'a> {
    pub content: Content<'a>,
    pub reasoning_content: Text<'a>,
    pub reasoning: Text<'a>,
    pub refusal: Text<'a>,
    pub tool_calls: Lenient<Vec<CallPiece<'a>>>,
    /// What the text cites.
    pub annotations: Option<&'a RawValue>,
    /// What OpenRouter and Vercel want back of the reasoning.
    pub reasoning_details: Option<&'a RawValue>,
    /// What LiteLLM wants back of it.
    pub thinking_blocks: Option<&'a RawValue>,
}

impl<'de> Object<'de> for Delta<'de> {
    fn field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "content" => self.content = map.next_value()?,
            "reasoning_content" => self.reasoning_content = map.next_value()?,
            "reasoning" => self.reasoning = map.next_value()?,
            "refusal" => self.refusal = map.next_value()?,
            "tool_calls" => self.tool_calls = map.next_value()?,
            "annotations" => self.annotations = map.next_value()?,
            "reasoning_details" => self.reasoning_details = map.next_value()?,
            "thinking_blocks" => self.thinking_blocks = map.next_value()?,
            _ => skip(map)?,
        }
        Ok(())
    }
}

/// Something that is read field by field where it stands.
trait Object<'de> {
    /// An object has begun; its fields follow.
    fn begin(&mut self) {}

    /// Takes the value of this field from `map`.
    fn field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error>;
}

/// An object that may be left out, or null.
impl<'de, T: Object<'de> + Default> Object<'de> for Option<T> {
    fn begin(&mut self) {
        *self = Some(T::default());
    }

    fn field<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match self {
            Some(object) => object.field(key, map),
            None => skip(map),
        }
    }
}

/// Passes over a value.
fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(drop)
}

/// Where an object is read to.
struct Place<'p, T>(&'p mut T);

impl<'de, T: Object<'de>> DeserializeSeed<'de> for Place<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Object<'de>> Visitor<'de> for Place<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.0.begin();
        while let Some(key) = map.next_key::<Text<'de>>()? {
            self.0.field(&key.0, &mut map)?;
        }
        Ok(())
    }
}

/// Where the first choice of a list is read to.
struct First<'p, 'a>(&'p mut Option<Choice<'a>>);

impl<'de> DeserializeSeed<'de> for First<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for First<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("choices")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Place(&mut *self.0))?.is_some() {
            if self.0.as_ref().is_some_and(|choice| choice.index.0.unwrap_or(0) == 0) {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                return Ok(());
            }
        }
        *self.0 = None;
        Ok(())
    }
}

/// Groq's own place for usage.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Groq {
    pub usage: Lenient<Box<WireUsage>>,
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
        Ok(match Loose::deserialize(deserializer)? {
            Loose::Text(text) => Self(text),
            Loose::Count(_) | Loose::Pieces(_) | Loose::Other => Self::default(),
        })
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
        Ok(match Loose::deserialize(deserializer)? {
            Loose::Text(text) => Self::Plain(Text(text)),
            Loose::Pieces(pieces) => Self::Pieces(pieces),
            Loose::Count(_) | Loose::Other => Self::default(),
        })
    }
}

/// Any JSON value, as far as a field of an answer can have a use for it.
enum Loose<'a> {
    Text(Cow<'a, str>),
    /// A whole number, perhaps written as a float.
    Count(u64),
    Pieces(Vec<Piece<'a>>),
    Other,
}

impl<'de: 'a, 'a> Deserialize<'de> for Loose<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any<'a>(PhantomData<&'a ()>);
        impl<'de: 'a, 'a> Visitor<'de> for Any<'a> {
            type Value = Loose<'a>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Loose::Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Loose::Text(Cow::Owned(text.to_owned())))
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Loose::Other)
            }
            fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
                Ok(Loose::Other)
            }
            fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
                Ok(Loose::Other)
            }
            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(Loose::Count(number))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
                Ok(whole(number).map_or(Loose::Other, Loose::Count))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Loose::Other)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut pieces = Vec::new();
                while let Some(raw) = list.next_element::<&'de RawValue>()? {
                    pieces.extend(serde_json::from_str::<Piece<'de>>(raw.get()));
                }
                Ok(Loose::Pieces(pieces))
            }
        }
        deserializer.deserialize_any(Any(PhantomData))
    }
}

/// The whole number that a float is, where it is one that a float tells from its neighbours.
fn whole(number: f64) -> Option<u64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    ((0.0..=EXACT).contains(&number) && number.fract() == 0.0).then_some(number as u64)
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
        Ok(Self(match Loose::deserialize(deserializer)? {
            Loose::Count(count) => Some(count),
            Loose::Text(text) => text.strip_suffix(".0").unwrap_or(&text).parse().ok(),
            Loose::Pieces(_) | Loose::Other => None,
        }))
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
    cost: Lenient<f64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PromptDetails {
    cached_tokens: Count,
    cache_write_tokens: Count,
    cache_creation_tokens: Count,
    /// LiteLLM passes on what Anthropic says.
    cache_creation_token_details: Lenient<CacheCreation>,
}

/// How long what was written to the cache is kept, in Anthropic's words.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CacheCreation {
    /// Tokens that are kept for an hour; the others are for five minutes.
    pub ephemeral_1h_input_tokens: Count,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CompletionDetails {
    reasoning_tokens: Count,
}

impl WireUsage {
    /// Dollars; OpenRouter says so. What Perplexity says under the same name is an object, and is left.
    fn cost(&self) -> Option<Money> {
        let told = self.cost.0?.to_string().parse().ok()?;
        (told >= Money::ZERO).then_some(told)
    }

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
            cache_write_1h: prompt
                .and_then(|d| d.cache_creation_token_details.0.as_ref()?.ephemeral_1h_input_tokens.0),
            reasoning_out: reasoning,
            told_cost: self.cost(),
            estimated: false,
        }
    }
}
