use serde_json::Value;

use super::*;
use crate::chat::{
    Media, MediaData, Part, ProviderState, RequestMessage, Route, Settings, Tool, ToolCall, ToolOutcome,
    ToolResult,
};
use crate::config::Endpoint;
use crate::providers::testing;

const BASE: &str = "https://x.test";
const OLD: &str = "claude-3-7-sonnet-20250219";
const NEWEST: &str = "claude-opus-4-7";

fn said(role: Role, parts: Vec<Part>) -> RequestMessage {
    RequestMessage { role, parts, route: None }
}

fn text(text: &str) -> Part {
    Part::Text { text: text.into() }
}

fn asked(model: &str) -> ChatRequest {
    ChatRequest {
        model: model.into(),
        messages: vec![said(Role::User, vec![text("hi")])],
        settings: Settings::default(),
        tools: Vec::new(),
        delivery: Delivery::Streamed,
        user: None,
    }
}

fn plain() -> Endpoint {
    testing::endpoint("X", BASE)
}

fn sent(chat: &ChatRequest, endpoint: &Endpoint, base: &str, key: &str) -> HttpRequest {
    let credential = testing::credential(base, key);
    super::chat(chat, &testing::site(endpoint, &credential)).unwrap()
}

fn json_of(request: HttpRequest) -> Value {
    serde_json::from_slice(&request.body.unwrap()).unwrap()
}

fn made(chat: &ChatRequest, endpoint: &Endpoint) -> Value {
    json_of(sent(chat, endpoint, BASE, "k"))
}

/// The body with these parameters, without what every request has.
fn with(model: &str, params: Value) -> Value {
    let mut chat = asked(model);
    chat.settings.params = params.as_object().unwrap().clone();
    rest(made(&chat, &plain()))
}

fn rest(mut body: Value) -> Value {
    let all = body.as_object_mut().unwrap();
    all.retain(|name, _| !matches!(name.as_str(), "model" | "messages" | "stream"));
    body
}

/// The messages that these become.
fn messages(model: &str, messages: Vec<RequestMessage>) -> Value {
    made(&ChatRequest { messages, ..asked(model) }, &plain())["messages"].clone()
}

fn block(text: &str) -> Value {
    json!({"type": "text", "text": text})
}

#[test]
fn a_plain_request_holds_the_model_its_length_and_the_messages() {
    let hi = json!([{"role": "user", "content": [{"type": "text", "text": "hi"}]}]);
    assert_eq!(
        made(&asked("claude-sonnet-4-5"), &plain()),
        json!({"model": "claude-sonnet-4-5", "max_tokens": 64000, "stream": true, "messages": hi})
    );
    let whole = ChatRequest { delivery: Delivery::Whole, ..asked("gpt-4o") };
    assert_eq!(
        made(&whole, &plain()),
        json!({"model": "gpt-4o", "max_tokens": 8192, "stream": false, "messages": hi})
    );
}

#[test]
fn a_key_has_its_own_header_and_an_accounts_token_is_a_bearer() {
    let headers = |endpoint: &Endpoint, base: &str, key: &str| {
        let request = sent(&asked("m"), endpoint, base, key);
        let told = |name: &str| {
            let values = request.headers.get_all(name).iter().map(|value| value.to_str().unwrap().to_owned());
            values.collect::<Vec<_>>().join(" and ")
        };
        ["x-api-key", "authorization", "anthropic-version", "anthropic-beta"].map(told)
    };
    assert_eq!(headers(&plain(), BASE, "sk-ant-api03-1"), ["sk-ant-api03-1", "", "2023-06-01", ""]);
    assert_eq!(
        headers(&plain(), BASE, "sk-ant-oat01-1"),
        ["", "Bearer sk-ant-oat01-1", "2023-06-01", "oauth-2025-04-20"]
    );
    let mut endpoint = plain();
    endpoint.headers = vec![
        ("Anthropic-Version".into(), testing::template("2099-01-01")),
        ("anthropic-beta".into(), testing::template("a,b")),
    ];
    assert_eq!(
        headers(&endpoint, BASE, "sk-ant-oat01-1"),
        ["", "Bearer sk-ant-oat01-1", "2099-01-01", "a,b and oauth-2025-04-20"]
    );
    let vertex = "https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5";
    assert_eq!(headers(&plain(), vertex, "ya29.1"), ["", "Bearer ya29.1", "", ""]);
}

