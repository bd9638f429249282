//! Copying: by the terminal (OSC 52), which reaches the user's machine over SSH too, by tmux, and by the desktop.
//!
//! A terminal does not say whether it obeyed, and many are set not to; tmux drops the request unless it is set
//! otherwise, but its own command reaches the terminal around it. So every way there is is tried, and the
//! report tells what was done, never that it arrived.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use crossterm::Command;
use crossterm::clipboard::CopyToClipboard;
use tokio::io::AsyncWriteExt;

use super::notices::{Passthrough, passthrough};
use crate::app::{Copied, CopyPath, ThroughTerminal};
use crate::config::private;
use crate::text::Safe;

/// Copies in every way there is beside the sequence that the terminal got. A desktop may take its time, and so may tmux;
/// where no way took it, it is left in a file of the state folder.
pub async fn copied(text: Safe, osc52: Osc52, surroundings: Surroundings, state: PathBuf) -> Copied {
    let shown = text.clone();
    let native = tokio::task::spawn_blocking(move || native(&shown, surroundings));
    let (tmux, native) = tokio::join!(tmux(&text, surroundings), native);
    let path = CopyReport { osc52, tmux, native: native.unwrap_or(Native::NoAnswer) }.path();
    let file = match path {
        CopyPath::Neither => file(&text, &state),
        CopyPath::Native | CopyPath::Terminal(_) | CopyPath::Both(_) => None,
    };
    Copied { path, bytes: text.len(), file }
}

/// What is known of a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyReport {
    /// The way through the terminal.
    pub osc52: Osc52,
    /// The way through tmux.
    pub tmux: Tmux,
    /// The way through the desktop.
    pub native: Native,
}

impl CopyReport {
    /// The ways it took, as far as that is known.
    pub fn path(&self) -> CopyPath {
        let terminal = match (&self.tmux, &self.osc52) {
            (Tmux::Loaded, _) | (Tmux::Passes, Osc52::Sent) => Some(ThroughTerminal::Tmux),
            (Tmux::Kept | Tmux::Passes, _) => Some(ThroughTerminal::TmuxAlone),
            (Tmux::Absent | Tmux::Failed, Osc52::Sent) => Some(ThroughTerminal::Osc52),
            (Tmux::Absent | Tmux::Failed, Osc52::TooLong | Osc52::Failed(_)) => None,
        };
        match (&self.native, terminal) {
            (Native::Copied, Some(way)) => CopyPath::Both(way),
            (Native::Copied, None) => CopyPath::Native,
            (Native::Failed(_) | Native::NoAnswer | Native::NotBuilt | Native::Skipped, Some(way)) => {
                CopyPath::Terminal(way)
            }
            (Native::Failed(_) | Native::NoAnswer | Native::NotBuilt | Native::Skipped, None) => {
                CopyPath::Neither
            }
        }
    }
}

/// The way through the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Osc52 {
    /// Written to the terminal, which does not tell whether it obeys.
    Sent,
    /// Not written: terminals cut or drop sequences of this length.
    TooLong,
    /// The terminal could not be written to, in the system's words.
    Failed(String),
}

/// The way through tmux.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tmux {
    /// It has the text in a buffer, and was told to hand it on to the terminal around it.
    Loaded,
    /// It has the text in a buffer, and is set to hand nothing on.
    Kept,
    /// It has the text in a buffer, and hands on nothing of its own, but what the app writes for the terminal around it.
    Passes,
    /// The app is not in one.
    Absent,
    /// It is not found, is too old to hand it on (before 3.2), or gave no answer in time.
    Failed,
}

/// The way through the desktop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Native {
    /// The desktop has it, for as long as the app runs.
    Copied,
    /// It refused, or there is none, in its words.
    Failed(String),
    /// It had not answered when waiting for it ended. It may still take the text.
    NoAnswer,
    /// This build has no way to the desktop.
    NotBuilt,
    /// Not tried: over SSH the desktop of this machine is not the user's.
    Skipped,
}

