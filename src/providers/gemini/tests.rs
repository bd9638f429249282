//! Hand-written answers, one for each thing that Google, Vertex AI and gateways do differently.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::chat::{
    Answer, End, ErrorKind, FinishReason, Media, MediaData, Part, ProviderState, ServerTool, Source,
    StreamEvent, ToolCall, Usage,
};
use crate::config::{Endpoint, WireFormat};
use crate::providers::{Decoder, testing};

fn read(status: u16, body: &str) -> (Answer, End) {
    testing::answered(WireFormat::Gemini, status, body)
}

/// A stream of these chunks, with the line ends that Google sends.
fn stream(chunks: &[&str]) -> String {
    chunks.iter().map(|chunk| format!("data: {chunk}\r\n\r\n")).collect()
}

fn said(chunks: &[&str]) -> (Answer, End) {
    read(200, &stream(chunks))
}

/// A chunk with these parts and, after them, whatever else its candidate has.
fn chunk(parts: &str, more: &str) -> String {
    format!(
        r#"{{"candidates":[{{"content":{{"parts":[{parts}],"role":"model"}},"index":0{more}}}],"modelVersion":"gemini-x","responseId":"r-1_A"}}"#
    )
}

/// The answer that these parts come to, each in a chunk of its own.
fn parts(parts: &[&str]) -> Vec<Part> {
    let chunks: Vec<String> = parts.iter().map(|part| chunk(part, "")).collect();
    let mut chunks: Vec<&str> = chunks.iter().map(String::as_str).collect();
    chunks.push(STOP);
    let (answer, end) = said(&chunks);
    assert!(matches!(end, End::Finished(_)), "{end:?}");
    answer.parts
}

const HI: &str = r#"{"candidates":[{"content":{"parts":[{"text":"Hi \"é😀\"\n"}],"role":"model"},"index":0}],"modelVersion":"gemini-x"}"#;
const STOP: &str = r#"{"candidates":[{"content":{},"finishReason":"STOP","index":0}]}"#;

fn text(text: &str) -> Part {
    Part::Text { text: text.into() }
}

fn thought(text: &str) -> Part {
    Part::Reasoning { text: text.into() }
}

fn call(id: &str, name: &str, arguments: &str) -> Part {
    Part::ToolCall(ToolCall { id: id.into(), name: name.into(), arguments: arguments.into() })
}

fn state(value: Value) -> Part {
    Part::State(ProviderState { wire: "gemini".into(), value })
}

fn ran(id: &str, input: &str, output: &str) -> Part {
    Part::ServerTool(ServerTool {
        id: id.into(),
        name: "code_execution".into(),
        input: input.into(),
        output: output.into(),
    })
}

