//! The lanes of a pane: a row that tells what they are, a head for each with what it is worth, their branches, and
//! the lines between them. Where not all of them fit, the row holds a tab for each.

use jiff::Timestamp;
use ratatui::layout::Rect;

use crate::app::block::{Tone, euros, seconds};
use crate::app::lanes::{Breadth, Lane, Lanes, Places};
use crate::app::model::{LiveTurn, Phase};
use crate::app::overlay::title_or_untitled;
use crate::app::tabs::{self, is_blind, label};
use crate::app::{CommandId, Model, motion};
use crate::chat::{Message, Role as Speaker, Status};
use crate::t;
use crate::text::width::width;
use crate::text::{Safe, sanitise};

use super::paint::{FOCUS, Painter};
use super::theme::Role;
use super::transcript::{self, Keys, Shown};

/// The cells that facts leave to a lane's name.
const LEAST_NAME: u16 = 12;

/// Draws them.
pub fn draw(model: &Model, shown: &Shown<'_>, lanes: &Lanes, area: Rect, painter: &mut Painter<'_>) {
    let focus = lanes.focus(&shown.pane.view);
    let places = lanes.places(area, &shown.pane.view);
    bar(model, shown, lanes, (area, &places), painter);
    for place in &places.lanes {
        let Some(lane) = lanes.lanes.get(place.lane) else { continue };
        let focused = focus == Some(place.lane);
        head(model, shown, lanes, lane, (place.head, focused), painter);
        let keys = if focused { shown.keys } else { Keys::Elsewhere };
        let shown = Shown { view: &lane.view, layouts: &lane.layouts, keys, shared: 0, ..*shown };
        transcript::draw(model, &shown, place.body, painter);
    }
    for gap in &places.gaps {
        painter.rule_down(*gap);
    }
}

/// The row above the lanes: what they are and what can be done, or a tab for each.
fn bar(
    model: &Model,
    shown: &Shown<'_>,
    lanes: &Lanes,
    (shown_in, places): (Rect, &Places),
    painter: &mut Painter<'_>,
) {
    let area = places.bar;
    let end = area.right().saturating_sub(1);
    let tabs = tabs::tabs(model, shown.opened, shown.pane, shown_in);
    if !tabs.is_empty() {
        let focus = lanes.focus(&shown.pane.view);
        for tab in tabs {
            let role = if focus == Some(tab.lane) { Role::Accent } else { Role::Dim };
            painter.text((tab.area.x, tab.area.y), &tab.text, role, tab.area.width);
        }
        return;
    }
    let key = |command: CommandId| model.keymap.keys_of(command).first().cloned().unwrap_or_default();
    let promote = key(CommandId::Promote);
    let hints = match (is_blind(model, lanes), lanes.breadth) {
        (true, _) => t!("ui-lanes-hint-blind", promote = promote),
        (false, Breadth::All | Breadth::One) => {
            t!("ui-lanes-hint", all = key(CommandId::ZoomLane), promote = promote)
        }
    };
    let left = painter.text_right((end, area.y), &hints, Role::Dim, area.x + area.width / 2);
    let title = title_or_untitled(&shown.opened.conversation.title);
    let count = t!("ui-lanes-count", count = lanes.lanes.len());
    let text = sanitise(&format!("{title} · {count}"));
    painter.text((area.x + 1, area.y), &text, Role::Title, left.saturating_sub(area.x + 3));
}

fn live<'a>(model: &'a Model, shown: &Shown<'_>, lane: &Lane) -> Option<&'a LiveTurn> {
    model.live_in(shown.opened.conversation.id, &lane.view).map(|(_, live)| live)
}

