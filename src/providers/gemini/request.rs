//! The body of a request, and the path it goes to.

use serde_json::{Map, Value, json};
use url::Url;

use super::answer::OWN_ID;
use super::thinking::{self, Family, System, Thinking};
use crate::chat::request::{Delivery, Tool};
use crate::chat::{ChatRequest, Failure, Media, MediaData, Part, Role, ToolCall, ToolOutcome, ToolResult};
use crate::config::Env;
use crate::http::HttpRequest;
use crate::providers::params::{self, Row};
use crate::providers::prompt::{self, Turn};
use crate::providers::site::{Auth, Site};
use crate::providers::{codec, urls};

const CONFIG: &str = "generationConfig";
const THINKING: &str = "thinkingConfig";

/// Where a body has what people set, by Google's names, LibreChat's, and those of everybody else.
const ROWS: &[Row] = &[
    row(&["temperature"], &[CONFIG, "temperature"]),
    row(&["topP", "top_p"], &[CONFIG, "topP"]),
    row(&["topK", "top_k"], &[CONFIG, "topK"]),
    row(
        &["maxOutputTokens", "max_output_tokens", "max_tokens", "max_completion_tokens"],
        &[CONFIG, "maxOutputTokens"],
    ),
    row(&["stopSequences", "stop_sequences", "stop"], &[CONFIG, STOP]),
    row(&["seed"], &[CONFIG, "seed"]),
    row(&["candidateCount", "n"], &[CONFIG, "candidateCount"]),
    row(&["presencePenalty", "presence_penalty"], &[CONFIG, "presencePenalty"]),
    row(&["frequencyPenalty", "frequency_penalty"], &[CONFIG, "frequencyPenalty"]),
    row(&["responseMimeType", "response_mime_type"], &[CONFIG, "responseMimeType"]),
    row(&["responseSchema", "response_schema"], &[CONFIG, "responseSchema"]),
    row(&["responseJsonSchema", "response_json_schema"], &[CONFIG, "responseJsonSchema"]),
    row(&["responseModalities", "response_modalities"], &[CONFIG, "responseModalities"]),
    row(&["responseLogprobs"], &[CONFIG, "responseLogprobs"]),
    row(&["logprobs"], &[CONFIG, "logprobs"]),
    row(&["mediaResolution", "media_resolution"], &[CONFIG, "mediaResolution"]),
    row(&["imageConfig"], &[CONFIG, "imageConfig"]),
    row(&["speechConfig"], &[CONFIG, "speechConfig"]),
    row(&["thinkingConfig", "thinking_config"], &[CONFIG, THINKING]),
    row(&["thinkingBudget", "thinking_budget"], &[CONFIG, THINKING, "thinkingBudget"]),
    row(&["thinkingLevel", "thinking_level"], &[CONFIG, THINKING, "thinkingLevel"]),
    row(&["includeThoughts", "include_thoughts"], &[CONFIG, THINKING, "includeThoughts"]),
];

const STOP: &str = "stopSequences";

const fn row(names: &'static [&'static str], path: &'static [&'static str]) -> Row {
    Row { names, path }
}

/// What Google refuses a request for; other formats have it, and a person's settings go with the person.
const UNKNOWN: &[&str] = &[
    "logit_bias",
    "top_logprobs",
    "parallel_tool_calls",
    "verbosity",
    "reasoning_summary",
    "min_p",
    "num_ctx",
    "repeat_penalty",
    // LibreChat's own, which its server does not send either.
    "resendFiles",
    "imageDetail",
    "maxContextTokens",
    "fileTokenLimit",
    "modelLabel",
    "promptPrefix",
    "promptCache",
];

/// Tools on Google's side that a switch asks for: the switch, and the tool.
const SWITCHED_TOOLS: &[(&str, &str)] =
    &[("web_search", "googleSearch"), ("url_context", "urlContext"), ("code_execution", "codeExecution")];

/// LibreChat's variables that set a threshold, and what of.
const SAFETY: &[(&str, &str)] = &[
    ("GOOGLE_SAFETY_SEXUALLY_EXPLICIT", "HARM_CATEGORY_SEXUALLY_EXPLICIT"),
    ("GOOGLE_SAFETY_HATE_SPEECH", "HARM_CATEGORY_HATE_SPEECH"),
    ("GOOGLE_SAFETY_HARASSMENT", "HARM_CATEGORY_HARASSMENT"),
    ("GOOGLE_SAFETY_DANGEROUS_CONTENT", "HARM_CATEGORY_DANGEROUS_CONTENT"),
    ("GOOGLE_SAFETY_CIVIC_INTEGRITY", "HARM_CATEGORY_CIVIC_INTEGRITY"),
];

