//! How a terminal is told to call for attention: the bytes of it, for the terminal that is there.
//!
//! The bell reaches people through every multiplexer. What a desktop shows does so only where tmux was told to hand
//! on what it does not know, and asking tmux is cheap, so it is asked. What the terminal around it understands, tmux
//! hides; variables that its shell was started with still tell, where there are any.

use std::process::Stdio;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::config::access::{Desktop, NoticeConfig};
use crate::config::quirks::{self, Quirks};
use crate::text::Safe;

/// What a person is told by.
#[derive(Clone, Debug)]
pub struct Notices {
    bell: bool,
    desktop: Option<Osc>,
    within: Within,
}

/// A sequence that a desktop is told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Osc {
    /// iTerm2: a text.
    Nine,
    /// rxvt: a title and a text.
    SevenSevenSeven,
    /// kitty: a title and a text, each in a sequence of its own.
    NinetyNine,
}

/// What stands between the app and the terminal.
#[derive(Clone, Debug)]
enum Within {
    Nothing,
    /// tmux, and whether it hands on, once that is known.
    Tmux(Arc<OnceLock<Passthrough>>),
    /// Something that hands on bells alone.
    Screen,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passthrough {
    Allowed,
    Refused,
}

/// The characters of a notice.
const LONGEST: usize = 160;
/// How long tmux may take to answer.
const TMUX_LIMIT: Duration = Duration::from_millis(500);

impl Notices {
    /// As it is configured, for the terminal of this environment.
    pub fn new(config: NoticeConfig, env: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name| env(name).is_some_and(|value| !value.is_empty());
        let within = if set("TMUX") {
            Within::Tmux(Arc::default())
        } else if set("STY") {
            Within::Screen
        } else {
            Within::Nothing
        };
        // Around tmux, only what it does not set itself tells of the terminal.
        let hidden = |name: &str| matches!(name, "TMUX" | "TERM" | "TERM_PROGRAM" | "TERM_PROGRAM_VERSION");
        let around = match within {
            Within::Tmux(_) => Quirks::detect(|name| env(name).filter(|_| !hidden(name))),
            Within::Nothing | Within::Screen => Quirks::detect(&env),
        };
        let desktop = match config.desktop {
            Desktop::None => None,
            Desktop::Osc9 => Some(Osc::Nine),
            Desktop::Osc777 => Some(Osc::SevenSevenSeven),
            Desktop::Osc99 => Some(Osc::NinetyNine),
            Desktop::Auto => match around.notice {
                quirks::Notice::None | quirks::Notice::Bell => None,
                quirks::Notice::Osc9 => Some(Osc::Nine),
                quirks::Notice::Osc777 => Some(Osc::SevenSevenSeven),
                quirks::Notice::Osc99 => Some(Osc::NinetyNine),
            },
        };
        Self { bell: config.bell, desktop, within }
    }

    /// Asks tmux whether it hands on, where that matters. To be called within a tokio runtime.
    pub fn ask_tmux(&self) {
        if let (Within::Tmux(known), Some(_)) = (&self.within, self.desktop) {
            let known = Arc::clone(known);
            tokio::spawn(async move {
                let told = passthrough().await;
                // Nobody else tells it.
                let _ = known.set(told);
            });
        }
    }

