//! Small makers for tests.

use std::sync::LazyLock;

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue as FrameValue, Message};
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;

use super::{Decoder, Site};
use crate::chat::request::Delivery;
use crate::chat::{Answer, ChatRequest, End, KeyLabel, Part, RequestMessage, Role, Settings, StreamEvent};
use crate::config::{Config, Endpoint, Location, Template, WireFormat};
use crate::keys::{Credential, KeyOrigin, Secret};

pub fn template(raw: &str) -> Template {
    Template { raw: raw.to_owned(), at: Location { file: "test.yaml".into(), line: 1, column: 1 } }
}

pub fn endpoint(name: &str, base_url: &str) -> Endpoint {
    Endpoint::new(name, WireFormat::OpenaiChat, template(base_url))
}

/// A credential; an empty secret is none.
pub fn credential(base_url: &str, secret: &str) -> Credential {
    Credential {
        label: KeyLabel::default(),
        secret: (!secret.is_empty()).then(|| Secret::new(secret.to_owned())),
        base_url: base_url.to_owned(),
        own_base_url: false,
        origin: KeyOrigin::Literal,
    }
}

/// What says "hi" to a model and sets nothing.
pub fn hi(model: &str) -> ChatRequest {
    let text = Part::Text { text: "hi".into() };
    ChatRequest {
        model: model.into(),
        messages: vec![RequestMessage { role: Role::User, parts: vec![text], route: None }],
        settings: Settings::default(),
        tools: Vec::new(),
        delivery: Delivery::Streamed,
        user: None,
    }
}

/// An endpoint that is asked at the beginning of time, in an empty environment.
pub fn site<'a>(endpoint: &'a Endpoint, credential: &'a Credential) -> Site<'a> {
    static NOTHING: LazyLock<Config> = LazyLock::new(Config::default);
    Site { config: &NOTHING, endpoint, credential, now: Timestamp::UNIX_EPOCH }
}

pub fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| (HeaderName::try_from(*name).unwrap(), HeaderValue::from_str(value).unwrap()))
        .collect()
}

/// What an endpoint of this format answers, read whole and in blocks of 1, 2 and 7 bytes, which must say the same.
/// The key is `sk-secret`.
pub fn answered(api: WireFormat, status: u16, body: &str) -> (Answer, End) {
    answered_by(&Endpoint::new("X", api, template("https://x.test")), status, body)
}

/// The same of this endpoint.
pub fn answered_by(endpoint: &Endpoint, status: u16, body: &str) -> (Answer, End) {
    let credential = credential("https://x.test", "sk-secret");
    let read = |size: usize| {
        let mut decoder = Decoder::new(endpoint, &credential, status, &headers(&[]));
        let mut events: Vec<StreamEvent> = Vec::new();
        for block in body.as_bytes().chunks(size) {
            if decoder.push(block, &mut events) {
                break;
            }
        }
        let end = decoder.finish(None, &mut events);
        let mut answer = Answer::default();
        events.iter().for_each(|event| answer.apply(event));
        (answer, end)
    };
    let whole = read(usize::MAX);
    for size in [1, 2, 7] {
        assert_eq!(read(size), whole, "in blocks of {size}: {body}");
    }
    whole
}

/// A frame of an AWS event stream.
pub fn frame(headers: &[(&str, &str)], payload: &str) -> Vec<u8> {
    let headers = headers
        .iter()
        .map(|(name, value)| Header::new((*name).to_owned(), FrameValue::String((*value).to_owned().into())));
    let message = Message::new_from_parts(headers.collect(), payload.to_owned());
    let mut bytes = Vec::new();
    write_message_to(&message, &mut bytes).unwrap();
    bytes
}
