//! Requests, compared as whole JSON values.

use super::*;

const CLAUDE: &str = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

fn said(role: Role, parts: Vec<Part>) -> RequestMessage {
    let route = Route { endpoint: "bedrock".into(), key: "default".into(), model: CLAUDE.into() };
    RequestMessage { role, parts, route: (role == Role::Assistant).then_some(route) }
}

fn user(text: &str) -> RequestMessage {
    said(Role::User, vec![super::text(text)])
}

fn chat(messages: Vec<RequestMessage>) -> ChatRequest {
    ChatRequest {
        model: CLAUDE.into(),
        messages,
        settings: Settings::default(),
        tools: Vec::new(),
        delivery: Delivery::Streamed,
        user: None,
    }
}

fn made(chat: &ChatRequest, endpoint: &Endpoint) -> HttpRequest {
    let credential = testing::credential(AWS, "ABSKkey");
    let config = Config {
        env: Env::of([("ARN".into(), "arn:aws:bedrock:us-east-1:1:x/y".into())]),
        ..Config::default()
    };
    request::chat(chat, &Site { config: &config, ..testing::site(endpoint, &credential) }).unwrap()
}

fn body(chat: &ChatRequest, endpoint: &Endpoint) -> Value {
    serde_json::from_slice(&made(chat, endpoint).body.unwrap()).unwrap()
}

fn params(params: Value) -> Settings {
    Settings { params: params.as_object().unwrap().clone(), ..Settings::default() }
}

fn media(mime: &str, name: &str, data: &str) -> Media {
    let data = MediaData::Base64(data.into());
    Media { mime: mime.into(), name: name.into(), data }
}

#[test]
fn the_model_stands_in_the_path_encoded_once() {
    let mut endpoint = endpoint();
    let streamed = made(&chat(vec![user("hi")]), &endpoint);
    assert_eq!(
        streamed.url.as_str(),
        format!("{AWS}/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream")
    );
    assert_eq!(streamed.headers["authorization"], "Bearer ABSKkey");
    let whole = ChatRequest { delivery: Delivery::Whole, ..chat(vec![user("hi")]) };
    endpoint.bedrock.inference_profiles = vec![(CLAUDE.into(), testing::template("${ARN}"))];
    assert_eq!(
        made(&whole, &endpoint).url.as_str(),
        format!("{AWS}/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ax%2Fy/converse")
    );
}

#[test]
fn a_plain_request_holds_its_messages_and_the_system_prompt() {
    let mut chat = chat(vec![user("hi")]);
    assert_eq!(
        body(&chat, &endpoint()),
        json!({"messages": [{"role": "user", "content": [{"text": "hi"}]}]})
    );
    chat.settings.system = Some("Be brief.".into());
    assert_eq!(body(&chat, &endpoint())["system"], json!([{"text": "Be brief."}]));
}

#[test]
fn what_every_model_takes_has_its_place_and_the_rest_is_the_models_own() {
    let mut endpoint = endpoint();
    let object = |value: Value| value.as_object().unwrap().clone();
    endpoint.default_params = object(json!({"topP": 0.9, "temperature": 1.0}));
    endpoint.add_params =
        object(json!({"anthropic_beta": ["x"], "performanceConfig": {"latency": "optimized"}}));
    endpoint.drop_params = vec!["top_p".into()];
    endpoint.user_id = UserIdPolicy::Metadata;
    let mut chat = ChatRequest { user: Some("ana".into()), ..chat(vec![user("hi")]) };
    chat.settings =
        Settings { temperature: Some(0.2), max_tokens: Some(9), ..params(json!({"topK": 5, "stop": "END"})) };
    assert_eq!(
        body(&chat, &endpoint),
        json!({"messages": [{"role": "user", "content": [{"text": "hi"}]}],
            "requestMetadata": {"user_id": "ana"},
            "inferenceConfig": {"temperature": 0.2, "maxTokens": 9, "stopSequences": ["END"]},
            "additionalModelRequestFields": {"top_k": 5, "anthropic_beta": ["x"]},
            "performanceConfig": {"latency": "optimized"}})
    );
}

