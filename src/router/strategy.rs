//! Which of several healthy routes is asked first.

use std::cmp::Ordering;
use std::time::Duration;

use jiff::Timestamp;

use super::health::{Health, later};
use super::plan::{Scope, Target, TargetId};
use crate::chat::{Money, Usage};
use crate::config::Strategy;

/// Routes within this part of the fastest one's time are as fast.
const ABOUT_AS_FAST: f64 = 1.2;
/// How often a route is asked of which nothing new is known, while others are known.
const CURIOSITY: f64 = 0.1;
/// What was measured before that is asked again.
const NEWS: Duration = Duration::from_secs(5 * 60);
/// What a request is taken for where its size is not known.
const USUAL: Usage = Usage {
    tokens_in: Some(1000),
    tokens_out: Some(400),
    cached_in: None,
    cache_write: None,
    cache_write_1h: None,
    reasoning_out: None,
    estimated: true,
};

/// The one to ask. `chance` is a random number in `0.0..1.0`; `tokens` is the size of the request, where it is
/// known. `None` where there are no candidates.
pub fn pick(
    strategy: Strategy,
    candidates: &[(TargetId, &Target)],
    health: &Health,
    tokens: Option<u64>,
    now: Timestamp,
    chance: f64,
) -> Option<TargetId> {
    match strategy {
        Strategy::Order => candidates.first().map(|(id, _)| *id),
        Strategy::Shuffle => weighted(candidates, chance),
        Strategy::LeastBusy => {
            let busy = |target: &Target| health.in_flight(&Scope::Route(target.route.clone()), now);
            let least = candidates.iter().map(|(_, target)| busy(target)).min()?;
            weighted(&only(candidates, |target| busy(target) == least), chance)
        }
        Strategy::Latency => latency(candidates, health, now, chance),
        Strategy::Cost => {
            let usage = Usage { tokens_in: tokens.or(USUAL.tokens_in), ..USUAL };
            let cost = |target: &Target| target.facts.price.and_then(|price| price.cost(&usage));
            candidates.iter().min_by(|a, b| cheaper(cost(a.1), cost(b.1))).map(|(id, _)| *id)
        }
        Strategy::Headroom => {
            let room = |target: &Target| health.headroom(&target.route, &target.limits, now);
            let most = candidates.iter().map(|(_, target)| room(target)).fold(0.0, f64::max);
            weighted(&only(candidates, |target| room(target) >= most), chance)
        }
    }
}

fn only<'a>(
    candidates: &[(TargetId, &'a Target)],
    keep: impl Fn(&Target) -> bool,
) -> Vec<(TargetId, &'a Target)> {
    candidates.iter().filter(|(_, target)| keep(target)).copied().collect()
}

/// One at random, by weight; all alike where none has any.
fn weighted(candidates: &[(TargetId, &Target)], chance: f64) -> Option<TargetId> {
    let total: u64 = candidates.iter().map(|(_, target)| u64::from(target.weight)).sum();
    let weight = |target: &Target| if total == 0 { 1 } else { u64::from(target.weight) };
    let total = if total == 0 { candidates.len() as u64 } else { total };
    let mut left = (chance.clamp(0.0, 1.0) * total as f64) as u64;
    for (id, target) in candidates {
        match left.checked_sub(weight(target)) {
            Some(rest) => left = rest,
            None => return Some(*id),
        }
    }
    candidates.iter().rev().find(|(_, target)| weight(target) > 0).map(|(id, _)| *id)
}

/// One of those about as fast as the fastest. Now and then one of which nothing is known, or nothing new, if nobody
/// is asking it already: a route that hangs then costs one turn its patience, not all of them.
fn latency(
    candidates: &[(TargetId, &Target)],
    health: &Health,
    now: Timestamp,
    chance: f64,
) -> Option<TargetId> {
    let time = |target: &Target| health.latency(&target.route, now);
    let Some(fastest) = candidates.iter().filter_map(|(_, target)| time(target)).min() else {
        return weighted(candidates, chance);
    };
    let bound = Duration::try_from_secs_f64(fastest.as_secs_f64() * ABOUT_AS_FAST).unwrap_or(fastest);
    let fast = only(candidates, |target| time(target).is_some_and(|time| time <= bound));
    let is_new = |target: &Target| {
        health.sampled(&target.route).is_none_or(|at| later(at, NEWS) <= now)
            && health.in_flight(&Scope::Route(target.route.clone()), now) == 0
    };
    let others = only(candidates, |target| time(target).is_none_or(|time| time > bound) && is_new(target));
    if others.is_empty() {
        return weighted(&fast, chance);
    }
    if chance < CURIOSITY {
        return weighted(&others, chance / CURIOSITY);
    }
    weighted(&fast, (chance - CURIOSITY) / (1.0 - CURIOSITY))
}

/// A known price before an unknown one.
fn cheaper(a: Option<Money>, b: Option<Money>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}
