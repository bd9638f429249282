//! What every request to an endpoint carries, whatever it asks: key, headers, link, limits; and the check that
//! a key or a prompt may go there at all.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use crate::chat::{ErrorKind, Failure, KeyLabel};
use crate::config::{Config, Endpoint, Location, Template, Timeouts, UnsetVariable};
use crate::http::{HttpRequest, Limits, Link, may_send_in_the_clear};
use crate::keys::Credential;

/// An endpoint and the key it is asked with: all that a request needs besides what it asks.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    /// What templates are expanded with.
    pub config: &'a Config,
    /// The endpoint.
    pub endpoint: &'a Endpoint,
    /// The key, and the base URL in effect.
    pub credential: &'a Credential,
    /// The time, for signatures; codecs have no clock.
    pub now: Timestamp,
}

/// Where a request carries the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// `Authorization: Bearer KEY`.
    Bearer,
    /// A header of its own, by its name in lower case.
    Header(&'static str),
    /// `api-key: KEY`, or `Authorization: Bearer` where the key is a token of Entra's.
    Azure,
    /// Nowhere: the request is signed, or given its key, after it is made.
    Signed,
}

impl Site<'_> {
    /// A GET of this URL.
    ///
    /// # Errors
    /// `config` where a variable is not set, a header cannot be one, or the URL is not safe enough; `auth` where
    /// the key cannot be sent.
    pub fn get(&self, url: Url, auth: Auth) -> Result<HttpRequest, Failure> {
        self.request(Method::GET, url, auth, None)
    }

    /// A POST of this JSON.
    ///
    /// # Errors
    /// Those of [`get`](Self::get).
    pub fn post(&self, url: Url, auth: Auth, body: &Value) -> Result<HttpRequest, Failure> {
        self.request(Method::POST, url, auth, Some(Bytes::from(body.to_string())))
    }

    /// A request of any method.
    ///
    /// # Errors
    /// Those of [`get`](Self::get).
    pub fn request(
        &self,
        method: Method,
        url: Url,
        auth: Auth,
        body: Option<Bytes>,
    ) -> Result<HttpRequest, Failure> {
        let Self { config, endpoint, .. } = self;
        if !endpoint.allow_insecure && !may_send_in_the_clear(&url) {
            return Err(Failure::new(
                ErrorKind::Config,
                crate::t!(
                    "net-insecure",
                    endpoint = endpoint.name.as_str(),
                    host = url.host_str().unwrap_or_default(),
                    at = endpoint.base_url.at.to_string()
                )
                .into_string(),
            )
            .with_next_step(crate::t!("net-step-insecure").into_string()));
        }
        let proxy = match &endpoint.proxy {
            Some(template) => Some(expand(template, config, endpoint)?).filter(|proxy| !proxy.is_empty()),
            None => None,
        };
        Ok(HttpRequest {
            method,
            url,
            headers: self.headers(auth)?,
            body,
            link: Link { proxy, ca_file: endpoint.ca_file.clone() },
            limits: limits(endpoint.timeouts),
        })
    }

    /// A template's text, with its variables.
    ///
    /// # Errors
    /// `config` where a variable is not set.
    pub fn expand(&self, template: &Template) -> Result<String, Failure> {
        expand(template, self.config, self.endpoint)
    }

    /// A header's name and value. The value is marked as a secret.
    ///
    /// # Errors
    /// `config` where HTTP does not allow one of them; `at` is where it is written.
    pub fn header(
        &self,
        name: &str,
        value: &str,
        at: &Location,
    ) -> Result<(HeaderName, HeaderValue), Failure> {
        let pair = HeaderName::try_from(name).ok().zip(sensitive(value));
        pair.ok_or_else(|| bad_header(self.endpoint, name, at))
    }

    fn headers(&self, auth: Auth) -> Result<HeaderMap, Failure> {
        let Self { config, endpoint, credential, .. } = self;
        let mut headers = HeaderMap::new();
        headers.insert(USER_AGENT, HeaderValue::from_static(concat!("loquat/", env!("CARGO_PKG_VERSION"))));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        // Compression holds small events back until a block is full.
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if let Some(secret) = credential.secret.as_ref().filter(|secret| !secret.expose().is_empty()) {
            let carried = match auth {
                Auth::Azure if !secret.expose().starts_with(TOKEN) => {
                    Some((HeaderName::from_static("api-key"), sensitive(secret.expose())))
                }
                Auth::Bearer | Auth::Azure => {
                    Some((AUTHORIZATION, sensitive(&format!("Bearer {}", secret.expose()))))
                }
                Auth::Header(name) => Some((HeaderName::from_static(name), sensitive(secret.expose()))),
                Auth::Signed => None,
            };
            if let Some((name, value)) = carried {
                headers.insert(name, value.ok_or_else(|| bad_key(endpoint, &credential.label))?);
            }
        }
        // To a host that the person named, headers that somebody else configured could carry somebody's token.
        if credential.own_base_url {
            return Ok(headers);
        }
        for (name, template) in &endpoint.headers {
            let value = without_placeholders(&expand(template, config, endpoint)?);
            if value.is_empty() {
                continue;
            }
            let (key, value) = self.header(name, &value, &template.at)?;
            headers.insert(key, value);
        }
        Ok(headers)
    }
}

