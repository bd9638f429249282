//! Theme files in our own words: a style for each role, and what its words mean.
//!
//! ```yaml
//! from: nord                # a built-in theme, for every role that is not here
//! background: ink           # what is painted under everything; without it the terminal's own shows
//! for: dark                 # the background it is made for, where it paints none
//! palette: {ink: "#101418"} # names for colours
//! sixteen: {accent: cyan}   # what a role is on a terminal of 16 colours
//! dim: "#8a857c"            # a role: FG [on BG] [bold|dim|italic|underlined|reverse]
//! ```

use std::collections::HashMap;

use ratatui::style::{Color, Modifier, Style};

use crate::config::leaves::Leaf;
use crate::config::{Background, Problem, did_you_mean};
use crate::t;

use super::role::Role;
use super::{Styles, Theme, built_in, contrast, depth};

/// The keys beside the roles.
const KEYS: [&str; 5] = ["background", "for", "from", "palette", "sixteen"];

/// The words that are no colour.
const MODIFIERS: [(&str, Modifier); 5] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underlined", Modifier::UNDERLINED),
    ("reverse", Modifier::REVERSED),
];

/// The theme of a file's values.
///
/// # Errors
/// Everything that is wrong with them.
pub(super) fn theme(leaves: &[Leaf]) -> Result<Theme, Vec<Problem>> {
    let mut reader = Reader { palette: HashMap::new(), problems: Vec::new() };
    for leaf in leaves.iter().filter(|leaf| key(leaf) == "palette") {
        match (leaf.path.get(1), depth::hex(&leaf.text)) {
            (Some(name), Some(color)) => {
                reader.palette.insert(name, color);
            }
            _ => reader.fault(leaf, t!("ui-theme-palette", text = &*leaf.text).into_string(), None),
        }
    }
    let mut base = Theme::default();
    for leaf in leaves.iter().filter(|leaf| key(leaf) == "from") {
        match built_in::source(&leaf.text).and_then(|source| Theme::parse(&leaf.text, source).ok()) {
            Some(theme) => base = theme,
            None => {
                let meant = did_you_mean(&leaf.text, built_in::names());
                reader.fault(leaf, t!("ui-theme-unknown", name = &*leaf.text).into_string(), meant);
            }
        }
    }
    let mut styles = base.given;
    let mut sixteen = base.sixteen;
    // What is painted under everything is kept apart, so that a file can take it away.
    let text = styles.get(Role::Text).unwrap_or_default();
    let mut background = text.bg;
    styles.set(Role::Text, Style { bg: None, ..text });
    let mut made_for = base.background;
    for leaf in leaves {
        match (key(leaf), leaf.path.as_slice()) {
            ("palette" | "from", _) => {}
            ("background", [_]) => {
                if let Some(style) = reader.style(leaf, Colors::Any) {
                    background = style.fg;
                    made_for = background.and_then(depth::rgb).map(contrast::kind);
                }
            }
            ("for", [_]) => match leaf.text.as_str() {
                "dark" => made_for = Some(Background::Dark),
                "light" => made_for = Some(Background::Light),
                other => reader.fault(leaf, t!("ui-theme-for", text = other).into_string(), None),
            },
            ("sixteen", [_, role]) => {
                if let (Some(role), Some(style)) =
                    (reader.role(leaf, role), reader.style(leaf, Colors::Sixteen))
                {
                    sixteen.set(role, style);
                }
            }
            (_, [role]) => {
                if let (Some(role), Some(style)) = (reader.role(leaf, role), reader.style(leaf, Colors::Any))
                {
                    styles.set(role, style);
                }
            }
            (name, _) => reader.fault(leaf, t!("ui-theme-nested", key = name).into_string(), None),
        }
    }
    if !reader.problems.is_empty() {
        reader.problems.sort_by_key(|problem| (problem.at.line, problem.at.column));
        return Err(reader.problems);
    }
    let text = styles.get(Role::Text).unwrap_or_default();
    styles.set(Role::Text, Style { bg: text.bg.or(background), ..text });
    Ok(Theme::of(styles, sixteen, made_for))
}

/// Whether any of the values is the style of a role.
pub(super) fn names_a_role(leaves: &[Leaf]) -> bool {
    leaves.iter().any(|leaf| leaf.path.len() == 1 && Role::named(key(leaf)).is_some())
}

fn key(leaf: &Leaf) -> &str {
    leaf.path.first().map_or("", String::as_str)
}

/// Which colours a style may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Colors {
    /// Those of the palette, those of the terminal, and any other.
    Any,
    /// Those of the terminal.
    Sixteen,
}

struct Reader<'a> {
    palette: HashMap<&'a str, Color>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn fault(&mut self, leaf: &Leaf, message: String, suggestion: Option<String>) {
        self.problems.push(Problem { suggestion, ..leaf.problem(message) });
    }

    fn role(&mut self, leaf: &Leaf, name: &str) -> Option<Role> {
        let role = Role::named(name);
        if role.is_none() {
            let known = Role::EACH.iter().map(|role| role.name()).chain(KEYS);
            let meant = did_you_mean(name, known).unwrap_or_else(|| {
                let names: Vec<&str> = Role::EACH.iter().map(|role| role.name()).collect();
                t!("ui-theme-roles", names = names.join(", ")).into_string()
            });
            self.fault(leaf, t!("ui-theme-role", name = name).into_string(), Some(meant));
        }
        role
    }

    /// `FG [on BG] [bold|dim|italic|underlined|reverse]…`
    fn style(&mut self, leaf: &Leaf, colors: Colors) -> Option<Style> {
        let mut style = Style::new();
        let mut words = leaf.text.split_whitespace().peekable();
        if words.peek().is_none() {
            // A `#` without quotes begins a comment.
            self.fault(leaf, t!("ui-theme-empty").into_string(), Some(t!("ui-theme-quote").into_string()));
            return None;
        }
        while let Some(word) = words.next() {
            if let Some((_, modifier)) = MODIFIERS.iter().find(|(name, _)| *name == word) {
                style = style.add_modifier(*modifier);
            } else if word == "on" {
                style.bg = self.color(leaf, words.next().unwrap_or_default(), colors)?;
            } else {
                style.fg = self.color(leaf, word, colors)?;
            }
        }
        Some(style)
    }

    /// A colour by any of its names; `Some(None)` is the terminal's own.
    fn color(&mut self, leaf: &Leaf, name: &str, colors: Colors) -> Option<Option<Color>> {
        if name == "default" {
            return Some(None);
        }
        let color = match colors {
            Colors::Any => {
                let hex = || name.starts_with('#').then(|| depth::hex(name)).flatten();
                self.palette.get(name).copied().or_else(|| depth::named(name)).or_else(hex)
            }
            Colors::Sixteen => depth::named(name),
        };
        if color.is_none() {
            let modifiers = MODIFIERS.iter().map(|(name, _)| *name);
            let mut names: Vec<&str> = depth::names().chain(modifiers).collect();
            names.extend(self.palette.keys().copied());
            let meant = did_you_mean(name, names).unwrap_or_else(|| t!("ui-theme-colors").into_string());
            self.fault(leaf, t!("ui-theme-color", text = name).into_string(), Some(meant));
        }
        color.map(Some)
    }
}

impl Styles {
    fn set(&mut self, role: Role, style: Style) {
        if let Some(place) = self.0.get_mut(role as usize) {
            *place = Some(style);
        }
    }
}
