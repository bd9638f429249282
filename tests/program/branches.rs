//! Branches, panes and the way back to them: fixed scenarios, keys in, screen and stored tree out.

use super::support::orchard::{self, ORCHARD};
use super::support::pty::{framed, keys};
use super::support::words;
use super::support::{Home, Mock, Pty, eventually};

/// A conversation at the echo, of these prompts.
pub fn talked(home: &Home, columns: u16, rows: u16, prompts: &[&str]) -> Pty {
    let mut pty = Pty::open_at(home, columns, rows, &[]);
    for (at, prompt) in prompts.iter().enumerate() {
        pty.say(prompt);
        eventually("the answer", || (home.events().len() == at + 1).then_some(()));
        pty.wait_for("the echo", |screen| screen.matches(prompt).count() >= 2);
        pty.settle();
    }
    pty
}

pub fn echoing() -> (Mock, Home) {
    let mock = Mock::start();
    let home = Home::with_model(&mock, "echo");
    (mock, home)
}

/// What each message of the only conversation says: role, text, and the text of its parent.
pub fn told(home: &Home) -> Vec<(String, String, Option<String>)> {
    let conversations = home.conversations();
    let tree = home.tree(&conversations[0]["id"]);
    let text = |id: &serde_json::Value| {
        let found = tree.iter().find(|message| message["id"] == *id)?;
        Some(found["text"].as_str().unwrap_or_default().to_owned())
    };
    tree.iter()
        .map(|message| {
            let role = message["role"].as_str().unwrap_or_default().to_owned();
            (role, text(&message["id"]).unwrap_or_default(), text(&message["parent"]))
        })
        .collect()
}

#[test]
fn an_earlier_message_is_gone_on_from_in_a_pane_beside_and_both_branches_are_kept() {
    let (mock, home) = echoing();
    let mut pty = talked(&home, 160, 45, &["first question", "second question"]);
    pty.focus_transcript();
    // From the last answer up to the third message; in the pane beside, a sibling of it.
    pty.send("K");
    pty.send("o");
    pty.settle();
    pty.send("e");
    pty.settle();
    pty.send(keys::CTRL_U);
    pty.say("another question");
    let screen = pty.wait_for("both branches", |screen| {
        screen.matches("another question").count() >= 2 && screen.matches("second question").count() >= 2
    });
    assert!(screen.contains("⑂ 2"), "{}", framed(&screen));
    let sent = mock.chats();
    let last = sent.last().map(|chat| chat.messages().iter().map(|(_, text)| (*text).to_owned()).collect());
    assert_eq!(
        last,
        Some(vec!["first question".to_owned(), "first question".into(), "another question".into()])
    );
    pty.quit();
    let below_the_first_answer: Vec<String> = told(&home)
        .into_iter()
        .filter(|(role, _, parent)| role == "user" && parent.is_some())
        .map(|(_, text, _)| text)
        .collect();
    assert_eq!(below_the_first_answer, ["second question", "another question"]);
}

/// Two panes, a slow answer growing in each.
fn two_streams(home: &Home) -> Pty {
    let mut pty = Pty::open_at(home, 160, 40, &[]);
    pty.say("to the left");
    pty.wait_for_text("word3");
    pty.leader("w");
    pty.send("v");
    pty.leader("n");
    pty.say("to the right");
    pty
}

#[test]
fn two_panes_stream_at_once_and_each_is_stopped_for_itself() {
    let mock = Mock::start();
    let home = Home::with_model(&mock, "slow");
    let mut pty = two_streams(&home);
    pty.wait_for("both answers grow", |screen| screen.matches("word3").count() == 2);
    pty.send(keys::CTRL_C);
    pty.wait_for_text("stopped");
    let screen = pty.screen();
    assert_eq!(screen.matches("stopped").count(), 1, "{}", framed(&screen));
    pty.leader("1");
    pty.send(keys::CTRL_C);
    pty.wait_for("both are stopped", |screen| screen.matches("stopped").count() == 2);
    pty.quit();
    let ends: Vec<_> = home.events().iter().map(|event| event["status"].clone()).collect();
    assert_eq!(ends, ["cancelled", "cancelled"]);
}

#[test]
fn panes_their_branches_and_drafts_are_there_again_at_the_next_start() {
    let (_mock, home) = echoing();
    let mut pty = talked(&home, 160, 40, &["kept question"]);
    pty.leader("w");
    pty.send("s");
    pty.send("half a thought");
    pty.wait_for_text("half a thought");
    pty.leader("1");
    pty.settle();
    pty.quit();
    let mut pty = Pty::open_at(&home, 160, 40, &[]);
    pty.wait_for("both panes", |screen| screen.matches("kept question").count() >= 4);
    pty.leader("2");
    pty.wait_for_text("half a thought");
    pty.send(keys::CTRL_C);
    pty.leader("w");
    pty.send("c");
    pty.wait_for("one pane", |screen| screen.matches("kept question").count() < 4);
    pty.quit();
    // One pane is not kept: the app opens on a new conversation.
    let pty = Pty::open_at(&home, 160, 40, &[]);
    let screen = pty.settle();
    assert!(!screen.contains("kept question"), "{}", framed(&screen));
    pty.quit();
}

