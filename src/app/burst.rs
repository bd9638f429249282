//! Keys that came at once: a paste from a terminal that does not bracket pastes, or somebody quick, or a script.
//!
//! Nobody types a line end and what follows it within the same few milliseconds: a line end among other text is
//! pasted, and begins a line. A last line end sends, as it does for a script that types a prompt and Enter; but not
//! where the terminal is known to bracket nothing, because there it may end a pasted line.

use crossterm::event::{KeyCode, KeyEvent};

use super::effect::Effect;
use super::keyboard;
use super::model::{Focus, Model};

/// Whether the terminal marks what is pasted (DEC private mode 2004).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Brackets {
    /// It does.
    #[default]
    Sent,
    /// It does not.
    Missing,
}

/// Beginnings of `TERM` of terminals that bracket nothing: the Linux console, and what stands for real terminals.
const WITHOUT: &[&str] = &["linux", "vt", "ansi", "cons25", "eterm", "cygwin", "sun", "wy"];

impl Brackets {
    /// Those of the terminal of this name. What has none is a script's, and no terminal.
    pub fn of(term: Option<&str>) -> Self {
        match term {
            Some(term) if WITHOUT.iter().any(|name| term.starts_with(name)) => Self::Missing,
            Some(_) | None => Self::Sent,
        }
    }
}

/// Keys without Ctrl and Alt that came at once.
pub fn came(model: &mut Model, keys: &[KeyEvent]) -> Vec<Effect> {
    let writing = model.focus == Focus::Composer
        && model.overlays.is_empty()
        && model.recall.is_none()
        && model.chord.is_none()
        && model.choosing.is_none()
        && !keyboard::find_is_typed(model);
    if writing && is_paste(keys, model.brackets) {
        let text: String = keys.iter().filter_map(|key| character(key.code)).collect();
        return keyboard::pasted(model, &text);
    }
    keys.iter().flat_map(|key| keyboard::pressed(model, *key)).collect()
}

fn is_paste(keys: &[KeyEvent], brackets: Brackets) -> bool {
    let is_enter = |key: &KeyEvent| key.code == KeyCode::Enter;
    let among = match brackets {
        Brackets::Sent => keys.iter().rev().skip_while(|key| is_enter(key)).any(is_enter),
        Brackets::Missing => keys.len() > 1 && keys.iter().any(is_enter),
    };
    among || keys.len() > super::composer::LONG_PASTE
}

fn character(code: KeyCode) -> Option<char> {
    match code {
        KeyCode::Char(c) => Some(c),
        KeyCode::Enter => Some('\n'),
        KeyCode::Tab => Some('\t'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Message;
    use crate::app::testing::App;

    fn keys(text: &str) -> Vec<KeyEvent> {
        let code = |c| match c {
            '\n' => KeyCode::Enter,
            '\t' => KeyCode::Tab,
            c => KeyCode::Char(c),
        };
        text.chars().map(|c| KeyEvent::from(code(c))).collect()
    }

    /// What is left in the composer, and whether a turn began.
    fn after(text: &str, brackets: Brackets) -> (String, bool) {
        let mut app = App::new(80, 24);
        crate::app::testing::key_state(
            &mut app,
            crate::keys::KeyState::Ready(crate::keys::KeyOrigin::Environment),
        );
        app.model.brackets = brackets;
        let at = app.at;
        let effects = app.send(Message::Keys { keys: keys(text), at });
        let sent = effects.iter().any(|effect| matches!(effect, Effect::StartTurn(_)));
        (app.model.pane.composer.text(), sent)
    }

    #[test]
    fn a_paste_without_brackets_is_never_sent_by_its_newlines() {
        for text in ["one\ntwo", "one\n\ttwo\n", "\none\n\ntwo\n\n", "a\nb"] {
            assert_eq!(after(text, Brackets::Sent), (text.into(), false), "{text:?}");
            assert_eq!(after(text, Brackets::Missing), (text.into(), false), "{text:?}");
        }
        assert_eq!(after("ls\n", Brackets::Missing), ("ls\n".into(), false));
    }

    #[test]
    fn a_prompt_and_enter_that_come_at_once_are_sent() {
        assert_eq!(after("hello\n", Brackets::Sent), (String::new(), true));
        assert_eq!(after("hello", Brackets::Missing), ("hello".into(), false));
    }

    #[test]
    fn where_letters_are_commands_keys_stay_keys() {
        let mut app = App::new(80, 24);
        app.turn("one", "two");
        app.keys("tab");
        let at = app.at;
        app.send(Message::Keys { keys: keys("k\nab"), at });
        assert_eq!(app.model.pane.composer.text(), "ab");
    }

    #[test]
    fn terminals_that_bracket_nothing_are_known_by_name() {
        for (term, brackets) in [
            (Some("xterm-256color"), Brackets::Sent),
            (Some("tmux-256color"), Brackets::Sent),
            (Some("linux"), Brackets::Missing),
            (Some("vt220"), Brackets::Missing),
            (None, Brackets::Sent),
        ] {
            assert_eq!(Brackets::of(term), brackets, "{term:?}");
        }
    }
}
