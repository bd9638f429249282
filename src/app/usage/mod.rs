//! What was used and what it cost: a page to look into it, and a panel beside the conversation.
//!
//! | file | subject |
//! |---|---|
//! | `query` | what is asked |
//! | `answer` | what is answered |
//! | `page` | the page as it is open |
//! | [`places`], `head`, `column` | where what is on the page stands; the words above it, and the columns |
//! | [`side`] | the panel beside the conversation |
//!
//! While either of them is shown, the log is watched, and both are brought up to date when it grew.

mod answer;
mod column;
mod head;
mod page;
pub mod places;
mod query;
pub mod side;
#[cfg(test)]
mod tests;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Position;

use crate::t;
use crate::telemetry::{GroupBy, Mode, Only, Sort};
use crate::text::Safe;

use super::budgets;
use super::command::CommandId;
use super::effect::Effect;
use super::field::Line;
use super::form::Form;
use super::lists;
use super::model::{Model, Mood};
use super::overlay::Overlay;
use super::picker::Choice;
use super::tree::Typing;

pub use answer::{Lineage, SideFigures, SideQuery, Totals, UsageAnswer};
pub use column::Column;
pub use head::{Chosen, Hit, Word, group_name};
pub use page::{Awaits, Shown, UsagePage, UsageState, UsageView, Visit, conversation_name, short};
pub use places::Chart;
pub use query::{EVENTS, EventsOf, RowsOf, UsageQuery, UsageRange, day, span, step};

/// What the app keeps of usage while no page is open.
#[derive(Clone, Debug, Default)]
pub struct Using {
    /// The panel beside the conversation.
    pub side: side::SidePanel,
    /// Whether the log is watched.
    pub watch: Watch,
    /// What the page showed when it was left: it opens on the same days again.
    range: UsageRange,
}

/// Whether the log is watched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Watch {
    /// Nobody looks.
    #[default]
    Off,
    /// Each change of it is told.
    On,
}

/// Opens the page.
pub fn open(model: &mut Model) -> Vec<Effect> {
    let range = model.usage.range;
    show(model, UsageQuery { range, ..UsageQuery::default() })
}

/// Opens the page on what the branches of the conversation in view cost.
pub fn open_branches(model: &mut Model) -> Vec<Effect> {
    let Some(id) = model.open.stored() else {
        return vec![model.notify(t!("app-not-stored"), Mood::Plain)];
    };
    let only = vec![Only::Conversation(Some(id))];
    let leaf = model.pane.view.leaf;
    show(
        model,
        UsageQuery { range: UsageRange::All, by: GroupBy::Branch, only, leaf, ..UsageQuery::default() },
    )
}

fn show(model: &mut Model, query: UsageQuery) -> Vec<Effect> {
    model.overlays.retain(|overlay| !matches!(overlay, Overlay::Usage(_)));
    model.overlays.push(Overlay::Usage(Box::new(UsagePage::new(query.clone()))));
    std::iter::once(Effect::LoadUsage(query)).chain(budgets::ask(model)).collect()
}

/// The page, where it is what keys go to.
fn page_mut(model: &mut Model) -> Option<&mut UsagePage> {
    match model.overlays.last_mut() {
        Some(Overlay::Usage(page)) => Some(page),
        Some(_) | None => None,
    }
}

/// Asks something else on the page. What is shown stays until the answer is here.
fn ask(model: &mut Model, query: UsageQuery) -> Vec<Effect> {
    let days = query.range;
    let Some(page) = page_mut(model) else { return Vec::new() };
    if page.query.by != query.by {
        page.filter = Line::default();
    }
    if (page.query.by, page.query.sort) != (query.by, query.sort) {
        (page.row, page.top) = (0, 0);
    }
    page.query.clone_from(&query);
    page.awaits = Awaits::Answer;
    if UsageRange::EACH.contains(&days) {
        model.usage.range = days;
    }
    vec![Effect::LoadUsage(query)]
}

/// Asks the same with a change.
fn change(model: &mut Model, change: impl FnOnce(&mut UsageQuery)) -> Vec<Effect> {
    let Some(page) = page_mut(model) else { return Vec::new() };
    let mut query = page.query.clone();
    change(&mut query);
    ask(model, query)
}

/// An answer came. One that is no longer wanted is dropped.
pub fn known(model: &mut Model, query: &UsageQuery, answer: Result<UsageAnswer, String>) -> Vec<Effect> {
    let Model { overlays, conversations, .. } = model;
    let page = overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Usage(page) if page.query == *query => Some(page),
        _ => None,
    });
    let Some(page) = page else { return Vec::new() };
    match answer {
        Ok(answer) => page.take(Shown::new(query.clone(), answer, conversations)),
        Err(reason) => page.state = UsageState::Failed(crate::text::sanitise_line(&reason)),
    }
    match std::mem::replace(&mut page.awaits, Awaits::Nothing) {
        Awaits::Another => {
            page.awaits = Awaits::Answer;
            vec![Effect::LoadUsage(query.clone())]
        }
        Awaits::Nothing | Awaits::Answer => Vec::new(),
    }
}

