//! Starts the app: everything it needs before its first frame, and nothing else.

use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::args::TurnArgs;
use super::out::Out;
use super::resolve::Lookup;
use super::{Context, Exit, leftover, oneshot, preset};
use crate::app::burst::Brackets;
use crate::app::inline::Inline;
use crate::app::look::Look;
use crate::app::preset as begin;
use crate::app::session::Session;
use crate::app::{Model, Size};
use crate::catalog::Catalog;
use crate::chat::{ConversationId, Failure, Route};
use crate::config::access::ViewMode;
use crate::config::{Config, Paths, Problem, Severity};
use crate::keys::Keys;
use crate::providers::Transports;
use crate::router::Router;
use crate::runtime::terminal::{self, Screen};
use crate::runtime::themes::Library;
use crate::runtime::watch::Source;
use crate::runtime::{self, App, Ended};
use crate::storage::choices::Choices;
use crate::storage::{Storage, StoreError};
use crate::storage::{presets, session};
use crate::t;
use crate::telemetry::{Log, login_name};
use crate::turns::{Turns, open_store};
use crate::ui::Theme;

/// Runs the app until it is left.
pub fn run(args: &TurnArgs, context: Context) -> Exit {
    let Context { config, paths, config_file, out } = context;
    if !std::io::stdin().is_terminal() || !out.is_terminal() {
        out.error(&t!("cli-error", message = t!("cli-needs-terminal")));
        return Exit::USAGE;
    }
    let (failed, storage_failed) = tokio::sync::oneshot::channel();
    let (opened_with, opened_at) = (config.clone(), paths.clone());
    let storage = Storage::start(
        move || open_store(&opened_at, || opened_with),
        move |opened| {
            if let Err(error) = opened {
                // Nobody listens only when the app is gone.
                let _ = failed.send(error.explain().into_string());
            }
        },
    );
    if let Some(since) = config.storage.trash_kept_since(Timestamp::now()) {
        storage.post(move |store| store.expire_trash(since).map(drop));
    }
    let mut choices = Choices::load(&paths.state);
    // Who names a place to go to wants that, and not what was left.
    let preset = match preset::chosen(args, &config, &paths.state) {
        Ok(preset) => preset.filter(|_| args.preset.is_some()),
        Err(failure) => return refuse(&out, &failure),
    };
    let flags = preset::under(args, preset.as_ref(), &config);
    let session = match named_route(&flags, &config, &paths, &config_file, &choices) {
        Ok(Some(route)) => {
            choices.last = Some(route);
            None
        }
        Ok(None) if args.conversation.is_some() || preset.is_some() => None,
        Ok(None) => session::load::<Session>(&paths.state),
        Err(failure) => return refuse(&out, &failure),
    };
    let (columns, rows) = terminal::size();
    let (mut model, problems) = Model::new(
        config.clone(),
        choices,
        Size { width: columns, height: rows },
        fastrand::u64(..),
        Timestamp::now(),
    );
    model.zone = TimeZone::system();
    model.brackets = Brackets::of(std::env::var("TERM").ok().as_deref());
    model.presets = presets::load(&paths.state);
    let placed = args.endpoint.is_some() || args.model.is_some();
    match preset {
        // Where it sends to is the route that was looked up.
        Some(preset) => model.open.conversation.settings = preset.settings,
        None if !placed => {
            if let Some(preset) = begin::default(&model) {
                begin::apply(&mut model, &preset);
            }
        }
        None => {}
    }
    if let Some(session) = session.filter(|_| problems.is_empty()) {
        session.restore(&mut model);
    }
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        return super::config::report(&problems, &out);
    }
    let theme = match first_theme(&mut model, &paths) {
        Ok(theme) => theme,
        Err(problems) => return super::config::report(&problems, &out),
    };
    let open = match opened(args, &storage) {
        Ok(open) => open,
        Err(error) => return refuse(&out, &error.into()),
    };
    let log = Log::of(&paths).with_archive(config.telemetry.archive());
    let turns = {
        let (config, paths, storage, log) = (config.clone(), paths.clone(), storage.clone(), log.clone());
        move || Turns {
            user: config.user.clone().unwrap_or_else(|| login_name(&config.env)).into(),
            router: Router::new(config.router.cooldown, Some(paths.state.clone())),
            config,
            keys: Keys::new(paths.clone()),
            transport: Arc::new(Transports::default()),
            catalog: Catalog::new(paths.clone()),
            storage: Some(storage),
            log,
        }
    };
    let screen = if args.inline || config.ui.inline { Screen::Inline } else { Screen::Alternate };
    if screen == Screen::Inline {
        model.inline = Some(Box::new(Inline::new(model.size)));
    }
    let app = App {
        model,
        open,
        theme,
        screen,
        turns: Box::new(turns),
        storage,
        storage_failed,
        source: Source { explicit: (config_file != paths.config_file()).then_some(config_file), paths },
    };
    let ended = match view_mode(args, &app.model) {
        ViewMode::Screen => runtime::run(app),
        ViewMode::Linear => runtime::linear::run(app),
    };
    if let Some(leftover) = log.finish() {
        out.error(&leftover::told(&log, &leftover));
    }
    match ended {
        Ok(Ended::Quit) => Exit::OK,
        Ok(Ended::Terminated | Ended::HungUp) => Exit(143),
        Err(error) => {
            out.error(&t!("cli-error", message = error.to_string()));
            Exit::INTERNAL
        }
    }
}

