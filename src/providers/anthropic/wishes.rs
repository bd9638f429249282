//! Parameters that are no parameter of the body: thinking, effort, caching, searching.
//!
//! People and LibreChat's files say *that* a model shall think, and how much; the body says it in one of three
//! ways, by family. So these are taken out of the parameters first, in the usual order of precedence, and what
//! they come to is put into the body as the model's [`Family`] wants it.

use serde_json::{Map, Value, json};

use super::family::{Family, Sampling, Thinking};
use crate::chat::ChatRequest;
use crate::config::Endpoint;
use crate::providers::params;

/// The names of wishes, ours and LibreChat's.
const NAMES: &[&str] = &[
    "thinking",
    "thinkingBudget",
    "thinking_budget",
    "thinkingDisplay",
    "effort",
    "reasoning_effort",
    "promptCache",
    "promptCacheTtl",
    "web_search",
];

/// What an effort comes to where a budget is asked for.
const BUDGETS: &[(&str, u64)] = &[
    ("minimal", 1_024),
    ("low", 2_048),
    ("medium", 8_192),
    ("high", 16_384),
    ("xhigh", 24_576),
    ("max", 32_768),
];

/// The budget where it is only said that the model shall think; LibreChat's.
const USUAL_BUDGET: u64 = 2_000;

/// The least budget that is taken.
const LEAST_BUDGET: u64 = 1_024;

/// Words of effort, and what is meant where a family does not know them.
const NEXT_EFFORT: &[(&str, &str)] = &[("minimal", "low"), ("xhigh", "high"), ("max", "high")];

/// Efforts that say not to think.
const NO_EFFORT: &[&str] = &["none", "off", "disabled"];

/// What is wished for.
#[derive(Debug, Default)]
pub struct Wishes {
    thinking: Option<bool>,
    budget: Option<u64>,
    display: Option<String>,
    effort: Option<String>,
    /// What marks for the cache say; `None` sets none.
    pub cache: Option<Value>,
    /// The provider's own search shall be offered.
    pub search: bool,
}

/// Whether a parameter is a wish, and not one of the body that has the same name.
pub fn is_wish(name: &str, value: &Value) -> bool {
    NAMES.contains(&name) && !value.is_object()
}

impl Wishes {
    /// Takes the wishes out of a request's parameters; what the endpoint adds overwrites them, and what it drops
    /// is not wished for.
    pub fn take(chat: &ChatRequest, endpoint: &Endpoint, params: &mut Map<String, Value>) -> Self {
        let added = endpoint.add_params.iter().filter(|(name, value)| is_wish(name, value));
        params.extend(added.map(|(name, value)| (name.clone(), value.clone())));
        let is_dropped = |name: &str| endpoint.drop_params.iter().any(|dropped| dropped == name);
        params.retain(|name, value| !(is_wish(name, value) && is_dropped(name)));
        let effort = params::effort(chat, params).filter(|_| !is_dropped("reasoning_effort"));
        let mut take = |name: &str| match params.get(name) {
            Some(value) if is_wish(name, value) => params.shift_remove(name),
            Some(_) | None => None,
        };
        let caches = take("promptCache").as_ref().and_then(boolean).unwrap_or(!is_dropped("promptCache"));
        let ttl = take("promptCacheTtl").and_then(|ttl| Some(ttl.as_str()?.to_owned()));
        let budget = [take("thinkingBudget"), take("thinking_budget")];
        Self {
            thinking: take("thinking").as_ref().and_then(boolean),
            budget: budget.iter().flatten().find_map(Value::as_u64),
            display: take("thinkingDisplay").and_then(|display| Some(display.as_str()?.to_owned())),
            effort,
            cache: caches.then(|| match ttl.as_deref() {
                Some(ttl) if !ttl.is_empty() => json!({"type": "ephemeral", "ttl": ttl}),
                Some(_) | None => json!({"type": "ephemeral"}),
            }),
            search: take("web_search").as_ref().and_then(boolean).unwrap_or(false),
        }
    }

    /// The effort that is wished for, in the person's word.
    pub fn effort(&self) -> Option<&str> {
        self.effort.as_deref()
    }

    /// The effort, or the usual one where it is only said that the model shall think; `None` where it shall not.
    pub fn effort_or<'a>(&'a self, usual: &'a str) -> Option<&'a str> {
        match (self.thinking, self.effort()) {
            (Some(false), _) => None,
            (_, Some(effort)) => Some(effort).filter(|effort| !NO_EFFORT.contains(effort)),
            (thinking, None) => (thinking == Some(true) || self.budget.is_some()).then_some(usual),
        }
    }

