//! The one way a turn runs, for the app and for one-shots alike: persist, route, stream, persist, event.
//!
//! [`Turns::run`] is one future. It tells a [`Listener`] what happens, keeps the deadline, and ends early
//! when its [`Wishes`] say so or is dropped. Whatever happens it ends with one `Ended`, a stored answer, and
//! one final request event.

mod estimate;
mod ledger;
mod recovery;
mod spending;
pub mod summary;
pub mod title;

pub use recovery::open_store;
pub use spending::{amount, told as told_standing};

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::time::{Instant, Sleep};

use crate::catalog::Catalog;
use crate::chat::{
    Answer, ChatRequest, Conversation, ConversationId, End, ErrorKind, Failure, FinishReason, KeyLabel,
    Message, MessageId, Money, Provenance, Route, StreamEvent, Tried, TurnId, Usage,
};
use crate::config::{Config, Endpoint};
use crate::http::Transport;
use crate::keys::{Credential, KeyState, Keys};
use crate::router::{
    Attempt, Cause, Credentials, Facts, Flight, Gate, Means, Nudge, Plan, Router, Step, out_of_time,
};
use crate::storage::{Begun, Standing, Storage, StoreError};
use crate::t;
use crate::telemetry::{Allowance, Log, Mode, Standing as BudgetStanding, login_name};
use ledger::{Finality, Ledger};
use spending::Spending;

/// What turns are run with. Cheap to clone.
#[derive(Clone)]
pub struct Turns {
    /// Configuration.
    pub config: Arc<Config>,
    /// Credentials.
    pub keys: Keys,
    /// Where requests go.
    pub transport: Arc<dyn Transport>,
    /// What is known of routes.
    pub router: Router,
    /// Prices and context sizes.
    pub catalog: Catalog,
    /// Where conversations are kept; `None` keeps nothing of a turn but its events.
    pub storage: Option<Storage>,
    /// Where events go.
    pub log: Log,
    /// Who events are written for.
    pub user: Arc<str>,
}

/// A turn to be run. Whoever makes one has given every message its id.
#[derive(Clone, Debug, PartialEq)]
pub struct TurnRequest {
    /// The turn.
    pub turn: TurnId,
    /// The conversation it belongs to.
    pub conversation: ConversationId,
    /// The conversation itself, where this is (one of) its first: it is stored with it, unless it is already.
    pub create: Option<Box<Conversation>>,
    /// The user message to be stored, unless it is already; `None` where an answer is asked again or continued.
    pub user: Option<Box<Message>>,
    /// The answer, empty (or holding what is to be continued), status `Streaming`, its parent set.
    pub answer: Box<Message>,
    /// Where it goes.
    pub route: Route,
    /// What is asked.
    pub request: ChatRequest,
    /// What it is for.
    pub mode: Mode,
    /// Where the answer stands among those to the same question.
    pub standing: Standing,
    /// Whether it may go over a budget.
    pub allowance: Allowance,
}

/// What happens while a turn runs: first `Sent`, in the end exactly one `Ended`, between them any number of the
/// others. A turn that could not be sent has only its `Ended`.
#[derive(Clone, Debug, PartialEq)]
pub enum TurnEvent {
    /// The user message is on disk and the request is on its way.
    Sent {
        /// When.
        at: Timestamp,
    },
    /// How the budgets stand that the turn spends from, where there is something to say of one: before it is sent,
    /// and with what it cost.
    Budgets(Vec<BudgetStanding>),
    /// From now on this route is asked, or waited for. Not told of the route that the turn named itself.
    Asks(Route),
    /// The model said something.
    Said(StreamEvent),
    /// An attempt failed and another follows.
    AttemptFailed {
        /// Which, from 1.
        attempt: u32,
        /// Where it went.
        route: Route,
        /// Why.
        failure: Failure,
        /// When the next one begins.
        next: Timestamp,
    },
    /// The turn waits for the route that is asked next, or waits for something else than it did.
    Waiting {
        /// Until when; `None` where nobody knows.
        until: Option<Timestamp>,
        /// Why.
        cause: Cause,
    },
    /// The turn is over; the answer as it was stored.
    Ended(Box<Message>),
}

