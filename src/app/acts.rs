//! What is done to messages in their place: changed with the former version kept, left out of a branch's
//! requests, moved among their siblings.

use std::collections::HashSet;
use std::ops::Range;

use crate::chat::summary::with_summary;
use crate::chat::{
    ConversationId, Message, MessageId, Part, Presence, Rank, Revision, RuleChange, Status, Summary, Tree,
};
use crate::t;
use crate::text::{Safe, sanitise, sanitise_line};

use super::command::CommandId;
use super::effect::Effect;
use super::message::Extent;
use super::model::{Focus, Model, Mood};
use super::overlay::{Overlay, age};
use super::pane::{EditWay, Presence as Here, Purpose};
use super::panes::Audience;
use super::picker::{Choice, Entry, Former, List, ListKind};
use super::turn;

/// Loads a message into the composer, to be changed in its place.
pub fn revise(model: &mut Model, message: MessageId) -> Vec<Effect> {
    let Some(found) = model.open.conversation.tree.get(message) else { return Vec::new() };
    if found.status == Status::Streaming {
        return vec![model.notify(t!("app-not-while-written"), Mood::Plain)];
    }
    let text = found.text();
    if text.is_empty() {
        return vec![model.notify(t!("app-nothing-to-revise"), Mood::Plain)];
    }
    turn::abandon_edit(model);
    let draft = model.pane.composer.kept();
    model.pane.composer.set(&text);
    model.pane.purpose = Purpose::Edit { message, way: EditWay::InPlace, draft };
    model.focus = Focus::Composer;
    Vec::new()
}

/// Enter after [`revise`]: the message says what is written now.
pub fn revised_by_hand(model: &mut Model) -> Vec<Effect> {
    let Purpose::Edit { message, .. } = model.pane.purpose else { return Vec::new() };
    let text = model.pane.composer.text();
    if text.trim().is_empty() {
        return Vec::new();
    }
    let Some(found) = model.open.conversation.tree.get(message) else { return Vec::new() };
    let parts = with_text(&found.parts, text);
    let mut effects = turn::restore_draft(model);
    model.focus = Focus::Transcript;
    model.pane.view.cursor = Some(message);
    effects.extend(say(model, model.open.conversation.id, message, parts));
    effects
}

/// The parts of a message with another text in the place of the first one.
fn with_text(parts: &[Part], text: String) -> Vec<Part> {
    let mut text = Some(text);
    parts
        .iter()
        .filter_map(|part| match part {
            Part::Text { .. } => text.take().map(|text| Part::Text { text }),
            other => Some(other.clone()),
        })
        .collect()
}

/// Lets a message say again what it said.
pub fn say_again(model: &mut Model, former: Former) -> Vec<Effect> {
    say(model, former.conversation, former.message, former.parts)
}

fn say(model: &mut Model, conversation: ConversationId, message: MessageId, parts: Vec<Part>) -> Vec<Effect> {
    let live = model.turns.values().any(|live| live.message == message);
    if live {
        return vec![model.notify(t!("app-not-while-written"), Mood::Plain)];
    }
    let Some(revised) = set_parts(model, conversation, message, parts) else { return Vec::new() };
    let keys = key_of(model, CommandId::Revisions);
    vec![revised, model.notify(t!("app-revised", keys = keys), Mood::Plain)]
}

/// Lets a message say something else. Returns the change, to be stored; `None` where it said so already.
fn set_parts(
    model: &mut Model,
    conversation: ConversationId,
    message: MessageId,
    parts: Vec<Part>,
) -> Option<Effect> {
    let audience = model.panes.audience(&mut model.open, &mut model.pane, conversation)?;
    if !audience.opened.conversation.tree.revise(message, &parts) {
        return None;
    }
    audience.panes.into_iter().for_each(|pane| pane.drop_block(message));
    Some(Effect::Revise { conversation, message, parts })
}

/// Keeps a summary with a question that is there already.
pub fn keep_summary(model: &mut Model, question: MessageId, summary: Summary) -> Option<Effect> {
    set_summary(model, question, Some(summary))
}

/// Takes the summary from a message: what it stood for is sent again.
pub fn drop_summary(model: &mut Model, message: MessageId) -> Vec<Effect> {
    if let Err(effects) = whole(model) {
        return effects;
    }
    let Some(revised) = set_summary(model, message, None) else { return Vec::new() };
    let keys = key_of(model, CommandId::Revisions);
    vec![revised, model.notify(t!("app-summary-gone", keys = keys), Mood::Plain)]
}

fn set_summary(model: &mut Model, message: MessageId, summary: Option<Summary>) -> Option<Effect> {
    let found = model.open.conversation.tree.get(message)?;
    let parts = with_summary(&found.parts, summary);
    set_parts(model, model.open.conversation.id, message, parts)
}

/// The first key of a command, as a notice names it.
pub fn key_of(model: &Model, command: CommandId) -> Safe {
    sanitise(model.keymap.keys_of(command).first().map_or("", String::as_str))
}

