//! A turn's requests, in the air: the thin async shell under [`decide`](super::decide::decide).
//!
//! A flight sends, reads, tells the [`Router`] what became of it, and does what it is told to do next. It is polled
//! step by step by whoever runs the turn, who alone hears the person's wish to stop; dropping a flight ends its
//! request and gives its place to others.

mod asking;
mod attempt;

use std::sync::Arc;
use std::time::Duration;

use futures::future::{self, BoxFuture};
use futures::{FutureExt, StreamExt};
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::Instant;

use super::decide::{Cause, Decision, PATIENCE, TurnState, Wait, Why};
use super::health::{AttemptId, Ended, Ending, Outcome, later};
use super::plan::{Plan, TargetId};
use super::seam::Sewing;
use super::shared::{Audience, Router};
use crate::chat::{ChatRequest, End, ErrorKind, Failure, KeyLabel, Route, StreamEvent};
use crate::config::{Config, Endpoint, OnCut};
use crate::http::{HttpResponse, Transport};
use crate::keys::Credential;
use crate::providers::{Conclusion, Decoder, Pause};
use crate::t;

use asking::Seat;
pub use attempt::{Attempt, Nudge, Step, out_of_time};
use attempt::{Clock, Current};

/// Where the keys of routes come from. A key is asked for when its route is first wanted, and once a turn.
pub trait Credentials: Send + Sync {
    /// A key of an endpoint. May take its time: a keyring may ask a person.
    ///
    /// # Errors
    /// Why there is none: the route is then left out.
    fn credential(
        &self,
        endpoint: &Endpoint,
        key: &KeyLabel,
    ) -> BoxFuture<'static, Result<Credential, Failure>>;
}

/// Who says whether a request may leave. Asked before each.
pub trait Gate: Send + Sync {
    /// Whether a route may be asked now. Quick: nothing else goes on meanwhile.
    ///
    /// # Errors
    /// Why not: the route is then left out.
    fn admit(&self, route: &Route) -> Result<(), Failure>;
}

/// What flights are run with.
#[derive(Clone)]
pub struct Means {
    /// Where requests go.
    pub transport: Arc<dyn Transport>,
    /// Endpoints.
    pub config: Arc<Config>,
    /// What is known of routes.
    pub router: Router,
    /// Keys.
    pub credentials: Arc<dyn Credentials>,
    /// Who has a say before a request leaves; `None` lets all of them.
    pub gate: Option<Arc<dyn Gate>>,
}

/// A turn's requests, in the air.
pub struct Flight {
    means: Means,
    changes: watch::Receiver<()>,
    chat: ChatRequest,
    turn: TurnState,
    clock: Clock,
    seats: Vec<Option<Seat>>,
    /// The route that is asked, was asked last, or is waited for.
    target: TargetId,
    /// The place it has taken.
    place: Option<Place>,
    number: u32,
    state: State,
    /// What the answer that is asked to go on said before its provider paused.
    pause: Option<Box<Pause>>,
    current: Current,
    /// Why the last attempt failed, or the last route was left out.
    trouble: Option<Failure>,
    /// The wait that was told of last.
    told: Option<Wait>,
    /// A step to tell of before anything else.
    pending: Option<Step>,
    nudge: Option<Nudge>,
    /// What was said, where an answer is gone on with.
    sewing: Sewing,
    /// Where the answer could be gone on with that stopped before its end.
    onward: Option<Route>,
}

/// A place that was taken for an attempt.
struct Place {
    id: AttemptId,
    began: Timestamp,
}

/// A request on its way. It is sent when it is first polled.
type Sending = BoxFuture<'static, Result<HttpResponse, Failure>>;

