//! A small file of its own, such as a theme, as the list of its values with their places: for readers who know
//! what they look for, and say by file, line and column what they find instead.

use std::sync::Arc;

use super::node::{FileId, Mark, Node, Value, parse};
use super::{Location, Problem, Severity};
use crate::t;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// The keys that lead to it; the items of a list are counted.
    pub path: Vec<String>,
    /// What is written there; nothing where there is no value.
    pub text: String,
    /// Where its key is written.
    pub at: Location,
}

impl Leaf {
    /// A problem with this value.
    pub fn problem(&self, message: String) -> Problem {
        Problem {
            severity: Severity::Error,
            at: self.at.clone(),
            path: self.path.join("."),
            message,
            suggestion: None,
        }
    }
}

/// The values of a file that messages call `file`, in their order.
///
/// # Errors
/// It is not YAML, or not a map.
pub fn leaves(file: &str, text: &str) -> Result<Vec<Leaf>, Vec<Problem>> {
    let (root, faults) = parse(FileId(0), text.strip_prefix('\u{feff}').unwrap_or(text));
    let file: Arc<str> = file.into();
    let problem = |at, message, suggestion| {
        let at = locate(&file, at);
        Problem { severity: Severity::Error, at, path: String::new(), message, suggestion }
    };
    if !faults.is_empty() {
        let told = faults.into_iter().map(|fault| problem(fault.at, fault.message, fault.suggestion));
        return Err(told.collect());
    }
    if !matches!(root.value, Value::Map(_)) {
        return Err(vec![problem(root.at, t!("config-leaves-none").into_string(), None)]);
    }
    let mut found = Vec::new();
    gather(&file, &root, root.at, &mut Vec::new(), &mut found);
    Ok(found)
}

fn gather(file: &Arc<str>, node: &Node, at: Mark, path: &mut Vec<String>, found: &mut Vec<Leaf>) {
    match &node.value {
        Value::Null | Value::Scalar { .. } => found.push(Leaf {
            path: path.clone(),
            text: node.text().unwrap_or_default().to_owned(),
            at: locate(file, at),
        }),
        Value::List(items) => {
            for (nth, item) in items.iter().enumerate() {
                path.push(nth.to_string());
                gather(file, item, item.at, path, found);
                path.pop();
            }
        }
        Value::Map(entries) => {
            for entry in entries {
                path.push(entry.key.clone());
                gather(file, &entry.value, entry.at, path, found);
                path.pop();
            }
        }
    }
}

fn locate(file: &Arc<str>, at: Mark) -> Location {
    Location { file: Arc::clone(file), line: at.line, column: at.column }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        match leaves("a.yaml", text) {
            Ok(found) => found
                .iter()
                .map(|leaf| format!("{} {} = {}", leaf.at, leaf.path.join("."), leaf.text))
                .collect(),
            Err(problems) => problems.iter().map(Problem::headline).collect(),
        }
    }

    #[test]
    fn every_value_is_told_with_its_keys_and_its_place() {
        assert_eq!(
            told("a: 1\nb:\n  c: \"x y\"\n  d:\ne: [f]\n"),
            ["a.yaml:1:1 a = 1", "a.yaml:3:3 b.c = x y", "a.yaml:4:3 b.d = ", "a.yaml:5:5 e.0 = f"]
        );
    }

    #[test]
    fn what_is_no_map_says_so() {
        assert_eq!(told("").len(), 1);
        assert_eq!(told("- a").len(), 1);
        assert!(told("a: [").iter().all(|line| line.starts_with("a.yaml:")));
    }
}
