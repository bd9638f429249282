//! The whole policy, pure: what a turn does next.
//!
//! A [`TurnState`] holds what happened to the turn so far, [`Health`] what is known of routes from everywhere.
//! [`decide`] weighs each route of the plan once and takes the first of these that there is:
//!
//! 1. a route that is healthy, free, and was not tried by this turn: the strategy chooses among those of a group;
//! 2. the one that is soonest free, or may soonest be asked again: it is waited for, if that is worth it;
//! 3. one in cooldown, rather than none;
//! 4. nothing: then it says what there will be, and when.
//!
//! So a route that failed is not asked again while another is left, and nothing is waited for in vain: after the
//! last attempt, beyond the deadline, or for longer than a person would.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::health::{Circuit, Health, MANY_TIMES, Probe, Ticket, later};
use super::plan::{Plan, Scope, Target, TargetId, Trouble};
use super::strategy;
use crate::chat::{ErrorKind, Failure, Route};
use crate::keys::Fingerprint;

/// The first pause before a route is asked again, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(8));
/// The same of one that has too much to do: what it counts, it counts by the minute.
const BUSY_PAUSES: (Duration, Duration) = (Duration::from_secs(4), Duration::from_secs(30));
/// What asks for more patience than this is told to the person instead of waited for.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// When to look again where nobody can say when there will be room: other processes do not wake this one.
const LOOK_AGAIN: Duration = Duration::from_millis(500);
/// A first word that is slower than usual is waited for as long as this at least: a longer prompt takes longer.
const LEAST_PATIENCE: Duration = Duration::from_secs(30);
/// So many providers that call a request wrong are believed.
const BELIEVED: u32 = 2;

/// What a turn does next.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// It asks this route, now.
    Try(TargetId),
    /// It waits.
    Wait(Wait),
    /// It ends, and says what could be done later: nothing that is left can be asked in time.
    Offer(Wait),
    /// It ends.
    GiveUp(Why),
}

/// What is waited for.
#[derive(Clone, Debug, PartialEq)]
pub struct Wait {
    /// The route that is asked then, as far as is known now.
    pub target: TargetId,
    /// Until when at least. Where room is waited for this is when to look again, not when there will be any.
    pub until: Timestamp,
    /// Why.
    pub cause: Cause,
}

/// Why a route is not asked now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// It failed a moment ago.
    Backoff,
    /// Its provider asked for it, or has nothing left.
    Provider,
    /// So many were asked in a minute as the configuration allows.
    Minute(Scope),
    /// So many are on their way as the configuration allows.
    Parallel(Scope),
}

/// Why a turn ends without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nothing that is left can succeed.
    Exhausted,
    /// Its time is up.
    Deadline,
}

/// What may be done after a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// The same route may succeed later.
    Again,
    /// Another may.
    Elsewhere,
    /// None that gets the same request.
    Nowhere,
}

/// What a failure allows (`wire-formats`, section 9), the provider's own word first.
fn verdict(failure: &Failure) -> (Verdict, Trouble) {
    let (verdict, trouble) = match (failure.kind, failure.status) {
        (ErrorKind::Network | ErrorKind::RateLimit | ErrorKind::Cut, _) => (Verdict::Again, Trouble::Route),
        (ErrorKind::Provider, None | Some(200 | 408 | 409 | 500..)) => (Verdict::Again, Trouble::Route),
        (ErrorKind::Provider, Some(400 | 422)) => (Verdict::Elsewhere, Trouble::Request),
        // A gateway's word that its upstream took too long; our own patience is not tried twice on one route.
        (ErrorKind::Timeout, Some(_)) => (Verdict::Again, Trouble::Route),
        (
            ErrorKind::Timeout
            | ErrorKind::Provider
            | ErrorKind::Auth
            | ErrorKind::UnknownModel
            | ErrorKind::NotFound
            | ErrorKind::Config,
            _,
        ) => (Verdict::Elsewhere, Trouble::Route),
        (ErrorKind::ContextWindow, _) => (Verdict::Elsewhere, Trouble::TooLong),
        (ErrorKind::ContentFilter, _) => (Verdict::Elsewhere, Trouble::Filtered),
        (ErrorKind::Budget | ErrorKind::Cancelled | ErrorKind::Internal, _) => {
            (Verdict::Nowhere, Trouble::Request)
        }
    };
    match (failure.should_retry, verdict) {
        (Some(true), Verdict::Elsewhere) => (Verdict::Again, Trouble::Route),
        (Some(false), Verdict::Again) => (Verdict::Elsewhere, trouble),
        (Some(_) | None, verdict) => (verdict, trouble),
    }
}

