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

#[tokio::test]
async fn openais_own_list_is_cut_down_to_what_chats() {
    let folder = tempfile::tempdir().unwrap();
    let base = "https://api.openai.com/v1";
    let script = Script::new(&[(
        "https://api.openai.com/v1/models",
        200,
        r#"["gpt-3.5-turbo-instruct","whisper-1","gpt-4o","o3","gpt-4o-realtime-preview","chatgpt-4o-latest","dall-e-3"]"#,
    )]);
    let list = catalog(&folder)
        .refresh(&script, &Config::default(), &endpoint(), &testing::credential(base, "k"), now())
        .await;
    assert_eq!(ids(&list), ["gpt-4o", "o3", "chatgpt-4o-latest", "gpt-3.5-turbo-instruct"]);
}

#[tokio::test]
async fn ollama_is_asked_its_own_way_first() {
    let folder = tempfile::tempdir().unwrap();
    let base = "http://localhost:11434/v1";
    let (tags, list) = ("http://localhost:11434/api/tags", "http://localhost:11434/v1/models");
    let endpoint = testing::endpoint("Ollama", base);
    let credential = testing::credential(base, "");
    let config = Config::default();
    let show = "http://localhost:11434/api/show";
    let own = Script::new(&[
        (tags, 200, r#"{"models":[{"name":"llama3.2:latest"}]}"#),
        (
            show,
            200,
            r#"{"capabilities":["completion","tools"],"model_info":{"general.x":1,"llama.context_length":131072}}"#,
        ),
    ]);
    let found = catalog(&folder).refresh(&own, &config, &endpoint, &credential, now()).await;
    let abilities = Abilities { vision: Some(false), tools: Some(true), reasoning: Some(false) };
    assert_eq!(
        found.models,
        [ModelInfo { context: Some(131_072), abilities, ..ModelInfo::new("llama3.2:latest".into()) }]
    );
    assert_eq!(own.asked(), [tags, show]);
    let silent = Script::new(&[(tags, 200, r#"{"models":[{"name":"llama3.2:latest"}]}"#)]);
    let found = catalog(&folder).refresh(&silent, &config, &endpoint, &credential, now()).await;
    assert_eq!(ids(&found), ["llama3.2:latest"], "a model of which nothing more is told stays");
    let embeds = Script::new(&[
        (tags, 200, r#"{"models":[{"name":"all-minilm"}]}"#),
        (show, 200, r#"{"capabilities":["embedding"]}"#),
    ]);
    let found = catalog(&folder).refresh(&embeds, &config, &endpoint, &credential, now()).await;
    assert_eq!(found.error.map(|failure| failure.kind), Some(ErrorKind::Provider), "none to chat with");
    let gateway = Script::new(&[(tags, 404, ""), (list, 200, r#"["x"]"#)]);
    let found = catalog(&folder).refresh(&gateway, &config, &endpoint, &credential, now()).await;
    assert_eq!((ids(&found), gateway.asked()), (vec!["x"], vec![tags.to_owned(), list.to_owned()]));
    let nobody = Script::new(&[]);
    catalog(&folder).refresh(&nobody, &config, &endpoint, &credential, now()).await;
    assert_eq!(nobody.asked(), [tags], "a host that does not answer is not asked twice");
}

#[tokio::test]
async fn ollama_is_found_where_its_own_variable_says_and_in_its_cloud_with_a_key() {
    let folder = tempfile::tempdir().unwrap();
    for (base, key, tags) in [
        ("0.0.0.0", "", "http://127.0.0.1:11434/api/tags"),
        ("localhost:1", "", "http://localhost:1/api/tags"),
        ("https://ollama.com", "k", "https://ollama.com/api/tags"),
    ] {
        let script = Script::new(&[(tags, 200, r#"{"models":[{"name":"gpt-oss:120b"}]}"#)]);
        let endpoint = Endpoint::new("mine", WireFormat::Ollama, testing::template(base));
        let credential = testing::credential(base, key);
        let list = catalog(&folder).refresh(&script, &Config::default(), &endpoint, &credential, now()).await;
        assert_eq!((ids(&list), list.source), (vec!["gpt-oss:120b"], ListSource::Live), "{base}");
        assert_eq!(script.carried(&["authorization"])[0].is_empty(), key.is_empty(), "{base}");
    }
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
async fn an_adapters_list_is_read_through_its_selector() {
    let folder = tempfile::tempdir().unwrap();
    let (config, endpoint) = declared(
        r#"
endpoints:
  custom:
    - name: Odd
      api: adapter
      baseURL: https://odd.test
      models: {default: [configured], fetch: true}
      adapter:
        paths: {chat: /say, models: /what}
        request: '{q: .model}'
        models: '.all[] | {id: .called, context_length: .room}'
        response: {text: .a}
"#,
    );
    let credential = testing::credential("https://odd.test", "k");
    let answer = r#"{"all":[{"called":"one","room":9},{"called":"two"}]}"#;
    let script = Script::new(&[("https://odd.test/what", 200, answer)]);
    let list = catalog(&folder).refresh(&script, &config, &endpoint, &credential, now()).await;
    assert_eq!(
        list.models,
        [ModelInfo { context: Some(9), ..ModelInfo::new("one".into()) }, ModelInfo::new("two".into())]
    );
    let other = Script::new(&[("https://odd.test/what", 200, r#"{"all":[]}"#)]);
    let list = catalog(&folder).refresh(&other, &config, &endpoint, &credential, now()).await;
    assert_eq!(list.error.map(|failure| failure.kind), Some(ErrorKind::Config), "the selector gave nothing");
}

#[tokio::test]
async fn azures_models_are_those_of_all_groups_and_nobody_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let (config, endpoint) = declared(
        r#"
endpoints:
  azureOpenAI:
    models: {fetch: true}
    groups:
      - {group: a, apiKey: k, instanceName: one, version: "2024-10-21", models: {gpt-4o: {deploymentName: d}}}
      - {group: b, apiKey: k, baseURL: "https://two.test/v1", serverless: true, models: {mistral: true}}
"#,
    );
    let credential = testing::credential("https://one.openai.azure.com", "k");
    let script = Script::new(&[]);
    let list = catalog(&folder).refresh(&script, &config, &endpoint, &credential, now()).await;
    assert_eq!(
        (ids(&list), list.source, &list.error, script.asked()),
        (vec!["gpt-4o", "mistral"], ListSource::Config, &None, vec![])
    );
    assert_eq!(health(&script, &config, &endpoint, &credential).await.unwrap_err().kind, ErrorKind::Network);
    assert_eq!(script.asked(), ["https://one.openai.azure.com/openai/models?api-version=2024-10-21"]);
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

#[tokio::test]
async fn lists_in_pages_are_read_to_their_end() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config::default();
    let anthropic = testing::credential("https://a.test", "k");
    let endpoint = Endpoint { api: WireFormat::Anthropic, ..testing::endpoint("A", "https://a.test") };
    let script = Script::new(&[
        (
            "https://a.test/v1/models?limit=1000",
            200,
            r#"{"data":[{"type":"model","id":"one","max_input_tokens":8}],"has_more":true,"last_id":"one"}"#,
        ),
        (
            "https://a.test/v1/models?limit=1000&after_id=one",
            200,
            r#"{"data":[{"type":"model","id":"two"}],"has_more":false,"last_id":"two"}"#,
        ),
    ]);
    let list = catalog(&folder).refresh(&script, &config, &endpoint, &anthropic, now()).await;
    assert_eq!((ids(&list), list.models[0].context), (vec!["one", "two"], Some(8)));
    let google = testing::credential("https://g.test/v1beta", "k");
    let endpoint = Endpoint { api: WireFormat::Gemini, ..testing::endpoint("G", "https://g.test/v1beta") };
    let script = Script::new(&[
        (
            "https://g.test/v1beta/models?pageSize=1000",
            200,
            r#"{"models":[{"name":"models/embed","supportedGenerationMethods":["embedContent"]},
                {"name":"models/g-1","supportedGenerationMethods":["generateContent"]}],"nextPageToken":"p2"}"#,
        ),
        (
            "https://g.test/v1beta/models?pageSize=1000&pageToken=p2",
            200,
            r#"{"models":[{"name":"models/g-2","supportedGenerationMethods":["generateContent"],"thinking":true}]}"#,
        ),
    ]);
    let list = catalog(&folder).refresh(&script, &config, &endpoint, &google, now()).await;
    assert_eq!((ids(&list), list.models[1].abilities.reasoning), (vec!["g-1", "g-2"], Some(true)));
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

fn bedrock() -> Endpoint {
    let mut endpoint = Endpoint::new("bedrock", WireFormat::Bedrock, testing::template(BEDROCK));
    endpoint.bedrock.inference_profiles = vec![("claude".into(), testing::template("${ARN}"))];
    endpoint
}

#[tokio::test]
async fn bedrock_offers_what_is_on_demand_and_the_profiles_that_lead_to_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let script = Script::new(&[
        (BEDROCK_MODELS, 200, BEDROCK_LIST),
        (
            PROFILES,
            200,
            r#"{"inferenceProfileSummaries":[
                {"inferenceProfileId":"us.anthropic.claude-x","status":"ACTIVE","type":"SYSTEM_DEFINED","models":[
                    {"modelArn":"arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-x"},
                    {"modelArn":"arn:aws:bedrock:us-west-2::foundation-model/anthropic.claude-x"}]},
                {"inferenceProfileId":"us.amazon.titan-embed","models":[
                    {"modelArn":"arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed"}]}],
               "nextToken":"a+b/="}"#,
        ),
        (
            "https://bedrock.us-east-1.amazonaws.com/inference-profiles?maxResults=1000&nextToken=a%2Bb%2F%3D",
            200,
            r#"{"inferenceProfileSummaries":[
                {"inferenceProfileId":"global.anthropic.claude-x","models":[
                    {"modelArn":"arn:aws:bedrock:::foundation-model/anthropic.claude-x"}]},
                {"inferenceProfileId":"p1","inferenceProfileArn":"arn:aws:bedrock:us-east-1:1:application-inference-profile/p1",
                 "type":"APPLICATION","models":[
                    {"modelArn":"arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite"}]},
                {"inferenceProfileId":"us.far.away","models":[
                    {"modelArn":"arn:aws:bedrock:us-west-2::foundation-model/far.away"}]}]}"#,
        ),
    ]);
    let keys = r#"{"accessKeyId":"AKIDEXAMPLE","secretAccessKey":"s"}"#;
    let credential = testing::credential(BEDROCK, keys);
    let list = catalog(&folder).refresh(&script, &Config::default(), &bedrock(), &credential, now()).await;
    assert_eq!(
        ids(&list),
        [
            "claude",
            "amazon.nova-lite",
            "arn:aws:bedrock:us-east-1:1:application-inference-profile/p1",
            "us.anthropic.claude-x",
            "global.anthropic.claude-x",
            "us.far.away",
        ]
    );
    let vision: Vec<_> = list.models.iter().map(|model| model.abilities.vision).collect();
    assert_eq!(vision, [None, Some(true), Some(true), None, None, None]);
    assert_eq!(script.carried(&["authorization", "x-amz-date"]), vec![["authorization", "x-amz-date"]; 3]);
}

#[tokio::test]
async fn an_api_key_of_bedrock_that_may_not_see_profiles_still_lists_what_is_on_demand() {
    let folder = tempfile::tempdir().unwrap();
    let script = Script::new(&[
        (BEDROCK_MODELS, 200, BEDROCK_LIST),
        (PROFILES, 403, r#"{"message":"User is not authorized to perform: bedrock:ListInferenceProfiles"}"#),
    ]);
    let credential = testing::credential(BEDROCK, "bedrock-api-key-x");
    let list = catalog(&folder).refresh(&script, &Config::default(), &bedrock(), &credential, now()).await;
    assert_eq!((ids(&list), &list.error), (vec!["claude", "amazon.nova-lite"], &None));
    assert_eq!(script.carried(&["authorization", "x-amz-date"]), vec![["authorization"]; 2]);
}

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
async fn a_gateway_that_speaks_a_providers_format_for_answers_alone_is_asked_for_openais_list() {
    let folder = tempfile::tempdir().unwrap();
    const COMPATIBLE: &str = "http://localhost:4000/v1/models";
    /// The format, the base URL, and each URL that is asked with the header that carries the key.
    type Case = (WireFormat, &'static str, &'static [(&'static str, &'static str)]);
    let cases: [Case; 3] = [
        (
            WireFormat::Gemini,
            "http://localhost:4000",
            &[
                ("http://localhost:4000/v1beta/models?pageSize=1000", "x-goog-api-key"),
                (COMPATIBLE, "authorization"),
            ],
        ),
        (
            WireFormat::Gemini,
            "http://localhost:4000/gemini",
            &[
                ("http://localhost:4000/gemini/v1beta/models?pageSize=1000", "x-goog-api-key"),
                ("http://localhost:4000/gemini/v1/models", "authorization"),
                (COMPATIBLE, "authorization"),
            ],
        ),
        (
            WireFormat::Anthropic,
            "http://localhost:4000/anthropic",
            &[
                ("http://localhost:4000/anthropic/v1/models?limit=1000", "x-api-key"),
                (COMPATIBLE, "authorization"),
            ],
        ),
    ];
    for (api, base, asked) in cases {
        let script = Script::new(&[
            ("http://localhost:4000/v1beta/models?pageSize=1000", 404, "{}"),
            ("http://localhost:4000/gemini/v1beta/models?pageSize=1000", 404, "{}"),
            ("http://localhost:4000/gemini/v1/models", 404, "{}"),
            ("http://localhost:4000/anthropic/v1/models?limit=1000", 405, "{}"),
            (COMPATIBLE, 200, r#"{"data":[{"id":"ours"}]}"#),
        ]);
        let endpoint = Endpoint { api, ..testing::endpoint("G", base) };
        let credential = testing::credential(base, "k");
        let list = catalog(&folder).refresh(&script, &Config::default(), &endpoint, &credential, now()).await;
        assert_eq!(ids(&list), ["ours"], "{base}");
        let carried = script.carried(&["authorization", "x-api-key", "x-goog-api-key"]);
        let carried: Vec<&str> = carried.into_iter().flatten().collect();
        let came: Vec<(String, &str)> = script.asked().into_iter().zip(carried).collect();
        let expected: Vec<(String, &str)> =
            asked.iter().map(|(url, key)| ((*url).to_owned(), *key)).collect();
        assert_eq!(came, expected);
    }
    let refused = Script::new(&[("http://localhost:4000/v1beta/models?pageSize=1000", 401, "{}")]);
    let endpoint = Endpoint { api: WireFormat::Gemini, ..testing::endpoint("G", "http://localhost:4000") };
    let credential = testing::credential("http://localhost:4000", "k");
    let list = catalog(&folder).refresh(&refused, &Config::default(), &endpoint, &credential, now()).await;
    assert_eq!((list.error.unwrap().kind, refused.asked().len()), (ErrorKind::Auth, 1));
}

#[tokio::test]
async fn servers_that_tell_more_when_asked_again_are() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config::default();
    let credential = testing::credential("http://localhost:8080/v1", "");
    let llamacpp = Script::new(&[
        (
            "http://localhost:8080/v1/models",
            200,
            r#"{"data":[{"id":"m.gguf","owned_by":"llamacpp","meta":{"n_ctx_train":131072}}]}"#,
        ),
        (
            "http://localhost:8080/props",
            200,
            r#"{"default_generation_settings":{"n_ctx":4096},"modalities":{"vision":true}}"#,
        ),
    ]);
    let endpoint = testing::endpoint("mine", "http://localhost:8080/v1");
    let list = catalog(&folder).refresh(&llamacpp, &config, &endpoint, &credential, now()).await;
    assert_eq!((list.models[0].context, list.models[0].abilities.vision), (Some(4096), Some(true)));
    let credential = testing::credential("http://localhost:1234/v1", "");
    let endpoint = testing::endpoint("LM Studio", "http://localhost:1234/v1");
    let studio = Script::new(&[(
        "http://localhost:1234/api/v0/models",
        200,
        r#"{"data":[{"id":"q","type":"vlm","max_context_length":32768},{"id":"e","type":"embeddings"}]}"#,
    )]);
    let list = catalog(&folder).refresh(&studio, &config, &endpoint, &credential, now()).await;
    assert_eq!((ids(&list), list.models[0].abilities.vision), (vec!["q"], Some(true)));
    let older = Script::new(&[
        ("http://localhost:1234/api/v0/models", 404, ""),
        ("http://localhost:1234/v1/models", 200, r#"["q"]"#),
    ]);
    let list = catalog(&folder).refresh(&older, &config, &endpoint, &credential, now()).await;
    assert_eq!(ids(&list), ["q"]);
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
