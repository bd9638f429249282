//! Ghost runs: the questions of a branch asked again of another model, one after the other, as a branch of their
//! own. The first question is the same message; those after it are copied below what the model answered.
//!
//! A run needs nobody who watches: it holds all that it still has to ask, and goes on with each end of a turn,
//! whatever the panes show.

use std::collections::VecDeque;

use crate::chat::summary::with_summary;
use crate::chat::{
    ConversationId, Message as ChatMessage, MessageId, Part, Presence, RequestMessage, Role, Route,
    RuleChange, Settings, Status, TurnId,
};
use crate::storage::Standing;
use crate::t;

use super::effect::Effect;
use super::geometry;
use super::message::Extent;
use super::model::{Model, Mood};
use super::pane::Presence as Here;
use super::panes::{self, Audience};
use super::picker::ListKind;
use super::turn::{self, Asking};
use super::{acts, lens, lists, transcript};

/// A run that waits for the end of a turn.
#[derive(Clone, Debug)]
pub struct Ghost {
    /// Where it runs.
    pub conversation: ConversationId,
    /// Who is asked.
    pub route: Route,
    /// The question that is being answered, from 1.
    pub at: usize,
    /// How many questions there are.
    pub all: usize,
    /// The turn that is being replayed.
    replayed: Replayed,
    /// Those that follow it.
    left: VecDeque<Replayed>,
    /// What the model was told so far, the question that is being answered last.
    messages: Vec<RequestMessage>,
    settings: Settings,
}

/// A turn of the branch that is replayed. What the branch leaves out of its requests, the run leaves out in its place.
#[derive(Clone, Debug)]
struct Replayed {
    id: MessageId,
    asked: Vec<Part>,
    question: Presence,
    answer: Presence,
}

/// Asks for the model that a run goes to.
pub fn pick(model: &mut Model) -> Vec<Effect> {
    if turns(model).is_empty() {
        return vec![model.notify(t!("app-ghost-nothing"), Mood::Plain)];
    }
    lists::open_list(model, ListKind::Ghost);
    Vec::new()
}

/// The turns of the pane's branch.
fn turns(model: &Model) -> VecDeque<Replayed> {
    let tree = &model.open.conversation.tree;
    let branch = &model.pane.view.branch;
    let left_out = lens::excluded(model);
    let presence =
        |id: &MessageId| if left_out.contains(id) { Presence::Excluded } else { Presence::Included };
    let replayed = |(at, id): (usize, &MessageId)| {
        let asked = tree.get(*id).filter(|message| message.role == Role::User)?;
        // A summary stands for answers that this model never gave.
        let asked = with_summary(&asked.parts, None);
        let answer = branch.get(at + 1).map_or(Presence::Included, presence);
        Some(Replayed { id: *id, asked, question: presence(id), answer })
    };
    branch.iter().enumerate().filter_map(replayed).collect()
}

/// Begins a run.
pub fn start(model: &mut Model, route: Route) -> Vec<Effect> {
    if let Err(effects) = turn::ready(model, &route) {
        return effects;
    }
    let mut left = turns(model);
    let Some(replayed) = left.pop_front() else { return Vec::new() };
    let question = replayed.id;
    let left_out = lens::excluded(model);
    let tree = &model.open.conversation.tree;
    let conversation = model.open.conversation.id;
    // The branch stays the chosen one; a run is read when somebody looks.
    let chosen = tree.chosen_child(Some(question));
    let kept = chosen.map(|chosen| Effect::Choose { conversation, choices: vec![(Some(question), chosen)] });
    let mut effects = Vec::from_iter(kept);
    let answer = turn::empty_answer(model, question, &route);
    let tree = &mut model.open.conversation.tree;
    tree.add_beside(answer.clone());
    let rules = acts::inherit(tree, &left_out, answer.id);
    let messages = turn::asked(tree, &answer);
    turn::grown(model, Some(question));
    let ghost = Ghost {
        conversation,
        route,
        at: 1,
        all: left.len() + 1,
        replayed,
        left,
        messages,
        settings: model.open.conversation.settings.clone(),
    };
    let text = t!("app-ghost-begun", count = ghost.all, model = ghost.route.model.as_str());
    effects.push(model.notify(text, Mood::Plain));
    let id = answer.id;
    effects.push(ask(model, ghost, None, answer, Standing::Beside));
    effects.extend(rules.into_iter().map(|change| Effect::SetRule { conversation, change }));
    effects.extend(show(model, id));
    effects
}

