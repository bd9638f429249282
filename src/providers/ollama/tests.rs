//! Hand-written answers, one for each thing that versions of Ollama, and servers like it, do differently.

use crate::chat::{Answer, End, ErrorKind, FinishReason, Part, ToolCall, Usage};
use crate::config::WireFormat;
use crate::providers::testing;

fn read(status: u16, body: &str) -> (Answer, End) {
    testing::answered(WireFormat::Ollama, status, body)
}

fn said(lines: &[&str]) -> (Answer, End) {
    read(200, &lines.iter().map(|line| format!("{line}\n")).collect::<String>())
}

const HI: &str = r#"{"model":"m:1b","created_at":"2026-08-05T08:11:02.8Z","message":{"role":"assistant","content":"Hi \"é😀\"\n"},"done":false}"#;
const STOP: &str = r#"{"model":"m:1b","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","total_duration":5,"prompt_eval_count":17,"eval_count":50}"#;

fn text(text: &str) -> Part {
    Part::Text { text: text.into() }
}

fn call(id: &str, name: &str, arguments: &str) -> Part {
    Part::ToolCall(ToolCall { id: id.into(), name: name.into(), arguments: arguments.into() })
}

#[test]
fn an_ordinary_stream_says_its_thoughts_text_model_usage_and_end() {
    let thinking =
        r#"{"model":"m:1b","message":{"role":"assistant","content":"","thinking":"Hm"},"done":false}"#;
    let (answer, end) = said(&[thinking, thinking, HI, STOP]);
    assert_eq!(answer.parts, [Part::Reasoning { text: "HmHm".into() }, text("Hi \"é😀\"\n")]);
    assert_eq!(answer.model_served, Some("m:1b".into()));
    assert_eq!(answer.usage, Usage { tokens_in: Some(17), tokens_out: Some(50), ..Usage::default() });
    assert_eq!(end, End::Finished(FinishReason::Stop));
}

#[test]
fn line_ends_blank_lines_bom_and_a_last_line_without_its_newline_change_nothing() {
    for body in [
        format!("\u{feff}{HI}\r\n\r\n{STOP}\r\n"),
        format!("\n \n{HI}\n\n{STOP}"),
        format!("{HI}\n{STOP}\n\n"),
    ] {
        let (answer, end) = read(200, &body);
        assert_eq!(
            (answer.parts, end),
            (vec![text("Hi \"é😀\"\n")], End::Finished(FinishReason::Stop)),
            "{body}"
        );
    }
}

