//! Times, counts and prices as people read them.

use crate::chat::Money;
use crate::t;
use crate::text::{Safe, sanitise};

/// Milliseconds as seconds, with one digit.
pub fn seconds(ms: u64) -> String {
    format!("{}.{}", ms / 1000, ms % 1000 / 100)
}

/// A number in groups of three.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// An amount as people read it: cents with two digits, less than a cent with two that say something.
pub fn euros(amount: Money) -> Safe {
    let nanos = amount.nanos();
    if nanos == 0 {
        return t!("app-free");
    }
    let digits: u32 = if nanos.abs() >= 1_000_000_000 {
        2
    } else if nanos.abs() >= 1_000_000 {
        4
    } else {
        6
    };
    let unit = 10i64.pow(9 - digits);
    let rounded = nanos / unit + i64::from(nanos % unit * 2 >= unit);
    let scale = 10i64.pow(digits);
    let width = usize::try_from(digits).unwrap_or(2);
    let whole = match u64::try_from(rounded / scale) {
        Ok(whole @ 10_000..) => grouped(whole),
        Ok(_) | Err(_) => (rounded / scale).to_string(),
    };
    sanitise(&format!("€{whole}.{:0width$}", rounded % scale))
}
