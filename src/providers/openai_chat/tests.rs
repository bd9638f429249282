//! Hand-written answers, one for each thing that servers do differently. Each is read whole and byte by byte.

use serde_json::{Value, json};

use crate::chat::{
    Answer, End, ErrorKind, Failure, FinishReason, Part, ProviderState, Source, StreamEvent, ToolCall, Usage,
};
use crate::providers::{Decoder, testing};

/// Reads an answer in blocks of `size` bytes. `done` tells whether the decoder said that it had enough.
fn read(status: u16, body: &[u8], size: usize, broken: Option<Failure>) -> (Answer, End, bool) {
    let (endpoint, credential) =
        (testing::endpoint("X", "https://x.test"), testing::credential("", "sk-secret"));
    let mut decoder = Decoder::new(&endpoint, &credential, status, &testing::headers(&[]));
    let mut events: Vec<StreamEvent> = Vec::new();
    let done = body.chunks(size).any(|block| decoder.push(block, &mut events));
    let end = decoder.finish(broken, &mut events);
    let mut answer = Answer::default();
    events.iter().for_each(|event| answer.apply(event));
    (answer, end, done)
}

fn whole_and_bytewise(status: u16, body: &str) -> (Answer, End, bool) {
    let whole = read(status, body.as_bytes(), usize::MAX, None);
    for size in [1, 2, 7] {
        assert_eq!(read(status, body.as_bytes(), size, None), whole, "in blocks of {size}: {body}");
    }
    whole
}

/// A stream of these chunks and the end they have.
fn stream(chunks: &[&str]) -> String {
    chunks.iter().map(|chunk| format!("data: {chunk}\n\n")).collect()
}

fn said(chunks: &[&str]) -> (Answer, End, bool) {
    whole_and_bytewise(200, &stream(chunks))
}

fn text(text: &str) -> Part {
    Part::Text { text: text.into() }
}

fn call(id: &str, name: &str, arguments: &str) -> Part {
    Part::ToolCall(ToolCall { id: id.into(), name: name.into(), arguments: arguments.into() })
}

const HI: &str = r#"{"model":"m-1","choices":[{"index":0,"delta":{"content":"Hi \"é😀\"\n"}}]}"#;
const STOP: &str = r#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#;
const DONE: &str = "[DONE]";

#[test]
fn an_ordinary_stream_says_its_text_model_usage_and_end() {
    let usage = r#"{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11,
        "prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":0}}}"#
        .replace('\n', "");
    let (answer, end, done) = said(&[HI, STOP, &usage, DONE]);
    assert_eq!(answer.parts, [text("Hi \"é😀\"\n")]);
    assert_eq!(answer.model_served, Some("m-1".into()));
    assert_eq!(
        answer.usage,
        Usage {
            tokens_in: Some(9),
            tokens_out: Some(2),
            cached_in: Some(4),
            cache_write: None,
            cache_write_1h: None,
            reasoning_out: Some(0),
            told_cost: None,
            estimated: false
        }
    );
    assert_eq!((end, done), (End::Finished(FinishReason::Stop), true));
}

