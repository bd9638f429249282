//! The `adapter` block of an endpoint: how a service that speaks no known format is asked and understood.
//!
//! Everything in it is data: places, templates and jq expressions. What a request is made of and what a
//! selector's values mean is known to `providers::adapter`.

use super::build::Builder;
use super::check::did_you_mean;
use super::node::Node;
use super::schema::{FRAMINGS, METHODS};
use super::{Config, Expression, Problem, Severity, Template};
use crate::chat::FinishReason;
use crate::t;

/// An `adapter` block.
#[derive(Clone, Debug, PartialEq)]
pub struct Adapter {
    /// Where an answer is asked for, below the base URL; a template of [`PLACEHOLDERS`].
    pub chat: Template,
    /// Where the models are listed, where they are.
    pub models: Option<Template>,
    /// What can be asked at no cost whether the service is up, where there is such a thing.
    pub health: Option<Template>,
    /// How an answer is asked for.
    pub method: Method,
    /// Headers of every request; templates of [`PLACEHOLDERS`].
    pub headers: Vec<(String, Template)>,
    /// The body that asks, made of our own words for a request.
    pub request: Expression,
    /// How the pieces of a streamed answer are told apart.
    pub framing: Framing,
    /// What is read of each piece of a streamed answer; none where the service streams none.
    pub stream: Selectors,
    /// What is read of an answer in one piece; none where the service always streams.
    pub response: Selectors,
    /// The ids, or objects with `id` and more, of the list of models.
    pub list: Option<Expression>,
    /// What the service's reasons for an end mean.
    pub finish_reasons: Vec<(String, FinishReason)>,
}

/// Selectors and their expressions, in the order in which they are asked.
pub type Selectors = Vec<(Selector, Expression)>;

/// The HTTP method that asks for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// POST.
    Post,
    /// PUT.
    Put,
    /// PATCH.
    Patch,
    /// GET: the fields of the body become the query.
    Get,
}

/// How the pieces of a streamed answer are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// Server-sent events.
    Sse,
    /// A JSON value a line.
    Ndjson,
    /// One JSON array, of which each item is a piece as soon as it is complete.
    JsonArray,
    /// It is not streamed.
    Whole,
}

/// What a selector reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Selector {
    /// What went wrong, where something did.
    Error,
    /// The model that is served.
    Model,
    /// Reasoning.
    Reasoning,
    /// Text.
    Text,
    /// A refusal.
    Refusal,
    /// Tool calls, or pieces of them.
    ToolCalls,
    /// A token count.
    TokensIn,
    /// A token count.
    TokensOut,
    /// A token count.
    CachedIn,
    /// A token count.
    CacheWrite,
    /// A token count.
    ReasoningOut,
    /// Why the answer ended.
    FinishReason,
    /// Whether it has ended.
    Done,
}

/// The selectors that stand in `stream` and `response` themselves, in the order in which they are asked.
const SELECTORS: &[(&str, Selector)] = &[
    ("error", Selector::Error),
    ("model", Selector::Model),
    ("reasoning", Selector::Reasoning),
    ("text", Selector::Text),
    ("refusal", Selector::Refusal),
    ("tool_calls", Selector::ToolCalls),
    ("finish_reason", Selector::FinishReason),
    ("done", Selector::Done),
];

/// The selectors that stand in `usage`.
const COUNTS: &[(&str, Selector)] = &[
    ("tokens_in", Selector::TokensIn),
    ("tokens_out", Selector::TokensOut),
    ("cached_in", Selector::CachedIn),
    ("cache_write", Selector::CacheWrite),
    ("reasoning_out", Selector::ReasoningOut),
];

impl Selector {
    /// Its key.
    pub fn name(self) -> &'static str {
        SELECTORS.iter().chain(COUNTS).find(|(_, selector)| *selector == self).map_or("", |(name, _)| name)
    }
}

/// What `finish_reasons` may say of a reason.
pub(super) const FINISH_REASONS: &[(&str, FinishReason)] = &[
    ("stop", FinishReason::Stop),
    ("length", FinishReason::Length),
    ("tool_calls", FinishReason::ToolCalls),
    ("content_filter", FinishReason::ContentFilter),
    ("refusal", FinishReason::Refusal),
    ("error", FinishReason::Error),
];

