//! Where a one-shot's turn goes: a new conversation, or a place in one that is stored (contracts section 3).

use jiff::Timestamp;
use uuid::Uuid;

use crate::chat::request::history;
use crate::chat::{
    self, Conversation, ConversationId, Forked, MessageId, Reach, RequestMessage, Role, Settings,
};
use crate::storage::{Store, StoreError};
use crate::text::Safe;
use crate::turns::title;

/// Where in which conversation a turn goes.
pub(super) struct Place {
    pub(super) conversation: ConversationId,
    /// The title, where the conversation is new.
    pub(super) title: Option<Safe>,
    pub(super) parent: Option<MessageId>,
    pub(super) history: Vec<RequestMessage>,
    pub(super) settings: Settings,
}

impl Place {
    pub(super) fn new(conversation: ConversationId, prompt: &str) -> Self {
        Self {
            conversation,
            title: Some(title::from_words(prompt)),
            parent: None,
            history: Vec::new(),
            settings: Settings::default(),
        }
    }
}

pub(super) fn stored_place(
    store: &mut Store,
    at: Option<&str>,
    named: Option<&str>,
    fork: Fork,
) -> Result<Place, StoreError> {
    let in_conversation = named.map(|prefix| store.find_conversation(prefix)).transpose()?;
    let (conversation, at) = match at {
        Some(prefix) => {
            let (conversation, message) = store.find_message(prefix)?;
            if in_conversation.is_some_and(|named| named != conversation) {
                return Err(StoreError::NotFound(prefix.to_owned()));
            }
            (conversation, Some(message))
        }
        None => {
            let latest = || store.latest()?.ok_or_else(|| StoreError::Empty);
            (in_conversation.map_or_else(latest, Ok)?, None)
        }
    };
    let loaded = store.load(conversation)?;
    let at = at.or_else(|| loaded.tree.leaf());
    let loaded = match fork {
        Fork::First => fork_of(store, &loaded, at)?,
        Fork::Never => Forked { conversation: loaded, at },
    };
    let (tree, at) = (&loaded.conversation.tree, loaded.at);
    // At an answer the prompt becomes its child, at a user message its sibling.
    let parent = match at.and_then(|at| tree.get(at)) {
        Some(message) => match message.role {
            Role::Assistant => Some(message.id),
            Role::User => message.parent,
        },
        None => None,
    };
    Ok(Place {
        conversation: loaded.conversation.id,
        title: None,
        parent,
        history: history(tree, parent),
        settings: loaded.conversation.settings.clone(),
    })
}

/// Whether the path is copied before the turn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fork {
    First,
    Never,
}

/// A new conversation that holds the path to one message, under new ids.
pub(super) fn fork_of(
    store: &mut Store,
    from: &Conversation,
    at: Option<MessageId>,
) -> Result<Forked, StoreError> {
    let fork = chat::Fork {
        at,
        leaf: at,
        reach: Reach::Path,
        id: ConversationId(Uuid::now_v7()),
        title: from.title.clone(),
        now: Timestamp::now(),
    };
    let forked = fork.of(from, || MessageId(Uuid::now_v7()));
    store.import(&forked.conversation)?;
    Ok(forked)
}
