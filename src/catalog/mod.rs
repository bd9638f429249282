//! Which models a key has (live, cached, configured), their context sizes and their prices.
//!
//! | file | subject |
//! |---|---|
//! | `fetch` | asking a provider |
//! | `bedrock` | what Bedrock's two lists say together |
//! | `health` | whether an endpoint works, where no list tells |
//! | `list` | what a list's JSON says |
//! | `abilities` | what it says of images, tools and reasoning |
//! | `select` | which of a list's models are shown |
//! | `cache` | lists on disk |
//! | [`tokenizer`] | counting tokens where nobody reports them |
//! | [`prices`] | what a model costs, and who says so |

mod abilities;
mod bedrock;
mod cache;
pub mod fetch;
mod health;
mod list;
pub mod prices;
mod select;
pub mod tokenizer;

#[cfg(test)]
mod tests;

use std::time::Duration;

use futures::StreamExt;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::chat::{EndpointName, ErrorKind, Failure, KeyLabel, ModelId};
use crate::config::{Config, Endpoint, Paths};
use crate::http::Transport;
use crate::keys::Credential;

pub use crate::chat::Price;
pub use abilities::Abilities;
pub use health::{health, probe};

/// How long a fetched list is taken for current. An older one is still shown, with its age.
pub const CURRENT: Duration = Duration::from_secs(24 * 60 * 60);

/// How many lists are fetched at once.
const AT_ONCE: usize = 8;

/// The file that the built-in configuration says its lines are in.
const BUILT_IN_FILE: &str = "<built-in>";

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
    /// What it can do besides text.
    #[serde(default, skip_serializing_if = "Abilities::is_unknown")]
    pub abilities: Abilities,
}

impl ModelInfo {
    /// A model of which nothing but its id is known.
    pub fn new(id: ModelId) -> Self {
        Self { id, context: None, price: None, abilities: Abilities::default() }
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
    imported: prices::Imported,
}

impl Catalog {
    /// The catalog kept below `paths`. Reads nothing yet.
    pub fn new(paths: Paths) -> Self {
        Self { imported: prices::Imported::new(&paths), paths }
    }

    /// The list to show before anything is fetched: cached (whatever its age), else configured. Reads a file.
    pub fn known(&self, endpoint: &Endpoint, credential: &Credential) -> ModelList {
        let kept = is_fetched(endpoint, credential).then(|| cache::read(&self.paths, credential)).flatten();
        match kept.filter(|kept| !kept.models.is_empty()) {
            Some(kept) => ModelList {
                models: select::shown(kept.models, endpoint, &credential.base_url),
                source: ListSource::Cache,
                fetched: Some(kept.fetched),
                ..Self::configured(endpoint, &credential.label)
            },
            None => Self::configured(endpoint, &credential.label),
        }
    }

    /// The list that the configuration holds: all there is of a key that cannot be had.
    pub fn configured(endpoint: &Endpoint, key: &KeyLabel) -> ModelList {
        let default = endpoint.models.default.iter().cloned();
        let default = default.map(ModelInfo::new).collect();
        let is_built_in = *endpoint.at.file == *BUILT_IN_FILE;
        ModelList {
            endpoint: endpoint.name.clone(),
            key: key.clone(),
            models: select::chosen(default, endpoint),
            source: if is_built_in { ListSource::Builtin } else { ListSource::Config },
            fetched: None,
            error: None,
        }
    }

    /// Fetches the list with this key and caches it. On failure the known list, with the reason in `error`.
    /// An endpoint that does not fetch gives its known list.
    pub async fn refresh(
        &self,
        transport: &dyn Transport,
        config: &Config,
        endpoint: &Endpoint,
        credential: &Credential,
        now: Timestamp,
    ) -> ModelList {
        if !is_fetched(endpoint, credential) {
            return self.known(endpoint, credential);
        }
        let failure = match fetch::models(transport, config, endpoint, credential).await {
            Ok(models) if models.is_empty() => Failure::new(
                ErrorKind::Provider,
                crate::t!("net-list-empty", endpoint = endpoint.name.as_str()).into_string(),
            )
            .with_next_step(crate::t!("net-step-list-empty").into_string()),
            Ok(models) => {
                let kept = cache::Kept { fetched: now, models };
                // A list that cannot be kept is fetched again next time; nothing else is lost.
                let _ = cache::write(&self.paths, credential, &kept);
                return ModelList {
                    models: select::shown(kept.models, endpoint, &credential.base_url),
                    source: ListSource::Live,
                    fetched: Some(now),
                    ..Self::configured(endpoint, &credential.label)
                };
            }
            Err(failure) => failure,
        };
        ModelList { error: Some(failure), ..self.known(endpoint, credential) }
    }

