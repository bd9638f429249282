//! A delivery: one request to a collector, lines for a file, lines for a program.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;
use url::Url;

use super::cursor::Event;
use super::pass::Outcome;
use crate::chat::{ErrorKind, Failure};
use crate::config::sinks::{COLLECTOR, COLLECTOR_VARIABLE};
use crate::config::{Env, HttpSink, SinkConfig, SinkTarget, Template};
use crate::http::{HttpRequest, HttpResponse, Limits, Link, Transport, may_send_in_the_clear};
use crate::keys::{Secret, redact};
use crate::providers::errors::retry_after;
use crate::t;
use crate::telemetry::log::append_to;

/// By this a collector knows an event that it has already.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Answers that say that the same will never be taken. Everything else may change: a key is put right, a collector
/// deployed.
const FINAL: [u16; 3] = [400, 413, 422];
/// How much of an answer is told.
const WORDS: usize = 300;
/// How long the rest of an answer is waited for that says that all is well.
const REST: Duration = Duration::from_secs(1);

/// What is sent at once: to whom, and every byte, but for the values of the configured headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// A URL without what may be secret in it, a file, or a program.
    pub to: String,
    /// Headers, of HTTP.
    pub headers: Vec<(String, String)>,
    /// A request's body, or the lines.
    pub body: String,
}

/// Brings events to a sink.
#[derive(Clone)]
pub struct Carrier {
    sink: SinkConfig,
    env: Env,
    transport: Arc<dyn Transport>,
}

impl Carrier {
    /// One for this sink, whose variables are in this environment.
    pub fn new(sink: SinkConfig, env: Env, transport: Arc<dyn Transport>) -> Self {
        Self { sink, env, transport }
    }

    /// The sink.
    pub fn sink(&self) -> &SinkConfig {
        &self.sink
    }

    /// Whom it brings them to, without what may be secret in it; where the URL cannot be made out, its place in
    /// the configuration.
    pub fn to(&self) -> String {
        match &self.sink.to {
            // What is no URL yet may hold a secret anywhere: where it is written has to do.
            SinkTarget::Http(http) => self.url(http).map_or_else(|_| self.sink.at.to_string(), shown),
            SinkTarget::File(path) => path.display().to_string(),
            SinkTarget::Command(words) => words.first().cloned().unwrap_or_default(),
        }
    }

    /// What would be sent of these events at once.
    ///
    /// # Errors
    /// `config` where what the sink names is not there.
    pub(super) fn parcel(&self, batch: &[Event]) -> Result<Parcel, Failure> {
        let (headers, body) = match &self.sink.to {
            SinkTarget::Http(http) => {
                let request = self.request(http, batch)?.0;
                let told = |(name, value): (&HeaderName, &HeaderValue)| {
                    let value = if value.is_sensitive() { "***" } else { value.to_str().unwrap_or_default() };
                    (name.to_string(), value.to_owned())
                };
                (request.headers.iter().map(told).collect(), self.body(batch))
            }
            SinkTarget::File(_) | SinkTarget::Command(_) => (Vec::new(), lines(batch)),
        };
        Ok(Parcel { to: self.to(), headers, body })
    }

    /// Brings events, all of them or none.
    pub(super) async fn carry(&self, batch: &[Event]) -> Outcome {
        let limit = self.sink.timeout;
        let work = async {
            match &self.sink.to {
                SinkTarget::Http(http) => self.post(http, batch).await,
                SinkTarget::File(path) => write(path, &lines(batch)),
                SinkTarget::Command(words) => feed(words, &lines(batch)).await,
            }
        };
        tokio::time::timeout(limit, work).await.unwrap_or_else(|_| {
            let message = t!("store-sink-slow", seconds = limit.as_secs_f64().to_string());
            Outcome::Later(Failure::new(ErrorKind::Timeout, message.into_string()))
        })
    }

    async fn post(&self, http: &HttpSink, batch: &[Event]) -> Outcome {
        let (request, secrets) = match self.request(http, batch) {
            Ok(made) => made,
            Err(failure) => return Outcome::Later(failure),
        };
        let answer = match self.transport.send(request).await {
            Ok(answer) => answer,
            Err(failure) => return Outcome::Later(failure),
        };
        let (status, told) = (answer.status, retry_after(&answer.headers));
        if (200..300).contains(&status) {
            // A connection whose answer was read is used again; what it says is of no interest.
            let _ = tokio::time::timeout(REST, words(answer)).await;
            return Outcome::Accepted;
        }
        let said = redact(&words(answer).await, &secrets);
        let message = t!("store-sink-status", status = status, said = said.trim()).into_string();
        if FINAL.contains(&status) {
            return Outcome::Refused(message);
        }
        let kind = match status {
            401 | 403 => ErrorKind::Auth,
            404 => ErrorKind::NotFound,
            429 => ErrorKind::RateLimit,
            _ => ErrorKind::Provider,
        };
        let failure = Failure::new(kind, message);
        Outcome::Later(Failure { status: Some(status), retry_after: told, ..failure })
    }

