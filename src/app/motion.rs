//! What moves by itself, and how it is kept still for whom that disturbs (`ui.motion: reduced`).
//!
//! | what moves | reduced |
//! |---|---|
//! | text of an answer, its reasoning, a summary as it is written | comes in whole lines ([`Calm`]) |
//! | the mark at the end of what grows | is not drawn |
//! | seconds until the next attempt, in the status line | are not counted: that it waits is told |
//! | seconds until a route is tried again, in the endpoint picker | are told anew when they are over |
//! | tokens a second and the price so far, above a lane | are told when the lane has ended |
//! | lines that came below what is read, in the pill | are not counted: that there are some is told |
//!
//! What appears once and stays until a key, or goes once (a notice, the strip of keys), moves nothing.

use crate::chat::StreamEvent;
use crate::config::access::Motion;

use super::model::Model;

/// Whether what moves by itself is to be kept still.
pub fn is_reduced(model: &Model) -> bool {
    model.config.ui.access.motion == Motion::Reduced
}

/// What came of an answer since its last line ended.
#[derive(Clone, Debug, Default)]
pub struct Calm {
    held: Option<StreamEvent>,
}

impl Calm {
    /// What is to be shown now that this came: whole lines of text, anything else at once and after what was held.
    pub fn pass(&mut self, said: StreamEvent) -> Vec<StreamEvent> {
        let (mut text, rest) = match (self.held.take(), said) {
            (Some(StreamEvent::Text(held)), StreamEvent::Text(more)) => {
                (StreamEvent::Text(held + &more), None)
            }
            (Some(StreamEvent::Reasoning(held)), StreamEvent::Reasoning(more)) => {
                (StreamEvent::Reasoning(held + &more), None)
            }
            (Some(held), more) => (held, Some(more)),
            (None, more) => (more, None),
        };
        if let Some(rest) = rest {
            let mut shown = vec![text];
            shown.extend(self.pass(rest));
            return shown;
        }
        let (StreamEvent::Text(whole) | StreamEvent::Reasoning(whole)) = &mut text else { return vec![text] };
        let end = whole.rfind('\n').map_or(0, |at| at + 1);
        let open = whole.split_off(end);
        let shown = !whole.is_empty();
        if !open.is_empty() {
            self.held = Some(match &text {
                StreamEvent::Reasoning(_) => StreamEvent::Reasoning(open),
                _ => StreamEvent::Text(open),
            });
        }
        if shown { vec![text] } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::app::testing::App;
    use crate::app::{Effect, Message};
    use crate::chat::Status;
    use crate::router::Cause;
    use crate::turns::TurnEvent;

    fn reduced() -> App {
        let mut app = App::new(80, 24);
        Arc::make_mut(&mut app.model.config).ui.access.motion = Motion::Reduced;
        app
    }

    #[test]
    fn text_comes_in_whole_lines_and_all_of_it_at_the_end() {
        let mut app = reduced();
        let request = app.ask("hello");
        let mut seen = Vec::new();
        for piece in ["one", " two\nthr", "ee", "\n\nfour"] {
            app.say(request.turn, StreamEvent::Text(piece.into()));
            seen.push(app.branch_texts()[1].clone());
        }
        assert_eq!(seen, ["", "one two\n", "one two\n", "one two\nthree\n\n"]);
        app.end(&request, "one two\nthree\n\nfour", Status::Complete);
        assert_eq!(app.branch_texts()[1], "one two\nthree\n\nfour");
    }

    #[test]
    fn what_is_held_comes_before_what_is_of_another_kind() {
        let mut calm = Calm::default();
        let (text, thought) =
            (|t: &str| StreamEvent::Text(t.into()), |t: &str| StreamEvent::Reasoning(t.into()));
        assert_eq!(calm.pass(thought("a")), []);
        assert_eq!(calm.pass(text("b\nc")), [thought("a"), text("b\n")]);
        assert_eq!(
            calm.pass(StreamEvent::Refusal("no".into())),
            [text("c"), StreamEvent::Refusal("no".into())]
        );
    }

    #[test]
    fn only_the_end_of_a_wait_is_told() {
        let mut app = reduced();
        let request = app.ask("hello");
        let until = Some(app.at + std::time::Duration::from_secs(5));
        let event = TurnEvent::Waiting { until, cause: Cause::Provider };
        let effects = app.send(Message::Turn { turn: request.turn, event, at: app.at });
        assert_eq!(effects, until.map(Effect::WakeAt).into_iter().collect::<Vec<_>>());
    }
}