/// Who is told what happens. A slow listener slows the reader, so memory stays flat.
pub trait Listener: Send {
    /// Takes one event.
    fn hear(&mut self, event: TurnEvent) -> impl Future<Output = ()> + Send;
}

/// What a person may want of a turn that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// That it ends. What came is kept.
    Stop,
    /// That it does not wait for the route that it waits for: another, or the same now.
    Nudge(Nudge),
}

/// Where a turn hears what is wanted of it. It ends when all other halves are gone.
pub type Wishes = mpsc::Receiver<Wish>;

/// The two halves of what a turn is told by. One wish at a time is enough: a turn takes it at once.
pub fn wishes() -> (mpsc::Sender<Wish>, Wishes) {
    mpsc::channel(4)
}

/// The longest that text of a live answer stays in memory only (architecture, invariant 9).
const CHUNK_EVERY: Duration = Duration::from_millis(250);

/// The clock is read once for so many pieces of a stream that never pauses: they come within microseconds.
const PIECES_A_LOOK: u32 = 16;

impl Turns {
    /// Runs a turn to its end and returns the answer as it was stored. `deadline` bounds everything in it.
    pub async fn run(
        &self,
        turn: TurnRequest,
        deadline: Option<Instant>,
        wishes: Wishes,
        listener: &mut impl Listener,
    ) -> Message {
        let mut answer = Answer { parts: turn.answer.parts.clone(), ..Answer::default() };
        let deadline = self.bound(&turn.route, deadline);
        let spending = Spending::of(self, &turn, deadline);
        let outcome = match self.prepare(&turn, deadline, spending.clone()).await {
            Ok(flight) => {
                listener.hear(TurnEvent::Sent { at: Timestamp::now() }).await;
                tell_budgets(spending.as_ref().map(|spending| spending.found()), listener).await;
                let outcome = self
                    .fly(&turn, (flight, spending.as_deref()), deadline, wishes, listener, &mut answer)
                    .await;
                // Its event is in the log now, which tells what was reserved until then.
                tell_budgets(spending.as_ref().map(|spending| spending.settle()), listener).await;
                outcome
            }
            Err(failure) => Outcome {
                end: End::Failed(failure),
                last: None,
                before: Before::default(),
                onward: None,
                cost_eur: None,
                thought: None,
            },
        };
        let sent = outcome.last.is_some();
        let message = message(&turn, answer, outcome);
        if let Some(storage) = &self.storage
            && (sent || keeps_unsent(turn.mode))
        {
            let (conversation, stored) = (turn.conversation, message.clone());
            // The listener still gets the whole answer; storage tells of its own failures.
            let _ = storage.call(move |store| store.end_answer(conversation, &stored)).await;
            storage.post(|store| store.shorten_log());
        }
        listener.hear(TurnEvent::Ended(Box::new(message.clone()))).await;
        message
    }

    /// Everything before the first byte is sent: the key, then the messages on disk. The request is made
    /// while the disk is waited for.
    async fn prepare(
        &self,
        turn: &TurnRequest,
        deadline: Instant,
        spending: Option<Arc<Spending>>,
    ) -> Result<Flight, Failure> {
        let ready = match self.flight(turn, deadline, spending) {
            Ok(mut flight) => flight.prepare().await.map(|()| flight),
            Err(failure) => Err(failure),
        };
        let mut answer = turn.answer.clone();
        // Should this process end before the answer does, it is known where it came from.
        if let (Ok(flight), Some(alias)) = (&ready, turn.route.alias()) {
            answer.route = Some(flight.route().clone());
            answer.provenance.get_or_insert_default().alias = Some(alias);
        }
        let stored =
            self.storage.as_ref().filter(|_| ready.is_ok() || keeps_unsent(turn.mode)).map(|storage| {
                let (id, create, user) = (turn.conversation, turn.create.clone(), turn.user.clone());
                let begun =
                    Begun { at: Timestamp::now(), purpose: turn.mode.name(), standing: turn.standing };
                storage.call(move |store| {
                    store.begin_turn(id, create.as_deref(), user.as_deref(), &answer, begun)
                })
            });
        if let Some(stored) = stored {
            stored.await.map_err(|error| storage_failure(&error))?;
        }
        ready
    }

