//! Aliases: where a turn goes when the first route fails, what is told of it, and what is waited for.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::support::http::Reply;
use super::support::mock::{KEY, PLAIN};
use super::support::service::Service;
use super::support::{Home, Mock, Outcome, Pty, eventually, words};

/// Two servers, and the alias `fast`: `model` of the first, then `plain` of the second.
fn home(first: &Mock, model: &str, second: &Mock, more: &str) -> Home {
    let endpoint = |name: &str, mock: &Mock| {
        format!(
            "    - {{name: {name}, baseURL: '{}', apiKey: '${{MOCK_KEY}}', titleConvo: false, \
             models: {{default: [plain], fetch: false}}, timeouts: {{connect: 2, first_token: 1, idle: 1}}}}\n",
            mock.url()
        )
    };
    Home::with_config(&format!(
        "endpoints:\n  custom:\n{}{}router:\n  retries: 1\n  models:\n    - name: fast\n      routes:\n        \
         - {{endpoint: One, model: {model}, order: 1}}\n        - {{endpoint: Two, model: plain, order: 2}}\n{more}",
        endpoint("One", first),
        endpoint("Two", second),
    ))
    .with_variable("MOCK_KEY", KEY)
}

fn ask(home: &Home) -> Outcome {
    home.run(&["-p", "hi", "-m", "fast", "--json"])
}

/// What the events of a turn tell: where each attempt went, how it ended, and whether it was the last.
fn attempts(home: &Home) -> Vec<(String, String, u64, bool)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    home.events()
        .iter()
        .map(|event| {
            assert_eq!(event["alias"], "fast");
            let route = format!("{}/{}", text(&event["endpoint"]), text(&event["model"]));
            let ended = event["error"].as_str().map_or_else(|| text(&event["status"]), str::to_owned);
            (route, ended, event["attempt"].as_u64().unwrap_or_default(), event["final"] == true)
        })
        .collect()
}

#[test]
fn whatever_is_wrong_with_the_first_route_before_it_says_a_word_the_second_answers() {
    for (model, kind) in [
        ("err-401", "auth"),
        ("err-404", "unknown_model"),
        ("err-429", "rate_limit"),
        ("err-500", "provider"),
        ("err-502-html", "provider"),
        ("err-200-json", "provider"),
        ("err-slow-headers", "timeout"),
        ("err-context", "context_window"),
        ("err-content-filter", "content_filter"),
    ] {
        let (first, second) = (Mock::start(), Mock::start());
        let home = home(&first, model, &second, "      fallbacks: [Two/plain]\n");
        let answer = ask(&home).exits(0).json();
        let told = ["text", "alias", "endpoint", "model", "attempts", "fallback_from", "error"]
            .map(|field| answer[field].clone());
        let from = format!("One/{model}");
        let expected =
            [json!(PLAIN), json!("fast"), json!("Two"), json!("plain"), json!(2), json!(from), Value::Null];
        assert_eq!(told, expected, "{model}");
        let expected =
            [(from, kind.to_owned(), 1, false), ("Two/plain".to_owned(), "ok".to_owned(), 2, true)];
        assert_eq!(attempts(&home), expected, "{model}");
        let kept = home.tree(&answer["conversation"]);
        assert_eq!((&kept[1]["endpoint"], &kept[1]["model"]), (&json!("Two"), &json!("plain")), "{model}");
    }
}

#[test]
fn a_server_that_is_not_there_is_passed_over() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", gone.local_addr().unwrap());
    drop(gone);
    let second = Mock::start();
    let home = home(&second, "plain", &second, "");
    home.write_config(&std::fs::read_to_string(home.config_file()).unwrap().replacen(&second.url(), &url, 1));
    let answer = ask(&home).exits(0).json();
    assert_eq!((&answer["text"], &answer["fallback_from"]), (&json!(PLAIN), &json!("One/plain")));
    assert_eq!(attempts(&home)[0], ("One/plain".to_owned(), "network".to_owned(), 1, false));
}

#[test]
fn an_answer_that_breaks_off_is_kept_and_the_way_on_is_named() {
    for (model, code) in [("cut", 9), ("err-midstream", 7), ("hang", 6)] {
        let (first, second) = (Mock::start(), Mock::start());
        let home = home(&first, model, &second, "");
        let outcome = ask(&home).exits(code);
        let answer = outcome.json();
        assert!(answer["text"].as_str().unwrap().starts_with("Half an ans"), "{model}: {answer}");
        assert_eq!(answer["attempts"], 1, "{model}");
        assert!(outcome.stderr.contains("Two/plain"), "{model}: {}", outcome.stderr);
        assert_eq!(second.chats().len(), 0, "nothing goes on by itself");
    }
}

#[test]
fn where_it_is_configured_an_answer_that_breaks_off_goes_on_by_itself_without_a_seam() {
    let (first, second) = (Mock::start(), Mock::start());
    let home = home(&first, "cut", &second, "  on_cut: automatic\n");
    let answer = ask(&home).exits(0).json();
    assert_eq!(answer["text"], format!("Half an answer{PLAIN}"));
    assert_eq!((&answer["attempts"], &answer["fallback_from"]), (&json!(2), &json!("One/cut")));
    let told = second.chat();
    let last = told.messages().last().map(|(role, text)| ((*role).to_owned(), (*text).to_owned()));
    assert!(told.messages().contains(&("assistant", "Half an answer")), "{last:?}");
    let ended: Vec<_> = attempts(&home).into_iter().map(|(route, ended, ..)| (route, ended)).collect();
    assert_eq!(ended, [("One/cut".into(), "cut".into()), ("Two/plain".into(), "ok".into())]);
}

