//! The terminal as a sheet of paper: text is added to its end, and the line that is typed is the terminal's own.

use std::fs::File;
use std::io::{self, Write};

use crate::text::Safe;
use crate::ui::linear::Typed;

/// The terminal while the app is read line by line.
#[derive(Debug)]
pub struct Lines {
    out: File,
    typed: Typed,
}

impl Lines {
    /// The process's own terminal, as it is.
    ///
    /// # Errors
    /// It cannot be had.
    pub fn open() -> io::Result<Self> {
        Ok(Self { out: super::own_output()?, typed: Typed::Seen })
    }

    /// Adds text.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn append(&mut self, text: &Safe) -> io::Result<()> {
        self.out.write_all(text.as_bytes())
    }

    /// Rings the bell.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn ring(&mut self) -> io::Result<()> {
        self.out.write_all(b"\x07")
    }

    /// Lets what is typed be seen, or not.
    ///
    /// # Errors
    /// The terminal does not take it: a secret would be seen.
    pub fn set_typed(&mut self, typed: Typed) -> io::Result<()> {
        if typed != self.typed {
            echo(typed)?;
            self.typed = typed;
        }
        Ok(())
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        // A terminal that is gone has nothing to show.
        let _ = self.set_typed(Typed::Seen);
    }
}

#[cfg(unix)]
fn echo(typed: Typed) -> io::Result<()> {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
    let stdin = io::stdin();
    let mut modes = tcgetattr(&stdin)?;
    modes.local_modes.set(LocalModes::ECHO, typed == Typed::Seen);
    // The end of the line is still shown, so that what follows begins on one of its own.
    modes.local_modes.set(LocalModes::ECHONL, typed == Typed::Unseen);
    tcsetattr(&stdin, OptionalActions::Now, &modes)?;
    Ok(())
}

#[cfg(windows)]
fn echo(typed: Typed) -> io::Result<()> {
    match typed {
        Typed::Seen => Ok(()),
        Typed::Unseen => Err(io::ErrorKind::Unsupported.into()),
    }
}
