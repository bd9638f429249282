//! The catalogue of interface strings, in Fluent: a language is one file, cut into areas by lines that begin with `###`
//! and the area's name.
//!
//! An area is parsed at its first use and not before, so that nobody pays for strings that are not shown. A
//! missing id shows itself as the id: visible, harmless, and caught by a test that reads the sources. A further language
//! is its file and its row in [`LANGUAGES`]; tests hold it to the ids and placeholders of the first.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::{LanguageIdentifier, langid};

use super::{Safe, sanitise};

/// The areas of the catalogue; an id begins with the name of its area and a hyphen.
const AREAS: [&str; 9] = ["app", "cli", "config", "help", "keys", "net", "store", "turns", "ui"];

/// A language of the interface.
#[derive(Debug)]
pub struct Language {
    /// What it is called in `ui.language`, and how locales of it begin.
    pub tag: &'static str,
    /// Whose rules choose plurals.
    rules: LanguageIdentifier,
    source: &'static str,
}

/// The languages there are. Whatever asks for none of them gets the first.
pub static LANGUAGES: [Language; 2] = [
    Language { tag: "en", rules: langid!("en"), source: include_str!("en.ftl") },
    Language { tag: "de", rules: langid!("de"), source: include_str!("de.ftl") },
];

/// Which of [`LANGUAGES`] is spoken.
static SPOKEN: AtomicUsize = AtomicUsize::new(0);

/// Speaks a language from now on; one that there is not changes nothing.
pub fn speak(tag: &str) {
    if let Some(at) = LANGUAGES.iter().position(|language| language.tag == tag) {
        SPOKEN.store(at, Ordering::Relaxed);
    }
}

/// The tag of the language that the environment asks for. As in POSIX the first of `LC_ALL`, `LC_MESSAGES` and `LANG`
/// that is set decides; where it is a language, GNU's `LANGUAGE` lists what is liked better.
pub fn asked_for(env: impl Fn(&str) -> Option<String>) -> &'static str {
    let set = |name: &str| env(name).filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set).unwrap_or_default();
    let neutral = locale.is_empty() || locale == "POSIX" || locale == "C" || locale.starts_with("C.");
    let liked = if neutral { None } else { set("LANGUAGE") }.unwrap_or_default();
    let known = |locale: &str| {
        let name = locale.split(['_', '.', '@', '-']).next()?;
        LANGUAGES.iter().find(|language| language.tag == name)
    };
    liked.split(':').chain([locale.as_str()]).find_map(known).unwrap_or(&LANGUAGES[0]).tag
}

/// The text of `id`, with its arguments put in. Called by [`t!`](crate::t).
pub fn lookup(id: &str, args: Option<&FluentArgs<'_>>) -> Safe {
    find(SPOKEN.load(Ordering::Relaxed), id, args).unwrap_or_else(|| sanitise(id))
}

/// The text that the language has for a piece of the command line's help; `None` where the sources' own words are to be
/// shown, which are those of the first language.
pub fn help(id: &str) -> Option<Safe> {
    match SPOKEN.load(Ordering::Relaxed) {
        0 => None,
        language => find(language, id, None),
    }
}

fn find(language: usize, id: &str, args: Option<&FluentArgs<'_>>) -> Option<Safe> {
    let bundle = area(language, id)?;
    let pattern = bundle.get_message(id)?.value()?;
    let mut errors = Vec::new();
    Some(sanitise(&bundle.format_pattern(pattern, args, &mut errors)))
}

type Bundle = FluentBundle<FluentResource>;

/// The area an id belongs to, which is named before its first hyphen; parsed when it is first asked for.
fn area(language: usize, id: &str) -> Option<&'static Bundle> {
    static BUNDLES: [[OnceLock<Bundle>; AREAS.len()]; LANGUAGES.len()] =
        [const { [const { OnceLock::new() }; AREAS.len()] }; LANGUAGES.len()];
    let name = id.split('-').next()?;
    let at = AREAS.iter().position(|area| *area == name)?;
    let spoken = LANGUAGES.get(language)?;
    Some(BUNDLES.get(language)?.get(at)?.get_or_init(|| bundle(spoken, name)))
}

/// The part of a language's file that is an area; empty where it has none.
fn part(language: &Language, area: &str) -> &'static str {
    let mut parts = language.source.split("\n### ").skip(1);
    parts.find(|part| part.split_once(':').is_some_and(|(name, _)| name == area)).map_or("", |part| {
        // The rest of the line says what the area is.
        part.split_once('\n').map_or("", |(_, messages)| messages)
    })
}

fn bundle(language: &Language, area: &str) -> Bundle {
    let mut bundle = FluentBundle::new_concurrent(vec![language.rules.clone()]);
    // Isolation marks are bidi controls, and those never reach a terminal.
    bundle.set_use_isolating(false);
    // A file with an error still gives its good messages; the tests below keep the files whole.
    let resource = match FluentResource::try_new(part(language, area).to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    bundle.add_resource_overriding(resource);
    bundle
}

/// An interface string from the catalogue, as [`Safe`]: by its id, with named arguments.
#[macro_export]
macro_rules! t {
    ($id:literal) => { $crate::text::catalogue::lookup($id, None) };
    ($id:literal, $($name:ident = $value:expr),+ $(,)?) => {{
        let mut args = ::fluent_bundle::FluentArgs::new();
        $( args.set(stringify!($name), $crate::text::catalogue::arg($value)); )+
        $crate::text::catalogue::lookup($id, Some(&args))
    }};
}

/// A value as an argument of a message. Numbers stay numbers, so that a message can choose a plural by them.
pub fn arg<'a>(value: impl Into<FluentValue<'a>>) -> FluentValue<'a> {
    value.into()
}

impl<'a> From<Safe> for FluentValue<'a> {
    fn from(text: Safe) -> Self {
        text.into_string().into()
    }
}

impl<'a> From<&'a Safe> for FluentValue<'a> {
    fn from(text: &'a Safe) -> Self {
        text.as_str().into()
    }
}

/// The ids that a language has for help.
#[cfg(test)]
pub(crate) fn help_of(language: &Language) -> Vec<&'static str> {
    let lines = part(language, "help").lines();
    lines.filter(|line| line.starts_with("help-")).filter_map(|line| Some(line.split_once(" =")?.0)).collect()
}

#[cfg(test)]
mod tests;
