//! The program as a person and a script meet it: the binary, run against servers that answer and servers
//! that misbehave. One test program, so that what the files share is built, and linked, once.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot set its scene up fails, and says where"
)]

mod acts;
mod adapters;
mod anthropic;
mod app;
mod app_under_stress;
mod bedrock;
mod branches;
mod budgets;
mod config;
mod doctor;
mod faults;
mod fit;
mod gallery;
mod gemini;
mod harness;
mod inline;
mod interrupted;
mod keys;
mod language;
mod line;
mod linear;
mod listings;
mod notices;
mod ollama;
mod oneshot;
mod openai;
mod peers;
mod pictures;
mod places;
mod prices;
mod reading;
#[path = "../recorded/mod.rs"]
mod recorded;
mod replay;
mod router;
mod sinks;
mod support;
mod telemetry;
mod themes;
mod transfer;
mod usage;
mod views;
mod writing;
