//! The thread that delivers beside the app, or beside a one-shot.
//!
//! It has a runtime of its own, and shares nothing with turns but the log's files and a bell that rings when an event was
//! appended. Without sinks there is no thread. Who leaves waits for it a moment at most: a delivery that is still on its way
//! then has failed as any other may, so the sink is left alone for a while, and whoever comes next does not wait for it again.

use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use futures::FutureExt;
use futures::future::{FusedFuture, join_all, pending};
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::Instant;

use super::carry::Carrier;
use super::cursor::{Event, Reader};
use super::pass::{Outcome, pass};
use super::state::{Held, folder};
use crate::chat::{ErrorKind, Failure};
use crate::config::{Config, Paths};
use crate::http::{NetTransport, Transport};
use crate::t;
use crate::telemetry::Log;

/// How often it is looked whether other processes have left something, or have let a sink go.
const LOOK: Duration = Duration::from_secs(5);
/// So many failures in a row take about a quarter of an hour: then somebody should know.
const LONG: u32 = 10;
/// What is left of the wait at the end to write down how a sink stands.
const LAST_WORDS: Duration = Duration::from_millis(20);

/// A sink that has not taken anything for long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stuck {
    /// Its name.
    pub sink: String,
    /// Why the last delivery failed. Untrusted text.
    pub reason: String,
}

/// Who is told of a sink that is stuck.
type Tell = Arc<dyn Fn(Stuck) + Send + Sync>;

/// Delivers to all sinks in the background until it is dropped.
pub struct Courier {
    log: Log,
    folder: PathBuf,
    tell: Tell,
    running: Option<Running>,
}

/// The thread.
struct Running {
    /// What it goes by.
    orders: watch::Sender<Arc<Config>>,
    /// When it is to have come to an end.
    end: watch::Sender<End>,
    /// Ends with it.
    done: mpsc::Receiver<()>,
}

/// When deliveries are to have come to an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// Nobody leaves.
    Open,
    /// By then.
    By(Instant),
}

impl Courier {
    /// One that goes by this configuration, and tells once of each sink that is stuck.
    pub fn start(
        config: Arc<Config>,
        log: Log,
        paths: &Paths,
        tell: impl Fn(Stuck) + Send + Sync + 'static,
    ) -> Self {
        let mut courier = Self { log, folder: folder(&paths.state), tell: Arc::new(tell), running: None };
        courier.configure(config);
        courier
    }

    /// Goes by this configuration from now on. Sinks that are the same are not disturbed.
    pub fn configure(&mut self, config: Arc<Config>) {
        if let Some(running) = &self.running {
            running.orders.send_if_modified(|current| {
                let other = current.telemetry.sinks != config.telemetry.sinks || current.env != config.env;
                *current = config;
                other
            });
        } else if !config.telemetry.sinks.is_empty() {
            let (orders, told) = watch::channel(config);
            let (end, closing) = watch::channel(End::Open);
            let (alive, done) = mpsc::channel();
            let round = Round { log: self.log.clone(), folder: self.folder.clone(), tell: self.tell.clone() };
            let work = move || {
                run(told, closing, &round);
                drop(alive);
            };
            // Without a thread, `telemetry flush` delivers.
            let thread = std::thread::Builder::new().name("sinks".to_owned()).spawn(work);
            self.running = thread.ok().map(|_| Running { orders, end, done });
        }
    }

    /// Lets it deliver what there is by now, and waits for that so long at most.
    pub fn finish(self, limit: Duration) {
        if let Some(Running { orders, end, done }) = self.running {
            end.send_replace(End::By(Instant::now() + limit.saturating_sub(LAST_WORDS)));
            drop(orders);
            // It ends, or the time does.
            let _ = done.recv_timeout(limit);
        }
    }
}

/// What the deliveries to all sinks share.
struct Round {
    log: Log,
    folder: PathBuf,
    tell: Tell,
}

