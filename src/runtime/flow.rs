//! What the line to the terminal takes: how long frames wait so that none is queued behind another.
//!
//! On the way to a terminal there is room for seconds of a slow line before a write blocks. So the terminal is asked
//! with a frame now and then whether it is there (DSR 5): what was written before the question has been read when the
//! answer comes. The answer is not waited for; while it is late, news waits instead of queueing, and a key for a moment
//! at most. Of a terminal that gives no answers, the writes tell that block: no more than half of the time is spent in
//! them. Pure: it is told the time.

use std::time::{Duration, Instant};

/// A question goes with a frame after so many bytes: a hundredth more.
const ASK_AFTER: u64 = 512;

/// What may be on the way before anything is known of the line, and what always may, in bytes.
const FIRST_WINDOW: u64 = 512;
const LEAST_WINDOW: u64 = 256;
/// More than any screen.
const LARGEST_WINDOW: u64 = 1 << 20;

/// How much later than half again the quickest answer one may come that says nothing was in its way.
const USUAL: Duration = Duration::from_millis(30);

/// After this long an answer does not come any more: something else has read it, or it went in the middle of a key.
const LOST: Duration = Duration::from_secs(2);

/// So long after keys an answer does not come any more that has not come: it may have been read with them.
const UNSURE: Duration = Duration::from_millis(200);

/// So long frames wait for the answer of a terminal of which nobody knows whether it gives any.
const TRIAL: Duration = Duration::from_millis(150);

/// So many questions in a row without an answer, and the terminal gives none.
const MUTE: u32 = 3;

/// A write that took longer was held up.
const HELD_UP: Duration = Duration::from_millis(20);

/// The longest that frames wait after one that was held up.
const LONGEST: Duration = Duration::from_secs(2);

/// What is known of the line.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Bytes written that are not known to have been read.
    unread: u64,
    /// How many of them may be, before frames wait.
    window: u64,
    /// The question whose answer is still to come.
    asked: Option<Asked>,
    /// The quickest answer.
    quickest: Option<Duration>,
    /// Questions in a row that were not answered.
    unanswered: u32,
    /// Until when the line is left alone, after a write that was held up.
    rests: Option<Instant>,
}

/// A question.
#[derive(Clone, Copy, Debug)]
struct Asked {
    at: Instant,
    /// What was unread then: all of it has been read when the answer comes.
    unread: u64,
    /// When keys came before the answer did.
    unsure: Option<Instant>,
}

impl Asked {
    /// When the answer does not come any more.
    fn lost(&self) -> Instant {
        let lost = self.at + LOST;
        self.unsure.map_or(lost, |unsure| lost.min(unsure + UNSURE))
    }
}

impl Default for Flow {
    fn default() -> Self {
        Self { unread: 0, window: FIRST_WINDOW, asked: None, quickest: None, unanswered: 0, rests: None }
    }
}

impl Flow {
    /// A frame was written, which took so long and was done `now`.
    pub fn wrote(&mut self, bytes: usize, took: Duration, now: Instant) {
        self.unread += u64::try_from(bytes).unwrap_or(u64::MAX);
        self.rests = (took >= HELD_UP).then(|| now + took.min(LONGEST));
    }

    /// Whether the next frame should end in a question.
    pub fn asks(&self, now: Instant) -> bool {
        let is_due = self.quickest.is_none() || self.unread >= ASK_AFTER.min(self.window / 2);
        is_due && !self.is_open(now) && self.unanswered < MUTE
    }

    /// Whether an answer is to come of a terminal that does answer.
    pub fn awaits(&self, now: Instant) -> bool {
        self.quickest.is_some() && self.is_open(now)
    }

    fn is_open(&self, now: Instant) -> bool {
        self.asked.is_some_and(|asked| now < asked.lost())
    }

    /// Keys were read. An answer that is read with them is not told apart.
    pub fn keys_came(&mut self, now: Instant) {
        if let Some(asked) = &mut self.asked {
            asked.unsure.get_or_insert(now);
        }
    }

    /// The terminal was asked with the frame that was just written.
    pub fn asked(&mut self, now: Instant) {
        self.unanswered += 1;
        self.asked = Some(Asked { at: now, unread: self.unread, unsure: None });
    }

    /// The terminal answered. Where it did so as soon as ever, twice as much may be on the way; where it did not, what
    /// was on the way was too much.
    pub fn answered(&mut self, now: Instant) {
        let Some(asked) = self.asked.take() else { return };
        let took = now.duration_since(asked.at);
        let quickest = self.quickest.map_or(took, |quickest| quickest.min(took));
        self.window = if took <= quickest * 3 / 2 + USUAL {
            (self.window * 2).min(LARGEST_WINDOW)
        } else {
            (asked.unread / 2).clamp(LEAST_WINDOW, self.window)
        };
        self.quickest = Some(quickest);
        self.unanswered = 0;
        self.unread = self.unread.saturating_sub(asked.unread);
    }

