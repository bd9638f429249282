//! The one entry: a message in, changes to the model and effects out.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::Timestamp;

use crate::chat::Failure;
use crate::keys::KeyStore;
use crate::t;
use crate::telemetry::GroupBy;
use crate::text::sanitise_line;

use super::command::CommandId;
use super::effect::{Effect, UsageQuery, UsageRange};
use super::geometry::last_help_line;
use super::keymap::{Chord, Lookup, Stroke};
use super::message::{CopyPath, Message, ThroughTerminal};
use super::model::{Focus, KeyOf, Model, Models, Mood, Presence, Refresh};
use super::offers;
use super::overlay::{self, Overlay, UsageState};
use super::picker::{Choice, ListKind};
use super::{run, transcript, turn};

/// The strip of what may follow the leader shows after this.
const STRIP_DELAY: Duration = Duration::from_millis(400);
/// After this long without a key, the first one refreshes the model lists.
const IDLE: Duration = Duration::from_secs(300);

/// Takes a message in. Synchronous; does no IO and reads no clock: the same messages give the same model.
pub fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let mut effects = take(model, message);
    effects.extend(model.history.take_unsaved().into_iter().map(Effect::RememberPrompt));
    transcript::arrange(model);
    effects
}

fn take(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Started { at } => {
            model.now = at;
            vec![
                Effect::LoadDraft,
                Effect::LoadHistory,
                Effect::ResolveKeyStates,
                Effect::LoadModels,
                Effect::ProbeLocal,
                Effect::ListConversations,
                Effect::LoadSpentToday,
            ]
        }
        Message::Key { key, at } => {
            let mut effects = woken(model, at);
            effects.extend(pressed(model, key));
            effects
        }
        Message::Paste { text, at } => {
            let mut effects = woken(model, at);
            effects.extend(pasted(model, &text));
            effects
        }
        Message::Resize { size, at } => {
            model.now = at;
            model.size = size;
            Vec::new()
        }
        Message::FocusGained { at } => woken(model, at),
        Message::FocusLost { at } => {
            model.now = at;
            Vec::new()
        }
        Message::Tick { at } => tick(model, at),
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
            run::keys_known(model)
        }
        Message::ModelsRefreshing { endpoint, key } => {
            if let Some(models) = model.models.get_mut(&KeyOf { endpoint, key }) {
                models.refresh = Refresh::Running;
                run::refill(model);
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
            model.models.insert(of, Models { list, refresh: Refresh::Idle });
            run::refill(model);
            Vec::new()
        }
        Message::LocalAnswered(endpoints) => {
            model.local = endpoints.into_iter().collect();
            run::refill(model);
            Vec::new()
        }
        Message::ConversationsListed(list) => {
            model.conversations = list;
            run::refill(model);
            Vec::new()
        }
        Message::OpenRequested { conversation, at } => {
            model.now = at;
            run::open_conversation(model, conversation)
        }
        Message::ConversationLoaded { conversation, extent, draft } => {
            run::loaded(model, *conversation, extent, draft)
        }
        Message::ConversationNotLoaded { conversation, reason } => {
            if model.pane.conversation.id != conversation {
                return Vec::new();
            }
            let mut effects = run::run(model, CommandId::New);
            effects.push(model.notify(t!("app-not-loaded", reason = reason), Mood::Bad));
            effects
        }
        Message::DraftLoaded { text } => {
            if model.pane.presence == Presence::New && model.pane.composer.is_empty() {
                model.pane.composer.set(&text);
            }
            Vec::new()
        }
        Message::Searched { search, hits } => {
            let rows = overlay::hits(&hits);
            for overlay in &mut model.overlays {
                if let Overlay::List(list) = overlay
                    && list.kind == ListKind::Search(search)
                {
                    list.replace(rows);
                    break;
                }
            }
            Vec::new()
        }
        Message::KeyStored { endpoint, key, result } => key_stored(model, KeyOf { endpoint, key }, result),
        Message::KeyRemoved { endpoint, key, result } => {
            let of = KeyOf { endpoint, key };
            match result {
                Ok(_) => {
                    model.models.remove(&of);
                    model.key_states.remove(&of);
                    let toast = model.notify(t!("app-key-removed", owner = offers::owner(&of)), Mood::Plain);
                    vec![Effect::ResolveKeyStates, toast]
                }
                Err(failure) => vec![model.notify(sanitise_line(&failure.message), Mood::Bad)],
            }
        }
        Message::Copied(path) => {
            let (text, mood) = match path {
                CopyPath::Native => (t!("app-copied-native"), Mood::Plain),
                CopyPath::Terminal(ThroughTerminal::Osc52) => (t!("app-copied-osc52"), Mood::Plain),
                CopyPath::Terminal(ThroughTerminal::Tmux) => (t!("app-copied-tmux"), Mood::Plain),
                CopyPath::Both(ThroughTerminal::Osc52) => (t!("app-copied-both"), Mood::Plain),
                CopyPath::Both(ThroughTerminal::Tmux) => (t!("app-copied-both-tmux"), Mood::Plain),
                CopyPath::Neither => (t!("app-copied-neither"), Mood::Bad),
            };
            vec![model.notify(text, mood)]
        }
        Message::Trashed { trash, conversation: _ } => {
            model.undo.push(trash);
            let keys = model.keymap.keys_of(CommandId::Undo).join(", ");
            vec![model.notify(t!("app-trashed", keys = keys), Mood::Plain), Effect::ListConversations]
        }
        Message::Restored(trashed) => {
            let mut effects = vec![model.notify(t!("app-restored"), Mood::Plain), Effect::ListConversations];
            effects.extend(run::open_restored(model, trashed.conversation, trashed.message));
            effects
        }
        Message::UsageLoaded { query, report } => {
            for overlay in &mut model.overlays {
                if let Overlay::Usage(page) = overlay
                    && page.query == query
                {
                    page.state = match report {
                        Ok(report) => UsageState::Here(report),
                        Err(reason) => UsageState::Failed(sanitise_line(&reason)),
                    };
                    break;
                }
            }
            Vec::new()
        }
        Message::SpentToday(spent) => {
            model.spent_today = Some(spent);
            Vec::new()
        }
        Message::TitleMade { conversation, title } => {
            let title = sanitise_line(title.trim()).into_string();
            if title.is_empty() {
                return Vec::new();
            }
            if model.pane.conversation.id == conversation {
                // A title that the person gave in the meantime stays.
                return if turn::has_stand_in_title(&model.pane.conversation) {
                    run::rename(model, title)
                } else {
                    Vec::new()
                };
            }
            vec![Effect::Rename { conversation, title }]
        }
        Message::StorageFailed { reason } => {
            vec![model.notify(t!("app-storage-failed", reason = reason), Mood::Bad)]
        }
        Message::HistoryLoaded(prompts) => {
            model.history.restore(prompts);
            run::refill(model);
            Vec::new()
        }
        Message::HistoryFailed { reason } => {
            vec![model.notify(t!("app-history-failed", reason = reason), Mood::Bad)]
        }
        Message::EditorClosed { text } => match text {
            Ok(text) => {
                model.pane.composer.set(text.trim_end_matches('\n'));
                let mut effects = vec![Effect::Redraw];
                effects.extend(run::draft_changed(model));
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
    if silent >= jiff::SignedDuration::try_from(IDLE).unwrap_or(jiff::SignedDuration::MAX) {
        return vec![Effect::RefreshAllModels, Effect::LoadSpentToday];
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
    if model.pane.draft_due.is_some_and(|due| due <= at) {
        return run::flush_draft(model);
    }
    Vec::new()
}

fn key_stored(model: &mut Model, of: KeyOf, result: Result<KeyStore, Failure>) -> Vec<Effect> {
    match result {
        Ok(store) => {
            let text = match store {
                KeyStore::Keyring => t!("app-key-in-keyring", owner = offers::owner(&of)),
                KeyStore::File => t!("app-key-in-file", owner = offers::owner(&of)),
            };
            let toast = model.notify(text, Mood::Plain);
            model.models.remove(&of);
            model
                .key_states
                .insert(of.clone(), crate::keys::KeyState::Ready(crate::keys::KeyOrigin::Stored(store)));
            if KeyOf::from(&model.pane.route) != of {
                let id = crate::chat::ModelId(String::new());
                model.pane.route =
                    crate::chat::Route { endpoint: of.endpoint.clone(), key: of.key.clone(), model: id };
            }
            // The pickers that led here give way to the models this key may use.
            model.overlays.retain(|overlay| !matches!(overlay, Overlay::List(_)));
            let refresh = Effect::RefreshModels { endpoint: of.endpoint.clone(), key: of.key.clone() };
            let mut effects = vec![toast, Effect::ResolveKeyStates, refresh];
            effects.extend(run::open_models(model, Some(of)));
            effects
        }
        Err(failure) => {
            let next = failure.next_step.as_deref().map(|step| format!(" {step}")).unwrap_or_default();
            vec![model.notify(sanitise_line(&format!("{}{next}", failure.message)), Mood::Bad)]
        }
    }
}

fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    model.chord = None;
    match model.overlays.last_mut() {
        Some(Overlay::List(list)) => {
            list.type_text(text);
            searched(model)
        }
        Some(Overlay::Form(form)) => {
            form.insert(text);
            Vec::new()
        }
        Some(Overlay::Confirm(_) | Overlay::Help(_) | Overlay::Usage(_)) => Vec::new(),
        None => {
            model.focus = Focus::Composer;
            model.history.settle();
            model.pane.composer.insert(text);
            run::draft_changed(model)
        }
    }
}

fn pressed(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let stroke = Stroke::from(key);
    let mut strokes = model.chord.take().map(|chord| chord.strokes).unwrap_or_default();
    let began = strokes.is_empty();
    strokes.push(stroke);
    match model.keymap.lookup(model.context(), &strokes) {
        Lookup::Command(command) => commanded(model, command),
        Lookup::Pending => {
            let strip_at = model.now + STRIP_DELAY;
            model.chord = Some(Chord { strokes, strip_at });
            vec![Effect::WakeAt(strip_at)]
        }
        // A chord that leads nowhere does nothing; a key that begins none is for what has the focus.
        Lookup::Unbound if began => typed(model, key),
        Lookup::Unbound => Vec::new(),
    }
}

/// A command by its key. In a list some mean the selected row.
fn commanded(model: &mut Model, command: CommandId) -> Vec<Effect> {
    if let Some(Overlay::List(list)) = model.overlays.last() {
        let chosen = list.chosen().map(|entry| entry.choice.clone());
        match (command, chosen) {
            (CommandId::Star, Some(Choice::Route(route))) => return run::star(model, &route),
            (CommandId::Star, _) => return Vec::new(),
            (CommandId::Key, Some(Choice::Route(route))) => {
                return run::ask_key(model, &KeyOf::from(&route));
            }
            (CommandId::Key, Some(Choice::Key(of))) => {
                return run::ask_key(model, &of);
            }
            (CommandId::Delete, Some(Choice::Conversation(id))) => {
                if model.turns.values().any(|live| live.conversation == id) {
                    return vec![model.notify(t!("app-busy-there"), Mood::Plain)];
                }
                model.overlays.push(Overlay::Confirm(overlay::Confirm::Conversation(id)));
                return Vec::new();
            }
            (CommandId::Delete, Some(Choice::Key(of))) if model.is_stored(&of) => {
                return vec![Effect::RemoveKey { endpoint: of.endpoint, key: of.key }];
            }
            (CommandId::Key | CommandId::Delete, _) => return Vec::new(),
            _ => {}
        }
    }
    match (model.overlays.last(), command) {
        // What pages in the transcript pages in what floats above it.
        (Some(_), CommandId::PageDown | CommandId::PageUp) => {
            move_overlay(model, if command == CommandId::PageDown { 10 } else { -10 });
            Vec::new()
        }
        (
            Some(_),
            CommandId::Leave
            | CommandId::Interrupt
            | CommandId::Redraw
            | CommandId::Suspend
            | CommandId::Quit
            | CommandId::Refresh
            | CommandId::Switch,
        )
        | (None, _) => run::run(model, command),
        // What is being filled in is not lost to a slip of a key.
        (Some(Overlay::Form(_)), _) => Vec::new(),
        (Some(_), _) => {
            // Another command takes the place of what floats.
            model.overlays.clear();
            run::run(model, command)
        }
    }
}

fn move_overlay(model: &mut Model, by: isize) {
    let last = last_help_line(model);
    match model.overlays.last_mut() {
        Some(Overlay::List(list)) => list.select(by),
        Some(Overlay::Help(top)) => *top = top.saturating_add_signed(by).min(last),
        Some(Overlay::Form(_) | Overlay::Confirm(_) | Overlay::Usage(_)) | None => {}
    }
}

/// A key without a binding: text, or what the open overlay makes of it.
fn typed(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let last = last_help_line(model);
    let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    match model.overlays.last_mut() {
        Some(Overlay::List(list)) => {
            match key.code {
                KeyCode::Enter => {
                    let Some(choice) = list.chosen().map(|entry| entry.choice.clone()) else {
                        return Vec::new();
                    };
                    model.overlays.pop();
                    return run::choose(model, choice);
                }
                KeyCode::Up => list.select(-1),
                KeyCode::Down => list.select(1),
                KeyCode::Home => list.select(isize::MIN),
                KeyCode::End => list.select(isize::MAX),
                KeyCode::Backspace => list.backspace(),
                KeyCode::Char('h') if !plain => list.backspace(),
                KeyCode::Char('u') if !plain => list.clear(),
                KeyCode::Char('n') if !plain => list.select(1),
                KeyCode::Char(c) if plain => list.type_text(c.encode_utf8(&mut [0; 4])),
                _ => return Vec::new(),
            }
            if matches!(key.code, KeyCode::Backspace | KeyCode::Char(_)) {
                searched(model)
            } else {
                Vec::new()
            }
        }
        Some(Overlay::Form(form)) => {
            if form.is_sent_by(key) {
                return run::submit(model);
            }
            form.edit(key);
            Vec::new()
        }
        Some(Overlay::Confirm(confirm)) => {
            let confirm = *confirm;
            match key.code {
                KeyCode::Enter | KeyCode::Char('y') => {
                    model.overlays.pop();
                    run::confirm(model, confirm)
                }
                KeyCode::Char('n') => {
                    model.overlays.pop();
                    Vec::new()
                }
                _ => Vec::new(),
            }
        }
        Some(Overlay::Help(top)) => {
            match key.code {
                KeyCode::Up | KeyCode::Char('k') => *top = top.saturating_sub(1),
                KeyCode::Down | KeyCode::Char('j') => *top = (*top + 1).min(last),
                KeyCode::Char('q' | '?') | KeyCode::Enter => {
                    model.overlays.pop();
                }
                _ => {}
            }
            Vec::new()
        }
        Some(Overlay::Usage(page)) => {
            let query = page.query;
            match key.code {
                KeyCode::Left => {
                    run::open_usage(model, UsageQuery { range: other_range(query.range, -1), ..query })
                }
                KeyCode::Right => {
                    run::open_usage(model, UsageQuery { range: other_range(query.range, 1), ..query })
                }
                KeyCode::Tab => run::open_usage(model, UsageQuery { by: next_group(query.by), ..query }),
                KeyCode::Char('q') => {
                    model.overlays.pop();
                    Vec::new()
                }
                _ => Vec::new(),
            }
        }
        None => match model.focus {
            Focus::Transcript => Vec::new(),
            Focus::Composer => compose(model, key),
        },
    }
}

/// Full-text search asks anew as its words change.
fn searched(model: &mut Model) -> Vec<Effect> {
    match model.overlays.last() {
        Some(Overlay::List(list)) if matches!(list.kind, ListKind::Search(_)) => {
            let words = list.filter.clone();
            run::search(model, words)
        }
        Some(_) | None => Vec::new(),
    }
}

/// How usage is grouped, in the order Tab walks.
pub const GROUPS: [GroupBy; 5] =
    [GroupBy::Model, GroupBy::Day, GroupBy::Endpoint, GroupBy::Key, GroupBy::Conversation];

fn next_group(by: GroupBy) -> GroupBy {
    let at = GROUPS.iter().position(|group| *group == by).map_or(0, |at| at + 1);
    GROUPS.get(at).copied().unwrap_or(GroupBy::Model)
}

fn other_range(range: UsageRange, by: isize) -> UsageRange {
    let at = UsageRange::EACH.iter().position(|other| *other == range).unwrap_or(0);
    let to = at.saturating_add_signed(by).min(UsageRange::EACH.len() - 1);
    UsageRange::EACH.get(to).copied().unwrap_or_default()
}

/// A key in the composer.
fn compose(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    let empty = model.pane.composer.is_empty();
    match key.code {
        KeyCode::Tab if empty => return run::run(model, CommandId::ToggleFocus),
        KeyCode::Char('?') if empty && plain => return run::run(model, CommandId::Help),
        KeyCode::Up if model.pane.composer.at_top() => {
            let draft = model.pane.composer.text();
            if let Some(older) = model.history.older(&draft).map(ToOwned::to_owned) {
                model.pane.composer.set(&older);
            }
            return run::draft_changed(model);
        }
        KeyCode::Down if model.pane.composer.at_bottom() => {
            if let Some(newer) = model.history.newer() {
                model.pane.composer.set(&newer);
                return run::draft_changed(model);
            }
            return Vec::new();
        }
        _ => {}
    }
    if !model.pane.composer.edit(key) {
        return Vec::new();
    }
    model.history.settle();
    run::draft_changed(model)
}
