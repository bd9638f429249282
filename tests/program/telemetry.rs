//! Request events against the contract, and totals against one's own sums.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::support::mock::{KEY, PLAIN};
use super::support::{Home, Mock};

/// The fields of an event, in order.
const FIELDS: [&str; 30] = [
    "v",
    "id",
    "userId",
    "ts",
    "model",
    "provider",
    "tokens_in",
    "tokens_out",
    "costEUR",
    "latency",
    "endpoint",
    "key",
    "alias",
    "model_served",
    "ttft",
    "cached_in",
    "cache_write",
    "reasoning_out",
    "estimated",
    "costUSD",
    "eur_per_usd",
    "status",
    "error",
    "http_status",
    "attempt",
    "attempts",
    "final",
    "finish",
    "conversation",
    "message",
];

/// What is wrong with the types and values of an event.
fn problems(event: &Value) -> Vec<String> {
    let object = event.as_object().expect("an object");
    let names: Vec<&str> = object.keys().map(String::as_str).collect();
    let mut expected = FIELDS.to_vec();
    expected.push("mode");
    let mut wrong = Vec::new();
    if names != expected {
        wrong.push(format!("fields are {names:?}"));
    }
    let mut must = |field: &str, what: &str, is: bool| {
        if !is {
            wrong.push(format!("{field} is not {what}: {}", event[field]));
        }
    };
    let number_or_null =
        |field: &str| event[field].is_null() || event[field].as_f64().is_some_and(|n| n >= 0.0);
    let count_or_null = |field: &str| event[field].is_null() || event[field].is_u64();
    let id_or_null = |field: &str| {
        event[field].is_null() || event[field].as_str().is_some_and(|id| uuid::Uuid::parse_str(id).is_ok())
    };
    let one_of =
        |field: &str, names: &[&str]| event[field].as_str().is_some_and(|name| names.contains(&name));
    must("v", "1", event["v"] == 1);
    let version =
        event["id"].as_str().and_then(|id| uuid::Uuid::parse_str(id).ok()).map(|id| id.get_version_num());
    must("id", "a UUID v7", version == Some(7));
    let time = event["ts"].as_str().unwrap_or_default();
    must("ts", "a UTC time", time.ends_with('Z') && time.parse::<jiff::Timestamp>().is_ok());
    for field in ["userId", "model", "provider", "endpoint", "key"] {
        must(field, "a name", event[field].as_str().is_some_and(|name| !name.is_empty()));
    }
    for field in ["costEUR", "costUSD", "eur_per_usd", "ttft"] {
        must(field, "a number or null", number_or_null(field));
    }
    must("latency", "a number", event["latency"].is_number() && number_or_null("latency"));
    for field in ["tokens_in", "tokens_out", "cached_in", "cache_write", "reasoning_out", "http_status"] {
        must(field, "a count or null", count_or_null(field));
    }
    for field in ["estimated", "final"] {
        must(field, "true or false", event[field].is_boolean());
    }
    for field in ["attempt", "attempts"] {
        must(field, "a count from 1", event[field].as_u64().is_some_and(|n| n >= 1));
    }
    for field in ["conversation", "message"] {
        must(field, "an id or null", id_or_null(field));
    }
    must("status", "one of four", one_of("status", &["ok", "error", "cancelled", "cut"]));
    must("mode", "one of four", one_of("mode", &["tui", "oneshot", "title", "summary"]));
    must(
        "error",
        "null where all went well",
        (event["status"] == "ok") == event["error"].is_null() || event["status"] == "cancelled",
    );
    wrong
}

/// A home after turns that went well and turns that did not.
fn busy_home() -> Home {
    let mock = Mock::start();
    let config = format!("{}router: {{retries: 1}}\n", Home::config(&mock));
    let home = Home::with_config(&config).with_variable("MOCK_KEY", KEY);
    for (model, code) in [
        ("plain", 0),
        ("plain", 0),
        ("reasoning", 0),
        ("err-500-once", 0),
        ("err-401", 4),
        ("cut", 9),
        ("no-usage", 0),
    ] {
        home.run(&["-p", "my private prompt", "-e", "Mock", "-m", model]).exits(code);
    }
    home
}

