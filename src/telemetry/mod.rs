//! Request events: the log, and what they add up to (contracts section 4).
//!
//! One event an attempt, one JSON line an event, one write a line. No prompt, answer or key is ever in one. The log
//! is the truth; the index is made of it and can be made again at any time.
//!
//! | file | subject |
//! |---|---|
//! | `event` | the request event |
//! | `log` | appending, and what happens where that fails |
//! | `source` | the files of the log, packed or not, and reading their lines |
//! | `retention`, `verify` | old months; what is damaged |
//! | `line` | a line as the index reads it |
//! | `columns`, `part` | events in the index; its files |
//! | `index` | answering from them |
//! | `query`, `report` | what is asked, and what is answered |
//! | `sieve`, `tally`, `percentiles`, `drawing` | which rows count, and of which group; adding up |
//! | [`footprint`] | estimated energy and carbon |
//! | [`import`] | what others have counted, as events |
//! | `clock`, `branches` | local time of many moments; which branch an answer is of |
//! | [`budget`], `till` | how budgets stand; what is spent and reserved, by all processes |
//! | [`sinks`] | who gets events beside the log |
//!
//! ```no_run
//! use jiff::{civil::date, tz::TimeZone};
//! use loquat::telemetry::{GroupBy, Index, Log, Only, Page, Query, Step};
//!
//! # fn main() -> std::io::Result<()> {
//! let index = Index::new(Log::new("telemetry".into()), "cache/usage".into());
//! let november = Query {
//!     only: vec![Only::Endpoint("openAI".into())],
//!     charts: Some(Step::Day),
//!     ..Query::new(date(2026, 11, 1), date(2026, 11, 30), GroupBy::Model, TimeZone::system())
//! };
//! let usage = index.usage(&november)?;
//! for row in &usage.report.rows {
//!     let events = index.events(&november, Some(&row.key), Page { skip: 0, take: 20 })?;
//!     assert!(events.page.len() <= 20);
//! }
//! index.save()
//! # }
//! ```

mod branches;
pub mod budget;
mod clock;
mod columns;
mod cores;
mod drawing;
mod event;
pub mod footprint;
pub mod import;
pub mod index;
mod line;
pub mod log;
mod part;
mod percentiles;
mod query;
mod report;
mod retention;
mod sieve;
pub mod sinks;
mod source;
mod tally;
#[cfg(test)]
mod tests;
mod till;
mod verify;

pub use branches::{SHARED, branches};
pub use budget::{Level, Standing, Subject};
pub use event::{EventStatus, Fault, Mode, RequestEvent};
pub use index::{Events, FoundEvent, Index, Page, Stamp};
pub use log::{Leftover, Log, Written};
pub use query::{GroupBy, Only, Query, Sort, Step};
pub use report::{Bucket, Charts, Histogram, Point, Taken, Usage, UsageReport, UsageRow, largest};
pub use retention::Archived;
pub use till::{Admission, Allowance, Granted, Hold, Till, Want};
pub use verify::{Damage, Verified, VerifiedFile, Why};

/// The person's login name, for `userId` where the configuration names none. Where the environment does not
/// tell it, as under cron, the system's list of accounts does.
pub fn login_name(env: &crate::config::Env) -> String {
    ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .find_map(|name| env.get(name))
        .map(ToOwned::to_owned)
        .or_else(account_name)
        .unwrap_or_else(|| "unknown".to_owned())
}

#[cfg(unix)]
fn account_name() -> Option<String> {
    let accounts = std::fs::read_to_string("/etc/passwd").ok()?;
    account_of(&accounts, rustix::process::getuid().as_raw())
}

#[cfg(not(unix))]
fn account_name() -> Option<String> {
    None
}

/// The name of a user id in a list of the form that passwd(5) describes.
#[cfg(unix)]
fn account_of(accounts: &str, uid: u32) -> Option<String> {
    accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| !name.is_empty())?;
        (fields.nth(1)?.parse() == Ok(uid)).then(|| name.to_owned())
    })
}

#[cfg(all(test, unix))]
mod names {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_user_id_alone() {
        let accounts = "# list\n\nroot:x:0:0:root:/root:/bin/sh\nana:x:1000:0::/home/ana:/bin/sh\nodd:x\n";
        let named = |uid| account_of(accounts, uid);
        assert_eq!((named(0), named(1000), named(1)), (Some("root".into()), Some("ana".into()), None));
    }
}
