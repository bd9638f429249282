//! What every test here stands on: a scripted server, a home of one's own, a terminal that remembers.

pub mod home;
pub mod http;
pub mod mock;
pub mod orchard;
pub mod pty;
pub mod service;
pub mod tmux;
pub mod words;

pub use home::{Home, Outcome};
pub use mock::{KEY, Mock};
pub use pty::Pty;
pub use service::Service;

use std::time::{Duration, Instant};

/// How long a test waits for what must come, on a machine with other things to do.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Asks again and again until there is an answer; fails the test when none comes.
pub fn eventually<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(start.elapsed() < PATIENCE, "never came: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The sequences that text from outside may bring along, each of which a terminal would obey or a reader be
/// fooled by.
pub const HOSTILE: &str = "a\u{1b}[2Jb\u{1b}]0;owned\u{7}c\u{9b}31md\u{202e}e\u{2066}f\u{e0041}g\u{7f}h\u{8}i\rj\u{1b}P0;1|k\u{1b}\\l";

/// What must not be found in bytes that went to a terminal, whatever came from outside.
pub fn hostile_remains(bytes: &[u8]) -> Vec<&'static str> {
    const TRACES: [(&str, &[u8]); 8] = [
        ("the title was set", b"]0;owned"),
        ("the terminal was asked for a macro", b"\x1bP0;1|"),
        ("C1 CSI", "\u{9b}".as_bytes()),
        ("a bidi override", "\u{202e}".as_bytes()),
        ("a bidi isolate", "\u{2066}".as_bytes()),
        ("a tag character", "\u{e0041}".as_bytes()),
        ("DEL", b"\x7f"),
        ("text right after an escape that erases the screen", b"a\x1b[2Jb"),
    ];
    TRACES
        .into_iter()
        .filter(|(_, trace)| bytes.windows(trace.len()).any(|window| window == *trace))
        .map(|(what, _)| what)
        .collect()
}
