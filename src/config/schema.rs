//! What may stand in a configuration file, as tables.
//!
//! LibreChat's `endpoints` with Loquat's additions, and the top level of both; LiteLLM's are beside its reader. A key
//! that is only here so that real files load is `Foreign`; the checker lists it and looks no further.

use super::Strategy;
use super::access;
use super::adapter::{Framing, Method};
use super::budgets::BUDGET;
use super::litellm::schema as litellm;
use super::look::{BACKGROUNDS, COLORS, IMAGES};
use super::telemetry::TELEMETRY;

/// What a value has to be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Any scalar, read as text.
    Text,
    /// A truth value.
    Bool,
    /// A number above zero.
    Positive,
    /// A number, zero included: a price.
    Amount,
    /// A whole number, zero included.
    Count,
    /// A whole number above zero.
    Whole,
    /// A whole number above zero, or this word.
    WholeOr(&'static str),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Two characters that show.
    TwoLetters,
    /// A list of these.
    List(&'static Kind),
    /// A list of the first, or, where it is no list, the second.
    ListOr(&'static Kind, &'static Kind),
    /// A map of these fields, or, where it is no map, the other.
    ObjectOr(&'static [Field], &'static Kind),
    /// A map of free keys to these.
    Map(&'static Kind),
    /// A map of these fields.
    Object(&'static [&'static [Field]]),
    /// Whatever is written.
    Any,
}

/// What Loquat does with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It is used.
    Used,
    /// It is used, and has to be there.
    Required,
    /// It is used, has to be there, and is what the items of a list are told apart by.
    Name,
    /// It is used where the person wrote it, never from an included file: it runs or reads something.
    OwnFileOnly,
    /// LibreChat or LiteLLM knows it, and there is no use for it here.
    Foreign,
}

/// A key of a map.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub key: &'static str,
    pub kind: Kind,
    pub role: Role,
}

pub(super) const fn used(key: &'static str, kind: Kind) -> Field {
    Field { key, kind, role: Role::Used }
}

pub(super) const fn required(key: &'static str, kind: Kind) -> Field {
    Field { key, kind, role: Role::Required }
}

pub(super) const fn name(key: &'static str) -> Field {
    Field { key, kind: Kind::Text, role: Role::Name }
}

pub(super) const fn own(key: &'static str, kind: Kind) -> Field {
    Field { key, kind, role: Role::OwnFileOnly }
}

pub(super) const fn foreign(key: &'static str) -> Field {
    Field { key, kind: Kind::Any, role: Role::Foreign }
}

/// A whole file.
pub(super) const ROOT: Kind = Kind::Object(&[LOQUAT_ROOT, LIBRECHAT_ROOT, litellm::ROOT]);

/// The names `api:` takes, in the order of the messages.
pub(super) const APIS: &[&str] =
    &["openai-chat", "openai-responses", "anthropic", "gemini", "azure", "bedrock", "ollama", "adapter"];

pub(super) const LOQUAT_ROOT: &[Field] = &[
    used("include", Kind::ListOr(&Kind::Text, &Kind::Text)),
    own("envFile", Kind::Text),
    used("user", Kind::Text),
    used("defaults", Kind::Object(&[DEFAULTS])),
    used("router", Kind::Object(&[ROUTER])),
    used("prices", Kind::Object(&[PRICES])),
    used("storage", Kind::Object(&[STORAGE])),
    used("ui", Kind::Object(&[UI, access::FIELDS])),
    used("keymap", Kind::Object(&[KEYMAP])),
    used("presets", Kind::List(&Kind::Object(&[PRESET]))),
    used("prompts", Kind::List(&Kind::Object(&[PROMPT]))),
    used("telemetry", Kind::Object(&[TELEMETRY])),
    used("budgets", Kind::List(&Kind::Object(&[BUDGET]))),
    used("endpoints", Kind::Object(&[ENDPOINTS])),
];

