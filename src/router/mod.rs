//! From a route to attempts: what is tried, what is tried again, and when it is given up.
//!
//! [`decide`] is the whole policy, pure. [`Flight`] is the thin async shell under it: it sends, reads, asks
//! `decide` after a failure, and waits. It is polled step by step by whoever runs the turn, who alone keeps
//! the deadline and the person's wish to stop; dropping a flight ends its request.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::StreamExt;
use futures::future::BoxFuture;
use jiff::Timestamp;

use crate::chat::{ChatRequest, End, ErrorKind, Failure, ModelId, StreamEvent, Usage};
use crate::config::{Config, Endpoint};
use crate::http::{HttpResponse, Transport};
use crate::keys::Credential;
use crate::providers::{self, Conclusion, Decoder, Pause, Site};
use crate::t;

/// How often, and how long, a turn is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Attempts after the first.
    pub retries: u32,
}

/// What follows a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Another attempt, after a pause.
    Retry {
        /// The pause.
        pause: Duration,
    },
    /// The failure stands.
    GiveUp,
}

/// Whether the answer had begun when an attempt failed. Once it had, nothing is retried silently: what was
/// shown stays, and the person decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// No text, reasoning or tool call had come.
    Nothing,
    /// Some had.
    Content,
}

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);
/// A provider that asks for more patience than this is told to the person instead of waited for.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);

/// How often a provider that pauses is asked to go on: each time costs the whole prompt again.
const MOST_PAUSES: u32 = 10;

/// What follows attempt number `attempt` (from 1). `jitter` is a random number in `0.0..1.0`.
///
/// A pause is the provider's own where it names one, else exponential back-off with full jitter.
pub fn decide(policy: Policy, attempt: u32, progress: Progress, failure: &Failure, jitter: f64) -> Decision {
    if attempt > policy.retries || progress == Progress::Content || !can_succeed_again(failure) {
        return Decision::GiveUp;
    }
    match failure.retry_after {
        Some(pause) if pause > LONGEST_RETRY_AFTER => Decision::GiveUp,
        Some(pause) => Decision::Retry { pause },
        None => {
            let ceiling = FIRST_PAUSE.saturating_mul(1 << (attempt - 1).min(8)).min(LONGEST_PAUSE);
            Decision::Retry { pause: ceiling.mul_f64(jitter.clamp(0.0, 1.0)) }
        }
    }
}

/// The parameter to ask without, where that is all that is wrong with a request. `dropped` are those that it was
/// without already: who refuses them still means something else.
fn to_drop<'f>(failure: &'f Failure, progress: Progress, dropped: &[String]) -> Option<&'f str> {
    let refused = failure.refused_param.as_deref().filter(|_| progress == Progress::Nothing);
    refused.filter(|name| !dropped.iter().any(|dropped| dropped == name))
}

/// Whether the same request can succeed later (`wire-formats`, section 9): the provider's own word first.
fn can_succeed_again(failure: &Failure) -> bool {
    if let Some(told) = failure.should_retry {
        return told;
    }
    match failure.kind {
        ErrorKind::Network | ErrorKind::RateLimit => true,
        ErrorKind::Provider => failure.status.is_none_or(|status| matches!(status, 200 | 408 | 409 | 500..)),
        ErrorKind::Timeout => failure.status.is_some(),
        ErrorKind::Config
        | ErrorKind::Auth
        | ErrorKind::UnknownModel
        | ErrorKind::NotFound
        | ErrorKind::ContentFilter
        | ErrorKind::ContextWindow
        | ErrorKind::Budget
        | ErrorKind::Cut
        | ErrorKind::Cancelled
        | ErrorKind::Internal => false,
    }
}

