//! A one-shot: one prompt, one answer, one exit code.
//!
//! The request runs in a spawned task of a current-thread runtime: there the connection's task and the reader
//! hand each other chunks without a system call.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::args::TurnArgs;
use super::out::Out;
use super::place::{Fork, Place, stored_place};
use super::printer::{Form, Printer, print_line, print_report};
use super::report::{self, Line, Report, Stored};
use super::resolve::{Listed, Lookup};
use super::{Context, Exit, leftover, preset, window};
use crate::catalog::Catalog;
use crate::chat::request::Delivery;
use crate::chat::settings::RESERVED_PARAMS;
use crate::chat::{
    ChatRequest, Conversation, ConversationId, ErrorKind, Failure, FinishReason, Message, MessageId, Part,
    RequestMessage, Role, Route, Settings, Status, Tree, TurnId,
};
use crate::config::{Config, Env, Paths, Problem, Severity};
use crate::http::Transport;
use crate::keys::Keys;
use crate::router::Router;
use crate::storage::Storage;
use crate::storage::choices::Choices;
use crate::t;
use crate::telemetry::sinks::Courier;
use crate::telemetry::{Allowance, Log, Mode, login_name};
use crate::text::{Safe, sanitise};
use crate::turns::{TurnRequest, Turns, Wish, open_store, wishes};

/// So many polls of tasks go by before the runtime looks for new events though there is work left. A flood of
/// chunks takes two polls a chunk; timers and signals then wait half a millisecond longer.
const POLLS_A_LOOK: u32 = 512;

/// A database that opens while the configuration is read.
pub struct Ahead {
    storage: Storage,
    config: SyncSender<Arc<Config>>,
}

impl Ahead {
    /// Opens the database of a run that will surely need it. One that is not there yet is not made before it is
    /// known that there is something to keep.
    pub fn open(args: &TurnArgs, paths: &Paths) -> Option<Self> {
        if args.prompt.is_none() || args.no_save || !paths.database().exists() {
            return None;
        }
        let (config, read) = sync_channel(1);
        let paths = paths.clone();
        // A turn that a process left behind waits for the configuration; with a broken one it is told without.
        let read = move || {
            read.recv().unwrap_or_else(|_| Arc::new(Config { env: Env::process(), ..Config::default() }))
        };
        let storage = Storage::start(move || open_store(&paths, read), |_| {});
        Some(Self { storage, config })
    }

    /// The database, now that the configuration is there.
    fn with(self, config: &Arc<Config>) -> Storage {
        // Nobody listens where no turn was left behind.
        let _ = self.config.send(config.clone());
        self.storage
    }
}

/// How long the end of a run waits for deliveries to sinks. What is left is the next run's to deliver.
const LAST_DELIVERY: Duration = Duration::from_millis(100);

