//! Asking a provider for its models, and whether a server answers at all.

use std::time::Duration;

use futures::StreamExt;
use jiff::Timestamp;
use url::Url;

use super::{ModelInfo, list};
use crate::chat::{ErrorKind, Failure};
use crate::config::{Config, Endpoint, WireFormat};
use crate::http::{HttpRequest, Limits, Transport};
use crate::keys::Credential;
use crate::providers::errors::Head;
use crate::providers::site::Auth;
use crate::providers::{Site, not_in_this_build, urls};

/// What a list may take, all in all.
pub const LIMIT: Duration = Duration::from_secs(5);

/// What a server on this machine may take to show that it is there.
const PROBE_LIMIT: Duration = Duration::from_millis(800);

/// The most bytes of a list; the longest known is under one MiB.
const LIST_LIMIT: usize = 16 << 20;

/// The models that an endpoint lists for this key.
///
/// # Errors
/// Why there is no list: as `request` for what cannot be asked, `network` or `timeout` for the way,
/// `auth`, `rate_limit` or `provider` for what was answered.
pub async fn models(
    transport: &dyn Transport,
    config: &Config,
    endpoint: &Endpoint,
    credential: &Credential,
) -> Result<Vec<ModelInfo>, Failure> {
    if !endpoint.api.is_built() && endpoint.api != WireFormat::Ollama {
        return Err(not_in_this_build(endpoint));
    }
    let request = request(config, endpoint, credential, LIMIT)?;
    let host = request.url.host_str().unwrap_or_default().to_owned();
    let asked = async {
        if is_ollama(endpoint) {
            let url = urls::at_origin(endpoint, credential, "/api/tags")?;
            let native = HttpRequest { url, ..request.clone() };
            match ask(transport, endpoint, credential, native).await {
                // Something that is called Ollama and is a gateway before it.
                Err(failure) if failure.status.is_some() => {}
                done => return done,
            }
        }
        ask(transport, endpoint, credential, request).await
    };
    tokio::time::timeout(LIMIT, asked).await.unwrap_or_else(|_| {
        let limit = LIMIT.as_secs().to_string();
        Err(Failure::new(
            ErrorKind::Timeout,
            crate::t!("net-list-timeout", host = host.as_str(), limit = limit).into_string(),
        ))
    })
}

/// Whether a server answers at an endpoint's URL, whatever it says.
///
/// # Errors
/// Why it does not.
pub async fn probe(
    transport: &dyn Transport,
    config: &Config,
    endpoint: &Endpoint,
    credential: &Credential,
) -> Result<(), Failure> {
    let request = request(config, endpoint, credential, PROBE_LIMIT)?;
    transport.send(request).await.map(drop)
}

fn request(
    config: &Config,
    endpoint: &Endpoint,
    credential: &Credential,
    limit: Duration,
) -> Result<HttpRequest, Failure> {
    let site = Site { config, endpoint, credential, now: Timestamp::now() };
    let mut request = site.get(urls::models(endpoint, credential)?, Auth::Bearer)?;
    let shorter = |other: Duration| other.min(limit);
    request.limits = Limits {
        connect: shorter(request.limits.connect),
        first_byte: shorter(request.limits.first_byte),
        idle: shorter(request.limits.idle),
    };
    if endpoint.models.user_id_query {
        let user = config
            .user
            .as_deref()
            .or_else(|| ["USER", "USERNAME"].iter().find_map(|name| config.env.get(name)));
        if let Some(user) = user {
            add_query(&mut request.url, user);
        }
    }
    Ok(request)
}

fn add_query(url: &mut Url, user: &str) {
    url.query_pairs_mut().append_pair("user", user);
}

fn is_ollama(endpoint: &Endpoint) -> bool {
    endpoint.api == WireFormat::Ollama || endpoint.name.as_str().to_ascii_lowercase().starts_with("ollama")
}

async fn ask(
    transport: &dyn Transport,
    endpoint: &Endpoint,
    credential: &Credential,
    request: HttpRequest,
) -> Result<Vec<ModelInfo>, Failure> {
    let mut response = transport.send(request).await?;
    let head = Head::new(&endpoint.name, credential, response.status, &response.headers);
    let mut body = Vec::new();
    while let Some(piece) = response.body.next().await {
        body.extend_from_slice(&piece?);
        if body.len() > LIST_LIMIT {
            break;
        }
    }
    if !(200..300).contains(&response.status) {
        let mut failure = head.failure(&body);
        // There is no model in this question that could be unknown: the place is wrong.
        if failure.kind == ErrorKind::UnknownModel {
            failure.kind = ErrorKind::Provider;
            failure.next_step =
                Some(crate::t!("net-step-base-url", endpoint = endpoint.name.as_str()).into_string());
        }
        return Err(failure);
    }
    list::parse(&body).ok_or_else(|| match serde_json::from_slice::<serde_json::Value>(&body) {
        Ok(value) if value.get("error").is_some() => head.failure(&body),
        Ok(_) | Err(_) => head.not_understood(&body),
    })
}
