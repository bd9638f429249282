//! The body of a request.

use serde_json::{Map, Value, json};

use crate::chat::request::Delivery;
use crate::chat::{ChatRequest, Failure, Media, MediaData, Part, Role, Tool};
use crate::config::WireFormat;
use crate::http::HttpRequest;
use crate::providers::families::{Reasoning, family};
use crate::providers::openai_chat::servers::server;
use crate::providers::params::Row;
use crate::providers::prompt::{self, Turn};
use crate::providers::site::Site;
use crate::providers::{params, urls};

/// Where the body has what people know by other formats' names.
const ROWS: &[Row] = &[
    Row {
        names: &["max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens"],
        path: &["max_output_tokens"],
    },
    Row { names: &["reasoning_effort", "effort", "reasoning.effort"], path: &["reasoning", "effort"] },
    Row { names: &["reasoning_summary", "reasoning.summary"], path: &["reasoning", "summary"] },
    Row { names: &["verbosity", "text.verbosity"], path: &["text", "verbosity"] },
];

/// What the format does not have, and refuses.
const UNKNOWN: &[&str] = &["stop", "seed", "n", "presence_penalty", "frequency_penalty", "logit_bias"];

/// The fewest tokens that the format lets an answer be limited to.
const FEWEST_TOKENS: u64 = 16;

/// The request that asks `chat`.
///
/// # Errors
/// Those of [`Site::post`], and `config` where the URL is not one.
pub fn chat(chat: &ChatRequest, site: &Site<'_>) -> Result<HttpRequest, Failure> {
    let server = server(site.endpoint, site.credential);
    site.post(urls::responses(site.endpoint, site.credential)?, server.auth, &body(chat, site))
}

fn body(chat: &ChatRequest, site: &Site<'_>) -> Value {
    let mut body = Map::new();
    body.insert("model".into(), chat.model.as_str().into());
    if let Some(system) = chat.settings.system.as_deref().filter(|system| !system.trim().is_empty()) {
        body.insert("instructions".into(), system.into());
    }
    body.insert("input".into(), prompt::turns(chat, site).iter().flat_map(items).collect());
    body.insert("stream".into(), (chat.delivery == Delivery::Streamed).into());
    body.insert("store".into(), false.into());
    if has_thoughts(chat) {
        body.insert("include".into(), json!(["reasoning.encrypted_content"]));
    }
    if !chat.tools.is_empty() {
        body.insert("tools".into(), chat.tools.iter().map(tool).collect());
    }
    params::lay(parameters(chat, site), ROWS, &mut body);
    if let Some((name, value)) = params::user(chat, site.endpoint) {
        body.insert(name.into(), value);
    }
    params::amend(site.endpoint, ROWS, &mut body);
    search(&mut body);
    Value::Object(body)
}

fn parameters(chat: &ChatRequest, site: &Site<'_>) -> Map<String, Value> {
    let mut params = params::asked(chat, site.endpoint);
    for name in UNKNOWN {
        params.shift_remove(*name);
    }
    let effort = params::effort(chat, &mut params);
    if let Some(family) = family(&chat.model) {
        family.take_refused(effort.as_deref(), &mut params);
    }
    if has_thoughts(chat) && effort.as_deref() != Some("none") {
        // Unless it is asked for, no word of the reasoning is told.
        params.entry("reasoning_summary").or_insert_with(|| "auto".into());
    }
    if let Some(effort) = effort {
        params.insert("reasoning_effort".into(), effort.into());
    }
    for name in ROWS[0].names {
        if let Some(most) = params.get_mut(*name)
            && most.as_u64().is_some_and(|most| most < FEWEST_TOKENS)
        {
            *most = FEWEST_TOKENS.into();
        }
    }
    params
}

/// Whether the model has thoughts, which only the provider can read. Others refuse to be asked for them.
fn has_thoughts(chat: &ChatRequest) -> bool {
    family(&chat.model).is_some_and(|family| family.reasoning == Reasoning::Always)
}