/// Keys whose presence says that a file is LibreChat's.
pub(super) const LIBRECHAT_ROOT: &[Field] = &[
    foreign("version"),
    foreign("cache"),
    used("modelSpecs", Kind::Any),
    foreign("mcpServers"),
    foreign("mcpSettings"),
    foreign("interface"),
    foreign("fileConfig"),
    foreign("summarization"),
    foreign("memory"),
    foreign("webSearch"),
    foreign("ocr"),
    foreign("speech"),
    foreign("balance"),
    foreign("transactions"),
    foreign("registration"),
    foreign("turnstile"),
    foreign("rateLimits"),
    foreign("actions"),
    foreign("fileStrategy"),
    foreign("fileStrategies"),
    foreign("cloudfront"),
    foreign("secureImageLinks"),
    foreign("imageOutputType"),
    foreign("includedTools"),
    foreign("filteredTools"),
    foreign("langfuse"),
    foreign("skillSync"),
    foreign("filters"),
    foreign("messageFilter"),
];

const DEFAULTS: &[Field] = &[
    used("endpoint", Kind::Text),
    used("model", Kind::Text),
    used("key", Kind::Text),
    used("preset", Kind::Text),
];

const PRESET: &[Field] = &[
    name("name"),
    used("endpoint", Kind::Text),
    used("model", Kind::Text),
    used("key", Kind::Text),
    used("system", Kind::Text),
    used("parameters", Kind::Map(&Kind::Any)),
    used("default", Kind::Bool),
    used("order", Kind::Count),
];

const PROMPT: &[Field] = &[name("name"), required("text", Kind::Text), used("description", Kind::Text)];

const ROUTER: &[Field] = &[
    used("retries", Kind::Count),
    used("timeouts", Kind::Object(&[TIMEOUTS])),
    used("cooldown", Kind::Object(&[COOLDOWN])),
    used("on_cut", Kind::OneOf(&["ask", "automatic"])),
    used("models", Kind::List(&Kind::Object(&[ALIAS]))),
];

const COOLDOWN: &[Field] = &[used("failures", Kind::Whole), used("seconds", Kind::Positive)];

/// The words of `strategy`.
pub(super) const STRATEGIES: &[(&str, Strategy)] = &[
    ("order", Strategy::Order),
    ("shuffle", Strategy::Shuffle),
    ("least-busy", Strategy::LeastBusy),
    ("latency", Strategy::Latency),
    ("cost", Strategy::Cost),
    ("headroom", Strategy::Headroom),
];

const ALIAS: &[Field] = &[
    name("name"),
    used("strategy", Kind::OneOf(&["order", "shuffle", "least-busy", "latency", "cost", "headroom"])),
    used("routes", Kind::List(&Kind::Object(&[ROUTE]))),
    used("fallbacks", Kind::List(&Kind::Text)),
    used("context_window_fallbacks", Kind::List(&Kind::Text)),
    used("content_policy_fallbacks", Kind::List(&Kind::Text)),
    used("retries", Kind::Count),
];

const ROUTE: &[Field] = &[
    required("endpoint", Kind::Text),
    required("model", Kind::Text),
    used("key", Kind::Text),
    used("weight", Kind::Count),
    used("order", Kind::Count),
    used("limits", Kind::Object(&[LIMITS])),
    used("timeouts", Kind::Object(&[TIMEOUTS])),
];

/// What may be asked of a route, a key or an endpoint.
const LIMITS: &[Field] = &[
    used("requests_per_minute", Kind::Whole),
    used("tokens_per_minute", Kind::Whole),
    used("parallel", Kind::Whole),
];

const TIMEOUTS: &[Field] = &[
    used("connect", Kind::Positive),
    used("first_token", Kind::Positive),
    used("idle", Kind::Positive),
    used("total", Kind::Positive),
];

const STORAGE: &[Field] = &[used("trash_days", Kind::Count)];

const PRICES: &[Field] = &[
    used("eur_per_usd", Kind::Positive),
    used("eur_per_usd_date", Kind::Text),
    used("models", Kind::List(&Kind::Object(&[PRICE_ROW, RATES]))),
];

