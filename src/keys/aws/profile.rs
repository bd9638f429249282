//! AWS's profiles: `~/.aws/credentials` over `~/.aws/config`, or the files that the environment names.

use std::collections::HashMap;
use std::fs;
use std::io::ErrorKind as IoError;
use std::path::{Path, PathBuf};

use configparser::ini::Ini;
use zeroize::Zeroize;

use super::{AwsKeys, AwsSecret};
use crate::chat::{ErrorKind, Failure};
use crate::config::{Endpoint, Env};
use crate::keys::Secret;
use crate::keys::command::{self, Setting};
use crate::t;
use crate::text::Safe;

/// The profile that counts where none is named.
pub const DEFAULT: &str = "default";

/// Ways to keys that ask a service over the network.
const UNSUPPORTED: &[&str] = &[
    "role_arn",
    "sso_session",
    "sso_start_url",
    "sso_account_id",
    "web_identity_token_file",
    "credential_source",
    "login_session",
];

/// One profile. Its values are wiped when it is dropped.
pub struct Profile {
    name: String,
    values: HashMap<String, String>,
}

impl Drop for Profile {
    fn drop(&mut self) {
        self.values.values_mut().for_each(Zeroize::zeroize);
    }
}

impl Profile {
    /// The profile of this name, where a file has it.
    pub fn load(env: &Env, name: &str) -> Result<Option<Self>, Failure> {
        let mut profile = Self { name: name.to_owned(), values: HashMap::new() };
        let mut is_there = false;
        // What the credentials file says counts, so it is read last.
        for file in [File::config(env), File::credentials(env)].into_iter().flatten() {
            let Some(mut ini) = file.read()? else { continue };
            for (section, values) in ini.get_mut_map() {
                if !file.is_section(section, name) {
                    values.values_mut().flatten().for_each(Zeroize::zeroize);
                    continue;
                }
                is_there = true;
                let values = std::mem::take(values);
                profile.values.extend(values.into_iter().filter_map(|(key, value)| Some((key, value?))));
            }
        }
        Ok(is_there.then_some(profile))
    }

    /// Whether it leads to keys in this build.
    pub fn has_keys(&self) -> bool {
        self.value("credential_process").is_some()
            || (self.value("aws_access_key_id").is_some() && self.unsupported().is_none())
    }

    /// The keys it leads to. **Blocks** on a `credential_process`.
    pub fn keys(&self, endpoint: &Endpoint) -> Result<AwsKeys, Failure> {
        let (endpoint, profile) = (endpoint.name.as_str(), self.name.as_str());
        let secret = |name: &str| self.value(name).map(|value| Secret::new(value.to_owned()));
        let written = secret("aws_access_key_id").zip(secret("aws_secret_access_key"));
        match (written, self.value("credential_process"), self.unsupported()) {
            (Some((access_key_id, secret_access_key)), _, None) => Ok(AwsKeys {
                access_key_id,
                secret_access_key,
                session_token: secret("aws_session_token"),
                region: None,
            }),
            (_, Some(line), _) => self.printed(line),
            (_, None, Some(key)) => Err(auth(
                &t!("keys-aws-unsupported", endpoint = endpoint, profile = profile, key = key),
                &t!("keys-aws-unsupported-step", profile = profile),
            )),
            (None, None, None) => Err(auth(
                &t!("keys-aws-empty-profile", endpoint = endpoint, profile = profile),
                &t!("keys-aws-empty-profile-step"),
            )),
        }
    }

    /// Its region.
    pub fn region(&self) -> Option<String> {
        self.value("region").map(ToOwned::to_owned)
    }

    /// What its `credential_process` prints.
    fn printed(&self, line: &str) -> Result<AwsKeys, Failure> {
        let words = shlex::split(line).unwrap_or_default();
        let printed = command::run(Setting::CredentialProcess, &words)?;
        match AwsSecret::of(&printed) {
            Some(AwsSecret::Keys(keys)) => Ok(keys),
            Some(AwsSecret::Bearer(_)) | None => Err(auth(
                &t!("keys-aws-no-json", profile = self.name.as_str()),
                &t!(
                    "keys-command-step",
                    setting = Setting::CredentialProcess.name(),
                    program = words.first().map(String::as_str).unwrap_or_default()
                ),
            )),
        }
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn unsupported(&self) -> Option<&'static str> {
        UNSUPPORTED.iter().copied().find(|name| self.value(name).is_some())
    }
}

/// The files that are looked into, as a person would name them.
pub fn files(env: &Env) -> String {
    let shown = |file: Option<File>| file.map(|file| file.path.to_string_lossy().into_owned());
    [shown(File::credentials(env)), shown(File::config(env))]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}

/// How a file names its sections.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sections {
    /// `[NAME]`.
    Plain,
    /// `[profile NAME]`, and `[default]`.
    Prefixed,
}

/// One of AWS's two files.
struct File {
    path: PathBuf,
    sections: Sections,
}

impl File {
    fn credentials(env: &Env) -> Option<Self> {
        let path = path(env, "AWS_SHARED_CREDENTIALS_FILE", "credentials")?;
        Some(Self { path, sections: Sections::Plain })
    }

    fn config(env: &Env) -> Option<Self> {
        let path = path(env, "AWS_CONFIG_FILE", "config")?;
        Some(Self { path, sections: Sections::Prefixed })
    }

    /// What stands in it; `None` where there is no such file.
    fn read(&self) -> Result<Option<Ini>, Failure> {
        let unreadable = |reason: &str| {
            let file = self.path.to_string_lossy();
            let message = t!("keys-aws-unreadable", file = file.as_ref(), reason = reason);
            Failure::new(ErrorKind::Config, message.into_string())
        };
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if matches!(error.kind(), IoError::NotFound | IoError::NotADirectory) => {
                return Ok(None);
            }
            Err(error) => return Err(unreadable(&error.to_string())),
        };
        let mut rules = Ini::new_cs().defaults();
        rules.default_section = String::new();
        rules.delimiters = vec!['='];
        rules.enable_inline_comments = false;
        // Indented lines are settings of the service above them, not of the profile.
        rules.multiline = true;
        let mut ini = Ini::new_from_defaults(rules);
        ini.read(text).map_err(|reason| unreadable(&reason))?;
        Ok(Some(ini))
    }

    fn is_section(&self, section: &str, profile: &str) -> bool {
        let plain = |name: &str| name.trim().trim_matches(['"', '\'']) == profile;
        match self.sections {
            Sections::Plain => plain(section),
            Sections::Prefixed => match section.split_once(char::is_whitespace) {
                Some(("profile", name)) => plain(name),
                Some(_) => false,
                None => section == DEFAULT && profile == DEFAULT,
            },
        }
    }
}

/// Where a file is: where the variable says, else below the home.
fn path(env: &Env, variable: &str, name: &str) -> Option<PathBuf> {
    let home = || env.get("HOME").or_else(|| env.get("USERPROFILE")).map(Path::new);
    match env.get(variable) {
        Some(named) => match named.strip_prefix("~/") {
            Some(below) => Some(home()?.join(below)),
            None => Some(PathBuf::from(named)),
        },
        None => Some(home()?.join(".aws").join(name)),
    }
}

fn auth(message: &Safe, step: &Safe) -> Failure {
    Failure::new(ErrorKind::Auth, message.to_string()).with_next_step(step.to_string())
}
