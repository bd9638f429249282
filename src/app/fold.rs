//! Which messages show their reasoning, and their summaries.
//!
//! Reasoning is open while it is all there is of an answer, and folds when the answer begins, unless a person wants it
//! otherwise: of one message by a key, of all by the configuration. With `ui.reasoning: remember` the last key is kept
//! for the answers to come; what is on the screen already stays as it is.

use std::collections::BTreeMap;

use crate::chat::{Message, MessageId, Part};
use crate::config::Reasoning;
use crate::storage::choices::{Choices, Thoughts};

use super::block::Fold;
use super::effect::Effect;
use super::model::Model;

/// How messages are folded.
#[derive(Clone, Debug)]
pub struct Folds {
    /// Those that nothing else is known of.
    others: Fold,
    /// Those that are still to come.
    next: Fold,
    own: BTreeMap<MessageId, Fold>,
}

impl Folds {
    /// As the configuration says, and what was chosen last where that is to be remembered.
    pub fn new(reasoning: Reasoning, choices: &Choices) -> Self {
        let fold = match (reasoning, choices.thoughts) {
            (Reasoning::Open, _) | (Reasoning::Remember, Thoughts::Open) => Fold::Open,
            (Reasoning::Folded, _) | (Reasoning::Remember, Thoughts::Folded) => Fold::OnceSaid,
        };
        Self { others: fold, next: fold, own: BTreeMap::new() }
    }

    /// How a message is folded.
    pub fn of(&self, message: MessageId) -> Fold {
        self.own.get(&message).copied().unwrap_or(self.others)
    }

    /// An answer begins.
    pub fn begin(&mut self, answer: MessageId) {
        self.own.entry(answer).or_insert(self.next);
    }

    /// Leaves a message open whatever comes: somebody reads it.
    pub fn hold_open(&mut self, message: MessageId) {
        if self.of(message) == Fold::OnceSaid {
            self.own.insert(message, Fold::Open);
        }
    }
}

/// Whether a message shows what can be folded.
pub fn is_open(message: &Message, fold: Fold) -> bool {
    match fold {
        Fold::Open => true,
        Fold::Folded => false,
        // A summary is there from the beginning.
        Fold::OnceSaid => message.summary().is_none() && !has_said(message),
    }
}

/// Whether a message has something to fold, and shows it.
pub fn unfolds(message: &Message, fold: Fold) -> bool {
    let folds = |part: &Part| matches!(part, Part::Reasoning { .. } | Part::Summary(_));
    message.parts.iter().any(folds) && is_open(message, fold)
}

/// Whether reasoning is not all there is.
pub fn has_said(message: &Message) -> bool {
    message.parts.iter().any(|part| matches!(part, Part::Text { text } if !text.is_empty()))
}

/// Shows what a message folds, or folds it again, in every pane.
pub fn toggle(model: &mut Model, id: MessageId) -> Vec<Effect> {
    let Some(message) = model.open.conversation.tree.get(id) else { return Vec::new() };
    let reasons = message.parts.iter().any(|part| part.reasoning().is_some());
    let (fold, next, thoughts) = if is_open(message, model.folds.of(id)) {
        (Fold::Folded, Fold::OnceSaid, Thoughts::Folded)
    } else {
        (Fold::Open, Fold::Open, Thoughts::Open)
    };
    show(model, id, fold);
    let remembered = reasons && model.config.ui.reasoning == Reasoning::Remember;
    if !remembered || model.choices.thoughts == thoughts {
        return Vec::new();
    }
    model.folds.next = next;
    model.choices.thoughts = thoughts;
    vec![Effect::SaveChoices(model.choices.clone())]
}

/// Folds a message this way, in every pane.
pub fn show(model: &mut Model, id: MessageId, fold: Fold) {
    model.folds.own.insert(id, fold);
    model.pane.drop_block(id);
    model.panes.others_mut(&model.open).for_each(|(pane, _)| pane.drop_block(id));
}
