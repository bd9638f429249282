//! What Enter would send, and what that will cost: below the prompt, and in the model picker.
//!
//! Tokens are counted from the last answer of the same model on, whose provider told how many its request had; where
//! there is none, or where something was left out of the branch, all of them are estimated by their lengths. What of
//! them is cached and how long the answer will be is guessed by [`chat::forecast`](crate::chat::forecast). The other
//! models are those that the person asked last or starred: of the same tokens, none of them cached.

use crate::chat::forecast::{self, Cached};
use crate::chat::{Message, MessageId, Money, Role, Route, Usage, estimate};
use crate::t;
use crate::text::width::width;
use crate::text::{Safe, sanitise, sanitise_line};

use super::block::{euros, grouped};
use super::lens::{self, Basis, Row, Sent, Told};
use super::model::{DEMO, Model};
use super::offers;
use super::pane::{EditWay, Purpose};
use super::turn;

/// How many other models are told of.
const OTHERS: usize = 2;
/// Fewer columns than this have room for the price alone.
const NARROW: u16 = 60;

/// What is known before a word is written; made again when the branch, the model or the settings change.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ground {
    of: Option<Of>,
    /// The tokens of what goes before the last message of the branch.
    before: u64,
    /// The last message, whose tokens grow while it is written.
    last: Option<MessageId>,
    cached: Option<Cached>,
    /// How long the answer will be.
    out: u64,
}

/// What a ground is made of.
#[derive(Clone, Debug, PartialEq)]
struct Of {
    basis: Basis,
    route: Route,
    most: u64,
    /// What the last message used, once that is told.
    used: Option<Usage>,
}

/// What Enter would send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// Its tokens, those of the answer too.
    pub usage: Usage,
    /// What it will cost, in euros; `None` is unknown.
    pub cost: Option<Money>,
}

/// Keeps the ground as the branch is now. Where nothing is written, nothing is looked at.
pub fn arrange(model: &mut Model) {
    if model.pane.composer.is_empty() {
        return;
    }
    let parent = turn::parent_of_next(model);
    let tree = &model.open.conversation.tree;
    let used = parent.and_then(|last| tree.get(last)?.provenance.as_ref()).map(|last| last.usage);
    let of = Of {
        basis: Basis::of_branch(model),
        route: model.pane.route.clone(),
        most: model.open.conversation.settings.most_out(),
        used,
    };
    if model.forecast.of.as_ref() != Some(&of) {
        model.forecast = ground(model, of, parent);
    }
}

fn ground(model: &Model, of: Of, parent: Option<MessageId>) -> Ground {
    let tree = &model.open.conversation.tree;
    let edited = match model.pane.purpose {
        Purpose::Edit { message, .. } => tree.get(message),
        Purpose::Prompt => None,
    };
    let mut rows = lens::rows_until(model, parent, edited);
    let last = match rows.last() {
        Some(Row { told: Told::Message(id), sent: Sent::Yes, .. }) if Some(*id) == parent => parent,
        Some(_) | None => None,
    };
    if last.is_some() {
        rows.pop();
    }
    let is_whole = rows.iter().all(|row| match row.sent {
        Sent::Yes | Sent::Empty => !matches!(row.told, Told::Summary(_)),
        Sent::LeftOut | Sent::Covered => false,
    });
    let answers =
        |message: &&Message| message.role == Role::Assistant && message.route.as_ref() == Some(&of.route);
    let path = parent.map(|parent| tree.path(parent)).unwrap_or_default();
    let known = path.iter().rev().filter_map(|id| tree.get(*id)).filter(answers).find_map(|answer| {
        let told = answer.provenance.as_ref()?.usage.tokens_in?;
        is_whole.then_some((answer, told))
    });
    let weighed = |rows: &[Row]| lens::sum(rows).tokens;
    let before = match known {
        Some((answer, told)) if Some(answer.id) == last => told,
        Some((answer, told)) => {
            let at = rows.iter().position(|row| row.told == Told::Message(answer.id));
            told.saturating_add(weighed(&rows[at.unwrap_or(rows.len())..]))
        }
        None => weighed(&rows),
    };
    let mut said: Vec<&Message> = tree.walk().into_iter().filter(answers).collect();
    said.sort_by_key(|answer| std::cmp::Reverse(answer.created));
    let lengths = said.iter().filter_map(|answer| answer.provenance.as_ref()?.usage.tokens_out);
    Ground {
        before,
        last,
        cached: known.and_then(|(answer, _)| Cached::by(answer)),
        out: forecast::answer(lengths, of.most),
        of: Some(of),
    }
}

