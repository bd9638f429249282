//! Which theme is on the screen.
//!
//! What is wanted follows from the configuration, the last choice, what is known of the terminal's background, and
//! the row that is selected in the list of themes: it is worked out after every message, and an order to show it is
//! given where it is another one than is shown. So leaving the list in whatever way brings back the theme before.
//!
//! A theme chosen in the list holds until `ui.theme` is written anew: the newer of the two wins.

use crate::config::{Background, ColorDepth, Config, Themes};
use crate::storage::choices::{Choices, ChosenTheme};
use crate::t;
use crate::text::{Safe, sanitise, sanitise_line};

use super::block::Tone;
use super::effect::Effect;
use super::lists;
use super::model::{Model, Mood};
use super::overlay::Overlay;
use super::picker::{Choice, Entry, ListKind};

/// The theme of a dark background, unless another is configured.
pub const DARK: &str = "loquat-dark";
/// The theme of a light one.
pub const LIGHT: &str = "loquat-light";
/// The theme while nobody knows: it is right on both.
pub const EITHER: &str = "terminal";

/// What is known of how the app looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The theme on the screen.
    pub shown: String,
    /// How many colours the terminal shows.
    pub colors: ColorDepth,
    /// What the terminal says its background is, once it did.
    pub told: Option<Background>,
    /// The themes there are, as they were listed last.
    pub themes: Vec<ThemeRow>,
}

/// A theme there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThemeRow {
    /// Its name.
    pub name: String,
    /// The background it is made for; `None` is any.
    pub background: Option<Background>,
    /// Where it comes from.
    pub origin: ThemeOrigin,
}

/// Where a theme comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ThemeOrigin {
    /// It is compiled in.
    BuiltIn,
    /// A file of the person's.
    Own(Safe),
    /// A file that cannot be used, and why.
    Broken(Safe),
}

impl Look {
    /// How the app looks at first.
    pub fn new(config: &Config, choices: &Choices) -> Self {
        let env = |name: &str| config.env.get(name).map(ToOwned::to_owned);
        let colors = config.ui.colors.unwrap_or_else(|| ColorDepth::detect(env));
        let shown = settled(config, choices, background(config, choices, None)).to_owned();
        Self { shown, colors, told: None, themes: Vec::new() }
    }
}

/// The theme that is chosen or configured, for this background.
pub fn settled<'a>(config: &'a Config, choices: &'a Choices, background: Option<Background>) -> &'a str {
    chosen(config, choices).unwrap_or_else(|| configured(config.ui.theme.as_ref(), background))
}

/// The theme that was chosen, unless the configuration was written anew since.
fn chosen<'a>(config: &Config, choices: &'a Choices) -> Option<&'a str> {
    let chosen = choices.theme.as_ref()?;
    (chosen.over == config.ui.theme.as_ref().map(Themes::written)).then_some(chosen.name.as_str())
}

fn configured(themes: Option<&Themes>, background: Option<Background>) -> &str {
    let (dark, light) = match themes {
        Some(Themes::One(theme)) => return &theme.name,
        Some(Themes::Pair { dark, light }) => (dark.as_ref(), light.as_ref()),
        None => (None, None),
    };
    match background {
        Some(Background::Dark) => dark.map_or(DARK, |theme| &theme.name),
        Some(Background::Light) => light.map_or(LIGHT, |theme| &theme.name),
        None => EITHER,
    }
}

/// What the background is: as it is configured, as the terminal says, as the environment does, as it was last time.
fn background(config: &Config, choices: &Choices, told: Option<Background>) -> Option<Background> {
    config.ui.background.or(told).or_else(|| Background::of(&config.env)).or(choices.background)
}

/// Orders the theme that is wanted, where another one is shown.
pub fn arrange(model: &mut Model) -> Option<Effect> {
    let wanted = wanted(model);
    if wanted == model.look.shown {
        return None;
    }
    model.look.shown = wanted.to_owned();
    Some(Effect::ShowTheme(model.look.shown.clone()))
}

