//! The catalogue of interface strings, in Fluent, one file an area under `en/`.
//!
//! An area is parsed at its first use and not before, so that nobody pays for strings that are not shown. A
//! missing id shows itself as the id: visible, harmless, and caught by a test that reads the sources.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::langid;

use super::{Safe, sanitise};

/// The areas of the catalogue, each a file.
pub const AREAS: &[(&str, &str)] = &[
    ("app", include_str!("en/app.ftl")),
    ("cli", include_str!("en/cli.ftl")),
    ("config", include_str!("en/config.ftl")),
    ("keys", include_str!("en/keys.ftl")),
    ("net", include_str!("en/net.ftl")),
    ("store", include_str!("en/store.ftl")),
    ("turns", include_str!("en/turns.ftl")),
    ("ui", include_str!("en/ui.ftl")),
];

/// The text of `id`, with its arguments put in. Called by [`t!`](crate::t).
pub fn lookup(id: &str, args: Option<&FluentArgs<'_>>) -> Safe {
    let Some(bundle) = area(id) else { return sanitise(id) };
    let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) else {
        return sanitise(id);
    };
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, args, &mut errors);
    sanitise(&text)
}

type Bundle = FluentBundle<FluentResource>;

/// The area an id belongs to, which is named before its first hyphen; parsed when it is first asked for.
fn area(id: &str) -> Option<&'static Bundle> {
    static BUNDLES: [OnceLock<Bundle>; AREAS.len()] = [const { OnceLock::new() }; AREAS.len()];
    let name = id.split('-').next()?;
    let at = AREAS.iter().position(|(area, _)| *area == name)?;
    Some(BUNDLES[at].get_or_init(|| bundle(AREAS[at].1)))
}

fn bundle(source: &str) -> Bundle {
    let mut bundle = FluentBundle::new_concurrent(vec![langid!("en")]);
    // Isolation marks are bidi controls, and those never reach a terminal.
    bundle.set_use_isolating(false);
    // A file with an error still gives its good messages; the test below keeps the files whole.
    let resource = match FluentResource::try_new(source.to_owned()) {
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn defined() -> Vec<&'static str> {
        AREAS
            .iter()
            .flat_map(|(area, source)| {
                if let Err((_, errors)) = FluentResource::try_new((*source).to_owned()) {
                    panic!("{area}.ftl: {errors:?}");
                }
                source.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            })
            .filter_map(|line| Some(line.split_once(" =")?.0))
            .collect()
    }

    /// All sources under `folder`, in one string.
    fn sources(folder: &Path, all: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, all);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                all.push_str(&std::fs::read_to_string(&path).unwrap());
            }
        }
    }

    #[test]
    fn every_string_begins_with_the_name_of_its_area() {
        let strays: Vec<&str> = AREAS
            .iter()
            .flat_map(|(area, source)| {
                let messages =
                    source.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
                messages.filter(move |line| !line.starts_with(&format!("{area}-")))
            })
            .collect();
        assert_eq!(strays, Vec::<&str>::new());
    }

    #[test]
    fn every_string_is_defined_once() {
        let ids = defined();
        let mut seen = BTreeSet::new();
        let twice: Vec<&&str> = ids.iter().filter(|id| !seen.insert(**id)).collect();
        assert_eq!(twice, Vec::<&&str>::new());
    }

    #[test]
    fn every_string_that_is_used_is_defined_and_the_other_way_round() {
        let mut all = String::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
        let defined: BTreeSet<&str> = defined().into_iter().collect();
        let used: BTreeSet<&str> = all
            .split("t!(")
            .skip(1)
            .filter_map(|after| after.trim_start().strip_prefix('"')?.split('"').next())
            .filter(|id| {
                id.contains('-')
                    && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            })
            .filter(|id| AREAS.iter().any(|(area, _)| id.starts_with(area)))
            .collect();
        let missing: Vec<&&str> = used.difference(&defined).collect();
        assert_eq!(missing, Vec::<&&str>::new(), "used in the sources, not in the catalogue");
        let idle: Vec<&&str> = defined.iter().filter(|id| !all.contains(&format!("\"{id}\""))).collect();
        assert_eq!(idle, Vec::<&&str>::new(), "in the catalogue, not used in the sources");
    }
}
