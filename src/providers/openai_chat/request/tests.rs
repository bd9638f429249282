use super::*;
use crate::chat::{ProviderState, RequestMessage, Route, Settings, ToolCall, ToolOutcome, ToolResult};
use crate::config::UserIdPolicy;
use crate::providers::testing;

fn said(role: Role, text: &str) -> RequestMessage {
    spoken(role, vec![Part::Text { text: text.into() }])
}

fn spoken(role: Role, parts: Vec<Part>) -> RequestMessage {
    let route = Route { endpoint: "X".into(), key: "default".into(), model: "m".into() };
    RequestMessage { role, parts, route: Some(route) }
}

fn chat(model: &str) -> ChatRequest {
    ChatRequest {
        model: model.into(),
        messages: vec![said(Role::User, "hi")],
        settings: Settings::default(),
        tools: Vec::new(),
        delivery: Delivery::Streamed,
        user: None,
    }
}

fn made(chat: &ChatRequest, endpoint: &Endpoint) -> Value {
    let credential = testing::credential(&endpoint.base_url.raw, "k");
    Value::Object(body(chat, &testing::site(endpoint, &credential)))
}

fn plain() -> Endpoint {
    testing::endpoint("X", "https://x.test/v1")
}

#[test]
fn a_plain_request_holds_the_model_the_messages_and_the_wish_for_usage() {
    assert_eq!(
        made(&chat("m"), &plain()),
        json!({"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": true,
               "stream_options": {"include_usage": true}})
    );
    let whole = ChatRequest { delivery: Delivery::Whole, ..chat("m") };
    assert_eq!(
        made(&whole, &plain()),
        json!({"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": false})
    );
}

#[test]
fn a_branch_is_sent_with_its_system_prompt_first_and_a_cut_answer_last() {
    let mut chat = chat("m");
    chat.settings.system = Some("Be brief.".into());
    chat.messages = vec![
        said(Role::User, "a"),
        spoken(Role::Assistant, vec![Part::Reasoning { text: "hm".into() }, Part::Text { text: "b".into() }]),
        said(Role::User, "c"),
        spoken(Role::Assistant, vec![]),
        said(Role::User, "d"),
        said(Role::Assistant, "Once upon"),
    ];
    assert_eq!(
        made(&chat, &plain())["messages"],
        json!([{"role": "system", "content": "Be brief."}, {"role": "user", "content": "a"},
               {"role": "assistant", "content": "b"}, {"role": "user", "content": "c\n\nd"},
               {"role": "assistant", "content": "Once upon"}])
    );
}

#[test]
fn reasoning_families_get_their_own_names_and_no_sampling() {
    let ask = |model: &str, effort: Option<&str>| {
        let mut chat = chat(model);
        chat.settings = Settings {
            system: Some("s".into()),
            temperature: Some(0.5),
            max_tokens: Some(9),
            effort: effort.map(str::to_owned),
            ..Settings::default()
        };
        let body = made(&chat, &plain());
        let names: Vec<String> = body.as_object().unwrap().keys().skip(4).cloned().collect();
        (body["messages"][0]["role"].as_str().unwrap().to_owned(), names.join(" "))
    };
    let cases = [
        ("gpt-4o", None, "system", "temperature max_tokens"),
        ("o3-mini", Some("low"), "developer", "max_completion_tokens reasoning_effort"),
        ("openai/o1", None, "developer", "max_completion_tokens"),
        ("o1-mini", None, "user", "max_completion_tokens"),
        ("gpt-5-nano", None, "developer", "max_completion_tokens"),
        ("gpt-5-chat-latest", None, "system", "temperature max_completion_tokens"),
        ("gpt-5.1", Some("none"), "developer", "temperature max_completion_tokens reasoning_effort"),
        ("gpt-5.1", Some("high"), "developer", "max_completion_tokens reasoning_effort"),
        ("olmo-2", None, "system", "temperature max_tokens"),
    ];
    for (model, effort, role, names) in cases {
        assert_eq!(ask(model, effort), (role.to_owned(), names.to_owned()), "{model} {effort:?}");
    }
}

#[test]
fn parameters_are_laid_over_each_other_in_librechats_order() {
    let mut endpoint = plain();
    let object = |value: Value| value.as_object().unwrap().clone();
    endpoint.default_params = object(json!({"temperature": 1.0, "top_p": 0.9, "seed": 1}));
    endpoint.add_params = object(json!({"seed": 2, "safe": {"deep": true}, "stop": ["x"]}));
    endpoint.drop_params = vec!["stop".into(), "stream_options".into(), "absent".into()];
    endpoint.user_id = UserIdPolicy::User;
    let mut chat = ChatRequest { user: Some("ana".into()), ..chat("m") };
    chat.settings.temperature = Some(0.2);
    assert_eq!(
        made(&chat, &endpoint),
        json!({"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": true,
               "temperature": 0.2, "top_p": 0.9, "seed": 2, "user": "ana", "safe": {"deep": true}})
    );
    endpoint.user_id = UserIdPolicy::Metadata;
    assert_eq!(made(&chat, &endpoint)["metadata"], json!({"user_id": "ana"}));
}

