//! `loquat prices`: the tables, who says what a model costs, and a price map to import.

use bytes::Bytes;
use futures::StreamExt;
use http::{HeaderMap, Method};
use jiff::Timestamp;
use serde::Serialize;
use url::Url;

use super::args::{PricesAction, PricesArgs, PricesExplainArgs, PricesListArgs};
use super::resolve::unknown_endpoint;
use super::{Context, Exit};
use crate::catalog::prices::table::{Row, Source, Table};
use crate::catalog::prices::{self, Fit, Free, Layer, Origin, Sold};
use crate::catalog::{Catalog, ModelInfo};
use crate::chat::{ErrorKind, Failure, KeyLabel, ModelId, Money, Price, Rate, Rates, Tier, Usage};
use crate::config::{Endpoint, PriceRow};
use crate::http::{HttpRequest, HttpResponse, Limits, Link, Transport, may_send_in_the_clear};
use crate::keys::{KeyState, Keys};
use crate::providers::Transports;
use crate::t;
use crate::text::{Safe, sanitise_line};

/// The most bytes of a price map; LiteLLM's has three million.
const MOST: usize = 64 << 20;

/// What a price map is waited for.
const LIMITS: Limits = Limits {
    connect: std::time::Duration::from_secs(10),
    first_byte: std::time::Duration::from_secs(30),
    idle: std::time::Duration::from_secs(30),
};

/// Lists, explains or imports prices.
pub async fn run(
    args: &PricesArgs,
    context: &Context,
    keys: &Keys,
    transports: &Transports,
    now: Timestamp,
) -> Exit {
    let catalog = Catalog::new(context.paths.clone());
    let done = match &args.action {
        None => list(&PricesListArgs { words: Vec::new(), json: args.json }, context, &catalog),
        Some(PricesAction::List(list_args)) => list(list_args, context, &catalog),
        Some(PricesAction::Explain(explain_args)) => explain(explain_args, context, keys, &catalog, now),
        Some(PricesAction::Import { from }) => import(from, context, &catalog, transports, now).await,
    };
    match done {
        Ok(()) => Exit::OK,
        Err(failure) => context.fail(&failure),
    }
}

/// Rates as JSON tells them: US dollars per million tokens.
#[derive(Serialize)]
struct RatesReport {
    input: Money,
    output: Money,
    cache_read: Option<Money>,
    cache_write: Option<Money>,
    cache_write_1h: Option<Money>,
    reasoning: Option<Money>,
}

impl From<&Rates> for RatesReport {
    fn from(rates: &Rates) -> Self {
        let Rates { input, output, cache_read, cache_write, cache_write_1h, reasoning } = *rates;
        Self { input, output, cache_read, cache_write, cache_write_1h, reasoning }
    }
}

/// Rates of longer prompts.
#[derive(Serialize)]
struct TierReport {
    /// More input tokens than this.
    tokens: u64,
    #[serde(flatten)]
    rates: RatesReport,
}

/// A price as JSON tells it.
#[derive(Serialize)]
struct PriceReport {
    #[serde(flatten)]
    base: RatesReport,
    above: Vec<TierReport>,
}

impl From<&Price> for PriceReport {
    fn from(price: &Price) -> Self {
        let tier = |tier: &Tier| TierReport { tokens: tier.over, rates: (&tier.rates).into() };
        Self { base: (&price.base).into(), above: price.tiers().map(tier).collect() }
    }
}

/// A row of the tables, as `--json` tells it.
#[derive(Serialize)]
struct ListRow {
    /// `own`, `imported` or `builtin`.
    layer: &'static str,
    /// A seller of the tables; of an own row the endpoint, or null for all.
    seller: Option<String>,
    model: String,
    #[serde(flatten)]
    price: PriceReport,
    batch_input: Option<Money>,
    batch_output: Option<Money>,
    context: Option<u64>,
    date: Option<String>,
    from: Option<String>,
}

impl ListRow {
    fn own(row: &PriceRow) -> Self {
        Self {
            layer: "own",
            seller: row.endpoint.as_ref().map(ToString::to_string),
            model: row.model.clone(),
            price: (&row.price).into(),
            batch_input: None,
            batch_output: None,
            context: None,
            date: row.as_of.map(|date| date.to_string()),
            from: Some(row.source.clone().unwrap_or_else(|| row.at.to_string())),
        }
    }

