//! Calling for attention, and the title, as the bytes that a terminal gets.

use super::support::mock::{KEY, PLAIN};
use super::support::{Home, Mock, Pty, eventually};

const FOCUS_LOST: &str = "\x1b[O";

fn home(mock: &Mock, ui: &str) -> Home {
    Home::with_config(&format!("{}ui: {ui}\n", Home::config(mock))).with_variable("MOCK_KEY", KEY)
}

/// How often these bytes came so far.
fn count(pty: &Pty, bytes: &str) -> usize {
    pty.bytes().windows(bytes.len()).filter(|window| *window == bytes.as_bytes()).count()
}

/// How often the bell rang so far. A question about colours ends in the same byte.
fn rings(pty: &Pty) -> usize {
    count(pty, "\x07") - count(pty, "?\x07")
}

#[track_caller]
fn wait_for(pty: &Pty, bytes: &str) {
    eventually("the bytes", || (count(pty, bytes) == 1).then_some(()));
}

#[test]
fn who_is_away_is_told_by_exactly_these_bytes() {
    let mock = Mock::start();
    for (desktop, notice) in [
        ("osc9", "\x07\x1b]9;hello: plain has answered\x1b\\"),
        ("osc777", "\x07\x1b]777;notify;Loquat;hello: plain has answered\x1b\\"),
        ("none", ""),
    ] {
        let mut pty = Pty::open(&home(&mock, &format!("{{notices: {{desktop: {desktop}}}}}")), &[]);
        pty.send(FOCUS_LOST);
        pty.say("hello");
        pty.wait_for_text(PLAIN);
        eventually("the bell", || (rings(&pty) == 1).then_some(()));
        if !notice.is_empty() {
            wait_for(&pty, notice);
        }
        assert_eq!(rings(&pty), 1);
        pty.quit();
    }
}

#[test]
fn who_looks_is_not_called() {
    let mock = Mock::start();
    let mut pty = Pty::open(&home(&mock, "{notices: {desktop: osc9}}"), &[]);
    pty.say("hello");
    pty.wait_for_text(PLAIN);
    pty.settle();
    assert_eq!((rings(&pty), count(&pty, "\x1b]9;")), (0, 0));
    pty.quit();
}

#[test]
fn the_title_tells_how_the_answer_stands_and_is_given_back() {
    let mock = Mock::start();
    let mut pty = Pty::open(&home(&mock, "{}"), &[]);
    wait_for(&pty, "\x1b[22;0t");
    wait_for(&pty, "\x1b]2;untitled · plain\x1b\\");
    pty.say("hello");
    wait_for(&pty, "\x1b]2;● hello · plain\x1b\\");
    wait_for(&pty, "\x1b]2;✓ ");
    pty.leader("q");
    assert_eq!(pty.wait_for_exit(), 0);
    wait_for(&pty, "\x1b[23;0t");
}

#[test]
fn a_title_that_is_not_wanted_is_left_alone() {
    let mock = Mock::start();
    let mut pty = Pty::open(&home(&mock, "{title: false}"), &[]);
    pty.say("hello");
    pty.wait_for_text(PLAIN);
    pty.leader("q");
    assert_eq!(pty.wait_for_exit(), 0);
    assert_eq!((count(&pty, "\x1b]2;"), count(&pty, "\x1b[22;0t"), count(&pty, "\x1b[23;0t")), (0, 0, 0));
}
