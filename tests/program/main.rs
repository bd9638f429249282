//! The program as a person and a script meet it: the binary, run against servers that answer and servers
//! that misbehave. One test program, so that what the files share is built, and linked, once.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot set its scene up fails, and says where"
)]

mod adapters;
mod app;
mod app_under_stress;
mod config;
mod faults;
mod harness;
mod interrupted;
mod listings;
mod oneshot;
mod peers;
mod places;
mod support;
mod telemetry;
