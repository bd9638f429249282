//! Carries out what the app orders, by family, without ever making it wait.
//!
//! Every order that takes time runs in a task of its own and answers with a message that names what asked
//! for it. Only the loop touches the terminal, so orders that need it are handed back ([`Terminally`]).

mod files;
mod history;
mod links;
mod models;
mod outward;
mod pictures;
mod store;
mod system;
mod turns;
mod usage;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::app::block::Row;
use crate::app::mouse::Mouse;
use crate::app::print::Printout;
use crate::app::{Effect, Message};
use crate::chat::TurnId;
use crate::config::{Config, Paths};
use crate::keys::Keys;
use crate::runtime::growth::Growth;
use crate::runtime::pictures::{Album, Surface};
use crate::runtime::words::Words;
use crate::storage::{Searcher, Storage, sets};
use crate::telemetry::Index;
use crate::telemetry::sinks::Courier;
use crate::text::Safe;
use crate::turns::{Turns, Wish};

/// How long leaving waits for deliveries to sinks. What is left is the next run's to deliver.
const LAST_DELIVERY: Duration = Duration::from_millis(500);

/// Everything orders are carried out with.
pub struct Effects {
    turns: Turns,
    storage: Storage,
    /// Started by the first search.
    searcher: Option<Searcher>,
    paths: Paths,
    /// What the usage page is answered from.
    index: Index,
    /// Tells when the log grows, while somebody looks.
    growth: Option<Growth>,
    /// Brings request events to the sinks.
    courier: Courier,
    messages: mpsc::Sender<Message>,
    /// What turns say, until it is shown.
    words: Words,
    history: history::History,
    /// What pictures are shown on, and the one that is.
    surface: Surface,
    album: Album,
    running: HashMap<TurnId, Running>,
}

/// A turn that runs.
struct Running {
    /// Dropping it ends the turn early; gone where that was done.
    wisher: Option<mpsc::Sender<Wish>>,
    task: JoinHandle<()>,
}

/// An order that needs the terminal, or the loop itself.
#[derive(Debug)]
pub enum Terminally {
    /// Put text in the clipboards.
    Copy(Safe),
    /// Call for attention.
    Notice(Safe),
    /// Give the terminal to an editor with this text.
    Edit(String),
    /// Tell the model this: it was done already.
    Tell(Box<Message>),
    /// Send a tick at this moment.
    WakeAt(Timestamp),
    /// Leave a branch in the terminal's scrollback.
    Print(Box<Printout>),
    /// Add rows to what stands above the app.
    Settle(Vec<Row>),
    /// Read the configuration again.
    ReadConfig,
    /// Show everything in this theme.
    ShowTheme(String),
    /// Ask the terminal for its background.
    AskBackground,
    /// Take the mouse, or give it back.
    Mouse(Mouse),
    /// Stop the process until it is continued.
    Suspend,
    /// Show the app line by line, or on the screen again.
    SwitchView,
    /// Draw every cell anew.
    Redraw,
    /// Leave.
    Quit,
}

impl Effects {
    /// A runner whose answers go to `messages`.
    pub fn new(
        turns: Turns,
        storage: Storage,
        paths: Paths,
        surface: Surface,
        messages: mpsc::Sender<Message>,
    ) -> Self {
        let history = history::History::start(paths.state.clone(), messages.clone());
        let log = turns.log.clone().with_archive(turns.config.telemetry.archive());
        let index = Index::new(log, paths.usage_index());
        let told = messages.clone();
        let courier = Courier::start(turns.config.clone(), turns.log.clone(), &paths, move |stuck| {
            // With so much waiting to be told, the next run says it again.
            let _ = told.try_send(Message::SinkStuck(stuck));
        });
        let told = messages.clone();
        turns.log.on_trouble(move |error| {
            // With so much waiting to be told, the next event that cannot be written says it again.
            let _ = told.try_send(Message::LogFailed { reason: error.to_string() });
        });
        Self {
            turns,
            storage,
            searcher: None,
            paths,
            index,
            growth: None,
            courier,
            messages,
            words: Words::default(),
            history,
            surface,
            album: Album::default(),
            running: HashMap::new(),
        }
    }

