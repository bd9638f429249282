//! Recorded answers, served at the paths that they were recorded at: the program reads every one of them through
//! the endpoints of a configuration that lead there.
//!
//! A recording is added in `tests/recordings` and its `index.json`, a provider in [`routes`].

mod routes;

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::recorded::expected::{KINDS, Told, Trouble, sha256};
use super::recorded::{Recording, Source, each, recordings};
use super::support::http::{Framing, Reply, Request, Step};
use super::support::{Outcome, Service};
use routes::{Face, ROUTES, faces, route};

/// What recorded paths of a provider end with, what the program asks instead, and why.
const ASKED: &[(&str, &str, &str, &str)] = &[
    ("ollama", "<OLLAMA_API_BASE>/chat/completions", "/v1/chat/completions", "the recorder hid the base URL"),
    ("mistral", "#stream", "", "a fragment, by which a recorder tells two answers apart, is never sent"),
    ("anthropic", "?beta=true", "", "a recorder's client asks for what needs no asking"),
    ("vertex", "?%24alt=json%3Benum-encoding%3Dint", "", "a recorder's client wants numbers for names"),
    ("gemini", ":streamGenerateContent", ":streamGenerateContent?alt=sse", "events, where an array came"),
    ("anthropic", "/v1/models", "/v1/models?limit=1000", "longer pages"),
    ("gemini", "/v1beta/models", "/v1beta/models?pageSize=1000", "longer pages"),
];

/// Parts of the ids of models of a provider that by its own word are not for chats: the program does not list them.
const NO_CHAT: &[(&str, &str)] = &[
    ("copilot", "gpt-41-copilot"),
    ("copilot", "text-embedding"),
    ("gemini", "aqa"),
    ("gemini", "embedding"),
    ("gemini", "imagen"),
    ("gemini", "veo"),
    ("groq", "orpheus"),
    ("groq", "whisper"),
    ("mistral", "embed"),
    ("mistral", "moderation"),
    ("mistral", "ocr"),
    ("mistral", "voxtral-mini"),
];

/// The row of what the program asks for where a recording has something else.
fn asked(recording: &Recording) -> Option<usize> {
    let (provider, path) = (recording.text("/provider"), recording.text("/request/path"));
    ASKED.iter().position(|(who, theirs, _, _)| *who == provider && path.ends_with(theirs))
}

/// The path and query that a recording is asked for at.
fn path(recording: &Recording) -> String {
    let path = recording.text("/request/path");
    asked(recording).map_or(path.to_owned(), |row| {
        let (_, theirs, ours, _) = ASKED[row];
        format!("{}{ours}", &path[..path.len() - theirs.len()])
    })
}

/// A path that came, decoded, without the host that a proxy is told.
fn plain(path: &str) -> String {
    let path =
        path.strip_prefix("http://").map_or(path, |rest| &rest[rest.find('/').unwrap_or(rest.len())..]);
    percent_decode_str(path).decode_utf8_lossy().into_owned()
}

/// The model that was asked: the request says it, or its path does.
fn model(recording: &Recording) -> String {
    let path = recording.text("/request/path");
    let in_path = || {
        let (_, rest) = path.split_once("/models/").or_else(|| path.split_once("/model/"))?;
        let end = rest.find("/converse").or_else(|| rest.rfind(':'));
        Some(rest[..end?].to_owned())
    };
    let told = recording.text("/request/model");
    if told.is_empty() { in_path().unwrap_or_else(|| "m".to_owned()) } else { told.to_owned() }
}

/// Whether the whole answer was asked for rather than a stream.
fn is_whole(recording: &Recording) -> bool {
    let path = path(recording);
    recording.text("/kind") == "response" || path.ends_with("/converse") || path.ends_with(":generateContent")
}

