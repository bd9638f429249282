//! Titles: the first words of a conversation until a model or the person gives a better one.

use crate::chat::{Conversation, ConversationId, Route};
use crate::text::sanitise_line;
use crate::text::width::{truncate, width};

use super::conversation;
use super::effect::Effect;
use super::model::Model;

/// The most cells of a title made from the first words.
const LONGEST_TITLE: usize = 60;

/// Orders a title from a model where the endpoint makes some, and nobody gave one.
pub fn order(
    model: &Model,
    conversation: ConversationId,
    route: Route,
    user: String,
    answer: String,
) -> Option<Effect> {
    if let Some(opened) = model.panes.opened(&model.open, conversation)
        && !has_stand_in_title(&opened.conversation)
    {
        return None;
    }
    let asks = model.config.endpoint(route.endpoint.as_str()).is_some_and(|endpoint| endpoint.title.enabled);
    asks.then_some(Effect::MakeTitle { conversation, route, user, answer })
}

/// The first words of a prompt, as a title.
pub fn first_words(text: &str) -> String {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let line = sanitise_line(line.trim());
    if width(&line) <= LONGEST_TITLE {
        return line.into_string();
    }
    let cut = truncate(&line, LONGEST_TITLE).into_string();
    match cut.rsplit_once(' ') {
        Some((words, _)) if width(words) > LONGEST_TITLE / 2 => format!("{words}…"),
        Some(_) | None => cut,
    }
}

/// Whether a conversation's title is still the one made from its first words.
fn has_stand_in_title(conversation: &Conversation) -> bool {
    let tree = &conversation.tree;
    let mut roots = tree.children(None).iter().filter_map(|id| tree.get(*id));
    conversation.title.is_empty() || roots.any(|root| first_words(&root.text()) == conversation.title)
}

/// A model made a title. What the person gave in the meantime stays. Untrusted text.
pub fn made(model: &mut Model, conversation: ConversationId, title: &str) -> Vec<Effect> {
    let title = sanitise_line(title.trim()).into_string();
    let wanted = match model.panes.opened(&model.open, conversation) {
        Some(opened) => has_stand_in_title(&opened.conversation),
        None => true,
    };
    if title.is_empty() || !wanted { Vec::new() } else { conversation::rename(model, conversation, title) }
}
