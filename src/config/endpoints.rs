//! The endpoints of a tree, one by one: where each is, its keys, its models, and what is sent along.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::adapter::adapter;
use super::azure;
use super::build::Builder;
use super::files::Origin;
use super::identity::policy;
use super::node::{Entry, Mark, Node, Value};
use super::values::{
    flag, limits, reasoning_back, reasoning_format, text, texts, timeouts, token_config, wire_format,
};
use super::vertex::{self, Vertex};
use super::{
    Adapter, Azure, BedrockConfig, Endpoint, GuardrailConfig, KeyConfig, KeySource, Limits, ModelsConfig,
    Problem, Severity, Template, TitleConfig, TitleModel, WireFormat,
};
use crate::chat::settings::RESERVED_PARAMS;
use crate::chat::{EndpointName, KeyLabel, ModelId};
use crate::t;

/// LibreChat's own endpoints: the wire format each speaks unless `api` says otherwise.
const NAMED: &[(&str, WireFormat)] = &[
    ("openAI", WireFormat::OpenaiChat),
    ("anthropic", WireFormat::Anthropic),
    ("google", WireFormat::Gemini),
    ("azureOpenAI", WireFormat::Azure),
    ("bedrock", WireFormat::Bedrock),
];

/// One endpoint's own fields, and how messages name them.
#[derive(Clone, Copy)]
pub(super) struct Section<'a> {
    pub(super) node: &'a Node,
    pub(super) at: Mark,
    pub(super) path: &'a str,
}

impl<'a> Builder<'a> {
    /// Every endpoint: the person's in the order of their files, then the built-in ones in theirs.
    pub(super) fn endpoints(&mut self, root: &'a Node) -> Vec<Endpoint> {
        let Some(sections) = root.get("endpoints") else { return Vec::new() };
        self.all = sections.get("all");
        let mut found: Vec<(Mark, Endpoint)> = Vec::new();
        for Entry { key, at, value } in sections.entries() {
            if key == "custom" {
                for (index, item) in value.items().iter().enumerate() {
                    let path = format!("endpoints.custom[{index}]");
                    let Some(name) = item.get("name") else { continue };
                    if !self.is_free(name, &path) {
                        continue;
                    }
                    let section = Section { node: item, at: name.at, path: &path };
                    let endpoint =
                        self.endpoint(name.text().unwrap_or_default(), WireFormat::OpenaiChat, section);
                    found.extend(endpoint.map(|endpoint| (name.at, endpoint)));
                }
            } else if let Some((name, api)) = NAMED.iter().find(|(name, _)| name == key) {
                let path = format!("endpoints.{key}");
                let endpoint = self.endpoint(name, *api, Section { node: value, at: *at, path: &path });
                found.extend(endpoint.map(|endpoint| (*at, endpoint)));
            }
        }
        // Stable, so that the person's own keep the order of the merged tree.
        found.sort_by_key(|(at, _)| match self.files.origin(*at) {
            Origin::Own | Origin::Included => 0,
            Origin::Builtin => at.line,
        });
        found.into_iter().map(|(_, endpoint)| endpoint).collect()
    }

    /// Whether a custom endpoint may have this name; says so where not.
    fn is_free(&mut self, name: &Node, path: &str) -> bool {
        let text = name.text().unwrap_or_default();
        let message = if text.trim().is_empty() {
            t!("config-missing", key = "name")
        } else if NAMED.iter().any(|(named, _)| *named == text) {
            t!("config-name-taken", name = text)
        } else if text == EndpointName::ROUTER {
            t!("config-name-of-aliases", name = text)
        } else {
            return true;
        };
        self.problem(self.files.severity(name.at), name.at, &format!("{path}.name"), message.into_string());
        false
    }