    /// Turns that begin from now on, questions about endpoints, and sinks go by this configuration.
    pub fn configure(&mut self, config: Arc<Config>) {
        self.courier.configure(config.clone());
        self.turns = self.turns.configured(config);
    }

    /// Pictures are shown on this from now on.
    pub(super) fn show_on(&mut self, surface: Surface) {
        self.surface = surface;
    }

    /// What turns said that the model was not told.
    pub(super) fn words(&self) -> &Words {
        &self.words
    }

    /// Carries out an order, or hands it back.
    pub fn run(&mut self, effect: Effect) -> Option<Terminally> {
        match effect {
            Effect::StartTurn(turn) => self.start_turn(*turn, self.turns.clone()),
            Effect::StartTemporaryTurn(turn) => {
                self.start_turn(*turn, Turns { storage: None, ..self.turns.clone() });
            }
            Effect::NudgeTurn(turn, nudge) => self.nudge_turn(turn, nudge),
            Effect::CancelTurn(turn) => self.cancel_turn(turn),
            Effect::MakeTitle { conversation, route, user, answer } => {
                self.make_title(conversation, route, user, answer)
            }

            Effect::LoadConversation(id) => self.load_conversation(id),
            Effect::LoadDraft => self.load_draft(),
            Effect::ListConversations => self.list_conversations(),
            Effect::FindUnfinished => self.find_unfinished(),
            Effect::Search { search, words, order } => self.search(search, words, order),
            Effect::StopSearch => self.stop_search(),
            Effect::ChangeShelf { conversation, change } => self.change_shelf(conversation, change),
            Effect::StoreConversation(conversation) => self.store_conversation(*conversation),
            Effect::Revise { conversation, message, parts } => self.revise(conversation, message, parts),
            Effect::LoadRevisions { conversation, message } => self.load_revisions(conversation, message),
            Effect::SetRule { conversation, change } => self.set_rule(conversation, change),
            Effect::SetRanks { conversation, ranks } => self.set_ranks(conversation, ranks),
            Effect::Rename { conversation, title } => self.rename(conversation, title),
            Effect::Trash { conversation, message } => self.trash(conversation, message),
            Effect::Restore(id) => self.restore(id),
            Effect::ListTrash => self.list_trash(),
            Effect::EmptyTrash => self.empty_trash(),
            Effect::Choose { conversation, choices } => self.choose(conversation, choices),
            Effect::SetMark { conversation, message, mark } => self.set_mark(conversation, message, mark),
            Effect::SetSettings { conversation, settings } => self.set_settings(conversation, settings),
            Effect::SetDraft { conversation, text } => self.set_draft(conversation, text),
            Effect::PlaceDraft { conversation, place, text } => self.place_draft(conversation, place, text),
            Effect::SaveSession(session) => self.save_session(session.as_deref()),
            Effect::SavePresets(own) => self.save_presets(&own),
            Effect::SaveChoices(choices) => self.save_choices(choices),
            Effect::LoadSets => self.load_sets(),
            Effect::KeepSet(set) => self.change_sets(|state| sets::keep(state, set)),
            Effect::ForgetSet(name) => self.change_sets(|state| sets::forget(state, &name)),
            Effect::KeepTrial(trial) => self.keep_trial(&trial),
            Effect::LoadWins => self.load_wins(),
            Effect::LoadHistory => self.history.load(),
            Effect::RememberPrompt(prompt) => self.history.append(prompt),

            Effect::ResolveKeyStates => self.resolve_key_states(),
            Effect::StoreKey(key) => self.store_key(key.0),
            Effect::RemoveKey { endpoint, key } => self.remove_key(endpoint, key),
            Effect::RefreshModels { endpoint, key } => self.refresh_models(endpoint, key),
            Effect::LoadModels => self.load_models(),
            Effect::RefreshAllModels => self.refresh_all_models(),
            Effect::ProbeLocal => self.probe_local(),
            Effect::CheckHealth(of) => self.check_health(of),
            Effect::LoadCircuits => self.load_circuits(),

            Effect::ListFiles(listing) => self.list_files(listing),
            Effect::ReadFile { pane, path } => self.read_file(pane, path),
            Effect::LoadPrompts => self.load_prompts(),

            Effect::Colour(slice) => return self.colour(*slice),
            Effect::LoadUsage(query) => self.load_usage(query),
            Effect::LoadSide(query) => self.load_side(query),
            Effect::WatchUsage(watch) => self.watch_usage(watch),
            Effect::LoadSpentToday => self.load_spent_today(),
            Effect::LoadBudgets => self.load_budgets(),

            Effect::SaveFile { path, text, replace } => self.save_file(path, text, replace),
            Effect::Pipe { command, text } => self.pipe(command, text),
            Effect::ReadClipboard(pane) => self.read_clipboard(pane),
            Effect::OpenLink(address) => self.open_link(address),
            Effect::LoadPicture(order) => self.load_picture(order),
            Effect::SavePicture { id, path, replace } => self.save_picture(id, path, replace),

            Effect::Copy { text } => return Some(Terminally::Copy(text)),
            Effect::Notice(text) => return Some(Terminally::Notice(text)),
            Effect::OpenEditor(text) => return Some(Terminally::Edit(text)),
            Effect::WakeAt(at) => return Some(Terminally::WakeAt(at)),
            Effect::Print(printout) => return Some(Terminally::Print(printout)),
            Effect::Settle(rows) => return Some(Terminally::Settle(rows)),
            Effect::ListThemes => self.list_themes(),
            Effect::ShowTheme(name) => return Some(Terminally::ShowTheme(name)),
            Effect::AskBackground => return Some(Terminally::AskBackground),
            Effect::SetMouse(mouse) => return Some(Terminally::Mouse(mouse)),
            Effect::Suspend => return Some(Terminally::Suspend),
            Effect::SwitchView => return Some(Terminally::SwitchView),
            Effect::ReadConfig => return Some(Terminally::ReadConfig),
            Effect::Redraw => return Some(Terminally::Redraw),
            Effect::Quit => return Some(Terminally::Quit),
        }
        None
    }

