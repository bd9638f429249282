//! What is to be done: everything `update` can order, in the imperative.
//!
//! The runner carries effects out in their order and never waits for one; results come back as messages.
//! Effects compare, so that a test can state the whole list.

use std::sync::Arc;

use jiff::Timestamp;
use url::Url;
use uuid::Uuid;

use crate::chat::{
    Conversation, ConversationId, EndpointName, KeyLabel, Mark, MessageId, Part, Preset, Rank, Route,
    RuleChange, Settings, TurnId,
};
use crate::keys::NewKey;
use crate::router::Nudge;
use crate::storage::choices::Choices;
use crate::storage::sets::Set;
use crate::storage::trials::Trial;
use crate::storage::{DraftPlace, Order, ShelfChange};
use crate::text::Safe;
use crate::turns::TurnRequest;

use super::block::Row;
use super::colours::Slice;
use super::model::KeyOf;
use super::mouse::Mouse;
use super::pane::PaneId;
use super::pictures::PictureId;
use super::print::Printout;
use super::session::Session;
use super::usage::{SideQuery, UsageQuery, Watch};

/// An order of [`update`](super::update()) to the runtime.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    // --- turns
    /// Run a turn; its events come back as `Message::Turn`.
    StartTurn(Box<TurnRequest>),
    /// The same, and store nothing of it but its request events.
    StartTemporaryTurn(Box<TurnRequest>),
    /// Tell a turn not to wait for the route that it waits for.
    NudgeTurn(TurnId, Nudge),
    /// Stop a turn and keep what came; it still ends with `TurnEvent::Ended`.
    CancelTurn(TurnId),
    /// Make a title from the first turn; answered by `TitleMade`, or by nothing when it fails. The title's
    /// endpoint, model and prompts are those of the configuration of the route's endpoint.
    MakeTitle {
        /// For which conversation.
        conversation: ConversationId,
        /// Where its first turn went.
        route: Route,
        /// What the person said.
        user: String,
        /// What was answered.
        answer: String,
    },

    // --- storage
    /// Read a conversation and its draft: a tail first, then the whole.
    LoadConversation(ConversationId),
    /// Read the draft of a new conversation; answered by `DraftLoaded`.
    LoadDraft,
    /// List the stored conversations.
    ListConversations,
    /// Look whether a conversation was left in the middle of an answer; answered by `UnfinishedFound` where one was.
    FindUnfinished,
    /// Search all messages.
    Search {
        /// Given back with the result.
        search: SearchId,
        /// As typed.
        words: String,
        /// Which hits come first.
        order: Order,
    },
    /// Stop searching: nobody looks any more.
    StopSearch,
    /// Change where a conversation stands in the list.
    ChangeShelf {
        /// Which.
        conversation: ConversationId,
        /// How.
        change: ShelfChange,
    },
    /// Store a conversation with all its messages.
    StoreConversation(Box<Conversation>),
    /// Change what a message says, in its place; what it said is kept.
    Revise {
        /// In which conversation.
        conversation: ConversationId,
        /// Which message.
        message: MessageId,
        /// What it says now.
        parts: Vec<Part>,
    },
    /// Read the former versions of a message; answered by `RevisionsRead`.
    LoadRevisions {
        /// In which conversation.
        conversation: ConversationId,
        /// Of which message.
        message: MessageId,
    },
    /// Store a change of what a branch leaves out.
    SetRule {
        /// In which conversation.
        conversation: ConversationId,
        /// The change.
        change: RuleChange,
    },
    /// Store the places of siblings.
    SetRanks {
        /// In which conversation.
        conversation: ConversationId,
        /// The ranks that changed.
        ranks: Vec<(MessageId, Rank)>,
    },
    /// Rename a conversation.
    Rename {
        /// Which.
        conversation: ConversationId,
        /// Its new title.
        title: String,
    },
    /// Put a conversation, or a message and all below it, in the trash; answered by `Trashed`.
    Trash {
        /// Which conversation.
        conversation: ConversationId,
        /// Which message of it; `None` is all of it.
        message: Option<MessageId>,
    },
    /// Put it back; answered by `Restored`.
    Restore(Uuid),
    /// List what is in the trash; answered by `TrashListed`.
    ListTrash,
    /// Remove what is in the trash for good; answered by `TrashEmptied`.
    EmptyTrash,
    /// Store the sibling chosen at each of these parents.
    Choose {
        /// In which conversation.
        conversation: ConversationId,
        /// (parent, chosen child).
        choices: Vec<(Option<MessageId>, MessageId)>,
    },
    /// Store what a person put on a message; an empty mark takes it away.
    SetMark {
        /// In which conversation.
        conversation: ConversationId,
        /// Which message.
        message: MessageId,
        /// Its star and label.
        mark: Mark,
    },
    /// Store a conversation's settings.
    SetSettings {
        /// Which conversation.
        conversation: ConversationId,
        /// The settings.
        settings: Settings,
    },
    /// Store a draft.
    SetDraft {
        /// Of which conversation; `None` is one that is not stored yet.
        conversation: Option<ConversationId>,
        /// The draft; empty removes it.
        text: String,
    },
    /// Store a draft that was left with the message it would answer.
    PlaceDraft {
        /// In which conversation.
        conversation: ConversationId,
        /// Which message.
        place: DraftPlace,
        /// The draft; empty removes it.
        text: String,
    },
    /// Keep the panes for the next run; `None` forgets them.
    SaveSession(Option<Box<Session>>),
    /// Store the person's own presets.
    SavePresets(Vec<Preset>),
    /// Store what was chosen last.
    SaveChoices(Choices),
    /// Read the named sets of models; answered by `SetsKnown`.
    LoadSets,
    /// Keep a set, in the place of one of its name; answered by `SetsKnown`.
    KeepSet(Set),
    /// Forget the set of this name; answered by `SetsKnown`.
    ForgetSet(String),
    /// Keep a choice that was made blind.
    KeepTrial(Box<Trial>),
    /// Add up what was chosen blind; answered by `WinsKnown`.
    LoadWins,
    /// Read the prompts of earlier runs; answered by `HistoryLoaded`.
    LoadHistory,
    /// Add a prompt to those that later runs can call back.
    RememberPrompt(String),

    // --- keys and models
    /// Tell what is known of every key of every endpoint (`KeyStates`), keyrings untouched.
    ResolveKeyStates,
    /// Store a key; answered by `KeyStored`. Its cached models are forgotten.
    StoreKey(KeyToStore),
    /// Remove a stored key; answered by `KeyRemoved`. Its cached models are forgotten.
    RemoveKey {
        /// Endpoint.
        endpoint: EndpointName,
        /// Label.
        key: KeyLabel,
    },
    /// Fetch the models of a key: `ModelsRefreshing`, then `ModelsLoaded`.
    RefreshModels {
        /// Endpoint.
        endpoint: EndpointName,
        /// Key.
        key: KeyLabel,
    },
    /// Tell the known lists of every ready key at once, and fetch those that are older than a day.
    LoadModels,
    /// Fetch the models of every ready key, all endpoints at once.
    RefreshAllModels,
    /// Ask the local servers of the configuration whether they answer; `LocalAnswered`.
    ProbeLocal,
    /// Ask an endpoint whether it answers and takes this key, at no cost; `HealthKnown`.
    CheckHealth(KeyOf),
    /// Tell which routes the router leaves alone; `CircuitsKnown`.
    LoadCircuits,

    // --- usage
    /// Add up usage; answered by `UsageLoaded`.
    LoadUsage(UsageQuery),
    /// Add up what the panel beside the conversation tells; answered by `SideLoaded`.
    LoadSide(SideQuery),
    /// Tell of every change of the log (`UsageGrew`), or no longer.
    WatchUsage(Watch),
    /// Add up what was spent today; answered by `SpentToday`.
    LoadSpentToday,
    /// Look how all budgets stand; answered by `BudgetsKnown`.
    LoadBudgets,

    // --- files
    /// List files to choose from; answered by `FilesListed`.
    ListFiles(Listing),
    /// Read a file that was chosen; answered by `FileRead`.
    ReadFile {
        /// For which pane's prompt.
        pane: PaneId,
        /// As it was chosen.
        path: String,
    },
    /// Read the saved prompts beside the configuration; answered by `PromptsKnown`.
    LoadPrompts,

    /// Read a picture and make it fit; answered by `PictureCame`.
    LoadPicture(PictureOrder),
    /// Write the picture that is shown to a file of the person's; answered by `PictureSaved`.
    SavePicture {
        /// The order that it was asked for with.
        id: PictureId,
        /// As it was typed.
        path: String,
        /// What becomes of a file that is there.
        replace: Replace,
    },

    // --- the terminal and the system
    /// Tell what the words of some lines of code are; answered by `Coloured`.
    Colour(Box<Slice>),
    /// Put text in the clipboards; answered by `Copied`.
    Copy {
        /// The source text, made safe.
        text: Safe,
    },
    /// Call for attention, in one line.
    Notice(Safe),
    /// Write text to a file of the person's; answered by `Saved`.
    SaveFile {
        /// As it was typed.
        path: String,
        /// What is written.
        text: Safe,
        /// What becomes of a file that is there.
        replace: Replace,
    },
    /// Run a command line the person typed, with this text as its input; answered by `Piped`.
    Pipe {
        /// As it was typed.
        command: String,
        /// Its input.
        text: Safe,
    },
    /// Read the clipboard of this machine for a pane's prompt; answered by `ClipboardRead`.
    ReadClipboard(PaneId),
    /// Open an address in whatever opens it; answered by `LinkOpened`.
    OpenLink(String),
    /// Give the terminal to `$VISUAL` or `$EDITOR` with this text; answered by `EditorClosed`.
    OpenEditor(String),
    /// Leave a branch in the terminal's own scrollback.
    Print(Box<Printout>),
    /// Add rows to what stands above the app on the shell's own screen.
    Settle(Vec<Row>),
    /// Read the configuration again; answered by `Configured` or `ConfigRefused`.
    ReadConfig,
    /// Take the mouse, or give it back to the terminal.
    SetMouse(Mouse),
    /// List the themes; answered by `ThemesListed`.
    ListThemes,
    /// Show everything in the theme of this name; answered by `ThemeFailed` where there is none.
    ShowTheme(String),
    /// Ask the terminal for its background; answered by `BackgroundTold`, or by nothing.
    AskBackground,
    /// Send a `Tick` at or after this moment. Orders do not replace each other.
    WakeAt(Timestamp),
    /// Give the terminal back and stop the process, as Ctrl+Z does.
    Suspend,
    /// Show the app line by line, or on the screen again.
    SwitchView,
    /// Draw every cell anew.
    Redraw,
    /// Leave. Effects before it in the list are carried out first.
    Quit,
}

