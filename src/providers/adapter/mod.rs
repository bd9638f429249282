//! The `adapter` wire format: a service is asked and understood as its endpoint's YAML says.
//!
//! | file | subject |
//! |---|---|
//! | [`request`] | our words for a request, and the service's request made of them |
//! | [`answer`] | the [`Codec`] that reads answers through selectors |
//! | [`models`] | the list of models, and the question whether the service is up |

pub mod answer;
pub mod models;
pub mod request;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::Streams;
use super::codec::Codec;
use super::errors::redacted;
use crate::chat::{ErrorKind, Failure};
use crate::config::adapter::{Adapter, Framing};
use crate::config::expression::Fault;
use crate::config::{Endpoint, Expression};
use crate::keys::Secret;

/// How many characters of an input are shown.
const SHOWN: usize = 200;

/// What reads an adapter's answers, and how they are streamed.
pub(super) fn codec(endpoint: &Endpoint, adapter: &Arc<Adapter>) -> (Box<dyn Codec>, Streams) {
    let streams = match adapter.framing {
        Framing::Sse => Streams::Events,
        Framing::Ndjson => Streams::Lines,
        Framing::JsonArray => Streams::Items,
        Framing::Whole => Streams::Nothing,
    };
    (Box::new(answer::Answer::new(endpoint, Arc::clone(adapter))), streams)
}

/// What an expression gave is not what it has to be, or it failed: which one, of which endpoint, where, on what.
fn failed(
    endpoint: &str,
    secret: Option<&Secret>,
    expression: &Expression,
    fault: &Fault,
    input: &str,
) -> Failure {
    // A key that is cut first is not known as one any more.
    let shown = |text: &str| shortened(&redacted(text, secret));
    let (selector, at, reason) = (expression.path.as_str(), fault.at.to_string(), shown(&fault.reason));
    let message = if expression.check().is_ok() {
        crate::t!(
            "net-adapter-failed",
            endpoint = endpoint,
            selector = selector,
            at = at,
            reason = reason,
            input = shown(input)
        )
    } else {
        crate::t!("net-adapter-broken", endpoint = endpoint, selector = selector, at = at, reason = reason)
    };
    Failure::new(ErrorKind::Config, message.into_string())
        .with_next_step(crate::t!("net-step-adapter", endpoint = endpoint).into_string())
}

/// The same with the reason that an expression gave the wrong kind of value.
fn wrong(
    endpoint: &str,
    secret: Option<&Secret>,
    expression: &Expression,
    reason: String,
    input: &str,
) -> Failure {
    failed(endpoint, secret, expression, &Fault { at: expression.at.clone(), reason }, input)
}

/// The beginning of a text, on one line.
fn shortened(text: &str) -> String {
    let mut shown: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = shown.char_indices().nth(SHOWN) {
        shown.truncate(end);
        shown.push('…');
    }
    shown
}
