//! What is wrong with a configuration, and the place in a file that says so.

use std::sync::Arc;

use crate::t;

/// A place in a file somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// The file, as it was named.
    pub file: Arc<str>,
    /// 1-based.
    pub line: u32,
    /// 1-based, in characters.
    pub column: u32,
}

/// The built-in file's name in messages.
pub(super) const BUILTIN_NAME: &str = "<built-in>";

impl Location {
    /// Whether this is in the built-in configuration, where nobody can change a line.
    pub fn is_builtin(&self) -> bool {
        &*self.file == BUILTIN_NAME
    }
}

impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The configuration cannot be used.
    Error,
    /// It can, but something is not as it was meant.
    Warning,
    /// A key that LibreChat or LiteLLM knows and Loquat has no use for.
    NotUsed,
}

/// Something wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// Where.
    pub at: Location,
    /// The path of the key: `endpoints.custom[0].baseURL`.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What was probably meant, or what to do.
    pub suggestion: Option<String>,
}

impl Problem {
    /// The problem on one line: `file:line:column: severity: message`.
    pub fn headline(&self) -> String {
        let severity = match self.severity {
            Severity::Error => t!("config-severity-error"),
            Severity::Warning => t!("config-severity-warning"),
            Severity::NotUsed => t!("config-severity-not-used"),
        };
        format!("{}: {severity}: {}", self.at, self.message)
    }
}
