//! Stars and labels: what a person puts on a message to find it again.

use crate::chat::{Mark, MessageId};

use super::effect::Effect;
use super::form::Form;
use super::model::Model;
use super::overlay::Overlay;

/// Puts a star on a message, or takes it away.
pub fn star(model: &mut Model, message: MessageId) -> Vec<Effect> {
    let before = model.open.conversation.tree.mark(message).cloned().unwrap_or_default();
    put(model, message, Mark { starred: !before.starred, ..before })
}

/// Asks for a message's label.
pub fn ask_label(model: &mut Model, message: MessageId) {
    let mark = model.open.conversation.tree.mark(message);
    let label = mark.and_then(|mark| mark.label.clone()).unwrap_or_default();
    model.overlays.push(Overlay::Form(Form::label(message, &label)));
}

/// Gives a message a label; an empty one takes it away.
pub fn label(model: &mut Model, message: MessageId, label: &str) -> Vec<Effect> {
    let before = model.open.conversation.tree.mark(message).cloned().unwrap_or_default();
    put(model, message, before.labelled(label))
}

fn put(model: &mut Model, message: MessageId, mark: Mark) -> Vec<Effect> {
    let conversation = model.open.conversation.id;
    model.open.conversation.tree.set_mark(message, mark.clone());
    vec![Effect::SetMark { conversation, message, mark }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::App;

    #[test]
    fn a_star_and_a_label_are_put_on_a_message_and_taken_away_and_stored() {
        let mut app = App::new(80, 24);
        app.turn("one", "first");
        let conversation = app.model.open.conversation.id;
        let message = app.model.pane.view.branch[0];
        let stored = |starred, label: Option<&str>| {
            let mark = Mark { starred, label: label.map(str::to_owned) };
            vec![Effect::SetMark { conversation, message, mark }]
        };
        assert_eq!(app.keys("alt-t t g s"), stored(true, None));
        app.keys("l");
        app.type_text("where it began");
        assert_eq!(app.keys("enter"), stored(true, Some("where it began")));
        assert_eq!(app.keys("s"), stored(false, Some("where it began")));
        app.keys("l ctrl-u");
        assert_eq!(app.keys("enter"), stored(false, None));
        assert_eq!(app.model.open.conversation.tree.marks().count(), 0);
        assert!(matches!(app.model.overlays.as_slice(), [Overlay::Tree(_)]));
    }
}
