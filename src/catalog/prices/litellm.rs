//! Reading LiteLLM's `model_prices_and_context_window.json`.
//!
//! It tells dollars a token, as floats, by a field for each kind of token and each threshold. Its fields are taken as
//! they are meant there; a price of zero is not taken, since the map writes it for what is free and for what is not
//! known alike. Entries of other kinds than chat, and their surcharges, are left out.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::seller::{by_prefix, written};
use super::table::{self, Batch, Row, Source, Table};
use crate::chat::money::parse_decimal;
use crate::chat::{Money, Price, Rates, Tier};

/// What was made of a price map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Our table.
    pub text: String,
    /// Rows of it.
    pub rows: usize,
    /// Entries of the map that have no price for chat tokens, or one with more thresholds than a price has room for.
    pub left_out: usize,
}

/// Something is not a price map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAMap;

/// The name of an imported table's source in its rows.
const SOURCE: &str = "I";

/// Kinds of models whose tokens are priced; an entry that tells none is taken for one.
const MODES: &[&str] = &["chat", "responses", "completion"];

/// What LiteLLM calls sellers whose ids have no prefix of theirs.
const PROVIDERS: &[(&str, &str)] = &[
    ("bedrock_converse", "bedrock"),
    ("vertex_ai-anthropic_models", "vertex"),
    ("vertex_ai-language-models", "vertex"),
];

/// A table of a price map's JSON. `head` says where it is from.
///
/// # Errors
/// Where the JSON is no price map.
pub fn take(json: &str, head: &Source) -> Result<Taken, NotAMap> {
    let map: Map<String, Value> = serde_json::from_str(json).map_err(|_| NotAMap)?;
    let priced: Vec<(&String, &Map<String, Value>)> =
        map.iter().filter_map(|(key, entry)| Some((key, entry.as_object()?))).collect();
    if !priced.iter().any(|(_, entry)| entry.contains_key("litellm_provider")) {
        return Err(NotAMap);
    }
    let mut rows: Vec<(bool, Row<'_>)> = priced.iter().filter_map(|(key, entry)| row(key, entry)).collect();
    let left_out = map.len() - rows.len();
    // An id with its seller's prefix is the more exact of two, and the last of two counts.
    rows.sort_by_key(|(is_prefixed, _)| *is_prefixed);
    let rows: Vec<Row<'_>> = rows.into_iter().map(|(_, row)| row).collect();
    let text = table::text(head, SOURCE, &rows);
    Ok(Taken { rows: Table::new(&text).rows().count(), text, left_out })
}

/// The row of an entry, and whether its id had its seller's prefix.
fn row<'a>(key: &'a str, entry: &'a Map<String, Value>) -> Option<(bool, Row<'a>)> {
    let provider = entry.get("litellm_provider")?.as_str()?;
    let mode = entry.get("mode").and_then(Value::as_str);
    if mode.is_some_and(|mode| !MODES.contains(&mode)) || key.contains(char::is_whitespace) {
        return None;
    }
    let named = PROVIDERS.iter().find(|(name, _)| *name == provider).map(|(_, seller)| *seller);
    let seller = named.or_else(|| by_prefix(provider)).unwrap_or(provider);
    let rest = key
        .split_once('/')
        .and_then(|(prefix, rest)| (prefix == provider || by_prefix(prefix) == Some(seller)).then_some(rest));
    let base = rates(|kind| amount(entry, kind.field()))?;
    let price = Price::tiered(base, tiers(entry, &base, seller))?;
    let batch = || {
        let amount = |field| amount(entry, field).filter(|amount| *amount > Money::ZERO);
        Some(Batch {
            input: amount("input_cost_per_token_batches")?,
            output: amount("output_cost_per_token_batches")?,
        })
    };
    let row = Row {
        seller,
        model: written(seller, rest.unwrap_or(key)),
        source: SOURCE,
        context: entry.get("max_input_tokens").and_then(Value::as_u64).filter(|size| *size > 0),
        batch: batch(),
        price,
    };
    Some((rest.is_some(), row))
}

