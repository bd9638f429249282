//! Requests that will not fit in the model's context window, as far as an estimate tells: what can be done instead.
//!
//! Whatever is sent is weighed first, by lengths alone. What weighs too much is not sent but opens a short list: a
//! model with more room, the oldest messages left out, a summary of them, or as it is. Nothing has changed until a row
//! is chosen, so that Esc leaves the prompt as it was. The same list answers a provider's refusal.

use std::collections::HashSet;

use crate::catalog::context;
use crate::chat::{MessageId, Money, Part, Role, Route, Summary};
use crate::config::Config;
use crate::t;
use crate::text::width::truncate;
use crate::text::{Safe, sanitise, sanitise_line};

use super::block::{Tone, grouped, is_too_long};
use super::command::CommandId;
use super::effect::Effect;
use super::lens::{self, Row, Sent, Told};
use super::model::{DEMO, KeyOf, Model, Mood, first_key};
use super::offers::{Standing, owner, short_count, standing};
use super::overlay::Overlay;
use super::pane::{EditWay, Purpose};
use super::picker::{Choice, Columns, Entry, ListKind, Rows};
use super::summarise::Aim;
use super::{acts, lanes, lists, summarise, title, turn};

/// What a person asks for that makes a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// An answer to what the composer holds.
    Send,
    /// Another answer to this question.
    Regenerate(MessageId),
    /// More of this answer.
    Continue(MessageId),
}

/// What is done to a request so that it fits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shortened {
    /// Left out of it, besides what the branch leaves out.
    pub left_out: Vec<MessageId>,
    /// What stands for its beginning.
    pub summary: Option<Summary>,
}

/// Who says that a request is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The estimate made here.
    Estimate,
    /// The provider, which refused it.
    Refusal,
}

/// A request that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fit {
    /// What it is for.
    pub errand: Errand,
    /// Who says so.
    pub cause: Cause,
    /// The tokens it has, about, with the most that the answer may have where that is set.
    pub weight: u64,
    /// The window of the model, where it is known.
    pub window: Option<u64>,
}

impl Fit {
    /// What a request may have to be taken for short enough. Where the provider refused one that should have fitted,
    /// the estimate is wrong by nobody knows how much.
    fn room(&self) -> u64 {
        match (self.cause, self.window) {
            (_, Some(window)) if self.weight > window => window,
            (Cause::Estimate | Cause::Refusal, Some(_)) => self.weight - self.weight.div_ceil(10),
            (Cause::Estimate | Cause::Refusal, None) => self.weight / 2,
        }
    }

    /// The least window of a model that is taken to have room for it.
    fn needed(&self) -> u64 {
        self.window.map_or(self.weight, |window| self.weight.max(window.saturating_add(1)))
    }
}

/// One thing that can be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Way {
    /// Ask this model instead.
    Ask(Route),
    /// Leave the oldest messages out.
    LeaveOut,
    /// Have a summary made of them.
    Summarise,
    /// Send it all the same.
    AsIs,
}

/// Does what was asked for where its request fits; else offers what can be done.
pub fn or_offer(model: &mut Model, errand: Errand) -> Vec<Effect> {
    let weight = weigh(model, errand);
    match window(model, &model.pane.route) {
        Some(window) if weight > window => {
            open(model, Fit { errand, cause: Cause::Estimate, weight, window: Some(window) })
        }
        Some(_) | None => turn::go(model, errand, Shortened::default()),
    }
}

fn open(model: &mut Model, fit: Fit) -> Vec<Effect> {
    lists::open_list(model, ListKind::Fit(fit));
    Vec::new()
}

/// Offers what can be done about an answer that was refused as too long; of anything else, tells whether the next
/// prompt fits.
pub fn ask(model: &mut Model, current: Option<MessageId>) -> Vec<Effect> {
    let tree = &model.open.conversation.tree;
    let refused = current.filter(|id| tree.get(*id).is_some_and(is_too_long));
    let window = window(model, &model.pane.route);
    if let Some(question) = refused.and_then(|answer| lanes::question_of(tree, answer)) {
        let errand = Errand::Regenerate(question);
        return open(model, Fit { errand, cause: Cause::Refusal, weight: weigh(model, errand), window });
    }
    if matches!(model.pane.purpose, Purpose::Edit { way: EditWay::InPlace, .. }) {
        return vec![model.notify(t!("app-lens-nothing-sent"), Mood::Plain)];
    }
    let weight = weigh(model, Errand::Send);
    let told = match window {
        Some(window) if weight > window => {
            return open(
                model,
                Fit { errand: Errand::Send, cause: Cause::Estimate, weight, window: Some(window) },
            );
        }
        Some(window) => t!("app-fits", weight = grouped(weight), window = grouped(window)),
        None => {
            let name = model.pane.route.model.as_str();
            t!("app-fits-unknown", weight = grouped(weight), model = name)
        }
    };
    vec![model.notify(told, Mood::Plain)]
}

