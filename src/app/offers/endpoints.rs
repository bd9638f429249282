//! Endpoints as rows: what each key is good for now, what was learned of it, and what can be done about it.

use std::time::Duration;

use jiff::Timestamp;

use crate::app::block::Tone;
use crate::app::circuits::{self, Shut};
use crate::app::model::{KeyOf, Model};
use crate::app::overlay::age;
use crate::app::picker::{Choice, Entry};
use crate::chat::{ErrorKind, Failure};
use crate::config::Endpoint;
use crate::keys::{KeyOrigin, KeyState};
use crate::router::Probe;
use crate::t;
use crate::text::{Safe, sanitise, sanitise_line};

use super::{age_text, failed, keys_of, owner, told};

/// What a key of an endpoint is good for now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Standing<'a> {
    /// It can be used.
    Ready,
    /// Nothing is known of it yet.
    Unknown,
    /// It is no endpoint, but stands for so many aliases.
    Aliases(usize),
    /// It can be used, but for a route of it that failed too often.
    Shut(Shut<'a>),
    /// It was asked after, and answered within this time.
    Reachable(Duration),
    /// Its key is there; the last time its models were asked for, or it was asked after, this went wrong.
    Failed(&'a Failure),
    /// Its key was to be forgotten by now.
    Expired,
    /// It has to be given a key.
    NeedsKey,
    /// The variable that holds its key is not set.
    Unset(&'a str),
    /// It would be on this machine, and does not run.
    Silent(&'a Failure),
}

impl Standing<'_> {
    /// Where it stands in the list, from the top.
    const fn rank(&self) -> u8 {
        match self {
            Self::Ready | Self::Reachable(_) | Self::Unknown | Self::Aliases(_) => 0,
            Self::Failed(_) | Self::Shut(_) => 1,
            Self::Expired => 2,
            Self::NeedsKey => 3,
            Self::Unset(_) => 4,
            Self::Silent(_) => 5,
        }
    }

    /// How it is meant: what needs something done first is faint, what should work and does not is bad.
    const fn tone(&self) -> Tone {
        match self {
            Self::Ready | Self::Reachable(_) | Self::Unknown | Self::Aliases(_) => Tone::Text,
            Self::Failed(_) | Self::Shut(_) | Self::Expired => Tone::Bad,
            Self::NeedsKey | Self::Unset(_) | Self::Silent(_) => Tone::Dim,
        }
    }
}

/// What a key of an endpoint is good for now.
pub fn standing<'a>(model: &'a Model, endpoint: &Endpoint, of: &KeyOf) -> Standing<'a> {
    if endpoint.is_router() {
        return Standing::Aliases(model.config.router.models.len());
    }
    let state = model.key_states.get(of);
    match state {
        Some(KeyState::Missing) => return Standing::NeedsKey,
        Some(KeyState::Unset(variable)) => return Standing::Unset(variable),
        Some(KeyState::Expired(_)) => return Standing::Expired,
        Some(KeyState::Ready(_)) | None => {}
    }
    let of_list = model.models.get(of).and_then(|models| models.list.error.as_ref());
    let health = model.health.get(of).and_then(|health| health.result.as_ref());
    let shut = circuits::of(model, of);
    match (of_list.or_else(|| health?.as_ref().err()), health) {
        (Some(error), _) if is_silent(model, endpoint, of, error) => Standing::Silent(error),
        (Some(error), _) => Standing::Failed(error),
        (None, known) => match (shut, known) {
            (Some(shut), _) => Standing::Shut(shut),
            (None, Some(Ok(latency))) => Standing::Reachable(*latency),
            (None, _) if state.is_some() => Standing::Ready,
            (None, _) => Standing::Unknown,
        },
    }
}

/// Whether an endpoint is one of the built-in ones on this machine, does not answer, and was never used.
fn is_silent(model: &Model, endpoint: &Endpoint, of: &KeyOf, error: &Failure) -> bool {
    let choices = &model.choices;
    let used = choices.recents.iter().chain(&choices.favourites).chain(&choices.last);
    endpoint.at.is_builtin()
        && matches!(error.kind, ErrorKind::Network | ErrorKind::Timeout)
        && !model.is_stored(of)
        && address(endpoint).is_some_and(|url| url.host_str() == Some(THIS_MACHINE))
        && !used.into_iter().any(|route| route.endpoint == endpoint.name)
}

/// What the built-in endpoints call this machine.
const THIS_MACHINE: &str = "localhost";

fn address(endpoint: &Endpoint) -> Option<url::Url> {
    url::Url::parse(&endpoint.base_url.raw).ok()
}

