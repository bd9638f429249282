//! The demo: an endpoint that answers in process, offline, and says so.
//!
//! It speaks openai-chat as bytes, so what it says passes the same decoder, storage and telemetry as any
//! provider's answer. Its texts are files; the word a person sends chooses one.

use std::time::Duration;

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::stream::{self, StreamExt};
use futures::{FutureExt, Stream};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::chat::Failure;
use crate::http::{HttpRequest, HttpResponse, Transport};

/// The one model of the demo.
pub const MODEL: &str = "tour";

/// How an answer is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// At a pace that can be read along with.
    Readable,
    /// Word by word, with time to act between.
    Slow,
    /// Over and over, numbered.
    Long,
    /// Not at all: an error as a provider would send it.
    Error,
}

/// Words that choose an answer, in the order in which they are looked for.
const WORDS: &[(&str, Manner, &str)] = &[
    ("error", Manner::Error, ""),
    ("table", Manner::Readable, include_str!("../../config/demo/table.md")),
    ("code", Manner::Readable, include_str!("../../config/demo/code.md")),
    ("long", Manner::Long, include_str!("../../config/demo/long.md")),
    ("slow", Manner::Slow, include_str!("../../config/demo/slow.md")),
    ("branches", Manner::Readable, include_str!("../../config/demo/branches.md")),
];

const TOUR: &str = include_str!("../../config/demo/tour.md");
const ECHO: &str = include_str!("../../config/demo/echo.md");

/// How long an ordinary answer takes at most; it is shorter where the text is.
const READABLE: Duration = Duration::from_millis(4500);
const PER_WORD: Duration = Duration::from_millis(30);
const PER_SLOW_WORD: Duration = Duration::from_millis(700);
const PER_LONG_WORD: Duration = Duration::from_millis(12);
const LONG_PARAGRAPHS: usize = 40;

/// The offline endpoint.
#[derive(Clone, Copy, Debug, Default)]
pub struct DemoTransport;

impl Transport for DemoTransport {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse, Failure>> {
        async move { Ok(answer(&request)) }.boxed()
    }
}

/// What of a request the demo understands.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    messages: Vec<Said>,
    stream: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Said {
    role: String,
    content: String,
}

fn answer(request: &HttpRequest) -> HttpResponse {
    if request.method == Method::GET {
        let list =
            json!({"object": "list", "data": [{"id": MODEL, "object": "model", "context_length": 8192}]});
        return whole(200, &list);
    }
    let asked: Asked =
        request.body.as_deref().and_then(|body| serde_json::from_slice(body).ok()).unwrap_or_default();
    let (manner, text) = choose(&asked);
    if manner == Manner::Error {
        let message =
            "This is the demo's error, on request. A provider out of capacity says something like it.";
        let mut error = whole(503, &json!({"error": {"message": message, "type": "demo_error"}}));
        // Who asks to see an error does not want to wait for three of them.
        error.headers.insert("x-should-retry", HeaderValue::from_static("false"));
        return error;
    }
    let text = match manner {
        Manner::Long => lengthen(text),
        Manner::Readable | Manner::Slow | Manner::Error => text.trim_end().to_owned(),
    };
    // Words for tokens: an estimate, and it is the demo's own bill, so it is never wrong.
    let usage = json!({
        "prompt_tokens": asked.messages.iter().map(|said| words(&said.content).count()).sum::<usize>(),
        "completion_tokens": words(&text).count(),
    });
    if !asked.stream {
        return whole(
            200,
            &json!({"model": MODEL, "usage": usage, "choices": [{"index": 0, "finish_reason": "stop",
                    "message": {"role": "assistant", "content": text}}]}),
        );
    }
    let pause = pause(manner, words(&text).count());
    HttpResponse {
        status: 200,
        headers: content_type("text/event-stream"),
        body: paced(&text, usage, pause).boxed(),
    }
}

/// The answer that the last user message chooses: by its words, else the tour at the start of a
/// conversation, else a reminder of what this is.
fn choose(asked: &Asked) -> (Manner, &'static str) {
    let mut said = asked.messages.iter().filter(|said| said.role == "user");
    let first_turn = said.clone().count() <= 1;
    let last = said.next_back().map(|said| said.content.to_lowercase()).unwrap_or_default();
    let has = |word: &str| last.split(|c: char| !c.is_alphanumeric()).any(|said| said == word);
    WORDS
        .iter()
        .find(|(word, _, _)| has(word))
        .map(|(_, manner, text)| (*manner, *text))
        .unwrap_or((Manner::Readable, if first_turn { TOUR } else { ECHO }))
}

fn lengthen(opening: &str) -> String {
    let mut text = opening.trim_end().to_owned();
    for n in 1..=LONG_PARAGRAPHS {
        text.push_str(&format!(
            "\n\n**{n} of {LONG_PARAGRAPHS}.** A loquat flowers in autumn and bears in spring, \
             which is the wrong way round for a fruit tree and does it no harm at all."
        ));
    }
    text
}

fn pause(manner: Manner, words: usize) -> Duration {
    match manner {
        Manner::Readable | Manner::Error => {
            PER_WORD.min(READABLE / u32::try_from(words.max(1)).unwrap_or(u32::MAX))
        }
        Manner::Slow => PER_SLOW_WORD,
        Manner::Long => PER_LONG_WORD,
    }
}

