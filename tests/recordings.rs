//! Recorded answers of real providers, read whole, byte by byte, and cut at every byte.
//!
//! The recordings stand beside a checkout, not in it; without them these tests say so and pass.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test's helpers may fail as its tests may, and a skipped test says why"
)]

use std::collections::HashMap;
use std::path::PathBuf;

use http::{HeaderMap, HeaderName, HeaderValue};
use loquat::chat::{Answer, End, ErrorKind, FinishReason, KeyLabel, Part, StreamEvent, Usage};
use loquat::config::{Endpoint, Location, Template, WireFormat};
use loquat::keys::{Credential, KeyOrigin};
use loquat::providers::Decoder;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

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
];

/// How each dialect spells the end of an answer, where it is not our word.
const FINISH: &[(&str, FinishReason)] = &[
    ("stop", FinishReason::Stop),
    ("completed", FinishReason::Stop),
    ("end_turn", FinishReason::Stop),
    ("stop_sequence", FinishReason::Stop),
    ("STOP", FinishReason::Stop),
    ("length", FinishReason::Length),
    ("max_tokens", FinishReason::Length),
    ("tool_calls", FinishReason::ToolCalls),
    ("tool_use", FinishReason::ToolCalls),
    ("content_filter", FinishReason::ContentFilter),
    ("guardrail_intervened", FinishReason::ContentFilter),
];

struct Recording {
    file: String,
    provider: String,
    dialect: String,
    status: u16,
    headers: HeaderMap,
    expected: Value,
    bytes: Vec<u8>,
}

impl Recording {
    /// The wire format that reads it; errors are read by any.
    fn api(&self) -> WireFormat {
        let dialect = DIALECTS.iter().find(|dialect| dialect.name == self.dialect);
        dialect.map_or(WireFormat::OpenaiChat, |dialect| dialect.api)
    }
}

/// The answers, streamed or whole, of every dialect that is read.
fn answers() -> Option<Vec<Recording>> {
    recordings(&DIALECTS.iter().map(|dialect| dialect.name).collect::<Vec<_>>())
}

/// The recordings of these dialects; `None`, with the reason printed, where there are none.
fn recordings(dialects: &[&str]) -> Option<Vec<Recording>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures/streams");
    let Ok(index) = std::fs::read(folder.join("index.json")) else {
        println!("skipped: no recordings at {}", folder.display());
        return None;
    };
    let index: Value = serde_json::from_slice(&index).unwrap();
    let of = |row: &Value| {
        let text = |key: &str| row[key].as_str().unwrap().to_owned();
        Recording {
            file: text("file"),
            provider: text("provider"),
            dialect: text("dialect"),
            status: u16::try_from(row["http_status"].as_u64().unwrap()).unwrap(),
            headers: row["headers"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, value)| {
                    let value = HeaderValue::from_str(value.as_str().unwrap()).unwrap();
                    (HeaderName::try_from(name.as_str()).unwrap(), value)
                })
                .collect(),
            expected: row["expected"].clone(),
            bytes: std::fs::read(folder.join(text("file"))).unwrap(),
        }
    };
    let found: Vec<_> = index["files"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| dialects.contains(&row["dialect"].as_str().unwrap()))
        .map(of)
        .collect();
    assert!(!found.is_empty(), "the index names no recording of {dialects:?}");
    Some(found)
}

fn endpoint(provider: &str, api: WireFormat) -> Endpoint {
    let at = Location { file: "recordings".into(), line: 1, column: 1 };
    let base_url = Template { raw: "https://recorded.test/v1".into(), at };
    Endpoint::new(provider, api, base_url)
}

