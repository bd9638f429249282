//! Themes: a style for each role, resolved once for the terminal it is shown on.
//!
//! | file | subject |
//! |---|---|
//! | `role` | what there is to style |
//! | `built_in` | the themes that are compiled in |
//! | `parse` | theme files in our own words |
//! | `scheme` | base16 and base24 files |
//! | `depth` | colours by name, and the nearest one of fewer |
//! | [`contrast`] | how well colours are read on each other |
//!
//! A theme is read when it is shown and not before: the first frame pays for one. With fewer colours a theme does not
//! fade into the nearest ones role by role: on 16 it takes the roles of the theme `terminal` but for those it has own
//! words for, because what the 16 look like only the terminal knows; on none it is the theme `none`.

use ratatui::style::{Color, Style};

use crate::config::leaves::leaves;
use crate::config::{Background, ColorDepth, Problem};

pub mod built_in;
pub mod contrast;
mod depth;
mod parse;
mod role;
mod scheme;
#[cfg(test)]
mod tests;

pub use role::Role;

/// How many roles there are.
const ROLES: usize = Role::EACH.len();

/// The styles that somebody gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Styles([Option<Style>; ROLES]);

impl Default for Styles {
    fn default() -> Self {
        Self([None; ROLES])
    }
}

impl Styles {
    fn get(&self, role: Role) -> Option<Style> {
        self.0.get(role as usize).copied().flatten()
    }
}

/// A style for each role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    styles: [Style; ROLES],
    /// What its file says.
    given: Styles,
    /// What its file says for a terminal of 16 colours.
    sixteen: Styles,
    /// The background it is made for; `None` is any.
    pub background: Option<Background>,
}

impl Default for Theme {
    fn default() -> Self {
        Self::of(Styles::default(), Styles::default(), None)
    }
}

impl Theme {
    /// The name of the theme without colours.
    pub const COLOURLESS: &'static str = "none";
    /// The name of the theme of the terminal's own 16 colours.
    pub const TERMINAL: &'static str = "terminal";

    /// A built-in theme; `None` where there is none of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::parse(name, built_in::source(name)?).ok()
    }

    /// The theme that follows the terminal's own sixteen colours.
    pub fn terminal() -> Self {
        Self::named(Self::TERMINAL).unwrap_or_default()
    }

    /// A theme from a file's text, in our words or as a base16 or base24 scheme. Messages call the file `file`.
    ///
    /// # Errors
    /// Everything that is wrong with it, with the places.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let leaves = leaves(file, text)?;
        if scheme::is_one(&leaves) && !parse::names_a_role(&leaves) {
            return scheme::theme(&leaves);
        }
        parse::theme(&leaves)
    }

    fn of(given: Styles, sixteen: Styles, background: Option<Background>) -> Self {
        let style = |role: Role| {
            let mut at = role;
            while given.get(at).is_none() && at.like() != at {
                at = at.like();
            }
            given.get(at).unwrap_or_default()
        };
        let mut styles = [Style::new(); ROLES];
        for (place, role) in styles.iter_mut().zip(Role::EACH) {
            *place = style(*role);
        }
        let selected = given.get(Role::Selected).unwrap_or(Style::new().reversed());
        for role in [Role::Selected, Role::Found, Role::FoundHere] {
            if given.get(role).is_none()
                && let Some(place) = styles.get_mut(role as usize)
            {
                *place = selected;
            }
        }
        Self { styles, given, sixteen, background }
    }

    /// The theme as a terminal of so many colours shows it.
    pub fn at(self, colors: ColorDepth) -> Self {
        match colors {
            ColorDepth::True => self,
            ColorDepth::Ansi256 => {
                let nearest = |color: Color| ColorDepth::Ansi256.nearest(color);
                let painted = |bg: Option<Color>| bg.map(nearest).and_then(depth::rgb);
                let ground = painted(self.style(Role::Text).bg);
                let ground = ground.or(self.background.map(contrast::least_apart));
                let mut styles = self.styles;
                for (style, role) in styles.iter_mut().zip(Role::EACH) {
                    let ground = painted(style.bg).or(ground);
                    style.fg = style.fg.map(|color| match ground {
                        Some(ground) => depth::nearest_read(color, ground, contrast::least(*role)),
                        None => nearest(color),
                    });
                    style.bg = style.bg.map(nearest);
                }
                Self { styles, ..self }
            }
            ColorDepth::Ansi16 => {
                let fallback = Self::terminal();
                let mut styles = self.styles;
                for (place, role) in styles.iter_mut().zip(Role::EACH) {
                    *place = match self.sixteen.get(*role) {
                        Some(own) => own,
                        None if has_sixteen(*place) => *place,
                        None => fallback.style(*role),
                    };
                }
                Self { styles, ..self }
            }
            ColorDepth::None => Self::named(Self::COLOURLESS).unwrap_or_default(),
        }
    }

    /// The theme on the terminal's own ground: what stands on another one still does.
    pub fn without_ground(&self) -> Self {
        let ground = self.style(Role::Text).bg;
        let mut styles = self.styles;
        for style in styles.iter_mut().filter(|style| style.bg == ground) {
            style.bg = None;
        }
        Self { styles, ..self.clone() }
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.styles.get(role as usize).copied().unwrap_or_default()
    }
}

/// Whether a style needs no more than the 16 colours.
fn has_sixteen(style: Style) -> bool {
    let rich = |color: Option<Color>| matches!(color, Some(Color::Rgb(..) | Color::Indexed(_)));
    !rich(style.fg) && !rich(style.bg)
}