/// What Google takes in the place of a signature that is not known, as where another model made the call
/// (ai.google.dev/gemini-api/docs/thought-signatures).
const NO_SIGNATURE: &str = "skip_thought_signature_validator";

/// The request that asks `chat`.
///
/// # Errors
/// Those of [`Site::post`], and `config` where the URL is not one.
pub fn chat(chat: &ChatRequest, site: &Site<'_>) -> Result<HttpRequest, Failure> {
    let base = urls::google(site.endpoint, site.credential)?;
    let auth = auth(&base, &site.config.env);
    let url = if site.endpoint.direct { base } else { method(base, chat) };
    site.post(url, auth, &body(chat, site))
}

/// A Google Cloud project is entered with a token, everything else with a key. LibreChat's
/// `GOOGLE_AUTH_HEADER` is for proxies that want the key as a token.
pub fn auth(base: &Url, env: &Env) -> Auth {
    let is_wanted = env.get("GOOGLE_AUTH_HEADER").is_some_and(|wanted| wanted.eq_ignore_ascii_case("true"));
    if is_wanted || urls::is_project(base) { Auth::Bearer } else { Auth::Header("x-goog-api-key") }
}

/// The URL of the method that answers.
fn method(mut base: Url, chat: &ChatRequest) -> Url {
    let model = chat.model.as_str();
    let model = model.strip_prefix("models/").unwrap_or(model);
    let (verb, query) = match chat.delivery {
        Delivery::Streamed => ("streamGenerateContent", Some(("alt", "sse"))),
        Delivery::Whole => ("generateContent", None),
    };
    // A tuned model has a collection of its own.
    let collection = if model.starts_with("tunedModels/") { "" } else { "/models" };
    let path = format!("{}{collection}/{model}:{verb}", base.path().trim_end_matches('/'));
    base.set_path(&path);
    if let Some((name, value)) = query {
        base.query_pairs_mut().append_pair(name, value);
    }
    base
}

fn body(chat: &ChatRequest, site: &Site<'_>) -> Value {
    let endpoint = site.endpoint;
    let family = thinking::family(&chat.model);
    let mut contents: Vec<Value> =
        prompt::turns(chat, site).iter().map(|turn| content(turn, family)).collect();
    let mut body = Map::new();
    if let Some(system) = chat.settings.system.as_deref().filter(|system| !system.trim().is_empty()) {
        match (family.system, contents.first_mut().and_then(|first| first["parts"].as_array_mut())) {
            (System::FirstWords, Some(parts)) => parts.insert(0, json!({"text": system})),
            (System::Instruction, _) | (System::FirstWords, None) => {
                body.insert("systemInstruction".into(), json!({"parts": [{"text": system}]}));
            }
        }
    }
    body.insert("contents".into(), contents.into());
    if !chat.tools.is_empty() {
        body.insert("tools".into(), json!([{"functionDeclarations": declarations(&chat.tools)}]));
    }
    let safety = safety(&site.config.env);
    if !safety.is_empty() {
        body.insert("safetySettings".into(), safety.into());
    }
    let mut params = params::asked(chat, endpoint);
    for name in UNKNOWN {
        params.shift_remove(*name);
    }
    thinking::settle(chat, endpoint, family, &mut params);
    params::lay(params, ROWS, &mut body);
    params::amend(endpoint, ROWS, &mut body);
    polish(&mut body, family);
    Value::Object(body)
}

/// Puts what people may write in a shape of their own into Google's.
fn polish(body: &mut Map<String, Value>, family: &Family) {
    body.shift_remove(thinking::SWITCH);
    for (switch, tool) in SWITCHED_TOOLS {
        if body.shift_remove(*switch).is_some_and(|value| value == true) {
            let tools = body.entry("tools").or_insert_with(|| json!([]));
            if let Value::Array(tools) = tools {
                tools.push(json!({*tool: {}}));
            }
        }
    }
    let Some(Value::Object(config)) = body.get_mut(CONFIG) else { return };
    if let Some(stop) = config.get_mut(STOP).filter(|stop| stop.is_string()) {
        *stop = json!([stop.take()]);
    }
    if let Some(Value::Object(config)) = config.get_mut(THINKING) {
        thinking::choose(family, config);
    }
}

