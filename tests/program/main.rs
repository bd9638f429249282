//! The program as a person and a script meet it: the binary, run against servers that answer and servers
//! that misbehave. One test program, so that what the files share is built, and linked, once.

mod config;
mod faults;
mod harness;
mod listings;
mod oneshot;
mod support;
mod telemetry;
