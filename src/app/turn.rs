//! Turns: sending, editing, regenerating, continuing and stopping. What comes back is in `heard`.

mod heard;

use std::collections::HashSet;

use crate::chat::request::{Delivery, told};
use crate::chat::summary::with_summary;
use crate::chat::{
    ChatRequest, Conversation, ConversationId, KeyLabel, Media, MediaData, Message as ChatMessage, MessageId,
    Part, Provenance, RequestMessage, Role, Route, Settings, Status, Summary, Tree, TurnId,
};
use crate::keys::KeyState;
use crate::router::Nudge;
use crate::storage::Standing;
use crate::t;
use crate::telemetry::{Allowance, Mode};
use crate::turns::TurnRequest;

use super::effect::Effect;
use super::fit::{self, Errand, Shortened};
use super::model::{DEMO, KeyOf, LiveTurn, Model, Mood, Pace, Phase};
use super::motion::Calm;
use super::pane::{EditWay, Presence, Purpose};
use super::transcript::Anchor;
use super::{acts, complete, ghost, key, lanes, lens, temporary, title};

pub use heard::{countdown, grown, is_held, on_event};

/// Sends the composer's text: a new turn at the end of the branch, or a sibling of the message edited.
pub fn send(model: &mut Model) -> Vec<Effect> {
    if model.pane.composer.text().trim().is_empty() {
        return Vec::new();
    }
    if let Err(effects) = can_send(model) {
        return effects;
    }
    if let Some(effects) = complete::before_sending(model) {
        return effects;
    }
    // To go on from an answer without a name is to choose it.
    let mut effects = if lanes::is_blind(model) { lanes::promote(model) } else { Vec::new() };
    let route = model.pane.route.clone();
    if let Err(refused) = ready(model, &route) {
        effects.extend(refused);
        return effects;
    }
    effects.extend(fit::or_offer(model, Errand::Send));
    effects
}

/// Does what a person asked for, whether its request fits or not.
pub fn go(model: &mut Model, errand: Errand, shortened: Shortened) -> Vec<Effect> {
    let (route, free) = match errand {
        Errand::Send => (model.pane.route.clone(), can_send(model)),
        Errand::Regenerate(_) => (model.pane.route.clone(), idle(model)),
        Errand::Continue(message) => (onward(model, message), idle(model)),
    };
    if let Err(effects) = free.and_then(|()| ready(model, &route)) {
        return effects;
    }
    let mut left_out = lens::excluded(model);
    left_out.extend(shortened.left_out);
    match errand {
        Errand::Send => {
            let (question, mut effects) = put_question(model, &route, shortened.summary);
            let answer = empty_answer(model, question.user.id, &route);
            let Question { create, user, titles } = question;
            effects.extend(start(model, Start { create, user: Some(user), answer, titles, left_out }));
            effects
        }
        Errand::Regenerate(question) => {
            let kept = shortened.summary.and_then(|summary| acts::keep_summary(model, question, summary));
            let mut effects = Vec::from_iter(kept);
            bury_dead(model, question);
            model.open.conversation.tree.choose(question);
            let answer = empty_answer(model, question, &route);
            effects.extend(start(model, Start::again(answer, left_out)));
            effects
        }
        Errand::Continue(message) => {
            let Some(mut answer) = model.open.conversation.tree.get(message).cloned() else {
                return Vec::new();
            };
            let kept = shortened
                .summary
                .zip(answer.parent)
                .and_then(|(summary, question)| acts::keep_summary(model, question, summary));
            let mut effects = Vec::from_iter(kept);
            answer.status = Status::Streaming;
            answer.provenance = answer.provenance.map(Provenance::so_far);
            answer.route = Some(route);
            effects.extend(start(model, Start::again(answer, left_out)));
            effects
        }
    }
}