    /// The same for turns that begin from now on, with another configuration. Those that run keep theirs.
    #[must_use]
    pub fn configured(&self, config: Arc<Config>) -> Self {
        self.router.set_cooldown(config.router.cooldown);
        let user = config.user.clone().unwrap_or_else(|| login_name(&config.env)).into();
        Self { config, user, ..self.clone() }
    }

    /// Everything that may be sent for a turn.
    fn flight(
        &self,
        turn: &TurnRequest,
        deadline: Instant,
        spending: Option<Arc<Spending>>,
    ) -> Result<Flight, Failure> {
        let means = Means {
            transport: self.transport.clone(),
            config: self.config.clone(),
            router: self.router.clone(),
            credentials: Arc::new(self.clone()),
            gate: spending.map(|spending| spending as Arc<dyn Gate>),
        };
        let plan = self.plan(&turn.route)?;
        let tokens = plan.is_shared().then(|| turn.request.weight());
        Ok(Flight::new(means, Arc::new(plan), turn.request.clone(), deadline, tokens))
    }

    /// What a turn that asks this route may try.
    ///
    /// # Errors
    /// `unknown_model` where there is no such alias, `config` where it leads nowhere.
    pub fn plan(&self, asked: &Route) -> Result<Plan, Failure> {
        let Some(alias) = asked.alias() else {
            return Ok(Plan::route(&self.config, asked.clone(), &|_| Facts::default()));
        };
        Plan::alias(&self.config, &alias, &asked.key, &|route| self.facts(route)).unwrap_or_else(|| {
            let message = t!("turns-unknown-alias", name = alias.as_str()).into_string();
            let names = self.config.router.models.iter().map(|alias| alias.name.as_str());
            let step = t!("turns-aliases-are", names = names.collect::<Vec<_>>().join(", ")).into_string();
            Err(Failure::new(ErrorKind::UnknownModel, message).with_next_step(step))
        })
    }

    /// What is known of a route's model without asking anybody.
    pub fn facts(&self, route: &Route) -> Facts {
        let Some(endpoint) = self.config.endpoint(route.endpoint.as_str()) else { return Facts::default() };
        let credential = self.keys.at_hand(&self.config, endpoint, &route.key, Timestamp::now());
        let known = credential.map(|credential| self.catalog.known(endpoint, &credential));
        let listed =
            known.as_ref().and_then(|known| known.models.iter().find(|listed| listed.id == route.model));
        Facts {
            context: self.catalog.context(endpoint, listed, &route.model),
            price: self.catalog.price(endpoint, listed, &route.model, None),
        }
    }

    /// The maker of a route's wire, as events and reports name it.
    pub fn provider(&self, route: &Route) -> String {
        ledger::provider(self.config.endpoint(route.endpoint.as_str()), route)
    }

    /// When a turn has to be over.
    fn bound(&self, route: &Route, deadline: Option<Instant>) -> Instant {
        let endpoint = self.config.endpoint(route.endpoint.as_str()).filter(|endpoint| !endpoint.is_router());
        let total = endpoint.map_or(self.config.router.timeouts.total, |endpoint| endpoint.timeouts.total);
        let bound = Instant::now() + total;
        deadline.map_or(bound, |deadline| deadline.min(bound))
    }

