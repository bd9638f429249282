//! A request in our words, and the service's request that an adapter makes of it.
//!
//! The `request` expression gets what every provider is asked, under names that are the same for all of them
//! (`docs/adapters.md` lists them), and gives the body. LibreChat's order holds: the endpoint's defaults are
//! in what the expression gets, `addParams` and `dropParams` change what it gave.

use bytes::Bytes;
use serde_json::{Map, Value, json};
use url::Url;

use super::{failed, wrong};
use crate::chat::request::Delivery;
use crate::chat::{ChatRequest, ErrorKind, Failure, Part, Role};
use crate::config::adapter::{Adapter, Method, fill, names_key};
use crate::config::expression::Input;
use crate::config::{Endpoint, Template};
use crate::http::HttpRequest;
use crate::providers::site::{Auth, Site};
use crate::providers::{params, prompt, urls};

/// The request that asks `chat`.
///
/// # Errors
/// Those of [`Site::request`], and `config` where the `request` expression fails or does not give one value.
pub fn chat(chat: &ChatRequest, site: &Site<'_>) -> Result<HttpRequest, Failure> {
    let endpoint = site.endpoint;
    let Some(adapter) = endpoint.adapter.as_deref() else { return Err(undeclared(endpoint)) };
    let blanks = Blanks { model: chat.model.as_str(), user: user(chat, endpoint).unwrap_or_default() };
    let mut url = url(&adapter.chat, site, blanks)?;
    let body = body(chat, site, adapter)?;
    let (method, body) = match adapter.method {
        Method::Get => {
            let mut query = url.query_pairs_mut();
            for (name, value) in body.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null())
            {
                query.append_pair(
                    name,
                    value.as_str().map_or_else(|| value.to_string(), str::to_owned).as_str(),
                );
            }
            drop(query);
            (http::Method::GET, None)
        }
        Method::Post => (http::Method::POST, Some(bytes(body))),
        Method::Put => (http::Method::PUT, Some(bytes(body))),
        Method::Patch => (http::Method::PATCH, Some(bytes(body))),
    };
    send(site, adapter, method, url, body, blanks)
}

/// What placeholders are filled with, besides the key.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Blanks<'a> {
    pub model: &'a str,
    pub user: &'a str,
}

/// A request with the adapter's headers.
pub(super) fn send(
    site: &Site<'_>,
    adapter: &Adapter,
    method: http::Method,
    url: Url,
    body: Option<Bytes>,
    blanks: Blanks<'_>,
) -> Result<HttpRequest, Failure> {
    let auth = if adapter.places_key() { Auth::Signed } else { Auth::Bearer };
    let mut request = site.request(method, url, auth, body)?;
    let secret = secret(site);
    for (name, template) in &adapter.headers {
        // To a host that the person named goes the key, and nothing that somebody else configured.
        if site.credential.own_base_url && template.variables().next().is_some() {
            continue;
        }
        if secret.is_none() && names_key(&template.raw) {
            continue;
        }
        let value = fill(&site.expand(template)?, |blank| match blank {
            "key" => secret.unwrap_or_default().to_owned(),
            "model" => blanks.model.to_owned(),
            _ => blanks.user.to_owned(),
        });
        let (name, value) = site.header(name, value.trim(), &template.at)?;
        // What the endpoint itself configures is the last word, but for the defaults of every request.
        if !endpoint_sets(site.endpoint, name.as_str()) {
            request.headers.insert(name, value);
        }
    }
    Ok(request)
}

fn endpoint_sets(endpoint: &Endpoint, name: &str) -> bool {
    endpoint.headers.iter().any(|(own, _)| own.eq_ignore_ascii_case(name))
}

fn secret<'a>(site: &Site<'a>) -> Option<&'a str> {
    site.credential.secret.as_ref().map(|secret| secret.expose()).filter(|secret| !secret.is_empty())
}

