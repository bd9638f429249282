//! What the makers of the models want differently.
//!
//! Bedrock has one form for what all models take, and passes on the rest in each maker's own words. Claude's are
//! those of its own format, so they are looked up there.

use serde_json::{Map, Value, json};

use crate::chat::ModelId;
use crate::providers::anthropic::family::{self, Family, Prefill};
use crate::providers::anthropic::wishes::{self, Wishes};
use crate::providers::params;

/// A maker, as far as it matters.
#[derive(Clone, Copy, Debug)]
pub enum Maker {
    /// Anthropic.
    Claude(&'static Family),
    /// Amazon's first Novas: they think in their text, and marking for the cache costs nothing.
    Nova,
    /// Amazon's second ones, which can be asked to think.
    Nova2,
    /// Everybody else: those who know effort know it by this word.
    Other,
}

/// How the makers' ids are told; ids of profiles and ARNs have them somewhere inside.
const NOVA_2: &str = "amazon.nova-2";
const NOVA: &str = "amazon.nova-";

/// The effort where it is only said that the model shall think.
const USUAL_EFFORT: &str = "medium";

/// Words of effort that Nova knows, and what is meant by the others.
const NOVA_EFFORTS: &[(&str, &str)] = &[
    ("minimal", "low"),
    ("low", "low"),
    ("medium", "medium"),
    ("high", "high"),
    ("xhigh", "high"),
    ("max", "high"),
];

impl Maker {
    /// Whose model this is.
    pub fn of(model: &ModelId) -> Self {
        let id = model.as_str();
        if id.contains("claude") {
            Self::Claude(family::of(model))
        } else if id.contains(NOVA_2) {
            Self::Nova2
        } else if id.contains(NOVA) {
            Self::Nova
        } else {
            Self::Other
        }
    }

    /// Whether an answer may be begun for the model. Most refuse a branch that does not end with the person.
    pub fn prefill(self) -> Prefill {
        match self {
            Self::Claude(family) => family.prefill,
            Self::Nova | Self::Nova2 => Prefill::Taken,
            Self::Other => Prefill::Refused,
        }
    }

    /// Whether marks for the cache are free, so that they are set where nobody said anything.
    pub fn caches_freely(self) -> bool {
        match self {
            Self::Nova => true,
            Self::Claude(_) | Self::Nova2 | Self::Other => false,
        }
    }

    /// Puts thinking and effort among the parameters, in the maker's words, and takes out what it would refuse.
    pub fn think(self, wishes: &Wishes, params: &mut Map<String, Value>) {
        match self {
            Self::Claude(family) => {
                wishes.think(family, params);
                wishes::without_refused(family, params);
            }
            Self::Nova => {}
            Self::Nova2 => {
                if let Some(effort) = wishes.effort_or(USUAL_EFFORT)
                    && let Some((_, word)) = NOVA_EFFORTS.iter().find(|(known, _)| *known == effort)
                {
                    let config = json!({"type": "enabled", "maxReasoningEffort": word});
                    params::put(params, &["reasoningConfig"], config);
                }
            }
            Self::Other => {
                if let Some(effort) = wishes.effort() {
                    params::put(params, &["reasoning_effort"], effort.into());
                }
            }
        }
    }
}
