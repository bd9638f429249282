//! Arguments, one-shots and subcommands: everything `loquat` does without its screen.
//!
//! Each subcommand is a file with one `run`, which gets its arguments and a [`Context`] and returns an
//! [`Exit`]. What it prints goes through [`out`].

pub mod app;
pub mod args;
pub mod backup;
pub mod config;
pub mod doctor;
pub mod endpoints;
pub mod export;
mod help;
pub mod import;
pub mod keys;
pub mod keys_debug;
mod leftover;
pub mod list;
pub mod models;
pub mod oneshot;
pub mod out;
mod place;
mod preset;
pub mod prices;
mod printer;
pub mod prompt;
pub mod recording;
pub mod report;
pub mod resolve;
pub mod rm;
pub mod router;
pub mod search;
pub mod show;
mod stored;
pub mod telemetry;
pub mod trash;
pub mod tree;
pub mod trial;
pub mod usage;
mod window;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::CommandFactory;
use jiff::Timestamp;

use crate::chat::{ErrorKind, Failure};
use crate::config::{Config, Env, Paths, load_to_use};
use crate::keys::Keys;
use crate::providers::Transports;
use crate::t;
use crate::text::{Safe, catalogue};

use args::{Cli, Command, CompletionsArgs, TurnArgs};
use oneshot::Ahead;
use out::{Notes, Out};
use prompt::{Unasked, Wanted};

/// What a subcommand works with.
pub struct Context {
    /// Configuration, loaded and valid.
    pub config: Arc<Config>,
    /// Where files live.
    pub paths: Paths,
    /// The configuration file in use, or where one would be.
    pub config_file: PathBuf,
    /// Where output goes.
    pub out: Arc<Out>,
}

impl Context {
    /// Tells a failure on stderr, and gives its exit code.
    pub fn fail(&self, failure: &Failure) -> Exit {
        self.out.error(&t!("cli-error", message = failure.message.as_str()));
        if let Some(step) = &failure.next_step {
            self.out.error(&t!("cli-next", step = step.as_str()));
        }
        failure.kind.into()
    }
}

/// Exit codes of contracts section 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit(pub u8);

impl Exit {
    /// All went well.
    pub const OK: Self = Self(0);
    /// Anything else.
    pub const INTERNAL: Self = Self(1);
    /// Bad flags.
    pub const USAGE: Self = Self(2);
}

impl From<ErrorKind> for Exit {
    fn from(kind: ErrorKind) -> Self {
        Self(match kind {
            ErrorKind::Config => 3,
            ErrorKind::Auth => 4,
            ErrorKind::UnknownModel | ErrorKind::NotFound => 5,
            ErrorKind::Network | ErrorKind::Timeout => 6,
            ErrorKind::RateLimit
            | ErrorKind::Provider
            | ErrorKind::ContentFilter
            | ErrorKind::ContextWindow => 7,
            ErrorKind::Budget => 8,
            ErrorKind::Cut => 9,
            ErrorKind::Cancelled => 130,
            ErrorKind::Internal => 1,
        })
    }
}

/// The whole program: reads the command line, does what it says, exits.
///
/// It exits instead of returning, because threads may be left that wait for a stdin nobody closes, and the
/// database needs no closing: its journal is replayed at the next open.
pub fn main() -> ! {
    catalogue::speak(catalogue::asked_for(|name| std::env::var(name).ok()));
    let Exit(code) = run(Cli::from_process());
    std::process::exit(code.into())
}