enum State {
    /// Nobody knows yet what is next.
    Asking,
    /// The key of the route is asked for.
    Resolving(BoxFuture<'static, Result<Credential, Failure>>),
    /// The route can be asked.
    Ready,
    /// It can be asked, and the request is there.
    Made(Sending),
    Sending(Sending),
    Reading(Box<Reading>),
    Waiting(Instant),
    Done,
}

/// Why nothing follows an attempt, and how the turn ends with it.
enum Over {
    /// Nothing is left to try: the attempt was the last one.
    Spent(End),
    /// There would be another, had it the time.
    Late(End),
}

struct Reading {
    response: HttpResponse,
    decoder: Decoder,
}

impl Flight {
    /// Nothing is sent before the first [`next`](Self::next). `tokens` is an estimate of the request's size, where
    /// somebody made one.
    pub fn new(
        means: Means,
        plan: Arc<Plan>,
        chat: ChatRequest,
        deadline: Instant,
        tokens: Option<u64>,
    ) -> Self {
        let clock = Clock::start();
        let seats = plan.targets().map(|_| None).collect();
        Self {
            changes: means.router.changes(),
            means,
            chat,
            turn: TurnState::new(plan, clock.time(deadline), tokens),
            seats,
            target: TargetId(0),
            place: None,
            number: 0,
            state: State::Asking,
            pause: None,
            current: Current::new(&clock),
            clock,
            trouble: None,
            told: None,
            pending: None,
            nudge: None,
            sewing: Sewing::default(),
            onward: None,
        }
    }

    /// Does everything before the first request is sent, for who has something else to wait for first.
    ///
    /// # Errors
    /// Why nothing can be sent. The flight is then over.
    pub async fn prepare(&mut self) -> Result<(), Failure> {
        while let State::Asking | State::Resolving(_) | State::Ready = &self.state {
            match self.proceed().await {
                Some(Step::Ended(attempt)) => {
                    return Err(attempt.end.failure().cloned().unwrap_or_else(|| self.exhausted()));
                }
                other => self.pending = other,
            }
        }
        Ok(())
    }

    /// What a person wants. It is done with the next [`next`](Self::next); it is nothing once the answer has begun.
    pub fn nudge(&mut self, nudge: Nudge) {
        self.nudge = Some(nudge);
    }

    /// The route that is asked, was asked last, or is waited for.
    pub fn route(&self) -> &Route {
        self.turn.route_of(self.target)
    }

    /// The endpoint and key that a route is asked with; `None` before it was.
    pub fn seat(&self, route: &Route) -> Option<(&Endpoint, &Credential)> {
        let (id, _) = self.turn.plan().targets().find(|(_, target)| target.route == *route)?;
        self.seats[id.0].as_ref().map(|seat| (&seat.endpoint, &seat.credential))
    }

    /// What happens next. What the model says is added to `events`. Cancel-safe: a call that is dropped
    /// before it returns has lost nothing.
    ///
    /// Must not be called again after [`Step::Ended`]; it would never return.
    pub async fn next(&mut self, events: &mut Vec<StreamEvent>) -> Step {
        loop {
            if let Some(step) = self.pending.take() {
                return step;
            }
            if let Some(nudge) = self.nudge.take()
                && let Some(step) = self.nudged(nudge)
            {
                return step;
            }
            match &mut self.state {
                State::Asking | State::Resolving(_) | State::Ready => {
                    if let Some(step) = self.proceed().await {
                        return step;
                    }
                }
                State::Made(_) => {
                    // The time that something else was waited for is not the attempt's.
                    self.current = Current::new(&self.clock);
                    if let State::Made(sending) = std::mem::replace(&mut self.state, State::Asking) {
                        self.state = State::Sending(sending);
                    }
                }
                State::Sending(sending) => match sending.await {
                    Ok(response) => self.head(response),
                    Err(failure) => return self.over(End::Failed(failure)),
                },
                State::Reading(reading) => {
                    let before = events.len();
                    let broken = match reading.response.body.next().await {
                        Some(Ok(bytes)) => {
                            let ended = reading.decoder.push(&bytes, events);
                            if self.current.note(&events[before..]) {
                                spoke(&self.means.router, self.place.as_ref(), &self.turn);
                            }
                            self.sewing.push(events, before);
                            if !ended && events.len() > before {
                                return Step::Said;
                            }
                            if !ended {
                                continue;
                            }
                            None
                        }
                        Some(Err(failure)) => Some(failure),
                        None => None,
                    };
                    let State::Reading(reading) = std::mem::replace(&mut self.state, State::Done) else {
                        return self.over(End::Cancelled);
                    };
                    let before = events.len();
                    let conclusion = reading.decoder.conclude(broken, events);
                    self.current.note(&events[before..]);
                    self.sewing.push(events, before);
                    self.sewing.close(events);
                    match conclusion {
                        Conclusion::Ended(end) => return self.over(end),
                        Conclusion::Paused(pause) => {
                            if let Err(end) = self.resume(pause) {
                                return self.over(end);
                            }
                            if events.len() > before {
                                return Step::Said;
                            }
                        }
                    }
                }
                State::Waiting(until) => {
                    tokio::select! {
                        () = tokio::time::sleep_until(*until) => {}
                        _ = self.changes.changed() => {}
                    }
                    self.state = State::Asking;
                }
                State::Done => future::pending().await,
            }
        }
    }

