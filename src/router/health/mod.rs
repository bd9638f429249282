//! What is known of routes, folded from what became of requests.
//!
//! Pure: the same [`Outcome`]s in the same order give the same [`Health`], in whichever process they are folded.
//! Times are those of the outcomes and of whoever asks. A clock may jump: what lasts does so for a [`Span`], which
//! is over when it has not begun yet, so that no jump back can shut a route for longer than was meant.

mod known;

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::plan::Scope;
use crate::chat::{End, ErrorKind, Route};
use crate::config::{Cooldown, Limits};
use crate::keys::Fingerprint;
use crate::providers::limits::{Allowance, RateLimits};

pub use known::{Known, Ttft, Used};

/// Samples of a route that count for its time to first token.
const WINDOW: usize = 20;
/// A sample tells nothing after so long.
const MEMORY: Duration = Duration::from_secs(60 * 60);
/// What limits are counted over.
const MINUTE: Duration = Duration::from_secs(60);
/// A circuit's pause stops growing here.
const LONGEST_PAUSE: Duration = Duration::from_secs(10 * 60);
/// The pause after a first "too many requests" that names none.
const BUSY_PAUSE: Duration = Duration::from_secs(1);
/// And the longest.
const LONGEST_BUSY: Duration = Duration::from_secs(8);
/// Clocks of two machines on one home may differ by this much.
const SKEW: Duration = Duration::from_secs(5);
/// What takes so many times as long as the slowest of a route's last answers hangs,
pub(super) const MANY_TIMES: u32 = 4;
/// if it takes this long at least. Doubt costs nothing: another route is asked while there is one.
const LEAST_DOUBT: Duration = Duration::from_secs(5);
/// A route of which nothing was heard for so long is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// One request, by a number that nobody else has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AttemptId(pub u64);

/// What became of a request, as far as others may learn from it. A line of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "snake_case")]
pub enum Outcome {
    /// It was sent, or is about to be.
    Began {
        /// Which.
        id: AttemptId,
        /// Where to.
        route: Route,
        /// When.
        at: Timestamp,
        /// How long it may take: whoever has not heard of its end by then takes it for lost.
        lease: Duration,
        /// Tokens it is expected to take.
        tokens: u64,
    },
    /// Its first word came.
    Spoke {
        /// Which.
        id: AttemptId,
    },
    /// Its answer said what is left of what the provider allows.
    Told {
        /// Where it went.
        route: Route,
        /// When.
        at: Timestamp,
        /// What is left.
        limits: RateLimits,
    },
    /// It ended.
    Ended(Ended),
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ended {
    /// Which.
    pub id: AttemptId,
    /// Where it went.
    pub route: Route,
    /// When it began.
    pub began: Timestamp,
    /// When it ended.
    pub at: Timestamp,
    /// What that says of the route.
    pub ending: Ending,
    /// What went wrong, where something did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorKind>,
    /// How long until the first content, where some came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttft: Option<Duration>,
    /// How long the provider asks to be left alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<Duration>,
    /// Tokens it took, where they are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<u64>,
}

/// What the end of a request says of its route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// It works: it answered, be it that it will not do this.
    Works,
    /// It failed, and may do better next time.
    Failed,
    /// It cannot do this for anybody until somebody changes something.
    Broken,
    /// It has too much to do.
    Busy,
    /// It does not take this key.
    Refused(Fingerprint),
    /// Nothing: somebody stopped it.
    Stopped,
}

/// How a route failed, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// How.
    pub kind: ErrorKind,
    /// When.
    pub at: Timestamp,
}

/// From when, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    from: Timestamp,
    lasts: Duration,
}

impl Span {
    /// From now on.
    pub const fn new(from: Timestamp, lasts: Duration) -> Self {
        Self { from, lasts }
    }

    /// When it is over.
    pub fn until(&self) -> Timestamp {
        later(self.from, self.lasts)
    }

    /// Whether it has begun and is not over.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.from <= later(now, SKEW) && now < self.until()
    }
}

