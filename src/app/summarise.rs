//! A summary on its way: a turn of its own, which floats above whatever it was made for. Leaving it stops it, and that
//! is there again, as it is where the summary fails; nothing is changed before the summary is there.

use crate::chat::{Message as ChatMessage, MessageId, Role, Route, Status, StreamEvent, Summary, TurnId};
use crate::storage::Standing;
use crate::t;
use crate::telemetry::{Allowance, Mode};
use crate::turns::summary::{from_answer, of_branch, request};
use crate::turns::{TurnEvent, TurnRequest};

use super::effect::Effect;
use super::fit::{self, Fit, Shortened};
use super::model::{Model, Mood};
use super::overlay::Overlay;
use super::picker::{Choice, ListKind};
use super::{bring, budgets, lists, turn};

/// What a summary is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// A request that does not fit is sent with it.
    Fit(Fit),
    /// The prompt quotes it: it is of the branch with this end, which was left.
    Left(MessageId),
}

/// A summary that is being written.
#[derive(Clone, Debug, PartialEq)]
pub struct Summarising {
    /// The turn that makes it.
    pub turn: TurnId,
    /// Who is asked.
    pub route: Route,
    /// How many messages it covers.
    pub count: usize,
    /// What came so far.
    pub text: String,
    /// The last message that it covers.
    until: MessageId,
    aim: Aim,
}

/// Lists the models that can write a summary, the cheapest that has room for it chosen already.
pub fn open(model: &mut Model, aim: Aim) {
    let best = fit::cheapest(model, weight(model, &aim)).into_iter().next();
    let best = best.unwrap_or_else(|| model.pane.route.clone());
    lists::open_list(model, ListKind::Summariser(aim));
    lists::select(model, &Choice::Route(best));
}

/// Asks a model for the summary that the list on top was opened for.
pub fn begin(model: &mut Model, route: Route) -> Vec<Effect> {
    if let Err(effects) = turn::ready(model, &route) {
        return effects;
    }
    let Some(Overlay::List(list)) = model.overlays.last() else { return Vec::new() };
    let ListKind::Summariser(aim) = list.kind else { return Vec::new() };
    let covered: Vec<MessageId> = match &aim {
        Aim::Fit(fit) => fit::covered(model, fit).into_iter().flat_map(|pair| pair.messages).collect(),
        Aim::Left(leaf) => bring::messages(model, *leaf),
    };
    let Some(until) = covered.last().copied() else { return Vec::new() };
    let tree = &model.open.conversation.tree;
    let messages: Vec<&ChatMessage> = covered.iter().filter_map(|id| tree.get(*id)).collect();
    let asked = match &aim {
        Aim::Fit(fit) => request(route.model.clone(), fit::summary_before(model, fit.errand), &messages),
        Aim::Left(_) => of_branch(route.model.clone(), &messages),
    };
    let count = messages.len();
    let turn = TurnId(model.ids.next(model.now));
    let request = TurnRequest {
        turn,
        conversation: model.open.conversation.id,
        create: None,
        user: None,
        answer: Box::new(ChatMessage {
            id: MessageId(model.ids.next(model.now)),
            parent: None,
            role: Role::Assistant,
            parts: Vec::new(),
            status: Status::Streaming,
            route: Some(route.clone()),
            provenance: None,
            created: model.now,
        }),
        route: route.clone(),
        request: asked,
        mode: Mode::Summary,
        standing: Standing::Chosen,
        allowance: Allowance::Kept,
    };
    model.overlays.pop();
    let summarising = Summarising { turn, route, count, text: String::new(), until, aim };
    model.overlays.push(Overlay::Summary(Box::new(summarising)));
    model.summarising = Some(turn);
    vec![Effect::StartTemporaryTurn(Box::new(request))]
}

/// The summary that is being written, where it still floats.
fn floating(model: &mut Model) -> Option<&mut Summarising> {
    model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Summary(summarising) => Some(&mut **summarising),
        Overlay::List(_)
        | Overlay::Form(_)
        | Overlay::Confirm(_)
        | Overlay::Help(_)
        | Overlay::Usage(_)
        | Overlay::Compare(_)
        | Overlay::Lens(_)
        | Overlay::Pictures(_)
        | Overlay::Tree(_) => None,
    })
}

/// What the request for a summary weighs, about.
pub fn weight(model: &Model, aim: &Aim) -> u64 {
    match aim {
        Aim::Fit(fit) => fit::weight_of_summary(model, fit),
        Aim::Left(leaf) => bring::weight(model, *leaf),
    }
}

/// Stops a summary that was left.
pub fn forget(model: &mut Model) -> Option<Effect> {
    if floating(model).is_some() {
        return None;
    }
    model.summarising.take().map(Effect::CancelTurn)
}

/// Something happened in the turn that makes a summary.
pub fn on_event(model: &mut Model, turn: TurnId, event: TurnEvent) -> Vec<Effect> {
    if model.summarising != Some(turn) {
        return Vec::new();
    }
    match event {
        TurnEvent::Said(StreamEvent::Text(text)) => {
            if let Some(summarising) = floating(model) {
                summarising.text.push_str(&text);
            }
            Vec::new()
        }
        TurnEvent::Budgets(standings) => budgets::heard(model, standings),
        TurnEvent::Said(_) | TurnEvent::Sent { .. } | TurnEvent::Asks(_) | TurnEvent::Waiting { .. } => {
            Vec::new()
        }
        TurnEvent::AttemptFailed { route, failure, next, .. } => {
            if next <= model.now {
                return Vec::new();
            }
            let (route, reason) = (route.to_string(), failure.message);
            vec![model.notify(t!("app-attempt-failed", route = route, reason = reason), Mood::Bad)]
        }
        TurnEvent::Ended(answer) => ended(model, &answer),
    }
}

/// The summary is there, and what it was made for goes on; or it is not, and nothing has changed.
fn ended(model: &mut Model, answer: &ChatMessage) -> Vec<Effect> {
    model.summarising = None;
    let made = answer.provenance.as_ref();
    if let (Some(cost), Some(spent)) = (made.and_then(|made| made.cost_eur), model.spent_today) {
        model.spent_today = Some(spent + cost);
    }
    let Some(Summarising { route, until, aim, .. }) = floating(model).map(|floating| floating.clone()) else {
        return Vec::new();
    };
    model.overlays.retain(|overlay| !matches!(overlay, Overlay::Summary(_)));
    let text = from_answer(&answer.text()).filter(|_| answer.status == Status::Complete);
    let Some(text) = text else {
        let reason = made.and_then(|made| made.failure.as_ref()).map(|failure| failure.message.clone());
        let told = match reason {
            Some(reason) => t!("app-summary-failed", model = route.model.as_str(), reason = reason),
            None => t!("app-summary-empty", model = route.model.as_str()),
        };
        return vec![model.notify(told, Mood::Bad)];
    };
    let summary = Summary { text, until, model: route.model };
    let fit = match aim {
        Aim::Fit(fit) => fit,
        Aim::Left(_) => return bring::put(model, &summary),
    };
    model
        .overlays
        .retain(|overlay| !matches!(overlay, Overlay::List(list) if matches!(list.kind, ListKind::Fit(_))));
    turn::go(model, fit.errand, Shortened { summary: Some(summary), ..Shortened::default() })
}
