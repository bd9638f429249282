//! What is known of one route, put together for whoever wants to read it.

use std::time::Duration;

use jiff::Timestamp;

use super::{Allowance, Circuit, Health, Scope, Span, Trouble};
use crate::chat::Route;
use crate::providers::limits::RateLimits;

/// What is known of a route.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Whether it is asked.
    pub circuit: Circuit,
    /// Until when its provider asked that it be left alone.
    pub told: Option<Timestamp>,
    /// Failures in a row.
    pub failures: u32,
    /// The last one.
    pub trouble: Option<Trouble>,
    /// How long its answers took to begin; `None` where none did of late.
    pub ttft: Option<Ttft>,
    /// Requests on their way to it.
    pub in_flight: u32,
    /// What its provider said is left and not used since; what is full again by now is left out.
    pub left: RateLimits,
    /// When its key was refused, where no request with it worked since.
    pub refused: Option<Timestamp>,
}

/// How long answers of a route took to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ttft {
    /// The median.
    pub median: Duration,
    /// Of how many.
    pub samples: usize,
}

/// What was asked within a minute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Requests.
    pub requests: u32,
    /// Tokens, in and out.
    pub tokens: u64,
}

impl Health {
    /// What is known of a route.
    pub fn known(&self, route: &Route, now: Timestamp) -> Known {
        let known = self.of(route);
        let key = Scope::key_of(route);
        Known {
            circuit: self.circuit(route, now),
            told: self.told(route, now),
            failures: known.map_or(0, |known| known.failures),
            trouble: known.and_then(|known| known.trouble),
            ttft: self.ttft(route, now),
            in_flight: self.in_flight(&Scope::Route(route.clone()), now),
            left: self.left(route, now),
            refused: self.refused.iter().find(|refused| key.holds(&refused.route)).map(|refused| refused.at),
        }
    }

    /// What was asked of these routes within the last minute.
    pub fn used(&self, scope: &Scope, now: Timestamp) -> Used {
        let recent = self.recent.iter().filter(|spent| scope.holds(&spent.route));
        let recent = recent.filter(|spent| Span::new(spent.at, super::MINUTE).holds(now));
        recent.fold(Used::default(), |used, spent| Used {
            requests: used.requests + 1,
            tokens: used.tokens + spent.tokens,
        })
    }

    fn ttft(&self, route: &Route, now: Timestamp) -> Option<Ttft> {
        let took = self.of(route)?.answers(now);
        let (low, high) = (took.get(took.len().checked_sub(1)? / 2)?, took.get(took.len() / 2)?);
        Some(Ttft { median: (*low + *high) / 2, samples: took.len() })
    }

    fn left(&self, route: &Route, now: Timestamp) -> RateLimits {
        let Some(known) = self.of(route) else { return RateLimits::default() };
        let since = self.recent.iter().filter(|spent| spent.route == *route && spent.at > known.limits_at);
        let (requests, tokens) = since.fold((0, 0), |(n, sum), spent| (n + 1, sum + spent.tokens));
        let left = |told: Option<Allowance>, taken: u64| {
            let told = told?;
            let resets = match told.resets {
                Some(resets) => {
                    let span = Span::new(known.limits_at, resets);
                    let left = span.holds(now).then(|| span.until().duration_since(now))?;
                    Some(left.try_into().unwrap_or_default())
                }
                None => None,
            };
            Some(Allowance { remaining: told.remaining.saturating_sub(taken), resets, ..told })
        };
        RateLimits {
            requests: left(known.limits.requests, requests),
            tokens: left(known.limits.tokens, tokens),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::ErrorKind;
    use crate::router::health::{Ended, Ending, Outcome};
    use crate::router::testing::{at, began, broken, ended, health, route};

    const NOTHING: Known = Known {
        circuit: Circuit::Closed,
        told: None,
        failures: 0,
        trouble: None,
        ttft: None,
        in_flight: 0,
        left: RateLimits { requests: None, tokens: None },
        refused: None,
    };

    #[test]
    fn of_a_route_that_nobody_asked_nothing_is_known() {
        assert_eq!(Health::default().known(&route("A"), at(0.0)), NOTHING);
        assert_eq!(Health::default().used(&Scope::Route(route("A")), at(0.0)), Used::default());
    }

    #[test]
    fn a_failure_is_told_of_until_the_next_one_and_ends_the_row_only_with_an_answer() {
        let mut known = health(broken(&route("A"), at(1.0)));
        let error = Some(ErrorKind::Timeout);
        known.apply(
            &Outcome::Ended(Ended { error, ..ended(9, &route("A"), at(1.0), at(2.0), Ending::Failed) }),
            crate::config::Cooldown::default(),
        );
        let trouble = Some(Trouble { kind: ErrorKind::Timeout, at: at(2.0) });
        let open = Circuit::Open(at(31.0));
        let expected = Known { circuit: open, failures: 4, trouble, ..NOTHING };
        assert_eq!(known.known(&route("A"), at(3.0)), expected);
        known.apply(
            &Outcome::Ended(ended(10, &route("A"), at(40.0), at(42.0), Ending::Works)),
            crate::config::Cooldown::default(),
        );
        let ttft = Some(Ttft { median: Duration::from_secs(2), samples: 1 });
        assert_eq!(known.known(&route("A"), at(43.0)), Known { trouble, ttft, ..NOTHING });
    }

    #[test]
    fn the_median_is_of_answers_alone_and_what_is_on_its_way_is_counted() {
        let works = |id, took: f64| Outcome::Ended(ended(id, &route("A"), at(0.0), at(took), Ending::Works));
        let mut outcomes = vec![works(1, 1.0), works(2, 9.0), works(3, 2.0), works(4, 4.0)];
        outcomes.push(began(5, &route("A"), at(10.0)));
        let known = health(outcomes);
        let ttft = Some(Ttft { median: Duration::from_secs(3), samples: 4 });
        assert_eq!(known.known(&route("A"), at(11.0)), Known { ttft, in_flight: 1, ..NOTHING });
        assert_eq!(known.used(&Scope::Route(route("A")), at(11.0)), Used { requests: 1, tokens: 100 });
    }

    #[test]
    fn what_was_told_to_be_left_shrinks_with_use_and_is_forgotten_once_it_is_full_again() {
        let told = Allowance { limit: Some(60), remaining: 10, resets: Some(Duration::from_secs(30)) };
        let tokens = Allowance { limit: None, remaining: 150, resets: None };
        let limits = RateLimits { requests: Some(told), tokens: Some(tokens) };
        let known = health([
            Outcome::Told { route: route("A"), at: at(0.0), limits },
            began(1, &route("A"), at(1.0)),
        ]);
        let requests = Allowance { remaining: 9, resets: Some(Duration::from_secs(20)), ..told };
        let tokens = Some(Allowance { remaining: 50, ..tokens });
        let left = RateLimits { requests: Some(requests), tokens };
        assert_eq!(known.known(&route("A"), at(10.0)).left, left);
        assert_eq!(known.known(&route("A"), at(30.0)).left, RateLimits { requests: None, tokens });
    }
}
