//! Where a one-shot's turn goes: a new conversation, or a place in one that is stored (contracts section 3).

use jiff::Timestamp;
use uuid::Uuid;

use crate::chat::request::history;
use crate::chat::{Conversation, ConversationId, Message, MessageId, RequestMessage, Role, Settings, Tree};
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

pub(super) struct Forked {
    pub(super) conversation: Conversation,
    pub(super) at: Option<MessageId>,
}

/// A new conversation that holds the path to one message, under new ids.
pub(super) fn fork_of(
    store: &mut Store,
    from: &Conversation,
    at: Option<MessageId>,
) -> Result<Forked, StoreError> {
    let now = Timestamp::now();
    let mut fork = Conversation {
        id: ConversationId(Uuid::now_v7()),
        title: from.title.clone(),
        created: now,
        updated: now,
        settings: from.settings.clone(),
        tree: Tree::default(),
    };
    let mut parent = None;
    for message in
        at.map(|at| from.tree.path(at)).unwrap_or_default().into_iter().filter_map(|id| from.tree.get(id))
    {
        let copy = Message { id: MessageId(Uuid::now_v7()), parent, ..message.clone() };
        parent = Some(copy.id);
        fork.tree.add(copy);
    }
    store.import(&fork)?;
    Ok(Forked { conversation: fork, at: parent })
}
