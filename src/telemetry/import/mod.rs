//! Usage that others have counted, as request events: LiteLLM's spend logs, and what OpenAI and Anthropic export.
//!
//! A row of LiteLLM's is a request. A row of the others is what was used in a stretch of time, so it is no turn: its
//! event is not `final`, stands in the middle of its stretch, and counts tokens and money alone. Every event is of the
//! mode `imported`, and its id is made of what tells the row from others, so a second import adds nothing.
//!
//! | file | subject |
//! |---|---|
//! | `table` | rows of CSV and JSON |
//! | `litellm`, `exports` | what the columns mean |

mod exports;
mod litellm;
mod table;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::io;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use self::table::Row;
use super::source::{each_line, month, sources};
use super::{EventStatus, Log, Mode, RequestEvent};
use crate::chat::{ConversationId, ErrorKind, Money, Rate, Usage};

/// Who has counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Origin {
    /// LiteLLM's spend logs: the table or what `/spend/logs` answers.
    Litellm,
    /// OpenAI's usage of completions: the export, or pages of the API.
    Openai,
    /// Anthropic's usage: the console's export, or pages of the API.
    Anthropic,
}

/// What is wrong with a file, and on which line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// From 1.
    pub line: u64,
    /// What it is, in a few words.
    pub what: String,
}

impl Mistake {
    const fn at(line: u64, what: String) -> Self {
        Self { line, what }
    }
}

/// A row as an event has it, but for what only this machine's configuration tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What tells it from other rows.
    identity: Vec<String>,
    /// When it began, or the middle of its stretch.
    pub at: Timestamp,
    /// Seconds it took, and to the first content, where it is a request.
    pub latency: f64,
    ttft: Option<f64>,
    /// Who asked.
    user: Option<String>,
    /// The model.
    pub model: String,
    provider: String,
    endpoint: &'static str,
    key: Option<String>,
    /// What was used.
    pub usage: Usage,
    /// What the row says it cost, in US dollars.
    pub cost_usd: Option<Money>,
    /// Whether a price can be looked up for it; not for what was asked in batches.
    pub is_listed: bool,
    failure: Option<(ErrorKind, Option<u16>)>,
    is_request: bool,
    conversation: Option<ConversationId>,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// Who has counted.
    pub origin: Origin,
    /// Its rows, without those about nothing.
    pub entries: Vec<Entry>,
}