fn run(mut told: watch::Receiver<Arc<Config>>, closing: watch::Receiver<End>, round: &Round) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    let transport: Arc<dyn Transport> = Arc::new(NetTransport::new());
    runtime.block_on(async {
        loop {
            let config = Arc::clone(&told.borrow_and_update());
            let sinks = config.telemetry.sinks.iter().map(|sink| {
                let carrier = Carrier::new(sink.clone(), config.env.clone(), Arc::clone(&transport));
                round.serve(carrier, closing.clone())
            });
            let mut work = std::pin::pin!(join_all(sinks).fuse());
            let changed = tokio::select! {
                changed = told.changed() => changed,
                // There are no sinks any more, or they have come to an end.
                _ = &mut work => told.changed().await,
            };
            if changed.is_err() {
                if !work.is_terminated() {
                    work.await;
                }
                return;
            }
        }
    });
}

impl Round {
    /// Delivers to one sink until it is told to come to an end: then once more.
    async fn serve(&self, carrier: Carrier, mut closing: watch::Receiver<End>) {
        let mut reader = Reader::of(carrier.sink());
        let mut bell = self.log.bell();
        let mut is_told = false;
        loop {
            let is_last = closing.has_changed().is_err() || *closing.borrow_and_update() != End::Open;
            bell.borrow_and_update();
            let left = attend(&carrier, &self.log, &self.folder, &mut reader, closing.clone()).await;
            if is_last {
                return;
            }
            if let Some(stuck) = left.stuck.filter(|_| !is_told) {
                is_told = true;
                (self.tell)(stuck);
            }
            let rest = async {
                match left.pause {
                    Some(pause) => tokio::time::sleep(pause).await,
                    None => {
                        // A bell that will never ring again has gone with the log.
                        let rung = async {
                            if bell.changed().await.is_err() {
                                pending::<()>().await;
                            }
                        };
                        let _ = tokio::time::timeout(LOOK, rung).await;
                    }
                }
            };
            tokio::select! {
                () = rest => {}
                _ = closing.changed() => {}
            }
        }
    }
}

/// How a sink was left.
#[derive(Default)]
struct Left {
    /// How long it is to be left alone, where it is.
    pause: Option<Duration>,
    /// That it has not taken anything for long.
    stuck: Option<Stuck>,
}

/// Delivers what there is, until all has to be at an end.
async fn attend(
    carrier: &Carrier,
    log: &Log,
    folder: &Path,
    reader: &mut Reader,
    closing: watch::Receiver<End>,
) -> Left {
    // What the file system refuses now it may allow later.
    let Ok(Some(mut held)) = Held::take(folder, &carrier.sink().name) else { return Left::default() };
    if held.state.retry_at.and_then(left).is_none() {
        // A failure is in the sink's state, with the moment to try again.
        let carry = async |batch: &[Event]| {
            tokio::select! {
                outcome = carrier.carry(batch) => outcome,
                () = is_over(closing.clone()) => {
                    let message = t!("store-sink-left").into_string();
                    Outcome::Later(Failure::new(ErrorKind::Timeout, message))
                }
            }
        };
        let _ = pass(&mut held, log, carrier.sink(), reader, carry).await;
    }
    let stuck = held.state.error.as_ref().filter(|_| held.state.failures >= LONG);
    let stuck = stuck.map(|reason| Stuck { sink: carrier.sink().name.clone(), reason: reason.clone() });
    Left { pause: held.state.retry_at.and_then(left).map(|pause| pause.min(LOOK)), stuck }
}

/// Ends when all has to be at an end.
async fn is_over(mut closing: watch::Receiver<End>) {
    loop {
        match *closing.borrow_and_update() {
            End::By(moment) => return tokio::time::sleep_until(moment).await,
            End::Open => {}
        }
        if closing.changed().await.is_err() {
            // Whoever could leave has gone without a word, as a process does that is killed.
            pending::<()>().await;
        }
    }
}

/// How long it is until a moment.
fn left(moment: Timestamp) -> Option<Duration> {
    Duration::try_from(moment.duration_since(Timestamp::now())).ok().filter(|left| !left.is_zero())
}
