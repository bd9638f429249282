//! What is known of one route: its circuit, its pauses, its times.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::outcome::{Ended, Ending};
use super::span::Span;
use crate::chat::{ErrorKind, Route};
use crate::config::Cooldown;
use crate::providers::limits::RateLimits;

/// Samples of a route that count for its time to first token.
const WINDOW: usize = 20;
/// A sample tells nothing after so long.
const MEMORY: Duration = Duration::from_secs(60 * 60);
/// A circuit's pause stops growing here.
const LONGEST_PAUSE: Duration = Duration::from_secs(10 * 60);
/// The pause after a first "too many requests" that names none.
const BUSY_PAUSE: Duration = Duration::from_secs(1);
/// And the longest.
const LONGEST_BUSY: Duration = Duration::from_secs(8);

/// How a route failed, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// How.
    pub kind: ErrorKind,
    /// When.
    pub at: Timestamp,
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
    pub(super) trouble: Option<Trouble>,
    /// How often in a row it was busy without saying for how long.
    busy: u32,
    /// How often in a row its circuit was opened.
    trips: u32,
    pub(super) open: Option<Span>,
    /// How long the provider asked to be left alone.
    pub(super) told: Option<Span>,
    samples: VecDeque<Sample>,
    /// What the provider last said is left, and when it said so.
    pub(super) limits: RateLimits,
    pub(super) limits_at: Timestamp,
    /// When anything was last heard of it.
    pub(super) heard: Timestamp,
}

impl RouteHealth {
    pub(super) fn new(route: Route, now: Timestamp) -> Self {
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

    /// When a time to first token was last taken of it.
    pub fn sampled(&self) -> Option<Timestamp> {
        Some(self.samples.back()?.at)
    }

    /// The times of the answers of late, the shortest first.
    pub(super) fn answers(&self, now: Timestamp) -> Vec<Duration> {
        let answered = self.current(now).filter(|sample| sample.answered);
        let mut took: Vec<Duration> = answered.map(|sample| sample.took).collect();
        took.sort_unstable();
        took
    }

    /// The longest that one of its answers took to begin of late; `None` where too few did.
    pub fn slowest(&self, now: Timestamp) -> Option<Duration> {
        const ENOUGH: usize = 3;
        let answered = || self.current(now).filter(|sample| sample.answered).map(|sample| sample.took);
        answered().max().filter(|_| answered().count() >= ENOUGH)
    }

    /// The time that its answers took to begin, failures on the way to them counted in; `None` where nothing is known.
    /// A route that never answered takes for ever.
    pub fn latency(&self, now: Timestamp) -> Option<Duration> {
        let (took, answered, all) =
            self.current(now).fold((Duration::ZERO, 0u32, 0u32), |(took, answered, all), sample| {
                (took + sample.took, answered + u32::from(sample.answered), all + 1)
            });
        match (answered, all) {
            (_, 0) => None,
            (0, _) => Some(Duration::MAX),
            (answered, _) => Some(took / answered),
        }
    }

    fn current(&self, now: Timestamp) -> impl Iterator<Item = &Sample> {
        self.samples.iter().filter(move |sample| Span::new(sample.at, MEMORY).holds(now))
    }

    pub(super) fn note(&mut self, ended: &Ended, cooldown: Cooldown) {
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
