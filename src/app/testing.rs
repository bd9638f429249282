//! What the tests of the app are made with: a model, a clock, keys in and effects out.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};
use jiff::Timestamp;

use super::keymap::Stroke;
use super::overlay::Overlay;
use super::pane::{Opened, Pane};
use super::{Effect, KeyStatus, Message, Model, Size, update};
use crate::catalog::{ListSource, ModelInfo, ModelList};
use crate::chat::{
    EndpointName, ErrorKind, Failure, FinishReason, KeyLabel, Message as ChatMessage, ModelId, Money, Part,
    Provenance, Route, Status, StreamEvent, TurnId, Usage,
};
use crate::config::{AliasRoute, Config, Endpoint, KeyConfig, KeySource, Limits, ModelsConfig, WireFormat};
use crate::keys::KeyState;
use crate::providers::testing::template;
use crate::router::testing::{alias, leads_to};
use crate::storage::choices::Choices;
use crate::turns::{TurnEvent, TurnRequest};

/// Midday of the day everything in tests happens.
pub fn noon() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

pub fn endpoint(name: &str, api: WireFormat, keys: &[&str], models: &[&str]) -> Endpoint {
    let key = |label: &&str| KeyConfig {
        label: KeyLabel::from(*label),
        source: KeySource::Value(template("user_provided")),
        limits: Limits::default(),
    };
    Endpoint {
        api,
        keys: keys.iter().map(key).collect(),
        models: ModelsConfig {
            default: models.iter().map(|id| ModelId::from(*id)).collect(),
            fetch: true,
            ..ModelsConfig::default()
        },
        ..crate::providers::testing::endpoint(name, "https://example.test/v1")
    }
}

pub fn config() -> Config {
    Config {
        endpoints: vec![
            endpoint("LiteLLM", WireFormat::OpenaiChat, &["work", "home"], &["claude-sonnet"]),
            endpoint("demo", WireFormat::OpenaiChat, &[], &["demo"]),
        ],
        ..Config::default()
    }
}

/// The app under test, with the clock in its hand.
pub struct App {
    pub model: Model,
    pub at: Timestamp,
}

impl App {
    pub fn new(width: u16, height: u16) -> Self {
        let size = Size { width, height };
        let (model, problems) = Model::new(Arc::new(config()), Choices::default(), size, 7, noon());
        assert_eq!(problems, []);
        Self { model, at: noon() }
    }

    pub fn send(&mut self, message: Message) -> Vec<Effect> {
        update(&mut self.model, message)
    }

    /// Presses keys, written as bindings are. Returns every effect but wake-ups.
    pub fn keys(&mut self, keys: &str) -> Vec<Effect> {
        let mut effects = Vec::new();
        for key in keys.split_whitespace() {
            let key = Stroke::parse(key).unwrap_or_else(|| panic!("{key}")).event();
            effects.extend(self.send(Message::Key { key, at: self.at }));
        }
        effects.retain(|effect| !matches!(effect, Effect::WakeAt(_)));
        effects
    }

    pub fn type_text(&mut self, text: &str) {
        for c in text.chars() {
            let key = KeyEvent::from(KeyCode::Char(c));
            self.send(Message::Key { key, at: self.at });
        }
    }

    /// Types a prompt and sends it.
    pub fn ask(&mut self, text: &str) -> TurnRequest {
        self.type_text(text);
        started(&self.keys("enter"))
    }

    pub fn say(&mut self, turn: TurnId, event: StreamEvent) -> Vec<Effect> {
        self.send(Message::Turn { turn, event: TurnEvent::Said(event), at: self.at })
    }

    pub fn end(&mut self, request: &TurnRequest, text: &str, status: Status) -> Vec<Effect> {
        let answer = answer(request, text, status);
        let event = TurnEvent::Ended(Box::new(answer));
        self.send(Message::Turn { turn: request.turn, event, at: self.at })
    }

    /// A whole turn.
    pub fn turn(&mut self, prompt: &str, text: &str) -> TurnRequest {
        let request = self.ask(prompt);
        self.say(request.turn, StreamEvent::Text(text.to_owned()));
        self.end(&request, text, Status::Complete);
        request
    }

