//! Keys as a person meets them: what the terminal sends is shown, and a changed configuration is taken up while
//! the app runs.

use std::fs;
use std::time::Duration;

use super::support::mock::{Mock, PLAIN};
use super::support::pty::keys;
use super::support::tmux::Tmux;
use super::support::{Home, Pty, words};

/// As editors do it: another file takes the place.
fn replace(home: &Home, yaml: &str) {
    let file = home.config_file();
    let other = file.with_extension("new");
    fs::write(&other, yaml).expect("a file can be written");
    fs::rename(&other, &file).expect("a file can be renamed");
}

#[test]
fn a_changed_configuration_is_taken_up_while_an_answer_streams_and_a_draft_stands() {
    let mock = Mock::start();
    let config = Home::config(&mock).replace("model: plain}", "model: slow}");
    let home = Home::of(&mock);
    replace(&home, &config);
    let mut pty = Pty::open_at(&home, 100, 30, &[]);
    pty.say("go on for long");
    pty.wait_for_text("word3");
    pty.send("a draft that stays");
    pty.wait_for_text("a draft that stays");

    replace(&home, &format!("{config}keymap: {{anywhere: {{f5: usage}}}}\n"));
    pty.wait_for_text(words::CONFIG_TAKEN);
    replace(&home, &format!("{config}keymap: {{anywhere: {{f5: nonesuch}}}}\nui: {{them: none}}\n"));
    let screen = pty.wait_for_text(words::CONFIG_REFUSED);
    assert!(screen.contains("loquat.yaml:12:6: unknown key"), "{screen}");
    // The one before it holds.
    pty.send("\u{1b}[15~");
    pty.wait_for_text(words::USAGE);
    pty.send(keys::ESC);
    pty.wait_for_text("a draft that stays");
    replace(&home, &format!("{config}keymap: {{anywhere: {{f6: help}}}}\n"));
    pty.wait_for_text(words::CONFIG_TAKEN);
    pty.send("\u{1b}[17~");
    pty.wait_for_text(words::HELP);
    pty.send(keys::ESC);

    let screen =
        pty.wait_at_most(Duration::from_secs(60), "the whole answer", |screen| screen.contains("word199"));
    assert!(screen.contains("a draft that stays"), "{screen}");
    // What watches costs nothing once all is quiet.
    pty.settle();
    assert_eq!(pty.bytes_within(Duration::from_millis(600)), 0);
    pty.send(keys::CTRL_C);
    pty.wait_until_gone("a draft that stays");
    pty.quit();
}

#[test]
fn the_configuration_is_read_again_when_asked_for() {
    let home = Home::of(&Mock::start());
    let mut pty = Pty::open(&home, &[]);
    pty.leader("J");
    pty.wait_for_text(words::CONFIG_SAME);
    pty.quit();
}

#[test]
fn keys_debug_shows_what_the_terminal_sends_and_gives_the_terminal_back() {
    let home = Home::of(&Mock::start());
    let mut pty = Pty::app(&home, 120, 40, &["keys-debug"]);
    pty.wait_for_text("xterm-256color");
    pty.wait_for_text("twice leaves");
    pty.send("\u{1b}[A");
    pty.wait_for_text("1b 5b 41           ESC [ A        up           transcript: line-up");
    pty.send("\n");
    pty.wait_for_text("ctrl-j       composer: newline");
    pty.send(keys::CTRL_X);
    pty.wait_for_text("ctrl-x       anywhere: begins");
    pty.send("m");
    pty.wait_for_text("ctrl-x m     anywhere: model");
    pty.send("\u{1b}[200~pasted\u{1b}[201~");
    pty.wait_for_text("paste of 6 characters");
    pty.send("\u{1b}[?1u\u{1b}[?62c");
    pty.wait_for_text("flags 1");
    pty.send("q");
    pty.wait_for_text("once more to leave");
    pty.send("q");
    assert_eq!(pty.wait_for_exit(), 0);
    assert_eq!(pty.left_behind(), [""; 0]);
}