    fn of(layer: &'static str, table: Table<'_>, row: &Row<'_>) -> Self {
        let source = table.source(row.source);
        Self {
            layer,
            seller: Some(row.seller.to_owned()),
            model: row.model.to_owned(),
            price: (&row.price).into(),
            batch_input: row.batch.map(|batch| batch.input),
            batch_output: row.batch.map(|batch| batch.output),
            context: row.context,
            date: source.as_ref().map(|source| source.date.clone()),
            from: source.map(|source| source.name),
        }
    }

    fn has(&self, word: &str) -> bool {
        let has = |text: &str| text.to_lowercase().contains(&word.to_lowercase());
        has(&self.model) || self.seller.as_deref().is_some_and(has)
    }
}

/// Every row that could price something: own ones, imported ones, and built-in ones that no import replaces.
fn list(args: &PricesListArgs, context: &Context, catalog: &Catalog) -> Result<(), Failure> {
    let imported = catalog.imported_prices().table();
    let built_in = prices::built_in();
    let replaced = |row: &Row<'_>| imported.is_some_and(|table| table.find(row.seller, row.model).is_some());
    let mut rows: Vec<ListRow> = context.config.prices.models.iter().map(ListRow::own).collect();
    rows.extend(
        imported.iter().flat_map(|table| table.rows().map(|row| ListRow::of("imported", *table, &row))),
    );
    rows.extend(
        built_in.rows().filter(|row| !replaced(row)).map(|row| ListRow::of("builtin", built_in, &row)),
    );
    rows.retain(|row| args.words.iter().all(|word| row.has(word)));
    if args.json {
        context.out.json(&rows);
        return Ok(());
    }
    let header = [
        t!("cli-prices-column-seller"),
        t!("cli-prices-column-model"),
        t!("cli-prices-column-in"),
        t!("cli-prices-column-out"),
        t!("cli-prices-column-read"),
        t!("cli-prices-column-write"),
        t!("cli-prices-column-date"),
    ];
    let amount =
        |amount: Option<Money>| amount.map_or_else(Safe::default, |amount| line(&amount.to_string()));
    let table = rows.iter().map(|row| {
        vec![
            row.seller.as_deref().map_or_else(|| t!("cli-prices-everywhere"), line),
            line(&row.model),
            amount(Some(row.price.base.input)),
            amount(Some(row.price.base.output)),
            amount(row.price.base.cache_read),
            amount(row.price.base.cache_write),
            line(row.date.as_deref().unwrap_or_default()),
        ]
    });
    if !rows.is_empty() {
        context.out.table(&header, table.collect());
    }
    context.out.note(&t!("cli-prices-listed", count = rows.len()));
    Ok(())
}

fn line(text: &str) -> Safe {
    sanitise_line(text)
}

/// What the price of a layer is to the model.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rank {
    /// The price that counts.
    Counts,
    /// Another layer tells one before it.
    Covered,
}

/// Layers, the one that counts first.
fn ranked(layers: &[Layer]) -> impl Iterator<Item = (Rank, &Layer)> {
    let ranks = std::iter::once(Rank::Counts).chain(std::iter::repeat(Rank::Covered));
    ranks.zip(layers)
}

/// A layer, as `--json` tells it.
#[derive(Serialize)]
struct LayerReport {
    /// `own`, `token_config`, `free`, `list`, `imported` or `builtin`.
    layer: &'static str,
    /// Whether it is the one that counts.
    counts: bool,
    known_as: String,
    seller: Option<String>,
    /// The price of the model's maker, where what is asked at the endpoint is not known.
    assumed: bool,
    /// `file:line:column`, where it is configured.
    at: Option<String>,
    date: Option<String>,
    from: Option<String>,
    #[serde(flatten)]
    price: PriceReport,
}

