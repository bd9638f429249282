//! Starts the app: everything it needs before its first frame, and nothing else.

use std::io::IsTerminal;
use std::sync::Arc;

use jiff::Timestamp;

use super::args::TurnArgs;
use super::resolve::Lookup;
use super::{Context, Exit};
use crate::app::{Model, Size};
use crate::catalog::Catalog;
use crate::chat::{ErrorKind, Route};
use crate::keys::Keys;
use crate::providers::Transports;
use crate::runtime::terminal::{self, Screen};
use crate::runtime::{self, App, Ended, Open};
use crate::storage::choices::Choices;
use crate::storage::{Storage, Store};
use crate::t;
use crate::telemetry::{Log, login_name};
use crate::text::sanitise;
use crate::turns::Turns;
use crate::ui::Theme;

/// Runs the app until it is left.
pub fn run(args: &TurnArgs, context: Context) -> Exit {
    let Context { config, paths, out } = context;
    if !std::io::stdin().is_terminal() || !out.is_terminal() {
        out.error(&t!("cli-error", message = t!("cli-needs-terminal")));
        return Exit::USAGE;
    }
    let (failed, storage_failed) = std::sync::mpsc::channel();
    let file = paths.database();
    let storage = Storage::start(
        move || Store::open(&file, Timestamp::now()),
        move |opened| {
            if let Err(error) = opened {
                // Nobody listens only when the app is gone.
                let _ = failed.send(error.to_string());
            }
        },
    );
    let mut choices = Choices::load(&paths.state);
    match named_route(args, &config, &paths, &choices) {
        Ok(Some(route)) => choices.last = Some(route),
        Ok(None) => {}
        Err(failure) => {
            super::oneshot::print_failure(&out, &failure, None);
            return failure.kind.into();
        }
    }
    let (columns, rows) = terminal::size();
    let (model, problems) = Model::new(
        config.clone(),
        choices,
        Size { width: columns, height: rows },
        fastrand::u64(..),
        Timestamp::now(),
    );
    if !problems.is_empty() {
        for problem in &problems {
            out.error(&sanitise(&problem.headline()));
        }
        return ErrorKind::Config.into();
    }
    let theme = match Theme::named(config.ui.theme.as_deref()) {
        Ok(theme) => theme,
        Err(message) => {
            out.error(&t!("cli-error", message = message));
            return ErrorKind::Config.into();
        }
    };
    let open = match (&args.conversation, args.continue_last) {
        (Some(prefix), _) => Open::Conversation(prefix.clone()),
        (None, true) => Open::Latest,
        (None, false) => Open::New,
    };
    let turns = {
        let (config, paths, storage) = (config.clone(), paths.clone(), storage.clone());
        move || Turns {
            user: config.user.clone().unwrap_or_else(|| login_name(&config.env)).into(),
            config,
            keys: Keys::new(paths.clone()),
            transport: Arc::new(Transports::default()),
            catalog: Catalog::new(paths.clone()),
            storage: Some(storage),
            log: Log::new(paths.telemetry()),
        }
    };
    let app = App {
        model,
        open,
        theme,
        screen: if args.inline { Screen::Inline } else { Screen::Alternate },
        turns: Box::new(turns),
        storage,
        storage_failed,
        paths,
    };
    match runtime::run(app) {
        Ok(Ended::Quit) => Exit::OK,
        Ok(Ended::Terminated | Ended::HungUp) => Exit(143),
        Err(error) => {
            out.error(&t!("cli-error", message = error.to_string()));
            Exit::INTERNAL
        }
    }
}

/// The route that flags name, where they name one.
fn named_route(
    args: &TurnArgs,
    config: &crate::config::Config,
    paths: &crate::config::Paths,
    choices: &Choices,
) -> Result<Option<Route>, crate::chat::Failure> {
    if args.endpoint.is_none() && args.model.is_none() && args.key.is_none() {
        return Ok(None);
    }
    let lookup = Lookup {
        config,
        keys: &Keys::new(paths.clone()),
        catalog: &Catalog::new(paths.clone()),
        choices,
        config_file: paths.config_file().display().to_string(),
    };
    lookup.route(args).map(|resolved| Some(resolved.route))
}