    /// A key of an endpoint. A keyring or a command may take its time, so those are asked on another thread.
    ///
    /// # Errors
    /// Those of [`Keys::resolve`].
    pub async fn credential(&self, endpoint: &Endpoint, key: &KeyLabel) -> Result<Credential, Failure> {
        let now = Timestamp::now();
        let state = self.keys.state(&self.config, endpoint, key, now);
        let blocks = matches!(state, KeyState::Ready(origin) if origin.may_block());
        if !blocks {
            return self.keys.resolve(&self.config, endpoint, key, now);
        }
        let (keys, config, endpoint, label) =
            (self.keys.clone(), self.config.clone(), endpoint.clone(), key.clone());
        tokio::task::spawn_blocking(move || keys.resolve(&config, &endpoint, &label, now))
            .await
            .unwrap_or_else(|error| Err(Failure::new(ErrorKind::Internal, error.to_string())))
    }

    async fn fly(
        &self,
        turn: &TurnRequest,
        (mut flight, spending): (Flight, Option<&Spending>),
        deadline: Instant,
        mut wishes: Wishes,
        listener: &mut impl Listener,
        answer: &mut Answer,
    ) -> Outcome {
        let ledger = Ledger { turns: self, turn, spending };
        let mut events = Vec::new();
        let mut failed = None;
        let mut before = Before::default();
        let mut asked = turn.route.clone();
        // What the answer held when the attempt began.
        let mut held = turn.answer.parts.clone();
        let mut thinking = Thinking::default();
        let mut unsaved = Unsaved::new(self.storage.clone(), turn);
        // Made once: a stream of fifty thousand small pieces must not set fifty thousand timers.
        let mut over = std::pin::pin!(tokio::time::sleep_until(deadline));
        let mut last = loop {
            let step = tokio::select! {
                biased;
                step = flight.next(&mut events) => step,
                wish = wishes.recv() => match wish {
                    Some(Wish::Nudge(nudge)) => {
                        flight.nudge(nudge);
                        continue;
                    }
                    Some(Wish::Stop) | None => break flight.stop(End::Cancelled),
                },
                () = &mut over => break flight.stop(End::Failed(out_of_time(failed.as_ref()))),
                () = unsaved.due() => {
                    unsaved.save();
                    continue;
                }
            };
            // That another route follows is told after what was wrong with the one before.
            let asks = (asked != *flight.route()).then(|| flight.route().clone());
            if let Some(route) = asks.as_ref().filter(|_| !matches!(step, Step::Failed { .. })) {
                asked.clone_from(route);
                listener.hear(TurnEvent::Asks(route.clone())).await;
            }
            for event in events.drain(..) {
                thinking.note(&event);
                answer.apply(&event);
                unsaved.push(&event);
                listener.hear(TurnEvent::Said(event)).await;
            }
            match step {
                Step::Said => unsaved.save_if_due(),
                Step::Waiting { until, cause, .. } => {
                    listener.hear(TurnEvent::Waiting { until, cause }).await;
                }
                Step::Failed { mut attempt, next, .. } => {
                    let counted = estimate::missing(&turn.request, &held, &answer.parts, &attempt).await;
                    attempt.usage = counted.unwrap_or(attempt.usage);
                    held.clone_from(&answer.parts);
                    let cost = ledger.record(&attempt, flight.seat(&attempt.route), Finality::Retried);
                    before.note(&attempt, cost, next);
                    if let Some(failure) = attempt.end.failure().cloned() {
                        failed = Some(failure.clone());
                        let (attempt, route) = (attempt.number, attempt.route);
                        listener.hear(TurnEvent::AttemptFailed { attempt, route, failure, next }).await;
                    }
                    if let Some(route) = asks {
                        asked.clone_from(&route);
                        listener.hear(TurnEvent::Asks(route)).await;
                    }
                }
                Step::Ended(attempt) => break *attempt,
            }
        };
        for event in events.drain(..) {
            thinking.note(&event);
            answer.apply(&event);
            listener.hear(TurnEvent::Said(event)).await;
        }
        let counted = estimate::missing(&turn.request, &held, &answer.parts, &last).await;
        last.usage = counted.unwrap_or(last.usage);
        let cost_eur = ledger.record(&last, flight.seat(&last.route), Finality::Final);
        let onward = flight.onward().cloned();
        Outcome {
            end: last.end.clone(),
            last: Some(last),
            before,
            onward,
            cost_eur,
            thought: thinking.taken(),
        }
    }
}