impl LayerReport {
    fn of(layer: &Layer, rank: Rank) -> Self {
        let blank = |name: &'static str| Self {
            layer: name,
            counts: rank == Rank::Counts,
            known_as: layer.known_as.clone(),
            seller: None,
            assumed: false,
            at: None,
            date: None,
            from: None,
            price: (&layer.price).into(),
        };
        let sold = |name: &'static str, sold: &Sold| Self {
            seller: Some(sold.seller.clone()),
            assumed: sold.fit == Fit::Assumed,
            date: sold.source.as_ref().map(|source| source.date.clone()),
            from: sold.source.as_ref().map(|source| source.name.clone()),
            ..blank(name)
        };
        match &layer.origin {
            Origin::Own { at, as_of, source } => Self {
                at: Some(at.to_string()),
                date: as_of.map(|date| date.to_string()),
                from: source.clone(),
                ..blank("own")
            },
            Origin::TokenConfig { at } => Self { at: Some(at.to_string()), ..blank("token_config") },
            Origin::Free(_) => blank("free"),
            Origin::List => blank("list"),
            Origin::Imported(of) => sold("imported", of),
            Origin::BuiltIn(of) => sold("builtin", of),
        }
    }
}

/// What is known of a model at an endpoint, as `--json` tells it.
#[derive(Serialize)]
struct Explained<'a> {
    endpoint: &'a str,
    model: &'a str,
    /// What counts first; none where the price is not known.
    layers: Vec<LayerReport>,
    eur_per_usd: Rate,
    eur_per_usd_date: Option<String>,
    /// What the tokens of `--usage` cost.
    cost_usd: Option<Money>,
    cost_eur: Option<Money>,
}

fn explain(
    args: &PricesExplainArgs,
    context: &Context,
    keys: &Keys,
    catalog: &Catalog,
    now: Timestamp,
) -> Result<(), Failure> {
    let usage: Option<Usage> = match args.usage.as_deref().map(serde_json::from_str) {
        None => None,
        Some(Ok(usage)) => Some(usage),
        Some(Err(error)) => {
            let message = t!("cli-prices-not-usage", reason = error.to_string());
            return Err(Failure::new(ErrorKind::Config, message.into_string())
                .with_next_step(t!("cli-prices-not-usage-next").into_string()));
        }
    };
    let places = places(args, context)?;
    let mut explained = Vec::new();
    for (endpoint, model) in &places {
        let listed = listed(endpoint, model, context, keys, catalog, now);
        let layers = catalog.price_layers(endpoint, listed.as_ref(), model);
        let is_asked = args.endpoint.is_some() || places.len() == 1;
        // Asked of no endpoint, only those tell that have the model, or say so.
        if is_asked || listed.is_some() || layers.first().is_some_and(is_its_own) {
            explained.push((*endpoint, model, layers));
        }
    }
    if explained.is_empty() {
        let message = t!("cli-prices-nowhere", model = args.model.as_str());
        return Err(Failure::new(ErrorKind::UnknownModel, message.into_string())
            .with_next_step(t!("cli-prices-nowhere-next").into_string()));
    }
    let rate = context.config.prices.eur_per_usd;
    let costs = |layers: &[Layer]| {
        layers.first().zip(usage.as_ref()).and_then(|(layer, usage)| layer.price.cost(usage))
    };
    if args.json {
        let told = context.config.prices.rate_told.as_ref();
        let reports = explained.iter().map(|(endpoint, model, layers)| Explained {
            endpoint: endpoint.name.as_str(),
            model: model.as_str(),
            layers: ranked(layers).map(|(rank, layer)| LayerReport::of(layer, rank)).collect(),
            eur_per_usd: rate,
            eur_per_usd_date: told.and_then(|told| Some(told.date?.to_string())),
            cost_usd: costs(layers),
            cost_eur: costs(layers).map(|cost| cost.convert(rate)),
        });
        context.out.json(&reports.collect::<Vec<_>>());
        return Ok(());
    }
    for (endpoint, model, layers) in &explained {
        let (name, id) = (endpoint.name.as_str(), model.as_str());
        context.out.line(&t!("cli-prices-of", endpoint = name, model = id));
        if layers.is_empty() {
            context.out.line(&t!("cli-prices-unknown"));
        }
        for (rank, layer) in ranked(layers) {
            context.out.line(&told(layer, rank));
            context.out.line(&rates(&layer.price.base));
            for tier in layer.price.tiers() {
                context.out.line(&t!("cli-prices-above", tokens = tier.over.to_string()));
                context.out.line(&rates(&tier.rates));
            }
        }
        if usage.is_some() {
            context.out.line(&match costs(layers) {
                Some(cost) => {
                    t!("cli-prices-cost", usd = cost.to_string(), eur = cost.convert(rate).to_string())
                }
                None => t!("cli-prices-no-cost"),
            });
        }
    }
    context.out.line(&rate_line(context));
    Ok(())
}

