//! The app on a terminal: keys in, screen out. Waits are for what a person would see, never for a time.

use std::time::Duration;

use super::support::mock::{ALICE, BOB, MANY_LIST, MODELS, PLAIN, REFUSED};
use super::support::pty::{framed, keys};
use super::support::tmux::Tmux;
use super::support::words::{self, shows};
use super::support::{Home, Mock, Pty, eventually};

// --- the first minutes

#[test]
fn on_a_fresh_machine_typing_and_enter_streams_the_demo() {
    for (columns, rows) in [(40, 12), (80, 24), (160, 50)] {
        let mut pty = Pty::open_at(&Home::bare(), columns, rows, &[]);
        pty.say("hello");
        pty.wait_for("the demo's answer", |screen| shows(screen, &[words::NOT_A_MODEL]));
        pty.quit();
    }
}

#[test]
fn below_the_smallest_size_one_line_says_so_and_growing_brings_the_app() {
    let home = Home::bare();
    let pty = Pty::app(&home, 39, 11, &[]);
    let screen = pty.wait_for_text(words::TOO_SMALL);
    assert_eq!(screen.lines().filter(|line| !line.is_empty()).count(), 1, "{}", framed(&screen));
    pty.resize(80, 24);
    pty.wait_for_text(words::READY);
    pty.quit();
}

#[test]
fn an_endpoint_that_needs_a_key_asks_for_it_unseen_and_shows_exactly_its_models() {
    let mock = Mock::start();
    let config = Home::config(&mock)
        .replace("${MOCK_KEY}", "user_provided")
        .replace("defaults: {endpoint: Mock, model: plain}\n", "");
    let home = Home::with_config(&config);
    let mut pty = Pty::open(&home, &[]);
    pty.leader("p");
    pty.wait_for("the endpoint picker", |screen| {
        shows(screen, &[words::ENDPOINTS]) && screen.contains("Mock")
    });
    pty.send("Mock");
    pty.send(keys::ENTER);
    pty.wait_for("the key entry", |screen| shows(screen, &[words::KEY_ENTRY]) && !screen.contains("openAI"));
    pty.send(ALICE);
    pty.send(keys::ENTER);
    let screen = pty.wait_for_text("alice-small");
    assert!(screen.contains("alice-large"), "{}", framed(&screen));
    assert!(!screen.contains("bob-only"), "{}", framed(&screen));
    pty.send("small");
    pty.wait_for_text("1 of ");
    pty.send(keys::ENTER);
    pty.say("who are you?");
    pty.wait_for_text(PLAIN);
    let chat = mock.chat();
    assert_eq!((chat.key(), chat.text("model")), (ALICE, "alice-small"));
    let bytes = String::from_utf8_lossy(&pty.bytes()).into_owned();
    assert!(!bytes.contains(ALICE), "the key was drawn");
    pty.quit();
    // It was stored: no question the second time.
    let pty = Pty::open(&home, &[]);
    pty.wait_for_text("alice-small");
    pty.quit();
}

#[test]
fn two_keys_of_one_endpoint_list_their_own_models_and_are_used_for_them() {
    let mock = Mock::start();
    let home = Home::with_config(&format!(
        "defaults: {{endpoint: Gate, model: alice-large, key: a}}\nendpoints:\n  custom:\n    - name: Gate\n      \
         baseURL: \"{}\"\n      keys: [{{label: a, apiKey: \"{ALICE}\"}}, {{label: b, apiKey: \"{BOB}\"}}]\n      \
         models: {{default: [none], fetch: true}}\n",
        mock.url()
    ));
    let mut pty = Pty::open(&home, &[]);
    pty.leader("m");
    pty.wait_for("both lists", |screen| screen.contains("alice-small") && screen.contains("bob-only"));
    pty.send("bob");
    pty.wait_until_gone("alice-small");
    pty.send(keys::ENTER);
    pty.say("who are you?");
    pty.wait_for_text(PLAIN);
    let chat = mock.chat();
    assert_eq!((chat.key(), chat.text("model")), (BOB, "bob-only"));
    pty.quit();
}

