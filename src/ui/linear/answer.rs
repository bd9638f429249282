//! Messages as they are read out: who says them, their parts, and how they ended.

use crate::app::Model;
use crate::app::block::{Names, kind_name, seconds};
use crate::chat::{ErrorKind, FinishReason, Message, MessageId, Money, Part, Role, Status};
use crate::t;
use crate::text::{Safe, sanitise_line};

use super::super::pictures::in_words;
use super::plain;
use super::prose::Prose;
use super::wrap::Wrap;

/// How far a message was told.
#[derive(Clone, Debug)]
pub struct Telling {
    /// Which.
    pub message: MessageId,
    /// What its speaker was called.
    name: Safe,
    /// Which of its parts is read out.
    part: usize,
    /// The bytes of that part that were.
    byte: usize,
    prose: Prose,
}

/// Who says a message, and which of its siblings it is.
pub fn head(model: &Model, message: &Message, out: &mut Wrap) {
    let tree = &model.open.conversation.tree;
    let place = tree.place(message.id).filter(|place| place.count > 1);
    let name = Names::of(model).speaker(message, tree);
    out.blank();
    out.line(&match (message.role, place) {
        (Role::User, None) => t!("ui-linear-you"),
        (Role::User, Some(place)) => t!("ui-linear-you-of", at = place.position, count = place.count),
        (Role::Assistant, None) => t!("ui-linear-answers", name = name),
        (Role::Assistant, Some(place)) => {
            t!("ui-linear-answers-of", name = name, at = place.position, count = place.count)
        }
    });
}

/// The reasoning before an answer.
pub fn reasoning(message: &Message, out: &mut Wrap) {
    let mut prose = Prose::default();
    out.line(&t!("ui-linear-reasoning-read"));
    for text in message.parts.iter().filter_map(Part::reasoning) {
        prose.push(text, out);
        prose.push("\n", out);
    }
    prose.finish(out);
    out.line(&t!("ui-linear-reasoning-end"));
}

impl Telling {
    /// Of a message of which nothing was told.
    pub fn of(model: &Model, message: &Message) -> Self {
        let name = Names::of(model).speaker(message, &model.open.conversation.tree);
        Self { message: message.id, name, part: 0, byte: 0, prose: Prose::default() }
    }

    /// Of a message of which all that there is was told.
    pub fn after(model: &Model, message: &Message) -> Self {
        let last = message.parts.len().saturating_sub(1);
        let byte = message.parts.get(last).and_then(Part::written).map_or(0, str::len);
        Self { part: last, byte, ..Self::of(model, message) }
    }

    /// Tells what came since.
    pub fn go_on(&mut self, message: &Message, out: &mut Wrap) {
        while let Some(part) = message.parts.get(self.part) {
            self.tell(part, out);
            if self.part + 1 == message.parts.len() {
                return;
            }
            self.leave(part, out);
            (self.part, self.byte) = (self.part + 1, 0);
        }
    }

    fn tell(&mut self, part: &Part, out: &mut Wrap) {
        let before = self.byte;
        let Some(text) = part.written() else {
            if before == 0 {
                self.byte = 1;
                whole(part, out);
            }
            return;
        };
        let Some(more) = text.get(before..).filter(|more| !more.is_empty()) else { return };
        self.byte = text.len();
        match part {
            Part::Reasoning { .. } if before == 0 => out.line(&t!("ui-linear-reasoning")),
            Part::Reasoning { .. } => {}
            _ => self.prose.push(more, out),
        }
    }

    /// A part has ended.
    fn leave(&mut self, part: &Part, out: &mut Wrap) {
        self.prose.finish(out);
        if let Some(reasoning) = part.reasoning().filter(|text| !text.is_empty()) {
            let words = reasoning.split_whitespace().count();
            out.line(&t!("ui-linear-reasoned", words = words));
        }
    }

    /// Tells how it ended.
    pub fn end(mut self, model: &Model, message: &Message, out: &mut Wrap) {
        if let Some(part) = message.parts.get(self.part) {
            self.leave(part, out);
        }
        if message.role == Role::User {
            return;
        }
        for line in ending(model, message, &self.name) {
            out.line(&line);
        }
    }
}

