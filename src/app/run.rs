//! What each command does: one exhaustive match, for keys, palette and slash alike.

use std::time::Duration;

use crate::chat::tree::Neighbour;
use crate::chat::{ConversationId, KeyLabel, MessageId, ModelId, Route};
use crate::keys::{KeyState, NewKey, Secret};
use crate::t;
use crate::telemetry::GroupBy;
use crate::text::sanitise;

use super::command::CommandId;
use super::composer::Composer;
use super::effect::{Effect, KeyToStore, SearchId, UsageQuery, UsageRange};
use super::field::FieldId;
use super::form::{Form, FormKind, read_settings};
use super::geometry::screen;
use super::message::Extent;
use super::model::{DEMO, Focus, KeyOf, Model, Mood, Pane, Presence, Purpose};
use super::offers;
use super::overlay::{self, Confirm, Overlay, UsagePage, UsageState};
use super::picker::{Choice, List, ListKind};
use super::transcript::{self, Anchor, Scroll};
use super::turn;

/// A second Ctrl+C within this quits.
const QUIT_WINDOW: Duration = Duration::from_millis(1500);

/// Does a command.
pub fn run(model: &mut Model, command: CommandId) -> Vec<Effect> {
    // From the composer, the end of the branch is meant; where the view happens to be is not pointed at.
    let current = match model.focus {
        Focus::Transcript => model.pane.view.current(),
        Focus::Composer => model.pane.view.branch.last().copied(),
    };
    let page = usize::from(screen(model).transcript.height).saturating_sub(2).max(1);
    match command {
        CommandId::Send => return send(model),
        CommandId::Newline => {
            model.pane.composer.newline();
            return draft_changed(model);
        }
        CommandId::ToggleFocus => {
            model.focus = match model.focus {
                Focus::Composer if !model.pane.conversation.tree.is_empty() => Focus::Transcript,
                Focus::Composer | Focus::Transcript => Focus::Composer,
            };
        }
        CommandId::Leave => leave(model),
        CommandId::Interrupt => return interrupt(model),
        CommandId::Stop => return turn::stop(model),
        CommandId::Palette => open_list(model, ListKind::Palette),
        CommandId::Help => model.overlays.push(Overlay::Help(0)),
        CommandId::PickModel => return open_models(model, None),
        CommandId::PickEndpoint => return open_endpoints(model),
        CommandId::PickConversation => {
            open_list(model, ListKind::Conversations);
            return vec![Effect::ListConversations];
        }
        CommandId::Search => open_list(model, ListKind::Search(model.search)),
        CommandId::Switch => return switch(model),
        CommandId::New => return new_conversation(model),
        CommandId::Key => return ask_key(model, &KeyOf::from(&model.pane.route.clone())),
        CommandId::RemoveKey => {
            let of = KeyOf::from(&model.pane.route);
            if model.is_stored(&of) {
                return vec![Effect::RemoveKey { endpoint: of.endpoint, key: of.key }];
            }
            return vec![model.notify(t!("app-no-stored-key", owner = offers::owner(&of)), Mood::Plain)];
        }
        CommandId::Usage => {
            return open_usage(model, UsageQuery { range: UsageRange::default(), by: GroupBy::Model });
        }
        CommandId::Settings => {
            let form = Form::settings(&model.pane.conversation.settings);
            model.overlays.push(Overlay::Form(form));
        }
        CommandId::Rename => {
            let form = Form::rename(&model.pane.conversation.title);
            model.overlays.push(Overlay::Form(form));
        }
        CommandId::DeleteConversation => {
            if model.live().is_some() {
                return vec![model.notify(t!("app-busy"), Mood::Plain)];
            }
            if model.pane.draft_of().is_some() {
                let confirm = Confirm::Conversation(model.pane.conversation.id);
                model.overlays.push(Overlay::Confirm(confirm));
            }
        }
        CommandId::Undo => {
            if model.live().is_some() {
                return vec![model.notify(t!("app-busy"), Mood::Plain)];
            }
            return match model.undo.pop() {
                Some(trash) => vec![Effect::Restore(trash)],
                None => vec![model.notify(t!("app-nothing-to-undo"), Mood::Plain)],
            };
        }
        CommandId::Regenerate => return current.map_or_else(Vec::new, |id| turn::regenerate(model, id)),
        CommandId::Continue => return current.map_or_else(Vec::new, |id| turn::continue_answer(model, id)),
        CommandId::Edit => {
            if let Some(id) = current {
                turn::edit(model, id);
            }
        }
        CommandId::Delete => {
            if model.live().is_some() {
                return vec![model.notify(t!("app-busy"), Mood::Plain)];
            }
            if let Some(id) = current {
                let count = model.pane.conversation.tree.subtree(id).len();
                model.overlays.push(Overlay::Confirm(Confirm::Message(id, count)));
            }
        }
        CommandId::PreviousSibling => return walk(model, Neighbour::Previous),
        CommandId::NextSibling => return walk(model, Neighbour::Next),
        CommandId::Copy => return copy_message(model),
        CommandId::CopyCode => return copy_code(model),
        CommandId::Fold => {
            if let Some(id) = current {
                model.pane.layouts.toggle_fold(id);
            }
        }
        CommandId::LineDown => transcript::scroll(model, Scroll::Down(1)),
        CommandId::LineUp => transcript::scroll(model, Scroll::Up(1)),
        CommandId::HalfDown => transcript::scroll(model, Scroll::Down(page.div_ceil(2))),
        CommandId::HalfUp => transcript::scroll(model, Scroll::Up(page.div_ceil(2))),
        CommandId::PageDown => transcript::scroll(model, Scroll::Down(page)),
        CommandId::PageUp => transcript::scroll(model, Scroll::Up(page)),
        CommandId::Top => transcript::scroll(model, Scroll::Top),
        CommandId::Bottom => transcript::scroll(model, Scroll::Bottom),
        CommandId::MessageDown => transcript::step(model, 1),
        CommandId::MessageUp => transcript::step(model, -1),
        CommandId::History => open_list(model, ListKind::History),
        CommandId::Editor => return vec![Effect::OpenEditor(model.pane.composer.text())],
        CommandId::Refresh => return refresh(model),
        CommandId::Star => {
            let route = model.pane.route.clone();
            return star(model, &route);
        }
        CommandId::Redraw => return vec![Effect::Redraw],
        CommandId::Suspend => return vec![Effect::Suspend],
        CommandId::Quit => return quit(model),
    }
    Vec::new()
}

