//! Server-sent events: bytes in any pieces to events.
//!
//! Nearly every event of a model's stream is one `data:` line and a blank one, whole in a block. Such an
//! event is lent from the block, without a copy and with one scan. Everything else (lines cut by a block's
//! end, `\r` and `\r\n`, several `data:` lines, comments, other fields) goes line by line through buffers.
//! Both ways follow the WHATWG algorithm with two liberties: an event that the stream's end leaves without
//! its blank line is given by [`Splitter::finish`], because real servers forget that line; and a line that
//! begins as a JSON object does is data, because some forget the field's name before an error.

use std::ops::ControlFlow;

use memchr::memchr2;

/// An event with data. Text is UTF-8 in every sane stream, but nothing here relies on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event<'a> {
    /// The `event:` field; empty where there was none.
    pub name: &'a [u8],
    /// The `data:` lines, joined by newlines.
    pub data: &'a [u8],
}

/// The most bytes that are kept of one event: beyond any answer, and far below what hurts.
pub const LONGEST_EVENT: usize = 16 << 20;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Cuts a stream into events.
#[derive(Clone, Debug, Default)]
pub struct Splitter {
    /// The beginning of a line whose end has not come.
    line: Vec<u8>,
    data: Vec<u8>,
    has_data: bool,
    /// The event is JSON without a field's name.
    is_bare: bool,
    name: Vec<u8>,
    /// The last byte was a carriage return: a line feed right after it belongs to it.
    after_cr: bool,
    /// Bytes of a byte order mark that may still come; only at the very start.
    started: bool,
}

