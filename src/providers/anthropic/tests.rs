//! Hand-written answers, one for each thing that the wire holds. Each is read whole and in small blocks.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::chat::{
    Answer, End, ErrorKind, FinishReason, Part, ProviderState, ServerTool, Source, StreamEvent, ToolCall,
    Usage,
};
use crate::config::{Endpoint, WireFormat};
use crate::providers::{Conclusion, Decoder, Pause, testing};

fn endpoint() -> Endpoint {
    Endpoint { api: WireFormat::Anthropic, ..testing::endpoint("Claude", "https://x.test") }
}

fn decoder(status: u16) -> Decoder {
    Decoder::new(&endpoint(), &testing::credential("", "sk-ant-secret"), status, &testing::headers(&[]))
}

fn fold(events: &[StreamEvent]) -> Answer {
    let mut answer = Answer::default();
    events.iter().for_each(|event| answer.apply(event));
    answer
}

fn read(status: u16, body: &str, size: usize) -> (Answer, End) {
    let (mut decoder, mut events) = (decoder(status), Vec::new());
    for block in body.as_bytes().chunks(size) {
        if decoder.push(block, &mut events) {
            break;
        }
    }
    let end = decoder.finish(None, &mut events);
    (fold(&events), end)
}

fn however_cut(status: u16, body: &str) -> (Answer, End) {
    let whole = read(status, body, usize::MAX);
    for size in [1, 2, 7] {
        assert_eq!(read(status, body, size), whole, "in blocks of {size}: {body}");
    }
    whole
}

/// A stream of these events.
fn stream(events: &[Value]) -> String {
    events
        .iter()
        .map(|event| format!("event: {}\ndata: {event}   \n\n", event["type"].as_str().unwrap_or_default()))
        .collect()
}

fn said(events: &[Value]) -> (Answer, End) {
    however_cut(200, &stream(events))
}

fn start() -> Value {
    json!({"type": "message_start", "message": {"id": "msg_1", "type": "message", "role": "assistant",
        "model": "claude-x-1", "content": [], "stop_reason": null,
        "usage": {"input_tokens": 9, "cache_creation_input_tokens": 4, "cache_read_input_tokens": 2,
            "output_tokens": 1}}})
}

fn begin(index: u64, block: Value) -> Value {
    json!({"type": "content_block_start", "index": index, "content_block": block})
}

fn more(index: u64, delta: Value) -> Value {
    json!({"type": "content_block_delta", "index": index, "delta": delta})
}

fn close(index: u64) -> Value {
    json!({"type": "content_block_stop", "index": index})
}

fn text_block(index: u64, text: &str) -> [Value; 3] {
    let (first, rest) = text.split_at(text.char_indices().nth(2).map_or(text.len(), |(at, _)| at));
    [
        begin(index, json!({"type": "text", "text": first})),
        more(index, json!({"type": "text_delta", "text": rest})),
        close(index),
    ]
}

fn end(reason: &str) -> [Value; 2] {
    [
        json!({"type": "message_delta", "delta": {"stop_reason": reason, "stop_sequence": null},
            "usage": {"output_tokens": 15}}),
        json!({"type": "message_stop"}),
    ]
}

/// A whole stream of these blocks' events.
fn answer_of(blocks: Vec<Value>, reason: &str) -> (Answer, End) {
    said(&[vec![start()], blocks, end(reason).to_vec()].concat())
}

fn text(text: &str) -> Part {
    Part::Text { text: text.into() }
}

fn state(value: Value) -> Part {
    Part::State(ProviderState { wire: "anthropic".into(), value })
}

fn usage(tokens_in: u64, tokens_out: u64) -> Usage {
    Usage {
        tokens_in: Some(tokens_in),
        tokens_out: Some(tokens_out),
        cached_in: Some(2),
        cache_write: Some(4),
        ..Usage::default()
    }
}

const STOP: End = End::Finished(FinishReason::Stop);

#[test]
fn an_ordinary_stream_says_its_text_model_usage_and_end() {
    let mut blocks = vec![json!({"type": "ping"}), json!({"type": "vertex_event", "text": "?"})];
    blocks.extend(text_block(0, "Hi \"é😀\"\n"));
    let (answer, ended) = answer_of(blocks, "end_turn");
    assert_eq!((answer.parts, ended), (vec![text("Hi \"é😀\"\n")], STOP));
    assert_eq!(answer.model_served, Some("claude-x-1".into()));
    // All three kinds of input count, and the last output stands.
    assert_eq!(answer.usage, usage(15, 15));
}

