//! Decoding: bytes of a stream to events, in blocks of 16 kB and one event each.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use loquat::providers::sse::Splitter;
use std::ops::ControlFlow;

fn main() {
    divan::main();
}

const EVENTS: usize = 5_000;

fn stream() -> Vec<u8> {
    let chunk = r#"data: {"id":"c-1","object":"chat.completion.chunk","created":1,"model":"m-1","choices":[{"index":0,"delta":{"content":" word"},"logprobs":null,"finish_reason":null}]}"#;
    format!("{chunk}\n\n").repeat(EVENTS).into_bytes()
}

#[divan::bench(args = [180, 16_384])]
fn split(bencher: Bencher<'_, '_>, block: usize) {
    let stream = stream();
    bencher.counter(BytesCount::of_slice(&stream)).bench(|| {
        let mut splitter = Splitter::default();
        let mut seen = 0;
        for piece in stream.chunks(block) {
            splitter.push(piece, |event| {
                seen += black_box(event).data.len();
                ControlFlow::Continue(())
            });
        }
        seen
    });
}

#[divan::bench(args = [180, 16_384])]
fn decode(bencher: Bencher<'_, '_>, block: usize) {
    let stream = stream();
    let mut events = Vec::new();
    bencher.counter(BytesCount::of_slice(&stream)).bench_local(|| {
        let mut answer = loquat::providers::openai_chat::Answer::new(None);
        let head = loquat::providers::errors::Head::plain(200);
        let mut splitter = Splitter::default();
        for piece in stream.chunks(block) {
            splitter.push(piece, |event| {
                if let Ok(text) = std::str::from_utf8(event.data) {
                    let read =
                        answer.read(text, loquat::providers::openai_chat::Shape::Chunk, &head, &mut events);
                    black_box(read.is_ok());
                }
                ControlFlow::Continue(())
            });
            events.clear();
        }
        answer.has_content()
    });
}
