//! Who is asked for a price first, and ten models priced by hand.

use super::*;
use crate::catalog::Catalog;
use crate::chat::{Money, Usage};
use crate::config::{Env, PriceRow, TokenConfig};
use crate::providers::testing;

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

fn flat(amount: &str) -> Price {
    Rates::new(money(amount), money(amount)).into()
}

fn catalog(folder: &tempfile::TempDir) -> Catalog {
    Catalog::new(Paths::from_env(&Env::of([(
        "LOQUAT_DATA_DIR".to_owned(),
        folder.path().display().to_string(),
    )])))
}

fn told(amount: &str) -> TokenConfig {
    TokenConfig {
        prompt: Some(money(amount)),
        completion: Some(money(amount)),
        context: None,
        cache_read: None,
        cache_write: None,
    }
}

fn own(endpoint: Option<&str>, model: &str, amount: &str) -> PriceRow {
    PriceRow {
        model: model.to_owned(),
        endpoint: endpoint.map(Into::into),
        price: flat(amount),
        as_of: None,
        source: None,
        at: Location { file: "loquat.yaml".into(), line: 3, column: 5 },
    }
}

#[test]
fn the_nearest_layer_that_knows_a_model_prices_it_and_all_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let catalog = catalog(&folder);
    let mut endpoint = testing::endpoint("Gateway", "https://gateway.test/v1");
    let model = ModelId::from("gpt-4o");
    let listed = ModelInfo { price: Some(flat("4")), ..ModelInfo::new(model.clone()) };
    let price = |endpoint: &Endpoint, listed| catalog.price(endpoint, listed, &model, None);

    let built_in = built_in().find("openai", "gpt-4o").unwrap().price;
    assert_eq!(price(&endpoint, None), Some(built_in));
    assert_eq!(price(&endpoint, Some(&listed)), Some(flat("4")));
    endpoint.token_config.insert("gpt-4o".into(), told("2"));
    assert_eq!(price(&endpoint, Some(&listed)), Some(flat("2")));
    endpoint.prices = vec![own(None, "gpt-*", "1")];
    assert_eq!(price(&endpoint, Some(&listed)), Some(flat("1")));

    let layers = catalog.price_layers(&endpoint, Some(&listed), &model);
    let told: Vec<(&str, &Price)> =
        layers.iter().map(|layer| (layer.known_as.as_str(), &layer.price)).collect();
    assert_eq!(
        told,
        [("gpt-*", &flat("1")), ("gpt-4o", &flat("2")), ("gpt-4o", &flat("4")), ("gpt-4o", &built_in)]
    );
    let Origin::BuiltIn(sold) = &layers[3].origin else { panic!("{:?}", layers[3]) };
    assert_eq!((sold.seller.as_str(), sold.fit), ("openai", Fit::Assumed));
    assert!(sold.source.is_some());
}

#[test]
fn an_imported_table_counts_before_the_built_in_one_and_for_other_sellers_too() {
    let folder = tempfile::tempdir().unwrap();
    let imported =
        "#I 2026-11-21 map.json\nmoonshot k3 src=I ctx=9 in=7 out=7\nopenai gpt-4o src=I in=8 out=8\n";
    catalog(&folder).imported_prices().replace(imported).unwrap();
    let catalog = catalog(&folder);
    let openai = testing::endpoint("openAI", "https://api.openai.com/v1");
    let moonshot = testing::endpoint("Moonshot", "https://api.moonshot.ai/v1");
    assert_eq!(catalog.price(&openai, None, &"gpt-4o-2024-08-06".into(), None), Some(flat("8")));
    assert_eq!(catalog.price(&moonshot, None, &"k3".into(), None), Some(flat("7")));
    assert_eq!(catalog.context(&moonshot, None, &"k3".into()), Some(9));
    assert_eq!(catalog.context(&openai, None, &"gpt-4o-mini".into()), Some(128_000));
    let layers = catalog.price_layers(&openai, None, &"gpt-4o".into());
    let source = Source { date: "2026-11-21".to_owned(), name: "map.json".to_owned() };
    assert_eq!(
        layers[0].origin,
        Origin::Imported(Sold { seller: "openai".to_owned(), fit: Fit::Seller, source: Some(source) })
    );
    assert_eq!(layers.len(), 2);
}