/// Enter in the composer: a command where the text is one, else a turn.
fn send(model: &mut Model) -> Vec<Effect> {
    let text = model.pane.composer.text();
    match slash(&text) {
        None => turn::send(model),
        Some(Ok(command)) => {
            model.pane.composer.take();
            let mut effects = draft_changed(model);
            effects.extend(run(model, command));
            effects
        }
        Some(Err(name)) => {
            let meant = super::command::closest(name).unwrap_or("help");
            vec![model.notify(t!("app-no-command", name = name, meant = meant), Mood::Bad)]
        }
    }
}

/// Text that is `/` and one word, as a command, or the word where there is none of that name. `//` is a
/// slash that is meant.
fn slash(text: &str) -> Option<Result<CommandId, &str>> {
    let name = text.trim_end().strip_prefix('/')?;
    let is_word = !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '/');
    is_word.then(|| super::command::by_name(name).ok_or(name))
}

/// Esc: the top overlay, then an edit, then the transcript. It stops nothing and destroys nothing.
fn leave(model: &mut Model) {
    if model.overlays.pop().is_some() {
        return;
    }
    match model.focus {
        Focus::Transcript => model.focus = Focus::Composer,
        Focus::Composer => turn::abandon_edit(model),
    }
}

/// Ctrl+C: the stream, then the draft, then (twice) the app.
fn interrupt(model: &mut Model) -> Vec<Effect> {
    if !model.overlays.is_empty() {
        model.overlays.pop();
        return Vec::new();
    }
    let stopping = model.live().is_some_and(|(_, live)| live.phase == super::model::Phase::Stopping);
    if model.live().is_some() && !stopping {
        return turn::stop(model);
    }
    if !model.pane.composer.is_empty() || model.pane.purpose != Purpose::Prompt {
        let text = model.pane.composer.take();
        model.history.add(&text);
        if let Purpose::Edit { draft, .. } = std::mem::replace(&mut model.pane.purpose, Purpose::Prompt) {
            model.pane.composer.set(&draft);
        }
        return draft_changed(model);
    }
    if model.quit_armed.is_some_and(|until| model.now <= until) {
        return quit(model);
    }
    let until = model.now + QUIT_WINDOW;
    model.quit_armed = Some(until);
    model.toast = Some(super::model::Toast { text: t!("app-quit-armed"), mood: Mood::Plain, until });
    vec![Effect::WakeAt(until)]
}