/// A kind of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Input,
    Output,
    CacheRead,
    CacheWrite,
    CacheWrite1h,
    Reasoning,
}

impl Kind {
    const ALL: [Self; 6] =
        [Self::Input, Self::Output, Self::CacheRead, Self::CacheWrite, Self::CacheWrite1h, Self::Reasoning];

    const fn field(self) -> &'static str {
        match self {
            Self::Input => "input_cost_per_token",
            Self::Output => "output_cost_per_token",
            Self::CacheRead => "cache_read_input_token_cost",
            Self::CacheWrite => "cache_creation_input_token_cost",
            Self::CacheWrite1h => "cache_creation_input_token_cost_above_1hr",
            Self::Reasoning => "output_cost_per_reasoning_token",
        }
    }
}

/// Rates of their amounts; `None` where there is no price for input, or none that can be told from a gap.
fn rates(amount: impl Fn(Kind) -> Option<Money>) -> Option<Rates> {
    let above_zero = |kind| amount(kind).filter(|amount| *amount > Money::ZERO);
    let output = amount(Kind::Output)?;
    Some(Rates {
        input: above_zero(Kind::Input)?,
        output,
        cache_read: amount(Kind::CacheRead),
        // Nobody writes to a cache for nothing: a zero is a gap.
        cache_write: above_zero(Kind::CacheWrite),
        cache_write_1h: above_zero(Kind::CacheWrite1h),
        reasoning: amount(Kind::Reasoning).filter(|reasoning| *reasoning != output),
    })
}

/// Dollars for a million tokens, of dollars for one.
fn amount(entry: &Map<String, Value>, field: &str) -> Option<Money> {
    let number = parse_decimal(&entry.get(field)?.as_number()?.to_string())?;
    Money::from_decimal(number.checked_mul(Decimal::from(1_000_000))?).filter(|amount| *amount >= Money::ZERO)
}

/// The tiers of an entry, in either of its two forms. What a threshold does not change costs what it did.
fn tiers(entry: &Map<String, Value>, base: &Rates, seller: &str) -> Vec<Tier> {
    let mut told: BTreeMap<u64, BTreeMap<Kind, Money>> = BTreeMap::new();
    for (field, kind, over) in entry.keys().filter_map(|field| threshold(field)) {
        if let Some(amount) = amount(entry, field) {
            told.entry(over).or_default().insert(kind, amount);
        }
    }
    for range in entry.get("tiered_pricing").and_then(Value::as_array).into_iter().flatten() {
        let Some(range_entry) = range.as_object() else { continue };
        let Some(over) = range.pointer("/range/0").and_then(whole).filter(|over| *over > 0) else { continue };
        let amounts = Kind::ALL.iter().filter_map(|kind| Some((*kind, amount(range_entry, kind.field())?)));
        told.insert(over, amounts.collect());
    }
    let before = |kind| match kind {
        Kind::Input => Some(base.input),
        Kind::Output => Some(base.output),
        Kind::CacheRead => base.cache_read,
        Kind::CacheWrite => base.cache_write,
        Kind::CacheWrite1h => base.cache_write_1h,
        Kind::Reasoning => None,
    };
    let tier = |(over, told): (u64, BTreeMap<Kind, Money>)| {
        let rates = rates(|kind| told.get(&kind).copied().or_else(|| before(kind)))?;
        // xAI asks more from the threshold on, all others beyond it.
        Some(Tier { over: if seller == "xai" { over - 1 } else { over }, rates })
    };
    told.into_iter().filter_map(tier).collect()
}

/// What a field like `input_cost_per_token_above_200k_tokens` is about.
fn threshold(field: &str) -> Option<(&str, Kind, u64)> {
    let (name, size) = field.strip_suffix("k_tokens")?.rsplit_once("_above_")?;
    let kind = Kind::ALL.into_iter().find(|kind| kind.field() == name)?;
    let thousands: u64 = size.parse().ok().filter(|size| (1..1_000_000).contains(size))?;
    Some((field, kind, thousands * 1000))
}