#[test]
fn a_row_of_the_endpoint_counts_before_one_of_all_and_an_id_before_a_pattern() {
    let mut endpoint = testing::endpoint("E", "https://e.test/v1");
    endpoint.prices = vec![
        own(None, "*", "1"),
        own(None, "m-large", "2"),
        own(Some("E"), "m-*", "3"),
        own(Some("E"), "m-*", "4"),
        own(Some("E"), "m-tiny", "5"),
    ];
    let price = |id: &str| endpoint.own_price(&id.into()).map(|row| row.price);
    assert_eq!(price("m-tiny"), Some(flat("5")));
    assert_eq!(price("m-large"), Some(flat("3")));
    assert_eq!(price("other"), Some(flat("1")));
}

#[test]
fn what_runs_here_is_free_unless_told_otherwise_and_what_nobody_knows_has_no_price() {
    let folder = tempfile::tempdir().unwrap();
    let catalog = catalog(&folder);
    let price = |endpoint: &Endpoint, id: &str| catalog.price(endpoint, None, &id.into(), None);
    let demo = testing::endpoint("demo", "demo:tour");
    assert_eq!(price(&demo, "tour"), Some(Price::FREE));
    let mut ollama = testing::endpoint("Ollama", "http://localhost:11434/v1");
    assert_eq!(price(&ollama, "deepseek-chat"), Some(Price::FREE));
    assert_eq!(price(&ollama, "gpt-oss:120b-cloud"), None);
    ollama.prices = vec![own(Some("Ollama"), "*", "1")];
    assert_eq!(price(&ollama, "deepseek-chat"), Some(flat("1")));
    let groq = testing::endpoint("Groq", "https://api.groq.com/openai/v1");
    assert_eq!(price(&groq, "deepseek-chat"), None, "another seller's price is not Groq's");
    let gateway = testing::endpoint("G", "http://localhost:4000");
    assert_eq!(price(&gateway, "our-best"), None);
}

#[test]
fn gateways_spell_ids_in_their_own_ways_and_the_served_model_is_asked_for_last() {
    let folder = tempfile::tempdir().unwrap();
    let catalog = catalog(&folder);
    let gateway = testing::endpoint("G", "https://g.test/v1");
    let table = built_in();
    for (id, seller, model) in [
        ("anthropic/claude-opus-4.5", "anthropic", "claude-opus-4-5"),
        ("x-ai/grok-4", "xai", "grok-4"),
        ("azure/gpt-4o-mini", "azure", "gpt-4o-mini"),
        ("team/gpt-4o-2024-08-06", "openai", "gpt-4o"),
        ("bedrock/us.anthropic.claude-opus-4-7", "bedrock", "us.anthropic.claude-opus-4-7"),
    ] {
        let expected = table.find(seller, model).unwrap().price;
        assert_eq!(catalog.price(&gateway, None, &id.into(), None), Some(expected), "{id}");
    }
    let served = ModelId::from("gpt-4o");
    assert_eq!(
        catalog.price(&gateway, None, &"our-best".into(), Some(&served)),
        Some(table.find("openai", "gpt-4o").unwrap().price)
    );
    assert_eq!(catalog.price(&gateway, None, &"openai/gpt-4o:free".into(), None), None);
}

/// Tokens as the examples write them: in, out, of the input read from the cache, written to it, of these for an hour,
/// of the output reasoning.
fn usage([tokens_in, tokens_out, read, written, hour, thought]: [u64; 6]) -> Usage {
    Usage {
        tokens_in: Some(tokens_in),
        tokens_out: Some(tokens_out),
        cached_in: Some(read),
        cache_write: Some(written),
        cache_write_1h: Some(hour),
        reasoning_out: Some(thought),
        told_cost: None,
        estimated: false,
    }
}

/// A model with what was worked out by hand from its seller's price page: tokens, and what they cost in dollars.
type Examples = (&'static str, &'static str, &'static [([u64; 6], &'static str)]);

const OPENAI: &str = "https://api.openai.com/v1";
const ANTHROPIC: &str = "https://api.anthropic.com";
const GOOGLE: &str = "https://generativelanguage.googleapis.com/v1beta";
const XAI: &str = "https://api.x.ai/v1";