fn quit(model: &mut Model) -> Vec<Effect> {
    turn::abandon_edit(model);
    let mut effects = flush_draft(model);
    effects.extend(model.turns.keys().map(|turn| Effect::CancelTurn(*turn)));
    effects.push(Effect::Quit);
    effects
}

/// A draft is stored this long after it changed.
const DRAFT_DELAY: Duration = Duration::from_secs(1);

/// Notes that the draft changed: it is stored within a second.
pub fn draft_changed(model: &mut Model) -> Vec<Effect> {
    if model.pane.draft_due.is_some() {
        return Vec::new();
    }
    let due = model.now + DRAFT_DELAY;
    model.pane.draft_due = Some(due);
    vec![Effect::WakeAt(due)]
}

/// Stores the draft now, where it changed.
pub fn flush_draft(model: &mut Model) -> Vec<Effect> {
    if model.pane.draft_due.take().is_none() {
        return Vec::new();
    }
    let text = match &model.pane.purpose {
        Purpose::Prompt => model.pane.composer.text(),
        // What is being edited is no draft; the one that waits is.
        Purpose::Edit { draft, .. } => draft.clone(),
    };
    vec![Effect::SetDraft { conversation: model.pane.draft_of(), text }]
}

fn new_conversation(model: &mut Model) -> Vec<Effect> {
    // What was being edited is found in the history of prompts.
    turn::abandon_edit(model);
    let effects = flush_draft(model);
    let id = ConversationId(model.ids.next(model.now));
    // A draft goes along: it was meant for somewhere, and this is where the person went.
    let composer = match model.pane.presence {
        Presence::New => std::mem::take(&mut model.pane.composer),
        Presence::Loading | Presence::Here(_) => Composer::default(),
    };
    model.pane = Pane::new(id, model.pane.route.clone(), model.now);
    model.pane.composer = composer;
    model.focus = Focus::Composer;
    effects
}

/// Opens a stored conversation.
pub fn open_conversation(model: &mut Model, id: ConversationId) -> Vec<Effect> {
    if model.pane.conversation.id == id {
        return Vec::new();
    }
    turn::abandon_edit(model);
    let mut effects = flush_draft(model);
    model.pane = Pane::new(id, model.pane.route.clone(), model.now);
    if let Some(summary) = model.conversations.iter().find(|summary| summary.id == id) {
        model.pane.conversation.title.clone_from(&summary.title);
    }
    model.pane.presence = Presence::Loading;
    model.focus = Focus::Composer;
    effects.push(Effect::LoadConversation(id));
    effects
}

/// Shows what came back from the trash, where it was. A turn that runs here is not read over: what came back
/// is then there when the conversation is opened again.
pub fn open_restored(model: &mut Model, id: ConversationId, message: Option<MessageId>) -> Vec<Effect> {
    let mut effects = open_conversation(model, id);
    if effects.is_empty() {
        if model.live().is_some() {
            return effects;
        }
        model.pane.presence = Presence::Here(Extent::Tail);
        effects.push(Effect::LoadConversation(id));
    }
    model.pane.reveal = message;
    effects
}

