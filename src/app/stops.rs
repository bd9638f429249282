//! Headings and blocks of code as places to go to, of whichever message of the branch.

use crate::chat::Message;
use crate::chat::tree::Neighbour;
use crate::t;
use crate::text::width::width;

use super::block::Block;
use super::command::CommandId;
use super::effect::Effect;
use super::find::{Mark, Which};
use super::jumps;
use super::model::{Model, Mood};
use super::transcript::{self, Anchor, Layouts, View};

/// What is gone to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A heading.
    Heading,
    /// A block of code.
    Code,
}

impl Stop {
    /// Whether a message may have one, told without laying it out.
    fn may_be_in(self) -> fn(&Message) -> bool {
        match self {
            Self::Heading => |message| {
                let text = message.text();
                ["#", "\n=", "\n-"].iter().any(|sign| text.contains(sign))
            },
            Self::Code => |message| {
                let text = message.text();
                ["```", "~~~", "    ", "\t"].iter().any(|sign| text.contains(sign))
            },
        }
    }

    fn rows(self) -> fn(&Block) -> Vec<usize> {
        match self {
            Self::Heading => Block::headings,
            Self::Code => Block::code_rows,
        }
    }
}

/// To the next one, or the one before. The number that a block of code is copied by is told.
pub fn go(model: &mut Model, stop: Stop, way: Neighbour) -> Vec<Effect> {
    let Some((message, row)) = transcript::seek(model, way, stop.may_be_in(), stop.rows()) else {
        let text = match stop {
            Stop::Heading => t!("app-no-more-headings"),
            Stop::Code => t!("app-no-more-code"),
        };
        return vec![model.notify(text, Mood::Plain)];
    };
    jumps::record(model);
    let (view, layouts) = model.pane.reading_mut();
    view.anchor = Anchor::At(message, row);
    (view.cursor, view.stop) = (Some(message), Some((message, row)));
    let number = layouts.get(message).and_then(|block| Some(block.code_at(row)?.1.number));
    let count = layouts.get(message).map_or(0, |block| block.code().count());
    match (stop, number) {
        (Stop::Code, Some(number)) => {
            let keys = model.keymap.keys_of(CommandId::CopyCode).join(", ");
            vec![model.notify(t!("app-code-stop", number = number, count = count, keys = keys), Mood::Plain)]
        }
        (Stop::Code, None) | (Stop::Heading, _) => Vec::new(),
    }
}

/// Marks the one that was gone to, which is not always the first row of the screen.
pub fn mark_visible(view: &mut View, layouts: &Layouts) {
    let Some((message, at)) = view.stop else { return };
    let Some(row) = view.visible.iter().position(|visible| *visible == (message, at)) else { return };
    let said = layouts.get(message).and_then(|block| block.said(at)).unwrap_or_default();
    let left = width(&said) - width(said.trim_start());
    view.marks.push(Mark { row, left, cells: width(said.trim()), which: Which::Here });
}

#[cfg(test)]
mod tests {
    use crate::app::testing::App;

    fn gone_to(app: &App) -> String {
        let view = &app.model.pane.view;
        let (message, row) = view.stop.unwrap();
        assert!(view.visible.contains(&(message, row)));
        app.model.pane.layouts.get(message).unwrap().said(row).unwrap().trim().to_owned()
    }

    fn app() -> App {
        let mut app = App::new(80, 24);
        let rows = "line\n\n".repeat(20);
        app.turn("## asked", &format!("# one\n\n{rows}\n```rs\nlet a;\n```\n\n{rows}## two\n\ntext"));
        app.turn("more", &format!("{rows}```\nb\n```\n\n### three\n\n{rows}"));
        app.keys("alt-t g");
        app
    }

    #[test]
    fn headings_of_every_message_are_walked_both_ways_and_stay_in_view() {
        let mut app = app();
        let mut walked = Vec::new();
        for key in [";", ";", ";", ";", ",", ","] {
            app.keys(key);
            walked.push(gone_to(&app));
        }
        assert_eq!(walked, ["asked", "one", "two", "three", "two", "one"]);
        app.keys("; ; ;");
        assert!(app.model.toast.is_some());
        assert_eq!(gone_to(&app), "three");
    }

    #[test]
    fn blocks_of_code_are_walked_and_the_number_to_copy_by_is_told() {
        let mut app = app();
        app.keys(">");
        assert_eq!(app.model.toast.as_ref().unwrap().text.as_str(), "code 1 of 1 · ^X Y, Y copies");
        assert!(gone_to(&app).ends_with("let a;"), "{}", gone_to(&app));
        app.keys(">");
        assert!(gone_to(&app).ends_with('b'));
        app.keys("<");
        assert!(gone_to(&app).ends_with("let a;"));
    }

    #[test]
    fn a_long_conversation_without_headings_is_not_laid_out_to_look_for_one() {
        let mut app = App::new(80, 24);
        let mut tree = crate::chat::Tree::default();
        for n in 1..=2_000u128 {
            tree.add(crate::chat::tree::tests::message(n, (n > 1).then(|| n - 1), "text"));
        }
        app.model.open.conversation.tree = tree;
        app.model.pane.view.read(&app.model.open.conversation.tree);
        app.keys("alt-t ,");
        assert!(app.model.pane.layouts.len() < 50, "{}", app.model.pane.layouts.len());
    }
}
