//! Thinking and effort, which every maker's models are asked for in other words.

use serde_json::{Map, Value, json};

use crate::chat::{ChatRequest, ModelId};
use crate::providers::params;

/// How a maker's models are asked to think.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// With a budget of tokens.
    Budget,
    /// As much as the model finds right, by effort.
    Adaptive,
    /// Nova's own words.
    Nova,
    /// A word of effort and nothing else.
    Effort,
}

/// Parts of ids, in the order in which they are asked; the rest takes a word of effort.
const WAYS: &[(&str, Way)] = &[
    ("anthropic.claude-opus-4-6", Way::Adaptive),
    ("anthropic.claude-opus-4-7", Way::Adaptive),
    ("anthropic.claude-sonnet-4-6", Way::Adaptive),
    ("anthropic.", Way::Budget),
    ("amazon.nova-2", Way::Nova),
];

/// What an effort comes to where a budget is asked for.
const BUDGETS: &[(&str, u64)] = &[
    ("minimal", 1_024),
    ("low", 2_048),
    ("medium", 8_192),
    ("high", 16_384),
    ("xhigh", 24_576),
    ("max", 31_744),
];

/// The budget where it is only said that the model shall think; LibreChat's.
const USUAL_BUDGET: u64 = 2_000;

/// The least budget that is taken.
const LEAST_BUDGET: u64 = 1_024;

/// What is wished for.
#[derive(Debug)]
pub struct Wishes {
    thinking: Option<bool>,
    budget: Option<u64>,
    effort: Option<String>,
}

impl Wishes {
    /// Takes the wishes out of a request's parameters. A `thinking` that is the model's own object stays there.
    pub fn take(chat: &ChatRequest, params: &mut Map<String, Value>) -> Self {
        let effort = params::effort(chat, params);
        let thinking = params.get("thinking").and_then(Value::as_bool);
        if thinking.is_some() {
            params.shift_remove("thinking");
        }
        let budget = params.shift_remove("thinkingBudget").and_then(|budget| budget.as_u64());
        Self { thinking, budget, effort }
    }

    /// Puts them into a body as the model wants them.
    pub fn lay(&self, model: &ModelId, body: &mut Map<String, Value>) {
        let way = WAYS.iter().find(|(part, _)| model.as_str().contains(part)).map(|(_, way)| *way);
        let effort = self.effort.as_deref();
        let is_off = self.thinking == Some(false) || effort == Some("none");
        let is_on = self.thinking == Some(true) || self.budget.is_some() || effort.is_some();
        match way.unwrap_or(Way::Effort) {
            Way::Budget | Way::Adaptive | Way::Nova if is_off || !is_on => {}
            Way::Adaptive if self.budget.is_none() => {
                params::put(body, &["thinking"], json!({"type": "adaptive"}));
                if let Some(effort) = effort {
                    params::put(body, &["output_config", "effort"], effort.into());
                }
            }
            Way::Budget | Way::Adaptive => {
                let Some(tokens) = self.tokens(body) else { return };
                params::put(body, &["thinking"], json!({"type": "enabled", "budget_tokens": tokens}));
            }
            Way::Nova => {
                let effort = effort.unwrap_or("medium");
                let config = json!({"type": "enabled", "maxReasoningEffort": effort});
                params::put(body, &["reasoningConfig"], config);
            }
            Way::Effort => {
                if let Some(effort) = effort {
                    params::put(body, &["reasoning_effort"], effort.into());
                }
            }
        }
        if body.contains_key("thinking") {
            without_refused(body);
        }
    }

    /// The budget; `None` where an answer of the length asked for has no room for any.
    fn tokens(&self, body: &Map<String, Value>) -> Option<u64> {
        let by_effort = || {
            let effort = self.effort.as_deref()?;
            BUDGETS.iter().find(|(word, _)| *word == effort).map(|(_, tokens)| *tokens)
        };
        let tokens = self.budget.or_else(by_effort).unwrap_or(USUAL_BUDGET);
        let most = body.get("inferenceConfig").and_then(|config| config["maxTokens"].as_u64());
        let most = most.map_or(u64::MAX, |most| most.saturating_sub(1));
        (most >= LEAST_BUDGET).then(|| tokens.clamp(LEAST_BUDGET, most))
    }
}

/// Takes out what Claude refuses beside thinking.
fn without_refused(body: &mut Map<String, Value>) {
    body.shift_remove("top_k");
    if let Some(config) = body.get_mut("inferenceConfig").and_then(Value::as_object_mut) {
        config.shift_remove("temperature");
        if config.is_empty() {
            body.shift_remove("inferenceConfig");
        }
    }
}
