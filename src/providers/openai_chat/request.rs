//! The body of a request.

use serde_json::{Map, Value, json};

use super::servers::{CallIds, Developer, Search, Server, UsageWish, server};
use crate::chat::request::Delivery;
use crate::chat::{ChatRequest, Failure, Media, MediaData, Part, Role, Tool};
use crate::config::{Endpoint, ReasoningBack, ReasoningFormat, WireFormat};
use crate::http::HttpRequest;
use crate::providers::families::{SystemRole, family};
use crate::providers::prompt::{self, Turn};
use crate::providers::site::Site;
use crate::providers::{params, urls};

/// The request that asks `chat`.
///
/// # Errors
/// Those of [`Site::post`], and `config` where the URL is not one.
pub fn chat(chat: &ChatRequest, site: &Site<'_>) -> Result<HttpRequest, Failure> {
    let auth = server(site.endpoint, site.credential).auth;
    site.post(urls::completions(site.endpoint, site.credential)?, auth, &Value::Object(body(chat, site)))
}

/// The JSON of a request. Parameters in the order LibreChat documents: what the person set, then the
/// endpoint's defaults for what is unset, then `addParams`, then `dropParams` takes away.
pub fn body(chat: &ChatRequest, site: &Site<'_>) -> Map<String, Value> {
    let server = &server(site.endpoint, site.credential);
    let mut body = Map::new();
    body.insert("model".into(), chat.model.as_str().into());
    body.insert("messages".into(), messages(chat, site, server));
    match chat.delivery {
        Delivery::Streamed => {
            body.insert("stream".into(), true.into());
            match server.usage {
                UsageWish::Asked => {
                    body.insert("stream_options".into(), json!({"include_usage": true}));
                }
                UsageWish::Unasked => {}
            }
        }
        Delivery::Whole => {
            body.insert("stream".into(), false.into());
        }
    }
    if !chat.tools.is_empty() {
        body.insert("tools".into(), chat.tools.iter().map(tool).collect());
    }
    params::lay(parameters(chat, site.endpoint, server), NO_ROWS, &mut body);
    if let Some((name, value)) = params::user(chat, site.endpoint) {
        body.insert(name.into(), value);
    }
    params::amend(site.endpoint, NO_ROWS, &mut body);
    if server.search == Search::Plugin && body.get("web_search") == Some(&Value::Bool(true)) {
        body.shift_remove("web_search");
        body.insert("plugins".into(), json!([{"id": "web"}]));
    }
    body
}

/// This format has every parameter at the top level, by the name that people have for it.
const NO_ROWS: &[params::Row] = &[];

fn parameters(chat: &ChatRequest, endpoint: &Endpoint, server: &Server) -> Map<String, Value> {
    let mut params = params::asked(chat, endpoint);
    let effort = params::effort(chat, &mut params);
    let mut renamed = server.renamed.to_vec();
    if let Some(family) = family(&chat.model) {
        family.take_refused(effort.as_deref(), &mut params);
        renamed.insert(0, ("max_tokens", family.limit));
    }
    for (ours, theirs) in renamed.into_iter().filter(|(ours, theirs)| ours != theirs) {
        if let Some(value) = params.shift_remove(ours) {
            params.entry(theirs).or_insert(value);
        }
    }
    for (name, ours, theirs) in server.reworded {
        if let Some(value) = params.get_mut(*name).filter(|value| *value == ours) {
            *value = (*theirs).into();
        }
    }
    for name in server.refused {
        params.shift_remove(*name);
    }
    match (effort, server.effort) {
        (Some(effort), ReasoningFormat::Effort) => {
            params.insert("reasoning_effort".into(), effort.into());
        }
        (Some(effort), ReasoningFormat::Object) => {
            params::put(&mut params, &["reasoning", "effort"], effort.into());
        }
        (Some(_), ReasoningFormat::Disabled) | (None, _) => {}
    }
    params
}

fn tool(tool: &Tool) -> Value {
    json!({"type": "function",
           "function": {"name": tool.name, "description": tool.description, "parameters": tool.schema}})
}

fn messages(chat: &ChatRequest, site: &Site<'_>, server: &Server) -> Value {
    let mut messages = Vec::with_capacity(chat.messages.len() + 1);
    if let Some(system) = chat.settings.system.as_deref().filter(|system| !system.trim().is_empty()) {
        let role = match (family(&chat.model).map(|family| family.system), server.developer) {
            (Some(SystemRole::Developer), Developer::Known) => "developer",
            (Some(SystemRole::User), _) => "user",
            (Some(SystemRole::Developer | SystemRole::System) | None, _) => "system",
        };
        messages.push(json!({"role": role, "content": system}));
    }
    let turns = prompt::turns(chat, site);
    let last_question = turns.iter().rposition(|turn| {
        turn.role == Role::User && turn.parts.iter().any(|part| !matches!(part, Part::ToolResult(_)))
    });
    for (at, turn) in turns.iter().enumerate() {
        match turn.role {
            Role::User => asked(turn, server, &mut messages),
            Role::Assistant => {
                let is_back = match server.reasoning {
                    ReasoningBack::Never => false,
                    // Once a new question is asked, the thoughts before it are of no use.
                    ReasoningBack::ToolTurns => {
                        last_question < Some(at) && turn.parts.iter().any(|part| part.tool_call().is_some())
                    }
                    ReasoningBack::Always => true,
                };
                let thoughts = if is_back { joined(turn, Part::reasoning, "") } else { String::new() };
                messages.push(said(turn, site.endpoint, server, thoughts));
            }
        }
    }
    Value::Array(messages)
}