/// The log grew.
pub fn grew(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    for overlay in &mut model.overlays {
        if let Overlay::Usage(page) = overlay {
            if page.awaits == Awaits::Nothing {
                page.awaits = Awaits::Answer;
                effects.push(Effect::LoadUsage(page.query.clone()));
            } else {
                page.awaits = Awaits::Another;
            }
        }
    }
    effects.extend(side::grew(model));
    effects.extend(budgets::ask(model));
    effects
}

/// Keeps the selection in view, reads the events that are, and has the log watched while somebody looks.
pub fn arrange(model: &mut Model) -> Vec<Effect> {
    let mut effects: Vec<Effect> = side::arrange(model).into_iter().collect();
    let room = places::room(model);
    let wins = model.wins.len();
    let mut is_open = false;
    for overlay in &mut model.overlays {
        if let Overlay::Usage(page) = overlay {
            is_open = true;
            if page.view == UsageView::Wins {
                page.top = page.top.min(wins.saturating_sub(room));
                continue;
            }
            page.hold(room);
            let wanted = page.wanted_events(room).filter(|_| page.awaits == Awaits::Nothing);
            if let (Some(skip), Some(events)) = (wanted, &mut page.query.events) {
                events.skip = skip;
                page.awaits = Awaits::Answer;
                effects.push(Effect::LoadUsage(page.query.clone()));
            }
            if page.awaits == Awaits::Nothing && page.wants_all(room) {
                page.query.rows = RowsOf::All;
                page.awaits = Awaits::Answer;
                effects.push(Effect::LoadUsage(page.query.clone()));
            }
        }
    }
    let watch = if is_open || side::is_shown(model) { Watch::On } else { Watch::Off };
    if model.usage.watch != watch {
        model.usage.watch = watch;
        effects.push(Effect::WatchUsage(watch));
    }
    effects
}

/// Moves the selection.
pub fn select(model: &mut Model, by: isize) {
    let wins = model.wins.len();
    let Some(page) = page_mut(model) else { return };
    if page.view == UsageView::Wins {
        page.top = page.top.saturating_add_signed(by).min(wins.saturating_sub(1));
        return;
    }
    let last = page.rows().saturating_sub(1);
    page.row = page.row.saturating_add_signed(by).min(last);
}

/// A command while the page has the keys; `None` where it is not about the page.
pub fn command(model: &mut Model, command: CommandId) -> Option<Vec<Effect>> {
    let page = page_mut(model)?;
    Some(match command {
        CommandId::LineDown => moved(model, 1),
        CommandId::LineUp => moved(model, -1),
        CommandId::Top => moved(model, isize::MIN),
        CommandId::Bottom => moved(model, isize::MAX),
        CommandId::UsageOpen => enter(model),
        CommandId::UsageBack => back(model),
        CommandId::UsageRange => other_range(model, 1),
        CommandId::UsageRangeBack => other_range(model, -1),
        CommandId::UsageDates => {
            let days = page.shown().and_then(Shown::days).filter(|(from, _)| *from > jiff::civil::Date::MIN);
            let days = days.map(|(from, to)| format!("{from}..{to}")).unwrap_or_default();
            model.overlays.push(Overlay::Form(Form::dates(&days)));
            Vec::new()
        }
        CommandId::UsageGroup => other_group(model, 1),
        CommandId::UsageGroupBack => other_group(model, -1),
        CommandId::UsageSort => change(model, |query| query.sort = next_sort(query.sort)),
        CommandId::UsageFilter => {
            page.view = UsageView::Table;
            if page.query.events.is_none() {
                page.typing = Typing::Filter;
            }
            Vec::new()
        }
        CommandId::UsageView => {
            page.view = page.view.next();
            Vec::new()
        }
        CommandId::UsageEvents => events(model),
        CommandId::UsageWins => {
            (page.top, page.row) = (0, 0);
            page.view = if page.view == UsageView::Wins { UsageView::Table } else { UsageView::Wins };
            vec![Effect::LoadWins]
        }
        CommandId::Usage => {
            model.overlays.pop();
            Vec::new()
        }
        CommandId::Leave if page.has_filter() => {
            (page.typing, page.filter) = (Typing::Commands, Line::default());
            page.list();
            Vec::new()
        }
        _ => return None,
    })
}

fn moved(model: &mut Model, by: isize) -> Vec<Effect> {
    select(model, by);
    Vec::new()
}

