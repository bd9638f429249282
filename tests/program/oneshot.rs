//! `--prompt`: what is sent and what is printed.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::support::home::finish;
use super::support::mock::{EMOJI, KEY, PLAIN};
use super::support::{HOSTILE, Home, Mock, hostile_remains, words};

/// The fields of `--json`, in order.
const FIELDS: [&str; 21] = [
    "text",
    "reasoning",
    "refusal",
    "tool_calls",
    "finish_reason",
    "endpoint",
    "key",
    "provider",
    "model",
    "model_served",
    "alias",
    "usage",
    "cost_eur",
    "latency",
    "ttft",
    "attempts",
    "fallback_from",
    "conversation",
    "message",
    "parent",
    "error",
];

/// Puts a word in the place of what differs from run to run, once it is sure to be of its kind.
fn normalised(mut object: Value) -> Value {
    for field in ["latency", "ttft"] {
        let seconds = object[field].as_f64().unwrap_or_else(|| panic!("{field} is a number: {object:#}"));
        assert!((0.0..60.0).contains(&seconds), "{field} is in seconds: {seconds}");
        object[field] = json!("seconds");
    }
    for field in ["conversation", "message", "parent"] {
        let id = object[field].as_str().unwrap_or_else(|| panic!("{field} is an id: {object:#}"));
        uuid::Uuid::parse_str(id).unwrap_or_else(|error| panic!("{field} is an id: {error}"));
        object[field] = json!("id");
    }
    object
}

#[test]
fn the_answer_and_one_newline_are_all_that_stdout_gets() {
    let outcome = Home::of(&Mock::start()).run(&["-p", "hi"]).exits(0);
    assert_eq!(outcome.text(), format!("{PLAIN}\n"));
    assert_eq!(outcome.stderr, "");
}

#[test]
fn json_is_one_whole_object() {
    let answer = Home::of(&Mock::start()).ask("hi", &[]);
    let names: Vec<&String> = answer.as_object().expect("an object").keys().collect();
    assert_eq!(names, FIELDS);
    assert_eq!(
        normalised(answer),
        json!({
            "text": PLAIN, "reasoning": null, "refusal": null, "tool_calls": [], "finish_reason": "stop",
            "endpoint": "Mock", "key": "default", "provider": "mock", "model": "plain",
            "model_served": "plain-2026-01-01", "alias": null,
            "usage": {"tokens_in": 9, "tokens_out": 5, "cached_in": 4, "cache_write": null,
                "reasoning_out": 0, "estimated": false},
            "cost_eur": 0.000_017_48, "latency": "seconds", "ttft": "seconds", "attempts": 1,
            "fallback_from": null, "conversation": "id", "message": "id", "parent": "id", "error": null,
        })
    );
}

#[test]
fn jsonl_tells_the_answer_as_it_comes_and_ends_with_the_object() {
    let lines = Home::of(&Mock::start()).run(&["-p", "hi", "-m", "reasoning", "--jsonl"]).exits(0).lines();
    let types: Vec<&str> = lines.iter().map(|line| line["type"].as_str().expect("a type")).collect();
    assert_eq!(types.first(), Some(&"start"));
    assert_eq!(types.last(), Some(&"finish"));
    let said = |kind: &str| -> String {
        lines
            .iter()
            .filter(|line| line["type"] == kind)
            .map(|line| line["text"].as_str().expect("text"))
            .collect()
    };
    assert_eq!((said("reasoning").as_str(), said("text").as_str()), ("Let me think. Yes.", "42"));
    let result = &lines.last().expect("a last line")["result"];
    assert_eq!((&result["text"], &result["reasoning"]), (&json!("42"), &json!("Let me think. Yes.")));
    assert!(lines[..lines.len() - 1].iter().all(|line| line["result"].is_null()));
}

