//! Recorded answers of real providers, read whole, byte by byte, and cut at every byte.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test's helpers may fail as its tests may"
)]

#[path = "recorded/damage.rs"]
mod damage;
mod recorded;

use std::path::Path;

use damage::damaged;
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use loquat::chat::request::Delivery;
use loquat::chat::{
    Answer, ChatRequest, End, ErrorKind, FinishReason, KeyLabel, Part, RequestMessage, Role, Settings,
    StreamEvent,
};
use loquat::config::{Config, Endpoint, Env, Location, Paths, Template, WireFormat, load_to_use};
use loquat::keys::{Credential, KeyOrigin};
use loquat::providers::{self, Decoder, Site};
use recorded::expected::{Told, Trouble, counts};
use recorded::{Recording, Source, each, recordings};
use serde_json::{Value, json};

/// A dialect of the recordings.
struct Dialect {
    name: &'static str,
    api: WireFormat,
    /// What a stream of it does not end well without.
    ends_with: &'static [&'static str],
}

const DIALECTS: &[Dialect] = &[
    Dialect {
        name: "chat",
        api: WireFormat::OpenaiChat,
        ends_with: &["\"finish_reason\":\"", "\"finish_reason\": \""],
    },
    Dialect { name: "chat-json", api: WireFormat::OpenaiChat, ends_with: &[] },
    Dialect {
        name: "anthropic",
        api: WireFormat::Anthropic,
        ends_with: &["\"stop_reason\":\"", "\"stop_reason\": \""],
    },
    Dialect { name: "gemini", api: WireFormat::Gemini, ends_with: &["\"finishReason\""] },
    Dialect { name: "gemini-json", api: WireFormat::Gemini, ends_with: &[] },
    Dialect { name: "ollama", api: WireFormat::Ollama, ends_with: &["\"done\":true"] },
    Dialect {
        name: "responses",
        api: WireFormat::OpenaiResponses,
        ends_with: &["\"type\":\"response.completed\"", "\"type\": \"response.completed\""],
    },
    Dialect { name: "converse", api: WireFormat::Bedrock, ends_with: &["\"stopReason\":\""] },
    Dialect { name: "adapter", api: WireFormat::Adapter, ends_with: &["\"end\":"] },
];

/// Streamed answers and whole ones.
const ANSWERS: &[&str] = &["stream", "response"];

/// How a recording is read; errors are read by any.
fn dialect(recording: &Recording) -> &'static Dialect {
    let name = recording.text("/dialect");
    let found = DIALECTS.iter().find(|dialect| dialect.name == name || name == "error");
    found.unwrap_or_else(|| panic!("{}: nobody reads {name}", recording.file()))
}

/// The endpoint that a recording is of. What an adapter is, the example of its service says.
fn endpoint(recording: &Recording) -> Endpoint {
    let (provider, api) = (recording.text("/provider"), dialect(recording).api);
    if api == WireFormat::Adapter {
        let example = format!("{}/config/examples/{provider}.yaml", env!("CARGO_MANIFEST_DIR"));
        let env = Env::of([]);
        let config = load_to_use(Some(Path::new(&example)), &Paths::from_env(&env), env).unwrap();
        let mut found = config.endpoints.into_iter();
        return found.find(|endpoint| endpoint.name.as_str().eq_ignore_ascii_case(provider)).unwrap();
    }
    plain_endpoint(provider, api)
}

/// An endpoint that nothing is configured of but its format.
fn plain_endpoint(name: &str, api: WireFormat) -> Endpoint {
    let at = Location { file: "recordings".into(), line: 1, column: 1 };
    let base_url = Template { raw: "https://recorded.test/v1".into(), at };
    Endpoint::new(name, api, base_url)
}

fn credential() -> Credential {
    Credential {
        label: KeyLabel::default(),
        secret: None,
        base_url: "https://recorded.test/v1".into(),
        own_base_url: false,
        origin: KeyOrigin::NotNeeded,
    }
}

fn decoder(recording: &Recording) -> Decoder {
    let headers: HeaderMap = recording
        .headers()
        .map(|(name, value)| (HeaderName::try_from(name).unwrap(), HeaderValue::from_str(value).unwrap()))
        .collect();
    Decoder::new(&endpoint(recording), &credential(), recording.status(), &headers)
}