/// How many tokens a model takes, where that is known. Of an alias, the most that one of its routes does: the router
/// asks none that is known to have no room.
pub fn window(model: &Model, route: &Route) -> Option<u64> {
    let Some(alias) = route.alias() else { return window_of_model(model, route) };
    let found = model.config.router.alias(alias.as_str())?;
    let windows: Option<Vec<u64>> =
        found.routes(&route.key).map(|route| window_of_model(model, &route)).collect();
    windows?.into_iter().max()
}

fn window_of_model(model: &Model, route: &Route) -> Option<u64> {
    let listed = model.model_info(route);
    match model.config.endpoint(route.endpoint.as_str()) {
        Some(endpoint) => context(endpoint, listed, &route.model),
        None => listed?.context,
    }
    .filter(|window| *window > 0)
}

/// How many tokens a request has, about, with the most that the answer may have where that is set.
fn weigh(model: &Model, errand: Errand) -> u64 {
    lens::sum(&rows_of(model, errand)).tokens.saturating_add(model.open.conversation.settings.most_out())
}

/// The rows of a request, root first.
fn rows_of(model: &Model, errand: Errand) -> Vec<Row> {
    let mut rows = match errand {
        Errand::Send => lens::rows(model),
        Errand::Regenerate(last) | Errand::Continue(last) => lens::rows_until(model, Some(last), None),
    };
    let stays = stays(model, errand);
    // What is asked is sent whatever else is not.
    for row in &mut rows {
        if row.sent == Sent::LeftOut && matches!(&row.told, Told::Message(id) if stays.contains(id)) {
            row.sent = Sent::Yes;
        }
    }
    rows
}

/// The messages that a request cannot do without.
fn stays(model: &Model, errand: Errand) -> Vec<MessageId> {
    match errand {
        Errand::Send => Vec::new(),
        Errand::Regenerate(question) => vec![question],
        Errand::Continue(answer) => {
            let parent = model.open.conversation.tree.get(answer).and_then(|answer| answer.parent);
            parent.into_iter().chain([answer]).collect()
        }
    }
}

/// A question and what was answered: left out, or covered, together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    /// Its messages, in order; of a tool's call also the result.
    pub messages: Vec<MessageId>,
    tokens: u64,
}

/// What a request could do without, oldest first.
fn pairs(model: &Model, errand: Errand) -> Vec<Pair> {
    let tree = &model.open.conversation.tree;
    let stays = stays(model, errand);
    let mut pairs: Vec<Pair> = Vec::new();
    for row in rows_of(model, errand).into_iter().filter(|row| row.sent == Sent::Yes) {
        let Told::Message(id) = row.told else { continue };
        let Some(message) = tree.get(id).filter(|_| !stays.contains(&id)) else { continue };
        let is_result = message.parts.iter().any(|part| matches!(part, Part::ToolResult(_)));
        if pairs.is_empty() || (message.role == Role::User && !is_result) {
            pairs.push(Pair::default());
        }
        if let Some(pair) = pairs.last_mut() {
            pair.messages.push(id);
            pair.tokens = pair.tokens.saturating_add(row.tokens);
        }
    }
    pairs
}

/// The fewest of the oldest pairs without which so much is left at most; `None` where all of them are not enough.
fn fewest(pairs: &[Pair], weight: u64, most: u64) -> Option<usize> {
    let mut left = weight;
    let enough = |(count, pair): (usize, &Pair)| {
        left = left.saturating_sub(pair.tokens);
        (left <= most).then_some(count + 1)
    };
    pairs.iter().enumerate().find_map(enough)
}

