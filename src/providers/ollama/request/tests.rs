//! Requests, compared as whole values: one test a rule.

use super::*;
use crate::chat::{RequestMessage, ToolOutcome, ToolResult};
use crate::config::{Endpoint, WireFormat};
use crate::providers::testing;

fn endpoint(base: &str) -> Endpoint {
    Endpoint::new("Ollama", WireFormat::Ollama, testing::template(base))
}

fn said(role: Role, parts: Vec<Part>) -> RequestMessage {
    RequestMessage { role, parts, route: None }
}

fn text(text: &str) -> Part {
    Part::Text { text: text.into() }
}

fn try_made(ask: &ChatRequest, endpoint: &Endpoint) -> Result<Value, Failure> {
    let credential = testing::credential(&endpoint.base_url.raw, "");
    let made = chat(ask, &testing::site(endpoint, &credential))?;
    assert_eq!(made.headers.get("authorization"), None);
    Ok(serde_json::from_slice(&made.body.unwrap()).unwrap())
}

fn made(ask: &ChatRequest) -> Value {
    try_made(ask, &endpoint("http://localhost:11434")).unwrap()
}

#[test]
fn a_plain_request_holds_the_model_the_branch_and_the_delivery() {
    let mut ask = testing::hi("m");
    assert_eq!(
        made(&ask),
        json!({"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": true})
    );
    ask.delivery = Delivery::Whole;
    ask.settings.system = Some("Be brief.".into());
    assert_eq!(
        made(&ask),
        json!({"model": "m", "stream": false,
               "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "hi"}]})
    );
}

#[test]
fn people_may_write_the_base_url_in_any_usual_way_and_as_ollama_reads_its_own_variable() {
    let cases = [
        ("http://localhost:11434", "http://localhost:11434/api/chat"),
        ("http://localhost:11434/", "http://localhost:11434/api/chat"),
        ("http://localhost:11434/v1/", "http://localhost:11434/api/chat"),
        ("http://localhost:11434/api", "http://localhost:11434/api/chat"),
        ("http://localhost:11434/api/chat", "http://localhost:11434/api/chat"),
        ("http://localhost:11434/v1/chat/completions", "http://localhost:11434/api/chat"),
        ("https://ollama.com", "https://ollama.com/api/chat"),
        ("https://gw.test/ollama/v1", "https://gw.test/ollama/api/chat"),
        ("http://127.0.0.1", "http://127.0.0.1/api/chat"),
        ("localhost", "http://localhost:11434/api/chat"),
        ("127.0.0.1:4000", "http://127.0.0.1:4000/api/chat"),
        ("0.0.0.0", "http://127.0.0.1:11434/api/chat"),
        ("http://0.0.0.0:11434", "http://127.0.0.1:11434/api/chat"),
        (":8080", "http://127.0.0.1:8080/api/chat"),
        ("[::]:11434", "http://127.0.0.1:11434/api/chat"),
        ("[::1]", "http://[::1]:11434/api/chat"),
    ];
    for (base, url) in cases {
        let credential = testing::credential(base, "");
        let sent = chat(&testing::hi("m"), &testing::site(&endpoint(base), &credential)).unwrap();
        assert_eq!(sent.url.as_str(), url, "{base}");
    }
    for base in ["", "ftp://x.test"] {
        let failure = try_made(&testing::hi("m"), &endpoint(base)).unwrap_err();
        assert_eq!(failure.kind, ErrorKind::Config, "{base}");
    }
}

#[test]
fn a_key_is_a_bearer_token() {
    let credential = testing::credential("https://ollama.com", "k-1");
    let sent = chat(&testing::hi("m"), &testing::site(&endpoint("https://ollama.com"), &credential)).unwrap();
    assert_eq!(sent.headers["authorization"], "Bearer k-1");
}

#[test]
fn what_people_set_goes_to_the_options_and_the_rest_stays_at_the_top() {
    let object = |value: Value| value.as_object().unwrap().clone();
    let mut ask = testing::hi("m");
    ask.settings.temperature = Some(0.2);
    ask.settings.max_tokens = Some(9);
    ask.settings.params =
        object(json!({"num_ctx": 8192, "topP": 0.9, "stop": "x", "keep_alive": "10m", "format": "json"}));
    let mut endpoint = endpoint("http://localhost:11434");
    endpoint.default_params = object(json!({"num_ctx": 4096, "seed": 1}));
    endpoint.add_params = object(json!({"options": {"new_one": true}, "seed": 2}));
    endpoint.drop_params = vec!["top_p".into()];
    assert_eq!(
        try_made(&ask, &endpoint).unwrap(),
        json!({"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": true,
               "options": {"temperature": 0.2, "num_predict": 9, "num_ctx": 8192, "stop": ["x"], "seed": 2, "new_one": true},
               "keep_alive": "10m", "format": "json"})
    );
}

#[test]
fn a_model_is_told_to_think_only_where_somebody_asks_for_it() {
    let think = |model: &str, effort: Option<&str>, params: Value| {
        let mut ask = testing::hi(model);
        ask.settings.effort = effort.map(str::to_owned);
        ask.settings.params = params.as_object().unwrap().clone();
        made(&ask).get("think").cloned()
    };
    let cases = [
        ("qwen3:4b", None, json!({}), None),
        ("qwen3:4b", Some("high"), json!({}), Some(json!(true))),
        ("qwen3:4b", Some("none"), json!({}), Some(json!(false))),
        ("qwen3:4b", None, json!({"thinking": false}), Some(json!(false))),
        ("qwen3:4b", None, json!({"think": "low"}), Some(json!("low"))),
        ("qwen3:4b", Some("low"), json!({"thinking": false}), Some(json!(true))),
        ("gpt-oss:20b", Some("medium"), json!({}), Some(json!("medium"))),
        ("user/gpt-oss:20b", Some("xhigh"), json!({}), Some(json!("high"))),
        ("gpt-oss:20b", Some("none"), json!({}), Some(json!("low"))),
    ];
    for (model, effort, params, told) in cases {
        assert_eq!(think(model, effort, params.clone()), told, "{model} {effort:?} {params}");
    }
}

#[test]
fn calls_are_objects_and_each_result_is_a_message() {
    let call = Part::ToolCall(ToolCall { id: "1".into(), name: "f".into(), arguments: r#"{"x":1}"#.into() });
    let result = Part::ToolResult(ToolResult {
        call: "1".into(),
        name: "f".into(),
        content: "sunny".into(),
        outcome: ToolOutcome::Ok,
    });
    let thought = |text: &str| Part::Reasoning { text: text.into() };
    let schema = json!({"type": "object"});
    let tool = Tool { name: "f".into(), description: "Does f.".into(), schema: schema.clone() };
    let ask = ChatRequest {
        messages: vec![
            said(Role::User, vec![text("a")]),
            said(Role::Assistant, vec![thought("hm"), call]),
            said(Role::User, vec![result, text("b"), text("c")]),
            said(Role::Assistant, vec![thought("old"), text("d")]),
        ],
        tools: vec![tool],
        ..testing::hi("m")
    };
    let body = made(&ask);
    assert_eq!(
        body["messages"],
        json!([
            {"role": "user", "content": "a"},
            {"role": "assistant", "content": "", "thinking": "hm",
             "tool_calls": [{"id": "1", "function": {"name": "f", "arguments": {"x": 1}}}]},
            {"role": "tool", "tool_name": "f", "tool_call_id": "1", "content": "sunny"},
            {"role": "user", "content": "b\n\nc"},
            {"role": "assistant", "content": "d"},
        ])
    );
    assert_eq!(
        body["tools"],
        json!([{"type": "function", "function": {"name": "f", "description": "Does f.", "parameters": schema}}])
    );
}

#[test]
fn images_are_bare_base64_and_what_ollama_cannot_read_is_refused_with_its_name() {
    let media = |name: &str, data: MediaData| Media { mime: "image/png".into(), name: name.into(), data };
    let with = |part: Part| ChatRequest {
        messages: vec![said(Role::User, vec![text("a"), part])],
        ..testing::hi("m")
    };
    let image = Part::Image(media("", MediaData::Base64("AA==".into())));
    assert_eq!(made(&with(image))["messages"], json!([{"role": "user", "content": "a", "images": ["AA=="]}]));
    let base = endpoint("http://localhost:11434");
    for part in [
        Part::Image(media("a.png", MediaData::Url("https://x.test/a.png".into()))),
        Part::Document(media("a.png", MediaData::Base64("AA==".into()))),
    ] {
        let failure = try_made(&with(part), &base).unwrap_err();
        assert_eq!(
            (failure.kind, failure.message.as_str()),
            (
                ErrorKind::Config,
                "Ollama cannot be sent a.png: it takes images that are attached, and nothing else."
            )
        );
    }
}
