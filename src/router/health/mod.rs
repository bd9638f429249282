//! What is known of routes, folded from what became of requests.
//!
//! Pure: the same [`Outcome`]s in the same order give the same [`Health`], in whichever process they are folded.
//! Times are those of the outcomes and of whoever asks. A clock may jump: what lasts does so for a [`Span`], which
//! is over when it has not begun yet, so that no jump back can shut a route for longer than was meant.

mod known;
mod outcome;
mod route;
mod span;

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::plan::Scope;
use crate::chat::Route;
use crate::config::{Cooldown, Limits};
use crate::keys::Fingerprint;
use crate::providers::limits::Allowance;

pub use known::{Known, Ttft, Used};
pub use outcome::{AttemptId, Ended, Ending, Outcome};
pub use route::{RouteHealth, Trouble};
pub use span::Span;
pub(super) use span::later;

/// What limits are counted over.
const MINUTE: Duration = Duration::from_secs(60);
/// What takes so many times as long as the slowest of a route's last answers hangs,
pub(super) const MANY_TIMES: u32 = 4;
/// if it takes this long at least. Doubt costs nothing: another route is asked while there is one.
const LEAST_DOUBT: Duration = Duration::from_secs(5);
/// A route of which nothing was heard for so long is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(7 * 24 * 60 * 60);

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

    /// What is known of a route.
    pub fn of(&self, route: &Route) -> Option<&RouteHealth> {
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

    /// Whether a request to a route has been waiting for its first word many times longer than any did of late. So a
    /// route that hangs is known long before anybody's patience ends.
    pub fn hangs(&self, route: &Route, now: Timestamp) -> bool {
        let mut silent =
            self.flying.iter().filter(|flying| flying.route == *route && !flying.spoke).peekable();
        if silent.peek().is_none() {
            return false;
        }
        let Some(slowest) = self.of(route).and_then(|known| known.slowest(now)) else { return false };
        let limit = slowest.saturating_mul(MANY_TIMES).max(LEAST_DOUBT);
        silent.any(|flying| later(flying.lease.from, limit) <= now && flying.lease.holds(now))
    }
}

#[cfg(test)]
mod tests;