/// A server that says one recording, at its path and nowhere else; a list goes on with a page of nothing.
fn serve(recording: &Recording) -> Service {
    let path = path(recording);
    let mut reply =
        Reply::stream(recording.bytes.chunks(1400).map(|piece| Step::Send(piece.to_vec())).collect());
    reply.status = recording.status();
    reply.headers = recording.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    if recording.text("/kind") != "stream" {
        reply.framing = Framing::Length;
    }
    Service::start(move |request: &Request| {
        let asked = plain(&request.path);
        if asked == path {
            reply.clone()
        } else if asked.contains("&pageToken=") {
            Reply::json(200, &json!({"models": []}))
        } else {
            Reply::whole(404, "text/plain", format!("only {path} is here, not {}", request.path))
        }
    })
}

/// What the program makes of a recording through an endpoint, once it has asked for it as its provider wants it.
fn ask(recording: &Recording, face: Face, arguments: &[&str]) -> Outcome {
    let service = serve(recording);
    let name = face.name(recording);
    let outcome = face.home(recording, &service).run(&[arguments, &["--json", "-e", &name]].concat());
    let requests = service.requests();
    let Some(first) = requests.first() else {
        panic!("{} through {face:?}: nothing was asked\n{}", recording.file(), outcome.stderr);
    };
    assert_eq!(
        (first.method.as_str(), plain(&first.path)),
        (recording.text("/request/method"), path(recording)),
        "{} through {face:?}",
        recording.file()
    );
    let times = requests.iter().filter(|request| plain(&request.path) == path(recording)).count();
    assert_eq!(times, 1, "{} through {face:?} was asked for again", recording.file());
    requests.iter().for_each(|request| face.check_key(request, recording.file()));
    outcome
}

/// What `--json` says of an answer.
fn told(answer: &Value) -> Told {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let calls = answer["tool_calls"].as_array().expect("calls").iter().map(|call| {
        assert_eq!(call["arguments"].is_string(), call["invalid"] == true, "{call}");
        json!({"id": call["id"], "name": call["name"], "arguments": call["arguments"]})
    });
    let mut usage = answer["usage"].clone();
    usage.as_object_mut().expect("usage").remove("estimated");
    Told {
        text: text(&answer["text"]),
        reasoning: text(&answer["reasoning"]),
        refusal: text(&answer["refusal"]),
        calls: calls.collect(),
        finish: text(&answer["finish_reason"]),
        model: answer["model_served"].as_str().map(str::to_owned),
        usage,
        error: trouble(&answer["error"]),
    }
}

fn trouble(error: &Value) -> Option<Trouble> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    error.is_object().then(|| Trouble {
        kind: text(&error["kind"]),
        message: text(&error["message"]),
        status: error["status"].as_u64(),
    })
}

/// The ids that a list of models has, all of them.
fn ids(recording: &Recording) -> Vec<String> {
    let expected = &recording.row["expected"];
    if let Some(ids) = expected["ids"].as_array() {
        return ids.iter().map(|id| id.as_str().expect("an id is text").to_owned()).collect();
    }
    let body: Value = serde_json::from_slice(&recording.bytes).expect("a list is JSON");
    let entries = body["data"].as_array().or(body["models"].as_array()).expect("a list of models");
    let id = |entry: &Value| entry["id"].as_str().or(entry["name"].as_str()).expect("an id").to_owned();
    let ids: Vec<String> = entries.iter().map(id).collect();
    assert_eq!(json!(sha256(&ids.join("\n"))), expected["ids_sha256"], "{}", recording.file());
    ids
}

/// The row that keeps a model out of the program's list.
fn no_chat(recording: &Recording, id: &str) -> Option<usize> {
    let provider = recording.text("/provider");
    NO_CHAT.iter().position(|(who, part)| *who == provider && id.contains(part))
}

/// Of counts that were made here in part, those that the provider made.
fn without_estimates(recording: &Recording, mut told: Value) -> Value {
    let by_provider = recording.usage();
    for (name, count) in told.as_object_mut().into_iter().flatten() {
        if by_provider[name].is_null() {
            *count = Value::Null;
        }
    }
    told
}

/// The exit code of what a provider says.
fn exit_code(recording: &Recording, told: &Told) -> i32 {
    match recording.kind() {
        Some("auth") => 4,
        Some("unknown_model") => 5,
        Some(_) => 7,
        None if told.finish == "content_filter" => 7,
        None => 0,
    }
}

