//! Themes: a style for each role. Nothing in `ui` names a colour; it names a role.

use std::collections::BTreeMap;
use std::str::FromStr;

use ratatui::style::{Color, Modifier, Style};

use crate::app::block::Tone;
use crate::config::{Config, Problem, Severity};
use crate::layout::colour::Token;
use crate::t;

/// What a piece of the screen is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// What is read.
    Text,
    /// What is secondary.
    Dim,
    /// The one accent.
    Accent,
    /// The person.
    User,
    /// A model.
    Assistant,
    /// Code.
    Code,
    /// Keywords of code.
    CodeKeyword,
    /// Names of types in code.
    CodeType,
    /// Names of functions in code.
    CodeFunction,
    /// Text in code.
    CodeString,
    /// Numbers and constants in code.
    CodeNumber,
    /// Comments in code.
    CodeComment,
    /// What orders text: the frame of code, bullets, the lines of tables.
    CodeMark,
    /// Headings.
    Heading,
    /// Quotations.
    Quote,
    /// The text of links.
    Link,
    /// What went wrong.
    Bad,
    /// What only the first of two texts has.
    Removed,
    /// What only the second of two texts has.
    Added,
    /// Lines and boxes.
    Border,
    /// The selected row.
    Selected,
    /// Names of pages and boxes.
    Title,
    /// What was looked for.
    Found,
    /// The one of it that was gone to.
    FoundHere,
}

impl From<Tone> for Role {
    fn from(tone: Tone) -> Self {
        match tone {
            Tone::Text => Self::Text,
            Tone::Code => Self::Code,
            Tone::Token(token) => match token {
                Token::Keyword => Self::CodeKeyword,
                Token::Type => Self::CodeType,
                Token::Function => Self::CodeFunction,
                Token::String => Self::CodeString,
                Token::Number => Self::CodeNumber,
                Token::Comment => Self::CodeComment,
            },
            Tone::CodeMark | Tone::Mark => Self::CodeMark,
            Tone::Heading => Self::Heading,
            Tone::Quote => Self::Quote,
            Tone::Link => Self::Link,
            Tone::Dim => Self::Dim,
            Tone::User => Self::User,
            Tone::Assistant => Self::Assistant,
            Tone::Bad => Self::Bad,
        }
    }
}

/// A style for each role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    styles: BTreeMap<Role, Style>,
}

/// The built-in themes by name; the first one is the default.
const BUILT_IN: &[(&str, &str)] = &[
    ("terminal", include_str!("../../themes/terminal.yaml")),
    ("loquat-dark", include_str!("../../themes/loquat-dark.yaml")),
    ("loquat-light", include_str!("../../themes/loquat-light.yaml")),
    ("none", include_str!("../../themes/none.yaml")),
];

impl Theme {
    /// The name of the theme without colours, for `NO_COLOR`.
    pub const COLOURLESS: &'static str = "none";

    /// A built-in theme; `None` where there is none of this name.
    pub fn named(name: &str) -> Option<Self> {
        let (_, source) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
        Self::parse(source).ok()
    }

    /// The theme that follows the terminal's own sixteen colours.
    pub fn terminal() -> Self {
        BUILT_IN.first().and_then(|(name, _)| Self::named(name)).unwrap_or(Self { styles: BTreeMap::new() })
    }

    /// The theme that is configured; without colours where `NO_COLOR` asks for that.
    ///
    /// # Errors
    /// There is none of that name.
    pub fn configured(config: &Config) -> Result<Self, Problem> {
        let theme = match &config.ui.theme {
            None => Self::terminal(),
            Some(wanted) => Self::named(&wanted.name).ok_or_else(|| Problem {
                severity: Severity::Error,
                at: wanted.at.clone(),
                path: "ui.theme".to_owned(),
                message: t!("ui-theme-unknown", name = wanted.name.as_str()).into_string(),
                suggestion: Some(Self::names().collect::<Vec<_>>().join(", ")),
            })?,
        };
        let colourless = config.env.get("NO_COLOR").and_then(|_| Self::named(Self::COLOURLESS));
        Ok(colourless.unwrap_or(theme))
    }

    /// The names of the built-in themes.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// A theme from YAML: a role and its style a line.
    ///
    /// # Errors
    /// What is wrong with it, with the place.
    pub fn parse(source: &str) -> Result<Self, String> {
        let roles: BTreeMap<Role, String> =
            serde_yaml::from_str(source).map_err(|error| error.to_string())?;
        let styles = roles
            .into_iter()
            .map(|(role, text)| Ok((role, parse_style(&text).ok_or_else(|| format!("{role:?}: {text}"))?)))
            .collect::<Result<_, String>>()?;
        Ok(Self { styles })
    }

    /// The style of a role; a role the theme leaves out is plain.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(&role).copied().unwrap_or_default()
    }
}

/// `FG [on BG] [bold|dim|italic|underlined|reverse]…`
fn parse_style(text: &str) -> Option<Style> {
    let mut style = Style::new();
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        style = match word {
            "default" => style,
            "bold" => style.add_modifier(Modifier::BOLD),
            "dim" => style.add_modifier(Modifier::DIM),
            "italic" => style.add_modifier(Modifier::ITALIC),
            "underlined" => style.add_modifier(Modifier::UNDERLINED),
            "reverse" => style.add_modifier(Modifier::REVERSED),
            "on" => style.bg(colour(words.next()?)?),
            colour_name => style.fg(colour(colour_name)?),
        };
    }
    Some(style)
}

/// A colour's name in themes is what `Color` parses; `bright-black` is the grey that terminals call so.
fn colour(name: &str) -> Option<Color> {
    match name {
        "bright-black" => Some(Color::DarkGray),
        name => Color::from_str(name).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EACH: [Role; 24] = [
        Role::Text,
        Role::Dim,
        Role::Accent,
        Role::User,
        Role::Assistant,
        Role::Code,
        Role::CodeKeyword,
        Role::CodeType,
        Role::CodeFunction,
        Role::CodeString,
        Role::CodeNumber,
        Role::CodeComment,
        Role::CodeMark,
        Role::Heading,
        Role::Quote,
        Role::Link,
        Role::Bad,
        Role::Removed,
        Role::Added,
        Role::Border,
        Role::Selected,
        Role::Title,
        Role::Found,
        Role::FoundHere,
    ];

    #[test]
    fn every_built_in_theme_parses_and_styles_every_role() {
        for (name, source) in BUILT_IN {
            let theme = Theme::parse(source).unwrap_or_else(|error| panic!("{name}: {error}"));
            let missing: Vec<Role> =
                EACH.into_iter().filter(|role| !theme.styles.contains_key(role)).collect();
            assert_eq!(missing, [], "{name}");
        }
    }

    #[test]
    fn the_colourless_theme_sets_no_colour() {
        let theme = Theme::named(Theme::COLOURLESS).unwrap();
        for style in theme.styles.values() {
            assert_eq!((style.fg, style.bg), (None, None));
        }
    }
}
