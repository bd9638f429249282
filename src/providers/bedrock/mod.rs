//! AWS Bedrock: Converse and ConverseStream.
//!
//! | file | subject |
//! |---|---|
//! | [`request`] | the body of a request, and where it goes |
//! | `prompt` | a branch as Converse has it: messages, media, tools |
//! | `maker` | what the makers of the models want differently |
//! | `place` | hosts and regions |
//! | `sign` | the key: a bearer token, or a signature |
//! | [`Answer`] | what the answer says, streamed or whole |

mod answer;
pub(super) mod maker;
mod place;
mod prompt;
pub mod request;
mod sign;

#[cfg(test)]
mod tests;

use crate::chat::Failure;
use crate::http::HttpRequest;
use crate::providers::Site;

pub use answer::Answer;

/// Where the list of models is.
pub const MODELS: &str = "/foundation-models";

/// Where the list of inference profiles is.
pub const PROFILES: &str = "/inference-profiles";

/// A GET of one of Bedrock's lists, with the key on it. `path` is encoded already and may have a query.
///
/// # Errors
/// Those of [`Site::get`], and `auth` where the key is no key of this provider.
pub fn list(site: &Site<'_>, path: &str) -> Result<HttpRequest, Failure> {
    let url = place::below(place::control(site)?, path);
    sign::with_key(site, None, |auth| site.get(url, auth))
}
