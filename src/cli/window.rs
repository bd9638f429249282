//! Whether a one-shot's request fits in the context window, told before it is sent: by an estimate, so never refused.

use crate::chat::{ChatRequest, Route};
use crate::t;
use crate::text::Safe;
use crate::turns::Turns;

/// No model in use takes less than this, so that a short prompt looks nothing up.
const LEAST: u64 = 1_000;

/// What to say of a request that will not fit, where that is known; `None` also where the router sees to it.
pub(super) fn warning(turns: &Turns, route: &Route, request: &ChatRequest) -> Option<Safe> {
    let weight = request.weight();
    if weight < LEAST {
        return None;
    }
    let window = window(turns, route)?;
    (weight > window)
        .then(|| t!("cli-too-long", model = route.model.as_str(), weight = weight, window = window))
}

/// How many tokens a route takes. Of an alias, the most that one of its routes does, unless it names other models for
/// long requests.
fn window(turns: &Turns, route: &Route) -> Option<u64> {
    let Some(alias) = route.alias() else { return window_of_model(turns, route) };
    let found = turns.config.router.alias(alias.as_str())?;
    if !found.alias.context_window_fallbacks.is_empty() {
        return None;
    }
    let windows: Option<Vec<u64>> =
        found.routes(&route.key).map(|route| window_of_model(turns, &route)).collect();
    windows?.into_iter().max()
}

fn window_of_model(turns: &Turns, route: &Route) -> Option<u64> {
    turns.facts(route).context.filter(|window| *window > 0)
}
