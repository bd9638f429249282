//! `loquat doctor`: what works here, what does not, and what to do about it.
//!
//! Every check ends in one `Finding`, so that the table, the JSON and the exit code say the same. Nothing
//! that costs money is asked: an endpoint is healthy when it gives its list of models.

use std::time::Instant;

use futures::StreamExt;
use jiff::Timestamp;
use serde::Serialize;

use super::args::DoctorArgs;
use super::models::Key;
use super::out::Out;
use super::{Context, Exit};
use crate::catalog::{Catalog, ListSource, health};
use crate::chat::{ErrorKind, Failure};
use crate::config::quirks::{Clipboard, Feature, Images, Notice, Quirks};
use crate::config::{Config, Endpoint, Problem, Severity, load};
use crate::http::host::is_loopback;
use crate::keys::{Credential, KeyState, Keys};
use crate::providers::{Transports, urls};
use crate::runtime::colour::ColorDepth;
use crate::storage::Journal;
use crate::t;
use crate::telemetry::Log;
use crate::text::{Safe, sanitise, sanitise_line};
use crate::turns::open_store;

/// How many endpoints are asked at once.
const AT_ONCE: usize = 8;

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Health {
    /// It works.
    Ok,
    /// It is not in use, or works less well than it could.
    Note,
    /// It does not work.
    Bad,
}

impl Health {
    const fn mark(self) -> &'static str {
        match self {
            Self::Ok => "✓",
            Self::Note => "·",
            Self::Bad => "✗",
        }
    }
}

/// One check, as `--json` tells it.
#[derive(Debug, Serialize)]
struct Finding {
    /// What was looked at: `config`, `storage`, `log`, `keyring`, `terminal`, `endpoint`.
    area: &'static str,
    /// Which of them: a file, an endpoint and its key.
    subject: String,
    health: Health,
    /// What was found.
    says: String,
    /// What to do.
    next: Option<String>,
    /// Seconds, where somebody was asked.
    latency: Option<f64>,
    /// The kind of failure, in the names of contracts section 3.
    error: Option<ErrorKind>,
}

impl Finding {
    fn new(area: &'static str, subject: &str, health: Health, says: Safe) -> Self {
        let (subject, says) = (subject.to_owned(), says.into_string());
        Self { area, subject, health, says, next: None, latency: None, error: None }
    }

    fn failed(area: &'static str, subject: &str, failure: &Failure) -> Self {
        Self {
            next: failure.next_step.clone(),
            error: Some(failure.kind),
            ..Self::new(area, subject, Health::Bad, told(failure))
        }
    }
}

/// What happened, with the HTTP status where the provider's words leave it out.
fn told(failure: &Failure) -> Safe {
    match failure.status {
        Some(status) if status >= 400 && !failure.message.contains(&status.to_string()) => {
            t!("cli-doctor-status", reason = failure.message.as_str(), status = status.to_string())
        }
        Some(_) | None => sanitise_line(&failure.message),
    }
}

/// Looks at everything, or at one endpoint.
pub async fn run(
    args: &DoctorArgs,
    context: &Context,
    keys: &Keys,
    transports: &Transports,
    now: Timestamp,
) -> Exit {
    let mut findings = Vec::new();
    if args.endpoint.is_none() {
        findings.push(config(context));
        findings.push(storage(context));
        findings.push(log(context));
        findings.push(keyring(keys));
        findings.push(terminal(&context.config));
        findings.push(quirks(&context.config));
    }
    match endpoints(args, context, keys, transports, now).await {
        Ok(found) => findings.extend(found),
        Err(failure) => return context.fail(&failure),
    }
    if let Some(note) = transports.net.note() {
        context.out.note(&note);
    }
    tell(&findings, args, &context.out)
}

/// Looks at a configuration that cannot be used: nothing else can be asked before it is corrected.
pub fn run_without_config(args: &DoctorArgs, problems: &[Problem], out: &Out) -> Exit {
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
    let findings: Vec<Finding> = errors
        .map(|problem| {
            let says = sanitise_line(&problem.message);
            let next = problem.suggestion.clone();
            Finding {
                next: Some(next.unwrap_or_else(|| t!("cli-doctor-broken-config-next").into_string())),
                error: Some(ErrorKind::Config),
                ..Finding::new("config", &problem.at.to_string(), Health::Bad, says)
            }
        })
        .collect();
    tell(&findings, args, out)
}

