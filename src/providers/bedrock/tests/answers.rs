//! Hand-written answers, each read whole and in blocks.

use super::*;

fn event(name: &str, payload: &Value) -> Vec<u8> {
    testing::frame(&[(":message-type", "event"), (":event-type", name)], &payload.to_string())
}

fn exception(name: &str, payload: &Value) -> Vec<u8> {
    testing::frame(&[(":message-type", "exception"), (":exception-type", name)], &payload.to_string())
}

fn delta(index: u64, delta: &Value) -> Vec<u8> {
    event("contentBlockDelta", &json!({"contentBlockIndex": index, "delta": delta, "p": "abc"}))
}

fn block_end(index: u64) -> Vec<u8> {
    event("contentBlockStop", &json!({"contentBlockIndex": index}))
}

fn end(reason: &str) -> Vec<u8> {
    event("messageStop", &json!({"stopReason": reason}))
}

fn metadata() -> Vec<u8> {
    event(
        "metadata",
        &json!({"usage": {"inputTokens": 9, "outputTokens": 2, "totalTokens": 18,
                "cacheReadInputTokens": 4, "cacheWriteInputTokens": 3,
                "cacheDetails": [{"ttl": "5m", "inputTokens": 1}, {"ttl": "1h", "inputTokens": 2}]}, "metrics": {"latencyMs": 300}}),
    )
}

fn read(status: u16, body: &[u8], size: usize) -> (Answer, End) {
    let (endpoint, credential) = (endpoint(), testing::credential(AWS, "ABSK-secret-key"));
    let headers = testing::headers(&[("x-amzn-errortype", "ValidationException:http://x")]);
    let headers = if status == 200 { testing::headers(&[]) } else { headers };
    let mut decoder = Decoder::new(&endpoint, &credential, status, &headers);
    let mut events: Vec<StreamEvent> = Vec::new();
    let _ = body.chunks(size).any(|block| decoder.push(block, &mut events));
    let end = decoder.finish(None, &mut events);
    let mut answer = Answer::default();
    events.iter().for_each(|event| answer.apply(event));
    (answer, end)
}

fn read_all_ways(status: u16, body: &[u8]) -> (Answer, End) {
    let whole = read(status, body, usize::MAX);
    for size in [1, 2, 7] {
        assert_eq!(read(status, body, size), whole, "in blocks of {size}");
    }
    whole
}

fn said(frames: &[Vec<u8>]) -> (Answer, End) {
    read_all_ways(200, &frames.concat())
}

const USAGE: Usage = Usage {
    tokens_in: Some(16),
    tokens_out: Some(2),
    cached_in: Some(4),
    cache_write: Some(3),
    cache_write_1h: None,
    reasoning_out: None,
    told_cost: None,
    estimated: false,
};

#[test]
fn text_has_no_start_and_usage_comes_after_the_end() {
    let (answer, end) = said(&[
        event("messageStart", &json!({"role": "assistant", "p": "ab"})),
        delta(0, &json!({"text": "Grüße "})),
        delta(0, &json!({"text": "<thinking>😀</thinking>"})),
        block_end(0),
        end("end_turn"),
        metadata(),
    ]);
    assert_eq!(answer.parts, [text("Grüße <thinking>😀</thinking>")]);
    assert_eq!((answer.usage, answer.model_served), (Usage { cache_write_1h: Some(2), ..USAGE }, None));
    assert_eq!(end, End::Finished(FinishReason::Stop));
}

#[test]
fn thoughts_come_with_what_proves_them_or_unreadable() {
    let (answer, _) = said(&[
        delta(0, &json!({"reasoningContent": {"text": "hm"}})),
        delta(0, &json!({"reasoningContent": {"signature": "si"}})),
        delta(0, &json!({"reasoningContent": {"signature": "g=="}})),
        block_end(0),
        delta(1, &json!({"reasoningContent": {"redactedContent": "AAEC"}})),
        block_end(1),
        delta(2, &json!({"text": "b"})),
        end("end_turn"),
    ]);
    let expected = [
        reasoning("hm"),
        state(json!({"signature": "sig=="})),
        state(json!({"redactedContent": "AAEC"})),
        text("b"),
    ];
    assert_eq!(answer.parts, expected);
    let whole = json!({"output": {"message": {"role": "assistant", "content": [
        {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "sig=="}}},
        {"reasoningContent": {"redactedContent": "AAEC"}},
        {"text": "b"},
    ]}}, "stopReason": "end_turn"});
    assert_eq!(read_all_ways(200, whole.to_string().as_bytes()).0.parts, expected);
}

