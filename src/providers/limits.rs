//! What an answer's headers say is left of what the provider allows.
//!
//! Everybody has names of their own for the same four numbers, and a form of their own for the time: a duration as
//! Go writes it, seconds, milliseconds since 1970, a date. A table holds the names; one reader takes all forms.

use std::time::Duration;

use http::HeaderMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What is left of one thing that is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    /// How much there is when it is full, where it is told.
    pub limit: Option<u64>,
    /// How much is left.
    pub remaining: u64,
    /// How long until it is full again, where it is told.
    pub resets: Option<Duration>,
}

/// What is left, of requests and of tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateLimits {
    /// Of requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<Allowance>,
    /// Of tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<Allowance>,
}

/// The headers of one count: what there is, what is left, when it is full again.
type Names = [&'static str; 3];

const REQUESTS: &[Names] = &[
    ["x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"],
    [
        "anthropic-ratelimit-requests-limit",
        "anthropic-ratelimit-requests-remaining",
        "anthropic-ratelimit-requests-reset",
    ],
    // OpenRouter, and whoever counts nothing but requests.
    ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"],
    ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"],
];

const TOKENS: &[Names] = &[
    ["x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"],
    [
        "anthropic-ratelimit-tokens-limit",
        "anthropic-ratelimit-tokens-remaining",
        "anthropic-ratelimit-tokens-reset",
    ],
];

/// How LiteLLM names its upstream's headers.
const PASSED_ON: &str = "llm_provider-";

/// A number of seconds above this is a time, in milliseconds since 1970.
const LEAST_EPOCH_MILLIS: f64 = 1e11;
/// The same in seconds.
const LEAST_EPOCH: f64 = 1e9;

impl RateLimits {
    /// What the headers of an answer say. Times in them count from the answer's own `Date` where it has one, since
    /// the clock of this machine may be wrong; else from `now`.
    pub fn told(headers: &HeaderMap, now: Timestamp) -> Self {
        // Most servers tell nothing of the kind.
        if !headers.keys().any(|name| name.as_str().contains("ratelimit")) {
            return Self::default();
        }
        let now = header(headers, "date")
            .and_then(|date| httpdate::parse_http_date(date).ok())
            .and_then(|date| Timestamp::try_from(date).ok())
            .unwrap_or(now);
        let find = |table: &[Names]| table.iter().find_map(|names| allowance(headers, names, now));
        Self { requests: find(REQUESTS), tokens: find(TOKENS) }
    }

    /// Whether nothing was told.
    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }

    /// Whether less than a tenth of something is left: what others should know before they ask.
    pub fn is_tight(&self) -> bool {
        [self.requests, self.tokens].into_iter().flatten().any(|allowance| {
            allowance.limit.map_or(allowance.remaining == 0, |limit| allowance.remaining <= limit / 10)
        })
    }
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

fn allowance(headers: &HeaderMap, [limit, remaining, reset]: &Names, now: Timestamp) -> Option<Allowance> {
    let told = |name: &str| header(headers, name).or_else(|| header(headers, &format!("{PASSED_ON}{name}")));
    // Some count in fractions; what is not whole is not there to be used.
    let number = |name: &str| told(name)?.parse::<f64>().ok().filter(|n| *n >= 0.0).map(|n| n as u64);
    Some(Allowance {
        limit: number(limit),
        remaining: number(remaining)?,
        resets: told(reset).and_then(|text| until(text, now)),
    })
}

/// How long it is until a time, in any of the forms it is told in.
fn until(text: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(number) = text.parse::<f64>() {
        let epoch = now.as_millisecond() as f64 / 1000.0;
        let seconds = match number {
            LEAST_EPOCH_MILLIS.. => (number / 1000.0 - epoch).max(0.0),
            LEAST_EPOCH.. => (number - epoch).max(0.0),
            _ => number,
        };
        return Duration::try_from_secs_f64(seconds).ok();
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(Duration::try_from(at.duration_since(now)).unwrap_or_default());
    }
    go_duration(text)
}

/// A duration as Go writes it: `1m30.5s`, `2h0m0s`, `12ms`.
fn go_duration(text: &str) -> Option<Duration> {
    const UNITS: &[(&str, f64)] =
        &[("h", 3600.0), ("m", 60.0), ("s", 1.0), ("ms", 1e-3), ("us", 1e-6), ("µs", 1e-6), ("ns", 1e-9)];
    let mut rest = text;
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let unit = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at(unit);
        let end = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(end);
        let (_, in_seconds) = UNITS.iter().find(|(name, _)| *name == unit)?;
        seconds += number.parse::<f64>().ok()? * in_seconds;
        rest = after;
    }
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::testing;

    fn told(pairs: &[(&str, &str)]) -> RateLimits {
        RateLimits::told(&testing::headers(pairs), "2026-11-21T05:00:00Z".parse().unwrap())
    }

    fn allowance(limit: Option<u64>, remaining: u64, resets_ms: Option<u64>) -> Option<Allowance> {
        Some(Allowance { limit, remaining, resets: resets_ms.map(Duration::from_millis) })
    }

    #[test]
    fn every_way_to_tell_a_reset_is_read() {
        for (reset, millis) in [
            ("12ms", Some(12)),
            ("6s", Some(6_000)),
            ("1m30.5s", Some(90_500)),
            ("2h0m0s", Some(7_200_000)),
            ("7.66s", Some(7_660)),
            ("59", Some(59_000)),
            ("0.5", Some(500)),
            ("1795237210000", Some(10_000)),
            ("1795237210", Some(10_000)),
            ("2026-11-21T05:01:00Z", Some(60_000)),
            ("2026-11-21T04:01:00Z", Some(0)),
            ("soon", None),
            ("3 parsecs", None),
            ("-1", None),
            ("", Some(0)),
        ] {
            let headers = [("x-ratelimit-remaining-requests", "3"), ("x-ratelimit-reset-requests", reset)];
            assert_eq!(told(&headers).requests, allowance(None, 3, millis), "{reset}");
        }
    }

    #[test]
    fn requests_and_tokens_are_read_under_the_names_of_each_provider() {
        let openai = told(&[
            ("x-ratelimit-limit-requests", "500"),
            ("x-ratelimit-remaining-requests", "499"),
            ("x-ratelimit-reset-requests", "120ms"),
            ("x-ratelimit-limit-tokens", "30000"),
            ("x-ratelimit-remaining-tokens", "0"),
            ("x-ratelimit-reset-tokens", "6s"),
        ]);
        let expected = RateLimits {
            requests: allowance(Some(500), 499, Some(120)),
            tokens: allowance(Some(30_000), 0, Some(6_000)),
        };
        assert_eq!(openai, expected);
        assert!(openai.is_tight());
        let anthropic = told(&[
            ("date", "Sat, 21 Nov 2026 04:59:50 GMT"),
            ("anthropic-ratelimit-requests-limit", "50"),
            ("anthropic-ratelimit-requests-remaining", "49"),
            ("anthropic-ratelimit-requests-reset", "2026-11-21T05:00:00Z"),
        ]);
        assert_eq!(anthropic.requests, allowance(Some(50), 49, Some(10_000)));
        let gateway = told(&[("llm_provider-x-ratelimit-remaining-tokens", "7")]);
        assert_eq!(gateway, RateLimits { requests: None, tokens: allowance(None, 7, None) });
        assert_eq!(told(&[("x-ratelimit-remaining-requests", "many")]), RateLimits::default());
    }
}
