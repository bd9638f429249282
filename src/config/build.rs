//! Makes the [`Config`] of a checked and merged tree.
//!
//! Types were told by the checker; here only what spans several values is: a base URL that nobody gave, a
//! key written out in the file, names that lead nowhere.

use serde_json::{Map, Value as Json};

use super::access;
use super::adapter;
use super::check::did_you_mean;
use super::files::Files;
use super::look;
use super::node::{Mark, Node, Value};
use super::telemetry::{footprint, retention};
use super::values::{flag, follow, language, reasoning, storage, text, timeouts, two_letters, which_key};
use super::{
    Config, Defaults, Endpoint, Env, Expression, KeymapEntry, Location, Problem, Severity, TelemetryConfig,
    Template, Timeouts, UiConfig,
};
use crate::chat::{EndpointName, KeyLabel, ModelId};
use crate::t;

/// The configuration of a tree.
pub(super) fn build(root: &Node, files: &Files, env: Env, problems: &mut Vec<Problem>) -> Config {
    let of_router = root.get("router");
    let mut builder = Builder {
        files,
        env: &env,
        problems,
        timeouts: timeouts(of_router.and_then(|router| router.get("timeouts")), Timeouts::default()),
        all: None,
        expressions: Vec::new(),
    };
    let mut endpoints = builder.endpoints(root);
    let prices = builder.prices(root.get("prices"), &mut endpoints);
    let budgets = builder.budgets(root);
    let router = builder.router(of_router, &endpoints);
    endpoints.splice(0..0, router.endpoint());
    let defaults = builder.defaults(root.get("defaults"), &endpoints);
    let presets = builder.presets(root);
    let prompts = builder.prompts(root);
    let keymap = builder.keymap(root.get("keymap"));
    let user = builder.filled(root.get("user"));
    if user.is_none() {
        builder.nobody_to_tell_of(root);
    }
    let ui = root.get("ui");
    let ui = UiConfig {
        theme: builder.themes(ui),
        background: look::background(ui),
        colors: look::colors(ui),
        images: look::images(ui),
        mouse: mouse(ui, &env),
        vi: ui.is_some_and(|ui| flag(ui, "vi")),
        vi_escape: ui.and_then(|ui| two_letters(ui.get("vi_escape")?.text()?)),
        inline: ui.is_some_and(|ui| flag(ui, "inline")),
        print_on_exit: ui.is_some_and(|ui| flag(ui, "print_on_exit")),
        reasoning: ui.map(reasoning).unwrap_or_default(),
        follow: ui.map(follow).unwrap_or_default(),
        access: access::read(ui),
        which_key: which_key(ui),
        language: ui.and_then(language),
        frames: ui.and_then(|ui| ui.get("frames")?.text()?.parse().ok()),
    };
    let sinks = builder.sinks(root);
    let expressions = builder.expressions;
    let retention = retention(root.get("telemetry"), files, &env, problems);
    // Compiling costs time, and whoever only wants to use a good file does not pay for it.
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        problems.extend(adapter::faults(&expressions));
    }
    Config {
        endpoints,
        user,
        defaults,
        presets,
        prompts,
        router,
        prices,
        budgets,
        storage: storage(root.get("storage")),
        telemetry: TelemetryConfig { retention, sinks, footprint: footprint(root.get("telemetry")) },
        ui,
        keymap,
        files: files.paths(),
        env,
    }
}

/// Whether the mouse is taken: as it is said, else unless the terminal is on another machine, where its own selection
/// is the only one that reaches it for certain.
fn mouse(ui: Option<&Node>, env: &Env) -> bool {
    match ui.and_then(|ui| ui.get("mouse")).and_then(Node::text) {
        Some("true") => true,
        Some("false") => false,
        Some(_) | None => !["SSH_CONNECTION", "SSH_TTY"].iter().any(|name| env.get(name).is_some()),
    }
}

pub(super) struct Builder<'a> {
    pub(super) files: &'a Files,
    pub(super) env: &'a Env,
    problems: &'a mut Vec<Problem>,
    /// `router.timeouts`.
    pub(super) timeouts: Timeouts,
    /// `endpoints.all`.
    pub(super) all: Option<&'a Node>,
    /// Every expression of every adapter, those of endpoints that are left out included.
    pub(super) expressions: Vec<Expression>,
}

impl<'a> Builder<'a> {
    /// A text, or the first of several whose variables are all set; where there is none, the first.
    pub(super) fn template(&self, node: &Node) -> Option<Template> {
        let mut alternatives = node
            .items_or_self()
            .iter()
            .filter_map(|item| {
                Some(Template { raw: item.text()?.to_owned(), at: self.files.locate(item.at) })
            })
            .filter(|template| !template.raw.trim().is_empty())
            .peekable();
        let first = alternatives.peek().cloned();
        alternatives.find(|template| template.expand(self.env).is_ok()).or(first)
    }

