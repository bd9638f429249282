//! Which of a list's models are shown.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use url::Url;

use super::ModelInfo;
use crate::config::Endpoint;

/// The models of a fetched list that this endpoint shows.
pub fn shown(models: Vec<ModelInfo>, endpoint: &Endpoint, base_url: &str) -> Vec<ModelInfo> {
    let host = Url::parse(base_url).ok();
    let is_openai = host.as_ref().and_then(Url::host_str) == Some("api.openai.com");
    chosen(if is_openai { chat_models(models) } else { models }, endpoint)
}

/// The models that `models.include` and `models.exclude` leave.
pub fn chosen(mut models: Vec<ModelInfo>, endpoint: &Endpoint) -> Vec<ModelInfo> {
    let (include, exclude) = (globs(&endpoint.models.include), globs(&endpoint.models.exclude));
    models.retain(|model| {
        let id = model.id.as_str();
        (include.is_empty() || include.is_match(id)) && !exclude.is_match(id)
    });
    models
}

/// Globs whose `*` also matches a slash, for ids like `maker/model`. One that is not a glob matches nothing;
/// the configuration's own check tells of it.
fn globs(patterns: &[String]) -> GlobSet {
    let mut set = GlobSetBuilder::new();
    for glob in
        patterns.iter().filter_map(|pattern| GlobBuilder::new(pattern).literal_separator(false).build().ok())
    {
        set.add(glob);
    }
    set.build().unwrap_or_default()
}

/// OpenAI lists everything it serves. What can be chatted with is told by the id alone, by the rule that
/// LibreChat documents; instruct models go last.
fn chat_models(models: Vec<ModelInfo>) -> Vec<ModelInfo> {
    let is_reasoning =
        |id: &str| id.as_bytes().windows(2).any(|pair| pair[0] == b'o' && pair[1].is_ascii_digit());
    let is_chat = |id: &str| {
        let named = ["text-davinci-003", "gpt-", "chat-latest"].iter().any(|part| id.contains(part));
        let other = ["audio", "realtime"].iter().any(|part| id.contains(part));
        (named || is_reasoning(id)) && !other
    };
    let (mut first, last): (Vec<_>, Vec<_>) = models
        .into_iter()
        .filter(|model| is_chat(model.id.as_str()))
        .partition(|model| !model.id.as_str().contains("instruct"));
    first.extend(last);
    first
}