    /// Puts thinking into a body as the family wants it, where it is wished for.
    pub fn think(&self, family: &Family, body: &mut Map<String, Value>) {
        let effort = self.effort.as_deref();
        let is_off = self.thinking == Some(false) || effort.is_some_and(|effort| NO_EFFORT.contains(&effort));
        let is_on = self.thinking == Some(true) || self.budget.is_some() || effort.is_some();
        let mut thinking = match family.thinking {
            Thinking::Never => return,
            _ if is_off => json!({"type": "disabled"}),
            _ if !is_on => return,
            Thinking::Budget => match self.tokens(body) {
                Some(tokens) => json!({"type": "enabled", "budget_tokens": tokens}),
                None => return,
            },
            Thinking::Adaptive(efforts) => match self.tokens(body).filter(|_| self.budget.is_some()) {
                Some(tokens) => json!({"type": "enabled", "budget_tokens": tokens}),
                None => adaptive(effort, efforts, body),
            },
            Thinking::AdaptiveOnly(efforts) => {
                let mut thinking = adaptive(effort, efforts, body);
                thinking["display"] = "summarized".into();
                thinking
            }
        };
        if let Some(display @ ("summarized" | "omitted")) = self.display.as_deref().filter(|_| !is_off) {
            thinking["display"] = display.into();
        }
        params::put(body, &["thinking"], thinking);
    }

    /// The budget; `None` where an answer of the length asked for has no room for any. One that is not given in
    /// tokens leaves a part of that length for the answer itself.
    fn tokens(&self, body: &Map<String, Value>) -> Option<u64> {
        let length = body.get("max_tokens").and_then(Value::as_u64).unwrap_or(u64::MAX);
        let by_effort = || {
            let effort = self.effort.as_deref()?;
            BUDGETS.iter().find(|(word, _)| *word == effort).map(|(_, tokens)| *tokens)
        };
        let (tokens, most) = match self.budget {
            Some(tokens) => (tokens, length.saturating_sub(1)),
            None => (by_effort().unwrap_or(USUAL_BUDGET), length / 4 * 3),
        };
        (most >= LEAST_BUDGET).then(|| tokens.clamp(LEAST_BUDGET, most))
    }
}

/// Thinking at the model's own measure; the effort is said beside it.
fn adaptive(effort: Option<&str>, known: &[&str], body: &mut Map<String, Value>) -> Value {
    if let Some(effort) = effort {
        let next = || NEXT_EFFORT.iter().find(|(word, _)| *word == effort).map(|(_, next)| *next);
        let word = if known.contains(&effort) { effort } else { next().unwrap_or(effort) };
        params::put(body, &["output_config", "effort"], word.into());
    }
    json!({"type": "adaptive"})
}

/// What no model of this format takes; other formats have them, and a person's settings go with the person.
const UNKNOWN: &[&str] = &[
    "seed",
    "n",
    "logprobs",
    "top_logprobs",
    "logit_bias",
    "presence_penalty",
    "frequency_penalty",
    "verbosity",
    // LibreChat's own, which its server does not send either.
    "resendFiles",
    "imageDetail",
    "maxContextTokens",
    "fileTokenLimit",
    "modelLabel",
    "promptPrefix",
];

/// The least `top_p` that is taken beside thinking.
const LEAST_TOP_P: f64 = 0.95;

/// Takes out of a body what the model would refuse the whole request for.
pub fn without_refused(family: &Family, body: &mut Map<String, Value>) {
    for name in UNKNOWN {
        body.shift_remove(*name);
    }
    if thinks(body) {
        body.shift_remove("temperature");
        body.shift_remove("top_k");
        if body.get("top_p").and_then(Value::as_f64).is_some_and(|p| p < LEAST_TOP_P) {
            body.shift_remove("top_p");
        }
        // With thinking no tool can be forced.
        if let Some(choice) = body.get_mut("tool_choice").filter(|choice| forces(choice)) {
            *choice = json!({"type": "auto"});
        }
    }
    let refused: &[&str] = match family.sampling {
        Sampling::Taken => &[],
        Sampling::NotBoth if body.contains_key("temperature") => &["top_p"],
        Sampling::NotBoth => &[],
        Sampling::Refused => &["temperature", "top_p", "top_k"],
    };
    for name in refused {
        body.shift_remove(*name);
    }
}

/// Whether a body asks the model to think.
pub fn thinks(body: &Map<String, Value>) -> bool {
    let kind = body.get("thinking").and_then(|thinking| thinking.get("type")).and_then(Value::as_str);
    kind.is_some_and(|kind| kind != "disabled")
}

/// Whether a body asks the model to think within a budget.
pub fn has_budget(body: &Map<String, Value>) -> bool {
    body.get("thinking").is_some_and(|thinking| thinking["type"] == "enabled")
}

fn forces(choice: &Value) -> bool {
    matches!(choice.get("type").and_then(Value::as_str), Some("any" | "tool"))
}

/// A truth value, also as the command line writes it.
fn boolean(value: &Value) -> Option<bool> {
    value.as_bool().or_else(|| value.as_str()?.parse().ok())
}
