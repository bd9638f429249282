//! Import and export: files of every format in, the same trees out and in again elsewhere.

use serde_json::{Value, json};

use super::support::home::{Home, Outcome, files_below};

/// A file of `tests/transfer/`.
fn fixture(name: &str) -> String {
    format!("{}/tests/transfer/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[track_caller]
fn import(home: &Home, arguments: &[&str]) -> Value {
    home.run(&[&["import", "--json"], arguments].concat()).exits(0).json()
}

/// What stays the same when a conversation goes elsewhere: each message's text and role, with the texts above it,
/// and whether it is chosen.
fn shape(home: &Home, conversation: &Value) -> Vec<Value> {
    let tree = home.tree(conversation);
    let path = |message: &Value| {
        let mut path = Vec::new();
        let mut next = Some(message);
        while let Some(message) = next {
            path.push(json!([message["role"], message["text"], message["chosen"]]));
            next = tree.iter().find(|other| other["id"] == message["parent"]);
        }
        Value::from(path)
    };
    tree.iter().map(path).collect()
}

/// The one conversation with this title.
#[track_caller]
fn titled(home: &Home, title: &str) -> Value {
    let mut found = home.conversations();
    found.retain(|conversation| conversation["title"] == title);
    assert_eq!(found.len(), 1, "{title}: {found:?}");
    found[0]["id"].clone()
}

fn said(outcome: &Outcome, words: &[&str]) {
    for word in words {
        assert!(outcome.stderr.contains(word), "{word:?} is not in\n{}", outcome.stderr);
    }
}

const GOOD: [(&str, &str, &str, usize); 5] = [
    ("librechat-recursive.json", "LibreChat", "Pruning a loquat", 2),
    ("chatgpt.json", "ChatGPT", "Jam", 2),
    ("claude.json", "Claude", "Grafting", 2),
    ("chatbot-ui.json", "Chatbot UI", "Compost", 1),
    ("loquat.json", "Loquat", "Seeds", 2),
];

#[test]
fn every_format_is_imported_exported_and_imported_again_elsewhere() {
    for (name, format, title, branches) in GOOD {
        let home = Home::bare();
        let outcome = home.run(&["import", "--json", &fixture(name)]);
        let report = outcome.json();
        let first = &report["files"][0]["conversations"][0];
        assert_eq!(
            (&first["format"], &first["result"], &first["branches"]),
            (&json!(format), &json!("imported"), &json!(branches)),
            "{name}"
        );
        let id = titled(&home, title);
        assert_eq!(first["conversation"], id);
        let here = shape(&home, &id);
        for export in ["json", "librechat"] {
            let id = id.as_str().expect("an id");
            home.run(&["export", id, "--format", export, "-o", "out.json", "--force"]).exits(0);
            let file = home.path().join("out.json");
            let elsewhere = Home::bare();
            import(&elsewhere, &[file.to_str().expect("a path")]);
            let there = shape(&elsewhere, &titled(&elsewhere, title));
            if export == "json" {
                assert_eq!(there, here, "{name}");
            } else {
                // LibreChat's format does not say which branch is chosen.
                let unchosen = |shape: &[Value]| -> Vec<String> {
                    shape.iter().map(|path| path.to_string().replace("true", "false")).collect()
                };
                assert_eq!(unchosen(&there), unchosen(&here), "{name}");
            }
        }
    }
}

#[test]
fn our_own_json_comes_back_byte_for_byte() {
    let home = Home::bare();
    import(&home, &[&fixture("loquat.json")]);
    let id = titled(&home, "Seeds");
    let id = id.as_str().expect("an id");
    let exported = home.run(&["export", id, "--format", "json"]).exits(0);
    let elsewhere = Home::bare();
    elsewhere.run_with_stdin(&["import", "-"], &exported.stdout).exits(0);
    assert_eq!(elsewhere.run(&["export", id, "--format", "json"]).exits(0).stdout, exported.stdout);
}

#[test]
fn what_cannot_be_read_is_listed_and_the_rest_is_imported() {
    let home = Home::bare();
    let outcome = home.run(&["import", &fixture("chatgpt.json"), &fixture("librechat-flat.json")]).exits(1);
    said(&outcome, &["“A bad one”", "an image was left out", "recipe.pdf", "“Broken”", "circle", "failed 2"]);
    assert_eq!(outcome.text().lines().count(), 5, "{}", outcome.text());
    assert_eq!(home.conversations().len(), 4);

    let report = Home::bare().run(&["import", "--json", &fixture("chatgpt.json")]).exits(1).json();
    assert_eq!(
        report["files"][0]["conversations"][0]["complaints"],
        json!([
            {"message": "n1", "what": "image", "detail": null},
            {"message": "n1", "what": "attachment", "detail": "recipe.pdf"}
        ])
    );
    assert_eq!((&report["imported"], &report["failed"]), (&json!(2), &json!(1)));
}

#[test]
fn a_second_import_leaves_alone_what_is_there_unless_copies_are_wanted() {
    let home = Home::bare();
    let file = fixture("claude.json");
    import(&home, &[&file]);
    let again = import(&home, &[&file]);
    assert_eq!((&again["imported"], &again["skipped"]), (&json!(0), &json!(2)));
    let told = home.run(&["import", &file]).exits(0);
    said(&told, &["here already 2", "--again"]);
    said(&home.run(&["-v", "import", &file]).exits(0), &["“Grafting” is here already"]);
    assert_eq!(home.conversations().len(), 2);

    let copied = import(&home, &["--again", &file]);
    assert_eq!(copied["imported"], json!(2));
    let copy = &copied["files"][0]["conversations"][0]["conversation"];
    let first = &again["files"][0]["conversations"][0]["conversation"];
    assert_ne!(copy, first);
    assert_eq!(shape(&home, copy), shape(&home, first));

    home.run(&["rm", first.as_str().expect("an id")]).exits(0);
    said(&home.run(&["import", &file]).exits(0), &["“Grafting” is in the trash", "trash restore"]);
    assert_eq!(home.conversations().len(), 3);
}

#[test]
fn a_conversation_that_has_grown_since_is_told() {
    let home = Home::bare();
    let file = |messages: &[Value]| {
        json!([{"uuid": "c", "name": "Growing", "chat_messages": messages}]).to_string().into_bytes()
    };
    let messages = [1, 2].map(|n| json!({"uuid": n.to_string(), "sender": "human", "text": "hi"}));
    home.run_with_stdin(&["import", "-"], &file(&messages[..1])).exits(0);
    let told = home.run_with_stdin(&["import", "-"], &file(&messages)).exits(0);
    said(&told, &["here already with one message, and has 2 in the file"]);
    assert_eq!(home.conversations()[0]["messages"], json!(1));
}

#[test]
fn nothing_of_a_conversation_is_stored_that_has_a_message_of_another() {
    let home = Home::bare();
    import(&home, &[&fixture("loquat.json")]);
    let text = std::fs::read_to_string(fixture("loquat.json")).expect("a file is readable");
    let other = text.replacen("019b7900-0000-7000", "019b7900-0000-7abc", 1);
    let refused = home.run_with_stdin(&["import", "-"], other.as_bytes()).exits(1);
    said(&refused, &["“Seeds” was not imported", "019b7900-0001-7000-8000-000000000001"]);
    assert_eq!(home.conversations().len(), 1);
    home.run_with_stdin(&["import", "--again", "-"], other.as_bytes()).exits(0);
    assert_eq!(home.conversations().len(), 2);
}

#[test]
fn what_was_imported_and_exported_is_known_again() {
    let home = Home::bare();
    import(&home, &[&fixture("claude.json")]);
    for format in ["json", "librechat"] {
        let id = titled(&home, "Grafting");
        let exported = home.run(&["export", id.as_str().expect("an id"), "--format", format]).exits(0);
        let told = home.run_with_stdin(&["import", "-"], &exported.stdout).exits(0);
        said(&told, &["imported 0, here already 1"]);
    }
}

#[test]
fn a_dry_run_reads_everything_and_makes_nothing() {
    let home = Home::bare();
    let outcome = home.run(&["import", "--dry-run", &fixture("chatbot-ui.json")]).exits(0);
    said(&outcome, &["would import 1", "one prompt was left out", "one folder was left out"]);
    assert!(outcome.text().contains("Compost"), "{}", outcome.text());
    assert_eq!(files_below(&home.data()), Vec::<std::path::PathBuf>::new());
    let twice = import(&home, &["--dry-run", &fixture("chatbot-ui.json"), &fixture("chatbot-ui.json")]);
    assert_eq!((&twice["imported"], &twice["skipped"]), (&json!(1), &json!(1)));
}

#[test]
fn a_file_that_is_of_no_known_format_fails_alone_and_says_what_was_looked_for() {
    let home = Home::bare();
    for (name, bytes) in
        [("a.json", &b"{\"a\": 1}"[..]), ("b.zip", b"PK\x03\x04"), ("c.json", b"[{\n\"x\" 1}]")]
    {
        std::fs::write(home.path().join(name), bytes).expect("a file can be written");
    }
    let good = fixture("claude.json");
    let outcome = home.run(&["import", "a.json", "gone.json", "b.zip", "c.json", &good]).exits(1);
    said(&outcome, &["a.json: no known format", "chat_messages", "gone.json: ", "b.zip: ", "unpack"]);
    said(&outcome, &["c.json: ", "line 2 column 5"]);
    assert_eq!(home.conversations().len(), 2);
}

#[test]
fn titles_and_names_of_a_file_reach_no_terminal_raw() {
    let home = Home::bare();
    let evil = "\u{1b}]0;x\u{7}\u{202e}fig";
    let file = json!([
        {"uuid": "c", "name": evil, "chat_messages": [{"uuid": evil, "text": evil, "files": [{"file_name": evil}]}]},
        {"name": evil, "chat_messages": 1}
    ]);
    for arguments in [&["import", "--dry-run", "-"][..], &["import", "--json", "-"]] {
        let outcome = home.run_with_stdin(arguments, file.to_string().as_bytes()).exits(1);
        assert!(!outcome.stderr.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{:?}", outcome.stderr);
        if arguments.contains(&"--json") {
            assert!(!outcome.text().contains(['\u{1b}', '\u{7}', '\u{202e}']), "{:?}", outcome.text());
        }
    }
}

#[test]
fn one_branch_is_exported_alone_in_every_format() {
    let home = Home::bare();
    import(&home, &[&fixture("loquat.json")]);
    let id = titled(&home, "Seeds");
    let leaf = "019b7900-0003-7000-8000-000000000001";
    for format in ["markdown", "text", "json", "librechat"] {
        let arguments = ["export", id.as_str().expect("an id"), "--branch", leaf, "--format", format];
        let outcome = home.run(&arguments).exits(0);
        let text = outcome.text();
        assert!(text.contains("How deep?") && !text.contains("A thumb deep."), "{format}: {text}");
    }
    home.run(&["export", "--all", "--format", "librechat", "-o", "out"]).exits(0);
    home.run(&["export", "--all", "--format", "json", "-o", "out"]).exits(0);
    assert_eq!(files_below(&home.path().join("out")).len(), 2);
}
