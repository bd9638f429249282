use std::sync::Arc;

use super::*;
use crate::app::Message;
use crate::app::testing::{App, answer, choose_alias, endpoint, litellm, noon, started};
use crate::chat::{ErrorKind, Failure, StreamEvent};
use crate::config::{Config, WireFormat};
use crate::router::Cause;
use crate::turns::TurnEvent;

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
    assert!(matches!(effects.first(), Some(Effect::Choose { choices, .. }) if choices.len() == 1));
    assert_eq!(app.branch_texts(), ["one", "answer one"]);
}

#[test]
fn asking_again_adds_a_sibling_but_replaces_an_answer_that_failed_before_any_text() {
    let mut app = App::new(80, 24);
    let first = app.ask("hello");
    app.end(&first, "", Status::Failed);
    let second = started(&app.keys("tab r"));
    assert_eq!(second.user, None);
    let tree = &app.model.open.conversation.tree;
    assert_eq!(tree.children(second.answer.parent), [second.answer.id]);
    app.end(&second, "there", Status::Complete);
    let third = started(&app.keys("r"));
    let tree = &app.model.open.conversation.tree;
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
fn an_answer_that_an_alias_could_not_end_is_continued_where_its_turn_would_have_gone_on() {
    let mut app = App::new(80, 24);
    let (alias, other) = (Route::to_alias("fast"), app.model.pane.route.clone());
    app.model.config = Arc::new(Config {
        endpoints: vec![
            endpoint("router", WireFormat::OpenaiChat, &[], &["fast"]),
            endpoint("Two", WireFormat::OpenaiChat, &[], &["m"]),
        ]
        .into_iter()
        .chain(app.model.config.endpoints.clone())
        .collect(),
        ..Config::clone(&app.model.config)
    });
    app.model.pane.route = alias.clone();
    let first = app.ask("count");
    let onward = Route { endpoint: "Two".into(), key: KeyLabel::default(), model: "m".into() };
    let mut answer = ChatMessage { status: Status::Cut, ..(*first.answer).clone() };
    answer.parts = vec![Part::Text { text: "one, two".into() }];
    answer.provenance =
        Some(Provenance { alias: alias.alias(), onward: Some(onward.clone()), ..Provenance::default() });
    let event = TurnEvent::Ended(Box::new(answer));
    app.send(Message::Turn { turn: first.turn, event, at: noon() });
    let next = started(&app.keys("ctrl-x c"));
    assert_eq!((next.answer.id, &next.route), (first.answer.id, &onward));
    app.end(&next, "one, two, three", Status::Cut);
    app.model.pane.route = other.clone();
    assert_eq!(started(&app.keys("ctrl-x c")).route, other, "what was chosen since counts");
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
    let event =
        TurnEvent::AttemptFailed { attempt: 1, route: request.route.clone(), failure: failure.clone(), next };
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
fn the_first_words_name_the_conversation_from_its_first_turn_on() {
    let mut app = App::new(80, 24);
    let prompt = "Why does the borrow checker reject this program, which looks entirely right to me?";
    let request = app.ask(prompt);
    let title = "Why does the borrow checker reject this program, which…";
    assert_eq!(request.create.as_ref().map(|create| create.title.as_str()), Some(title));
    assert_eq!(app.model.open.conversation.title, title);
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
    assert_eq!(app.model.open.conversation.title, "Greetings");
}

#[test]
fn a_turn_that_waits_for_a_route_counts_down_and_can_be_told_not_to() {
    let mut app = App::new(80, 24);
    choose_alias(&mut app);
    let request = app.ask("hello");
    let until = noon() + std::time::Duration::from_millis(1500);
    let event = TurnEvent::Waiting { until: Some(until), cause: Cause::Provider };
    let effects = app.send(Message::Turn { turn: request.turn, event, at: noon() });
    let held = Phase::Held { until: Some(until), cause: Cause::Provider };
    assert_eq!(app.model.live().unwrap().1.phase, held);
    assert_eq!(effects, [1500, 500].map(|ms| Effect::WakeAt(noon() + std::time::Duration::from_millis(ms))));
    assert_eq!(app.keys("ctrl-x >"), [Effect::NudgeTurn(request.turn, Nudge::MoveOn)]);
    assert_eq!(app.keys("ctrl-x !"), [Effect::NudgeTurn(request.turn, Nudge::AskNow)]);
    assert_eq!(app.keys("ctrl-c"), [Effect::CancelTurn(request.turn)]);
}

#[test]
fn the_answer_of_an_alias_stands_under_the_route_that_is_asked() {
    let mut app = App::new(80, 24);
    let [_, spare] = choose_alias(&mut app);
    let request = app.ask("hello");
    assert_eq!(request.route, Route::to_alias("fast"));
    app.send(Message::Turn { turn: request.turn, event: TurnEvent::Asks(spare.clone()), at: noon() });
    let tree = &app.model.open.conversation.tree;
    assert_eq!(tree.get(request.answer.id).unwrap().route, Some(spare));
    assert_eq!(app.model.pane.route, Route::to_alias("fast"), "the next prompt asks the alias");
}

#[test]
fn a_cut_answer_of_an_alias_goes_on_at_the_route_that_was_offered_unless_another_is_chosen() {
    for (chosen, asked) in [(None, "Spare/mini"), (Some("gpt"), "LiteLLM/gpt")] {
        let mut app = App::new(80, 24);
        let [first, spare] = choose_alias(&mut app);
        let request = app.ask("count");
        let mut cut = answer(&request, "one, two", Status::Cut);
        cut.route = Some(first);
        let provenance = cut.provenance.take().unwrap_or_default();
        cut.provenance = Some(Provenance { alias: request.route.alias(), onward: Some(spare), ..provenance });
        let event = TurnEvent::Ended(Box::new(cut));
        app.send(Message::Turn { turn: request.turn, event, at: noon() });
        if let Some(model) = chosen {
            app.model.pane.route = litellm(model);
        }
        let next = started(&app.keys("ctrl-x c"));
        assert_eq!((next.answer.id, next.route.to_string().as_str()), (request.answer.id, asked));
        assert_eq!(next.answer.route.as_ref(), Some(&next.route));
    }
}