    /// One step towards the next request; what there is to tell of it.
    async fn proceed(&mut self) -> Option<Step> {
        match &mut self.state {
            State::Asking => {
                let Err(Over::Spent(end) | Over::Late(end)) = self.ask() else { return self.pending.take() };
                self.state = State::Done;
                // The one before has been told of already.
                self.number += 1;
                self.current = Current::new(&self.clock);
                let end = self.sewing.ended(end);
                return Some(Step::Ended(Box::new(self.attempt(end))));
            }
            State::Resolving(credential) => match credential.await {
                Ok(credential) => self.sit(credential),
                Err(failure) => self.leave_out(failure),
            },
            State::Ready => {
                let route = self.turn.route_of(self.target);
                if let Some(Err(failure)) = self.means.gate.as_ref().map(|gate| gate.admit(route)) {
                    self.leave_out(failure);
                    return None;
                }
                self.number += 1;
                self.current = Current::new(&self.clock);
                self.pause = None;
                self.state = State::Made(self.request().unwrap_or_else(|failure| {
                    // Told of when it is its turn.
                    future::ready(Err(failure)).boxed()
                }));
            }
            State::Made(_) | State::Sending(_) | State::Reading(_) | State::Waiting(_) | State::Done => {}
        }
        None
    }

    /// The route that was to be asked cannot be.
    fn leave_out(&mut self, failure: Failure) {
        self.give_back((Ending::Stopped, None), None);
        self.turn.rule_out(self.target);
        self.trouble.get_or_insert(failure);
        self.state = State::Asking;
    }

    /// Asks what to do next and begins it.
    ///
    /// # Errors
    /// How the turn ends, where nothing is left to do.
    fn ask(&mut self) -> Result<(), Over> {
        let (id, now) = (AttemptId(fastrand::u64(..)), self.clock.now());
        self.changes.mark_unchanged();
        match self.means.router.ask(&mut self.turn, id, now, fastrand::f64()) {
            Decision::Try(target) => self.take(target, Place { id, began: now }),
            Decision::Wait(wait) => {
                self.target = wait.target;
                self.state = State::Waiting(self.clock.instant(wait.until));
                if self.told.as_ref().is_none_or(|told| is_news(told, &wait)) {
                    self.pending = Some(self.waiting(&wait));
                    self.told = Some(wait);
                }
            }
            // What could be waited for, had it the time, ran out of time.
            Decision::Offer(wait) if wait.until <= later(now, PATIENCE) => return Err(self.late()),
            Decision::Offer(wait) => return Err(Over::Spent(End::Failed(self.not_in_time(&wait, now)))),
            Decision::GiveUp(Why::Exhausted) => return Err(Over::Spent(End::Failed(self.exhausted()))),
            Decision::GiveUp(Why::Deadline) => return Err(self.late()),
        }
        Ok(())
    }

    fn late(&self) -> Over {
        Over::Late(End::Failed(out_of_time(self.trouble.as_ref())))
    }

    fn waiting(&self, wait: &Wait) -> Step {
        let until = match wait.cause {
            Cause::Parallel(_) => None,
            Cause::Backoff | Cause::Provider | Cause::Minute(_) => Some(wait.until),
        };
        Step::Waiting { route: self.turn.route_of(wait.target).clone(), until, cause: wait.cause.clone() }
    }

