//! `loquat doctor`: what it asks, and what it says of everything that can be wrong with an endpoint. The endpoint
//! picker asks the same in the background.

use std::net::TcpListener;
use std::time::Duration;

use serde_json::{Value, json};

use super::support::http::{Reply, Request};
use super::support::mock::{KEY, REFUSED};
use super::support::pty::keys;
use super::support::words::{self, shows};
use super::support::{Home, Mock, Pty};

/// Every way in which a list can fail, by the beginning of its path.
fn troubles(request: &Request, _: usize) -> Reply {
    let error = |status, message: &str| Reply::json(status, &json!({"error": {"message": message}}));
    match request.path.split('/').nth(1) {
        Some("refused") => error(401, &format!("Incorrect API key provided: {}", request.key())),
        Some("forbidden") => error(403, "not for you"),
        Some("nowhere") => error(404, "no such path"),
        Some("portal") => Reply::whole(200, "text/html", "<html><title>Welcome</title></html>"),
        Some("empty") => Reply::json(200, &json!({"data": []})),
        Some("broken") => error(500, "out of order"),
        Some("gone") => Reply::whole(502, "text/html", "<html><title>Bad Gateway</title></html>"),
        Some("slow") => error(500, "too late").after(Duration::from_secs(60)),
        _ => Reply::json(200, &json!({"data": [{"id": "m"}]})),
    }
}

fn home_of(base: &str, fetch: &str) -> Home {
    Home::with_config(&format!(
        "endpoints:\n  custom:\n    - name: Gate\n      baseURL: \"{base}\"\n      apiKey: \"{KEY}\"\n      \
         models: {{default: [m], fetch: {fetch}}}\n"
    ))
}

/// The one finding about `Gate`, with the exit code.
fn examined(home: &Home) -> (Value, Option<i32>) {
    let outcome = home.run(&["doctor", "Gate", "--json"]);
    assert!(!outcome.text().contains(KEY) && !outcome.stderr.contains(KEY), "{outcome:?}");
    let findings = outcome.json();
    assert_eq!(findings.as_array().map(Vec::len), Some(1), "{findings}");
    (findings[0].clone(), outcome.code)
}

fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
    listener.local_addr().expect("a bound listener has an address").port()
}

#[test]
fn every_endpoint_in_use_is_asked_for_its_models_and_for_nothing_else() {
    let mock = Mock::start();
    let home = Home::of(&mock);
    let outcome = home.run(&["doctor", "--json"]).exits(0);
    let findings = outcome.json();
    let row = findings
        .as_array()
        .expect("a list")
        .iter()
        .find(|row| row["subject"] == "Mock/default")
        .unwrap_or_else(|| panic!("no row of Mock: {findings}"));
    assert_eq!((&row["health"], &row["error"]), (&json!("ok"), &Value::Null), "{row}");
    let asked: Vec<(String, String)> =
        mock.requests().into_iter().map(|request| (request.method, request.path)).collect();
    assert_eq!(asked, [("GET".to_owned(), "/v1/models".to_owned())]);
    assert!(!outcome.text().contains(KEY));
}

#[test]
fn what_is_wrong_is_said_with_what_to_do_and_the_exit_code_is_its_kind() {
    let mock = Mock::answering(troubles);
    let at = |path: &str| format!("{}/{path}/v1", mock.root());
    let dead = closed_port();
    // What is asked, the kind and code of its failure, and words of what is said and of what to do.
    let cases = [
        (at("refused"), "auth", 4, "Incorrect API key provided", "loquat keys set"),
        (at("forbidden"), "auth", 4, "not for you (HTTP 403)", "loquat keys set"),
        (at("nowhere"), "provider", 7, "no such path (HTTP 404)", "fetch: false"),
        (at("portal"), "provider", 7, "Welcome", "baseURL"),
        (at("empty"), "provider", 7, "lists no models", "fetch: false"),
        (at("broken"), "provider", 7, "out of order (HTTP 500)", "try again later"),
        (at("gone"), "provider", 7, "Bad Gateway", "try again later"),
        (at("slow"), "timeout", 6, "within 5 s", "a chat may still work"),
        (format!("http://127.0.0.1:{dead}/v1"), "network", 6, "refuses connections", "running?"),
        ("https://no-such-host.invalid/v1".to_owned(), "network", 6, "(DNS)", "spelling"),
        ("http://192.0.2.1/v1".to_owned(), "config", 3, "over plain http", "allowInsecure"),
    ];
    for (base, kind, code, says, next) in cases {
        let (finding, exit) = examined(&home_of(&base, "true"));
        let text = |field: &str| finding[field].as_str().unwrap_or_default().to_owned();
        assert_eq!((finding["health"].as_str(), exit), (Some("bad"), Some(code)), "{base}: {finding}");
        assert_eq!(text("error"), kind, "{base}: {finding}");
        assert!(text("says").contains(says) && text("next").contains(next), "{base}: {finding}");
    }
}

