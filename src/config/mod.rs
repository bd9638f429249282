//! Configuration: find, load, include, merge, validate, explain.
//!
//! Files are parsed once, here, into [`Config`]; nothing inside re-checks. Every problem carries its file,
//! line and column, and all of them are told at once. Values that name environment variables stay
//! [`Template`]s until an endpoint is used, because an unset variable is only an error then.

pub mod model;
pub mod paths;

pub use model::*;
pub use paths::Paths;
