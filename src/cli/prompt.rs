//! The prompt of a one-shot: from `--prompt`, from stdin, with files (contracts section 3, "stdin").

use std::fs::File;
use std::io::{self, BufRead, IsTerminal, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

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

/// Why there is nothing to ask.
#[derive(Debug, PartialEq, Eq)]
pub enum Unasked {
    /// A file or stdin cannot be read, or there is no prompt.
    Usage(Safe),
    /// Stdin did not end before the deadline.
    TimedOut,
}

impl From<Safe> for Unasked {
    fn from(message: Safe) -> Self {
        Self::Usage(message)
    }
}

/// Reads what the flags and stdin ask for, waiting for stdin until `deadline` at most.
///
/// # Errors
/// Where there is nothing to ask.
pub fn wanted(args: &TurnArgs, deadline: Option<Instant>, out: &Out) -> Result<Wanted, Unasked> {
    let files = args.files.iter().map(|path| file_block(path)).collect::<Result<Vec<_>, _>>()?;
    let piped = !args.no_stdin && stdin_has_data_kind();
    let instruction = match (args.prompt.as_deref(), piped) {
        (Some("-"), _) if args.no_stdin => return Err(t!("cli-stdin-forbidden").into()),
        (Some("-"), _) => read_stdin(deadline)?,
        (Some(text), false) => text.to_owned(),
        (Some(text), true) => match read_stdin_if_it_speaks(deadline)? {
            Spoken::Text(data) if data.is_empty() => text.to_owned(),
            Spoken::Text(data) => format!("{text}\n\n{}", fenced("stdin", &data)),
            Spoken::Silent => {
                out.note(&t!("cli-stdin-silent"));
                text.to_owned()
            }
        },
        (None, true) => read_stdin(deadline)?,
        (None, false) if args.asks_for_one_shot() => return Err(t!("cli-no-prompt").into()),
        (None, false) => return Ok(Wanted::App),
    };
    let prompt = std::iter::once(instruction).chain(files).collect::<Vec<_>>().join("\n\n");
    if prompt.trim().is_empty() {
        return Err(t!("cli-empty-prompt").into());
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

/// Stdin to its end.
fn read_stdin(deadline: Option<Instant>) -> Result<String, Unasked> {
    all_of(&Reading::start(), deadline)
}

enum Spoken {
    Text(String),
    Silent,
}

/// Stdin to its end, if it gives a byte or ends in time.
fn read_stdin_if_it_speaks(deadline: Option<Instant>) -> Result<Spoken, Unasked> {
    let reading = Reading::start();
    let patience = deadline.map_or(IDLE_STDIN, |deadline| IDLE_STDIN.min(left(deadline)));
    match reading.first.recv_timeout(patience) {
        Err(_) if patience < IDLE_STDIN => Err(Unasked::TimedOut),
        Err(_) => Ok(Spoken::Silent),
        Ok(()) => all_of(&reading, deadline).map(Spoken::Text),
    }
}

fn all_of(reading: &Reading, deadline: Option<Instant>) -> Result<String, Unasked> {
    let read = match deadline {
        Some(deadline) => reading.all.recv_timeout(left(deadline)).map_err(|_| Unasked::TimedOut)?,
        // The reader sends before it ends.
        None => reading.all.recv().unwrap_or_else(|_| Ok(Vec::new())),
    };
    let bytes = read.map_err(|error| t!("cli-stdin-unreadable", error = error.to_string()))?;
    Ok(text_of(bytes, "stdin")?)
}

fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

/// A thread that reads stdin. It is left behind where stdin does not end in time: it holds nothing but stdin,
/// and the process will end.
struct Reading {
    /// Told when stdin has given a byte or ended.
    first: mpsc::Receiver<()>,
    /// Everything, once it has ended.
    all: mpsc::Receiver<io::Result<Vec<u8>>>,
}

impl Reading {
    fn start() -> Self {
        let (first_tx, first) = mpsc::channel();
        let (all_tx, all) = mpsc::channel();
        std::thread::spawn(move || {
            let mut stdin = io::stdin().lock();
            let spoke = stdin.fill_buf().map(|_| ());
            let _ = first_tx.send(());
            let mut bytes = Vec::new();
            let read = spoke.and_then(|()| stdin.read_to_end(&mut bytes));
            let _ = all_tx.send(read.map(|_| bytes));
        });
        Self { first, all }
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