/// The sums are of dollars for a million tokens. Where nothing else is said, reasoning costs what other output does.
const EXAMPLES: &[Examples] = &[
    (
        OPENAI,
        "gpt-4o-mini",
        &[
            // 1000 x 0.15 + 500 x 0.60
            ([1000, 500, 0, 0, 0, 0], "0.00045"),
            // 400 x 0.15 + 600 x 0.075 + 500 x 0.60
            ([1000, 500, 600, 0, 0, 0], "0.000405"),
        ],
    ),
    (
        OPENAI,
        "gpt-4.1",
        &[
            // 1000 x 2 + 500 x 8
            ([1000, 500, 0, 0, 0, 0], "0.006"),
            // 400 x 2 + 600 x 0.50 + 500 x 8
            ([1000, 500, 600, 0, 0, 0], "0.0051"),
        ],
    ),
    (
        OPENAI,
        "gpt-5",
        &[
            // 1000 x 1.25 + 500 x 10
            ([1000, 500, 0, 0, 0, 0], "0.00625"),
            // 6000 x 1.25 + 4000 x 0.125 + 500 x 10
            ([10_000, 500, 4000, 0, 0, 0], "0.013"),
            // 6000 x 1.25 + 4000 x 0.125 + 2000 x 10
            ([10_000, 2000, 4000, 0, 0, 1500], "0.028"),
        ],
    ),
    (
        OPENAI,
        "gpt-5.6",
        &[
            // 1000 x 4 + 500 x 20
            ([1000, 500, 0, 0, 0, 0], "0.014"),
            // 400 x 4 + 600 x 0.40 + 500 x 20
            ([1000, 500, 600, 0, 0, 0], "0.01184"),
            // Up to 272,000: 150000 x 4 + 72000 x 0.40 + 50000 x 5 + 1000 x 20
            ([272_000, 1000, 72_000, 50_000, 0, 0], "0.8988"),
            // Beyond 272,000: 150000 x 8 + 100000 x 0.80 + 50000 x 10 + 1000 x 30
            ([300_000, 1000, 100_000, 50_000, 0, 0], "1.81"),
            // 1000 x 4 + 500 x 20
            ([1000, 500, 0, 0, 0, 400], "0.014"),
        ],
    ),
    (
        ANTHROPIC,
        "claude-sonnet-4-5",
        &[
            // 1000 x 3 + 500 x 15
            ([1000, 500, 0, 0, 0, 0], "0.0105"),
            // 400 x 3 + 600 x 0.30 + 500 x 15
            ([1000, 500, 600, 0, 0, 0], "0.00888"),
            // 11 x 3 + 50 x 0.30 + 60 x 3.75 + 40 x 6 (these for an hour) + 6 x 15
            ([161, 6, 50, 100, 40, 0], "0.000603"),
            // 1000 x 3 + 2000 x 15
            ([1000, 2000, 0, 0, 0, 1800], "0.033"),
        ],
    ),
    (
        ANTHROPIC,
        "claude-haiku-5-5",
        &[
            // 1000 x 0.10 + 500 x 0.50
            ([1000, 500, 0, 0, 0, 0], "0.00035"),
            // 400 x 0.10 + 600 x 0.01 + 500 x 0.50
            ([1000, 500, 600, 0, 0, 0], "0.000296"),
            // Up to 100,000: 99000 x 0.10 + 1000 x 0.125 + 800 x 0.50
            ([100_000, 800, 0, 1000, 0, 300], "0.010425"),
            // Beyond 100,000: 99000 x 0.50 + 20000 x 0.05 + 1000 x 1 (these for an hour) + 800 x 2.50
            ([120_000, 800, 20_000, 1000, 1000, 300], "0.0535"),
        ],
    ),
    (
        GOOGLE,
        "gemini-2.5-pro",
        &[
            // 1000 x 1.25 + 500 x 10
            ([1000, 500, 0, 0, 0, 0], "0.00625"),
            // 400 x 1.25 + 600 x 0.125 + 500 x 10
            ([1000, 500, 600, 0, 0, 0], "0.005575"),
            // Up to 200,000: 200000 x 1.25 + 1000 x 10
            ([200_000, 1000, 0, 0, 0, 600], "0.26"),
            // Beyond 200,000: 50001 x 2.50 + 150000 x 0.25 + 1000 x 15
            ([200_001, 1000, 150_000, 0, 0, 600], "0.1775025"),
        ],
    ),
    (
        GOOGLE,
        "gemini-2.5-flash",
        &[
            // 1000 x 0.30 + 500 x 2.50
            ([1000, 500, 0, 0, 0, 0], "0.00155"),
            // 400 x 0.30 + 600 x 0.03 + 500 x 2.50
            ([1000, 500, 600, 0, 0, 0], "0.001388"),
            // 1000 x 0.30 + 500 x 2.50
            ([1000, 500, 0, 0, 0, 400], "0.00155"),
        ],
    ),
    (
        XAI,
        "grok-4.5",
        &[
            // 1000 x 2 + 500 x 6
            ([1000, 500, 0, 0, 0, 0], "0.005"),
            // 400 x 2 + 600 x 0.30 + 500 x 6
            ([1000, 500, 600, 0, 0, 0], "0.00398"),
            // Below 200,000: 199999 x 2 + 1000 x 6
            ([199_999, 1000, 0, 0, 0, 900], "0.405998"),
            // From 200,000 on: 200000 x 4 + 1000 x 12
            ([200_000, 1000, 0, 0, 0, 900], "0.812"),
        ],
    ),
    (
        "https://api.deepseek.com/v1",
        "deepseek-chat",
        &[
            // 1000 x 0.28 + 500 x 0.42
            ([1000, 500, 0, 0, 0, 0], "0.00049"),
            // 1000 x 0.28 + 3000 x 0.028 + 700 x 0.42
            ([4000, 700, 3000, 0, 0, 0], "0.000658"),
        ],
    ),
    (
        "https://api.groq.com/openai/v1",
        "openai/gpt-oss-120b",
        &[
            // 1000 x 0.15 + 500 x 0.60
            ([1000, 500, 0, 0, 0, 0], "0.00045"),
            // 2000 x 0.15 + 500 x 0.075 + 900 x 0.60
            ([2500, 900, 500, 0, 0, 400], "0.0008775"),
        ],
    ),
    (
        "https://api.mistral.ai/v1",
        "mistral-large-latest",
        &[
            // 12345 x 0.50 + 678 x 1.50
            ([12_345, 678, 0, 0, 0, 0], "0.0071895"),
            // 2345 x 0.50 + 10000 x 0.05 + 678 x 1.50
            ([12_345, 678, 10_000, 0, 0, 0], "0.0026895"),
        ],
    ),
    (
        "https://api.perplexity.ai",
        "sonar-deep-research",
        &[
            // 1000 x 2 + 300 x 8
            ([1000, 300, 0, 0, 0, 0], "0.0044"),
            // 1000 x 2 + 300 x 8 + 500 x 3, reasoning at a rate of its own
            ([1000, 800, 0, 0, 0, 500], "0.0059"),
        ],
    ),
    // A name with a date means the same model.
    (
        ANTHROPIC,
        "claude-sonnet-4-20250514",
        &[
            // 1000 x 3 + 500 x 15
            ([1000, 500, 0, 0, 0, 0], "0.0105"),
            // 11 x 3 + 50 x 0.30 + 60 x 3.75 + 40 x 6 (these for an hour) + 6 x 15
            ([161, 6, 50, 100, 40, 0], "0.000603"),
            // Beyond 200,000: 50000 x 6 + 150001 x 0.60 + 100 x 22.50
            ([200_001, 100, 150_001, 0, 0, 90], "0.3922506"),
        ],
    ),
];

