//! The request: its headers and its body.

use http::header::{HeaderName, HeaderValue};
use serde_json::{Map, Value, json};

use super::content;
use super::family::{self, Caching, Family, Prefill};
use super::place::Place;
use super::wishes::{self, Wishes, is_wish};
use crate::chat::request::Delivery;
use crate::chat::{ChatRequest, Failure, Role};
use crate::config::UserIdPolicy;
use crate::http::HttpRequest;
use crate::keys::Credential;
use crate::providers::params::{self, Row};
use crate::providers::prompt::{self, Turn};
use crate::providers::site::{Auth, Site};

const VERSION: HeaderName = HeaderName::from_static("anthropic-version");

/// Vertex wants it in the body, and has its own.
const VERTEX_VERSION: &str = "vertex-2023-10-16";

const BETA: HeaderName = HeaderName::from_static("anthropic-beta");

/// How a token that stands for a person's account begins.
const ACCOUNT_TOKEN: &str = "sk-ant-oat";
const ACCOUNT_BETA: &str = "oauth-2025-04-20";

/// The names that people and LibreChat's files have for the body's parameters.
const ROWS: &[Row] = &[
    Row {
        names: &["max_tokens", "maxOutputTokens", "maxTokens", "max_output_tokens", "max_completion_tokens"],
        path: &["max_tokens"],
    },
    Row { names: &["top_p", "topP"], path: &["top_p"] },
    Row { names: &["top_k", "topK"], path: &["top_k"] },
    Row { names: &["stop_sequences", "stop", "stopSequences"], path: &["stop_sequences"] },
    Row { names: &["user"], path: &["metadata", "user_id"] },
];

/// The provider's own search, in the version that every place has.
const SEARCH: &str = "web_search_20250305";

/// From how many bytes on a beginning is worth a mark: about the 1,024 tokens below which none is kept.
const WORTH_CACHING: usize = 4_096;

/// The request that asks `chat`.
///
/// # Errors
/// Those of [`Site::post`], and `config` where the URL is not one.
pub fn chat(chat: &ChatRequest, site: &Site<'_>) -> Result<HttpRequest, Failure> {
    ask(chat, site, None)
}

/// The request that has an answer go on which the provider paused: the same, with what it said so far.
///
/// # Errors
/// Those of [`chat`].
pub fn resume(chat: &ChatRequest, site: &Site<'_>, said: &Value) -> Result<HttpRequest, Failure> {
    ask(chat, site, Some(said))
}

fn ask(chat: &ChatRequest, site: &Site<'_>, said: Option<&Value>) -> Result<HttpRequest, Failure> {
    let model = site.endpoint.deployments.get(&chat.model).map_or(chat.model.as_str(), String::as_str);
    let place = Place::of(chat, model, site)?;
    let mut body = body(chat, site, model, &place);
    if let Some(said) = said {
        go_on(&mut body, said);
    }
    let body = Value::Object(body);
    match place {
        Place::Vertex(url) => site.post(url, Auth::Bearer, &body),
        Place::Messages(url) => Ok(versioned(site.post(url, auth(site.credential), &body)?, site.credential)),
    }
}

/// Where a request carries the key: a token that stands for a person's account is no key.
pub fn auth(credential: &Credential) -> Auth {
    if is_account(credential) { Auth::Bearer } else { Auth::Header("x-api-key") }
}

/// A request with the headers that every one of the Messages API has. A version that the configuration names stands.
pub fn versioned(mut request: HttpRequest, credential: &Credential) -> HttpRequest {
    request.headers.entry(VERSION).or_insert(HeaderValue::from_static("2023-06-01"));
    if is_account(credential) {
        // Further lines of this header add up.
        request.headers.append(BETA, HeaderValue::from_static(ACCOUNT_BETA));
    }
    request
}

fn is_account(credential: &Credential) -> bool {
    credential.secret.as_ref().is_some_and(|secret| secret.expose().starts_with(ACCOUNT_TOKEN))
}