/// A picture that is to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureOrder {
    /// Given back with the result.
    pub id: PictureId,
    /// Where its bytes are.
    pub from: PictureFrom,
    /// Columns and rows that it has.
    pub room: (u16, u16),
}

/// Where the bytes of a picture are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PictureFrom {
    /// Here, in base64. Untrusted.
    Base64(Arc<str>),
    /// There; a person has seen that, and wants it.
    Away(Url),
    /// With the runtime: it is shown already.
    Held,
}

/// Which files are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listing {
    /// Those below the working directory that its ignore files leave.
    Below(Dots),
    /// What is in one folder, by its path as it was typed: it ends in a slash.
    In(String),
}

/// Whether names that begin with a dot are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dots {
    /// Yes: one was typed.
    Shown,
    /// No.
    Hidden,
}

impl Listing {
    /// The one that what is typed is looked for in.
    pub fn of(typed: &str) -> Self {
        let elsewhere = ["/", "~/", "../"].iter().any(|begin| typed.starts_with(begin));
        match typed.rfind('/').filter(|_| elsewhere) {
            Some(end) => Self::In(typed[..=end].to_owned()),
            None if typed.split('/').any(|name| name.starts_with('.')) => Self::Below(Dots::Shown),
            None => Self::Below(Dots::Hidden),
        }
    }
}

/// What becomes of a file that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replace {
    /// It stays as it is.
    Refused,
    /// It is replaced.
    Allowed,
}

/// Tells searches apart, so that only the last one's hits are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SearchId(pub u64);

/// A key on its way to a store.
#[derive(Clone, Debug)]
pub struct KeyToStore(pub NewKey);

impl PartialEq for KeyToStore {
    /// Everything but the secret, which does not compare.
    fn eq(&self, other: &Self) -> bool {
        let parts =
            |key: &NewKey| (key.endpoint.clone(), key.label.clone(), key.base_url.clone(), key.expires);
        parts(&self.0) == parts(&other.0)
    }
}
