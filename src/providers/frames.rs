//! AWS event stream: bytes in any pieces to messages.
//!
//! A frame tells its own length first, so bytes are held until one is whole, and a length beyond anything sensible
//! is refused before its bytes are waited for. Headers and checksums are the crate's matter.

use std::ops::ControlFlow;

use aws_smithy_eventstream::frame::read_message_from;
use aws_smithy_types::event_stream::Message as Raw;
use bytes::Bytes;
use serde_json::json;

/// The most bytes of one frame.
pub const LONGEST_FRAME: usize = super::sse::LONGEST_EVENT;

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A piece of the answer.
    Event,
    /// The end of the answer by a failure: an exception of the service, or an error of the stream.
    Failure,
}

/// One message of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What it is.
    pub kind: Kind,
    /// The event's type, the exception's type, or the error's code.
    pub name: String,
    /// Its JSON.
    pub payload: Bytes,
}

/// Why a stream cannot be read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// A frame is longer than [`LONGEST_FRAME`].
    TooLong,
    /// A frame is none: a length, a checksum or a header is wrong.
    Damaged,
}

/// Cuts a stream into messages.
#[derive(Clone, Debug, Default)]
pub struct Frames {
    /// The beginning of a frame whose end has not come.
    held: Vec<u8>,
}

impl Frames {
    /// Takes the next bytes and gives each message that they complete, until told to stop.
    ///
    /// # Errors
    /// Where the bytes are no frames. Messages before that have been given.
    pub fn push(
        &mut self,
        block: &[u8],
        mut each: impl FnMut(Message) -> ControlFlow<()>,
    ) -> Result<(), Broken> {
        self.held.extend_from_slice(block);
        let mut read = 0;
        while let Some(frame) = first(&self.held[read..])? {
            let message = read_message_from(frame).map_err(|_| Broken::Damaged)?;
            read += frame.len();
            if each(told(&message)).is_break() {
                break;
            }
        }
        self.held.drain(..read);
        Ok(())
    }
}

/// The first frame of these bytes, once it is whole.
fn first(bytes: &[u8]) -> Result<Option<&[u8]>, Broken> {
    let Some((length, _)) = bytes.split_first_chunk() else { return Ok(None) };
    let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
    if length > LONGEST_FRAME {
        return Err(Broken::TooLong);
    }
    Ok(bytes.get(..length))
}

fn told(raw: &Raw) -> Message {
    let header = |wanted: &str| {
        raw.headers()
            .iter()
            .find(|header| header.name().as_str() == wanted)
            .and_then(|header| header.value().as_string().ok())
            .map(|value| value.as_str().to_owned())
    };
    let payload = raw.payload().clone();
    match header(":message-type").as_deref() {
        Some("exception") => {
            Message { kind: Kind::Failure, name: header(":exception-type").unwrap_or_default(), payload }
        }
        Some("error") => Message {
            kind: Kind::Failure,
            name: header(":error-code").unwrap_or_default(),
            payload: Bytes::from(
                json!({"message": header(":error-message").unwrap_or_default()}).to_string(),
            ),
        },
        Some(_) | None => {
            Message { kind: Kind::Event, name: header(":event-type").unwrap_or_default(), payload }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::providers::testing::frame;

    fn read<'a>(blocks: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Message>, Result<(), Broken>) {
        let mut frames = Frames::default();
        let mut messages = Vec::new();
        for block in blocks {
            let pushed = frames.push(block, |message| {
                messages.push(message);
                ControlFlow::Continue(())
            });
            if pushed.is_err() {
                return (messages, pushed);
            }
        }
        (messages, Ok(()))
    }

    fn message(kind: Kind, name: &str, payload: &str) -> Message {
        Message { kind, name: name.to_owned(), payload: Bytes::from(payload.to_owned()) }
    }

    #[test]
    fn events_exceptions_and_errors_are_told_apart_by_their_headers() {
        let stream = [
            frame(&[(":message-type", "event"), (":event-type", "messageStart")], "{}"),
            frame(&[(":message-type", "exception"), (":exception-type", "throttlingException")], "{\"a\":1}"),
            frame(
                &[(":message-type", "error"), (":error-code", "Oops"), (":error-message", "no \"way\"")],
                "",
            ),
        ]
        .concat();
        let expected = vec![
            message(Kind::Event, "messageStart", "{}"),
            message(Kind::Failure, "throttlingException", "{\"a\":1}"),
            message(Kind::Failure, "Oops", "{\"message\":\"no \\\"way\\\"\"}"),
        ];
        for size in [1, 2, 7, stream.len()] {
            assert_eq!(read(stream.chunks(size)), (expected.clone(), Ok(())), "in blocks of {size}");
        }
    }

    #[test]
    fn a_length_beyond_the_limit_is_refused_at_its_fourth_byte() {
        let over = u32::try_from(LONGEST_FRAME + 1).unwrap().to_be_bytes();
        assert_eq!(read([&over[..3]]).1, Ok(()));
        assert_eq!(read([&over[..]]).1, Err(Broken::TooLong));
        let most = u32::try_from(LONGEST_FRAME).unwrap().to_be_bytes();
        assert_eq!(read([&most[..]]).1, Ok(()));
    }

    #[test]
    fn a_byte_that_changed_on_the_way_is_noticed_and_what_came_before_it_stays() {
        let good = frame(&[(":message-type", "event"), (":event-type", "messageStart")], "{}");
        for at in 4..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0x20;
            let (messages, end) = read([&[good.clone(), bad].concat()[..]]);
            assert_eq!((messages.len(), end), (1, Err(Broken::Damaged)), "byte {at}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read([&bytes[..]]);
            let short = [&[0, 0, 0][..], &bytes].concat();
            let _ = read([&short[..]]);
        }
    }
}
