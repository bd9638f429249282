//! What `loquat telemetry` asks and orders: how a sink stands, what it would get, all of it now, and again.

use std::path::PathBuf;

use jiff::Timestamp;

use super::carry::{Carrier, Parcel};
use super::cursor::{Places, Reader};
use super::pass::pass;
use super::state::{Held, State, folder, rejected};
use crate::chat::{ErrorKind, Failure};
use crate::config::{Paths, Retention, SinkConfig};
use crate::telemetry::{Archived, Log};

/// How a sink stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Events that it has not got yet.
    pub pending: u64,
    /// Events that it took, and that it refused for good.
    pub delivered: u64,
    /// See `delivered`.
    pub rejected: u64,
    /// When it last took one.
    pub last: Option<Timestamp>,
    /// How often in a row a delivery failed.
    pub failures: u32,
    /// When it is asked again.
    pub retry_at: Option<Timestamp>,
    /// Why the last delivery failed.
    pub error: Option<String>,
    /// Where refused events are, if there are any.
    pub rejected_file: Option<PathBuf>,
}

/// What became of old months.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tidied {
    /// Those that were packed, moved or deleted.
    pub archived: Vec<Archived>,
    /// Those that were to be deleted and are still there, with a sink that has not taken everything of them.
    pub waiting: Vec<(String, String)>,
}

/// What delivering everything came to.
#[derive(Debug)]
pub struct Handed {
    /// Events that were taken, and that were refused for good.
    pub delivered: u64,
    /// See `delivered`.
    pub rejected: u64,
    /// Why some are left.
    pub failure: Option<Failure>,
}

/// The log and the sinks' files, as seen from a process that is not the app.
#[derive(Clone, Debug)]
pub struct Desk {
    log: Log,
    folder: PathBuf,
}

impl Desk {
    /// Of a person's log.
    pub fn new(log: Log, paths: &Paths) -> Self {
        Self { log, folder: folder(&paths.state) }
    }

    /// How a sink stands.
    ///
    /// # Errors
    /// What the file system says of the log.
    pub fn standing(&self, carrier: &Carrier) -> std::io::Result<Standing> {
        let sink = carrier.sink();
        let mut state = State::load(&self.folder, &sink.name);
        let file = rejected(&self.folder, &sink.name);
        let mut pending = 0;
        let mut reader = Reader::of(sink);
        loop {
            let chunk = reader.next(&self.log, &state.places, (sink.shape, sink.since), 10_000)?;
            if chunk.events.is_empty() {
                break;
            }
            pending += chunk.events.len() as u64;
            super::cursor::pass(&mut state.places, &chunk.events);
        }
        Ok(Standing {
            pending,
            delivered: state.delivered,
            rejected: state.rejected,
            last: state.last,
            failures: state.failures,
            retry_at: state.retry_at,
            error: state.error,
            rejected_file: file.exists().then_some(file),
        })
    }

    /// What is sent next, so many deliveries at most.
    ///
    /// # Errors
    /// `config` where what the sink names is not there, `internal` where the log cannot be read.
    pub fn preview(&self, carrier: &Carrier, count: usize) -> Result<Vec<Parcel>, Failure> {
        let sink = carrier.sink();
        let places = State::load(&self.folder, &sink.name).places;
        let most = sink.batch.saturating_mul(count);
        let chunk = Reader::of(sink)
            .next(&self.log, &places, (sink.shape, sink.since), most)
            .map_err(|error| Failure::new(ErrorKind::Internal, error.to_string()))?;
        let parcels = chunk.events.chunks(sink.batch.max(1)).map(|batch| carrier.parcels(batch));
        Ok(parcels.collect::<Result<Vec<_>, Failure>>()?.concat())
    }

    /// Does with old months of the log what the configuration says. None is deleted of which a sink has not
    /// taken everything.
    ///
    /// # Errors
    /// What the file system says; the month at hand is then still there.
    pub fn archive(
        &self,
        retention: &Retention,
        sinks: &[SinkConfig],
        now: Timestamp,
    ) -> std::io::Result<Tidied> {
        let mut reader = Reader::default();
        let mut waiting = Vec::new();
        let archived = self.log.archive(retention, now, |source| {
            for sink in sinks {
                let places = State::load(&self.folder, &sink.name).places;
                if reader.is_wanted(source, &places, (sink.shape, sink.since))? {
                    waiting.push((source.month.clone(), sink.name.clone()));
                    return Ok(true);
                }
            }
            Ok(false)
        })?;
        Ok(Tidied { archived, waiting })
    }

