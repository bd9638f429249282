//! Where a deployment of LiteLLM's is: the endpoint it becomes, and the key that goes there.
//!
//! Deployments at one place are one endpoint with as many keys as they have. A place that a built-in endpoint is
//! already is that endpoint, so that a person finds `Groq` where they know it.

use std::collections::HashMap;

use super::providers::{Provider, Way};
use super::{Deployment, Reader};
use crate::chat::KeyLabel;
use crate::config::node::{Entry, Mark, Node, Value};
use crate::config::{USER_PROVIDED, vertex};
use crate::t;

/// Names of endpoints, of all files of a load: one place has one name, two places have two.
#[derive(Debug, Default)]
pub(in crate::config) struct Names {
    /// In lower case: names that differ only in case are one.
    taken: Vec<String>,
    of_places: HashMap<String, String>,
}

impl Names {
    /// Those of the built-in endpoints.
    pub fn builtin(root: &Node) -> Self {
        let endpoints = root.get("endpoints").map_or(&[][..], Node::entries);
        let custom = endpoints.iter().flat_map(|entry| entry.value.items());
        let named = custom.filter_map(|item| item.get("name")?.text());
        let taken = named.chain(endpoints.iter().map(|entry| entry.key.as_str()));
        Self { taken: taken.map(str::to_lowercase).collect(), of_places: HashMap::new() }
    }

    /// The name of a place: the one it has, else the first of the wishes that is free, else that with a number.
    fn name(&mut self, place: &str, wishes: &[String]) -> String {
        if let Some(name) = self.of_places.get(place) {
            return name.clone();
        }
        let last = wishes.last().map_or("", String::as_str);
        let numbered = (2_u32..).map(|number| format!("{last}-{number}"));
        let mut candidates = wishes.iter().cloned().chain(numbered);
        let name = candidates
            .find(|name| !self.taken.contains(&name.to_lowercase()))
            .unwrap_or_else(|| place.to_owned());
        self.taken.push(name.to_lowercase());
        self.of_places.insert(place.to_owned(), name.clone());
        name
    }
}

/// An endpoint that deployments need.
#[derive(Debug)]
pub(super) struct Draft {
    name: String,
    at: Mark,
    provider: &'static Provider,
    /// What it is made of; `None` where it is a built-in endpoint as it stands.
    own: Option<Own>,
    /// Its keys by their labels; the one of an own endpoint's `apiKey` is the first.
    keys: Vec<(String, Node)>,
    models: Vec<Node>,
    /// `tokenConfig` by model.
    tokens: Vec<Entry>,
}

/// A place that is no built-in endpoint.
#[derive(Clone, Debug)]
struct Own {
    api: &'static str,
    base: Node,
    headers: Vec<Entry>,
    params: Vec<Entry>,
    dropped: Vec<Node>,
}

impl Own {
    /// What makes it another place than others.
    fn identity(&self) -> String {
        let Self { api, base, headers, params, dropped } = self;
        let params = Node { at: base.at, value: Value::Map(params.clone()) };
        let headers = Node { at: base.at, value: Value::Map(headers.clone()) };
        let dropped = Node::list(base.at, dropped.clone());
        [api.to_string(), plain(base), plain(&headers), plain(&params), plain(&dropped)].join(" ")
    }
}

/// An endpoint and a label of a key of it.
#[derive(Clone, Debug)]
pub(super) struct Access {
    pub endpoint: String,
    pub key: Option<String>,
}

