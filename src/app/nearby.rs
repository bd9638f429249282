//! Lists of the places in a conversation that can be gone to at once: the siblings of what is read, and the ends of
//! all branches.

use crate::chat::{Message, MessageId, Role};
use crate::t;
use crate::text::{Safe, sanitise, sanitise_line};

use super::block::Names;
use super::effect::Effect;
use super::model::{Model, Mood};
use super::overlay::{Overlay, age};
use super::picker::{Among, Choice, Entry, List, ListKind};
use super::walk;

/// The characters of a message that a row shows.
const SHOWN: usize = 100;

/// Opens the list.
pub fn open(model: &mut Model, among: Among) -> Vec<Effect> {
    let here = match among {
        Among::Siblings => parted(model),
        Among::Branches => model.pane.view.branch.last().copied(),
    };
    let ids = here.map(|here| places(model, among, here)).unwrap_or_default();
    if ids.len() < 2 {
        return vec![model.notify(t!("app-no-siblings"), Mood::Plain)];
    }
    let rows: Vec<Entry> = ids.into_iter().filter_map(|id| row(model, id, here)).collect();
    let mut list = List::new(ListKind::Messages(among), rows);
    if let Some(at) = here.and_then(|here| list.entries.iter().position(|row| leads_to(row) == Some(here))) {
        let choice = list.entries.get(at).map(|row| row.choice.clone());
        choice.iter().for_each(|choice| list.select_choice(choice));
    }
    model.overlays.push(Overlay::List(list));
    Vec::new()
}

/// The message that is read, or the nearest one above it that has siblings.
fn parted(model: &Model) -> Option<MessageId> {
    let tree = &model.open.conversation.tree;
    let path = tree.path(walk::current(model)?);
    path.into_iter().rev().find(|id| tree.place(*id).is_some_and(|place| place.count > 1))
}

fn places(model: &Model, among: Among, here: MessageId) -> Vec<MessageId> {
    let tree = &model.open.conversation.tree;
    match among {
        Among::Siblings => tree.children(tree.get(here).and_then(|message| message.parent)).to_vec(),
        Among::Branches => {
            let ids = tree.walk().into_iter().map(|message| message.id);
            ids.filter(|id| tree.children(Some(*id)).is_empty()).collect()
        }
    }
}

fn leads_to(row: &Entry) -> Option<MessageId> {
    match &row.choice {
        Choice::Message(_, id, _) => Some(*id),
        _ => None,
    }
}

fn row(model: &Model, id: MessageId, here: Option<MessageId>) -> Option<Entry> {
    let tree = &model.open.conversation.tree;
    let message = tree.get(id)?;
    let owner = match message.role {
        Role::User => t!("app-you"),
        Role::Assistant => Names::of(model).speaker(message, tree),
    };
    Some(Entry {
        sign: sanitise(if here == Some(id) { "●" } else { "" }),
        owner,
        detail: age(model.now, message.created),
        ..Entry::new(Choice::Message(model.open.conversation.id, id, Vec::new()), beginning(message))
    })
}

fn beginning(message: &Message) -> Safe {
    let text = message.text();
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    sanitise_line(&line.chars().take(SHOWN).collect::<String>())
}

#[cfg(test)]
mod tests {
    use crate::app::testing::{App, list_names, started};
    use crate::chat::Status;

    fn forked() -> App {
        let mut app = App::new(80, 24);
        app.turn("one", "first");
        let again = started(&app.keys("alt-t r"));
        app.end(&again, "second", Status::Complete);
        app.keys("esc");
        app.turn("two", "below the second");
        app
    }

    #[test]
    fn siblings_and_ends_of_branches_are_listed_and_gone_to() {
        let mut app = forked();
        app.keys("ctrl-x v n");
        assert_eq!(list_names(&app, 9), ["first", "second"]);
        app.keys("up enter");
        assert_eq!(app.branch_texts(), ["one", "first"]);
        app.keys("esc esc ctrl-x v b");
        assert_eq!(list_names(&app, 9), ["first", "below the second"]);
        app.keys("down enter");
        assert_eq!(app.branch_texts(), ["one", "second", "two", "below the second"]);
    }

    #[test]
    fn where_nothing_parts_there_is_no_list() {
        let mut app = App::new(80, 24);
        app.turn("one", "first");
        app.keys("ctrl-x v n ctrl-x v b");
        assert_eq!(app.model.overlays.len(), 0);
        assert!(app.model.toast.is_some());
    }
}
