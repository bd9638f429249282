//! Arguments, one-shots and subcommands: everything `loquat` does without its screen.
//!
//! Each subcommand is a file with one `run`, which gets its arguments and a [`Context`] and returns an
//! [`Exit`]. What it prints goes through [`out`].

pub mod args;
pub mod config;
pub mod keys;
pub mod oneshot;
pub mod out;
pub mod prompt;
pub mod render;
pub mod report;
pub mod resolve;

use std::sync::Arc;

use clap::{CommandFactory, Parser};

use crate::chat::ErrorKind;
use crate::config::{Config, Env, Paths};
use crate::providers::Transports;
use crate::t;

use args::{Cli, Command};
use out::{Notes, Out};
use prompt::Wanted;

/// What a subcommand works with.
pub struct Context {
    /// Configuration, loaded and valid.
    pub config: Arc<Config>,
    /// Where files live.
    pub paths: Paths,
    /// Where output goes.
    pub out: Out,
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
            ErrorKind::RateLimit | ErrorKind::Provider | ErrorKind::ContentFilter | ErrorKind::ContextWindow => 7,
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
    let Exit(code) = run(Cli::parse());
    std::process::exit(code.into())
}

fn run(cli: Cli) -> Exit {
    let out = Out::new(if cli.quiet { Notes::Quiet } else { Notes::Shown });
    let env = Env::process();
    let paths = Paths::from_env(&env);
    // What needs no configuration must work with a broken one.
    match &cli.command {
        Some(Command::Completions(wanted)) => {
            let mut script = Vec::new();
            clap_complete::generate(wanted.shell, &mut Cli::command(), "loquat", &mut script);
            out.raw(&script);
            return Exit::OK;
        }
        Some(Command::Man) => return man(&out),
        _ => {}
    }
    let loaded = match crate::config::load(cli.config.as_deref(), &paths, env) {
        Ok(loaded) => loaded,
        Err(problems) => return config::report(&problems, &out),
    };
    let context = Context { config: Arc::new(loaded.config), paths, out };
    match cli.command {
        Some(_) => Exit::OK,
        None => match prompt::wanted(&cli.turn, &context.out) {
            Ok(Wanted::OneShot(prompt)) => oneshot::run(&cli.turn, prompt, context, Arc::new(Transports::default())),
            Ok(Wanted::App) => Exit::OK,
            Err(message) => {
                context.out.error(&t!("cli-error", message = message));
                Exit::USAGE
            }
        },
    }
}

fn man(out: &Out) -> Exit {
    let mut page = Vec::new();
    match clap_mangen::Man::new(Cli::command()).render(&mut page) {
        Ok(()) => {
            out.raw(&page);
            Exit::OK
        }
        Err(_) => Exit::INTERNAL,
    }
}