#[test]
fn killed_with_two_panes_nothing_of_either_is_lost() {
    let mock = Mock::start();
    let home = Home::with_model(&mock, "slow");
    let mut pty = two_streams(&home);
    pty.wait_for("both answers grow", |screen| screen.matches("word12").count() == 2);
    pty.signal("KILL");
    pty.wait_for_exit();
    let pty = Pty::open_at(&home, 160, 40, &[]);
    let screen = pty.wait_for("both answers", |screen| {
        screen.matches("word3").count() == 2 && screen.matches("cut off").count() == 2
    });
    assert!(screen.contains("to the left") && screen.contains("to the right"), "{}", framed(&screen));
    pty.quit();
}

#[test]
fn no_size_on_the_way_leaves_anything_behind() {
    let (_mock, home) = echoing();
    let mut pty = talked(
        &home,
        200,
        50,
        &["日本語 and 🌿 in a row that is long enough to be wrapped on a small screen"],
    );
    pty.leader("w");
    pty.send("v");
    pty.leader("w");
    pty.send("s");
    pty.settle();
    for (columns, rows) in [(40, 12), (80, 24), (41, 50), (200, 12), (200, 50)] {
        pty.resize(columns, rows);
        let screen = pty.settle();
        pty.send(keys::CTRL_L);
        assert_eq!(screen, pty.settle(), "{columns}x{rows}");
    }
    pty.quit();
}

#[test]
fn a_lane_that_was_given_up_is_found_again_by_its_words_and_is_there_at_the_next_start() {
    let (_orchard, home) = orchard::start();
    let mut pty = Pty::open_at(&home, 140, 40, &[]);
    for prompt in ["first question", "second question"] {
        pty.say(prompt);
        pty.wait_for("the answer", |screen| screen.contains(prompt) && !screen.contains(words::LIVE));
        pty.settle();
    }
    // From the third message on, three models are asked at once.
    pty.focus_transcript();
    pty.send("K");
    pty.send("e");
    pty.settle();
    pty.send(keys::CTRL_U);
    pty.send("another question");
    pty.wait_for_text("another question");
    pty.leader("a");
    pty.wait_for("the models", |screen| ORCHARD.iter().all(|(id, _)| screen.contains(id)));
    for (model, _) in ORCHARD {
        pty.send(model);
        pty.wait_for_text("1 of ");
        pty.send(" ");
        pty.wait_for_text("✓");
        pty.send(keys::CTRL_U);
        pty.wait_for("all models again", |screen| ORCHARD.iter().all(|(id, _)| screen.contains(id)));
    }
    pty.send(keys::ENTER);
    pty.wait_for("three lanes", |screen| ORCHARD.iter().all(|(_, said)| screen.contains(said)));
    pty.settle();
    // The second one is the way on.
    pty.send("l");
    pty.send("p");
    pty.wait_for("the second alone", |screen| {
        screen.contains(ORCHARD[1].1) && !screen.contains(ORCHARD[2].1) && screen.contains("‹2/3›")
    });
    // Beside the first one.
    pty.focus_transcript();
    pty.send("=");
    let screen = pty.wait_for_text(words::COMPARED);
    assert!(screen.contains(ORCHARD[0].1) && screen.contains(ORCHARD[1].1), "{}", framed(&screen));
    pty.send(keys::ESC);
    pty.wait_until_gone(words::COMPARED);
    // A fork of it is a conversation of its own.
    pty.send("f");
    pty.settle();
    pty.send(keys::ENTER);
    pty.wait_for_text("(fork)");
    eventually("two conversations", || (home.conversations().len() == 2).then_some(()));
    // A word of the lane that was given up leads back to it.
    pty.send(keys::ESC);
    pty.settle();
    pty.leader("/");
    pty.settle();
    pty.send("golden");
    pty.wait_for("the hit", |screen| screen.contains("hard and golden"));
    pty.send(keys::ENTER);
    pty.wait_for("its branch", |screen| screen.contains("‹3/3›") && !screen.contains("(fork)"));
    pty.quit();
    let pty = Pty::open_at(&home, 140, 40, &["-c"]);
    pty.wait_for("the same branch or the fork", |screen| {
        screen.contains(ORCHARD[2].1) || screen.contains("(fork)")
    });
    pty.quit();
}
