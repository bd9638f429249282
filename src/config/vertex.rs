//! LibreChat's `endpoints.anthropic.vertex`: Claude on Google's Vertex AI.
//!
//! Where requests go and what models are called there comes from the block. The access token does not: nothing
//! here signs with a service account's key, so it is the endpoint's own key, as a command prints it.

use std::collections::HashMap;

use super::node::{Entry, Mark, Node, Value};
use super::values::text;
use crate::chat::ModelId;

/// LibreChat's region where none is named.
const REGION: &str = "us-east5";

/// A `vertex` block that is in use.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vertex<'a> {
    node: &'a Node,
}

impl<'a> Vertex<'a> {
    /// The block of an endpoint, unless it is switched off.
    pub(super) fn of(endpoint: &'a Node) -> Option<Self> {
        let node = endpoint.get("vertex").filter(|node| matches!(node.value, Value::Map(_)))?;
        let is_on = node.get("enabled").and_then(Node::boolean).unwrap_or(true);
        is_on.then_some(Self { node })
    }

    /// Where it is written.
    pub(super) fn at(self) -> Mark {
        self.node.at
    }

    /// The project, as it is written.
    pub(super) fn project(self) -> Option<&'a Node> {
        self.node.get("projectId")
    }

    /// The region, as it is written.
    pub(super) fn region(self) -> Option<&'a Node> {
        self.node.get("region")
    }

    /// The models it names.
    pub(super) fn models(self) -> Vec<ModelId> {
        let Some(models) = self.node.get("models") else { return Vec::new() };
        let listed = models.items().iter().filter_map(Node::text);
        let mapped =
            models.entries().iter().filter(|entry| is_offered(entry)).map(|entry| entry.key.as_str());
        listed.chain(mapped).map(ModelId::from).collect()
    }

    /// What Vertex calls the models that it calls otherwise.
    pub(super) fn deployments(self) -> HashMap<ModelId, String> {
        let usual = text(self.node, "deploymentName");
        let name = |entry: &Entry| text(&entry.value, "deploymentName").or_else(|| usual.clone());
        let models = self.node.get("models").map_or(&[][..], Node::entries);
        models
            .iter()
            .filter(|entry| is_offered(entry))
            .filter_map(|entry| Some((ModelId::from(entry.key.as_str()), name(entry)?)))
            .collect()
    }
}

fn is_offered(entry: &Entry) -> bool {
    entry.value.boolean() != Some(false)
}

/// The base URL of a project in a region. `global` has no prefix, and `us` and `eu` have a host of their own.
pub(super) fn base(project: &str, region: Option<&str>) -> String {
    let region = region.filter(|region| !region.trim().is_empty()).unwrap_or(REGION);
    let host = match region {
        "global" => "aiplatform.googleapis.com".to_owned(),
        "us" | "eu" => format!("aiplatform.{region}.rep.googleapis.com"),
        region => format!("{region}-aiplatform.googleapis.com"),
    };
    format!("https://{host}/v1/projects/{project}/locations/{region}")
}