/// Whether a layer tells of the endpoint itself.
fn is_its_own(layer: &Layer) -> bool {
    match &layer.origin {
        Origin::Own { .. } | Origin::TokenConfig { .. } | Origin::List => true,
        Origin::Free(_) => false,
        Origin::Imported(sold) | Origin::BuiltIn(sold) => sold.fit == Fit::Seller,
    }
}

/// The endpoints that are asked about, and the model's id there.
fn places<'a>(
    args: &PricesExplainArgs,
    context: &'a Context,
) -> Result<Vec<(&'a Endpoint, ModelId)>, Failure> {
    let config = &context.config;
    let model = ModelId::from(args.model.as_str());
    if let Some(name) = &args.endpoint {
        let endpoint = config.endpoint(name).ok_or_else(|| unknown_endpoint(config, name))?;
        return Ok(vec![(endpoint, model)]);
    }
    let prefixed = args
        .model
        .split_once('/')
        .and_then(|(name, id)| Some((config.endpoint(name)?, ModelId::from(id))).filter(|_| !id.is_empty()));
    Ok(match prefixed {
        Some(place) => vec![place],
        None => config.endpoints.iter().map(|endpoint| (endpoint, model.clone())).collect(),
    })
}

/// What the endpoint's list tells of the model, as far as it is known without asking anybody for a key.
fn listed(
    endpoint: &Endpoint,
    model: &ModelId,
    context: &Context,
    keys: &Keys,
    catalog: &Catalog,
    now: Timestamp,
) -> Option<ModelInfo> {
    let label = KeyLabel::default();
    let list = match keys.state(&context.config, endpoint, &label, now) {
        KeyState::Ready(origin) if !origin.may_block() => {
            let credential = keys.resolve(&context.config, endpoint, &label, now).ok()?;
            catalog.known(endpoint, &credential)
        }
        KeyState::Ready(_) | KeyState::Missing | KeyState::Unset(_) | KeyState::Expired(_) => {
            Catalog::configured(endpoint, &label)
        }
    };
    list.models.into_iter().find(|listed| listed.id == *model)
}

/// Who says so, on one line.
fn told(layer: &Layer, rank: Rank) -> Safe {
    let (name, at) = match &layer.origin {
        Origin::Own { at, as_of, source } => {
            let date = as_of.map(|date| date.to_string());
            let words = [source.clone(), date, Some(at.to_string())];
            let at = words.into_iter().flatten().collect::<Vec<_>>().join(", ");
            (t!("cli-prices-own", model = layer.known_as.as_str()), at)
        }
        Origin::TokenConfig { at } => (t!("cli-prices-token-config"), at.to_string()),
        Origin::Free(Free::Demo) => (t!("cli-prices-free-demo"), String::new()),
        Origin::Free(Free::Local) => (t!("cli-prices-free-local"), String::new()),
        Origin::List => (t!("cli-prices-list"), String::new()),
        Origin::Imported(sold) => (t!("cli-prices-imported", row = row_name(layer, sold)), from(sold)),
        Origin::BuiltIn(sold) => (t!("cli-prices-builtin", row = row_name(layer, sold)), from(sold)),
    };
    let mark = match rank {
        Rank::Counts => "→",
        Rank::Covered => " ",
    };
    let end = if at.is_empty() { String::new() } else { format!(" ({at})") };
    line(&format!("{mark} {name}{end}"))
}

/// A row of a table, and that it may not hold here.
fn row_name(layer: &Layer, sold: &Sold) -> Safe {
    match sold.fit {
        Fit::Seller => t!("cli-prices-row", seller = sold.seller.as_str(), model = layer.known_as.as_str()),
        Fit::Assumed => {
            t!("cli-prices-row-assumed", seller = sold.seller.as_str(), model = layer.known_as.as_str())
        }
    }
}

fn from(sold: &Sold) -> String {
    sold.source.as_ref().map(|Source { date, name }| format!("{date}, {name}")).unwrap_or_default()
}