/// Runs the prompt and returns the exit code of contracts section 3. `ahead` is the database, where it was opened
/// before.
pub fn run(
    args: &TurnArgs,
    prompt: String,
    deadline: Option<Instant>,
    context: Context,
    ahead: Option<Ahead>,
    transport: Arc<dyn Transport>,
) -> Exit {
    let form = Form::of(args, &context.out);
    let out = context.out;
    let keys = Keys::new(context.paths.clone());
    let catalog = Catalog::new(context.paths.clone());
    let storage = match ahead {
        Some(ahead) => Some(ahead.with(&context.config)),
        None => (!args.no_save).then(|| open_storage(&context.config, &context.paths)),
    };

    let preset = match preset::chosen(args, &context.config, &context.paths.state) {
        Ok(preset) => preset,
        Err(failure) => return refuse(&out, form, &failure, None),
    };
    let args = &preset::under(args, preset.as_ref(), &context.config);
    let preset = preset.map(|preset| preset.settings).unwrap_or_default();
    let choices = Choices::load(&context.paths.state);
    let lookup = Lookup {
        config: &context.config,
        keys: &keys,
        catalog: &catalog,
        choices: &choices,
        config_file: context.config_file.display().to_string(),
    };
    let resolved = match lookup.route(args) {
        Ok(resolved) => resolved,
        Err(failure) => return refuse(&out, form, &failure, None),
    };
    let route = resolved.route;
    if resolved.listed == Listed::No {
        out.note(&t!(
            "cli-model-not-listed",
            endpoint = route.endpoint.as_str(),
            model = route.model.as_str()
        ));
    }
    let user: Arc<str> =
        context.config.user.clone().unwrap_or_else(|| login_name(&context.config.env)).into();
    let log = Log::of(&context.paths);
    let turns = Turns {
        config: context.config.clone(),
        keys: keys.clone(),
        transport,
        router: Router::new(context.config.router.cooldown, Some(context.paths.state.clone())),
        catalog: catalog.clone(),
        storage: storage.clone(),
        log: log.clone(),
        user,
    };
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().event_interval(POLLS_A_LOOK).build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            out.error(&sanitise(&error.to_string()));
            return Exit::INTERNAL;
        }
    };
    // Earlier runs may have left something to deliver: that goes while the answer is awaited.
    let courier = Courier::start(
        context.config.clone(),
        log.clone().with_archive(context.config.telemetry.archive()),
        &context.paths,
        |_| {},
    );
    let told = out.clone();
    let job = Job { args: args.clone(), preset, prompt, deadline, route, form, out, turns };
    let exit = runtime.block_on(async move { tokio::spawn(job.run()).await.unwrap_or(Exit::INTERNAL) });
    if let Some(leftover) = log.finish() {
        told.error(&leftover::told(&log, &leftover));
    }
    courier.finish(LAST_DELIVERY);
    if let Some(storage) = storage {
        storage.flush();
        // Everything is on disk. Closing would move the log into the database while the caller waits; the next
        // process that writes does that when it is time.
        std::mem::forget(storage);
    }
    exit
}

fn open_storage(config: &Arc<Config>, paths: &Paths) -> Storage {
    let (config, paths) = (config.clone(), paths.clone());
    Storage::start(
        move || open_store(&paths, || config.clone()),
        // The turn needs it, and tells why it cannot go on.
        |_| {},
    )
}

/// Prints the object that a script waits for where the configuration cannot be used; stderr tells the problems.
pub fn refuse_config(args: &TurnArgs, problems: &[Problem], out: &Out) {
    let told: Vec<String> = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .map(Problem::headline)
        .collect();
    let failure = Failure::new(ErrorKind::Config, told.join("\n"));
    print_report(out, Form::of(args, out), &Report::refused(&failure), Some(&failure));
}

/// Tells that stdin did not end in the time there was.
pub fn refuse_unasked(args: &TurnArgs, out: &Out) -> Exit {
    let failure = Failure::new(ErrorKind::Timeout, t!("cli-stdin-late").into_string());
    refuse(out, Form::of(args, out), &failure, None)
}

/// Tells of a turn that is not sent.
fn refuse(out: &Out, form: Form, failure: &Failure, route: Option<(&Route, String)>) -> Exit {
    let mut report = Report::refused(failure);
    if let Some((route, provider)) = route {
        report = report.with_route(route, provider);
    }
    print_report(out, form, &report, Some(failure));
    print_failure(out, failure, None);
    failure.kind.into()
}

pub(super) fn print_failure(out: &Out, failure: &Failure, route: Option<&Route>) {
    out.error(&match route {
        Some(route) => t!(
            "cli-error-where",
            endpoint = route.endpoint.as_str(),
            key = route.key.as_str(),
            message = failure.message.as_str()
        ),
        None => t!("cli-error", message = failure.message.as_str()),
    });
    if let Some(step) = &failure.next_step {
        out.error(&t!("cli-next", step = step.as_str()));
    }
}

/// A one-shot with everything it needs.
struct Job {
    args: TurnArgs,
    /// What the preset sets.
    preset: Settings,
    prompt: String,
    deadline: Option<Instant>,
    route: Route,
    form: Form,
    out: Arc<Out>,
    turns: Turns,
}

