//! What an error answer means: its kind, the provider's own words, when to try again.
//!
//! Providers agree on little here: the message has eight places, the code is a string, a number or a number
//! in a string, and "the prompt is too long" is known by its wording alone. The tables below are the whole
//! of that knowledge.

use std::time::Duration;

use http::HeaderMap;
use serde_json::Value;

use crate::chat::{EndpointName, ErrorKind, Failure, KeyLabel};
use crate::keys::{Credential, Secret, redact};
use crate::providers::params;

/// How much of an error's body is read.
pub const BODY_LIMIT: usize = 64 << 10;

/// How many characters of a body that is not JSON are shown.
const RAW_LIMIT: usize = 500;

/// What is known of an answer before its body: where errors get their status, waits and redaction from.
#[derive(Clone, Debug)]
pub struct Head {
    endpoint: EndpointName,
    key: KeyLabel,
    /// The HTTP status.
    pub status: u16,
    retry_after: Option<Duration>,
    should_retry: Option<bool>,
    location: Option<String>,
    /// The error's type, where the head names it.
    error_type: Option<String>,
    secret: Option<Secret>,
}

impl Head {
    /// Of an answer of this endpoint to a request with this key.
    pub fn new(endpoint: &EndpointName, credential: &Credential, status: u16, headers: &HeaderMap) -> Self {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        Self {
            endpoint: endpoint.clone(),
            key: credential.label.clone(),
            status,
            retry_after: retry_after(headers),
            should_retry: header("x-should-retry").and_then(|value| value.parse().ok()),
            location: header("location").map(str::to_owned),
            error_type: header("x-amzn-errortype").map(error_type),
            secret: credential.secret.clone(),
        }
    }

    /// Of an answer of which nothing but the status is known.
    pub fn plain(status: u16) -> Self {
        Self {
            endpoint: EndpointName::from(""),
            key: KeyLabel::default(),
            status,
            retry_after: None,
            should_retry: None,
            location: None,
            error_type: None,
            secret: None,
        }
    }

    /// The failure that an error's body tells.
    pub fn failure(&self, body: &[u8]) -> Failure {
        let body = out_of_event(&body[..body.len().min(BODY_LIMIT)]);
        let parsed = serde_json::from_slice::<Value>(body).ok();
        let value = match &parsed {
            Some(Value::Array(list)) => list.first(),
            other => other.as_ref(),
        };
        let told = value.map(Told::of).unwrap_or_default();
        let message = match (&self.location, told.message) {
            (Some(location), _) if (300..400).contains(&self.status) => {
                crate::t!("net-redirect", status = self.status.to_string(), location = location.as_str())
                    .into_string()
            }
            (_, Some(message)) => message,
            (_, None) => self.raw_message(body),
        };
        // A status under 400 says nothing about an error; the body's own code does, where it has one.
        let status = if self.status >= 400 { Some(self.status) } else { told.status };
        let error_type = self.error_type.as_deref().unwrap_or_default();
        let text = format!("{error_type} {} {message}", told.codes).to_lowercase();
        let kind = kind(status, &text);
        let is_refusal = matches!(status, Some(400 | 422)) && REFUSALS.iter().any(|word| text.contains(word));
        let is_final = NEVER_AGAIN.iter().any(|word| text.contains(word)) || status == Some(402);
        let mut failure = self.give(Failure::new(kind, message));
        if let Some((_, step)) = STEPS.iter().find(|(words, _)| text.contains(words)) {
            failure.next_step = Some(step().into_string());
        }
        failure.refused_param = told.param.filter(|name| is_refusal && params::is_optional(name));
        failure.retry_after = failure.retry_after.max(told.retry_after);
        failure.should_retry = match self.should_retry {
            Some(said) => Some(said),
            None if is_final => Some(false),
            None if self.status < 400 => told.status.map(|status| RETRIABLE.contains(&status)),
            None => None,
        };
        failure
    }

