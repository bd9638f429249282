//! What each terminal can do: one table, read from the environment, because asking and waiting is not done.
//!
//! A row says what its terminal does as it comes, without settings; what only some versions do is left to the
//! oldest that are about, unless the others pass the sequence over. The first row that the environment speaks for
//! counts: multiplexers first, since it is they who read what is written, then terminals by a variable of their
//! own, then by `TERM`, which is all that comes along over SSH. A terminal that nobody knows is taken for one that
//! follows ECMA-48: it passes over what it does not know, but nothing is promised to the user of it.

use super::ColorDepth;
pub use super::Images;
use Clipboard::{Ignored, Taken, Unsure};
use Feature::{Answers, KittyKeys, Links, OtherKeys, Reflow, Regions, Synchronized, Title};
use Sign::{AtLeast, Is, Set, Term};

/// What a terminal may be able to do, where there is no more to say than yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// Hyperlinks: OSC 8, with `id=` for links of several pieces.
    Links,
    /// Frames shown as a whole: DEC private mode 2026. Where it is only passed over, it counts as had.
    Synchronized,
    /// Scrolling a part of the screen: DECSTBM.
    Regions,
    /// The kitty keyboard protocol, or a terminal that takes its sequences without harm and may be set to it.
    KittyKeys,
    /// xterm's `modifyOtherKeys`, or a terminal of which only that is known that it takes its sequence without harm.
    /// Where the kitty protocol is sure, it is not asked for: some terminals let the one undo the other.
    OtherKeys,
    /// A title: OSC 2.
    Title,
    /// An answer to whether it is there: DSR 5 (ECMA-48).
    Answers,
    /// Rows that a narrower window has no room for go on in the next one; elsewhere they are cut.
    Reflow,
}

/// What becomes of text that OSC 52 brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clipboard {
    /// It is on the clipboard.
    Taken,
    /// The terminal's settings decide, and it does not tell.
    Unsure,
    /// Nothing, or worse.
    Ignored,
}

/// How the terminal tells of something while it is out of sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// No way.
    None,
    /// BEL.
    Bell,
    /// OSC 9 and a text, as in iTerm2.
    Osc9,
    /// OSC 777, `notify`, a title and a text, as in rxvt-unicode.
    Osc777,
    /// OSC 99, as in kitty.
    Osc99,
}

/// A terminal, and what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quirks {
    /// Its name.
    pub name: &'static str,
    /// What in the environment speaks for it; one is enough.
    told_by: &'static [Sign],
    /// The colours it has at least. `COLORTERM` and the end of `TERM` may tell of more.
    pub colors: ColorDepth,
    can: &'static [Feature],
    /// What it does with OSC 52.
    pub clipboard: Clipboard,
    /// How it tells of things.
    pub notice: Notice,
    /// How it shows pictures.
    pub images: Images,
}

impl Quirks {
    /// What the environment tells of the terminal.
    pub fn detect(env: impl Fn(&str) -> Option<String>) -> &'static Self {
        TERMINALS.iter().find(|row| row.told_by.iter().any(|sign| sign.is_set(&env))).unwrap_or(&UNKNOWN)
    }

    /// Whether the sequences of pictures reach whoever could show them.
    pub fn hands_pictures_on(&self) -> bool {
        !MULTIPLEXERS.contains(&self.name)
    }

    /// Whether it can do that.
    pub fn can(&self, feature: Feature) -> bool {
        self.can.contains(&feature)
    }
}

/// Those that have a screen of their own, and drop or garble what has no place on it. tmux hands sequences on where
/// `allow-passthrough` is on, but to wherever the cursor around it happens to be.
const MULTIPLEXERS: [&str; 3] = ["tmux", "zellij", "screen"];

