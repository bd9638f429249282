//! The context lens: what the next Enter would send, message by message, with what each weighs.
//!
//! Rows are worked out anew for each frame, so that the page follows the draft, the branch and the rules; only what
//! is visible is turned into text.

use std::collections::HashSet;

use crossterm::event::{KeyCode, KeyEvent};

use crate::chat::{Message, MessageId, Money, Part, Usage};
use crate::t;

use super::acts;
use super::effect::Effect;
use super::geometry::page_rows;
use super::model::{Focus, Model, Mood};
use super::overlay::Overlay;
use super::pane::{EditWay, Purpose};
use super::turn;

/// The page: which row is selected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LensPage {
    /// By its place among the rows.
    pub selected: usize,
}

/// What a row stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// The system prompt.
    System,
    /// A message of the branch.
    Message(MessageId),
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

/// Everything the next prompt would send, root first.
pub fn rows(model: &Model) -> Vec<Row> {
    let conversation = &model.open.conversation;
    let mut rows = Vec::new();
    if let Some(system) = conversation.settings.system.as_ref().filter(|system| !system.trim().is_empty()) {
        rows.push(Row { told: Told::System, sent: Sent::Yes, tokens: tokens_of(system.len()) });
    }
    let excluded = excluded(model);
    let path = turn::parent_of_next(model).map(|parent| conversation.tree.path(parent)).unwrap_or_default();
    for message in path.into_iter().filter_map(|id| conversation.tree.get(id)) {
        let sent = if excluded.contains(&message.id) {
            Sent::LeftOut
        } else if message.parts.iter().any(Part::is_content) {
            Sent::Yes
        } else {
            Sent::Empty
        };
        rows.push(Row { told: Told::Message(message.id), sent, tokens: tokens(message) });
    }
    let draft = model.pane.composer.text();
    if !draft.trim().is_empty() {
        rows.push(Row { told: Told::Draft, sent: Sent::Yes, tokens: tokens_of(draft.len()) });
    }
    rows
}

/// What the pane's branch leaves out.
pub fn excluded(model: &Model) -> HashSet<MessageId> {
    let leaf = model.pane.view.leaf;
    leaf.map(|leaf| model.open.conversation.tree.excluded(leaf)).unwrap_or_default()
}

/// How many tokens all that is sent has, about.
pub fn sum(rows: &[Row]) -> u64 {
    rows.iter().filter(|row| row.sent == Sent::Yes).map(|row| row.tokens).sum()
}

/// What so many tokens cost to be read, about, in euros; `None` where the price is not known.
pub fn price(model: &Model, tokens: u64) -> Option<Money> {
    let price = model.model_info(&model.pane.route)?.price?;
    let dollars = price.cost(&Usage { tokens_in: Some(tokens), tokens_out: Some(0), ..Usage::default() })?;
    Some(dollars.convert(model.config.prices.eur_per_usd))
}

/// Nobody but the provider counts its tokens; the usual ones hold about four bytes of text, and a message takes a
/// few to tell who speaks.
fn tokens_of(bytes: usize) -> u64 {
    const BYTES_A_TOKEN: usize = 4;
    const SPEAKER: u64 = 4;
    u64::try_from(bytes.div_ceil(BYTES_A_TOKEN)).unwrap_or(u64::MAX).saturating_add(SPEAKER)
}

fn tokens(message: &Message) -> u64 {
    let bytes = message.parts.iter().map(|part| match part {
        Part::Text { text } | Part::Refusal { text } => text.len(),
        Part::ToolCall(call) => call.name.len() + call.arguments.len(),
        Part::ToolResult(result) => result.content.len(),
        // What media weigh is each provider's own affair, and reasoning goes back to few of them.
        Part::Reasoning { .. }
        | Part::Image(_)
        | Part::Document(_)
        | Part::Source(_)
        | Part::ServerTool(_)
        | Part::State(_) => 0,
    });
    tokens_of(bytes.sum())
}

/// Opens the page on its last row.
pub fn open(model: &mut Model) -> Vec<Effect> {
    if matches!(model.pane.purpose, Purpose::Edit { way: EditWay::InPlace, .. }) {
        return vec![model.notify(t!("app-lens-nothing-sent"), Mood::Plain)];
    }
    let selected = rows(model).len().saturating_sub(1);
    model.overlays.push(Overlay::Lens(LensPage { selected }));
    Vec::new()
}

/// Moves the selection; it stops at both ends.
pub fn select(model: &mut Model, by: isize) {
    let last = rows(model).len().saturating_sub(1);
    if let Some(Overlay::Lens(page)) = model.overlays.last_mut() {
        page.selected = page.selected.saturating_add_signed(by).min(last);
    }
}

/// A key on the page.
pub fn typed(model: &mut Model, page: LensPage, key: KeyEvent) -> Vec<Effect> {
    let told = rows(model).into_iter().nth(page.selected).map(|row| row.told);
    match (key.code, told) {
        (KeyCode::Up | KeyCode::Char('k'), _) => select(model, -1),
        (KeyCode::Down | KeyCode::Char('j'), _) => select(model, 1),
        (KeyCode::Home | KeyCode::Char('g'), _) => select(model, isize::MIN),
        (KeyCode::End | KeyCode::Char('G'), _) => select(model, isize::MAX),
        (KeyCode::Char('q'), _) => {
            model.overlays.pop();
        }
        (KeyCode::Char('x' | ' '), Some(Told::Message(message))) => return acts::exclude(model, message),
        (KeyCode::Char('x' | ' '), Some(Told::System | Told::Draft)) => {
            return vec![model.notify(t!("app-lens-always-sent"), Mood::Plain)];
        }
        (KeyCode::Enter, Some(Told::Message(message))) => {
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

/// The first row that is shown, so that the selected one is.
pub fn first(model: &Model, page: LensPage) -> usize {
    page.selected.saturating_sub(page_rows(model).saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{App, litellm, models, noon};
    use crate::chat::{Presence, Rates, RuleChange};

    fn told(app: &App) -> Vec<(Sent, u64)> {
        rows(&app.model).iter().map(|row| (row.sent, row.tokens)).collect()
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
        assert_eq!(told(&app)[1].0, Sent::LeftOut);
        assert_eq!(sum(&rows(&app.model)), 17);
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