/// Every endpoint and key, with its state; what can be used first, each kind in the order of the
/// configuration, where a person's own endpoints come before the built-in ones.
pub fn endpoints(model: &Model) -> Vec<Entry> {
    let mut rows: Vec<(u8, Entry)> = Vec::new();
    for endpoint in &model.config.endpoints {
        for key in keys_of(model, endpoint) {
            let of = KeyOf { endpoint: endpoint.name.clone(), key };
            let standing = standing(model, endpoint, &of);
            let current = KeyOf::from(&model.pane.route) == of;
            let models = model.models.get(&of).map_or(0, |models| models.list.models.len());
            let detail = match (&standing, models) {
                (Standing::Silent(_) | Standing::Failed(_) | Standing::Aliases(_) | Standing::Shut(_), _)
                | (_, 0) => Safe::default(),
                (_, count) => t!("app-endpoint-models", count = count, age = age_text(model, &of)),
            };
            rows.push((
                standing.rank(),
                Entry {
                    sign: sanitise(if current { "●" } else { "" }),
                    owner: owner(&of),
                    about: about_endpoint(model, endpoint, &standing, &of),
                    detail,
                    tone: standing.tone(),
                    ..Entry::new(Choice::Key(of.clone()), standing_name(model, &standing, &of))
                },
            ));
        }
    }
    rows.sort_by_key(|(rank, _)| *rank);
    rows.into_iter().map(|(_, entry)| entry).collect()
}

fn standing_name(model: &Model, standing: &Standing<'_>, of: &KeyOf) -> Safe {
    match standing {
        Standing::Ready if model.local.contains(&of.endpoint) => t!("app-endpoint-local"),
        Standing::Ready => t!("app-endpoint-ready"),
        Standing::Reachable(latency) => {
            let seconds = format!("{:.2}", latency.as_secs_f64());
            t!("app-endpoint-reachable", seconds = seconds)
        }
        Standing::Unknown => Safe::default(),
        Standing::Aliases(count) => t!("app-endpoint-aliases", count = *count),
        Standing::Shut(shut) => shut_name(*shut, model.now),
        Standing::Failed(failure) => failed(failure),
        Standing::Expired => t!("app-endpoint-expired"),
        Standing::NeedsKey => t!("app-endpoint-needs-key"),
        Standing::Unset(variable) => t!("app-endpoint-unset", variable = *variable),
        Standing::Silent(_) => t!("app-endpoint-silent"),
    }
}

/// What the router does with a route that failed too often.
fn shut_name(shut: Shut<'_>, now: Timestamp) -> Safe {
    match shut {
        Shut::Open(route, until) => {
            // A second that has begun counts.
            let seconds = (until.duration_since(now).as_millis() + 999) / 1000;
            t!("app-endpoint-open", model = route.model.as_str(), seconds = seconds)
        }
        Shut::HalfOpen(route, Probe::Wanted) => {
            t!("app-endpoint-half-open", model = route.model.as_str())
        }
        Shut::HalfOpen(route, Probe::Sent) => t!("app-endpoint-tried", model = route.model.as_str()),
    }
}

