//! One line of the log, as the index reads it.
//!
//! The lines that this program writes are plain: printable ASCII, no escapes, nothing nested. Those are taken
//! apart here in one pass, with the fields expected in the order they are written in; every other line goes
//! through serde, which decides what is JSON. Both give the same [`Entry`]. A reader needs few fields and gets
//! along without the rest, so a line of another version counts as long as those are there.

use std::borrow::Cow;

use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::{EventStatus, Fault};
use crate::chat::Money;

/// What the index keeps of an event. A name that is missing is empty; a number that is missing was not reported.
#[derive(Debug, PartialEq)]
pub(super) struct Entry<'a> {
    /// Milliseconds since 1970.
    pub at: i64,
    pub status: EventStatus,
    pub is_final: bool,
    pub estimated: bool,
    pub error: Option<Fault>,
    pub names: Names<'a>,
    pub conversation: Option<Uuid>,
    pub message: Option<Uuid>,
    pub tokens_in: Option<u64>,
    pub tokens_out: Option<u64>,
    pub cached_in: Option<u64>,
    pub cache_write: Option<u64>,
    pub reasoning_out: Option<u64>,
    pub cost_eur: Option<Money>,
    /// Whether the price is the provider's own word.
    pub cost_told: bool,
    /// Microseconds.
    pub latency: Option<u64>,
    /// Microseconds.
    pub ttft: Option<u64>,
}

/// The names an event carries.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Names<'a> {
    pub user: Cow<'a, str>,
    pub model: Cow<'a, str>,
    pub provider: Cow<'a, str>,
    pub endpoint: Cow<'a, str>,
    pub key: Cow<'a, str>,
    pub mode: Cow<'a, str>,
}

impl<'a> Entry<'a> {
    /// Reads a line without its newline.
    ///
    /// # Errors
    /// What is wrong with it, as serde tells it.
    pub fn read(line: &'a [u8]) -> Result<Self, serde_json::Error> {
        match plain(line).and_then(Scanner::entry) {
            Some(entry) => Ok(entry),
            None => serde_json::from_slice::<Line<'_>>(line).map(Line::entry),
        }
    }
}

/// The line as text, where it is printable ASCII without a backslash.
fn plain(line: &[u8]) -> Option<&str> {
    // Without an early way out, so that it is done many bytes at a time.
    let odd = line.iter().fold(false, |odd, byte| odd | !(b' '..=b'~').contains(byte) | (*byte == b'\\'));
    if odd { None } else { std::str::from_utf8(line).ok() }
}

/// Fields by their place among those that are read.
#[derive(Clone, Copy)]
enum Field {
    User,
    Time,
    Model,
    Provider,
    TokensIn,
    TokensOut,
    CostEur,
    Latency,
    Endpoint,
    Key,
    Ttft,
    CachedIn,
    CacheWrite,
    ReasoningOut,
    Estimated,
    CostTold,
    Status,
    Error,
    Final,
    Conversation,
    Message,
    Mode,
    /// One that is of no interest here.
    Other,
}

/// The names of a line's fields in the order in which they are written.
const FIELDS: [(&str, Field); 32] = [
    ("v", Field::Other),
    ("id", Field::Other),
    ("userId", Field::User),
    ("ts", Field::Time),
    ("model", Field::Model),
    ("provider", Field::Provider),
    ("tokens_in", Field::TokensIn),
    ("tokens_out", Field::TokensOut),
    ("costEUR", Field::CostEur),
    ("latency", Field::Latency),
    ("endpoint", Field::Endpoint),
    ("key", Field::Key),
    ("alias", Field::Other),
    ("model_served", Field::Other),
    ("ttft", Field::Ttft),
    ("cached_in", Field::CachedIn),
    ("cache_write", Field::CacheWrite),
    ("reasoning_out", Field::ReasoningOut),
    ("estimated", Field::Estimated),
    ("costUSD", Field::Other),
    ("eur_per_usd", Field::Other),
    ("cost_told", Field::CostTold),
    ("status", Field::Status),
    ("error", Field::Error),
    ("http_status", Field::Other),
    ("attempt", Field::Other),
    ("attempts", Field::Other),
    ("final", Field::Final),
    ("finish", Field::Other),
    ("conversation", Field::Conversation),
    ("message", Field::Message),
    ("mode", Field::Mode),
];

