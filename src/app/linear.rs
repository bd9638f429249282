//! What a line means where the app is read line by line: an answer to what floats, a command, or a prompt.
//!
//! Nothing is done here that keys could not do: rows are chosen, fields are filled in, and commands are run by the
//! same functions that keys lead to.

use super::command::{self, CommandId};
use super::effect::Effect;
use super::fanout::{self, Mark};
use super::field::{Expiry, Input, Line};
use super::form::{self, Form};
use super::keyboard;
use super::model::Model;
use super::overlay::Overlay;
use super::pane::Purpose;
use super::picker::{Choice, ListKind};
use super::{conversation, forecast, lists, run};
use crate::t;

/// What empties a field.
const NOTHING: &str = "-";

/// Whether a line goes on on the next one.
pub fn goes_on(model: &Model) -> bool {
    model.overlays.is_empty() && model.pane.composer.text().ends_with('\n')
}

/// A line was entered.
pub fn entered(model: &mut Model, line: &str) -> Vec<Effect> {
    if let Some((command, more)) = slash(model, line) {
        return commanded(model, command, more);
    }
    match model.overlays.last_mut() {
        Some(Overlay::List(_)) if line.trim().is_empty() => run::run(model, CommandId::Leave),
        Some(Overlay::List(list)) => {
            list.look_for(line.trim());
            lists::searched(model)
        }
        Some(Overlay::Form(form)) => {
            fill_in(form, line);
            if form.at + 1 < form.fields.len() {
                form.at += 1;
                return Vec::new();
            }
            let effects = form::submit(model);
            if let Some(Overlay::Form(form)) = model.overlays.last_mut()
                && form.problem.is_some()
            {
                form.at = 0;
            }
            effects
        }
        Some(Overlay::Confirm(confirm)) => {
            let confirm = *confirm;
            model.overlays.pop();
            let yes = ["y", "yes", "j", "ja", "1"].contains(&line.trim().to_lowercase().as_str());
            if yes { conversation::confirm(model, confirm) } else { Vec::new() }
        }
        Some(
            Overlay::Help(_)
            | Overlay::Usage(_)
            | Overlay::Compare(_)
            | Overlay::Lens(_)
            | Overlay::Pictures(_)
            | Overlay::Tree(_)
            | Overlay::Summary(_),
        ) => {
            // A page was read out; it is in nobody's way.
            run::run(model, CommandId::Leave)
        }
        None => prompted(model, line),
    }
}

/// A row of what floats was chosen by its number.
pub fn chose(model: &mut Model, choice: Choice) -> Vec<Effect> {
    match model.overlays.last_mut() {
        Some(Overlay::List(list)) => {
            list.select_choice(&choice);
            if list.chosen().map(|entry| &entry.choice) != Some(&choice) {
                return vec![model.notify(t!("app-row-gone"), super::model::Mood::Bad)];
            }
            if matches!(list.kind, ListKind::FanOut(_)) {
                return fanout::mark(model, Mark::Toggle);
            }
            lists::choose_selected(model)
        }
        Some(Overlay::Usage(_)) if matches!(choice, Choice::UsageRow(_)) => lists::choose(model, choice),
        Some(_) | None => {
            model.overlays.clear();
            lists::choose(model, choice)
        }
    }
}

/// A line that is a command, and what stands after its name. Where a line of text goes on, there are none.
fn slash<'a>(model: &Model, line: &'a str) -> Option<(CommandId, &'a str)> {
    if goes_on(model) {
        return None;
    }
    let (name, more) = line.trim().strip_prefix('/')?.split_once(' ').unwrap_or((line.trim().get(1..)?, ""));
    command::by_name(name).map(|command| (command, more.trim()))
}

/// A command by its name. In a list some mean a row; what stands after the name of a command that opens a list is
/// looked for in it, and after that of the one that tells what would be sent it is a draft: so a person learns what a prompt
/// costs before it is sent.
fn commanded(model: &mut Model, command: CommandId, more: &str) -> Vec<Effect> {
    if command == CommandId::Send
        && let Some(Overlay::List(list)) = model.overlays.last()
        && matches!(list.kind, ListKind::FanOut(_))
    {
        return fanout::send(model);
    }
    let before = model.overlays.len();
    let mut effects = Vec::new();
    if command == CommandId::Context && before == 0 && !more.is_empty() {
        model.pane.composer.set(more);
        effects = conversation::draft_changed(model);
        forecast::arrange(model);
    }
    effects.extend(keyboard::commanded(model, command));
    let opened = model.overlays.len() > before;
    if let Some(Overlay::List(list)) = model.overlays.last_mut()
        && opened
        && !more.is_empty()
    {
        list.type_text(more);
        effects.extend(lists::searched(model));
    }
    effects
}

/// A line for the composer. One that ends in `\` goes on on the next one; an empty one sends what is there.
fn prompted(model: &mut Model, line: &str) -> Vec<Effect> {
    let (text, ends) = match line.strip_suffix('\\') {
        Some(text) => (text, false),
        None => (line, true),
    };
    let before = model.pane.composer.text();
    if goes_on(model) {
        model.pane.composer.insert(text);
    } else if !text.trim().is_empty() || !ends {
        // A draft that is not sent can be called back.
        if model.pane.purpose == Purpose::Prompt {
            model.history.add(&before);
        }
        model.pane.composer.set(text);
    } else if before.is_empty() {
        return Vec::new();
    }
    if ends {
        return run::run(model, CommandId::Send);
    }
    model.pane.composer.insert("\n");
    conversation::draft_changed(model)
}