fn decoder(recording: &Recording) -> Decoder {
    let credential = Credential {
        label: KeyLabel::default(),
        secret: None,
        base_url: "https://recorded.test/v1".into(),
        own_base_url: false,
        origin: KeyOrigin::NotNeeded,
    };
    Decoder::new(
        &endpoint(&recording.provider, recording.api()),
        &credential,
        recording.status,
        &recording.headers,
    )
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

fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The calls of an answer as the index writes them: arguments parsed where they are JSON, `{}` for none at
/// all of a call that was not cut, and no id where the provider gave none and one was made up.
fn calls(answer: &Answer, end: &End, expected: &Value) -> Value {
    answer
        .parts
        .iter()
        .filter_map(Part::tool_call)
        .enumerate()
        .map(|(at, call)| {
            let has_none = expected.get(at).is_some_and(|call| call["id"].is_null());
            assert!(!has_none || !call.id.is_empty(), "{call:?} has no id");
            let id = (!has_none).then_some(&call.id);
            let cut = *end == End::Finished(FinishReason::Length);
            let arguments = match call.arguments.as_str() {
                "" if !cut => json!({}),
                raw => serde_json::from_str(raw).unwrap_or_else(|_| json!(raw)),
            };
            json!({"id": id, "name": call.name, "arguments": arguments})
        })
        .collect()
}

fn check(recording: &Recording, answer: &Answer, end: &End) {
    let Recording { file, expected, .. } = recording;
    let said = text(answer, Part::text);
    match &expected["text"] {
        Value::Object(long) => assert_eq!(json!(sha256(&said)), long["sha256"], "{file}: text"),
        short => assert_eq!(&json!(said), short, "{file}: text"),
    }
    let thought = text(answer, Part::reasoning);
    assert_eq!(json!(thought.chars().count()), expected["reasoning_text_len"], "{file}: reasoning");
    if let Some(hash) = expected["reasoning_sha256"].as_str() {
        assert_eq!(sha256(&thought), hash, "{file}: reasoning");
    }
    if let Some(refused) = expected["refusal"].as_str() {
        assert_eq!(text(answer, Part::refusal), refused, "{file}: refusal");
    }
    match &expected["tool_calls"] {
        Value::Object(long) => {
            let hash = sha256(&serde_json::to_string(&calls(answer, end, &Value::Null)).unwrap());
            assert_eq!(json!(hash), long["sha256"], "{file}: calls");
        }
        short => assert_eq!(&calls(answer, end, short), short, "{file}: calls"),
    }
    let model = answer.model_served.as_ref().map(|model| model.as_str());
    assert_eq!(json!(model), expected["model"], "{file}: model");
    assert_eq!(answer.usage, usage(&expected["usage_raw"]), "{file}: usage");
    let word = expected["finish_reason"].as_str();
    let reason = word.map(|word| {
        let known = FINISH.iter().find(|(known, _)| *known == word);
        match known.unwrap_or_else(|| panic!("{file}: a finish reason nobody expected: {word}")).1 {
            FinishReason::Stop if !expected["refusal"].is_null() => FinishReason::Refusal,
            FinishReason::Stop if answer.parts.iter().any(|part| part.tool_call().is_some()) => {
                FinishReason::ToolCalls
            }
            other => other,
        }
    });
    match (reason, end) {
        (Some(reason), end) => assert_eq!(end, &End::Finished(reason), "{file}"),
        (None, End::Failed(failure)) => {
            if let Some(message) = expected["error"]["message"].as_str() {
                assert_eq!(failure.message, message, "{file}");
            }
        }
        (None, end) => panic!("{file}: {end:?}"),
    }
}

/// What a provider's own counts come to in comparable terms, by the arithmetic that each documents.
fn usage(raw: &Value) -> Usage {
    let count = |path: &str| raw.pointer(path).and_then(Value::as_u64);
    let sum = |paths: &[&str]| {
        let told: Vec<u64> = paths.iter().filter_map(|path| count(path)).collect();
        (!told.is_empty()).then(|| told.iter().sum::<u64>())
    };
    let first = |paths: &[&str]| paths.iter().find_map(|path| count(path));
    let reasoning = first(&[
        "/completion_tokens_details/reasoning_tokens",
        "/output_tokens_details/reasoning_tokens",
        "/output_tokens_details/thinking_tokens",
        "/thoughtsTokenCount",
    ]);
    let told = Usage {
        cached_in: first(&[
            "/prompt_tokens_details/cached_tokens",
            "/prompt_cache_hit_tokens",
            "/input_tokens_details/cached_tokens",
            "/cache_read_input_tokens",
            "/cachedContentTokenCount",
            "/cacheReadInputTokens",
        ]),
        cache_write: first(&[
            "/prompt_tokens_details/cache_write_tokens",
            "/prompt_tokens_details/cache_creation_tokens",
            "/input_tokens_details/cache_write_tokens",
            "/cache_creation_input_tokens",
            "/cacheWriteInputTokens",
        ]),
        reasoning_out: reasoning,
        ..Usage::default()
    };
    if let Some(prompt) = count("/prompt_tokens") {
        // xAI counts reasoning apart from its output, and its total shows it.
        let (output, apart) = (count("/completion_tokens"), reasoning.unwrap_or(0));
        let is_apart =
            apart > 0 && output.is_some_and(|output| Some(prompt + output + apart) == count("/total_tokens"));
        let output = output.map(|output| if is_apart { output + apart } else { output });
        return Usage { tokens_in: Some(prompt), tokens_out: output, ..told };
    }
    if count("/promptTokenCount").is_some() {
        // Gemini counts neither tool prompts as input nor thoughts as output.
        return Usage {
            tokens_in: sum(&["/promptTokenCount", "/toolUsePromptTokenCount"]),
            tokens_out: sum(&["/candidatesTokenCount", "/thoughtsTokenCount"]),
            ..told
        };
    }
    if count("/prompt_eval_count").is_some() {
        return Usage { tokens_in: count("/prompt_eval_count"), tokens_out: count("/eval_count"), ..told };
    }
    if count("/inputTokens").is_some() {
        return Usage {
            tokens_in: sum(&["/inputTokens", "/cacheReadInputTokens", "/cacheWriteInputTokens"]),
            tokens_out: count("/outputTokens"),
            ..told
        };
    }
    if raw.pointer("/total_tokens").is_some() {
        return Usage { tokens_in: count("/input_tokens"), tokens_out: count("/output_tokens"), ..told };
    }
    // Anthropic counts what was cached apart, and no total.
    Usage {
        tokens_in: sum(&["/input_tokens", "/cache_read_input_tokens", "/cache_creation_input_tokens"]),
        tokens_out: count("/output_tokens"),
        ..told
    }
}

#[test]
fn every_recorded_answer_reads_as_expected_however_it_is_cut() {
    let Some(recordings) = answers() else { return };
    let mut random = fastrand::Rng::with_seed(1);
    for recording in &recordings {
        let (answer, end) = read(recording, [&recording.bytes[..]]);
        check(recording, &answer, &end);
        for size in [1, 3, 1000] {
            let pieces = read(recording, recording.bytes.chunks(size));
            assert_eq!(pieces, (answer.clone(), end.clone()), "{} in blocks of {size}", recording.file);
        }
        let mut cuts: Vec<usize> = (0..1000).map(|_| random.usize(0..=recording.bytes.len())).collect();
        cuts.extend([0, recording.bytes.len()]);
        cuts.sort_unstable();
        let pieces = read(recording, cuts.windows(2).map(|cut| &recording.bytes[cut[0]..cut[1]]));
        assert_eq!(pieces, (answer, end), "{} cut at random", recording.file);
    }
}

#[test]
fn a_recorded_answer_cut_anywhere_is_never_more_than_it_was_and_never_a_success_too_early() {
    let Some(recordings) = answers() else { return };
    for recording in &recordings {
        let dialect = DIALECTS.iter().find(|dialect| dialect.name == recording.dialect).unwrap();
        let (file, bytes) = (&recording.file, &recording.bytes);
        let (whole, _) = read(recording, [&bytes[..]]);
        let (all, thought) = (text(&whole, Part::text), text(&whole, Part::reasoning));
        let finish = dialect.ends_with.iter().find_map(|word| find(bytes, word.as_bytes()));
        let mut decoder = decoder(recording);
        let mut answer = Answer::default();
        for (cut, byte) in bytes.iter().enumerate() {
            let mut left = Vec::new();
            let end = decoder.clone().finish(None, &mut left);
            let mut ended = answer.clone();
            left.iter().for_each(|event| ended.apply(event));
            assert!(all.starts_with(&text(&ended, Part::text)), "{file} cut at {cut}");
            assert!(thought.starts_with(&text(&ended, Part::reasoning)), "{file} cut at {cut}");
            match end {
                // What is not streamed ends with its last brace.
                End::Finished(_) => {
                    assert!(finish.unwrap_or(bytes.len() - 2) < cut, "{file} cut at {cut}: finished");
                }
                End::Cut(failure) => {
                    assert_eq!(failure.kind, ErrorKind::Cut);
                    assert!(!ended.parts.is_empty(), "{file} cut at {cut}: a cut of nothing");
                }
                End::Failed(_) | End::Cancelled => {}
            }
            let mut events = Vec::new();
            decoder.push(&[*byte], &mut events);
            events.iter().for_each(|event| answer.apply(event));
        }
    }
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).position(|window| window == word)
}

