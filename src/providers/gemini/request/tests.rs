//! Requests, compared as whole values: one test a rule.

use super::*;
use crate::chat::{ProviderState, RequestMessage, Route};
use crate::config::{Config, Endpoint, UserIdPolicy, WireFormat};
use crate::providers::testing;

const BASE: &str = "https://generativelanguage.googleapis.com/v1beta";

fn endpoint(base: &str) -> Endpoint {
    Endpoint::new("google", WireFormat::Gemini, testing::template(base))
}

fn said(role: Role, parts: Vec<Part>) -> RequestMessage {
    let route = Route { endpoint: "google".into(), key: "default".into(), model: "gemini-3-flash".into() };
    RequestMessage { role, parts, route: (role == Role::Assistant).then_some(route) }
}

fn text(text: &str) -> Part {
    Part::Text { text: text.into() }
}

fn state(value: Value) -> Part {
    Part::State(ProviderState { wire: "gemini".into(), value })
}

fn call(id: &str, arguments: &str) -> Part {
    Part::ToolCall(ToolCall { id: id.into(), name: "f".into(), arguments: arguments.into() })
}

fn result(id: &str, content: &str, outcome: ToolOutcome) -> Part {
    Part::ToolResult(ToolResult { call: id.into(), name: "f".into(), content: content.into(), outcome })
}

fn config(vars: &[(&str, &str)]) -> Config {
    let vars = vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config { env: Env::of(vars), ..Config::default() }
}

/// The request's URL, its header with the key, and its body.
fn sent(ask: &ChatRequest, endpoint: &Endpoint, vars: &[(&str, &str)]) -> (String, String, Value) {
    let credential = testing::credential(&endpoint.base_url.raw, "k-1");
    let config = config(vars);
    let made = chat(ask, &Site { config: &config, ..testing::site(endpoint, &credential) }).unwrap();
    let key = ["authorization", "x-goog-api-key"]
        .iter()
        .filter_map(|name| Some(format!("{name}: {}", made.headers.get(*name)?.to_str().unwrap())))
        .collect();
    (made.url.into(), key, serde_json::from_slice(&made.body.unwrap()).unwrap())
}

fn made(ask: &ChatRequest) -> Value {
    sent(ask, &endpoint(BASE), &[]).2
}

/// What a branch comes to.
fn contents(model: &str, messages: Vec<RequestMessage>) -> Value {
    made(&ChatRequest { messages, ..testing::hi(model) })["contents"].take()
}

#[test]
fn a_plain_request_holds_the_branch_and_asks_for_thoughts_where_the_model_thinks() {
    let contents = json!([{"role": "user", "parts": [{"text": "hi"}]}]);
    assert_eq!(made(&testing::hi("gemini-2.0-flash")), json!({"contents": contents}));
    assert_eq!(
        made(&testing::hi("gemini-2.5-flash")),
        json!({"contents": contents, "generationConfig": {"thinkingConfig": {"includeThoughts": true}}})
    );
}

#[test]
fn the_model_and_the_delivery_are_in_the_path_and_the_key_in_a_header() {
    let stream = |base: &str, model: &str| {
        let (url, key, _) = sent(&testing::hi(model), &endpoint(base), &[]);
        (url, key)
    };
    let key = "x-goog-api-key: k-1";
    let studio = "https://generativelanguage.googleapis.com";
    let vertex = "https://eu-aiplatform.googleapis.com/v1/projects/p/locations/eu";
    let cases = [
        (BASE, "gemini-x", format!("{studio}/v1beta/models/gemini-x:streamGenerateContent?alt=sse"), key),
        (studio, "models/gemini-x", format!("{studio}/v1beta/models/gemini-x:streamGenerateContent?alt=sse"), key),
        (BASE, "tunedModels/t", format!("{studio}/v1beta/tunedModels/t:streamGenerateContent?alt=sse"), key),
        (
            vertex,
            "gemini-x",
            format!("{vertex}/publishers/google/models/gemini-x:streamGenerateContent?alt=sse"),
            "authorization: Bearer k-1",
        ),
        (
            "https://aiplatform.googleapis.com",
            "gemini-x",
            "https://aiplatform.googleapis.com/v1/publishers/google/models/gemini-x:streamGenerateContent?alt=sse"
                .into(),
            key,
        ),
        (
            "http://localhost:4000/?team=a",
            "google/gemini-x",
            "http://localhost:4000/v1beta/models/google/gemini-x:streamGenerateContent?team=a&alt=sse".into(),
            key,
        ),
    ];
    for (base, model, url, key) in cases {
        assert_eq!(stream(base, model), (url, key.to_owned()), "{base} {model}");
    }
    let whole = ChatRequest { delivery: Delivery::Whole, ..testing::hi("gemini-x") };
    let (url, _, _) = sent(&whole, &endpoint(BASE), &[]);
    assert_eq!(url, format!("{BASE}/models/gemini-x:generateContent"));
    let direct = "https://gw.test/ask";
    let mut endpoint = endpoint(direct);
    endpoint.direct = true;
    assert_eq!(sent(&whole, &endpoint, &[]).0, direct);
}

