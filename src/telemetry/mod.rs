//! Request events: the log, and totals over it (contracts section 4).
//!
//! One event an attempt, one JSON line an event, one write a line. No prompt, answer or key is ever in one.

use jiff::Timestamp;

mod event;
mod log;
mod report;

pub use event::{EventStatus, Mode, RequestEvent};
pub use log::Log;
pub use report::{GroupBy, UsageReport, UsageRow};

/// The person's login name, for `userId` where the configuration names none.
pub fn login_name(env: &crate::config::Env) -> String {
    ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .find_map(|name| env.get(name))
        .map_or_else(|| "unknown".to_owned(), ToOwned::to_owned)
}

/// The UTC month an event's line stands in, as the log's file names write it.
fn month(time: Timestamp) -> String {
    time.strftime("%Y-%m").to_string()
}
