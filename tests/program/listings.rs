//! What the subcommands list, show, find, move to the trash and copy.

use serde_json::{Value, json};

use super::support::mock::{ALICE, BOB, HTML_LIST, KEY, MANY, MANY_LIST, MODELS, PLAIN, REFUSED, SLOW_LIST};
use super::support::{Home, Mock};

fn json_of(home: &Home, arguments: &[&str]) -> Value {
    home.run(&[arguments, &["--json"]].concat()).exits(0).json()
}

fn ids(listed: &Value) -> Vec<&str> {
    listed.as_array().expect("a list").iter().filter_map(|row| row["model"].as_str()).collect()
}

/// One endpoint whose keys are these, labelled `k0`, `k1`…
fn home_with_keys(mock: &Mock, keys: &[&str]) -> Home {
    let rows: Vec<String> =
        keys.iter().enumerate().map(|(n, key)| format!("{{label: k{n}, apiKey: \"{key}\"}}")).collect();
    Home::with_config(&format!(
        "endpoints:\n  custom:\n    - name: Gate\n      baseURL: \"{}\"\n      keys: [{}]\n      \
         models: {{default: [fallback], fetch: true}}\n",
        mock.url(),
        rows.join(", ")
    ))
}

// --- models

#[test]
fn a_live_list_replaces_the_configured_one_and_is_cached() {
    let mock = Mock::start();
    let home = Home::of(&mock);
    let live = json_of(&home, &["models", "-e", "Mock", "--refresh"]);
    assert_eq!(ids(&live), MODELS);
    let first = &live[0];
    let names: Vec<&String> = first.as_object().expect("an object").keys().collect();
    assert_eq!(
        names,
        [
            "endpoint",
            "key",
            "model",
            "source",
            "age",
            "context",
            "price_in",
            "price_out",
            "abilities",
            "error"
        ]
    );
    assert_eq!(
        (&first["endpoint"], &first["key"], &first["source"], &first["error"]),
        (&json!("Mock"), &json!("default"), &json!("live"), &Value::Null)
    );
    assert_eq!(
        (&first["context"], first["price_in"].as_f64(), first["price_out"].as_f64()),
        (&json!(8000), Some(0.92), Some(1.84)),
        "euros per million, from tokenConfig"
    );
    let cached = json_of(&home, &["models", "-e", "Mock"]);
    assert_eq!(ids(&cached), MODELS);
    assert_eq!(cached[0]["source"], "cache");
    assert_eq!(mock.requests().len(), 1, "the second listing asked nobody");
}

#[test]
fn each_key_lists_exactly_its_own_models() {
    let mock = Mock::start();
    let home = home_with_keys(&mock, &[ALICE, BOB]);
    let list = |label: &str| json_of(&home, &["models", "-e", "Gate", "--key", label, "--refresh"]);
    assert_eq!(ids(&list("k0")), ["alice-large", "alice-small"]);
    assert_eq!(ids(&list("k1")), ["bob-only"]);
    let both = json_of(&home, &["models", "-e", "Gate"]);
    assert_eq!(ids(&both), ["alice-large", "alice-small", "bob-only"]);
}

#[test]
fn a_list_that_cannot_be_had_falls_back_and_says_why() {
    let mock = Mock::start();
    let home = home_with_keys(&mock, &[REFUSED, HTML_LIST, SLOW_LIST]);
    let start = std::time::Instant::now();
    for label in ["k0", "k1", "k2"] {
        let listed = json_of(&home, &["models", "-e", "Gate", "--key", label, "--refresh"]);
        assert_eq!(ids(&listed), ["fallback"], "{label}");
        assert_eq!(listed[0]["source"], "config", "{label}");
        let error = listed[0]["error"].to_string();
        assert_ne!(error, "null", "{label}");
        assert!(!error.contains(REFUSED), "{error}");
    }
    assert!(start.elapsed().as_secs() < 30, "a list is waited for 5 s at most");
}

#[test]
fn a_list_of_thousands_is_whole() {
    let home = home_with_keys(&Mock::start(), &[MANY_LIST]);
    let listed = json_of(&home, &["models", "-e", "Gate", "--refresh"]);
    assert_eq!(ids(&listed).len(), MANY);
}

#[test]
fn a_base_url_without_v1_finds_the_same_models_and_answers() {
    let mock = Mock::start();
    let home = Home::with_config(&Home::config(&mock).replace(&mock.url(), &mock.root()))
        .with_variable("MOCK_KEY", KEY);
    assert_eq!(ids(&json_of(&home, &["models", "-e", "Mock", "--refresh"])), MODELS);
    assert_eq!(home.ask("hi", &[])["text"], PLAIN);
}

