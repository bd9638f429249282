//! A real LiteLLM proxy, where there is one: its files in `../shared/peers/litellm`, and a virtual environment
//! named by `LOQUAT_LITELLM_VENV` or kept in `.ci/cache/litellm`. Its models answer without a network.
//!
//! The proxy is slow to start, so that one is started and asked everything.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::support::http::get;
use super::support::{Home, Pty};

/// What the proxy calls its administrator, who sees every model.
const ADMIN: &str = "sk-1234";
/// Sees two models.
const ALICE: &str = "sk-alice";

/// Why there is no proxy to test against, or where it is.
fn proxy_files() -> Result<(PathBuf, PathBuf), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = root.join("../shared/peers/litellm");
    if !files.join("start.sh").exists() {
        return Err("../shared/peers/litellm is not there".to_owned());
    }
    let venv =
        std::env::var_os("LOQUAT_LITELLM_VENV").map_or_else(|| root.join(".ci/cache/litellm"), PathBuf::from);
    if !venv.join("bin/litellm").exists() {
        return Err(format!("no LiteLLM in {} (set LOQUAT_LITELLM_VENV)", venv.display()));
    }
    let real = |path: PathBuf| path.canonicalize().map_err(|error| format!("{}: {error}", path.display()));
    Ok((real(files)?, real(venv)?))
}

/// The proxy and the provider behind it, both ended when dropped.
struct Proxy {
    children: Vec<Child>,
    port: u16,
    // Holds the configuration; removed after the children are gone.
    folder: tempfile::TempDir,
}

impl Proxy {
    fn start(files: &Path, venv: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (port, upstream) = (free_port(), free_port());
        let config = fs::read_to_string(files.join("config.yaml")).expect("the proxy's configuration");
        let config = config.replace("127.0.0.1:4010", &format!("127.0.0.1:{upstream}"));
        // The proxy looks for the modules that a configuration names in that configuration's folder.
        for module in ["keys_auth.py", "request_events.py"] {
            fs::copy(files.join(module), folder.path().join(module)).expect("a module can be copied");
        }
        let config_file = folder.path().join("config.yaml");
        fs::write(&config_file, config).expect("a file can be written");
        let start = |program: &Path, arguments: &[&Path]| {
            let log = fs::File::create(
                folder.path().join(program.file_name().expect("a name")).with_extension("log"),
            )
            .expect("a log file");
            Command::new(program)
                .args(arguments)
                .current_dir(folder.path())
                .env("PORT", port.to_string())
                .env("UPSTREAM_PORT", upstream.to_string())
                .env("LITELLM_VENV", venv)
                .env("LITELLM_CONFIG", &config_file)
                .env("PYTHONDONTWRITEBYTECODE", "1")
                .stdin(Stdio::null())
                .stdout(log.try_clone().expect("a second handle"))
                .stderr(log)
                .spawn()
                .expect("it starts")
        };
        let children = vec![
            start(&venv.join("bin/python"), &[&files.join("fake_upstream.py")]),
            start(Path::new("sh"), &[&files.join("start.sh")]),
        ];
        let mut proxy = Self { children, port, folder };
        proxy.wait_until_ready();
        proxy
    }

