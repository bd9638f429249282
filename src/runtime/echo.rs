//! The terminal's answer to whether it is there, between the thread that reads and the loop that asked.
//!
//! crossterm reads the answer (`CSI 0 n`) and hands it to nobody. What is left to see is that something came in which
//! was no key; while an answer is awaited, that is taken for it.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

/// The question, and whether it has been answered.
#[derive(Debug, Default)]
pub struct Echo {
    state: Mutex<State>,
    changed: Condvar,
    answered: Notify,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// Nothing was asked.
    #[default]
    Quiet,
    /// It was asked.
    Asked,
    /// It has answered.
    Answered(Instant),
}

impl Echo {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The terminal is about to be asked.
    pub fn ask(&self) {
        *self.lock() = State::Asked;
    }

    /// Something came in that was no key.
    pub fn heard(&self, at: Instant) {
        let mut state = self.lock();
        if *state == State::Asked {
            *state = State::Answered(at);
            self.changed.notify_all();
            self.answered.notify_one();
        }
    }

    /// Waits for the answer, and tells when it came. Dropping the wait loses nothing.
    pub async fn answer(&self) -> Instant {
        loop {
            let notified = self.answered.notified();
            if let State::Answered(at) = *self.lock() {
                break at;
            }
            notified.await;
        }
    }

    /// The answer was taken note of.
    pub fn taken(&self) {
        let mut state = self.lock();
        if matches!(*state, State::Answered(_)) {
            *state = State::Quiet;
        }
    }

    /// Gives a terminal that was asked this long to answer, so that the answer is not read by whoever has it next.
    pub fn settle(&self, limit: Duration) {
        let state = self.lock();
        drop(self.changed.wait_timeout_while(state, limit, |state| *state == State::Asked));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_comes_after_a_question_is_its_answer() {
        let echo = Echo::default();
        let now = Instant::now();
        echo.heard(now);
        echo.ask();
        echo.heard(now + Duration::from_millis(1));
        echo.heard(now + Duration::from_millis(2));
        assert_eq!(echo.answer().await, now + Duration::from_millis(1));
        echo.taken();
        assert_eq!(*echo.lock(), State::Quiet);
    }

    #[test]
    fn whoever_gives_the_terminal_away_waits_a_moment_for_the_answer() {
        let echo = Echo::default();
        echo.settle(Duration::from_secs(3600));
        echo.ask();
        std::thread::scope(|scope| {
            scope.spawn(|| echo.settle(Duration::from_secs(3600)));
            echo.heard(Instant::now());
        });
    }
}
