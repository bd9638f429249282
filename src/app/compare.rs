//! The compare page: two messages beside each other, what they say and what they were made with.
//!
//! Which two is never asked: the picked ones, or this one and the picked or
//! marked one, or this one and its sibling.

use crossterm::event::{KeyCode, KeyEvent};

use crate::chat::tree::Neighbour;
use crate::chat::{Message, MessageId, Settings};
use crate::layout::compare::{Comparison, Pair, Piece};
use crate::t;
use crate::text::{Safe, sanitise_line};

use super::block::{euros, grouped};
use super::effect::Effect;
use super::geometry::{NARROW, page_rows};
use super::model::{Model, Mood};
use super::overlay::Overlay;
use super::quote::{conversation_of, find, is_blind, origin, picked};

/// The page.
#[derive(Clone, Debug)]
pub struct ComparePage {
    /// The message at the left.
    pub left: MessageId,
    /// The message at the right.
    pub right: MessageId,
    /// What both are called.
    pub names: (Safe, Safe),
    /// Which tab is shown.
    pub tab: Tab,
    /// The first row that is shown.
    pub top: usize,
    /// How much of both texts is in both, in hundredths.
    pub likeness: usize,
    /// Rows of the tab, for the width they were made for.
    pub rows: Rows,
    facts: Vec<Fact>,
    comparison: Comparison,
    width: u16,
}

/// What of the messages is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Their words.
    Text,
    /// What was sent for them, and what came of it.
    Sent,
}

/// The rows of the texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rows {
    /// As one text.
    Unified(Vec<Vec<Piece>>),
    /// Beside each other.
    Beside(Vec<Pair>),
}

impl Rows {
    fn len(&self) -> usize {
        match self {
            Self::Unified(rows) => rows.len(),
            Self::Beside(pairs) => pairs.len(),
        }
    }
}

/// Something two messages were made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub name: Safe,
    /// Of the left message.
    pub left: Safe,
    /// Of the right message.
    pub right: Safe,
}

impl ComparePage {
    /// What the messages were made with.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// How many rows the tab has.
    pub fn len(&self) -> usize {
        match self.tab {
            Tab::Text => self.rows.len(),
            Tab::Sent => self.facts.len(),
        }
    }

