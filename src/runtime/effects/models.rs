//! Keys and model lists.

use std::time::Instant;

use jiff::Timestamp;

use super::Effects;
use crate::app::model::KeyOf;
use crate::app::{KeyStatus, Message};
use crate::catalog::{Catalog, ListSource, ModelInfo, ModelList, health, is_fetched, probe};
use crate::chat::{EndpointName, Failure, KeyLabel};
use crate::config::{Config, Endpoint};
use crate::http::host::is_loopback;
use crate::keys::{Credential, KeyOrigin, KeyState, Keys, NewKey};
use crate::turns::Turns;

/// The keys of an endpoint; one that needs none has its place under the default label.
fn labels(keys: &Keys, endpoint: &Endpoint) -> Vec<KeyLabel> {
    let labels = keys.labels(endpoint);
    if labels.is_empty() { vec![KeyLabel::default()] } else { labels }
}

/// Every (endpoint, key).
fn pairs(keys: &Keys, config: &Config) -> Vec<(EndpointName, KeyLabel)> {
    config
        .endpoints
        .iter()
        .flat_map(|endpoint| labels(keys, endpoint).into_iter().map(|key| (endpoint.name.clone(), key)))
        .collect()
}

fn states(keys: &Keys, config: &Config) -> Vec<KeyStatus> {
    let now = Timestamp::now();
    config
        .endpoints
        .iter()
        .flat_map(|endpoint| {
            labels(keys, endpoint).into_iter().map(move |key| KeyStatus {
                endpoint: endpoint.name.clone(),
                state: keys.state(config, endpoint, &key, now),
                key,
            })
        })
        .collect()
}

/// A list in which every model has the context and the price that the catalog knows.
fn completed(catalog: &Catalog, endpoint: &Endpoint, mut list: ModelList) -> ModelList {
    for model in &mut list.models {
        let told = model.clone();
        model.context = catalog.context(endpoint, Some(&told), &told.id);
        model.price = catalog.price(endpoint, Some(&told), &told.id, None);
    }
    list
}

/// The list of a key that cannot be had: what is configured, with the reason.
fn unresolved(endpoint: &Endpoint, key: KeyLabel, failure: Failure) -> ModelList {
    ModelList {
        endpoint: endpoint.name.clone(),
        key,
        models: endpoint.models.default.iter().cloned().map(ModelInfo::new).collect(),
        source: ListSource::Config,
        fetched: None,
        error: Some(failure),
    }
}

/// Whether an endpoint is configured to live on this machine.
fn is_local(endpoint: &Endpoint) -> bool {
    url::Url::parse(&endpoint.base_url.raw).is_ok_and(|url| is_loopback(&url))
}

/// How a list is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Freshness {
    /// What is known first, then what the provider says now.
    KnownFirst,
    /// What the provider says now.
    Now,
}

impl Effects {
    pub(super) fn resolve_key_states(&self) {
        let (keys, config) = (self.keys().clone(), self.turns.config.clone());
        self.spawn_blocking(move || Some(Message::KeyStates(states(&keys, &config))));
    }

    pub(super) fn store_key(&self, key: NewKey) {
        let turns = self.turns.clone();
        let messages = self.messages.clone();
        self.spawn(async move {
            let (endpoint, label) = (key.endpoint.clone(), key.label.clone());
            let stored = tokio::task::spawn_blocking(move || {
                forget(&turns, &key.endpoint, &key.label);
                let result = turns.keys.set(key, None, Timestamp::now());
                (result, states(&turns.keys, &turns.config))
            });
            let (result, states) = stored.await.ok()?;
            let _ = messages.send(Message::KeyStates(states)).await;
            Some(Message::KeyStored { endpoint, key: label, result })
        });
    }

    pub(super) fn remove_key(&self, endpoint: EndpointName, key: KeyLabel) {
        let turns = self.turns.clone();
        let messages = self.messages.clone();
        self.spawn(async move {
            let (of, label) = (endpoint.clone(), key.clone());
            let removed = tokio::task::spawn_blocking(move || {
                forget(&turns, &of, &label);
                let result = turns.keys.remove(&of, &label);
                (result, states(&turns.keys, &turns.config))
            });
            let (result, states) = removed.await.ok()?;
            let _ = messages.send(Message::KeyStates(states)).await;
            Some(Message::KeyRemoved { endpoint, key, result })
        });
    }

