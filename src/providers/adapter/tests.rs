//! What an adapter sends, and how it reads every framing.

use std::fs;
use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::super::{Decoder, testing};
use super::{models, request};
use crate::chat::request::Delivery;
use crate::chat::{
    Answer, ChatRequest, End, ErrorKind, FinishReason, Part, RequestMessage, Role, Settings, Tool, ToolCall,
    Usage,
};
use crate::config::{Config, Endpoint, Env, Paths, load};
use crate::http::HttpRequest;
use crate::keys::Credential;
use crate::providers::Site;

/// The configuration of an endpoint with these lines in its adapter, and these of its own.
fn config(adapter: &str, own: &str) -> Config {
    let indent = |text: &str, by: usize| {
        text.lines().map(|line| format!("{}{line}\n", " ".repeat(by))).collect::<String>()
    };
    let yaml = format!(
        "endpoints:\n  custom:\n    - name: X\n      api: adapter\n      baseURL: https://x.test/base\n{}      adapter:\n{}",
        indent(own, 6),
        indent(adapter, 8)
    );
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("loquat.yaml");
    fs::write(&file, yaml).unwrap();
    let at = |name: &str| folder.path().join(name);
    let paths = Paths { config: at("c"), data: at("d"), cache: at("k"), state: at("s") };
    load(Some(&file), &paths, Env::of([("TEAM".to_owned(), "blue".to_owned())])).unwrap().config
}

fn endpoint(adapter: &str) -> Endpoint {
    config(adapter, "").endpoint("X").unwrap().clone()
}

fn said(role: Role, text: &str) -> RequestMessage {
    RequestMessage { role, parts: vec![Part::Text { text: text.into() }], route: None }
}

fn chat(messages: Vec<RequestMessage>) -> ChatRequest {
    ChatRequest {
        model: "m/1".into(),
        messages,
        settings: Settings::default(),
        tools: Vec::new(),
        delivery: Delivery::Streamed,
        user: Some("ana".into()),
    }
}

fn made(config: &Config, chat: &ChatRequest, credential: &Credential) -> HttpRequest {
    let endpoint = config.endpoint("X").unwrap();
    request::chat(chat, &Site { config, ..testing::site(endpoint, credential) }).unwrap()
}

fn body(request: &HttpRequest) -> Value {
    serde_json::from_slice(request.body.as_ref().unwrap()).unwrap()
}

fn key() -> Credential {
    testing::credential("https://x.test/base", "sk-secret")
}

// --- requests

#[test]
fn the_request_expression_gets_all_that_is_asked_under_one_set_of_names() {
    let config = config(
        "paths: {chat: /a}\nrequest: .\nresponse: {text: .t}",
        "userId: user\ncustomParams: {paramDefinitions: [{key: seed, default: 7}]}\naddParams: {extra: 1}\ndropParams: [effort]",
    );
    let mut asked = chat(vec![
        said(Role::User, "a"),
        said(Role::User, "b"),
        said(Role::Assistant, "c"),
        said(Role::User, "d"),
    ]);
    asked.settings = Settings {
        system: Some("Be brief.".into()),
        temperature: Some(0.5),
        max_tokens: Some(9),
        effort: Some("low".into()),
        params: json!({"top_k": 3}).as_object().unwrap().clone(),
    };
    asked.tools =
        vec![Tool { name: "f".into(), description: "F.".into(), schema: json!({"type": "object"}) }];
    let message = |role: &str, texts: &[&str]| {
        let parts: Vec<Value> = texts.iter().map(|text| json!({"type": "text", "text": text})).collect();
        json!({"role": role, "content": texts.concat(), "parts": parts})
    };
    assert_eq!(
        body(&made(&config, &asked, &key())),
        json!({
            "model": "m/1",
            "messages": [message("user", &["a", "b"]), message("assistant", &["c"]), message("user", &["d"])],
            "system": "Be brief.",
            "temperature": 0.5,
            "max_tokens": 9,
            "params": {"top_k": 3, "seed": 7},
            "tools": [{"name": "f", "description": "F.", "schema": {"type": "object"}}],
            "stream": false,
            "user": "ana",
            "extra": 1
        })
    );
}

