//! What a turn may try, worked out before anything is sent.
//!
//! A [`Plan`] is flat: every route once, in groups, and three ways through the groups, because what may be tried
//! next depends on what went wrong. The alias's own groups (one for each `order`) come first; its fallbacks follow,
//! and theirs, each name once. Everything that needs the configuration or the catalog is looked up here, so that
//! deciding needs neither.

use crate::catalog::Price;
use crate::chat::{AliasName, EndpointName, ErrorKind, Failure, KeyLabel, Route};
use crate::config::{Alias, AliasRoute, Config, Limits, OnCut, Strategy, Timeouts};
use crate::t;

/// How far fallbacks of fallbacks are followed.
const DEEPEST: usize = 8;

/// A route of a plan, by its place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TargetId(pub(super) usize);

/// What limits count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything an endpoint is asked.
    Endpoint(EndpointName),
    /// What it is asked with one key.
    Key(EndpointName, KeyLabel),
    /// One route.
    Route(Route),
}

impl Scope {
    /// All requests with the key of a route.
    pub fn key_of(route: &Route) -> Self {
        Self::Key(route.endpoint.clone(), route.key.clone())
    }

    /// Whether a request to `route` counts.
    pub fn holds(&self, route: &Route) -> bool {
        match self {
            Self::Endpoint(endpoint) => *endpoint == route.endpoint,
            Self::Key(endpoint, key) => *endpoint == route.endpoint && *key == route.key,
            Self::Route(own) => own == route,
        }
    }
}

/// A route that a turn may try, and what is known of it beforehand.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Where requests go.
    pub route: Route,
    /// Its share of a shuffle.
    pub weight: u32,
    /// Configured limits, each with what it counts.
    pub limits: Vec<(Scope, Limits)>,
    /// Time limits of its own.
    pub timeouts: Option<Timeouts>,
    /// What the catalog knows of its model.
    pub facts: Facts,
}

/// What the catalog knows of a route's model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Context window in tokens.
    pub context: Option<u64>,
    /// Price, in US dollars per million tokens.
    pub price: Option<Price>,
}

/// Routes of equal rank, and how one of them is chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// How.
    pub strategy: Strategy,
    /// Which.
    pub targets: Vec<TargetId>,
}

/// What went wrong last, as far as it decides where to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The route: any other may do better.
    Route,
    /// The request is too long for the model.
    TooLong,
    /// A provider's filter refused.
    Filtered,
    /// The request itself, as one provider says.
    Request,
}

/// What a turn may try.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The alias that was asked for.
    pub alias: Option<AliasName>,
    /// Attempts after the first on routes that were tried before. Each route may be tried once besides.
    pub retries: u32,
    /// What is done with an answer that stops before its end.
    pub on_cut: OnCut,
    targets: Vec<Target>,
    groups: Vec<Group>,
    /// How many groups are the alias's own; they come first.
    own: usize,
    /// The groups of each list of fallbacks.
    plain: Vec<usize>,
    context_window: Vec<usize>,
    content_policy: Vec<usize>,
}

impl Plan {
    /// A plan of one route.
    pub fn route(config: &Config, route: Route, facts: &dyn Fn(&Route) -> Facts) -> Self {
        let key = route.key.clone();
        let mut builder = Builder::new(config, &key, facts);
        builder.single(route);
        builder.finish(None, config.router.retries)
    }