/// Whether a route is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Circuit {
    /// It is.
    Closed,
    /// It is not, until then.
    Open(Timestamp),
    /// One request is let through to see whether it works again.
    HalfOpen(Probe),
}

/// Whether a request is on its way that will tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probe {
    /// Nobody has asked yet.
    Wanted,
    /// Somebody has.
    Sent,
}

/// How long one of the last requests to a route took.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Sample {
    at: Timestamp,
    /// Until the first content, or until it failed.
    took: Duration,
    answered: bool,
}

/// What is known of a route.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RouteHealth {
    /// Which.
    pub route: Route,
    /// Failures in a row.
    pub failures: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trouble: Option<Trouble>,
    /// How often in a row it was busy without saying for how long.
    busy: u32,
    /// How often in a row its circuit was opened.
    trips: u32,
    open: Option<Span>,
    /// How long the provider asked to be left alone.
    told: Option<Span>,
    samples: VecDeque<Sample>,
    limits: RateLimits,
    limits_at: Timestamp,
    heard: Timestamp,
}

/// A request that is on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Flying {
    id: AttemptId,
    route: Route,
    lease: Span,
    /// Whether its first word came.
    spoke: bool,
}

/// A request of the last minute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Spent {
    id: AttemptId,
    route: Route,
    at: Timestamp,
    tokens: u64,
}

/// A key that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct RefusedKey {
    route: Route,
    fingerprint: Fingerprint,
    at: Timestamp,
}

/// A turn's place among those that wait; the lower ones came first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub(super) u64);

/// What is known of all routes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Health {
    routes: Vec<RouteHealth>,
    refused: Vec<RefusedKey>,
    flying: Vec<Flying>,
    recent: VecDeque<Spent>,
    /// The turns of this process that wait for a limit, and which.
    #[serde(skip)]
    pub(super) waiting: Vec<(Ticket, Scope)>,
}

/// A limit that is reached.
#[derive(Clone, Debug, PartialEq)]
pub struct Reached {
    /// What it counts.
    pub scope: Scope,
    /// When there may be room; `None` when one of those ends that are on their way.
    pub until: Option<Timestamp>,
}

impl Health {
    /// Folds one outcome.
    pub fn apply(&mut self, outcome: &Outcome, cooldown: Cooldown) {
        match outcome {
            Outcome::Began { id, route, at, lease, tokens } => {
                self.forget(*at);
                let (id, at, tokens) = (*id, *at, *tokens);
                let lease = Span::new(at, *lease);
                self.flying.push(Flying { id, route: route.clone(), lease, spoke: false });
                self.recent.push_back(Spent { id, route: route.clone(), at, tokens });
                self.of_mut(route, at).heard = at;
            }
            Outcome::Spoke { id } => {
                let flying = self.flying.iter_mut().filter(|flying| flying.id == *id);
                flying.for_each(|flying| flying.spoke = true);
            }
            Outcome::Told { route, at, limits } => {
                let known = self.of_mut(route, *at);
                (known.limits, known.limits_at) = (*limits, *at);
            }
            Outcome::Ended(ended) => {
                self.flying.retain(|flying| flying.id != ended.id);
                if let Some(tokens) = ended.tokens
                    && let Some(spent) = self.recent.iter_mut().rev().find(|spent| spent.id == ended.id)
                {
                    spent.tokens = tokens;
                }
                self.note_key(ended);
                self.of_mut(&ended.route, ended.at).note(ended, cooldown);
            }
        }
    }

    /// Drops what tells nothing any more.
    pub fn forget(&mut self, now: Timestamp) {
        self.flying.retain(|flying| flying.lease.holds(now));
        // In the order of time, but for clocks that jumped.
        while self.recent.front().is_some_and(|spent| !Span::new(spent.at, MINUTE).holds(now)) {
            self.recent.pop_front();
        }
        self.routes.retain(|known| Span::new(known.heard, FORGOTTEN).holds(now));
        self.refused.retain(|known| Span::new(known.at, FORGOTTEN).holds(now));
    }