/// The body for the server at `base`.
fn made_at(base: &str, chat: &ChatRequest) -> Value {
    made(chat, &testing::endpoint("X", base))
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

#[test]
fn effort_is_told_as_the_server_or_the_configuration_wants_it() {
    let mut chat = chat("m");
    chat.settings.effort = Some("high".into());
    assert_eq!(made(&chat, &plain())["reasoning_effort"], json!("high"));
    let named = testing::endpoint("OpenRouter", "https://x.test");
    let mut configured = plain();
    configured.reasoning_format = Some(ReasoningFormat::Object);
    for body in [
        made(&chat, &named),
        made(&chat, &configured),
        made_at("https://openrouter.ai/api/v1", &chat),
        made_at("https://ai-gateway.vercel.sh/v1", &chat),
    ] {
        assert_eq!((&body["reasoning"], body.get("reasoning_effort")), (&json!({"effort": "high"}), None));
    }
    configured.reasoning_format = Some(ReasoningFormat::Disabled);
    let body = made(&chat, &configured);
    assert_eq!((body.get("reasoning"), body.get("reasoning_effort")), (None, None));
}

#[test]
fn each_server_gets_the_names_and_words_it_knows() {
    let mut chat = chat("m");
    chat.settings.params = object(json!({"seed": 1, "tool_choice": "required", "logit_bias": {},
        "presence_penalty": 1, "n": 2, "stop": ["x"]}));
    let names = |base: &str, model: &str| {
        let chat = ChatRequest { model: model.into(), ..chat.clone() };
        let body = made_at(base, &chat);
        body.as_object().unwrap().keys().skip(2).cloned().collect::<Vec<_>>().join(" ")
    };
    let all = "stream stream_options seed tool_choice logit_bias presence_penalty n stop";
    assert_eq!(names("https://api.openai.com/v1", "gpt-4o"), all);
    assert_eq!(names("https://api.x.ai/v1", "grok-3"), all);
    assert_eq!(names("https://api.x.ai/v1", "grok-4"), "stream stream_options seed tool_choice logit_bias n");
    assert_eq!(
        names("https://api.groq.com/openai/v1", "m"),
        "stream stream_options seed tool_choice presence_penalty stop"
    );
    assert_eq!(names("https://api.cerebras.ai/v1", "m"), "stream stream_options seed tool_choice n stop");
    let mistral = made_at("https://api.mistral.ai/v1", &chat);
    assert_eq!(
        (&mistral["random_seed"], &mistral["tool_choice"], mistral.get("stream_options")),
        (&json!(1), &json!("any"), None)
    );
}

#[test]
fn a_server_is_told_by_its_host_before_its_name() {
    let at = |name: &str, base: &str| {
        server(&testing::endpoint(name, base), &testing::credential(base, "k")).call_ids
    };
    assert_eq!(at("X", "https://api.mistral.ai/v1"), CallIds::Nine);
    assert_eq!(at("Mistral", "https://proxy.test/v1"), CallIds::Nine);
    assert_eq!(at("Mistral", "https://api.groq.com/openai/v1"), CallIds::Free);
    assert_eq!(at("X", "https://notmistral.ai/v1"), CallIds::Free);
}

#[test]
fn azures_hosts_take_the_key_in_a_header_of_their_own() {
    let base = "https://res.openai.azure.com/openai/v1";
    let (endpoint, credential) = (testing::endpoint("X", base), testing::credential(base, "k"));
    let made = super::chat(&chat("m"), &testing::site(&endpoint, &credential)).unwrap();
    assert_eq!(made.url.as_str(), "https://res.openai.azure.com/openai/v1/chat/completions");
    assert_eq!((&made.headers["api-key"], made.headers.get("authorization")), (&"k".parse().unwrap(), None));
}

#[test]
fn only_who_knows_the_developer_role_is_told_it() {
    let mut chat = chat("openai/gpt-5");
    chat.settings.system = Some("s".into());
    let role = |base: &str| made_at(base, &chat)["messages"][0]["role"].clone();
    assert_eq!(role("https://api.openai.com/v1"), "developer");
    assert_eq!(role("https://openrouter.ai/api/v1"), "developer");
    assert_eq!(role("https://api.groq.com/openai/v1"), "system");
}

/// A question, an answer with thoughts and two calls, their results, and one more answer of that kind.
fn tool_turn() -> ChatRequest {
    let call =
        |id: &str| Part::ToolCall(ToolCall { id: id.into(), name: "f".into(), arguments: String::new() });
    let result = |id: &str| {
        Part::ToolResult(ToolResult {
            call: id.into(),
            name: "f".into(),
            content: "1".into(),
            outcome: ToolOutcome::Ok,
        })
    };
    let mut chat = chat("m");
    chat.tools = vec![Tool { name: "f".into(), description: "d".into(), schema: json!({"type": "object"}) }];
    chat.messages = vec![
        said(Role::User, "a"),
        spoken(Role::Assistant, vec![Part::Reasoning { text: "hm".into() }, call("call_1"), call("call_2")]),
        spoken(Role::User, vec![result("call_1"), result("call_2")]),
    ];
    chat
}

#[test]
fn calls_go_with_the_answer_that_made_them_and_each_result_is_a_message() {
    let function =
        |id: &str| json!({"id": id, "type": "function", "function": {"name": "f", "arguments": "{}"}});
    let body = made(&tool_turn(), &plain());
    assert_eq!(
        body["messages"],
        json!([
            {"role": "user", "content": "a"},
            {"role": "assistant", "content": null, "tool_calls": [function("call_1"), function("call_2")]},
            {"role": "tool", "tool_call_id": "call_1", "content": "1"},
            {"role": "tool", "tool_call_id": "call_2", "content": "1"},
        ])
    );
    assert_eq!(
        body["tools"],
        json!([{"type": "function", "function": {"name": "f", "description": "d", "parameters": {"type": "object"}}}])
    );
}

#[test]
fn mistral_gets_ids_of_nine_letters_and_digits_that_still_match() {
    let messages = &made_at("https://api.mistral.ai/v1", &tool_turn())["messages"];
    let id = messages[1]["tool_calls"][0]["id"].as_str().unwrap();
    assert!(id.len() == 9 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{id}");
    assert_eq!(messages[2]["tool_call_id"], id);
    assert_ne!(messages[1]["tool_calls"][1]["id"], id);
    let mut own = tool_turn();
    own.messages[1].parts[1] =
        Part::ToolCall(ToolCall { id: "D681PevKs".into(), name: "f".into(), arguments: "{}".into() });
    let Part::ToolResult(result) = &mut own.messages[2].parts[0] else { panic!() };
    result.call = "D681PevKs".into();
    assert_eq!(made_at("https://api.mistral.ai/v1", &own)["messages"][2]["tool_call_id"], "D681PevKs");
}

#[test]
fn thoughts_go_back_where_the_server_goes_on_with_them_and_no_further() {
    let thoughts = |endpoint: &Endpoint, chat: &ChatRequest| {
        made(chat, endpoint)["messages"][1].get("reasoning_content").cloned()
    };
    let deepseek = testing::endpoint("X", "https://api.deepseek.com");
    let mut answered = tool_turn();
    answered.messages.extend([said(Role::Assistant, "b"), said(Role::User, "c")]);
    assert_eq!(thoughts(&deepseek, &tool_turn()), Some(json!("hm")));
    assert_eq!(thoughts(&deepseek, &answered), None);
    assert_eq!(thoughts(&plain(), &tool_turn()), None);
    let mut always = plain();
    always.reasoning_back = Some(ReasoningBack::Always);
    assert_eq!(thoughts(&always, &answered), Some(json!("hm")));
    always.reasoning_key = Some("reasoning".into());
    assert_eq!(made(&answered, &always)["messages"][1]["reasoning"], "hm");
}

#[test]
fn fields_that_the_server_wants_back_stand_in_the_message_as_they_came() {
    let state = |value: Value| Part::State(ProviderState { wire: "openai-chat".into(), value });
    let mut chat = chat("m");
    chat.messages.push(spoken(
        Role::Assistant,
        vec![
            Part::Text { text: "b".into() },
            state(json!({"reasoning_details": [{"type": "reasoning.encrypted", "data": "x"}]})),
            state(json!({"reasoning_details": [{"type": "reasoning.text", "text": "y"}]})),
        ],
    ));
    assert_eq!(
        made(&chat, &plain())["messages"][1],
        json!({"role": "assistant", "content": "b", "reasoning_details": [
            {"type": "reasoning.encrypted", "data": "x"}, {"type": "reasoning.text", "text": "y"}]})
    );
}

#[test]
fn images_and_documents_are_parts_beside_the_text() {
    let media = |mime: &str, name: &str, data: &str| Media {
        mime: mime.into(),
        name: name.into(),
        data: MediaData::Base64(data.into()),
    };
    let url = Media { data: MediaData::Url("https://x.test/i.png".into()), ..media("image/png", "", "") };
    let mut chat = chat("m");
    chat.messages = vec![spoken(
        Role::User,
        vec![
            Part::Text { text: "a".into() },
            Part::Image(media("image/png", "", "QQ==")),
            Part::Image(url),
            Part::Document(media("application/pdf", "b.pdf", "Qg==")),
        ],
    )];
    assert_eq!(
        made(&chat, &plain())["messages"][0]["content"],
        json!([
            {"type": "text", "text": "a"},
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,QQ=="}},
            {"type": "image_url", "image_url": {"url": "https://x.test/i.png"}},
            {"type": "file", "file": {"filename": "b.pdf", "file_data": "data:application/pdf;base64,Qg=="}},
        ])
    );
}

#[test]
fn a_search_is_a_plug_in_where_the_server_has_it_as_one() {
    let mut endpoint = testing::endpoint("X", "https://openrouter.ai/api/v1");
    endpoint.add_params = object(json!({"web_search": true}));
    let body = made(&chat("m"), &endpoint);
    assert_eq!((&body["plugins"], body.get("web_search")), (&json!([{"id": "web"}]), None));
}