/// An attempt that is over: what a request event tells of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// Which of the turn, from 1.
    pub number: u32,
    /// When it began.
    pub started: Timestamp,
    /// How long it took.
    pub latency: Duration,
    /// How long until the first text, reasoning or tool call.
    pub ttft: Option<Duration>,
    /// HTTP status, where one came.
    pub status: Option<u16>,
    /// How it ended.
    pub end: End,
    /// Tokens it told.
    pub usage: Usage,
    /// The model it said it served.
    pub model_served: Option<ModelId>,
}

/// What a flight did next.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// The model said what was added to the events.
    Said,
    /// An attempt failed; another follows at that time.
    Failed {
        /// The attempt.
        attempt: Box<Attempt>,
        /// When the next one begins.
        next: Timestamp,
    },
    /// The last attempt ended, well or not. Nothing follows.
    Ended(Box<Attempt>),
}

/// A turn's requests, in the air.
pub struct Flight {
    transport: Arc<dyn Transport>,
    config: Arc<Config>,
    endpoint: Endpoint,
    credential: Credential,
    chat: ChatRequest,
    policy: Policy,
    number: u32,
    state: State,
    /// The next request, made and not sent.
    ready: Option<Sending>,
    /// What the answer that is asked to go on said before its provider paused.
    pause: Option<Box<Pause>>,
    current: Current,
}

/// A request on its way. It is sent when it is first polled.
type Sending = BoxFuture<'static, Result<HttpResponse, Failure>>;

/// What is known of the attempt that is running.
struct Current {
    started: Timestamp,
    clock: Instant,
    ttft: Option<Duration>,
    status: Option<u16>,
    usage: Usage,
    model_served: Option<ModelId>,
    /// How often the answer was asked to go on.
    resumed: u32,
}

impl Current {
    fn new() -> Self {
        Self {
            started: Timestamp::now(),
            clock: Instant::now(),
            ttft: None,
            status: None,
            usage: Usage::default(),
            model_served: None,
            resumed: 0,
        }
    }
}

enum State {
    Ready,
    Sending(Sending),
    Reading(Box<Reading>),
    Waiting(tokio::time::Instant),
    Done,
}

struct Reading {
    response: HttpResponse,
    decoder: Decoder,
}

impl Flight {
    /// Nothing is sent before the first [`next`](Self::next).
    pub fn new(
        transport: Arc<dyn Transport>,
        config: Arc<Config>,
        endpoint: Endpoint,
        credential: Credential,
        chat: ChatRequest,
        policy: Policy,
    ) -> Self {
        Self {
            transport,
            config,
            endpoint,
            credential,
            chat,
            policy,
            number: 1,
            state: State::Ready,
            ready: None,
            pause: None,
            current: Current::new(),
        }
    }

    /// Makes the first request without sending it, for who has something else to wait for first.
    pub fn make_ready(&mut self) {
        // One that cannot be made is told of when it is its turn.
        self.ready = self.request().ok();
    }

    fn request(&mut self) -> Result<Sending, Failure> {
        if let Some(own) = providers::credential(&self.chat.model, &self.site())? {
            self.credential = own;
        }
        Ok(self.transport.send(providers::request(&self.chat, &self.site())?))
    }

