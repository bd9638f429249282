//! What happened: everything `update` can be told, in the past tense.
//!
//! Times come in with the messages, and every result names what asked for it, so that one that is no
//! longer wanted can be dropped.

use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{KeyEvent, MouseEvent};
use jiff::Timestamp;
use uuid::Uuid;

use crate::catalog::ModelList;
use crate::chat::{
    Conversation, ConversationId, EndpointName, Failure, KeyLabel, Media, MessageId, Money, Revision, Route,
    Totals, TurnId,
};
use crate::config::{Background, Config, Problem, SavedPrompt};
use crate::keys::{KeyState, KeyStore};
use crate::layout::colour::{State, Tokens};
use crate::router::Circuit;
use crate::storage::sets::Set;
use crate::storage::trials::Wins;
use crate::storage::{DraftPlace, Emptied, Hit, Summary, Trashed};
use crate::telemetry::Standing;
use crate::telemetry::sinks::Stuck;
use crate::text::Safe;
use crate::turns::TurnEvent;

use super::colours::CodeOf;
use super::configured::Looks;
use super::effect::{Listing, SearchId};
use super::insert::NotPasted;
use super::links::NotOpened;
use super::look::ThemeRow;
use super::model::KeyOf;
use super::pane::PaneId;
use super::picker::Choice;
use super::pictures::{Facts, Missing, PictureId};
use super::resume::Unfinished;
use super::usage::{SideFigures, SideQuery, UsageAnswer, UsageQuery};

