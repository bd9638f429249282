mod services;

use std::sync::Mutex;

use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};
use http::HeaderMap;

use super::*;
use crate::config::WireFormat;
use crate::http::{HttpRequest, HttpResponse};
use crate::providers::testing;

/// Answers each request from a script of (URL, status, body), and remembers what was asked.
struct Script {
    answers: Vec<(&'static str, u16, &'static str)>,
    asked: Mutex<Vec<HttpRequest>>,
}

impl Script {
    fn new(answers: &[(&'static str, u16, &'static str)]) -> Self {
        Self { answers: answers.to_vec(), asked: Mutex::default() }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|request| request.url.to_string()).collect()
    }

    /// Which of these headers each request had.
    fn carried<'a>(&self, names: &[&'a str]) -> Vec<Vec<&'a str>> {
        let had = |request: &HttpRequest| {
            names.iter().copied().filter(|name| request.headers.contains_key(*name)).collect()
        };
        self.asked.lock().unwrap().iter().map(had).collect()
    }
}

impl Transport for Script {
    fn send(&self, request: HttpRequest) -> BoxFuture<'static, Result<HttpResponse, Failure>> {
        let url = request.url.to_string();
        let answer = self.answers.iter().find(|(known, _, _)| *known == url).copied();
        self.asked.lock().unwrap().push(request);
        async move {
            let (_, status, body) = answer.ok_or_else(|| Failure::new(ErrorKind::Network, "refused"))?;
            let body = stream::once(async move { Ok(Bytes::from(body)) }).boxed();
            Ok(HttpResponse { status, headers: HeaderMap::new(), body })
        }
        .boxed()
    }
}

const BASE: &str = "https://x.test/v1";
const LIST: &str = "https://x.test/v1/models";

fn now() -> Timestamp {
    "2026-11-21T08:00:00Z".parse().unwrap()
}

fn catalog(folder: &tempfile::TempDir) -> Catalog {
    let at = |name: &str| folder.path().join(name);
    Catalog::new(Paths { config: at("config"), data: at("data"), cache: at("cache"), state: at("state") })
}

fn ids(list: &ModelList) -> Vec<&str> {
    list.models.iter().map(|model| model.id.as_str()).collect()
}

fn endpoint() -> Endpoint {
    let mut endpoint = testing::endpoint("X", BASE);
    endpoint.models.default = vec!["configured".into()];
    endpoint
}

