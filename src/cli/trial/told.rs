//! What was sent, what came and what was made of it, each in a line.

use crate::catalog::ModelInfo;
use crate::chat::stream::Answer;
use crate::chat::{End, Failure, FinishReason, Part, StreamEvent};
use crate::cli::recording::Recorded;
use crate::keys::{Credential, KeyOrigin, KeyStore};
use crate::t;
use crate::text::{Safe, sanitise_line};

/// How many characters of anything are shown.
const SHOWN: usize = 160;

/// Headers that every request has, and that tell nothing.
const DULL: &[&str] = &["user-agent", "accept-encoding", "content-type"];

/// What was understood of an answer, in a line.
pub(super) fn told_answer(events: &[StreamEvent], end: End) -> Result<Safe, Failure> {
    let mut answer = Answer::default();
    events.iter().for_each(|event| answer.apply(event));
    let reason = match end {
        End::Finished(reason) => reason,
        End::Failed(failure) | End::Cut(failure) => return Err(failure),
        End::Cancelled => FinishReason::Cancelled,
    };
    let all = |part: fn(&Part) -> Option<&str>| answer.parts.iter().filter_map(part).collect::<String>();
    let count = |count: Option<u64>| count.map_or_else(|| "–".to_owned(), |count| count.to_string());
    Ok(t!(
        "net-test-answer",
        text = shortened(&all(Part::text)),
        reasoning = all(Part::reasoning).chars().count(),
        calls = answer.parts.iter().filter(|part| part.tool_call().is_some()).count(),
        finish = reason.name(),
        tokens_in = count(answer.usage.tokens_in),
        tokens_out = count(answer.usage.tokens_out),
        model = answer.model_served.as_ref().map_or("–", |model| model.as_str())
    ))
}

pub(super) fn told_models(models: &[ModelInfo]) -> Safe {
    let ids: Vec<&str> = models.iter().map(|model| model.id.as_str()).collect();
    t!("net-test-models", count = models.len(), models = shortened(&ids.join(", ")))
}

pub(super) fn told_key(credential: &Credential) -> Safe {
    let label = credential.label.as_str();
    match credential.origin {
        KeyOrigin::NotNeeded => t!("net-test-no-key"),
        KeyOrigin::Stored(KeyStore::Keyring) => t!("net-test-key-keyring", label = label),
        KeyOrigin::Stored(KeyStore::File) => t!("net-test-key-file", label = label),
        KeyOrigin::Command => t!("net-test-key-command", label = label),
        KeyOrigin::Environment => t!("net-test-key-environment", label = label),
        KeyOrigin::Profile => t!("net-test-key-profile", label = label),
        KeyOrigin::Literal => t!("net-test-key-config", label = label),
    }
}

pub(super) fn told_request(kept: &Recorded) -> Safe {
    let request = &kept.request;
    let mut shown = format!("> {} {}", request.method, request.url);
    for (name, value) in request.headers.iter().filter(|(name, _)| !DULL.contains(&name.as_str())) {
        shown.push_str(&format!(" · {name}: {}", value.as_str().unwrap_or_default()));
    }
    if let Some(body) = &request.body {
        shown.push_str(&format!(" · {}", shortened(body)));
    }
    sanitise_line(&shown)
}

pub(super) fn told_response(kept: &Recorded) -> Option<Safe> {
    let response = kept.response.as_ref()?;
    let body = String::from_utf8_lossy(&response.bytes()).into_owned();
    Some(sanitise_line(&format!(
        "< {} {} · {}",
        response.status,
        response.header("content-type"),
        shortened(&body)
    )))
}

/// The beginning of a text, on one line.
fn shortened(text: &str) -> String {
    let mut shown: String =
        text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).take(SHOWN + 1).collect();
    if let Some((end, _)) = shown.char_indices().nth(SHOWN) {
        shown.truncate(end);
        shown.push('…');
    }
    shown
}
