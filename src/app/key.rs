//! The keys of endpoints: asked for, chosen, stored, and what comes next.

use crate::chat::{EndpointName, ErrorKind, Failure, ModelId, Route};
use crate::config::USER_PROVIDED;
use crate::keys::{KeyOrigin, KeyState, KeyStore};
use crate::t;
use crate::text::sanitise_line;

use super::effect::Effect;
use super::form::{BaseUrl, Form};
use super::model::{DEMO, KeyOf, Model, Mood};
use super::overlay::Overlay;
use super::{keyboard, lists, offers};

/// Asks for a key, but where there is no use for one.
pub fn ask_key(model: &mut Model, of: &KeyOf) -> Vec<Effect> {
    if matches!(of.endpoint.as_str(), DEMO | EndpointName::ROUTER) {
        return vec![model.notify(t!("app-no-key-needed", owner = offers::owner(of)), Mood::Plain)];
    }
    open_form(model, of);
    Vec::new()
}

/// Asks for a key, masked.
pub fn open_form(model: &mut Model, of: &KeyOf) {
    let asked = model
        .config
        .endpoint(of.endpoint.as_str())
        .is_some_and(|endpoint| endpoint.base_url.raw.trim() == USER_PROVIDED);
    let base_url = if asked { BaseUrl::Asked } else { BaseUrl::Configured };
    model.overlays.push(Overlay::Form(Form::key(of.endpoint.clone(), of.key.as_str(), base_url)));
}

/// Goes on with an endpoint's key: asks for it where it is missing, else shows its models.
pub fn choose_key(model: &mut Model, of: &KeyOf) -> Vec<Effect> {
    let Some(endpoint) = model.config.endpoint(of.endpoint.as_str()).cloned() else { return Vec::new() };
    let refused = model
        .models
        .get(of)
        .and_then(|models| models.list.error.as_ref())
        .is_some_and(|error| error.kind == ErrorKind::Auth);
    match model.key_states.get(of) {
        Some(KeyState::Missing | KeyState::Expired(_) | KeyState::Unset(_)) => {
            open_form(model, of);
            Vec::new()
        }
        Some(KeyState::Ready(_)) if refused && !endpoint.keys.is_empty() => {
            open_form(model, of);
            Vec::new()
        }
        Some(KeyState::Ready(_)) => use_key(model, of),
        None if endpoint.keys.is_empty() => use_key(model, of),
        None => {
            model.choosing = Some(of.clone());
            vec![Effect::ResolveKeyStates]
        }
    }
}

/// Something became known of keys: the one that was chosen meanwhile is gone on with.
pub fn keys_known(model: &mut Model) -> Vec<Effect> {
    lists::refill(model);
    match model.choosing.take() {
        Some(of) if model.key_states.contains_key(&of) => {
            let mut effects = choose_key(model, &of);
            effects.extend(keyboard::replay(model));
            effects
        }
        Some(_) | None => {
            model.held.clear();
            Vec::new()
        }
    }
}

/// Sends to this key from now on, and shows its models where there is a choice.
fn use_key(model: &mut Model, of: &KeyOf) -> Vec<Effect> {
    let listed: Vec<ModelId> = match model.models.get(of) {
        Some(models) => models.list.models.iter().map(|info| info.id.clone()).collect(),
        None => Vec::new(),
    };
    let configured =
        model.config.endpoint(of.endpoint.as_str()).map(|endpoint| endpoint.models.default.clone());
    let offered = if listed.is_empty() { configured.unwrap_or_default() } else { listed };
    let kept = offered.iter().find(|id| **id == model.pane.route.model).cloned();
    let id = kept.or_else(|| offered.first().cloned()).unwrap_or_else(|| ModelId(String::new()));
    model.pane.route = Route { endpoint: of.endpoint.clone(), key: of.key.clone(), model: id };
    model.choices.last = Some(model.pane.route.clone());
    let mut effects = vec![Effect::SaveChoices(model.choices.clone())];
    if offered.len() != 1 {
        effects.push(Effect::RefreshModels { endpoint: of.endpoint.clone(), key: of.key.clone() });
        effects.extend(lists::open_models(model, Some(of.clone())));
    }
    effects
}

