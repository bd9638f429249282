//! How each kind of service is asked for its list, and what of its answer is kept.

use super::*;

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
