//! Which endpoints of a configuration lead to which provider's paths.
//!
//! A provider of recordings needs a row of [`ROUTES`] and nothing else, or not even that where its paths are OpenAI's.

use serde_json::{Value, json};

use super::super::support::http::Request;
use super::super::support::{Home, KEY, Service};
use super::{model, path};
use crate::recorded::Recording;

/// An endpoint of a configuration that leads to a provider.
#[derive(Clone, Copy, Debug)]
pub struct Face {
    section: Section,
    base: Base,
    key: Key,
}

/// Where a configuration has the endpoint.
#[derive(Clone, Copy, Debug)]
enum Section {
    /// Under LibreChat's name for the provider.
    Named(&'static str),
    /// The same, with another `api` than its own.
    NamedAs(&'static str, &'static str),
    /// LibreChat's groups of Azure's.
    Groups,
    /// Below `custom`, with this `api`.
    Custom(&'static str),
    /// As the example of the service has it, which declares an adapter.
    Example(&'static str),
}

/// What stands in front of the paths.
#[derive(Clone, Copy, Debug)]
enum Base {
    /// This path, and query, of the replaying server.
    Path(&'static str),
    /// The path of the recording up to the publisher of the model.
    Project,
    /// A provider's own host, whose name tells what its paths are; the server is the proxy on the way to it.
    Host(&'static str),
}

/// Where a request carries the key.
#[derive(Clone, Copy, Debug)]
enum Key {
    /// In this header, after this word.
    Header(&'static str, &'static str),
    /// Nowhere: it signs the request as AWS wants it.
    Signature,
}

const BEARER: Key = Key::Header("authorization", "Bearer ");
const X_API_KEY: Key = Key::Header("x-api-key", "");
const GOOG: Key = Key::Header("x-goog-api-key", "");
const API_KEY: Key = Key::Header("api-key", "");

use Base::{Host, Path, Project};
use Section::{Custom, Example, Groups, Named, NamedAs};

const fn face(section: Section, base: Base, key: Key) -> Face {
    Face { section, base, key }
}

/// One provider, or every one without a row of its own where it is empty; what its paths hold; and the endpoints
/// that lead there. The first row that fits a recording counts.
pub const ROUTES: &[(&str, &str, &[Face])] = &[
    (
        "anthropic",
        "/v1/",
        &[face(Named("anthropic"), Path(""), X_API_KEY), face(Custom("anthropic"), Path("/v1"), X_API_KEY)],
    ),
    (
        "vertex",
        "/publishers/anthropic/",
        &[face(Named("anthropic"), Project, BEARER), face(Custom("anthropic"), Project, BEARER)],
    ),
    (
        "vertex",
        "/publishers/google/",
        &[face(Named("google"), Project, BEARER), face(Custom("gemini"), Project, BEARER)],
    ),
    (
        "gemini",
        "/v1beta/",
        &[face(Named("google"), Path(""), GOOG), face(Custom("gemini"), Path("/v1beta"), GOOG)],
    ),
    (
        "azure",
        "/models/chat/",
        &[
            face(Groups, Host(FOUNDRY), API_KEY),
            face(Named("azureOpenAI"), Host(FOUNDRY), API_KEY),
            face(Custom("azure"), Host(FOUNDRY), API_KEY),
        ],
    ),
    (
        "azure",
        "/openai/deployments/",
        &[
            face(Groups, Path("?api-version=2024-10-21"), API_KEY),
            face(Named("azureOpenAI"), Path("/openai?api-version=2024-10-21"), API_KEY),
            face(Custom("azure"), Path("?api-version=2024-10-21"), API_KEY),
        ],
    ),
    (
        "azure",
        "/openai/v1/chat/",
        &[
            face(Groups, Path(""), API_KEY),
            face(Named("azureOpenAI"), Path("/openai"), API_KEY),
            face(Custom("azure"), Path("/openai/v1"), API_KEY),
            face(Custom("openai-chat"), Path("/openai/v1"), BEARER),
        ],
    ),
    ("azure", "/openai/v1/responses", &[face(Custom("openai-responses"), Path("/openai/v1"), BEARER)]),
    (
        "bedrock",
        "/model/",
        &[face(Named("bedrock"), Path(""), Key::Signature), face(Custom("bedrock"), Path("/"), BEARER)],
    ),
    (
        "openai",
        "/v1/responses",
        &[
            face(NamedAs("openAI", "openai-responses"), Path("/v1"), BEARER),
            face(Custom("openai-responses"), Path(""), BEARER),
        ],
    ),
    (
        "openai",
        "/v1/",
        &[face(Named("openAI"), Path("/v1"), BEARER), face(Custom("openai-chat"), Path(""), BEARER)],
    ),
    ("chatgpt", "/codex/", &[face(Custom("openai-responses"), Path("/backend-api/codex"), BEARER)]),
    ("copilot", "/responses", &[face(Custom("openai-responses"), Host(COPILOT), BEARER)]),
    ("copilot", "/", &[face(Custom("openai-chat"), Host(COPILOT), BEARER)]),
    ("deepseek", "/responses", &[face(Custom("openai-responses"), Host(DEEPSEEK), BEARER)]),
    ("deepseek", "/", &[face(Custom("openai-chat"), Host(DEEPSEEK), BEARER)]),
    ("perplexity", "/", &[face(Custom("openai-chat"), Host("http://api.perplexity.ai/"), BEARER)]),
    ("groq", "/openai/v1/", &[face(Custom("openai-chat"), Path("/openai/v1"), BEARER)]),
    ("huggingface", "/novita/", &[face(Custom("openai-chat"), Path("/novita/v3/openai"), BEARER)]),
    (
        "ollama",
        "/api/",
        &[face(Custom("ollama"), Path(""), BEARER), face(Custom("ollama"), Path("/v1"), BEARER)],
    ),
    ("ollama", "/v1/", &[face(Custom("openai-chat"), Path("/v1"), BEARER)]),
    ("openrouter", "/api/v1/", &[face(Custom("openai-chat"), Path("/api/v1"), BEARER)]),
    ("venice", "/api/v1/", &[face(Custom("openai-chat"), Path("/api/v1"), BEARER)]),
    ("xai", "/v1/responses", &[face(Custom("openai-responses"), Path("/v1"), BEARER)]),
    ("zai", "/paas/v4/", &[face(Custom("openai-chat"), Path("/api/coding/paas/v4"), BEARER)]),
    ("harbor", "/api/v2/", &[face(Example("harbor"), Path(""), Key::Header("x-harbor-key", ""))]),
    // Whoever has OpenAI's own paths.
    (
        "",
        "/v1/",
        &[face(Custom("openai-chat"), Path(""), BEARER), face(Custom("openai-chat"), Path("/v1"), BEARER)],
    ),
];

const FOUNDRY: &str = "http://resource.services.ai.azure.com?api-version=2024-05-01-preview";
const COPILOT: &str = "http://api.githubcopilot.com";
const DEEPSEEK: &str = "http://api.deepseek.com";

/// The row that fits a recording.
pub fn route(recording: &Recording) -> Option<usize> {
    let (provider, path) = (recording.text("/provider"), path(recording));
    ROUTES.iter().position(|(who, part, _)| (*who == provider || who.is_empty()) && path.contains(part))
}

/// The endpoints that lead to a recording.
pub fn faces(recording: &Recording) -> &'static [Face] {
    let row = route(recording);
    ROUTES[row.unwrap_or_else(|| panic!("{}: no endpoint leads to its path", recording.file()))].2
}

impl Face {
    /// What the endpoint is called. A custom one is not called as a provider that has a section of its own.
    pub fn name(self, recording: &Recording) -> String {
        match self.section {
            Named(name) | NamedAs(name, _) => name.to_owned(),
            Groups => "azureOpenAI".to_owned(),
            Custom(api @ ("anthropic" | "bedrock")) => format!("my {api}"),
            Custom(_) => recording.text("/provider").to_owned(),
            Example(name) => format!("{}{}", name[..1].to_uppercase(), &name[1..]),
        }
    }

    /// Where a configuration has the endpoint, in words.
    pub fn way(self) -> String {
        match self.section {
            Named(name) | NamedAs(name, _) => name.to_owned(),
            Groups => "azureOpenAI".to_owned(),
            Custom(api) => format!("custom {api}"),
            Example(_) => "custom adapter".to_owned(),
        }
    }

    /// A home in which the endpoint leads to the server.
    pub fn home(self, recording: &Recording, service: &Service) -> Home {
        let model = model(recording);
        let base = match self.base {
            Path(path) => format!("{}{path}", service.url()),
            Project => {
                let path = path(recording);
                format!("{}{}", service.url(), path.split("/publishers/").next().unwrap_or_default())
            }
            Host(host) => host.to_owned(),
        };
        let mut endpoint = match self.section {
            Named(_) | NamedAs(..) | Custom(_) | Groups => json!({"models": {"default": [model]}}),
            Example(name) => example(name),
        };
        endpoint["baseURL"] = base.clone().into();
        endpoint["models"]["fetch"] = true.into();
        if let Key::Header(..) = self.key {
            endpoint["apiKey"] = "${REPLAY_KEY}".into();
        }
        if let Host(_) = self.base {
            endpoint["proxy"] = service.url().into();
            endpoint["allowInsecure"] = true.into();
        }
        let name = self.name(recording);
        let endpoints = match self.section {
            Named(_) => json!({(name): endpoint}),
            NamedAs(_, api) => {
                endpoint["api"] = api.into();
                json!({(name): endpoint})
            }
            Groups => {
                let models = json!({(model.as_str()): {"deploymentName": model.as_str()}});
                endpoint["groups"] = json!([
                    {"group": "g", "apiKey": "${REPLAY_KEY}", "baseURL": base, "models": models}
                ]);
                json!({(name): endpoint})
            }
            Custom(api) => {
                endpoint["api"] = api.into();
                endpoint["name"] = name.into();
                json!({"custom": [endpoint]})
            }
            Example(_) => json!({"custom": [endpoint]}),
        };
        Home::with_config(&json!({"router": {"retries": 0}, "endpoints": endpoints}).to_string())
            .with_variable("REPLAY_KEY", KEY)
            .with_variable("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
            .with_variable("AWS_SECRET_ACCESS_KEY", KEY)
            .with_variable("AWS_REGION", "us-east-1")
    }

    /// Fails where a request carries the key elsewhere than its provider wants it.
    #[track_caller]
    pub fn check_key(self, request: &Request, file: &str) {
        let carrying: Vec<(&str, &str)> = request
            .headers
            .iter()
            .filter(|(_, value)| value.contains(KEY))
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        match self.key {
            Key::Header(name, word) => {
                assert_eq!(carrying, [(name, format!("{word}{KEY}").as_str())], "{file} through {self:?}");
            }
            Key::Signature => {
                assert_eq!(carrying, [], "{file}");
                let signed = request.headers.get("authorization").map_or("", String::as_str);
                assert!(signed.starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"), "{file}: {signed:?}");
            }
        }
        assert!(!request.path.contains(KEY), "{file}: {}", request.path);
    }
}

/// The endpoint of an example of `config/examples`.
fn example(name: &str) -> Value {
    let file = format!("{}/config/examples/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
    let yaml = std::fs::read_to_string(file).expect("an example can be read");
    let mut config: Value = serde_yaml::from_str(&yaml).expect("an example is YAML");
    config["endpoints"]["custom"][0].take()
}
