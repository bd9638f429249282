//! The app line by line, for whoever does not see a screen: a session as bytes, in which nothing is but text.

use std::time::Duration;

use super::support::mock::PLAIN;
use super::support::pty::keys;
use super::support::{Home, Mock, Pty, eventually, words};

/// Everything that came so far, as text.
fn told(pty: &Pty) -> String {
    String::from_utf8(pty.bytes()).expect("UTF-8").replace('\r', "")
}

/// Waits until a text was told so often.
#[track_caller]
fn wait_for(pty: &Pty, text: &str, times: usize) {
    eventually(text, || (told(pty).matches(text).count() >= times).then_some(()));
}

/// Types a line when the prompt stands.
#[track_caller]
fn line(pty: &mut Pty, line: &str) {
    eventually("the prompt", || (told(pty).ends_with("\n> ") || told(pty).ends_with(": ")).then_some(()));
    pty.send(line);
    pty.send("\n");
}

/// Nothing that a terminal would obey was written but the ends of lines.
#[track_caller]
fn assert_plain(pty: &Pty) {
    let obeyed: Vec<char> = told(pty).chars().filter(|c| c.is_control() && *c != '\n').collect();
    assert!(obeyed.is_empty(), "{obeyed:?} in {:?}", told(pty));
}

#[test]
fn a_whole_session_is_nothing_but_text() {
    let mock = Mock::start();
    let mut pty = Pty::app(&Home::with_model(&mock, "plain"), 80, 24, &["--linear"]);
    line(&mut pty, "why?");
    wait_for(&pty, "End of answer", 1);
    line(&mut pty, "/regenerate");
    wait_for(&pty, "plain answers, 2 of 2:", 1);
    wait_for(&pty, "End of answer", 2);
    line(&mut pty, "/previous-sibling");
    wait_for(&pty, "plain answers, 1 of 2:", 1);
    line(&mut pty, "/siblings");
    wait_for(&pty, "siblings, 2:", 1);
    line(&mut pty, "2");
    wait_for(&pty, "plain answers, 2 of 2:", 2);
    line(&mut pty, "/model reasoning");
    wait_for(&pty, "1. reasoning, Mock", 1);
    line(&mut pty, "1");
    wait_for(&pty, "Now asking Mock, reasoning.", 1);
    line(&mut pty, "say this");
    wait_for(&pty, "reasoning answers:", 1);
    wait_for(&pty, "End of answer", 5);
    line(&mut pty, "/fork");
    wait_for(&pty, "\n1. ", 3);
    line(&mut pty, "1");
    wait_for(&pty, "Conversation: ", 1);
    line(&mut pty, "/quit");
    assert_eq!(pty.wait_for_exit(), 0);
    assert_plain(&pty);
    let text = told(&pty);
    assert!(text.contains(&format!("> why?\n\nplain answers:\n{PLAIN}\nEnd of answer")), "{text}");
    assert_eq!(mock.chats().len(), 3);
}

#[test]
fn while_it_runs_the_app_goes_from_the_screen_to_lines_and_back_with_all_there_is() {
    let mut pty = Pty::open(&Home::with_model(&Mock::start(), "slow"), &[]);
    pty.say("go on for long");
    pty.wait_for_text("word3");
    pty.send("a draft");
    pty.wait_for_text("a draft");
    pty.leader("v");
    pty.send("l");
    // What is said meanwhile is told, and the terminal is its own.
    wait_for(&pty, "/linear goes back", 1);
    eventually("the end of the screen", || (!pty.look(vt100::Screen::alternate_screen)).then_some(()));
    let before = told(&pty).len();
    eventually("more of the answer", || told(&pty)[before..].contains("word").then_some(()));
    pty.send("/linear\n");
    eventually("the screen", || pty.look(vt100::Screen::alternate_screen).then_some(()));
    let screen = pty.wait_for_text("a draft");
    assert!(screen.contains("word"), "{screen}");
    pty.send(keys::CTRL_C);
    pty.wait_for("the end of the turn", |screen| words::shows(screen, words::STOPPED));
    pty.send(keys::CTRL_C);
    pty.wait_until_gone("a draft");
    // And once more, with nothing going on.
    pty.send("/linear\r");
    wait_for(&pty, "/linear goes back", 2);
    eventually("the end of the screen", || (!pty.look(vt100::Screen::alternate_screen)).then_some(()));
    pty.send("/quit\n");
    assert_eq!(pty.wait_for_exit(), 0);
    assert_eq!(pty.left_behind(), [""; 0]);
}

#[test]
fn a_dumb_terminal_is_told_line_by_line_without_being_asked() {
    let home = Home::bare().with_variable("TERM", "dumb");
    let mut pty = Pty::app(&home, 80, 24, &[]);
    line(&mut pty, "hello");
    wait_for(&pty, "End of answer", 1);
    line(&mut pty, "/help");
    wait_for(&pty, "End of page.", 1);
    line(&mut pty, "/quit");
    assert_eq!(pty.wait_for_exit(), 0);
    assert_plain(&pty);
}

#[test]
fn ctrl_c_stops_an_answer_and_twice_it_quits() {
    let mut pty = Pty::app(&Home::bare(), 80, 24, &["--linear"]);
    line(&mut pty, "long");
    wait_for(&pty, " answers:", 1);
    pty.send("\x03");
    wait_for(&pty, "Stopped.", 1);
    eventually("the prompt", || told(&pty).ends_with("\n> ").then_some(()));
    pty.send("\x03");
    wait_for(&pty, "again quits", 1);
    pty.send("\x03");
    assert_eq!(pty.wait_for_exit(), 0);
}

#[test]
fn a_key_is_typed_unseen() {
    let mock = Mock::start();
    let config = Home::config(&mock).replace("${MOCK_KEY}", "user_provided");
    let mut pty = Pty::app(&Home::with_config(&config), 80, 24, &["--linear"]);
    line(&mut pty, "/key");
    eventually("the question", || told(&pty).trim_end().ends_with(':').then_some(()));
    line(&mut pty, "sk-not-to-be-seen");
    line(&mut pty, "");
    line(&mut pty, "");
    wait_for(&pty, "mpty line leaves.", 1);
    line(&mut pty, "");
    line(&mut pty, "/quit");
    assert_eq!(pty.wait_for_exit(), 0);
    assert!(!told(&pty).contains("sk-not-to-be-seen"));
}

#[test]
fn nothing_is_written_while_nobody_types_and_nothing_comes() {
    let pty = Pty::app(&Home::bare(), 80, 24, &["--linear"]);
    eventually("the prompt", || told(&pty).ends_with("\n> ").then_some(()));
    pty.settle();
    assert_eq!(pty.bytes_within(Duration::from_secs(1)), 0);
}