    /// The failure that AWS tells in the middle of a stream: what would have been an answer of its own, had the
    /// status not been sent before it.
    pub fn exception(&self, name: &str, body: &[u8]) -> Failure {
        let name = error_type(name);
        let original = serde_json::from_slice::<Value>(body)
            .ok()
            .and_then(|body| u16::try_from(body.get("originalStatusCode")?.as_u64()?).ok())
            .filter(|status| (400..600).contains(status));
        let known = EXCEPTIONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name));
        let status = original.or(known.map(|(_, status)| *status)).unwrap_or(500);
        Self { status, error_type: Some(name), ..self.clone() }.failure(body)
    }

    /// The body is not what the endpoint's wire format answers with: a proxy's page, or plain garbage.
    pub fn not_understood(&self, body: &[u8]) -> Failure {
        let mut failure = self.give(Failure::new(ErrorKind::Provider, self.raw_message(body)));
        failure.next_step = Some(crate::t!("net-step-base-url", endpoint = self.name()).into_string());
        failure
    }

    /// `failure` with what the head tells, redacted, and with the next step for its kind.
    pub fn give(&self, mut failure: Failure) -> Failure {
        failure.message = redact(&failure.message, self.secret.as_ref());
        failure.status = Some(self.status);
        failure.retry_after = self.retry_after;
        failure.should_retry = self.should_retry;
        failure.next_step = self.next_step(failure.kind);
        failure
    }

    /// The key that the request was sent with.
    pub fn secret(&self) -> Option<&Secret> {
        self.secret.as_ref()
    }

    /// What to say of a body that is no JSON error: an HTML page's title, the beginning of a text, or that there
    /// was nothing.
    fn raw_message(&self, body: &[u8]) -> String {
        let body = String::from_utf8_lossy(&body[..body.len().min(BODY_LIMIT)]);
        raw_message(redacted(&body, self.secret()).trim(), self.status)
    }

    fn name(&self) -> &str {
        self.endpoint.as_str()
    }

    fn next_step(&self, kind: ErrorKind) -> Option<String> {
        let endpoint = self.name();
        let step = match kind {
            ErrorKind::Auth => crate::t!("net-step-auth", endpoint = endpoint, label = self.key.as_str()),
            ErrorKind::UnknownModel => {
                crate::t!("net-step-model", endpoint = endpoint, label = self.key.as_str())
            }
            ErrorKind::RateLimit => crate::t!("net-step-rate-limit"),
            ErrorKind::ContextWindow => crate::t!("net-step-context"),
            ErrorKind::ContentFilter => crate::t!("net-step-filter"),
            ErrorKind::Provider if self.status >= 500 => crate::t!("net-step-provider-down"),
            ErrorKind::Provider if (300..400).contains(&self.status) => {
                crate::t!("net-step-base-url", endpoint = endpoint)
            }
            ErrorKind::Config
            | ErrorKind::NotFound
            | ErrorKind::Network
            | ErrorKind::Timeout
            | ErrorKind::Provider
            | ErrorKind::Budget
            | ErrorKind::Cut
            | ErrorKind::Cancelled
            | ErrorKind::Internal => return None,
        };
        Some(step.into_string())
    }
}

/// AWS's exceptions and the statuses they have where they come alone.
const EXCEPTIONS: &[(&str, u16)] = &[
    ("validationException", 400),
    ("accessDeniedException", 403),
    ("resourceNotFoundException", 404),
    ("modelTimeoutException", 408),
    ("modelErrorException", 424),
    ("modelStreamErrorException", 424),
    ("throttlingException", 429),
    ("internalServerException", 500),
    ("serviceUnavailableException", 503),
];

/// An AWS error type without the namespaces around it.
fn error_type(text: &str) -> String {
    let name = text.split(':').next().unwrap_or_default();
    name.rsplit('#').next().unwrap_or_default().to_owned()
}

type Step = fn() -> crate::text::Safe;

