//! The validated configuration, as plain data.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use super::Adapter;
use super::access::Access;
use super::azure::Azure;
use super::bedrock::BedrockConfig;
use super::budgets::Budget;
use super::look::{Background, ColorDepth, Images, Themes};
use super::prices::{PriceConfig, PriceRow};
use super::problem::{Location, Problem};
use super::prompts::SavedPrompt;
use super::router::{Limits, RouterConfig};
use super::telemetry::TelemetryConfig;
use super::template::{Env, Template};
use crate::chat::{EndpointName, KeyLabel, ModelId, Money, Preset};

/// A protocol spoken with a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WireFormat {
    /// OpenAI Chat Completions and everything compatible with it.
    OpenaiChat,
    /// OpenAI Responses.
    OpenaiResponses,
    /// Anthropic Messages.
    Anthropic,
    /// Google Gemini.
    Gemini,
    /// Azure OpenAI.
    Azure,
    /// AWS Bedrock ConverseStream.
    Bedrock,
    /// Ollama's own.
    Ollama,
    /// Declared in YAML.
    Adapter,
}

impl WireFormat {
    /// The name `api:` uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenaiChat => "openai-chat",
            Self::OpenaiResponses => "openai-responses",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::Azure => "azure",
            Self::Bedrock => "bedrock",
            Self::Ollama => "ollama",
            Self::Adapter => "adapter",
        }
    }
}

/// Who an endpoint is told is asking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UserIdPolicy {
    /// Nothing is told.
    #[default]
    None,
    /// `user`.
    User,
    /// `metadata.user_id`, as LiteLLM reads it.
    Metadata,
}

/// How reasoning effort is told (`customParams.reasoningFormat`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReasoningFormat {
    /// `reasoning_effort`.
    Effort,
    /// `reasoning: {effort}`.
    Object,
    /// It is not told.
    Disabled,
}

/// Which reasoning of earlier answers is sent back (`customParams.includeReasoningContent` and
/// `includeReasoningHistory`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReasoningBack {
    /// None.
    Never,
    /// That of answers with calls, until the next question.
    ToolTurns,
    /// All.
    Always,
}

/// Time limits of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// To connect, TLS included.
    pub connect: Duration,
    /// From the request to the first byte of the answer's body.
    pub first_token: Duration,
    /// Between two pieces of the body; comments count as pieces.
    pub idle: Duration,
    /// The whole turn, all attempts and waits.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            first_token: Duration::from_secs(120),
            idle: Duration::from_secs(120),
            total: Duration::from_secs(600),
        }
    }
}

/// Where a key comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// `apiKey`: literal, `${ENV}` or `user_provided`.
    Value(Template),
    /// `keyCommand`: the first line it prints.
    Command(Vec<Template>),
    /// Nothing is configured for a Bedrock endpoint: AWS's own variables and files.
    Aws,
}

/// A key an endpoint is configured with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyConfig {
    /// Its label.
    pub label: KeyLabel,
    /// Where it comes from; a stored key of the same label wins over it.
    pub source: KeySource,
    /// What may be asked of it.
    pub limits: Limits,
}

/// Which models an endpoint offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelsConfig {
    /// Shown until a live list replaces them, and when a fetch fails.
    pub default: Vec<ModelId>,
    /// Whether the list is fetched from the provider.
    pub fetch: bool,
    /// Globs; where there are any, a model must match one.
    pub include: Vec<String>,
    /// Globs; a model that matches one is left out.
    pub exclude: Vec<String>,
    /// Add `?user=<id>` to the fetch (LibreChat's `userIdQuery`).
    pub user_id_query: bool,
}

/// Prices and context of a model as an endpoint's `tokenConfig` tells them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenConfig {
    /// US dollars per million input tokens.
    pub prompt: Option<Money>,
    /// US dollars per million output tokens.
    pub completion: Option<Money>,
    /// Context window in tokens.
    pub context: Option<u64>,
    /// US dollars per million tokens read from the cache.
    pub cache_read: Option<Money>,
    /// US dollars per million tokens written to the cache.
    pub cache_write: Option<Money>,
}

/// Which model makes titles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TitleModel {
    /// The conversation's own (`current_model`, or nothing configured).
    Current,
    /// This one.
    Named(ModelId),
}

/// How titles are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TitleConfig {
    /// `titleConvo`. Off: a title is made from the first words.
    pub enabled: bool,
    /// `titleModel`.
    pub model: TitleModel,
    /// `titleEndpoint`; `None` is the conversation's own.
    pub endpoint: Option<EndpointName>,
    /// `titlePrompt`, holding `{convo}`; `None` is the built-in one.
    pub prompt: Option<String>,
    /// `titlePromptTemplate`, holding `{input}` and `{output}`; `None` is the built-in one.
    pub prompt_template: Option<String>,
}

