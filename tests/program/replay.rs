//! Recorded answers of real providers, served at the paths that they were recorded at: the program reads every one
//! of them through an endpoint of its configuration.

use loquat::chat::ErrorKind;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::recorded::{Recording, Told, Trouble, each, recordings};
use super::support::http::{Framing, Reply, Request, Step};
use super::support::{Home, KEY, Outcome, Service};

/// An endpoint of a configuration that leads to a provider.
#[derive(Clone, Copy)]
struct Face {
    section: Section,
    base: Base,
}

/// Where a configuration has the endpoint.
#[derive(Clone, Copy)]
enum Section {
    /// Under LibreChat's name for the provider.
    Named(&'static str),
    /// The same, with another `api` than its own.
    NamedAs(&'static str, &'static str),
    /// LibreChat's groups of Azure's.
    Groups,
    /// Below `custom`, with this `api`.
    Custom(&'static str),
}

/// What stands in front of the paths.
#[derive(Clone, Copy)]
enum Base {
    /// This path of the replaying server.
    Path(&'static str),
    /// The path of the recording up to the publisher of the model.
    Project,
    /// A provider's own host, whose name tells what its paths are; the server is the proxy on the way to it.
    Host(&'static str),
}

use Base::{Host, Path, Project};
use Section::{Custom, Groups, Named, NamedAs};

const fn face(section: Section, base: Base) -> Face {
    Face { section, base }
}

/// By whom and at which paths (what these hold) recordings are, and the endpoints that lead there.
const ROUTES: &[(&str, &str, &[Face])] = &[
    ("anthropic", "/v1/", &[face(Named("anthropic"), Path("")), face(Custom("anthropic"), Path("/v1"))]),
    (
        "vertex",
        "/publishers/anthropic/",
        &[face(Named("anthropic"), Project), face(Custom("anthropic"), Project)],
    ),
    ("vertex", "/publishers/google/", &[face(Named("google"), Project), face(Custom("gemini"), Project)]),
    ("gemini", "/v1beta/", &[face(Named("google"), Path("")), face(Custom("gemini"), Path("/v1beta"))]),
    (
        "azure",
        "/models/chat/",
        &[
            face(Groups, Host("http://resource.services.ai.azure.com")),
            face(
                Named("azureOpenAI"),
                Host("http://resource.services.ai.azure.com?api-version=2024-05-01-preview"),
            ),
            face(Custom("azure"), Host("http://resource.services.ai.azure.com")),
        ],
    ),
    (
        "azure",
        "/openai/v1/chat/",
        &[
            face(Groups, Path("")),
            face(Named("azureOpenAI"), Path("/openai")),
            face(Custom("azure"), Path("/openai/v1")),
            face(Custom("openai-chat"), Path("/openai/v1")),
        ],
    ),
    ("azure", "/openai/v1/responses", &[face(Custom("openai-responses"), Path("/openai/v1"))]),
    ("bedrock", "/model/", &[face(Named("bedrock"), Path("")), face(Custom("bedrock"), Path("/"))]),
    ("openai", "/v1/responses", &[face(NamedAs("openAI", "openai-responses"), Path("/v1"))]),
    ("openai", "/v1/", &[face(Named("openAI"), Path("/v1")), face(Custom("openai-chat"), Path(""))]),
    ("chatgpt", "/codex/responses", &[face(Custom("openai-responses"), Path("/backend-api/codex"))]),
    ("copilot", "/responses", &[face(Custom("openai-responses"), Host("http://api.githubcopilot.com"))]),
    ("copilot", "/", &[face(Custom("openai-chat"), Host("http://api.githubcopilot.com"))]),
    ("deepseek", "/responses", &[face(Custom("openai-responses"), Host("http://api.deepseek.com"))]),
    ("deepseek", "/", &[face(Custom("openai-chat"), Host("http://api.deepseek.com"))]),
    ("perplexity", "/", &[face(Custom("openai-chat"), Host("http://api.perplexity.ai/"))]),
    ("groq", "/openai/v1/", &[face(Custom("openai-chat"), Path("/openai/v1"))]),
    ("huggingface", "/novita/", &[face(Custom("openai-chat"), Path("/novita/v3/openai"))]),
    ("ollama", "/api/", &[face(Custom("ollama"), Path("")), face(Custom("ollama"), Path("/v1"))]),
    ("ollama", "/v1/", &[face(Custom("openai-chat"), Path("/v1"))]),
    ("openrouter", "/api/v1/", &[face(Custom("openai-chat"), Path("/api/v1"))]),
    ("venice", "/api/v1/", &[face(Custom("openai-chat"), Path("/api/v1"))]),
    ("xai", "/v1/responses", &[face(Custom("openai-responses"), Path("/v1"))]),
    ("zai", "/paas/v4/", &[face(Custom("openai-chat"), Path("/api/coding/paas/v4"))]),
    // Whoever has OpenAI's own paths.
    ("", "/v1/", &[face(Custom("openai-chat"), Path("")), face(Custom("openai-chat"), Path("/v1"))]),
];

/// What recorders put into paths, what stands there in truth, and why no configuration has it.
const RECORDERS: &[(&str, &str, &str)] = &[
    ("<OLLAMA_API_BASE>", "/v1", "the recorder hid the base URL"),
    ("#stream", "", "a fragment, by which the recorder told two answers apart, is never sent"),
];

/// The path that a recording was made at, without its query.
fn path(recording: &Recording) -> String {
    let path = recording.text("/request/path");
    let path =
        RECORDERS.iter().fold(path.to_owned(), |path, (theirs, true_one, _)| path.replace(theirs, true_one));
    plain(&path)
}

/// A path without query, and without the host that a proxy is told, decoded.
fn plain(path: &str) -> String {
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    let path =
        path.strip_prefix("http://").map_or(path, |rest| &rest[rest.find('/').unwrap_or(rest.len())..]);
    percent_decode_str(path).decode_utf8_lossy().into_owned()
}

fn faces(recording: &Recording) -> &'static [Face] {
    let (provider, path) = (recording.text("/provider"), path(recording));
    let route =
        ROUTES.iter().find(|(who, part, _)| (*who == provider || who.is_empty()) && path.contains(part));
    route.unwrap_or_else(|| panic!("{}: no endpoint leads to {provider} at {path}", recording.file())).2
}

/// The model that was asked: the request says it, or its path does.
fn model(recording: &Recording) -> String {
    let path = path(recording);
    let in_path = || {
        let (_, rest) = path.split_once("/models/").or_else(|| path.split_once("/model/"))?;
        let end = rest.find("/converse").or_else(|| rest.rfind(':'));
        Some(rest[..end?].to_owned())
    };
    let told = recording.text("/request/model");
    if told.is_empty() { in_path().unwrap_or_else(|| "m".to_owned()) } else { told.to_owned() }
}

/// A server that says one recording, at its path and nowhere else.
fn serve(recording: &Recording) -> Service {
    let path = path(recording);
    let mut reply =
        Reply::stream(recording.bytes.chunks(1400).map(|piece| Step::Send(piece.to_vec())).collect());
    reply.status = recording.status();
    reply.headers = recording.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    if !recording.row["kind"].as_str().is_some_and(|kind| kind == "stream") {
        reply.framing = Framing::Length;
    }
    Service::start(move |request: &Request| {
        if plain(&request.path) == path {
            reply.clone()
        } else {
            Reply::whole(404, "text/plain", format!("only {path} is here, not {}", request.path))
        }
    })
}

impl Face {
    /// What the endpoint is called.
    fn name(self, recording: &Recording) -> String {
        match self.section {
            Named(name) | NamedAs(name, _) => name.to_owned(),
            Groups => "azureOpenAI".to_owned(),
            Custom(_) => recording.text("/provider").to_owned(),
        }
    }

    fn home(self, recording: &Recording, service: &Service) -> Home {
        let (name, model) = (self.name(recording), model(recording));
        let base = match self.base {
            Path(path) => format!("{}{path}", service.url()),
            Project => {
                let path = path(recording);
                format!("{}{}", service.url(), path.split("/publishers/").next().unwrap_or_default())
            }
            Host(host) => host.to_owned(),
        };
        let mut endpoint =
            json!({"baseURL": base, "apiKey": "${REPLAY_KEY}", "models": {"default": [model]}});
        if matches!(self.base, Host(_)) {
            endpoint["proxy"] = service.url().into();
            endpoint["allowInsecure"] = true.into();
        }
        let endpoints = match self.section {
            Named(_) => json!({(name): endpoint}),
            NamedAs(_, api) => {
                endpoint["api"] = api.into();
                json!({(name): endpoint})
            }
            Groups => {
                let group = json!({"group": "g", "apiKey": "${REPLAY_KEY}", "baseURL": base,
                                   "models": {(model.as_str()): {"deploymentName": model.as_str()}}});
                endpoint["groups"] = json!([group]);
                json!({(name): endpoint})
            }
            Custom(api) => {
                endpoint["api"] = api.into();
                endpoint["name"] = name.into();
                json!({"custom": [endpoint]})
            }
        };
        Home::with_config(&json!({"router": {"retries": 0}, "endpoints": endpoints}).to_string())
            .with_variable("REPLAY_KEY", KEY)
            .with_variable("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
            .with_variable("AWS_SECRET_ACCESS_KEY", "secret")
            .with_variable("AWS_REGION", "us-east-1")
    }
}

/// Whether the whole answer was asked for rather than a stream.
fn is_whole(recording: &Recording) -> bool {
    let path = path(recording);
    recording.text("/kind") == "response" || path.ends_with("/converse") || path.ends_with(":generateContent")
}

fn told(answer: &Value) -> Told {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let calls = answer["tool_calls"].as_array().expect("calls").iter().map(|call| {
        assert_eq!(call["arguments"].is_string(), call["invalid"] == true, "{call}");
        json!({"id": call["id"], "name": call["name"], "arguments": call["arguments"]})
    });
    let mut usage = answer["usage"].clone();
    usage.as_object_mut().expect("usage").remove("estimated");
    let error = &answer["error"];
    Told {
        text: text(&answer["text"]),
        reasoning: text(&answer["reasoning"]),
        refusal: text(&answer["refusal"]),
        calls: calls.collect(),
        finish: text(&answer["finish_reason"]),
        model: answer["model_served"].as_str().map(str::to_owned),
        usage,
        error: error.is_object().then(|| Trouble {
            kind: text(&error["kind"]),
            message: text(&error["message"]),
            status: error["status"].as_u64(),
        }),
    }
}

/// The exit code of what a provider says.
fn exit_code(kind: Option<ErrorKind>) -> i32 {
    match kind.map(ErrorKind::name) {
        None => 0,
        Some("auth") => 4,
        Some("unknown_model") => 5,
        Some(_) => 7,
    }
}

fn ask(recording: &Recording, face: Face) -> (Outcome, Vec<Request>) {
    let service = serve(recording);
    let (name, model) = (face.name(recording), model(recording));
    let mut arguments = vec!["-p", "hi", "--json", "-e", &name, "-m", &model];
    if is_whole(recording) {
        arguments.push("--no-stream");
    }
    let outcome = face.home(recording, &service).run(&arguments);
    (outcome, service.requests())
}

#[test]
fn every_recorded_answer_is_told_as_it_was_given_at_its_providers_own_path() {
    let Some(recordings) = recordings(&["stream", "response", "error"]) else { return };
    let chats: Vec<_> =
        recordings.iter().filter(|recording| recording.text("/request/method") == "POST").collect();
    each(&chats, |recording| {
        for face in faces(recording) {
            let (outcome, requests) = ask(recording, *face);
            let asked: Vec<_> =
                requests.iter().map(|request| (request.method.as_str(), plain(&request.path))).collect();
            assert_eq!(asked, [("POST", path(recording))], "{}\n{}", recording.file(), outcome.stderr);
            let answer = outcome.exits(exit_code(recording.kind())).json();
            recording.check(&told(&answer));
            assert_eq!(answer["model"], model(recording), "{}", recording.file());
        }
    });
}
