use super::*;
use crate::app::find::Mark;
use crate::app::overlay::Overlay;
use crate::app::picker::{Choice, ListKind};
use crate::app::testing::{App, answer, list_names, litellm, models, noon};
use crate::app::{Message, fanout};
use crate::chat::{Presence, RuleChange, StreamEvent, TurnId};
use crate::storage::Standing;
use crate::storage::sets::{Member, Set};
use crate::turns::{TurnEvent, TurnRequest};

fn app(width: u16, height: u16) -> App {
    let mut app = App::new(width, height);
    app.model.pane.route = litellm("claude-sonnet");
    app.send(Message::ModelsLoaded { list: models(4), at: noon() });
    app
}

fn turns(effects: &[Effect]) -> Vec<TurnRequest> {
    let turn = |effect: &Effect| match effect {
        Effect::StartTurn(request) => Some((**request).clone()),
        _ => None,
    };
    effects.iter().filter_map(turn).collect()
}

/// Asks the first three models of the list at once.
fn fan_out(app: &mut App, keys: &str) -> Vec<TurnRequest> {
    app.type_text("why?");
    app.keys(&format!("ctrl-x a space down space down space {keys}"));
    turns(&app.keys("enter"))
}

fn end(app: &mut App, request: &TurnRequest, text: &str, status: Status) {
    let event = TurnEvent::Ended(Box::new(answer(request, text, status)));
    app.send(Message::Turn { turn: request.turn, event, at: app.at });
}

fn lanes(app: &App) -> Vec<String> {
    let tree = &app.model.open.conversation.tree;
    let lanes = app.model.pane.lanes.as_ref().unwrap();
    lanes.lanes.iter().map(|lane| tree.get(lane.first).unwrap().text()).collect()
}

fn focused(app: &App) -> Option<usize> {
    app.model.pane.lanes.as_ref().unwrap().focus(&app.model.pane.view)
}

#[test]
fn a_prompt_goes_to_everybody_marked_as_siblings_of_one_question() {
    let mut app = app(200, 50);
    let requests = fan_out(&mut app, "");
    let tree = &app.model.open.conversation.tree;
    let question = tree.children(None)[0];
    assert_eq!(tree.children(None).len(), 1);
    let expected =
        [("claude-sonnet", Standing::Chosen), ("model-1", Standing::Beside), ("model-2", Standing::Beside)];
    for ((request, (model, place)), id) in requests.iter().zip(expected).zip(tree.children(Some(question))) {
        assert_eq!((request.route.clone(), request.standing), (litellm(model), place));
        assert_eq!((request.answer.id, request.answer.parent), (*id, Some(question)));
        // Whichever comes first stores the conversation and the question.
        assert_eq!(request.user.as_ref().unwrap().id, question);
        assert_eq!(request.create.as_ref().unwrap().id, app.model.open.conversation.id);
        assert_eq!(request.request.messages.len(), 1);
    }
    assert_eq!((requests.len(), app.model.turns.len()), (3, 3));
    assert!(app.model.pane.composer.is_empty());
    // What Enter sends to is what it was.
    assert_eq!(app.model.pane.route, litellm("claude-sonnet"));
    let titled = app.model.turns.values().filter(|live| live.titles.is_some()).count();
    assert_eq!(titled, 1);
}

#[test]
fn each_lane_grows_for_itself_and_one_that_fails_leaves_the_others_alone() {
    let mut app = app(200, 50);
    let requests = fan_out(&mut app, "");
    app.say(requests[0].turn, StreamEvent::Text("one".into()));
    app.say(requests[2].turn, StreamEvent::Text("three".into()));
    assert_eq!(lanes(&app), ["one", "", "three"]);
    end(&mut app, &requests[1], "", Status::Failed);
    app.say(requests[2].turn, StreamEvent::Text(" and more".into()));
    assert_eq!(lanes(&app), ["one", "", "three and more"]);
    assert_eq!(app.model.turns.len(), 2);
    assert!(app.model.toast.is_none(), "{:?}", app.model.toast);
}

