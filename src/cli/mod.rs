//! Arguments, one-shots and subcommands: everything `loquat` does without its screen.
//!
//! Each subcommand is a file with one `run`, which gets its arguments and a [`Context`] and returns an
//! [`Exit`]. What it prints goes through [`out`].

pub mod args;
pub mod backup;
pub mod export;
pub mod list;
pub mod out;
pub mod rm;
pub mod search;
pub mod show;
mod stored;
pub mod trash;
pub mod tree;
pub mod usage;

use std::sync::Arc;

use crate::config::{Config, Paths};

/// What a subcommand works with.
pub struct Context {
    /// Configuration, loaded and valid.
    pub config: Arc<Config>,
    /// Where files live.
    pub paths: Paths,
    /// Where output goes.
    pub out: out::Out,
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

impl From<crate::chat::ErrorKind> for Exit {
    fn from(kind: crate::chat::ErrorKind) -> Self {
        use crate::chat::ErrorKind as Kind;
        Self(match kind {
            Kind::Config => 3,
            Kind::Auth => 4,
            Kind::UnknownModel | Kind::NotFound => 5,
            Kind::Network | Kind::Timeout => 6,
            Kind::RateLimit | Kind::Provider | Kind::ContentFilter | Kind::ContextWindow => 7,
            Kind::Budget => 8,
            Kind::Cut => 9,
            Kind::Cancelled => 130,
            Kind::Internal => 1,
        })
    }
}
