//! Where a pane has been: every leap to another place is noted, so that one can go back, and forward again.
//!
//! Walking line by line is no leap. A place is kept by its messages, so that it holds whatever comes or goes around
//! it; one that is gone itself is passed over.

use crate::chat::{ConversationId, MessageId, Tree};
use crate::t;

use super::conversation;
use super::drafts;
use super::effect::Effect;
use super::message::Extent;
use super::model::{Model, Mood};
use super::pane::{Pane, Presence};
use super::transcript::Anchor;

/// The most places kept each way.
const MOST: usize = 100;

/// A place in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    conversation: ConversationId,
    /// The end of its branch.
    leaf: MessageId,
    anchor: Anchor,
    cursor: Option<MessageId>,
}

/// The places a pane was at, the last on top.
#[derive(Clone, Debug, Default)]
pub struct Jumps {
    back: Vec<Place>,
    forward: Vec<Place>,
}

/// Which way along them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To where one was before.
    Back,
    /// To where one went back from.
    Forward,
}

impl Jumps {
    /// Forgets the places of a conversation that was deleted.
    pub fn forget(&mut self, conversation: ConversationId) {
        self.back.retain(|place| place.conversation != conversation);
        self.forward.retain(|place| place.conversation != conversation);
    }

    /// The ends of the branches of a conversation that were left, the last one first.
    pub fn left(&self, conversation: ConversationId) -> impl Iterator<Item = MessageId> {
        let places = self.back.iter().rev().filter(move |place| place.conversation == conversation);
        places.map(|place| place.leaf)
    }

    fn push(stack: &mut Vec<Place>, place: Place) {
        if stack.last() != Some(&place) {
            stack.push(place);
        }
        if stack.len() > MOST {
            stack.remove(0);
        }
    }
}

impl Place {
    /// Where the pane with the focus is; `None` where nothing is said yet.
    fn here(model: &Model) -> Option<Self> {
        let view = &model.pane.view;
        let leaf = *view.branch.last()?;
        Some(Self {
            conversation: model.open.conversation.id,
            leaf,
            anchor: view.anchor,
            cursor: view.cursor,
        })
    }

    /// Its messages, the one that says most about it first.
    fn messages(&self) -> impl Iterator<Item = MessageId> {
        let held = match self.anchor {
            Anchor::At(message, _) => Some(message),
            Anchor::Follow | Anchor::Beginning(_) => None,
        };
        [Some(self.leaf), held, self.cursor].into_iter().flatten()
    }

    /// The message its branch is found by, as far as that is still there.
    fn through(&self, tree: &Tree) -> Option<MessageId> {
        self.messages().find(|message| tree.get(*message).is_some())
    }
}

/// Notes where the pane is, before it leaps elsewhere.
pub fn record(model: &mut Model) {
    if let Some(place) = Place::here(model) {
        let jumps = &mut model.pane.jumps;
        Jumps::push(&mut jumps.back, place);
        jumps.forward.clear();
    }
}

/// Goes back, or forward again.
pub fn travel(model: &mut Model, way: Way) -> Vec<Effect> {
    let here = Place::here(model);
    loop {
        let jumps = &mut model.pane.jumps;
        let (from, onto) = match way {
            Way::Back => (&mut jumps.back, &mut jumps.forward),
            Way::Forward => (&mut jumps.forward, &mut jumps.back),
        };
        let Some(place) = from.pop() else {
            let text = match way {
                Way::Back => t!("app-no-way-back"),
                Way::Forward => t!("app-no-way-forward"),
            };
            return vec![model.notify(text, Mood::Plain)];
        };
        let open = &model.open;
        let gone = open.conversation.id == place.conversation
            && open.presence == Presence::Here(Extent::Whole)
            && place.through(&open.conversation.tree).is_none();
        if gone || here == Some(place) {
            continue;
        }
        if let Some(here) = here {
            Jumps::push(onto, here);
        }
        return go(model, place);
    }
}

fn go(model: &mut Model, place: Place) -> Vec<Effect> {
    if model.open.conversation.id != place.conversation {
        let mut effects = conversation::open_conversation(model, place.conversation);
        let held = match place.anchor {
            Anchor::At(message, _) => message,
            Anchor::Follow | Anchor::Beginning(_) => place.leaf,
        };
        model.pane.reveal = Some(held);
        effects.extend(conversation::reveal(model));
        return effects;
    }
    let from = drafts::place(model);
    let tree = &mut model.open.conversation.tree;
    let Some(through) = place.through(tree) else { return Vec::new() };
    let choices = tree.choose(through);
    let Pane { view, .. } = &mut model.pane;
    view.go(&model.open.conversation.tree, through);
    view.anchor = match place.anchor {
        Anchor::At(message, line) if view.branch.contains(&message) => Anchor::At(message, line),
        Anchor::At(..) | Anchor::Beginning(_) | Anchor::Follow => Anchor::Follow,
    };
    view.cursor = place.cursor.filter(|cursor| view.branch.contains(cursor));
    (view.seen, view.new_lines) = (None, 0);
    let mut effects = conversation::chosen(model, choices);
    effects.extend(drafts::walked(model, from));
    effects
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::App;

    fn here(app: &App) -> (Option<MessageId>, Option<MessageId>) {
        (app.model.pane.view.leaf, app.model.pane.view.current())
    }

    /// Two answers to the first prompt, the second one with a turn below it.
    fn two_branches() -> App {
        let mut app = App::new(80, 24);
        app.turn("one", "first");
        let again = crate::app::testing::started(&app.keys("alt-t r"));
        app.end(&again, "second", crate::chat::Status::Complete);
        app.keys("esc");
        app.turn("two", "below");
        app
    }

    #[test]
    fn a_walk_among_siblings_is_undone_and_done_again() {
        let mut app = two_branches();
        app.keys("alt-t");
        let end = here(&app);
        app.keys("K K h");
        let first = here(&app);
        assert_ne!(first.0, end.0);
        let effects = app.keys("[");
        assert!(matches!(effects.as_slice(), [Effect::Choose { .. }]), "{effects:?}");
        assert_eq!(here(&app).0, end.0);
        app.keys("]");
        assert_eq!(here(&app), first);
        app.keys("]");
        assert_eq!(here(&app), first);
        assert!(app.model.toast.is_some());
    }

    #[test]
    fn a_place_whose_messages_are_gone_is_passed_over() {
        let mut app = two_branches();
        app.keys("alt-t K K h");
        let first = here(&app);
        app.keys("l");
        // The branch that was walked to and away from goes.
        app.keys("h x enter [");
        assert_eq!(app.branch_texts(), ["one", "second", "two", "below"]);
        let before = here(&app);
        app.keys("[ [ [");
        assert_eq!(here(&app).0, before.0);
        assert_ne!(here(&app), first);
    }

    #[test]
    fn another_conversation_is_gone_back_to() {
        let mut app = two_branches();
        let id = app.model.open.conversation.id;
        app.keys("ctrl-x n");
        let effects = app.keys("ctrl-x [");
        assert_eq!(app.model.open.conversation.id, id);
        assert!(effects.contains(&Effect::LoadConversation(id)));
    }
}
