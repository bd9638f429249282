//! Keys and pastes: to a command by their binding, else to what has the focus.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::t;

use super::command::CommandId;
use super::complete::Taking;
use super::composer::{Mode, Taken};
use super::effect::Effect;
use super::fanout::Mark;
use super::find::{self, Find};
use super::geometry::{composer_width, page_rows, tree_rows};
use super::keymap::{Chord, Lookup, Stroke};
use super::model::{Focus, Habit, KeyOf, Model, Mood};
use super::overlay::{self, Overlay};
use super::picker::{Choice, ListKind};
use super::{
    compare, complete, conversation, fanout, fit, form, help, key, lens, lists, pictures, preset, recall,
    run, select, shelf, strip, tree, usage, vi_escape,
};

/// What was typed while nobody could say yet what it was for.
#[derive(Clone, PartialEq, Eq)]
pub enum Held {
    /// A key.
    Key(KeyEvent),
    /// Text in one piece.
    Paste(String),
}

impl std::fmt::Debug for Held {
    /// Not what it is: it may be a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Held")
    }
}

/// Does what was held. Where nothing asks for it, it is let go: it may be a secret.
pub fn replay(model: &mut Model) -> Vec<Effect> {
    let held = std::mem::take(&mut model.held);
    if model.overlays.is_empty() {
        return Vec::new();
    }
    held.into_iter()
        .flat_map(|held| match held {
            Held::Key(key) => pressed(model, key),
            Held::Paste(text) => pasted(model, &text),
        })
        .collect()
}

/// Text came in one piece.
pub fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    if model.choosing.is_some() {
        model.held.push(Held::Paste(text.to_owned()));
        return Vec::new();
    }
    model.chord = None;
    complete::hold(model);
    let finding = find_is_typed(model);
    match model.overlays.last_mut() {
        Some(Overlay::List(list)) => {
            list.type_text(text);
            lists::searched(model)
        }
        Some(Overlay::Form(form)) => {
            form.insert(text);
            Vec::new()
        }
        Some(Overlay::Tree(page)) => {
            tree::pasted(page, text);
            Vec::new()
        }
        Some(Overlay::Help(page)) => {
            help::pasted(page, text);
            Vec::new()
        }
        Some(Overlay::Usage(_)) => {
            usage::pasted(model, text);
            Vec::new()
        }
        Some(
            Overlay::Confirm(_)
            | Overlay::Compare(_)
            | Overlay::Lens(_)
            | Overlay::Pictures(_)
            | Overlay::Summary(_),
        ) => Vec::new(),
        None if model.recall.is_some() => {
            recall::pasted(model, text);
            Vec::new()
        }
        None if finding => {
            find::pasted(model, text);
            Vec::new()
        }
        None => {
            model.focus = Focus::Composer;
            model.history.settle();
            model.pane.composer.paste(text);
            model.completion = None;
            conversation::draft_changed(model)
        }
    }
}

/// A key was pressed.
pub fn pressed(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    if model.choosing.is_some() {
        let left = key.code == KeyCode::Esc
            || (key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL));
        if left {
            (model.choosing, model.held) = (None, Vec::new());
        } else {
            model.held.push(Held::Key(key));
        }
        return Vec::new();
    }
    complete::hold(model);
    if let Some(effects) = before_bindings(model, key) {
        return effects;
    }
    if let Some(effects) = select::typed(model, key) {
        return effects;
    }
    let stroke = Stroke::from(key);
    let chord = model.chord.take();
    let mut strokes = chord.as_ref().map(|chord| chord.strokes.clone()).unwrap_or_default();
    strokes.push(stroke);
    match model.keymap.lookup(model.context(), &strokes) {
        Lookup::Command(command) => commanded(model, command),
        Lookup::Pending => {
            // Who has waited for the strip sees the next one at once.
            let shown = chord.map(|chord| chord.strip_at).filter(|at| *at <= model.now);
            let strip_at = shown.unwrap_or(model.now + model.config.ui.which_key.0);
            model.chord = Some(Chord { strokes, strip_at, page: 0 });
            vec![Effect::WakeAt(strip_at)]
        }
        Lookup::Unbound => match chord {
            Some(chord) => strip::typed(model, chord, key),
            // A key that begins no chord is for what has the focus.
            None => typed(model, key),
        },
    }
}

