//! Hand-written answers, one for each thing that servers do differently.

use serde_json::{Value, json};

use crate::chat::{
    Answer, End, ErrorKind, Failure, FinishReason, Media, MediaData, Part, ProviderState, ServerTool, Source,
    ToolCall, Usage,
};
use crate::config::WireFormat;
use crate::providers::testing;

fn answered(status: u16, body: &str) -> (Answer, End) {
    testing::answered(WireFormat::OpenaiResponses, status, body)
}

/// A stream of these events, each named as its type.
fn stream(events: &[Value]) -> String {
    events
        .iter()
        .map(|event| format!("event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap_or("message")))
        .collect()
}

fn said(events: &[Value]) -> (Answer, End) {
    answered(200, &stream(events))
}

fn added(index: u64, item: Value) -> Value {
    json!({"type": "response.output_item.added", "output_index": index, "item": item})
}

fn done(index: u64, item: Value) -> Value {
    json!({"type": "response.output_item.done", "output_index": index, "item": item})
}

fn delta(kind: &str, index: u64, delta: &str) -> Value {
    json!({"type": format!("response.{kind}.delta"), "output_index": index, "content_index": 0, "delta": delta})
}

fn message(text: &str) -> Value {
    json!({"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text, "annotations": []}]})
}

fn function(id: &str, name: &str, arguments: &str) -> Value {
    json!({"type": "function_call", "id": format!("fc_{id}"), "call_id": id, "name": name, "arguments": arguments})
}

fn completed() -> Value {
    json!({"type": "response.completed", "response": {"status": "completed", "output": []}})
}

fn text(text: &str) -> Part {
    Part::Text { text: text.into() }
}

fn reasoning(text: &str) -> Part {
    Part::Reasoning { text: text.into() }
}

fn call(id: &str, name: &str, arguments: &str) -> Part {
    Part::ToolCall(ToolCall { id: id.into(), name: name.into(), arguments: arguments.into() })
}

fn state(value: Value) -> Part {
    Part::State(ProviderState { wire: "openai-responses".into(), value })
}

#[test]
fn an_ordinary_stream_says_its_text_once_with_model_usage_and_end() {
    let (answer, end) = said(&[
        json!({"type": "response.created", "response": {"id": "r", "model": "m-1", "status": "in_progress", "output": []}}),
        json!({"type": "response.in_progress", "response": {"id": "r", "model": "m-1", "status": "in_progress"}}),
        added(0, json!({"type": "message", "content": []})),
        delta("output_text", 0, "Hi \"é😀\""),
        delta("output_text", 0, "\n"),
        json!({"type": "response.output_text.done", "output_index": 0, "content_index": 0, "text": "Hi \"é😀\"\n"}),
        json!({"type": "response.content_part.done", "output_index": 0, "part": {"type": "output_text", "text": "Hi \"é😀\"\n"}}),
        done(0, message("Hi \"é😀\"\n")),
        json!({"type": "response.completed", "response": {"model": "m-1", "status": "completed", "output": [message("Hi \"é😀\"\n")],
            "usage": {"input_tokens": 9, "input_tokens_details": {"cached_tokens": 4, "cache_write_tokens": 1}, "output_tokens": 40,
                      "output_tokens_details": {"reasoning_tokens": 30}, "total_tokens": 49}}}),
    ]);
    assert_eq!(answer.parts, [text("Hi \"é😀\"\n")]);
    assert_eq!(answer.model_served, Some("m-1".into()));
    assert_eq!(
        answer.usage,
        Usage {
            tokens_in: Some(9),
            tokens_out: Some(40),
            cached_in: Some(4),
            cache_write: Some(1),
            cache_write_1h: None,
            reasoning_out: Some(30),
            told_cost: None,
            estimated: false
        }
    );
    assert_eq!(end, End::Finished(FinishReason::Stop));
}

#[test]
fn what_the_pieces_left_out_is_told_by_whatever_comes_after_them() {
    let whole = "Hello you";
    let endings: [&[Value]; 4] = [
        &[json!({"type": "response.output_text.done", "output_index": 0, "text": whole}), completed()],
        &[done(0, message(whole)), completed()],
        &[delta("output_text", 0, "Hello "), done(0, message(whole)), completed()],
        &[
            json!({"type": "response.completed", "response": {"status": "completed", "output": [message(whole)]}}),
        ],
    ];
    for events in endings {
        let (answer, end) = said(events);
        assert_eq!((answer.parts, end), (vec![text(whole)], End::Finished(FinishReason::Stop)), "{events:?}");
    }
}

#[test]
fn the_list_at_the_end_repeats_nothing_wherever_it_has_it() {
    let end =
        json!({"type": "response.completed", "response": {"status": "completed", "output": [message("Hi")]}});
    assert_eq!(said(&[delta("output_text", 1, "Hi"), end]).0.parts, [text("Hi")]);
}

#[test]
fn parts_of_a_summary_stand_a_blank_line_apart_and_its_thoughts_are_kept_for_the_provider() {
    let summary = |part: u64, delta: &str| json!({"type": "response.reasoning_summary_text.delta", "output_index": 0, "summary_index": part, "delta": delta});
    let parts = json!([{"type": "summary_text", "text": "Look."}, {"type": "summary_text", "text": "See."}]);
    let item = json!({"type": "reasoning", "id": "rs_1", "summary": parts, "encrypted_content": "gAAA",
                      "status": null, "content": null});
    let (answer, _) = said(&[
        added(0, json!({"type": "reasoning", "id": "rs_0", "summary": [], "encrypted_content": "gA"})),
        summary(0, "Lo"),
        summary(0, "ok."),
        summary(1, "See."),
        done(0, item),
        delta("output_text", 1, "Yes."),
        completed(),
    ]);
    let kept = json!({"type": "reasoning", "id": "rs_1", "summary": parts, "encrypted_content": "gAAA"});
    assert_eq!(answer.parts, [reasoning("Look.\n\nSee."), state(kept), text("Yes.")]);
}

#[test]
fn open_models_tell_their_reasoning_itself() {
    let content = json!([{"type": "reasoning_text", "text": "Hm."}]);
    let (answer, _) = said(&[
        delta("reasoning_text", 0, "Hm."),
        done(0, json!({"type": "reasoning", "id": "x", "summary": [], "content": content})),
        delta("output_text", 1, "4"),
        completed(),
    ]);
    let kept = json!({"type": "reasoning", "id": "x", "summary": [], "content": content});
    assert_eq!(answer.parts, [reasoning("Hm."), state(kept), text("4")]);
}

#[test]
fn a_reasoning_item_of_which_nothing_is_told_is_not_kept() {
    let (answer, _) = said(&[
        done(0, json!({"type": "reasoning", "id": "rs_1", "summary": []})),
        delta("output_text", 1, "4"),
        completed(),
    ]);
    assert_eq!(answer.parts, [text("4")]);
}

#[test]
fn calls_are_found_by_their_items_place_and_their_own_id() {
    let arguments = |index: u64, arguments: &str| json!({"type": "response.function_call_arguments.done", "output_index": index, "arguments": arguments});
    let piece = |index: u64, text: &str| delta("function_call_arguments", index, text);
    let (f, g) = (call("a", "f", r#"{"x":1}"#), call("b", "g", "{}"));
    let both = [f.clone(), g.clone()];
    let cases: [(&str, Vec<Value>); 5] = [
        (
            "interleaved, the items' ids changing as Copilot's do",
            vec![
                added(1, function("a", "f", "")),
                added(
                    2,
                    json!({"type": "function_call", "id": "zzz", "call_id": "b", "name": "g", "arguments": ""}),
                ),
                piece(1, r#"{"x""#),
                piece(2, "{"),
                piece(1, ":1}"),
                piece(2, "}"),
                arguments(1, r#"{"x":1}"#),
                done(1, function("a", "f", r#"{"x":1}"#)),
                done(2, function("b", "g", "{}")),
            ],
        ),
        (
            "arguments at the end only",
            vec![
                added(0, function("a", "f", "")),
                arguments(0, r#"{"x":1}"#),
                added(1, function("b", "g", "")),
                done(1, function("b", "g", "{}")),
            ],
        ),
        (
            "one place for all items",
            vec![
                added(0, function("a", "f", "")),
                piece(0, r#"{"x":1}"#),
                added(0, function("b", "g", "")),
                piece(0, "{}"),
                done(0, function("a", "f", r#"{"x":1}"#)),
                done(0, function("b", "g", "{}")),
            ],
        ),
        (
            "pieces before their item",
            vec![
                piece(0, r#"{"x":1}"#),
                done(0, function("a", "f", r#"{"x":1}"#)),
                done(1, function("b", "g", "{}")),
            ],
        ),
        ("items only", vec![done(0, function("a", "f", r#"{"x":1}"#)), done(1, function("b", "g", "{}"))]),
    ];
    for (what, mut events) in cases {
        events.push(completed());
        let (answer, end) = said(&events);
        assert_eq!((answer.parts, end), (both.to_vec(), End::Finished(FinishReason::ToolCalls)), "{what}");
    }
    let cut = json!({"type": "response.incomplete", "response": {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}});
    let (answer, end) = said(&[added(0, function("a", "f", "")), piece(0, r#"{"x""#), cut]);
    assert_eq!((answer.parts, end), (vec![call("a", "f", r#"{"x""#)], End::Finished(FinishReason::Length)));
}

#[test]
fn refusals_filters_and_limits_end_an_answer_in_their_own_way() {
    let (answer, end) = said(&[
        delta("refusal", 0, "I can"),
        delta("refusal", 0, "'t."),
        json!({"type": "response.refusal.done", "output_index": 0, "content_index": 0, "refusal": "I can't."}),
        done(0, json!({"type": "message", "content": [{"type": "refusal", "refusal": "I can't."}]})),
        completed(),
    ]);
    assert_eq!(answer.parts, [Part::Refusal { text: "I can't.".into() }]);
    assert_eq!(end, End::Finished(FinishReason::Refusal));
    let incomplete = |reason: Value| {
        let response = json!({"status": "incomplete", "incomplete_details": reason});
        said(&[delta("output_text", 0, "Hi"), json!({"type": "response.incomplete", "response": response})]).1
    };
    assert_eq!(incomplete(json!({"reason": "max_output_tokens"})), End::Finished(FinishReason::Length));
    assert_eq!(incomplete(json!({"reason": "content_filter"})), End::Finished(FinishReason::ContentFilter));
    assert_eq!(incomplete(Value::Null), End::Finished(FinishReason::Length));
}

#[test]
fn what_an_answer_cites_follows_its_text() {
    let page = json!({"type": "url_citation", "url": "https://a.test", "title": "A", "start_index": 0});
    let file = json!({"type": "file_citation", "file_id": "f1", "filename": "b.pdf"});
    let mut whole = message("Hi");
    whole["content"][0]["annotations"] = json!([page, file]);
    let (answer, _) = said(&[
        delta("output_text", 0, "Hi"),
        json!({"type": "response.output_text.annotation.added", "output_index": 0, "annotation": page}),
        done(0, whole),
        completed(),
    ]);
    let source = |url: &str, title: &str| Part::Source(Source { url: url.into(), title: title.into() });
    assert_eq!(answer.parts, [text("Hi"), source("https://a.test", "A"), source("", "b.pdf")]);
}

#[test]
fn tools_that_ran_on_the_providers_side_are_told_and_kept() {
    let tool = |name: &str, input: &str, output: &str| {
        Part::ServerTool(ServerTool {
            id: "t".into(),
            name: name.into(),
            input: input.into(),
            output: output.into(),
        })
    };
    let cases = [
        (
            json!({"type": "web_search_call", "id": "t", "action": {"type": "search", "query": "rust"}}),
            tool("web_search", "rust", ""),
        ),
        (
            json!({"type": "code_interpreter_call", "id": "t", "code": "1+1", "outputs": [{"type": "logs", "logs": "2"}]}),
            tool("code_interpreter", "1+1", "2"),
        ),
        (
            json!({"type": "mcp_call", "id": "t", "name": "ask", "arguments": "{\"q\":1}", "output": "yes", "error": null}),
            tool("ask", "{\"q\":1}", "yes"),
        ),
    ];
    for (item, part) in cases {
        let begun = json!({"type": item["type"], "id": "t", "status": "in_progress"});
        let (answer, end) =
            said(&[added(0, begun), done(0, item.clone()), delta("output_text", 1, "Hi"), completed()]);
        assert_eq!(answer.parts, [part, state(item), text("Hi")]);
        assert_eq!(end, End::Finished(FinishReason::Stop));
    }
}

#[test]
fn an_image_that_was_made_is_a_part() {
    let (answer, _) = said(&[
        json!({"type": "response.image_generation_call.partial_image", "output_index": 0, "partial_image_b64": "AA=="}),
        done(
            0,
            json!({"type": "image_generation_call", "id": "ig", "output_format": "webp", "result": "QUJD"}),
        ),
        completed(),
    ]);
    let made =
        Media { mime: "image/webp".into(), name: String::new(), data: MediaData::Base64("QUJD".into()) };
    assert_eq!(answer.parts.last(), Some(&Part::Image(made)));
}

#[test]
fn an_error_counts_wherever_it_comes() {
    let begun = delta("output_text", 0, "Hi");
    let bodies = [
        stream(&[
            begun.clone(),
            json!({"type": "error", "code": "x", "message": "overloaded sk-secret", "param": null}),
        ]),
        stream(&[begun.clone(), json!({"type": "error", "error": {"message": "overloaded sk-secret"}})]),
        stream(std::slice::from_ref(&begun))
            + "data: {\"type\":\"error\",\"code\":\"x\",\"message\":\"overloaded sk-secret\"}\n\n"
            + "data: [DONE]\n\n",
        stream(std::slice::from_ref(&begun))
            + "data: {\"error\":{\"message\":\"overloaded sk-secret\",\"code\":\"500\"}}\n\n",
        stream(&[
            begun.clone(),
            json!({"type": "response.failed", "response": {"status": "failed",
                "error": {"code": "server_error", "message": "overloaded sk-secret"}}}),
        ]),
    ];
    for body in bodies {
        let (answer, end) = answered(200, &body);
        assert_eq!(answer.parts, [text("Hi")], "{body}");
        let End::Failed(failure) = end else { panic!("{body}: {end:?}") };
        assert_eq!(
            (failure.kind, failure.message.as_str()),
            (ErrorKind::Provider, "overloaded ***"),
            "{body}"
        );
    }
    for word in ["failed", "cancelled"] {
        let response = json!({"status": word, "error": null});
        let (_, end) =
            said(&[begun.clone(), json!({"type": format!("response.{word}"), "response": response})]);
        let End::Failed(failure) = end else { panic!("{word}: {end:?}") };
        assert_eq!(failure.message, format!("The provider ended the answer with an error ({word})."));
    }
}

#[test]
fn a_stream_without_its_end_is_cut_whatever_was_complete_in_it() {
    let (answer, end) = said(&[delta("output_text", 0, "Hi"), done(0, message("Hi"))]);
    assert_eq!(answer.parts, [text("Hi")]);
    assert!(matches!(&end, End::Cut(Failure { kind: ErrorKind::Cut, .. })), "{end:?}");
}

#[test]
fn an_answer_that_is_not_streamed_says_the_same() {
    let body = json!({"id": "r", "object": "response", "model": "m", "status": "completed", "error": null,
        "incomplete_details": null, "output": [
            {"type": "reasoning", "id": "rs", "summary": [{"type": "summary_text", "text": "Hm."}]},
            message("Hi"), function("a", "f", "{}")],
        "usage": {"input_tokens": 1, "output_tokens": 2}});
    let (answer, end) = answered(200, &body.to_string());
    assert_eq!(answer.parts, [reasoning("Hm."), text("Hi"), call("a", "f", "{}")]);
    assert_eq!(answer.model_served, Some("m".into()));
    assert_eq!((answer.usage.tokens_in, answer.usage.tokens_out), (Some(1), Some(2)));
    assert_eq!(end, End::Finished(FinishReason::ToolCalls));
}

#[test]
fn what_is_no_answer_is_a_failure_with_its_words() {
    let failed = json!({"object": "response", "status": "failed", "error": {"code": "rate_limit_exceeded", "message": "slow down"}});
    let cases = [
        (200, failed.to_string(), ErrorKind::RateLimit, "slow down"),
        (200, r#"{"error":{"message":"no credits","code":402}}"#.into(), ErrorKind::RateLimit, "no credits"),
        (200, "{}".into(), ErrorKind::Provider, "HTTP 200: not an answer of this wire format: {}"),
        (
            200,
            "data: garbage\n\n".into(),
            ErrorKind::Provider,
            "HTTP 200: not an answer of this wire format: garbage",
        ),
        (401, r#"{"error":{"message":"bad key sk-secret"}}"#.into(), ErrorKind::Auth, "bad key ***"),
    ];
    for (status, body, kind, message) in cases {
        let (answer, end) = answered(status, &body);
        assert_eq!(answer.parts, []);
        let End::Failed(failure) = end else { panic!("{body}: {end:?}") };
        assert_eq!((failure.kind, failure.message.as_str(), failure.status), (kind, message, Some(status)));
    }
}

#[test]
fn what_is_of_another_type_or_unknown_costs_nothing_else() {
    let (answer, end) = said(&[
        json!({"type": "response.new_thing", "output_index": "x", "item": 7, "delta": {"a": 1}}),
        json!({"type": "response.output_item.added", "output_index": 0, "item": "?"}),
        json!({"type": "response.output_text.delta", "output_index": 0, "delta": ["?"]}),
        delta("output_text", 0, "Hi"),
        json!([1]),
        done(1, json!({"type": "new_item", "x": 1})),
        json!({"type": "response.completed", "response": {"status": 7, "model": null, "usage": "?", "output": "?"}}),
    ]);
    assert_eq!((answer.parts, end), (vec![text("Hi")], End::Finished(FinishReason::Stop)));
}

#[test]
fn a_stream_cut_anywhere_is_a_beginning_of_what_it_says_and_no_success() {
    let whole = stream(&[
        json!({"type": "response.reasoning_summary_text.delta", "output_index": 0, "summary_index": 0, "delta": "Hm."}),
        done(
            0,
            json!({"type": "reasoning", "id": "r", "summary": [{"text": "Hm."}], "encrypted_content": "g"}),
        ),
        delta("output_text", 1, "Grüße "),
        delta("output_text", 1, "😀"),
        done(1, message("Grüße 😀!")),
        added(2, function("a", "f", "")),
        delta("function_call_arguments", 2, "{}"),
        done(2, function("a", "f", "{}")),
    ]);
    let end = stream(&[completed()]);
    let told = |answer: &Answer| answer.parts.iter().filter_map(Part::text).collect::<String>();
    let bytes = whole.as_bytes();
    for cut in 0..bytes.len() {
        let (answer, ended) = answered(200, &String::from_utf8_lossy(&bytes[..cut]));
        assert!("Grüße 😀!".starts_with(&told(&answer)), "cut at {cut}");
        assert!(matches!(ended, End::Cut(_) | End::Failed(_)), "cut at {cut}: {ended:?}");
    }
    let (answer, ended) = answered(200, &format!("{whole}{end}"));
    assert_eq!((told(&answer).as_str(), ended), ("Grüße 😀!", End::Finished(FinishReason::ToolCalls)));
}
