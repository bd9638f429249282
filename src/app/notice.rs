//! Calling for attention: what is worth it, and when somebody is there to see it anyway.
//!
//! Terminals tell when they gain and lose the focus, but not whether they have it, and some (and tmux, unless it is
//! told to) never do. Until the first such report nobody knows: then whoever has pressed no key for a while is taken
//! to be away, as a notice too many does less harm than one that never comes.

use std::time::Duration;

use jiff::Timestamp;

use crate::chat::{ConversationId, ErrorKind, Message, Status};
use crate::config::access::NoticeWhen;
use crate::t;
use crate::text::Safe;

use super::block::{Names, kind_name};
use super::effect::Effect;
use super::model::Model;
use super::overlay::title_or_untitled;

/// Without a report of the focus, this long without a key is being away.
const AWAY: Duration = Duration::from_secs(20);
/// Notices that come faster than this are one.
const APART: Duration = Duration::from_secs(2);
/// A wait that is shorter than this is not worth a notice.
const LONG: Duration = Duration::from_secs(10);

/// What is known of whoever may be looking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attention {
    window: Window,
    /// When a notice was given last.
    given: Option<Timestamp>,
    /// How the last answer ended, until somebody is there.
    pub outcome: Option<Outcome>,
}

/// Whether the terminal has the focus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Window {
    #[default]
    Unknown,
    Focused,
    Unfocused,
}

/// How an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is whole.
    Done,
    /// It failed, or is cut off.
    Failed,
}

/// The terminal gained the focus.
pub fn focused(model: &mut Model) {
    model.attention.window = Window::Focused;
}

/// The terminal lost the focus.
pub fn unfocused(model: &mut Model) {
    model.attention.window = Window::Unfocused;
}

/// Somebody is there.
pub fn seen(model: &mut Model) {
    model.attention.outcome = None;
}

/// An answer has ended. One that was stopped ended because somebody is there.
pub fn ended(model: &mut Model, conversation: ConversationId, answer: &Message) -> Option<Effect> {
    let outcome = match answer.status {
        Status::Complete => Outcome::Done,
        Status::Cut | Status::Failed => Outcome::Failed,
        Status::Cancelled | Status::Streaming => return None,
    };
    model.attention.outcome = Some(outcome);
    let title = title_of(model, conversation);
    let failure = answer.provenance.as_ref().and_then(|provenance| provenance.failure.as_ref());
    let text = match (outcome, failure.map(|failure| failure.kind)) {
        (Outcome::Done, _) => {
            let tree = &model.open.conversation.tree;
            t!("app-notice-done", title = title, model = Names::of(model).speaker(answer, tree))
        }
        (Outcome::Failed, Some(ErrorKind::ContextWindow)) => t!("app-notice-too-long", title = title),
        (Outcome::Failed, Some(kind)) => t!("app-notice-failed", title = title, kind = kind_name(kind)),
        (Outcome::Failed, None) => t!("app-notice-cut", title = title),
    };
    give(model, text)
}

/// A turn waits for a route.
pub fn waits(model: &mut Model, conversation: ConversationId, until: Option<Timestamp>) -> Option<Effect> {
    if until.is_some_and(|until| until < model.now + LONG) {
        return None;
    }
    let title = title_of(model, conversation);
    give(model, t!("app-notice-waits", title = title))
}

fn give(model: &mut Model, text: Safe) -> Option<Effect> {
    let Attention { window, given, .. } = model.attention;
    let away = match window {
        Window::Focused => false,
        Window::Unfocused => true,
        Window::Unknown => model.now >= model.last_input + AWAY,
    };
    let wanted = match model.config.ui.access.notices.when {
        NoticeWhen::Unfocused => away,
        NoticeWhen::Always => true,
        NoticeWhen::Never => false,
    };
    if !wanted || given.is_some_and(|given| model.now < given + APART) {
        return None;
    }
    model.attention.given = Some(model.now);
    Some(Effect::Notice(text))
}