/// What is nobody's binding while the prompt is written: vi's Esc and Ctrl+R.
fn before_bindings(model: &mut Model, key: KeyEvent) -> Option<Vec<Effect>> {
    let writing = model.overlays.is_empty()
        && model.focus == Focus::Composer
        && model.recall.is_none()
        && model.chord.is_none()
        && !find_is_typed(model);
    if !writing {
        return None;
    }
    if let Some(effects) = completing(model, key) {
        return Some(effects);
    }
    if model.habit != Habit::Vi {
        return None;
    }
    if let Some(effects) = vi_escape::typed(model, key) {
        return Some(effects);
    }
    let redo = key.code == KeyCode::Char('r')
        && key.modifiers == KeyModifiers::CONTROL
        && model.pane.composer.mode() != Mode::Insert;
    if (key.code == KeyCode::Esc || redo) && model.pane.composer.press(key) == Taken::Yes {
        return Some(conversation::draft_changed(model));
    }
    None
}

/// A key for the list of what is offered.
fn completing(model: &mut Model, key: KeyEvent) -> Option<Vec<Effect>> {
    complete::shown(model).filter(|_| key.modifiers.is_empty())?;
    match key.code {
        KeyCode::Up => complete::select(model, -1),
        KeyCode::Down => complete::select(model, 1),
        KeyCode::Esc => complete::dismiss(model),
        KeyCode::Tab => return Some(complete::take(model, Taking::Writes)),
        // What is a name already is meant, whatever else is like it.
        KeyCode::Enter if complete::is_name(model) => return None,
        KeyCode::Enter => return Some(complete::take(model, Taking::Runs)),
        _ => return None,
    }
    Some(Vec::new())
}

/// Whether letters go to what is looked for in the branch.
pub fn find_is_typed(model: &Model) -> bool {
    model.pane.find.as_ref().is_some_and(Find::is_typed)
}

/// A command by its key. In a list some mean the selected row.
pub fn commanded(model: &mut Model, command: CommandId) -> Vec<Effect> {
    model.completion = None;
    if !matches!(command, CommandId::Leave | CommandId::Interrupt) {
        find::settle(model);
        recall::leave(model);
    }
    if let Some(Overlay::List(list)) = model.overlays.last_mut() {
        let chosen = list.chosen().map(|entry| entry.choice.clone());
        match (command, chosen) {
            (CommandId::Star, Some(Choice::Route(route))) => return lists::star(model, &route),
            (CommandId::Star | CommandId::Pin, Some(Choice::Conversation(id))) => {
                return shelf::pin(model, id);
            }
            (CommandId::Archive, Some(Choice::Conversation(id))) => return shelf::archive(model, id),
            (CommandId::ShowArchive, _) if list.kind == ListKind::Conversations => {
                return shelf::toggle_archive(model);
            }
            // The key that orders models orders conversations in their list.
            (CommandId::SortModels, _) if list.kind == ListKind::Conversations => {
                return shelf::reorder(model);
            }
            (CommandId::Tags, Some(Choice::Conversation(id))) => {
                shelf::ask_tags(model, id);
                return Vec::new();
            }
            (CommandId::Rename, Some(Choice::Conversation(id))) => {
                shelf::ask_title(model, id);
                return Vec::new();
            }
            (CommandId::OpenBeside, Some(Choice::Conversation(id))) => {
                model.overlays.pop();
                return shelf::open_beside(model, id);
            }
            (CommandId::Delete, _) if list.kind == ListKind::Trash => {
                run::ask_to_empty(model);
                return Vec::new();
            }
            (CommandId::Star, Some(Choice::Preset(name))) => return preset::star(model, &name),
            (CommandId::Rename, Some(Choice::Preset(name))) => return preset::edit(model, &name),
            (CommandId::Delete, Some(Choice::Preset(name))) => return preset::ask_to_remove(model, &name),
            (CommandId::Star, _) => return Vec::new(),
            // Where nothing is asked several times, Left and Right are the filter's.
            (CommandId::FewerSamples | CommandId::MoreSamples, _)
                if !matches!(list.kind, ListKind::FanOut(_)) =>
            {
                let code = if command == CommandId::FewerSamples { KeyCode::Left } else { KeyCode::Right };
                list.edit(KeyEvent::from(code));
                return Vec::new();
            }
            (CommandId::Key, Some(Choice::Route(route))) => {
                return key::ask_key(model, &KeyOf::from(&route));
            }
            (CommandId::Key, Some(Choice::Key(of))) => {
                return key::ask_key(model, &of);
            }
            (CommandId::Delete, Some(Choice::Conversation(id))) => {
                if model.turns.values().any(|live| live.conversation == id) {
                    return vec![model.notify(t!("app-busy-there"), Mood::Plain)];
                }
                model.overlays.push(Overlay::Confirm(overlay::Confirm::Conversation(id)));
                return Vec::new();
            }
            (CommandId::Delete, Some(Choice::Set(name))) => return fanout::forget_set(model, name),
            (CommandId::Delete, Some(Choice::Key(of))) if model.is_stored(&of) => {
                return vec![Effect::RemoveKey { endpoint: of.endpoint, key: of.key }];
            }
            (
                CommandId::Key
                | CommandId::Delete
                | CommandId::Pin
                | CommandId::Archive
                | CommandId::ShowArchive
                | CommandId::Tags
                | CommandId::Rename
                | CommandId::OpenBeside,
                _,
            ) => return Vec::new(),
            _ => {}
        }
    }
    if let Some(effects) = tree::command(model, command) {
        return effects;
    }
    if let Some(effects) = usage::command(model, command) {
        return effects;
    }
    if command == CommandId::Leave && help::widen(model) {
        return Vec::new();
    }
    match (model.overlays.last(), command) {
        // What pages in the transcript pages in what floats above it.
        (Some(_), CommandId::PageDown | CommandId::PageUp) => {
            let way = if command == CommandId::PageDown { 1 } else { -1 };
            move_overlay(model, way * overlay_page(model))
        }
        (
            Some(_),
            CommandId::Leave
            | CommandId::Interrupt
            | CommandId::Help
            | CommandId::Mouse
            | CommandId::Reload
            | CommandId::Redraw
            | CommandId::Suspend
            | CommandId::Quit
            | CommandId::Refresh
            | CommandId::Switch
            | CommandId::SortModels
            | CommandId::SortConversations
            | CommandId::MoreSamples
            | CommandId::FewerSamples
            | CommandId::Blind
            | CommandId::NameSet,
        )
        | (None, _) => run::run(model, command),
        // What is being filled in, or written, is not lost to a slip of a key.
        (Some(Overlay::Form(_) | Overlay::Summary(_)), _) => Vec::new(),
        (Some(_), _) => {
            // Another command takes the place of what floats.
            model.overlays.clear();
            run::run(model, command)
        }
    }
}

