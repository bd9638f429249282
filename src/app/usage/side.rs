//! The panel beside the conversation: what the last thirty days cost, and the branch in view.
//!
//! It asks the log when it is shown, when another conversation or branch comes into view, and when the log grew. While
//! an answer is on its way, nothing more is asked.

use ratatui::layout::Rect;

use crate::storage::choices::Side;
use crate::t;

use super::answer::{SideFigures, SideQuery};
use super::page::Awaits;
use crate::app::effect::Effect;
use crate::app::geometry::NARROW;
use crate::app::inline::is_below;
use crate::app::model::{Model, Mood};

/// Columns of the panel, with the line beside it.
pub const COLUMNS: u16 = 33;

/// What the panel has.
#[derive(Clone, Debug)]
pub struct SidePanel {
    /// What it tells; none before the first answer.
    pub figures: Option<SideFigures>,
    /// What that is the answer to, or what was asked last.
    asked: Option<SideQuery>,
    awaits: Awaits,
}

impl Default for SidePanel {
    fn default() -> Self {
        Self { figures: None, asked: None, awaits: Awaits::Nothing }
    }
}

/// Whether it is shown.
pub fn is_shown(model: &Model) -> bool {
    model.choices.side == Side::Usage && model.size.width >= NARROW && !is_below(model)
}

/// The panes' area without the panel, and the panel's, where it is shown.
pub fn split(model: &Model, area: Rect) -> (Rect, Option<Rect>) {
    if !is_shown(model) {
        return (area, None);
    }
    let width = area.width.saturating_sub(COLUMNS);
    (Rect { width, ..area }, Some(Rect { x: area.x + width, width: area.width - width, ..area }))
}

/// Shows it, or takes it away; at the next start, too.
pub fn toggle(model: &mut Model) -> Vec<Effect> {
    model.choices.side = match model.choices.side {
        Side::Off => Side::Usage,
        Side::Usage => Side::Off,
    };
    let mut effects = vec![Effect::SaveChoices(model.choices.clone())];
    if model.choices.side == Side::Usage && !is_shown(model) {
        effects.push(model.notify(t!("app-side-narrow", columns = NARROW), Mood::Plain));
    }
    effects
}

/// What it is to tell of now.
fn wanted(model: &Model) -> SideQuery {
    let began = model.open.conversation.created.to_zoned(model.zone.clone()).date();
    SideQuery { conversation: model.open.stored().map(|id| (id, began)), leaf: model.pane.view.leaf }
}

/// Asks where something else is in view.
pub fn arrange(model: &mut Model) -> Option<Effect> {
    if !is_shown(model) {
        model.usage.side = SidePanel::default();
        return None;
    }
    let wanted = wanted(model);
    let side = &mut model.usage.side;
    if side.asked == Some(wanted) || side.awaits != Awaits::Nothing {
        return None;
    }
    (side.asked, side.awaits) = (Some(wanted), Awaits::Answer);
    Some(Effect::LoadSide(wanted))
}

/// The log grew.
pub fn grew(model: &mut Model) -> Option<Effect> {
    let side = &mut model.usage.side;
    let asked = side.asked?;
    match side.awaits {
        Awaits::Nothing => {
            side.awaits = Awaits::Answer;
            Some(Effect::LoadSide(asked))
        }
        Awaits::Answer | Awaits::Another => {
            side.awaits = Awaits::Another;
            None
        }
    }
}

/// An answer came.
pub fn known(
    model: &mut Model,
    query: SideQuery,
    figures: Result<Box<SideFigures>, String>,
) -> Option<Effect> {
    let side = &mut model.usage.side;
    side.asked?;
    if let Ok(figures) = figures {
        side.figures = Some(*figures);
    }
    let again = std::mem::replace(&mut side.awaits, Awaits::Nothing) == Awaits::Another;
    if again && side.asked == Some(query) { grew(model) } else { None }
}
