//! What `ui` says of colours: which theme, on which background, of how many colours; and how pictures are shown.

use super::build::Builder;
use super::node::Node;
use super::quirks::Quirks;
use super::{Env, Location};

/// Whether a terminal's background is dark or light.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Background {
    /// Light text stands on it.
    Dark,
    /// Dark text stands on it.
    Light,
}

/// How many colours a terminal shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColorDepth {
    /// None: only bold, dim, reverse and the like.
    None,
    /// The 16 that a terminal's own palette gives.
    #[default]
    Ansi16,
    /// The 256 of xterm.
    Ansi256,
    /// All of RGB.
    True,
}

/// How pictures are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Images {
    /// Not at all.
    None,
    /// As cells with two colours each.
    HalfBlocks,
    /// DEC's sixels.
    Sixel,
    /// OSC 1337, as in iTerm2.
    Iterm2,
    /// The kitty graphics protocol.
    Kitty,
}

/// A theme by its name. Whether there is one, nobody knows before it is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThemeName {
    /// As it was written.
    pub name: String,
    /// Where.
    pub at: Location,
}

/// `ui.theme`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Themes {
    /// One, whatever the background.
    One(ThemeName),
    /// One for each kind of background; `None` is the built-in one.
    Pair {
        /// On a dark background.
        dark: Option<ThemeName>,
        /// On a light one.
        light: Option<ThemeName>,
    },
}

impl Themes {
    /// The themes that are named.
    pub fn names(&self) -> impl Iterator<Item = &ThemeName> {
        let (first, second) = match self {
            Self::One(name) => (Some(name), None),
            Self::Pair { dark, light } => (dark.as_ref(), light.as_ref()),
        };
        first.into_iter().chain(second)
    }

    /// What was written, in one word: to tell whether it was written anew.
    pub fn written(&self) -> String {
        let name = |theme: &Option<ThemeName>| theme.as_ref().map_or("", |theme| &theme.name).to_owned();
        match self {
            Self::One(theme) => theme.name.clone(),
            Self::Pair { dark, light } => format!("{}/{}", name(dark), name(light)),
        }
    }
}

/// The words of `ui.background`.
pub(super) const BACKGROUNDS: &[&str] = &["auto", "dark", "light"];

/// The words of `ui.colors`.
pub(super) const COLORS: &[&str] = &["auto", "none", "16", "256", "truecolor"];

/// The words of `ui.images`.
pub(super) const IMAGES: &[&str] = &["auto", "kitty", "sixel", "iterm2", "halfblocks", "none"];

impl Builder<'_> {
    /// `ui.theme`.
    pub(super) fn themes(&self, ui: Option<&Node>) -> Option<Themes> {
        let node = ui?.get("theme")?;
        let name = |node: &Node| Some(ThemeName { name: node.text()?.to_owned(), at: self.locate(node.at) });
        Some(match name(node) {
            Some(one) => Themes::One(one),
            None => Themes::Pair {
                dark: node.get("dark").and_then(name),
                light: node.get("light").and_then(name),
            },
        })
    }
}

/// `ui.background`; `None` is what the terminal says.
pub(super) fn background(ui: Option<&Node>) -> Option<Background> {
    match ui?.get("background")?.text()? {
        "dark" => Some(Background::Dark),
        "light" => Some(Background::Light),
        _ => None,
    }
}

/// `ui.colors`; `None` is what the environment says.
pub(super) fn colors(ui: Option<&Node>) -> Option<ColorDepth> {
    match ui?.get("colors")?.text()? {
        "none" => Some(ColorDepth::None),
        "16" => Some(ColorDepth::Ansi16),
        "256" => Some(ColorDepth::Ansi256),
        "truecolor" => Some(ColorDepth::True),
        _ => None,
    }
}

/// `ui.images`; `None` is what the terminal is known for.
pub(super) fn images(ui: Option<&Node>) -> Option<Images> {
    match ui?.get("images")?.text()? {
        "kitty" => Some(Images::Kitty),
        "sixel" => Some(Images::Sixel),
        "iterm2" => Some(Images::Iterm2),
        "halfblocks" => Some(Images::HalfBlocks),
        "none" => Some(Images::None),
        _ => None,
    }
}