const PRICE_ROW: &[Field] = &[
    used("model", Kind::Text),
    used("endpoint", Kind::Text),
    used("above", Kind::List(&Kind::Object(&[PRICE_TIER, RATES]))),
    used("as_of", Kind::Text),
    used("source", Kind::Text),
];

const PRICE_TIER: &[Field] = &[used("tokens", Kind::Count)];

const RATES: &[Field] = &[
    used("input", Kind::Amount),
    used("output", Kind::Amount),
    used("cache_read", Kind::Amount),
    used("cache_write", Kind::Amount),
    used("cache_write_1h", Kind::Amount),
    used("reasoning", Kind::Amount),
];

const UI: &[Field] = &[
    used("theme", Kind::ObjectOr(&[used("dark", Kind::Text), used("light", Kind::Text)], &Kind::Text)),
    used("background", Kind::OneOf(BACKGROUNDS)),
    used("colors", Kind::OneOf(COLORS)),
    used("images", Kind::OneOf(IMAGES)),
    used("mouse", Kind::OneOf(&["auto", "true", "false"])),
    used("vi", Kind::Bool),
    used("vi_escape", Kind::TwoLetters),
    used("inline", Kind::Bool),
    used("print_on_exit", Kind::Bool),
    used("reasoning", Kind::OneOf(&["remember", "folded", "open"])),
    used("follow", Kind::OneOf(&["remember", "beginning", "always"])),
    used("which_key_ms", Kind::Count),
    used("frames", Kind::WholeOr("auto")),
    used("language", Kind::OneOf(LANGUAGE_WORDS)),
];

/// The words of `ui.language`: the tags of the catalogue's languages, or whatever the environment asks for.
pub(super) const LANGUAGE_WORDS: &[&str] = &["auto", "en", "de"];

const BINDINGS: Kind = Kind::Map(&Kind::Text);

const KEYMAP: &[Field] = &[
    used("anywhere", BINDINGS),
    used("composer", BINDINGS),
    used("transcript", BINDINGS),
    used("lanes", BINDINGS),
    used("picker", BINDINGS),
    used("tree", BINDINGS),
];

const ENDPOINTS: &[Field] = &[
    used("custom", Kind::List(&Kind::Object(&[NAMED, CUSTOM, SHARED, ACCESS]))),
    used("all", Kind::Object(&[SHARED])),
    used("openAI", Kind::Object(&[SHARED, ACCESS])),
    used("google", Kind::Object(&[SHARED, ACCESS])),
    used("anthropic", Kind::Object(&[SHARED, ACCESS, &[used("vertex", Kind::Object(&[VERTEX]))]])),
    used("bedrock", Kind::Object(&[SHARED, ACCESS, BEDROCK])),
    used("azureOpenAI", Kind::Object(&[SHARED, ACCESS, AZURE])),
    foreign("assistants"),
    foreign("azureAssistants"),
    foreign("agents"),
    foreign("allowedAddresses"),
];

const NAMED: &[Field] = &[name("name")];

/// The fields of every endpoint, `all` included.
const SHARED: &[Field] = &[
    used("headers", Kind::Map(&Kind::Text)),
    used("titleConvo", Kind::Bool),
    used("titleModel", Kind::Text),
    used("titlePrompt", Kind::Text),
    used("titlePromptTemplate", Kind::Text),
    used("titleEndpoint", Kind::Text),
    used("timeouts", Kind::Object(&[TIMEOUTS])),
    used("proxy", Kind::Text),
    used("caFile", Kind::Text),
    used("userId", Kind::OneOf(&["none", "user", "metadata"])),
    foreign("titleMethod"),
    foreign("titleTiming"),
    foreign("titleMessageRole"),
    foreign("streamRate"),
    foreign("activity"),
    foreign("activityModel"),
    foreign("activityPhase"),
    foreign("reasoningLabel"),
    foreign("maxToolResultChars"),
];

