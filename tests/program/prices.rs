//! Prices as a person sees and gives them, and what tokens that nobody reported cost.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use super::support::http::{Reply, Request};
use super::support::{Home, Mock};

/// A price map of one model, as LiteLLM writes it.
fn price_map() -> Value {
    json!({"mistral/mistral-large-latest": {"litellm_provider": "mistral", "mode": "chat",
        "input_cost_per_token": 7e-06, "output_cost_per_token": 9e-06}})
}

fn explain(home: &Home, words: &[&str]) -> Value {
    home.run(&[&["prices", "explain", "--json"], words].concat()).exits(0).json()
}

/// Who tells the price, and what input costs, of each layer.
fn layers(explained: &Value) -> Vec<(&str, f64)> {
    let layers = explained[0]["layers"].as_array().expect("layers");
    layers
        .iter()
        .map(|layer| (layer["layer"].as_str().unwrap_or_default(), layer["input"].as_f64().unwrap_or(-1.0)))
        .collect()
}

#[test]
fn a_price_map_is_imported_from_a_file_and_from_an_address_and_replaces_the_one_before() {
    let home = Home::bare();
    let large = ["mistral-large-latest", "-e", "Mistral"];
    assert_eq!(layers(&explain(&home, &large)), [("builtin", 0.5)]);
    let file = home.path().join("map.json");
    fs::write(&file, price_map().to_string()).expect("a file can be written");
    home.run(&["prices", "import", &file.display().to_string()]).exits(0);
    let explained = explain(&home, &large);
    assert_eq!(layers(&explained), [("imported", 7.0), ("builtin", 0.5)]);
    assert_eq!(explained[0]["layers"][0]["from"], json!(file.display().to_string()));

    let server = Mock::answering(|request: &Request, _| {
        let mut map = price_map();
        map["mistral/mistral-large-latest"]["input_cost_per_token"] = json!(8e-06);
        if request.path.starts_with("/map.json") {
            Reply::json(200, &map)
        } else {
            Reply::json(404, &json!({}))
        }
    });
    let url = format!("{}/map.json?token=sk-hidden-77", server.root());
    home.run(&["prices", "import", &url]).exits(0);
    let explained = explain(&home, &large);
    assert_eq!(layers(&explained), [("imported", 8.0), ("builtin", 0.5)]);
    assert_eq!(explained[0]["layers"][0]["from"], json!(format!("{}/map.json", server.root())));
    home.assert_no_file_holds("sk-hidden-77");

    home.run(&["prices", "import", &format!("{}/gone", server.root())]).exits(6);
    home.run(&["prices", "import", "http://prices.invalid/map.json"]).exits(6);
    home.run(&["prices", "import", "no such file"]).exits(5);
    fs::write(&file, "{}").expect("a file can be written");
    home.run(&["prices", "import", &file.display().to_string()]).exits(3);
    assert_eq!(layers(&explain(&home, &large)), [("imported", 8.0), ("builtin", 0.5)]);
}

#[test]
fn own_prices_count_first_and_say_where_they_stand() {
    let home = Home::with_config(
        "prices:\n  eur_per_usd: 0.5\n  eur_per_usd_date: 2026-11-20\n  models:\n    \
         - {model: 'gpt-4o*', endpoint: openAI, input: 2, output: 8, cache_read: 1,\n       \
            above: [{tokens: 1000, input: 4, output: 16}], as_of: 2026-10-01, source: contract}\n",
    );
    let usage = r#"{"tokens_in":1001,"tokens_out":10,"cached_in":1}"#;
    let explained = explain(&home, &["openAI/gpt-4o-mini", "--usage", usage]);
    assert_eq!(layers(&explained), [("own", 2.0), ("builtin", 0.15)]);
    let own = &explained[0]["layers"][0];
    let at = format!("{}:5:7", home.config_file().display());
    assert_eq!(
        (&own["at"], &own["date"], &own["from"], &own["known_as"]),
        (&json!(at), &json!("2026-10-01"), &json!("contract"), &json!("gpt-4o*"))
    );
    // 1001 x 4 (a read costs what input does there) + 10 x 16, over a million; a euro is two dollars.
    assert_eq!(explained[0]["cost_usd"], json!(0.004_164));
    assert_eq!(explained[0]["cost_eur"], json!(0.002_082));
    assert_eq!(explained[0]["eur_per_usd_date"], json!("2026-11-20"));
    let shown = home.run(&["prices", "explain", "gpt-4o-mini", "-e", "openAI"]).exits(0);
    assert!(shown.text().contains(&at) && shown.text().contains("0.15"), "{}", shown.text());
}