impl Credentials for Turns {
    fn credential(
        &self,
        endpoint: &Endpoint,
        key: &KeyLabel,
    ) -> BoxFuture<'static, Result<Credential, Failure>> {
        let (turns, endpoint, key) = (self.clone(), endpoint.clone(), key.clone());
        async move { Self::credential(&turns, &endpoint, &key).await }.boxed()
    }
}

/// Tells how budgets stand, where there is something to say of one.
async fn tell_budgets(standings: Option<Vec<BudgetStanding>>, listener: &mut impl Listener) {
    let mut standings = standings.unwrap_or_default();
    standings.retain(BudgetStanding::is_noteworthy);
    if !standings.is_empty() {
        listener.hear(TurnEvent::Budgets(standings)).await;
    }
}

/// Whether a turn of this kind is kept although nothing of it could be sent. A person's prompt is; a script
/// still has its own.
const fn keeps_unsent(mode: Mode) -> bool {
    match mode {
        Mode::Tui => true,
        Mode::Oneshot | Mode::Title | Mode::Summary | Mode::Imported => false,
    }
}

/// How a turn came out.
struct Outcome {
    end: End,
    /// The last attempt; `None` where nothing was sent.
    last: Option<Attempt>,
    before: Before,
    /// Where it could be gone on with.
    onward: Option<Route>,
    cost_eur: Option<Money>,
    /// How long it reasoned.
    thought: Option<Duration>,
}

/// How long an answer reasons: from each first piece of it to what follows.
#[derive(Debug, Default)]
struct Thinking {
    since: Option<Instant>,
    taken: Option<Duration>,
}

impl Thinking {
    fn note(&mut self, said: &StreamEvent) {
        match said {
            StreamEvent::Reasoning(_) => {
                self.since.get_or_insert_with(Instant::now);
            }
            said if said.is_content() => self.stop(),
            _ => {}
        }
    }

    fn stop(&mut self) {
        if let Some(since) = self.since.take() {
            *self.taken.get_or_insert_default() += since.elapsed();
        }
    }

    fn taken(mut self) -> Option<Duration> {
        self.stop();
        self.taken
    }
}

/// The attempts before the last one, and what they used: an answer may have been begun by one.
#[derive(Default)]
struct Before {
    tried: Vec<Tried>,
    usage: Usage,
    cost_eur: Option<Money>,
}

impl Before {
    fn note(&mut self, attempt: &Attempt, cost_eur: Option<Money>, next: Timestamp) {
        self.usage = self.usage.plus(attempt.usage);
        self.cost_eur = match (self.cost_eur, cost_eur) {
            (Some(before), Some(cost)) => Some(before + cost),
            (before, cost) => before.or(cost),
        };
        let (kind, message) = match failure(&attempt.end) {
            Some(failure) => (failure.kind, failure.message),
            None => (ErrorKind::Cancelled, String::new()),
        };
        let until_next = Duration::try_from(next.duration_since(attempt.started)).unwrap_or_default();
        self.tried.push(Tried {
            route: attempt.route.clone(),
            kind,
            status: attempt.status,
            message,
            waited_ms: millis(until_next.saturating_sub(attempt.latency)),
        });
    }
}