    /// Delivers everything there is, however long the sink was to be left alone; `None` where another process
    /// delivers to it.
    ///
    /// # Errors
    /// What the file system says.
    pub async fn flush(&self, carrier: &Carrier) -> std::io::Result<Option<Handed>> {
        let Some(mut held) = Held::take(&self.folder, &carrier.sink().name)? else { return Ok(None) };
        let mut reader = Reader::of(carrier.sink());
        let carry = async |batch: &[super::cursor::Event]| carrier.carry(batch).await;
        let passed = pass(&mut held, &self.log, carrier.sink(), &mut reader, carry).await?;
        let (delivered, rejected) = (passed.delivered, passed.rejected);
        Ok(Some(Handed { delivered, rejected, failure: passed.failure }))
    }

    /// Lets a sink get again what began at a moment or later; everything without one. `false` where another process
    /// delivers to it.
    ///
    /// # Errors
    /// What the file system says.
    pub fn rewind(&self, carrier: &Carrier, moment: Option<Timestamp>) -> std::io::Result<bool> {
        let Some(mut held) = Held::take(&self.folder, &carrier.sink().name)? else { return Ok(false) };
        held.state.places = match moment {
            Some(moment) => Reader::default().back_to(&self.log, moment)?,
            None => Places::new(),
        };
        held.save()?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::config::{Env, Shape, SinkTarget, Then};
    use crate::http::NetTransport;
    use crate::telemetry::RequestEvent;
    use crate::telemetry::log::tests::event;

    #[tokio::test]
    async fn a_month_is_deleted_once_every_sink_has_taken_all_of_it_and_never_before() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let log = Log::new(at("telemetry"));
        for (number, month) in [(1, "08"), (2, "09"), (3, "11")] {
            let ts = format!("2026-{month}-21T05:04:16.123Z").parse().unwrap();
            log.append(&RequestEvent { ts, id: uuid::Uuid::from_u128(number), ..event() }).unwrap();
        }
        let sink = |name: &str, since| SinkConfig {
            name: name.into(),
            to: SinkTarget::File(at(name)),
            shape: Shape::Event,
            batch: 1,
            timeout: Duration::from_secs(10),
            since,
            footprint: None,
            at: crate::config::Location { file: "test".into(), line: 1, column: 1 },
        };
        // The second one is to get nothing of August.
        let sinks = [sink("all", None), sink("late", Some(jiff::civil::date(2026, 9, 1)))];
        let desk = Desk { log: log.clone(), folder: at("sinks") };
        let retention = Retention { months: 1, then: Then::Delete };
        let now = "2026-11-30T00:00:00Z".parse().unwrap();
        let tidied = |desk: &Desk| {
            let tidied = desk.archive(&retention, &sinks, now).unwrap();
            let months = |of: Vec<Archived>| of.into_iter().map(|of| of.month).collect::<Vec<_>>();
            (months(tidied.archived), tidied.waiting)
        };
        let pair = |month: &str, name: &str| (month.to_owned(), name.to_owned());
        assert_eq!(tidied(&desk), (vec![], vec![pair("2026-08", "all"), pair("2026-09", "all")]));
        let carrier = |sink: &SinkConfig| {
            Carrier::new(sink.clone(), Env::default(), std::sync::Arc::new(NetTransport::new()))
        };
        desk.flush(&carrier(&sinks[0])).await.unwrap();
        assert_eq!(tidied(&desk), (vec!["2026-08".into()], vec![pair("2026-09", "late")]));
        desk.flush(&carrier(&sinks[1])).await.unwrap();
        assert_eq!(tidied(&desk), (vec!["2026-09".into()], vec![]));
        assert!(log.folder().join("requests-2026-11.jsonl").exists());
    }
}
