//! The one entry: a message in, changes to the model and effects out.

use std::time::Duration;

use jiff::Timestamp;

use crate::storage::{Emptied, Remains};
use crate::t;
use crate::text::sanitise_line;
use crate::turns::TurnEvent;

use super::command::CommandId;
use super::effect::Effect;
use super::message::Message;
use super::model::{KeyOf, Model, Models, Mood, Refresh};
use super::pane::Presence;
use super::{
    acts, budgets, burst, circuits, colours, compare, complete, configured, conversation, copies, drafts,
    forecast, health, inline, insert, key, keyboard, lens, linear, links, listing, lists, look, mouse,
    notice, offers, outward, panes, pictures, run, search, session, summarise, temporary, title, transcript,
    tree, turn, usage,
};

/// After this long without a key, the first one refreshes the model lists.
const IDLE: Duration = Duration::from_secs(300);

/// Takes a message in. Synchronous; does no IO and reads no clock: the same messages give the same model.
pub fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    // A piece of an answer moves no pane.
    let moves = !matches!(message, Message::Turn { event: TurnEvent::Said(_), .. });
    let mut private = temporary::is_open(model);
    let mut effects = take(model, message);
    private |= temporary::is_open(model);
    temporary::withhold(model, &mut effects);
    effects.extend(search::forget(model));
    effects.extend(summarise::forget(model));
    let prompts = model.history.take_unsaved();
    if !private {
        effects.extend(prompts.into_iter().map(Effect::RememberPrompt));
    }
    effects.extend(inline::arrange(model));
    transcript::arrange(model);
    effects.extend(colours::wanted(model));
    compare::arrange(model);
    lens::arrange(model);
    forecast::arrange(model);
    listing::arrange(model);
    effects.extend(look::arrange(model));
    tree::arrange(model);
    effects.extend(usage::arrange(model));
    if moves {
        effects.extend(session::keep(model));
    }
    effects
}

