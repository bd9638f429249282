//! Drafts by their place in the tree: what is written is for the message it would answer, so it stays there when the
//! person goes to another branch, and is there again when they come back.
//!
//! Only walking leaves a draft behind. A branch that grows takes it along, and so does an edit that is sent: what
//! waited meanwhile is what the person goes on with.

use std::collections::BTreeMap;

use crate::chat::ConversationId;
use crate::storage::DraftPlace;
use crate::t;

use super::conversation;
use super::effect::Effect;
use super::model::{Model, Mood};
use super::pane::Purpose;
use super::turn::parent_of_next;

/// The drafts of a conversation that were left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drafts(BTreeMap<DraftPlace, String>);

impl Drafts {
    /// Leaves one. Where there is one already, as another pane's, both are kept. Returns what stands there then.
    fn leave(&mut self, place: DraftPlace, text: String) -> String {
        let there = self.0.entry(place).or_default();
        if there.is_empty() {
            *there = text;
        } else if *there != text {
            there.push_str("\n\n");
            there.push_str(&text);
        }
        there.clone()
    }
}

/// Where the pane's draft belongs, to be told to [`walked`].
pub fn place(model: &Model) -> DraftPlace {
    parent_of_next(model)
}

/// The pane has gone from one place to where it is: what is written stays there, and what was left here is back.
pub fn walked(model: &mut Model, from: DraftPlace) -> Vec<Effect> {
    let to = place(model);
    if from == to || model.pane.purpose != Purpose::Prompt {
        return Vec::new();
    }
    let conversation = model.open.conversation.id;
    let left = model.pane.composer.kept();
    let is_left = !left.is_empty();
    // What is stored first is there twice after a crash, and never not at all.
    let mut effects = Vec::new();
    if is_left {
        let text = model.open.drafts.leave(from, left);
        effects.push(Effect::PlaceDraft { conversation, place: from, text });
    }
    let here = model.open.drafts.0.remove(&to);
    if !is_left && here.is_none() {
        return effects;
    }
    model.pane.composer.restore(here.as_deref().unwrap_or_default());
    model.completion = None;
    model.history.settle();
    model.pane.draft_due = Some(model.now);
    effects.extend(conversation::flush_draft(model));
    if here.is_some() {
        effects.push(Effect::PlaceDraft { conversation, place: to, text: String::new() });
    }
    if is_left {
        effects.push(model.notify(t!("app-draft-left"), Mood::Plain));
    }
    effects
}

/// The drafts that an earlier run left.
pub fn loaded(model: &mut Model, conversation: ConversationId, drafts: Vec<(DraftPlace, String)>) {
    if let Some(audience) = model.panes.audience(&mut model.open, &mut model.pane, conversation) {
        for (place, text) in drafts {
            audience.opened.drafts.leave(place, text);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::app::Message;
    use crate::app::testing::{App, started};
    use crate::chat::Status;

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

    fn written(app: &App) -> String {
        app.model.pane.composer.text()
    }

    #[test]
    fn a_draft_stays_with_the_branch_it_was_for_and_is_there_when_one_comes_back() {
        let mut app = forked();
        let second = place(&app.model);
        app.type_text("to the second");
        let conversation = app.model.open.conversation.id;
        let effects = app.keys("alt-t h");
        let left = Effect::PlaceDraft { conversation, place: second, text: "to the second".into() };
        assert!(effects.contains(&left), "{effects:?}");
        assert_eq!(written(&app), "");
        assert!(app.model.toast.as_ref().unwrap().text.contains("stays"));
        app.keys("esc");
        app.type_text("below");
        let effects = app.keys("ctrl-x right");
        assert_eq!(written(&app), "to the second");
        let order: Vec<&str> = effects
            .iter()
            .filter_map(|effect| match effect {
                Effect::PlaceDraft { text, .. } if text.is_empty() => Some("taken"),
                Effect::PlaceDraft { .. } => Some("left"),
                Effect::SetDraft { .. } => Some("kept"),
                _ => None,
            })
            .collect();
        assert_eq!(order, ["left", "kept", "taken"]);
        app.keys("ctrl-x [");
        assert_eq!(written(&app), "below");
    }

    #[test]
    fn what_an_earlier_run_left_is_there_again() {
        let mut app = forked();
        let conversation = app.model.open.conversation.id;
        let second = place(&app.model);
        app.keys("alt-t h esc");
        app.send(Message::DraftsLoaded { conversation, drafts: vec![(second, "of before".into())] });
        app.keys("ctrl-x right");
        assert_eq!(written(&app), "of before");
    }

    #[test]
    fn a_temporary_conversation_stores_none() {
        let mut app = App::new(80, 24);
        app.keys("ctrl-x N");
        let asked = |effects: Vec<Effect>| {
            let request = effects.into_iter().find_map(|effect| match effect {
                Effect::StartTemporaryTurn(request) => Some(*request),
                _ => None,
            });
            request.unwrap()
        };
        app.type_text("one");
        let first = asked(app.keys("enter"));
        app.end(&first, "first", Status::Complete);
        let again = asked(app.keys("alt-t r"));
        app.end(&again, "second", Status::Complete);
        app.keys("esc");
        app.type_text("for nobody");
        let effects = app.keys("ctrl-x left");
        let stores = |effect: &Effect| {
            matches!(
                effect,
                Effect::PlaceDraft { .. } | Effect::SetDraft { .. } | Effect::SaveSession(Some(_))
            )
        };
        assert!(!effects.iter().any(stores), "{effects:?}");
        app.keys("ctrl-x right");
        assert_eq!(written(&app), "for nobody");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn wherever_one_walks_no_text_is_lost(
            steps in proptest::collection::vec((0usize..8, "[a-z]{1,3}"), 1..24),
        ) {
            const WAYS: [&str; 6] = [
                "ctrl-x left", "ctrl-x right", "ctrl-x [", "ctrl-x ]", "alt-t { esc", "alt-t } esc",
            ];
            let mut app = forked();
            let mut typed = 0;
            for (nth, (step, word)) in steps.iter().enumerate() {
                match WAYS.get(*step) {
                    Some(keys) => drop(app.keys(keys)),
                    None => {
                        app.type_text(&format!("{word}{nth}."));
                        typed += 1;
                    }
                }
                let drafts = app.model.open.drafts.0.values().cloned();
                let all: String = drafts.chain([written(&app)]).collect::<Vec<_>>().join("\n");
                prop_assert_eq!(all.matches('.').count(), typed, "{}", all);
            }
        }
    }
}
