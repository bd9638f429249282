//! Small makers for tests.

use std::collections::HashMap;

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Map;

use crate::chat::KeyLabel;
use crate::config::{
    Endpoint, Location, ModelsConfig, Template, Timeouts, TitleConfig, TitleModel, UserIdPolicy, WireFormat,
};
use crate::keys::{Credential, KeyOrigin, Secret};

pub fn template(raw: &str) -> Template {
    Template { raw: raw.to_owned(), at: Location { file: "test.yaml".into(), line: 1, column: 1 } }
}

pub fn endpoint(name: &str, base_url: &str) -> Endpoint {
    Endpoint {
        name: name.into(),
        at: template("").at,
        api: WireFormat::OpenaiChat,
        base_url: template(base_url),
        keys: Vec::new(),
        models: ModelsConfig { fetch: true, ..ModelsConfig::default() },
        headers: Vec::new(),
        add_params: Map::new(),
        drop_params: Vec::new(),
        default_params: Map::new(),
        reasoning_key: None,
        title: TitleConfig {
            enabled: false,
            model: TitleModel::Current,
            endpoint: None,
            prompt: None,
            prompt_template: None,
        },
        label: None,
        direct: false,
        timeouts: Timeouts::default(),
        proxy: None,
        ca_file: None,
        allow_insecure: false,
        user_id: UserIdPolicy::None,
        token_config: HashMap::new(),
    }
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

pub fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    pairs
        .iter()
        .map(|(name, value)| (HeaderName::try_from(*name).unwrap(), HeaderValue::from_str(value).unwrap()))
        .collect()
}
