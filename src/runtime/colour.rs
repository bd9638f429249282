//! What the terminal is asked of its colours.
//!
//! The question is written after the first frame, and nobody waits for the answer: it comes among the keys, where
//! `answer` takes it out. Behind it goes a question that every terminal answers, so that one which
//! knows nothing of colours has still understood where the first ends.

use std::io::{self, Write};

pub use crate::config::ColorDepth;

/// OSC 11 with `?` (xterm's "Operating System Commands"). It ends with BEL and not with ST because terminals answer
/// with the end they were asked with, and one byte cannot be torn apart.
const BACKGROUND: &str = "\x1b]11;?\x07";
/// DA1, primary device attributes.
const FENCE: &str = "\x1b[c";

/// Whether a terminal has shown that it knows the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Knows {
    Perhaps,
    Surely,
}

/// Asks for the background.
pub(super) fn ask_background(terminal: &mut impl Write, knows: Knows) -> io::Result<()> {
    terminal.write_all(BACKGROUND.as_bytes())?;
    if knows == Knows::Perhaps {
        terminal.write_all(FENCE.as_bytes())?;
    }
    terminal.flush()
}