#[test]
fn a_failure_has_its_object_too() {
    let config = format!("{}router: {{retries: 1}}\n", Home::config(&Mock::start()));
    let home = Home::with_config(&config).with_variable("MOCK_KEY", KEY);
    let flags = ["-p", "hi", "-e", "Mock", "-m", "err-500", "--jsonl"];
    let lines = home.run(&flags).exits(7).lines();
    let failed: Vec<&Value> = lines.iter().filter(|line| line["type"] == "attempt_failed").collect();
    assert_eq!(failed.len(), 1, "the first attempt; the last one is the result");
    let result = &lines.last().expect("a last line")["result"];
    assert_eq!(
        (&result["text"], &result["error"]["kind"], &result["error"]["status"], &result["attempts"]),
        (&json!(""), &json!("provider"), &json!(500), &json!(2))
    );
}

#[test]
fn notes_are_left_out_where_quiet_was_asked_for_and_errors_are_not() {
    let home = Home::of(&Mock::start());
    let noted = home.run(&["-p", "hi", "-q", "-e", "Mock", "-m", "length"]).exits(0);
    assert_eq!(noted.stderr, "");
    let failed = home.run(&["-p", "hi", "-q", "-e", "Mock", "-m", "err-404"]).exits(5);
    assert_ne!(failed.stderr, "");
}

#[test]
fn reasoning_is_told_in_json_and_kept_out_of_plain_output() {
    let home = Home::of(&Mock::start());
    assert_eq!(home.run(&["-p", "hi", "-m", "reasoning"]).exits(0).text(), "42\n");
    let answer = home.ask("hi", &["-m", "reasoning"]);
    assert_eq!((&answer["text"], &answer["reasoning"]), (&json!("42"), &json!("Let me think. Yes.")));
}

#[test]
fn tool_calls_are_told_with_parsed_arguments_whatever_the_provider_calls_the_finish() {
    let answer = Home::of(&Mock::start()).ask("hi", &["-m", "tools", "-e", "Mock"]);
    assert_eq!(
        answer["tool_calls"],
        json!([
            {"id": "call_a", "name": "weather", "arguments": {"city": "Graz"}},
            {"id": "call_b", "name": "now", "arguments": {}},
        ])
    );
    assert_eq!(answer["finish_reason"], "tool_calls");
    assert_eq!(answer["text"], "");
}

#[test]
fn a_refusal_is_a_success_with_a_note() {
    let home = Home::of(&Mock::start());
    let outcome = home.run(&["-p", "hi", "-e", "Mock", "-m", "refusal", "--json"]).exits(0);
    let answer = outcome.json();
    assert_eq!(answer["refusal"], "I cannot help.");
    assert_eq!(answer["finish_reason"], "refusal");
    assert_ne!(outcome.stderr, "");
}

#[test]
fn an_answer_cut_by_the_length_limit_is_a_success_with_a_note() {
    let outcome = Home::of(&Mock::start()).run(&["-p", "hi", "-e", "Mock", "-m", "length"]).exits(0);
    assert_eq!(outcome.text(), "Cut by the li\n");
    assert_ne!(outcome.stderr, "");
}

#[test]
fn every_dialect_of_a_stream_says_the_same() {
    let home = Home::of(&Mock::start());
    for model in ["plain", "crlf", "bom", "comments", "no-done", "no-usage"] {
        assert_eq!(home.ask("hi", &["-e", "Mock", "-m", model])["text"], PLAIN, "{model}");
    }
}

#[test]
fn code_points_cut_between_writes_arrive_whole() {
    let answer = Home::of(&Mock::start()).ask("🦀 日本語?", &["-e", "Mock", "-m", "emoji"]);
    assert_eq!(answer["text"], EMOJI);
}

#[test]
fn usage_that_was_not_reported_is_null_or_said_to_be_estimated() {
    let usage = Home::of(&Mock::start()).ask("hi", &["-e", "Mock", "-m", "no-usage"])["usage"].clone();
    assert!(usage["estimated"] == true || usage["tokens_in"].is_null(), "{usage}");
    assert_ne!(usage["tokens_in"], 0);
}

