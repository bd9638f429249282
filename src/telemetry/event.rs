//! The request event: one attempt, one line (contracts section 4).

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};

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

impl EventStatus {
    /// In the order of [`code`](Self::code).
    const ALL: [Self; 4] = [Self::Ok, Self::Error, Self::Cancelled, Self::Cut];

    /// Its name in an event.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Error => "error",
            Self::Cancelled => "cancelled",
            Self::Cut => "cut",
        }
    }

    /// The status of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// Its number in the index.
    pub(super) const fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Error => 1,
            Self::Cancelled => 2,
            Self::Cut => 3,
        }
    }
}

/// What kind of failure an event tells of: one that is known here, or one of a later version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// A kind of contracts section 3.
    Known(ErrorKind),
    /// A name that is not known here.
    Other,
}

impl Fault {
    /// In the order of their numbers in the index, which begin at 1: 0 is no failure.
    const KINDS: [ErrorKind; 14] = [
        ErrorKind::Config,
        ErrorKind::Auth,
        ErrorKind::UnknownModel,
        ErrorKind::NotFound,
        ErrorKind::Network,
        ErrorKind::Timeout,
        ErrorKind::RateLimit,
        ErrorKind::Provider,
        ErrorKind::ContentFilter,
        ErrorKind::ContextWindow,
        ErrorKind::Budget,
        ErrorKind::Cut,
        ErrorKind::Cancelled,
        ErrorKind::Internal,
    ];
    /// How many numbers there are, 0 included.
    pub(super) const CODES: usize = Self::KINDS.len() + 2;

    /// Its name in an event; `other` where it has none here.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Known(kind) => kind.name(),
            Self::Other => "other",
        }
    }

    /// The failure of this name.
    pub fn from_name(name: &str) -> Self {
        Self::KINDS.into_iter().find(|kind| kind.name() == name).map_or(Self::Other, Self::Known)
    }

    /// Its number in the index.
    pub(super) fn code(of: Option<Self>) -> u8 {
        let at = match of {
            None => return 0,
            Some(Self::Known(kind)) => Self::KINDS.iter().position(|known| *known == kind),
            Some(Self::Other) => None,
        };
        u8::try_from(at.unwrap_or(Self::KINDS.len()) + 1).unwrap_or(u8::MAX)
    }

    /// The failure of this number.
    pub(super) fn from_code(code: usize) -> Option<Self> {
        let at = code.checked_sub(1)?;
        Some(Self::KINDS.get(at).map_or(Self::Other, |kind| Self::Known(*kind)))
    }
}

/// What a request was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum)]
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
    /// Something else's: others have counted it, and it was imported.
    Imported,
}

impl Mode {
    const ALL: [Self; 5] = [Self::Tui, Self::Oneshot, Self::Title, Self::Summary, Self::Imported];

    /// Its name in an event.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tui => "tui",
            Self::Oneshot => "oneshot",
            Self::Title => "title",
            Self::Summary => "summary",
            Self::Imported => "imported",
        }
    }

    /// The mode of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
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
    /// When the attempt began; a line tells it to the millisecond.
    #[serde(serialize_with = "milliseconds")]
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
    /// Those of them that are kept for an hour, where that was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write_1h: Option<u64>,
    /// Reasoning tokens.
    pub reasoning_out: Option<u64>,
    /// Counted here and not by the provider.
    pub estimated: bool,
    /// Price in US dollars.
    #[serde(rename = "costUSD")]
    pub cost_usd: Option<Money>,
    /// The rate the price was converted with.
    pub eur_per_usd: Option<Rate>,
    /// Whether the price is the provider's own word, and not computed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cost_told: bool,
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
    /// The budgets whose hard limit was reached when it was sent all the same, because a person wanted it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub over_budget: Vec<String>,
}

fn milliseconds<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{time:.3}"))
}