/// LibreChat's `web_search: true` is a tool here.
fn search(body: &mut Map<String, Value>) {
    if body.shift_remove("web_search") == Some(Value::Bool(true))
        && let Value::Array(tools) = body.entry("tools").or_insert_with(|| json!([]))
    {
        tools.push(json!({"type": "web_search"}));
    }
}

/// A function. Unless it is told otherwise the format wants a stricter schema than tools have.
fn tool(tool: &Tool) -> Value {
    json!({"type": "function", "name": tool.name, "description": tool.description, "parameters": tool.schema,
           "strict": false})
}

/// A turn's items: messages, and between them calls, results and what only the provider understands.
fn items(turn: &Turn<'_>) -> Vec<Value> {
    let mut items = Items { role: turn.role, made: Vec::new(), content: Vec::new() };
    for part in &turn.parts {
        match part {
            Part::Text { text } => items.content.push(match turn.role {
                Role::User => json!({"type": "input_text", "text": text}),
                Role::Assistant => json!({"type": "output_text", "text": text}),
            }),
            Part::Refusal { text } => items.content.push(json!({"type": "refusal", "refusal": text})),
            Part::Image(media) if turn.role == Role::User => items.content.push(image(media)),
            Part::Document(media) if turn.role == Role::User => items.content.push(document(media)),
            Part::ToolCall(call) => {
                let arguments = if call.arguments.trim().is_empty() { "{}" } else { &call.arguments };
                items.push(json!({"type": "function_call", "call_id": call.id, "name": call.name,
                                  "arguments": arguments}));
            }
            Part::ToolResult(result) => items.push(
                json!({"type": "function_call_output", "call_id": result.call, "output": result.content}),
            ),
            Part::State(state) if state.wire == WireFormat::OpenaiResponses.name() => {
                items.push(state.value.clone());
            }
            // An answer's own images have no place in a message of it.
            Part::Image(_)
            | Part::Document(_)
            | Part::Reasoning { .. }
            | Part::State(_)
            | Part::Source(_)
            | Part::Summary(_)
            | Part::ServerTool(_) => {}
        }
    }
    items.end_message();
    // Thoughts that led to nothing are refused.
    while items.made.last().is_some_and(|item| item["type"] == "reasoning") {
        items.made.pop();
    }
    items.made
}

struct Items {
    role: Role,
    made: Vec<Value>,
    /// The message that goes on.
    content: Vec<Value>,
}

impl Items {
    fn push(&mut self, item: Value) {
        self.end_message();
        self.made.push(item);
    }

    fn end_message(&mut self) {
        if !self.content.is_empty() {
            let role = match self.role {
                Role::User => "user",
                Role::Assistant => "assistant",
            };
            self.made.push(json!({"role": role, "content": std::mem::take(&mut self.content)}));
        }
    }
}

fn image(media: &Media) -> Value {
    json!({"type": "input_image", "image_url": address(media)})
}