#[test]
fn calls_are_told_apart_by_their_blocks_and_may_send_no_arguments() {
    let start = |index: u64, id: &str| {
        let start = json!({"toolUse": {"toolUseId": id, "name": "f"}});
        event("contentBlockStart", &json!({"contentBlockIndex": index, "start": start}))
    };
    let input = |index: u64, input: &str| delta(index, &json!({"toolUse": {"input": input}}));
    let (answer, end) = said(&[
        delta(0, &json!({"text": "a"})),
        start(1, "t1"),
        input(1, "{\"a\""),
        start(2, "t2"),
        input(1, ":1}"),
        block_end(1),
        input(2, ""),
        block_end(2),
        end("tool_use"),
        metadata(),
    ]);
    assert_eq!(answer.parts, [text("a"), call("t1", "{\"a\":1}"), call("t2", "")]);
    assert_eq!(end, End::Finished(FinishReason::ToolCalls));
    let whole = json!({"output": {"message": {"content": [
        {"text": "a"},
        {"toolUse": {"toolUseId": "t1", "name": "f", "input": {"a": 1}}},
        {"toolUse": {"toolUseId": "t2", "name": "f", "input": {}}},
    ]}}, "stopReason": "tool_use", "usage": {"inputTokens": 9, "outputTokens": 2,
        "cacheReadInputTokens": 4, "cacheWriteInputTokens": 3}});
    let (answer, end) = read_all_ways(200, whole.to_string().as_bytes());
    assert_eq!(answer.parts, [text("a"), call("t1", "{\"a\":1}"), call("t2", "{}")]);
    assert_eq!((answer.usage, end), (USAGE, End::Finished(FinishReason::ToolCalls)));
}

#[test]
fn tools_of_bedrocks_own_and_what_they_found_are_no_calls() {
    let start = json!({"toolUse": {"toolUseId": "t1", "name": "nova_grounding", "type": "server_tool_use"}});
    let cited = json!({"citation": {"title": "T", "location": {"web": {"url": "https://a.test"}}}});
    let (answer, end) = said(&[
        event("contentBlockStart", &json!({"contentBlockIndex": 0, "start": start})),
        delta(0, &json!({"toolUse": {"input": "{\"query\":\"q\"}"}})),
        block_end(0),
        delta(1, &json!({"text": "a"})),
        delta(1, &cited),
        end("end_turn"),
    ]);
    let run = ServerTool {
        id: "t1".into(),
        name: "nova_grounding".into(),
        input: "{\"query\":\"q\"}".into(),
        output: String::new(),
    };
    let source = Source { url: "https://a.test".into(), title: "T".into() };
    assert_eq!(answer.parts, [Part::ServerTool(run), text("a"), Part::Source(source)]);
    assert_eq!(end, End::Finished(FinishReason::Stop));
}

#[test]
fn every_reason_for_the_end_has_its_name() {
    use FinishReason::*;
    for (word, reason) in [
        ("end_turn", Stop),
        ("stop_sequence", Stop),
        ("something_new", Stop),
        ("max_tokens", Length),
        ("model_context_window_exceeded", Length),
        ("tool_use", ToolCalls),
        ("guardrail_intervened", ContentFilter),
        ("content_filtered", ContentFilter),
    ] {
        assert_eq!(said(&[end(word)]).1, End::Finished(reason), "{word}");
    }
    let End::Failed(failure) = said(&[end("malformed_tool_use"), metadata()]).1 else { panic!() };
    assert_eq!(failure.message, "The provider ended the answer with an error (malformed_tool_use).");
}

#[test]
fn a_stream_without_its_end_is_cut_and_keeps_its_text() {
    let whole = [delta(0, &json!({"text": "Half"})), end("end_turn")].concat();
    let (answer, end) = read_all_ways(200, &whole[..whole.len() - 1]);
    assert_eq!(answer.parts, [text("Half")]);
    let End::Cut(failure) = end else { panic!("{end:?}") };
    assert_eq!(failure.kind, ErrorKind::Cut);
    let (_, end) = read_all_ways(200, &event("messageStart", &json!({"role": "assistant"})));
    assert!(matches!(end, End::Failed(_)), "{end:?}");
}

#[test]
fn an_exception_in_mid_stream_is_the_failure_that_it_would_have_been_alone() {
    use ErrorKind::*;
    let cases = [
        ("throttlingException", json!({"message": "Too many requests"}), RateLimit, 429, "Too many requests"),
        ("validationException", json!({"message": "bad"}), Provider, 400, "bad"),
        (
            "validationException",
            json!({"message": "prompt is too long"}),
            ContextWindow,
            400,
            "prompt is too long",
        ),
        ("internalServerException", json!({"message": "oops"}), Provider, 500, "oops"),
        ("serviceUnavailableException", json!({"Message": "busy"}), Provider, 503, "busy"),
        (
            "modelStreamErrorException",
            json!({"message": "model failed", "originalStatusCode": 429, "originalMessage": "too fast"}),
            RateLimit,
            429,
            "model failed: too fast",
        ),
        ("modelStreamErrorException", json!({"message": "model failed"}), Provider, 424, "model failed"),
        ("newException", json!({"message": "ABSK-secret-key leaked"}), Provider, 500, "*** leaked"),
    ];
    for (name, payload, kind, status, message) in cases {
        let (answer, end) = said(&[delta(0, &json!({"text": "Half"})), exception(name, &payload)]);
        assert_eq!(answer.parts, [text("Half")], "{name}");
        let End::Failed(failure) = end else { panic!("{name}: {end:?}") };
        assert_eq!(
            (failure.kind, failure.status, failure.message.as_str()),
            (kind, Some(status), message),
            "{name}"
        );
    }
    let error = testing::frame(
        &[(":message-type", "error"), (":error-code", "InternalFailure"), (":error-message", "gone")],
        "",
    );
    let End::Failed(failure) = said(&[error]).1 else { panic!("an error frame is a failure") };
    assert_eq!((failure.kind, failure.message.as_str()), (ErrorKind::Provider, "gone"));
}

