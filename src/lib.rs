//! Loquat: a branching, multi-model chat client for the terminal.
//!
//! The modules in reading order. A module may use those above it and none below; `tests/layering.rs` checks.

pub mod app;
pub mod catalog;
pub mod chat;
pub mod cli;
pub mod config;
pub mod http;
pub mod keys;
pub mod layout;
pub mod providers;
pub mod router;
pub mod runtime;
pub mod storage;
pub mod telemetry;
pub mod text;
pub mod transfer;
pub mod turns;
pub mod ui;
