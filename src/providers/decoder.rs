//! Reads an answer from its first byte to its end, whatever its framing and status.
//!
//! What an answer is cannot be told from its head alone: gateways send JSON errors and whole answers under
//! `text/event-stream`, and proxies send HTML under anything. So the first byte that is not white space
//! decides, and the head only where the status is an error.

use std::ops::ControlFlow;

use http::HeaderMap;

use super::errors::{self, Head};
use super::openai_chat::{Answer, Shape};
use super::sse::{Event, Splitter};
use crate::chat::{End, ErrorKind, Failure, StreamEvent};
use crate::config::Endpoint;
use crate::keys::Credential;

/// The most bytes of an answer in one piece.
const WHOLE_LIMIT: usize = super::sse::LONGEST_EVENT;

/// Reads an answer, whatever its wire format, framing and status.
#[derive(Clone, Debug)]
pub struct Decoder {
    head: Head,
    answer: Answer,
    framing: Framing,
}

#[derive(Clone, Debug)]
enum Framing {
    /// Nothing but white space (or a part of a byte order mark) has come.
    Unknown(Vec<u8>),
    /// Server-sent events.
    Events(Splitter),
    /// One piece: JSON, HTML, or an error in any form.
    Whole(Vec<u8>),
}

impl Decoder {
    /// For an answer with this head. The key is what errors are cleaned of.
    pub fn new(endpoint: &Endpoint, credential: &Credential, status: u16, headers: &HeaderMap) -> Self {
        let framing =
            if is_success(status) { Framing::Unknown(Vec::new()) } else { Framing::Whole(Vec::new()) };
        Self {
            head: Head::new(&endpoint.name, credential, status, headers),
            answer: Answer::new(endpoint.reasoning_key.clone()),
            framing,
        }
    }

    /// Takes the next bytes and adds what they say to `events`. Returns `true` once the answer has ended and
    /// nothing more needs to be read.
    pub fn push(&mut self, bytes: &[u8], events: &mut Vec<StreamEvent>) -> bool {
        if let Framing::Unknown(held) = &mut self.framing {
            held.extend_from_slice(bytes);
            let Some(framing) = framing_of(held) else {
                // Some servers send empty lines for minutes; they say nothing.
                if held.len() > errors::BODY_LIMIT {
                    held.clear();
                }
                return false;
            };
            let held = std::mem::take(held);
            self.framing = framing;
            return self.push(&held, events);
        }
        let Self { head, answer, framing } = self;
        match framing {
            Framing::Unknown(_) => false,
            Framing::Whole(body) => {
                let limit = if is_success(head.status) { WHOLE_LIMIT } else { errors::BODY_LIMIT };
                let room = limit.saturating_sub(body.len());
                body.extend_from_slice(&bytes[..bytes.len().min(room)]);
                body.len() >= limit
            }
            Framing::Events(splitter) => {
                let mut ended = false;
                splitter.push(bytes, |event| {
                    let flow = read_event(event, answer, head, events);
                    ended |= flow.is_break();
                    flow
                });
                if splitter.is_overfull() {
                    answer.fail(head.give(Failure::new(
                        ErrorKind::Provider,
                        crate::t!("net-event-too-long").into_string(),
                    )));
                    return true;
                }
                ended
            }
        }
    }