/// A server that is busy for its first requests, and asks for patience.
fn busy(refused: usize, retry_after: &'static str) -> Service {
    let asked = AtomicUsize::new(0);
    Service::start(move |_| {
        if asked.fetch_add(1, Ordering::Relaxed) < refused {
            let body = json!({"error": {"message": "slow down", "code": "rate_limit_exceeded"}});
            Reply::json(429, &body).header("retry-after", retry_after)
        } else {
            Reply::json(200, &json!({"choices": [{"message": {"content": "now"}, "finish_reason": "stop"}]}))
        }
    })
}

/// The only route there is.
fn only(service: &Service) -> Home {
    Home::with_config(&format!(
        "endpoints:\n  custom:\n    - {{name: One, baseURL: '{}/v1', models: {{default: [m], fetch: false}}}}\n",
        service.url()
    ))
}

#[test]
fn a_wait_that_is_short_is_told_and_waited_out() {
    let start = Instant::now();
    let outcome = only(&busy(1, "2")).run(&["-p", "hi", "-e", "One", "-m", "m", "--jsonl"]).exits(0);
    assert!(start.elapsed() >= Duration::from_secs(2));
    let lines = outcome.lines();
    let kinds: Vec<&str> = lines.iter().filter_map(|line| line["type"].as_str()).collect();
    assert_eq!(kinds, ["start", "attempt_failed", "waiting", "text", "finish"]);
    assert_eq!(lines[4]["result"]["attempts"], 2);
}

#[test]
fn a_wait_that_is_long_is_told_at_once() {
    let start = Instant::now();
    let outcome = only(&busy(9, "3600")).run(&["-p", "hi", "-e", "One", "-m", "m", "--json"]).exits(7);
    assert!(start.elapsed() < Duration::from_secs(30), "nobody waits for an hour");
    assert_eq!(outcome.json()["error"]["retry_after"], 3600.0);
}

#[test]
fn a_route_that_failed_three_times_is_shown_open_by_any_process() {
    let (first, second) = (Mock::start(), Mock::start());
    let home = home(&first, "err-500", &second, "  cooldown: {failures: 3, seconds: 30}\n");
    let states = || {
        let told = home.run(&["router", "status", "--json"]).exits(0).json();
        let routes = told[0]["routes"].as_array().expect("routes");
        routes.iter().map(|route| (route["circuit"].clone(), route["failures"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(states(), [(json!("closed"), json!(0)), (json!("closed"), json!(0))]);
    for _ in 0..3 {
        ask(&home).exits(0);
    }
    assert_eq!(states(), [(json!("open"), json!(3)), (json!("closed"), json!(0))]);
    assert_eq!(first.chats().len(), 3);
    let told = home.run(&["router", "status", "--json"]).exits(0).json();
    assert_eq!(told[0]["routes"][0]["last_failure"]["kind"], "provider");
    assert_eq!(told[0]["routes"][1]["ttft_samples"], 3);
    let shown = home.run(&["router", "status"]).exits(0);
    let table = shown.text();
    assert!(table.contains("One/err-500") && table.contains("3 failures in a row (provider)"), "{table}");
    ask(&home).exits(0);
    assert_eq!(first.chats().len(), 3, "an open circuit is not asked");
}

#[test]
fn where_nothing_is_known_of_any_route_the_status_says_so() {
    let outcome = Home::bare().run(&["router", "status"]).exits(0);
    assert_eq!(outcome.text(), "");
    assert!(outcome.stderr.contains("no aliases"), "{}", outcome.stderr);
    assert_eq!(Home::bare().run(&["router", "status", "--json"]).exits(0).json(), json!([]));
}

#[test]
fn in_the_app_an_answer_that_breaks_off_goes_on_where_the_offer_says_without_a_seam() {
    let (first, second) = (Mock::start(), Mock::start());
    let home = home(&first, "cut", &second, "");
    let mut pty = Pty::open(&home, &["-m", "fast"]);
    pty.say("hi");
    pty.wait_for_text(&format!("Two/plain {}", words::GOES_ON));
    assert_eq!(second.chats().len(), 0, "nothing goes on by itself");
    pty.focus_transcript();
    pty.send("c");
    eventually("the rest of the answer", || (home.events().len() == 2).then_some(()));
    let whole = format!("Half an answer{PLAIN}");
    pty.wait_for_text(&whole);
    pty.quit();
    assert!(second.chat().messages().contains(&("assistant", "Half an answer")));
    assert_eq!(first.chats().len(), 1, "the route that broke off is not asked again");
    let kept = home.tree(&home.conversations()[0]["id"]);
    let answers: Vec<_> = kept.iter().filter(|message| message["role"] == "assistant").collect();
    assert_eq!(answers.len(), 1);
    let told = ["text", "status", "endpoint", "model"].map(|field| answers[0][field].clone());
    assert_eq!(told, [json!(whole), json!("complete"), json!("Two"), json!("plain")]);
}

#[test]
fn what_stands_for_aliases_is_no_endpoint_to_test_or_to_give_a_key() {
    let (first, second) = (Mock::start(), Mock::start());
    let home = home(&first, "plain", &second, "");
    for arguments in
        [&["endpoints", "test", "router"][..], &["keys", "set", "router"], &["keys", "test", "router"]]
    {
        let outcome = home.run(arguments).exits(2);
        for part in ["router", "aliases", "One, Two"] {
            assert!(outcome.stderr.contains(part), "{arguments:?}: {}", outcome.stderr);
        }
    }
}
