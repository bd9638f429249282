//! Everything that touches the terminal and the machine.

pub mod clipboard;
pub mod colour;
mod encode;
pub mod input;
pub mod pacing;
pub mod signals;
pub mod terminal;
