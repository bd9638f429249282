//! The prompt as it is written on a terminal: pastes, vi's keys, prompts of before, files, and what a crash leaves.

use super::support::mock::PLAIN;
use super::support::pty::keys;
use super::support::{Home, Mock, Pty, eventually};

/// A paste between brackets.
fn pasted(text: &str) -> String {
    format!("\u{1b}[200~{text}\u{1b}[201~")
}

#[test]
fn a_paste_without_brackets_is_not_sent_by_its_newlines() {
    let mock = Mock::start();
    let mut pty = Pty::open(&Home::of(&mock), &[]);
    pty.wait_for_text("F1");
    pty.send("fn main() {\r\tprintln!();\r}\r");
    pty.wait_for("all of its lines", |screen| {
        screen.contains("fn main() {") && screen.contains("println!();")
    });
    pty.settle();
    assert_eq!(mock.chats().len(), 0);
    pty.send("done");
    pty.wait_for_text("done");
    pty.send(keys::ENTER);
    pty.wait_for_text(PLAIN);
    assert_eq!(mock.chat().messages(), [("user", "fn main() {\n\tprintln!();\n}\ndone")]);
    pty.quit();
}

#[test]
fn a_megabyte_is_pasted_at_once_shown_folded_and_sent_whole() {
    let line = "2026-11-21T12:00:00Z INFO a line of a log, long as they are\n";
    let text = line.repeat(1_000_000 / line.len());
    let mock = Mock::start();
    let mut pty = Pty::open(&Home::of(&mock), &[]);
    pty.wait_for_text("F1");
    pty.send("what is wrong? ");
    pty.wait_for_text("what is wrong?");
    pty.send(&pasted(&text));
    pty.wait_for_text("[paste: ");
    pty.send(keys::ENTER);
    // It is more than the model takes, and a person may want it sent all the same.
    pty.wait_for_text("send it as it is");
    pty.send(keys::ENTER);
    pty.wait_until_gone("[paste: ");
    pty.wait_for_text(PLAIN);
    assert_eq!(mock.chat().messages(), [("user", format!("what is wrong? {text}").as_str())]);
    pty.quit();
}

#[test]
fn a_folded_paste_is_still_folded_after_a_crash() {
    let home = Home::of(&Mock::start());
    let mut pty = Pty::open(&home, &[]);
    pty.wait_for_text("F1");
    pty.send(&pasted(&"a line\n".repeat(900)));
    pty.wait_for_text("[paste: ");
    pty.send("and a word");
    pty.wait_for_text("and a word");
    // A draft is stored a moment after it was written: what is not yet on disk is lost.
    eventually("the draft on disk", || home.has_stored("and a word").then_some(()));
    pty.signal("KILL");
    pty.wait_for_exit();
    let pty = Pty::open(&home, &[]);
    pty.wait_for("the draft", |screen| screen.contains("[paste: 6.3 kB") && screen.contains("and a word"));
    pty.quit();
}

#[test]
fn vi_keys_change_the_prompt_where_they_are_asked_for() {
    let mock = Mock::start();
    let mut pty = Pty::open(&Home::of(&mock), &[]);
    pty.leader("j");
    pty.wait_for_text("insert");
    pty.send("one two three");
    pty.wait_for_text("one two three");
    pty.send(keys::ESC);
    pty.wait_for_text("normal");
    pty.send("0wcwTWO");
    pty.wait_for_text("one TWO three");
    pty.send(keys::ESC);
    pty.wait_for_text("normal");
    pty.send("w.u");
    pty.wait_for_text("one TWO three");
    pty.send("dd");
    pty.wait_until_gone("TWO");
    pty.send("u");
    pty.wait_for_text("one TWO three");
    pty.send(keys::ENTER);
    pty.wait_for_text(PLAIN);
    assert_eq!(mock.chat().messages(), [("user", "one TWO three")]);
    // The cursor has its own shape again.
    assert!(pty.bytes().windows(5).any(|bytes| bytes == b"\x1b[2 q"));
    pty.quit();
}

#[test]
fn a_prompt_of_before_is_found_while_one_types() {
    let mut pty = Pty::open(&Home::of(&Mock::start()), &[]);
    pty.say("tell me of figs");
    pty.wait_for_text(PLAIN);
    pty.settle();
    pty.send("\u{12}");
    pty.wait_for_text("^R older");
    pty.send("FIGS");
    pty.wait_for_text("no prompt holds that");
    pty.send(&"\u{7f}".repeat(4));
    pty.send("figs");
    pty.wait_for("it twice", |screen| screen.matches("tell me of figs").count() >= 2);
    pty.send(keys::ENTER);
    pty.wait_until_gone("^R older");
    pty.wait_for("it in the composer", |screen| screen.contains("› tell me of figs"));
    pty.quit();
}

#[test]
fn a_file_is_chosen_and_sent_as_the_flag_sends_it() {
    let mock = Mock::start();
    let home = Home::of(&mock);
    std::fs::write(home.path().join("orchard.md"), "two trees\n").expect("a file can be written");
    let mut pty = Pty::open(&home, &[]);
    pty.wait_for_text("F1");
    pty.send("how many? @orch");
    pty.wait_for("the file offered", |screen| screen.contains("orchard.md"));
    pty.send("\t");
    pty.wait_for_text("[orchard.md: 10 B, 1 line]");
    pty.send(keys::ENTER);
    pty.wait_for_text(PLAIN);
    let said = "how many? orchard.md \n\n```orchard.md\ntwo trees\n```";
    assert_eq!(mock.chat().messages(), [("user", said)]);
    pty.quit();
}