#[test]
fn an_endpoint_whose_models_are_named_works_where_somebody_answers_and_takes_the_key() {
    let mock = Mock::answering(troubles);
    for (path, code) in [
        ("ok", 0),
        ("nowhere", 0),
        ("portal", 0),
        ("empty", 0),
        ("refused", 4),
        ("forbidden", 4),
        ("gone", 7),
    ] {
        let (finding, exit) = examined(&home_of(&format!("{}/{path}/v1", mock.root()), "false"));
        assert_eq!(exit, Some(code), "{path}: {finding}");
    }
    let (finding, exit) = examined(&home_of(&format!("http://127.0.0.1:{}", closed_port()), "false"));
    assert_eq!((finding["error"].as_str(), exit), (Some("network"), Some(6)), "{finding}");
}

#[test]
fn a_check_that_an_adapter_declares_is_believed() {
    let mock = Mock::answering(troubles);
    let home = |health: &str| {
        Home::with_config(&format!(
            "endpoints:\n  custom:\n    - name: Gate\n      api: adapter\n      baseURL: \"{}\"\n      \
             apiKey: \"{KEY}\"\n      models: {{default: [m], fetch: true}}\n      adapter:\n        \
             paths: {{chat: /say, models: /list, health: /{health}}}\n        request: '{{q: .model}}'\n        \
             response: {{text: .a}}\n",
            mock.root()
        ))
    };
    assert_eq!(examined(&home("up")).1, Some(0));
    let (finding, exit) = examined(&home("nowhere"));
    assert_eq!((finding["error"].as_str(), exit), (Some("provider"), Some(7)), "{finding}");
    assert!(finding["next"].as_str().is_some_and(|next| next.contains("paths.health")), "{finding}");
}

#[test]
fn a_configuration_that_cannot_be_used_is_the_one_finding() {
    for (yaml, says) in [
        ("endpoints:\n  custom:\n    - name: X\n     baseURL: y\n", "not YAML"),
        ("endpoints:\n  custom:\n    - name: X\n", "needs a baseURL"),
    ] {
        let home = Home::with_config(yaml);
        let findings = home.run(&["doctor", "--json"]).exits(3).json();
        let finding = &findings[0];
        let text = |field: &str| finding[field].as_str().unwrap_or_default().to_owned();
        assert_eq!(
            (text("area"), text("health"), text("error")),
            ("config".into(), "bad".into(), "config".into())
        );
        assert!(text("subject").contains("loquat.yaml:") && text("says").contains(says), "{finding}");
        assert!(!text("next").is_empty(), "{finding}");
        let lines = home.run(&["doctor"]).exits(3);
        assert!(lines.text().contains("✗  config  ") && lines.text().contains("  → "), "{}", lines.text());
    }
}

#[test]
fn who_is_asked_for_by_a_name_that_is_not_there_is_told_so() {
    let home = home_of(&Mock::start().url(), "true");
    home.run(&["doctor", "Nowhere"]).exits(5);
    home.run(&["doctor", "Gate", "--key", "none"]).exits(5);
    let outcome = home.run(&["doctor", "Gate"]).exits(0);
    assert!(outcome.text().contains("✓  endpoint  Gate/default"), "{}", outcome.text());
}

#[test]
fn the_endpoint_picker_shows_who_answers_how_fast_and_who_does_not_and_asks_no_model() {
    let mock = Mock::start();
    let row = |name: &str, base: &str, key: &str| {
        format!(
            "    - {{name: {name}, baseURL: \"{base}\", apiKey: \"{key}\", models: {{default: [m], fetch: false}}}}\n"
        )
    };
    let dead = format!("http://127.0.0.1:{}/v1", closed_port());
    let home = Home::with_config(&format!(
        "endpoints:\n  custom:\n{}{}{}{}",
        row("Fine", &mock.url(), KEY),
        row("Wrong", &mock.url(), REFUSED),
        row("Dead", &dead, KEY),
        row("Unset", &mock.url(), "${NOT_SET_ANYWHERE}"),
    ));
    let mut pty = Pty::open_at(&home, 120, 30, &[]);
    pty.leader("p");
    let screen = pty.wait_for("every state", |screen| {
        let says =
            |name: &str, words: &[&str]| screen.lines().any(|line| line.contains(name) && shows(line, words));
        says("Fine", &["ready · 0."])
            && says("Wrong", words::REFUSED)
            && says("Dead", &["refuses connections"])
            && says("Unset", &["is not set"])
    });
    assert!(!screen.contains(REFUSED), "{screen}");
    pty.send(keys::ESC);
    pty.leader("p");
    pty.wait_for("the picker again", |screen| shows(screen, &["refuses connections"]));
    // Servers of this machine are looked for without a key too.
    let keyed = mock.requests().into_iter().filter(|request| !request.key().is_empty());
    let mut asked: Vec<(String, String)> =
        keyed.map(|request| (request.path.clone(), request.key().to_owned())).collect();
    asked.sort();
    let list = "/v1/models".to_owned();
    assert_eq!(asked, [(list.clone(), REFUSED.to_owned()), (list, KEY.to_owned())]);
    pty.quit();
}