#[test]
fn a_whole_answer_is_asked_for_with_no_stream() {
    let mock = Mock::start();
    let answer = Home::of(&mock).ask("hi", &["--no-stream"]);
    assert_eq!(answer["text"], PLAIN);
    assert_eq!(answer["usage"]["tokens_in"], 9);
    assert_ne!(mock.chat().body["stream"], true);
}

#[test]
fn only_what_was_asked_is_sent() {
    let mock = Mock::start();
    Home::of(&mock).ask("hi", &[]);
    let chat = mock.chat();
    assert_eq!(chat.path, "/v1/chat/completions");
    assert_eq!(chat.key(), KEY);
    assert_eq!(chat.messages(), [("user", "hi")]);
    assert_eq!(chat.body["stream_options"], json!({"include_usage": true}));
    assert!(chat.body["user"].is_null(), "nobody asked to tell who is asking");
}

#[test]
fn a_system_prompt_and_parameters_are_sent_as_given() {
    let mock = Mock::start();
    let flags =
        ["-s", "Be brief.", "--param", "temperature=0.2", "--param", "stop=[\"x\"]", "--param", "seed=7"];
    Home::of(&mock).ask("hi", &flags);
    let chat = mock.chat();
    assert_eq!(chat.messages(), [("system", "Be brief."), ("user", "hi")]);
    assert_eq!(chat.body["temperature"], 0.2);
    assert_eq!(chat.body["stop"], json!(["x"]));
    assert_eq!(chat.body["seed"], 7);
}

#[test]
fn a_file_is_sent_along_with_its_name() {
    let mock = Mock::start();
    let home = Home::of(&mock);
    std::fs::write(home.path().join("notes.txt"), "the loquat is ripe").expect("a file can be written");
    home.ask("What is ripe?", &["-f", "notes.txt"]);
    let sent = mock.chat().body["messages"].to_string();
    for part in ["What is ripe?", "notes.txt", "the loquat is ripe"] {
        assert!(sent.contains(part), "{part:?} is not in {sent}");
    }
}

#[test]
fn a_file_that_another_process_writes_is_waited_for() {
    let mock = Mock::start();
    let home = Home::of(&mock);
    let fifo = home.path().join("fifo");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status().expect("there is mkfifo");
    assert!(made.success());
    let child = home.command(&["-p", "hi", "-f", "fifo"]).spawn().expect("it starts");
    // Opening waits for the reader.
    std::fs::write(&fifo, "made on the fly").expect("it can be written");
    finish(child).exits(0);
    assert!(mock.chat().body["messages"].to_string().contains("made on the fly"));

    let late = home.run(&["-p", "hi", "-f", "fifo", "--timeout", "0.3", "--json"]).exits(6);
    assert_eq!(late.json()["error"]["kind"], "timeout");
}

#[test]
fn what_never_ends_is_no_file() {
    let mock = Mock::start();
    let home = Home::of(&mock);
    for (path, reason) in [("/dev/zero", "32 MiB"), ("/dev/ptmx", "a terminal")] {
        let outcome = home.run(&["-p", "hi", "-f", path]).exits(2);
        assert!(outcome.stderr.contains(path) && outcome.stderr.contains(reason), "{}", outcome.stderr);
    }
    home.ask("hi", &["-f", "/dev/null"]);
    assert_eq!(mock.chats().len(), 1);
}

#[test]
fn a_file_that_is_not_there_is_named_before_anything_is_sent() {
    let mock = Mock::start();
    let outcome = Home::of(&mock).run(&["-p", "hi", "-f", "missing.txt"]);
    assert_ne!(outcome.code, Some(0));
    assert!(outcome.stderr.contains("missing.txt"), "{}", outcome.stderr);
    assert_eq!(mock.chats().len(), 0);
}

// --- stdin

