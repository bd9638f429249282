//! The pane's conversation: new, opened, read, walked, renamed, put in the trash; and its draft.

use std::time::Duration;

use crate::chat::{Conversation, ConversationId, MessageId};
use crate::t;

use super::composer::Composer;
use super::effect::Effect;
use super::message::Extent;
use super::model::{Focus, Model, Mood};
use super::overlay::{Confirm, Overlay};
use super::pane::{Opened, Pane, Presence};
use super::panes::{self, Audience, Source};
use super::session::{Drafts, Session};
use super::{budgets, drafts, find, jumps, lists, preset, temporary, transcript, tree, turn};

/// A draft is stored this long after it changed.
const DRAFT_DELAY: Duration = Duration::from_secs(1);

/// Notes that the draft changed: it is stored within a second.
pub fn draft_changed(model: &mut Model) -> Vec<Effect> {
    if model.pane.draft_due.is_some() || temporary::is_open(model) {
        return Vec::new();
    }
    let due = model.now + DRAFT_DELAY;
    model.pane.draft_due = Some(due);
    vec![Effect::WakeAt(due)]
}

/// Stores the draft now, where it changed.
pub fn flush_draft(model: &mut Model) -> Vec<Effect> {
    if model.pane.draft_due.take().is_none() || temporary::is_open(model) {
        return Vec::new();
    }
    let mut effects = vec![Effect::SetDraft { conversation: model.open.stored(), text: model.pane.draft() }];
    // Of several panes each keeps its own.
    effects
        .extend(Session::of(model, Drafts::With).map(|session| Effect::SaveSession(Some(Box::new(session)))));
    effects
}

/// A new conversation takes the place of the one that is open.
pub fn new_conversation(model: &mut Model) -> Vec<Effect> {
    // What was being edited is found in the history of prompts.
    turn::abandon_edit(model);
    let effects = flush_draft(model);
    let id = ConversationId(model.ids.next(model.now));
    // A draft goes along: it was meant for somewhere, and this is where the person went.
    let composer = match model.open.presence {
        _ if temporary::is_open(model) => temporary::leave(model),
        Presence::New => std::mem::take(&mut model.pane.composer),
        Presence::Loading | Presence::Here(_) => Composer::default(),
    };
    jumps::record(model);
    let jumps = std::mem::take(&mut model.pane.jumps);
    model.pane = Pane { composer, jumps, ..Pane::new(model.pane.id, model.pane.route.clone()) };
    let now = model.now;
    panes::show(model, id, || Opened::new(id, now));
    if let Some(preset) = preset::default(model) {
        preset::apply(model, &preset);
    }
    model.focus = Focus::Composer;
    effects
}

/// Opens a stored conversation.
pub fn open_conversation(model: &mut Model, id: ConversationId) -> Vec<Effect> {
    if model.open.conversation.id == id {
        return Vec::new();
    }
    turn::abandon_edit(model);
    let mut effects = flush_draft(model);
    let jumps = std::mem::take(&mut model.pane.jumps);
    model.pane = Pane { jumps, ..Pane::new(model.pane.id, model.pane.route.clone()) };
    model.focus = Focus::Composer;
    let title =
        model.conversations.iter().find(|summary| summary.id == id).map(|summary| summary.title.clone());
    let now = model.now;
    let loading = || {
        let mut opened = Opened::loading(id, now);
        opened.conversation.title = title.unwrap_or_default();
        opened
    };
    match panes::show(model, id, loading) {
        Source::Made => effects.push(Effect::LoadConversation(id)),
        Source::Shared => {
            model.pane.view.read(&model.open.conversation.tree);
            model.pane.take_route(&model.open.conversation.tree, &model.config);
        }
    }
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
        model.open.presence = Presence::Here(Extent::Tail(model.pane.view.figures.totals));
        effects.push(Effect::LoadConversation(id));
    }
    model.pane.reveal = message;
    effects
}