#[test]
fn thousands_of_models_are_filtered_as_one_types() {
    let mock = Mock::start();
    let home = Home::with_config(&Home::config(&mock)).with_variable("MOCK_KEY", MANY_LIST);
    let mut pty = Pty::open(&home, &[]);
    pty.leader("m");
    pty.wait_for_text("maker-");
    pty.send("model-6543");
    pty.wait_at_most(Duration::from_secs(3), "the one model", |screen| {
        screen.contains("maker-23/model-6543")
    });
    pty.send(keys::ENTER);
    pty.say("who are you?");
    pty.wait_for_text(PLAIN);
    assert_eq!(mock.chat().text("model"), "maker-23/model-6543");
    pty.quit();
}

#[test]
fn the_model_picker_shows_the_live_list() {
    let home = Home::of(&Mock::start());
    let mut pty = Pty::open_at(&home, 100, 30, &[]);
    pty.leader("m");
    pty.wait_for("every model", |screen| MODELS.iter().all(|model| screen.contains(model)));
    pty.send(keys::ESC);
    pty.wait_until_gone("vendor/plain");
    pty.quit();
}

// --- talking and branching

#[test]
fn a_turn_is_answered_and_the_next_one_sends_what_was_said() {
    let mock = Mock::start();
    let mut pty = Pty::open(&Home::of(&mock), &[]);
    pty.say("one");
    pty.wait_for_text(PLAIN);
    pty.settle();
    pty.say("two");
    eventually("the second request", || (mock.chats().len() == 2).then_some(()));
    assert_eq!(mock.chats()[1].messages(), [("user", "one"), ("assistant", PLAIN), ("user", "two")]);
    pty.quit();
}

#[test]
fn an_edited_message_gets_a_sibling_and_both_can_be_walked_to() {
    let mock = Mock::start();
    let mut pty = Pty::open(&Home::with_model(&mock, "echo"), &[]);
    pty.say("first way");
    pty.wait_for("the echo", |screen| screen.matches("first way").count() >= 2);
    pty.settle();
    pty.focus_transcript();
    // From the answer up to the prompt.
    pty.send("K");
    pty.send("e");
    pty.settle();
    pty.send(keys::CTRL_U);
    pty.say("second way");
    let screen = pty.wait_for("the echo", |screen| screen.matches("second way").count() >= 2);
    assert!(screen.contains(words::SECOND_OF_TWO), "{}", framed(&screen));
    // The conversation still has its name, from its first words.
    let below_the_status_line = screen.split_once('\n').map_or("", |(_, rest)| rest);
    assert!(!below_the_status_line.contains("first way"), "{}", framed(&screen));
    pty.settle();
    pty.focus_transcript();
    pty.send("K");
    pty.send("h");
    let screen = pty.wait_for("the first branch", |screen| screen.matches("first way").count() >= 2);
    assert!(screen.contains(words::FIRST_OF_TWO), "{}", framed(&screen));
    pty.send("l");
    pty.wait_for("the second branch", |screen| screen.matches("second way").count() >= 2);
    pty.quit();
}

#[test]
fn a_regenerated_answer_is_a_sibling_of_the_old_one() {
    let mock = Mock::start();
    let mut pty = Pty::open(&Home::of(&mock), &[]);
    pty.say("again and again");
    pty.wait_for_text(PLAIN);
    pty.settle();
    pty.focus_transcript();
    pty.send("r");
    pty.wait_for_text(words::SECOND_OF_TWO);
    eventually("the second request", || (mock.chats().len() == 2).then_some(()));
    assert_eq!(mock.chats()[1].messages(), [("user", "again and again")]);
    pty.quit();
}

#[test]
fn a_cut_answer_is_continued_in_its_place() {
    let mock = Mock::start();
    let mut pty = Pty::open(&Home::with_model(&mock, "cut"), &[]);
    pty.say("go on then");
    pty.wait_for("what happened", |screen| shows(screen, words::CUT));
    pty.settle();
    pty.focus_transcript();
    pty.send("c");
    eventually("the second request", || (mock.chats().len() == 2).then_some(()));
    let sent = mock.chats()[1].body["messages"].to_string();
    assert!(sent.contains("go on then") && sent.contains("Half an answer"), "{sent}");
    let screen = pty.wait_for_text("Half an answer and a bit");
    assert!(!screen.contains(words::SECOND_OF_TWO), "it is the same message:\n{}", framed(&screen));
    pty.quit();
}

