//! Prompt history, on a thread of its own: a slow disk keeps nobody from typing.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use tokio::sync::mpsc;

use crate::app::Message;
use crate::storage::history;

/// The thread that reads and writes prompt history. It ends, after all that was asked of it, with
/// [`finish`](Self::finish).
pub struct History {
    orders: Sender<Order>,
    thread: Option<JoinHandle<()>>,
}

enum Order {
    Load,
    Append(String),
}

impl History {
    /// Starts the thread, for the file in this state folder.
    pub fn start(state: PathBuf, messages: mpsc::Sender<Message>) -> Self {
        let (orders, waiting) = channel();
        let work = move || work(&state, &waiting, &messages);
        // Where no thread can be had, prompts are kept for this run only.
        let thread = std::thread::Builder::new().name("history".to_owned()).spawn(work).ok();
        Self { orders, thread }
    }

    /// Reads what earlier runs left; answered by `HistoryLoaded`.
    pub fn load(&self) {
        self.order(Order::Load);
    }

    /// Adds a prompt.
    pub fn append(&self, prompt: String) {
        self.order(Order::Append(prompt));
    }

    fn order(&self, order: Order) {
        // The thread is gone only where it never was.
        let _ = self.orders.send(order);
    }

    /// Waits until all is written.
    pub fn finish(self) {
        drop(self.orders);
        if let Some(thread) = self.thread {
            // A thread that fell has nothing more to write.
            let _ = thread.join();
        }
    }
}

fn work(state: &std::path::Path, waiting: &Receiver<Order>, messages: &mpsc::Sender<Message>) {
    let mut told = false;
    for order in waiting {
        let failed = match order {
            Order::Load => match history::load(state) {
                Ok(prompts) => {
                    // The loop is gone only when the app is leaving.
                    let _ = messages.blocking_send(Message::HistoryLoaded(prompts));
                    None
                }
                Err(error) => Some(error),
            },
            Order::Append(prompt) => history::append(state, &prompt).err(),
        };
        if let Some(error) = failed.filter(|_| !told) {
            // Once is enough: the prompts of this run can still be called back.
            told = true;
            let _ = messages.blocking_send(Message::HistoryFailed { reason: error.to_string() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_one_run_wrote_the_next_one_reads() {
        let folder = tempfile::tempdir().unwrap();
        let (messages, _inbox) = mpsc::channel(8);
        let first = History::start(folder.path().to_owned(), messages);
        first.append("one".to_owned());
        first.append("two".to_owned());
        first.finish();
        let (messages, mut inbox) = mpsc::channel(8);
        let second = History::start(folder.path().to_owned(), messages);
        second.load();
        second.finish();
        let Some(Message::HistoryLoaded(prompts)) = inbox.recv().await else { panic!("no history") };
        assert_eq!(prompts, ["one", "two"]);
    }

    #[tokio::test]
    async fn a_disk_that_refuses_is_told_of_once() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("a file, no folder");
        std::fs::write(&state, "").unwrap();
        let (messages, mut inbox) = mpsc::channel(8);
        let history = History::start(state, messages);
        for prompt in ["one", "two", "three"] {
            history.append(prompt.to_owned());
        }
        history.finish();
        assert!(matches!(inbox.recv().await, Some(Message::HistoryFailed { .. })));
        assert!(inbox.recv().await.is_none());
    }
}