/// Goes into the selected row, or to the message of the selected event.
fn enter(model: &mut Model) -> Vec<Effect> {
    let Some(page) = page_mut(model) else { return Vec::new() };
    if page.query.events.is_some() {
        return open_message(model);
    }
    let (Some((row, name)), Some(days)) = (page.selected(), page.shown().and_then(Shown::days)) else {
        return Vec::new();
    };
    let query = page.query.narrowed(&row.key, days);
    go(model, query, name)
}

/// Goes into the row of this group.
pub fn choose(model: &mut Model, key: &str) -> Vec<Effect> {
    let Some(page) = page_mut(model) else { return Vec::new() };
    let row = page.shown().and_then(|shown| shown.place_of_group(key));
    match row {
        Some(row) => {
            page.row = row;
            enter(model)
        }
        None => vec![model.notify(t!("app-row-gone"), Mood::Bad)],
    }
}

/// To the single events of all that is shown.
fn events(model: &mut Model) -> Vec<Effect> {
    let Some(page) = page_mut(model).filter(|page| page.query.events.is_none()) else { return Vec::new() };
    let query = page.query.events_of(None);
    go(model, query, t!("app-usage-events"))
}

/// Goes further, from where one can come back.
fn go(model: &mut Model, mut query: UsageQuery, name: Safe) -> Vec<Effect> {
    query.leaf = model.pane.view.leaf.filter(|_| query.conversation() == model.open.stored());
    let Some(page) = page_mut(model) else { return Vec::new() };
    let filter = std::mem::take(&mut page.filter);
    let visit = Visit { name, query: page.query.clone(), row: page.row, top: page.top, filter };
    page.trail.push(visit);
    (page.row, page.top, page.view) = (0, 0, UsageView::Table);
    ask(model, query)
}

/// Back to where one came from.
fn back(model: &mut Model) -> Vec<Effect> {
    let depth = page_mut(model).map_or(0, |page| page.trail.len());
    match depth.checked_sub(1) {
        Some(depth) => back_to(model, depth),
        None => Vec::new(),
    }
}

/// Back to the page of this depth.
fn back_to(model: &mut Model, depth: usize) -> Vec<Effect> {
    let Some(page) = page_mut(model) else { return Vec::new() };
    let Some(visit) = page.trail.drain(depth.min(page.trail.len())..).next() else { return Vec::new() };
    let Visit { query, row, top, filter, name: _ } = visit;
    let effects = ask(model, query);
    if let Some(page) = page_mut(model) {
        (page.row, page.top, page.filter, page.state) = (row, top, filter, UsageState::Loading);
        page.view = UsageView::Table;
    }
    effects
}

/// Leaves the page for the message of an event.
fn open_message(model: &mut Model) -> Vec<Effect> {
    let found = page_mut(model).and_then(|page| page.selected_event()?.event.as_ref().ok());
    let Some((conversation, message, mode)) =
        found.map(|event| (event.conversation, event.message, event.mode))
    else {
        return Vec::new();
    };
    let Some(conversation) = conversation else {
        return vec![model.notify(nowhere(mode), Mood::Plain)];
    };
    let is_there = model.conversations.iter().any(|summary| summary.id == conversation);
    if !is_there && model.open.conversation.id != conversation {
        let id = conversation.to_string();
        return vec![model.notify(t!("app-usage-gone", id = short(&id)), Mood::Bad)];
    }
    model.overlays.clear();
    if let Some(message) = message {
        return lists::choose(model, Choice::Message(conversation, message, Vec::new()));
    }
    let mut effects = lists::choose(model, Choice::Conversation(conversation));
    effects.push(model.notify(t!("app-usage-titled"), Mood::Plain));
    effects
}

/// Why a request of no conversation leads to none.
fn nowhere(mode: Mode) -> Safe {
    match mode {
        Mode::Tui | Mode::Oneshot => t!("app-usage-nowhere"),
        Mode::Title => t!("app-usage-nowhere-title"),
        Mode::Summary => t!("app-usage-nowhere-summary"),
        Mode::Imported => t!("app-usage-nowhere-imported"),
    }
}

fn other_range(model: &mut Model, by: isize) -> Vec<Effect> {
    change(model, |query| {
        let at = UsageRange::EACH.iter().position(|range| *range == query.range);
        let to = at.map_or(0, |at| at.saturating_add_signed(by).min(UsageRange::EACH.len() - 1));
        query.range = UsageRange::EACH.get(to).copied().unwrap_or_default();
    })
}

/// How usage is grouped, in the order in which groupings are walked.
pub const GROUPS: [GroupBy; 9] = [
    GroupBy::Day,
    GroupBy::Week,
    GroupBy::Model,
    GroupBy::Endpoint,
    GroupBy::Key,
    GroupBy::Conversation,
    GroupBy::Branch,
    GroupBy::User,
    GroupBy::Mode,
];

