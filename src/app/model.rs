//! The state of the app. Every field is plain data; what follows from other fields is computed, not kept.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::layout::Position;
use uuid::{Builder, Uuid};

use crate::catalog::{ModelInfo, ModelList};
use crate::chat::estimate::BYTES_A_TOKEN;
use crate::chat::{
    Answer, ConversationId, EndpointName, Failure, KeyLabel, MessageId, ModelId, Money, Preset, Route,
    StreamEvent, TurnId, Usage,
};
use crate::config::{Config, Endpoint, Problem, SavedPrompt};
use crate::keys::{KeyOrigin, KeyState};
use crate::router::{Cause, Circuit};
use crate::storage::choices::{Choices, Follow};
use crate::storage::sets::Set;
use crate::storage::trials::Wins;
use crate::storage::{Place, Summary, Trashed};
use crate::text::Safe;

use super::budgets::Budgets;
use super::burst::Brackets;
use super::colours::Colours;
use super::complete::{Completion, Files};
use super::composer::{History, Mode};
use super::configured::Standing;
use super::effect::SearchId;
use super::find::Find;
use super::fold::Folds;
use super::forecast::Ground;
use super::ghost::Ghost;
use super::health::Health;
use super::inline::Inline;
use super::keyboard::Held;
use super::keymap::{Chord, Context, Keymap};
use super::look::Look;
use super::message::Size;
use super::motion::Calm;
use super::mouse::{Mouse, Pointer};
use super::notice::Attention;
use super::offers::ModelOrder;
use super::overlay::Overlay;
use super::pane::{Opened, Pane, PaneId};
use super::panes::Panes;
use super::raw::Views;
use super::recall::Recall;
use super::resume::Unfinished;
use super::search::Searching;
use super::session::Session;
use super::transcript::View;
use super::tree::Typing;
use super::usage::Using;
use super::vi_escape;

