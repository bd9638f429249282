//! A configuration that changed while the app runs: what of it is taken up, and what stays.
//!
//! What a person chose and wrote stays: a pane keeps its route even where the endpoint is gone, because a prompt
//! that quietly went somewhere else would be worse than one that is refused. A turn that runs keeps the
//! configuration it began with.

use std::path::Path;
use std::sync::Arc;

use crate::config::{Config, Problem, Severity};
use crate::storage::choices::Follow;
use crate::t;
use crate::text::{Safe, sanitise_line};

use super::block::Tone;
use super::budgets::Budgets;
use super::command::CommandId;
use super::effect::Effect;
use super::keymap::Keymap;
use super::model::{KeyOf, Model, Mood};
use super::mouse::Mouse;
use super::picker::{Choice, Entry};
use super::{budgets, lists, offers};

/// Whether a configuration that was read again looks another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// As before.
    Same,
    /// It has another theme, or its theme changed.
    Changed,
}

/// How the configuration in use stands to the one on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// They are the same, as far as is known.
    #[default]
    Current,
    /// The one on disk cannot be used, for these reasons.
    Refused(Vec<Problem>),
}

/// A configuration that can be used was read.
pub fn taken(model: &mut Model, config: Arc<Config>, looks: Looks) -> Vec<Effect> {
    let refused = matches!(std::mem::take(&mut model.standing), Standing::Refused(_));
    if *config == *model.config && looks == Looks::Same {
        let told = if refused { t!("app-config-mended") } else { t!("app-config-same") };
        return vec![model.notify(told, Mood::Plain)];
    }
    let (keymap, problems) = Keymap::load(&config.keymap);
    let old = std::mem::replace(&mut model.config, config);
    (model.keymap, model.chord) = (keymap, None);
    let mut effects = Vec::new();
    if old.endpoints != model.config.endpoints || old.env != model.config.env {
        forget_what_changed(model, &old);
        effects.extend([Effect::ResolveKeyStates, Effect::LoadModels]);
    }
    if old.ui.follow != model.config.ui.follow {
        model.follow = Follow::new(model.config.ui.follow, &model.choices);
    }
    if old.ui.mouse != model.config.ui.mouse {
        model.mouse = if model.config.ui.mouse { Mouse::Captured } else { Mouse::Free };
        model.drag = None;
        effects.push(Effect::SetMouse(model.mouse));
    }
    if old.budgets != model.config.budgets {
        model.budgets = Budgets::default();
        effects.extend(budgets::ask(model));
    }
    // Labels of endpoints stand in what is laid out.
    model.pane.drop_blocks();
    model.panes.others_mut(&model.open).for_each(|(pane, _)| pane.drop_blocks());
    lists::refill(model);
    let told = match gone(model, &old) {
        Some(of) => {
            let keys = model.keymap.keys_of(CommandId::PickEndpoint).into_iter().next().unwrap_or_default();
            model.notify(t!("app-config-gone", owner = offers::owner(&of), keys = keys), Mood::Bad)
        }
        None => model.notify(t!("app-config-taken"), Mood::Plain),
    };
    effects.push(told);
    effects.extend(warn(model, &problems));
    effects
}

/// The configuration on disk cannot be used: the one before it stays.
pub fn refused(model: &mut Model, problems: &[Problem]) -> Vec<Effect> {
    let Some((first, others)) = problems.split_first() else { return Vec::new() };
    model.standing = Standing::Refused(problems.to_vec());
    lists::refill(model);
    let text = t!("app-config-refused", problem = placed(first), others = others.len());
    vec![model.notify(text, Mood::Bad)]
}

/// What is told as long as the configuration on disk cannot be used: of which file.
pub fn standing(model: &Model) -> Option<Safe> {
    match &model.standing {
        Standing::Current => None,
        Standing::Refused(problems) => {
            problems.first().map(|problem| sanitise_line(&format!("✗ {}", file(problem))))
        }
    }
}

/// What is wrong with it, a row each; the foot of the list tells the whole of the one that is selected. The line itself
/// is not shown: it may hold a key.
pub fn rows(model: &Model) -> Vec<Entry> {
    let Standing::Refused(problems) = &model.standing else { return Vec::new() };
    let row = |problem: &Problem| {
        let parts = [Some(&problem.path).filter(|path| !path.is_empty()), problem.suggestion.as_ref()];
        let headline = problem.headline();
        let whole: Vec<&str> = std::iter::once(headline.as_str())
            .chain(parts.into_iter().flatten().map(String::as_str))
            .collect();
        Entry {
            owner: sanitise_line(&format!("{}:{}:{}", file(problem), problem.at.line, problem.at.column)),
            about: sanitise_line(&whole.join(" · ")),
            tone: Tone::Bad,
            ..Entry::new(Choice::Copy(whole.join("\n")), sanitise_line(&problem.message))
        }
    };
    problems.iter().map(row).collect()
}

/// Tells of what is no reason not to start, where it is seen. Returns when the notice ends.
pub fn warn(model: &mut Model, problems: &[Problem]) -> Option<Effect> {
    let mut warnings = problems.iter().filter(|problem| problem.severity == Severity::Warning);
    let (first, others) = (warnings.next()?, warnings.count());
    let text = match others {
        0 => placed(first),
        others => t!("app-config-warnings", problem = placed(first), others = others),
    };
    Some(model.notify(text, Mood::Bad))
}

/// `loquat.yaml:4:5: what is wrong`: the folder is known to whoever reads it.
fn placed(problem: &Problem) -> Safe {
    let at = &problem.at;
    sanitise_line(&format!("{}:{}:{}: {}", file(problem), at.line, at.column, problem.message))
}