#[test]
fn mistakes_in_own_prices_are_told_with_their_place() {
    let home = Home::with_config(
        "prices:\n  eur_per_usd_date: yesterday\n  models:\n    - {model: m, input: 1}\n    \
         - {model: m, input: 1, output: 2, endpoint: openAi}\n    - {input: 1, output: 2, inptu: 3}\n",
    );
    let outcome = home.run(&["config", "check"]).exits(3);
    let said = format!("{}{}", outcome.text(), outcome.stderr);
    for place in [":2:21:", ":4:7:", ":5:49:", ":6:7:", ":6:29:"] {
        assert!(said.contains(&format!("loquat.yaml{place}")), "{place} in {said}");
    }
    assert!(said.contains("openAI") && said.contains("output"), "{said}");
}

#[test]
fn tokens_that_nobody_reported_are_counted_marked_and_priced() {
    let mock = Mock::start();
    let priced = |model: &str| {
        let home = Home::with_model(&mock, model);
        let config = fs::read_to_string(home.config_file()).expect("a configuration");
        home.write_config(&format!("{config}prices: {{models: [{{model: '*', input: 1, output: 2}}]}}\n"));
        home.run(&["-p", "hi", "--json"]);
        let events = home.events();
        let event = events.last().expect("an event").clone();
        (event["status"].clone(), event["tokens_in"].clone(), event["tokens_out"].clone(), event)
    };
    // “hi”, who speaks, the beginning of an answer; “Hello from the mock.” is five runs.
    let (status, tokens_in, tokens_out, event) = priced("no-usage");
    assert_eq!((status, tokens_in, tokens_out), (json!("ok"), json!(8), json!(5)));
    assert_eq!((&event["estimated"], &event["costUSD"]), (&json!(true), &json!(0.000_018)));
    // “Half an answer”.
    let (status, tokens_in, tokens_out, event) = priced("cut");
    assert_eq!((status, tokens_in, tokens_out), (json!("cut"), json!(8), json!(3)));
    assert_eq!(event["estimated"], json!(true));
    // Nothing came, so nobody bills it.
    let (status, tokens_in, tokens_out, event) = priced("err-500");
    assert_eq!((status, tokens_in, tokens_out), (json!("error"), Value::Null, Value::Null));
    assert_eq!((&event["estimated"], &event["costUSD"]), (&json!(false), &Value::Null));
}

#[test]
fn costs_equal_those_of_the_litellm_package() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let venv =
        std::env::var_os("LOQUAT_LITELLM_VENV").map_or_else(|| root.join(".ci/cache/litellm"), PathBuf::from);
    let python = venv.join("bin/python");
    if !python.exists() {
        println!("skipped: no LiteLLM in {} (set LOQUAT_LITELLM_VENV)", venv.display());
        return;
    }
    let compared = Command::new(python)
        .arg(root.join("tests/litellm_prices.py"))
        .arg(env!("CARGO_BIN_EXE_loquat"))
        .output()
        .expect("Python starts");
    let said = String::from_utf8_lossy(&compared.stdout);
    assert!(compared.status.success(), "{said}{}", String::from_utf8_lossy(&compared.stderr));
    println!("{said}");
}
