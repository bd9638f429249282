//! What the turns of a process share: what is known of routes, and the queue of those that wait.
//!
//! Deciding and taking a place are one step under one lock, so that two turns that look at once do not both take
//! the last one.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::watch;

use super::decide::{Cause, Decision, TurnState, decide};
use super::health::{AttemptId, Health, Outcome, Ticket};
use super::plan::TargetId;
use crate::config::Cooldown;

/// The router of a process. Cheap to clone; clones are the same one.
#[derive(Clone, Debug)]
pub struct Router {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    cooldown: Cooldown,
    state: Mutex<State>,
    /// Marked whenever something ends: there may be room for those who wait.
    changed: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct State {
    health: Health,
    tickets: u64,
}

impl Router {
    /// A router that knows nothing yet.
    pub fn new(cooldown: Cooldown) -> Self {
        let (changed, _) = watch::channel(());
        Self { shared: Arc::new(Shared { cooldown, state: Mutex::default(), changed }) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of routes.
    pub fn health(&self, now: Timestamp) -> Health {
        let mut health = self.state().health.clone();
        health.forget(now);
        health
    }

    /// Tells whenever there may be room.
    pub(super) fn changes(&self) -> watch::Receiver<()> {
        self.shared.changed.subscribe()
    }

    /// What a turn does next. Where it tries a route, `id` has begun there; where it waits for room, it has a place
    /// in the queue.
    pub(super) fn ask(&self, turn: &mut TurnState, id: AttemptId, now: Timestamp, chance: f64) -> Decision {
        let mut state = self.state();
        let decision = decide(turn, &state.health, now, chance);
        state.unqueue(turn.ticket);
        match &decision {
            Decision::Try(target) => {
                turn.ticket = None;
                state.health.apply(&began(turn, *target, id, now), self.shared.cooldown);
            }
            Decision::Wait(wait) => {
                if let Cause::Minute(scope) | Cause::Parallel(scope) = &wait.cause {
                    let ticket = turn.ticket.unwrap_or_else(|| state.ticket());
                    turn.ticket = Some(ticket);
                    state.health.waiting.push((ticket, scope.clone()));
                }
            }
            Decision::Offer(_) | Decision::GiveUp(_) => turn.ticket = None,
        }
        decision
    }

    /// What a turn would do next, if it did.
    pub(super) fn peek(&self, turn: &TurnState, now: Timestamp, chance: f64) -> Decision {
        decide(turn, &self.state().health, now, chance)
    }

    /// A turn asks a route without having been told to.
    pub(super) fn begin(&self, turn: &mut TurnState, target: TargetId, id: AttemptId, now: Timestamp) {
        let mut state = self.state();
        state.unqueue(turn.ticket.take());
        state.health.apply(&began(turn, target, id, now), self.shared.cooldown);
    }

    /// Takes in what became of a request.
    pub(super) fn tell(&self, outcome: &Outcome) {
        self.state().health.apply(outcome, self.shared.cooldown);
        self.shared.changed.send_replace(());
    }

    /// A turn waits no more.
    pub(super) fn leave(&self, turn: &mut TurnState) {
        if let Some(ticket) = turn.ticket.take() {
            self.state().unqueue(Some(ticket));
            self.shared.changed.send_replace(());
        }
    }
}

impl State {
    fn ticket(&mut self) -> Ticket {
        self.tickets += 1;
        Ticket(self.tickets)
    }

    fn unqueue(&mut self, ticket: Option<Ticket>) {
        self.health.waiting.retain(|(waiting, _)| Some(*waiting) != ticket);
    }
}

fn began(turn: &TurnState, target: TargetId, id: AttemptId, now: Timestamp) -> Outcome {
    Outcome::Began {
        id,
        route: turn.route_of(target).clone(),
        at: now,
        lease: turn.deadline().duration_since(now).try_into().unwrap_or_default(),
        tokens: turn.tokens().unwrap_or(0),
    }
}
