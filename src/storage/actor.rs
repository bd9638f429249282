//! A [`Store`] on a thread of its own, which takes jobs in order.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};

use tokio::sync::oneshot;

use super::{Store, StoreError};
use crate::text::Safe;

/// Jobs that may wait. So many only pile up behind a disk that has stopped.
const QUEUE: usize = 1024;

type Work = Box<dyn FnOnce(&mut Store) -> Result<(), StoreError> + Send>;
type OnError = Box<dyn FnMut(StoreError) + Send>;

enum Job {
    Run(Work),
    OnError(OnError),
}

/// A [`Store`] on a thread of its own. Cheap to clone; the thread ends with the last clone, after its jobs.
#[derive(Clone)]
pub struct Storage {
    jobs: SyncSender<Job>,
    /// Why there is no database, where it could not be opened.
    shut: Arc<OnceLock<Safe>>,
}

impl Storage {
    /// Starts the thread, which opens the database at once; jobs wait for it. `opened` is called on that
    /// thread with how the opening went. Where it went wrong, every call answers with the reason.
    pub fn start(
        open: impl FnOnce() -> Result<Store, StoreError> + Send + 'static,
        opened: impl FnOnce(Result<(), StoreError>) + Send + 'static,
    ) -> Self {
        let (jobs, waiting) = sync_channel(QUEUE);
        let shut = Arc::new(OnceLock::new());
        let reason = Arc::clone(&shut);
        let thread = move || match open() {
            Ok(store) => {
                opened(Ok(()));
                work(store, &waiting);
            }
            Err(error) => {
                // Set once, here, before any job is refused.
                let _ = reason.set(error.explain());
                opened(Err(error));
            }
        };
        // Where no thread can be had, `waiting` is dropped, and calls say that it is gone.
        let _ = std::thread::Builder::new().name("storage".to_owned()).spawn(thread);
        Self { jobs, shut }
    }

    /// Calls `report` on the storage thread for every [`post`](Self::post)ed job that fails, those that have
    /// failed already included.
    pub fn on_error(&self, report: impl FnMut(StoreError) + Send + 'static) {
        // A thread that is gone has told so through `opened`.
        let _ = self.jobs.send(Job::OnError(Box::new(report)));
    }

    /// Runs a job after those before it, and gives its result. The job is queued here and now, whether or not
    /// the result is ever waited for: what was asked before the app is left is done.
    pub fn call<R, J>(&self, job: J) -> impl Future<Output = Result<R, StoreError>> + Send + use<R, J>
    where
        R: Send + 'static,
        J: FnOnce(&mut Store) -> Result<R, StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job = Job::Run(Box::new(move |store| {
            // Nobody waits any more where the caller was dropped; the work is done all the same.
            let _ = answer.send(job(store));
            Ok(())
        }));
        // A job that could not be queued is dropped with its sender, which ends the wait below.
        let _ = self.jobs.send(job);
        let storage = self.clone();
        async move { answered.await.map_err(|_| storage.gone())? }
    }

    fn gone(&self) -> StoreError {
        self.shut.get().map_or(StoreError::Gone, |reason| StoreError::Shut(reason.clone()))
    }

    /// Queues a job whose result nobody waits for; a failure goes to [`on_error`](Self::on_error).
    pub fn post(&self, job: impl FnOnce(&mut Store) -> Result<(), StoreError> + Send + 'static) {
        // A thread that is gone has told so through `opened`.
        let _ = self.jobs.send(Job::Run(Box::new(job)));
    }

    /// Waits, blocking, until every job queued so far is done.
    pub fn flush(&self) {
        let (done, wait) = sync_channel::<()>(1);
        self.post(move |_| {
            drop(done);
            Ok(())
        });
        // The job lets go of its end when it has run, or when it is dropped with the thread.
        let _ = wait.recv();
    }
}

fn work(mut store: Store, waiting: &Receiver<Job>) {
    let mut report: Option<OnError> = None;
    let mut unreported = Vec::new();
    for job in waiting {
        match job {
            Job::Run(job) => {
                if let Err(error) = job(&mut store) {
                    match &mut report {
                        Some(report) => report(error),
                        None => unreported.push(error),
                    }
                }
            }
            Job::OnError(mut new) => {
                unreported.drain(..).for_each(&mut new);
                report = Some(new);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    fn failing(_: &mut Store) -> Result<(), StoreError> {
        Err(StoreError::NotFound("x".to_owned()))
    }

    #[tokio::test]
    async fn jobs_run_in_order_and_give_their_results() {
        let storage = Storage::start(Store::in_memory, |opened| opened.unwrap());
        storage.post(|store| store.set_draft(None, "one"));
        assert_eq!(storage.call(|store| store.draft(None)).await.unwrap(), "one");
        let failed = storage.call(failing).await;
        assert!(matches!(failed, Err(StoreError::NotFound(id)) if id == "x"));
    }

    #[test]
    fn failures_of_posted_jobs_are_reported_also_those_before_the_listener_came() {
        let storage = Storage::start(Store::in_memory, |opened| opened.unwrap());
        let (sender, reported) = channel();
        storage.post(failing);
        storage.on_error(move |error| sender.send(error.to_string()).unwrap());
        storage.post(failing);
        storage.flush();
        assert_eq!(reported.try_iter().count(), 2);
    }

    #[tokio::test]
    async fn a_database_that_cannot_be_opened_is_told_and_calls_say_why() {
        let (sender, told) = channel();
        let storage = Storage::start(
            || Err(StoreError::Newer { found: 9, known: 1 }),
            move |opened| sender.send(opened.is_err()).unwrap(),
        );
        let refused = storage.call(|store| store.draft(None)).await;
        assert_eq!(refused.unwrap_err().explain(), StoreError::Newer { found: 9, known: 1 }.explain());
        storage.flush();
        assert!(told.recv().unwrap());
    }

    #[test]
    fn the_jobs_queued_before_the_last_clone_went_are_done() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("loquat.db");
        let again = path.clone();
        let storage = Storage::start(
            move || Store::open(&again, jiff::Timestamp::UNIX_EPOCH, |_| {}),
            |opened| opened.unwrap(),
        );
        let other = storage.clone();
        drop(storage);
        other.post(|store| store.set_draft(None, "kept"));
        other.flush();
        drop(other);
        let store = Store::open(&path, jiff::Timestamp::UNIX_EPOCH, |_| {}).unwrap();
        assert_eq!(store.draft(None).unwrap(), "kept");
    }
}