/// Words with the white space after them: what is sent piece by piece.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive([' ', '\n']).filter(|word| !word.is_empty())
}

/// The events of a stream, a pause after each word.
fn paced(text: &str, usage: Value, pause: Duration) -> impl Stream<Item = Result<Bytes, Failure>> + use<> {
    let chunk = |delta: Value, finish: Value| {
        event(&json!({"model": MODEL, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}))
    };
    let mut events: Vec<Bytes> =
        words(text).map(|word| chunk(json!({"content": word}), Value::Null)).collect();
    let last_word = events.len();
    events.push(chunk(json!({}), json!("stop")));
    events.push(event(&json!({"model": MODEL, "choices": [], "usage": usage})));
    events.push(Bytes::from_static(b"data: [DONE]\n\n"));
    stream::iter(events.into_iter().enumerate()).then(move |(at, event)| async move {
        if at > 0 && at < last_word {
            tokio::time::sleep(pause).await;
        }
        Ok(event)
    })
}

fn event(value: &Value) -> Bytes {
    Bytes::from(format!("data: {value}\n\n"))
}

fn whole(status: u16, value: &Value) -> HttpResponse {
    let bytes = Bytes::from(value.to_string());
    HttpResponse {
        status,
        headers: content_type("application/json"),
        body: stream::once(async move { Ok(bytes) }).boxed(),
    }
}

fn content_type(kind: &'static str) -> HeaderMap {
    HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(kind))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::request::Delivery;
    use crate::chat::{
        Answer, ChatRequest, End, ErrorKind, FinishReason, Part, RequestMessage, Role, Settings, Usage,
    };
    use crate::providers::{Decoder, request, testing};

    /// Sends what people said, in turn with answers, through codec and demo; and how long it took.
    async fn ask(said: &[&str], delivery: Delivery) -> (Answer, End, Duration) {
        let (endpoint, credential) = (testing::endpoint("demo", "demo:"), testing::credential("demo:", ""));
        let messages = said
            .iter()
            .enumerate()
            .map(|(at, text)| RequestMessage {
                role: if at % 2 == 0 { Role::User } else { Role::Assistant },
                parts: vec![Part::Text { text: (*text).to_owned() }],
                route: None,
            })
            .collect();
        let chat = ChatRequest {
            model: MODEL.into(),
            messages,
            settings: Settings::default(),
            tools: Vec::new(),
            delivery,
            user: None,
        };
        let request = request(&chat, &testing::site(&endpoint, &credential)).unwrap();
        let started = tokio::time::Instant::now();
        let mut response = DemoTransport.send(request).await.unwrap();
        let mut decoder = Decoder::new(&endpoint, &credential, response.status, &response.headers);
        let (mut events, mut answer) = (Vec::new(), Answer::default());
        while let Some(bytes) = response.body.next().await {
            if decoder.push(&bytes.unwrap(), &mut events) {
                break;
            }
        }
        let end = decoder.finish(None, &mut events);
        events.iter().for_each(|event| answer.apply(event));
        (answer, end, started.elapsed())
    }

    fn text(answer: &Answer) -> String {
        answer
            .parts
            .iter()
            .map(|part| match part {
                Part::Text { text } => text.as_str(),
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[tokio::test(start_paused = true)]
    async fn every_answer_says_that_it_is_not_a_model_and_ends_within_six_seconds() {
        for said in [
            &["hello"][..],
            &["hello", "hi", "what is love?"],
            &["a TABLE, please"],
            &["code!"],
            &["branches"],
        ] {
            let (answer, end, took) = ask(said, Delivery::Streamed).await;
            let text = text(&answer);
            assert!(text.contains("not a model") || text.contains("**not a model**"), "{text}");
            assert_eq!(end, End::Finished(FinishReason::Stop));
            assert!(took < Duration::from_secs(6) && took > Duration::from_millis(500), "{said:?}: {took:?}");
            assert_eq!(answer.usage.tokens_out, Some(words(&text).count() as u64));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn long_and_slow_take_their_time() {
        for said in ["something long", "slow"] {
            let (answer, end, took) = ask(&[said], Delivery::Streamed).await;
            assert!(text(&answer).contains("not a model"));
            assert_eq!(end, End::Finished(FinishReason::Stop));
            assert!(took > Duration::from_secs(8), "{said}: {took:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn error_fails_as_a_provider_does() {
        let (answer, end, _) = ask(&["error"], Delivery::Streamed).await;
        assert_eq!(answer.parts, []);
        let End::Failed(failure) = end else { panic!("{end:?}") };
        assert_eq!((failure.kind, failure.status), (ErrorKind::Provider, Some(503)));
        assert!(failure.message.starts_with("This is the demo's error"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_whole_answer_comes_at_once() {
        let (answer, end, took) = ask(&["a table"], Delivery::Whole).await;
        assert_eq!(text(&answer), WORDS[1].2.trim_end());
        assert_eq!(end, End::Finished(FinishReason::Stop));
        assert_eq!(took, Duration::ZERO);
        let tokens = words(WORDS[1].2.trim_end()).count() as u64;
        assert_eq!(answer.usage, Usage { tokens_in: Some(2), tokens_out: Some(tokens), ..Usage::default() });
    }
}
