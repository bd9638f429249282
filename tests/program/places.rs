//! Where a scripted turn goes: which conversation and message, which endpoint, model and key.

use serde_json::{Value, json};

use super::support::mock::{ALICE, KEY, PLAIN};
use super::support::{Home, Mock, words};

// --- where a turn goes

#[test]
fn a_turn_is_a_new_conversation_unless_told_otherwise() {
    let home = Home::of(&Mock::start());
    let (first, second) = (home.ask("one", &[]), home.ask("two", &[]));
    assert_ne!(first["conversation"], second["conversation"]);
    assert_eq!(home.conversations().len(), 2);
}

#[test]
fn nothing_is_kept_of_an_unsaved_turn_but_its_event() {
    let home = Home::of(&Mock::start());
    let answer = home.ask("a secret wish", &["--no-save"]);
    assert_eq!(answer["conversation"], Value::Null);
    assert_eq!(home.conversations().len(), 0);
    home.assert_no_file_holds("a secret wish");
    let events = home.events();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["conversation"], Value::Null);
}

#[test]
fn continuing_sends_what_was_said_before() {
    let mock = Mock::start();
    let home = Home::of(&mock);
    let first = home.ask("one", &[]);
    let second = home.ask("two", &["-c"]);
    assert_eq!(second["conversation"], first["conversation"]);
    assert_eq!(mock.chats()[1].messages(), [("user", "one"), ("assistant", PLAIN), ("user", "two")]);
    let messages = home.tree(&first["conversation"]);
    assert_eq!(messages.len(), 4);
    assert_eq!(messages[2]["parent"], first["message"]);
}

#[test]
fn a_conversation_is_found_by_the_beginning_of_its_id() {
    let home = Home::of(&Mock::start());
    let first = home.ask("one", &[]);
    let id = first["conversation"].as_str().expect("an id");
    let second = home.ask("two", &["--conversation", &id[..id.len() - 2]]);
    assert_eq!(second["conversation"], first["conversation"]);
}

#[test]
fn at_an_answer_the_prompt_becomes_its_child_and_at_a_user_message_its_sibling() {
    let mock = Mock::start();
    let home = Home::of(&mock);
    let first = home.ask("one", &[]);
    home.ask("two", &["-c"]);
    let child = home.ask("other two", &["--at", first["message"].as_str().expect("an id")]);
    assert_eq!(child["conversation"], first["conversation"]);
    let sibling = home.ask("other one", &["--at", first["parent"].as_str().expect("an id")]);
    assert_eq!(mock.chats()[3].messages(), [("user", "other one")]);

    let messages = home.tree(&first["conversation"]);
    let parent_of = |answer: &Value| {
        let user = messages.iter().find(|message| message["id"] == answer["parent"]).expect("in the tree");
        user["parent"].clone()
    };
    assert_eq!(parent_of(&child), first["message"]);
    assert_eq!(parent_of(&sibling), Value::Null);
    assert_eq!(messages.len(), 8);
    let chosen: Vec<&Value> =
        messages.iter().filter(|message| message["chosen"] == true && message["parent"].is_null()).collect();
    assert_eq!(chosen.len(), 1);
    assert_eq!(chosen[0]["id"], sibling["parent"], "a scripted turn becomes the chosen branch");
}

#[test]
fn a_fork_copies_the_path_to_a_message_and_nothing_else() {
    let mock = Mock::start();
    let home = Home::of(&mock);
    let first = home.ask("one", &[]);
    home.ask("two", &["-c"]);
    let fork = home.ask("three", &["--at", first["message"].as_str().expect("an id"), "--fork"]);
    assert_ne!(fork["conversation"], first["conversation"]);
    let texts: Vec<Value> =
        home.tree(&fork["conversation"]).iter().map(|message| message["text"].clone()).collect();
    assert_eq!(texts, ["one", PLAIN, "three", PLAIN]);
    assert_eq!(home.tree(&first["conversation"]).len(), 4, "the original is as it was");
}

// --- which endpoint, which model

/// Two endpoints with configured lists: `shared` is on both, `only-a` and `only-b` on one.
fn two_endpoints(mock: &Mock, defaults: &str) -> Home {
    let row = |name: &str, models: &str| {
        format!(
            "    - {{name: {name}, apiKey: \"{KEY}\", baseURL: \"{}\", models: {{default: [{models}]}}}}\n",
            mock.url()
        )
    };
    let rows = row("A", "shared, only-a") + &row("B", "shared, only-b, C/odd");
    Home::with_config(&format!("{defaults}endpoints:\n  custom:\n{rows}"))
}

#[test]
fn a_model_is_found_by_the_rules_and_never_guessed() {
    let home = two_endpoints(&Mock::start(), "");
    for (flags, endpoint, model) in [
        (&["-m", "only-b"][..], "B", "only-b"),
        (&["-m", "A/shared"], "A", "shared"),
        (&["-m", "C/odd"], "B", "C/odd"),
        (&["-e", "B", "-m", "shared"], "B", "shared"),
        (&["-e", "A", "-m", "B/shared"], "A", "B/shared"),
    ] {
        let answer = home.ask("hi", flags);
        assert_eq!((&answer["endpoint"], &answer["model"]), (&json!(endpoint), &json!(model)), "{flags:?}");
    }
}