/// Asks for the former versions of a message.
pub fn ask_revisions(model: &mut Model, message: MessageId) -> Vec<Effect> {
    let opened = &model.open;
    match opened.stored() {
        Some(conversation) if opened.conversation.tree.revisions(message) > 0 => {
            vec![Effect::LoadRevisions { conversation, message }]
        }
        Some(_) | None => vec![model.notify(t!("app-no-revisions"), Mood::Plain)],
    }
}

/// Lists the former versions of a message.
pub fn show_revisions(
    model: &mut Model,
    conversation: ConversationId,
    message: MessageId,
    revisions: &[Revision],
) -> Vec<Effect> {
    if model.open.conversation.id != conversation || !model.overlays.is_empty() {
        return Vec::new();
    }
    let now = model.open.conversation.tree.get(message).map(Message::text).unwrap_or_default();
    let now = sanitise_line(&now);
    let row = |revision: &Revision| {
        let text: String = revision.parts.iter().filter_map(Part::text).collect();
        let text = sanitise_line(&text);
        let parts = revision.parts.clone();
        let choice = Choice::Revision(Box::new(Former { conversation, message, parts }));
        Entry {
            sign: sanitise(&revision.number.to_string()),
            detail: t!("app-revision-until", age = age(model.now, revision.replaced)),
            marks: differing(&text, &now).into_iter().collect(),
            ..Entry::new(choice, text)
        }
    };
    let rows = revisions.iter().map(row).collect();
    model.overlays.push(Overlay::List(List::new(ListKind::Revisions, rows)));
    Vec::new()
}

