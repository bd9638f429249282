//! The list of models that an adapter's service has, and the question whether it is up.

use serde_json::Value;

use super::request::{Blanks, send, undeclared, url};
use super::{failed, wrong};
use crate::chat::Failure;
use crate::config::Template;
use crate::config::adapter::Adapter;
use crate::config::expression::Input;
use crate::http::HttpRequest;
use crate::providers::site::Auth;
use crate::providers::{Site, urls};

/// The request that asks for the models; `None` where the service lists none.
///
/// # Errors
/// Those of [`Site::get`].
pub fn request(site: &Site<'_>) -> Result<Option<HttpRequest>, Failure> {
    get(site, |adapter| adapter.models.as_ref())
}

/// The request that asks at no cost whether the service is up; `None` where it has no such thing.
///
/// # Errors
/// Those of [`Site::get`].
pub fn health(site: &Site<'_>) -> Result<Option<HttpRequest>, Failure> {
    get(site, |adapter| adapter.health.as_ref())
}

/// A request of the base URL itself, where the service has no path that costs nothing. It carries no key.
///
/// # Errors
/// Those of [`Site::get`].
pub fn base(site: &Site<'_>) -> Result<HttpRequest, Failure> {
    site.get(urls::parse(site.endpoint, site.credential)?, Auth::Signed)
}

fn get(
    site: &Site<'_>,
    place: impl FnOnce(&Adapter) -> Option<&Template>,
) -> Result<Option<HttpRequest>, Failure> {
    let adapter = site.endpoint.adapter.as_deref().ok_or_else(|| undeclared(site.endpoint))?;
    let Some(place) = place(adapter) else { return Ok(None) };
    let blanks = Blanks::default();
    let url = url(place, site, blanks)?;
    send(site, adapter, http::Method::GET, url, None, blanks).map(Some)
}

/// The models of an answered list, as a list that is read like any other: ids, or objects with `id` and what
/// else is told of a model. Without a `models` expression it is the answer as it came.
///
/// # Errors
/// `config` where the expression fails or gives nothing.
pub fn list(site: &Site<'_>, body: Value) -> Result<Value, Failure> {
    let Some(expression) = site.endpoint.adapter.as_ref().and_then(|adapter| adapter.list.as_ref()) else {
        return Ok(body);
    };
    let (name, secret) = (site.endpoint.name.as_str(), site.credential.secret.as_ref());
    let shown = body.to_string();
    let Some(input) = Input::value(&body) else { return Ok(body) };
    let values = expression.run(&input).map_err(|fault| failed(name, secret, expression, &fault, &shown))?;
    let models: Vec<Value> = values
        .into_iter()
        .flat_map(|value| match value {
            Value::Array(models) => models,
            one => vec![one],
        })
        .filter(|value| !value.is_null())
        .collect();
    if models.is_empty() {
        return Err(wrong(name, secret, expression, crate::t!("net-adapter-nothing").into_string(), &shown));
    }
    Ok(Value::Array(models))
}