    /// Takes over what only `before` knew: turns that wait, requests of this process on their way, routes nobody else
    /// asked.
    pub(super) fn adopt(&mut self, before: Self, own: &[AttemptId]) {
        self.waiting = before.waiting;
        for flying in before.flying {
            if own.contains(&flying.id) && !self.flying.iter().any(|known| known.id == flying.id) {
                self.flying.push(flying);
            }
        }
        for spent in before.recent {
            if !self.recent.iter().any(|known| known.id == spent.id) {
                self.recent.push_back(spent);
            }
        }
        self.recent.make_contiguous().sort_by_key(|spent| spent.at);
        for route in before.routes {
            if self.of(&route.route).is_none() {
                self.routes.push(route);
            }
        }
        for key in before.refused {
            if !self.refused.contains(&key) {
                self.refused.push(key);
            }
        }
    }

    fn note_key(&mut self, ended: &Ended) {
        let scope = Scope::key_of(&ended.route);
        match &ended.ending {
            Ending::Refused(fingerprint) => {
                self.refused.retain(|known| !scope.holds(&known.route));
                self.refused.push(RefusedKey {
                    route: ended.route.clone(),
                    fingerprint: fingerprint.clone(),
                    at: ended.at,
                });
            }
            Ending::Works => self.refused.retain(|known| !scope.holds(&known.route)),
            Ending::Failed | Ending::Broken | Ending::Busy | Ending::Stopped => {}
        }
    }

    fn of_mut(&mut self, route: &Route, now: Timestamp) -> &mut RouteHealth {
        let known = self.routes.iter().position(|known| known.route == *route);
        let at = known.unwrap_or_else(|| {
            self.routes.push(RouteHealth::new(route.clone(), now));
            self.routes.len() - 1
        });
        &mut self.routes[at]
    }

    fn of(&self, route: &Route) -> Option<&RouteHealth> {
        self.routes.iter().find(|known| known.route == *route)
    }

    /// All routes of which something is known.
    pub fn routes(&self) -> &[RouteHealth] {
        &self.routes
    }

    /// Whether a route is asked.
    pub fn circuit(&self, route: &Route, now: Timestamp) -> Circuit {
        match self.of(route).and_then(|known| known.open) {
            None => Circuit::Closed,
            Some(open) if open.holds(now) => Circuit::Open(open.until()),
            Some(open) => {
                let is_probe = |flying: &Flying| {
                    flying.route == *route && flying.lease.holds(now) && flying.lease.from >= open.until()
                };
                let sent = self.flying.iter().any(is_probe);
                Circuit::HalfOpen(if sent { Probe::Sent } else { Probe::Wanted })
            }
        }
    }

    /// When a circuit that was opened is half open; `None` where it is closed.
    pub fn recovers(&self, route: &Route) -> Option<Timestamp> {
        Some(self.of(route)?.open?.until())
    }

    /// Until when a provider asked that a route be left alone.
    pub fn told(&self, route: &Route, now: Timestamp) -> Option<Timestamp> {
        let told = self.of(route)?.told?;
        told.holds(now).then(|| told.until())
    }

    /// Until when a provider has nothing left for a request of so many tokens, by what it last said.
    pub fn spent(&self, route: &Route, tokens: u64, now: Timestamp) -> Option<Timestamp> {
        let known = self.of(route).filter(|known| !known.limits.is_unknown())?;
        let since = self.recent.iter().filter(|spent| spent.route == *route && spent.at > known.limits_at);
        let (requests, used) = since.fold((0, 0), |(n, sum), spent| (n + 1, sum + spent.tokens));
        let over = |allowance: Option<Allowance>, taken: u64, need: u64| {
            let allowance = allowance?;
            let resets = Span::new(known.limits_at, allowance.resets?);
            // What can never fit is for the provider to say.
            let fits_ever = allowance.limit.is_none_or(|limit| need <= limit);
            let is_short = allowance.remaining.saturating_sub(taken) < need;
            (is_short && fits_ever && resets.holds(now)).then(|| resets.until())
        };
        over(known.limits.requests, requests, 1).max(over(known.limits.tokens, used, tokens.max(1)))
    }