fn safety(env: &Env) -> Vec<Value> {
    SAFETY
        .iter()
        .filter_map(|(variable, category)| {
            Some(json!({"category": category, "threshold": env.get(variable)?}))
        })
        .collect()
}

fn declarations(tools: &[Tool]) -> Value {
    tools
        .iter()
        .map(|tool| {
            let mut declared = json!({"name": tool.name, "description": tool.description});
            if !tool.schema.is_null() {
                declared["parametersJsonSchema"] = tool.schema.clone();
            }
            declared
        })
        .collect()
}

fn content(turn: &Turn<'_>, family: &Family) -> Value {
    let role = match turn.role {
        Role::User => "user",
        Role::Assistant => "model",
    };
    let mut parts: Vec<Value> = Vec::with_capacity(turn.parts.len());
    let mut thought: Option<&str> = None;
    for part in &turn.parts {
        match part {
            Part::Text { text } | Part::Refusal { text } => parts.push(json!({"text": text})),
            Part::Image(media) | Part::Document(media) => parts.push(file(media)),
            Part::ToolCall(call) => parts.push(function_call(call)),
            Part::ToolResult(result) => parts.push(function_response(result)),
            Part::State(state) => give_back(&state.value, thought, &mut parts),
            // Not given back, unless it is signed.
            Part::Reasoning { .. } | Part::Source(_) | Part::ServerTool(_) | Part::Summary(_) => {}
        }
        thought = match part {
            Part::Reasoning { text } => Some(text),
            _ => None,
        };
    }
    if matches!(family.thinking, Thinking::Level(_)) {
        sign(&mut parts);
    }
    json!({"role": role, "parts": parts})
}

/// Puts a state where it was: a signature on the part before it, anything else as a part of its own.
fn give_back(state: &Value, thought: Option<&str>, parts: &mut Vec<Value>) {
    let Some(signature) = bare_signature(state) else {
        parts.push(state.clone());
        return;
    };
    if let Some(thought) = thought {
        parts.push(json!({"text": thought, "thought": true, SIGNATURE: signature}));
    } else if let Some(Value::Object(last)) = parts.last_mut() {
        // Where the part that was signed is left out, another one is last, and has its own.
        last.entry(SIGNATURE).or_insert_with(|| signature.clone());
    }
}

const SIGNATURE: &str = "thoughtSignature";

/// The signature of a state that is nothing else.
fn bare_signature(state: &Value) -> Option<&Value> {
    state.as_object().filter(|state| state.len() == 1)?.get(SIGNATURE)
}

/// From Gemini 3 on the first call of a step needs a signature.
fn sign(parts: &mut [Value]) {
    let first =
        parts.iter_mut().filter_map(Value::as_object_mut).find(|part| part.contains_key("functionCall"));
    if let Some(call) = first {
        call.entry(SIGNATURE).or_insert_with(|| NO_SIGNATURE.into());
    }
}

fn file(media: &Media) -> Value {
    match &media.data {
        MediaData::Base64(data) => json!({"inlineData": {"mimeType": media.mime, "data": data}}),
        MediaData::Url(url) => json!({"fileData": {"mimeType": media.mime, "fileUri": url}}),
    }
}

fn function_call(call: &ToolCall) -> Value {
    let mut made = json!({"name": call.name, "args": prompt::arguments(call)});
    identify(&mut made, &call.id);
    json!({"functionCall": made})
}

fn function_response(result: &ToolResult) -> Value {
    let response = match (result.outcome, serde_json::from_str(&result.content)) {
        (ToolOutcome::Ok, Ok(Value::Object(object))) => Value::Object(object),
        (ToolOutcome::Ok, _) => json!({"result": result.content}),
        (ToolOutcome::Error, _) => json!({"error": result.content}),
    };
    let mut made = json!({"name": result.name, "response": response});
    identify(&mut made, &result.call);
    json!({"functionResponse": made})
}

/// Puts an id on a call or its result, unless it is one that we made up.
fn identify(made: &mut Value, id: &str) {
    if !codec::is_own_call_id(OWN_ID, id) {
        made["id"] = id.into();
    }
}

#[cfg(test)]
mod tests;
