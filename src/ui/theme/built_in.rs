//! The themes that are compiled in: one file each in `themes/`.

macro_rules! built_in {
    ($($name:literal)*) => {
        /// Each with its file.
        const EACH: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../../themes/", $name, ".yaml"))),)*];
    };
}

built_in! {
    "loquat-dark"
    "loquat-light"
    "terminal"
    "catppuccin-latte"
    "catppuccin-frappe"
    "catppuccin-macchiato"
    "catppuccin-mocha"
    "dracula"
    "gruvbox-dark"
    "gruvbox-light"
    "nord"
    "solarized-dark"
    "solarized-light"
    "high-contrast"
    "none"
}

/// Their names, in the order they are offered in.
pub fn names() -> impl Iterator<Item = &'static str> {
    EACH.iter().map(|(name, _)| *name)
}

/// The file of one.
pub fn source(name: &str) -> Option<&'static str> {
    EACH.iter().find(|(known, _)| *known == name).map(|(_, source)| *source)
}