/// A value of a plain line.
#[derive(Clone, Copy)]
enum Value<'a> {
    Text(&'a str),
    Number(&'a str),
    Bool(bool),
    Null,
}

/// Reads a plain line. It knows one form of what it reads and leaves every other to serde: whatever answers
/// `None` here is not refused, only looked at again.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// The field that is expected next.
    next: usize,
}

impl<'a> Scanner<'a> {
    fn entry(text: &'a str) -> Option<Entry<'a>> {
        let mut scanner = Self { text, at: 0, next: 0 };
        let (mut at, mut status, mut is_final) = (None, None, None);
        let mut entry = Entry {
            at: 0,
            status: EventStatus::Ok,
            is_final: false,
            estimated: false,
            error: None,
            names: Names::default(),
            conversation: None,
            message: None,
            tokens_in: None,
            tokens_out: None,
            cached_in: None,
            cache_write: None,
            reasoning_out: None,
            cost_eur: None,
            cost_told: false,
            latency: None,
            ttft: None,
        };
        scanner.expect(b'{')?;
        // A field that stands twice is an error to serde: each may be met once, in any order.
        let mut seen = 0u32;
        loop {
            let field = scanner.field()?;
            let value = scanner.value()?;
            if !matches!(field, Field::Other) {
                let bit = 1 << field as u32;
                if seen & bit != 0 {
                    return None;
                }
                seen |= bit;
            }
            match field {
                Field::User => entry.names.user = name(value)?,
                Field::Time => at = Some(time(value)?),
                Field::Model => entry.names.model = name(value)?,
                Field::Provider => entry.names.provider = name(value)?,
                Field::TokensIn => entry.tokens_in = count(value)?,
                Field::TokensOut => entry.tokens_out = count(value)?,
                Field::CostEur => entry.cost_eur = money(value)?,
                Field::Latency => entry.latency = seconds(value)?,
                Field::Endpoint => entry.names.endpoint = name(value)?,
                Field::Key => entry.names.key = name(value)?,
                Field::Ttft => entry.ttft = seconds(value)?,
                Field::CachedIn => entry.cached_in = count(value)?,
                Field::CacheWrite => entry.cache_write = count(value)?,
                Field::ReasoningOut => entry.reasoning_out = count(value)?,
                Field::Estimated => entry.estimated = flag(value)?,
                Field::CostTold => entry.cost_told = flag(value)?,
                Field::Status => status = Some(EventStatus::from_name(text_of(value)?)?),
                Field::Error => entry.error = error(value)?,
                Field::Final => is_final = Some(flag(value)?),
                Field::Conversation => entry.conversation = id(value)?,
                Field::Message => entry.message = id(value)?,
                Field::Mode => entry.names.mode = name(value)?,
                Field::Other => {}
            }
            match scanner.byte()? {
                b',' => {}
                b'}' if scanner.at == text.len() => break,
                _ => return None,
            }
        }
        Some(Entry { at: at?, status: status?, is_final: is_final?, ..entry })
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = self.text.as_bytes().get(self.at).copied();
        self.at += 1;
        byte
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.byte()? == byte).then_some(())
    }

    /// A name and its colon. The one that is written here is looked for first, and the one behind it: not every event has all.
    fn field(&mut self) -> Option<Field> {
        let name = self.quoted()?;
        self.expect(b':')?;
        let near = FIELDS.iter().enumerate().skip(self.next).take(2);
        if let Some((at, (_, field))) = near.into_iter().find(|(_, (expected, _))| *expected == name) {
            self.next = at + 1;
            return Some(*field);
        }
        let found = FIELDS.iter().position(|(known, _)| *known == name);
        self.next = found.map_or(self.next, |at| at + 1);
        Some(found.and_then(|at| FIELDS.get(at)).map_or(Field::Other, |(_, field)| *field))
    }

