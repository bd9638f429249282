//! What a person is told, from the greeting to the end, as one text.

use super::*;
use crate::app::testing::{App, answer, litellm, models, noon, started};
use crate::app::{Effect, Message};
use crate::chat::{Part, StreamEvent};
use crate::turns::{TurnEvent, TurnRequest};

/// The app, and whoever tells it.
struct Told {
    app: App,
    narrator: Narrator,
    text: String,
}

impl Told {
    fn new() -> Self {
        let mut app = App::new(64, 24);
        app.model.pane.route = litellm("claude-sonnet");
        app.send(Message::ModelsLoaded { list: models(3), at: noon() });
        let narrator = Narrator::new(&app.model);
        let mut told = Self { app, narrator, text: String::new() };
        told.hear();
        told.ask();
        told
    }

    fn hear(&mut self) {
        self.narrator.hear(&self.app.model);
        let text = self.narrator.take();
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{:?}", text.as_str());
        self.text.push_str(&text);
    }

    fn ask(&mut self) {
        self.narrator.ask(&self.app.model);
        self.hear();
    }

    /// Types a line, as the terminal shows it. Returns what it led to.
    fn line(&mut self, line: &str) -> Vec<Effect> {
        self.text.push_str(line);
        self.text.push('\n');
        let message = self.narrator.entered(&self.app.model, line.to_owned(), self.app.at);
        let effects = message.map(|message| self.app.send(message)).unwrap_or_default();
        self.hear();
        effects
    }

    fn say(&mut self, turn: &TurnRequest, event: StreamEvent) {
        self.app.say(turn.turn, event);
        self.hear();
    }

    fn end(&mut self, request: &TurnRequest, text: &str, status: Status) {
        self.app.end(request, text, status);
        self.hear();
        self.ask();
    }

    /// What was told since this was asked last.
    fn since(&mut self) -> String {
        std::mem::take(&mut self.text)
    }
}

fn text(text: &str) -> StreamEvent {
    StreamEvent::Text(text.to_owned())
}

#[test]
fn a_session_reads_from_its_beginning_to_its_end() {
    let mut told = Told::new();
    let first = started(&told.line("Why does the borrow checker reject this?"));
    told.say(&first, StreamEvent::Reasoning("The scope of x matters.".into()));
    told.say(&first, text("Because `x` does not live long enough for what borrows it:\n\n"));
    told.say(&first, text("```rust\nlet r;\n```\nThe *block* ends"));
    told.say(&first, text(" before `r` is used."));
    let all = "Because `x` does not live long enough for what borrows it:\n\n```rust\nlet r;\n```\nThe *block* ends \
               before `r` is used.";
    let mut ended = answer(&first, all, Status::Complete);
    ended.parts.insert(0, Part::Reasoning { text: "The scope of x matters.".into() });
    let event = TurnEvent::Ended(Box::new(ended));
    told.app.send(Message::Turn { turn: first.turn, event, at: noon() });
    told.hear();
    told.ask();
    let again = started(&told.line("/regenerate"));
    told.say(&again, text("It is a lifetime error."));
    told.end(&again, "It is a lifetime error.", Status::Complete);
    told.line("/siblings");
    told.ask();
    told.line("1");
    told.ask();
    told.line("/model");
    told.ask();
    told.line("2");
    told.ask();
    told.line("/fold");
    told.ask();
    told.line("/tree");
    told.ask();
    told.line("");
    told.ask();
    insta::assert_snapshot!(told.since());
}

#[test]
fn what_went_wrong_is_told_with_what_can_be_done() {
    let mut told = Told::new();
    told.since();
    let failed = started(&told.line("one"));
    told.end(&failed, "", Status::Failed);
    assert_eq!(
        told.since(),
        "one\n\nclaude-sonnet answers:\nFailed, key refused 401: Invalid API key provided. Enter\nanother key with \
         Ctrl+X k\n/regenerate asks again.\n> "
    );
    let cut = started(&told.line("/regenerate"));
    told.say(&cut, text("Half of"));
    told.end(&cut, "Half of", Status::Cut);
    told.since();
    let on = started(&told.line("/continue"));
    told.say(&on, text(" it."));
    told.end(&on, "Half of it.", Status::Complete);
    let said = told.since();
    assert!(said.contains("answers:\nit.\nEnd of answer"), "{said}");
}

#[test]
fn a_menu_is_filtered_read_on_and_left() {
    let mut told = Told::new();
    told.app.send(Message::ModelsLoaded { list: models(40), at: noon() });
    told.since();
    told.line("/model");
    let said = told.since();
    assert!(said.contains("\n12. ") && !said.contains("\n13. ") && said.contains(": + reads on."), "{said}");
    // A list that is fetched again is not read again, and its numbers stay.
    told.app.send(Message::ModelsLoaded { list: models(41), at: noon() });
    told.hear();
    assert_eq!(told.since(), "");
    told.line("+");
    assert!(told.since().starts_with("+\n13. "));
    told.line("model-7");
    let said = told.since();
    assert!(said.contains("\n1. model-7, "), "{said}");
    told.line("99");
    assert_eq!(told.since(), "99\nThere is no number 99.\n");
    told.line("1");
    told.ask();
    assert_eq!(told.since(), "1\nNow asking LiteLLM/work, model-7.\n> ");
    told.line("/model");
    told.since();
    told.line("");
    told.ask();
    assert_eq!(told.since(), "\n> ");
}

#[test]
fn a_key_is_asked_for_unseen_and_never_told() {
    let mut told = Told::new();
    told.line("/key");
    told.ask();
    assert_eq!(Narrator::typed(&told.app.model), Typed::Unseen);
    let effects = told.app.send(Message::Line { text: "sk-secret".into(), at: noon() });
    assert_eq!(effects, []);
    told.narrator.entered(&told.app.model, String::new(), noon());
    told.hear();
    told.ask();
    assert_eq!(Narrator::typed(&told.app.model), Typed::Seen);
    assert!(!told.since().contains("sk-secret"));
}

#[test]
fn an_empty_command_is_answered_too() {
    let mut told = Told::new();
    told.since();
    told.line("/bottom");
    told.ask();
    assert_eq!(told.since(), "/bottom\nDone.\n> ");
    told.line("/nonsuch");
    told.ask();
    assert!(told.since().contains("Attention: "));
}

#[test]
fn help_tells_every_command_that_makes_sense_here() {
    let mut told = Told::new();
    told.since();
    told.line("/help");
    let said = told.since();
    for name in [
        "/model",
        "/branches",
        "/siblings",
        "/regenerate",
        "/edit",
        "/fork",
        "/tree",
        "/copy",
        "/usage",
        "/quit",
    ] {
        assert!(said.contains(&format!("\n{name} - ")), "{name}");
    }
    for name in ["/split-right", "/page-down", "/mouse"] {
        assert!(!said.contains(&format!("\n{name} - ")), "{name}");
    }
}
