//! What is done to messages and conversations, and how they are found again: fixed key scripts, and a shell.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::branches::{echoing, talked, told};
use super::support::home::finish;
use super::support::pty::{framed, keys};
use super::support::words;
use super::support::{Home, Pty, eventually};

#[test]
fn a_message_changed_in_its_place_says_again_what_it_said() {
    let (mock, home) = echoing();
    let mut pty = talked(&home, 100, 30, &["plum jam"]);
    pty.focus_transcript();
    pty.send("K");
    pty.send("E");
    pty.wait_for_text(words::REVISE);
    pty.send(keys::CTRL_U);
    pty.send("fig jam");
    pty.wait_for_text("fig jam");
    pty.send(keys::ENTER);
    pty.wait_for_text("✎ 1");
    pty.send("V");
    pty.wait_for_text(words::FORMER_VERSIONS);
    pty.send(keys::ENTER);
    let screen = pty.wait_for_text("✎ 2");
    assert!(screen.contains("plum jam") && !screen.contains("fig jam"), "{}", framed(&screen));
    pty.quit();
    assert_eq!(mock.chats().len(), 1, "nothing is sent by it");
    let pty = Pty::open_at(&home, 100, 30, &["-c"]);
    pty.wait_for("both versions", |screen| screen.contains("✎ 2") && screen.contains("plum jam"));
    pty.quit();
    let said: Vec<_> = told(&home).into_iter().map(|(role, text, _)| (role, text)).collect();
    assert_eq!(said, [("user", "plum jam"), ("assistant", "plum jam")].map(|(a, b)| (a.into(), b.into())));
}

#[test]
fn a_message_left_out_is_told_by_the_lens_and_is_not_sent() {
    let (mock, home) = echoing();
    let mut pty = talked(&home, 100, 30, &["first", "second"]);
    pty.focus_transcript();
    for _ in 0..3 {
        pty.send("K");
    }
    pty.send("X");
    pty.wait_for_text(words::NOT_SENT);
    pty.send("i");
    let screen = pty.wait_for_text(words::LENS);
    let row = screen.lines().find(|line| line.contains("⊘")).unwrap_or_default();
    assert!(row.contains("first") && row.contains("left out"), "{}", framed(&screen));
    assert!(screen.contains("3 messages"), "{}", framed(&screen));
    pty.send(keys::ESC);
    pty.wait_until_gone(words::LENS);
    pty.send(keys::ENTER);
    pty.say("third");
    eventually("the third request", || (mock.chats().len() == 3).then_some(()));
    let sent: Vec<String> = mock.chats()[2].messages().iter().map(|(_, text)| (*text).to_owned()).collect();
    assert_eq!(sent, ["first", "second", "second", "third"]);
    pty.wait_for("the echo", |screen| screen.matches("third").count() >= 2);
    pty.settle();
    pty.quit();
}

#[test]
fn an_imported_file_is_found_and_its_branches_are_walked() {
    let home = Home::bare();
    let file = format!("{}/tests/transfer/librechat-recursive.json", env!("CARGO_MANIFEST_DIR"));
    home.run(&["import", &file]).exits(0);
    let mut pty = Pty::open(&home, &["-e", "demo"]);
    pty.leader("s");
    pty.wait_for_text("Pruning a loquat");
    pty.send(keys::ENTER);
    pty.wait_for_text("When do I prune it?");
    pty.focus_transcript();
    pty.settle();
    // One branch and the other, by the ends of branches.
    pty.send("g");
    let mut seen = Vec::new();
    for key in ["{", "}"] {
        pty.send(key);
        let screen = pty.settle();
        seen.push((screen.contains("In autumn."), screen.contains("Something went wrong.")));
    }
    seen.sort_unstable();
    assert_eq!(seen, [(false, true), (true, false)], "{}", framed(&pty.screen()));
    pty.quit();
}