#[test]
fn a_proxy_may_want_the_key_as_a_token() {
    let (_, key, _) = sent(&testing::hi("m"), &endpoint(BASE), &[("GOOGLE_AUTH_HEADER", "true")]);
    assert_eq!(key, "authorization: Bearer k-1");
    let (_, key, _) = sent(&testing::hi("m"), &endpoint(BASE), &[("GOOGLE_AUTH_HEADER", "false")]);
    assert_eq!(key, "x-goog-api-key: k-1");
}

#[test]
fn the_system_prompt_has_its_field_but_for_models_that_refuse_it() {
    let mut ask = testing::hi("gemini-2.0-flash");
    ask.settings.system = Some("Be brief.".into());
    let system = json!({"parts": [{"text": "Be brief."}]});
    assert_eq!(made(&ask)["systemInstruction"], system);
    ask.model = "models/gemma-3-27b-it".into();
    assert_eq!(
        made(&ask),
        json!({"contents": [{"role": "user", "parts": [{"text": "Be brief."}, {"text": "hi"}]}]})
    );
}

#[test]
fn what_people_set_goes_where_google_has_it_by_any_of_its_names() {
    let object = |value: Value| value.as_object().unwrap().clone();
    let mut ask = testing::hi("gemini-2.0-flash");
    ask.settings.temperature = Some(0.2);
    ask.settings.max_tokens = Some(9);
    ask.settings.params =
        object(json!({"top_p": 0.9, "topK": 4, "stop": "x", "web_search": true, "cachedContent": "c/1"}));
    let mut endpoint = endpoint(BASE);
    endpoint.default_params = object(json!({"maxOutputTokens": 5, "seed": 1}));
    endpoint.add_params = object(json!({"url_context": true, "safetySettings": [], "frequency_penalty": 1}));
    endpoint.drop_params = vec!["seed".into(), "top_k".into()];
    endpoint.user_id = UserIdPolicy::User;
    ask.user = Some("ana".into());
    let (_, _, body) = sent(&ask, &endpoint, &[("GOOGLE_SAFETY_HARASSMENT", "BLOCK_NONE")]);
    assert_eq!(
        body,
        json!({
            "contents": [{"role": "user", "parts": [{"text": "hi"}]}],
            "safetySettings": [], "cachedContent": "c/1",
            "generationConfig": {
                "temperature": 0.2, "maxOutputTokens": 9, "topP": 0.9, "stopSequences": ["x"], "frequencyPenalty": 1
            },
            "tools": [{"googleSearch": {}}, {"urlContext": {}}]
        })
    );
}

#[test]
fn what_only_others_understand_stays_behind_and_what_the_endpoint_adds_does_not() {
    let object = |value: Value| value.as_object().unwrap().clone();
    let mut ask = testing::hi("gemini-2.0-flash");
    ask.settings.params = object(json!({"resendFiles": true, "num_ctx": 8192, "labels": {"team": "a"}}));
    let mut endpoint = endpoint(BASE);
    endpoint.add_params = object(json!({"verbosity": "low"}));
    assert_eq!(
        sent(&ask, &endpoint, &[]).2,
        json!({"contents": [{"role": "user", "parts": [{"text": "hi"}]}], "labels": {"team": "a"}, "verbosity": "low"})
    );
}

#[test]
fn thresholds_come_from_librechats_variables() {
    let vars = [("GOOGLE_SAFETY_HATE_SPEECH", "BLOCK_NONE"), ("GOOGLE_SAFETY_CIVIC_INTEGRITY", "OFF")];
    assert_eq!(
        sent(&testing::hi("m"), &endpoint(BASE), &vars).2["safetySettings"],
        json!([{"category": "HARM_CATEGORY_HATE_SPEECH", "threshold": "BLOCK_NONE"},
               {"category": "HARM_CATEGORY_CIVIC_INTEGRITY", "threshold": "OFF"}])
    );
}

