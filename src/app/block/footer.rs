//! What stands below an answer: what went wrong and what can be done about it, and how the answer came to be.

use crate::chat::{ErrorKind, FinishReason, Message, Provenance, Role, Status, Tried};
use crate::t;
use crate::text::width::truncate;
use crate::text::{Safe, sanitise_line};

use super::amounts::{euros, grouped, seconds};
use super::names::Names;
use super::row::{Row, Tone, wrapped};

/// The dim line of how an answer came to be, and what went wrong.
pub(super) fn footer(message: &Message, names: &Names<'_>, width: usize) -> Vec<Row> {
    if message.role == Role::User {
        return Vec::new();
    }
    let mut rows = Vec::new();
    if let Some(failure) = message.provenance.as_ref().and_then(|provenance| provenance.failure.as_ref()) {
        let status = failure.status.map(|status| format!(" {status}")).unwrap_or_default();
        let head = format!("✗ {}{status}: {}", kind_name(failure.kind), failure.message);
        rows.extend(wrapped(&head, width, Tone::Bad));
        if let Some(step) = &failure.next_step {
            rows.extend(wrapped(&format!("→ {step}"), width, Tone::Text));
        }
    }
    // Where the failure is told above, what is left to say is what can be done.
    let told = !rows.is_empty();
    let empty = message.parts.is_empty();
    let hint = match message.status {
        Status::Cancelled if empty => Some(t!("app-stopped-empty")),
        Status::Cancelled => Some(t!("app-stopped")),
        Status::Cut | Status::Failed if is_too_long(message) => Some(t!("app-failed-too-long")),
        Status::Cut | Status::Failed if empty => Some(t!("app-failed-retry")),
        Status::Cut if !told => Some(t!("app-cut")),
        Status::Cut | Status::Failed => Some(t!("app-failed-partial")),
        Status::Complete => finish_hint(message.provenance.as_ref()),
        Status::Streaming => None,
    };
    rows.extend(hint.into_iter().flat_map(|hint| wrapped(&hint, width, Tone::Dim)));
    // Of one that is gone on with, what it cost so far is known: the whole is told when there is one.
    if names.is_hidden(message) || message.status == Status::Streaming {
        return rows;
    }
    if let Some(line) =
        message.provenance.as_ref().and_then(|provenance| provenance_line(message, provenance))
    {
        rows.push(Row::of(truncate(&line, width), Tone::Dim));
    }
    rows
}

fn finish_hint(provenance: Option<&Provenance>) -> Option<Safe> {
    match provenance?.finish? {
        FinishReason::Length => Some(t!("app-length")),
        FinishReason::ContentFilter => Some(t!("app-filtered")),
        FinishReason::Stop
        | FinishReason::ToolCalls
        | FinishReason::Refusal
        | FinishReason::Cancelled
        | FinishReason::Error
        | FinishReason::Cut => None,
    }
}

/// Whether a provider refused the request of an answer as too long.
pub fn is_too_long(message: &Message) -> bool {
    let failure = message.provenance.as_ref().and_then(|provenance| provenance.failure.as_ref());
    failure.is_some_and(|failure| failure.kind == ErrorKind::ContextWindow)
}

/// What kind of failure, in words.
pub fn kind_name(kind: ErrorKind) -> Safe {
    match kind {
        ErrorKind::Config => t!("app-kind-config"),
        ErrorKind::Auth => t!("app-kind-auth"),
        ErrorKind::UnknownModel => t!("app-kind-unknown-model"),
        ErrorKind::NotFound => t!("app-kind-not-found"),
        ErrorKind::Network => t!("app-kind-network"),
        ErrorKind::Timeout => t!("app-kind-timeout"),
        ErrorKind::RateLimit => t!("app-kind-rate-limit"),
        ErrorKind::Provider => t!("app-kind-provider"),
        ErrorKind::ContentFilter => t!("app-kind-content-filter"),
        ErrorKind::ContextWindow => t!("app-kind-context-window"),
        ErrorKind::Budget => t!("app-kind-budget"),
        ErrorKind::Cut => t!("app-kind-cut"),
        ErrorKind::Cancelled => t!("app-kind-cancelled"),
        ErrorKind::Internal => t!("app-kind-internal"),
    }
}

fn provenance_line(message: &Message, provenance: &Provenance) -> Option<Safe> {
    let mut facts: Vec<String> = Vec::new();
    if let Some(alias) = &provenance.alias {
        facts.push(t!("app-alias", alias = alias.as_str()).into_string());
    }
    facts.extend(passed_over(message, provenance));
    if let Some(served) = provenance.model_served.as_ref().filter(|served| {
        message.route.as_ref().is_none_or(|route| route.model != **served) && !served.as_str().is_empty()
    }) {
        facts.push(served.to_string());
    }
    if let Some(latency) = provenance.latency_ms {
        let first = provenance.ttft_ms.map(|first| t!("app-first", seconds = seconds(first)));
        facts.push(match first {
            Some(first) => format!("{} s ({first})", seconds(latency)),
            None => format!("{} s", seconds(latency)),
        });
    }
    if provenance.attempts > 1 {
        facts.push(t!("app-attempts", count = provenance.attempts).into_string());
    }
    let usage = &provenance.usage;
    let about = if usage.estimated { "≈ " } else { "" };
    let counted = |tokens| format!("{about}{}", grouped(tokens));
    if let Some(tokens) = usage.tokens_in {
        let cached = usage.cached_in.filter(|cached| *cached > 0);
        let cached = cached.map(|cached| format!(" ({})", t!("app-cached", count = grouped(cached))));
        facts.push(t!("app-tokens-in", count = counted(tokens)).into_string() + &cached.unwrap_or_default());
    }
    if let Some(tokens) = usage.tokens_out {
        facts.push(t!("app-tokens-out", count = counted(tokens)).into_string());
    }
    if let Some(cost) = provenance.cost_eur {
        facts.push(euros(cost).into_string());
    }
    (!facts.is_empty()).then(|| sanitise_line(&facts.join(" · ")))
}

/// The routes that were asked before the one that answered, and what was wrong with each.
fn passed_over(message: &Message, provenance: &Provenance) -> impl Iterator<Item = String> {
    let mut others: Vec<&Tried> =
        provenance.before.iter().filter(|tried| Some(&tried.route) != message.route.as_ref()).collect();
    others.dedup_by(|next, before| next.route == before.route && next.kind == before.kind);
    others.into_iter().map(|tried| {
        let status = tried.status.map(|status| format!(" {status}")).unwrap_or_default();
        t!("app-passed-over", route = tried.route.to_string(), kind = kind_name(tried.kind), status = status)
            .into_string()
    })
}
