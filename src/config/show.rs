//! The configuration in effect as YAML, and the commented file to start from.

use std::path::Path;

use serde_yaml::{Mapping, Value as Yaml};

use super::files::Told;
use super::load::{Layers, layers, load_to_use};
use super::node::{Entry, Node, Value};
use super::schema::{Field, Kind, ROOT, Role};
use super::{Env, Paths, Problem, USER_PROVIDED};

/// What `loquat config init` writes.
pub const STARTER: &str = include_str!("../../config/starter.yaml");

const MASK: &str = "***";
/// Parts of a name that say that the value may be a secret.
const SECRET_NAMES: &[&str] = &["key", "token", "auth", "secret", "password", "cookie", "credential"];

/// The configuration in effect, in the words of the files: what is used, all layers merged. Secrets written
/// out in a file are masked; variables stay names.
///
/// # Errors
/// The problems that keep it from being used.
pub fn show(explicit: Option<&Path>, paths: &Paths, env: Env) -> Result<String, Vec<Problem>> {
    load_to_use(explicit, paths, env.clone())?;
    let Layers { root, .. } = layers(Told::Errors, explicit, paths, env);
    let shown = render(&root, &ROOT, Sight::Clear);
    // A tree of plain values has no way to fail to be written.
    Ok(serde_yaml::to_string(&shown).unwrap_or_default())
}

/// Whether a value may be seen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sight {
    Clear,
    Masked,
}

fn render(node: &Node, kind: &Kind, sight: Sight) -> Yaml {
    match &node.value {
        Value::Null => Yaml::Null,
        Value::Scalar { text, .. } if sight == Sight::Masked && is_literal(text) => Yaml::from(MASK),
        Value::Scalar { text, .. } => scalar(node, text),
        Value::List(items) => {
            let (Kind::List(item) | Kind::ListOr(item, _)) = kind else {
                return items.iter().map(|item| render(item, &Kind::Any, sight)).collect();
            };
            items.iter().map(|node| render(node, item, sight)).collect()
        }
        Value::Map(entries) => {
            let mut map = Mapping::new();
            for entry in entries {
                if let Some(inner) = kind_of(entry, kind) {
                    let sight = if holds_secret(entry, kind) { Sight::Masked } else { sight };
                    map.insert(Yaml::from(entry.key.as_str()), render(&entry.value, &inner, sight));
                }
            }
            Yaml::Mapping(map)
        }
    }
}

/// What an entry's value is, or nothing where it is not used.
fn kind_of(entry: &Entry, map: &Kind) -> Option<Kind> {
    let of = |groups: &[&[Field]]| {
        groups
            .iter()
            .flat_map(|group| group.iter())
            .find(|field| field.key == entry.key)
            .filter(|field| field.role != Role::Foreign)
            .map(|field| field.kind)
    };
    match map {
        Kind::Object(groups) => of(groups),
        Kind::ObjectOr(fields, _) => of(&[fields]),
        Kind::ListOr(_, other) => kind_of(entry, other),
        Kind::Map(value) => Some(**value),
        Kind::Any => Some(Kind::Any),
        Kind::Text
        | Kind::Bool
        | Kind::Positive
        | Kind::Amount
        | Kind::Count
        | Kind::Whole
        | Kind::WholeOr(_)
        | Kind::TwoLetters
        | Kind::OneOf(_)
        | Kind::List(_) => None,
    }
}

fn scalar(node: &Node, text: &str) -> Yaml {
    if let Some(flag) = node.boolean() {
        return Yaml::from(flag);
    }
    if node.number().is_some()
        && let Ok(number @ Yaml::Number(_)) = serde_yaml::from_str(text)
    {
        return number;
    }
    Yaml::from(without_secrets(text))
}

/// A URL without what may be secret in it: who asks, and the values of its query, where some gateways take
/// their key. Variables stay names.
pub(super) fn without_secrets(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let (rest, fragment) = rest.split_at(rest.find('#').unwrap_or(rest.len()));
    let (rest, query) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let authority = match authority.rsplit_once('@') {
        Some((user, host)) if is_literal(user) => format!("{MASK}@{host}"),
        Some(_) | None => authority.to_owned(),
    };
    let query: Vec<String> = query.split('&').map(without_value).collect();
    format!("{scheme}://{authority}{path}{}{fragment}", query.join("&"))
}

/// `name=value` of a query with its value masked. Versions and the like are no secret, but which is which is
/// the server's to know; a short list of names that are known to be harmless is shown.
fn without_value(pair: &str) -> String {
    const HARMLESS: &[&str] = &["api-version", "alt", "version", "region"];
    match pair.split_once('=') {
        Some((name, value)) if is_literal(value) && !HARMLESS.contains(&name.trim_start_matches('?')) => {
            format!("{name}={MASK}")
        }
        Some(_) | None => pair.to_owned(),
    }
}

/// Whether an entry's value may be a secret: `apiKey`, every header, and what is named like a secret where
/// the names are free.
fn holds_secret(entry: &Entry, map: &Kind) -> bool {
    let named_like_one = || {
        let key = entry.key.to_lowercase();
        entry.value.number().is_none() && SECRET_NAMES.iter().any(|part| key.contains(part))
    };
    match map {
        Kind::Map(_) | Kind::Any => named_like_one(),
        Kind::Object(_)
        | Kind::ObjectOr(..)
        | Kind::ListOr(..)
        | Kind::Text
        | Kind::Bool
        | Kind::Positive
        | Kind::Amount
        | Kind::Count
        | Kind::Whole
        | Kind::WholeOr(_)
        | Kind::TwoLetters
        | Kind::OneOf(_)
        | Kind::List(_) => matches!(entry.key.as_str(), "apiKey" | "headers"),
    }
}

fn is_literal(text: &str) -> bool {
    text != USER_PROVIDED && !text.contains("${")
}