/// A fact for [`update`](super::update()).
#[derive(Clone, Debug)]
pub enum Message {
    /// The first frame is on the screen: time to look around. Sent once.
    Started {
        /// When.
        at: Timestamp,
    },
    /// A key was pressed. Releases are not reported.
    Key {
        /// Which.
        key: KeyEvent,
        /// When.
        at: Timestamp,
    },
    /// Keys were pressed so closely after each other that nobody typed them, or somebody quick. None has Ctrl or Alt.
    Keys {
        /// Which.
        keys: Vec<KeyEvent>,
        /// When.
        at: Timestamp,
    },
    /// Something was done with the mouse.
    Mouse {
        /// What, and where.
        event: MouseEvent,
        /// When.
        at: Timestamp,
    },
    /// Text was pasted, bracketed.
    Paste {
        /// As it came: untrusted.
        text: String,
        /// When.
        at: Timestamp,
    },
    /// A line was entered, where the app is read line by line.
    Line {
        /// As it came: untrusted.
        text: String,
        /// When.
        at: Timestamp,
    },
    /// A row was chosen by the number it was told with.
    Chosen {
        /// What choosing it does.
        choice: Choice,
        /// When.
        at: Timestamp,
    },
    /// Ctrl+C, where the terminal makes a signal of it.
    Interrupted {
        /// When.
        at: Timestamp,
    },
    /// The terminal has a new size.
    Resize {
        /// The size.
        size: Size,
        /// When.
        at: Timestamp,
    },
    /// The terminal has the focus again.
    FocusGained {
        /// When.
        at: Timestamp,
    },
    /// The terminal lost the focus.
    FocusLost {
        /// When.
        at: Timestamp,
    },
    /// A moment that [`Effect::WakeAt`](super::Effect::WakeAt) asked for has come.
    Tick {
        /// When.
        at: Timestamp,
    },
    /// The configuration was read again, and can be used.
    Configured {
        /// It.
        config: Arc<Config>,
        /// Whether it looks another way.
        looks: Looks,
        /// When.
        at: Timestamp,
    },
    /// The configuration was read again, and cannot be used.
    ConfigRefused {
        /// Why not.
        problems: Vec<Problem>,
        /// When.
        at: Timestamp,
    },
    /// Something happened in a turn. Dropped where the turn is not known.
    Turn {
        /// The turn.
        turn: TurnId,
        /// What.
        event: TurnEvent,
        /// When.
        at: Timestamp,
    },
    /// What is known of keys; replaces what was known of the keys it names.
    KeyStates(Vec<KeyStatus>),
    /// A refresh of a model list began.
    ModelsRefreshing {
        /// Endpoint.
        endpoint: EndpointName,
        /// Key.
        key: KeyLabel,
    },
    /// A model list, cached or fresh (its `source` tells). The runner fills in the context and the price of
    /// each model from the catalog where the list itself is silent.
    ModelsLoaded {
        /// The list.
        list: ModelList,
        /// When.
        at: Timestamp,
    },
    /// Local servers that answered, by the endpoints that stand for them.
    LocalAnswered(Vec<EndpointName>),
    /// Whether an endpoint answers and takes the key.
    HealthKnown {
        /// Endpoint and key.
        of: KeyOf,
        /// How long it took to answer, or why it does not.
        result: Result<Duration, Failure>,
    },
    /// The routes whose circuit is not closed, as the router knows.
    CircuitsKnown {
        /// Each with its circuit.
        circuits: Vec<(Route, Circuit)>,
        /// When.
        at: Timestamp,
    },
    /// The stored conversations, last changed first.
    ConversationsListed(Vec<Summary>),
    /// An earlier run left a conversation in the middle of an answer.
    UnfinishedFound(Unfinished),
    /// The command line asks for a stored conversation.
    OpenRequested {
        /// Which.
        conversation: ConversationId,
        /// When.
        at: Timestamp,
    },
    /// A conversation was read. A tail comes first, the whole after it; neither moves what is being read.
    ConversationLoaded {
        /// The conversation.
        conversation: Box<Conversation>,
        /// How much of it this is.
        extent: Extent,
        /// Its draft, where there is one; told with the first of the two.
        draft: Option<String>,
    },
    /// A conversation could not be read.
    ConversationNotLoaded {
        /// Which.
        conversation: ConversationId,
        /// Why. Untrusted text.
        reason: String,
    },
    /// The named sets of models.
    SetsKnown(Vec<Set>),
    /// How often each model was chosen blind.
    WinsKnown(Vec<Wins>),
    /// Drafts that an earlier run left in a conversation; told before what was read of it.
    DraftsLoaded {
        /// Of which conversation.
        conversation: ConversationId,
        /// Where each was left.
        drafts: Vec<(DraftPlace, String)>,
    },
    /// The draft of a new conversation, as an earlier run left it.
    DraftLoaded {
        /// The draft.
        text: String,
    },
    /// Messages that hold the words.
    Searched {
        /// The search that asked.
        search: SearchId,
        /// What was found, best first.
        hits: Vec<Hit>,
    },
    /// The former versions of a message, the last one first.
    RevisionsRead {
        /// In which conversation.
        conversation: ConversationId,
        /// Of which message.
        message: MessageId,
        /// What it said.
        revisions: Vec<Revision>,
    },
    /// A key was stored, or was not.
    KeyStored {
        /// Endpoint.
        endpoint: EndpointName,
        /// Label.
        key: KeyLabel,
        /// Where it went.
        result: Result<KeyStore, Failure>,
    },
    /// A stored key was removed, or was not; `Ok(false)` where there was none.
    KeyRemoved {
        /// Endpoint.
        endpoint: EndpointName,
        /// Label.
        key: KeyLabel,
        /// Whether there was one.
        result: Result<bool, Failure>,
    },
    /// Text was handed to a clipboard.
    Copied(Copied),
    /// A file was saved, or not.
    Saved {
        /// As it was typed.
        path: String,
        /// What was to be saved.
        text: Safe,
        /// The file's whole path, or why it was not written.
        result: Result<String, NotSaved>,
    },
    /// A picture was read and made to fit, or was not.
    PictureCame {
        /// The order that asked.
        id: PictureId,
        /// What is known of it.
        result: Result<Facts, Missing>,
    },
    /// A picture was saved, or not.
    PictureSaved {
        /// The order that it was asked for with.
        id: PictureId,
        /// As it was typed.
        path: String,
        /// The file's whole path and its length, or why it was not written.
        result: Result<(String, usize), NotSaved>,
    },
    /// A command ended.
    Piped(Piped),
    /// What is on the clipboard.
    ClipboardRead {
        /// For which pane's prompt.
        pane: PaneId,
        /// What it is, or why it did not come.
        result: Result<FileHeld, NotPasted>,
    },
    /// A link was opened, or not.
    LinkOpened {
        /// Where it leads.
        address: String,
        /// Why nothing opened it.
        result: Result<(), NotOpened>,
    },
    /// Something is in the trash now.
    Trashed {
        /// The id to restore it by.
        trash: Uuid,
        /// Conversation it is, or is a part of.
        conversation: ConversationId,
    },
    /// Something came back from the trash.
    Restored(Trashed),
    /// What is in the trash.
    TrashListed(Vec<Trashed>),
    /// What was in the trash is gone for good.
    TrashEmptied(Emptied),
    /// Usage totals, or single events.
    UsageLoaded {
        /// What was asked.
        query: UsageQuery,
        /// They, or why there are none.
        answer: Result<UsageAnswer, String>,
    },
    /// What the panel beside the conversation tells.
    SideLoaded {
        /// What was asked.
        query: SideQuery,
        /// It, or why there is nothing.
        figures: Result<Box<SideFigures>, String>,
    },
    /// Something was added to the log of request events.
    UsageGrew,
    /// What was spent since midnight, local time.
    SpentToday(Money),
    /// How all budgets stand.
    BudgetsKnown(Vec<Standing>),
    /// Lines of code were coloured.
    Coloured {
        /// Of which block.
        of: CodeOf,
        /// What the words of each line are.
        lines: Vec<Tokens>,
        /// What the next lines go on from; `None` where nobody knows the language.
        state: Option<State>,
    },
    /// A title was made. Untrusted text.
    TitleMade {
        /// For which conversation.
        conversation: ConversationId,
        /// The title.
        title: String,
    },
    /// A write to disk failed. What was to be written is still in memory.
    StorageFailed {
        /// What was tried and why it failed. Untrusted text.
        reason: String,
    },
    /// Request events cannot be written to the telemetry log; they wait in memory. Told once, and again only
    /// where they could be meanwhile.
    LogFailed {
        /// Why. Untrusted text.
        reason: String,
    },
    /// A sink has not taken request events for long. Told once a run.
    SinkStuck(Stuck),
    /// Prompts of earlier runs, oldest first.
    HistoryLoaded(Vec<String>),
    /// Prompt history cannot be read or written. Told once a run.
    HistoryFailed {
        /// Why. Untrusted text.
        reason: String,
    },
    /// Files were listed; folders end in a slash.
    FilesListed {
        /// What was asked.
        listing: Listing,
        /// Their paths, as they are typed.
        found: Vec<String>,
    },
    /// A file was read, or was not.
    FileRead {
        /// For which pane's prompt.
        pane: PaneId,
        /// As it was chosen.
        path: String,
        /// What it holds.
        held: Result<FileHeld, Unread>,
    },
    /// The saved prompts beside the configuration.
    PromptsKnown(Vec<SavedPrompt>),
    /// The themes there are.
    ThemesListed(Vec<ThemeRow>),
    /// A theme cannot be shown.
    ThemeFailed {
        /// Its name.
        name: String,
        /// Why. Untrusted text.
        reason: String,
    },
    /// The terminal said what its background is.
    BackgroundTold(Background),
    /// The external editor closed.
    EditorClosed {
        /// The text as it left it, or why there is none.
        text: Result<String, String>,
    },
    /// The terminal was given back and taken again (after a suspension): draw everything.
    Resumed {
        /// When.
        at: Timestamp,
    },
}

