//! `keyCommand`: a program that prints a key, such as `pass show openai` or `op read …`.

use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::Secret;
use crate::chat::{ErrorKind, Failure};
use crate::t;

const LIMIT: Duration = Duration::from_secs(10);
/// No key is longer.
const MAX_LINE: u64 = 64 << 10;

/// The first line that a command prints. It runs without a shell and without stdin; what it prints is never
/// repeated, on success or failure.
pub(super) fn run(words: &[String]) -> Result<Secret, Failure> {
    run_within(LIMIT, words)
}

fn run_within(limit: Duration, words: &[String]) -> Result<Secret, Failure> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(Failure::new(ErrorKind::Config, t!("keys-command-empty").into_string()));
    };
    let failed = |message: crate::text::Safe| {
        Failure::new(ErrorKind::Auth, message.into_string())
            .with_next_step(t!("keys-command-step", program = program.as_str()).into_string())
    };
    let deadline = Instant::now() + limit;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| {
            failed(t!("keys-command-start", program = program.as_str(), reason = error.to_string()))
        })?;
    let line = first_line(&mut child);
    let Some(status) = wait(&mut child, deadline) else {
        return Err(failed(t!("keys-command-slow", program = program.as_str(), seconds = limit.as_secs())));
    };
    if !status.success() {
        let code = status.code().map_or_else(|| status.to_string(), |code| code.to_string());
        return Err(failed(t!("keys-command-failed", program = program.as_str(), code = code)));
    }
    let left = deadline.saturating_duration_since(Instant::now());
    let line = line.recv_timeout(left).unwrap_or_default();
    let key = line.trim();
    if key.is_empty() {
        return Err(failed(t!("keys-command-nothing", program = program.as_str())));
    }
    Ok(Secret::new(key.to_owned()))
}

/// The first line, when it comes. The rest is read away, so that the command does not die of a closed pipe.
fn first_line(child: &mut Child) -> mpsc::Receiver<Zeroizing<String>> {
    let (sender, receiver) = mpsc::sync_channel(1);
    if let Some(stdout) = child.stdout.take() {
        thread::spawn(move || {
            let mut reader = BufReader::new(stdout);
            let mut line = Zeroizing::new(Vec::new());
            // Without a whole line there is nothing to send, and the caller says so.
            let _ = reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut line);
            let _ = sender.send(Zeroizing::new(String::from_utf8_lossy(&line).into_owned()));
            let _ = io::copy(&mut reader, &mut io::sink());
        });
    }
    receiver
}

/// The command's end; `None` where it took too long and was killed.
fn wait(child: &mut Child, deadline: Instant) -> Option<ExitStatus> {
    const PAUSE: Duration = Duration::from_millis(5);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < deadline => thread::sleep(PAUSE),
            Ok(None) | Err(_) => {
                // Already gone is as good as killed.
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(limit: Duration, script: &str) -> Result<String, String> {
        let words = ["sh", "-c", script].map(ToOwned::to_owned);
        run_within(limit, &words).map(|key| key.expose().to_owned()).map_err(|failure| failure.message)
    }

    #[test]
    fn the_key_is_the_first_line_however_much_follows_and_stdin_is_closed() {
        assert_eq!(shell(LIMIT, "cat; echo sk-1; yes | head -c 1000000"), Ok("sk-1".to_owned()));
        assert_eq!(shell(LIMIT, "printf sk-1"), Ok("sk-1".to_owned()));
    }

    #[test]
    fn a_command_that_prints_nothing_or_never_ends_gives_no_key() {
        let nothing = "the keyCommand sh printed no key on its first line";
        assert_eq!(shell(LIMIT, "echo; echo sk-1"), Err(nothing.to_owned()));
        assert_eq!(shell(LIMIT, "true"), Err(nothing.to_owned()));
        let slow = "the keyCommand sh did not end within 0 seconds";
        assert_eq!(shell(Duration::from_millis(50), "exec sleep 60"), Err(slow.to_owned()));
    }
}
