//! The prompt of a one-shot: from `--prompt`, from stdin, with files (contracts section 3, "stdin").

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::args::TurnArgs;
use super::out::Out;
use crate::chat::fence::fenced;
use crate::t;
use crate::text::Safe;

/// How long what says nothing is waited for: an inherited pipe, when there is a prompt already, is then left
/// alone, and of a file it is said that it is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// The most that a file or stdin may hold, in MiB: no model reads as much, and some devices never end.
const LARGEST: u64 = 32;

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
    /// Stdin or a file did not end before the deadline.
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
    let files =
        args.files.iter().map(|path| file_block(path, deadline, out)).collect::<Result<Vec<_>, _>>()?;
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
    all_of(&Reading::start(|| Ok(io::stdin())), deadline)
}

enum Spoken {
    Text(String),
    Silent,
}

/// Stdin to its end, if it gives a byte or ends in time.
fn read_stdin_if_it_speaks(deadline: Option<Instant>) -> Result<Spoken, Unasked> {
    let reading = Reading::start(|| Ok(io::stdin()));
    let patience = deadline.map_or(PATIENCE, |deadline| PATIENCE.min(left(deadline)));
    match reading.first.recv_timeout(patience) {
        Err(_) if patience < PATIENCE => Err(Unasked::TimedOut),
        Err(_) => Ok(Spoken::Silent),
        Ok(()) => all_of(&reading, deadline).map(Spoken::Text),
    }
}

fn all_of(reading: &Reading, deadline: Option<Instant>) -> Result<String, Unasked> {
    let bytes =
        reading.all(deadline)?.map_err(|error| t!("cli-stdin-unreadable", error = error.to_string()))?;
    Ok(text_of(bytes, "stdin")?)
}

fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

/// A thread that reads what may not end. It is left behind where that does not end in time: it holds nothing
/// else, and the process will end.
struct Reading {
    /// Told when there was a byte or the end.
    first: mpsc::Receiver<()>,
    /// Everything, once it has ended.
    all: mpsc::Receiver<io::Result<Vec<u8>>>,
}

impl Reading {
    fn start<R: Read>(open: impl FnOnce() -> io::Result<R> + Send + 'static) -> Self {
        let (first_tx, first) = mpsc::channel();
        let (all_tx, all) = mpsc::channel();
        std::thread::spawn(move || {
            let spoke = open().and_then(|from| {
                let mut from = BufReader::new(from);
                from.fill_buf()?;
                Ok(from)
            });
            let _ = first_tx.send(());
            let _ = all_tx.send(spoke.and_then(to_its_end));
        });
        Self { first, all }
    }

    /// Everything, if it comes in time.
    fn all(&self, deadline: Option<Instant>) -> Result<io::Result<Vec<u8>>, Unasked> {
        match deadline {
            Some(deadline) => self.all.recv_timeout(left(deadline)).map_err(|_| Unasked::TimedOut),
            // The reader sends before it ends.
            None => Ok(self.all.recv().unwrap_or_else(|_| Ok(Vec::new()))),
        }
    }
}

fn to_its_end(from: impl Read) -> io::Result<Vec<u8>> {
    let most = LARGEST << 20;
    let mut bytes = Vec::new();
    let read = from.take(most + 1).read_to_end(&mut bytes)?;
    if u64::try_from(read).is_ok_and(|read| read <= most) {
        Ok(bytes)
    } else {
        Err(io::Error::other(t!("cli-input-too-large", limit = LARGEST).into_string()))
    }
}

/// A file as a fenced block. One that another process writes, as `<(command)` is, is waited for, and after a
/// while that is said.
fn file_block(path: &Path, deadline: Option<Instant>, out: &Out) -> Result<String, Unasked> {
    let name = path.display().to_string();
    let read = if path.is_file() {
        File::open(path).and_then(to_its_end)
    } else {
        let path = path.to_owned();
        let reading = Reading::start(move || {
            let file = File::open(path)?;
            if file.is_terminal() {
                return Err(io::Error::other(t!("cli-file-is-terminal").into_string()));
            }
            Ok(file)
        });
        let patience = deadline.map_or(PATIENCE, |deadline| PATIENCE.min(left(deadline)));
        if reading.first.recv_timeout(patience).is_err() {
            out.note(&t!("cli-file-silent", file = name.as_str()));
        }
        reading.all(deadline)?
    };
    let bytes =
        read.map_err(|error| t!("cli-file-unreadable", file = name.as_str(), error = error.to_string()))?;
    Ok(text_of(bytes, &name).map(|text| fenced(&name, &text))?)
}

fn text_of(bytes: Vec<u8>, name: &str) -> Result<String, Safe> {
    String::from_utf8(bytes).map_err(|_| t!("cli-not-text", file = name))
}
