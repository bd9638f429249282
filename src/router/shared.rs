//! What the turns of a process share: what is known of routes, and the queue of those that wait.
//!
//! Deciding and taking a place are one step under one lock, so that two turns that look at once do not both take
//! the last one.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

use super::decide::{Cause, Decision, TurnState, decide, patience};
use super::health::{AttemptId, Ending, Health, Outcome, Ticket};
use super::journal::{Held, Journal, known};
use super::plan::TargetId;
use crate::chat::Route;
use crate::config::Cooldown;
use crate::keys::Fingerprint;

/// The router of a process. Cheap to clone; clones are the same one.
#[derive(Clone, Debug)]
pub struct Router {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// Marked whenever something ends: there may be room for those who wait.
    changed: watch::Sender<()>,
}

#[derive(Debug)]
struct State {
    cooldown: Cooldown,
    health: Health,
    tickets: u64,
    /// The requests of this process that are on their way.
    own: Vec<AttemptId>,
    journal: Option<Journal>,
}

/// Who should hear of an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    /// Every process: the route is one of several, or has limits.
    All,
    /// Every process, if it is bad news: a request to an endpoint must not be slowed by what nobody reads.
    Warned,
}

impl Audience {
    pub fn of(turn: &TurnState) -> Self {
        if turn.plan().is_shared() { Self::All } else { Self::Warned }
    }

    fn hears(self, outcome: &Outcome) -> bool {
        match outcome {
            Outcome::Began { .. } | Outcome::Spoke { .. } => self == Self::All,
            Outcome::Told { limits, .. } => limits.is_tight(),
            Outcome::Ended(ended) => match ended.ending {
                Ending::Works | Ending::Stopped => self == Self::All,
                Ending::Failed | Ending::Broken | Ending::Busy | Ending::Refused(_) => true,
            },
        }
    }
}

impl Router {
    /// A router that shares what it learns through a journal in this folder; without one it keeps it to itself.
    /// Touches nothing yet.
    pub fn new(cooldown: Cooldown, folder: Option<PathBuf>) -> Self {
        let (changed, _) = watch::channel(());
        let (health, journal) = (Health::default(), folder.map(Journal::new));
        let state = State { cooldown, health, tickets: 0, own: Vec::new(), journal };
        Self { shared: Arc::new(Shared { state: Mutex::new(state), changed }) }
    }

    /// From now on, routes cool down like this; what is known of them stays.
    pub fn set_cooldown(&self, cooldown: Cooldown) {
        self.state().cooldown = cooldown;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of routes, by all processes.
    pub fn health(&self, now: Timestamp) -> Health {
        let mut state = self.state();
        state.catch_up(now);
        state.health.forget(now);
        state.health.clone()
    }

    /// Whether a key was refused to a route, as far as this process knows.
    pub(super) fn is_refused(&self, route: &Route, key: &Fingerprint) -> bool {
        self.state().health.is_refused(route, key)
    }

    /// Tells whenever there may be room.
    pub(super) fn changes(&self) -> watch::Receiver<()> {
        self.shared.changed.subscribe()
    }

    /// What a turn does next. Where it tries a route, `id` has begun there; where it waits for room, it has a place
    /// in the queue.
    pub(super) fn ask(&self, turn: &mut TurnState, id: AttemptId, now: Timestamp, chance: f64) -> Decision {
        let mut state = self.state();
        // Nobody else's turns matter to a plan of one route: nothing is locked or read for it.
        let held = if turn.plan().is_shared() { state.lock() } else { None };
        if held.is_some() {
            state.catch_up(now);
        }
        let decision = decide(turn, &state.health, now, chance);
        state.unqueue(turn.ticket);
        match &decision {
            Decision::Try(target) => {
                turn.ticket = None;
                state.note(&began(turn, *target, id, now), Audience::of(turn));
                if let (Some(held), State { journal: Some(journal), health, .. }) = (&held, &mut *state) {
                    journal.shorten(health, held);
                }
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

    /// How long a turn waits for the first word of a route, where it could go elsewhere.
    pub(super) fn patience(&self, turn: &TurnState, target: TargetId, now: Timestamp) -> Option<Duration> {
        patience(turn, &self.state().health, target, now)
    }

    /// A turn asks a route without having been told to.
    pub(super) fn begin(&self, turn: &mut TurnState, target: TargetId, id: AttemptId, now: Timestamp) {
        let mut state = self.state();
        state.unqueue(turn.ticket.take());
        let (began, audience) = (began(turn, target, id, now), Audience::of(turn));
        let _held = if audience.hears(&began) { state.lock() } else { None };
        state.note(&began, audience);
    }

    /// Takes in what became of a request.
    pub(super) fn tell(&self, outcome: &Outcome, audience: Audience) {
        let mut state = self.state();
        let held = if audience.hears(outcome) { state.lock() } else { None };
        state.note(outcome, audience);
        drop((held, state));
        if let Outcome::Ended(_) = outcome {
            self.shared.changed.send_replace(());
        }
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
    /// Keeps other processes from writing to the journal, where there is one.
    fn lock(&self) -> Option<Held> {
        self.journal.as_ref().map(Journal::lock)
    }

    /// Takes in what other processes learned.
    fn catch_up(&mut self, now: Timestamp) {
        let cooldown = self.cooldown;
        if let Some(journal) = &mut self.journal {
            let news = journal.read();
            let mine = std::mem::take(&mut self.health);
            self.health =
                known(mine, &self.own, news, now, |health, outcome| health.apply(outcome, cooldown));
        }
    }

    /// Takes in what this process learned, and passes it on to those who should hear of it.
    fn note(&mut self, outcome: &Outcome, audience: Audience) {
        match outcome {
            Outcome::Began { id, .. } => self.own.push(*id),
            Outcome::Ended(ended) => self.own.retain(|own| *own != ended.id),
            Outcome::Spoke { .. } | Outcome::Told { .. } => {}
        }
        self.health.apply(outcome, self.cooldown);
        if let Some(journal) = &mut self.journal
            && audience.hears(outcome)
        {
            journal.append(outcome);
        }
    }

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