fn wanted(model: &Model) -> &str {
    let background = background(&model.config, &model.choices, model.look.told);
    let previewed = match model.overlays.last() {
        Some(Overlay::List(list)) if list.kind == ListKind::Themes => list.chosen(),
        _ => None,
    };
    match previewed.map(|entry| &entry.choice) {
        Some(Choice::Theme(None)) => configured(model.config.ui.theme.as_ref(), background),
        Some(Choice::Theme(Some(name))) if !is_broken(model, name) => {
            model.look.themes.iter().find(|row| row.name == *name).map_or(EITHER, |row| &row.name)
        }
        _ => settled(&model.config, &model.choices, background),
    }
}

fn is_broken(model: &Model, name: &str) -> bool {
    let of = |row: &&ThemeRow| row.name == name;
    model.look.themes.iter().find(of).is_some_and(|row| matches!(row.origin, ThemeOrigin::Broken(_)))
}

/// Whether another background would bring another theme; with 16 colours or none the terminal's own are shown.
fn follows(model: &Model) -> bool {
    let one = matches!(model.config.ui.theme, Some(Themes::One(_)));
    let rich = matches!(model.look.colors, ColorDepth::Ansi256 | ColorDepth::True);
    rich && model.config.ui.background.is_none() && !one && chosen(&model.config, &model.choices).is_none()
}

/// Asks the terminal for its background, where the answer would change something.
pub fn ask(model: &Model) -> Option<Effect> {
    follows(model).then_some(Effect::AskBackground)
}

/// The same, of a terminal that has answered before: the person may have been to its settings meanwhile.
pub fn ask_again(model: &Model) -> Option<Effect> {
    model.look.told.and_then(|_| ask(model))
}

/// The terminal said what its background is. The next start begins with that.
pub fn told(model: &mut Model, background: Background) -> Vec<Effect> {
    model.look.told = Some(background);
    if model.choices.background == Some(background) {
        return Vec::new();
    }
    model.choices.background = Some(background);
    vec![Effect::SaveChoices(model.choices.clone())]
}

/// Opens the list of themes.
pub fn open(model: &mut Model) -> Vec<Effect> {
    lists::open_list(model, ListKind::Themes);
    select(model);
    vec![Effect::ListThemes]
}

fn select(model: &mut Model) {
    let chosen = chosen(&model.config, &model.choices).map(ToOwned::to_owned);
    lists::select(model, &Choice::Theme(chosen));
}

/// The themes were listed.
pub fn listed(model: &mut Model, themes: Vec<ThemeRow>) {
    let first = model.look.themes.is_empty();
    model.look.themes = themes;
    lists::refill(model);
    if first && matches!(model.overlays.last(), Some(Overlay::List(list)) if list.kind == ListKind::Themes) {
        select(model);
    }
}

/// The rows of the list: what is configured, then every theme.
pub fn rows(model: &Model) -> Vec<Entry> {
    let chosen = chosen(&model.config, &model.choices);
    let sign = |is_it| if is_it { sanitise("●") } else { Safe::default() };
    let automatic = Entry {
        sign: sign(chosen.is_none()),
        about: shown_as(model).unwrap_or_else(|| match model.config.ui.theme {
            Some(Themes::One(_)) => Safe::default(),
            Some(Themes::Pair { .. }) | None => t!("app-theme-follows"),
        }),
        ..Entry::new(Choice::Theme(None), automatic(model))
    };
    let row = |row: &ThemeRow| {
        let (about, tone) = match &row.origin {
            ThemeOrigin::BuiltIn => (t!("app-theme-built-in"), Tone::Text),
            ThemeOrigin::Own(file) => (file.clone(), Tone::Text),
            ThemeOrigin::Broken(why) => (why.clone(), Tone::Bad),
        };
        Entry {
            sign: sign(chosen == Some(row.name.as_str())),
            tags: match row.background {
                Some(Background::Dark) => vec![t!("app-theme-dark")],
                Some(Background::Light) => vec![t!("app-theme-light")],
                None => Vec::new(),
            },
            about: match tone {
                Tone::Bad => about,
                _ => shown_as(model).unwrap_or(about),
            },
            detail: match tone {
                Tone::Bad => t!("app-theme-broken"),
                _ => Safe::default(),
            },
            tone,
            ..Entry::new(Choice::Theme(Some(row.name.clone())), sanitise_line(&row.name))
        }
    };
    std::iter::once(automatic).chain(model.look.themes.iter().map(row)).collect()
}

