//! Keys that crossterm does not know, put into words it knows, before it reads them.
//!
//! Asked by `CSI > 4 ; 1 m`, xterm and whatever follows it (tmux since 3.5, in its usual setting) tell of a key with
//! modifiers as `CSI 27 ; modifiers ; code ~`. crossterm 0.29 drops that, key and all; it knows `CSI code ; modifiers u`,
//! which says the same. So the terminal's bytes are read here and written into a pseudo-terminal, which takes the
//! place of standard input, and nothing else of them is changed.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

/// The most bytes that are passed on at once, and read at once: a look at what was passed on has its price, which a
/// long paste should not pay for every line.
const AT_ONCE: usize = 16_384;
const PIECE: usize = 4096;

/// How such a key begins.
const BEGINNING: &[u8] = b"\x1b[27;";
/// The longest there is: two figures of modifiers, seven of a character.
const LONGEST: usize = BEGINNING.len() + 11;
/// Shift and nothing else, as modifiers are counted.
const SHIFT: u32 = 2;

/// What an attempt to pass something on came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passed {
    /// There is something to read now, or soon.
    Something,
    /// The terminal had nothing to say.
    Nothing,
}

/// Stands between the terminal and crossterm.
pub(super) struct Relay {
    terminal: File,
    parser: File,
    other: OwnedFd,
    rewriter: Rewriter,
    /// What the parser has not taken yet.
    waiting: Vec<u8>,
}

impl Relay {
    /// Stands between a terminal in raw mode, which is read without waiting, and whoever reads [`other`](Self::other).
    pub fn of(terminal: OwnedFd) -> io::Result<Self> {
        let (parser, other) = pseudo_terminal(&tcgetattr(&terminal)?)?;
        rustix::io::ioctl_fionbio(&parser, true)?;
        Ok(Self {
            terminal: terminal.into(),
            parser,
            other,
            rewriter: Rewriter::default(),
            waiting: Vec::new(),
        })
    }

