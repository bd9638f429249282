//! Keys in, effects out.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};
use jiff::Timestamp;
use uuid::Uuid;

use super::keymap::Stroke;
use super::model::{Phase, Presence};
use super::overlay::Overlay;
use super::picker::ListKind;
use super::transcript::Anchor;
use super::*;
use crate::catalog::{ListSource, ModelInfo, ModelList};
use crate::chat::{
    ConversationId, ErrorKind, Failure, FinishReason, KeyLabel, Message as ChatMessage, MessageId, ModelId,
    Money, Part, Provenance, Role, Route, Status, StreamEvent, TurnId, Usage,
};
use crate::config::{Config, Endpoint, KeyConfig, KeySource, Location, ModelsConfig, Template, WireFormat};
use crate::keys::{KeyOrigin, KeyState, KeyStore};
use crate::storage::choices::Choices;
use crate::text::sanitise;
use crate::turns::{TurnEvent, TurnRequest};

/// Midday of the day everything in tests happens.
pub fn noon() -> Timestamp {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

pub fn endpoint(name: &str, api: WireFormat, keys: &[&str], models: &[&str]) -> Endpoint {
    let at = Location { file: Arc::from("loquat.yaml"), line: 1, column: 1 };
    let template = |raw: &str| Template { raw: raw.to_owned(), at: at.clone() };
    let key = |label: &&str| KeyConfig {
        label: KeyLabel::from(*label),
        source: KeySource::Value(template("user_provided")),
    };
    Endpoint {
        keys: keys.iter().map(key).collect(),
        models: ModelsConfig {
            default: models.iter().map(|id| ModelId::from(*id)).collect(),
            fetch: true,
            ..ModelsConfig::default()
        },
        ..Endpoint::new(name, api, template("https://example.test/v1"))
    }
}

pub fn config() -> Config {
    Config {
        endpoints: vec![
            endpoint("LiteLLM", WireFormat::OpenaiChat, &["work", "home"], &["claude-sonnet"]),
            endpoint("Anthropic", WireFormat::Anthropic, &["default"], &["claude-opus"]),
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

    pub fn say(&mut self, turn: TurnId, event: StreamEvent) {
        self.send(Message::Turn { turn, event: TurnEvent::Said(event), at: self.at });
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

    fn branch_texts(&self) -> Vec<String> {
        let tree = &self.model.pane.conversation.tree;
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

fn key_state(app: &mut App, state: KeyState) {
    let status = KeyStatus { endpoint: "LiteLLM".into(), key: "work".into(), state };
    app.send(Message::KeyStates(vec![status]));
}

#[test]
fn enter_commits_the_prompt_and_starts_a_turn_with_the_whole_branch() {
    let mut app = App::new(80, 24);
    let first = app.turn("hello", "hi");
    assert!(first.create.as_ref().is_some_and(|create| create.tree.is_empty()));
    app.type_text("and again");
    let effects = app.keys("enter");
    let second = started(&effects);
    assert_eq!(second.create, None);
    assert_eq!(second.user.as_ref().unwrap().parent, Some(first.answer.id));
    assert_eq!(second.answer.parent, second.user.as_ref().map(|user| user.id));
    let said: Vec<(Role, Vec<Part>)> =
        second.request.messages.iter().map(|message| (message.role, message.parts.clone())).collect();
    let text = |text: &str| vec![Part::Text { text: text.to_owned() }];
    assert_eq!(
        said,
        [(Role::User, text("hello")), (Role::Assistant, text("hi")), (Role::User, text("and again"))]
    );
    assert_eq!(
        effects,
        [
            Effect::SetDraft { conversation: Some(second.conversation), text: String::new() },
            Effect::StartTurn(Box::new(second)),
            Effect::SaveChoices(app.model.choices.clone()),
            Effect::RememberPrompt("and again".into()),
        ]
    );
}

#[test]
fn prompts_of_earlier_runs_come_before_those_of_this_one() {
    let mut app = App::new(80, 24);
    app.turn("third", "answer");
    app.send(Message::HistoryLoaded(vec!["first".into(), "second".into()]));
    app.keys("up up");
    assert_eq!(app.model.pane.composer.text(), "second");
    app.keys("up up down down down");
    assert_eq!(app.model.pane.composer.text(), "");
    // What is called back and sent again at once is not told twice.
    app.keys("up");
    assert!(!app.keys("enter").iter().any(|effect| matches!(effect, Effect::RememberPrompt(_))));
}

#[test]
fn a_draft_that_is_cleared_can_be_called_back_in_the_next_run() {
    let mut app = App::new(80, 24);
    app.type_text("not yet");
    assert_eq!(app.keys("ctrl-c"), [Effect::RememberPrompt("not yet".into())]);
}

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
    assert!(matches!(effects.as_slice(), [Effect::StoreKey(key)] if key.0.secret.expose() == "sk-secret"));
    assert!(!format!("{effects:?} {:?}", app.model.overlays).contains("sk-secret"));
    let effects = app.send(Message::KeyStored {
        endpoint: "LiteLLM".into(),
        key: "work".into(),
        result: Ok(KeyStore::Keyring),
    });
    assert!(effects.contains(&Effect::RefreshModels { endpoint: "LiteLLM".into(), key: "work".into() }));
    assert!(matches!(
        app.model.overlays.as_slice(),
        [Overlay::List(list)] if list.kind == ListKind::Models(Some(super::model::KeyOf::from(&litellm(""))))
    ));
    assert_eq!(app.model.pane.composer.text(), "hello");
}

#[test]
fn the_demo_asks_for_no_key() {
    let mut app = App::new(80, 24);
    assert!(matches!(app.keys("ctrl-x k").as_slice(), []));
    assert!(app.model.overlays.is_empty());
    assert!(app.model.toast.as_ref().unwrap().text.contains("no key"));
}

#[test]
fn an_endpoint_whose_wire_format_is_not_built_is_refused_and_the_draft_stays() {
    let mut app = App::new(80, 24);
    app.model.pane.route =
        Route { endpoint: "Anthropic".into(), key: KeyLabel::default(), model: "claude-opus".into() };
    app.type_text("hello");
    assert_eq!(app.keys("enter"), []);
    assert!(app.model.toast.as_ref().unwrap().text.contains("not in this build"));
    assert_eq!(app.model.pane.composer.text(), "hello");
}

#[test]
fn ctrl_c_stops_then_clears_then_quits_when_pressed_twice() {
    let mut app = App::new(80, 24);
    let request = app.ask("hello");
    app.type_text("draft");
    assert_eq!(app.keys("ctrl-c"), [Effect::CancelTurn(request.turn)]);
    assert_eq!(app.model.live().unwrap().1.phase, Phase::Stopping);
    app.end(&request, "half", Status::Cancelled);
    assert_eq!(app.keys("ctrl-c"), [Effect::RememberPrompt("draft".into())]);
    assert!(app.model.pane.composer.is_empty());
    assert_eq!(app.model.history.entries(), ["hello", "draft"]);
    assert_eq!(app.keys("ctrl-c"), []);
    app.at += std::time::Duration::from_secs(2);
    assert_eq!(app.keys("ctrl-c"), []);
    app.at += std::time::Duration::from_secs(1);
    let effects = app.keys("ctrl-c");
    assert_eq!(effects.last(), Some(&Effect::Quit));
}

#[test]
fn esc_closes_and_goes_back_but_never_stops() {
    let mut app = App::new(80, 24);
    let request = app.ask("hello");
    app.keys("tab ctrl-p");
    assert_eq!(app.keys("esc esc esc esc"), []);
    assert_eq!((app.model.overlays.len(), app.model.focus), (0, Focus::Composer));
    assert!(app.model.turns.contains_key(&request.turn));
}

#[test]
fn editing_a_prompt_makes_a_sibling_and_esc_brings_the_draft_back() {
    let mut app = App::new(80, 24);
    app.turn("one", "answer one");
    app.type_text("a draft");
    app.keys("alt-t e");
    assert_eq!(app.model.pane.composer.text(), "one");
    app.keys("esc");
    assert_eq!(app.model.pane.composer.text(), "a draft");
    app.keys("alt-t e");
    app.type_text("!");
    let request = started(&app.keys("enter"));
    assert_eq!(request.user.as_ref().unwrap().parent, None);
    assert_eq!(request.request.messages.len(), 1);
    assert_eq!(app.model.pane.composer.text(), "a draft");
    app.end(&request, "answer two", Status::Complete);
    assert_eq!(app.branch_texts(), ["one!", "answer two"]);
    let effects = app.keys("alt-t h");
    assert!(matches!(effects.as_slice(), [Effect::Choose { choices, .. }] if choices.len() == 1));
    assert_eq!(app.branch_texts(), ["one", "answer one"]);
}

#[test]
fn asking_again_adds_a_sibling_but_replaces_an_answer_that_failed_before_any_text() {
    let mut app = App::new(80, 24);
    let first = app.ask("hello");
    app.end(&first, "", Status::Failed);
    let second = started(&app.keys("tab r"));
    assert_eq!(second.user, None);
    let tree = &app.model.pane.conversation.tree;
    assert_eq!(tree.children(second.answer.parent), [second.answer.id]);
    app.end(&second, "there", Status::Complete);
    let third = started(&app.keys("r"));
    let tree = &app.model.pane.conversation.tree;
    assert_eq!(tree.children(third.answer.parent), [second.answer.id, third.answer.id]);
    assert_eq!(third.request.messages.len(), 1);
}

#[test]
fn a_new_prompt_after_a_dead_answer_leaves_the_unanswered_one_out() {
    let mut app = App::new(80, 24);
    let first = app.turn("one", "two");
    let failed = app.ask("lost");
    app.end(&failed, "", Status::Failed);
    let next = app.ask("again");
    assert_eq!(next.user.as_ref().unwrap().parent, Some(first.answer.id));
    assert_eq!(next.request.messages.len(), 3);
}

#[test]
fn continuing_keeps_the_message_and_sends_its_text_last() {
    let mut app = App::new(80, 24);
    let first = app.ask("count");
    app.end(&first, "one, two", Status::Cut);
    let next = started(&app.keys("ctrl-x c"));
    assert_eq!(next.answer.id, first.answer.id);
    assert_eq!(next.answer.status, Status::Streaming);
    assert_eq!(next.request.messages.last().unwrap().parts, [Part::Text { text: "one, two".into() }]);
    app.say(next.turn, StreamEvent::Text(", three".into()));
    assert_eq!(app.branch_texts(), ["count", "one, two, three"]);
}

#[test]
fn events_of_a_turn_that_is_over_are_dropped() {
    let mut app = App::new(80, 24);
    let request = app.turn("hello", "hi");
    app.say(request.turn, StreamEvent::Text(" and more".into()));
    assert_eq!(app.branch_texts(), ["hello", "hi"]);
}

#[test]
fn an_attempt_that_failed_is_told_while_the_next_one_runs() {
    let mut app = App::new(80, 24);
    let request = app.ask("hello");
    let failure = Failure::new(ErrorKind::RateLimit, "slow down");
    let next = noon() + std::time::Duration::from_millis(2500);
    let event = TurnEvent::AttemptFailed { attempt: 1, failure: failure.clone(), next };
    let effects = app.send(Message::Turn { turn: request.turn, event, at: noon() });
    assert_eq!(app.model.live().unwrap().1.phase, Phase::Retrying { failed: 1, failure, next });
    // One wake-up for the notice, and one for each second that is counted down; none after that.
    let wakes =
        [10_000, 2500, 1500, 500].map(|ms| Effect::WakeAt(noon() + std::time::Duration::from_millis(ms)));
    assert_eq!(effects, wakes);
    assert!(app.model.toast.as_ref().unwrap().text.contains("slow down"));
    app.say(request.turn, StreamEvent::Text("hi".into()));
    assert_eq!(app.model.live().unwrap().1.phase, Phase::Streaming);
    assert_eq!(app.model.toast, None);
}

#[test]
fn a_turn_goes_on_while_another_conversation_is_open() {
    let mut app = App::new(80, 24);
    let request = app.ask("hello");
    app.keys("ctrl-x n");
    app.say(request.turn, StreamEvent::Text("hi".into()));
    assert_eq!(app.branch_texts(), Vec::<String>::new());
    app.end(&request, "hi", Status::Complete);
    assert!(app.model.toast.as_ref().unwrap().text.contains("is done"));
}

#[test]
fn deleting_a_conversation_that_is_written_to_is_refused_with_a_reason() {
    let mut app = App::new(80, 24);
    let request = app.ask("hello");
    app.keys("ctrl-x n ctrl-x s");
    let answer = answer(&request, "", Status::Streaming);
    let summary = crate::storage::Summary {
        id: request.conversation,
        title: "hello".into(),
        created: answer.created,
        updated: answer.created,
        messages: 2,
        branches: 1,
        cost_eur: None,
    };
    app.send(Message::ConversationsListed(vec![summary]));
    app.keys("ctrl-d");
    assert!(matches!(app.model.overlays.as_slice(), [Overlay::List(_)]));
    assert!(app.model.toast.as_ref().unwrap().text.contains("written there"));
}

#[test]
fn the_first_words_name_the_conversation_from_its_first_turn_on() {
    let mut app = App::new(80, 24);
    let prompt = "Why does the borrow checker reject this program, which looks entirely right to me?";
    let request = app.ask(prompt);
    let title = "Why does the borrow checker reject this program, which…";
    assert_eq!(request.create.as_ref().map(|create| create.title.as_str()), Some(title));
    assert_eq!(app.model.pane.conversation.title, title);
    assert_eq!(app.end(&request, "Because.", Status::Complete), []);
}

#[test]
fn a_conversation_that_was_named_before_its_first_turn_keeps_its_name() {
    let mut app = App::new(80, 24);
    app.keys("ctrl-x t");
    app.type_text("Mine");
    app.keys("enter");
    let request = app.ask("hello");
    assert_eq!(request.create.map(|create| create.title.clone()), Some("Mine".to_owned()));
}

#[test]
fn a_title_from_a_model_replaces_the_first_words_but_never_what_a_person_wrote() {
    let mut app = App::new(80, 24);
    let request = app.turn("hello there", "hi");
    let conversation = request.conversation;
    let made = |title: &str| Message::TitleMade { conversation, title: title.into() };
    let renamed = |title: &str| vec![Effect::Rename { conversation, title: title.into() }];
    assert_eq!(app.send(made("Greetings\n")), renamed("Greetings"));
    assert_eq!(app.send(made("Other")), []);
    assert_eq!(app.model.pane.conversation.title, "Greetings");
}

#[test]
fn the_draft_is_stored_within_a_second_and_when_another_conversation_opens() {
    let mut app = App::new(80, 24);
    let key = KeyEvent::from(KeyCode::Char('a'));
    let due = app.at + std::time::Duration::from_secs(1);
    assert_eq!(app.send(Message::Key { key, at: noon() }), [Effect::WakeAt(due)]);
    assert_eq!(app.send(Message::Key { key, at: noon() }), []);
    let stored = |text: &str| Effect::SetDraft { conversation: None, text: text.into() };
    assert_eq!(app.send(Message::Tick { at: due }), [stored("aa")]);
    app.type_text("b");
    let other = ConversationId(Uuid::from_u128(9));
    assert_eq!(
        run::open_conversation(&mut app.model, other),
        [stored("aab"), Effect::LoadConversation(other)]
    );
}

#[test]
fn slash_runs_commands_and_a_double_slash_is_a_slash() {
    let mut app = App::new(80, 24);
    app.type_text("/help");
    assert_eq!(app.keys("enter"), []);
    assert!(matches!(app.model.overlays.as_slice(), [Overlay::Help(0)]));
    app.keys("esc");
    app.type_text("/modle");
    app.keys("enter");
    assert!(app.model.toast.as_ref().unwrap().text.contains("/model"));
    app.keys("ctrl-c");
    let request = app.ask("//help");
    assert_eq!(request.user.unwrap().text(), "/help");
}

#[test]
fn every_command_is_reached_by_its_slash_form_and_by_the_palette() {
    for command in command::COMMANDS {
        let mut by_slash = App::new(80, 24);
        by_slash.model.pane.composer.set(&format!("/{}", command.name));
        by_slash.keys("enter");
        assert!(!by_slash.model.pane.composer.text().starts_with('/'), "{}", command.name);
        let mut app = App::new(80, 24);
        app.keys("ctrl-p");
        if overlay::is_available(&app.model, command) {
            app.type_text(&format!("/{}", command.name));
            let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no palette") };
            let names: Vec<&str> = list.matches.iter().map(|at| list.entries[*at].owner.as_str()).collect();
            assert!(names.contains(&format!("/{}", command.name).as_str()), "{}", command.name);
        }
    }
}

#[test]
fn the_leader_shows_its_strip_after_a_while_and_a_wrong_key_ends_it() {
    let mut app = App::new(80, 24);
    let key = Stroke::parse("ctrl-x").unwrap().event();
    let at = noon() + std::time::Duration::from_millis(400);
    assert_eq!(app.send(Message::Key { key, at: noon() }), [Effect::WakeAt(at)]);
    app.type_text("j");
    assert_eq!(app.model.chord, None);
    assert!(app.model.pane.composer.is_empty());
}

#[test]
fn what_is_read_stays_while_an_answer_grows_and_the_pill_counts() {
    let mut app = App::new(80, 24);
    app.turn("long", &"line\n\n".repeat(40));
    let request = app.ask("more");
    app.keys("pageup");
    let before = app.model.pane.view.visible.clone();
    assert!(matches!(app.model.pane.view.anchor, Anchor::At(..)));
    for _ in 0..10 {
        app.say(request.turn, StreamEvent::Text("word\n\n".into()));
    }
    assert_eq!(app.model.pane.view.visible, before);
    assert!(app.model.pane.view.new_lines >= 10, "{}", app.model.pane.view.new_lines);
    app.keys("alt-t G");
    assert_eq!((app.model.pane.view.anchor, app.model.pane.view.new_lines), (Anchor::Follow, 0));
}

#[test]
fn scrolling_up_and_down_again_comes_back_to_the_same_rows() {
    let mut app = App::new(80, 24);
    app.turn("a", &"line\n\n".repeat(40));
    app.turn("b", &"line\n\n".repeat(40));
    app.keys("alt-t u u");
    let here = app.model.pane.view.visible.clone();
    app.keys("k k k j j j");
    assert_eq!(app.model.pane.view.visible, here);
    app.keys("g");
    assert_eq!(app.model.pane.view.visible[0].1, 0);
    app.keys("G");
    assert_eq!(app.model.pane.view.anchor, Anchor::Follow);
}

#[test]
fn only_what_is_visible_of_a_long_conversation_is_laid_out() {
    let mut app = App::new(80, 24);
    let id = app.model.pane.conversation.id;
    let mut conversation = app.model.pane.conversation.clone();
    for n in 1..=10_000u128 {
        conversation.tree.add(crate::chat::tree::tests::message(n, (n > 1).then(|| n - 1), "text"));
    }
    app.model.pane.presence = Presence::Loading;
    app.send(Message::ConversationLoaded {
        conversation: Box::new(conversation),
        extent: Extent::Whole,
        draft: None,
    });
    let tree = app.model.pane.conversation.tree.branch();
    let laid = tree.iter().filter(|id| app.model.pane.layouts.get(**id).is_some()).count();
    assert_eq!((app.model.pane.conversation.id, tree.len()), (id, 10_000));
    assert!(laid <= 12, "{laid}");
}

#[test]
fn a_whole_conversation_after_its_tail_moves_nothing() {
    let mut app = App::new(80, 24);
    let id = ConversationId(Uuid::from_u128(77));
    run::open_conversation(&mut app.model, id);
    let whole = |from: u128| {
        let messages = (from..=60).map(|n| {
            let parent = (n > from).then(|| n - 1);
            crate::chat::tree::tests::message(n, parent, "text")
        });
        Box::new(crate::chat::Conversation {
            id,
            title: "t".into(),
            created: noon(),
            updated: noon(),
            settings: crate::chat::Settings::default(),
            tree: crate::chat::Tree::build(messages, []),
        })
    };
    let loaded = |from, extent, draft: Option<&str>| Message::ConversationLoaded {
        conversation: whole(from),
        extent,
        draft: draft.map(ToOwned::to_owned),
    };
    app.send(loaded(41, Extent::Tail, Some("kept")));
    app.keys("alt-t k k k");
    let before = app.model.pane.view.visible.clone();
    app.send(loaded(1, Extent::Whole, None));
    assert_eq!(app.model.pane.view.visible, before);
    assert_eq!(app.model.pane.conversation.tree.len(), 60);
    assert_eq!(app.model.pane.composer.text(), "kept");
}

#[test]
fn a_deleted_message_goes_to_the_trash_after_a_question_and_undo_restores_it() {
    let mut app = App::new(80, 24);
    let request = app.turn("one", "two");
    assert_eq!(app.keys("tab x"), []);
    let effects = app.keys("y");
    let message = Some(request.answer.id);
    assert_eq!(effects, [Effect::Trash { conversation: request.conversation, message }]);
    let trash = Uuid::from_u128(5);
    app.send(Message::Trashed { trash, conversation: request.conversation });
    assert_eq!(app.keys("ctrl-x z"), [Effect::Restore(trash)]);
}

fn trashed(conversation: ConversationId, message: Option<MessageId>) -> crate::storage::Trashed {
    crate::storage::Trashed {
        id: Uuid::from_u128(5),
        conversation,
        message,
        title: String::new(),
        messages: 1,
        deleted: noon(),
    }
}

fn here(app: &App) -> Message {
    Message::ConversationLoaded {
        conversation: Box::new(app.model.pane.conversation.clone()),
        extent: Extent::Whole,
        draft: None,
    }
}

#[test]
fn a_message_that_comes_back_is_shown_also_after_another_conversation_was_opened() {
    let mut app = App::new(80, 24);
    app.turn("one", "two");
    let last = app.turn("three", "four");
    let whole = here(&app);
    app.keys("tab x y ctrl-x n");
    app.send(Message::Trashed { trash: Uuid::from_u128(5), conversation: last.conversation });
    app.model.pane.composer.set("/undo");
    assert!(app.keys("enter").contains(&Effect::Restore(Uuid::from_u128(5))));
    let effects = app.send(Message::Restored(trashed(last.conversation, Some(last.answer.id))));
    assert!(effects.contains(&Effect::LoadConversation(last.conversation)));
    app.send(whole);
    assert_eq!(app.branch_texts(), ["one", "two", "three", "four"]);
    assert_eq!(app.model.pane.view.current(), Some(last.answer.id));
}

#[test]
fn a_conversation_that_comes_back_opens() {
    let mut app = App::new(80, 24);
    let request = app.turn("one", "two");
    let whole = here(&app);
    let effects = app.keys("ctrl-x d y");
    assert!(effects.contains(&Effect::Trash { conversation: request.conversation, message: None }));
    assert_eq!(app.branch_texts(), Vec::<String>::new());
    app.send(Message::Trashed { trash: Uuid::from_u128(5), conversation: request.conversation });
    assert!(app.model.toast.as_ref().unwrap().text.contains("^X z"));
    assert_eq!(app.keys("ctrl-x z"), [Effect::Restore(Uuid::from_u128(5))]);
    app.send(Message::Restored(trashed(request.conversation, None)));
    app.send(whole);
    assert_eq!(app.branch_texts(), ["one", "two"]);
    app.keys("ctrl-x z");
    assert!(app.model.toast.as_ref().unwrap().text.contains("Nothing"));
}

#[test]
fn deleting_the_prompt_that_is_edited_brings_the_draft_back() {
    let mut app = App::new(80, 24);
    let first = app.turn("one", "two");
    app.turn("three", "four");
    app.type_text("a draft");
    app.keys("alt-t K e alt-t x y");
    assert_eq!(app.model.pane.composer.text(), "a draft");
    let next = started(&app.keys("esc enter"));
    assert_eq!(next.user.unwrap().parent, Some(first.answer.id));
}

#[test]
fn favourites_and_recents_come_first_in_the_model_picker() {
    let mut app = App::new(80, 24);
    app.model.choices.recents = vec![litellm("model-5")];
    app.send(Message::ModelsLoaded { list: models(7000), at: noon() });
    app.model.choices.favourites = vec![litellm("model-9")];
    app.keys("ctrl-x m");
    assert_eq!(list_names(&app, 3), ["model-9", "model-5", "claude-sonnet"]);
    app.type_text("model-6999");
    app.keys("enter");
    assert_eq!(app.model.pane.route, litellm("model-6999"));
}

#[test]
fn the_model_picker_offers_exactly_what_the_provider_lists_for_the_key() {
    let mut app = App::new(80, 24);
    app.model.choices.recents = vec![litellm("gone"), litellm("model-1")];
    app.model.choices.favourites = vec![litellm("not-for-this-key")];
    app.keys("ctrl-x m");
    assert_eq!(list_names(&app, 3), ["not-for-this-key", "gone", "model-1"]);
    app.send(Message::ModelsLoaded { list: models(3), at: noon() });
    assert_eq!(list_names(&app, 3), ["model-1", "claude-sonnet", "model-2"]);
}

fn list_names(app: &App, count: usize) -> Vec<&str> {
    let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
    list.entries.iter().take(count).map(|entry| entry.name.as_str()).collect()
}

#[test]
fn the_models_of_a_chosen_key_are_not_mixed_with_those_of_another() {
    let mut app = App::new(80, 24);
    for key in ["work", "home"] {
        let status = KeyStatus {
            endpoint: "LiteLLM".into(),
            key: key.into(),
            state: KeyState::Ready(KeyOrigin::Literal),
        };
        app.send(Message::KeyStates(vec![status]));
        let list = ModelList { key: key.into(), ..models(if key == "work" { 2 } else { 3 }) };
        app.send(Message::ModelsLoaded { list, at: noon() });
    }
    app.keys("ctrl-x p");
    app.type_text("home");
    app.keys("enter");
    assert_eq!(list_names(&app, 9), ["claude-sonnet", "model-1", "model-2"]);
    app.type_text("model");
    app.keys("enter");
    assert_eq!(app.model.pane.route, Route { key: "home".into(), ..litellm("model-1") });
}

#[test]
fn an_edit_that_is_left_for_another_conversation_or_the_shell_can_be_called_back() {
    for keys in ["ctrl-x n", "ctrl-x q"] {
        let mut app = App::new(80, 24);
        app.turn("hello", "hi");
        app.keys("tab k e");
        app.type_text(" there");
        let effects = app.keys(keys);
        assert!(effects.contains(&Effect::RememberPrompt("hello there".into())), "{effects:?}");
    }
}

#[test]
fn after_five_idle_minutes_the_first_key_refreshes_the_model_lists() {
    let mut app = App::new(80, 24);
    app.at += std::time::Duration::from_secs(301);
    assert_eq!(app.keys("pageup"), [Effect::RefreshAllModels, Effect::LoadSpentToday]);
    assert_eq!(app.keys("pageup"), []);
}

#[test]
fn a_hit_opens_its_conversation_at_the_message_when_it_is_read() {
    let mut app = App::new(80, 24);
    let id = ConversationId(Uuid::from_u128(77));
    let message = crate::chat::tree::tests::message;
    let hit = message(2, Some(1), "found").id;
    let effects = run::choose(&mut app.model, super::picker::Choice::Message(id, hit));
    assert_eq!(effects, [Effect::LoadConversation(id)]);
    let mut conversation = app.model.pane.conversation.clone();
    conversation.tree = crate::chat::Tree::build(
        [message(1, None, "q"), message(2, Some(1), "found"), message(4, Some(1), "other")],
        [],
    );
    let effects = app.send(Message::ConversationLoaded {
        conversation: Box::new(conversation),
        extent: Extent::Whole,
        draft: None,
    });
    let parent = Some(MessageId(Uuid::from_u128(1)));
    assert_eq!(effects, [Effect::Choose { conversation: id, choices: vec![(parent, hit)] }]);
    assert_eq!(app.branch_texts(), ["q", "found"]);
}

#[test]
fn hits_of_an_older_search_are_dropped() {
    let mut app = App::new(80, 24);
    app.keys("ctrl-x /");
    app.type_text("ab");
    let hit = |snippet: &str| crate::storage::Hit {
        conversation: ConversationId(Uuid::from_u128(1)),
        message: MessageId(Uuid::from_u128(2)),
        role: Role::User,
        snippet: snippet.into(),
        title: "t".into(),
    };
    app.send(Message::Searched { search: SearchId(2), hits: vec![hit("new")] });
    app.send(Message::Searched { search: SearchId(1), hits: vec![hit("old")] });
    let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
    assert_eq!(list.chosen().unwrap().name, sanitise("new"));
}

#[test]
fn paging_through_a_long_conversation_lays_out_only_what_is_passed() {
    let mut app = App::new(120, 40);
    let mut tree = crate::chat::Tree::default();
    for n in 1..=10_000u128 {
        tree.add(crate::chat::tree::tests::message(n, (n > 1).then(|| n - 1), "text"));
    }
    app.model.pane.conversation.tree = tree;
    app.model.pane.view.read(&app.model.pane.conversation.tree);
    app.keys("pageup pageup pagedown");
    let laid = app.model.pane.layouts.len();
    assert!(laid < 100, "{laid}");
}

#[test]
fn help_scrolls_to_its_end_and_at_once_back() {
    let mut app = App::new(80, 24);
    app.keys("f1 pagedown pagedown pagedown pagedown pagedown pagedown");
    let Some(Overlay::Help(end)) = app.model.overlays.last().cloned() else { panic!("no help") };
    app.keys("k");
    assert!(matches!(app.model.overlays.last(), Some(Overlay::Help(top)) if *top + 1 == end));
}

#[test]
fn the_same_messages_give_the_same_model() {
    let play = || {
        let mut app = App::new(80, 24);
        let mut effects = Vec::new();
        key_state(&mut app, KeyState::Ready(KeyOrigin::Environment));
        app.turn("one", "two");
        app.type_text("three");
        effects.extend(app.keys("enter ctrl-c alt-t k k e"));
        effects.extend(app.keys("ctrl-x m"));
        (effects, app.model.pane.view.visible.clone(), app.model.pane.composer.text())
    };
    assert_eq!(play(), play());
}

#[test]
fn settings_are_checked_before_they_are_kept() {
    let mut app = App::new(80, 24);
    let request = app.turn("a", "b");
    app.keys("ctrl-x g tab");
    app.type_text("hot");
    assert_eq!(app.keys("enter"), []);
    let Some(Overlay::Form(form)) = app.model.overlays.last() else { panic!("no form") };
    assert!(form.problem.is_some());
    app.keys("ctrl-u");
    app.type_text("0.5");
    app.keys("tab tab tab");
    app.type_text("top_k=40 style=terse");
    let effects = app.keys("enter");
    let settings = app.model.pane.conversation.settings.clone();
    assert_eq!(settings.temperature, Some(0.5));
    assert_eq!(serde_json::to_string(&settings.params).unwrap(), r#"{"top_k":40,"style":"terse"}"#);
    assert_eq!(effects, [Effect::SetSettings { conversation: request.conversation, settings }]);
}

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

fn rows(app: &App) -> Vec<(String, String)> {
    let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
    let rows = list.matches.iter().filter_map(|at| list.entries.get(*at));
    rows.map(|entry| (entry.owner.to_string(), entry.name.to_string())).collect()
}

#[test]
fn what_can_be_used_stands_above_what_cannot_and_each_endpoint_says_its_state() {
    let mut app = with_local_servers();
    let state =
        |endpoint: &str, key: &str, state| KeyStatus { endpoint: endpoint.into(), key: key.into(), state };
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
        ("Anthropic", "not in this build (anthropic)"),
    ];
    assert_eq!(rows(&app), expected.map(|(owner, name)| (owner.to_owned(), name.to_owned())));
    let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
    assert_eq!(list.chosen().map(|entry| entry.owner.as_str()), Some("demo"));
    assert_eq!(list.entries[2].about, "localhost:11434 · localhost:11434 refuses connections.");
}

#[test]
fn a_local_server_that_nobody_set_up_is_not_told_of_among_models_unless_it_is_named() {
    let mut app = with_local_servers();
    app.keys("ctrl-x m");
    let owners = |app: &App| rows(app).into_iter().map(|(owner, _)| owner).collect::<Vec<_>>();
    assert_eq!(owners(&app), ["LiteLLM/work", "LiteLLM/home", "demo", "Mine"]);
    app.type_text("olla");
    assert_eq!(owners(&app), ["Ollama"]);
    // Once it was used, its silence is news.
    app.model.choices.recents =
        vec![Route { endpoint: "Ollama".into(), key: KeyLabel::default(), model: "llama3".into() }];
    app.keys("esc ctrl-x m");
    assert_eq!(rows(&app).last().unwrap().0, "Ollama");
}

#[test]
fn tab_goes_from_titles_to_full_text_and_back_with_what_was_typed() {
    let mut app = App::new(80, 24);
    app.keys("ctrl-x s");
    app.type_text("borrow");
    let effects = app.keys("tab");
    assert_eq!(effects, [Effect::Search { search: SearchId(1), words: "borrow".into() }]);
    assert_eq!(app.keys("tab"), [Effect::ListConversations]);
    let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
    assert_eq!((list.kind.clone(), list.filter.as_str()), (ListKind::Conversations, "borrow"));
    app.keys("esc ctrl-x m tab");
    assert!(
        matches!(app.model.overlays.as_slice(), [Overlay::List(list)] if list.kind == ListKind::Endpoints)
    );
    app.keys("tab");
    assert!(
        matches!(app.model.overlays.as_slice(), [Overlay::List(list)] if list.kind == ListKind::Models(None))
    );
}
