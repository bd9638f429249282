//! `loquat telemetry`: who gets request events, what they got, and what they would get.

use std::io;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::json;

use super::args::{FlushArgs, PreviewArgs, ReplayArgs, TelemetryCommand};
use super::out::Form;
use super::{Context, Exit};
use crate::chat::{ErrorKind, Failure};
use crate::config::{SinkTarget, did_you_mean};
use crate::http::{NetTransport, Transport};
use crate::t;
use crate::telemetry::Log;
use crate::telemetry::sinks::{Carrier, Desk, Standing};
use crate::text::{Safe, sanitise_line};

/// A sink, as `status --json` tells it.
#[derive(Serialize)]
struct SinkReport {
    sink: String,
    kind: &'static str,
    to: String,
    shape: &'static str,
    pending: u64,
    delivered: u64,
    rejected: u64,
    rejected_file: Option<String>,
    last: Option<Timestamp>,
    failures: u32,
    retry_at: Option<Timestamp>,
    error: Option<String>,
}

/// Runs `loquat telemetry COMMAND`.
pub async fn run(command: &TelemetryCommand, context: &Context) -> Exit {
    let log = Log::of(&context.paths).with_archive(context.config.telemetry.archive());
    let desk = Desk::new(log, &context.paths);
    let done = match command {
        TelemetryCommand::Status { json: true } => status_json(&desk, context),
        TelemetryCommand::Status { json: false } => status(&desk, context),
        TelemetryCommand::Flush(args) => flush(args, &desk, context).await,
        TelemetryCommand::Replay(args) => replay(args, &desk, context).await,
        TelemetryCommand::Preview(args) => preview(args, &desk, context),
    };
    done.unwrap_or_else(|failure| context.fail(&failure))
}

/// The sinks that are meant: the named one, or all.
fn carriers(named: Option<&str>, context: &Context) -> Result<Vec<Carrier>, Failure> {
    let transport: Arc<dyn Transport> = Arc::new(NetTransport::new());
    let sinks = &context.config.telemetry.sinks;
    let meant = sinks.iter().filter(|sink| named.is_none_or(|name| sink.name == name));
    let carriers: Vec<Carrier> = meant
        .map(|sink| Carrier::new(sink.clone(), context.config.env.clone(), Arc::clone(&transport)))
        .collect();
    match named {
        Some(name) if carriers.is_empty() => {
            let failure =
                Failure::new(ErrorKind::NotFound, t!("cli-telemetry-unknown", name = name).into_string());
            let near = did_you_mean(name, sinks.iter().map(|sink| sink.name.as_str()));
            Err(match near {
                Some(near) => failure.with_next_step(near),
                None => failure,
            })
        }
        _ if carriers.is_empty() => {
            context.out.note(&t!("cli-telemetry-none"));
            Ok(carriers)
        }
        _ => Ok(carriers),
    }
}

fn unreadable(error: &io::Error) -> Failure {
    Failure::new(
        ErrorKind::Internal,
        t!("cli-telemetry-unreadable", reason = error.to_string()).into_string(),
    )
}

fn kind(carrier: &Carrier) -> &'static str {
    match carrier.sink().to {
        SinkTarget::Http(_) => "http",
        SinkTarget::Otlp(..) => "otlp",
        SinkTarget::File(_) => "file",
        SinkTarget::Command(_) => "command",
    }
}

fn standings(desk: &Desk, context: &Context) -> Result<Vec<(Carrier, Standing)>, Failure> {
    let with_standing = |carrier: Carrier| {
        let standing = desk.standing(&carrier).map_err(|error| unreadable(&error))?;
        Ok((carrier, standing))
    };
    carriers(None, context)?.into_iter().map(with_standing).collect()
}

fn status_json(desk: &Desk, context: &Context) -> Result<Exit, Failure> {
    let report = |(carrier, standing): (Carrier, Standing)| SinkReport {
        sink: carrier.sink().name.clone(),
        kind: kind(&carrier),
        to: carrier.to(),
        shape: carrier.sink().shape.name(),
        pending: standing.pending,
        delivered: standing.delivered,
        rejected: standing.rejected,
        rejected_file: standing.rejected_file.map(|file| file.display().to_string()),
        last: standing.last,
        failures: standing.failures,
        retry_at: standing.retry_at,
        error: standing.error,
    };
    let reports: Vec<SinkReport> = standings(desk, context)?.into_iter().map(report).collect();
    context.out.json(&reports);
    Ok(Exit::OK)
}