/// Those of them that have nothing to think with.
const THOUGHTLESS: [&str; 4] = ["gpt-4o-mini", "gpt-4.1", "deepseek-chat", "mistral-large-latest"];

#[test]
fn well_known_models_cost_what_their_sellers_publish() {
    let folder = tempfile::tempdir().unwrap();
    let catalog = catalog(&folder);
    for (url, model, examples) in EXAMPLES {
        let endpoint = testing::endpoint("E", url);
        let price = catalog.price(&endpoint, None, &(*model).into(), None).unwrap();
        for (tokens, dollars) in *examples {
            assert_eq!(price.cost(&usage(*tokens)), Some(money(dollars)), "{model} {tokens:?}");
        }
        let lowest = price.tiers().next().map(|tier| tier.over);
        // Whatever a model has a price for, one of its examples has tokens for; and each has one of plain tokens.
        let shown = |of: &dyn Fn(&[u64; 6]) -> bool| examples.iter().any(|(tokens, _)| of(tokens));
        for (what, has, is_shown) in [
            ("plain", true, shown(&|tokens| tokens[2..].iter().all(|count| *count == 0))),
            ("read", price.base.cache_read.is_some(), shown(&|tokens| tokens[2] > 0)),
            ("write", price.base.cache_write.is_some(), shown(&|tokens| tokens[3] > 0)),
            ("tier", lowest.is_some(), shown(&|tokens| lowest.is_some_and(|over| tokens[0] > over))),
            ("reasoning", !THOUGHTLESS.contains(model), shown(&|tokens| tokens[5] > 0)),
        ] {
            assert_eq!(is_shown, has, "{model}: {what}");
        }
    }
    assert!(EXAMPLES.len() >= 10);
}
