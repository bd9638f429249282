//! Which keys do not arrive, and who eats them: multiplexers, flow control, SSH, window systems, and the encoding
//! of terminals from before there was a better one.
//!
//! Each is what the program does as it comes; whoever configured it otherwise knows. Where a key is eaten it is
//! worth a warning, not an error: the terminal it is bound for may be another one.

use crate::t;
use crate::text::Safe;

use super::stroke::{Stroke, written};

/// Somebody who takes keys before they arrive.
#[derive(Debug)]
pub struct Eater {
    /// Who.
    pub who: &'static str,
    /// Which keys.
    pub keys: &'static [&'static str],
    /// Where that is written.
    pub source: &'static str,
    /// What it takes them for.
    pub hunger: Hunger,
    /// Variables that it sets, or that are set where it is; any of them tells that it is there.
    pub told_by: &'static [&'static str],
}

/// What somebody takes keys for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hunger {
    /// All its commands begin with them, so that there is no way around.
    Prefix,
    /// Commands of its own.
    Commands,
}

/// Who eats what.
pub const EATERS: &[Eater] = &[
    Eater {
        who: "tmux",
        keys: &["ctrl-b"],
        source: "tmux(1), DEFAULT KEY BINDINGS",
        hunger: Hunger::Prefix,
        told_by: &["TMUX"],
    },
    Eater {
        who: "screen",
        keys: &["ctrl-a"],
        source: "screen(1), DEFAULT KEY BINDINGS",
        hunger: Hunger::Prefix,
        told_by: &["STY"],
    },
    Eater {
        who: "XON/XOFF",
        keys: &["ctrl-s", "ctrl-q"],
        source: "termios(3), IXON; serial lines and screen's `flow`",
        hunger: Hunger::Prefix,
        told_by: &[],
    },
    Eater {
        who: "ssh",
        keys: &["~"],
        source: "ssh(1), ESCAPE CHARACTERS",
        hunger: Hunger::Prefix,
        told_by: &["SSH_CONNECTION", "SSH_TTY"],
    },
    Eater { who: "telnet", keys: &["ctrl-]"], source: "telnet(1)", hunger: Hunger::Prefix, told_by: &[] },
    Eater {
        who: "mosh",
        keys: &["ctrl-^"],
        source: "mosh(1), ESCAPE SEQUENCES",
        hunger: Hunger::Prefix,
        told_by: &[],
    },
    Eater {
        who: "zellij",
        keys: &[
            "ctrl-b",
            "ctrl-g",
            "ctrl-h",
            "ctrl-n",
            "ctrl-o",
            "ctrl-p",
            "ctrl-q",
            "ctrl-s",
            "ctrl-t",
            "alt-f",
            "alt-h",
            "alt-i",
            "alt-j",
            "alt-k",
            "alt-l",
            "alt-n",
            "alt-o",
            "alt-p",
            "alt-P",
            "alt-up",
            "alt-down",
            "alt-left",
            "alt-right",
            "alt-+",
            "alt-=",
            "alt--",
            "alt-[",
            "alt-]",
        ],
        source: "zellij, zellij-utils/assets/config/default.kdl",
        hunger: Hunger::Commands,
        told_by: &["ZELLIJ"],
    },
    Eater {
        who: "docker",
        keys: &["ctrl-p"],
        source: "docker container attach, --detach-keys",
        hunger: Hunger::Commands,
        told_by: &[],
    },
    Eater {
        who: "xterm",
        keys: &["shift-pageup", "shift-pagedown", "shift-insert"],
        source: "xterm(1), Default Key Bindings; most terminals do the same",
        hunger: Hunger::Commands,
        told_by: &["XTERM_VERSION"],
    },
    Eater {
        who: "GNOME Terminal",
        keys: &["f10", "f11", "ctrl-pageup", "ctrl-pagedown"],
        source: "GNOME Terminal, Keyboard shortcuts",
        hunger: Hunger::Commands,
        told_by: &["GNOME_TERMINAL_SCREEN"],
    },
];

/// Keys for which terminals send what they send for another one, unless they speak the kitty keyboard protocol
/// (its specification, section "Legacy key event encoding").
const ALIASES: &[(&str, &str)] = &[
    ("ctrl-i", "tab"),
    ("ctrl-m", "enter"),
    ("ctrl-[", "esc"),
    ("ctrl-3", "esc"),
    ("ctrl-h", "backspace"),
    ("ctrl-8", "backspace"),
    ("ctrl-?", "backspace"),
    ("ctrl-enter", "enter"),
    ("ctrl-tab", "tab"),
    ("ctrl-esc", "esc"),
    ("shift-esc", "esc"),
    ("shift-backspace", "backspace"),
    ("ctrl-backspace", "ctrl-h"),
];