/// Prints what was found, and gives the exit code for it.
fn tell(findings: &[Finding], args: &DoctorArgs, out: &Out) -> Exit {
    if args.json {
        out.json(&findings);
    } else {
        findings.iter().for_each(|finding| print(out, finding));
    }
    let bad = findings.iter().find(|finding| finding.health == Health::Bad);
    bad.map_or(Exit::OK, |finding| finding.error.unwrap_or(ErrorKind::Internal).into())
}

fn print(out: &Out, finding: &Finding) {
    let latency = finding.latency.map(|seconds| t!("cli-doctor-latency", seconds = format!("{seconds:.2}")));
    let words = [
        sanitise(finding.health.mark()),
        sanitise(finding.area),
        sanitise_line(&finding.subject),
        sanitise_line(&finding.says),
        latency.unwrap_or_default(),
    ];
    let line =
        words.iter().filter(|word| !word.is_empty()).map(|word| &**word).collect::<Vec<_>>().join("  ");
    out.line(&line);
    if let Some(next) = &finding.next {
        out.line(&t!("cli-next", step = next.as_str()));
    }
}

fn config(context: &Context) -> Finding {
    let file = context.config_file.to_string_lossy();
    let is_own = |endpoint: &&Endpoint| !endpoint.at.is_builtin() && !endpoint.is_router();
    let own = context.config.endpoints.iter().filter(is_own).count();
    if !context.config_file.exists() {
        let mut finding = Finding::new("config", &file, Health::Note, t!("cli-doctor-no-config"));
        finding.next = Some(t!("cli-doctor-no-config-next").into_string());
        return finding;
    }
    // It was usable a moment ago, so that what is wrong with it now are warnings.
    let problems = match load(Some(&context.config_file), &context.paths, context.config.env.clone()) {
        Ok(loaded) => loaded.problems,
        Err(problems) => problems,
    };
    let warnings = problems.iter().filter(|problem| problem.severity != Severity::NotUsed).count();
    let says = t!("cli-doctor-config", endpoints = own, warnings = warnings);
    let mut finding =
        Finding::new("config", &file, if warnings == 0 { Health::Ok } else { Health::Note }, says);
    finding.next = (warnings > 0).then(|| t!("cli-doctor-config-next").into_string());
    finding
}

fn storage(context: &Context) -> Finding {
    let file = context.paths.database();
    let name = file.to_string_lossy();
    if !file.exists() {
        return Finding::new("storage", &name, Health::Note, t!("cli-doctor-no-database"));
    }
    let opened = open_store(&context.paths, || context.config.clone())
        .and_then(|store| Ok((store.journal(), store.list(None)?.len())));
    match opened {
        Ok((Journal::Wal, count)) => {
            Finding::new("storage", &name, Health::Ok, t!("cli-doctor-storage", count = count))
        }
        Ok((Journal::Rollback, count)) => {
            Finding::new("storage", &name, Health::Note, t!("cli-doctor-storage-rollback", count = count))
        }
        Err(error) => Finding {
            error: Some(ErrorKind::Internal),
            ..Finding::new("storage", &name, Health::Bad, error.explain())
        },
    }
}

fn log(context: &Context) -> Finding {
    let log = Log::new(context.paths.telemetry());
    let name = log.folder().to_string_lossy().into_owned();
    let files = match std::fs::read_dir(log.folder()) {
        Ok(entries) => entries.filter_map(Result::ok).count(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Finding::new("log", &name, Health::Note, t!("cli-doctor-no-log"));
        }
        Err(error) => {
            return Finding {
                error: Some(ErrorKind::Internal),
                ..Finding::new("log", &name, Health::Bad, sanitise_line(&error.to_string()))
            };
        }
    };
    Finding::new("log", &name, Health::Ok, t!("cli-doctor-log", files = files))
}

