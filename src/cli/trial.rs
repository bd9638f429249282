//! `loquat endpoints test`: an endpoint is walked through step by step, and each step says what was sent, what
//! came, and what was made of it.
//!
//! With `--replay` the same walk is taken on what an earlier one kept: no network, no key, the same codec.

use std::path::Path;
use std::time::{Duration, Instant};

use futures::StreamExt;
use jiff::Timestamp;
use serde::Serialize;
use url::Url;

use super::args::TestArgs;
use super::keys::for_aliases;
use super::models::Key;
use super::out::Form;
use super::recording::{Recorded, Recording};
use super::report::ErrorReport;
use super::{Context, Exit, misused};
use crate::catalog::{Catalog, fetch};
use crate::chat::request::Delivery;
use crate::chat::{ChatRequest, ErrorKind, Failure, KeyLabel, ModelId, Part, RequestMessage, Role, Settings};
use crate::config::Endpoint;
use crate::http::record::{Exchange, Recorder};
use crate::http::{Link, Transport, reach};
use crate::keys::{Credential, Keys, Secret};
use crate::providers::{self, Decoder, Site, Transports, adapter, errors, urls};
use crate::t;
use crate::text::{Safe, sanitise_line};

mod replay;
mod told;

use replay::{Kept, Replay, offline};
use told::{told_answer, told_key, told_models, told_request, told_response};

/// What the two answers may cost at most, each. Some models refuse less.
const MOST_TOKENS: u64 = 16;
/// What is asked.
const QUESTION: &str = "Say hi.";
/// One step, as `--json` tells it.
#[derive(Debug, Serialize)]
struct Step {
    step: &'static str,
    /// `ok`, `skipped` or `failed`.
    state: &'static str,
    /// Method, URL, headers and body, without secrets.
    sent: Option<String>,
    /// Status, type and the first bytes.
    came: Option<String>,
    /// What was understood, or why the step was skipped.
    made: Option<String>,
    error: Option<ErrorReport>,
}

/// What a test found, as `--json` tells it.
#[derive(Debug, Serialize)]
struct Tested<'a> {
    endpoint: &'a str,
    key: &'a str,
    ok: bool,
    models: usize,
    /// Seconds, all steps.
    latency: f64,
    error: Option<ErrorReport>,
    steps: &'a [Step],
}

/// How a step came out.
enum Outcome {
    Ok(Safe),
    Skipped(Safe),
    Failed(Failure),
}

impl From<Result<Safe, Failure>> for Outcome {
    fn from(result: Result<Safe, Failure>) -> Self {
        result.map_or_else(Self::Failed, Self::Ok)
    }
}

/// Walks through an endpoint.
pub async fn run(
    args: &TestArgs,
    form: Form,
    context: &Context,
    keys: &Keys,
    transports: &Transports,
    now: Timestamp,
) -> Exit {
    if let Some(path) = args.record.as_deref().filter(|path| path.symlink_metadata().is_ok()) {
        return context.fail(&unwritten(path, &std::io::ErrorKind::AlreadyExists.into()));
    }
    let label = args.key.as_deref().unwrap_or(KeyLabel::DEFAULT);
    let wanted = if args.replay.is_some() { None } else { Some(label) };
    let found = match Key::all(context, keys, Some(&args.name), wanted, now) {
        Ok(found) => found,
        Err(failure) => return context.fail(&failure),
    };
    let Some(key) = found.first() else { return Exit::INTERNAL };
    if key.endpoint.is_router() {
        return misused(for_aliases(&context.config), &context.out);
    }
    let replay = match args.replay.as_deref().map(Replay::read).transpose() {
        Ok(replay) => replay,
        Err(failure) => return context.fail(&failure),
    };
    let endpoint = key.endpoint;
    let mut walk = Walk {
        context,
        form,
        endpoint,
        recording: Recording::new(endpoint.name.as_str(), endpoint.api.name()),
        steps: Vec::new(),
        failure: None,
        models: 0,
    };
    let started = Instant::now();
    match &replay {
        Some(replay) => walk.replay(args, replay, now).await,
        None => match key.resolve(context, keys, now) {
            Ok(credential) => walk.live(args, &credential, transports, now).await,
            Err(failure) => walk.step("auth", None, &[], Outcome::Failed(failure)),
        },
    }
    if let Some(note) = transports.net.note() {
        context.out.note(&note);
    }
    walk.end(args, key.label.as_str(), started.elapsed())
}