    /// Whether this key was refused to a route, and not changed since.
    pub fn is_refused(&self, route: &Route, fingerprint: &Fingerprint) -> bool {
        let scope = Scope::key_of(route);
        self.refused.iter().any(|known| scope.holds(&known.route) && known.fingerprint == *fingerprint)
    }

    /// Requests on their way.
    pub fn in_flight(&self, scope: &Scope, now: Timestamp) -> u32 {
        let flying =
            self.flying.iter().filter(|flying| scope.holds(&flying.route) && flying.lease.holds(now));
        u32::try_from(flying.count()).unwrap_or(u32::MAX)
    }

    /// Whether a configured limit stands in the way of a request of so many tokens. Turns that waited for the limit
    /// before `ticket` have taken their part of it.
    pub fn reached(
        &self,
        scope: &Scope,
        limits: Limits,
        tokens: u64,
        ticket: Option<Ticket>,
        now: Timestamp,
    ) -> Option<Reached> {
        let is_before = |waiting: &Ticket| ticket.is_none_or(|ticket| *waiting < ticket);
        let ahead = self.waiting.iter().filter(|(waiting, on)| is_before(waiting) && on == scope).count();
        let ahead = u32::try_from(ahead).unwrap_or(u32::MAX);
        let reached = |until| Some(Reached { scope: scope.clone(), until });
        let recent = || self.recent.iter().filter(|spent| scope.holds(&spent.route));
        let recent = || recent().filter(|spent| Span::new(spent.at, MINUTE).holds(now));

        let by_requests = limits.requests_per_minute.and_then(|limit| {
            let taken = recent().count() + ahead as usize;
            // The request whose leaving the minute makes room; all of it, where those ahead take more than there is.
            let leaves = (taken + 1).checked_sub(limit.max(1) as usize)?.checked_sub(1)?;
            let leaving = recent().nth(leaves).or_else(|| recent().next_back())?;
            Some(later(leaving.at, MINUTE))
        });
        let by_tokens = limits.tokens_per_minute.and_then(|limit| {
            let need = tokens.min(limit);
            let mut sum: u64 = recent().map(|spent| spent.tokens).sum();
            let mut until = None;
            for spent in recent() {
                if sum + need <= limit {
                    break;
                }
                sum -= spent.tokens;
                until = Some(later(spent.at, MINUTE));
            }
            until
        });
        if let Some(until) = by_requests.max(by_tokens) {
            return reached(Some(until));
        }
        let parallel = limits.parallel?.max(1);
        if self.in_flight(scope, now).saturating_add(ahead) >= parallel { reached(None) } else { None }
    }

    /// What part of what a provider allows is left, by what it last said and by the configured limits; 1 where
    /// nothing is known.
    pub fn headroom(&self, route: &Route, limits: &[(Scope, Limits)], now: Timestamp) -> f64 {
        let share = |left: f64, of: f64| if of > 0.0 { (left / of).clamp(0.0, 1.0) } else { 0.0 };
        let configured = limits.iter().flat_map(|(scope, limits)| {
            let recent = || self.recent.iter().filter(|spent| scope.holds(&spent.route));
            let recent = || recent().filter(|spent| Span::new(spent.at, MINUTE).holds(now));
            let requests = limits
                .requests_per_minute
                .map(|limit| share(f64::from(limit) - recent().count() as f64, f64::from(limit)));
            let tokens = limits.tokens_per_minute.map(|limit| {
                let used: u64 = recent().map(|spent| spent.tokens).sum();
                share(limit as f64 - used as f64, limit as f64)
            });
            let parallel = limits.parallel.map(|limit| {
                share(f64::from(limit) - f64::from(self.in_flight(scope, now)), f64::from(limit))
            });
            [requests, tokens, parallel]
        });
        let known = self.of(route);
        let learned = known.into_iter().flat_map(|known| {
            [known.limits.requests, known.limits.tokens].map(|allowance| {
                let allowance = allowance?;
                let is_over = !Span::new(known.limits_at, allowance.resets?).holds(now);
                let left =
                    if is_over { 1.0 } else { share(allowance.remaining as f64, allowance.limit? as f64) };
                Some(left)
            })
        });
        configured.chain(learned).flatten().fold(1.0, f64::min)
    }