/// What to do where the words say more than the kind. In lower case.
const STEPS: &[(&str, Step)] = &[
    ("on-demand throughput", || crate::t!("net-step-inference-profile")),
    ("expiredtoken", || crate::t!("net-step-aws-expired")),
    ("signature expired", || crate::t!("net-step-aws-clock")),
    ("signature not yet current", || crate::t!("net-step-aws-clock")),
    ("have access to the model", || crate::t!("net-step-aws-access")),
];

/// Statuses that the same request may survive later.
const RETRIABLE: &[u16] = &[408, 409, 429, 500, 502, 503, 504, 529];

/// Words that say that waiting does not help.
const NEVER_AGAIN: &[&str] =
    &["insufficient_quota", "billing", "insufficient balance", "insufficient credits", "credit balance"];

/// Words that say that a model does not take a parameter, or not that value of it.
const REFUSALS: &[&str] =
    &["unsupported", "not supported", "unknown_parameter", "unrecognized request argument"];

/// What a JSON error says.
#[derive(Debug, Default)]
struct Told {
    message: Option<String>,
    /// Codes and types, joined: the machine's words.
    codes: String,
    /// The code, where it is an HTTP status.
    status: Option<u16>,
    retry_after: Option<Duration>,
    /// The parameter that it is about.
    param: Option<String>,
}

impl Told {
    fn of(value: &Value) -> Self {
        let at = |path: &str| value.pointer(path);
        let text = |path: &str| at(path).and_then(Value::as_str).filter(|text| !text.is_empty());
        let message = [
            "/error/message",
            "/error",
            "/message",
            "/detail",
            "/detail/0/msg",
            "/errors/0/message",
            "/Message",
        ]
        .into_iter()
        .find_map(text)
        .map(str::to_owned)
        // A message may be an object itself; its JSON is better than nothing.
        .or_else(|| {
            ["/error/message", "/message", "/error", "/detail"]
                .into_iter()
                .find_map(at)
                .filter(|value| value.is_object() || value.is_array())
                .map(Value::to_string)
        });
        // OpenRouter and Bedrock wrap the upstream's words.
        let raw = text("/error/metadata/raw").or_else(|| text("/originalMessage"));
        let message = match (message, raw) {
            (Some(message), Some(raw)) if !message.contains(raw) => Some(format!("{message}: {raw}")),
            (message, _) => message,
        };
        let codes = [
            "/error/code",
            "/error/type",
            "/error/status",
            "/code",
            "/type",
            "/error/innererror/code",
            "/error/details/0/reason",
            "/fault/faultstring",
        ]
        .into_iter()
        .filter_map(at)
        .filter_map(|code| code.as_str().map(str::to_owned).or_else(|| Some(code.as_u64()?.to_string())))
        .collect::<Vec<_>>()
        .join(" ");
        let status = ["/error/status_code", "/error/code", "/code", "/status_code", "/statusCode"]
            .into_iter()
            .filter_map(at)
            .filter_map(|code| code.as_u64().or_else(|| code.as_str()?.parse().ok()))
            .filter_map(|code| u16::try_from(code).ok())
            .find(|code| (400..600).contains(code));
        let retry_after = at("/error/details")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .find_map(|detail| detail.get("retryDelay")?.as_str()?.strip_suffix('s')?.parse().ok())
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let param = text("/error/param").map(str::to_owned);
        Self { message, codes, status, retry_after, param }
    }
}