    /// What the alias leads to that `asked` is, or is held by; `None` where there is none. A route that names no key
    /// uses `key` where it goes to the same endpoint as the turn was started with, and the default one elsewhere.
    ///
    /// # Errors
    /// `config` where none of its endpoints exist.
    pub fn alias(
        config: &Config,
        asked: &AliasName,
        key: &KeyLabel,
        facts: &dyn Fn(&Route) -> Facts,
    ) -> Option<Result<Self, Failure>> {
        let found = config.router.alias(asked.as_str())?;
        let mut builder = Builder::new(config, key, facts);
        builder.alias(found.alias, found.wildcard);
        if builder.plan.targets.is_empty() {
            let at = found.alias.at.to_string();
            let message = t!("net-alias-leads-nowhere", name = asked.as_str(), at = at.as_str());
            return Some(Err(Failure::new(ErrorKind::Config, message.into_string())));
        }
        builder.plan.own = builder.plan.groups.len();
        let lists = [
            (&found.alias.fallbacks, List::Plain),
            (&found.alias.context_window_fallbacks, List::ContextWindow),
            (&found.alias.content_policy_fallbacks, List::ContentPolicy),
        ];
        for (names, list) in lists {
            let mut seen = vec![asked.as_str().to_owned()];
            let groups = builder.fallbacks(names, list, &mut seen, DEEPEST);
            match list {
                List::Plain => builder.plan.plain = groups,
                List::ContextWindow => builder.plan.context_window = groups,
                List::ContentPolicy => builder.plan.content_policy = groups,
            }
        }
        Some(Ok(builder.finish(Some(asked.clone()), found.alias.retries.unwrap_or(config.router.retries))))
    }

    /// A route of it.
    pub fn target(&self, id: TargetId) -> &Target {
        &self.targets[id.0]
    }

    /// All its routes, its own before those of fallbacks.
    pub fn targets(&self) -> impl ExactSizeIterator<Item = (TargetId, &Target)> {
        self.targets.iter().enumerate().map(|(at, target)| (TargetId(at), target))
    }

    /// The routes that it may try before any fallback, the lowest order first.
    pub fn own(&self) -> impl Iterator<Item = &Target> {
        self.groups[..self.own].iter().flat_map(|group| &group.targets).map(|id| self.target(*id))
    }

    /// Whether other turns matter to it: there is something to choose, or something to count.
    pub fn is_shared(&self) -> bool {
        self.targets.len() > 1 || self.targets.iter().any(|target| !target.limits.is_empty())
    }

    /// The groups to go through, in order, after this trouble. A list that was made for it comes first; without
    /// one, what is left of the own routes and the plain list has to do.
    pub fn path(&self, trouble: Option<Trouble>) -> impl Iterator<Item = &Group> {
        let own = 0..self.own;
        let (first, then): (&[usize], &[usize]) = match trouble {
            None | Some(Trouble::Route) => (&[], &self.plain),
            Some(Trouble::TooLong) => (&self.context_window, &self.plain),
            Some(Trouble::Filtered) => (&self.content_policy, &self.plain),
            // Every fallback would say the same; another of its own may only be stricter than the next.
            Some(Trouble::Request) => (&[], &[]),
        };
        first.iter().copied().chain(own).chain(then.iter().copied()).map(|at| &self.groups[at])
    }

    /// Whether none of its own routes has room for so many tokens, as far as is known.
    pub fn is_too_small(&self, tokens: u64) -> bool {
        self.own().all(|target| !target.has_room(Some(tokens)))
    }
}

impl Target {
    /// Whether its model has room for so many tokens, as far as is known.
    pub fn has_room(&self, tokens: Option<u64>) -> bool {
        tokens.zip(self.facts.context).is_none_or(|(tokens, context)| tokens <= context)
    }
}

#[derive(Clone, Copy)]
enum List {
    Plain,
    ContextWindow,
    ContentPolicy,
}

struct Builder<'a> {
    config: &'a Config,
    key: &'a KeyLabel,
    facts: &'a dyn Fn(&Route) -> Facts,
    plan: Plan,
}

impl<'a> Builder<'a> {
    fn new(config: &'a Config, key: &'a KeyLabel, facts: &'a dyn Fn(&Route) -> Facts) -> Self {
        let plan = Plan {
            alias: None,
            retries: 0,
            on_cut: config.router.on_cut,
            targets: Vec::new(),
            groups: Vec::new(),
            own: 1,
            plain: Vec::new(),
            context_window: Vec::new(),
            content_policy: Vec::new(),
        };
        Self { config, key, facts, plan }
    }

    fn finish(mut self, alias: Option<AliasName>, retries: u32) -> Plan {
        self.plan.alias = alias;
        self.plan.retries = retries;
        self.plan
    }