impl Splitter {
    /// Takes the next bytes and gives each event that they complete, until told to stop.
    pub fn push(&mut self, mut block: &[u8], mut each: impl FnMut(Event<'_>) -> ControlFlow<()>) {
        if !self.started {
            self.line.extend_from_slice(block);
            if self.line.len() < BOM.len() && BOM.starts_with(&self.line) {
                return;
            }
            self.started = true;
            let held = std::mem::take(&mut self.line);
            let rest = held.strip_prefix(BOM).unwrap_or(&held);
            return self.push(rest, each);
        }
        while !block.is_empty() {
            if self.is_between_events()
                && let Some((event, rest)) = lend(block)
            {
                block = rest;
                if each(event).is_break() {
                    return;
                }
                continue;
            }
            if std::mem::take(&mut self.after_cr) && block[0] == b'\n' {
                block = &block[1..];
                continue;
            }
            let Some(end) = memchr2(b'\n', b'\r', block) else {
                self.line.extend_from_slice(block);
                return;
            };
            self.after_cr = block[end] == b'\r';
            let flow = self.end_line(&block[..end], &mut each);
            block = &block[end + 1..];
            if flow.is_break() {
                return;
            }
        }
    }

    /// Whether an event has grown beyond [`LONGEST_EVENT`].
    pub fn is_overfull(&self) -> bool {
        self.line.len() + self.data.len() > LONGEST_EVENT
    }

    /// The event that the end of the stream left without its blank line, if any.
    pub fn finish(mut self, mut each: impl FnMut(Event<'_>)) {
        if !self.started {
            self.line.clear();
        }
        let mut give = |event: Event<'_>| {
            each(event);
            ControlFlow::Continue(())
        };
        if !self.line.is_empty() {
            let _ = self.end_line(b"", &mut give);
        }
        let _ = self.end_line(b"", &mut give);
    }

    fn is_between_events(&self) -> bool {
        !self.after_cr && !self.has_data && self.line.is_empty() && self.name.is_empty()
    }

    /// A line has ended; `tail` is its last piece.
    fn end_line(
        &mut self,
        tail: &[u8],
        each: &mut impl FnMut(Event<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut held = std::mem::take(&mut self.line);
        let line = if held.is_empty() {
            tail
        } else {
            held.extend_from_slice(tail);
            &held
        };
        if line.is_empty() {
            return self.dispatch(each);
        }
        // Google, where it fails in mid-stream, writes the error's JSON as it is.
        self.is_bare |= line.starts_with(b"{") && !self.has_data;
        let (field, value) = match memchr::memchr(b':', line) {
            _ if self.is_bare => (&b"data"[..], line),
            Some(colon) => {
                let value = &line[colon + 1..];
                (&line[..colon], value.strip_prefix(b" ").unwrap_or(value))
            }
            None => (line, &b""[..]),
        };
        match field {
            b"data" => {
                if self.has_data {
                    self.data.push(b'\n');
                }
                self.has_data = true;
                self.data.extend_from_slice(value);
            }
            b"event" => {
                self.name.clear();
                self.name.extend_from_slice(value);
            }
            // llama.cpp of old names the field `error` where others name the event.
            b"error" => {
                self.name.clear();
                self.name.extend_from_slice(b"error");
                self.has_data = true;
                self.data.extend_from_slice(value);
            }
            // `id`, `retry`, comments (an empty name) and whatever else there may be.
            _ => {}
        }
        held.clear();
        self.line = held;
        ControlFlow::Continue(())
    }

    fn dispatch(&mut self, each: &mut impl FnMut(Event<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
        let flow = if self.has_data {
            each(Event { name: &self.name, data: &self.data })
        } else {
            ControlFlow::Continue(())
        };
        self.has_data = false;
        self.is_bare = false;
        self.data.clear();
        self.name.clear();
        flow
    }
}

/// The event at the start of `block`, where it is one whole `data:` line and a blank line, both ended by
/// `\n`; and the rest of the block.
fn lend(block: &[u8]) -> Option<(Event<'_>, &[u8])> {
    let value = block.strip_prefix(b"data:")?;
    let end = memchr2(b'\n', b'\r', value)?;
    let rest = value[end..].strip_prefix(b"\n\n")?;
    let data = &value[..end];
    Some((Event { name: b"", data: data.strip_prefix(b" ").unwrap_or(data) }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    type Owned = (String, String);

    fn owned(event: Event<'_>) -> Owned {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        (text(event.name), text(event.data))
    }

    fn split<'a>(blocks: impl IntoIterator<Item = &'a [u8]>) -> (Vec<Owned>, Vec<Owned>) {
        let (mut whole, mut left) = (Vec::new(), Vec::new());
        let mut splitter = Splitter::default();
        for block in blocks {
            splitter.push(block, |event| {
                whole.push(owned(event));
                ControlFlow::Continue(())
            });
        }
        splitter.finish(|event| left.push(owned(event)));
        (whole, left)
    }

    fn oracle(bytes: &[u8]) -> Vec<Owned> {
        let mut parser = sse_parse::SseParser::new();
        parser.feed(bytes);
        std::iter::from_fn(|| parser.next_event())
            .map(|event| {
                let name = if event.event == "message" { String::new() } else { event.event.to_string() };
                (name, event.data.to_string())
            })
            .collect()
    }

    fn data(text: &str) -> Owned {
        (String::new(), text.to_owned())
    }

    #[test]
    fn every_line_end_bom_comment_and_field_is_understood() {
        let cases: &[(&str, Vec<Owned>)] = &[
            ("data: a\n\ndata:b\n\n", vec![data("a"), data("b")]),
            ("data: a\r\n\r\ndata: b\r\n\r\n", vec![data("a"), data("b")]),
            ("data: a\r\rdata: b\r\r", vec![data("a"), data("b")]),
            ("\u{feff}data: a\n\n", vec![data("a")]),
            ("data: {\ndata:  \"x\":1}\n\n", vec![data("{\n \"x\":1}")]),
            (": PROCESSING\n\n: ping\ndata: a\nid: 7\nretry: 10\n\n", vec![data("a")]),
            ("event: error\ndata: x\n\ndata: y\n\n", vec![("error".into(), "x".into()), data("y")]),
            ("event: ping\n\ndata: y\n\n", vec![data("y")]),
            ("data\n\n", vec![data("")]),
            ("data: a\n\n{\"e\":\n  1}\n\ndata: b\n\n", vec![data("a"), data("{\"e\":\n  1}"), data("b")]),
            ("error: {}\n\n", vec![("error".into(), "{}".into())]),
        ];
        for (stream, events) in cases {
            assert_eq!(&split([stream.as_bytes()]).0, events, "{stream:?}");
            let bytewise = split(stream.as_bytes().chunks(1));
            assert_eq!(&bytewise.0, events, "{stream:?} byte by byte");
        }
    }

    #[test]
    fn an_event_without_its_blank_line_is_given_at_the_end() {
        assert_eq!(split([&b"data: a\n\ndata: b"[..]]), (vec![data("a")], vec![data("b")]));
        assert_eq!(split([&b"data: a\n\ndata: b\n"[..]]), (vec![data("a")], vec![data("b")]));
        assert_eq!(split([&b"\xef\xbb"[..]]), (vec![], vec![]));
    }

    #[test]
    fn nothing_is_given_after_a_stop() {
        let mut seen = Vec::new();
        Splitter::default().push(b"data: a\n\ndata: [DONE]\n\ndata: b\n\n", |event| {
            seen.push(owned(event).1);
            if event.data == b"[DONE]" { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!(seen, ["a", "[DONE]"]);
    }

    proptest! {
        #[test]
        fn any_bytes_cut_anywhere_read_as_the_standard_reads_them(
            pieces in prop::collection::vec(
                prop::sample::select(vec![
                    "data:", "data: ", "data", "event: e", ":", " ", "id: 1", "x", "\n", "\r", "\r\n", "\n\n",
                    "é", "\u{feff}", "data: {\"a\":1}\n\n",
                ]), 0..40),
            cuts in prop::collection::vec(1usize..9, 1..20),
        ) {
            let stream = pieces.concat().into_bytes();
            let mut blocks = Vec::new();
            let mut rest = &stream[..];
            for cut in cuts.iter().cycle() {
                if rest.is_empty() { break; }
                let (block, after) = rest.split_at((*cut).min(rest.len()));
                blocks.push(block);
                rest = after;
            }
            prop_assert_eq!(split([&stream[..]]), split(blocks));
            prop_assert_eq!(split([&stream[..]]).0, oracle(&stream));
        }
    }
}