/// Words that tell a kind, in the order in which they are asked. All in lower case.
const WORDS: &[(ErrorKind, &[&str])] = &[
    (
        ErrorKind::ContentFilter,
        &[
            "content_filter",
            "contentfilter",
            "content_policy",
            "content filtering",
            "contentpolicy",
            "responsibleaipolicy",
            "moderation",
            "flagged",
            "safety system",
        ],
    ),
    (
        ErrorKind::ContextWindow,
        &[
            "context_length_exceeded",
            "exceed_context_size",
            "too_many_prompt_tokens",
            "contextwindowexceeded",
            "context length",
            "context window",
            "context limit",
            "context size",
            "prompt is too long",
            "prompt too long",
            "maximum number of tokens",
            "max context",
            "total length of all messages",
        ],
    ),
    (
        ErrorKind::Auth,
        &[
            "invalid_api_key",
            "api_key_invalid",
            "incorrect api key",
            "invalid api key",
            "api key not valid",
            "invalid x-api-key",
            "no connected db",
            "authenticationerror",
            "security token",
            "accessdeniedexception",
            "expiredtoken",
        ],
    ),
    (
        ErrorKind::UnknownModel,
        &[
            "model_not_found",
            "invalid_model",
            "invalid model",
            "model not found",
            "unknown model",
            "no such model",
            "not a valid model",
            "model identifier is invalid",
            "deploymentnotfound",
        ],
    ),
];

/// Words that say that the key is good and the model is not among its own. A gateway answers with 401 or 403,
/// as it does to a bad key, so these are asked before any status.
const NOT_OF_THIS_KEY: &[&str] = &["model_access_denied", "not allowed to access model"];

/// The JSON of an error that is framed as the first event of a stream, as LiteLLM has it under a status of its own.
fn out_of_event(body: &[u8]) -> &[u8] {
    let event = body.trim_ascii_start().strip_prefix(b"data:");
    event.and_then(|event| event.split(|byte| *byte == b'\n').next()).unwrap_or(body)
}

fn kind(status: Option<u16>, text: &str) -> ErrorKind {
    if NOT_OF_THIS_KEY.iter().any(|word| text.contains(word)) {
        return ErrorKind::UnknownModel;
    }
    match status {
        Some(401) => return ErrorKind::Auth,
        Some(429) => return ErrorKind::RateLimit,
        _ => {}
    }
    let by_words = WORDS.iter().find(|(_, words)| words.iter().any(|word| text.contains(word)));
    if let Some((kind, _)) = by_words {
        return *kind;
    }
    if text.contains("model") && (text.contains("does not exist") || text.contains("not found")) {
        return ErrorKind::UnknownModel;
    }
    match status {
        Some(403) if text.contains("country") || text.contains("region") => ErrorKind::Provider,
        Some(403) => ErrorKind::Auth,
        Some(402) => ErrorKind::RateLimit,
        Some(404) => ErrorKind::UnknownModel,
        Some(413) => ErrorKind::ContextWindow,
        _ if ["insufficient_quota", "rate_limit", "ratelimit", "resource_exhausted", "credit balance"]
            .iter()
            .any(|word| text.contains(word)) =>
        {
            ErrorKind::RateLimit
        }
        _ => ErrorKind::Provider,
    }
}

/// Up to [`BODY_LIMIT`] of a text without secrets, for who shows its beginning: a key that is cut first is not
/// known as one any more.
pub fn redacted(text: &str, secret: Option<&Secret>) -> String {
    redact(&text[..text.floor_char_boundary(BODY_LIMIT)], secret)
}

fn raw_message(text: &str, status: u16) -> String {
    let status = status.to_string();
    if text.is_empty() {
        return crate::t!("net-empty-body", status = status).into_string();
    }
    if text.starts_with('<') {
        let lower = text.to_ascii_lowercase();
        let title = lower.find("<title>").and_then(|start| {
            let start = start + "<title>".len();
            let end = start + lower[start..].find("</title>")?;
            Some(text[start..end].split_whitespace().collect::<Vec<_>>().join(" "))
        });
        return match title.filter(|title| !title.is_empty()) {
            Some(title) => crate::t!("net-html-titled", status = status, title = title),
            None => crate::t!("net-html", status = status),
        }
        .into_string();
    }
    let shown: String = text.chars().take(RAW_LIMIT).collect();
    crate::t!("net-not-understood", status = status, text = shown).into_string()
}