    /// Adds the groups of an alias, the lowest order first; which they are.
    fn alias(&mut self, alias: &Alias, wildcard: Option<&str>) -> Vec<usize> {
        let mut orders: Vec<u32> = alias.routes.iter().map(|route| route.order).collect();
        orders.sort_unstable();
        orders.dedup();
        let mut groups = Vec::new();
        for order in orders {
            let routes = alias.routes.iter().filter(|route| route.order == order);
            let targets: Vec<TargetId> =
                routes.filter_map(|route| self.alias_route(route, wildcard)).collect();
            groups.extend(self.group(alias.strategy, targets));
        }
        groups
    }

    fn alias_route(&mut self, told: &AliasRoute, wildcard: Option<&str>) -> Option<TargetId> {
        self.config.endpoint(told.endpoint.as_str())?;
        let key = told.key.clone().unwrap_or_else(|| self.key_at(told));
        let route = Route { endpoint: told.endpoint.clone(), key, model: told.model(wildcard) };
        let id = self.target(route);
        let target = &mut self.plan.targets[id.0];
        target.weight = told.weight;
        target.timeouts = target.timeouts.or(told.timeouts);
        if !told.limits.is_none() && !target.limits.iter().any(|(scope, _)| matches!(scope, Scope::Route(_)))
        {
            target.limits.push((Scope::Route(target.route.clone()), told.limits));
        }
        Some(id)
    }

    /// The key of a route that names none: the one the turn was started with, where its endpoint has one of that
    /// label.
    fn key_at(&self, told: &AliasRoute) -> KeyLabel {
        let endpoint = self.config.endpoint(told.endpoint.as_str());
        let has_it = endpoint.is_some_and(|endpoint| endpoint.keys.iter().any(|key| key.label == *self.key));
        if has_it { self.key.clone() } else { KeyLabel::default() }
    }

    fn single(&mut self, route: Route) -> Option<usize> {
        let id = self.target(route);
        self.group(Strategy::Order, vec![id])
    }

    fn group(&mut self, strategy: Strategy, mut targets: Vec<TargetId>) -> Option<usize> {
        let mut seen = Vec::new();
        targets.retain(|id| {
            !seen.contains(id) && {
                seen.push(*id);
                true
            }
        });
        if targets.is_empty() {
            return None;
        }
        let group = Group { strategy, targets };
        let known = self.plan.groups.iter().position(|known| *known == group);
        Some(known.unwrap_or_else(|| {
            self.plan.groups.push(group);
            self.plan.groups.len() - 1
        }))
    }

    /// The target of a route, which has one only.
    fn target(&mut self, route: Route) -> TargetId {
        if let Some(at) = self.plan.targets.iter().position(|target| target.route == route) {
            return TargetId(at);
        }
        let endpoint = self.config.endpoint(route.endpoint.as_str());
        let key = endpoint.and_then(|endpoint| endpoint.keys.iter().find(|key| key.label == route.key));
        let limits = [
            endpoint.map(|endpoint| (Scope::Endpoint(route.endpoint.clone()), endpoint.limits)),
            key.map(|key| (Scope::key_of(&route), key.limits)),
        ];
        let limits = limits.into_iter().flatten().filter(|(_, limits)| !limits.is_none()).collect();
        let facts = (self.facts)(&route);
        self.plan.targets.push(Target { route, weight: 1, limits, timeouts: None, facts });
        TargetId(self.plan.targets.len() - 1)
    }

    /// The groups that a list of fallbacks leads to, depth first, each name once.
    fn fallbacks(
        &mut self,
        names: &[String],
        list: List,
        seen: &mut Vec<String>,
        depth: usize,
    ) -> Vec<usize> {
        let mut groups = Vec::new();
        for name in names {
            if depth == 0 || seen.contains(name) {
                continue;
            }
            seen.push(name.clone());
            let config = self.config;
            if let Some(found) = config.router.alias(name) {
                groups.extend(self.alias(found.alias, found.wildcard));
                let special = match list {
                    List::Plain => &found.alias.fallbacks,
                    List::ContextWindow => &found.alias.context_window_fallbacks,
                    List::ContentPolicy => &found.alias.content_policy_fallbacks,
                };
                groups.extend(self.fallbacks(special, list, seen, depth - 1));
            } else if let Some(route) = self.named(name) {
                groups.extend(self.single(route));
            }
        }
        groups
    }