    /// Takes a place on a route.
    fn take(&mut self, target: TargetId, place: Place) {
        self.target = target;
        self.place = Some(place);
        self.told = None;
        self.turn.tries(target);
        if self.seats[target.0].is_some() {
            self.state = State::Ready;
            return;
        }
        let route = self.turn.route_of(target);
        self.state = match self.means.config.endpoint(route.endpoint.as_str()) {
            Some(endpoint) => State::Resolving(self.means.credentials.credential(endpoint, &route.key)),
            None => {
                let name = route.endpoint.as_str();
                let failure = Failure::new(
                    ErrorKind::UnknownModel,
                    t!("turns-unknown-endpoint", name = name).into_string(),
                );
                State::Resolving(future::ready(Err(failure)).boxed())
            }
        };
    }

    /// The attempt that is running, or was waited for, ended from outside: by the person, or by the turn's
    /// deadline.
    pub fn stop(&mut self, end: End) -> Attempt {
        if !matches!(self.state, State::Made(_) | State::Sending(_) | State::Reading(_)) {
            // The one before it has been told of already.
            self.number += 1;
            self.current = Current::new(&self.clock);
        }
        self.state = State::Done;
        self.give_back((Ending::Stopped, None), None);
        self.attempt(end)
    }

    /// Does what a person wants, where there is something to do.
    fn nudged(&mut self, nudge: Nudge) -> Option<Step> {
        let (target, now) = (self.target, self.clock.now());
        match (&self.state, nudge) {
            (State::Waiting(_), Nudge::AskNow) => {
                let id = AttemptId(fastrand::u64(..));
                self.means.router.begin(&mut self.turn, target, id, now);
                self.take(target, Place { id, began: now });
                None
            }
            (State::Waiting(_), Nudge::MoveOn) if self.has_others() => {
                self.turn.rule_out(target);
                self.state = State::Asking;
                None
            }
            (State::Sending(_) | State::Reading(_), Nudge::MoveOn)
                if self.current.ttft.is_none() && self.has_others() =>
            {
                self.give_back((Ending::Stopped, None), None);
                self.turn.rule_out(target);
                Some(self.go_on(End::Cancelled))
            }
            _ => None,
        }
    }

    /// Whether anything would be left without the route that is asked or waited for.
    pub fn has_others(&self) -> bool {
        let now = self.clock.now();
        let mut without = self.turn.clone();
        without.rule_out(self.target);
        matches!(self.means.router.peek(&without, now, 0.5), Decision::Try(_) | Decision::Wait(_))
    }

    fn over(&mut self, end: End) -> Step {
        let is_silent = self.current.ttft.is_none();
        let taught = Ending::of(&end, || self.fingerprint());
        self.give_back(taught, end.failure().map(|failure| failure.kind));
        let now = self.clock.now();
        match &end {
            End::Failed(failure) if is_silent => {
                if let Some(name) = self.to_drop(failure) {
                    return self.without(name, end);
                }
                self.turn.failed(self.target, failure, now, fastrand::f64());
                self.trouble = Some(failure.clone());
                self.go_on(end)
            }
            End::Failed(failure) | End::Cut(failure) => {
                self.turn.failed(self.target, failure, now, fastrand::f64());
                self.trouble = Some(failure.clone());
                self.cut(end, now)
            }
            End::Finished(_) | End::Cancelled => {
                self.state = State::Done;
                Step::Ended(Box::new(self.attempt(end)))
            }
        }
    }

    /// The answer stopped before its end, after some of it had come. What came stays; it is gone on with, or could be.
    fn cut(&mut self, end: End, now: Timestamp) -> Step {
        self.onward = match self.means.router.peek(&self.turn, now, 0.5) {
            Decision::Try(target) | Decision::Wait(Wait { target, .. }) => {
                Some(self.turn.route_of(target).clone())
            }
            Decision::Offer(_) | Decision::GiveUp(_) => None,
        };
        let goes_on = self.onward.is_some() && self.turn.plan().on_cut == OnCut::Automatic;
        if goes_on && self.sewing.hand_over(&mut self.chat, self.turn.route_of(self.target)) {
            self.onward = None;
            return self.go_on(end);
        }
        self.state = State::Done;
        Step::Ended(Box::new(self.attempt(end)))
    }

