//! What was said on a branch that was left, brought along: a model writes it down in short, and the prompt quotes it.
//!
//! It is never done unasked. The person sees in the prompt what is sent and where it is from, and may change it; the
//! branch itself stays as it is.

use std::cmp::Reverse;
use std::collections::HashSet;

use crate::chat::{Message, MessageId, Summary, estimate};
use crate::t;

use super::conversation;
use super::effect::Effect;
use super::model::{Focus, Model, Mood};
use super::pane::Purpose;
use super::quote;
use super::summarise::{self, Aim};
use super::turn::parent_of_next;

/// Asks who is to write down in short what was said on the branch that was left last.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    match left(model) {
        Some(leaf) => {
            summarise::open(model, Aim::Left(leaf));
            Vec::new()
        }
        None => vec![model.notify(t!("app-no-branch-left"), Mood::Plain)],
    }
}

/// The end of the branch that the next prompt leaves, or that was left for this one: the last place the pane was at,
/// else the branch that was written to last.
fn left(model: &Model) -> Option<MessageId> {
    let tree = &model.open.conversation.tree;
    let here = here(model);
    let edited = match model.pane.purpose {
        Purpose::Edit { .. } => model.pane.view.branch.last().copied(),
        Purpose::Prompt => None,
    };
    let visited = model.pane.jumps.left(model.open.conversation.id);
    let mut others: Vec<&Message> =
        tree.walk().into_iter().filter(|message| tree.children(Some(message.id)).is_empty()).collect();
    others.sort_by_key(|message| Reverse((message.created, message.id)));
    let others = others.into_iter().map(|message| message.id);
    edited
        .into_iter()
        .chain(visited)
        .chain(others)
        .find(|leaf| tree.get(*leaf).is_some() && said_only_there(model, *leaf, &here).next().is_some())
}

/// What the next prompt follows, all of it.
fn here(model: &Model) -> HashSet<MessageId> {
    let last = parent_of_next(model);
    last.map(|last| model.open.conversation.tree.path(last)).unwrap_or_default().into_iter().collect()
}

fn said_only_there<'a>(
    model: &'a Model,
    leaf: MessageId,
    here: &'a HashSet<MessageId>,
) -> impl Iterator<Item = &'a Message> {
    let tree = &model.open.conversation.tree;
    let path = tree.path(leaf).into_iter().filter(|id| !here.contains(id));
    path.filter_map(|id| tree.get(id)).filter(|message| !message.text().trim().is_empty())
}

/// The messages of a branch that the next prompt does not follow, in order.
pub fn messages(model: &Model, leaf: MessageId) -> Vec<MessageId> {
    said_only_there(model, leaf, &here(model)).map(|message| message.id).collect()
}

/// What they weigh, about.
pub fn weight(model: &Model, leaf: MessageId) -> u64 {
    let here = here(model);
    let lengths = said_only_there(model, leaf, &here).map(|message| estimate::tokens(message.text().len()));
    lengths.fold(0, u64::saturating_add)
}

/// Quotes it in the prompt.
pub fn put(model: &mut Model, summary: &Summary) -> Vec<Effect> {
    let origin = t!("app-brought", model = summary.model.as_str(), id = quote::short_id(summary.until));
    let mut text = if model.pane.composer.is_empty() { String::new() } else { "\n\n".to_owned() };
    text.push_str(&quote::quoted(&origin, &summary.text));
    model.focus = Focus::Composer;
    model.pane.composer.insert(&text);
    conversation::draft_changed(model)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::overlay::Overlay;
    use crate::app::summarise::Summarising;
    use crate::app::testing::{App, started};
    use crate::chat::Status;
    use crate::telemetry::Mode;
    use crate::turns::TurnRequest;

    /// A question with two answers, of which the first was gone on from.
    fn forked() -> App {
        let mut app = App::new(80, 24);
        app.turn("one", "first");
        app.turn("and then", "below the first");
        let again = started(&app.keys("alt-t K K r"));
        app.end(&again, "second", Status::Complete);
        app.keys("esc");
        app
    }

    fn asked(effects: &[Effect]) -> TurnRequest {
        match effects {
            [Effect::StartTemporaryTurn(request)] => (**request).clone(),
            other => panic!("no summary is asked for: {other:?}"),
        }
    }

    fn doing(app: &App) -> Option<&Summarising> {
        match app.model.overlays.last() {
            Some(Overlay::Summary(doing)) => Some(doing),
            _ => None,
        }
    }

    #[test]
    fn what_was_said_only_there_is_summed_up_and_quoted_with_where_it_is_from() {
        let mut app = forked();
        app.type_text("Now this");
        app.keys("ctrl-x v B");
        let request = asked(&app.keys("enter"));
        assert_eq!((request.mode, request.user.is_some()), (Mode::Summary, false));
        let prompt = request.request.messages[0].parts[0].text().unwrap();
        assert!(prompt.contains("<assistant>\nfirst\n</assistant>\n<user>\nand then\n</user>"), "{prompt}");
        assert!(!prompt.contains("second") && !prompt.contains("<user>\none\n"), "{prompt}");
        assert_eq!(doing(&app).map(|doing| doing.count), Some(3));
        app.end(&request, "In short:\nfigs.", Status::Complete);
        let text = app.model.pane.composer.text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!((lines[0], lines[1]), ("Now this", ""));
        assert!(lines[2].starts_with("> summary of another branch · demo · "), "{text}");
        assert_eq!(lines[3..], ["> In short:", "> figs.", ""]);
        assert!(app.model.overlays.is_empty());
        assert_eq!(app.model.focus, Focus::Composer);
    }

    #[test]
    fn it_is_of_the_branch_that_was_left_last_whichever_way() {
        let mut app = forked();
        app.keys("alt-t h");
        app.keys("B");
        let request = asked(&app.keys("enter"));
        let prompt = request.request.messages[0].parts[0].text().unwrap();
        assert!(prompt.contains("second") && !prompt.contains("and then"), "{prompt}");
        app.keys("esc");
        // An edit leaves what follows the message that is edited.
        let mut app = App::new(80, 24);
        app.turn("one", "first");
        app.keys("alt-t K K e ctrl-x v B");
        let request = asked(&app.keys("enter"));
        let prompt = request.request.messages[0].parts[0].text().unwrap();
        assert!(prompt.contains("<user>\none\n</user>\n<assistant>\nfirst"), "{prompt}");
    }

    #[test]
    fn leaving_stops_it_and_the_prompt_is_as_it_was() {
        let mut app = forked();
        app.type_text("Now this");
        app.keys("ctrl-x v B");
        let request = asked(&app.keys("enter"));
        assert_eq!(app.keys("esc"), [Effect::CancelTurn(request.turn)]);
        app.end(&request, "half", Status::Cancelled);
        assert_eq!(app.model.pane.composer.text(), "Now this");
        app.keys("ctrl-x v B");
        let request = asked(&app.keys("enter"));
        app.end(&request, "", Status::Failed);
        assert_eq!(app.model.pane.composer.text(), "Now this");
        assert!(app.model.toast.as_ref().unwrap().text.contains("No summary"));
    }

    #[test]
    fn with_a_single_branch_there_is_none_to_bring() {
        let mut app = App::new(80, 24);
        app.turn("one", "first");
        app.keys("ctrl-x v B");
        assert!(app.model.overlays.is_empty());
        assert!(app.model.toast.as_ref().unwrap().text.contains("other branch"));
    }
}