#[test]
fn a_prompt_fans_out_to_three_and_the_second_is_promoted() {
    let mock = Mock::start();
    let home = Home::of(&mock);
    let mut pty = Pty::open_at(&home, 120, 30, &[]);
    pty.send("three of you");
    pty.leader("a");
    pty.wait_for("the models", |screen| MODELS.iter().all(|model| screen.contains(model)));
    for (model, only) in [("plain", "vendor/plain"), ("reasoning", "1 of "), ("vendor", "1 of ")] {
        pty.send(model);
        pty.wait_for_text(only);
        pty.settle();
        pty.send(" ");
        pty.wait_for_text("✓");
        pty.send(keys::CTRL_U);
        pty.wait_for("all models again", |screen| MODELS.iter().all(|model| screen.contains(model)));
    }
    pty.send(keys::ENTER);
    pty.wait_for("three lanes", |screen| screen.contains(words::THREE_LANES) && screen.contains(PLAIN));
    eventually("three requests", || (mock.chats().len() == 3).then_some(()));
    pty.settle();
    pty.send("l");
    pty.send("p");
    pty.wait_until_gone(words::THREE_LANES);
    pty.wait_for_text(words::SECOND_OF_THREE);
    pty.quit();
    let conversations = home.conversations();
    assert_eq!(conversations.len(), 1);
    let tree = home.tree(&conversations[0]["id"]);
    let roots: Vec<_> = tree.iter().filter(|message| message["parent"].is_null()).collect();
    assert_eq!((roots.len(), &roots[0]["text"]), (1, &"three of you".into()));
    let answers: Vec<_> = tree
        .iter()
        .filter(|message| message["parent"] == roots[0]["id"])
        .map(|message| (message["model"].as_str(), message["chosen"].as_bool(), message["status"].as_str()))
        .collect();
    let answer = |model, chosen| (Some(model), Some(chosen), Some("complete"));
    assert_eq!(answers, [answer("plain", false), answer("reasoning", true), answer("vendor/plain", false)]);
    let events: Vec<_> = home.events().into_iter().filter(|event| event["final"] == true).collect();
    assert_eq!(events.len(), 3, "{events:?}");
}

#[test]
fn quitting_while_lanes_are_written_keeps_every_one_of_them() {
    let mock = Mock::start();
    let home = Home::with_model(&mock, "slow");
    let mut pty = Pty::open_at(&home, 120, 30, &[]);
    pty.send("twice, slowly");
    pty.leader("a");
    pty.wait_for("the models", |screen| screen.contains("vendor/plain"));
    pty.send("slow");
    pty.wait_for_text("1 of ");
    pty.send(keys::RIGHT);
    pty.send(keys::RIGHT);
    pty.wait_for_text("2 marked");
    pty.send(keys::ENTER);
    pty.wait_for("both lanes at work", |screen| screen.matches("word").count() >= 4);
    pty.leader("q");
    pty.wait_for_exit();
    let tree = home.tree(&home.conversations()[0]["id"]);
    let told = |message: &serde_json::Value| {
        (message["status"].clone(), !message["text"].as_str().unwrap_or_default().is_empty())
    };
    let kept: Vec<_> = tree.iter().filter(|message| message["role"] == "assistant").map(told).collect();
    assert_eq!(kept, [("cancelled".into(), true), ("cancelled".into(), true)]);
}

#[test]
fn the_branch_that_was_left_is_the_branch_one_comes_back_to() {
    let mock = Mock::start();
    let home = Home::with_model(&mock, "echo");
    let mut pty = Pty::open(&home, &[]);
    pty.say("left here");
    pty.wait_for("the echo", |screen| screen.matches("left here").count() >= 2);
    pty.settle();
    pty.focus_transcript();
    pty.send("r");
    pty.wait_for_text(words::SECOND_OF_TWO);
    pty.settle();
    pty.send("h");
    pty.wait_for_text(words::FIRST_OF_TWO);
    pty.quit();
    let pty = Pty::open(&home, &["-c"]);
    pty.wait_for_text(words::FIRST_OF_TWO);
    pty.quit();
}