    fn endpoint(&mut self, name: &str, native: WireFormat, section: Section<'_>) -> Option<Endpoint> {
        let Section { node, at, path } = section;
        let api = wire_format(node).unwrap_or(native);
        let azure = self.azure(section);
        let base_url = match &azure {
            Some(azure) => azure::base_url(azure, self.env),
            None => self.base_url(section),
        }?;
        let shared = |key: &str| self.all.and_then(|all| all.get(key)).or_else(|| node.get(key));
        let timeouts = timeouts(
            self.all.and_then(|all| all.get("timeouts")),
            timeouts(node.get("timeouts"), self.timeouts),
        );
        let proxy = shared("proxy").and_then(|node| self.template(node));
        let ca_file = shared("caFile")
            .and_then(|node| Some(self.files.named(node.at, &self.filled(Some(node))?, self.env)));
        let user_id = policy(shared("userId"));
        let custom_params = node.get("customParams");
        let deployments = Vertex::of(node).map(Vertex::deployments).unwrap_or_default();
        Some(Endpoint {
            name: EndpointName::from(name),
            at: self.files.locate(at),
            api,
            base_url,
            keys: self.keys(section, api, azure.as_ref()),
            models: self.models(node),
            deployments,
            headers: self.headers(node),
            add_params: self.add_params(node.get("addParams"), &format!("{path}.addParams")),
            drop_params: texts(node.get("dropParams")),
            default_params: self.default_params(custom_params, path),
            reasoning_key: custom_params.and_then(|params| text(params, "reasoningKey")),
            reasoning_format: custom_params.and_then(reasoning_format),
            reasoning_back: custom_params.and_then(reasoning_back),
            title: self.title(node),
            label: self.filled(node.get("modelDisplayLabel")),
            direct: flag(node, "directEndpoint"),
            timeouts,
            limits: limits(node.get("limits")),
            proxy,
            ca_file,
            allow_insecure: flag(node, "allowInsecure"),
            user_id,
            token_config: token_config(node.get("tokenConfig")),
            prices: Vec::new(),
            azure,
            adapter: self.adapter(api, section)?,
            bedrock: self.bedrock(node),
        })
    }

    /// The adapter, which an endpoint has if and only if its wire format says so. `None` where it lacks one
    /// that it needs: it is told of and left out.
    fn adapter(&mut self, api: WireFormat, section: Section<'_>) -> Option<Option<Arc<Adapter>>> {
        let Section { node, at, path } = section;
        let path = format!("{path}.adapter");
        match (api == WireFormat::Adapter, node.get("adapter")) {
            (true, Some(block)) => Some(Some(Arc::new(adapter(self, block, &path)?))),
            (true, None) => {
                self.slip(at, &path, t!("config-adapter-missing").into_string());
                None
            }
            (false, Some(block)) => {
                self.problem(Severity::Warning, block.at, &path, t!("config-adapter-unused").into_string());
                Some(None)
            }
            (false, None) => Some(None),
        }
    }

    /// The base URL; an endpoint without one is told of and left out.
    fn base_url(&mut self, section: Section<'_>) -> Option<Template> {
        let Section { node, at, path } = section;
        let own = node.get("baseURL");
        let is_own = own.is_some_and(|url| self.files.origin(url.at) != Origin::Builtin);
        let url = match Vertex::of(node) {
            Some(vertex) if !is_own => return self.vertex_base(vertex, path),
            Some(_) | None => own.and_then(|url| self.template(url)),
        };
        let Some(url) = url else {
            let severity = self.files.severity(at);
            let mut problem = self.files.problem(severity, at, path, t!("config-no-base").into_string());
            problem.suggestion = Some(t!("config-no-base-hint").into_string());
            self.tell(problem);
            return None;
        };
        let is_url =
            ["http://", "https://", "demo:", "${"].iter().any(|start| url.raw.trim().starts_with(start));
        if !is_url && url.raw.trim() != super::USER_PROVIDED {
            let mut problem = Problem {
                severity: Severity::Error,
                at: url.at.clone(),
                path: format!("{path}.baseURL"),
                message: t!("config-bad-url").into_string(),
                suggestion: None,
            };
            if !url.raw.contains("://") {
                let guess = format!("https://{}", url.raw.trim());
                problem.suggestion = Some(t!("config-bad-url-hint", guess = guess.as_str()).into_string());
            }
            self.tell(problem);
        }
        Some(url)
    }

    /// Where Vertex is: its project and region.
    fn vertex_base(&mut self, vertex: Vertex<'_>, path: &str) -> Option<Template> {
        let at = vertex.at();
        let Some(project) = self.filled(vertex.project()).filter(|project| !project.is_empty()) else {
            let message = t!("config-missing", key = "projectId").into_string();
            self.problem(self.files.severity(at), at, &format!("{path}.vertex"), message);
            return None;
        };
        let region = self.filled(vertex.region());
        Some(Template { raw: vertex::base(&project, region.as_deref()), at: self.files.locate(at) })
    }