/// The pause after the `tries`th failed attempt at a route: exponential, with full jitter.
fn back_off(kind: ErrorKind, tries: u32, chance: f64) -> Duration {
    let (first, longest) = if kind == ErrorKind::RateLimit { BUSY_PAUSES } else { PAUSES };
    let ceiling = first.saturating_mul(1 << tries.saturating_sub(1).min(8)).min(longest);
    ceiling.mul_f64(chance.clamp(0.0, 1.0))
}

/// What a turn did with a route.
#[derive(Clone, Debug, Default, PartialEq)]
struct Mark {
    tries: u32,
    again: Again,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Again {
    #[default]
    Untried,
    /// Not before then.
    From(Timestamp),
    Never,
}

impl Again {
    /// Not before when.
    const fn from(self) -> Option<Timestamp> {
        match self {
            Self::From(at) => Some(at),
            Self::Untried | Self::Never => None,
        }
    }
}

/// What happened to a turn so far.
#[derive(Clone, Debug, PartialEq)]
pub struct TurnState {
    plan: Arc<Plan>,
    deadline: Timestamp,
    /// Tokens the request is expected to take, as far as somebody counted them.
    tokens: Option<u64>,
    marks: Vec<Mark>,
    /// Keys as they are now, where they are known.
    keys: Vec<Option<Fingerprint>>,
    repeats: u32,
    doubts: u32,
    trouble: Option<Trouble>,
    hopeless: bool,
    /// Its place among those that wait, once it does.
    pub(super) ticket: Option<Ticket>,
}

impl TurnState {
    /// Before anything happened. `tokens` is an estimate: it puts routes in order and counts against limits, and
    /// never keeps a request from being sent.
    pub fn new(plan: Arc<Plan>, deadline: Timestamp, tokens: Option<u64>) -> Self {
        let routes = plan.targets().len();
        Self {
            plan,
            deadline,
            tokens,
            marks: vec![Mark::default(); routes],
            keys: vec![None; routes],
            repeats: 0,
            doubts: 0,
            trouble: None,
            hopeless: false,
            ticket: None,
        }
    }

    /// The plan it follows.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// When it has to be over.
    pub fn deadline(&self) -> Timestamp {
        self.deadline
    }

    /// Tokens it is expected to take, as far as somebody counted them.
    pub fn tokens(&self) -> Option<u64> {
        self.tokens
    }

    /// Where it goes with this id.
    pub fn route_of(&self, target: TargetId) -> &Route {
        &self.plan.target(target).route
    }

    /// A route is asked.
    pub fn tries(&mut self, target: TargetId) {
        let mark = &mut self.marks[target.0];
        mark.tries += 1;
        if mark.tries > 1 {
            self.repeats += 1;
        }
        mark.again = Again::Never;
    }