#[test]
fn functions_are_declared_with_their_schema_and_called_with_objects() {
    let schema = json!({"type": "object", "properties": {"x": {"type": "integer"}}});
    let tool = Tool { name: "f".into(), description: "Does f.".into(), schema: schema.clone() };
    let ask = ChatRequest { tools: vec![tool], ..testing::hi("gemini-2.0-flash") };
    assert_eq!(
        made(&ask)["tools"],
        json!([{"functionDeclarations": [{"name": "f", "description": "Does f.", "parametersJsonSchema": schema}]}])
    );
    let branch = vec![
        said(Role::User, vec![text("a")]),
        said(Role::Assistant, vec![call("gem_r_0", r#"{"x":1}"#), call("own", ""), call("odd", "[1")]),
        said(
            Role::User,
            vec![
                result("gem_r_0", "sunny", ToolOutcome::Ok),
                result("own", r#"{"y":2}"#, ToolOutcome::Ok),
                result("odd", "no JSON", ToolOutcome::Error),
            ],
        ),
    ];
    assert_eq!(
        contents("gemini-2.0-flash", branch),
        json!([
            {"role": "user", "parts": [{"text": "a"}]},
            {"role": "model", "parts": [
                {"functionCall": {"name": "f", "args": {"x": 1}}},
                {"functionCall": {"name": "f", "args": {}, "id": "own"}},
                {"functionCall": {"name": "f", "args": {}, "id": "odd"}},
            ]},
            {"role": "user", "parts": [
                {"functionResponse": {"name": "f", "response": {"result": "sunny"}}},
                {"functionResponse": {"name": "f", "response": {"y": 2}, "id": "own"}},
                {"functionResponse": {"name": "f", "response": {"error": "no JSON"}, "id": "odd"}},
            ]},
        ])
    );
}

#[test]
fn signatures_go_back_on_the_part_they_came_with() {
    let code = json!({"executableCode": {"code": "1+1"}, "thoughtSignature": "s3"});
    let branch = vec![
        said(Role::User, vec![text("a")]),
        said(
            Role::Assistant,
            vec![
                Part::Reasoning { text: "unsigned".into() },
                Part::Reasoning { text: "signed".into() },
                state(json!({"thoughtSignature": "s0"})),
                text("b"),
                state(json!({"thoughtSignature": "s1"})),
                call("1", "{}"),
                state(json!({"thoughtSignature": "s2"})),
                // This one has no result and is left out; its signature must not end up on the other call.
                call("2", "{}"),
                state(json!({"thoughtSignature": "lost"})),
                state(code.clone()),
            ],
        ),
        said(Role::User, vec![result("1", "{}", ToolOutcome::Ok)]),
    ];
    assert_eq!(
        contents("gemini-3-flash", branch)[1]["parts"],
        json!([
            {"text": "signed", "thought": true, "thoughtSignature": "s0"},
            {"text": "b", "thoughtSignature": "s1"},
            {"functionCall": {"name": "f", "args": {}, "id": "1"}, "thoughtSignature": "s2"},
            code,
        ])
    );
}

#[test]
fn from_gemini_3_on_a_call_that_nobody_signed_says_so() {
    let branch = |model: &str| {
        let calls = vec![text("b"), call("1", "{}"), call("2", "{}")];
        let results = vec![result("1", "{}", ToolOutcome::Ok), result("2", "{}", ToolOutcome::Ok)];
        let mut contents = contents(model, vec![said(Role::Assistant, calls), said(Role::User, results)]);
        let parts = contents[0]["parts"].as_array_mut().unwrap().drain(..);
        parts.map(|part| part.get("thoughtSignature").cloned()).collect::<Vec<_>>()
    };
    assert_eq!(branch("gemini-3-flash"), [None, Some(json!("skip_thought_signature_validator")), None]);
    assert_eq!(branch("gemini-2.5-flash"), [None, None, None]);
}

#[test]
fn files_are_sent_inline_or_by_their_address() {
    let media = |data: MediaData| Media { mime: "image/png".into(), name: "a.png".into(), data };
    let files = vec![
        Part::Image(media(MediaData::Base64("AA==".into()))),
        Part::Document(media(MediaData::Url("gs://b/o".into()))),
    ];
    assert_eq!(
        contents("gemini-2.0-flash", vec![said(Role::User, files)]),
        json!([{"role": "user", "parts": [
            {"inlineData": {"mimeType": "image/png", "data": "AA=="}},
            {"fileData": {"mimeType": "image/png", "fileUri": "gs://b/o"}},
        ]}])
    );
}

/// The thinking configuration that an effort, the parameters and the endpoint's own come to.
fn thinking(model: &str, effort: Option<&str>, params: Value, add: Value) -> Value {
    let object = |value: Value| value.as_object().unwrap().clone();
    let mut ask = testing::hi(model);
    ask.settings.effort = effort.map(str::to_owned);
    ask.settings.params = object(params);
    let mut endpoint = endpoint(BASE);
    endpoint.add_params = object(add);
    let mut body = sent(&ask, &endpoint, &[]).2;
    assert_eq!(body.get("thinking"), None);
    body["generationConfig"]["thinkingConfig"].take()
}

#[test]
fn an_effort_is_a_budget_or_a_level_as_the_family_knows_it() {
    let budget = |budget: i64| json!({"thinkingBudget": budget, "includeThoughts": true});
    let level = |level: &str| json!({"thinkingLevel": level, "includeThoughts": true});
    let cases = [
        ("gemini-2.5-flash", "medium", budget(8192)),
        ("gemini-2.5-flash", "none", json!({"thinkingBudget": 0})),
        ("gemini-2.5-flash", "4096", budget(4096)),
        ("gemini-2.5-flash", "auto", budget(-1)),
        ("models/gemini-2.5-pro", "HIGH", budget(24_576)),
        ("gemini-2.5-pro", "none", json!({"thinkingBudget": 128})),
        ("gemini-2.5-flash-lite", "low", budget(1024)),
        ("gemini-3-pro-preview", "medium", level("high")),
        ("gemini-3-pro-preview", "none", json!({"thinkingLevel": "low"})),
        ("gemini-3.1-pro", "medium", level("medium")),
        ("gemini-3-flash-preview", "minimal", level("minimal")),
        ("gemini-4-argon", "xhigh", level("high")),
        ("gemini-3-flash", "ultra", level("ultra")),
        ("alias-of-a-gateway", "low", budget(1024)),
        ("gemini-2.0-flash", "high", json!(null)),
        ("gemini-2.5-flash-image", "high", json!(null)),
        ("gemma-3-27b-it", "high", json!(null)),
    ];
    for (model, effort, config) in cases {
        assert_eq!(thinking(model, Some(effort), json!({}), json!({})), config, "{model} {effort}");
    }
}

#[test]
fn librechats_names_for_thinking_are_understood() {
    let flash = |params: Value| thinking("gemini-2.5-flash", None, params, json!({}));
    assert_eq!(flash(json!({"thinking": false})), json!({"thinkingBudget": 0}));
    assert_eq!(
        flash(json!({"thinking": true, "thinkingBudget": 100})),
        json!({"thinkingBudget": 100, "includeThoughts": true})
    );
    assert_eq!(flash(json!({"thinkingBudget": 0})), json!({"thinkingBudget": 0}));
    assert_eq!(flash(json!({"thinkingLevel": ""})), json!({"includeThoughts": true}));
    assert_eq!(
        thinking("gemini-3-flash", None, json!({"thinkingBudget": 100, "thinkingLevel": "low"}), json!({})),
        json!({"thinkingLevel": "low", "includeThoughts": true})
    );
    assert_eq!(
        thinking("gemini-2.5-flash-lite", None, json!({}), json!({"thinking": true})),
        json!({"includeThoughts": true})
    );
    assert_eq!(thinking("gemini-2.5-flash-lite", None, json!({}), json!({})), json!(null));
    assert_eq!(
        thinking(
            "gemini-2.5-flash",
            Some("high"),
            json!({"thinkingBudget": 5}),
            json!({"thinkingBudget": 7})
        ),
        json!({"thinkingBudget": 7, "includeThoughts": true})
    );
    let mut dropped = endpoint(BASE);
    dropped.drop_params = vec!["thinking".into()];
    assert_eq!(sent(&testing::hi("gemini-2.5-flash"), &dropped, &[]).2.get("generationConfig"), None);
}