/// The theme of the first frame. One that was chosen in the app and is gone, or broken since, gives way to the one
/// that is configured; that one has to be there.
fn first_theme(model: &mut Model, paths: &Paths) -> Result<Theme, Vec<Problem>> {
    let library = Library::of(paths);
    let colors = model.look.colors;
    if model.choices.theme.is_some() {
        if let Some(Ok(theme)) = library.find(&model.look.shown) {
            return Ok(theme.at(colors));
        }
        model.choices.theme = None;
        model.look = Look::new(&model.config, &model.choices);
    }
    let shown = &model.look.shown;
    let configured =
        model.config.ui.theme.as_ref().and_then(|themes| themes.names().find(|name| name.name == *shown));
    let theme = match configured {
        Some(name) => library.named(name)?,
        None => library.find(shown).unwrap_or_else(|| Ok(Theme::default()))?,
    };
    Ok(theme.at(colors))
}

/// Line by line where that is asked for, and where the terminal says that it can do no more.
fn view_mode(args: &TurnArgs, model: &Model) -> ViewMode {
    let dumb = std::env::var("TERM").is_ok_and(|term| term == "dumb");
    if args.linear || dumb { ViewMode::Linear } else { model.config.ui.access.view }
}

fn refuse(out: &Out, failure: &Failure) -> Exit {
    oneshot::print_failure(out, failure, None);
    failure.kind.into()
}

/// The conversation that flags name. Only then is the database waited for.
fn opened(args: &TurnArgs, storage: &Storage) -> Result<Option<ConversationId>, StoreError> {
    let wanted = args.conversation.clone();
    if wanted.is_none() && !args.continue_last {
        return Ok(None);
    }
    futures::executor::block_on(storage.call(move |store| match wanted {
        Some(prefix) => store.find_conversation(&prefix).map(Some),
        None => store.latest(),
    }))
}

/// The route that flags name, where they name one.
fn named_route(
    args: &TurnArgs,
    config: &Config,
    paths: &Paths,
    config_file: &Path,
    choices: &Choices,
) -> Result<Option<Route>, Failure> {
    if args.endpoint.is_none() && args.model.is_none() && args.key.is_none() {
        return Ok(None);
    }
    let lookup = Lookup {
        config,
        keys: &Keys::new(paths.clone()),
        catalog: &Catalog::new(paths.clone()),
        choices,
        config_file: config_file.display().to_string(),
    };
    lookup.route(args).map(|resolved| Some(resolved.route))
}
