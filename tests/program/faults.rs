//! Every way a server can misbehave, and what a script is told of it.

use std::net::TcpListener;

use serde_json::{Value, json};

use super::support::mock::{KEY, PLAIN, REFUSED};
use super::support::{Home, Mock, Outcome};

/// Runs a model that is a fault, with one retry and short limits.
fn ask(mock: &Mock, model: &str) -> (Home, Outcome) {
    let home = Home::with_config(&format!(
        "{}      timeouts: {{connect: 2, first_token: 1, idle: 1}}\nrouter: {{retries: 1}}\n",
        Home::config(mock)
    ))
    .with_variable("MOCK_KEY", KEY);
    let outcome = home.run(&["-p", "hi", "-e", "Mock", "-m", model, "--json"]);
    (home, outcome)
}

/// Exit code, kind, HTTP status and the text that is kept.
fn told(outcome: Outcome) -> (Option<i32>, Value, Value, String) {
    let object = outcome.json();
    let text = object["text"].as_str().expect("text is always a string").to_owned();
    (outcome.code, object["error"]["kind"].clone(), object["error"]["status"].clone(), text)
}

#[test]
fn each_fault_has_its_exit_code_its_kind_and_keeps_what_came() {
    let mock = Mock::start();
    for (model, code, kind, status, text) in [
        ("err-401", 4, "auth", json!(401), ""),
        ("err-404", 5, "unknown_model", json!(404), ""),
        ("err-429", 7, "rate_limit", json!(429), ""),
        ("err-500", 7, "provider", json!(500), ""),
        ("err-502-html", 7, "provider", json!(502), ""),
        ("err-context", 7, "context_window", json!(400), ""),
        ("err-content-filter", 7, "content_filter", json!(400), ""),
        ("err-slow-headers", 6, "timeout", Value::Null, ""),
    ] {
        let (_, outcome) = ask(&mock, model);
        assert_eq!(told(outcome), (Some(code), json!(kind), status, text.to_owned()), "{model}");
    }
    // The status is not what is wrong with these.
    for (model, code, kind, text) in [
        ("err-200-json", 7, "provider", ""),
        ("err-midstream", 7, "provider", "Half an ans"),
        ("filtered", 7, "content_filter", "So far "),
        ("cut", 9, "cut", "Half an answer"),
        ("end", 9, "cut", "Half an answer"),
        ("hang", 6, "timeout", "Half an answer"),
    ] {
        let (_, outcome) = ask(&mock, model);
        let (told_code, told_kind, _, told_text) = told(outcome);
        assert_eq!((told_code, told_kind, told_text.as_str()), (Some(code), json!(kind), text), "{model}");
    }
}

#[test]
fn a_fault_is_told_in_the_providers_own_words() {
    let mock = Mock::start();
    for (model, words) in [
        ("err-404", "The model `err-404` does not exist"),
        ("err-429", "Rate limit reached, try later"),
        ("err-500", "The server had an error"),
        ("err-200-json", "The backend is on fire"),
        ("err-midstream", "The backend fell over"),
        ("err-context", "maximum context length is 8192 tokens"),
    ] {
        let (_, outcome) = ask(&mock, model);
        let message = outcome.json()["error"]["message"].as_str().expect("a message").to_owned();
        assert!(message.contains(words), "{model}: {message}");
        assert!(outcome.stderr.contains(words), "{model}: {}", outcome.stderr);
    }
}

#[test]
fn a_web_page_is_not_recited() {
    let (_, outcome) = ask(&Mock::start(), "err-502-html");
    let message = outcome.json()["error"]["message"].as_str().expect("a message").to_owned();
    assert!(message.contains("502"), "{message}");
    assert!(!message.contains('<') && !outcome.stderr.contains('<'), "{message}\n{}", outcome.stderr);
}

#[test]
fn a_refusal_that_says_the_key_aloud_is_not_repeated() {
    let (home, outcome) = ask(&Mock::start(), "err-401");
    assert!(!outcome.text().contains(KEY) && !outcome.stderr.contains(KEY), "{outcome:?}");
    assert!(outcome.stderr.contains("Mock"), "the endpoint is named: {}", outcome.stderr);
    home.assert_no_file_holds(KEY);
}

#[test]
fn garbage_in_a_stream_ends_it_with_an_error_or_is_passed_over_but_loses_nothing() {
    let (_, outcome) = ask(&Mock::start(), "garbage");
    let (code, kind, _, text) = told(outcome);
    let read = if code == Some(0) { (Value::Null, "Hello again") } else { (json!("provider"), "Hello") };
    assert_eq!((kind, text.as_str()), read, "exit code {code:?}");
    assert!(matches!(code, Some(0 | 7)), "exit code {code:?}");
}

