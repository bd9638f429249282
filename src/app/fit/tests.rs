use std::sync::Arc;

use super::*;
use crate::app::Message;
use crate::app::testing::{App, answer, config, endpoint, list_names, litellm, noon, started};
use crate::catalog::{ModelInfo, ModelList, Price};
use crate::chat::Rates;
use crate::chat::{
    ErrorKind, Failure, FinishReason, Message as ChatMessage, Money, Presence, Provenance, RuleChange,
    Status, StreamEvent, ToolCall, ToolOutcome, ToolResult,
};
use crate::config::{Alias, AliasRoute, Limits, Location, RouterConfig, Strategy, WireFormat};
use crate::telemetry::Mode;
use crate::turns::{TurnEvent, TurnRequest};

/// Lists models of the gateway with their windows, each dearer than the one before.
fn list(app: &mut App, windows: &[(&str, u64)]) {
    let info = |(at, (id, window)): (i64, &(&str, u64))| {
        let price = Money::from_nanos(1_000_000_000 * (at + 1));
        ModelInfo {
            context: Some(*window),
            price: Some(Price::from(Rates::new(price, price))),
            ..ModelInfo::new((*id).into())
        }
    };
    let models: Vec<ModelInfo> = (0..).zip(windows).map(info).collect();
    let list = ModelList { models, ..crate::app::testing::models(0) };
    app.send(Message::ModelsLoaded { list, at: noon() });
}

/// Three turns of 28 tokens each, then a window of 70, and a prompt of 8.
fn too_long() -> App {
    let mut app = App::new(80, 24);
    app.model.pane.route = litellm("claude-sonnet");
    for n in ["one", "two", "three"] {
        app.turn(&format!("{n:40}"), &format!("{n:-<40}"));
    }
    list(&mut app, &[("claude-sonnet", 70), ("small", 80), ("big", 1_100), ("bigger", 2_000)]);
    app.type_text("next question");
    app
}

fn names(app: &App) -> Vec<&str> {
    list_names(app, 9)
}

const CHOICE: [&str; 5] = [
    "ask LiteLLM/work · big instead",
    "ask LiteLLM/work · bigger instead",
    "leave out the 2 oldest messages",
    "send a summary of the 4 oldest messages",
    "send it as it is",
];

/// The beginning of each message of a request.
fn sent(request: &TurnRequest) -> Vec<String> {
    let first = |message: &crate::chat::RequestMessage| {
        let text = message.parts.iter().find_map(Part::text).unwrap();
        text.split([' ', '-', '\n']).next().unwrap().to_owned()
    };
    request.request.messages.iter().map(first).collect()
}

#[test]
fn what_will_not_fit_is_not_sent_and_esc_leaves_the_prompt_as_it_was() {
    let mut app = too_long();
    assert_eq!(app.keys("enter"), []);
    assert_eq!(names(&app), CHOICE);
    let fit = Fit { errand: Errand::Send, cause: Cause::Estimate, weight: 92, window: Some(70) };
    assert!(
        matches!(app.model.overlays.as_slice(), [Overlay::List(list)] if list.kind == ListKind::Fit(fit))
    );
    assert_eq!(app.keys("esc"), []);
    assert_eq!((app.model.pane.composer.text(), app.model.overlays.len()), ("next question".into(), 0));
    // Sent as it is, nothing of it is missing.
    let request = started(&app.keys("enter 5"));
    assert_eq!(request.request.messages.len(), 7);
}

#[test]
fn the_most_that_an_answer_may_have_counts() {
    let mut app = App::new(80, 24);
    app.model.pane.route = litellm("claude-sonnet");
    list(&mut app, &[("claude-sonnet", 70)]);
    app.model.open.conversation.settings.max_tokens = Some(60);
    app.turn("fits", "yes");
    app.model.open.conversation.settings.max_tokens = Some(64);
    app.type_text("fits not");
    app.keys("enter");
    assert_eq!(names(&app), ["leave out the 2 oldest messages", "send it as it is"]);
}

