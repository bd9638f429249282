//! The terminal's title: how the conversation stands, its name, and who is asked.

use crate::app::Model;
use crate::app::notice::Outcome;
use crate::app::overlay::title_or_untitled;
use crate::text::width::truncate;
use crate::text::{Safe, sanitise, sanitise_line};

/// The cells of a conversation's name and of a model's.
const NAME: usize = 40;

/// The title now.
pub fn of(model: &Model) -> Safe {
    let sign = match (model.live(), model.attention.outcome) {
        (Some(_), _) => "● ",
        (None, Some(Outcome::Done)) => "✓ ",
        (None, Some(Outcome::Failed)) => "✗ ",
        (None, None) => "",
    };
    let name = truncate(&title_or_untitled(&model.open.conversation.title), NAME);
    let asked = truncate(&sanitise_line(model.pane.route.model.as_str()), NAME);
    sanitise(&format!("{sign}{name} · {asked}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::App;
    use crate::chat::Status;

    #[test]
    fn it_tells_how_the_answer_stands_until_that_was_seen() {
        let mut app = App::new(80, 24);
        let mut titles = vec![of(&app.model).into_string()];
        let request = app.ask("hello");
        titles.push(of(&app.model).into_string());
        app.end(&request, "hi", Status::Complete);
        titles.push(of(&app.model).into_string());
        app.keys("pageup");
        titles.push(of(&app.model).into_string());
        assert_eq!(titles, ["untitled · demo", "● hello · demo", "✓ hello · demo", "hello · demo"]);
    }

    #[test]
    fn what_a_terminal_would_obey_is_not_in_it() {
        let mut app = App::new(80, 24);
        app.model.open.conversation.title = "a\x07b\x1b\\c\u{9c}d\ne".into();
        assert!(!of(&app.model).chars().any(char::is_control));
    }
}