#[test]
fn every_recorded_error_has_its_kind_and_its_own_words() {
    let Some(recordings) = recordings(&["error"]) else { return };
    let kinds: HashMap<&str, ErrorKind> = HashMap::from([
        ("anthropic-error-400-invalid-request-error.json", ErrorKind::ContextWindow),
        ("anthropic-error-401-authentication-error.json", ErrorKind::Auth),
        ("azure-error-401-401.json", ErrorKind::Auth),
        ("azure-error-429-ratelimitreached.json", ErrorKind::RateLimit),
        ("bedrock-error-400-plain.json", ErrorKind::UnknownModel),
        ("bedrock-error-403-plain.json", ErrorKind::Auth),
        ("deepseek-error-400-invalid-request-error.json", ErrorKind::Provider),
        ("doubleword-error-403-invalid-request-error.json", ErrorKind::Auth),
        ("doubleword-error-404-invalid-request-error.json", ErrorKind::UnknownModel),
        ("gemini-error-400-invalid-argument.json", ErrorKind::Auth),
        ("gemini-error-404-not-found.json", ErrorKind::UnknownModel),
        ("groq-error-401-invalid-request-error.json", ErrorKind::Auth),
        ("groq-error-404-invalid-request-error.json", ErrorKind::UnknownModel),
        ("llamacpp-error-400-exceed-context-size-error.json", ErrorKind::ContextWindow),
        ("llamacpp-error-400-invalid-request-error.json", ErrorKind::Provider),
        ("mistral-error-400-invalid-model.json", ErrorKind::UnknownModel),
        ("mistral-error-401-plain.json", ErrorKind::Auth),
        ("ollama-error-400-invalid-request-error.json", ErrorKind::ContextWindow),
        ("ollama-error-401-api-error.json", ErrorKind::Auth),
        ("openai-error-400-invalid-request-error-2.json", ErrorKind::ContextWindow),
        ("openai-error-401-invalid-request-error.json", ErrorKind::Auth),
        ("openrouter-error-401-401.json", ErrorKind::Auth),
        ("openrouter-error-429-429.json", ErrorKind::RateLimit),
        ("perplexity-error-400-too-many-prompt-tokens.json", ErrorKind::ContextWindow),
        ("venice-error-404-plain.json", ErrorKind::UnknownModel),
        ("vertex-error-400-invalid-argument.json", ErrorKind::Provider),
        ("xai-error-400-plain.json", ErrorKind::Auth),
    ]);
    for recording in &recordings {
        assert_eq!(recording.dialect, "error");
        let (answer, end) = read(recording, recording.bytes.chunks(11));
        let End::Failed(failure) = end else { panic!("{}: {end:?}", recording.file) };
        assert_eq!(answer.parts, [], "{}", recording.file);
        let message = recording.expected["error"]["message"].as_str().unwrap();
        assert!(failure.message.starts_with(message), "{}: {}", recording.file, failure.message);
        assert_eq!(Some(&failure.kind), kinds.get(recording.file.as_str()), "{}", recording.file);
        assert_eq!(failure.status, Some(recording.status), "{}", recording.file);
    }
}
