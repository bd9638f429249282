//! The pane's conversation: new, opened, read, walked, renamed, put in the trash; and its draft.

use std::time::Duration;

use crate::chat::tree::Neighbour;
use crate::chat::{Conversation, ConversationId, MessageId};
use crate::t;

use super::composer::Composer;
use super::effect::Effect;
use super::message::Extent;
use super::model::{Focus, Model, Mood, Pane, Presence, Purpose};
use super::overlay::Confirm;
use super::transcript::{self, Anchor};
use super::{lists, turn};

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

/// A new conversation takes the place of the one that is open.
pub fn new_conversation(model: &mut Model) -> Vec<Effect> {
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
    mut conversation: Conversation,
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
    // What was read may be older than the end of a turn that was told of meanwhile.
    for answer in &model.pane.ended {
        if let Some(message) = conversation.tree.get_mut(answer.id) {
            message.clone_from(answer);
        }
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
    transcript::catch_up(model);
    reveal(model)
}

/// Shows the message that a search led to, once it is here.
pub fn reveal(model: &mut Model) -> Vec<Effect> {
    let tree = &mut model.pane.conversation.tree;
    let Some(message) = model.pane.reveal.filter(|message| tree.get(*message).is_some()) else {
        return Vec::new();
    };
    model.pane.reveal = None;
    let choices = tree.choose(message);
    model.pane.view.read(&model.pane.conversation.tree);
    model.pane.view.anchor = Anchor::At(message, 0);
    model.pane.view.cursor = Some(message);
    // What stands below it was there before.
    (model.pane.view.seen, model.pane.view.new_lines) = (None, 0);
    model.focus = Focus::Transcript;
    if choices.is_empty() {
        return Vec::new();
    }
    vec![Effect::Choose { conversation: model.pane.conversation.id, choices }]
}

/// To the sibling before or after, and the branch that goes on from there.
pub fn walk(model: &mut Model, neighbour: Neighbour) -> Vec<Effect> {
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
            lists::refill(model);
            effects
        }
    }
}

#[cfg(test)]
mod tests;