#[test]
fn counts_that_come_at_the_end_replace_those_of_the_start_unless_they_are_zero() {
    let last = json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {
        "input_tokens": 20, "cache_read_input_tokens": 0, "cache_creation_input_tokens": null,
        "cache_creation": {"ephemeral_5m_input_tokens": 1, "ephemeral_1h_input_tokens": 3},
        "output_tokens": 30, "output_tokens_details": {"thinking_tokens": 7}}});
    let (answer, ended) = said(&[start(), last]);
    assert_eq!(answer.usage, Usage { cache_write_1h: Some(3), reasoning_out: Some(7), ..usage(26, 30) });
    // An answer of no blocks is one, and so is one without its last event.
    assert_eq!((answer.parts, ended), (vec![], STOP));
}

#[test]
fn a_signed_thought_is_shown_and_kept_whole() {
    let mut blocks = vec![
        begin(0, json!({"type": "thinking", "thinking": "", "signature": ""})),
        more(0, json!({"type": "thinking_delta", "thinking": "Hm"})),
        more(0, json!({"type": "thinking_delta", "thinking": "m."})),
        more(0, json!({"type": "signature_delta", "signature": "sig"})),
        close(0),
        begin(1, json!({"type": "redacted_thinking", "data": "enc"})),
        close(1),
    ];
    blocks.extend(text_block(2, "Yes."));
    let (answer, ended) = answer_of(blocks, "end_turn");
    assert_eq!(
        answer.parts,
        [
            Part::Reasoning { text: "Hmm.".into() },
            state(json!({"type": "thinking", "thinking": "Hmm.", "signature": "sig"})),
            state(json!({"type": "redacted_thinking", "data": "enc"})),
            text("Yes."),
        ]
    );
    assert_eq!(ended, STOP);
}

#[test]
fn a_thought_that_is_not_shown_is_kept_and_one_that_is_not_signed_is_only_shown() {
    let hidden = vec![
        begin(0, json!({"type": "thinking", "thinking": "", "signature": ""})),
        more(0, json!({"type": "signature_delta", "signature": "sig"})),
        close(0),
    ];
    let block = json!({"type": "thinking", "thinking": "", "signature": "sig"});
    assert_eq!(answer_of(hidden, "end_turn").0.parts, [state(block)]);
    let unsigned = vec![
        begin(0, json!({"type": "thinking", "thinking": ""})),
        more(0, json!({"type": "thinking_delta", "thinking": "Hm"})),
        close(0),
    ];
    assert_eq!(answer_of(unsigned, "end_turn").0.parts, [Part::Reasoning { text: "Hm".into() }]);
}

#[test]
fn calls_are_put_together_by_block_and_one_may_have_no_arguments() {
    let call = |id: &str, name: &str| json!({"type": "tool_use", "id": id, "name": name, "input": {}});
    let piece = |index, json: &str| more(index, json!({"type": "input_json_delta", "partial_json": json}));
    let blocks = vec![
        begin(1, call("toolu_1", "f")),
        piece(1, ""),
        piece(1, "{\"a\":"),
        begin(2, call("toolu_2", "now")),
        piece(1, " 1}"),
        piece(2, ""),
        close(1),
        close(2),
        // A gateway that sends a call's input at once.
        begin(3, json!({"type": "tool_use", "id": "toolu_3", "name": "g", "input": {"b": 2}})),
        close(3),
    ];
    let (answer, ended) = answer_of(blocks, "tool_use");
    let call = |id: &str, name: &str, arguments: &str| {
        Part::ToolCall(ToolCall { id: id.into(), name: name.into(), arguments: arguments.into() })
    };
    assert_eq!(
        answer.parts,
        [call("toolu_1", "f", "{\"a\": 1}"), call("toolu_2", "now", ""), call("toolu_3", "g", "{\"b\":2}")]
    );
    assert_eq!(ended, End::Finished(FinishReason::ToolCalls));
}

