//! What leaves the app on a person's word: a block of code for a file, a text for a command.
//!
//! Names and command lines are typed by the person; what a model wrote goes through the file's contents or the
//! command's input alone. A name that code suggests in its first line is only put in the form, and only a plain one.

use crate::chat::MessageId;
use crate::t;
use crate::text::{Safe, sanitise, sanitise_line};

use super::effect::{Effect, Replace};
use super::field::FieldId;
use super::form::Form;
use super::message::{NotSaved, Piped};
use super::model::{Model, Mood};
use super::overlay::{self, Overlay};
use super::picker::{Choice, Entry, List, ListKind};
use super::{copies, select, transcript};

/// Endings of the files that languages are written in, where that is not the language's own name.
const ENDINGS: [(&str, &str); 18] = [
    ("rust", "rs"),
    ("python", "py"),
    ("javascript", "js"),
    ("typescript", "ts"),
    ("bash", "sh"),
    ("shell", "sh"),
    ("zsh", "sh"),
    ("c++", "cpp"),
    ("csharp", "cs"),
    ("ruby", "rb"),
    ("haskell", "hs"),
    ("kotlin", "kt"),
    ("markdown", "md"),
    ("yaml", "yaml"),
    ("perl", "pl"),
    ("powershell", "ps1"),
    ("golang", "go"),
    ("text", "txt"),
];

/// The name that a block of code is offered to be saved by: the one its first line tells, else by its language.
fn name_for(language: &str, source: &str) -> String {
    let first = source.lines().next().unwrap_or_default();
    let told = first.strip_prefix("#!").map_or(first, |_| "");
    let told = told.trim_start_matches(['/', '#', '-', ';', '<', '!', '*', ' ', '%']);
    let told = told.trim_end_matches(['-', '>', '*', '/', ' ']);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let is_name = told != first
        && told.len() <= 64
        && told.chars().all(plain)
        && !told.starts_with(['.', '-'])
        && told.rsplit_once('.').is_some_and(|(stem, ending)| !stem.is_empty() && !ending.is_empty());
    if is_name {
        return told.to_owned();
    }
    let language = language.to_ascii_lowercase();
    let known = ENDINGS.iter().find(|(name, _)| *name == language).map(|(_, ending)| *ending);
    let is_ending =
        !language.is_empty() && language.len() <= 8 && language.chars().all(|c| c.is_ascii_alphanumeric());
    let ending = known.unwrap_or(if is_ending { &language } else { "txt" });
    format!("code.{ending}")
}

/// Asks for the name of a file for a block of code of the message that commands are about: the only one, or one of a list.
pub fn save(model: &mut Model) -> Vec<Effect> {
    let Some(id) = copies::said(model) else {
        return vec![model.notify(t!("app-no-code"), Mood::Plain)];
    };
    transcript::lay_out(model, id);
    let mut entries = overlay::code_blocks(model, id);
    for entry in &mut entries {
        if let Choice::Copy(source) = &entry.choice {
            entry.choice = Choice::Save(name_for(&entry.owner, source), source.clone());
        }
    }
    match entries.as_slice() {
        [] => vec![model.notify(t!("app-no-code"), Mood::Plain)],
        [Entry { choice: Choice::Save(name, text), .. }] => {
            let (name, text) = (name.clone(), text.clone());
            ask_name(model, &name, text);
            Vec::new()
        }
        _ => {
            model.overlays.push(Overlay::List(List::new(ListKind::Code, entries)));
            Vec::new()
        }
    }
}

/// The longest name that is made of a title, in characters, before its ending.
const LONGEST_NAME: usize = 48;

/// Asks for the name of a file for the branch, as Markdown.
pub fn save_branch(model: &mut Model) -> Vec<Effect> {
    let text = copies::branch(model);
    if text.is_empty() {
        return vec![model.notify(t!("app-nothing-to-copy"), Mood::Plain)];
    }
    ask_name(model, &name_of(&model.open.conversation.title), text);
    Vec::new()
}

/// The name of a file after a title: its letters and digits, with hyphens for what is between them.
fn name_of(title: &str) -> String {
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let stem: String =
        words.collect::<Vec<_>>().join("-").to_lowercase().chars().take(LONGEST_NAME).collect();
    let stem = if stem.is_empty() { "conversation" } else { stem.trim_end_matches('-') };
    format!("{stem}.md")
}

/// Asks for the name of a file.
pub fn ask_name(model: &mut Model, name: &str, text: String) {
    model.overlays.push(Overlay::Form(Form::save(name, text, None)));
}

/// Enter in the form: the file is written, unless there is one and nobody said that it may be replaced.
pub fn named(form: &mut Form, text: &str, there: Option<&str>) -> Option<Effect> {
    let path = form.line(FieldId::Path).to_owned();
    if path.is_empty() {
        form.problem = Some(t!("app-save-unnamed"));
        return None;
    }
    let replace = if there == Some(path.as_str()) { Replace::Allowed } else { Replace::Refused };
    Some(Effect::SaveFile { path, text: sanitise(text), replace })
}