    fn wait_until_ready(&mut self) {
        let start = Instant::now();
        loop {
            let address = format!("127.0.0.1:{}", self.port);
            let alive =
                TcpStream::connect(&address).ok().and_then(|stream| get(stream, "/health/liveliness").ok());
            if alive.is_some_and(|answer| answer.starts_with("HTTP/1.1 200")) {
                return;
            }
            for child in &mut self.children {
                let ended = child.try_wait().expect("a child can be waited for");
                assert!(ended.is_none(), "the proxy or its provider ended: {ended:?}\n{}", self.log());
            }
            assert!(start.elapsed() < Duration::from_secs(180), "the proxy is not ready:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    fn log(&self) -> String {
        ["sh.log", "python.log"]
            .into_iter()
            .map(|name| fs::read_to_string(self.folder.path().join(name)).unwrap_or_default())
            .collect()
    }

    /// A home with the proxy as an endpoint of two keys, its base URL without `/v1`; and with its other faces as
    /// endpoints of their own.
    fn home(&self) -> Home {
        let port = self.port;
        Home::with_config(&format!(
            "router: {{retries: 0}}\ndefaults: {{endpoint: Proxy, key: alice, model: gpt-mock}}\nendpoints:\n  \
             custom:\n    - name: Proxy\n      baseURL: \"http://127.0.0.1:{port}\"\n      \
             keys: [{{label: alice, apiKey: {ALICE}}}, {{label: admin, apiKey: {ADMIN}}}, \
             {{label: stranger, apiKey: sk-stranger}}]\n      models: {{default: [gpt-mock], fetch: true}}\n    \
             - name: Messages\n      api: anthropic\n      baseURL: \"http://127.0.0.1:{port}\"\n      \
             keys: [{{label: alice, apiKey: {ALICE}}}, {{label: admin, apiKey: {ADMIN}}}, \
             {{label: stranger, apiKey: sk-stranger}}]\n      models: {{fetch: true}}\n    \
             - name: Responses\n      api: openai-responses\n      baseURL: \"http://127.0.0.1:{port}\"\n      \
             keys: [{{label: alice, apiKey: {ALICE}}}, {{label: admin, apiKey: {ADMIN}}}, \
             {{label: stranger, apiKey: sk-stranger}}]\n      models: {{fetch: true}}\n    \
             - name: Google face\n      api: gemini\n      baseURL: \"http://127.0.0.1:{port}\"\n      \
             keys: [{{label: admin, apiKey: {ADMIN}}}, {{label: stranger, apiKey: sk-stranger}}]\n      \
             models: {{default: [up-gemini]}}\n"
        ))
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        for child in &mut self.children {
            // It may have ended already, which is what is wanted.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port()
}

#[test]
fn a_real_litellm_proxy_is_understood() {
    let (files, venv) = match proxy_files() {
        Ok(found) => found,
        Err(reason) => {
            println!("skipped: {reason}");
            return;
        }
    };
    let proxy = Proxy::start(&files, &venv);
    let home = proxy.home();
    each_key_lists_its_models(&home);
    answers_stream_and_are_counted(&home);
    failures_have_their_kinds(&home);
    its_anthropic_face_says_the_same(&home);
    its_responses_face_says_the_same(&home);
    its_google_face_is_understood(&home);
    the_app_talks_to_it(&home);
}

fn each_key_lists_its_models(home: &Home) {
    let list = |label: &str| {
        let listed =
            home.run(&["models", "-e", "Proxy", "--key", label, "--refresh", "--json"]).exits(0).json();
        let rows = listed.as_array().expect("a list").clone();
        let mut ids: Vec<String> =
            rows.iter().map(|row| row["model"].as_str().expect("an id").to_owned()).collect();
        ids.sort();
        (ids, rows[0]["source"].clone(), rows[0]["error"].is_null())
    };
    assert_eq!(list("alice"), (vec!["claude-mock".to_owned(), "gpt-mock".to_owned()], json!("live"), true));
    let (all, source, fine) = list("admin");
    assert!(all.len() > 15 && all.contains(&"groq-mock".to_owned()), "{all:?}");
    assert_eq!((source, fine), (json!("live"), true));
    let (fallback, source, fine) = list("stranger");
    assert_eq!((fallback, source, fine), (vec!["gpt-mock".to_owned()], json!("config"), false));
}

fn answers_stream_and_are_counted(home: &Home) {
    let answer = home.ask("Say hello", &["--key", "alice", "-m", "gpt-mock", "-e", "Proxy"]);
    assert_eq!(
        (&answer["text"], &answer["finish_reason"], &answer["key"]),
        (&json!("Hello from the mocked OpenAI deployment."), &json!("stop"), &json!("alice"))
    );
    for model in ["up-openai", "up-anthropic", "up-gemini", "up-ollama"] {
        let answer = home.ask("Say hello", &["--key", "admin", "-m", model, "-e", "Proxy"]);
        assert_eq!(answer["text"], "Hello from the fake upstream.", "{model}");
        assert!(
            answer["usage"]["tokens_in"].as_u64().is_some_and(|tokens| tokens > 0),
            "{model}: {answer:#}"
        );
    }
    let whole = home.ask("Say hello", &["--key", "admin", "-m", "up-openai", "-e", "Proxy", "--no-stream"]);
    assert_eq!(whole["text"], "Hello from the fake upstream.");
}

fn failures_have_their_kinds(home: &Home) {
    for (key, model, code, kind) in [
        ("stranger", "gpt-mock", 4, "auth"),
        ("admin", "up-401", 4, "auth"),
        ("admin", "err-429", 7, "rate_limit"),
        ("admin", "err-context", 7, "context_window"),
        ("admin", "err-500", 7, "provider"),
        ("admin", "up-503", 7, "provider"),
    ] {
        let flags = ["-p", "hi", "-e", "Proxy", "--key", key, "-m", model, "--json"];
        let outcome = home.run(&flags);
        let told: (Option<i32>, Value) = (outcome.code, outcome.json()["error"]["kind"].clone());
        assert_eq!(told, (Some(code), json!(kind)), "{model}: {}", outcome.stderr);
        assert!(!outcome.text().contains(ADMIN), "{}", outcome.text());
    }
}

fn its_anthropic_face_says_the_same(home: &Home) {
    let ask = |model: &str, more: &[&str]| {
        home.ask("Say hello", &[&["--key", "admin", "-e", "Messages", "-m", model], more].concat())
    };
    // The counts of the provider behind it; its own Anthropic adapter tells cached ones apart.
    for (model, tokens_in, tokens_out, cached_in, cache_write) in [
        ("up-openai", 11, 6, 0, 0),
        ("up-anthropic", 161, 6, 50, 100),
        ("up-gemini", 11, 9, 0, 0),
        ("up-ollama", 11, 6, 0, 0),
    ] {
        for more in [&[][..], &["--no-stream"]] {
            let answer = ask(model, more);
            let usage = &answer["usage"];
            let count = |name: &str| usage[name].as_u64().unwrap_or(0);
            assert_eq!(
                (&answer["text"], &answer["finish_reason"], &answer["provider"]),
                (&json!("Hello from the fake upstream."), &json!("stop"), &json!("anthropic")),
                "{model} {more:?}"
            );
            assert_eq!(
                (count("tokens_in"), count("tokens_out"), count("cached_in"), count("cache_write")),
                (tokens_in, tokens_out, cached_in, cache_write),
                "{model} {more:?}: {usage}"
            );
        }
    }
    // What it refuses or translates on the way to its provider.
    let wishes =
        ["-s", "Be brief.", "--param", "effort=high", "--param", "stop=X", "--param", "temperature=0.3"];
    assert_eq!(ask("up-anthropic", &wishes)["text"], "Hello from the fake upstream.");
    // Models that have not failed yet: the proxy lets one that has rest for seconds.
    for (key, model, code, kind) in [
        ("stranger", "up-anthropic", 4, "auth"),
        ("alice", "up-anthropic", 5, "unknown_model"),
        ("admin", "nope", 5, "unknown_model"),
        ("admin", "up-429-retry-after", 7, "rate_limit"),
        ("admin", "err-context", 7, "context_window"),
        ("admin", "up-400", 7, "provider"),
        ("admin", "up-down", 7, "provider"),
    ] {
        let outcome = home.run(&["-p", "hi", "-e", "Messages", "--key", key, "-m", model, "--json"]);
        let told: (Option<i32>, Value) = (outcome.code, outcome.json()["error"]["kind"].clone());
        assert_eq!(told, (Some(code), json!(kind)), "{model}: {}", outcome.stderr);
    }
    let listed =
        home.run(&["models", "-e", "Messages", "--key", "alice", "--refresh", "--json"]).exits(0).json();
    let ids = listed.as_array().expect("a list").iter().map(|row| row["model"].clone()).collect::<Vec<_>>();
    assert_eq!(ids, ["gpt-mock", "claude-mock"]);
}

fn its_responses_face_says_the_same(home: &Home) {
    // The counts of the provider behind it.
    for (model, counts) in [
        ("up-openai", json!([11, 6])),
        ("up-anthropic", json!([161, 6])),
        ("up-gemini", json!([11, 9])),
        ("up-ollama", json!([11, 6])),
    ] {
        for more in [&[][..], &["--no-stream"]] {
            let flags = [&["--key", "admin", "-e", "Responses", "-m", model], more].concat();
            let answer = home.ask("Say hello", &flags);
            let usage = &answer["usage"];
            assert_eq!(
                (&answer["text"], &answer["finish_reason"], json!([usage["tokens_in"], usage["tokens_out"]])),
                (&json!("Hello from the fake upstream."), &json!("stop"), counts.clone()),
                "{model} {more:?}"
            );
        }
    }
    // None of these has failed before: the proxy rests what fails for some seconds.
    for (key, model, code, kind) in [
        ("stranger", "up-openai", 4, "auth"),
        ("alice", "up-openai", 5, "unknown_model"),
        ("admin", "nope", 5, "unknown_model"),
        ("admin", "err-midstream", 7, "provider"),
    ] {
        let outcome = home.run(&["-p", "hi", "-e", "Responses", "--key", key, "-m", model, "--json"]);
        let told: (Option<i32>, Value) = (outcome.code, outcome.json()["error"]["kind"].clone());
        assert_eq!(told, (Some(code), json!(kind)), "{model}: {}", outcome.stderr);
        assert!(!outcome.stderr.contains("data:"), "{}", outcome.stderr);
    }
}

fn its_google_face_is_understood(home: &Home) {
    let ask = |model: &str, flags: &[&str]| {
        let mut all = vec!["--key", "admin", "-m", model, "-e", "Google face"];
        all.extend(flags);
        let answer = home.ask("Say hello", &all);
        let usage = &answer["usage"];
        assert_eq!(
            (&answer["text"], &answer["finish_reason"]),
            (&json!("Hello from the fake upstream."), &json!("stop")),
            "{model}"
        );
        json!([usage["tokens_in"], usage["tokens_out"], usage["reasoning_out"], usage["estimated"]])
    };
    for flags in [&[][..], &["--no-stream"]] {
        assert_eq!(ask("up-gemini", flags), json!([11, 9, 3, false]), "{flags:?}");
    }
    // The proxy counts nothing in the streams of other providers, and says zero: it is counted here.
    for model in ["up-openai", "up-anthropic", "up-ollama"] {
        assert_eq!(ask(model, &[]), json!([9, 7, null, true]), "{model}");
    }
    // None of these has failed before: the proxy rests what fails for some seconds.
    for (key, model, code, kind, text) in [
        ("stranger", "up-gemini", 4, "auth", ""),
        ("admin", "no-such", 5, "unknown_model", ""),
        ("admin", "up-429-retry-after", 7, "rate_limit", ""),
        ("admin", "err-context", 7, "context_window", ""),
        ("admin", "up-400", 7, "provider", ""),
        ("admin", "up-cut", 7, "provider", "Hello from the"),
    ] {
        let outcome = home.run(&["-p", "hi", "-e", "Google face", "--key", key, "-m", model, "--json"]);
        let answer = outcome.json();
        assert_eq!(
            (outcome.code, &answer["error"]["kind"], &answer["text"]),
            (Some(code), &json!(kind), &json!(text)),
            "{model}: {}",
            outcome.stderr
        );
        assert!(!outcome.text().contains(ADMIN), "{}", outcome.text());
    }
}

fn the_app_talks_to_it(home: &Home) {
    let mut pty = Pty::open_at(home, 100, 30, &[]);
    pty.say("Say hello");
    pty.wait_for_text("Hello from the mocked OpenAI deployment.");
    pty.settle();
    pty.quit();
}