#[test]
fn another_model_takes_this_branch_over() {
    let mut app = too_long();
    let request = started(&app.keys("enter down enter"));
    assert_eq!((request.route, request.request.messages.len()), (litellm("bigger"), 7));
    assert_eq!(app.model.pane.route, litellm("bigger"));
}

#[test]
fn a_model_used_lately_goes_before_cheaper_ones_that_never_were() {
    let mut app = too_long();
    app.model.choices.recents = vec![litellm("bigger"), litellm("small")];
    list(&mut app, &[("claude-sonnet", 70), ("a", 100), ("b", 100), ("c", 100), ("bigger", 100)]);
    app.keys("enter");
    assert_eq!(
        names(&app)[..3],
        ["a", "b", "bigger"].map(|name| format!("ask LiteLLM/work · {name} instead"))
    );
}

#[test]
fn the_oldest_messages_are_left_out_of_the_request_and_can_be_let_in_again() {
    let mut app = too_long();
    let first = app.model.open.conversation.tree.branch()[..2].to_vec();
    let effects = app.keys("enter 3");
    let request = started(&effects);
    assert_eq!(sent(&request), ["two", "two", "three", "three", "next"]);
    for message in &first {
        let presence = Some(Presence::Excluded);
        let change = RuleChange { from: request.answer.id, message: *message, presence };
        assert!(effects.contains(&Effect::SetRule { conversation: request.conversation, change }));
    }
    assert_eq!(app.model.open.conversation.tree.len(), 8);
    app.end(&request, "so", Status::Complete);
    app.keys("ctrl-x v i");
    let left_out: Vec<Sent> = lens::rows(&app.model).iter().map(|row| row.sent).collect();
    assert_eq!(left_out[..3], [Sent::LeftOut, Sent::LeftOut, Sent::Yes]);
    app.keys("g x");
    assert_eq!(lens::rows(&app.model)[0].sent, Sent::Yes);
}

#[test]
fn what_was_left_out_stays_so_when_a_dead_answer_is_asked_again() {
    let mut app = too_long();
    let request = started(&app.keys("enter 3"));
    app.end(&request, "", Status::Failed);
    let again = started(&app.keys("ctrl-x r"));
    assert_eq!(sent(&again), ["two", "two", "three", "three", "next"]);
}

#[test]
fn an_answer_asked_again_or_gone_on_with_keeps_its_question() {
    let mut app = too_long();
    app.keys("ctrl-c");
    list(&mut app, &[("claude-sonnet", 45)]);
    app.keys("alt-t r");
    assert_eq!(names(&app)[0], "leave out the 2 oldest messages");
    assert_eq!(sent(&started(&app.keys("1"))), ["two", "two", "three"]);

    let mut app = too_long();
    app.keys("ctrl-c");
    let last = *app.model.pane.view.branch.last().unwrap();
    app.model.open.conversation.tree.get_mut(last).unwrap().status = Status::Cut;
    list(&mut app, &[("claude-sonnet", 30)]);
    app.keys("alt-t c");
    assert_eq!(names(&app)[0], "leave out the 4 oldest messages");
    assert_eq!(sent(&started(&app.keys("1"))), ["three", "three"]);
}

