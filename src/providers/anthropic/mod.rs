//! Anthropic Messages: at Anthropic, on Vertex AI, and on gateways that have its face.
//!
//! An answer is a list of typed blocks. What a person reads of them becomes parts; a block that the provider
//! wants back as it was (signed and redacted thoughts, tools that ran on its side) is kept whole as a
//! [`Part::State`](crate::chat::Part::State), so that giving it back is a copy.
//!
//! | file | subject |
//! |---|---|
//! | [`request`] | headers and body of a request |
//! | `place` | where it goes: Messages or Vertex |
//! | `content` | a branch as this format's messages |
//! | `family` | what models want differently, as rows |
//! | `wishes` | parameters that are none of the body: thinking, effort, caching |
//! | `answer` | what an answer's events mean |
//! | `tools` | a provider-side tool's run in short |
//! | `json` | the answer's JSON |

mod answer;
pub(super) mod content;
pub(super) mod family;
mod json;
mod place;
pub mod request;
mod tools;
pub(super) mod wishes;

#[cfg(test)]
mod tests;

pub use answer::Answer;