/// A part that is told in a line.
fn whole(part: &Part, out: &mut Wrap) {
    let line = match part {
        Part::ToolCall(call) => {
            t!("ui-linear-tool", name = call.name.as_str(), input = call.arguments.to_string())
        }
        Part::ToolResult(result) => {
            t!("ui-linear-result", name = result.name.as_str(), output = result.content.to_string())
        }
        Part::ServerTool(tool) => {
            t!("ui-linear-tool", name = tool.name.as_str(), input = tool.input.to_string())
        }
        Part::Image(media) => t!("ui-linear-image", about = in_words(media)),
        Part::Document(media) => {
            let name = if media.name.is_empty() { &media.mime } else { &media.name };
            t!("ui-linear-attached", name = name.as_str())
        }
        Part::Source(source) => {
            t!("ui-linear-source", title = source.title.as_str(), target = source.url.as_str())
        }
        Part::Summary(summary) => {
            t!("ui-linear-summary", words = summary.text.split_whitespace().count())
        }
        Part::Text { .. } | Part::Reasoning { .. } | Part::Refusal { .. } | Part::State(_) => return,
    };
    out.line(&sanitise_line(&line));
}

/// How an answer ended, and what can be done about it.
fn ending(model: &Model, message: &Message, told: &Safe) -> Vec<Safe> {
    let provenance = message.provenance.as_ref();
    let mut lines = Vec::new();
    let failure = provenance.and_then(|provenance| provenance.failure.as_ref());
    if let Some(failure) = failure {
        let status = failure.status.map(|status| format!(" {status}")).unwrap_or_default();
        let next = failure.next_step.as_deref().unwrap_or_default();
        let (kind, reason) = (kind_name(failure.kind), failure.message.trim_end_matches('.'));
        lines.push(plain(&t!(
            "ui-linear-failed",
            kind = kind,
            status = status,
            reason = reason,
            next = next
        )));
    }
    let too_long = failure.is_some_and(|failure| failure.kind == ErrorKind::ContextWindow);
    let finish = provenance.and_then(|provenance| provenance.finish);
    if message.status == Status::Complete && finish == Some(FinishReason::Length) {
        lines.push(t!("ui-linear-length"));
    }
    let facts = facts(model, message, told);
    lines.push(match message.status {
        Status::Streaming => return lines,
        Status::Cancelled if message.parts.is_empty() => t!("ui-linear-stopped-empty"),
        Status::Cancelled => t!("ui-linear-stopped"),
        Status::Cut | Status::Failed if too_long => t!("ui-linear-too-long"),
        Status::Cut | Status::Failed if message.parts.is_empty() => t!("ui-linear-retry"),
        Status::Cut | Status::Failed => t!("ui-linear-cut"),
        Status::Complete if facts.is_empty() => t!("ui-linear-end"),
        Status::Complete => t!("ui-linear-end-facts", facts = facts.join(", ")),
    });
    lines
}

/// Who answered, where that is not who was asked, and what it took.
fn facts(model: &Model, message: &Message, told: &Safe) -> Vec<String> {
    let names = Names::of(model);
    let mut facts = Vec::new();
    let name = names.speaker(message, &model.open.conversation.tree);
    if name != *told {
        facts.push(t!("ui-linear-by", name = name).into_string());
    }
    if let Some(provenance) = &message.provenance {
        facts.extend(provenance.latency_ms.map(|ms| format!("{} s", seconds(ms))));
        let tokens = provenance.usage.tokens_out;
        facts.extend(tokens.map(|tokens| t!("ui-linear-tokens", count = tokens).into_string()));
    }
    facts.extend(names.price(message).map(|price| cost(price).into_string()));
    facts
}

/// An amount as it is said: in cents where it is less than a euro.
fn cost(amount: Money) -> Safe {
    const EURO: i64 = 1_000_000_000;
    let nanos = amount.nanos();
    if nanos == 0 {
        return t!("app-free");
    }
    if nanos.abs() >= EURO {
        let cents = nanos / (EURO / 100);
        return t!("ui-linear-euros", amount = format!("{}.{:02}", cents / 100, cents.abs() % 100));
    }
    // Two digits that say something, and at least a hundredth of a cent.
    let hundredths = (nanos + EURO / 20_000) / (EURO / 10_000);
    if hundredths == 0 {
        return t!("ui-linear-least");
    }
    t!("ui-linear-cents", amount = format!("{}.{:02}", hundredths / 100, hundredths.abs() % 100))
}
