//! The status line: where Enter goes, what is read, what it costs, and where each of it stands: `ui` draws it, a click
//! finds it. Segments give way from the least important on as the width shrinks.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::layout::{Position, Rect};

use crate::chat::{KeyLabel, Money, Totals};
use crate::router::Cause;
use crate::t;
use crate::text::width::{truncate, width};
use crate::text::{Safe, sanitise, sanitise_line};

use super::block::euros;
use super::command::CommandId;
use super::composer::{Mode, Shape};
use super::effect::Effect;
use super::geometry::{COMPOSER_LEFT, screen};
use super::keyboard::find_is_typed;
use super::model::{Focus, Habit, Model, Mood, Phase};
use super::offers::short_count;
use super::{budgets, configured, conversation, ghost, motion, run, temporary};

/// What facts leave to the title, by the columns that a screen has at least.
const LEAST_TITLE: [(u16, usize); 2] = [(100, 20), (80, 12)];
/// From so many columns on, the line says more than the model of where Enter goes.
const WIDE: u16 = 60;
/// What stands between facts.
const BETWEEN: &str = " · ";

/// Something that the line tells; the facts at the right in the order they stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The endpoint that Enter asks.
    Endpoint,
    /// The key that it is asked with.
    Key,
    /// The model.
    Model,
    /// The title of the conversation.
    Title,
    /// That nothing of it is kept.
    Temporary,
    /// How many branches there are.
    Branches,
    /// How much of the model's window is used.
    Context,
    /// What the conversation cost.
    Price,
    /// What the day cost.
    Today,
    /// How far a budget is spent.
    Budget,
    /// How far a ghost run is.
    Ghost,
    /// What a turn does.
    Doing,
    /// That the configuration on disk cannot be used.
    Refused,
}

impl What {
    /// What a click on it does. None destroys anything; what is not to be kept is not kept by one, but told again.
    fn command(self) -> Option<CommandId> {
        Some(match self {
            Self::Endpoint => CommandId::PickEndpoint,
            Self::Key => CommandId::Key,
            Self::Model => CommandId::PickModel,
            Self::Title => CommandId::PickConversation,
            Self::Branches | Self::Ghost => CommandId::Tree,
            Self::Context => CommandId::Context,
            Self::Price | Self::Today | Self::Budget => CommandId::Usage,
            Self::Doing => CommandId::Bottom,
            Self::Refused => CommandId::Problems,
            Self::Temporary => return None,
        })
    }
}

/// Something on the line, and the cells it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What.
    pub what: What,
    /// Its text.
    pub text: Safe,
    /// Where it stands.
    pub area: Rect,
}

/// What stands on the line, from the left.
pub fn items(model: &Model) -> Vec<Item> {
    let area = screen(model).status;
    let end = area.right().saturating_sub(1);
    let room = usize::from(area.width.saturating_sub(2));
    let place = place(model, area.width);
    let place_cells = cells(&place.iter().map(|(_, text)| text.as_str()).collect::<String>());
    let title = sanitise_line(&model.open.conversation.title);
    let least = LEAST_TITLE.iter().find(|(columns, _)| area.width >= *columns).map_or(0, |(_, cells)| *cells);
    let kept = width(&title).min(least);
    let most = room.saturating_sub(usize::from(place_cells).min(room / 2) + kept + 4);
    let mut shown: Vec<(What, Safe)> = Vec::new();
    let mut used = 0;
    for (what, text) in facts(model) {
        let Some(text) = text else { continue };
        let cells = width(&text) + BETWEEN.chars().count();
        if used + cells <= most {
            used += cells;
            shown.push((what, text));
        }
    }
    shown.sort_by_key(|(what, _)| *what);
    let mut right = Vec::new();
    let mut x = end;
    for (what, text) in shown.into_iter().rev() {
        let between = if right.is_empty() { 0 } else { cells(BETWEEN) };
        x = x.saturating_sub(between + cells(&text));
        right.push(Item::new(what, text, (x, area.y), u16::MAX));
    }
    let mut items = Vec::new();
    let mut left = area.x + 1;
    for (what, text) in place {
        let item = Item::new(what, text, (left, area.y), x.saturating_sub(left + 2));
        left += item.area.width;
        items.push(item);
    }
    let gap = x.saturating_sub(left + 2);
    if area.width >= WIDE && !title.is_empty() && gap > 10 {
        items.push(Item::new(What::Title, title, (left + 3, area.y), gap.saturating_sub(3)));
    }
    items.retain(|item| item.area.width > 0);
    items.extend(right.into_iter().rev());
    items
}

impl Item {
    /// A text that begins at a cell and takes no more than so many.
    fn new(what: What, text: Safe, (x, y): (u16, u16), room: u16) -> Self {
        let text = truncate(&text, usize::from(room));
        let width = cells(&text);
        Self { what, text, area: Rect { x, y, width, height: 1 } }
    }
}

fn cells(text: &str) -> u16 {
    u16::try_from(width(text)).unwrap_or(u16::MAX)
}

/// Where Enter goes: endpoint, key and model where there is room, else the model.
fn place(model: &Model, columns: u16) -> Vec<(What, Safe)> {
    let route = &model.pane.route;
    let name = sanitise_line(route.model.as_str());
    if columns < WIDE {
        return vec![(What::Model, name)];
    }
    let mut place = vec![(What::Endpoint, sanitise_line(route.endpoint.as_str()))];
    if route.key.as_str() != KeyLabel::DEFAULT {
        place.push((What::Key, sanitise_line(&format!("/{}", route.key))));
    }
    if !name.is_empty() {
        place.push((What::Model, sanitise(&format!("{BETWEEN}{name}"))));
    }
    place
}

