//! The prompt of a one-shot: from `--prompt`, from stdin, with files (contracts section 3, "stdin").

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use super::args::TurnArgs;
use super::out::Out;
use crate::t;
use crate::text::Safe;

/// How long an inherited pipe that says nothing is waited for when there is a prompt already.
const IDLE_STDIN: Duration = Duration::from_secs(2);

/// What a run is asked to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A one-shot with this prompt.
    OneShot(String),
    /// The app.
    App,
}

/// Reads what the flags and stdin ask for.
///
/// # Errors
/// A message for stderr, where a file or stdin cannot be read or there is nothing to ask.
pub fn wanted(args: &TurnArgs, out: &Out) -> Result<Wanted, Safe> {
    let files = args.files.iter().map(|path| file_block(path)).collect::<Result<Vec<_>, _>>()?;
    let piped = !args.no_stdin && stdin_has_data_kind();
    let instruction = match (args.prompt.as_deref(), piped) {
        (Some("-"), _) if args.no_stdin => return Err(t!("cli-stdin-forbidden")),
        (Some("-"), _) => read_stdin()?,
        (Some(text), false) => text.to_owned(),
        (Some(text), true) => match read_stdin_if_it_speaks()? {
            Spoken::Text(data) if data.is_empty() => text.to_owned(),
            Spoken::Text(data) => format!("{text}\n\n{}", fenced("stdin", &data)),
            Spoken::Silent => {
                out.note(&t!("cli-stdin-silent"));
                text.to_owned()
            }
        },
        (None, true) => read_stdin()?,
        (None, false) if args.asks_for_one_shot() => return Err(t!("cli-no-prompt")),
        (None, false) => return Ok(Wanted::App),
    };
    let prompt = std::iter::once(instruction).chain(files).collect::<Vec<_>>().join("\n\n");
    if prompt.trim().is_empty() {
        return Err(t!("cli-empty-prompt"));
    }
    Ok(Wanted::OneShot(prompt))
}

impl TurnArgs {
    /// Whether flags were given that only a one-shot has.
    fn asks_for_one_shot(&self) -> bool {
        self.json || self.jsonl || self.no_stream || self.no_save || self.fork || !self.files.is_empty()
    }
}

/// Whether stdin is something that carries data by itself: a pipe, a socket or a file. A terminal is typed
/// into, and /dev/null has nothing to say.
fn stdin_has_data_kind() -> bool {
    if io::stdin().is_terminal() {
        return false;
    }
    let Ok(stdin) = io::stdin().as_fd().try_clone_to_owned() else { return false };
    File::from(stdin).metadata().is_ok_and(|data| {
        let kind = data.file_type();
        kind.is_fifo() || kind.is_socket() || kind.is_file()
    })
}

fn read_stdin() -> Result<String, Safe> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| t!("cli-stdin-unreadable", error = error.to_string()))?;
    text_of(bytes, "stdin")
}

enum Spoken {
    Text(String),
    Silent,
}

/// Stdin to its end, if it gives a byte or ends in time. The reading thread is left behind where it does not:
/// it holds nothing but stdin, and the process will end.
fn read_stdin_if_it_speaks() -> Result<Spoken, Safe> {
    let (first_tx, first_rx) = mpsc::channel();
    let (all_tx, all_rx) = mpsc::channel();
    std::thread::spawn(move || {
        let mut stdin = io::stdin().lock();
        let mut bytes = vec![0; 1];
        let first = stdin.read(&mut bytes);
        let spoke = matches!(first, Ok(1));
        let _ = first_tx.send(());
        let read = first.and_then(|_| {
            bytes.truncate(usize::from(spoke));
            if spoke { stdin.read_to_end(&mut bytes).map(|_| bytes) } else { Ok(Vec::new()) }
        });
        let _ = all_tx.send(read);
    });
    if first_rx.recv_timeout(IDLE_STDIN).is_err() {
        return Ok(Spoken::Silent);
    }
    match all_rx.recv() {
        Ok(Ok(bytes)) => text_of(bytes, "stdin").map(Spoken::Text),
        Ok(Err(error)) => Err(t!("cli-stdin-unreadable", error = error.to_string())),
        Err(_) => Ok(Spoken::Silent),
    }
}

fn file_block(path: &Path) -> Result<String, Safe> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path)
        .map_err(|error| t!("cli-file-unreadable", file = name.as_str(), error = error.to_string()))?;
    text_of(bytes, &name).map(|text| fenced(&name, &text))
}

fn text_of(bytes: Vec<u8>, name: &str) -> Result<String, Safe> {
    String::from_utf8(bytes).map_err(|_| t!("cli-not-text", file = name))
}

/// `data` as a fenced block named `name`, its fence longer than any run of backticks in it.
fn fenced(name: &str, data: &str) -> String {
    let longest = data.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let name = name.replace(['\n', '`'], " ");
    let end = if data.ends_with('\n') { "" } else { "\n" };
    format!("{fence}{name}\n{data}{end}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_fenced_so_that_it_cannot_close_its_fence() {
        assert_eq!(fenced("stdin", "a\n"), "```stdin\na\n```");
        assert_eq!(fenced("x.md", "````\ncode\n````"), "`````x.md\n````\ncode\n````\n`````");
    }
}
