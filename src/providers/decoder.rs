//! Reads an answer from its first byte to its end, whatever its framing and status.
//!
//! What an answer is cannot be told from its head alone: gateways send JSON errors and whole answers under
//! `text/event-stream`, and proxies send HTML under anything. So the first byte that is not white space
//! decides, and the head only where the status is an error. Where lines of JSON are expected, the first line
//! tells whether they are: it is JSON as a whole, or the beginning of an object spread over several.

use std::ops::ControlFlow;

use http::HeaderMap;
use serde_json::Value;

use super::codec::{Codec, Frame, NotUnderstood, Shape, Teller, Told};
use super::errors::{self, Head};
use super::frames::{Broken, Frames, Kind, Message};
use super::sse::{Event, Splitter};
use super::{Streams, array, codec_of, lines};
use crate::chat::{End, ErrorKind, Failure, FinishReason, StreamEvent};
use crate::config::Endpoint;
use crate::keys::Credential;

/// The most bytes of an answer in one piece.
const WHOLE_LIMIT: usize = super::sse::LONGEST_EVENT;

/// Reads an answer, whatever its wire format, framing and status.
#[derive(Debug)]
pub struct Decoder {
    answer: Answer,
    streams: Streams,
    framing: Framing,
}

impl Clone for Decoder {
    fn clone(&self) -> Self {
        let Answer { head, told, codec } = &self.answer;
        let answer = Answer { head: head.clone(), told: told.clone(), codec: codec.copy() };
        Self { answer, streams: self.streams, framing: self.framing.clone() }
    }
}

/// What is read so far, without its framing.
#[derive(Debug)]
struct Answer {
    head: Head,
    told: Told,
    codec: Box<dyn Codec>,
}

#[derive(Clone, Debug)]
enum Framing {
    /// Nothing but white space (or a part of a byte order mark) has come.
    Unknown(Vec<u8>),
    /// Server-sent events.
    Events(Splitter),
    /// The first line of what may be lines, or JSON that is spread over several.
    FirstLine(Vec<u8>),
    /// A JSON value a line.
    Lines(lines::Splitter),
    /// The items of an array.
    Items(array::Splitter),
    /// An AWS event stream.
    Frames(Frames),
    /// One piece: JSON, HTML, or an error in any form.
    Whole(Vec<u8>),
}

/// What an answer came to.
#[derive(Debug)]
pub enum Conclusion {
    /// It ended.
    Ended(End),
    /// It did not: its provider waits to be asked to go on.
    Paused(Box<Pause>),
}

/// An answer that its provider paused: a part of it is said, and the rest is to be had by giving that back. Made by
/// [`Decoder::conclude`].
#[derive(Debug)]
pub struct Pause {
    /// What has to be given back, in the format's own words.
    pub said: Value,
    told: Told,
    codec: Box<dyn Codec>,
}

impl Decoder {
    /// For an answer with this head. The key is what errors are cleaned of.
    pub fn new(endpoint: &Endpoint, credential: &Credential, status: u16, headers: &HeaderMap) -> Self {
        let framing =
            if is_success(status) { Framing::Unknown(Vec::new()) } else { Framing::Whole(Vec::new()) };
        let (codec, streams) = codec_of(endpoint);
        let head = Head::new(&endpoint.name, credential, status, headers);
        Self { answer: Answer { head, told: Told::default(), codec }, streams, framing }
    }

    /// For the answer to a request that has a paused answer go on. What it says joins what was said: calls are
    /// counted on, and the tokens of both requests add up.
    pub fn resume(
        pause: Pause,
        endpoint: &Endpoint,
        credential: &Credential,
        status: u16,
        headers: &HeaderMap,
    ) -> Self {
        let Pause { told, codec, .. } = pause;
        let mut decoder = Self::new(endpoint, credential, status, headers);
        decoder.answer.told = told;
        decoder.answer.codec = codec;
        decoder
    }

