//! What a request that is not sent yet will use, about: its tokens, the part that the provider should have cached, and
//! the length of the answer.
//!
//! Nobody knows any of this before. The rules, each chosen so that it promises too little rather than too much:
//!
//! - **Cached** is what the provider said it had in its cache at the last answer (read from it, and written to it),
//!   for as long as providers keep that at least: five minutes, or an hour where it was written for an hour. What it
//!   has cached since without a word is not counted.
//! - **Written** to the cache, and priced so, is the rest where the last answer wrote too.
//! - **The answer** is as long as the median of the last answers of the model in the conversation; without one it has
//!   [`USUAL_ANSWER`] tokens. It is never longer than the most that is set.

use std::time::Duration;

use jiff::Timestamp;

use super::{Message, Usage};

/// The tokens of an answer that nothing is known of.
pub const USUAL_ANSWER: u64 = 1000;

/// How many of the last answers tell how long the next one is.
const ANSWERS: usize = 9;

/// How long a provider keeps what it cached, at least: Anthropic's shorter term, OpenAI's and Google's own caching.
const KEPT: Duration = Duration::from_secs(5 * 60);
/// The same, of what was written for an hour.
const KEPT_LONG: Duration = Duration::from_secs(60 * 60);

/// What a provider has of a branch in its cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cached {
    /// Tokens.
    pub tokens: u64,
    /// For how long what is new is written to it, where it is.
    writes: Option<Term>,
    /// Until when it is surely there.
    until: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Term {
    Minutes,
    Hour,
}

impl Cached {
    /// What an answer left there; `None` where nothing was told.
    pub fn by(answer: &Message) -> Option<Self> {
        let provenance = answer.provenance.as_ref()?;
        let usage = &provenance.usage;
        let written = usage.cache_write.unwrap_or(0);
        let tokens = usage.cached_in.unwrap_or(0).saturating_add(written);
        let writes = match (written, usage.cache_write_1h.unwrap_or(0)) {
            (0, _) => None,
            (_, 0) => Some(Term::Minutes),
            (_, _) => Some(Term::Hour),
        };
        let kept = if writes == Some(Term::Hour) { KEPT_LONG } else { KEPT };
        let asked = answer.created.checked_add(kept).ok()?;
        (tokens > 0).then_some(Self { tokens, writes, until: asked })
    }

    /// Whether it is surely there at a moment.
    pub fn is_there(&self, now: Timestamp) -> bool {
        now < self.until
    }
}

/// What a request of so many tokens will use whose answer has so many.
pub fn usage(tokens_in: u64, cached: Option<Cached>, tokens_out: u64) -> Usage {
    let read = cached.map(|cached| cached.tokens.min(tokens_in));
    let rest = tokens_in - read.unwrap_or(0);
    let writes = cached.and_then(|cached| cached.writes);
    Usage {
        tokens_in: Some(tokens_in),
        tokens_out: Some(tokens_out),
        cached_in: read,
        cache_write: writes.map(|_| rest),
        cache_write_1h: writes.filter(|term| *term == Term::Hour).map(|_| rest),
        reasoning_out: None,
        told_cost: None,
        estimated: true,
    }
}

/// How long the next answer is, by those before it, the last one first; `most` is the most that is set, or 0.
pub fn answer(before: impl IntoIterator<Item = u64>, most: u64) -> u64 {
    let mut lengths: Vec<u64> = before.into_iter().take(ANSWERS).collect();
    lengths.sort_unstable();
    let usual = lengths.get(lengths.len() / 2).copied().unwrap_or(USUAL_ANSWER);
    if most > 0 { usual.min(most) } else { usual }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::{MessageId, Provenance, Role, Status};

    fn answered(usage: Usage) -> Message {
        Message {
            id: MessageId(uuid::Uuid::nil()),
            parent: None,
            role: Role::Assistant,
            parts: Vec::new(),
            status: Status::Complete,
            route: None,
            provenance: Some(Provenance { usage, ..Provenance::default() }),
            created: Timestamp::UNIX_EPOCH,
        }
    }

    fn minutes(count: u64) -> Timestamp {
        Timestamp::UNIX_EPOCH + Duration::from_secs(60 * count)
    }

    #[test]
    fn cached_is_what_the_provider_told_of_and_for_as_long_as_it_keeps_it() {
        let told = |cached_in, cache_write, cache_write_1h| {
            Cached::by(&answered(Usage { cached_in, cache_write, cache_write_1h, ..Usage::default() }))
        };
        assert_eq!(told(None, None, None), None);
        assert_eq!(told(Some(0), Some(0), None), None);
        let read = told(Some(512), None, None).unwrap();
        assert_eq!((read.tokens, read.is_there(minutes(4)), read.is_there(minutes(5))), (512, true, false));
        let written = told(Some(512), Some(100), Some(100)).unwrap();
        assert_eq!((written.tokens, written.is_there(minutes(59))), (612, true));
        let used = usage(1000, Some(written), 50);
        assert_eq!(
            (used.cached_in, used.cache_write, used.cache_write_1h),
            (Some(612), Some(388), Some(388))
        );
        // A shorter request than the last one reads no more than it has.
        assert_eq!(usage(10, Some(read), 50).cached_in, Some(10));
        assert_eq!((usage(10, None, 5).cached_in, usage(10, None, 5).cache_write), (None, None));
    }

    #[test]
    fn an_answer_is_as_long_as_the_median_of_the_last_ones_and_no_longer_than_is_set() {
        assert_eq!(answer([], 0), USUAL_ANSWER);
        assert_eq!(answer([], 300), 300);
        assert_eq!(answer([10, 5000, 30], 0), 30);
        assert_eq!(answer([10, 5000, 30], 20), 20);
        let many = std::iter::repeat_n(7, ANSWERS).chain(std::iter::repeat_n(900, 50));
        assert_eq!(answer(many, 0), 7);
    }
}