fn message(turn: &TurnRequest, answer: Answer, outcome: Outcome) -> Message {
    let begun = turn.answer.provenance.as_ref();
    let Outcome { end, last, before, onward, cost_eur, thought } = outcome;
    let failure = failure(&end).map(|failure| match &onward {
        Some(route) => {
            failure.with_next_step(t!("turns-step-onward", route = route.to_string()).into_string())
        }
        None => failure,
    });
    // A continued answer cost what it cost before and what it cost now; unknown if either is.
    let cost_eur = cost_eur.map(|cost| before.cost_eur.map_or(cost, |before| before + cost));
    let cost_eur = match begun {
        Some(begun) => begun.cost_eur.zip(cost_eur).map(|(begun, now)| begun + now),
        None => cost_eur,
    };
    let usage = last.as_ref().map_or(answer.usage, |last| before.usage.plus(last.usage));
    Message {
        parts: answer.parts,
        status: end.status(),
        route: last.as_ref().map(|last| last.route.clone()).or_else(|| turn.answer.route.clone()),
        provenance: Some(Provenance {
            model_served: answer.model_served,
            finish: Some(end.finish_reason()),
            attempts: last.as_ref().map_or(0, |attempt| attempt.number),
            latency_ms: last.as_ref().map(|attempt| millis(attempt.latency)),
            ttft_ms: last.as_ref().and_then(|attempt| attempt.ttft).map(millis),
            thought_ms: thought.map(millis).or_else(|| begun?.thought_ms),
            usage: begun.map_or(usage, |begun| begun.usage.plus(usage)),
            cost_eur,
            failure,
            alias: turn.route.alias(),
            before: before.tried,
            onward,
        }),
        ..(*turn.answer).clone()
    }
}

/// What went wrong. A filter that ends an answer is a failure, although the stream came to its proper end.
fn failure(end: &End) -> Option<Failure> {
    match end {
        End::Finished(FinishReason::ContentFilter) => {
            Some(Failure::new(ErrorKind::ContentFilter, t!("turns-filtered").to_string()))
        }
        End::Finished(_) | End::Cancelled => None,
        End::Failed(failure) | End::Cut(failure) => Some(failure.clone()),
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

fn storage_failure(error: &StoreError) -> Failure {
    Failure::new(ErrorKind::Internal, t!("turns-not-stored", error = error.explain()).to_string())
        .with_next_step(t!("turns-not-stored-next").to_string())
}

/// What a live answer said since its last chunk.
struct Unsaved {
    storage: Option<Storage>,
    message: MessageId,
    events: Vec<StreamEvent>,
    /// When the next chunk is due, where there is something for it.
    timer: Pin<Box<Sleep>>,
    /// Pieces since the clock was last read for them.
    unlooked: u32,
}

impl Unsaved {
    fn new(storage: Option<Storage>, turn: &TurnRequest) -> Self {
        let timer = Box::pin(tokio::time::sleep(CHUNK_EVERY));
        Self { storage, message: turn.answer.id, events: Vec::new(), timer, unlooked: 0 }
    }

    fn push(&mut self, event: &StreamEvent) {
        if self.storage.is_none() {
            return;
        }
        if self.events.is_empty() {
            self.timer.as_mut().reset(Instant::now() + CHUNK_EVERY);
        }
        match (self.events.last_mut(), event) {
            (Some(StreamEvent::Text(last)), StreamEvent::Text(more))
            | (Some(StreamEvent::Reasoning(last)), StreamEvent::Reasoning(more)) => last.push_str(more),
            _ => self.events.push(event.clone()),
        }
    }

    /// Saves where it is time to, without waiting: a stream that never pauses never lets `due` be polled.
    fn save_if_due(&mut self) {
        self.unlooked += 1;
        if self.events.is_empty() || self.unlooked < PIECES_A_LOOK {
            return;
        }
        self.unlooked = 0;
        if self.timer.deadline() <= Instant::now() {
            self.save();
        }
    }

    /// Returns when what is unsaved has waited long enough; never, where nothing is.
    async fn due(&mut self) {
        if self.events.is_empty() {
            return std::future::pending().await;
        }
        self.timer.as_mut().await;
    }

    fn save(&mut self) {
        let (events, message) = (std::mem::take(&mut self.events), self.message);
        if let Some(storage) = &self.storage
            && !events.is_empty()
        {
            let now = Timestamp::now();
            storage.post(move |store| store.append_chunk(message, &events, now));
        }
    }
}

#[cfg(test)]
mod tests;