/// What paths and headers may hold: `{{key}}` is the key, `{{model}}` the model's id, `{{user}}` who asks.
pub const PLACEHOLDERS: &[&str] = &["key", "model", "user"];

impl Adapter {
    /// Whether the configuration says where the key goes. Where it does not, the key is a bearer token.
    pub fn places_key(&self) -> bool {
        let paths = [Some(&self.chat), self.models.as_ref(), self.health.as_ref()];
        let headers = self.headers.iter().map(|(_, template)| template);
        headers.chain(paths.into_iter().flatten()).any(|template| names_key(&template.raw))
    }

    /// What a reason of the service means.
    pub fn finish_reason(&self, word: &str) -> FinishReason {
        let told = self.finish_reasons.iter().find(|(known, _)| known == word).map(|(_, reason)| *reason);
        let ours = || FINISH_REASONS.iter().find(|(known, _)| *known == word).map(|(_, reason)| *reason);
        told.or_else(ours).unwrap_or(FinishReason::Stop)
    }

    /// Every expression. One that `stream` and `response` share comes twice.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let selected = self.stream.iter().chain(&self.response).map(|(_, expression)| expression);
        std::iter::once(&self.request).chain(&self.list).chain(selected)
    }
}

/// Every expression of a configuration that cannot be compiled. They are compiled when they are first used, so
/// that starting the program costs nothing for them; this is for who wants to know before.
pub fn check(config: &Config) -> Vec<Problem> {
    let adapters = config.endpoints.iter().filter_map(|endpoint| endpoint.adapter.as_deref());
    faults(adapters.flat_map(Adapter::expressions))
}

/// What is wrong with expressions, each told once.
pub(super) fn faults<'e>(expressions: impl IntoIterator<Item = &'e Expression>) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    for expression in expressions {
        if let Err(fault) = expression.check() {
            let problem = Problem {
                severity: Severity::Error,
                at: fault.at,
                path: expression.path.clone(),
                message: t!("config-jq", reason = fault.reason).into_string(),
                suggestion: None,
            };
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
    }
    problems.sort_by_key(|problem| (problem.at.line, problem.at.column));
    problems
}

/// The adapter that `node` describes; what is wrong with it goes to the builder's problems.
pub(super) fn adapter(builder: &mut Builder<'_>, node: &Node, path: &str) -> Option<Adapter> {
    let paths = node.get("paths");
    let place = |key: &str| paths.and_then(|paths| builder.template(paths.get(key)?));
    let (chat, models, health) = (place("chat"), place("models"), place("health"));
    let headers = node.get("headers").map_or(&[][..], Node::entries);
    let headers: Vec<(String, Template)> = headers
        .iter()
        .filter_map(|entry| Some((entry.key.clone(), builder.template(&entry.value)?)))
        .collect();
    for template in
        [&chat, &models, &health].into_iter().flatten().chain(headers.iter().map(|(_, template)| template))
    {
        unknown_placeholder(builder, template, path);
    }
    let shared = Shared {
        error: node.get("error").map(|node| expression(builder, node, "error")),
        counts: counts(builder, node.get("usage"), "usage"),
    };
    let stream = selectors(builder, node.get("stream"), "stream", &shared);
    let response = selectors(builder, node.get("response"), "response", &shared);
    let request = node.get("request").map(|node| expression(builder, node, "request"));
    let list = node.get("models").map(|node| expression(builder, node, "models"));
    let framing = word(node.get("framing"), FRAMINGS).unwrap_or(match node.get("stream") {
        Some(_) => Framing::Sse,
        None => Framing::Whole,
    });
    fits(builder, node, framing, path);
    Some(Adapter {
        chat: chat?,
        models,
        health,
        method: word(node.get("method"), METHODS).unwrap_or(Method::Post),
        headers,
        request: request?,
        framing,
        stream,
        response,
        list,
        finish_reasons: node
            .get("finish_reasons")
            .map_or(&[][..], Node::entries)
            .iter()
            .filter_map(|entry| Some((entry.key.clone(), word(Some(&entry.value), FINISH_REASONS)?)))
            .collect(),
    })
}

/// The selectors that a section has unless it says otherwise.
struct Shared {
    error: Option<Expression>,
    counts: Selectors,
}