/// A conversation was read. What is being read stays where it is.
pub fn loaded(
    model: &mut Model,
    mut conversation: crate::chat::Conversation,
    extent: Extent,
    draft: Option<String>,
) -> Vec<Effect> {
    if conversation.id != model.pane.conversation.id || model.pane.presence == Presence::Here(Extent::Whole) {
        return Vec::new();
    }
    let first = model.pane.presence == Presence::Loading;
    if let Some((_, live)) = model.live()
        && let Some(message) = conversation.tree.get_mut(live.message)
    {
        message.parts.clone_from(&live.answer.parts);
    }
    model.pane.presence = Presence::Here(extent);
    let leaf = conversation.tree.leaf();
    if first
        && let Some(route) = leaf.and_then(|leaf| conversation.tree.get(leaf)?.route.clone())
        && model.config.endpoint(route.endpoint.as_str()).is_some()
    {
        model.pane.route = route;
    }
    model.pane.conversation = conversation;
    model.pane.layouts.clear();
    model.pane.view.read(&model.pane.conversation.tree);
    if let Some(draft) = draft.filter(|_| model.pane.composer.is_empty()) {
        model.pane.composer.set(&draft);
    }
    reveal(model)
}

/// Shows the message that a search led to, once it is here.
fn reveal(model: &mut Model) -> Vec<Effect> {
    let tree = &mut model.pane.conversation.tree;
    let Some(message) = model.pane.reveal.filter(|message| tree.get(*message).is_some()) else {
        return Vec::new();
    };
    model.pane.reveal = None;
    let choices = tree.choose(message);
    model.pane.view.read(&model.pane.conversation.tree);
    model.pane.view.anchor = Anchor::At(message, 0);
    model.pane.view.cursor = Some(message);
    model.focus = Focus::Transcript;
    if choices.is_empty() {
        return Vec::new();
    }
    vec![Effect::Choose { conversation: model.pane.conversation.id, choices }]
}

fn walk(model: &mut Model, neighbour: Neighbour) -> Vec<Effect> {
    let tree = &mut model.pane.conversation.tree;
    let current = match model.focus {
        Focus::Transcript => model.pane.view.current(),
        Focus::Composer => model.pane.view.branch.last().copied(),
    };
    let Some(current) = current else { return Vec::new() };
    // From a message without siblings, the nearest one above that has some is meant.
    let path = tree.path(current);
    let Some(node) =
        path.iter().rev().copied().find(|id| tree.place(*id).is_some_and(|place| place.count > 1))
    else {
        return vec![model.notify(t!("app-no-siblings"), Mood::Plain)];
    };
    let Some(sibling) = tree.sibling(node, neighbour) else { return Vec::new() };
    let choices = tree.choose(sibling);
    let top = model.pane.view.visible.first().copied();
    model.pane.view.read(&model.pane.conversation.tree);
    // What both branches share stays where it is.
    model.pane.view.anchor = match top {
        Some((top, line)) if top != node && model.pane.view.branch.contains(&top) => Anchor::At(top, line),
        Some(_) | None => Anchor::At(sibling, 0),
    };
    model.pane.view.cursor = Some(sibling);
    vec![Effect::Choose { conversation: model.pane.conversation.id, choices }]
}

fn copy_message(model: &mut Model) -> Vec<Effect> {
    let tree = &model.pane.conversation.tree;
    // Without a message pointed at, the last answer is meant.
    let id =
        match model.focus {
            Focus::Transcript => model.pane.view.current(),
            Focus::Composer => {
                model.pane.view.branch.iter().rev().copied().find(|id| {
                    tree.get(*id).is_some_and(|message| message.role == crate::chat::Role::Assistant)
                })
            }
        };
    match id.and_then(|id| tree.get(id)).map(crate::chat::Message::text) {
        Some(text) if !text.is_empty() => vec![Effect::Copy { text: sanitise(&text) }],
        Some(_) | None => vec![model.notify(t!("app-nothing-to-copy"), Mood::Plain)],
    }
}