fn read<'a>(recording: &Recording, blocks: impl IntoIterator<Item = &'a [u8]>) -> (Answer, End) {
    let mut decoder = decoder(recording);
    let mut events: Vec<StreamEvent> = Vec::new();
    for block in blocks {
        if decoder.push(block, &mut events) {
            break;
        }
    }
    let end = decoder.finish(None, &mut events);
    let mut answer = Answer::default();
    events.iter().for_each(|event| answer.apply(event));
    (answer, end)
}

/// All text of one kind in an answer.
fn text(answer: &Answer, of: fn(&Part) -> Option<&str>) -> String {
    answer.parts.iter().filter_map(of).collect()
}

/// The calls of an answer: arguments parsed where they are JSON, `{}` for none at all of a call that was not cut.
fn calls(answer: &Answer, end: &End) -> Vec<Value> {
    let calls = answer.parts.iter().filter_map(Part::tool_call).map(|call| {
        let cut = *end == End::Finished(FinishReason::Length);
        let arguments = match call.arguments.as_str() {
            "" if !cut => json!({}),
            raw => serde_json::from_str(raw).unwrap_or_else(|_| json!(raw)),
        };
        json!({"id": call.id, "name": call.name, "arguments": arguments})
    });
    calls.collect()
}

fn told(answer: &Answer, end: &End) -> Told {
    Told {
        text: text(answer, Part::text),
        reasoning: text(answer, Part::reasoning),
        refusal: text(answer, Part::refusal),
        calls: calls(answer, end),
        finish: end.finish_reason().name().to_owned(),
        model: answer.model_served.as_ref().map(|model| model.as_str().to_owned()),
        usage: counts(&answer.usage),
        error: end.failure().map(|failure| Trouble {
            kind: failure.kind.name().to_owned(),
            message: failure.message.clone(),
            status: failure.status.map(u64::from),
        }),
    }
}

/// How much of an answer was said so far.
#[derive(Clone, Copy, Default)]
struct Said {
    /// Bytes of its text and of its reasoning.
    text: usize,
    thought: usize,
    parts: usize,
}

impl Said {
    /// Goes on with what these events say; `None` where that is not what the answer says next.
    fn then(mut self, events: &[StreamEvent], text: &str, thought: &str) -> Option<Self> {
        for event in events {
            if let StreamEvent::Text(more) = event {
                text[self.text..].strip_prefix(more)?;
                self.text += more.len();
            }
            if let StreamEvent::Reasoning(more) = event {
                thought[self.thought..].strip_prefix(more)?;
                self.thought += more.len();
            }
            let mut alone = Answer::default();
            alone.apply(event);
            self.parts += alone.parts.len();
        }
        Some(self)
    }
}

#[test]
fn every_dialect_has_an_answer_that_is_here_whatever_stands_beside_the_checkout() {
    let recordings = recordings(ANSWERS);
    let by_hand: Vec<&str> = recordings
        .iter()
        .filter(|recording| recording.source == Source::Hand)
        .map(|recording| recording.text("/dialect"))
        .collect();
    for Dialect { name, .. } in DIALECTS {
        assert!(by_hand.contains(name), "tests/recordings has no answer in {name}");
    }
}

#[test]
fn every_recorded_answer_reads_as_expected_however_it_is_cut() {
    each(&recordings(ANSWERS), |recording| {
        let (file, bytes) = (recording.file(), &recording.bytes);
        let (answer, end) = read(recording, [&bytes[..]]);
        recording.check(&told(&answer, &end));
        for size in [1, 3, 1000] {
            let pieces = read(recording, bytes.chunks(size));
            assert_eq!(pieces, (answer.clone(), end.clone()), "{file} in blocks of {size}");
        }
        let mut random = fastrand::Rng::with_seed(bytes.len() as u64);
        let mut cuts: Vec<usize> = (0..1000).map(|_| random.usize(0..=bytes.len())).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let pieces = read(recording, cuts.windows(2).map(|cut| &bytes[cut[0]..cut[1]]));
        assert_eq!(pieces, (answer, end), "{file} cut at random");
    });
}