    fn request(&self, http: &HttpSink, batch: &[Event]) -> Result<(HttpRequest, Vec<Secret>), Failure> {
        let url = self.url(http)?;
        if !http.allow_insecure && !may_send_in_the_clear(&url) {
            let message = t!("store-sink-clear", url = shown(url), at = self.sink.at.to_string());
            return Err(Failure::new(ErrorKind::Config, message.into_string()));
        }
        let mut headers = HeaderMap::new();
        headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Ok(key) = HeaderValue::from_str(&key(batch)) {
            headers.insert(IDEMPOTENCY_KEY, key);
        }
        let mut secrets = Vec::new();
        for (name, template) in &http.headers {
            let value = self.filled(template)?;
            let header = name.parse::<HeaderName>().ok().zip(HeaderValue::from_str(&value).ok());
            let Some((name, mut header)) = header else {
                let at = template.at.to_string();
                let message = t!("store-sink-header", name = name.as_str(), at = at);
                return Err(Failure::new(ErrorKind::Config, message.into_string()));
            };
            header.set_sensitive(true);
            headers.insert(name, header);
            secrets.extend(value.split_whitespace().map(|word| Secret::new(word.to_owned())));
        }
        let limit = self.sink.timeout;
        let request = HttpRequest {
            method: Method::POST,
            url,
            headers,
            body: Some(self.body(batch).into()),
            link: Link {
                proxy: http.proxy.as_ref().map(|proxy| self.filled(proxy)).transpose()?,
                ca_file: http.ca_file.clone(),
            },
            limits: Limits { connect: limit, first_byte: limit, idle: limit },
        };
        Ok((request, secrets))
    }

    /// One event as it is; where several may go at once, a list of them.
    fn body(&self, batch: &[Event]) -> String {
        match batch {
            [event] if self.sink.batch == 1 => event.json.clone(),
            _ => format!("[{}]", batch.iter().map(|event| &*event.json).collect::<Vec<_>>().join(",")),
        }
    }

    fn url(&self, http: &HttpSink) -> Result<Url, Failure> {
        let url = match &http.url {
            Some(url) => self.filled(url)?,
            None => self.env.get(COLLECTOR_VARIABLE).unwrap_or(COLLECTOR).to_owned(),
        };
        let url = Url::parse(&url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        url.filter(Url::has_host).ok_or_else(|| {
            let message = t!("store-sink-url", at = self.sink.at.to_string());
            Failure::new(ErrorKind::Config, message.into_string())
        })
    }

    fn filled(&self, template: &Template) -> Result<String, Failure> {
        template.expand(&self.env).map_err(Failure::from)
    }
}

/// Scheme, host and path: what stands before the host or in the query may be a key.
fn shown(mut url: Url) -> String {
    // Only URLs without a host refuse, and these have one.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

/// The key of a delivery: an event's id; of several, one of their ids, so that other several have another.
fn key(batch: &[Event]) -> String {
    if let [event] = batch {
        return event.id.to_string();
    }
    let mut hash = Sha256::new();
    for event in batch {
        hash.update(event.id.as_bytes());
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn lines(batch: &[Event]) -> String {
    batch.iter().map(|event| format!("{}\n", event.json)).collect()
}

/// The beginning of what an answer says, on one line.
async fn words(mut answer: HttpResponse) -> String {
    let mut said = Vec::new();
    while let Some(Ok(bytes)) = answer.body.next().await {
        if said.len() < WORDS * 4 {
            said.extend_from_slice(&bytes);
        }
    }
    let said = String::from_utf8_lossy(&said);
    said.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(WORDS).collect()
}

fn write(path: &Path, lines: &str) -> Outcome {
    match append_to(path, lines.as_bytes()) {
        Ok(()) => Outcome::Accepted,
        Err(error) => {
            let path = path.display().to_string();
            let message = t!("store-error-file", path = path, error = error.to_string());
            Outcome::Later(Failure::new(ErrorKind::Internal, message.into_string()))
        }
    }
}

/// Runs a program without a shell, gives it the lines, and believes its exit code.
async fn feed(command: &[String], lines: &str) -> Outcome {
    let later =
        |message: crate::text::Safe| Outcome::Later(Failure::new(ErrorKind::Internal, message.into_string()));
    let (program, arguments) = command.split_first().map_or(("", &[][..]), |(first, rest)| (first, rest));
    let child = tokio::process::Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => return later(t!("store-sink-start", program = program, error = error.to_string())),
    };
    if let Some(mut stdin) = child.stdin.take() {
        // One that has read enough may close its input; whether all is well it says as it ends.
        let _ = stdin.write_all(lines.as_bytes()).await;
        let _ = stdin.shutdown().await;
    }
    match child.wait().await {
        Ok(status) if status.success() => Outcome::Accepted,
        Ok(status) => later(t!("store-sink-failed", program = program, status = status.to_string())),
        Err(error) => later(t!("store-sink-start", program = program, error = error.to_string())),
    }
}
