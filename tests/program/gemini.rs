//! Gemini at its own paths: AI Studio's, a gateway's and Vertex AI's.

use serde_json::{Value, json};

use super::support::http::{Reply, Request, Step};
use super::support::mock::KEY;
use super::support::{Home, Mock};

/// A home in which Google's built-in endpoint is this server.
fn home(mock: &Mock) -> Home {
    Home::with_config("router: {retries: 0}\n")
        .with_variable("GOOGLE_REVERSE_PROXY", &mock.root())
        .with_variable("GOOGLE_KEY", KEY)
}

fn chunk(body: &Value) -> Step {
    Step::Send(format!("data: {body}\r\n\r\n").into_bytes())
}

fn piece(part: &Value, finish: Option<&str>) -> Value {
    let mut candidate = json!({"content": {"role": "model", "parts": [part]}, "index": 0});
    if let Some(finish) = finish {
        candidate["finishReason"] = finish.into();
    }
    json!({"candidates": [candidate], "modelVersion": "gemini-2.5-flash-001", "responseId": "r",
           "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 4, "thoughtsTokenCount": 3}})
}

/// What the server answers, by the model in the path.
fn script(request: &Request, _: usize) -> Reply {
    let error = |status: u16, name: &str, message: &str, details: Value| {
        Reply::json(
            status,
            &json!({"error": {"code": status, "message": message, "status": name, "details": details}}),
        )
    };
    let ended = |reason: &str| Reply::stream(vec![chunk(&piece(&json!({"text": "Half"}), Some(reason)))]);
    let half = || chunk(&piece(&json!({"text": "Half"}), None));
    let (_, method) = request.path.rsplit_once('/').unwrap_or_default();
    let (model, method) = method.split_once(':').unwrap_or_default();
    match (model, method) {
        ("bad-key", _) => {
            error(400, "INVALID_ARGUMENT", "API key not valid.", json!([{"reason": "API_KEY_INVALID"}]))
        }
        ("absent", _) => error(404, "NOT_FOUND", "models/absent is not found", json!([])),
        ("quota", _) => error(429, "RESOURCE_EXHAUSTED", "Quota exceeded.", json!([{"retryDelay": "48s"}])),
        ("long", _) => error(
            400,
            "INVALID_ARGUMENT",
            "The input token count exceeds the maximum number of tokens",
            json!([]),
        ),
        ("blocked", _) => Reply::stream(vec![chunk(&json!({"promptFeedback": {"blockReason": "SAFETY"}}))]),
        ("unsafe", _) => ended("SAFETY"),
        ("malformed", _) => ended("MALFORMED_FUNCTION_CALL"),
        ("cut", _) => Reply::stream(vec![half()]),
        ("breaks", _) => {
            Reply::stream(vec![half(), chunk(&json!({"error": {"code": 503, "message": "Overloaded"}}))])
        }
        (_, "streamGenerateContent?alt=sse") => Reply::stream(vec![
            chunk(&piece(&json!({"text": "Hm.", "thought": true}), None)),
            chunk(&piece(&json!({"text": "Hello "}), None)),
            chunk(&piece(&json!({"text": "from Gemini."}), Some("STOP"))),
        ]),
        (_, "generateContent") => Reply::json(200, &piece(&json!({"text": "Hello."}), Some("STOP"))),
        _ => error(404, "NOT_FOUND", "no such path", json!([])),
    }
}

fn ask<'a>(endpoint: &'a str, model: &'a str) -> [&'a str; 7] {
    ["-p", "hi", "-e", endpoint, "-m", model, "--json"]
}

fn only(mock: &Mock) -> Request {
    let mut requests = mock.requests();
    assert_eq!(requests.len(), 1, "one request was expected");
    requests.remove(0)
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers.get(name).map(String::as_str)
}

#[test]
fn the_built_in_endpoint_needs_nothing_but_a_key_and_keeps_it_out_of_the_url() {
    let mock = Mock::answering(script);
    let answer = home(&mock).run(&ask("google", "gemini-2.5-flash")).exits(0).json();
    assert_eq!(
        [
            &answer["text"],
            &answer["reasoning"],
            &answer["finish_reason"],
            &answer["provider"],
            &answer["model_served"],
            &answer["usage"]
        ],
        [
            &json!("Hello from Gemini."),
            &json!("Hm."),
            &json!("stop"),
            &json!("google"),
            &json!("gemini-2.5-flash-001"),
            &json!({"tokens_in": 9, "tokens_out": 7, "cached_in": null, "cache_write": null, "reasoning_out": 3,
                    "estimated": false})
        ]
    );
    let request = only(&mock);
    assert_eq!(request.path, "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse");
    assert_eq!((header(&request, "x-goog-api-key"), header(&request, "authorization")), (Some(KEY), None));
    assert_eq!(
        request.body,
        json!({"contents": [{"role": "user", "parts": [{"text": "hi"}]}],
               "generationConfig": {"thinkingConfig": {"includeThoughts": true}}})
    );
}

#[test]
fn a_whole_answer_is_asked_for_at_another_path() {
    let mock = Mock::answering(script);
    let mut flags = ask("google", "gemini-2.5-flash").to_vec();
    flags.push("--no-stream");
    let answer = home(&mock).run(&flags).exits(0).json();
    assert_eq!(answer["text"], "Hello.");
    assert_eq!(only(&mock).path, "/v1beta/models/gemini-2.5-flash:generateContent");
}

#[test]
fn vertex_gets_a_bearer_token_and_the_publisher_in_its_path() {
    let mock = Mock::answering(script);
    let base = "/v1/projects/p/locations/eu";
    let home = Home::with_config(&format!(
        "endpoints:\n  custom:\n    - name: Vertex\n      api: gemini\n      apiKey: {KEY}\n      \
         baseURL: \"{}{base}\"\n      models: {{default: [gemini-2.5-flash]}}\n",
        mock.root()
    ));
    let answer = home.run(&ask("Vertex", "gemini-2.5-flash")).exits(0).json();
    assert_eq!((&answer["text"], &answer["provider"]), (&json!("Hello from Gemini."), &json!("google")));
    let request = only(&mock);
    assert_eq!(
        request.path,
        format!("{base}/publishers/google/models/gemini-2.5-flash:streamGenerateContent?alt=sse")
    );
    assert_eq!((request.key(), header(&request, "x-goog-api-key")), (KEY, None));
}

#[test]
fn every_failure_has_its_exit_code_and_keeps_what_came() {
    let mock = Mock::answering(script);
    let home = home(&mock);
    for (model, code, kind, text) in [
        ("bad-key", 4, "auth", ""),
        ("absent", 5, "unknown_model", ""),
        ("quota", 7, "rate_limit", ""),
        ("long", 7, "context_window", ""),
        ("blocked", 7, "content_filter", ""),
        ("unsafe", 7, "content_filter", "Half"),
        ("malformed", 7, "provider", "Half"),
        ("breaks", 7, "provider", "Half"),
        ("cut", 9, "cut", "Half"),
    ] {
        let outcome = home.run(&ask("google", model));
        let answer = outcome.json();
        assert_eq!(
            (outcome.code, &answer["error"]["kind"], &answer["text"]),
            (Some(code), &json!(kind), &json!(text)),
            "{model}: {}",
            outcome.stderr
        );
        assert!(!outcome.stderr.contains(KEY));
    }
    let quota = home.run(&ask("google", "quota")).json();
    assert_eq!(quota["error"]["retry_after"], 48.0);
}
