//! What a person's file does, and what is said of one that is wrong.

mod aliases;
mod endpoints;
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
