//! The branch as text, for the terminal's own scrollback.

use crate::chat::{Message, Role, Tree};
use crate::t;
use crate::text::{Safe, sanitise, sanitise_line};

use super::block::Names;
use super::effect::Effect;
use super::inline;
use super::model::{Model, Mood};
use super::pane::Opened;
use super::transcript::View;

/// A branch to be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printout {
    /// The conversation's title; empty where it has none.
    pub title: Safe,
    /// Its messages, root first.
    pub messages: Vec<Printed>,
}

/// A message to be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// Who says it.
    pub name: Safe,
    /// What they say, as it was written.
    pub text: Safe,
}

/// Prints the branch that is read.
pub fn print(model: &mut Model) -> Vec<Effect> {
    match of(model) {
        Some(_) if model.inline.is_some() => {
            inline::print_again(model);
            Vec::new()
        }
        Some(printout) => vec![Effect::Print(Box::new(printout))],
        None => vec![model.notify(t!("app-nothing-to-print"), Mood::Plain)],
    }
}

/// The branch that is read; `None` where nothing was said yet.
pub fn of(model: &Model) -> Option<Printout> {
    let Opened { conversation, .. } = &model.open;
    let View { branch, .. } = &model.pane.view;
    let names = Names::of(model);
    let tree = &conversation.tree;
    let messages: Vec<Printed> =
        branch.iter().filter_map(|id| tree.get(*id)).map(|message| printed(message, tree, &names)).collect();
    (!messages.is_empty()).then(|| Printout { title: sanitise_line(&conversation.title), messages })
}

fn printed(message: &Message, tree: &Tree, names: &Names<'_>) -> Printed {
    let name = match message.role {
        Role::User => t!("app-you"),
        Role::Assistant => names.speaker(message, tree),
    };
    let said: Vec<String> = [Some(message.text()), message.refusal()].into_iter().flatten().collect();
    Printed { name, text: sanitise(said.join("\n\n").trim_end()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::App;

    #[test]
    fn the_branch_is_printed_as_it_was_written_with_who_said_it() {
        let mut app = App::new(80, 24);
        assert_eq!(app.keys("ctrl-x O"), []);
        assert!(app.model.toast.is_some());
        app.turn("say *it*\u{1b}[2J", "**so**\n\n- be it\n");
        let effects = app.keys("ctrl-x O");
        let [Effect::Print(printout)] = effects.as_slice() else { panic!("{effects:?}") };
        let said = |name: &str, text: &str| Printed { name: sanitise(name), text: sanitise(text) };
        let messages = vec![said("you", "say *it*"), said("demo", "**so**\n\n- be it")];
        assert_eq!(**printout, Printout { title: sanitise("say *it*"), messages });
    }
}