    /// Whether the tab has no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Opens the page on two messages.
pub fn open(model: &mut Model, current: MessageId) -> Vec<Effect> {
    let Some((left, right)) = pair(model, current) else {
        return vec![model.notify(t!("app-nothing-to-compare"), Mood::Plain)];
    };
    let (Some(one), Some(two)) = (find(model, left), find(model, right)) else { return Vec::new() };
    let comparison = Comparison::of(&one.text(), &two.text());
    let page = ComparePage {
        left,
        right,
        names: (name(model, one), name(model, two)),
        tab: Tab::Text,
        top: 0,
        likeness: comparison.likeness(),
        rows: Rows::Unified(Vec::new()),
        facts: facts(model, one, two),
        comparison,
        width: 0,
    };
    model.overlays.push(Overlay::Compare(Box::new(page)));
    Vec::new()
}

/// Which two are meant, the left one first.
fn pair(model: &Model, current: MessageId) -> Option<(MessageId, MessageId)> {
    let picked: Vec<MessageId> = picked(model).map(|message| message.id).collect();
    match picked[..] {
        [.., left, right] => Some((left, right)),
        [left] if left != current => Some((left, current)),
        [_] | [] => {
            if let Some(marked) = model.marked.filter(|id| *id != current && find(model, *id).is_some()) {
                return Some((marked, current));
            }
            let tree = &model.open.conversation.tree;
            // From a message without siblings, the nearest one above that has some is meant.
            let of = tree
                .path(current)
                .into_iter()
                .rev()
                .find(|id| tree.place(*id).is_some_and(|place| place.count > 1))?;
            match tree.sibling(of, Neighbour::Previous) {
                Some(before) => Some((before, of)),
                None => Some((of, tree.sibling(of, Neighbour::Next)?)),
            }
        }
    }
}

fn name(model: &Model, message: &Message) -> Safe {
    let place =
        conversation_of(model, message.id).and_then(|conversation| conversation.tree.place(message.id));
    let counter = place
        .filter(|place| place.count > 1)
        .map(|place| format!("‹{}/{}› ", place.position, place.count))
        .unwrap_or_default();
    sanitise_line(&format!("{counter}{}", origin(model, message)))
}

/// What a message was made with: a name, and what is told of it.
type Told = (fn() -> Safe, fn(&Model, &Message) -> Option<String>);

const FACTS: &[Told] = &[
    (|| t!("app-fact-endpoint"), |_, message| Some(message.route.as_ref()?.endpoint.to_string())),
    (|| t!("app-fact-key"), |_, message| Some(message.route.as_ref()?.key.to_string())),
    (|| t!("app-fact-model"), |_, message| Some(message.route.as_ref()?.model.to_string())),
    (
        || t!("app-fact-served"),
        |_, message| Some(message.provenance.as_ref()?.model_served.as_ref()?.to_string()),
    ),
    (|| t!("app-field-system"), |model, message| settings(model, message)?.system.clone()),
    (
        || t!("app-field-temperature"),
        |model, message| settings(model, message)?.temperature.map(|temperature| temperature.to_string()),
    ),
    (|| t!("app-field-max-tokens"), |model, message| settings(model, message)?.max_tokens.map(grouped)),
    (|| t!("app-field-effort"), |model, message| settings(model, message)?.effort.clone()),
    (
        || t!("app-field-params"),
        |model, message| {
            let params = &settings(model, message)?.params;
            let told: Vec<String> = params.iter().map(|(name, value)| format!("{name}={value}")).collect();
            (!told.is_empty()).then(|| told.join(" "))
        },
    ),
    (
        || t!("app-fact-before"),
        |model, message| {
            let tree = &conversation_of(model, message.id)?.tree;
            let before = tree.path(message.id).len().saturating_sub(1);
            Some(before.saturating_sub(left_out(model, message).len()).to_string())
        },
    ),
    (
        || t!("app-fact-left-out"),
        |model, message| {
            let told = left_out(model, message);
            (!told.is_empty()).then(|| told.join(" · "))
        },
    ),
    (
        || t!("app-fact-tokens"),
        |_, message| {
            let usage = message.provenance.as_ref()?.usage;
            Some(format!("{} → {}", grouped(usage.tokens_in?), grouped(usage.tokens_out?)))
        },
    ),
    (
        || t!("app-fact-time"),
        |_, message| {
            let ms = message.provenance.as_ref()?.latency_ms?;
            Some(format!("{}.{} s", ms / 1000, ms % 1000 / 100))
        },
    ),
    (|| t!("app-fact-price"), |_, message| Some(euros(message.provenance.as_ref()?.cost_eur?).into_string())),
];

/// The settings of a message's conversation, as they are now.
fn settings<'a>(model: &'a Model, message: &Message) -> Option<&'a Settings> {
    Some(&conversation_of(model, message.id)?.settings)
}

/// The first words of each message before this one that its branch leaves out.
fn left_out(model: &Model, message: &Message) -> Vec<String> {
    let Some(conversation) = conversation_of(model, message.id) else { return Vec::new() };
    let tree = &conversation.tree;
    let excluded = tree.excluded(message.id);
    let path = tree.path(message.id).into_iter().filter(|id| *id != message.id && excluded.contains(id));
    path.filter_map(|id| tree.get(id)).map(|message| super::title::first_words(&message.text())).collect()
}

/// What tells something of at least one of two messages.
fn facts(model: &Model, left: &Message, right: &Message) -> Vec<Fact> {
    let told = |of: fn(&Model, &Message) -> Option<String>, message: &Message| {
        // Who made it shows from its price and its time as well as from its name.
        let told = if is_blind(model, message) { None } else { of(model, message) };
        told.map(|text| sanitise_line(&text)).unwrap_or_default()
    };
    FACTS
        .iter()
        .map(|(name, of)| Fact { name: name(), left: told(*of, left), right: told(*of, right) })
        .filter(|fact| !fact.left.is_empty() || !fact.right.is_empty())
        .collect()
}

/// The columns of one side where both stand beside each other: two columns of margin, and three between.
pub fn side(width: u16) -> u16 {
    width.saturating_sub(4 + 3) / 2
}