#[test]
fn calls_come_whole_and_get_an_id_where_they_have_none() {
    let calls = |calls: &str| {
        format!(
            r#"{{"created_at":"2026-08-05T08:11:02.8Z","message":{{"content":"","tool_calls":[{calls}]}},"done":false}}"#
        )
    };
    let (answer, end) = said(&[
        &calls(r#"{"function":{"name":"f","arguments":{"x":1}}}"#),
        &calls(r#"{"id":"own","function":{"index":1,"name":"g","arguments":{}}},{"function":{"name":"h"}}"#),
        STOP,
    ]);
    assert_eq!(
        answer.parts,
        [
            call("ollama_20260805T0811028Z_0", "f", r#"{"x":1}"#),
            call("own", "g", "{}"),
            call("ollama_20260805T0811028Z_2", "h", "{}"),
        ]
    );
    assert_eq!(end, End::Finished(FinishReason::ToolCalls));
}

#[test]
fn every_reason_has_its_end() {
    for (done, finish) in [
        (r#""done_reason":"stop""#, FinishReason::Stop),
        (r#""done_reason":"length""#, FinishReason::Length),
        (r#""done_reason":"load""#, FinishReason::Stop),
        (r#""done_reason":"unload""#, FinishReason::Stop),
        (r#""old":"no reason at all""#, FinishReason::Stop),
    ] {
        let last = format!(r#"{{"message":{{"content":""}},"done":true,{done}}}"#);
        assert_eq!(said(&[HI, &last]).1, End::Finished(finish), "{done}");
    }
}

#[test]
fn nothing_is_read_after_the_end() {
    let (answer, end) = said(&[HI, STOP, HI]);
    assert_eq!((answer.parts, end), (vec![text("Hi \"é😀\"\n")], End::Finished(FinishReason::Stop)));
}

#[test]
fn a_whole_answer_may_be_one_line_or_spread_over_several() {
    let whole = r#"{"model":"m:1b","message":{"role":"assistant","content":"Hi","thinking":"Hm"},"done":true,"done_reason":"length","eval_count":2}"#;
    let pretty =
        serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(whole).unwrap()).unwrap();
    for body in [whole.to_owned(), format!("{whole}\n"), pretty] {
        let (answer, end) = read(200, &body);
        assert_eq!(answer.parts, [Part::Reasoning { text: "Hm".into() }, text("Hi")], "{body}");
        assert_eq!((answer.usage.tokens_out, end), (Some(2), End::Finished(FinishReason::Length)));
    }
}

#[test]
fn an_error_counts_wherever_it_comes() {
    for error in [
        r#"{"error":"an error was encountered while running the model: sk-secret"}"#,
        r#"{"error":{"message":"an error was encountered while running the model: sk-secret"}}"#,
    ] {
        for (body, kept) in [
            (format!("{HI}\n{error}\n"), vec![text("Hi \"é😀\"\n")]),
            (format!("{HI}\n{error}"), vec![text("Hi \"é😀\"\n")]),
            (error.to_owned(), vec![]),
            (format!("{error}\n"), vec![]),
        ] {
            let (answer, end) = read(200, &body);
            let End::Failed(failure) = end else { panic!("{body}: {end:?}") };
            assert_eq!(
                (answer.parts, failure.kind, failure.message.as_str()),
                (kept, ErrorKind::Provider, "an error was encountered while running the model: ***"),
                "{body}"
            );
        }
    }
}

#[test]
fn what_is_no_answer_is_a_failure_with_its_words() {
    for (status, body, kind, message) in [
        (404, r#"{"error":"model 'x' not found"}"#, ErrorKind::UnknownModel, "model 'x' not found"),
        (
            400,
            r#"{"error":"\"m\" does not support tools"}"#,
            ErrorKind::Provider,
            "\"m\" does not support tools",
        ),
        (
            200,
            "<html><title>Sign in</title></html>",
            ErrorKind::Provider,
            "HTTP 200: an HTML page instead of an answer (Sign in)",
        ),
        (
            200,
            "upstream died",
            ErrorKind::Provider,
            "HTTP 200: not an answer of this wire format: upstream died",
        ),
        (200, "{}", ErrorKind::Provider, "HTTP 200: not an answer of this wire format: {}"),
        (200, "{}\n", ErrorKind::Provider, "HTTP 200: not an answer of this wire format: {}"),
        (
            200,
            "{\"a\":\n1}\n",
            ErrorKind::Provider,
            "HTTP 200: not an answer of this wire format: {\"a\":\n1}",
        ),
    ] {
        let (answer, end) = read(status, body);
        let End::Failed(failure) = end else { panic!("{body}: {end:?}") };
        assert_eq!(answer.parts, []);
        assert_eq!((failure.kind, failure.message.as_str()), (kind, message), "{body}");
    }
}

#[test]
fn a_stream_without_its_end_is_cut_after_content_and_failed_before() {
    for body in [format!("{HI}\n"), HI.to_owned(), format!("{HI}\n{}", &STOP[..40])] {
        let (answer, end) = read(200, &body);
        assert_eq!(answer.parts, [text("Hi \"é😀\"\n")], "{body}");
        assert!(matches!(&end, End::Cut(failure) if failure.kind == ErrorKind::Cut), "{body}: {end:?}");
    }
    for body in ["", "\n", &HI[..40]] {
        let (_, end) = read(200, body);
        assert!(
            matches!(&end, End::Failed(failure) if failure.kind == ErrorKind::Network),
            "{body}: {end:?}"
        );
    }
}

#[test]
fn a_first_line_that_never_ends_is_too_long() {
    let endless = format!("{{\"a\":\"{}", "x".repeat(crate::providers::sse::LONGEST_EVENT));
    let credential = testing::credential("https://x.test", "");
    let endpoint = crate::config::Endpoint::new("X", WireFormat::Ollama, testing::template("https://x.test"));
    let mut decoder = crate::providers::Decoder::new(&endpoint, &credential, 200, &testing::headers(&[]));
    let mut events = Vec::new();
    let ended = endless.as_bytes().chunks(1 << 20).any(|block| decoder.push(block, &mut events));
    let End::Failed(failure) = decoder.finish(None, &mut events) else { panic!("it did not fail") };
    assert!(ended);
    assert_eq!(failure.kind, ErrorKind::Provider);
    assert!(failure.message.contains("longer than anything sensible"), "{}", failure.message);
}

#[test]
fn novelties_cost_nothing_but_themselves() {
    let odd = r#"{"model":7,"message":{"content":"a","images":[1],"tool_calls":"none","thinking":null},"done":"no","x":{}}"#;
    let (answer, end) = said(&[odd, r#"{"progress":0.5}"#, STOP]);
    assert_eq!((answer.parts, end), (vec![text("a")], End::Finished(FinishReason::Stop)));
}
