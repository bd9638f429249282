//! The configuration as a person meets it: checked, made, found, shown, and refused with reasons.

use super::support::mock::{KEY, PLAIN};
use super::support::{Home, Mock};

#[test]
fn a_sound_configuration_is_said_to_be_sound() {
    Home::of(&Mock::start()).run(&["config", "check"]).exits(0);
    Home::bare().run(&["config", "check"]).exits(0);
    Home::with_config("").run(&["config", "check"]).exits(0);
    Home::with_config("endpoints: {}\n").run(&["config", "check"]).exits(0);
}

#[test]
fn every_example_is_sound() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config/examples");
    let mut found = 0;
    for entry in std::fs::read_dir(folder).expect("the examples can be listed") {
        let path = entry.expect("an entry can be read").path();
        let file = path.to_str().expect("a path of text");
        let outcome = Home::bare().run(&["--config", file, "config", "check"]).exits(0);
        assert!(outcome.text().contains("valid, no warnings, every key used"), "{}", outcome.text());
        found += 1;
    }
    assert!(found >= 4, "{found} examples");
}

#[test]
fn every_problem_is_told_at_once_with_its_place_and_what_was_probably_meant() {
    let home = Home::with_config(
        "endpoints:\n  custom:\n    - name: One\n      baseUrl: \"http://127.0.0.1:1/v1\"\n      apiKey: x\n\
         \x20     models: {default: [a]}\nrouterr: {}\n",
    );
    for arguments in [&["config", "check"][..], &["-p", "hi"]] {
        let outcome = home.run(arguments).exits(3);
        let said = format!("{}{}", outcome.text(), outcome.stderr);
        for part in ["loquat.yaml:4:7", "baseUrl", "baseURL", "loquat.yaml:7:1", "routerr", "router"] {
            assert!(said.contains(part), "{part:?} is not in:\n{said}");
        }
    }
}

#[test]
fn what_only_the_app_makes_of_it_is_checked_too() {
    let home =
        Home::with_config("ui:\n  theme: neon\nkeymap:\n  anywhere:\n    ctrl-x: quit\n    f5: hlep\n");
    let checked = home.run(&["config", "check"]).exits(3);
    let said = checked.text();
    for part in [
        "loquat.yaml:2:10: error",
        "neon",
        "loquat-dark",
        "loquat.yaml:5:5: warning",
        "built-in bindings begin with it",
        "loquat.yaml:6:5",
        "help",
    ] {
        assert!(said.contains(part), "{part:?} is not in:\n{said}");
    }
    // A key that is left out is no reason to refuse the rest.
    home.write_config("keymap: {anywhere: {ctrl-x: quit}}\n");
    home.run(&["config", "check"]).exits(0);
}

#[test]
fn a_file_that_is_no_yaml_is_refused_with_the_line() {
    let outcome = Home::with_config("endpoints:\n  custom: [\n").run(&["-p", "hi"]).exits(3);
    assert!(outcome.stderr.contains("loquat.yaml:"), "{}", outcome.stderr);
}

#[test]
fn where_the_file_is_can_be_asked_while_it_is_broken() {
    let home = Home::with_config("nonsense: [");
    let path = home.run(&["config", "path"]).exits(0);
    assert_eq!(path.text().lines().next(), Some(home.config_file().to_string_lossy().as_ref()));
}

#[test]
fn a_started_configuration_is_valid_and_is_not_overwritten() {
    let home = Home::bare();
    home.run(&["config", "init"]).exits(0);
    home.run(&["config", "check"]).exits(0);
    home.write_config("user: bea\n");
    assert_ne!(home.run(&["config", "init"]).code, Some(0));
    assert_eq!(std::fs::read_to_string(home.config_file()).expect("it is there"), "user: bea\n");
    home.run(&["config", "init", "--force"]).exits(0);
}

#[test]
fn what_is_shown_is_in_effect_and_has_no_secret() {
    let mock = Mock::start();
    let home = Home::with_config(&Home::config(&mock).replace("${MOCK_KEY}", KEY));
    let shown = home.run(&["config", "show"]).exits(0);
    assert!(shown.text().contains("Mock") && shown.text().contains(&mock.url()), "{}", shown.text());
    assert!(!shown.text().contains(KEY) && !shown.stderr.contains(KEY), "{shown:?}");
}

#[test]
fn a_named_file_is_used_and_the_working_directory_is_not_searched() {
    let mock = Mock::start();
    let home = Home::bare().with_variable("MOCK_KEY", KEY);
    std::fs::write(home.path().join("loquat.yaml"), Home::config(&mock)).expect("a file can be written");
    home.run(&["-p", "hi"]).exits(5);
    assert_eq!(home.ask("hi", &["--config", "loquat.yaml"])["text"], PLAIN);
    let named = home.with_variable("LOQUAT_CONFIG", "loquat.yaml");
    assert_eq!(named.ask("hi", &[])["text"], PLAIN);
}

#[test]
fn an_unmodified_librechat_file_works_as_it_stands() {
    let mock = Mock::start();
    let yaml = format!(
        "version: 1.2.8\ncache: true\nendpoints:\n  custom:\n    - name: \"groq\"\n      \
         apiKey: \"${{GROQ_API_KEY}}\"\n      baseURL: \"{}/\"\n      models:\n        default: [\"plain\"]\n        \
         fetch: false\n      titleConvo: true\n      titleModel: \"plain\"\n      summarize: false\n      \
         summaryModel: \"plain\"\n      forcePrompt: false\n      modelDisplayLabel: \"groq\"\n",
        mock.url()
    );
    let home = Home::bare().with_variable("GROQ_API_KEY", KEY);
    std::fs::write(home.path().join("librechat.yaml"), yaml).expect("a file can be written");
    home.write_config(&format!("include: [\"{}\"]\n", home.path().join("librechat.yaml").display()));
    assert_eq!(home.ask("hi", &["-e", "groq", "-m", "plain"])["text"], PLAIN);
    assert_eq!(mock.chat().key(), KEY, "and no title was asked for");
    let checked = home.run(&["config", "check"]).exits(0);
    let said = format!("{}{}", checked.text(), checked.stderr);
    assert!(said.contains("forcePrompt"), "what is not used is listed: {said}");
}

