//! Forking: which part of a conversation becomes a new one, and where that is shown.

use crate::chat::{ConversationId, Fork, MessageId, Reach};
use crate::t;
use crate::text::Safe;

use super::drafts::Drafts;
use super::effect::Effect;
use super::message::Extent;
use super::model::{Focus, Model, Mood};
use super::overlay::{Overlay, title_or_untitled};
use super::pane::{Keeping, Opened, Pane, Presence};
use super::picker::{Choice, Entry, List, ListKind};
use super::{conversation, panes, turn};

/// Where a fork is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// In the pane with the focus.
    Here,
    /// In a new pane.
    Beside,
}

/// Asks how much a fork takes along.
pub fn ask(model: &mut Model, at: MessageId, place: Where) -> Vec<Effect> {
    let tree = &model.open.conversation.tree;
    let row = |reach: Reach| {
        let (name, about) = described(reach);
        Entry {
            detail: t!("app-messages", count = tree.part(at, reach).len()),
            about,
            ..Entry::new(Choice::Fork(at, reach, place), name)
        }
    };
    let rows = Reach::EACH.map(row).to_vec();
    model.overlays.push(Overlay::List(List::new(ListKind::Fork(place), rows)));
    Vec::new()
}

fn described(reach: Reach) -> (Safe, Safe) {
    match reach {
        Reach::Path => (t!("app-fork-path"), t!("app-fork-path-about")),
        Reach::Related => (t!("app-fork-related"), t!("app-fork-related-about")),
        Reach::Level => (t!("app-fork-level"), t!("app-fork-level-about")),
        Reach::Onwards => (t!("app-fork-onwards"), t!("app-fork-onwards-about")),
        Reach::Whole => (t!("app-fork-whole"), t!("app-fork-whole-about")),
    }
}

/// Makes a fork, and shows it at the copy of the message.
pub fn fork(model: &mut Model, at: MessageId, reach: Reach, place: Where) -> Vec<Effect> {
    if model.open.presence != Presence::Here(Extent::Whole) {
        return vec![model.notify(t!("app-still-loading"), Mood::Plain)];
    }
    let suffix = match reach {
        Reach::Whole => t!("app-copy-suffix"),
        Reach::Path | Reach::Related | Reach::Level | Reach::Onwards => t!("app-fork-suffix"),
    };
    // What nothing is stored of is not stored by way of its fork.
    let keeping = model.open.keeping;
    let title = title_or_untitled(&model.open.conversation.title);
    // A fork of a fork is not told twice.
    let title = format!("{} {suffix}", title.trim_end_matches(suffix.as_str()).trim_end());
    let now = model.now;
    let id = ConversationId(model.ids.next(now));
    let fork = Fork { at: Some(at), leaf: model.pane.view.leaf, reach, id, title, now };
    let ids = &mut model.ids;
    let forked = fork.of(&model.open.conversation, || MessageId(ids.next(now)));
    let count = forked.conversation.tree.len();

    let mut effects = Vec::new();
    if place == Where::Beside {
        let before = model.pane.id;
        effects.extend(panes::open_beside(model, at));
        if model.pane.id == before {
            return effects;
        }
    }
    turn::abandon_edit(model);
    effects.extend(conversation::flush_draft(model));
    match keeping {
        Keeping::Stored => effects.push(Effect::StoreConversation(Box::new(forked.conversation.clone()))),
        Keeping::Nowhere => {}
    }
    model.pane = Pane::new(model.pane.id, model.pane.route.clone());
    panes::show(model, id, || Opened {
        conversation: forked.conversation,
        presence: Presence::Here(Extent::Whole),
        ended: Vec::new(),
        drafts: Drafts::default(),
        keeping,
    });
    let tree = &model.open.conversation.tree;
    if let Some(at) = forked.at {
        model.pane.view.go(tree, at);
        model.pane.view.hold(at);
    }
    model.pane.take_route(tree, &model.config);
    model.focus = Focus::Transcript;
    effects.push(model.notify(t!("app-forked", count = count), Mood::Plain));
    effects
}

#[cfg(test)]
mod tests {
    use crate::app::testing::App;
    use crate::app::{Effect, Focus};
    use crate::chat::Status;

    fn stored(effects: &[Effect]) -> Vec<&crate::chat::Conversation> {
        effects
            .iter()
            .filter_map(|effect| match effect {
                Effect::StoreConversation(conversation) => Some(&**conversation),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn a_fork_is_stored_shown_where_it_was_made_and_gone_on_with_alone() {
        let mut app = App::new(80, 24);
        app.turn("one", "first");
        app.turn("two", "second");
        let from = app.model.open.conversation.clone();
        let effects = app.keys("alt-t K K f enter");
        let [fork] = stored(&effects)[..] else { panic!("{effects:?}") };
        assert_eq!(fork, &app.model.open.conversation);
        assert_eq!((fork.title.as_str(), fork.tree.len()), ("one (fork)", 2));
        assert_eq!((app.model.focus, app.model.pane.view.cursor), (Focus::Transcript, fork.tree.leaf()));
        app.keys("esc");
        let request = app.ask("another way");
        assert_eq!((request.conversation, request.create.is_none()), (fork.id, true));
        assert_eq!(app.branch_texts(), ["one", "first", "another way", ""]);
        app.end(&request, "third", Status::Complete);
        assert_ne!(from.id, fork.id);
        app.keys("alt-t f enter");
        assert_eq!(app.model.open.conversation.title, "one (fork)");
    }

    #[test]
    fn of_a_temporary_conversation_the_fork_is_temporary_too() {
        let mut app = App::new(80, 24);
        app.keys("ctrl-x N");
        app.type_text("one");
        app.keys("enter");
        let effects = app.keys("alt-t K f enter");
        assert_eq!(stored(&effects), [] as [&crate::chat::Conversation; 0]);
        assert_eq!((app.model.open.stored(), app.model.open.conversation.tree.len()), (None, 1));
    }

    #[test]
    fn a_fork_beside_leaves_what_it_was_made_from_on_the_screen() {
        let mut app = App::new(160, 40);
        app.turn("one", "first");
        app.turn("two", "second");
        app.keys("alt-t K K F");
        app.type_text("from here");
        app.keys("enter");
        assert_eq!(app.branch_texts_of_panes()[0], ["one", "first", "two", "second"]);
        assert_eq!(app.model.panes.count(), 2);
        assert_eq!(app.branch_texts()[0], "one");
    }

    #[test]
    fn a_duplicate_has_every_branch() {
        let mut app = App::new(80, 24);
        app.turn("one", "first");
        let again = crate::app::testing::started(&app.keys("alt-t r"));
        app.end(&again, "other", Status::Complete);
        app.keys("ctrl-x v d");
        let copy = &app.model.open.conversation;
        assert_eq!((copy.title.as_str(), copy.tree.len(), copy.tree.branch_count()), ("one (copy)", 3, 2));
        assert_eq!(app.branch_texts(), ["one", "other"]);
    }
}