/// Everything the app knows.
#[derive(Clone, Debug)]
pub struct Model {
    /// The configuration.
    pub config: Arc<Config>,
    /// Whether that is the one on disk.
    pub standing: Standing,
    /// What keys do.
    pub keymap: Keymap,
    /// The screen, or what of it is the app's.
    pub size: Size,
    /// What was printed, where the app is on the shell's own screen.
    pub inline: Option<Box<Inline>>,
    /// The time the last message told.
    pub now: Timestamp,
    /// Makes ids.
    pub ids: Ids,
    /// What was chosen last, starred and used.
    pub choices: Choices,
    /// The pane that keys go to.
    pub pane: Pane,
    /// The conversation that it shows.
    pub open: Opened,
    /// The other panes, what they show, and how they share the screen.
    pub panes: Panes,
    /// Where keys go while nothing floats above the panes.
    pub focus: Focus,
    /// The panes as they were kept last; `None` where a single one was left.
    pub kept: Option<Session>,
    /// How it looks.
    pub look: Look,
    /// Whose the mouse is.
    pub mouse: Mouse,
    /// Where the mouse button was pressed, or dragged to.
    pub drag: Option<Position>,
    /// What the mouse button was pressed on.
    pub pointer: Pointer,
    /// What floats above the pane, the topmost last.
    pub overlays: Vec<Overlay>,
    /// The turns that run, of whatever conversation.
    pub turns: BTreeMap<TurnId, LiveTurn>,
    /// The turn that makes a summary, where one does.
    pub summarising: Option<TurnId>,
    /// Runs that ask a branch's questions of another model, by the turn they wait for.
    pub ghosts: BTreeMap<TurnId, Ghost>,
    /// Questions whose answers are judged without their names.
    pub blind: BTreeSet<MessageId>,
    /// Named sets of models.
    pub sets: Vec<Set>,
    /// How often each model was chosen blind.
    pub wins: Vec<Wins>,
    /// What is known of keys.
    pub key_states: BTreeMap<KeyOf, KeyState>,
    /// The model lists.
    pub models: BTreeMap<KeyOf, Models>,
    /// Endpoints on this machine that answered.
    pub local: BTreeSet<EndpointName>,
    /// What asking after endpoints came to.
    pub health: BTreeMap<KeyOf, Health>,
    /// The routes whose circuit was not closed when the router was asked last.
    pub circuits: Vec<(Route, Circuit)>,
    /// The stored conversations, last changed first.
    pub conversations: Vec<Summary>,
    /// Prompts sent or cleared, for Up and Ctrl+R.
    pub history: History,
    /// What is offered for what is typed.
    pub completion: Option<Completion>,
    /// Files that can be offered.
    pub files: Files,
    /// The saved prompts beside the configuration.
    pub prompts: Vec<SavedPrompt>,
    /// A prompt of before that is looked for.
    pub recall: Option<Recall>,
    /// Whose keys change the prompt.
    pub habit: Habit,
    /// The first of the two letters that are vi's Esc.
    pub escape: Option<vi_escape::Begun>,
    /// Whether the terminal marks what is pasted.
    pub brackets: Brackets,
    /// Why what is being copied is copied, where something else was wanted.
    pub copying: Option<Safe>,
    /// A notice, until its time is over.
    pub toast: Option<Toast>,
    /// Keys of a chord pressed so far.
    pub chord: Option<Chord>,
    /// Until when a second Ctrl+C quits.
    pub quit_armed: Option<Timestamp>,
    /// Messages that were picked to be quoted or compared, in the order in which they were.
    pub picked: Vec<MessageId>,
    /// The colours of code.
    pub colours: Colours,
    /// Which messages are shown as they are written.
    pub views: Views,
    /// Which messages show their reasoning.
    pub folds: Folds,
    /// How far the view follows an answer that grows.
    pub follow: Follow,
    /// The message that another one is to be compared with.
    pub marked: Option<MessageId>,
    /// What undo brings back, the last on top.
    pub undo: Vec<Uuid>,
    /// Spent since midnight, as the log tells; what this run adds comes on top.
    pub spent_today: Option<Money>,
    /// What is looked at of usage.
    pub usage: Using,
    /// How budgets stand.
    pub budgets: Budgets,
    /// What is known of the next request before it is written.
    pub forecast: Ground,
    /// The order of the lists of models.
    pub model_order: ModelOrder,
    /// The conversation that an earlier run left in the middle of an answer, until it is opened.
    pub unfinished: Option<Unfinished>,
    /// A key that was chosen before anything was known of it: gone on with once something is.
    pub choosing: Option<KeyOf>,
    /// What was typed meanwhile: it may be the key, and is for the form that asks for it.
    pub held: Vec<Held>,
    /// The last search that was asked for.
    pub search: SearchId,
    /// How far it is.
    pub searching: Searching,
    /// Whether the list of conversations shows the archive.
    pub listed: Place,
    /// What is in the trash, as it was listed last.
    pub trash: Vec<Trashed>,
    /// A person's own presets.
    pub presets: Vec<Preset>,
    /// Whether somebody is there to see what happens.
    pub attention: Attention,
    /// The time zone that days are told in.
    pub zone: TimeZone,
    /// When a key was pressed last: lists are refreshed by the first key after five idle minutes.
    pub last_input: Timestamp,
}

/// An endpoint and one of its keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyOf {
    /// Endpoint.
    pub endpoint: EndpointName,
    /// Label.
    pub key: KeyLabel,
}

impl From<&Route> for KeyOf {
    fn from(route: &Route) -> Self {
        Self { endpoint: route.endpoint.clone(), key: route.key.clone() }
    }
}

/// A model list and whether a newer one is on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Models {
    /// The list.
    pub list: ModelList,
    /// Whether a refresh runs.
    pub refresh: Refresh,
}

/// Whether a model list is being fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// No.
    Idle,
    /// Yes.
    Running,
}

/// Whose keys change the prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    /// Readline's.
    Readline,
    /// vi's; while text is inserted, readline's too.
    Vi,
}

/// The shape of the cursor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Caret {
    /// The terminal's own.
    #[default]
    Default,
    /// On a character.
    Block,
    /// Between two.
    Bar,
}

