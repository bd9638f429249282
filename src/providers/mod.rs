//! Wire formats: pure codecs between our words and a provider's bytes.
//!
//! A codec never sees a socket. [`request`] makes the HTTP request as data; a [`Decoder`] takes the answer's
//! bytes in any pieces and says what they mean; the same bytes give the same events however they are cut.
//! JSON types of a provider stay in its file.

use http::HeaderMap;

use crate::chat::{ChatRequest, End, Failure, StreamEvent};
use crate::config::{Config, Endpoint};
use crate::http::HttpRequest;
use crate::keys::Credential;

/// The request that asks `chat` of an endpoint.
///
/// # Errors
/// `config` where the endpoint's wire format is not in this build, its URL is not one, or a key would go over
/// plain http to a host other than loopback.
pub fn request(
    chat: &ChatRequest,
    config: &Config,
    endpoint: &Endpoint,
    credential: &Credential,
) -> Result<HttpRequest, Failure> {
    let _ = (chat, config, endpoint, credential);
    todo!()
}

/// Reads an answer, whatever its wire format, framing and status.
pub struct Decoder {}

impl Decoder {
    /// For an answer with this head.
    pub fn new(endpoint: &Endpoint, credential: &Credential, status: u16, headers: &HeaderMap) -> Self {
        let _ = (endpoint, credential, status, headers);
        todo!()
    }

    /// Takes the next bytes and adds what they say to `events`. Returns `true` once the answer has ended and
    /// nothing more needs to be read.
    pub fn push(&mut self, bytes: &[u8], events: &mut Vec<StreamEvent>) -> bool {
        let _ = (bytes, events);
        todo!()
    }

    /// How the answer ended, once no more bytes come. `broken` is what the network said, where it broke.
    /// What was held back goes to `events`.
    pub fn finish(self, broken: Option<Failure>, events: &mut Vec<StreamEvent>) -> End {
        let _ = (broken, events);
        todo!()
    }
}

/// The maker of the wire (contracts section 3).
pub fn provider_name(endpoint: &Endpoint, model: &crate::chat::ModelId) -> String {
    let _ = (endpoint, model);
    todo!()
}
