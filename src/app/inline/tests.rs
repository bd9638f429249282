use proptest::prelude::*;

use super::*;
use crate::app::Message;
use crate::app::testing::{App, started};
use crate::chat::StreamEvent;
use crate::layout::colour::colour;
use crate::turns::TurnRequest;

/// The app on a shell's own screen, and what it printed.
struct Shell {
    app: App,
    printed: Vec<String>,
}

impl Shell {
    fn new(width: u16, height: u16) -> Self {
        let mut app = App::new(width, height);
        app.model.inline = Some(Box::new(Inline::new(app.model.size)));
        let mut shell = Self { app, printed: Vec::new() };
        shell.resize(width, height);
        shell
    }

    /// Sends a message, and answers what asks for colours.
    fn send(&mut self, message: Message) -> Vec<Effect> {
        let effects = self.app.send(message);
        self.hear(&effects);
        effects
    }

    fn hear(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Settle(rows) => self.printed.extend(rows.iter().map(words)),
                Effect::Colour(slice) => {
                    let (lines, state) = colour(&slice.language, slice.state.clone(), &slice.lines).unzip();
                    let lines = lines.unwrap_or_default();
                    self.send(Message::Coloured { of: slice.of, lines, state });
                }
                _ => {}
            }
        }
    }

    fn resize(&mut self, width: u16, height: u16) {
        let at = self.app.at;
        self.send(Message::Resize { size: Size { width, height }, at });
    }

    fn keys(&mut self, keys: &str) -> Vec<Effect> {
        let effects = self.app.keys(keys);
        self.hear(&effects);
        effects
    }

    fn ask(&mut self, text: &str) -> TurnRequest {
        self.app.type_text(text);
        started(&self.keys("enter"))
    }

    fn say(&mut self, request: &TurnRequest, text: &str) {
        let event = crate::turns::TurnEvent::Said(StreamEvent::Text(text.to_owned()));
        let at = self.app.at;
        self.send(Message::Turn { turn: request.turn, event, at });
    }

    fn end(&mut self, request: &TurnRequest, text: &str) {
        let effects = self.app.end(request, text, Status::Complete);
        self.hear(&effects);
    }

    fn turn(&mut self, prompt: &str, text: &str) {
        let request = self.ask(prompt);
        self.say(&request, text);
        self.end(&request, text);
    }

    /// What of the branch is in the area.
    fn open(&self) -> Vec<String> {
        let pane = &self.app.model.pane;
        let row = |(id, at): &(MessageId, usize)| words(&pane.layouts.get(*id).unwrap().row(*at).unwrap());
        pane.view.visible.iter().map(row).collect()
    }

    /// All of the branch, laid out at once.
    fn whole(&mut self) -> Vec<String> {
        let branch = self.app.model.pane.view.branch.clone();
        let rows = |id: MessageId| -> Vec<String> {
            let block = transcript::lay_out(&mut self.app.model, id).unwrap();
            (0..block.rows()).map(|at| words(&block.row(at).unwrap())).collect()
        };
        branch.into_iter().flat_map(rows).collect()
    }
}

fn words(row: &Row) -> String {
    row.pieces.iter().map(|piece| piece.text.as_str()).collect()
}

#[test]
fn what_is_settled_is_printed_and_what_is_open_stays_in_the_area() {
    let mut shell = Shell::new(60, 24);
    let request = shell.ask("why?");
    assert_eq!(shell.printed, ["you", "why?", ""]);
    shell.say(&request, "One.\n\nTwo **is");
    assert_eq!(shell.printed[3..], ["demo", "One."]);
    assert_eq!(shell.open(), ["", "Two **is"]);
    assert_eq!(shell.app.model.size, Size { width: 60, height: 2 + 4 });
    shell.say(&request, "** open.");
    assert_eq!(shell.open(), ["", "Two is open."]);
    shell.end(&request, "One.\n\nTwo **is** open.");
    assert_eq!(shell.open(), [""; 0]);
    let whole = shell.whole();
    assert_eq!(shell.printed, whole);
    assert_eq!(shell.app.model.size, Size { width: 60, height: 4 });
}

#[test]
fn code_is_printed_once_its_colours_are_known() {
    let mut shell = Shell::new(60, 24);
    let text = "So:\n\n```rust\nlet x = 1;\nlet y = 2;\n```\n\nAnd:\n\n```sh\nls\n```\n";
    shell.turn("code", text);
    assert_eq!(shell.open(), [""; 0]);
    let whole = shell.whole();
    assert_eq!(shell.printed, whole);
}

#[test]
fn an_area_that_is_full_shows_the_end_of_what_is_open() {
    let mut shell = Shell::new(40, 12);
    let request = shell.ask("long");
    let lines: Vec<String> = (0..30).map(|line| format!("line {line}")).collect();
    shell.say(&request, &lines.join("\n"));
    assert_eq!(shell.open(), lines[24..]);
    assert_eq!(shell.app.model.size, Size { width: 40, height: 6 + 4 });
    assert_eq!(shell.printed, ["you", "long", "", "demo"]);
}

#[test]
fn a_list_a_page_and_reading_back_take_the_whole_screen_and_nothing_is_printed_meanwhile() {
    let mut shell = Shell::new(60, 24);
    let request = shell.ask("why?");
    for (there, back) in [("ctrl-p", "esc"), ("tab", "esc"), ("f1", "esc"), ("pageup", "alt-end")] {
        shell.say(&request, &"A paragraph.\n\n".repeat(9));
        let before = shell.printed.len();
        shell.keys(there);
        assert_eq!(shell.app.model.size, Size { width: 60, height: 24 }, "{there}");
        shell.say(&request, "Another paragraph.\n\nAnd");
        assert_eq!(shell.printed.len(), before, "{there}");
        shell.keys(back);
        assert!(is_below(&shell.app.model), "{back}");
        assert!(shell.printed.len() > before, "{there}");
    }
    let text = format!("{}Another paragraph.\n\nAnd", "A paragraph.\n\n".repeat(9)).repeat(4);
    shell.end(&request, &text);
    let whole = shell.whole();
    assert_eq!(shell.printed, whole);
}