fn file(problem: &Problem) -> std::borrow::Cow<'_, str> {
    Path::new(&*problem.at.file).file_name().unwrap_or_default().to_string_lossy()
}

/// Lets go of what is known of endpoints that are other ones now.
fn forget_what_changed(model: &mut Model, old: &Config) {
    let config = model.config.clone();
    let same = |of: &KeyOf| {
        let name = of.endpoint.as_str();
        old.env == config.env && old.endpoint(name) == config.endpoint(name)
    };
    model.key_states.retain(|of, _| same(of));
    model.models.retain(|of, _| same(of));
    model.health.retain(|of, _| same(of));
}

/// An endpoint that a pane sends to and that is not there any more, or its key. A key that only the person stored was
/// never there.
fn gone(model: &Model, old: &Config) -> Option<KeyOf> {
    let has = |config: &Config, of: &KeyOf| {
        let endpoint = config.endpoint(of.endpoint.as_str())?;
        Some(endpoint.keys.iter().any(|key| key.label == of.key))
    };
    let others = model.panes.others(&model.open).map(|(pane, _)| pane);
    let mut used = [&model.pane].into_iter().chain(others).map(|pane| KeyOf::from(&pane.route));
    used.find(|of| has(old, of).is_some() && has(&model.config, of) < has(old, of))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Message;
    use crate::app::overlay::Overlay;
    use crate::app::status::What;
    use crate::app::testing::{App, config, key_state, litellm, models};
    use crate::chat::Status;
    use crate::config::{KeymapEntry, Location};
    use crate::keys::{KeyOrigin, KeyState};

    fn configure(app: &mut App, config: Config) -> Vec<Effect> {
        let at = app.at;
        let mut effects = app.send(Message::Configured { config: Arc::new(config), looks: Looks::Same, at });
        effects.retain(|effect| !matches!(effect, Effect::WakeAt(_)));
        effects
    }

    fn toast(app: &App) -> &str {
        app.model.toast.as_ref().unwrap().text.as_str()
    }

    fn problem(line: u32) -> Problem {
        Problem {
            severity: Severity::Error,
            at: Location { file: Arc::from("/home/ana/loquat.yaml"), line, column: 3 },
            path: String::new(),
            message: "unknown key".into(),
            suggestion: None,
        }
    }

    #[test]
    fn a_draft_a_stream_and_a_choice_outlive_a_new_configuration() {
        let mut app = App::new(80, 24);
        app.model.pane.route = litellm("claude-sonnet");
        let request = app.ask("hello");
        app.type_text("a draft");
        let route = app.model.pane.route.clone();
        let mut other = config();
        other.endpoints.remove(0);
        assert_eq!(configure(&mut app, other), [Effect::ResolveKeyStates, Effect::LoadModels]);
        assert_eq!(app.model.pane.composer.text(), "a draft");
        assert_eq!(app.model.pane.route, route);
        assert!(app.model.turns.contains_key(&request.turn));
        assert!(toast(&app).contains("LiteLLM"), "{}", toast(&app));
        app.end(&request, "whole", Status::Complete);
        // The next one is not sent to a place that nobody chose.
        assert_eq!(app.keys("enter"), []);
        assert_eq!(app.model.pane.composer.text(), "a draft");
        configure(&mut app, config());
        assert!(app.keys("enter").iter().any(|effect| matches!(effect, Effect::StartTurn(_))));
    }

    #[test]
    fn keys_are_taken_up_and_what_is_known_of_unchanged_endpoints_stays() {
        let mut app = App::new(80, 24);
        key_state(&mut app, KeyState::Ready(KeyOrigin::Environment));
        let at = app.at;
        app.send(Message::ModelsLoaded { list: models(3), at });
        let mut other = config();
        other.keymap = vec![KeymapEntry {
            context: "anywhere".into(),
            keys: "f5".into(),
            command: "usage".into(),
            at: Location { file: Arc::from("loquat.yaml"), line: 1, column: 1 },
        }];
        app.keys("ctrl-x");
        assert_eq!(configure(&mut app, other), []);
        assert_eq!(app.model.chord, None);
        assert!(app.keys("f5").iter().any(|effect| matches!(effect, Effect::LoadUsage(_))));
        assert_eq!((app.model.models.len(), app.model.key_states.len()), (1, 1));
    }

    #[test]
    fn a_broken_configuration_changes_nothing_and_says_where_it_is_broken_until_it_is_mended() {
        let mut app = App::new(80, 24);
        let before = app.model.config.clone();
        let at = app.at;
        app.send(Message::ConfigRefused { problems: vec![problem(4), problem(9)], at });
        assert!(toast(&app).starts_with("loquat.yaml:4:3: unknown key (1 more"), "{}", toast(&app));
        assert!(Arc::ptr_eq(&before, &app.model.config));
        // The notice goes; what is wrong can be read until it is mended.
        app.model.toast = None;
        let told =
            |app: &App| crate::app::status::items(&app.model).iter().any(|item| item.what == What::Refused);
        assert!(told(&app));
        app.keys("ctrl-x Q down");
        let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
        let row = list.chosen().unwrap();
        assert_eq!((row.owner.as_str(), row.name.as_str()), ("loquat.yaml:9:3", "unknown key"));
        assert!(row.about.contains("/home/ana/loquat.yaml:9:3"), "{}", row.about);
        app.keys("esc");
        configure(&mut app, config());
        assert!(toast(&app).contains("in order again"), "{}", toast(&app));
        assert!(!told(&app) && rows(&app.model).is_empty());
        configure(&mut app, config());
        assert!(toast(&app).contains("as it was"), "{}", toast(&app));
    }
}