/// What Enter would send; `None` where it would send nothing.
pub fn of(model: &Model) -> Option<Forecast> {
    let in_place = matches!(model.pane.purpose, Purpose::Edit { way: EditWay::InPlace, .. });
    let ground = &model.forecast;
    if in_place || model.pane.composer.is_empty() || ground.of.is_none() {
        return None;
    }
    let tree = &model.open.conversation.tree;
    let last = ground.last.and_then(|last| tree.get(last)).map_or(0, Message::weight);
    let draft = estimate::tokens(model.pane.composer.text().len());
    let sent = ground.before.saturating_add(last).saturating_add(draft);
    let cached = ground.cached.filter(|cached| cached.is_there(model.now));
    let usage = forecast::usage(sent, cached, ground.out);
    Some(Forecast { usage, cost: cost(model, &model.pane.route, &usage) })
}

/// What these tokens cost of a model, in euros; `None` where that is not known.
fn cost(model: &Model, route: &Route, usage: &Usage) -> Option<Money> {
    let price = offers::info(model, route)?.price?;
    Some(price.cost(usage)?.convert(model.config.prices.eur_per_usd))
}

/// What the same would cost of another model, none of it cached.
pub fn elsewhere(model: &Model, forecast: &Forecast, route: &Route) -> Option<Money> {
    if *route == model.pane.route {
        return forecast.cost;
    }
    let Usage { tokens_in, tokens_out, .. } = forecast.usage;
    cost(model, route, &Usage { tokens_in, tokens_out, ..Usage::default() })
}

/// Other models that the person asked last, then those that are starred, with what they would cost where that is
/// known; one that is asked through several keys once.
fn others(model: &Model, forecast: &Forecast) -> Vec<(Safe, Money)> {
    let mut found: Vec<(&Route, Money)> = Vec::new();
    for route in model.choices.recents.iter().chain(&model.choices.favourites) {
        let is_new = route.model != model.pane.route.model
            && route.endpoint.as_str() != DEMO
            && found.iter().all(|(other, _)| other.model != route.model);
        if is_new && let Some(cost) = elsewhere(model, forecast, route) {
            found.push((route, cost));
        }
    }
    found.truncate(OTHERS);
    found.into_iter().map(|(route, cost)| (sanitise_line(route.model.as_str()), cost)).collect()
}

/// A price that is a guess.
pub fn about(cost: Option<Money>) -> Safe {
    match cost {
        Some(Money::ZERO) => t!("app-free"),
        Some(cost) => t!("app-forecast-price", price = euros(cost)),
        None => t!("app-forecast-unpriced"),
    }
}