/// What makes a place one that requests can go to.
const ACCESS: &[Field] = &[
    used("api", Kind::OneOf(APIS)),
    used("baseURL", ALTERNATIVES),
    used("apiKey", ALTERNATIVES),
    used("keys", Kind::List(&Kind::Object(&[KEY]))),
    own("keyCommand", Kind::List(&Kind::Text)),
    used("models", Kind::ListOr(&MODEL, &Kind::Object(&[MODELS]))),
    used("modelDisplayLabel", Kind::Text),
    used("addParams", Kind::Map(&Kind::Any)),
    used("dropParams", Kind::List(&Kind::Text)),
    used("customParams", Kind::Object(&[CUSTOM_PARAMS])),
    used("tokenConfig", Kind::Map(&Kind::Object(&[TOKEN_CONFIG]))),
    used("limits", Kind::Object(&[LIMITS])),
    used("directEndpoint", Kind::Bool),
    used("allowInsecure", Kind::Bool),
    used("adapter", Kind::Object(&[ADAPTER])),
    foreign("iconURL"),
    foreign("summarize"),
    foreign("summaryModel"),
    foreign("forcePrompt"),
    foreign("customOrder"),
];

/// One text, or several of which the first whose variables are set is taken.
const ALTERNATIVES: Kind = Kind::ListOr(&Kind::Text, &Kind::Text);

const CUSTOM: &[Field] = &[used("provider", Kind::OneOf(&["anthropic"]))];

/// The words of `method` and `framing`.
pub(super) const METHODS: &[(&str, Method)] =
    &[("POST", Method::Post), ("PUT", Method::Put), ("PATCH", Method::Patch), ("GET", Method::Get)];
pub(super) const FRAMINGS: &[(&str, Framing)] = &[
    ("sse", Framing::Sse),
    ("ndjson", Framing::Ndjson),
    ("json-array", Framing::JsonArray),
    ("whole", Framing::Whole),
];

const ADAPTER: &[Field] = &[
    required("paths", Kind::Object(&[ADAPTER_PATHS])),
    used("method", Kind::OneOf(&["POST", "PUT", "PATCH", "GET"])),
    used("headers", Kind::Map(&Kind::Text)),
    required("request", Kind::Text),
    used("framing", Kind::OneOf(&["sse", "ndjson", "json-array", "whole"])),
    used("stream", Kind::Object(&[SELECTORS, &[used("done", Kind::Text)]])),
    used("response", Kind::Object(&[SELECTORS])),
    used("error", Kind::Text),
    used("usage", Kind::Object(&[COUNTS])),
    used("models", Kind::Text),
    used(
        "finish_reasons",
        Kind::Map(&Kind::OneOf(&["stop", "length", "tool_calls", "content_filter", "refusal", "error"])),
    ),
];

const ADAPTER_PATHS: &[Field] =
    &[required("chat", Kind::Text), used("models", Kind::Text), used("health", Kind::Text)];

/// What is read of a piece of an answer, or of all of it.
const SELECTORS: &[Field] = &[
    required("text", Kind::Text),
    used("reasoning", Kind::Text),
    used("refusal", Kind::Text),
    used("tool_calls", Kind::Text),
    used("finish_reason", Kind::Text),
    used("model", Kind::Text),
    used("error", Kind::Text),
    used("usage", Kind::Object(&[COUNTS])),
];

const COUNTS: &[Field] = &[
    used("tokens_in", Kind::Text),
    used("tokens_out", Kind::Text),
    used("cached_in", Kind::Text),
    used("cache_write", Kind::Text),
    used("reasoning_out", Kind::Text),
];

const KEY: &[Field] = &[
    name("label"),
    used("apiKey", ALTERNATIVES),
    own("keyCommand", Kind::List(&Kind::Text)),
    used("limits", Kind::Object(&[LIMITS])),
];

const MODEL: Kind = Kind::ObjectOr(&[required("name", Kind::Text), foreign("description")], &Kind::Text);

