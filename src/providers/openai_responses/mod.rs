//! OpenAI Responses, which Azure, xAI, DeepSeek, Copilot, OpenRouter, LiteLLM and local servers speak too.
//!
//! An answer is a list of items (thoughts, messages, calls, tools that ran on the provider's side), and a stream
//! tells each of them up to four times: piece by piece, then its text whole, then the item whole, then all items
//! again. [`Answer`] keeps how much of each has been told and adds what is missing, so that servers may leave out
//! any of these. Nothing is kept on the provider's side: the items that only it understands stand in the message
//! as [`State`](crate::chat::Part::State), and [`request`] gives them back where they stood.

mod answer;
mod json;
pub mod request;

#[cfg(test)]
mod tests;

pub use answer::Answer;