/// What stands below the prompt in so many cells, of a screen that is so wide: the price first, then the tokens, the
/// part that is cached, and other models, as far as there is room.
pub fn line(model: &Model, screen: u16, cells: usize) -> Option<Safe> {
    let forecast = of(model)?;
    let usage = &forecast.usage;
    let price = about(forecast.cost);
    let count = |tokens: Option<u64>| grouped(tokens.unwrap_or_default());
    let (sent, out) = (count(usage.tokens_in), count(usage.tokens_out));
    let plain = t!("app-forecast", sent = sent.clone(), out = out.clone(), price = price.clone());
    let mut lines = vec![price, plain.clone()];
    let mut longest = plain;
    if let Some(cached) = usage.cached_in.filter(|cached| *cached > 0) {
        let cached = grouped(cached);
        longest =
            t!("app-forecast-cached", sent = sent, cached = cached, out = out, price = about(forecast.cost));
        lines.push(longest.clone());
    }
    for (name, cost) in others(model, &forecast) {
        longest.push(&sanitise(" · "));
        longest.push(&t!("app-forecast-other", model = name, price = about(Some(cost))));
        lines.push(longest.clone());
    }
    let most = if screen < NARROW { 1 } else { lines.len() };
    lines.into_iter().take(most).rev().find(|line| width(line) <= cells)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::app::message::Message as News;
    use crate::app::testing::{App, litellm, models, noon};
    use crate::chat::{Presence, Price, Rates};

    fn money(text: &str) -> Money {
        text.parse().unwrap()
    }

    /// An app at a model of 1 dollar for a million tokens, 2 for what it writes, and a tenth for what is cached.
    fn app(width: u16) -> App {
        let mut app = App::new(width, 24);
        let mut list = models(3);
        let rates = Rates { cache_read: Some(money("0.1")), ..Rates::new(money("1"), money("2")) };
        list.models[0].price = Some(rates.into());
        list.models[1].price = Some(Price::FREE);
        app.send(News::ModelsLoaded { list, at: noon() });
        app.model.pane.route = litellm("claude-sonnet");
        app.model.choices.recents.clear();
        app
    }

    fn told(app: &App) -> Option<String> {
        line(&app.model, app.model.size.width, usize::from(app.model.size.width)).map(Safe::into_string)
    }

    /// Dollars, as the app's euros.
    fn euros_of(app: &App, dollars: &str) -> Option<Money> {
        Some(money(dollars).convert(app.model.config.prices.eur_per_usd))
    }

    #[test]
    fn without_an_answer_all_is_estimated_and_an_answer_has_a_thousand_tokens() {
        let mut app = app(80);
        assert_eq!(of(&app.model), None);
        app.type_text("eight letters it is");
        let forecast = of(&app.model).unwrap();
        assert_eq!((forecast.usage.tokens_in, forecast.usage.tokens_out), (Some(9), Some(1000)));
        assert_eq!(forecast.cost, euros_of(&app, "0.002009"));
        assert_eq!(told(&app).unwrap(), "~9 in · ~1\u{202f}000 out · ≈ €0.0018");
    }

    #[test]
    fn after_an_answer_its_tokens_are_taken_and_what_is_cached_costs_less_while_it_is_there() {
        let mut app = app(80);
        // 812 tokens were sent, 512 of them cached, and 240 came back.
        app.turn("one", "two");
        app.type_text("three");
        let forecast = of(&app.model).unwrap();
        // 812, the answer's 5 and the draft's 6.
        let usage = forecast.usage;
        assert_eq!((usage.tokens_in, usage.cached_in, usage.tokens_out), (Some(823), Some(512), Some(240)));
        // 311 x 1 + 512 x 0.1 + 240 x 2, all over a million.
        assert_eq!(forecast.cost, euros_of(&app, "0.0008422"));
        assert_eq!(told(&app).unwrap(), "~823 in (512 cached) · ~240 out · ≈ €0.000775");
        app.model.now += Duration::from_secs(600);
        assert_eq!(of(&app.model).unwrap().usage.cached_in, None);
        // Another model has nothing of it cached, and counts for itself.
        app.model.pane.route = litellm("model-2");
        arrange(&mut app.model);
        let other = of(&app.model).unwrap();
        assert_eq!((other.usage.cached_in, other.cost), (None, None));
        assert!(told(&app).unwrap().contains("price unknown · claude-sonnet ≈"));
    }

    #[test]
    fn where_something_is_left_out_nothing_is_said_to_be_cached() {
        let mut app = app(80);
        let turn = app.turn("one", "two");
        let question = turn.user.unwrap().id;
        let tree = &mut app.model.open.conversation.tree;
        tree.set_presence(turn.answer.id, question, Presence::Excluded);
        app.type_text("three");
        let usage = of(&app.model).unwrap().usage;
        assert_eq!((usage.tokens_in, usage.cached_in), (Some(11), None));
    }

    #[test]
    fn other_models_that_the_person_asks_are_told_where_there_is_room_and_the_demo_is_none() {
        let mut app = app(80);
        app.model.choices.recents = vec![litellm("claude-sonnet"), litellm("model-1"), litellm("model-2")];
        app.type_text("hello");
        assert_eq!(told(&app).unwrap(), "~6 in · ~1\u{202f}000 out · ≈ €0.0018 · model-1 free");
        let narrow = line(&app.model, 40, 30).unwrap();
        assert_eq!(narrow.as_str(), "≈ €0.0018");
        assert_eq!(line(&app.model, 80, 3), None);
    }

    #[test]
    fn it_follows_what_is_written_and_what_is_set_and_an_edit_in_place_sends_nothing() {
        let mut app = app(80);
        app.type_text("hello");
        let before = of(&app.model).unwrap();
        app.model.open.conversation.settings.max_tokens = Some(10);
        app.type_text(" there");
        let after = of(&app.model).unwrap();
        assert_eq!((before.usage.tokens_in, after.usage.tokens_in), (Some(6), Some(7)));
        assert_eq!(after.usage.tokens_out, Some(10));
        app.keys("enter");
        assert_eq!(of(&app.model), None);
    }
}