#[test]
fn vertex_is_told_the_model_in_the_path_by_its_own_name_and_the_version_in_the_body() {
    let mut endpoint = plain();
    endpoint.deployments.insert(OLD.into(), "claude-3-7-sonnet@20250219".into());
    let base = "https://europe-west1-aiplatform.googleapis.com/v1/projects/p/locations/europe-west1/";
    let request = sent(&asked(OLD), &endpoint, base, "ya29.1");
    let path = "publishers/anthropic/models/claude-3-7-sonnet@20250219:streamRawPredict";
    assert_eq!(request.url.as_str(), format!("{base}{path}"));
    assert_eq!(
        json_of(request),
        json!({"anthropic_version": "vertex-2023-10-16", "max_tokens": 32000, "stream": true,
               "messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}]})
    );
}

#[test]
fn parameters_may_have_any_of_their_names() {
    assert_eq!(
        with(
            OLD,
            json!({"maxOutputTokens": 9, "topP": 0.5, "topK": 3, "stop": "x", "service_tier": "auto",
                   "resendFiles": true, "seed": 1, "presence_penalty": 1, "promptCache": true})
        ),
        json!({"max_tokens": 9, "top_p": 0.5, "top_k": 3, "stop_sequences": ["x"], "service_tier": "auto"})
    );
}

#[test]
fn sampling_is_what_the_family_takes() {
    let all = || json!({"max_tokens": 9, "temperature": 0.5, "top_p": 0.5, "top_k": 3});
    assert_eq!(with(OLD, all()), all());
    assert_eq!(with("claude-haiku-4-5", all()), json!({"max_tokens": 9, "temperature": 0.5, "top_k": 3}));
    let without = json!({"max_tokens": 9, "top_p": 0.5, "top_k": 3});
    assert_eq!(with("claude-haiku-4-5", without.clone()), without);
    assert_eq!(with(NEWEST, all()), json!({"max_tokens": 9}));
}

#[test]
fn thinking_is_asked_for_as_the_family_wants_it() {
    let adaptive = json!({"type": "adaptive"});
    let shown = json!({"type": "adaptive", "display": "summarized"});
    let budget = |tokens: u64| json!({"type": "enabled", "budget_tokens": tokens});
    let off = json!({"type": "disabled"});
    for (model, params, thinking, effort) in [
        (OLD, json!({}), Value::Null, Value::Null),
        (OLD, json!({"effort": "high"}), budget(16_384), Value::Null),
        (OLD, json!({"thinking": true}), budget(2_000), Value::Null),
        (OLD, json!({"thinking": "true", "thinkingBudget": 5000}), budget(5_000), Value::Null),
        (OLD, json!({"thinkingBudget": 5000, "max_tokens": 3000}), budget(2_999), Value::Null),
        (OLD, json!({"thinkingBudget": 10}), budget(1_024), Value::Null),
        (OLD, json!({"thinking": true, "max_tokens": 1024}), Value::Null, Value::Null),
        (OLD, json!({"thinking": false}), off.clone(), Value::Null),
        (OLD, json!({"thinking": {"type": "odd"}}), json!({"type": "odd"}), Value::Null),
        ("claude-3-5-haiku-latest", json!({"effort": "high"}), Value::Null, Value::Null),
        ("claude-sonnet-4-6", json!({"effort": "high"}), adaptive.clone(), json!("high")),
        ("claude-sonnet-4-6", json!({"effort": "xhigh"}), adaptive.clone(), json!("high")),
        ("claude-sonnet-4-6", json!({"thinking": true}), adaptive, Value::Null),
        ("claude-sonnet-4-6", json!({"thinkingBudget": 5000}), budget(5_000), Value::Null),
        (NEWEST, json!({"effort": "xhigh"}), shown.clone(), json!("xhigh")),
        (NEWEST, json!({"effort": "minimal"}), shown.clone(), json!("low")),
        (NEWEST, json!({"effort": "ultra"}), shown.clone(), json!("ultra")),
        (NEWEST, json!({"thinkingBudget": 5000}), shown, Value::Null),
        (
            NEWEST,
            json!({"thinking": true, "thinkingDisplay": "omitted"}),
            json!({"type": "adaptive", "display": "omitted"}),
            Value::Null,
        ),
        (NEWEST, json!({"reasoning_effort": "none"}), off, Value::Null),
        ("gpt-5", json!({"effort": "max"}), budget(6_144), Value::Null),
    ] {
        let body = with(model, params.clone());
        assert_eq!(
            (&body["thinking"], &body["output_config"]["effort"]),
            (&thinking, &effort),
            "{model} {params}"
        );
    }
}

#[test]
fn what_cannot_stand_beside_thinking_is_left_out() {
    let forced = json!({"type": "tool", "name": "f"});
    assert_eq!(
        with(
            OLD,
            json!({"effort": "low", "temperature": 0.5, "top_k": 3, "top_p": 0.9, "tool_choice": forced})
        ),
        json!({"max_tokens": 32000, "thinking": {"type": "enabled", "budget_tokens": 2048},
               "tool_choice": {"type": "auto"}})
    );
    let top_p = with(OLD, json!({"effort": "low", "top_p": 0.97}));
    assert_eq!(top_p["top_p"], 0.97);
}

#[test]
fn the_endpoints_words_come_in_librechats_order_and_may_insist_on_what_is_refused() {
    let object = |value: Value| value.as_object().unwrap().clone();
    let mut endpoint = plain();
    endpoint.default_params = object(json!({"maxOutputTokens": 100, "thinking": true, "topK": 9}));
    endpoint.add_params = object(json!({"thinkingBudget": 1500, "top_p": 0.5, "metadata": {"team": "a"},
        "output_config": {"deep": true}}));
    endpoint.drop_params = vec!["topK".into(), "stream".into()];
    endpoint.user_id = UserIdPolicy::User;
    let mut chat = ChatRequest { user: Some("ana".into()), ..asked(OLD) };
    chat.settings.max_tokens = Some(5000);
    chat.settings.temperature = Some(0.5);
    assert_eq!(
        rest(made(&chat, &endpoint)),
        json!({"max_tokens": 5000, "thinking": {"type": "enabled", "budget_tokens": 1500}, "top_p": 0.5,
               "metadata": {"user_id": "ana", "team": "a"}, "output_config": {"deep": true}})
    );
    endpoint.drop_params = vec!["thinking".into(), "thinkingBudget".into()];
    assert_eq!(made(&chat, &endpoint).get("thinking"), None);
}

#[test]
fn turns_alternate_begin_with_the_person_and_have_results_first() {
    let call =
        Part::ToolCall(ToolCall { id: "call|1".into(), name: "f".into(), arguments: "{\"a\":1}".into() });
    let bare = Part::ToolCall(ToolCall { id: "2".into(), name: "g".into(), arguments: String::new() });
    let result = |call: &str, outcome| {
        Part::ToolResult(ToolResult { call: call.into(), name: "f".into(), content: "ok".into(), outcome })
    };
    assert_eq!(
        messages(
            OLD,
            vec![
                said(Role::Assistant, vec![text("Welcome.")]),
                said(Role::User, vec![text("a")]),
                said(Role::User, vec![text("b")]),
                said(Role::Assistant, vec![Part::Reasoning { text: "hm".into() }, text("c"), call, bare]),
                said(
                    Role::User,
                    vec![text("d"), result("2", ToolOutcome::Error), result("call|1", ToolOutcome::Ok)]
                ),
            ]
        ),
        json!([
            {"role": "user", "content": [block("…")]},
            {"role": "assistant", "content": [block("Welcome.")]},
            {"role": "user", "content": [block("a"), block("b")]},
            {"role": "assistant", "content": [block("c"),
                {"type": "tool_use", "id": "call_1", "name": "f", "input": {"a": 1}},
                {"type": "tool_use", "id": "2", "name": "g", "input": {}}]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "2", "content": "ok", "is_error": true},
                {"type": "tool_result", "tool_use_id": "call_1", "content": "ok"}, block("d")]},
        ])
    );
}

