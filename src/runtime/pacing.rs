//! When the next frame is due: at once after a key, and at most one a tick for what streams in.
//!
//! Pure: it is told the time.

use std::time::{Duration, Instant};

/// The shortest time between two frames that no key asked for: 60 a second.
pub const TICK: Duration = Duration::from_millis(16);

/// What makes a frame necessary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Something came in; it may wait for the tick, and share its frame.
    News,
    /// The user did something and waits for it to show.
    Key,
}

/// Collects causes into frames.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pacing {
    due: Option<Cause>,
    drawn: Option<Instant>,
}

impl Pacing {
    /// A frame has become necessary. Causes that come before it is drawn share it.
    pub fn mark(&mut self, cause: Cause) {
        self.due = self.due.max(Some(cause));
    }

    /// When to draw: `None` where nothing is to be shown, `now` where it is due, else the moment to wait for.
    pub fn next_frame(&self, now: Instant) -> Option<Instant> {
        match (self.due?, self.drawn) {
            (Cause::Key, _) | (Cause::News, None) => Some(now),
            (Cause::News, Some(drawn)) => Some(now.max(drawn + TICK)),
        }
    }

    /// A frame was drawn at `now`.
    pub fn drawn(&mut self, now: Instant) {
        self.due = None;
        self.drawn = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_new_needs_no_frame() {
        let now = Instant::now();
        let mut pacing = Pacing::default();
        assert_eq!(pacing.next_frame(now), None);
        pacing.mark(Cause::News);
        pacing.drawn(now);
        assert_eq!(pacing.next_frame(now + TICK), None);
    }

    #[test]
    fn news_waits_for_the_tick_and_shares_its_frame() {
        let start = Instant::now();
        let mut pacing = Pacing::default();
        pacing.mark(Cause::News);
        assert_eq!(pacing.next_frame(start), Some(start));
        pacing.drawn(start);
        for after in [1, 5, 15] {
            pacing.mark(Cause::News);
            assert_eq!(pacing.next_frame(start + Duration::from_millis(after)), Some(start + TICK));
        }
        let late = start + 3 * TICK;
        assert_eq!(pacing.next_frame(late), Some(late));
    }

    #[test]
    fn a_key_is_shown_at_once_whatever_else_waits() {
        let start = Instant::now();
        let mut pacing = Pacing::default();
        pacing.drawn(start);
        pacing.mark(Cause::Key);
        pacing.mark(Cause::News);
        assert_eq!(pacing.next_frame(start), Some(start));
    }
}