struct Walk<'a> {
    context: &'a Context,
    form: Form,
    endpoint: &'a Endpoint,
    recording: Recording,
    steps: Vec<Step>,
    /// The first step that failed decides how the program exits.
    failure: Option<Failure>,
    models: usize,
}

impl Walk<'_> {
    async fn live(
        &mut self,
        args: &TestArgs,
        credential: &Credential,
        transports: &Transports,
        now: Timestamp,
    ) {
        let secret = credential.secret.as_ref();
        self.reach(credential).await;
        if self.failure.is_some() {
            return;
        }
        self.step("auth", secret, &[], Outcome::Ok(told_key(credential)));
        let recorder = Recorder::new(transports);
        let site = Site { config: &self.context.config, endpoint: self.endpoint, credential, now };

        let outcome = self.health(&site, &recorder).await;
        self.step("health", secret, &recorder.take(), outcome);

        let catalog = Catalog::new(self.context.paths.clone());
        let list = catalog.refresh(&recorder, &self.context.config, self.endpoint, credential, now).await;
        let sent = recorder.take();
        let outcome = match list.error {
            Some(failure) => Outcome::Failed(failure),
            None if sent.is_empty() => Outcome::Skipped(t!("net-test-configured", count = list.models.len())),
            None => Outcome::Ok(told_models(&list.models)),
        };
        self.models = list.models.len();
        let mut is_refused = matches!(&outcome, Outcome::Failed(failure) if failure.kind == ErrorKind::Auth);
        self.step("models", secret, &sent, outcome);

        let model =
            args.model.as_deref().map(ModelId::from).or_else(|| Some(list.models.first()?.id.clone()));
        self.recording.model = model.as_ref().map(ToString::to_string);
        for (name, delivery) in [("whole", Delivery::Whole), ("streamed", Delivery::Streamed)] {
            let outcome = match (&model, self.does(delivery)) {
                _ if args.no_chat => Outcome::Skipped(t!("net-test-no-chat")),
                (_, Err(reason)) => Outcome::Skipped(reason),
                _ if is_refused => Outcome::Skipped(t!("net-test-refused")),
                (None, Ok(())) => Outcome::Skipped(t!("net-test-no-model")),
                (Some(model), Ok(())) => {
                    self.announce(name, model);
                    let limit = self.endpoint.timeouts.total;
                    let asked = tokio::time::timeout(limit, ask(&site, model, delivery, &recorder)).await;
                    asked.unwrap_or_else(|_| Err(late(limit))).into()
                }
            };
            is_refused |= matches!(&outcome, Outcome::Failed(failure) if failure.kind == ErrorKind::Auth);
            self.step(name, secret, &recorder.take(), outcome);
        }
    }

    /// Whether the host is there, and whether it can be trusted.
    async fn reach(&mut self, credential: &Credential) {
        let url = Url::parse(credential.base_url.trim()).ok().filter(|url| url.scheme() != urls::DEMO);
        let proxied = self.endpoint.proxy.is_some()
            || ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]
                .iter()
                .any(|name| self.context.config.env.get(name).is_some());
        let limit = self.endpoint.timeouts.connect;
        let (dns, tls) = match url {
            None => {
                (Outcome::Skipped(t!("net-test-in-process")), Outcome::Skipped(t!("net-test-in-process")))
            }
            Some(_) if proxied => {
                (Outcome::Skipped(t!("net-test-proxy")), Outcome::Skipped(t!("net-test-proxy")))
            }
            Some(url) => match reach::addresses(&url, limit).await {
                Err(failure) => (Outcome::Failed(failure), Outcome::Skipped(t!("net-test-unreached"))),
                Ok(addresses) => {
                    let all: Vec<String> = addresses.iter().map(ToString::to_string).collect();
                    let link = Link { proxy: None, ca_file: self.endpoint.ca_file.clone() };
                    let shaken = reach::handshake(&url, &link, limit).await;
                    let tls = shaken.map(|version| match version {
                        Some(version) => t!("net-test-tls", version = version),
                        None => t!("net-test-plain"),
                    });
                    (Outcome::Ok(sanitise_line(&all.join(", "))), tls.into())
                }
            },
        };
        self.step("dns", None, &[], dns);
        self.step("tls", None, &[], tls);
    }

    async fn health(&self, site: &Site<'_>, transport: &dyn Transport) -> Outcome {
        if self.endpoint.adapter.is_none() {
            return Outcome::Skipped(t!("net-test-no-health"));
        }
        let request = match adapter::models::health(site) {
            Ok(Some(request)) => request,
            Ok(None) => return Outcome::Skipped(t!("net-test-no-health")),
            Err(failure) => return Outcome::Failed(failure),
        };
        let answered = async {
            let mut response = transport.send(request).await?;
            let mut body = Vec::new();
            while let Some(piece) = response.body.next().await {
                body.extend_from_slice(&piece?);
                if body.len() > errors::BODY_LIMIT {
                    break;
                }
            }
            if (200..300).contains(&response.status) {
                return Ok(t!("net-test-up"));
            }
            let head =
                errors::Head::new(&site.endpoint.name, site.credential, response.status, &response.headers);
            Err(head.failure(&body))
        };
        answered.await.into()
    }

    /// Whether the service answers in this way at all.
    fn does(&self, delivery: Delivery) -> Result<(), Safe> {
        let Some(adapter) = &self.endpoint.adapter else { return Ok(()) };
        match delivery {
            Delivery::Whole if adapter.response.is_empty() => Err(t!("net-test-always-streams")),
            Delivery::Streamed if adapter.stream.is_empty() => Err(t!("net-test-never-streams")),
            Delivery::Whole | Delivery::Streamed => Ok(()),
        }
    }

    /// Says that a call is made that may cost something, before it is made.
    fn announce(&self, name: &str, model: &ModelId) {
        if self.endpoint.base_url.raw.split(':').next() == Some(urls::DEMO) {
            return;
        }
        self.context.out.note(&t!("net-test-paid", step = name, model = model.as_str(), most = MOST_TOKENS));
    }

    /// Takes the walk on what was kept of another.
    async fn replay(&mut self, args: &TestArgs, replay: &Replay, now: Timestamp) {
        let (endpoint, credential) = offline(self.endpoint);
        let site = Site { config: &self.context.config, endpoint: &endpoint, credential: &credential, now };
        self.recording.model.clone_from(&replay.0.model);
        let of = |step: &str| -> Vec<Recorded> {
            replay.0.exchanges.iter().filter(|kept| kept.step == step).cloned().collect()
        };
        for name in ["health", "models", "whole", "streamed"] {
            let kept = of(name);
            let outcome = match (name, kept.first()) {
                (_, None) => Outcome::Skipped(t!("net-test-not-kept")),
                ("models", Some(_)) => {
                    let transport = Kept::new(&kept);
                    match fetch::models(&transport, site.config, &endpoint, &credential).await {
                        Ok(models) => {
                            self.models = models.len();
                            Outcome::Ok(told_models(&models))
                        }
                        Err(failure) => Outcome::Failed(failure),
                    }
                }
                ("health", Some(_)) => self.health(&site, &Kept::new(&kept)).await,
                (_, Some(_)) if args.no_chat => Outcome::Skipped(t!("net-test-no-chat")),
                (_, Some(first)) => match first.response.clone() {
                    Some(response) => {
                        let headers = response.header_map();
                        let mut decoder = Decoder::new(&endpoint, &credential, response.status, &headers);
                        let mut events = Vec::new();
                        let ended = decoder.push(&response.bytes(), &mut events);
                        let broken = first.error.clone().filter(|_| !ended);
                        let broken = broken.map(|error| Failure::new(ErrorKind::Network, error));
                        let end = decoder.finish(broken, &mut events);
                        told_answer(&events, end).into()
                    }
                    None => Outcome::Failed(Failure::new(
                        ErrorKind::Network,
                        first.error.clone().unwrap_or_default(),
                    )),
                },
            };
            self.told(name, &kept, outcome);
        }
    }

    /// Notes and tells a step that sent these.
    fn step(&mut self, name: &'static str, secret: Option<&Secret>, sent: &[Exchange], outcome: Outcome) {
        let kept: Vec<Recorded> = sent.iter().map(|sent| Recorded::of(name, sent, secret)).collect();
        self.told(name, &kept, outcome);
        self.recording.exchanges.extend(kept);
    }

    fn told(&mut self, name: &'static str, kept: &[Recorded], outcome: Outcome) {
        let (state, made, failure) = match outcome {
            Outcome::Ok(made) => ("ok", Some(made), None),
            Outcome::Skipped(why) => ("skipped", Some(why), None),
            Outcome::Failed(failure) => ("failed", None, Some(failure)),
        };
        let last = kept.last();
        let step = Step {
            step: name,
            state,
            sent: last.map(|kept| told_request(kept).into_string()),
            came: last.and_then(told_response).map(Safe::into_string),
            made: made.map(Safe::into_string),
            error: failure.as_ref().map(ErrorReport::from),
        };
        if self.form == Form::Lines {
            let failed = failure.as_ref().map(|failure| sanitise_line(&failure.message).into_string());
            let shown = [step.sent.as_ref(), step.came.as_ref(), step.made.as_ref(), failed.as_ref()];
            let mut label = format!("{name:9} {state:8}");
            for line in shown.into_iter().flatten() {
                self.context.out.line(&format!("{label} {line}"));
                label = " ".repeat(label.len());
            }
        }
        self.steps.push(step);
        if self.failure.is_none() {
            self.failure = failure;
        }
    }

    /// Writes what was kept, and says how it went.
    fn end(self, args: &TestArgs, key: &str, took: Duration) -> Exit {
        let out = &self.context.out;
        let written = args
            .record
            .as_deref()
            .map(|path| self.recording.write(path).map(|()| path).map_err(|error| unwritten(path, &error)));
        match &written {
            Some(Ok(path)) => out.note(&t!("net-record-written", file = path.display().to_string())),
            Some(Err(failure)) => out.error(&t!("cli-error", message = failure.message.as_str())),
            None => {}
        }
        let name = self.endpoint.name.as_str();
        if self.form == Form::Json {
            out.json(&Tested {
                endpoint: name,
                key,
                ok: self.failure.is_none(),
                models: self.models,
                latency: took.as_secs_f64(),
                error: self.failure.as_ref().map(ErrorReport::from),
                steps: &self.steps,
            });
        }
        match (&self.failure, written) {
            (Some(failure), _) if self.form == Form::Json => Exit::from(failure.kind),
            (Some(failure), _) => self.context.fail(failure),
            (None, Some(Err(failure))) => Exit::from(failure.kind),
            (None, _) => Exit::OK,
        }
    }
}