#[test]
fn the_key_goes_where_it_is_named_and_else_as_a_bearer_token() {
    let base = "request: '{}'\nresponse: {text: .t}\n";
    let of = |adapter: &str, own: &str, credential: &Credential| {
        let made = made(&config(&format!("{base}{adapter}"), own), &chat(vec![]), credential);
        let shown = |name: &str| made.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        let secret = made.headers.iter().filter(|(_, value)| value.is_sensitive()).count();
        (made.url.to_string(), shown("authorization"), shown("x-key"), secret)
    };
    let bearer = Some("Bearer sk-secret".to_owned());
    let url = || "https://x.test/base/a".to_owned();
    assert_eq!(of("paths: {chat: /a}", "", &key()), (url(), bearer, None, 1));
    let named = "paths: {chat: /a}\nheaders: {X-Key: 'Token {{ key }} of ${TEAM}'}";
    assert_eq!(of(named, "", &key()), (url(), None, Some("Token sk-secret of blue".into()), 1));
    // Without a key there is nothing to put into the header.
    let nobody = testing::credential("https://x.test/base", "");
    assert_eq!(of(named, "", &nobody), (url(), None, None, 0));
    // To a host that the person named goes nothing that somebody else configured.
    let mine = Credential { own_base_url: true, ..key() };
    assert_eq!(of(named, "", &mine), (url(), None, None, 0));
    let own = "headers: {x-key: own}";
    assert_eq!(of(named, own, &key()), (url(), None, Some("own".into()), 1));
    let path = "paths:\n  chat: a/{{model}}?k={{key}}&u={{user}}";
    let whole = "https://x.test/base/a/m%2F1?k=sk-secret&u=".to_owned();
    assert_eq!(of(path, "", &key()), (whole, None, None, 0));
}

#[test]
fn a_get_has_the_body_in_its_query_and_a_text_is_sent_as_it_is() {
    let get = config(
        "paths: {chat: '/a?v=1'}\nmethod: GET\nrequest: '{q: .messages[0].content, n: 2, no: null}'\nresponse: {text: .t}",
        "",
    );
    let asked = chat(vec![said(Role::User, "a b&c")]);
    let request = made(&get, &asked, &key());
    assert_eq!((request.method.as_str(), request.body), ("GET", None));
    assert_eq!(request.url.as_str(), "https://x.test/base/a?v=1&q=a+b%26c&n=2");
    let text =
        config("paths: {chat: /a}\nmethod: PATCH\nrequest: '\"q=\\(.model)\"'\nresponse: {text: .t}", "");
    let request = made(&text, &asked, &key());
    assert_eq!((request.method.as_str(), &request.body.unwrap()[..]), ("PATCH", &b"q=m/1"[..]));
}

#[test]
fn a_request_that_is_none_or_several_is_refused_before_it_is_sent() {
    for (expression, reason) in
        [("empty", "exactly one"), ("1, 2", "exactly one"), (".model.x", "cannot index")]
    {
        let config =
            config(&format!("paths: {{chat: /a}}\nrequest: '{expression}'\nresponse: {{text: .t}}"), "");
        let (endpoint, credential) = (config.endpoint("X").unwrap(), key());
        let failure = request::chat(&chat(vec![]), &testing::site(endpoint, &credential)).unwrap_err();
        assert_eq!(failure.kind, ErrorKind::Config);
        for part in ["X: adapter.request", "loquat.yaml:8:", reason] {
            assert!(failure.message.contains(part), "{}", failure.message);
        }
    }
}

#[test]
fn a_list_of_models_is_what_its_expression_gives() {
    let adapter = "paths: {chat: /a, models: /m}\nrequest: '{}'\nresponse: {text: .t}\nmodels: .m[]?";
    let (endpoint, credential) = (endpoint(adapter), key());
    let site = testing::site(&endpoint, &credential);
    assert_eq!(models::request(&site).unwrap().unwrap().url.as_str(), "https://x.test/base/m");
    assert!(models::health(&site).unwrap().is_none());
    let listed = |body: Value| models::list(&site, body).map_err(|failure| failure.message);
    assert_eq!(listed(json!({"m": ["a", {"id": "b"}, null, ["c"]]})), Ok(json!(["a", {"id": "b"}, "c"])));
    assert!(listed(json!({})).unwrap_err().contains("adapter.models"));
}

// --- answers

const SELECTORS: &str = "
paths: {chat: /a}
request: '{}'
stream:
  text: .t
  reasoning: .r
  refusal: .no
  tool_calls: .c
  finish_reason: .f
  model: .m
  done: . == \"END\" or .end == true
response:
  text: .whole
  finish_reason: .f
