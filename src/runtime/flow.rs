//! What the line to the terminal takes: how long frames wait so that none is queued behind another.
//!
//! Two things tell. A write that blocks says that everything up to the terminal is full, and how quickly it empties.
//! But on the way there is room for seconds of a slow line before anything blocks, so the terminal is asked as well,
//! with a frame now and then, whether it is there (DSR 5): what was written before the question has been read when the
//! answer comes. The answer is not waited for; while it is late, news waits instead of queueing, and a key for a second
//! at most. Pure: it is told the time.

use std::time::{Duration, Instant};

/// A question goes with a frame after so many bytes: a hundredth more.
const ASK_AFTER: u64 = 512;

/// How much later than the quickest one ever an answer may come, beside twice its time.
const USUAL: Duration = Duration::from_millis(60);

/// After this long an answer does not come any more: something else has read it, or it went in the middle of a key.
const LOST: Duration = Duration::from_secs(2);

/// So many questions in a row without an answer, and the terminal gives none.
const MUTE: u32 = 3;

/// A write that took longer was held up.
const HELD_UP: Duration = Duration::from_millis(20);

/// What a pseudo-terminal holds before a write blocks, in bytes (Linux: 8 KiB of its own, 4 KiB of the reader's).
const QUEUE: f64 = 12_288.0;

/// Bytes a second below which nothing is taken for a slow line: it was stopped, as by Ctrl+S.
const SLOWEST: f64 = 300.0;

/// The longest that frames wait for a queue to empty.
const LONGEST: Duration = Duration::from_secs(10);

/// What each write that was not held up adds to the speed of a line that was.
const QUICKER: f64 = 1.01;

/// What is known of the line.
#[derive(Clone, Debug, Default)]
pub struct Flow {
    /// Bytes written since the last question.
    since_asked: u64,
    /// When the terminal was asked, if its answer is still to come.
    asked: Option<Instant>,
    /// The quickest answer.
    quickest: Option<Duration>,
    /// Whether the last answer was late.
    pace: Pace,
    /// Questions in a row that were not answered.
    unanswered: u32,
    /// Bytes a second, where writes were ever held up.
    speed: Option<f64>,
    /// When what was written has gone, as far as writes tell.
    empty: Option<Instant>,
}

/// How the last answer came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Pace {
    /// As quickly as ever.
    #[default]
    Usual,
    /// Behind what was written before it.
    Late,
}

impl Flow {
    /// A frame was written.
    pub fn wrote(&mut self, bytes: usize, began: Instant, now: Instant) {
        self.since_asked += u64::try_from(bytes).unwrap_or(u64::MAX);
        let took = now.duration_since(began);
        let bytes = f64::from(u32::try_from(bytes).unwrap_or(u32::MAX));
        if took >= HELD_UP {
            let speed = (bytes / took.as_secs_f64()).max(SLOWEST);
            self.speed = Some(speed);
            self.empty = Some(now + Duration::from_secs_f64(QUEUE / speed).min(LONGEST));
        } else if let Some(speed) = &mut self.speed {
            *speed *= QUICKER;
            let rest = self.empty.map_or(now, |empty| empty.max(now));
            self.empty = Some(rest + Duration::from_secs_f64(bytes / *speed).min(LONGEST));
        }
    }

    /// Whether the next frame should end in a question.
    pub fn asks(&self, now: Instant) -> bool {
        let is_due = self.since_asked >= ASK_AFTER || self.pace == Pace::Late || self.quickest.is_none();
        is_due && !self.is_open(now) && self.unanswered < MUTE
    }

    /// Whether an answer is to come of a terminal that does answer.
    pub fn awaits(&self, now: Instant) -> bool {
        self.quickest.is_some() && self.is_open(now)
    }

    fn is_open(&self, now: Instant) -> bool {
        self.asked.is_some_and(|asked| now.duration_since(asked) < LOST)
    }

    /// The terminal was asked with the frame that was just written.
    pub fn asked(&mut self, now: Instant) {
        self.since_asked = 0;
        self.unanswered += 1;
        self.asked = Some(now);
    }

    /// The terminal answered.
    pub fn answered(&mut self, now: Instant) {
        let Some(asked) = self.asked.take() else { return };
        let took = now.duration_since(asked);
        self.unanswered = 0;
        self.quickest = Some(self.quickest.map_or(took, |quickest| quickest.min(took)));
        self.pace = if took > self.patience() { Pace::Late } else { Pace::Usual };
    }

