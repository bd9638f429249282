//! Going on where an earlier run ended: at the answer that it did not wait for.
//!
//! A lost line, a closed window and a crash all end in the same place: what had come of the answer is stored, and the
//! next run begins on a new conversation. That one tells of it, and one key leads back.

use crate::chat::ConversationId;
use crate::t;
use crate::text::sanitise_line;

use super::conversation;
use super::effect::Effect;
use super::model::{Focus, Model, Mood};
use super::panes;

/// A conversation that was left in the middle of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfinished {
    /// Which.
    pub conversation: ConversationId,
    /// Its title. Untrusted text.
    pub title: String,
}

/// Opens it at the answer, so that the next key can be the one that goes on.
pub fn open(model: &mut Model) -> Vec<Effect> {
    let Some(Unfinished { conversation, title }) = model.unfinished.take() else {
        return vec![model.notify(t!("app-nothing-unfinished"), Mood::Plain)];
    };
    let mut effects = match model.panes.showing(conversation) {
        Some(pane) => panes::focus(model, pane),
        None => conversation::open_conversation(model, conversation),
    };
    model.focus = Focus::Transcript;
    effects.push(model.notify(t!("app-resumed", title = sanitise_line(&title)), Mood::Plain));
    effects
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::app::Message;
    use crate::app::testing::App;

    #[test]
    fn one_key_opens_the_conversation_that_was_cut_off() {
        let mut app = App::new(80, 24);
        let conversation = ConversationId(Uuid::from_u128(9));
        app.send(Message::UnfinishedFound(Unfinished { conversation, title: "Loans".to_owned() }));
        assert!(app.keys("ctrl-x B").contains(&Effect::LoadConversation(conversation)));
        assert_eq!((app.model.open.conversation.id, app.model.focus), (conversation, Focus::Transcript));
        assert_eq!(app.keys("ctrl-x B"), []);
        assert_eq!(app.model.toast.map(|toast| toast.text), Some(t!("app-nothing-unfinished")));
    }
}