#[test]
fn a_damaged_frame_ends_the_answer_and_keeps_what_came() {
    let mut broken = delta(0, &json!({"text": "b"}));
    *broken.last_mut().unwrap() ^= 1;
    let (answer, end) = said(&[delta(0, &json!({"text": "a"})), broken]);
    assert_eq!(answer.parts, [text("a")]);
    let End::Failed(failure) = end else { panic!("{end:?}") };
    assert_eq!(
        failure.message,
        "The answer was damaged on its way: a checksum is wrong. Reading was stopped."
    );
    let End::Failed(failure) = read_all_ways(200, &[1, 0, 0, 1, 0]).1 else { panic!("too long") };
    assert_eq!(
        failure.message,
        "The answer holds an event longer than anything sensible; reading was stopped."
    );
}

#[test]
fn an_http_error_says_what_to_do_next() {
    use ErrorKind::*;
    let cases = [
        (
            400,
            r#"{"message":"Invocation of model ID x with on-demand throughput isn’t supported."}"#,
            Provider,
            "This model is only served through an inference profile: use its id, such as us. or eu. before the model's, or name one under inferenceProfiles.",
        ),
        (
            400,
            r#"{"message":"The provided model identifier is invalid."}"#,
            UnknownModel,
            "See what there is: loquat models -e \"bedrock\" --key default",
        ),
        (
            403,
            r#"{"message":"You don't have access to the model with the specified model ID."}"#,
            Auth,
            "Ask for access to the model in the Bedrock console of this region, or choose another model or region.",
        ),
        (
            403,
            r#"{"message":"Signature expired: 20261121T080000Z is now earlier than 20261121T090000Z"}"#,
            Auth,
            "AWS takes no signature that is minutes off: check this machine's clock.",
        ),
        (
            404,
            r#"{"message":"This model version has reached the end of its life."}"#,
            UnknownModel,
            "See what there is: loquat models -e \"bedrock\" --key default",
        ),
    ];
    for (status, body, kind, step) in cases {
        let End::Failed(failure) = read_all_ways(status, body.as_bytes()).1 else { panic!("{body}") };
        assert_eq!((failure.kind, failure.next_step.as_deref()), (kind, Some(step)), "{body}");
    }
    let (endpoint, credential) = (endpoint(), testing::credential(AWS, "k"));
    let head = testing::headers(&[("x-amzn-errortype", "ExpiredTokenException:http://x")]);
    let mut decoder = Decoder::new(&endpoint, &credential, 403, &head);
    decoder.push(br#"{"message":"no"}"#, &mut Vec::new());
    let End::Failed(failure) = decoder.finish(None, &mut Vec::new()) else { panic!() };
    assert_eq!(
        (failure.kind, failure.next_step.as_deref()),
        (Auth, Some("The AWS session is over: sign in again (aws sso login), or give new keys."))
    );
}

proptest! {
    #[test]
    fn any_prefix_says_a_prefix_and_no_json_makes_it_panic(
        pieces in prop::collection::vec("\\PC{0,8}", 0..6),
        name in "contentBlock(Start|Delta|Stop)|messageStop|metadata",
        odd in prop::sample::select(vec![
            json!([]), json!(null), json!({"delta": 1}), json!({"start": {"toolUse": 2}}),
            json!({"contentBlockIndex": -1, "delta": {"text": {}, "reasoningContent": []}}),
            json!({"usage": {"inputTokens": u64::MAX, "cacheReadInputTokens": u64::MAX}}),
        ]),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut frames: Vec<Vec<u8>> =
            pieces.iter().map(|piece| delta(0, &json!({"text": piece}))).collect();
        frames.push(event(&name, &odd));
        let bytes = frames.concat();
        let cut = cut.index(bytes.len());
        let all: String = pieces.concat();
        let (answer, _) = read(200, &bytes[..cut], 5);
        let said: String = answer.parts.iter().filter_map(Part::text).collect();
        prop_assert!(all.starts_with(&said));
    }
}
