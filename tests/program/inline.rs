//! The app on the shell's own screen: what is said is the terminal's, and an area below it is the app's.

use super::support::mock::SLOW_WORDS;
use super::support::pty::{framed, keys};
use super::support::words;
use super::support::{Home, Mock, Pty};

/// Everything there is, what was scrolled out of the screen too.
fn all(pty: &Pty) -> String {
    format!("{}{}", pty.scrolled_back(), pty.screen())
}

fn spoken(text: &str) -> Vec<String> {
    let is_spoken =
        |word: &&str| word.strip_prefix("word").is_some_and(|number| number.parse::<u32>().is_ok());
    text.split_whitespace().filter(is_spoken).map(str::to_owned).collect()
}

fn expected() -> Vec<String> {
    (0..SLOW_WORDS).map(|word| format!("word{word}")).collect()
}

#[test]
fn an_answer_is_in_what_is_scrolled_back_to_once_with_the_area_below_it_and_stays_there() {
    for (columns, rows) in [(40, 12), (80, 24)] {
        let home = Home::with_model(&Mock::start(), "slow");
        let mut pty = Pty::open_at(&home, columns, rows, &["--inline"]);
        assert!(!pty.look(vt100::Screen::alternate_screen));
        pty.say("speak slowly");
        pty.wait_for_text("word5");
        // A list takes the whole screen, and gives it back.
        pty.send(keys::CTRL_P);
        pty.wait_for_text("/model");
        assert!(pty.look(vt100::Screen::alternate_screen));
        pty.send(keys::ESC);
        pty.wait_for("the area again", |screen| !screen.contains("/model") && screen.contains("word5"));
        assert!(!pty.look(vt100::Screen::alternate_screen));
        pty.wait_for_text(&format!("word{}", SLOW_WORDS - 1));
        pty.wait_until_gone(words::LIVE);
        let shown = pty.settle();
        assert!(shown.lines().last().is_some_and(|row| row.contains(words::READY)), "{}", framed(&shown));
        pty.say("and again");
        pty.wait_for_text("word3");
        pty.leader("q");
        assert_eq!(pty.wait_for_exit(), 0);
        assert_eq!(pty.left_behind(), [""; 0]);
        let left = all(&pty);
        let said = spoken(&left);
        assert_eq!(said[..SLOW_WORDS], expected(), "{}", framed(&left));
        let rest = &said[SLOW_WORDS..];
        assert_eq!(rest, &expected()[..rest.len()], "{}", framed(&left));
        assert_eq!(left.matches("speak slowly").count(), 1, "{}", framed(&left));
        assert!(!left.contains(words::READY), "{}", framed(&left));
        let (row, column) = pty.look(vt100::Screen::cursor_position);
        let below = pty.screen().lines().count();
        // The empty row at the end of an answer is above the shell's prompt.
        assert!(column == 0 && usize::from(row) <= below + 1, "{row} {below} {}", framed(&left));
    }
}

#[test]
fn what_was_configured_and_opened_is_printed_with_its_title() {
    let home = Home::with_config("ui: {inline: true}\n");
    let mut pty = Pty::open(&home, &[]);
    pty.say("hello there");
    pty.wait_until_gone(words::LIVE);
    pty.leader("q");
    assert_eq!(pty.wait_for_exit(), 0);
    let pty = Pty::open(&home, &["-c"]);
    let screen = pty.wait_for_text("── hello there ──");
    assert!(screen.contains("▏you\n   hello there\n"), "{}", framed(&screen));
    pty.quit();
}

#[test]
fn it_is_stopped_and_continued_on_a_window_of_another_size() {
    let mut pty = Pty::open(&Home::with_model(&Mock::start(), "slow"), &["--inline"]);
    pty.say("speak slowly");
    pty.wait_for_text("word4");
    pty.suspend();
    pty.resize(60, 20);
    pty.signal("CONT");
    pty.wait_for_text("word40");
    pty.send(keys::CTRL_C);
    pty.wait_until_gone(words::LIVE);
    let said = spoken(&all(&pty));
    assert_eq!(said, expected()[..said.len()]);
    pty.quit();
}
