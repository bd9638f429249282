//! Temporary conversations: nothing of one is stored but the request events of its turns, unless it is kept after all.
//!
//! What would store something of it is taken out of the orders in one place, so that no command has to think of it.

use crate::chat::ConversationId;
use crate::t;

use super::composer::Composer;
use super::conversation;
use super::effect::Effect;
use super::model::{Model, Mood};
use super::pane::{Keeping, Presence};

/// Whether nothing of a conversation is to be stored.
pub fn is(model: &Model, conversation: ConversationId) -> bool {
    let opened = model.panes.opened(&model.open, conversation);
    opened.is_some_and(|opened| opened.keeping == Keeping::Nowhere)
}

/// Whether the pane with the focus shows one.
pub fn is_open(model: &Model) -> bool {
    model.open.keeping == Keeping::Nowhere
}

/// Begins one. A draft for a new conversation goes along, and is stored no longer.
pub fn begin(model: &mut Model) -> Vec<Effect> {
    let mut effects = conversation::new_conversation(model);
    model.open.keeping = Keeping::Nowhere;
    if !model.pane.composer.is_empty() {
        effects.push(Effect::SetDraft { conversation: None, text: String::new() });
    }
    effects.push(model.notify(t!("app-temporary"), Mood::Plain));
    effects
}

/// Stores it after all.
pub fn keep(model: &mut Model) -> Vec<Effect> {
    if !is_open(model) {
        return vec![model.notify(t!("app-not-temporary"), Mood::Plain)];
    }
    let id = model.open.conversation.id;
    if model.turns.values().any(|live| live.conversation == id) {
        return vec![model.notify(t!("app-busy"), Mood::Plain)];
    }
    model.open.keeping = Keeping::Stored;
    let mut effects = conversation::draft_changed(model);
    if model.open.presence != Presence::New {
        effects.push(Effect::StoreConversation(Box::new(model.open.conversation.clone())));
        effects.push(Effect::ListConversations);
    }
    effects.push(model.notify(t!("app-kept"), Mood::Plain));
    effects
}

/// What is written in one goes with it: it can be called back in this run, and is on no disk.
pub fn leave(model: &mut Model) -> Composer {
    let draft = model.pane.draft();
    model.history.add(&draft);
    Composer::default()
}

/// Takes out of the orders what would store something of one.
pub fn withhold(model: &Model, effects: &mut Vec<Effect>) {
    effects.retain(|effect| !stores_into(effect).is_some_and(|conversation| is(model, conversation)));
}