/// The cells of a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// How much of a conversation was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The last messages of the chosen branch, and what the whole adds up to.
    Tail(Totals),
    /// All of it.
    Whole,
}

/// What is known of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyStatus {
    /// Endpoint.
    pub endpoint: EndpointName,
    /// Label.
    pub key: KeyLabel,
    /// What is known.
    pub state: KeyState,
}

/// Why a file was not saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotSaved {
    /// There is one of that name.
    Exists,
    /// It could not be written, in the system's words.
    Failed(String),
}

/// What a command that was given a text came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piped {
    /// The command line.
    pub command: String,
    /// What it said.
    pub output: Safe,
    /// Its exit code, or why it did not run to its end.
    pub result: Result<i32, String>,
}

/// What became of a copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// The ways it took.
    pub path: CopyPath,
    /// Its length.
    pub bytes: usize,
    /// The file that holds it, where no other way took it and that could be written.
    pub file: Option<String>,
}

/// Which way copied text took. Only what is known: a terminal does not say whether it honours OSC 52.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyPath {
    /// The native clipboard took it.
    Native,
    /// It was sent to the terminal.
    Terminal(ThroughTerminal),
    /// Both.
    Both(ThroughTerminal),
    /// It is too long for OSC 52, and no native clipboard answered.
    Neither,
}

/// What a file that goes with a prompt holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileHeld {
    /// Text.
    Text(String),
    /// An image.
    Image(Box<Media>),
}

/// Why a file was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// There is no such file.
    Missing,
    /// It holds something else than text.
    NotText,
    /// It holds more than so many MiB.
    TooLarge {
        /// The most that is read.
        most: u64,
    },
    /// What the file system says. Untrusted text.
    Failed(String),
}

/// How text was sent to the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThroughTerminal {
    /// By the escape sequence OSC 52.
    Osc52,
    /// By tmux, which has it in a buffer too.
    Tmux,
    /// Not: tmux has it in a buffer, and is set to hand nothing on.
    TmuxAlone,
}
