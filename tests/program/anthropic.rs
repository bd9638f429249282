//! Claude at its own paths: Anthropic's, a gateway's and Vertex AI's.

use serde_json::{Value, json};

use super::support::http::{Reply, Request, Step};
use super::support::mock::KEY;
use super::support::{Home, Mock};

/// A home in which Anthropic's built-in endpoint is this server.
fn home(mock: &Mock) -> Home {
    Home::with_config("router: {retries: 0}\n")
        .with_variable("ANTHROPIC_REVERSE_PROXY", &mock.root())
        .with_variable("ANTHROPIC_API_KEY", KEY)
}

/// A home of this configuration of endpoints.
fn home_of(endpoints: &str) -> Home {
    Home::with_config(&format!("router: {{retries: 0}}\nendpoints:\n{endpoints}"))
        .with_variable("CLAUDE_KEY", KEY)
}

const ASK: [&str; 7] = ["-p", "hi", "-e", "anthropic", "-m", "claude-sonnet-4-5", "--json"];

fn event(body: &Value) -> Step {
    Step::Send(format!("event: {}\ndata: {body}\n\n", body["type"].as_str().unwrap_or_default()).into_bytes())
}

fn start() -> Step {
    event(&json!({"type": "message_start", "message": {"model": "claude-sonnet-4-5-20250929", "usage":
        {"input_tokens": 9, "cache_read_input_tokens": 3, "cache_creation_input_tokens": 0, "output_tokens": 1}}}))
}

fn text(text: &str) -> Step {
    event(&json!({"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": text}}))
}

fn end(reason: &str) -> Step {
    event(&json!({"type": "message_delta", "delta": {"stop_reason": reason}, "usage": {"output_tokens": 7}}))
}

/// What the server answers, by the model's name or by what was said already.
fn script(request: &Request, earlier: usize) -> Reply {
    let error = |status: u16, kind: &str, message: &str| {
        Reply::json(status, &json!({"type": "error", "error": {"type": kind, "message": message}}))
    };
    if !request.path.ends_with("/messages") && !request.path.contains("awPredict") {
        return error(404, "not_found_error", "no such path");
    }
    match request.text("model") {
        "claude-401" => error(401, "authentication_error", "invalid x-api-key"),
        "claude-404" => error(404, "not_found_error", "model: claude-404"),
        "claude-long" => error(400, "invalid_request_error", "prompt is too long: 9 tokens > 8 maximum"),
        "claude-busy" => error(529, "overloaded_error", "Overloaded"),
        "claude-breaks" => Reply::stream(vec![
            start(),
            text("Half"),
            event(&json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}})),
        ]),
        "claude-cut" => Reply::stream(vec![start(), text("Half")]),
        "claude-pauses" if earlier == 0 => Reply::stream(vec![start(), text("Hello "), end("pause_turn")]),
        _ if request.body["stream"] == false => Reply::json(
            200,
            &json!({"type": "message", "model": "claude-whole", "content": [{"type": "text", "text": "Hello."}],
                "stop_reason": "end_turn", "usage": {"input_tokens": 9, "output_tokens": 7}}),
        ),
        _ => Reply::stream(vec![
            start(),
            event(&json!({"type": "content_block_start", "index": 0,
                "content_block": {"type": "thinking", "thinking": "Hm.", "signature": "sig"}})),
            event(&json!({"type": "content_block_stop", "index": 0})),
            text("Hello "),
            text("from Claude."),
            end("end_turn"),
            event(&json!({"type": "message_stop"})),
        ]),
    }
}

/// What a script reads of an answer.
fn told(answer: &Value) -> Value {
    json!([
        answer["text"],
        answer["reasoning"],
        answer["finish_reason"],
        answer["provider"],
        answer["model_served"],
        answer["usage"]
    ])
}

fn only(mock: &Mock) -> Request {
    let mut requests = mock.requests();
    assert_eq!(requests.len(), 1, "one request was expected");
    requests.remove(0)
}