/// Where keys go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// Letters are text.
    Composer,
    /// Letters are commands.
    Transcript,
}

/// A turn that runs.
#[derive(Clone, Debug)]
pub struct LiveTurn {
    /// Its conversation.
    pub conversation: ConversationId,
    /// Its answer.
    pub message: MessageId,
    /// What came so far (after what was there, where it continues an answer).
    pub answer: Answer,
    /// When it began.
    pub started: Timestamp,
    /// What it does now.
    pub phase: Phase,
    /// How fast it answers.
    pub pace: Pace,
    /// The title to be made once it ends, for a first turn: what the person said.
    pub titles: Option<String>,
    /// What is held until its line ends, where motion is reduced.
    pub calm: Calm,
}

/// How fast an answer is written, as far as that can be told while it is: counted in bytes of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// What the model was told.
    pub told: usize,
    /// What it said.
    pub said: usize,
    /// When it said its first and its last piece.
    pub spoke: Option<(Timestamp, Timestamp)>,
}

impl Pace {
    /// Less time than this tells no speed, in milliseconds.
    const LEAST: i128 = 500;

    /// Takes a piece of an answer in.
    pub fn note(&mut self, said: &StreamEvent, at: Timestamp) {
        if let StreamEvent::Text(text) | StreamEvent::Reasoning(text) = said {
            self.said += text.len();
            self.spoke = Some((self.spoke.map_or(at, |(first, _)| first), at));
        }
    }

    /// Tokens a second, about.
    pub fn speed(&self) -> Option<u64> {
        let (first, last) = self.spoke?;
        let ms = last.duration_since(first).as_millis();
        if ms < Self::LEAST {
            return None;
        }
        let tokens = u128::try_from(self.said / BYTES_A_TOKEN).ok()?;
        u64::try_from(tokens * 1000 / u128::try_from(ms).ok()?).ok()
    }

    /// Tokens that were read and written so far, about.
    pub fn usage(&self) -> Usage {
        let tokens = |bytes: usize| u64::try_from(bytes.div_ceil(BYTES_A_TOKEN)).ok();
        Usage {
            tokens_in: tokens(self.told),
            tokens_out: tokens(self.said),
            estimated: true,
            ..Usage::default()
        }
    }
}

/// What a running turn does.
#[derive(Clone, Debug, PartialEq)]
pub enum Phase {
    /// The request is on its way; nothing came yet.
    Waiting,
    /// An attempt failed; the next one waits, or is on its way.
    Retrying {
        /// Attempts that failed.
        failed: u32,
        /// Why the last one did.
        failure: Failure,
        /// When the next one begins, or began.
        next: Timestamp,
    },
    /// It waits for room on the route that is asked next.
    Held {
        /// Until when; `None` where nobody knows.
        until: Option<Timestamp>,
        /// Why.
        cause: Cause,
    },
    /// Text comes.
    Streaming,
    /// It was told to stop.
    Stopping,
}

/// A notice at the foot of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// What it says.
    pub text: Safe,
    /// How it is meant.
    pub mood: Mood,
    /// When it goes.
    pub until: Timestamp,
}

/// How a notice is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Something was done.
    Plain,
    /// Something went wrong.
    Bad,
}

/// Makes UUIDs of version 7 that only ever grow: the time, a counter, and bits from the seed.
#[derive(Clone, Debug)]
pub struct Ids {
    state: u64,
    last_ms: u64,
    counter: u16,
}

impl Ids {
    /// Ids from this seed.
    pub fn new(seed: u64) -> Self {
        Self { state: seed, last_ms: 0, counter: 0 }
    }

    /// The next id at this time. A clock that goes back does not make ids go back.
    pub fn next(&mut self, at: Timestamp) -> Uuid {
        let ms = u64::try_from(at.as_millisecond()).unwrap_or(0);
        if ms > self.last_ms {
            (self.last_ms, self.counter) = (ms, 0);
        } else {
            self.counter += 1;
            if self.counter > 0xfff {
                (self.last_ms, self.counter) = (self.last_ms + 1, 0);
            }
        }
        let mut bytes = [0; 10];
        bytes[..2].copy_from_slice(&self.counter.to_be_bytes());
        bytes[2..].copy_from_slice(&self.random().to_be_bytes());
        Builder::from_unix_timestamp_millis(self.last_ms, &bytes).into_uuid()
    }