    /// The longest that an answer of this route took to begin of late; `None` where too few did.
    pub fn slowest(&self, route: &Route, now: Timestamp) -> Option<Duration> {
        const ENOUGH: usize = 3;
        let samples = self.of(route)?.samples.iter();
        let answered =
            || samples.clone().filter(|sample| sample.answered && Span::new(sample.at, MEMORY).holds(now));
        answered().map(|sample| sample.took).max().filter(|_| answered().count() >= ENOUGH)
    }

    /// Whether a request to a route has been waiting for its first word many times longer than any did of late. So a
    /// route that hangs is known long before anybody's patience ends.
    pub fn hangs(&self, route: &Route, now: Timestamp) -> bool {
        let mut silent =
            self.flying.iter().filter(|flying| flying.route == *route && !flying.spoke).peekable();
        if silent.peek().is_none() {
            return false;
        }
        let Some(slowest) = self.slowest(route, now) else { return false };
        let limit = slowest.saturating_mul(MANY_TIMES).max(LEAST_DOUBT);
        silent.any(|flying| later(flying.lease.from, limit) <= now && flying.lease.holds(now))
    }

    /// When a time to first token was last taken of a route.
    pub fn sampled(&self, route: &Route) -> Option<Timestamp> {
        Some(self.of(route)?.samples.back()?.at)
    }

    /// The time that an answer of this route took to begin, failures on the way to it counted in; `None` where
    /// nothing is known. A route that never answered takes for ever.
    pub fn latency(&self, route: &Route, now: Timestamp) -> Option<Duration> {
        let known = self.of(route)?;
        let samples = known.samples.iter().filter(|sample| Span::new(sample.at, MEMORY).holds(now));
        let (took, answered, all) =
            samples.fold((Duration::ZERO, 0u32, 0u32), |(took, answered, all), sample| {
                (took + sample.took, answered + u32::from(sample.answered), all + 1)
            });
        match (answered, all) {
            (_, 0) => None,
            (0, _) => Some(Duration::MAX),
            (answered, _) => Some(took / answered),
        }
    }
}

impl Ending {
    /// What the end of an attempt says of its route, and how long the provider asks to be left alone. `key` is what
    /// it was asked with, where it needs one.
    pub fn of(end: &End, key: impl FnOnce() -> Option<Fingerprint>) -> (Self, Option<Duration>) {
        let failure = match end {
            End::Finished(_) => return (Self::Works, None),
            End::Cancelled => return (Self::Stopped, None),
            End::Cut(_) => return (Self::Failed, None),
            End::Failed(failure) => failure,
        };
        let ending = match (failure.kind, failure.status) {
            (ErrorKind::Auth, Some(403)) | (ErrorKind::UnknownModel | ErrorKind::NotFound, _) => Self::Broken,
            (ErrorKind::Auth, _) => key().map_or(Self::Broken, Self::Refused),
            // A quota that is used up.
            (ErrorKind::RateLimit, _) if failure.should_retry == Some(false) => Self::Broken,
            (ErrorKind::RateLimit, _) => Self::Busy,
            (ErrorKind::ContextWindow | ErrorKind::ContentFilter, _)
            | (ErrorKind::Provider, Some(400 | 422)) => Self::Works,
            (ErrorKind::Provider, Some(300..=407 | 410..=499)) => Self::Broken,
            (ErrorKind::Provider | ErrorKind::Network | ErrorKind::Timeout | ErrorKind::Cut, _) => {
                Self::Failed
            }
            (ErrorKind::Config | ErrorKind::Budget | ErrorKind::Cancelled | ErrorKind::Internal, _) => {
                Self::Stopped
            }
        };
        (ending, failure.retry_after)
    }