/// The rows a page of what floats has.
fn overlay_page(model: &Model) -> isize {
    const LIST: isize = 10;
    match model.overlays.last() {
        Some(Overlay::Usage(_)) => isize::try_from(usage::places::room(model)).unwrap_or(LIST),
        Some(Overlay::Compare(_) | Overlay::Lens(_) | Overlay::Help(_)) => {
            isize::try_from(page_rows(model)).unwrap_or(LIST)
        }
        Some(Overlay::Tree(_)) => isize::try_from(tree_rows(model)).unwrap_or(LIST),
        Some(Overlay::Pictures(_)) => 1,
        Some(Overlay::List(_) | Overlay::Form(_) | Overlay::Confirm(_) | Overlay::Summary(_)) | None => LIST,
    }
}

/// Moves the selection, or the rows, of what floats on top.
pub fn move_overlay(model: &mut Model, by: isize) -> Vec<Effect> {
    match model.overlays.last_mut() {
        Some(Overlay::List(list)) => list.select(by),
        Some(Overlay::Help(_)) => help::scroll(model, by),
        Some(Overlay::Usage(_)) => usage::select(model, by),
        Some(Overlay::Compare(_)) => compare::scroll(model, by),
        Some(Overlay::Lens(_)) => lens::select(model, by),
        Some(Overlay::Tree(_)) => tree::step(model, by),
        Some(Overlay::Pictures(_)) => return pictures::walk(model, by),
        Some(Overlay::Form(_) | Overlay::Confirm(_) | Overlay::Summary(_)) | None => {}
    }
    Vec::new()
}