#[test]
fn reading_in_one_lane_is_not_moved_by_what_any_of_them_says() {
    let mut app = app(200, 20);
    let requests = fan_out(&mut app, "");
    for request in &requests {
        app.say(request.turn, StreamEvent::Text("line\n\n".repeat(40)));
    }
    app.keys("l k k k");
    let before = app.model.pane.reading().0.visible.clone();
    for request in &requests {
        app.say(request.turn, StreamEvent::Text("more\n\n".repeat(9)));
    }
    assert_eq!(app.model.pane.reading().0.visible, before);
    app.keys("h l");
    assert_eq!(app.model.pane.reading().0.visible, before);
}

/// The words that are marked in each lane.
fn marked(app: &App) -> Vec<Vec<String>> {
    let lanes = &app.model.pane.lanes.as_ref().unwrap().lanes;
    let words = |lane: &Lane| {
        let word = |mark: &Mark| {
            let (id, row) = lane.view.visible[mark.row];
            let said = lane.layouts.get(id).unwrap().said(row).unwrap();
            said[mark.left..mark.left + mark.cells].to_owned()
        };
        lane.view.marks.iter().map(word).collect()
    };
    lanes.iter().map(words).collect()
}

#[test]
fn words_are_looked_for_and_selected_in_the_lane_that_is_read() {
    let mut app = app(200, 20);
    let requests = fan_out(&mut app, "");
    for (request, text) in requests.iter().zip(["red fox", "a quick red fox, red as fire", "none"]) {
        end(&mut app, request, text, Status::Complete);
    }
    app.keys("l /");
    app.type_text("red");
    assert_eq!(app.model.pane.find.as_ref().unwrap().place(), (1, 2));
    assert_eq!(marked(&app), [vec![], vec!["red".to_owned(), "red".to_owned()], vec![]]);
    app.keys("enter h");
    assert_eq!(marked(&app), [vec!["red".to_owned()], vec![], vec![]]);
    app.keys("esc l ctrl-x v s w v e");
    assert_eq!(app.keys("y"), [Effect::Copy { text: crate::text::sanitise("quick") }]);
}

#[test]
fn keys_walk_the_lanes_around_and_stop_one_or_all() {
    let mut app = app(200, 50);
    let requests = fan_out(&mut app, "");
    assert_eq!(focused(&app), Some(0));
    app.keys("tab l");
    assert_eq!(focused(&app), Some(2));
    app.keys("right");
    assert_eq!(focused(&app), Some(0));
    app.keys("backtab left");
    assert_eq!(focused(&app), Some(1));
    assert_eq!(app.keys("s"), [Effect::CancelTurn(requests[1].turn)]);
    let mut stopped: Vec<TurnId> = vec![requests[0].turn, requests[2].turn];
    stopped.sort_unstable();
    assert_eq!(app.keys("S"), stopped.into_iter().map(Effect::CancelTurn).collect::<Vec<_>>());
}

#[test]
fn a_promoted_lane_is_the_way_on_and_the_others_stay() {
    let mut app = app(200, 50);
    let requests = fan_out(&mut app, "");
    for request in &requests {
        end(&mut app, request, "done", Status::Complete);
    }
    let question = requests[0].answer.parent;
    let conversation = app.model.open.conversation.id;
    let choices = vec![(question, requests[1].answer.id)];
    assert_eq!(app.keys("l p"), [Effect::Choose { conversation, choices }]);
    assert!(app.model.pane.lanes.is_none());
    assert_eq!(app.model.pane.view.branch.last(), Some(&requests[1].answer.id));
    assert_eq!(app.model.open.conversation.tree.children(question).len(), 3);
    let next = app.ask("go on");
    assert_eq!((next.route.clone(), next.request.messages.len()), (litellm("model-1"), 3));
    assert_eq!(next.user.unwrap().parent, Some(requests[1].answer.id));
}

