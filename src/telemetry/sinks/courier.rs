//! The thread that delivers while the app runs.
//!
//! It has a runtime of its own, and shares nothing with turns but the log's files and a bell that rings when an event was
//! appended. Without sinks there is no thread.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures::future::{join_all, pending};
use jiff::Timestamp;
use tokio::sync::watch;

use super::carry::Carrier;
use super::cursor::Reader;
use super::pass::pass;
use super::state::{Held, folder};
use crate::config::{Config, Paths};
use crate::http::{NetTransport, Transport};
use crate::telemetry::Log;

/// How often it is looked whether other processes have left something, or have let a sink go.
const LOOK: Duration = Duration::from_secs(5);

/// Delivers to all sinks in the background until it is dropped.
#[derive(Debug)]
pub struct Courier {
    log: Log,
    folder: PathBuf,
    /// What the thread goes by; `None` while there is none.
    orders: Option<watch::Sender<Arc<Config>>>,
}

impl Courier {
    /// One that goes by this configuration.
    pub fn start(config: Arc<Config>, log: Log, paths: &Paths) -> Self {
        let mut courier = Self { log, folder: folder(&paths.state), orders: None };
        courier.configure(config);
        courier
    }

    /// Goes by this configuration from now on. Sinks that are the same are not disturbed.
    pub fn configure(&mut self, config: Arc<Config>) {
        if let Some(orders) = &self.orders {
            orders.send_if_modified(|current| {
                let other = current.telemetry.sinks != config.telemetry.sinks || current.env != config.env;
                *current = config;
                other
            });
        } else if !config.telemetry.sinks.is_empty() {
            let (orders, told) = watch::channel(config);
            let (log, folder) = (self.log.clone(), self.folder.clone());
            let thread = std::thread::Builder::new().name("sinks".to_owned());
            // Without a thread, `telemetry flush` delivers.
            self.orders = thread.spawn(move || run(told, &log, &folder)).ok().map(|_| orders);
        }
    }
}

fn run(mut told: watch::Receiver<Arc<Config>>, log: &Log, folder: &std::path::Path) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    let transport: Arc<dyn Transport> = Arc::new(NetTransport::new());
    runtime.block_on(async {
        loop {
            let config = Arc::clone(&told.borrow_and_update());
            let sinks = config.telemetry.sinks.iter().map(|sink| {
                let carrier = Carrier::new(sink.clone(), config.env.clone(), Arc::clone(&transport));
                serve(carrier, log, folder)
            });
            let work = async {
                join_all(sinks).await;
                pending::<()>().await;
            };
            tokio::select! {
                told = told.changed() => if told.is_err() { return },
                () = work => {}
            }
        }
    });
}

/// Delivers to one sink for ever.
async fn serve(carrier: Carrier, log: &Log, folder: &std::path::Path) {
    let mut reader = Reader::of(carrier.sink());
    let mut bell = log.bell();
    loop {
        bell.borrow_and_update();
        match attend(&carrier, log, folder, &mut reader).await {
            Some(pause) => tokio::time::sleep(pause).await,
            None => {
                // A bell that will never ring again has gone with the log.
                let rung = async {
                    if bell.changed().await.is_err() {
                        pending::<()>().await
                    }
                };
                let _ = tokio::time::timeout(LOOK, rung).await;
            }
        }
    }
}

/// Delivers what there is; how long the sink is to be left alone, where it is.
async fn attend(
    carrier: &Carrier,
    log: &Log,
    folder: &std::path::Path,
    reader: &mut Reader,
) -> Option<Duration> {
    // What the file system refuses now it may allow later.
    let mut held = Held::take(folder, &carrier.sink().name).ok()??;
    if let Some(pause) = held.state.retry_at.and_then(left) {
        return Some(pause.min(LOOK));
    }
    // A failure is in the sink's state, with the moment to try again.
    let _ = pass(&mut held, log, carrier.sink(), reader, async |batch| carrier.carry(batch).await).await;
    held.state.retry_at.and_then(left).map(|pause| pause.min(LOOK))
}

/// How long it is until a moment.
fn left(moment: Timestamp) -> Option<Duration> {
    Duration::try_from(moment.duration_since(Timestamp::now())).ok().filter(|left| !left.is_zero())
}