#[test]
fn a_call_and_its_result_are_left_out_with_the_question_they_belong_to() {
    let mut app = App::new(80, 24);
    app.model.pane.route = litellm("claude-sonnet");
    let turn = app.turn("one", "first");
    let tree = &mut app.model.open.conversation.tree;
    let result =
        ToolResult { call: "c".into(), name: "f".into(), content: "x".into(), outcome: ToolOutcome::Ok };
    let call = ToolCall { id: "c".into(), name: "f".into(), arguments: "{}".into() };
    tree.get_mut(turn.answer.id).unwrap().parts.push(Part::ToolCall(call));
    let ids = [1, 2].map(|n| MessageId(uuid::Uuid::from_u128(u128::MAX - 2 + n)));
    let said = |id, parent, role, part| ChatMessage {
        id,
        parent: Some(parent),
        role,
        parts: vec![part],
        ..tree.get(turn.answer.id).unwrap().clone()
    };
    let told = said(ids[0], turn.answer.id, Role::User, Part::ToolResult(result));
    let done = said(ids[1], ids[0], Role::Assistant, Part::Text { text: "done".into() });
    tree.add(told);
    tree.add(done);
    app.model.pane.view.go(&app.model.open.conversation.tree, ids[1]);
    let counts = |app: &App| -> Vec<usize> {
        pairs(&app.model, Errand::Send).iter().map(|pair| pair.messages.len()).collect()
    };
    assert_eq!(counts(&app), [4]);
    app.turn("two", "second");
    assert_eq!(counts(&app), [4, 2]);
}

#[test]
fn where_the_question_alone_is_too_long_only_another_model_helps() {
    let mut app = App::new(80, 24);
    app.model.pane.route = litellm("claude-sonnet");
    app.turn("one", "first");
    list(&mut app, &[("claude-sonnet", 10), ("big", 1_000)]);
    app.type_text("a question that has more than ten tokens of its own");
    app.keys("enter");
    assert_eq!(names(&app), ["ask LiteLLM/work · big instead", "send it as it is"]);
}

/// An app whose configuration has these aliases, by name, model and what they fall back to.
fn with_aliases(aliases: &[(&str, &str, &[&str])]) -> App {
    let at = Location { file: Arc::from("loquat.yaml"), line: 1, column: 1 };
    let alias = |(name, model, fallbacks): &(&str, &str, &[&str])| Alias {
        name: (*name).into(),
        strategy: Strategy::Order,
        routes: vec![AliasRoute {
            endpoint: "LiteLLM".into(),
            model: (*model).into(),
            key: Some("work".into()),
            weight: 1,
            order: 1,
            limits: Limits::default(),
            timeouts: None,
            at: at.clone(),
        }],
        fallbacks: Vec::new(),
        context_window_fallbacks: fallbacks.iter().map(|name| (*name).to_owned()).collect(),
        content_policy_fallbacks: Vec::new(),
        retries: None,
        at: at.clone(),
    };
    let mut app = App::new(80, 24);
    let mut config = config();
    config.endpoints.insert(0, endpoint("router", WireFormat::OpenaiChat, &[], &[]));
    config.router = RouterConfig { models: aliases.iter().map(alias).collect(), ..RouterConfig::default() };
    app.model.config = Arc::new(config);
    app
}

#[test]
fn an_alias_that_names_what_is_asked_for_long_requests_offers_that() {
    let mut app = with_aliases(&[
        ("fast", "small", &["long", "LiteLLM/big", "short", "gone/x"]),
        ("long", "vast", &[]),
        ("short", "small", &[]),
    ]);
    list(&mut app, &[("small", 9), ("cheap", 900), ("big", 1_000), ("vast", 2_000)]);
    app.model.pane.route = Route::to_alias("fast");
    app.type_text("a question that has more than nine tokens");
    app.keys("enter");
    assert_eq!(names(&app), ["ask long instead", "ask LiteLLM/work · big instead", "send it as it is"]);
    assert_eq!(started(&app.keys("enter")).route, Route::to_alias("long"));
}

fn refused(request: &TurnRequest) -> ChatMessage {
    let failure =
        Failure::new(ErrorKind::ContextWindow, "maximum context length is 90 tokens").with_status(400);
    let provenance = Provenance {
        failure: Some(failure),
        finish: Some(FinishReason::Error),
        attempts: 1,
        ..Provenance::default()
    };
    ChatMessage { provenance: Some(provenance), ..answer(request, "", Status::Failed) }
}

