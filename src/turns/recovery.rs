//! Turns whose process went away: the database makes their answers `cut`, and the request event that nobody
//! was left to write is written here.
//!
//! It is written while the database still holds its lock for the change, and only where the log has none yet:
//! the process may have gone between its event and the end of its answer, or another that recovered it may
//! have gone before its change was committed.

use std::cell::LazyCell;
use std::sync::Arc;

use jiff::Timestamp;

use super::ledger::{Finality, Subject, provider};
use crate::catalog::Catalog;
use crate::chat::{End, ErrorKind, Failure};
use crate::config::{Config, Paths};
use crate::router::Attempt;
use crate::storage::{LeftBehind, Store, StoreError};
use crate::telemetry::{Log, Mode, Written, login_name};

/// Opens the person's database. Every turn that a process left behind ends there, and in the log. The configuration
/// is asked for only where there is one, so that opening need not wait for it.
///
/// # Errors
/// Those of [`Store::open`].
pub fn open_store(paths: &Paths, config: impl FnOnce() -> Arc<Config>) -> Result<Store, StoreError> {
    let config = LazyCell::new(config);
    Store::open(&paths.database(), Timestamp::now(), |left| record(left, &config, paths))
}

/// Appends the final event of a turn, unless the log has it. What was not written down is unknown: the time
/// to its first content, and tokens as a rule. The time it took is what it is known to have taken at least.
fn record(left: &LeftBehind, config: &Config, paths: &Paths) {
    let (Some(route), answer) = (&left.answer.route, &left.answer) else { return };
    let log = Log::of(paths);
    // A log that cannot be read is not written to either, and no conversation stays shut for that.
    let Ok(Written::Retried(retried)) = log.written(answer.id, left.began) else { return };
    let endpoint = config.endpoint(route.endpoint.as_str());
    let failure = answer.provenance.as_ref().and_then(|provenance| provenance.failure.clone());
    let attempt = Attempt {
        number: retried + 1,
        route: route.clone(),
        started: left.began,
        latency: left
            .said
            .and_then(|said| said.duration_since(left.began).try_into().ok())
            .unwrap_or_default(),
        ttft: None,
        status: None,
        end: End::Cut(failure.unwrap_or_else(|| Failure::new(ErrorKind::Cut, ""))),
        usage: left.usage,
        model_served: left.model_served.clone(),
    };
    let cost_usd = endpoint.filter(|_| left.usage.is_known()).and_then(|endpoint| {
        let catalog = Catalog::new(paths.clone());
        catalog.price(endpoint, None, &route.model, left.model_served.as_ref())?.cost(&left.usage)
    });
    let user = config.user.clone().unwrap_or_else(|| login_name(&config.env));
    let subject = Subject {
        user: &user,
        alias: answer.provenance.as_ref().and_then(|provenance| provenance.alias.clone()),
        provider: provider(endpoint, route),
        conversation: Some(left.conversation),
        message: Some(answer.id),
        mode: left.purpose.as_deref().and_then(Mode::from_name).unwrap_or(Mode::Tui),
        rate: config.prices.eur_per_usd,
        over_budget: Vec::new(),
    };
    // As for a turn that was lived through: the answer counts more than its event.
    let _ = log.append(&subject.event(&attempt, Finality::Final, cost_usd));
    // Nobody is there to be told; where it cannot be written, it is kept for the next process that can.
    let _ = log.finish();
}
