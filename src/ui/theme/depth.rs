//! Colours: their names in theme files, and the nearest one a terminal has for each.

use ratatui::style::Color;

use crate::config::ColorDepth;

use super::contrast;

pub(super) type Rgb = (u8, u8, u8);

/// The 16 colours in the order of their SGR numbers, by their names in theme files, with xterm's values for them.
const NAMED: [(&str, Color, Rgb); 16] = [
    ("black", Color::Black, (0, 0, 0)),
    ("red", Color::Red, (205, 0, 0)),
    ("green", Color::Green, (0, 205, 0)),
    ("yellow", Color::Yellow, (205, 205, 0)),
    ("blue", Color::Blue, (0, 0, 238)),
    ("magenta", Color::Magenta, (205, 0, 205)),
    ("cyan", Color::Cyan, (0, 205, 205)),
    ("white", Color::Gray, (229, 229, 229)),
    ("bright-black", Color::DarkGray, (127, 127, 127)),
    ("bright-red", Color::LightRed, (255, 0, 0)),
    ("bright-green", Color::LightGreen, (0, 255, 0)),
    ("bright-yellow", Color::LightYellow, (255, 255, 0)),
    ("bright-blue", Color::LightBlue, (92, 92, 255)),
    ("bright-magenta", Color::LightMagenta, (255, 0, 255)),
    ("bright-cyan", Color::LightCyan, (0, 255, 255)),
    ("bright-white", Color::White, (255, 255, 255)),
];

/// The names of the 16.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    NAMED.iter().map(|(name, _, _)| *name)
}

/// One of the 16, by its name.
pub(super) fn named(name: &str) -> Option<Color> {
    NAMED.iter().find(|(known, _, _)| *known == name).map(|&(_, color, _)| color)
}

/// `#rrggbb`, with or without the sign.
pub(super) fn hex(text: &str) -> Option<Color> {
    let digits = text.strip_prefix('#').unwrap_or(text);
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let [_, r, g, b] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    Some(Color::Rgb(r, g, b))
}

/// What a colour is made of, where that is known: what the 16 are, the terminal decides.
pub(super) fn rgb(color: Color) -> Option<Rgb> {
    match color {
        Color::Rgb(r, g, b) => Some((r, g, b)),
        Color::Indexed(index @ 16..) => Some(xterm_rgb(index)),
        _ => None,
    }
}

impl ColorDepth {
    /// The nearest colour this depth has.
    pub fn nearest(self, color: Color) -> Color {
        match self {
            Self::None => Color::Reset,
            Self::Ansi16 => match color {
                Color::Rgb(r, g, b) => nearest_ansi((r, g, b)),
                Color::Indexed(index) => NAMED
                    .get(usize::from(index))
                    .map_or_else(|| nearest_ansi(xterm_rgb(index)), |&(_, named, _)| named),
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

/// The steps of xterm's colour cube, whose 6 × 6 × 6 colours are numbers 16 to 231.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The first of xterm's 24 greys, numbers 232 to 255: 8, 18, 28 …
const FIRST_GREY: u8 = 232;

/// What xterm makes of a number from 16 on.
pub(super) fn xterm_rgb(index: u8) -> Rgb {
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
    NAMED.iter().min_by_key(|(_, _, own)| distance(*own, rgb)).map_or(Color::Reset, |&(_, color, _)| color)
}

/// The 16 below the cube are left out: a terminal's palette may make anything of them.
fn nearest_xterm(rgb: Rgb) -> u8 {
    (16..=u8::MAX).min_by_key(|&index| distance(xterm_rgb(index), rgb)).unwrap_or(16)
}

/// The nearest of the 256 that is read on a background: where the nearest of all is not, the nearest that is.
pub(super) fn nearest_read(color: Color, on: Rgb, least: f64) -> Color {
    let nearest = ColorDepth::Ansi256.nearest(color);
    let (Color::Rgb(r, g, b), Color::Indexed(index)) = (color, nearest) else { return nearest };
    let read = |index: &u8| contrast::ratio(xterm_rgb(*index), on) >= least;
    if read(&index) {
        return nearest;
    }
    let others = (16..=u8::MAX).filter(read);
    others.min_by_key(|&index| distance(xterm_rgb(index), (r, g, b))).map_or(nearest, Color::Indexed)
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn a_colour_that_could_not_be_read_falls_to_the_nearest_that_can() {
        let grey = Color::Rgb(0x76, 0x76, 0x76);
        assert_eq!(nearest_read(grey, (255, 255, 255), 4.5), Color::Indexed(243));
        assert_eq!(nearest_read(grey, (0xee, 0xee, 0xee), 4.5), Color::Indexed(242));
        assert_eq!(nearest_read(Color::Cyan, (0xee, 0xee, 0xee), 4.5), Color::Cyan);
    }

    #[test]
    fn hexadecimal_colours_are_read_with_and_without_their_sign() {
        assert_eq!(hex("#1e1E2e"), Some(Color::Rgb(0x1e, 0x1e, 0x2e)));
        assert_eq!(hex("000010"), Some(Color::Rgb(0, 0, 16)));
        assert_eq!((hex("#fff"), hex("#1e1e2g"), hex("+1e1e2")), (None, None, None));
    }
}