#[test]
fn an_abandoned_branch_is_found_in_the_tree_opened_left_again_and_there_at_the_next_start() {
    let mock = Mock::start();
    let home = Home::with_model(&mock, "echo");
    let mut pty = Pty::open(&home, &[]);
    pty.say("an apricot");
    pty.wait_for("the echo", |screen| screen.matches("an apricot").count() >= 3);
    pty.settle();
    pty.focus_transcript();
    pty.send("K");
    pty.send("e");
    pty.settle();
    pty.send(keys::CTRL_U);
    pty.say("a quince");
    pty.wait_for("the other echo", |screen| screen.matches("a quince").count() >= 2);
    pty.settle();
    // Looked for in the tree, the message is what is left, and Enter opens its branch.
    pty.leader("b");
    pty.wait_for_text(words::FIRST_ROOT);
    pty.send("/");
    pty.send("apric");
    pty.wait_until_gone("a quince");
    pty.send(keys::ENTER);
    pty.send(keys::ENTER);
    pty.wait_for_text(words::FIRST_OF_TWO);
    pty.leader("[");
    pty.wait_for_text(words::SECOND_OF_TWO);
    pty.leader("]");
    pty.wait_for_text(words::FIRST_OF_TWO);
    pty.leader("|");
    pty.wait_for_text(words::RAIL_AT_A_SIBLING);
    pty.quit();
    let pty = Pty::open(&home, &["-c"]);
    pty.wait_for_text(words::FIRST_OF_TWO);
    pty.quit();
}

#[test]
fn a_stopped_answer_keeps_what_came() {
    let mock = Mock::start();
    let home = Home::with_model(&mock, "slow");
    let mut pty = Pty::open(&home, &[]);
    pty.say("speak slowly");
    pty.wait_for_text("word3");
    pty.send(keys::CTRL_C);
    pty.wait_until_gone(words::LIVE);
    let screen = pty.settle();
    assert!(screen.contains("word3"), "{}", framed(&screen));
    assert!(shows(&screen, words::STOPPED), "{}", framed(&screen));
    pty.quit();
    assert_eq!(home.events().last().expect("an event")["status"], "cancelled");
}

#[test]
fn one_can_write_the_next_prompt_while_the_answer_comes() {
    let mut pty = Pty::open(&Home::with_model(&Mock::start(), "slow"), &[]);
    pty.say("speak slowly");
    pty.wait_for_text("word1");
    pty.send("my next thought");
    pty.wait_for("the draft", |screen| screen.contains("my next thought"));
    pty.wait_for("more words below it", |screen| {
        screen.contains("word9") && screen.contains("my next thought")
    });
    pty.send(keys::CTRL_C);
    pty.wait_until_gone(words::LIVE);
    assert!(pty.settle().contains("my next thought"));
    pty.quit();
}

#[test]
fn a_pasted_text_of_several_lines_is_a_draft_and_not_sent() {
    let mock = Mock::start();
    let mut pty = Pty::open(&Home::of(&mock), &[]);
    pty.send("\u{1b}[200~line one\nline two\n\u{1b}[201~");
    pty.wait_for("both lines", |screen| screen.contains("line one") && screen.contains("line two"));
    pty.send(keys::CTRL_J);
    pty.send("line three");
    pty.wait_for_text("line three");
    assert_eq!(mock.chats().len(), 0);
    pty.send(keys::ENTER);
    pty.wait_for_text(PLAIN);
    let chat = mock.chat();
    let (_, sent) = chat.messages()[0];
    assert!(sent.starts_with("line one\nline two\n") && sent.ends_with("line three"), "{sent:?}");
    pty.quit();
}

#[test]
fn emoji_and_cjk_come_and_go_whole() {
    let mock = Mock::start();
    let mut pty = Pty::open(&Home::with_model(&mock, "emoji"), &[]);
    pty.say("🦀 日本語?");
    pty.wait_for("the answer", |screen| screen.contains("日本語 Grüße") && screen.contains("ok"));
    assert_eq!(mock.chat().messages(), [("user", "🦀 日本語?")]);
    pty.quit();
}

