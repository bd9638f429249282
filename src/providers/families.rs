//! What families of OpenAI's models want differently, whoever serves them.

use serde_json::{Map, Value};

use crate::chat::ModelId;

/// What a family of models wants.
#[derive(Debug)]
pub struct Family {
    /// How its ids begin, after any `maker/`.
    prefixes: &'static [&'static str],
    /// Ids that hold one of these are not of the family after all.
    except: &'static [&'static str],
    /// Where the system prompt goes.
    pub system: SystemRole,
    /// Whether sampling parameters are taken.
    pub sampling: Sampling,
    /// Whether its models reason.
    pub reasoning: Reasoning,
}

/// Where the system prompt goes. A family that is listed also wants `max_completion_tokens`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SystemRole {
    /// Where it always went.
    System,
    /// The newer name of it.
    Developer,
    /// The model refuses any role but user and assistant.
    User,
}

/// Whether sampling parameters are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampling {
    /// They are.
    Taken,
    /// They are not.
    Refused,
    /// Only where reasoning is switched off.
    WithoutReasoning,
}

/// Whether a family's models reason, and so have thoughts to tell and to be given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reasoning {
    /// They do.
    Always,
    /// They do not.
    Never,
}

/// Families in the order in which they are asked: the first that matches is meant.
const FAMILIES: &[Family] = &[
    Family {
        prefixes: &["o1-mini", "o1-preview"],
        except: &[],
        system: SystemRole::User,
        sampling: Sampling::Refused,
        reasoning: Reasoning::Always,
    },
    Family {
        prefixes: &["o1", "o3", "o4"],
        except: &[],
        system: SystemRole::Developer,
        sampling: Sampling::Refused,
        reasoning: Reasoning::Always,
    },
    Family {
        prefixes: &["gpt-5."],
        except: &["-chat"],
        system: SystemRole::Developer,
        sampling: Sampling::WithoutReasoning,
        reasoning: Reasoning::Always,
    },
    Family {
        prefixes: &["gpt-5"],
        except: &["-chat"],
        system: SystemRole::Developer,
        sampling: Sampling::Refused,
        reasoning: Reasoning::Always,
    },
    Family {
        prefixes: &["gpt-5"],
        except: &[],
        system: SystemRole::System,
        sampling: Sampling::Taken,
        reasoning: Reasoning::Never,
    },
];

/// What reasoning families refuse.
const SAMPLING: &[&str] = &[
    "temperature",
    "top_p",
    "presence_penalty",
    "frequency_penalty",
    "logprobs",
    "top_logprobs",
    "logit_bias",
    "n",
    "stop",
];

/// The family that a model is of, by its id.
pub fn family(model: &ModelId) -> Option<&'static Family> {
    let id = model.as_str().rsplit('/').next().unwrap_or_default();
    FAMILIES.iter().find(|family| {
        family.prefixes.iter().any(|prefix| id.starts_with(prefix))
            && !family.except.iter().any(|part| id.contains(part))
    })
}

impl Family {
    /// Takes away what the family refuses at this effort.
    pub fn take_refused(&self, effort: Option<&str>, params: &mut Map<String, Value>) {
        let is_refused = match self.sampling {
            Sampling::Taken => false,
            Sampling::Refused => true,
            Sampling::WithoutReasoning => effort != Some("none"),
        };
        if is_refused {
            for name in SAMPLING {
                params.shift_remove(*name);
            }
        }
    }
}