    /// A string: there are no escapes in a plain line.
    fn quoted(&mut self) -> Option<&'a str> {
        self.expect(b'"')?;
        let rest = self.text.get(self.at..)?;
        let end = memchr::memchr(b'"', rest.as_bytes())?;
        self.at += end + 1;
        rest.get(..end)
    }

    fn value(&mut self) -> Option<Value<'a>> {
        let rest = self.text.get(self.at..)?;
        let word = |word: &str, value| rest.starts_with(word).then_some((word.len(), value));
        let (length, value) = match rest.as_bytes().first()? {
            b'"' => return self.quoted().map(Value::Text),
            b'n' => word("null", Value::Null)?,
            b't' => word("true", Value::Bool(true))?,
            b'f' => word("false", Value::Bool(false))?,
            _ => {
                let number = number(rest)?;
                (number.len(), Value::Number(number))
            }
        };
        self.at += length;
        Some(value)
    }
}

/// The JSON number a text begins with.
fn number(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        let count = bytes.get(from..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
        (count > 0).then_some(from + count)
    };
    let start = usize::from(bytes.first() == Some(&b'-'));
    let mut end = digits(start)?;
    if bytes.get(start) == Some(&b'0') && end > start + 1 {
        return None;
    }
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1)?;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let signed = matches!(bytes.get(end + 1), Some(b'+' | b'-'));
        end = digits(end + 1 + usize::from(signed))?;
    }
    text.get(..end)
}

fn text_of(value: Value<'_>) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        Value::Number(_) | Value::Bool(_) | Value::Null => None,
    }
}

fn name(value: Value<'_>) -> Option<Cow<'_, str>> {
    match value {
        Value::Text(text) => Some(Cow::Borrowed(text)),
        Value::Null => Some(Cow::Borrowed("")),
        Value::Number(_) | Value::Bool(_) => None,
    }
}

fn flag(value: Value<'_>) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(flag),
        Value::Text(_) | Value::Number(_) | Value::Null => None,
    }
}

fn count(value: Value<'_>) -> Option<Option<u64>> {
    match value {
        Value::Null => Some(None),
        Value::Number(number) => number.parse().ok().map(Some),
        Value::Text(_) | Value::Bool(_) => None,
    }
}

fn seconds(value: Value<'_>) -> Option<Option<u64>> {
    match value {
        Value::Null => Some(None),
        Value::Number(number) => {
            number.parse().ok().filter(|seconds: &f64| seconds.is_finite()).map(micros).map(Some)
        }
        Value::Text(_) | Value::Bool(_) => None,
    }
}

/// Seconds in microseconds. A time before none is none.
pub(super) fn micros(seconds: f64) -> u64 {
    // The cast keeps to the ends of its range.
    (seconds * 1e6).round() as u64
}

fn error(value: Value<'_>) -> Option<Option<Fault>> {
    match value {
        Value::Null => Some(None),
        Value::Text(name) => Some(Some(Fault::from_name(name))),
        Value::Number(_) | Value::Bool(_) => None,
    }
}

/// An id; what stands in its place and is none leads nowhere.
fn id(value: Value<'_>) -> Option<Option<Uuid>> {
    match value {
        Value::Null => Some(None),
        Value::Text(text) => Some(Uuid::try_parse(text).ok()),
        Value::Number(_) | Value::Bool(_) => None,
    }
}