/// Fills the field in that is asked for. An empty line keeps what is there.
fn fill_in(form: &mut Form, line: &str) {
    form.problem = None;
    let line = line.trim();
    let Some(field) = form.fields.get_mut(form.at).filter(|_| !line.is_empty()) else { return };
    let text = if line == NOTHING { "" } else { line };
    match &mut field.input {
        Input::Plain(held) => **held = Line::new(text),
        Input::Masked(held) => held.set(text),
        Input::Lines(lines) => lines.set(text),
        Input::Expiry(expiry) => {
            let at = line.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            *expiry = at.and_then(|at| Expiry::EACH.get(at).copied()).unwrap_or(*expiry);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Message;
    use crate::app::testing::{App, litellm, models, noon, started};
    use crate::chat::{EndpointName, Route, Status};

    fn line(app: &mut App, text: &str) -> Vec<Effect> {
        let mut effects = app.send(Message::Line { text: text.to_owned(), at: app.at });
        effects.retain(|effect| !matches!(effect, Effect::WakeAt(_)));
        effects
    }

    #[test]
    fn a_line_is_a_prompt_and_one_that_ends_in_a_backslash_goes_on() {
        let mut app = App::new(80, 24);
        assert_eq!(line(&mut app, "one\\"), []);
        assert!(goes_on(&app.model));
        assert_eq!(line(&mut app, "/help\\"), []);
        let request = started(&line(&mut app, "three"));
        assert_eq!(request.user.unwrap().text(), "one\n/help\nthree");
        assert_eq!(line(&mut app, ""), []);
    }

    #[test]
    fn what_cannot_be_sent_yet_waits_for_an_empty_line() {
        let mut app = App::new(80, 24);
        let first = started(&line(&mut app, "one"));
        assert_eq!(line(&mut app, "two"), []);
        app.end(&first, "answer", Status::Complete);
        assert_eq!(started(&line(&mut app, "")).user.unwrap().text(), "two");
    }

    #[test]
    fn a_number_chooses_the_row_that_was_told_though_the_list_has_changed() {
        let mut app = App::new(80, 24);
        app.model.pane.route = litellm("claude-sonnet");
        app.send(Message::ModelsLoaded { list: models(3), at: noon() });
        line(&mut app, "/model model-");
        let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
        assert_eq!((list.filter.text(), list.matching()), ("model-", 2));
        let choice = Choice::Route(litellm("model-2"));
        app.send(Message::ModelsLoaded { list: models(9), at: noon() });
        app.send(Message::Chosen { choice: choice.clone(), at: app.at });
        assert_eq!(app.model.pane.route, litellm("model-2"));
        line(&mut app, "/model");
        app.send(Message::ModelsLoaded { list: models(2), at: noon() });
        app.send(Message::Chosen { choice, at: app.at });
        assert_eq!(app.model.overlays.len(), 1);
        assert!(app.model.toast.is_some());
        line(&mut app, "");
        assert_eq!(app.model.overlays.len(), 0);
    }

    #[test]
    fn a_form_is_filled_in_line_by_line_and_asks_again_where_something_is_wrong() {
        let mut app = App::new(80, 24);
        line(&mut app, "/settings");
        for answer in ["Be brief.", "hot", "", "", ""] {
            assert_eq!(line(&mut app, answer), []);
        }
        let Some(Overlay::Form(form)) = app.model.overlays.last() else { panic!("no form") };
        assert!(form.problem.is_some() && form.at == 0);
        for answer in ["", "0.5", "-", "", ""] {
            line(&mut app, answer);
        }
        let settings = &app.model.open.conversation.settings;
        assert_eq!((settings.system.as_deref(), settings.temperature), (Some("Be brief."), Some(0.5)));
    }

    #[test]
    fn what_a_prompt_would_cost_is_told_before_it_is_sent() {
        let mut app = App::new(80, 24);
        assert_eq!(started_in(&line(&mut app, "/context why is the sky blue?")), 0);
        assert!(matches!(app.model.overlays.last(), Some(Overlay::Lens(_))));
        assert!(forecast::of(&app.model).is_some());
        assert_eq!(started_in(&line(&mut app, "")), 0, "the page is left");
        let request = started(&line(&mut app, ""));
        assert_eq!(request.user.unwrap().text(), "why is the sky blue?");
    }

    fn started_in(effects: &[Effect]) -> usize {
        effects.iter().filter(|effect| matches!(effect, Effect::StartTurn(_))).count()
    }

    #[test]
    fn only_a_yes_confirms() {
        for (answer, trashed) in [("y", 1), ("", 0), ("no", 0)] {
            let mut app = App::new(80, 24);
            app.turn("one", "two");
            line(&mut app, "/delete");
            let effects = line(&mut app, answer);
            let count = effects.iter().filter(|effect| matches!(effect, Effect::Trash { .. })).count();
            assert_eq!((count, app.model.overlays.len()), (trashed, 0), "{answer}");
        }
    }

    #[test]
    fn several_models_are_marked_and_asked() {
        let mut app = App::new(80, 24);
        app.model.pane.route = litellm("claude-sonnet");
        app.send(Message::ModelsLoaded { list: models(3), at: noon() });
        app.model.pane.composer.set("why?");
        line(&mut app, "/fan-out");
        for model in ["model-1", "model-2"] {
            let choice = Choice::Route(Route { endpoint: EndpointName::from("LiteLLM"), ..litellm(model) });
            app.send(Message::Chosen { choice, at: app.at });
        }
        let effects = line(&mut app, "/send");
        let turns = effects.iter().filter(|effect| matches!(effect, Effect::StartTurn(_))).count();
        assert_eq!(turns, 2);
    }
}
