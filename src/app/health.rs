//! Which endpoints are asked whether they answer, and when: with a key that is there, while the endpoint picker is
//! open, and not again for a while.
//!
//! Nobody is surprised by it. Only those are asked that the app asks for their models anyway, or whose key a person
//! set up; a built-in server of this machine has a way of its own that carries no key ([`Effect::ProbeLocal`]), and
//! a key that a command tells is not fetched once more for this, as the command may want something of the person.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::catalog::{ListSource, ModelList};
use crate::chat::{ErrorKind, Failure};
use crate::config::Endpoint;
use crate::keys::{KeyOrigin, KeyState};

use super::effect::Effect;
use super::model::{DEMO, KeyOf, Model};
use super::overlay::Overlay;
use super::picker::ListKind;
use super::{lists, offers};

/// How long an answer stands.
const CURRENT: SignedDuration = SignedDuration::from_secs(60);

/// What asking after a key of an endpoint came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Health {
    /// When it was last asked.
    pub asked: Timestamp,
    /// How long the answer took, or why there was none; nothing before the first answer.
    pub result: Option<Result<Duration, Failure>>,
}

/// Asks after all that can be asked and was not lately, where the endpoint picker is open.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    let is_picker =
        |overlay: &Overlay| matches!(overlay, Overlay::List(list) if list.kind == ListKind::Endpoints);
    if !model.overlays.iter().any(is_picker) {
        return Vec::new();
    }
    let all = model.config.endpoints.iter().flat_map(|endpoint| {
        let keys = offers::keys_of(model, endpoint).into_iter();
        keys.map(move |key| (endpoint, KeyOf { endpoint: endpoint.name.clone(), key }))
    });
    let due: Vec<KeyOf> =
        all.filter(|(endpoint, of)| is_due(model, endpoint, of)).map(|(_, of)| of).collect();
    for of in &due {
        let result = model.health.remove(of).and_then(|health| health.result);
        model.health.insert(of.clone(), Health { asked: model.now, result });
    }
    due.into_iter().map(Effect::CheckHealth).collect()
}

/// Forgets what is known, and asks as [`ask`] does.
pub fn ask_again(model: &mut Model) -> Vec<Effect> {
    model.health.clear();
    ask(model)
}

fn is_due(model: &Model, endpoint: &Endpoint, of: &KeyOf) -> bool {
    let is_asked = match model.key_states.get(of) {
        Some(KeyState::Ready(KeyOrigin::NotNeeded)) => {
            !endpoint.at.is_builtin() && !endpoint.is_router() && endpoint.name.as_str() != DEMO
        }
        Some(KeyState::Ready(KeyOrigin::Command)) => false,
        Some(KeyState::Ready(
            KeyOrigin::Stored(_) | KeyOrigin::Environment | KeyOrigin::Profile | KeyOrigin::Literal,
        )) => true,
        Some(KeyState::Missing | KeyState::Unset(_) | KeyState::Expired(_)) | None => false,
    };
    is_asked && model.health.get(of).is_none_or(|health| model.now.duration_since(health.asked) >= CURRENT)
}

/// Takes an answer in. A list that could not be had because nobody was there is asked for again once somebody is.
pub fn known(model: &mut Model, of: KeyOf, result: Result<Duration, Failure>) -> Vec<Effect> {
    let error = model.models.get(&of).and_then(|models| models.list.error.as_ref());
    let was_away = error.is_some_and(|error| matches!(error.kind, ErrorKind::Network | ErrorKind::Timeout));
    let again = (was_away && result.is_ok())
        .then(|| Effect::RefreshModels { endpoint: of.endpoint.clone(), key: of.key.clone() });
    let asked = model.health.get(&of).map_or(model.now, |health| health.asked);
    model.health.insert(of, Health { asked, result: Some(result) });
    lists::refill(model);
    again.into_iter().collect()
}

