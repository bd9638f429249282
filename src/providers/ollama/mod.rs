//! Ollama's own format: lines of JSON, with what the OpenAI face of the same server has no place for: the size
//! of the context, whether to think, how long a model stays loaded.
//!
//! [`request`] makes a request's JSON; [`Answer`] reads its lines, and whole answers, which are one line.

mod answer;
pub mod request;

#[cfg(test)]
mod tests;

pub use answer::Answer;
