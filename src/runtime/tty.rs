//! Standard input opened once more, so that reading it never waits.
//!
//! crossterm 0.29 reads on after bytes that make no key (a terminal's answer), until there is nothing more to read.
//! Where reading waits, it sits there until the next key: nobody hears of the answer, and an editor that is started
//! meanwhile loses its first key. To set the terminal to not wait would set it so for the shell as well, which shares
//! the opening; a second opening is ours alone.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rustix::fs::{Mode, OFlags};

/// Standard input as it was, while something takes its place that is not the terminal.
static LENT: Mutex<Option<OwnedFd>> = Mutex::new(None);

/// Makes standard input the terminal again, from every thread: what is set on it is set on the terminal then.
pub(super) fn release() {
    if let Some(shared) = LENT.lock().unwrap_or_else(PoisonError::into_inner).take() {
        // Where that fails, there is no terminal.
        let _ = rustix::stdio::dup2_stdin(&shared);
    }
}

/// Standard input as it was, and the opening that takes its place.
pub(super) struct Tty {
    shared: OwnedFd,
    own: OwnedFd,
}

impl Tty {
    /// Opens the terminal that standard input is. `None` where it is none, or cannot be opened again: then reading it
    /// waits as it ever did.
    pub fn open() -> Option<Self> {
        let stdin = io::stdin();
        let named = rustix::termios::ttyname(&stdin, Vec::new()).ok()?;
        // The name of a terminal from outside a container leads nowhere in it, where it is the controlling one still.
        let own = open(Path::new(named.to_str().ok()?))
            .or_else(|error| {
                rustix::termios::tcgetpgrp(&stdin).map_or(Err(error), |_| open(Path::new("/dev/tty")))
            })
            .ok()?;
        Some(Self { shared: stdin.as_fd().try_clone_to_owned().ok()?, own })
    }

    /// The opening of our own, once more.
    pub fn own(&self) -> io::Result<OwnedFd> {
        self.own.try_clone()
    }

    /// Reading standard input does not wait from here on.
    pub fn take(&self) -> io::Result<()> {
        Ok(rustix::stdio::dup2_stdin(&self.own)?)
    }

    /// Reading standard input reads what stands before the terminal from here on, until [`release`].
    pub fn lend(&self, other: BorrowedFd<'_>) -> io::Result<()> {
        *LENT.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.shared.try_clone()?);
        Ok(rustix::stdio::dup2_stdin(other)?)
    }

    /// Standard input is what it was, for whoever reads it next.
    pub fn give_back(&self) -> io::Result<()> {
        release();
        Ok(rustix::stdio::dup2_stdin(&self.shared)?)
    }
}

/// Opens a terminal so that reading it does not wait.
pub(super) fn open(terminal: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    Ok(rustix::fs::open(terminal, flags, Mode::empty())?)
}