#[test]
fn keys_debug_is_left_by_ctrl_c_twice_and_on_a_signal_and_gives_the_terminal_back() {
    let home = Home::of(&Mock::start());
    let mut pty = Pty::app(&home, 120, 40, &["keys-debug"]);
    pty.wait_for_text("twice leaves");
    pty.send(keys::CTRL_C);
    pty.wait_for_text("once more to leave");
    pty.send(keys::CTRL_C);
    assert_eq!(pty.wait_for_exit(), 0);
    assert_eq!(pty.left_behind(), [""; 0]);

    let mut pty = Pty::app(&home, 120, 40, &["keys-debug"]);
    pty.wait_for_text("twice leaves");
    pty.signal("TERM");
    assert_eq!(pty.wait_for_exit(), 143);
    assert_eq!(pty.left_behind(), [""; 0]);
}

/// How tmux is told to hand on keys with modifiers to who asks for them.
const EXTENDED: &str = "set -s extended-keys on\n";

#[test]
fn in_tmux_shift_enter_begins_a_line() {
    let home = Home::of(&Mock::start());
    let Some(tmux) = Tmux::start(&home, EXTENDED, &[]) else {
        return println!("skipped: there is no tmux here");
    };
    tmux.wait_for("Mock");
    tmux.press(&["first", "S-Enter", "second"]);
    let screen = tmux.wait_for("second");
    let row = |text: &str| screen.lines().position(|line| line.contains(text));
    assert_eq!(row("first").map(|row| row + 1), row("second"), "{screen}");
    assert!(!screen.contains(PLAIN), "{screen}");
}

#[test]
fn in_tmux_keys_debug_shows_shift_enter() {
    let home = Home::of(&Mock::start());
    let Some(tmux) = Tmux::start(&home, EXTENDED, &["keys-debug"]) else {
        return println!("skipped: there is no tmux here");
    };
    tmux.wait_for("twice leaves");
    tmux.press(&["S-Enter"]);
    tmux.wait_for("shift-enter  composer: newline");
}

#[test]
fn keys_as_xterm_tells_them_are_read_and_not_asked_for_any_more_afterwards() {
    let home = Home::of(&Mock::start());
    let mut pty = Pty::open(&home, &[]);
    let wrote =
        |pty: &Pty, bytes: &[u8]| pty.bytes().windows(bytes.len()).filter(|part| *part == bytes).count();
    assert_eq!((wrote(&pty, b"\x1b[>4;1m"), wrote(&pty, b"\x1b[>4m")), (1, 0));
    pty.send("one\u{1b}[27;2;13~two\u{1b}[27;2;32~\u{1b}[27;2;65~");
    let screen = pty.wait_for_text("two A");
    assert!(screen.lines().any(|line| line.contains("one") && !line.contains("two")), "{screen}");
    pty.suspend();
    assert_eq!(wrote(&pty, b"\x1b[>4m"), 1);
    pty.signal("CONT");
    pty.wait_for_text("two A");
    // In two pieces, as a slow line brings them.
    pty.send("\u{1b}[27;2;");
    pty.send("13~three");
    pty.wait_for_text("three");
    pty.send(keys::CTRL_C);
    pty.wait_until_gone("three");
    pty.leader("q");
    assert_eq!(pty.wait_for_exit(), 0);
    assert_eq!(pty.left_behind(), [""; 0]);
    assert_eq!((wrote(&pty, b"\x1b[>4;1m"), wrote(&pty, b"\x1b[>4m")), (2, 2));

    let mut pty = Pty::app(&home, 120, 40, &["keys-debug"]);
    pty.wait_for_text("twice leaves");
    pty.send("\u{1b}[27;2;13~");
    pty.wait_for_text("ESC [ 2 7 ; 2 ; 1 3 ~ shift-enter  composer: newline");
    pty.send("q");
    pty.send("q");
    assert_eq!(pty.wait_for_exit(), 0);
}

#[test]
fn keys_debug_needs_a_terminal() {
    for arguments in [&["keys-debug"][..], &["keys-debug", "--json"]] {
        let outcome = Home::bare().run(arguments).exits(2);
        assert!(outcome.stderr.contains("needs a terminal"), "{}", outcome.stderr);
    }
}

#[test]
fn problems_of_keys_are_told_with_their_places_by_config_check() {
    let home = Home::with_config(
        "keymap:\n  anywhere:\n    f5: usage\n    F5: quit\n    ctrl-b: help\n  composer:\n    f5 a: quit\n",
    );
    let outcome = home.run(&["config", "check"]).exits(3);
    let told = outcome.text();
    for part in [
        "loquat.yaml:4:5: error: \"F5\" names no keys",
        "loquat.yaml:5:5: warning: ctrl-b does not",
        "loquat.yaml:7:5: error: F5 a (quit)",
    ] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
}
