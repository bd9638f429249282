//! What the configuration says of prices: the rate they are shown at, and the person's own.
//!
//! A row is found by endpoint and model here, because a configuration, a turn and an explanation have to agree on
//! which one is meant; what else tells a price is the catalog's.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::build::Builder;
use super::node::Node;
use super::values::text;
use super::{Endpoint, Location, did_you_mean};
use crate::chat::money::parse_decimal;
use crate::chat::price::MOST_TIERS;
use crate::chat::{EndpointName, ModelId, Money, Price, Rate, Rates, Tier};
use crate::t;

/// How prices are shown, and those that a person gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceConfig {
    /// Euros for a dollar.
    pub eur_per_usd: Rate,
    /// When it was so, and where that is written; `None` is the built-in rate, a round figure of no day.
    pub rate_told: Option<RateTold>,
    /// `models`: prices that count before any other.
    pub models: Vec<PriceRow>,
}

/// Where a rate is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateTold {
    /// `eur_per_usd_date`.
    pub date: Option<Date>,
    /// Where the rate is configured.
    pub at: Location,
}

impl Default for PriceConfig {
    fn default() -> Self {
        Self { eur_per_usd: Rate(Decimal::new(92, 2)), rate_told: None, models: Vec::new() }
    }
}

/// A price that a person gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceRow {
    /// The model's id; one `*` in it stands for any text.
    pub model: String,
    /// The endpoint it holds at; `None` is everywhere.
    pub endpoint: Option<EndpointName>,
    /// The price. Zeros are a price too: this is how a person says that something is free.
    pub price: Price,
    /// `as_of`: when it was so.
    pub as_of: Option<Date>,
    /// `source`: who says so, in the person's words.
    pub source: Option<String>,
    /// Where it is configured.
    pub at: Location,
}

impl PriceRow {
    fn fits(&self, model: &ModelId) -> bool {
        match self.model.split_once('*') {
            None => self.model == model.as_str(),
            Some((before, after)) => {
                model.as_str().strip_prefix(before).is_some_and(|rest| rest.ends_with(after))
            }
        }
    }

    /// A row of an endpoint counts before one of all, and one of an id before one of many.
    fn rank(&self) -> (bool, bool) {
        (self.endpoint.is_some(), !self.model.contains('*'))
    }
}

impl Endpoint {
    /// The person's own price of a model here. Of rows that say as much, the first.
    pub fn own_price(&self, model: &ModelId) -> Option<&PriceRow> {
        self.prices.iter().rev().filter(|row| row.fits(model)).max_by_key(|row| row.rank())
    }
}

impl Builder<'_> {
    /// `prices`; each endpoint is given the rows that hold there.
    pub(super) fn prices(&mut self, node: Option<&Node>, endpoints: &mut [Endpoint]) -> PriceConfig {
        let Some(node) = node else { return PriceConfig::default() };
        let rows = node.get("models").map_or(&[][..], Node::items);
        let models: Vec<PriceRow> = rows
            .iter()
            .enumerate()
            .filter_map(|(index, item)| self.price_row(item, &format!("prices.models[{index}]"), endpoints))
            .collect();
        for endpoint in endpoints {
            let holds = |row: &&PriceRow| row.endpoint.as_ref().is_none_or(|name| *name == endpoint.name);
            endpoint.prices = models.iter().filter(holds).cloned().collect();
        }
        let written = node.get("eur_per_usd");
        let rate = written.and_then(Node::text).and_then(parse_decimal);
        let date = self.date(node, "eur_per_usd_date", "prices");
        let default = PriceConfig::default();
        PriceConfig {
            eur_per_usd: rate.map_or(default.eur_per_usd, Rate),
            rate_told: written.map(|written| RateTold { date, at: self.locate(written.at) }),
            models,
        }
    }

    fn price_row(&mut self, item: &Node, path: &str, endpoints: &[Endpoint]) -> Option<PriceRow> {
        let model = self.filled(item.get("model")).filter(|model| !model.trim().is_empty());
        if model.is_none() {
            self.slip(item.at, path, t!("config-missing", key = "model").into_string());
        }
        let base = self.rates(item, path);
        let tiers: Vec<Option<Tier>> = item
            .get("above")
            .map_or(&[][..], Node::items)
            .iter()
            .enumerate()
            .map(|(index, tier)| self.tier(tier, &format!("{path}.above[{index}]")))
            .collect();
        let endpoint = self.filled(item.get("endpoint"));
        if let (Some(name), Some(written)) = (&endpoint, item.get("endpoint"))
            && !endpoints.iter().any(|known| known.name.as_str() == name)
        {
            let message = t!("config-no-such-endpoint", name = name.as_str()).into_string();
            let path = format!("{path}.endpoint");
            let mut problem = self.files.problem(self.files.severity(written.at), written.at, &path, message);
            problem.suggestion = did_you_mean(name, endpoints.iter().map(|known| known.name.as_str()));
            self.tell(problem);
        }
        let Some(price) = Price::tiered(base?, tiers.into_iter().collect::<Option<Vec<_>>>()?) else {
            self.slip(item.at, path, t!("config-price-tiers", most = MOST_TIERS).into_string());
            return None;
        };
        Some(PriceRow {
            model: model?,
            endpoint: endpoint.map(EndpointName::from),
            price,
            as_of: self.date(item, "as_of", path),
            source: self.filled(item.get("source")),
            at: self.locate(item.at),
        })
    }

    fn tier(&mut self, item: &Node, path: &str) -> Option<Tier> {
        let over = text(item, "tokens").and_then(|text| text.parse().ok());
        if over.is_none() {
            self.slip(item.at, path, t!("config-missing", key = "tokens").into_string());
        }
        let rates = self.rates(item, path)?;
        Some(Tier { over: over?, rates })
    }

    fn rates(&mut self, item: &Node, path: &str) -> Option<Rates> {
        let told = |key: &str| text(item, key).and_then(|text| text.parse::<Money>().ok());
        let mut needed = |key: &str| {
            let amount = told(key);
            if amount.is_none() {
                self.slip(item.at, path, t!("config-missing", key = key).into_string());
            }
            amount
        };
        let (input, output) = (needed("input"), needed("output"));
        Some(Rates {
            input: input?,
            output: output?,
            cache_read: told("cache_read"),
            cache_write: told("cache_write"),
            cache_write_1h: told("cache_write_1h"),
            reasoning: told("reasoning"),
        })
    }

    pub(super) fn date(&mut self, node: &Node, key: &str, path: &str) -> Option<Date> {
        let written = node.get(key)?;
        let date = written.text().and_then(|text| text.parse().ok());
        if date.is_none() {
            self.slip(written.at, &format!("{path}.{key}"), t!("config-not-a-date").into_string());
        }
        date
    }
}
