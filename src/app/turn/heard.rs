//! What comes back of a turn: which route is asked, what is waited for, what the model says, and how it ends.

use crate::chat::{Message as ChatMessage, MessageId, Part, Route, Status, StreamEvent, TurnId};
use crate::t;
use crate::turns::TurnEvent;

use crate::app::block::Kind;
use crate::app::effect::Effect;
use crate::app::model::{Model, Mood, Phase};
use crate::app::pane::Presence;
use crate::app::panes::Audience;
use crate::app::{Extent, budgets, circuits, ghost, motion, notice, summarise, title};

/// Something happened in a turn.
pub fn on_event(model: &mut Model, turn: TurnId, event: TurnEvent) -> Vec<Effect> {
    let reduced = motion::is_reduced(model);
    let Some(live) = model.turns.get_mut(&turn) else { return summarise::on_event(model, turn, event) };
    let here =
        live.conversation == model.open.conversation.id && model.pane.view.branch.contains(&live.message);
    let now = model.now;
    match event {
        TurnEvent::Sent { .. } => Vec::new(),
        TurnEvent::Budgets(standings) => budgets::heard(model, standings),
        TurnEvent::Asks(route) => {
            asks(model, turn, route);
            Vec::new()
        }
        TurnEvent::AttemptFailed { attempt, route, failure, next } => {
            if live.phase == Phase::Stopping {
                return Vec::new();
            }
            let reason = failure.message.clone();
            live.phase = Phase::Retrying { failed: attempt, failure, next };
            // Where another one is asked at once there is nothing to wait for; the answer tells the story.
            if !here || next <= now {
                return Vec::new();
            }
            let text = t!("app-attempt-failed", route = route.to_string(), reason = reason);
            let mut effects = vec![model.notify(text, Mood::Bad)];
            effects.extend(countdown(model, next));
            effects
        }
        TurnEvent::Waiting { until, cause } => {
            let conversation = live.conversation;
            if live.phase != Phase::Stopping {
                live.phase = Phase::Held { until, cause };
            }
            let mut effects = Vec::from_iter(notice::waits(model, conversation, until));
            effects.extend(until.filter(|_| here).into_iter().flat_map(|until| countdown(model, until)));
            effects
        }
        TurnEvent::Said(said) => {
            if said.is_content() && live.phase != Phase::Stopping {
                let before = std::mem::replace(&mut live.phase, Phase::Streaming);
                // That another attempt follows is no news any more.
                if here && matches!(before, Phase::Retrying { .. }) {
                    model.toast = None;
                }
            }
            live.pace.note(&said, now);
            let shown = if reduced { live.calm.pass(said) } else { vec![said] };
            for said in shown {
                show(model, turn, &said);
            }
            Vec::new()
        }
        TurnEvent::Ended(answer) => ended(model, turn, *answer),
    }
}

/// Takes in what is to be shown of an answer.
fn show(model: &mut Model, turn: TurnId, said: &StreamEvent) {
    if let Some(live) = model.turns.get_mut(&turn) {
        live.answer.apply(said);
        grow(model, turn, said);
    }
}

/// An answer is asked of another route than was thought: it stands at its head from now on.
fn asks(model: &mut Model, turn: TurnId, route: Route) {
    let Model { open, pane, panes, turns, .. } = model;
    let Some(live) = turns.get(&turn) else { return };
    let Some(audience) = panes.audience(open, pane, live.conversation) else { return };
    if let Some(message) = audience.opened.conversation.tree.get_mut(live.message) {
        // Known before the answer ends, so that its head does not change then.
        if let Some(alias) = message.route.as_ref().and_then(Route::alias) {
            message.provenance.get_or_insert_default().alias = Some(alias);
        }
        message.route = Some(route);
    }
    for pane in audience.panes {
        pane.drop_block(live.message);
    }
}

/// Whether the pane's turn waits for something that a person may spare it.
pub fn is_held(model: &Model) -> bool {
    model.live().is_some_and(|(_, live)| match &live.phase {
        Phase::Held { .. } => true,
        Phase::Retrying { next, .. } => *next > model.now,
        Phase::Waiting | Phase::Streaming | Phase::Stopping => false,
    })
}

/// The most seconds that are counted down one by one; a longer wait tells its length until then.
const COUNTED: i32 = 60;

/// Wakes the app for each of the last seconds before the next attempt: the status line counts them. Where motion is
/// reduced, for the attempt alone.
pub fn countdown(model: &Model, next: jiff::Timestamp) -> Vec<Effect> {
    let counted = if motion::is_reduced(model) { 0 } else { COUNTED };
    let marks = (0..=counted).map(|left| next - std::time::Duration::from_secs(left.unsigned_abs().into()));
    marks.take_while(|at| *at > model.now).map(Effect::WakeAt).collect()
}

