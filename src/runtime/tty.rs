//! Standard input opened once more, so that reading it never waits.
//!
//! crossterm 0.29 reads on after bytes that make no key (a terminal's answer), until there is nothing more to read.
//! Where reading waits, it sits there until the next key: nobody hears of the answer, and an editor that is started
//! meanwhile loses its first key. To set the terminal to not wait would set it so for the shell as well, which shares
//! the opening; a second opening is ours alone.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{Mode, OFlags};

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

    /// Reading standard input does not wait from here on.
    pub fn take(&self) -> io::Result<()> {
        Ok(rustix::stdio::dup2_stdin(&self.own)?)
    }

    /// Standard input is what it was, for whoever reads it next.
    pub fn give_back(&self) -> io::Result<()> {
        Ok(rustix::stdio::dup2_stdin(&self.shared)?)
    }
}

/// Opens a terminal so that reading it does not wait.
pub(super) fn open(terminal: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    Ok(rustix::fs::open(terminal, flags, Mode::empty())?)
}