fn take(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Started { at } => {
            model.now = at;
            let toast = model.toast.as_ref().map(|toast| Effect::WakeAt(toast.until));
            let mut effects = vec![
                Effect::LoadDraft,
                Effect::LoadHistory,
                Effect::LoadPrompts,
                Effect::ResolveKeyStates,
                Effect::LoadModels,
                Effect::ProbeLocal,
                Effect::ListConversations,
                Effect::FindUnfinished,
                Effect::LoadSpentToday,
            ];
            effects.extend(budgets::ask(model));
            effects.extend(toast);
            effects.extend(look::ask(model));
            effects.extend(model.panes.unread(&model.open).map(Effect::LoadConversation));
            effects
        }
        Message::Key { key, at } => {
            let mut effects = woken(model, at);
            effects.extend(keyboard::pressed(model, key));
            effects
        }
        Message::Keys { keys, at } => {
            let mut effects = woken(model, at);
            effects.extend(burst::came(model, &keys));
            effects
        }
        Message::Mouse { event, at } => {
            let mut effects = woken(model, at);
            effects.extend(mouse::moved(model, event));
            effects
        }
        Message::Paste { text, at } => {
            let mut effects = woken(model, at);
            effects.extend(keyboard::pasted(model, &text));
            effects
        }
        Message::Line { text, at } => {
            let mut effects = woken(model, at);
            effects.extend(linear::entered(model, &text));
            effects
        }
        Message::Chosen { choice, at } => {
            let mut effects = woken(model, at);
            effects.extend(linear::chose(model, choice));
            effects
        }
        Message::Interrupted { at } => {
            let mut effects = woken(model, at);
            effects.extend(keyboard::commanded(model, CommandId::Interrupt));
            effects
        }
        Message::Resize { size, at } => {
            model.now = at;
            model.size = size;
            if let Some(inline) = &mut model.inline {
                inline.window = size;
            }
            // Their columns go by the width.
            lists::refill(model);
            pictures::fit(model).into_iter().collect()
        }
        Message::FocusGained { at } => {
            notice::focused(model);
            let mut effects = woken(model, at);
            effects.extend(look::ask_again(model));
            effects
        }
        Message::FocusLost { at } => {
            model.now = at;
            notice::unfocused(model);
            Vec::new()
        }
        Message::Tick { at } => tick(model, at),
        Message::Configured { config, looks, at } => {
            model.now = at;
            configured::taken(model, config, looks)
        }
        Message::ConfigRefused { problems, at } => {
            model.now = at;
            configured::refused(model, &problems)
        }
        Message::Resumed { at } => {
            model.now = at;
            vec![Effect::Redraw]
        }
        Message::Turn { turn, event, at } => {
            model.now = at;
            turn::on_event(model, turn, event)
        }
        Message::KeyStates(states) => {
            for status in states {
                let of = KeyOf { endpoint: status.endpoint, key: status.key };
                model.key_states.insert(of, status.state);
            }
            let mut effects = key::keys_known(model);
            effects.extend(health::ask(model));
            effects
        }
        Message::ModelsRefreshing { endpoint, key } => {
            if let Some(models) = model.models.get_mut(&KeyOf { endpoint, key }) {
                models.refresh = Refresh::Running;
                lists::refill(model);
            }
            Vec::new()
        }
        Message::ModelsLoaded { list, at } => {
            model.now = at;
            let of = KeyOf { endpoint: list.endpoint.clone(), key: list.key.clone() };
            // An endpoint chosen before its models were known goes on with the first of them.
            if model.pane.route.model.as_str().is_empty()
                && KeyOf::from(&model.pane.route) == of
                && let Some(first) = list.models.first()
            {
                model.pane.route.model = first.id.clone();
            }
            health::listed(model, &list);
            model.models.insert(of, Models { list, refresh: Refresh::Idle });
            lists::refill(model);
            Vec::new()
        }
        Message::LocalAnswered(endpoints) => {
            model.local = endpoints.into_iter().collect();
            lists::refill(model);
            Vec::new()
        }
        Message::HealthKnown { of, result } => health::known(model, of, result),
        Message::CircuitsKnown { circuits, at } => {
            model.now = at;
            circuits::known(model, circuits)
        }
        Message::ConversationsListed(list) => {
            model.conversations = list;
            lists::refill(model);
            Vec::new()
        }
        Message::UnfinishedFound(found) => {
            model.unfinished = Some(found);
            Vec::new()
        }
        Message::OpenRequested { conversation, at } => {
            model.now = at;
            match model.panes.showing(conversation) {
                Some(pane) => panes::focus(model, pane),
                None => conversation::open_conversation(model, conversation),
            }
        }
        Message::ConversationLoaded { conversation, extent, draft } => {
            conversation::loaded(model, *conversation, extent, draft)
        }
        Message::ConversationNotLoaded { conversation, reason } => {
            if model.open.conversation.id != conversation {
                panes::lost(model, conversation);
                return Vec::new();
            }
            let mut effects = run::run(model, CommandId::New);
            effects.push(model.notify(t!("app-not-loaded", reason = reason), Mood::Bad));
            effects
        }
        Message::SetsKnown(sets) => {
            model.sets = sets;
            lists::refill(model);
            Vec::new()
        }
        Message::WinsKnown(wins) => {
            model.wins = wins;
            Vec::new()
        }
        Message::DraftsLoaded { conversation, drafts } => {
            drafts::loaded(model, conversation, drafts);
            Vec::new()
        }
        Message::DraftLoaded { text } => {
            if model.open.presence == Presence::New && model.pane.composer.is_empty() {
                model.pane.composer.restore(&text);
            }
            Vec::new()
        }
        Message::Searched { search, hits } => {
            search::found(model, search, &hits);
            Vec::new()
        }
        Message::RevisionsRead { conversation, message, revisions } => {
            acts::show_revisions(model, conversation, message, &revisions)
        }
        Message::KeyStored { endpoint, key, result } => {
            let of = KeyOf { endpoint, key };
            // What an earlier key came to says nothing of this one.
            model.health.remove(&of);
            key::key_stored(model, of, result)
        }
        Message::KeyRemoved { endpoint, key, result } => {
            let of = KeyOf { endpoint, key };
            match result {
                Ok(_) => {
                    model.models.remove(&of);
                    model.health.remove(&of);
                    model.key_states.remove(&of);
                    let toast = model.notify(t!("app-key-removed", owner = offers::owner(&of)), Mood::Plain);
                    vec![Effect::ResolveKeyStates, toast]
                }
                Err(failure) => vec![model.notify(sanitise_line(&failure.message), Mood::Bad)],
            }
        }
        Message::Copied(copied) => copies::done(model, &copied),
        Message::Saved { path, text, result } => outward::saved(model, &path, &text, result),
        Message::PictureCame { id, result } => pictures::came(model, id, result).into_iter().collect(),
        Message::PictureSaved { id, path, result } => pictures::saved(model, id, &path, result),
        Message::Piped(piped) => outward::piped(model, &piped),
        Message::ClipboardRead { pane, result } => insert::came(model, pane, result),
        Message::LinkOpened { address, result } => links::opened(model, &address, result),
        Message::Trashed { trash, conversation: _ } => {
            model.undo.push(trash);
            let keys = model.keymap.keys_of(CommandId::Undo).join(", ");
            vec![model.notify(t!("app-trashed", keys = keys), Mood::Plain), Effect::ListConversations]
        }
        Message::Restored(trashed) => {
            let mut effects = vec![model.notify(t!("app-restored"), Mood::Plain), Effect::ListConversations];
            model.undo.retain(|trash| *trash != trashed.id);
            effects.extend(conversation::open_restored(model, trashed.conversation, trashed.message));
            effects
        }
        Message::TrashListed(trash) => {
            model.trash = trash;
            lists::refill(model);
            Vec::new()
        }
        Message::TrashEmptied(Emptied { things, remains }) => {
            model.trash.clear();
            model.undo.clear();
            lists::refill(model);
            let (told, mood) = match remains {
                Remains::None => (t!("app-trash-emptied", count = things), Mood::Plain),
                Remains::Traces => (t!("app-trash-traces", count = things), Mood::Bad),
            };
            vec![model.notify(told, mood)]
        }
        Message::UsageLoaded { query, answer } => usage::known(model, &query, answer),
        Message::SideLoaded { query, figures } => {
            usage::side::known(model, query, figures).into_iter().collect()
        }
        Message::UsageGrew => usage::grew(model),
        Message::SpentToday(spent) => {
            model.spent_today = Some(spent);
            Vec::new()
        }
        Message::BudgetsKnown(standings) => {
            budgets::known(model, standings);
            Vec::new()
        }
        Message::Coloured { of, lines, state } => {
            colours::came(model, of, lines, state);
            Vec::new()
        }
        Message::TitleMade { conversation, title } => title::made(model, conversation, &title),
        Message::StorageFailed { reason } => {
            vec![model.notify(t!("app-storage-failed", reason = reason), Mood::Bad)]
        }
        Message::LogFailed { reason } => {
            vec![model.notify(t!("app-log-failed", reason = reason), Mood::Bad)]
        }
        Message::SinkStuck(stuck) => {
            let told = t!("app-sink-stuck", sink = stuck.sink.as_str(), reason = stuck.reason.as_str());
            vec![model.notify(told, Mood::Plain)]
        }
        Message::HistoryLoaded(prompts) => {
            model.history.restore(prompts);
            lists::refill(model);
            Vec::new()
        }
        Message::HistoryFailed { reason } => {
            vec![model.notify(t!("app-history-failed", reason = reason), Mood::Bad)]
        }
        Message::FilesListed { listing, found } => {
            complete::listed(model, &listing, found);
            Vec::new()
        }
        Message::FileRead { pane, path, held } => complete::read(model, pane, &path, held),
        Message::PromptsKnown(prompts) => {
            model.prompts = prompts;
            Vec::new()
        }
        Message::ThemesListed(themes) => {
            look::listed(model, themes);
            Vec::new()
        }
        Message::ThemeFailed { name, reason } => {
            vec![model.notify(t!("app-theme-failed", name = name, reason = reason), Mood::Bad)]
        }
        Message::BackgroundTold(background) => look::told(model, background),
        Message::EditorClosed { text } => match text {
            Ok(text) => {
                let text = text.trim_end_matches('\n');
                // What was left as it was stays folded.
                if text != model.pane.composer.text().trim_end_matches('\n') {
                    model.pane.composer.edited(text);
                }
                let mut effects = vec![Effect::Redraw];
                effects.extend(conversation::draft_changed(model));
                effects
            }
            Err(reason) => {
                vec![Effect::Redraw, model.notify(t!("app-editor-failed", reason = reason), Mood::Bad)]
            }
        },
    }
}