    /// The route of an `ENDPOINT/MODEL`. Both may hold a slash: the endpoint that says the most wins.
    fn named(&self, name: &str) -> Option<Route> {
        let fitting = self.config.endpoints.iter().filter_map(|endpoint| {
            let model = name.strip_prefix(endpoint.name.as_str())?.strip_prefix('/')?;
            (!model.is_empty()).then_some((endpoint, model))
        });
        let (endpoint, model) = fitting.min_by_key(|(_, model)| model.len())?;
        let has_it = endpoint.keys.iter().any(|key| key.label == *self.key);
        let key = if has_it { self.key.clone() } else { KeyLabel::default() };
        Some(Route { endpoint: endpoint.name.clone(), key, model: model.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::router::testing::{alias, config, leads_to, plan, route};

    /// The ways through a plan, as `A B | C`: groups in order, apart.
    fn shown(plan: &Plan, trouble: Option<Trouble>) -> String {
        let group = |group: &Group| {
            let names = group.targets.iter().map(|id| plan.target(*id).route.to_string());
            names.map(|name| name.trim_end_matches("/m").to_owned()).collect::<Vec<_>>().join(" ")
        };
        plan.path(trouble).map(group).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn orders_are_groups_and_fallbacks_follow_each_name_once() {
        let mut late = leads_to("B");
        late.order = 9;
        let config = config(vec![
            alias("x", vec![late, leads_to("A"), leads_to("C")], &["y", "nobody", "z"]),
            alias("y", vec![leads_to("D")], &["x", "z", "F/n/m"]),
            alias("z", vec![leads_to("E"), leads_to("A")], &["y"]),
        ]);
        let plan = plan(&config, "x");
        assert_eq!(shown(&plan, None), "A C | B | D | E A | F/n");
        assert_eq!(plan.targets().len(), 6, "a route that is there twice is one");
    }

    #[test]
    fn a_list_for_a_trouble_is_followed_before_the_plain_one() {
        let mut x = alias("x", vec![leads_to("A")], &["B/m"]);
        x.context_window_fallbacks = vec!["y".to_owned()];
        x.content_policy_fallbacks = vec!["D/m".to_owned()];
        let mut y = alias("y", vec![leads_to("C")], &["E/m"]);
        y.context_window_fallbacks = vec!["F/m".to_owned()];
        let plan = plan(&config(vec![x, y]), "x");
        assert_eq!(shown(&plan, Some(Trouble::Route)), "A | B");
        assert_eq!(shown(&plan, Some(Trouble::TooLong)), "C | F | A | B");
        assert_eq!(shown(&plan, Some(Trouble::Filtered)), "D | A | B");
        assert_eq!(shown(&plan, Some(Trouble::Request)), "A");
    }

    #[test]
    fn a_wildcard_fills_the_model_and_an_endpoint_that_is_gone_is_left_out() {
        let mut any = alias("any/*", vec![leads_to("A"), leads_to("Gone")], &[]);
        any.routes[0].model = "vendor/*".into();
        let gone = alias("gone", vec![leads_to("Gone")], &["A/m"]);
        let config = config(vec![any, gone]);
        assert_eq!(shown(&plan(&config, "any/gpt"), None), "A/vendor/gpt");
        let nothing =
            |name: &str| Plan::alias(&config, &name.into(), &KeyLabel::default(), &|_| Facts::default());
        assert!(matches!(nothing("gone"), Some(Err(failure)) if failure.kind == ErrorKind::Config));
        assert_eq!(nothing("nobody"), None);
    }

    #[test]
    fn a_plan_is_shared_where_there_is_something_to_choose_or_to_count() {
        let mut config = config(vec![alias("x", vec![leads_to("A"), leads_to("B")], &[])]);
        assert!(plan(&config, "x").is_shared());
        let one = |config: &Config| Plan::route(config, route("A"), &|_| Facts::default());
        assert!(!one(&config).is_shared());
        config.endpoints[0].limits.parallel = Some(1);
        assert!(one(&config).is_shared());
    }
}