#[test]
fn images_and_documents_are_sources_of_their_kind() {
    let media =
        |mime: &str, name: &str, data: MediaData| Media { mime: mime.into(), name: name.into(), data };
    let there = || MediaData::Url("https://x.test/a".into());
    let here = |data: &str| MediaData::Base64(data.into());
    let parts = vec![
        Part::Image(media("image/png", "a.png", here("iVBO"))),
        Part::Image(media("image/png", "", there())),
        Part::Document(media("application/pdf", "a.pdf", here("JVBE"))),
        Part::Document(media("text/markdown", "a.md", here("IyBoaQ=="))),
        Part::Document(media("application/pdf", "", there())),
    ];
    assert_eq!(
        messages(OLD, vec![said(Role::User, parts)])[0]["content"],
        json!([
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBO"}},
            {"type": "image", "source": {"type": "url", "url": "https://x.test/a"}},
            {"type": "document", "title": "a.pdf",
                "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBE"}},
            {"type": "document", "title": "a.md",
                "source": {"type": "text", "media_type": "text/plain", "data": "# hi"}},
            {"type": "document", "source": {"type": "url", "url": "https://x.test/a"}},
        ])
    );
}

fn state(value: Value) -> Part {
    Part::State(ProviderState { wire: "anthropic".into(), value })
}

