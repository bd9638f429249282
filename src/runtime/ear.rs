//! What a terminal really sends: its bytes, and beside them what the app makes of them.
//!
//! The bytes are read from the terminal here and written into a pseudo-terminal, which takes the place of standard
//! input; crossterm reads that. So the very parser that the app uses makes the keys, from the very pieces in which
//! the bytes came, and nothing has to be guessed from a copy of its rules.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crossterm::event::Event;
use jiff::Timestamp;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use tokio::sync::mpsc;

use super::Ended;
use super::answer::AnswerFilter;
use super::input::Seen;
use super::relay::{Rewriter, pseudo_terminal};
use super::signals::{Signal, Signals};
use super::terminal;
use crate::app::mouse::Mouse;
use crate::config::quirks::Quirks;

/// What came in one piece.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// Every byte, answers included.
    pub bytes: Vec<u8>,
    /// What the app takes them for.
    pub events: Vec<Event>,
    /// What of them was the terminal's answer to a question of ours.
    pub answers: Vec<Answer>,
}

/// What a terminal says of how it tells keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The flags of the kitty keyboard protocol that are on.
    Kitty(u8),
    /// How far xterm's `modifyOtherKeys` is on.
    ModifyOtherKeys(u8),
    /// What kind of terminal it is: asked last, so that what was not answered by now is not known to it.
    Attributes,
}

/// Whether more is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum More {
    /// Yes.
    Listen,
    /// No.
    Leave,
}

/// The most bytes that are taken for one piece, and handed on at once.
const PIECE: usize = 1024;
/// How long the parser may think about a piece. It thinks longer only where it waits for the rest of it.
const THINKING: Duration = Duration::from_millis(20);
/// How often the thread looks whether it is still wanted.
const GLANCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 200_000_000 };

/// Listens to the terminal with the app's own modes on, until `hear` wants no more; `ready` is called once all of that
/// stands. The terminal is given back on every way out.
///
/// # Errors
/// The terminal's own.
pub fn listen(
    mouse: Mouse,
    quirks: &Quirks,
    ready: impl FnOnce(),
    mut hear: impl FnMut(&Heard) -> More,
) -> io::Result<Ended> {
    terminal::install_panic_hook();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut signals = Signals::listen()?;
        let _listening = terminal::listen(mouse, quirks)?;
        let (told, heard) = mpsc::channel(1);
        let _thread = Thread::start(Ear::open()?, told)?;
        // Gone before the thread is waited for, which may be waiting for room.
        let mut heard = heard;
        ready();
        loop {
            tokio::select! {
                signal = signals.next() => match signal {
                    Signal::Terminate => return Ok(Ended::Terminated),
                    Signal::HangUp => return Ok(Ended::HungUp),
                    Signal::Interrupt => return Ok(Ended::Quit),
                    Signal::Stop | Signal::Continue | Signal::Resize => {}
                },
                piece = heard.recv() => match piece {
                    Some(Ok(piece)) if hear(&piece) == More::Leave => return Ok(Ended::Quit),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return Ok(Ended::HungUp),
                },
            }
        }
    })
}

