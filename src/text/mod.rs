//! Text that may be shown: the sanitiser, cell widths, and every interface string.
//!
//! Whatever reaches a terminal, a title, a notice or the clipboard is [`Safe`], and only the sanitiser makes
//! `Safe`. Interface strings live in the Fluent catalogue, a file a language; [`t!`](crate::t) looks one up and
//! returns it `Safe`, its arguments sanitised with it.

pub mod address;
pub mod catalogue;
pub mod hidden;
pub mod painted;
pub mod safe;
pub mod width;

pub use safe::{Safe, Sanitiser, sanitise, sanitise_line};
