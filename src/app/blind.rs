//! Answers judged without their names: in which order they stand, what they are called until one is chosen, and
//! what is told and kept of the choice.

use std::collections::BTreeMap;

use crate::chat::tree::Tree;
use crate::chat::{MessageId, Role, Route};
use crate::storage::trials::Trial;
use crate::t;
use crate::text::{Safe, sanitise};

use super::effect::Effect;
use super::model::{Model, Mood};
use super::panes;

/// The answers to a question in an order that tells nothing of who was asked first: ids end in random bits.
pub fn order(tree: &Tree, question: MessageId) -> Vec<MessageId> {
    let mut answers = tree.children(Some(question)).to_vec();
    answers.sort_by_key(|id| u64::from_be_bytes(id.0.as_u64_pair().1.to_be_bytes()));
    answers
}

/// What an answer is called meanwhile: `A`, `B`, `C`.
pub fn name(tree: &Tree, answer: MessageId) -> Safe {
    let question = tree.get(answer).and_then(|message| message.parent);
    let at = question.and_then(|question| order(tree, question).iter().position(|id| *id == answer));
    letter(at.unwrap_or_default())
}

fn letter(at: usize) -> Safe {
    let letter = u8::try_from(at).ok().and_then(|at| b'A'.checked_add(at)).filter(u8::is_ascii_uppercase);
    sanitise(&letter.map_or_else(|| (at + 1).to_string(), |letter| char::from(letter).to_string()))
}

/// An answer was chosen: where its question was judged blind, the names show, and the choice is kept. Nothing is
/// kept of a choice between samples of one model.
pub fn reveal(model: &mut Model, chosen: MessageId) -> Vec<Effect> {
    let tree = &model.open.conversation.tree;
    let Some(question) = tree.get(chosen).and_then(|answer| answer.parent) else { return Vec::new() };
    if !model.blind.remove(&question) {
        return Vec::new();
    }
    let answers: BTreeMap<MessageId, Route> = tree
        .children(Some(question))
        .iter()
        .filter_map(|id| tree.get(*id))
        .filter(|answer| answer.role == Role::Assistant)
        .filter_map(|answer| Some((answer.id, answer.route.clone()?)))
        .collect();
    let names: Vec<String> = order(tree, question)
        .iter()
        .enumerate()
        .filter_map(|(at, id)| Some((letter(at), answers.get(id)?)))
        .map(|(letter, route)| format!("{letter} = {}", route.model))
        .collect();
    let toast = t!("app-blind-revealed", names = names.join(" · "));
    let shown: Vec<Route> = answers.values().cloned().collect();
    let won = answers.get(&chosen).cloned();
    let conversation = model.open.conversation.id;
    panes::reread(model, conversation);
    let mut effects = vec![model.notify(toast, Mood::Plain)];
    if let Some(won) = won.filter(|won| shown.iter().any(|route| route.model != won.model)) {
        let trial = Trial { ts: model.now, conversation, question, shown, won };
        effects.push(Effect::KeepTrial(Box::new(trial)));
    }
    effects
}