#[test]
fn every_recorded_answer_is_told_as_it_was_given_at_its_providers_own_path() {
    let mut recordings = recordings(&["stream", "response", "error"]);
    recordings.retain(|recording| recording.text("/request/method") == "POST");
    each(&recordings, |recording| {
        let model = model(recording);
        let mut arguments = vec!["-p", "hi", "-m", &model];
        if is_whole(recording) {
            arguments.push("--no-stream");
        }
        for face in faces(recording) {
            let outcome = ask(recording, *face, &arguments);
            let answer = outcome.json();
            let mut told = told(&answer);
            if answer["usage"]["estimated"] == true {
                told.usage = without_estimates(recording, told.usage);
            }
            recording.check(&told);
            assert_eq!(answer["model"], model, "{}", recording.file());
            outcome.exits(exit_code(recording, &told));
        }
    });
}

#[test]
fn every_recorded_list_of_models_is_listed_as_it_was_given_at_its_providers_own_path() {
    let mut recordings = recordings(&["models", "error"]);
    recordings.retain(|recording| recording.text("/request/method") == "GET");
    each(&recordings, |recording| {
        for face in faces(recording) {
            let listed = ask(recording, *face, &["models", "--refresh"]).exits(0).json();
            let rows = listed.as_array().expect("a list");
            if recording.text("/kind") == "error" {
                let trouble = trouble(&rows[0]["error"]).expect("an error is told beside what is configured");
                assert_eq!(Some(trouble.kind.as_str()), recording.kind(), "{}", recording.file());
                assert_eq!(trouble.status, Some(recording.status().into()), "{}", recording.file());
                assert_eq!(trouble.message, recording.text("/expected/error/message"));
                continue;
            }
            let models: Vec<&str> = rows.iter().filter_map(|row| row["model"].as_str()).collect();
            let ids = ids(recording);
            let ids = ids.iter().filter(|id| no_chat(recording, id).is_none());
            let ids: Vec<&str> = ids.map(|id| id.trim_start_matches("models/")).collect();
            assert_eq!(models, ids, "{}", recording.file());
        }
    });
}

#[test]
fn every_way_to_configure_an_endpoint_is_taken_by_recordings_that_are_always_here() {
    let mut recordings = recordings(&["stream"]);
    recordings.retain(|recording| recording.source == Source::Hand);
    let ways: BTreeSet<String> =
        recordings.iter().flat_map(|recording| faces(recording).iter().map(|face| face.way())).collect();
    let expected = [
        "anthropic",
        "azureOpenAI",
        "bedrock",
        "custom adapter",
        "custom anthropic",
        "custom azure",
        "custom bedrock",
        "custom gemini",
        "custom ollama",
        "custom openai-chat",
        "custom openai-responses",
        "google",
        "openAI",
    ];
    assert_eq!(ways.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}

#[test]
fn no_row_of_these_tables_is_without_a_recording_that_needs_it() {
    let recordings = recordings(&["stream", "response", "error", "models"]);
    if recordings.iter().all(|recording| recording.source == Source::Hand) {
        return;
    }
    let lists: Vec<&Recording> =
        recordings.iter().filter(|recording| recording.text("/kind") == "models").collect();
    let left_out = lists.iter().flat_map(|list| ids(list).into_iter().map(|id| no_chat(list, &id)));
    for (file, _) in KINDS {
        assert!(
            recordings.iter().any(|recording| recording.file() == *file),
            "{file} is in KINDS, and nowhere else"
        );
    }
    let used = |rows: Vec<Option<usize>>| rows.into_iter().flatten().collect::<BTreeSet<usize>>();
    let all = |count: usize| (0..count).collect::<BTreeSet<usize>>();
    assert_eq!(used(left_out.collect()), all(NO_CHAT.len()), "rows of NO_CHAT");
    assert_eq!(used(recordings.iter().map(asked).collect()), all(ASKED.len()), "rows of ASKED");
    assert_eq!(used(recordings.iter().map(route).collect()), all(ROUTES.len()), "rows of ROUTES");
}