    pub(super) fn load_models(&self) {
        self.lists(Freshness::KnownFirst);
    }

    pub(super) fn refresh_all_models(&self) {
        self.lists(Freshness::Now);
    }

    fn lists(&self, freshness: Freshness) {
        for (endpoint, key) in pairs(self.keys(), &self.turns.config) {
            let ready = self.turns.config.endpoint(endpoint.as_str()).is_some_and(|endpoint| {
                match self.keys().state(&self.turns.config, endpoint, &key, Timestamp::now()) {
                    KeyState::Ready(_) => true,
                    KeyState::Missing | KeyState::Unset(_) | KeyState::Expired(_) => false,
                }
            });
            if ready {
                self.list(endpoint, key, freshness);
            }
        }
    }

    pub(super) fn check_health(&self, of: KeyOf) {
        let turns = self.turns.clone();
        self.spawn(async move {
            let endpoint = turns.config.endpoint(of.endpoint.as_str())?;
            let result = match turns.credential(endpoint, &of.key).await {
                Ok(credential) => {
                    let asked = Instant::now();
                    let answer = health(&*turns.transport, &turns.config, endpoint, &credential).await;
                    answer.map(|()| asked.elapsed())
                }
                Err(failure) => Err(failure),
            };
            Some(Message::HealthKnown { of, result })
        });
    }

    pub(super) fn refresh_models(&self, endpoint: EndpointName, key: KeyLabel) {
        self.list(endpoint, key, Freshness::Now);
    }

    fn list(&self, endpoint: EndpointName, key: KeyLabel, freshness: Freshness) {
        let turns = self.turns.clone();
        let messages = self.messages.clone();
        self.spawn(async move {
            let endpoint = turns.config.endpoint(endpoint.as_str())?.clone();
            let told = |list| Message::ModelsLoaded { list, at: Timestamp::now() };
            let credential = match turns.credential(&endpoint, &key).await {
                Ok(credential) => credential,
                Err(failure) => return Some(told(unresolved(&endpoint, key, failure))),
            };
            if freshness == Freshness::KnownFirst {
                let known = turns.catalog.known(&endpoint, &credential);
                let _ = messages.send(told(completed(&turns.catalog, &endpoint, known))).await;
            }
            if !is_fetched(&endpoint, &credential) {
                return None;
            }
            let _ = messages.send(Message::ModelsRefreshing { endpoint: endpoint.name.clone(), key }).await;
            let now = Timestamp::now();
            let list =
                turns.catalog.refresh(&*turns.transport, &turns.config, &endpoint, &credential, now).await;
            Some(told(completed(&turns.catalog, &endpoint, list)))
        });
    }

    /// Asks every endpoint that lives on loopback whether it answers. No key is sent.
    pub(super) fn probe_local(&self) {
        let turns = self.turns.clone();
        self.spawn(async move {
            let local = turns.config.endpoints.iter().filter(|endpoint| is_local(endpoint));
            let asked = local.map(|endpoint| {
                let turns = &turns;
                async move {
                    let credential = Credential {
                        label: KeyLabel::default(),
                        secret: None,
                        base_url: endpoint.base_url.raw.clone(),
                        own_base_url: false,
                        origin: KeyOrigin::NotNeeded,
                    };
                    probe(&*turns.transport, &turns.config, endpoint, &credential).await.ok()?;
                    Some(endpoint.name.clone())
                }
            });
            let answered = futures::future::join_all(asked).await.into_iter().flatten().collect();
            Some(Message::LocalAnswered(answered))
        });
    }
}

/// Forgets the cached list of a key that is about to change. Where the key cannot be had, no list is its own.
fn forget(turns: &Turns, endpoint: &EndpointName, key: &KeyLabel) {
    if let Some(endpoint) = turns.config.endpoint(endpoint.as_str())
        && let Ok(credential) = turns.keys.resolve(&turns.config, endpoint, key, Timestamp::now())
    {
        turns.catalog.forget(&credential);
    }
}