#[test]
fn models_are_left_out_by_pattern() {
    let mock = Mock::start();
    let config = Home::config(&mock)
        .replace("fetch: true", "fetch: true, include: [\"*plain\", slow], exclude: [\"vendor/*\"]");
    let home = Home::with_config(&config).with_variable("MOCK_KEY", KEY);
    assert_eq!(ids(&json_of(&home, &["models", "-e", "Mock", "--refresh"])), ["plain", "slow"]);
}

#[test]
fn endpoints_are_listed_with_their_state_and_without_their_keys() {
    let home = Home::of(&Mock::start());
    let outcome = home.run(&["endpoints", "--json"]).exits(0);
    let listed = outcome.json();
    let names: Vec<&str> =
        listed.as_array().expect("a list").iter().filter_map(|row| row["endpoint"].as_str()).collect();
    for name in ["Mock", "demo", "openAI", "Ollama", "LiteLLM"] {
        assert!(names.contains(&name), "{name} is not in {names:?}");
    }
    assert!(!outcome.text().contains(KEY));
    home.run(&["endpoints", "test", "Mock"]).exits(0);
    home.run(&["endpoints", "test", "Nowhere"]).exits(5);
}

// --- keys

#[test]
fn a_stored_key_is_used_listed_without_its_secret_and_forgotten() {
    let mock = Mock::start();
    let home = Home::with_config(&Home::config(&mock).replace("${MOCK_KEY}", "user_provided"));
    home.run(&["-p", "hi"]).exits(4);
    let set = home.run_with_stdin(&["keys", "set", "Mock", "--store", "file"], format!("{KEY}\n").as_bytes());
    let set = set.exits(0);
    assert!(!set.text().contains(KEY) && !set.stderr.contains(KEY), "{set:?}");
    home.ask("hi", &[]);
    assert_eq!(mock.chat().key(), KEY);

    let list = home.run(&["keys", "list", "--json"]).exits(0);
    assert!(!list.text().contains(KEY), "{}", list.text());
    let row = &list.json()[0];
    assert_eq!(
        (&row["endpoint"], &row["label"], &row["origin"]),
        (&json!("Mock"), &json!("default"), &json!("file"))
    );
    home.run(&["keys", "test", "Mock"]).exits(0);
    home.run(&["keys", "remove", "Mock"]).exits(0);
    home.run(&["-p", "hi"]).exits(4);
}

#[cfg(unix)]
#[test]
fn files_that_hold_secrets_or_conversations_are_for_one_person() {
    use std::os::unix::fs::PermissionsExt as _;
    let mock = Mock::start();
    let home = Home::with_config(&Home::config(&mock).replace("${MOCK_KEY}", "user_provided"));
    home.run_with_stdin(&["keys", "set", "Mock", "--store", "file"], KEY.as_bytes()).exits(0);
    home.ask("hi", &[]);
    let files = super::support::home::files_below(&home.data());
    assert!(files.len() >= 3, "a database, a log and a key file: {files:?}");
    for path in files.iter().map(std::path::PathBuf::as_path).chain([home.data().as_path()]) {
        let mode = std::fs::metadata(path).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} has mode {mode:o}", path.display());
    }
}

// --- conversations

#[test]
fn conversations_are_listed_newest_first_with_what_they_hold() {
    let home = Home::of(&Mock::start());
    let first = home.ask("the first question", &[]);
    let second = home.ask("the second question", &[]);
    home.ask("more", &["-c"]);
    let listed = json_of(&home, &["list"]);
    let rows: Vec<(&Value, &Value, &Value, Option<f64>)> = listed
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| (&row["id"], &row["messages"], &row["branches"], row["cost_eur"].as_f64()))
        .collect();
    assert_eq!(
        rows,
        [
            (&second["conversation"], &json!(4), &json!(1), Some(0.000_034_96)),
            (&first["conversation"], &json!(2), &json!(1), Some(0.000_017_48)),
        ]
    );
    assert_eq!(listed[1]["title"], "the first question");
    for field in ["created", "updated"] {
        let time = listed[0][field].as_str().expect("a time");
        time.parse::<jiff::Timestamp>().unwrap_or_else(|error| panic!("{field} {time}: {error}"));
    }
}