/// What names of terminals end in, by terminfo's rule for variants (term(7)).
const VARIANTS: [(&str, ColorDepth); 4] = [
    ("-direct", ColorDepth::True),
    ("-truecolor", ColorDepth::True),
    ("-256color", ColorDepth::Ansi256),
    ("-mono", ColorDepth::None),
];

impl ColorDepth {
    /// What the environment says: `NO_COLOR` (no-color.org: set and not empty), then `COLORTERM`, then the greater of
    /// what the terminal has and what the variant in `TERM` says.
    pub fn detect(env: impl Fn(&str) -> Option<String>) -> Self {
        if env("NO_COLOR").is_some_and(|value| !value.is_empty()) {
            return Self::None;
        }
        let least = Quirks::detect(&env).colors;
        if least == Self::None {
            return Self::None;
        }
        if matches!(env("COLORTERM").as_deref(), Some("truecolor" | "24bit")) {
            return Self::True;
        }
        let term = env("TERM").unwrap_or_default();
        match VARIANTS.iter().find(|(end, _)| term.ends_with(end)) {
            Some((_, Self::None)) => Self::None,
            Some((_, depth)) => least.max(*depth),
            None => least,
        }
    }
}

impl Background {
    /// What `COLORFGBG` says (rxvt's, Konsole's, iTerm2's): its last number is the background, of the 16 colours.
    pub fn of(env: &Env) -> Option<Self> {
        match env.get("COLORFGBG")?.rsplit(';').next()?.parse().ok()? {
            0..=6 | 8 => Some(Self::Dark),
            7 | 9..=15 => Some(Self::Light),
            16..=u8::MAX => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(vars: &[(&str, &str)]) -> ColorDepth {
        ColorDepth::detect(|name| {
            vars.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_environment_tells_the_depth() {
        assert_eq!(detected(&[("NO_COLOR", "1"), ("COLORTERM", "truecolor")]), ColorDepth::None);
        assert_eq!(detected(&[("NO_COLOR", ""), ("TERM", "xterm-256color")]), ColorDepth::Ansi256);
        assert_eq!(detected(&[("COLORTERM", "24bit"), ("TERM", "xterm")]), ColorDepth::True);
        assert_eq!(detected(&[("COLORTERM", "truecolor"), ("TERM", "dumb")]), ColorDepth::None);
        assert_eq!(detected(&[("TERM", "xterm-kitty")]), ColorDepth::True);
        assert_eq!(detected(&[("TERM", "linux")]), ColorDepth::Ansi16);
        assert_eq!(detected(&[("TERM", "vt220")]), ColorDepth::Ansi16);
        assert_eq!(detected(&[("TERM", "xterm-mono")]), ColorDepth::None);
        // screen has 16 as it comes, unless it was built and set for more.
        assert_eq!(detected(&[("TERM", "screen"), ("STY", "1.x")]), ColorDepth::Ansi16);
        assert_eq!(detected(&[("TERM", "screen-256color"), ("STY", "1.x")]), ColorDepth::Ansi256);
        // Over SSH there is no COLORTERM, but what iTerm2 sets.
        assert_eq!(detected(&[("TERM", "xterm-256color"), ("LC_TERMINAL", "iTerm2")]), ColorDepth::True);
        assert_eq!(detected(&[("TERM", "xterm-256color"), ("WT_SESSION", "0-1")]), ColorDepth::True);
        let inside = [("TERM", "tmux-256color"), ("TMUX", "/tmp/x,1,0"), ("LC_TERMINAL", "iTerm2")];
        assert_eq!(detected(&inside), ColorDepth::Ansi256);
    }

    #[test]
    fn the_environment_may_tell_the_background() {
        let told = |value: &str| Background::of(&Env::of([("COLORFGBG".to_owned(), value.to_owned())]));
        assert_eq!(told("15;0"), Some(Background::Dark));
        assert_eq!(told("0;default;15"), Some(Background::Light));
        assert_eq!(told("15;default"), None);
        assert_eq!(Background::of(&Env::default()), None);
    }
}