    /// Takes the next bytes and adds what they say to `events`. Returns `true` once the answer has ended and
    /// nothing more needs to be read.
    pub fn push(&mut self, bytes: &[u8], events: &mut Vec<StreamEvent>) -> bool {
        if let Framing::Unknown(held) = &mut self.framing {
            held.extend_from_slice(bytes);
            let Some(framing) = framing_of(held, self.streams) else {
                // Some servers send empty lines for minutes; they say nothing.
                if held.len() > errors::BODY_LIMIT {
                    held.clear();
                }
                return false;
            };
            let held = std::mem::take(held);
            let start = match &framing {
                Framing::FirstLine(_) => held.strip_prefix(BOM).unwrap_or(&held).trim_ascii_start(),
                Framing::Unknown(_)
                | Framing::Events(_)
                | Framing::Frames(_)
                | Framing::Lines(_)
                | Framing::Items(_)
                | Framing::Whole(_) => &held,
            };
            self.framing = framing;
            return self.push(start, events);
        }
        let Self { answer, framing, .. } = self;
        match framing {
            Framing::Unknown(_) => false,
            Framing::Whole(body) => {
                let limit = if is_success(answer.head.status) { WHOLE_LIMIT } else { errors::BODY_LIMIT };
                let room = limit.saturating_sub(body.len());
                body.extend_from_slice(&bytes[..bytes.len().min(room)]);
                body.len() >= limit
            }
            Framing::Events(splitter) => {
                let mut ended = false;
                splitter.push(bytes, |event| {
                    let flow = answer.event(event, events);
                    ended |= flow.is_break();
                    flow
                });
                if splitter.is_overfull() {
                    answer.too_long();
                    return true;
                }
                ended
            }
            Framing::Frames(frames) => {
                let mut ended = false;
                let read = frames.push(bytes, |message| {
                    let flow = answer.message(&message, events);
                    ended |= flow.is_break();
                    flow
                });
                match read {
                    Ok(()) => ended,
                    Err(Broken::TooLong) => {
                        answer.too_long();
                        true
                    }
                    Err(Broken::Damaged) => {
                        answer.damaged();
                        true
                    }
                }
            }
            Framing::FirstLine(held) => {
                let searched = held.len();
                held.extend_from_slice(bytes);
                let Some(end) = memchr::memchr(b'\n', &held[searched..]).map(|end| searched + end) else {
                    if held.len() >= WHOLE_LIMIT {
                        answer.too_long();
                        return true;
                    }
                    return false;
                };
                let is_line = is_whole_json(&held[..end]);
                let held = std::mem::take(held);
                *framing = if is_line {
                    Framing::Lines(lines::Splitter::default())
                } else {
                    Framing::Whole(Vec::new())
                };
                self.push(&held, events)
            }
            Framing::Lines(splitter) => {
                let mut ended = false;
                splitter.push(bytes, |line| {
                    let flow = answer.piece(b"", line, events);
                    ended |= flow.is_break();
                    flow
                });
                if splitter.is_overfull() {
                    answer.too_long();
                    return true;
                }
                ended
            }
            Framing::Items(splitter) => {
                let mut ended = false;
                let is_complete = splitter.push(bytes, |item| {
                    let flow = answer.piece(b"", item, events);
                    ended |= flow.is_break();
                    flow
                });
                if is_complete {
                    answer.told.done();
                }
                if splitter.is_overfull() {
                    answer.too_long();
                    return true;
                }
                ended || is_complete
            }
        }
    }

    /// How the answer ended, once no more bytes come. `broken` is what the network said, where it broke.
    /// What was held back goes to `events`. One that only paused counts as finished: this is for who does not
    /// mean to have it go on.
    pub fn finish(self, broken: Option<Failure>, events: &mut Vec<StreamEvent>) -> End {
        match self.conclude(broken, events) {
            Conclusion::Ended(end) => end,
            Conclusion::Paused(_) => End::Finished(FinishReason::Stop),
        }
    }

    /// The same, for who has a paused answer go on.
    pub fn conclude(self, broken: Option<Failure>, events: &mut Vec<StreamEvent>) -> Conclusion {
        let Self { mut answer, framing, .. } = self;
        match framing {
            // A frame cut in its middle says nothing that can be relied on.
            Framing::Unknown(_) | Framing::Frames(_) => {}
            Framing::Whole(body) if !is_success(answer.head.status) => {
                // An error's status says enough, also where its body broke off.
                let told = answer.codec.error(&body);
                let body = told.as_deref().unwrap_or(&body);
                return Conclusion::Ended(End::Failed(answer.head.failure(body)));
            }
            Framing::Whole(body) => {
                if let Some(failure) = answer.whole(&body, events)
                    && broken.is_none()
                {
                    return Conclusion::Ended(End::Failed(failure));
                }
            }
            Framing::Events(splitter) => splitter.finish(|event| {
                // An event cut in its middle is no event, and no reason to call the answer garbage: the
                // stream is cut, which is told below.
                if is_whole_json(event.data) {
                    let _ = answer.event(event, events);
                }
            }),
            Framing::FirstLine(line) => answer.last_line(&line, events),
            Framing::Lines(splitter) => splitter.finish(|line| answer.last_line(line, events)),
            // What an array's end has left open is no item.
            Framing::Items(_) => {}
        }
        if broken.is_none() {
            let (codec, mut tell) = answer.teller(events);
            codec.finish(&mut tell);
        }
        answer.end(broken)
    }
}

