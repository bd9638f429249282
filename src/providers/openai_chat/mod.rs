//! OpenAI Chat Completions, and everything compatible with it.
//!
//! [`request`] makes a request's JSON; [`Answer`] reads chunks and whole answers alike,
//! because a server that ignores `stream` answers whole, and the words are the same.

mod answer;
pub(super) mod json;
mod kept;
pub mod request;
pub(super) mod servers;

#[cfg(test)]
mod tests;

pub use answer::Answer;
