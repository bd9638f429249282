//! What a person's file does, and what is said of one that is wrong.

mod aliases;
mod litellm;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use proptest::prelude::{Just, Strategy, any, prop_assert, prop_oneof, proptest};
use tempfile::TempDir;

use super::*;
use crate::chat::{ErrorKind, Failure, Money};

fn env(vars: &[(&str, &str)]) -> Env {
    Env::of(vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
}

fn paths(folder: &Path) -> Paths {
    let at = |name: &str| folder.join(name);
    Paths { config: at("config"), data: at("data"), cache: at("cache"), state: at("state") }
}

/// Loads `yaml` as the person's `loquat.yaml`.
pub(super) fn load_yaml(yaml: &str, vars: &[(&str, &str)]) -> Result<Loaded, Vec<Problem>> {
    let folder = TempDir::new().unwrap();
    let paths = paths(folder.path());
    fs::create_dir_all(&paths.config).unwrap();
    fs::write(paths.config_file(), yaml).unwrap();
    load(None, &paths, env(vars))
}

/// Loads a file of `tests/config` as `--config` does.
fn load_fixture(name: &str, vars: &[(&str, &str)]) -> Loaded {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/config").join(name);
    load(Some(&file), &paths(Path::new("/nonexistent")), env(vars)).unwrap()
}

/// Problems as `config check` tells them, without the folder.
fn told(problems: &[Problem]) -> String {
    let lines = problems.iter().map(|problem| {
        let file = Path::new(&*problem.at.file).file_name().unwrap_or_default().to_string_lossy();
        let headline = problem.headline().replacen(&*problem.at.file, &file, 1);
        let suggestion = problem.suggestion.as_ref().map(|text| format!(" => {text}")).unwrap_or_default();
        format!("{headline} [{}]{suggestion}\n", problem.path)
    });
    lines.collect()
}

pub(super) fn errors(yaml: &str) -> String {
    told(&load_yaml(yaml, &[]).unwrap_err())
}

fn named<'a>(loaded: &'a Loaded, name: &str) -> &'a Endpoint {
    loaded.config.endpoint(name).unwrap_or_else(|| panic!("no endpoint {name}"))
}

fn raw_key(endpoint: &Endpoint) -> Option<&str> {
    match &endpoint.keys.first()?.source {
        KeySource::Value(template) => Some(&template.raw),
        KeySource::Command(_) | KeySource::Aws => None,
    }
}

#[test]
fn without_a_file_the_built_in_endpoints_are_there_and_nothing_is_wrong() {
    let folder = TempDir::new().unwrap();
    let loaded = load(None, &paths(folder.path()), env(&[])).unwrap();
    assert_eq!(told(&loaded.problems), "");
    let names: Vec<&str> = loaded.config.endpoints.iter().map(|endpoint| endpoint.name.as_str()).collect();
    insta::assert_snapshot!(names.join(", "), @"openAI, anthropic, google, azureOpenAI, bedrock, demo, Groq, OpenRouter, Mistral, DeepSeek, xAI, Together, Fireworks, Ollama, LM Studio, llama.cpp, vLLM, LiteLLM");
    let demo = named(&loaded, "demo");
    assert_eq!((demo.base_url.raw.as_str(), demo.keys.len(), demo.models.fetch), ("demo:tour", 0, false));
    assert_eq!(demo.models.default, ["tour".into()]);
    assert!(named(&loaded, "Ollama").keys.is_empty());
    assert_eq!(raw_key(named(&loaded, "LiteLLM")), Some(USER_PROVIDED));
    assert_eq!(named(&loaded, "anthropic").api, WireFormat::Anthropic);
}

#[test]
fn empty_files_and_empty_endpoints_are_valid() {
    for yaml in ["", "# nothing\n", "endpoints: {}\n", "endpoints:\n", "endpoints:\n  custom:\n", "---\n"] {
        let loaded = load_yaml(yaml, &[]).unwrap();
        assert_eq!((told(&loaded.problems).as_str(), loaded.config.endpoints.len()), ("", 18), "{yaml:?}");
    }
}

#[test]
fn the_starter_is_valid_and_changes_nothing() {
    let loaded = load_yaml(show::STARTER, &[]).unwrap();
    assert_eq!(told(&loaded.problems), "");
    let bare = load_yaml("", &[]).unwrap();
    assert_eq!(loaded.config.endpoints, bare.config.endpoints);
}