fn run(cli: Cli) -> Exit {
    let out = Arc::new(Out::new(match (cli.quiet, cli.verbose) {
        (true, _) => Notes::Quiet,
        (false, false) => Notes::Shown,
        (false, true) => Notes::Detailed,
    }));
    let env = Env::process();
    let paths = Paths::from_env(&env);
    let file = cli.config.as_deref();
    // What needs no configuration must work with a broken one.
    let command = match cli.command {
        Some(Command::Completions(wanted)) => return completions(&wanted, &out),
        Some(Command::Man) => return man(&out),
        Some(Command::Config(command)) => {
            return out.settle(config::run(&command, file, env, &paths, &out));
        }
        other => other,
    };
    let ahead = if command.is_none() { Ahead::open(&cli.turn, &paths) } else { None };
    let config = match load_to_use(file, &paths, env) {
        Ok(config) => Arc::new(config),
        Err(problems) => {
            if let Some(Command::Doctor(args)) = &command {
                return out.settle(doctor::run_without_config(args, &problems, &out));
            }
            if command.is_none() {
                oneshot::refuse_config(&cli.turn, &problems, &out);
            }
            return config::report(&problems, &out);
        }
    };
    if let Some(language) = config.ui.language {
        catalogue::speak(language);
    }
    let config_file = file.map_or_else(|| paths.config_file(), Path::to_owned);
    let context = Context { config, paths, config_file, out };
    let (keys, transports, now) = (Keys::new(context.paths.clone()), Transports::default(), Timestamp::now());
    context.out.detail(|| t!("cli-detail-config", file = context.config_file.display().to_string()));
    let exit = match command {
        None => return turn(&cli.turn, context, ahead),
        Some(Command::Endpoints(args)) => online(endpoints::run(&args, &context, &keys, &transports, now)),
        Some(Command::Models(args)) => online(models::run(&args, &context, &keys, &transports, now)),
        Some(Command::Prices(args)) => online(prices::run(&args, &context, &keys, &transports, now)),
        Some(Command::Keys(command)) => online(keys::run(&command, &context, &transports)),
        Some(Command::Doctor(args)) => online(doctor::run(&args, &context, &keys, &transports, now)),
        Some(Command::KeysDebug(args)) => keys_debug::run(&args, &context),
        Some(Command::List(args)) => list::run(&args, &context),
        Some(Command::Show(args)) => show::run(&args, &context),
        Some(Command::Tree(args)) => tree::run(&args, &context),
        Some(Command::Search(args)) => search::run(&args, &context),
        Some(Command::Export(args)) => export::run(&args, &context),
        Some(Command::Import(args)) => import::run(&args, &context),
        Some(Command::Rm(args)) => rm::run(&args, &context),
        Some(Command::Trash(command)) => trash::run(&command, &context),
        Some(Command::Backup(args)) => backup::run(&args, &context),
        Some(Command::Router(command)) => router::run(&command, &context, &keys, now),
        Some(Command::Usage(args)) => usage::run(&args, &context),
        Some(Command::Telemetry(command)) => online(telemetry::run(&command, &context)),
        Some(Command::Completions(_) | Command::Man | Command::Config(_)) => Exit::OK,
    };
    context.out.settle(exit)
}

/// Runs what talks to endpoints.
fn online(work: impl Future<Output = Exit>) -> Exit {
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(work),
        Err(_) => Exit::INTERNAL,
    }
}

/// The app, or a one-shot, whose database may be open already.
fn turn(args: &TurnArgs, context: Context, ahead: Option<Ahead>) -> Exit {
    let deadline = match oneshot::deadline(args) {
        Ok(deadline) => deadline,
        Err(message) => return misused(message, &context.out),
    };
    match prompt::wanted(args, deadline, &context.out) {
        Ok(Wanted::OneShot(prompt)) => {
            let transport = Arc::new(Transports::default());
            oneshot::run(args, prompt, deadline, context, ahead, transport)
        }
        Ok(Wanted::App) => app::run(args, context),
        Err(Unasked::Usage(message)) => misused(message, &context.out),
        Err(Unasked::TimedOut) => oneshot::refuse_unasked(args, &context.out),
    }
}

fn misused(message: Safe, out: &Out) -> Exit {
    out.error(&t!("cli-error", message = message));
    Exit::USAGE
}

fn completions(wanted: &CompletionsArgs, out: &Out) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(wanted.shell, &mut Cli::command(), "loquat", &mut script);
    out.raw(&script);
    out.settle(Exit::OK)
}

fn man(out: &Out) -> Exit {
    let mut page = Vec::new();
    match clap_mangen::Man::new(help::translated(Cli::command())).render(&mut page) {
        Ok(()) => {
            out.raw(&page);
            out.settle(Exit::OK)
        }
        Err(_) => Exit::INTERNAL,
    }
}
