//! How hard a model is told to think: by a budget of tokens, by a level, or not at all.
//!
//! Gemini 2.5 knows budgets, everything after it levels, and each family has its own bounds: some cannot stop
//! thinking. Thoughts are shown wherever a model thinks.

use serde_json::{Map, Value};

use crate::chat::{ChatRequest, ModelId};
use crate::config::Endpoint;
use crate::providers::params;

/// What a family of models wants.
#[derive(Debug)]
pub struct Family {
    /// How its ids begin, after any `maker/`.
    prefixes: &'static [&'static str],
    /// What its ids hold besides; empty where nothing.
    holds: &'static str,
    /// How it is told to think.
    pub thinking: Thinking,
    /// Where the system prompt goes.
    pub system: System,
}

/// How a family is told to think.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thinking {
    /// Not at all: it does not, or cannot be told.
    Untold,
    /// By `thinkingBudget`: the least that stands for "off", and whether it thinks unless told otherwise.
    Budget {
        /// The budget that comes nearest to none.
        least: u64,
        /// What it does when nothing is said.
        unasked: Unasked,
    },
    /// By `thinkingLevel`: the levels that it knows, in rising order.
    Level(&'static [&'static str]),
}

/// What a model does when nothing is said about thinking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unasked {
    /// It thinks.
    Thinks,
    /// It answers at once, or nobody knows.
    Rests,
}

/// Where the system prompt goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// `systemInstruction`.
    Instruction,
    /// The first thing that the user says: the model refuses the field.
    FirstWords,
}

const ALL_LEVELS: &[&str] = &["minimal", "low", "medium", "high"];

/// Families in the order in which they are asked: the first that matches is meant.
const FAMILIES: &[Family] = &[
    Family { prefixes: &["gemma"], holds: "", thinking: Thinking::Untold, system: System::FirstWords },
    of(&["gemini-"], "-image", Thinking::Untold),
    of(&["gemini-"], "-tts", Thinking::Untold),
    of(&["gemini-1", "gemini-2.0"], "", Thinking::Untold),
    of(&["gemini-2.5-pro"], "", Thinking::Budget { least: 128, unasked: Unasked::Thinks }),
    of(&["gemini-2.5-flash-lite"], "", Thinking::Budget { least: 0, unasked: Unasked::Rests }),
    of(
        &["gemini-2.5", "gemini-flash-latest", "gemini-pro-latest"],
        "",
        Thinking::Budget { least: 0, unasked: Unasked::Thinks },
    ),
    of(&["gemini-flash-lite-latest"], "", Thinking::Budget { least: 0, unasked: Unasked::Rests }),
    of(&["gemini-3-pro"], "", Thinking::Level(&["low", "high"])),
    of(&["gemini-"], "-pro", Thinking::Level(&["low", "medium", "high"])),
    of(&["gemini-"], "", Thinking::Level(ALL_LEVELS)),
];

/// What nothing is known of: a gateway's name for a model. Newer models understand budgets too.
const UNKNOWN: Family = of(&[], "", Thinking::Budget { least: 0, unasked: Unasked::Rests });

const fn of(prefixes: &'static [&'static str], holds: &'static str, thinking: Thinking) -> Family {
    Family { prefixes, holds, thinking, system: System::Instruction }
}

/// What an effort comes to: its budget, and its level. Google's own table, for the OpenAI face of the same
/// models, with its gaps filled.
const EFFORTS: &[(&str, u64, &str)] = &[
    ("none", 0, "minimal"),
    ("off", 0, "minimal"),
    ("minimal", 512, "minimal"),
    ("low", 1024, "low"),
    ("medium", 8192, "medium"),
    ("high", 24_576, "high"),
    ("xhigh", 24_576, "high"),
    ("max", 24_576, "high"),
];