/// The JSON of a request, with parameters in LibreChat's order of precedence. What a model would refuse the whole
/// request for is left out, unless the endpoint's `addParams` insists.
fn body(chat: &ChatRequest, site: &Site<'_>, model: &str, place: &Place) -> Map<String, Value> {
    let endpoint = site.endpoint;
    let family = family::of(&chat.model);
    let mut params = params::asked(chat, endpoint);
    let wishes = Wishes::take(chat, endpoint, &mut params);
    let mut body = Map::new();
    match place {
        Place::Messages(_) => body.insert("model".into(), model.into()),
        Place::Vertex(_) => body.insert("anthropic_version".into(), VERTEX_VERSION.into()),
    };
    params::lay(params, ROWS, &mut body);
    body.entry("max_tokens").or_insert_with(|| family.max_tokens.into());
    if let Some(Value::String(stop)) = body.get("stop_sequences") {
        let list = json!([stop]);
        body.insert("stop_sequences".into(), list);
    }
    wishes.think(family, &mut body);
    wishes::without_refused(family, &mut body);
    match (endpoint.user_id, chat.user.as_deref()) {
        (UserIdPolicy::User | UserIdPolicy::Metadata, Some(user)) => {
            params::put(&mut body, &["metadata", "user_id"], user.into());
        }
        (UserIdPolicy::None, _) | (_, None) => {}
    }
    body.insert("stream".into(), (chat.delivery == Delivery::Streamed).into());
    tools(chat, &wishes, &mut body);
    prompt(chat, site, family, &wishes, &mut body);
    params::amend_but(endpoint, ROWS, is_wish, &mut body);
    body
}

fn tools(chat: &ChatRequest, wishes: &Wishes, body: &mut Map<String, Value>) {
    let mut tools: Vec<Value> = chat
        .tools
        .iter()
        .map(|tool| json!({"name": tool.name, "description": tool.description, "input_schema": tool.schema}))
        .collect();
    if wishes.search {
        tools.push(json!({"type": SEARCH, "name": "web_search"}));
    }
    if !tools.is_empty() {
        body.insert("tools".into(), tools.into());
    }
}

/// The system prompt and the branch, marked for the cache where it costs next to nothing: a system prompt is used
/// again by whatever is asked next, a branch only once it has become a conversation.
fn prompt(
    chat: &ChatRequest,
    site: &Site<'_>,
    family: &Family,
    wishes: &Wishes,
    body: &mut Map<String, Value>,
) {
    let mark = match family.caching {
        Caching::ByMark => wishes.cache.as_ref(),
        Caching::Unknown => None,
    };
    let system = chat.settings.system.as_deref().unwrap_or_default();
    if !system.trim().is_empty() {
        let told = match mark.filter(|_| system.len() >= WORTH_CACHING) {
            Some(mark) => json!([{"type": "text", "text": system, "cache_control": mark}]),
            None => system.into(),
        };
        body.insert("system".into(), told);
    }
    let turns = prompt::turns(chat, site);
    if !content::can_think_on(&turns) && wishes::has_budget(body) {
        body.shift_remove("thinking");
    }
    // Where a model thinks, it begins its answers itself.
    let prefill = if wishes::thinks(body) { Prefill::Refused } else { family.prefill };
    let mut messages = content::messages(&turns, prefill);
    if let Some(mark) = mark.filter(|_| is_worth_caching(&turns, system)) {
        content::mark(&mut messages, mark);
    }
    body.insert("messages".into(), messages.into());
}

fn is_worth_caching(turns: &[Turn<'_>], system: &str) -> bool {
    let is_conversation = turns.iter().any(|turn| turn.role == Role::Assistant);
    is_conversation && system.len() + content::weight(turns) >= WORTH_CACHING
}

/// Adds what an answer said before its pause, to the answer that the body ends with where it ends with one.
fn go_on(body: &mut Map<String, Value>, said: &Value) {
    let mut content = said.get("content").and_then(Value::as_array).cloned().unwrap_or_default();
    if let Some(container) = said.get("container").filter(|container| !container.is_null()) {
        body.insert("container".into(), container.clone());
    }
    let Some(messages) = body.get_mut("messages").and_then(Value::as_array_mut) else { return };
    let begun = messages.last_mut().filter(|last| last["role"] == "assistant");
    match begun.and_then(|last| last["content"].as_array_mut()) {
        Some(begun) => begun.append(&mut content),
        None => messages.push(json!({"role": "assistant", "content": content})),
    }
}

#[cfg(test)]
mod tests;