    /// A route that was asked failed. `chance` is a random number in `0.0..1.0`.
    pub fn failed(&mut self, target: TargetId, failure: &Failure, now: Timestamp, chance: f64) {
        let (verdict, trouble) = verdict(failure);
        self.trouble = Some(trouble);
        let mark = &mut self.marks[target.0];
        mark.again = match verdict {
            Verdict::Again => {
                let pause = failure.retry_after.unwrap_or_else(|| back_off(failure.kind, mark.tries, chance));
                Again::From(later(now, pause))
            }
            Verdict::Elsewhere | Verdict::Nowhere => Again::Never,
        };
        match trouble {
            Trouble::TooLong => self.too_long_for(target),
            Trouble::Request => self.doubts += 1,
            Trouble::Route | Trouble::Filtered => {}
        }
        self.hopeless |= verdict == Verdict::Nowhere || self.doubts >= BELIEVED;
    }

    /// Models with no more room than one that had too little are not asked.
    fn too_long_for(&mut self, target: TargetId) {
        let Some(room) = self.plan.target(target).facts.context else { return };
        for (id, other) in self.plan.targets() {
            if other.facts.context.is_some_and(|context| context <= room) {
                self.marks[id.0].again = Again::Never;
            }
        }
    }

    /// A route is not asked by this turn (any more): it has no key, or somebody said so.
    pub fn rule_out(&mut self, target: TargetId) {
        self.marks[target.0].again = Again::Never;
    }

    /// The key of a route became known.
    pub fn learn_key(&mut self, target: TargetId, fingerprint: Fingerprint) {
        self.keys[target.0] = Some(fingerprint);
    }