/// A key without a binding: text, or what the open overlay makes of it.
fn typed(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    let finding = find_is_typed(model);
    match model.overlays.last_mut() {
        Some(Overlay::List(list)) => {
            match key.code {
                KeyCode::Enter if matches!(list.kind, ListKind::FanOut(_)) => return fanout::send(model),
                KeyCode::Enter => return lists::choose_selected(model),
                // The names of models hold none.
                KeyCode::Char(' ') if plain && matches!(list.kind, ListKind::FanOut(_)) => {
                    return fanout::mark(model, Mark::Toggle);
                }
                KeyCode::Char(c) if plain && c.is_ascii_digit() && matches!(list.kind, ListKind::Fit(_)) => {
                    return fit::take_number(model, c);
                }
                KeyCode::Up => list.select(-1),
                KeyCode::Down => list.select(1),
                KeyCode::Home => list.select(isize::MIN),
                KeyCode::End => list.select(isize::MAX),
                KeyCode::Char('n') if key.modifiers == KeyModifiers::CONTROL => list.select(1),
                _ if list.edit(key) => return lists::searched(model),
                _ => {}
            }
            Vec::new()
        }
        Some(Overlay::Form(form)) => {
            if form.is_sent_by(key) {
                return form::submit(model);
            }
            form.edit(key);
            Vec::new()
        }
        Some(Overlay::Confirm(confirm)) => {
            let confirm = *confirm;
            match key.code {
                KeyCode::Enter | KeyCode::Char('y') => {
                    model.overlays.pop();
                    conversation::confirm(model, confirm)
                }
                KeyCode::Char('n') => {
                    model.overlays.pop();
                    Vec::new()
                }
                _ => Vec::new(),
            }
        }
        Some(Overlay::Help(_)) => {
            help::typed(model, key);
            Vec::new()
        }
        Some(Overlay::Usage(_)) => {
            usage::typed(model, key);
            Vec::new()
        }
        Some(Overlay::Compare(_)) => compare::typed(model, key),
        Some(Overlay::Lens(_)) => lens::typed(model, key),
        Some(Overlay::Pictures(_)) => pictures::typed(model, key),
        Some(Overlay::Tree(page)) => {
            tree::typed(page, key);
            Vec::new()
        }
        Some(Overlay::Summary(_)) => Vec::new(),
        None if model.recall.is_some() => recall::typed(model, key),
        None if finding => find::typed(model, key),
        None => match model.focus {
            Focus::Transcript => Vec::new(),
            Focus::Composer => compose(model, key),
        },
    }
}

/// A key in the composer.
fn compose(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    let empty = model.pane.composer.is_empty();
    match key.code {
        KeyCode::Tab if empty => return run::run(model, CommandId::ToggleFocus),
        KeyCode::Char('?') if empty && plain => return run::run(model, CommandId::Help),
        KeyCode::Up if plain => {
            if model.pane.composer.up(composer_width(model.size.width)) {
                return Vec::new();
            }
            let draft = model.pane.composer.kept();
            if let Some(older) = model.history.older(&draft).map(ToOwned::to_owned) {
                model.pane.composer.replace(&older);
            }
            return conversation::draft_changed(model);
        }
        KeyCode::Down if plain => {
            if model.pane.composer.down(composer_width(model.size.width)) {
                return Vec::new();
            }
            if let Some(newer) = model.history.newer() {
                model.pane.composer.replace(&newer);
                return conversation::draft_changed(model);
            }
            return Vec::new();
        }
        _ => {}
    }
    if model.habit == Habit::Vi && model.pane.composer.press(key) == Taken::Yes {
        model.history.settle();
        return conversation::draft_changed(model);
    }
    if model.pane.composer.mode() != Mode::Insert || !model.pane.composer.edit(key) {
        return Vec::new();
    }
    model.history.settle();
    let mut effects = conversation::draft_changed(model);
    effects.extend(complete::follow(model));
    effects
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Message;
    use crate::app::testing::{App, noon};

    #[test]
    fn prompts_of_earlier_runs_come_before_those_of_this_one() {
        let mut app = App::new(80, 24);
        app.turn("third", "answer");
        app.send(Message::HistoryLoaded(vec!["first".into(), "second".into()]));
        app.keys("up up");
        assert_eq!(app.model.pane.composer.text(), "second");
        app.keys("up up down down down");
        assert_eq!(app.model.pane.composer.text(), "");
        // What is called back and sent again at once is not told twice.
        app.keys("up");
        assert!(!app.keys("enter").iter().any(|effect| matches!(effect, Effect::RememberPrompt(_))));
    }

    #[test]
    fn the_leader_shows_its_strip_after_a_while_and_a_wrong_key_ends_it() {
        let mut app = App::new(80, 24);
        let key = Stroke::parse("ctrl-x").unwrap().event();
        let at = noon() + std::time::Duration::from_millis(400);
        assert_eq!(app.send(Message::Key { key, at: noon() }), [Effect::WakeAt(at)]);
        app.type_text("j");
        assert_eq!(app.model.chord, None);
        assert!(app.model.pane.composer.is_empty());
    }

    #[test]
    fn up_goes_by_rows_before_it_goes_to_earlier_prompts_and_comes_back_to_the_draft() {
        let mut app = App::new(40, 24);
        app.turn("earlier", "answer");
        let draft = "a draft that takes two rows of a narrow screen";
        app.type_text(draft);
        app.keys("up");
        assert_eq!(app.model.pane.composer.text(), draft);
        app.keys("up");
        assert_eq!(app.model.pane.composer.text(), "earlier");
        app.keys("down");
        assert_eq!(app.model.pane.composer.text(), draft);
    }
}