/// An answer that this endpoint and model gave.
fn ours(parts: Vec<Part>) -> RequestMessage {
    let route = Route { endpoint: "X".into(), key: "default".into(), model: OLD.into() };
    RequestMessage { role: Role::Assistant, parts, route: Some(route) }
}

#[test]
fn what_only_the_provider_understands_goes_back_as_it_came_and_half_a_tool_does_not() {
    let thought = json!({"type": "thinking", "thinking": "Hm.", "signature": "sig"});
    let redacted = json!({"type": "redacted_thinking", "data": "enc"});
    let run = |id: &str| json!({"type": "server_tool_use", "id": id, "name": "web_search", "input": {}});
    let found = json!({"type": "web_search_tool_result", "tool_use_id": "s1", "content": []});
    let answer = ours(vec![
        Part::Reasoning { text: "Hm.".into() },
        state(thought.clone()),
        state(redacted.clone()),
        state(run("s1")),
        state(found.clone()),
        text("Yes."),
        state(run("s2")),
        Part::State(ProviderState { wire: "gemini".into(), value: json!("x") }),
    ]);
    let ask = || said(Role::User, vec![text("a")]);
    assert_eq!(
        messages(OLD, vec![ask(), answer, ask()])[1]["content"],
        json!([thought, redacted, run("s1"), found, block("Yes.")])
    );
}

#[test]
fn nobody_is_asked_to_think_within_a_tools_use_that_began_without_a_thought() {
    let thought = state(json!({"type": "thinking", "thinking": "Hm.", "signature": "sig"}));
    let call = Part::ToolCall(ToolCall { id: "1".into(), name: "f".into(), arguments: "{}".into() });
    let result = Part::ToolResult(ToolResult {
        call: "1".into(),
        name: "f".into(),
        content: "ok".into(),
        outcome: ToolOutcome::Ok,
    });
    for (wanted, thinks) in [(vec![thought, call.clone()], true), (vec![call], false)] {
        let branch =
            vec![said(Role::User, vec![text("a")]), ours(wanted), said(Role::User, vec![result.clone()])];
        let mut chat = ChatRequest { messages: branch, ..asked(OLD) };
        chat.settings.effort = Some("low".into());
        assert_eq!(made(&chat, &plain()).get("thinking").is_some(), thinks);
    }
}