fn keyring(keys: &Keys) -> Finding {
    match keys.keyring() {
        Ok(()) => Finding::new("keyring", "", Health::Ok, t!("cli-doctor-keyring")),
        Err(reason) => {
            let says = t!("cli-doctor-no-keyring", reason = reason.as_str());
            Finding::new("keyring", "", Health::Note, says)
        }
    }
}

fn terminal(config: &Config) -> Finding {
    let env = |name: &str| config.env.get(name).map(str::to_owned);
    let term = env("TERM").unwrap_or_default();
    let colours = match config.ui.colors.unwrap_or_else(|| ColorDepth::detect(env)) {
        ColorDepth::None => t!("cli-doctor-colours-none"),
        ColorDepth::Ansi16 => t!("cli-doctor-colours", count = "16"),
        ColorDepth::Ansi256 => t!("cli-doctor-colours", count = "256"),
        ColorDepth::True => t!("cli-doctor-colours-true"),
    };
    let around = AROUND.iter().filter(|(variable, _)| env(variable).is_some()).map(|(_, name)| *name);
    let says = std::iter::once(&*colours).chain(around).collect::<Vec<_>>().join(" · ");
    let next = Some(t!("cli-doctor-keys").into_string());
    Finding { next, ..Finding::new("terminal", &term, Health::Ok, sanitise_line(&says)) }
}

/// The row of the table that says what the terminal can do.
fn quirks(config: &Config) -> Finding {
    let row = Quirks::detect(|name| config.env.get(name).map(str::to_owned));
    let can = [
        (Feature::Synchronized, t!("cli-doctor-can-frames")),
        (Feature::Regions, t!("cli-doctor-can-scroll")),
        (Feature::Links, t!("cli-doctor-can-link")),
        (Feature::KittyKeys, t!("cli-doctor-can-keys")),
        (Feature::OtherKeys, t!("cli-doctor-can-other-keys")),
        (Feature::Title, t!("cli-doctor-can-title")),
        (Feature::Answers, t!("cli-doctor-can-answer")),
    ];
    let mut says: Vec<Safe> =
        can.into_iter().filter(|(feature, _)| row.can(*feature)).map(|(_, name)| name).collect();
    says.extend(match row.clipboard {
        Clipboard::Taken => Some(t!("cli-doctor-can-copy")),
        Clipboard::Unsure => Some(t!("cli-doctor-may-copy")),
        Clipboard::Ignored => None,
    });
    says.extend(match row.notice {
        Notice::None => None,
        Notice::Bell => Some(t!("cli-doctor-can-ring")),
        Notice::Osc9 => Some(t!("cli-doctor-can-notify", number = "9")),
        Notice::Osc777 => Some(t!("cli-doctor-can-notify", number = "777")),
        Notice::Osc99 => Some(t!("cli-doctor-can-notify", number = "99")),
    });
    says.extend(match row.images {
        Images::None => None,
        Images::HalfBlocks => Some(t!("cli-doctor-images-cells")),
        Images::Sixel => Some(t!("cli-doctor-images", protocol = "sixel")),
        Images::Iterm2 => Some(t!("cli-doctor-images", protocol = "iTerm2")),
        Images::Kitty => Some(t!("cli-doctor-images", protocol = "kitty")),
    });
    let (health, says) = if says.is_empty() {
        (Health::Note, t!("cli-doctor-can-nothing"))
    } else {
        let says = says.iter().map(Safe::as_str).collect::<Vec<_>>().join(", ");
        (Health::Ok, t!("cli-doctor-can", features = says))
    };
    Finding::new("terminal", row.name, health, says)
}

/// What stands between this program and the terminal, told by a variable.
const AROUND: &[(&str, &str)] =
    &[("TMUX", "tmux"), ("STY", "screen"), ("ZELLIJ", "zellij"), ("SSH_CONNECTION", "SSH")];