/// The longest wait that the headers ask for. LiteLLM passes its upstream's headers on under a prefix.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<f64>().ok();
    let seconds = |seconds: f64| Duration::try_from_secs_f64(seconds).ok();
    [
        number("retry-after-ms").and_then(|ms| seconds(ms / 1000.0)),
        number("retry-after").and_then(seconds),
        number("llm_provider-retry-after").and_then(seconds),
        date_after(headers),
    ]
    .into_iter()
    .flatten()
    .max()
}

/// A `Retry-After` that is a date, counted from the answer's own `Date`: a codec has no clock, and that of
/// this machine may be wrong. Without a `Date` it tells nothing.
fn date_after(headers: &HeaderMap) -> Option<Duration> {
    let date = |name: &str| httpdate::parse_http_date(headers.get(name)?.to_str().ok()?).ok();
    let until = date("retry-after")?;
    Some(until.duration_since(date("date")?).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::testing;

    fn head(status: u16, headers: &[(&str, &str)]) -> Head {
        Head::new(
            &"Groq".into(),
            &testing::credential("https://x.test/v1", "sk-secret-1"),
            status,
            &testing::headers(headers),
        )
    }

    #[test]
    fn the_message_is_found_wherever_it_is_kept() {
        let cases = [
            (r#"{"error":{"message":"a"}}"#, "a"),
            (r#"{"code":"x","error":"b"}"#, "b"),
            (r#"{"object":"error","message":"c"}"#, "c"),
            (r#"{"detail":"d"}"#, "d"),
            (r#"{"detail":[{"loc":[],"msg":"e"}]}"#, "e"),
            (r#"{"errors":[{"message":"f"}]}"#, "f"),
            (r#"{"Message":"g"}"#, "g"),
            (r#"[{"error":{"message":"h"}}]"#, "h"),
            ("data: {\"error\":{\"message\":\"i\"}}\n\ndata: [DONE]\n\n", "i"),
            (r#"{"error":{"message":{"x":1}}}"#, r#"{"x":1}"#),
            (
                "<html><head><TITLE>502 Bad\n Gateway</TITLE>",
                "HTTP 502: an HTML page instead of an answer (502 Bad Gateway)",
            ),
            ("<html>", "HTTP 502: an HTML page instead of an answer"),
            ("", "HTTP 502 without a word"),
            ("upstream died", "HTTP 502: not an answer of this wire format: upstream died"),
        ];
        for (body, message) in cases {
            assert_eq!(head(502, &[]).failure(body.as_bytes()).message, message, "{body}");
        }
    }

    #[test]
    fn a_key_is_masked_before_its_end_is_cut_off() {
        for filler in 450..510 {
            let body = format!("{}sk-secret-1 and more", "x".repeat(filler));
            let message = head(500, &[]).failure(body.as_bytes()).message;
            assert!(!message.contains("sk-"), "{message}");
        }
    }

    #[test]
    fn kinds_follow_the_status_and_the_words() {
        use ErrorKind::*;
        let cases = [
            (401, "{}", Auth),
            (403, "{}", Auth),
            (403, r#"{"error":{"type":"key_model_access_denied","message":"no"}}"#, UnknownModel),
            (403, r#"{"error":{"message":"team not allowed to access model. Tried x"}}"#, UnknownModel),
            (401, r#"{"error":{"type":"team_model_access_denied","code":"401"}}"#, UnknownModel),
            (403, r#"{"error":{"message":"Your input was flagged"}}"#, ContentFilter),
            (403, r#"{"error":{"code":"unsupported_country_region_territory"}}"#, Provider),
            (400, r#"{"error":{"message":"Incorrect API key provided."}}"#, Auth),
            (400, r#"{"error":{"message":"Invalid model name passed in model=x"}}"#, UnknownModel),
            (404, "<html>", UnknownModel),
            (400, r#"{"error":{"code":"content_filter"}}"#, ContentFilter),
            (400, r#"{"error":{"message":"maximum context length is 8192 tokens"}}"#, ContextWindow),
            (413, "{}", ContextWindow),
            (402, r#"{"error":{"message":"Insufficient Balance"}}"#, RateLimit),
            (429, "{}", RateLimit),
            (400, r#"{"error":{"message":"bad temperature"}}"#, Provider),
            (500, "{}", Provider),
            (200, r#"{"error":{"code":429,"message":"slow down"}}"#, RateLimit),
            (200, r#"{"error":{"code":"401"}}"#, Auth),
        ];
        for (status, body, kind) in cases {
            assert_eq!(head(status, &[]).failure(body.as_bytes()).kind, kind, "{status} {body}");
        }
    }

    #[test]
    fn a_model_that_the_key_may_not_use_is_looked_for_in_that_keys_list() {
        let body = br#"{"error":{"message":"key not allowed to access model","code":"403"}}"#;
        let step = head(403, &[]).failure(body).next_step;
        assert_eq!(step.as_deref(), Some("See what there is: loquat models -e \"Groq\" --key default"));
    }

    #[test]
    fn the_longer_of_two_waits_counts() {
        let wait = |headers: &[(&str, &str)]| head(429, headers).failure(b"{}").retry_after;
        assert_eq!(wait(&[("retry-after-ms", "0"), ("retry-after", "1")]), Some(Duration::from_secs(1)));
        assert_eq!(wait(&[("retry-after", "0.25")]), Some(Duration::from_millis(250)));
        assert_eq!(wait(&[("llm_provider-retry-after", "7")]), Some(Duration::from_secs(7)));
        let date =
            [("date", "Sat, 21 Nov 2026 08:00:00 GMT"), ("retry-after", "Sat, 21 Nov 2026 08:00:09 GMT")];
        assert_eq!(wait(&date), Some(Duration::from_secs(9)));
        assert_eq!(wait(&[("retry-after", "-3")]), None);
        assert_eq!(wait(&[]), None);
        let body = br#"{"error":{"details":[{"@type":"RetryInfo","retryDelay":"4.5s"}]}}"#;
        assert_eq!(head(429, &[]).failure(body).retry_after, Some(Duration::from_millis(4500)));
    }

    #[test]
    fn whether_to_try_again_is_the_providers_word_before_ours() {
        let again = |status, headers: &[(&str, &str)], body: &str| {
            head(status, headers).failure(body.as_bytes()).should_retry
        };
        assert_eq!(again(500, &[("x-should-retry", "false")], "{}"), Some(false));
        assert_eq!(again(429, &[], r#"{"error":{"code":"insufficient_quota"}}"#), Some(false));
        assert_eq!(again(200, &[], r#"{"error":{"code":502}}"#), Some(true));
        assert_eq!(again(503, &[], "{}"), None);
    }

    #[test]
    fn a_parameter_that_the_model_refuses_is_named_where_the_request_can_do_without() {
        let refused = |status: u16, code: &str, param: &str| {
            let body = serde_json::json!({"error": {"message": "No.", "code": code, "param": param}});
            head(status, &[]).failure(body.to_string().as_bytes()).refused_param
        };
        assert_eq!(refused(400, "unsupported_parameter", "max_tokens").as_deref(), Some("max_tokens"));
        assert_eq!(refused(400, "unsupported_value", "temperature").as_deref(), Some("temperature"));
        assert_eq!(refused(400, "unsupported_value", "messages[0].role"), None);
        assert_eq!(refused(400, "decimal_above_max_value", "temperature"), None);
        assert_eq!(refused(500, "unsupported_value", "temperature"), None);
    }

    #[test]
    fn a_key_in_an_error_is_blotted_out() {
        let failure = head(401, &[]).failure(br#"{"error":{"message":"bad key sk-secret-1!"}}"#);
        assert_eq!(failure.message, "bad key ***!");
    }

    #[test]
    fn a_redirect_names_where_it_points() {
        let failure = head(308, &[("location", "https://new.test/v1")]).failure(b"");
        assert_eq!(failure.message, "HTTP 308: redirected to https://new.test/v1, which is not followed");
        assert_eq!(failure.kind, ErrorKind::Provider);
    }
}