/// The facts, the most important first: the last ones give way.
fn facts(model: &Model) -> [(What, Option<Safe>); 10] {
    let figures = &model.pane.view.figures;
    let totals = model.open.totals().unwrap_or(figures.totals);
    let context = figures.context.and_then(|used| {
        let window = model.model_info(&model.pane.route)?.context.filter(|window| *window > 0)?;
        Some(t!("app-status-context", percent = used * 100 / window, window = short_count(window)))
    });
    let ghost = ghost::of(model, model.open.conversation.id)
        .map(|(_, ghost)| t!("app-status-ghost", at = ghost.at, all = ghost.all));
    let live = model.live().map(|(_, live)| &live.phase);
    // A growing answer shows for itself; a wait does not.
    let waits = live.filter(|phase| **phase != Phase::Streaming).map(|phase| doing(model, phase));
    let follows = model.pane.reading().0.is_following();
    let streams = live.filter(|phase| **phase == Phase::Streaming).map(|phase| match follows {
        true => t!("app-status-following"),
        false => doing(model, phase),
    });
    let budget = budgets::worst(model).map(|standing| {
        t!("app-status-budget", name = standing.budget.as_str(), percent = standing.percent())
    });
    let spent_today = model.spent_today.filter(|spent| *spent != Money::ZERO);
    [
        (What::Refused, configured::standing(model)),
        (What::Ghost, ghost),
        (What::Temporary, temporary::is_open(model).then(|| t!("app-status-temporary"))),
        (What::Doing, waits),
        (What::Budget, budget),
        (What::Price, price(&totals)),
        (What::Branches, (totals.branches > 1).then(|| sanitise(&format!("⑂ {}", totals.branches)))),
        (What::Context, context),
        (What::Doing, streams),
        (What::Today, spent_today.map(|spent| t!("app-status-today", price = euros(spent)))),
    ]
}

/// What the conversation cost, and that there is more whose price nobody knows.
fn price(totals: &Totals) -> Option<Safe> {
    match (totals.spent, totals.unpriced) {
        (spent, 0) => spent.map(euros),
        (None, _) => Some(t!("app-status-unpriced")),
        (Some(spent), _) => Some(t!("app-status-part-priced", price = euros(spent))),
    }
}

/// The word of vi's mode, on the line above the prompt.
pub fn mode(model: &Model, divider: Rect) -> Option<(Safe, Rect)> {
    let mode = match (model.habit, model.pane.composer.mode()) {
        (Habit::Readline, _) => return None,
        (Habit::Vi, Mode::Insert) => t!("app-mode-insert"),
        (Habit::Vi, Mode::Normal) => t!("app-mode-normal"),
        (Habit::Vi, Mode::Visual(Shape::Chars)) => t!("app-mode-visual"),
        (Habit::Vi, Mode::Visual(Shape::Lines)) => t!("app-mode-visual-lines"),
    };
    let width = cells(&mode).min(divider.width / 2);
    Some((mode, Rect { x: divider.x + COMPOSER_LEFT, width, ..divider }))
}

/// What a click does on the status line, on the word of vi's mode, and on a notice; `None` where it is on none of
/// them, or on a row that something else has now.
pub fn clicked(model: &mut Model, at: Position) -> Option<Vec<Effect>> {
    let screen = screen(model);
    if screen.hint.contains(at) && model.toast.is_some() && model.recall.is_none() && !find_is_typed(model) {
        model.toast = None;
        return Some(Vec::new());
    }
    if !model.overlays.is_empty() {
        return None;
    }
    if mode(model, screen.divider).is_some_and(|(_, area)| area.contains(at)) {
        let code = match model.pane.composer.mode() {
            Mode::Normal => KeyCode::Char('i'),
            Mode::Insert | Mode::Visual(_) => KeyCode::Esc,
        };
        model.focus = Focus::Composer;
        model.pane.composer.press(KeyEvent::from(code));
        return Some(conversation::draft_changed(model));
    }
    let item = items(model).into_iter().find(|item| item.area.contains(at))?;
    Some(match item.what.command() {
        Some(command) => run::run(model, command),
        None => vec![model.notify(t!("app-temporary"), Mood::Plain)],
    })
}

/// What a turn does.
pub fn doing(model: &Model, phase: &Phase) -> Safe {
    let now = model.now;
    let reduced = motion::is_reduced(model);
    match phase {
        Phase::Waiting => t!("app-status-waiting"),
        Phase::Retrying { failed, next, .. } => {
            let left = next.duration_since(now).as_millis();
            if left <= 0 || reduced {
                return t!("app-status-retrying", count = *failed);
            }
            // A second that has begun counts: the last one told is 1.
            t!("app-status-retry-in", seconds = (left + 999) / 1000)
        }
        Phase::Held { until, cause } => {
            let left = until.map_or(0, |until| until.duration_since(now).as_millis());
            match cause {
                _ if left <= 0 || reduced => t!("app-status-held"),
                Cause::Backoff => t!("app-status-retry-in", seconds = (left + 999) / 1000),
                Cause::Provider => t!("app-status-held-by-provider", seconds = (left + 999) / 1000),
                Cause::Minute(_) | Cause::Parallel(_) => {
                    t!("app-status-held-by-limit", seconds = (left + 999) / 1000)
                }
            }
        }
        Phase::Streaming => t!("app-status-streaming"),
        Phase::Stopping => t!("app-status-stopping"),
    }
}