#[test]
fn stdin_alone_is_the_prompt() {
    for arguments in [&["--json"][..], &["-p", "-", "--json"]] {
        let mock = Mock::start();
        Home::of(&mock).run_with_stdin(arguments, "What is this?\n".as_bytes()).exits(0);
        let chat = mock.chat();
        let (role, text) = chat.messages()[0];
        assert_eq!((role, text.trim_end()), ("user", "What is this?"));
    }
}

#[test]
fn stdin_beside_a_prompt_follows_it_as_fenced_data() {
    let mock = Mock::start();
    Home::of(&mock)
        .run_with_stdin(&["-p", "Summarise this.", "--json"], b"line one\n```\nline two\n")
        .exits(0);
    let chat = mock.chat();
    let (_, text) = chat.messages()[0];
    let (instruction, data) = text.split_once("line one\n```\nline two").expect("the data as it came");
    assert!(instruction.starts_with("Summarise this."), "{text}");
    let fence = instruction.lines().rev().find(|line| !line.is_empty()).expect("a line that opens the data");
    assert_ne!(fence, "Summarise this.", "the data is set off");
    assert_ne!(data.trim(), "", "the data has an end");
}

#[test]
fn an_idle_stdin_is_waited_for_two_seconds_and_then_left_saying_so() {
    let mock = Mock::start();
    let home = Home::of(&mock);
    let start = Instant::now();
    let mut child = home.command(&["-p", "hi", "--json"]).stdin(Stdio::piped()).spawn().expect("it starts");
    let idle = child.stdin.take();
    let outcome = finish(child).exits(0);
    drop(idle);
    assert!(start.elapsed() >= Duration::from_secs(2), "it did not wait");
    assert_ne!(outcome.stderr, "");
    assert_eq!(mock.chat().messages(), [("user", "hi")]);
}

#[test]
fn stdin_is_never_read_where_that_was_asked() {
    let mock = Mock::start();
    let outcome = Home::of(&mock).run_with_stdin(&["-p", "hi", "-n", "--json"], b"not this").exits(0);
    assert_eq!(outcome.stderr, "");
    assert_eq!(mock.chat().messages(), [("user", "hi")]);
}

