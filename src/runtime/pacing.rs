//! When the next frame is due: at once after a key, and at most one a tick for what streams in; later where the line
//! to the terminal is still busy with the last one.
//!
//! Pure: it is told the time.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

/// The shortest time between two frames that no key asked for: 60 a second.
pub const TICK: Duration = Duration::from_millis(16);

/// The longest that a key waits for the line: what is known of the line may be wrong.
pub const KEY_PATIENCE: Duration = Duration::from_millis(100);

/// What makes a frame necessary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Something came in; it may wait for the tick, and share its frame.
    News,
    /// The user did something and waits for it to show.
    Key,
}

/// Collects causes into frames.
#[derive(Clone, Copy, Debug)]
pub struct Pacing {
    tick: Duration,
    due: Option<Cause>,
    /// When the first key came that no frame shows yet.
    key: Option<Instant>,
    drawn: Option<Instant>,
}

impl Pacing {
    /// Frames for news as often as `frames` a second; 60 times where that is not said.
    pub fn new(frames: Option<NonZeroU32>) -> Self {
        let tick = frames.map_or(TICK, |frames| Duration::from_secs(1) / frames.get());
        Self { tick, due: None, key: None, drawn: None }
    }

    /// A frame has become necessary. Causes that come before it is drawn share it.
    pub fn mark(&mut self, cause: Cause, now: Instant) {
        if cause == Cause::Key {
            self.key.get_or_insert(now);
        }
        self.due = self.due.max(Some(cause));
    }

    /// When to draw: `None` where nothing is to be shown, `now` where it is due, else the moment to wait for. The
    /// line is `free` by then, as far as is known.
    pub fn next_frame(&self, now: Instant, free: Instant) -> Option<Instant> {
        let at = match (self.due?, self.drawn) {
            (Cause::Key, _) => free.min(self.key.unwrap_or(now) + KEY_PATIENCE),
            (Cause::News, None) => free,
            (Cause::News, Some(drawn)) => free.max(drawn + self.tick),
        };
        Some(at.max(now))
    }

    /// A frame was drawn at `now`.
    pub fn drawn(&mut self, now: Instant) {
        self.due = None;
        self.key = None;
        self.drawn = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_new_needs_no_frame() {
        let now = Instant::now();
        let mut pacing = Pacing::new(None);
        assert_eq!(pacing.next_frame(now, now), None);
        pacing.mark(Cause::News, now);
        pacing.drawn(now);
        assert_eq!(pacing.next_frame(now + TICK, now), None);
    }

    #[test]
    fn news_waits_for_the_tick_and_shares_its_frame() {
        let start = Instant::now();
        let mut pacing = Pacing::new(None);
        pacing.mark(Cause::News, start);
        assert_eq!(pacing.next_frame(start, start), Some(start));
        pacing.drawn(start);
        for after in [1, 5, 15] {
            let now = start + Duration::from_millis(after);
            pacing.mark(Cause::News, now);
            assert_eq!(pacing.next_frame(now, now), Some(start + TICK));
        }
        let late = start + 3 * TICK;
        assert_eq!(pacing.next_frame(late, late), Some(late));
    }

    #[test]
    fn the_configuration_says_how_often() {
        let start = Instant::now();
        let mut pacing = Pacing::new(NonZeroU32::new(4));
        pacing.drawn(start);
        pacing.mark(Cause::News, start);
        assert_eq!(pacing.next_frame(start, start), Some(start + Duration::from_millis(250)));
    }

    #[test]
    fn a_key_is_shown_at_once_whatever_else_waits() {
        let start = Instant::now();
        let mut pacing = Pacing::new(None);
        pacing.drawn(start);
        pacing.mark(Cause::Key, start);
        pacing.mark(Cause::News, start);
        assert_eq!(pacing.next_frame(start, start), Some(start));
    }

    #[test]
    fn a_busy_line_holds_up_news_and_for_a_while_keys() {
        let start = Instant::now();
        let free = start + Duration::from_secs(5);
        let mut pacing = Pacing::new(None);
        pacing.mark(Cause::News, start);
        assert_eq!(pacing.next_frame(start, free), Some(free));
        pacing.mark(Cause::Key, start + TICK);
        pacing.mark(Cause::Key, start + 2 * TICK);
        assert_eq!(pacing.next_frame(start + 2 * TICK, free), Some(start + TICK + KEY_PATIENCE));
        assert_eq!(pacing.next_frame(start + 2 * TICK, start), Some(start + 2 * TICK));
    }
}
