//! The body of a request, and where it goes.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::{place, prompt, sign, thinking};
use crate::chat::request::Delivery;
use crate::chat::{ChatRequest, Failure};
use crate::config::UserIdPolicy;
use crate::http::HttpRequest;
use crate::providers::params::{self, Row};
use crate::providers::site::{Site, expand};

/// Where Converse has the parameters that every model takes.
const ROWS: &[Row] = &[
    Row {
        names: &["max_tokens", "maxTokens", "maxOutputTokens", "max_output_tokens", "max_completion_tokens"],
        path: &["inferenceConfig", "maxTokens"],
    },
    Row { names: &["temperature"], path: &["inferenceConfig", "temperature"] },
    Row { names: &["top_p", "topP"], path: &["inferenceConfig", "topP"] },
    Row { names: &["stop", "stop_sequences", "stopSequences"], path: &["inferenceConfig", "stopSequences"] },
    Row { names: &["topK"], path: &["top_k"] },
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

/// The models that a mark for the cache costs nothing at. At the others writing costs more than reading, so
/// there the person decides.
const FREE_CACHE: &[&str] = &["nova-micro-v1", "nova-lite-v1", "nova-pro-v1", "nova-premier-v1"];

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
    let Site { endpoint, .. } = site;
    let caching = Caching::take(chat, &mut params);
    let wishes = thinking::Wishes::take(chat, &mut params);
    let mut body = Map::new();
    let mut messages = prompt::messages(chat, site)?;
    if let Some(mark) = caching.mark() {
        messages.iter_mut().rev().filter(|message| message["role"] == "user").take(MARKED).for_each(
            |message| {
                if let Some(blocks) = message["content"].as_array_mut() {
                    blocks.push(mark.clone());
                }
            },
        );
    }
    body.insert("messages".into(), messages.into());
    if let Some(system) = chat.settings.system.as_deref().filter(|system| !system.trim().is_empty()) {
        let mut blocks = vec![json!({"text": system})];
        blocks.extend(caching.mark());
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
    params::lay(params, ROWS, &mut body);
    wishes.lay(&chat.model, &mut body);
    params::amend(endpoint, ROWS, &mut body);
    sweep(&mut body);
    // LibreChat and the other formats take one text as well as a list.
    if let Some(stop @ Value::String(_)) =
        body.get_mut("inferenceConfig").and_then(|c| c.get_mut("stopSequences"))
    {
        *stop = json!([stop]);
    }
    Ok(Value::Object(body))
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

/// Whether the beginning of the request is marked for the cache.
enum Caching {
    Off,
    /// With LibreChat's `promptCacheTtl`, where there is one.
    On {
        ttl: Option<String>,
    },
}

impl Caching {
    /// As the person, or LibreChat's file, wants it; else where it is free.
    fn take(chat: &ChatRequest, params: &mut Map<String, Value>) -> Self {
        let wanted = params.shift_remove("promptCache").and_then(|wanted| wanted.as_bool());
        let ttl = params.shift_remove("promptCacheTtl").and_then(|ttl| Some(ttl.as_str()?.to_owned()));
        let is_free = || FREE_CACHE.iter().any(|id| chat.model.as_str().contains(id));
        if wanted.unwrap_or_else(is_free) { Self::On { ttl } } else { Self::Off }
    }

    fn mark(&self) -> Option<Value> {
        match self {
            Self::Off => None,
            Self::On { ttl: None } => Some(json!({"cachePoint": {"type": "default"}})),
            Self::On { ttl: Some(ttl) } => Some(json!({"cachePoint": {"type": "default", "ttl": ttl}})),
        }
    }
}
