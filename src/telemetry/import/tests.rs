//! Small exports of each kind, and what they are as events.

use serde_json::json;

use super::*;
use crate::chat::EndpointName;

const LITELLM_JSON: &str = include_str!("../../../tests/usage/import/litellm.json");
const LITELLM_CSV: &str = include_str!("../../../tests/usage/import/litellm.csv");
const OPENAI_JSON: &str = include_str!("../../../tests/usage/import/openai.json");
const OPENAI_CSV: &str = include_str!("../../../tests/usage/import/openai.csv");
const ANTHROPIC_JSON: &str = include_str!("../../../tests/usage/import/anthropic.json");
const ANTHROPIC_CSV: &str = include_str!("../../../tests/usage/import/anthropic.csv");

/// The events of a text; what a price is looked up for costs a dollar, and a dollar is half a euro.
fn events(text: &str) -> Vec<RequestEvent> {
    let rate = Rate("0.5".parse().unwrap());
    let dollar = |_: &Entry| Some(Money::from_nanos(1_000_000_000));
    read(text, None).unwrap().events("me", rate, dollar)
}

/// Everything but the id, as a line of the log has it.
fn lines(text: &str) -> Vec<Value> {
    let line = |event: &RequestEvent| {
        let mut line = serde_json::to_value(event).unwrap();
        line.as_object_mut().unwrap().shift_remove("id");
        line
    };
    events(text).iter().map(line).collect()
}

#[test]
fn a_row_of_litellms_is_a_request_with_the_price_it_tells() {
    let first = json!({
        "v": 1, "userId": "ana", "ts": "2026-11-03T10:00:00.250Z", "model": "claude-sonnet-4-5",
        "provider": "anthropic", "tokens_in": 161, "tokens_out": 6, "costEUR": 0.000_256_5, "latency": 2.5,
        "endpoint": "LiteLLM", "key": "team-a", "alias": null, "model_served": null, "ttft": 0.75, "cached_in": 50,
        "cache_write": 100, "reasoning_out": 2, "estimated": false, "costUSD": 0.000_513, "eur_per_usd": 0.5,
        "cost_told": true, "status": "ok", "error": null, "http_status": null, "attempt": 1, "attempts": 1, "final": true,
        "finish": null, "conversation": "019aa5f0-0000-7000-8000-0000000000aa", "message": null, "mode": "imported",
    });
    // It failed, and what LiteLLM writes for an unknown price is none.
    let second = json!({
        "v": 1, "userId": "me", "ts": "2026-11-03T10:05:00.000Z", "model": "groq/some-model", "provider": "groq",
        "tokens_in": 10, "tokens_out": 0, "costEUR": null, "latency": 1.5, "endpoint": "LiteLLM", "key": "default",
        "alias": null, "model_served": null, "ttft": null, "cached_in": null, "cache_write": null,
        "reasoning_out": null, "estimated": false, "costUSD": null, "eur_per_usd": null, "status": "error",
        "error": "rate_limit", "http_status": 429, "attempt": 1, "attempts": 1, "final": true, "finish": null,
        "conversation": null, "message": null, "mode": "imported",
    });
    assert_eq!(lines(LITELLM_JSON), [first, second]);
}

#[test]
fn the_same_row_has_the_same_id_whatever_it_is_written_as() {
    let (json, csv) = (events(LITELLM_JSON), events(LITELLM_CSV));
    assert_eq!((json[0].id, json[0].ts, json[0].cost_usd), (csv[0].id, csv[0].ts, csv[0].cost_usd));
    assert_ne!(csv[0].id, csv[1].id);
    // What came from LiteLLM's own cache was free, and that is known.
    assert_eq!(csv[1].cost_eur, Some(Money::ZERO));
    assert_eq!(csv[1].ttft, None);
    let twice = format!("{LITELLM_CSV}{}", LITELLM_CSV.split_once('\n').unwrap().1);
    assert_eq!(events(&twice), csv);
}

#[test]
fn a_stretch_of_openais_counts_tokens_and_is_no_turn() {
    let [whole, batch] = &events(OPENAI_JSON)[..] else { panic!("two rows that used something") };
    let of = |event: &RequestEvent| (event.tokens_in, event.cached_in, event.tokens_out, event.is_final);
    assert_eq!(of(whole), (Some(1000), Some(600), Some(500), false));
    // The middle of the fifth of November.
    assert_eq!(whole.ts, "2025-11-05T12:00:00Z".parse().unwrap());
    assert_eq!((&whole.endpoint, whole.key.as_str()), (&EndpointName::from("openAI"), "key_1"));
    assert_eq!(whole.cost_eur, Some(Money::from_nanos(500_000_000)));
    // Batches have prices of their own.
    assert_eq!((of(batch), batch.cost_eur), ((Some(70), Some(0), Some(30), false), None));
    let csv = events(OPENAI_CSV);
    assert_eq!(csv.len(), 1);
    assert_eq!(of(&csv[0]), of(whole));
    assert_eq!(csv[0].ts, whole.ts);
}

#[test]
fn what_anthropic_reads_and_writes_in_its_cache_is_input_too() {
    let of = |event: &RequestEvent| {
        (event.tokens_in, event.cached_in, event.cache_write, event.tokens_out, event.cost_eur.is_some())
    };
    let expected = (Some(161), Some(50), Some(100), Some(6), true);
    let (json, csv) = (events(ANTHROPIC_JSON), events(ANTHROPIC_CSV));
    assert_eq!(json.iter().map(of).collect::<Vec<_>>(), [expected]);
    assert_eq!(
        csv.iter().map(of).collect::<Vec<_>>(),
        [expected, (Some(100), Some(0), Some(0), Some(20), false)]
    );
    assert_eq!((json[0].ts, csv[0].key.as_str()), (csv[0].ts, "my key"));
    let usage = &read(ANTHROPIC_CSV, None).unwrap().entries[0].usage;
    assert_eq!(usage.cache_write_1h, Some(40));
}

#[test]
fn mistakes_are_told_with_their_lines_and_then_nothing_is_taken() {
    let broken =
        LITELLM_CSV.replace("2026-11-03 10:00:00.250", "soon").replace(",0,12,10,2,", ",0,12,ten,2,");
    let told = |line, what: &str| Mistake::at(line, what.to_owned());
    assert_eq!(
        read(&broken, None),
        Err(vec![told(2, "`startTime`: is no time"), told(3, "`prompt_tokens`: is no count")])
    );
    assert_eq!(read("a,b\n1,2\n", None), Err(vec![told(2, "these columns are of no export that is known")]));
    assert_eq!(read("a,b\n1,2\n", Some(Origin::Openai)), Err(vec![told(2, "`start_time`: is missing")]));
    assert_eq!(read(LITELLM_JSON.trim_end_matches([']', '\n']), None).unwrap_err().len(), 1);
    assert_eq!(read(OPENAI_CSV, None).unwrap().origin, Origin::Openai);
}

#[test]
fn a_second_import_adds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::new(folder.path().to_owned());
    let took = |text| take(&log, events(text)).unwrap();
    assert_eq!((took(LITELLM_CSV), took(LITELLM_CSV), took(LITELLM_JSON)), (2, 0, 1));
    let verified = log.verify().unwrap();
    assert_eq!((verified.lines, verified.damaged), (3, 0));
}