#[test]
fn a_refusal_that_no_estimate_foresaw_offers_the_same() {
    let mut app = too_long();
    list(&mut app, &[("claude-sonnet", 100), ("big", 1_000)]);
    let request = started(&app.keys("enter"));
    let event = TurnEvent::Ended(Box::new(refused(&request)));
    app.send(Message::Turn { turn: request.turn, event, at: noon() });
    app.keys("alt-t w");
    let expected = [
        "ask LiteLLM/work · big instead",
        "leave out the 2 oldest messages",
        "send a summary of the 4 oldest messages",
        "send it as it is",
    ];
    assert_eq!(names(&app), expected);
    let again = started(&app.keys("2"));
    assert_eq!(sent(&again), ["two", "two", "three", "three", "next"]);
    // Of anything else it says how long the next prompt is.
    app.end(&again, "so", Status::Complete);
    app.keys("w");
    assert!(app.model.toast.as_ref().unwrap().text.starts_with("It fits"));
}

#[test]
fn models_that_would_not_fit_are_marked_where_several_are_asked() {
    let mut app = too_long();
    for keys in ["ctrl-x a", "esc ctrl-x G"] {
        app.keys(keys);
        let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
        let marked: Vec<&str> = list
            .entries
            .iter()
            .filter(|entry| entry.detail.starts_with('⊘'))
            .map(|entry| entry.name.as_str())
            .collect();
        assert_eq!(marked, ["claude-sonnet", "small"], "{keys}");
    }
}