#[test]
fn a_conversation_or_one_message_is_shown() {
    let home = Home::of(&Mock::start());
    let answer = home.ask("what is it?", &[]);
    let id = |field: &str| answer[field].as_str().expect("an id").to_owned();
    let shown = home.run(&["show", &id("conversation")]).exits(0);
    assert!(shown.text().contains("what is it?") && shown.text().contains(PLAIN), "{}", shown.text());
    let one = home.run(&["show", &id("message")]).exits(0);
    assert!(one.text().contains(PLAIN) && !one.text().contains("what is it?"), "{}", one.text());
    home.run(&["show", "ffffffff"]).exits(5);
}

#[test]
fn a_tree_is_flat_whole_and_has_parents_first() {
    let home = Home::of(&Mock::start());
    let first = home.ask("one", &[]);
    home.ask("other one", &["--at", first["parent"].as_str().expect("an id")]);
    let told = json_of(&home, &["tree", first["conversation"].as_str().expect("an id")]);
    assert_eq!(told["conversation"], first["conversation"]);
    let messages: Vec<(&Value, &Value, &Value, &Value)> = told["messages"]
        .as_array()
        .expect("messages")
        .iter()
        .map(|message| (&message["role"], &message["text"], &message["model"], &message["chosen"]))
        .collect();
    let (user, assistant, plain) = (json!("user"), json!("assistant"), json!("plain"));
    let answered: Vec<_> = messages.iter().filter(|message| *message.0 == assistant).collect();
    assert_eq!(
        answered,
        [
            &(&assistant, &json!(PLAIN), &plain, &json!(false)),
            &(&assistant, &json!(PLAIN), &plain, &json!(true)),
        ]
    );
    let asked: Vec<_> =
        messages.iter().filter(|message| *message.0 == user).map(|message| message.1).collect();
    assert_eq!(asked, [&json!("one"), &json!("other one")]);
    let mut seen = vec![&Value::Null];
    for message in told["messages"].as_array().expect("messages") {
        assert!(seen.contains(&&message["parent"]), "a parent comes first: {message}");
        seen.push(&message["id"]);
    }
}

#[test]
fn words_and_phrases_are_found_on_all_branches_in_any_script() {
    let home = Home::of(&Mock::start());
    let first = home.ask("the ripe loquat falls", &[]);
    home.ask("枇杷は美味しい", &["--at", first["parent"].as_str().expect("an id")]);
    for (words, found) in [
        ("loquat", 1),
        ("\"ripe loquat\"", 1),
        ("\"loquat ripe\"", 0),
        ("枇杷", 1),
        ("\"美味しい\"", 1),
        ("mock", 2),
        ("loquat AND OR NEAR( *", 0),
        ("nothing-like-it", 0),
    ] {
        let hits = json_of(&home, &["search", words]);
        assert_eq!(hits.as_array().expect("a list").len(), found, "{words}: {hits:#}");
    }
    let hit = json_of(&home, &["search", "loquat"])[0].clone();
    assert_eq!(
        (&hit["conversation"], &hit["message"], &hit["role"]),
        (&first["conversation"], &first["parent"], &json!("user"))
    );
    assert!(hit["snippet"].as_str().expect("a snippet").contains("loquat"), "{hit}");
}

#[test]
fn what_is_removed_can_be_put_back_until_the_trash_is_emptied() {
    let home = Home::of(&Mock::start());
    let answer = home.ask("keep me", &[]);
    let id = answer["conversation"].as_str().expect("an id");
    home.run(&["rm", id]).exits(0);
    assert_eq!(json_of(&home, &["list"]), json!([]));
    assert_eq!(json_of(&home, &["search", "keep"]), json!([]));
    let trash = json_of(&home, &["trash", "list"]);
    assert_eq!(trash.as_array().expect("a list").len(), 1);
    home.run(&["trash", "restore", trash[0]["id"].as_str().expect("an id")]).exits(0);
    assert_eq!(json_of(&home, &["list"])[0]["id"], id);
    home.run(&["rm", id]).exits(0);
    // A conversation in the trash is known by its own id too.
    home.run(&["trash", "restore", id]).exits(0);
    assert_eq!(json_of(&home, &["list"])[0]["id"], id);
    home.run(&["rm", id]).exits(0);
    home.run(&["trash", "empty"]).exits(0);
    assert_eq!(json_of(&home, &["trash", "list"]), json!([]));
    home.run(&["show", id]).exits(5);
}