    /// SplitMix64.
    fn random(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// The endpoint that needs nothing.
pub const DEMO: &str = "demo";

impl Model {
    /// The app as it starts: a new conversation, at the endpoint, key and model used last (else the
    /// configured defaults, else the demo). Problems of the key bindings are handed back with it.
    pub fn new(
        config: Arc<Config>,
        choices: Choices,
        size: Size,
        seed: u64,
        at: Timestamp,
    ) -> (Self, Vec<Problem>) {
        let mut ids = Ids::new(seed);
        let (keymap, problems) = Keymap::load(&config.keymap);
        let route = first_route(&config, &choices);
        let look = Look::new(&config, &choices);
        let mouse = if config.ui.mouse { Mouse::Captured } else { Mouse::Free };
        let habit = if config.ui.vi { Habit::Vi } else { Habit::Readline };
        let folds = Folds::new(config.ui.reasoning, &choices);
        let follow = Follow::new(config.ui.follow, &choices);
        let open = Opened::new(ConversationId(ids.next(at)), at);
        let mut model = Self {
            config,
            standing: Standing::default(),
            keymap,
            size,
            inline: None,
            now: at,
            ids,
            choices,
            pane: Pane::new(PaneId::FIRST, route),
            open,
            panes: Panes::default(),
            focus: Focus::Composer,
            kept: None,
            look,
            mouse,
            drag: None,
            pointer: Pointer::default(),
            overlays: Vec::new(),
            turns: BTreeMap::new(),
            summarising: None,
            ghosts: BTreeMap::new(),
            blind: BTreeSet::new(),
            sets: Vec::new(),
            wins: Vec::new(),
            key_states: BTreeMap::new(),
            models: BTreeMap::new(),
            local: BTreeSet::new(),
            health: BTreeMap::new(),
            circuits: Vec::new(),
            conversations: Vec::new(),
            history: History::default(),
            completion: None,
            files: Files::default(),
            prompts: Vec::new(),
            recall: None,
            habit,
            escape: None,
            brackets: Brackets::default(),
            copying: None,
            toast: None,
            chord: None,
            quit_armed: None,
            picked: Vec::new(),
            colours: Colours::default(),
            views: Views::default(),
            folds,
            follow,
            marked: None,
            undo: Vec::new(),
            spent_today: None,
            usage: Using::default(),
            budgets: Budgets::default(),
            forecast: Ground::default(),
            model_order: ModelOrder::default(),
            unfinished: None,
            choosing: None,
            held: Vec::new(),
            search: SearchId::default(),
            searching: Searching::No,
            listed: Place::Unarchived,
            trash: Vec::new(),
            presets: Vec::new(),
            attention: Attention::default(),
            zone: TimeZone::UTC,
            last_input: at,
        };
        super::configured::warn(&mut model, &problems);
        super::transcript::arrange(&mut model);
        (model, problems)
    }

    /// The turn that writes to the branch of the pane with the focus now.
    pub fn live(&self) -> Option<(TurnId, &LiveTurn)> {
        self.live_in(self.open.conversation.id, &self.pane.view)
    }

    /// The turn that writes to the branch that `view` shows of a conversation.
    pub fn live_in(&self, conversation: ConversationId, view: &View) -> Option<(TurnId, &LiveTurn)> {
        self.turns
            .iter()
            .find(|(_, live)| live.conversation == conversation && view.branch.contains(&live.message))
            .map(|(turn, live)| (*turn, live))
    }

    /// What is known of a route's model.
    pub fn model_info(&self, route: &Route) -> Option<&ModelInfo> {
        self.models.get(&KeyOf::from(route))?.list.models.iter().find(|model| model.id == route.model)
    }

    /// Whether `key` of `endpoint` may be used as it is, as far as is known.
    pub fn is_usable(&self, endpoint: &Endpoint, key: &KeyLabel) -> bool {
        let of = KeyOf { endpoint: endpoint.name.clone(), key: key.clone() };
        self.key_states.get(&of).is_none_or(|state| matches!(state, KeyState::Ready(_)))
    }

    /// Whether a key was stored by the person and can be removed.
    pub fn is_stored(&self, of: &KeyOf) -> bool {
        matches!(self.key_states.get(of), Some(KeyState::Ready(KeyOrigin::Stored(_)) | KeyState::Expired(_)))
    }

    /// Whether a pane shows lanes instead of its branch.
    pub fn has_lanes(&self, pane: PaneId) -> bool {
        let others = self.panes.others(&self.open).map(|(pane, _)| pane);
        others.chain([&self.pane]).any(|shown| shown.id == pane && shown.lanes.is_some())
    }

    /// The cursor's shape: with vi's keys it tells the mode.
    pub fn caret(&self) -> Caret {
        match (self.habit, self.pane.composer.mode()) {
            (Habit::Readline, _) => Caret::Default,
            (Habit::Vi, Mode::Insert) => Caret::Bar,
            (Habit::Vi, Mode::Normal | Mode::Visual(_)) => Caret::Block,
        }
    }

    /// Which bindings hold now.
    pub fn context(&self) -> Context {
        match (self.overlays.last(), self.focus) {
            (Some(Overlay::List(_)), _) => Context::Picker,
            (Some(Overlay::Tree(page)), _) => match page.typing {
                Typing::Commands => Context::Tree,
                Typing::Filter => Context::Anywhere,
            },
            (Some(Overlay::Usage(page)), _) => match page.typing {
                Typing::Commands => Context::Usage,
                Typing::Filter => Context::Anywhere,
            },
            (
                Some(
                    Overlay::Form(_)
                    | Overlay::Confirm(_)
                    | Overlay::Help(_)
                    | Overlay::Compare(_)
                    | Overlay::Lens(_)
                    | Overlay::Pictures(_)
                    | Overlay::Summary(_),
                ),
                _,
            ) => Context::Anywhere,
            (None, _) if self.recall.is_some() => Context::Anywhere,
            (None, _) if self.pane.find.as_ref().is_some_and(Find::is_typed) => Context::Anywhere,
            (None, Focus::Composer) => Context::Composer,
            (None, Focus::Transcript) if self.pane.lanes.is_some() => Context::Lanes,
            (None, Focus::Transcript) => Context::Transcript,
        }
    }

    /// Shows a notice for a few seconds. Returns when it ends, to be woken for.
    pub fn notify(&mut self, text: Safe, mood: Mood) -> super::Effect {
        let seconds = match mood {
            Mood::Plain => 4,
            Mood::Bad => 10,
        };
        let until = self.now + std::time::Duration::from_secs(seconds);
        self.toast = Some(Toast { text, mood, until });
        super::Effect::WakeAt(until)
    }
}

fn first_route(config: &Config, choices: &Choices) -> Route {
    let exists = |route: &&Route| config.endpoint(route.endpoint.as_str()).is_some();
    if let Some(last) = choices.last.as_ref().filter(exists) {
        return last.clone();
    }
    let defaults = &config.defaults;
    let configured = defaults.endpoint.as_ref().and_then(|name| config.endpoint(name.as_str()));
    match configured.or_else(|| config.endpoint(DEMO)) {
        Some(endpoint) => Route {
            endpoint: endpoint.name.clone(),
            key: defaults.key.clone().or_else(|| first_key(endpoint)).unwrap_or_default(),
            model: defaults
                .model
                .clone()
                .filter(|_| configured.is_some())
                .or_else(|| endpoint.models.default.first().cloned())
                .unwrap_or_else(|| ModelId(String::new())),
        },
        None => Route { endpoint: DEMO.into(), key: KeyLabel::default(), model: DEMO.into() },
    }
}

/// The key of an endpoint that is used unless another is chosen.
pub fn first_key(endpoint: &Endpoint) -> Option<KeyLabel> {
    endpoint.keys.first().map(|key| key.label.clone())
}