    /// What is read in the terminal's place.
    pub fn other(&self) -> BorrowedFd<'_> {
        self.other.as_fd()
    }

    /// The terminal, to be waited for.
    pub fn terminal(&self) -> BorrowedFd<'_> {
        self.terminal.as_fd()
    }

    /// Passes on what the terminal sends within a time. Errors are the terminal's; it being gone is one.
    pub fn pass_on(&mut self, within: Duration) -> io::Result<Passed> {
        if self.waiting.is_empty() {
            // What was passed on arrives a moment later, and may do so after somebody looked for it.
            let mut waited =
                [PollFd::new(&self.other, PollFlags::IN), PollFd::new(&self.terminal, PollFlags::IN)];
            match poll(&mut waited, within.try_into().ok().as_ref()) {
                Ok(0) | Err(rustix::io::Errno::INTR) => return Ok(Passed::Nothing),
                Ok(_) => {}
                Err(error) => return Err(error.into()),
            }
            let [other, _] = waited.map(|fd| fd.revents());
            if other.contains(PollFlags::IN) {
                return Ok(Passed::Something);
            }
            self.read()?;
        }
        match self.parser.write(&self.waiting) {
            Ok(count) => drop(self.waiting.drain(..count)),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
        Ok(Passed::Something)
    }

    /// Reads what the terminal has sent.
    fn read(&mut self) -> io::Result<()> {
        let mut bytes = [0; PIECE];
        let mut read = 0;
        while read < AT_ONCE {
            match self.terminal.read(&mut bytes) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(count) => {
                    self.rewriter.push(bytes.get(..count).unwrap_or_default(), &mut self.waiting);
                    read += count;
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// A pseudo-terminal in raw mode: the side that is written to, and the one that is read without waiting.
pub(super) fn pseudo_terminal(like: &Termios) -> io::Result<(File, OwnedFd)> {
    let parser = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    grantpt(&parser)?;
    unlockpt(&parser)?;
    let name = ptsname(&parser, Vec::new())?;
    let name = name.to_str().map_err(io::Error::other)?;
    let other = super::tty::open(Path::new(name))?;
    let mut raw = like.clone();
    raw.make_raw();
    tcsetattr(&other, OptionalActions::Now, &raw)?;
    Ok((parser.into(), other))
}

/// Rewrites keys in a stream of bytes that comes in any pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rewriter {
    /// The beginning of what may be such a key. A lone Esc is none: it may be the key Esc, which does not wait.
    held: Vec<u8>,
}

impl Rewriter {
    /// Takes bytes in, and puts out what they are now.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        let mut all = std::mem::take(&mut self.held);
        all.extend_from_slice(bytes);
        let mut rest = all.as_slice();
        while let Some(at) = rest.iter().position(|byte| *byte == 0x1b) {
            let (before, from) = rest.split_at(at);
            out.extend_from_slice(before);
            match Key::read(from) {
                Key::Whole { code, modifiers, length } => {
                    write_key(code, modifiers, out);
                    rest = from.get(length..).unwrap_or_default();
                }
                Key::Begun => {
                    self.held = from.to_vec();
                    return;
                }
                Key::None => {
                    out.push(0x1b);
                    rest = from.get(1..).unwrap_or_default();
                }
            }
        }
        out.extend_from_slice(rest);
    }
}

/// What bytes that begin with ESC are.
enum Key {
    Whole {
        code: u32,
        modifiers: u32,
        length: usize,
    },
    /// Such a key, as far as it goes.
    Begun,
    None,
}

impl Key {
    fn read(bytes: &[u8]) -> Self {
        let Some(rest) = bytes.strip_prefix(BEGINNING) else {
            return if bytes.len() > 1 && BEGINNING.starts_with(bytes) { Self::Begun } else { Self::None };
        };
        let Some(end) = rest.iter().position(|byte| !byte.is_ascii_digit() && *byte != b';') else {
            return if bytes.len() < LONGEST { Self::Begun } else { Self::None };
        };
        let (numbers, rest) = rest.split_at(end);
        let numbers = std::str::from_utf8(numbers).ok().and_then(|numbers| numbers.split_once(';'));
        let (Some((modifiers, code)), Some(b'~')) = (numbers, rest.first()) else { return Self::None };
        match (code.parse(), modifiers.parse()) {
            (Ok(code), Ok(modifiers)) => Self::Whole { code, modifiers, length: BEGINNING.len() + end + 1 },
            _ => Self::None,
        }
    }
}

fn write_key(code: u32, modifiers: u32, out: &mut Vec<u8>) {
    let text = char::from_u32(code).filter(|c| modifiers == SHIFT && !c.is_control());
    match text {
        // What Shift makes of a character is that character.
        Some(text) => out.extend_from_slice(text.encode_utf8(&mut [0; 4]).as_bytes()),
        None => out.extend_from_slice(format!("\x1b[{code};{modifiers}u").as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rewritten<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
        let (mut rewriter, mut out) = (Rewriter::default(), Vec::new());
        pieces.into_iter().for_each(|piece| rewriter.push(piece, &mut out));
        out.extend(rewriter.held);
        out
    }

    #[test]
    fn a_key_with_modifiers_is_told_as_crossterm_reads_it() {
        for (sent, read) in [
            (&b"\x1b[27;2;13~"[..], &b"\x1b[13;2u"[..]),
            (b"a\x1b[27;5;9~b\x1b[27;6;65~", b"a\x1b[9;5ub\x1b[65;6u"),
            (b"\x1b[27;2;32~\x1b[27;2;65~\x1b[27;2;228~", " A\u{e4}".as_bytes()),
            (b"\x1b[27;3;120~\x1b[27;2;9~", b"\x1b[120;3u\x1b[9;2u"),
        ] {
            assert_eq!(rewritten([sent]), read);
        }
    }

    #[test]
    fn whatever_else_comes_stays_as_it_is() {
        for bytes in [
            &b"plain \x1b[A\x1b[5~\x1b[1;5C\x1bx\x1b"[..],
            b"\x1b[27u\x1b[27;5u\x1b[27~\x1b[27;;~\x1b[27;2;13;4~\x1b[27;2;99999999999~",
            b"\x1b\x1b[200~\x1b[2\x1b[27;2;\x1b",
        ] {
            assert_eq!(rewritten([bytes]), bytes);
        }
    }

    #[test]
    fn an_esc_is_not_kept_waiting() {
        let (mut rewriter, mut out) = (Rewriter::default(), Vec::new());
        rewriter.push(b"a\x1b", &mut out);
        assert_eq!(out, b"a\x1b");
    }

    proptest! {
        #[test]
        fn pieces_that_do_not_part_an_esc_from_what_follows_make_no_difference(
            parts in proptest::collection::vec(
                prop_oneof!["\x1b\\[27;[0-9]{1,2};[0-9]{1,3}~", "\x1b\\[[0-9;]{0,9}[~uA]", "[a-z\x1b~;\\[27]{0,4}"], 0..8),
            cuts in proptest::collection::vec(0usize..80, 0..6),
        ) {
            let text = parts.concat();
            let bytes = text.as_bytes();
            let mut cuts: Vec<usize> = cuts
                .into_iter()
                .filter(|&cut| cut <= bytes.len() && (cut == 0 || bytes[cut - 1] != 0x1b))
                .collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|cut| &bytes[cut[0]..cut[1]]).collect();
            prop_assert_eq!(rewritten(pieces), rewritten([bytes]));
        }
    }
}