/// Reads an export; who wrote it is told by its columns, where nobody says.
///
/// # Errors
/// Everything that is wrong with it: then none of it is to be taken.
pub fn read(text: &str, origin: Option<Origin>) -> Result<Export, Vec<Mistake>> {
    let rows = table::rows(text).map_err(|mistake| vec![mistake])?;
    let detected = rows.first().and_then(detect);
    let Some(origin) = origin.or(detected) else {
        let line = rows.first().map_or(1, |row| row.line);
        return Err(vec![Mistake::at(line, "these columns are of no export that is known".to_owned())]);
    };
    let mut entries = Vec::new();
    let mut mistakes = Vec::new();
    for row in &rows {
        let entry = match origin {
            Origin::Litellm => litellm::entry(row),
            Origin::Openai => exports::openai(row),
            Origin::Anthropic => exports::anthropic(row),
        };
        match entry {
            Ok(entry) => entries.extend(entry),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    if mistakes.is_empty() { Ok(Export { origin, entries }) } else { Err(mistakes) }
}

/// Whose columns these are.
fn detect(row: &Row) -> Option<Origin> {
    let marks = [
        ("request_id", Origin::Litellm),
        ("num_model_requests", Origin::Openai),
        ("usage_input_tokens_no_cache", Origin::Anthropic),
        ("uncached_input_tokens", Origin::Anthropic),
    ];
    marks.into_iter().find(|(name, _)| row.fields.contains_key(*name)).map(|(_, origin)| origin)
}

impl Export {
    /// The events, whose prices are those that rows tell, else those that are looked up; in euros at this rate.
    pub fn events(
        &self,
        user: &str,
        rate: Rate,
        look_up: impl Fn(&Entry) -> Option<Money>,
    ) -> Vec<RequestEvent> {
        let mut met: HashSet<Uuid> = HashSet::new();
        let events = self.entries.iter().map(|entry| {
            let cost = entry.cost_usd.or_else(|| look_up(entry).filter(|_| entry.is_listed));
            entry.event(self.origin, user, cost.map(|cost| (cost, rate)))
        });
        // A row that stands twice is one.
        events.filter(|event| met.insert(event.id)).collect()
    }
}

impl Entry {
    /// Who sold it: the name of a built-in endpoint.
    pub const fn endpoint(&self) -> &'static str {
        self.endpoint
    }

    fn event(&self, origin: Origin, user: &str, cost: Option<(Money, Rate)>) -> RequestEvent {
        let usage = &self.usage;
        let (error, http_status) = self.failure.unzip();
        RequestEvent {
            v: 1,
            id: id(origin, &self.identity),
            user_id: self.user.clone().unwrap_or_else(|| user.to_owned()),
            ts: self.at,
            model: self.model.as_str().into(),
            provider: self.provider.clone(),
            tokens_in: usage.tokens_in,
            tokens_out: usage.tokens_out,
            cost_eur: cost.map(|(cost, rate)| cost.convert(rate)),
            latency: self.latency,
            endpoint: self.endpoint.into(),
            key: self.key.as_deref().unwrap_or("default").into(),
            alias: None,
            model_served: None,
            ttft: self.ttft,
            cached_in: usage.cached_in,
            cache_write: usage.cache_write,
            cache_write_1h: usage.cache_write_1h,
            reasoning_out: usage.reasoning_out,
            estimated: false,
            cost_usd: cost.map(|(cost, _)| cost),
            eur_per_usd: cost.map(|(_, rate)| rate),
            cost_told: self.cost_usd.is_some(),
            status: if error.is_some() { EventStatus::Error } else { EventStatus::Ok },
            error,
            http_status: http_status.flatten(),
            attempt: 1,
            attempts: 1,
            is_final: self.is_request,
            finish: None,
            conversation: self.conversation,
            message: None,
            mode: Mode::Imported,
            over_budget: Vec::new(),
        }
    }
}

/// An id that is the same whenever the same row is read.
fn id(origin: Origin, identity: &[String]) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(format!("{origin:?}"));
    for part in identity {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash.finalize()).for_each(|(byte, of)| *byte = of);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// Puts the events into the log that it does not have yet; how many those are.
///
/// # Errors
/// What the file system says. What was written until then stays, and is not written again.
pub fn take(log: &Log, mut events: Vec<RequestEvent>) -> io::Result<usize> {
    let known = imported(log, &events)?;
    events.retain(|event| !known.contains(&event.id));
    events.sort_by_key(|event| event.ts);
    for event in &events {
        log.append(event)?;
    }
    Ok(events.len())
}

/// The ids of what was imported before, of the months of these events.
fn imported(log: &Log, events: &[RequestEvent]) -> io::Result<HashSet<Uuid>> {
    #[derive(Deserialize)]
    struct Known {
        id: Uuid,
    }
    let months: HashSet<String> = events.iter().map(|event| month(event.ts)).collect();
    let mark = memchr::memmem::Finder::new(b"\"mode\":\"imported\"");
    let mut known = HashSet::new();
    for source in sources(&log.folders())?.iter().filter(|source| months.contains(&source.month)) {
        each_line(&mut *source.reader(0)?, 0, |_, line| {
            if mark.find(line).is_some() {
                known.extend(serde_json::from_slice::<Known>(line).ok().map(|known| known.id));
            }
        })?;
    }
    Ok(known)
}

/// What stands in a row, and what is wrong with it.
impl Row {
    fn mistake(&self, name: &str, what: &str) -> Mistake {
        Mistake::at(self.line, format!("`{name}`: {what}"))
    }

    /// A text that is there and not empty; numbers as they are written.
    fn text(&self, name: &str) -> Option<String> {
        match self.fields.get(name)? {
            Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
    }

    fn needed(&self, name: &str) -> Result<String, Mistake> {
        self.text(name).ok_or_else(|| self.mistake(name, "is missing"))
    }

    /// A count; `None` where it is not told.
    fn count(&self, name: &str) -> Result<Option<u64>, Mistake> {
        let told = self.text(name);
        let count = |text: String| text.parse().map_err(|_| self.mistake(name, "is no count"));
        told.map(count).transpose()
    }

    /// A moment; without a zone it is UTC's, and a number counts seconds from 1970 on.
    fn time(&self, name: &str) -> Result<Option<Timestamp>, Mistake> {
        let Some(text) = self.text(name) else { return Ok(None) };
        moment(&text).map(Some).ok_or_else(|| self.mistake(name, "is no time"))
    }

    fn needed_time(&self, name: &str) -> Result<Timestamp, Mistake> {
        self.time(name)?.ok_or_else(|| self.mistake(name, "is missing"))
    }

    /// What is nested in a field, also where a cell holds it as JSON.
    fn nested(&self, name: &str) -> Option<Value> {
        match self.fields.get(name)? {
            Value::String(text) => serde_json::from_str(text).ok(),
            other => Some(other.clone()),
        }
    }
}

fn moment(text: &str) -> Option<Timestamp> {
    if let Ok(seconds) = text.parse::<f64>() {
        return Timestamp::from_millisecond((seconds * 1000.0) as i64).ok();
    }
    let utc =
        |time: jiff::civil::DateTime| time.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|at| at.timestamp());
    text.parse::<Timestamp>().ok().or_else(|| utc(text.parse().ok()?))
}

/// The middle of a stretch, so that it is of its day in most time zones.
fn middle(from: Timestamp, to: Timestamp) -> Timestamp {
    from.checked_add(SignedDuration::from_millis(to.duration_since(from).as_millis() as i64 / 2))
        .unwrap_or(from)
}
