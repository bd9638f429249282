//! The built-in price table, of which a look-up reads one row, and what tokens cost.

use serde::Deserialize;

use super::Price;
use crate::chat::money::parse_decimal;
use crate::chat::{Money, Usage};

/// What the table knows of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Price.
    pub price: Price,
    /// Context window in tokens.
    pub context: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(rename = "ids")]
    _ids: Vec<String>,
    input: Amount,
    output: Amount,
    cache_read: Option<Amount>,
    cache_write: Option<Amount>,
    context: Option<u64>,
}

/// An amount as the table writes it: a decimal of few digits, which a float gives back unharmed.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(try_from = "f64")]
struct Amount(Money);

impl TryFrom<f64> for Amount {
    type Error = &'static str;
    fn try_from(number: f64) -> Result<Self, Self::Error> {
        parse_decimal(&number.to_string()).and_then(Money::from_decimal).map(Self).ok_or("not an amount")
    }
}

impl Row {
    fn known(&self) -> Known {
        Known {
            price: Price {
                input: self.input.0,
                output: self.output.0,
                cache_read: self.cache_read.map(|amount| amount.0),
                cache_write: self.cache_write.map(|amount| amount.0),
            },
            context: self.context,
        }
    }
}

const TABLE: &str = include_str!("../../config/prices.yaml");

/// Each row of the table with its ids. A row is one line, which begins with its ids, so that looking one up
/// reads one row and not the whole file: every turn of a script does, in a process of its own.
fn rows() -> impl Iterator<Item = (impl Iterator<Item = &'static str>, &'static str)> {
    TABLE.lines().filter_map(|line| {
        let row = line.trim_start().strip_prefix("- ")?;
        let (ids, _) = row.strip_prefix("{ids: [")?.split_once(']')?;
        Some((ids.split(',').map(str::trim), row))
    })
}

/// What the table knows of a model id: by itself, else as the longest id that it continues with a version.
pub fn known(id: &str) -> Option<Known> {
    let id = id.rsplit('/').next().unwrap_or(id);
    let nearness = |known: &str| match id.strip_prefix(known) {
        Some("") => Some(usize::MAX),
        Some(rest) if is_version(rest) => Some(known.len()),
        Some(_) | None => None,
    };
    let (_, row) = rows()
        .filter_map(|(ids, row)| Some((ids.filter_map(nearness).max()?, row)))
        .max_by_key(|(nearness, _)| *nearness)?;
    // A test keeps every row whole; a broken one would price nothing, which is honest.
    serde_yaml::from_str::<Row>(row).ok().map(|row| row.known())
}

/// Whether what follows a known id only says which edition is meant: `-2024-08-06`, `-20250514`, `-0613`,
/// `-001`, `-latest`, `-preview-05-20`. One digit alone is another model (`claude-opus-4-7` is not
/// `claude-opus-4`), and so is any other word.
fn is_version(suffix: &str) -> bool {
    let Some(suffix) = suffix.strip_prefix(['-', '@']) else { return false };
    let mut dated = false;
    suffix.split('-').all(|part| {
        let digits = part.bytes().all(|byte| byte.is_ascii_digit()).then_some(part.len());
        match (part, digits) {
            ("latest" | "preview" | "exp", _) => {
                dated = true;
                true
            }
            (_, Some(3..=8)) => {
                dated = true;
                true
            }
            // Month and day stand after a year or a word.
            (_, Some(2)) => dated,
            _ => false,
        }
    })
}