fn selectors(builder: &mut Builder<'_>, section: Option<&Node>, name: &str, shared: &Shared) -> Selectors {
    let Some(section) = section else { return Selectors::new() };
    let mut found: Selectors = SELECTORS
        .iter()
        .filter_map(|(key, selector)| {
            let node = section.get(key)?;
            Some((*selector, expression(builder, node, &format!("{name}.{key}"))))
        })
        .collect();
    found.extend(counts(builder, section.get("usage"), &format!("{name}.usage")));
    let error = shared.error.iter().map(|expression| (Selector::Error, expression));
    let counts = shared.counts.iter().map(|(selector, expression)| (*selector, expression));
    for (selector, expression) in error.chain(counts) {
        if !found.iter().any(|(own, _)| *own == selector) {
            found.push((selector, expression.clone()));
        }
    }
    found.sort_by_key(|(selector, _)| *selector);
    found
}

fn counts(builder: &mut Builder<'_>, usage: Option<&Node>, path: &str) -> Selectors {
    COUNTS
        .iter()
        .filter_map(|(key, selector)| {
            let node = usage?.get(key)?;
            Some((*selector, expression(builder, node, &format!("{path}.{key}"))))
        })
        .collect()
}

fn expression(builder: &mut Builder<'_>, node: &Node, path: &str) -> Expression {
    let text = node.text().unwrap_or_default().to_owned();
    let start = node.start().map(|start| builder.locate(start));
    let expression = Expression::new(format!("adapter.{path}"), text, builder.locate(node.at), start);
    // What is no text is told of by the schema.
    if node.text().is_some() {
        builder.expressions.push(expression.clone());
    }
    expression
}

/// What a word stands for.
fn word<T: Copy>(node: Option<&Node>, words: &[(&str, T)]) -> Option<T> {
    let text = node?.text()?;
    words.iter().find(|(word, _)| *word == text).map(|(_, meant)| *meant)
}

/// Tells what the parts of an adapter contradict each other in.
fn fits(builder: &mut Builder<'_>, node: &Node, framing: Framing, path: &str) {
    let (stream, response) = (node.get("stream"), node.get("response"));
    let framed = node.get("framing").unwrap_or(node);
    let ends = |key: &str| stream.and_then(|stream| stream.get(key)).is_some();
    let (at, message) = match (framing, stream, response) {
        (_, None, None) => (node, t!("config-adapter-no-answer")),
        (Framing::Whole, Some(stream), _) => (stream, t!("config-adapter-whole")),
        (Framing::Sse | Framing::Ndjson | Framing::JsonArray, None, _) => {
            (framed, t!("config-adapter-no-stream"))
        }
        (Framing::Sse | Framing::Ndjson, Some(stream), _) if !ends("done") && !ends("finish_reason") => {
            (stream, t!("config-adapter-no-end"))
        }
        (Framing::Sse | Framing::Ndjson | Framing::JsonArray | Framing::Whole, ..) => return,
    };
    builder.slip(at.at, path, message.into_string());
}

fn unknown_placeholder(builder: &mut Builder<'_>, template: &Template, path: &str) {
    for name in placeholders(&template.raw).filter(|name| !PLACEHOLDERS.contains(name)) {
        builder.tell(Problem {
            severity: Severity::Error,
            at: template.at.clone(),
            path: path.to_owned(),
            message: t!("config-adapter-placeholder", name = name).into_string(),
            suggestion: did_you_mean(name, PLACEHOLDERS.iter().copied())
                .or_else(|| Some(t!("config-adapter-placeholders").into_string())),
        });
    }
}

/// Whether a template holds the key.
pub fn names_key(text: &str) -> bool {
    placeholders(text).any(|name| name == "key")
}

/// The names between `{{` and `}}`.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split("{{").skip(1).filter_map(|rest| Some(rest.split_once("}}")?.0.trim()))
}

/// A template's text with its placeholders filled by `value`.
pub fn fill(text: &str, mut value: impl FnMut(&str) -> String) -> String {
    let mut parts = text.split("{{");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once("}}") {
            Some((name, rest)) => {
                filled.push_str(&value(name.trim()));
                filled.push_str(rest);
            }
            None => {
                filled.push_str("{{");
                filled.push_str(part);
            }
        }
    }
    filled
}
