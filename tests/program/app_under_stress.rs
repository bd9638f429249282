//! The app when something goes wrong: faults of servers, hostile text, signals, a window that changes.

use std::time::Duration;

use super::support::mock::{KEY, PLAIN};
use super::support::pty::{framed, keys};
use super::support::words::{self, shows};
use super::support::{Home, Mock, Pty, eventually};

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
        let home = Home::with_model(&Mock::start(), model);
        let mut pty = Pty::open(&home, &[]);
        pty.say("do not lose me");
        let screen = pty.wait_for(&format!("what is wrong with {model}"), |screen| {
            shows(screen, told) && screen.contains(kept) && !screen.contains(words::LIVE)
        });
        assert!(screen.contains("do not lose me"), "{model}:\n{}", framed(&screen));
        assert!(!String::from_utf8_lossy(&pty.bytes()).contains(KEY), "{model}: the key was drawn");
        pty.quit();
    }
}

#[test]
fn hostile_text_is_shown_and_not_obeyed() {
    for model in ["hostile", "err-hostile"] {
        let mut pty = Pty::open(&Home::with_model(&Mock::start(), model), &[]);
        pty.say("be nasty");
        pty.wait_for_text("abcdefghi");
        pty.settle();
        assert_eq!(pty.hostile_remains(), [""; 0], "{model}");
        pty.quit();
    }
}

// --- the terminal

#[test]
fn two_ctrl_c_quit_and_leave_the_terminal_as_it_was() {
    let mut pty = Pty::open(&Home::bare(), &[]);
    pty.send(keys::CTRL_C);
    pty.send(keys::CTRL_C);
    assert_eq!(pty.wait_for_exit(), 0);
    assert_eq!(pty.left_behind(), [""; 0]);
}

#[test]
fn a_terminated_app_leaves_the_terminal_as_it_was_and_keeps_the_answer() {
    for name in ["TERM", "HUP"] {
        let home = Home::with_model(&Mock::start(), "slow");
        let mut pty = Pty::open(&home, &[]);
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
    let home = Home::with_model(&Mock::start(), "slow");
    let mut pty = Pty::open(&home, &[]);
    pty.say("speak slowly");
    pty.wait_for_text("word12");
    pty.signal("KILL");
    pty.wait_for_exit();
    let pty = Pty::open(&home, &["-c"]);
    // At most 250 ms of text are lost: five words.
    let screen = pty.wait_for("the partial answer", |screen| screen.contains("word6"));
    assert!(screen.contains("speak slowly"), "{}", framed(&screen));
    assert!(shows(&screen, words::CUT_MARK), "{}", framed(&screen));
    pty.quit();
}

#[test]
fn nothing_is_written_while_nothing_happens() {
    let mut pty = Pty::open(&Home::of(&Mock::start()), &[]);
    pty.settle();
    assert_eq!(pty.bytes_within(Duration::from_secs(3)), 0, "on the first screen");
    pty.say("hello");
    pty.wait_for_text(PLAIN);
    pty.settle();
    // Notices go away by themselves; then there is nothing left to do.
    eventually("a terminal that stays quiet", || {
        (pty.bytes_within(Duration::from_secs(3)) == 0).then_some(())
    });
    pty.quit();
}

#[test]
fn a_window_that_changes_in_mid_stream_holds_no_residue() {
    let mut pty = Pty::open_at(&Home::with_model(&Mock::start(), "slow"), 100, 30, &[]);
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
    pty.leader("l");
    eventually("a redraw", || (pty.bytes().len() > before).then_some(()));
    assert_eq!(framed(&drawn), framed(&pty.settle()));
    pty.quit();
}
