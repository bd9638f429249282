//! The app on a terminal: keys in, screen out. Waits are for what a person would see, never for a time.

use std::time::Duration;

use super::support::mock::{ALICE, BOB, KEY, MANY_LIST, MODELS, PLAIN, REFUSED};
use super::support::pty::{framed, keys};
use super::support::words::{self, shows};
use super::support::{Home, Mock, Pty, eventually};

/// Opens the app and waits until it can be typed into.
fn open(home: &Home, arguments: &[&str]) -> Pty {
    open_at(home, 80, 24, arguments)
}

fn open_at(home: &Home, columns: u16, rows: u16, arguments: &[&str]) -> Pty {
    let pty = Pty::app(home, columns, rows, arguments);
    pty.wait_for_text(words::READY);
    pty
}

/// The home of [`Home::of`] with another model chosen, and no patience with servers.
fn home_with_model(mock: &Mock, model: &str) -> Home {
    let config = Home::config(mock).replace("model: plain}", &format!("model: {model}}}"));
    Home::with_config(&format!(
        "{config}      timeouts: {{connect: 2, first_token: 2, idle: 2}}\nrouter: {{retries: 0}}\n"
    ))
    .with_variable("MOCK_KEY", KEY)
}

/// Leaves the composer, which is empty, for the transcript.
fn to_transcript(pty: &mut Pty) {
    pty.send(keys::ALT_T);
}

fn leader(pty: &mut Pty, key: &str) {
    pty.send(keys::CTRL_X);
    pty.send(key);
}

/// Quits, and expects the terminal to be as it was.
#[track_caller]
fn quit(mut pty: Pty) {
    leader(&mut pty, "q");
    assert_eq!(pty.wait_for_exit(), 0);
    assert_eq!(pty.left_behind(), [""; 0]);
}

// --- the first minutes