    /// Ends every turn that is still running and waits until their answers, and all writes before them, are
    /// on disk.
    pub async fn finish(self, mut messages: mpsc::Receiver<Message>) {
        let (wishers, tasks): (Vec<_>, Vec<_>) =
            self.running.into_values().map(|running| (running.wisher, running.task)).unzip();
        drop(wishers);
        let mut ended = std::pin::pin!(futures::future::join_all(tasks));
        loop {
            tokio::select! {
                _ = &mut ended => break,
                // Nobody reads what the turns still tell, but it must not hold them up.
                _ = messages.recv() => {}
            }
        }
        // Nobody reads any more: whoever still has news need not wait for room.
        drop(messages);
        self.storage.flush();
        self.history.finish();
        self.courier.finish(LAST_DELIVERY);
    }

    fn keys(&self) -> &Keys {
        &self.turns.keys
    }

    /// Runs `answer` in a task and sends what it gives.
    fn spawn(&self, answer: impl Future<Output = Option<Message>> + Send + 'static) {
        let messages = self.messages.clone();
        tokio::spawn(async move {
            if let Some(message) = answer.await {
                // The loop is gone only when the app is leaving.
                let _ = messages.send(message).await;
            }
        });
    }

    /// Runs something that blocks on a thread for such work, and sends what it gives.
    fn spawn_blocking(&self, answer: impl FnOnce() -> Option<Message> + Send + 'static) {
        self.spawn(async move { tokio::task::spawn_blocking(answer).await.ok().flatten() });
    }
}