const MODELS: &[Field] = &[
    used("default", Kind::List(&MODEL)),
    used("only", Kind::Text),
    used("fetch", Kind::Bool),
    used("include", Kind::List(&Kind::Text)),
    used("exclude", Kind::List(&Kind::Text)),
    used("userIdQuery", Kind::Bool),
];

const CUSTOM_PARAMS: &[Field] = &[
    used("paramDefinitions", Kind::List(&Kind::Object(&[PARAM_DEFINITION]))),
    used("reasoningKey", Kind::OneOf(&["reasoning", "reasoning_content"])),
    foreign("defaultParamsEndpoint"),
    used("reasoningFormat", Kind::OneOf(&["reasoning_effort", "reasoning_object", "disabled"])),
    used("includeReasoningContent", Kind::Bool),
    used("includeReasoningHistory", Kind::Bool),
];

const PARAM_DEFINITION: &[Field] = &[
    name("key"),
    used("default", Kind::Any),
    foreign("type"),
    foreign("range"),
    foreign("options"),
    foreign("enumMappings"),
    foreign("component"),
    foreign("optionType"),
    foreign("label"),
    foreign("labelCode"),
    foreign("description"),
    foreign("descriptionCode"),
    foreign("descriptionSide"),
    foreign("placeholder"),
    foreign("placeholderCode"),
    foreign("columnSpan"),
    foreign("columns"),
    foreign("minText"),
    foreign("maxText"),
    foreign("minTags"),
    foreign("maxTags"),
    foreign("showDefault"),
    foreign("showLabel"),
    foreign("includeInput"),
    foreign("searchPlaceholder"),
    foreign("searchPlaceholderCode"),
    foreign("selectPlaceholder"),
    foreign("selectPlaceholderCode"),
];

const TOKEN_CONFIG: &[Field] = &[
    required("prompt", Kind::Amount),
    required("completion", Kind::Amount),
    used("context", Kind::Count),
    used("cacheRead", Kind::Amount),
    used("cacheWrite", Kind::Amount),
];

const VERTEX: &[Field] = &[
    used("enabled", Kind::Bool),
    used("projectId", Kind::Text),
    used("region", Kind::Text),
    used("deploymentName", Kind::Text),
    used("models", Kind::ListOr(&Kind::Text, &Kind::Map(&VERTEX_MODEL))),
    foreign("serviceKeyFile"),
];

const VERTEX_MODEL: Kind = Kind::ObjectOr(&[used("deploymentName", Kind::Text)], &Kind::Bool);

const BEDROCK: &[Field] = &[
    used("availableRegions", Kind::List(&Kind::Text)),
    used("inferenceProfiles", Kind::Map(&Kind::Text)),
    used("guardrailConfig", Kind::Object(&[GUARDRAIL])),
];

const GUARDRAIL: &[Field] = &[
    required("guardrailIdentifier", Kind::Text),
    used("guardrailVersion", Kind::Text),
    used("trace", Kind::OneOf(&["enabled", "disabled", "enabled_full"])),
    used("streamProcessingMode", Kind::OneOf(&["sync", "async"])),
];

const AZURE: &[Field] =
    &[used("groups", Kind::List(&Kind::Object(&[AZURE_GROUP]))), foreign("plugins"), foreign("assistants")];

const AZURE_GROUP: &[Field] = &[
    name("group"),
    used("apiKey", Kind::Text),
    used("instanceName", Kind::Text),
    used("deploymentName", Kind::Text),
    used("version", Kind::Text),
    used("baseURL", Kind::Text),
    used("serverless", Kind::Bool),
    used("additionalHeaders", Kind::Map(&Kind::Text)),
    used("addParams", Kind::Map(&Kind::Any)),
    used("dropParams", Kind::List(&Kind::Text)),
    used("models", Kind::Map(&Kind::ObjectOr(AZURE_MODEL, &Kind::Bool))),
    foreign("forcePrompt"),
];

const AZURE_MODEL: &[Field] =
    &[used("deploymentName", Kind::Text), used("version", Kind::Text), foreign("assistants")];
