//! Decoding: bytes of a stream to events, in blocks of 16 kB and one event each.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use http::HeaderMap;
use loquat::chat::KeyLabel;
use loquat::config::{Endpoint, Location, Template, WireFormat};
use loquat::keys::{Credential, KeyOrigin};
use loquat::providers::Decoder;
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

/// The whole path of an answer: framing, JSON, events.
#[divan::bench(args = [180, 16_384])]
fn decode(bencher: Bencher<'_, '_>, block: usize) {
    let stream = stream();
    let at = Location { file: "bench".into(), line: 1, column: 1 };
    let base_url = Template { raw: "https://bench.test/v1".into(), at };
    let endpoint = Endpoint::new("bench", WireFormat::OpenaiChat, base_url);
    let credential = Credential {
        label: KeyLabel::default(),
        secret: None,
        base_url: "https://bench.test/v1".into(),
        own_base_url: false,
        origin: KeyOrigin::NotNeeded,
    };
    let mut events = Vec::new();
    bencher.counter(BytesCount::of_slice(&stream)).bench_local(|| {
        let mut decoder = Decoder::new(&endpoint, &credential, 200, &HeaderMap::new());
        for piece in stream.chunks(block) {
            black_box(decoder.push(piece, &mut events));
            events.clear();
        }
        decoder.finish(None, &mut events)
    });
}