/// An amount that has no more than nine decimals and no exponent, as amounts are written here.
fn money(value: Value<'_>) -> Option<Option<Money>> {
    let number = match value {
        Value::Null => return Some(None),
        Value::Number(number) => number,
        Value::Text(_) | Value::Bool(_) => return None,
    };
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    // Nine digits of each fit without a look at overflow.
    if decimals.len() > 9 || !(1..=9).contains(&whole.len()) {
        return None;
    }
    let digits = |text: &str| {
        text.bytes()
            .try_fold(0i64, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
    };
    let missing = u32::try_from(9 - decimals.len()).ok()?;
    let nanos = digits(whole)? * 1_000_000_000 + digits(decimals)? * 10i64.pow(missing);
    Some(Some(Money::from_nanos(nanos)))
}

/// A moment as it is written here: `2026-11-21T05:04:16.123Z`.
fn time(value: Value<'_>) -> Option<i64> {
    let text: &[u8; 24] = text_of(value)?.as_bytes().try_into().ok()?;
    let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'.'), (23, b'Z')];
    if marks.iter().any(|(at, mark)| text[*at] != *mark) {
        return None;
    }
    let digits = |range: std::ops::Range<usize>| {
        text[range]
            .iter()
            .try_fold(0i64, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
    };
    let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
    let (hour, minute, second, milli) = (digits(11..13)?, digits(14..16)?, digits(17..19)?, digits(20..23)?);
    // Every month has these days; for the others, and for a leap second, the calendar is asked.
    let plain = (1..=12).contains(&month) && (1..=28).contains(&day);
    if !plain || hour > 23 || minute > 59 || second > 59 {
        return parsed(std::str::from_utf8(text).ok()?).map(Timestamp::as_millisecond);
    }
    let days = days_since_1970(year, month, day);
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + milli)
}

fn parsed(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}

/// Days from 1970-01-01 in the Gregorian calendar, counted in years that begin in March.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The same fields as serde reads them.
#[derive(Deserialize)]
struct Line<'a> {
    ts: Timestamp,
    status: EventStatus,
    #[serde(rename = "final")]
    is_final: bool,
    #[serde(default)]
    estimated: bool,
    #[serde(borrow, default)]
    error: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "userId")]
    user: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    model: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    provider: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    endpoint: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    key: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    mode: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    conversation: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    message: Option<Cow<'a, str>>,
    #[serde(default)]
    tokens_in: Option<u64>,
    #[serde(default)]
    tokens_out: Option<u64>,
    #[serde(default)]
    cached_in: Option<u64>,
    #[serde(default)]
    cache_write: Option<u64>,
    #[serde(default)]
    reasoning_out: Option<u64>,
    #[serde(default, rename = "costEUR")]
    cost_eur: Option<Money>,
    #[serde(default)]
    cost_told: bool,
    #[serde(default)]
    latency: Option<f64>,
    #[serde(default)]
    ttft: Option<f64>,
}

impl<'a> Line<'a> {
    fn entry(self) -> Entry<'a> {
        let id = |text: Option<Cow<'_, str>>| Uuid::try_parse(&text?).ok();
        Entry {
            at: self.ts.as_millisecond(),
            status: self.status,
            is_final: self.is_final,
            estimated: self.estimated,
            error: self.error.as_deref().map(Fault::from_name),
            names: Names {
                user: self.user.unwrap_or_default(),
                model: self.model.unwrap_or_default(),
                provider: self.provider.unwrap_or_default(),
                endpoint: self.endpoint.unwrap_or_default(),
                key: self.key.unwrap_or_default(),
                mode: self.mode.unwrap_or_default(),
            },
            conversation: id(self.conversation),
            message: id(self.message),
            tokens_in: self.tokens_in,
            tokens_out: self.tokens_out,
            cached_in: self.cached_in,
            cache_write: self.cache_write,
            reasoning_out: self.reasoning_out,
            cost_eur: self.cost_eur,
            cost_told: self.cost_told,
            latency: self.latency.map(micros),
            ttft: self.ttft.map(micros),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::telemetry::RequestEvent;
    use crate::telemetry::log::tests::event;

    /// What serde makes of a line.
    fn slow(line: &str) -> Option<Entry<'_>> {
        serde_json::from_str::<Line<'_>>(line).ok().map(Line::entry)
    }