#[test]
fn an_exact_id_of_the_default_endpoint_goes_there() {
    let home = two_endpoints(&Mock::start(), "defaults: {endpoint: B}\n");
    assert_eq!(home.ask("hi", &["-m", "shared"])["endpoint"], "B");
}

#[test]
fn a_model_of_two_endpoints_is_an_error_that_names_them() {
    let outcome = two_endpoints(&Mock::start(), "").run(&["-p", "hi", "-m", "shared"]).exits(5);
    assert!(outcome.stderr.contains("A/shared") && outcome.stderr.contains("B/shared"), "{}", outcome.stderr);
}

#[test]
fn a_model_of_no_endpoint_is_an_error_with_candidates() {
    let outcome = two_endpoints(&Mock::start(), "").run(&["-p", "hi", "-m", "only-c"]).exits(5);
    assert!(outcome.stderr.contains("only-a") || outcome.stderr.contains("only-b"), "{}", outcome.stderr);
}

#[test]
fn an_unlisted_model_of_a_named_endpoint_is_sent_with_a_note() {
    let mock = Mock::start();
    let home = two_endpoints(&mock, "");
    let outcome = home.run(&["-p", "hi", "-e", "A", "-m", "brand-new", "--json"]).exits(0);
    assert_eq!(mock.chat().text("model"), "brand-new");
    assert!(outcome.stderr.contains("brand-new"), "{}", outcome.stderr);
}

#[test]
fn the_demo_answers_only_where_it_is_named() {
    let home = Home::bare();
    let outcome = home.run(&["-p", "hi"]).exits(5);
    assert_eq!(outcome.text(), "");
    assert_ne!(outcome.stderr, "");
    let answer = home.ask("hi", &["-e", "demo"]);
    assert!(answer["text"].as_str().expect("text").contains(words::NOT_A_MODEL), "{answer}");
}

#[test]
fn what_does_not_exist_is_an_exit_code_of_its_own() {
    let home = Home::of(&Mock::start());
    home.ask("one", &[]);
    for flags in
        [&["-e", "Nowhere"][..], &["--key", "nobody"], &["--conversation", "ffffffff"], &["--at", "ffffffff"]]
    {
        let outcome = home.run(&[&["-p", "hi"][..], flags].concat()).exits(5);
        assert!(outcome.stderr.contains(flags[1]), "{flags:?}: {}", outcome.stderr);
    }
}

#[test]
fn a_key_is_chosen_by_its_label() {
    let mock = Mock::start();
    let config = format!(
        "endpoints:\n  custom:\n    - name: Two\n      baseURL: \"{}\"\n      apiKey: \"{KEY}\"\n      \
         keys: [{{label: alice, apiKey: \"{ALICE}\"}}]\n      models: {{default: [plain]}}\n",
        mock.url()
    );
    let home = Home::with_config(&config);
    assert_eq!(home.ask("hi", &["-e", "Two", "-m", "plain"])["key"], "default");
    assert_eq!(home.ask("hi", &["-e", "Two", "-m", "plain", "--key", "alice"])["key"], "alice");
    let keys: Vec<String> = mock.chats().iter().map(|chat| chat.key().to_owned()).collect();
    assert_eq!(keys, [KEY, ALICE]);
}

#[test]
fn a_preset_names_where_to_send_and_with_what_and_flags_go_over_it() {
    let mock = Mock::start();
    let home = Home::of(&mock);
    let presets = "presets:\n  - name: brief\n    endpoint: Mock\n    model: plain\n    system: Be brief.\n    \
                   parameters: {temperature: 0.5, seed: 1}\n";
    home.write_config(&format!("{}{presets}", Home::config(&mock)));
    home.ask("hi", &["--preset", "brief", "--param", "seed=2"]);
    let sent = mock.chat();
    assert_eq!(sent.messages(), [("system", "Be brief."), ("user", "hi")]);
    assert_eq!((&sent.body["temperature"], &sent.body["seed"]), (&json!(0.5), &json!(2)));
    let refused = home.run(&["-p", "hi", "--preset", "breif"]).exits(5);
    assert!(refused.stderr.contains("did you mean “brief”"), "{}", refused.stderr);
}

#[test]
fn the_default_preset_holds_for_new_conversations_whose_place_no_flag_names() {
    let mock = Mock::start();
    let home = Home::of(&mock);
    let config = Home::config(&mock).replace("model: plain}", "model: plain, preset: spec}");
    let specs = "modelSpecs:\n  list:\n    - name: spec\n      label: Spec\n      preset: {endpoint: Mock, model: plain, \
                 promptPrefix: Rhyme., iconURL: x}\n";
    home.write_config(&format!("{config}{specs}"));
    home.ask("one", &[]);
    home.ask("two", &["-m", "plain"]);
    let first: Vec<String> = mock.chats().iter().map(|chat| chat.messages()[0].1.to_owned()).collect();
    assert_eq!(first, ["Rhyme.", "two"]);
    home.run(&["config", "check"]).exits(0);
}