/// Takes the answers of a question away that failed before any text: another one takes their place.
fn bury_dead(model: &mut Model, question: MessageId) {
    let tree = &mut model.open.conversation.tree;
    let dead: Vec<MessageId> = tree
        .children(Some(question))
        .iter()
        .copied()
        .filter(|id| tree.get(*id).is_some_and(ChatMessage::is_dead_leaf))
        .collect();
    for id in dead {
        tree.remove(id);
    }
}

/// Whether the composer's text can be sent now. An edit begins a branch of its own, beside the one where an answer
/// is written.
pub fn can_send(model: &mut Model) -> Result<(), Vec<Effect>> {
    match model.pane.purpose {
        Purpose::Prompt => idle(model),
        Purpose::Edit { .. } => Ok(()),
    }
}

/// A question that was put in the tree, and what its first turn needs.
pub struct Question {
    /// The conversation to be stored with it, where that is new.
    pub create: Option<Box<Conversation>>,
    /// The question.
    pub user: ChatMessage,
    /// What the title is made of, where this is the first question.
    pub titles: Option<String>,
}

/// Takes the composer's text as a question, with the summary made for it: into the tree and the history of prompts.
pub fn put_question(model: &mut Model, route: &Route, summary: Option<Summary>) -> (Question, Vec<Effect>) {
    let edited = match model.pane.purpose {
        Purpose::Edit { message, .. } => model.open.conversation.tree.get(message),
        Purpose::Prompt => None,
    };
    // What is sent in the place of a question needs its summary as that did.
    let summary = summary.or_else(|| edited?.summary().cloned());
    let text = model.pane.composer.text();
    let text = text.strip_prefix("//").map_or_else(|| text.clone(), |rest| format!("/{rest}"));
    let mut parts = vec![Part::Text { text: text.clone() }];
    // What cannot stand in a prompt goes along with an edit of it.
    parts.extend(
        edited.into_iter().flat_map(|message| &message.parts).filter(|part| is_elsewhere(part)).cloned(),
    );
    parts.extend(model.pane.composer.images().into_iter().map(Part::Image));
    let parent = parent_of_next(model);
    model.history.add(&model.pane.composer.remembered());
    let at = model.now;
    let user = ChatMessage {
        id: MessageId(model.ids.next(at)),
        parent,
        role: Role::User,
        parts: with_summary(&parts, summary),
        status: Status::Complete,
        route: Some(route.clone()),
        provenance: None,
        created: at,
    };
    let effects = restore_draft(model);
    let first = model.open.conversation.tree.is_empty();
    // The first words are its title from the start, until a better one comes: whatever happens to the turn,
    // the conversation can be found again.
    if first && model.open.conversation.title.trim().is_empty() {
        model.open.conversation.title = title::first_words(&text);
    }
    let create = (model.open.presence == Presence::New).then(|| {
        let mut conversation = model.open.conversation.clone();
        conversation.tree = Tree::default();
        Box::new(conversation)
    });
    model.open.presence = Presence::Here(super::Extent::Whole);
    model.open.conversation.tree.add(user.clone());
    grown(model, parent);
    (Question { create, user, titles: first.then_some(text) }, effects)
}

/// What the next prompt, or the edit that is written, follows.
pub fn parent_of_next(model: &Model) -> Option<MessageId> {
    let tree = &model.open.conversation.tree;
    match &model.pane.purpose {
        Purpose::Edit { message, .. } => tree.get(*message).and_then(|message| message.parent),
        // A dead answer is no place to go on from: the new prompt takes the place beside its question.
        Purpose::Prompt => live_end(tree, &model.pane.view.branch),
    }
}

/// The last message of the branch that something can follow: a failed answer without text is passed over, and
/// so is the question it leaves.
fn live_end(tree: &Tree, branch: &[MessageId]) -> Option<MessageId> {
    let mut end = branch;
    while let [before @ .., last] = end {
        let message = tree.get(*last)?;
        let dead = message.is_dead_leaf();
        let unanswered = message.role == Role::User;
        if !dead && !unanswered {
            return Some(*last);
        }
        end = before;
    }
    None
}

