//! The prompts of before, looked through while one types (Ctrl+R): the newest that holds the words is shown in the
//! composer's place, and the draft below it is not touched until one is taken.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::composer::Composer;
use super::conversation;
use super::effect::Effect;
use super::field::Line;
use super::model::{Focus, Model};

/// A search that goes on.
#[derive(Clone, Debug)]
pub struct Recall {
    /// What is looked for.
    pub typed: Line,
    /// What was found.
    pub found: Found,
    /// The prompt that is shown.
    pub shown: Composer,
}

/// What a search came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing was looked for yet.
    Nothing,
    /// The prompt of this place in the history.
    At(usize),
    /// No prompt holds it: the last one that did is still shown.
    No,
}

/// Begins to look, or goes on to an older one.
pub fn older(model: &mut Model) -> Vec<Effect> {
    if let Some(recall) = &model.recall {
        let from = match recall.found {
            Found::At(at) => at,
            Found::Nothing | Found::No => model.history.entries().len(),
        };
        look(model, from);
        return Vec::new();
    }
    model.overlays.clear();
    model.focus = Focus::Composer;
    model.completion = None;
    model.recall =
        Some(Recall { typed: Line::default(), found: Found::Nothing, shown: model.pane.composer.clone() });
    Vec::new()
}

/// A key while one looks.
pub fn typed(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let Some(recall) = &mut model.recall else { return Vec::new() };
    let again = key.code == KeyCode::Char('r') && key.modifiers == KeyModifiers::CONTROL;
    match key.code {
        KeyCode::Enter | KeyCode::Tab => return take(model),
        KeyCode::Up => return older(model),
        _ if again => return older(model),
        KeyCode::Down => newer(model),
        _ => {
            let before = recall.typed.text().to_owned();
            recall.typed.edit(key);
            if recall.typed.text() != before {
                look_anew(model);
            }
        }
    }
    Vec::new()
}

/// Text was pasted while one looks.
pub fn pasted(model: &mut Model, text: &str) {
    if let Some(recall) = &mut model.recall {
        recall.typed.insert(text.trim());
        look_anew(model);
    }
}

/// Leaves it: the draft is as it was. `false` where there is nothing to leave.
pub fn leave(model: &mut Model) -> bool {
    model.recall.take().is_some()
}

fn take(model: &mut Model) -> Vec<Effect> {
    let Some(recall) = model.recall.take() else { return Vec::new() };
    let (draft, taken) = (model.pane.composer.kept(), recall.shown.kept());
    // Nothing was found: the draft is still what is shown.
    if draft == taken {
        return Vec::new();
    }
    model.history.add(&draft);
    model.pane.composer.replace(&taken);
    conversation::draft_changed(model)
}

fn look_anew(model: &mut Model) {
    let newest = model.history.entries().len();
    look(model, newest);
}

/// The newest prompt before one that holds what is typed, and says something else than what is shown.
fn look(model: &mut Model, before: usize) {
    let Some(recall) = &mut model.recall else { return };
    let wanted = recall.typed.text();
    if wanted.is_empty() {
        (recall.found, recall.shown) = (Found::Nothing, model.pane.composer.clone());
        return;
    }
    let entries = model.history.entries();
    let shown = match recall.found {
        Found::At(at) if before == at => entries.get(at),
        Found::At(_) | Found::Nothing | Found::No => None,
    };
    let found = entries[..before.min(entries.len())]
        .iter()
        .rposition(|entry| holds(entry, wanted) && shown.is_none_or(|shown| shown != entry));
    show(model, found);
}

fn newer(model: &mut Model) {
    let Some(Recall { found: Found::At(at), typed, .. }) = &model.recall else { return };
    let entries = model.history.entries();
    let next = entries.iter().skip(at + 1).position(|entry| holds(entry, typed.text()));
    if let Some(next) = next.map(|next| at + 1 + next) {
        show(model, Some(next));
    }
}

fn show(model: &mut Model, found: Option<usize>) {
    let Model { recall, history, .. } = model;
    let Some(recall) = recall else { return };
    match found.and_then(|at| Some((at, history.entries().get(at)?))) {
        Some((at, entry)) => {
            recall.found = Found::At(at);
            recall.shown.restore(entry);
        }
        None => recall.found = Found::No,
    }
}

/// Whether a prompt holds what is typed; capitals differ from small letters only where some are typed.
fn holds(entry: &str, wanted: &str) -> bool {
    if wanted.chars().any(char::is_uppercase) {
        entry.contains(wanted)
    } else {
        entry.to_lowercase().contains(wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::App;

    fn app() -> App {
        let mut app = App::new(80, 24);
        for prompt in ["fix the lexer", "a Parser", "fix the parser"] {
            app.model.history.add(prompt);
        }
        app.type_text("draft");
        app
    }

    fn shown(app: &App) -> String {
        app.model.recall.as_ref().unwrap().shown.text()
    }

    #[test]
    fn ctrl_r_finds_the_newest_then_older_ones_and_enter_takes() {
        let mut app = app();
        app.keys("ctrl-r");
        assert_eq!(shown(&app), "draft");
        app.type_text("parser");
        assert_eq!(shown(&app), "fix the parser");
        app.keys("ctrl-r");
        assert_eq!(shown(&app), "a Parser");
        app.keys("ctrl-r");
        assert_eq!((shown(&app), app.model.recall.as_ref().unwrap().found), ("a Parser".into(), Found::No));
        app.keys("down enter");
        assert!(app.model.recall.is_none());
        assert_eq!(app.model.pane.composer.text(), "a Parser");
        app.keys("ctrl-_");
        assert_eq!(app.model.pane.composer.text(), "draft");
        assert_eq!(app.model.history.entries().last().unwrap(), "draft");
    }

    #[test]
    fn esc_goes_back_to_the_draft_untouched() {
        let mut app = app();
        app.keys("left ctrl-r");
        app.type_text("fix");
        app.keys("backspace ctrl-r esc");
        app.type_text("!");
        assert_eq!(app.model.pane.composer.text(), "draf!t");
        assert_eq!(app.keys("ctrl-r z enter"), []);
        assert_eq!(app.model.pane.composer.text(), "draf!t");
    }
}
