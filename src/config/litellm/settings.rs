//! `router_settings` and `litellm_settings`: what holds for all models of the file.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{Reader, did_you_mean};
use crate::config::node::{Mark, Node};
use crate::t;

/// LiteLLM's strategies and ours.
const STRATEGIES: &[(&str, &str)] = &[
    ("simple-shuffle", "shuffle"),
    ("least-busy", "least-busy"),
    ("usage-based-routing", "headroom"),
    ("usage-based-routing-v2", "headroom"),
    ("latency-based-routing", "latency"),
    ("cost-based-routing", "cost"),
];

/// The group that stands for all groups without an entry of their own.
const ANY_GROUP: &str = "*";

/// What the settings say, in Loquat's words.
#[derive(Debug, Default)]
pub(super) struct Settings {
    /// What goes below `router` as it stands.
    pub router: Vec<(&'static str, Node)>,
    pub strategy: Option<Node>,
    pub retries: Option<Node>,
    pub stream_timeout: Option<Node>,
    pub timeout: Option<Node>,
    pub fallbacks: Vec<FallbackList>,
    pub other_names: Vec<OtherName>,
}

/// A list of fallbacks.
#[derive(Debug)]
pub(super) struct FallbackList {
    /// What it is called, there and here.
    pub key: &'static str,
    /// Where it stands, for messages.
    pub path: &'static str,
    /// The names of groups, and what each falls back to.
    pub of_groups: Vec<(Node, Vec<Node>)>,
    /// What every other group falls back to.
    of_any: Vec<Node>,
}

/// Another name for a group.
#[derive(Debug)]
pub(super) struct OtherName {
    pub name: String,
    pub of: String,
    pub at: Mark,
}

impl FallbackList {
    /// What a group falls back to: as its entry says, else that of the group `of` which it is another name of, else
    /// as all groups do, but for itself.
    pub(super) fn of(&self, group: &str, of: &str) -> Vec<Node> {
        let own = [group, of]
            .into_iter()
            .find_map(|name| self.of_groups.iter().find(|(written, _)| written.text() == Some(name)));
        let names = own.map_or(&self.of_any, |(_, targets)| targets);
        let is_itself = |name: &Node| own.is_none() && [Some(group), Some(of)].contains(&name.text());
        names.iter().filter(|name| !is_itself(name)).cloned().collect()
    }
}

impl Reader<'_> {
    pub(super) fn settings(&mut self, root: &Node) -> Settings {
        let router = ("router_settings", root.get("router_settings"));
        let litellm = ("litellm_settings", root.get("litellm_settings"));
        let mut settings = Settings {
            strategy: self.strategy(router.1),
            retries: self
                .setting([router, litellm], "num_retries")
                .and_then(|(at, number)| count(at, number)),
            stream_timeout: self.setting([router, router], "stream_timeout").and_then(seconds),
            timeout: self
                .setting([litellm, litellm], "request_timeout")
                .or_else(|| self.setting([router, router], "timeout"))
                .and_then(seconds),
            other_names: other_names(router.1),
            ..Settings::default()
        };
        let fails = self.setting([router, litellm], "allowed_fails");
        let pause = self.setting([router, router], "cooldown_time").and_then(seconds);
        // So many are allowed; the next one is too many.
        let failures = fails.and_then(|(at, number)| count(at, number + Decimal::ONE));
        let cooldown: Vec<_> = [("failures", failures), ("seconds", pause)]
            .into_iter()
            .filter_map(|(key, node)| Some((key, node?)))
            .collect();
        if let Some(at) = cooldown.first().map(|(_, node)| node.at) {
            settings.router.push(("cooldown", Node::map(at, cooldown)));
        }
        for (key, of_router, of_litellm) in [
            ("fallbacks", "router_settings.fallbacks", "litellm_settings.fallbacks"),
            (
                "context_window_fallbacks",
                "router_settings.context_window_fallbacks",
                "litellm_settings.context_window_fallbacks",
            ),
            (
                "content_policy_fallbacks",
                "router_settings.content_policy_fallbacks",
                "litellm_settings.content_policy_fallbacks",
            ),
        ] {
            let told =
                |section: Option<&Node>| section?.get(key).filter(|list| !list.items().is_empty()).cloned();
            let (list, path) = match told(router.1) {
                Some(list) => (Some(list), of_router),
                None => (told(litellm.1), of_litellm),
            };
            let mut list = self.fallback_list(key, path, list.as_ref());
            if key == "fallbacks" && list.of_any.is_empty() {
                let default = |section: Option<&Node>| section?.get("default_fallbacks").cloned();
                let default = default(router.1).or_else(|| default(litellm.1));
                list.of_any = self.targets(default.as_ref(), "default_fallbacks");
            }
            settings.fallbacks.push(list);
        }
        settings
    }

    fn strategy(&mut self, router: Option<&Node>) -> Option<Node> {
        let written = router?.get("routing_strategy")?;
        let text = written.text()?;
        if let Some((_, ours)) = STRATEGIES.iter().find(|(name, _)| *name == text) {
            return Some(Node::quoted(written.at, ours));
        }
        self.warn(written.at, "router_settings.routing_strategy", t!("config-litellm-strategy", name = text));
        let near = did_you_mean(text, STRATEGIES.iter().map(|(name, _)| *name));
        near.into_iter().for_each(|near| self.suggest(near));
        None
    }

    /// A number of the first section that has it.
    fn setting(&mut self, sections: [(&str, Option<&Node>); 2], key: &str) -> Option<(Mark, Decimal)> {
        let (section, node) =
            sections.iter().find_map(|(name, node)| Some((name, node.as_ref()?.get(key)?)))?;
        let number = self.number(node, &format!("{section}.{key}"))?;
        Some((node.at, number))
    }

    fn fallback_list(&mut self, key: &'static str, path: &'static str, list: Option<&Node>) -> FallbackList {
        let mut found = FallbackList { key, path, of_groups: Vec::new(), of_any: Vec::new() };
        let entries = list.map_or(&[][..], Node::items).iter().flat_map(Node::entries);
        for entry in entries {
            let targets = self.targets(Some(&entry.value), &format!("{path}.{}", entry.key));
            if entry.key == ANY_GROUP {
                found.of_any.extend(targets);
            } else {
                found.of_groups.push((Node::quoted(entry.at, &entry.key), targets));
            }
        }
        found
    }

    /// The names of a list; what is more than a name is told of and left out.
    fn targets(&mut self, list: Option<&Node>, path: &str) -> Vec<Node> {
        let mut names = Vec::new();
        for item in list.map_or(&[][..], Node::items_or_self) {
            match item.text() {
                Some(text) => names.push(Node::quoted(item.at, text)),
                None => self.warn(item.at, path, t!("config-litellm-target")),
            }
        }
        names
    }
}

fn other_names(router: Option<&Node>) -> Vec<OtherName> {
    let entries = router.and_then(|router| router.get("model_group_alias")).map_or(&[][..], Node::entries);
    entries
        .iter()
        .filter_map(|entry| {
            let of = entry.value.text().or_else(|| entry.value.get("model")?.text())?;
            Some(OtherName { name: entry.key.clone(), of: of.to_owned(), at: entry.at })
        })
        .collect()
}

fn count(at: Mark, number: Decimal) -> Option<Node> {
    Some(Node::bare(at, &number.floor().to_u32()?.to_string()))
}

/// A time above zero.
fn seconds((at, number): (Mark, Decimal)) -> Option<Node> {
    (number > Decimal::ZERO).then(|| Node::bare(at, &number.normalize().to_string()))
}