/// What stands between the app and the user's terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Surroundings {
    multiplexer: Multiplexer,
    machine: Machine,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Multiplexer {
    None,
    Tmux,
    Screen,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Machine {
    Local,
    Remote,
}

impl Surroundings {
    /// What the environment tells.
    pub fn detect(env: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name| env(name).is_some_and(|value| !value.is_empty());
        let multiplexer = if set("TMUX") {
            Multiplexer::Tmux
        } else if set("STY") {
            Multiplexer::Screen
        } else {
            Multiplexer::None
        };
        let remote = set("SSH_CONNECTION") || set("SSH_TTY");
        Self { multiplexer, machine: if remote { Machine::Remote } else { Machine::Local } }
    }

    /// Whether the person sits at another machine.
    pub fn is_remote(self) -> bool {
        self.machine == Machine::Remote
    }
}

/// The longest sequence in base64, in bytes, that older terminals take (xterm's and tmux's buffers).
const LONGEST: usize = 74_994;

/// The longest string GNU screen hands on at once, in bytes; it keeps 768 with the ends.
const SCREEN_PIECE: usize = 760;

/// Asks the terminal to copy, in one write.
pub fn osc52(text: &Safe, terminal: &mut impl Write, surroundings: Surroundings) -> Osc52 {
    if text.len().div_ceil(3) * 4 > LONGEST {
        return Osc52::TooLong;
    }
    let mut command = String::new();
    if let Err(error) = CopyToClipboard::to_clipboard_from(text.as_str()).write_ansi(&mut command) {
        return Osc52::Failed(error.to_string());
    }
    let command = wrapped(&command, surroundings.multiplexer);
    match terminal.write_all(command.as_bytes()).and_then(|()| terminal.flush()) {
        Ok(()) => Osc52::Sent,
        Err(error) => Osc52::Failed(error.to_string()),
    }
}

/// The command in what makes a multiplexer hand it on to the terminal around it.
fn wrapped(command: &str, multiplexer: Multiplexer) -> String {
    match multiplexer {
        Multiplexer::None => command.to_owned(),
        // tmux takes the command itself where `set-clipboard` is on, and hands it on where `allow-passthrough`
        // is; neither is its default, and the same text twice, or a third time by its own command, does no harm.
        Multiplexer::Tmux => {
            format!("{command}\x1bPtmux;{}\x1b\\", command.replace('\x1b', "\x1b\x1b"))
        }
        Multiplexer::Screen => {
            // The string terminator would end screen's own string; BEL ends the command as well.
            let command = command.strip_suffix("\x1b\\").unwrap_or(command);
            let mut wrapped = String::new();
            let mut rest = command;
            while let Some((piece, more)) = rest.split_at_checked(SCREEN_PIECE) {
                wrapped.push_str(&format!("\x1bP{piece}\x1b\\"));
                rest = more;
            }
            wrapped.push_str(&format!("\x1bP{rest}\x07\x1b\\"));
            wrapped
        }
    }
}

/// How long tmux may take.
const TMUX_LIMIT: Duration = Duration::from_millis(500);

/// Gives the text to tmux, where the app is in one.
pub async fn tmux(text: &Safe, surroundings: Surroundings) -> Tmux {
    match surroundings.multiplexer {
        Multiplexer::None | Multiplexer::Screen => Tmux::Absent,
        Multiplexer::Tmux => match tokio::time::timeout(TMUX_LIMIT, load_buffer(text)).await {
            Ok(Ok(status)) if status.success() => {
                match tokio::time::timeout(TMUX_LIMIT, set_clipboard()).await {
                    Ok(Ok(set)) if set.trim() == "off" => match passthrough().await {
                        Passthrough::Allowed => Tmux::Passes,
                        Passthrough::Refused => Tmux::Kept,
                    },
                    Ok(Ok(_) | Err(_)) | Err(_) => Tmux::Loaded,
                }
            }
            Ok(Ok(_) | Err(_)) | Err(_) => Tmux::Failed,
        },
    }
}

/// `tmux load-buffer`, which ends with this future.
async fn load_buffer(text: &Safe) -> io::Result<ExitStatus> {
    let mut child = tokio::process::Command::new("tmux")
        .args(["load-buffer", "-w", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(text.as_str().as_bytes()).await?;
    }
    child.wait().await
}

/// What tmux is set to do with what programs in it copy.
async fn set_clipboard() -> io::Result<String> {
    let mut command = tokio::process::Command::new("tmux");
    command.args(["show-options", "-gsv", "set-clipboard"]).stdin(Stdio::null()).stderr(Stdio::null());
    let output = command.kill_on_drop(true).output().await?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The name of the file that holds what was copied last.
const FILE: &str = "last-copy.txt";

/// Keeps the text in a file of the state folder that only the person can read: the way that is left where no other took it. Returns its path.
pub fn file(text: &Safe, state: &Path) -> Option<String> {
    let path = state.join(FILE);
    private::create_folder(state).ok()?;
    private::write(&path, text.as_str().as_bytes()).ok()?;
    Some(path.to_string_lossy().into_owned())
}

/// Gives the text to the desktop, unless that is another machine's. Waits at most 300 ms, because without a
/// display the attempt alone takes seconds.
pub fn native(text: &Safe, surroundings: Surroundings) -> Native {
    match surroundings.machine {
        Machine::Remote => Native::Skipped,
        Machine::Local => desktop::copy(text),
    }
}

#[cfg(feature = "clipboard")]
mod desktop {
    use std::sync::{Mutex, TryLockError, mpsc};
    use std::time::Duration;

    use super::Native;
    use crate::text::Safe;

    /// How long the desktop may take.
    const LIMIT: Duration = Duration::from_millis(300);

    /// On X11 and Wayland the owner serves what it copied, so it has to stay.
    static OWNER: Mutex<Option<arboard::Clipboard>> = Mutex::new(None);

    pub fn copy(text: &Safe) -> Native {
        let (done, result) = mpsc::channel();
        let text = text.as_str().to_owned();
        let worker = std::thread::Builder::new().name("clipboard".to_owned()).spawn(move || {
            // Whoever asked may have stopped waiting.
            let _ = done.send(set(text));
        });
        match worker {
            Ok(_) => result.recv_timeout(LIMIT).unwrap_or(Native::NoAnswer),
            Err(error) => Native::Failed(error.to_string()),
        }
    }

    fn set(text: String) -> Native {
        let mut owner = match OWNER.try_lock() {
            Ok(owner) => owner,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            // An earlier copy still waits for the desktop.
            Err(TryLockError::WouldBlock) => return Native::NoAnswer,
        };
        let mut clipboard = match owner.take().map_or_else(arboard::Clipboard::new, Ok) {
            Ok(clipboard) => clipboard,
            Err(error) => return Native::Failed(error.to_string()),
        };
        match clipboard.set_text(text) {
            Ok(()) => {
                *owner = Some(clipboard);
                Native::Copied
            }
            // The next copy connects afresh.
            Err(error) => Native::Failed(error.to_string()),
        }
    }
}

#[cfg(not(feature = "clipboard"))]
mod desktop {
    use super::Native;
    use crate::text::Safe;

    pub fn copy(_text: &Safe) -> Native {
        Native::NotBuilt
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sanitise;

    fn within(vars: &[&str]) -> Surroundings {
        Surroundings::detect(|name| vars.contains(&name).then(|| "set".to_owned()))
    }

    fn sent(text: &str, vars: &[&str]) -> String {
        let mut out = Vec::new();
        assert_eq!(osc52(&sanitise(text), &mut out, within(vars)), Osc52::Sent);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_terminal_is_asked_in_base64() {
        assert_eq!(sent("héllo\n", &[]), "\x1b]52;c;aMOpbGxvCg==\x1b\\");
    }

    #[test]
    fn tmux_is_told_itself_and_to_hand_it_on() {
        assert_eq!(sent("hi", &["TMUX"]), "\x1b]52;c;aGk=\x1b\\\x1bPtmux;\x1b\x1b]52;c;aGk=\x1b\x1b\\\x1b\\");
    }

    #[test]
    fn screen_gets_it_in_pieces_it_can_hold() {
        assert_eq!(sent("hi", &["STY"]), "\x1bP\x1b]52;c;aGk=\x07\x1b\\");
        let long = sent(&"x".repeat(3000), &["STY"]);
        let pieces: Vec<&str> = long.split("\x1b\\").collect();
        assert!(pieces.len() > 5 && pieces.iter().all(|piece| piece.len() <= 768));
        let joined: String =
            pieces.iter().map(|piece| piece.strip_prefix("\x1bP").unwrap_or(piece)).collect();
        assert_eq!(joined, sent(&"x".repeat(3000), &[]).replace("\x1b\\", "\x07"));
    }

    #[test]
    fn what_terminals_would_cut_is_not_sent() {
        let mut out = Vec::new();
        let text = sanitise(&"x".repeat(60_000));
        assert_eq!(osc52(&text, &mut out, within(&[])), Osc52::TooLong);
        assert_eq!(out, b"");
    }

    #[test]
    fn what_was_copied_last_is_kept_in_a_file_for_the_person_alone() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let path = file(&sanitise("héllo"), &state).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "héllo");
        assert!(!private::is_exposed(Path::new(&path)).unwrap());
    }

    #[test]
    fn over_ssh_this_machines_desktop_is_left_alone() {
        for variable in ["SSH_CONNECTION", "SSH_TTY"] {
            assert_eq!(native(&sanitise("hi"), within(&[variable])), Native::Skipped);
        }
    }

    #[test]
    fn the_path_told_is_the_one_that_is_known_to_work_best() {
        let path = |osc52, tmux, native| CopyReport { osc52, tmux, native }.path();
        let terminal = CopyPath::Terminal;
        assert_eq!(path(Osc52::Sent, Tmux::Loaded, Native::Skipped), terminal(ThroughTerminal::Tmux));
        assert_eq!(path(Osc52::TooLong, Tmux::Loaded, Native::Skipped), terminal(ThroughTerminal::Tmux));
        assert_eq!(path(Osc52::Sent, Tmux::Kept, Native::Skipped), terminal(ThroughTerminal::TmuxAlone));
        assert_eq!(path(Osc52::Sent, Tmux::Passes, Native::Skipped), terminal(ThroughTerminal::Tmux));
        assert_eq!(path(Osc52::TooLong, Tmux::Passes, Native::Skipped), terminal(ThroughTerminal::TmuxAlone));
        assert_eq!(path(Osc52::Sent, Tmux::Failed, Native::Skipped), terminal(ThroughTerminal::Osc52));
        assert_eq!(path(Osc52::Sent, Tmux::Absent, Native::Copied), CopyPath::Both(ThroughTerminal::Osc52));
        assert_eq!(path(Osc52::TooLong, Tmux::Absent, Native::Copied), CopyPath::Native);
        assert_eq!(path(Osc52::TooLong, Tmux::Failed, Native::NoAnswer), CopyPath::Neither);
    }

    #[test]
    fn a_terminal_that_is_gone_is_reported() {
        struct Gone;
        impl Write for Gone {
            fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                Err(std::io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        assert_eq!(osc52(&sanitise("hi"), &mut Gone, within(&[])), Osc52::Failed("broken pipe".to_owned()));
    }
}
