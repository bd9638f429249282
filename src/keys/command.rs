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
    let Some((program, arguments)) = words.split_first() else {
        return Err(Failure::new(ErrorKind::Config, t!("keys-command-empty").into_string()));
    };
    let failed = |message: crate::text::Safe| {
        Failure::new(ErrorKind::Auth, message.into_string())
            .with_next_step(t!("keys-command-step", program = program.as_str()).into_string())
    };
    let deadline = Instant::now() + LIMIT;
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
        return Err(failed(t!("keys-command-slow", program = program.as_str(), seconds = LIMIT.as_secs())));
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