fn copy_code(model: &mut Model) -> Vec<Effect> {
    let with_code = |id: &MessageId| !overlay::code_blocks(model, *id).is_empty();
    let upto = model.pane.view.current();
    let branch = &model.pane.view.branch;
    let end = upto.and_then(|id| branch.iter().position(|other| *other == id)).map_or(0, |at| at + 1);
    let found = branch[..end].iter().rev().copied().find(with_code);
    let entries = found.map(|id| overlay::code_blocks(model, id)).unwrap_or_default();
    match entries.as_slice() {
        [] => vec![model.notify(t!("app-no-code"), Mood::Plain)],
        [only] => choose(model, only.choice.clone()),
        _ => {
            model.overlays.push(Overlay::List(List::new(ListKind::Code, entries)));
            Vec::new()
        }
    }
}

fn refresh(model: &mut Model) -> Vec<Effect> {
    vec![Effect::RefreshAllModels, model.notify(t!("app-refreshing"), Mood::Plain)]
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

/// The rows of a list as the model is now.
fn entries(model: &Model, kind: &ListKind) -> Option<Vec<super::picker::Entry>> {
    match kind {
        ListKind::Palette => Some(overlay::palette(model)),
        ListKind::Models(only) => Some(offers::models(model, only.as_ref())),
        ListKind::Endpoints => Some(offers::endpoints(model)),
        ListKind::Conversations => Some(overlay::conversations(model)),
        ListKind::History => Some(overlay::prompts(model)),
        ListKind::Search(_) | ListKind::Code => None,
    }
}

fn open_list(model: &mut Model, kind: ListKind) {
    let rows = entries(model, &kind).unwrap_or_default();
    model.overlays.push(Overlay::List(List::new(kind, rows)));
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

/// Asks for a key, but where there is no use for one.
pub fn ask_key(model: &mut Model, of: &KeyOf) -> Vec<Effect> {
    if of.endpoint.as_str() == DEMO {
        return vec![model.notify(t!("app-no-key-needed", owner = offers::owner(of)), Mood::Plain)];
    }
    turn::ask_key(model, of);
    Vec::new()
}

fn open_endpoints(model: &mut Model) -> Vec<Effect> {
    open_list(model, ListKind::Endpoints);
    select(model, &Choice::Key(KeyOf::from(&model.pane.route)));
    vec![Effect::ResolveKeyStates, Effect::ProbeLocal]
}

fn select(model: &mut Model, choice: &Choice) {
    if let Some(Overlay::List(list)) = model.overlays.last_mut() {
        list.select_choice(choice);
    }
}

/// From a list to the one beside it: models and endpoints, titles and full text. What was typed goes along.
fn switch(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::List(list)) = model.overlays.last() else { return Vec::new() };
    let filter = list.filter.clone();
    let mut effects = match list.kind {
        ListKind::Palette | ListKind::History | ListKind::Code => return Vec::new(),
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
            run(model, CommandId::Search)
        }
        ListKind::Search(_) => {
            model.overlays.pop();
            run(model, CommandId::PickConversation)
        }
    };
    if let Some(Overlay::List(list)) = model.overlays.last_mut() {
        if !filter.is_empty() {
            list.type_text(&filter);
        }
        if matches!(list.kind, ListKind::Search(_)) {
            effects.extend(search(model, filter));
        }
    }
    effects
}

/// Opens the usage page, or shows other totals in it.
pub fn open_usage(model: &mut Model, query: UsageQuery) -> Vec<Effect> {
    model.overlays.retain(|overlay| !matches!(overlay, Overlay::Usage(_)));
    model.overlays.push(Overlay::Usage(UsagePage { query, state: UsageState::Loading }));
    vec![Effect::LoadUsage(query)]
}