    /// What happens next. What the model says is added to `events`. Cancel-safe: a call that is dropped
    /// before it returns has lost nothing.
    ///
    /// Must not be called again after [`Step::Ended`]; it would never return.
    pub async fn next(&mut self, events: &mut Vec<StreamEvent>) -> Step {
        loop {
            match &mut self.state {
                State::Ready => {
                    self.current = Current::new();
                    self.pause = None;
                    match self.ready.take().map_or_else(|| self.request(), Ok) {
                        Ok(sending) => self.state = State::Sending(sending),
                        Err(failure) => return self.over(End::Failed(failure)),
                    }
                }
                State::Sending(sending) => match sending.await {
                    Ok(response) => {
                        self.current.status = Some(response.status);
                        let decoder = self.decoder(&response);
                        self.state = State::Reading(Box::new(Reading { response, decoder }));
                    }
                    Err(failure) => return self.over(End::Failed(failure)),
                },
                State::Reading(reading) => {
                    let before = events.len();
                    let broken = match reading.response.body.next().await {
                        Some(Ok(bytes)) => {
                            let ended = reading.decoder.push(&bytes, events);
                            self.current.note(&events[before..]);
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
                    let conclusion = reading.decoder.conclude(broken, events);
                    self.current.note(&events[before..]);
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
                    tokio::time::sleep_until(*until).await;
                    self.number += 1;
                    self.state = State::Ready;
                }
                State::Done => std::future::pending().await,
            }
        }
    }

    fn site(&self) -> Site<'_> {
        Site {
            config: &self.config,
            endpoint: &self.endpoint,
            credential: &self.credential,
            now: Timestamp::now(),
        }
    }

    fn decoder(&mut self, response: &HttpResponse) -> Decoder {
        let Self { endpoint, credential, pause, .. } = self;
        match pause.take() {
            Some(pause) => Decoder::resume(*pause, endpoint, credential, response.status, &response.headers),
            None => Decoder::new(endpoint, credential, response.status, &response.headers),
        }
    }

    /// Asks a provider to go on that paused, as a part of the same attempt; how the attempt ended, where that
    /// cannot be.
    fn resume(&mut self, pause: Box<Pause>) -> Result<(), End> {
        self.current.resumed += 1;
        if self.current.resumed > MOST_PAUSES {
            let message = t!("net-paused-too-often", count = MOST_PAUSES.to_string()).into_string();
            let failure = Failure::new(ErrorKind::Cut, message);
            return Err(End::Cut(failure.with_next_step(t!("net-step-cut").into_string())));
        }
        let request = providers::resume(&self.chat, &self.site(), &pause).map_err(End::Failed)?;
        self.state = State::Sending(self.transport.send(request));
        self.pause = Some(pause);
        Ok(())
    }

    /// The attempt that is running, or was waited for, ended from outside: by the person, or by the turn's
    /// deadline.
    pub fn stop(mut self, end: End) -> Attempt {
        if matches!(self.state, State::Waiting(_)) {
            // The one before it has been told of already.
            self.number += 1;
            self.current = Current::new();
        }
        self.attempt(end)
    }

    fn over(&mut self, end: End) -> Step {
        self.state = State::Done;
        let progress = if self.current.ttft.is_some() { Progress::Content } else { Progress::Nothing };
        let decision = match &end {
            End::Failed(failure) => match to_drop(failure, progress, &self.endpoint.drop_params) {
                Some(name) => {
                    self.endpoint.drop_params.push(name.to_owned());
                    Decision::Retry { pause: Duration::ZERO }
                }
                None => decide(self.policy, self.number, progress, failure, fastrand::f64()),
            },
            End::Finished(_) | End::Cancelled | End::Cut(_) => Decision::GiveUp,
        };
        let attempt = Box::new(self.attempt(end));
        match decision {
            Decision::GiveUp => Step::Ended(attempt),
            Decision::Retry { pause } => {
                self.state = State::Waiting(tokio::time::Instant::now() + pause);
                Step::Failed { attempt, next: Timestamp::now() + pause }
            }
        }
    }

    fn attempt(&self, end: End) -> Attempt {
        Attempt {
            number: self.number,
            started: self.current.started,
            latency: self.current.clock.elapsed(),
            ttft: self.current.ttft,
            status: self.current.status,
            end,
            usage: self.current.usage,
            model_served: self.current.model_served.clone(),
        }
    }
}

impl Current {
    fn note(&mut self, events: &[StreamEvent]) {
        for event in events {
            if self.ttft.is_none() && event.is_content() {
                self.ttft = Some(self.clock.elapsed());
            }
            match event {
                StreamEvent::Usage(usage) => self.usage = *usage,
                StreamEvent::ModelServed(model) => self.model_served = Some(model.clone()),
                StreamEvent::Text(_)
                | StreamEvent::Reasoning(_)
                | StreamEvent::Refusal(_)
                | StreamEvent::ToolCall { .. }
                | StreamEvent::Source(_)
                | StreamEvent::ServerTool(_)
                | StreamEvent::Image(_)
                | StreamEvent::State(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: Policy = Policy { retries: 2 };

    fn failure(kind: ErrorKind, status: Option<u16>) -> Failure {
        Failure { status, ..Failure::new(kind, "") }
    }

    fn check(attempt: u32, progress: Progress, failure: &Failure, expected: Decision) {
        assert_eq!(decide(POLICY, attempt, progress, failure, 0.5), expected, "{failure:?}");
    }

    fn retry_ms(millis: u64) -> Decision {
        Decision::Retry { pause: Duration::from_millis(millis) }
    }

    #[test]
    fn what_a_model_refuses_is_left_out_once_and_only_before_any_content() {
        let refused =
            Failure { refused_param: Some("top_p".into()), ..failure(ErrorKind::Provider, Some(400)) };
        assert_eq!(to_drop(&refused, Progress::Nothing, &["stop".into()]), Some("top_p"));
        assert_eq!(to_drop(&refused, Progress::Nothing, &["top_p".into()]), None);
        assert_eq!(to_drop(&refused, Progress::Content, &[]), None);
        assert_eq!(to_drop(&failure(ErrorKind::Provider, Some(400)), Progress::Nothing, &[]), None);
    }

    #[test]
    fn pauses_double_with_full_jitter_and_end_after_the_last_retry() {
        let overloaded = failure(ErrorKind::Provider, Some(503));
        check(1, Progress::Nothing, &overloaded, retry_ms(250));
        check(2, Progress::Nothing, &overloaded, retry_ms(500));
        check(3, Progress::Nothing, &overloaded, Decision::GiveUp);
    }

    #[test]
    fn only_what_can_succeed_again_is_tried_again() {
        for (kind, status, again) in [
            (ErrorKind::Network, None, true),
            (ErrorKind::RateLimit, Some(429), true),
            (ErrorKind::Provider, Some(500), true),
            (ErrorKind::Provider, Some(529), true),
            (ErrorKind::Provider, Some(408), true),
            (ErrorKind::Provider, Some(400), false),
            (ErrorKind::Provider, Some(422), false),
            (ErrorKind::Auth, Some(401), false),
            (ErrorKind::UnknownModel, Some(404), false),
            (ErrorKind::ContextWindow, Some(400), false),
            (ErrorKind::ContentFilter, Some(400), false),
            (ErrorKind::Timeout, None, false),
        ] {
            let expected = if again { retry_ms(250) } else { Decision::GiveUp };
            check(1, Progress::Nothing, &failure(kind, status), expected);
        }
    }

    #[test]
    fn the_providers_own_word_on_retrying_wins() {
        let quota = Failure { should_retry: Some(false), ..failure(ErrorKind::RateLimit, Some(429)) };
        check(1, Progress::Nothing, &quota, Decision::GiveUp);
        let lock = Failure { should_retry: Some(true), ..failure(ErrorKind::Provider, Some(400)) };
        check(1, Progress::Nothing, &lock, retry_ms(250));
    }

    #[test]
    fn retry_after_is_kept_to_the_letter_up_to_a_minute() {
        let asks = |seconds| Failure {
            retry_after: Some(Duration::from_secs(seconds)),
            ..failure(ErrorKind::RateLimit, Some(429))
        };
        check(1, Progress::Nothing, &asks(7), retry_ms(7_000));
        check(1, Progress::Nothing, &asks(61), Decision::GiveUp);
    }

    #[test]
    fn nothing_is_tried_again_once_content_has_come() {
        check(1, Progress::Content, &failure(ErrorKind::Network, None), Decision::GiveUp);
    }
}
