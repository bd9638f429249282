//! Deployments of one `model_name`, which are an alias with routes.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::place::Access;
use super::settings::Settings;
use super::{Deployment, Reader};
use crate::config::node::{Mark, Node};
use crate::t;

/// The longest that a turn takes unless something else is said, in seconds.
const TOTAL: u32 = 600;

/// A `model_name` with its deployments.
#[derive(Clone, Debug)]
pub(super) struct Group {
    name: String,
    /// The group that it is another name of; itself otherwise.
    of: String,
    at: Mark,
    routes: Vec<Route>,
}

/// A deployment as a route.
#[derive(Clone, Debug)]
struct Route {
    at: Mark,
    access: Access,
    model: Node,
    weight: Option<Decimal>,
    requests: Option<Node>,
    tokens: Option<Node>,
    parallel: Option<Node>,
    order: Option<Node>,
    /// How long nothing may come, in seconds.
    wait: Option<Node>,
    retries: Option<Node>,
}

impl Reader<'_> {
    /// The groups of a file, in the order of their first deployments.
    pub(super) fn groups(&mut self, root: &Node, settings: &Settings) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for (deployment, provider, model) in self.deployments(root) {
            let Some(access) = self.access(&deployment, provider, &model) else { continue };
            let at = deployment.get("model").map_or(deployment.params.at, |model| model.at);
            let route = self.route(&deployment, access, Node::quoted(at, &model), settings);
            match groups.iter_mut().find(|group| group.name == deployment.name) {
                Some(group) => group.routes.push(route),
                None => {
                    let name = deployment.name.to_owned();
                    let of = name.clone();
                    groups.push(Group { name, of, at: deployment.at, routes: vec![route] });
                }
            }
        }
        groups
    }

    fn route(
        &mut self,
        deployment: &Deployment<'_>,
        access: Access,
        model: Node,
        settings: &Settings,
    ) -> Route {
        let mut whole = |key: &str| self.whole(deployment.get(key)?, &deployment.path(key));
        let requests = whole("rpm");
        let tokens = whole("tpm");
        let parallel = whole("max_parallel_requests");
        let order = whole("order");
        let mut seconds = |key: &str| {
            let node = deployment.get(key)?;
            let number = self.number(node, &deployment.path(key))?;
            (number > Decimal::ZERO).then(|| Node::bare(node.at, &number.normalize().to_string()))
        };
        let (of_streams, of_all) = (seconds("stream_timeout"), seconds("timeout"));
        let mut plain = |key: &str| self.number(deployment.get(key)?, &deployment.path(key));
        let weight = plain("weight");
        let retries = plain("num_retries").and_then(|number| number.to_u32());
        Route {
            at: deployment.params.at,
            access,
            model,
            weight,
            requests,
            tokens,
            parallel,
            order,
            // The order in which LiteLLM looks for what bounds a stream.
            wait: of_streams
                .or_else(|| settings.stream_timeout.clone())
                .or(of_all)
                .or_else(|| settings.timeout.clone()),
            retries: retries.map(|retries| Node::bare(deployment.params.at, &retries.to_string())),
        }
    }

    /// The aliases that groups are: first those of `model_list`, then other names for them.
    pub(super) fn aliases(&mut self, mut groups: Vec<Group>, settings: &Settings) -> Vec<Node> {
        for other in &settings.other_names {
            let Some(group) = groups.iter().find(|group| group.name == other.of) else {
                let path = format!("router_settings.model_group_alias.{}", other.name);
                self.no_group(other.at, &path, &other.of, &groups);
                continue;
            };
            if groups.iter().any(|group| group.name == other.name) {
                let path = format!("router_settings.model_group_alias.{}", other.name);
                let message = t!("config-litellm-alias-taken", name = other.name.as_str());
                self.warn(other.at, &path, message);
                continue;
            }
            let group = Group { name: other.name.clone(), at: other.at, ..group.clone() };
            groups.push(group);
        }
        for list in &settings.fallbacks {
            for (written, _) in &list.of_groups {
                let (name, path) = (written.text().unwrap_or_default(), list.path);
                if !groups.iter().any(|group| group.name == name) {
                    self.no_group(written.at, &format!("{path}.{name}"), name, &groups);
                }
            }
        }
        groups.into_iter().map(|group| alias(group, settings)).collect()
    }

    fn no_group(&mut self, at: Mark, path: &str, name: &str, groups: &[Group]) {
        self.warn(at, path, t!("config-litellm-group", name = name));
        let near = super::did_you_mean(name, groups.iter().map(|group| group.name.as_str()));
        near.into_iter().for_each(|near| self.suggest(near));
    }
}