impl Reader<'_> {
    /// The endpoint and key of a deployment, and whether it can be had; what is missing was told.
    pub(super) fn access(
        &mut self,
        deployment: &Deployment<'_>,
        provider: &'static Provider,
        model: &str,
    ) -> Option<Access> {
        let own = self.own(deployment, provider, model)?;
        let at = deployment.params.at;
        let name = match (&own, provider.builtin) {
            (None, Some(builtin)) => builtin.to_owned(),
            (None, None) => return None,
            (Some(own), _) => self.names.name(&own.identity(), &wishes(own, provider, deployment)),
        };
        let index = self.drafts.iter().position(|draft| draft.name == name).unwrap_or_else(|| {
            let (keys, models, tokens) = (Vec::new(), Vec::new(), Vec::new());
            self.drafts.push(Draft { name: name.clone(), at, provider, own, keys, models, tokens });
            self.drafts.len() - 1
        });
        let value = self.key(deployment, provider);
        let tokens = self.tokens(deployment);
        let draft = self.drafts.get_mut(index)?;
        if !model.contains('*') {
            draft.models_add(at, model);
            if let Some(tokens) = tokens
                && !draft.tokens.iter().any(|entry| entry.key == model)
            {
                draft.tokens.push(Entry { key: model.to_owned(), at: tokens.at, value: tokens });
            }
        }
        Some(Access { endpoint: name, key: draft.label(value) })
    }

    /// What the place is made of, unless it is a built-in endpoint as it stands.
    fn own(
        &mut self,
        deployment: &Deployment<'_>,
        provider: &'static Provider,
        model: &str,
    ) -> Option<Option<Own>> {
        let at = deployment.params.at;
        let mut headers: Vec<Entry> = Vec::new();
        for key in ["extra_headers", "headers"] {
            for entry in deployment.get(key).map_or(&[][..], Node::entries) {
                let value = self.reference(&entry.value, &deployment.path(key));
                headers.push(Entry { value, ..entry.clone() });
            }
        }
        if let Some(value) = self.param(deployment, "organization") {
            headers.push(Entry { key: "OpenAI-Organization".to_owned(), at: value.at, value });
        }
        let params = self.params(deployment);
        let dropped = deployment.get("additional_drop_params").map_or(&[][..], Node::items).to_vec();
        let (api, base) = self.base(deployment, provider, model)?;
        let is_plain = headers.is_empty() && params.is_empty() && dropped.is_empty();
        let base = match base {
            Some(base) if is_plain && provider.builtin.is_some() && is_same_place(&base, provider.base) => {
                None
            }
            Some(base) => Some(base),
            None if is_plain && provider.builtin.is_some() => None,
            None => Some(Node::quoted(at, provider.base)),
        };
        Some(base.map(|base| Own { api, base, headers, params, dropped }))
    }

    /// The wire format and the base URL; no base where it is the provider's usual one. `None` where none can be
    /// told, which was said.
    fn base(
        &mut self,
        deployment: &Deployment<'_>,
        provider: &'static Provider,
        model: &str,
    ) -> Option<(&'static str, Option<Node>)> {
        let at = deployment.params.at;
        let told = ["api_base", "base_url"].iter().find_map(|key| self.param(deployment, key));
        let elsewhere = || provider.base_variables.iter().find_map(|name| self.variable(at, name));
        let base = told.or_else(elsewhere);
        match provider.way {
            Way::Plain | Way::Fireworks => {
                if base.is_none() && provider.base.is_empty() {
                    self.missing(deployment, "api_base");
                    return None;
                }
                Some((provider.api, base))
            }
            Way::Azure => {
                let Some(base) = base else {
                    self.missing(deployment, "api_base");
                    return None;
                };
                let version = self.param(deployment, "api_version");
                let version = version.or_else(|| self.variable(at, "AZURE_API_VERSION"));
                let text = base.text().unwrap_or_default().trim_end_matches('/').to_owned();
                let text = match version.as_ref().and_then(Node::text) {
                    Some(version) if !text.contains("api-version=") => {
                        let sign = if text.contains('?') { '&' } else { '?' };
                        format!("{text}{sign}api-version={version}")
                    }
                    Some(_) | None => text,
                };
                Some((provider.api, Some(Node::quoted(base.at, &text))))
            }
            Way::Bedrock => {
                let base = self.param(deployment, "aws_bedrock_runtime_endpoint").or(base);
                let region = self.param(deployment, "aws_region_name");
                let of_region = region.as_ref().and_then(|region| {
                    let text = provider.base.replace("{region}", region.text()?);
                    Some(Node::quoted(region.at, &text))
                });
                Some((provider.api, base.or(of_region)))
            }
            Way::Vertex => {
                let api = match model {
                    model if model.starts_with("claude") => "anthropic",
                    model if model.starts_with("gemini") => "gemini",
                    _ => {
                        self.warn(at, &deployment.path("model"), t!("config-litellm-vertex"));
                        return None;
                    }
                };
                let project = self.param(deployment, "vertex_project");
                let project = project.or_else(|| self.variable(at, "VERTEXAI_PROJECT"));
                let region = self.param(deployment, "vertex_location");
                let region = region.or_else(|| self.variable(at, "VERTEXAI_LOCATION"));
                let Some(project) = project else {
                    self.missing(deployment, "vertex_project");
                    return None;
                };
                let text =
                    vertex::base(project.text().unwrap_or_default(), region.as_ref().and_then(Node::text));
                Some((api, Some(base.unwrap_or_else(|| Node::quoted(project.at, &text)))))
            }
        }
    }

    /// A variable as a template, where it is set.
    fn variable(&self, at: Mark, name: &str) -> Option<Node> {
        self.env.get(name).map(|_| Node::quoted(at, &format!("${{{name}}}")))
    }

    /// The value of the key as a template; `None` where none is told and none is usual.
    fn key(&mut self, deployment: &Deployment<'_>, provider: &'static Provider) -> Option<Node> {
        let at = deployment.params.at;
        if let Some(key) = self.param(deployment, "api_key").filter(|key| key.text() != Some("")) {
            return Some(key);
        }
        match provider.way {
            Way::Plain | Way::Fireworks | Way::Azure => {
                provider.key.map(|name| Node::quoted(at, &format!("${{{name}}}")))
            }
            Way::Vertex => {
                self.no_token(deployment);
                Some(Node::quoted(at, USER_PROVIDED))
            }
            Way::Bedrock => {
                let id = self.param(deployment, "aws_access_key_id")?;
                let secret = self.param(deployment, "aws_secret_access_key")?;
                let token = self.param(deployment, "aws_session_token");
                let mut json = serde_json::Map::new();
                for (name, value) in [
                    ("accessKeyId", Some(&id)),
                    ("secretAccessKey", Some(&secret)),
                    ("sessionToken", token.as_ref()),
                ] {
                    if let Some(text) = value.and_then(Node::text) {
                        json.insert(name.to_owned(), text.into());
                    }
                }
                Some(Node::quoted(id.at, &serde_json::Value::Object(json).to_string()))
            }
        }
    }
}

