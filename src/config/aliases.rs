//! `router:` of a checked tree: the aliases, and whether what they name is there.
//!
//! A route or a fallback that leads nowhere is told of and left out, and so is an alias of which nothing is left, so
//! that what is planned later has nothing to check again. What a fallback names is looked up when all aliases are
//! known.

use std::time::Duration;

use super::build::Builder;
use super::check::did_you_mean;
use super::model::endpoint_and_model;
use super::node::{Mark, Node};
use super::schema::STRATEGIES;
use super::values::{limits, number, text, timeouts};
use super::{Alias, AliasRoute, Cooldown, Endpoint, OnCut, Problem, RouterConfig, Severity, Strategy};
use crate::chat::{AliasName, EndpointName, KeyLabel, ModelId};
use crate::t;

/// The lists of fallbacks an alias may have.
const FALLBACKS: [&str; 3] = ["fallbacks", "context_window_fallbacks", "content_policy_fallbacks"];

impl Builder<'_> {
    /// What `router` says, for these endpoints.
    pub(super) fn router(&mut self, node: Option<&Node>, endpoints: &[Endpoint]) -> RouterConfig {
        let base = RouterConfig { timeouts: self.timeouts, ..RouterConfig::default() };
        let Some(node) = node else { return base };
        let items = node.get("models").map_or(&[][..], Node::items);
        let models = items.iter().filter_map(|item| self.alias(item, endpoints)).collect();
        let mut router = RouterConfig {
            retries: number(node, "retries").unwrap_or(base.retries),
            cooldown: cooldown(node.get("cooldown")),
            on_cut: match node.get("on_cut").and_then(Node::text) {
                Some("automatic") => OnCut::Automatic,
                Some(_) | None => OnCut::Ask,
            },
            models,
            ..base
        };
        let mut lost: Vec<String> = Vec::new();
        for item in items {
            self.fallbacks_lead_somewhere(item, &router, endpoints, &mut lost);
        }
        for alias in &mut router.models {
            let Alias { fallbacks, context_window_fallbacks, content_policy_fallbacks, .. } = alias;
            for list in [fallbacks, context_window_fallbacks, content_policy_fallbacks] {
                list.retain(|name| name != alias.name.as_str() && !lost.contains(name));
            }
        }
        router
    }

    fn alias(&mut self, item: &Node, endpoints: &[Endpoint]) -> Option<Alias> {
        let written = item.get("name")?;
        let name = written.text()?;
        let path = path_of(name);
        if name.trim().is_empty() {
            self.slip(written.at, &path, t!("config-missing", key = "name").into_string());
            return None;
        }
        if name.matches('*').count() > 1 {
            self.slip(written.at, &path, t!("config-alias-stars").into_string());
            return None;
        }
        if endpoints.iter().any(|endpoint| endpoint.name.as_str() == name) {
            let message = t!("config-alias-endpoint-name", name = name).into_string();
            self.problem(Severity::Warning, written.at, &path, message);
        }
        let listed = item.get("routes").map_or(&[][..], Node::items);
        if listed.is_empty() {
            self.slip(written.at, &path, t!("config-alias-no-routes").into_string());
        }
        let routes: Vec<AliasRoute> = listed
            .iter()
            .enumerate()
            .filter_map(|(index, route)| {
                self.route(route, name, endpoints, &format!("{path}.routes[{index}]"))
            })
            .collect();
        let [fallbacks, context_window_fallbacks, content_policy_fallbacks] =
            FALLBACKS.map(|list| self.names(item.get(list)));
        (!routes.is_empty()).then(|| Alias {
            name: AliasName::from(name),
            strategy: text(item, "strategy").and_then(|word| strategy(&word)).unwrap_or_default(),
            routes,
            fallbacks,
            context_window_fallbacks,
            content_policy_fallbacks,
            retries: number(item, "retries"),
            at: self.locate(written.at),
        })
    }

    fn route(&mut self, node: &Node, alias: &str, endpoints: &[Endpoint], path: &str) -> Option<AliasRoute> {
        let named = node.get("endpoint")?;
        let model = node.get("model")?;
        let name = EndpointName::from(self.filled(Some(named))?);
        let Some(endpoint) = endpoints.iter().find(|endpoint| endpoint.name == name) else {
            let severity = self.severity(named.at);
            self.no_such_endpoint(severity, named.at, &format!("{path}.endpoint"), &name, endpoints);
            return None;
        };
        let id = self.filled(Some(model))?;
        if id.contains('*') && !alias.contains('*') {
            let message = t!("config-alias-route-star", alias = alias).into_string();
            self.slip(model.at, &format!("{path}.model"), message);
            return None;
        }
        let key = self.filled(node.get("key")).map(KeyLabel::from);
        if let (Some(label), Some(written)) = (&key, node.get("key")) {
            self.key_is_there(endpoint, label, written.at, &format!("{path}.key"));
        }
        Some(AliasRoute {
            endpoint: name,
            model: ModelId::from(id),
            key,
            weight: number(node, "weight").unwrap_or(1),
            order: number(node, "order").unwrap_or(1),
            limits: limits(node.get("limits")),
            timeouts: node.get("timeouts").map(|own| timeouts(Some(own), endpoint.timeouts)),
            at: self.locate(node.at),
        })
    }

    /// A key may be stored that no file names, so one that is not configured is no error.
    fn key_is_there(&mut self, endpoint: &Endpoint, label: &KeyLabel, at: Mark, path: &str) {
        let labels = || endpoint.keys.iter().map(|key| key.label.as_str());
        let needs_none = endpoint.keys.is_empty() && *label == KeyLabel::default();
        if needs_none || labels().any(|known| known == label.as_str()) {
            return;
        }
        let (name, label) = (endpoint.name.as_str(), label.as_str());
        self.tell(Problem {
            severity: Severity::Warning,
            at: self.locate(at),
            path: path.to_owned(),
            message: t!("config-alias-key", endpoint = name, label = label).into_string(),
            suggestion: did_you_mean(label, labels())
                .or_else(|| Some(t!("config-alias-key-hint", endpoint = name, label = label).into_string())),
        });
    }

    fn names(&self, list: Option<&Node>) -> Vec<String> {
        let items = list.map_or(&[][..], Node::items);
        items.iter().filter_map(|item| self.filled(Some(item))).collect()
    }

    /// Tells of fallbacks that lead nowhere, and adds them to those that are `lost`.
    fn fallbacks_lead_somewhere(
        &mut self,
        item: &Node,
        router: &RouterConfig,
        endpoints: &[Endpoint],
        lost: &mut Vec<String>,
    ) {
        let Some(alias) = text(item, "name") else { return };
        for list in FALLBACKS {
            for (index, written) in item.get(list).map_or(&[][..], Node::items).iter().enumerate() {
                let Some(name) = self.filled(Some(written)) else { continue };
                let path = format!("{}.{list}[{index}]", path_of(&alias));
                if name == alias {
                    self.slip(written.at, &path, t!("config-alias-itself", name = name).into_string());
                    continue;
                }
                if router.alias(&name).is_some() || endpoint_and_model(endpoints, &name).is_some() {
                    continue;
                }
                let model = name.rsplit_once('/').map_or("", |(_, model)| model);
                let models = endpoints.iter().map(|endpoint| format!("{}/{model}", endpoint.name));
                let aliases = router.models.iter().map(|alias| alias.name.to_string());
                let known: Vec<String> = aliases.chain(models.filter(|_| !model.is_empty())).collect();
                self.tell(Problem {
                    severity: self.severity(written.at),
                    at: self.locate(written.at),
                    path,
                    message: t!("config-alias-no-such", name = name.as_str()).into_string(),
                    suggestion: did_you_mean(&name, known.iter().map(String::as_str)),
                });
                lost.push(name);
            }
        }
    }
}

/// The path of an alias in messages: by its name, because several files may add to the list it is in.
fn path_of(name: &str) -> String {
    format!("router.models[{name}]")
}

fn strategy(word: &str) -> Option<Strategy> {
    STRATEGIES.iter().find(|(name, _)| *name == word).map(|(_, strategy)| *strategy)
}

fn cooldown(node: Option<&Node>) -> Cooldown {
    let base = Cooldown::default();
    let Some(node) = node else { return base };
    let pause = node.get("seconds").and_then(Node::number);
    Cooldown {
        failures: number(node, "failures").unwrap_or(base.failures),
        pause: pause.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()).unwrap_or(base.pause),
    }
}
