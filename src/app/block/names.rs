//! What who speaks is called, and what is not told of answers that are judged without their names.

use std::collections::BTreeSet;

use crate::app::blind;
use crate::app::keymap::Keymap;
use crate::app::model::Model;
use crate::chat::{Message, MessageId, Money, Tree};
use crate::config::Config;
use crate::t;
use crate::text::{Safe, sanitise_line};

/// What names are shown with.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// Endpoints' own labels.
    pub config: &'a Config,
    /// Questions whose answers are judged without their names.
    pub blind: &'a BTreeSet<MessageId>,
    /// What keys do.
    pub keymap: &'a Keymap,
}

impl<'a> Names<'a> {
    /// The names as the app shows them now.
    pub fn of(model: &'a Model) -> Self {
        Self { config: &model.config, blind: &model.blind, keymap: &model.keymap }
    }

    /// What an answer's model is called: a letter while it is judged without its name.
    pub fn speaker(&self, message: &Message, tree: &Tree) -> Safe {
        if self.is_hidden(message) { blind::name(tree, message.id) } else { name_of(message, self) }
    }

    /// What an answer cost, where that is known and would not tell who gave it.
    pub fn price(&self, message: &Message) -> Option<Money> {
        message.provenance.as_ref()?.cost_eur.filter(|_| !self.is_hidden(message))
    }

    pub(super) fn is_hidden(&self, message: &Message) -> bool {
        message.parent.is_some_and(|question| self.blind.contains(&question))
    }
}

/// What an answer's model is called. Where an alias was asked, the endpoint was not chosen by the person: it is named.
pub fn name_of(message: &Message, names: &Names<'_>) -> Safe {
    let Some(route) = &message.route else { return t!("app-assistant") };
    if message.provenance.as_ref().is_some_and(|provenance| provenance.alias.is_some()) {
        return sanitise_line(&route.to_string());
    }
    let label = names.config.endpoint(route.endpoint.as_str()).and_then(|endpoint| endpoint.label.as_deref());
    sanitise_line(label.unwrap_or(route.model.as_str()))
}