    /// Fetches many lists, a few at once, and hands each over as it comes.
    pub async fn refresh_all(
        &self,
        transport: &dyn Transport,
        config: &Config,
        wanted: impl IntoIterator<Item = (&Endpoint, Credential)>,
        now: Timestamp,
        mut each: impl FnMut(ModelList),
    ) {
        let fetches = wanted.into_iter().map(|(endpoint, credential)| async move {
            self.refresh(transport, config, endpoint, &credential, now).await
        });
        let mut lists = futures::stream::iter(fetches).buffer_unordered(AT_ONCE);
        while let Some(list) = lists.next().await {
            each(list);
        }
    }

    /// Forgets the cached list of a key: it was changed or removed.
    pub fn forget(&self, credential: &Credential) {
        cache::forget(&self.paths, credential);
    }

    /// The price of a model at an endpoint; [`prices`] says who is asked, and in which order. `served` is the id the
    /// provider said, tried after the id that was asked.
    pub fn price(
        &self,
        endpoint: &Endpoint,
        listed: Option<&ModelInfo>,
        model: &ModelId,
        served: Option<&ModelId>,
    ) -> Option<Price> {
        let ids: Vec<&ModelId> = std::iter::once(model).chain(served).collect();
        prices::layers(&self.imported, endpoint, listed, &ids).next().map(|layer| layer.price)
    }

    /// Everything that is known of a price, what counts first.
    pub fn price_layers(
        &self,
        endpoint: &Endpoint,
        listed: Option<&ModelInfo>,
        model: &ModelId,
    ) -> Vec<prices::Layer> {
        prices::layers(&self.imported, endpoint, listed, &[model]).collect()
    }

    /// The price map that the person imported.
    pub fn imported_prices(&self) -> &prices::Imported {
        &self.imported
    }

    /// The context window of a model: `tokenConfig`, the list, then the tables.
    pub fn context(&self, endpoint: &Endpoint, listed: Option<&ModelInfo>, model: &ModelId) -> Option<u64> {
        told_context(endpoint, listed, model).or_else(|| prices::context(&self.imported, endpoint, model))
    }
}

/// The context window of a model, for who has no catalog at hand: `tokenConfig`, the list, then the built-in table.
pub fn context(endpoint: &Endpoint, listed: Option<&ModelInfo>, model: &ModelId) -> Option<u64> {
    told_context(endpoint, listed, model).or_else(|| prices::built_in_context(endpoint, model))
}

fn told_context(endpoint: &Endpoint, listed: Option<&ModelInfo>, model: &ModelId) -> Option<u64> {
    let configured = endpoint.token_config.get(model.as_str()).and_then(|told| told.context);
    configured.or_else(|| listed?.context)
}

/// Whether the models of an endpoint are fetched with this key: it is configured so, and there is a list.
pub fn is_fetched(endpoint: &Endpoint, credential: &Credential) -> bool {
    endpoint.models.fetch && fetch::has_list(endpoint, credential)
}

impl ModelList {
    /// Whether the list was fetched within [`CURRENT`].
    pub fn is_current(&self, now: Timestamp) -> bool {
        self.age(now).is_some_and(|age| age < CURRENT)
    }

    /// How long ago the list was fetched, where it was.
    pub fn age(&self, now: Timestamp) -> Option<Duration> {
        Some(Duration::try_from(now.duration_since(self.fetched?)).unwrap_or_default())
    }
}