/// The family of a model, after `models/` or a maker's name.
pub fn family(model: &ModelId) -> &'static Family {
    let id = model.as_str().rsplit('/').next().unwrap_or_default();
    FAMILIES
        .iter()
        .find(|family| {
            family.prefixes.iter().any(|prefix| id.starts_with(prefix)) && id.contains(family.holds)
        })
        .unwrap_or(&UNKNOWN)
}

/// Puts what is asked about thinking among the parameters, under Google's names: the effort, LibreChat's
/// `thinking` switch, and that thoughts are shown.
pub fn settle(chat: &ChatRequest, endpoint: &Endpoint, family: &Family, params: &mut Map<String, Value>) {
    let effort = params::effort(chat, params).map(|effort| effort.to_ascii_lowercase());
    let switch = params.shift_remove(SWITCH);
    let switch = endpoint.add_params.get(SWITCH).or(switch.as_ref()).and_then(Value::as_bool);
    // LibreChat's presets write "not set" so.
    if params.get(LEVEL).is_some_and(|level| level == "") {
        params.shift_remove(LEVEL);
    }
    let is_off =
        switch == Some(false) || effort.as_deref().is_some_and(|effort| ["none", "off"].contains(&effort));
    let effort = if is_off { Some("none".to_owned()) } else { effort };
    if endpoint.drop_params.iter().any(|name| name == SWITCH) || family.thinking == Thinking::Untold {
        return;
    }
    if let Some(effort) = &effort {
        params.shift_remove(BUDGET);
        params.shift_remove(LEVEL);
        let (name, value) = told(effort, family.thinking);
        params.insert(name.into(), value);
    }
    let thinks_unasked = match family.thinking {
        Thinking::Untold => false,
        Thinking::Budget { unasked, .. } => unasked == Unasked::Thinks,
        Thinking::Level(_) => true,
    };
    let is_asked = switch == Some(true) || params.contains_key(BUDGET) || params.contains_key(LEVEL);
    let is_on = !is_off && params.get(BUDGET).is_none_or(|budget| budget != 0);
    if is_on && (is_asked || thinks_unasked) {
        params.entry(SHOWN).or_insert(true.into());
    }
}

/// Google refuses a level beside a budget: the one that the family knows stays.
pub fn choose(family: &Family, config: &mut Map<String, Value>) {
    if config.contains_key(BUDGET) && config.contains_key(LEVEL) {
        match family.thinking {
            Thinking::Level(_) => config.shift_remove(BUDGET),
            Thinking::Budget { .. } | Thinking::Untold => config.shift_remove(LEVEL),
        };
    }
}

/// LibreChat's switch, which Google does not know.
pub const SWITCH: &str = "thinking";
const BUDGET: &str = "thinkingBudget";
const LEVEL: &str = "thinkingLevel";
const SHOWN: &str = "includeThoughts";

/// The parameter that tells a family this effort. A number is a budget; a word that nobody knows is told as
/// it is, so that the provider says what it thinks of it.
fn told(effort: &str, thinking: Thinking) -> (&'static str, Value) {
    if let Ok(budget) = effort.parse::<i64>() {
        return (BUDGET, budget.into());
    }
    if ["dynamic", "auto"].contains(&effort) {
        return (BUDGET, (-1).into());
    }
    let Some((_, budget, level)) = EFFORTS.iter().find(|(name, ..)| *name == effort) else {
        return (LEVEL, effort.into());
    };
    match thinking {
        Thinking::Level(levels) => (LEVEL, nearest(level, levels).into()),
        Thinking::Budget { least, .. } => (BUDGET, (*budget).max(least).into()),
        Thinking::Untold => (BUDGET, (*budget).into()),
    }
}

/// The level that a model has for this one: itself, else the next above it, else its highest.
fn nearest(level: &str, levels: &'static [&'static str]) -> &'static str {
    let rank = |level: &str| ALL_LEVELS.iter().position(|known| *known == level);
    levels.iter().find(|known| rank(known) >= rank(level)).or(levels.last()).copied().unwrap_or_default()
}