#[test]
fn an_export_holds_every_branch_or_the_one_asked_for() {
    let home = Home::of(&Mock::start());
    let first = home.ask("one way", &[]);
    let other = home.ask("another way", &["--at", first["parent"].as_str().expect("an id")]);
    let id = first["conversation"].as_str().expect("an id");
    let all = home.run(&["export", id]).exits(0);
    assert!(all.text().contains("one way") && all.text().contains("another way"), "{}", all.text());
    let leaf = other["message"].as_str().expect("an id");
    let one = home.run(&["export", id, "--branch", leaf]).exits(0);
    let first_way = first["parent"].as_str().expect("an id");
    assert!(!one.text().contains(first_way) && one.text().contains("another way"), "{}", one.text());
    let tree = home.run(&["export", id, "--format", "json"]).exits(0).json().to_string();
    assert!(tree.contains("one way") && tree.contains("another way"), "{tree}");
    home.run(&["export", "--all", "-o", "out"]).exits(0);
    home.run(&["export", "--all", "-o", "out"]).exits(0);
    assert_eq!(super::support::home::files_below(&home.path().join("out")).len(), 1);
}

#[test]
fn an_export_replaces_a_file_only_when_told_to() {
    let home = Home::of(&Mock::start());
    let answer = home.ask("keep me", &[]);
    let id = answer["conversation"].as_str().expect("an id");
    let file = home.path().join("notes.md");
    std::fs::write(&file, "mine").expect("a file can be written");
    let refused = home.run(&["export", id, "-o", "notes.md"]).exits(1);
    assert!(refused.stderr.contains("notes.md") && refused.stderr.contains("--force"), "{}", refused.stderr);
    assert_eq!(std::fs::read_to_string(&file).expect("text"), "mine");
    home.run(&["export", id, "-o", "notes.md", "--force"]).exits(0);
    assert!(std::fs::read_to_string(&file).expect("text").contains("keep me"));
    home.run(&["export", id, "-o", "/dev/null"]).exits(0);
}

#[test]
fn an_endpoint_that_nobody_named_alike_is_not_suggested() {
    let home = Home::bare();
    for command in [&["models", "-e", "Nope"][..], &["-p", "hi", "-e", "Nope", "-m", "x"]] {
        let outcome = home.run(command).exits(5);
        assert!(!outcome.stderr.contains("did you mean"), "{}", outcome.stderr);
    }
    let near = home.run(&["models", "-e", "openai2"]).exits(5);
    assert!(near.stderr.contains("openAI"), "{}", near.stderr);
}

#[test]
fn what_nobody_has_set_up_is_told_in_one_line_unless_details_are_wanted() {
    let mock = Mock::start();
    let home = Home::of(&mock);
    // Ports of local servers may have one on the machine of the test.
    let lines = |more: &[&str]| {
        let outcome = home.run(&[&["models"], more].concat()).exits(0);
        assert!(outcome.text().contains("plain"));
        outcome.stderr
    };
    assert_eq!(lines(&[]).lines().count(), 1, "{}", lines(&[]));
    assert!(!lines(&[]).contains("Groq"));
    assert!(lines(&["-v"]).contains("Groq"));
    assert_eq!(lines(&["-q"]), "");
    let named = home.run(&["models", "-e", "Groq"]);
    assert!(named.stderr.contains("Groq"), "{}", named.stderr);
}

#[test]
fn a_backup_is_a_database_of_its_own_and_replaces_nothing() {
    let home = Home::of(&Mock::start());
    home.ask("keep me", &[]);
    home.run(&["backup", "copy.db"]).exits(0);
    let copy = home.path().join("copy.db");
    let head = std::fs::read(&copy).expect("the copy is there");
    assert!(head.starts_with(b"SQLite format 3\0"));
    assert_ne!(home.run(&["backup", "copy.db"]).code, Some(0), "it is there already");

    let other = Home::bare();
    std::fs::create_dir_all(other.data()).expect("a folder");
    std::fs::copy(copy, other.data().join("loquat.db")).expect("a file can be copied");
    assert_eq!(json_of(&other, &["list"])[0]["title"], "keep me");
}

#[test]
fn completions_and_the_man_page_are_printed() {
    let home = Home::bare();
    for shell in ["bash", "zsh", "fish"] {
        assert!(home.run(&["completions", shell]).exits(0).text().contains("loquat"), "{shell}");
    }
    assert!(home.run(&["man"]).exits(0).text().contains(".TH loquat"));
}