#[test]
fn leaving_the_lanes_stops_nothing_chooses_nothing_and_they_come_back() {
    let mut app = app(200, 50);
    let requests = fan_out(&mut app, "");
    assert_eq!(app.keys("l esc"), []);
    assert!(app.model.pane.lanes.is_none());
    assert_eq!(app.model.pane.view.branch.last(), Some(&requests[1].answer.id));
    assert_eq!(app.model.turns.len(), 3);
    app.say(requests[2].turn, StreamEvent::Text("meanwhile".into()));
    assert_eq!(app.keys("ctrl-x L"), []);
    assert_eq!(
        (lanes(&app), focused(&app)),
        (vec![String::new(), String::new(), "meanwhile".into()], Some(1))
    );
}

#[test]
fn a_prompt_written_beside_the_lanes_goes_on_in_the_one_with_the_focus() {
    let mut app = app(200, 50);
    let requests = fan_out(&mut app, "");
    for request in &requests {
        end(&mut app, request, "done", Status::Complete);
    }
    app.keys("l l enter");
    let next = app.ask("and then?");
    assert_eq!((next.user.unwrap().parent, next.route), (Some(requests[2].answer.id), litellm("model-2")));
    let lanes = app.model.pane.lanes.as_ref().unwrap();
    assert_eq!(lanes.lanes.iter().map(|lane| lane.view.branch.len()).collect::<Vec<_>>(), [1, 1, 3]);
}

#[test]
fn a_question_that_was_answered_is_asked_of_more_models_beside_what_is_there() {
    let mut app = app(200, 50);
    let first = app.turn("why?", "because");
    app.keys("alt-t a down space right");
    let question = first.answer.parent;
    let conversation = app.model.open.conversation.id;
    let effects = app.keys("enter");
    assert_eq!(
        effects.first(),
        Some(&Effect::Choose { conversation, choices: vec![(question, first.answer.id)] })
    );
    let requests = turns(&effects);
    let told: Vec<_> =
        requests.iter().map(|turn| (turn.route.clone(), turn.standing, turn.user.clone())).collect();
    let sample = (litellm("model-1"), Standing::Beside, None);
    assert_eq!(told, [sample.clone(), sample]);
    assert_eq!(app.model.open.conversation.tree.chosen_child(question), Some(first.answer.id));
    assert_eq!(lanes(&app), ["because", "", ""]);
}

#[test]
fn eight_answers_are_the_most_and_two_the_least() {
    let mut app = app(200, 50);
    app.type_text("why?");
    app.keys("ctrl-x a enter");
    assert!(app.model.turns.is_empty() && app.model.toast.is_some());
    app.keys(&"right ".repeat(9));
    let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
    let ListKind::FanOut(party) = &list.kind else { panic!("another list") };
    assert_eq!(party.answers(), fanout::MOST);
    assert_eq!(turns(&app.keys("enter")).len(), fanout::MOST);
}

#[test]
fn a_named_set_stands_first_marks_its_members_and_can_be_forgotten() {
    let mut app = app(200, 50);
    app.type_text("why?");
    app.keys("ctrl-x a space down right right ctrl-g");
    app.type_text("pair");
    let set = Set {
        name: "pair".into(),
        members: vec![
            Member { route: litellm("claude-sonnet"), samples: 1 },
            Member { route: litellm("model-1"), samples: 2 },
        ],
    };
    assert_eq!(app.keys("enter"), [Effect::KeepSet(set.clone())]);
    app.keys("esc");
    app.send(Message::SetsKnown(vec![set]));
    assert_eq!(app.keys("ctrl-x a"), [Effect::LoadSets]);
    assert_eq!(list_names(&app, 2), ["pair", "claude-sonnet"]);
    let asked: Vec<_> = turns(&app.keys("enter")).into_iter().map(|turn| turn.route).collect();
    assert_eq!(asked, [litellm("claude-sonnet"), litellm("model-1"), litellm("model-1")]);
    app.keys("S esc esc");
    app.type_text("again");
    assert_eq!(app.keys("ctrl-x a ctrl-d"), [Effect::LoadSets, Effect::ForgetSet("pair".into())]);
}