#[test]
fn every_event_has_every_field_in_order_and_of_its_type() {
    let events = busy_home().events();
    assert_eq!(events.len(), 8);
    let wrong: Vec<String> = events.iter().flat_map(problems).collect();
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn a_whole_event_of_a_plain_turn() {
    let home = Home::of(&Mock::start());
    let answer = home.ask("hi", &[]);
    let mut event = home.events().remove(0);
    for field in ["id", "ts", "latency", "ttft"] {
        event[field] = json!("normalised");
    }
    assert_eq!(
        event,
        json!({
            "v": 1, "id": "normalised", "userId": "ana", "ts": "normalised", "model": "plain",
            "provider": "mock", "tokens_in": 9, "tokens_out": 5, "costEUR": 0.000_017_48,
            "latency": "normalised", "endpoint": "Mock", "key": "default", "alias": null,
            "model_served": "plain-2026-01-01", "ttft": "normalised", "cached_in": 4, "cache_write": null,
            "reasoning_out": 0, "estimated": false, "costUSD": 0.000_019, "eur_per_usd": 0.92,
            "status": "ok", "error": null, "http_status": 200, "attempt": 1, "attempts": 1, "final": true,
            "finish": "stop", "conversation": answer["conversation"], "message": answer["message"],
            "mode": "oneshot",
        })
    );
}

#[test]
fn every_turn_has_one_final_row() {
    let events = busy_home().events();
    let mut finals: BTreeMap<String, u32> = BTreeMap::new();
    for event in &events {
        *finals.entry(event["message"].to_string()).or_default() += u32::from(event["final"] == true);
    }
    assert_eq!(finals.len(), 7);
    assert!(finals.values().all(|count| *count == 1), "{finals:?}");
}

#[test]
fn no_event_holds_a_prompt_an_answer_or_a_key() {
    let home = busy_home();
    for event in home.events() {
        let line = event.to_string();
        for secret in ["private prompt", PLAIN, "Half an answer", "Let me think", KEY] {
            assert!(!line.contains(secret), "{line}");
        }
    }
}

#[test]
fn totals_agree_with_the_log() {
    let home = busy_home();
    let events = home.events();
    let report = home.run(&["usage", "--by", "model", "--json"]).exits(0).json();
    assert_eq!(report["by"], "model");

    let mut models: Vec<&str> =
        events.iter().map(|event| event["model"].as_str().expect("a model")).collect();
    models.sort_unstable();
    models.dedup();
    let mut reported: Vec<&str> = report["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["key"].as_str().expect("a key"))
        .collect();
    reported.sort_unstable();
    assert_eq!(reported, models);

    for row in report["rows"].as_array().expect("rows").iter().chain([&report["total"]]) {
        let of_row: Vec<&Value> =
            events.iter().filter(|event| row == &report["total"] || event["model"] == row["key"]).collect();
        let finals = || of_row.iter().filter(|event| event["final"] == true);
        let sum = |field: &str| of_row.iter().filter_map(|event| event[field].as_u64()).sum::<u64>();
        let nanos: u64 = of_row
            .iter()
            .filter_map(|event| event["costEUR"].as_f64())
            .map(|euros| (euros * 1e9).round() as u64)
            .sum();
        let expected = json!([
            finals().count(),
            finals().filter(|event| event["status"] == "error").count(),
            sum("tokens_in"),
            sum("tokens_out"),
            sum("cached_in"),
            sum("reasoning_out"),
            nanos,
        ]);
        let told = json!([
            row["requests"],
            row["errors"],
            row["tokens_in"],
            row["tokens_out"],
            row["cached_in"],
            row["reasoning_out"],
            (row["cost_eur"].as_f64().expect("a price") * 1e9).round() as u64,
        ]);
        assert_eq!(told, expected, "{row:#}");
    }
}

#[test]
fn every_grouping_has_the_same_total() {
    let home = busy_home();
    let total = |by: &str| home.run(&["usage", "--by", by, "--json"]).exits(0).json()["total"].clone();
    let by_day = total("day");
    assert_eq!(by_day["requests"], 7);
    for by in ["model", "endpoint", "key", "conversation", "user"] {
        assert_eq!(total(by), by_day, "{by}");
    }
}

#[test]
fn days_outside_the_range_do_not_count() {
    let home = busy_home();
    let report =
        home.run(&["usage", "--since", "2020-01-01", "--until", "2020-01-31", "--json"]).exits(0).json();
    assert_eq!(
        (&report["from"], &report["to"], &report["rows"], &report["total"]["requests"]),
        (&json!("2020-01-01"), &json!("2020-01-31"), &json!([]), &json!(0))
    );
}

#[test]
fn a_torn_line_and_a_foreign_one_are_passed_over_and_not_written_into() {
    let home = Home::of(&Mock::start());
    home.ask("one", &[]);
    let file = super::support::home::files_below(&home.data().join("telemetry")).remove(0);
    let whole = std::fs::read_to_string(&file).expect("the log is text");
    std::fs::write(&file, format!("{whole}not json at all\n{{\"v\":1,\"id\":\"to"))
        .expect("it can be written");
    home.ask("two", &[]);
    let lines = std::fs::read_to_string(&file).expect("the log is text");
    let last = lines.lines().last().expect("a line");
    assert!(serde_json::from_str::<Value>(last).is_ok(), "a new event has a line of its own: {last}");
    assert_eq!(home.run(&["usage", "--json"]).exits(0).json()["total"]["requests"], 2);
}