/// Makes the rows for the width that the screen has now.
pub fn arrange(model: &mut Model) {
    let width = model.size.width;
    let room = page_rows(model);
    let Some(Overlay::Compare(page)) = model.overlays.last_mut() else { return };
    if page.width != width {
        page.width = width;
        page.rows = if width < NARROW {
            Rows::Unified(page.comparison.unified(usize::from(width.saturating_sub(4))))
        } else {
            Rows::Beside(page.comparison.beside(usize::from(side(width))))
        };
    }
    page.top = page.top.min(page.len().saturating_sub(room));
}

/// Scrolls both sides; they stop at both ends.
pub fn scroll(model: &mut Model, by: isize) {
    let room = page_rows(model);
    let Some(Overlay::Compare(page)) = model.overlays.last_mut() else { return };
    page.top = page.top.saturating_add_signed(by).min(page.len().saturating_sub(room));
}

/// A key on the page.
pub fn typed(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    match key.code {
        KeyCode::Up | KeyCode::Char('k') => scroll(model, -1),
        KeyCode::Down | KeyCode::Char('j') => scroll(model, 1),
        KeyCode::Char(' ') => scroll(model, isize::try_from(page_rows(model)).unwrap_or(1)),
        KeyCode::Home | KeyCode::Char('g') => scroll(model, isize::MIN),
        KeyCode::End | KeyCode::Char('G') => scroll(model, isize::MAX),
        KeyCode::Tab | KeyCode::Left | KeyCode::Right => {
            if let Some(Overlay::Compare(page)) = model.overlays.last_mut() {
                page.top = 0;
                page.tab = match page.tab {
                    Tab::Text => Tab::Sent,
                    Tab::Sent => Tab::Text,
                };
            }
        }
        KeyCode::Char('q') => {
            model.overlays.pop();
        }
        _ => {}
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{App, litellm, started};
    use crate::chat::Status;

    fn page(app: &App) -> &ComparePage {
        let Some(Overlay::Compare(page)) = app.model.overlays.last() else { panic!("no page") };
        page
    }

    fn two_answers() -> (App, MessageId, MessageId) {
        let mut app = App::new(100, 30);
        let first = app.turn("one", "The fig grows.");
        app.model.pane.route = litellm("claude-sonnet");
        let again = started(&app.keys("alt-t r"));
        app.end(&again, "The pear grows.", Status::Complete);
        (app, first.answer.id, again.answer.id)
    }

    #[test]
    fn a_message_is_compared_with_the_picked_one_else_with_its_sibling() {
        let (mut app, first, second) = two_answers();
        app.keys("=");
        assert_eq!((page(&app).left, page(&app).right), (first, second));
        let question = app.model.open.conversation.tree.branch()[0];
        app.keys("esc K v J =");
        assert_eq!((page(&app).left, page(&app).right), (question, second));
        app.keys("esc v =");
        assert_eq!((page(&app).left, page(&app).right), (question, second));
    }

    #[test]
    fn on_the_tree_page_a_row_is_compared_with_the_mark_and_who_is_judged_blind_stays_hidden() {
        let (mut app, first, second) = two_answers();
        app.keys("h m t j d");
        assert_eq!((page(&app).left, page(&app).right), (first, second));
        app.keys("esc");
        let question = app.model.open.conversation.tree.branch()[0];
        app.model.blind.insert(question);
        app.keys("d");
        let told = format!("{:?} {:?}", page(&app).names, page(&app).facts());
        assert!(!told.contains("claude-sonnet") && !told.contains("4.1"), "{told}");
    }

    #[test]
    fn what_was_sent_is_told_where_it_differs_and_where_not() {
        let (mut app, ..) = two_answers();
        app.model.open.conversation.settings.system = Some("be brief".into());
        app.keys("= tab");
        let told: Vec<(String, String)> =
            page(&app).facts().iter().map(|fact| (fact.left.to_string(), fact.right.to_string())).collect();
        for expected in [("demo", "LiteLLM"), ("demo", "claude-sonnet"), ("be brief", "be brief")] {
            assert!(told.contains(&(expected.0.into(), expected.1.into())), "{expected:?} in {told:?}");
        }
    }

    #[test]
    fn rows_follow_the_width() {
        let (mut app, ..) = two_answers();
        app.keys("=");
        assert!(matches!(page(&app).rows, Rows::Beside(_)));
        let size = crate::app::Size { width: 60, height: 20 };
        app.send(crate::app::Message::Resize { size, at: app.at });
        assert!(matches!(page(&app).rows, Rows::Unified(_)));
    }
}