#[test]
fn a_blind_choice_is_kept_with_who_was_shown_and_who_won_once_a_lane_is_promoted() {
    let mut app = app(200, 50);
    let requests = fan_out(&mut app, "ctrl-t");
    for request in &requests {
        end(&mut app, request, "done", Status::Complete);
    }
    let tree = &app.model.open.conversation.tree;
    let question = requests[0].answer.parent.unwrap();
    let order = blind::order(tree, question);
    let shown: Vec<MessageId> =
        app.model.pane.lanes.as_ref().unwrap().lanes.iter().map(|lane| lane.first).collect();
    assert_eq!((&shown, focused(&app)), (&order, Some(0)));
    let won = tree.get(order[1]).unwrap().route.clone().unwrap();
    let effects = app.keys("l p");
    let Some(Effect::KeepTrial(trial)) = effects.last() else { panic!("{effects:?}") };
    assert_eq!((&trial.won, trial.question, trial.shown.len()), (&won, question, 3));
    assert!(app.model.blind.is_empty());
    let toast = app.model.toast.as_ref().unwrap().text.as_str();
    assert!(toast.contains(&format!("B = {}", won.model)), "{toast}");
}

#[test]
fn to_write_on_in_a_lane_without_a_name_is_to_choose_it() {
    let mut app = app(200, 50);
    let requests = fan_out(&mut app, "ctrl-t");
    for request in &requests {
        end(&mut app, request, "done", Status::Complete);
    }
    app.keys("l enter");
    assert_eq!(app.model.pane.route, litellm("claude-sonnet"));
    app.type_text("go on");
    let effects = app.keys("enter");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::KeepTrial(_))), "{effects:?}");
    let next = turns(&effects).pop().unwrap();
    let tree = &app.model.open.conversation.tree;
    let chosen = tree.get(next.user.unwrap().parent.unwrap()).unwrap();
    assert_eq!(Some(next.route), chosen.route);
}

#[test]
fn a_choice_between_samples_of_one_model_is_not_counted() {
    let mut app = app(200, 50);
    app.type_text("why?");
    app.keys("ctrl-x a right right ctrl-t enter");
    let effects = app.keys("p");
    assert!(matches!(effects.as_slice(), [Effect::Choose { .. }]), "{effects:?}");
}

#[test]
fn a_list_of_models_is_walked_by_marks_without_losing_the_row() {
    let mut app = app(200, 50);
    app.type_text("why?");
    app.keys("ctrl-x a down space");
    let Some(Overlay::List(list)) = app.model.overlays.last() else { panic!("no list") };
    assert_eq!(list.chosen().unwrap().choice, Choice::Route(litellm("model-1")));
    assert_eq!(list.chosen().unwrap().sign, "✓");
}

#[test]
fn below_eighty_columns_one_lane_is_shown_and_elsewhere_as_many_as_fit() {
    let shown = |width: u16| {
        let mut app = app(width, 30);
        fan_out(&mut app, "");
        app.keys("l l");
        let area = Rect { x: 0, y: 1, width, height: 20 };
        let lanes = app.model.pane.lanes.as_ref().unwrap();
        let places = lanes.places(area, &app.model.pane.view);
        places.lanes.iter().map(|place| (place.lane, place.body.width)).collect::<Vec<_>>()
    };
    assert_eq!(shown(60), [(2, 60)]);
    assert_eq!(shown(80), [(1, 40), (2, 39)]);
    assert_eq!(shown(100), [(0, 33), (1, 33), (2, 32)]);
}

#[test]
fn what_the_branch_leaves_out_is_told_to_nobody_who_is_asked_beside_its_end() {
    let mut app = app(200, 50);
    app.turn("one", "first");
    let second = app.turn("two", "second");
    let first = app.model.pane.view.branch[1];
    app.keys("alt-t K K X G a space right");
    let effects = app.keys("enter");
    let requests = turns(&effects);
    assert_eq!(requests.len(), 2);
    for request in requests {
        assert_eq!(request.request.messages.len(), 2);
        let presence = Some(Presence::Excluded);
        let change = RuleChange { from: request.answer.id, message: first, presence };
        assert!(effects.contains(&Effect::SetRule { conversation: second.conversation, change }));
    }
}