/// A list that came just now shows that an earlier failure is over.
pub fn listed(model: &mut Model, list: &ModelList) {
    let of = KeyOf { endpoint: list.endpoint.clone(), key: list.key.clone() };
    let failed = model.health.get(&of).is_some_and(|health| matches!(health.result, Some(Err(_))));
    if failed && list.error.is_none() && list.source == ListSource::Live {
        model.health.remove(&of);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::app::testing::{App, config, endpoint, key_state, models, noon};
    use crate::app::{KeyStatus, Message};
    use crate::chat::KeyLabel;
    use crate::config::WireFormat;
    use crate::keys::KeyStore;

    fn of(endpoint: &str, key: &str) -> KeyOf {
        KeyOf { endpoint: endpoint.into(), key: key.into() }
    }

    fn asked(effects: &[Effect]) -> Vec<KeyOf> {
        let asked = effects.iter().filter_map(|effect| match effect {
            Effect::CheckHealth(of) => Some(of.clone()),
            _ => None,
        });
        asked.collect()
    }

    #[test]
    fn only_keys_that_are_there_are_asked_with_and_no_command_is_run_for_it() {
        let mut app = App::new(80, 24);
        let mut config = config();
        let keys = ["stored", "environment", "profile", "literal", "command", "missing", "unset", "expired"];
        config.endpoints.push(endpoint("Many", WireFormat::OpenaiChat, &keys, &[]));
        config.endpoints.push(endpoint("Open", WireFormat::OpenaiChat, &[], &[]));
        let mut local = endpoint("Local", WireFormat::OpenaiChat, &[], &[]);
        local.at.file = "<built-in>".into();
        config.endpoints.push(local);
        app.model.config = Arc::new(config);
        let status = |of: KeyOf, state| KeyStatus { endpoint: of.endpoint, key: of.key, state };
        let states = [
            KeyState::Ready(KeyOrigin::Stored(KeyStore::File)),
            KeyState::Ready(KeyOrigin::Environment),
            KeyState::Ready(KeyOrigin::Profile),
            KeyState::Ready(KeyOrigin::Literal),
            KeyState::Ready(KeyOrigin::Command),
            KeyState::Missing,
            KeyState::Unset("X".into()),
            KeyState::Expired(noon()),
        ];
        let mut all: Vec<KeyStatus> =
            keys.iter().zip(states).map(|(key, state)| status(of("Many", key), state)).collect();
        let unneeded = ["demo", "Open", "Local"]
            .map(|name| status(of(name, KeyLabel::DEFAULT), KeyState::Ready(KeyOrigin::NotNeeded)));
        all.extend(unneeded);
        assert_eq!(asked(&app.send(Message::KeyStates(all))), [], "no picker is open");
        let mut expected: Vec<KeyOf> = keys[..4].iter().map(|key| of("Many", key)).collect();
        expected.push(of("Open", KeyLabel::DEFAULT));
        assert_eq!(asked(&app.keys("ctrl-x p")), expected);
    }

    #[test]
    fn an_answer_stands_for_a_minute_unless_a_refresh_is_wanted() {
        let mut app = App::new(80, 24);
        app.keys("ctrl-x p");
        let state = || KeyStatus {
            endpoint: "LiteLLM".into(),
            key: "work".into(),
            state: KeyState::Ready(KeyOrigin::Environment),
        };
        let work = of("LiteLLM", "work");
        let one = [work.clone()];
        assert_eq!(asked(&app.send(Message::KeyStates(vec![state()]))), one);
        assert_eq!(asked(&app.keys("esc ctrl-x p")), [], "it was asked just now");
        app.send(Message::HealthKnown { of: work, result: Ok(Duration::from_millis(5)) });
        app.at += Duration::from_secs(59);
        assert_eq!(asked(&app.keys("esc ctrl-x p")), []);
        assert_eq!(asked(&app.keys("ctrl-r")), one);
        app.at += Duration::from_secs(60);
        assert_eq!(asked(&app.keys("esc ctrl-x p")), one);
    }

    #[test]
    fn a_list_that_nobody_gave_is_asked_for_again_once_somebody_answers() {
        for (kind, again) in
            [(ErrorKind::Network, true), (ErrorKind::Timeout, true), (ErrorKind::Provider, false)]
        {
            let mut app = App::new(80, 24);
            let list = ModelList { error: Some(Failure::new(kind, "no")), ..models(1) };
            app.send(Message::ModelsLoaded { list, at: noon() });
            let of = of("LiteLLM", "work");
            let effects = app.send(Message::HealthKnown { of: of.clone(), result: Ok(Duration::ZERO) });
            let refresh = Effect::RefreshModels { endpoint: of.endpoint, key: of.key };
            assert_eq!(effects, if again { vec![refresh] } else { Vec::new() }, "{kind:?}");
        }
    }

    #[test]
    fn a_failure_is_over_when_a_list_comes_or_the_key_is_another() {
        let over: [fn(&mut App); 3] = [
            |app| {
                app.send(Message::ModelsLoaded { list: models(1), at: noon() });
            },
            |app| {
                let (endpoint, key) = ("LiteLLM".into(), "work".into());
                app.send(Message::KeyStored { endpoint, key, result: Ok(KeyStore::File) });
            },
            |app| {
                let (endpoint, key) = ("LiteLLM".into(), "work".into());
                app.send(Message::KeyRemoved { endpoint, key, result: Ok(true) });
            },
        ];
        for over in over {
            let mut app = App::new(80, 24);
            key_state(&mut app, KeyState::Ready(KeyOrigin::Environment));
            let (of, failure) = (of("LiteLLM", "work"), Failure::new(ErrorKind::Network, "gone"));
            app.send(Message::HealthKnown { of: of.clone(), result: Err(failure.clone()) });
            assert_eq!(app.model.health[&of].result, Some(Err(failure)));
            over(&mut app);
            assert_eq!(app.model.health.get(&of), None);
        }
    }
}