#[test]
fn a_recorded_answer_cut_anywhere_is_never_more_than_it_was_and_never_a_success_too_early() {
    each(&recordings(ANSWERS), |recording| {
        let (file, bytes) = (recording.file(), &recording.bytes);
        let (whole, _) = read(recording, [&bytes[..]]);
        let (all, thought) = (text(&whole, Part::text), text(&whole, Part::reasoning));
        let ends_with = dialect(recording).ends_with;
        let finish = ends_with.iter().find_map(|word| find(bytes, word.as_bytes()));
        let (mut decoder, mut said) = (decoder(recording), Said::default());
        for (cut, byte) in bytes.iter().enumerate() {
            let then = |said: Said, events: &[StreamEvent]| {
                let then = said.then(events, &all, &thought);
                then.unwrap_or_else(|| panic!("{file} cut at {cut}: {events:?} is not what it says next"))
            };
            let mut left = Vec::new();
            let end = decoder.clone().finish(None, &mut left);
            let ended = then(said, &left);
            match end {
                // What is not streamed ends with its last brace.
                End::Finished(_) => {
                    assert!(finish.unwrap_or(bytes.len() - 2) < cut, "{file} cut at {cut}: finished");
                }
                End::Cut(failure) => {
                    assert_eq!(failure.kind, ErrorKind::Cut);
                    assert!(ended.parts > 0, "{file} cut at {cut}: a cut of nothing");
                }
                End::Failed(_) | End::Cancelled => {}
            }
            let mut events = Vec::new();
            decoder.push(&[*byte], &mut events);
            said = then(said, &events);
        }
    });
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).position(|window| window == word)
}

#[test]
fn every_recorded_error_has_its_kind_and_its_own_words() {
    each(&recordings(&["error"]), |recording| {
        let (answer, end) = read(recording, recording.bytes.chunks(11));
        assert!(matches!(end, End::Failed(_)), "{}: {end:?}", recording.file());
        assert_eq!(answer.parts, [], "{}", recording.file());
        recording.check(&told(&answer, &end));
    });
}

/// How often each recording is damaged.
const DAMAGES: usize = 6;

#[test]
fn a_damaged_answer_keeps_what_came_before_and_reads_the_same_however_it_is_cut() {
    each(&recordings(&["stream", "response", "error"]), |recording| {
        let mut random = fastrand::Rng::with_seed(recording.bytes.len() as u64);
        for round in 0..DAMAGES {
            let damaged = damaged(recording, &mut random);
            let shown = || format!("{}, round {round}", recording.file());
            let (answer, end) = read(recording, [&damaged.bytes[..]]);
            let pieces = read(recording, damaged.bytes.chunks(random.usize(1..9)));
            assert_eq!(pieces, (answer.clone(), end), "{} in blocks", shown());
            let (mut before, mut events) = (Answer::default(), Vec::new());
            decoder(recording).push(&damaged.bytes[..damaged.sound], &mut events);
            events.iter().for_each(|event| before.apply(event));
            let kept = |of| text(&answer, of).starts_with(&text(&before, of));
            assert!(kept(Part::text) && kept(Part::reasoning), "{}: {before:?} became {answer:?}", shown());
            give_back(&answer);
        }
    });
}

/// Asks every format with an answer in the branch, its own format included: what a provider said is in the next
/// request, wherever that goes.
fn give_back(answer: &Answer) {
    let said = |role, parts| RequestMessage { role, parts, route: None };
    let hi = || vec![Part::Text { text: "hi".into() }];
    let chat = ChatRequest {
        model: "m".into(),
        messages: vec![
            said(Role::User, hi()),
            said(Role::Assistant, answer.parts.clone()),
            said(Role::User, hi()),
        ],
        settings: Settings::default(),
        tools: Vec::new(),
        delivery: Delivery::Streamed,
        user: None,
    };
    let (config, credential) = (Config::default(), credential());
    for Dialect { name, api, .. } in DIALECTS.iter().filter(|dialect| dialect.api != WireFormat::Adapter) {
        let endpoint = plain_endpoint(name, *api);
        let site = Site {
            config: &config,
            endpoint: &endpoint,
            credential: &credential,
            now: Timestamp::UNIX_EPOCH,
        };
        let made = providers::request(&chat, &site);
        assert!(made.is_ok() || *api == WireFormat::Bedrock, "{name}: {made:?}");
    }
}
