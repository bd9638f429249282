//! The context lens: what the next Enter would send, message by message, with what each weighs.
//!
//! The page keeps its rows and their sum until the branch, the rules, the draft or the system prompt change, so that
//! a branch of ten thousand messages is walked as fast as a short one; only what is visible is turned into text.

use std::collections::HashSet;

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::Position;

use crate::chat::{
    Conversation, ConversationId, Message, MessageId, Money, Part, Route, Usage, estimate, summary,
};
use crate::t;

use super::acts;
use super::effect::Effect;
use super::geometry::page_rows;
use super::model::{Focus, Model, Mood};
use super::overlay::Overlay;
use super::pane::{EditWay, Purpose};
use super::turn;

/// The page.
#[derive(Clone, Debug, Default)]
pub struct LensPage {
    /// Everything the next prompt would send, root first.
    pub rows: Vec<Row>,
    /// What of it is sent.
    pub sum: Sum,
    /// The selected row, by its place.
    pub selected: usize,
    /// The first row that is seen.
    pub top: usize,
    basis: Option<Basis>,
}

/// What is sent, taken together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many messages.
    pub messages: usize,
    /// How many tokens, about.
    pub tokens: u64,
}

/// What rows are made of. An answer that is being written is the last message of its branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Basis {
    conversation: ConversationId,
    changes: u64,
    messages: usize,
    leaf: Option<MessageId>,
    parent: Option<MessageId>,
    last: u64,
    draft: usize,
    system: usize,
}

impl Basis {
    fn of(model: &Model) -> Self {
        let parent = turn::parent_of_next(model);
        let tree = &model.open.conversation.tree;
        Self {
            last: parent.and_then(|parent| tree.get(parent)).map(Message::weight).unwrap_or_default(),
            draft: model.pane.composer.text().len(),
            ..Self::of_branch(model)
        }
    }

    /// What is told by the branch alone: neither the draft nor what is still being written of an answer.
    pub fn of_branch(model: &Model) -> Self {
        let Conversation { id, tree, settings, .. } = &model.open.conversation;
        Self {
            conversation: *id,
            changes: tree.changes(),
            messages: tree.len(),
            leaf: model.pane.view.leaf,
            parent: turn::parent_of_next(model),
            last: 0,
            draft: 0,
            system: settings.system.as_ref().map(String::len).unwrap_or_default(),
        }
    }
}

/// What a row stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// The system prompt.
    System,
    /// A message of the branch.
    Message(MessageId),
    /// The summary that this message keeps: it stands for the rows above it.
    Summary(MessageId),
    /// What is written in the composer.
    Draft,
}

/// Whether something is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It is.
    Yes,
    /// The person left it out.
    LeftOut,
    /// A summary stands for it.
    Covered,
    /// It holds nothing that could be.
    Empty,
}

/// Something that would be sent, or would not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What.
    pub told: Told,
    /// Whether it is.
    pub sent: Sent,
    /// How many tokens it has, about.
    pub tokens: u64,
}

/// Keeps the page as the model is now, and the selected row in sight.
pub fn arrange(model: &mut Model) {
    let seen = page_rows(model);
    if !matches!(model.overlays.last(), Some(Overlay::Lens(_))) {
        return;
    }
    let basis = Basis::of(model);
    let is_new = |overlay: &Overlay| matches!(overlay, Overlay::Lens(page) if page.basis != Some(basis));
    let fresh = model.overlays.last().is_some_and(is_new).then(|| rows(model));
    if let Some(Overlay::Lens(page)) = model.overlays.last_mut() {
        if let Some(rows) = fresh {
            page.sum = sum(&rows);
            (page.rows, page.basis) = (rows, Some(basis));
        }
        page.selected = page.selected.min(page.rows.len().saturating_sub(1));
        let lowest = (page.selected + 1).saturating_sub(seen);
        let last_top = page.rows.len().saturating_sub(seen);
        page.top = page.top.clamp(lowest, page.selected).min(last_top.max(lowest));
    }
}

/// Everything the next prompt would send, root first.
pub fn rows(model: &Model) -> Vec<Row> {
    let edited = match model.pane.purpose {
        Purpose::Edit { message, .. } => model.open.conversation.tree.get(message),
        Purpose::Prompt => None,
    };
    // What is sent in the place of a question takes its summary along.
    let mut rows = rows_until(model, turn::parent_of_next(model), edited);
    let draft = model.pane.composer.text();
    if !draft.trim().is_empty() {
        rows.push(Row { told: Told::Draft, sent: Sent::Yes, tokens: estimate::tokens(draft.len()) });
    }
    rows
}

