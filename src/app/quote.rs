//! Messages that were picked, of whatever branch, and their words in the composer.

use crate::chat::{Conversation, Message, MessageId, Role};
use crate::t;

use super::acts::key_of;
use super::blind;
use super::command::CommandId;
use super::conversation;
use super::effect::Effect;
use super::model::{Focus, Model, Mood};

/// Picks a message, or leaves it.
pub fn pick(model: &mut Model, message: MessageId) -> Vec<Effect> {
    // Of what is gone nothing is left to do.
    let there: Vec<MessageId> = picked(model).map(|message| message.id).collect();
    model.picked = there;
    let before = model.picked.len();
    model.picked.retain(|picked| *picked != message);
    if model.picked.len() == before {
        model.picked.push(message);
    }
    let text = if model.picked.is_empty() {
        t!("app-none-picked")
    } else {
        let (quote, compare) = (key_of(model, CommandId::Quote), key_of(model, CommandId::Compare));
        t!("app-picked", count = model.picked.len(), quote = quote, compare = compare)
    };
    vec![model.notify(text, Mood::Plain)]
}

/// The picked messages that are in a conversation some pane shows, in the order in which they were picked.
pub fn picked(model: &Model) -> impl Iterator<Item = &Message> {
    model.picked.iter().filter_map(|id| find(model, *id))
}

/// A message of a conversation that some pane shows.
pub fn find(model: &Model, id: MessageId) -> Option<&Message> {
    conversation_of(model, id)?.tree.get(id)
}

/// The conversation of a message, where some pane shows it.
pub fn conversation_of(model: &Model, message: MessageId) -> Option<&Conversation> {
    let others = model.panes.others(&model.open).map(|(_, opened)| opened);
    std::iter::once(&model.open)
        .chain(others)
        .map(|opened| &opened.conversation)
        .find(|conversation| conversation.tree.get(message).is_some())
}

/// Puts the picked messages in the composer as quotations that tell where they come from; without any, the
/// message that commands are about.
pub fn quote(model: &mut Model, current: Option<MessageId>) -> Vec<Effect> {
    let mut messages: Vec<&Message> = picked(model).collect();
    if messages.is_empty() {
        messages.extend(current.and_then(|id| find(model, id)));
    }
    let quotations: Vec<String> =
        messages.into_iter().filter_map(|message| quotation(model, message)).collect();
    if quotations.is_empty() {
        return vec![model.notify(t!("app-nothing-to-quote"), Mood::Plain)];
    }
    model.picked.clear();
    model.focus = Focus::Composer;
    let mut text = String::new();
    if !model.pane.composer.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(&quotations.concat());
    model.pane.composer.insert(&text);
    conversation::draft_changed(model)
}

/// A message as a quotation in Markdown: who said it, its short id, its text.
fn quotation(model: &Model, message: &Message) -> Option<String> {
    let text = message.text();
    if text.trim().is_empty() {
        return None;
    }
    Some(quoted(&format!("{} · {}", origin(model, message), short_id(message.id)), &text))
}

/// A text as a quotation in Markdown, below where it is from.
pub fn quoted(origin: &str, text: &str) -> String {
    let mut quotation = format!("> {origin}\n");
    for line in text.trim_end().lines() {
        quotation.push_str(if line.is_empty() { ">" } else { "> " });
        quotation.push_str(line);
        quotation.push('\n');
    }
    quotation.push('\n');
    quotation
}

/// Who said a message: the model, or the person. Of answers that are judged blind, the letter they have meanwhile.
pub fn origin(model: &Model, message: &Message) -> String {
    match (message.role, &message.route) {
        (Role::Assistant, _) if is_blind(model, message) => conversation_of(model, message.id)
            .map(|conversation| blind::name(&conversation.tree, message.id).into_string())
            .unwrap_or_default(),
        (Role::Assistant, Some(route)) => route.model.to_string(),
        (Role::Assistant, None) => t!("app-assistant").into_string(),
        (Role::User, _) => t!("app-you").into_string(),
    }
}

/// Whether a message is an answer whose maker is hidden for now.
pub fn is_blind(model: &Model, message: &Message) -> bool {
    message.role == Role::Assistant && message.parent.is_some_and(|question| model.blind.contains(&question))
}

/// The beginning of an id: its time and its count, which tell it from all others and which the command line takes.
pub fn short_id(id: MessageId) -> String {
    const CHARACTERS: usize = 18;
    id.to_string().chars().take(CHARACTERS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{App, litellm, started};
    use crate::chat::Status;

    #[test]
    fn picked_messages_of_several_branches_are_quoted_in_their_order_with_their_origin() {
        let mut app = App::new(80, 24);
        app.turn("one", "first\n\nanswer");
        let first = app.model.open.conversation.tree.leaf().unwrap();
        app.model.pane.route = litellm("claude-sonnet");
        let again = started(&app.keys("alt-t v r"));
        app.end(&again, "second answer", Status::Complete);
        app.keys("v esc");
        app.type_text("Compare:");
        app.keys("ctrl-x v q");
        let (one, two) = (short_id(first), short_id(again.answer.id));
        let expected = format!(
            "Compare:\n\n> demo · {one}\n> first\n>\n> answer\n\n> claude-sonnet · {two}\n> second answer\n\n"
        );
        assert_eq!(app.model.pane.composer.text(), expected);
        assert!(app.model.picked.is_empty());
    }

    #[test]
    fn a_message_that_is_picked_twice_is_left_and_without_any_the_current_one_is_quoted() {
        let mut app = App::new(80, 24);
        app.turn("one", "first");
        app.keys("alt-t v v q");
        assert!(app.model.pane.composer.text().ends_with("> first\n\n"));
        assert_eq!(app.model.focus, Focus::Composer);
    }
}
