//! Lists: which rows they have, how one leads to the next, and what choosing a row does.

use ratatui::layout::Position;

use crate::chat::Route;
use crate::text::sanitise;

use super::command::CommandId;
use super::effect::Effect;
use super::fanout::Mark;
use super::model::{Focus, KeyOf, Model};
use super::overlay::{self, Overlay};
use super::picker::{Choice, List, ListKind, Picked, Rows};
use super::usage;
use super::{
    acts, circuits, configured, conversation, copies, fanout, find, fit, fork, ghost, health, jumps, key,
    links, listing, look, offers, outward, preset, run, search, shelf, summarise,
};

/// The rows of a list as the model is now.
fn entries(model: &Model, kind: &ListKind) -> Option<Rows> {
    Some(match kind {
        ListKind::Palette => overlay::palette(model).into(),
        ListKind::Models(only) => offers::models(model, only.as_ref()),
        ListKind::Endpoints => offers::endpoints(model).into(),
        ListKind::Conversations => shelf::conversations(model).into(),
        ListKind::Presets => preset::rows(model).into(),
        ListKind::Trash => shelf::trash(model).into(),
        ListKind::History => overlay::prompts(model).into(),
        ListKind::Themes => look::rows(model).into(),
        ListKind::FanOut(party) => fanout::rows(model, party),
        ListKind::Ghost => {
            let weight = fit::weight_of_branch(model);
            fit::mark(model, weight, offers::models(model, None))
        }
        ListKind::Fit(of) => fit::rows(model, of).into(),
        ListKind::Summariser(of) => {
            let weight = summarise::weight(model, of);
            fit::mark(model, weight, offers::models(model, None))
        }
        ListKind::Problems => configured::rows(model).into(),
        ListKind::Search(_)
        | ListKind::Code
        | ListKind::Copy
        | ListKind::Links
        | ListKind::Fork(_)
        | ListKind::Messages(_)
        | ListKind::Revisions => return None,
    })
}

/// Opens a list.
pub fn open_list(model: &mut Model, kind: ListKind) {
    let rows = entries(model, &kind).unwrap_or_default();
    model.overlays.push(Overlay::List(List::of(kind, rows)));
}

/// Rebuilds the rows of every open list whose facts may have changed.
pub fn refill(model: &mut Model) {
    for at in 0..model.overlays.len() {
        let Some(Overlay::List(list)) = model.overlays.get(at) else { continue };
        let Some(rows) = entries(model, &list.kind) else { continue };
        if let Some(Overlay::List(list)) = model.overlays.get_mut(at) {
            list.replace(rows);
        }
    }
}

/// Opens the model picker.
pub fn open_models(model: &mut Model, only: Option<KeyOf>) -> Vec<Effect> {
    open_list(model, ListKind::Models(only));
    select(model, &Choice::Route(model.pane.route.clone()));
    Vec::new()
}

/// Orders the lists of models another way. Where none is open, the model picker opens so.
pub fn sort_models(model: &mut Model) -> Vec<Effect> {
    let is_of_models = |list: &List| match list.kind {
        ListKind::Models(_) | ListKind::FanOut(_) | ListKind::Ghost | ListKind::Summariser(_) => true,
        ListKind::Palette
        | ListKind::Endpoints
        | ListKind::Conversations
        | ListKind::Presets
        | ListKind::Trash
        | ListKind::Search(_)
        | ListKind::History
        | ListKind::Themes
        | ListKind::Code
        | ListKind::Copy
        | ListKind::Links
        | ListKind::Fork(_)
        | ListKind::Messages(_)
        | ListKind::Revisions
        | ListKind::Problems
        | ListKind::Fit(_) => false,
    };
    match model.overlays.last() {
        Some(Overlay::List(list)) if is_of_models(list) => {}
        Some(Overlay::List(_)) => return Vec::new(),
        _ => return open_models(model, None),
    }
    model.model_order = model.model_order.next();
    refill(model);
    if let Some(Overlay::List(list)) = model.overlays.last_mut() {
        // Another order is looked at from its top.
        list.select(isize::MIN);
    }
    Vec::new()
}

/// Opens the endpoint picker.
pub fn open_endpoints(model: &mut Model) -> Vec<Effect> {
    open_list(model, ListKind::Endpoints);
    select(model, &Choice::Key(KeyOf::from(&model.pane.route)));
    let mut effects = vec![Effect::ResolveKeyStates, Effect::ProbeLocal];
    effects.extend(circuits::ask(model));
    effects.extend(health::ask(model));
    effects
}

