//! The key of a request: a bearer token, or a signature (Signature Version 4) made with an access key.

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{self, SignableBody, SignableRequest, SigningSettings};
use aws_sigv4::sign::v4;
use http::HeaderName;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use jiff::Timestamp;

use super::place;
use crate::chat::{ErrorKind, Failure};
use crate::http::HttpRequest;
use crate::keys::aws::{AwsKeys, AwsSecret, variable_region};
use crate::providers::Site;
use crate::providers::site::{Auth, sensitive};

/// The name of the service, as signatures have it; it is the same for answers and for lists.
const SERVICE: &str = "bedrock";

/// Where a host does not tell a region, and nobody else does.
const USUAL_REGION: &str = "us-east-1";

/// Makes a request and puts the key on it. `region` is the one that the request itself names. Where the
/// configuration has an `authorization` header of its own, that one is sent.
///
/// # Errors
/// Those of `make`, and `auth` where the key is no key of this provider.
pub fn with_key(
    site: &Site<'_>,
    region: Option<&str>,
    make: impl FnOnce(Auth) -> Result<HttpRequest, Failure>,
) -> Result<HttpRequest, Failure> {
    let secret = site.credential.secret.as_ref().filter(|secret| !secret.expose().is_empty());
    match secret.map(AwsSecret::of) {
        None => make(Auth::Signed),
        Some(Some(AwsSecret::Bearer(_))) => make(Auth::Bearer),
        Some(Some(AwsSecret::Keys(keys))) => {
            let request = make(Auth::Signed)?;
            if request.headers.contains_key(AUTHORIZATION) {
                return Ok(request);
            }
            let region = place::region_of(&request.url)
                .or(region)
                .or(keys.region.as_deref())
                .or_else(|| variable_region(&site.config.env))
                .unwrap_or(USUAL_REGION)
                .to_owned();
            signed(request, &keys, &region, site.now)
        }
        Some(None) => Err(not_a_key(site)),
    }
}

/// The request with its signature.
fn signed(
    mut request: HttpRequest,
    keys: &AwsKeys,
    region: &str,
    now: Timestamp,
) -> Result<HttpRequest, Failure> {
    let failed = |error: &dyn std::error::Error| Failure::new(ErrorKind::Internal, error.to_string());
    let identity = Credentials::new(
        keys.access_key_id.expose(),
        keys.secret_access_key.expose(),
        keys.session_token.as_ref().map(|token| token.expose().to_owned()),
        None,
        env!("CARGO_PKG_NAME"),
    )
    .into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(SERVICE)
        .time(now.into())
        .settings(SigningSettings::default())
        .build()
        .map_err(|error| failed(&error))?
        .into();
    // Only what no proxy changes is signed; the host always is.
    let content_type = request.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let signable = SignableRequest::new(
        request.method.as_str(),
        request.url.as_str(),
        content_type.map(|value| (CONTENT_TYPE.as_str(), value)).into_iter(),
        SignableBody::Bytes(request.body.as_deref().unwrap_or_default()),
    )
    .map_err(|error| failed(&error))?;
    let (instructions, _) =
        http_request::sign(signable, &params).map_err(|error| failed(&error))?.into_parts();
    let (headers, _) = instructions.into_parts();
    for header in headers {
        if let Some(value) = sensitive(header.value()) {
            request.headers.insert(HeaderName::from_static(header.name()), value);
        }
    }
    Ok(request)
}

fn not_a_key(site: &Site<'_>) -> Failure {
    let (endpoint, label) = (site.endpoint.name.as_str(), site.credential.label.as_str());
    Failure::new(ErrorKind::Auth, crate::t!("net-aws-key", endpoint = endpoint).into_string())
        .with_next_step(crate::t!("net-step-auth", endpoint = endpoint, label = label).into_string())
}