fn status(desk: &Desk, context: &Context) -> Result<Exit, Failure> {
    let standings = standings(desk, context)?;
    if standings.is_empty() {
        return Ok(Exit::OK);
    }
    let header = [
        t!("cli-telemetry-sink"),
        t!("cli-telemetry-to"),
        t!("cli-telemetry-pending"),
        t!("cli-telemetry-delivered"),
        t!("cli-telemetry-rejected"),
        t!("cli-telemetry-state"),
    ];
    let row = |(carrier, standing): &(Carrier, Standing)| {
        let count = |count: u64| sanitise_line(&count.to_string());
        vec![
            sanitise_line(&carrier.sink().name),
            sanitise_line(&carrier.to()),
            count(standing.pending),
            count(standing.delivered),
            count(standing.rejected),
            state(standing),
        ]
    };
    context.out.table(&header, standings.iter().map(row).collect());
    for (carrier, standing) in &standings {
        let name = carrier.sink().name.as_str();
        if let Some(error) = &standing.error {
            context.out.note(&t!("cli-telemetry-failed", name = name, reason = error.as_str()));
        }
        if let Some(file) = &standing.rejected_file {
            let file = file.display().to_string();
            context.out.note(&t!("cli-telemetry-set-aside", name = name, file = file));
        }
    }
    Ok(Exit::OK)
}

fn state(standing: &Standing) -> Safe {
    match (standing.retry_at, standing.failures) {
        (Some(at), failures) if failures > 0 => {
            t!("cli-telemetry-again", failures = failures, at = format!("{at:.0}"))
        }
        _ if standing.pending > 0 => t!("cli-telemetry-waiting"),
        _ => t!("cli-telemetry-done"),
    }
}

async fn flush(args: &FlushArgs, desk: &Desk, context: &Context) -> Result<Exit, Failure> {
    let form = if args.json { Form::Json } else { Form::Lines };
    let carriers = carriers(args.sink.as_deref(), context)?;
    deliver(&carriers, form, desk, context).await
}

async fn replay(args: &ReplayArgs, desk: &Desk, context: &Context) -> Result<Exit, Failure> {
    let form = if args.json { Form::Json } else { Form::Lines };
    let carriers = carriers(Some(&args.sink), context)?;
    let begin = args.since.and_then(|day| day.to_zoned(TimeZone::UTC).ok()).map(|begin| begin.timestamp());
    for carrier in &carriers {
        if !desk.rewind(carrier, begin).map_err(|error| unreadable(&error))? {
            let message = t!("cli-telemetry-busy", name = carrier.sink().name.as_str());
            return Err(Failure::new(ErrorKind::Internal, message.into_string()));
        }
    }
    deliver(&carriers, form, desk, context).await
}

/// Delivers to each sink, and tells what came of it; the exit code is that of the first failure.
async fn deliver(carriers: &[Carrier], form: Form, desk: &Desk, context: &Context) -> Result<Exit, Failure> {
    let mut exit = Exit::OK;
    let mut reports = Vec::new();
    for carrier in carriers {
        let name = carrier.sink().name.as_str();
        let handed = desk.flush(carrier).await.map_err(|error| unreadable(&error))?;
        let Some(handed) = handed else {
            reports.push(json!({"sink": name, "busy": true}));
            context.out.note(&t!("cli-telemetry-busy", name = name));
            continue;
        };
        if let Some(failure) = &handed.failure {
            context.out.error(&t!("cli-telemetry-failed", name = name, reason = failure.message.as_str()));
            exit = if exit == Exit::OK { failure.kind.into() } else { exit };
        }
        let (delivered, rejected) = (handed.delivered, handed.rejected);
        if form == Form::Json {
            let error = handed.failure.map(|failure| failure.message);
            reports.push(json!({
                "sink": name, "busy": false, "delivered": delivered, "rejected": rejected, "error": error,
            }));
        } else {
            let told = t!("cli-telemetry-handed", name = name, delivered = delivered, rejected = rejected);
            context.out.line(told.as_str());
        }
    }
    if form == Form::Json {
        context.out.json(&reports);
    }
    Ok(exit)
}

fn preview(args: &PreviewArgs, desk: &Desk, context: &Context) -> Result<Exit, Failure> {
    let mut reports = Vec::new();
    for carrier in carriers(args.sink.as_deref(), context)? {
        let name = carrier.sink().name.as_str();
        let parcels = desk.preview(&carrier, args.count)?;
        if parcels.is_empty() {
            context.out.note(&t!("cli-telemetry-nothing", name = name));
        }
        for parcel in parcels {
            if args.json {
                let headers: serde_json::Map<_, _> =
                    parcel.headers.into_iter().map(|(name, value)| (name, value.into())).collect();
                reports.push(json!({
                    "sink": name, "kind": kind(&carrier), "to": parcel.to, "headers": headers, "body": parcel.body,
                }));
                continue;
            }
            context.out.line(&format!("# {name}: {} {}", kind(&carrier), parcel.to));
            for (name, value) in &parcel.headers {
                context.out.line(&format!("{name}: {value}"));
            }
            context.out.line(&format!("\n{}\n", parcel.body.trim_end_matches('\n')));
        }
    }
    if args.json {
        context.out.json(&reports);
    }
    Ok(Exit::OK)
}