/// What is left out so that the rest fits; empty where nothing helps.
fn left_out(model: &Model, fit: &Fit) -> Vec<Pair> {
    let mut pairs = pairs(model, fit.errand);
    let count = fewest(&pairs, fit.weight, fit.room()).unwrap_or_default();
    pairs.truncate(count);
    pairs
}

/// What a summary may weigh, about: a little more than it is asked to.
const SUMMARY: u64 = 1_000;

/// What a summary is made of, oldest first; empty where none helps. It covers more than has to go, so that the next
/// turns have room; the last pair is covered only where it has to be.
pub fn covered(model: &Model, fit: &Fit) -> Vec<Pair> {
    let mut pairs = pairs(model, fit.errand);
    let weight = fit.weight.saturating_add(SUMMARY.min(fit.room() / 4));
    let Some(least) = fewest(&pairs, weight, fit.room()) else { return Vec::new() };
    let roomy = fewest(&pairs, weight, fit.room() / 2).unwrap_or(pairs.len());
    pairs.truncate(roomy.min(least.max(pairs.len() - 1)));
    pairs
}

/// What the request for a summary weighs, about.
pub fn weight_of_summary(model: &Model, fit: &Fit) -> u64 {
    let messages: u64 = covered(model, fit).iter().map(|pair| pair.tokens).sum();
    let earlier = rows_of(model, fit.errand).into_iter().filter(|row| matches!(row.told, Told::Summary(_)));
    messages.saturating_add(earlier.map(|row| row.tokens).sum()).saturating_add(SUMMARY)
}

/// The summary that the request of an errand sends as it is now.
pub fn summary_before(model: &Model, errand: Errand) -> Option<&Summary> {
    rows_of(model, errand).into_iter().find_map(|row| match row.told {
        Told::Summary(keeper) => model.open.conversation.tree.get(keeper)?.summary(),
        Told::System | Told::Message(_) | Told::Draft => None,
    })
}

/// How many models are offered at most.
const MODELS: usize = 3;

/// Models with more room that can be asked now. What an alias names for this goes first; else the cheapest of those
/// used lately, then of those that are listed.
fn roomier(model: &Model, fit: &Fit) -> Vec<Route> {
    let named = fallbacks(&model.config, &model.pane.route);
    let named: Vec<Route> = named
        .into_iter()
        .filter(|route| is_ready(model, route))
        .filter(|route| window(model, route).is_none_or(|window| window >= fit.needed()))
        .take(MODELS)
        .collect();
    if named.is_empty() { cheapest(model, fit.needed()) } else { named }
}

/// The aliases and models that the configuration names for requests that are too long for an alias.
fn fallbacks(config: &Config, route: &Route) -> Vec<Route> {
    let asked = route.alias();
    let Some(found) = asked.as_ref().and_then(|alias| config.router.alias(alias.as_str())) else {
        return Vec::new();
    };
    let named = found.alias.context_window_fallbacks.iter().filter_map(|name| {
        if config.router.alias(name).is_some() {
            return Some(Route::to_alias(name.as_str()));
        }
        let (endpoint, model) = name.split_once('/')?;
        let endpoint = config.endpoint(endpoint)?;
        let key = first_key(endpoint).unwrap_or_default();
        Some(Route { endpoint: endpoint.name.clone(), key, model: model.into() })
    });
    named.collect()
}

/// The cheapest models that can be asked now and have a window of at least this: of those used lately and starred,
/// then of all that are listed.
pub fn cheapest(model: &Model, needed: u64) -> Vec<Route> {
    let choices = &model.choices;
    let fits = |route: &Route| {
        *route != model.pane.route
            && is_ready(model, route)
            && window(model, route).is_some_and(|window| window >= needed)
    };
    let mut found: Vec<Route> = Vec::new();
    for route in choices.recents.iter().chain(&choices.favourites).filter(|route| fits(route)) {
        if !found.contains(route) {
            found.push(route.clone());
        }
    }
    by_price(model, needed, &mut found);
    if found.len() < MODELS {
        let mut listed: Vec<Route> = Vec::new();
        for (of, models) in &model.models {
            // Of an endpoint that cannot be asked, none can.
            let any = Route { endpoint: of.endpoint.clone(), key: of.key.clone(), model: "".into() };
            if !is_ready(model, &any) {
                continue;
            }
            let roomy = models.list.models.iter().filter(|info| info.context >= Some(needed));
            listed.extend(roomy.map(|info| Route { model: info.id.clone(), ..any.clone() }));
        }
        listed.retain(|route| *route != model.pane.route && !found.contains(route));
        by_price(model, needed, &mut listed);
        found.extend(listed);
    }
    found.truncate(MODELS);
    by_price(model, needed, &mut found);
    found
}

