use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::*;

/// The messages of a part of a file, each with everything that it says.
fn messages(part: &str) -> BTreeMap<&str, String> {
    let mut messages = BTreeMap::new();
    let mut last = None;
    for line in part.lines() {
        if line.starts_with(|c: char| c.is_ascii_lowercase()) {
            let (id, said) = line.split_once(" =").unwrap();
            let before: Option<String> = messages.insert(id, said.to_owned());
            assert_eq!(before, None, "{id} is defined twice");
            last = Some(id);
        } else if let Some(said) = last.and_then(|id| messages.get_mut(id)) {
            said.push_str(line);
        }
    }
    messages
}

/// Every message of a language but what only help has.
fn all(language: &Language) -> BTreeMap<&'static str, String> {
    AREAS.iter().filter(|area| **area != "help").flat_map(|area| messages(part(language, area))).collect()
}

/// What is put into a message: the names after `$`.
fn placeholders(said: &str) -> BTreeSet<&str> {
    said.split('$')
        .skip(1)
        .map(|after| {
            let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(after.len());
            &after[..end]
        })
        .filter(|name| !name.is_empty())
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
fn every_language_is_whole_fluent_in_areas_of_their_own_strings() {
    for language in &LANGUAGES {
        let parts: usize = AREAS.iter().map(|area| messages(part(language, area)).len()).sum();
        assert_eq!(parts, messages(language.source).len(), "{}: strings outside of areas", language.tag);
        for area in AREAS {
            let source = part(language, area);
            if let Err((_, errors)) = FluentResource::try_new(source.to_owned()) {
                panic!("{}, {area}: {errors:?}", language.tag);
            }
            let own = format!("{area}-");
            let strays: Vec<&str> = messages(source).into_keys().filter(|id| !id.starts_with(&own)).collect();
            assert_eq!(strays, Vec::<&str>::new(), "{}, {area}", language.tag);
        }
    }
}

#[test]
fn every_language_says_the_same_with_the_same_placeholders() {
    let [first, others @ ..] = &LANGUAGES;
    let known = all(first);
    for language in others {
        let said = all(language);
        assert_eq!(said.keys().collect::<Vec<_>>(), known.keys().collect::<Vec<_>>(), "{}", language.tag);
        for (id, text) in &known {
            assert_eq!(placeholders(&said[id]), placeholders(text), "{}: {id}", language.tag);
        }
    }
}

#[test]
fn every_message_of_every_language_has_all_that_it_names() {
    let mut args = FluentArgs::new();
    let every: BTreeSet<String> = LANGUAGES
        .iter()
        .flat_map(|language| all(language).into_values())
        .flat_map(|said| placeholders(&said).into_iter().map(ToOwned::to_owned).collect::<Vec<_>>())
        .collect();
    for name in every {
        args.set(name, 2);
    }
    for language in &LANGUAGES {
        for area in AREAS {
            let bundle = bundle(language, area);
            for id in messages(part(language, area)).into_keys() {
                let mut errors = Vec::new();
                let pattern = bundle.get_message(id).and_then(|message| message.value()).unwrap();
                bundle.format_pattern(pattern, Some(&args), &mut errors);
                assert!(errors.is_empty(), "{}: {id}: {errors:?}", language.tag);
            }
        }
    }
}

#[test]
fn every_string_that_is_used_is_defined_and_the_other_way_round() {
    let mut written = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut written);
    let defined: BTreeSet<&str> = all(&LANGUAGES[0]).into_keys().collect();
    let used: BTreeSet<&str> = written
        .split("t!(")
        .skip(1)
        .filter_map(|after| after.trim_start().strip_prefix('"')?.split('"').next())
        .filter(|id| {
            id.contains('-') && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        })
        .filter(|id| AREAS.iter().any(|area| id.starts_with(area)))
        .collect();
    let missing: Vec<&&str> = used.difference(&defined).collect();
    assert_eq!(missing, Vec::<&&str>::new(), "used in the sources, not in the catalogue");
    let quoted: BTreeSet<&str> = written.split('"').collect();
    let idle: Vec<&&str> = defined.difference(&quoted).collect();
    assert_eq!(idle, Vec::<&&str>::new(), "in the catalogue, not used in the sources");
}

#[test]
fn the_environment_asks_for_a_language_as_posix_and_gnu_have_it() {
    let asked = |set: &[(&str, &str)]| {
        asked_for(|name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    };
    assert_eq!(asked(&[]), "en");
    assert_eq!(asked(&[("LANG", "de_DE.UTF-8")]), "de");
    assert_eq!(asked(&[("LANG", "de_DE.UTF-8"), ("LC_MESSAGES", "en_GB.UTF-8")]), "en");
    assert_eq!(asked(&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "C.UTF-8")]), "en");
    assert_eq!(asked(&[("LANG", "fr_FR.UTF-8")]), "en");
    assert_eq!(asked(&[("LANG", "fr_FR.UTF-8"), ("LANGUAGE", "fr:de:en")]), "de");
    assert_eq!(asked(&[("LANG", "C.UTF-8"), ("LANGUAGE", "de")]), "en");
    assert_eq!(asked(&[("LANG", "de"), ("LC_ALL", "")]), "de");
}

#[test]
fn a_string_is_said_in_its_language() {
    let find = |language, id| find(language, id, None).map(Safe::into_string);
    assert_eq!(find(0, "ui-help"), Some("help".to_owned()));
    assert_eq!(find(1, "ui-help"), Some("Hilfe".to_owned()));
    assert_eq!(find(1, "ui-no-such"), None);
}