/// Shows a run in a pane beside this one, where there is room. Keys stay where they are.
fn show(model: &mut Model, answer: MessageId) -> Vec<Effect> {
    let before = model.pane.id;
    let body = geometry::screen(model).transcript;
    let (columns, rows) = geometry::LEAST_PANE;
    let roomy = body.width > 2 * columns || body.height > 2 * rows && body.width >= columns;
    if !roomy || model.panes.count() >= panes::MOST {
        return Vec::new();
    }
    let focus = model.focus;
    let mut effects = panes::open_beside(model, answer);
    model.pane.view.anchor = transcript::Anchor::Follow;
    model.pane.view.cursor = None;
    if let Some(route) = model.open.conversation.tree.get(answer).and_then(|answer| answer.route.clone()) {
        model.pane.route = route;
    }
    effects.extend(panes::focus(model, before));
    model.focus = focus;
    effects
}

fn ask(
    model: &mut Model,
    ghost: Ghost,
    user: Option<ChatMessage>,
    answer: ChatMessage,
    standing: Standing,
) -> Effect {
    let asking = Asking {
        conversation: ghost.conversation,
        create: None,
        user,
        answer,
        messages: ghost.messages.clone(),
        settings: ghost.settings.clone(),
        standing,
        titles: None,
    };
    let (turn, effect) = turn::order(model, asking);
    model.ghosts.insert(turn, ghost);
    effect
}

/// An answer ended: asks the next question. One that did not come to its end ends the run; what was made stays.
pub fn go_on(model: &mut Model, mut ghost: Ghost, answer: &ChatMessage) -> Vec<Effect> {
    let (at, all, name) = (ghost.at, ghost.all, ghost.route.model.clone());
    if answer.status != Status::Complete {
        let reason = answer.provenance.as_ref().and_then(|provenance| provenance.failure.as_ref());
        let (text, mood) = match reason {
            Some(failure) => {
                let reason = failure.message.as_str();
                (
                    t!("app-ghost-failed", at = at, all = all, model = name.as_str(), reason = reason),
                    Mood::Bad,
                )
            }
            None => (t!("app-ghost-stopped", at = at, all = all, model = name.as_str()), Mood::Plain),
        };
        return vec![model.notify(text, mood)];
    }
    let mut effects = leave_out(model, &mut ghost, answer);
    let Some(next) = ghost.left.pop_front() else {
        effects.push(model.notify(t!("app-ghost-done", all = all, model = name.as_str()), Mood::Plain));
        return effects;
    };
    let user = ChatMessage {
        id: MessageId(model.ids.next(model.now)),
        parent: Some(answer.id),
        role: Role::User,
        parts: next.asked.clone(),
        status: Status::Complete,
        route: Some(ghost.route.clone()),
        provenance: None,
        created: model.now,
    };
    ghost.replayed = next;
    let next = turn::empty_answer(model, user.id, &ghost.route);
    ghost.at += 1;
    ghost.messages.push(RequestMessage::from(&user));
    put(model, ghost.conversation, answer.id, [user.clone(), next.clone()]);
    effects.push(ask(model, ghost, Some(user), next, Standing::Chosen));
    effects
}