    /// The bytes that tell this. None where nothing is to.
    pub fn bytes(&self, text: &Safe) -> Vec<u8> {
        let mut bytes = Vec::new();
        if self.bell {
            bytes.push(b'\x07');
        }
        let Some(desktop) = self.desktop else { return bytes };
        let sequence = desktop.sequence(text);
        match &self.within {
            Within::Nothing => bytes.extend_from_slice(sequence.as_bytes()),
            Within::Tmux(known) if known.get() == Some(&Passthrough::Allowed) => {
                let sequence = sequence.replace('\x1b', "\x1b\x1b");
                bytes.extend_from_slice(format!("\x1bPtmux;{sequence}\x1b\\").as_bytes());
            }
            Within::Tmux(_) | Within::Screen => {}
        }
        bytes
    }
}

impl Osc {
    fn sequence(self, text: &Safe) -> String {
        // `;` parts what a sequence is made of, and `9;4;` is another sequence.
        let text: String =
            text.chars().take(LONGEST).map(|c| if matches!(c, ';' | '\n') { ',' } else { c }).collect();
        match self {
            Self::Nine => format!("\x1b]9;{text}\x1b\\"),
            Self::SevenSevenSeven => format!("\x1b]777;notify;Loquat;{text}\x1b\\"),
            Self::NinetyNine => {
                format!("\x1b]99;i=loquat:d=0;Loquat\x1b\\\x1b]99;i=loquat:p=body;{text}\x1b\\")
            }
        }
    }
}

/// Whether tmux hands on what it does not know, for this pane.
pub(super) async fn passthrough() -> Passthrough {
    let asked = tokio::process::Command::new("tmux")
        .args(["show-options", "-Apqv", "allow-passthrough"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .output();
    match tokio::time::timeout(TMUX_LIMIT, asked).await {
        Ok(Ok(output)) if matches!(output.stdout.trim_ascii(), b"on" | b"all") => Passthrough::Allowed,
        Ok(Ok(_) | Err(_)) | Err(_) => Passthrough::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sanitise;

    fn told(config: NoticeConfig, vars: &[(&str, &str)], tmux: Option<Passthrough>) -> String {
        let env =
            |name: &str| vars.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        let notices = Notices::new(config, env);
        if let (Within::Tmux(known), Some(told)) = (&notices.within, tmux) {
            known.set(told).unwrap();
        }
        String::from_utf8(notices.bytes(&sanitise("4;1;a\x1b\\b\x07"))).unwrap()
    }

    fn by(desktop: Desktop) -> NoticeConfig {
        NoticeConfig { bell: false, desktop, ..NoticeConfig::default() }
    }

    #[test]
    fn each_sequence_is_as_its_terminal_wants_it_and_the_text_ends_none() {
        for (desktop, bytes) in [
            (Desktop::Osc9, "\x1b]9;4,1,ab\x1b\\"),
            (Desktop::Osc777, "\x1b]777;notify;Loquat;4,1,ab\x1b\\"),
            (Desktop::Osc99, "\x1b]99;i=loquat:d=0;Loquat\x1b\\\x1b]99;i=loquat:p=body;4,1,ab\x1b\\"),
            (Desktop::None, ""),
        ] {
            assert_eq!(told(by(desktop), &[], None), bytes, "{desktop:?}");
        }
    }

    #[test]
    fn a_terminal_that_is_known_is_told_by_what_it_takes() {
        let auto = NoticeConfig::default();
        assert_eq!(told(auto, &[("TERM", "xterm-kitty")], None).matches("]99;").count(), 2);
        assert_eq!(told(auto, &[("TERM", "vt100")], None), "\x07");
    }

    #[test]
    fn through_tmux_only_the_bell_comes_unless_it_hands_on() {
        let config = NoticeConfig { desktop: Desktop::Osc9, ..NoticeConfig::default() };
        let tmux = [("TMUX", "/tmp/tmux,1,0"), ("TERM", "tmux-256color")];
        for told_by in [None, Some(Passthrough::Refused)] {
            assert_eq!(told(config, &tmux, told_by), "\x07");
        }
        assert_eq!(
            told(config, &tmux, Some(Passthrough::Allowed)),
            "\x07\x1bPtmux;\x1b\x1b]9;4,1,ab\x1b\x1b\\\x1b\\"
        );
        let around = [("TMUX", "x"), ("LC_TERMINAL", "iTerm2")];
        assert!(told(NoticeConfig::default(), &around, Some(Passthrough::Allowed)).contains("]9;"));
    }

    #[test]
    fn screen_hands_on_the_bell_alone() {
        let config = NoticeConfig { desktop: Desktop::Osc777, ..NoticeConfig::default() };
        assert_eq!(told(config, &[("STY", "1")], None), "\x07");
    }
}
