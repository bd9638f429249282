//! Request events: the log, and totals over it (contracts section 4).
//!
//! One event an attempt, one JSON line an event, one write a line. No prompt, answer or key is ever in one.

use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::chat::{
    ConversationId, EndpointName, ErrorKind, FinishReason, KeyLabel, MessageId, ModelId, Money, Rate,
};

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventStatus {
    /// It finished.
    Ok,
    /// It failed.
    Error,
    /// The person stopped it.
    Cancelled,
    /// Its stream was cut.
    Cut,
}

/// What a request was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// A turn in the app.
    Tui,
    /// A turn of `--prompt`.
    Oneshot,
    /// A title.
    Title,
    /// A summary.
    Summary,
}

/// One attempt. Field order is the order of the line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequestEvent {
    /// Version of this shape: 1.
    pub v: u8,
    /// UUID v7.
    pub id: uuid::Uuid,
    /// Who asked.
    #[serde(rename = "userId")]
    pub user_id: String,
    /// When the attempt began.
    pub ts: Timestamp,
    /// The model id that was sent.
    pub model: ModelId,
    /// The maker of the wire.
    pub provider: String,
    /// All input tokens; `null` is not reported.
    pub tokens_in: Option<u64>,
    /// All output tokens.
    pub tokens_out: Option<u64>,
    /// Price in euros; `null` is unknown.
    #[serde(rename = "costEUR")]
    pub cost_eur: Option<Money>,
    /// Seconds this attempt took.
    pub latency: f64,
    /// Endpoint.
    pub endpoint: EndpointName,
    /// Key label.
    pub key: KeyLabel,
    /// Alias that was asked for.
    pub alias: Option<String>,
    /// The model id the provider said.
    pub model_served: Option<ModelId>,
    /// Seconds to the first content.
    pub ttft: Option<f64>,
    /// Cached input tokens.
    pub cached_in: Option<u64>,
    /// Input tokens written to the cache.
    pub cache_write: Option<u64>,
    /// Reasoning tokens.
    pub reasoning_out: Option<u64>,
    /// Counted here and not by the provider.
    pub estimated: bool,
    /// Price in US dollars.
    #[serde(rename = "costUSD")]
    pub cost_usd: Option<Money>,
    /// The rate the price was converted with.
    pub eur_per_usd: Option<Rate>,
    /// How it ended.
    pub status: EventStatus,
    /// What kind of failure it was.
    pub error: Option<ErrorKind>,
    /// HTTP status.
    pub http_status: Option<u16>,
    /// Which attempt of its turn, from 1.
    pub attempt: u32,
    /// Attempts of the turn so far.
    pub attempts: u32,
    /// Whether this is the turn's last attempt.
    #[serde(rename = "final")]
    pub is_final: bool,
    /// Why the answer ended.
    pub finish: Option<FinishReason>,
    /// Conversation; `null` where nothing was stored.
    pub conversation: Option<ConversationId>,
    /// The answer's id.
    pub message: Option<MessageId>,
    /// What it was for.
    pub mode: Mode,
}

/// The telemetry log: monthly files below a folder.
#[derive(Clone, Debug)]
pub struct Log {
    folder: PathBuf,
}

/// What totals are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum GroupBy {
    /// Local day.
    Day,
    /// Model sent.
    Model,
    /// Endpoint.
    Endpoint,
    /// `ENDPOINT/LABEL`.
    Key,
    /// Conversation id.
    Conversation,
    /// Who asked.
    User,
}

/// Totals of a group; field names are those of `loquat usage --json`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct UsageRow {
    /// The group's value.
    pub key: String,
    /// Turns.
    pub requests: u64,
    /// Turns that failed.
    pub errors: u64,
    /// Input tokens.
    pub tokens_in: u64,
    /// Output tokens.
    pub tokens_out: u64,
    /// Cached input tokens.
    pub cached_in: u64,
    /// Reasoning tokens.
    pub reasoning_out: u64,
    /// Sum of the known prices.
    pub cost_eur: Money,
    /// Requests that billed tokens at an unknown price.
    pub unpriced: u64,
    /// Seconds.
    pub latency_p50: Option<f64>,
    /// Seconds.
    pub latency_p95: Option<f64>,
    /// Seconds.
    pub ttft_p50: Option<f64>,
}

/// A report over a range of days.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UsageReport {
    /// First day, local.
    pub from: Date,
    /// Last day, local, inclusive.
    pub to: Date,
    /// Grouping, by its command-line name.
    pub by: String,
    /// Groups: days in order, others by price and then by requests, largest first.
    pub rows: Vec<UsageRow>,
    /// Everything in the range.
    pub total: UsageRow,
}

#[expect(unused_variables, reason = "the seam before the room behind it")]
impl Log {
    /// The log below this folder. Touches nothing yet.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }
    /// Appends one event: one write, under a lock, after a newline where the file does not end in one.
    pub fn append(&self, event: &RequestEvent) -> std::io::Result<()> {
        let _ = &self.folder;
        todo!()
    }
    /// Totals. Files of months outside the range are not read; a torn or foreign line is skipped and counted.
    pub fn report(
        &self,
        from: Date,
        to: Date,
        by: GroupBy,
        zone: &jiff::tz::TimeZone,
    ) -> std::io::Result<(UsageReport, u64)> {
        todo!()
    }
    /// What was spent since a moment (for "price today").
    pub fn spent_since(&self, since: Timestamp) -> std::io::Result<Money> {
        todo!()
    }
}

/// The person's login name, for `userId` where the configuration names none.
pub fn login_name(env: &crate::config::Env) -> String {
    ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .find_map(|name| env.get(name))
        .map_or_else(|| "unknown".to_owned(), ToOwned::to_owned)
}