fn document(media: &Media) -> Value {
    match &media.data {
        MediaData::Base64(_) => {
            let name = if media.name.is_empty() { "document" } else { &media.name };
            json!({"type": "input_file", "filename": name, "file_data": address(media)})
        }
        MediaData::Url(url) => json!({"type": "input_file", "file_url": url}),
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
    use crate::config::{Endpoint, UserIdPolicy};
    use crate::providers::testing;

    fn said(role: Role, parts: Vec<Part>) -> RequestMessage {
        let route = Route { endpoint: "X".into(), key: "default".into(), model: "m".into() };
        RequestMessage { role, parts, route: (role == Role::Assistant).then_some(route) }
    }

    fn text(text: &str) -> Part {
        Part::Text { text: text.into() }
    }

    fn state(value: Value) -> Part {
        Part::State(ProviderState { wire: "openai-responses".into(), value })
    }

    fn call(id: &str) -> Part {
        Part::ToolCall(ToolCall { id: id.into(), name: "f".into(), arguments: String::new() })
    }

    fn chat(model: &str) -> ChatRequest {
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
        testing::endpoint("X", "https://x.test/v1")
    }

    fn made(chat: &ChatRequest, endpoint: &Endpoint) -> Value {
        body(chat, &testing::site(endpoint, &testing::credential("https://x.test/v1", "k")))
    }

    fn object(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn a_plain_request_keeps_nothing_on_the_providers_side() {
        let input = json!([{"role": "user", "content": [{"type": "input_text", "text": "hi"}]}]);
        let mut asked = chat("gpt-4o");
        asked.settings.system = Some("Be brief.".into());
        assert_eq!(
            made(&asked, &plain()),
            json!({"model": "gpt-4o", "instructions": "Be brief.", "input": input, "stream": true, "store": false})
        );
        let whole = ChatRequest { delivery: Delivery::Whole, ..chat("gpt-4o") };
        assert_eq!(
            made(&whole, &plain()),
            json!({"model": "gpt-4o", "input": input, "stream": false, "store": false})
        );
    }

    #[test]
    fn models_that_reason_are_asked_for_their_thoughts_in_both_forms() {
        let mut asked = chat("openai/gpt-5-mini");
        asked.settings = Settings {
            temperature: Some(0.5),
            max_tokens: Some(5),
            effort: Some("low".into()),
            params: object(json!({"stop": ["x"], "seed": 1, "verbosity": "low"})),
            ..Settings::default()
        };
        let body = made(&asked, &plain());
        assert_eq!(body["include"], json!(["reasoning.encrypted_content"]));
        assert_eq!(body["reasoning"], json!({"effort": "low", "summary": "auto"}));
        assert_eq!(body["text"], json!({"verbosity": "low"}));
        assert_eq!(body["max_output_tokens"], 16);
        for refused in ["temperature", "stop", "seed"] {
            assert_eq!(body.get(refused), None, "{refused}");
        }
        asked.settings.effort = Some("none".into());
        asked.model = "gpt-5.1".into();
        let body = made(&asked, &plain());
        assert_eq!((&body["reasoning"], &body["temperature"]), (&json!({"effort": "none"}), &json!(0.5)));
        assert_eq!(made(&chat("grok-4-0709"), &plain())["include"], json!(["reasoning.encrypted_content"]));
    }

    #[test]
    fn the_endpoint_has_the_last_word_by_any_name() {
        let mut endpoint = plain();
        endpoint.default_params = object(json!({"max_tokens": 100, "reasoning_summary": "detailed"}));
        endpoint.add_params = object(json!({"web_search": true, "store": true, "truncation": "auto"}));
        endpoint.drop_params = vec!["reasoning_effort".into()];
        endpoint.user_id = UserIdPolicy::User;
        let mut asked = ChatRequest { user: Some("ana".into()), ..chat("m") };
        asked.settings.effort = Some("high".into());
        assert_eq!(
            made(&asked, &endpoint),
            json!({"model": "m", "input": [{"role": "user", "content": [{"type": "input_text", "text": "hi"}]}],
                   "stream": true, "store": true, "max_output_tokens": 100, "reasoning": {"summary": "detailed"},
                   "user": "ana", "truncation": "auto", "tools": [{"type": "web_search"}]})
        );
    }

    #[test]
    fn calls_results_and_thoughts_are_items_in_the_order_they_were_said() {
        let thoughts =
            |id: &str| json!({"type": "reasoning", "id": id, "summary": [], "encrypted_content": "g"});
        let result = |id: &str| {
            Part::ToolResult(ToolResult {
                call: id.into(),
                name: "f".into(),
                content: "1".into(),
                outcome: ToolOutcome::Ok,
            })
        };
        let mut asked = chat("m");
        asked.messages = vec![
            said(Role::User, vec![text("a")]),
            said(
                Role::Assistant,
                vec![
                    Part::Reasoning { text: "hm".into() },
                    state(thoughts("rs_1")),
                    text("b"),
                    state(thoughts("rs_2")),
                    call("1"),
                    call("2"),
                    state(thoughts("rs_3")),
                ],
            ),
            said(Role::User, vec![result("1"), result("2"), text("c")]),
        ];
        asked.tools =
            vec![Tool { name: "f".into(), description: "d".into(), schema: json!({"type": "object"}) }];
        let body = made(&asked, &plain());
        assert_eq!(
            body["input"],
            json!([
                {"role": "user", "content": [{"type": "input_text", "text": "a"}]},
                thoughts("rs_1"),
                {"role": "assistant", "content": [{"type": "output_text", "text": "b"}]},
                thoughts("rs_2"),
                {"type": "function_call", "call_id": "1", "name": "f", "arguments": "{}"},
                {"type": "function_call", "call_id": "2", "name": "f", "arguments": "{}"},
                {"type": "function_call_output", "call_id": "1", "output": "1"},
                {"type": "function_call_output", "call_id": "2", "output": "1"},
                {"role": "user", "content": [{"type": "input_text", "text": "c"}]},
            ])
        );
        assert_eq!(
            body["tools"],
            json!([{"type": "function", "name": "f", "description": "d", "parameters": {"type": "object"}, "strict": false}])
        );
    }

    #[test]
    fn images_and_documents_go_beside_the_text_and_refusals_as_such() {
        let media =
            |mime: &str, name: &str, data: MediaData| Media { mime: mime.into(), name: name.into(), data };
        let mut asked = chat("m");
        asked.messages = vec![
            said(
                Role::User,
                vec![
                    text("a"),
                    Part::Image(media("image/png", "", MediaData::Base64("QQ==".into()))),
                    Part::Image(media("image/png", "", MediaData::Url("https://x.test/i.png".into()))),
                    Part::Document(media("application/pdf", "b.pdf", MediaData::Base64("Qg==".into()))),
                    Part::Document(media(
                        "application/pdf",
                        "",
                        MediaData::Url("https://x.test/c.pdf".into()),
                    )),
                ],
            ),
            said(Role::Assistant, vec![Part::Refusal { text: "No.".into() }]),
        ];
        assert_eq!(
            made(&asked, &plain())["input"],
            json!([
                {"role": "user", "content": [
                    {"type": "input_text", "text": "a"},
                    {"type": "input_image", "image_url": "data:image/png;base64,QQ=="},
                    {"type": "input_image", "image_url": "https://x.test/i.png"},
                    {"type": "input_file", "filename": "b.pdf", "file_data": "data:application/pdf;base64,Qg=="},
                    {"type": "input_file", "file_url": "https://x.test/c.pdf"},
                ]},
                {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]},
            ])
        );
    }

    #[test]
    fn an_endpoint_is_asked_below_its_base_wherever_that_ends() {
        for (base, direct, url) in [
            ("https://api.openai.com/v1", false, "https://api.openai.com/v1/responses"),
            ("http://localhost:4000", false, "http://localhost:4000/v1/responses"),
            ("https://x.test/v1/responses/", false, "https://x.test/v1/responses"),
            ("https://x.test/v1/chat/completions", false, "https://x.test/v1/responses"),
            ("https://x.test/answer", true, "https://x.test/answer"),
            ("https://r.openai.azure.com/openai/v1", false, "https://r.openai.azure.com/openai/v1/responses"),
        ] {
            let mut endpoint = testing::endpoint("X", base);
            endpoint.direct = direct;
            let credential = testing::credential(base, "k");
            let made = super::chat(&chat("m"), &testing::site(&endpoint, &credential)).unwrap();
            assert_eq!(made.url.as_str(), url);
            let (name, value) =
                if url.contains("azure") { ("api-key", "k") } else { ("authorization", "Bearer k") };
            assert_eq!(made.headers[name], value);
        }
    }
}
