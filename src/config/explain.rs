//! What an alias leads to, for a person who wonders: its routes in the order they stand in, with the key, the place
//! and the limits of each, what is tried after them, and the line that each of it comes from.

use super::show::without_secrets;
use super::{
    Alias, AliasMatch, AliasRoute, Config, KeySource, Limits, Strategy, Template, Timeouts, USER_PROVIDED,
};
use crate::chat::KeyLabel;
use crate::t;

/// What `asked` leads to; `None` where there is no such alias. The text is untrusted: sanitise it.
pub fn explain(config: &Config, asked: &str) -> Option<String> {
    let AliasMatch { alias, wildcard } = config.router.alias(asked)?;
    let mut text = String::new();
    line(&mut text, 0, &format!("{asked}  {}", alias.at));
    if wildcard.is_some() && asked != alias.name.as_str() {
        line(&mut text, 1, &t!("config-explain-wildcard", name = alias.name.as_str()));
    }
    line(&mut text, 1, &strategy(alias.strategy));
    line(&mut text, 1, &t!("config-explain-retries", count = alias.retries.unwrap_or(config.router.retries)));
    let mut orders: Vec<u32> = alias.routes.iter().map(|route| route.order).collect();
    orders.sort_unstable();
    orders.dedup();
    for (index, order) in orders.iter().enumerate() {
        let heading =
            if index == 0 { t!("config-explain-routes") } else { t!("config-explain-routes-later") };
        line(&mut text, 0, &heading);
        for route in alias.routes.iter().filter(|route| route.order == *order) {
            one_route(&mut text, config, alias, route, wildcard);
        }
    }
    for (names, heading) in [
        (&alias.fallbacks, t!("config-explain-fallbacks")),
        (&alias.context_window_fallbacks, t!("config-explain-context-fallbacks")),
        (&alias.content_policy_fallbacks, t!("config-explain-policy-fallbacks")),
    ] {
        if !names.is_empty() {
            line(&mut text, 0, &heading);
            names.iter().for_each(|name| fallback(&mut text, config, name));
        }
    }
    Some(text)
}

fn one_route(text: &mut String, config: &Config, alias: &Alias, route: &AliasRoute, wildcard: Option<&str>) {
    line(text, 1, &format!("{}/{}  {}", route.endpoint, route.model(wildcard), route.at));
    let Some(endpoint) = config.endpoint(route.endpoint.as_str()) else { return };
    let place = shown(config, &endpoint.base_url);
    line(text, 2, &t!("config-explain-place", place = place, api = endpoint.api.name()));
    let label = route.key.clone().unwrap_or_default();
    match endpoint.keys.iter().find(|key| key.label == label) {
        Some(key) => {
            let source = source(config, &key.source);
            line(text, 2, &t!("config-explain-key", label = label.as_str(), source = source));
            limits(text, &key.limits, |limits| {
                t!("config-explain-key-limits", limits = limits).into_string()
            });
        }
        None if endpoint.keys.is_empty() && label == KeyLabel::default() => {
            line(text, 2, &t!("config-explain-no-key"));
        }
        None => line(text, 2, &t!("config-explain-stored-key", label = label.as_str())),
    }
    if alias.strategy == Strategy::Shuffle {
        let level = alias.routes.iter().filter(|other| other.order == route.order);
        let sum: u64 = level.map(|other| u64::from(other.weight)).sum();
        line(text, 2, &t!("config-explain-share", weight = route.weight, sum = sum));
    }
    limits(text, &route.limits, |limits| t!("config-explain-limits", limits = limits).into_string());
    limits(text, &endpoint.limits, |limits| {
        t!("config-explain-endpoint-limits", limits = limits).into_string()
    });
    let Timeouts { first_token, idle, total, .. } = route.timeouts.unwrap_or(endpoint.timeouts);
    let [first_token, idle, total] = [first_token, idle, total].map(|time| time.as_secs_f64());
    line(text, 2, &t!("config-explain-timeouts", first = first_token, idle = idle, total = total));
}

/// A fallback, and where it leads.
fn fallback(text: &mut String, config: &Config, name: &str) {
    match config.router.alias(name) {
        Some(AliasMatch { alias, wildcard }) => {
            line(text, 1, &format!("{name}  {}", alias.at));
            for route in &alias.routes {
                line(text, 2, &format!("{}/{}", route.endpoint, route.model(wildcard)));
            }
        }
        None => line(text, 1, name),
    }
}

fn strategy(strategy: Strategy) -> String {
    match strategy {
        Strategy::Order => t!("config-explain-order"),
        Strategy::Shuffle => t!("config-explain-shuffle"),
        Strategy::LeastBusy => t!("config-explain-least-busy"),
        Strategy::Latency => t!("config-explain-latency"),
        Strategy::Cost => t!("config-explain-cost"),
        Strategy::Headroom => t!("config-explain-headroom"),
    }
    .into_string()
}

fn limits(text: &mut String, limits: &Limits, sentence: impl FnOnce(String) -> String) {
    let Limits { requests_per_minute, tokens_per_minute, parallel } = limits;
    let parts: Vec<String> = [
        requests_per_minute.map(|count| t!("config-explain-requests", count = count)),
        tokens_per_minute.map(|count| t!("config-explain-tokens", count = count)),
        parallel.map(|count| t!("config-explain-parallel", count = count)),
    ]
    .into_iter()
    .flatten()
    .map(|part| part.into_string())
    .collect();
    if !parts.is_empty() {
        line(text, 2, &sentence(parts.join(", ")));
    }
}

/// Where a key comes from, and never the key.
fn source(config: &Config, source: &KeySource) -> String {
    match source {
        KeySource::Value(template) if template.raw.trim() == USER_PROVIDED => {
            t!("config-explain-asked").into_string()
        }
        KeySource::Value(template) if template.variables().next().is_none() => {
            t!("config-explain-written").into_string()
        }
        KeySource::Value(template) => {
            let names: Vec<String> = template.variables().map(|name| format!("${{{name}}}")).collect();
            unset(config, template, &names.join(", "))
        }
        KeySource::Command(words) => {
            let program = words.first().map_or("", |word| word.raw.as_str());
            t!("config-explain-command", program = program).into_string()
        }
        KeySource::Aws => t!("config-explain-aws").into_string(),
    }
}

/// A template as it is written, without secrets.
fn shown(config: &Config, template: &Template) -> String {
    unset(config, template, &without_secrets(template.raw.trim()))
}

/// `text`, with the variable of the template that is not set.
fn unset(config: &Config, template: &Template, text: &str) -> String {
    match template.expand(&config.env) {
        Ok(_) => text.to_owned(),
        Err(unset) => t!("config-explain-unset", text = text, name = unset.name.as_str()).into_string(),
    }
}

fn line(text: &mut String, depth: usize, words: &(impl std::fmt::Display + ?Sized)) {
    text.push_str(&format!("{:1$}{words}\n", "", depth * 2));
}
