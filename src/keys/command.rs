//! Programs that print a key: `keyCommand`, such as `pass show openai` or `op read …`, and the
//! `credential_process` of an AWS profile.

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
const MAX_KEY: u64 = 64 << 10;

/// Where a command is named, which says how much of what it prints is the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setting {
    /// `keyCommand`: the first line.
    KeyCommand,
    /// `credential_process`: all of it.
    CredentialProcess,
}

impl Setting {
    /// The name by which the person wrote it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::KeyCommand => "keyCommand",
            Self::CredentialProcess => "credential_process",
        }
    }

    fn read(self, reader: &mut impl BufRead, key: &mut Vec<u8>) -> io::Result<usize> {
        match self {
            Self::KeyCommand => reader.take(MAX_KEY).read_until(b'\n', key),
            Self::CredentialProcess => reader.take(MAX_KEY).read_to_end(key),
        }
    }
}

/// The key that a command prints. It runs without a shell and without stdin; what it prints is never repeated, on
/// success or failure.
pub(super) fn run(setting: Setting, words: &[String]) -> Result<Secret, Failure> {
    run_within(LIMIT, setting, words)
}

fn run_within(limit: Duration, setting: Setting, words: &[String]) -> Result<Secret, Failure> {
    let setting_name = setting.name();
    let Some((program, arguments)) = words.split_first() else {
        let message = t!("keys-command-empty", setting = setting_name).into_string();
        return Err(Failure::new(ErrorKind::Config, message));
    };
    let failed = |message: crate::text::Safe| {
        let step = t!("keys-command-step", setting = setting_name, program = program.as_str());
        Failure::new(ErrorKind::Auth, message.into_string()).with_next_step(step.into_string())
    };
    let deadline = Instant::now() + limit;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| {
            failed(t!(
                "keys-command-start",
                setting = setting_name,
                program = program.as_str(),
                reason = error.to_string()
            ))
        })?;
    let key = printed(setting, &mut child);
    let Some(status) = wait(&mut child, deadline) else {
        return Err(failed(t!(
            "keys-command-slow",
            setting = setting_name,
            program = program.as_str(),
            seconds = limit.as_secs()
        )));
    };
    if !status.success() {
        let code = status.code().map_or_else(|| status.to_string(), |code| code.to_string());
        return Err(failed(t!(
            "keys-command-failed",
            setting = setting_name,
            program = program.as_str(),
            code = code
        )));
    }
    let left = deadline.saturating_duration_since(Instant::now());
    let key = key.recv_timeout(left).unwrap_or_default();
    let key = key.trim();
    if key.is_empty() {
        return Err(failed(t!("keys-command-nothing", setting = setting_name, program = program.as_str())));
    }
    Ok(Secret::new(key.to_owned()))
}

/// The key, when it comes. The rest is read away, so that the command does not die of a closed pipe.
fn printed(setting: Setting, child: &mut Child) -> mpsc::Receiver<Zeroizing<String>> {
    let (sender, receiver) = mpsc::sync_channel(1);
    if let Some(stdout) = child.stdout.take() {
        thread::spawn(move || {
            let mut reader = BufReader::new(stdout);
            let mut key = Zeroizing::new(Vec::new());
            // Without any there is nothing to send, and the caller says so.
            let _ = setting.read(&mut reader, &mut key);
            let _ = sender.send(Zeroizing::new(String::from_utf8_lossy(&key).into_owned()));
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
        told(limit, Setting::KeyCommand, script)
    }

    fn told(limit: Duration, setting: Setting, script: &str) -> Result<String, String> {
        let words = ["sh", "-c", script].map(ToOwned::to_owned);
        run_within(limit, setting, &words)
            .map(|key| key.expose().to_owned())
            .map_err(|failure| failure.message)
    }

    #[test]
    fn the_key_is_the_first_line_however_much_follows_and_stdin_is_closed() {
        assert_eq!(shell(LIMIT, "cat; echo sk-1; yes | head -c 1000000"), Ok("sk-1".to_owned()));
        assert_eq!(shell(LIMIT, "printf sk-1"), Ok("sk-1".to_owned()));
    }

    #[test]
    fn a_credential_process_may_take_several_lines_and_is_called_by_its_name() {
        let told = |script: &str| told(LIMIT, Setting::CredentialProcess, script);
        assert_eq!(told("printf '{\n}\n'"), Ok("{\n}".to_owned()));
        assert_eq!(told("exit 3"), Err("the credential_process sh ended with 3".to_owned()));
    }

    #[test]
    fn a_command_that_prints_nothing_or_never_ends_gives_no_key() {
        let nothing = "the keyCommand sh printed no key";
        assert_eq!(shell(LIMIT, "echo; echo sk-1"), Err(nothing.to_owned()));
        assert_eq!(shell(LIMIT, "true"), Err(nothing.to_owned()));
        let slow = "the keyCommand sh did not end within 0 seconds";
        assert_eq!(shell(Duration::from_millis(50), "exec sleep 60"), Err(slow.to_owned()));
    }
}