/// Keys whose first bytes begin something else: `ESC [`, `ESC O` and `ESC ]`.
const BEGINNINGS: &[&str] = &["alt-[", "alt-O", "alt-]"];

/// Why a key may not arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It is eaten by these.
    Eaten {
        /// The key as it was written.
        key: String,
        /// Who eats it.
        by: Vec<&'static str>,
    },
    /// Another key is sent the same way.
    Same {
        /// The key as it was written.
        key: String,
        /// The other one.
        other: String,
    },
    /// Only few terminals tell it.
    Untold(String),
}

impl Trouble {
    /// In words.
    pub fn told(&self) -> Safe {
        match self {
            Self::Eaten { key, by } => t!("app-key-eaten", key = key.as_str(), by = by.join(", ")),
            Self::Same { key, other } => t!("app-key-same", key = key.as_str(), other = other.as_str()),
            Self::Untold(key) => t!("app-key-untold", key = key.as_str()),
        }
    }

    /// The key to bind in its stead, where that is plain.
    pub fn instead(&self) -> Option<&str> {
        match self {
            Self::Same { other, .. } => Some(other),
            Self::Eaten { .. } | Self::Untold(_) => None,
        }
    }
}

/// Why a key, as it is written, may not arrive.
pub fn trouble(key: &str) -> Option<Trouble> {
    let stroke = Stroke::parse(key)?;
    let meant = written(&[stroke]);
    if let Some((_, other)) = ALIASES.iter().find(|(alias, _)| *alias == meant) {
        return Some(Trouble::Same { key: key.to_owned(), other: (*other).to_owned() });
    }
    // What was written as one key is taken as another one.
    if key.starts_with("ctrl-") && key.contains("shift-") && !meant.contains("shift-") {
        return Some(Trouble::Same { key: key.to_owned(), other: meant });
    }
    let by: Vec<&str> =
        EATERS.iter().filter(|eater| eater.keys.contains(&meant.as_str())).map(|eater| eater.who).collect();
    if !by.is_empty() {
        return Some(Trouble::Eaten { key: key.to_owned(), by });
    }
    (BEGINNINGS.contains(&meant.as_str()) || is_rare(&meant)).then(|| Trouble::Untold(key.to_owned()))
}

/// Whether whoever eats the key leaves no way around.
pub fn is_prefix_key(key: &str) -> bool {
    EATERS.iter().any(|eater| eater.hunger == Hunger::Prefix && eater.keys.contains(&key))
}

/// Whether only the kitty keyboard protocol has bytes for it.
fn is_rare(key: &str) -> bool {
    const CONTROLS: &str = "abcdefghijklmnopqrstuvwxyz\\]^_";
    let plain = key.strip_prefix("alt-").unwrap_or(key);
    if let Some(c) = plain.strip_prefix("ctrl-").filter(|rest| rest.chars().count() == 1) {
        return !CONTROLS.contains(c);
    }
    let number = plain.strip_prefix('f').and_then(|number| number.parse::<u8>().ok());
    plain == "shift-enter" || number.is_some_and(|number| number > 12)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_eats_what_is_written_as_bindings_are_and_says_where_it_is_from() {
        for eater in EATERS {
            assert!(!eater.source.is_empty());
            for key in eater.keys {
                assert_eq!(written(&[Stroke::parse(key).unwrap()]), *key, "{}", eater.who);
            }
        }
        for (key, other) in ALIASES {
            assert_eq!(written(&[Stroke::parse(key).unwrap()]), *key);
            assert!(Stroke::parse(other).is_some(), "{other}");
        }
    }

    #[test]
    fn a_key_that_may_not_arrive_says_why() {
        for (key, told) in [
            ("ctrl-b", "tmux"),
            ("ctrl-p", "zellij, docker"),
            ("ctrl-i", "tab"),
            ("ctrl-shift-k", "ctrl-k"),
            ("shift-enter", "kitty"),
            ("ctrl-;", "kitty"),
            ("f13", "kitty"),
            ("alt-O", "kitty"),
        ] {
            let trouble = trouble(key).unwrap_or_else(|| panic!("{key} arrives"));
            assert!(trouble.told().contains(told), "{key}: {}", trouble.told().as_str());
        }
        for key in
            ["ctrl-x", "ctrl-space", "ctrl-\\", "alt-enter", "f1", "f12", "J", "up", "ctrl-left", "shift-j"]
        {
            assert_eq!(trouble(key), None, "{key}");
        }
    }
}