    fn is_new(&self, target: TargetId) -> bool {
        self.marks[target.0].tries == 0
    }
}

/// How a route stands, for this turn and now.
#[derive(Clone, Debug, PartialEq)]
enum Standing {
    /// It can be asked.
    Ready,
    /// It can be asked then.
    Later(Timestamp, Cause),
    /// It failed too often, or hangs: it is not asked while there is another.
    Cooling,
    /// It is not asked by this turn.
    Out,
}

/// What a turn does next. `chance` is a random number in `0.0..1.0`.
pub fn decide(turn: &TurnState, health: &Health, now: Timestamp, chance: f64) -> Decision {
    if now >= turn.deadline {
        return Decision::GiveUp(Why::Deadline);
    }
    if turn.hopeless {
        return Decision::GiveUp(Why::Exhausted);
    }
    let path = path(turn);
    if let Some(target) = fresh(turn, &path, health, now, chance) {
        return Decision::Try(target);
    }
    let routes = || path.iter().flat_map(|(_, targets)| targets.iter().copied());
    let patience = later(now, PATIENCE);
    let is_worth_it = |wait: &Wait| wait.until < turn.deadline && wait.until <= patience;
    let healthy = routes().filter_map(|target| match standing(turn, target, health, now) {
        Standing::Ready => Some(Wait { target, until: now, cause: Cause::Backoff }),
        Standing::Later(until, cause) => Some(Wait { target, until, cause }),
        Standing::Cooling | Standing::Out => None,
    });
    let cooling = routes().filter_map(|target| match standing(turn, target, health, now) {
        Standing::Cooling => {
            let until = turn.marks[target.0].again.from().map_or(now, |from| from.max(now));
            Some(Wait { target, until, cause: Cause::Backoff })
        }
        Standing::Ready | Standing::Later(..) | Standing::Out => None,
    });
    let healthy = healthy.min_by_key(|wait| (wait.until, !turn.is_new(wait.target)));
    let cooling = cooling.min_by_key(|wait| {
        (wait.until, !turn.is_new(wait.target), health.recovers(turn.route_of(wait.target)))
    });
    let soonest = [&healthy, &cooling].into_iter().flatten().find(|wait| is_worth_it(wait));
    match soonest {
        Some(wait) if wait.until <= now => Decision::Try(wait.target),
        Some(wait) => Decision::Wait(wait.clone()),
        None => {
            let later = [healthy, cooling].into_iter().flatten().min_by_key(|wait| wait.until);
            later.map_or(Decision::GiveUp(Why::Exhausted), Decision::Offer)
        }
    }
}

/// How long the first word of a route is waited for, where that is less than its endpoint allows: a route that takes
/// many times as long as it ever did of late hangs, and another one is there.
pub fn patience(turn: &TurnState, health: &Health, target: TargetId, now: Timestamp) -> Option<Duration> {
    let slowest = health.of(turn.route_of(target))?.slowest(now)?;
    let mut without = turn.clone();
    without.rule_out(target);
    fresh(&without, &path(&without), health, now, 0.5)?;
    Some(slowest.saturating_mul(MANY_TIMES).max(LEAST_PATIENCE))
}

/// The groups to go through.
fn path(turn: &TurnState) -> Vec<(crate::config::Strategy, &[TargetId])> {
    let too_small = || turn.tokens.is_some_and(|tokens| turn.plan.is_too_small(tokens));
    let trouble = turn.trouble.or_else(|| too_small().then_some(Trouble::TooLong));
    turn.plan.path(trouble).map(|group| (group.strategy, group.targets.as_slice())).collect()
}

/// A route that is ready and was not tried: of the first group that has one, those with room for the request first.
fn fresh(
    turn: &TurnState,
    path: &[(crate::config::Strategy, &[TargetId])],
    health: &Health,
    now: Timestamp,
    chance: f64,
) -> Option<TargetId> {
    let ready =
        |target: TargetId| turn.is_new(target) && standing(turn, target, health, now) == Standing::Ready;
    let in_group = |strategy, targets: &[TargetId], keep: &dyn Fn(&Target) -> bool| {
        let candidates: Vec<(TargetId, &Target)> = targets
            .iter()
            .map(|id| (*id, turn.plan.target(*id)))
            .filter(|(id, target)| keep(target) && ready(*id))
            .collect();
        strategy::pick(strategy, &candidates, health, turn.tokens, now, chance)
    };
    path.iter()
        .find_map(|(strategy, targets)| in_group(*strategy, targets, &|target| target.has_room(turn.tokens)))
        .or_else(|| path.iter().find_map(|(strategy, targets)| in_group(*strategy, targets, &|_| true)))
}

fn standing(turn: &TurnState, id: TargetId, health: &Health, now: Timestamp) -> Standing {
    let (mark, target) = (&turn.marks[id.0], turn.plan.target(id));
    let refused = |key: &Fingerprint| health.is_refused(&target.route, key);
    if mark.again == Again::Never
        || (mark.tries > 0 && turn.repeats >= turn.plan.retries)
        || turn.keys[id.0].as_ref().is_some_and(refused)
    {
        return Standing::Out;
    }
    match health.circuit(&target.route, now) {
        Circuit::Open(_) | Circuit::HalfOpen(Probe::Sent) => return Standing::Cooling,
        Circuit::HalfOpen(Probe::Wanted) | Circuit::Closed => {}
    }
    if health.hangs(&target.route, now) {
        return Standing::Cooling;
    }
    let tokens = turn.tokens.unwrap_or(0);
    let backoff = mark.again.from().map(|until| (until, Cause::Backoff));
    // What is remembered of the only route there is must not keep it from being asked: things change.
    let is_only = turn.plan.targets().len() == 1 && mark.tries == 0;
    let told = health.told(&target.route, now).max(health.spent(&target.route, tokens, now));
    let told = told.filter(|until| !is_only || *until <= later(now, PATIENCE));
    let limited = target.limits.iter().filter_map(|(scope, limits)| {
        let reached = health.reached(scope, *limits, tokens, turn.ticket, now)?;
        Some(match reached.until {
            Some(until) => (until, Cause::Minute(reached.scope)),
            None => (later(now, LOOK_AGAIN), Cause::Parallel(reached.scope)),
        })
    });
    let causes = backoff.into_iter().chain(told.map(|until| (until, Cause::Provider))).chain(limited);
    match causes.filter(|(until, _)| *until > now).max_by_key(|(until, _)| *until) {
        Some((until, cause)) => Standing::Later(until, cause),
        None => Standing::Ready,
    }
}

#[cfg(test)]
mod tests;
