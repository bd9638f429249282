//! What families of models want differently on OpenAI's formats, whoever serves them.

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
    /// What the length limit is called in a chat.
    pub limit: &'static str,
    /// Parameters that are refused.
    refused: Refused,
    /// Whether its models reason.
    pub reasoning: Reasoning,
}

/// Where the system prompt goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SystemRole {
    /// Where it always went.
    System,
    /// The newer name of it.
    Developer,
    /// The model refuses any role but user and assistant.
    User,
}

/// Which parameters a family refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refused {
    /// These.
    Always(&'static [&'static str]),
    /// These, unless reasoning is switched off.
    Reasoning(&'static [&'static str]),
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
        limit: "max_completion_tokens",
        refused: Refused::Always(SAMPLING),
        reasoning: Reasoning::Always,
    },
    Family {
        prefixes: &["o1", "o3", "o4"],
        except: &[],
        system: SystemRole::Developer,
        limit: "max_completion_tokens",
        refused: Refused::Always(SAMPLING),
        reasoning: Reasoning::Always,
    },
    Family {
        prefixes: &["gpt-5."],
        except: &["-chat"],
        system: SystemRole::Developer,
        limit: "max_completion_tokens",
        refused: Refused::Reasoning(SAMPLING),
        reasoning: Reasoning::Always,
    },
    Family {
        prefixes: &["gpt-5"],
        except: &["-chat"],
        system: SystemRole::Developer,
        limit: "max_completion_tokens",
        refused: Refused::Always(SAMPLING),
        reasoning: Reasoning::Always,
    },
    Family {
        prefixes: &["gpt-5"],
        except: &[],
        system: SystemRole::System,
        limit: "max_completion_tokens",
        refused: Refused::Always(&[]),
        reasoning: Reasoning::Never,
    },
    // Those that search answer as the search wants.
    Family {
        prefixes: &["gpt-4o-search", "gpt-4o-mini-search"],
        except: &[],
        system: SystemRole::System,
        limit: "max_tokens",
        refused: Refused::Always(SAMPLING),
        reasoning: Reasoning::Never,
    },
    Family {
        prefixes: &["grok-4", "grok-3-mini", "grok-code"],
        except: &["non-reasoning"],
        system: SystemRole::System,
        limit: "max_tokens",
        refused: Refused::Always(&["presence_penalty", "frequency_penalty", "stop"]),
        reasoning: Reasoning::Always,
    },
];

/// What OpenAI's reasoning families refuse.
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
        let refused = match self.refused {
            Refused::Always(names) => names,
            Refused::Reasoning(_) if effort == Some("none") => &[],
            Refused::Reasoning(names) => names,
        };
        for name in refused {
            params.shift_remove(*name);
        }
    }
}
