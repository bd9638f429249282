//! What can be asked: endpoints with their keys and what state each is in, and models.
//!
//! What can be used stands on top. A server that could run on this machine and does not is no news to
//! somebody who never set one up, so the model picker tells of it only when it is asked for by name.

use crate::catalog::ListSource;
use crate::chat::{Failure, KeyLabel};
use crate::config::Endpoint;
use crate::t;
use crate::text::{Safe, sanitise_line};

use super::block::kind_name;
use super::model::{KeyOf, Model, Refresh};
use super::overlay::age;

mod endpoints;
mod models;

pub use endpoints::{Standing, endpoints, standing};
pub use models::{ModelOrder, as_is, info, models, short_count};

/// `ENDPOINT/KEY`; the plain key's label is left out.
pub fn owner(of: &KeyOf) -> Safe {
    if of.key.as_str() == KeyLabel::DEFAULT {
        return sanitise_line(of.endpoint.as_str());
    }
    sanitise_line(&format!("{}/{}", of.endpoint, of.key))
}

/// The labels of an endpoint's keys: configured ones in order, then stored ones.
pub fn keys_of(model: &Model, endpoint: &Endpoint) -> Vec<KeyLabel> {
    let mut labels: Vec<KeyLabel> = endpoint.keys.iter().map(|key| key.label.clone()).collect();
    for of in model.key_states.keys().filter(|of| of.endpoint == endpoint.name) {
        if !labels.contains(&of.key) {
            labels.push(of.key.clone());
        }
    }
    if labels.is_empty() {
        labels.push(KeyLabel::default());
    }
    labels
}

/// What went wrong with a key, in a line.
fn failed(failure: &Failure) -> Safe {
    let status = failure.status.map(|status| format!(" ({status})")).unwrap_or_default();
    let kind = format!("{}{status}", kind_name(failure.kind));
    t!("app-endpoint-failed", kind = kind, reason = failure.message.as_str())
}

/// A failure and what to do about it.
fn told(failure: &Failure) -> Safe {
    let next = failure.next_step.as_deref().map(|step| format!(" → {step}")).unwrap_or_default();
    sanitise_line(&format!("{}{next}", failure.message))
}

/// How old the list of a key's models is.
fn age_text(model: &Model, of: &KeyOf) -> Safe {
    let Some(models) = model.models.get(of) else { return t!("app-age-configured") };
    if models.refresh == Refresh::Running {
        return t!("app-age-refreshing");
    }
    match (models.list.source, models.list.fetched) {
        (ListSource::Live | ListSource::Cache, Some(fetched)) => age(model.now, fetched),
        (ListSource::Live | ListSource::Cache, None) | (ListSource::Config | ListSource::Builtin, _) => {
            t!("app-age-configured")
        }
    }
}
