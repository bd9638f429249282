//! A delivery: one request to a collector, lines for a file, lines for a program.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;
use url::Url;

use super::cursor::Event;
use super::otlp;
use super::pass::Outcome;
use crate::chat::{ErrorKind, Failure};
use crate::config::sinks::{COLLECTOR, COLLECTOR_VARIABLE, OTLP, OTLP_VARIABLE};
use crate::config::{Encoding, Env, HttpSink, SinkConfig, SinkTarget, Template};
use crate::http::{HttpRequest, HttpResponse, Limits, Link, Transport, may_send_in_the_clear};
use crate::keys::{Secret, redact};
use crate::providers::errors::retry_after;
use crate::t;
use crate::telemetry::log::append_to;
use crate::telemetry::{RequestEvent, footprint};

/// By this a collector knows an event that it has already.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Answers that say that the same will never be taken. Everything else may change: a key is put right, a collector
/// deployed.
const FINAL: [u16; 3] = [400, 413, 422];
/// How much of an answer is read.
const ANSWER: usize = 16 * 1024;
/// How much of it is told.
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

const JSON: &str = "application/json";
const PROTOBUF: &str = "application/x-protobuf";

/// One request to a collector.
struct Letter {
    url: Url,
    content_type: &'static str,
    body: Bytes,
    /// What the body says, in words.
    told: String,
}

/// Brings events to a sink.
#[derive(Clone)]
pub struct Carrier {
    sink: SinkConfig,
    env: Env,
    transport: Arc<dyn Transport>,
    /// What estimates energy and carbon, where that is wanted.
    method: Option<Arc<footprint::Method>>,
}