/// What the foot of the list tells of an endpoint.
fn about_endpoint(model: &Model, endpoint: &Endpoint, standing: &Standing<'_>, of: &KeyOf) -> Safe {
    if let Standing::Aliases(_) = standing {
        return t!("app-about-aliases");
    }
    let mut facts: Vec<String> = Vec::new();
    // The address as configured may hold more than a host: only that is shown.
    let url = address(endpoint);
    if let Some((url, host)) = url.as_ref().and_then(|url| Some((url, url.host_str()?))) {
        facts.push(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")));
    }
    if let Some(KeyState::Ready(origin)) = model.key_states.get(of) {
        facts.push(origin_name(*origin).into_string());
    }
    facts.push(
        match standing {
            Standing::Failed(failure) | Standing::Silent(failure) => told(failure),
            Standing::Expired => t!("app-about-expired"),
            Standing::NeedsKey => t!("app-about-needs-key"),
            Standing::Unset(variable) => t!("app-about-unset", variable = *variable),
            Standing::Shut(_) => t!("app-about-shut"),
            Standing::Ready | Standing::Reachable(_) | Standing::Unknown | Standing::Aliases(_) => {
                fetched_text(model, of)
            }
        }
        .into_string(),
    );
    facts.retain(|fact| !fact.is_empty());
    sanitise_line(&facts.join(" · "))
}

fn origin_name(origin: KeyOrigin) -> Safe {
    match origin {
        KeyOrigin::Stored(_) => t!("app-origin-stored"),
        KeyOrigin::Command => t!("app-origin-command"),
        KeyOrigin::Environment => t!("app-origin-environment"),
        KeyOrigin::Profile => t!("app-origin-profile"),
        KeyOrigin::Literal => t!("app-origin-literal"),
        KeyOrigin::NotNeeded => t!("app-origin-none"),
    }
}

fn fetched_text(model: &Model, of: &KeyOf) -> Safe {
    let Some(models) = model.models.get(of) else { return Safe::default() };
    match models.list.fetched {
        Some(fetched) => t!("app-about-fetched", age = age(model.now, fetched)),
        None => t!("app-about-configured"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::app::overlay::Overlay;
    use crate::app::testing::{App, config, endpoint, list_rows, noon};
    use crate::app::{KeyStatus, Message};
    use crate::catalog::{ListSource, ModelList};
    use crate::chat::{KeyLabel, Route};
    use crate::config::WireFormat;

    fn failed_list(endpoint: &str, kind: ErrorKind, message: &str) -> ModelList {
        ModelList {
            endpoint: endpoint.into(),
            key: KeyLabel::default(),
            models: Vec::new(),
            source: ListSource::Builtin,
            fetched: None,
            error: Some(Failure::new(kind, message)),
        }
    }

    /// An app that knows a gateway, a local server of the built-in configuration, and one of the person's own.
    fn with_local_servers() -> App {
        let mut app = App::new(100, 30);
        let mut config = config();
        let mut local = |name: &str, file: &str| {
            let mut endpoint = endpoint(name, WireFormat::OpenaiChat, &[], &[]);
            endpoint.base_url.raw = "http://localhost:11434/v1".into();
            endpoint.at.file = Arc::from(file);
            config.endpoints.push(endpoint);
        };
        local("Mine", "loquat.yaml");
        local("Ollama", "<built-in>");
        app.model.config = Arc::new(config);
        for name in ["Mine", "Ollama"] {
            let list = failed_list(name, ErrorKind::Network, "localhost:11434 refuses connections.");
            app.send(Message::ModelsLoaded { list, at: noon() });
        }
        app
    }

    #[test]
    fn what_can_be_used_stands_above_what_cannot_and_each_endpoint_says_its_state() {
        let mut app = with_local_servers();
        let state = |endpoint: &str, key: &str, state| KeyStatus {
            endpoint: endpoint.into(),
            key: key.into(),
            state,
        };
        app.send(Message::KeyStates(vec![
            state("LiteLLM", "work", KeyState::Unset("GATEWAY_KEY".into())),
            state("LiteLLM", "home", KeyState::Expired(noon())),
            state("LiteLLM", "third", KeyState::Missing),
            state("LiteLLM", "fourth", KeyState::Ready(KeyOrigin::Environment)),
            state("demo", "default", KeyState::Ready(KeyOrigin::NotNeeded)),
        ]));
        app.keys("ctrl-x p");
        let refused = "network: localhost:11434 refuses connections.";
        let expected = [
            ("LiteLLM/fourth", "ready"),
            ("demo", "ready"),
            ("Mine", refused),
            ("LiteLLM/home", "key expired"),
            ("LiteLLM/third", "needs a key"),
            ("LiteLLM/work", "GATEWAY_KEY is not set"),
            ("Ollama", "does not run"),
        ];
        assert_eq!(list_rows(&app), expected.map(|(owner, name)| (owner.to_owned(), name.to_owned())));
        let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
        assert_eq!(list.chosen().map(|entry| entry.owner.as_str()), Some("demo"));
        assert_eq!(list.entries[2].about, "localhost:11434 · localhost:11434 refuses connections.");
        let of = KeyOf { endpoint: "LiteLLM".into(), key: "fourth".into() };
        app.send(Message::HealthKnown { of: of.clone(), result: Ok(Duration::from_millis(184)) });
        assert_eq!(list_rows(&app)[0], ("LiteLLM/fourth".to_owned(), "ready · 0.18 s".to_owned()));
        let failure = Failure::new(ErrorKind::Timeout, "it is silent").with_next_step("wait");
        app.send(Message::HealthKnown { of, result: Err(failure) });
        assert_eq!(list_rows(&app)[1], ("LiteLLM/fourth".to_owned(), "timed out: it is silent".to_owned()));
    }

    #[test]
    fn a_local_server_that_nobody_set_up_is_not_told_of_among_models_unless_it_is_named() {
        let mut app = with_local_servers();
        app.keys("ctrl-x m");
        let owners = |app: &App| list_rows(app).into_iter().map(|(owner, _)| owner).collect::<Vec<_>>();
        assert_eq!(owners(&app), ["LiteLLM/work", "LiteLLM/home", "demo", "Mine"]);
        app.type_text("olla");
        assert_eq!(owners(&app), ["Ollama"]);
        // Once it was used, its silence is news.
        app.model.choices.recents =
            vec![Route { endpoint: "Ollama".into(), key: KeyLabel::default(), model: "llama3".into() }];
        app.keys("esc ctrl-x m");
        assert_eq!(list_rows(&app).last().unwrap().0, "Ollama");
    }
}
