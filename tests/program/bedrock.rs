//! Bedrock at its own paths: a signed stream, a whole answer with a bearer token, and its errors.

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use serde_json::{Value, json};

use super::support::http::{Reply, Request, Step};
use super::support::{Home, Mock};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// A home in which the built-in endpoint is this server, with an access key in the environment.
fn home(mock: &Mock) -> Home {
    let config =
        format!("router: {{retries: 0}}\nendpoints: {{bedrock: {{baseURL: \"{}\"}}}}\n", mock.root());
    Home::with_config(&config)
        .with_variable("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        .with_variable("AWS_SECRET_ACCESS_KEY", SECRET)
        .with_variable("AWS_REGION", "eu-west-1")
}

fn frame(headers: &[(&str, &str)], payload: &Value) -> Step {
    let headers = headers.iter().map(|(name, value)| {
        Header::new((*name).to_owned(), HeaderValue::String((*value).to_owned().into()))
    });
    let message = Message::new_from_parts(headers.collect(), payload.to_string());
    let mut bytes = Vec::new();
    write_message_to(&message, &mut bytes).expect("a short message can be written");
    Step::Send(bytes)
}

fn event(name: &str, payload: &Value) -> Step {
    frame(
        &[(":message-type", "event"), (":event-type", name), (":content-type", "application/json")],
        payload,
    )
}

fn text(text: &str) -> Step {
    event("contentBlockDelta", &json!({"contentBlockIndex": 0, "delta": {"text": text}}))
}

fn stream(steps: Vec<Step>) -> Reply {
    let mut reply = Reply::stream(steps);
    reply.headers = vec![("content-type".to_owned(), "application/vnd.amazon.eventstream".to_owned())];
    reply
}

fn error(status: u16, kind: &str, message: &str) -> Reply {
    Reply::json(status, &json!({"message": message}))
        .header("x-amzn-errortype", &format!("{kind}:http://internal"))
}

/// What the server answers, by the path.
fn script(request: &Request, _: usize) -> Reply {
    match request.path.as_str() {
        "/model/us.amazon.nova-lite-v1%3A0/converse-stream" => stream(vec![
            event("messageStart", &json!({"role": "assistant"})),
            text("Hello "),
            text("from Nova."),
            event("contentBlockStop", &json!({"contentBlockIndex": 0})),
            event("messageStop", &json!({"stopReason": "end_turn"})),
            event(
                "metadata",
                &json!({"usage": {"inputTokens": 9, "outputTokens": 4, "cacheReadInputTokens": 5,
                    "cacheWriteInputTokens": 0}}),
            ),
        ]),
        "/model/us.amazon.nova-lite-v1%3A0/converse" => Reply::json(
            200,
            &json!({"output": {"message": {"role": "assistant", "content": [{"text": "Hello."}]}},
                "stopReason": "max_tokens", "usage": {"inputTokens": 9, "outputTokens": 2}}),
        ),
        "/model/breaks/converse-stream" => stream(vec![
            text("Half"),
            frame(
                &[(":message-type", "exception"), (":exception-type", "throttlingException")],
                &json!({"message": "Too many tokens"}),
            ),
        ]),
        "/model/cut/converse-stream" => stream(vec![text("Half")]),
        "/model/wrong/converse-stream" => {
            error(400, "ValidationException", "The provided model identifier is invalid.")
        }
        "/model/denied/converse-stream" => error(
            403,
            "UnrecognizedClientException",
            &format!("The security token included in the request is invalid: {SECRET}"),
        ),
        _ => error(404, "ResourceNotFoundException", "no such path"),
    }
}

const ASK: [&str; 7] = ["-p", "hi", "-e", "bedrock", "-m", "us.amazon.nova-lite-v1:0", "--json"];

#[test]
fn a_stream_is_asked_for_with_a_signature_and_read_to_its_usage() {
    let mock = Mock::answering(script);
    let home = home(&mock);
    let answer = home.run(&ASK).exits(0).json();
    assert_eq!(
        json!([
            answer["text"],
            answer["finish_reason"],
            answer["provider"],
            answer["model_served"],
            answer["usage"]
        ]),
        json!(["Hello from Nova.", "stop", "bedrock", null, {"tokens_in": 14, "tokens_out": 4, "cached_in": 5,
            "cache_write": 0, "reasoning_out": null, "estimated": false}])
    );
    let asked = mock.requests().remove(0);
    let signed = &asked.headers["authorization"];
    let start = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/";
    assert!(signed.starts_with(start) && signed.contains("/eu-west-1/bedrock/aws4_request"), "{signed}");
    assert_eq!(asked.body["messages"][0]["content"][0], json!({"text": "hi"}));
    home.assert_no_file_holds(SECRET);
}

#[test]
fn a_whole_answer_is_asked_for_at_its_own_path_with_a_bearer_token() {
    let mock = Mock::answering(script);
    let home = home(&mock).with_variable("AWS_BEARER_TOKEN_BEDROCK", "ABSKtest");
    let answer = home.run(&[&ASK[..], &["--no-stream"]].concat()).exits(0).json();
    assert_eq!((&answer["text"], &answer["finish_reason"]), (&json!("Hello."), &json!("length")));
    assert_eq!(mock.requests().remove(0).key(), "ABSKtest");
}

#[test]
fn errors_have_their_exit_codes_and_keep_what_came() {
    let mock = Mock::answering(script);
    let home = home(&mock);
    for (model, code, kind, text) in [
        ("breaks", 7, "rate_limit", "Half"),
        ("cut", 9, "cut", "Half"),
        ("wrong", 5, "unknown_model", ""),
        ("denied", 4, "auth", ""),
    ] {
        let outcome = home.run(&["-p", "hi", "-e", "bedrock", "-m", model, "--json"]).exits(code);
        let told = outcome.json();
        assert_eq!((&told["error"]["kind"], &told["text"]), (&json!(kind), &json!(text)), "{model}");
        assert!(!outcome.text().contains(SECRET) && !outcome.stderr.contains(SECRET), "{outcome:?}");
    }
}

#[test]
fn without_keys_it_is_said_where_they_are_looked_for() {
    let mock = Mock::answering(script);
    let config = format!("endpoints: {{bedrock: {{baseURL: \"{}\"}}}}\n", mock.root());
    let outcome = Home::with_config(&config).run(&ASK).exits(4);
    assert!(outcome.stderr.contains("AWS_ACCESS_KEY_ID"), "{}", outcome.stderr);
    assert_eq!(mock.requests().len(), 0);
}
