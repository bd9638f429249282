//! Whether an endpoint works, asked without asking a model.
//!
//! Where models are listed, the list is the answer. Elsewhere the cheapest question there is does: what an adapter
//! declares, what Azure and Bedrock tell of a resource, the list that an endpoint was told not to fetch. What it is
//! answered matters little: a server that knows no such path is there, and did not refuse the key.

use std::time::Duration;

use jiff::Timestamp;

use super::fetch::{Asker, LIMIT};
use crate::chat::{ErrorKind, Failure};
use crate::config::{Config, Endpoint, WireFormat};
use crate::http::{HttpRequest, Transport};
use crate::keys::Credential;
use crate::providers::{Site, adapter, azure, bedrock, urls};

/// What a server on this machine may take to show that it is there.
const PROBE_LIMIT: Duration = Duration::from_millis(800);

/// What a gateway says when nobody is behind it.
const NOBODY: &[u16] = &[502, 503, 504];

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
    let site = Site { config, endpoint, credential, now: Timestamp::now() };
    let asker = Asker { transport, site, limit: PROBE_LIMIT };
    let request = asker.get(urls::models(endpoint, credential)?)?;
    transport.send(request).await.map(drop)
}

/// Whether a server answers at an endpoint's URL and takes the key.
///
/// # Errors
/// Why it does not: as `request` for what cannot be asked, `network` or `timeout` for the way, `auth` where the key
/// is refused, `provider` where nobody is behind a gateway.
pub async fn health(
    transport: &dyn Transport,
    config: &Config,
    endpoint: &Endpoint,
    credential: &Credential,
) -> Result<(), Failure> {
    let site = Site { config, endpoint, credential, now: Timestamp::now() };
    let asker = Asker { transport, site, limit: LIMIT };
    let answer = async {
        let Err(failure) = asker.ask(asker.limited(question(&asker)?)).await else { return Ok(()) };
        let is_there = failure.status.is_some_and(|status| !NOBODY.contains(&status));
        if is_there && failure.kind != ErrorKind::Auth { Ok(()) } else { Err(failure) }
    };
    tokio::time::timeout(LIMIT, answer).await.unwrap_or_else(|_| Err(asker.too_late()))
}

/// The cheapest question that an endpoint can be asked.
fn question(asker: &Asker<'_>) -> Result<HttpRequest, Failure> {
    let Site { endpoint, credential, .. } = asker.site;
    match endpoint.api {
        WireFormat::Adapter => match adapter::models::health(&asker.site)? {
            Some(request) => Ok(request),
            None => match adapter::models::request(&asker.site)? {
                Some(request) => Ok(request),
                None => adapter::models::base(&asker.site),
            },
        },
        WireFormat::Azure => azure::health(&asker.site),
        WireFormat::Bedrock => bedrock::list(&asker.site, bedrock::MODELS),
        WireFormat::Ollama => asker.get(urls::at_origin(endpoint, credential, "/api/tags")?),
        WireFormat::OpenaiChat | WireFormat::OpenaiResponses | WireFormat::Anthropic | WireFormat::Gemini => {
            asker.get(urls::models(endpoint, credential)?)
        }
    }
}