    /// Whether it is the route's fault.
    const fn is_trouble(&self) -> bool {
        match self {
            Self::Failed | Self::Broken | Self::Busy | Self::Refused(_) => true,
            Self::Works | Self::Stopped => false,
        }
    }
}

impl RouteHealth {
    fn new(route: Route, now: Timestamp) -> Self {
        Self {
            route,
            failures: 0,
            trouble: None,
            busy: 0,
            trips: 0,
            open: None,
            told: None,
            samples: VecDeque::new(),
            limits: RateLimits::default(),
            limits_at: now,
            heard: now,
        }
    }

    fn note(&mut self, ended: &Ended, cooldown: Cooldown) {
        self.heard = ended.at;
        if let Some(wait) = ended.wait {
            self.told = Some(Span::new(ended.at, wait));
        }
        if let (Some(kind), true) = (ended.error, ended.ending.is_trouble()) {
            self.trouble = Some(Trouble { kind, at: ended.at });
        }
        match &ended.ending {
            Ending::Works => self.note_works(ended),
            Ending::Failed => {
                self.sample(ended, Answered::No);
                self.note_failure(ended, cooldown, cooldown.failures);
            }
            Ending::Busy => {
                self.sample(ended, Answered::No);
                // It works, and will again in a moment: its circuit stays as it is.
                if ended.wait.is_none() {
                    let pause = doubled(BUSY_PAUSE, self.busy).min(LONGEST_BUSY);
                    self.told = Some(Span::new(ended.at, pause));
                    self.busy = self.busy.saturating_add(1);
                }
            }
            Ending::Broken => self.note_failure(ended, cooldown, 1),
            Ending::Refused(_) | Ending::Stopped => {}
        }
    }

    fn note_works(&mut self, ended: &Ended) {
        self.sample(ended, Answered::Yes);
        // An answer to a question from before it broke says nothing of now.
        if self.open.is_none_or(|open| open.from <= ended.began) {
            (self.failures, self.trips, self.open) = (0, 0, None);
            self.busy = 0;
        }
        if self.told.is_some_and(|told| told.from <= ended.began) && ended.wait.is_none() {
            self.told = None;
        }
    }

    fn note_failure(&mut self, ended: &Ended, cooldown: Cooldown, enough: u32) {
        self.failures = self.failures.saturating_add(1);
        match self.open {
            // The probe failed: longer next time.
            Some(open) if open.until() <= ended.began => self.trips = self.trips.saturating_add(1),
            // It was asked before it was shut, or although it was: nothing new.
            Some(_) => return,
            None if self.failures >= enough.max(1) => {}
            None => return,
        }
        self.open = Some(Span::new(
            ended.at,
            doubled(cooldown.pause, self.trips).min(LONGEST_PAUSE.max(cooldown.pause)),
        ));
    }

    fn sample(&mut self, ended: &Ended, answered: Answered) {
        let lost = || Duration::try_from(ended.at.duration_since(ended.began)).unwrap_or_default();
        let took = match (answered, ended.ttft) {
            (Answered::Yes, Some(ttft)) => ttft,
            // It works, but what it said was no answer.
            (Answered::Yes, None) => return,
            (Answered::No, _) => lost(),
        };
        if self.samples.len() == WINDOW {
            self.samples.pop_front();
        }
        self.samples.push_back(Sample { at: ended.at, took, answered: answered == Answered::Yes });
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Answered {
    Yes,
    No,
}

/// A pause that was doubled so often.
fn doubled(pause: Duration, times: u32) -> Duration {
    pause.saturating_mul(1 << times.min(16))
}

/// A time so much later; the last there is, where there is none.
pub(super) fn later(at: Timestamp, by: Duration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
