//! Runs that do not reach their end: stopped, killed, out of time, without a reader, or not alone.

use std::io::Read;

use serde_json::{Value, json};

use super::support::home::{finish, signal};
use super::support::mock::PLAIN;
use super::support::{Home, Mock};

/// Starts a slow answer (a word each 50 ms) and returns once this much was printed, with what was.
fn start_slow(home: &Home, until: &str) -> (std::process::Child, Vec<u8>) {
    let mut child = home.command(&["-p", "hi", "-e", "Mock", "-m", "slow"]).spawn().expect("it starts");
    let stdout = child.stdout.as_mut().expect("stdout is a pipe");
    let mut said = Vec::new();
    let mut byte = [0];
    while !said.ends_with(until.as_bytes()) {
        assert_eq!(stdout.read(&mut byte).expect("stdout can be read"), 1, "it ended early");
        said.push(byte[0]);
    }
    (child, said)
}

/// The only answer there is.
fn only_answer(home: &Home) -> Value {
    let conversation = home.conversations().first().expect("a conversation")["id"].clone();
    let messages = home.tree(&conversation);
    messages.into_iter().find(|message| message["role"] == "assistant").expect("an answer")
}

#[test]
fn an_interrupted_or_terminated_answer_is_printed_and_kept() {
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let home = Home::of(&Mock::start());
        let (child, mut said) = start_slow(&home, "word2 ");
        signal(child.id(), name);
        let outcome = finish(child).exits(code);
        said.extend_from_slice(&outcome.stdout);
        let said = String::from_utf8(said).expect("UTF-8");
        assert!(said.starts_with("word0 word1 word2 ") && said.ends_with('\n'), "{name}: {said:?}");
        let kept = only_answer(&home);
        assert_eq!(kept["status"], "cancelled", "{name}");
        assert_eq!(kept["text"].as_str().map(str::trim_end), Some(said.trim_end()), "{name}");
        assert_eq!(home.events().last().expect("an event")["status"], "cancelled", "{name}");
    }
}

#[test]
fn a_killed_answer_is_kept_and_marked_cut() {
    let home = Home::of(&Mock::start());
    let (mut child, _) = start_slow(&home, "word12 ");
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    let kept = only_answer(&home);
    assert_eq!(kept["status"], "cut");
    // At most 250 ms of text are lost: five words.
    assert!(
        kept["text"].as_str().expect("text").starts_with("word0 word1 word2 word3 word4 word5"),
        "{kept}"
    );
}

#[test]
fn a_killed_turn_is_in_the_log_once_whoever_finds_it_first() {
    let home = Home::of(&Mock::start());
    let (child, _) = start_slow(&home, "word12 ");
    signal(child.id(), "KILL");
    finish(child);
    assert_eq!(home.events(), [Value::Null; 0]);
    let finders: Vec<_> = (0..6).map(|_| home.command(&["list"]).spawn().expect("it starts")).collect();
    for finder in finders {
        finish(finder).exits(0);
    }
    home.ask("the next", &[]);
    let events = home.events();
    let answer = home.conversations().last().expect("a conversation")["id"].clone();
    let cut =
        home.tree(&answer).into_iter().find(|message| message["role"] == "assistant").expect("an answer");
    let of_cut: Vec<&Value> = events.iter().filter(|event| event["message"] == cut["id"]).collect();
    let [event] = of_cut[..] else { panic!("{of_cut:#?}") };
    let mut told = event.clone();
    for field in ["id", "ts"] {
        told[field] = json!("normalised");
    }
    let latency = told["latency"].as_f64().expect("a number");
    assert!((0.25..5.0).contains(&latency), "{latency}");
    told["latency"] = json!("normalised");
    assert_eq!(
        told,
        json!({
            "v": 1, "id": "normalised", "userId": "ana", "ts": "normalised", "model": "slow",
            "provider": "mock", "tokens_in": null, "tokens_out": null, "costEUR": null,
            "latency": "normalised", "endpoint": "Mock", "key": "default", "alias": null,
            "model_served": cut["model_served"], "ttft": null, "cached_in": null, "cache_write": null,
            "reasoning_out": null, "estimated": false, "costUSD": null, "eur_per_usd": null,
            "status": "cut", "error": "cut", "http_status": null, "attempt": 1, "attempts": 1, "final": true,
            "finish": "cut", "conversation": answer, "message": cut["id"], "mode": "oneshot",
        })
    );
}

#[test]
fn a_bounded_run_keeps_and_prints_what_came() {
    let home = Home::of(&Mock::start());
    let flags = ["-p", "hi", "-e", "Mock", "-m", "slow", "--timeout", "1.5", "--json"];
    let answer = home.run(&flags).exits(6).json();
    assert_eq!(answer["error"]["kind"], "timeout");
    let text = answer["text"].as_str().expect("text");
    assert!(text.starts_with("word0 word1 "), "{text:?}");
    assert_eq!(only_answer(&home)["text"], text);
}

#[test]
fn a_reader_who_has_had_enough_is_no_error() {
    let home = Home::of(&Mock::start());
    let (mut child, _) = start_slow(&home, "word2 ");
    drop(child.stdout.take());
    let outcome = finish(child);
    assert_eq!(outcome.stderr, "");
}

#[test]
fn two_at_once_do_not_disturb_each_other() {
    let home = Home::of(&Mock::start());
    let children: Vec<_> = (0..4)
        .map(|n| home.command(&["-p", &format!("prompt {n}"), "--json"]).spawn().expect("it starts"))
        .collect();
    for child in children {
        assert_eq!(finish(child).exits(0).json()["text"], PLAIN);
    }
    assert_eq!(home.conversations().len(), 4);
    assert_eq!(home.events().len(), 4);
}
