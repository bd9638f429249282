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
/// is refused, `provider` where nobody is behind a gateway or a declared check fails.
pub async fn health(
    transport: &dyn Transport,
    config: &Config,
    endpoint: &Endpoint,
    credential: &Credential,
) -> Result<(), Failure> {
    let site = Site { config, endpoint, credential, now: Timestamp::now() };
    let asker = Asker { transport, site, limit: LIMIT };
    let answer = async {
        let question = question(&asker)?;
        // What a success says is nobody's concern: its body, which may be a long list, is not waited for.
        match asker.accepted(asker.limited(question.request)).await {
            Ok(_) => Ok(()),
            Err(failure) if question.asks.is_answered_by(&failure) => Ok(()),
            Err(failure) if question.asks == Asks::Declared && failure.status.is_some() => {
                let step = crate::t!("net-step-health", endpoint = endpoint.name.as_str());
                Err(failure.with_next_step(step.into_string()))
            }
            Err(failure) => Err(failure),
        }
    };
    tokio::time::timeout(LIMIT, answer).await.unwrap_or_else(|_| Err(asker.too_late()))
}

/// The cheapest question that an endpoint can be asked.
struct Question {
    request: HttpRequest,
    asks: Asks,
}

/// What a question asks, and so what a refusal of it tells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    /// Whether all is well, as an adapter declares it: whoever says no, says no.
    Declared,
    /// Whether anybody is there who takes the key.
    Keyed,
    /// Whether anybody is there. It carries no key that could be refused.
    Bare,
}

impl Asks {
    fn is_answered_by(self, refusal: &Failure) -> bool {
        let is_there = refusal.status.is_some_and(|status| !NOBODY.contains(&status));
        match self {
            Self::Declared => false,
            Self::Keyed => is_there && refusal.kind != ErrorKind::Auth,
            Self::Bare => is_there,
        }
    }
}

fn question(asker: &Asker<'_>) -> Result<Question, Failure> {
    let Site { endpoint, credential, .. } = asker.site;
    let keyed = |request| Question { request, asks: Asks::Keyed };
    match endpoint.api {
        WireFormat::Adapter => {
            if let Some(request) = adapter::models::health(&asker.site)? {
                return Ok(Question { request, asks: Asks::Declared });
            }
            match adapter::models::request(&asker.site)? {
                Some(request) => Ok(keyed(request)),
                None => Ok(Question { request: adapter::models::base(&asker.site)?, asks: Asks::Bare }),
            }
        }
        WireFormat::Azure => azure::health(&asker.site).map(keyed),
        WireFormat::Bedrock => bedrock::list(&asker.site, bedrock::MODELS).map(keyed),
        WireFormat::Ollama => asker.get(urls::at_origin(endpoint, credential, "/api/tags")?).map(keyed),
        WireFormat::OpenaiChat | WireFormat::OpenaiResponses | WireFormat::Anthropic | WireFormat::Gemini => {
            asker.get(urls::models(endpoint, credential)?).map(keyed)
        }
    }
}