async fn endpoints(
    args: &DoctorArgs,
    context: &Context,
    keys: &Keys,
    transports: &Transports,
    now: Timestamp,
) -> Result<Vec<Finding>, Failure> {
    let all = Key::all(context, keys, args.endpoint.as_deref(), args.key.as_deref(), now)?;
    let answers = all.iter().map(|key| ask(key, args, context, keys, transports, now));
    let answers: Vec<_> = futures::stream::iter(answers).buffered(AT_ONCE).collect().await;
    let mut findings = Vec::new();
    let mut unused: Vec<&str> = Vec::new();
    for (key, answer) in all.iter().zip(answers) {
        match answer {
            Some(finding) => findings.push(finding),
            None => unused.push(key.endpoint.name.as_str()),
        }
    }
    if !unused.is_empty() {
        unused.dedup();
        let says = t!("cli-doctor-unused", names = unused.join(", "));
        findings.push(Finding::new("endpoint", "", Health::Note, says));
    }
    Ok(findings)
}

/// Asks an endpoint for its models. `None` where it is a built-in one that nobody has set up: it has no key, or is
/// a server of this machine that does not run.
async fn ask(
    key: &Key<'_>,
    args: &DoctorArgs,
    context: &Context,
    keys: &Keys,
    transports: &Transports,
    now: Timestamp,
) -> Option<Finding> {
    let endpoint = key.endpoint;
    let subject = format!("{}/{}", endpoint.name, key.label);
    if endpoint.is_router() {
        let says = t!("cli-doctor-router", count = endpoint.models.default.len());
        return Some(Finding::new("endpoint", &subject, Health::Ok, says));
    }
    let may_be_unused = args.endpoint.is_none() && endpoint.at.is_builtin();
    let credential = match key.resolve(context, keys, now) {
        Ok(credential) => credential,
        Err(failure) => {
            let unset = matches!(key.state, KeyState::Missing | KeyState::Unset(_));
            return (!may_be_unused || !unset).then(|| Finding::failed("endpoint", &subject, &failure));
        }
    };
    let started = Instant::now();
    // A check that a service declares comes first: a list may be there while what answers is not.
    if endpoint.adapter.as_ref().is_some_and(|adapter| adapter.health.is_some())
        && let Err(failure) = health(transports, &context.config, endpoint, &credential).await
    {
        let latency = Some(started.elapsed().as_secs_f64());
        return Some(Finding { latency, ..Finding::failed("endpoint", &subject, &failure) });
    }
    let catalog = Catalog::new(context.paths.clone());
    let list = catalog.refresh(transports, &context.config, endpoint, &credential, now).await;
    let latency = Some(started.elapsed().as_secs_f64());
    let count = list.models.len();
    if let Some(failure) = list.error {
        let is_local = url::Url::parse(&credential.base_url).is_ok_and(|url| is_loopback(&url));
        let is_down = matches!(failure.kind, ErrorKind::Network | ErrorKind::Timeout);
        return (!may_be_unused || !is_local || !is_down)
            .then(|| Finding { latency, ..Finding::failed("endpoint", &subject, &failure) });
    }
    let says = match list.source {
        ListSource::Live => t!("cli-doctor-answers", count = count),
        _ if endpoint.base_url.raw.starts_with(urls::DEMO) => t!("cli-doctor-demo"),
        ListSource::Cache | ListSource::Config | ListSource::Builtin => {
            return Some(reachable(&subject, context, key, &credential, transports, count).await);
        }
    };
    Some(Finding { latency, ..Finding::new("endpoint", &subject, Health::Ok, says) })
}

/// An endpoint whose models are configured is asked whether anybody is there.
async fn reachable(
    subject: &str,
    context: &Context,
    key: &Key<'_>,
    credential: &Credential,
    transports: &Transports,
    count: usize,
) -> Finding {
    let started = Instant::now();
    let answered = health(transports, &context.config, key.endpoint, credential).await;
    let latency = Some(started.elapsed().as_secs_f64());
    match answered {
        Ok(()) => {
            let says = t!("cli-doctor-reachable", count = count);
            Finding { latency, ..Finding::new("endpoint", subject, Health::Ok, says) }
        }
        Err(failure) => Finding { latency, ..Finding::failed("endpoint", subject, &failure) },
    }
}