#[test]
fn a_groq_endpoint_of_the_documentation_loads_and_becomes_the_built_in_one() {
    let loaded = load_fixture("librechat-groq.yaml", &[("GROQ_API_KEY", "gsk")]);
    let groq = named(&loaded, "groq");
    assert_eq!(raw_key(groq), Some("${GROQ_API_KEY}"));
    assert_eq!(groq.models.default.len(), 3);
    assert!(!groq.models.fetch);
    assert_eq!(groq.title.model, TitleModel::Named("mixtral-8x7b-32768".into()));
    assert!(groq.title.enabled);
    assert_eq!(groq.label.as_deref(), Some("groq"));
    assert_eq!(loaded.config.endpoint("Groq"), None);
    assert_eq!(loaded.config.endpoints[0].name.as_str(), "groq");
    insta::assert_snapshot!(told(&loaded.problems), @r"
    librechat-groq.yaml:2:1: note: understood, not used [version]
    librechat-groq.yaml:3:1: note: understood, not used [cache]
    ");
}

#[test]
fn a_litellm_endpoint_of_the_documentation_loads_with_its_legacy_keys() {
    let loaded = load_fixture("librechat-litellm.yaml", &[]);
    let litellm = named(&loaded, "LiteLLM");
    assert_eq!(raw_key(litellm), Some(USER_PROVIDED));
    assert_eq!(litellm.base_url.raw, "http://host.docker.internal:4000");
    assert!(litellm.models.fetch);
    insta::assert_snapshot!(told(&loaded.problems), @r"
    librechat-litellm.yaml:2:1: note: understood, not used [version]
    librechat-litellm.yaml:3:1: note: understood, not used [cache]
    librechat-litellm.yaml:14:7: note: understood, not used [endpoints.custom[0].summarize]
    librechat-litellm.yaml:15:7: note: understood, not used [endpoints.custom[0].summaryModel]
    librechat-litellm.yaml:16:7: note: understood, not used [endpoints.custom[0].forcePrompt]
    ");
}

#[test]
fn a_base_url_without_v1_stays_as_it_is() {
    let loaded = load_fixture("librechat-no-v1.yaml", &[]);
    assert_eq!(named(&loaded, "Gateway").base_url.raw, "https://llm.example.com");
}

#[test]
fn openai_reverse_proxy_moves_the_openai_endpoint() {
    let with =
        load_yaml("", &[("OPENAI_REVERSE_PROXY", "https://gw/v1"), ("OPENAI_MODELS", "a, b,")]).unwrap();
    let openai = named(&with, "openAI");
    assert_eq!(openai.base_url.raw, "${OPENAI_REVERSE_PROXY}");
    assert_eq!(openai.models.default, ["a".into(), "b".into()]);
    assert!(!openai.models.fetch, "a list that was given is final");
    let without = load_yaml("", &[]).unwrap();
    assert_eq!(named(&without, "openAI").base_url.raw, "https://api.openai.com/v1");
    assert!(named(&without, "openAI").models.fetch);
}

#[test]
fn the_first_alternative_whose_variables_are_set_is_taken_else_the_first() {
    let second = load_yaml("", &[("GEMINI_API_KEY", "x")]).unwrap();
    assert_eq!(raw_key(named(&second, "google")), Some("${GEMINI_API_KEY}"));
    let none = load_yaml("", &[]).unwrap();
    assert_eq!(raw_key(named(&none, "google")), Some("${GOOGLE_KEY}"));
}

#[test]
fn claude_on_vertex_has_its_place_its_names_and_its_own_token() {
    let yaml = |more: &str| {
        format!(
            "endpoints:\n  anthropic:\n    {more}\n    vertex:\n      projectId: ${{PROJECT}}\n      \
             serviceKeyFile: /keys/a.json\n      deploymentName: usual\n      models:\n        \
             claude-a: true\n        claude-b: {{deploymentName: b@1}}\n        claude-c: false\n"
        )
    };
    let vars = [("PROJECT", "p-1"), ("ANTHROPIC_API_KEY", "sk-ant-1")];
    let loaded = load_yaml(&yaml("titleConvo: false"), &vars).unwrap();
    let claude = named(&loaded, "anthropic");
    assert_eq!(
        claude.base_url.raw,
        "https://us-east5-aiplatform.googleapis.com/v1/projects/p-1/locations/us-east5"
    );
    assert_eq!(raw_key(claude), Some(USER_PROVIDED), "Anthropic's key is not for Google");
    assert_eq!(
        (&claude.models.default, claude.models.fetch),
        (&vec!["claude-a".into(), "claude-b".into()], false)
    );
    let deployments = [("claude-a".into(), "usual".into()), ("claude-b".into(), "b@1".into())];
    assert_eq!(claude.deployments, HashMap::from(deployments));
    insta::assert_snapshot!(told(&loaded.problems), @"
    loquat.yaml:5:7: warning: Vertex AI wants an access token as this endpoint's key, and none is configured; service-account files are not read [endpoints.anthropic.vertex] => add keyCommand: [gcloud, auth, print-access-token]
    loquat.yaml:6:7: note: understood, not used [endpoints.anthropic.vertex.serviceKeyFile]
    ");

    let own = yaml("keyCommand: [gcloud, auth, print-access-token]");
    let loaded = load_yaml(&own.replace("projectId", "region: global\n      projectId"), &vars).unwrap();
    let claude = named(&loaded, "anthropic");
    assert_eq!(claude.base_url.raw, "https://aiplatform.googleapis.com/v1/projects/p-1/locations/global");
    assert!(matches!(claude.keys[0].source, KeySource::Command(_)));
    insta::assert_snapshot!(
        told(&loaded.problems),
        @"loquat.yaml:7:7: note: understood, not used [endpoints.anthropic.vertex.serviceKeyFile]"
    );

    insta::assert_snapshot!(errors("endpoints: {anthropic: {vertex: {region: eu, modells: []}}}"), @"
    loquat.yaml:1:33: error: “projectId” is missing [endpoints.anthropic.vertex]
    loquat.yaml:1:46: error: unknown key “modells” [endpoints.anthropic.vertex.modells] => did you mean “models”?
    ");
    let off = load_yaml("endpoints: {anthropic: {vertex: {enabled: false}}}", &vars).unwrap();
    assert_eq!(named(&off, "anthropic").base_url.raw, "https://api.anthropic.com");
}

#[test]
fn a_full_librechat_file_loads_and_only_its_unknown_key_is_warned_of() {
    let loaded = load_fixture("librechat-full.yaml", &[("MISTRAL_API_KEY", "m")]);
    let warnings: Vec<Problem> =
        loaded.problems.iter().filter(|problem| problem.severity == Severity::Warning).cloned().collect();
    insta::assert_snapshot!(told(&warnings), @r#"
    librechat-full.yaml:68:7: warning: unknown key “somethingNewer” [endpoints.custom[0].somethingNewer]
    "#);
    let mistral = named(&loaded, "Mistral");
    assert_eq!(mistral.models.default, ["mistral-tiny".into(), "mistral-small".into()]);
    assert_eq!(mistral.title.model, TitleModel::Current, "`all` wins over the endpoint's own");
    assert_eq!(
        serde_json::to_string(&mistral.add_params).unwrap(),
        r#"{"safe_prompt":true,"seed":7,"nested":{"a":[1,"two"]}}"#
    );
    assert_eq!(mistral.default_params["temperature"], 0.7);
    assert_eq!(mistral.drop_params.len(), 4);
    assert_eq!(mistral.reasoning_key.as_deref(), Some("reasoning_content"));
    let headers: Vec<&str> = mistral.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(headers, ["x-request", "X-Team"]);
    assert_eq!(mistral.token_config["mistral-tiny"].context, Some(32000));
    assert_eq!(named(&loaded, "Claude").api, WireFormat::Anthropic);
    let azure = named(&loaded, "azureOpenAI");
    assert_eq!(azure.base_url.raw, "https://my-instance.openai.azure.com");
    assert_eq!(azure.models.default, ["gpt-4o".into(), "gpt-4o-mini".into()]);
    assert_eq!(raw_key(azure), Some("${WESTUS_API_KEY}"));
}

#[test]
fn azures_groups_are_read_with_all_they_say() {
    let loaded = load_yaml(
        "endpoints:
  azureOpenAI:
    groups:
      - group: one
        apiKey: ${ONE}
        instanceName: res
        deploymentName: dep
        version: 2024-10-21
        additionalHeaders: {x-a: b}
        addParams: {seed: 1}
        dropParams: [stop]
        models: {gpt-4o: {deploymentName: own, version: '1'}, gpt-4: true}
      - group: two
        apiKey: ${TWO}
        serverless: true
        baseURL: https://x.inference.ai.azure.com
        models: {mistral: true}
",
        &[("TWO", "two")],
    )
    .unwrap();
    assert_eq!(told(&loaded.problems), "");
    let endpoint = named(&loaded, "azureOpenAI");
    let ids: Vec<&str> = endpoint.models.default.iter().map(|id| id.as_str()).collect();
    assert_eq!((ids, endpoint.models.fetch), (vec!["gpt-4o", "gpt-4", "mistral"], false));
    assert_eq!(raw_key(endpoint), Some("${TWO}"), "the first that can be had");
    let groups = &endpoint.azure.as_ref().unwrap().groups;
    let raw = |template: &Option<Template>| template.as_ref().map(|template| template.raw.clone());
    let one = &groups[0];
    assert_eq!(one.base_url(None).raw, "https://res.openai.azure.com");
    assert_eq!((raw(&one.key), raw(&one.deployment)), (Some("${ONE}".into()), Some("dep".into())));
    assert_eq!(raw(&one.version).as_deref(), Some("2024-10-21"));
    assert_eq!((one.headers[0].0.as_str(), one.headers[0].1.raw.as_str()), ("x-a", "b"));
    assert_eq!((&one.add_params["seed"], &one.drop_params), (&1.into(), &vec!["stop".to_owned()]));
    let models: Vec<_> = one
        .models
        .iter()
        .map(|model| (model.id.as_str(), raw(&model.deployment), raw(&model.version)))
        .collect();
    assert_eq!(models, [("gpt-4o", Some("own".into()), Some("1".into())), ("gpt-4", None, None)]);
    assert!(
        matches!(&groups[1].host, AzureHost::Serverless(base) if base.raw == "https://x.inference.ai.azure.com")
    );
}

#[test]
fn an_azure_group_that_leads_nowhere_and_a_model_of_two_groups_are_told() {
    let yaml = "\
endpoints:
  azureOpenAI:
    groups:
      - {group: one, instanceName: res, models: {gpt-4o: true}}
      - {group: two, models: {a: true}}
      - {group: three, serverless: true, instanceName: res, models: {b: true}}
      - {group: four, instanceName: res, models: {gpt-4o: true}}
";
    insta::assert_snapshot!(errors(yaml), @r"
    loquat.yaml:5:17: error: a group needs an instanceName, or a baseURL [endpoints.azureOpenAI.groups[1]]
    loquat.yaml:6:17: error: a serverless group needs a baseURL [endpoints.azureOpenAI.groups[2]]
    loquat.yaml:7:51: error: the model “gpt-4o” is in another group already [endpoints.azureOpenAI.groups[3].models]
    ");
}

#[test]
fn how_reasoning_is_told_and_sent_back_can_be_configured() {
    let read = |params: &str| {
        let yaml = format!(
            "endpoints:\n  custom:\n    - {{name: X, baseURL: https://x.test, customParams: {{{params}}}}}\n"
        );
        let loaded = load_yaml(&yaml, &[]).unwrap();
        assert_eq!(told(&loaded.problems), "");
        let endpoint = named(&loaded, "X");
        (endpoint.reasoning_format, endpoint.reasoning_back)
    };
    assert_eq!(read(""), (None, None));
    assert_eq!(read("reasoningFormat: reasoning_object"), (Some(ReasoningFormat::Object), None));
    assert_eq!(read("reasoningFormat: disabled"), (Some(ReasoningFormat::Disabled), None));
    assert_eq!(read("includeReasoningContent: true"), (None, Some(ReasoningBack::ToolTurns)));
    assert_eq!(read("includeReasoningContent: false"), (None, Some(ReasoningBack::Never)));
    assert_eq!(read("includeReasoningHistory: true"), (None, Some(ReasoningBack::Always)));
}

#[test]
fn broken_yaml_is_told_with_its_place() {
    insta::assert_snapshot!(errors("endpoints:\n  custom:\n\t- name: x\n"), @"loquat.yaml:3:2: error: this is not YAML: tabs disallowed within this context (block indentation) [] => indent with spaces; YAML takes no tabs");
    insta::assert_snapshot!(errors("user: \"ana\nendpoints: {}\n"), @"loquat.yaml:1:7: error: this is not YAML: invalid indentation in quoted scalar [] => check that every quote is closed");
    insta::assert_snapshot!(errors("user: a: b\n"), @"loquat.yaml:1:8: error: this is not YAML: mapping values are not allowed in this context [] => check the indentation here, and put a value that holds “: ” in quotes");
    insta::assert_snapshot!(errors("defaults: {key: ${K}}\n"), @"loquat.yaml:1:18: error: this is not YAML: while parsing a flow mapping, did not find expected ',' or '}' [] => check the commas and braces, and between braces put a value such as ${NAME} in quotes");
    insta::assert_snapshot!(errors("a: &x [*x]\n"), @"loquat.yaml:1:8: error: this alias names nothing that is complete before it []");
}

#[test]
fn every_problem_is_told_at_once_with_what_was_probably_meant() {
    let yaml = "\
endpoints:
  custom:
    - name: One
      baseUrl: https://one
      apiKey: ${ONE}
      titleConvo: perhaps
    - name: One
      baseURL: one.example.com/v1
      api: antropic
    - baseURL: https://three
      models: {fetch: true, inlcude: [a]}
    - name: Four
defalts: {}
defaults: {endpoint: Oen}
router: {retries: -1, timeouts: {connect: soon, idle: 0}}
keymap: {composr: {ctrl-a: quit}}
user: ana
user: bob
";
    insta::assert_snapshot!(errors(yaml), @r#"
    loquat.yaml:3:13: error: an endpoint needs a baseURL [endpoints.custom[0]] => add baseURL: https://… (or user_provided, to be asked for it)
    loquat.yaml:4:7: error: unknown key “baseUrl” [endpoints.custom[0].baseUrl] => did you mean “baseURL”?
    loquat.yaml:6:19: error: has to be true or false; it is “perhaps” [endpoints.custom[0].titleConvo]
    loquat.yaml:7:13: error: the name “One” is already taken on line 3 [endpoints.custom[1].name]
    loquat.yaml:8:16: error: this is not a URL; it has to begin with https:// or http:// [endpoints.custom[1].baseURL] => did you mean “https://one.example.com/v1”?
    loquat.yaml:9:12: error: has to be one of openai-chat, openai-responses, anthropic, gemini, azure, bedrock, ollama, adapter; it is “antropic” [endpoints.custom[1].api] => did you mean “anthropic”?
    loquat.yaml:10:7: error: “name” is missing [endpoints.custom[2]]
    loquat.yaml:11:29: error: unknown key “inlcude” [endpoints.custom[2].models.inlcude] => did you mean “include”?
    loquat.yaml:12:13: error: an endpoint needs a baseURL [endpoints.custom[3]] => add baseURL: https://… (or user_provided, to be asked for it)
    loquat.yaml:13:1: error: unknown key “defalts” [defalts] => did you mean “defaults”?
    loquat.yaml:14:22: error: there is no endpoint “Oen” [defaults.endpoint] => did you mean “One”?
    loquat.yaml:15:19: error: has to be a whole number, 0 or more; it is “-1” [router.retries]
    loquat.yaml:15:43: error: has to be a number above 0; it is “soon” [router.timeouts.connect]
    loquat.yaml:15:55: error: has to be a number above 0; it is “0” [router.timeouts.idle]
    loquat.yaml:16:10: error: unknown key “composr” [keymap.composr] => did you mean “composer”?
    loquat.yaml:18:1: error: “user” stands here a second time; it is already on line 17 []
    "#);
}

#[test]
fn saved_prompts_are_read_and_a_name_that_cannot_be_asked_for_is_refused() {
    let yaml = "\
prompts:
  - {name: tr, text: 'Translate {{text}}', description: Say it otherwise}
  - name: brief
    text: Be brief.
ui: {vi: true}
";
    let config = load_yaml(yaml, &[]).unwrap().config;
    assert!(config.ui.vi);
    let prompt = |name: &str, text: &str, description: &str| SavedPrompt {
        name: name.into(),
        text: text.into(),
        description: description.into(),
    };
    assert_eq!(
        config.prompts,
        [prompt("tr", "Translate {{text}}", "Say it otherwise"), prompt("brief", "Be brief.", "")]
    );
    let told = errors("prompts: [{name: a b, text: x}]");
    assert!(told.starts_with("loquat.yaml:1:18: error: “a b” cannot be asked for"), "{told}");
    assert!(errors("prompts: [{name: c}]").contains("“text” is missing"));
}

#[test]
fn things_stay_in_the_trash_for_as_long_as_is_configured() {
    let since = |yaml: &str| {
        let now = "2026-03-30T12:00Z".parse().unwrap();
        load_yaml(yaml, &[]).unwrap().config.storage.trash_kept_since(now).map(|time| time.to_string())
    };
    assert_eq!(since("").as_deref(), Some("2026-02-28T12:00:00Z"));
    assert_eq!(since("storage: {trash_days: 2}").as_deref(), Some("2026-03-28T12:00:00Z"));
    assert_eq!(since("storage: {trash_days: 0}"), None);
    assert_eq!(
        errors("storage: {trash_day: 3}\n").lines().next(),
        Some(
            "loquat.yaml:1:11: error: unknown key “trash_day” [storage.trash_day] => did you mean “trash_days”?"
        )
    );
}

#[test]
fn merge_keys_and_aliases_are_expanded() {
    let yaml = "\
endpoints:
  custom:
    - &one {name: One, baseURL: 'https://one', apiKey: '${K}', titleConvo: true}
    - <<: *one
      name: Two
";
    let loaded = load_yaml(yaml, &[]).unwrap();
    let two = named(&loaded, "Two");
    assert_eq!((two.base_url.raw.as_str(), two.title.enabled), ("https://one", true));
    assert_eq!(two.base_url.at.line, 3);
}

#[test]
fn an_alias_bomb_and_bottomless_nesting_are_refused() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let below = format!("*a{}, ", level - 1).repeat(10);
        bomb.push_str(&format!("a{level}: &a{level} [{}]\n", below.trim_end_matches(", ")));
    }
    let deep = format!("a: {}{}\n", "[".repeat(5000), "]".repeat(5000));
    for yaml in [bomb, deep] {
        let problems = load_yaml(&yaml, &[]).unwrap_err();
        assert!(told(&problems).contains("nests too deep or grows too large"), "{}", told(&problems));
    }
}

#[test]
fn a_persons_endpoint_changes_the_built_in_one_of_its_name_and_comes_first() {
    let yaml = "\
endpoints:
  custom:
    - {name: Mine, baseURL: 'https://mine'}
    - name: Groq
      keys: [{label: work, apiKey: '${WORK}'}]
      timeouts: {idle: 7.5}
  openAI: {titleModel: gpt-4o-mini}
router: {retries: 5, timeouts: {idle: 60, connect: 3}}
";
    let loaded = load_yaml(yaml, &[]).unwrap();
    assert_eq!(told(&loaded.problems), "");
    let names: Vec<&str> =
        loaded.config.endpoints.iter().take(4).map(|endpoint| endpoint.name.as_str()).collect();
    assert_eq!(names, ["Mine", "Groq", "openAI", "anthropic"]);
    let groq = named(&loaded, "Groq");
    assert_eq!(groq.base_url.raw, "https://api.groq.com/openai/v1");
    let labels: Vec<&str> = groq.keys.iter().map(|key| key.label.as_str()).collect();
    assert_eq!(labels, ["default", "work"]);
    assert_eq!(groq.timeouts.idle.as_millis(), 7500);
    assert_eq!((groq.timeouts.connect.as_secs(), loaded.config.router.retries), (3, 5));
}

#[test]
fn includes_lie_below_the_including_file_and_may_not_run_commands() {
    let folder = TempDir::new().unwrap();
    let paths = paths(folder.path());
    fs::create_dir_all(paths.config.join("team")).unwrap();
    fs::write(
        paths.config_file(),
        "include: [team/librechat.yaml]\nendpoints: {custom: [{name: Team, titleConvo: true}]}\n",
    )
    .unwrap();
    fs::write(
        paths.config.join("team/librechat.yaml"),
        "version: 1.2.1\nnews: 1\nendpoints:\n  custom:\n    - name: Team\n      baseURL: https://team\n      apiKey: '${T}'\n      keyCommand: [touch, /tmp/x]\n    - name: Half\n",
    )
    .unwrap();
    let loaded = load(None, &paths, env(&[])).unwrap();
    let team = named(&loaded, "Team");
    assert!(team.title.enabled);
    assert_eq!((team.base_url.raw.as_str(), raw_key(team)), ("https://team", Some("${T}")));
    assert_eq!(loaded.config.files.len(), 2);
    insta::assert_snapshot!(told(&loaded.problems), @r#"
    librechat.yaml:1:1: note: understood, not used [version]
    librechat.yaml:2:1: warning: unknown key “news” [news]
    librechat.yaml:8:7: warning: this is taken only from your own file, not from an included one; it is left out [endpoints.custom[0].keyCommand]
    librechat.yaml:9:13: warning: an endpoint needs a baseURL [endpoints.custom[1]] => add baseURL: https://… (or user_provided, to be asked for it)
    "#);
}

#[test]
fn an_include_that_leads_back_or_nowhere_is_told() {
    let folder = TempDir::new().unwrap();
    let paths = paths(folder.path());
    fs::create_dir_all(&paths.config).unwrap();
    fs::write(paths.config_file(), "include: [a.yaml, none.yaml]\n").unwrap();
    fs::write(paths.config.join("a.yaml"), "include: loquat.yaml\n").unwrap();
    let problems = load(None, &paths, env(&[])).unwrap_err();
    let told = told(&problems).replace(&*paths.config.to_string_lossy(), "CONFIG");
    insta::assert_snapshot!(told, @r#"
    loquat.yaml:1:19: error: cannot read CONFIG/none.yaml: there is no such file [include]
    a.yaml:1:10: error: loquat.yaml includes the file that includes it [include]
    "#);
}

#[test]
fn a_dotenv_file_is_read_only_when_named_and_lies_below_the_environment() {
    let folder = TempDir::new().unwrap();
    let paths = paths(folder.path());
    fs::create_dir_all(&paths.config).unwrap();
    fs::write(paths.config.join(".env"), "A=file\nB=file\n").unwrap();
    fs::write(paths.config_file(), "user: ana\n").unwrap();
    assert_eq!(load(None, &paths, env(&[])).unwrap().config.env.get("B"), None);
    fs::write(paths.config_file(), "envFile: .env\n").unwrap();
    let config = load(None, &paths, env(&[("A", "shell")])).unwrap().config;
    assert_eq!((config.env.get("A"), config.env.get("B")), (Some("shell"), Some("file")));
    fs::write(paths.config.join(".env"), "A=sk-secret sk-more\n").unwrap();
    let problems = load(None, &paths, env(&[])).unwrap_err();
    assert!(!told(&problems).contains("sk-"), "{}", told(&problems));
}

#[test]
fn an_unset_variable_is_an_error_only_when_it_is_used() {
    let yaml = "endpoints: {custom: [{name: One, baseURL: 'https://${HOST_X}/v1', apiKey: '${K}'}]}\n";
    let loaded = load_yaml(yaml, &[("JWT_SECRET", "s")]).unwrap();
    let url = &named(&loaded, "One").base_url;
    let failure = Failure::from(url.expand(&loaded.config.env).unwrap_err());
    assert_eq!(failure.kind, ErrorKind::Config);
    assert!(failure.message.contains("HOST_X") && failure.message.contains("loquat.yaml:1:43"), "{failure}");
    let secret = Template { raw: "a${JWT_SECRET}b".to_owned(), at: url.at.clone() };
    assert_eq!(secret.expand(&loaded.config.env), Ok("a${JWT_SECRET}b".to_owned()));
}

#[test]
fn a_key_written_out_is_warned_of_and_masked() {
    let folder = TempDir::new().unwrap();
    let paths = paths(folder.path());
    fs::create_dir_all(&paths.config).unwrap();
    fs::write(
        paths.config_file(),
        "endpoints: {custom: [{name: One, baseURL: 'https://sk-user@one/v1?key=sk-query&api-version=2&k=${K}', apiKey: sk-1234567, proxy: 'http://u:pw@host:1/x', keys: [{label: w, apiKey: '${W}'}], headers: {X-Auth: sk-abc, X-Any: sk-abc, X-Env: '${E}'}, addParams: {max_tokens: 9, api_token: sk-deep}}]}\nkeymap: {anywhere: {ctrl-k: keys}}\nuser: ana\nwebSearch: {k: sk-x}\n",
    )
    .unwrap();
    let loaded = load(None, &paths, env(&[])).unwrap();
    assert!(told(&loaded.problems).contains("a key is written out in this file"));
    let shown = show::show(None, &paths, env(&[])).unwrap();
    let own = shown.split("- name: demo").next().unwrap();
    insta::assert_snapshot!(own, @r#"
    endpoints:
      custom:
      - name: One
        baseURL: https://***@one/v1?key=***&api-version=2&k=${K}
        apiKey: '***'
        proxy: http://***@host:1/x
        keys:
        - label: w
          apiKey: ${W}
        headers:
          X-Auth: '***'
          X-Any: '***'
          X-Env: ${E}
        addParams:
          max_tokens: 9
          api_token: '***'
    "#);
    assert!(!shown.contains("sk-"));
}

#[test]
fn a_parameter_that_would_make_another_request_is_told_of_and_not_sent() {
    let yaml = "endpoints:\n  custom:\n    - {name: One, baseURL: 'https://one', addParams: {model: x, seed: 1}, \
                customParams: {paramDefinitions: [{key: stream, default: false}]}}\n";
    let loaded = load_yaml(yaml, &[]).unwrap();
    let one = named(&loaded, "One");
    assert_eq!((one.add_params.len(), one.default_params.len()), (1, 0));
    insta::assert_snapshot!(told(&loaded.problems), @r"
    loquat.yaml:3:62: warning: “model” is the turn's own and no parameter; it is not sent [endpoints.custom[0].addParams.model]
    loquat.yaml:3:132: warning: “stream” is the turn's own and no parameter; it is not sent [endpoints.custom[0].customParams.stream]
    ");
}

#[test]
fn every_api_name_is_a_wire_format() {
    let yaml: String = schema::APIS
        .iter()
        .map(|api| {
            let adapter = match *api {
                "adapter" => ", adapter: {paths: {chat: /a}, request: ., response: {text: .}}",
                _ => "",
            };
            format!("    - {{name: E-{api}, baseURL: 'https://x', api: {api}{adapter}}}\n")
        })
        .collect();
    let loaded = load_yaml(&format!("endpoints:\n  custom:\n{yaml}"), &[]).unwrap();
    for api in schema::APIS {
        assert_eq!(named(&loaded, &format!("E-{api}")).api.name(), *api);
    }
}

#[test]
fn expressions_that_do_not_compile_are_told_beside_everything_else() {
    let yaml = "\
endpoints:
  custom:
    - name: Odd
      api: adapter
      baseURL: https://x
      adapter:
        paths: {caht: /a}
        request: '{model: .model'
        stream: {text: [1], done: '.a |'}
        error: .e | nothing
        finish_reasons: {over: stpo}
";
    insta::assert_snapshot!(errors(yaml), @r#"
    loquat.yaml:7:16: error: “chat” is missing [endpoints.custom[0].adapter.paths]
    loquat.yaml:7:17: error: unknown key “caht” [endpoints.custom[0].adapter.paths.caht] => did you mean “chat”?
    loquat.yaml:8:33: error: jq: expected closing brace, found the end of the expression [adapter.request]
    loquat.yaml:9:24: error: has to be text; it is a list [endpoints.custom[0].adapter.stream.text]
    loquat.yaml:9:40: error: jq: expected term, found the end of the expression [adapter.stream.done]
    loquat.yaml:10:21: error: jq: there is no filter “nothing” [adapter.error]
    loquat.yaml:11:32: error: has to be one of stop, length, tool_calls, content_filter, refusal, error; it is “stpo” [endpoints.custom[0].adapter.finish_reasons.over] => did you mean “stop”?
    "#);
    // Where nothing else is wrong, they are told when they are used, or asked for.
    let alone = "endpoints: {custom: [{name: X, api: adapter, baseURL: 'https://x', adapter: \
                 {paths: {chat: /a}, request: ., response: {text: '.a |'}}}]}\n";
    let loaded = load_yaml(alone, &[]).unwrap();
    assert_eq!(adapter::check(&loaded.config).len(), 1);
}

#[test]
fn a_custom_endpoint_may_not_take_the_name_of_one_that_has_its_own_section() {
    let yaml =
        "endpoints: {custom: [{name: openAI, baseURL: 'https://x'}, {name: '', baseURL: 'https://y'}]}\n";
    insta::assert_snapshot!(errors(yaml), @r#"
    loquat.yaml:1:29: error: “openAI” has a section of its own: write it as endpoints.openAI [endpoints.custom[0].name]
    loquat.yaml:1:67: error: “name” is missing [endpoints.custom[1].name]
    "#);
}

#[test]
fn files_are_named_from_the_file_that_names_them() {
    let folder = TempDir::new().unwrap();
    let paths = paths(folder.path());
    fs::create_dir_all(paths.config.join("team")).unwrap();
    fs::write(paths.config_file(), "include: team/a.yaml\nendpoints: {all: {caFile: ~/ca.pem}}\n").unwrap();
    fs::write(
        paths.config.join("team/a.yaml"),
        "endpoints: {custom: [{name: One, baseURL: 'https://one', caFile: ca.pem}]}\n",
    )
    .unwrap();
    let home = load(None, &paths, env(&[("HOME", "/home/ana")])).unwrap();
    assert_eq!(named(&home, "One").ca_file.as_deref(), Some(Path::new("/home/ana/ca.pem")));
    fs::write(paths.config_file(), "include: team/a.yaml\n").unwrap();
    let beside = load(None, &paths, env(&[])).unwrap();
    assert_eq!(named(&beside, "One").ca_file, Some(paths.config.join("team/ca.pem")));
}

#[test]
fn variables_are_put_into_every_text() {
    let yaml = "\
user: ${WHO}
defaults: {endpoint: openAI, model: '${MODEL}', key: '${NOT_SET}'}
endpoints: {openAI: {models: {default: ['x-${MODEL}']}, titleModel: '${MODEL}'}}
";
    let loaded = load_yaml(yaml, &[("WHO", "ana"), ("MODEL", "m1")]).unwrap();
    let config = &loaded.config;
    assert_eq!(config.user.as_deref(), Some("ana"));
    assert_eq!(config.defaults.model, Some("m1".into()));
    assert_eq!(config.defaults.key, Some("${NOT_SET}".into()));
    assert_eq!(named(&loaded, "openAI").models.default, ["x-m1".into()]);
    assert_eq!(named(&loaded, "openAI").title.model, TitleModel::Named("m1".into()));
}

#[test]
fn an_endpoint_is_told_who_asks_where_there_is_somebody_to_tell_of() {
    let yaml = "\
endpoints:
  all: {userId: metadata}
  anthropic: {userId: none}
  custom: [{name: A, baseURL: 'https://a', userId: user}]
";
    let loaded = load_yaml(yaml, &[]).unwrap();
    insta::assert_snapshot!(told(&loaded.problems), @"
    loquat.yaml:2:17: warning: there is no `user` at the top of the file, so the endpoint is told of nobody [endpoints.all.userId]
    loquat.yaml:4:52: warning: there is no `user` at the top of the file, so the endpoint is told of nobody [endpoints.custom[0].userId]
    ");
    let loaded = load_yaml(&format!("user: ana\n{yaml}"), &[]).unwrap();
    assert_eq!(told(&loaded.problems), "");
    assert_eq!(named(&loaded, "A").user_id, UserIdPolicy::Metadata, "`all` wins over the endpoint's own");
}

fn yaml_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("endpoints:"),
        Just("custom:"),
        Just("- "),
        Just("name: a"),
        Just("models: "),
        Just("router:"),
        Just("routes: "),
        Just("fallbacks: "),
        Just("model_list:"),
        Just("model_name: a*"),
        Just("litellm_params: "),
        Just("model: azure/*"),
        Just("api_base: "),
        Just("router_settings:"),
        Just("\n"),
        Just("\n  "),
        Just("\n    "),
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(", "),
        Just("&x "),
        Just("*x"),
        Just("<<: "),
        Just("? "),
        Just("\""),
        Just("| "),
        Just("é"),
        Just("\t"),
        Just("---"),
        Just("!t "),
        Just("# "),
        Just("${"),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_is_too_strange_to_be_told_of(yaml in prop_oneof![yaml_like(), any::<String>()]) {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("x.yaml");
        fs::write(&file, &yaml).unwrap();
        let lines = u32::try_from(yaml.lines().count()).unwrap() + 2;
        let problems = match load(Some(&file), &paths(folder.path()), env(&[])) {
            Ok(loaded) => loaded.problems,
            Err(problems) => problems,
        };
        for problem in problems {
            prop_assert!(problem.at.line >= 1 && problem.at.line <= lines, "{:?} in {:?}", problem, yaml);
        }
    }
}

#[test]
fn bedrock_has_its_regions_profiles_and_guardrail_and_awss_own_places_for_keys() {
    let yaml = "\
endpoints:
  bedrock:
    availableRegions: [us-east-1, eu-west-1]
    inferenceProfiles: {claude: '${ARN}'}
    guardrailConfig: {guardrailIdentifier: abc, guardrailVersion: 1, trace: enabled_full, streamProcessingMode: async}
";
    let loaded = load_yaml(yaml, &[]).unwrap();
    assert_eq!(told(&loaded.problems), "");
    let bedrock = named(&loaded, "bedrock");
    let sources: Vec<&KeySource> = bedrock.keys.iter().map(|key| &key.source).collect();
    assert_eq!(sources, [&KeySource::Aws]);
    let [(model, profile)] = &bedrock.bedrock.inference_profiles[..] else { panic!("one profile") };
    assert_eq!((model.as_str(), profile.raw.as_str()), ("claude", "${ARN}"));
    assert_eq!(bedrock.bedrock.regions, ["us-east-1", "eu-west-1"]);
    let guardrail = bedrock.bedrock.guardrail.as_ref().unwrap();
    assert_eq!(
        (guardrail.identifier.raw.as_str(), guardrail.version.as_str(), guardrail.trace.as_deref()),
        ("abc", "1", Some("enabled_full"))
    );
    assert_eq!(guardrail.stream_processing_mode.as_deref(), Some("async"));
    let bearer = load_yaml("endpoints: {bedrock: {apiKey: '${TOKEN}'}}\n", &[]).unwrap();
    assert_eq!(raw_key(named(&bearer, "bedrock")), Some("${TOKEN}"));
    insta::assert_snapshot!(errors("endpoints: {bedrock: {guardrailConfig: {trace: loud}}}\n"), @r"
    loquat.yaml:1:40: error: “guardrailIdentifier” is missing [endpoints.bedrock.guardrailConfig]
    loquat.yaml:1:48: error: has to be one of enabled, disabled, enabled_full; it is “loud” [endpoints.bedrock.guardrailConfig.trace]
    ");
}
