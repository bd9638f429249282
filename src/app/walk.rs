//! Ways through the tree from what is being read: to siblings, to other ends, to where branches part, to a message.
//!
//! Each stores the branch it leads to as the chosen one and notes where it came from, so that it can be undone.

use crate::chat::MessageId;
use crate::chat::tree::Neighbour;
use crate::t;

use super::conversation;
use super::drafts;
use super::effect::Effect;
use super::jumps;
use super::model::{Focus, Model, Mood};
use super::transcript::Anchor;

/// To the sibling before or after, and the branch that goes on from there.
pub fn sibling(model: &mut Model, neighbour: Neighbour) -> Vec<Effect> {
    let tree = &model.open.conversation.tree;
    let Some(current) = current(model) else { return Vec::new() };
    // From a message without siblings, the nearest one above that has some is meant.
    let path = tree.path(current);
    let Some(node) =
        path.iter().rev().copied().find(|id| tree.place(*id).is_some_and(|place| place.count > 1))
    else {
        return vec![model.notify(t!("app-no-siblings"), Mood::Plain)];
    };
    match tree.sibling(node, neighbour) {
        Some(sibling) => switch(model, sibling),
        None => Vec::new(),
    }
}

/// To the end of the branch before or after this one, in the order of the tree.
pub fn leaf(model: &mut Model, neighbour: Neighbour) -> Vec<Effect> {
    let tree = &model.open.conversation.tree;
    let messages = tree.walk();
    let leaves = messages.iter().map(|message| message.id).filter(|id| tree.children(Some(*id)).is_empty());
    let leaves: Vec<MessageId> = leaves.collect();
    let here = model.pane.view.branch.last();
    let at = leaves.iter().position(|leaf| Some(leaf) == here);
    let to = match neighbour {
        Neighbour::Previous => at.and_then(|at| at.checked_sub(1)),
        Neighbour::Next => at.map(|at| at + 1),
    };
    match to.and_then(|to| leaves.get(to)).copied() {
        Some(leaf) => switch(model, leaf),
        None => vec![model.notify(t!("app-no-more-branches"), Mood::Plain)],
    }
}

/// To the message before or after on this branch that has siblings.
pub fn parting(model: &mut Model, neighbour: Neighbour) -> Vec<Effect> {
    let tree = &model.open.conversation.tree;
    let branch = &model.pane.view.branch;
    let Some(at) = current(model).and_then(|id| branch.iter().position(|other| *other == id)) else {
        return Vec::new();
    };
    let parts = |id: &&MessageId| tree.place(**id).is_some_and(|place| place.count > 1);
    let to = match neighbour {
        Neighbour::Previous => branch[..at].iter().rev().find(parts),
        Neighbour::Next => branch[at + 1..].iter().find(parts),
    };
    match to.copied() {
        Some(message) => show(model, message),
        None => vec![model.notify(t!("app-no-more-partings"), Mood::Plain)],
    }
}

/// To a message, on the branch that leads through it; it is what commands are about then.
pub fn show(model: &mut Model, message: MessageId) -> Vec<Effect> {
    jumps::record(model);
    conversation::go(model, message)
}

/// The message that is pointed at; from the composer, the end of the branch.
pub fn current(model: &Model) -> Option<MessageId> {
    match model.focus {
        Focus::Transcript => model.pane.view.current(),
        Focus::Composer => model.pane.view.branch.last().copied(),
    }
}

/// To the branch through a message. What both branches share stays where it is.
fn switch(model: &mut Model, through: MessageId) -> Vec<Effect> {
    jumps::record(model);
    let from = drafts::place(model);
    let choices = model.open.conversation.tree.choose(through);
    let top = model.pane.view.visible.first().copied();
    let before = std::mem::take(&mut model.pane.view.branch);
    let view = &mut model.pane.view;
    view.go(&model.open.conversation.tree, through);
    let shared = before.iter().zip(&view.branch).take_while(|(here, there)| here == there).count();
    let parted = view.branch.get(shared).copied().unwrap_or(through);
    view.anchor = match top {
        Some((top, line)) if view.branch[..shared].contains(&top) => Anchor::At(top, line),
        Some(_) | None => Anchor::At(parted, 0),
    };
    view.cursor = Some(parted);
    (view.seen, view.new_lines) = (None, 0);
    let mut effects = conversation::chosen(model, choices);
    effects.extend(drafts::walked(model, from));
    effects
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{App, started};
    use crate::chat::Status;

    /// A question with two answers, of which each has a follow-up, and the second one's has two.
    fn forked() -> App {
        let mut app = App::new(80, 24);
        app.turn("one", "first");
        app.turn("two", "below the first");
        let again = started(&app.keys("alt-t K K r"));
        app.end(&again, "second", Status::Complete);
        app.keys("esc");
        app.turn("three", "below the second");
        let again = started(&app.keys("alt-t r"));
        app.end(&again, "again", Status::Complete);
        app
    }

    fn end(app: &App) -> String {
        let leaf = app.model.pane.view.branch.last().copied().unwrap();
        app.model.open.conversation.tree.get(leaf).unwrap().text()
    }

    fn at(app: &App) -> String {
        let current = app.model.pane.view.current().unwrap();
        app.model.open.conversation.tree.get(current).unwrap().text()
    }

    #[test]
    fn leaves_are_walked_in_the_order_of_the_tree_from_wherever_one_reads() {
        let mut app = forked();
        let walked = ["{", "{", "{", "}", "}"].map(|key| {
            app.keys(key);
            (end(&app), at(&app))
        });
        let stop = ("below the first".to_owned(), "first".to_owned());
        assert_eq!(
            walked,
            [
                ("below the second".to_owned(), "below the second".to_owned()),
                stop.clone(),
                stop,
                ("below the second".to_owned(), "second".to_owned()),
                ("again".to_owned(), "again".to_owned()),
            ]
        );
        assert!(matches!(app.keys("{").as_slice(), [Effect::Choose { .. }]));
    }

    #[test]
    fn partings_are_walked_along_the_branch() {
        let mut app = forked();
        let walked = ["(", "(", ")", ")"].map(|key| {
            app.keys(key);
            at(&app)
        });
        assert_eq!(walked, ["second", "second", "again", "again"]);
        assert_eq!(end(&app), "again");
    }
}
