//! What `loquat telemetry` asks and orders: how a sink stands, what it would get, all of it now, and again.

use std::path::PathBuf;

use jiff::Timestamp;

use super::carry::{Carrier, Parcel};
use super::cursor::{Places, Reader};
use super::pass::pass;
use super::state::{Held, State, folder, rejected};
use crate::chat::{ErrorKind, Failure};
use crate::config::Paths;
use crate::telemetry::Log;

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
        let mut reader = Reader::default();
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
        let chunk = Reader::default()
            .next(&self.log, &places, (sink.shape, sink.since), most)
            .map_err(|error| Failure::new(ErrorKind::Internal, error.to_string()))?;
        let parcels = chunk.events.chunks(sink.batch.max(1)).map(|batch| carrier.parcels(batch));
        Ok(parcels.collect::<Result<Vec<_>, Failure>>()?.concat())
    }

    /// Delivers everything there is, however long the sink was to be left alone; `None` where another process
    /// delivers to it.
    ///
    /// # Errors
    /// What the file system says.
    pub async fn flush(&self, carrier: &Carrier) -> std::io::Result<Option<Handed>> {
        let Some(mut held) = Held::take(&self.folder, &carrier.sink().name)? else { return Ok(None) };
        let mut reader = Reader::default();
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
