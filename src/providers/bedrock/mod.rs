//! AWS Bedrock: Converse and ConverseStream.
//!
//! | file | subject |
//! |---|---|
//! | [`request`] | the body of a request, and where it goes |
//! | `prompt` | a branch as Converse has it: messages, media, tools |
//! | [`place`] | hosts and regions |
//! | [`sign`] | the key: a bearer token, or a signature |
//! | [`Answer`] | what the answer says, streamed or whole |

mod answer;

#[cfg(test)]
mod tests;

pub use answer::Answer;