    /// Where an answer could be gone on with that stopped before its end; `None` where it did not, or where nothing is
    /// left to ask.
    pub fn onward(&self) -> Option<&Route> {
        self.onward.as_ref()
    }

    /// After an attempt that ended so: the next one, or the end.
    fn go_on(&mut self, end: End) -> Step {
        let attempt = Box::new(self.attempt(end));
        match self.ask() {
            Ok(()) => {
                // What is waited for is told of with the failure.
                self.pending = None;
                let next = self.told.as_ref().map_or_else(|| self.clock.now(), |wait| wait.until);
                Step::Failed { attempt, route: self.turn.route_of(self.target).clone(), next }
            }
            Err(Over::Spent(end)) => {
                self.state = State::Done;
                Step::Ended(Box::new(Attempt { end: self.sewing.ended(end), ..*attempt }))
            }
            Err(Over::Late(end)) => {
                let route = attempt.route.clone();
                self.number += 1;
                self.current = Current::new(&self.clock);
                self.state = State::Done;
                self.pending = Some(Step::Ended(Box::new(self.attempt(self.sewing.ended(end)))));
                Step::Failed { attempt, route, next: self.turn.deadline() }
            }
        }
    }

    /// Gives back the place that an attempt had, and tells what it taught.
    fn give_back(&mut self, (ending, wait): (Ending, Option<Duration>), error: Option<ErrorKind>) {
        let Some(Place { id, began }) = self.place.take() else { return };
        let usage = self.current.usage;
        let ended = Ended {
            id,
            route: self.turn.route_of(self.target).clone(),
            began,
            at: self.clock.now(),
            ending,
            error,
            ttft: self.current.ttft,
            wait,
            tokens: usage.tokens_in.zip(usage.tokens_out).map(|(read, written)| read + written),
        };
        self.means.router.tell(&Outcome::Ended(ended), Audience::of(&self.turn));
    }

    fn attempt(&self, end: End) -> Attempt {
        Attempt {
            number: self.number,
            route: self.turn.route_of(self.target).clone(),
            started: self.current.started,
            latency: self.current.clock.elapsed(),
            ttft: self.current.ttft,
            status: self.current.status,
            end,
            usage: self.current.usage,
            model_served: self.current.model_served.clone(),
        }
    }

    /// What is said where nothing is left to try: what the last attempt said.
    fn exhausted(&self) -> Failure {
        self.trouble
            .clone()
            .unwrap_or_else(|| Failure::new(ErrorKind::Network, t!("net-no-route").into_string()))
    }

    /// What is said where what is left cannot be asked in time.
    fn not_in_time(&self, wait: &Wait, now: Timestamp) -> Failure {
        let route = self.turn.route_of(wait.target).to_string();
        let pause = Duration::try_from(wait.until.duration_since(now)).unwrap_or_default();
        let seconds = pause.as_secs_f64().ceil().to_string();
        let step = t!("net-step-later", route = route.as_str(), seconds = seconds.as_str()).into_string();
        let failure = self.trouble.clone().unwrap_or_else(|| {
            let message = t!("net-no-room", route = route.as_str()).into_string();
            Failure { retry_after: Some(pause), ..Failure::new(ErrorKind::RateLimit, message) }
        });
        failure.with_next_step(step)
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.give_back((Ending::Stopped, None), None);
        self.means.router.leave(&mut self.turn);
    }
}

/// Whether a person wants to know that it is this now, and not that.
fn is_news(told: &Wait, wait: &Wait) -> bool {
    const SAME: Duration = Duration::from_secs(1);
    let moved = told.until.duration_since(wait.until).unsigned_abs() > SAME;
    told.target != wait.target
        || told.cause != wait.cause
        || (moved && !matches!(wait.cause, Cause::Parallel(_)))
}

/// Tells that the first word came.
fn spoke(router: &Router, place: Option<&Place>, turn: &TurnState) {
    if let Some(Place { id, .. }) = place {
        router.tell(&Outcome::Spoke { id: *id }, Audience::of(turn));
    }
}

#[cfg(test)]
mod tests;