/// A named place requests go to.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// Its name.
    pub name: EndpointName,
    /// Where it is configured.
    pub at: Location,
    /// Which protocol it speaks.
    pub api: WireFormat,
    /// `baseURL`; may be `user_provided`.
    pub base_url: Template,
    /// Its keys, in order. Empty: it needs none.
    pub keys: Vec<KeyConfig>,
    /// Its models.
    pub models: ModelsConfig,
    /// What the service calls a model, where that is not its id here (`vertex.models`).
    pub deployments: HashMap<ModelId, String>,
    /// Headers sent with every request; not sent where the base URL is the person's own.
    pub headers: Vec<(String, Template)>,
    /// Merged into the body last.
    pub add_params: Map<String, Value>,
    /// Removed from the body after everything else.
    pub drop_params: Vec<String>,
    /// `customParams.paramDefinitions` defaults: sent where the person set nothing.
    pub default_params: Map<String, Value>,
    /// `customParams.reasoningKey`: which field holds the reasoning, where it is told.
    pub reasoning_key: Option<String>,
    /// How effort is told, where it is configured.
    pub reasoning_format: Option<ReasoningFormat>,
    /// Which reasoning is sent back, where it is configured.
    pub reasoning_back: Option<ReasoningBack>,
    /// How titles are made.
    pub title: TitleConfig,
    /// `modelDisplayLabel`: the name of its answers.
    pub label: Option<String>,
    /// `baseURL` is the whole completions URL, nothing is appended.
    pub direct: bool,
    /// Time limits.
    pub timeouts: Timeouts,
    /// What may be asked of it, with all its keys together.
    pub limits: Limits,
    /// Proxy URL; `None` follows the environment.
    pub proxy: Option<Template>,
    /// A PEM file of further certificates to trust.
    pub ca_file: Option<PathBuf>,
    /// Keys and bodies may go over plain http to hosts other than loopback.
    pub allow_insecure: bool,
    /// Who it is told is asking.
    pub user_id: UserIdPolicy,
    /// Prices and context sizes by model id.
    pub token_config: HashMap<String, TokenConfig>,
    /// The rows of `prices.models` that hold here, in their order.
    pub prices: Vec<PriceRow>,
    /// Where Azure's models are, where `groups` say.
    pub azure: Option<Azure>,
    /// How it is asked and understood, where it speaks no known format.
    pub adapter: Option<Arc<Adapter>>,
    /// What only Bedrock endpoints have.
    pub bedrock: BedrockConfig,
}

impl Endpoint {
    /// Whether it stands for the aliases, and nothing can be sent to it.
    pub fn is_router(&self) -> bool {
        self.name.as_str() == EndpointName::ROUTER
    }

    /// An endpoint of which nothing is configured but these; it needs no key and fetches its models.
    pub fn new(name: &str, api: WireFormat, base_url: Template) -> Self {
        Self {
            name: name.into(),
            at: base_url.at.clone(),
            api,
            base_url,
            keys: Vec::new(),
            models: ModelsConfig { fetch: true, ..ModelsConfig::default() },
            deployments: HashMap::new(),
            headers: Vec::new(),
            add_params: Map::new(),
            drop_params: Vec::new(),
            default_params: Map::new(),
            reasoning_key: None,
            reasoning_format: None,
            reasoning_back: None,
            title: TitleConfig {
                enabled: false,
                model: TitleModel::Current,
                endpoint: None,
                prompt: None,
                prompt_template: None,
            },
            label: None,
            direct: false,
            timeouts: Timeouts::default(),
            limits: Limits::default(),
            proxy: None,
            ca_file: None,
            allow_insecure: false,
            user_id: UserIdPolicy::None,
            token_config: HashMap::new(),
            prices: Vec::new(),
            azure: None,
            adapter: None,
            bedrock: BedrockConfig::default(),
        }
    }
}

/// What a new conversation, or a one-shot, starts with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Defaults {
    /// Endpoint.
    pub endpoint: Option<EndpointName>,
    /// Model.
    pub model: Option<ModelId>,
    /// Key label.
    pub key: Option<KeyLabel>,
    /// Preset, by its name.
    pub preset: Option<String>,
}

/// A key binding a person configured: keys as written, and the command's name (`none` unbinds).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeymapEntry {
    /// Where the binding applies: `anywhere`, `composer`, `transcript`, `picker`.
    pub context: String,
    /// Keys as written: `ctrl-x m`.
    pub keys: String,
    /// The command's name, or `none`.
    pub command: String,
    /// Where it was written, for conflicts.
    pub at: Location,
}

/// How long things are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StorageConfig {
    /// `trash_days`: days that things stay in the trash; 0 keeps them until it is emptied.
    pub trash_days: u32,
}

impl Default for StorageConfig {
    fn default() -> Self {
        Self { trash_days: 30 }
    }
}