/// What is not priced stands last; of equals, those of the endpoint that is asked now first.
fn by_price(model: &Model, tokens: u64, routes: &mut [Route]) {
    routes.sort_by_cached_key(|route| {
        let price = lens::price_at(model, route, tokens).map_or(i64::MAX, Money::nanos);
        (price, route.endpoint != model.pane.route.endpoint)
    });
}

/// Whether a model can be asked now, as far as is known. The demo knows nothing.
fn is_ready(model: &Model, route: &Route) -> bool {
    let Some(endpoint) = model.config.endpoint(route.endpoint.as_str()) else { return false };
    if endpoint.name.as_str() == DEMO {
        return false;
    }
    match standing(model, endpoint, &KeyOf::from(route)) {
        Standing::Ready
        | Standing::Reachable(_)
        | Standing::Unknown
        | Standing::Aliases(_)
        | Standing::Shut(_) => true,
        Standing::Failed(_)
        | Standing::Expired
        | Standing::NeedsKey
        | Standing::Unset(_)
        | Standing::Silent(_) => false,
    }
}

/// What can be done, each with its number.
pub fn rows(model: &Model, fit: &Fit) -> Vec<Entry> {
    let mut rows: Vec<(Way, Safe, [String; 2], Safe)> = Vec::new();
    for route in roomier(model, fit) {
        let window = window(model, &route);
        let price = lens::price_at(model, &route, fit.weight);
        let facts = [
            window.map(short_count).unwrap_or_default(),
            price.map(|price| format!("≈ {}", super::block::euros(price))).unwrap_or_default(),
        ];
        let about = match window {
            Some(window) => t!("app-fit-ask-about", window = grouped(window)),
            None => t!("app-fit-ask-unknown"),
        };
        let name = t!("app-fit-ask", model = name_of(&route));
        rows.push((Way::Ask(route), name, facts, about));
    }
    let out = left_out(model, fit);
    if !out.is_empty() {
        let left = fit.weight.saturating_sub(out.iter().map(|pair| pair.tokens).sum());
        let (first, last, count) = ends(model, &out);
        let keys = acts::key_of(model, CommandId::Context);
        rows.push((
            Way::LeaveOut,
            t!("app-fit-drop", count = count),
            [format!("≈ {}", grouped(left)), String::new()],
            t!("app-fit-drop-about", first = first.as_str(), last = last.as_str(), keys = keys.as_str()),
        ));
    }
    let covers = covered(model, fit);
    if !covers.is_empty() {
        let (first, last, count) = ends(model, &covers);
        rows.push((
            Way::Summarise,
            t!("app-fit-summary", count = count),
            Default::default(),
            t!("app-fit-summary-about", first = first.as_str(), last = last.as_str()),
        ));
    }
    let about = match (fit.cause, fit.window) {
        (Cause::Estimate, Some(window)) => {
            t!("app-fit-as-is-about", weight = grouped(fit.weight), window = grouped(window))
        }
        (Cause::Refusal, _) | (Cause::Estimate, None) => {
            t!("app-fit-refused-about", weight = grouped(fit.weight))
        }
    };
    rows.push((Way::AsIs, t!("app-fit-as-is"), Default::default(), about));
    let facts: Vec<[String; 2]> = rows.iter().map(|(_, _, facts, _)| facts.clone()).collect();
    let columns = Columns::of(&facts);
    let entry = |(at, (way, name, facts, about)): (usize, (Way, Safe, [String; 2], Safe))| Entry {
        sign: sanitise(&(at + 1).to_string()),
        detail: columns.line(&facts),
        about,
        ..Entry::new(Choice::Way(way), name)
    };
    rows.into_iter().enumerate().map(entry).collect()
}

fn name_of(route: &Route) -> String {
    match route.alias() {
        Some(alias) => alias.to_string(),
        None => format!("{} · {}", owner(&KeyOf::from(route)), route.model),
    }
}

