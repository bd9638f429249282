//! Handing over what there is, in the order of the log.
//!
//! The cursor moves, on disk, after each delivery that was taken. What is refused for good is looked for by halves and put
//! aside alone; whatever else goes wrong ends the pass where it is.

use std::io;

use jiff::Timestamp;

use super::cursor::{self, Event, Reader};
use super::state::Held;
use crate::chat::Failure;
use crate::config::SinkConfig;
use crate::telemetry::Log;

/// How many events are read at once.
const AT_ONCE: usize = 1000;

/// What became of a delivery.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It was taken.
    Accepted,
    /// It will never be, for this reason.
    Refused(String),
    /// Not now.
    Later(Failure),
}

/// What a pass came to.
#[derive(Debug, Default)]
pub(super) struct Passed {
    pub delivered: u64,
    pub rejected: u64,
    /// Why it ended before everything was handed over.
    pub failure: Option<Failure>,
}

/// Hands over everything behind the cursor.
///
/// # Errors
/// What the file system says of the log, or of the sink's own files.
pub(super) async fn pass(
    held: &mut Held,
    log: &Log,
    sink: &SinkConfig,
    reader: &mut Reader,
    mut carry: impl AsyncFnMut(&[Event]) -> Outcome,
) -> io::Result<Passed> {
    let mut passed = Passed::default();
    loop {
        let chunk = reader.next(log, &held.state.places, (sink.shape, sink.since), AT_ONCE)?;
        let is_last = chunk.events.is_empty();
        let (mut rest, mut most) = (&chunk.events[..], sink.batch.max(1));
        while !rest.is_empty() {
            let (batch, after) = rest.split_at(most.min(rest.len()));
            let outcome = carry(batch).await;
            let now = Timestamp::now();
            match (outcome, batch) {
                (Outcome::Accepted, _) => {
                    passed.delivered += batch.len() as u64;
                    held.state.delivered += batch.len() as u64;
                    most = (most * 2).min(sink.batch);
                }
                (Outcome::Refused(reason), [event]) => {
                    held.set_aside(event, &reason, now)?;
                    passed.rejected += 1;
                    held.state.rejected += 1;
                    most = (most * 2).min(sink.batch);
                }
                (Outcome::Refused(_), _) => {
                    most = batch.len() / 2;
                    continue;
                }
                (Outcome::Later(failure), _) => {
                    held.state.failed(failure.message.clone(), failure.retry_after, now, fastrand::f64());
                    held.save()?;
                    passed.failure = Some(failure);
                    return Ok(passed);
                }
            }
            cursor::pass(&mut held.state.places, batch);
            held.state.works(now);
            held.save()?;
            rest = after;
        }
        let moved = chunk.pass(&mut held.state.places);
        if is_last {
            if moved {
                held.save()?;
            }
            return Ok(passed);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::VecDeque;
    use std::path::Path;
    use std::time::Duration;

    use futures::FutureExt;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::chat::ErrorKind;
    use crate::config::{Shape, SinkTarget};
    use crate::telemetry::RequestEvent;
    use crate::telemetry::log::tests::event;
    use crate::telemetry::sinks::state::rejected;

    fn sink(batch: usize) -> SinkConfig {
        SinkConfig {
            name: "test".into(),
            to: SinkTarget::Command(Vec::new()),
            shape: Shape::Event,
            batch,
            timeout: Duration::from_secs(1),
            since: None,
            footprint: None,
            at: crate::config::Location { file: "test".into(), line: 1, column: 1 },
        }
    }

    fn append(log: &Log, number: u128) {
        log.append(&RequestEvent { id: Uuid::from_u128(number), ..event() }).unwrap();
    }

    fn ids(batch: &[Event]) -> Vec<u128> {
        batch.iter().map(|event| event.id.as_u128()).collect()
    }

    /// What happens to a delivery.
    #[derive(Clone, Copy, Debug)]
    enum Fate {
        Taken,
        /// It arrives, and the answer does not.
        AnswerLost,
        Lost,
        /// It arrives, and the process is killed.
        Killed,
        /// The process is killed before it leaves.
        KilledBefore,
    }

    /// Runs passes, each in a process of its own, until everything is handed over; every id in the order in which it
    /// arrived, as often as it did.
    fn arrived(folder: &Path, log: &Log, batch: usize, fates: &[Fate]) -> Vec<u128> {
        let fates = RefCell::new(fates.iter().copied().collect::<VecDeque<Fate>>());
        let got = RefCell::new(Vec::new());
        for _ in 0..1000 {
            let mut held = Held::take(folder, "test").unwrap().expect("nobody else delivers");
            let (sink, mut reader) = (sink(batch), Reader::default());
            let carry = async |batch: &[Event]| {
                let fate = fates.borrow_mut().pop_front().unwrap_or(Fate::Taken);
                match fate {
                    Fate::Taken | Fate::AnswerLost | Fate::Killed => got.borrow_mut().extend(ids(batch)),
                    Fate::Lost | Fate::KilledBefore => {}
                }
                match fate {
                    Fate::Taken => Outcome::Accepted,
                    Fate::AnswerLost | Fate::Lost => Outcome::Later(Failure::new(ErrorKind::Timeout, "lost")),
                    Fate::Killed | Fate::KilledBefore => futures::future::pending().await,
                }
            };
            let passed = pass(&mut held, log, &sink, &mut reader, carry).now_or_never();
            if passed.is_some_and(|passed| passed.unwrap().failure.is_none()) {
                return got.into_inner();
            }
        }
        panic!("it never ends");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn whatever_fails_and_whoever_is_killed_every_event_arrives_in_order_and_once_by_its_id(
            batch in 1_usize..5,
            early in 0_u128..12,
            late in 0_u128..6,
            fates in proptest::collection::vec(
                prop_oneof![
                    Just(Fate::Taken),
                    Just(Fate::AnswerLost),
                    Just(Fate::Lost),
                    Just(Fate::Killed),
                    Just(Fate::KilledBefore),
                ],
                0..20,
            ),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let log = Log::new(folder.path().join("telemetry"));
            (0..early).for_each(|number| append(&log, number));
            let (first, second) = fates.split_at(fates.len() / 2);
            let mut got = arrived(folder.path(), &log, batch, first);
            (early..early + late).for_each(|number| append(&log, number));
            got.extend(arrived(folder.path(), &log, batch, second));
            // A collector that knows what it has keeps the first of each.
            let mut kept = Vec::new();
            got.into_iter().for_each(|id| if !kept.contains(&id) { kept.push(id) });
            prop_assert_eq!(kept, (0..early + late).collect::<Vec<_>>());
        }
    }

    #[test]
    fn what_is_refused_for_good_is_put_aside_alone_and_blocks_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::new(folder.path().join("telemetry"));
        (0..10).for_each(|number| append(&log, number));
        let mut held = Held::take(folder.path(), "test").unwrap().unwrap();
        let taken = RefCell::new(Vec::new());
        let carry = async |batch: &[Event]| {
            if ids(batch).contains(&5) {
                return Outcome::Refused("no five".into());
            }
            taken.borrow_mut().extend(ids(batch));
            Outcome::Accepted
        };
        let passed =
            pass(&mut held, &log, &sink(8), &mut Reader::default(), carry).now_or_never().unwrap().unwrap();
        assert_eq!((passed.delivered, passed.rejected, passed.failure), (9, 1, None));
        assert_eq!(*taken.borrow(), [0, 1, 2, 3, 4, 6, 7, 8, 9]);
        let aside = std::fs::read_to_string(rejected(folder.path(), "test")).unwrap();
        let aside: serde_json::Value = serde_json::from_str(&aside).unwrap();
        assert_eq!((&aside["reason"], &aside["event"]["id"]), (&"no five".into(), &aside["id"]));
    }

    #[test]
    fn a_failure_keeps_its_reason_and_the_moment_to_try_again_until_a_delivery_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::new(folder.path().join("telemetry"));
        append(&log, 0);
        let mut held = Held::take(folder.path(), "test").unwrap().unwrap();
        let down = async |_: &[Event]| Outcome::Later(Failure::new(ErrorKind::Network, "down"));
        pass(&mut held, &log, &sink(1), &mut Reader::default(), down).now_or_never().unwrap().unwrap();
        drop(held);
        let mut held = Held::take(folder.path(), "test").unwrap().unwrap();
        assert_eq!((held.state.failures, held.state.error.as_deref()), (1, Some("down")));
        assert!(held.state.retry_at.is_some());
        let up = async |_: &[Event]| Outcome::Accepted;
        pass(&mut held, &log, &sink(1), &mut Reader::default(), up).now_or_never().unwrap().unwrap();
        assert_eq!((held.state.failures, held.state.retry_at, held.state.delivered), (0, None, 1));
    }
}
