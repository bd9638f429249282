//! What passed between an endpoint and us, as a file that can go into a bug report (`docs/adapters.md` has its
//! shape). No secret is in it: headers that hold one are masked, and whatever repeats one is too.

use std::borrow::Cow;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::config::private;
use crate::http::record::Exchange;
use crate::keys::{Secret, redact};

/// The shape of the file; another number is another shape.
const SHAPE: u32 = 1;

const MASK: &str = "***";

/// Headers of an answer that are somebody's.
const MASKED: &[&str] = &["set-cookie", "cookie", "authorization", "proxy-authorization", "x-api-key"];

/// The file.
#[derive(Debug, Serialize, Deserialize)]
pub struct Recording {
    /// The shape of the file.
    loquat_exchange: u32,
    /// The release that wrote it.
    version: String,
    /// The endpoint's name.
    pub endpoint: String,
    /// Its wire format.
    pub api: String,
    /// The model that was asked, where one was.
    pub model: Option<String>,
    /// What passed, in order.
    pub exchanges: Vec<Recorded>,
}

/// One request and what came of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Recorded {
    /// What it was for: `health`, `models`, `whole` or `streamed`.
    pub step: String,
    /// What was sent.
    pub request: RecordedRequest,
    /// What came; null where nothing did.
    pub response: Option<RecordedResponse>,
    /// What broke, in our words.
    pub error: Option<String>,
}

/// A request without its secrets.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordedRequest {
    /// The method.
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// Headers; those that hold a secret are masked.
    pub headers: Map<String, Value>,
    /// The body as text.
    pub body: Option<String>,
}

/// An answer without secrets.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordedResponse {
    /// The status.
    pub status: u16,
    /// Headers; those that may hold a secret are masked.
    pub headers: Map<String, Value>,
    /// The body, where it is text.
    pub body: Option<String>,
    /// The body in standard base64, where it is not.
    pub body_base64: Option<String>,
}

impl Recording {
    /// A file about an endpoint, with nothing in it yet.
    pub fn new(endpoint: &str, api: &str) -> Self {
        Self {
            loquat_exchange: SHAPE,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            endpoint: endpoint.to_owned(),
            api: api.to_owned(),
            model: None,
            exchanges: Vec::new(),
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// What the file system says, or that it is no such file.
    pub fn read(path: &Path) -> Result<Self, String> {
        let bytes = fs::read(path).map_err(|error| error.to_string())?;
        let recording: Self = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
        if recording.loquat_exchange == SHAPE {
            Ok(recording)
        } else {
            Err(crate::t!("net-record-shape", shape = recording.loquat_exchange).into_string())
        }
    }

    /// Writes the file, for its owner alone.
    ///
    /// # Errors
    /// What the file system says; that there is such a file already.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut file = private::create(path)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.write_all(b"\n")
    }
}

impl Recorded {
    /// An exchange without its secrets.
    pub fn of(step: &str, exchange: &Exchange, secret: Option<&Secret>) -> Self {
        let secrets = secrets(&exchange.request.headers, secret);
        let clean = |text: &str| redact(text, &secrets);
        let mut url = exchange.request.url.clone();
        // Either fails only where a URL can have no credentials at all.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        let request = RecordedRequest {
            method: exchange.request.method.to_string(),
            url: clean(url.as_str()),
            headers: headers(&exchange.request.headers, &clean),
            body: exchange.request.body.as_ref().map(|body| clean(&String::from_utf8_lossy(body))),
        };
        let response = exchange.head.as_ref().map(|(status, head)| {
            let text = String::from_utf8_lossy(&exchange.body);
            let cleaned = clean(&text);
            // What is not text cannot be replayed without its secrets, so it is kept to be read only.
            let is_text = matches!(text, Cow::Borrowed(_)) || cleaned != text;
            RecordedResponse {
                status: *status,
                headers: headers(head, &clean),
                body_base64: (!is_text).then(|| STANDARD.encode(&exchange.body)),
                body: is_text.then_some(cleaned),
            }
        });
        let error = exchange.failure.as_ref().map(|failure| clean(&failure.message));
        Self { step: step.to_owned(), request, response, error }
    }
}

impl RecordedResponse {
    /// The body's bytes.
    pub fn bytes(&self) -> Vec<u8> {
        match (&self.body, &self.body_base64) {
            (Some(text), _) => text.clone().into_bytes(),
            (None, Some(coded)) => STANDARD.decode(coded).unwrap_or_default(),
            (None, None) => Vec::new(),
        }
    }

    /// The headers, as far as they are any.
    pub fn header_map(&self) -> HeaderMap {
        self.headers
            .iter()
            .filter_map(|(name, value)| {
                let name = http::HeaderName::try_from(name.as_str()).ok()?;
                Some((name, http::HeaderValue::from_str(value.as_str()?).ok()?))
            })
            .collect()
    }

    /// A header's value; empty without it.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

/// Whatever of a request is secret: the key as it is and as a URL has it, and every value that is marked.
fn secrets(headers: &HeaderMap, secret: Option<&Secret>) -> Vec<Secret> {
    let key = secret.map(|secret| secret.expose().to_owned());
    let in_url = key.as_deref().map(|key| url::form_urlencoded::byte_serialize(key.as_bytes()).collect());
    let marked = headers.values().filter(|value| value.is_sensitive()).filter_map(|value| {
        let value = value.to_str().ok()?;
        // `Bearer KEY`, `Token KEY`: the word before it is no secret.
        Some(value.rsplit(' ').next().unwrap_or(value).to_owned())
    });
    let long = marked.filter(|value| value.len() >= 8);
    key.into_iter().chain(in_url).chain(long).map(Secret::new).collect()
}

fn headers(headers: &HeaderMap, clean: &impl Fn(&str) -> String) -> Map<String, Value> {
    headers
        .iter()
        .map(|(name, value)| {
            let shown = if value.is_sensitive() || MASKED.contains(&name.as_str()) {
                MASK.to_owned()
            } else {
                clean(&String::from_utf8_lossy(value.as_bytes()))
            };
            (name.as_str().to_owned(), Value::String(shown))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::Method;
    use url::Url;

    use super::*;
    use crate::http::{HttpRequest, Limits, Link};

    fn recorded(body: &[u8]) -> RecordedResponse {
        let second = std::time::Duration::from_secs(1);
        let request = HttpRequest {
            method: Method::POST,
            url: Url::parse("https://x.test").unwrap(),
            headers: HeaderMap::new(),
            body: Some(Bytes::new()),
            link: Link::default(),
            limits: Limits { connect: second, first_byte: second, idle: second },
        };
        let head = Some((200, HeaderMap::new()));
        let exchange = Exchange { request, head, body: body.to_vec(), failure: None };
        Recorded::of("whole", &exchange, Some(&Secret::new("hk-5d1e90".into()))).response.unwrap()
    }

    #[test]
    fn bytes_are_kept_exactly_unless_a_key_is_among_them() {
        let plain = recorded(b"\x00\xff no key");
        assert_eq!((plain.body.as_deref(), plain.bytes()), (None, b"\x00\xff no key".to_vec()));
        let told = recorded(b"\x00\xff bad key hk-5d1e90");
        assert_eq!((told.body.as_deref(), told.body_base64), (Some("\u{0}\u{fffd} bad key ***"), None));
    }
}
