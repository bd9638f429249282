//! Files a person saves to, and commands a person runs, with a text of the conversation in them.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::app::Message;
use crate::app::effect::Replace;
use crate::app::message::{NotSaved, Piped};
use crate::app::pane::PaneId;
use crate::runtime::clipboard::Surroundings;
use crate::runtime::paste;
use crate::t;
use crate::text::{Safe, sanitise};

use super::Effects;

/// How long a command may run.
const LIMIT: Duration = Duration::from_secs(60);
/// The most that is read of what it says, in bytes.
const MOST: u64 = 1 << 20;

impl Effects {
    pub(super) fn save_file(&self, path: String, text: Safe, replace: Replace) {
        self.spawn_blocking(move || {
            let result = save(&path, &text, replace);
            Some(Message::Saved { path, text, result })
        });
    }

    pub(super) fn read_clipboard(&self, pane: PaneId) {
        let surroundings = Surroundings::detect(|name| std::env::var(name).ok());
        self.spawn_blocking(move || Some(Message::ClipboardRead { pane, result: paste::read(surroundings) }));
    }

    pub(super) fn pipe(&self, command: String, text: Safe) {
        self.spawn(async move {
            let ran = tokio::time::timeout(LIMIT, run(&command, &text)).await;
            let late = || Err(io::Error::other(t!("app-too-slow", seconds = LIMIT.as_secs()).into_string()));
            let (output, result) = match ran.unwrap_or_else(|_| late()) {
                Ok((output, code)) => (output, Ok(code)),
                Err(error) => (Safe::default(), Err(error.to_string())),
            };
            Some(Message::Piped(Piped { command, output, result }))
        });
    }
}

/// A path as a person writes it: `~/` is their home.
fn expanded(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
        (Some(_), None) | (None, _) => PathBuf::from(path),
    }
}

fn save(path: &str, text: &Safe, replace: Replace) -> Result<String, NotSaved> {
    let (mut file, path) = create(path, replace)?;
    file.write_all(text.as_str().as_bytes()).map_err(|error| NotSaved::Failed(error.to_string()))?;
    Ok(path)
}

/// Creates a file that a person named. Returns its whole path, too.
pub(super) fn create(path: &str, replace: Replace) -> Result<(File, String), NotSaved> {
    let path = expanded(path);
    let mut options = OpenOptions::new();
    match replace {
        Replace::Refused => options.write(true).create_new(true),
        Replace::Allowed => options.write(true).create(true).truncate(true),
    };
    let file = options.open(&path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => NotSaved::Exists,
        _ => NotSaved::Failed(error.to_string()),
    })?;
    Ok((file, path.to_string_lossy().into_owned()))
}

/// Runs a command line with a text as its input. Returns what it said, and its exit code; -1 for a signal.
async fn run(command: &str, text: &Safe) -> io::Result<(Safe, i32)> {
    let shell =
        std::env::var_os("SHELL").filter(|shell| !shell.is_empty()).unwrap_or_else(|| "/bin/sh".into());
    let mut child = tokio::process::Command::new(shell)
        .arg("-c")
        .arg(command)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let (input, output, errors) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let write = async {
        if let Some(mut input) = input {
            // A command may stop reading when it has enough.
            let _ = input.write_all(text.as_str().as_bytes()).await;
        }
    };
    let (mut said, mut complained) = (Vec::new(), Vec::new());
    let read = async {
        if let Some(output) = output {
            output.take(MOST).read_to_end(&mut said).await?;
        }
        io::Result::Ok(())
    };
    let read_errors = async {
        if let Some(errors) = errors {
            errors.take(MOST).read_to_end(&mut complained).await?;
        }
        io::Result::Ok(())
    };
    let ((), read, read_errors) = tokio::join!(write, read, read_errors);
    read.and(read_errors)?;
    let status = child.wait().await?;
    said.extend(complained);
    Ok((sanitise(&String::from_utf8_lossy(&said)), status.code().unwrap_or(-1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_written_and_another_one_is_not_replaced_unasked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("code.rs").to_string_lossy().into_owned();
        assert_eq!(save(&path, &sanitise("one"), Replace::Refused), Ok(path.clone()));
        assert_eq!(save(&path, &sanitise("two"), Replace::Refused), Err(NotSaved::Exists));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one");
        assert_eq!(save(&path, &sanitise("two"), Replace::Allowed), Ok(path.clone()));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "two");
        let nowhere = folder.path().join("none/x").to_string_lossy().into_owned();
        assert!(matches!(save(&nowhere, &sanitise("x"), Replace::Refused), Err(NotSaved::Failed(_))));
    }

    #[tokio::test]
    async fn a_command_gets_the_text_as_its_input_and_says_how_it_ended() {
        let text = sanitise("$(echo no) `no` one\ntwo\n");
        assert_eq!(run("cat", &text).await.unwrap(), (text.clone(), 0));
        assert_eq!(
            run("head -n 1 >/dev/null; echo bad >&2; exit 3", &text).await.unwrap(),
            (sanitise("bad\n"), 3)
        );
        let long = sanitise(&"x".repeat(1 << 20));
        assert_eq!(run("true", &long).await.unwrap(), (Safe::default(), 0));
    }
}