#[test]
fn conversations_are_tagged_pinned_archived_and_searched() {
    let (_mock, home) = echoing();
    for prompt in ["about plums", "about figs", "about quinces"] {
        home.ask(prompt, &[]);
    }
    let mut pty = Pty::open(&home, &[]);
    pty.leader("s");
    pty.send("figs");
    pty.wait_for("one row", |screen| screen.contains("1 of 3") && screen.contains("about figs"));
    pty.send("\u{17}");
    pty.wait_for_text(words::TAGS);
    pty.send("orchard");
    pty.send(keys::ENTER);
    pty.wait_for_text("#orchard");
    // Pinned: below a heading of its own once nothing is typed.
    pty.send("\u{6}");
    pty.send(keys::CTRL_U);
    pty.wait_for_text("pinned");
    pty.send("#orch");
    pty.wait_for_text("1 of 3");
    pty.send(keys::CTRL_U);
    pty.send("no such thing");
    let screen = pty.wait_for_text(words::NO_MATCH);
    assert!(screen.contains("0 of 3"), "{}", framed(&screen));
    pty.send(keys::CTRL_U);
    pty.send("quinces");
    pty.wait_for_text("1 of 3");
    pty.send("\u{19}");
    pty.wait_for_text("0 of 2");
    pty.send("\u{16}");
    pty.wait_for("the archive", |screen| screen.contains("archive") && screen.contains("about quinces"));
    pty.send(keys::ESC);
    pty.wait_until_gone("about quinces");
    pty.settle();
    pty.leader("/");
    pty.send("quinc");
    pty.wait_for("both hits of the archived one", |screen| screen.matches("about quinces").count() >= 2);
    pty.send(keys::ENTER);
    pty.wait_for("its branch", |screen| screen.contains("/ quinc"));
    pty.quit();
    let list = |arguments: &[&str]| -> Vec<Value> {
        let all = [&["list", "--json"], arguments].concat();
        let rows = home.run(&all).exits(0).json();
        rows.as_array().into_iter().flatten().map(|row| row["title"].clone()).collect()
    };
    assert_eq!(list(&["--pinned", "--tag", "orchard"]), [json!("about figs")]);
    assert_eq!(list(&["--archived"]), [json!("about quinces")]);
}

#[test]
fn a_preset_is_made_and_sent_by_after_the_next_start() {
    let (mock, home) = echoing();
    let mut pty = Pty::open(&home, &[]);
    pty.leader("S");
    pty.send("pruner\tYou prune.");
    pty.wait_for_text("You prune.");
    pty.send(keys::ENTER);
    pty.wait_for_text(words::PRESET_KEPT);
    pty.quit();
    let mut pty = Pty::open(&home, &[]);
    pty.leader("P");
    pty.wait_for_text("pruner");
    pty.send(keys::ENTER);
    pty.wait_until_gone("your own");
    pty.say("hello tree");
    pty.wait_for("the echo", |screen| screen.matches("hello tree").count() >= 2);
    pty.settle();
    pty.quit();
    home.ask("from a script", &["--preset", "pruner"]);
    for chat in mock.chats() {
        assert_eq!(chat.messages()[0], ("system", "You prune."));
    }
}

#[test]
fn a_temporary_conversation_leaves_nothing_but_its_request_event() {
    let (_mock, home) = echoing();
    let mut pty = Pty::open(&home, &[]);
    pty.leader("N");
    pty.wait_for_text("temporary");
    pty.say("quiet medlar");
    pty.wait_for("the echo", |screen| screen.matches("quiet medlar").count() >= 2);
    eventually("the event", || (home.events().len() == 1).then_some(()));
    pty.settle();
    pty.quit();
    assert_eq!(home.conversations(), [Value::Null; 0]);
    assert_eq!(home.events().len(), 1);
    home.assert_no_file_holds("quiet medlar");
}

#[test]
fn what_was_put_on_a_conversation_comes_along_in_its_file() {
    let (_mock, home) = echoing();
    let mut pty = talked(&home, 100, 30, &["first", "second"]);
    pty.focus_transcript();
    // The answer is starred, the question before it left out, and the first one changed in its place.
    pty.send("s");
    pty.wait_for_text("★");
    pty.send("K");
    pty.send("X");
    pty.wait_for_text(words::NOT_SENT);
    pty.send("K");
    pty.send("K");
    pty.send("E");
    pty.wait_for_text(words::REVISE);
    pty.send("!");
    pty.send(keys::ENTER);
    pty.wait_for_text("✎ 1");
    pty.leader("i");
    pty.settle();
    pty.quit();
    let id = home.conversations()[0]["id"].clone();
    let id = id.as_str().expect("an id");
    let exported = home.run(&["export", id, "--format", "json"]).exits(0);
    let head = &exported.json()["conversation"];
    let counts = ["marks", "rules", "revisions"].map(|name| match &head[name] {
        Value::Object(of) => of.len(),
        other => other.as_array().map_or(0, Vec::len),
    });
    assert_eq!((counts, &head["shelf"]["pinned"]), ([1, 1, 1], &json!(true)));
    let elsewhere = Home::bare();
    elsewhere.run_with_stdin(&["import", "-"], &exported.stdout).exits(0);
    assert_eq!(elsewhere.run(&["export", id, "--format", "json"]).exits(0).stdout, exported.stdout);
    // A copy beside it has all of it, too.
    elsewhere.run_with_stdin(&["import", "--again", "-"], &exported.stdout).exits(0);
    let copies = elsewhere.conversations();
    let copy = copies.iter().map(|one| one["id"].clone()).find(|other| other != id).expect("a copy");
    let copy = elsewhere.run(&["export", copy.as_str().expect("an id"), "--format", "json"]).exits(0).json();
    for name in ["marks", "revisions"] {
        let values = |head: &Value| head[name].as_object().map(|of| of.values().cloned().collect::<Vec<_>>());
        assert_eq!(values(&copy["conversation"]), values(head), "{name}");
    }
}