    /// When the next frame finds nothing before it, as far as is known now.
    pub fn free(&self, now: Instant) -> Instant {
        let empty = self.empty.map_or(now, |empty| empty.max(now));
        match (self.asked, self.quickest, self.pace) {
            (None, ..) | (Some(_), None, _) => empty,
            (Some(asked), Some(_), pace) => {
                let waits = match pace {
                    Pace::Late => true,
                    Pace::Usual => now.duration_since(asked) > self.patience(),
                };
                if waits { empty.max(asked + LOST) } else { empty }
            }
        }
    }

    fn patience(&self) -> Duration {
        self.quickest.unwrap_or_default() * 2 + USUAL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// A line that reads so many bytes a second and answers questions, or does not; frames of `frame` bytes are
    /// drawn for ten seconds, as often as they may. The longest that a byte waited.
    fn longest_wait(speed: f64, frame: usize, answers: bool) -> Duration {
        let start = Instant::now();
        let mut flow = Flow::default();
        let (mut now, mut empty, mut longest) = (start, start, Duration::ZERO);
        let mut answer: Option<Instant> = None;
        while now < start + Duration::from_secs(60) {
            now += 16 * MS;
            if let Some(at) = answer.filter(|at| *at <= now) {
                flow.answered(at);
                answer = None;
            }
            if flow.free(now) > now {
                continue;
            }
            let asks = flow.asks(now);
            let began = now;
            empty = empty.max(now) + Duration::from_secs_f64(frame as f64 / speed);
            let full = Duration::from_secs_f64(QUEUE / speed);
            now = now.max(empty - full.min(empty - start));
            longest = longest.max(empty - began);
            flow.wrote(frame, began, now);
            if asks {
                flow.asked(now);
                answer = answers.then_some(empty + 5 * MS);
            }
        }
        longest
    }

    #[test]
    fn on_a_slow_line_that_answers_nothing_is_queued_behind_a_frame() {
        // A frame takes a quarter of a second; before the first answer nothing is known.
        let frame = Duration::from_millis(250);
        assert!(longest_wait(1200.0, 300, true) <= 3 * frame, "{:?}", longest_wait(1200.0, 300, true));
    }

    #[test]
    fn a_quick_line_holds_up_no_frame() {
        let now = Instant::now();
        let mut flow = Flow::default();
        for nth in 0..1000 {
            let at = now + nth * 16 * MS;
            assert_eq!(flow.free(at), at);
            flow.wrote(300, at, at);
            if flow.asks(at) {
                flow.asked(at);
            }
            // Over an ocean.
            flow.answered(at + 15 * MS);
        }
    }

    #[test]
    fn news_waits_for_a_late_answer_and_not_for_ever() {
        let now = Instant::now();
        let mut flow = Flow::default();
        assert!(flow.asks(now));
        flow.wrote(100, now, now);
        flow.asked(now);
        assert_eq!(flow.free(now + 500 * MS), now + 500 * MS);
        flow.answered(now + 10 * MS);
        assert!(!flow.asks(now + 10 * MS));
        flow.wrote(600, now + 20 * MS, now + 20 * MS);
        assert!(flow.asks(now + 30 * MS));
        flow.asked(now + 30 * MS);
        assert_eq!(flow.free(now + 50 * MS), now + 50 * MS);
        assert_eq!(flow.free(now + 150 * MS), now + 30 * MS + LOST);
        flow.answered(now + 200 * MS);
        assert_eq!(flow.free(now + 200 * MS), now + 200 * MS);
        assert!(flow.asks(now + 200 * MS));
    }

    #[test]
    fn a_terminal_that_never_answers_is_not_asked_for_ever() {
        let now = Instant::now();
        let mut flow = Flow::default();
        let mut questions = 0;
        for nth in 0..1000 {
            let at = now + nth * 100 * MS;
            flow.wrote(600, at, at);
            if flow.asks(at) {
                flow.asked(at);
                questions += 1;
            }
            assert_eq!(flow.free(at), at);
        }
        assert_eq!(questions, 3);
    }

    #[test]
    fn a_write_that_was_held_up_lets_the_queue_empty() {
        let now = Instant::now();
        let mut flow = Flow::default();
        flow.wrote(1200, now, now + 1000 * MS);
        let at = now + 1000 * MS;
        assert_eq!(flow.free(at), at + LONGEST);
        flow.wrote(12, at + 11_000 * MS, at + 11_000 * MS);
        let wait = flow.free(at + 11_000 * MS) - (at + 11_000 * MS);
        assert!((9 * MS..=10 * MS).contains(&wait), "{wait:?}");
    }
}
