//! `loquat endpoints`: where requests can go, what is missing, and whether anybody answers there.

use jiff::Timestamp;
use serde::Serialize;

use super::args::{EndpointsAction, EndpointsArgs};
use super::models::{Key, age};
use super::out::Form;
use super::{Context, Exit, trial};
use crate::catalog::Catalog;
use crate::chat::EndpointName;
use crate::keys::{KeyOrigin, KeyState, KeyStore, Keys};
use crate::providers::Transports;
use crate::text::{Safe, sanitise_line};

/// One key of one endpoint, as `--json` tells it.
#[derive(Debug, Serialize)]
struct Row<'a> {
    endpoint: &'a str,
    key: &'a str,
    api: &'static str,
    base_url: &'a str,
    /// `ready`, `needs_key`, `unset` or `expired`.
    state: &'static str,
    /// Where the key comes from.
    origin: Option<&'static str>,
    /// How many models are known, and since how many seconds.
    models: usize,
    age: Option<f64>,
}

/// Lists endpoints, or tests one.
pub async fn run(
    args: &EndpointsArgs,
    context: &Context,
    keys: &Keys,
    transports: &Transports,
    now: Timestamp,
) -> Exit {
    match &args.action {
        None | Some(EndpointsAction::List) => list(args, context, keys, now),
        Some(EndpointsAction::Test(test)) => {
            let form = if args.json || test.json { Form::Json } else { Form::Lines };
            trial::run(test, form, context, keys, transports, now).await
        }
    }
}

fn list(args: &EndpointsArgs, context: &Context, keys: &Keys, now: Timestamp) -> Exit {
    let catalog = Catalog::new(context.paths.clone());
    let found = match Key::all(context, keys, None, None, now) {
        Ok(found) => found,
        Err(failure) => return context.fail(&failure),
    };
    let rows: Vec<(Row<'_>, Safe)> = found.iter().map(|key| row(key, context, keys, &catalog, now)).collect();
    if args.json {
        context.out.json(&rows.iter().map(|(row, _)| row).collect::<Vec<_>>());
        return Exit::OK;
    }
    let header = [
        crate::t!("net-column-endpoint"),
        crate::t!("net-column-key"),
        crate::t!("net-column-format"),
        crate::t!("net-column-state"),
        crate::t!("net-column-models"),
        crate::t!("net-column-url"),
    ];
    let table = rows.iter().map(|(row, state)| {
        let models = match row.age {
            Some(seconds) => crate::t!("net-models-aged", count = row.models, age = age(seconds)),
            None => sanitise_line(&row.models.to_string()),
        };
        vec![
            sanitise_line(row.endpoint),
            sanitise_line(row.key),
            sanitise_line(row.api),
            state.clone(),
            models,
            sanitise_line(row.base_url),
        ]
    });
    context.out.table(&header, table.collect());
    Exit::OK
}

fn row<'a>(
    key: &'a Key<'a>,
    context: &Context,
    keys: &Keys,
    catalog: &Catalog,
    now: Timestamp,
) -> (Row<'a>, Safe) {
    let endpoint = key.endpoint;
    let (state, shown) = state(&key.state);
    let origin = match &key.state {
        KeyState::Ready(origin) => Some(origin_name(*origin)),
        KeyState::Missing | KeyState::Unset(_) | KeyState::Expired(_) => None,
    };
    // A list of endpoints unlocks no keyring and runs no command: only keys at hand tell how many models
    // they have.
    let known = match key.state {
        KeyState::Ready(KeyOrigin::Environment | KeyOrigin::Literal | KeyOrigin::NotNeeded) => {
            key.resolve(context, keys, now).ok().map(|credential| catalog.known(endpoint, &credential))
        }
        _ => None,
    };
    let known = known.unwrap_or_else(|| Catalog::configured(endpoint, &key.label));
    let row = Row {
        endpoint: endpoint.name.as_str(),
        key: key.label.as_str(),
        api: if endpoint.is_router() { EndpointName::ROUTER } else { endpoint.api.name() },
        base_url: &endpoint.base_url.raw,
        state,
        origin,
        models: known.models.len(),
        age: known.age(now).map(|age| age.as_secs_f64()),
    };
    (row, shown)
}

fn state(state: &KeyState) -> (&'static str, Safe) {
    match state {
        KeyState::Ready(_) => ("ready", crate::t!("net-state-ready")),
        KeyState::Missing => ("needs_key", crate::t!("net-state-needs-key")),
        KeyState::Unset(name) => ("unset", crate::t!("net-state-unset", name = name.as_str())),
        KeyState::Expired(at) => ("expired", crate::t!("net-state-expired", at = at.to_string())),
    }
}

fn origin_name(origin: KeyOrigin) -> &'static str {
    match origin {
        KeyOrigin::Stored(KeyStore::Keyring) => "keyring",
        KeyOrigin::Stored(KeyStore::File) => "file",
        KeyOrigin::Command => "command",
        KeyOrigin::Environment => "environment",
        KeyOrigin::Profile => "profile",
        KeyOrigin::Literal => "config",
        KeyOrigin::NotNeeded => "not_needed",
    }
}
