//! Text that names variables of the environment, and that environment.

use std::collections::HashMap;

use super::problem::Location;
use crate::chat::{ErrorKind, Failure};
use crate::t;

/// The environment that `${NAME}` reads: the process's, with the variables of `envFile` below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Env {
    vars: HashMap<String, String>,
}

impl Env {
    /// An environment of these variables and no others.
    pub fn of(vars: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { vars: vars.into_iter().collect() }
    }

    /// The process's environment; variables that are not Unicode are left out.
    pub fn process() -> Self {
        Self::of(
            std::env::vars_os()
                .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))),
        )
    }

    /// A variable that is set and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.vars.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Adds a variable unless the environment has it already.
    pub fn add_default(&mut self, name: String, value: String) {
        if self.get(&name).is_none() {
            self.vars.insert(name, value);
        }
    }
}

/// Text that may hold `${NAME}`, expanded when it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// As written.
    pub raw: String,
    /// Where it was written.
    pub at: Location,
}

/// A variable that a used value names and the environment does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsetVariable {
    /// The variable's name.
    pub name: String,
    /// Where it is named.
    pub at: Location,
}

impl From<UnsetVariable> for Failure {
    fn from(unset: UnsetVariable) -> Self {
        let at = unset.at.to_string();
        Self::new(
            ErrorKind::Config,
            t!("config-unset", name = unset.name.as_str(), at = at.as_str()).into_string(),
        )
        .with_next_step(t!("config-unset-step", name = unset.name.as_str()).into_string())
    }
}

/// Names that are never expanded, so that a configuration cannot carry them off: LibreChat's infrastructure
/// secrets, which may stand in the same environment.
const NEVER_EXPANDED: &[&str] = &[
    "JWT_SECRET",
    "JWT_REFRESH_SECRET",
    "CREDS_KEY",
    "CREDS_IV",
    "MEILI_MASTER_KEY",
    "MONGO_URI",
    "REDIS_URI",
    "REDIS_PASSWORD",
];

/// The value that asks the person: LibreChat's word for it.
pub const USER_PROVIDED: &str = "user_provided";

impl Template {
    /// The text with every `${NAME}` replaced; trimmed. Anything that is not `${NAME}` stays as it is.
    pub fn expand(&self, env: &Env) -> Result<String, UnsetVariable> {
        let mut expanded = String::with_capacity(self.raw.len());
        let mut rest = self.raw.as_str();
        while let Some(start) = rest.find("${") {
            let after = &rest[start + 2..];
            let name =
                after.split('}').next().filter(|name| name.len() < after.len() && is_variable_name(name));
            expanded.push_str(&rest[..start]);
            let Some(name) = name else {
                expanded.push_str("${");
                rest = after;
                continue;
            };
            let value =
                env.get(name).ok_or_else(|| UnsetVariable { name: name.to_owned(), at: self.at.clone() })?;
            expanded.push_str(value);
            rest = &after[name.len() + 1..];
        }
        expanded.push_str(rest);
        Ok(expanded.trim().to_owned())
    }

    /// The variables named, in order.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.raw
            .split("${")
            .skip(1)
            .filter_map(|after| after.split_once('}'))
            .map(|(name, _)| name)
            .filter(|name| is_variable_name(name))
    }
}

/// Whether `${name}` is expanded.
pub(super) fn is_variable_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !NEVER_EXPANDED.contains(&name)
}
