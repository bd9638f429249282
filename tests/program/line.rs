//! The line to the terminal: slow, dropped, given away for a while.

use std::time::Instant;

use super::support::pty::{framed, keys};
use super::support::words::{self, shows};
use super::support::{Home, Mock, Pty, eventually};

#[test]
fn at_the_end_of_a_slow_line_keys_are_seen_while_an_answer_pours_in() {
    let mut pty = Pty::open(&Home::with_model(&Mock::start(), "flood"), &[]);
    // The first answers say how quick the line can be.
    pty.slow_down(100_000);
    pty.say("pour");
    pty.wait_for_text("flood1");
    pty.slow_down(1_200);
    for word in ["first", "second", "third"] {
        let typed = Instant::now();
        pty.send(word);
        pty.wait_for_text(word);
        // One frame of news is on its way, a third of a screen at most, and then the key's own.
        let took = typed.elapsed().as_secs_f64();
        assert!(took < 2.5, "{word} was seen after {took:.1} s");
    }
}

#[test]
fn a_dropped_line_ends_the_app_and_the_next_run_goes_on_with_one_key() {
    let home = Home::with_model(&Mock::start(), "slow");
    let mut pty = Pty::open(&home, &[]);
    pty.say("speak slowly");
    pty.wait_for_text("word8");
    pty.drop_line();
    assert_eq!(home.events().len(), 1, "the turn is in the log, once");

    let mut pty = Pty::open_at(&home, 100, 30, &[]);
    pty.wait_for("what can be gone on with", |screen| {
        screen.contains("speak slowly") && screen.contains("^X B")
    });
    pty.leader("B");
    pty.wait_for_text("word7");
    let screen = pty.settle();
    assert!(!screen.contains(words::LIVE), "{}", framed(&screen));
    pty.send("c");
    pty.wait_for("more of the answer", |screen| screen.contains(words::LIVE));
    pty.send(keys::CTRL_C);
    pty.wait_until_gone(words::LIVE);
    pty.quit();
}

#[test]
fn a_stopped_app_gives_the_terminal_back_and_goes_on_in_the_size_it_has_then() {
    let mut pty = Pty::open(&Home::with_model(&Mock::start(), "slow"), &[]);
    pty.say("speak slowly");
    pty.wait_for_text("word4");
    pty.suspend();
    pty.resize(60, 20);
    pty.signal("CONT");
    // What was said meanwhile waited in the connection.
    let screen = pty.wait_for("the rest of the answer", |screen| screen.contains("word40"));
    assert!(screen.contains("word39"), "{}", framed(&screen));
    pty.send(keys::CTRL_C);
    pty.wait_for("the end of the turn", |screen| shows(screen, words::STOPPED));
    let drawn = pty.settle();
    let before = pty.bytes().len();
    pty.leader("l");
    eventually("a redraw", || (pty.bytes().len() > before).then_some(()));
    assert_eq!(framed(&drawn), framed(&pty.settle()));
    pty.quit();
}