/// The first words of the first and of the last of these messages, and how many there are.
fn ends(model: &Model, pairs: &[Pair]) -> (Safe, Safe, usize) {
    const CELLS: usize = 24;
    let tree = &model.open.conversation.tree;
    let words = |id: Option<&MessageId>| {
        let text = id.and_then(|id| tree.get(*id)).map(crate::chat::Message::text).unwrap_or_default();
        truncate(&sanitise_line(&title::first_words(&text)), CELLS)
    };
    let messages: Vec<&MessageId> = pairs.iter().flat_map(|pair| &pair.messages).collect();
    (words(messages.first().copied()), words(messages.last().copied()), messages.len())
}

/// Enter in the list: does what the selected row says.
pub fn take(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::List(list)) = model.overlays.last() else { return Vec::new() };
    let (ListKind::Fit(fit), Some(entry)) = (&list.kind, list.chosen()) else { return Vec::new() };
    let (fit, Choice::Way(way)) = (*fit, entry.choice.clone()) else { return Vec::new() };
    let shortened = match way {
        Way::Ask(route) => {
            if let Err(effects) = turn::ready(model, &route) {
                return effects;
            }
            model.pane.route = route;
            Shortened::default()
        }
        Way::LeaveOut => {
            let out = left_out(model, &fit);
            let left_out = out.into_iter().flat_map(|pair| pair.messages).collect();
            Shortened { left_out, ..Shortened::default() }
        }
        Way::Summarise => {
            summarise::open(model, Aim::Fit(fit));
            return Vec::new();
        }
        Way::AsIs => Shortened::default(),
    };
    model.overlays.pop();
    turn::go(model, fit.errand, shortened)
}

/// A digit in the list: does what the row of this number says.
pub fn take_number(model: &mut Model, digit: char) -> Vec<Effect> {
    let Some(Overlay::List(list)) = model.overlays.last_mut() else { return Vec::new() };
    let typed = sanitise(digit.encode_utf8(&mut [0; 4]));
    let numbered = |at: &usize| list.entries.get(*at).is_some_and(|entry| entry.sign == typed);
    let Some(at) = list.matches.iter().position(numbered) else { return Vec::new() };
    list.selected = at;
    take(model)
}

/// Marks the models whose window is smaller than a request that would go to them.
pub fn mark(model: &Model, weight: u64, mut rows: Rows) -> Rows {
    let small = too_small(model, weight);
    if small.is_empty() {
        return rows;
    }
    for row in &mut rows.entries {
        let Choice::Route(route) = &row.choice else { continue };
        if !small.contains(route) {
            continue;
        }
        let mut detail = sanitise("⊘  ");
        detail.push(&row.detail);
        let mut about = t!("app-fit-not", weight = grouped(weight));
        about.push(&sanitise(" · "));
        about.push(&row.about);
        (row.detail, row.about, row.tone) = (detail, about, Tone::Dim);
    }
    rows
}

/// The models of all lists whose window is smaller than this: looked for once, and not once a row.
fn too_small(model: &Model, weight: u64) -> HashSet<Route> {
    let listed = model.models.iter().flat_map(|(of, models)| {
        let small = models.list.models.iter().filter(|info| info.context.is_some_and(|size| size < weight));
        small.map(|info| Route { endpoint: of.endpoint.clone(), key: of.key.clone(), model: info.id.clone() })
    });
    let aliases = model.config.router.models.iter().map(|alias| Route::to_alias(alias.name.clone()));
    let aliases = aliases.filter(|route| window(model, route).is_some_and(|size| size < weight));
    listed.chain(aliases).collect()
}

/// What the request of a fan-out weighs: of this question, else of what the composer holds.
pub fn weight_of_question(model: &Model, question: Option<MessageId>) -> u64 {
    weigh(model, question.map_or(Errand::Send, Errand::Regenerate))
}

/// What the whole branch of the pane weighs.
pub fn weight_of_branch(model: &Model) -> u64 {
    let last = model.pane.view.branch.last().copied();
    lens::sum(&lens::rows_until(model, last, None))
        .tokens
        .saturating_add(model.open.conversation.settings.most_out())
}

#[cfg(test)]
mod tests;