    /// When the next frame finds little before it, as far as is known now.
    pub fn free(&self, now: Instant) -> Instant {
        let rested = self.rests.map_or(now, |rests| rests.max(now));
        match self.asked {
            Some(asked) if self.unread >= self.window => {
                let trial = asked.at + TRIAL;
                rested.max(if self.quickest.is_some() { asked.lost() } else { asked.lost().min(trial) })
            }
            Some(_) | None => rested,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    /// Beats until something is known of the line.
    const KNOWN: u32 = 300;

    /// The longest that a byte waits on a line that reads so many bytes a second and answers questions, while frames of
    /// `frame` bytes are drawn for a minute, as often as they may.
    fn longest_wait(speed: f64, frame: u32) -> Duration {
        let start = Instant::now();
        let mut flow = Flow::default();
        let (mut empty, mut longest) = (start, Duration::ZERO);
        let mut answer: Option<Instant> = None;
        for beat in 0..3600 {
            let now = start + beat * 16 * MS;
            if let Some(at) = answer.take_if(|at| *at <= now) {
                flow.answered(at);
            }
            if flow.free(now) > now {
                continue;
            }
            empty = empty.max(now) + Duration::from_secs_f64(f64::from(frame) / speed);
            if beat > KNOWN {
                longest = longest.max(empty - now);
            }
            let asks = flow.asks(now);
            flow.wrote(frame.try_into().unwrap(), Duration::ZERO, now);
            if asks {
                flow.asked(now);
                answer = Some(empty + 5 * MS);
            }
        }
        longest
    }

    #[test]
    fn on_a_slow_line_little_is_queued_behind_a_frame() {
        for (frame, took) in [(30, 25), (120, 100), (300, 250)] {
            let longest = longest_wait(1200.0, frame);
            assert!(longest <= took * MS * 2 + 500 * MS, "frames of {frame} bytes: {longest:?}");
        }
    }

    #[test]
    fn a_quick_line_holds_up_no_frame() {
        let now = Instant::now();
        let mut flow = Flow::default();
        for nth in 0..1000 {
            let at = now + nth * 16 * MS;
            assert_eq!(flow.free(at), at);
            flow.wrote(300, MS, at);
            if flow.asks(at) {
                flow.asked(at);
            }
            // Over an ocean.
            flow.answered(at + 15 * MS);
        }
    }

    #[test]
    fn what_is_too_much_waits_for_the_answer_and_not_for_ever() {
        let now = Instant::now();
        let mut flow = Flow::default();
        assert!(flow.asks(now));
        flow.wrote(5000, MS, now);
        flow.asked(now);
        // Nobody knows yet whether it answers at all.
        assert_eq!(flow.free(now + 100 * MS), now + TRIAL);
        assert_eq!(flow.free(now + 500 * MS), now + 500 * MS);
        flow.answered(now + 500 * MS);
        let later = now + 600 * MS;
        assert!(!flow.asks(later));
        flow.wrote(1500, MS, later);
        assert!(flow.asks(later));
        flow.asked(later);
        assert_eq!(flow.free(later + 10 * MS), later + LOST);
        assert_eq!(flow.free(later + LOST), later + LOST);
        flow.answered(later + 900 * MS);
        assert_eq!(flow.free(later + 900 * MS), later + 900 * MS);
        assert_eq!(flow.window, 750);
    }

    #[test]
    fn an_answer_that_was_read_with_a_key_is_waited_for_no_longer_than_a_moment() {
        let now = Instant::now();
        let mut flow = Flow::default();
        flow.wrote(100, MS, now);
        flow.asked(now);
        flow.answered(now + 5 * MS);
        let later = now + 100 * MS;
        flow.wrote(5000, MS, later);
        flow.asked(later);
        assert_eq!(flow.free(later), later + LOST);
        flow.keys_came(later + 10 * MS);
        flow.keys_came(later + 100 * MS);
        assert_eq!(flow.free(later + 20 * MS), later + 10 * MS + UNSURE);
        assert!(!flow.asks(later + 20 * MS));
        assert!(flow.asks(later + 10 * MS + UNSURE));
    }

    #[test]
    fn a_terminal_that_never_answers_is_not_asked_for_ever() {
        let now = Instant::now();
        let mut flow = Flow::default();
        let mut questions = 0;
        for nth in 0..1000 {
            let at = now + nth * 100 * MS;
            flow.wrote(600, MS, at);
            if flow.asks(at) {
                flow.asked(at);
                questions += 1;
            }
            let free = flow.free(at);
            assert!(free <= at + TRIAL, "{:?}", free - at);
            assert!(questions < 3 || nth < 100 || free == at);
        }
        assert_eq!(questions, 3);
    }

    #[test]
    fn after_a_write_that_was_held_up_the_line_rests_as_long() {
        let now = Instant::now();
        let mut flow = Flow::default();
        flow.wrote(1200, 500 * MS, now);
        assert_eq!(flow.free(now), now + 500 * MS);
        flow.wrote(1200, 60_000 * MS, now);
        assert_eq!(flow.free(now), now + LONGEST);
        flow.wrote(12, MS, now);
        assert_eq!(flow.free(now), now);
    }
}
