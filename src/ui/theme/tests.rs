//! What every built-in theme keeps to, and what a wrong file says.

use ratatui::style::Modifier;

use super::contrast::{least, least_apart, ratio};
use super::depth::{Rgb, rgb};
use super::*;

fn each() -> impl Iterator<Item = (&'static str, Theme)> {
    built_in::names().map(|name| {
        let source = built_in::source(name).unwrap();
        let theme = Theme::parse(name, source).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
        (name, theme)
    })
}

/// What a role is drawn on: its own background, that of the text, or any that the terminal may have.
fn grounds(theme: &Theme, role: Role) -> Vec<Rgb> {
    let painted = theme.style(role).bg.or(theme.style(Role::Text).bg).and_then(rgb);
    match (painted, theme.background) {
        (Some(painted), _) => vec![painted],
        (None, Some(Background::Dark)) => vec![(0, 0, 0), (0x1e, 0x1e, 0x1e), least_apart(Background::Dark)],
        (None, Some(Background::Light)) => {
            vec![(255, 255, 255), (0xfd, 0xf6, 0xe3), least_apart(Background::Light)]
        }
        (None, None) => Vec::new(),
    }
}

/// The roles that are read too badly, and how badly.
fn unread(theme: &Theme, floor: impl Fn(Role) -> f64) -> Vec<String> {
    let mut found = Vec::new();
    for role in Role::EACH {
        let style = theme.style(*role);
        let fg = style.fg.or(theme.style(Role::Text).fg);
        for ground in grounds(theme, *role) {
            let Some(fg) = fg.and_then(rgb) else { continue };
            let is = ratio(fg, ground);
            if is < floor(*role) {
                found.push(format!("{}: {is:.2}", role.name()));
            }
        }
    }
    found
}

#[test]
fn every_built_in_theme_styles_every_role_itself() {
    for (name, theme) in each() {
        let missing: Vec<&str> = Role::EACH
            .iter()
            .filter(|role| theme.given.get(**role).is_none())
            .map(|role| role.name())
            .collect();
        assert_eq!(missing, [""; 0], "{name}");
    }
}

#[test]
fn every_role_of_every_built_in_theme_is_read_on_what_it_is_drawn_on() {
    let bad: Vec<(&str, Vec<String>)> = each()
        .map(|(name, theme)| (name, unread(&theme, least)))
        .filter(|(_, bad)| !bad.is_empty())
        .collect();
    assert_eq!(bad, []);
}

#[test]
fn high_contrast_is_higher() {
    let theme = Theme::named("high-contrast").unwrap();
    assert_eq!(unread(&theme, |role| if least(role) < 4.5 { 4.5 } else { 7.0 }), [""; 0]);
}

/// The themes that set colours a terminal has to have: the others leave them to it.
#[test]
fn every_theme_says_what_it_is_for_but_those_of_the_terminals_own_colours() {
    let any: Vec<&str> =
        each().filter(|(_, theme)| theme.background.is_none()).map(|(name, _)| name).collect();
    assert_eq!(any, ["terminal", "none"]);
}

#[test]
fn with_256_colours_every_role_is_still_read() {
    let bad: Vec<(&str, Vec<String>)> = each()
        .map(|(name, theme)| (name, unread(&theme.at(ColorDepth::Ansi256), least)))
        .filter(|(_, bad)| !bad.is_empty())
        .collect();
    assert_eq!(bad, []);
}

#[test]
fn on_16_colours_a_theme_takes_those_of_the_terminal_and_its_own_words() {
    let terminal = Theme::terminal();
    for (name, theme) in each() {
        let theme = theme.at(ColorDepth::Ansi16);
        for role in Role::EACH {
            assert!(has_sixteen(theme.style(*role)), "{name}: {role:?}");
            if theme.sixteen == Styles::default()
                && name != "none"
                && theme.given.get(*role).is_some_and(|given| !has_sixteen(given))
            {
                assert_eq!(theme.style(*role), terminal.style(*role), "{name}: {role:?}");
            }
        }
    }
    let own = Theme::named("high-contrast").unwrap().at(ColorDepth::Ansi16);
    assert_eq!(own.style(Role::Text), Style::new().fg(Color::White).bg(Color::Black));
}

#[test]
fn without_colours_what_has_to_be_told_apart_still_is() {
    for (name, theme) in each() {
        let theme = theme.at(ColorDepth::None);
        let told = |role: Role| {
            let style = theme.style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{name}: {role:?}");
            style.add_modifier
        };
        for role in Role::EACH {
            told(*role);
        }
        let apart = [
            (Role::Text, Role::Dim),
            (Role::Text, Role::Selected),
            (Role::Text, Role::Accent),
            (Role::Text, Role::Bad),
            (Role::Text, Role::Heading),
            (Role::Text, Role::Link),
            (Role::Text, Role::Found),
            (Role::Found, Role::FoundHere),
            (Role::Found, Role::Selected),
            (Role::Removed, Role::Added),
            (Role::Bad, Role::Dim),
        ];
        for (one, other) in apart {
            assert_ne!(told(one), told(other), "{one:?} and {other:?}");
        }
    }
    assert_eq!(Theme::named("none").unwrap().style(Role::Selected).add_modifier, Modifier::REVERSED);
}

fn told(text: &str) -> String {
    match Theme::parse("mine.yaml", text) {
        Ok(theme) => format!("{:?}", theme.style(Role::Accent)),
        Err(problems) => problems
            .iter()
            .map(|problem| {
                format!("{}\n    {}\n", problem.headline(), problem.suggestion.as_deref().unwrap_or("-"))
            })
            .collect(),
    }
}

#[test]
fn a_wrong_file_says_where_and_what_to_do() {
    insta::assert_snapshot!(told(
        "background: inc\npalette:\n  ink: \"#10141\"\nacent: amber\naccent: cyaan\ndim: #888888\nfor: night\nfrom: nrod\nuser:\n  fg: red\nzzzz: red\n"
    ));
}

#[test]
fn what_an_own_file_leaves_out_comes_from_the_theme_it_names_or_from_the_role_it_is_like() {
    let theme = Theme::parse("mine.yaml", "from: nord\naccent: \"#ffffff bold\"\n").unwrap();
    let nord = Theme::named("nord").unwrap();
    assert_eq!(theme.style(Role::Accent), Style::new().fg(Color::Rgb(255, 255, 255)).bold());
    assert_eq!((theme.style(Role::Text), theme.background), (nord.style(Role::Text), nord.background));

    let theme = Theme::parse("mine.yaml", "text: white on black\ncode: green\n").unwrap();
    assert_eq!(theme.style(Role::CodeKeyword), Style::new().fg(Color::Green));
    assert_eq!(theme.style(Role::Heading), theme.style(Role::Text));
    assert_eq!(theme.style(Role::Found), Style::new().reversed());
}

#[test]
fn a_background_is_painted_below_everything_and_tells_what_the_theme_is_for() {
    let theme =
        Theme::parse("mine.yaml", "palette: {paper: \"#fdf6e3\"}\nbackground: paper\ntext: black\n").unwrap();
    assert_eq!(theme.style(Role::Text), Style::new().fg(Color::Black).bg(Color::Rgb(0xfd, 0xf6, 0xe3)));
    assert_eq!(theme.background, Some(Background::Light));
    let theme = Theme::parse("mine.yaml", "from: nord\nbackground: default\n").unwrap();
    assert_eq!(theme.style(Role::Text).bg, None);
}
