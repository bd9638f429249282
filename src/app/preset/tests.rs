use std::sync::Arc;

use super::*;
use crate::app::testing::{App, config};
use crate::chat::Settings;
use crate::config::Config;

fn brief() -> Preset {
    Preset {
        name: "brief".into(),
        endpoint: Some("LiteLLM".into()),
        model: Some("claude-sonnet".into()),
        key: Some("home".into()),
        settings: Settings { system: Some("Be brief.".into()), ..Settings::default() },
        ..Preset::default()
    }
}

fn app() -> App {
    let mut app = App::new(80, 24);
    app.model.config = Arc::new(Config { presets: vec![brief()], ..config() });
    app
}

fn saved(effects: &[Effect]) -> Vec<Preset> {
    effects
        .iter()
        .find_map(|effect| match effect {
            Effect::SavePresets(presets) => Some(presets.clone()),
            _ => None,
        })
        .unwrap_or_else(|| panic!("nothing saved in {effects:?}"))
}

#[test]
fn a_chosen_preset_sets_where_to_send_and_with_what() {
    let mut app = app();
    app.turn("a", "b");
    let conversation = app.model.open.conversation.id;
    let effects = app.keys("ctrl-x P enter");
    let route = Route { endpoint: "LiteLLM".into(), key: "home".into(), model: "claude-sonnet".into() };
    assert_eq!(app.model.pane.route, route);
    assert_eq!(
        effects,
        [
            Effect::SaveChoices(app.model.choices.clone()),
            Effect::SetSettings { conversation, settings: brief().settings }
        ]
    );
}

#[test]
fn own_presets_are_made_of_what_is_set_changed_and_removed() {
    let mut app = app();
    app.model.open.conversation.settings.temperature = Some(0.5);
    app.keys("ctrl-x S");
    app.type_text("mine");
    let made = saved(&app.keys("enter"));
    let route = app.model.pane.route.clone();
    let settings = Settings { temperature: Some(0.5), ..Settings::default() };
    let expected = Preset {
        name: "mine".into(),
        endpoint: Some(route.endpoint),
        model: Some(route.model),
        key: Some(route.key),
        settings,
        ..Preset::default()
    };
    assert_eq!(made, [expected]);
    app.keys("ctrl-x P");
    app.type_text("mine");
    app.keys("ctrl-e ctrl-u");
    app.type_text("brief");
    app.keys("enter");
    let Some(Overlay::Form(form)) = app.model.overlays.last() else { panic!("no form") };
    assert!(form.problem.is_some(), "the name is taken");
    app.keys("ctrl-u");
    app.type_text("mine too");
    assert_eq!(saved(&app.keys("enter"))[0].name, "mine too");
    assert!(saved(&app.keys("ctrl-f"))[0].is_default);
    assert_eq!(saved(&app.keys("ctrl-d enter")), []);
}

#[test]
fn a_configured_preset_is_not_changed_here() {
    let mut app = app();
    app.keys("ctrl-x P");
    assert_eq!(app.keys("ctrl-d ctrl-e ctrl-f"), []);
    assert_eq!(app.model.overlays.len(), 1);
}

#[test]
fn new_conversations_begin_with_the_default() {
    let mut app = app();
    app.model.presets = vec![Preset { is_default: true, ..Preset { name: "own".into(), ..brief() } }];
    app.keys("ctrl-x n");
    assert_eq!(app.model.open.conversation.settings, brief().settings);
    assert_eq!(app.model.pane.route.key, "home".into());
}