    /// A text with its variables put in. It is used whatever the endpoint, so one that is not set is no error
    /// and stays as it is written.
    pub(super) fn filled(&self, node: Option<&Node>) -> Option<String> {
        let text = node?.text()?;
        if !text.contains("${") {
            return Some(text.to_owned());
        }
        let filled = self.template(node?).and_then(|template| template.expand(self.env).ok());
        Some(filled.unwrap_or_else(|| text.to_owned()))
    }

    pub(super) fn json_map(&mut self, node: Option<&Node>, path: &str) -> Map<String, Json> {
        node.map_or(&[][..], Node::entries)
            .iter()
            .map(|entry| (entry.key.clone(), self.json(&entry.value, &format!("{path}.{}", entry.key))))
            .collect()
    }

    /// A value as JSON, as YAML 1.2 reads it. Variables are put in now; one that is not set stays as written.
    pub(super) fn json(&mut self, node: &Node, path: &str) -> Json {
        match &node.value {
            Value::Null => Json::Null,
            Value::List(items) => items.iter().map(|item| self.json(item, path)).collect(),
            Value::Map(_) => Json::Object(self.json_map(Some(node), path)),
            Value::Scalar { text, plain, .. } => {
                let template = Template { raw: text.clone(), at: self.files.locate(node.at) };
                if template.variables().next().is_some() {
                    return match template.expand(self.env) {
                        Ok(expanded) => Json::String(expanded),
                        Err(unset) => {
                            let message = t!("config-unset-param", name = unset.name.as_str()).into_string();
                            self.problem(Severity::Warning, node.at, path, message);
                            Json::String(text.clone())
                        }
                    };
                }
                let bare = node.boolean().map(Json::Bool).or_else(|| {
                    let number = text.parse::<serde_json::Number>().ok().filter(|_| *plain);
                    number.map(Json::Number)
                });
                bare.unwrap_or_else(|| Json::String(text.clone()))
            }
        }
    }

    fn defaults(&mut self, node: Option<&Node>, endpoints: &[Endpoint]) -> Defaults {
        let Some(node) = node else { return Defaults::default() };
        let defaults = Defaults {
            endpoint: self.filled(node.get("endpoint")).map(EndpointName::from),
            model: self.filled(node.get("model")).map(ModelId::from),
            key: self.filled(node.get("key")).map(KeyLabel::from),
            preset: text(node, "preset"),
        };
        if let (Some(name), Some(written)) = (&defaults.endpoint, node.get("endpoint"))
            && !endpoints.iter().any(|endpoint| endpoint.name == *name)
        {
            self.no_such_endpoint(Severity::Error, written.at, "defaults.endpoint", name, endpoints);
        }
        defaults
    }

    /// Tells that an endpoint is named that is not there.
    pub(super) fn no_such_endpoint(
        &mut self,
        severity: Severity,
        at: Mark,
        path: &str,
        name: &EndpointName,
        endpoints: &[Endpoint],
    ) {
        let message = t!("config-no-such-endpoint", name = name.as_str()).into_string();
        let mut problem = self.files.problem(severity, at, path, message);
        problem.suggestion =
            did_you_mean(name.as_str(), endpoints.iter().map(|endpoint| endpoint.name.as_str()));
        self.problems.push(problem);
    }

    fn keymap(&self, node: Option<&Node>) -> Vec<KeymapEntry> {
        let contexts = node.map_or(&[][..], Node::entries);
        contexts
            .iter()
            .flat_map(|context| context.value.entries().iter().map(move |binding| (context, binding)))
            .filter_map(|(context, binding)| {
                Some(KeymapEntry {
                    context: context.key.clone(),
                    keys: binding.key.clone(),
                    command: binding.value.text()?.to_owned(),
                    at: self.files.locate(binding.at),
                })
            })
            .collect()
    }

    /// How a slip is taken in the file something is written in.
    pub(super) fn severity(&self, at: Mark) -> Severity {
        self.files.severity(at)
    }

    pub(super) fn problem(&mut self, severity: Severity, at: Mark, path: &str, message: String) {
        self.problems.push(self.files.problem(severity, at, path, message));
    }

    /// Something in the person's file contradicts itself.
    pub(super) fn slip(&mut self, at: Mark, path: &str, message: String) {
        self.problem(self.files.severity(at), at, path, message);
    }

    /// Any other problem.
    pub(super) fn tell(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// A place as messages tell it.
    pub(super) fn locate(&self, at: Mark) -> Location {
        self.files.locate(at)
    }
}