impl Job {
    async fn run(self) -> Exit {
        let settings = match settings(&self.args) {
            Ok(settings) => settings,
            Err(message) => {
                self.out.error(&t!("cli-error", message = message));
                return Exit::USAGE;
            }
        };
        let place = match self.place().await {
            Ok(place) => place,
            Err(failure) => {
                let asked = (&self.route, self.turns.provider(&self.route));
                return refuse(&self.out, self.form, &failure, Some(asked));
            }
        };
        let stored = match (&self.turns.storage, self.args.no_save) {
            (Some(_), false) => Stored::In(place.conversation),
            _ => Stored::Nowhere,
        };
        let turn = self.turn(place, settings);
        if let Some(warning) = window::warning(&self.turns, &self.route, &turn.request) {
            self.out.note(&warning);
        }
        let (wisher, wishes) = wishes();
        let signal = Arc::new(AtomicU8::new(0));
        let watcher = tokio::spawn(watch_signals(wisher, signal.clone(), self.out.clone()));
        let mut printer = Printer::new(self.form, self.out.clone(), &self.route);
        let answer = self.turns.run(turn, self.deadline.map(Into::into), wishes, &mut printer).await;
        printer.finish();
        watcher.abort();
        self.conclude(&answer, stored, signal.load(Ordering::Relaxed))
    }

    /// What was asked and what it took, for `--verbose`.
    fn tell_details(&self, answer: &Message, stored: Stored) {
        let Some(provenance) = &answer.provenance else { return };
        let count = |tokens: Option<u64>| tokens.map_or_else(|| "?".to_owned(), |tokens| tokens.to_string());
        let seconds = |millis: Option<u64>| {
            millis.map_or_else(
                || "?".to_owned(),
                |millis| format!("{:.3}", Duration::from_millis(millis).as_secs_f64()),
            )
        };
        let route = answer.route.as_ref().unwrap_or(&self.route);
        self.out.detail(|| {
            t!(
                "cli-detail-turn",
                endpoint = route.endpoint.as_str(),
                key = route.key.as_str(),
                model = route.model.as_str(),
                attempts = provenance.attempts,
                tokens_in = count(provenance.usage.tokens_in),
                tokens_out = count(provenance.usage.tokens_out),
                cost =
                    provenance.cost_eur.map_or_else(|| "?".to_owned(), |cost| cost.to_decimal().to_string()),
                latency = seconds(provenance.latency_ms),
                ttft = seconds(provenance.ttft_ms)
            )
        });
        if let Stored::In(conversation) = stored {
            self.out.detail(|| t!("cli-detail-stored", conversation = conversation.to_string()));
        }
    }

    /// Where the turn goes: a new conversation, or a place in one that is stored.
    async fn place(&self) -> Result<Place, Failure> {
        let args = &self.args;
        let wants_stored = args.continue_last || args.conversation.is_some() || args.at.is_some();
        if !wants_stored {
            return Ok(Place::new(ConversationId(Uuid::now_v7()), &self.prompt));
        }
        let Some(storage) = self.turns.storage.clone().or_else(|| self.reading_storage()) else {
            return Ok(Place::new(ConversationId(Uuid::now_v7()), &self.prompt));
        };
        // A fork is a stored thing; what is asked of one that is not kept is asked of the original.
        let fork = if args.fork && !args.no_save { Fork::First } else { Fork::Never };
        let (at, named) = (args.at.clone(), args.conversation.clone());
        storage
            .call(move |store| stored_place(store, at.as_deref(), named.as_deref(), fork))
            .await
            .map_err(Failure::from)
    }

    /// With `--no-save` a stored conversation is still read.
    fn reading_storage(&self) -> Option<Storage> {
        let paths = Paths::from_env(&self.turns.config.env);
        Some(open_storage(&self.turns.config, &paths))
    }

    fn turn(&self, place: Place, flags: Settings) -> TurnRequest {
        let now = Timestamp::now();
        let settings = place.settings.under(self.preset.clone()).under(flags);
        let user = Message {
            id: MessageId(Uuid::now_v7()),
            parent: place.parent,
            role: Role::User,
            parts: vec![Part::Text { text: self.prompt.clone() }],
            status: Status::Complete,
            route: Some(self.route.clone()),
            provenance: None,
            created: now,
        };
        let answer = Message {
            id: MessageId(Uuid::now_v7()),
            parent: Some(user.id),
            role: Role::Assistant,
            parts: Vec::new(),
            status: Status::Streaming,
            route: Some(self.route.clone()),
            provenance: None,
            created: now,
        };
        let mut messages = place.history;
        messages.push(RequestMessage::from(&user));
        let create = place.title.map(|title| {
            Box::new(Conversation {
                id: place.conversation,
                title: title.into_string(),
                created: now,
                updated: now,
                settings: settings.clone(),
                tree: Tree::default(),
            })
        });
        TurnRequest {
            turn: TurnId(Uuid::now_v7()),
            conversation: place.conversation,
            create,
            user: Some(Box::new(user)),
            answer: Box::new(answer),
            route: self.route.clone(),
            request: ChatRequest {
                model: self.route.model.clone(),
                messages,
                settings,
                tools: Vec::new(),
                delivery: if self.args.no_stream { Delivery::Whole } else { Delivery::Streamed },
                user: self.turns.config.user.clone(),
            },
            mode: Mode::Oneshot,
            standing: crate::storage::Standing::Chosen,
            allowance: if self.args.over_budget { Allowance::Lifted } else { Allowance::Kept },
        }
    }