/// The next grouping that tells something: where branches are of nothing, they are left out.
fn other_group(model: &mut Model, by: isize) -> Vec<Effect> {
    let stored = model.open.stored();
    let Some(query) = page_mut(model).map(|page| page.query.clone()) else { return Vec::new() };
    let can = |by: &&GroupBy| {
        !query.is_narrowed(**by) && (**by != GroupBy::Branch || query.conversation().or(stored).is_some())
    };
    let groups: Vec<GroupBy> = GROUPS.iter().filter(can).copied().collect();
    let count = isize::try_from(groups.len()).unwrap_or(1).max(1);
    let at = groups.iter().position(|group| *group == query.by).and_then(|at| isize::try_from(at).ok());
    let to = at.map_or(0, |at| (at + by).rem_euclid(count));
    match usize::try_from(to).ok().and_then(|to| groups.get(to)) {
        Some(by) => group(model, *by),
        None => Vec::new(),
    }
}

/// Groups by this. Branches are those of the conversation in view, where no other is meant.
fn group(model: &mut Model, by: GroupBy) -> Vec<Effect> {
    let (stored, leaf) = (model.open.stored(), model.pane.view.leaf);
    let Some(mut query) = page_mut(model).map(|page| page.query.clone()) else { return Vec::new() };
    (query.by, query.sort, query.events) = (by, Sort::default(), None);
    if by != GroupBy::Branch || query.conversation().is_some() {
        query.leaf = leaf.filter(|_| query.conversation() == stored);
        return ask(model, query);
    }
    match stored {
        Some(id) => {
            query.only.push(Only::Conversation(Some(id)));
            let title = conversation_name(&id.to_string(), &model.conversations);
            go(model, query, title)
        }
        None => vec![model.notify(t!("app-not-stored"), Mood::Plain)],
    }
}

/// The next order, as columns walk them: those of the columns, then the first again.
fn next_sort(sort: Sort) -> Sort {
    let sorts = || Column::EACH.into_iter().filter_map(Column::sort).chain([Sort::Name]);
    match sorts().position(|other| other == sort) {
        Some(at) => sorts().nth(at + 1).unwrap_or_default(),
        None => sorts().next().unwrap_or_default(),
    }
}

/// The days that were typed.
pub fn dates(model: &mut Model, text: &str) -> Result<Vec<Effect>, Safe> {
    let range = UsageRange::parse(text, model.now.to_zoned(model.zone.clone()).date())?;
    model.overlays.pop();
    Ok(change(model, |query| query.range = range))
}

/// A key that is bound to no command.
pub fn typed(model: &mut Model, key: KeyEvent) {
    let Some(page) = page_mut(model).filter(|page| page.typing == Typing::Filter) else { return };
    let plain = !key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    match key.code {
        KeyCode::Enter => page.typing = Typing::Commands,
        KeyCode::Up => select(model, -1),
        KeyCode::Down => select(model, 1),
        // With nothing left to take away, it takes the row of the filter away.
        KeyCode::Backspace if page.filter.text().is_empty() && plain => page.typing = Typing::Commands,
        _ => {
            page.filter.edit(key);
            page.list();
        }
    }
}

/// Text was pasted.
pub fn pasted(model: &mut Model, text: &str) {
    if let Some(page) = page_mut(model).filter(|page| page.typing == Typing::Filter) {
        page.filter.insert(text);
        page.list();
    }
}

/// A click on the page. A second one on the head of a column puts the order back, on a row goes into it.
pub fn clicked(model: &mut Model, at: Position) -> Vec<Effect> {
    let Some(Overlay::Usage(page)) = model.overlays.last() else { return Vec::new() };
    let (sort, row) = (page.query.sort, page.row);
    let places = places::places(model, page);
    let hit = places.hit(at);
    match hit {
        Some(Hit::Range(range)) => change(model, |query| query.range = range),
        Some(Hit::NextRange) => {
            let is_last = page.query.range == UsageRange::All;
            if is_last {
                change(model, |query| query.range = UsageRange::Today)
            } else {
                other_range(model, 1)
            }
        }
        Some(Hit::Dates) => command(model, CommandId::UsageDates).unwrap_or_default(),
        Some(Hit::Group(by)) => group(model, by),
        Some(Hit::NextGroup) => other_group(model, 1),
        Some(Hit::View(view)) => {
            if let Some(page) = page_mut(model) {
                page.view = view;
            }
            Vec::new()
        }
        Some(Hit::Back(depth)) => back_to(model, depth),
        Some(Hit::Sort(wanted)) => {
            let wanted = if wanted == sort { Sort::Natural } else { wanted };
            change(model, |query| query.sort = wanted)
        }
        Some(Hit::Row(clicked)) if clicked == row => enter(model),
        Some(Hit::Row(clicked)) => {
            if let Some(page) = page_mut(model) {
                page.row = clicked;
            }
            Vec::new()
        }
        None => Vec::new(),
    }
}