fn rates(rates: &Rates) -> Safe {
    let Rates { input, output, cache_read, cache_write, cache_write_1h, reasoning } = *rates;
    let amounts = [
        (t!("cli-prices-input"), Some(input)),
        (t!("cli-prices-cache-read"), cache_read),
        (t!("cli-prices-cache-write"), cache_write),
        (t!("cli-prices-cache-write-1h"), cache_write_1h),
        (t!("cli-prices-output"), Some(output)),
        (t!("cli-prices-reasoning"), reasoning),
    ];
    let told: Vec<String> =
        amounts.into_iter().filter_map(|(name, amount)| Some(format!("{name} {}", amount?))).collect();
    line(&format!("    {}", told.join(" · ")))
}

fn rate_line(context: &Context) -> Safe {
    let prices = &context.config.prices;
    let rate = prices.eur_per_usd.0.normalize().to_string();
    match &prices.rate_told {
        None => t!("cli-prices-rate-builtin", rate = rate),
        Some(told) => {
            let at = told.at.to_string();
            match told.date {
                Some(date) => t!("cli-prices-rate-dated", rate = rate, date = date.to_string(), at = at),
                None => t!("cli-prices-rate", rate = rate, at = at),
            }
        }
    }
}

async fn import(
    from: &str,
    context: &Context,
    catalog: &Catalog,
    transports: &Transports,
    now: Timestamp,
) -> Result<(), Failure> {
    let url = Url::parse(from).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let (json, name) = match url {
        // What may stand in a URL besides its place is nobody's business.
        Some(url) => (fetch(&url, transports).await?, place(&url)),
        None => (read(from)?, from.to_owned()),
    };
    let date = now.to_zoned(jiff::tz::TimeZone::system()).date().to_string();
    let head = Source { date, name: name.replace(char::is_control, " ") };
    let taken = prices::take(&json, &head).map_err(|prices::NotAMap| {
        Failure::new(ErrorKind::Config, t!("cli-prices-no-map", from = name.as_str()).into_string())
            .with_next_step(t!("cli-prices-no-map-next").into_string())
    })?;
    catalog.imported_prices().replace(&taken.text).map_err(|error| {
        let path = context.paths.data.display().to_string();
        let message = t!("store-error-file", path = path, error = error.to_string());
        Failure::new(ErrorKind::Internal, message.into_string())
    })?;
    context.out.note(&t!("cli-prices-taken", rows = taken.rows, left = taken.left_out, from = name));
    Ok(())
}

/// A URL without what may be secret in it.
fn place(url: &Url) -> String {
    let mut place = url.clone();
    place.set_query(None);
    place.set_fragment(None);
    // Of a URL that has no host neither can be set, and such a one is none of HTTP.
    let _ = (place.set_username(""), place.set_password(None));
    place.to_string()
}

fn read(file: &str) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|error| {
        let message = t!("store-error-file", path = file, error = error.to_string());
        Failure::new(ErrorKind::NotFound, message.into_string())
    })
}

async fn fetch(url: &Url, transports: &Transports) -> Result<String, Failure> {
    if !may_send_in_the_clear(url) {
        let message = t!("cli-prices-clear", url = place(url));
        return Err(Failure::new(ErrorKind::Network, message.into_string()));
    }
    let request = HttpRequest {
        method: Method::GET,
        url: url.clone(),
        headers: HeaderMap::new(),
        body: None,
        link: Link::default(),
        limits: LIMITS,
    };
    let HttpResponse { status, mut body, .. } = transports.send(request).await?;
    if status != 200 {
        let message = t!("cli-prices-status", url = place(url), status = status.to_string());
        return Err(Failure::new(ErrorKind::Network, message.into_string()));
    }
    let mut json = Vec::new();
    while let Some(piece) = body.next().await {
        let piece: Bytes = piece?;
        if json.len() + piece.len() > MOST {
            let message = t!("cli-prices-large", url = place(url));
            return Err(Failure::new(ErrorKind::Provider, message.into_string()));
        }
        json.extend_from_slice(&piece);
    }
    String::from_utf8(json).map_err(|_| {
        Failure::new(ErrorKind::Provider, t!("cli-prices-no-map", from = place(url)).into_string())
    })
}