/// Everything that a request which follows `last` sends, root first. A summary that `next` keeps goes before those of
/// the path.
pub fn rows_until(model: &Model, last: Option<MessageId>, next: Option<&Message>) -> Vec<Row> {
    let conversation = &model.open.conversation;
    let mut rows = Vec::new();
    if let Some(system) = conversation.settings.system.as_ref().filter(|system| !system.trim().is_empty()) {
        rows.push(Row { told: Told::System, sent: Sent::Yes, tokens: estimate::tokens(system.len()) });
    }
    let excluded = excluded(model);
    let path = last.map(|last| conversation.tree.path(last)).unwrap_or_default();
    let path: Vec<&Message> = path.into_iter().filter_map(|id| conversation.tree.get(id)).collect();
    let next = next.and_then(|next| Some((next, next.summary()?)));
    let summary = next.or_else(|| summary::holding(&path));
    let covered = summary.map_or(0, |(_, summary)| summary.covers(&path));
    for (at, message) in path.iter().enumerate() {
        if let Some((keeper, summary)) = summary.filter(|_| at == covered) {
            rows.push(summary_row(keeper, summary));
        }
        let sent = if at < covered {
            Sent::Covered
        } else if excluded.contains(&message.id) {
            Sent::LeftOut
        } else if message.parts.iter().any(Part::is_content) {
            Sent::Yes
        } else {
            Sent::Empty
        };
        rows.push(Row { told: Told::Message(message.id), sent, tokens: message.weight() });
    }
    if let Some((keeper, summary)) = summary.filter(|_| covered == path.len()) {
        rows.push(summary_row(keeper, summary));
    }
    rows
}

fn summary_row(keeper: &Message, summary: &summary::Summary) -> Row {
    Row { told: Told::Summary(keeper.id), sent: Sent::Yes, tokens: summary.weight() }
}

/// What the pane's branch leaves out.
pub fn excluded(model: &Model) -> HashSet<MessageId> {
    let leaf = model.pane.view.leaf;
    leaf.map(|leaf| model.open.conversation.tree.excluded(leaf)).unwrap_or_default()
}

/// What is sent, taken together.
pub fn sum(rows: &[Row]) -> Sum {
    rows.iter().filter(|row| row.sent == Sent::Yes).fold(Sum::default(), |sum, row| Sum {
        messages: sum.messages + 1,
        tokens: sum.tokens.saturating_add(row.tokens),
    })
}

/// What so many tokens cost to be read, about, in euros; `None` where the price is not known.
pub fn price(model: &Model, tokens: u64) -> Option<Money> {
    price_at(model, &model.pane.route, tokens)
}

/// The same, of another model.
pub fn price_at(model: &Model, route: &Route, tokens: u64) -> Option<Money> {
    let price = model.model_info(route)?.price?;
    let dollars = price.cost(&Usage { tokens_in: Some(tokens), tokens_out: Some(0), ..Usage::default() })?;
    Some(dollars.convert(model.config.prices.eur_per_usd))
}

/// Opens the page on its last row.
pub fn open(model: &mut Model) -> Vec<Effect> {
    if matches!(model.pane.purpose, Purpose::Edit { way: EditWay::InPlace, .. }) {
        return vec![model.notify(t!("app-lens-nothing-sent"), Mood::Plain)];
    }
    model.overlays.push(Overlay::Lens(LensPage { selected: usize::MAX, ..LensPage::default() }));
    Vec::new()
}

/// Moves the selection; it stops at both ends.
pub fn select(model: &mut Model, by: isize) {
    if let Some(page) = page_mut(model) {
        let last = page.rows.len().saturating_sub(1);
        page.selected = page.selected.saturating_add_signed(by).min(last);
    }
}

fn page_mut(model: &mut Model) -> Option<&mut LensPage> {
    match model.overlays.last_mut() {
        Some(Overlay::Lens(page)) => Some(page),
        Some(
            Overlay::List(_)
            | Overlay::Form(_)
            | Overlay::Confirm(_)
            | Overlay::Help(_)
            | Overlay::Usage(_)
            | Overlay::Tree(_)
            | Overlay::Pictures(_)
            | Overlay::Compare(_)
            | Overlay::Summary(_),
        )
        | None => None,
    }
}

/// A click selects a row, and goes where the one leads that is selected already.
pub fn clicked(model: &mut Model, at: Position) -> Vec<Effect> {
    let seen = page_rows(model);
    let Some(page) = page_mut(model) else { return Vec::new() };
    let below_frame = usize::from(at.y).checked_sub(1).filter(|row| *row < seen);
    let row = below_frame.map(|row| page.top + row).filter(|row| *row < page.rows.len());
    match row {
        Some(row) if row == page.selected => typed(model, KeyCode::Enter.into()),
        Some(row) => {
            page.selected = row;
            Vec::new()
        }
        None => Vec::new(),
    }
}