/// Selects the row that does this in the list on top.
pub fn select(model: &mut Model, choice: &Choice) {
    if let Some(Overlay::List(list)) = model.overlays.last_mut() {
        list.select_choice(choice);
    }
}

/// From a list to the one beside it: models and endpoints, titles and full text. What was typed goes along.
pub fn switch(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::List(list)) = model.overlays.last() else { return Vec::new() };
    let filter = list.filter.text().to_owned();
    let mut effects = match list.kind {
        ListKind::Palette
        | ListKind::Presets
        | ListKind::Trash
        | ListKind::History
        | ListKind::Themes
        | ListKind::Code
        | ListKind::Copy
        | ListKind::Links
        | ListKind::FanOut(_)
        | ListKind::Ghost
        | ListKind::Fit(_)
        | ListKind::Summariser(_)
        | ListKind::Fork(_)
        | ListKind::Messages(_)
        | ListKind::Revisions
        | ListKind::Problems => {
            return Vec::new();
        }
        ListKind::Models(_) => {
            model.overlays.pop();
            open_endpoints(model)
        }
        ListKind::Endpoints => {
            model.overlays.pop();
            open_models(model, None)
        }
        ListKind::Conversations => {
            model.overlays.pop();
            run::run(model, CommandId::Search)
        }
        ListKind::Search(_) => {
            model.overlays.pop();
            run::run(model, CommandId::PickConversation)
        }
    };
    if let Some(Overlay::List(list)) = model.overlays.last_mut() {
        if !filter.is_empty() {
            list.type_text(&filter);
        }
        effects.extend(searched(model));
    }
    effects
}

/// Does what the selected row says, and closes the list.
pub fn choose_selected(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::List(list)) = model.overlays.last() else { return Vec::new() };
    if matches!(list.kind, ListKind::Fit(_)) {
        return fit::take(model);
    }
    if matches!(list.kind, ListKind::Code | ListKind::Copy)
        && let Some(text) = copies::by_number(list)
    {
        model.overlays.pop();
        return vec![Effect::Copy { text: sanitise(&text) }];
    }
    let ghost = list.kind == ListKind::Ghost;
    let summariser = matches!(list.kind, ListKind::Summariser(_));
    let Some(choice) = list.chosen().map(|entry| entry.choice.clone()) else { return Vec::new() };
    if let (true, Choice::Route(route)) = (summariser, &choice) {
        return summarise::begin(model, route.clone());
    }
    model.overlays.pop();
    match choice {
        Choice::Route(route) if ghost => ghost::start(model, route),
        choice => choose(model, choice),
    }
}

/// A click: selects a row; on the selected one it does what Enter does. Where Enter asks all that are marked, a
/// click marks.
pub fn clicked(model: &mut Model, at: Position) -> Vec<Effect> {
    let Some(row) = listing::row_at(model, at) else { return Vec::new() };
    let Some(Overlay::List(list)) = model.overlays.last_mut() else { return Vec::new() };
    let party = matches!(list.kind, ListKind::FanOut(_));
    let again = list.selected == row;
    (list.selected, list.picked) = (row, Picked::Meant);
    match (party, again) {
        (true, _) => fanout::mark(model, Mark::Toggle),
        (false, true) => choose_selected(model),
        (false, false) => Vec::new(),
    }
}

/// Does what a chosen row says.
pub fn choose(model: &mut Model, choice: Choice) -> Vec<Effect> {
    match choice {
        Choice::Command(command) => run::run(model, command),
        Choice::Route(route) => {
            model.choices.used(&route);
            model.pane.route = route;
            vec![Effect::SaveChoices(model.choices.clone())]
        }
        Choice::Key(of) => key::choose_key(model, &of),
        Choice::Conversation(id) => {
            jumps::record(model);
            conversation::open_conversation(model, id)
        }
        Choice::Message(conversation, message, words) => {
            jumps::record(model);
            let mut effects = conversation::open_conversation(model, conversation);
            model.pane.reveal = Some(message);
            find::mark(model, words);
            effects.extend(conversation::reveal(model));
            effects
        }
        Choice::Preset(name) => preset::choose(model, &name),
        Choice::Trashed(id) => vec![Effect::Restore(id)],
        Choice::Prompt(text) => {
            model.history.add(&model.pane.composer.remembered());
            model.pane.composer.replace(&text);
            model.focus = Focus::Composer;
            conversation::draft_changed(model)
        }
        Choice::Theme(name) => look::choose(model, name),
        Choice::Fork(message, reach, place) => fork::fork(model, message, reach, place),
        Choice::UsageRow(key) => usage::choose(model, &key),
        Choice::Revision(former) => acts::say_again(model, *former),
        // Who is in a set is asked, what is too long is sent, and the list is left, with Enter alone.
        Choice::Set(_) | Choice::Way(_) => Vec::new(),
        Choice::Copy(text) => vec![Effect::Copy { text: sanitise(&text) }],
        Choice::Open(link) => links::open(model, &link),
        Choice::Save(name, text) => {
            outward::ask_name(model, &name, text);
            Vec::new()
        }
    }
}