#[test]
fn another_branch_goes_on_below_a_rule_from_where_it_parts() {
    let mut shell = Shell::new(60, 24);
    shell.turn("one", "first");
    shell.turn("two", "second");
    let before = shell.printed.len();
    let request = started(&shell.keys("ctrl-x r"));
    shell.end(&request, "another");
    let printed = &shell.printed[before..];
    assert!(printed[0].starts_with("── Another branch, after “two” ──"), "{printed:?}");
    assert_eq!(printed[1..4], ["", "demo  ‹2/2›", "another"]);
    assert_eq!(width(&printed[0]), 56);
}

#[test]
fn another_conversation_has_its_title_above_it_and_of_a_long_one_the_end_is_printed() {
    let mut shell = Shell::new(60, 24);
    for turn in 0..15 {
        shell.turn(&format!("question {turn}"), "answer");
    }
    shell.app.model.open.conversation.title = "Fifteen".to_owned();
    let before = shell.printed.len();
    shell.keys("ctrl-x O");
    let printed = shell.printed.split_off(before);
    assert!(printed[0].starts_with("── Fifteen ──"), "{printed:?}");
    assert_eq!(printed[2..], shell.whole());
    let conversation = shell.app.model.open.conversation.clone();
    shell.keys("ctrl-x n");
    shell.turn("else", "where");
    assert!(shell.printed[before].starts_with("── New conversation ──"), "{:?}", &shell.printed[before..]);
    let before = shell.printed.len();
    let (id, at) = (conversation.id, shell.app.at);
    shell.send(Message::OpenRequested { conversation: id, at });
    let (conversation, draft) = (Box::new(conversation), None);
    shell.send(Message::ConversationLoaded { conversation, extent: Extent::Whole, draft });
    let printed = &shell.printed[before..];
    assert!(printed[0].starts_with("── Fifteen ──"), "{printed:?}");
    assert!(printed[2].starts_with("… 10 earlier messages"), "{printed:?}");
    assert_eq!(printed[4..6], ["you", "question 5"]);
}

#[test]
fn what_is_not_settled_is_printed_when_the_app_is_left() {
    let mut shell = Shell::new(60, 24);
    let request = shell.ask("why?");
    shell.say(&request, "One.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3");
    shell.keys("ctrl-p");
    let rest = rest(&mut shell.app.model);
    shell.printed.extend(rest.iter().map(words));
    let whole = shell.whole();
    assert_eq!(shell.printed, whole);
}

/// What answers are made of.
fn piece() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "word ",
        "**bold",
        "** ",
        "\n",
        "\n\n",
        "- item\n",
        "1. one\n",
        "> quote\n",
        "```rust\n",
        "let x = 1;\n",
        "```\n",
        "| a | b |\n",
        "|---|---|\n",
        "| 1 | two words |\n",
        "# Heading\n",
        "===\n",
        "[link](https://a.example) ",
        "$$x^2$$\n",
        "<div>\n",
        "日本 ",
        "[^1] ",
        "[^1]: note\n",
        "    code\n",
        "a very long word of many letters, ",
    ];
    prop::sample::select(PIECES).prop_map(str::to_owned)
}

proptest! {
    #[test]
    fn whatever_comes_is_printed_once_and_in_its_order(
        answers in prop::collection::vec(prop::collection::vec(piece(), 1..40), 1..4),
        width in 40u16..90,
        height in 12u16..40,
    ) {
        let mut shell = Shell::new(width, height);
        for answer in answers {
            let request = shell.ask("why?");
            for piece in &answer {
                shell.say(&request, piece);
                let (whole, open) = (shell.whole(), shell.open());
                prop_assert!(whole.starts_with(&shell.printed), "{:?} {:?}", shell.printed, whole);
                prop_assert!(whole[..whole.len() - 1].ends_with(&open));
                prop_assert!(shell.printed.len() + open.len() < whole.len());
                prop_assert!(shell.app.model.size.height < height);
            }
            shell.end(&request, &answer.concat());
            let whole = shell.whole();
            prop_assert_eq!(&shell.printed, &whole);
        }
    }

    #[test]
    fn a_window_that_changes_meanwhile_loses_no_word_and_repeats_none(
        answer in prop::collection::vec((0usize..4, 40u16..100), 1..30),
    ) {
        let mut shell = Shell::new(60, 24);
        let request = shell.ask("why?");
        let mut text = String::new();
        for (nth, (kind, width)) in answer.iter().enumerate() {
            let words: Vec<String> = (0..12).map(|word| format!("w{nth}x{word}")).collect();
            // Rows of code break anywhere: its lines are short.
            let said = match kind {
                0 => format!("{}\n\n", words.join(" ")),
                1 => format!("```\n{}\n```\n", words.join("\n")),
                2 => format!("- {}\n", words.join(" ")),
                _ => format!("{}\n", words.join(" ")),
            };
            text.push_str(&said);
            shell.say(&request, &said);
            shell.resize(*width, 24);
        }
        shell.end(&request, &text);
        let all = |text: &str| text.split_whitespace().filter(|word| word.starts_with('w') && word.contains('x')).map(str::to_owned).collect::<Vec<_>>();
        prop_assert_eq!(all(&shell.printed.join("\n")), all(&text));
    }
}