/// A turn was replayed: what follows it is told both of its messages, but for those that the branch leaves out.
fn leave_out(model: &mut Model, ghost: &mut Ghost, answer: &ChatMessage) -> Vec<Effect> {
    if ghost.replayed.question == Presence::Excluded {
        ghost.messages.pop();
    }
    if ghost.replayed.answer == Presence::Included {
        ghost.messages.push(RequestMessage::from(answer));
    }
    let (from, conversation) = (answer.id, ghost.conversation);
    let stands = [(answer.parent, ghost.replayed.question), (Some(from), ghost.replayed.answer)];
    let left_out = stands.into_iter().filter(|(_, presence)| *presence == Presence::Excluded);
    let messages: Vec<MessageId> = left_out.filter_map(|(message, _)| message).collect();
    let audience = model.panes.audience(&mut model.open, &mut model.pane, conversation);
    if let Some(Audience { opened, .. }) = audience {
        for message in &messages {
            opened.conversation.tree.set_presence(from, *message, Presence::Excluded);
        }
    }
    let change = |message| RuleChange { from, message, presence: Some(Presence::Excluded) };
    messages.into_iter().map(|id| Effect::SetRule { conversation, change: change(id) }).collect()
}

/// Puts the next question and its answer in the tree, where the conversation is open: a pane that ends where the run
/// was goes on with it. Of a conversation that is being read they are there when it is.
fn put(model: &mut Model, conversation: ConversationId, after: MessageId, messages: [ChatMessage; 2]) {
    let Some(audience) = model.panes.audience(&mut model.open, &mut model.pane, conversation) else { return };
    if audience.opened.presence != Here::Here(Extent::Whole) {
        return;
    }
    let tree = &mut audience.opened.conversation.tree;
    for message in messages {
        tree.add(message);
    }
    for pane in audience.panes {
        match pane.view.leaf {
            Some(leaf) if leaf == after => pane.view.go(tree, after),
            Some(_) | None => pane.view.read(tree),
        }
    }
}