/// After an edit was sent, the draft that waited comes back; else nothing is left.
pub fn restore_draft(model: &mut Model) -> Vec<Effect> {
    let draft = match std::mem::replace(&mut model.pane.purpose, Purpose::Prompt) {
        Purpose::Edit { draft, .. } => draft,
        Purpose::Prompt => String::new(),
    };
    model.pane.composer.restore(&draft);
    model.pane.draft_due = None;
    if temporary::is_open(model) {
        return Vec::new();
    }
    vec![Effect::SetDraft { conversation: model.open.stored(), text: draft }]
}

/// Leaves an edit without sending it; the draft comes back.
pub fn abandon_edit(model: &mut Model) {
    if let Some(edited) = model.pane.abandon_edit() {
        model.history.add(&edited);
    }
}

/// Whether nothing is being written to the pane's branch.
fn idle(model: &mut Model) -> Result<(), Vec<Effect>> {
    match model.live() {
        Some(_) => Err(vec![model.notify(t!("app-busy"), Mood::Plain)]),
        None => Ok(()),
    }
}

/// Whether a turn can start on a route now; if not, what happens instead.
pub fn ready(model: &mut Model, route: &Route) -> Result<(), Vec<Effect>> {
    if matches!(model.open.presence, Presence::Loading | Presence::Here(super::Extent::Tail(_))) {
        return Err(vec![model.notify(t!("app-still-loading"), Mood::Plain)]);
    }
    let Some(endpoint) = model.config.endpoint(route.endpoint.as_str()).cloned() else {
        if route.endpoint.as_str() == DEMO {
            return Ok(());
        }
        return Err(vec![model.notify(t!("app-no-endpoint", name = route.endpoint.as_str()), Mood::Bad)]);
    };
    match model.key_states.get(&KeyOf::from(route)) {
        Some(KeyState::Missing | KeyState::Expired(_)) => {
            key::ask_key(model, &KeyOf::from(route));
            Err(Vec::new())
        }
        Some(KeyState::Unset(variable)) => {
            let text = t!("app-unset", variable = variable.as_str(), name = endpoint.name.as_str());
            key::ask_key(model, &KeyOf::from(route));
            Err(vec![model.notify(text, Mood::Bad)])
        }
        Some(KeyState::Ready(_)) | None if route.model.as_str().is_empty() => {
            Err(super::lists::open_models(model, Some(KeyOf::from(route))))
        }
        Some(KeyState::Ready(_)) | None => Ok(()),
    }
}

/// An answer of which nothing is there yet.
pub fn empty_answer(model: &mut Model, parent: MessageId, route: &Route) -> ChatMessage {
    ChatMessage {
        id: MessageId(model.ids.next(model.now)),
        parent: Some(parent),
        role: Role::Assistant,
        parts: Vec::new(),
        status: Status::Streaming,
        route: Some(route.clone()),
        provenance: None,
        created: model.now,
    }
}

/// A turn that a person began.
struct Start {
    create: Option<Box<Conversation>>,
    user: Option<ChatMessage>,
    answer: ChatMessage,
    titles: Option<String>,
    /// What is left out of its request.
    left_out: HashSet<MessageId>,
}

impl Start {
    /// Another answer to a question that is there, or more of one.
    fn again(answer: ChatMessage, left_out: HashSet<MessageId>) -> Self {
        Self { create: None, user: None, answer, titles: None, left_out }
    }
}