/// Somebody is there: after a long silence, the model lists are fetched again.
fn woken(model: &mut Model, at: Timestamp) -> Vec<Effect> {
    model.now = at;
    let silent = at.duration_since(model.last_input);
    model.last_input = at;
    notice::seen(model);
    if silent >= jiff::SignedDuration::try_from(IDLE).unwrap_or(jiff::SignedDuration::MAX) {
        let known = [Effect::RefreshAllModels, Effect::LoadSpentToday];
        return known.into_iter().chain(budgets::ask(model)).collect();
    }
    Vec::new()
}

fn tick(model: &mut Model, at: Timestamp) -> Vec<Effect> {
    model.now = at;
    if model.toast.as_ref().is_some_and(|toast| toast.until <= at) {
        model.toast = None;
    }
    if model.quit_armed.is_some_and(|until| until < at) {
        model.quit_armed = None;
    }
    circuits::tick(model);
    let mut effects = search::tick(model);
    if model.pane.draft_due.is_some_and(|due| due <= at) {
        effects.extend(conversation::flush_draft(model));
    }
    effects
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{App, config, key_state, noon};
    use crate::keys::{KeyOrigin, KeyState};

    #[test]
    fn after_five_idle_minutes_the_first_key_refreshes_the_model_lists() {
        let mut app = App::new(80, 24);
        app.at += std::time::Duration::from_secs(301);
        assert_eq!(app.keys("pageup"), [Effect::RefreshAllModels, Effect::LoadSpentToday]);
        assert_eq!(app.keys("pageup"), []);
    }

    #[test]
    fn the_same_messages_give_the_same_model() {
        let play = || {
            let mut app = App::new(80, 24);
            let mut effects = Vec::new();
            key_state(&mut app, KeyState::Ready(KeyOrigin::Environment));
            app.turn("one", "two");
            app.type_text("three");
            effects.extend(app.keys("enter ctrl-c alt-t k k e"));
            effects.extend(app.keys("ctrl-x m"));
            (effects, app.model.pane.view.visible.clone(), app.model.pane.composer.text())
        };
        assert_eq!(play(), play());
    }

    #[test]
    fn a_warning_about_the_keys_is_seen_when_the_app_starts_and_goes_again() {
        let mut config = config();
        config.keymap = vec![crate::config::KeymapEntry {
            context: "anywhere".into(),
            keys: "ctrl-x".into(),
            command: "quit".into(),
            at: crate::config::Location { file: "/home/me/loquat.yaml".into(), line: 4, column: 5 },
        }];
        let size = crate::app::Size { width: 80, height: 24 };
        let choices = crate::storage::choices::Choices::default();
        let (mut model, _) = Model::new(std::sync::Arc::new(config), choices, size, 7, noon());
        let toast = model.toast.clone().unwrap();
        assert!(toast.text.starts_with("loquat.yaml:4:5: ^X is left out"), "{}", toast.text.as_str());
        let effects = update(&mut model, Message::Started { at: noon() });
        assert!(effects.contains(&Effect::WakeAt(toast.until)));
        update(&mut model, Message::Tick { at: toast.until });
        assert_eq!(model.toast, None);
    }
}
