//! base16 and base24 scheme files, read as they are found: the sixteen or twenty-four colours at the top of the file
//! (with `scheme:` and `author:`) or below `palette:` (with `system:` and `variant:`), with `#` or without.
//!
//! What the colours are for is told at github.com/tinted-theming/home (styling.md): 00 to 07 go from the background to the
//! brightest text, 08 to 0F are red, orange, yellow, green, cyan, blue, magenta, brown; base24 adds two darker
//! backgrounds and six brighter colours. Schemes differ in how well their comment colour is read, so what is
//! secondary takes the first of the greys that is read well enough.

use std::collections::HashMap;

use ratatui::style::{Color, Modifier, Style};

use crate::config::Problem;
use crate::config::leaves::Leaf;
use crate::t;

use super::role::Role;
use super::{Styles, Theme, contrast, depth};

/// The colours every scheme has.
const BASE16: [&str; 16] = [
    "base00", "base01", "base02", "base03", "base04", "base05", "base06", "base07", "base08", "base09",
    "base0A", "base0B", "base0C", "base0D", "base0E", "base0F",
];

/// Whether these are the values of a scheme.
pub(super) fn is_one(leaves: &[Leaf]) -> bool {
    leaves.iter().any(|leaf| slot(leaf).is_some_and(|name| name == "base00"))
}

