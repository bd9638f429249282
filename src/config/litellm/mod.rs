//! An unmodified LiteLLM `config.yaml`, in the words of a Loquat file.
//!
//! The file's tree becomes another tree: its models are aliases, and where they are is endpoints. Everything keeps
//! the place it was written at, and from there on it is read, merged, checked and shown as any other file is. What
//! LiteLLM does and Loquat does not is told at its line, by the tables here or by the reader.

mod groups;
mod place;
mod providers;
pub(super) mod schema;
mod settings;

use std::collections::HashMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

pub(super) use place::Names;

use self::place::Draft;
use self::providers::{Provider, prefixes, provider_of};
use super::check::did_you_mean;
use super::files::Files;
use super::merge::merge;
use super::node::{Entry, Mark, Node, Value};
use super::template::is_variable_name;
use super::{Env, Severity};
use crate::chat::money::parse_decimal;
use crate::t;
use crate::text::Safe;

/// Keys of `litellm_params` and `model_info` that hold a price, and what `tokenConfig` calls it.
const PRICES: &[(&str, &str)] = &[
    ("input_cost_per_token", "prompt"),
    ("output_cost_per_token", "completion"),
    ("cache_read_input_token_cost", "cacheRead"),
    ("cache_creation_input_token_cost", "cacheWrite"),
];

/// A file's tree with what LiteLLM says in it put into Loquat's words; what is there in those words already lies
/// over it.
pub(super) fn translate(
    mut root: Node,
    files: &Files,
    env: &Env,
    names: &mut Names,
    problems: &mut Vec<super::Problem>,
) -> Node {
    let Value::Map(entries) = &mut root.value else { return root };
    let is_theirs = |entry: &Entry| schema::ROOT.iter().any(|field| field.key == entry.key);
    if !entries.iter().any(|entry| is_theirs(entry) && entry.key != schema::SHARED) {
        return root;
    }
    let (theirs, ours) = std::mem::take(entries).into_iter().partition(is_theirs);
    let theirs = Node { at: root.at, value: Value::Map(theirs) };
    let ours = Node { at: root.at, value: Value::Map(ours) };
    let mut reader = Reader { files, env, names, problems, drafts: Vec::new() };
    let translated = reader.file(&theirs);
    merge(translated, ours)
}

struct Reader<'a> {
    files: &'a Files,
    env: &'a Env,
    names: &'a mut Names,
    problems: &'a mut Vec<super::Problem>,
    drafts: Vec<Draft>,
}

/// An item of `model_list`.
struct Deployment<'a> {
    name: &'a str,
    /// Where the name is.
    at: Mark,
    params: &'a Node,
    /// What `litellm_credential_name` stands for.
    credential: Option<&'a Node>,
    info: Option<&'a Node>,
    path: String,
}

impl<'a> Deployment<'a> {
    /// A parameter, of the deployment itself or of its credential.
    fn get(&self, key: &str) -> Option<&'a Node> {
        self.params.get(key).or_else(|| self.credential?.get(key))
    }

    /// The path of a parameter, for messages.
    fn path(&self, key: &str) -> String {
        format!("{}.litellm_params.{key}", self.path)
    }
}

