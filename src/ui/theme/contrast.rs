//! How well one colour is read on another, after WCAG 2.2 (w3.org/TR/WCAG22, "relative luminance", "contrast ratio").

use crate::config::Background;

use super::depth::Rgb;
use super::role::Role;

/// The least contrast of text.
pub(super) const TEXT: f64 = 4.5;
/// The least contrast of lines and signs.
pub(super) const LINES: f64 = 3.0;

/// The least contrast of a role.
pub(super) fn least(role: Role) -> f64 {
    match role {
        Role::Border | Role::CodeMark => LINES,
        Role::Text
        | Role::Dim
        | Role::Accent
        | Role::User
        | Role::Assistant
        | Role::Code
        | Role::CodeKeyword
        | Role::CodeType
        | Role::CodeFunction
        | Role::CodeString
        | Role::CodeNumber
        | Role::CodeComment
        | Role::Heading
        | Role::Quote
        | Role::Link
        | Role::Bad
        | Role::Removed
        | Role::Added
        | Role::Selected
        | Role::Title
        | Role::Found
        | Role::FoundHere => TEXT,
    }
}

/// From 0, black, to 1, white.
fn luminance((r, g, b): Rgb) -> f64 {
    let linear = |channel: u8| {
        let level = f64::from(channel) / 255.0;
        if level <= 0.04045 { level / 12.92 } else { ((level + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

/// From 1, the same colour, to 21, black on white.
pub(super) fn ratio(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The background that a theme which paints none has to be read on at least: of those that people have, the one that
/// is nearest to the other kind.
pub(super) fn least_apart(background: Background) -> Rgb {
    match background {
        Background::Dark => (0x2e, 0x34, 0x40),
        Background::Light => (0xef, 0xf1, 0xf5),
    }
}

/// Whether a background is dark or light: which of black and white is read better on it.
pub fn kind(background: (u8, u8, u8)) -> Background {
    if ratio(background, (255, 255, 255)) >= ratio(background, (0, 0, 0)) {
        Background::Dark
    } else {
        Background::Light
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_as_wcag_has_it() {
        assert!((ratio((0, 0, 0), (255, 255, 255)) - 21.0).abs() < 1e-9);
        assert!((ratio((9, 9, 9), (9, 9, 9)) - 1.0).abs() < 1e-9);
        // The grey that is the lightest to be read on white, by the guideline's own example.
        assert!((ratio((0x76, 0x76, 0x76), (255, 255, 255)) - 4.54).abs() < 0.01);
    }

    #[test]
    fn a_background_is_dark_where_white_is_read_better_on_it() {
        assert_eq!(kind((0x00, 0x2b, 0x36)), Background::Dark);
        assert_eq!(kind((0xfd, 0xf6, 0xe3)), Background::Light);
    }
}