#[test]
fn a_server_that_is_busy_once_is_asked_again_when_it_said() {
    let mock = Mock::start();
    let start = std::time::Instant::now();
    let (home, outcome) = ask(&mock, "err-429-once");
    let answer = outcome.exits(0).json();
    assert_eq!((&answer["text"], &answer["attempts"]), (&json!(PLAIN), &json!(2)));
    assert!(start.elapsed() >= std::time::Duration::from_secs(1), "Retry-After was 1 s");
    let rows: Vec<(Value, Value, Value)> = home
        .events()
        .into_iter()
        .map(|event| (event["final"].clone(), event["status"].clone(), event["attempt"].clone()))
        .collect();
    assert_eq!(rows, [(json!(false), json!("error"), json!(1)), (json!(true), json!("ok"), json!(2))]);
}

#[test]
fn a_server_that_stays_busy_is_given_up_and_its_wait_is_told() {
    let mock = Mock::start();
    let (home, outcome) = ask(&mock, "err-429");
    let object = outcome.exits(7).json();
    assert_eq!(object["attempts"], 2);
    assert_eq!(object["error"]["retry_after"].as_f64(), Some(1.0));
    assert_eq!(mock.chats().len(), 2);
    assert_eq!(home.events().iter().filter(|event| event["final"] == true).count(), 1);
}

#[test]
fn a_deadline_within_the_wait_for_another_attempt_is_a_timeout_that_tells_the_last_error() {
    let home = Home::of(&Mock::start());
    let outcome =
        home.run(&["-p", "hi", "-e", "Mock", "-m", "err-429", "--timeout", "0.5", "--json"]).exits(6);
    let object = outcome.json();
    assert_eq!(object["error"]["kind"], "timeout");
    let told = object["error"]["message"].as_str().expect("a message");
    assert!(told.contains("Rate limit reached, try later"), "{told}");
    let events: Vec<_> =
        home.events().iter().map(|event| (event["error"].clone(), event["final"].clone())).collect();
    assert_eq!(events, [(json!("rate_limit"), json!(false)), (json!("timeout"), json!(true))]);
}

#[test]
fn what_cannot_succeed_is_not_tried_again() {
    for model in ["err-401", "err-404", "err-context", "err-content-filter"] {
        let mock = Mock::start();
        ask(&mock, model);
        assert_eq!(mock.chats().len(), 1, "{model}");
    }
}

#[test]
fn an_answer_that_has_begun_is_never_asked_for_twice() {
    for model in ["cut", "end", "err-midstream", "hang"] {
        let mock = Mock::start();
        ask(&mock, model);
        assert_eq!(mock.chats().len(), 1, "{model}");
    }
}

#[test]
fn a_refused_connection_is_a_network_error_that_names_the_endpoint() {
    // A port that was free a moment ago, and that nobody listens on.
    let port =
        TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
    let home = Home::with_config(&format!(
        "router: {{retries: 0}}\nendpoints:\n  custom:\n    - {{name: Gone, apiKey: x, \
         baseURL: \"http://127.0.0.1:{port}/v1\", models: {{default: [plain]}}}}\n"
    ));
    let outcome = home.run(&["-p", "hi", "-e", "Gone", "-m", "plain", "--json"]).exits(6);
    assert_eq!(outcome.json()["error"]["kind"], "network");
    assert!(outcome.stderr.contains("Gone"), "{}", outcome.stderr);
}

#[test]
fn a_failed_turn_keeps_the_prompt_and_the_partial_answer() {
    let (home, outcome) = ask(&Mock::start(), "cut");
    let object = outcome.exits(9).json();
    let id = object["conversation"].as_str().expect("an id");
    let messages = home.run(&["tree", id, "--json"]).exits(0).json()["messages"].clone();
    let kept: Vec<(&Value, &Value)> = messages
        .as_array()
        .expect("messages")
        .iter()
        .map(|message| (&message["text"], &message["status"]))
        .collect();
    assert_eq!(kept, [(&json!("hi"), &json!("complete")), (&json!("Half an answer"), &json!("cut"))]);
}

#[test]
fn a_key_that_is_missing_or_refused_is_told_by_the_variable_or_the_endpoint() {
    let mock = Mock::start();
    let unset = Home::with_config(&Home::config(&mock)).run(&["-p", "hi"]);
    assert!(matches!(unset.code, Some(3 | 4)), "{unset:?}");
    assert!(unset.stderr.contains("MOCK_KEY") && unset.stderr.contains("loquat.yaml:6"), "{}", unset.stderr);

    let asked = Home::config(&mock).replace("${MOCK_KEY}", "user_provided");
    let outcome = Home::with_config(&asked).run(&["-p", "hi"]).exits(4);
    assert!(
        outcome.stderr.contains("loquat keys set") && outcome.stderr.contains("Mock"),
        "what to do next: {}",
        outcome.stderr
    );

    let refused = Home::with_config(&Home::config(&mock)).with_variable("MOCK_KEY", REFUSED);
    let outcome = refused.run(&["-p", "hi", "--json"]).exits(4);
    assert_eq!(outcome.json()["error"]["kind"], "auth");
    assert!(!outcome.stderr.contains(REFUSED) && !outcome.text().contains(REFUSED), "{outcome:?}");
    assert_eq!(mock.chats().len(), 1, "nothing was sent without a key");
}