/// A key on the page.
pub fn typed(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    let Some(page) = page_mut(model) else { return Vec::new() };
    let row = page.rows.get(page.selected);
    let is_covered = row.is_some_and(|row| row.sent == Sent::Covered);
    let told = row.map(|row| row.told.clone());
    match (key.code, told) {
        (KeyCode::Up | KeyCode::Char('k'), _) => select(model, -1),
        (KeyCode::Down | KeyCode::Char('j'), _) => select(model, 1),
        (KeyCode::Home | KeyCode::Char('g'), _) => select(model, isize::MIN),
        (KeyCode::End | KeyCode::Char('G'), _) => select(model, isize::MAX),
        (KeyCode::Char('q'), _) => {
            model.overlays.pop();
        }
        (KeyCode::Char('x' | ' '), Some(Told::Message(_))) if is_covered => {
            return vec![model.notify(t!("app-lens-covered"), Mood::Plain)];
        }
        (KeyCode::Char('x' | ' '), Some(Told::Message(message))) => return acts::exclude(model, message),
        (KeyCode::Char('x' | ' '), Some(Told::Summary(message))) => {
            return acts::drop_summary(model, message);
        }
        (KeyCode::Char('x' | ' '), Some(Told::System | Told::Draft)) => {
            return vec![model.notify(t!("app-lens-always-sent"), Mood::Plain)];
        }
        (KeyCode::Enter, Some(Told::Message(message) | Told::Summary(message))) => {
            model.overlays.pop();
            model.focus = Focus::Transcript;
            model.pane.view.hold(message);
        }
        (KeyCode::Enter, Some(Told::System)) => {
            model.overlays.pop();
            return super::run::run(model, super::CommandId::Settings);
        }
        (KeyCode::Enter, Some(Told::Draft)) => {
            model.overlays.pop();
            model.focus = Focus::Composer;
        }
        _ => {}
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{App, litellm, models, noon};
    use crate::chat::{Presence, Rates, RuleChange};

    fn told(app: &App) -> Vec<(Sent, u64)> {
        rows(&app.model).iter().map(|row| (row.sent, row.tokens)).collect()
    }

    fn page(app: &App) -> &LensPage {
        let Some(Overlay::Lens(page)) = app.model.overlays.last() else { panic!("no lens") };
        page
    }

    #[test]
    fn the_page_keeps_what_it_knows_until_something_of_it_changes() {
        let mut app = App::new(80, 24);
        let turn = app.turn("one two three", "first");
        app.type_text("next");
        app.keys("ctrl-x v i");
        assert_eq!((page(&app).rows.clone(), page(&app).selected), (rows(&app.model), 2));
        let rows_before = page(&app).rows.as_ptr();
        app.keys("k k j");
        assert_eq!((page(&app).rows.as_ptr(), page(&app).selected), (rows_before, 1));
        app.keys("x");
        assert_eq!(page(&app).rows, rows(&app.model));
        app.model.open.conversation.tree.revise(turn.user.unwrap().id, &[Part::Text { text: "two".into() }]);
        app.keys("j");
        assert_eq!(page(&app).rows, rows(&app.model));
        app.model.open.conversation.settings.system = Some("be brief".into());
        app.keys("g");
        assert_eq!(page(&app).rows[0].told, Told::System);
    }

    #[test]
    fn the_lens_tells_what_the_next_request_sends_and_leaves_out_what_it_is_told_to() {
        let mut app = App::new(80, 24);
        app.model.open.conversation.settings.system = Some("be brief".into());
        let turn = app.turn("one two three", "first");
        app.type_text("next");
        assert_eq!(told(&app), [(Sent::Yes, 6), (Sent::Yes, 8), (Sent::Yes, 6), (Sent::Yes, 5)]);
        let question = turn.user.unwrap().id;
        let effects = app.keys("ctrl-x v i k k x");
        let change =
            RuleChange { from: turn.answer.id, message: question, presence: Some(Presence::Excluded) };
        assert_eq!(effects, [Effect::SetRule { conversation: turn.conversation, change }]);
        assert_eq!(page(&app).rows[1].sent, Sent::LeftOut);
        assert_eq!(page(&app).sum, Sum { messages: 3, tokens: 17 });
        app.keys("esc");
        let request = crate::app::testing::started(&app.keys("enter"));
        assert_eq!(request.request.messages.len(), 2);
    }

    #[test]
    fn enter_goes_to_the_message_and_the_draft_and_the_system_prompt_cannot_be_left_out() {
        let mut app = App::new(80, 24);
        let turn = app.turn("one", "first");
        app.type_text("next");
        app.keys("ctrl-x v i x");
        assert!(app.model.toast.is_some());
        app.keys("k enter");
        assert_eq!((app.model.pane.view.cursor, app.model.overlays.len()), (Some(turn.answer.id), 0));
    }

    #[test]
    fn a_price_is_told_where_it_is_known() {
        let mut app = App::new(80, 24);
        app.model.pane.route = litellm("claude-sonnet");
        assert_eq!(price(&app.model, 1000), None);
        let mut list = models(1);
        let per_million = Money::from_nanos(3_000_000_000);
        list.models[0].price = Some(Rates::new(per_million, per_million).into());
        app.send(crate::app::Message::ModelsLoaded { list, at: noon() });
        let rate = app.model.config.prices.eur_per_usd;
        assert_eq!(price(&app.model, 1000), Some(Money::from_nanos(3_000_000).convert(rate)));
    }
}