/// Does what a chosen row says.
pub fn choose(model: &mut Model, choice: Choice) -> Vec<Effect> {
    match choice {
        Choice::Command(command) => run(model, command),
        Choice::Route(route) => {
            turn::note_used(model, &route);
            model.pane.route = route;
            vec![Effect::SaveChoices(model.choices.clone())]
        }
        Choice::Key(of) => choose_key(model, &of),
        Choice::Conversation(id) => open_conversation(model, id),
        Choice::Message(conversation, message) => {
            let mut effects = open_conversation(model, conversation);
            model.pane.reveal = Some(message);
            effects.extend(reveal(model));
            effects
        }
        Choice::Prompt(text) => {
            let before = model.pane.composer.text();
            model.history.add(&before);
            model.pane.composer.set(&text);
            model.focus = Focus::Composer;
            draft_changed(model)
        }
        Choice::Copy(text) => vec![Effect::Copy { text: sanitise(&text) }],
    }
}

/// Goes on with an endpoint's key: asks for it where it is missing, else shows its models.
fn choose_key(model: &mut Model, of: &KeyOf) -> Vec<Effect> {
    let Some(endpoint) = model.config.endpoint(of.endpoint.as_str()).cloned() else { return Vec::new() };
    if !endpoint.api.is_built() && endpoint.name.as_str() != DEMO {
        let text = t!("app-not-built", name = endpoint.name.as_str(), api = endpoint.api.name());
        return vec![model.notify(text, Mood::Bad)];
    }
    let refused = model
        .models
        .get(of)
        .and_then(|models| models.list.error.as_ref())
        .is_some_and(|error| error.kind == crate::chat::ErrorKind::Auth);
    match model.key_states.get(of) {
        Some(KeyState::Missing | KeyState::Expired(_) | KeyState::Unset(_)) => {
            turn::ask_key(model, of);
            Vec::new()
        }
        Some(KeyState::Ready(_)) if refused && !endpoint.keys.is_empty() => {
            turn::ask_key(model, of);
            Vec::new()
        }
        Some(KeyState::Ready(_)) => use_key(model, of),
        None if endpoint.keys.is_empty() => use_key(model, of),
        None => {
            model.choosing = Some(of.clone());
            vec![Effect::ResolveKeyStates]
        }
    }
}

/// Something became known of keys: the one that was chosen meanwhile is gone on with.
pub fn keys_known(model: &mut Model) -> Vec<Effect> {
    refill(model);
    match model.choosing.take() {
        Some(of) if model.key_states.contains_key(&of) => choose_key(model, &of),
        Some(_) | None => Vec::new(),
    }
}

/// Sends to this key from now on, and shows its models where there is a choice.
fn use_key(model: &mut Model, of: &KeyOf) -> Vec<Effect> {
    let listed: Vec<ModelId> = match model.models.get(of) {
        Some(models) => models.list.models.iter().map(|info| info.id.clone()).collect(),
        None => Vec::new(),
    };
    let configured =
        model.config.endpoint(of.endpoint.as_str()).map(|endpoint| endpoint.models.default.clone());
    let offered = if listed.is_empty() { configured.unwrap_or_default() } else { listed };
    let kept = offered.iter().find(|id| **id == model.pane.route.model).cloned();
    let id = kept.or_else(|| offered.first().cloned()).unwrap_or_else(|| ModelId(String::new()));
    model.pane.route = Route { endpoint: of.endpoint.clone(), key: of.key.clone(), model: id };
    model.choices.last = Some(model.pane.route.clone());
    let mut effects = vec![Effect::SaveChoices(model.choices.clone())];
    if offered.len() != 1 {
        effects.push(Effect::RefreshModels { endpoint: of.endpoint.clone(), key: of.key.clone() });
        effects.extend(open_models(model, Some(of.clone())));
    }
    effects
}

