//! LibreChat's Azure groups: one resource each, with its key, and the deployments that serve its models.

use serde_json::{Map, Value};

use super::build::Builder;
use super::endpoints::Section;
use super::files::Origin;
use super::node::Node;
use super::values::{flag, texts};
use super::{Env, KeySource, Template};
use crate::chat::ModelId;
use crate::t;

/// LibreChat's Azure groups.
#[derive(Clone, Debug, PartialEq)]
pub struct Azure {
    /// Groups in order; there is one at least.
    pub groups: Vec<AzureGroup>,
}

/// A resource of Azure's, its key, and the models it serves.
#[derive(Clone, Debug, PartialEq)]
pub struct AzureGroup {
    /// Its name.
    pub name: String,
    /// `apiKey`.
    pub key: Option<Template>,
    /// Where it is.
    pub host: AzureHost,
    /// The deployment of models that name none.
    pub deployment: Option<Template>,
    /// The API version of models that name none.
    pub version: Option<Template>,
    /// `additionalHeaders`.
    pub headers: Vec<(String, Template)>,
    /// Laid over the endpoint's.
    pub add_params: Map<String, Value>,
    /// Beside the endpoint's.
    pub drop_params: Vec<String>,
    /// Its models.
    pub models: Vec<AzureModel>,
}

/// Where a group is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AzureHost {
    /// A resource's name, or its whole host name.
    Instance(Template),
    /// A base URL, which may name `${INSTANCE_NAME}` and `${DEPLOYMENT_NAME}`.
    Base {
        /// The base URL.
        base: Template,
        /// What `${INSTANCE_NAME}` is.
        instance: Option<Template>,
    },
    /// The base URL of a deployment that needs no name.
    Serverless(Template),
}

/// A model of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AzureModel {
    /// What it is called here.
    pub id: ModelId,
    /// Its deployment.
    pub deployment: Option<Template>,
    /// Its API version.
    pub version: Option<Template>,
}

/// What a base URL may name, to be told apart from variables of the environment.
pub const AZURE_INSTANCE: &str = "${INSTANCE_NAME}";
/// The other.
pub const AZURE_DEPLOYMENT: &str = "${DEPLOYMENT_NAME}";

impl AzureGroup {
    /// The base URL of this group for a deployment: a template still, with the names that Azure has put in.
    pub fn base_url(&self, deployment: Option<&str>) -> Template {
        let put_in = |base: &Template, instance: Option<&Template>| {
            let instance = instance.map_or("", |instance| instance.raw.trim());
            let raw = base.raw.replace(AZURE_INSTANCE, instance);
            Template {
                raw: raw.replace(AZURE_DEPLOYMENT, deployment.unwrap_or_default()),
                at: base.at.clone(),
            }
        };
        match &self.host {
            AzureHost::Instance(name) => {
                let domain = if name.raw.contains('.') { "" } else { ".openai.azure.com" };
                Template { raw: format!("https://{}{domain}", name.raw.trim()), at: name.at.clone() }
            }
            AzureHost::Base { base, instance } => put_in(base, instance.as_ref()),
            AzureHost::Serverless(base) => put_in(base, None),
        }
    }
}

impl Builder<'_> {
    /// The groups of an endpoint; `None` where it has none.
    pub(super) fn azure(&mut self, section: Section<'_>) -> Option<Azure> {
        let Section { node, path, .. } = section;
        let items = node.get("groups").map_or(&[][..], Node::items);
        let own = node.get("baseURL").filter(|url| self.files.origin(url.at) != Origin::Builtin);
        let own = own.and_then(|url| self.template(url));
        let mut groups: Vec<AzureGroup> = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let path = format!("{path}.groups[{index}]");
            let Some(group) = self.azure_group(item, own.as_ref(), &path) else { continue };
            for entry in item.get("models").map_or(&[][..], Node::entries) {
                if groups.iter().any(|other| other.models.iter().any(|model| model.id.as_str() == entry.key))
                {
                    let message = t!("config-azure-model-twice", model = entry.key.as_str()).into_string();
                    let severity = self.files.severity(entry.at);
                    self.problem(severity, entry.at, &format!("{path}.models"), message);
                }
            }
            groups.push(group);
        }
        (!groups.is_empty()).then_some(Azure { groups })
    }

    fn azure_group(&mut self, item: &Node, own: Option<&Template>, path: &str) -> Option<AzureGroup> {
        let at = item.get("group").map_or(item.at, |name| name.at);
        let text = |key: &str| item.get(key).and_then(|node| self.template(node));
        let (instance, deployment, version) = (text("instanceName"), text("deploymentName"), text("version"));
        let base = text("baseURL").or_else(|| own.cloned());
        let host = match (base, instance) {
            (Some(base), _) if flag(item, "serverless") => AzureHost::Serverless(base),
            (None, _) if flag(item, "serverless") => {
                let message = t!("config-azure-no-base").into_string();
                self.problem(self.files.severity(at), at, path, message);
                return None;
            }
            (Some(base), instance) => AzureHost::Base { base, instance },
            (None, Some(instance)) => AzureHost::Instance(instance),
            (None, None) => {
                let message = t!("config-azure-no-instance").into_string();
                self.problem(self.files.severity(at), at, path, message);
                return None;
            }
        };
        let models: Vec<AzureModel> = item
            .get("models")
            .map_or(&[][..], Node::entries)
            .iter()
            .map(|entry| {
                let text = |key: &str| entry.value.get(key).and_then(|node| self.template(node));
                AzureModel {
                    id: ModelId::from(entry.key.as_str()),
                    deployment: text("deploymentName"),
                    version: text("version"),
                }
            })
            .collect();
        Some(AzureGroup {
            name: item.get("group").and_then(Node::text).unwrap_or_default().to_owned(),
            key: self.key(item, path).and_then(|source| match source {
                KeySource::Value(value) => Some(value),
                KeySource::Command(_) | KeySource::Aws => None,
            }),
            host,
            deployment,
            version,
            headers: item
                .get("additionalHeaders")
                .map_or(&[][..], Node::entries)
                .iter()
                .filter_map(|entry| Some((entry.key.clone(), self.template(&entry.value)?)))
                .collect(),
            add_params: self.add_params(item.get("addParams"), &format!("{path}.addParams")),
            drop_params: texts(item.get("dropParams")),
            models,
        })
    }
}

/// Where the first group is that can be reached from here: what a key is asked for, and what is shown.
pub(super) fn base_url(azure: &Azure, env: &Env) -> Option<Template> {
    let bases: Vec<Template> = azure.groups.iter().map(|group| group.base_url(None)).collect();
    bases.iter().find(|base| base.expand(env).is_ok()).or(bases.first()).cloned()
}

/// The key of the first group whose key can be had from here.
pub(super) fn key(azure: &Azure, env: &Env) -> Option<KeySource> {
    let keys: Vec<&Template> = azure.groups.iter().filter_map(|group| group.key.as_ref()).collect();
    let key = keys.iter().find(|key| key.expand(env).is_ok()).or(keys.first())?;
    Some(KeySource::Value((*key).clone()))
}