fn title_of(model: &Model, conversation: ConversationId) -> Safe {
    let listed = model.conversations.iter().find(|summary| summary.id == conversation);
    let open = Some(&model.open.conversation).filter(|open| open.id == conversation);
    let title = open.map(|open| &open.title).or(listed.map(|summary| &summary.title));
    title_or_untitled(title.map_or("", String::as_str))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::app::Message;
    use crate::app::testing::App;
    use crate::chat::StreamEvent;
    use crate::router::Cause;
    use crate::text::sanitise;
    use crate::turns::TurnEvent;

    /// The notices of a turn that ends so long after it was asked for.
    fn notices(app: &mut App, seconds: u64, status: Status) -> Vec<Effect> {
        let request = app.ask("hello");
        app.at += Duration::from_secs(seconds);
        app.say(request.turn, StreamEvent::Text("hi".into()));
        let mut effects = app.end(&request, "hi", status);
        effects.retain(|effect| matches!(effect, Effect::Notice(_)));
        effects
    }

    fn done() -> Vec<Effect> {
        vec![Effect::Notice(sanitise("hello: demo has answered"))]
    }

    #[test]
    fn who_looks_is_not_called() {
        let mut app = App::new(80, 24);
        app.send(Message::FocusGained { at: app.at });
        assert_eq!(notices(&mut app, 60, Status::Complete), []);
        app.send(Message::FocusLost { at: app.at });
        let answered = notices(&mut app, 1, Status::Complete);
        assert_eq!(answered.len(), 1, "{answered:?}");
    }

    #[test]
    fn where_the_focus_is_not_told_silence_is_being_away() {
        assert_eq!(notices(&mut App::new(80, 24), 19, Status::Complete), []);
        assert_eq!(notices(&mut App::new(80, 24), 20, Status::Complete), done());
    }

    #[test]
    fn each_ending_has_its_words_but_one_that_was_asked_for() {
        for (status, text) in [
            (Status::Complete, Some("hello: demo has answered")),
            (Status::Failed, Some("hello: failed, key refused")),
            (Status::Cut, Some("hello: the answer was cut off")),
            (Status::Cancelled, None),
        ] {
            let expected: Vec<Effect> = text.map(|text| Effect::Notice(sanitise(text))).into_iter().collect();
            assert_eq!(notices(&mut App::new(80, 24), 30, status), expected, "{status:?}");
        }
    }

    #[test]
    fn the_configuration_says_when() {
        for (when, seconds, count) in [(NoticeWhen::Always, 0, 1), (NoticeWhen::Never, 60, 0)] {
            let mut app = App::new(80, 24);
            Arc::make_mut(&mut app.model.config).ui.access.notices.when = when;
            assert_eq!(notices(&mut app, seconds, Status::Complete).len(), count, "{when:?}");
        }
    }

    #[test]
    fn a_long_wait_calls_once_and_a_short_one_does_not() {
        let mut app = App::new(80, 24);
        let request = app.ask("hello");
        app.send(Message::FocusLost { at: app.at });
        let mut wait = |seconds: u64| {
            let until = Some(app.at + Duration::from_secs(seconds));
            let event = TurnEvent::Waiting { until, cause: Cause::Provider };
            let effects = app.send(Message::Turn { turn: request.turn, event, at: app.at });
            effects.iter().filter(|effect| matches!(effect, Effect::Notice(_))).count()
        };
        assert_eq!([wait(5), wait(60), wait(60)], [0, 1, 0]);
    }

    #[test]
    fn how_it_ended_is_known_until_somebody_is_there() {
        let mut app = App::new(80, 24);
        notices(&mut app, 1, Status::Failed);
        assert_eq!(app.model.attention.outcome, Some(Outcome::Failed));
        app.keys("pageup");
        assert_eq!(app.model.attention.outcome, None);
    }
}
