//! How long a stored key is used: LibreChat's choices.

use jiff::{SignedDuration, Timestamp};

/// The choices, as they are written, shortest first; `None` is never.
pub const EXPIRIES: &[(&str, Option<SignedDuration>)] = &[
    ("30m", Some(SignedDuration::from_mins(30))),
    ("2h", Some(SignedDuration::from_hours(2))),
    ("12h", Some(SignedDuration::from_hours(12))),
    ("1d", Some(SignedDuration::from_hours(24))),
    ("7d", Some(SignedDuration::from_hours(7 * 24))),
    ("30d", Some(SignedDuration::from_hours(30 * 24))),
    ("never", None),
];

/// When a key stored `now` stops being used (`None` is never); nothing for a word that is no choice.
pub fn expiry(word: &str, now: Timestamp) -> Option<Option<Timestamp>> {
    let (_, time) = EXPIRIES.iter().find(|(choice, _)| *choice == word.trim())?;
    match time {
        // Beyond the calendar is never.
        Some(time) => Some(now.checked_add(*time).ok()),
        None => Some(None),
    }
}
