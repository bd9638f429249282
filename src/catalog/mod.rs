//! Which models a key has (live, cached, configured), their context sizes and their prices.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::chat::{EndpointName, Failure, KeyLabel, ModelId, Money, Usage};
use crate::config::{Config, Endpoint, Paths};
use crate::http::Transport;
use crate::keys::Credential;

/// A model as its provider or the configuration tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelInfo {
    /// The id to send. Untrusted text.
    pub id: ModelId,
    /// Context window in tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<u64>,
    /// Price, in US dollars per million tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
}

/// US dollars per million tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// Input.
    pub input: Money,
    /// Output.
    pub output: Money,
    /// Input read from the provider's cache; `None` is priced as input.
    pub cache_read: Option<Money>,
    /// Input written to the provider's cache; `None` is priced as input.
    pub cache_write: Option<Money>,
}

impl Price {
    /// What `usage` costs in US dollars; `None` where the tokens are not known.
    pub fn cost(&self, usage: &Usage) -> Option<Money> {
        let _ = usage;
        todo!()
    }
}

/// Where a model list came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ListSource {
    /// Fetched just now, or in this run.
    Live,
    /// Fetched by an earlier run.
    Cache,
    /// `models.default` of the person's configuration.
    Config,
    /// `models.default` of the built-in configuration.
    Builtin,
}

/// The models of one key of one endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelList {
    /// Endpoint.
    pub endpoint: EndpointName,
    /// Key.
    pub key: KeyLabel,
    /// Its models, as the provider orders them, duplicates removed.
    pub models: Vec<ModelInfo>,
    /// Where they came from.
    pub source: ListSource,
    /// When they were fetched.
    pub fetched: Option<Timestamp>,
    /// Why the last fetch failed, where it did.
    pub error: Option<Failure>,
}

/// The catalog: model lists on disk by key fingerprint, and the price table.
#[derive(Clone, Debug)]
pub struct Catalog {
    paths: Paths,
}

impl Catalog {
    /// The catalog kept below `paths`. Reads nothing yet.
    pub fn new(paths: Paths) -> Self {
        Self { paths }
    }

    /// The list to show before anything is fetched: cached (whatever its age), else configured. Reads a file.
    pub fn known(&self, endpoint: &Endpoint, credential: &Credential) -> ModelList {
        let _ = (endpoint, credential, &self.paths);
        todo!()
    }

    /// Fetches the list with this key and caches it. On failure the known list, with the reason in `error`.
    pub async fn refresh(
        &self,
        transport: &dyn Transport,
        config: &Config,
        endpoint: &Endpoint,
        credential: &Credential,
        now: Timestamp,
    ) -> ModelList {
        let _ = (transport, config, endpoint, credential, now);
        todo!()
    }

    /// Forgets the cached list of a key: it was changed or removed.
    pub fn forget(&self, credential: &Credential) {
        let _ = credential;
        todo!()
    }

    /// The price of a model at an endpoint: `tokenConfig`, then what the list told, then the built-in table.
    /// `served` is the id the provider said, tried after the id that was asked.
    pub fn price(
        &self,
        endpoint: &Endpoint,
        listed: Option<&ModelInfo>,
        model: &ModelId,
        served: Option<&ModelId>,
    ) -> Option<Price> {
        let _ = (endpoint, listed, model, served);
        todo!()
    }

    /// The context window of a model, by the same precedence.
    pub fn context(&self, endpoint: &Endpoint, listed: Option<&ModelInfo>, model: &ModelId) -> Option<u64> {
        let _ = (endpoint, listed, model);
        todo!()
    }
}
