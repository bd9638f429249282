//! The body of a request, and where it goes.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::maker::Maker;
use super::{place, prompt, sign};
use crate::chat::request::Delivery;
use crate::chat::{ChatRequest, Failure};
use crate::config::UserIdPolicy;
use crate::http::HttpRequest;
use crate::providers::anthropic::wishes::{Wishes, is_wish};
use crate::providers::params::{self, Row};
use crate::providers::site::{Site, expand};

/// What people and LibreChat's files call the length of an answer.
const MAX_TOKENS: &[&str] =
    &["max_tokens", "maxTokens", "maxOutputTokens", "max_output_tokens", "max_completion_tokens"];

/// The names by which a [`Maker`] knows parameters.
const NAMES: &[Row] = &[
    Row { names: MAX_TOKENS, path: &["max_tokens"] },
    Row { names: &["top_p", "topP"], path: &["top_p"] },
    Row { names: &["top_k", "topK"], path: &["top_k"] },
];

/// Where Converse has the parameters that every model takes.
const ROWS: &[Row] = &[
    Row { names: MAX_TOKENS, path: &["inferenceConfig", "maxTokens"] },
    Row { names: &["temperature"], path: &["inferenceConfig", "temperature"] },
    Row { names: &["top_p", "topP"], path: &["inferenceConfig", "topP"] },
    Row { names: &["stop", "stop_sequences", "stopSequences"], path: &["inferenceConfig", "stopSequences"] },
    Row { names: &["top_k", "topK"], path: &[MODELS_OWN, "top_k"] },
];

/// What Converse has at the top level. Everything else is the model's own matter.
const TOP: &[&str] = &[
    "messages",
    "system",
    "inferenceConfig",
    "toolConfig",
    "guardrailConfig",
    MODELS_OWN,
    "additionalModelResponseFieldPaths",
    "promptVariables",
    "requestMetadata",
    "performanceConfig",
    "serviceTier",
    "outputConfig",
];

/// Where the model's own parameters go.
const MODELS_OWN: &str = "additionalModelRequestFields";

/// Letters that stand in a model's id as they are; `:` and an ARN's `/` do not.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// LibreChat's word for whether to mark what is worth keeping. Where marks cost something, it has to be said.
const CACHE: &str = "promptCache";

/// How many of the person's messages are marked: the one that is read now, and the one that is written.
const MARKED: usize = 2;

/// The request that asks `chat`.
///
/// # Errors
/// Those of [`Site::post`], and `config` where the URL is not one, the endpoint does not offer the region, or a
/// part cannot be sent.
pub fn chat(chat: &ChatRequest, site: &Site<'_>) -> Result<HttpRequest, Failure> {
    let mut params = params::asked(chat, site.endpoint);
    let region = params.shift_remove("region");
    let region = region.as_ref().and_then(Value::as_str).filter(|region| !region.is_empty());
    let verb = match chat.delivery {
        Delivery::Streamed => "converse-stream",
        Delivery::Whole => "converse",
    };
    let model = model(chat, site)?;
    let base = place::runtime(site, region)?;
    let url = if site.endpoint.direct {
        base
    } else {
        place::below(base, &format!("/model/{}/{verb}", utf8_percent_encode(&model, PLAIN)))
    };
    let body = body(chat, site, params)?;
    sign::with_key(site, region, |auth| site.post(url, auth, &body))
}

/// What is asked for: the model, or the inference profile that the endpoint has for it.
fn model(chat: &ChatRequest, site: &Site<'_>) -> Result<String, Failure> {
    let profiles = &site.endpoint.bedrock.inference_profiles;
    match profiles.iter().find(|(model, _)| *model == chat.model) {
        Some((_, profile)) => expand(profile, site.config, site.endpoint),
        None => Ok(chat.model.as_str().to_owned()),
    }
}

fn body(chat: &ChatRequest, site: &Site<'_>, mut params: Map<String, Value>) -> Result<Value, Failure> {
    let endpoint = site.endpoint;
    let maker = Maker::of(&chat.model);
    let says_of_cache = params.contains_key(CACHE) || endpoint.add_params.contains_key(CACHE);
    let wishes = Wishes::take(chat, endpoint, &mut params);
    let mark = (says_of_cache || maker.caches_freely()).then_some(wishes.cache.as_ref()).flatten().map(mark);
    let mut body = Map::new();
    let mut messages = prompt::messages(chat, site, maker.prefill())?;
    let asked = messages.iter_mut().rev().filter(|message| message["role"] == "user").take(MARKED);
    for blocks in asked.filter_map(|message| message["content"].as_array_mut()) {
        blocks.extend(mark.clone());
    }
    body.insert("messages".into(), messages.into());
    if let Some(system) = chat.settings.system.as_deref().filter(|system| !system.trim().is_empty()) {
        let mut blocks = vec![json!({"text": system})];
        blocks.extend(mark);
        body.insert("system".into(), blocks.into());
    }
    if let Some(tools) = prompt::tools(chat, site) {
        body.insert("toolConfig".into(), tools);
    }
    if let Some(guardrail) = guardrail(chat, site)? {
        body.insert("guardrailConfig".into(), guardrail);
    }
    if let Some(user) = chat.user.as_deref().filter(|_| endpoint.user_id != UserIdPolicy::None) {
        body.insert("requestMetadata".into(), json!({"user_id": user}));
    }
    let mut named = Map::new();
    params::lay(params, NAMES, &mut named);
    maker.think(&wishes, &mut named);
    params::lay(named, ROWS, &mut body);
    params::amend_but(endpoint, ROWS, is_wish, &mut body);
    sweep(&mut body);
    let stop = body.get_mut("inferenceConfig").and_then(|config| config.get_mut("stopSequences"));
    // Other formats take one text as well as a list.
    if let Some(stop) = stop.filter(|stop| stop.is_string()) {
        *stop = json!([stop]);
    }
    Ok(Value::Object(body))
}

/// A mark for the cache, with the life that is wished for.
fn mark(wish: &Value) -> Value {
    match wish.get("ttl") {
        Some(ttl) => json!({"cachePoint": {"type": "default", "ttl": ttl}}),
        None => json!({"cachePoint": {"type": "default"}}),
    }
}

/// Moves what Converse does not know to where the model looks for it.
fn sweep(body: &mut Map<String, Value>) {
    let others: Vec<String> = body.keys().filter(|key| !TOP.contains(&key.as_str())).cloned().collect();
    for name in others {
        if let Some(value) = body.shift_remove(&name) {
            params::put(body, &[MODELS_OWN, &name], value);
        }
    }
}

fn guardrail(chat: &ChatRequest, site: &Site<'_>) -> Result<Option<Value>, Failure> {
    let Some(guardrail) = &site.endpoint.bedrock.guardrail else { return Ok(None) };
    let mut config = json!({
        "guardrailIdentifier": expand(&guardrail.identifier, site.config, site.endpoint)?,
        "guardrailVersion": guardrail.version,
    });
    if let Some(trace) = &guardrail.trace {
        config["trace"] = trace.as_str().into();
    }
    if let (Some(mode), Delivery::Streamed) = (&guardrail.stream_processing_mode, chat.delivery) {
        config["streamProcessingMode"] = mode.as_str().into();
    }
    Ok(Some(config))
}
