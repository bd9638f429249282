//! Small makers for tests.

use std::sync::LazyLock;

use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;

use super::Site;
use crate::chat::KeyLabel;
use crate::config::{Config, Endpoint, Location, Template, WireFormat};
use crate::keys::{Credential, KeyOrigin, Secret};

pub fn template(raw: &str) -> Template {
    Template { raw: raw.to_owned(), at: Location { file: "test.yaml".into(), line: 1, column: 1 } }
}

pub fn endpoint(name: &str, base_url: &str) -> Endpoint {
    Endpoint::new(name, WireFormat::OpenaiChat, template(base_url))
}

/// A credential; an empty secret is none.
pub fn credential(base_url: &str, secret: &str) -> Credential {
    Credential {
        label: KeyLabel::default(),
        secret: (!secret.is_empty()).then(|| Secret::new(secret.to_owned())),
        base_url: base_url.to_owned(),
        own_base_url: false,
        origin: KeyOrigin::Literal,
    }
}

/// An endpoint that is asked at the beginning of time, in an empty environment.
pub fn site<'a>(endpoint: &'a Endpoint, credential: &'a Credential) -> Site<'a> {
    static NOTHING: LazyLock<Config> = LazyLock::new(Config::default);
    Site { config: &NOTHING, endpoint, credential, now: Timestamp::UNIX_EPOCH }
}

pub fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| (HeaderName::try_from(*name).unwrap(), HeaderValue::from_str(value).unwrap()))
        .collect()
}