/// Enter in a form.
pub fn submit(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Form(form)) = model.overlays.last_mut() else { return Vec::new() };
    match form.kind.clone() {
        FormKind::Rename => {
            let title = form.line(FieldId::Title).to_owned();
            model.overlays.pop();
            rename(model, title)
        }
        FormKind::Settings => match read_settings(form) {
            Ok(settings) => {
                model.overlays.pop();
                model.pane.conversation.settings = settings.clone();
                match model.pane.draft_of() {
                    Some(conversation) => vec![Effect::SetSettings { conversation, settings }],
                    None => Vec::new(),
                }
            }
            Err(problem) => {
                form.problem = Some(problem);
                Vec::new()
            }
        },
        FormKind::Key(endpoint) => {
            if form.line(FieldId::Secret).is_empty() {
                form.problem = Some(t!("app-key-empty"));
                return Vec::new();
            }
            let label = Some(form.line(FieldId::Label)).filter(|label| !label.is_empty());
            let base_url = Some(form.line(FieldId::BaseUrl)).filter(|url| !url.is_empty());
            let asked = form.fields.iter().any(|field| field.id == FieldId::BaseUrl);
            if asked && base_url.is_none() {
                form.problem = Some(t!("app-base-url-empty"));
                return Vec::new();
            }
            let key = NewKey {
                endpoint,
                label: label.map_or_else(KeyLabel::default, KeyLabel::from),
                secret: Secret::new(form.line(FieldId::Secret).to_owned()),
                base_url: base_url.map(ToOwned::to_owned),
                expires: form.expiry().minutes().map(|minutes| model.now + Duration::from_secs(minutes * 60)),
            };
            model.overlays.pop();
            vec![Effect::StoreKey(KeyToStore(key))]
        }
    }
}

/// Renames the pane's conversation.
pub fn rename(model: &mut Model, title: String) -> Vec<Effect> {
    model.pane.conversation.title.clone_from(&title);
    let id = model.pane.conversation.id;
    if let Some(summary) = model.conversations.iter_mut().find(|summary| summary.id == id) {
        summary.title.clone_from(&title);
    }
    match model.pane.draft_of() {
        Some(conversation) => vec![Effect::Rename { conversation, title }],
        None => Vec::new(),
    }
}

/// Enter or `y` at a question.
pub fn confirm(model: &mut Model, confirm: Confirm) -> Vec<Effect> {
    match confirm {
        Confirm::Message(message, _) => {
            let conversation = model.pane.conversation.id;
            model.pane.conversation.tree.remove(message);
            let tree = &model.pane.conversation.tree;
            if matches!(&model.pane.purpose, Purpose::Edit { message, .. } if tree.get(*message).is_none()) {
                turn::abandon_edit(model);
            }
            model.pane.layouts.clear();
            model.pane.view.read(&model.pane.conversation.tree);
            if model.pane.conversation.tree.is_empty() {
                model.focus = Focus::Composer;
            }
            vec![Effect::Trash { conversation, message: Some(message) }]
        }
        Confirm::Conversation(conversation) => {
            model.conversations.retain(|summary| summary.id != conversation);
            let mut effects = Vec::new();
            if model.pane.conversation.id == conversation {
                model.pane.draft_due = None;
                effects = new_conversation(model);
            }
            effects.push(Effect::Trash { conversation, message: None });
            refill(model);
            effects
        }
    }
}

/// The next search: later hits of earlier ones are dropped.
pub fn search(model: &mut Model, words: String) -> Vec<Effect> {
    model.search = SearchId(model.search.0 + 1);
    let search = model.search;
    if let Some(Overlay::List(list)) = model.overlays.last_mut() {
        list.kind = ListKind::Search(search);
    }
    if words.trim().is_empty() {
        if let Some(Overlay::List(list)) = model.overlays.last_mut() {
            list.replace(Vec::new());
        }
        return Vec::new();
    }
    vec![Effect::Search { search, words }]
}