#[test]
fn it_answers_in_cron_with_no_home_and_a_closed_stdin() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let script = "exec \"$LOQUAT\" -e demo -p hi <&-";
    let child = Command::new("sh")
        .args(["-c", script])
        .env_clear()
        .env("PATH", std::env::var("PATH").unwrap_or_default())
        .env("LOQUAT", env!("CARGO_BIN_EXE_loquat"))
        .env("TMPDIR", folder.path())
        .env("LOQUAT_DATA_DIR", folder.path().join("data"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a shell");
    let outcome = finish(child).exits(0);
    assert!(outcome.text().contains(words::NOT_A_MODEL), "{outcome:?}");
}

// --- flags and the rest

#[test]
fn bad_flags_are_told_before_anything_happens() {
    let mock = Mock::start();
    let home = Home::of(&mock);
    for flags in
        [&["--jason"][..], &["--json", "--jsonl"], &["--param", "no-equals-sign"], &["--timeout", "soon"]]
    {
        let outcome = home.run(&[&["-p", "hi"][..], flags].concat()).exits(2);
        assert_ne!(outcome.stderr, "", "{flags:?}");
        assert_eq!(outcome.text(), "", "{flags:?}");
    }
    assert_eq!(mock.requests().len(), 0);
}

#[test]
fn the_app_is_not_started_without_a_terminal() {
    let outcome = Home::bare().run(&[]);
    assert_ne!(outcome.code, Some(0));
    assert_eq!(outcome.text(), "");
    assert_ne!(outcome.stderr, "");
}

#[test]
fn the_demo_shows_what_it_is_asked_to_show() {
    let home = Home::bare();
    let ask = |word: &str| home.ask(word, &["-e", "demo"])["text"].as_str().expect("text").to_owned();
    let (code, table) = (ask("code"), ask("table"));
    assert!(code.contains("```") && code.contains(words::NOT_A_MODEL), "{code}");
    assert!(table.contains("|--") || table.contains("| -") || table.contains("|:-"), "{table}");
    let failed = home.run(&["-p", "error", "-e", "demo", "--json"]);
    assert_ne!(failed.code, Some(0));
    assert!(failed.json()["error"]["kind"].is_string());
}

// --- text from outside, and secrets

#[test]
fn hostile_text_is_escaped_in_json_and_left_as_it_is_in_a_pipe() {
    let home = Home::of(&Mock::start());
    let outcome = home.run(&["-p", "hi", "-e", "Mock", "-m", "hostile", "--json"]).exits(0);
    assert_eq!(outcome.json()["text"], format!("[{HOSTILE}]"));
    let obeyed =
        |c: char| c.is_control() && c != '\n' || ('\u{202a}'..='\u{2069}').contains(&c) || c >= '\u{e0000}';
    assert_eq!(outcome.text().chars().filter(|c| obeyed(*c)).collect::<String>(), "");
    let plain = home.run(&["-p", "hi", "-e", "Mock", "-m", "hostile"]).exits(0);
    assert_eq!(plain.text(), format!("[{HOSTILE}]\n"));
}

#[test]
fn hostile_errors_and_model_ids_reach_stderr_harmless() {
    let home = Home::of(&Mock::start());
    let refused = home.run(&["-p", "hi", "-e", "Mock", "-m", "err-hostile"]).exits(7);
    assert!(refused.stderr.contains("No: ab"), "{:?}", refused.stderr);
    let unlisted = home.run(&["-p", "hi", "-e", "Mock", "-m", HOSTILE]);
    for stderr in [refused.stderr, unlisted.stderr] {
        assert_eq!(hostile_remains(stderr.as_bytes()), [""; 0], "{stderr:?}");
        assert!(!stderr.contains('\u{1b}'), "{stderr:?}");
    }
}

#[test]
fn a_key_from_the_environment_is_in_no_file_and_in_no_output() {
    let home = Home::of(&Mock::start());
    let mut outcomes = vec![home.run(&["models", "--refresh", "--json"]).exits(0)];
    for (model, code) in [("plain", 0), ("err-401", 4), ("err-500", 7), ("cut", 9)] {
        outcomes.push(home.run(&["-p", "hi", "-v", "-e", "Mock", "-m", model, "--json"]).exits(code));
    }
    for outcome in outcomes {
        assert!(!outcome.text().contains(KEY) && !outcome.stderr.contains(KEY), "{outcome:?}");
    }
    home.assert_no_file_holds(KEY);
}

#[test]
fn a_configuration_that_cannot_be_used_is_told_in_the_object_too() {
    let home = Home::of(&Mock::start());
    std::fs::write(home.path().join("broken.yaml"), "endpoint: {}\n").unwrap();
    let file = home.path().join("broken.yaml");
    let file = file.to_str().unwrap();
    let outcome = home.run(&["--config", file, "-p", "hi", "--json"]).exits(3);
    let object = outcome.json();
    assert_eq!(object.as_object().unwrap().keys().collect::<Vec<_>>(), FIELDS);
    assert_eq!(
        object["error"],
        json!({
            "kind": "config",
            "message": format!("{file}:1:1: error: unknown key “endpoint”"),
            "status": null,
            "retry_after": null,
        })
    );
}

#[test]
fn a_prompt_from_stdin_and_no_stdin_contradict_each_other() {
    let outcome = Home::of(&Mock::start()).run(&["-n", "-p", "-"]).exits(2);
    assert_eq!(outcome.stderr, "loquat: --prompt - reads stdin, and --no-stdin forbids it\n");
}

#[test]
fn verbose_tells_what_was_asked_and_what_it_took() {
    let home = Home::of(&Mock::start());
    let outcome = home.run(&["-v", "-p", "hi"]).exits(0);
    assert_eq!(outcome.text(), format!("{PLAIN}\n"));
    let lines: Vec<&str> = outcome.stderr.lines().collect();
    let [config, turn, stored] = lines.as_slice() else { panic!("three lines: {lines:?}") };
    assert_eq!(*config, format!("configuration: {}", home.config_file().display()));
    assert!(turn.contains(" · attempts 1 · tokens "), "{turn}");
    assert_eq!(*stored, format!("conversation {}", home.conversations()[0]["id"].as_str().unwrap()));
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_a_full_disk_loses_is_a_failure() {
    let home = Home::of(&Mock::start());
    for arguments in [&["-p", "hi"][..], &["-p", "hi", "--json"], &["list"], &["man"]] {
        let full = std::fs::File::create("/dev/full").unwrap();
        let ended = home.command(arguments).stdout(full).output().unwrap();
        let told = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(ended.status.code(), Some(1), "{arguments:?}: {told}");
        assert_eq!(told, "loquat: stdout cannot be written: No space left on device (os error 28)\n");
    }
}

#[test]
fn where_no_endpoint_is_chosen_the_configuration_in_use_is_named() {
    let home = Home::of(&Mock::start());
    let file = home.path().join("other.yaml");
    std::fs::write(&file, "endpoints: {}\n").unwrap();
    let file = file.to_str().unwrap();
    let outcome = home.run(&["--config", file, "-p", "hi"]).exits(5);
    assert!(outcome.stderr.contains(&format!("set `defaults` in {file}; ")), "{}", outcome.stderr);
}

#[test]
fn a_timeout_bounds_the_wait_for_stdin_too() {
    let home = Home::of(&Mock::start());
    for arguments in [&["--timeout", "0.2", "--json"][..], &["--timeout", "0.2", "--json", "-p", "hi"]] {
        let mut command = home.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let open = child.stdin.take();
        let outcome = finish(child).exits(6);
        drop(open);
        assert_eq!(outcome.json()["error"]["kind"], "timeout");
        assert_eq!(outcome.stderr, "loquat: time ran out before stdin, or a file, ended\n");
    }
}

#[test]
fn a_timeout_that_no_clock_can_hold_is_a_bad_flag() {
    let home = Home::of(&Mock::start());
    for seconds in ["0", "nan", "inf", "1e19"] {
        let outcome = home.run(&["-p", "hi", "--timeout", seconds]).exits(2);
        assert!(outcome.stderr.starts_with("loquat: --timeout takes "), "{}", outcome.stderr);
    }
}

#[test]
fn what_makes_a_request_is_no_parameter() {
    let mock = Mock::start();
    let home = Home::of(&mock);
    for param in ["model=other", "messages=[]", "stream=false"] {
        let outcome = home.run(&["-p", "hi", "--param", param]).exits(2);
        assert!(outcome.stderr.contains("-m"), "{}", outcome.stderr);
    }
    assert_eq!(mock.chats().len(), 0);
}

#[test]
fn a_database_that_cannot_be_opened_is_told_once() {
    let home = Home::of(&Mock::start());
    std::fs::create_dir_all(home.data().join("loquat.db")).expect("a folder can be made");
    let tells_once = || {
        let stderr = home.run(&["-p", "hi"]).exits(1).stderr;
        let told: Vec<&str> = stderr.lines().filter(|line| line.starts_with("loquat: ")).collect();
        assert!(matches!(told[..], [line] if line.contains("loquat.db")), "{stderr}");
    };
    tells_once();
    std::fs::remove_dir(home.data().join("loquat.db")).expect("it is empty");
    std::fs::write(home.data().join("loquat.db"), "a letter, and no database".repeat(9)).expect("a file");
    tells_once();
}

#[test]
fn a_question_without_its_flag_is_told_the_flag() {
    let outcome = Home::bare().run(&["hello"]).exits(2);
    assert!(outcome.stderr.contains("loquat -p"), "{}", outcome.stderr);
}