#[test]
fn thinking_is_asked_for_in_the_makers_words() {
    let asked = |model: &str, settings: Settings| {
        let chat = ChatRequest { model: model.into(), settings, ..chat(vec![user("hi")]) };
        let mut body = body(&chat, &endpoint());
        body.as_object_mut().unwrap().shift_remove("messages");
        body
    };
    let effort = |effort: &str| Settings { effort: Some(effort.into()), ..Settings::default() };
    assert_eq!(
        asked(CLAUDE, Settings { temperature: Some(0.5), ..params(json!({"thinking": true})) }),
        json!({"additionalModelRequestFields": {"thinking": {"type": "enabled", "budget_tokens": 2000}}})
    );
    assert_eq!(
        asked("global.anthropic.claude-opus-4-6-v1", effort("high")),
        json!({"additionalModelRequestFields":
            {"output_config": {"effort": "high"}, "thinking": {"type": "adaptive"}}})
    );
    assert_eq!(
        asked("us.amazon.nova-2-lite-v1:0", effort("xhigh")),
        json!({"additionalModelRequestFields":
            {"reasoningConfig": {"type": "enabled", "maxReasoningEffort": "high"}}})
    );
    assert_eq!(asked("us.amazon.nova-2-lite-v1:0", effort("none")), json!({}));
    assert_eq!(
        asked("openai.gpt-oss-120b-1:0", effort("low")),
        json!({"additionalModelRequestFields": {"reasoning_effort": "low"}})
    );
}

#[test]
fn thoughts_go_back_with_their_proof_and_only_then() {
    let messages = vec![
        user("a"),
        said(
            Role::Assistant,
            vec![
                reasoning("hm"),
                state(json!({"signature": "sig"})),
                state(json!({"redactedContent": "AAEC"})),
                reasoning("unproven"),
                text("b"),
            ],
        ),
        user("c"),
    ];
    assert_eq!(
        body(&chat(messages), &endpoint())["messages"][1],
        json!({"role": "assistant", "content": [
            {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "sig"}}},
            {"reasoningContent": {"redactedContent": "AAEC"}},
            {"text": "b"}]})
    );
}

#[test]
fn calls_and_results_have_their_places_and_their_tools_are_told_again() {
    let result = |id: &str, content: &str, outcome| {
        Part::ToolResult(ToolResult { call: id.into(), name: "f".into(), content: content.into(), outcome })
    };
    let branch = chat(vec![
        user("a"),
        said(Role::Assistant, vec![call("call:1", "{\"x\":1}"), call("call_2", "")]),
        said(
            Role::User,
            vec![
                text("c"),
                result("call:1", "4", ToolOutcome::Ok),
                result("call_2", " ", ToolOutcome::Error),
            ],
        ),
    ]);
    assert_eq!(
        body(&branch, &endpoint()),
        json!({"messages": [
            {"role": "user", "content": [{"text": "a"}]},
            {"role": "assistant", "content": [
                {"toolUse": {"toolUseId": "call_1", "name": "f", "input": {"x": 1}}},
                {"toolUse": {"toolUseId": "call_2", "name": "f", "input": {}}}]},
            {"role": "user", "content": [
                {"toolResult": {"toolUseId": "call_1", "content": [{"text": "4"}], "status": "success"}},
                {"toolResult": {"toolUseId": "call_2", "content": [], "status": "error"}},
                {"text": "c"}]}],
            "toolConfig": {"tools": [
                {"toolSpec": {"name": "f", "inputSchema": {"json": {"type": "object"}}}}]}})
    );
    let schema = json!({"type": "object", "properties": {"x": {"type": "number"}}});
    let tool = Tool { name: "f".into(), description: "Adds.".into(), schema: schema.clone() };
    let offered = ChatRequest { tools: vec![tool], ..branch };
    assert_eq!(
        body(&offered, &endpoint())["toolConfig"],
        json!({"tools": [{"toolSpec": {"name": "f", "inputSchema": {"json": schema}, "description": "Adds."}}]})
    );
}

#[test]
fn documents_have_names_that_bedrock_takes_once_each_and_text_beside_them() {
    let document = |name: &str, mime: &str| Part::Document(media(mime, name, "QQ=="));
    let branch = chat(vec![said(
        Role::User,
        vec![
            document("Q3: report_v2 (final).pdf", "application/pdf"),
            document("Q3  report v2 (final).md", "text/markdown"),
            document("наверх.log", "text/x-log"),
            Part::Image(media("image/jpeg", "", "Qg==")),
        ],
    )]);
    assert_eq!(
        body(&branch, &endpoint())["messages"],
        json!([{"role": "user", "content": [
            {"text": "Q3 report v2 (final)"},
            {"document": {"format": "pdf", "source": {"bytes": "QQ=="}, "name": "Q3 report v2 (final)"}},
            {"document": {"format": "md", "source": {"bytes": "QQ=="}, "name": "Q3 report v2 (final) (2)"}},
            {"document": {"format": "txt", "source": {"bytes": "QQ=="}, "name": "document"}},
            {"image": {"format": "jpeg", "source": {"bytes": "Qg=="}}}]}])
    );
}