impl Carrier {
    /// One for this sink, whose variables are in this environment.
    pub fn new(sink: SinkConfig, env: Env, transport: Arc<dyn Transport>) -> Self {
        let method = sink.footprint.as_ref().map(|config| Arc::new(footprint::Method::new(config)));
        Self { sink, env, transport, method }
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
            SinkTarget::Http(http) | SinkTarget::Otlp(http, _) => {
                self.url(http).map_or_else(|_| self.sink.at.to_string(), shown)
            }
            SinkTarget::File(path) => path.display().to_string(),
            SinkTarget::Command(words) => words.first().cloned().unwrap_or_default(),
        }
    }

    /// What would be sent of these events at once.
    ///
    /// # Errors
    /// `config` where what the sink names is not there.
    pub(super) fn parcels(&self, batch: &[Event]) -> Result<Vec<Parcel>, Failure> {
        let (http, letters) = match &self.sink.to {
            SinkTarget::Http(http) => (http, vec![self.letter(http, batch)?]),
            SinkTarget::Otlp(http, encoding) => {
                let internal = |message| Failure::new(ErrorKind::Internal, message);
                (http, self.spans(http, *encoding, &read(batch).map_err(internal)?)?.into())
            }
            SinkTarget::File(_) | SinkTarget::Command(_) => {
                return Ok(vec![Parcel { to: self.to(), headers: Vec::new(), body: lines(batch) }]);
            }
        };
        let told = |(name, value): (&HeaderName, &HeaderValue)| {
            let value = if value.is_sensitive() { "***" } else { value.to_str().unwrap_or_default() };
            (name.to_string(), value.to_owned())
        };
        let parcel = |letter: Letter| {
            let (to, body) = (shown(letter.url.clone()), letter.told.clone());
            let request = self.request(http, batch, letter)?.0;
            Ok(Parcel { to, headers: request.headers.iter().map(told).collect(), body })
        };
        letters.into_iter().map(parcel).collect()
    }

    /// Brings events, all of them or none.
    pub(super) async fn carry(&self, batch: &[Event]) -> Outcome {
        let limit = self.sink.timeout;
        let work = async {
            match &self.sink.to {
                SinkTarget::Http(http) => match self.letter(http, batch) {
                    Ok(letter) => self.post(http, batch, letter).await,
                    Err(failure) => Outcome::Later(failure),
                },
                SinkTarget::Otlp(http, encoding) => self.export(http, *encoding, batch).await,
                SinkTarget::File(path) => write(path, &lines(batch)),
                SinkTarget::Command(words) => feed(words, &lines(batch)).await,
            }
        };
        tokio::time::timeout(limit, work).await.unwrap_or_else(|_| {
            let message = t!("store-sink-slow", seconds = limit.as_secs_f64().to_string());
            Outcome::Later(Failure::new(ErrorKind::Timeout, message.into_string()))
        })
    }

    /// Brings spans, then what they add up to. A delivery that is not taken whole goes again as both: a span is
    /// known by its ids.
    async fn export(&self, http: &HttpSink, encoding: Encoding, batch: &[Event]) -> Outcome {
        let events = match read(batch) {
            Ok(events) => events,
            Err(message) => return Outcome::Refused(message),
        };
        let [spans, sums] = match self.spans(http, encoding, &events) {
            Ok(letters) => letters,
            Err(failure) => return Outcome::Later(failure),
        };
        match self.posted(http, batch, spans).await {
            Ok(answer) => {
                if let Some(why) = otlp::rejected(&answer, encoding) {
                    return Outcome::Refused(t!("store-sink-partly", said = why).into_string());
                }
            }
            Err(outcome) => return outcome,
        }
        match self.posted(http, batch, sums).await {
            // Some collectors take spans alone.
            Err(Outcome::Later(failure)) if failure.status == Some(404) => Outcome::Accepted,
            Ok(_) | Err(Outcome::Refused(_)) => Outcome::Accepted,
            Err(outcome) => outcome,
        }
    }

    async fn post(&self, http: &HttpSink, batch: &[Event], letter: Letter) -> Outcome {
        self.posted(http, batch, letter).await.map_or_else(|outcome| outcome, |_| Outcome::Accepted)
    }

    /// Posts a letter, and hands over the beginning of the answer where it was taken.
    async fn posted(&self, http: &HttpSink, batch: &[Event], letter: Letter) -> Result<Vec<u8>, Outcome> {
        let (request, secrets) = self.request(http, batch, letter).map_err(Outcome::Later)?;
        let answer = self.transport.send(request).await.map_err(Outcome::Later)?;
        let (status, told) = (answer.status, retry_after(&answer.headers));
        if (200..300).contains(&status) {
            // A connection whose answer was read is used again.
            return Ok(tokio::time::timeout(REST, beginning(answer)).await.unwrap_or_default());
        }
        let said = redact(&words(&beginning(answer).await), &secrets);
        let message = t!("store-sink-status", status = status, said = said.trim()).into_string();
        if FINAL.contains(&status) {
            return Err(Outcome::Refused(message));
        }
        let kind = match status {
            401 | 403 => ErrorKind::Auth,
            404 => ErrorKind::NotFound,
            429 => ErrorKind::RateLimit,
            _ => ErrorKind::Provider,
        };
        let failure = Failure::new(kind, message);
        Err(Outcome::Later(Failure { status: Some(status), retry_after: told, ..failure }))
    }

    /// Events as JSON: one as it is; where several may go at once, a list of them.
    fn letter(&self, http: &HttpSink, batch: &[Event]) -> Result<Letter, Failure> {
        let told = self.body(batch);
        Ok(Letter { url: self.url(http)?, content_type: JSON, body: told.clone().into(), told })
    }

    /// Events as spans and histograms.
    fn spans(
        &self,
        http: &HttpSink,
        encoding: Encoding,
        events: &[RequestEvent],
    ) -> Result<[Letter; 2], Failure> {
        let base = self.url(http)?;
        let letter = |path: &str, body: otlp::Body| {
            let mut url = base.clone();
            url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
            let content_type = match encoding {
                Encoding::Protobuf => PROTOBUF,
                Encoding::Json => JSON,
            };
            Letter { url, content_type, body: body.bytes.into(), told: body.json }
        };
        let bodies = otlp::bodies(events, encoding, self.method.as_deref());
        let [spans, sums] = bodies.map_err(|error| Failure::new(ErrorKind::Internal, error.to_string()))?;
        Ok([letter("/v1/traces", spans), letter("/v1/metrics", sums)])
    }

    fn request(
        &self,
        http: &HttpSink,
        batch: &[Event],
        letter: Letter,
    ) -> Result<(HttpRequest, Vec<Secret>), Failure> {
        let url = letter.url;
        if !http.allow_insecure && !may_send_in_the_clear(&url) {
            let message = t!("store-sink-clear", url = shown(url), at = self.sink.at.to_string());
            return Err(Failure::new(ErrorKind::Config, message.into_string()));
        }
        let mut headers = HeaderMap::new();
        headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static(letter.content_type));
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
            body: Some(letter.body),
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
            None => {
                let (variable, usual) = match self.sink.to {
                    SinkTarget::Otlp(..) => (OTLP_VARIABLE, OTLP),
                    SinkTarget::Http(_) | SinkTarget::File(_) | SinkTarget::Command(_) => {
                        (COLLECTOR_VARIABLE, COLLECTOR)
                    }
                };
                self.env.get(variable).unwrap_or(usual).to_owned()
            }
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

/// The events of lines that were read as such.
fn read(batch: &[Event]) -> Result<Vec<RequestEvent>, String> {
    batch.iter().map(|event| serde_json::from_str(&event.json).map_err(|error| error.to_string())).collect()
}

/// The beginning of an answer.
async fn beginning(mut answer: HttpResponse) -> Vec<u8> {
    let mut said = Vec::new();
    while let Some(Ok(bytes)) = answer.body.next().await {
        if said.len() < ANSWER {
            said.extend_from_slice(&bytes);
        }
    }
    said
}

/// The beginning of what it says, on one line.
fn words(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
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