/// The row above a lane: its name, and what can be told of it.
fn head(
    model: &Model,
    shown: &Shown<'_>,
    lanes: &Lanes,
    lane: &Lane,
    (area, focused): (Rect, bool),
    painter: &mut Painter<'_>,
) {
    let Some(first) = shown.opened.conversation.tree.get(lane.first) else { return };
    let (tone, role) = match (first.role, focused) {
        (Speaker::User, _) => (Tone::User, Role::Accent),
        (Speaker::Assistant, _) => (Tone::Assistant, Role::Accent),
    };
    let role = if focused { role } else { Role::Dim };
    let bar = if focused { FOCUS } else { "▏" };
    painter.text((area.x + 1, area.y), &sanitise(bar), if focused { Role::Accent } else { tone.into() }, 1);
    let label = label(model, shown.opened, lanes, lane);
    let end = area.right().saturating_sub(1);
    let name = u16::try_from(width(&label)).unwrap_or(LEAST_NAME).min(LEAST_NAME);
    let room = usize::from(end.saturating_sub(area.x + 2 + name + 2));
    let live = live(model, shown, lane);
    let mut facts = if is_blind(model, lanes) { blind_facts(first, live) } else { facts(model, first, live) };
    // The first ones are told as long as there is room.
    while facts.iter().map(|fact| width(fact) + 2).sum::<usize>() > room + 2 {
        facts.pop();
    }
    let text: Vec<&str> = facts.iter().map(Safe::as_str).collect();
    let left = painter.text_right((end, area.y), &sanitise(&text.join("  ")), Role::Dim, area.x + 2);
    painter.text((area.x + 2, area.y), &label, role, left.saturating_sub(area.x + 3));
}

/// What is told of an answer, the most important first: what became of it, its price, its speed, and when it began.
/// What is only estimated, while it is written, is marked so.
fn facts(model: &Model, answer: &Message, live: Option<&LiveTurn>) -> Vec<Safe> {
    let told = match live {
        Some(_) if motion::is_reduced(model) => Vec::new(),
        Some(live) => estimated(model, answer, live),
        None => measured(answer),
    };
    state(answer, live).into_iter().chain(told).collect()
}

/// What is told of an answer while names are hidden: nothing that gives its model away.
fn blind_facts(answer: &Message, live: Option<&LiveTurn>) -> Vec<Safe> {
    if live.is_some_and(|live| matches!(live.phase, Phase::Streaming)) {
        return vec![t!("app-status-streaming")];
    }
    Vec::from_iter(state(answer, live))
}

/// What became of an answer, where its text does not show it.
fn state(answer: &Message, live: Option<&LiveTurn>) -> Option<Safe> {
    match (live.map(|live| &live.phase), answer.status) {
        (Some(Phase::Waiting), _) => Some(t!("app-status-waiting")),
        (Some(Phase::Retrying { failed, .. }), _) => Some(t!("app-status-retrying", count = *failed)),
        (Some(Phase::Held { .. }), _) => Some(t!("app-status-held")),
        (Some(Phase::Stopping), _) => Some(t!("app-status-stopping")),
        (Some(Phase::Streaming), _) | (None, Status::Complete | Status::Streaming) => None,
        (None, Status::Cut) => Some(t!("ui-lane-cut")),
        (None, Status::Cancelled) => Some(t!("ui-lane-stopped")),
        (None, Status::Failed) => Some(t!("ui-lane-failed")),
    }
}

fn measured(answer: &Message) -> Vec<Safe> {
    let Some(provenance) = &answer.provenance else { return Vec::new() };
    let mut facts = Vec::from_iter(provenance.cost_eur.map(euros));
    let spoke = provenance.latency_ms.zip(provenance.ttft_ms).map(|(all, first)| all.saturating_sub(first));
    let speed = provenance.usage.tokens_out.zip(spoke).and_then(|(out, ms)| (out * 1000).checked_div(ms));
    facts.extend(speed.map(|speed| t!("ui-lane-speed", tokens = speed)));
    facts.extend(provenance.ttft_ms.map(|first| t!("ui-lane-first", seconds = seconds(first))));
    facts
}

fn estimated(model: &Model, answer: &Message, live: &LiveTurn) -> Vec<Safe> {
    let price = answer.route.as_ref().and_then(|route| model.model_info(route)?.price);
    let cost = price.filter(|_| live.pace.spoke.is_some()).and_then(|price| price.cost(&live.pace.usage()));
    let cost = cost.map(|cost| euros(cost.convert(model.config.prices.eur_per_usd)));
    let mut facts = Vec::from_iter(cost.map(|cost| sanitise(&format!("~{cost}"))));
    let speed = live.pace.speed().map(|speed| t!("ui-lane-speed", tokens = speed));
    facts.extend(speed.map(|speed| sanitise(&format!("~{speed}"))));
    let waited = |first: Timestamp| u64::try_from(first.duration_since(live.started).as_millis()).ok();
    let first = live.pace.spoke.and_then(|(first, _)| waited(first));
    facts.extend(first.map(|first| t!("ui-lane-first", seconds = seconds(first))));
    facts
}
