//! How many colours the terminal shows, and the nearest one it has for each that a theme asks for.

use ratatui::style::Color;

/// How many colours the terminal shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorDepth {
    /// None: only bold, dim, reverse and the like.
    None,
    /// The 16 that a terminal's own palette gives.
    Ansi16,
    /// The 256 of xterm.
    Ansi256,
    /// All of RGB.
    True,
}

/// Names in `TERM` that tell a depth, the first that is found decides.
const TERMS: [(&str, ColorDepth); 10] = [
    ("dumb", ColorDepth::None),
    ("direct", ColorDepth::True),
    ("truecolor", ColorDepth::True),
    ("kitty", ColorDepth::True),
    ("ghostty", ColorDepth::True),
    ("wezterm", ColorDepth::True),
    ("alacritty", ColorDepth::True),
    ("foot", ColorDepth::True),
    ("256color", ColorDepth::Ansi256),
    ("mono", ColorDepth::None),
];

impl ColorDepth {
    /// What the environment says: `NO_COLOR` (no-color.org: set and not empty), then `COLORTERM`, then `TERM`.
    pub fn detect(env: impl Fn(&str) -> Option<String>) -> Self {
        if env("NO_COLOR").is_some_and(|value| !value.is_empty()) {
            return Self::None;
        }
        let term = env("TERM").unwrap_or_default();
        if term != "dumb" && matches!(env("COLORTERM").as_deref(), Some("truecolor" | "24bit")) {
            return Self::True;
        }
        TERMS.iter().find(|(name, _)| term.contains(name)).map_or(Self::Ansi16, |&(_, depth)| depth)
    }

    /// The nearest colour this depth has.
    pub fn nearest(self, color: Color) -> Color {
        match self {
            Self::None => Color::Reset,
            Self::Ansi16 => match color {
                Color::Rgb(r, g, b) => nearest_ansi((r, g, b)),
                Color::Indexed(index) => NAMED
                    .get(usize::from(index))
                    .map_or_else(|| nearest_ansi(xterm_rgb(index)), |&(named, _)| named),
                named => named,
            },
            Self::Ansi256 => match color {
                Color::Rgb(r, g, b) => Color::Indexed(nearest_xterm((r, g, b))),
                other => other,
            },
            Self::True => color,
        }
    }
}

type Rgb = (u8, u8, u8);

/// The 16 colours in the order of their SGR numbers, with xterm's values for them.
const NAMED: [(Color, Rgb); 16] = [
    (Color::Black, (0, 0, 0)),
    (Color::Red, (205, 0, 0)),
    (Color::Green, (0, 205, 0)),
    (Color::Yellow, (205, 205, 0)),
    (Color::Blue, (0, 0, 238)),
    (Color::Magenta, (205, 0, 205)),
    (Color::Cyan, (0, 205, 205)),
    (Color::Gray, (229, 229, 229)),
    (Color::DarkGray, (127, 127, 127)),
    (Color::LightRed, (255, 0, 0)),
    (Color::LightGreen, (0, 255, 0)),
    (Color::LightYellow, (255, 255, 0)),
    (Color::LightBlue, (92, 92, 255)),
    (Color::LightMagenta, (255, 0, 255)),
    (Color::LightCyan, (0, 255, 255)),
    (Color::White, (255, 255, 255)),
];

/// The steps of xterm's colour cube, whose 6 × 6 × 6 colours are numbers 16 to 231.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The first of xterm's 24 greys, numbers 232 to 255: 8, 18, 28 …
const FIRST_GREY: u8 = 232;

fn xterm_rgb(index: u8) -> Rgb {
    if index >= FIRST_GREY {
        let level = 8 + (index - FIRST_GREY) * 10;
        return (level, level, level);
    }
    let cube = index.saturating_sub(16);
    let step = |place: u8| STEPS.get(usize::from(place % 6)).copied().unwrap_or_default();
    (step(cube / 36), step(cube / 6), step(cube))
}

fn distance(a: Rgb, b: Rgb) -> u32 {
    let square = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
    square(a.0, b.0) + square(a.1, b.1) + square(a.2, b.2)
}

fn nearest_ansi(rgb: Rgb) -> Color {
    NAMED.iter().min_by_key(|(_, own)| distance(*own, rgb)).map_or(Color::Reset, |&(color, _)| color)
}

/// The 16 below the cube are left out: a terminal's palette may make anything of them.
fn nearest_xterm(rgb: Rgb) -> u8 {
    (16..=u8::MAX).min_by_key(|&index| distance(xterm_rgb(index), rgb)).unwrap_or(16)
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
    }

    #[test]
    fn colours_fall_to_the_nearest_that_there_is() {
        let orange = Color::Rgb(255, 135, 0);
        assert_eq!(ColorDepth::True.nearest(orange), orange);
        assert_eq!(ColorDepth::Ansi256.nearest(orange), Color::Indexed(208));
        assert_eq!(ColorDepth::Ansi256.nearest(Color::Rgb(118, 118, 118)), Color::Indexed(243));
        assert_eq!(ColorDepth::Ansi16.nearest(Color::Indexed(243)), Color::DarkGray);
        assert_eq!(ColorDepth::Ansi16.nearest(Color::Indexed(9)), Color::LightRed);
        assert_eq!(ColorDepth::Ansi16.nearest(Color::Cyan), Color::Cyan);
        assert_eq!(ColorDepth::None.nearest(Color::Cyan), Color::Reset);
    }
}