#[test]
fn what_cannot_be_sent_is_said_before_it_is() {
    let refused = |part: Part| {
        let (endpoint, credential) = (endpoint(), testing::credential(AWS, "k"));
        let chat = chat(vec![said(Role::User, vec![part])]);
        request::chat(&chat, &testing::site(&endpoint, &credential)).unwrap_err().message
    };
    let message = "bedrock cannot be sent a.zip: Bedrock takes the images and documents it knows, and only attached or from S3.";
    assert_eq!(refused(Part::Document(media("application/zip", "a.zip", "QQ=="))), message);
    let far = Media {
        mime: "image/png".into(),
        name: "a.zip".into(),
        data: MediaData::Url("https://x.test/a.png".into()),
    };
    assert_eq!(refused(Part::Image(far)), message);
}

#[test]
fn a_branch_begins_and_ends_as_the_model_wants_it() {
    let branch = || vec![said(Role::Assistant, vec![text("Once \n")])];
    let sent = |model: &str| {
        body(&ChatRequest { model: model.into(), ..chat(branch()) }, &endpoint())["messages"].clone()
    };
    let opening = json!({"role": "user", "content": [{"text": "…"}]});
    let begun = json!({"role": "assistant", "content": [{"text": "Once"}]});
    assert_eq!(sent(CLAUDE), json!([opening, begun]));
    let sent = sent("meta.llama4-scout-17b-instruct-v1:0");
    assert_eq!((sent.as_array().unwrap().len(), &sent[2]["role"]), (3, &json!("user")));
}

#[test]
fn the_beginning_is_marked_where_marks_are_free_or_asked_for() {
    let marks = |model: &str, set: Value| {
        let mut chat = ChatRequest { model: model.into(), ..chat(vec![user("a")]) };
        chat.settings = Settings { system: Some("s".into()), ..params(set) };
        let body = body(&chat, &endpoint());
        assert_eq!(body.get("additionalModelRequestFields"), None);
        (body["system"].get(1).cloned(), body["messages"][0]["content"].get(1).cloned())
    };
    let mark = Some(json!({"cachePoint": {"type": "default"}}));
    let hour = Some(json!({"cachePoint": {"type": "default", "ttl": "1h"}}));
    assert_eq!(marks("amazon.nova-lite-v1:0", json!({})), (mark.clone(), mark.clone()));
    assert_eq!(marks("amazon.nova-lite-v1:0", json!({"promptCache": false})), (None, None));
    assert_eq!(marks(CLAUDE, json!({})), (None, None));
    assert_eq!(marks(CLAUDE, json!({"promptCache": true})), (mark.clone(), mark));
    assert_eq!(marks(CLAUDE, json!({"promptCache": true, "promptCacheTtl": "1h"})), (hour.clone(), hour));
}

#[test]
fn the_guardrail_goes_with_every_request_and_its_mode_with_streams_only() {
    let mut endpoint = endpoint();
    endpoint.bedrock.guardrail = Some(GuardrailConfig {
        identifier: testing::template("${ARN}"),
        version: "1".into(),
        trace: Some("enabled".into()),
        stream_processing_mode: Some("async".into()),
    });
    let config = json!({"guardrailIdentifier": "arn:aws:bedrock:us-east-1:1:x/y", "guardrailVersion": "1",
        "trace": "enabled", "streamProcessingMode": "async"});
    let streamed = chat(vec![user("hi")]);
    assert_eq!(body(&streamed, &endpoint)["guardrailConfig"], config);
    let whole = ChatRequest { delivery: Delivery::Whole, ..streamed };
    assert_eq!(body(&whole, &endpoint)["guardrailConfig"].get("streamProcessingMode"), None);
}

#[test]
fn a_request_may_name_its_region() {
    let mut chat = chat(vec![user("hi")]);
    chat.settings = params(json!({"region": "eu-west-1"}));
    let made = made(&chat, &endpoint());
    assert_eq!(made.url.host_str(), Some("bedrock-runtime.eu-west-1.amazonaws.com"));
    assert_eq!(body(&chat, &endpoint()).get("additionalModelRequestFields"), None);
}