/// The part of a text in which it is not like another one; `None` where they are the same, or one only goes on.
fn differing(text: &str, other: &str) -> Option<Range<usize>> {
    let alike = |(a, b): &((usize, char), char)| a.1 == *b;
    let start: usize =
        text.char_indices().zip(other.chars()).take_while(alike).map(|((_, c), _)| c.len_utf8()).sum();
    let rest = (&text[start..], other.get(start..).unwrap_or_default());
    let same = |(a, b): &(char, char)| a == b;
    let end: usize =
        rest.0.chars().rev().zip(rest.1.chars().rev()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let range = start..text.len() - end;
    (!range.is_empty()).then_some(range)
}

/// Leaves a message out of what the pane's branch sends, or lets it in again.
pub fn exclude(model: &mut Model, message: MessageId) -> Vec<Effect> {
    if let Err(effects) = whole(model) {
        return effects;
    }
    let Some(leaf) = model.pane.view.leaf else { return Vec::new() };
    let tree = &mut model.open.conversation.tree;
    let (presence, told) = if tree.excluded(leaf).contains(&message) {
        (Presence::Included, t!("app-included"))
    } else {
        (Presence::Excluded, t!("app-excluded"))
    };
    let Some(change) = tree.set_presence(leaf, message, presence) else { return Vec::new() };
    let conversation = model.open.conversation.id;
    vec![Effect::SetRule { conversation, change }, model.notify(told, Mood::Plain)]
}

/// An answer that begins a branch of its own leaves out what the branch did that it was asked for from. Returns what
/// changed, to be stored.
pub fn inherit(tree: &mut Tree, left_out: &HashSet<MessageId>, answer: MessageId) -> Vec<RuleChange> {
    tree.path(answer)
        .into_iter()
        .filter(|id| left_out.contains(id))
        .filter_map(|id| tree.set_presence(answer, id, Presence::Excluded))
        .collect()
}

/// Puts a message first among its siblings.
pub fn put_first(model: &mut Model, message: MessageId) -> Vec<Effect> {
    if let Err(effects) = whole(model) {
        return effects;
    }
    let ranks = model.open.conversation.tree.put_first(message);
    moved(model, message, ranks, (t!("app-put-first"), t!("app-is-first")))
}

/// Orders the siblings of a message by use.
pub fn order_siblings(model: &mut Model, message: MessageId) -> Vec<Effect> {
    if let Err(effects) = whole(model) {
        return effects;
    }
    let ranks = model.open.conversation.tree.order_by_use(message);
    moved(model, message, ranks, (t!("app-ordered"), t!("app-is-ordered")))
}

/// Siblings have other places: their counters change in every pane.
fn moved(
    model: &mut Model,
    message: MessageId,
    ranks: Vec<(MessageId, Rank)>,
    (done, not): (Safe, Safe),
) -> Vec<Effect> {
    if ranks.is_empty() {
        return vec![model.notify(not, Mood::Plain)];
    }
    let conversation = model.open.conversation.id;
    let audience = model.panes.audience(&mut model.open, &mut model.pane, conversation);
    if let Some(Audience { opened, panes }) = audience {
        let tree = &opened.conversation.tree;
        let parent = tree.get(message).and_then(|message| message.parent);
        for pane in panes {
            tree.children(parent).iter().for_each(|sibling| pane.drop_block(*sibling));
        }
    }
    vec![Effect::SetRanks { conversation, ranks }, model.notify(done, Mood::Plain)]
}

/// Whether all of the conversation is here: what is worked out from a part of it would be wrong.
fn whole(model: &mut Model) -> Result<(), Vec<Effect>> {
    match model.open.presence {
        Here::Here(Extent::Whole) => Ok(()),
        Here::New | Here::Loading | Here::Here(Extent::Tail(_)) => {
            Err(vec![model.notify(t!("app-still-loading"), Mood::Plain)])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Message;
    use crate::app::testing::{App, noon, started};
    use crate::chat::StreamEvent;

    fn sent(request: &crate::turns::TurnRequest) -> Vec<String> {
        let text =
            |message: &crate::chat::RequestMessage| message.parts.iter().filter_map(Part::text).collect();
        request.request.messages.iter().map(text).collect()
    }

    #[test]
    fn a_message_is_changed_in_its_place_without_a_request_and_can_be_changed_back() {
        let mut app = App::new(80, 24);
        let turn = app.turn("one", "the anser");
        app.type_text("a draft");
        app.keys("alt-t E backspace backspace backspace");
        app.type_text("swer");
        let (conversation, message) = (turn.conversation, turn.answer.id);
        let parts = |text: &str| vec![Part::Text { text: text.into() }];
        let effects = app.keys("enter");
        assert_eq!(effects[1..], [Effect::Revise { conversation, message, parts: parts("the answer") }]);
        assert_eq!(app.branch_texts(), ["one", "the answer"]);
        assert_eq!(app.model.pane.composer.text(), "a draft");
        assert_eq!(app.keys("V"), [Effect::LoadRevisions { conversation, message }]);
        let revisions = vec![Revision { number: 1, replaced: noon(), parts: parts("the anser") }];
        app.send(Message::RevisionsRead { conversation, message, revisions });
        assert_eq!(app.keys("enter"), [Effect::Revise { conversation, message, parts: parts("the anser") }]);
        assert_eq!(app.branch_texts(), ["one", "the anser"]);
        assert_eq!(app.model.open.conversation.tree.revisions(message), 2);
    }

    #[test]
    fn what_is_being_written_cannot_be_changed_and_an_unchanged_text_is_no_version() {
        let mut app = App::new(80, 24);
        app.turn("one", "first");
        assert_eq!(app.keys("alt-t E enter").len(), 1);
        assert_eq!(app.keys("esc V"), []);
        app.keys("esc");
        let live = app.ask("two");
        app.say(live.turn, StreamEvent::Text("half".into()));
        app.keys("alt-t E");
        assert_eq!(app.model.pane.purpose, Purpose::Prompt);
    }

    #[test]
    fn a_message_that_is_left_out_is_not_sent_on_this_branch_nor_when_its_end_is_asked_again() {
        let mut app = App::new(80, 24);
        app.turn("one", "first");
        let second = app.turn("two", "second");
        let first = app.model.open.conversation.tree.branch()[0];
        let effects = app.keys("alt-t K K K X");
        let rule = |from, presence| RuleChange { from, message: first, presence };
        let conversation = second.conversation;
        let change = rule(second.answer.id, Some(Presence::Excluded));
        assert_eq!(effects, [Effect::SetRule { conversation, change }]);
        let again = app.keys("G r");
        let request = started(&again);
        assert_eq!(sent(&request), ["first", "two"]);
        let change = rule(request.answer.id, Some(Presence::Excluded));
        assert!(again.contains(&Effect::SetRule { conversation, change }));
        app.end(&request, "third", Status::Complete);
        app.keys("esc");
        let next = app.ask("three");
        assert_eq!(sent(&next), ["first", "two", "third", "three"]);
        app.end(&next, "fourth", Status::Complete);
        app.keys("alt-t K K K K K X esc");
        assert_eq!(sent(&app.ask("four"))[0], "one");
    }

    #[test]
    fn a_sibling_that_is_put_first_is_counted_first() {
        let mut app = App::new(80, 24);
        let first = app.turn("one", "first");
        let again = started(&app.keys("alt-t r"));
        app.end(&again, "second", Status::Complete);
        let conversation = first.conversation;
        let ranks = vec![(again.answer.id, -1)];
        assert_eq!(app.keys("P"), [Effect::SetRanks { conversation, ranks }]);
        assert_eq!(app.model.open.conversation.tree.place(again.answer.id).unwrap().position, 1);
        assert_eq!(app.keys("P"), []);
    }

    #[test]
    fn a_former_version_is_told_by_what_is_not_said_any_more() {
        for (text, now, expected) in [
            ("a plum tree", "a fig tree", Some("plum")),
            ("a fig", "a fig tree", None),
            ("a fig tree", "a fig", Some(" tree")),
            ("same", "same", None),
            ("aé", "aè", Some("é")),
            ("aaa", "aa", Some("a")),
        ] {
            assert_eq!(differing(text, now).map(|range| &text[range]), expected, "{text} {now}");
        }
    }
}
