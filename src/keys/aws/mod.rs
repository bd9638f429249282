//! Where AWS's keys and regions are: LibreChat's variables, AWS's own, and AWS's profiles.
//!
//! A Bedrock endpoint's secret is either a Bedrock API key, which is sent as it is, or a JSON object with an access
//! key, which requests are signed with. What a person stores, what `keyCommand` prints and what is found here have
//! the same form, so that whoever signs reads one. Single sign-on, roles and instance metadata are not here: each is
//! a service to be asked over the network, and `credential_process` lets AWS's own program do that.

mod profile;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Deserializer, Serialize};

use super::{KeyOrigin, KeyState, Secret};
use crate::chat::{ErrorKind, Failure};
use crate::config::{Config, Endpoint, Env, USER_PROVIDED, WireFormat};
use crate::t;
use crate::text::Safe;

use profile::Profile;

/// What a base URL has where the region goes.
pub const REGION: &str = "{region}";

/// What a Bedrock endpoint is asked with.
#[derive(Debug)]
pub enum AwsSecret<'a> {
    /// A Bedrock API key.
    Bearer(&'a Secret),
    /// An access key, to sign with.
    Keys(AwsKeys),
}

impl<'a> AwsSecret<'a> {
    /// What a secret is; `None` where it is JSON without an access key.
    pub fn of(secret: &'a Secret) -> Option<Self> {
        if !secret.expose().trim_start().starts_with('{') {
            return Some(Self::Bearer(secret));
        }
        // The parser's message may repeat what stands there, so it is not passed on.
        serde_json::from_str(secret.expose()).ok().map(Self::Keys)
    }
}

/// An access key, as LibreChat's stored keys and a `credential_process` write it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AwsKeys {
    /// `accessKeyId`.
    #[serde(alias = "AccessKeyId", deserialize_with = "read")]
    pub access_key_id: Secret,
    /// `secretAccessKey`.
    #[serde(alias = "SecretAccessKey", deserialize_with = "read")]
    pub secret_access_key: Secret,
    /// `sessionToken`, of keys that last for a while.
    #[serde(default, alias = "SessionToken", deserialize_with = "read_some")]
    pub session_token: Option<Secret>,
    /// `region`, where the keys name one.
    #[serde(default)]
    pub region: Option<String>,
}

fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Err(serde::de::Error::custom("empty"));
    }
    Ok(Secret::new(text))
}

fn read_some<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.filter(|text| !text.is_empty()).map(Secret::new))
}

impl AwsKeys {
    /// The one form that secrets of a Bedrock endpoint have.
    fn into_secret(self) -> Result<Secret, Failure> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Written<'a> {
            access_key_id: &'a str,
            secret_access_key: &'a str,
            session_token: Option<&'a str>,
            region: Option<&'a str>,
        }
        serde_json::to_string(&Written {
            access_key_id: self.access_key_id.expose(),
            secret_access_key: self.secret_access_key.expose(),
            session_token: self.session_token.as_ref().map(Secret::expose),
            region: self.region.as_deref(),
        })
        .map(Secret::new)
        .map_err(|error| Failure::new(ErrorKind::Internal, error.to_string()))
    }
}

/// The variables of one family.
struct Variables {
    bearer: &'static str,
    id: &'static str,
    secret: &'static str,
    token: &'static str,
    profile: &'static str,
}

/// LibreChat's own come first, because nobody sets them by accident. In a family the API key does, as it does for
/// AWS's own programs.
const FAMILIES: &[Variables] = &[
    Variables {
        bearer: "BEDROCK_AWS_BEARER_TOKEN",
        id: "BEDROCK_AWS_ACCESS_KEY_ID",
        secret: "BEDROCK_AWS_SECRET_ACCESS_KEY",
        token: "BEDROCK_AWS_SESSION_TOKEN",
        profile: "BEDROCK_AWS_PROFILE",
    },
    Variables {
        bearer: "AWS_BEARER_TOKEN_BEDROCK",
        id: "AWS_ACCESS_KEY_ID",
        secret: "AWS_SECRET_ACCESS_KEY",
        token: "AWS_SESSION_TOKEN",
        profile: "AWS_PROFILE",
    },
];

/// Where a region is looked for, in order.
const REGIONS: &[&str] = &["BEDROCK_AWS_DEFAULT_REGION", "AWS_REGION", "AWS_DEFAULT_REGION"];

/// What the environment says of keys.
enum Told {
    Bearer(Secret),
    Keys(AwsKeys),
    /// One half of a key, and the variable that would be the other.
    Half {
        set: &'static str,
        unset: &'static str,
    },
    /// To look into this profile; the variable that says so, where one does.
    Profile {
        name: String,
        by: Option<&'static str>,
    },
}

