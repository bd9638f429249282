//! Sinks: who gets request events beside the log, by `telemetry.sinks`.
//!
//! A sink reads the log with a cursor of its own and moves it only past what was taken, so an event reaches it at
//! least once whatever ends when; its id tells a second time from a first. Everything happens on a thread of its own,
//! which knows of turns only what they left in the log: a collector that hangs delays nothing.
//!
//! | file | subject |
//! |---|---|
//! | `shape` | what of an event is sent |
//! | `cursor` | how far a sink has read, and what comes next |
//! | `state` | a sink's files: cursor, lock, what was refused for good; pauses after failures |
//! | `pass` | handing over what there is, in order |
//! | `otlp` | events as OpenTelemetry's spans and histograms |
//! | `carry` | a delivery: HTTP, a file, a program |
//! | `courier` | the thread |
//! | `desk` | what `loquat telemetry` asks and orders |

mod carry;
mod courier;
mod cursor;
mod desk;
mod otlp;
mod pass;
mod shape;
mod state;

pub use carry::{Carrier, Parcel};
pub use courier::{Courier, Stuck};
pub use desk::{Desk, Handed, Standing, Tidied};