#[test]
fn a_search_on_the_providers_side_is_one_tool_its_blocks_are_kept_and_what_it_found_is_cited() {
    let asked = |input: Value| json!({"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": input});
    let found = json!({"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": [
        {"type": "web_search_result", "title": "Rust", "url": "https://rust.test", "encrypted_content": "e"},
        {"type": "web_search_result", "title": "Crab", "url": "https://crab.test", "encrypted_content": "f"}]});
    let citation = json!({"type": "web_search_result_location", "url": "https://rust.test", "title": "Rust",
        "cited_text": "…", "encrypted_index": "i"});
    let document = json!({"type": "char_location", "document_index": 0, "document_title": "facts.txt"});
    let blocks = vec![
        begin(0, asked(json!({}))),
        more(0, json!({"type": "input_json_delta", "partial_json": "{\"query\": \"ru"})),
        more(0, json!({"type": "input_json_delta", "partial_json": "st\"}"})),
        close(0),
        begin(1, found.clone()),
        close(1),
        begin(2, json!({"type": "text", "text": "", "citations": []})),
        more(2, json!({"type": "citations_delta", "citation": citation})),
        more(2, json!({"type": "text_delta", "text": "A crab"})),
        close(2),
        begin(3, json!({"type": "text", "text": ".", "citations": [document]})),
        close(3),
    ];
    let (answer, ended) = answer_of(blocks, "end_turn");
    let source = |url: &str, title: &str| Part::Source(Source { url: url.into(), title: title.into() });
    assert_eq!(
        answer.parts,
        [
            Part::ServerTool(ServerTool {
                id: "srvtoolu_1".into(),
                name: "web_search".into(),
                input: "rust".into(),
                output: "Rust · Crab".into(),
            }),
            state(asked(json!({"query": "rust"}))),
            state(found),
            source("https://rust.test", "Rust"),
            text("A crab."),
            source("", "facts.txt"),
        ]
    );
    assert_eq!(ended, STOP);
}

#[test]
fn other_tools_of_the_provider_say_what_they_did_in_short() {
    let runs = [
        ("web_search", json!({"query": "q"}), json!({"type": "x", "error_code": "max_uses_exceeded"})),
        (
            "bash_code_execution",
            json!({"command": "ls"}),
            json!({"stdout": "", "stderr": "no", "return_code": 1}),
        ),
        ("web_fetch", json!({"url": "https://x.test"}), json!({"url": "u", "content": {"title": "X"}})),
        ("odd", json!({"a": 1}), json!([{"type": "text", "text": "one"}, {"type": "text", "text": "two"}])),
        ("none", json!({}), json!("said")),
    ];
    let told = runs.map(|(name, input, output)| {
        let blocks = vec![
            begin(0, json!({"type": "server_tool_use", "id": "s", "name": name, "input": input})),
            close(0),
            begin(1, json!({"type": format!("{name}_tool_result"), "tool_use_id": "s", "content": output})),
            close(1),
        ];
        match answer_of(blocks, "end_turn").0.parts.swap_remove(0) {
            Part::ServerTool(tool) => (tool.input, tool.output),
            other => panic!("{other:?}"),
        }
    });
    let pair = |input: &str, output: &str| (input.to_owned(), output.to_owned());
    assert_eq!(
        told,
        [
            pair("q", "max_uses_exceeded"),
            pair("ls", "no"),
            pair("https://x.test", "X"),
            pair("{\"a\":1}", "one · two"),
            pair("", "said"),
        ]
    );
}

#[test]
fn every_reason_has_its_name() {
    for (word, reason) in [
        ("end_turn", FinishReason::Stop),
        ("stop_sequence", FinishReason::Stop),
        ("max_tokens", FinishReason::Length),
        ("model_context_window_exceeded", FinishReason::Length),
        ("refusal", FinishReason::Refusal),
        ("something_newer", FinishReason::Stop),
    ] {
        let (answer, ended) = answer_of(text_block(0, "Hi.").to_vec(), word);
        assert_eq!((answer.parts, ended), (vec![text("Hi.")], End::Finished(reason)), "{word}");
    }
}

#[test]
fn a_refusal_says_why_where_the_provider_does() {
    let refused = json!({"type": "message_delta", "delta": {"stop_reason": "refusal",
        "stop_details": {"type": "refusal", "category": "cyber", "explanation": "Not this."}}});
    let (answer, ended) = said(&[start(), refused]);
    assert_eq!(answer.parts, [Part::Refusal { text: "Not this.".into() }]);
    assert_eq!(ended, End::Finished(FinishReason::Refusal));
}