    fn conclude(&self, answer: &Message, stored: Stored, signal: u8) -> Exit {
        // Of a turn that was never sent nothing is kept.
        let sent = answer.provenance.as_ref().is_some_and(|provenance| provenance.attempts > 0);
        let stored = if sent { stored } else { Stored::Nowhere };
        let route = answer.route.as_ref().unwrap_or(&self.route);
        let report = Report::of(answer, route, self.turns.provider(route), stored);
        let failure = answer.provenance.as_ref().and_then(|provenance| provenance.failure.as_ref());
        if self.form == Form::Jsonl {
            for call in report::calls(&report) {
                print_line(&self.out, &Line::ToolCall { call });
            }
        }
        print_report(&self.out, self.form, &report, failure);
        self.tell_details(answer, stored);
        if self.out.is_broken() {
            return self.out.settle(Exit::OK);
        }
        if let Some(failure) = failure {
            print_failure(&self.out, failure, Some(route));
            return failure.kind.into();
        }
        match answer.provenance.as_ref().and_then(|provenance| provenance.finish) {
            Some(FinishReason::Length) => self.out.note(&t!("cli-finish-length")),
            Some(FinishReason::Refusal) => {
                self.out.note(&t!("cli-finish-refusal", text = answer.refusal().unwrap_or_default()));
            }
            Some(FinishReason::Cancelled) => {
                return if signal == 0 { ErrorKind::Cancelled.into() } else { Exit(signal) };
            }
            Some(
                FinishReason::Stop
                | FinishReason::ToolCalls
                | FinishReason::ContentFilter
                | FinishReason::Error
                | FinishReason::Cut,
            )
            | None => {}
        }
        Exit::OK
    }
}

/// When the run has to end, as `--timeout` says: it counts from here on, stdin and all attempts included.
///
/// # Errors
/// A message for stderr, where that is no time.
pub fn deadline(args: &TurnArgs) -> Result<Option<Instant>, Safe> {
    let Some(seconds) = args.timeout else { return Ok(None) };
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|duration| !duration.is_zero())
        .and_then(|duration| Instant::now().checked_add(duration))
        .map(Some)
        .ok_or_else(|| t!("cli-bad-timeout", seconds = seconds.to_string()))
}

/// The settings that flags name.
fn settings(args: &TurnArgs) -> Result<Settings, Safe> {
    let mut settings = Settings { system: args.system.clone(), ..Settings::default() };
    for param in &args.params {
        let (key, text) = param
            .split_once('=')
            .filter(|(key, _)| !key.is_empty())
            .ok_or_else(|| t!("cli-bad-param", param = param.as_str()))?;
        if RESERVED_PARAMS.contains(&key) {
            return Err(t!("cli-reserved-param", name = key));
        }
        let value = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
        settings.params.insert(key.to_owned(), value);
    }
    Ok(settings)
}

/// Ends the turn on SIGINT and SIGTERM, and when nobody reads stdout any more.
async fn watch_signals(wisher: mpsc::Sender<Wish>, code: Arc<AtomicU8>, out: Arc<Out>) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()), signal(SignalKind::hangup()))
    else {
        return std::future::pending().await;
    };
    let got = tokio::select! {
        _ = interrupt.recv() => 130,
        _ = terminate.recv() => 143,
        _ = hangup.recv() => 143,
        () = out.broken() => 0,
    };
    code.store(got, Ordering::Relaxed);
    // Nobody listens any more where the turn has ended meanwhile.
    let _ = wisher.try_send(Wish::Stop);
}
