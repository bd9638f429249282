//! Which of several healthy routes is asked first.

use std::cmp::Ordering;
use std::time::Duration;

use jiff::Timestamp;

use super::health::{Health, RouteHealth, later};
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
    told_cost: None,
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
    let times: Vec<Option<Duration>> =
        candidates.iter().map(|(_, target)| health.of(&target.route)?.latency(now)).collect();
    let Some(fastest) = times.iter().copied().flatten().min() else {
        return weighted(candidates, chance);
    };
    let bound = Duration::try_from_secs_f64(fastest.as_secs_f64() * ABOUT_AS_FAST).unwrap_or(fastest);
    let timed = || candidates.iter().copied().zip(&times);
    let is_fast = |time: &Option<Duration>| time.is_some_and(|time| time <= bound);
    let fast: Vec<_> = timed().filter(|(_, time)| is_fast(time)).map(|(candidate, _)| candidate).collect();
    let is_new = |target: &Target| {
        health.of(&target.route).and_then(RouteHealth::sampled).is_none_or(|at| later(at, NEWS) <= now)
            && health.in_flight(&Scope::Route(target.route.clone()), now) == 0
    };
    let others: Vec<_> = timed()
        .filter(|((_, target), time)| !is_fast(time) && is_new(target))
        .map(|(candidate, _)| candidate)
        .collect();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Price;
    use crate::chat::Rates;
    use crate::chat::Route;
    use crate::config::{Config, Limits};
    use crate::router::health::{Ending, Outcome};
    use crate::router::plan::{Facts, Plan};
    use crate::router::testing::{alias, at, began, config, ended, health, leads_to, plan, plan_with, route};

    /// How often each of A, B and C is picked, of a hundred throws.
    fn shares(strategy: Strategy, plan: &Plan, health: &Health) -> [usize; 3] {
        let candidates: Vec<_> = plan.targets().collect();
        let mut shares = [0; 3];
        for throw in 0..100 {
            let chance = (f64::from(throw) + 0.5) / 100.0;
            let picked = pick(strategy, &candidates, health, None, at(100.0), chance).unwrap();
            shares["ABC".find(plan.target(picked).route.endpoint.as_str()).unwrap()] += 1;
        }
        shares
    }

    fn three(weights: [u32; 3]) -> Config {
        let routes = ["A", "B", "C"].iter().zip(weights).map(|(name, weight)| {
            let mut route = leads_to(name);
            route.weight = weight;
            route
        });
        config(vec![alias("x", routes.collect(), &[])])
    }

    fn works(nth: u64, endpoint: &str, seconds: f64) -> Outcome {
        let began = at(99.0 - seconds);
        Outcome::Ended(ended(nth, &route(endpoint), began, at(99.0), Ending::Works))
    }

    #[test]
    fn order_is_as_written_and_a_shuffle_by_weight() {
        let nothing = Health::default();
        assert_eq!(shares(Strategy::Order, &plan(&three([1, 1, 1]), "x"), &nothing), [100, 0, 0]);
        assert_eq!(shares(Strategy::Shuffle, &plan(&three([3, 1, 0]), "x"), &nothing), [75, 25, 0]);
        assert_eq!(shares(Strategy::Shuffle, &plan(&three([0, 0, 0]), "x"), &nothing), [33, 34, 33]);
    }

    #[test]
    fn the_least_busy_share_what_comes() {
        let busy = health([began(1, &route("A"), at(99.0))]);
        assert_eq!(shares(Strategy::LeastBusy, &plan(&three([1, 1, 1]), "x"), &busy), [0, 50, 50]);
    }

    #[test]
    fn the_fastest_is_asked_and_the_unknown_now_and_then_by_one_at_a_time() {
        let plan = plan(&three([1, 1, 1]), "x");
        let mut known = health([works(1, "A", 1.0), works(2, "B", 1.1)]);
        assert_eq!(shares(Strategy::Latency, &plan, &known), [45, 45, 10]);
        known.apply(&began(3, &route("C"), at(99.0)), crate::config::Cooldown::default());
        assert_eq!(shares(Strategy::Latency, &plan, &known), [50, 50, 0]);
        let slow = health([works(1, "A", 1.0), works(2, "B", 2.0), works(3, "C", 3.0)]);
        assert_eq!(shares(Strategy::Latency, &plan, &slow), [100, 0, 0]);
    }

    #[test]
    fn the_cheapest_is_asked_and_an_unknown_price_last() {
        let price = |route: &Route| {
            let nanos = [None, Some(3), Some(2)]["ABC".find(route.endpoint.as_str()).unwrap()];
            let price = nanos.map(|nanos| {
                let price = Money::from_nanos(nanos * 1_000_000);
                Price::from(Rates::new(price, price))
            });
            Facts { context: None, price }
        };
        let plan = plan_with(&three([1, 1, 1]), "x", &price);
        assert_eq!(shares(Strategy::Cost, &plan, &Health::default()), [0, 0, 100]);
    }

    #[test]
    fn the_one_with_the_most_left_is_asked() {
        let mut config = three([1, 1, 1]);
        for endpoint in &mut config.endpoints {
            endpoint.limits = Limits { requests_per_minute: Some(10), ..Limits::default() };
        }
        let known = health([
            began(1, &route("A"), at(90.0)),
            began(2, &route("B"), at(90.0)),
            began(3, &route("B"), at(91.0)),
            began(4, &route("C"), at(90.0)),
        ]);
        assert_eq!(shares(Strategy::Headroom, &plan(&config, "x"), &known), [50, 0, 50]);
    }
}