/// The turn that makes a summary.
fn summarising(effects: &[Effect]) -> TurnRequest {
    match effects {
        [Effect::StartTemporaryTurn(request)] if request.mode == Mode::Summary => (**request).clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_summary_made_by_a_chosen_model_is_kept_with_the_prompt_and_sent_from_then_on() {
    let mut app = too_long();
    let branch = app.model.open.conversation.tree.branch();
    assert_eq!(app.keys("enter 4"), []);
    // The cheapest that has room is chosen already.
    let request = summarising(&app.keys("enter"));
    assert_eq!(request.route, litellm("big"));
    let asked = request.request.messages[0].parts[0].text().unwrap().to_owned();
    assert!(asked.contains("<assistant>\ntwo--") && !asked.contains("three"), "{asked}");
    app.say(request.turn, StreamEvent::Text("Figs, ".into()));
    // Keys that would do something else do not take it away.
    app.keys("ctrl-p");
    let Some(Overlay::Summary(doing)) = app.model.overlays.last() else { panic!("no summary") };
    assert_eq!((doing.text.as_str(), doing.count), ("Figs, ", 4));
    let next = started(&app.end(&request, "Figs, ripe.", Status::Complete));
    let summary = Summary { text: "Figs, ripe.".into(), until: branch[3], model: "big".into() };
    let question = next.user.clone().unwrap();
    assert_eq!(question.parts, [Part::Summary(summary), Part::Text { text: "next question".into() }]);
    assert_eq!(sent(&next), ["[Summary", "three", "next"]);
    assert_eq!((app.model.overlays.len(), app.model.pane.route.clone()), (0, litellm("claude-sonnet")));
    app.end(&next, "so", Status::Complete);
    // The lens tells what stands for what, and can take it away.
    app.keys("ctrl-x v i");
    let told: Vec<Sent> = lens::rows(&app.model).iter().map(|row| row.sent).collect();
    assert_eq!(told[..6], [Sent::Covered, Sent::Covered, Sent::Covered, Sent::Covered, Sent::Yes, Sent::Yes]);
    assert_eq!(lens::rows(&app.model)[4].told, Told::Summary(question.id));
    app.keys("g x");
    assert!(app.model.toast.as_ref().unwrap().text.contains("summary"));
    list(&mut app, &[("claude-sonnet", 1_000)]);
    let parts = vec![Part::Text { text: "next question".into() }];
    let revised = Effect::Revise { conversation: next.conversation, message: question.id, parts };
    assert_eq!(app.keys("j j j j x"), [revised]);
    assert!(lens::rows(&app.model).iter().all(|row| row.sent == Sent::Yes));
}

#[test]
fn a_later_summary_is_made_of_the_earlier_one_and_an_edit_takes_it_along() {
    let mut app = too_long();
    app.keys("enter 4");
    let request = summarising(&app.keys("enter"));
    let next = started(&app.end(&request, "Figs, ripe.", Status::Complete));
    app.end(&next, &"so ".repeat(30), Status::Complete);
    list(&mut app, &[("claude-sonnet", 1_000)]);
    app.keys("alt-t e");
    let edited = started(&app.keys("enter"));
    assert_eq!(sent(&edited), ["[Summary", "three", "next"]);
    app.end(&edited, &"so ".repeat(30), Status::Complete);
    list(&mut app, &[("claude-sonnet", 95), ("big", 1_000)]);
    app.type_text("and then?");
    app.keys("enter");
    let at = names(&app).iter().position(|name| name.starts_with("send a summary")).unwrap();
    app.keys(&(at + 1).to_string());
    let request = summarising(&app.keys("enter"));
    let asked = request.request.messages[0].parts[0].text().unwrap().to_owned();
    assert!(asked.contains("<summary>\nFigs, ripe.\n</summary>\n<user>\nthree"), "{asked}");
    let last = started(&app.end(&request, "All of it.", Status::Complete));
    assert_eq!(sent(&last), ["[Summary"]);
    assert!(last.request.messages[0].parts[0].text().unwrap().contains("All of it."));
}

#[test]
fn a_summary_that_fails_or_is_left_loses_nothing_and_the_choice_is_there_again() {
    let mut app = too_long();
    let before = app.model.open.conversation.clone();
    app.keys("enter 4");
    let request = summarising(&app.keys("enter"));
    app.end(&request, "", Status::Failed);
    assert_eq!(names(&app), CHOICE);
    assert!(app.model.toast.as_ref().unwrap().text.contains("Invalid API key"));
    app.keys("4");
    let request = summarising(&app.keys("enter"));
    app.say(request.turn, StreamEvent::Text("half".into()));
    assert_eq!(app.keys("esc"), [Effect::CancelTurn(request.turn)]);
    assert_eq!(app.end(&request, "half", Status::Cancelled), []);
    assert_eq!(names(&app), CHOICE);
    app.keys("esc");
    assert_eq!(app.model.pane.composer.text(), "next question");
    assert_eq!(app.model.open.conversation, before);
}

#[test]
fn the_question_of_an_answer_asked_again_keeps_the_summary_made_for_it() {
    let mut app = too_long();
    app.keys("ctrl-c");
    list(&mut app, &[("claude-sonnet", 45), ("big", 1_000)]);
    app.keys("alt-t r 3");
    let request = summarising(&app.keys("enter"));
    let effects = app.end(&request, "Figs.", Status::Complete);
    let Some(Effect::Revise { message, parts, .. }) = effects.first() else { panic!("{effects:?}") };
    let question = app.model.open.conversation.tree.get(*message).unwrap();
    assert_eq!(
        (&question.parts, question.summary().map(|summary| summary.text.as_str())),
        (parts, Some("Figs."))
    );
    assert_eq!(sent(&started(&effects)), ["[Summary"]);
}

#[test]
fn what_is_left_is_never_more_than_there_is_room_for_and_no_pair_goes_for_nothing() {
    use proptest::prelude::*;
    proptest!(|(tokens in prop::collection::vec(1u64..50, 0..20), question in 1u64..50, room in 1u64..400)| {
        let pair = |tokens: &u64| Pair { messages: Vec::new(), tokens: *tokens };
        let pairs: Vec<Pair> = tokens.iter().map(pair).collect();
        let weight = question + tokens.iter().sum::<u64>();
        let left = |count: usize| weight - tokens[..count].iter().sum::<u64>();
        prop_assume!(weight > room);
        match fewest(&pairs, weight, room) {
            Some(count) => prop_assert!(left(count) <= room && left(count - 1) > room),
            None => prop_assert!(left(tokens.len()) > room),
        }
    });
}