/// A whole number, which the map writes as a float where it likes.
fn whole(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_f64()?.to_string().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(json: &str) -> Result<(String, usize, usize), NotAMap> {
        let head = Source { date: "2026-11-21".to_owned(), name: "map.json".to_owned() };
        take(json, &head).map(|taken| (taken.text, taken.rows, taken.left_out))
    }

    #[test]
    fn every_field_that_prices_tokens_is_taken() {
        let map = r#"{
            "sample_spec": {"litellm_provider": "one of", "mode": "one of", "input_cost_per_token": 0.0},
            "claude-x": {"litellm_provider": "anthropic", "mode": "chat", "max_input_tokens": 200000,
                "input_cost_per_token": 3e-06, "output_cost_per_token": 1.5e-05,
                "input_cost_per_token_batches": 1.5e-06, "output_cost_per_token_batches": 7.5e-06,
                "cache_read_input_token_cost": 3e-07, "cache_creation_input_token_cost": 3.75e-06,
                "cache_creation_input_token_cost_above_1hr": 6e-06,
                "input_cost_per_token_above_200k_tokens": 6e-06, "output_cost_per_token_above_200k_tokens": 2.25e-05,
                "cache_creation_input_token_cost_above_1hr_above_200k_tokens": 1.2e-05,
                "input_cost_per_token_above_200k_tokens_priority": 9e-06},
            "xai/grok-x": {"litellm_provider": "xai", "input_cost_per_token": 2e-06, "output_cost_per_token": 6e-06,
                "input_cost_per_token_above_200k_tokens": 4e-06},
            "dashscope/q": {"litellm_provider": "dashscope", "mode": "chat", "input_cost_per_token": 1e-06,
                "output_cost_per_token": 4e-06, "output_cost_per_reasoning_token": 9e-06,
                "tiered_pricing": [{"range": [0, 32000.0], "input_cost_per_token": 1e-06, "output_cost_per_token": 4e-06},
                    {"range": [32000.0, 128000.0], "input_cost_per_token": 2e-06, "output_cost_per_token": 8e-06}]},
            "free": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 0.0, "output_cost_per_token": 0.0},
            "draws": {"litellm_provider": "openai", "mode": "image_generation", "input_cost_per_token": 1e-06,
                "output_cost_per_token": 1e-06}}"#;
        let expected = "#I 2026-11-21 map.json\n\
            anthropic claude-x src=I ctx=200000 batch=1.5/7.5 in=3 out=15 read=0.3 write=3.75 hour=6 \
            over=200000 in=6 out=22.5 read=0.3 write=3.75 hour=12\n\
            dashscope q src=I in=1 out=4 think=9 over=32000 in=2 out=8\n\
            xai grok-x src=I in=2 out=6 over=199999 in=4 out=6\n";
        assert_eq!(table(map), Ok((expected.to_owned(), 3, 3)));
    }

    #[test]
    fn an_id_with_its_sellers_prefix_counts_before_a_bare_one_whatever_their_order() {
        let entry = |price: &str| {
            format!(
                r#"{{"litellm_provider": "deepseek", "input_cost_per_token": {price}, "output_cost_per_token": 1e-06}}"#
            )
        };
        for (first, second) in [("deepseek/m", "m"), ("m", "deepseek/m")] {
            let price = |key: &str| entry(if key == "m" { "1e-06" } else { "2e-06" });
            let map = format!(r#"{{"{first}": {}, "{second}": {}}}"#, price(first), price(second));
            let (text, ..) = table(&map).unwrap();
            assert_eq!(text.lines().nth(1), Some("deepseek m src=I in=2 out=1"), "{first}");
            assert_eq!(text.lines().count(), 2);
        }
    }

    #[test]
    fn what_is_no_price_map_is_refused() {
        for json in ["", "[]", "{}", "<html>", r#"{"openai": {"gpt-4o": 3}}"#] {
            assert_eq!(table(json), Err(NotAMap), "{json}");
        }
    }
}
