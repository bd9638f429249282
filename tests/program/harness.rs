//! The harness itself: a test that stands on something broken proves nothing.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::support::mock::{ALICE, EMOJI, PLAIN};
use super::support::pty::keys;
use super::support::{HOSTILE, Home, KEY, Mock, Pty, hostile_remains};

/// Everything a server says to one request, until it closes or goes quiet.
fn raw(mock: &Mock, head: &str, body: &str) -> Vec<u8> {
    let address = mock.root().replace("http://", "");
    let mut stream = TcpStream::connect(&address).expect("the mock listens");
    stream.set_read_timeout(Some(Duration::from_millis(400))).expect("a limit can be set");
    let request = format!("{head}\r\nhost: {address}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes()).expect("the mock reads");
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        answer.extend_from_slice(&buffer[..count]);
    }
    answer
}

fn chat(mock: &Mock, model: &str) -> String {
    let body =
        format!(r#"{{"model":"{model}","stream":true,"messages":[{{"role":"user","content":"hi"}}]}}"#);
    let head = format!("POST /v1/chat/completions HTTP/1.1\r\nauthorization: Bearer {KEY}");
    String::from_utf8_lossy(&raw(mock, &head, &body)).into_owned()
}

#[test]
fn the_mock_streams_and_remembers_what_it_was_asked() {
    let mock = Mock::start();
    let answer = chat(&mock, "plain");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.ends_with("data: [DONE]\n\n\r\n0\r\n\r\n"), "{answer}");
    let asked = mock.chat();
    assert_eq!((asked.key(), asked.text("model")), (KEY, "plain"));
    assert_eq!(asked.messages(), [("user", "hi")]);
}

#[test]
fn the_mock_answers_whole_where_no_stream_is_asked_for() {
    let mock = Mock::start();
    let body = r#"{"model":"plain","messages":[]}"#;
    let answer = raw(&mock, "POST /v1/chat/completions HTTP/1.1", body);
    let answer = String::from_utf8(answer).expect("UTF-8");
    assert!(answer.contains(&format!("\"content\":\"{PLAIN}\"")), "{answer}");
}

#[test]
fn each_key_has_its_list() {
    let mock = Mock::start();
    let list = |key: &str| {
        let head = format!("GET /v1/models HTTP/1.1\r\nauthorization: Bearer {key}");
        String::from_utf8_lossy(&raw(&mock, &head, "")).into_owned()
    };
    assert!(list(ALICE).contains("alice-large"));
    assert!(!list(KEY).contains("alice-large"));
}

#[test]
fn a_cut_chunk_is_announced_and_not_finished() {
    let answer = chat(&Mock::start(), "cut");
    assert!(answer.contains("\r\n1000\r\n"), "{answer}");
    assert!(!answer.ends_with("0\r\n\r\n"), "{answer}");
}

#[test]
fn the_second_try_succeeds_where_the_first_was_one_too_many() {
    let mock = Mock::start();
    assert!(chat(&mock, "err-429-once").starts_with("HTTP/1.1 429 "));
    assert!(chat(&mock, "err-429-once").starts_with("HTTP/1.1 200 "));
}

#[test]
fn emoji_arrive_byte_by_byte() {
    let answer = chat(&Mock::start(), "emoji");
    assert!(!answer.contains(EMOJI), "the text came in one piece");
    assert!(answer.matches("\r\n1\r\n").count() > EMOJI.len(), "{answer}");
}

#[test]
fn hostile_text_is_recognised_and_ordinary_text_is_not() {
    assert_eq!(hostile_remains(HOSTILE.as_bytes()).len(), 8);
    assert_eq!(hostile_remains(b"\x1b[2J\x1b[Hplain text\x1b[31m"), [""; 0]);
}

#[test]
fn a_terminal_has_its_size_from_the_start_and_shows_what_was_typed() {
    let home = Home::bare();
    let mut pty =
        Pty::spawn(&home, "sh", 61, 17, &["-c", "stty size; read line; echo \"got $line\"; exit 3"]);
    pty.wait_for_text("17 61");
    pty.send("hello");
    pty.send(keys::ENTER);
    pty.wait_for_text("got hello");
    assert_eq!(pty.wait_for_exit(), 3);
    assert_eq!(pty.left_behind(), [""; 0]);
}

#[test]
fn a_terminal_left_in_disorder_is_noticed() {
    let home = Home::bare();
    let script = "stty raw -echo; printf '\\033[?1049h\\033[?25l\\033[?2004hdone'; kill -STOP $$";
    let pty = Pty::spawn(&home, "sh", 40, 12, &["-c", script]);
    pty.wait_for_text("done");
    assert_eq!(
        pty.left_behind(),
        [
            "the alternate screen is still on",
            "the cursor is hidden",
            "bracketed paste is still on",
            "the terminal is still in raw mode",
        ]
    );
}

#[test]
fn a_resize_reaches_the_program() {
    let home = Home::bare();
    let pty = Pty::spawn(
        &home,
        "sh",
        40,
        12,
        &["-c", "trap 'stty size' WINCH; echo on; while :; do sleep 0.1; done"],
    );
    pty.wait_for_text("on");
    pty.resize(71, 23);
    pty.wait_for_text("23 71");
}

#[test]
fn a_program_that_never_speaks_fails_the_wait_and_shows_its_screen() {
    let home = Home::bare();
    let pty = Pty::spawn(&home, "sh", 40, 12, &["-c", "echo visible; sleep 30"]);
    pty.wait_for_text("visible");
    let start = Instant::now();
    let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        pty.wait_at_most(Duration::from_millis(50), "what never comes", |_| false)
    }));
    let message = failed.expect_err("the wait fails");
    let message = message.downcast_ref::<String>().expect("a message");
    assert!(message.contains("what never comes") && message.contains("visible"), "{message}");
    assert!(start.elapsed() < Duration::from_secs(10));
}