/// Stars a model, or takes its star away.
pub fn star(model: &mut Model, route: &Route) -> Vec<Effect> {
    let before = model.choices.favourites.len();
    model.choices.favourites.retain(|other| other != route);
    if model.choices.favourites.len() == before {
        model.choices.favourites.push(route.clone());
    }
    refill(model);
    vec![Effect::SaveChoices(model.choices.clone())]
}

/// What was typed in a list changed: full-text search asks anew, and what no list of models has is offered as it
/// is.
pub fn searched(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::List(list)) = model.overlays.last() else { return Vec::new() };
    match list.kind {
        ListKind::Search(_) => search::typed(model),
        ListKind::Models(_) | ListKind::FanOut(_) | ListKind::Ghost | ListKind::Summariser(_) => {
            let row = offers::as_is(model, list);
            if let Some(Overlay::List(list)) = model.overlays.last_mut() {
                list.offer(row);
            }
            Vec::new()
        }
        ListKind::Palette
        | ListKind::Endpoints
        | ListKind::Conversations
        | ListKind::Presets
        | ListKind::Trash
        | ListKind::History
        | ListKind::Themes
        | ListKind::Code
        | ListKind::Copy
        | ListKind::Links
        | ListKind::Fit(_)
        | ListKind::Fork(_)
        | ListKind::Messages(_)
        | ListKind::Revisions
        | ListKind::Problems => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{App, list_names, litellm, models, noon};
    use crate::app::{KeyStatus, Message, SearchId};
    use crate::catalog::ModelList;
    use crate::keys::{KeyOrigin, KeyState};
    use crate::storage::Order;

    #[test]
    fn favourites_and_recents_come_first_in_the_model_picker() {
        let mut app = App::new(80, 24);
        app.model.choices.recents = vec![litellm("model-5")];
        app.send(Message::ModelsLoaded { list: models(7000), at: noon() });
        app.model.choices.favourites = vec![litellm("model-9")];
        app.keys("ctrl-x m");
        assert_eq!(list_names(&app, 3), ["model-9", "model-5", "claude-sonnet"]);
        app.type_text("model-6999");
        app.keys("enter");
        assert_eq!(app.model.pane.route, litellm("model-6999"));
    }

    #[test]
    fn the_models_of_a_chosen_key_are_not_mixed_with_those_of_another() {
        let mut app = App::new(80, 24);
        for key in ["work", "home"] {
            let status = KeyStatus {
                endpoint: "LiteLLM".into(),
                key: key.into(),
                state: KeyState::Ready(KeyOrigin::Literal),
            };
            app.send(Message::KeyStates(vec![status]));
            let list = ModelList { key: key.into(), ..models(if key == "work" { 2 } else { 3 }) };
            app.send(Message::ModelsLoaded { list, at: noon() });
        }
        app.keys("ctrl-x p");
        app.type_text("home");
        app.keys("enter");
        assert_eq!(list_names(&app, 9), ["claude-sonnet", "model-1", "model-2"]);
        app.type_text("model");
        app.keys("enter");
        assert_eq!(app.model.pane.route, Route { key: "home".into(), ..litellm("model-1") });
    }

    #[test]
    fn tab_goes_from_titles_to_full_text_and_back_with_what_was_typed() {
        let mut app = App::new(80, 24);
        app.keys("ctrl-x s");
        app.type_text("borrow");
        let effects = app.keys("tab");
        let order = Order::Newest;
        assert_eq!(effects, [Effect::Search { search: SearchId(1), words: "borrow".into(), order }]);
        assert_eq!(app.keys("tab"), [Effect::ListConversations, Effect::StopSearch]);
        let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
        assert_eq!((list.kind.clone(), list.filter.text()), (ListKind::Conversations, "borrow"));
        app.keys("esc ctrl-x m tab");
        assert!(
            matches!(app.model.overlays.as_slice(), [Overlay::List(list)] if list.kind == ListKind::Endpoints)
        );
        app.keys("tab");
        assert!(
            matches!(app.model.overlays.as_slice(), [Overlay::List(list)] if list.kind == ListKind::Models(None))
        );
    }
}