/// Asks the question, and says what was made of the answer.
async fn ask(
    site: &Site<'_>,
    model: &ModelId,
    delivery: Delivery,
    transport: &dyn Transport,
) -> Result<Safe, Failure> {
    let question = RequestMessage {
        role: Role::User,
        parts: vec![Part::Text { text: QUESTION.to_owned() }],
        route: None,
    };
    let chat = ChatRequest {
        model: model.clone(),
        messages: vec![question],
        settings: Settings { max_tokens: Some(MOST_TOKENS), ..Settings::default() },
        tools: Vec::new(),
        delivery,
        user: None,
    };
    let mut response = transport.send(providers::request(&chat, site)?).await?;
    let mut decoder = Decoder::new(site.endpoint, site.credential, response.status, &response.headers);
    let (mut events, mut broken) = (Vec::new(), None);
    while let Some(piece) = response.body.next().await {
        match piece {
            Ok(bytes) if decoder.push(&bytes, &mut events) => break,
            Ok(_) => {}
            Err(failure) => {
                broken = Some(failure);
                break;
            }
        }
    }
    let end = decoder.finish(broken, &mut events);
    told_answer(&events, end)
}

fn late(limit: Duration) -> Failure {
    let limit = limit.as_secs_f64().to_string();
    Failure::new(ErrorKind::Timeout, t!("net-test-late", limit = limit).into_string())
}

fn unwritten(path: &Path, error: &std::io::Error) -> Failure {
    let file = path.display().to_string();
    let message = match error.kind() {
        std::io::ErrorKind::AlreadyExists => t!("net-record-exists", file = file),
        _ => t!("net-record-unwritten", file = file, reason = error.to_string()),
    };
    Failure::new(ErrorKind::Internal, message.into_string())
}