#[test]
fn an_ordinary_stream_says_its_thoughts_text_model_usage_and_end() {
    let usage = r#","finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":9,"candidatesTokenCount":2,"thoughtsTokenCount":30,"toolUsePromptTokenCount":100,"cachedContentTokenCount":4,"totalTokenCount":141},"x":[{"y":1"#;
    let (answer, end) = said(&[
        &chunk(r#"{"text":"Hm","thought":true}"#, r#"}],"usageMetadata":{"promptTokenCount":9},"x":[{"y":1"#),
        HI,
        &chunk(r#"{"text":"!"}"#, usage),
    ]);
    assert_eq!(answer.parts, [thought("Hm"), text("Hi \"é😀\"\n!")]);
    assert_eq!(answer.model_served, Some("gemini-x".into()));
    assert_eq!(
        answer.usage,
        Usage {
            tokens_in: Some(109),
            tokens_out: Some(32),
            cached_in: Some(4),
            cache_write: None,
            cache_write_1h: None,
            reasoning_out: Some(30),
            told_cost: None,
            estimated: false
        }
    );
    assert_eq!(end, End::Finished(FinishReason::Stop));
}

#[test]
fn usage_is_replaced_and_zeros_of_a_gateway_that_knows_nothing_do_not_count() {
    let usage = |counts: &str| format!(r#"{{"candidates":[],"usageMetadata":{{{counts}}}}}"#);
    let known = usage(r#""promptTokenCount":7,"candidatesTokenCount":1"#);
    let later = usage(r#""promptTokenCount":9"#);
    let zeros = usage(r#""promptTokenCount":0,"candidatesTokenCount":0,"totalTokenCount":0"#);
    let told = |tokens_in, tokens_out| Usage { tokens_in, tokens_out, ..Usage::default() };
    assert_eq!(said(&[HI, &known, &later, STOP]).0.usage, told(Some(9), None));
    assert_eq!(said(&[HI, &known, STOP, &zeros]).0.usage, told(Some(7), Some(1)));
    assert_eq!(said(&[HI, STOP, &zeros]).0.usage, Usage::default());
}

#[test]
fn calls_come_whole_in_one_chunk_or_several_and_get_an_id_where_they_have_none() {
    let (answer, end) = said(&[
        &chunk(
            r#"{"functionCall":{"name":"f","args":{"x":1}}},{"functionCall":{"name":"g"}}"#,
            r#","finishMessage":"Model generated function call(s)""#,
        ),
        &chunk(r#"{"functionCall":{"id":"own","name":"h","args":null}}"#, r#","finishReason":"STOP""#),
    ]);
    assert_eq!(
        answer.parts,
        [call("gem_r1A_0", "f", r#"{"x":1}"#), call("gem_r1A_1", "g", "{}"), call("own", "h", "{}")]
    );
    assert_eq!(end, End::Finished(FinishReason::ToolCalls));
}

#[test]
fn signatures_are_kept_right_after_what_they_sign() {
    assert_eq!(
        parts(&[
            r#"{"text":"Hm","thought":true,"thoughtSignature":"s0"}"#,
            r#"{"text":"a","thoughtSignature":"s1"}"#,
            r#"{"functionCall":{"id":"1","name":"f","args":{}},"thoughtSignature":"s2"},{"functionCall":{"id":"2","name":"g","args":{}}}"#,
            r#"{"text":"","thoughtSignature":"s3"}"#,
        ]),
        [
            thought("Hm"),
            state(json!({"thoughtSignature": "s0"})),
            text("a"),
            state(json!({"thoughtSignature": "s1"})),
            call("1", "f", "{}"),
            state(json!({"thoughtSignature": "s2"})),
            call("2", "g", "{}"),
            state(json!({"text": "", "thoughtSignature": "s3"})),
        ]
    );
}

#[test]
fn code_that_ran_is_shown_as_one_tool_and_kept_as_it_came() {
    let code = |id: &str| format!(r#"{{"executableCode":{{"language":"PYTHON","code":"1+1"{id}}}}}"#);
    let result =
        |id: &str| format!(r#"{{"codeExecutionResult":{{"outcome":"OUTCOME_OK","output":"2\n"{id}}}}}"#);
    let value = |json: &str| serde_json::from_str(json).unwrap();
    for (id, known) in [("", "run-1"), (r#","id":"8x""#, "8x")] {
        let (code, result) = (code(id), result(id));
        assert_eq!(
            parts(&[&code, &result, r#"{"text":"Two."}"#]),
            [ran(known, "1+1", "2\n"), state(value(&code)), state(value(&result)), text("Two.")]
        );
    }
    let failed = r#"{"codeExecutionResult":{"outcome":"OUTCOME_DEADLINE_EXCEEDED"}}"#;
    assert_eq!(parts(&[&code(""), failed])[0], ran("run-1", "1+1", "OUTCOME_DEADLINE_EXCEEDED"));
}

#[test]
fn what_an_answer_stands_on_is_told_as_a_search_and_as_sources() {
    let grounding = r#","groundingMetadata":{"webSearchQueries":["a","b"],"groundingChunks":[
        {"web":{"uri":"https://w.test","title":"W"}},{"retrievedContext":{"fileSearchStore":"stores/1","text":"t"}},{"maps":{"uri":"https://m.test","title":"M"}}]},
        "citationMetadata":{"citationSources":[{"uri":"https://c.test","license":"mit"}],"citations":[{"uri":"https://v.test","title":"V"}]}"#
        .replace('\n', "");
    let (answer, _) = said(&[&chunk(r#"{"text":"x"}"#, &grounding), STOP]);
    let source = |url: &str, title: &str| Part::Source(Source { url: url.into(), title: title.into() });
    let search = Part::ServerTool(ServerTool {
        id: "google_search".into(),
        name: "google_search".into(),
        input: "a\nb".into(),
        output: String::new(),
    });
    assert_eq!(
        answer.parts,
        [
            text("x"),
            search,
            source("https://w.test", "W"),
            source("", "stores/1"),
            source("https://m.test", "M"),
            source("https://c.test", ""),
            source("https://v.test", "V"),
        ]
    );
}

#[test]
fn an_image_is_content_and_its_drafts_are_not() {
    let image = r#"{"inlineData":{"mimeType":"image/png","data":"AA=="}}"#;
    let draft = r#"{"inlineData":{"mimeType":"image/png","data":"BB=="},"thought":true}"#;
    let made = Part::Image(Media {
        mime: "image/png".into(),
        name: String::new(),
        data: MediaData::Base64("AA==".into()),
    });
    assert_eq!(parts(&[draft, image]), [made]);
}

#[test]
fn every_reason_has_its_end() {
    let end = |reason: &str| {
        let more = format!(r#","finishReason":"{reason}","finishMessage":"Because.""#);
        said(&[&chunk(r#"{"text":"x"}"#, &more)]).1
    };
    for (reason, finish) in [
        ("STOP", FinishReason::Stop),
        ("SOMETHING_NEW", FinishReason::Stop),
        ("MAX_TOKENS", FinishReason::Length),
        ("SAFETY", FinishReason::ContentFilter),
        ("RECITATION", FinishReason::ContentFilter),
        ("PROHIBITED_CONTENT", FinishReason::ContentFilter),
        ("IMAGE_SAFETY", FinishReason::ContentFilter),
    ] {
        assert_eq!(end(reason), End::Finished(finish), "{reason}");
    }
    for reason in ["MALFORMED_FUNCTION_CALL", "OTHER", "UNEXPECTED_TOOL_CALL", "MISSING_THOUGHT_SIGNATURE"] {
        let End::Failed(failure) = end(reason) else { panic!("{reason}") };
        assert_eq!(
            (failure.kind, failure.message),
            (
                ErrorKind::Provider,
                format!("The provider ended the answer with an error ({reason}). Because.")
            )
        );
    }
}

#[test]
fn a_blocked_prompt_is_a_failure_with_the_reason_in_words() {
    for (feedback, message) in [
        (
            r#"{"blockReason":"SAFETY","safetyRatings":[]}"#,
            "The provider's safety filter did not let the prompt through.",
        ),
        (
            r#"{"blockReason":"MODEL_ARMOR","blockReasonMessage":"Jailbreak filters."}"#,
            "The provider's Model Armor did not let the prompt through. Jailbreak filters.",
        ),
        (r#"{"blockReason":"NEW_ONE"}"#, "The provider did not let the prompt through (NEW_ONE)."),
    ] {
        let body = format!(r#"{{"promptFeedback":{feedback},"modelVersion":"gemini-x"}}"#);
        for body in [stream(&[&body]), body] {
            let (answer, end) = read(200, &body);
            let End::Failed(failure) = end else { panic!("{end:?}") };
            assert_eq!((answer.parts, failure.kind), (vec![], ErrorKind::ContentFilter));
            assert_eq!(failure.message, message);
            assert!(failure.next_step.is_some());
        }
    }
}

#[test]
fn an_error_in_mid_stream_counts_as_an_event_or_as_bare_json() {
    let error =
        r#"{"error":{"code":503,"message":"The model is overloaded sk-secret.","status":"UNAVAILABLE"}}"#;
    let pretty = serde_json::to_string_pretty(&serde_json::from_str::<Value>(error).unwrap()).unwrap();
    for body in [
        stream(&[HI, error]),
        stream(&[HI, STOP, error]),
        format!("{}{error}", stream(&[HI])),
        format!("{}{pretty}\n", stream(&[HI])),
        stream(&[HI, &format!("[{error}]")]),
    ] {
        let (answer, end) = read(200, &body);
        assert_eq!(answer.parts, [text("Hi \"é😀\"\n")], "{body}");
        let End::Failed(failure) = end else { panic!("{body}: {end:?}") };
        assert_eq!(
            (failure.kind, failure.message.as_str(), failure.should_retry),
            (ErrorKind::Provider, "The model is overloaded ***.", Some(true)),
            "{body}"
        );
    }
}

#[test]
fn a_refusal_of_the_request_has_its_kind_and_its_wait() {
    let quota = r#"[{"error":{"code":429,"message":"You exceeded your current quota.","status":"RESOURCE_EXHAUSTED",
        "details":[{"@type":"type.googleapis.com/google.rpc.QuotaFailure"},
        {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"48.5s"}]}}]"#;
    let (_, end) = read(429, quota);
    let End::Failed(failure) = end else { panic!("{end:?}") };
    assert_eq!(
        (failure.kind, failure.retry_after.map(|wait| wait.as_millis())),
        (ErrorKind::RateLimit, Some(48_500))
    );
    let key = r#"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}"#;
    let (_, end) = read(400, key);
    assert!(matches!(&end, End::Failed(failure) if failure.kind == ErrorKind::Auth), "{end:?}");
}

#[test]
fn a_list_of_chunks_is_an_answer_and_one_that_was_cut_keeps_its_text() {
    let list = format!("[{HI},\r\n{STOP}\n]\n");
    let (answer, end) = read(200, &list);
    assert_eq!((answer.parts, end), (vec![text("Hi \"é😀\"\n")], End::Finished(FinishReason::Stop)));
    let (answer, end) = read(200, &format!("[{HI},\r\n{{\"cand"));
    assert_eq!(answer.parts, [text("Hi \"é😀\"\n")]);
    assert!(matches!(end, End::Failed(_)), "{end:?}");
    let (_, end) = read(200, r#"[{"error":{"code":404,"message":"models/x is not found"}}]"#);
    assert!(matches!(&end, End::Failed(failure) if failure.kind == ErrorKind::UnknownModel), "{end:?}");
}

#[test]
fn a_whole_answer_is_read_as_a_stream_is() {
    let whole = chunk(r#"{"text":"Hm","thought":true},{"text":"Hi"}"#, r#","finishReason":"MAX_TOKENS""#);
    let (answer, end) = read(200, &whole);
    assert_eq!((answer.parts, end), (vec![thought("Hm"), text("Hi")], End::Finished(FinishReason::Length)));
}

#[test]
fn novelties_cost_nothing_but_themselves() {
    let body = r#"{"candidates":[{"content":{"parts":[{"text":"a","new":{"x":[1]}},7,{"toolCall":{"id":"t"}},{"text":{"no":"string"}},{"text":"b"}],"role":7},"index":0,"finishReason":"STOP","groundingMetadata":7,"safetyRatings":{}}],"usageMetadata":[],"modelVersion":null,"promptFeedback":{}}"#;
    let (answer, end) = said(&[body]);
    assert_eq!(answer.parts, [text("ab"), state(json!({"toolCall": {"id": "t"}}))]);
    assert_eq!((answer.model_served, end), (None, End::Finished(FinishReason::Stop)));
}

#[test]
fn a_stream_without_its_end_is_cut_after_content_and_failed_before() {
    let (answer, end) = said(&[HI]);
    assert_eq!(answer.parts, [text("Hi \"é😀\"\n")]);
    assert!(matches!(&end, End::Cut(failure) if failure.kind == ErrorKind::Cut), "{end:?}");
    let (answer, end) = said(&[r#"{"candidates":[],"usageMetadata":{"promptTokenCount":4}}"#]);
    assert_eq!(answer.parts, []);
    assert!(matches!(&end, End::Failed(failure) if failure.kind == ErrorKind::Network), "{end:?}");
}

proptest! {
    #[test]
    fn any_prefix_says_a_prefix(cut in 0usize..700, size in 1usize..40) {
        let call = chunk(r#"{"functionCall":{"name":"f","args":{"x":"é"}},"thoughtSignature":"s"}"#, "");
        let body = stream(&[&chunk(r#"{"text":"Hmé","thought":true}"#, ""), HI, &call, HI, STOP]);
        let cut = cut.min(body.len());
        let endpoint = Endpoint::new("X", WireFormat::Gemini, testing::template("https://x.test"));
        let credential = testing::credential("https://x.test", "");
        let mut decoder = Decoder::new(&endpoint, &credential, 200, &testing::headers(&[]));
        let mut events: Vec<StreamEvent> = Vec::new();
        for block in body.as_bytes()[..cut].chunks(size) {
            decoder.push(block, &mut events);
        }
        let end = decoder.finish(None, &mut events);
        let mut answer = Answer::default();
        events.iter().for_each(|event| answer.apply(event));
        let said: String = answer.parts.iter().filter_map(Part::text).collect();
        prop_assert!("Hi \"é😀\"\nHi \"é😀\"\n".starts_with(&said));
        let is_finished = matches!(end, End::Finished(_));
        prop_assert_eq!(is_finished, cut >= body.len() - "\r\n\r\n".len(), "cut at {}", cut);
    }
}