    /// The key for Vertex. Anthropic's own, which the built-in file names, is none: it does not go to Google.
    fn vertex_key(&mut self, vertex: Vertex<'_>, node: &Node, path: &str) -> KeySource {
        let is_own =
            |key: &str| node.entry(key).is_some_and(|entry| self.files.origin(entry.at) != Origin::Builtin);
        if (is_own("apiKey") || is_own("keyCommand"))
            && let Some(key) = self.key(node, path)
        {
            return key;
        }
        let message = t!("config-vertex-token").into_string();
        let mut problem =
            self.files.problem(Severity::Warning, vertex.at(), &format!("{path}.vertex"), message);
        problem.suggestion = Some(t!("config-vertex-token-hint").into_string());
        self.tell(problem);
        KeySource::Value(Template {
            raw: super::USER_PROVIDED.to_owned(),
            at: self.files.locate(vertex.at()),
        })
    }

    fn keys(&mut self, section: Section<'_>, api: WireFormat, azure: Option<&Azure>) -> Vec<KeyConfig> {
        let Section { node, path, .. } = section;
        let of_groups = azure.and_then(|azure| azure::key(azure, self.env));
        let default = match Vertex::of(node) {
            Some(vertex) => Some(self.vertex_key(vertex, node, path)),
            None => of_groups
                .or_else(|| self.key(node, path))
                .or_else(|| (api == WireFormat::Bedrock).then_some(KeySource::Aws)),
        };
        let mut keys: Vec<KeyConfig> = Vec::new();
        keys.extend(default.map(|source| KeyConfig {
            label: KeyLabel::default(),
            source,
            limits: Limits::default(),
        }));
        for (index, item) in node.get("keys").map_or(&[][..], Node::items).iter().enumerate() {
            let path = format!("{path}.keys[{index}]");
            let Some(label) = text(item, "label") else { continue };
            let at = item.get("label").map_or(item.at, |label| label.at);
            if keys.iter().any(|key| key.label.as_str() == label) {
                let message = t!("config-default-key-twice", label = label.as_str()).into_string();
                self.problem(Severity::Error, at, &path, message);
                continue;
            }
            match self.key(item, &path) {
                Some(source) => keys.push(KeyConfig {
                    label: KeyLabel::from(label),
                    source,
                    limits: limits(item.get("limits")),
                }),
                None => {
                    let severity = self.files.severity(at);
                    let message = t!("config-key-empty", label = label.as_str()).into_string();
                    self.problem(severity, at, &path, message);
                }
            }
        }
        keys
    }

    /// Where a key comes from: a command, or a value.
    pub(super) fn key(&mut self, node: &Node, path: &str) -> Option<KeySource> {
        let command = node
            .entry("keyCommand")
            .filter(|entry| self.files.origin(entry.at) != Origin::Included)
            .map(|entry| entry.value.items())
            .filter(|words| !words.is_empty());
        if let Some(words) = command {
            return Some(KeySource::Command(words.iter().filter_map(|word| self.template(word)).collect()));
        }
        let written = node.get("apiKey")?;
        let value = self.template(written)?;
        let is_literal = || value.raw.trim() != super::USER_PROVIDED && value.variables().next().is_none();
        if self.files.tells(Severity::Warning)
            && self.files.origin(written.at) != Origin::Builtin
            && is_literal()
        {
            let mut problem = self.files.problem(
                Severity::Warning,
                written.at,
                &format!("{path}.apiKey"),
                t!("config-literal-key").into_string(),
            );
            problem.suggestion = Some(t!("config-literal-key-hint").into_string());
            self.tell(problem);
        }
        Some(KeySource::Value(value))
    }

    fn model_ids(&self, items: &[Node]) -> Vec<ModelId> {
        items
            .iter()
            .filter_map(|item| self.filled(Some(item)).or_else(|| self.filled(item.get("name"))))
            .map(ModelId::from)
            .collect()
    }