/// A proxy's own configuration, of which one deployment is on this machine.
fn litellm(mock: &Mock) -> String {
    format!(
        "model_list:\n  - model_name: local\n    litellm_params: {{model: openai/plain, api_base: \"{}\", \
         api_key: os.environ/LOCAL_KEY, rpm: 60}}\n  - model_name: local\n    litellm_params: {{model: groq/llama, \
         api_key: os.environ/GROQ_KEY_2}}\n  - model_name: claude\n    litellm_params: {{model: \
         anthropic/claude-sonnet-4-5, api_key: os.environ/ANTHROPIC_API_KEY}}\n  - model_name: gpt\n    litellm_params: \
         {{model: azure/dep, api_base: \"https://res.openai.azure.com\", api_key: os.environ/AZURE_KEY}}\n\
         router_settings: {{num_retries: 1, fallbacks: [{{local: [claude]}}], redis_host: cache}}\n\
         general_settings: {{master_key: sk-master}}\n",
        mock.url()
    )
}

/// The endpoint that the local deployment is.
fn local(mock: &Mock) -> String {
    let host = mock.url().replace("http://", "");
    format!("openai-{}", host.split('/').next().unwrap_or_default())
}

#[test]
fn an_unmodified_litellm_file_works_as_it_stands() {
    let mock = Mock::start();
    let home = Home::bare().with_variable("LOCAL_KEY", KEY);
    let file = home.path().join("config.yaml");
    std::fs::write(&file, litellm(&mock)).expect("a file can be written");
    home.write_config(&format!("include: [\"{}\"]\n", file.display()));
    let asked = ["-e", &local(&mock), "-m", "plain", "--key", "default"];
    assert_eq!(home.ask("hi", &asked)["text"], PLAIN);
    assert_eq!(mock.chat().key(), KEY);
    let checked = home.run(&["config", "check"]).exits(0);
    for part in ["config.yaml:10:67", "redis_host", "general_settings"] {
        assert!(checked.text().contains(part), "{part:?} is not in:\n{}", checked.text());
    }
    let shown = home.run(&["config", "show"]).exits(0);
    assert!(!shown.text().contains("sk-master") && shown.text().contains("name: claude"), "{}", shown.text());
    // The same file named by itself.
    let named = home.with_variable("LOQUAT_CONFIG", &file.to_string_lossy());
    assert_eq!(named.ask("hi", &asked)["text"], PLAIN);
}

#[test]
fn what_an_alias_leads_to_is_told_with_its_lines() {
    let mock = Mock::start();
    let home = Home::bare().with_variable("LOCAL_KEY", KEY);
    std::fs::write(home.path().join("config.yaml"), litellm(&mock)).expect("a file can be written");
    home.write_config(&format!("include: [\"{}\"]\n", home.path().join("config.yaml").display()));
    let told = home.run(&["config", "explain", "local"]).exits(0);
    let place = local(&mock);
    for part in [
        "config.yaml:2:17",
        &format!("{place}/plain"),
        "config.yaml:3:21",
        "key default: ${LOCAL_KEY}\n",
        "60 requests a minute",
        "Groq/llama",
        "key GROQ_KEY_2: ${GROQ_KEY_2} (GROQ_KEY_2 is not set)",
        "1 attempt after the first",
        "anthropic/claude-sonnet-4-5",
    ] {
        assert!(told.text().contains(part), "{part:?} is not in:\n{}", told.text());
    }
    assert!(!told.text().contains(KEY), "{}", told.text());
    let unknown = home.run(&["config", "explain", "locall"]).exits(5);
    assert!(unknown.stderr.contains("did you mean “local”?"), "{}", unknown.stderr);
    let none = Home::bare().run(&["config", "explain", "fast"]).exits(5);
    assert!(none.stderr.contains("router.models"), "{}", none.stderr);
}

#[test]
fn the_openai_endpoint_is_pointed_elsewhere_by_its_variable() {
    let mock = Mock::start();
    let home =
        Home::bare().with_variable("OPENAI_API_KEY", KEY).with_variable("OPENAI_REVERSE_PROXY", &mock.url());
    assert_eq!(home.ask("hi", &["-e", "openAI", "-m", "plain"])["text"], PLAIN);
}

#[test]
fn a_key_goes_nowhere_over_plain_http_but_to_this_machine() {
    let home = Home::with_config(&format!(
        "endpoints:\n  custom:\n    - {{name: Far, apiKey: \"{KEY}\", baseURL: \"http://192.0.2.1/v1\", \
         models: {{default: [a]}}}}\n"
    ));
    let outcome = home.run(&["-p", "hi", "-e", "Far", "-m", "a"]).exits(3);
    assert!(outcome.stderr.contains("allowInsecure"), "{}", outcome.stderr);
}

#[test]
fn an_endpoint_that_is_to_be_adapted_and_does_not_say_how_is_refused() {
    let home =
        Home::with_config("endpoints: {custom: [{name: Odd, api: adapter, baseURL: \"https://odd.test\"}]}");
    let outcome = home.run(&["-p", "hi", "-e", "Odd", "-m", "m"]).exits(3);
    assert!(outcome.stderr.contains("needs an `adapter` block"), "{}", outcome.stderr);
}