/// Shows what was said: appended to its block where it is more of the same, else the block is made anew.
fn grow(model: &mut Model, turn: TurnId, said: &StreamEvent) {
    let Model { open, pane, panes, turns, folds, .. } = model;
    let Some(live) = turns.get(&turn) else { return };
    let Some(audience) = panes.audience(open, pane, live.conversation) else { return };
    let id = live.message;
    let Some(message) = audience.opened.conversation.tree.get_mut(id) else { return };
    let more = match said {
        StreamEvent::Text(text) | StreamEvent::Reasoning(text) => {
            let kind = if matches!(said, StreamEvent::Text(_)) { Kind::Text } else { Kind::Reasoning };
            match (kind, crate::chat::last_said(&mut message.parts)) {
                (Kind::Text, Some(Part::Text { text: so_far }))
                | (Kind::Reasoning, Some(Part::Reasoning { text: so_far })) => {
                    so_far.push_str(text);
                    Some((kind, text))
                }
                _ => None,
            }
        }
        StreamEvent::Refusal(_)
        | StreamEvent::ToolCall { .. }
        | StreamEvent::ServerTool(_)
        | StreamEvent::Image(_) => None,
        StreamEvent::Source(_) | StreamEvent::State(_) => {
            // Not shown before the answer has ended, but kept, so that both stay the same parts.
            message.parts.clone_from(&live.answer.parts);
            return;
        }
        StreamEvent::ModelServed(_) | StreamEvent::Usage(_) => return,
    };
    if more.is_none() {
        message.parts.clone_from(&live.answer.parts);
    }
    for pane in audience.panes {
        let (view, _) = pane.reading();
        if more.is_none() && view.is_held_at(id) {
            folds.hold_open(id);
        }
        let lane = pane.lanes.as_mut().and_then(|lanes| lanes.showing(id)).map(|lane| &mut lane.layouts);
        for layouts in lane.into_iter().chain([&mut pane.layouts]) {
            match more {
                Some((kind, text)) => layouts.push(id, kind, text),
                None => layouts.drop_block(id),
            }
        }
    }
}

fn ended(model: &mut Model, turn: TurnId, answer: ChatMessage) -> Vec<Effect> {
    let Some(live) = model.turns.remove(&turn) else { return Vec::new() };
    let ghost = model.ghosts.remove(&turn).map(|ghost| (ghost, answer.clone()));
    let refused = Some(&answer).filter(|answer| answer.status == Status::Failed && ghost.is_none()).cloned();
    let mut effects = Vec::from_iter(circuits::ask(model));
    if let (Some(cost), Some(spent)) =
        (answer.provenance.as_ref().and_then(|provenance| provenance.cost_eur), model.spent_today)
    {
        model.spent_today = Some(spent + cost);
    }
    if ghost.is_none() {
        effects.extend(notice::ended(model, live.conversation, &answer));
    }
    let done = answer.status == Status::Complete;
    let text = answer.text();
    let route = answer.route.clone();
    let failed = answer.status == Status::Failed;
    let Model { open, pane, panes, .. } = model;
    let shown = match panes.audience(open, pane, live.conversation) {
        Some(audience) => {
            let shown = audience.panes.iter().any(|pane| pane.shows(answer.id));
            settle(audience, answer, model.now);
            shown
        }
        None => false,
    };
    if shown && matches!(live.phase, Phase::Retrying { .. }) {
        model.toast = None;
    }
    if let Some((ghost, answer)) = ghost {
        effects.extend(ghost::go_on(model, ghost, &answer));
    } else if !shown {
        let (text, mood) = if failed {
            (t!("app-background-failed"), Mood::Bad)
        } else {
            (t!("app-background-done"), Mood::Plain)
        };
        effects.push(model.notify(text, mood));
    }
    if let Some(answer) = refused {
        budgets::offer(model, &answer);
    }
    if let (Some(words), Some(route)) = (live.titles, route)
        && (done || !text.is_empty())
    {
        effects.extend(title::order(model, live.conversation, route, words, text));
    }
    effects
}

/// Puts an answer that has ended in the place of the one that grew.
fn settle(audience: Audience<'_>, answer: ChatMessage, now: jiff::Timestamp) {
    let Audience { opened, panes } = audience;
    let id = answer.id;
    match opened.presence {
        Presence::Loading | Presence::Here(Extent::Tail(_)) => opened.ended.push(answer.clone()),
        Presence::New | Presence::Here(Extent::Whole) => {}
    }
    let tree = &mut opened.conversation.tree;
    match tree.get_mut(id) {
        Some(message) => *message = answer,
        None if opened.presence == Presence::Loading => {}
        None => tree.add(answer),
    }
    opened.conversation.updated = now;
    for pane in panes {
        pane.drop_block(id);
        pane.view.read(tree);
    }
}

/// A message was added below `parent`: the counters of its siblings change, in every pane that shows them.
pub fn grown(model: &mut Model, parent: Option<MessageId>) {
    let conversation = model.open.conversation.id;
    let Some(audience) = model.panes.audience(&mut model.open, &mut model.pane, conversation) else { return };
    let tree = &audience.opened.conversation.tree;
    for pane in audience.panes {
        for id in tree.children(parent) {
            pane.drop_block(*id);
        }
        pane.view.read(tree);
    }
}