#[test]
fn a_preset_of_librechat_is_imported_once_and_named_on_the_command_line() {
    let (mock, home) = echoing();
    let file = json!({
        "presetId": null, "title": "Gardener", "endpoint": "Mock", "model": "echo", "promptPrefix": "You know fruit.",
        "temperature": 0.25, "thinkingBudget": 2000,
    });
    let outcome = home.run_with_stdin(&["import", "-"], file.to_string().as_bytes()).exits(0);
    for said in ["“Gardener”", "thinkingBudget", "imported 1"] {
        assert!(outcome.stderr.contains(said), "{said}: {}", outcome.stderr);
    }
    let again = home.run_with_stdin(&["import", "--json", "-"], file.to_string().as_bytes()).exits(0).json();
    assert_eq!(again["files"][0]["presets"], json!([{"name": "Gardener", "result": "skipped"}]));
    home.ask("hello", &["--preset", "Gardener"]);
    let chat = mock.chat();
    assert_eq!(chat.messages()[0], ("system", "You know fruit."));
    assert_eq!(chat.body["temperature"], 0.25);
}

/// Runs a script in which `loquat` is the program; its last words.
#[track_caller]
fn shell(home: &Home, script: &str) -> String {
    let script = format!("set -e\nloquat() {{ '{}' \"$@\"; }}\n{script}", env!("CARGO_BIN_EXE_loquat"));
    let mut command = Command::new("/bin/sh");
    command.args(["-c", &script]).env_clear().envs(home.environment()).env("PATH", "/usr/bin:/bin");
    command.current_dir(home.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let outcome = finish(command.spawn().expect("a shell")).exits(0);
    outcome.text().trim().to_owned()
}

#[test]
fn a_shell_loop_grows_and_prunes_a_tree_by_printed_ids() {
    let (_mock, home) = echoing();
    let forked = shell(
        &home,
        r#"
        field() { sed -n 's/.*"'"$1"'": *"\([^"]*\)".*/\1/p'; }
        root=$(loquat -p trunk --json | field message)
        for wood in oak ash elm; do
            tip=$root
            for n in 1 2; do tip=$(loquat -p "$wood $n" --at "$tip" --json | field message); done
            tips="$tips $tip"
        done
        set -- $tips
        # The second branch goes, from its first question down.
        answer=$(loquat show "$2" --json | field parent)
        first=$(loquat show "$answer" --json | field parent)
        question=$(loquat show "$first" --json | field parent)
        loquat rm "$question"
        # What leads to the end of the third becomes a conversation of its own.
        loquat -p leaf --at "$3" --fork --json | field conversation
        "#,
    );
    let texts = |id: &Value| -> Vec<String> {
        let tree = home.tree(id);
        tree.iter()
            .filter(|message| message["role"] == "user")
            .map(|message| message["text"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    let conversations = home.conversations();
    let (fork, trunk): (Vec<_>, Vec<_>) = conversations.iter().partition(|one| one["id"] == forked.as_str());
    assert_eq!((fork.len(), trunk.len()), (1, 1), "{conversations:?}");
    assert_eq!(texts(&fork[0]["id"]), ["trunk", "elm 1", "elm 2", "leaf"]);
    assert_eq!(texts(&trunk[0]["id"]), ["trunk", "oak 1", "oak 2", "elm 1", "elm 2"]);
    assert_eq!((&fork[0]["branches"], &trunk[0]["branches"]), (&json!(1), &json!(2)));
    // Pruned is not lost.
    let entries = home.run(&["trash", "list", "--json"]).exits(0).json();
    home.run(&["trash", "restore", entries[0]["id"].as_str().expect("an id")]).exits(0);
    assert_eq!(texts(&trunk[0]["id"]).len(), 7);
}

#[test]
fn no_size_on_the_way_leaves_anything_behind_in_a_list_or_page() {
    let (_mock, home) = echoing();
    let mut pty = talked(&home, 200, 50, &["日本語 and 🌿 in a row that is long enough", "second"]);
    pty.leader("r");
    pty.wait_for_text(words::SECOND_OF_TWO);
    pty.settle();
    // A list, what the next prompt sends, two messages compared, and a form.
    for view in ["s", "vi", "v=", "S"] {
        pty.leader(view);
        pty.settle();
        pty.resize(40, 12);
        pty.settle();
        pty.resize(200, 50);
        let screen = pty.settle();
        pty.send(keys::CTRL_L);
        assert_eq!(screen, pty.settle(), "{view}");
        pty.send(keys::ESC);
        let screen = pty.settle();
        assert!(
            screen.contains(words::SECOND_OF_TWO) && !screen.contains('╭'),
            "{view}: {}",
            framed(&screen)
        );
    }
    pty.quit();
}