impl Answer {
    fn teller<'a>(&'a mut self, events: &'a mut Vec<StreamEvent>) -> (&'a mut dyn Codec, Teller<'a>) {
        let Self { head, told, codec } = self;
        (codec.as_mut(), Teller { told, head, events })
    }

    /// Reads one server-sent event.
    fn event(&mut self, event: Event<'_>, events: &mut Vec<StreamEvent>) -> ControlFlow<()> {
        if event.data.first() == Some(&b'[') && event.data.trim_ascii_end() == DONE {
            self.told.done();
            return ControlFlow::Break(());
        }
        if event.name == b"error" {
            self.told.fail(self.head.failure(event.data));
            return ControlFlow::Continue(());
        }
        self.piece(event.name, event.data, events)
    }

    /// Reads one message of an event stream.
    fn message(&mut self, message: &Message, events: &mut Vec<StreamEvent>) -> ControlFlow<()> {
        match message.kind {
            Kind::Event => self.piece(message.name.as_bytes(), &message.payload, events),
            Kind::Failure => {
                self.told.fail(self.head.exception(&message.name, &message.payload));
                ControlFlow::Break(())
            }
        }
    }

    /// Reads one piece of a stream.
    fn piece(&mut self, name: &[u8], data: &[u8], events: &mut Vec<StreamEvent>) -> ControlFlow<()> {
        if data.trim_ascii().is_empty() {
            return ControlFlow::Continue(());
        }
        match self.read(name, data, Shape::Piece, events) {
            Ok(flow) => flow,
            Err(NotUnderstood) => {
                self.told.fail(self.head.not_understood(data));
                ControlFlow::Break(())
            }
        }
    }

    /// Reads the line that the end of the stream left without its newline; one cut in its middle is none.
    fn last_line(&mut self, line: &[u8], events: &mut Vec<StreamEvent>) {
        if is_whole_json(line) {
            let _ = self.piece(b"", line, events);
        }
    }

    fn read(
        &mut self,
        name: &[u8],
        data: &[u8],
        shape: Shape,
        events: &mut Vec<StreamEvent>,
    ) -> Result<ControlFlow<()>, NotUnderstood> {
        let (codec, mut tell) = self.teller(events);
        match std::str::from_utf8(data) {
            Ok(data) => codec.read(Frame { name, data, shape }, &mut tell),
            // A byte out of place costs a character, not the answer.
            Err(_) => codec.read(Frame { name, data: &String::from_utf8_lossy(data), shape }, &mut tell),
        }
    }

    /// Reads a body in one piece; the failure that it is, where it is no answer.
    fn whole(&mut self, body: &[u8], events: &mut Vec<StreamEvent>) -> Option<Failure> {
        let body = body.strip_prefix(BOM).unwrap_or(body);
        if self.read(b"", body, Shape::Whole, events).is_err() {
            return Some(self.head.not_understood(body));
        }
        if self.told.has_content() && self.told.finish().is_none() {
            // Whole is whole: old servers leave the reason out.
            self.told.done();
        }
        if self.told.finish().is_some() {
            return None;
        }
        Some(self.told.take_failure().unwrap_or_else(|| self.head.failure(body)))
    }

    fn too_long(&mut self) {
        let failure = Failure::new(ErrorKind::Provider, crate::t!("net-event-too-long").into_string());
        self.told.fail(self.head.give(failure));
    }

    fn damaged(&mut self) {
        let failure = Failure::new(ErrorKind::Provider, crate::t!("net-frame-damaged").into_string());
        self.told.fail(self.head.give(failure));
    }

    fn end(mut self, broken: Option<Failure>) -> Conclusion {
        if let Some(failure) = self.told.take_failure() {
            return Conclusion::Ended(End::Failed(failure));
        }
        if self.told.finish().is_some()
            && let Some(said) = self.codec.paused()
        {
            self.told.reopen();
            return Conclusion::Paused(Box::new(Pause { said, told: self.told, codec: self.codec }));
        }
        Conclusion::Ended(match (self.told.finish(), self.told.has_content(), broken) {
            (Some(reason), _, _) => End::Finished(reason),
            (None, true, Some(failure)) => End::Cut(cut(failure)),
            (None, true, None) => End::Cut(
                Failure::new(ErrorKind::Cut, crate::t!("net-cut").into_string())
                    .with_status(self.head.status)
                    .with_next_step(crate::t!("net-step-cut").into_string()),
            ),
            (None, false, Some(failure)) => End::Failed(failure),
            (None, false, None) => End::Failed(
                Failure::new(ErrorKind::Network, crate::t!("net-no-content").into_string())
                    .with_status(self.head.status)
                    .with_next_step(crate::t!("net-step-again").into_string()),
            ),
        })
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

const BOM: &[u8] = b"\xef\xbb\xbf";

/// The framing that the first byte of text tells; `None` while there is none.
fn framing_of(start: &[u8], streams: Streams) -> Option<Framing> {
    let text = start.strip_prefix(BOM).unwrap_or(start);
    if BOM.starts_with(text) && text.len() < BOM.len() && !text.is_empty() {
        return None;
    }
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace())?;
    Some(match (first, streams) {
        (_, Streams::Nothing) | (b'{' | b'[' | b'<', Streams::Events | Streams::Frames) => {
            Framing::Whole(Vec::new())
        }
        (_, Streams::Events) => Framing::Events(Splitter::default()),
        (b'{' | b'[', Streams::Lines) => Framing::FirstLine(Vec::new()),
        (b'[', Streams::Items) => Framing::Items(array::Splitter::default()),
        (_, Streams::Lines | Streams::Items) => Framing::Whole(Vec::new()),
        // A frame begins with a zero: it is not longer than 16 MiB.
        (_, Streams::Frames) => Framing::Frames(Frames::default()),
    })
}

fn is_whole_json(data: &[u8]) -> bool {
    data.trim_ascii() == DONE || serde_json::from_slice::<serde::de::IgnoredAny>(data).is_ok()
}

const DONE: &[u8] = b"[DONE]";