/// The conversation that an order stores something of.
fn stores_into(effect: &Effect) -> Option<ConversationId> {
    match effect {
        Effect::MakeTitle { conversation, .. }
        | Effect::Rename { conversation, .. }
        | Effect::Trash { conversation, .. }
        | Effect::Choose { conversation, .. }
        | Effect::SetSettings { conversation, .. }
        | Effect::Revise { conversation, .. }
        | Effect::SetRule { conversation, .. }
        | Effect::SetRanks { conversation, .. }
        | Effect::SetMark { conversation, .. }
        | Effect::PlaceDraft { conversation, .. }
        | Effect::ChangeShelf { conversation, .. } => Some(*conversation),
        Effect::KeepTrial(trial) => Some(trial.conversation),
        Effect::SetDraft { conversation, .. } => *conversation,
        Effect::StartTurn(request) => Some(request.conversation),
        Effect::StartTemporaryTurn(_)
        | Effect::StoreConversation(_)
        | Effect::NudgeTurn(..)
        | Effect::CancelTurn(_)
        | Effect::LoadConversation(_)
        | Effect::LoadRevisions { .. }
        | Effect::LoadDraft
        | Effect::ListConversations
        | Effect::FindUnfinished
        | Effect::Search { .. }
        | Effect::StopSearch
        | Effect::Restore(_)
        | Effect::ListTrash
        | Effect::EmptyTrash
        | Effect::SaveSession(_)
        | Effect::SavePresets(_)
        | Effect::SaveChoices(_)
        | Effect::LoadSets
        | Effect::KeepSet(_)
        | Effect::ForgetSet(_)
        | Effect::LoadWins
        | Effect::LoadHistory
        | Effect::RememberPrompt(_)
        | Effect::ResolveKeyStates
        | Effect::StoreKey(_)
        | Effect::RemoveKey { .. }
        | Effect::RefreshModels { .. }
        | Effect::LoadModels
        | Effect::RefreshAllModels
        | Effect::ProbeLocal
        | Effect::LoadCircuits
        | Effect::CheckHealth(_)
        | Effect::LoadUsage(_)
        | Effect::LoadSide(_)
        | Effect::WatchUsage(_)
        | Effect::LoadSpentToday
        | Effect::LoadBudgets
        | Effect::ListFiles(_)
        | Effect::ReadFile { .. }
        | Effect::LoadPrompts
        | Effect::Colour(_)
        | Effect::Copy { .. }
        | Effect::Notice(_)
        | Effect::SaveFile { .. }
        | Effect::ReadClipboard(_)
        | Effect::OpenLink(_)
        | Effect::Pipe { .. }
        | Effect::LoadPicture(_)
        | Effect::SavePicture { .. }
        | Effect::OpenEditor(_)
        | Effect::Print(_)
        | Effect::Settle(_)
        | Effect::ReadConfig
        | Effect::SetMouse(_)
        | Effect::ListThemes
        | Effect::ShowTheme(_)
        | Effect::AskBackground
        | Effect::WakeAt(_)
        | Effect::Suspend
        | Effect::SwitchView
        | Effect::Redraw
        | Effect::Quit => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{App, answer};
    use crate::app::{Focus, Message};
    use crate::chat::Status;
    use crate::turns::{TurnEvent, TurnRequest};

    fn asked(effects: &[Effect]) -> TurnRequest {
        effects
            .iter()
            .find_map(|effect| match effect {
                Effect::StartTemporaryTurn(request) => Some((**request).clone()),
                _ => None,
            })
            .unwrap_or_else(|| panic!("no temporary turn in {effects:?}"))
    }

    /// A temporary conversation with one turn, and all that was ordered on the way.
    fn talked() -> (App, Vec<Effect>) {
        let mut app = App::new(80, 24);
        let mut effects = app.keys("ctrl-x N");
        app.type_text("a secret");
        effects.extend(app.keys("enter"));
        let request = asked(&effects);
        assert_eq!(request.create, None);
        let event = TurnEvent::Ended(Box::new(answer(&request, "told", Status::Complete)));
        let at = app.at;
        effects.extend(app.send(Message::Turn { turn: request.turn, event, at }));
        (app, effects)
    }

    /// Whether an order would leave something behind.
    fn stores(effect: &Effect) -> bool {
        let text = format!("{effect:?}");
        !matches!(effect, Effect::StartTemporaryTurn(_)) && text.contains("secret")
            || stores_into(effect).is_some()
            || matches!(effect, Effect::RememberPrompt(_) | Effect::SetDraft { .. })
    }

    #[test]
    fn nothing_of_a_temporary_conversation_is_ordered_to_be_stored() {
        let (mut app, mut effects) = talked();
        app.type_text("a secret draft");
        app.at += std::time::Duration::from_secs(2);
        let at = app.at;
        effects.extend(app.send(Message::Tick { at }));
        effects.extend(app.keys("ctrl-c alt-t r ctrl-c"));
        app.model.focus = Focus::Transcript;
        effects.extend(app.keys("h x enter"));
        effects.extend(app.keys("ctrl-x w v ctrl-x w c ctrl-x n"));
        let stored: Vec<&Effect> = effects.iter().filter(|effect| stores(effect)).collect();
        assert_eq!(stored, Vec::<&Effect>::new());
    }

    #[test]
    fn it_can_be_kept_after_all() {
        let (mut app, _) = talked();
        let effects = app.keys("ctrl-x W");
        let conversation = app.model.open.conversation.clone();
        assert_eq!(
            effects,
            [Effect::StoreConversation(Box::new(conversation.clone())), Effect::ListConversations]
        );
        assert_eq!(app.model.open.stored(), Some(conversation.id));
        app.ask("and on");
        assert_eq!(app.keys("ctrl-x W"), []);
    }
}