    /// How the answer ended, once no more bytes come. `broken` is what the network said, where it broke.
    /// What was held back goes to `events`.
    pub fn finish(self, broken: Option<Failure>, events: &mut Vec<StreamEvent>) -> End {
        let Self { head, mut answer, framing } = self;
        match framing {
            Framing::Unknown(_) => {}
            Framing::Whole(body) if !is_success(head.status) => {
                // An error's status says enough, also where its body broke off.
                return End::Failed(head.failure(&body));
            }
            Framing::Whole(body) => {
                if let Some(failure) = read_whole(&body, &mut answer, &head, events)
                    && broken.is_none()
                {
                    return End::Failed(failure);
                }
            }
            Framing::Events(splitter) => splitter.finish(|event| {
                // An event cut in its middle is no event, and no reason to call the answer garbage: the
                // stream is cut, which is told below.
                if is_whole_json(event.data) {
                    let _ = read_event(event, &mut answer, &head, events);
                }
            }),
        }
        if let Some(failure) = answer.failure() {
            return End::Failed(failure);
        }
        match (answer.finish(), answer.has_content(), broken) {
            (Some(reason), _, _) => End::Finished(reason),
            (None, true, Some(failure)) => End::Cut(cut(failure)),
            (None, true, None) => End::Cut(
                Failure::new(ErrorKind::Cut, crate::t!("net-cut").into_string())
                    .with_status(head.status)
                    .with_next_step(crate::t!("net-step-cut").into_string()),
            ),
            (None, false, Some(failure)) => End::Failed(failure),
            (None, false, None) => End::Failed(
                Failure::new(ErrorKind::Network, crate::t!("net-no-content").into_string())
                    .with_status(head.status)
                    .with_next_step(crate::t!("net-step-again").into_string()),
            ),
        }
    }
}

/// A network failure after content is a cut; running out of time stays what it is.
fn cut(mut failure: Failure) -> Failure {
    if failure.kind == ErrorKind::Network {
        failure.kind = ErrorKind::Cut;
        failure.next_step = Some(crate::t!("net-step-cut").into_string());
    }
    failure
}

fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

/// The framing that the first byte of text tells; `None` while there is none.
fn framing_of(start: &[u8]) -> Option<Framing> {
    const BOM: &[u8] = b"\xef\xbb\xbf";
    let text = start.strip_prefix(BOM).unwrap_or(start);
    if BOM.starts_with(text) && text.len() < BOM.len() && !text.is_empty() {
        return None;
    }
    text.iter().find(|byte| !byte.is_ascii_whitespace()).map(|first| match first {
        b'{' | b'[' | b'<' => Framing::Whole(Vec::new()),
        _ => Framing::Events(Splitter::default()),
    })
}

fn is_whole_json(data: &[u8]) -> bool {
    data.trim_ascii() == DONE || serde_json::from_slice::<serde::de::IgnoredAny>(data).is_ok()
}

const DONE: &[u8] = b"[DONE]";

fn read_event(
    event: Event<'_>,
    answer: &mut Answer,
    head: &Head,
    events: &mut Vec<StreamEvent>,
) -> ControlFlow<()> {
    if event.data.first() == Some(&b'[') && event.data.trim_ascii_end() == DONE {
        answer.done();
        return ControlFlow::Break(());
    }
    if event.name == b"error" {
        answer.fail(head.failure(event.data));
        return ControlFlow::Continue(());
    }
    if event.data.trim_ascii().is_empty() {
        return ControlFlow::Continue(());
    }
    let read = match std::str::from_utf8(event.data) {
        Ok(text) => answer.read(text, Shape::Chunk, head, events),
        // A byte out of place costs a character, not the answer.
        Err(_) => answer.read(&String::from_utf8_lossy(event.data), Shape::Chunk, head, events),
    };
    match read {
        Ok(()) => ControlFlow::Continue(()),
        Err(_) => {
            answer.fail(head.not_understood(event.data));
            ControlFlow::Break(())
        }
    }
}

/// Reads a body in one piece; the failure that it is, where it is no answer.
fn read_whole(
    body: &[u8],
    answer: &mut Answer,
    head: &Head,
    events: &mut Vec<StreamEvent>,
) -> Option<Failure> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let text = String::from_utf8_lossy(body);
    if answer.read(&text, Shape::Whole, head, events).is_err() {
        return Some(head.not_understood(body));
    }
    if answer.has_content() && answer.finish().is_none() {
        // Whole is whole: old servers leave the reason out.
        answer.done();
    }
    if answer.finish().is_some() {
        return None;
    }
    Some(answer.failure().unwrap_or_else(|| head.failure(body)))
}