#[test]
fn the_built_in_endpoint_needs_nothing_but_a_key() {
    let mock = Mock::answering(script);
    let answer = home(&mock).run(&ASK).exits(0).json();
    assert_eq!(
        told(&answer),
        json!(["Hello from Claude.", "Hm.", "stop", "anthropic", "claude-sonnet-4-5-20250929",
            {"tokens_in": 12, "tokens_out": 7, "cached_in": 3, "cache_write": 0, "reasoning_out": null,
             "estimated": false}])
    );
    let request = only(&mock);
    let header = |name: &str| request.headers.get(name).map(String::as_str);
    assert_eq!(
        (request.path.as_str(), header("x-api-key"), header("authorization"), header("anthropic-version")),
        ("/v1/messages", Some(KEY), None, Some("2023-06-01"))
    );
    assert_eq!(
        request.body,
        json!({"model": "claude-sonnet-4-5", "max_tokens": 64000, "stream": true,
               "messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}]})
    );
}

#[test]
fn a_librechat_endpoint_with_this_provider_is_asked_natively_and_answers_whole_where_it_is_asked_to() {
    let mock = Mock::answering(script);
    let home = home_of(&format!(
        "  custom:\n    - name: Gateway\n      provider: anthropic\n      apiKey: \"${{CLAUDE_KEY}}\"\n      \
         baseURL: \"{}/anthropic\"\n      models: {{default: [m]}}\n      addParams: {{maxOutputTokens: 100}}\n",
        mock.root()
    ));
    let answer = home.run(&["-p", "hi", "-e", "Gateway", "-m", "m", "--json", "--no-stream"]).exits(0).json();
    assert_eq!((&answer["text"], &answer["model_served"]), (&json!("Hello."), &json!("claude-whole")));
    let request = only(&mock);
    assert_eq!((&*request.path, &request.body["max_tokens"]), ("/anthropic/v1/messages", &json!(100)));
}

#[test]
fn vertex_gets_a_bearer_token_and_the_model_in_its_path() {
    let mock = Mock::answering(script);
    let base = "/v1/projects/p/locations/us-east5/publishers/anthropic/models";
    let home = home_of(&format!(
        "  anthropic:\n    baseURL: \"{}{base}\"\n    apiKey: \"${{CLAUDE_KEY}}\"\n    \
         vertex: {{projectId: p, models: {{claude-sonnet-4-5: {{deploymentName: claude-sonnet-4-5@20250929}}}}}}\n",
        mock.root()
    ));
    let answer = home.run(&ASK).exits(0).json();
    assert_eq!(answer["text"], "Hello from Claude.");
    let request = only(&mock);
    assert_eq!(request.path, format!("{base}/claude-sonnet-4-5@20250929:streamRawPredict"));
    assert_eq!((request.key(), request.headers.get("x-api-key")), (KEY, None));
    assert_eq!(
        (&request.body["anthropic_version"], request.body.get("model")),
        (&json!("vertex-2023-10-16"), None)
    );
}

#[test]
fn vertex_without_a_token_asks_for_one_and_does_not_send_anthropics_key() {
    let home = home_of("  anthropic: {vertex: {projectId: p}}\n").with_variable("ANTHROPIC_API_KEY", KEY);
    let outcome = home.run(&ASK).exits(4);
    assert!(!outcome.stderr.contains(KEY) && outcome.json()["error"]["kind"] == "auth", "{}", outcome.stderr);
    let checked = home.run(&["config", "check"]).exits(0);
    let said = format!("{}{}", checked.text(), checked.stderr);
    assert!(said.contains("print-access-token"), "{said}");
}

#[test]
fn an_answer_that_pauses_is_continued_and_reported_as_one() {
    let mock = Mock::answering(script);
    let mut ask = ASK;
    ask[5] = "claude-pauses";
    let answer = home(&mock).run(&ask).exits(0).json();
    assert_eq!(
        (&answer["text"], &answer["finish_reason"]),
        (&json!("Hello Hello from Claude."), &json!("stop"))
    );
    assert_eq!((&answer["usage"]["tokens_in"], &answer["usage"]["tokens_out"]), (&json!(24), &json!(14)));
    assert_eq!(answer["attempts"], 1);
    let requests = mock.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(
        requests[1].body["messages"][1],
        json!({"role": "assistant", "content": [{"type": "text", "text": "Hello "}]})
    );
}

#[test]
fn what_goes_wrong_has_its_exit_code_and_keeps_what_came() {
    let mock = Mock::answering(script);
    let home = home(&mock);
    for (model, code, kind, said) in [
        ("claude-401", 4, "auth", ""),
        ("claude-404", 5, "unknown_model", ""),
        ("claude-long", 7, "context_window", ""),
        ("claude-busy", 7, "provider", ""),
        ("claude-breaks", 7, "provider", "Half"),
        ("claude-cut", 9, "cut", "Half"),
    ] {
        let mut ask = ASK;
        ask[5] = model;
        let outcome = home.run(&ask).exits(code);
        let answer = outcome.json();
        assert_eq!((&answer["error"]["kind"], &answer["text"]), (&json!(kind), &json!(said)), "{model}");
    }
}