impl Reader<'_> {
    fn file(&mut self, root: &Node) -> Node {
        let settings = self.settings(root);
        let groups = self.groups(root, &settings);
        let aliases = self.aliases(groups, &settings);
        let at = root.at;
        let mut sections: Vec<(&str, Node)> = Vec::new();
        let mut custom: Vec<Node> = Vec::new();
        for draft in std::mem::take(&mut self.drafts) {
            let section = draft.section();
            match (section, draft.into_node()) {
                (Some(section), Some(node)) => sections.push((section, node)),
                (None, Some(node)) => custom.push(node),
                (_, None) => {}
            }
        }
        if !custom.is_empty() {
            sections.push(("custom", Node::list(at, custom)));
        }
        let mut router = settings.router;
        if !aliases.is_empty() {
            router.push(("models", Node::list(at, aliases)));
        }
        let parts = [("endpoints", sections), ("router", router)];
        let parts = parts.into_iter().filter(|(_, fields)| !fields.is_empty());
        Node::map(at, parts.map(|(key, fields)| (key, Node::map(at, fields))))
    }

    /// The deployments of a file whose provider can be asked from here, with that provider and the model.
    fn deployments<'n>(&mut self, root: &'n Node) -> Vec<(Deployment<'n>, &'static Provider, String)> {
        let credentials: HashMap<&str, &Node> = root
            .get("credential_list")
            .map_or(&[][..], Node::items)
            .iter()
            .filter_map(|item| Some((item.get("credential_name")?.text()?, item.get("credential_values")?)))
            .collect();
        let items = root.get("model_list").map_or(&[][..], Node::items);
        let mut found = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let path = format!("model_list[{index}]");
            let (Some(name), Some(params)) = (item.get("model_name"), item.get("litellm_params")) else {
                let missing =
                    ["model_name", "litellm_params"].into_iter().find(|key| item.get(key).is_none());
                self.warn(item.at, &path, t!("config-missing", key = missing.unwrap_or_default()));
                continue;
            };
            let credential = params.get("litellm_credential_name").and_then(|named| {
                let text = named.text()?;
                let credential = credentials.get(text).copied();
                if credential.is_none() {
                    let path = format!("{path}.litellm_params.litellm_credential_name");
                    self.warn(named.at, &path, t!("config-litellm-credential", name = text));
                }
                credential
            });
            let deployment = Deployment {
                name: name.text().unwrap_or_default(),
                at: name.at,
                params,
                credential,
                info: item.get("model_info"),
                path,
            };
            self.info(&deployment);
            if self.answers_chats(&deployment)
                && let Some((provider, model)) = self.provider(&deployment)
            {
                found.push((deployment, provider, model));
            }
        }
        found
    }

    fn provider(&mut self, deployment: &Deployment<'_>) -> Option<(&'static Provider, String)> {
        let Some(written) = deployment.get("model") else {
            self.missing(deployment, "model");
            return None;
        };
        let text = written.text().unwrap_or_default();
        if text == "*" {
            self.warn(written.at, &deployment.path("model"), t!("config-litellm-everything"));
            return None;
        }
        let told = deployment.get("custom_llm_provider").and_then(Node::text);
        let Some((provider, model)) = provider_of(text, told) else {
            self.no_provider(deployment);
            return None;
        };
        let model = match provider.way {
            providers::Way::Fireworks if !model.starts_with("accounts/") && !model.contains('*') => {
                format!("accounts/fireworks/models/{model}")
            }
            providers::Way::Plain
            | providers::Way::Fireworks
            | providers::Way::Azure
            | providers::Way::Bedrock
            | providers::Way::Vertex => model.to_owned(),
        };
        Some((provider, model))
    }

    /// Whether a deployment is for chats; another one is left out.
    fn answers_chats(&mut self, deployment: &Deployment<'_>) -> bool {
        let Some(mode) = deployment.info.and_then(|info| info.get("mode")) else { return true };
        let text = mode.text().unwrap_or_default();
        let is_chat = matches!(text, "chat" | "responses" | "completion");
        if !is_chat {
            let path = format!("{}.model_info.mode", deployment.path);
            self.remark(mode.at, &path, || t!("config-litellm-mode", mode = text));
        }
        is_chat
    }

    /// Lists what `model_info` says that is not used: its keys are free.
    fn info(&mut self, deployment: &Deployment<'_>) {
        let used = |key: &str| {
            matches!(key, "mode" | "max_input_tokens") || PRICES.iter().any(|(price, _)| *price == key)
        };
        for entry in deployment.info.map_or(&[][..], Node::entries).iter().filter(|entry| !used(&entry.key)) {
            let path = format!("{}.model_info.{}", deployment.path, entry.key);
            self.remark(entry.at, &path, || t!("config-foreign"));
        }
    }

    /// Prices and the context size, as `tokenConfig` has them: dollars for a million tokens.
    fn tokens(&mut self, deployment: &Deployment<'_>) -> Option<Node> {
        let mut fields: Vec<(&str, Node)> = Vec::new();
        for (key, ours) in PRICES {
            let in_params = deployment.get(key).map(|node| (node, deployment.path(key)));
            let written = in_params.or_else(|| {
                Some((deployment.info?.get(key)?, format!("{}.model_info.{key}", deployment.path)))
            });
            let Some((node, path)) = written else { continue };
            if let Some(price) = self.number(node, &path) {
                let price = (price * Decimal::from(1_000_000)).normalize();
                fields.push((ours, Node::bare(node.at, &price.to_string())));
            }
        }
        if let Some(context) = deployment.info.and_then(|info| info.get("max_input_tokens"))
            && let Some(whole) =
                self.whole(context, &format!("{}.model_info.max_input_tokens", deployment.path))
        {
            fields.push(("context", whole));
        }
        let at = fields.first().map(|(_, node)| node.at)?;
        Some(Node::map(at, fields))
    }

    /// What of a deployment's parameters is sent with every request.
    fn params(&mut self, deployment: &Deployment<'_>) -> Vec<Entry> {
        let is_param = |entry: &&Entry| {
            schema::PARAMS.iter().any(|field| field.key == entry.key)
                && !matches!(entry.key.as_str(), "extra_body" | "additional_drop_params")
                && entry.value.value != Value::Null
        };
        let body = deployment.get("extra_body").map_or(&[][..], Node::entries);
        deployment.params.entries().iter().filter(is_param).chain(body).cloned().collect()
    }

    /// A parameter as a template.
    fn param(&mut self, deployment: &Deployment<'_>, key: &str) -> Option<Node> {
        deployment.get(key).map(|node| self.reference(node, &deployment.path(key)))
    }

    /// A value with `os.environ/NAME` and `env/NAME` as a template has them.
    fn reference(&mut self, node: &Node, path: &str) -> Node {
        let text = node.text().unwrap_or_default();
        let name = ["os.environ/", "env/"].iter().find_map(|start| text.strip_prefix(start));
        let Some(name) = name else { return Node::quoted(node.at, text) };
        if !is_variable_name(name) {
            self.warn(node.at, path, t!("config-litellm-variable", name = name));
        }
        Node::quoted(node.at, &format!("${{{name}}}"))
    }

    /// A number, which may be the value of a variable; what is none is told of and left out.
    fn number(&mut self, node: &Node, path: &str) -> Option<Decimal> {
        let written = self.reference(node, path);
        let text = written.text().unwrap_or_default();
        let name = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        let text = name.map_or(Some(text), |name| self.env.get(name)).unwrap_or_default();
        let number = parse_decimal(&text.replace('_', "")).filter(|number| !number.is_sign_negative());
        if number.is_none() {
            self.warn(node.at, path, t!("config-litellm-number"));
        }
        number
    }

    /// A whole number above zero. Zero is told of: it would mean never.
    fn whole(&mut self, node: &Node, path: &str) -> Option<Node> {
        let number = self.number(node, path)?;
        match number.ceil().to_u32().filter(|number| *number > 0) {
            Some(number) => Some(Node::bare(node.at, &number.to_string())),
            None => {
                self.warn(node.at, path, t!("config-litellm-number"));
                None
            }
        }
    }

    fn missing(&mut self, deployment: &Deployment<'_>, key: &str) {
        self.warn(deployment.params.at, &deployment.path(key), t!("config-litellm-missing", key = key));
    }

    fn no_provider(&mut self, deployment: &Deployment<'_>) {
        let Some(written) = deployment.get("custom_llm_provider").or_else(|| deployment.get("model")) else {
            return;
        };
        let text = written.text().unwrap_or_default();
        let prefix = text.split('/').next().unwrap_or_default();
        let suggestion = did_you_mean(prefix, prefixes());
        self.warn(written.at, &deployment.path("model"), t!("config-litellm-provider", model = text));
        self.suggest(suggestion.unwrap_or_else(|| t!("config-litellm-provider-hint").into_string()));
    }

    fn no_token(&mut self, deployment: &Deployment<'_>) {
        self.warn(deployment.params.at, &deployment.path("vertex_project"), t!("config-vertex-token"));
        self.suggest(t!("config-vertex-token-hint").into_string());
    }

    /// Says what is not as it was meant. The file is LiteLLM's, so it is never an error.
    fn warn(&mut self, at: Mark, path: &str, message: Safe) {
        self.tell(Severity::Warning, at, path, message);
    }

    /// Says that something has no use here.
    fn remark(&mut self, at: Mark, path: &str, message: impl FnOnce() -> Safe) {
        if self.files.tells(Severity::NotUsed) {
            self.tell(Severity::NotUsed, at, path, message());
        }
    }

    fn tell(&mut self, severity: Severity, at: Mark, path: &str, message: Safe) {
        self.problems.push(self.files.problem(severity, at, path, message.into_string()));
    }

    /// Adds to what was said last.
    fn suggest(&mut self, suggestion: String) {
        if let Some(problem) = self.problems.last_mut() {
            problem.suggestion = Some(suggestion);
        }
    }
}
