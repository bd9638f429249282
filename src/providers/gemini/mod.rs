//! Google Gemini, on AI Studio and on Vertex AI.
//!
//! [`request`] makes a request's JSON and finds the path for it; `thinking` knows which family of models is
//! told how hard to think in which words; [`Answer`] reads pieces and whole answers, which have one shape.
//!
//! A signature belongs to one part of an answer and has to come back on it. It is kept as a state right after
//! that part, in Google's own JSON: one with nothing but `thoughtSignature` belongs to the part before it, any
//! other is a part of its own, given back as it came.

mod answer;
mod json;
pub mod request;
mod thinking;

#[cfg(test)]
mod tests;

pub use answer::Answer;