/// Puts the answer in the tree, shows its branch and orders its turn.
fn start(model: &mut Model, start: Start) -> Vec<Effect> {
    let Start { create, user, answer, titles, left_out } = start;
    let (id, parent) = (answer.id, answer.parent);
    // Of one that is gone on with, the beginning was read.
    let watch = if answer.parts.is_empty() { Anchor::Beginning(id) } else { Anchor::Follow };
    let tree = &mut model.open.conversation.tree;
    tree.add(answer.clone());
    let rules = acts::inherit(tree, &left_out, id);
    let messages = asked(tree, &answer);
    let settings = model.open.conversation.settings.clone();
    let conversation = model.open.conversation.id;
    let standing = Standing::Chosen;
    let asking = Asking { conversation, create, user, answer, messages, settings, standing, titles };
    let route = asking.route();
    let (_, effect) = order(model, asking);
    grown(model, parent);
    model.pane.drop_block(id);
    model.pane.watch(watch);
    model.pane.view.go(&model.open.conversation.tree, id);
    model.choices.used(&route);
    let mut effects = vec![effect];
    effects.extend(rules.into_iter().map(|change| Effect::SetRule { conversation, change }));
    effects.push(Effect::SaveChoices(model.choices.clone()));
    effects
}

/// What a model is told before it answers: the path to the answer without what the branch leaves out, and of one that
/// is gone on with its beginning. What is asked is told whatever else is not.
pub fn asked(tree: &Tree, answer: &ChatMessage) -> Vec<RequestMessage> {
    let path = answer.parent.map(|parent| tree.path(parent)).unwrap_or_default();
    let end = tree.get(answer.id).map(|answer| answer.id).or(answer.parent);
    let excluded = end.map(|end| tree.excluded(end)).unwrap_or_default();
    let path: Vec<&ChatMessage> = path.into_iter().filter_map(|id| tree.get(id)).chain([answer]).collect();
    told(&path, |message| {
        let is_asked =
            Some(message.id) == answer.parent || message.id == answer.id || !excluded.contains(&message.id);
        is_asked && !message.is_dead_leaf() && !message.parts.is_empty()
    })
}

/// A turn that is about to be ordered. Its messages are in the tree already, where the conversation is open.
pub struct Asking {
    /// Its conversation.
    pub conversation: ConversationId,
    /// The conversation to be stored with it, where that is new.
    pub create: Option<Box<Conversation>>,
    /// The user message to be stored with it.
    pub user: Option<ChatMessage>,
    /// The answer, empty or to be gone on with.
    pub answer: ChatMessage,
    /// What the model is told.
    pub messages: Vec<RequestMessage>,
    /// With which settings.
    pub settings: Settings,
    /// Where the answer stands among those to the same question.
    pub standing: Standing,
    /// The title to be made once it ends: what the person said.
    pub titles: Option<String>,
}

impl Asking {
    fn route(&self) -> Route {
        let none = || Route { endpoint: DEMO.into(), key: KeyLabel::default(), model: DEMO.into() };
        self.answer.route.clone().unwrap_or_else(none)
    }
}

/// Notes that a turn runs, and orders it.
pub fn order(model: &mut Model, asking: Asking) -> (TurnId, Effect) {
    let turn = TurnId(model.ids.next(model.now));
    let route = asking.route();
    let Asking { conversation, create, user, answer, messages, settings, standing, titles } = asking;
    let temporary = temporary::is(model, conversation);
    let told =
        messages.iter().flat_map(|message| &message.parts).filter_map(Part::written).map(str::len).sum();
    let live = LiveTurn {
        conversation,
        message: answer.id,
        answer: crate::chat::Answer { parts: answer.parts.clone(), ..Default::default() },
        started: model.now,
        phase: Phase::Waiting,
        pace: Pace { told, ..Pace::default() },
        titles: titles.filter(|_| !temporary),
        calm: Calm::default(),
    };
    model.folds.begin(live.message);
    model.turns.insert(turn, live);
    let request = ChatRequest {
        model: route.model.clone(),
        messages,
        settings,
        tools: Vec::new(),
        delivery: Delivery::Streamed,
        user: model.config.user.clone(),
    };
    let request = TurnRequest {
        turn,
        conversation,
        create: create.filter(|_| !temporary),
        user: user.map(Box::new),
        answer: Box::new(answer),
        route,
        request,
        mode: Mode::Tui,
        standing,
        allowance: Allowance::Kept,
    };
    let request = Box::new(request);
    (turn, if temporary { Effect::StartTemporaryTurn(request) } else { Effect::StartTurn(request) })
}