#[test]
fn a_whole_answer_says_the_same_as_a_streamed_one() {
    let body = json!({"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x-1", "content": [
            {"type": "thinking", "thinking": "Hm.", "signature": "sig"},
            {"type": "text", "text": "Yes. "},
            {"type": "text", "text": "No.", "citations": [{"type": "page_location", "document_title": "a.pdf"}]},
            {"type": "tool_use", "id": "toolu_1", "name": "f", "input": {"a": [1]}},
            {"type": "tool_use", "id": "toolu_2", "name": "g", "input": {}}],
        "stop_reason": "tool_use", "usage": {"input_tokens": 9, "cache_creation_input_tokens": 4,
            "cache_read_input_tokens": 2, "output_tokens": 15}});
    let (answer, ended) = however_cut(200, &body.to_string());
    let call = |id: &str, name: &str, arguments: &str| {
        Part::ToolCall(ToolCall { id: id.into(), name: name.into(), arguments: arguments.into() })
    };
    assert_eq!(
        answer.parts,
        [
            Part::Reasoning { text: "Hm.".into() },
            state(json!({"type": "thinking", "thinking": "Hm.", "signature": "sig"})),
            text("Yes. No."),
            Part::Source(Source { url: String::new(), title: "a.pdf".into() }),
            call("toolu_1", "f", "{\"a\":[1]}"),
            call("toolu_2", "g", ""),
        ]
    );
    assert_eq!((answer.usage, ended), (usage(15, 15), End::Finished(FinishReason::ToolCalls)));
}

#[test]
fn text_is_not_lost_on_novelties() {
    let blocks = vec![
        begin(0, json!({"type": "poem", "lines": 2})),
        more(0, json!({"type": "poem_delta", "text": "Roses", "rhyme": null})),
        close(0),
        // A gateway that leaves out where blocks begin.
        more(7, json!({"type": "text_delta", "text": " are"})),
        json!({"type": "content_block_delta", "index": "7", "delta": {"text": " red", "thinking": 5}}),
        json!([1]),
        json!({"type": "content_block_delta", "delta": 3}),
    ];
    let (answer, ended) = answer_of(blocks, "end_turn");
    assert_eq!(answer.parts, [text("Roses are red"), state(json!({"type": "poem", "lines": 2}))]);
    assert_eq!(ended, STOP);
}

#[test]
fn an_error_in_the_middle_ends_the_answer_and_keeps_what_came() {
    let overloaded = json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}});
    let bare = format!("data: {overloaded}\n\n");
    for last in [stream(&[overloaded]), bare] {
        let body = stream(&[start(), more(0, json!({"text": "Half"}))]) + &last;
        let (answer, ended) = however_cut(200, &body);
        assert_eq!(answer.parts, [text("Half")]);
        let End::Failed(failure) = ended else { panic!("{ended:?}") };
        assert_eq!((failure.kind, &*failure.message), (ErrorKind::Provider, "Overloaded"));
    }
}

#[test]
fn every_error_has_its_kind() {
    for (status, kind, message, told) in [
        (400, "invalid_request_error", "prompt is too long: 9 tokens > 8 maximum", ErrorKind::ContextWindow),
        (
            400,
            "invalid_request_error",
            "input length and `max_tokens` exceed context limit: 5 + 4 > 8",
            ErrorKind::ContextWindow,
        ),
        (
            400,
            "invalid_request_error",
            "Output blocked by content filtering policy",
            ErrorKind::ContentFilter,
        ),
        (400, "invalid_request_error", "Your credit balance is too low", ErrorKind::RateLimit),
        (400, "invalid_request_error", "max_tokens: Field required", ErrorKind::Provider),
        (401, "authentication_error", "invalid x-api-key", ErrorKind::Auth),
        (403, "permission_error", "not allowed", ErrorKind::Auth),
        (404, "not_found_error", "model: claude-nope", ErrorKind::UnknownModel),
        (413, "request_too_large", "too large", ErrorKind::ContextWindow),
        (429, "rate_limit_error", "slow down", ErrorKind::RateLimit),
        (529, "overloaded_error", "Overloaded", ErrorKind::Provider),
        (200, "overloaded_error", "Overloaded", ErrorKind::Provider),
    ] {
        let body = json!({"type": "error", "error": {"type": kind, "message": message}, "request_id": "r"});
        let (_, ended) = however_cut(status, &body.to_string());
        let End::Failed(failure) = ended else { panic!("{ended:?}") };
        assert_eq!((failure.kind, &*failure.message), (told, message), "{status} {kind}");
    }
}

#[test]
fn bytes_that_end_before_the_answer_does_are_a_cut() {
    let (answer, ended) = said(&[start(), more(0, json!({"text": "Half"}))]);
    assert_eq!((answer.parts, ended.finish_reason()), (vec![text("Half")], FinishReason::Cut));
    // The input is known from the start.
    assert_eq!(answer.usage, usage(15, 1));
    let (_, ended) = said(&[start()]);
    assert_eq!(ended.failure().map(|failure| failure.kind), Some(ErrorKind::Network));
}

