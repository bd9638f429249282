//! What models want differently, as rows.
//!
//! The ids of one model differ by where it is asked: `claude-3-5-sonnet-20241022`, `claude-sonnet-4@20250514`,
//! `anthropic/claude-opus-4.1`, `us.anthropic.claude-opus-4-7-v1:0`. All have the version in two small numbers,
//! and what a model takes follows the version, so a row says from which one on it holds.

use crate::chat::ModelId;

/// What a family of models wants.
#[derive(Debug)]
pub struct Family {
    /// The first version of which it is true.
    since: Version,
    /// The length that is asked for where nobody said one. It is required, and far below what the newer ones can
    /// give: up to 4.1 the prompt and this have to fit the window together.
    pub max_tokens: u64,
    pub thinking: Thinking,
    pub sampling: Sampling,
    pub prefill: Prefill,
    pub caching: Caching,
}

/// How a family is asked to think.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thinking {
    /// It cannot.
    Never,
    /// With a budget of tokens.
    Budget,
    /// As much as it finds right, by effort; a budget is taken too.
    Adaptive(Efforts),
    /// By effort and no other way, and it shows its thoughts only when asked to.
    AdaptiveOnly(Efforts),
}

/// The words of effort that a family knows, from the least.
type Efforts = &'static [&'static str];

/// Which sampling parameters are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampling {
    Taken,
    /// `temperature` or `top_p`, not both.
    NotBoth,
    Refused,
}

/// Whether an answer may be begun for the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefill {
    Taken,
    Refused,
}

/// Whether a request's beginning can be marked for the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caching {
    ByMark,
    Unknown,
}

type Version = (u32, u32);

/// The families of Claude, newest first: the first that is not newer than the model is meant.
const FAMILIES: &[Family] = &[
    Family {
        since: (4, 7),
        max_tokens: 64_000,
        thinking: Thinking::AdaptiveOnly(&["low", "medium", "high", "xhigh", "max"]),
        sampling: Sampling::Refused,
        prefill: Prefill::Refused,
        caching: Caching::ByMark,
    },
    Family {
        since: (4, 6),
        max_tokens: 64_000,
        thinking: Thinking::Adaptive(&["low", "medium", "high", "max"]),
        sampling: Sampling::NotBoth,
        prefill: Prefill::Refused,
        caching: Caching::ByMark,
    },
    Family {
        since: (4, 5),
        max_tokens: 64_000,
        thinking: Thinking::Budget,
        sampling: Sampling::NotBoth,
        prefill: Prefill::Taken,
        caching: Caching::ByMark,
    },
    Family {
        since: (4, 1),
        max_tokens: 32_000,
        thinking: Thinking::Budget,
        sampling: Sampling::NotBoth,
        prefill: Prefill::Taken,
        caching: Caching::ByMark,
    },
    Family {
        since: (3, 7),
        max_tokens: 32_000,
        thinking: Thinking::Budget,
        sampling: Sampling::Taken,
        prefill: Prefill::Taken,
        caching: Caching::ByMark,
    },
    Family {
        since: (3, 5),
        max_tokens: 8_192,
        thinking: Thinking::Never,
        sampling: Sampling::Taken,
        prefill: Prefill::Taken,
        caching: Caching::ByMark,
    },
    OLDEST,
];

const OLDEST: Family = Family {
    since: (0, 0),
    max_tokens: 4_096,
    thinking: Thinking::Never,
    sampling: Sampling::Taken,
    prefill: Prefill::Taken,
    caching: Caching::ByMark,
};

/// Whatever else a gateway offers in this format.
const FOREIGN: Family = Family {
    since: (0, 0),
    max_tokens: 8_192,
    thinking: Thinking::Budget,
    sampling: Sampling::Taken,
    prefill: Prefill::Taken,
    caching: Caching::Unknown,
};

/// What a model wants. A Claude without a version is taken for the newest.
pub fn of(model: &ModelId) -> &'static Family {
    let id = model.as_str().to_ascii_lowercase();
    let Some(at) = id.find("claude") else { return &FOREIGN };
    let version = version(&id[at..]);
    FAMILIES.iter().find(|family| version.is_none_or(|version| family.since <= version)).unwrap_or(&OLDEST)
}

/// The first one or two numbers of an id that are no date.
fn version(id: &str) -> Option<Version> {
    let mut numbers = id
        .split(|c: char| !c.is_ascii_alphanumeric())
        .map(|word| word.parse::<u32>().ok().filter(|_| word.len() <= 2))
        .skip_while(Option::is_none);
    let major = numbers.next().flatten()?;
    Some((major, numbers.next().flatten().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_models_version_is_read_from_its_id_wherever_it_is_asked() {
        for (id, since) in [
            ("claude-3-haiku-20240307", (0, 0)),
            ("claude-2.1", (0, 0)),
            ("claude-3-5-sonnet-20241022", (3, 5)),
            ("anthropic/claude-3.7-sonnet:thinking", (3, 7)),
            ("claude-3-7-sonnet@20250219", (3, 7)),
            ("claude-sonnet-4-20250514", (3, 7)),
            ("claude-opus-4-0", (3, 7)),
            ("claude-4-sonnet", (3, 7)),
            ("anthropic/claude-opus-4.1", (4, 1)),
            ("us.anthropic.claude-haiku-4-5-20251001-v1:0", (4, 5)),
            ("Claude-Sonnet-4-6", (4, 6)),
            ("claude-opus-4-7", (4, 7)),
            ("claude-opus-4-10", (4, 7)),
            ("claude-sonnet-5", (4, 7)),
            ("claude-latest", (4, 7)),
        ] {
            let family = of(&id.into());
            assert_eq!((family.since, family.caching), (since, Caching::ByMark), "{id}");
        }
        assert_eq!(of(&"gpt-4o".into()).caching, Caching::Unknown);
    }
}