/// The run of a conversation that keys could stop from its pane, with its turn.
pub fn of(model: &Model, conversation: ConversationId) -> Option<(TurnId, &Ghost)> {
    let here = model.ghosts.iter().find(|(_, ghost)| ghost.conversation == conversation);
    here.map(|(turn, ghost)| (*turn, ghost))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{App, answer, list_names, litellm, models, noon, started};
    use crate::app::{CommandId, Message, run};
    use crate::chat::StreamEvent;
    use crate::turns::{TurnEvent, TurnRequest};

    /// A branch of three turns, and the list of models open on a run.
    fn picking(width: u16) -> App {
        let mut app = App::new(width, 40);
        app.model.pane.route = litellm("claude-sonnet");
        app.send(Message::ModelsLoaded { list: models(3), at: noon() });
        for (prompt, text) in [("one", "first"), ("two", "second"), ("three", "third")] {
            app.turn(prompt, text);
        }
        app.keys("ctrl-x G down");
        app
    }

    fn end(app: &mut App, request: &TurnRequest, text: &str, status: Status) -> Vec<Effect> {
        let event = TurnEvent::Ended(Box::new(answer(request, text, status)));
        app.send(Message::Turn { turn: request.turn, event, at: app.at })
    }

    fn told(request: &TurnRequest) -> Vec<String> {
        let text = |message: &RequestMessage| message.parts.iter().filter_map(Part::text).collect();
        request.request.messages.iter().map(text).collect()
    }

    fn toast(app: &App) -> &str {
        app.model.toast.as_ref().unwrap().text.as_str()
    }

    #[test]
    fn the_questions_of_a_branch_are_asked_again_one_after_the_other_below_the_same_first_one() {
        let mut app = picking(80);
        assert_eq!(list_names(&app, 2), ["claude-sonnet", "model-1"]);
        let before = app.branch_texts();
        let first = started(&app.keys("enter"));
        let root = app.model.open.conversation.tree.children(None)[0];
        assert_eq!(
            (first.answer.parent, first.user.clone(), first.standing),
            (Some(root), None, Standing::Beside)
        );
        let second = started(&end(&mut app, &first, "ghostly one", Status::Complete));
        let user = second.user.clone().unwrap();
        assert_eq!((user.text(), user.parent), ("two".into(), Some(first.answer.id)));
        assert_eq!(told(&second), ["one", "ghostly one", "two"]);
        let third = started(&end(&mut app, &second, "ghostly two", Status::Complete));
        assert_eq!(of(&app.model, third.conversation).map(|(_, ghost)| (ghost.at, ghost.all)), Some((3, 3)));
        assert_eq!(end(&mut app, &third, "ghostly three", Status::Complete).len(), 1);
        assert!(app.model.ghosts.is_empty() && toast(&app).contains("all 3"), "{}", toast(&app));
        // The branch that was replayed is still the chosen one.
        assert_eq!(app.branch_texts(), before);
        let tree = &app.model.open.conversation.tree;
        let texts: Vec<String> =
            tree.path(third.answer.id).iter().map(|id| tree.get(*id).unwrap().text()).collect();
        assert_eq!(texts, ["one", "ghostly one", "two", "ghostly two", "three", "ghostly three"]);
    }

    #[test]
    fn what_the_branch_leaves_out_its_replay_leaves_out_in_its_place() {
        let mut app = picking(80);
        // The second answer, then the first question.
        app.keys("esc alt-t K K X K K K X esc ctrl-x G");
        let first = started(&app.keys("enter"));
        let effects = end(&mut app, &first, "ghostly one", Status::Complete);
        let second = started(&effects);
        assert_eq!(told(&second), ["ghostly one", "two"]);
        let effects = end(&mut app, &second, "ghostly two", Status::Complete);
        let third = started(&effects);
        assert_eq!(told(&third), ["ghostly one", "two", "three"]);
        let (from, message, presence) = (second.answer.id, second.answer.id, Some(Presence::Excluded));
        let change = RuleChange { from, message, presence };
        assert!(effects.contains(&Effect::SetRule { conversation: third.conversation, change }));
        end(&mut app, &third, "ghostly three", Status::Complete);
        let tree = &app.model.open.conversation.tree;
        let first_question = first.answer.parent.unwrap();
        assert_eq!(tree.excluded(third.answer.id), [first_question, second.answer.id].into());
    }

    #[test]
    fn a_run_ends_where_an_answer_fails_or_is_stopped_and_keeps_what_was_made() {
        let mut app = picking(80);
        let first = started(&app.keys("enter"));
        let second = started(&end(&mut app, &first, "ghostly one", Status::Complete));
        assert_eq!(run::run(&mut app.model, CommandId::Stop), [Effect::CancelTurn(second.turn)]);
        end(&mut app, &second, "half", Status::Cancelled);
        assert!(app.model.ghosts.is_empty() && toast(&app).contains("2 of 3"), "{}", toast(&app));
        assert_eq!(app.model.open.conversation.tree.get(second.answer.id).unwrap().text(), "half");
        app.keys("ctrl-x G");
        let again = started(&app.keys("enter"));
        end(&mut app, &again, "", Status::Failed);
        assert!(toast(&app).contains("Invalid API key"), "{}", toast(&app));
    }

    #[test]
    fn where_there_is_room_a_run_is_seen_in_a_pane_beside_and_goes_on_without_it() {
        let mut app = picking(160);
        let pane = app.model.pane.id;
        let first = started(&app.keys("enter"));
        assert_eq!((app.model.panes.count(), app.model.pane.id), (2, pane));
        app.say(first.turn, StreamEvent::Text("ghostly".into()));
        let second = started(&end(&mut app, &first, "ghostly one", Status::Complete));
        let beside = app.model.panes.others(&app.model.open).next().unwrap().0;
        assert_eq!(beside.view.branch.last(), Some(&second.answer.id));
        app.keys("ctrl-x n ctrl-x 2 ctrl-x n");
        let third = started(&end(&mut app, &second, "ghostly two", Status::Complete));
        assert_eq!(third.request.messages.len(), 5);
    }
}