/// Asks again: a new sibling of the answer, or the first answer to a question that has none. An answer that
/// failed before any text is replaced instead.
pub fn regenerate(model: &mut Model, message: MessageId) -> Vec<Effect> {
    let Some(question) = lanes::question_of(&model.open.conversation.tree, message) else {
        return Vec::new();
    };
    let route = model.pane.route.clone();
    if let Err(effects) = idle(model).and_then(|()| ready(model, &route)) {
        return effects;
    }
    fit::or_offer(model, Errand::Regenerate(question))
}

/// Goes on with an answer that ended early: the same message, sent as the beginning of the answer.
pub fn continue_answer(model: &mut Model, message: MessageId) -> Vec<Effect> {
    if !model.open.can_continue(message) {
        return vec![model.notify(t!("app-cannot-continue"), Mood::Plain)];
    }
    let route = onward(model, message);
    if let Err(effects) = idle(model).and_then(|()| ready(model, &route)) {
        return effects;
    }
    fit::or_offer(model, Errand::Continue(message))
}

/// Where an answer is gone on with: where its turn would have, unless the person has chosen something else since.
fn onward(model: &Model, message: MessageId) -> Route {
    let chosen = &model.pane.route;
    let provenance =
        model.open.conversation.tree.get(message).and_then(|message| message.provenance.as_ref());
    let Some(onward) = provenance.and_then(|provenance| provenance.onward.as_ref()) else {
        return chosen.clone();
    };
    let is_still_asked =
        chosen.alias().is_some_and(|alias| provenance.and_then(|told| told.alias.as_ref()) == Some(&alias));
    if is_still_asked { onward.clone() } else { chosen.clone() }
}

/// Stops the pane's turn, or the run of its conversation that goes on elsewhere. What came is kept.
pub fn stop(model: &mut Model) -> Vec<Effect> {
    let running = model.live().map(|(turn, _)| turn);
    let ghost = || ghost::of(model, model.open.conversation.id).map(|(turn, _)| turn);
    let Some(turn) = running.or_else(ghost) else { return Vec::new() };
    if let Some(live) = model.turns.get_mut(&turn) {
        live.phase = Phase::Stopping;
    }
    vec![Effect::CancelTurn(turn)]
}

/// Tells the pane's turn not to wait for the route that it waits for.
pub fn nudge(model: &mut Model, nudge: Nudge) -> Vec<Effect> {
    match model.live() {
        Some((turn, _)) => vec![Effect::NudgeTurn(turn, nudge)],
        None => Vec::new(),
    }
}

/// Loads a user message (of an answer, the question) into the composer, to be sent as a sibling.
pub fn edit(model: &mut Model, message: MessageId) {
    let tree = &model.open.conversation.tree;
    let Some(message) = tree.get(message) else { return };
    let question = match message.role {
        Role::User => Some(message),
        Role::Assistant => message.parent.and_then(|parent| tree.get(parent)),
    };
    let Some(question) = question else { return };
    let (id, text, images) = (question.id, question.text(), images_of(question));
    abandon_edit(model);
    let draft = model.pane.composer.kept();
    model.pane.composer.set_with(&text, &images);
    model.pane.purpose = Purpose::Edit { message: id, way: EditWay::Sibling, draft };
    model.focus = super::Focus::Composer;
}

/// The images that a message itself holds.
fn images_of(message: &ChatMessage) -> Vec<Media> {
    let held = message.parts.iter().filter(|part| !is_elsewhere(part));
    held.filter_map(|part| if let Part::Image(media) = part { Some(media.clone()) } else { None }).collect()
}

/// Whether a part is a document, or an image of which only the address is known.
fn is_elsewhere(part: &Part) -> bool {
    matches!(part, Part::Document(_) | Part::Image(Media { data: MediaData::Url(_), .. }))
}

#[cfg(test)]
mod tests;