impl StorageConfig {
    /// What was put in the trash before this time has been there long enough.
    pub fn trash_kept_since(&self, now: Timestamp) -> Option<Timestamp> {
        let kept = SignedDuration::from_hours(i64::from(self.trash_days) * 24);
        if kept.is_zero() { None } else { now.checked_sub(kept).ok() }
    }
}

/// How the app looks and behaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UiConfig {
    /// The theme; `None` follows the terminal.
    pub theme: Option<Themes>,
    /// What the terminal's background is; `None` is what the terminal says.
    pub background: Option<Background>,
    /// How many colours there are; `None` is what the environment says.
    pub colors: Option<ColorDepth>,
    /// How pictures are shown; `None` is as the terminal is known to.
    pub images: Option<Images>,
    /// Whether the app takes the mouse from the start.
    pub mouse: bool,
    /// Whether vi's keys change the prompt from the start.
    pub vi: bool,
    /// Two letters that, right after each other, are vi's Esc.
    pub vi_escape: Option<[char; 2]>,
    /// Whether the app leaves the alternate screen alone.
    pub inline: bool,
    /// Whether the branch is left on the terminal when the app is.
    pub print_on_exit: bool,
    /// Whether reasoning is shown once its answer has begun.
    pub reasoning: Reasoning,
    /// How far the view follows an answer that grows.
    pub follow: Following,
    /// How the app reaches a person who does not look at it.
    pub access: Access,
    /// How long the leader waits before it shows what may follow.
    pub which_key: WhichKey,
    /// The tag of a language of the catalogue; `None` is the one that the environment asks for.
    pub language: Option<&'static str>,
    /// `frames`: the most frames a second that nobody asked for by a key; `None` for as many as the line takes.
    pub frames: Option<NonZeroU32>,
}

/// How long a key that begins others waits before it shows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WhichKey(pub Duration);

impl Default for WhichKey {
    /// Long enough for who knows the next key.
    fn default() -> Self {
        Self(Duration::from_millis(400))
    }
}

/// Whether reasoning is shown once its answer has begun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reasoning {
    /// As a person chose last.
    #[default]
    Remember,
    /// Only that there is some.
    Folded,
    /// All of it.
    Open,
}

/// How far the view follows an answer that grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Following {
    /// As a person chose last.
    #[default]
    Remember,
    /// Until its beginning would leave the view.
    Beginning,
    /// To its end.
    Always,
}

/// The whole configuration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// Every endpoint, the person's own first, then the built-in ones.
    pub endpoints: Vec<Endpoint>,
    /// `user`: who events are written for; `None` is the login name.
    pub user: Option<String>,
    /// What a new conversation starts with.
    pub defaults: Defaults,
    /// `presets`, and LibreChat's `modelSpecs`.
    pub presets: Vec<Preset>,
    /// `prompts`.
    pub prompts: Vec<SavedPrompt>,
    /// Aliases, retries and limits.
    pub router: RouterConfig,
    /// Prices.
    pub prices: PriceConfig,
    /// What may be spent.
    pub budgets: Vec<Budget>,
    /// How long things are kept.
    pub storage: StorageConfig,
    /// How long the telemetry log is kept.
    pub telemetry: TelemetryConfig,
    /// Look and behaviour.
    pub ui: UiConfig,
    /// Bindings over the built-in ones.
    pub keymap: Vec<KeymapEntry>,
    /// The files that were read, in order.
    pub files: Vec<PathBuf>,
    /// What templates are expanded with.
    pub env: Env,
}

impl Config {
    /// The endpoint of this name. Names are compared exactly.
    pub fn endpoint(&self, name: &str) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.name.as_str() == name)
    }

    /// What `ENDPOINT/MODEL` names, where the part before a slash is exactly an endpoint's name. The longest
    /// name is meant, in case one begins with another's and a slash.
    pub fn endpoint_and_model(&self, name: &str) -> Option<(&Endpoint, ModelId)> {
        endpoint_and_model(&self.endpoints, name)
    }
}

/// The same, while there is no [`Config`] yet.
pub(super) fn endpoint_and_model<'a>(
    endpoints: &'a [Endpoint],
    name: &str,
) -> Option<(&'a Endpoint, ModelId)> {
    let named = endpoints.iter().filter_map(|endpoint| {
        let model = name.strip_prefix(endpoint.name.as_str())?.strip_prefix('/')?;
        (!model.is_empty()).then(|| (endpoint, ModelId::from(model)))
    });
    named.max_by_key(|(endpoint, _)| endpoint.name.as_str().len())
}

/// A configuration that was loaded, with what was found on the way.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The configuration; usable whatever the warnings.
    pub config: Config,
    /// Warnings and keys that are not used.
    pub problems: Vec<Problem>,
}
