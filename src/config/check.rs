//! Holds a file against the schema and tells every problem at once.

use super::files::{Files, Origin};
use super::node::{Entry, Mark, Node, Value};
use super::schema::{Field, Kind, ROOT, Role};
use super::{Problem, Severity, values};
use crate::t;
use crate::text::Safe;

/// Everything in a file that is not as the schema has it.
pub(super) fn check(root: &Node, files: &Files, problems: &mut Vec<Problem>) {
    let mut checker = Checker { files, problems, path: String::new() };
    checker.value(root, &ROOT);
}

/// The candidate that was probably meant, as a sentence, if one is near enough.
pub fn did_you_mean<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    const NEAR_ENOUGH: f64 = 0.6;
    let plain = |text: &str| {
        text.chars()
            .filter(|c| !matches!(c, '_' | '-' | ' '))
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    let written = plain(written);
    candidates
        .into_iter()
        .map(|candidate| (strsim::normalized_damerau_levenshtein(&written, &plain(candidate)), candidate))
        .filter(|(nearness, _)| *nearness >= NEAR_ENOUGH)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| t!("config-did-you-mean", name = name).into_string())
}

struct Checker<'a> {
    files: &'a Files,
    problems: &'a mut Vec<Problem>,
    path: String,
}

impl Checker<'_> {
    fn value(&mut self, node: &Node, kind: &Kind) {
        if node.value == Value::Null {
            return;
        }
        match kind {
            Kind::Any => {}
            Kind::Text => {
                if node.text().is_none() {
                    self.wrong(node, t!("config-kind-text").into_string());
                }
            }
            Kind::Bool => {
                if node.boolean().is_none() {
                    self.wrong_word(node, t!("config-kind-bool").into_string());
                }
            }
            Kind::Positive => {
                if node.number().is_none_or(|number| number <= 0.0) {
                    self.wrong_word(node, t!("config-kind-positive").into_string());
                }
            }
            Kind::Amount => {
                if node.number().is_none_or(|number| number < 0.0) {
                    self.wrong_word(node, t!("config-kind-amount").into_string());
                }
            }
            Kind::Count => {
                if node.text().is_none_or(|text| text.parse::<u32>().is_err()) {
                    self.wrong_word(node, t!("config-kind-count").into_string());
                }
            }
            Kind::Whole => {
                if node.text().is_none_or(|text| !text.parse::<u32>().is_ok_and(|number| number > 0)) {
                    self.wrong_word(node, t!("config-kind-whole").into_string());
                }
            }
            Kind::WholeOr(word) => {
                let is_whole = |text: &str| text.parse::<u32>().is_ok_and(|number| number > 0);
                if node.text().is_none_or(|text| text != *word && !is_whole(text)) {
                    self.wrong_word(node, t!("config-kind-whole-or", word = *word).into_string());
                }
            }
            Kind::OneOf(words) => self.one_of(node, words),
            Kind::TwoLetters => {
                if node.text().and_then(values::two_letters).is_none() {
                    self.wrong_word(node, t!("config-kind-two-letters").into_string());
                }
            }
            Kind::List(item) => match &node.value {
                Value::List(items) => self.items(items, item),
                Value::Null | Value::Scalar { .. } | Value::Map(_) => {
                    self.wrong(node, t!("config-kind-list").into_string());
                }
            },
            Kind::ListOr(item, other) => match &node.value {
                Value::List(items) => self.items(items, item),
                Value::Null | Value::Scalar { .. } | Value::Map(_) => self.value(node, other),
            },
            Kind::ObjectOr(fields, other) => match &node.value {
                Value::Map(entries) => self.object(node, entries, &[fields]),
                Value::Null | Value::Scalar { .. } | Value::List(_) => self.value(node, other),
            },
            Kind::Map(value) => match &node.value {
                Value::Map(entries) => {
                    for entry in entries {
                        self.below(&entry.key, |checker| checker.value(&entry.value, value));
                    }
                }
                Value::Null | Value::Scalar { .. } | Value::List(_) => {
                    self.wrong(node, t!("config-kind-map").into_string());
                }
            },
            Kind::Object(groups) => match &node.value {
                Value::Map(entries) => self.object(node, entries, groups),
                Value::Null | Value::Scalar { .. } | Value::List(_) => {
                    self.wrong(node, t!("config-kind-map").into_string());
                }
            },
        }
    }

    fn one_of(&mut self, node: &Node, words: &[&str]) {
        if node.text().is_some_and(|text| words.contains(&text)) {
            return;
        }
        let expected = t!("config-kind-one-of", words = words.join(", ")).into_string();
        let suggestion = node.text().and_then(|text| did_you_mean(text, words.iter().copied()));
        self.wrong_word(node, expected);
        if let Some(problem) = self.problems.last_mut() {
            problem.suggestion = suggestion;
        }
    }

    fn items(&mut self, items: &[Node], kind: &Kind) {
        for (index, item) in items.iter().enumerate() {
            let length = self.path.len();
            self.path.push_str(&format!("[{index}]"));
            self.value(item, kind);
            self.path.truncate(length);
        }
        self.names_are_unique(items, kind);
    }

    /// Lists of named things hold each name once.
    fn names_are_unique(&mut self, items: &[Node], kind: &Kind) {
        let Kind::Object(groups) = kind else { return };
        let Some(id) = fields(groups).find(|field| field.role == Role::Name).map(|field| field.key) else {
            return;
        };
        for (index, item) in items.iter().enumerate() {
            let Some(name) = item.get(id) else { continue };
            let first = items[..index]
                .iter()
                .filter_map(|earlier| earlier.get(id))
                .find(|earlier| earlier.text().is_some() && earlier.text() == name.text());
            if let Some(first) = first {
                let message = t!(
                    "config-duplicate-name",
                    name = name.text().unwrap_or_default(),
                    line = first.at.line.to_string()
                );
                let path = format!("{}[{index}].{id}", self.path);
                self.problems.push(self.files.problem(
                    Severity::Error,
                    name.at,
                    &path,
                    message.into_string(),
                ));
            }
        }
    }

    fn object(&mut self, node: &Node, entries: &[Entry], groups: &[&[Field]]) {
        for entry in entries {
            let field = fields(groups).find(|field| field.key == entry.key);
            self.below(&entry.key, |checker| match field {
                Some(field) => checker.field(entry, field),
                None => checker.unknown(entry, groups),
            });
        }
        for field in fields(groups).filter(|field| matches!(field.role, Role::Required | Role::Name)) {
            if node.get(field.key).is_none() {
                let message = t!("config-missing", key = field.key).into_string();
                self.problem(self.files.severity(node.at), node.at, message);
            }
        }
    }

    fn field(&mut self, entry: &Entry, field: &Field) {
        match field.role {
            Role::Used | Role::Required | Role::Name => self.value(&entry.value, &field.kind),
            Role::OwnFileOnly if self.files.origin(entry.at) == Origin::Included => {
                self.remark(Severity::Warning, entry.at, || t!("config-own-file-only"));
            }
            Role::OwnFileOnly => self.value(&entry.value, &field.kind),
            Role::Foreign => self.remark(Severity::NotUsed, entry.at, || t!("config-foreign")),
        }
    }

    fn unknown(&mut self, entry: &Entry, groups: &[&[Field]]) {
        let suggestion = did_you_mean(&entry.key, fields(groups).map(|field| field.key));
        let message = t!("config-unknown-key", key = entry.key.as_str()).into_string();
        self.problem(self.files.severity(entry.at), entry.at, message);
        if let Some(problem) = self.problems.last_mut() {
            problem.suggestion = suggestion;
        }
    }

    /// A word or number is not what it has to be; what stands there is told, as it cannot be a secret.
    fn wrong_word(&mut self, node: &Node, expected: String) {
        let Some(text) = node.text() else { return self.wrong(node, expected) };
        let found = t!("config-found-word", text = text);
        let message = t!("config-wrong-type", expected = expected, found = found).into_string();
        self.problem(Severity::Error, node.at, message);
    }

    /// A value is not what it has to be. A text that stands there is not repeated: it may be a key.
    fn wrong(&mut self, node: &Node, expected: String) {
        let found = match &node.value {
            Value::Null => t!("config-found-nothing"),
            Value::Scalar { .. } => t!("config-found-text"),
            Value::List(_) => t!("config-found-list"),
            Value::Map(_) => t!("config-found-map"),
        };
        let message = t!("config-wrong-type", expected = expected, found = found).into_string();
        self.problem(Severity::Error, node.at, message);
    }

    /// A problem that keeps nothing from being used, where those are told.
    fn remark(&mut self, severity: Severity, at: Mark, message: impl FnOnce() -> Safe) {
        if self.files.tells(severity) {
            self.problem(severity, at, message().into_string());
        }
    }

    fn problem(&mut self, severity: Severity, at: Mark, message: String) {
        self.problems.push(self.files.problem(severity, at, &self.path, message));
    }

    fn below(&mut self, key: &str, look: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        if length > 0 {
            self.path.push('.');
        }
        self.path.push_str(key);
        look(self);
        self.path.truncate(length);
    }
}

fn fields<'a>(groups: &'a [&'a [Field]]) -> impl Iterator<Item = &'a Field> {
    groups.iter().flat_map(|group| group.iter())
}