impl Draft {
    fn models_add(&mut self, at: Mark, model: &str) {
        if !self.models.iter().any(|listed| listed.text() == Some(model)) {
            self.models.push(Node::quoted(at, model));
        }
    }

    /// The label of a key's value: that of the same value, else a new one. `None` where no key is needed.
    fn label(&mut self, value: Option<Node>) -> Option<String> {
        let is_usual = |text: &str| {
            let usual = self.provider.key.filter(|_| self.own.is_none());
            usual.is_some_and(|name| text == format!("${{{name}}}"))
        };
        let Some(value) = value else {
            return (self.provider.way == Way::Bedrock).then(|| KeyLabel::DEFAULT.to_owned());
        };
        let text = value.text().unwrap_or_default();
        if is_usual(text) {
            return Some(KeyLabel::DEFAULT.to_owned());
        }
        if let Some((label, _)) = self.keys.iter().find(|(_, known)| known.text() == Some(text)) {
            return Some(label.clone());
        }
        // AWS's own places keep the first label.
        let is_first = self.keys.is_empty() && self.own.is_some() && self.provider.way != Way::Bedrock;
        let wish = match variable(text) {
            _ if is_first => KeyLabel::DEFAULT,
            Some(name) => name,
            None => "litellm",
        };
        let is_taken = |label: &str| self.keys.iter().any(|(known, _)| known.eq_ignore_ascii_case(label));
        let numbered = (2_u32..).map(|number| format!("{wish}-{number}"));
        let label = std::iter::once(wish.to_owned()).chain(numbered).find(|label| !is_taken(label))?;
        self.keys.push((label.clone(), value));
        Some(label)
    }