impl Price {
    /// What `usage` costs in US dollars; `None` where the tokens are not known. The parts of the input that
    /// went through the provider's cache are priced apart, and are part of `tokens_in` (wire formats that
    /// count them apart have added them).
    pub fn cost(&self, usage: &Usage) -> Option<Money> {
        let (input, output) = (usage.tokens_in?, usage.tokens_out?);
        let read = usage.cached_in.unwrap_or(0).min(input);
        let written = usage.cache_write.unwrap_or(0).min(input - read);
        let plain = input - read - written;
        Some(
            [
                (self.input, plain),
                (self.cache_read.unwrap_or(self.input), read),
                (self.cache_write.unwrap_or(self.input), written),
                (self.output, output),
            ]
            .into_iter()
            .map(|(price, tokens)| price.per_million(tokens))
            .sum(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(text: &str) -> Money {
        Money::from_decimal(parse_decimal(text).unwrap()).unwrap()
    }

    #[test]
    fn every_model_of_the_table_stands_on_a_row_of_its_own_and_once() {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Group {
            #[serde(rename = "source")]
            _source: String,
            #[serde(rename = "as_of")]
            _as_of: String,
            models: Vec<Row>,
        }
        let groups: Vec<Group> = serde_yaml::from_str(TABLE).unwrap();
        let whole: Vec<String> =
            groups.into_iter().flat_map(|group| group.models).flat_map(|row| row._ids).collect();
        let by_row: Vec<String> = rows().flat_map(|(ids, _)| ids).map(str::to_owned).collect();
        assert_eq!(by_row, whole);
        assert!(rows().all(|(_, row)| serde_yaml::from_str::<Row>(row).is_ok()));
        let unique: std::collections::BTreeSet<&String> = whole.iter().collect();
        assert_eq!(unique.len(), whole.len());
    }

    #[test]
    fn an_edition_is_priced_as_its_model_and_another_model_is_not() {
        let input = |id: &str| known(id).map(|known| known.price.input);
        for (id, price) in [
            ("gpt-4o", Some("2.5")),
            ("openai/gpt-4o-2024-08-06", Some("2.5")),
            ("gpt-4o-2024-05-13", Some("5")),
            ("gpt-4o-mini-2024-07-18", Some("0.15")),
            ("gpt-4-0613", Some("30")),
            ("gpt-4-0125-preview", Some("10")),
            ("gemini-2.5-flash-preview-05-20", Some("0.3")),
            ("gemini-2.0-flash-001", Some("0.1")),
            ("claude-sonnet-4-20250514", Some("3")),
            ("claude-opus-4-7", None),
            ("gpt-4o-audio-preview", None),
            ("gpt-4o:free", None),
            ("gpt-5-pro", None),
            ("qwen3", None),
            ("", None),
        ] {
            assert_eq!(input(id), price.map(money), "{id}");
        }
    }

    #[test]
    fn a_cost_counts_cached_input_at_its_own_price() {
        let price = Price {
            input: money("3"),
            output: money("15"),
            cache_read: Some(money("0.3")),
            cache_write: Some(money("3.75")),
        };
        let usage = Usage {
            tokens_in: Some(1000),
            tokens_out: Some(200),
            cached_in: Some(600),
            cache_write: Some(100),
            reasoning_out: Some(50),
            estimated: false,
        };
        // 300 x 3 + 600 x 0.3 + 100 x 3.75 + 200 x 15, all over a million.
        assert_eq!(price.cost(&usage), Some(money("0.004455")));
        let plain = Price { cache_read: None, cache_write: None, ..price };
        assert_eq!(plain.cost(&usage), Some(money("0.006")));
    }

    #[test]
    fn what_is_not_known_costs_an_unknown_amount() {
        let price = known("gpt-4o-mini").unwrap().price;
        let usage = |tokens_in, tokens_out| Usage { tokens_in, tokens_out, ..Usage::default() };
        assert_eq!(price.cost(&usage(Some(9), Some(2))), Some(money("0.00000255")));
        assert_eq!(price.cost(&usage(Some(9), None)), None);
        assert_eq!(price.cost(&usage(None, Some(2))), None);
        assert_eq!(price.cost(&Usage::default()), None);
        let absurd = Usage { cached_in: Some(50), ..usage(Some(9), Some(0)) };
        assert_eq!(price.cost(&absurd), Some(money("0.000000675")));
    }
}