error: .e
usage: {tokens_in: .i, tokens_out: .o}
finish_reasons: {full: length, bad: error}
";

fn of(framing: &str) -> Endpoint {
    endpoint(&format!("framing: {framing}{SELECTORS}"))
}

/// Pieces in each framing.
fn framed(pieces: &[Value]) -> [(&'static str, String); 3] {
    let texts: Vec<String> = pieces.iter().map(Value::to_string).collect();
    [
        ("sse", texts.iter().map(|text| format!("data: {text}\n\n")).collect()),
        ("ndjson", texts.iter().map(|text| format!("{text}\n")).collect()),
        ("json-array", format!("[{}]", texts.join(",\n"))),
    ]
}

fn text(answer: &Answer) -> String {
    answer.parts.iter().filter_map(Part::text).collect()
}

#[test]
fn every_framing_says_the_same() {
    let call = |id: &str, arguments: &str| {
        Part::ToolCall(ToolCall { id: id.into(), name: "f".into(), arguments: arguments.into() })
    };
    let pieces = [
        json!({"m": "m-1", "r": "Hm."}),
        json!({"t": "a \"[{\\ é"}),
        json!({"t": "", "c": null, "x": [[]]}),
        json!({"t": "b"}),
        json!({"c": {"index": 4, "id": "1", "name": "f", "arguments": "{\"a\""}}),
        json!({"c": [{"index": 4, "arguments": ":1}"}, {"id": "2", "name": "f", "arguments": {"b": 2}}]}),
        json!({"i": 7}),
        json!({"f": "stop", "o": 3.0}),
    ];
    let expected = Answer {
        parts: vec![
            Part::Reasoning { text: "Hm.".into() },
            Part::Text { text: "a \"[{\\ éb".into() },
            call("1", "{\"a\":1}"),
            call("2", "{\"b\":2}"),
        ],
        usage: Usage { tokens_in: Some(7), tokens_out: Some(3), ..Usage::default() },
        model_served: Some("m-1".into()),
    };
    for (framing, body) in framed(&pieces) {
        let read = testing::answered_by(&of(framing), 200, &body);
        assert_eq!(read, (expected.clone(), End::Finished(FinishReason::ToolCalls)), "{framing}");
    }
}

#[test]
fn a_whole_answer_is_known_from_a_stream_in_every_framing() {
    for framing in ["sse", "ndjson", "json-array"] {
        for body in ["{\"whole\": \"a\", \"f\": \"full\"}", "{\n \"whole\": \"a\",\n \"f\": \"full\"\n}\n"] {
            let (answer, end) = testing::answered_by(&of(framing), 200, body);
            assert_eq!(
                (&*text(&answer), end),
                ("a", End::Finished(FinishReason::Length)),
                "{framing}: {body}"
            );
        }
    }
    let whole = "paths: {chat: /a}\nrequest: '{}'\nresponse: {text: '.[].t'}";
    let (answer, end) = testing::answered_by(&endpoint(whole), 200, "[{\"t\": \"a\"}, {\"t\": \"b\"}]");
    assert_eq!((&*text(&answer), end), ("ab", End::Finished(FinishReason::Stop)));
}

#[test]
fn a_stream_ends_with_its_mark_its_reason_or_its_bracket_and_is_cut_without() {
    let end = |framing: &str, body: &str| testing::answered_by(&of(framing), 200, body).1;
    let stop = || End::Finished(FinishReason::Stop);
    assert_eq!(end("sse", "data: {\"t\":\"a\"}\n\ndata: END\n\n"), stop());
    assert_eq!(end("sse", "data: {\"t\":\"a\"}\n\ndata: [DONE]\n\n"), stop());
    assert_eq!(end("ndjson", "{\"t\":\"a\"}\nEND\n{\"t\":7, \"e\":\"late\"}\n"), stop());
    assert_eq!(end("ndjson", "{\"t\":\"a\",\"end\":true}"), stop());
    assert_eq!(end("ndjson", "{\"t\":\"a\",\"f\":\"full\"}\n"), End::Finished(FinishReason::Length));
    assert_eq!(end("json-array", "[{\"t\":\"a\"}]"), stop());
    for (framing, body) in
        [("sse", "data: {\"t\":\"a\"}\n\n"), ("ndjson", "{\"t\":\"a\"}\n"), ("json-array", "[{\"t\":\"a\"},")]
    {
        let (answer, end) = testing::answered_by(&of(framing), 200, body);
        assert!(matches!(end, End::Cut(_)), "{framing}: {end:?}");
        assert_eq!(text(&answer), "a");
    }
}

#[test]
fn errors_are_told_in_the_services_words_whatever_their_status() {
    let failure = |status: u16, body: &str| {
        let end = testing::answered_by(&of("ndjson"), status, body).1;
        let failure = end.failure().unwrap();
        (failure.kind, failure.message.clone())
    };
    assert_eq!(failure(500, r#"{"e": "boom"}"#), (ErrorKind::Provider, "boom".into()));
    assert_eq!(failure(401, r#"{"e": {"message": "no sk-secret"}}"#), (ErrorKind::Auth, "no ***".into()));
    assert_eq!(failure(429, r#"{"message": "usual place"}"#), (ErrorKind::RateLimit, "usual place".into()));
    assert_eq!(failure(200, "{\"t\":\"a\"}\n{\"e\": {\"message\": \"late\", \"code\": 429}}\n").1, "late");
    assert_eq!(failure(200, "{\"t\":\"a\"}\n{\"f\": \"bad\"}\n").0, ErrorKind::Provider);
    assert_eq!(failure(200, "<html>portal</html>").0, ErrorKind::Provider);
    assert_eq!(failure(200, "{\"t\":\"a\"}\nnonsense\n").0, ErrorKind::Provider);
}

#[test]
fn an_answer_in_which_no_selector_finds_anything_blames_the_selector() {
    for (framing, body) in framed(&[json!({"text": "a"}), json!({"f": "stop"})]) {
        let (_, end) = testing::answered_by(&of(framing), 200, &body);
        let failure = end.failure().unwrap();
        assert_eq!(failure.kind, ErrorKind::Config, "{framing}");
        assert!(failure.message.contains("adapter.stream.text"), "{}", failure.message);
        assert!(failure.message.contains(r#"{"text":"a"}"#), "{}", failure.message);
    }
    // An empty text is an answer, and so is one that a filter ended.
    for last in [json!({"t": "", "f": "stop"}), json!({"f": "content_filter"})] {
        for (framing, body) in framed(&[last]) {
            assert!(
                matches!(testing::answered_by(&of(framing), 200, &body).1, End::Finished(_)),
                "{framing}"
            );
        }
    }
}

#[test]
fn what_a_selector_gives_has_to_be_of_its_kind() {
    for (piece, part) in [
        (json!({"t": ["a"]}), "loquat.yaml:11:17): it gave a list where a text is needed"),
        (
            json!({"t": {"sk-secret": 1}}),
            "an object where a text is needed; the input was {\"t\":{\"***\":1}}",
        ),
        (json!({"c": "f"}), "a text where a tool call is needed"),
        (json!({"i": "7"}), "a text where a number of tokens is needed"),
        (json!({"i": -1}), "a number where a number of tokens is needed"),
    ] {
        let (_, end) = testing::answered_by(&of("ndjson"), 200, &format!("{piece}\n"));
        let message = end.failure().unwrap().message.clone();
        assert!(message.contains(part), "{message}");
    }
}

proptest! {
    #[test]
    fn every_prefix_keeps_its_text_and_ends_cut_or_failed(at in 0usize..400, framing in 0usize..3) {
        let pieces = [json!({"r": "Hm."}), json!({"t": "Grüße "}), json!({"t": "du"}), json!({"f": "stop"})];
        let (_, body) = &framed(&pieces)[framing];
        let cut = at % body.len();
        static ENDPOINTS: LazyLock<[Endpoint; 3]> = LazyLock::new(|| ["sse", "ndjson", "json-array"].map(of));
        let (endpoint, credential) = (&ENDPOINTS[framing], key());
        let mut decoder = Decoder::new(endpoint, &credential, 200, &testing::headers(&[]));
        let mut events = Vec::new();
        decoder.push(&body.as_bytes()[..cut], &mut events);
        let end = decoder.finish(None, &mut events);
        let mut answer = Answer::default();
        events.iter().for_each(|event| answer.apply(event));
        prop_assert!("Grüße du".starts_with(&text(&answer)));
        // The last piece is a piece with its last byte, whatever its framing puts behind it.
        let is_over = cut > body.rfind('}').unwrap();
        prop_assert!(is_over == matches!(end, End::Finished(_)), "{:?}", end);
    }
}