    fn models(&self, node: &Node) -> ModelsConfig {
        let groups = node.get("groups").map_or(&[][..], Node::items);
        if !groups.is_empty() {
            let models = groups.iter().filter_map(|group| group.get("models")).flat_map(Node::entries);
            // Nothing else can be asked for: Azure has no list of deployments.
            let default = models.map(|entry| ModelId::from(entry.key.as_str())).collect();
            return ModelsConfig { default, ..ModelsConfig::default() };
        }
        if let Some(vertex) = Vertex::of(node) {
            // Vertex lists no models of others; what is not named can still be asked for.
            return ModelsConfig { default: vertex.models(), ..ModelsConfig::default() };
        }
        let Some(models) = node.get("models") else { return ModelsConfig::default() };
        if let Value::List(items) = &models.value {
            return ModelsConfig { default: self.model_ids(items), ..ModelsConfig::default() };
        }
        let only = models.get("only").and_then(|only| self.template(only)?.expand(self.env).ok());
        let only: Vec<ModelId> = only
            .iter()
            .flat_map(|list| list.split(','))
            .map(str::trim)
            .filter(|id| !id.is_empty())
            .map(ModelId::from)
            .collect();
        let is_fixed = !only.is_empty();
        ModelsConfig {
            default: if is_fixed {
                only
            } else {
                self.model_ids(models.get("default").map_or(&[][..], Node::items))
            },
            fetch: flag(models, "fetch") && !is_fixed,
            include: texts(models.get("include")),
            exclude: texts(models.get("exclude")),
            user_id_query: flag(models, "userIdQuery"),
        }
    }

    /// The endpoint's headers, and those of `all` that it does not set itself.
    fn headers(&self, node: &Node) -> Vec<(String, Template)> {
        let own = node.get("headers").map_or(&[][..], Node::entries);
        let all = self.all.and_then(|all| all.get("headers")).map_or(&[][..], Node::entries);
        let missing =
            all.iter().filter(|entry| !own.iter().any(|own| own.key.eq_ignore_ascii_case(&entry.key)));
        own.iter()
            .chain(missing)
            .filter_map(|entry| Some((entry.key.clone(), self.template(&entry.value)?)))
            .collect()
    }

    fn bedrock(&self, node: &Node) -> BedrockConfig {
        let profiles = node.get("inferenceProfiles").map_or(&[][..], Node::entries);
        BedrockConfig {
            regions: texts(node.get("availableRegions")),
            inference_profiles: profiles
                .iter()
                .filter_map(|entry| Some((ModelId::from(entry.key.as_str()), self.template(&entry.value)?)))
                .collect(),
            guardrail: node.get("guardrailConfig").and_then(|guardrail| {
                Some(GuardrailConfig {
                    identifier: self.template(guardrail.get("guardrailIdentifier")?)?,
                    version: text(guardrail, "guardrailVersion").unwrap_or_else(|| "DRAFT".to_owned()),
                    trace: text(guardrail, "trace"),
                    stream_processing_mode: text(guardrail, "streamProcessingMode"),
                })
            }),
        }
    }

    fn title(&self, node: &Node) -> TitleConfig {
        let shared = |key: &str| self.all.and_then(|all| all.get(key)).or_else(|| node.get(key));
        let shared_text = |key: &str| self.filled(shared(key));
        TitleConfig {
            enabled: shared("titleConvo").and_then(Node::boolean).unwrap_or(false),
            model: match shared_text("titleModel") {
                Some(model) if model != "current_model" => TitleModel::Named(ModelId::from(model)),
                Some(_) | None => TitleModel::Current,
            },
            endpoint: shared_text("titleEndpoint").map(EndpointName::from),
            prompt: shared_text("titlePrompt"),
            prompt_template: shared_text("titlePromptTemplate"),
        }
    }

    fn default_params(&mut self, custom: Option<&Node>, path: &str) -> Map<String, Json> {
        let mut params = Map::new();
        let definitions =
            custom.and_then(|custom| custom.get("paramDefinitions")).map_or(&[][..], Node::items);
        for definition in definitions {
            if let (Some(key), Some(default)) = (text(definition, "key"), definition.get("default")) {
                let path = format!("{path}.customParams.{key}");
                if !self.is_reserved(&key, default, &path) {
                    params.insert(key, self.json(default, &path));
                }
            }
        }
        params
    }

    /// `addParams`, as far as they may be sent.
    pub(super) fn add_params(&mut self, node: Option<&Node>, path: &str) -> Map<String, Json> {
        let mut params = self.json_map(node, path);
        for entry in node.map_or(&[][..], Node::entries) {
            if self.is_reserved(&entry.key, &entry.value, &format!("{path}.{}", entry.key)) {
                params.shift_remove(&entry.key);
            }
        }
        params
    }

    /// Whether a parameter would make a request another one than the turn says it is; then it is told of.
    fn is_reserved(&mut self, key: &str, value: &Node, path: &str) -> bool {
        let reserved = RESERVED_PARAMS.contains(&key);
        if reserved {
            self.problem(
                Severity::Warning,
                value.at,
                path,
                t!("config-reserved-param", name = key).into_string(),
            );
        }
        reserved
    }
}