/// Reads a part of an answer, after `before` where it goes on.
fn leg(before: Option<Box<Pause>>, body: &str, events: &mut Vec<StreamEvent>) -> Conclusion {
    let mut decoder = match before {
        Some(pause) => {
            Decoder::resume(*pause, &endpoint(), &testing::credential("", ""), 200, &testing::headers(&[]))
        }
        None => decoder(200),
    };
    decoder.push(body.as_bytes(), events);
    decoder.conclude(None, events)
}

#[test]
fn an_answer_that_pauses_is_one_answer_over_all_its_requests() {
    let call = |index: u64, id: &str| {
        vec![begin(index, json!({"type": "tool_use", "id": id, "name": "f", "input": {}})), close(index)]
    };
    let asked = json!({"type": "server_tool_use", "id": "s", "name": "web_search", "input": {"query": "q"}});
    let legs = [
        (
            [text_block(0, "One ").to_vec(), call(1, "a"), vec![begin(2, asked.clone()), close(2)]].concat(),
            "pause_turn",
        ),
        (text_block(0, "two ").to_vec(), "pause_turn"),
        ([text_block(0, "three").to_vec(), call(1, "b")].concat(), "tool_use"),
    ];
    let (mut events, mut pause, mut given) = (Vec::new(), None, Vec::new());
    for (blocks, reason) in legs {
        let body = stream(&[vec![start()], blocks, end(reason).to_vec()].concat());
        match leg(pause.take(), &body, &mut events) {
            Conclusion::Paused(paused) => {
                given.push(paused.said["content"].clone());
                pause = Some(paused);
            }
            Conclusion::Ended(ended) => assert_eq!(ended, End::Finished(FinishReason::ToolCalls)),
        }
    }
    let one = [
        json!({"type": "text", "text": "One "}),
        json!({"type": "tool_use", "id": "a", "name": "f", "input": {}}),
        asked,
    ];
    let mut two = one.to_vec();
    two.push(json!({"type": "text", "text": "two "}));
    assert_eq!(given, [json!(one), json!(two)]);
    let answer = fold(&events);
    let ids: Vec<&str> = answer.parts.iter().filter_map(Part::tool_call).map(|call| &*call.id).collect();
    let said: String = answer.parts.iter().filter_map(Part::text).collect();
    assert_eq!((said.as_str(), ids), ("One two three", vec!["a", "b"]));
    let thrice = Usage { cached_in: Some(6), cache_write: Some(12), ..usage(45, 45) };
    assert_eq!(answer.usage, thrice);
}

#[test]
fn a_paused_answer_whose_rest_does_not_come_is_cut() {
    let mut events = Vec::new();
    let body = stream(&[vec![start()], text_block(0, "One").to_vec(), end("pause_turn").to_vec()].concat());
    let Conclusion::Paused(pause) = leg(None, &body, &mut events) else { panic!("no pause") };
    let Conclusion::Ended(ended) = leg(Some(pause), &stream(&[start()]), &mut events) else {
        panic!("paused again")
    };
    assert_eq!(ended.finish_reason(), FinishReason::Cut);
    // Who cannot ask again takes it as it is.
    assert_eq!(read(200, &body, usize::MAX).1, STOP);
}

proptest! {
    #[test]
    fn any_prefix_of_any_answer_is_read_without_surprise(
        words in proptest::collection::vec((0..5_u8, "[ -~é😀\\n]{0,12}"), 0..8),
        cut in 0.0..1.0_f64,
        size in 1..9_usize,
    ) {
        let blocks = words.iter().zip(0..).flat_map(|((kind, word), index)| match kind {
            0 => vec![begin(index, json!({"type": "thinking", "thinking": ""})),
                more(index, json!({"thinking": word})), more(index, json!({"signature": "s"})), close(index)],
            1 => vec![begin(index, json!({"type": "tool_use", "id": "t", "name": "f", "input": {}})),
                more(index, json!({"partial_json": word})), close(index)],
            2 => vec![begin(index, json!({"type": "server_tool_use", "id": "s", "name": "f", "input": {}})),
                more(index, json!({"partial_json": word})), close(index)],
            _ => text_block(index, word).to_vec(),
        });
        let all: Vec<Value> = std::iter::once(start()).chain(blocks).chain(end("end_turn")).collect();
        let body = stream(&all);
        let whole = read(200, &body, usize::MAX).0;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a short text")]
        let mut at = (body.len() as f64 * cut) as usize;
        while !body.is_char_boundary(at) {
            at -= 1;
        }
        let (part, _) = read(200, &body[..at], size);
        let text = |answer: &Answer| answer.parts.iter().filter_map(Part::text).collect::<String>();
        prop_assert!(text(&whole).starts_with(&text(&part)));
        prop_assert_eq!(read(200, &body, size).0, whole);
    }
}
