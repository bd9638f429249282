//! Saved prompts: those of the configuration and the files beside it, asked for as `/name`.
//!
//! `{{name}}` in a prompt is a variable: a form asks for each, and `{{last}}` is the last answer. What comes out is
//! put in the composer, to be read and sent by the person.

use crate::chat::Role;
use crate::config::SavedPrompt;

use super::conversation;
use super::effect::Effect;
use super::form::{Form, FormKind};
use super::model::{Focus, Model};
use super::overlay::Overlay;

/// The variable that is the last answer.
const LAST: &str = "last";

/// Every saved prompt; of two with one name the configured one.
pub fn all(model: &Model) -> impl Iterator<Item = &SavedPrompt> {
    let configured = &model.config.prompts;
    let filed = model.prompts.iter().filter(|filed| configured.iter().all(|other| other.name != filed.name));
    configured.iter().chain(filed)
}

/// The one of this name.
pub fn by_name<'a>(model: &'a Model, name: &str) -> Option<&'a SavedPrompt> {
    all(model).find(|prompt| prompt.name == name)
}

/// Puts a prompt in the composer, once its variables are known. Words after its name are its first variable, or
/// follow it.
pub fn begin(model: &mut Model, name: &str, words: &str) -> Vec<Effect> {
    let Some(text) = by_name(model, name).map(|prompt| prompt.text.clone()) else { return Vec::new() };
    let mut text = fill(&text, LAST, &last_answer(model));
    let mut wanted = variables(&text);
    if !words.is_empty() {
        match wanted.first().cloned() {
            Some(first) => {
                text = fill(&text, &first, words);
                wanted.remove(0);
            }
            None => text = format!("{}\n\n{words}", text.trim_end()),
        }
    }
    if wanted.is_empty() {
        return put(model, &text);
    }
    model.overlays.push(Overlay::Form(Form::prompt(text, &wanted)));
    Vec::new()
}

/// The form is filled in.
pub fn filled(model: &mut Model, form: &Form) -> Vec<Effect> {
    let FormKind::Prompt(text) = &form.kind else { return Vec::new() };
    let wanted = variables(text);
    // All at once: what is filled in may look like a variable.
    let mut said = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => said.push_str(text),
            Piece::Variable(name) => {
                let at = wanted.iter().position(|wanted| wanted == name);
                said.push_str(&at.map(|at| form.value(at)).unwrap_or_default());
            }
        }
    }
    put(model, &said)
}

fn put(model: &mut Model, text: &str) -> Vec<Effect> {
    model.focus = Focus::Composer;
    model.completion = None;
    model.pane.composer.replace(text.trim_end());
    conversation::draft_changed(model)
}

fn last_answer(model: &Model) -> String {
    let tree = &model.open.conversation.tree;
    let said = model.pane.view.branch.iter().rev().filter_map(|id| tree.get(*id));
    said.filter(|message| message.role == Role::Assistant)
        .map(|message| message.text())
        .next()
        .unwrap_or_default()
}

/// A piece of a prompt.
enum Piece<'a> {
    Text(&'a str),
    Variable(&'a str),
}

/// A prompt as text and variables. Braces around what is no name are text.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(begin) = text[at..].find("{{").map(|found| at + found) {
        let end = text[begin..].find("}}").map(|found| begin + found);
        let name = end.map(|end| text[begin + 2..end].trim());
        match (name, end) {
            (Some(name), Some(end)) if is_name(name) => {
                pieces.extend([Piece::Text(&text[from..begin]), Piece::Variable(name)]);
                (from, at) = (end + 2, end + 2);
            }
            (Some(_) | None, _) => at = begin + 2,
        }
    }
    pieces.push(Piece::Text(&text[from..]));
    pieces
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '))
}

/// The variables of a prompt, each once, in their order.
fn variables(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for piece in pieces(text) {
        if let Piece::Variable(name) = piece
            && names.iter().all(|other| other != name)
        {
            names.push(name.to_owned());
        }
    }
    names
}

fn fill(text: &str, variable: &str, value: &str) -> String {
    let said = |piece: &Piece<'_>| match piece {
        Piece::Text(text) => (*text).to_owned(),
        Piece::Variable(name) if *name == variable => value.to_owned(),
        Piece::Variable(name) => format!("{{{{{name}}}}}"),
    };
    pieces(text).iter().map(said).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::app::testing::App;
    use crate::config::Config;

    fn app(prompts: &[(&str, &str)]) -> App {
        let mut app = App::new(80, 24);
        let prompts = prompts
            .iter()
            .map(|(name, text)| SavedPrompt {
                name: (*name).into(),
                text: (*text).into(),
                description: String::new(),
            })
            .collect();
        app.model.config = Arc::new(Config { prompts, ..(*app.model.config).clone() });
        app
    }

    fn written(app: &App) -> String {
        app.model.pane.composer.text()
    }

    #[test]
    fn a_prompt_without_variables_is_put_in_the_composer_and_not_sent() {
        let mut app = app(&[("brief", "Be brief.\n")]);
        app.type_text("/brief");
        assert_eq!(app.keys("enter"), []);
        assert_eq!(written(&app), "Be brief.");
        app.keys("ctrl-_");
        assert_eq!(written(&app), "/brief");
    }

    #[test]
    fn variables_are_asked_for_and_filled_in_once() {
        let mut app = app(&[("tr", "Translate {{ text }} to {{language}}, {{text}}! {not} {{}}")]);
        app.type_text("/tr");
        app.keys("enter");
        app.type_text("{{language}}");
        app.keys("tab");
        app.type_text("Latin");
        app.keys("enter");
        assert_eq!(written(&app), "Translate {{language}} to Latin, {{language}}! {not} {{}}");
    }

    #[test]
    fn words_after_the_name_are_the_first_variable_or_follow() {
        let mut app = app(&[("tr", "Translate: {{text}}"), ("brief", "Be brief.")]);
        app.type_text("/tr good day");
        app.keys("enter");
        assert_eq!(written(&app), "Translate: good day");
        app.keys("ctrl-c");
        app.type_text("/brief what is this?");
        app.keys("enter");
        assert_eq!(written(&app), "Be brief.\n\nwhat is this?");
    }

    #[test]
    fn the_last_answer_can_be_taken_along() {
        let mut app = app(&[("shorter", "Shorten this:\n{{last}}")]);
        app.turn("one", "a long answer");
        app.type_text("/shorter");
        app.keys("enter");
        assert_eq!(written(&app), "Shorten this:\na long answer");
    }
}