/// A conversation was read. What is being read stays where it is.
pub fn loaded(
    model: &mut Model,
    mut conversation: Conversation,
    extent: Extent,
    draft: Option<String>,
) -> Vec<Effect> {
    let Model { open, pane, panes, turns, config, .. } = model;
    let focused = pane.id;
    let Some(audience) = panes.audience(open, pane, conversation.id) else { return Vec::new() };
    let Audience { opened, panes } = audience;
    if opened.presence == Presence::Here(Extent::Whole) {
        return Vec::new();
    }
    let first = opened.presence == Presence::Loading;
    for live in turns.values().filter(|live| live.conversation == conversation.id) {
        if let Some(message) = conversation.tree.get_mut(live.message) {
            message.parts.clone_from(&live.answer.parts);
        }
    }
    // What was read may be older than the end of a turn that was told of meanwhile.
    for answer in &opened.ended {
        if let Some(message) = conversation.tree.get_mut(answer.id) {
            message.clone_from(answer);
        }
    }
    opened.presence = Presence::Here(extent);
    opened.conversation = conversation;
    let tree = &opened.conversation.tree;
    // A pane of an earlier run has its draft already.
    let mut draft = draft.filter(|draft| panes.iter().all(|pane| pane.draft() != *draft));
    let mut caught_up = false;
    for pane in panes {
        pane.drop_blocks();
        pane.view.read_more(tree, extent);
        if first {
            pane.take_route(tree, config);
        }
        if pane.composer.is_empty()
            && let Some(draft) = draft.take()
        {
            pane.composer.restore(&draft);
        }
        caught_up |= pane.id == focused;
    }
    if !caught_up {
        return Vec::new();
    }
    transcript::catch_up(model);
    reveal(model)
}

/// Shows the message that a search led to, once it is here.
pub fn reveal(model: &mut Model) -> Vec<Effect> {
    let Some(message) = model.pane.reveal else { return Vec::new() };
    if model.open.conversation.tree.get(message).is_none() {
        if model.open.presence != Presence::Here(Extent::Whole) {
            return Vec::new();
        }
        model.pane.reveal = None;
        return vec![model.notify(t!("app-usage-message-gone"), Mood::Bad)];
    }
    model.pane.reveal = None;
    tree::point(model, message);
    go(model, message)
}

/// Goes to a message, on the branch that leads through it.
pub fn go(model: &mut Model, message: MessageId) -> Vec<Effect> {
    let from = drafts::place(model);
    let choices = model.open.conversation.tree.choose(message);
    model.pane.view.go(&model.open.conversation.tree, message);
    model.pane.view.hold(message);
    find::reveal(model, message);
    model.focus = Focus::Transcript;
    let mut effects = chosen(model, choices);
    effects.extend(drafts::walked(model, from));
    effects
}

/// Stores choices that changed.
pub fn chosen(model: &Model, choices: Vec<(Option<MessageId>, MessageId)>) -> Vec<Effect> {
    if choices.is_empty() {
        return Vec::new();
    }
    vec![Effect::Choose { conversation: model.open.conversation.id, choices }]
}

/// Renames a conversation.
pub fn rename(model: &mut Model, id: ConversationId, title: String) -> Vec<Effect> {
    let mut stored = Some(id);
    if let Some(audience) = model.panes.audience(&mut model.open, &mut model.pane, id) {
        audience.opened.conversation.title.clone_from(&title);
        stored = audience.opened.stored();
    }
    if let Some(summary) = model.conversations.iter_mut().find(|summary| summary.id == id) {
        summary.title.clone_from(&title);
    }
    lists::refill(model);
    stored.map(|conversation| Effect::Rename { conversation, title }).into_iter().collect()
}

/// Asks whether a message and all below it are to go. What is being written is not deleted.
pub fn ask_delete(model: &mut Model, message: MessageId) -> Vec<Effect> {
    let below = model.open.conversation.tree.subtree(message);
    if model.turns.values().any(|live| below.contains(&live.message)) {
        return vec![model.notify(t!("app-busy"), Mood::Plain)];
    }
    model.overlays.push(Overlay::Confirm(Confirm::Message(message, below.len())));
    Vec::new()
}

/// Enter or `y` at a question.
pub fn confirm(model: &mut Model, confirm: Confirm) -> Vec<Effect> {
    match confirm {
        Confirm::Message(message, _) => {
            let conversation = model.open.conversation.id;
            model.open.conversation.tree.remove(message);
            panes::reread(model, conversation);
            if model.open.conversation.tree.is_empty() {
                model.focus = Focus::Composer;
            }
            vec![Effect::Trash { conversation, message: Some(message) }]
        }
        Confirm::Preset(at) => preset::remove(model, at),
        Confirm::EmptyTrash => vec![Effect::EmptyTrash],
        Confirm::OverBudget(answer) => budgets::go_over(model, answer),
        Confirm::Conversation(conversation) => {
            model.conversations.retain(|summary| summary.id != conversation);
            let mut effects = Vec::new();
            if model.open.conversation.id == conversation {
                model.pane.draft_due = None;
                effects = new_conversation(model);
            }
            model.pane.jumps.forget(conversation);
            model.panes.others_mut(&model.open).for_each(|(pane, _)| pane.jumps.forget(conversation));
            effects.push(Effect::Trash { conversation, message: None });
            lists::refill(model);
            effects
        }
    }
}

#[cfg(test)]
mod tests;
