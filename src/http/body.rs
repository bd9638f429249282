//! An answer's bytes under their time limits.
//!
//! A stream of fifty thousand small pieces must not pay for fifty thousand timers: the time of the last
//! piece is noted, and the one timer, when it rings, is set again from that note.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures::Stream;
use tokio::time::{Instant, Sleep};

use super::Limits;
use super::trouble::Target;
use crate::chat::Failure;

/// What the body is waiting for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waiting {
    First,
    More,
    /// The stream has ended, well or not.
    Nothing,
}

/// A body that fails when it keeps its reader waiting too long.
pub struct Timed<S> {
    inner: Pin<Box<S>>,
    timer: Pin<Box<Sleep>>,
    /// When the last piece came.
    last: Instant,
    waiting: Waiting,
    limits: Limits,
    target: Target,
}

impl<S> Timed<S> {
    /// The body of a request sent at `sent`. Needs a runtime with a clock.
    pub fn new(inner: S, sent: Instant, limits: Limits, target: Target) -> Self {
        Self {
            inner: Box::pin(inner),
            timer: Box::pin(tokio::time::sleep_until(sent + limits.first_byte)),
            last: sent,
            waiting: Waiting::First,
            limits,
            target,
        }
    }

    fn limit(&self) -> Duration {
        match self.waiting {
            Waiting::First => self.limits.first_byte,
            Waiting::More | Waiting::Nothing => self.limits.idle,
        }
    }
}

impl<S: Stream<Item = reqwest::Result<Bytes>>> Stream for Timed<S> {
    type Item = Result<Bytes, Failure>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.waiting == Waiting::Nothing {
            return Poll::Ready(None);
        }
        match this.inner.as_mut().poll_next(cx) {
            Poll::Ready(Some(Ok(piece))) => {
                this.last = Instant::now();
                if this.waiting == Waiting::First {
                    this.waiting = Waiting::More;
                    this.timer.as_mut().reset(this.last + this.limits.idle);
                }
                return Poll::Ready(Some(Ok(piece)));
            }
            Poll::Ready(Some(Err(error))) => {
                this.waiting = Waiting::Nothing;
                return Poll::Ready(Some(Err(this.target.failure(&error, this.limits.connect))));
            }
            Poll::Ready(None) => {
                this.waiting = Waiting::Nothing;
                return Poll::Ready(None);
            }
            Poll::Pending => {}
        }
        while this.timer.as_mut().poll(cx).is_ready() {
            let due = this.last + this.limit();
            if Instant::now() >= due {
                let failure = match this.waiting {
                    Waiting::First => this.target.first_byte_timeout(this.limits.first_byte),
                    Waiting::More | Waiting::Nothing => this.target.idle_timeout(this.limits.idle),
                };
                this.waiting = Waiting::Nothing;
                return Poll::Ready(Some(Err(failure)));
            }
            this.timer.as_mut().reset(due);
        }
        Poll::Pending
    }
}
