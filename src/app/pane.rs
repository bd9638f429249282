//! A pane: one view of one branch, with a draft, a place and a route of its own; and the conversation it shows,
//! which several panes may share.

use jiff::Timestamp;

use crate::chat::{
    Conversation, ConversationId, FinishReason, Message as ChatMessage, MessageId, Role, Route, Settings,
    Status, Totals, Tree,
};
use crate::config::Config;

use super::composer::Composer;
use super::drafts::Drafts;
use super::find::Find;
use super::jumps::Jumps;
use super::lanes::Lanes;
use super::message::Extent;
use super::select::Selection;
use super::transcript::{Layouts, View};

/// Tells panes apart for as long as the app runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PaneId(u32);

impl PaneId {
    /// The pane the app starts with.
    pub const FIRST: Self = Self(0);

    /// The one after it.
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// One view of one branch, with its own draft and place.
#[derive(Clone, Debug)]
pub struct Pane {
    /// Which one.
    pub id: PaneId,
    /// Where Enter sends to.
    pub route: Route,
    /// The prompt being written.
    pub composer: Composer,
    /// What the composer is for.
    pub purpose: Purpose,
    /// The message to be shown once it is read: a search led here.
    pub reveal: Option<MessageId>,
    /// When the draft is due to be stored, where it changed.
    pub draft_due: Option<Timestamp>,
    /// What is looked for in the branch.
    pub find: Option<Find>,
    /// What is selected in the branch.
    pub select: Option<Selection>,
    /// What is being read.
    pub view: View,
    /// What was read before.
    pub jumps: Jumps,
    /// Blocks laid out, by message.
    pub layouts: Layouts,
    /// Siblings beside each other, where they are shown instead of the branch.
    pub lanes: Option<Lanes>,
}

/// What Enter does with the composer's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A new message at the end of the branch.
    Prompt,
    /// Another text for this message. The draft that was there comes back afterwards.
    Edit {
        /// The message that is edited.
        message: MessageId,
        /// What becomes of the text.
        way: EditWay,
        /// The draft that waits, as it is kept.
        draft: String,
    },
}

/// What becomes of a message that was edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditWay {
    /// It stays, and what was written is sent as a sibling of it.
    Sibling,
    /// It says what was written from now on; what it said is kept as a former version.
    InPlace,
}

impl Pane {
    /// A pane that shows nothing yet.
    pub fn new(id: PaneId, route: Route) -> Self {
        Self {
            id,
            route,
            composer: Composer::default(),
            purpose: Purpose::Prompt,
            reveal: None,
            draft_due: None,
            find: None,
            select: None,
            view: View::default(),
            jumps: Jumps::default(),
            layouts: Layouts::default(),
            lanes: None,
        }
    }

    /// Sends to where the branch's last message was made from now on, where the configuration still has that.
    pub fn take_route(&mut self, tree: &Tree, config: &Config) {
        let last = self.view.branch.last().and_then(|leaf| tree.get(*leaf)?.route.clone());
        if let Some(route) = last.filter(|route| config.endpoint(route.endpoint.as_str()).is_some()) {
            self.route = route;
        }
    }

    /// Leaves an edit without sending it: the draft that waited comes back. Returns what was written instead.
    pub fn abandon_edit(&mut self) -> Option<String> {
        let Purpose::Edit { draft, .. } = std::mem::replace(&mut self.purpose, Purpose::Prompt) else {
            return None;
        };
        let written = self.composer.remembered();
        self.composer.restore(&draft);
        Some(written)
    }

    /// The draft as it is kept: what is in the composer, or what waits while a message is edited.
    pub fn draft(&self) -> String {
        match &self.purpose {
            Purpose::Prompt => self.composer.kept(),
            Purpose::Edit { draft, .. } => draft.clone(),
        }
    }
}

/// A conversation that is shown in some pane.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The conversation. A new one has an id already and is stored with its first turn.
    pub conversation: Conversation,
    /// How much of it is on disk and in memory.
    pub presence: Presence,
    /// Whether it is to be stored.
    pub keeping: Keeping,
    /// Answers whose turns ended while the conversation was being read.
    pub ended: Vec<ChatMessage>,
    /// Drafts that were left at other places of it.
    pub drafts: Drafts,
}

/// Whether a conversation is stored with its first turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// It is.
    Stored,
    /// It is temporary.
    Nowhere,
}

/// Where a conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// In memory only: it is stored with its first turn.
    New,
    /// Stored; being read, nothing of it is here yet.
    Loading,
    /// Stored; this much of it is here.
    Here(Extent),
}

impl Opened {
    /// A new conversation.
    pub fn new(id: ConversationId, at: Timestamp) -> Self {
        Self {
            conversation: Conversation {
                id,
                title: String::new(),
                created: at,
                updated: at,
                settings: Settings::default(),
                tree: Tree::default(),
            },
            presence: Presence::New,
            keeping: Keeping::Stored,
            ended: Vec::new(),
            drafts: Drafts::default(),
        }
    }

    /// A stored conversation before anything of it was read.
    pub fn loading(id: ConversationId, at: Timestamp) -> Self {
        Self { presence: Presence::Loading, ..Self::new(id, at) }
    }

    /// What all of it adds up to, while only a part of it is here.
    pub fn totals(&self) -> Option<Totals> {
        match self.presence {
            Presence::Here(Extent::Tail(totals)) => Some(totals),
            Presence::New | Presence::Loading | Presence::Here(Extent::Whole) => None,
        }
    }

    /// The conversation's id where it is stored. Drafts are stored by it, too: one of a conversation that is not
    /// stored has none.
    pub fn stored(&self) -> Option<ConversationId> {
        match (self.presence, self.keeping) {
            (Presence::New, _) | (_, Keeping::Nowhere) => None,
            (Presence::Loading | Presence::Here(_), Keeping::Stored) => Some(self.conversation.id),
        }
    }

    /// Whether a message is an answer that ended early and can be continued.
    pub fn can_continue(&self, message: MessageId) -> bool {
        self.conversation.tree.get(message).is_some_and(|message| match message.status {
            Status::Cut | Status::Cancelled | Status::Failed => {
                message.role == Role::Assistant && !message.parts.is_empty()
            }
            Status::Complete => message
                .provenance
                .as_ref()
                .is_some_and(|provenance| provenance.finish == Some(FinishReason::Length)),
            Status::Streaming => false,
        })
    }
}
