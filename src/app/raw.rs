//! Messages as they are written: Markdown is rendered unless a person wants to see its source, of one message or of all.

use std::collections::BTreeSet;

use crate::chat::MessageId;
use crate::layout::View;
use crate::t;

use super::effect::Effect;
use super::model::{Model, Mood};

/// Which messages are shown as they are written.
#[derive(Clone, Debug, Default)]
pub struct Views {
    /// How messages are shown.
    all: View,
    /// Those that are shown the other way.
    others: BTreeSet<MessageId>,
}

impl Views {
    /// How a message is shown.
    pub fn of(&self, message: MessageId) -> View {
        if self.others.contains(&message) { other(self.all) } else { self.all }
    }
}

fn other(view: View) -> View {
    match view {
        View::Rendered => View::Raw,
        View::Raw => View::Rendered,
    }
}

/// Shows a message the other way, in every pane.
pub fn toggle(model: &mut Model, message: MessageId) {
    let others = &mut model.views.others;
    if !others.remove(&message) {
        others.insert(message);
    }
    model.pane.drop_block(message);
    model.panes.others_mut(&model.open).for_each(|(pane, _)| pane.drop_block(message));
}

/// Shows every message the other way.
pub fn toggle_all(model: &mut Model) -> Vec<Effect> {
    model.views = Views { all: other(model.views.all), others: BTreeSet::new() };
    model.pane.drop_blocks();
    model.panes.others_mut(&model.open).for_each(|(pane, _)| pane.drop_blocks());
    let text = match model.views.all {
        View::Rendered => t!("app-rendered-all"),
        View::Raw => t!("app-raw-all"),
    };
    vec![model.notify(text, Mood::Plain)]
}

#[cfg(test)]
mod tests {
    use crate::app::testing::App;

    fn said(app: &App) -> Vec<String> {
        let row = |(id, at): &(_, usize)| app.model.pane.layouts.get(*id)?.said(*at);
        app.model.pane.view.visible.iter().filter_map(row).collect()
    }

    #[test]
    fn markdown_is_shown_as_it_is_written_for_one_message_or_for_all() {
        let mut app = App::new(80, 24);
        app.turn("say *it*", "a **b** c");
        assert_eq!(said(&app), ["say it", "a b c"]);
        app.keys("alt-t R");
        assert_eq!(said(&app), ["say it", "a **b** c"]);
        app.keys("R ctrl-x v M");
        assert_eq!(said(&app), ["say *it*", "a **b** c"]);
        app.keys("R");
        assert_eq!(said(&app), ["say *it*", "a b c"]);
        app.keys("ctrl-x v M");
        assert_eq!(said(&app), ["say it", "a b c"]);
    }
}