#[test]
fn crlf_bom_comments_padding_and_unknown_fields_change_nothing() {
    let body = format!(
        "\u{feff}: PROCESSING\r\n\r\n: ping\r\n\r\nid: 1\r\ndata:{}   \r\n\r\nevent: x\r\ndata: {STOP}\r\n\r\ndata: [DONE]\r\n\r\n",
        HI.replacen('{', r#"{"obfuscation":"abc","p":[1,{"x":null}],"#, 1)
    );
    let (answer, end, done) = whole_and_bytewise(200, &body);
    assert_eq!(answer.parts, [text("Hi \"é😀\"\n")]);
    assert_eq!((end, done), (End::Finished(FinishReason::Stop), true));
}

#[test]
fn the_end_may_lack_done_a_blank_line_or_a_reason() {
    for body in [
        stream(&[HI, STOP]),
        stream(&[HI, STOP]).trim_end().to_owned(),
        stream(&[HI, DONE]),
        stream(&[HI, r#"{"choices":[{"delta":{},"finish_reason":""}]}"#, DONE]),
        stream(&[HI, r#"{"choices":[{"delta":{},"finish_reason":"eos"}]}"#]),
    ] {
        let (answer, end, _) = whole_and_bytewise(200, &body);
        assert_eq!(
            (answer.parts, end),
            (vec![text("Hi \"é😀\"\n")], End::Finished(FinishReason::Stop)),
            "{body}"
        );
    }
}

#[test]
fn an_end_of_file_is_a_cut_after_content_and_a_failure_before() {
    let (answer, end, _) = said(&[HI]);
    assert_eq!(answer.parts, [text("Hi \"é😀\"\n")]);
    assert!(matches!(&end, End::Cut(failure) if failure.kind == ErrorKind::Cut), "{end:?}");
    for body in ["", "\n\n", ": ping\n\n", "data: {\"choices\":[]}\n\n", "data: {\"choi"] {
        let (answer, end, _) = whole_and_bytewise(200, body);
        assert_eq!(answer.parts, []);
        let End::Failed(failure) = end else { panic!("{body}: {end:?}") };
        assert_eq!(failure.kind, ErrorKind::Network);
        assert_eq!(failure.message, "The answer ended before any content.");
    }
}

#[test]
fn a_broken_connection_cuts_content_and_spares_what_was_finished() {
    let broken = |kind| Some(Failure::new(kind, "broke"));
    let ends = |body: String, kind| read(200, body.as_bytes(), 5, broken(kind)).1;
    assert_eq!(ends(stream(&[HI, STOP]), ErrorKind::Network), End::Finished(FinishReason::Stop));
    let End::Cut(failure) = ends(stream(&[HI]), ErrorKind::Network) else { panic!() };
    assert_eq!((failure.kind, failure.message.as_str()), (ErrorKind::Cut, "broke"));
    let End::Cut(failure) = ends(stream(&[HI]), ErrorKind::Timeout) else { panic!() };
    assert_eq!(failure.kind, ErrorKind::Timeout);
    assert_eq!(
        ends(String::new(), ErrorKind::Network),
        End::Failed(Failure::new(ErrorKind::Network, "broke"))
    );
    assert_eq!(
        ends("{\"choi".into(), ErrorKind::Network),
        End::Failed(Failure::new(ErrorKind::Network, "broke"))
    );
}

#[test]
fn reasoning_is_read_from_either_field_and_never_twice() {
    let (answer, _, _) = said(&[
        r#"{"choices":[{"delta":{"reasoning":"a","reasoning_content":"a","content":null}}]}"#,
        r#"{"choices":[{"delta":{"reasoning_content":"b"}}]}"#,
        r#"{"choices":[{"delta":{"reasoning":"c"}}]}"#,
        r#"{"choices":[{"delta":{"content":"d","reasoning":null}}]}"#,
        STOP,
    ]);
    assert_eq!(answer.parts, [Part::Reasoning { text: "abc".into() }, text("d")]);
}

#[test]
fn content_may_be_a_list_of_pieces() {
    let (answer, _, _) = said(&[
        r#"{"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]}}]}"#,
        r#"{"choices":[{"delta":{"content":[{"type":"text","text":"x"},{"type":"new","y":1},{"type":"text","text":"y"}]}}]}"#,
        STOP,
    ]);
    assert_eq!(answer.parts, [Part::Reasoning { text: "hm".into() }, text("xy")]);
}

#[test]
fn what_an_answer_cites_is_told_once_wherever_it_stands() {
    let source = |url: &str, title: &str| Part::Source(Source { url: url.into(), title: title.into() });
    let (answer, ..) = said(&[
        HI,
        r#"{"choices":[{"delta":{"annotations":[{"type":"url_citation","url_citation":{"url":"https://a.test","title":"A"}}]}}]}"#,
        STOP,
    ]);
    assert_eq!(answer.parts, [text("Hi \"é😀\"\n"), source("https://a.test", "A")]);
    let perplexity =
        r#"{"citations":["https://a.test"],"search_results":[{"title":"A","url":"https://a.test"}],
        "choices":[{"delta":{"content":"x"}}]}"#
            .replace('\n', "");
    let (answer, ..) = said(&[&perplexity, &perplexity, STOP]);
    assert_eq!(answer.parts, [text("xx"), source("https://a.test", "A")]);
    let xai = r#"{"choices":[],"citations":["https://a.test","https://b.test"]}"#;
    let (answer, ..) = said(&[HI, STOP, xai]);
    assert_eq!(answer.parts[1..], [source("https://a.test", ""), source("https://b.test", "")]);
}

#[test]
fn what_the_server_wants_back_is_put_together_and_kept() {
    let state = |value: Value| Part::State(ProviderState { wire: "openai-chat".into(), value });
    let delta = |fields: Value| json!({"choices": [{"delta": fields}]}).to_string();
    let details = |details: Value| delta(json!({"reasoning_details": details}));
    let openrouter = [
        details(json!([{"type": "reasoning.text", "text": "H", "index": 0, "format": "x"}])),
        details(json!([{"type": "reasoning.text", "text": "m", "index": 0}])),
        details(json!([{"type": "reasoning.text", "signature": "s", "index": 0}])),
        details(
            json!([{"type": "reasoning.encrypted", "data": "d", "index": 1}, {"type": "reasoning.encrypted", "data": "e", "index": 1}]),
        ),
        STOP.to_owned(),
    ];
    let kept = json!({"reasoning_details": [
        {"type": "reasoning.text", "text": "Hm", "index": 0, "format": "x", "signature": "s"},
        {"type": "reasoning.encrypted", "data": "d", "index": 1}, {"type": "reasoning.encrypted", "data": "e", "index": 1}]});
    assert_eq!(said(&openrouter.each_ref().map(String::as_str)).0.parts, [state(kept)]);
    let thinking = |thinking: &str, signature: &str| {
        let blocks = json!([{"type": "thinking", "thinking": thinking, "signature": signature}]);
        delta(json!({"reasoning_content": thinking, "thinking_blocks": blocks}))
    };
    let litellm =
        [thinking("H", ""), thinking("m", ""), thinking("", "s"), thinking("Ah", "t"), STOP.to_owned()];
    let kept = json!({"thinking_blocks": [
        {"type": "thinking", "thinking": "Hm", "signature": "s"},
        {"type": "thinking", "thinking": "Ah", "signature": "t"}]});
    assert_eq!(
        said(&litellm.each_ref().map(String::as_str)).0.parts,
        [Part::Reasoning { text: "HmAh".into() }, state(kept)]
    );
}

#[test]
fn a_refusal_and_calls_decide_what_stop_means() {
    let (answer, end, _) = said(&[r#"{"choices":[{"delta":{"refusal":"I can't"}}]}"#, STOP, DONE]);
    assert_eq!(answer.parts, [Part::Refusal { text: "I can't".into() }]);
    assert_eq!(end, End::Finished(FinishReason::Refusal));
    let whole_call =
        r#"{"choices":[{"delta":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":{"x":1}}}]}}]}"#;
    let (answer, end, _) = said(&[whole_call, STOP, DONE]);
    assert_eq!(answer.parts, [call("a", "f", r#"{"x":1}"#)]);
    assert_eq!(end, End::Finished(FinishReason::ToolCalls));
    let length = r#"{"choices":[{"delta":{},"finish_reason":"length"}]}"#;
    assert_eq!(said(&[whole_call, length]).1, End::Finished(FinishReason::Length));
}

#[test]
fn pieces_of_calls_find_their_call() {
    let piece = |calls: &str| format!(r#"{{"choices":[{{"delta":{{"tool_calls":[{calls}]}}}}]}}"#);
    let cases: &[(&str, &[&str], Vec<Part>)] = &[
        (
            "interleaved by index",
            &[
                r#"{"index":0,"id":"a","function":{"name":"f","arguments":""}},{"index":1,"id":"b","function":{"name":"g","arguments":"{"}}"#,
                r#"{"index":0,"function":{"arguments":"{}"}}"#,
                r#"{"index":1,"function":{"arguments":"}"}}"#,
            ],
            vec![call("a", "f", "{}"), call("b", "g", "{}")],
        ),
        (
            "indexes from one, the id repeated",
            &[
                r#"{"index":1,"id":"a","function":{"name":"f","arguments":"{"}}"#,
                r#"{"index":1,"id":"a","function":{"name":"","arguments":"}"}}"#,
            ],
            vec![call("a", "f", "{}")],
        ),
        (
            "a new id on a used index",
            &[
                r#"{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}"#,
                r#"{"index":0,"id":"b","function":{"name":"f","arguments":"{\"x\""}}"#,
                r#"{"index":0,"function":{"arguments":":1}"}}"#,
            ],
            vec![call("a", "f", "{}"), call("b", "f", r#"{"x":1}"#)],
        ),
        (
            "whole calls without index",
            &[
                r#"{"id":"a","function":{"name":"f","arguments":"{}"}}"#,
                r#"{"function":{"name":"g","arguments":null}},{"function":{"name":"h"}}"#,
            ],
            vec![call("a", "f", "{}"), call("", "g", ""), call("", "h", "")],
        ),
    ];
    for (what, pieces, parts) in cases {
        let chunks: Vec<String> = pieces.iter().map(|calls| piece(calls)).collect();
        let chunks: Vec<&str> = chunks.iter().map(String::as_str).collect();
        assert_eq!(&said(&chunks).0.parts, parts, "{what}");
    }
}

#[test]
fn usage_is_replaced_wherever_it_stands_and_reasoning_is_put_back_where_it_was_left_out() {
    let usage = |chunks: &[&str]| said(chunks).0.usage;
    let known = |tokens_in, tokens_out| Usage {
        tokens_in: Some(tokens_in),
        tokens_out: Some(tokens_out),
        ..Usage::default()
    };
    let running = [
        r#"{"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":5,"completion_tokens":1}}"#,
        r#"{"choices":[{"delta":{"content":"b"},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":2}}"#,
        r#"{"choices":[],"usage":null}"#,
    ];
    assert_eq!(usage(&running), known(5, 2));
    let groq = r#"{"choices":[],"x_groq":{"id":"r","usage":{"prompt_tokens":3,"completion_tokens":4}}}"#;
    assert_eq!(usage(&[HI, STOP, groq]), known(3, 4));
    let xai = r#"{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":2,"total_tokens":42,"completion_tokens_details":{"reasoning_tokens":30}}}"#;
    assert_eq!(usage(&[HI, STOP, xai]), Usage { reasoning_out: Some(30), ..known(10, 32) });
    let deepseek =
        r#"{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":2,"prompt_cache_hit_tokens":8}}"#;
    assert_eq!(usage(&[HI, STOP, deepseek]), Usage { cached_in: Some(8), ..known(10, 2) });
    let litellm = r#"{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":2,"prompt_tokens_details":{"cache_creation_tokens":6,"cache_creation_token_details":{"ephemeral_1h_input_tokens":5}}}}"#;
    let written = Usage { cache_write: Some(6), cache_write_1h: Some(5), ..known(10, 2) };
    assert_eq!(usage(&[HI, STOP, litellm]), written);
    assert_eq!(usage(&[HI, STOP, r#"{"choices":[],"usage":{"prompt_tokens":-1}}"#]), Usage::default());
    assert_eq!(usage(&[HI, STOP]), Usage::default());
}

#[test]
fn an_error_counts_wherever_it_comes() {
    let error = r#"{"error":{"message":"overloaded sk-secret","code":503}}"#;
    let error_after_length =
        r#"{"error":{"message":"overloaded sk-secret"},"choices":[{"delta":{},"finish_reason":"length"}]}"#;
    let broke = r#"{"choices":[{"delta":{},"finish_reason":"error"}]}"#;
    let bodies = [
        stream(&[HI, error]),
        stream(&[HI, STOP, error, DONE]),
        stream(&[HI, error_after_length, DONE]),
        stream(&[HI, broke, error]),
        format!("{}event: error\ndata: {error}\n\n", stream(&[HI])),
        format!("{}error: {error}\n\n", stream(&[HI])),
        format!("{}data: {{\"object\":\"error\",\"message\":\"overloaded sk-secret\"}}\n\n", stream(&[HI])),
    ];
    for body in bodies {
        let (answer, end, _) = whole_and_bytewise(200, &body);
        assert_eq!(answer.parts, [text("Hi \"é😀\"\n")], "{body}");
        let End::Failed(failure) = end else { panic!("{body}: {end:?}") };
        assert_eq!(
            (failure.kind, failure.message.as_str()),
            (ErrorKind::Provider, "overloaded ***"),
            "{body}"
        );
    }
    let End::Failed(failure) = said(&[HI, broke, DONE]).1 else { panic!() };
    assert_eq!(failure.message, "The provider ended the answer with an error (error).");
}

#[test]
fn a_whole_answer_is_read_under_any_content_type() {
    let body = r#" {"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi","reasoning_content":"hm",
        "tool_calls":null},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#;
    let (answer, end, _) = whole_and_bytewise(200, body);
    assert_eq!(answer.parts, [Part::Reasoning { text: "hm".into() }, text("Hi")]);
    assert_eq!(answer.usage.tokens_out, Some(2));
    assert_eq!(end, End::Finished(FinishReason::Stop));
}

#[test]
fn what_is_no_answer_is_a_failure_with_its_words() {
    let cases = [
        (200, r#"{"error":{"message":"no credits","code":402}}"#, ErrorKind::RateLimit, "no credits"),
        (
            200,
            "<html><title>Sign in</title></html>",
            ErrorKind::Provider,
            "HTTP 200: an HTML page instead of an answer (Sign in)",
        ),
        (200, "{}", ErrorKind::Provider, "HTTP 200: not an answer of this wire format: {}"),
        (
            200,
            "data: garbage\n\n",
            ErrorKind::Provider,
            "HTTP 200: not an answer of this wire format: garbage",
        ),
        (401, r#"{"error":{"message":"bad key sk-secret"}}"#, ErrorKind::Auth, "bad key ***"),
        (502, "<html>", ErrorKind::Provider, "HTTP 502: an HTML page instead of an answer"),
        (500, "", ErrorKind::Provider, "HTTP 500 without a word"),
    ];
    for (status, body, kind, message) in cases {
        let (answer, end, _) = whole_and_bytewise(status, body);
        assert_eq!(answer.parts, []);
        let End::Failed(failure) = end else { panic!("{body}: {end:?}") };
        assert_eq!((failure.kind, failure.message.as_str(), failure.status), (kind, message, Some(status)));
    }
}

#[test]
fn an_error_body_is_read_no_further_than_it_is_of_use() {
    let body = "x".repeat(1 << 20);
    let (_, end, done) = read(500, body.as_bytes(), 4096, None);
    assert!(done, "the rest need not be read");
    let End::Failed(failure) = end else { panic!("{end:?}") };
    assert!(failure.message.len() < 700);
}

#[test]
fn an_empty_answer_that_ends_properly_is_an_answer() {
    let (answer, end, _) = said(&[STOP, DONE]);
    assert_eq!((answer.parts, end), (vec![], End::Finished(FinishReason::Stop)));
}