/// The thread that reads. Dropping it waits until it has given the terminal back.
struct Thread {
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Thread {
    fn start(mut ear: Ear, told: mpsc::Sender<io::Result<Heard>>) -> io::Result<Self> {
        let over = Arc::new(AtomicBool::new(false));
        let done = Arc::clone(&over);
        let read = move || {
            while !done.load(Ordering::Relaxed) {
                let Some(piece) = ear.next().transpose() else { continue };
                let failed = piece.is_err();
                if told.blocking_send(piece).is_err() || failed {
                    break;
                }
            }
        };
        let thread = std::thread::Builder::new().name("input".to_owned()).spawn(read)?;
        Ok(Self { over, thread: Some(thread) })
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        // It only waits for the terminal, and not for long.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// Between the terminal and the parser.
struct Ear {
    terminal: File,
    /// How the terminal was.
    before: Termios,
    parser: File,
    rewriter: Rewriter,
    filter: AnswerFilter,
}

impl Ear {
    fn open() -> io::Result<Self> {
        let terminal: OwnedFd = io::stdin().as_fd().try_clone_to_owned()?;
        let before = tcgetattr(&terminal)?;
        let (parser, other) = pseudo_terminal(&before)?;
        let ear = Self {
            terminal: terminal.into(),
            before,
            parser,
            rewriter: Rewriter::default(),
            filter: AnswerFilter::default(),
        };
        // By the parser, which takes Ctrl+J for Enter otherwise.
        crossterm::terminal::enable_raw_mode()?;
        rustix::stdio::dup2_stdin(&other)?;
        Ok(ear)
    }

    /// What comes next; nothing where nothing came for a while.
    fn next(&mut self) -> io::Result<Option<Heard>> {
        let mut waited = [PollFd::new(&self.terminal, PollFlags::IN)];
        match poll(&mut waited, Some(&GLANCE)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => return Ok(None),
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        let mut bytes = vec![0; PIECE];
        let count = self.terminal.read(&mut bytes)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes.truncate(count);
        let (answers, typed) = answers(&bytes);
        let mut events = Vec::new();
        if !typed.is_empty() {
            let mut known = Vec::new();
            self.rewriter.push(&typed, &mut known);
            self.parser.write_all(&known)?;
            let mut patience = THINKING;
            while crossterm::event::poll(patience)? {
                let input = Seen { at: Timestamp::now(), event: crossterm::event::read()? };
                events.extend(self.filter.take(input).inputs);
                patience = Duration::from_millis(1);
            }
            // What may still become an answer is told as what it is now.
            events.extend(self.filter.release());
        }
        let events = events.into_iter().map(|input| input.event).collect();
        Ok(Some(Heard { bytes, events, answers }))
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        // Whoever reads standard input next gets the terminal, as it was. Where that fails there is none.
        let _ = rustix::stdio::dup2_stdin(&self.terminal);
        let _ = tcsetattr(&self.terminal, OptionalActions::Now, &self.before);
    }
}

/// Takes the answers to our questions out of bytes. What is left was typed.
fn answers(bytes: &[u8]) -> (Vec<Answer>, Vec<u8>) {
    let (mut answers, mut typed) = (Vec::new(), Vec::new());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        match answer(rest) {
            Some((answer, length)) => {
                answers.push(answer);
                rest = rest.get(length..).unwrap_or_default();
            }
            None => {
                typed.push(*first);
                rest = after;
            }
        }
    }
    (answers, typed)
}

/// The answer that bytes begin with, and its length: `CSI ? flags u`, `CSI > 4 ; level m`, `CSI ? … c`.
fn answer(bytes: &[u8]) -> Option<(Answer, usize)> {
    let marked = bytes.strip_prefix(b"\x1b[")?;
    let (mark, rest) = marked.split_first()?;
    let end = rest.iter().position(|byte| !byte.is_ascii_digit() && *byte != b';')?;
    let numbers = std::str::from_utf8(rest.get(..end)?).ok()?;
    let answer = match (mark, rest.get(end)?) {
        (b'?', b'u') => Answer::Kitty(numbers.parse().ok()?),
        (b'?', b'c') => Answer::Attributes,
        (b'>', b'm') => Answer::ModifyOtherKeys(numbers.strip_prefix("4;").unwrap_or("0").parse().ok()?),
        _ => return None,
    };
    Some((answer, 3 + end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_from_what_is_typed_around_them() {
        let (answers, typed) = answers(b"a\x1b[?1u\x1b[A\x1b[>4;2m\x1b[?62;22cb\x1b[?25h");
        assert_eq!(answers, [Answer::Kitty(1), Answer::ModifyOtherKeys(2), Answer::Attributes]);
        assert_eq!(typed, b"a\x1b[Ab\x1b[?25h");
    }
}