/// What the person's side says: results of calls, each a message, and then the rest in one.
fn asked(turn: &Turn<'_>, server: &Server, messages: &mut Vec<Value>) {
    let mut content: Vec<Value> = Vec::new();
    let mut is_plain = true;
    for part in &turn.parts {
        match part {
            Part::ToolResult(result) => messages.push(json!({
                "role": "tool",
                "tool_call_id": call_id(&result.call, server),
                "content": result.content,
            })),
            Part::Text { text } => content.push(json!({"type": "text", "text": text})),
            Part::Image(media) => {
                is_plain = false;
                content.push(json!({"type": "image_url", "image_url": {"url": address(media)}}));
            }
            Part::Document(media) => {
                is_plain = false;
                let name = if media.name.is_empty() { "document" } else { &media.name };
                content
                    .push(json!({"type": "file", "file": {"filename": name, "file_data": address(media)}}));
            }
            Part::Reasoning { .. }
            | Part::Refusal { .. }
            | Part::ToolCall(_)
            | Part::Source(_)
            | Part::ServerTool(_)
            | Part::State(_) => {}
        }
    }
    if content.is_empty() {
        return;
    }
    // Servers without eyes know no parts.
    let content = if is_plain { joined(turn, Part::text, "\n\n").into() } else { Value::Array(content) };
    messages.push(json!({"role": "user", "content": content}));
}

/// What the model said: its text, or else the refusal that it was, and its calls; and whatever fields the server
/// had in its answer and wants back. Reasoning is not sent unless it is asked for: several providers refuse it.
fn said(turn: &Turn<'_>, endpoint: &Endpoint, server: &Server, thoughts: String) -> Value {
    let mut message = Map::new();
    let mut text = joined(turn, Part::text, "");
    if text.is_empty() {
        text = joined(turn, Part::refusal, "");
    }
    message.insert("role".into(), "assistant".into());
    message.insert("content".into(), if text.is_empty() { Value::Null } else { text.into() });
    if !thoughts.is_empty() {
        let key = endpoint.reasoning_key.as_deref().unwrap_or("reasoning_content");
        message.insert(key.into(), thoughts.into());
    }
    let calls: Vec<Value> = turn
        .parts
        .iter()
        .filter_map(|part| part.tool_call())
        .map(|call| {
            let arguments = if call.arguments.trim().is_empty() { "{}" } else { &call.arguments };
            json!({"id": call_id(&call.id, server), "type": "function",
                   "function": {"name": call.name, "arguments": arguments}})
        })
        .collect();
    if !calls.is_empty() {
        message.insert("tool_calls".into(), calls.into());
    }
    for part in &turn.parts {
        if let Part::State(state) = part
            && state.wire == WireFormat::OpenaiChat.name()
            && let Value::Object(fields) = &state.value
        {
            for (name, value) in fields {
                match (message.get_mut(name), value) {
                    (Some(Value::Array(before)), Value::Array(more)) => before.extend(more.iter().cloned()),
                    (_, value) => {
                        message.insert(name.clone(), value.clone());
                    }
                }
            }
        }
    }
    Value::Object(message)
}

fn joined(turn: &Turn<'_>, of: fn(&Part) -> Option<&str>, between: &str) -> String {
    turn.parts.iter().filter_map(|part| of(part)).collect::<Vec<_>>().join(between)
}

/// A call's id as the server takes it. One that it would refuse becomes another, always the same.
fn call_id(id: &str, server: &Server) -> String {
    const LENGTH: usize = 9;
    match server.call_ids {
        CallIds::Free => id.to_owned(),
        CallIds::Nine if id.len() == LENGTH && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            id.to_owned()
        }
        CallIds::Nine => {
            // FNV-1a: any even spread will do.
            let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
            format!("{:09x}", hash & 0xf_ffff_ffff)
        }
    }
}

fn address(media: &Media) -> String {
    match &media.data {
        MediaData::Base64(data) => format!("data:{};base64,{data}", media.mime),
        MediaData::Url(url) => url.clone(),
    }
}

#[cfg(test)]
mod tests {
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
            spoken(
                Role::Assistant,
                vec![Part::Reasoning { text: "hm".into() }, Part::Text { text: "b".into() }],
            ),
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
            assert_eq!(
                (&body["reasoning"], body.get("reasoning_effort")),
                (&json!({"effort": "high"}), None)
            );
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
        assert_eq!(
            names("https://api.x.ai/v1", "grok-4"),
            "stream stream_options seed tool_choice logit_bias n"
        );
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
        assert_eq!(
            (&made.headers["api-key"], made.headers.get("authorization")),
            (&"k".parse().unwrap(), None)
        );
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
        chat.tools =
            vec![Tool { name: "f".into(), description: "d".into(), schema: json!({"type": "object"}) }];
        chat.messages = vec![
            said(Role::User, "a"),
            spoken(
                Role::Assistant,
                vec![Part::Reasoning { text: "hm".into() }, call("call_1"), call("call_2")],
            ),
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
}