fn alias(group: Group, settings: &Settings) -> Node {
    let Group { name, of, at, routes } = group;
    let weights = weights(&routes);
    let retries = routes.iter().find_map(|route| route.retries.clone());
    let retries = retries.or_else(|| settings.retries.clone());
    let mut fields = vec![("name", Node::quoted(at, &name))];
    fields.push(("strategy", settings.strategy.clone().unwrap_or_else(|| Node::quoted(at, "shuffle"))));
    let routes = routes.into_iter().zip(weights).map(|(route, weight)| route.into_node(weight)).collect();
    fields.push(("routes", Node::list(at, routes)));
    for list in &settings.fallbacks {
        let names: Vec<Node> = list.of(&name, &of);
        if !names.is_empty() {
            fields.push((list.key, Node::list(at, names)));
        }
    }
    fields.extend(retries.map(|retries| ("retries", retries)));
    Node::map(at, fields)
}

/// The shares of routes: their weights where any has one, else their requests or their tokens a minute. One
/// without any takes no part beside one that has some.
fn weights(routes: &[Route]) -> Vec<u32> {
    let number =
        |node: &Option<Node>| node.as_ref().and_then(|node| Decimal::from_str_exact(node.text()?).ok());
    let shares = [
        routes.iter().map(|route| route.weight).collect::<Vec<_>>(),
        routes.iter().map(|route| number(&route.requests)).collect(),
        routes.iter().map(|route| number(&route.tokens)).collect(),
    ];
    let Some(shares) = shares.into_iter().find(|shares| shares.iter().any(Option::is_some)) else {
        return vec![1; routes.len()];
    };
    // Weights may be fractions; whole numbers stay as they are.
    let is_whole = shares.iter().flatten().all(|share| share.fract().is_zero());
    let scale = Decimal::from(if is_whole { 1 } else { 1000 });
    let share = |share: Option<Decimal>| share.map_or(Some(0), |share| (share * scale).round().to_u32());
    shares.into_iter().map(|one| share(one).unwrap_or(u32::MAX)).collect()
}

impl Route {
    fn into_node(self, weight: u32) -> Node {
        let Self { at, access, model, requests, tokens, parallel, order, wait, .. } = self;
        let mut fields = vec![("endpoint", Node::quoted(at, &access.endpoint)), ("model", model)];
        fields.extend(access.key.map(|key| ("key", Node::quoted(at, &key))));
        if weight != 1 {
            fields.push(("weight", Node::bare(at, &weight.to_string())));
        }
        fields.extend(order.map(|order| ("order", order)));
        let limits =
            [("requests_per_minute", requests), ("tokens_per_minute", tokens), ("parallel", parallel)];
        let limits: Vec<_> = limits.into_iter().filter_map(|(key, node)| Some((key, node?))).collect();
        if !limits.is_empty() {
            fields.push(("limits", Node::map(at, limits)));
        }
        if let Some(wait) = wait {
            let mut timeouts = vec![("first_token", wait.clone()), ("idle", wait.clone())];
            // Who waits longer for a piece waits longer for the whole.
            if wait.number().is_some_and(|seconds| seconds > f64::from(TOTAL)) {
                timeouts.push(("total", wait));
            }
            fields.push(("timeouts", Node::map(at, timeouts)));
        }
        Node::map(at, fields)
    }
}