    fn quick(line: &str) -> Option<Entry<'_>> {
        plain(line.as_bytes()).and_then(Scanner::entry)
    }

    #[test]
    fn the_lines_that_are_written_here_are_read_in_one_pass() {
        let line = serde_json::to_string(&event()).unwrap();
        let read = quick(&line);
        assert!(read.is_some());
        assert_eq!(read, slow(&line));
    }

    #[test]
    fn fields_may_stand_in_any_order_be_missing_or_be_unknown() {
        let line = r#"{"new":1.5e3,"final":true,"status":"cut","model":"m","ts":"2024-02-29T23:59:59.999Z"}"#;
        assert!(quick(line).is_some());
        assert_eq!(quick(line), slow(line));
    }

    #[test]
    fn whatever_is_not_plain_is_left_to_serde() {
        for odd in [
            r#"{"ts":"2026-11-21T05:04:16Z","status":"ok","final":true}"#,
            r#"{"ts":"2026-11-21T05:04:16.123Z","status":"ok","final":true,"model":"a\"b"}"#,
            r#"{"ts":"2026-11-21T05:04:16.123Z","status":"ok","final":true,"model":"ü"}"#,
            r#"{ "ts":"2026-11-21T05:04:16.123Z","status":"ok","final":true}"#,
            r#"{"ts":"2026-11-21T05:04:16.123Z","status":"ok","final":true,"costEUR":1.2e-5}"#,
            r#"{"ts":"2026-11-21T05:04:16.123Z","status":"ok","final":true,"costEUR":-0.5}"#,
            r#"{"ts":"2026-11-21T05:04:16.123Z","status":"ok","final":true,"more":{"a":[1]}}"#,
        ] {
            assert_eq!(quick(odd), None, "{odd}");
            assert!(Entry::read(odd.as_bytes()).is_ok(), "{odd}");
        }
    }

    #[test]
    fn what_is_damaged_is_refused_by_both() {
        let line = serde_json::to_string(&event()).unwrap();
        for (from, to) in [
            ("\"ok\"", "\"fine\""),
            ("812", "08"),
            ("812", "-1"),
            ("812", "\"812\""),
            ("0.000241", "0."),
            ("2026-11-21T", "2026-13-21T"),
            ("\"final\":true", "\"final\":1"),
            ("\"final\":true", "\"ok\":true"),
            ("\"tokens_out\"", "\"tokens_in\""),
            ("}", ""),
            ("}", "}}"),
            (",", ",,"),
        ] {
            let damaged = line.replacen(from, to, 1);
            assert_ne!(damaged, line);
            assert!(Entry::read(damaged.as_bytes()).is_err(), "{damaged}");
            assert_eq!(quick(&damaged), None, "{damaged}");
        }
    }

    #[test]
    fn days_are_counted_as_the_calendar_counts_them() {
        let epoch = jiff::civil::date(1970, 1, 1);
        for days in (-800_000..400_000).step_by(17) {
            let day = epoch + jiff::Span::new().days(days);
            let counted = days_since_1970(day.year().into(), day.month().into(), day.day().into());
            assert_eq!(counted, days, "{day}");
        }
    }

    proptest! {
        #[test]
        fn both_ways_of_reading_agree(
            millis in 0i64..4_000_000_000_000,
            counts in prop::array::uniform5(prop::option::of(any::<u64>())),
            nanos in prop::option::of(any::<i64>()),
            seconds in prop::option::of(0.0f64..10_000.0),
            model in "[ -~äé\\n]{0,12}",
            is_final in any::<bool>(),
        ) {
            let [tokens_in, tokens_out, cached_in, cache_write, reasoning_out] = counts;
            let event = RequestEvent {
                ts: Timestamp::from_millisecond(millis).unwrap(),
                model: model.into(),
                cost_eur: nanos.map(Money::from_nanos),
                ttft: seconds,
                tokens_in, tokens_out, cached_in, cache_write, reasoning_out, is_final,
                ..event()
            };
            let line = serde_json::to_string(&event).unwrap();
            let slow = slow(&line).unwrap();
            if let Some(quick) = quick(&line) {
                prop_assert_eq!(&quick, &slow);
            }
            prop_assert_eq!(slow.at, millis);
            prop_assert_eq!(slow.cost_eur, event.cost_eur);
        }

        #[test]
        fn a_line_that_was_cut_or_changed_is_never_read_otherwise_than_serde_reads_it(
            at in 0usize..700, byte in any::<u8>(), cut in any::<bool>(),
        ) {
            let mut line = serde_json::to_vec(&event()).unwrap();
            let at = at % line.len();
            if cut { line.truncate(at) } else { line[at] = byte }
            let slow = serde_json::from_slice::<Line<'_>>(&line).ok().map(Line::entry);
            prop_assert_eq!(Entry::read(&line).ok(), slow);
        }
    }
}