#[test]
fn on_a_fresh_machine_typing_and_enter_streams_the_demo() {
    for (columns, rows) in [(40, 12), (80, 24), (160, 50)] {
        let mut pty = open_at(&Home::bare(), columns, rows, &[]);
        pty.say("hello");
        pty.wait_for("the demo's answer", |screen| shows(screen, &[words::NOT_A_MODEL]));
        quit(pty);
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
    quit(pty);
}

#[test]
fn an_endpoint_that_needs_a_key_asks_for_it_unseen_and_shows_exactly_its_models() {
    let mock = Mock::start();
    let config = Home::config(&mock)
        .replace("${MOCK_KEY}", "user_provided")
        .replace("defaults: {endpoint: Mock, model: plain}\n", "");
    let home = Home::with_config(&config);
    let mut pty = open(&home, &[]);
    leader(&mut pty, "p");
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
    pty.wait_until_gone("alice-large");
    pty.send(keys::ENTER);
    pty.say("who are you?");
    pty.wait_for_text(PLAIN);
    let chat = mock.chat();
    assert_eq!((chat.key(), chat.text("model")), (ALICE, "alice-small"));
    let bytes = String::from_utf8_lossy(&pty.bytes()).into_owned();
    assert!(!bytes.contains(ALICE), "the key was drawn");
    quit(pty);
    // It was stored: no question the second time.
    let pty = open(&home, &[]);
    pty.wait_for_text("alice-small");
    quit(pty);
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
    let mut pty = open(&home, &[]);
    leader(&mut pty, "m");
    pty.wait_for("both lists", |screen| screen.contains("alice-small") && screen.contains("bob-only"));
    pty.send("bob");
    pty.wait_until_gone("alice-small");
    pty.send(keys::ENTER);
    pty.say("who are you?");
    pty.wait_for_text(PLAIN);
    let chat = mock.chat();
    assert_eq!((chat.key(), chat.text("model")), (BOB, "bob-only"));
    quit(pty);
}

#[test]
fn thousands_of_models_are_filtered_as_one_types() {
    let mock = Mock::start();
    let home = Home::with_config(&Home::config(&mock)).with_variable("MOCK_KEY", MANY_LIST);
    let mut pty = open(&home, &[]);
    leader(&mut pty, "m");
    pty.wait_for_text("maker-");
    pty.send("model-6543");
    pty.wait_at_most(Duration::from_secs(3), "the one model", |screen| {
        screen.contains("maker-23/model-6543")
    });
    pty.send(keys::ENTER);
    pty.say("who are you?");
    pty.wait_for_text(PLAIN);
    assert_eq!(mock.chat().text("model"), "maker-23/model-6543");
    quit(pty);
}

#[test]
fn the_model_picker_shows_the_live_list() {
    let home = Home::of(&Mock::start());
    let mut pty = open_at(&home, 100, 30, &[]);
    leader(&mut pty, "m");
    pty.wait_for("every model", |screen| MODELS.iter().all(|model| screen.contains(model)));
    pty.send(keys::ESC);
    pty.wait_until_gone("vendor/plain");
    quit(pty);
}

// --- talking and branching

#[test]
fn a_turn_is_answered_and_the_next_one_sends_what_was_said() {
    let mock = Mock::start();
    let mut pty = open(&Home::of(&mock), &[]);
    pty.say("one");
    pty.wait_for_text(PLAIN);
    pty.settle();
    pty.say("two");
    eventually("the second request", || (mock.chats().len() == 2).then_some(()));
    assert_eq!(mock.chats()[1].messages(), [("user", "one"), ("assistant", PLAIN), ("user", "two")]);
    quit(pty);
}

#[test]
fn an_edited_message_gets_a_sibling_and_both_can_be_walked_to() {
    let mock = Mock::start();
    let mut pty = open(&home_with_model(&mock, "echo"), &[]);
    pty.say("first way");
    pty.wait_for("the echo", |screen| screen.matches("first way").count() >= 2);
    pty.settle();
    to_transcript(&mut pty);
    // From the answer up to the prompt.
    pty.send("K");
    pty.send("e");
    pty.settle();
    pty.send(keys::CTRL_U);
    pty.say("second way");
    let screen = pty.wait_for("the echo", |screen| screen.matches("second way").count() >= 2);
    assert!(screen.contains(words::SECOND_OF_TWO), "{}", framed(&screen));
    assert!(!screen.contains("first way"), "{}", framed(&screen));
    pty.settle();
    to_transcript(&mut pty);
    pty.send("K");
    pty.send("h");
    let screen = pty.wait_for("the first branch", |screen| screen.matches("first way").count() >= 2);
    assert!(screen.contains(words::FIRST_OF_TWO), "{}", framed(&screen));
    pty.send("l");
    pty.wait_for("the second branch", |screen| screen.matches("second way").count() >= 2);
    quit(pty);
}

#[test]
fn a_regenerated_answer_is_a_sibling_of_the_old_one() {
    let mock = Mock::start();
    let mut pty = open(&Home::of(&mock), &[]);
    pty.say("again and again");
    pty.wait_for_text(PLAIN);
    pty.settle();
    to_transcript(&mut pty);
    pty.send("r");
    pty.wait_for_text(words::SECOND_OF_TWO);
    eventually("the second request", || (mock.chats().len() == 2).then_some(()));
    assert_eq!(mock.chats()[1].messages(), [("user", "again and again")]);
    quit(pty);
}

#[test]
fn a_cut_answer_is_continued_in_its_place() {
    let mock = Mock::start();
    let mut pty = open(&home_with_model(&mock, "cut"), &[]);
    pty.say("go on then");
    pty.wait_for("what happened", |screen| shows(screen, words::CUT));
    pty.settle();
    to_transcript(&mut pty);
    pty.send("c");
    eventually("the second request", || (mock.chats().len() == 2).then_some(()));
    let sent = mock.chats()[1].body["messages"].to_string();
    assert!(sent.contains("go on then") && sent.contains("Half an answer"), "{sent}");
    let screen = pty.wait_for("more of the answer", |screen| screen.matches("Half an answer").count() >= 2);
    assert!(!screen.contains(words::SECOND_OF_TWO), "it is the same message:\n{}", framed(&screen));
    quit(pty);
}

#[test]
fn the_branch_that_was_left_is_the_branch_one_comes_back_to() {
    let mock = Mock::start();
    let home = home_with_model(&mock, "echo");
    let mut pty = open(&home, &[]);
    pty.say("left here");
    pty.wait_for("the echo", |screen| screen.matches("left here").count() >= 2);
    pty.settle();
    to_transcript(&mut pty);
    pty.send("r");
    pty.wait_for_text(words::SECOND_OF_TWO);
    pty.settle();
    pty.send("h");
    pty.wait_for_text(words::FIRST_OF_TWO);
    quit(pty);
    let pty = open(&home, &["-c"]);
    pty.wait_for_text(words::FIRST_OF_TWO);
    quit(pty);
}

#[test]
fn a_stopped_answer_keeps_what_came() {
    let mock = Mock::start();
    let home = home_with_model(&mock, "slow");
    let mut pty = open(&home, &[]);
    pty.say("speak slowly");
    pty.wait_for_text("word3");
    pty.send(keys::CTRL_C);
    pty.wait_until_gone(words::LIVE);
    let screen = pty.settle();
    assert!(screen.contains("word3"), "{}", framed(&screen));
    assert!(shows(&screen, words::STOPPED), "{}", framed(&screen));
    quit(pty);
    assert_eq!(home.events().last().expect("an event")["status"], "cancelled");
}

#[test]
fn one_can_write_the_next_prompt_while_the_answer_comes() {
    let mut pty = open(&home_with_model(&Mock::start(), "slow"), &[]);
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
    quit(pty);
}

#[test]
fn a_pasted_text_of_several_lines_is_a_draft_and_not_sent() {
    let mock = Mock::start();
    let mut pty = open(&Home::of(&mock), &[]);
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
    quit(pty);
}

#[test]
fn emoji_and_cjk_come_and_go_whole() {
    let mock = Mock::start();
    let mut pty = open(&home_with_model(&mock, "emoji"), &[]);
    pty.say("🦀 日本語?");
    pty.wait_for("the answer", |screen| screen.contains("日本語 Grüße") && screen.contains("ok"));
    assert_eq!(mock.chat().messages(), [("user", "🦀 日本語?")]);
    quit(pty);
}

#[test]
fn the_last_prompt_comes_back_with_up() {
    let mut pty = open(&Home::of(&Mock::start()), &[]);
    pty.say("remember this");
    pty.wait_for_text(PLAIN);
    pty.settle();
    pty.send(keys::UP);
    pty.wait_for("the prompt twice", |screen| screen.matches("remember this").count() >= 2);
    quit(pty);
}

#[test]
fn an_answer_is_copied_through_the_terminal() {
    let mut pty = open(&Home::of(&Mock::start()), &[]);
    pty.say("copy me");
    pty.wait_for_text(PLAIN);
    pty.settle();
    to_transcript(&mut pty);
    pty.send("y");
    // "Hello from the mock." in base64, as source text.
    let wanted = b"SGVsbG8gZnJvbSB0aGUgbW9jay4=";
    eventually("OSC 52 with the answer", || {
        pty.bytes().windows(wanted.len()).any(|window| window == wanted).then_some(())
    });
    quit(pty);
}

// --- pages and pickers

#[test]
fn help_the_palette_and_the_usage_page_open_and_close() {
    let mut pty = open_at(&Home::of(&Mock::start()), 100, 40, &[]);
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
    quit(pty);
}

#[test]
fn a_conversation_is_found_again_by_its_title() {
    let home = Home::of(&Mock::start());
    home.ask("all about loquats", &[]);
    home.ask("something else", &[]);
    let mut pty = open(&home, &[]);
    leader(&mut pty, "s");
    pty.wait_for("both titles", |screen| {
        screen.contains("all about loquats") && screen.contains("something else")
    });
    pty.send("loquats");
    pty.wait_until_gone("something else");
    pty.send(keys::ENTER);
    pty.wait_for_text(PLAIN);
    leader(&mut pty, "n");
    pty.wait_until_gone(PLAIN);
    quit(pty);
}

#[test]
fn a_list_that_is_refused_says_so_in_its_row() {
    let home = Home::with_config(&Home::config(&Mock::start())).with_variable("MOCK_KEY", REFUSED);
    let mut pty = open_at(&home, 120, 40, &[]);
    leader(&mut pty, "m");
    let screen = pty.wait_for("the reason", |screen| screen.contains("401"));
    assert!(!screen.contains(REFUSED), "{}", framed(&screen));
    pty.send(keys::ESC);
    quit(pty);
}

#[test]
fn a_draft_waits_in_its_conversation() {
    let home = Home::of(&Mock::start());
    home.ask("start", &[]);
    let mut pty = open(&home, &["-c"]);
    pty.wait_for_text(PLAIN);
    pty.send("not sent yet");
    pty.wait_for_text("not sent yet");
    quit(pty);
    let pty = open(&home, &["-c"]);
    pty.wait_for_text("not sent yet");
    quit(pty);
}

// --- faults

#[test]
fn each_fault_is_told_and_neither_prompt_nor_partial_answer_is_lost() {
    for (model, told, kept) in [
        ("err-401", words::REFUSED, ""),
        ("err-404", words::NO_SUCH_MODEL, ""),
        ("err-429", words::RATE_LIMIT, ""),
        ("err-500", words::SERVER_ERROR, ""),
        ("err-502-html", words::BAD_GATEWAY, ""),
        ("err-200-json", words::BACKEND_ERROR, ""),
        ("err-context", words::CONTEXT, ""),
        ("err-content-filter", words::FILTER, ""),
        ("err-slow-headers", words::TIMEOUT, ""),
        ("err-midstream", words::BACKEND_ERROR, "Half an ans"),
        ("filtered", words::FILTER, "So far"),
        ("cut", words::CUT, "Half an answer"),
        ("end", words::CUT, "Half an answer"),
        ("hang", words::TIMEOUT, "Half an answer"),
        ("garbage", &["Hello"], "Hello"),
    ] {
        let home = home_with_model(&Mock::start(), model);
        let mut pty = open(&home, &[]);
        pty.say("do not lose me");
        let screen = pty.wait_for(&format!("what is wrong with {model}"), |screen| {
            shows(screen, told) && screen.contains(kept) && !screen.contains(words::LIVE)
        });
        assert!(screen.contains("do not lose me"), "{model}:\n{}", framed(&screen));
        assert!(!String::from_utf8_lossy(&pty.bytes()).contains(KEY), "{model}: the key was drawn");
        quit(pty);
    }
}

#[test]
fn hostile_text_is_shown_and_not_obeyed() {
    for model in ["hostile", "err-hostile"] {
        let mut pty = open(&home_with_model(&Mock::start(), model), &[]);
        pty.say("be nasty");
        pty.wait_for_text("abcdefghi");
        pty.settle();
        assert_eq!(pty.hostile_remains(), [""; 0], "{model}");
        quit(pty);
    }
}

// --- the terminal

#[test]
fn two_ctrl_c_quit_and_leave_the_terminal_as_it_was() {
    let mut pty = open(&Home::bare(), &[]);
    pty.send(keys::CTRL_C);
    pty.send(keys::CTRL_C);
    assert_eq!(pty.wait_for_exit(), 0);
    assert_eq!(pty.left_behind(), [""; 0]);
}

#[test]
fn a_terminated_app_leaves_the_terminal_as_it_was_and_keeps_the_answer() {
    for name in ["TERM", "HUP"] {
        let home = home_with_model(&Mock::start(), "slow");
        let mut pty = open(&home, &[]);
        pty.say("speak slowly");
        pty.wait_for_text("word3");
        pty.signal(name);
        pty.wait_for_exit();
        assert_eq!(pty.left_behind(), [""; 0], "{name}");
        let shown = home.run(&["show", &first_conversation(&home)]).exits(0);
        assert!(shown.text().contains("word3"), "{name}: {}", shown.text());
    }
}

fn first_conversation(home: &Home) -> String {
    let listed = home.run(&["list", "--json"]).exits(0).json();
    listed[0]["id"].as_str().expect("an id").to_owned()
}

#[test]
fn a_killed_app_reopens_on_the_partial_answer() {
    let home = home_with_model(&Mock::start(), "slow");
    let mut pty = open(&home, &[]);
    pty.say("speak slowly");
    pty.wait_for_text("word12");
    pty.signal("KILL");
    pty.wait_for_exit();
    let pty = open(&home, &["-c"]);
    // At most 250 ms of text are lost: five words.
    let screen = pty.wait_for("the partial answer", |screen| screen.contains("word6"));
    assert!(screen.contains("speak slowly"), "{}", framed(&screen));
    assert!(shows(&screen, words::CUT_MARK), "{}", framed(&screen));
    quit(pty);
}

#[test]
fn nothing_is_written_while_nothing_happens() {
    let mut pty = open(&Home::of(&Mock::start()), &[]);
    pty.settle();
    assert_eq!(pty.bytes_within(Duration::from_secs(3)), 0, "on the first screen");
    pty.say("hello");
    pty.wait_for_text(PLAIN);
    pty.settle();
    // Notices go away by themselves; then there is nothing left to do.
    eventually("a terminal that stays quiet", || {
        (pty.bytes_within(Duration::from_secs(3)) == 0).then_some(())
    });
    quit(pty);
}

#[test]
fn a_window_that_changes_in_mid_stream_holds_no_residue() {
    let mut pty = open_at(&home_with_model(&Mock::start(), "slow"), 100, 30, &[]);
    pty.say("speak slowly");
    for (columns, rows, word) in
        [(60, 20, "word8"), (40, 12, "word16"), (120, 40, "word24"), (80, 24, "word32")]
    {
        pty.resize(columns, rows);
        pty.wait_for_text(word);
    }
    pty.send(keys::CTRL_C);
    pty.wait_until_gone(words::LIVE);
    let drawn = pty.settle();
    // A redraw erases everything first: what differs was left over.
    let before = pty.bytes().len();
    leader(&mut pty, "l");
    eventually("a redraw", || (pty.bytes().len() > before).then_some(()));
    assert_eq!(framed(&drawn), framed(&pty.settle()));
    quit(pty);
}
