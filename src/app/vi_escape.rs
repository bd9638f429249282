//! Two letters that are vi's Esc where they are written right after each other: `ui.vi_escape`.
//!
//! The first is written at once, and taken away again when the second comes in time. So nothing waits for what may
//! follow, and no clock has to be set.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::Timestamp;

use super::composer::{Mode, Taken};
use super::conversation;
use super::effect::Effect;
use super::model::Model;

/// How soon the second has to follow: vi's `timeoutlen` is a second, and whoever means two letters takes longer.
const SOON: Duration = Duration::from_millis(300);

/// The first of the two was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Where the cursor stood behind it.
    at: usize,
    until: Timestamp,
}

/// A key while letters are text. `None` where it is to be taken as any other.
pub fn typed(model: &mut Model, key: KeyEvent) -> Option<Vec<Effect>> {
    let begun = model.escape.take();
    let [first, second] = model.config.ui.vi_escape?;
    let letter = match key.code {
        KeyCode::Char(c) if key.modifiers.difference(KeyModifiers::SHIFT).is_empty() => c,
        _ => return None,
    };
    let composer = &mut model.pane.composer;
    if composer.mode() != Mode::Insert {
        return None;
    }
    let at = composer.at();
    let ends_it = |begun: Begun| begun.at == at && model.now <= begun.until;
    if letter == second && begun.is_some_and(ends_it) && composer.written()[..at].ends_with(first) {
        // A change that is done again has all three keys, and comes to the same.
        let backspace = KeyEvent::from(KeyCode::Backspace);
        if composer.press(backspace) == Taken::No {
            composer.edit(backspace);
        }
        composer.press(KeyEvent::from(KeyCode::Esc));
        model.completion = None;
        return Some(conversation::draft_changed(model));
    }
    if letter == first {
        model.escape = Some(Begun { at: at + first.len_utf8(), until: model.now + SOON });
    }
    None
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::app::model::Habit;
    use crate::app::testing::App;

    fn app(letters: [char; 2]) -> App {
        let mut app = App::new(80, 24);
        app.model.habit = Habit::Vi;
        Arc::make_mut(&mut app.model.config).ui.vi_escape = Some(letters);
        app
    }

    fn after(app: &mut App, ms: u64, keys: &str) -> (String, Mode) {
        app.at += Duration::from_millis(ms);
        app.keys(keys);
        let composer = &app.model.pane.composer;
        (composer.text(), composer.mode())
    }

    #[test]
    fn the_first_is_seen_at_once_and_goes_when_the_second_follows() {
        let mut app = app(['j', 'k']);
        assert_eq!(after(&mut app, 0, "a j"), ("aj".to_owned(), Mode::Insert));
        assert_eq!(after(&mut app, 200, "k"), ("a".to_owned(), Mode::Normal));
        // Now both are commands.
        assert_eq!(after(&mut app, 10, "j k A b"), ("ab".to_owned(), Mode::Insert));
    }

    #[test]
    fn letters_that_are_meant_stay() {
        let mut app = app(['j', 'j']);
        assert_eq!(after(&mut app, 0, "j"), ("j".to_owned(), Mode::Insert));
        assert_eq!(after(&mut app, 400, "j"), ("jj".to_owned(), Mode::Insert));
        assert_eq!(after(&mut app, 400, "j left right"), ("jjj".to_owned(), Mode::Insert));
        assert_eq!(after(&mut app, 10, "j"), ("jjjj".to_owned(), Mode::Insert));
        assert_eq!(after(&mut app, 10, "j"), ("jjj".to_owned(), Mode::Normal));
    }

    #[test]
    fn a_change_that_ended_so_is_done_again() {
        let mut app = app(['j', 'j']);
        after(&mut app, 0, "a esc i x");
        assert_eq!(after(&mut app, 500, "j j"), ("xa".to_owned(), Mode::Normal));
        assert_eq!(after(&mut app, 500, "."), ("xxa".to_owned(), Mode::Normal));
    }

    #[test]
    fn without_vi_and_unless_it_is_configured_they_are_letters() {
        let mut app = app(['j', 'j']);
        app.model.habit = Habit::Readline;
        assert_eq!(after(&mut app, 0, "j j").0, "jj");
        app.model.habit = Habit::Vi;
        Arc::make_mut(&mut app.model.config).ui.vi_escape = None;
        assert_eq!(after(&mut app, 0, "j j").0, "jjjj");
    }
}