/// What the first row is called.
fn automatic(model: &Model) -> Safe {
    match &model.config.ui.theme {
        Some(Themes::One(theme)) => t!("app-theme-configured", name = &*theme.name),
        Some(Themes::Pair { .. }) | None => t!("app-theme-automatic"),
    }
}

/// What there is to say of a terminal that does not show what a theme says.
fn shown_as(model: &Model) -> Option<Safe> {
    match model.look.colors {
        ColorDepth::None => Some(t!("app-theme-no-colors")),
        ColorDepth::Ansi16 => Some(t!("app-theme-sixteen")),
        ColorDepth::Ansi256 | ColorDepth::True => None,
    }
}

/// Keeps a theme; `None` goes by the configuration again.
pub fn choose(model: &mut Model, name: Option<String>) -> Vec<Effect> {
    let broken = name.as_ref().and_then(|name| {
        model.look.themes.iter().find(|row| row.name == *name).and_then(|row| match &row.origin {
            ThemeOrigin::Broken(why) => Some(why.clone()),
            ThemeOrigin::BuiltIn | ThemeOrigin::Own(_) => None,
        })
    });
    if let Some(why) = broken {
        return vec![model.notify(why, Mood::Bad)];
    }
    let over = model.config.ui.theme.as_ref().map(Themes::written);
    model.choices.theme = name.map(|name| ChosenTheme { name, over });
    let mut effects = vec![Effect::SaveChoices(model.choices.clone())];
    effects.extend(ask(model));
    effects
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::app::Message;
    use crate::app::testing::{App, config, noon};
    use crate::config::{Env, Location, ThemeName};

    fn row(name: &str, background: Option<Background>) -> ThemeRow {
        ThemeRow { name: name.into(), background, origin: ThemeOrigin::BuiltIn }
    }

    fn named(name: &str) -> ThemeName {
        ThemeName { name: name.into(), at: Location { file: "a.yaml".into(), line: 1, column: 1 } }
    }

    /// An app with many colours.
    fn rich(theme: Option<Themes>) -> App {
        let mut app = App::new(80, 24);
        let mut config = config();
        config.ui.theme = theme;
        app.model.config = Arc::new(config);
        app.model.look =
            Look { colors: ColorDepth::True, ..Look::new(&app.model.config, &Choices::default()) };
        app
    }

    fn listed(app: &mut App) -> Vec<Effect> {
        let broken =
            ThemeRow { origin: ThemeOrigin::Broken(sanitise("mine.yaml:1:1: error")), ..row("mine", None) };
        let mut effects = app.keys("ctrl-x v t");
        let themes =
            vec![row("loquat-dark", Some(Background::Dark)), row("nord", Some(Background::Dark)), broken];
        effects.extend(app.send(Message::ThemesListed(themes)));
        effects
    }

    fn show(name: &str) -> Effect {
        Effect::ShowTheme(name.into())
    }

    #[test]
    fn the_theme_follows_what_the_terminal_says_and_the_next_start_begins_with_it() {
        let mut app = rich(None);
        assert_eq!(app.model.look.shown, "terminal");
        assert!(app.send(Message::Started { at: noon() }).contains(&Effect::AskBackground));
        let told = app.send(Message::BackgroundTold(Background::Light));
        let choices = Choices { background: Some(Background::Light), ..Choices::default() };
        assert_eq!(told, [Effect::SaveChoices(choices.clone()), show("loquat-light")]);
        assert_eq!(app.send(Message::BackgroundTold(Background::Light)), []);
        assert_eq!(Look::new(&config(), &choices).shown, "loquat-light");
        // Asked again when the person comes back, it may say something else.
        assert_eq!(app.send(Message::FocusGained { at: noon() }), [Effect::AskBackground]);
        assert!(app.send(Message::BackgroundTold(Background::Dark)).contains(&show("loquat-dark")));
    }

    #[test]
    fn a_terminal_that_cannot_change_anything_is_not_asked() {
        let asked =
            |app: &mut App| app.send(Message::Started { at: noon() }).contains(&Effect::AskBackground);
        let pair = Themes::Pair { dark: Some(named("nord")), light: None };
        assert!(asked(&mut rich(Some(pair))));
        assert!(!asked(&mut rich(Some(Themes::One(named("nord"))))));
        assert!(!asked(&mut App::new(80, 24)));
        let mut app = rich(None);
        Arc::make_mut(&mut app.model.config).ui.background = Some(Background::Dark);
        assert!(!asked(&mut app));
        assert_eq!(app.send(Message::FocusGained { at: noon() }), []);
    }

    #[test]
    fn a_pair_leaves_what_it_does_not_name_to_the_built_in_one() {
        let pair = Themes::Pair { dark: Some(named("nord")), light: None };
        let name = |background| configured(Some(&pair), background).to_owned();
        assert_eq!(name(Some(Background::Dark)), "nord");
        assert_eq!(name(Some(Background::Light)), "loquat-light");
        assert_eq!(name(None), "terminal");
    }

    #[test]
    fn the_environment_counts_until_the_terminal_speaks() {
        let mut config = config();
        config.env = Env::of([("COLORFGBG".to_owned(), "0;15".to_owned())]);
        let remembered = Choices { background: Some(Background::Dark), ..Choices::default() };
        assert_eq!(Look::new(&config, &remembered).shown, "loquat-light");
        assert_eq!(background(&config, &remembered, Some(Background::Dark)), Some(Background::Dark));
    }

    #[test]
    fn walking_the_list_shows_each_theme_and_leaving_it_brings_back_the_one_before() {
        let mut app = rich(None);
        assert_eq!(listed(&mut app), [Effect::ListThemes]);
        assert_eq!(app.keys("down"), [show("loquat-dark")]);
        assert_eq!(app.keys("down"), [show("nord")]);
        // What cannot be read is not shown.
        assert_eq!(app.keys("down"), [show("terminal")]);
        assert_eq!(app.keys("up"), [show("nord")]);
        assert_eq!(app.keys("esc"), [show("terminal")]);
        assert_eq!(app.model.choices.theme, None);
    }

    #[test]
    fn enter_keeps_a_theme_until_the_configuration_names_another() {
        let mut app = rich(Some(Themes::One(named("dracula"))));
        listed(&mut app);
        app.type_text("nord");
        let chosen = ChosenTheme { name: "nord".into(), over: Some("dracula".into()) };
        let choices = Choices { theme: Some(chosen), ..Choices::default() };
        assert_eq!(app.keys("enter"), [Effect::SaveChoices(choices.clone())]);
        assert_eq!(app.model.look.shown, "nord");

        let mut config = config();
        config.ui.theme = Some(Themes::One(named("dracula")));
        assert_eq!(Look::new(&config, &choices).shown, "nord");
        config.ui.theme = Some(Themes::One(named("gruvbox-dark")));
        assert_eq!(Look::new(&config, &choices).shown, "gruvbox-dark");

        // The first row goes by the configuration again.
        app.keys("ctrl-x v t home");
        assert_eq!(app.model.look.shown, "dracula");
        assert_eq!(app.keys("enter"), [Effect::SaveChoices(Choices::default())]);
    }

    #[test]
    fn a_theme_that_cannot_be_read_is_not_kept_and_says_why() {
        let mut app = rich(None);
        listed(&mut app);
        app.keys("end enter");
        assert_eq!(app.model.choices, Choices::default());
        assert_eq!(app.model.toast.as_ref().map(|toast| toast.text.as_str()), Some("mine.yaml:1:1: error"));
    }
}
