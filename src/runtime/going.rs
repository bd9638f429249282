//! What goes on whichever way the app is shown, on the screen or line by line, and from the one to the other.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use crate::app::{Message, Model};
use crate::chat::ConversationId;
use crate::config::Paths;

use super::effects::Effects;
use super::pictures::Surface;
use super::signals::Signals;
use super::terminal::Screen;
use super::watch::{Reload, Watcher};
use super::{App, Ended, WAITING, linear};

/// The app without the view of it: the model, what runs, and what comes in.
pub(super) struct Going {
    pub model: Model,
    pub effects: Effects,
    pub messages: mpsc::Sender<Message>,
    pub inbox: mpsc::Receiver<Message>,
    /// Tells of changed configuration.
    pub watcher: Option<Watcher>,
    pub reloads: mpsc::Receiver<Reload>,
    pub signals: Signals,
    pub paths: Paths,
    /// Where the app is shown on the screen.
    pub screen: Screen,
    /// Moments at which the model wants a tick.
    pub wakes: BinaryHeap<Reverse<Timestamp>>,
}

/// How a view of the app ended.
pub(super) enum Over {
    /// With the app.
    Ended(Ended),
    /// It goes on line by line.
    Lines(Box<Going>),
    /// It goes on on the screen.
    Screen(Box<Going>),
}

/// What is told once a view is there.
pub(super) struct Begun {
    open: Option<ConversationId>,
    storage_failed: oneshot::Receiver<String>,
}

impl Going {
    /// The app as it starts. To be called within a tokio runtime.
    pub fn start(app: App, surface: Surface) -> io::Result<(Self, Begun)> {
        let App { model, open, theme: _, screen, turns, storage, storage_failed, source } = app;
        let (messages, inbox) = mpsc::channel(WAITING);
        let paths = source.paths.clone();
        let effects = Effects::new(turns(), storage, paths.clone(), surface, messages.clone());
        effects.archive_log();
        let (reloaded, reloads) = mpsc::channel(1);
        // Without a thread for it, the configuration is as it was at the start.
        let watcher = Watcher::start(source, move |reload| reloaded.blocking_send(reload).is_ok()).ok();
        let going = Self {
            model,
            effects,
            messages,
            inbox,
            watcher,
            reloads,
            signals: Signals::listen()?,
            paths,
            screen,
            wakes: BinaryHeap::new(),
        };
        Ok((going, Begun { open, storage_failed }))
    }
}

impl Begun {
    /// What a view is told first, by `tell`; what is known only later goes to `messages`.
    pub fn tell(self, messages: mpsc::Sender<Message>, mut tell: impl FnMut(Message)) {
        tell(Message::Started { at: Timestamp::now() });
        if let Some(conversation) = self.open {
            tell(Message::OpenRequested { conversation, at: Timestamp::now() });
        }
        let failed = self.storage_failed;
        // Whether the database can be opened is known only after the first frame.
        tokio::spawn(async move {
            if let Ok(reason) = failed.await {
                // The loop is gone only when the app is leaving.
                let _ = messages.send(Message::StorageFailed { reason }).await;
            }
        });
    }
}

/// Goes on after a view of the app, until the app ends.
pub(super) async fn on(mut over: Over) -> io::Result<Ended> {
    loop {
        over = match over {
            Over::Ended(ended) => return Ok(ended),
            Over::Lines(going) => linear::go_on(*going).await?,
            Over::Screen(going) => super::go_on(*going).await?,
        };
    }
}
