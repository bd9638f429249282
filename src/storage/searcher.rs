//! Searches that give way to newer ones.
//!
//! They run on a thread and a connection of their own, which only read: no write waits for a search, and stopping
//! one stops nothing else.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use rusqlite::{ErrorCode, InterruptHandle};

use super::{Hit, Order, Storage, Store, StoreError};

/// A thread that searches. Cheap to clone.
#[derive(Clone)]
pub struct Searcher {
    reader: Storage,
    /// The number of the search that is wanted: the last one that was asked for.
    wanted: Arc<AtomicU64>,
    /// Set when the database is open.
    interrupt: Arc<OnceLock<InterruptHandle>>,
}

impl Searcher {
    /// Starts the thread, which opens the database when `storage` has opened it.
    pub fn start(storage: &Storage, path: PathBuf) -> Self {
        let interrupt = Arc::new(OnceLock::new());
        let (opened, storage) = (Arc::clone(&interrupt), storage.clone());
        let open = move || {
            storage.flush();
            drop(storage);
            let store = Store::open_to_read(&path)?;
            // Set once, here.
            let _ = opened.set(store.interrupt_handle());
            Ok(store)
        };
        // A failure is the answer to every search.
        Self { reader: Storage::start(open, |_| {}), wanted: Arc::default(), interrupt }
    }

    /// Stops the search that is under way, and starts this one. `None` where a newer one came meanwhile, or
    /// [`stop`](Self::stop).
    pub fn search(
        &self,
        words: String,
        order: Order,
        limit: usize,
    ) -> impl Future<Output = Result<Option<Vec<Hit>>, StoreError>> + Send + use<> {
        let ticket = self.stop();
        let wanted = Arc::clone(&self.wanted);
        self.reader.call(move |store| {
            while wanted.load(Ordering::SeqCst) == ticket {
                match store.search_by(&words, order, limit) {
                    // It was meant for the search before this one, and came late.
                    Err(StoreError::Sqlite(error)) if is_interrupted(&error) => {}
                    found => return found.map(Some),
                }
            }
            Ok(None)
        })
    }

    /// Stops the search that is under way. Returns the number that the next one has.
    pub fn stop(&self) -> u64 {
        let ticket = self.wanted.fetch_add(1, Ordering::SeqCst) + 1;
        if let Some(handle) = self.interrupt.get() {
            handle.interrupt();
        }
        ticket
    }
}

fn is_interrupted(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Disk, stored};
    use super::*;

    #[tokio::test]
    async fn only_the_last_search_answers_and_sees_what_was_written_before_it() {
        let disk = Disk::new();
        let path = disk.path();
        let again = path.clone();
        let storage = Storage::start(
            move || Store::open(&again, jiff::Timestamp::UNIX_EPOCH, |_| {}),
            |opened| opened.unwrap(),
        );
        let written = storage.call(|store| {
            stored(store, 1, &[(1, None), (2, Some(1))]);
            Ok(())
        });
        written.await.unwrap();
        let searcher = Searcher::start(&storage, path);
        let searches: Vec<_> = (0..20).map(|_| searcher.search("text".into(), Order::Newest, 9)).collect();
        let answers = futures::future::join_all(searches).await;
        let last = answers.last().unwrap().as_ref().unwrap().as_ref().unwrap();
        assert_eq!(last.len(), 2);
        let stopped = searcher.search("text".into(), Order::Best, 9);
        searcher.stop();
        assert!(matches!(stopped.await, Ok(None | Some(_))));
        // What is stopped late leaves the next one whole.
        searcher.stop();
        assert_eq!(searcher.search("text".into(), Order::Best, 9).await.unwrap().unwrap().len(), 2);
    }

    #[tokio::test]
    async fn a_search_under_way_is_stopped() {
        let disk = Disk::new();
        drop(disk.open());
        let path = disk.path();
        let storage = Storage::start(Store::in_memory, |opened| opened.unwrap());
        let searcher = Searcher::start(&storage, path);
        // Runs until it is stopped.
        let endless = searcher.reader.call(|store| {
            let counted = store.db.query_row(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
                [],
                |_| Ok(()),
            );
            Ok(counted.is_err_and(|error| is_interrupted(&error)))
        });
        let stopper = searcher.clone();
        let done = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let until = Arc::clone(&done);
        // Whether it has begun cannot be seen from outside, so it is stopped until it has ended.
        let stopping = std::thread::spawn(move || {
            while !until.load(Ordering::SeqCst) {
                stopper.stop();
                std::thread::yield_now();
            }
        });
        let stopped = endless.await.unwrap();
        done.store(true, Ordering::SeqCst);
        stopping.join().unwrap();
        assert!(stopped);
    }
}
