//! The prompt in its states: what is folded, hidden, selected, offered, looked for.

use super::*;
use crate::app::effect::{Dots, Listing};

const SIZES: [(u16, u16); 3] = [(80, 24), (200, 50), (40, 12)];

/// What is below the transcript, and so many rows of it.
fn foot(app: &App, rows: usize) -> String {
    let shown = screen(app);
    let lines: Vec<&str> = shown.lines().collect();
    lines[lines.len() - rows..].join("\n")
}

#[test]
fn a_long_paste_is_a_label_and_what_hides_is_told_below() {
    let shown = SIZES.map(|(width, height)| {
        let mut app = App::new(width, height);
        app.type_text("why? ");
        let text = format!("{}\u{200b}\u{202e}\u{1b}", "a line of a log\n".repeat(20_311));
        let at = app.at;
        app.send(Message::Paste { text, at });
        app.type_text(" thanks");
        foot(&app, 5)
    });
    insta::assert_snapshot!("writing_folded", shown.join("\n\n"));
}

#[test]
fn vi_modes_are_told_above_the_prompt_and_what_is_selected_is_marked() {
    let mut app = App::new(80, 24);
    let mut shown = Vec::new();
    for keys in ["ctrl-x j o n e ctrl-j t w o", "esc", "v k", "V"] {
        app.keys(keys);
        app.model.toast = None;
        shown.push(foot(&app, 5));
    }
    insta::assert_snapshot!("writing_vi", shown.join("\n\n"));
    let theme = Theme::terminal();
    let mut selected = ratatui::buffer::Cell::EMPTY;
    selected.set_style(theme.style(theme::Role::Selected));
    let shown = buffer(&app.model, &theme);
    let marked = |y: u16| (0..80).filter(|x| shown[(*x, y)].style() == selected.style()).count();
    // The cursor is in the first line, where the selection ends.
    assert_eq!((marked(21), marked(22)), (3, 3));
}

#[test]
fn prompts_of_before_are_looked_for_at_the_foot() {
    let mut app = App::new(80, 24);
    app.model.history.add("fix the\nparser");
    app.type_text("draft");
    app.keys("ctrl-r p a r");
    let found = foot(&app, 5);
    app.keys("x");
    insta::assert_snapshot!("writing_recall", [found, foot(&app, 5)].join("\n\n"));
}

#[test]
fn what_is_offered_stands_above_the_prompt() {
    let shown = SIZES.map(|(width, height)| {
        let mut app = App::new(width, height);
        app.type_text("/mod");
        app.keys("down");
        foot(&app, 12)
    });
    insta::assert_snapshot!("writing_commands", shown.join("\n\n"));
    let mut app = App::new(80, 24);
    app.type_text("see @m");
    let found = ["src/", "src/main.rs", "notes/my march.md"].map(ToOwned::to_owned).to_vec();
    app.send(Message::FilesListed { listing: Listing::Below(Dots::Hidden), found });
    insta::assert_snapshot!("writing_files", foot(&app, 8));
}

#[test]
fn the_variables_of_a_prompt_are_asked_for() {
    let shown = SIZES.map(|(width, height)| {
        let mut app = App::new(width, height);
        app.model.prompts = vec![crate::config::SavedPrompt {
            name: "tr".into(),
            text: "Translate {{text}} to {{language}}".into(),
            description: String::new(),
        }];
        app.type_text("/tr");
        app.keys("enter");
        app.type_text("good day");
        app.keys("tab");
        screen(&app)
    });
    insta::assert_snapshot!("writing_variables", shown.join("\n\n"));
}