fn told(env: &Env) -> Told {
    let value = |name: &str| env.get(name).map(str::trim).filter(|value| *value != USER_PROVIDED);
    let secret = |text: &str| Secret::new(text.to_owned());
    for family in FAMILIES {
        if let Some(bearer) = value(family.bearer) {
            return Told::Bearer(secret(bearer));
        }
        match (value(family.id), value(family.secret)) {
            (Some(id), Some(key)) => {
                return Told::Keys(AwsKeys {
                    access_key_id: secret(id),
                    secret_access_key: secret(key),
                    session_token: value(family.token).map(secret),
                    region: None,
                });
            }
            (Some(_), None) => return Told::Half { set: family.id, unset: family.secret },
            (None, Some(_)) => return Told::Half { set: family.secret, unset: family.id },
            (None, None) => {}
        }
        if let Some(name) = value(family.profile) {
            return Told::Profile { name: name.to_owned(), by: Some(family.profile) };
        }
    }
    Told::Profile { name: profile::DEFAULT.to_owned(), by: None }
}

/// What is known of the key without running anything. Reads AWS's two files.
pub(super) fn state(env: &Env) -> KeyState {
    match told(env) {
        Told::Bearer(_) | Told::Keys(_) => KeyState::Ready(KeyOrigin::Environment),
        Told::Half { unset, .. } => KeyState::Unset(unset.to_owned()),
        Told::Profile { name, .. } => match Profile::load(env, &name) {
            Ok(Some(profile)) if profile.has_keys() => KeyState::Ready(KeyOrigin::Profile),
            Ok(_) | Err(_) => KeyState::Missing,
        },
    }
}

/// The key of an endpoint that configures none. **Blocks** on a `credential_process`.
pub(super) fn key(env: &Env, endpoint: &Endpoint) -> Result<(Secret, KeyOrigin), Failure> {
    let endpoint_name = endpoint.name.as_str();
    let fail = |message: Safe, step: Safe| {
        Err(Failure::new(ErrorKind::Auth, message.into_string()).with_next_step(step.into_string()))
    };
    match told(env) {
        Told::Bearer(secret) => Ok((secret, KeyOrigin::Environment)),
        Told::Keys(keys) => {
            let region = region(env, endpoint, None)?;
            Ok((AwsKeys { region, ..keys }.into_secret()?, KeyOrigin::Environment))
        }
        Told::Half { set, unset } => fail(
            t!("keys-aws-half", endpoint = endpoint_name, set = set, unset = unset),
            t!("keys-aws-half-step"),
        ),
        Told::Profile { name, by } => match (Profile::load(env, &name)?, by) {
            (Some(profile), _) => {
                let keys = profile.keys(endpoint)?;
                let region = region(env, endpoint, None)?;
                Ok((AwsKeys { region, ..keys }.into_secret()?, KeyOrigin::Profile))
            }
            (None, Some(variable)) => fail(
                t!(
                    "keys-aws-no-profile",
                    endpoint = endpoint_name,
                    profile = name,
                    files = profile::files(env)
                ),
                t!("keys-aws-no-profile-step", variable = variable),
            ),
            (None, None) => fail(
                t!("keys-aws-missing", endpoint = endpoint_name, files = profile::files(env)),
                t!("keys-aws-missing-step", endpoint = endpoint_name),
            ),
        },
    }
}

/// The base URL of an endpoint, expanded, with the region that counts where it asks for one.
pub(super) fn in_region(
    config: &Config,
    endpoint: &Endpoint,
    secret: Option<&Secret>,
) -> Result<String, Failure> {
    let base = endpoint.base_url.expand(&config.env)?;
    if endpoint.api != WireFormat::Bedrock || !base.contains(REGION) {
        return Ok(base);
    }
    let own = secret.and_then(AwsSecret::of).and_then(|secret| match secret {
        AwsSecret::Bearer(_) => None,
        AwsSecret::Keys(keys) => keys.region,
    });
    match region(&config.env, endpoint, own)? {
        Some(region) => Ok(base.replace(REGION, &region)),
        None => Err(Failure::new(
            ErrorKind::Config,
            t!("keys-aws-no-region", endpoint = endpoint.name.as_str()).into_string(),
        )
        .with_next_step(t!("keys-aws-no-region-step").into_string())),
    }
}

/// The region that a variable names.
pub fn variable_region(env: &Env) -> Option<&str> {
    REGIONS.iter().find_map(|name| env.get(name)).map(str::trim)
}

/// The region that counts: the key's own, then the variables', then the profile's, then the first that the
/// endpoint offers.
fn region(env: &Env, endpoint: &Endpoint, own: Option<String>) -> Result<Option<String>, Failure> {
    let set =
        own.or_else(|| REGIONS.iter().find_map(|name| env.get(name)).map(|region| region.trim().to_owned()));
    if set.is_some() {
        return Ok(set);
    }
    let name = FAMILIES.iter().find_map(|family| env.get(family.profile)).unwrap_or(profile::DEFAULT);
    let written = Profile::load(env, name)?.and_then(|profile| profile.region());
    Ok(written.or_else(|| endpoint.bedrock.regions.first().cloned()))
}
