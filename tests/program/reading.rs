//! Reading on a terminal: a long answer stays at its beginning until it is followed; a branch is printed to what the
//! terminal scrolls back to.

use super::support::pty::{framed, keys};
use super::support::{Home, Pty, words};

#[test]
fn a_long_answer_stays_at_its_beginning_and_is_followed_by_a_key() {
    for (columns, rows) in [(40, 12), (80, 24), (200, 50)] {
        let mut pty = Pty::open_at(&Home::bare(), columns, rows, &[]);
        pty.say("a long answer");
        let screen = pty.wait_for("new lines below", |screen| screen.contains(words::NEW_LINES));
        assert!(screen.contains("a long answer"), "{}", framed(&screen));
        // The bar of the message that keys are about is no text.
        let top = |screen: &str| {
            let rows = screen.lines().skip(1).take(6).map(|row| row.replace(['▌', '▏'], " "));
            rows.map(|row| row.trim_end().to_owned()).collect::<Vec<_>>()
        };
        let first = top(&screen);
        pty.focus_transcript();
        pty.send("jk");
        let screen = pty.wait_for("more new lines", |now| now.contains(words::NEW_LINES) && *now != screen);
        assert_eq!(top(&screen), first);
        pty.send("G");
        pty.wait_for_text("40 of 40");
        pty.quit();
    }
}

#[test]
fn a_branch_is_printed_to_the_scrollback_and_the_app_comes_back() {
    let mut pty = Pty::open(&Home::bare(), &[]);
    pty.say("hello");
    pty.wait_for_text(words::NOT_A_MODEL);
    pty.send(keys::CTRL_C);
    pty.wait_for("the stopped answer", |screen| !screen.contains(words::LIVE));
    pty.leader("O");
    pty.settle();
    assert!(pty.look(vt100::Screen::alternate_screen));
    pty.wait_for_text(words::READY);
    pty.leader("q");
    assert_eq!(pty.wait_for_exit(), 0);
    assert_eq!(pty.left_behind(), [""; 0]);
    let kept = pty.scrolled_back();
    assert!(kept.contains("▏you\nhello\n"), "{}", framed(&kept));
    assert!(kept.contains("▏tour\n") || kept.contains("▏demo\n"), "{}", framed(&kept));
    assert!(!pty.screen().contains("hello"), "{}", framed(&pty.screen()));
}

#[test]
fn who_wants_it_finds_the_branch_above_the_prompt_after_leaving() {
    let mut pty = Pty::open(&Home::with_config("ui: {print_on_exit: true}\n"), &[]);
    pty.say("slow please");
    pty.wait_for_text(words::LIVE);
    pty.leader("q");
    assert_eq!(pty.wait_for_exit(), 0);
    assert_eq!(pty.left_behind(), [""; 0]);
    let left = pty.screen();
    assert!(left.contains("▏you\nslow please\n"), "{}", framed(&left));
}