/// How a token begins: the base64 of `{"`.
const TOKEN: &str = "eyJ";

/// The limits of one request.
pub fn limits(timeouts: Timeouts) -> Limits {
    Limits {
        connect: timeouts.connect,
        first_byte: timeouts.first_token,
        idle: timeouts.idle.max(Duration::from_millis(1)),
    }
}

/// A header's value that no log shows; `None` where no header can hold it.
pub(super) fn sensitive(value: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(value).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// LibreChat fills these from its users and conversations, which do not exist here: known names are empty,
/// unknown ones stay as typed.
fn without_placeholders(value: &str) -> String {
    const KNOWN: &[&str] = &["LIBRECHAT_USER_", "LIBRECHAT_BODY_", "LIBRECHAT_OPENID_"];
    let mut kept = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(start) = rest.find("{{") {
        let Some(end) = rest[start..].find("}}").map(|end| start + end + 2) else { break };
        let name = rest[start + 2..end - 2].trim();
        kept.push_str(&rest[..start]);
        if !KNOWN.iter().any(|prefix| name.starts_with(prefix)) {
            kept.push_str(&rest[start..end]);
        }
        rest = &rest[end..];
    }
    kept.push_str(rest);
    kept.trim().to_owned()
}

/// A template with its variables put in.
///
/// # Errors
/// `config`, with its name and place, for one that is not set.
pub(super) fn expand(template: &Template, config: &Config, endpoint: &Endpoint) -> Result<String, Failure> {
    template.expand(&config.env).map_err(|UnsetVariable { name, at }| {
        Failure::new(
            ErrorKind::Config,
            crate::t!(
                "net-unset-variable",
                endpoint = endpoint.name.as_str(),
                name = name.as_str(),
                at = at.to_string()
            )
            .into_string(),
        )
        .with_next_step(crate::t!("net-step-unset-variable", name = name.as_str()).into_string())
    })
}

fn bad_header(endpoint: &Endpoint, name: &str, at: &Location) -> Failure {
    Failure::new(
        ErrorKind::Config,
        crate::t!("net-bad-header", endpoint = endpoint.name.as_str(), name = name, at = at.to_string())
            .into_string(),
    )
}

fn bad_key(endpoint: &Endpoint, label: &KeyLabel) -> Failure {
    Failure::new(ErrorKind::Auth, crate::t!("net-bad-key", endpoint = endpoint.name.as_str()).into_string())
        .with_next_step(
            crate::t!("net-step-auth", endpoint = endpoint.name.as_str(), label = label.as_str())
                .into_string(),
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::testing;

    fn asked(config: &Config, endpoint: &Endpoint, credential: &Credential) -> Result<HttpRequest, Failure> {
        let url = Url::parse(&credential.base_url).unwrap();
        Site { config, ..testing::site(endpoint, credential) }.get(url, Auth::Bearer)
    }

    fn config(vars: &[(&str, &str)]) -> Config {
        let vars = vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config { env: crate::config::Env::of(vars), ..Config::default() }
    }

    #[test]
    fn the_key_is_a_bearer_token_unless_the_configuration_says_otherwise() {
        let base = "https://x.test/v1";
        let mut endpoint = testing::endpoint("X", base);
        let credential = testing::credential(base, "sk-1");
        let made = asked(&config(&[]), &endpoint, &credential).unwrap();
        assert_eq!(made.headers[AUTHORIZATION], "Bearer sk-1");
        assert!(made.headers[AUTHORIZATION].is_sensitive());
        endpoint.headers = vec![
            ("authorization".into(), testing::template("Token ${T}")),
            ("x-user".into(), testing::template("{{LIBRECHAT_USER_EMAIL}}")),
            ("x-other".into(), testing::template("a{{OTHER}}b{{LIBRECHAT_BODY_MESSAGEID}}")),
        ];
        let made = asked(&config(&[("T", "t-2")]), &endpoint, &credential).unwrap();
        assert_eq!(made.headers[AUTHORIZATION], "Token t-2");
        assert_eq!(made.headers.get("x-user"), None);
        assert_eq!(made.headers["x-other"], "a{{OTHER}}b");
        assert!(made.headers["x-other"].is_sensitive());
    }

    #[test]
    fn configured_headers_do_not_go_to_a_host_the_person_named() {
        let base = "https://mine.test/v1";
        let mut endpoint = testing::endpoint("X", "user_provided");
        endpoint.headers = vec![("x-team".into(), testing::template("${UNSET}"))];
        let mut credential = testing::credential(base, "sk-1");
        credential.own_base_url = true;
        let made = asked(&config(&[]), &endpoint, &credential).unwrap();
        assert_eq!(made.headers.get("x-team"), None);
    }

    #[test]
    fn an_unset_variable_is_told_with_its_name_and_place() {
        let base = "https://x.test/v1";
        let mut endpoint = testing::endpoint("X", base);
        endpoint.headers = vec![("x-team".into(), testing::template("${TEAM}"))];
        let failure = asked(&config(&[]), &endpoint, &testing::credential(base, "sk-1")).unwrap_err();
        assert_eq!(failure.kind, ErrorKind::Config);
        assert!(failure.message.contains("TEAM") && failure.message.contains("test.yaml:1:1"), "{failure}");
    }

    #[test]
    fn plain_http_is_for_loopback_unless_it_is_allowed() {
        let ask = |base: &str, allow: bool| {
            let mut endpoint = testing::endpoint("X", base);
            endpoint.allow_insecure = allow;
            asked(&config(&[]), &endpoint, &testing::credential(base, "sk-1")).map_err(|failure| failure.kind)
        };
        assert!(ask("http://localhost:1/v1", false).is_ok());
        assert!(ask("http://host.docker.internal:4000", false).is_ok());
        assert_eq!(ask("http://10.0.0.7/v1", false).unwrap_err(), ErrorKind::Config);
        assert!(ask("http://10.0.0.7/v1", true).is_ok());
        assert!(ask("https://10.0.0.7/v1", false).is_ok());
    }

    #[test]
    fn a_key_that_no_header_can_hold_is_refused_without_being_shown() {
        let base = "https://x.test/v1";
        let failure =
            asked(&config(&[]), &testing::endpoint("X", base), &testing::credential(base, "sk-\nsecret"))
                .unwrap_err();
        assert_eq!(failure.kind, ErrorKind::Auth);
        assert!(!failure.message.contains("secret"));
    }
}