/// Something in the environment that speaks for a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    /// The variable is there and not empty.
    Set(&'static str),
    /// The variable has this value.
    Is(&'static str, &'static str),
    /// The variable is this number or a greater one.
    AtLeast(&'static str, u32),
    /// `TERM` has this in it.
    Term(&'static str),
}

impl Sign {
    fn is_set(self, env: &impl Fn(&str) -> Option<String>) -> bool {
        match self {
            Self::Set(name) => env(name).is_some_and(|value| !value.is_empty()),
            Self::Is(name, value) => env(name).is_some_and(|is| is == value),
            Self::AtLeast(name, least) => {
                env(name).is_some_and(|value| value.parse::<u32>().is_ok_and(|value| value >= least))
            }
            Self::Term(part) => env("TERM").is_some_and(|term| term.contains(part)),
        }
    }
}

/// All there is to know of terminals, most telling first.
static TERMINALS: [Quirks; 25] = [
    // Emacs' shell, pipes and the like: they print escapes as they are.
    Quirks {
        name: "dumb",
        told_by: &[Is("TERM", "dumb"), Is("TERM", "emacs")],
        colors: ColorDepth::None,
        can: &[],
        clipboard: Ignored,
        notice: Notice::None,
        images: Images::None,
    },
    // tmux(1): OSC 8 since 3.4, dropped before; 2026 since 3.4, taken to the terminal around it if that has it;
    // `set-clipboard` is `external` by default, which takes OSC 52 from tmux's own commands only. It hands on
    // bells, and no other notice. Keys with modifiers reach who asks by `modifyOtherKeys`, where `extended-keys` is on.
    Quirks {
        name: "tmux",
        told_by: &[Set("TMUX"), Term("tmux")],
        colors: ColorDepth::Ansi256,
        can: &[Links, Synchronized, Regions, OtherKeys, Title, Answers, Reflow],
        clipboard: Unsure,
        notice: Notice::Bell,
        images: Images::HalfBlocks,
    },
    // Before screen, in whose TERM it often runs. zellij.dev: OSC 8 and 52 are handed on (`copy_clipboard`), the
    // kitty protocol since 0.41; sixels only where the terminal around it has them, which it does not tell.
    Quirks {
        name: "zellij",
        told_by: &[Set("ZELLIJ")],
        colors: ColorDepth::Ansi256,
        can: &[Links, Synchronized, Regions, KittyKeys, Title, Answers],
        clipboard: Unsure,
        notice: Notice::Bell,
        images: Images::HalfBlocks,
    },
    // screen(1), control sequences: no OSC but titles (which become its hardstatus); others need a DCS around them,
    // which may not exceed 768 bytes.
    Quirks {
        name: "screen",
        told_by: &[Set("STY"), Term("screen")],
        colors: ColorDepth::Ansi16,
        can: &[Regions, Title, Answers],
        clipboard: Unsure,
        notice: Notice::Bell,
        images: Images::HalfBlocks,
    },
    // sw.kovidgoyal.net/kitty: keyboard-protocol, graphics-protocol, desktop-notifications, `clipboard_control`.
    Quirks {
        name: "kitty",
        told_by: &[Term("kitty")],
        colors: ColorDepth::True,
        can: &[Links, Synchronized, Regions, KittyKeys, Title, Answers, Reflow],
        clipboard: Taken,
        notice: Notice::Osc99,
        images: Images::Kitty,
    },
    // ghostty.org/docs/vt: OSC 8, 9, 52 (`clipboard-write = allow`), 777, kitty keys and graphics.
    Quirks {
        name: "ghostty",
        told_by: &[Term("ghostty"), Is("TERM_PROGRAM", "ghostty")],
        colors: ColorDepth::True,
        can: &[Links, Synchronized, Regions, KittyKeys, Title, Answers, Reflow],
        clipboard: Taken,
        notice: Notice::Osc777,
        images: Images::Kitty,
    },
    // wezterm.org: escape-sequences, imgcat; the kitty keyboard only with `enable_kitty_keyboard`.
    Quirks {
        name: "WezTerm",
        told_by: &[Is("TERM_PROGRAM", "WezTerm"), Term("wezterm")],
        colors: ColorDepth::True,
        can: &[Links, Synchronized, Regions, KittyKeys, Title, Answers, Reflow],
        clipboard: Taken,
        notice: Notice::Osc777,
        images: Images::Iterm2,
    },
    // iterm2.com/documentation-escape-codes; OSC 52 only where "applications may access clipboard". LC_TERMINAL
    // goes along over SSH.
    Quirks {
        name: "iTerm2",
        told_by: &[Is("TERM_PROGRAM", "iTerm.app"), Is("LC_TERMINAL", "iTerm2")],
        colors: ColorDepth::True,
        can: &[Links, Synchronized, Regions, KittyKeys, Title, Answers, Reflow],
        clipboard: Unsure,
        notice: Notice::Osc9,
        images: Images::Iterm2,
    },
    // foot-ctlseqs(7), foot.ini(5).
    Quirks {
        name: "foot",
        told_by: &[Term("foot")],
        colors: ColorDepth::True,
        can: &[Links, Synchronized, Regions, KittyKeys, Title, Answers, Reflow],
        clipboard: Taken,
        notice: Notice::Osc777,
        images: Images::Sixel,
    },
    // alacritty(5), escape-support: OSC 8, OSC 52 (`terminal.osc52 = "OnlyCopy"`), kitty keys since 0.13.
    Quirks {
        name: "Alacritty",
        told_by: &[Term("alacritty"), Set("ALACRITTY_WINDOW_ID")],
        colors: ColorDepth::True,
        can: &[Links, Synchronized, Regions, KittyKeys, Title, Answers, Reflow],
        clipboard: Taken,
        notice: Notice::Bell,
        images: Images::HalfBlocks,
    },
    // raphamorim.io/rio.
    Quirks {
        name: "Rio",
        told_by: &[Is("TERM_PROGRAM", "rio"), Term("rio")],
        colors: ColorDepth::True,
        can: &[Links, Synchronized, Regions, KittyKeys, Title, Answers, Reflow],
        clipboard: Taken,
        notice: Notice::Bell,
        images: Images::Iterm2,
    },
    // contour-terminal.org: it is where mode 2026 comes from.
    Quirks {
        name: "Contour",
        told_by: &[Is("TERMINAL_NAME", "contour"), Term("contour")],
        colors: ColorDepth::True,
        can: &[Links, Synchronized, Regions, KittyKeys, Title, Answers, Reflow],
        clipboard: Unsure,
        notice: Notice::Osc777,
        images: Images::Sixel,
    },
    // docs.warp.dev, notifications.
    Quirks {
        name: "Warp",
        told_by: &[Is("TERM_PROGRAM", "WarpTerminal")],
        colors: ColorDepth::True,
        can: &[Links, Synchronized, Regions, Title, Answers, Reflow],
        clipboard: Unsure,
        notice: Notice::Osc9,
        images: Images::HalfBlocks,
    },
    // xterm.js and code.visualstudio.com/docs/terminal; pictures only with `enableImages`.
    Quirks {
        name: "VS Code",
        told_by: &[Is("TERM_PROGRAM", "vscode")],
        colors: ColorDepth::True,
        can: &[Links, Synchronized, Regions, Title, Answers, Reflow],
        clipboard: Unsure,
        notice: Notice::Bell,
        images: Images::HalfBlocks,
    },
    // Accounts of OSC 8 in it contradict each other; OSC 52 and pictures it has not.
    Quirks {
        name: "Terminal.app",
        told_by: &[Is("TERM_PROGRAM", "Apple_Terminal")],
        colors: ColorDepth::Ansi256,
        can: &[Synchronized, Regions, Title, Answers, Reflow],
        clipboard: Ignored,
        notice: Notice::Bell,
        images: Images::HalfBlocks,
    },
    // github.com/mintty/mintty/wiki/CtrlSeqs; OSC 52 only with `AllowSetSelection`.
    Quirks {
        name: "mintty",
        told_by: &[Is("TERM_PROGRAM", "mintty")],
        colors: ColorDepth::True,
        can: &[Links, Synchronized, Regions, OtherKeys, Title, Answers],
        clipboard: Unsure,
        notice: Notice::Bell,
        images: Images::Iterm2,
    },
    // github.com/microsoft/terminal: OSC 8 since 1.4; sixels since 1.22, and it tells no version. OSC 9 is its progress.
    Quirks {
        name: "Windows Terminal",
        told_by: &[Set("WT_SESSION")],
        colors: ColorDepth::True,
        can: &[Links, Synchronized, Regions, Title, Answers, Reflow],
        clipboard: Taken,
        notice: Notice::Bell,
        images: Images::HalfBlocks,
    },
    // docs.kde.org/konsole: links since 20.12 where the profile allows them; pictures since 22.04.
    Quirks {
        name: "Konsole",
        told_by: &[Set("KONSOLE_VERSION")],
        colors: ColorDepth::True,
        can: &[Links, Synchronized, Regions, Title, Answers, Reflow],
        clipboard: Unsure,
        notice: Notice::Bell,
        images: Images::HalfBlocks,
    },
    // GNOME's library, in many terminals. Its links are where OSC 8 comes from: 0.50, with mends in 0.50.3; OSC 52
    // is not built; OSC 777 only as distributions patch it.
    Quirks {
        name: "VTE",
        told_by: &[AtLeast("VTE_VERSION", 5003)],
        colors: ColorDepth::True,
        can: &[Links, Synchronized, Regions, Title, Answers, Reflow],
        clipboard: Ignored,
        notice: Notice::Bell,
        images: Images::HalfBlocks,
    },
    // Before that, links leaked memory, and colours were there already (0.36).
    Quirks {
        name: "VTE before 0.50",
        told_by: &[Set("VTE_VERSION")],
        colors: ColorDepth::True,
        can: &[Regions, Title, Answers, Reflow],
        clipboard: Ignored,
        notice: Notice::Bell,
        images: Images::HalfBlocks,
    },
    // console_codes(4): OSC is for its palette only, and what else comes in one is printed by older kernels.
    Quirks {
        name: "Linux console",
        told_by: &[Is("TERM", "linux"), Is("TERM", "linux-16color")],
        colors: ColorDepth::Ansi16,
        can: &[Regions, Answers],
        clipboard: Ignored,
        notice: Notice::Bell,
        images: Images::HalfBlocks,
    },
    // urxvt(7), `NOTIFY` by its extensions; no OSC 8, OSC 52 by an extension.
    Quirks {
        name: "rxvt",
        told_by: &[Term("rxvt")],
        colors: ColorDepth::Ansi256,
        can: &[Regions, Title, Answers],
        clipboard: Unsure,
        notice: Notice::Osc777,
        images: Images::HalfBlocks,
    },
    // ctlseqs.ms: OSC 8 is passed over; `disallowedWindowOps` has SetSelection in it; sixels only as a VT340.
    Quirks {
        name: "xterm",
        told_by: &[Set("XTERM_VERSION")],
        colors: ColorDepth::Ansi256,
        can: &[Regions, OtherKeys, Title, Answers],
        clipboard: Unsure,
        notice: Notice::Bell,
        images: Images::HalfBlocks,
    },
    // Anything that says it is like xterm: over SSH, most of the terminals above. Links it may have; their targets
    // are in the text as well.
    Quirks {
        name: "xterm-direct",
        told_by: &[Term("direct"), Term("truecolor")],
        colors: ColorDepth::True,
        can: &[Synchronized, Regions, KittyKeys, OtherKeys, Title, Answers],
        clipboard: Unsure,
        notice: Notice::Bell,
        images: Images::HalfBlocks,
    },
    Quirks {
        name: "xterm-256color",
        told_by: &[Term("256color")],
        colors: ColorDepth::Ansi256,
        can: &[Synchronized, Regions, KittyKeys, OtherKeys, Title, Answers],
        clipboard: Unsure,
        notice: Notice::Bell,
        images: Images::HalfBlocks,
    },
];

/// What is left: a VT100 in colours (ECMA-48), such as serial lines have.
static UNKNOWN: Quirks = Quirks {
    name: "ECMA-48",
    told_by: &[],
    colors: ColorDepth::Ansi16,
    can: &[Regions, Title, Answers],
    clipboard: Unsure,
    notice: Notice::Bell,
    images: Images::HalfBlocks,
};

#[cfg(test)]
mod tests {
    use super::*;

    fn named(vars: &[(&str, &str)]) -> &'static str {
        let env =
            |name: &str| vars.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Quirks::detect(env).name
    }

    #[test]
    fn a_terminal_is_known_by_what_it_sets() {
        for (vars, name) in [
            (&[("TERM", "xterm-kitty")][..], "kitty"),
            (&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "iTerm.app")], "iTerm2"),
            (&[("TERM", "xterm-256color"), ("LC_TERMINAL", "iTerm2")], "iTerm2"),
            (&[("TERM", "xterm-256color"), ("VTE_VERSION", "7600")], "VTE"),
            (&[("TERM", "xterm-256color"), ("VTE_VERSION", "4205")], "VTE before 0.50"),
            (&[("TERM", "xterm-256color"), ("WT_SESSION", "0-1")], "Windows Terminal"),
            (&[("TERM", "xterm-256color"), ("WT_SESSION", "")], "xterm-256color"),
            (&[("TERM", "linux")], "Linux console"),
            (&[("TERM", "vt220")], "ECMA-48"),
            (&[], "ECMA-48"),
        ] {
            assert_eq!(named(vars), name, "{vars:?}");
        }
    }

    #[test]
    fn a_multiplexer_hides_the_terminal_around_it() {
        let around = ("TERM_PROGRAM", "iTerm.app");
        assert_eq!(named(&[around, ("TERM", "screen-256color"), ("TMUX", "/tmp/x,1,0")]), "tmux");
        assert_eq!(named(&[around, ("TERM", "screen.xterm-256color"), ("STY", "1.x")]), "screen");
        assert_eq!(named(&[around, ("TERM", "xterm-256color"), ("ZELLIJ", "0")]), "zellij");
        assert_eq!(named(&[("TERM", "tmux-256color")]), "tmux");
    }

    #[test]
    fn each_row_is_told_by_something_of_its_own() {
        for (nth, row) in TERMINALS.iter().enumerate() {
            assert!(!row.told_by.is_empty(), "{}", row.name);
            let earlier = || TERMINALS.iter().take(nth);
            assert!(earlier().all(|other| other.name != row.name), "{} stands there twice", row.name);
            for sign in row.told_by {
                assert!(earlier().all(|other| !other.told_by.contains(sign)), "{}: {sign:?}", row.name);
            }
        }
    }

    #[test]
    fn nothing_is_promised_to_who_has_a_terminal_without_escapes() {
        let dumb = Quirks::detect(|name| (name == "TERM").then(|| "dumb".to_owned()));
        assert_eq!((dumb.can, dumb.clipboard, dumb.notice), (&[][..], Ignored, Notice::None));
        assert_eq!((dumb.colors, dumb.images), (ColorDepth::None, Images::None));
    }
}