/// A file was written, or not.
pub fn saved(model: &mut Model, path: &str, text: &Safe, result: Result<String, NotSaved>) -> Vec<Effect> {
    match result {
        Ok(full) => {
            let size = copies::size(text.len());
            vec![model.notify(t!("app-saved", path = full, size = size), Mood::Plain)]
        }
        Err(NotSaved::Exists) => {
            let mut form = Form::save(path, text.to_string(), Some(path.to_owned()));
            form.problem = Some(t!("app-save-exists", path = path));
            model.overlays.push(Overlay::Form(form));
            Vec::new()
        }
        Err(NotSaved::Failed(reason)) => {
            vec![model.notify(t!("app-not-saved", path = path, reason = reason), Mood::Bad)]
        }
    }
}

/// Asks for the command that gets what is selected, else the message.
pub fn pipe(model: &mut Model, message: Option<MessageId>) -> Vec<Effect> {
    let said = message.and_then(|id| model.open.conversation.tree.get(id)).map(crate::chat::Message::text);
    match select::text(model).or(said).filter(|text| !text.is_empty()) {
        Some(text) => {
            model.pane.select = None;
            model.overlays.push(Overlay::Form(Form::pipe(text)));
            Vec::new()
        }
        None => vec![model.notify(t!("app-nothing-to-copy"), Mood::Plain)],
    }
}

/// A command ended: its output is a list of lines, to be read, filtered and copied.
pub fn piped(model: &mut Model, piped: &Piped) -> Vec<Effect> {
    let told = match &piped.result {
        Ok(0) => t!("app-piped", command = piped.command.as_str()),
        Ok(code) => t!("app-piped-code", command = piped.command.as_str(), code = *code),
        Err(reason) => {
            t!("app-not-piped", command = piped.command.as_str(), reason = reason.as_str())
        }
    };
    let mood = if piped.result == Ok(0) { Mood::Plain } else { Mood::Bad };
    if !piped.output.is_empty() {
        let line = |line: &str| Entry::new(Choice::Copy(line.to_owned()), sanitise_line(line));
        let all = Entry {
            owner: t!("app-output"),
            detail: copies::size(piped.output.len()),
            ..Entry::new(Choice::Copy(piped.output.to_string()), sanitise_line(&piped.command))
        };
        let entries = std::iter::once(all).chain(piped.output.lines().map(line)).collect();
        model.overlays.push(Overlay::List(List::new(ListKind::Copy, entries)));
    }
    vec![model.notify(told, mood)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Message;
    use crate::app::testing::App;

    #[test]
    fn a_block_is_offered_a_name_by_its_first_comment_or_its_language() {
        for (language, source, expected) in [
            ("rust", "// main.rs\nfn main() {}", "main.rs"),
            ("html", "<!-- index.html -->\n<p>", "index.html"),
            ("python", "print()", "code.py"),
            ("", "x", "code.txt"),
            ("toml", "# ../../etc/passwd.x\n", "code.toml"),
            ("sh", "# .bashrc", "code.sh"),
            ("sh", "#!/bin/sh\n", "code.sh"),
            ("we$rd", "main.rs", "code.txt"),
        ] {
            assert_eq!(name_for(language, source), expected, "{source}");
        }
    }

    #[test]
    fn the_branch_is_saved_as_markdown_under_its_title() {
        let mut app = App::new(80, 24);
        app.turn("one", "first");
        app.model.open.conversation.title = "Über: Rust & du/../x".to_owned();
        app.keys("ctrl-x v D");
        let effects = app.keys("enter");
        let path = "über-rust-du-x.md".to_owned();
        let text = sanitise("## you\n\none\n\n## demo\n\nfirst\n");
        assert_eq!(effects, [Effect::SaveFile { path, text, replace: Replace::Refused }]);
        assert_eq!(name_of("…"), "conversation.md");
    }

    #[test]
    fn a_file_that_is_there_is_replaced_only_after_a_second_enter() {
        let mut app = App::new(80, 24);
        app.turn("one", "```rust\nlet x;\n```\n");
        app.keys("alt-t D");
        let (path, text) = ("code.rs".to_owned(), sanitise("let x;\n"));
        let save = |replace| Effect::SaveFile { path: path.clone(), text: text.clone(), replace };
        assert_eq!(app.keys("enter"), [save(Replace::Refused)]);
        app.send(Message::Saved { path: path.clone(), text: text.clone(), result: Err(NotSaved::Exists) });
        assert_eq!(app.keys("enter"), [save(Replace::Allowed)]);
    }

    #[test]
    fn a_message_goes_to_the_input_of_a_command_and_its_output_is_shown() {
        let mut app = App::new(80, 24);
        app.turn("one", "two words");
        app.keys("alt-t ctrl-x v |");
        app.type_text("wc -w");
        let effects = app.keys("enter");
        assert_eq!(effects, [Effect::Pipe { command: "wc -w".into(), text: sanitise("two words") }]);
        let output = sanitise("2\n");
        app.send(Message::Piped(Piped { command: "wc -w".into(), output, result: Ok(0) }));
        assert_eq!(crate::app::testing::list_names(&app, 2), ["wc -w", "2"]);
    }
}