#[test]
fn the_last_prompt_comes_back_with_up() {
    let mut pty = Pty::open(&Home::of(&Mock::start()), &[]);
    pty.say("remember this");
    pty.wait_for_text(PLAIN);
    pty.settle();
    pty.send(keys::UP);
    pty.wait_for("the prompt twice", |screen| screen.matches("remember this").count() >= 2);
    pty.quit();
}

#[test]
fn an_answer_is_copied_through_the_terminal() {
    let mut pty = Pty::open(&Home::of(&Mock::start()), &[]);
    pty.say("copy me");
    pty.wait_for_text(PLAIN);
    pty.settle();
    pty.focus_transcript();
    pty.send("y");
    // "Hello from the mock." in base64, as source text.
    let wanted = b"SGVsbG8gZnJvbSB0aGUgbW9jay4=";
    eventually("OSC 52 with the answer", || {
        pty.bytes().windows(wanted.len()).any(|window| window == wanted).then_some(())
    });
    pty.quit();
}

#[test]
fn in_tmux_as_it_comes_an_answer_is_copied_by_tmux() {
    let home = Home::of(&Mock::start());
    let Some(tmux) = Tmux::start(&home, "", &[]) else {
        return println!("skipped: there is no tmux here");
    };
    tmux.wait_for("Mock");
    tmux.press(&["copy me", "Enter"]);
    tmux.wait_for(PLAIN);
    tmux.press(&["M-t"]);
    tmux.press(&["y"]);
    tmux.wait_for("tmux buffer");
    assert_eq!(tmux.run(&["show-buffer"]).expect("tmux runs"), PLAIN);
}

// --- pages and pickers

#[test]
fn help_the_palette_and_the_usage_page_open_and_close() {
    let mut pty = Pty::open_at(&Home::of(&Mock::start()), 100, 40, &[]);
    pty.say("count me");
    pty.wait_for_text(PLAIN);
    pty.settle();
    pty.send(keys::F1);
    pty.wait_for("help", |screen| shows(screen, &[words::HELP]) && !screen.contains(PLAIN));
    pty.send(keys::ESC);
    pty.wait_for_text(PLAIN);
    pty.send(keys::CTRL_P);
    pty.send("usage");
    pty.wait_for("the palette", |screen| shows(screen, &[words::USAGE]));
    pty.send(keys::ENTER);
    pty.wait_for("the usage page", |screen| shows(screen, &[words::USAGE]) && !screen.contains(PLAIN));
    pty.send(keys::ESC);
    pty.wait_for_text(PLAIN);
    pty.quit();
}

#[test]
fn a_conversation_is_found_again_by_its_title() {
    let home = Home::of(&Mock::start());
    home.ask("all about loquats", &[]);
    home.ask("something else", &[]);
    let mut pty = Pty::open(&home, &[]);
    pty.leader("s");
    pty.wait_for("both titles", |screen| {
        screen.contains("all about loquats") && screen.contains("something else")
    });
    pty.send("loquats");
    pty.wait_until_gone("something else");
    pty.send(keys::ENTER);
    pty.wait_for_text(PLAIN);
    pty.leader("n");
    pty.wait_until_gone(PLAIN);
    pty.quit();
}

#[test]
fn a_list_that_is_refused_says_so_in_its_row() {
    let home = Home::with_config(&Home::config(&Mock::start())).with_variable("MOCK_KEY", REFUSED);
    let mut pty = Pty::open_at(&home, 120, 40, &[]);
    pty.leader("m");
    let screen = pty.wait_for("the reason", |screen| screen.contains("key refused"));
    assert!(!screen.contains(REFUSED), "{}", framed(&screen));
    pty.send(keys::ESC);
    pty.wait_until_gone("key refused");
    pty.quit();
}

#[test]
fn a_draft_waits_in_its_conversation() {
    let home = Home::of(&Mock::start());
    home.ask("start", &[]);
    let mut pty = Pty::open(&home, &["-c"]);
    pty.wait_for_text(PLAIN);
    pty.send("not sent yet");
    pty.wait_for_text("not sent yet");
    pty.quit();
    let pty = Pty::open(&home, &["-c"]);
    pty.wait_for_text("not sent yet");
    pty.quit();
}