    /// The branch of each pane, in the order of the layout.
    pub fn branch_texts_of_panes(&self) -> Vec<Vec<String>> {
        let model = &self.model;
        let mut shown: Vec<(&Pane, &Opened)> = model.panes.others(&model.open).collect();
        shown.push((&model.pane, &model.open));
        let order = model.panes.layout.order();
        shown.sort_by_key(|(pane, _)| order.iter().position(|id| *id == pane.id));
        let text = |(pane, opened): (&Pane, &Opened)| {
            let tree = &opened.conversation.tree;
            pane.view.branch.iter().map(|id| tree.get(*id).unwrap().text()).collect()
        };
        shown.into_iter().map(text).collect()
    }

    pub fn branch_texts(&self) -> Vec<String> {
        let tree = &self.model.open.conversation.tree;
        tree.branch().into_iter().map(|id| tree.get(id).unwrap().text()).collect()
    }
}

pub fn answer(request: &TurnRequest, text: &str, status: Status) -> ChatMessage {
    let failure = match status {
        Status::Failed => Some(
            Failure::new(ErrorKind::Auth, "Invalid API key provided")
                .with_status(401)
                .with_next_step("Enter another key with ^X k"),
        ),
        Status::Complete | Status::Streaming | Status::Cut | Status::Cancelled => None,
    };
    ChatMessage {
        parts: if text.is_empty() { Vec::new() } else { vec![Part::Text { text: text.to_owned() }] },
        status,
        provenance: Some(Provenance {
            model_served: Some(ModelId::from("sonnet-2026")),
            finish: Some(FinishReason::Stop),
            attempts: 1,
            latency_ms: Some(1234),
            ttft_ms: Some(321),
            usage: Usage {
                tokens_in: Some(812),
                tokens_out: Some(240),
                cached_in: Some(512),
                ..Usage::default()
            },
            cost_eur: Some(Money::from_nanos(4_100_000)),
            failure,
            ..Provenance::default()
        }),
        ..(*request.answer).clone()
    }
}

pub fn started(effects: &[Effect]) -> TurnRequest {
    effects
        .iter()
        .find_map(|effect| match effect {
            Effect::StartTurn(request) => Some((**request).clone()),
            _ => None,
        })
        .unwrap_or_else(|| panic!("no turn in {effects:?}"))
}

pub fn litellm(model: &str) -> Route {
    Route { endpoint: "LiteLLM".into(), key: "work".into(), model: model.into() }
}

/// The alias `fast`, chosen: `claude-sonnet` with the key `work`, then `mini` of another endpoint.
pub fn choose_alias(app: &mut App) -> [Route; 2] {
    let spare = Route { endpoint: "Spare".into(), key: KeyLabel::default(), model: "mini".into() };
    let routes = [litellm("claude-sonnet"), spare];
    let mut config = config();
    config.endpoints.push(endpoint("Spare", WireFormat::OpenaiChat, &[], &["mini"]));
    config.endpoints.push(endpoint(EndpointName::ROUTER, WireFormat::OpenaiChat, &[], &["fast"]));
    let leads_to = |route: &Route| AliasRoute {
        model: route.model.clone(),
        key: Some(route.key.clone()),
        ..leads_to(route.endpoint.as_str())
    };
    config.router.models = vec![alias("fast", routes.iter().map(leads_to).collect(), &[])];
    app.model.config = Arc::new(config);
    app.model.pane.route = Route::to_alias("fast");
    routes
}

pub fn models(count: usize) -> ModelList {
    let info = |n: usize| ModelInfo {
        context: Some(200_000),
        ..ModelInfo::new(ModelId(if n == 0 { "claude-sonnet".to_owned() } else { format!("model-{n}") }))
    };
    ModelList {
        endpoint: "LiteLLM".into(),
        key: "work".into(),
        models: (0..count).map(info).collect(),
        source: ListSource::Live,
        fetched: Some(noon()),
        error: None,
    }
}

pub fn key_state(app: &mut App, state: KeyState) {
    let status = KeyStatus { endpoint: "LiteLLM".into(), key: "work".into(), state };
    app.send(Message::KeyStates(vec![status]));
}

pub fn list_names(app: &App, count: usize) -> Vec<&str> {
    let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
    list.entries.iter().take(count).map(|entry| entry.name.as_str()).collect()
}

/// The rows that match: whose they are and what they are called.
pub fn list_rows(app: &App) -> Vec<(String, String)> {
    let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
    let rows = list.matches.iter().filter_map(|at| list.entries.get(*at));
    rows.map(|entry| (entry.owner.to_string(), entry.name.to_string())).collect()
}