    /// The built-in section it stands in, where it has one of its own.
    pub(super) fn section(&self) -> Option<&'static str> {
        const SECTIONS: &[&str] = &["openAI", "anthropic", "google", "bedrock"];
        self.provider.builtin.filter(|name| self.own.is_none() && SECTIONS.contains(name))
    }

    /// As a configuration has it; `None` where nothing is added to a built-in endpoint.
    pub(super) fn into_node(self) -> Option<Node> {
        let section = self.section();
        let Self { name, at, own, mut keys, models, tokens, provider } = self;
        let mut fields: Vec<(&str, Node)> = Vec::new();
        if section.is_none() {
            fields.push(("name", Node::quoted(at, &name)));
        }
        let named = fields.len();
        if let Some(Own { api, base, headers, params, dropped }) = own {
            let fetch = !matches!(provider.way, Way::Azure | Way::Vertex);
            fields.push(("api", Node::quoted(at, api)));
            fields.push(("baseURL", base));
            if keys.first().is_some_and(|(label, _)| label == KeyLabel::DEFAULT) {
                fields.push(("apiKey", keys.remove(0).1));
            }
            let models = [("default", Node::list(at, models)), ("fetch", Node::bare(at, &fetch.to_string()))];
            fields.push(("models", Node::map(at, models)));
            for (key, entries) in [("headers", headers), ("addParams", params)] {
                if !entries.is_empty() {
                    fields.push((key, Node { at, value: Value::Map(entries) }));
                }
            }
            if !dropped.is_empty() {
                fields.push(("dropParams", Node::list(at, dropped)));
            }
        }
        if !keys.is_empty() {
            let key = |(label, value): (String, Node)| {
                Node::map(value.at, [("label", Node::quoted(value.at, &label)), ("apiKey", value)])
            };
            fields.push(("keys", Node::list(at, keys.into_iter().map(key).collect())));
        }
        if !tokens.is_empty() {
            fields.push(("tokenConfig", Node { at, value: Value::Map(tokens) }));
        }
        (fields.len() > named).then(|| Node::map(at, fields))
    }
}

/// What an endpoint may be called, the best name first: its provider, where it is, and the model_name of the
/// deployment that needs it, as far as they tell it from others.
fn wishes(own: &Own, provider: &Provider, deployment: &Deployment<'_>) -> Vec<String> {
    let name = provider.prefixes.first().copied().unwrap_or_default().replace('/', "-");
    let base = own.base.text().unwrap_or_default();
    let group: String = deployment.name.replace('/', "-").chars().filter(|c| *c != '*').collect();
    let group = group.trim_matches('-');
    let is_plain = own.headers.is_empty() && own.params.is_empty() && own.dropped.is_empty();
    let of_place = match provider.way {
        Way::Vertex => format!("vertex-{}-{}", own.api, project(base)),
        Way::Plain | Way::Fireworks | Way::Azure | Way::Bedrock => format!("{name}-{}", place(base)),
    };
    match (base == provider.base, is_plain) {
        (true, true) => vec![name, of_place],
        (true, false) => vec![format!("{name}-{group}")],
        (false, _) => {
            let of_group = format!("{of_place}-{group}");
            vec![of_place, of_group]
        }
    }
}

/// The part of a base URL that a person knows a place by: its host and port, without what Azure and AWS add.
fn place(base: &str) -> String {
    let rest = base.split_once("://").map_or(base, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let known =
        [".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com", ".amazonaws.com"];
    let host = known.iter().find_map(|end| host.strip_suffix(end)).unwrap_or(host);
    let host = host.strip_prefix("bedrock-runtime.").unwrap_or(host);
    host.replace("${", "").replace('}', "")
}

/// The project in a base URL of Vertex AI.
fn project(base: &str) -> String {
    let after = base.split_once("/projects/").map_or(base, |(_, after)| after);
    after.split('/').next().unwrap_or_default().replace("${", "").replace('}', "")
}

/// Whether a base URL is the usual one, however its end and this machine are written.
fn is_same_place(base: &Node, usual: &str) -> bool {
    let bare = |text: &str| {
        let text = text.trim().trim_end_matches('/').replace("//127.0.0.1", "//localhost");
        text.strip_suffix("/v1").unwrap_or(&text).to_owned()
    };
    base.text().is_some_and(|text| bare(text) == bare(usual))
}

/// The variable that a template is, where it is nothing else; of AWS's keys, that of the first.
fn variable(text: &str) -> Option<&str> {
    let (before, after) = text.split_once("${")?;
    let (name, _) = after.split_once('}')?;
    (before.is_empty() || before.ends_with("\"accessKeyId\":\"")).then_some(name)
}

/// A value without its places.
fn plain(node: &Node) -> String {
    match &node.value {
        Value::Null => "~".to_owned(),
        Value::Scalar { text, .. } => format!("{text:?}"),
        Value::List(items) => format!("[{}]", items.iter().map(plain).collect::<Vec<_>>().join(",")),
        Value::Map(entries) => {
            let entries = entries.iter().map(|entry| format!("{:?}:{}", entry.key, plain(&entry.value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
    }
}