/// A key was stored, or could not be.
pub fn key_stored(model: &mut Model, of: KeyOf, result: Result<KeyStore, Failure>) -> Vec<Effect> {
    match result {
        Ok(store) => {
            let text = match store {
                KeyStore::Keyring => t!("app-key-in-keyring", owner = offers::owner(&of)),
                KeyStore::File => t!("app-key-in-file", owner = offers::owner(&of)),
            };
            let toast = model.notify(text, Mood::Plain);
            model.models.remove(&of);
            model.key_states.insert(of.clone(), KeyState::Ready(KeyOrigin::Stored(store)));
            if KeyOf::from(&model.pane.route) != of {
                let id = ModelId(String::new());
                model.pane.route = Route { endpoint: of.endpoint.clone(), key: of.key.clone(), model: id };
            }
            // The pickers that led here give way to the models this key may use.
            model.overlays.retain(|overlay| !matches!(overlay, Overlay::List(_)));
            let refresh = Effect::RefreshModels { endpoint: of.endpoint.clone(), key: of.key.clone() };
            let mut effects = vec![toast, Effect::ResolveKeyStates, refresh];
            effects.extend(lists::open_models(model, Some(of)));
            effects
        }
        Err(failure) => {
            let next = failure.next_step.as_deref().map(|step| format!(" {step}")).unwrap_or_default();
            vec![model.notify(sanitise_line(&format!("{}{next}", failure.message)), Mood::Bad)]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::picker::ListKind;
    use crate::app::testing::{App, key_state, litellm};
    use crate::app::{KeyStatus, Message};

    #[test]
    fn an_endpoint_without_its_key_asks_for_it_keeps_the_draft_and_then_offers_its_models() {
        let mut app = App::new(80, 24);
        app.model.pane.route = litellm("claude-sonnet");
        key_state(&mut app, KeyState::Missing);
        app.type_text("hello");
        assert_eq!(app.keys("enter"), []);
        assert!(matches!(app.model.overlays.as_slice(), [Overlay::Form(_)]));
        app.type_text("sk-secret");
        let effects = app.keys("enter");
        assert!(
            matches!(effects.as_slice(), [Effect::StoreKey(key)] if key.0.secret.expose() == "sk-secret")
        );
        assert!(!format!("{effects:?} {:?}", app.model.overlays).contains("sk-secret"));
        let effects = app.send(Message::KeyStored {
            endpoint: "LiteLLM".into(),
            key: "work".into(),
            result: Ok(KeyStore::Keyring),
        });
        assert!(effects.contains(&Effect::RefreshModels { endpoint: "LiteLLM".into(), key: "work".into() }));
        assert!(matches!(
            app.model.overlays.as_slice(),
            [Overlay::List(list)] if list.kind == ListKind::Models(Some(KeyOf::from(&litellm(""))))
        ));
        assert_eq!(app.model.pane.composer.text(), "hello");
    }

    #[test]
    fn a_key_that_is_typed_before_its_form_is_there_goes_into_the_form_and_nowhere_else() {
        let mut app = App::new(80, 24);
        app.keys("ctrl-x p");
        app.type_text("work");
        assert_eq!(app.keys("enter"), [Effect::ResolveKeyStates]);
        app.type_text("sk-secret");
        assert_eq!(app.keys("enter"), []);
        assert!(app.model.pane.composer.is_empty());
        let status = KeyStatus { endpoint: "LiteLLM".into(), key: "work".into(), state: KeyState::Missing };
        let effects = app.send(Message::KeyStates(vec![status]));
        assert!(
            matches!(effects.as_slice(), [.., Effect::StoreKey(key)] if key.0.secret.expose() == "sk-secret"),
            "{effects:?}"
        );

        let mut app = App::new(80, 24);
        app.keys("ctrl-x p");
        app.type_text("work");
        app.keys("enter s k esc");
        assert_eq!((app.model.choosing.clone(), app.model.held.len()), (None, 0));
        assert!(app.model.pane.composer.is_empty());
    }

    #[test]
    fn the_demo_asks_for_no_key() {
        let mut app = App::new(80, 24);
        assert!(matches!(app.keys("ctrl-x k").as_slice(), []));
        assert!(app.model.overlays.is_empty());
        assert!(app.model.toast.as_ref().unwrap().text.contains("no key"));
    }
}