/// A place below the base URL.
pub(super) fn url(place: &Template, site: &Site<'_>, blanks: Blanks<'_>) -> Result<Url, Failure> {
    let secret = secret(site).unwrap_or_default();
    let path = fill(&site.expand(place)?, |blank| {
        encoded(match blank {
            "key" => secret,
            "model" => blanks.model,
            _ => blanks.user,
        })
    });
    urls::below_base(site.endpoint, site.credential, &path)
}

/// A text as one part of a path or a query.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// JSON; a text as it is, for services that want something else.
fn bytes(body: Value) -> Bytes {
    match body {
        Value::String(text) => Bytes::from(text),
        other => Bytes::from(other.to_string()),
    }
}

fn body(chat: &ChatRequest, site: &Site<'_>, adapter: &Adapter) -> Result<Value, Failure> {
    let endpoint = site.endpoint;
    let (name, secret) = (endpoint.name.as_str(), site.credential.secret.as_ref());
    let asked = neutral(chat, site, adapter);
    let shown = asked.to_string();
    let input = Input::value(&asked).ok_or_else(|| undeclared(endpoint))?;
    let values = adapter
        .request
        .run(&input)
        .map_err(|fault| failed(name, secret, &adapter.request, &fault, &shown))?;
    let Ok([mut body]) = <[Value; 1]>::try_from(values) else {
        let reason = crate::t!("net-adapter-one-body").into_string();
        return Err(wrong(name, secret, &adapter.request, reason, &shown));
    };
    if let Value::Object(body) = &mut body {
        params::amend(endpoint, &[], body);
    }
    Ok(body)
}

/// What is asked, under names of our own.
fn neutral(chat: &ChatRequest, site: &Site<'_>, adapter: &Adapter) -> Value {
    let mut params = params::asked(chat, site.endpoint);
    let effort = params::effort(chat, &mut params);
    let mut take = |name: &str| params.shift_remove(name).unwrap_or(Value::Null);
    let (temperature, max_tokens) = (take("temperature"), take("max_tokens"));
    let system = chat.settings.system.as_deref().filter(|system| !system.trim().is_empty());
    let messages: Vec<Value> = prompt::turns(chat, site).iter().map(message).collect();
    let tools: Vec<Value> = chat
        .tools
        .iter()
        .map(|tool| json!({"name": tool.name, "description": tool.description, "schema": tool.schema}))
        .collect();
    // A service that knows one way only is asked in it.
    let stream = match chat.delivery {
        Delivery::Streamed => !adapter.stream.is_empty(),
        Delivery::Whole => adapter.response.is_empty(),
    };
    json!({
        "model": chat.model.as_str(),
        "messages": messages,
        "system": system,
        "temperature": temperature,
        "max_tokens": max_tokens,
        "effort": effort,
        "params": Value::Object(params),
        "tools": tools,
        "stream": stream,
        "user": user(chat, site.endpoint),
    })
}

/// Who asks, where the endpoint is configured to tell.
fn user<'a>(chat: &'a ChatRequest, endpoint: &Endpoint) -> Option<&'a str> {
    params::user(chat, endpoint).and(chat.user.as_deref())
}

/// A turn: its text in one piece, which is all that most services take, and every part of it.
fn message(turn: &prompt::Turn<'_>) -> Value {
    let role = match turn.role {
        Role::User => "user",
        Role::Assistant => "assistant",
    };
    let content: String = turn.parts.iter().filter_map(|part| part.text().or(part.refusal())).collect();
    let parts: Vec<Value> = turn
        .parts
        .iter()
        .filter(|part| !matches!(part, Part::State(_)))
        .filter_map(|part| serde_json::to_value(part).ok())
        .collect();
    let mut message = Map::new();
    message.insert("role".into(), role.into());
    message.insert("content".into(), content.into());
    message.insert("parts".into(), parts.into());
    Value::Object(message)
}

/// An endpoint of this wire format without an adapter; a configuration that was loaded has none.
pub(super) fn undeclared(endpoint: &Endpoint) -> Failure {
    Failure::new(
        ErrorKind::Config,
        crate::t!("net-adapter-undeclared", endpoint = endpoint.name.as_str()).into_string(),
    )
}