#[tokio::test]
async fn a_fetched_list_replaces_the_configured_one_and_is_kept_for_its_key_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (catalog, endpoint) = (catalog(&folder), endpoint());
    let (first, second) = (testing::credential(BASE, "sk-one"), testing::credential(BASE, "sk-two"));
    let script = Script::new(&[(LIST, 200, r#"{"data":[{"id":"b"},{"id":"a"}]}"#)]);
    let list = catalog.refresh(&script, &Config::default(), &endpoint, &first, now()).await;
    assert_eq!(
        (ids(&list), list.source, list.fetched, &list.error),
        (vec!["b", "a"], ListSource::Live, Some(now()), &None)
    );
    let known = catalog.known(&endpoint, &first);
    assert_eq!((ids(&known), known.source, known.fetched), (vec!["b", "a"], ListSource::Cache, Some(now())));
    assert_eq!(ids(&catalog.known(&endpoint, &second)), ["configured"]);
    catalog.forget(&first);
    let forgotten = catalog.known(&endpoint, &first);
    assert_eq!((ids(&forgotten), forgotten.source), (vec!["configured"], ListSource::Config));
}

#[cfg(unix)]
#[tokio::test]
async fn the_kept_list_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let credential = testing::credential(BASE, "sk-one");
    let script = Script::new(&[(LIST, 200, r#"["a"]"#)]);
    catalog(&folder).refresh(&script, &Config::default(), &endpoint(), &credential, now()).await;
    let models = folder.path().join("cache/models");
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let files: Vec<_> = std::fs::read_dir(&models).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "no temporary file stays: {files:?}");
    assert_eq!((mode(&models), mode(&files[0])), (0o700, 0o600));
    assert!(!std::fs::read_to_string(&files[0]).unwrap().contains("sk-one"));
}

#[tokio::test]
async fn a_failure_keeps_what_was_known_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let (catalog, endpoint) = (catalog(&folder), endpoint());
    let credential = testing::credential(BASE, "sk-one");
    let config = Config::default();
    let good = Script::new(&[(LIST, 200, r#"["a"]"#)]);
    catalog.refresh(&good, &config, &endpoint, &credential, now()).await;
    for (status, body, kind) in [
        (401, r#"{"error":{"message":"no sk-one"}}"#, ErrorKind::Auth),
        (404, "", ErrorKind::Provider),
        (200, "<html>", ErrorKind::Provider),
        (200, r#"{"error":{"message":"x","code":401}}"#, ErrorKind::Auth),
        (200, r#"{"data":[]}"#, ErrorKind::Provider),
        (502, "<title>Bad Gateway</title>", ErrorKind::Provider),
    ] {
        let script = Script::new(&[(LIST, status, body)]);
        let list = catalog.refresh(&script, &config, &endpoint, &credential, now()).await;
        assert_eq!((ids(&list), list.source), (vec!["a"], ListSource::Cache), "{status} {body}");
        let error = list.error.unwrap();
        assert_eq!(error.kind, kind, "{status} {body}");
        assert!(!error.message.contains("sk-one"));
    }
    let list = catalog.refresh(&Script::new(&[]), &config, &endpoint, &credential, now()).await;
    assert_eq!(list.error.unwrap().kind, ErrorKind::Network);
}

#[tokio::test]
async fn globs_choose_at_reading_so_that_a_change_needs_no_fetch() {
    let folder = tempfile::tempdir().unwrap();
    let (catalog, mut endpoint) = (catalog(&folder), endpoint());
    let credential = testing::credential(BASE, "k");
    let script = Script::new(&[(LIST, 200, r#"["maker/a-chat","maker/a-embed","other/b-chat"]"#)]);
    catalog.refresh(&script, &Config::default(), &endpoint, &credential, now()).await;
    endpoint.models.include = vec!["maker*".into()];
    endpoint.models.exclude = vec!["*embed*".into()];
    assert_eq!(ids(&catalog.known(&endpoint, &credential)), ["maker/a-chat"]);
}

/// An endpoint as a person's file declares it.
fn declared(yaml: &str) -> (Config, Endpoint) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("loquat.yaml");
    std::fs::write(&file, yaml).unwrap();
    let paths = catalog(&folder).paths;
    let config = crate::config::load(Some(&file), &paths, crate::config::Env::default()).unwrap().config;
    let endpoint = config.endpoints.iter().find(|endpoint| !endpoint.at.is_builtin()).unwrap().clone();
    (config, endpoint)
}

#[tokio::test]
async fn an_endpoint_is_well_where_somebody_answers_and_takes_the_key() {
    let plain = |api| Endpoint { api, ..testing::endpoint("X", BASE) };
    let adapter = |paths: &str| {
        let yaml = format!(
            "endpoints: {{custom: [{{name: Odd, api: adapter, baseURL: '{BASE}', adapter: {{paths: {paths}, \
             request: '{{q: .model}}', response: {{text: .a}}}}}}]}}"
        );
        declared(&yaml).1
    };
    let own = BASE.replace("/v1", "");
    let cases = [
        (plain(WireFormat::OpenaiChat), LIST.to_owned()),
        (plain(WireFormat::OpenaiResponses), LIST.to_owned()),
        (plain(WireFormat::Anthropic), LIST.to_owned()),
        (plain(WireFormat::Gemini), LIST.to_owned()),
        (plain(WireFormat::Ollama), format!("{own}/api/tags")),
        (plain(WireFormat::Azure), format!("{BASE}/models")),
        (plain(WireFormat::Bedrock), format!("{BASE}/foundation-models")),
        (adapter("{chat: /say, models: /what, health: /up}"), format!("{BASE}/up")),
        (adapter("{chat: /say, models: /what}"), format!("{BASE}/what")),
        (adapter("{chat: /say}"), BASE.to_owned()),
    ];
    for (endpoint, question) in cases {
        let question: &'static str = question.leak();
        let declared = question.ends_with("/up");
        let keyed = question != BASE;
        for (status, body, kind) in [
            (200, "{}", None),
            (200, "<html>", None),
            (404, "", declared.then_some(ErrorKind::Provider)),
            (401, r#"{"error":{"message":"no sk-one"}}"#, keyed.then_some(ErrorKind::Auth)),
            (403, r#"{"message":"The security token is invalid"}"#, keyed.then_some(ErrorKind::Auth)),
            (502, "<title>Bad Gateway</title>", Some(ErrorKind::Provider)),
        ] {
            let script = Script::new(&[(question, status, body)]);
            let credential = testing::credential(BASE, "sk-one");
            let found = health(&script, &Config::default(), &endpoint, &credential).await;
            let name = format!("{:?} {status}", endpoint.api);
            assert_eq!(script.asked(), [question], "{name}");
            let failure = found.err();
            assert!(failure.as_ref().is_none_or(|failure| !failure.message.contains("sk-one")), "{name}");
            assert_eq!(failure.map(|failure| failure.kind), kind, "{name}");
        }
    }
}

const BEDROCK: &str = "https://bedrock-runtime.us-east-1.amazonaws.com";
const BEDROCK_MODELS: &str = "https://bedrock.us-east-1.amazonaws.com/foundation-models";
const PROFILES: &str = "https://bedrock.us-east-1.amazonaws.com/inference-profiles?maxResults=1000";
const BEDROCK_LIST: &str = r#"{"modelSummaries":[
    {"modelId":"amazon.titan-embed","outputModalities":["EMBEDDING"],"inferenceTypesSupported":["ON_DEMAND"]},
    {"modelId":"amazon.nova-lite","inputModalities":["TEXT","IMAGE"],"outputModalities":["TEXT"],
     "responseStreamingSupported":true,"inferenceTypesSupported":["ON_DEMAND","INFERENCE_PROFILE"]},
    {"modelId":"slow.whole","outputModalities":["TEXT"],"responseStreamingSupported":false,
     "inferenceTypesSupported":["ON_DEMAND"]},
    {"modelId":"anthropic.claude-x","outputModalities":["TEXT"],"responseStreamingSupported":true,
     "inferenceTypesSupported":["INFERENCE_PROFILE"]},
    {"modelId":"meta.rented","outputModalities":["TEXT"],"responseStreamingSupported":true,
     "inferenceTypesSupported":["PROVISIONED"]}]}"#;

#[tokio::test]
async fn where_nobody_can_be_asked_the_configured_models_stand_without_a_complaint() {
    let folder = tempfile::tempdir().unwrap();
    let project = "https://eu-aiplatform.googleapis.com/v1/projects/p/locations/eu";
    for (api, base) in [
        (WireFormat::Gemini, project),
        (WireFormat::Anthropic, project),
        (WireFormat::Azure, "https://res.openai.azure.com"),
    ] {
        let endpoint = Endpoint { api, ..self::endpoint() };
        let script = Script::new(&[]);
        let credential = testing::credential(base, "k");
        let list = catalog(&folder).refresh(&script, &Config::default(), &endpoint, &credential, now()).await;
        assert_eq!((ids(&list), &list.error, script.asked()), (vec!["configured"], &None, vec![]), "{api:?}");
    }
}

#[tokio::test]
async fn who_asks_is_told_where_it_is_configured() {
    let folder = tempfile::tempdir().unwrap();
    let mut endpoint = endpoint();
    endpoint.models.user_id_query = true;
    let config = Config { user: Some("ana b".into()), ..Config::default() };
    let script = Script::new(&[]);
    catalog(&folder).refresh(&script, &config, &endpoint, &testing::credential(BASE, "k"), now()).await;
    assert_eq!(script.asked(), ["https://x.test/v1/models?user=ana+b"]);
}

#[tokio::test]
async fn an_endpoint_that_does_not_fetch_asks_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let mut endpoint = endpoint();
    endpoint.models.fetch = false;
    let script = Script::new(&[(LIST, 200, r#"["a"]"#)]);
    let list = catalog(&folder)
        .refresh(&script, &Config::default(), &endpoint, &testing::credential(BASE, "k"), now())
        .await;
    assert_eq!((ids(&list), &list.error, script.asked()), (vec!["configured"], &None, vec![]));
}

#[tokio::test(start_paused = true)]
async fn a_list_that_does_not_come_is_given_up_after_five_seconds() {
    struct Never;
    impl Transport for Never {
        fn send(&self, _: HttpRequest) -> BoxFuture<'static, Result<HttpResponse, Failure>> {
            futures::future::pending().boxed()
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let started = tokio::time::Instant::now();
    let list = catalog(&folder)
        .refresh(&Never, &Config::default(), &endpoint(), &testing::credential(BASE, "k"), now())
        .await;
    assert_eq!(list.error.unwrap().kind, ErrorKind::Timeout);
    assert_eq!(started.elapsed(), fetch::LIMIT);
}

#[tokio::test]
async fn many_lists_come_each_for_itself() {
    let folder = tempfile::tempdir().unwrap();
    let other = testing::endpoint("Y", "https://y.test/v1");
    let endpoint = endpoint();
    let script = Script::new(&[(LIST, 200, r#"["a"]"#)]);
    let wanted = [
        (&endpoint, testing::credential(BASE, "k")),
        (&other, testing::credential("https://y.test/v1", "k")),
    ];
    let mut came = Vec::new();
    catalog(&folder)
        .refresh_all(&script, &Config::default(), wanted, now(), |list| {
            came.push((list.endpoint.0.clone(), list.error.is_some()));
        })
        .await;
    came.sort();
    assert_eq!(came, [("X".to_owned(), false), ("Y".to_owned(), true)]);
}