#[test]
fn a_cut_answer_is_begun_for_the_model_or_the_model_is_asked_to_go_on() {
    let ask = said(Role::User, vec![text("a")]);
    let thought = state(json!({"type": "thinking", "thinking": "Hm.", "signature": "sig"}));
    let cut = ours(vec![thought, text("Once upon \n")]);
    let branch = vec![ask, cut];
    assert_eq!(
        messages(OLD, branch.clone())[1],
        json!({"role": "assistant", "content": [block("Once upon")]})
    );
    let go_on = json!({"role": "user", "content": [block(content::GO_ON)]});
    for (model, params) in [(NEWEST, json!({})), (OLD, json!({"effort": "low"}))] {
        let mut chat = ChatRequest { messages: branch.clone(), ..asked(model) };
        chat.settings.params = params.as_object().unwrap().clone();
        let sent = made(&chat, &plain())["messages"].clone();
        assert_eq!((sent.as_array().unwrap().len(), &sent[2]), (3, &go_on), "{model}");
    }
}

#[test]
fn tools_and_the_providers_search_are_offered() {
    let mut chat = asked(OLD);
    chat.tools =
        vec![Tool { name: "f".into(), description: "does".into(), schema: json!({"type": "object"}) }];
    chat.settings.params.insert("web_search".into(), true.into());
    assert_eq!(
        made(&chat, &plain())["tools"],
        json!([{"name": "f", "description": "does", "input_schema": {"type": "object"}},
               {"type": "web_search_20250305", "name": "web_search"}])
    );
}

#[test]
fn long_beginnings_are_marked_for_the_cache_once_they_are_used_again() {
    let long = "x".repeat(WORTH_CACHING);
    let user = |text: &str| said(Role::User, vec![self::text(text)]);
    let answer = || said(Role::Assistant, vec![text("b")]);
    let marks = |model: &str, system: &str, messages: Vec<RequestMessage>, params: Value| {
        let mut chat = ChatRequest { messages, ..asked(model) };
        chat.settings.system = Some(system.into());
        chat.settings.params = params.as_object().unwrap().clone();
        let body = made(&chat, &plain());
        let last = &body["messages"].as_array().unwrap().last().unwrap()["content"][0];
        (body["system"][0]["cache_control"].clone(), last["cache_control"].clone())
    };
    let mark = json!({"type": "ephemeral"});
    let talk = || vec![user("a"), answer(), user("c")];
    assert_eq!(marks(OLD, "short", talk(), json!({})), (Value::Null, Value::Null));
    assert_eq!(marks(OLD, &long, talk(), json!({})), (mark.clone(), mark.clone()));
    // What is asked once is not known to be used again.
    assert_eq!(marks(OLD, &long, vec![user("a")], json!({})), (mark.clone(), Value::Null));
    assert_eq!(marks(OLD, "s", vec![user(&long), answer(), user("c")], json!({})), (Value::Null, mark));
    let hour = json!({"type": "ephemeral", "ttl": "1h"});
    assert_eq!(marks(OLD, &long, talk(), json!({"promptCacheTtl": "1h"})), (hour.clone(), hour));
    assert_eq!(marks(OLD, &long, talk(), json!({"promptCache": false})), (Value::Null, Value::Null));
    assert_eq!(marks("gpt-4o", &long, talk(), json!({})), (Value::Null, Value::Null));
}

#[test]
fn a_paused_answer_is_sent_back_as_it_came_after_what_was_asked() {
    let content = json!([block("One"), {"type": "server_tool_use", "id": "s", "name": "f", "input": {}}]);
    let resumed = |chat: &ChatRequest, container: Value| {
        let (endpoint, credential) = (plain(), testing::credential(BASE, "k"));
        let said = json!({"content": content, "container": container});
        json_of(resume(chat, &testing::site(&endpoint, &credential), &said).unwrap())
    };
    let body = resumed(&asked(OLD), Value::Null);
    assert_eq!(
        (&body["messages"], body.get("container")),
        (
            &json!([{"role": "user", "content": [block("hi")]}, {"role": "assistant", "content": content}]),
            None
        )
    );
    // One that was begun for the model is one message with what the model said.
    let mut begun = asked(OLD);
    begun.messages.push(said(Role::Assistant, vec![text("Zero")]));
    let body = resumed(&begun, json!("c_1"));
    assert_eq!(body["messages"][1]["content"].as_array().unwrap().len(), 3);
    assert_eq!(body["container"], "c_1");
}
