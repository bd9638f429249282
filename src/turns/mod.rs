//! The one way a turn runs, for the app and for one-shots alike: persist, route, stream, persist, event.

use std::sync::Arc;

use jiff::Timestamp;

use crate::catalog::Catalog;
use crate::chat::{ChatRequest, Conversation, ConversationId, Failure, Message, Route, StreamEvent, TurnId};
use crate::config::Config;
use crate::http::Transport;
use crate::keys::Keys;
use crate::storage::Storage;
use crate::telemetry::{Log, Mode};

/// What turns are run with. Cheap to clone.
#[derive(Clone)]
pub struct Turns {
    /// Configuration.
    pub config: Arc<Config>,
    /// Credentials.
    pub keys: Keys,
    /// Where requests go.
    pub transport: Arc<dyn Transport>,
    /// Prices and context sizes.
    pub catalog: Catalog,
    /// Where conversations are kept; `None` keeps nothing of a turn but its events.
    pub storage: Option<Storage>,
    /// Where events go.
    pub log: Log,
}

/// A turn to be run. Whoever makes one has given every message its id.
#[derive(Clone, Debug, PartialEq)]
pub struct TurnRequest {
    /// The turn.
    pub turn: TurnId,
    /// The conversation it belongs to.
    pub conversation: ConversationId,
    /// The conversation itself, where this is its first turn: it is stored with it.
    pub create: Option<Box<Conversation>>,
    /// The user message to be stored; `None` where an answer is asked again or continued.
    pub user: Option<Box<Message>>,
    /// The answer, empty (or holding what is to be continued), status `Streaming`, its parent set.
    pub answer: Box<Message>,
    /// Where it goes.
    pub route: Route,
    /// What is asked.
    pub request: ChatRequest,
    /// What it is for.
    pub mode: Mode,
}

/// What happens while a turn runs, in order: any number of the first four, then exactly one `Ended`.
#[derive(Clone, Debug, PartialEq)]
pub enum TurnEvent {
    /// The user message is on disk and the request is on its way.
    Sent {
        /// When.
        at: Timestamp,
    },
    /// The model said something.
    Said(StreamEvent),
    /// An attempt failed and another follows.
    AttemptFailed {
        /// Which, from 1.
        attempt: u32,
        /// Why.
        failure: Failure,
    },
    /// The next attempt waits.
    Waiting {
        /// Until when.
        until: Timestamp,
    },
    /// The turn is over; the answer as it was stored.
    Ended(Box<Message>),
}