/// The theme of a scheme.
///
/// # Errors
/// A colour is missing, or is none.
pub(super) fn theme(leaves: &[Leaf]) -> Result<Theme, Vec<Problem>> {
    let mut colors: HashMap<String, Color> = HashMap::new();
    let mut problems = Vec::new();
    for leaf in leaves {
        let Some(name) = slot(leaf) else { continue };
        match depth::hex(&leaf.text) {
            Some(color) => {
                colors.insert(name, color);
            }
            None => {
                let message = t!("ui-theme-palette", text = &*leaf.text).into_string();
                let suggestion = leaf.text.is_empty().then(|| t!("ui-theme-quote").into_string());
                problems.push(Problem { suggestion, ..leaf.problem(message) });
            }
        }
    }
    let missing: Vec<&str> = BASE16.into_iter().filter(|name| !colors.contains_key(*name)).collect();
    if problems.is_empty()
        && !missing.is_empty()
        && let Some(first) = leaves.iter().find(|leaf| slot(leaf).is_some())
    {
        problems.push(first.problem(t!("ui-theme-missing", names = missing.join(", ")).into_string()));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(of(&|name| colors.get(name).copied().unwrap_or_default()))
}

/// The name of a scheme's colour, in the letters of [`BASE16`].
fn slot(leaf: &Leaf) -> Option<String> {
    let name = match leaf.path.as_slice() {
        [name] => name,
        [palette, name] if palette == "palette" => name,
        _ => return None,
    };
    let digits = name.strip_prefix("base")?;
    let is_one = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_one.then(|| format!("base{}", digits.to_ascii_uppercase()))
}

fn of(color: &dyn Fn(&str) -> Color) -> Theme {
    let background = color("base00");
    let reads = |candidates: &[&str], on: Color, least: f64| {
        let enough = |name: &&&str| {
            let (one, other) = (depth::rgb(color(name)), depth::rgb(on));
            one.zip(other).is_some_and(|(one, other)| contrast::ratio(one, other) >= least)
        };
        color(candidates.iter().find(enough).or(candidates.last()).copied().unwrap_or_default())
    };
    let plain = |name: &str| Style::new().fg(color(name));
    let bold = |name: &str| plain(name).add_modifier(Modifier::BOLD);
    let secondary = Style::new().fg(reads(&["base03", "base04", "base05"], background, contrast::TEXT));
    let line = Style::new().fg(reads(&["base02", "base03", "base04"], background, contrast::LINES));
    let on = |back: Color| {
        Style::new().bg(back).fg(reads(&["base05", "base06", "base07", "base00"], back, contrast::TEXT))
    };
    let style = |role: Role| match role {
        Role::Text => plain("base05").bg(background),
        Role::Dim | Role::CodeComment => secondary,
        Role::Accent => plain("base0D"),
        Role::User => bold("base0B"),
        Role::Assistant => bold("base0D"),
        Role::Code => plain("base05"),
        Role::CodeKeyword => plain("base0E"),
        Role::CodeType => plain("base0A"),
        Role::CodeFunction => plain("base0D"),
        Role::CodeString => plain("base0B"),
        Role::CodeNumber => plain("base09"),
        Role::CodeMark | Role::Border => line,
        Role::Heading => bold("base0A"),
        Role::Quote => plain("base04")
            .fg(reads(&["base04", "base05"], background, contrast::TEXT))
            .add_modifier(Modifier::ITALIC),
        Role::Link => plain("base0C"),
        Role::Bad | Role::Removed => plain("base08"),
        Role::Added => plain("base0B"),
        Role::Selected => on(color("base02")),
        Role::Title => bold("base05"),
        Role::Found => on(color("base0A")),
        Role::FoundHere => on(color("base09")).add_modifier(Modifier::BOLD),
    };
    let mut styles = Styles::default();
    for (place, role) in styles.0.iter_mut().zip(Role::EACH) {
        *place = Some(style(*role));
    }
    Theme::of(styles, Styles::default(), depth::rgb(background).map(contrast::kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Background;

    /// Ocean, in the words of the old files.
    const FLAT: &str = r#"scheme: "Ocean"
author: "Chris Kempson (http://chriskempson.com)"
base00: "2b303b"
base01: "343d46"
base02: "4f5b66"
base03: "65737e"
base04: "a7adba"
base05: "c0c5ce"
base06: "dfe1e8"
base07: "eff1f5"
base08: "bf616a"
base09: "d08770"
base0A: "ebcb8b"
base0B: "a3be8c"
base0C: "96b5b4"
base0D: "8fa1b3"
base0E: "b48ead"
base0F: "ab7967"
"#;

    /// The same in the words of the newer ones.
    fn nested(sign: &str) -> String {
        let colors: String = FLAT
            .lines()
            .filter_map(|line| line.strip_prefix("base"))
            .map(|line| format!("  base{}\n", line.replacen('"', &format!("\"{sign}"), 1)))
            .collect();
        format!(
            "system: \"base16\"\nname: \"Ocean\"\nslug: \"ocean\"\nauthor: \"Chris Kempson\"\nvariant: \"dark\"\npalette:\n{colors}"
        )
    }

    fn read(text: &str) -> Result<Theme, Vec<String>> {
        Theme::parse("ocean.yaml", text).map_err(|problems| problems.iter().map(Problem::headline).collect())
    }

    #[test]
    fn old_and_new_files_with_and_without_the_sign_are_one_theme() {
        let theme = read(FLAT).unwrap();
        assert_eq!(read(&nested("")).unwrap(), theme);
        assert_eq!(read(&nested("#")).unwrap(), theme);
        assert_eq!(read(&FLAT.replace('"', "")).unwrap(), theme);
        assert_eq!(theme.background, Some(Background::Dark));
        let text = Style::new().fg(Color::Rgb(0xc0, 0xc5, 0xce)).bg(Color::Rgb(0x2b, 0x30, 0x3b));
        assert_eq!(theme.style(Role::Text), text);
    }

    #[test]
    fn what_is_secondary_is_the_first_grey_that_is_read() {
        // Its comment colour, 65737e, has a contrast of 2.7.
        let theme = read(FLAT).unwrap();
        assert_eq!(theme.style(Role::Dim).fg, Some(Color::Rgb(0xa7, 0xad, 0xba)));
    }

    #[test]
    fn the_colours_that_base24_adds_do_no_harm() {
        let more: String = (0x10..=0x17).map(|slot| format!("base{slot:02X}: \"ffffff\"\n")).collect();
        assert_eq!(read(&format!("{FLAT}{more}")).unwrap(), read(FLAT).unwrap());
    }

    #[test]
    fn a_scheme_with_a_hole_or_a_slip_says_where() {
        let hole = FLAT.replace("base0E: \"b48ead\"\n", "");
        assert_eq!(
            read(&hole).unwrap_err(),
            ["ocean.yaml:3:1: error: colours of this scheme are missing: base0E"]
        );
        let slip = FLAT.replace("\"b48ead\"", "#b48ead");
        assert_eq!(read(&slip).unwrap_err(), ["ocean.yaml:17:1: error: this is no colour: “”"]);
    }
}
