//! What a flight tells of its attempts, and the clock that they are timed by.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::chat::{End, ErrorKind, Failure, ModelId, Route, StreamEvent, Usage};
use crate::router::decide::Cause;
use crate::router::health::later;
use crate::t;

/// An attempt that is over: what a request event tells of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// Which of the turn, from 1.
    pub number: u32,
    /// Where it went; where the next one would have gone, of one that was never sent.
    pub route: Route,
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
    /// An attempt failed; as things stand, that route is asked next, at that time.
    Failed {
        /// The attempt.
        attempt: Box<Attempt>,
        /// Where the next one goes.
        route: Route,
        /// When it begins.
        next: Timestamp,
    },
    /// The turn waits, or waits for something else than it did.
    Waiting {
        /// The route that is asked then.
        route: Route,
        /// When; `None` where nobody knows when there will be room.
        until: Option<Timestamp>,
        /// Why.
        cause: Cause,
    },
    /// The last attempt ended, well or not. Nothing follows.
    Ended(Box<Attempt>),
}

/// What a person wants of a turn that waits, or that waits for its first word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nudge {
    /// Another route, if there is one.
    MoveOn,
    /// The route that is waited for, now.
    AskNow,
}

/// What is said where the time is up, with what the attempt before said where one failed: that is why.
pub fn out_of_time(before: Option<&Failure>) -> Failure {
    let message = match before {
        Some(before) => t!("turns-deadline-after", reason = before.message.as_str()),
        None => t!("turns-deadline"),
    };
    Failure::new(ErrorKind::Timeout, message.to_string())
        .with_next_step(t!("turns-deadline-next").to_string())
}

/// The time as this turn sees it: that of the wall when it began, and what has passed since. A clock that is set
/// in between moves no deadline.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    began: Timestamp,
    at: Instant,
}

impl Clock {
    pub(super) fn start() -> Self {
        Self { began: Timestamp::now(), at: Instant::now() }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.time(Instant::now())
    }

    pub(super) fn time(&self, at: Instant) -> Timestamp {
        later(self.began, at.saturating_duration_since(self.at))
    }

    pub(super) fn instant(&self, at: Timestamp) -> Instant {
        self.at + Duration::try_from(at.duration_since(self.began)).unwrap_or_default()
    }
}

/// What is known of the attempt that is running.
pub(super) struct Current {
    pub(super) started: Timestamp,
    pub(super) clock: Instant,
    pub(super) ttft: Option<Duration>,
    pub(super) status: Option<u16>,
    pub(super) usage: Usage,
    pub(super) model_served: Option<ModelId>,
    /// How often the answer was asked to go on.
    pub(super) resumed: u32,
}

impl Current {
    /// One begins.
    pub(super) fn new(clock: &Clock) -> Self {
        Self {
            started: clock.now(),
            clock: Instant::now(),
            ttft: None,
            status: None,
            usage: Usage::default(),
            model_served: None,
            resumed: 0,
        }
    }

    /// Takes in what was said; whether the first of it was among that.
    pub(super) fn note(&mut self, events: &[StreamEvent]) -> bool {
        let was_silent = self.ttft.is_none();
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
        was_silent && self.ttft.is_some()
    }
}
